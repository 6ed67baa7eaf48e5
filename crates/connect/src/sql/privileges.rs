//! Who may read or change which table: every account, whoever gave it the right.
//!
//! What is asked is what the server would decide, with the way on which the right came: a grant
//! needs no word; an owner, a superuser, a role held and everybody's rights are named.

use std::collections::{BTreeMap, BTreeSet};

use model::{Product, TableName};

use super::Sql;
use super::account::like;
use super::link::Link;
use super::shape::Shape;
use super::statement::Dialect;
use crate::address::{Address, Place};
use crate::{Error, Privilege, Result};

/// Grants on tables and columns, brought to everybody who holds the role that was given them.
const PG_GRANTED: &str = "WITH tables AS ( \
    SELECT c.oid, c.relowner, c.relacl, n.oid AS schema, n.nspname, c.relname, \
      EXISTS (SELECT FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) s WHERE s.grantee = 0 AND s.privilege_type = 'USAGE') AS open \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition \
      AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'), \
  grants AS ( \
    SELECT t.oid, x.grantee, NULL::text AS attname, bool_or(x.privilege_type = 'SELECT') AS reads, \
      bool_or(x.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')) AS writes, x.grantee = t.relowner AS owns \
    FROM tables t CROSS JOIN LATERAL aclexplode(coalesce(t.relacl, acldefault('r', t.relowner))) x GROUP BY t.oid, x.grantee, t.relowner \
    UNION ALL SELECT t.oid, x.grantee, a.attname::text, bool_or(x.privilege_type = 'SELECT'), bool_or(x.privilege_type IN ('INSERT', 'UPDATE')), false \
    FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped CROSS JOIN LATERAL aclexplode(a.attacl) x \
    GROUP BY t.oid, x.grantee, a.attname) \
  SELECT CASE WHEN m.oid IS NULL THEN 'PUBLIC' ELSE m.rolname::text END, t.nspname::text, t.relname::text, g.attname, g.reads::text, g.writes::text, \
    CASE WHEN m.oid IS NULL THEN NULL WHEN g.grantee = 0 THEN 'public' WHEN m.oid = g.grantee AND g.owns THEN 'owner' WHEN m.oid = g.grantee THEN NULL \
      WHEN pg_has_role(m.oid, g.grantee, 'USAGE') THEN 'member of ' || r.rolname ELSE 'may become ' || r.rolname END, coalesce(m.rolcanlogin, true)::text \
  FROM grants g JOIN tables t ON t.oid = g.oid LEFT JOIN pg_roles r ON r.oid = g.grantee \
  LEFT JOIN pg_roles m ON NOT m.rolsuper AND m.rolname !~ '^pg_' AND has_schema_privilege(m.oid, t.schema, 'USAGE') \
    AND CASE WHEN g.grantee = 0 THEN NOT t.open ELSE pg_has_role(m.oid, g.grantee, 'MEMBER') END \
  WHERE (g.reads OR g.writes) AND (m.oid IS NOT NULL OR (g.grantee = 0 AND t.open))";
/// Superusers, and who holds one of the two roles that are given everything.
const PG_EVERYTHING: &str = "SELECT m.rolname::text, (m.rolsuper OR pg_has_role(m.oid, coalesce(to_regrole('pg_read_all_data'), m.oid), 'MEMBER') AND to_regrole('pg_read_all_data') IS NOT NULL)::text, \
    (m.rolsuper OR pg_has_role(m.oid, coalesce(to_regrole('pg_write_all_data'), m.oid), 'MEMBER') AND to_regrole('pg_write_all_data') IS NOT NULL)::text, \
    m.rolsuper::text, m.rolcanlogin::text FROM pg_roles m WHERE m.rolname !~ '^pg_'";

const MY_DB: &str = "SELECT User, Host, Db, CAST(Select_priv AS CHAR), \
  CASE WHEN 'Y' IN (Insert_priv, Update_priv, Delete_priv) THEN 'Y' ELSE 'N' END FROM mysql.db";
