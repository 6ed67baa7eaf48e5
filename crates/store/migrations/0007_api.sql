-- Calls of the API that were made with a key of the caller's own: sent again, they are answered as the
-- first time. Caller and key stand here as keyed hashes.

CREATE TABLE api_answers (
    caller BYTES NOT NULL,
    call_key BYTES NOT NULL,
    -- SHA-256 of what was sent.
    sent BYTES NOT NULL,
    begun_at BIGINT NOT NULL,
    -- The answer, sealed; NULL while the call is under way, or if nobody knows how it ended.
    answer BYTES,
    PRIMARY KEY (caller, call_key)
);
CREATE INDEX api_answers_old ON api_answers (begun_at);
