//! Any file in, its texts with their places out, in bounded memory.
//!
//! Personal data lies in spreadsheets, in mails with attachments, in archives of archives. Whoever
//! wants to look at all of it should not have to know how each format is packed. [`read`] tells a
//! file by its content, walks into it however deep it is packed, and hands each [`Sink`] the texts
//! in it, one after the other, each with the [`Place`] where a person finds it again: a line, a
//! cell, a page, a column, a header.
//!
//! What is read: plain text (UTF-8, UTF-16, single-byte), HTML, CSV, JSON and JSON Lines; mails,
//! with their parts and attachments, and mailboxes; gzip, zstd, zip and tar, within each other;
//! Word, Excel and PowerPoint files since 2007, OpenDocument; PDF; Parquet. An SQLite file is handed on as it is, to
//! whoever speaks SQL.
//!
//! What holds here:
//!
//! * INVARIANT: nothing is left out in silence. What cannot be read is told to the sink with its
//!   reason ([`Unread`]), and what stands before a damaged place has been read.
//! * INVARIANT: memory does not grow with the file. Texts are streamed. Where a format must be held
//!   as a whole (a mail, a PDF) there is a limit, and beyond it a reason. What must be sought in and
//!   arrives as a stream goes to an unnamed file.
//! * INVARIANT: what comes out of packed bytes is counted against what went in ([`Limits`]), over all
//!   levels together, so that a bomb ends as something that was not read.
//! * INVARIANT: no input ends the process. A reader that panics has not read its file, and that is
//!   told.
//!
//! What is deliberately not here: what a text means. This room finds nothing; it knows no network
//! and walks no folder.
//!
//! ```
//! use documents::{Input, Limits, Place, Sink, Unread};
//!
//! struct Print;
//! impl Sink for Print {
//!     fn begin(&mut self, place: &Place, label: &str) {
//!         assert_eq!((place.to_string().as_str(), label), ("people.csv#mail, line 2", "mail"));
//!     }
//!     fn text(&mut self, bytes: &[u8]) {
//!         assert_eq!(bytes, b"jane.doe@acme.example");
//!     }
//!     fn end(&mut self) {}
//!     fn unread(&mut self, path: &str, why: &Unread) {
//!         panic!("{path}: {why}");
//!     }
//! }
//!
//! let csv = &b"mail\njane.doe@acme.example\n"[..];
//! documents::read("people.csv", Input::Stream(Box::new(csv)), &Limits::default(), &mut Print);
//! ```

mod archive;
mod guard;
mod html;
mod json;
mod kind;
mod letter;
mod limits;
mod mail;
mod mailbox;
mod office;
mod parquet;
mod pdf;
mod place;
mod separated;
mod sink;
mod source;
mod text;
mod unread;
mod walk;

pub use letter::{Letter, Report, letter};
pub use limits::Limits;
pub use place::{At, Place};
pub use sink::{Database, Sink};
pub use source::Input;
pub use unread::Unread;
pub use walk::read;
