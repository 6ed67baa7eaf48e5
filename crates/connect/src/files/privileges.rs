//! Who may read and change the files: owner, group and everybody, by their modes.

use std::collections::{BTreeMap, BTreeSet};

use model::TableName;

use super::Inner;
use super::shape::{Collection, Member};
use crate::{Privilege, Remark, Result, Rights, Use, modes};

const READ: u32 = 4;
const WRITE: u32 = 2;
const ENTER: u32 = 1;

/// Names of accounts and groups on this machine.
struct Names {
    users: BTreeMap<u32, (String, bool)>,
    groups: BTreeMap<u32, String>,
}

impl Names {
    fn read() -> Self {
        let lines = |path| std::fs::read_to_string(path).unwrap_or_default();
        let mut users = BTreeMap::new();
        for line in lines("/etc/passwd").lines() {
            let parts: Vec<&str> = line.split(':').collect();
            if let [name, _, number, _, _, _, shell] = parts.as_slice()
                && let Ok(number) = number.parse()
            {
                let signs_in = !shell.ends_with("nologin") && !shell.ends_with("/false");
                users.insert(number, ((*name).to_owned(), signs_in));
            }
        }
        let mut groups = BTreeMap::new();
        for line in lines("/etc/group").lines() {
            let parts: Vec<&str> = line.split(':').collect();
            if let [name, _, number, ..] = parts.as_slice()
                && let Ok(number) = number.parse()
            {
                groups.insert(number, (*name).to_owned());
            }
        }
        Self { users, groups }
    }

    fn user(&self, number: u32) -> (String, bool) {
        self.users.get(&number).cloned().unwrap_or_else(|| (format!("user {number}"), false))
    }

    fn group(&self, number: u32) -> String {
        let name = self.groups.get(&number).cloned().unwrap_or_else(|| number.to_string());
        format!("group {name}")
    }
}

impl Inner {
    /// What this account may do, against what the work needs.
    pub(super) fn rights(&self, uses: &[Use]) -> Result<Rights> {
        let fresh = self.look(Some(&self.shape()))?;
        let shape = self.keep(fresh);
        let own = rustix::process::geteuid();
        let account = Names::read().user(own.as_raw()).0;
        let changed = uses.iter().filter(|used| used.deletes || !used.sets.is_empty());
        let writes: BTreeSet<&TableName> = changed.map(|used| &used.table).collect();
        let missing = |says: String, uses: &[Use]| {
            let offer = modes::folder(&self.path, uses, &account);
            Remark { says, mend: offer.grants.into_iter().map(|grant| grant.give).collect() }
        };
        let mut rights = Rights::default();
        for collection in shape.collections.values() {
            let unread = |member: &Member| {
                member.layout.is_none()
                    && (member.why.contains("this account may not")
                        || member.entry.odd.is_none()
                            && self.folder.read(&member.entry.path).is_err())
            };
            let name = collection.name();
            if collection.files.iter().any(unread) {
                rights.missing.push(missing(format!("to read `{name}`"), &[]));
            }
            let own_file = |member: &Member| own.is_root() || member.entry.owner == own.as_raw();
            let changeable =
                |member: &Member| own_file(member) && self.folder.may_change(&member.entry.path);
            if writes.contains(name) && !collection.files.iter().all(changeable) {
                let says =
                    format!("to change `{name}`: its files and their folder must be its own");
                rights.missing.push(missing(says, uses));
            }
        }
        rights.beyond.extend(modes::open_to_all(&self.path));
        rights.account = account;
        Ok(rights)
    }

    pub(super) fn privileges(&self) -> Vec<Privilege> {
        let names = Names::read();
        let shape = self.shape();
        let mut all = BTreeSet::new();
        for collection in shape.collections.values() {
            let mut own: BTreeMap<String, Privilege> = BTreeMap::new();
            for member in &collection.files {
                for found in self.of_file(&names, collection, member) {
                    own.entry(found.account.clone())
                        .and_modify(|held| {
                            held.read |= found.read;
                            held.write |= found.write;
                        })
                        .or_insert(found);
                }
            }
            all.extend(own.into_values());
        }
        all.into_iter().collect()
    }

    fn of_file(&self, names: &Names, collection: &Collection, member: &Member) -> Vec<Privilege> {
        let entry = &member.entry;
        // Whoever may not enter a folder does not reach what is in it.
        let above = self.folder.modes_above(&entry.path).unwrap_or_default();
        let enters = |bit: u32, fits: &dyn Fn(u32, u32) -> bool| {
            above.iter().all(|(mode, owner, group)| {
                let bit = if fits(*owner, *group) { bit } else { ENTER };
                mode & (bit | ENTER) != 0
            })
        };
        let (user, signs_in) = names.user(entry.owner);
        let (owner, group) = (entry.owner, entry.group);
        [
            (user, 6, signs_in, "owner", enters(ENTER << 6, &|o, _| o == owner)),
            (names.group(group), 3, false, "mode", enters(ENTER << 3, &|_, g| g == group)),
            ("everybody".to_owned(), 0, false, "mode", enters(ENTER, &|_, _| false)),
        ]
        .into_iter()
        .filter_map(|(account, shift, can_sign_in, how, enters)| {
            let bits = entry.mode >> shift;
            let (read, write) = (bits & READ != 0 && enters, bits & WRITE != 0 && enters);
            (read || write).then(|| Privilege {
                account,
                table: collection.name().clone(),
                column: None,
                read,
                write,
                through: Some(match how {
                    "owner" => "owner".to_owned(),
                    _ => format!("mode {:04o}", entry.mode & 0o7777),
                }),
                can_sign_in,
            })
        })
        .collect()
    }
}
