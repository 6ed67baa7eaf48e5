//! Changes: every record compared with what it held when it was read, every file written anew
//! beside the old one, and all of them put in place together.

use std::collections::{BTreeMap, BTreeSet};
use std::os::fd::OwnedFd;

use model::{TableName, Value};

use super::commit::{self, Staged};
use super::pass::changed;
use super::record::{Role, same, shift};
use super::rewrite::Fate;
use super::shape::{Collection, Shape};
use super::view::{View, read_key};
use super::{Files, Inner};
use crate::{Change, ChangeSet, Changed, Error, Result, SetTo};

impl Files {
    pub(super) async fn apply(&self, set: &ChangeSet, keep: bool) -> Result<Changed> {
        if self.inner.limits.read_only {
            return Err(Error::ReadOnly);
        }
        let lock = self.lock().await?;
        let set = set.clone();
        self.apart(move |inner| inner.apply(&set, keep, lock)).await
    }
}

/// What shall become of one row, in the order of the set.
enum Op<'s> {
    Update(Vec<(Role, &'s SetTo)>),
    Delete,
}

/// The work on one file.
#[derive(Default)]
struct Work<'s> {
    rows: BTreeMap<u128, Vec<Op<'s>>>,
}

type Works<'s> = BTreeMap<(TableName, String), Work<'s>>;

impl Inner {
    fn apply(&self, set: &ChangeSet, keep: bool, lock: OwnedFd) -> Result<Changed> {
        // What is named is checked before anything is read.
        let before = self.shape();
        let works = works(&before, set)?;
        commit::recover_alone(&self.folder)?;
        let shape = self.keep(self.look(Some(&before))?);
        let mut total = Changed::default();
        let mut staged = Vec::new();
        for ((table, path), work) in &works {
            // Its last file may have gone since.
            let gone = |_| changed(table, work.rows.len());
            let collection = shape.collection(table).map_err(gone)?;
            if let Some(one) = self.work(collection, path, work, &mut total)? {
                staged.push(one);
            }
        }
        // The whole set is prepared; nothing has been touched.
        let changed = |path: &str| {
            let work = works.iter().find(|((_, file), _)| file == path);
            let (table, rows) = work.map_or_else(
                || (TableName::new("", ""), 1),
                |((table, _), work)| (table.clone(), work.rows.len()),
            );
            changed(&table, rows)
        };
        if keep {
            self.commit(staged, &changed)?;
            let fresh = self.look(Some(&shape))?;
            self.keep(fresh);
        } else {
            self.check(&staged, &changed)?;
        }
        drop(lock);
        Ok(total)
    }

    /// Prepares one file.
    fn work(
        &self,
        collection: &Collection,
        path: &str,
        work: &Work<'_>,
        total: &mut Changed,
    ) -> Result<Option<Staged<'_>>> {
        let rows = || changed(collection.name(), work.rows.len());
        let known = collection.files.iter().find(|member| member.entry.path == path);
        let member = known.ok_or_else(rows)?;
        if collection.is_other() {
            return self.remove_other(collection, path, work, total);
        }
        // The fingerprint that each row will have, so that one that is done is known as such.
        let mut after: BTreeMap<u128, u128> = BTreeMap::new();
        for (print, ops) in &work.rows {
            if let Some(moved) = moved(*print, ops) {
                after.insert(moved, *print);
            }
        }
        let mut seen: BTreeSet<u128> = BTreeSet::new();
        let mut done: BTreeSet<u128> = BTreeSet::new();
        let mut counts = *total;
        let staged = self.rewrite(collection, member, false, &mut |view| {
            let print = view.print();
            if let Some(ops) = work.rows.get(&print) {
                let (fate, own) = decide(collection, view, ops)?;
                // Records that are alike in every field are one row.
                if seen.insert(print) {
                    counts.updated += own.updated;
                    counts.deleted += own.deleted;
                    counts.already += own.already;
                }
                return Ok(fate);
            }
            if let Some(before) = after.get(&print) {
                done.insert(*before);
            }
            Ok(Fate::Keep)
        })?;
        let mut missing = 0;
        for (print, ops) in &work.rows {
            if seen.contains(print) {
                continue;
            }
            if done.contains(print) {
                counts.already += ops.len() as u64;
            } else {
                missing += 1;
            }
        }
        if missing > 0 {
            return Err(changed(collection.name(), missing));
        }
        *total = counts;
        Ok(staged)
    }

    /// A file that is not read can only go as a whole.
    fn remove_other(
        &self,
        collection: &Collection,
        path: &str,
        work: &Work<'_>,
        total: &mut Changed,
    ) -> Result<Option<Staged<'_>>> {
        let gone = || changed(collection.name(), 1);
        let known = collection.files.iter().find(|member| member.entry.path == path);
        let member = known.ok_or_else(gone)?;
        let stamp = &member.entry.stamp;
        let view = View { collection, member, stamp, record: None };
        if !work.rows.keys().all(|print| *print == view.print()) {
            return Err(gone());
        }
        if member.entry.odd.is_some_and(|odd| odd.contains("folder")) {
            return Err(Error::File { file: path.to_owned(), why: "is a folder".to_owned() });
        }
        total.deleted += 1;
        Ok(Some(commit::Staged::removing(&self.folder, path, *stamp)))
    }
}

