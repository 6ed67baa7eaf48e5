//! Rights as statements.

use std::collections::BTreeSet;

use model::{Product, TableName};

use super::held::{Excess, Place};
use super::needed::{Around, Needed, TableRights};
use crate::sql::expr;
use crate::sql::shape::{Shape, TableShape};
use crate::sql::statement::{Dialect, Name, Statement};
use crate::{Grant, Remark, Use};

/// An account as statements name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sql) enum Account {
    /// PostgreSQL.
    Role(String),
    /// MySQL: user and host; a role has no host.
    User(String, String),
}

impl Account {
    /// From what a person typed: `upheld`, or for MySQL `upheld@10.0.0.5`.
    pub(in crate::sql) fn parse(dialect: Dialect, text: &str) -> Self {
        match (dialect, text.rsplit_once('@')) {
            (Dialect::Postgres, _) => Self::Role(text.to_owned()),
            (_, Some((user, host))) => Self::User(user.to_owned(), host.to_owned()),
            (_, None) => Self::User(text.to_owned(), "%".to_owned()),
        }
    }

    /// As a person reads it.
    pub(in crate::sql) fn shown(&self) -> String {
        match self {
            Self::Role(name) => name.clone(),
            Self::User(user, host) if host.is_empty() => user.clone(),
            Self::User(user, host) => format!("{user}@{host}"),
        }
    }

    /// As a statement takes it.
    pub(in crate::sql) fn quoted(&self) -> String {
        match self {
            Self::Role(name) => quoted(Dialect::Postgres, name),
            Self::User(user, host) if host.is_empty() => quoted(Dialect::MySql, user),
            Self::User(user, host) => {
                format!("{}@{}", quoted(Dialect::MySql, user), quoted(Dialect::MySql, host))
            }
        }
    }

    /// What makes it.
    pub(in crate::sql) fn create(&self) -> Vec<String> {
        let name = self.quoted();
        vec![match self {
            Self::Role(_) => format!(
                "CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD <password>"
            ),
            Self::User(..) => format!("CREATE USER {name} IDENTIFIED BY <password>"),
        }]
    }
}

fn quoted(dialect: Dialect, name: &str) -> String {
    let mut st = Statement::new(dialect);
    st.name(&Name::from_server(name));
    st.text()
}

/// `TABLE "public"."person"`, or with MySQL `` `shop`.`person` ``.
fn place(shape: &Shape, table: &TableShape) -> String {
    let mut st = Statement::new(shape.dialect);
    if shape.dialect == Dialect::Postgres {
        st.word("TABLE ");
    } else {
        st.name(&Name::from_server(shape.database.clone())).word(".");
    }
    expr::table(&mut st, table);
    st.text()
}

/// The database in a grant on all of it, where `_` and `%` stand for any letters (MySQL).
fn database(shape: &Shape) -> String {
    let plain = shape.database.replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%");
    format!("{}.*", quoted(Dialect::MySql, &plain))
}

fn list<'a>(dialect: Dialect, columns: impl IntoIterator<Item = &'a String>) -> String {
    let columns: Vec<String> = columns.into_iter().map(|name| quoted(dialect, name)).collect();
    format!(" ({})", columns.join(", "))
}

fn statements(right: &str, on: &str, account: &str) -> (String, String) {
    (
        format!("GRANT {right} ON {on} TO {account}"),
        format!("REVOKE {right} ON {on} FROM {account}"),
    )
}

/// The rights that are on no table.
pub(super) fn around(shape: &Shape, needed: &Needed, to: &Account) -> Vec<Grant> {
    let account = to.quoted();
    let one = |around: &Around| {
        let (because, (give, take)) = match around {
            Around::Connect => {
                let on = format!("DATABASE {}", quoted(Dialect::Postgres, &shape.database));
                ("to connect".to_owned(), statements("CONNECT", &on, &account))
            }
            Around::Usage(schema) => {
                let on = format!("SCHEMA {}", quoted(Dialect::Postgres, schema));
                let because = format!("to reach what is in the schema `{schema}`");
                (because, statements("USAGE", &on, &account))
            }
            Around::AllRows => (
                "to see every row of tables under row security: only a superuser may give it"
                    .to_owned(),
                (
                    format!("ALTER ROLE {account} BYPASSRLS"),
                    format!("ALTER ROLE {account} NOBYPASSRLS"),
                ),
            ),
            Around::Shape => (
                "to see which tables and columns there are, not what they hold: what has no grant is hidden, and a table made tomorrow would be searched by nobody"
                    .to_owned(),
                statements("REFERENCES", &database(shape), &account),
            ),
        };
        Grant { because, table: None, columns: Vec::new(), give, take }
    };
    needed.around.iter().map(one).collect()
}

