-- An application that nobody has seen: invented for this test in the manner of software for IT service
-- providers. It declares two references, compares text without case or accents, and has every habit
-- that makes a privacy engine stumble.

create table companies (
  company_id int primary key auto_increment, company_name varchar(200) not null, company_phone varchar(40),
  company_notes text, company_updated_at datetime on update current_timestamp, company_archived_at datetime
) collate utf8mb4_general_ci;
create table locations (
  location_id int primary key auto_increment, location_company_id int not null, location_name varchar(200),
  location_address varchar(200), location_archived_at datetime
) collate utf8mb4_general_ci;
create table contacts (
  contact_id int primary key auto_increment, contact_company_id int not null, contact_name varchar(200) not null,
  contact_email varchar(200) not null, contact_phone varchar(40), contact_mobile varchar(40),
  contact_birthday date, contact_street varchar(200), contact_extra longtext check (json_valid(contact_extra)),
  contact_notes text, contact_created_at datetime not null default '2026-01-05 09:00:00',
  contact_updated_at timestamp not null default '2026-02-05 09:00:00' on update current_timestamp,
  contact_archived_at datetime
) collate utf8mb4_general_ci;
create table portal_users (
  portal_user_id int primary key auto_increment, portal_user_login varchar(60) not null,
  portal_user_email varchar(200) not null, portal_user_password varchar(100) not null,
  portal_user_contact_id int not null, portal_user_last_ip varchar(45),
  unique key (portal_user_login), unique key (portal_user_email)
) collate utf8mb4_general_ci;
create table agents (
  agent_id int primary key auto_increment, agent_name varchar(200) not null, agent_email varchar(200) not null,
  unique key (agent_email)
) collate utf8mb4_general_ci;
create table tickets (
  ticket_id int primary key auto_increment, ticket_number int not null unique, ticket_subject varchar(120) not null,
  ticket_details longtext, ticket_status varchar(20) not null default 'open', ticket_contact_id int not null default 0,
  ticket_company_id int not null, ticket_assigned_to int not null default 0,
  ticket_created_at datetime not null default '2026-03-01 10:00:00',
  ticket_updated_at timestamp not null default '2026-03-02 10:00:00' on update current_timestamp,
  ticket_archived_at datetime, foreign key (ticket_company_id) references companies (company_id)
) collate utf8mb4_general_ci;
create table ticket_replies (
  ticket_reply_id int primary key auto_increment, ticket_reply_ticket_id int not null, ticket_reply longtext not null,
  ticket_reply_type varchar(10) not null, ticket_reply_by int not null,
  ticket_reply_updated_at timestamp not null default '2026-03-03 10:00:00' on update current_timestamp,
  ticket_reply_archived_at datetime
) collate utf8mb4_general_ci;
create table ticket_watchers (
  watcher_id int primary key auto_increment, watcher_ticket_id int not null, watcher_name varchar(200), watcher_email varchar(200) not null
) collate utf8mb4_general_ci;
create table ticket_attachments (
  attachment_id int primary key auto_increment, attachment_ticket_id int not null, attachment_name varchar(200) not null,
  attachment_content longblob
) collate utf8mb4_general_ci;
create table assets (
  asset_id int primary key auto_increment, asset_name varchar(100) not null, asset_serial varchar(60),
  asset_company_id int not null, asset_contact_id int not null default 0, asset_notes text
) collate utf8mb4_general_ci;
create table tags (tag_id int primary key auto_increment, tag_name varchar(60) not null) collate utf8mb4_general_ci;
create table contact_tags (
  contact_id int not null, tag_id int not null, primary key (contact_id, tag_id)
) collate utf8mb4_general_ci;
create table contact_assets (
  contact_id int not null, asset_id int not null, primary key (contact_id, asset_id)
) collate utf8mb4_general_ci;
create table documents (
  document_id int primary key auto_increment, document_company_id int not null, document_name varchar(200) not null,
  document_content longtext, document_updated_at timestamp not null default '2026-04-01 08:00:00' on update current_timestamp,
  document_archived_at datetime
) collate utf8mb4_general_ci;
create table notes (
  note_id int primary key auto_increment, item_type varchar(20) not null, item_id int not null, note_text text not null
) collate utf8mb4_general_ci;
create table custom_values (
  custom_value_id int primary key auto_increment, custom_field varchar(60) not null, item_type varchar(20) not null,
  item_id int not null, custom_value varchar(255)
) collate utf8mb4_general_ci;
create table invoices (
  invoice_id int primary key auto_increment, invoice_number varchar(20) not null unique, invoice_company_id int not null,
  invoice_contact_name varchar(200), invoice_email varchar(200), invoice_amount decimal(12,2) not null, invoice_date date not null,
  invoice_memo text, foreign key (invoice_company_id) references companies (company_id)
) collate utf8mb4_general_ci;
create table payments (
  payment_id int primary key auto_increment, payment_invoice_id int not null, payment_payer varchar(200), payment_amount decimal(12,2) not null
) collate utf8mb4_general_ci;
create table email_queue (
  email_id int primary key auto_increment, email_recipient varchar(200) not null, email_recipient_name varchar(200),
  email_subject varchar(200) not null, email_content longtext not null, email_status tinyint not null default 0,
  email_queued_at datetime not null default '2026-05-01 12:00:00'
) collate utf8mb4_general_ci;
create table audit_log (
  log_id int primary key auto_increment, log_type varchar(40) not null, log_action varchar(40) not null,
  log_description varchar(500), log_old longtext check (json_valid(log_old)), log_new longtext check (json_valid(log_new)),
  log_entity_id int not null default 0, log_user_id int not null default 0, log_ip varchar(45),
  log_created_at datetime not null default '2026-05-02 12:00:00'
) collate utf8mb4_general_ci;
create table calendar_events (
  event_id int primary key auto_increment, event_title varchar(200) not null, event_attendees text,
  event_updated_at timestamp not null default '2026-06-01 12:00:00' on update current_timestamp
) collate utf8mb4_general_ci;
create table credentials (
  credential_id int primary key auto_increment, credential_name varchar(100) not null, credential_username varchar(200),
  credential_password varbinary(200), credential_contact_id int not null default 0, credential_company_id int not null
) collate utf8mb4_general_ci;
create table sessions (
  session_id char(40) primary key, session_portal_user_id int not null, session_ip varchar(45), session_data blob
) collate utf8mb4_general_ci;
-- No key at all.
create table sign_in_log (
  sign_in_email varchar(200) not null, sign_in_ip varchar(45), sign_in_ok tinyint not null, sign_in_at datetime not null
) collate utf8mb4_general_ci;
create table settings (setting_name varchar(60) primary key, setting_value text) collate utf8mb4_general_ci;
