-- The tables of Request Tracker 5.0 on PostgreSQL as far as a map must know them: names, types,
-- NOT NULL, keys. No declared references, as in the original.

create table acl (
  id serial, principaltype varchar(25) not null, principalid integer not null,
  rightname varchar(25) not null, objecttype varchar(25) not null,
  objectid integer not null default 0, creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table articles (
  id serial, name varchar(255) not null default '', summary varchar(255) not null default '',
  sortorder integer not null default 0, class integer not null default 0,
  parent integer not null default 0, uri varchar(255), disabled smallint not null default 0,
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table assets (
  id serial, name varchar(255) not null default '', catalog integer not null default 0,
  status varchar(64) not null default '', description varchar(255) not null default '',
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table attachments (
  id bigserial, transactionid bigint not null, parent bigint not null default 0,
  messageid varchar(160), subject varchar(255), filename varchar(255), contenttype varchar(80),
  contentencoding varchar(80), content text, headers text, creator integer not null default 0,
  created timestamp, primary key (id)
);
create table attributes (
  id serial, name varchar(255) not null, description varchar(255), content text,
  contenttype varchar(16), objecttype varchar(64), objectid integer,
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table authtokens (
  id serial, owner integer not null default 0, token varchar(256),
  description varchar(255) not null default '', lastused timestamp,
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table cachedgroupmembers (
  id serial, groupid integer, memberid integer, via integer, immediateparentid integer,
  disabled integer not null default 0, primary key (id)
);
create table catalogs (
  id serial, name varchar(255) not null default '',
  lifecycle varchar(32) not null default 'assets', description varchar(255) not null default '',
  disabled integer not null default 0, creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table classes (
  id serial, name varchar(255) not null default '', description varchar(255) not null default '',
  sortorder integer not null default 0, disabled smallint not null default 0,
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table configurations (
  id serial, name varchar(255) not null, content text, contenttype varchar(80),
  disabled integer not null default 0, creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table customfields (
  id serial, name varchar(200), type varchar(200), rendertype varchar(64),
  maxvalues integer not null default 0, valuesclass varchar(64), basedon integer,
  pattern varchar(65536), lookuptype varchar(255) not null, entryhint varchar(255),
  description varchar(255), sortorder integer not null default 0,
  uniquevalues integer not null default 0, canonicalizeclass varchar(64),
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp,
  disabled integer not null default 0, primary key (id)
);
create table customfieldvalues (
  id serial, customfield integer not null, name varchar(200), description varchar(255),
  sortorder integer not null default 0, category varchar(255),
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table customroles (
  id serial, name varchar(200), description varchar(255), maxvalues integer not null default 0,
  entryhint varchar(255), creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp,
  disabled integer not null default 0, primary key (id)
);
create table groupmembers (
  id serial, groupid integer not null default 0, memberid integer not null default 0,
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table groups (
  id serial, name varchar(200), description varchar(255), domain varchar(64), instance integer,
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table links (
  id serial, base varchar(240), target varchar(240), type varchar(20) not null,
  localtarget integer not null default 0, localbase integer not null default 0,
  lastupdatedby integer not null default 0, lastupdated timestamp,
  creator integer not null default 0, created timestamp, primary key (id)
);
create table objectclasses (
  id serial, class integer not null, objecttype varchar(255) not null default '',
  objectid integer not null, creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table objectcustomfields (
  id serial, customfield integer not null, objectid integer not null,
  sortorder integer not null default 0, creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table objectcustomfieldvalues (
  id serial, customfield integer not null, objecttype varchar(255), objectid bigint not null,
  sortorder integer not null default 0, content varchar(255), largecontent text,
  contenttype varchar(80), contentencoding varchar(80), creator integer not null default 0,
  created timestamp, lastupdatedby integer not null default 0, lastupdated timestamp,
  disabled integer not null default 0, primary key (id)
);
create table objectcustomroles (
  id serial, customrole integer not null, objectid integer not null,
  sortorder integer not null default 0, creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table objectscrips (
  id serial, scrip integer not null, stage varchar(32) not null default 'TransactionCreate',
  objectid integer not null, sortorder integer not null default 0,
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table objecttopics (
  id serial, topic integer not null, objecttype varchar(64) not null default '',
  objectid integer not null, primary key (id)
);
create table principals (
  id serial, principaltype varchar(16) not null, disabled integer not null default 0,
  primary key (id)
);
create table queues (
  id serial, name varchar(200) not null, description varchar(255),
  correspondaddress varchar(120), commentaddress varchar(120), lifecycle varchar(32),
  subjecttag varchar(120), sortorder integer not null default 0,
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp,
  sladisabled integer not null default 1, disabled integer not null default 0, primary key (id)
);
create table scripactions (
  id serial, name varchar(200), description varchar(255), execmodule varchar(60),
  argument varchar(255), creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table scripconditions (
  id serial, name varchar(200), description varchar(255), execmodule varchar(60),
  argument varchar(255), applicabletranstypes varchar(60), creator integer not null default 0,
  created timestamp, lastupdatedby integer not null default 0, lastupdated timestamp,
  primary key (id)
);
create table scrips (
  id serial, description varchar(255), scripcondition integer not null default 0,
  scripaction integer not null default 0, customisapplicablecode text, custompreparecode text,
  customcommitcode text, disabled integer not null default 0, template varchar(200) not null,
  creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create table sessions (
  id character(32) not null, a_session bytea,
  lastupdated timestamp not null default CURRENT_TIMESTAMP, primary key (id)
);
create table templates (
  id serial, queue integer not null default 0, name varchar(200) not null,
  description varchar(255), type varchar(16), content text, lastupdated timestamp,
  lastupdatedby integer not null default 0, creator integer not null default 0,
  created timestamp, primary key (id)
);
create table tickets (
  id serial, effectiveid integer not null default 0, ismerged smallint,
  queue integer not null default 0, type varchar(16), owner integer not null default 0,
  subject varchar(200) default '[no subject]', initialpriority integer not null default 0,
  finalpriority integer not null default 0, priority integer not null default 0,
  timeestimated integer not null default 0, timeworked integer not null default 0,
  status varchar(64), sla varchar(64), timeleft integer not null default 0, told timestamp,
  starts timestamp, started timestamp, due timestamp, resolved timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp,
  creator integer not null default 0, created timestamp, primary key (id)
);
create table topics (
  id serial, parent integer not null default 0, name varchar(255) not null default '',
  description varchar(255) not null default '', objecttype varchar(64) not null default '',
  objectid integer not null, primary key (id)
);
create table transactions (
  id bigserial, objecttype varchar(255) not null, objectid integer not null default 0,
  timetaken integer not null default 0, type varchar(20), field varchar(255),
  oldvalue varchar(255), newvalue varchar(255), referencetype varchar(255), oldreference integer,
  newreference integer, data varchar(255), creator integer not null default 0, created timestamp,
  primary key (id)
);
create table users (
  id serial, name varchar(200) not null, password varchar(256), authtoken varchar(16),
  comments text, signature text, emailaddress varchar(120), freeformcontactinfo text,
  organization varchar(200), realname varchar(120), nickname varchar(16), lang varchar(16),
  gecos varchar(16), homephone varchar(30), workphone varchar(30), mobilephone varchar(30),
  pagerphone varchar(30), address1 varchar(200), address2 varchar(200), city varchar(100),
  state varchar(100), zip varchar(16), country varchar(50), timezone varchar(50),
  smimecertificate text, creator integer not null default 0, created timestamp,
  lastupdatedby integer not null default 0, lastupdated timestamp, primary key (id)
);
create unique index users1 on users (lower(name));
create index users4 on users (lower(emailaddress));
create index attachments2 on attachments (transactionid);
