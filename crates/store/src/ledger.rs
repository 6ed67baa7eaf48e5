//! What the database remembers of the log: the last checkpoint that was signed.

use crate::tx::{Param, Tx, signed};
use crate::{Error, Result, statement};

/// The log as it was when it was last signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerState {
    /// How many entries it had.
    pub size: u64,
    /// The signed checkpoint, to the letter.
    pub checkpoint: String,
}

impl Tx {
    /// The last checkpoint that was signed; `None` before the first.
    pub async fn ledger_state(&mut self) -> Result<Option<LedgerState>> {
        let rows = self.rows("reading the last checkpoint", statement::LEDGER, &[]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some(LedgerState { size: row.count(0)?, checkpoint: row.text(1)? }))
    }

    /// Forgets the last checkpoint, because a log under another name begins. The caller gives the log
    /// that name, and says why in an event, in the same transaction.
    pub async fn begin_new_ledger(&mut self) -> Result<()> {
        self.execute("beginning a new log", statement::LEDGER_FORGET, &[]).await.map(drop)
    }

    /// Remembers a checkpoint. INVARIANT: the size never goes down; a smaller one is refused.
    pub async fn save_ledger_state(&mut self, state: &LedgerState) -> Result<()> {
        let params = [Param::Int(signed(state.size)), Param::Text(&state.checkpoint)];
        if self.execute("saving a checkpoint", statement::LEDGER_SAVE, &params).await? == 1 {
            return Ok(());
        }
        Err(Error::Sequence(format!(
            "a checkpoint of {} entries comes after a longer one: another process seals this log",
            state.size
        )))
    }
}
