//! What Upheld keeps beside the policy: its database, its keys and its log, in `.upheld/`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{Rng, Secret};
use store::{Location, Store};
use vault::Vault;

use crate::house::{House, Means};
use crate::{Error, Result};

/// The folder's name; never in version control.
const FOLDER: &str = ".upheld";
/// The setting that holds the log's name.
const ORIGIN: &str = "ledger.origin";

/// The open state of one house.
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) origin: String,
    means: Means,
}

impl House {
    /// Opens the state, making it when it is not there yet.
    pub(crate) async fn state(&self) -> Result<State> {
        State::open(&self.folder.join(FOLDER), self.settings.database.as_deref(), &self.means).await
    }

    /// The folder of the log.
    pub(crate) fn ledger_folder(&self) -> PathBuf {
        self.folder.join(FOLDER).join("ledger")
    }
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
        let origin = match tx.setting(ORIGIN).await? {
            Some(origin) => origin,
            None => {
                let number = store::new_id(means.rng.as_ref());
                let origin = format!("upheld.example/log/{}", number.get(..12).unwrap_or(&number));
                tx.set_setting(ORIGIN, &origin).await?;
                origin
            }
        };
        tx.commit().await?;
        Ok(Self { store, vault, origin, means: means.clone() })
    }

    pub(crate) fn means(&self) -> &Means {
        &self.means
    }

    /// The key from which pseudonyms are derived.
    pub(crate) fn pseudonym_key(&self) -> Result<Secret<Vec<u8>>> {
        Ok(Secret::new(self.vault.derive("pseudonyms")?.mac(b"key").to_vec()))
    }
}

/// The address of our own database: `env:NAME` and `file:PATH` say where it lies, because it may
/// hold a password; an address without one may stand in the settings as it is.
fn address(source: &str, means: &Means) -> Result<Secret<String>> {
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

/// Makes the folder, readable by its owner alone, and refuses one that others can read.
fn make_private(folder: &Path) -> Result<()> {
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
