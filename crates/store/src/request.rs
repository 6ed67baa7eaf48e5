//! What people ask for, from intake to answer: who and what sealed, the rest in words of ours.

use std::fmt;

use model::Micros;

use crate::tx::{Fields, Param, Tx, signed};
use crate::{CaseClock, Error, Result, SEALED_MARK, statement};

/// A request as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// Whose request it is.
    pub organisation: String,
    /// What is asked, in a word.
    pub kind: String,
    /// By which door it came.
    pub channel: String,
    /// The language in which the person is written to.
    pub language: String,
    /// Where it stands, in a word.
    pub status: String,
    /// When it came.
    pub received_at: Micros,
    /// Who asks and what, sealed; none once it was forgotten.
    pub body: Option<Vec<u8>>,
    /// Until when, as JSON without anything personal.
    pub clock: Option<String>,
    /// The last moment on which the answer is in time.
    pub due_at: Option<Micros>,
    /// How far the work is, as JSON of our own ids, counts and words.
    pub work: String,
    /// The case that does the work.
    pub case: Option<String>,
    /// How often it was changed.
    pub step: u64,
    /// When it was changed last.
    pub changed_at: Micros,
    /// When it ended.
    pub ended_at: Option<Micros>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Which requests of a list are wanted: an empty word is any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Only<'a> {
    /// Those that stand so.
    pub status: &'a str,
    /// Those that ask for this.
    pub kind: &'a str,
}

/// What belongs to a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// Its id.
    pub id: String,
    /// The request.
    pub request: String,
    /// What it is, in a word.
    pub kind: String,
    /// What it says, sealed; none once it was forgotten.
    pub body: Option<Vec<u8>>,
    /// When it came.
    pub at: Micros,
    /// When it is forgotten.
    pub expires_at: Option<Micros>,
    /// How often it was handed out.
    pub taken: u64,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A key that somebody was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// SHA-256 of it.
    pub hash: [u8; 32],
    /// The request that it opens.
    pub request: String,
    /// For what.
    pub purpose: String,
    /// When it was made.
    pub made_at: Micros,
    /// Until when it opens.
    pub expires_at: Micros,
    /// How many wrong ones may still be shown.
    pub tries: u64,
    /// When it was used.
    pub used_at: Option<Micros>,
}

impl Tx {
    /// Keeps a request that has come.
    pub async fn insert_request(&mut self, request: &Request) -> Result<()> {
        let body = sealed(&request.id, request.body.as_deref().unwrap_or_default())?;
        let params = [
            Param::Text(&request.id),
            Param::Text(&request.organisation),
            Param::Text(&request.kind),
            Param::Text(&request.channel),
            Param::Text(&request.language),
            Param::Text(&request.status),
            Param::Int(request.received_at.0),
            Param::Bytes(body),
            Param::MaybeText(request.clock.as_deref()),
            Param::Int(request.due_at.map_or(i64::MAX, |at| at.0)),
            Param::Text(&request.work),
        ];
        self.execute("keeping a request", statement::REQUEST_INSERT, &params).await.map(drop)
    }

    /// Writes a request down that was read at its `step`, if nobody else has changed it since; its new
    /// step. Without a body it is forgotten what it said.
    pub async fn save_request(&mut self, request: &Request, at: Micros) -> Result<u64> {
        const DOING: &str = "writing a request down";
        let params = [
            Param::Text(&request.id),
            Param::Int(signed(request.step)),
            Param::Text(&request.kind),
            Param::Text(&request.language),
            Param::Text(&request.status),
            Param::MaybeText(request.clock.as_deref()),
            Param::Int(request.due_at.map_or(i64::MAX, |at| at.0)),
            Param::Text(&request.work),
            Param::MaybeText(request.case.as_deref()),
            Param::Int(at.0),
            Param::MaybeInt(request.ended_at.map(|at| at.0)),
        ];
        if self.execute(DOING, statement::REQUEST_SAVE, &params).await? != 1 {
            return Err(Error::Stale { case: request.id.clone(), expected: request.step });
        }
        match &request.body {
            Some(body) => {
                let body = sealed(&request.id, body)?;
                let params = [Param::Text(&request.id), Param::Bytes(body)];
                self.execute(DOING, statement::REQUEST_RESEAL, &params).await?;
            }
            None => {
                self.execute(DOING, statement::REQUEST_FORGET, &[Param::Text(&request.id)]).await?;
            }
        }
        Ok(request.step + 1)
    }

    /// One request.
    pub async fn request(&mut self, id: &str) -> Result<Option<Request>> {
        let rows = self.rows("reading a request", statement::REQUEST, &[Param::Text(id)]).await?;
        rows.first().map(read).transpose()
    }

