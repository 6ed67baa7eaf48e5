//! Calls that may be sent twice and are carried out once.

use model::Micros;

use crate::case::check_sealed;
use crate::tx::{Param, Tx};
use crate::{Result, statement};

/// A call with a key of the caller's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallKey {
    /// Keyed hash of the caller.
    pub caller: [u8; 32],
    /// Keyed hash of the key.
    pub key: [u8; 32],
    /// SHA-256 of what was sent.
    pub sent: [u8; 32],
}

/// What is known of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCall {
    /// SHA-256 of what was sent the first time.
    pub sent: Vec<u8>,
    /// When it was begun.
    pub begun_at: Micros,
    /// The answer, sealed; none while there is none.
    pub answer: Option<Vec<u8>>,
}

impl Tx {
    /// Notes that a call is begun, unless one with its key is known that was begun after `since`. `true`
    /// if it is this one.
    pub async fn begin_call(&mut self, call: &CallKey, at: Micros, since: Micros) -> Result<bool> {
        const DOING: &str = "beginning a call";
        let old = [Param::Bytes(&call.caller), Param::Bytes(&call.key), Param::Int(since.0)];
        self.execute(DOING, statement::CALL_FORGET_OLD, &old).await?;
        let params = [
            Param::Bytes(&call.caller),
            Param::Bytes(&call.key),
            Param::Bytes(&call.sent),
            Param::Int(at.0),
        ];
        Ok(self.execute(DOING, statement::CALL_INSERT, &params).await? == 1)
    }

    /// What is known of a call with this key.
    pub async fn known_call(&mut self, call: &CallKey) -> Result<Option<KnownCall>> {
        let params = [Param::Bytes(&call.caller), Param::Bytes(&call.key)];
        let rows = self.rows("reading a call", statement::CALL, &params).await?;
        rows.first()
            .map(|row| {
                Ok(KnownCall {
                    sent: row.bytes(0)?,
                    begun_at: Micros(row.int(1)?),
                    answer: row.maybe_bytes(2)?,
                })
            })
            .transpose()
    }

    /// Keeps the answer of a call that this caller began. The answer is sealed.
    pub async fn answer_call(&mut self, call: &CallKey, answer: &[u8]) -> Result<bool> {
        check_sealed("api answer", answer)?;
        let params = [Param::Bytes(&call.caller), Param::Bytes(&call.key), Param::Bytes(answer)];
        Ok(self.execute("answering a call", statement::CALL_ANSWER, &params).await? == 1)
    }

    /// Forgets a call that changed nothing: it may be made again.
    pub async fn forget_call(&mut self, call: &CallKey) -> Result<()> {
        let params = [Param::Bytes(&call.caller), Param::Bytes(&call.key)];
        self.execute("forgetting a call", statement::CALL_FORGET, &params).await.map(drop)
    }

    /// Forgets the calls that were begun before a moment; how many there were.
    pub async fn forget_calls(&mut self, before: Micros) -> Result<u64> {
        self.execute("forgetting calls", statement::CALLS_FORGET, &[Param::Int(before.0)]).await
    }
}
