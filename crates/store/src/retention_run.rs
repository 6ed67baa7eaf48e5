//! Runs of retention: what was disposed of, batch by batch, so that a killed run goes on where it
//! stopped and counts nothing twice.

use model::Micros;

use crate::error::{Meaning, meaning, plain};
use crate::tx::{Fields, Param, Tx};
use crate::{Error, Result, statement};

/// A run as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRun {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// Whose run it is.
    pub organisation: String,
    /// When it began.
    pub begun_at: Micros,
    /// When it ended; `None` while it is under way or was interrupted.
    pub ended_at: Option<Micros>,
    /// Counts and our own names as JSON. Never personal.
    pub progress: String,
}

impl Tx {
    /// Begins a run.
    pub async fn insert_retention_run(&mut self, run: &RetentionRun) -> Result<()> {
        let params = [
            Param::Text(&run.id),
            Param::Text(&run.organisation),
            Param::Int(run.begun_at.0),
            Param::Text(&run.progress),
        ];
        match self.try_execute(statement::RETENTION_RUN_INSERT, &params).await {
            Ok(_) => Ok(()),
            Err(error) if meaning(&error) == Meaning::Duplicate => {
                Err(Error::Exists { kind: "retention run", id: run.id.clone() })
            }
            Err(error) => Err(plain("beginning a retention run")(error)),
        }
    }

    /// Writes a run's progress; `false` if there is no such run or it has ended.
    pub async fn save_retention_run(&mut self, id: &str, progress: &str) -> Result<bool> {
        let params = [Param::Text(id), Param::Text(progress)];
        let saved = self.execute("saving a retention run", statement::RETENTION_RUN_SAVE, &params);
        Ok(saved.await? == 1)
    }

    /// Ends a run; `false` if there is no such run or it has ended before.
    pub async fn end_retention_run(&mut self, id: &str, at: Micros) -> Result<bool> {
        let params = [Param::Text(id), Param::Int(at.0)];
        Ok(self.execute("ending a retention run", statement::RETENTION_RUN_END, &params).await?
            == 1)
    }

    /// Every run, oldest first.
    pub async fn retention_runs(&mut self) -> Result<Vec<RetentionRun>> {
        let rows = self.rows("reading the retention runs", statement::RETENTION_RUNS, &[]).await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &Fields) -> Result<RetentionRun> {
    Ok(RetentionRun {
        id: row.text(0)?,
        organisation: row.text(1)?,
        begun_at: Micros(row.int(2)?),
        ended_at: row.maybe_int(3)?.map(Micros),
        progress: row.text(4)?,
    })
}
