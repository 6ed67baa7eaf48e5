//! Where a text stands.

use std::fmt;

/// Where a text stands, so that a person finds it again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file; and what lies in an archive or a mail, behind a `/`: `old.zip/2019/staff.xlsx`.
    pub path: String,
    /// The part of it: a sheet, a column, a page, a header; empty where it has none. Never a value:
    /// a name of a column or member that may be one is `*`.
    pub part: String,
    /// Where in that part.
    pub at: At,
}

/// Where in a part a text stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// A text of lines.
    Lines {
        /// The number of its first line, from 1.
        first: u64,
        /// Where its first byte stands in the file, if the bytes are those of the file: then
        /// columns and offsets in the text are columns and offsets in the file.
        offset: Option<u64>,
    },
    /// A value on this line, from 1.
    Line(u64),
    /// A value in this row, from 1.
    Row(u64),
    /// A cell of a sheet, as people name it (`B7`).
    Cell(String),
}

impl Place {
    pub(crate) fn lines(path: &str, part: &str) -> Self {
        Self {
            path: path.to_owned(),
            part: part.to_owned(),
            at: At::Lines { first: 1, offset: None },
        }
    }

    pub(crate) fn new(path: &str, part: &str, at: At) -> Self {
        Self { path: path.to_owned(), part: part.to_owned(), at }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if !self.part.is_empty() {
            write!(f, "#{}", self.part)?;
        }
        match &self.at {
            At::Lines { first, .. } if *first == 1 => Ok(()),
            At::Lines { first: line, .. } | At::Line(line) => write!(f, ", line {line}"),
            At::Row(row) => write!(f, ", row {row}"),
            At::Cell(cell) => write!(f, "!{cell}"),
        }
    }
}

/// The name of a column or a member, or `*` where it may be a value: an address in the place of a
/// key is somebody's data, and places are shown.
pub(crate) fn shown_name(name: &str) -> &str {
    let name = name.trim();
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '(' | ')' | '/' | '$');
    let fits = !name.is_empty()
        && name.len() <= 64
        && digits < 5
        && name.chars().any(char::is_alphabetic)
        && name.chars().all(plain);
    if fits { name } else { "*" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_people_find_it() {
        let table = [
            ("a.txt", "", At::Lines { first: 1, offset: Some(0) }, "a.txt"),
            ("a.zip/b.xlsx", "Staff", At::Cell("B7".into()), "a.zip/b.xlsx#Staff!B7"),
            ("a.csv", "mail", At::Line(12), "a.csv#mail, line 12"),
            ("a.parquet", "mail", At::Row(3), "a.parquet#mail, row 3"),
        ];
        for (path, part, at, text) in table {
            assert_eq!(Place::new(path, part, at).to_string(), text);
        }
    }

    #[test]
    fn a_name_that_may_be_a_value_is_not_shown() {
        for (name, shown) in [
            ("e-mail", "e-mail"),
            ("Straße (2)", "Straße (2)"),
            ("jane.doe@acme.example", "*"),
            ("9025550142", "*"),
            ("", "*"),
        ] {
            assert_eq!(shown_name(name), shown);
        }
    }
}
