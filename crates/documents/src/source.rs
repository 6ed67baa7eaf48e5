//! Bytes of which the beginning has been seen.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use crate::Unread;
use crate::limits::length;

/// How much of a beginning is looked at to tell what it is.
pub(crate) const HEAD: usize = 16 << 10;
/// What must be sought in and is smaller than this stays in memory.
const IN_MEMORY: usize = 8 << 20;

/// What is to be read.
pub enum Input<'i> {
    /// A file on the disk, from its start.
    File(File),
    /// Anything else.
    Stream(Box<dyn Read + 'i>),
}

/// Bytes of which the beginning has been seen.
pub(crate) struct Source<'s> {
    head: Vec<u8>,
    input: Input<'s>,
}

/// Bytes in which one can go back.
pub(crate) enum Seekable {
    File(File),
    Memory(Cursor<Vec<u8>>),
}

impl<'s> Source<'s> {
    /// Reads the beginning.
    pub(crate) fn new(mut input: Input<'s>) -> io::Result<Self> {
        let mut head = Vec::with_capacity(HEAD);
        let most = length(HEAD);
        match &mut input {
            Input::File(file) => file.take(most).read_to_end(&mut head)?,
            Input::Stream(stream) => {
                // What comes before damage is still worth its look.
                match stream.take(most).read_to_end(&mut head) {
                    Err(error) if head.is_empty() => return Err(error),
                    _ => 0,
                }
            }
        };
        Ok(Self { head, input })
    }

    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Whether it is the file on the disk itself.
    pub(crate) const fn is_file(&self) -> bool {
        matches!(self.input, Input::File(_))
    }

    /// All of it, from the start.
    pub(crate) fn into_read(self) -> Box<dyn Read + 's> {
        let head = Cursor::new(self.head);
        match self.input {
            Input::File(file) => Box::new(head.chain(file)),
            Input::Stream(stream) => Box::new(head.chain(stream)),
        }
    }

    /// All of it, to go back and forth in.
    pub(crate) fn into_seek(self) -> Result<Seekable, Unread> {
        let mut stream = match self.input {
            Input::File(mut file) => {
                file.seek(SeekFrom::Start(0)).map_err(|error| Unread::from(&error))?;
                return Ok(Seekable::File(file));
            }
            Input::Stream(stream) => stream,
        };
        let mut bytes = self.head;
        let most = length(IN_MEMORY.saturating_sub(bytes.len()));
        stream.by_ref().take(most).read_to_end(&mut bytes).map_err(|error| Unread::from(&error))?;
        if bytes.len() < IN_MEMORY {
            return Ok(Seekable::Memory(Cursor::new(bytes)));
        }
        let spill = || {
            let mut file = tempfile::tempfile()?;
            io::copy(&mut Cursor::new(bytes).chain(stream), &mut file)?;
            file.seek(SeekFrom::Start(0))?;
            Ok(file)
        };
        spill().map(Seekable::File).map_err(|error: io::Error| Unread::from(&error))
    }

    /// All of it in memory, if it is no more than `most` bytes.
    pub(crate) fn into_bytes(self, most: u64) -> Result<Vec<u8>, Unread> {
        let mut bytes = self.head;
        let rest = most.saturating_add(1).saturating_sub(length(bytes.len()));
        let read = match self.input {
            Input::File(file) => file.take(rest).read_to_end(&mut bytes),
            Input::Stream(stream) => stream.take(rest).read_to_end(&mut bytes),
        };
        read.map_err(|error| Unread::from(&error))?;
        if length(bytes.len()) > most { Err(Unread::TooLarge(most)) } else { Ok(bytes) }
    }

    /// All of it as a file of its own without a name.
    pub(crate) fn into_unnamed(self) -> Result<File, Unread> {
        let mut input = self.into_read();
        let mut spill = || {
            let mut file = tempfile::tempfile()?;
            io::copy(&mut input, &mut file)?;
            file.seek(SeekFrom::Start(0))?;
            Ok(file)
        };
        spill().map_err(|error: io::Error| Unread::from(&error))
    }
}

impl Read for Seekable {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Memory(memory) => memory.read(into),
        }
    }
}

impl Seek for Seekable {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Memory(memory) => memory.seek(to),
        }
    }
}
