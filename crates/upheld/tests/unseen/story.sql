-- Zoë Müller leaves; Zoe Muller, whose address is the same to this database, stays. So do Omar Haddad
-- and thirty others. Everything is fiction.

insert into companies values (1, 'Acme Marine', '902 555 0100', null, null, null), (2, 'Birch Dental', '902 555 0110', null, null, null),
  (3, 'Cove Legal', '902 555 0120', 'Ask for Zoë Müller at the front desk', null, null);
insert into locations values (1, 1, 'Dock', '1 Pier Road', null), (2, 2, 'Clinic', '20 Elm Street', null), (3, 3, 'Office', '3 Court Square', null);
insert into agents values (1, 'Priya Nair', 'priya@northlight-it.example'), (2, 'Sam Doyle', 'sam@northlight-it.example');
insert into contacts (contact_id, contact_company_id, contact_name, contact_email, contact_phone, contact_mobile, contact_birthday, contact_street, contact_extra, contact_notes, contact_archived_at) values
  (27, 1, 'Zoë Müller', 'Zoë.Müller@acme.example', '+1 902 555 0161', '902-555-0162', '1988-03-02', '9 Tannery Lane', '{"badge":"N-4471","backup":"zoe.home@mail.example","languages":["de","en"]}', 'Zoë likes mornings. Reach her on (902) 555-0161.', null),
  (28, 1, 'Zoe Muller', 'zoe.muller@acme.example', '+1 902 555 0163', null, '1990-01-01', '11 Quay Street', '{"badge":"N-4472"}', 'Not the other one.', null),
  (29, 1, 'Omar Haddad', 'omar.haddad@acme.example', '+1 902 555 0164', null, null, null, null, null, null),
  (30, 2, 'Z. Müller', 'ZOË.MÜLLER@ACME.EXAMPLE', null, null, null, null, null, 'old record, moved', '2025-01-01 00:00:00');
insert into contacts (contact_id, contact_company_id, contact_name, contact_email, contact_phone)
  select 100 + seq, 1 + seq % 3,
    concat(elt(1 + seq % 6, 'Ann', 'Ben', 'Carla', 'Dmitri', 'Erin', 'Farid'), ' ', elt(1 + seq div 6, 'Abbott', 'Boyd', 'Castle', 'Drummond', 'Eastman', 'Fischer')),
    concat(lower(elt(1 + seq % 6, 'Ann', 'Ben', 'Carla', 'Dmitri', 'Erin', 'Farid')), '.', lower(elt(1 + seq div 6, 'Abbott', 'Boyd', 'Castle', 'Drummond', 'Eastman', 'Fischer')), '@client', 1 + seq % 3, '.example'),
    concat('+1 902 555 0', 101 + seq)
  from seq_0_to_29;
insert into portal_users values
  (5, 'zmueller', 'zoë.müller@acme.example', '$2y$10$abcdefghijklmnopqrstuv', 27, '203.0.113.44'),
  (6, 'ohaddad', 'omar.haddad@acme.example', '$2y$10$zyxwvutsrqponmlkjihgfe', 29, '203.0.113.45');
insert into portal_users select 20 + seq, concat('user', seq), concat('portal', seq, '@client1.example'), '$2y$10$0000000000000000000000', 100 + seq, '203.0.113.9' from seq_0_to_9;
insert into tickets (ticket_id, ticket_number, ticket_subject, ticket_details, ticket_contact_id, ticket_company_id, ticket_assigned_to) values
  (1, 1001, 'Zoë Müller cannot print', '<p>Hello, this is Zo&euml; M&uuml;ller, call <b>902.555.0162</b>. Omar Haddad has the same.</p>', 27, 1, 1),
  (2, 1002, 'New laptop for Omar', 'Please copy Zoë.Müller@acme.example and zoe.muller@acme.example.', 29, 1, 2),
  (3, 1003, 'Door badge', 'Badge of Zoe Muller does not open the door.', 28, 1, 2),
  (4, 1004, 'Scanner', 'Scan to mail fails', 0, 2, 1);
insert into tickets (ticket_number, ticket_subject, ticket_details, ticket_contact_id, ticket_company_id, ticket_assigned_to)
  select 2000 + seq, 'Routine check', 'Nothing to see', 100 + seq % 30, 1 + seq % 3, 1 + seq % 2 from seq_0_to_39;
insert into ticket_replies (ticket_reply_id, ticket_reply_ticket_id, ticket_reply, ticket_reply_type, ticket_reply_by) values
  (1, 1, 'It works again, thank you. Zoë', 'client', 27),
  (2, 1, 'Zoe Muller told us that Zoë Müller is in on Monday.', 'internal', 1),
  (3, 2, '> On Monday Zoë Müller <Zoë.Müller@acme.example> wrote:\n> please hurry\n\nOrdered. Omar', 'client', 29),
  (4, 3, 'Fixed.', 'public', 2),
  (5, 2, 'VG8gWm/DqyBNw7xsbGVyOiB5b3VyIGxhcHRvcCBpcyByZWFkeS4KUmVnYXJkcywgT21hciBIYWRk\nYWQK', 'public', 2);
insert into ticket_replies (ticket_reply_ticket_id, ticket_reply, ticket_reply_type, ticket_reply_by)
  select 5 + seq, 'Done.', 'public', 1 + seq % 2 from seq_0_to_30;