/// The rights on tables, one for each table and kind.
pub(super) fn grants(shape: &Shape, needed: &Needed, to: &Account) -> Vec<Grant> {
    let mut grants = Vec::new();
    for (name, rights) in &needed.tables {
        if let Some(table) = shape.tables.get(name) {
            of_table(shape, table, rights, &to.quoted(), &mut grants);
        }
    }
    grants
}

fn of_table(
    shape: &Shape,
    table: &TableShape,
    rights: &TableRights,
    account: &str,
    grants: &mut Vec<Grant>,
) {
    let on = place(shape, table);
    let name = &table.table.name;
    let mut add = |because: String, right: String, columns: Vec<String>| {
        let (give, take) = statements(&right, &on, account);
        grants.push(Grant { because, table: Some(name.clone()), columns, give, take });
    };
    if rights.whole {
        add(format!("to read `{name}`"), "SELECT".to_owned(), Vec::new());
    } else if !rights.select.is_empty() {
        let columns: Vec<String> = rights.select.iter().cloned().collect();
        let right = format!("SELECT{}", list(shape.dialect, &columns));
        add(format!("to read {} of `{name}`", few(&columns)), right, columns);
    }
    if !rights.update.is_empty() {
        let columns: Vec<String> = rights.update.iter().cloned().collect();
        let right = format!("UPDATE{}", list(shape.dialect, &columns));
        let because = if rights.to_lock {
            format!("to lock rows of `{name}` that go: PostgreSQL asks for it on any one column")
        } else {
            format!("to change {} of `{name}`", few(&columns))
        };
        add(because, right, columns);
    }
    if rights.delete {
        add(format!("to delete rows of `{name}`"), "DELETE".to_owned(), Vec::new());
    }
}

