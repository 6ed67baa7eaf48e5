//! What the account may do, asked of the server rather than tried.

use model::{Grants, TableName};

use super::Sql;
use super::link::Link;
use super::shape::Shape;
use super::statement::Dialect;
use crate::{Error, Result};

/// Per relation: may it be read whole, may it be changed, does row security hide rows.
const PG_TABLES: &str = "SELECT n.nspname::text, c.relname::text, (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))::text, \
  (has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))::text, row_security_active(c.oid)::text \
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition \
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";
const PG_ROLE: &str = "SELECT current_user::text, r.rolsuper::text, r.rolcreaterole::text, r.rolcreatedb::text, r.rolreplication::text, \
  (NOT r.rolsuper AND pg_has_role('pg_execute_server_program', 'USAGE'))::text, (NOT r.rolsuper AND pg_has_role('pg_write_server_files', 'USAGE'))::text, \
  (SELECT s.version FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid() AND s.ssl) FROM pg_roles r WHERE r.rolname = current_user";

impl Sql {
    pub(super) async fn read_grants(&self, writes: &[TableName]) -> Result<Grants> {
        let shape = self.shape();
        for table in writes {
            shape.table(table)?;
        }
        let mut loan = self.links.borrow().await?;
        let grants = match shape.dialect {
            Dialect::Postgres => postgres(&mut loan.link, &shape, writes).await,
            Dialect::MySql => mysql(&mut loan.link, &shape, writes).await,
            Dialect::Sqlite => sqlite(&mut loan.link, writes).await,
        }?;
        loan.keep();
        Ok(grants)
    }
}

fn yes(cell: Option<&Option<String>>) -> bool {
    cell.and_then(Option::as_deref) == Some("true")
}

async fn postgres(link: &mut Link, shape: &Shape, writes: &[TableName]) -> Result<Grants> {
    let mut grants = Grants::default();
    if let Some(row) = link.ask(PG_ROLE, &[]).await?.first() {
        grants.account = row.first().cloned().flatten().unwrap_or_default();
        let rights = [
            "is a superuser",
            "may create roles",
            "may create databases",
            "may start replication",
            "may run programs on the server",
            "may write files on the server",
        ];
        for (index, right) in rights.into_iter().enumerate() {
            if yes(row.get(index + 1)) {
                grants.too_wide.push(right.to_owned());
            }
        }
        grants.encrypted_with = row.get(7).cloned().flatten();
    }
    let mut beyond = Vec::new();
    for row in link.ask(PG_TABLES, &[]).await? {
        let cell = |index: usize| row.get(index).cloned().flatten().unwrap_or_default();
        let name = TableName { schema: cell(0), table: cell(1) };
        if !shape.tables.contains_key(&name) {
            continue;
        }
        let (read, change) = (yes(row.get(2)) && !yes(row.get(4)), yes(row.get(3)));
        if !read {
            grants.unreadable.push(name);
        } else if !change && writes.contains(&name) {
            grants.unchangeable.push(name);
        } else if change && !writes.contains(&name) {
            beyond.push(name);
        }
    }
    let superuser = grants.too_wide.iter().any(|right| right == "is a superuser");
    finish(&mut grants, beyond, writes, superuser);
    Ok(grants)
}

fn finish(grants: &mut Grants, beyond: Vec<TableName>, writes: &[TableName], all: bool) {
    grants.unreadable.sort();
    grants.unchangeable.sort();
    if let (Some(first), false, false) = (beyond.first(), writes.is_empty(), all) {
        let rest = match beyond.len() {
            1 => String::new(),
            more => format!(" and {} more", more - 1),
        };
        grants
            .too_wide
            .push(format!("may change tables that the work leaves alone: `{first}`{rest}"));
    }
}

/// One line of `SHOW GRANTS`: the rights, and the place in quotes that they hold for.
struct Grant {
    rights: Vec<String>,
    database: Option<String>,
    table: Option<String>,
    passes_on: bool,
}

fn parse_grant(line: &str) -> Option<Grant> {
    let rest = line.strip_prefix("GRANT ")?;
    let (rights, rest) = rest.split_once(" ON ")?;
    let (place, _) = rest.split_once(" TO ")?;
    // Rights on single columns read `SELECT (a, b)`: they are not rights on the table.
    let mut plain = Vec::new();
    let mut depth = 0_i32;
    for part in rights.split(',') {
        let opened = part.matches('(').count();
        if depth == 0 && opened == 0 {
            plain.push(part.trim().to_ascii_uppercase());
        }
        depth += i32::try_from(opened).ok()? - i32::try_from(part.matches(')').count()).ok()?;
    }
    let mut parts = Vec::new();
    let mut place = place.trim();
    while !place.is_empty() {
        if let Some(quoted) = place.strip_prefix('`') {
            let mut name = String::new();
            let mut ahead = quoted.chars().peekable();
            while let Some(character) = ahead.next() {
                if character == '`' {
                    if ahead.peek() == Some(&'`') {
                        ahead.next();
                    } else {
                        break;
                    }
                }
                name.push(character);
            }
            parts.push(Some(name));
            let left: usize = ahead.map(char::len_utf8).sum();
            place = place.split_at_checked(place.len() - left)?.1;
        } else if let Some(rest) = place.strip_prefix('*') {
            parts.push(None);
            place = rest;
        } else {
            place = place.strip_prefix('.')?;
        }
    }
    let mut parts = parts.into_iter();
    let (database, table) = (parts.next()?, parts.next()?);
    Some(Grant { rights: plain, database, table, passes_on: line.contains("WITH GRANT OPTION") })
}

