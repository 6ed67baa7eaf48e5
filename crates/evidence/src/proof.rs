//! The proof about one event, and what opens its commitment.

use merkle::{Kind, Prover, TILE_WIDTH, TileStore as _, TlogProof, Verifier, leaf_hash};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::leaf::{hex, unhex};
use crate::ledger::blocking;
use crate::{Error, Leaf, Ledger, Result};

/// What proves one event.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Where it stands in the log.
    pub index: u64,
    /// The entry.
    pub leaf: Leaf,
    /// The `.tlog-proof` file; its extra data is the entry itself, so it needs nothing beside it.
    pub text: String,
    /// What the entry stands for; `None` once the event is erased.
    pub opening: Option<Opening>,
}

/// What opens a commitment: for those who may know what happened, never for the public.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The event's body, to the letter.
    pub body: String,
    /// The event's salt, in hexadecimal.
    pub salt: String,
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[opening]")
    }
}

impl Opening {
    /// As it is handed over.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self)
            .map_err(|_| Error::Broken("an opening could not be written".to_owned()))
    }

    /// Reads an opening that was handed over.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|_| Error::Opening)
    }

    fn opens(&self, leaf: &Leaf) -> Result<()> {
        let salt = unhex(&self.salt).ok_or(Error::Opening)?;
        if hex(&store::commitment(&salt, self.body.as_bytes())) == leaf.commit {
            Ok(())
        } else {
            Err(Error::Opening)
        }
    }
}

/// What a proof shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The log.
    pub origin: String,
    /// Where the entry stands.
    pub index: u64,
    /// How many entries the log had when this was signed.
    pub size: u64,
    /// The entry.
    pub leaf: Leaf,
    /// Whether an opening was given, and fits.
    pub opened: bool,
}

impl Ledger {
    /// Proves that an event stands in the log as it was last signed.
    pub async fn prove(&self, store: &Store, event: &str) -> Result<Proof> {
        let (stored, state) = {
            let mut tx = store.read().await?;
            (tx.event(event).await?, tx.ledger_state().await?)
        };
        let stored = stored.ok_or_else(|| Error::NoEvent(event.to_owned()))?;
        let (Some(index), Some(state)) = (stored.sealed_index, state) else {
            return Err(Error::Waiting(event.to_owned()));
        };
        let folder = self.folder.clone();
        let checkpoint = state.checkpoint.parse()?;
        let (path, leaf) = blocking(move || {
            let _lock = folder.lock()?;
            let path = Prover::new(&folder, state.size).inclusion(index)?;
            Ok((path, entry(&folder, index, state.size)?))
        })
        .await?;
        let opening = match (stored.body, stored.salt) {
            (Some(body), Some(salt)) => Some(Opening {
                body: String::from_utf8(body).map_err(|_| {
                    Error::Broken(format!("the body of event `{event}` is not text"))
                })?,
                salt: hex(&salt),
            }),
            _ => None,
        };
        let proof = TlogProof { extra: Some(leaf.bytes()?), index, path, checkpoint };
        let text = proof.to_string();
        // Nobody is handed a proof that does not hold.
        if leaf.id != stored.id || leaf.commit != hex(&stored.commitment) {
            return Err(Error::Entry { index, reason: "it belongs to another event".to_owned() });
        }
        Ok(Proof { index, leaf, text, opening })
    }
}

/// One entry of a log of `size`.
fn entry(folder: &crate::folder::Folder, index: u64, size: u64) -> Result<Leaf> {
    let width = u64::from(TILE_WIDTH);
    let there = (size - index / width * width).min(width);
    let tile = merkle::TilePath {
        kind: Kind::Entries,
        index: index / width,
        width: u16::try_from(there).unwrap_or(TILE_WIDTH),
    };
    let bytes = match folder.read(tile)? {
        Some(bytes) => bytes,
        None => folder
            .read(tile.full())?
            .ok_or_else(|| Error::Broken(format!("`{tile}` is missing")))?,
    };
    let at = usize::try_from(index % width).unwrap_or(usize::MAX);
    let entries = merkle::entries(&bytes)?;
    let entry = entries.get(at).ok_or_else(|| Error::Broken(format!("`{tile}` is too short")))?;
    Leaf::parse(entry).map_err(|reason| Error::Entry { index, reason })
}

/// Checks a `.tlog-proof` of ours offline, with nothing but the log's public key; and, if it is
/// given, that the opening is what the entry stands for.
pub fn verify_proof(text: &str, opening: Option<&Opening>, verifier: &Verifier) -> Result<Proven> {
    let proof: TlogProof = text.parse()?;
    let entry = proof.extra.as_deref().unwrap_or_default();
    // The extra data is believed only because its hash leads to the signed root.
    let checkpoint = proof.verify(leaf_hash(entry), verifier)?;
    let index = proof.index;
    let leaf = Leaf::parse(entry).map_err(|reason| Error::Entry { index, reason })?;
    if let Some(opening) = opening {
        opening.opens(&leaf)?;
    }
    Ok(Proven {
        origin: checkpoint.origin,
        index,
        size: checkpoint.size,
        leaf,
        opened: opening.is_some(),
    })
}
