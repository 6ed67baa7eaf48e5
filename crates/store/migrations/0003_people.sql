-- Who works here: people of staff, how they show who they are, their sessions and tokens.

-- A person of staff and their one membership. The body (name, e-mail) is sealed; `email_hash` is
-- keyed and finds them. Who is removed keeps the name, because the log names the id.
CREATE TABLE people (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    body BYTES NOT NULL,
    email_hash BYTES UNIQUE,
    made_at BIGINT NOT NULL,
    -- Since when the state is what it is.
    state_at BIGINT NOT NULL
);
CREATE INDEX people_of_organisation ON people (organisation, made_at, id);
-- Taken before the last owner is counted, so that two owners cannot remove each other at once.
INSERT INTO counters (name, next) VALUES ('people', 0);

-- The clients for whom somebody works besides their own organisation.
CREATE TABLE assignments (
    person TEXT NOT NULL REFERENCES people (id),
    organisation TEXT NOT NULL,
    PRIMARY KEY (person, organisation)
);
CREATE INDEX assignments_of_organisation ON assignments (organisation);

-- One way to show who somebody is: a password (its hash), a one-time password (its secret), a passkey
-- (its public key), an account elsewhere. The body is sealed.
CREATE TABLE credentials (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    -- Finds a passkey or an account elsewhere: keyed.
    handle BYTES,
    body BYTES NOT NULL,
    -- The last step of a one-time password that was taken: none is taken twice.
    step BIGINT,
    made_at BIGINT NOT NULL,
    used_at BIGINT,
    UNIQUE (kind, handle)
);
CREATE INDEX credentials_of_person ON credentials (person, made_at, id);

-- Codes for whoever lost the second factor, as keyed hashes.
CREATE TABLE recovery_codes (
    person TEXT NOT NULL REFERENCES people (id),
    hash BYTES NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (person, hash)
);

-- A browser in which somebody signed in before. It keeps its own budget of tries.
CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    secret_hash BYTES NOT NULL UNIQUE,
    seen_at BIGINT NOT NULL
);
CREATE INDEX devices_of_person ON devices (person);

-- A session. The secret in the cookie is kept as its SHA-256. The body (what kind of browser) is sealed.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    secret_hash BYTES NOT NULL UNIQUE,
    body BYTES NOT NULL,
    -- Of two, how many factors were shown, and when the last one was.
    factors BIGINT NOT NULL,
    shown_at BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    -- Whatever is done in it, it ends then.
    ends_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_of_person ON sessions (person, made_at, id);

-- A token of the API. The body (its name) is sealed; scopes are names of actions, separated by spaces.
CREATE TABLE api_tokens (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    secret_hash BYTES NOT NULL UNIQUE,
    body BYTES NOT NULL,
    scopes TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_tokens_of_person ON api_tokens (person, made_at, id);

-- Links that work once: set-up, invitation, recovery. Nobody's until somebody is there.
CREATE TABLE links (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    person TEXT REFERENCES people (id),
    secret_hash BYTES NOT NULL UNIQUE,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- What was begun and waits for the browser's answer: a passkey's challenge, a sign-in elsewhere.
CREATE TABLE ceremonies (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    secret_hash BYTES NOT NULL UNIQUE,
    body BYTES NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Tries to sign in that did not come off. The bucket is a keyed hash of whom it slows down.
CREATE TABLE attempts (
    bucket BYTES PRIMARY KEY,
    tries BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
