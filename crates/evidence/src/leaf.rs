//! What stands in the log for an event.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::Outline;
use vault::DerivedKey;

use crate::{Error, Result};

const VERSION: u32 = 1;

/// One entry of the log. It holds no personal data: a random id, a word, a moment, a pseudonym for
/// the organisation, and a commitment that means nothing without its salt.
///
/// INVARIANT: the fields stand in alphabetical order, so that what serde writes is canonical JSON
/// (RFC 8785).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// When it happened, in microseconds since 1970.
    pub at: i64,
    /// HMAC-SHA256 of the event's body under its own salt, in hexadecimal.
    pub commit: String,
    /// The event's id.
    pub id: String,
    /// A pseudonym of the organisation, the same throughout one log.
    pub org: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: String,
    /// The version of this form.
    pub v: u32,
}

impl Leaf {
    /// Reads an entry. One that is not written canonically is refused.
    pub fn parse(entry: &[u8]) -> std::result::Result<Self, String> {
        let leaf: Self = serde_json::from_slice(entry)
            .map_err(|_| "it is not an entry of this program".to_owned())?;
        if leaf.v != VERSION {
            return Err(format!("its form {} is not known to this program", leaf.v));
        }
        if leaf.bytes().is_ok_and(|bytes| bytes == entry) {
            Ok(leaf)
        } else {
            Err("it is not written canonically".to_owned())
        }
    }

    /// Whether this is an entry as this program writes it, without reading it out: what takes most of
    /// the time of looking at a million of them. What it does not know, [`Leaf::parse`] judges, and
    /// says what is wrong with it.
    fn is_usual(entry: &[u8]) -> bool {
        fn run(from: &[u8], of: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
            let end = from.iter().position(|byte| !of(*byte)).unwrap_or(from.len());
            from.split_at_checked(end).unwrap_or((from, &[]))
        }
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let word = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b" .-_".contains(&byte)
        };
        let usual = || {
            let rest = entry.strip_prefix(br#"{"at":"#)?;
            let (at, rest) = run(rest, |byte| byte.is_ascii_digit());
            // 18 digits always fit; no moment before the year 33,658 has more.
            let fits = (1..=18).contains(&at.len()) && (at.len() == 1 || at.first() != Some(&b'0'));
            let (commit, rest) = run(rest.strip_prefix(br#","commit":""#)?, hex);
            let (id, rest) = run(rest.strip_prefix(br#"","id":""#)?, hex);
            let (org, rest) = run(rest.strip_prefix(br#"","org":""#)?, hex);
            let (_, rest) = run(rest.strip_prefix(br#"","type":""#)?, word);
            (fits && commit.len() == 64 && id.len() == 32 && org.len() == 32).then_some(rest)
        };
        usual() == Some(br#"","v":1}"#)
    }

    /// What is wrong with an entry, if something is.
    pub(crate) fn fault(entry: &[u8]) -> Option<String> {
        if Self::is_usual(entry) { None } else { Self::parse(entry).err() }
    }

    /// The entry as it stands in the log.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self)
            .map_err(|_| Error::Broken("an entry could not be written".to_owned()))
    }
}

/// Turns events into entries.
pub(crate) struct Scribe {
    key: DerivedKey,
    /// The organisations of the events so far, with their pseudonyms: there are few.
    known: BTreeMap<String, String>,
}

impl Scribe {
    pub(crate) fn new(vault: &vault::Vault) -> Result<Self> {
        let key = vault.of("").derive("ledger organisation")?;
        Ok(Self { key, known: BTreeMap::new() })
    }

    pub(crate) fn leaf(&mut self, event: &Outline) -> Leaf {
        let org = match self.known.get(&event.organisation) {
            Some(org) => org.clone(),
            None => {
                let mut org = self.key.mac_hex(event.organisation.as_bytes());
                org.truncate(32);
                self.known.insert(event.organisation.clone(), org.clone());
                org
            }
        };
        Leaf {
            at: event.at.0,
            commit: hex(&event.commitment),
            id: event.id.clone(),
            org,
            kind: event.kind.clone(),
            v: VERSION,
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).map_or('0', |d| char::from(*d));
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0u8; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().as_chunks::<2>().0) {
        // One way to write it: a changed case is a changed text.
        let digit = |c: u8| char::from(c).to_digit(16).filter(|_| !c.is_ascii_uppercase());
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"{"at":1764000000000000,"commit":"9f2c0a1b9f2c0a1b9f2c0a1b9f2c0a1b9f2c0a1b9f2c0a1b9f2c0a1b9f2c0a1b","id":"4f0c12ab4f0c12ab4f0c12ab4f0c12ab","org":"77ab00ff77ab00ff77ab00ff77ab00ff","type":"system erased","v":1}"#;

    /// The quick look may leave an entry to the thorough one; it may never let one pass that the
    /// thorough one refuses.
    #[test]
    fn what_the_quick_look_lets_pass_is_canonical() {
        assert!(Leaf::is_usual(ENTRY.as_bytes()));
        let mut passed = 0;
        let mut look = |entry: &[u8]| {
            if Leaf::is_usual(entry) {
                passed += 1;
                let text = String::from_utf8_lossy(entry);
                assert!(Leaf::parse(entry).is_ok(), "{text}: {:?}", Leaf::parse(entry));
            }
        };
        for at in 0..ENTRY.len() {
            for byte in 0..=255u8 {
                let mut changed = ENTRY.as_bytes().to_vec();
                changed[at] = byte;
                look(&changed);
                changed = ENTRY.as_bytes().to_vec();
                changed.insert(at, byte);
                look(&changed);
            }
            let mut shorter = ENTRY.as_bytes().to_vec();
            shorter.remove(at);
            look(&shorter);
        }
        for at in ["0", "00", "07", "9", "-1", "1e3", "1.0", "999999999999999999", ""] {
            look(ENTRY.replace("1764000000000000", at).as_bytes());
        }
        assert!(passed > 1_000, "the quick look lets next to nothing pass: {passed}");
        // What it does not know is not refused for that.
        for entry in [
            ENTRY.replace("1764000000000000", "-5"),
            ENTRY.replace("1764000000000000", "9223372036854775807"),
        ] {
            assert_eq!(
                (Leaf::is_usual(entry.as_bytes()), Leaf::fault(entry.as_bytes())),
                (false, None)
            );
        }
        assert!(Leaf::fault(b"{}").is_some());
    }

    #[test]
    fn hexadecimal_has_one_spelling() {
        let bytes: Vec<u8> = (0..32).map(|at| at * 8 + 5).collect();
        let text = hex(&bytes);
        assert_eq!(unhex(&text).map(|back| back.to_vec()), Some(bytes));
        assert_eq!(unhex(&text.to_uppercase()), None);
    }
}
