-- Work that is to be done later, and mail that goes out.

-- A job: written in the transaction that asks for it, taken with a lease, gone once it is done.
-- Payload and failure hold our own ids and words only.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- Of jobs with the same key there is one.
    unique_key TEXT UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'running', 'dead')),
    run_at BIGINT NOT NULL,
    -- Asked for again while it ran: once it has ended, it waits until then.
    again_at BIGINT,
    attempts BIGINT NOT NULL,
    most BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    failure TEXT,
    made_at BIGINT NOT NULL,
    died_at BIGINT
);
CREATE INDEX jobs_waiting ON jobs (run_at, id) WHERE status = 'waiting';
CREATE INDEX jobs_running ON jobs (lease_until, id) WHERE status = 'running';
CREATE INDEX jobs_dead ON jobs (organisation, died_at, id) WHERE status = 'dead';

-- When what happens again and again happens next.
CREATE TABLE schedules (
    name TEXT PRIMARY KEY,
    pattern TEXT NOT NULL,
    next_at BIGINT NOT NULL
);

-- A mail that goes out. The body (to whom, what) is sealed, and NULL once it was handed over or
-- given up.
CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- What it is about: the id of a request.
    about TEXT,
    body BYTES,
    made_at BIGINT NOT NULL,
    sent_at BIGINT,
    -- Given up, or sent back by the other side; the reason is a code.
    failed_at BIGINT,
    failure TEXT
);
CREATE INDEX mails_about ON mails (about, made_at, id);
