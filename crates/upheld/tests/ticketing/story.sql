-- A made-up story for the tables beside this file: Lena Ortiz in every corner in which a ticketing
-- system keeps people, Tom Reed beside her, Zoë Müller in text only. Dates and numbers are fiction.

insert into users (id, name, emailaddress, realname, creator, created) values (1, 'RT_System', null, 'The system itself', 0, '2026-10-01 09:00:00');
insert into principals (id, principaltype, disabled) values (1, 'User', 0);
insert into users (id, name, emailaddress, realname, creator, created) values (6, 'Nobody', null, 'Nobody in particular', 0, '2026-10-01 09:00:00');
insert into principals (id, principaltype, disabled) values (6, 'User', 0);
insert into users (id, name, emailaddress, realname, creator, created) values (20, 'desk1', 'desk@northlight.example', 'Desk One', 1, '2026-10-01 09:00:00');
insert into principals (id, principaltype, disabled) values (20, 'User', 0);
insert into users (id, name, emailaddress, realname, creator, created, mobilephone, address1, comments) values (27, 'Lena.Ortiz@ACME.example', 'Lena.Ortiz@ACME.example', 'Lena M. Ortiz', 27, '2026-10-01 09:00:00', '+1 555 0142', '7 Harbour Row', 'prefers calls before noon');
insert into principals (id, principaltype, disabled) values (27, 'User', 0);
insert into users (id, name, emailaddress, realname, creator, created) values (33, 'tom@acme.example', 'tom@acme.example', 'Tom Reed', 1, '2026-10-01 09:00:00');
insert into principals (id, principaltype, disabled) values (33, 'User', 0);
insert into users (id, name, emailaddress, realname, creator, created) values (39, 'lortiz.home@mail.example', 'lortiz.home@mail.example', '', 1, '2026-10-01 09:00:00');
insert into principals (id, principaltype, disabled) values (39, 'User', 0);
insert into groups (id, name, description, domain, instance, creator, created) values (40, 'Requestor', '', 'RT::Ticket-Role', 1, 1, '2026-10-01 09:00:00');
insert into groups (id, name, description, domain, instance, creator, created) values (41, 'Cc', '', 'RT::Ticket-Role', 1, 1, '2026-10-01 09:00:00');
insert into groups (id, name, description, domain, instance, creator, created) values (42, 'Owner', '', 'RT::Ticket-Role', 1, 1, '2026-10-01 09:00:00');
insert into groups (id, name, description, domain, instance, creator, created) values (43, 'Requestor', '', 'RT::Ticket-Role', 2, 1, '2026-10-01 09:00:00');
insert into groups (id, name, description, domain, instance, creator, created) values (44, 'Owner', '', 'RT::Ticket-Role', 2, 1, '2026-10-01 09:00:00');
insert into groups (id, name, description, domain, instance, creator, created) values (45, 'Requestor', '', 'RT::Ticket-Role', 3, 1, '2026-10-01 09:00:00');
insert into groups (id, name, description, domain, instance, creator, created) values (46, 'UserEquiv', 'ACL equiv. for user 27', 'ACLEquivalence', 27, 1, '2026-10-01 09:00:00');
insert into groups (id, name, description, domain, instance, creator, created) values (3, 'Everyone', '', 'SystemInternal', 0, 1, '2026-10-01 09:00:00');
insert into groups (id, name, description, domain, instance, creator, created) values (47, 'Requestor', '', 'RT::Ticket-Role', 4, 1, '2026-10-01 09:00:00');
insert into groupmembers (id, groupid, memberid, creator, created) values (1, 40, 27, 1, '2026-10-01 09:00:00');
insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid, disabled) values (1, 40, 27, 1, 40, 0);
insert into groupmembers (id, groupid, memberid, creator, created) values (2, 42, 20, 1, '2026-10-01 09:00:00');
insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid, disabled) values (2, 42, 20, 2, 42, 0);
insert into groupmembers (id, groupid, memberid, creator, created) values (3, 43, 33, 1, '2026-10-01 09:00:00');
insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid, disabled) values (3, 43, 33, 3, 43, 0);
insert into groupmembers (id, groupid, memberid, creator, created) values (4, 44, 6, 1, '2026-10-01 09:00:00');
insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid, disabled) values (4, 44, 6, 4, 44, 0);
insert into groupmembers (id, groupid, memberid, creator, created) values (5, 45, 39, 1, '2026-10-01 09:00:00');
insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid, disabled) values (5, 45, 39, 5, 45, 0);
insert into groupmembers (id, groupid, memberid, creator, created) values (6, 46, 27, 1, '2026-10-01 09:00:00');
insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid, disabled) values (6, 46, 27, 6, 46, 0);
insert into groupmembers (id, groupid, memberid, creator, created) values (7, 3, 27, 1, '2026-10-01 09:00:00');
insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid, disabled) values (7, 3, 27, 7, 3, 0);
insert into groupmembers (id, groupid, memberid, creator, created) values (8, 3, 33, 1, '2026-10-01 09:00:00');
insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid, disabled) values (8, 3, 33, 8, 3, 0);
insert into groupmembers (id, groupid, memberid, creator, created) values (9, 43, 39, 1, '2026-10-01 09:00:00');
insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid, disabled) values (9, 43, 39, 9, 43, 0);
insert into groupmembers (id, groupid, memberid, creator, created) values (10, 47, 33, 1, '2026-10-01 09:00:00');
insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid, disabled) values (10, 47, 33, 10, 47, 0);
insert into queues (id, name, description, creator, created) values (1, 'General', 'The default queue', 1, '2026-10-01 09:00:00');
insert into tickets (id, effectiveid, queue, type, owner, subject, status, creator, created, lastupdatedby, lastupdated) values (1, 1, 1, 'ticket', 20, 'Projector at Lena Ortiz''s desk', 'open', 27, '2026-10-01 09:00:00', 20, '2026-10-01 09:00:00');
insert into tickets (id, effectiveid, queue, type, owner, subject, status, creator, created, lastupdatedby, lastupdated) values (2, 2, 1, 'ticket', 6, 'New badge / Lena', 'open', 33, '2026-10-01 09:00:00', 20, '2026-10-01 09:00:00');
insert into tickets (id, effectiveid, queue, type, owner, subject, status, creator, created, lastupdatedby, lastupdated) values (3, 2, 1, 'ticket', 6, 'from home', 'open', 39, '2026-10-01 09:00:00', 20, '2026-10-01 09:00:00');
insert into tickets (id, effectiveid, queue, type, owner, subject, status, creator, created, lastupdatedby, lastupdated) values (4, 4, 1, 'ticket', 20, 'Mouse broken', 'open', 33, '2026-10-01 09:00:00', 20, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (1, 'RT::Ticket', 1, 'Create', null, null, null, null, 27, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (2, 'RT::Ticket', 1, 'EmailRecord', null, null, '<rt-1@northlight.example>', null, 1, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (3, 'RT::Ticket', 2, 'Create', null, null, null, null, 33, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (4, 'RT::Ticket', 2, 'Correspond', null, null, null, 'Re: [northlight #2] New badge', 27, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (5, 'RT::Ticket', 3, 'Create', null, null, null, null, 39, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (6, 'RT::Ticket', 1, 'Comment', null, null, null, 'No Subject', 20, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (7, 'RT::Ticket', 1, 'Set', 'Subject', 'Projector at Lena''s desk', 'Projector at Lena Ortiz''s desk', null, 20, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (8, 'RT::Ticket', 1, 'AddWatcher', 'Cc', null, '27', null, 20, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (9, 'RT::User', 27, 'Set', 'RealName', 'Lena Ortiz', 'Lena M. Ortiz', null, 1, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (10, 'RT::User', 27, 'Set', 'MobilePhone', '+1 (555) 0142', '+1 555 0142', null, 1, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (11, 'RT::Ticket', 4, 'Create', null, null, null, null, 33, '2026-10-01 09:00:00');
insert into transactions (id, objecttype, objectid, type, field, oldvalue, newvalue, data, creator, created) values (12, 'RT::User', 27, 'Create', null, null, null, null, 1, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (1, 1, 0, 'Projector at Lena Ortiz''s desk', null, 'multipart/mixed', null, '', 'From: "Lena Ortiz" <Lena.Ortiz@ACME.example>
Cc: "Tom Reed" <tom@acme.example>, "Müller, Zoë" <zoe.mueller@acme.example>
X-Originating-Ip: 203.0.113.9
Subject: Projector at Lena Ortiz''s desk
Message-ID: <81@acme.example>
', 27, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (2, 1, 1, null, null, 'text/plain', 'quoted-printable', 'Good morning,
this is Lena Ortiz (lena.ortiz@acme.example), you reach me o=
n +1 555 0142. Zo=C3=AB M=C3=BCller knows the room.
DOB 1991-07-19
', 'Content-Type: text/plain; charset="utf-8"
', 27, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (3, 1, 1, null, null, 'text/html', 'none', '<p>this is Lena&nbsp;Ortiz</p><a href="mailto:lena.ortiz@acme.example">lena</a>', '', 27, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (4, 1, 1, '', 'CV Lena Ortiz.pdf', 'application/pdf', 'base64', 'JVBERi0xLjQKTGVuYSBPcnRpeiBsZW5hLm9ydGl6QGFjbWUuZXhhbXBsZQolJUVPRg==
', '', 27, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (5, 1, 1, '', 'photo.png', 'image/png', 'base64', 'iVBORw0KGgoAAAANSUhEUgABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJico
KSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=
', '', 27, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (6, 2, 0, null, null, 'text/plain', 'quoted-printable', 'Thank you for writing about Projector at Lena Ortiz''s desk.

Good morning,
this is Lena Ortiz (lena.ortiz@acme.example), you reach me o=
n +1 555 0142. Zo=C3=AB M=C3=BCller knows the room.
DOB 1991-07-19
', 'To: Lena.Ortiz@ACME.example
X-RT-Originator: Lena.Ortiz@ACME.example
Subject: =?UTF-8?B?QXV0b1JlcGx5OiBQcm9qZWN0b3IgYXQgTGVuYSBPcnRpeuKAmXMgZGVzaw==?=
', 1, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (7, 3, 0, 'New badge / Lena', null, 'multipart/mixed', null, '', 'From: tom@acme.example
X-Originating-Ip: 203.0.113.9
Subject: New badge / Lena
', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (8, 3, 7, null, null, 'text/plain', 'none', 'Please print a badge for Lena Ortiz <lena.ortiz@acme.example>. The old one of Tom Reed works. – café
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (9, 3, 7, '', 'staff.csv', 'text/csv', 'none', 'name,email
Lena Ortiz,lena.ortiz@acme.example
Tom Reed,tom@acme.example
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (10, 3, 7, 'fwd private', null, 'text/plain', 'none', 'my number is +1-555-0142
', 'From: "Lena Ortiz" <Lena.Ortiz@ACME.example>
To: tom@acme.example
Subject: fwd private
', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (11, 4, 0, 'Re: [northlight #2] New badge', null, 'text/plain', 'none', 'I confirm. Lena, +1 (555) 0142', 'From: lena.ortiz@acme.example
', 27, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (12, 5, 0, 'from home', null, 'text/plain', 'none', 'it''s Lena again, please merge with lena.ortiz@acme.example', 'From: lortiz.home@mail.example
', 39, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (13, 6, 0, null, null, 'text/plain', 'none', 'Customer Lena Ortiz was in a hurry (internal)', '', 20, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (14, 11, 0, 'Mouse broken', null, 'text/plain', 'none', 'My mouse is broken. Lena Schmidt in sales has the same. Call +1 555 0177. helena.ortiz@acme.example agrees.', 'From: tom@acme.example
', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (101, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask l=
ena.ortiz@acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (102, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask le=
na.ortiz@acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (103, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask len=
a.ortiz@acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (104, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena=
.ortiz@acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (105, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.=
ortiz@acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (106, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.o=
rtiz@acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (107, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.or=
tiz@acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (108, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ort=
iz@acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (109, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.orti=
z@acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (110, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=
@acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (111, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40=
acme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (112, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40a=
cme.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (113, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40ac=
me.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (114, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40acm=
e.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (115, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40acme=
.example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (116, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40acme.=
example about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (117, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40acme.e=
xample about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (118, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40acme.ex=
ample about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (119, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40acme.exa=
mple about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (120, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40acme.exam=
ple about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (121, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40acme.examp=
le about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into attachments (id, transactionid, parent, subject, filename, contenttype, contentencoding, content, headers, creator, created) values (122, 11, 14, null, null, 'text/plain', 'quoted-printable', 'Ask lena.ortiz=40acme.exampl=
e about caf=C3=A9
', '', 33, '2026-10-01 09:00:00');
insert into customfields (id, name, type, lookuptype, creator, created, sortorder, disabled) values (1, 'Callback number', 'Freeform', 'RT::Queue-RT::Ticket', 1, '2026-10-01 09:00:00', 0, 0);
insert into customfields (id, name, type, lookuptype, creator, created, sortorder, disabled) values (2, 'Affected users', 'Freeform', 'RT::Queue-RT::Ticket', 1, '2026-10-01 09:00:00', 0, 0);
insert into customfields (id, name, type, lookuptype, creator, created, sortorder, disabled) values (3, 'Scan of ID', 'Freeform', 'RT::Queue-RT::Ticket', 1, '2026-10-01 09:00:00', 0, 0);
insert into customfields (id, name, type, lookuptype, creator, created, sortorder, disabled) values (4, 'Employee number', 'Freeform', 'RT::Queue-RT::Ticket', 1, '2026-10-01 09:00:00', 0, 0);
insert into objectcustomfieldvalues (id, customfield, objecttype, objectid, content, largecontent, contenttype, contentencoding, creator, created, disabled) values (1, 1, 'RT::Ticket', 1, '+1 555 0142', null, null, null, 20, '2026-10-01 09:00:00', 1);
insert into objectcustomfieldvalues (id, customfield, objecttype, objectid, content, largecontent, contenttype, contentencoding, creator, created, disabled) values (2, 1, 'RT::Ticket', 1, '+1 555 0143', null, null, null, 20, '2026-10-01 09:00:00', 0);
insert into objectcustomfieldvalues (id, customfield, objecttype, objectid, content, largecontent, contenttype, contentencoding, creator, created, disabled) values (3, 2, 'RT::Ticket', 1, null, 'Lena Ortiz
Tom Reed yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
Lena Ortiz again', 'text/plain', 'none', 20, '2026-10-01 09:00:00', 0);
insert into objectcustomfieldvalues (id, customfield, objecttype, objectid, content, largecontent, contenttype, contentencoding, creator, created, disabled) values (4, 3, 'RT::Ticket', 1, 'id-lena.png', 'iVBORw0KGgoAAExlbmEgT3J0aXogY2FyZA==
', 'image/png', 'base64', 20, '2026-10-01 09:00:00', 0);
insert into objectcustomfieldvalues (id, customfield, objecttype, objectid, content, largecontent, contenttype, contentencoding, creator, created, disabled) values (5, 4, 'RT::User', 27, 'E-2288', null, null, null, 20, '2026-10-01 09:00:00', 0);
insert into objectcustomfieldvalues (id, customfield, objecttype, objectid, content, largecontent, contenttype, contentencoding, creator, created, disabled) values (6, 4, 'RT::User', 27, 'E-2287', null, null, null, 20, '2026-10-01 09:00:00', 1);
insert into objectcustomfieldvalues (id, customfield, objecttype, objectid, content, largecontent, contenttype, contentencoding, creator, created, disabled) values (7, 1, 'RT::Ticket', 4, '+1 555 0177', null, null, null, 20, '2026-10-01 09:00:00', 0);
insert into attributes (id, name, description, content, contenttype, objecttype, objectid, creator, created) values (1, 'SavedSearch', 'Lena tickets', 'BQsDAAAAAgoyUmVxdWVzdG9yLkVtYWlsQWRkcmVzcyA9ICdsZW5hLm9ydGl6QGFjbWUuZXhhbXBs
ZScAAAAFUXVlcnkKBlRpY2tldAAAAApTZWFyY2hUeXBl
', 'storable', 'RT::User', 20, 1, '2026-10-01 09:00:00');
insert into attributes (id, name, description, content, contenttype, objecttype, objectid, creator, created) values (2, 'SavedSearch', 'Tom tickets', 'BQsDAAAAAgorUmVxdWVzdG9yLkVtYWlsQWRkcmVzcyA9ICd0b21AYWNtZS5leGFtcGxlJwAAAAVR
dWVyeQoGVGlja2V0AAAAClNlYXJjaFR5cGU=
', 'storable', 'RT::User', 20, 1, '2026-10-01 09:00:00');
insert into links (id, base, target, type, localtarget, localbase, creator, created) values (1, 'fsck.com-rt://northlight/ticket/3', 'fsck.com-rt://northlight/ticket/2', 'MergedInto', 2, 2, 20, '2026-10-01 09:00:00');
