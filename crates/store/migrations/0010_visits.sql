-- Somebody who looks at their own data in the privacy centre: from the address that they gave until
-- they leave, or a while after they did something last.
CREATE TABLE visits (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    language TEXT NOT NULL,
    -- The address, sealed.
    body BYTES NOT NULL,
    -- SHA-256 of what the browser holds until the code is typed, and of the code.
    handle BYTES NOT NULL UNIQUE,
    code BYTES NOT NULL,
    -- So many wrong codes may still be shown.
    tries BIGINT NOT NULL,
    -- SHA-256 of what opens the pages, once the code was right.
    pass BYTES UNIQUE,
    -- What was found of them, sealed.
    held BYTES,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX visits_expiring ON visits (expires_at);