const MY_TABLES: &str = "SELECT User, Host, Table_name, CAST(Table_priv AS CHAR) FROM mysql.tables_priv WHERE Db = DATABASE()";
const MY_COLUMNS: &str = "SELECT User, Host, Table_name, Column_name, CAST(Column_priv AS CHAR) FROM mysql.columns_priv WHERE Db = DATABASE()";
const MARIA_USERS: &str = "SELECT User, Host, CAST(Select_priv AS CHAR), CASE WHEN 'Y' IN (Insert_priv, Update_priv, Delete_priv) THEN 'Y' ELSE 'N' END, \
  CAST(Super_priv AS CHAR), CAST(is_role AS CHAR) FROM mysql.user";
/// MariaDB 10.4 and later.
const MARIA_LOCKED: &str = "SELECT User, Host FROM mysql.global_priv WHERE JSON_VALUE(Priv, '$.account_locked') IN ('true', '1')";
const MARIA_ROLES: &str = "SELECT User, Host, Role, '' FROM mysql.roles_mapping";
const MYSQL_USERS: &str = "SELECT User, Host, CAST(Select_priv AS CHAR), CASE WHEN 'Y' IN (Insert_priv, Update_priv, Delete_priv) THEN 'Y' ELSE 'N' END, \
  CAST(Super_priv AS CHAR), CAST(account_locked AS CHAR) FROM mysql.user";
/// MySQL 8.0 and later.
const MYSQL_ROLES: &str = "SELECT TO_USER, TO_HOST, FROM_USER, FROM_HOST FROM mysql.role_edges";

impl Sql {
    pub(super) async fn read_privileges(&self) -> Result<Vec<Privilege>> {
        let shape = self.shape();
        let mut loan = self.links.borrow().await?;
        let told = match shape.dialect {
            Dialect::Postgres => postgres(&mut loan.link, &shape).await,
            Dialect::MySql => mysql(&mut loan.link, &shape).await,
            Dialect::Sqlite => sqlite(&self.address, &shape).await,
        }?;
        loan.keep();
        let mut privileges: Vec<Privilege> = told
            .into_iter()
            .filter(|(_, right)| right.read || right.write)
            .map(|(to, right)| Privilege {
                account: to.account,
                table: to.table,
                column: to.column,
                read: right.read,
                write: right.write,
                through: to.through,
                can_sign_in: right.can_sign_in,
            })
            .collect();
        privileges.sort();
        Ok(privileges)
    }
}

/// To whom, for what, and by which way.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct To {
    account: String,
    table: TableName,
    column: Option<String>,
    through: Option<String>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Right {
    read: bool,
    write: bool,
    can_sign_in: bool,
}

type Told = BTreeMap<To, Right>;

fn add(told: &mut Told, to: To, right: Right) {
    let held = told.entry(to).or_default();
    held.read |= right.read;
    held.write |= right.write;
    held.can_sign_in |= right.can_sign_in;
}

async fn postgres(link: &mut Link, shape: &Shape) -> Result<Told> {
    let mut told = Told::new();
    for row in link.ask(PG_GRANTED, &[]).await? {
        let mut cells = row.into_iter();
        let mut next = || cells.next().flatten();
        let account = next().unwrap_or_default();
        let (schema, table) = (next().unwrap_or_default(), next().unwrap_or_default());
        let table = TableName { schema, table };
        let column = next();
        let mut yes = || next().as_deref() == Some("true");
        let (read, write) = (yes(), yes());
        let through = next();
        let can_sign_in = next().as_deref() == Some("true");
        if shape.tables.contains_key(&table) {
            let right = Right { read, write, can_sign_in };
            add(&mut told, To { account, table, column, through }, right);
        }
    }
    for row in link.ask(PG_EVERYTHING, &[]).await? {
        let account = row.first().cloned().flatten().unwrap_or_default();
        let yes = |index: usize| row.get(index).cloned().flatten().as_deref() == Some("true");
        let (reads, writes, all, can_sign_in) = (yes(1), yes(2), yes(3), yes(4));
        for table in shape.tables.keys() {
            let mut give = |through: &str, read, write| {
                let through = Some(through.to_owned());
                let to =
                    To { account: account.clone(), table: table.clone(), column: None, through };
                add(&mut told, to, Right { read, write, can_sign_in });
            };
            if all {
                give("superuser", true, true);
            } else {
                give("member of pg_read_all_data", reads, false);
                give("member of pg_write_all_data", false, writes);
            }
        }
    }
    Ok(told)
}

