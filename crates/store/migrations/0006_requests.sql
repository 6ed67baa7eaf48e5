-- What people ask for, from the moment it comes in until it is answered and forgotten.

CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- By which door it came: form, api, mail, phone, post, in-person.
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    status TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    -- Who asks and what, sealed; NULL once it was forgotten.
    body BYTES,
    -- Until when, by which rule: JSON without anything personal.
    clock TEXT,
    -- The last moment on which the answer is in time, for the order of the queue.
    due_at BIGINT NOT NULL,
    -- How far the work is, as JSON of our own ids, counts and words.
    work TEXT NOT NULL,
    case_id TEXT UNIQUE REFERENCES cases (id),
    step BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX requests_open ON requests (organisation, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX requests_received ON requests (organisation, received_at, id);

-- Keyed hashes of who asked, once that was shown: duplicates are recognised by them.
CREATE TABLE request_hashes (
    hash BYTES NOT NULL,
    request_id TEXT NOT NULL REFERENCES requests (id),
    PRIMARY KEY (hash, request_id)
);

-- What belongs to a request: messages, notes, documents, packages. The body is sealed, and NULL once it
-- was forgotten.
CREATE TABLE request_parts (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    kind TEXT NOT NULL,
    body BYTES,
    at BIGINT NOT NULL,
    expires_at BIGINT,
    -- How often it was handed out.
    taken BIGINT NOT NULL
);
CREATE INDEX request_parts_of ON request_parts (request_id, at, id);
CREATE INDEX request_parts_expiring ON request_parts (expires_at) WHERE body IS NOT NULL;

-- A key that somebody was given: its SHA-256, what it opens, until when, and how many wrong ones may
-- still be shown.
CREATE TABLE request_keys (
    hash BYTES PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    purpose TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX request_keys_of ON request_keys (request_id, purpose, made_at);

-- How often something was done lately for somebody who is told by a keyed hash.
CREATE TABLE tallies (
    name TEXT NOT NULL,
    hash BYTES NOT NULL,
    since BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (name, hash)
);

-- What a person does by hand in a system without a connector.
CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    request_id TEXT NOT NULL REFERENCES requests (id),
    -- The system, in a word of the organisation.
    system TEXT NOT NULL,
    -- The id of the member of staff.
    owner TEXT,
    due_on TEXT,
    -- What is to be done, what was done and what shows it, sealed.
    body BYTES NOT NULL,
    made_at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE INDEX tasks_of ON tasks (request_id, made_at, id);
CREATE INDEX tasks_open ON tasks (organisation, due_on, id) WHERE done_at IS NULL;

-- Data that an authority got by law. The body is sealed.
CREATE TABLE disclosures (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    -- The kind of authority and of demand, and how it was answered: words of ours, for the counts.
    authority TEXT NOT NULL,
    demand TEXT NOT NULL,
    answer TEXT NOT NULL,
    people BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body BYTES NOT NULL
);
CREATE INDEX disclosures_of ON disclosures (organisation, at, id);
