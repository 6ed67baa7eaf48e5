CREATE INDEX contact_email ON contact (email);
CREATE INDEX activity_of ON activity (tenant, contact_no);
CREATE INDEX opportunity_of ON opportunity (tenant, contact_no);