/// An account or role of MySQL: user and host.
type Account = (String, String);

/// A right that was given directly.
struct Given {
    /// `None`: on every table.
    table: Option<String>,
    column: Option<String>,
    read: bool,
    write: bool,
    superuser: bool,
}

/// The rows of one of the server's own tables, or which one may not be read.
async fn asked(
    link: &mut Link,
    table: &'static str,
    sql: &'static str,
) -> Result<Vec<Vec<String>>> {
    let rows = link.ask(sql, &[]).await.map_err(|error| match error {
        Error::Denied { .. } => {
            Error::Denied { action: "read", table: TableName::new("mysql", table), grant: None }
        }
        other => other,
    })?;
    let plain = |row: Vec<Option<String>>| row.into_iter().map(Option::unwrap_or_default).collect();
    Ok(rows.into_iter().map(plain).collect())
}

async fn mysql(link: &mut Link, shape: &Shape) -> Result<Told> {
    let maria = shape.product == Product::MariaDb;
    let mut given = BTreeMap::<Account, Vec<Given>>::new();
    let mut closed = BTreeSet::<Account>::new();
    let users = if maria { MARIA_USERS } else { MYSQL_USERS };
    for row in asked(link, "user", users).await? {
        let [user, host, reads, writes, superuser, shut] = row.as_slice() else { continue };
        let account = (user.clone(), host.clone());
        if shut == "Y" {
            closed.insert(account.clone());
        }
        let rights = given.entry(account).or_default();
        rights.push(Given {
            table: None,
            column: None,
            read: reads == "Y",
            write: writes == "Y",
            superuser: superuser == "Y",
        });
    }
    if maria && super::except::at_least(shape, (10, 4)) {
        // The column holds hashes of passwords too, so nobody is asked to grant it: without it an
        // account that is locked counts as one that signs in.
        let locked = match asked(link, "global_priv", MARIA_LOCKED).await {
            Err(Error::Denied { .. }) => Vec::new(),
            told => told?,
        };
        for row in locked {
            if let [user, host] = row.as_slice() {
                closed.insert((user.clone(), host.clone()));
            }
        }
    }
    for row in asked(link, "db", MY_DB).await? {
        let [user, host, database, reads, writes] = row.as_slice() else { continue };
        if like(database, &shape.database) {
            let (read, write) = (reads == "Y", writes == "Y");
            let right = Given { table: None, column: None, read, write, superuser: false };
            given.entry((user.clone(), host.clone())).or_default().push(right);
        }
    }
    let has = |rights: &str, any: &[&str]| rights.split(',').any(|right| any.contains(&right));
    for row in asked(link, "tables_priv", MY_TABLES).await? {
        let [user, host, table, rights] = row.as_slice() else { continue };
        let right = Given {
            table: Some(table.clone()),
            column: None,
            read: has(rights, &["Select"]),
            write: has(rights, &["Insert", "Update", "Delete"]),
            superuser: false,
        };
        given.entry((user.clone(), host.clone())).or_default().push(right);
    }
    for row in asked(link, "columns_priv", MY_COLUMNS).await? {
        let [user, host, table, column, rights] = row.as_slice() else { continue };
        let right = Given {
            table: Some(table.clone()),
            column: Some(column.clone()),
            read: has(rights, &["Select"]),
            write: has(rights, &["Insert", "Update"]),
            superuser: false,
        };
        given.entry((user.clone(), host.clone())).or_default().push(right);
    }
    let mut holds = BTreeMap::<Account, BTreeSet<Account>>::new();
    let edges = match (maria, super::except::at_least(shape, (8, 0))) {
        (true, _) => asked(link, "roles_mapping", MARIA_ROLES).await?,
        (false, true) => asked(link, "role_edges", MYSQL_ROLES).await?,
        (false, false) => Vec::new(),
    };
    for row in edges {
        let [user, host, role, at] = row.as_slice() else { continue };
        let role = (role.clone(), at.clone());
        holds.entry((user.clone(), host.clone())).or_default().insert(role);
    }
    Ok(expand(shape, &given, &closed, &holds))
}