/// `` `a`, `b` and 3 more ``.
fn few(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(3) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What may be given besides: with MySQL whole partitions are dropped by whoever may alter the table.
pub(super) fn optional(shape: &Shape, dropping: &[Use], to: &Account) -> Vec<Grant> {
    if shape.dialect != Dialect::MySql {
        return Vec::new();
    }
    let account = to.quoted();
    let mut grants = Vec::new();
    for used in dropping {
        let Some(table) = shape.tables.get(&used.table) else { continue };
        let (give, take) = statements("ALTER, DROP", &place(shape, table), &account);
        let because = format!("to drop whole partitions of `{}` that are too old", used.table);
        grants.push(Grant {
            because,
            table: Some(used.table.clone()),
            columns: Vec::new(),
            give,
            take,
        });
    }
    if !grants.is_empty() {
        let (give, take) = statements("LOCK TABLES", &database(shape), &account);
        let because = "to look once more before a partition is dropped".to_owned();
        grants.push(Grant { because, table: None, columns: Vec::new(), give, take });
    }
    grants
}

/// What must be known of an offer.
pub(super) fn remarks(
    shape: &Shape,
    dropping: &[Use],
    needed: &Needed,
    to: &Account,
) -> Vec<String> {
    let mut remarks = Vec::new();
    if shape.dialect == Dialect::Postgres {
        let divided: Vec<String> = dropping.iter().map(|used| used.table.table.clone()).collect();
        if !divided.is_empty() {
            remarks.push(format!(
                "partitions of {} can be dropped whole by the owner alone, who may do anything with the table; without it their rows go one by one",
                few(&divided)
            ));
        }
    } else if let Account::User(_, host) = to
        && host == "%"
    {
        remarks.push(
            "`%` lets the account sign in from any machine: `--account NAME@HOST` names the one where upheld runs"
                .to_owned(),
        );
    }
    let views: BTreeSet<&TableName> = needed
        .tables
        .keys()
        .filter(|name| shape.tables.get(*name).is_some_and(|table| table.table.is_view))
        .collect();
    if !views.is_empty() {
        remarks.push(format!(
            "{} read too: a view may hold a copy of its own of what was erased",
            match views.len() {
                1 => "one view is".to_owned(),
                more => format!("{more} views are"),
            }
        ));
    }
    remarks
}

/// What is too much on one place, and the statements that leave what is needed.
pub(super) fn excess(
    shape: &Shape,
    at: &Place,
    excess: &Excess,
    from: &Account,
    needed: &Needed,
) -> Option<Remark> {
    if excess.is_empty() {
        return None;
    }
    let account = from.quoted();
    let dialect = shape.dialect;
    let (on, shown) = match at {
        Place::Server => ("*.*".to_owned(), "on the whole server".to_owned()),
        Place::Database(pattern) => {
            (format!("{}.*", quoted(dialect, pattern)), "on the whole database".to_owned())
        }
        Place::Schema(name) => {
            (format!("SCHEMA {}", quoted(dialect, name)), format!("on the schema `{name}`"))
        }
        Place::Table(name) => (place(shape, shape.tables.get(name)?), format!("on `{name}`")),
    };
    let mut words: Vec<String> = Vec::new();
    let mut taken: Vec<String> = Vec::new();
    for right in &excess.whole {
        words.push(match (excess.partly.contains(right), at) {
            (true, Place::Table(_)) => format!("{right} of every column"),
            (true, _) => format!("{right} of every table"),
            (false, _) => right.clone(),
        });
        taken.push(right.clone());
    }
    for (right, columns) in &excess.columns {
        let names: Vec<String> = columns.iter().cloned().collect();
        words.push(format!("{right} of {}", few(&names)));
        taken.push(format!("{right}{}", list(dialect, columns)));
    }
    let mut mend = Vec::new();
    if !taken.is_empty() {
        mend.push(format!("REVOKE {} ON {on} FROM {account}", taken.join(", ")));
    }
    if excess.passes_on {
        mend.push(match dialect {
            Dialect::Postgres if taken.is_empty() => {
                format!("REVOKE GRANT OPTION FOR ALL ON {on} FROM {account}")
            }
            _ => format!("REVOKE GRANT OPTION ON {on} FROM {account}"),
        });
        if dialect == Dialect::Postgres && !taken.is_empty() {
            mend.pop();
            mend.insert(0, format!("REVOKE GRANT OPTION FOR ALL ON {on} FROM {account}"));
        }
    }
    // What was taken as a whole is given back as far as it is needed.
    if !excess.partly.is_empty() {
        let mut back = Needed::default();
        for (name, rights) in &needed.tables {
            if matches!(at, Place::Table(table) if table != name) {
                continue;
            }
            let part = |right: &str| excess.partly.contains(right);
            let rights = TableRights {
                select: if part("SELECT") { rights.select.clone() } else { BTreeSet::new() },
                whole: rights.whole && part("SELECT"),
                update: if part("UPDATE") { rights.update.clone() } else { BTreeSet::new() },
                to_lock: rights.to_lock,
                delete: rights.delete && part("DELETE"),
            };
            back.tables.insert(name.clone(), rights);
        }
        // Given first, so that at no moment something is missing; PostgreSQL takes the columns
        // along with the whole.
        let given = grants(shape, &back, from).into_iter().map(|grant| grant.give);
        if dialect == Dialect::Postgres {
            mend.extend(given);
        } else {
            mend.splice(0..0, given);
        }
    }
    let says = match (words.is_empty(), excess.passes_on) {
        (false, false) => format!("may {} {shown}", words.join(", ")),
        (false, true) => format!("may {} {shown}, and pass its rights there on", words.join(", ")),
        (true, _) => format!("may pass its rights {shown} on"),
    };
    Some(Remark { says, mend })
}

/// The server's own tables of accounts, which `status` reads for promises about who has access.
pub(in crate::sql) fn account_tables(shape: &Shape, to: &Account) -> Vec<Grant> {
    let user: &[&str] = match shape.product {
        Product::MariaDb => &[
            "User",
            "Host",
            "Select_priv",
            "Insert_priv",
            "Update_priv",
            "Delete_priv",
            "Super_priv",
            "is_role",
        ],
        Product::MySql => &[
            "User",
            "Host",
            "Select_priv",
            "Insert_priv",
            "Update_priv",
            "Delete_priv",
            "Super_priv",
            "account_locked",
        ],
        _ => return Vec::new(),
    };
    let mut tables: Vec<(&str, &[&str])> = vec![
        ("user", user),
        ("db", &["User", "Host", "Db", "Select_priv", "Insert_priv", "Update_priv", "Delete_priv"]),
        ("tables_priv", &["User", "Host", "Db", "Table_name", "Table_priv"]),
        ("columns_priv", &["User", "Host", "Db", "Table_name", "Column_name", "Column_priv"]),
    ];
    match shape.product {
        Product::MariaDb => tables.push(("roles_mapping", &["User", "Host", "Role"])),
        _ => tables.push(("role_edges", &["TO_USER", "TO_HOST", "FROM_USER", "FROM_HOST"])),
    }
    let account = to.quoted();
    tables
        .into_iter()
        .map(|(table, columns)| {
            let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
            let right = format!("SELECT{}", list(Dialect::MySql, &columns));
            let (give, take) = statements(&right, &format!("`mysql`.`{table}`"), &account);
            Grant {
                because: format!(
                    "to tell in `status` who may read what, from `mysql.{table}`; not the passwords"
                ),
                table: Some(TableName::new("mysql", table)),
                columns,
                give,
                take,
            }
        })
        .collect()
}
