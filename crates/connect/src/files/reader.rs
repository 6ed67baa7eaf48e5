//! A file, record by record, in constant memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use memchr::memchr;
use model::Micros;

use super::csv::{self, Splitter};
use super::folder::{Folder, Stamp, stamp_of};
use super::gunzip::{Gunzip, Swollen};
use super::json;
use super::record::{Form, Parts, Record};
use super::time;
use crate::{Error, Result};

/// The longest record that is held. A longer one is an error: it would not be searched whole.
pub(super) const LONGEST: usize = 64 << 20;
const BUFFER: usize = 256 << 10;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Layout {
    pub(super) form: Form,
    pub(super) gz: bool,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// A record, which [`Reader::record`] lends.
    Record,
    /// A blank line, or what stands before the records: no record, and kept as it is.
    Between,
    /// The end.
    End,
}

/// Reads the records of one file.
pub(super) struct Reader {
    input: Box<dyn BufRead + Send>,
    pub(super) path: String,
    form: Form,
    raw: Vec<u8>,
    splitter: Splitter,
    lines: u64,
    begun: bool,
    headed: bool,
    times: bool,
    written: Micros,
    time: Option<Micros>,
}

/// An open file and what it was when it was opened.
pub(super) struct Opened {
    pub(super) reader: Reader,
    pub(super) file: File,
    pub(super) stamp: Stamp,
}

impl Reader {
    /// Opens a file. `times`: the moments of its lines are wanted. `None`: it is gone.
    pub(super) fn open(
        folder: &Folder,
        path: &str,
        layout: Layout,
        times: bool,
    ) -> Result<Option<Opened>> {
        let file = match folder.read(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(trouble(path, &error)),
        };
        let stamp = stamp_of(&file).map_err(|error| trouble(path, &error))?;
        let own = file.try_clone().map_err(|error| trouble(path, &error))?;
        let reader = Self::over(own, BUFFER, path, layout, times, stamp.moment());
        Ok(Some(Opened { reader, file, stamp }))
    }

    /// Reads what comes from `input`, so much at a time. `written`: when it was last written.
    pub(super) fn over(
        input: impl Read + Send + 'static,
        at_a_time: usize,
        path: &str,
        layout: Layout,
        times: bool,
        written: Micros,
    ) -> Self {
        let input: Box<dyn BufRead + Send> = if layout.gz {
            let plain = Gunzip::new(input, at_a_time);
            Box::new(BufReader::with_capacity(at_a_time, plain))
        } else {
            Box::new(BufReader::with_capacity(at_a_time, input))
        };
        Self {
            input,
            path: path.to_owned(),
            form: layout.form,
            raw: Vec::new(),
            splitter: Splitter::default(),
            lines: 0,
            begun: false,
            headed: !matches!(layout.form, Form::Csv { header: true, .. }),
            times: times && layout.form == Form::Lines,
            written,
            time: None,
        }
    }

    /// Reads on.
    pub(super) fn next(&mut self) -> Result<Item> {
        self.raw.clear();
        if !self.begun {
            self.begun = true;
            let head = self.input.fill_buf().map_err(|error| trouble(&self.path, &error))?;
            if head.starts_with(BOM) {
                self.input.consume(BOM.len());
                self.raw.extend_from_slice(BOM);
                return Ok(Item::Between);
            }
        }
        let first = self.lines + 1;
        if !self.line(first)? {
            return Ok(Item::End);
        }
        let blank = csv::body_end(&self.raw) == 0;
        match self.form {
            Form::Lines => {
                if self.times {
                    let body = self.raw.get(..csv::body_end(&self.raw)).unwrap_or_default();
                    self.time = time::of_line(body, self.written).or(self.time);
                }
                Ok(Item::Record)
            }
            _ if blank => Ok(Item::Between),
            Form::Json => Ok(Item::Record),
            Form::Csv { delimiter, .. } => {
                self.splitter.reset();
                while !self.splitter.feed(&self.raw, delimiter, false) {
                    if !self.line(first)? {
                        self.splitter.feed(&self.raw, delimiter, true);
                        break;
                    }
                }
                if self.headed {
                    return Ok(Item::Record);
                }
                self.headed = true;
                Ok(Item::Between)
            }
        }
    }

    /// Adds one line, with its line break, to what is held.
    fn line(&mut self, first: u64) -> Result<bool> {
        let before = self.raw.len();
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(trouble(&self.path, &error)),
            };
            if buffer.is_empty() {
                let any = self.raw.len() > before;
                self.lines += u64::from(any);
                return Ok(any);
            }
            let end = memchr(b'\n', buffer).map(|at| at + 1);
            let taken = end.unwrap_or(buffer.len());
            self.raw.extend_from_slice(buffer.get(..taken).unwrap_or_default());
            self.input.consume(taken);
            if self.raw.len() > LONGEST {
                let why = format!(
                    "holds a record of more than 64 MiB, which begins in line {first}: it cannot be searched whole"
                );
                return Err(Error::File { file: self.path.clone(), why });
            }
            if end.is_some() {
                self.lines += 1;
                return Ok(true);
            }
        }
    }

    /// What was read last, as it stands in the file.
    pub(super) fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The record read last.
    pub(super) fn record(&self) -> Record<'_> {
        let (body, end) = self.raw.split_at(csv::body_end(&self.raw));
        let parts = match self.form {
            Form::Csv { delimiter, .. } => Parts::Csv(&self.splitter.spans, delimiter),
            Form::Json => json::members(body).map_or(Parts::Whole, Parts::Json),
            Form::Lines => Parts::Whole,
        };
        Record { body, end, parts, time: self.time }
    }
}

/// How far the first line of a file is looked for.
const FIRST_LINE: usize = 4 << 20;

/// The beginning of a file, decompressed, and whether it is gzip: `most` bytes, or as many as the
/// first line has.
pub(super) fn beginning(folder: &Folder, path: &str, most: usize) -> io::Result<(Vec<u8>, bool)> {
    let mut input = BufReader::with_capacity(most.min(BUFFER), folder.read(path)?);
    let gz = input.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let mut input: Box<dyn BufRead> =
        if gz { Box::new(BufReader::new(Gunzip::new(input, BUFFER))) } else { Box::new(input) };
    let mut sample = Vec::new();
    let limit = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
    input.by_ref().take(limit(most)).read_to_end(&mut sample)?;
    if memchr(b'\n', &sample).is_none() {
        input.take(limit(FIRST_LINE)).read_until(b'\n', &mut sample)?;
    }
    Ok((sample, gz))
}

/// What the operating system says of a file, in our words.
pub(super) fn trouble(path: &str, error: &io::Error) -> Error {
    if let Some(swollen) = Swollen::of(error) {
        return Error::File { file: path.to_owned(), why: swollen.to_string() };
    }
    let why = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "may not be read or changed by this account: check its mode and owner".to_owned()
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            return Error::Full(format!("for `{path}`"));
        }
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            "is damaged: what is compressed in it does not come out whole".to_owned()
        }
        io::ErrorKind::NotFound => "is gone".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "stands in a file system that is read-only".to_owned(),
        other => format!("cannot be read or written: {other}"),
    };
    Error::File { file: path.to_owned(), why }
}
