//! SHA-256 over the parts of a plan, each with its length before it, so that no two lists of parts
//! give the same bytes.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// A digest that parts are added to.
#[derive(Default)]
pub(crate) struct Digest {
    hash: Sha256,
    /// One part, written down. Kept, so that its room is asked for once.
    written: Vec<u8>,
}

impl Digest {
    /// Adds something as it is written down.
    pub(crate) fn add(&mut self, part: &(impl Serialize + ?Sized)) {
        let mut written = std::mem::take(&mut self.written);
        written.clear();
        if serde_json::to_writer(&mut written, part).is_err() {
            written.clear();
        }
        self.add_bytes(&written);
        self.written = written;
    }

    /// Adds bytes as they are.
    pub(crate) fn add_bytes(&mut self, part: &[u8]) {
        self.hash.update((part.len() as u64).to_be_bytes());
        self.hash.update(part);
    }

    /// In hex.
    pub(crate) fn finish(self) -> String {
        self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
