//! What happened, in a form that a stranger can check: the store's events become the leaves of a
//! signed, append-only log.
//!
//! An event is written to the outbox in the transaction that changes our own state. [`Ledger`] takes
//! what waits there, in order, and seals it: entry bundles and tiles first, then a signed
//! checkpoint, then the note in the store that it is done. A leaf holds no personal data, only a
//! salted commitment; erasing the event and its salt leaves every proof valid and makes the
//! commitment mean nothing.
//!
//! ```text
//! {"at":1764000000000000,"commit":"9f2c…","id":"4f0c…","org":"77ab…","type":"system erased","v":1}
//! ```
//!
//! The log's folder is public: `checkpoint`, `tile/…`, and `log.vkey`, the key it is signed with.
//!
//! ```
//! # async fn doc(store: &store::Store, vault: &vault::Vault, event: &str) -> evidence::Result<()> {
//! let ledger = evidence::Ledger::open("ledger".as_ref(), "example.com/log")?;
//! ledger.seal_pending(store, vault).await?;
//! let proof = ledger.prove(store, event).await?;
//! let verifier = ledger.verifier(vault)?;
//! let opening = proof.opening.as_ref();
//! assert_eq!(evidence::verify_proof(&proof.text, opening, &verifier)?.index, proof.index);
//! # Ok(()) }
//! ```
//!
//! What this room keeps:
//!
//! * INVARIANT: an event's sequence number is its index in the log, so sealing is deterministic: cut
//!   short anywhere and run again, it writes the same bytes into the same files.
//! * INVARIANT: nothing is signed that does not begin with what was signed before. The last
//!   checkpoint is kept in the folder and in the database; where the two do not fit together (one of
//!   them was restored from an older backup) sealing stops and says so.
//! * INVARIANT: a tile is never overwritten with other bytes.
//!
//! * INVARIANT: an [`Anchor`], a copy of the last checkpoint kept elsewhere, only goes up, and nothing
//!   is signed that does not begin with what it holds.
//!
//! When folder *and* database are restored from the same old backup, nothing inside can tell, and
//! signing on would tell two histories under one name. That is what anchors are for. What happens then
//! (`standing.rs` says why) is never silent: the log is refused until a newer copy is restored, or
//! until somebody gives a reason, and what is left goes on under a new name.
//!
//! What is deliberately not here: witnesses, which sign that they saw a checkpoint. An anchor proves to
//! its owner; only another party's signature proves to a stranger that there was no second history.

mod anchor;
mod error;
mod export;
mod faults;
mod folder;
mod leaf;
mod ledger;
mod proof;
mod standing;
mod verify;

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod power_tests;
#[cfg(test)]
mod room_for_tests;

pub use anchor::{Anchor, Anchored, Stand, checkpoints_in};
pub use error::{Error, Result};
pub use leaf::Leaf;
pub use ledger::{Ledger, Sealed};
pub use merkle::Verifier;
pub use proof::{Opening, Proof, Proven, verify_proof};
pub use standing::Gap;
pub use verify::{Verified, verify};
