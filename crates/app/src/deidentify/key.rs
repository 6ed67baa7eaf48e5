//! Where the key of pseudonyms comes from: a file, the vault of the policy folder, or chance.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use deidentify::{Key, Profile};

use super::Wish;
use crate::{Error, House, Means, Result};

/// The first line of a file with a key.
const HEADER: &str = "upheld pseudonym key, format 1";

/// The key, and in words where it is from. None where nothing asks for one.
pub(super) async fn find(
    wish: &Wish,
    profile: &Profile,
    house: Option<&House>,
    means: &Means,
) -> Result<(Option<Key>, Option<String>)> {
    if let Some(file) = &wish.key {
        return Ok((Some(read(file)?), Some(format!("the key in `{}`", file.display()))));
    }
    if !profile.needs_key() {
        return Ok((None, None));
    }
    if let Some(house) = house {
        // Not the key of erasures: whoever learns one learns nothing of the other.
        let state = house.state().await?;
        let bytes = state.vault.derive("de-identification")?.mac(b"key");
        let from = "the key of this policy folder".to_owned();
        return Ok((Some(Key::new(bytes)), Some(from)));
    }
    let mut bytes = [0; 32];
    means.rng.fill(&mut bytes);
    let from = "a key made for this run alone, which is not kept: another run gives others (keep one with `upheld deidentify --new-key FILE`)";
    Ok((Some(Key::new(bytes)), Some(from.to_owned())))
}

/// Makes a file with a new key. One that is there is never written over: with it every pseudonym made
/// so far would lose its person.
pub(super) fn make(file: &Path, means: &Means) -> Result<()> {
    let mut bytes = [0; 32];
    means.rng.fill(&mut bytes);
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let write = || {
        let options =
            std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        let mut open = options?;
        open.write_all(format!("{HEADER}\n{digits}\n").as_bytes())?;
        open.sync_all()
    };
    write().map_err(Error::file("cannot make", file))
}

fn read(file: &Path) -> Result<Key> {
    let mut open = std::fs::File::open(file).map_err(Error::file("cannot read", file))?;
    let about = open.metadata().map_err(Error::file("cannot read", file))?;
    if about.permissions().mode() & 0o077 != 0 {
        return Err(Error::Refused(format!(
            "`{0}` can be read by others and holds a key: run `chmod 600 {0}`",
            file.display()
        )));
    }
    let mut text = String::new();
    let read = (&mut open).take(4_096).read_to_string(&mut text);
    read.map_err(Error::file("cannot read", file))?;
    let digits = text.strip_prefix(HEADER).map(str::trim);
    digits.and_then(parse).ok_or_else(|| {
        Error::Refused(format!(
            "`{0}` holds no key: make one with `upheld deidentify --new-key FILE`",
            file.display()
        ))
    })
}

fn parse(digits: &str) -> Option<Key> {
    let mut bytes = [0; 32];
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(Key::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_made_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("people.key");
        let means = Means::of_this_machine();
        make(&file, &means).unwrap();
        let key = read(&file).unwrap();
        assert_eq!(key.mark(), read(&file).unwrap().mark());
        assert!(make(&file, &means).is_err());
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(read(&file).unwrap_err().to_string().contains("chmod 600"));
        let other = folder.path().join("other");
        std::fs::write(&other, "hunter2").unwrap();
        std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o600)).unwrap();
        let told = read(&other).unwrap_err().to_string();
        assert!(told.contains("no key") && !told.contains("hunter2"));
    }
}
