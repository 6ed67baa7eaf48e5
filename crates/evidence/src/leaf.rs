//! What stands in the log for an event.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use store::StoredEvent;
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

    /// The entry as it stands in the log.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self)
            .map_err(|_| Error::Broken("an entry could not be written".to_owned()))
    }
}

/// Turns events into entries.
pub(crate) struct Scribe(DerivedKey);

impl Scribe {
    pub(crate) fn new(vault: &vault::Vault) -> Result<Self> {
        Ok(Self(vault.of("").derive("ledger organisation")?))
    }

    pub(crate) fn leaf(&self, event: &StoredEvent) -> Leaf {
        let mut org = self.0.mac_hex(event.organisation.as_bytes());
        org.truncate(32);
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
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0u8; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().as_chunks::<2>().0) {
        let digit = |c: u8| char::from(c).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}
