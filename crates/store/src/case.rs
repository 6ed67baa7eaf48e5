//! Cases: one request of one person, on its way.

use std::fmt;

use model::Micros;

use crate::error::{Meaning, meaning, plain};
use crate::tx::{Fields, Param, Tx, signed};
use crate::{Error, Result, SEALED_MARK, statement};

/// A case as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// Whose case it is.
    pub organisation: String,
    /// What was asked for: `access`, `erasure`…
    pub kind: String,
    /// When it was opened.
    pub opened_at: Micros,
    /// The planner's state, sealed by the vault.
    pub state: Vec<u8>,
    /// How often it has been saved; starts where the caller says, usually at 0.
    pub step: u64,
    /// One word about where it stands. Never personal.
    pub status: String,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("step", &self.step)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// A case that has a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseClock {
    /// The case.
    pub id: String,
    /// What was asked for.
    pub kind: String,
    /// One word about where it stands.
    pub status: String,
    /// Until when it is due and why, as JSON. Never personal.
    pub clock: String,
}

impl Tx {
    /// Opens a case.
    pub async fn insert_case(&mut self, case: &Case) -> Result<()> {
        check_sealed(&case.id, &case.state)?;
        let params = [
            Param::Text(&case.id),
            Param::Text(&case.organisation),
            Param::Text(&case.kind),
            Param::Int(case.opened_at.0),
            Param::Bytes(&case.state),
            Param::Int(signed(case.step)),
            Param::Text(&case.status),
        ];
        match self.try_execute(statement::CASE_INSERT, &params).await {
            Ok(_) => Ok(()),
            Err(error) if meaning(&error) == Meaning::Duplicate => {
                Err(Error::Exists { kind: "case", id: case.id.clone() })
            }
            Err(error) => Err(plain("opening a case")(error)),
        }
    }

    /// Saves a case that was read at `expected_step`; its step is one higher afterwards, and is
    /// returned. If another process has saved it since, nothing is written.
    pub async fn save_case(
        &mut self,
        id: &str,
        expected_step: u64,
        state: &[u8],
        status: &str,
    ) -> Result<u64> {
        check_sealed(id, state)?;
        let params = [
            Param::Text(id),
            Param::Int(signed(expected_step)),
            Param::Bytes(state),
            Param::Text(status),
        ];
        if self.execute("saving a case", statement::CASE_SAVE, &params).await? == 1 {
            return Ok(expected_step.saturating_add(1));
        }
        Err(match self.case(id).await? {
            Some(_) => Error::Stale { case: id.to_owned(), expected: expected_step },
            None => Error::NoCase { case: id.to_owned() },
        })
    }

    /// One case.
    pub async fn case(&mut self, id: &str) -> Result<Option<Case>> {
        let rows = self.rows("reading a case", statement::CASE, &[Param::Text(id)]).await?;
        rows.first().map(read).transpose()
    }

    /// Every case, oldest first.
    pub async fn cases(&mut self) -> Result<Vec<Case>> {
        self.rows("reading the cases", statement::CASES, &[]).await?.iter().map(read).collect()
    }

    /// Writes down until when a case is due: JSON without anything personal.
    pub async fn set_case_clock(&mut self, id: &str, clock: &str) -> Result<()> {
        let params = [Param::Text(id), Param::Text(clock)];
        match self.execute("noting the clock of a case", statement::CASE_CLOCK_SET, &params).await?
        {
            1 => Ok(()),
            _ => Err(Error::NoCase { case: id.to_owned() }),
        }
    }

    /// What [`Tx::set_case_clock`] wrote; `None` for a case without one, and without the case.
    pub async fn case_clock(&mut self, id: &str) -> Result<Option<String>> {
        let params = [Param::Text(id)];
        let rows = self.rows("reading the clock of a case", statement::CASE_CLOCK, &params).await?;
        rows.first().map_or(Ok(None), |row| row.maybe_text(0))
    }

    /// Every case that has a clock, oldest first.
    pub async fn case_clocks(&mut self) -> Result<Vec<CaseClock>> {
        let rows = self.rows("reading the clocks", statement::CASE_CLOCKS, &[]).await?;
        let read = |row: &Fields| {
            Ok(CaseClock {
                id: row.text(0)?,
                kind: row.text(1)?,
                status: row.text(2)?,
                clock: row.text(3)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Sets the moment at which a case that rests is taken up again, or that it is not.
    pub async fn wake_case(&mut self, id: &str, at: Option<Micros>) -> Result<()> {
        const DOING: &str = "setting when a case goes on";
        let changed = match at {
            Some(at) => {
                let params = [Param::Text(id), Param::Int(at.0)];
                self.execute(DOING, statement::CASE_WAKE, &params).await?
            }
            None => self.execute(DOING, statement::CASE_REST, &[Param::Text(id)]).await?,
        };
        if changed == 1 { Ok(()) } else { Err(Error::NoCase { case: id.to_owned() }) }
    }

    /// Lets every case that rests go on at this moment: what kept its rows may have ended.
    pub async fn rouse_cases(&mut self, at: Micros) -> Result<u64> {
        self.execute("rousing cases", statement::CASES_ROUSE, &[Param::Int(at.0)]).await
    }

    /// The cases whose time to go on has come, the longest due first.
    pub async fn cases_waking(&mut self, now: Micros) -> Result<Vec<String>> {
        let rows = self
            .rows("looking for cases that go on", statement::CASES_WAKING, &[Param::Int(now.0)])
            .await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// Takes or renews the right to drive a case until `until`. `false` if another owner holds it
    /// and their time has not run out at `now`.
    pub async fn lease_case(
        &mut self,
        id: &str,
        owner: &str,
        now: Micros,
        until: Micros,
    ) -> Result<bool> {
        let params = [Param::Text(id), Param::Text(owner), Param::Int(now.0), Param::Int(until.0)];
        if self.execute("leasing a case", statement::CASE_LEASE, &params).await? == 1 {
            return Ok(true);
        }
        match self.case(id).await? {
            Some(_) => Ok(false),
            None => Err(Error::NoCase { case: id.to_owned() }),
        }
    }

    /// Gives the right back. Harmless if it was lost already.
    pub async fn release_case(&mut self, id: &str, owner: &str) -> Result<()> {
        let params = [Param::Text(id), Param::Text(owner)];
        self.execute("releasing a case", statement::CASE_RELEASE, &params).await.map(drop)
    }
}

// INVARIANT: the state of a case is sealed before it reaches a database.
pub(crate) fn check_sealed(case: &str, state: &[u8]) -> Result<()> {
    if state.starts_with(&SEALED_MARK) {
        Ok(())
    } else {
        Err(Error::NotSealed { case: case.to_owned() })
    }
}

fn read(row: &Fields) -> Result<Case> {
    Ok(Case {
        id: row.text(0)?,
        organisation: row.text(1)?,
        kind: row.text(2)?,
        opened_at: Micros(row.int(3)?),
        state: row.bytes(4)?,
        step: row.count(5)?,
        status: row.text(6)?,
    })
}
