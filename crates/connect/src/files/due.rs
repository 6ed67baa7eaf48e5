//! Rows by their age: counted, listed, and taken out of their files.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::os::fd::OwnedFd;

use model::{Micros, Row, RowKey, TableName};

use super::Inner;
use super::commit::{self, Staged};
use super::folder::Stamp;
use super::pass::{Visited, changed, roles};
use super::pattern::family;
use super::record::Role;
use super::rewrite::Fate;
use super::shape::{Collection, Member, Shape};
use super::view::{AnyOf, View, conditions, holds, read_key};
use crate::{Due, DueRows, Error, Fold, Old, Purge, Purged, Result};

/// Files in which nothing was due, by what was asked and by what they were.
pub(super) type Swept = Option<(Due, BTreeMap<String, Stamp>)>;

/// Where a listing stood.
#[derive(Debug)]
pub(super) struct Listed {
    table: TableName,
    key: RowKey,
    number: u64,
}

/// What makes a row due, checked against the catalogue.
struct Rule {
    role: Role,
    old: Age,
    when: Vec<(Role, AnyOf)>,
    past: Vec<(Role, Micros)>,
    /// Fingerprints of records that stay.
    ///
    /// INVARIANT: whichever file they stand in. A log that is rotated while a run is under way has
    /// another name, and what is held in it stays held.
    except: BTreeSet<u128>,
    referred: Vec<(Vec<Role>, BTreeSet<Vec<String>>)>,
}

enum Age {
    Before(Micros),
    OneOf(AnyOf),
}

/// What a rule says of a row.
enum Verdict {
    Young,
    Held,
    Due(Option<Micros>),
}

impl Rule {
    fn times(&self) -> bool {
        let here = |role: &Role| *role == Role::Time;
        here(&self.role)
            || self.past.iter().any(|(role, _)| here(role))
            || self.when.iter().any(|(role, _)| here(role))
    }

    /// Whether a whole file is due or not, whatever its records hold.
    fn by_file(&self) -> bool {
        self.role == Role::FileTime
    }

    fn judge(&self, view: &View<'_>) -> Verdict {
        let moment = match &self.old {
            Age::Before(before) => match view.moment(&self.role).and_then(crate::moment::set) {
                Some(moment) if moment < *before => Some(moment),
                _ => return Verdict::Young,
            },
            Age::OneOf(any) => {
                if !any.has(&view.value(&self.role)) {
                    return Verdict::Young;
                }
                None
            }
        };
        if !holds(&self.when, view) {
            return Verdict::Young;
        }
        let too_young = self.past.iter().any(|(role, before)| {
            view.moment(role).and_then(crate::moment::set).is_none_or(|moment| moment >= *before)
        });
        if too_young || self.excepted(view) || self.is_referred(view) {
            Verdict::Held
        } else {
            Verdict::Due(moment)
        }
    }

    fn excepted(&self, view: &View<'_>) -> bool {
        !self.except.is_empty() && self.except.contains(&view.print())
    }

    fn is_referred(&self, view: &View<'_>) -> bool {
        self.referred.iter().any(|(roles, held)| {
            let values = roles.iter().map(|role| view.value(role).to_plain_text());
            values.collect::<Option<Vec<String>>>().is_some_and(|values| held.contains(&values))
        })
    }
}

