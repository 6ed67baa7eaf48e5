//! Talking to the systems that hold people's data.
//!
//! A [`Connector`] knows one system: how to look into it, find rows, stream rows and change rows.
//! It knows neither policies, requests nor the vault: it is lent an open connection and told what
//! to do in the words of [`model`]. So an outsider can write one, against the conformance kit
//! (the `conformance` module), without knowing anything else of Upheld.
//!
//! What every connector keeps:
//!
//! * INVARIANT: values reach a statement as parameters only; identifiers only from the catalogue
//!   that this connector read itself, quoted by its own dialect. A name that is not in the
//!   catalogue is an error before anything is sent.
//! * INVARIANT: [`Connector::change`] is one transaction: all of it or nothing. Each changed field
//!   is compared with the value it was read with; a row that somebody else changed in between
//!   undoes the whole set.
//! * INVARIANT: a loose lookup returns *candidates*. Whether a candidate is the person is decided
//!   by the caller, who re-reads the value.
//! * Statements are set-based and bounded: many keys in one statement, rows streamed, nothing held
//!   whole.
//! * No error message carries a value of a row or a secret.
//!
//! What is deliberately not here: what a finding means, which rows are somebody's, and any retry.
//! [`Error::is_passing`] says what is worth another try; whether to try is the engine's business.
//!
//! ```no_run
//! use connect::{Address, Batch, Fold, Limits, Lookup, Match, open};
//! use model::{TableName, Value};
//!
//! # async fn example() -> connect::Result<()> {
//! let address = Address::parse("sqlite:helpdesk.db")?;
//! let system = open(&address, Limits { read_only: true, ..Limits::default() }).await?;
//! let lookup = Lookup {
//!     table: TableName::new("", "users"),
//!     by: Match::Column {
//!         column: "emailaddress".into(),
//!         any_of: vec![Value::from("jane@acme.example")],
//!         fold: Fold::Case,
//!     },
//!     when: vec![],
//!     columns: vec!["realname".into()],
//! };
//! let mut rows = 0;
//! system
//!     .find(&lookup, &mut |batch: Batch| {
//!         rows += batch.0.len();
//!         Ok(())
//!     })
//!     .await?;
//! # Ok(())
//! # }
//! ```

mod account;
mod address;
mod advice;
#[cfg(feature = "conformance")]
pub mod conformance;
mod contract;
mod error;
mod files;
mod modes;
mod moment;
mod pace;
mod page;
mod sql;

pub use account::{Grant, Offer, Remark, Rights, Use, merged};
pub use address::Address;
pub use advice::{How, Probe, Probed, Served, Timed, Timing};
pub use contract::{
    Batch, Change, ChangeSet, Changed, Condition, Connector, Dependent, Dropping, Due, DueRows,
    Fold, Insert, Limits, Lookup, Match, Old, Partition, Past, Privilege, Purge, Purged, Referrer,
    RowChange, Scan, SetTo, Sink,
};
pub use error::{Error, Result};
/// The readers of files with their doors open, for fuzzing; never in the binary.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub use files::fuzz;
pub use page::{Page, PageSink};

/// Opens a system: signs in, reads its catalogue, and is ready.
///
/// A file or folder that is missing is not created; a server beyond this machine is spoken to only
/// encrypted.
///
/// ```no_run
/// # async fn example() -> connect::Result<()> {
/// use connect::{Address, Limits};
/// let address = Address::parse("postgres://upheld@localhost/rt")?;
/// let system = connect::open(&address, Limits::default()).await?;
/// println!("{} tables", system.catalogue().await?.tables.len());
/// system.close().await;
/// # Ok(())
/// # }
/// ```
pub async fn open(address: &Address, limits: Limits) -> Result<Box<dyn Connector>> {
    match &address.place {
        address::Place::Folder { path, patterns } => files::open(path, patterns, limits).await,
        address::Place::Server(_) | address::Place::File { .. } => sql::open(address, limits).await,
    }
}
