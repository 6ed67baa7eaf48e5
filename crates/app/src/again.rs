//! Calls of the API that carry a key of the caller's own: sent again within a day they are answered as the
//! first time, and nothing is done twice.
//!
//! INVARIANT: a call whose end nobody knows, because the server broke off or failed over it, is not begun
//! again under its key: whoever sent it looks at what became of it.

use model::Micros;
use sha2::{Digest as _, Sha256};
use store::CallKey;

use crate::Result;
use crate::house::House;

/// For so long an answer is kept.
const KEPT: i64 = 24 * 60 * 60 * 1_000_000;
const PURPOSE: &str = "api answer";

/// A call that may be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeatable {
    /// Who calls: a token's or a person's id, or an address.
    pub caller: String,
    /// The key, in the caller's own signs.
    pub key: String,
    /// What was sent: everything that decides what is done.
    pub sent: Vec<u8>,
}

/// What is known of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing: it is made now, and this ends it.
    First(CallKey),
    /// It was answered with this.
    Answered(Vec<u8>),
    /// It is under way, or nobody knows how it ended.
    Open,
    /// Something else was sent under this key.
    Other,
}

impl House {
    /// Looks whether a call was made before, and notes that it is begun if it was not.
    pub async fn begin_call(&self, call: &Repeatable) -> Result<Before> {
        let state = self.state().await?;
        let hashes = state.vault.derive("api callers")?;
        let call = CallKey {
            caller: hashes.mac(call.caller.as_bytes()),
            key: hashes.mac(format!("key {}", call.key).as_bytes()),
            sent: Sha256::digest(&call.sent).into(),
        };
        let now = self.means.clock.now();
        let mut tx = state.store.begin().await?;
        if tx.begin_call(&call, now, Micros(now.0.saturating_sub(KEPT))).await? {
            tx.commit().await?;
            return Ok(Before::First(call));
        }
        let known = tx.known_call(&call).await?;
        tx.rollback().await?;
        let Some(known) = known else { return Ok(Before::Open) };
        if known.sent != call.sent {
            return Ok(Before::Other);
        }
        let Some(answer) = known.answer else { return Ok(Before::Open) };
        Ok(Before::Answered(state.vault.open_sealed(PURPOSE, &record(&call), &answer)?.to_vec()))
    }

    /// Keeps the answer of a call, or forgets a call that changed nothing.
    pub async fn end_call(&self, call: &CallKey, answer: Option<&[u8]>) -> Result<()> {
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        match answer {
            Some(answer) => {
                let sealed = state.vault.seal(PURPOSE, &record(call), answer)?;
                tx.answer_call(call, &sealed).await?;
            }
            None => tx.forget_call(call).await?,
        }
        Ok(tx.commit().await?)
    }

    /// Forgets answers that nobody may ask for any more.
    pub(crate) async fn forget_calls(&self) -> Result<()> {
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        tx.forget_calls(Micros(self.means.clock.now().0.saturating_sub(KEPT))).await?;
        Ok(tx.commit().await?)
    }
}

/// What the answer is bound to.
fn record(call: &CallKey) -> String {
    let both = [call.caller, call.key].concat();
    crate::status::hex(&Sha256::digest(both))
}
