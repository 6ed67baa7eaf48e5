//! A house from a backup.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;
use store::{Location, Store};

use crate::backup::archive::sum_of;
use crate::backup::{DATABASE, FORMAT, MANIFEST, Manifest, RESTORED, SUMS};
use crate::house::{House, Means};
use crate::settings::Settings;
use crate::state::{self, make_private};
use crate::{Error, Result};

/// What was restored, and what is left to do.
#[derive(Debug, Clone, Serialize)]
pub struct Restored {
    /// What the backup is.
    #[serde(flatten)]
    pub manifest: Manifest,
    /// Files of the policy that were written; none if the folder had a policy already.
    pub files: usize,
    /// Sessions and tokens that were ended.
    pub ended: u64,
    /// What was signed after the backup and is not here, in sentences; none if nothing is.
    pub missing: Vec<String>,
}

/// Makes a house from a backup. Nothing is put in place until every byte of it was checked.
///
/// # Errors
/// There is a state already; the backup is damaged, cut off, of another kind or of a newer version; the
/// database of the settings has something already.
pub async fn restore(folder: &Path, from: impl Read, means: Means) -> Result<Restored> {
    let place = folder.join(state::FOLDER);
    if place.exists() {
        return Err(Error::Refused(format!(
            "`{}` is there already: a backup is restored into a folder without one. Move it away first, and keep it: it may know of erasures that the backup does not",
            place.display()
        )));
    }
    std::fs::create_dir_all(folder).map_err(Error::file("cannot make", folder))?;
    let work = tempfile::Builder::new()
        .prefix(".restore-")
        .tempdir_in(folder)
        .map_err(Error::file("cannot make a folder in", folder))?;
    let unpacked = unpack(from, work.path())?;
    check(work.path(), &unpacked)?;
    let manifest = manifest(work.path())?;
    let state = work.path().join("state");
    let has_policy = folder.join("policy.yaml").exists();
    let policy = work.path().join("policy");
    let settings = Settings::read(if has_policy { folder } else { &policy })?;
    let ended = age(&work.path().join(DATABASE), &manifest, &means).await?;
    if let Some(source) = settings.database.as_deref() {
        move_to_server(&work.path().join(DATABASE), source, &means).await?;
    }
    let files = if has_policy { 0 } else { put_policy(&policy, folder)? };
    make_private(&state)?;
    std::fs::rename(&state, &place).map_err(Error::file("cannot put in place", &place))?;
    let house = House::open(folder, means)?;
    let missing = match house.missing().await? {
        // The log lies in the database: its folder is written anew, as it was signed.
        Some(missing) if missing.whole && !missing.split => {
            house.reconcile("").await?;
            Vec::new()
        }
        Some(missing) => missing.lines(),
        None => Vec::new(),
    };
    Ok(Restored { manifest, files, ended, missing })
}

fn damaged(what: &str) -> Error {
    Error::Refused(format!(
        "the backup cannot be used: {what}. Nothing was changed; take another copy of it"
    ))
}

/// Writes what is in the archive into a folder of its own; which files there are.
fn unpack(from: impl Read, to: &Path) -> Result<Vec<String>> {
    let cut = |error: std::io::Error| damaged(&format!("it cannot be read to its end ({error})"));
    let mut archive = tar::Archive::new(from);
    let mut names = Vec::new();
    for entry in archive.entries().map_err(cut)? {
        let mut entry = entry.map_err(cut)?;
        let path = entry.path().map_err(cut)?.into_owned();
        let known = path.components().all(|part| matches!(part, Component::Normal(_)));
        let name = path.to_str().filter(|_| known && entry.header().entry_type().is_file());
        let name =
            name.ok_or_else(|| damaged("it holds something that no backup of Upheld does"))?;
        let place = to.join(name);
        let above = place.parent().unwrap_or(to);
        make_folders(to, above)?;
        let mut file = super::new_file(&place)?;
        std::io::copy(&mut entry, &mut file).map_err(cut)?;
        file.sync_all().map_err(Error::file("cannot write", &place))?;
        names.push(name.to_owned());
    }
    Ok(names)
}

