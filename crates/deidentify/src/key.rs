//! The key from which pseudonyms, shifts and the key of the encryption are derived.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A secret of 32 bytes. Whoever has it can make the same pseudonyms again, and so test a guess.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// The key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// HMAC-SHA-256 (FIPS 198-1) over a purpose and a text. No two purposes share an answer: the
    /// length of the purpose stands before it.
    pub fn mac(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        // A key of 32 bytes is one that HMAC takes.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_slice()) else {
            return [0; 32];
        };
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(text);
        mac.finalize().into_bytes().into()
    }

    /// A few digits by which two people see that they hold the same key. They tell nothing of it.
    pub fn mark(&self) -> String {
        hex(&self.mac("mark of the key", b""), 8)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

/// So many hexadecimal digits of some bytes.
pub(crate) fn hex(bytes: &[u8], digits: usize) -> String {
    let mut out: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    out.truncate(digits);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_keep_apart_what_is_the_same_text() {
        let key = Key::new([7; 32]);
        assert_ne!(key.mac("a", b"bc"), key.mac("ab", b"c"));
        assert_eq!(key.mac("a", b"bc"), Key::new([7; 32]).mac("a", b"bc"));
        assert_ne!(key.mac("a", b"bc"), Key::new([8; 32]).mac("a", b"bc"));
        assert_eq!(format!("{key:?}"), "Key(..)");
        assert_eq!(key.mark().len(), 8);
    }
}
