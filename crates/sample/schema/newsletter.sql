CREATE TABLE subscriber (
  email TEXT PRIMARY KEY,
  name TEXT,
  source TEXT NOT NULL,
  consented_at TEXT NOT NULL,
  unsubscribed_at TEXT,
  ip TEXT
);
CREATE TABLE delivery_log (
  id INTEGER PRIMARY KEY,
  subscriber_email TEXT NOT NULL,
  campaign TEXT NOT NULL,
  sent_at TEXT NOT NULL,
  status TEXT NOT NULL,
  opened_at TEXT,
  unsubscribe_link TEXT NOT NULL
);
