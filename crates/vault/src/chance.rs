//! The operating system's randomness.

use crate::{Error, Result};

/// Random bytes for keys, salts and ids, from the operating system itself.
///
/// Not from the crypto library: its generator measures the processor's jitter for a tenth of a
/// second before it gives the first byte, which is longer than most commands take.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRng;

impl model::Rng for OsRng {
    fn fill(&self, buffer: &mut [u8]) {
        if fill(buffer).is_err() {
            // Without randomness every key and salt from here on would be worthless, and the
            // caller could not tell. There is nothing better to do than to stop at once.
            std::process::abort();
        }
    }
}

/// The same for those who can tell.
pub(crate) fn fill(buffer: &mut [u8]) -> Result<()> {
    getrandom::fill(buffer).map_err(|_| Error::Crypto("asking the operating system for chance"))
}
