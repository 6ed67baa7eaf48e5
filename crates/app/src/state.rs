//! What Upheld keeps beside the policy: its database, its keys and its log, in `.upheld/`.

use std::fs::{File, TryLockError};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use model::{Rng, Secret};
use store::{Location, Store};
use vault::Vault;

use crate::house::{House, Means};
use crate::{Error, Result};

/// The folder's name; never in version control.
pub(crate) const FOLDER: &str = ".upheld";
/// The setting that holds the log's name.
const ORIGIN: &str = "ledger.origin";
/// The setting that holds the name of the log's folder, if it is not the first one's.
const LOG: &str = "ledger.folder";
/// The folder of the first log.
const FIRST_LOG: &str = "ledger";

/// The open state of one house.
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) origin: String,
    /// The name of the log's folder.
    log: String,
    /// Whether it was made just now.
    new: bool,
    folder: PathBuf,
    /// Whether the database is on this machine alone, so that a lock on a file decides who works.
    local: bool,
    means: Means,
}

impl House {
    /// Opens the state, making it when it is not there yet. INVARIANT: no use case works on a state
    /// that was restored from an older backup: it is refused here, before anything is done.
    pub(crate) fn state(&self) -> Pin<Box<dyn Future<Output = Result<Arc<State>>> + Send + '_>> {
        // On the heap, and built once: every use case begins with it.
        Box::pin(async move {
            if let Some(state) = self.opened.get() {
                return Ok(Arc::clone(state));
            }
            let state = self.state_as_found().await?;
            if !state.new {
                self.check_standing(&state).await?;
            }
            Ok(Arc::new(state))
        })
    }

    /// Opens the state once and keeps it open as long as the house: for a server. Every use case
    /// that follows works on it.
    pub async fn keep_open(&self) -> Result<()> {
        self.opened.get_or_try_init(|| self.state()).await?;
        Ok(())
    }

    /// The same without that question: for those who look at what is wrong, and mend it.
    pub(crate) async fn state_as_found(&self) -> Result<State> {
        State::open(&self.folder.join(FOLDER), self.settings.database.as_deref(), &self.means).await
    }
}

/// A log's name, and the name of its folder.
pub(crate) struct Place {
    pub(crate) origin: String,
    pub(crate) folder: String,
}

impl Place {
    /// Says in the database which log it is.
    pub(crate) async fn save(&self, tx: &mut store::Tx) -> Result<()> {
        tx.set_setting(ORIGIN, &self.origin).await?;
        tx.set_setting(LOG, &self.folder).await?;
        Ok(())
    }
}

/// A name that no log has had, and a folder's name to go with it.
pub(crate) fn new_origin(rng: &dyn Rng) -> (String, String) {
    let number = store::new_id(rng);
    let number = number.get(..12).unwrap_or(&number);
    (format!("upheld.example/log/{number}"), format!("{FIRST_LOG}-{number}"))
}

impl State {
    async fn open(folder: &Path, database: Option<&str>, means: &Means) -> Result<Self> {
        make_private(folder)?;
        let rng: Arc<dyn Rng> = means.rng.clone();
        let vault = Vault::open_or_create(&folder.join("keys"), rng)?;
        let location = match database {
            Some(source) => Location::Postgres(address(source, means)?),
            None => Location::Sqlite(folder.join("upheld.db")),
        };
        let store = Store::open(&location).await?;
        let mut tx = store.begin().await?;
        let known = tx.setting(ORIGIN).await?;
        let new = known.is_none();
        let origin = match known {
            Some(origin) => origin,
            None => {
                let (origin, _) = new_origin(means.rng.as_ref());
                tx.set_setting(ORIGIN, &origin).await?;
                origin
            }
        };
        let log = tx.setting(LOG).await?.unwrap_or_else(|| FIRST_LOG.to_owned());
        tx.commit().await?;
        let local = database.is_none();
        let (folder, means) = (folder.to_owned(), means.clone());
        Ok(Self { store, vault, origin, log, new, folder, local, means })
    }

