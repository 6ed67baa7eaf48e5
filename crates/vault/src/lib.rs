//! Keys and what they seal: the state of cases, connection passwords, the log's signing key.
//!
//! Envelope encryption in three layers, AES-256-GCM throughout. A *root key* lies in a file that only
//! its owner may read. It wraps one *organisation key* per organisation; that wraps a fresh *record
//! key* for everything that is sealed, so no two records share a key. What is sealed is bound to
//! where it belongs: organisation, purpose and record are authenticated with it, and a ciphertext
//! moved to another record, or to another organisation, does not open.
//!
//! ```
//! # fn doc(folder: &std::path::Path) -> vault::Result<()> {
//! use std::sync::Arc;
//! let vault = vault::Vault::create(&folder.join("keys"), Arc::new(vault::OsRng))?;
//! let sealed = vault.seal("case state", "4f0c", b"step 3")?;
//! assert_eq!(vault.open_sealed("case state", "4f0c", &sealed)?, b"step 3");
//! assert!(vault.open_sealed("case state", "77aa", &sealed).is_err());
//! # Ok(()) }
//! # let folder = tempfile::tempdir().unwrap();
//! # doc(folder.path()).unwrap();
//! ```
//!
//! What this room keeps:
//!
//! * INVARIANT: no key touches the disk unwrapped but the root key, and no file here is readable by
//!   anyone but its owner; wider modes are refused with the command that mends them.
//! * INVARIANT: whatever is wrong with a ciphertext (cut, changed, moved, another key), the answer is
//!   the same [`Error::Unopenable`]: it helps the honest and tells the curious nothing.
//! * INVARIANT: a file is replaced whole or not at all, and a rotation that is cut short is finished
//!   the next time the vault is opened.
//! * The formats are a list of one. An unknown one is refused, never negotiated.
//!
//! What is deliberately not here: who may ask for a secret (that is `auth`), passwords of people
//! (hashed, not sealed), and key servers; a key ring in a folder is the default and the only kind so
//! far.

mod chance;
mod error;
mod file;
#[cfg(test)]
mod power_tests;
mod ring;
mod seal;
mod secrets;
mod signing;

pub use chance::OsRng;
pub use error::{Error, Result};
pub use ring::Vault;
pub use seal::DerivedKey;
pub use signing::SigningKey;
