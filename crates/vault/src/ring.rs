//! The key ring: root keys, organisation keys, and the vault that uses them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{Rng, Secret};
use zeroize::Zeroizing;

use crate::seal::{self, Key, hex, unhex};
use crate::{Error, Result, file};

const ROOT_HEADER: &str = "upheld root key, format 1\n";
/// First bytes of a wrapped organisation key; the root's version follows.
const WRAPPED_MARK: [u8; 4] = *b"UPK1";
/// The organisation that the installation's own secrets and signing key belong to.
const OWN: &str = "";

/// Seals and opens. Cheap to clone; every clone is the same key ring.
///
/// A vault belongs to one organisation: as opened to the installation itself, and by
/// [`Vault::of`] to any other.
#[derive(Clone)]
pub struct Vault {
    ring: Arc<Ring>,
    organisation: String,
}

struct Ring {
    folder: PathBuf,
    rng: Arc<dyn Rng>,
    roots: Mutex<BTreeMap<u32, Key>>,
    organisations: Mutex<BTreeMap<String, Arc<OrganisationKeys>>>,
}

/// What belongs to one organisation. INVARIANT: `derivation` never changes, or hashes that were
/// derived from it would no longer be recognised.
pub(crate) struct OrganisationKeys {
    pub(crate) wrapping: Key,
    pub(crate) derivation: Key,
}

impl Vault {
    /// Makes a key ring in a folder that has none.
    pub fn create(folder: &Path, rng: Arc<dyn Rng>) -> Result<Self> {
        file::make_folder(folder)?;
        file::check_private(folder)?;
        let _lock = file::lock(folder)?;
        if !read_roots(folder)?.is_empty() || !file::list(&folder.join("organisations"))?.is_empty()
        {
            return Err(Error::Exists(folder.to_owned()));
        }
        file::make_folder(&folder.join("organisations"))?;
        file::make_folder(&folder.join("secrets"))?;
        write_root(folder, 1, rng.as_ref())?;
        Self::with_roots(folder, rng)
    }

    /// Opens the key ring in a folder, and finishes a rotation that was cut short.
    pub fn open(folder: &Path, rng: Arc<dyn Rng>) -> Result<Self> {
        if !folder.is_dir() {
            return Err(Error::NoKeys(folder.to_owned()));
        }
        file::check_private(folder)?;
        for inner in ["organisations", "secrets"] {
            let inner = folder.join(inner);
            if inner.is_dir() {
                file::check_private(&inner)?;
                file::list(&inner)?.iter().try_for_each(|path| file::check_private(path))?;
            }
        }
        file::list(folder)?.iter().try_for_each(|path| file::check_private(path))?;
        let vault = Self::with_roots(folder, rng)?;
        if vault.ring.roots().len() > 1 {
            let lock = file::lock(folder)?;
            vault.rewrap(&lock)?;
        }
        Ok(vault)
    }

    /// Opens the key ring, or makes it if the folder is not there or empty.
    pub fn open_or_create(folder: &Path, rng: Arc<dyn Rng>) -> Result<Self> {
        match Self::create(folder, Arc::clone(&rng)) {
            Err(Error::Exists(_)) => Self::open(folder, rng),
            made => made,
        }
    }

    fn with_roots(folder: &Path, rng: Arc<dyn Rng>) -> Result<Self> {
        let roots = read_roots(folder)?;
        if roots.is_empty() {
            return Err(Error::NoKeys(folder.to_owned()));
        }
        let ring = Ring {
            folder: folder.to_owned(),
            rng,
            roots: Mutex::new(roots),
            organisations: Mutex::default(),
        };
        Ok(Self { ring: Arc::new(ring), organisation: OWN.to_owned() })
    }

    /// The same key ring for another organisation: nothing that one has sealed opens for the other.
    pub fn of(&self, organisation: &str) -> Self {
        Self { ring: Arc::clone(&self.ring), organisation: organisation.to_owned() }
    }

    /// Makes a new root key, wraps every organisation key with it and destroys the old one. Nothing
    /// that was sealed needs to be sealed again. The new version is returned.
    pub fn rotate(&self) -> Result<u32> {
        let lock = file::lock(&self.ring.folder)?;
        let roots = read_roots(&self.ring.folder)?;
        let newest = roots.last_key_value().map_or(0, |(version, _)| *version);
        write_root(&self.ring.folder, newest.saturating_add(1), self.ring.rng.as_ref())?;
        self.rewrap(&lock)
    }

    /// Wraps everything with the newest root key, then removes the others. May be cut short anywhere
    /// and run again.
    fn rewrap(&self, _lock: &file::Lock) -> Result<u32> {
        let folder = &self.ring.folder;
        let roots = read_roots(folder)?;
        let Some((&newest, key)) = roots.last_key_value() else {
            return Err(Error::NoKeys(folder.clone()));
        };
        for path in file::list(&folder.join("organisations"))? {
            let Some(bytes) = file::read(&path)? else { continue };
            let wrapped = Wrapped::parse(&path, &bytes)?;
            if wrapped.root == newest {
                continue;
            }
            let old = roots
                .get(&wrapped.root)
                .ok_or_else(|| Error::NoRoot { path: path.clone(), version: wrapped.root })?;
            let keys = wrapped.unwrap_with(&path, old)?;
            file::write(&path, &wrap(&path, newest, key, &keys)?)?;
        }
        // INVARIANT: an old root is removed only after nothing on the disk needs it.
        for version in roots.keys().filter(|version| **version != newest) {
            file::remove(&root_path(folder, *version))?;
        }
        *self.ring.roots() = read_roots(folder)?;
        Ok(newest)
    }