impl Inner {
    fn rule(&self, shape: &Shape, due: &Due) -> Result<Rule> {
        let collection = shape.collection(&due.table)?;
        if !due.dependents.is_empty() {
            return Err(Error::NotOffered { what: "delete rows of other files along with a row" });
        }
        let (role, old) = match &due.old {
            Old::File { before } => (Role::FileTime, Age::Before(*before)),
            Old::Column { column, before } => {
                (collection.role(column)?.clone(), Age::Before(*before))
            }
            Old::OneOf { column, any_of } => {
                (collection.role(column)?.clone(), Age::OneOf(AnyOf::new(any_of, Fold::Exact)))
            }
        };
        let mut past = Vec::new();
        for minimum in &due.past {
            past.push((collection.role(&minimum.column)?.clone(), minimum.before));
        }
        let mut referred = Vec::new();
        for referrer in &due.unless_referred {
            let there = shape.collection(&referrer.table)?;
            let (mut from, mut here) = (Vec::new(), Vec::new());
            for (column, own) in &referrer.columns {
                from.push(there.role(column)?.clone());
                here.push(collection.role(own)?.clone());
            }
            let when = conditions(there, &referrer.when)?;
            let mut held = BTreeSet::new();
            self.every_row(there, from.contains(&Role::Time), &mut |view| {
                if holds(&when, view) {
                    let values = from.iter().map(|role| view.value(role).to_plain_text());
                    held.extend(values.collect::<Option<Vec<String>>>());
                }
                Ok(ControlFlow::Continue(()))
            })?;
            referred.push((here, held));
        }
        Ok(Rule {
            role,
            old,
            when: conditions(collection, &due.when)?,
            past,
            except: due
                .except
                .iter()
                .map(|key| read_key(&due.table, key).map(|(_, print)| print))
                .collect::<Result<_>>()?,
            referred,
        })
    }

    pub(super) fn count_due(&self, due: &Due, at_most: u64) -> Result<DueRows> {
        let shape = self.shape();
        let collection = match shape.collection(&due.table) {
            // Its last file went with the last batch.
            Err(Error::NoTable(_)) if self.is_emptied(due) => return Ok(DueRows::default()),
            found => found?,
        };
        let rule = self.rule(&shape, due)?;
        let mut told = DueRows::default();
        let old_enough = |member: &Member| self.may_be_old(&rule, member);
        self.every_file(collection, &|_| true, &mut |member| {
            if !old_enough(member) {
                return Ok(Visited::Read);
            }
            self.rows_of(collection, member, rule.times(), &mut |view| {
                match rule.judge(view) {
                    Verdict::Young => {}
                    Verdict::Held => told.held_back += 1,
                    Verdict::Due(_) if told.rows >= at_most => {
                        told.at_least = true;
                        return Ok(ControlFlow::Break(()));
                    }
                    Verdict::Due(moment) => {
                        told.rows += 1;
                        told.oldest = match (told.oldest, moment) {
                            (Some(a), Some(b)) => Some(a.min(b)),
                            (a, b) => a.or(b),
                        };
                    }
                }
                Ok(ControlFlow::Continue(()))
            })
        })?;
        Ok(told)
    }

