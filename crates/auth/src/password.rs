//! Passwords: which are taken, how they are kept, how they are compared.
//!
//! Argon2id with the parameters that OWASP's Password Storage Cheat Sheet recommends (19 MiB, two
//! passes, one lane). A password is taken as it is: not cut, not changed, spaces and all.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use model::{Rng, Secret};

use crate::{Error, Result};

/// So many characters at least.
pub const SHORTEST: usize = 12;
/// So many bytes at most: more is somebody who wants to keep us busy.
pub const LONGEST: usize = 1024;

/// Words of which passwords are made that everybody tries first.
const COMMON: &str = include_str!("password/common.txt");

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Fewer than [`SHORTEST`] characters.
    #[error("a password has at least 12 characters: a few words are easy to remember")]
    Short,
    /// More than [`LONGEST`] bytes.
    #[error("a password has at most 1024 bytes")]
    Long,
    /// One of those that are tried first.
    #[error(
        "this is one of the passwords that are tried first: take a few words that have nothing to do with each other"
    )]
    Common,
    /// Made of a name or an address of the same person.
    #[error(
        "this password is made of your name or your address: take something that nobody would guess"
    )]
    Own,
}

/// What a comparison found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is another password, or there is nobody.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, but it was kept in a way that is no longer ours: keep it anew.
    RightKeptOtherwise,
}

/// Keeps and compares passwords. Each call takes a few hundredths of a second and 19 MiB: call it where
/// waiting is allowed, and not without limit at once.
pub struct Passwords {
    argon2: Argon2<'static>,
    /// What is compared with when nobody is known, so that it takes as long.
    nobody: String,
}

impl Passwords {
    /// With the parameters in force.
    pub fn new(rng: &dyn Rng) -> Result<Self> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
        let mut nobody = Self { argon2, nobody: String::new() };
        let secret = crate::secret::new_secret(rng);
        nobody.nobody = nobody.keep(secret.expose_secret(), rng)?.expose_secret().clone();
        Ok(nobody)
    }

    /// A password as it is kept: a PHC string with parameters, salt and hash.
    pub fn keep(&self, password: &str, rng: &dyn Rng) -> Result<Secret<String>> {
        let mut salt = [0; 16];
        rng.fill(&mut salt);
        let hash = self.argon2.hash_password_with_salt(password.as_bytes(), &salt);
        Ok(Secret::new(hash.map_err(|_| Error::Password)?.to_string()))
    }

    /// Compares a password with what was kept. `None` takes as long as somebody.
    pub fn check(&self, password: &str, kept: Option<&str>) -> Result<Checked> {
        let text = kept.unwrap_or(&self.nobody);
        let hash = PasswordHash::new(text).map_err(|_| Error::Password)?;
        // A password that is never taken is never right; what is too long is not even hashed.
        let tried = if password.len() > LONGEST { "" } else { password };
        let right = self.argon2.verify_password(tried.as_bytes(), &hash).is_ok();
        Ok(match (right && kept.is_some() && !tried.is_empty(), self.is_ours(&hash)) {
            (false, _) => Checked::Wrong,
            (true, true) => Checked::Right,
            (true, false) => Checked::RightKeptOtherwise,
        })
    }

    fn is_ours(&self, hash: &PasswordHash) -> bool {
        let ours = self.argon2.params();
        let theirs = Params::try_from(hash);
        hash.algorithm.as_str() == "argon2id"
            && theirs.is_ok_and(|theirs| {
                (theirs.m_cost(), theirs.t_cost(), theirs.p_cost())
                    == (ours.m_cost(), ours.t_cost(), ours.p_cost())
            })
    }
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passwords").finish_non_exhaustive()
    }
}

/// Why a password is not taken, if it is not. `own` are names and addresses of its owner and the name
/// of the organisation.
pub fn weakness(password: &str, own: &[&str]) -> Option<Weak> {
    if password.len() > LONGEST {
        return Some(Weak::Long);
    }
    if password.chars().count() < SHORTEST {
        return Some(Weak::Short);
    }
    let plain = plain(password);
    // What is left when the words that everybody tries are taken out.
    let common = COMMON.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    if left(&plain, common) < 4 || is_monotonous(password) || is_guessed(password) {
        return Some(Weak::Common);
    }
    let parts = own.iter().flat_map(|text| {
        text.split(|sign: char| !sign.is_alphanumeric()).map(str::to_lowercase).collect::<Vec<_>>()
    });
    let parts: Vec<String> = parts.filter(|part| part.chars().count() >= 4).collect();
    if left(&plain, parts.iter().map(String::as_str)) < left(&plain, std::iter::empty())
        && left(&plain, common_and(&parts).iter().map(String::as_str)) < 4
    {
        return Some(Weak::Own);
    }
    None
}

fn common_and(parts: &[String]) -> Vec<String> {
    let common = COMMON.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    parts.iter().cloned().chain(common.map(str::to_owned)).collect()
}

