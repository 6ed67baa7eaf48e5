//! SQLite has no accounts: whoever may write to the file may do everything.

use crate::address::{Address, Place};
use crate::sql::failure::{At, failure};
use crate::sql::link::Link;
use crate::{Error, Remark, Result, Rights, Use, modes};

pub(super) async fn rights(link: &mut Link, address: &Address, uses: &[Use]) -> Result<Rights> {
    let mut rights = Rights::default();
    let Place::File { path, .. } = &address.place else { return Ok(rights) };
    if uses.iter().any(|used| used.deletes || !used.sets.is_empty()) {
        // Not by opening the file a second time: closing it would drop this process's locks.
        let begun = link.control("BEGIN IMMEDIATE").await;
        let _ = link.control("ROLLBACK").await;
        if let Err(error) = begun {
            match failure(&error, At::NOWHERE) {
                Error::ReadOnly => rights.missing.push(Remark {
                    says: "to change the file, and to write beside it".to_owned(),
                    mend: modes::file(path, uses, "USER")
                        .grants
                        .into_iter()
                        .map(|g| g.give)
                        .collect(),
                }),
                error => return Err(error),
            }
        }
    }
    rights.beyond.extend(modes::open_to_all(path));
    Ok(rights)
}
