//! Legal holds. What is held and why arrives sealed: it may name a person.

use std::fmt;

use model::Micros;

use crate::case::check_sealed;
use crate::error::{Meaning, meaning, plain};
use crate::tx::{Fields, Param, Tx};
use crate::{Error, Result, statement};

/// A legal hold as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Hold {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// Whose hold it is.
    pub organisation: String,
    /// What is held, why, and who answers for it; sealed by the vault.
    pub body: Vec<u8>,
    /// Since when.
    pub begun_at: Micros,
    /// The last day on which it holds, as `2026-01-31`; `None` until it is lifted.
    pub ends_on: Option<String>,
    /// When it was lifted.
    pub lifted_at: Option<Micros>,
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hold")
            .field("id", &self.id)
            .field("begun_at", &self.begun_at)
            .field("lifted_at", &self.lifted_at)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// Writes a hold down.
    pub async fn insert_hold(&mut self, hold: &Hold) -> Result<()> {
        check_sealed(&hold.id, &hold.body)?;
        let params = [
            Param::Text(&hold.id),
            Param::Text(&hold.organisation),
            Param::Bytes(&hold.body),
            Param::Int(hold.begun_at.0),
            Param::MaybeText(hold.ends_on.as_deref()),
        ];
        match self.try_execute(statement::HOLD_INSERT, &params).await {
            Ok(_) => Ok(()),
            Err(error) if meaning(&error) == Meaning::Duplicate => {
                Err(Error::Exists { kind: "hold", id: hold.id.clone() })
            }
            Err(error) => Err(plain("writing a hold")(error)),
        }
    }

    /// Every hold, lifted ones too, oldest first.
    pub async fn holds(&mut self) -> Result<Vec<Hold>> {
        self.rows("reading the holds", statement::HOLDS, &[]).await?.iter().map(read).collect()
    }

    /// How many holds and marks of restriction were ever set, lifted ones too: where the number has
    /// grown, there is something new to keep.
    pub async fn holds_and_restrictions(&mut self) -> Result<u64> {
        let rows = self.rows("counting the holds", statement::HOLDS_AND_RESTRICTIONS, &[]).await?;
        let count = rows.first().map_or(Ok(0), |row| row.int(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Lifts a hold, whose body says why from now on; `false` if there is no such hold or it was
    /// lifted before.
    pub async fn lift_hold(&mut self, id: &str, at: Micros, body: &[u8]) -> Result<bool> {
        check_sealed(id, body)?;
        let params = [Param::Text(id), Param::Int(at.0), Param::Bytes(body)];
        Ok(self.execute("lifting a hold", statement::HOLD_LIFT, &params).await? == 1)
    }
}

fn read(row: &Fields) -> Result<Hold> {
    Ok(Hold {
        id: row.text(0)?,
        organisation: row.text(1)?,
        body: row.bytes(2)?,
        begun_at: Micros(row.int(3)?),
        ends_on: row.maybe_text(4)?,
        lifted_at: row.maybe_int(5)?.map(Micros),
    })
}
