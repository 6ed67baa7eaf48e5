//! A copy of the log that a stranger can check without us.

use std::path::Path;

use merkle::{Kind, TILE_WIDTH, TilePath, TileStore as _, Verifier};
use vault::Vault;

use crate::folder::{DER, Folder, der};
use crate::ledger::blocking;
use crate::verify::{Verified, verify_folder};
use crate::{Error, Ledger, Result};

const README: &str = include_str!("README-for-a-stranger.txt");
const CHECKER: &str = include_str!("check_log.py");

impl Ledger {
    /// Copies the log as it was last signed into a new folder: checkpoint, tiles, entries, public
    /// key, and a README with commands that need nothing of ours. The log is verified on the way.
    pub async fn export(&self, to: &Path, vault: &Vault) -> Result<Verified> {
        let _lock = self.lock().await?;
        let verifier = self.verifier(vault)?;
        let from = self.folder.clone();
        let to = to.to_owned();
        blocking(move || copy(&from, &to, &verifier)).await
    }
}

fn copy(from: &Folder, to: &Path, verifier: &Verifier) -> Result<Verified> {
    let verified = verify_folder(from, verifier)?;
    let Some((checkpoint, note)) = from.checkpoint(verifier)? else {
        return Err(Error::Empty(from.root().to_owned()));
    };
    if to.exists() {
        return Err(Error::Exists(to.to_owned()));
    }
    let mut copy = Folder::new(to);
    copy.make()?;
    for tile in tiles(checkpoint.size) {
        let bytes =
            from.read(tile)?.ok_or_else(|| Error::Broken(format!("`{tile}` is missing")))?;
        copy.write(tile, &bytes)?;
    }
    copy.put_key(verifier)?;
    copy.put(DER, &der(verifier))?;
    copy.put("check_log.py", CHECKER.as_bytes())?;
    let readme = README
        .replace("{origin}", &checkpoint.origin)
        .replace("{size}", &checkpoint.size.to_string())
        .replace("{key}", &verifier.to_string());
    copy.put("README.txt", readme.as_bytes())?;
    // Last: a copy without a checkpoint is visibly not finished.
    copy.publish(&note)?;
    Ok(verified)
}

/// Every tile and bundle of a log of this size.
fn tiles(size: u64) -> impl Iterator<Item = TilePath> {
    let width = u64::from(TILE_WIDTH);
    let kinds = std::iter::once((Kind::Entries, size))
        .chain((0u8..8).map(move |level| (Kind::Hashes(level), size >> (8 * u32::from(level)))));
    kinds.flat_map(move |(kind, count)| {
        let full = (0..count / width).map(move |index| TilePath { kind, index, width: TILE_WIDTH });
        let rest = u16::try_from(count % width).unwrap_or(0);
        let partial = TilePath { kind, index: count / width, width: rest };
        full.chain((rest > 0).then_some(partial))
    })
}
