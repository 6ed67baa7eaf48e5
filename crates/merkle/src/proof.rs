//! Inclusion and consistency: proofs made from tiles, and checked without them.

use std::collections::BTreeMap;

use crate::append::read_hashes;
use crate::hash::{fold, perfect};
use crate::{
    EMPTY_ROOT, Hash, Kind, ProofError, TILE_WIDTH, TilePath, TileStore, TreeError, node_hash,
};

/// Makes proofs about one size of a log from its tiles, each read once.
#[derive(Debug)]
pub struct Prover<'a, S: TileStore> {
    tiles: &'a S,
    size: u64,
    read: BTreeMap<TilePath, Vec<Hash>>,
}

impl<'a, S: TileStore> Prover<'a, S> {
    /// Proves about the log's first `size` entries.
    pub const fn new(tiles: &'a S, size: u64) -> Self {
        Self { tiles, size, read: BTreeMap::new() }
    }

    /// The root over the first `size` entries.
    pub fn root(&mut self) -> Result<Hash, TreeError<S::Error>> {
        self.range(0, self.size)
    }

    /// The hash of one entry.
    pub fn leaf(&mut self, index: u64) -> Result<Hash, TreeError<S::Error>> {
        if index >= self.size {
            return Err(TreeError::Range { index, size: self.size });
        }
        self.range(index, index + 1)
    }

    /// The neighbours from the entry's sibling up to the root's child (RFC 6962, section 2.1.1).
    pub fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, TreeError<S::Error>> {
        if index >= self.size {
            return Err(TreeError::Range { index, size: self.size });
        }
        let (mut low, mut high) = (0, self.size);
        let mut path = Vec::new();
        while high - low > 1 {
            let middle = low + split(high - low);
            if index < middle {
                path.push(self.range(middle, high)?);
                high = middle;
            } else {
                path.push(self.range(low, middle)?);
                low = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// What shows that the first `older` entries are still the beginning (RFC 6962, section 2.1.2).
    pub fn consistency(&mut self, older: u64) -> Result<Vec<Hash>, TreeError<S::Error>> {
        if older > self.size {
            return Err(TreeError::Range { index: older, size: self.size });
        }
        let mut path = Vec::new();
        if older == 0 || older == self.size {
            return Ok(path);
        }
        let (mut low, mut high) = (0, self.size);
        // Ends where the older tree's right end is the right end of a subtree.
        while older != high {
            let middle = low + split(high - low);
            if older <= middle {
                path.push(self.range(middle, high)?);
                high = middle;
            } else {
                path.push(self.range(low, middle)?);
                low = middle;
            }
        }
        if low > 0 {
            path.push(self.range(low, high)?);
        }
        path.reverse();
        Ok(path)
    }

    /// The root over entries `low..high`, where `low` is aligned as RFC 6962 splits trees.
    fn range(&mut self, mut low: u64, high: u64) -> Result<Hash, TreeError<S::Error>> {
        let mut subtrees = Vec::new();
        while low < high {
            let height = (high - low).ilog2();
            subtrees.push(self.subtree(low, height)?);
            low += 1 << height;
        }
        Ok(fold(subtrees.into_iter()).unwrap_or(EMPTY_ROOT))
    }

    /// The root of the perfect subtree of 2^height entries from `low` on.
    fn subtree(&mut self, low: u64, height: u32) -> Result<Hash, TreeError<S::Error>> {
        // Tile level `l` holds the roots of 256^l entries, that is of height 8 l.
        let level = height / 8;
        let at_level = low >> (8 * level);
        let width = u64::from(TILE_WIDTH);
        let index = at_level / width;
        let there = (self.size >> (8 * level)) - index * width;
        let tile = TilePath {
            kind: Kind::Hashes(u8::try_from(level).unwrap_or(u8::MAX)),
            index,
            width: u16::try_from(there.min(width)).unwrap_or(TILE_WIDTH),
        };
        let hashes = match self.read.entry(tile) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(read_hashes(self.tiles, tile)?)
            }
        };
        let from = usize::try_from(at_level % width).unwrap_or(usize::MAX);
        let part = hashes.get(from..from.saturating_add(1 << (height % 8)));
        part.and_then(|part| perfect(part.to_vec())).ok_or(TreeError::Missing(tile))
    }
}

/// The largest power of two below `count`, which is at least 2.
const fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// Checks that an entry with hash `leaf` stands at `index` in the tree of `size` entries with this
/// root.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Range { index, size });
    }
    let wrong_length = ProofError::Length { found: path.len(), index, size };
    let (mut node, mut last) = (index, size - 1);
    let mut hash = leaf;
    for sibling in path {
        if last == 0 {
            return Err(wrong_length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(*sibling, hash);
            // A node without a right neighbour rises until it has a left one.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, *sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if hash == root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of `newer` entries begins with the tree of `older` entries.
pub fn verify_consistency(
    older: u64,
    older_root: Hash,
    newer: u64,
    newer_root: Hash,
    path: &[Hash],
) -> Result<(), ProofError> {
    if older > newer {
        return Err(ProofError::Range { index: older, size: newer });
    }
    let wrong_length = ProofError::Length { found: path.len(), index: older, size: newer };
    if older == newer || older == 0 {
        if !path.is_empty() {
            return Err(wrong_length);
        }
        let expected = if older == 0 { EMPTY_ROOT } else { newer_root };
        let same = older_root == expected && (newer > 0 || newer_root == EMPTY_ROOT);
        return if same { Ok(()) } else { Err(ProofError::History) };
    }
    // If the older tree is perfect, its root is where the path begins, and is left out.
    let mut path = path.iter().copied();
    let first = if older.is_power_of_two() { Some(older_root) } else { path.next() };
    let Some(first) = first else { return Err(wrong_length) };
    let (mut node, mut last) = (older - 1, newer - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old, mut new) = (first, first);
    for sibling in path {
        if last == 0 {
            return Err(wrong_length);
        }
        if node & 1 == 1 || node == last {
            old = node_hash(sibling, old);
            new = node_hash(sibling, new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    match (old == older_root, new == newer_root) {
        (true, true) => Ok(()),
        (true, false) => Err(ProofError::Root),
        (false, _) => Err(ProofError::History),
    }
}
