//! A policy folder and the means to work with it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use model::{Clock, Rng};
use policy::{Policy, Sources};
use tempfile::{NamedTempFile, TempPath};

use crate::reading::Seen;
use crate::sealer::Sealer;
use crate::settings::{Connection, Stamp};
use crate::state::State;
use crate::{Error, Result, Settings};

/// Reads an environment variable.
pub type Environment = dyn Fn(&str) -> Option<String> + Send + Sync;

/// What the outside world lends: time, chance, the environment.
#[derive(Clone)]
pub struct Means {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub rng: Arc<dyn Rng>,
    /// Environment variables, for passwords kept there.
    pub environment: Arc<Environment>,
    /// Told as long work goes on.
    pub progress: Arc<dyn engine::Progress>,
    /// A folder of this user's own, outside every policy folder, in which the last checkpoint of each
    /// log is kept; `None` keeps none there.
    pub anchors: Option<PathBuf>,
}

/// The machine's own clock.
struct MachineClock;

impl Clock for MachineClock {
    // The one place where the machine is asked.
    #[allow(clippy::disallowed_methods)]
    fn now(&self) -> model::Micros {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let micros = since.map_or(0, |passed| passed.as_micros());
        model::Micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

/// Nobody listens.
struct Quiet;

impl engine::Progress for Quiet {
    fn step(&self, _: &str, _: &str) {}
    fn rows(&self, _: u64) {}
}

impl Means {
    /// The machine's clock, its random numbers, its environment, and nobody who listens.
    pub fn of_this_machine() -> Self {
        #[allow(clippy::disallowed_methods)]
        let environment = |name: &str| std::env::var(name).ok();
        Self {
            clock: Arc::new(MachineClock),
            rng: Arc::new(vault::OsRng),
            environment: Arc::new(environment),
            progress: Arc::new(Quiet),
            anchors: None,
        }
    }

    /// The same, and what this user keeps outside the policy folders: `$XDG_STATE_HOME/upheld`, or
    /// `~/.local/state/upheld`.
    pub fn of_this_user() -> Self {
        let machine = Self::of_this_machine();
        let folder = |name: &str| {
            (machine.environment)(name).map(PathBuf::from).filter(|path| path.is_absolute())
        };
        let state =
            folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local").join("state")));
        let anchors = state.map(|state| state.join("upheld").join("anchors"));
        Self { anchors, ..machine }
    }
}

/// How each system is reached, and the state of `upheld.toml` from which that was read.
type Connections = (Option<Stamp>, Arc<BTreeMap<String, Connection>>);

/// A policy folder. Opening it reads nothing but its settings.
pub struct House {
    pub(crate) folder: PathBuf,
    pub(crate) settings: Settings,
    pub(crate) means: Means,
    /// The state, while a server keeps it open.
    pub(crate) opened: tokio::sync::OnceCell<Arc<State>>,
    /// Whether a server seals beside the work.
    pub(crate) sealer: Sealer,
    /// The policy that was sound last, and the folder as it was then.
    last_sound: Mutex<Option<(Seen, Arc<Policy>)>>,
    /// How each system is reached, and `upheld.toml` as it was when that was read.
    connections: Mutex<Connections>,
}

impl House {
    /// Opens a folder that holds a policy.
    pub fn open(folder: &Path, means: Means) -> Result<Self> {
        if !folder.join("policy.yaml").is_file() {
            return Err(Error::NoPolicy(folder.to_owned()));
        }
        let stamp = Settings::stamp(folder);
        let settings = Settings::read(folder)?;
        let connections = Mutex::new((stamp, Arc::new(settings.connections.clone())));
        let opened = tokio::sync::OnceCell::new();
        let last_sound = Mutex::default();
        let sealer = Sealer::default();
        let folder = folder.to_owned();
        Ok(Self { folder, settings, means, opened, sealer, last_sound, connections })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Says by which address people reach the server, as it stands in the links of letters.
    pub fn known_at(&mut self, origin: &str) {
        self.settings.serve.public_url = Some(origin.to_owned());
    }

    /// How each system is reached, as `upheld.toml` says it now: a server goes on for months, and
    /// systems are connected meanwhile. While the file cannot be read, the last that could be goes on.
    pub(crate) fn connections(&self) -> Arc<BTreeMap<String, Connection>> {
        let now = Settings::stamp(&self.folder);
        let mut known = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != now
            && let Ok(settings) = Settings::read(&self.folder)
        {
            *known = (now, Arc::new(settings.connections));
        }
        Arc::clone(&known.1)
    }

    pub(crate) fn sources(&self) -> Result<Sources> {
        policy::read_folder(&self.folder).map_err(Error::file("cannot read", &self.folder))
    }

    /// The policy, if it is sound. `erasing` also asks that no question about the map is open.
    pub(crate) fn policy(&self, erasing: bool) -> Result<Policy> {
        Self::sound(&self.sources()?, erasing)
    }

    /// The policy for what goes on all day: read again when a file was changed. While somebody works on
    /// the folder and it is not sound, the last that was goes on, so that nobody's request is turned
    /// away. What erases asks [`House::policy`].
    pub(crate) fn last_sound_policy(&self) -> Result<Arc<Policy>> {
        let seen = self.seen()?;
        let mut last = self.last_sound.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, policy)) = &*last
            && *known == seen
        {
            return Ok(Arc::clone(policy));
        }
        match (self.policy(false), &*last) {
            (Ok(policy), _) => {
                let policy = Arc::new(policy);
                *last = Some((seen, Arc::clone(&policy)));
                Ok(policy)
            }
            (Err(_), Some((_, policy))) => Ok(Arc::clone(policy)),
            (Err(error), None) => Err(error),
        }
    }

    /// The policy in these files, if it is sound.
    pub(crate) fn sound(sources: &Sources, erasing: bool) -> Result<Policy> {
        let checked = policy::load(sources);
        let errors =
            checked.findings.iter().filter(|f| f.severity == policy::Severity::Error).count();
        let questions =
            checked.findings.iter().filter(|f| f.severity == policy::Severity::Question).count();
        match checked.policy {
            Some(policy) if errors == 0 && (questions == 0 || !erasing) => Ok(policy),
            Some(_) if errors == 0 => Err(Error::Questions { questions }),
            _ => {
                let report = policy::render(&checked.findings, false, 100);
                Err(Error::Unsound { errors, report })
            }
        }
    }

    /// The zone in which moments are written out.
    pub fn zone(&self) -> Result<render::Zone> {
        let name = self.settings.zone.as_deref().unwrap_or("UTC");
        render::Zone::named(name).map_err(|error| Error::Settings {
            file: self.folder.join("upheld.toml"),
            message: error.to_string(),
        })
    }
}

/// A new file beside the one whose place it shall take, for its owner alone. Its name tells whose it
/// is, so that what a killed process left there is taken away: half a package is a person's data too.
pub(crate) fn aside(path: &Path) -> std::io::Result<NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut name = std::ffi::OsString::from(".upheld-");
    name.push(path.file_name().unwrap_or_default());
    name.push(".part");
    let own = folder.join(name);
    let is_left = |found: std::fs::Metadata| {
        found.is_file() && File::open(&own).is_ok_and(|left| left.try_lock().is_ok())
    };
    if std::fs::symlink_metadata(&own).is_ok_and(is_left) {
        // If it cannot be taken away, another name is taken below.
        drop(std::fs::remove_file(&own));
    }
    let made = File::options().read(true).write(true).create_new(true).mode(0o600).open(&own);
    match made {
        Ok(file) => {
            // Held while somebody writes it.
            drop(file.try_lock());
            Ok(NamedTempFile::from_parts(file, TempPath::try_from_path(own)?))
        }
        // Somebody else writes the same file now, or its name is too long for another part.
        Err(_) => tempfile::Builder::new().prefix(".upheld-").tempfile_in(folder),
    }
}

/// Writes a file whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || {
        let mut file = aside(path)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        model::crash::site("app.file.written_aside");
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(Error::file("cannot write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_the_folder_is_not_sound_the_last_policy_goes_on() {
        let folder = crate::fixture::folder("anchors = []\n");
        let file = folder.path().join("policy.yaml");
        let text = std::fs::read_to_string(&file).unwrap();
        let house = House::open(folder.path(), Means::of_this_machine()).unwrap();
        let name = || house.last_sound_policy().unwrap().organisation.name.clone();
        assert_eq!(name(), "Northlight IT");
        let one = house.last_sound_policy().unwrap();
        assert!(Arc::ptr_eq(&one, &house.last_sound_policy().unwrap()), "it is read once");
        std::fs::write(&file, "organisation: [").unwrap();
        assert_eq!(name(), "Northlight IT");
        assert!(house.policy(true).is_err(), "what erases is told");
        std::fs::write(&file, text.replace("Northlight IT", "Northlight Two")).unwrap();
        assert_eq!(name(), "Northlight Two");
        std::fs::write(&file, "organisation: [").unwrap();
        let other = House::open(folder.path(), Means::of_this_machine()).unwrap();
        assert!(other.last_sound_policy().is_err(), "there was none before");
    }
}
