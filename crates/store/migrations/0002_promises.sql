-- What makes promises true over time: holds, runs that dispose of old data, confirmations, the
-- results of controls, marks that people asked for.

-- Until when an answer is due and by which rule, as JSON without anything personal; and the moment
-- at which a case that rests is taken up again by itself.
ALTER TABLE cases ADD COLUMN clock TEXT;
ALTER TABLE cases ADD COLUMN wake_at BIGINT;
CREATE INDEX cases_waking ON cases (wake_at) WHERE wake_at IS NOT NULL;

-- A legal hold. Its body (what is held, why, who answers for it) is sealed.
CREATE TABLE holds (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    body BYTES NOT NULL,
    begun_at BIGINT NOT NULL,
    -- The last day on which it holds, as 2026-01-31.
    ends_on TEXT,
    lifted_at BIGINT
);

-- A run of retention, with its progress as JSON: counts and our own names, nothing personal.
CREATE TABLE retention_runs (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    ended_at BIGINT,
    progress TEXT NOT NULL
);

-- A person's confirmation. The body (who, what, which file) is sealed.
CREATE TABLE attestations (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    promise TEXT NOT NULL,
    at BIGINT NOT NULL,
    body BYTES NOT NULL
);
CREATE INDEX attestations_of_promise ON attestations (promise, at);

-- What a control found, each time it was run. The reason names counts and our own names only.
CREATE TABLE control_runs (
    seq BIGINT PRIMARY KEY,
    organisation TEXT NOT NULL,
    promise TEXT NOT NULL,
    control TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    evidence TEXT,
    event TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX control_runs_of_promise ON control_runs (promise, control, at);
INSERT INTO counters (name, next) VALUES ('control_runs', 0);

-- A mark that a person asked for: restricted, objected, opted out. The body (whose, of what) is
-- sealed; `hashes` finds it by identifier.
CREATE TABLE marks (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    case_id TEXT REFERENCES cases (id),
    body BYTES NOT NULL,
    begun_at BIGINT NOT NULL,
    lifted_at BIGINT
);
CREATE TABLE mark_hashes (
    hash BYTES NOT NULL,
    mark_id TEXT NOT NULL REFERENCES marks (id),
    PRIMARY KEY (hash, mark_id)
);

-- What recipients must be told of a request. The body names the person: it is sealed, and NULL once
-- the message was sent.
CREATE TABLE messages (
    case_id TEXT NOT NULL REFERENCES cases (id),
    recipient TEXT NOT NULL,
    body BYTES,
    made_at BIGINT NOT NULL,
    sent_at BIGINT,
    answered_at BIGINT,
    PRIMARY KEY (case_id, recipient)
);