/// Brings the rights of roles to everybody who holds them, however far away.
fn expand(
    shape: &Shape,
    given: &BTreeMap<Account, Vec<Given>>,
    closed: &BTreeSet<Account>,
    holds: &BTreeMap<Account, BTreeSet<Account>>,
) -> Told {
    let mut told = Told::new();
    // MariaDB gives what `PUBLIC` has to everybody.
    let everybody = ("PUBLIC".to_owned(), String::new());
    for account in given.keys().chain(holds.keys()).collect::<BTreeSet<_>>() {
        let mut reached = BTreeSet::from([account]);
        let mut ahead = vec![account];
        if given.contains_key(&everybody) && reached.insert(&everybody) {
            ahead.push(&everybody);
        }
        while let Some(next) = ahead.pop() {
            for role in holds.get(next).into_iter().flatten() {
                if reached.insert(role) {
                    ahead.push(role);
                }
            }
        }
        let can_sign_in = !closed.contains(account);
        // Who may do everything anyway needs no role for it.
        let all = |right: &Given| right.superuser && right.read && right.write;
        if given.get(account).is_some_and(|own| own.iter().any(all)) {
            reached.retain(|source| *source == account);
        }
        for source in reached {
            for right in given.get(source).into_iter().flatten() {
                let through = if source == account {
                    all(right).then(|| "superuser".to_owned())
                } else {
                    Some(format!("member of {}", shown(source)))
                };
                let tables = shape
                    .tables
                    .keys()
                    .filter(|name| right.table.as_ref().is_none_or(|table| *table == name.table));
                for table in tables {
                    let to = To {
                        account: shown(account),
                        table: table.clone(),
                        column: right.column.clone(),
                        through: through.clone(),
                    };
                    add(&mut told, to, Right { read: right.read, write: right.write, can_sign_in });
                }
            }
        }
    }
    told
}

fn shown((user, host): &Account) -> String {
    if host.is_empty() { user.clone() } else { format!("{user}@{host}") }
}

/// The file's owner, its group and everybody else, by the bits of its mode.
#[cfg(unix)]
async fn sqlite(address: &Address, shape: &Shape) -> Result<Told> {
    use std::os::unix::fs::MetadataExt;

    let Place::File { path, .. } = &address.place else { return Ok(Told::new()) };
    let unreadable = |error: std::io::Error| {
        Error::Unreachable(format!("the file's mode cannot be read: {}", error.kind()))
    };
    let about = tokio::fs::metadata(path).await.map_err(unreadable)?;
    let name = |list: std::io::Result<String>, number: u32| {
        list.ok().and_then(|list| name_of(&list, number)).unwrap_or_else(|| number.to_string())
    };
    let user = name(tokio::fs::read_to_string("/etc/passwd").await, about.uid());
    let group = name(tokio::fs::read_to_string("/etc/group").await, about.gid());
    let mut told = Told::new();
    for (account, through, shift) in [
        (format!("user {user}"), Some("owner".to_owned()), 6),
        (format!("group {group}"), None, 3),
        ("everybody".to_owned(), None, 0),
    ] {
        let bits = about.mode() >> shift;
        let right = Right { read: bits & 4 != 0, write: bits & 2 != 0, can_sign_in: true };
        for table in shape.tables.keys() {
            let (account, through) = (account.clone(), through.clone());
            add(&mut told, To { account, table: table.clone(), column: None, through }, right);
        }
    }
    Ok(told)
}

#[cfg(not(unix))]
async fn sqlite(_: &Address, _: &Shape) -> Result<Told> {
    Err(Error::NotOffered { what: "tell who may read it" })
}

/// The name of a number in `/etc/passwd` or `/etc/group`.
#[cfg(unix)]
fn name_of(list: &str, number: u32) -> Option<String> {
    let number = number.to_string();
    list.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)? == number).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_accounts_are_read_as_the_system_keeps_them() {
        let list = "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/srv/alice:/bin/sh\n";
        assert_eq!(name_of(list, 1000).as_deref(), Some("alice"));
        assert_eq!(name_of(list, 1001), None);
    }
}
