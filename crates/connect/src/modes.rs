//! Files have no GRANT: who may read and change them is said by their owner and mode.

use std::path::Path;

use crate::{Grant, Offer, Remark, Use};

/// A path between quotes that a shell leaves alone.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', "'\\''"))
}

fn changes(uses: &[Use]) -> bool {
    uses.iter().any(|used| used.deletes || !used.sets.is_empty())
}

fn step(because: &str, give: String, take: String) -> Grant {
    Grant { because: because.to_owned(), table: None, columns: Vec::new(), give, take }
}

/// For one file, such as SQLite's.
pub(crate) fn file(path: &Path, uses: &[Use], account: &str) -> Offer {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (file, folder) = (quoted(path), quoted(folder));
    let user = quoted(Path::new(account));
    let right = if changes(uses) { "rw" } else { "r" };
    let mut offer = Offer { account: account.to_owned(), ..Offer::default() };
    offer.create.push(format!("useradd --system --shell /usr/sbin/nologin {user}"));
    offer.grants.push(step(
        if changes(uses) { "to read and to change the file" } else { "to read the file" },
        format!("setfacl -m u:{user}:{right} {file}"),
        format!("setfacl -x u:{user} {file}"),
    ));
    offer.grants.push(step(
        "to keep the journal beside the file, without which SQLite neither reads a database in WAL mode nor changes any",
        format!("setfacl -m u:{user}:rwx {folder}"),
        format!("setfacl -x u:{user} {folder}"),
    ));
    offer
}

/// For a folder of files.
pub(crate) fn folder(path: &Path, uses: &[Use], account: &str) -> Offer {
    let folder = quoted(path);
    let user = quoted(Path::new(account));
    let mut offer = Offer { account: account.to_owned(), ..Offer::default() };
    offer.create.push(format!("useradd --system --shell /usr/sbin/nologin {user}"));
    if changes(uses) {
        offer.grants.push(step(
            "to change the files: a new file takes the place of the old one, so they must be its own",
            format!("chown -R {user} {folder}"),
            format!("chown -R root {folder}"),
        ));
        offer.remarks.push(
            "where another program must go on writing these files, run upheld as that program's user"
                .to_owned(),
        );
    } else {
        offer.grants.push(step(
            "to read the files, those of tomorrow too",
            format!("setfacl -R -m u:{user}:rX -d -m u:{user}:rX {folder}"),
            format!("setfacl -R -x u:{user} -x d:u:{user} {folder}"),
        ));
    }
    offer
}

/// What everybody on the machine may do with a file, and what ends it.
#[cfg(unix)]
pub(crate) fn open_to_all(path: &Path) -> Option<Remark> {
    use std::os::unix::fs::MetadataExt as _;

    let mode = std::fs::metadata(path).ok()?.mode();
    let may = match mode & 0o006 {
        0 => return None,
        0o004 => "read",
        0o002 => "change",
        _ => "read and change",
    };
    Some(Remark {
        says: format!("everybody on this machine may {may} `{}`", path.display()),
        mend: vec![format!("chmod o-rwx {}", quoted(path))],
    })
}

#[cfg(not(unix))]
pub(crate) fn open_to_all(_: &Path) -> Option<Remark> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_one_word() {
        let offer = file(Path::new("/srv/it's; rm -rf x/a.db"), &[], "up'held");
        let given: Vec<&str> = offer.grants.iter().map(|grant| grant.give.as_str()).collect();
        assert_eq!(
            given,
            [
                r"setfacl -m u:'up'\''held':r '/srv/it'\''s; rm -rf x/a.db'",
                r"setfacl -m u:'up'\''held':rwx '/srv/it'\''s; rm -rf x'",
            ]
        );
    }
}
