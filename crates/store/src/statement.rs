//! Every statement of the store, once, for both engines.
//!
//! They stand in one list so that a test can prepare each of them on both and compare the columns:
//! a statement that one engine does not understand fails there and not at a client's.

use std::sync::LazyLock;

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: &str = $text;)*
        /// Name and text of each.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

/// Rows that [`EVENT_INSERT_MANY`] takes. Well below the parameters that an engine allows (32,766).
pub(crate) const ROWS_AT_ONCE: usize = 64;

/// [`EVENT_INSERT`] with more rows of parameters: a batch costs one round trip for 64 events.
pub(crate) static EVENT_INSERT_MANY: LazyLock<String> = LazyLock::new(|| {
    let (head, row) = EVENT_INSERT.split_once("VALUES (").unwrap_or((EVENT_INSERT, ""));
    let width = row.matches('$').count();
    let rows = (0..ROWS_AT_ONCE).map(|at| {
        let numbers = (1..=width).map(|number| format!("${}", at * width + number));
        format!("({})", numbers.collect::<Vec<_>>().join(", "))
    });
    format!("{head}VALUES {}", rows.collect::<Vec<_>>().join(", "))
});

statements! {
    MIGRATIONS = "SELECT number, sha256 FROM upheld_migrations ORDER BY number";
    MIGRATION_DONE = "INSERT INTO upheld_migrations (number, sha256) VALUES ($1, $2)";

    CASE_INSERT = "INSERT INTO cases (id, organisation, kind, opened_at, state, step, status) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    CASE_SAVE = "UPDATE cases SET state = $3, status = $4, step = step + 1 \
        WHERE id = $1 AND step = $2";
    CASE = "SELECT id, organisation, kind, opened_at, state, step, status FROM cases WHERE id = $1";
    CASES = "SELECT id, organisation, kind, opened_at, state, step, status FROM cases \
        ORDER BY opened_at, id";
    CASE_CLOCK_SET = "UPDATE cases SET clock = $2 WHERE id = $1";
    CASE_CLOCK = "SELECT clock FROM cases WHERE id = $1";
    CASE_CLOCKS = "SELECT id, kind, status, clock FROM cases WHERE clock IS NOT NULL \
        ORDER BY opened_at, id";
    CASE_LEASE = "UPDATE cases SET lease_owner = $2, lease_until = $4 \
        WHERE id = $1 AND (lease_owner IS NULL OR lease_owner = $2 OR lease_until <= $3)";
    CASE_RELEASE = "UPDATE cases SET lease_owner = NULL, lease_until = NULL \
        WHERE id = $1 AND lease_owner = $2";

    /// Takes the row's lock until the transaction ends, so sequence numbers are in commit order
    /// and a rollback leaves no gap.
    COUNTER_TAKE = "UPDATE counters SET next = next + $2 WHERE name = $1 RETURNING next";
    COUNTER = "SELECT next FROM counters WHERE name = $1";

    EVENT_INSERT = "INSERT INTO events \
        (seq, id, organisation, kind, case_id, at, body, salt, commitment) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    EVENT_OUTLINES = "SELECT seq, id, organisation, kind, at, commitment FROM events \
        WHERE seq >= $1 ORDER BY seq LIMIT $2";
    EVENT_ERASE = "UPDATE events SET body = NULL, salt = NULL WHERE id = $1";
    EVENT = "SELECT seq, id, organisation, kind, case_id, at, body, salt, commitment, sealed_index \
        FROM events WHERE id = $1";
    EVENTS_OF_CASE = "SELECT seq, id, organisation, kind, case_id, at, body, salt, commitment, \
        sealed_index FROM events WHERE case_id = $1 ORDER BY seq";
    EVENTS_FROM = "SELECT seq, id, organisation, kind, case_id, at, body, salt, commitment, \
        sealed_index FROM events WHERE seq >= $1 ORDER BY seq LIMIT $2";
    EVENTS_OF_KIND = "SELECT seq, id, organisation, kind, case_id, at, body, salt, commitment, \
        sealed_index FROM events WHERE organisation = $1 AND kind = $2 AND body IS NOT NULL ORDER BY seq";
    EVENTS_UNSEALED = "SELECT seq, id, organisation, kind, case_id, at, body, salt, commitment, \
        sealed_index FROM events WHERE sealed_index IS NULL ORDER BY seq LIMIT $1";
    EVENTS_MARK_SEALED = "UPDATE events SET sealed_index = seq - $1 + $3 \
        WHERE seq >= $1 AND seq < $2 AND sealed_index IS NULL";

    LEDGER = "SELECT size, checkpoint FROM ledger WHERE id = 1";
    LEDGER_SAVE = "INSERT INTO ledger (id, size, checkpoint) VALUES (1, $1, $2) \
        ON CONFLICT (id) DO UPDATE SET size = excluded.size, checkpoint = excluded.checkpoint \
        WHERE ledger.size <= excluded.size";
    LEDGER_FORGET = "DELETE FROM ledger WHERE id = 1";

    SETTING = "SELECT value FROM settings WHERE name = $1";
    SETTINGS = "SELECT name, value FROM settings ORDER BY name";
    SETTING_SET = "INSERT INTO settings (name, value) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    SETTING_REMOVE = "DELETE FROM settings WHERE name = $1";

    ERASURE_RECORD = "INSERT INTO erasures (case_id, system, hash, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (system, hash, case_id) DO NOTHING";
    ERASURES = "SELECT case_id, system, hash, at FROM erasures WHERE system = $1 \
        ORDER BY at, case_id, hash";
    ERASURE_KNOWN = "SELECT case_id FROM erasures WHERE system = $1 AND hash = $2 \
        ORDER BY at, case_id LIMIT 1";

    ATTESTATION_INSERT = "INSERT INTO attestations (id, organisation, promise, at, body) \
        VALUES ($1, $2, $3, $4, $5)";
    ATTESTATIONS = "SELECT id, promise, at, body FROM attestations WHERE organisation = $1 \
        ORDER BY at, id";

    CONTROL_RUN_INSERT = "INSERT INTO control_runs \
        (seq, organisation, promise, control, state, reason, evidence, event, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// The newest of each control.
    CONTROL_RUNS_LAST = "SELECT promise, control, state, reason, evidence, event, at \
        FROM control_runs WHERE seq IN (SELECT max(seq) FROM control_runs \
        WHERE organisation = $1 GROUP BY promise, control) ORDER BY seq";

    CONTROL_RUNS_OF = "SELECT promise, control, state, reason, evidence, event, at \
        FROM control_runs WHERE organisation = $1 AND promise = $2 ORDER BY seq DESC LIMIT $3";
    /// The newest of each control at a moment of the past.
    CONTROL_RUNS_UNTIL = "SELECT promise, control, state, reason, evidence, event, at \
        FROM control_runs WHERE seq IN (SELECT max(seq) FROM control_runs \
        WHERE organisation = $1 AND at <= $2 GROUP BY promise, control) ORDER BY seq";

    LOOK_SAVE = "INSERT INTO looks (organisation, kind, at, body) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (organisation, kind) DO UPDATE SET at = excluded.at, body = excluded.body";
    LOOK = "SELECT at, body FROM looks WHERE organisation = $1 AND kind = $2";

    NOTICE_VERSION_INSERT = "INSERT INTO notice_versions (id, organisation, version, state, form, \
        text, sha256, made_at, changed_at, effective, announced, findings) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    NOTICE_VERSION_MOVE = "UPDATE notice_versions SET state = $3, changed_at = $4, \
        effective = $5, announced = $6, findings = $7 WHERE id = $1 AND state = $2";
    NOTICE_VERSIONS = "SELECT id, version, state, form, text, sha256, made_at, changed_at, \
        effective, announced, findings FROM notice_versions WHERE organisation = $1 \
        ORDER BY made_at DESC, id";
    TOLD_RECORD = "INSERT INTO notice_told (version_id, hash, route, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (version_id, hash, route) DO NOTHING";
    TOLD = "SELECT route, at FROM notice_told WHERE version_id = $1 AND hash = $2 ORDER BY at";
    TOLD_COUNTS = "SELECT route, count(*) AS found FROM notice_told WHERE version_id = $1 \
        GROUP BY route ORDER BY route";
    AGREEMENT_INSERT = "INSERT INTO agreements (id, organisation, version, hash, how, at, event) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    AGREEMENTS = "SELECT id, version, hash, how, at, event FROM agreements \
        WHERE organisation = $1 AND hash = $2 ORDER BY at DESC, id";

    ANNOUNCEMENT_INSERT = "INSERT INTO announcements (id, organisation, kind, version_id, state, said, \
        sources, made_by, made_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    ANNOUNCEMENT = "SELECT id, organisation, kind, version_id, state, said, sources, trouble, made_by, \
        made_at, changed_at, ended_at FROM announcements WHERE id = $1";
    ANNOUNCEMENTS = "SELECT id, organisation, kind, version_id, state, said, sources, trouble, made_by, \
        made_at, changed_at, ended_at FROM announcements WHERE organisation = $1 \
        ORDER BY made_at DESC, id";
    ANNOUNCEMENT_SAVE = "UPDATE announcements SET state = $3, sources = $4, trouble = $5, \
        changed_at = $6, ended_at = $7 WHERE id = $1 AND changed_at = $2";
    CONCERNED_ADD = "INSERT INTO announcement_people \
        (id, announcement_id, hash, body, tries, next_at) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (announcement_id, hash) DO NOTHING";
    CONCERNED_DUE = "SELECT id, hash, body, tries, next_at, told_at, failed_at, failure, event \
        FROM announcement_people WHERE announcement_id = $1 AND next_at <= $2 \
        AND body IS NOT NULL ORDER BY next_at, id LIMIT $3";
    CONCERNED_NEXT = "SELECT min(next_at) AS next_at FROM announcement_people \
        WHERE announcement_id = $1 AND body IS NOT NULL";
    CONCERNED_BY = "SELECT id, hash, body, tries, next_at, told_at, failed_at, failure, event \
        FROM announcement_people WHERE announcement_id = $1 AND hash = $2";
    CONCERNED_TOLD = "UPDATE announcement_people SET told_at = $2, failure = NULL, body = NULL \
        WHERE id = $1 AND body IS NOT NULL";
    CONCERNED_PUT_OFF = "UPDATE announcement_people SET next_at = $2, failure = $3, \
        tries = tries + 1 WHERE id = $1 AND body IS NOT NULL";
    CONCERNED_FAILED = "UPDATE announcement_people SET failed_at = $2, failure = $3, body = NULL \
        WHERE id = $1 AND failed_at IS NULL";
    CONCERNED_UNPROVED = "SELECT hash FROM announcement_people \
        WHERE announcement_id = $1 AND told_at IS NOT NULL AND event IS NULL ORDER BY hash";
    CONCERNED_PROVED = "UPDATE announcement_people SET event = $2 \
        WHERE announcement_id = $1 AND told_at IS NOT NULL AND event IS NULL";
    CONCERNED_OF_EVENT = "SELECT hash FROM announcement_people \
        WHERE announcement_id = $1 AND event = $2 ORDER BY hash";
    CONCERNED_FORGET = "DELETE FROM announcement_people \
        WHERE announcement_id = $1 AND body IS NOT NULL";
    CONCERNED_COUNTS = "SELECT count(*) AS people, \
        count(CASE WHEN told_at IS NOT NULL AND failed_at IS NULL THEN 1 END) AS told, \
        count(failed_at) AS failed, max(told_at) AS last_told_at \
        FROM announcement_people WHERE announcement_id = $1";

    AGREEMENT_COUNTS = "SELECT version, count(*) AS found, count(DISTINCT hash) AS people, \
        max(at) AS last_at FROM agreements WHERE organisation = $1 GROUP BY version \
        ORDER BY version";

    VISIT_INSERT = "INSERT INTO visits (id, organisation, language, body, handle, code, tries, \
        made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    VISIT_TO_ENTER = "SELECT id, organisation, language, body, handle, code, tries, held, made_at, expires_at \
        FROM visits WHERE handle = $1 AND pass IS NULL AND tries > 0 AND expires_at > $2";
    VISIT_BY_PASS = "SELECT id, organisation, language, body, handle, code, tries, held, made_at, expires_at \
        FROM visits WHERE pass = $1 AND expires_at > $2";
    VISIT = "SELECT id, organisation, language, body, handle, code, tries, held, made_at, expires_at \
        FROM visits WHERE id = $1 AND expires_at > $2";
    VISIT_ENTER = "UPDATE visits SET pass = $2, expires_at = $3 WHERE id = $1 AND pass IS NULL";
    VISIT_MISS = "UPDATE visits SET tries = tries - 1 WHERE id = $1 AND tries > 0";
    VISIT_EXTEND = "UPDATE visits SET expires_at = $2 WHERE id = $1";
    VISIT_HELD = "UPDATE visits SET held = $2 WHERE id = $1";
    VISIT_END = "DELETE FROM visits WHERE id = $1";
    VISITS_EXPIRE = "DELETE FROM visits WHERE expires_at <= $1";

    HOLD_INSERT = "INSERT INTO holds (id, organisation, body, begun_at, ends_on) \
        VALUES ($1, $2, $3, $4, $5)";
    HOLDS = "SELECT id, organisation, body, begun_at, ends_on, lifted_at FROM holds \
        ORDER BY begun_at, id";
    HOLDS_AND_RESTRICTIONS = "SELECT (SELECT count(*) FROM holds) + \
        (SELECT count(*) FROM marks WHERE kind = 'restriction') AS found";

    HOLD_LIFT = "UPDATE holds SET lifted_at = $2, body = $3 WHERE id = $1 AND lifted_at IS NULL";

    RETENTION_RUN_INSERT = "INSERT INTO retention_runs (id, organisation, begun_at, progress) \
        VALUES ($1, $2, $3, $4)";
    RETENTION_RUN_SAVE = "UPDATE retention_runs SET progress = $2 \
        WHERE id = $1 AND ended_at IS NULL";
    RETENTION_RUN_END = "UPDATE retention_runs SET ended_at = $2 \
        WHERE id = $1 AND ended_at IS NULL";
    RETENTION_RUNS = "SELECT id, organisation, begun_at, ended_at, progress FROM retention_runs \
        ORDER BY begun_at, id";

    CASE_WAKE = "UPDATE cases SET wake_at = $2 WHERE id = $1";
    CASE_REST = "UPDATE cases SET wake_at = NULL WHERE id = $1";
    CASES_ROUSE = "UPDATE cases SET wake_at = $1 WHERE wake_at > $1";
    CASES_WAKING = "SELECT id FROM cases WHERE wake_at <= $1 ORDER BY wake_at, id";

    MARK_INSERT = "INSERT INTO marks (id, organisation, kind, case_id, body, begun_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    MARK_HASH_INSERT = "INSERT INTO mark_hashes (hash, mark_id) VALUES ($1, $2) \
        ON CONFLICT (hash, mark_id) DO NOTHING";
    MARKS = "SELECT id, organisation, kind, case_id, body, begun_at, lifted_at FROM marks \
        ORDER BY begun_at, id";
    MARKS_BY_HASH = "SELECT id, organisation, kind, case_id, body, begun_at, lifted_at FROM marks \
        WHERE lifted_at IS NULL AND id IN (SELECT mark_id FROM mark_hashes WHERE hash = $1) \
        ORDER BY begun_at, id";
    MARK_RESEAL = "UPDATE marks SET body = $2 WHERE id = $1";
    MARK_LIFT = "UPDATE marks SET lifted_at = $2, body = $3 WHERE id = $1 AND lifted_at IS NULL";
    MARK_HASHES_REMOVE = "DELETE FROM mark_hashes WHERE mark_id = $1";

    MESSAGE_INSERT = "INSERT INTO messages (case_id, recipient, body, made_at) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (case_id, recipient) DO UPDATE SET \
        body = excluded.body, made_at = excluded.made_at, sent_at = NULL, answered_at = NULL";
    MESSAGES = "SELECT case_id, recipient, body, made_at, sent_at, answered_at FROM messages \
        WHERE case_id = $1 ORDER BY recipient";
    MESSAGE_SENT = "UPDATE messages SET sent_at = $3, body = NULL \
        WHERE case_id = $1 AND recipient = $2 AND sent_at IS NULL";
    MESSAGE_ANSWERED = "UPDATE messages SET answered_at = $3 WHERE case_id = $1 \
        AND recipient = $2 AND sent_at IS NOT NULL AND answered_at IS NULL";

    JOB_INSERT = "INSERT INTO jobs \
        (id, organisation, kind, payload, unique_key, status, run_at, attempts, most, made_at) \
        VALUES ($1, $2, $3, $4, $5, 'waiting', $6, 0, $7, $8) \
        ON CONFLICT (unique_key) DO UPDATE SET payload = excluded.payload, \
        again_at = CASE WHEN jobs.status = 'running' THEN excluded.run_at END, \
        run_at = CASE WHEN jobs.status = 'dead' OR \
        (jobs.status = 'waiting' AND jobs.run_at > excluded.run_at) \
        THEN excluded.run_at ELSE jobs.run_at END, \
        attempts = CASE WHEN jobs.status = 'dead' THEN 0 ELSE jobs.attempts END, \
        died_at = NULL, \
        status = CASE WHEN jobs.status = 'dead' THEN 'waiting' ELSE jobs.status END";
    JOBS_DUE = "SELECT id FROM jobs WHERE (status = 'waiting' AND run_at <= $1) \
        OR (status = 'running' AND lease_until <= $1) ORDER BY run_at, id LIMIT $2";
    JOB_TAKE = "UPDATE jobs SET status = 'running', attempts = attempts + 1, lease_owner = $2, \
        lease_until = $3 WHERE id = $1 RETURNING id, organisation, kind, payload, attempts, most, \
        failure, made_at, died_at";
    JOB_RENEW = "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND lease_owner = $2";
    JOB_AGAIN = "UPDATE jobs SET status = 'waiting', run_at = again_at, again_at = NULL, \
        attempts = 0, failure = NULL, lease_owner = NULL, lease_until = NULL \
        WHERE id = $1 AND lease_owner = $2 AND again_at IS NOT NULL";
    JOB_DONE = "DELETE FROM jobs WHERE id = $1 AND lease_owner = $2";
    JOB_RETRY = "UPDATE jobs SET status = 'waiting', run_at = $3, failure = $4, again_at = NULL, \
        lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_owner = $2";
    JOB_GIVE_BACK = "UPDATE jobs SET status = 'waiting', run_at = $3, again_at = NULL, \
        attempts = attempts - 1, lease_owner = NULL, lease_until = NULL \
        WHERE id = $1 AND lease_owner = $2";
    JOB_BURY = "UPDATE jobs SET status = 'dead', died_at = $3, failure = $4, again_at = NULL, \
        lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_owner = $2";
    JOBS_DEAD = "SELECT id, organisation, kind, payload, attempts, most, failure, made_at, died_at \
        FROM jobs WHERE organisation = $1 AND status = 'dead' ORDER BY died_at DESC, id";
    JOB_REVIVE = "UPDATE jobs SET status = 'waiting', attempts = 0, run_at = $3, died_at = NULL \
        WHERE organisation = $1 AND id = $2 AND status = 'dead'";
    JOB_DROP = "DELETE FROM jobs WHERE organisation = $1 AND id = $2 AND status = 'dead'";
    JOBS_NEXT = "SELECT min(CASE WHEN status = 'running' THEN lease_until ELSE run_at END) AS due \
        FROM jobs WHERE status <> 'dead'";
    JOBS_COUNT = "SELECT status, count(*) AS found FROM jobs GROUP BY status ORDER BY status";

    SCHEDULE_SET = "INSERT INTO schedules (name, pattern, next_at) VALUES ($1, $2, $3) \
        ON CONFLICT (name) DO UPDATE SET pattern = excluded.pattern, next_at = excluded.next_at \
        WHERE schedules.pattern <> excluded.pattern";
    SCHEDULE = "SELECT next_at FROM schedules WHERE name = $1";
    SCHEDULE_MOVE = "UPDATE schedules SET next_at = $3 WHERE name = $1 AND next_at = $2";

    MAIL_INSERT = "INSERT INTO mails (id, organisation, kind, about, body, made_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    MAIL = "SELECT id, organisation, kind, about, body, made_at, sent_at, failed_at, failure \
        FROM mails WHERE id = $1";
    MAILS_ABOUT = "SELECT id, organisation, kind, about, body, made_at, sent_at, failed_at, failure \
        FROM mails WHERE about = $1 ORDER BY made_at, id";
    MAIL_SENT = "UPDATE mails SET sent_at = $2, body = NULL \
        WHERE id = $1 AND sent_at IS NULL AND failed_at IS NULL";
    MAIL_FAILED = "UPDATE mails SET failed_at = $2, failure = $3, body = NULL \
        WHERE id = $1 AND failed_at IS NULL";

    PERSON_INSERT = "INSERT INTO people \
        (id, organisation, role, state, body, email_hash, made_at, state_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    PERSON = "SELECT id, organisation, role, state, body, made_at, state_at FROM people \
        WHERE id = $1";
    PERSON_BY_EMAIL = "SELECT id, organisation, role, state, body, made_at, state_at FROM people \
        WHERE email_hash = $1";
    PEOPLE = "SELECT id, organisation, role, state, body, made_at, state_at FROM people \
        WHERE organisation = $1 OR id IN (SELECT person FROM assignments WHERE organisation = $1) \
        ORDER BY made_at, id";
    PEOPLE_ANY = "SELECT id FROM people LIMIT 1";
    PEOPLE_COUNT = "SELECT count(*) AS found FROM people \
        WHERE organisation = $1 AND role = $2 AND state = $3";
    PERSON_ROLE = "UPDATE people SET role = $2 WHERE id = $1";
    PERSON_STATE = "UPDATE people SET state = $3, state_at = $4 WHERE id = $1 AND state = $2";
    PERSON_RESEAL = "UPDATE people SET body = $2, email_hash = $3 WHERE id = $1";
    ASSIGNMENTS = "SELECT organisation FROM assignments WHERE person = $1 ORDER BY organisation";
    ASSIGN = "INSERT INTO assignments (person, organisation) VALUES ($1, $2) \
        ON CONFLICT (person, organisation) DO NOTHING";
    UNASSIGN = "DELETE FROM assignments WHERE person = $1 AND organisation = $2";

    CREDENTIAL_INSERT = "INSERT INTO credentials (id, person, kind, handle, body, made_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    CREDENTIALS = "SELECT id, person, kind, handle, body, made_at, used_at FROM credentials \
        WHERE person = $1 ORDER BY made_at, id";
    CREDENTIAL_BY = "SELECT id, person, kind, handle, body, made_at, used_at FROM credentials \
        WHERE kind = $1 AND handle = $2";
    CREDENTIAL_SAVE = "UPDATE credentials SET body = $2, used_at = $3 WHERE id = $1";
    CREDENTIAL_STEP = "UPDATE credentials SET step = $2, used_at = $3 \
        WHERE id = $1 AND (step IS NULL OR step < $2)";
    CREDENTIAL_REMOVE = "DELETE FROM credentials WHERE person = $1 AND id = $2";
    CREDENTIALS_REMOVE = "DELETE FROM credentials WHERE person = $1";
    RECOVERY_CODE_INSERT = "INSERT INTO recovery_codes (person, hash) VALUES ($1, $2)";
    RECOVERY_CODE_TAKE = "UPDATE recovery_codes SET used_at = $3 \
        WHERE person = $1 AND hash = $2 AND used_at IS NULL";
    RECOVERY_CODES_LEFT = "SELECT count(*) AS found FROM recovery_codes \
        WHERE person = $1 AND used_at IS NULL";
    RECOVERY_CODES_REMOVE = "DELETE FROM recovery_codes WHERE person = $1";
    DEVICE_INSERT = "INSERT INTO devices (id, person, secret_hash, seen_at) \
        VALUES ($1, $2, $3, $4)";
    DEVICE = "SELECT id, person FROM devices WHERE secret_hash = $1";
    DEVICES_REMOVE = "DELETE FROM devices WHERE person = $1";
    DEVICES_FORGET = "DELETE FROM devices WHERE seen_at < $1";

    SESSION_INSERT = "INSERT INTO sessions \
        (id, person, secret_hash, body, factors, shown_at, made_at, seen_at, ends_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
    SESSION_BY = "SELECT id, person, body, factors, shown_at, made_at, seen_at, ends_at, ended_at \
        FROM sessions WHERE secret_hash = $1 AND ended_at IS NULL";
    SESSIONS = "SELECT id, person, body, factors, shown_at, made_at, seen_at, ends_at, ended_at \
        FROM sessions WHERE person = $1 AND ended_at IS NULL ORDER BY made_at DESC, id";
    SESSION_SEEN = "UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2";
    SESSION_ROTATE = "UPDATE sessions SET secret_hash = $2, factors = $3, shown_at = $4, \
        seen_at = $4, ends_at = $5 WHERE secret_hash = $1 AND ended_at IS NULL";
    SESSION_END = "UPDATE sessions SET ended_at = $3 \
        WHERE person = $1 AND id = $2 AND ended_at IS NULL";
    SESSIONS_END = "UPDATE sessions SET ended_at = $3 \
        WHERE person = $1 AND id <> $2 AND ended_at IS NULL";
    SESSIONS_FORGET = "DELETE FROM sessions WHERE ends_at < $1 OR ended_at < $1";

    TOKEN_INSERT = "INSERT INTO api_tokens \
        (id, person, secret_hash, body, scopes, made_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    TOKEN_BY = "SELECT id, person, body, scopes, made_at, expires_at, used_at, revoked_at \
        FROM api_tokens WHERE secret_hash = $1 AND revoked_at IS NULL";
    TOKENS = "SELECT id, person, body, scopes, made_at, expires_at, used_at, revoked_at \
        FROM api_tokens WHERE person IN (SELECT id FROM people WHERE organisation = $1) \
        ORDER BY made_at DESC, id";
    TOKEN_SEEN = "UPDATE api_tokens SET used_at = $2 \
        WHERE id = $1 AND (used_at IS NULL OR used_at < $2)";
    TOKEN_REVOKE = "UPDATE api_tokens SET revoked_at = $3 WHERE id = $2 AND revoked_at IS NULL \
        AND person IN (SELECT id FROM people WHERE organisation = $1)";
    TOKENS_REVOKE = "UPDATE api_tokens SET revoked_at = $2 \
        WHERE person = $1 AND revoked_at IS NULL";

    EVERY_SESSION_END = "UPDATE sessions SET ended_at = $1 WHERE ended_at IS NULL";
    EVERY_TOKEN_REVOKE = "UPDATE api_tokens SET revoked_at = $1 WHERE revoked_at IS NULL";
    EVERY_LINK_VOID = "UPDATE links SET used_at = $1 WHERE used_at IS NULL";
    EVERY_DEVICE_REMOVE = "DELETE FROM devices";
    EVERY_CEREMONY_REMOVE = "DELETE FROM ceremonies";

    LINKS_VOID = "UPDATE links SET used_at = $3 \
        WHERE kind = $1 AND coalesce(person, '') = $2 AND used_at IS NULL";
    LINK_INSERT = "INSERT INTO links (id, kind, person, secret_hash, made_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    LINK = "SELECT id, kind, person, made_at, expires_at FROM links \
        WHERE kind = $1 AND secret_hash = $2 AND used_at IS NULL AND expires_at > $3";
    LINK_TAKE = "UPDATE links SET used_at = $3 \
        WHERE kind = $1 AND secret_hash = $2 AND used_at IS NULL AND expires_at > $3 \
        RETURNING id, kind, person, made_at, expires_at";
    LINKS_FORGET = "DELETE FROM links WHERE expires_at < $1";
    CEREMONY_INSERT = "INSERT INTO ceremonies (id, kind, secret_hash, body, expires_at) \
        VALUES ($1, $2, $3, $4, $5)";
    CEREMONY_TAKE = "DELETE FROM ceremonies \
        WHERE kind = $1 AND secret_hash = $2 AND expires_at > $3 RETURNING id, body";
    CEREMONIES_FORGET = "DELETE FROM ceremonies WHERE expires_at < $1";
    ATTEMPTS_OPEN = "INSERT INTO attempts (bucket, tries, last_at) VALUES ($1, 0, 0) \
        ON CONFLICT (bucket) DO NOTHING";
    /// Takes the row's lock until the transaction ends: of many tries at once each is counted.
    ATTEMPTS = "UPDATE attempts SET tries = tries WHERE bucket = $1 RETURNING tries, last_at";
    ATTEMPTS_SAVE = "UPDATE attempts SET tries = $2, last_at = $3 WHERE bucket = $1";
    ATTEMPTS_FORGET = "DELETE FROM attempts WHERE last_at < $1";
    REQUEST_INSERT = "INSERT INTO requests (id, organisation, kind, channel, language, status, \
        received_at, body, clock, due_at, work, step, changed_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $7)";
    REQUEST_SAVE = "UPDATE requests SET kind = $3, language = $4, status = $5, clock = $6, \
        due_at = $7, work = $8, case_id = $9, changed_at = $10, ended_at = $11, step = step + 1 \
        WHERE id = $1 AND step = $2";
    REQUEST_RESEAL = "UPDATE requests SET body = $2 WHERE id = $1";
    REQUEST_FORGET = "UPDATE requests SET body = NULL WHERE id = $1";
    REQUEST = "SELECT id, organisation, kind, channel, language, status, received_at, body, clock, due_at, work, \
        case_id, step, changed_at, ended_at FROM requests WHERE id = $1";
    REQUESTS_OPEN = "SELECT id, organisation, kind, channel, language, status, received_at, body, clock, due_at, work, \
        case_id, step, changed_at, ended_at FROM requests WHERE organisation = $1 AND ended_at IS NULL \
        AND (due_at > $2 OR (due_at = $2 AND id > $3)) AND ($5 = '' OR status = $5) AND ($6 = '' OR kind = $6) \
        ORDER BY due_at, id LIMIT $4";
    REQUESTS_ALL = "SELECT id, organisation, kind, channel, language, status, received_at, body, clock, due_at, work, \
        case_id, step, changed_at, ended_at FROM requests WHERE organisation = $1 \
        AND (received_at < $2 OR (received_at = $2 AND id < $3)) AND ($5 = '' OR status = $5) \
        AND ($6 = '' OR kind = $6) ORDER BY received_at DESC, id DESC LIMIT $4";
    REQUEST_CLOCKS = "SELECT id, kind, case_id, clock FROM requests WHERE clock IS NOT NULL \
        ORDER BY received_at, id";
    REQUEST_OF_CASE = "SELECT id, organisation, kind, channel, language, status, received_at, body, clock, due_at, work, \
        case_id, step, changed_at, ended_at FROM requests WHERE case_id = $1";
    REQUESTS_BY_HASH = "SELECT request_id FROM request_hashes JOIN requests \
        ON requests.id = request_hashes.request_id WHERE hash = $1 AND request_id <> $2 \
        ORDER BY received_at, request_id";
    REQUEST_HASH_INSERT = "INSERT INTO request_hashes (hash, request_id) VALUES ($1, $2) \
        ON CONFLICT (hash, request_id) DO NOTHING";

    PART_INSERT = "INSERT INTO request_parts (id, request_id, kind, body, at, expires_at, taken) \
        VALUES ($1, $2, $3, $4, $5, $6, 0)";
    PARTS = "SELECT id, request_id, kind, body, at, expires_at, taken FROM request_parts WHERE request_id = $1 ORDER BY at, id";
    PART_TAKEN = "UPDATE request_parts SET taken = taken + 1 WHERE id = $1 AND body IS NOT NULL";
    PARTS_FORGET = "UPDATE request_parts SET body = NULL \
        WHERE request_id = $1 AND body IS NOT NULL";
    PARTS_FORGET_KIND = "UPDATE request_parts SET body = NULL \
        WHERE request_id = $1 AND kind = $2 AND body IS NOT NULL";
    PARTS_EXPIRE = "UPDATE request_parts SET body = NULL \
        WHERE expires_at <= $1 AND body IS NOT NULL";

    KEYS_VOID = "DELETE FROM request_keys WHERE request_id = $1 AND purpose = $2";
    KEY_INSERT = "INSERT INTO request_keys \
        (hash, request_id, purpose, made_at, expires_at, tries) VALUES ($1, $2, $3, $4, $5, $6)";
    KEY = "SELECT hash, request_id, purpose, made_at, expires_at, tries, used_at FROM request_keys WHERE hash = $1";
    KEY_OF = "SELECT hash, request_id, purpose, made_at, expires_at, tries, used_at FROM request_keys WHERE request_id = $1 AND purpose = $2";
    KEY_USE = "UPDATE request_keys SET used_at = $2 \
        WHERE hash = $1 AND used_at IS NULL AND expires_at > $2 AND tries > 0";
    KEY_MISS = "UPDATE request_keys SET tries = tries - 1 WHERE hash = $1 AND tries > 0";

    TALLY = "INSERT INTO tallies (name, hash, since, count) VALUES ($1, $2, $4, 1) \
        ON CONFLICT (name, hash) DO UPDATE SET \
        count = CASE WHEN tallies.since < $3 THEN 1 ELSE tallies.count + 1 END, \
        since = CASE WHEN tallies.since < $3 THEN excluded.since ELSE tallies.since END \
        RETURNING count";
    TALLIES_FORGET = "DELETE FROM tallies WHERE since < $1";

    WEBHOOK_INSERT = "INSERT INTO webhooks (id, organisation, body, kinds, made_at) \
        VALUES ($1, $2, $3, $4, $5)";
    WEBHOOK = "SELECT id, organisation, body, kinds, made_at, paused_at FROM webhooks WHERE id = $1";
    WEBHOOKS = "SELECT id, organisation, body, kinds, made_at, paused_at FROM webhooks \
        WHERE organisation = $1 ORDER BY made_at, id";
    WEBHOOK_PAUSE = "UPDATE webhooks SET paused_at = $2 WHERE id = $1";
    WEBHOOK_REMOVE = "DELETE FROM webhooks WHERE id = $1";
    WEBHOOK_MESSAGE_INSERT = "INSERT INTO webhook_messages \
        (id, webhook_id, kind, payload, made_at, attempts) VALUES ($1, $2, $3, $4, $5, 0)";
    WEBHOOK_MESSAGE = "SELECT id, webhook_id, kind, payload, made_at, attempts, answer, delivered_at \
        FROM webhook_messages WHERE id = $1";
    WEBHOOK_MESSAGES = "SELECT id, webhook_id, kind, payload, made_at, attempts, answer, delivered_at \
        FROM webhook_messages WHERE webhook_id = $1 \
        AND (made_at < $2 OR (made_at = $2 AND id < $3)) ORDER BY made_at DESC, id DESC LIMIT $4";
    WEBHOOK_MESSAGE_NOTE = "UPDATE webhook_messages \
        SET attempts = attempts + 1, answer = $2, delivered_at = $3 WHERE id = $1";
    WEBHOOK_MESSAGES_REMOVE = "DELETE FROM webhook_messages WHERE webhook_id = $1";
    WEBHOOK_MESSAGES_FORGET = "DELETE FROM webhook_messages WHERE made_at < $1";

    CALL_FORGET_OLD = "DELETE FROM api_answers \
        WHERE caller = $1 AND call_key = $2 AND begun_at < $3";
    CALL_INSERT = "INSERT INTO api_answers (caller, call_key, sent, begun_at) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (caller, call_key) DO NOTHING";
    CALL = "SELECT sent, begun_at, answer FROM api_answers WHERE caller = $1 AND call_key = $2";
    CALL_ANSWER = "UPDATE api_answers SET answer = $3 \
        WHERE caller = $1 AND call_key = $2 AND answer IS NULL";
    CALL_FORGET = "DELETE FROM api_answers WHERE caller = $1 AND call_key = $2 AND answer IS NULL";
    CALLS_FORGET = "DELETE FROM api_answers WHERE begun_at < $1";

    TASK_INSERT = "INSERT INTO tasks \
        (id, organisation, request_id, system, owner, due_on, body, made_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    TASK = "SELECT id, organisation, request_id, system, owner, due_on, body, made_at, done_at FROM tasks WHERE id = $1";
    TASKS_OF = "SELECT id, organisation, request_id, system, owner, due_on, body, made_at, done_at FROM tasks WHERE request_id = $1 ORDER BY made_at, id";
    TASKS_OPEN = "SELECT id, organisation, request_id, system, owner, due_on, body, made_at, done_at FROM tasks WHERE organisation = $1 AND done_at IS NULL \
        ORDER BY due_on, id";
    TASK_ASSIGN = "UPDATE tasks SET owner = $2, due_on = $3 WHERE id = $1 AND done_at IS NULL";
    TASK_DONE = "UPDATE tasks SET done_at = $2, body = $3 WHERE id = $1 AND done_at IS NULL";

    DISCLOSURE_INSERT = "INSERT INTO disclosures \
        (id, organisation, authority, demand, answer, people, at, body) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    DISCLOSURES = "SELECT id, organisation, authority, demand, answer, people, at, body \
        FROM disclosures WHERE organisation = $1 ORDER BY at DESC, id";
    DISCLOSURE_COUNTS = "SELECT authority, demand, answer, count(*) AS demands, \
        CAST(sum(people) AS BIGINT) AS people FROM disclosures \
        WHERE organisation = $1 AND at >= $2 AND at < $3 \
        GROUP BY authority, demand, answer ORDER BY authority, demand, answer";
}
