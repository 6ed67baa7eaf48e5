//! Events: what happened, written in the transaction in which it happened, waiting to be sealed.

use std::fmt;

use model::Micros;

use crate::error::{Meaning, meaning, plain};
use crate::tx::{Fields, Param, Tx, signed, unexpected};
use crate::{Error, Result, statement};

/// Something that happened and that the log shall prove.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// Whose event it is.
    pub organisation: String,
    /// What happened, in a word or two; it stands in the log for all to read.
    pub kind: String,
    /// The case it belongs to.
    pub case: Option<String>,
    /// When it happened.
    pub at: Micros,
    /// What happened, as canonical JSON. Stays in this database.
    pub body: Vec<u8>,
    /// 32 fresh random bytes for this event alone. Whoever lacks them learns nothing from the
    /// commitment, however well they guess the body.
    pub salt: [u8; 32],
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("case", &self.case)
            .finish_non_exhaustive()
    }
}

/// An event as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its place among all events, from 0 and without gaps.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// Whose event it is.
    pub organisation: String,
    /// What happened.
    pub kind: String,
    /// The case it belongs to.
    pub case: Option<String>,
    /// When it happened.
    pub at: Micros,
    /// What happened; gone once the event is erased.
    pub body: Option<Vec<u8>>,
    /// What opens the commitment; gone with the body.
    pub salt: Option<[u8; 32]>,
    /// [`commitment`] of salt and body.
    pub commitment: [u8; 32],
    /// Where it stands in the log; `None` while it waits.
    pub sealed_index: Option<u64>,
}

impl fmt::Debug for StoredEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredEvent")
            .field("seq", &self.seq)
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("sealed_index", &self.sealed_index)
            .finish_non_exhaustive()
    }
}

/// As much of an event as its entry in the log is made from: nothing that says what happened to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its place among all events.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// Whose event it is.
    pub organisation: String,
    /// What happened.
    pub kind: String,
    /// When it happened.
    pub at: Micros,
    /// [`commitment`] of salt and body.
    pub commitment: [u8; 32],
}

impl StoredEvent {
    /// As much of it as the log shows.
    pub fn outline(&self) -> Outline {
        Outline {
            seq: self.seq,
            id: self.id.clone(),
            organisation: self.organisation.clone(),
            kind: self.kind.clone(),
            at: self.at,
            commitment: self.commitment,
        }
    }
}

/// What the log holds instead of the event: HMAC-SHA256 of the body under the event's own salt.
///
/// ```
/// let salt = [7; 32];
/// assert_eq!(store::commitment(&salt, b"{}"), store::commitment(&salt, b"{}"));
/// assert_ne!(store::commitment(&salt, b"{}"), store::commitment(&[8; 32], b"{}"));
/// ```
pub fn commitment(salt: &[u8; 32], body: &[u8]) -> [u8; 32] {
    use aws_lc_rs::hmac;
    let key = hmac::Key::new(hmac::HMAC_SHA256, salt);
    let tag = hmac::sign(&key, body);
    let mut commitment = [0u8; 32];
    for (to, from) in commitment.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    commitment
}

const COUNTER: &str = "events";

impl Tx {
    /// Appends an event to the outbox; its sequence number. Best called last in a transaction: from
    /// here to the commit no other process appends.
    pub async fn append_event(&mut self, event: &Event) -> Result<u64> {
        self.append_events(std::slice::from_ref(event)).await
    }

    /// Appends events in their order; the sequence number of the first.
    pub async fn append_events(&mut self, events: &[Event]) -> Result<u64> {
        if !events.iter().all(is_public) {
            return Err(Error::NotPublic);
        }
        let count = signed(events.len() as u64);
        let taken = self
            .rows(
                "numbering an event",
                statement::COUNTER_TAKE,
                &[Param::Text(COUNTER), Param::Int(count)],
            )
            .await?;
        let next = taken.first().ok_or_else(unexpected)?.int(0)?;
        let first = next.saturating_sub(count);
        let mut seq = first;
        for some in events.chunks(statement::ROWS_AT_ONCE) {
            if some.len() == statement::ROWS_AT_ONCE {
                self.insert_events(&statement::EVENT_INSERT_MANY, seq, some).await?;
            } else {
                for (seq, event) in (seq..).zip(some) {
                    let one = std::slice::from_ref(event);
                    self.insert_events(statement::EVENT_INSERT, seq, one).await?;
                }
            }
            seq = seq.saturating_add(signed(some.len() as u64));
        }
        first.try_into().map_err(|_| unexpected())
    }

    /// Runs an insert that takes as many rows as there are events.
    async fn insert_events(
        &mut self,
        sql: &'static str,
        first: i64,
        events: &[Event],
    ) -> Result<()> {
        let commitments: Vec<[u8; 32]> =
            events.iter().map(|event| commitment(&event.salt, &event.body)).collect();
        let params: Vec<Param<'_>> = (first..)
            .zip(events.iter().zip(&commitments))
            .flat_map(|(seq, (event, commitment))| {
                [
                    Param::Int(seq),
                    Param::Text(&event.id),
                    Param::Text(&event.organisation),
                    Param::Text(&event.kind),
                    Param::MaybeText(event.case.as_deref()),
                    Param::Int(event.at.0),
                    Param::Bytes(&event.body),
                    Param::Bytes(&event.salt),
                    Param::Bytes(commitment),
                ]
            })
            .collect();
        let done = self.try_execute(sql, &params).await.map_err(|error| {
            // The engines do not say in which row it was, and after an error cannot be asked.
            match meaning(&error) {
                Meaning::Duplicate => {
                    Error::Exists { kind: "event", id: among(events.iter().map(|e| &e.id)) }
                }
                Meaning::NoParent => {
                    Error::NoCase { case: among(events.iter().filter_map(|e| e.case.as_ref())) }
                }
                Meaning::Other => plain("appending an event")(error),
            }
        })?;
        if done == events.len() as u64 { Ok(()) } else { Err(unexpected()) }
    }

