-- Addresses of programs that are told what happens, and what became of each message to them.

CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    -- Address and signing secret, sealed.
    body BYTES NOT NULL,
    -- What it is told of: kinds with spaces between, or * for every one.
    kinds TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- Since when it is told nothing: taken out by a person, or by its own answer that it is gone.
    paused_at BIGINT
);
CREATE INDEX webhooks_of ON webhooks (organisation, made_at, id);

CREATE TABLE webhook_messages (
    id TEXT PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    kind TEXT NOT NULL,
    -- What is sent: JSON of our own ids and words, nothing personal.
    payload TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- What came of the last try, in words of ours.
    answer TEXT,
    delivered_at BIGINT
);
CREATE INDEX webhook_messages_of ON webhook_messages (webhook_id, made_at, id);
CREATE INDEX webhook_messages_old ON webhook_messages (made_at);