/// Groups the set by file, and checks every name in it.
fn works<'s>(shape: &Shape, set: &'s ChangeSet) -> Result<Works<'s>> {
    let mut works = Works::new();
    for change in &set.changes {
        match change {
            Change::Update { table, columns, rows } => {
                let collection = shape.collection(table)?;
                let mut roles = Vec::new();
                for column in columns {
                    roles.push(collection.role(column)?.clone());
                }
                let against = |rule: String| Error::Constraint { table: table.clone(), rule };
                for name in columns {
                    if collection.table.column(name).is_some_and(|column| column.generated) {
                        return Err(against(format!(
                            "`{name}` is read from the file, not written"
                        )));
                    }
                }
                if columns.is_empty() {
                    continue;
                }
                for row in rows {
                    if row.set.len() != columns.len() {
                        return Err(against(
                            "a row names another number of values than of columns".to_owned(),
                        ));
                    }
                    for (name, set) in columns.iter().zip(&row.set) {
                        let column = collection.table.column(name);
                        if set.to.is_null() && column.is_some_and(|column| !column.nullable) {
                            return Err(against(format!("`{name}` may not be NULL")));
                        }
                    }
                    let (file, print) = read_key(table, &row.key)?;
                    let work = works.entry((table.clone(), file.to_owned())).or_default();
                    let sets = roles.iter().cloned().zip(&row.set).collect();
                    work.rows.entry(print).or_default().push(Op::Update(sets));
                }
            }
            Change::Delete { table, keys } => {
                shape.collection(table)?;
                for key in keys.iter().collect::<BTreeSet<_>>() {
                    let (file, print) = read_key(table, key)?;
                    let work = works.entry((table.clone(), file.to_owned())).or_default();
                    work.rows.entry(print).or_default().push(Op::Delete);
                }
            }
        }
    }
    Ok(works)
}

/// The fingerprint after the changes; `None` where it cannot be told, or the row goes.
fn moved(print: u128, ops: &[Op<'_>]) -> Option<u128> {
    let mut moved = print;
    for op in ops {
        let Op::Update(sets) = op else { return None };
        for (role, set) in sets {
            moved = moved.wrapping_add(shift(role, &set.from, &set.to)?);
        }
    }
    (moved != print).then_some(moved)
}

/// What becomes of one record.
fn decide(collection: &Collection, view: &View<'_>, ops: &[Op<'_>]) -> Result<(Fate, Changed)> {
    let mut now: Vec<(&Role, &Value)> = Vec::new();
    let mut counts = Changed::default();
    for (index, op) in ops.iter().enumerate() {
        match op {
            Op::Delete => {
                counts.deleted += 1;
                counts.already += (ops.len() - index - 1) as u64;
                return Ok((Fate::Drop, counts));
            }
            Op::Update(sets) => {
                let mut any = false;
                for (role, set) in sets {
                    let set_before = now.iter().rfind(|(other, _)| *other == role);
                    let held = set_before.map_or_else(|| view.value(role), |(_, to)| (*to).clone());
                    if same(&held, &set.to, collection.typed) {
                        continue;
                    }
                    if !same(&held, &set.from, collection.typed) {
                        return Err(changed(collection.name(), 1));
                    }
                    any = true;
                    now.push((role, &set.to));
                }
                *(if any { &mut counts.updated } else { &mut counts.already }) += 1;
            }
        }
    }
    if now.is_empty() {
        return Ok((Fate::Keep, counts));
    }
    let Some(record) = &view.record else { return Ok((Fate::Keep, counts)) };
    let bytes = record.with(&now, &collection.known()).map_err(|why| Error::Constraint {
        table: collection.name().clone(),
        rule: format!("a changed field {why}"),
    })?;
    Ok((Fate::Become(bytes), counts))
}
