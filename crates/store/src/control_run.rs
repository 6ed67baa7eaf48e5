//! What each control found, each time it was run.

use model::Micros;

use crate::tx::{Fields, Param, Tx, signed, unexpected};
use crate::{Result, statement};

/// What one control of one promise found. Counts and our own names only: nothing personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlRun {
    /// The promise, by its key in the policy.
    pub promise: String,
    /// The control, by its kind and, where a promise has several of a kind, its place among them.
    pub control: String,
    /// How it stands, in a word.
    pub state: String,
    /// Why, in one plain sentence.
    pub reason: String,
    /// What shows it.
    pub evidence: Option<String>,
    /// The event of the run.
    pub event: Option<String>,
    /// When it was run.
    pub at: Micros,
}

const COUNTER: &str = "control_runs";

impl Tx {
    /// Keeps what the controls of one run found; the number of the first.
    pub async fn record_control_runs(
        &mut self,
        organisation: &str,
        runs: &[ControlRun],
    ) -> Result<u64> {
        let count = signed(runs.len() as u64);
        let params = [Param::Text(COUNTER), Param::Int(count)];
        let taken = self.rows("numbering a run", statement::COUNTER_TAKE, &params).await?;
        let next = taken.first().ok_or_else(unexpected)?.int(0)?;
        let first = next.saturating_sub(count);
        for (seq, run) in (first..).zip(runs) {
            let params = [
                Param::Int(seq),
                Param::Text(organisation),
                Param::Text(&run.promise),
                Param::Text(&run.control),
                Param::Text(&run.state),
                Param::Text(&run.reason),
                Param::MaybeText(run.evidence.as_deref()),
                Param::MaybeText(run.event.as_deref()),
                Param::Int(run.at.0),
            ];
            self.execute("keeping a result", statement::CONTROL_RUN_INSERT, &params).await?;
        }
        first.try_into().map_err(|_| unexpected())
    }

    /// The newest result of each control, oldest first.
    pub async fn last_control_runs(&mut self, organisation: &str) -> Result<Vec<ControlRun>> {
        let params = [Param::Text(organisation)];
        let rows = self.rows("reading results", statement::CONTROL_RUNS_LAST, &params).await?;
        rows.iter().map(run).collect()
    }

    /// The newest result that each control had at a moment, oldest first.
    pub async fn control_runs_until(
        &mut self,
        organisation: &str,
        moment: Micros,
    ) -> Result<Vec<ControlRun>> {
        let params = [Param::Text(organisation), Param::Int(moment.0)];
        let rows = self.rows("reading results", statement::CONTROL_RUNS_UNTIL, &params).await?;
        rows.iter().map(run).collect()
    }

    /// At most so many results of a promise's controls, newest first.
    pub async fn control_runs_of(
        &mut self,
        organisation: &str,
        promise: &str,
        most: u32,
    ) -> Result<Vec<ControlRun>> {
        let params = [Param::Text(organisation), Param::Text(promise), Param::Int(i64::from(most))];
        let rows = self.rows("reading results", statement::CONTROL_RUNS_OF, &params).await?;
        rows.iter().map(run).collect()
    }
}

fn run(row: &Fields) -> Result<ControlRun> {
    Ok(ControlRun {
        promise: row.text(0)?,
        control: row.text(1)?,
        state: row.text(2)?,
        reason: row.text(3)?,
        evidence: row.maybe_text(4)?,
        event: row.maybe_text(5)?,
        at: Micros(row.int(6)?),
    })
}
