//! Files and folders, on as many threads as there are cores; and standard input.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};

use documents::{Database, Input};
use ignore::WalkBuilder;
use render::scan::ScanPart;
use render::words;

use super::look::Look;
use super::remembered::{Remembered, Stamp};
use super::{Search, cannot_read, tables};
use crate::Means;

/// Stores of version control: their packed copies of what lies beside them are not taken apart.
const STORES: [&str; 4] = [".git", ".hg", ".svn", ".jj"];
/// So many files are found, and read, ahead of the one whose turn it is to be told: what was found in
/// them waits in memory.
const AHEAD: usize = 256;

/// A file or a folder.
pub(super) struct Walk {
    pub(super) path: PathBuf,
    pub(super) gitignore: bool,
}

/// A file to look at, with its place in the order.
enum Job {
    /// A file as it is now.
    File(PathBuf, Option<Stamp>),
    /// What is not looked at.
    Not(PathBuf, String),
}

/// Standard input, as one document.
pub(super) async fn input(
    search: &Arc<Search>,
    progress: &dyn engine::Progress,
    take: &mut (dyn FnMut(&ScanPart) + Send),
) -> Result<(), String> {
    progress.step("scan", "standard input");
    let search = Arc::clone(search);
    let done = tokio::task::spawn_blocking(move || {
        let mut look = Look::new(&search, "-");
        let input = Input::Stream(Box::new(std::io::stdin().lock()));
        documents::read("-", input, &search.limits, &mut look);
        let databases = std::mem::take(&mut look.databases);
        let mut parts = vec![look.finish()];
        unpacked(&search, databases, Path::new("-"), &mut parts);
        parts
    });
    let parts = done.await.map_err(|_| "`-`: the reading ended early".to_owned())?;
    parts.iter().for_each(&mut *take);
    Ok(())
}

/// Every file below a path. A link that the person names is followed; one that is met is not.
pub(super) async fn walk(
    search: &Arc<Search>,
    walk: Walk,
    mut remembered: Option<&mut Remembered>,
    means: &Means,
    take: &mut (dyn FnMut(&ScanPart) + Send),
) -> Result<(), String> {
    if let Err(error) = std::fs::metadata(&walk.path).and_then(|data| {
        if data.is_dir() {
            std::fs::read_dir(&walk.path).map(drop)
        } else {
            File::open(&walk.path).map(drop)
        }
    }) {
        return Err(cannot_read(&walk.path, &error));
    }
    let known = remembered.as_ref().map(|remembered| remembered.stamps()).unwrap_or_default();
    let (found, jobs) = mpsc::sync_channel::<(u64, Job)>(AHEAD);
    let jobs = Arc::new(Mutex::new(jobs));
    let (done, mut results) =
        tokio::sync::mpsc::channel::<(u64, Vec<ScanPart>, Option<Stamp>)>(AHEAD);
    let stop = Arc::new(AtomicBool::new(false));
    let files = Arc::new(AtomicU64::new(0));
    let turn = Arc::new(Turn::default());
    // Whoever drops the future ends the threads.
    let _stops = Stops(Arc::clone(&stop), Arc::clone(&turn));
    let walking = {
        let (stop, turn) = (Arc::clone(&stop), Arc::clone(&turn));
        let hand = move |number, job| turn.wait(number, &stop) && found.send((number, job)).is_ok();
        tokio::task::spawn_blocking(move || find(&walk, &known, &hand))
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(32);
    let mut workers = Vec::new();
    for _ in 0..threads {
        let (jobs, done, search, stop) =
            (Arc::clone(&jobs), done.clone(), Arc::clone(search), Arc::clone(&stop));
        let files = Arc::clone(&files);
        workers.push(tokio::task::spawn_blocking(move || {
            loop {
                let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok((number, job)) = next else { return };
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (parts, stamp) = one(&search, job);
                files.fetch_add(1, Ordering::Relaxed);
                if done.blocking_send((number, parts, stamp)).is_err() {
                    return;
                }
            }
        }));
    }
    drop(done);
    let (mut next, mut waiting, mut bytes) = (0, BTreeMap::new(), 0);
    while let Some((number, parts, stamp)) = results.recv().await {
        waiting.insert(number, (parts, stamp));
        while let Some((mut parts, stamp)) = waiting.remove(&next) {
            next += 1;
            if let Some(remembered) = remembered.as_deref_mut() {
                remembered.settle(&mut parts, stamp);
            }
            bytes += parts.iter().map(|part| part.bytes).sum::<u64>();
            parts.iter().for_each(&mut *take);
            turn.goes_on_at(next);
        }
        if next.is_multiple_of(16) {
            let read = files.load(Ordering::Relaxed);
            means.progress.step(
                "scan",
                &format!("{}, {}", words::count(read, "file", "files"), words::size(bytes)),
            );
        }
    }
    walking.await.map_err(|_| "the walk through the folder ended early".to_owned())?;
    for worker in workers {
        worker.await.map_err(|_| "a thread that looks at files ended early".to_owned())?;
    }
    Ok(())
}

/// Tells the threads to leave off.
struct Stops(Arc<AtomicBool>, Arc<Turn>);

impl Drop for Stops {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        self.1.goes_on_at(u64::MAX);
    }
}

/// Whose turn it is to be told.
#[derive(Default)]
struct Turn {
    next: Mutex<u64>,
    moved: Condvar,
}

impl Turn {
    fn goes_on_at(&self, next: u64) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = next;
        self.moved.notify_all();
    }

    /// Waits until a file is no more than [`AHEAD`] from its turn; no where everything stops.
    fn wait(&self, number: u64, stop: &AtomicBool) -> bool {
        let far = |next: &mut u64| next.saturating_add(AHEAD as u64) <= number;
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.moved.wait_while(next, far).unwrap_or_else(PoisonError::into_inner));
        !stop.load(Ordering::Relaxed)
    }
}

