//! What an account must be allowed to do, what it may do, and the statements between the two.
//!
//! Whoever knows the work says what it does with each table ([`Use`]); the connector knows which
//! rights of its product that takes, which of them an account holds, and how they are given and taken.
//! Nothing here is carried out: statements are for people, who read them first.

use std::collections::BTreeSet;

use model::TableName;

use crate::{Change, ChangeSet, Condition, Dependent, Due, Lookup, Match, Old, Referrer, Scan};

/// What the work does with one table. What it takes to tell rows apart the connector adds itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The table.
    pub table: TableName,
    /// Columns that are read, or compared.
    pub reads: BTreeSet<String>,
    /// Whether some rows are read as a sample of all.
    pub samples: bool,
    /// Columns that are set to another value.
    pub sets: BTreeSet<String>,
    /// Whether rows are deleted.
    pub deletes: bool,
    /// Whether rows are chosen and locked before they are deleted: those that are too old, and what
    /// goes with them.
    pub locks: bool,
    /// Whether rows that are too old go by themselves, so that the database may address them as it
    /// likes.
    pub alone: bool,
    /// Whether whole partitions would be dropped, if the table has any. Never needed: the rows go one
    /// by one as well.
    pub drops_partitions: bool,
}

impl Use {
    /// Nothing is done with it yet.
    pub const fn of(table: TableName) -> Self {
        Self {
            table,
            reads: BTreeSet::new(),
            samples: false,
            sets: BTreeSet::new(),
            deletes: false,
            locks: false,
            alone: false,
            drops_partitions: false,
        }
    }

    /// These columns are read too.
    pub fn reading<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.reads.extend(columns.into_iter().map(Into::into));
        self
    }

    /// What a look-up does.
    pub fn of_lookup(lookup: &Lookup) -> Self {
        let by = match &lookup.by {
            Match::Column { column, .. } => Some(column),
            Match::Keys(_) | Match::All => None,
        };
        Self::of(lookup.table.clone())
            .reading(lookup.columns.iter().chain(by))
            .reading(columns_of(&lookup.when))
    }

    /// What a pass over a table does.
    pub fn of_scan(scan: &Scan) -> Self {
        let mut used = Self::of(scan.table.clone()).reading(&scan.columns);
        used.samples = scan.sample.is_some();
        used
    }

    /// What a set of changes does.
    pub fn of_changes(set: &ChangeSet) -> Vec<Self> {
        let one = |change: &Change| match change {
            Change::Update { table, columns, .. } => {
                let mut used = Self::of(table.clone()).reading(columns);
                used.sets.extend(columns.iter().cloned());
                used
            }
            Change::Delete { table, .. } => Self { deletes: true, ..Self::of(table.clone()) },
        };
        merged(set.changes.iter().map(one))
    }

    /// What counting and listing old rows does.
    pub fn of_due(due: &Due) -> Vec<Self> {
        let mut uses = vec![Self::of(due.table.clone()).reading(columns_of(&due.when))];
        let Some(own) = uses.first_mut() else { return uses };
        match &due.old {
            Old::Column { column, .. } | Old::OneOf { column, .. } => {
                own.reads.insert(column.clone());
            }
            Old::File { .. } => {}
        }
        own.reads.extend(due.past.iter().map(|past| past.column.clone()));
        referred(&mut uses, &due.table, &due.unless_referred);
        below(&mut uses, &due.table, &due.dependents);
        merged(uses)
    }

    /// What deleting old rows does, with what goes along.
    pub fn of_purge(due: &Due) -> Vec<Self> {
        fn gone(uses: &mut Vec<Use>, dependents: &[Dependent]) {
            for dependent in dependents {
                let table = dependent.refers.table.clone();
                uses.push(Use { deletes: true, locks: true, ..Use::of(table) });
                gone(uses, &dependent.dependents);
            }
        }
        let mut uses = Self::of_due(due);
        let alone = due.dependents.is_empty();
        uses.push(Self { deletes: true, locks: true, alone, ..Self::of(due.table.clone()) });
        gone(&mut uses, &due.dependents);
        merged(uses)
    }
}

fn columns_of(conditions: &[Condition]) -> impl Iterator<Item = &String> {
    conditions.iter().map(|condition| &condition.column)
}

/// Both ends of a reference are compared.
fn referred(uses: &mut Vec<Use>, to: &TableName, referrers: &[Referrer]) {
    for referrer in referrers {
        let (there, here): (Vec<&String>, Vec<&String>) =
            referrer.columns.iter().map(|(there, here)| (there, here)).unzip();
        let table = referrer.table.clone();
        uses.push(Use::of(table).reading(there).reading(columns_of(&referrer.when)));
        uses.push(Use::of(to.clone()).reading(here));
    }
}

fn below(uses: &mut Vec<Use>, to: &TableName, dependents: &[Dependent]) {
    for dependent in dependents {
        referred(uses, to, std::slice::from_ref(&dependent.refers));
        let table = &dependent.refers.table;
        let past = dependent.past.iter().map(|past| &past.column);
        uses.push(Use::of(table.clone()).reading(past));
        referred(uses, table, &dependent.unless_referred);
        below(uses, table, &dependent.dependents);
    }
}

/// One [`Use`] for each table, sorted by name.
pub fn merged(uses: impl IntoIterator<Item = Use>) -> Vec<Use> {
    let mut by_table = std::collections::BTreeMap::<TableName, Use>::new();
    for used in uses {
        let into = by_table.entry(used.table.clone()).or_insert_with(|| Use::of(used.table));
        into.reads.extend(used.reads);
        into.sets.extend(used.sets);
        into.samples |= used.samples;
        into.deletes |= used.deletes;
        into.locks |= used.locks;
        into.alone |= used.alone;
        into.drops_partitions |= used.drops_partitions;
    }
    by_table.into_values().collect()
}

/// One right that the work needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What for, in plain words.
    pub because: String,
    /// The table, where it is a right on one.
    pub table: Option<TableName>,
    /// The columns, where it is a right on some.
    pub columns: Vec<String>,
    /// The statement that gives it, on one line, without a semicolon.
    pub give: String,
    /// The statement that takes it away again.
    pub take: String,
}

/// An account made to measure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// Its name, as it stands in the statements.
    pub account: String,
    /// The statements that make it. `<password>` stands unquoted where a password belongs, so that
    /// nothing is made while it stands there.
    pub create: Vec<String>,
    /// What it needs.
    pub grants: Vec<Grant>,
    /// What it may be given besides, and for what.
    pub optional: Vec<Grant>,
    /// What must be known, a sentence each.
    pub remarks: Vec<String>,
}

/// Something about the rights that an account has.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Remark {
    /// In plain words.
    pub says: String,
    /// The statements that mend it, in this order; empty where none does.
    pub mend: Vec<String>,
}

/// What the account of a connection may do, against what the work needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// Its name on the server.
    pub account: String,
    /// Whether the connection is encrypted, and how ("TLSv1.3"); `None` is plain text.
    pub encrypted_with: Option<String>,
    /// What it needs and does not have.
    pub missing: Vec<Remark>,
    /// What it has and does not need.
    pub beyond: Vec<Remark>,
    /// What could not be looked at.
    pub unseen: Vec<String>,
}
