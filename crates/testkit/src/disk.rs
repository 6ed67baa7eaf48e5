//! What a disk may hold when the power goes: worked out from the calls that were made, without a
//! disk that loses anything.
//!
//! A test lets the code under test write down its calls ([`Op`]). [`Disk`] replays them and keeps two
//! pictures: what programs see, and what is certain to be there after a power cut. Bytes are certain
//! once their file was synced; a name (made, changed, taken away) once its folder was. For everything
//! between, [`Disk::after_power_cut`] decides: lost, kept, or cut at any byte, each for itself, since
//! no file system promises an order.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A call that changes something on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Make a folder, and those above it.
    Make(PathBuf),
    /// Make or empty a file and write it.
    Write(PathBuf, Vec<u8>),
    /// Sync a file or a folder.
    Sync(PathBuf),
    /// Rename a file, replacing what has the name.
    Rename(PathBuf, PathBuf),
    /// Remove a file, or a folder with all that is in it.
    Remove(PathBuf),
    /// Something happened elsewhere.
    Mark(&'static str),
}

impl Op {
    /// Making a folder.
    pub fn make(path: &Path) -> Self {
        Self::Make(path.to_owned())
    }
    /// Writing a file.
    pub fn write(path: &Path, bytes: &[u8]) -> Self {
        Self::Write(path.to_owned(), bytes.to_vec())
    }
    /// Syncing.
    pub fn sync(path: &Path) -> Self {
        Self::Sync(path.to_owned())
    }
    /// Renaming.
    pub fn rename(from: &Path, to: &Path) -> Self {
        Self::Rename(from.to_owned(), to.to_owned())
    }
    /// Removing.
    pub fn remove(path: &Path) -> Self {
        Self::Remove(path.to_owned())
    }
    /// Something else.
    pub const fn mark(what: &'static str) -> Self {
        Self::Mark(what)
    }
}

/// What becomes of that which was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// All of it is lost.
    All,
    /// None of it: the program died, and the machine went on.
    Nothing,
    /// Every name is kept and the bytes behind it are lost: the file is empty.
    Bytes,
    /// Each piece for itself is lost, kept or cut, as this seed will have it.
    Some(u64),
}

#[derive(Debug, Clone, Default)]
struct File {
    seen: Vec<u8>,
    certain: Vec<u8>,
}

/// Files and folders, by path.
pub type Tree = (BTreeMap<PathBuf, Vec<u8>>, BTreeSet<PathBuf>);

/// A disk on which calls are made.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    files: Vec<File>,
    seen: BTreeMap<PathBuf, usize>,
    certain: BTreeMap<PathBuf, usize>,
    folders: BTreeSet<PathBuf>,
    certain_folders: BTreeSet<PathBuf>,
}

impl Disk {
    /// A disk that holds a folder as it is on the real one, all of it synced.
    pub fn holding(folder: &Path) -> Self {
        let mut disk = Self::default();
        disk.folders.extend(folder.ancestors().map(Path::to_owned));
        let mut waiting = vec![folder.to_owned()];
        while let Some(at) = waiting.pop() {
            let entries = std::fs::read_dir(&at);
            let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", at.display()));
            for entry in entries.flatten() {
                let path = entry.path();
                if path.is_dir() {
                    disk.folders.insert(path.clone());
                    waiting.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap_or_default();
                    disk.seen.insert(path, disk.files.len());
                    disk.files.push(File { seen: bytes.clone(), certain: bytes });
                }
            }
        }
        disk.certain = disk.seen.clone();
        disk.certain_folders = disk.folders.clone();
        disk
    }

    /// Makes a call.
    pub fn call(&mut self, op: &Op) {
        match op {
            Op::Make(path) => self.folders.extend(path.ancestors().map(Path::to_owned)),
            Op::Write(path, bytes) => {
                let next = self.files.len();
                let file = *self.seen.entry(path.clone()).or_insert(next);
                if file == next {
                    self.files.push(File::default());
                }
                if let Some(file) = self.files.get_mut(file) {
                    file.seen = bytes.clone();
                }
            }
            Op::Sync(path) => self.sync(path),
            Op::Rename(from, to) => {
                if let Some(file) = self.seen.remove(from) {
                    self.seen.insert(to.clone(), file);
                }
            }
            Op::Remove(path) => {
                self.seen.retain(|name, _| !name.starts_with(path));
                self.folders.retain(|name| !name.starts_with(path));
            }
            Op::Mark(_) => {}
        }
    }

    fn sync(&mut self, path: &Path) {
        if let Some(file) = self.seen.get(path).and_then(|file| self.files.get_mut(*file)) {
            file.certain = file.seen.clone();
            return;
        }
        let inside = |name: &Path| name.parent() == Some(path);
        self.certain.retain(|name, _| !inside(name));
        let names = self.seen.iter().filter(|(name, _)| inside(name));
        self.certain.extend(names.map(|(name, file)| (name.clone(), *file)));
        self.certain_folders.retain(|name| !inside(name));
        let names = self.folders.iter().filter(|name| inside(name));
        self.certain_folders.extend(names.cloned());
    }

