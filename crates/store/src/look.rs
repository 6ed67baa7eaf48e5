//! What was seen when something was looked at last.

use model::Micros;

use crate::tx::{Param, Tx};
use crate::{Result, statement};

/// A look. Counts and our own names only: nothing personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// When it was.
    pub at: Micros,
    /// What was seen, as JSON.
    pub body: String,
}

impl Tx {
    /// Keeps a look in the place of the one before it.
    pub async fn save_look(&mut self, organisation: &str, kind: &str, look: &Look) -> Result<()> {
        let params = [
            Param::Text(organisation),
            Param::Text(kind),
            Param::Int(look.at.0),
            Param::Text(&look.body),
        ];
        self.execute("keeping a look", statement::LOOK_SAVE, &params).await.map(drop)
    }

    /// The last look of a kind.
    pub async fn look(&mut self, organisation: &str, kind: &str) -> Result<Option<Look>> {
        let params = [Param::Text(organisation), Param::Text(kind)];
        let rows = self.rows("reading a look", statement::LOOK, &params).await?;
        rows.first().map(|row| Ok(Look { at: Micros(row.int(0)?), body: row.text(1)? })).transpose()
    }
}