    /// At most `limit` requests of an organisation that are not answered, the first due first, from
    /// this place on (of which the first is `(Micros(i64::MIN), "")`).
    pub async fn open_requests(
        &mut self,
        organisation: &str,
        from: (Micros, &str),
        only: Only<'_>,
        limit: u32,
    ) -> Result<Vec<Request>> {
        let params = [
            Param::Text(organisation),
            Param::Int(from.0.0),
            Param::Text(from.1),
            Param::Int(i64::from(limit)),
            Param::Text(only.status),
            Param::Text(only.kind),
        ];
        let rows = self.rows("reading the queue", statement::REQUESTS_OPEN, &params).await?;
        rows.iter().map(read).collect()
    }

    /// At most `limit` requests of an organisation, the latest first, older than this place (of which
    /// the first is `(Micros(i64::MAX), "")`).
    pub async fn all_requests(
        &mut self,
        organisation: &str,
        before: (Micros, &str),
        only: Only<'_>,
        limit: u32,
    ) -> Result<Vec<Request>> {
        let params = [
            Param::Text(organisation),
            Param::Int(before.0.0),
            Param::Text(before.1),
            Param::Int(i64::from(limit)),
            Param::Text(only.status),
            Param::Text(only.kind),
        ];
        let rows = self.rows("reading the requests", statement::REQUESTS_ALL, &params).await?;
        rows.iter().map(read).collect()
    }

    /// The request whose work a case does.
    pub async fn request_of_case(&mut self, case: &str) -> Result<Option<Request>> {
        let params = [Param::Text(case)];
        let rows = self.rows("reading a request", statement::REQUEST_OF_CASE, &params).await?;
        rows.first().map(read).transpose()
    }

    /// The clock of every request that has one, with the case that does its work, the oldest first.
    pub async fn request_clocks(&mut self) -> Result<Vec<(CaseClock, Option<String>)>> {
        let rows = self.rows("reading the clocks", statement::REQUEST_CLOCKS, &[]).await?;
        let read = |row: &Fields| {
            let clock = CaseClock {
                id: row.text(0)?,
                kind: row.text(1)?,
                status: String::new(),
                clock: row.text(3)?,
            };
            Ok((clock, row.maybe_text(2)?))
        };
        rows.iter().map(read).collect()
    }

