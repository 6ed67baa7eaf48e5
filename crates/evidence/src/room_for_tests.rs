//! What the tests of this room share: a key ring, made-up events, and folders as maps of files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{Micros, Rng as _, SeededRng};
use store::{Event, Location, Store, new_id};
use vault::Vault;

use crate::Ledger;

pub(crate) const ORIGIN: &str = "log.example/one";

pub(crate) struct Room {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) vault: Vault,
    pub(crate) rng: SeededRng,
}

impl Room {
    pub(crate) fn new() -> Self {
        // Much is written and synced here, and none of it need outlive the test.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory).unwrap()
        } else {
            tempfile::tempdir().unwrap()
        };
        let vault =
            Vault::create(&folder.path().join("keys"), Arc::new(SeededRng::new(1))).unwrap();
        Self { folder, vault, rng: SeededRng::new(5) }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) async fn store(&self, name: &str) -> Store {
        Store::open(&Location::Sqlite(self.path(name))).await.unwrap()
    }

    pub(crate) fn ledger(&self, name: &str) -> Ledger {
        Ledger::open(&self.path(name), ORIGIN).unwrap()
    }

    pub(crate) fn events(&self, count: u64) -> Vec<Event> {
        (0..count)
            .map(|at| {
                let mut salt = [0; 32];
                self.rng.fill(&mut salt);
                Event {
                    id: new_id(&self.rng),
                    organisation: "Acme Marjoram Ltd".to_owned(),
                    kind: "request received".to_owned(),
                    case: None,
                    at: Micros(i64::try_from(at).unwrap()),
                    body: format!(r#"{{"email":"jane{at}@acme.example"}}"#).into_bytes(),
                    salt,
                }
            })
            .collect()
    }
}

pub(crate) async fn append(store: &Store, events: &[Event]) {
    let mut tx = store.begin().await.unwrap();
    tx.append_events(events).await.unwrap();
    tx.commit().await.unwrap();
}

/// Every file of a log, by name.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(at) = waiting.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

pub(crate) fn copy_files(files: &BTreeMap<String, Vec<u8>>, to: &Path) {
    for (name, bytes) in files {
        let path = to.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}
