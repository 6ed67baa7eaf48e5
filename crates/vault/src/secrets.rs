//! Named secrets: passwords and tokens of the systems that we connect to.

use model::Secret;
use zeroize::Zeroizing;

use crate::seal::name_of;
use crate::{Error, Result, Vault, file};

const PURPOSE: &str = "secret";
const LIST_PURPOSE: &str = "secret's name";

impl Vault {
    /// Keeps a secret under a name, replacing what was kept there.
    pub fn put_secret(&self, name: &str, secret: &Secret<String>) -> Result<()> {
        // Two sealed parts: the name for the list, and the value, bound to the name.
        let title = self.seal(LIST_PURPOSE, &self.secret_file(name), name.as_bytes())?;
        let value = self.seal(PURPOSE, name, secret.expose_secret().as_bytes())?;
        let mut bytes = u32::try_from(title.len())
            .map_err(|_| Error::Crypto("sealing a secret's name"))?
            .to_be_bytes()
            .to_vec();
        bytes.extend(title);
        bytes.extend(value);
        let folder = self.folder().join("secrets");
        file::make_folder(&folder)?;
        let _lock = file::lock(self.folder())?;
        file::write(&folder.join(self.secret_file(name)), &bytes)
    }

    /// The secret kept under a name.
    pub fn secret(&self, name: &str) -> Result<Option<Secret<String>>> {
        let path = self.folder().join("secrets").join(self.secret_file(name));
        let Some(bytes) = file::read(&path)? else { return Ok(None) };
        let (_, value) = split(&bytes)?;
        let plain = Zeroizing::new(self.open_sealed(PURPOSE, name, value)?);
        let text = std::str::from_utf8(&plain).map_err(|_| Error::Unopenable)?;
        Ok(Some(Secret::new(text.to_owned())))
    }

    /// Forgets a secret; `false` if there was none.
    pub fn remove_secret(&self, name: &str) -> Result<bool> {
        let _lock = file::lock(self.folder())?;
        file::remove(&self.folder().join("secrets").join(self.secret_file(name)))
    }

    /// The names of this organisation's secrets.
    pub fn secret_names(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for path in file::list(&self.folder().join("secrets"))? {
            let Some(bytes) = file::read(&path)? else { continue };
            let (title, _) = split(&bytes)?;
            let stem = path.file_name().unwrap_or_default().to_string_lossy();
            // Another organisation's do not open here, and are none of its business.
            if let Ok(name) = self.open_sealed(LIST_PURPOSE, &stem, title) {
                names.push(String::from_utf8(name).map_err(|_| Error::Unopenable)?);
            }
        }
        names.sort();
        Ok(names)
    }

    fn secret_file(&self, name: &str) -> String {
        name_of(&[self.organisation(), name])
    }
}

fn split(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(Error::Unopenable)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Error::Unopenable)?;
    rest.split_at_checked(length).ok_or(Error::Unopenable)
}
