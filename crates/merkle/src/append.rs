//! Growing a tree from its right edge.

use crate::hash::{fold, perfect};
use crate::tile::{entries, hashes};
use crate::{
    EMPTY_ROOT, Hash, Kind, MAX_ENTRY, TILE_WIDTH, TilePath, TileStore, TreeError, leaf_hash,
};

/// Appends entries to a log. It holds the unfinished tile of each level and nothing else.
///
/// Full tiles are written as they fill; [`Appender::flush`] writes the unfinished ones. Only after
/// that may a checkpoint of [`Appender::size`] and [`Appender::root`] be signed. Writing is
/// deterministic: after a crash the same entries produce the same bytes in the same files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appender {
    size: u64,
    /// INVARIANT: `edge[l]` has `size / 256^l mod 256` hashes, each the root of 256^l entries.
    edge: Vec<Vec<Hash>>,
    /// The unfinished bundle, as it is written.
    bundle: Vec<u8>,
}

impl Appender {
    /// Takes up a log of `size` entries where it was left, reading its right edge.
    pub fn resume<S: TileStore>(tiles: &S, size: u64) -> Result<Self, TreeError<S::Error>> {
        let mut edge = Vec::new();
        let mut at_level = size;
        let mut level = 0;
        while at_level > 0 {
            let index = at_level / u64::from(TILE_WIDTH);
            edge.push(read_partial(tiles, Kind::Hashes(level), index, at_level)?);
            at_level = index;
            level += 1;
        }
        let bundle = match partial(Kind::Entries, size) {
            None => Vec::new(),
            Some(tile) => match tiles.read(tile).map_err(TreeError::Store)? {
                Some(bytes) => bytes,
                // A log may drop a partial bundle once the full one is there.
                None => {
                    let bytes = tiles
                        .read(tile.full())
                        .map_err(TreeError::Store)?
                        .ok_or(TreeError::Missing(tile))?;
                    first_entries(tile, &bytes)?
                }
            },
        };
        let appender = Self { size, edge, bundle };
        appender.check_bundle()?;
        Ok(appender)
    }

    /// The bundle must be the one that the edge's leaves were made from: appending to anything else
    /// would write a full bundle that no longer fits its tile.
    fn check_bundle<E>(&self) -> Result<(), TreeError<E>> {
        let Some(tile) = partial(Kind::Entries, self.size) else { return Ok(()) };
        let found = entries(&self.bundle)
            .map_err(|error| TreeError::Broken { tile, reason: error.reason })?;
        let leaves = found.into_iter().map(leaf_hash);
        if leaves.eq(self.edge.iter().flatten().copied().take(usize::from(tile.width))) {
            Ok(())
        } else {
            Err(TreeError::Mismatch(TilePath { kind: Kind::Hashes(0), ..tile }))
        }
    }

    /// How many entries the log has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over all of them.
    pub fn root(&self) -> Hash {
        let mut subtrees = Vec::new();
        for level in self.edge.iter().rev() {
            // A level's hashes split into perfect subtrees, largest first: the bits of their number.
            let mut rest = level.as_slice();
            while !rest.is_empty() {
                let (left, right) = rest.split_at(1 << rest.len().ilog2());
                subtrees.extend(perfect(left.to_vec()));
                rest = right;
            }
        }
        fold(subtrees.into_iter()).unwrap_or(EMPTY_ROOT)
    }

    /// Appends an entry; its index. After an error nothing more may be appended: resume instead.
    pub fn push<S: TileStore>(
        &mut self,
        entry: &[u8],
        tiles: &mut S,
    ) -> Result<u64, TreeError<S::Error>> {
        let length = u16::try_from(entry.len())
            .ok()
            .filter(|_| entry.len() <= MAX_ENTRY)
            .ok_or(TreeError::TooLong(entry.len()))?;
        let index = self.size;
        self.bundle.extend(length.to_be_bytes());
        self.bundle.extend_from_slice(entry);
        self.size += 1;
        let hash = leaf_hash(entry);
        // What is in a tile must be there before the tile above it says so: entries first, then up.
        if self.size.is_multiple_of(u64::from(TILE_WIDTH)) {
            let bundle = std::mem::take(&mut self.bundle);
            let tile = full(Kind::Entries, index / u64::from(TILE_WIDTH));
            tiles.write(tile, &bundle).map_err(TreeError::Store)?;
        }
        self.rise(0, hash, tiles)?;
        Ok(index)
    }

    /// Takes in a full bundle of which only the root over its tile is known. INVARIANT: called while
    /// there is no unfinished bundle.
    pub(crate) fn push_tile<S: TileStore>(
        &mut self,
        root: Hash,
        tiles: &mut S,
    ) -> Result<(), TreeError<S::Error>> {
        debug_assert!(self.size.is_multiple_of(u64::from(TILE_WIDTH)));
        self.size += u64::from(TILE_WIDTH);
        if self.edge.is_empty() {
            self.edge.push(Vec::new());
        }
        self.rise(1, root, tiles)
    }

