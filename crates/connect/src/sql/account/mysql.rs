//! What an account of MySQL or MariaDB may do, from the lines of `SHOW GRANTS`.

use std::collections::BTreeSet;

use model::TableName;

use super::held::{Entry, Held, Place, Way};
use super::needed::{Around, Facts};
use super::wording::Account;
use crate::sql::link::Link;
use crate::sql::shape::Shape;
use crate::{Remark, Result};

const DIVIDED: &str = "SELECT DISTINCT TABLE_NAME FROM information_schema.PARTITIONS \
  WHERE TABLE_SCHEMA = DATABASE() AND PARTITION_METHOD IN ('RANGE', 'RANGE COLUMNS')";

pub(super) async fn facts(link: &mut Link) -> Result<Facts> {
    let names = link.ask(DIVIDED, &[]).await?.into_iter().flatten().flatten();
    let divided = names.map(|name| TableName::new("", name)).collect();
    Ok(Facts { divided, ..Facts::default() })
}

/// What `ALL PRIVILEGES` on a database or a table is more than, as far as it matters here.
const ALL: [&str; 12] = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "CREATE",
    "DROP",
    "ALTER",
    "INDEX",
    "REFERENCES",
    "TRIGGER",
    "LOCK TABLES",
    "EXECUTE",
];

/// Rights on the whole server that open more than data.
const WIDE: [(&str, &str); 8] = [
    ("SUPER", "is a superuser: use an account of its own"),
    ("CREATE USER", "may create accounts"),
    ("FILE", "may read and write files on the server"),
    ("SHUTDOWN", "may stop the server"),
    ("PROCESS", "may see other people's queries, and the values in them"),
    ("RELOAD", "may flush logs and caches"),
    ("REPLICATION SLAVE", "may read everything as a replica"),
    ("BINLOG ADMIN", "may change the server's log"),
];

/// One line of `SHOW GRANTS`.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    /// Rights with their columns; none for a right on the whole.
    rights: Vec<(String, Vec<String>)>,
    database: Option<String>,
    table: Option<String>,
    to: (String, String),
    passes_on: bool,
}

pub(super) async fn held(link: &mut Link, shape: &Shape) -> Result<Held> {
    let account = link.ask("SELECT CAST(CURRENT_USER() AS CHAR)", &[]).await?;
    let account = account.into_iter().flatten().next().flatten().unwrap_or_default();
    let (user, host) = account.rsplit_once('@').unwrap_or((&account, "%"));
    let account = Account::User(user.to_owned(), host.to_owned());
    let status = link.ask("SHOW SESSION STATUS LIKE 'Ssl_version'", &[]).await?;
    let encrypted_with = status.into_iter().next().and_then(|mut row| row.pop().flatten());
    let mut held = Held {
        encrypted_with: encrypted_with.filter(|tls| !tls.is_empty()),
        everything: false,
        entries: Vec::new(),
        around: BTreeSet::new(),
        wide: Vec::new(),
        account,
    };
    for line in link.ask("SHOW GRANTS", &[]).await?.into_iter().flatten().flatten() {
        if let Some(line) = parse(&line) {
            held.take(line, shape);
        }
    }
    Ok(held)
}

impl Held {
    fn take(&mut self, line: Line, shape: &Shape) {
        let place = match (&line.database, &line.table) {
            (None, _) => Place::Server,
            (Some(pattern), None) if like(pattern, &shape.database) => {
                Place::Database(pattern.clone())
            }
            (Some(database), Some(table)) if *database == shape.database => {
                let name = TableName::new("", table.clone());
                if !shape.tables.contains_key(&name) {
                    return;
                }
                Place::Table(name)
            }
            // A right elsewhere: not looked at, as this connection does not reach it.
            _ => return,
        };
        let to = Account::User(line.to.0, line.to.1);
        let way = if to == self.account { Way::Itself } else { Way::Role(to) };
        let mut rights = Vec::new();
        for (right, columns) in line.rights {
            if right == "ALL PRIVILEGES" || right == "ALL" {
                if place == Place::Server {
                    self.everything = true;
                }
                rights.extend(ALL.iter().map(|right| ((*right).to_owned(), Vec::new())));
            } else {
                rights.push((right, columns));
            }
        }
        if place == Place::Server {
            self.everything |= rights.iter().any(|(right, _)| right == "SUPER");
            if self.everything && self.wide.is_empty() {
                self.wide.push(Remark {
                    says: "is a superuser, for whom no right is ever missing: use an account of its own"
                        .to_owned(),
                    mend: Vec::new(),
                });
            }
            for (right, says) in WIDE.iter().skip(1) {
                if !self.everything && rights.iter().any(|(held, _)| held == right) {
                    let mend =
                        vec![format!("REVOKE {right} ON *.* FROM {}", self.account.quoted())];
                    self.wide.push(Remark { says: (*says).to_owned(), mend });
                }
            }
            rights.retain(|(right, _)| !WIDE.iter().any(|(wide, _)| wide == right));
        }
        if matches!(place, Place::Server | Place::Database(_)) {
            let sees = |right: &str| matches!(right, "SELECT" | "INSERT" | "UPDATE" | "REFERENCES");
            if rights.iter().any(|(right, _)| sees(right)) {
                self.around.insert(Around::Shape);
            }
        }
        let entry = |right: &str, column: Option<String>| Entry {
            place: place.clone(),
            right: right.to_owned(),
            column,
            way: way.clone(),
            passes_on: line.passes_on,
        };
        for (right, columns) in rights {
            if columns.is_empty() {
                self.entries.push(entry(&right, None));
            }
            let columns = columns.into_iter().map(Some);
            self.entries.extend(columns.map(|column| entry(&right, column)));
        }
    }
}

