//! The tables, and afterwards the keys and indexes that such a database commonly has: primary keys,
//! the columns of references, the contacts' addresses. Subscribers have no index on the address.

pub(super) const TABLES: &str = "
CREATE TABLE clients (id integer, name text NOT NULL, vat_number text, address text, country text,
  created timestamptz NOT NULL);
CREATE TABLE staff (id integer, name text NOT NULL, email text NOT NULL);
CREATE TABLE contacts (id integer, client_id integer NOT NULL, email text NOT NULL, first_name text,
  last_name text, phone text, job_title text, remark text, created timestamptz NOT NULL);
CREATE TABLE tickets (id integer, client_id integer NOT NULL, contact_id integer NOT NULL,
  staff_id integer, subject text NOT NULL, description text, status text NOT NULL,
  priority text NOT NULL, opened timestamptz NOT NULL, closed timestamptz);
CREATE TABLE ticket_notes (id integer, ticket_id integer NOT NULL, staff_id integer,
  body text NOT NULL, internal boolean NOT NULL, written timestamptz NOT NULL);
CREATE TABLE invoices (id integer, client_id integer NOT NULL, contact_id integer NOT NULL,
  number text NOT NULL, bill_to_name text, bill_to_email text, bill_to_address text,
  cents bigint NOT NULL, issued date NOT NULL);
CREATE TABLE payments (id integer, invoice_id integer NOT NULL, method text NOT NULL, iban text,
  card_ending text, payer text, cents bigint NOT NULL, paid timestamptz NOT NULL);
CREATE TABLE devices (id integer, client_id integer NOT NULL, contact_id integer,
  host_name text NOT NULL, serial_number text, mac_address text, last_ip inet, last_user text,
  last_seen timestamptz);
CREATE TABLE newsletter_subscribers (id integer, email text NOT NULL, name text, source text,
  consented timestamptz, unsubscribed timestamptz);
CREATE TABLE login_audit (id bigint, contact_id integer NOT NULL, ip inet NOT NULL, user_agent text,
  succeeded boolean NOT NULL, at timestamptz NOT NULL);
";

pub(super) const KEYS: &str = "
ALTER TABLE clients ADD PRIMARY KEY (id);
ALTER TABLE staff ADD PRIMARY KEY (id), ADD UNIQUE (email);
ALTER TABLE contacts ADD PRIMARY KEY (id), ADD FOREIGN KEY (client_id) REFERENCES clients;
ALTER TABLE tickets ADD PRIMARY KEY (id), ADD FOREIGN KEY (client_id) REFERENCES clients,
  ADD FOREIGN KEY (contact_id) REFERENCES contacts, ADD FOREIGN KEY (staff_id) REFERENCES staff;
ALTER TABLE ticket_notes ADD PRIMARY KEY (id), ADD FOREIGN KEY (ticket_id) REFERENCES tickets,
  ADD FOREIGN KEY (staff_id) REFERENCES staff;
ALTER TABLE invoices ADD PRIMARY KEY (id), ADD UNIQUE (number),
  ADD FOREIGN KEY (client_id) REFERENCES clients, ADD FOREIGN KEY (contact_id) REFERENCES contacts;
ALTER TABLE payments ADD PRIMARY KEY (id), ADD FOREIGN KEY (invoice_id) REFERENCES invoices;
ALTER TABLE devices ADD PRIMARY KEY (id), ADD FOREIGN KEY (client_id) REFERENCES clients,
  ADD FOREIGN KEY (contact_id) REFERENCES contacts;
ALTER TABLE newsletter_subscribers ADD PRIMARY KEY (id);
ALTER TABLE login_audit ADD PRIMARY KEY (id), ADD FOREIGN KEY (contact_id) REFERENCES contacts;
CREATE INDEX ON contacts (client_id);
CREATE INDEX ON contacts (email);
CREATE INDEX ON tickets (client_id);
CREATE INDEX ON tickets (contact_id);
CREATE INDEX ON tickets (staff_id);
CREATE INDEX ON ticket_notes (ticket_id);
CREATE INDEX ON ticket_notes (staff_id);
CREATE INDEX ON invoices (client_id);
CREATE INDEX ON invoices (contact_id);
CREATE INDEX ON payments (invoice_id);
CREATE INDEX ON devices (client_id);
CREATE INDEX ON devices (contact_id);
CREATE INDEX ON login_audit (contact_id);
";
