//! How much may come out of what.

use std::cell::Cell;
use std::io::{self, Read};

use crate::Unread;

/// The bounds within which a file is unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How deep things may lie within each other.
    pub depth: usize,
    /// How many times as much as the file's own bytes may come out of it, all levels together, once
    /// that is more than [`Limits::floor`]. Deflate packs no better than 1,030 to 1, and sound logs
    /// some 10 to 200 to 1.
    pub ratio: u64,
    /// So many bytes may come out of any file.
    pub floor: u64,
    /// No more bytes than this come out of one file, all levels together.
    pub total: u64,
    /// No more files than this are looked into within one.
    pub members: u64,
    /// What must be held as a whole (a mail, a PDF, a table of strings) is no larger than this, in
    /// bytes.
    pub held: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 8,
            ratio: 250,
            floor: 256 << 20,
            total: 64 << 30,
            members: 1_000_000,
            held: 64 << 20,
        }
    }
}

/// What has come out of one file so far.
#[derive(Debug)]
pub(crate) struct Budget {
    pub(crate) limits: Limits,
    /// Bytes of the file itself that were read, or its size.
    packed: Cell<u64>,
    unpacked: Cell<u64>,
    members: Cell<u64>,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, packed: Cell::new(0), unpacked: Cell::new(0), members: Cell::new(0) }
    }

    /// So many bytes of the file itself are there.
    pub(crate) fn took(&self, bytes: u64) {
        self.packed.set(self.packed.get().saturating_add(bytes));
    }

    /// So many bytes came out.
    pub(crate) fn gave(&self, bytes: u64) -> Result<(), Unread> {
        let out = self.unpacked.get().saturating_add(bytes);
        self.unpacked.set(out);
        if out > self.limits.total {
            return Err(Unread::TooMuch(self.limits.total));
        }
        if out > self.limits.floor && out / self.limits.ratio > self.packed.get() {
            return Err(Unread::Swells(self.limits.ratio));
        }
        Ok(())
    }

    /// One more file within it is looked into.
    pub(crate) fn member(&self) -> Result<(), Unread> {
        self.members.set(self.members.get() + 1);
        if self.members.get() > self.limits.members {
            return Err(Unread::TooMany(self.limits.members));
        }
        Ok(())
    }
}

/// Counts what comes out of packed bytes, and ends where it is too much.
pub(crate) struct Metered<'b, R> {
    pub(crate) plain: R,
    pub(crate) budget: &'b Budget,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.plain.read(into)?;
        self.budget.gave(length(got)).map_err(Unread::into_error)?;
        Ok(got)
    }
}

/// Counts what is read of the file itself.
pub(crate) struct Counted<'b, R> {
    pub(crate) input: R,
    pub(crate) budget: &'b Budget,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.input.read(into)?;
        self.budget.took(length(got));
        Ok(got)
    }
}

pub(crate) fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
