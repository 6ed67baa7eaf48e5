-- Versions of the notice on their way, who was told of them, who agreed to one; and what was seen
-- when the systems were looked at last, so that a page asks none of them.

-- A version from its draft until it holds. The text is what everybody will read.
CREATE TABLE notice_versions (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    version TEXT NOT NULL,
    -- draft, checked, scheduled, in force or discarded.
    state TEXT NOT NULL,
    -- md, html or txt.
    form TEXT NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Days, as 2026-01-31.
    effective TEXT,
    announced TEXT,
    -- What the check found, as JSON: counts and keys of promises.
    findings TEXT
);

-- That somebody was told of a version. The hash is keyed: it finds an address that is known, and
-- tells no address.
CREATE TABLE notice_told (
    version_id TEXT NOT NULL REFERENCES notice_versions (id),
    hash BYTES NOT NULL,
    route TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (version_id, hash, route)
);

-- That somebody agreed to a version; found by the same kind of hash.
CREATE TABLE agreements (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    version TEXT NOT NULL,
    hash BYTES NOT NULL,
    how TEXT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL
);
CREATE INDEX agreements_of_person ON agreements (hash, at);

-- What was seen at the last look, as JSON: counts and names of the policy, never a value.
CREATE TABLE looks (
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (organisation, kind)
);
