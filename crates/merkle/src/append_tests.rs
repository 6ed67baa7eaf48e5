use proptest::prelude::*;

use super::*;
use crate::{MemoryTiles, Prover, check, node_hash, verify_consistency, verify_inclusion};

/// RFC 6962, section 2.1, word for word.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let mut split = 1;
            while split * 2 < leaves.len() {
                split *= 2;
            }
            node_hash(naive_root(&leaves[..split]), naive_root(&leaves[split..]))
        }
    }
}

fn entry(index: u64) -> Vec<u8> {
    let mut entry = index.to_be_bytes().to_vec();
    entry.truncate(8 - usize::try_from(index % 5).unwrap());
    entry.extend(index.to_le_bytes());
    entry
}

fn grown(size: u64) -> (MemoryTiles, Appender) {
    let mut tiles = MemoryTiles::default();
    let mut log = Appender::default();
    for index in 0..size {
        assert_eq!(log.push(&entry(index), &mut tiles), Ok(index));
    }
    log.flush(&mut tiles).unwrap();
    (tiles, log)
}

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|index| leaf_hash(&entry(index))).collect()
}

#[test]
fn roots_of_certificate_transparency() {
    let entries: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tiles = MemoryTiles::default();
    let mut log = Appender::default();
    assert_eq!(log.root(), EMPTY_ROOT);
    for (entry, root) in entries.into_iter().zip(roots) {
        log.push(entry, &mut tiles).unwrap();
        assert_eq!(format!("{:?}", log.root()), root);
    }
}

/// The example in the specification of tiles.
#[test]
fn a_log_of_70_000_has_the_tiles_of_the_specification() {
    let (tiles, log) = grown(70_000);
    let count = |kind, full| {
        tiles.0.keys().filter(|tile| tile.kind == kind && tile.is_full() == full).count()
    };
    assert_eq!((count(Kind::Hashes(0), true), count(Kind::Hashes(0), false)), (273, 1));
    assert_eq!((count(Kind::Hashes(1), true), count(Kind::Hashes(1), false)), (1, 1));
    assert_eq!((count(Kind::Hashes(2), true), count(Kind::Hashes(2), false)), (0, 1));
    assert_eq!((count(Kind::Entries, true), count(Kind::Entries, false)), (273, 1));
    for name in ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112"]
    {
        assert!(tiles.0.contains_key(&name.parse().unwrap()), "{name}");
    }
    let leaves = leaves(70_000);
    assert_eq!(log.root(), naive_root(&leaves));
    let mut prover = Prover::new(&tiles, 70_000);
    for index in [0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999] {
        let proof = prover.inclusion(index).unwrap();
        let leaf = leaves[usize::try_from(index).unwrap()];
        assert_eq!(verify_inclusion(leaf, index, 70_000, &proof, log.root()), Ok(()));
    }
    assert_eq!(prover.root(), Ok(log.root()));
    for threads in [1, 2, 5] {
        let seen = std::sync::atomic::AtomicU64::new(0);
        let checked = check(&tiles, 70_000, log.root(), threads, |index, bytes| {
            assert_eq!(bytes, entry(index).as_slice());
            seen.fetch_add(index, std::sync::atomic::Ordering::Relaxed);
        })
        .unwrap();
        assert_eq!((checked.entries, checked.bundles, checked.tiles), (70_000, 274, 277));
        assert_eq!(seen.into_inner(), (0..70_000).sum::<u64>(), "each entry once");
    }
}

#[test]
fn a_tree_of_256_has_one_hash_above() {
    let (tiles, _) = grown(256);
    let names: Vec<_> = tiles.0.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
}

#[test]
fn an_entry_that_is_too_long_changes_nothing() {
    let (mut tiles, mut log) = grown(3);
    let before = log.clone();
    let long = vec![0; MAX_ENTRY + 1];
    assert_eq!(log.push(&long, &mut tiles), Err(TreeError::TooLong(65_536)));
    assert_eq!(log, before);
    log.push(&long[1..], &mut tiles).unwrap();
}