/// Finds the files below a path, in the order of their names, until `take` says no.
fn find(walk: &Walk, known: &BTreeMap<String, Stamp>, take: &dyn Fn(u64, Job) -> bool) {
    let mut number = 0;
    let mut hand = |job: Job| {
        let more = take(number, job);
        number += 1;
        more
    };
    // Behind a link that the person named, and not on it.
    let root = if walk.path.is_dir() { walk.path.join("") } else { walk.path.clone() };
    let mut builder = WalkBuilder::new(root);
    builder.standard_filters(false).follow_links(false).sort_by_file_name(std::cmp::Ord::cmp);
    if walk.gitignore {
        builder.git_ignore(true).git_exclude(true).ignore(true).parents(true).require_git(false);
    }
    let (stores, seen) = mpsc::channel::<PathBuf>();
    builder.filter_entry(move |entry| {
        let is_store = entry.depth() > 0
            && entry.file_type().is_some_and(|kind| kind.is_dir())
            && STORES.iter().any(|store| entry.file_name() == *store);
        if is_store {
            drop(stores.send(entry.path().to_owned()));
        }
        !is_store
    });
    for entry in builder.build() {
        while let Ok(store) = seen.try_recv() {
            if !hand(Job::Not(store, "a store of version control".to_owned())) {
                return;
            }
        }
        let job = match entry {
            Ok(entry) => {
                let Some(kind) = entry.file_type() else { continue };
                let path = entry.path().to_owned();
                if kind.is_dir() {
                    continue;
                }
                if entry.depth() > 0 && kind.is_symlink() {
                    Job::Not(path, "a link: it is not followed".to_owned())
                } else if kind.is_file() || kind.is_symlink() {
                    let stamp = std::fs::metadata(&path).ok().map(|data| Stamp::of(&data));
                    let same = stamp.filter(|stamp| known.get(&shown(&path)) == Some(stamp));
                    Job::File(path, same)
                } else {
                    Job::Not(path, "a pipe, a socket or a device".to_owned())
                }
            }
            Err(error) => Job::Not(place_of(&error, &walk.path), reason(&error)),
        };
        if !hand(job) {
            return;
        }
    }
    while let Ok(store) = seen.try_recv() {
        hand(Job::Not(store, "a store of version control".to_owned()));
    }
}

fn place_of(error: &ignore::Error, otherwise: &Path) -> PathBuf {
    match error {
        ignore::Error::WithPath { path, .. } => path.clone(),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place_of(err, otherwise)
        }
        _ => otherwise.to_owned(),
    }
}

fn reason(error: &ignore::Error) -> String {
    match error.io_error().map(std::io::Error::kind) {
        Some(std::io::ErrorKind::PermissionDenied) => "this account may not open it".to_owned(),
        Some(kind) => format!("it could not be read: {kind}"),
        None => "it could not be read".to_owned(),
    }
}

/// A path as it is told.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    text.strip_prefix("./").filter(|rest| !rest.is_empty()).unwrap_or(&text).to_owned()
}

/// Looks at one file; at what lies in it too, as parts of their own where these are databases. The
/// stamp is what the file was before it was read.
fn one(search: &Search, job: Job) -> (Vec<ScanPart>, Option<Stamp>) {
    match job {
        Job::Not(path, why) => {
            let path = shown(&path);
            let part = ScanPart {
                unread: vec![(path.clone(), why)],
                path,
                unchanged: false,
                ..ScanPart::default()
            };
            (vec![part], None)
        }
        Job::File(path, Some(stamp)) => (
            vec![ScanPart { path: shown(&path), unchanged: true, ..ScanPart::default() }],
            Some(stamp),
        ),
        Job::File(path, None) => {
            let name = shown(&path);
            let mut look = Look::new(search, &name);
            let mut stamp = None;
            match open(&path) {
                Ok(file) => {
                    stamp = file.metadata().ok().map(|data| Stamp::of(&data));
                    documents::read(&name, Input::File(file), &search.limits, &mut look);
                }
                Err(error) => {
                    documents::Sink::unread(&mut look, &name, &documents::Unread::Io(error.kind()));
                }
            }
            let databases = std::mem::take(&mut look.databases);
            let mut parts = vec![look.finish()];
            unpacked(search, databases, &path, &mut parts);
            (parts, stamp)
        }
    }
}

/// Opens a file without waiting: somebody may have put a pipe in its place.
fn open(path: &Path) -> std::io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(std::io::ErrorKind::NotFound.into()) }
}

/// Looks into the SQLite files of a document. Their tables belong to the file.
fn unpacked(
    search: &Search,
    databases: Vec<(String, Database)>,
    file: &Path,
    parts: &mut Vec<ScanPart>,
) {
    for (path, database) in databases {
        let copy;
        let place = match database {
            Database::Itself => file,
            Database::Unpacked(mut bytes) => {
                let kept = tempfile::NamedTempFile::new().and_then(|mut kept| {
                    std::io::copy(&mut bytes, &mut kept)?;
                    Ok(kept)
                });
                match kept {
                    Ok(kept) => {
                        copy = kept;
                        copy.path()
                    }
                    Err(error) => {
                        note(parts, &path, documents::Unread::Io(error.kind()).to_string());
                        continue;
                    }
                }
            }
        };
        let read = search.runtime.block_on(tables::sqlite(search, place, &path));
        match read {
            Ok(more) => parts.extend(more),
            Err(why) => note(parts, &path, why),
        }
    }
}

fn note(parts: &mut [ScanPart], path: &str, why: String) {
    if let Some(part) = parts.first_mut() {
        part.unread.push((path.to_owned(), why));
    }
}