impl Grant {
    fn covers(&self, database: &str, table: &str) -> bool {
        self.database.as_deref().is_none_or(|pattern| like(pattern, database))
            && self.table.as_deref().is_none_or(|name| name == table)
    }

    fn has(&self, right: &str) -> bool {
        self.rights.iter().any(|held| held == right || held == "ALL PRIVILEGES" || held == "ALL")
    }
}

/// A database name in a grant is a pattern: `%`, `_`, and `\` before either of them.
pub(super) fn like(pattern: &str, name: &str) -> bool {
    let mut pattern = pattern.chars();
    match pattern.next() {
        None => name.is_empty(),
        Some('%') => {
            let rest = pattern.as_str();
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.filter_map(|at| name.split_at_checked(at)).any(|(_, tail)| like(rest, tail))
        }
        Some(mut wanted) => {
            let any = wanted == '_';
            if wanted == '\\' {
                wanted = pattern.next().unwrap_or('\\');
            }
            let mut name = name.chars();
            name.next().is_some_and(|first| any || first == wanted)
                && like(pattern.as_str(), name.as_str())
        }
    }
}

async fn mysql(link: &mut Link, shape: &Shape, writes: &[TableName]) -> Result<Grants> {
    let account = link.ask("SELECT CAST(CURRENT_USER() AS CHAR)", &[]).await?;
    let account = account.into_iter().flatten().next().flatten().unwrap_or_default();
    let mut grants = Grants { account, ..Grants::default() };
    let status = link.ask("SHOW SESSION STATUS LIKE 'Ssl_version'", &[]).await?;
    grants.encrypted_with = status
        .into_iter()
        .next()
        .and_then(|mut row| row.pop().flatten())
        .filter(|tls| !tls.is_empty());
    let lines = link.ask("SHOW GRANTS", &[]).await?;
    let held: Vec<Grant> =
        lines.iter().flatten().flatten().filter_map(|line| parse_grant(line)).collect();
    for (right, words) in [
        ("SUPER", "is a superuser"),
        ("CREATE USER", "may create accounts"),
        ("FILE", "may read and write files on the server"),
        ("SHUTDOWN", "may stop the server"),
    ] {
        if held.iter().any(|grant| grant.database.is_none() && grant.has(right)) {
            grants.too_wide.push(words.to_owned());
        }
    }
    if held.iter().any(|grant| grant.passes_on) {
        grants.too_wide.push("may pass its rights on".to_owned());
    }
    let mut beyond = Vec::new();
    for name in shape.tables.keys() {
        let may = |right: &str| {
            held.iter().any(|grant| grant.covers(&shape.database, &name.table) && grant.has(right))
        };
        let change = may("UPDATE") && may("DELETE");
        if !may("SELECT") {
            grants.unreadable.push(name.clone());
        } else if !change && writes.contains(name) {
            grants.unchangeable.push(name.clone());
        } else if change && !writes.contains(name) {
            beyond.push(name.clone());
        }
    }
    let superuser = grants.too_wide.iter().any(|right| right == "is a superuser");
    finish(&mut grants, beyond, writes, superuser);
    Ok(grants)
}

async fn sqlite(link: &mut Link, writes: &[TableName]) -> Result<Grants> {
    let mut grants = Grants::default();
    if !writes.is_empty() {
        // Not by opening the file a second time: closing it would drop this process's locks.
        let begun = link.control("BEGIN IMMEDIATE").await;
        let _ = link.control("ROLLBACK").await;
        if let Err(error) = begun {
            match super::failure::failure(&error, super::failure::At::NOWHERE) {
                Error::ReadOnly => grants.unchangeable.extend_from_slice(writes),
                error => return Err(error),
            }
        }
    }
    Ok(grants)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_are_read_as_the_server_prints_them() {
        for (line, right, database, table, held) in [
            ("GRANT SELECT, UPDATE ON `glpi`.* TO `a`@`%`", "UPDATE", "glpi", "users", true),
            ("GRANT SELECT, UPDATE ON `glpi`.* TO `a`@`%`", "DELETE", "glpi", "users", false),
            (
                "GRANT SELECT (`id`, `name`) ON `glpi`.`users` TO `a`@`%`",
                "SELECT",
                "glpi",
                "users",
                false,
            ),
            ("GRANT SELECT ON `my\\_db`.`x``y` TO `a`@`%`", "SELECT", "my_db", "x`y", true),
            ("GRANT SELECT ON `my\\_db`.* TO `a`@`%`", "SELECT", "myxdb", "t", false),
            ("GRANT SELECT ON `up%`.* TO `a`@`%`", "SELECT", "upheld", "t", true),
            (
                "GRANT ALL PRIVILEGES ON *.* TO `r`@`h` WITH GRANT OPTION",
                "DELETE",
                "any",
                "t",
                true,
            ),
            ("GRANT USAGE ON *.* TO `r`@`h`", "SELECT", "any", "t", false),
        ] {
            let grant = parse_grant(line).unwrap();
            assert_eq!(grant.covers(database, table) && grant.has(right), held, "{line}");
        }
    }
}
