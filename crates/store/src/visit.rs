//! People who look at their own data.

use std::fmt;

use model::Micros;

use crate::request::sealed;
use crate::tx::{Fields, Param, Tx, signed};
use crate::{Result, statement};

/// A visit.
#[derive(Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its id.
    pub id: String,
    /// Whose pages.
    pub organisation: String,
    /// The language in which they read.
    pub language: String,
    /// The address, sealed.
    pub body: Vec<u8>,
    /// SHA-256 of what the browser holds until the code is typed.
    pub handle: [u8; 32],
    /// SHA-256 of the code.
    pub code: [u8; 32],
    /// So many wrong codes may still be shown.
    pub tries: u64,
    /// What was found of them, sealed.
    pub held: Option<Vec<u8>>,
    /// When the code was asked for.
    pub made_at: Micros,
    /// Until when it goes on.
    pub expires_at: Micros,
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Tx {
    /// Keeps a visit that waits for its code.
    pub async fn insert_visit(&mut self, one: &Visit) -> Result<()> {
        let params = [
            Param::Text(&one.id),
            Param::Text(&one.organisation),
            Param::Text(&one.language),
            Param::Bytes(sealed(&one.id, &one.body)?),
            Param::Bytes(&one.handle),
            Param::Bytes(&one.code),
            Param::Int(signed(one.tries)),
            Param::Int(one.made_at.0),
            Param::Int(one.expires_at.0),
        ];
        self.execute("keeping a visit", statement::VISIT_INSERT, &params).await.map(drop)
    }

    /// The visit that a browser holds, if its code was not typed yet and it goes on.
    pub async fn visit_to_enter(
        &mut self,
        handle: &[u8; 32],
        now: Micros,
    ) -> Result<Option<Visit>> {
        let params = [Param::Bytes(handle), Param::Int(now.0)];
        let rows = self.rows("reading a visit", statement::VISIT_TO_ENTER, &params).await?;
        rows.first().map(read).transpose()
    }

    /// The visit that a pass opens, if it goes on.
    pub async fn visit_by_pass(&mut self, pass: &[u8; 32], now: Micros) -> Result<Option<Visit>> {
        let params = [Param::Bytes(pass), Param::Int(now.0)];
        let rows = self.rows("reading a visit", statement::VISIT_BY_PASS, &params).await?;
        rows.first().map(read).transpose()
    }

    /// One visit, if it goes on.
    pub async fn visit(&mut self, id: &str, now: Micros) -> Result<Option<Visit>> {
        let params = [Param::Text(id), Param::Int(now.0)];
        let rows = self.rows("reading a visit", statement::VISIT, &params).await?;
        rows.first().map(read).transpose()
    }

    /// Lets somebody in who typed the code; `false` if somebody was let in before.
    pub async fn enter_visit(&mut self, id: &str, pass: &[u8; 32], until: Micros) -> Result<bool> {
        let params = [Param::Text(id), Param::Bytes(pass), Param::Int(until.0)];
        Ok(self.execute("entering", statement::VISIT_ENTER, &params).await? == 1)
    }

    /// Counts a wrong code.
    pub async fn miss_visit(&mut self, id: &str) -> Result<()> {
        self.execute("counting a try", statement::VISIT_MISS, &[Param::Text(id)]).await.map(drop)
    }

    /// Lets a visit go on for longer.
    pub async fn extend_visit(&mut self, id: &str, until: Micros) -> Result<()> {
        let params = [Param::Text(id), Param::Int(until.0)];
        self.execute("going on with a visit", statement::VISIT_EXTEND, &params).await.map(drop)
    }

    /// Keeps what was found of somebody; `false` if they have left.
    pub async fn keep_held(&mut self, id: &str, held: &[u8]) -> Result<bool> {
        let params = [Param::Text(id), Param::Bytes(sealed(id, held)?)];
        Ok(self.execute("keeping what was found", statement::VISIT_HELD, &params).await? == 1)
    }

    /// Ends a visit, and forgets all of it.
    pub async fn end_visit(&mut self, id: &str) -> Result<()> {
        self.execute("ending a visit", statement::VISIT_END, &[Param::Text(id)]).await.map(drop)
    }

    /// Forgets visits that are over; how many.
    pub async fn expire_visits(&mut self, now: Micros) -> Result<u64> {
        self.execute("forgetting visits", statement::VISITS_EXPIRE, &[Param::Int(now.0)]).await
    }
}

fn read(row: &Fields) -> Result<Visit> {
    Ok(Visit {
        id: row.text(0)?,
        organisation: row.text(1)?,
        language: row.text(2)?,
        body: row.bytes(3)?,
        handle: row.hash(4)?,
        code: row.hash(5)?,
        tries: row.count(6)?,
        held: row.maybe_bytes(7)?,
        made_at: Micros(row.int(8)?),
        expires_at: Micros(row.int(9)?),
    })
}