    /// Destroys what an event said and what opens its commitment. The commitment, and every proof
    /// about it, stays. `false` if there is no such event. Call [`crate::Store::scrub`] afterwards.
    pub async fn erase_event(&mut self, id: &str) -> Result<bool> {
        let rows =
            self.execute("erasing an event", statement::EVENT_ERASE, &[Param::Text(id)]).await?;
        Ok(rows == 1)
    }

    /// One event.
    pub async fn event(&mut self, id: &str) -> Result<Option<StoredEvent>> {
        let rows = self.rows("reading an event", statement::EVENT, &[Param::Text(id)]).await?;
        rows.first().map(read).transpose()
    }

    /// A case's events, in order.
    pub async fn events_of_case(&mut self, case: &str) -> Result<Vec<StoredEvent>> {
        let rows = self
            .rows("reading the events of a case", statement::EVENTS_OF_CASE, &[Param::Text(case)])
            .await?;
        rows.iter().map(read).collect()
    }

    /// An organisation's events of a kind, in order, but for those that were erased.
    pub async fn events_of_kind(
        &mut self,
        organisation: &str,
        kind: &str,
    ) -> Result<Vec<StoredEvent>> {
        let params = [Param::Text(organisation), Param::Text(kind)];
        let rows =
            self.rows("reading events of a kind", statement::EVENTS_OF_KIND, &params).await?;
        rows.iter().map(read).collect()
    }

    /// At most `limit` events from this sequence number on, in order.
    pub async fn events_from(&mut self, seq: u64, limit: u32) -> Result<Vec<StoredEvent>> {
        let params = [Param::Int(signed(seq)), Param::Int(i64::from(limit))];
        let rows = self.rows("reading events", statement::EVENTS_FROM, &params).await?;
        rows.iter().map(read).collect()
    }

    /// What the log shows of at most `limit` events from this sequence number on, in order.
    pub async fn outlines_from(&mut self, seq: u64, limit: u32) -> Result<Vec<Outline>> {
        let params = [Param::Int(signed(seq)), Param::Int(i64::from(limit))];
        let rows = self.rows("reading events", statement::EVENT_OUTLINES, &params).await?;
        let outline = |row: &Fields| {
            Ok(Outline {
                seq: row.count(0)?,
                id: row.text(1)?,
                organisation: row.text(2)?,
                kind: row.text(3)?,
                at: Micros(row.int(4)?),
                commitment: row.hash(5)?,
            })
        };
        rows.iter().map(outline).collect()
    }

    /// How many events there are.
    pub async fn event_count(&mut self) -> Result<u64> {
        let rows =
            self.rows("counting events", statement::COUNTER, &[Param::Text(COUNTER)]).await?;
        rows.first().ok_or_else(unexpected)?.count(0)
    }

    /// The first `limit` events that wait for the log, in order.
    pub async fn unsealed(&mut self, limit: u32) -> Result<Vec<StoredEvent>> {
        let params = [Param::Int(i64::from(limit))];
        let rows = self.rows("reading waiting events", statement::EVENTS_UNSEALED, &params).await?;
        rows.iter().map(read).collect()
    }

    /// Notes that the events from `from_seq` up to but without `end_seq` stand in the log, the first
    /// of them at `first_index`. Events that were noted before stay as they are.
    pub async fn mark_sealed(
        &mut self,
        from_seq: u64,
        end_seq: u64,
        first_index: u64,
    ) -> Result<u64> {
        let params = [
            Param::Int(signed(from_seq)),
            Param::Int(signed(end_seq)),
            Param::Int(signed(first_index)),
        ];
        self.execute("noting sealed events", statement::EVENTS_MARK_SEALED, &params).await
    }
}

/// The one there is, or the first and the last of them.
fn among<'a>(mut names: impl DoubleEndedIterator<Item = &'a String>) -> String {
    let first = names.next().cloned().unwrap_or_default();
    match names.next_back() {
        Some(last) if *last != first => format!("{first} … {last}"),
        _ => first,
    }
}

// INVARIANT: what an event shows the world is a random id and a plain word, so no caller can put a
// name or an address into a log that never forgets.
fn is_public(event: &Event) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let word =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b" .-_".contains(&byte);
    event.id.len() == 32
        && event.id.bytes().all(hex)
        && (1..=64).contains(&event.kind.len())
        && event.kind.bytes().all(word)
}

fn read(row: &Fields) -> Result<StoredEvent> {
    let count = |value: i64| u64::try_from(value).map_err(|_| unexpected());
    Ok(StoredEvent {
        seq: row.count(0)?,
        id: row.text(1)?,
        organisation: row.text(2)?,
        kind: row.text(3)?,
        case: row.maybe_text(4)?,
        at: Micros(row.int(5)?),
        body: row.maybe_bytes(6)?,
        salt: row
            .maybe_bytes(7)?
            .map(|salt| salt.try_into().map_err(|_| unexpected()))
            .transpose()?,
        commitment: row.hash(8)?,
        sealed_index: row.maybe_int(9)?.map(count).transpose()?,
    })
}
