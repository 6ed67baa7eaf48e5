//! Tiles, entry bundles, their paths, and where they are kept.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use crate::decode::decimal;
use crate::{Hash, ParseError};

/// Hashes in a full tile, entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;
/// The longest entry that a bundle can hold, in bytes.
pub const MAX_ENTRY: usize = 0xffff;
const MAX_LEVEL: u8 = 63;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The entries themselves.
    Entries,
    /// Hashes: of entries at level 0, of full tiles of the level below above it.
    Hashes(u8),
}

/// One tile or entry bundle. Its `Display` is its path below the log's folder
/// (`tile/0/x001/x234/067`, `tile/entries/000.p/17`), and `parse` reads that back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    /// What it holds.
    pub kind: Kind,
    /// Its place within the level.
    pub index: u64,
    /// How many it holds: 1 to 256; less than 256 is a partial tile.
    pub width: u16,
}

impl TilePath {
    /// Whether it is full, and so never changes again.
    pub const fn is_full(self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The same tile when it is full.
    pub const fn full(self) -> Self {
        Self { width: TILE_WIDTH, ..self }
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Entries => f.write_str("tile/entries/")?,
            Kind::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (place, group) in groups.iter().enumerate().rev() {
            if place == 0 {
                write!(f, "{group:03}")?;
            } else {
                write!(f, "x{group:03}/")?;
            }
        }
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

impl FromStr for TilePath {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = || ParseError::new("tile path", format!("`{text}`"));
        let rest = text.strip_prefix("tile/").ok_or_else(wrong)?;
        let (kind, rest) = rest.split_once('/').ok_or_else(wrong)?;
        let kind = match kind {
            "entries" => Kind::Entries,
            level => Kind::Hashes(
                decimal(level)
                    .and_then(|level| u8::try_from(level).ok())
                    .filter(|level| *level <= MAX_LEVEL)
                    .ok_or_else(wrong)?,
            ),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => {
                let width = decimal(width).and_then(|width| u16::try_from(width).ok());
                (number, width.filter(|width| (1..TILE_WIDTH).contains(width)).ok_or_else(wrong)?)
            }
            None => (rest, TILE_WIDTH),
        };
        let mut index = 0u64;
        let mut groups = number.split('/').peekable();
        while let Some(group) = groups.next() {
            let digits = match groups.peek() {
                Some(_) => group.strip_prefix('x').ok_or_else(wrong)?,
                None => group,
            };
            if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(wrong());
            }
            let digits: u64 = digits.parse().map_err(|_| wrong())?;
            index = index
                .checked_mul(1000)
                .and_then(|index| index.checked_add(digits))
                .ok_or_else(wrong)?;
        }
        let path = Self { kind, index, width };
        // One number, one path: no leading groups of zeros.
        if path.to_string() == text { Ok(path) } else { Err(wrong()) }
    }
}

/// Where tiles are kept: a folder, a bucket, a map in memory.
pub trait TileStore {
    /// What can go wrong there.
    type Error;

    /// The bytes of a tile; `None` if it is not there.
    fn read(&self, tile: TilePath) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Keeps a tile. It must be safe from a power cut before a checkpoint that covers it is shown to
    /// anyone, and a tile that is there with other bytes must be an error, never overwritten.
    fn write(&mut self, tile: TilePath, bytes: &[u8]) -> Result<(), Self::Error>;
}

/// Tiles in memory: for tests, and for logs that are only looked at.
#[derive(Debug, Clone, Default)]
pub struct MemoryTiles(pub BTreeMap<TilePath, Vec<u8>>);

impl TileStore for MemoryTiles {
    type Error = Infallible;

    fn read(&self, tile: TilePath) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.get(&tile).cloned())
    }

    fn write(&mut self, tile: TilePath, bytes: &[u8]) -> Result<(), Infallible> {
        self.0.insert(tile, bytes.to_vec());
        Ok(())
    }
}

/// The hashes in a tile's bytes.
pub fn hashes(bytes: &[u8]) -> Result<Vec<Hash>, ParseError> {
    let (chunks, rest) = bytes.as_chunks::<32>();
    if !rest.is_empty() {
        return Err(ParseError::new("tile", "its length is not a multiple of 32"));
    }
    Ok(chunks.iter().copied().map(Hash).collect())
}

/// The entries in a bundle's bytes.
pub fn entries(mut bytes: &[u8]) -> Result<Vec<&[u8]>, ParseError> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes
            .split_first_chunk::<2>()
            .ok_or_else(|| ParseError::new("entry bundle", "it ends within a length"))?;
        let (entry, rest) = rest
            .split_at_checked(usize::from(u16::from_be_bytes(*length)))
            .ok_or_else(|| ParseError::new("entry bundle", "it ends within an entry"))?;
        entries.push(entry);
        bytes = rest;
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_and_read_back() {
        for (kind, index, width, text) in [
            (Kind::Hashes(0), 0, 256, "tile/0/000"),
            (Kind::Hashes(0), 999, 1, "tile/0/999.p/1"),
            (Kind::Hashes(63), 1_000, 255, "tile/63/x001/000.p/255"),
            (Kind::Entries, 1_234_067, 256, "tile/entries/x001/x234/067"),
            (Kind::Entries, u64::MAX, 256, "tile/entries/x018/x446/x744/x073/x709/x551/615"),
        ] {
            let path = TilePath { kind, index, width };
            assert_eq!(path.to_string(), text);
            assert_eq!(text.parse(), Ok(path));
        }
    }

    #[test]
    fn other_spellings_of_a_path_are_refused() {
        for text in [
            "",
            "tile",
            "tile/0",
            "tile/0/",
            "tile/0/00",
            "tile/0/0000",
            "tile/0/x000/001",
            "tile/64/000",
            "tile/00/000",
            "tile/-1/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p",
            "tile/0/001/000",
            "tile/0/x001/x000",
            "tile/data/000",
            "/tile/0/000",
            "tile/0/000/",
            "tile/0/../000",
            "tile/8/0/000",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
        ] {
            assert!(text.parse::<TilePath>().is_err(), "{text}");
        }
    }

    #[test]
    fn bundles_and_tiles_that_end_too_early_are_refused() {
        assert_eq!(entries(b"\0\x02ab\0\0\0\x01c"), Ok(vec![&b"ab"[..], b"", b"c"]));
        assert!(entries(b"\0").is_err());
        assert!(entries(b"\0\x02a").is_err());
        assert_eq!(hashes(&[7; 64]), Ok(vec![Hash([7; 32]); 2]));
        assert!(hashes(&[7; 63]).is_err());
    }
}