    /// Adds a hash to a level, and what becomes full to the levels above.
    fn rise<S: TileStore>(
        &mut self,
        from: u8,
        mut hash: Hash,
        tiles: &mut S,
    ) -> Result<(), TreeError<S::Error>> {
        for level in from.. {
            if self.edge.len() <= usize::from(level) {
                self.edge.push(Vec::with_capacity(usize::from(TILE_WIDTH)));
            }
            let Some(edge) = self.edge.get_mut(usize::from(level)) else { break };
            edge.push(hash);
            if edge.len() < usize::from(TILE_WIDTH) {
                break;
            }
            let finished = std::mem::replace(edge, Vec::with_capacity(usize::from(TILE_WIDTH)));
            // 256^(level + 1) entries a tile.
            let at = (self.size >> (8 * (u32::from(level) + 1))) - 1;
            tiles
                .write(full(Kind::Hashes(level), at), &concatenated(&finished))
                .map_err(TreeError::Store)?;
            hash = perfect(finished).unwrap_or(EMPTY_ROOT);
        }
        Ok(())
    }

    /// Writes the unfinished tiles of this size, so that a checkpoint of it can be checked.
    pub fn flush<S: TileStore>(&self, tiles: &mut S) -> Result<(), TreeError<S::Error>> {
        if let Some(tile) = partial(Kind::Entries, self.size) {
            tiles.write(tile, &self.bundle).map_err(TreeError::Store)?;
        }
        let mut at_level = self.size;
        for (level, edge) in (0u8..).zip(&self.edge) {
            if let Some(tile) = partial(Kind::Hashes(level), at_level) {
                tiles.write(tile, &concatenated(edge)).map_err(TreeError::Store)?;
            }
            at_level /= u64::from(TILE_WIDTH);
        }
        Ok(())
    }
}

const fn full(kind: Kind, index: u64) -> TilePath {
    TilePath { kind, index, width: TILE_WIDTH }
}

/// The unfinished tile at the end of a level that has `count` hashes; `None` if it ends with a full
/// one.
pub(crate) fn partial(kind: Kind, count: u64) -> Option<TilePath> {
    let width = u16::try_from(count % u64::from(TILE_WIDTH)).ok()?;
    (width > 0).then_some(TilePath { kind, index: count / u64::from(TILE_WIDTH), width })
}

/// The hashes as a tile holds them.
pub(crate) fn concatenated(hashes: &[Hash]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(hashes.len() * 32);
    for hash in hashes {
        bytes.extend_from_slice(&hash.0);
    }
    bytes
}

fn read_partial<S: TileStore>(
    tiles: &S,
    kind: Kind,
    index: u64,
    count: u64,
) -> Result<Vec<Hash>, TreeError<S::Error>> {
    match partial(kind, count) {
        None => Ok(Vec::new()),
        Some(tile) => {
            debug_assert_eq!(tile.index, index);
            read_hashes(tiles, tile)
        }
    }
}

/// A tile's hashes; if it is partial and gone, the first of the full tile that replaced it.
pub(crate) fn read_hashes<S: TileStore>(
    tiles: &S,
    tile: TilePath,
) -> Result<Vec<Hash>, TreeError<S::Error>> {
    let (found, bytes) = match tiles.read(tile).map_err(TreeError::Store)? {
        Some(bytes) => (tile, bytes),
        None => {
            let full = tile.full();
            let bytes = tiles.read(full).map_err(TreeError::Store)?;
            (full, bytes.ok_or(TreeError::Missing(tile))?)
        }
    };
    let broken = |reason: String| TreeError::Broken { tile: found, reason };
    let mut hashes = hashes(&bytes).map_err(|error| broken(error.reason))?;
    if hashes.len() != usize::from(found.width) {
        return Err(broken(format!("it holds {} hashes, not {}", hashes.len(), found.width)));
    }
    hashes.truncate(usize::from(tile.width));
    Ok(hashes)
}

/// The beginning of a full bundle, as the partial bundle would have held it.
fn first_entries<E>(tile: TilePath, bytes: &[u8]) -> Result<Vec<u8>, TreeError<E>> {
    let all = entries(bytes).map_err(|error| TreeError::Broken { tile, reason: error.reason })?;
    let length = all.iter().take(usize::from(tile.width)).map(|entry| entry.len() + 2).sum();
    Ok(bytes.get(..length).unwrap_or(bytes).to_vec())
}

#[cfg(test)]
#[path = "append_tests.rs"]
mod tests;
