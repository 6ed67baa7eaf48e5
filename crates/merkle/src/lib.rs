//! Transparency logs that a stranger can check offline: RFC 6962 trees, stored and signed as the
//! C2SP specifications write them.
//!
//! A log is a list of entries that can only grow. Its *checkpoint* (`c2sp.org/tlog-checkpoint`) is a
//! *signed note* (`c2sp.org/signed-note`) that names the log, its size and the root of the Merkle
//! tree over all its entries. The tree itself lies in *tiles* of 256 hashes, the entries in *bundles*
//! of 256 (`c2sp.org/tlog-tiles`): plain files that any web server can hand out. An
//! *inclusion proof* shows that an entry stands under a root, a *consistency proof* that an older
//! tree is the beginning of a newer one, and a `.tlog-proof` (`c2sp.org/tlog-proof@v1`) packs all
//! that one entry needs into a page of text.
//!
//! ```
//! use merkle::{Appender, MemoryTiles, Prover, leaf_hash, verify_inclusion};
//! let mut tiles = MemoryTiles::default();
//! let mut log = Appender::default();
//! for entry in ["first", "second", "third"] {
//!     log.push(entry.as_bytes(), &mut tiles)?;
//! }
//! log.flush(&mut tiles)?;
//! let proof = Prover::new(&tiles, log.size()).inclusion(1)?;
//! assert!(verify_inclusion(leaf_hash(b"second"), 1, log.size(), &proof, log.root()).is_ok());
//! assert!(verify_inclusion(leaf_hash(b"forged"), 1, log.size(), &proof, log.root()).is_err());
//! # Ok::<(), merkle::TreeError<std::convert::Infallible>>(())
//! ```
//!
//! What is deliberately not here: files, network, clocks and keys. Tiles go through [`TileStore`];
//! a signature is made by whoever holds the key and checked here with a library of its own, so that
//! a fault in one is not excused by the other. Nothing here knows what an entry means.
//!
//! What this room keeps:
//!
//! * INVARIANT: appending needs only the tree's right edge; its memory does not grow with the log.
//! * INVARIANT: there is one way to write each text. What is not written that way is refused, so two
//!   readers never see two things in one file.
//! * INVARIANT: verifying ends on any input, in time linear in it.

mod append;
mod check;
mod checkpoint;
mod decode;
mod error;
mod hash;
mod note;
mod proof;
mod tile;
mod tlog_proof;

pub use append::Appender;
pub use check::{Checked, check};
pub use checkpoint::Checkpoint;
pub use error::{ParseError, ProofError, TreeError};
pub use hash::{EMPTY_ROOT, Hash, leaf_hash, node_hash};
pub use note::{Signature, SignedNote, Verifier, key_id};
pub use proof::{Prover, verify_consistency, verify_inclusion};
pub use tile::{Kind, MAX_ENTRY, MemoryTiles, TILE_WIDTH, TilePath, TileStore, entries, hashes};
pub use tlog_proof::TlogProof;
