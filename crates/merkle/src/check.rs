//! Checking a whole log, every byte of it, in memory that does not grow with it.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::append::{concatenated, partial};
use crate::hash::perfect;
use crate::tile::entries;
use crate::{
    Appender, EMPTY_ROOT, Hash, Kind, TILE_WIDTH, TilePath, TileStore, TreeError, leaf_hash,
};

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

/// Full bundles that are shared out among the threads at a time: their roots, 32 bytes each, are all
/// that is held of them.
const WINDOW: u64 = 1 << 10;

/// Reads every bundle of a log of `size` entries, computes every tile anew, compares it with the one
/// that is kept, and the root with `root`. Each entry is shown to `seen` on the way.
///
/// The bundles are shared out among so many threads, so `seen` gets the entries of one bundle in
/// their order and the bundles in any. What is wrong nearest to the beginning is what is told,
/// however many threads there are.
pub fn check<S: TileStore + Sync>(
    tiles: &S,
    size: u64,
    root: Hash,
    threads: usize,
    seen: impl Fn(u64, &[u8]) + Sync,
) -> Result<Checked, TreeError<S::Error>>
where
    S::Error: Send,
{
    let mut comparing = Comparing { tiles, compared: Cell::new(0) };
    let mut log = Appender::default();
    let mut checked = Checked::default();
    let full = size / u64::from(TILE_WIDTH);
    let mut done = 0;
    while done < full {
        let end = full.min(done + WINDOW);
        for root in window(tiles, done, end, threads, &seen)? {
            log.push_tile(root, &mut comparing).map_err(Difference::into_error)?;
        }
        checked.bundles += end - done;
        checked.tiles += end - done;
        done = end;
    }
    if let Some(tile) = partial(Kind::Entries, size) {
        let bytes = read_bundle(tiles, tile)?;
        for entry in found(tile, &bytes)? {
            let index = log.push(entry, &mut comparing).map_err(Difference::into_error)?;
            seen(index, entry);
        }
        checked.bundles += 1;
    }
    log.flush(&mut comparing).map_err(Difference::into_error)?;
    checked.entries = log.size();
    checked.tiles += comparing.compared.get();
    if log.root() == root { Ok(checked) } else { Err(TreeError::Root { size }) }
}

/// Checks the full bundles from `start` to `end`; the root over each, in order.
fn window<S: TileStore + Sync>(
    tiles: &S,
    start: u64,
    end: u64,
    threads: usize,
    seen: &(impl Fn(u64, &[u8]) + Sync),
) -> Result<Vec<Hash>, TreeError<S::Error>>
where
    S::Error: Send,
{
    let next = AtomicU64::new(start);
    // The first bundle that is wrong: nobody looks beyond it, everybody looks up to it.
    let stop = AtomicU64::new(end);
    let work = || {
        let mut roots = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= stop.load(Ordering::Relaxed) {
                return roots;
            }
            let root = check_bundle(tiles, index, seen);
            if root.is_err() {
                stop.fetch_min(index, Ordering::Relaxed);
            }
            roots.push((index, root));
        }
    };
    let mut roots = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut roots = work();
        for other in others {
            match other.join() {
                Ok(some) => roots.extend(some),
                // What was shown to `seen` made it panic: that is its caller's to see.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        roots
    });
    roots.sort_unstable_by_key(|(index, _)| *index);
    roots.into_iter().map(|(_, root)| root).collect()
}

/// Checks one full bundle against its tile; the root over it.
fn check_bundle<S: TileStore>(
    tiles: &S,
    index: u64,
    seen: &impl Fn(u64, &[u8]),
) -> Result<Hash, TreeError<S::Error>> {
    let tile = TilePath { kind: Kind::Entries, index, width: TILE_WIDTH };
    let bytes = read_bundle(tiles, tile)?;
    let entries = found(tile, &bytes)?;
    let hashes: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    let above = TilePath { kind: Kind::Hashes(0), ..tile };
    let kept = tiles.read(above).map_err(TreeError::Store)?.ok_or(TreeError::Missing(above))?;
    if kept != concatenated(&hashes) {
        return Err(TreeError::Mismatch(above));
    }
    for (at, entry) in (index * u64::from(TILE_WIDTH)..).zip(entries) {
        seen(at, entry);
    }
    Ok(perfect(hashes).unwrap_or(EMPTY_ROOT))
}

fn read_bundle<S: TileStore>(tiles: &S, tile: TilePath) -> Result<Vec<u8>, TreeError<S::Error>> {
    tiles.read(tile).map_err(TreeError::Store)?.ok_or(TreeError::Missing(tile))
}

/// The entries of a bundle, as many as its name says.
fn found<E>(tile: TilePath, bytes: &[u8]) -> Result<Vec<&[u8]>, TreeError<E>> {
    let found = entries(bytes).map_err(|error| TreeError::Broken { tile, reason: error.reason })?;
    if found.len() == usize::from(tile.width) {
        return Ok(found);
    }
    let reason = format!("it holds {} entries, not {}", found.len(), tile.width);
    Err(TreeError::Broken { tile, reason })
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