    /// Where all of it lies.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the log.
    pub(crate) fn log_folder(&self) -> PathBuf {
        self.folder.join(&self.log)
    }

    /// A folder for what is made for a request until it is sealed. Whoever takes the work over from a
    /// server that died finds what it left there.
    pub(crate) fn private_folder(&self, request: &str) -> Result<PathBuf> {
        let folder = self.folder.join("work");
        make_private(&folder)?;
        let folder = folder.join(request);
        make_private(&folder)?;
        Ok(folder)
    }

    /// Goes on with another log.
    pub(crate) fn move_to(&mut self, place: Place) {
        self.origin = place.origin;
        self.log = place.folder;
    }

    pub(crate) fn means(&self) -> &Means {
        &self.means
    }

    /// Takes a case for this process. The lock falls with the process, however it ends, so a case
    /// whose process was killed can be taken up at once.
    pub(crate) fn lock_case(&self, id: &str) -> Result<Option<File>> {
        if !self.local {
            return Ok(None);
        }
        let path = self.folder.join(format!("case-{id}.lock"));
        loop {
            let file = File::create(&path).map_err(Error::file("cannot write", &path))?;
            match file.try_lock() {
                // Whoever held it before may have taken the file away between the two calls.
                Ok(()) if is_still_at(&file, &path) => return Ok(Some(file)),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(Error::Busy(id.to_owned())),
                Err(TryLockError::Error(error)) => {
                    return Err(Error::file("cannot lock", &path)(error));
                }
            }
        }
    }

    /// Lets a case go.
    pub(crate) fn unlock_case(&self, id: &str) {
        if self.local {
            // Only tidiness: the lock itself fell with the file handle.
            drop(std::fs::remove_file(self.folder.join(format!("case-{id}.lock"))));
        }
    }

    /// Who works on a case. On one machine the lock on the file tells processes apart; between
    /// machines the lease in the database does, and each process has a name of its own.
    pub(crate) fn worker(&self) -> String {
        if self.local { "this machine".to_owned() } else { store::new_id(self.means.rng.as_ref()) }
    }

    /// The key from which pseudonyms are derived.
    pub(crate) fn pseudonym_key(&self) -> Result<Secret<Vec<u8>>> {
        Ok(Secret::new(self.vault.derive("pseudonyms")?.mac(b"key").to_vec()))
    }
}

/// The address of our own database: `env:NAME` and `file:PATH` say where it lies, because it may
/// hold a password; an address without one may stand in the settings as it is.
pub(crate) fn address(source: &str, means: &Means) -> Result<Secret<String>> {
    let text = match source.split_once(':') {
        Some(("env", name)) => (means.environment)(name).ok_or_else(|| {
            Error::Refused(format!(
                "`database` in upheld.toml names the environment variable `{name}`, which is not set"
            ))
        })?,
        Some(("file", path)) => std::fs::read_to_string(path)
            .map_err(Error::file("cannot read", Path::new(path)))?
            .trim()
            .to_owned(),
        _ => source.to_owned(),
    };
    Ok(Secret::new(text))
}

/// Whether an open file is the one that the path leads to.
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let number = |found: std::io::Result<std::fs::Metadata>| found.map(|m| (m.dev(), m.ino())).ok();
    let open = number(file.metadata());
    open.is_some() && open == number(std::fs::metadata(path))
}

/// Makes the folder, readable by its owner alone, and refuses one that others can read.
pub(crate) fn make_private(folder: &Path) -> Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    match std::fs::metadata(folder) {
        Ok(found) if !found.is_dir() => Err(Error::Refused(format!(
            "`{}` is not a folder: move it away, Upheld keeps its state there",
            folder.display()
        ))),
        Ok(found) if found.permissions().mode() & 0o077 != 0 => Err(Error::Refused(format!(
            "`{}` can be read by others and holds keys: run `chmod 700 {}`",
            folder.display(),
            folder.display()
        ))),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => std::fs::DirBuilder::new()
            .mode(0o700)
            .create(folder)
            .map_err(Error::file("cannot make", folder)),
        Err(error) => Err(Error::file("cannot read", folder)(error)),
    }
}
