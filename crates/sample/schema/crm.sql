CREATE TABLE contact (
  tenant TEXT NOT NULL,
  contact_no INTEGER NOT NULL,
  given_name TEXT,
  family_name TEXT,
  email TEXT,
  email_private TEXT,
  phone TEXT,
  mobile TEXT,
  job_title TEXT,
  company_name TEXT,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  PRIMARY KEY (tenant, contact_no)
);
CREATE TABLE activity (
  activity_id INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  contact_no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  summary TEXT,
  payload JSON,
  happened_at INTEGER NOT NULL,
  CONSTRAINT activity_contact FOREIGN KEY (tenant, contact_no) REFERENCES contact (tenant, contact_no)
);
CREATE TABLE opportunity (
  opportunity_id INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  contact_no INTEGER NOT NULL,
  title TEXT NOT NULL,
  stage TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  closes_on INTEGER,
  CONSTRAINT opportunity_contact FOREIGN KEY (tenant, contact_no) REFERENCES contact (tenant, contact_no)
);
