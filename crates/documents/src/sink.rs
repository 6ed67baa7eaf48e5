//! Who takes the texts.

use std::fs::File;

use crate::{Place, Unread};

/// Takes texts as they are read, one after the other.
pub trait Sink {
    /// A text begins. `label` is what the document calls it (the heading of a column, the key of a
    /// member, the name of a header), or empty.
    fn begin(&mut self, place: &Place, label: &str);

    /// The next bytes of the text, UTF-8 wherever the document says how it is encoded; a plain text
    /// in a single-byte encoding as it is.
    fn text(&mut self, bytes: &[u8]);

    /// The text is at its end.
    fn end(&mut self);

    /// Something was not read, or not to its end.
    fn unread(&mut self, path: &str, why: &Unread);

    /// An SQLite file, for whoever speaks SQL. Unless that is overridden it was not read.
    fn database(&mut self, path: &str, database: Database) {
        drop(database);
        self.unread(path, &Unread::Format("an SQLite file: nobody here reads it"));
    }

    /// Asked now and then: whether to leave off.
    fn stopped(&self) -> bool {
        false
    }
}

/// An SQLite file.
#[derive(Debug)]
pub enum Database {
    /// It is the file that was handed to [`crate::read`].
    Itself,
    /// It lay in something else, and is here as an unnamed file.
    Unpacked(File),
}
