//! The operating system's randomness.

/// Random bytes for keys, salts and ids: the crypto library's generator, seeded by the operating
/// system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRng;

impl model::Rng for OsRng {
    fn fill(&self, buffer: &mut [u8]) {
        if aws_lc_rs::rand::fill(buffer).is_err() {
            // Without randomness every key and salt from here on would be worthless, and the
            // caller could not tell. There is nothing better to do than to stop at once.
            std::process::abort();
        }
    }
}
