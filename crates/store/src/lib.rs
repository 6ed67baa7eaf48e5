//! Upheld's own database: cases, the events that wait to be sealed, and what must be remembered so
//! that an erasure holds.
//!
//! One SQL text runs on SQLite and on PostgreSQL. Two texts drift apart, and they do it where it
//! hurts: in the statement that deletes. So every statement stands once, in `statement.rs`, is
//! prepared on both engines by a test, and whatever must differ is in `dialect.rs` alone.
//!
//! A [`Tx`] is one transaction and its methods are the repositories. A change of a case and the
//! event that proves it are therefore written together or not at all:
//!
//! ```
//! # async fn doc(store: &store::Store, case: &store::Case, event: &store::Event) -> store::Result<()> {
//! let mut tx = store.begin().await?;
//! tx.insert_case(case).await?;
//! tx.append_event(event).await?;
//! tx.commit().await
//! # }
//! ```
//!
//! What this room keeps:
//!
//! * INVARIANT: the `n`-th event that was ever committed has sequence number `n`, counted from
//!   zero, without gaps and in the order of the commits. It is also its index in the log.
//! * INVARIANT: the state of a case arrives sealed ([`SEALED_MARK`]); plain bytes are refused.
//! * INVARIANT: an event's commitment outlives its body and salt.
//! * Errors carry codes and our own ids, never a value of a row.
//!
//! What is deliberately not here: an ORM (the statement that deleted must be readable), ambient
//! time and chance (ids and moments come from the caller), and any knowledge of keys: what is
//! sealed is opened by the vault, one floor up.

mod announcement;
mod answer;
mod attestation;
mod case;
mod control_run;
mod copy;
mod credential;
mod dialect;
mod erasure;
mod error;
mod event;
mod hold;
mod job;
mod ledger;
mod look;
mod mail;
mod mark;
mod message;
mod migrate;
mod once;
mod person;
mod publication;
mod request;
mod retention_run;
mod session;
mod setting;
mod statement;
mod task;
mod tx;
mod visit;
mod webhook;

#[cfg(test)]
mod suite;

pub use announcement::{Announcement, Concerned, ToldCounts};
pub use answer::{CallKey, KnownCall};
pub use attestation::Attestation;
pub use case::{Case, CaseClock};
pub use control_run::ControlRun;
pub use credential::Credential;
pub use dialect::Location;
pub use erasure::Erasure;
pub use error::{Error, Result};
pub use event::{Event, Outline, StoredEvent, commitment};
pub use hold::Hold;
pub use job::{Claim, Job, JobCounts, NewJob};
pub use ledger::LedgerState;
pub use look::Look;
pub use mail::Mail;
pub use mark::Mark;
pub use message::Message;
pub use once::{Attempts, Link};
pub use person::Person;
pub use publication::{Agreed, Agreement, NoticeVersion};
pub use request::{Only, Part, Request, RequestKey};
pub use retention_run::RetentionRun;
pub use session::{ApiToken, Session};
pub use task::{Disclosure, DisclosureCount, Task};
pub use tx::{Store, Tx};
pub use visit::Visit;
pub use webhook::{Webhook, WebhookMessage};

/// The first bytes of everything that the vault sealed. The store refuses a case state that does
/// not begin with them.
pub const SEALED_MARK: [u8; 4] = *b"UPS1";

/// A new id: 128 random bits as 32 hexadecimal digits.
///
/// ```
/// let id = store::new_id(&model::SeededRng::new(1));
/// assert_eq!(id.len(), 32);
/// ```
pub fn new_id(rng: &dyn model::Rng) -> String {
    let mut bytes = [0u8; 16];
    rng.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
