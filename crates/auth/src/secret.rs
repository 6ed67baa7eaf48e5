//! Secrets that are handed out once: of sessions, tokens, links, devices.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Rng, Secret};
use sha2::{Digest as _, Sha256};

/// With what a token of the API begins, so that one that was published by mistake is recognised for
/// what it is.
pub const TOKEN_PREFIX: &str = "upheld_";

/// A secret of 256 random bits, in 43 letters, digits, `-` and `_`.
pub fn new_secret(rng: &dyn Rng) -> Secret<String> {
    let mut bytes = [0; 32];
    rng.fill(&mut bytes);
    Secret::new(URL_SAFE_NO_PAD.encode(bytes))
}

/// As what a secret is kept: its SHA-256. The secret has 256 random bits, so there is nothing to guess
/// and nothing to slow down; and it is looked up by this hash, so that no comparison takes longer the
/// more of it is right.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Random bytes as letters and digits that are not mistaken for each other (Crockford's base 32).
pub(crate) fn legible(rng: &dyn Rng, length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut bytes = vec![0; length];
    rng.fill(&mut bytes);
    let sign =
        |byte: &u8| ALPHABET.get(usize::from(byte & 31)).map_or('0', |sign| char::from(*sign));
    bytes.iter().map(sign).collect()
}

/// A code as somebody typed it, as it was given out: without spaces and dashes, in capitals, and with
/// the letters that are not in use taken for the digits that they look like.
pub(crate) fn as_given_out(typed: &str) -> String {
    let sign = |sign: char| match sign.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        sign => sign,
    };
    typed.chars().filter(|sign| sign.is_ascii_alphanumeric()).map(sign).collect()
}

#[cfg(test)]
mod tests {
    use model::SeededRng;

    use super::*;

    #[test]
    fn a_secret_has_256_bits_and_is_no_other() {
        let rng = SeededRng::new(1);
        let (one, two) = (new_secret(&rng), new_secret(&rng));
        assert_eq!(one.expose_secret().len(), 43);
        assert_ne!(one, two);
        assert_ne!(hash(one.expose_secret()), hash(two.expose_secret()));
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = legible(&SeededRng::new(2), 10);
        assert_eq!(as_given_out(&code), code);
        assert_eq!(as_given_out(" o1-iL 9z "), "01119Z");
    }
}