#[test]
fn every_changed_byte_is_found_and_its_place_is_named() {
    let (tiles, log) = grown(260);
    for (tile, bytes) in &tiles.0 {
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = tiles.clone();
            changed.0.get_mut(tile).unwrap()[at] ^= 0x40;
            let error = check(&changed, 260, log.root(), 2, |_, _| {}).unwrap_err();
            let named = match error {
                TreeError::Mismatch(named) | TreeError::Broken { tile: named, .. } => named,
                other => panic!("{other}"),
            };
            assert_eq!((named.index, named.width), (tile.index, tile.width), "{tile}");
        }
        let mut missing = tiles.clone();
        missing.0.remove(tile);
        let error = check(&missing, 260, log.root(), 2, |_, _| {}).unwrap_err();
        assert_eq!(error, TreeError::Missing(*tile));
    }
    let other = check(&tiles, 260, EMPTY_ROOT, 2, |_, _| {});
    assert_eq!(other, Err(TreeError::Root { size: 260 }));
}

/// Whoever reports a broken log gets the same answer as whoever looks after it.
#[test]
fn of_several_faults_the_first_is_told_whatever_the_number_of_threads() {
    let (mut tiles, log) = grown(256 * 40);
    for index in [33, 7, 21] {
        let tile = TilePath { kind: Kind::Hashes(0), index, width: TILE_WIDTH };
        tiles.0.get_mut(&tile).unwrap()[9] ^= 1;
    }
    for threads in [1, 2, 3, 8] {
        for _ in 0..20 {
            let error = check(&tiles, 256 * 40, log.root(), threads, |_, _| {}).unwrap_err();
            let first = TilePath { kind: Kind::Hashes(0), index: 7, width: TILE_WIDTH };
            assert_eq!(error, TreeError::Mismatch(first), "{threads} threads");
        }
    }
}

#[test]
fn a_bundle_that_does_not_fit_its_tile_is_not_built_upon() {
    let (mut tiles, _) = grown(3);
    let bundle = "tile/entries/000.p/3".parse().unwrap();
    *tiles.0.get_mut(&bundle).unwrap().last_mut().unwrap() ^= 1;
    assert!(matches!(Appender::resume(&tiles, 3), Err(TreeError::Mismatch(_))));
    tiles.0.remove(&bundle);
    assert_eq!(Appender::resume(&tiles, 3), Err(TreeError::Missing(bundle)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn grows_like_the_naive_tree(size in 0u64..700, cut in 0u64..700, pick in 0u64..700) {
        let cut = cut.min(size);
        let leaves = leaves(size);
        let (mut tiles, log) = grown(cut);
        prop_assert_eq!(log.root(), naive_root(&leaves[..usize::try_from(cut).unwrap()]));
        // Taken up again from the edge alone, it is the same log.
        let mut resumed = Appender::resume(&tiles, cut).unwrap();
        prop_assert_eq!(&resumed, &log);
        let old = log.root();
        for index in cut..size {
            resumed.push(&entry(index), &mut tiles).unwrap();
        }
        resumed.flush(&mut tiles).unwrap();
        prop_assert_eq!(resumed.root(), naive_root(&leaves));
        prop_assert_eq!(Prover::new(&tiles, size).root(), Ok(resumed.root()));
        check(&tiles, size, resumed.root(), 2, |_, _| {}).unwrap();

        let mut prover = Prover::new(&tiles, size);
        let proof = prover.consistency(cut).unwrap();
        prop_assert_eq!(verify_consistency(cut, old, size, resumed.root(), &proof), Ok(()));
        if cut != size && cut > 0 {
            let forged = node_hash(old, old);
            prop_assert!(verify_consistency(cut, forged, size, resumed.root(), &proof).is_err());
            prop_assert!(verify_consistency(cut, old, size, forged, &proof).is_err());
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at].0[0] ^= 1;
                prop_assert!(
                    verify_consistency(cut, old, size, resumed.root(), &changed).is_err()
                );
            }
        }
        if size > 0 {
            let index = pick % size;
            let leaf = leaves[usize::try_from(index).unwrap()];
            let proof = prover.inclusion(index).unwrap();
            let root = resumed.root();
            prop_assert_eq!(verify_inclusion(leaf, index, size, &proof, root), Ok(()));
            prop_assert!(verify_inclusion(node_hash(leaf, leaf), index, size, &proof, root).is_err());
            prop_assert!(verify_inclusion(leaf, size, size, &proof, root).is_err());
            if size > 1 {
                let other = (index + 1) % size;
                prop_assert!(verify_inclusion(leaf, other, size, &proof, root).is_err());
            }
            let mut longer = proof.clone();
            longer.push(leaf);
            prop_assert!(verify_inclusion(leaf, index, size, &longer, root).is_err());
            if !proof.is_empty() {
                prop_assert!(verify_inclusion(leaf, index, size, &proof[1..], root).is_err());
            }
        }
    }
}
