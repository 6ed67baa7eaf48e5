//! The one place where SQL is put together at run time.
//!
//! INVARIANT: a statement is made of four things only: words written in this program
//! (`&'static str`), numbers, names and type words that the server itself told us
//! ([`Name`], [`Word`]), and parameters. There is no way to add a `String`.

use sqlx::AssertSqlSafe;
use sqlx::mysql::MySqlArguments;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;

use sqlx::sqlite::SqliteArguments;
use sqlx::{MySql, Postgres, Sqlite};

/// The three ways of speaking SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Postgres,
    MySql,
    Sqlite,
}

/// An identifier that a catalogue told us. Only what reads a server's catalogue makes one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name(String);

impl Name {
    /// Takes an identifier as the server reported it.
    pub(super) fn from_server(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// SQL text that the server printed for its own parser: a type (`timestamp without time zone`), a
/// character set, a collation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word(String);

impl Word {
    /// A type as PostgreSQL's `format_type` prints it, quoted by the server where it must be.
    pub(super) fn pg_type(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A MySQL character set or collation: letters, digits and underscores, else nothing.
    pub(super) fn charset(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        (!text.is_empty() && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }
}

/// A value on its way to the server.
#[derive(Clone)]
pub(super) enum Param {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    /// PostgreSQL only: `text[]`.
    Texts(Vec<Option<String>>),
    /// PostgreSQL only: `bytea[]`.
    Blobs(Vec<Option<Vec<u8>>>),
}

/// A statement under construction.
#[derive(Clone)]
pub(super) struct Statement {
    dialect: Dialect,
    sql: String,
    params: Vec<Param>,
    /// How deep in subqueries we are: the table at hand is `t`, in them `t1`, `t2`.
    level: usize,
    /// MySQL's `DELETE … LIMIT` takes no alias: the outermost table goes by its own name.
    bare: Option<Name>,
    /// PostgreSQL: parameters travel as settings of the session.
    settings: bool,
}

/// A setting of the session with a parameter's value.
const SETTING: &str = "upheld.p";

impl Statement {
    pub(super) fn new(dialect: Dialect) -> Self {
        let sql = String::with_capacity(256);
        Self { dialect, sql, params: Vec::new(), level: 0, bare: None, settings: false }
    }

    /// Words of this program.
    pub(super) fn word(&mut self, word: &'static str) -> &mut Self {
        self.sql.push_str(word);
        self
    }

    /// `separator`, unless this is the first of a list.
    pub(super) fn between(&mut self, index: usize, separator: &'static str) -> &mut Self {
        if index > 0 {
            self.sql.push_str(separator);
        }
        self
    }

    /// A number, in digits.
    pub(super) fn number(&mut self, number: u64) -> &mut Self {
        self.sql.push_str(&number.to_string());
        self
    }

    /// A number that may be negative, in digits.
    pub(super) fn signed(&mut self, number: i64) -> &mut Self {
        self.sql.push_str(&number.to_string());
        self
    }

    /// A column of the helper table, such as `u.k0`.
    pub(super) fn helper(&mut self, letter: &'static str, index: usize) -> &mut Self {
        self.word(letter).number(index as u64)
    }

    /// An identifier, quoted.
    pub(super) fn name(&mut self, name: &Name) -> &mut Self {
        let quote = if self.dialect == Dialect::MySql { '`' } else { '"' };
        self.sql.push(quote);
        for character in name.0.chars() {
            if character == quote {
                self.sql.push(quote);
            }
            self.sql.push(character);
        }
        self.sql.push(quote);
        self
    }

    /// A column of the table at hand.
    pub(super) fn column(&mut self, name: &Name) -> &mut Self {
        self.column_at(self.level, name)
    }

    /// A column of the table at hand at this depth.
    pub(super) fn column_at(&mut self, level: usize, name: &Name) -> &mut Self {
        self.alias_at(level).word(".").name(name)
    }

    /// What the table at hand is called: `t`, in subqueries `t1`, `t2`.
    pub(super) fn alias(&mut self) -> &mut Self {
        self.alias_at(self.level)
    }

    fn alias_at(&mut self, level: usize) -> &mut Self {
        match (level, self.bare.clone()) {
            (0, Some(table)) => self.name(&table),
            (0, None) => self.word("t"),
            _ => self.word("t").number(level as u64),
        }
    }

    /// Calls the outermost table by its own name.
    pub(super) fn without_alias(&mut self, table: &Name) -> &mut Self {
        self.bare = Some(table.clone());
        self
    }

    /// How deep in subqueries we are.
    pub(super) const fn level(&self) -> usize {
        self.level
    }

    /// Whatever `inside` writes is about a table one level deeper.
    pub(super) fn deeper<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.level += 1;
        let told = inside(self);
        self.level -= 1;
        told
    }

    /// A word of the server's own.
    pub(super) fn server(&mut self, word: &Word) -> &mut Self {
        self.sql.push_str(&word.0);
        self
    }

    /// A parameter.
    pub(super) fn param(&mut self, param: Param) -> &mut Self {
        self.params.push(param);
        if self.settings {
            let number = self.params.len() as u64;
            self.word("current_setting('").word(SETTING).number(number).word("')");
        } else if self.dialect == Dialect::Postgres {
            self.sql.push('$');
            self.sql.push_str(&self.params.len().to_string());
        } else {
            self.sql.push('?');
        }
        self
    }

    /// Whose SQL this is.
    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// From here on a parameter is read from a setting of the session: `COPY` takes none.
    pub(super) fn by_settings(&mut self) -> &mut Self {
        self.settings = true;
        self
    }

    /// `COPY` of what this selects, and the statement that sets its parameters first.
    pub(super) fn copy(self) -> (Option<Self>, AssertSqlSafe<String>) {
        let mut first = Self::new(self.dialect);
        first.word("SELECT ");
        let any = !self.params.is_empty();
        for (index, param) in self.params.into_iter().enumerate() {
            first.between(index, ", ").word("set_config('").word(SETTING);
            first.number(index as u64 + 1).word("', ").param(param).word("::text, false)");
        }
        let sql = format!("COPY ({}) TO STDOUT (FORMAT binary)", self.sql);
        (any.then_some(first), AssertSqlSafe(sql))
    }

    /// Its text, for a person to read.
    pub(super) fn text(self) -> String {
        self.sql
    }

    /// Outside the prepared protocol, where there are no parameters.
    pub(super) fn command(self) -> AssertSqlSafe<String> {
        AssertSqlSafe(self.sql)
    }

    pub(super) fn postgres(self) -> Query<'static, Postgres, PgArguments> {
        let mut query = sqlx::query(AssertSqlSafe(self.sql)).persistent(false);
        for param in self.params {
            query = match param {
                Param::Null => query.bind(None::<String>),
                Param::Int(value) => query.bind(value),
                Param::Text(value) => query.bind(value),
                Param::Bytes(value) => query.bind(value),
                Param::Texts(values) => query.bind(values),
                Param::Blobs(values) => query.bind(values),
            };
        }
        query
    }

    pub(super) fn mysql(self) -> Query<'static, MySql, MySqlArguments> {
        // Kept on the server by the connection, a few dozen of them: giving one up costs this
        // driver a packet without an answer, and so a delayed acknowledgement of 40 ms over TCP.
        let mut query = sqlx::query(AssertSqlSafe(self.sql)).persistent(true);
        for param in self.params {
            query = match param {
                Param::Int(value) => query.bind(value),
                Param::Text(value) => query.bind(value),
                Param::Bytes(value) => query.bind(value),
                Param::Null | Param::Texts(_) | Param::Blobs(_) => query.bind(None::<String>),
            };
        }
        query
    }

    pub(super) fn sqlite(self) -> Query<'static, Sqlite, SqliteArguments> {
        let mut query = sqlx::query(AssertSqlSafe(self.sql)).persistent(false);
        for param in self.params {
            query = match param {
                Param::Int(value) => query.bind(value),
                Param::Text(value) => query.bind(value),
                Param::Bytes(value) => query.bind(value),
                Param::Null | Param::Texts(_) | Param::Blobs(_) => query.bind(None::<String>),
            };
        }
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_one_identifier() {
        for (dialect, name, quoted) in [
            (Dialect::Postgres, r#"a"; DROP TABLE b; --"#, r#"t."a""; DROP TABLE b; --""#),
            (Dialect::Sqlite, r#"say "hi""#, r#"t."say ""hi""""#),
            (Dialect::MySql, "a`b\"c", "t.`a``b\"c`"),
        ] {
            let mut statement = Statement::new(dialect);
            statement.column(&Name::from_server(name));
            assert_eq!(statement.sql, quoted);
        }
    }

    #[test]
    fn a_character_set_is_a_plain_word() {
        assert!(Word::charset("utf8mb4_general_ci").is_some());
        assert!(Word::charset("x; DROP TABLE y").is_none());
        assert!(Word::charset("").is_none());
    }
}
