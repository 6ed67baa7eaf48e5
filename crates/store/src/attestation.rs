//! Confirmations by people: that a review was held, that a form was looked at.

use std::fmt;

use model::Micros;

use crate::case::check_sealed;
use crate::error::{Meaning, meaning, plain};
use crate::tx::{Param, Tx};
use crate::{Error, Result, statement};

/// A person's confirmation of a promise.
#[derive(Clone, PartialEq, Eq)]
pub struct Attestation {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// The promise, by its key in the policy.
    pub promise: String,
    /// When it was given.
    pub at: Micros,
    /// Who confirmed what, with which file: sealed by the vault.
    pub body: Vec<u8>,
}

impl fmt::Debug for Attestation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attestation")
            .field("id", &self.id)
            .field("promise", &self.promise)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// Keeps a confirmation.
    pub async fn insert_attestation(
        &mut self,
        organisation: &str,
        attestation: &Attestation,
    ) -> Result<()> {
        check_sealed(&attestation.id, &attestation.body)?;
        let params = [
            Param::Text(&attestation.id),
            Param::Text(organisation),
            Param::Text(&attestation.promise),
            Param::Int(attestation.at.0),
            Param::Bytes(&attestation.body),
        ];
        match self.try_execute(statement::ATTESTATION_INSERT, &params).await {
            Ok(_) => Ok(()),
            Err(error) if meaning(&error) == Meaning::Duplicate => {
                Err(Error::Exists { kind: "attestation", id: attestation.id.clone() })
            }
            Err(error) => Err(plain("keeping an attestation")(error)),
        }
    }

    /// Every confirmation of an organisation, oldest first.
    pub async fn attestations(&mut self, organisation: &str) -> Result<Vec<Attestation>> {
        let params = [Param::Text(organisation)];
        let rows = self.rows("reading attestations", statement::ATTESTATIONS, &params).await?;
        rows.iter()
            .map(|row| {
                Ok(Attestation {
                    id: row.text(0)?,
                    promise: row.text(1)?,
                    at: Micros(row.int(2)?),
                    body: row.bytes(3)?,
                })
            })
            .collect()
    }
}
