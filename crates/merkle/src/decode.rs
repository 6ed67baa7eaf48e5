//! The two spellings all these texts share: decimal numbers and base64, each with one form only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Hash;

/// A decimal without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    if canonical && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn hash(text: &str) -> Option<Hash> {
    base64(text)?.try_into().ok().map(Hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_only() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for wrong in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "18446744073709551616", "١"] {
            assert_eq!(decimal(wrong), None, "{wrong}");
        }
        assert_eq!(base64("AAA="), Some(vec![0, 0]));
        for wrong in ["AAA", "AAB=", "AAA=\n", "A-A=", "AA A="] {
            assert_eq!(base64(wrong), None, "{wrong}");
        }
    }
}
