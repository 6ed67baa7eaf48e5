//! Writes the package as it is fed.
//!
//! A ZIP file takes one entry at a time, and each row goes to three places: a page, a table, and
//! `data.json`. So the table and the JSON document wait in spools (files of the caller's choice,
//! wherever personal data may lie for a minute), and a page waits in memory until it is full.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use model::{Personal, Rng, Secret};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{AesMode, AesSalt, CompressionMethod, DateTime, System, ZipWriter};

use super::names::Taken;
use super::{
    Closing, CollectionAnswer, FileAnswer, PackageHead, Reached, RowAnswer, SystemAnswer, csv,
    html, json as document, names,
};
use crate::words::{self, package as say};

/// Records on one page.
const PAGE_ROWS: u64 = 200;
/// Bytes of one page, about: a page with long values ends sooner.
const PAGE_BYTES: usize = 256 * 1024;
/// A collection stays in the index up to so many rows and bytes.
const INLINE_ROWS: u64 = 40;
const INLINE_BYTES: usize = 48 * 1024;
/// All collections in the index together, in bytes.
const INDEX_BYTES: usize = 768 * 1024;
/// A small entry is packed less hard than usual (6 of 9): a few bytes in a hundred more, for a third
/// of the time that a small package takes.
const LEVEL: i64 = 3;
const SMALL: u64 = 64 * 1024;
/// From here on an entry needs the wide form of ZIP, which some old programs cannot open.
const WIDE: u64 = 4_000_000_000;

/// Something that can be written, and read again from its beginning.
pub trait Spool: Read + Write + Seek + Send {}
impl<T: Read + Write + Seek + Send> Spool for T {}

/// Makes empty spools: an unlinked temporary file each, in a folder that only we can read.
pub type Spools = Box<dyn FnMut() -> io::Result<Box<dyn Spool>> + Send>;

/// Spools in memory: for small packages and tests.
pub fn spool_in_memory() -> Spools {
    Box::new(|| Ok(Box::new(io::Cursor::new(Vec::new()))))
}

/// A password on every file of the package (AES-256, WinZip AE-2).
pub struct Protection {
    /// The password, never empty.
    pub password: Secret<String>,
    /// Where the salts come from, a fresh one for each file.
    pub rng: Arc<dyn Rng>,
}