    /// Ids of requests that this person has shown to be theirs, other than this one, the oldest first.
    pub async fn requests_by(&mut self, hash: &[u8; 32], not: &str) -> Result<Vec<String>> {
        let params = [Param::Bytes(hash), Param::Text(not)];
        let rows = self.rows("looking for requests", statement::REQUESTS_BY_HASH, &params).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// Notes whose request it is.
    pub async fn hash_request(&mut self, id: &str, hash: &[u8; 32]) -> Result<()> {
        let params = [Param::Bytes(hash), Param::Text(id)];
        self.execute("noting a request", statement::REQUEST_HASH_INSERT, &params).await.map(drop)
    }

    /// Keeps what belongs to a request.
    pub async fn insert_part(&mut self, part: &Part) -> Result<()> {
        let body = sealed(&part.id, part.body.as_deref().unwrap_or_default())?;
        let params = [
            Param::Text(&part.id),
            Param::Text(&part.request),
            Param::Text(&part.kind),
            Param::Bytes(body),
            Param::Int(part.at.0),
            Param::MaybeInt(part.expires_at.map(|at| at.0)),
        ];
        self.execute("keeping a part", statement::PART_INSERT, &params).await.map(drop)
    }

    /// What belongs to a request, the oldest first.
    pub async fn parts(&mut self, request: &str) -> Result<Vec<Part>> {
        let rows = self.rows("reading parts", statement::PARTS, &[Param::Text(request)]).await?;
        rows.iter().map(part).collect()
    }

    /// Counts that a part was handed out; `false` if it is not there any more.
    pub async fn take_part(&mut self, id: &str) -> Result<bool> {
        let params = [Param::Text(id)];
        Ok(self.execute("counting a part", statement::PART_TAKEN, &params).await? == 1)
    }

    /// Forgets what a part of this kind of a request says, of every kind if none is named. Call
    /// [`crate::Store::scrub`] afterwards.
    pub async fn forget_parts(&mut self, request: &str, kind: Option<&str>) -> Result<u64> {
        const DOING: &str = "forgetting parts";
        match kind {
            Some(kind) => {
                let params = [Param::Text(request), Param::Text(kind)];
                self.execute(DOING, statement::PARTS_FORGET_KIND, &params).await
            }
            None => self.execute(DOING, statement::PARTS_FORGET, &[Param::Text(request)]).await,
        }
    }

    /// Forgets every part whose time has run out.
    pub async fn expire_parts(&mut self, now: Micros) -> Result<u64> {
        let params = [Param::Int(now.0)];
        self.execute("forgetting parts", statement::PARTS_EXPIRE, &params).await
    }

    /// Keeps the hash of a key. Keys for the same purpose that were given out before are void.
    pub async fn give_key(&mut self, key: &RequestKey) -> Result<()> {
        let params = [Param::Text(&key.request), Param::Text(&key.purpose)];
        self.execute("keeping a key", statement::KEYS_VOID, &params).await?;
        self.add_key(key).await
    }

    /// Keeps the hash of a key beside those that were given out before.
    pub async fn add_key(&mut self, key: &RequestKey) -> Result<()> {
        let params = [
            Param::Bytes(&key.hash),
            Param::Text(&key.request),
            Param::Text(&key.purpose),
            Param::Int(key.made_at.0),
            Param::Int(key.expires_at.0),
            Param::Int(signed(key.tries)),
        ];
        self.execute("keeping a key", statement::KEY_INSERT, &params).await.map(drop)
    }

    /// The key with this hash.
    pub async fn key(&mut self, hash: &[u8; 32]) -> Result<Option<RequestKey>> {
        let rows = self.rows("reading a key", statement::KEY, &[Param::Bytes(hash)]).await?;
        rows.first().map(key).transpose()
    }

    /// The key that opens a request for a purpose.
    pub async fn key_of(&mut self, request: &str, purpose: &str) -> Result<Option<RequestKey>> {
        let params = [Param::Text(request), Param::Text(purpose)];
        let rows = self.rows("reading a key", statement::KEY_OF, &params).await?;
        rows.first().map(key).transpose()
    }

    /// Uses a key up; `false` if it was used, has run out, or too many wrong ones were shown.
    pub async fn use_key(&mut self, hash: &[u8; 32], now: Micros) -> Result<bool> {
        let params = [Param::Bytes(hash), Param::Int(now.0)];
        Ok(self.execute("using a key", statement::KEY_USE, &params).await? == 1)
    }

    /// Counts that a wrong key was shown where this one was asked for; `false` if no try is left.
    pub async fn miss_key(&mut self, hash: &[u8; 32]) -> Result<bool> {
        let params = [Param::Bytes(hash)];
        Ok(self.execute("counting a wrong key", statement::KEY_MISS, &params).await? == 1)
    }

    /// Counts something that is done for somebody, afresh if the count began before `since`; how often
    /// that was by now.
    pub async fn tally(
        &mut self,
        name: &str,
        hash: &[u8; 32],
        since: Micros,
        now: Micros,
    ) -> Result<u64> {
        let params =
            [Param::Text(name), Param::Bytes(hash), Param::Int(since.0), Param::Int(now.0)];
        let rows = self.rows("counting", statement::TALLY, &params).await?;
        rows.first().map_or(Ok(0), |row| row.count(0))
    }

    /// Forgets counts that began before this.
    pub async fn forget_tallies(&mut self, before: Micros) -> Result<u64> {
        self.execute("forgetting counts", statement::TALLIES_FORGET, &[Param::Int(before.0)]).await
    }
}

pub(crate) fn sealed<'b>(id: &str, body: &'b [u8]) -> Result<&'b [u8]> {
    if body.starts_with(&SEALED_MARK) {
        Ok(body)
    } else {
        Err(Error::NotSealed { case: id.to_owned() })
    }
}

fn read(row: &Fields) -> Result<Request> {
    Ok(Request {
        id: row.text(0)?,
        organisation: row.text(1)?,
        kind: row.text(2)?,
        channel: row.text(3)?,
        language: row.text(4)?,
        status: row.text(5)?,
        received_at: Micros(row.int(6)?),
        body: row.maybe_bytes(7)?,
        clock: row.maybe_text(8)?,
        // What nobody sets a day for is kept as due at the end of time, so that the queue has an order.
        due_at: Some(row.int(9)?).filter(|at| *at != i64::MAX).map(Micros),
        work: row.text(10)?,
        case: row.maybe_text(11)?,
        step: row.count(12)?,
        changed_at: Micros(row.int(13)?),
        ended_at: row.maybe_int(14)?.map(Micros),
    })
}

fn part(row: &Fields) -> Result<Part> {
    Ok(Part {
        id: row.text(0)?,
        request: row.text(1)?,
        kind: row.text(2)?,
        body: row.maybe_bytes(3)?,
        at: Micros(row.int(4)?),
        expires_at: row.maybe_int(5)?.map(Micros),
        taken: row.count(6)?,
    })
}

fn key(row: &Fields) -> Result<RequestKey> {
    Ok(RequestKey {
        hash: row.hash(0)?,
        request: row.text(1)?,
        purpose: row.text(2)?,
        made_at: Micros(row.int(3)?),
        expires_at: Micros(row.int(4)?),
        tries: row.count(5)?,
        used_at: row.maybe_int(6)?.map(Micros),
    })
}
