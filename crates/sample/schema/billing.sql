CREATE TABLE customers (
  customer_no INTEGER PRIMARY KEY,
  company_name TEXT NOT NULL,
  contact_name TEXT,
  contact_email TEXT,
  contact_phone TEXT,
  address TEXT,
  vat_id TEXT,
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE invoices (
  number TEXT PRIMARY KEY,
  customer_no INTEGER NOT NULL,
  bill_to_name TEXT NOT NULL,
  bill_to_email TEXT,
  bill_to_address TEXT,
  issued_on DATE NOT NULL,
  total_cents INTEGER NOT NULL,
  currency CHAR(3) NOT NULL,
  memo TEXT
);
CREATE TABLE payments (
  payment_id INTEGER PRIMARY KEY,
  invoice_number TEXT NOT NULL,
  paid_on DATE NOT NULL,
  amount_cents INTEGER NOT NULL,
  method TEXT NOT NULL,
  iban TEXT,
  card_last4 CHAR(4),
  payer_name TEXT
);
