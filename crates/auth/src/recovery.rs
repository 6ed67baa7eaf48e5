//! Codes for whoever lost the second factor: ten, each works once.

use model::{Rng, Secret};
use vault::Vault;

use crate::Result;
use crate::secret::{as_given_out, legible};

/// So many are given out at once.
pub const CODES: usize = 10;
const PURPOSE: &str = "recovery codes of staff";

/// New codes, as people write them down: `7K2QX-04MZT`. Each has 50 random bits.
pub fn new_codes(rng: &dyn Rng) -> Vec<Secret<String>> {
    let code = || format!("{}-{}", legible(rng, 5), legible(rng, 5));
    (0..CODES).map(|_| Secret::new(code())).collect()
}

/// As what a code of somebody is kept: a keyed hash, so that whoever holds the database without the
/// keys cannot try all there are.
pub fn hash(vault: &Vault, person: &str, typed: &str) -> Result<[u8; 32]> {
    let code = as_given_out(typed);
    Ok(vault.derive(PURPOSE)?.mac(format!("{person} {code}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use model::SeededRng;

    use super::*;

    #[test]
    fn codes_differ_and_are_known_again_however_they_are_typed() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::create(&folder.path().join("keys"), Arc::new(vault::OsRng)).unwrap();
        let codes = new_codes(&SeededRng::new(1));
        let kept = |code: &str| hash(&vault, "ann", code).unwrap();
        let all: BTreeSet<[u8; 32]> = codes.iter().map(|code| kept(code.expose_secret())).collect();
        assert_eq!(all.len(), CODES);
        let code = codes[0].expose_secret();
        assert_eq!(kept(&code.to_lowercase().replace('-', " ")), kept(code));
        assert_ne!(kept(code), hash(&vault, "bo", code).unwrap(), "another person's");
    }
}
