//! A file that is made in memory as long as it is small, and written in one piece.
//!
//! An archive is written in hundreds of small steps and goes back in each of its entries; most
//! packages are a few dozen kilobytes.

use std::fs::File;
use std::io::{self, Cursor, Seek, SeekFrom, Write};

/// Up to so many bytes stay in memory.
const MOST: usize = 512 * 1024;

/// Where a file is written to.
pub(crate) struct Held {
    file: File,
    /// `None` once it has become too large.
    held: Option<Cursor<Vec<u8>>>,
}

impl Held {
    /// Begins an empty file.
    pub(crate) fn new(file: File) -> Self {
        Self { file, held: Some(Cursor::default()) }
    }

    /// The file with all that was written.
    pub(crate) fn into_file(mut self) -> io::Result<File> {
        self.spill()?;
        Ok(self.file)
    }

    fn spill(&mut self) -> io::Result<()> {
        let Some(held) = self.held.take() else { return Ok(()) };
        self.file.write_all(held.get_ref())?;
        self.file.seek(SeekFrom::Start(held.position()))?;
        Ok(())
    }
}

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.held {
            Some(held) if held.get_ref().len() + bytes.len() <= MOST => held.write(bytes),
            Some(_) => {
                self.spill()?;
                self.file.write(bytes)
            }
            None => self.file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Held {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.held {
            Some(held) => held.seek(to),
            None => self.file.seek(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_files_hold_what_was_written_and_corrected() {
        for pieces in [0, 1, 3, 9] {
            let piece = vec![b'a'; MOST / 4];
            let file = tempfile::NamedTempFile::new().unwrap();
            let mut held = Held::new(file.reopen().unwrap());
            let mut wanted = b"head".to_vec();
            held.write_all(b"????").unwrap();
            for _ in 0..pieces {
                held.write_all(&piece).unwrap();
                wanted.extend(&piece);
                // As an archive does once it knows how long an entry is.
                held.seek(SeekFrom::Start(0)).unwrap();
                held.write_all(b"head").unwrap();
                held.seek(SeekFrom::End(0)).unwrap();
            }
            held.seek(SeekFrom::Start(0)).unwrap();
            held.write_all(b"head").unwrap();
            let in_memory = held.held.is_some();
            assert_eq!(in_memory, pieces < 4, "{pieces}");
            drop(held.into_file().unwrap());
            assert!(std::fs::read(file.path()).unwrap() == wanted, "{pieces}");
        }
    }
}
