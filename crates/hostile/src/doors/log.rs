//! What strangers hand to a verifier.

use std::sync::LazyLock;

use merkle::{
    Appender, Checkpoint, Hash, MemoryTiles, Prover, SignedNote, TilePath, TlogProof, Verifier,
    entries, hashes, leaf_hash, verify_consistency, verify_inclusion,
};

/// Words of tile paths.
pub(super) const TILE_WORDS: &[&str] =
    &["tile/", "entries/", "0/", "x001/", "067", ".p/", "255", "63/", "/", "x", "\0\u{1}"];
/// Words of notes.
pub(super) const NOTE_WORDS: &[&str] = &[
    "c2sp.org/tlog-proof@v1\n",
    "index 7\n",
    "extra ",
    "\n\n",
    "\u{2014} log.example ",
    "log.example\n",
    "18446744073709551615\n",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    "+",
    "=",
    "\n",
    "0",
];

pub(super) fn tile(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(path) = text.parse::<TilePath>()
    {
        assert_eq!(path.to_string(), text, "one number, one path");
        assert!((1..=merkle::TILE_WIDTH).contains(&path.width));
    }
    if let Ok(found) = hashes(data) {
        let again: Vec<u8> = found.iter().flat_map(|hash| hash.0).collect();
        assert_eq!(again, data, "a tile is its hashes");
    }
    if let Ok(found) = entries(data) {
        let mut again = Vec::new();
        for entry in found {
            let length = u16::try_from(entry.len());
            assert!(length.is_ok(), "an entry is as long as its length can say");
            again.extend(length.unwrap_or_default().to_be_bytes());
            again.extend(entry);
        }
        assert_eq!(again, data, "a bundle is its entries");
    }
}

pub(super) fn note(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // One way to write each, so that two readers never see two things in one file.
    if let Ok(note) = text.parse::<SignedNote>() {
        assert_eq!(note.to_string(), text, "one way to write a note");
        assert!(!note.signatures().is_empty());
        if let Ok(checkpoint) = note.unverified_text().parse::<Checkpoint>() {
            assert_eq!(
                checkpoint.to_string(),
                note.unverified_text(),
                "one way to write a checkpoint"
            );
        }
        if let Some(verifier) = KEY.as_ref() {
            assert!(Checkpoint::verify(&note, verifier).is_err(), "nobody signs with this key");
        }
    }
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        assert_eq!(checkpoint.to_string(), text);
    }
    if let Ok(proof) = text.parse::<TlogProof>() {
        assert_eq!(proof.to_string(), text, "one way to write a proof");
        if let Some(verifier) = KEY.as_ref() {
            assert!(proof.verify(leaf_hash(b"entry"), verifier).is_err());
        }
    }
    if let Ok(verifier) = text.parse::<Verifier>() {
        assert_eq!(verifier.to_string(), text, "one way to write a key");
    }
}

/// The base point of the curve: a public key whose secret one is known to be 1 before it is clamped,
/// and which no signature in a corpus is by.
static KEY: LazyLock<Option<Verifier>> = LazyLock::new(|| {
    let mut point = [0x66; 32];
    if let Some(first) = point.first_mut() {
        *first = 0x58;
    }
    Verifier::new("log.example", &point).ok()
});

const SIZE: u64 = 70;

/// A log of our own: its tiles, its root, and the root of each of its beginnings.
static LOG: LazyLock<(MemoryTiles, Vec<Hash>)> = LazyLock::new(|| {
    let mut tiles = MemoryTiles::default();
    let mut log = Appender::default();
    let mut roots = vec![log.root()];
    for index in 0..SIZE {
        let _ = log.push(&index.to_be_bytes(), &mut tiles);
        roots.push(log.root());
    }
    let _ = log.flush(&mut tiles);
    (tiles, roots)
});

/// A true proof, changed as the bytes say: only the true one is believed.
pub(super) fn proof(data: &[u8]) {
    let (tiles, roots) = &*LOG;
    let [a, b, rest @ ..] = data else { return };
    let (index, older) = (u64::from(*a) % SIZE, u64::from(*b) % (SIZE + 1));
    let mut prover = Prover::new(tiles, SIZE);
    let (Ok(truth), Ok(way)) = (prover.inclusion(index), prover.consistency(older)) else {
        return;
    };
    let root = |size: u64| {
        usize::try_from(size)
            .ok()
            .and_then(|size| roots.get(size))
            .copied()
            .unwrap_or(Hash([0; 32]))
    };
    let leaf = leaf_hash(&index.to_be_bytes());
    assert!(verify_inclusion(leaf, index, SIZE, &truth, root(SIZE)).is_ok());
    assert!(verify_consistency(older, root(older), SIZE, root(SIZE), &way).is_ok());

    let (path, claimed) = changed(&truth, index, rest);
    if (&path, claimed) != (&truth, index) {
        // The same way at another index is another claim.
        let believed = verify_inclusion(leaf, claimed, SIZE, &path, root(SIZE)).is_ok();
        assert!(!believed, "a wrong inclusion proof is believed: {index} as {claimed}");
    }
    let (path, claimed) = changed(&way, older, rest);
    if path != way {
        let believed = verify_consistency(older, root(older), SIZE, root(SIZE), &path).is_ok();
        assert!(!believed, "a wrong consistency proof is believed: {older}");
    }
    if claimed != older && claimed != 0 {
        let believed = verify_consistency(claimed, root(older), SIZE, root(SIZE), &way).is_ok();
        assert!(!believed, "another history is believed: {older} as {claimed}");
    }
    // Numbers of any size, roots and ways of any content.
    let number = |at: usize| {
        rest.get(at..)
            .and_then(|rest| rest.first_chunk::<8>())
            .map_or(0, |n| u64::from_be_bytes(*n))
    };
    let any: Vec<Hash> = rest.as_chunks::<32>().0.iter().copied().map(Hash).collect();
    let first = any.first().copied().unwrap_or(leaf);
    let _ = verify_inclusion(first, number(0), number(8), &any, first);
    let _ = verify_consistency(number(0), first, number(8), leaf, &any);
}

fn changed(path: &[Hash], number: u64, edits: &[u8]) -> (Vec<Hash>, u64) {
    let mut path = path.to_vec();
    let mut number = number;
    for [what, at, bit] in edits.as_chunks::<3>().0.iter().take(8) {
        let place = usize::from(*at) % path.len().max(1);
        match what % 5 {
            0 => {
                if let Some(byte) =
                    path.get_mut(place).and_then(|hash| hash.0.get_mut(usize::from(bit >> 3)))
                {
                    *byte ^= 1 << (bit & 7);
                }
            }
            1 => drop((!path.is_empty()).then(|| path.remove(place))),
            2 => path.insert(place, Hash([*bit; 32])),
            3 if path.len() > 1 => path.swap(place, 0),
            _ => number = u64::from(*bit) % SIZE,
        }
    }
    (path, number)
}
