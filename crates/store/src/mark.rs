//! Marks that people asked for: restricted, objected, opted out, a consent withdrawn.
//!
//! The body (whose, of what) is sealed. Keyed hashes of the identifiers find it: whoever holds these
//! tables without the vault's key cannot test a guess against them.

use std::fmt;

use model::Micros;

use crate::tx::{Fields, Param, Tx};
use crate::{Error, Result, SEALED_MARK, statement};

/// A mark as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Mark {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// Whose mark it is to respect.
    pub organisation: String,
    /// What was asked: `restriction`, `objection`, `opt_out`, `consent_withdrawal`.
    pub kind: String,
    /// The request that set it.
    pub case: Option<String>,
    /// Whose and of what, sealed by the vault.
    pub body: Vec<u8>,
    /// Since when it holds.
    pub begun_at: Micros,
    /// When it was lifted.
    pub lifted_at: Option<Micros>,
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mark")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// Sets a mark that is found by any of these hashes.
    pub async fn set_mark(&mut self, mark: &Mark, hashes: &[[u8; 32]]) -> Result<()> {
        check_sealed(&mark.id, &mark.body)?;
        let params = [
            Param::Text(&mark.id),
            Param::Text(&mark.organisation),
            Param::Text(&mark.kind),
            Param::MaybeText(mark.case.as_deref()),
            Param::Bytes(&mark.body),
            Param::Int(mark.begun_at.0),
        ];
        self.execute("setting a mark", statement::MARK_INSERT, &params).await?;
        for hash in hashes {
            self.find_mark_by(&mark.id, hash).await?;
        }
        Ok(())
    }

    /// Lets a mark be found by one more identifier. Saying it twice is the same as once.
    pub async fn find_mark_by(&mut self, mark: &str, hash: &[u8; 32]) -> Result<()> {
        let params = [Param::Bytes(hash), Param::Text(mark)];
        self.execute("setting a mark", statement::MARK_HASH_INSERT, &params).await.map(drop)
    }

    /// Every mark, lifted ones included, oldest first.
    pub async fn marks(&mut self) -> Result<Vec<Mark>> {
        self.rows("reading the marks", statement::MARKS, &[]).await?.iter().map(read).collect()
    }

    /// The marks in force that are found by this hash, oldest first.
    pub async fn marks_by(&mut self, hash: &[u8; 32]) -> Result<Vec<Mark>> {
        let rows = self
            .rows("looking for a mark", statement::MARKS_BY_HASH, &[Param::Bytes(hash)])
            .await?;
        rows.iter().map(read).collect()
    }

    /// Replaces the sealed body, so that whose mark it is can be forgotten while it still holds.
    pub async fn reseal_mark(&mut self, id: &str, body: &[u8]) -> Result<()> {
        check_sealed(id, body)?;
        let params = [Param::Text(id), Param::Bytes(body)];
        self.execute("changing a mark", statement::MARK_RESEAL, &params).await.map(drop)
    }

    /// Lifts a mark and forgets how it was found; `false` if it is not in force.
    pub async fn lift_mark(&mut self, id: &str, at: Micros, body: &[u8]) -> Result<bool> {
        check_sealed(id, body)?;
        let params = [Param::Text(id), Param::Int(at.0), Param::Bytes(body)];
        if self.execute("lifting a mark", statement::MARK_LIFT, &params).await? == 0 {
            return Ok(false);
        }
        self.execute("lifting a mark", statement::MARK_HASHES_REMOVE, &[Param::Text(id)]).await?;
        Ok(true)
    }
}

// INVARIANT: whose mark it is reaches a database sealed only.
fn check_sealed(mark: &str, body: &[u8]) -> Result<()> {
    if body.starts_with(&SEALED_MARK) {
        Ok(())
    } else {
        Err(Error::NotSealed { case: mark.to_owned() })
    }
}

fn read(row: &Fields) -> Result<Mark> {
    Ok(Mark {
        id: row.text(0)?,
        organisation: row.text(1)?,
        kind: row.text(2)?,
        case: row.maybe_text(3)?,
        body: row.bytes(4)?,
        begun_at: Micros(row.int(5)?),
        lifted_at: row.maybe_int(6)?.map(Micros),
    })
}
