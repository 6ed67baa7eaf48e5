CREATE UNIQUE INDEX users_login ON users (login);
CREATE UNIQUE INDEX users_email ON users (email);
CREATE INDEX tickets_requester ON tickets (requester_id);
CREATE INDEX notes_ticket ON notes (ticket_id);
CREATE INDEX notes_author ON notes (author_id);
CREATE INDEX attachments_note ON attachments (note_id);
CREATE INDEX custom_values_object ON custom_values (object_type, object_id);
CREATE INDEX audit_log_actor ON audit_log (actor_id);
CREATE INDEX sessions_user ON sessions (user_id);
