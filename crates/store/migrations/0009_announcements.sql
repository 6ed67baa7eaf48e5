-- What everybody whose address is held is told: that a version of the notice comes, or that the
-- business changes hands.

CREATE TABLE announcements (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    -- notice, or control.
    kind TEXT NOT NULL,
    version_id TEXT UNIQUE REFERENCES notice_versions (id),
    -- open, done or stopped.
    state TEXT NOT NULL,
    -- What is said, as JSON; it names nobody who is told.
    said TEXT NOT NULL,
    -- Where the addresses come from and what each place gave, as JSON of names of the policy and counts.
    sources TEXT NOT NULL,
    -- Why it goes no further just now.
    trouble TEXT,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    ended_at BIGINT
);

-- Whoever is to be told, once: a keyed hash of the address finds them. The address is sealed, and NULL
-- once they were told or cannot be.
CREATE TABLE announcement_people (
    id TEXT PRIMARY KEY,
    announcement_id TEXT NOT NULL REFERENCES announcements (id),
    hash BYTES NOT NULL,
    body BYTES,
    tries BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    told_at BIGINT,
    failed_at BIGINT,
    failure TEXT,
    -- The event that proves it.
    event TEXT,
    UNIQUE (announcement_id, hash)
);
CREATE INDEX announcement_people_waiting ON announcement_people (announcement_id, next_at, id)
    WHERE body IS NOT NULL;
CREATE INDEX announcement_people_unproved ON announcement_people (announcement_id)
    WHERE told_at IS NOT NULL AND event IS NULL;
