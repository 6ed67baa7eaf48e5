-- Moments are microseconds since 1970 (BIGINT), ids are 32 hexadecimal digits (TEXT), BYTES is each
-- engine's type for raw bytes.

CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    -- Sealed by the vault; this database never holds it plain.
    state BYTES NOT NULL,
    step BIGINT NOT NULL,
    status TEXT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT
);

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    next BIGINT NOT NULL
);
INSERT INTO counters (name, next) VALUES ('events', 0);

-- Events and outbox are one table: what has no sealed_index waits for the log.
CREATE TABLE events (
    seq BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    case_id TEXT REFERENCES cases (id),
    at BIGINT NOT NULL,
    body BYTES,
    salt BYTES,
    commitment BYTES NOT NULL,
    sealed_index BIGINT UNIQUE,
    CHECK ((body IS NULL) = (salt IS NULL))
);
CREATE INDEX events_of_case ON events (case_id, seq);
CREATE INDEX events_unsealed ON events (seq) WHERE sealed_index IS NULL;

-- The last checkpoint that was signed.
CREATE TABLE ledger (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL,
    checkpoint TEXT NOT NULL
);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Who was erased where, as keyed hashes: read after a restore, to erase again.
CREATE TABLE erasures (
    case_id TEXT NOT NULL REFERENCES cases (id),
    system TEXT NOT NULL,
    hash BYTES NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (system, hash, case_id)
);