/// In small letters, with the usual replacements undone and without anything between. Digits and signs
/// at its end count for nothing: they are years and counters.
fn plain(password: &str) -> String {
    let password = password.trim_end_matches(|sign: char| !sign.is_alphabetic());
    let sign = |sign: char| match sign {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    password.to_lowercase().chars().map(sign).filter(|sign| sign.is_alphanumeric()).collect()
}

/// How many letters are left of a password when words are taken out of it, the longest first.
fn left<'w>(plain: &str, words: impl Iterator<Item = &'w str>) -> usize {
    let mut words: Vec<&str> = words.collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words.iter().fold(plain.to_owned(), |rest, word| rest.replace(word, " "));
    rest.chars().filter(|sign| sign.is_alphabetic()).count()
}

/// Whether it is made of what the lists of lost passwords, of names and of common words hold, of walks on
/// the keyboard and of dates, so that a hundred million tries would find it (zxcvbn).
fn is_guessed(password: &str) -> bool {
    zxcvbn::zxcvbn(password, &[]).score() < zxcvbn::Score::Three
}

/// The same few signs again and again, or a walk along the alphabet.
fn is_monotonous(password: &str) -> bool {
    let signs: Vec<char> = password.to_lowercase().chars().collect();
    let kinds: std::collections::BTreeSet<&char> = signs.iter().collect();
    let walks = signs
        .iter()
        .zip(signs.iter().skip(1))
        .filter(|(one, next)| (u32::from(**one)).abs_diff(u32::from(**next)) <= 1)
        .count();
    kinds.len() < 5 || walks * 4 >= signs.len() * 3
}

#[cfg(test)]
mod tests {
    use model::SeededRng;

    use super::*;

    #[test]
    fn a_password_is_kept_and_known_again() {
        let rng = SeededRng::new(1);
        let passwords = Passwords::new(&rng).unwrap();
        let kept = passwords.keep("pelican violin granite", &rng).unwrap();
        let kept = kept.expose_secret();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        let again = passwords.keep("pelican violin granite", &rng).unwrap();
        assert_ne!(kept, again.expose_secret(), "each with a salt of its own");
        for (tried, kept, wanted) in [
            ("pelican violin granite", Some(kept.as_str()), Checked::Right),
            ("pelican violin granitE", Some(kept.as_str()), Checked::Wrong),
            ("pelican violin granite ", Some(kept.as_str()), Checked::Wrong),
            ("", Some(kept.as_str()), Checked::Wrong),
            ("pelican violin granite", None, Checked::Wrong),
            ("", None, Checked::Wrong),
        ] {
            assert_eq!(passwords.check(tried, kept).unwrap(), wanted, "{tried}");
        }
    }

    #[test]
    fn long_passwords_count_to_their_last_letter() {
        let rng = SeededRng::new(2);
        let passwords = Passwords::new(&rng).unwrap();
        let long = "ö".repeat(LONGEST / 2);
        let kept = passwords.keep(&long, &rng).unwrap();
        let mut other = long.clone();
        other.pop();
        other.push('a');
        let check = |tried: &str| passwords.check(tried, Some(kept.expose_secret())).unwrap();
        assert_eq!(check(&long), Checked::Right);
        assert_eq!(check(&other), Checked::Wrong);
        assert_eq!(check(&(long + "x")), Checked::Wrong);
    }

    #[test]
    fn what_was_kept_with_other_parameters_is_kept_anew() {
        let rng = SeededRng::new(3);
        let passwords = Passwords::new(&rng).unwrap();
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(Params::MIN_M_COST, 1, 1, None).unwrap(),
        );
        let kept = weak.hash_password_with_salt(b"pelican violin", &[7; 16]).unwrap().to_string();
        let check = |tried| passwords.check(tried, Some(&kept)).unwrap();
        assert_eq!(check("pelican violin"), Checked::RightKeptOtherwise);
        assert_eq!(check("pelican piano"), Checked::Wrong);
        assert!(matches!(passwords.check("x", Some("not a hash")), Err(Error::Password)));
    }

    #[test]
    fn passwords_that_are_tried_first_are_refused() {
        let own = ["Ann Ledger", "ann.ledger@northlight.example", "Northlight IT"];
        for (password, wanted) in [
            ("pelican violin", None),
            ("pelican violin granite 1987", None),
            ("Zw8#kf02mPq!x", None),
            ("mot de passe très long", None),
            ("длинный пароль тут", None),
            ("short", Some(Weak::Short)),
            ("elevenchars", Some(Weak::Short)),
            ("Password1234", Some(Weak::Common)),
            ("P@ssw0rd!2026", Some(Weak::Common)),
            ("passwordpassword", Some(Weak::Common)),
            ("qwertyuiop123", Some(Weak::Common)),
            ("letmein letmein", Some(Weak::Common)),
            ("123456789012", Some(Weak::Common)),
            ("abcdefghijklmnop", Some(Weak::Common)),
            ("aaaaaaaaaaaaaa", Some(Weak::Common)),
            ("Welcome2Summer2026", Some(Weak::Common)),
            ("correct horse battery staple", Some(Weak::Common)),
            ("1q2w3e4r5t6y", Some(Weak::Common)),
            ("michael jordan", Some(Weak::Common)),
            ("liverpool1234567", Some(Weak::Common)),
            ("annledger2026", Some(Weak::Own)),
            ("Northlight2026!", Some(Weak::Own)),
            ("northlight admin 1", Some(Weak::Own)),
        ] {
            assert_eq!(weakness(password, &own), wanted, "{password}");
        }
        assert_eq!(weakness(&"ab1 ".repeat(400), &own), Some(Weak::Long));
    }
}