insert into ticket_watchers values (1, 2, 'Zoë Müller', 'Zoë.Müller@acme.example'), (2, 2, 'Zoe Muller', 'zoe.muller@acme.example'), (3, 1, null, 'omar.haddad@acme.example');
insert into ticket_attachments values (1, 1, 'Müller_Zoë_contract.txt', 'Contract of Zoë Müller, born 1988-03-02'), (2, 2, 'people.csv', 'name,mail\nZoë Müller,Zoë.Müller@acme.example\nOmar Haddad,omar.haddad@acme.example\n');
insert into assets values (1, 'LT-ZMUELLER', 'SN-77120', 1, 27, 'used by Zoë Müller'), (2, 'LT-OHADDAD', 'SN-77121', 1, 29, null);
insert into assets select 10 + seq, concat('PC-', seq), concat('SN-9', seq), 1 + seq % 3, 100 + seq % 30, null from seq_0_to_19;
insert into tags values (1, 'vip'), (2, 'billing');
insert into contact_tags values (27, 1), (28, 1), (29, 2), (101, 2), (102, 1);
insert into contact_assets values (27, 1), (29, 2), (101, 11), (102, 12);
insert into documents (document_id, document_company_id, document_name, document_content, document_archived_at) values
  (1, 1, 'Site notes', '# Acme Marine\nKeys are with Zoë Müller (Zoë.Müller@acme.example), then Omar Haddad.\n', null),
  (2, 1, 'Old site notes', 'Zoë Müller, 9 Tannery Lane', '2024-01-01 00:00:00');
insert into notes values (1, 'contact', 27, 'Her dog is called Bruno.'), (2, 'ticket', 27, 'Ticket 27 was easy.'), (3, 'contact', 29, 'Omar prefers mail.'), (4, 'company', 1, 'Zoë Müller signs.');
insert into notes select 10 + seq, elt(1 + seq % 3, 'contact', 'ticket', 'company'), elt(1 + seq % 3, 101 + seq, 5 + seq, 2), 'Nothing special.' from seq_0_to_17;
insert into custom_values values (1, 'employee_no', 'contact', 27, 'N-4471'), (2, 'employee_no', 'contact', 28, 'N-4472'), (3, 'floor', 'asset', 27, '3'), (4, 'floor', 'contact', 27, '4');
insert into custom_values select 10 + seq, 'employee_no', 'contact', 100 + seq, concat('N-50', seq) from seq_0_to_9;
insert into invoices values (1, 'INV-1', 1, 'Zoë Müller', 'zoë.müller@acme.example', 120.50, '2026-02-01', 'Attn. Zoë Müller'), (2, 'INV-2', 1, 'Omar Haddad', 'omar.haddad@acme.example', 80.00, '2026-02-02', null);
insert into payments values (1, 1, 'Zoë Müller', 120.50), (2, 2, 'Omar Haddad', 80.00);
insert into email_queue (email_id, email_recipient, email_recipient_name, email_subject, email_content) values
  (1, 'Zoë.Müller@acme.example', 'Zoë Müller', 'Your ticket 1001', '<html><body>Dear Zo&#235; M&uuml;ller,<br>see <a href="https://desk.example/?c=Zo%C3%AB.M%C3%BCller%40acme.example">your ticket</a>.</body></html>'),
  (2, 'omar.haddad@acme.example', 'Omar Haddad', 'Re: laptop', 'RGVhciBPbWFyLCBab8OrIE3DvGxsZXIgYXNrZWQgdXMgdG8gY2FsbCBoZXIgb24gOTAyIDU1NSAw\nMTYxLg==');
insert into audit_log (log_id, log_type, log_action, log_description, log_old, log_new, log_entity_id, log_user_id, log_ip) values
  (1, 'Contact', 'Modify', 'Priya Nair changed Zoë Müller', '{"contact_phone":"902 555 0162","contact_name":"Zo\\u00eb Muehler"}', '{"contact_phone":"+1 902 555 0161","contact_name":"Zo\\u00eb M\\u00fcller"}', 27, 1, '203.0.113.2'),
  (2, 'Contact', 'Modify', 'Priya Nair changed Zoe Muller', '{"contact_name":"Zoe Mueller"}', '{"contact_name":"Zoe Muller"}', 28, 1, '203.0.113.2'),
  (3, 'Login', 'Success', 'zmueller signed in', null, null, 0, 5, '203.0.113.44');
insert into audit_log (log_type, log_action, log_description, log_entity_id, log_user_id) select 'Ticket', 'Create', 'A ticket was made', 5 + seq, 1 from seq_0_to_19;
insert into calendar_events (event_id, event_title, event_attendees) values (1, 'Review with Zoë Müller', 'zoe.muller@acme.example, Zoë.Müller@acme.example; omar.haddad@acme.example'), (2, 'Stand-up', 'sam@northlight-it.example');
insert into credentials values (1, 'Mailbox of Zoë', 'Zoë.Müller@acme.example', x'8899aa', 27, 1), (2, 'Mailbox of Omar', 'omar.haddad@acme.example', x'8899ab', 29, 1);
insert into sessions values ('a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0', 5, '203.0.113.44', 'email|s:24:"zoë.müller@acme.example";'), ('b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0', 6, '203.0.113.45', 'email|s:24:"omar.haddad@acme.example";');
insert into sign_in_log values ('Zoë.Müller@acme.example', '203.0.113.44', 1, '2026-06-01 08:00:00'), ('Zoë.Müller@acme.example', '203.0.113.44', 1, '2026-06-01 18:00:00'),
  ('zoe.muller@acme.example', '203.0.113.46', 1, '2026-06-01 08:01:00'), ('omar.haddad@acme.example', '203.0.113.45', 0, '2026-06-01 08:02:00');
insert into settings values ('company_name', 'Northlight IT'), ('smtp_from', 'desk@northlight-it.example'), ('report_recipients', 'priya@northlight-it.example,Zoë.Müller@acme.example');
