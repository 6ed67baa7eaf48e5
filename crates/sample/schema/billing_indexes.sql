CREATE INDEX invoices_customer ON invoices (customer_no);
CREATE INDEX invoices_issued ON invoices (issued_on);
CREATE INDEX payments_invoice ON payments (invoice_number);