/// Reads quoted names and words in turn.
struct Reader<'l> {
    rest: &'l str,
}

impl Reader<'_> {
    fn skip(&mut self, word: &str) -> bool {
        match self.rest.trim_start().strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// `` `a``b` `` or `'a''b'`.
    fn name(&mut self) -> Option<String> {
        let text = self.rest.trim_start();
        let quote = text.chars().next().filter(|c| matches!(c, '`' | '\'' | '"'))?;
        let mut name = String::new();
        let mut ahead = text.chars().skip(1).peekable();
        while let Some(character) = ahead.next() {
            if character == quote && ahead.next_if_eq(&quote).is_none() {
                let left: usize = ahead.map(char::len_utf8).sum();
                self.rest = text.split_at_checked(text.len() - left)?.1;
                return Some(name);
            }
            name.push(character);
        }
        None
    }

    /// Words up to one of these signs.
    fn words(&mut self) -> String {
        let text = self.rest.trim_start();
        let end = text.find([',', '(']).unwrap_or(text.len());
        let end = text.find(" ON ").map_or(end, |on| on.min(end));
        let (words, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        self.rest = rest;
        words.trim().to_ascii_uppercase()
    }
}

fn parse(line: &str) -> Option<Line> {
    let mut reader = Reader { rest: line.strip_prefix("GRANT ")? };
    let mut rights = Vec::new();
    loop {
        let right = reader.words();
        let mut columns = Vec::new();
        if reader.skip("(") {
            while let Some(column) = reader.name() {
                columns.push(column);
                reader.skip(",");
            }
            reader.skip(")");
        }
        if right.is_empty() {
            return None;
        }
        rights.push((right, columns));
        if !reader.skip(",") {
            break;
        }
    }
    if !reader.skip("ON ") {
        return None;
    }
    let part = |reader: &mut Reader<'_>| match reader.name() {
        Some(name) => Some(Some(name)),
        None => reader.skip("*").then_some(None),
    };
    let database = part(&mut reader)?;
    if !reader.skip(".") {
        return None;
    }
    let table = part(&mut reader)?;
    if !reader.skip("TO ") {
        return None;
    }
    let user = reader.name()?;
    let host = if reader.skip("@") { reader.name()? } else { String::new() };
    let passes_on = reader.rest.contains("WITH GRANT OPTION");
    Some(Line { rights, database, table, to: (user, host), passes_on })
}

/// A database name in a grant is a pattern: `%`, `_`, and `\` before either of them.
pub(in crate::sql) fn like(pattern: &str, name: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_are_read_as_the_server_prints_them() {
        for (line, rights, place, to, passes_on) in [
            ("GRANT USAGE ON *.* TO `r`@`h`", "USAGE()", "*.*", "r@h", false),
            (
                "GRANT SELECT, UPDATE ON `glpi`.* TO `a`@`%`",
                "SELECT() UPDATE()",
                "glpi.*",
                "a@%",
                false,
            ),
            (
                "GRANT SELECT (`id`, `na``me, x`), DELETE, UPDATE (`name`) ON `glpi`.`us``ers` TO `a`@`%`",
                "SELECT(id|na`me, x) DELETE() UPDATE(name)",
                "glpi.us`ers",
                "a@%",
                false,
            ),
            (
                "GRANT ALL PRIVILEGES ON *.* TO `r`@`h` IDENTIFIED BY PASSWORD '*0' WITH GRANT OPTION",
                "ALL PRIVILEGES()",
                "*.*",
                "r@h",
                true,
            ),
            (
                "GRANT LOCK TABLES, SHOW VIEW ON `x`.* TO `role`",
                "LOCK TABLES() SHOW VIEW()",
                "x.*",
                "role@",
                false,
            ),
        ] {
            let read = parse(line).unwrap();
            let told: Vec<String> = read
                .rights
                .iter()
                .map(|(right, columns)| format!("{right}({})", columns.join("|")))
                .collect();
            let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "*".to_owned());
            assert_eq!(told.join(" "), rights, "{line}");
            assert_eq!(format!("{}.{}", part(&read.database), part(&read.table)), place, "{line}");
            assert_eq!(format!("{}@{}", read.to.0, read.to.1), to, "{line}");
            assert_eq!(read.passes_on, passes_on, "{line}");
        }
        // A role that is held is no right by itself.
        assert_eq!(parse("GRANT `up_role` TO `a`@`%`"), None);
    }

    #[test]
    fn a_database_is_named_by_a_pattern() {
        for (pattern, name, fits) in [
            ("my\\_db", "my_db", true),
            ("my\\_db", "myxdb", false),
            ("my_db", "myxdb", true),
            ("up%", "upheld", true),
            ("up", "upheld", false),
        ] {
            assert_eq!(like(pattern, name), fits, "{pattern} {name}");
        }
    }
}