    pub(super) fn count_undated(&self, due: &Due, at_most: u64) -> Result<u64> {
        let shape = self.shape();
        let collection = shape.collection(&due.table)?;
        // What keeps a row back is not asked.
        let rule = self.rule(&shape, &Due { unless_referred: Vec::new(), ..due.clone() })?;
        if rule.by_file() || matches!(rule.old, Age::OneOf(_)) {
            return Ok(0);
        }
        let mut undated = 0;
        self.every_row(collection, rule.times(), &mut |view| {
            let told = view.moment(&rule.role).and_then(crate::moment::set);
            undated += u64::from(told.is_none() && holds(&rule.when, view));
            Ok(if undated < at_most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(undated)
    }

    /// By the age of files, a young one need not be opened.
    fn may_be_old(&self, rule: &Rule, member: &Member) -> bool {
        match &rule.old {
            Age::Before(before) if rule.by_file() => member.entry.stamp.moment() < *before,
            _ => true,
        }
    }

    pub(super) fn list_due(
        &self,
        due: &Due,
        columns: &[String],
        after: Option<&RowKey>,
        limit: u32,
        emit: &mut dyn FnMut(Row) -> Result<()>,
    ) -> Result<()> {
        let shape = self.shape();
        let collection = shape.collection(&due.table)?;
        let rule = self.rule(&shape, due)?;
        let columns = roles(collection, columns)?;
        let begin = after.map(|key| read_key(&due.table, key)).transpose()?;
        // A row that was changed since it was listed has another key; its number still tells where
        // the listing stood.
        let number = {
            let listed = self.listed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            listed
                .as_ref()
                .filter(|listed| listed.table == due.table && Some(&listed.key) == after)
                .map(|listed| listed.number)
        };
        let times = rule.times() || columns.contains(&&Role::Time);
        let mut given = 0;
        let mut last: Option<Listed> = None;
        let wanted = |path: &str| begin.is_none_or(|(file, _)| path >= file);
        self.every_file(collection, &wanted, &mut |member| {
            if !self.may_be_old(&rule, member) {
                return Ok(Visited::Read);
            }
            let resumed = begin.filter(|(file, _)| *file == member.entry.path);
            let mut waiting = match resumed {
                Some((_, print)) => self.stands(collection, member, print, number)?,
                None => None,
            };
            let mut at = 0;
            self.rows_of(collection, member, times, &mut |view| {
                at += 1;
                if let Some(until) = waiting {
                    if at >= until {
                        waiting = None;
                    }
                    return Ok(ControlFlow::Continue(()));
                }
                if let Verdict::Due(_) = rule.judge(view) {
                    if given >= limit {
                        return Ok(ControlFlow::Break(()));
                    }
                    given += 1;
                    let row = view.row(None, &columns);
                    let table = due.table.clone();
                    last = Some(Listed { table, key: row.key.clone(), number: at });
                    emit(row)?;
                }
                Ok(ControlFlow::Continue(()))
            })
        })?;
        if last.is_some() {
            *self.listed.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = last;
        }
        Ok(())
    }

    /// The number of the record with this fingerprint, or the number remembered for it, whichever
    /// comes first. `None`: it is nowhere, and the file is listed from its beginning.
    fn stands(
        &self,
        collection: &Collection,
        member: &Member,
        print: u128,
        remembered: Option<u64>,
    ) -> Result<Option<u64>> {
        let (mut at, mut found) = (0, None);
        self.rows_of(collection, member, false, &mut |view| {
            at += 1;
            if remembered.is_some_and(|number| number <= at) || view.print() == print {
                found = Some(at);
                return Ok(ControlFlow::Break(()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// How many rows the next batch takes out: those of the files up to the one in which its limit
    /// is reached.
    pub(super) fn count_batch(&self, purge: &Purge, limit: u32) -> Result<u64> {
        let shape = self.shape();
        let collection = shape.collection(&purge.due.table)?;
        let rule = self.rule(&shape, &purge.due)?;
        let clean = self.clean(&purge.due);
        let mut rows = 0;
        for member in &collection.files {
            let swept = clean.get(&member.entry.path) == Some(&member.entry.stamp);
            if rows >= u64::from(limit) {
                break;
            }
            if swept || !self.may_be_old(&rule, member) {
                continue;
            }
            self.rows_of(collection, member, rule.times(), &mut |view| {
                rows += u64::from(matches!(rule.judge(view), Verdict::Due(_)));
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(rows)
    }

    /// Takes due rows out, file by file: each file is written once, so that a batch ends with the
    /// file in which its limit was reached.
    pub(super) fn purge(&self, purge: &Purge, limit: u32, lock: OwnedFd) -> Result<Purged> {
        let due = &purge.due;
        commit::recover_alone(&self.folder)?;
        let shape = self.keep(self.look(Some(&self.shape()))?);
        let collection = shape.collection(&due.table)?;
        if let (Old::Column { before, .. } | Old::File { before }, Some(most)) =
            (&due.old, purge.not_after)
            && *before > most
        {
            let rule = "rows younger than the youngest that may go were asked for".to_owned();
            return Err(Error::Constraint { table: due.table.clone(), rule });
        }
        let rule = self.rule(&shape, due)?;
        let mut clean = self.clean(due);
        let mut staged: Vec<Staged<'_>> = Vec::new();
        let mut counts = BTreeMap::new();
        let (mut rows, mut done) = (0u64, true);
        for member in &collection.files {
            let path = &member.entry.path;
            if !self.may_be_old(&rule, member) || clean.get(path) == Some(&member.entry.stamp) {
                continue;
            }
            if rows >= u64::from(limit) {
                done = false;
                break;
            }
            match self.purge_file(collection, member, &rule)? {
                Some((count, one)) => {
                    rows += count;
                    counts.insert(path.clone(), count);
                    staged.push(one);
                }
                None => {
                    clean.insert(path.clone(), member.entry.stamp);
                }
            }
        }
        // A log that a program goes on writing does not keep those that were rotated.
        let mut writing = None;
        while let Err(Error::InUse { file }) = self.check(&staged, &|_| changed(&due.table, 1)) {
            let Some(at) = staged.iter().position(|one| one.path() == file) else { break };
            drop(staged.remove(at));
            rows -= counts.remove(&file).unwrap_or_default();
            writing = Some(file);
        }
        if let (Some(file), true) = (&writing, staged.is_empty()) {
            return Err(Error::InUse { file: file.clone() });
        }
        done &= writing.is_none();
        let rewritten: Vec<String> = staged.iter().map(|one| one.path().to_owned()).collect();
        self.commit(staged, &|_| changed(&due.table, 1))?;
        let fresh = self.look(Some(&shape))?;
        let shape = self.keep(fresh);
        if let Ok(collection) = shape.collection(&due.table) {
            for member in &collection.files {
                if rewritten.contains(&member.entry.path) {
                    clean.insert(member.entry.path.clone(), member.entry.stamp);
                }
            }
        }
        *self.swept.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Some((due.clone(), clean));
        drop(lock);
        Ok(Purged { rows, dependents: Vec::new(), done })
    }

    /// Whether this connector purged the table before it was gone.
    fn is_emptied(&self, due: &Due) -> bool {
        let swept = self.swept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        swept.as_ref().is_some_and(|(then, _)| then.table == due.table)
    }

    fn clean(&self, due: &Due) -> BTreeMap<String, Stamp> {
        let swept = self.swept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        swept
            .as_ref()
            .filter(|(then, _)| then == due)
            .map(|(_, clean)| clean.clone())
            .unwrap_or_default()
    }

    /// Prepares one file; `None`: nothing in it is due.
    fn purge_file(
        &self,
        collection: &Collection,
        member: &Member,
        rule: &Rule,
    ) -> Result<Option<(u64, Staged<'_>)>> {
        let path = member.entry.path.as_str();
        let (mut all, mut count) = (0u64, 0u64);
        let mut read = None;
        let visited = self.rows_of(collection, member, rule.times(), &mut |view| {
            read = Some(*view.stamp);
            all += 1;
            count += u64::from(matches!(rule.judge(view), Verdict::Due(_)));
            Ok(ControlFlow::Continue(()))
        })?;
        if visited == Visited::Gone {
            return Ok(None);
        }
        let empty = all == 0 && rule.by_file() && rule.when.is_empty() && rule.past.is_empty();
        if count == 0 && !empty {
            return Ok(None);
        }
        // A file whose time is over goes; so does one of a series of which nothing is left. A log
        // that a program goes on writing stays, empty.
        let of_a_series = family(path) != path;
        if count == all && (rule.by_file() || of_a_series) {
            let stamp = read.unwrap_or(member.entry.stamp);
            return Ok(Some((count, Staged::removing(&self.folder, path, stamp))));
        }
        let staged = self.rewrite(collection, member, rule.times(), &mut |view| {
            Ok(match rule.judge(view) {
                Verdict::Due(_) => Fate::Drop,
                _ => Fate::Keep,
            })
        })?;
        Ok(staged.map(|staged| (count, staged)))
    }
}
