//! Who was erased where, so that a restored backup can be cleaned again.
//!
//! Only keyed hashes are kept: whoever holds this table without the vault's key cannot test a
//! guess against it.

use model::Micros;

use crate::error::{Meaning, meaning, plain};
use crate::tx::{Param, Tx};
use crate::{Error, Result, statement};

/// One identifier of one erased person in one system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The case that erased it.
    pub case: String,
    /// The system it was erased from.
    pub system: String,
    /// A keyed hash of the identifier.
    pub hash: [u8; 32],
    /// When.
    pub at: Micros,
}

impl Tx {
    /// Remembers an erasure. Saying it twice is the same as once.
    pub async fn record_erasure(&mut self, erasure: &Erasure) -> Result<()> {
        let params = [
            Param::Text(&erasure.case),
            Param::Text(&erasure.system),
            Param::Bytes(&erasure.hash),
            Param::Int(erasure.at.0),
        ];
        self.try_execute(statement::ERASURE_RECORD, &params).await.map(drop).map_err(|error| {
            if meaning(&error) == Meaning::NoParent {
                Error::NoCase { case: erasure.case.clone() }
            } else {
                plain("recording an erasure")(error)
            }
        })
    }

    /// All that was erased from a system, oldest first: what a replay goes through.
    pub async fn erasures(&mut self, system: &str) -> Result<Vec<Erasure>> {
        let rows =
            self.rows("reading erasures", statement::ERASURES, &[Param::Text(system)]).await?;
        rows.iter()
            .map(|row| {
                Ok(Erasure {
                    case: row.text(0)?,
                    system: row.text(1)?,
                    hash: row.hash(2)?,
                    at: Micros(row.int(3)?),
                })
            })
            .collect()
    }

    /// The first case that erased this identifier from this system.
    pub async fn erased_by(&mut self, system: &str, hash: &[u8; 32]) -> Result<Option<String>> {
        let params = [Param::Text(system), Param::Bytes(hash)];
        let rows = self.rows("looking for an erasure", statement::ERASURE_KNOWN, &params).await?;
        rows.first().map(|row| row.text(0)).transpose()
    }
}
