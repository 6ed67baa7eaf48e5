//! A starter policy folder.

use std::path::{Path, PathBuf};

use crate::house::write_whole;
use crate::{Error, Result};

/// The packs that ship, with what each is for.
pub fn packs() -> Vec<(&'static str, &'static str)> {
    policy::packs().iter().map(|pack| (pack.key, pack.title)).collect()
}

/// Writes a pack into a folder that is new or empty. Nothing that is there is overwritten.
pub fn init(folder: &Path, pack: &str) -> Result<Vec<PathBuf>> {
    let Some(found) = policy::packs().iter().find(|known| known.key == pack) else {
        let known: Vec<&str> = policy::packs().iter().map(|known| known.key).collect();
        return Err(Error::Refused(format!(
            "there is no pack `{pack}`; the packs are: {}",
            known.join(", ")
        )));
    };
    let files: Vec<(PathBuf, String)> =
        found.files().into_iter().map(|(name, text)| (folder.join(name), text)).collect();
    if let Some((taken, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Error::Refused(format!(
            "`{}` is there already: choose an empty folder, nothing is overwritten",
            taken.display()
        )));
    }
    for (path, text) in &files {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(Error::file("cannot make", parent))?;
        }
        write_whole(path, text.as_bytes())?;
    }
    for (name, text) in policy::schemas() {
        let schemas = folder.join("schemas");
        std::fs::create_dir_all(&schemas).map_err(Error::file("cannot make", &schemas))?;
        write_whole(&schemas.join(name), text.as_bytes())?;
    }
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        write_whole(&ignore, b".upheld/\n")?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_is_written_whole_and_checks_clean() {
        for (pack, _) in packs() {
            let folder = tempfile::tempdir().unwrap();
            init(folder.path(), pack).unwrap();
            let checked = policy::load(&policy::read_folder(folder.path()).unwrap());
            assert_eq!(policy::render(&checked.findings, false, 100), "", "{pack}");
            assert!(checked.policy.is_some_and(|policy| policy.promises.len() > 30), "{pack}");
            let again = init(folder.path(), pack).unwrap_err().to_string();
            assert!(again.contains("nothing is overwritten"), "{again}");
        }
        let error = init(Path::new("nowhere"), "msp-atlantis").unwrap_err().to_string();
        assert!(error.contains("devops-consultancy"), "{error}");
    }
}
