//! Format-preserving encryption: FF1 of NIST SP 800-38G.
//!
//! The digits of a value become other digits, and what stands between them stays: a card number
//! remains a number of sixteen digits in groups of four. If there are letters, letters and digits
//! together are the alphabet, of 36 signs; a letter in the place of a capital is one.

use aes::Aes256;
use fpe::ff1::{FF1, FlexibleNumeralString};

use crate::Key;

/// SP 800-38G Rev. 1 asks for at least so many values of one form; fewer could be tried out.
pub const LEAST_DOMAIN: u64 = 1_000_000;
/// FF1 of `fpe` is quadratic in the length. No identifier is longer.
const LONGEST: usize = 256;

/// The key schedules of both alphabets.
pub struct Encryption {
    digits: FF1<Aes256>,
    signs: FF1<Aes256>,
}

impl Encryption {
    /// Derives the key of the encryption.
    pub fn new(key: &Key) -> Option<Self> {
        let key = key.mac("key of FF1", b"");
        Some(Self { digits: FF1::new(&key, 10).ok()?, signs: FF1::new(&key, 36).ok()? })
    }

    /// The value in its form; `None` where there are fewer than a million values of this form.
    /// `tweak` keeps the same digits apart where they are of another kind.
    pub fn encrypt(&self, tweak: &str, value: &str) -> Option<String> {
        self.turn(value, |cipher, numerals| {
            let numerals = FlexibleNumeralString::from(numerals);
            cipher.encrypt(tweak.as_bytes(), &numerals).ok().map(Vec::<u16>::from)
        })
    }

    /// The value that was encrypted.
    pub fn decrypt(&self, tweak: &str, value: &str) -> Option<String> {
        self.turn(value, |cipher, numerals| {
            let numerals = FlexibleNumeralString::from(numerals);
            cipher.decrypt(tweak.as_bytes(), &numerals).ok().map(Vec::<u16>::from)
        })
    }

    fn turn(
        &self,
        value: &str,
        run: impl Fn(&FF1<Aes256>, Vec<u16>) -> Option<Vec<u16>>,
    ) -> Option<String> {
        let letters = value.chars().any(char::is_alphabetic);
        // Letters outside ASCII have no place in the alphabet: leaving them would show them.
        if value.chars().any(|c| c.is_alphanumeric() && !c.is_ascii()) {
            return None;
        }
        let (cipher, radix) = if letters { (&self.signs, 36) } else { (&self.digits, 10) };
        let numerals: Vec<u16> = value
            .chars()
            .filter_map(|c| c.to_digit(36))
            .filter_map(|digit| u16::try_from(digit).ok())
            .collect();
        if numerals.len() > LONGEST || domain(radix, numerals.len()) < LEAST_DOMAIN {
            return None;
        }
        let mut turned = run(cipher, numerals)?.into_iter();
        value
            .chars()
            .map(|c| {
                if !c.is_ascii_alphanumeric() {
                    return Some(c);
                }
                let sign = char::from_digit(u32::from(turned.next()?), 36)?;
                Some(if c.is_ascii_uppercase() { sign.to_ascii_uppercase() } else { sign })
            })
            .collect()
    }
}

/// How many values there are of so many signs.
fn domain(radix: u64, length: usize) -> u64 {
    radix.saturating_pow(u32::try_from(length).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aes::cipher::{BlockCipherEncrypt, BlockSizeUser, KeyInit};
    use aes::{Aes128, Aes192};

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap())
            .collect()
    }

    fn numerals(text: &str) -> Vec<u16> {
        text.chars().map(|c| u16::try_from(c.to_digit(36).unwrap()).unwrap()).collect()
    }

    fn sample<C>(key: &[u8], radix: u32, tweak: &str, plain: &str, wanted: &str)
    where
        C: KeyInit
            + BlockCipherEncrypt
            + BlockSizeUser<BlockSize = aes::cipher::consts::U16>
            + Clone,
    {
        let cipher = FF1::<C>::new(key, radix).unwrap();
        let tweak = bytes(tweak);
        let out = cipher.encrypt(&tweak, &FlexibleNumeralString::from(numerals(plain))).unwrap();
        let back = cipher.decrypt(&tweak, &out).unwrap();
        assert_eq!(Vec::<u16>::from(out), numerals(wanted), "{plain}");
        assert_eq!(Vec::<u16>::from(back), numerals(plain));
    }

    /// The nine samples that NIST publishes with SP 800-38G (FF1samples.pdf).
    #[test]
    fn the_samples_of_nist_are_met() {
        let key = bytes("2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94");
        let (ten, thirty_six) = ("0123456789", "0123456789abcdefghi");
        let (none, first, second) = ("", "39383736353433323130", "3737373770717273373737");
        sample::<Aes128>(&key[..16], 10, none, ten, "2433477484");
        sample::<Aes128>(&key[..16], 10, first, ten, "6124200773");
        sample::<Aes128>(&key[..16], 36, second, thirty_six, "a9tv40mll9kdu509eum");
        sample::<Aes192>(&key[..24], 10, none, ten, "2830668132");
        sample::<Aes192>(&key[..24], 10, first, ten, "2496655549");
        sample::<Aes192>(&key[..24], 36, second, thirty_six, "xbj3kv35jrawxv32ysr");
        sample::<Aes256>(&key, 10, none, ten, "6657667009");
        sample::<Aes256>(&key, 10, first, ten, "1001623463");
        sample::<Aes256>(&key, 36, second, thirty_six, "xs8a0azh2avyalyzuwd");
    }

    #[test]
    fn the_form_stays_and_the_key_undoes_it() {
        let encryption = Encryption::new(&Key::new([3; 32])).unwrap();
        for value in ["4111 1111 1111 1111", "219-09-9998", "AB12-cd34", "000001"] {
            let out = encryption.encrypt("card", value).unwrap();
            assert_ne!(out, value);
            let form = |text: &str| -> String {
                text.chars().map(|c| if c.is_alphanumeric() { 'x' } else { c }).collect()
            };
            assert_eq!(form(&out), form(value));
            assert_eq!(
                encryption.decrypt("card", &out).unwrap().to_lowercase(),
                value.to_lowercase()
            );
            assert_ne!(encryption.encrypt("account", value).unwrap(), out);
        }
    }

    #[test]
    fn a_domain_that_can_be_tried_out_is_refused() {
        let encryption = Encryption::new(&Key::new([3; 32])).unwrap();
        for value in ["", "12345", "abc", "Jürgen 7777777"] {
            assert_eq!(encryption.encrypt("", value), None, "{value}");
        }
        for value in ["123456", "abc1"] {
            assert!(encryption.encrypt("", value).is_some(), "{value}");
        }
    }
}
