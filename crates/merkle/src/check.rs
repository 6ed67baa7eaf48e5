//! Checking a whole log, every byte of it, in memory that does not grow with it.

use std::cell::Cell;

use crate::append::partial;
use crate::tile::entries;
use crate::{Appender, Hash, Kind, TILE_WIDTH, TilePath, TileStore, TreeError};

/// What was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Entries hashed.
    pub entries: u64,
    /// Bundles read.
    pub bundles: u64,
    /// Tiles computed anew and compared.
    pub tiles: u64,
}

/// Reads every bundle of a log of `size` entries, computes every tile anew, compares it with the one
/// that is kept, and the root with `root`. Each entry is shown to `seen` on the way.
pub fn check<S: TileStore>(
    tiles: &S,
    size: u64,
    root: Hash,
    mut seen: impl FnMut(u64, &[u8]),
) -> Result<Checked, TreeError<S::Error>> {
    let mut comparing = Comparing { tiles, compared: Cell::new(0) };
    let mut log = Appender::default();
    let mut checked = Checked::default();
    let full = size / u64::from(TILE_WIDTH);
    let bundles = (0..full)
        .map(|index| TilePath { kind: Kind::Entries, index, width: TILE_WIDTH })
        .chain(partial(Kind::Entries, size));
    for tile in bundles {
        let bytes = tiles.read(tile).map_err(TreeError::Store)?.ok_or(TreeError::Missing(tile))?;
        let found =
            entries(&bytes).map_err(|error| TreeError::Broken { tile, reason: error.reason })?;
        if found.len() != usize::from(tile.width) {
            let reason = format!("it holds {} entries, not {}", found.len(), tile.width);
            return Err(TreeError::Broken { tile, reason });
        }
        for entry in found {
            let index = log.push(entry, &mut comparing).map_err(Difference::into_error)?;
            seen(index, entry);
        }
        checked.bundles += 1;
    }
    log.flush(&mut comparing).map_err(Difference::into_error)?;
    checked.entries = log.size();
    checked.tiles = comparing.compared.get();
    if log.root() == root { Ok(checked) } else { Err(TreeError::Root { size }) }
}

/// Takes what an appender would write and compares it with what is there.
struct Comparing<'a, S> {
    tiles: &'a S,
    compared: Cell<u64>,
}

/// What a comparison can end with.
enum Difference<E> {
    Store(E),
    Missing(TilePath),
    Other(TilePath),
}

impl<E> Difference<E> {
    fn into_error(error: TreeError<Self>) -> TreeError<E> {
        match error {
            TreeError::Store(Self::Store(error)) => TreeError::Store(error),
            TreeError::Store(Self::Missing(tile)) | TreeError::Missing(tile) => {
                TreeError::Missing(tile)
            }
            TreeError::Store(Self::Other(tile)) | TreeError::Mismatch(tile) => {
                TreeError::Mismatch(tile)
            }
            TreeError::Broken { tile, reason } => TreeError::Broken { tile, reason },
            TreeError::Root { size } => TreeError::Root { size },
            TreeError::TooLong(length) => TreeError::TooLong(length),
            TreeError::Range { index, size } => TreeError::Range { index, size },
        }
    }
}

impl<S: TileStore> TileStore for Comparing<'_, S> {
    type Error = Difference<S::Error>;

    fn read(&self, tile: TilePath) -> Result<Option<Vec<u8>>, Self::Error> {
        self.tiles.read(tile).map_err(Difference::Store)
    }

    fn write(&mut self, tile: TilePath, bytes: &[u8]) -> Result<(), Self::Error> {
        if tile.kind == Kind::Entries {
            // This is what the entries were read from.
            return Ok(());
        }
        let kept = self.read(tile)?.ok_or(Difference::Missing(tile))?;
        if kept != bytes {
            return Err(Difference::Other(tile));
        }
        self.compared.set(self.compared.get() + 1);
        Ok(())
    }
}