/// Why a package could not be written. No message carries personal data.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The calls came in an order that makes no package.
    #[error("the package was fed in the wrong order: {0}")]
    Order(&'static str),
    /// A row does not fit its collection.
    #[error("a row of `{collection}` has {got} values for {wanted} fields")]
    Width {
        /// The collection's name in the map.
        collection: String,
        /// Fields.
        wanted: usize,
        /// Values.
        got: usize,
    },
    /// An empty password protects nothing.
    #[error("the password is empty: choose one of at least twelve characters")]
    EmptyPassword,
    /// Writing or reading failed.
    #[error("the package cannot be written: {0}")]
    Io(#[from] io::Error),
    /// The archive refused an entry.
    #[error("the package cannot be written: {0}")]
    Zip(#[from] zip::result::ZipError),
}

/// What a finished package holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records handed out.
    pub records: u64,
    /// Systems with at least one of them.
    pub systems_with_records: u64,
    /// Systems that were not reached.
    pub not_reached: u64,
    /// Attachments.
    pub files: u64,
    /// Further pages beside the index.
    pub pages: u64,
    /// Cells in front of which an apostrophe was put.
    pub formulas_disarmed: bool,
}

/// A system that has been fed.
pub(super) struct SystemDone {
    pub(super) answer: SystemAnswer,
    pub(super) anchor: String,
    pub(super) collections: Vec<CollectionDone>,
}

impl SystemDone {
    pub(super) fn rows(&self) -> u64 {
        self.collections.iter().map(|done| done.rows).sum()
    }
}

/// A collection that has been fed.
pub(super) struct CollectionDone {
    pub(super) title: String,
    pub(super) base: String,
    pub(super) anchor: String,
    pub(super) rows: u64,
    pub(super) pages: u64,
}

/// A collection that is being fed.
struct Open {
    answer: CollectionAnswer,
    done: CollectionDone,
    table: Box<dyn Spool>,
    page: String,
    page_rows: u64,
}

/// An attachment that has been written.
pub(super) struct FileDone {
    pub(super) path: String,
    pub(super) name: Personal<String>,
    pub(super) place: String,
    pub(super) bytes: u64,
}

/// Writes one package. Feed it [`PackageWriter::system`], then its collections, then their rows, and
/// so on; attachments at any time, before the row that points at them; [`PackageWriter::finish`] at
/// the end. `index.html` is written last: a package without it was never finished.
///
/// Memory: one page of records and one row, a line for each collection and each attachment.
pub struct PackageWriter<W: Write + Seek> {
    zip: ZipWriter<W>,
    head: PackageHead,
    protection: Option<Protection>,
    spools: Spools,
    modified: DateTime,
    json: Box<dyn Spool>,
    systems: Vec<SystemDone>,
    open: Option<Open>,
    files: Vec<FileDone>,
    body: String,
    tables: Vec<csv::Resource>,
    taken: Taken,
    summary: Summary,
}

impl<W: Write + Seek> PackageWriter<W> {
    /// Begins a package in `out`.
    ///
    /// # Errors
    /// When the password is empty or a spool cannot be made.
    pub fn new(
        out: W,
        head: PackageHead,
        protection: Option<Protection>,
        mut spools: Spools,
    ) -> Result<Self, Error> {
        if protection.as_ref().is_some_and(|p| p.password.expose_secret().is_empty()) {
            return Err(Error::EmptyPassword);
        }
        let mut json = spools()?;
        json.write_all(document::open(&head).as_bytes())?;
        Ok(Self {
            zip: ZipWriter::new(out),
            modified: dos_time(&head),
            head,
            protection,
            spools,
            json,
            systems: Vec::new(),
            open: None,
            files: Vec::new(),
            body: String::new(),
            tables: Vec::new(),
            taken: Taken::default(),
            summary: Summary::default(),
        })
    }

    /// Begins a system. A system that was not reached is fed too; it has no collections.
    ///
    /// # Errors
    /// When writing fails.
    pub fn system(&mut self, answer: SystemAnswer) -> Result<(), Error> {
        self.close_system()?;
        let anchor = format!("s{}", self.systems.len() + 1);
        self.json.write_all(document::system(&answer, self.systems.is_empty()).as_bytes())?;
        html::system(&mut self.body, &answer, &anchor);
        if answer.reached != Reached::Reached {
            self.summary.not_reached += 1;
        }
        self.systems.push(SystemDone { answer, anchor, collections: Vec::new() });
        Ok(())
    }

    /// Begins a collection of the system begun last.
    ///
    /// # Errors
    /// When no system was begun, or writing fails.
    pub fn collection(&mut self, answer: CollectionAnswer) -> Result<(), Error> {
        self.close_collection()?;
        let Some(system) = self.systems.last() else {
            return Err(Error::Order("a collection before its system"));
        };
        let base = self.taken.base(&system.answer.key, &answer.name);
        let first = system.collections.is_empty();
        let anchor = format!("{}c{}", system.anchor, system.collections.len() + 1);
        self.json.write_all(document::collection(&answer, &base, first).as_bytes())?;
        let mut table = (self.spools)()?;
        let (heading, formulas) = csv::heading(&answer.fields);
        self.summary.formulas_disarmed |= formulas;
        table.write_all(heading.as_bytes())?;
        let done = CollectionDone { title: answer.title.clone(), base, anchor, rows: 0, pages: 0 };
        self.open = Some(Open { answer, done, table, page: String::new(), page_rows: 0 });
        Ok(())
    }

    /// Writes a row of the collection begun last.
    ///
    /// # Errors
    /// When no collection was begun, the row does not fit it, or writing fails.
    pub fn row(&mut self, row: &RowAnswer) -> Result<(), Error> {
        let Some(open) = &mut self.open else {
            return Err(Error::Order("a row before its collection"));
        };
        let wanted = open.answer.fields.len();
        if row.values.len() != wanted {
            let collection = open.answer.name.clone();
            return Err(Error::Width { collection, wanted, got: row.values.len() });
        }
        if open.page_rows >= PAGE_ROWS || open.page.len() >= PAGE_BYTES {
            self.write_page(true)?;
        }
        let Some(open) = &mut self.open else {
            return Err(Error::Order("a row before its collection"));
        };
        self.json.write_all(document::row(&open.answer, row, open.done.rows == 0).as_bytes())?;
        let (line, formulas) = csv::line(&row.values, row.tie);
        self.summary.formulas_disarmed |= formulas;
        open.table.write_all(line.as_bytes())?;
        open.done.rows += 1;
        open.page_rows += 1;
        html::row(&mut open.page, &open.answer, open.done.rows, row);
        Ok(())
    }

    /// Writes an attachment and returns its path in the package, for [`super::Shown::File`].
    ///
    /// # Errors
    /// When reading or writing fails.
    pub fn file(&mut self, file: FileAnswer, bytes: &mut dyn Read) -> Result<String, Error> {
        let number = self.files.len() as u64 + 1;
        let path = names::attachment(number, file.name.expose(), self.protection.is_some());
        self.start(&path, file.bytes)?;
        let copied = io::copy(bytes, &mut self.zip)?;
        self.files.push(FileDone {
            path: path.clone(),
            name: file.name,
            place: file.place,
            bytes: copied,
        });
        self.summary.files += 1;
        Ok(path)
    }

    /// Ends the package and gives back what it was written to.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self, closing: &Closing) -> Result<(W, Summary), Error> {
        self.close_system()?;
        let records = self.systems.iter().map(SystemDone::rows).sum();
        self.summary.records = records;
        self.summary.systems_with_records =
            self.systems.iter().filter(|system| system.rows() > 0).count() as u64;

        self.finish_json(closing, records)?;
        let resources = std::mem::take(&mut self.tables);
        let tables = csv::Tables {
            profile: "tabular-data-package",
            name: "access-package",
            description: say::TABLES_NOTE,
            resources: &resources,
        };
        let mut tables = serde_json::to_string_pretty(&tables).map_err(io::Error::from)?;
        tables.push('\n');
        self.entry("csv/schema.json", &tables)?;
        self.entry("data.schema.json", document::SCHEMA)?;
        let readme = self.readme();
        self.entry("README.txt", &readme)?;
        let index = html::Index {
            head: &self.head,
            systems: &self.systems,
            body: &self.body,
            files: &self.files,
            closing,
            records,
            names_hidden: self.protection.is_some(),
        };
        let index = index.page();
        self.entry("index.html", &index)?;
        Ok((self.zip.finish()?, self.summary))
    }

    fn finish_json(&mut self, closing: &Closing, records: u64) -> Result<(), Error> {
        let files: Vec<Value> = self
            .files
            .iter()
            .map(|file| {
                json!({
                    "path": file.path,
                    "name": file.name.expose(),
                    "place": file.place,
                    "bytes": file.bytes,
                })
            })
            .collect();
        let not_shown: Vec<Value> = closing
            .not_shown
            .iter()
            .map(|not| json!({ "place": not.place, "reason": not.reason }))
            .collect();
        let rest = json!({
            "files": files,
            "redacted_others": closing.redacted_others,
            "not_shown": not_shown,
            "lists": document::lists(&closing.lists, records),
        })
        .to_string();
        // `rest` is an object of its own; without its first brace it ends ours.
        let rest = rest.strip_prefix('{').unwrap_or(&rest);
        self.json.write_all(format!("],\n{rest}\n").as_bytes())?;
        let length = self.json.stream_position()?;
        self.json.seek(SeekFrom::Start(0))?;
        self.start("data.json", length)?;
        io::copy(&mut self.json, &mut self.zip)?;
        Ok(())
    }

    fn readme(&self) -> String {
        let names: Vec<&str> =
            self.head.subject_names.iter().map(|name| name.expose().as_str()).collect();
        let line = |text: &str| crate::text::one_line(text);
        let missing: Vec<String> = self
            .systems
            .iter()
            .filter_map(|system| match &system.answer.reached {
                Reached::Reached => None,
                Reached::NotReached(why) => Some(line(&format!("{}: {why}", system.answer.title))),
            })
            .collect();
        say::readme(
            &line(&say::title(self.head.kind, &self.head.organisation, &names)),
            &line(&say::made(
                &self.head.reference,
                &words::moment(self.head.made_at, &self.head.zone),
            )),
            &line(&self.head.contact),
            self.summary.formulas_disarmed,
            &missing,
        )
    }

    fn close_system(&mut self) -> Result<(), Error> {
        self.close_collection()?;
        if !self.systems.is_empty() {
            self.json.write_all(document::CLOSE_LIST.as_bytes())?;
            self.body.push_str("</section>\n");
        }
        Ok(())
    }

    fn close_collection(&mut self) -> Result<(), Error> {
        let Some(open) = &self.open else { return Ok(()) };
        let inline = open.done.pages == 0
            && open.done.rows <= INLINE_ROWS
            && open.page.len() <= INLINE_BYTES
            && self.body.len() + open.page.len() <= INDEX_BYTES;
        if !inline {
            self.write_page(false)?;
        }
        let Some(Open { answer, done, mut table, page, .. }) = self.open.take() else {
            return Ok(());
        };
        let rows = inline.then(|| html::for_index(&page));
        html::collection(&mut self.body, &answer, &done, rows.as_deref());
        self.json.write_all(document::CLOSE_LIST.as_bytes())?;
        let length = table.stream_position()?;
        table.seek(SeekFrom::Start(0))?;
        self.start(&format!("csv/{}.csv", done.base), length)?;
        io::copy(&mut table, &mut self.zip)?;
        if let Some(system) = self.systems.last_mut() {
            self.tables.push(csv::resource(&done.base, &system.answer.title, &answer, done.rows));
            system.collections.push(done);
        }
        Ok(())
    }

    /// Writes the page that has been waiting in memory.
    fn write_page(&mut self, more: bool) -> Result<(), Error> {
        let (Some(open), Some(system)) = (&mut self.open, self.systems.last()) else {
            return Ok(());
        };
        open.done.pages += 1;
        let page = html::further_page(&html::FurtherPage {
            head: &self.head,
            system: &system.answer.title,
            collection: &open.answer,
            base: &open.done.base,
            anchor: &open.done.anchor,
            number: open.done.pages,
            first: open.done.rows - open.page_rows + 1,
            last: open.done.rows,
            more,
            rows: &open.page,
        });
        let path = format!("pages/{}-{}.html", open.done.base, open.done.pages);
        open.page.clear();
        open.page_rows = 0;
        self.summary.pages += 1;
        self.entry(&path, &page)
    }

    fn entry(&mut self, path: &str, text: &str) -> Result<(), Error> {
        self.start(path, text.len() as u64)?;
        self.zip.write_all(text.as_bytes())?;
        Ok(())
    }

    fn start(&mut self, path: &str, bytes: u64) -> Result<(), Error> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level((bytes < SMALL).then_some(LEVEL))
            .last_modified_time(self.modified)
            .unix_permissions(0o644)
            .system(System::Unix)
            .large_file(bytes >= WIDE);
        match &self.protection {
            None => self.zip.start_file(path, options)?,
            Some(protection) => {
                // INVARIANT: a fresh salt for each file; the same one twice would give the same key
                // stream twice.
                let mut salt = [0u8; 16];
                protection.rng.fill(&mut salt);
                let salt = AesSalt::try_new(AesMode::Aes256, &salt)?;
                let password = protection.password.expose_secret().as_bytes();
                self.zip.start_file(path, options.with_aes_encryption_and_salt(password, salt))?;
            }
        }
        Ok(())
    }
}

/// The moment as ZIP writes it: the wall clock of the package's zone, from 1980 on.
fn dos_time(head: &PackageHead) -> DateTime {
    let at = head.zone.at(head.made_at);
    let small = |n: i8| u8::try_from(n).unwrap_or(0);
    u16::try_from(at.year())
        .ok()
        .and_then(|year| {
            let (month, day) = (small(at.month()), small(at.day()));
            let (hour, minute, second) = (small(at.hour()), small(at.minute()), small(at.second()));
            DateTime::from_date_and_time(year, month, day, hour, minute, second).ok()
        })
        .unwrap_or_default()
}