    /// What may be there when the power has come back.
    pub fn after_power_cut(&self, loss: Loss) -> Tree {
        let mut dice = Dice(match loss {
            Loss::Some(seed) => seed.wrapping_add(1),
            _ => 1,
        });
        let mut kept = |one_of: u64| match loss {
            Loss::All => 0,
            Loss::Nothing | Loss::Bytes => one_of - 1,
            Loss::Some(_) => dice.roll(one_of),
        };
        let mut folders = BTreeSet::new();
        for path in self.folders.union(&self.certain_folders) {
            let (seen, certain) =
                (self.folders.contains(path), self.certain_folders.contains(path));
            // The root is in no folder, so nobody can lose its name.
            let named = path.parent().is_some();
            let there = if seen == certain || (named && kept(2) == 0) { certain } else { seen };
            // What lies in a folder that is gone is gone.
            if there && path.parent().is_none_or(|above| folders.contains(above)) {
                folders.insert(path.clone());
            }
        }
        let names: BTreeSet<&PathBuf> = self.seen.keys().chain(self.certain.keys()).collect();
        let mut files = BTreeMap::new();
        for path in names {
            let (seen, certain) = (self.seen.get(path), self.certain.get(path));
            let file = if seen == certain || kept(2) == 0 { certain } else { seen };
            let Some(file) = file.and_then(|file| self.files.get(*file)) else { continue };
            if path.parent().is_some_and(|above| !folders.contains(above)) {
                continue;
            }
            let bytes = if file.seen == file.certain {
                file.certain.clone()
            } else if loss == Loss::Bytes {
                Vec::new()
            } else {
                match kept(4) {
                    0 => file.certain.clone(),
                    3 => file.seen.clone(),
                    _ => {
                        let cut = kept(file.seen.len() as u64 + 1);
                        let cut = usize::try_from(cut).unwrap_or(0);
                        file.seen.get(..cut).unwrap_or_default().to_vec()
                    }
                }
            };
            files.insert(path.clone(), bytes);
        }
        (files, folders)
    }
}

/// Writes a tree that lay in one folder into another.
pub fn lay_out(tree: &Tree, was: &Path, to: &Path) {
    let moved = |path: &Path| path.strip_prefix(was).ok().map(|inner| to.join(inner));
    let fail = |path: &Path, error: std::io::Error| panic!("{}: {error}", path.display());
    for folder in tree.1.iter().filter_map(|folder| moved(folder)) {
        std::fs::create_dir_all(&folder).unwrap_or_else(|error| fail(&folder, error));
    }
    for (path, bytes) in &tree.0 {
        if let Some(path) = moved(path) {
            std::fs::write(&path, bytes).unwrap_or_else(|error| fail(&path, error));
        }
    }
}

/// A small generator (splitmix64): a seed is a whole story and replays.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> PathBuf {
        PathBuf::from(name)
    }

    /// The careful way and three careless ones: what may be left of the file that was replaced.
    #[test]
    fn careless_ways_to_replace_a_file_lose_it_and_the_careful_way_does_not() {
        let (old, aside) = (path("/d/f"), path("/d/f.new"));
        let write = |to: &Path| Op::write(to, b"new content");
        for (name, ops, safe) in [
            ("in place", vec![write(&old)], false),
            ("renamed, never synced", vec![write(&aside), Op::rename(&aside, &old)], false),
            (
                "synced after renaming",
                vec![write(&aside), Op::rename(&aside, &old), Op::sync(&old)],
                false,
            ),
            (
                "synced, then renamed",
                vec![
                    write(&aside),
                    Op::sync(&aside),
                    Op::rename(&aside, &old),
                    Op::sync(&path("/d")),
                ],
                true,
            ),
        ] {
            let mut disk = Disk::default();
            for op in [Op::make(&path("/d")), Op::write(&old, b"old"), Op::sync(&old)] {
                disk.call(&op);
            }
            for folder in ["/d", "/"] {
                disk.call(&Op::sync(&path(folder)));
            }
            let mut torn = 0;
            for op in &ops {
                disk.call(op);
                for seed in 0..200 {
                    for loss in [Loss::All, Loss::Nothing, Loss::Bytes, Loss::Some(seed)] {
                        let (files, _) = disk.after_power_cut(loss);
                        let left = files.get(&old).map(Vec::as_slice);
                        torn += usize::from(left != Some(b"old") && left != Some(b"new content"));
                    }
                }
            }
            assert_eq!(torn == 0, safe, "{name}: {torn} times neither old nor new");
            let certain = disk.after_power_cut(Loss::All).0;
            let new = certain.get(&old).is_some_and(|bytes| bytes == b"new content");
            assert_eq!(new, safe, "{name}: done, and still not certain");
        }
    }

    #[test]
    fn what_lies_in_a_folder_without_a_name_is_lost_with_it() {
        let mut disk = Disk::default();
        for op in [
            Op::make(&path("/a")),
            Op::sync(&path("/")),
            Op::make(&path("/a/b")),
            Op::write(&path("/a/b/f"), b"x"),
            Op::sync(&path("/a/b/f")),
            Op::sync(&path("/a/b")),
        ] {
            disk.call(&op);
        }
        assert!(disk.after_power_cut(Loss::All).0.is_empty(), "nobody synced /a");
        disk.call(&Op::sync(&path("/a")));
        assert_eq!(disk.after_power_cut(Loss::All).0.len(), 1);
        disk.call(&Op::remove(&path("/a/b")));
        assert!(disk.after_power_cut(Loss::Nothing).0.is_empty());
        assert_eq!(disk.after_power_cut(Loss::All).0.len(), 1, "not yet certain");
    }
}