    /// This organisation's keys, made on first use.
    pub(crate) fn keys(&self) -> Result<Arc<OrganisationKeys>> {
        let ring = &self.ring;
        if let Some(keys) = ring.organisations().get(&self.organisation) {
            return Ok(Arc::clone(keys));
        }
        let path = ring.folder.join("organisations").join(seal::name_of(&[&self.organisation]));
        let plain = match self.unwrap_file(&path)? {
            Some(plain) => plain,
            None => {
                let _lock = file::lock(&ring.folder)?;
                // Another program may have been quicker, or have rotated the root.
                *ring.roots() = read_roots(&ring.folder)?;
                match self.unwrap_file(&path)? {
                    Some(plain) => plain,
                    None => {
                        let mut plain = Zeroizing::new(vec![0u8; 64]);
                        ring.rng.fill(&mut plain);
                        let wrapped = {
                            let roots = ring.roots();
                            let Some((&version, root)) = roots.last_key_value() else {
                                return Err(Error::NoKeys(ring.folder.clone()));
                            };
                            wrap(&path, version, root, &plain)?
                        };
                        file::make_folder(&ring.folder.join("organisations"))?;
                        file::write(&path, &wrapped)?;
                        plain
                    }
                }
            }
        };
        let malformed = || Error::Malformed { path: path.clone() };
        let (wrapping, derivation) = plain.split_at_checked(32).ok_or_else(malformed)?;
        let keys = Arc::new(OrganisationKeys {
            wrapping: Key::new(wrapping.try_into().map_err(|_| malformed())?),
            derivation: Key::new(derivation.try_into().map_err(|_| malformed())?),
        });
        ring.organisations().insert(self.organisation.clone(), Arc::clone(&keys));
        Ok(keys)
    }

    fn unwrap_file(&self, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let Some(bytes) = file::read(path)? else { return Ok(None) };
        let wrapped = Wrapped::parse(path, &bytes)?;
        if !self.ring.roots().contains_key(&wrapped.root) {
            // Another program has rotated since we read the roots.
            *self.ring.roots() = read_roots(&self.ring.folder)?;
        }
        let roots = self.ring.roots();
        let root = roots
            .get(&wrapped.root)
            .ok_or_else(|| Error::NoRoot { path: path.to_owned(), version: wrapped.root })?;
        wrapped.unwrap_with(path, root).map(Some)
    }

    pub(crate) fn organisation(&self) -> &str {
        &self.organisation
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        self.ring.rng.as_ref()
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.ring.folder
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("folder", &self.ring.folder).finish_non_exhaustive()
    }
}

impl Ring {
    /// A panic elsewhere while the lock was held cannot leave these maps half changed.
    fn roots(&self) -> MutexGuard<'_, BTreeMap<u32, Key>> {
        self.roots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn organisations(&self) -> MutexGuard<'_, BTreeMap<String, Arc<OrganisationKeys>>> {
        self.organisations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wrapped organisation key as it lies on the disk.
struct Wrapped<'a> {
    root: u32,
    sealed: &'a [u8],
}

impl<'a> Wrapped<'a> {
    fn parse(path: &Path, bytes: &'a [u8]) -> Result<Self> {
        let malformed = || Error::Malformed { path: path.to_owned() };
        let rest = bytes.strip_prefix(&WRAPPED_MARK).ok_or_else(malformed)?;
        let (root, sealed) = rest.split_first_chunk::<4>().ok_or_else(malformed)?;
        Ok(Self { root: u32::from_be_bytes(*root), sealed })
    }

    fn unwrap_with(&self, path: &Path, root: &Key) -> Result<Zeroizing<Vec<u8>>> {
        seal::decrypt(root, &wrapping_place(path, self.root), self.sealed)
    }
}

fn wrap(path: &Path, version: u32, root: &Key, plain: &[u8]) -> Result<Vec<u8>> {
    let mut wrapped = WRAPPED_MARK.to_vec();
    wrapped.extend(version.to_be_bytes());
    wrapped.extend(seal::encrypt(root, &wrapping_place(path, version), plain)?);
    Ok(wrapped)
}

/// Binds a wrapped key to its file's name (a hash of the organisation) and to its root's version.
fn wrapping_place(path: &Path, version: u32) -> Vec<u8> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    seal::place(&["organisation key", &version.to_string(), &name])
}

fn root_path(folder: &Path, version: u32) -> PathBuf {
    folder.join(format!("root.v{version}"))
}

fn write_root(folder: &Path, version: u32, rng: &dyn Rng) -> Result<()> {
    let mut key = Zeroizing::new([0u8; 32]);
    rng.fill(key.as_mut());
    let text = Zeroizing::new(format!("{ROOT_HEADER}{}\n", *hex(key.as_ref())));
    file::write(&root_path(folder, version), text.as_bytes())
}

fn read_roots(folder: &Path) -> Result<BTreeMap<u32, Key>> {
    let mut roots = BTreeMap::new();
    for path in file::list(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(version) = name.strip_prefix("root.v").and_then(|v| v.parse().ok()) else {
            continue;
        };
        let Some(bytes) = file::read(&path)? else { continue };
        let bytes = Zeroizing::new(bytes);
        let key = std::str::from_utf8(&bytes)
            .ok()
            .and_then(|text| text.strip_prefix(ROOT_HEADER))
            .and_then(|text| unhex(text.trim_end()))
            .ok_or_else(|| Error::Malformed { path: path.clone() })?;
        roots.insert(version, Secret::new(key));
    }
    Ok(roots)
}

#[cfg(test)]
#[path = "ring_tests.rs"]
mod tests;
