CREATE TABLE companies (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  domain TEXT NOT NULL,
  phone TEXT,
  street TEXT,
  city TEXT,
  created_at TEXT NOT NULL
);
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  login VARCHAR(80) NOT NULL,
  email VARCHAR(200) NOT NULL,
  full_name VARCHAR(200) NOT NULL,
  phone VARCHAR(60),
  mobile VARCHAR(40),
  company_id INTEGER NOT NULL,
  is_agent BOOLEAN NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL,
  disabled BOOLEAN NOT NULL DEFAULT 0
);
CREATE TABLE tickets (
  id INTEGER PRIMARY KEY,
  company_id INTEGER NOT NULL,
  requester_id INTEGER NOT NULL,
  assignee_id INTEGER,
  subject VARCHAR(250) NOT NULL,
  description TEXT NOT NULL,
  status VARCHAR(20) NOT NULL,
  created_at DATETIME NOT NULL,
  closed_at DATETIME
);
CREATE TABLE ticket_watchers (
  ticket_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  PRIMARY KEY (ticket_id, user_id)
);
CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  ticket_id INTEGER NOT NULL,
  author_id INTEGER NOT NULL,
  body TEXT NOT NULL,
  body_type VARCHAR(60) NOT NULL,
  internal BOOLEAN NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL
);
CREATE TABLE attachments (
  id INTEGER PRIMARY KEY,
  note_id INTEGER NOT NULL,
  filename VARCHAR(200) NOT NULL,
  mime_type VARCHAR(80) NOT NULL,
  content BLOB NOT NULL
);
CREATE TABLE custom_values (
  id INTEGER PRIMARY KEY,
  object_type VARCHAR(30) NOT NULL,
  object_id INTEGER NOT NULL,
  name VARCHAR(60) NOT NULL,
  value TEXT
);
CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY,
  actor_id INTEGER,
  action VARCHAR(40) NOT NULL,
  details_json TEXT,
  ip VARCHAR(45),
  at DATETIME NOT NULL
);
CREATE TABLE sessions (
  id VARCHAR(64) PRIMARY KEY,
  user_id INTEGER NOT NULL,
  ip VARCHAR(45),
  user_agent TEXT,
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL
);