/// Makes the folders down to one, each for its owner alone.
fn make_folders(from: &Path, to: &Path) -> Result<()> {
    let mut place = from.to_owned();
    for part in to.strip_prefix(from).into_iter().flat_map(Path::components) {
        place.push(part);
        make_private(&place)?;
    }
    Ok(())
}

/// INVARIANT: every file is named once among the hashes, has its own, and none is missing.
fn check(folder: &Path, names: &[String]) -> Result<()> {
    let path = folder.join(SUMS);
    let sums = std::fs::read_to_string(&path).map_err(|_| damaged("its end is missing"))?;
    let sums: BTreeMap<&str, &str> = sums
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(sum, name)| (name, sum))
        .collect();
    for name in names.iter().filter(|name| *name != SUMS) {
        let sum = sums.get(name.as_str());
        if sum.is_none_or(|sum| sum_of(&folder.join(name)).ok().as_deref() != Some(*sum)) {
            return Err(damaged(&format!("`{name}` is not as it was written")));
        }
    }
    match sums.keys().find(|name| !names.iter().any(|known| known == *name)) {
        Some(name) => Err(damaged(&format!("`{name}` is missing"))),
        None => Ok(()),
    }
}

fn manifest(folder: &Path) -> Result<Manifest> {
    let text = std::fs::read_to_string(folder.join(MANIFEST))
        .map_err(|_| damaged("it does not say what it is"))?;
    let format = serde_json::from_str::<serde_json::Value>(&text).ok();
    let format = format.and_then(|it| it.get("format")?.as_u64());
    if format.is_some_and(|format| format > u64::from(FORMAT)) {
        return Err(damaged("a newer Upheld wrote it: restore it with that one"));
    }
    serde_json::from_str(&text).map_err(|_| damaged("it does not say what it is"))
}

/// What was a way in then is none now, and erasures must be replayed before anybody is served.
async fn age(database: &Path, manifest: &Manifest, means: &Means) -> Result<u64> {
    let store = Store::open(&Location::Sqlite(database.to_owned())).await?;
    let mut tx = store.begin().await?;
    let ended = tx.end_every_way_in(means.clock.now()).await?;
    tx.set_setting(RESTORED, &manifest.made_at.0.to_string()).await?;
    tx.commit().await?;
    store.scrub().await?;
    store.close().await;
    Ok(ended)
}

/// Moves everything to the server of the settings, and takes the file away.
async fn move_to_server(file: &Path, source: &str, means: &Means) -> Result<()> {
    let server = Store::open(&Location::Postgres(state::address(source, means)?)).await?;
    let store = Store::open(&Location::Sqlite(file.to_owned())).await?;
    let moved = store.copy_to(&server).await;
    store.close().await;
    server.close().await;
    match moved {
        Ok(_) => std::fs::remove_file(file).map_err(Error::file("cannot remove", file)),
        Err(store::Error::NotEmpty { .. }) => Err(Error::Refused(
            "the database that upheld.toml names has something in it already: name one that is new (`createdb`), and keep the old one".to_owned(),
        )),
        Err(error) => Err(error.into()),
    }
}

/// Moves the files of the policy to where they belong. None is written over.
fn put_policy(from: &Path, to: &Path) -> Result<usize> {
    let mut files = 0;
    let found = std::fs::read_dir(from).map_err(|_| damaged("there is no policy in it"))?;
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in found {
        entries.push(entry.map_err(Error::file("cannot read", from))?.path());
    }
    entries.sort();
    for path in entries {
        let Some(name) = path.file_name() else { continue };
        let place = to.join(name);
        if path.is_dir() {
            std::fs::create_dir_all(&place).map_err(Error::file("cannot make", &place))?;
            files += put_policy(&path, &place)?;
        } else if !place.exists() {
            std::fs::rename(&path, &place).map_err(Error::file("cannot put in place", &place))?;
            files += 1;
        }
    }
    Ok(files)
}
