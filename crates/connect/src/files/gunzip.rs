//! Gzip as a stream, and the bomb that is refused: a file that swells beyond all measure while it is
//! unpacked was made to fill a disk or to keep somebody busy, not to keep records.
//!
//! Memory is constant whatever comes; it is the work that is bounded here. Gzip cannot pack better
//! than about 1,030 to 1. Logs are packed 10 to 60 to 1, and a log of one line over and over some 200
//! to 1, so that [`MOST`] times is refused only in files that grow beyond [`FLOOR`] all the same.

use std::fmt;
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

/// What is smaller than this when it is unpacked may have any measure.
const FLOOR: u64 = 256 << 20;
/// How many times larger than its file the rest may become.
const MOST: u64 = 250;

/// What comes out of a gzip stream, however many members it has.
pub(super) struct Gunzip<R> {
    plain: MultiGzDecoder<BufReader<Counted<R>>>,
    read: Arc<AtomicU64>,
    given: u64,
    floor: u64,
}

impl<R: Read> Gunzip<R> {
    /// Unpacks what `input` gives, which is read so much at a time.
    pub(super) fn new(input: R, at_a_time: usize) -> Self {
        Self::with_floor(input, at_a_time, FLOOR)
    }

    fn with_floor(input: R, at_a_time: usize, floor: u64) -> Self {
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted { input, read: Arc::clone(&read) };
        let plain = MultiGzDecoder::new(BufReader::with_capacity(at_a_time, counted));
        Self { plain, read, given: 0, floor }
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let given = self.plain.read(into)?;
        self.given = self.given.saturating_add(u64::try_from(given).unwrap_or(u64::MAX));
        let packed = self.read.load(Ordering::Relaxed);
        if self.given > self.floor && self.given / MOST > packed {
            return Err(io::Error::new(io::ErrorKind::InvalidData, Swollen { floor: self.floor }));
        }
        Ok(given)
    }
}

/// Counts what is read.
struct Counted<R> {
    input: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.input.read(into)?;
        self.read.fetch_add(u64::try_from(got).unwrap_or(0), Ordering::Relaxed);
        Ok(got)
    }
}

/// Why no more is unpacked.
#[derive(Debug)]
pub(super) struct Swollen {
    floor: u64,
}

impl Swollen {
    /// Whether this is what stopped the reading.
    pub(super) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref().and_then(|inner| inner.downcast_ref())
    }
}

impl fmt::Display for Swollen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "swells beyond {} MiB and {MOST} times its size when it is unpacked, which no records do: \
             it is not read; take it out of the folder, or name the files that are meant with `pattern=`",
            self.floor >> 20
        )
    }
}

impl std::error::Error for Swollen {}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(text).unwrap();
        out.finish().unwrap()
    }

    fn unpack(bytes: &[u8], floor: u64) -> io::Result<u64> {
        let input = io::Cursor::new(bytes.to_vec());
        io::copy(&mut Gunzip::with_floor(input, 4 << 10, floor), &mut io::sink())
    }

    #[test]
    fn a_bomb_is_refused_and_records_are_not() {
        let zeros = packed(&vec![0; 8 << 20]);
        let error = unpack(&zeros, 1 << 20).unwrap_err();
        let why = Swollen::of(&error).unwrap().to_string();
        assert!(why.starts_with("swells beyond 1 MiB and 250 times its size"), "{why}");
        // The same below the floor, and an endless row of small bombs.
        assert_eq!(unpack(&zeros, 8 << 20).unwrap(), 8 << 20);
        let many = packed(&vec![b'a'; 512 << 10]).repeat(16);
        assert!(Swollen::of(&unpack(&many, 1 << 20).unwrap_err()).is_some());
        // A log of one line, but for its time.
        let mut log = String::new();
        for second in 0..60_000 {
            log.push_str(&format!(
                "2026-01-02T03:{:02}:{:02} GET /health 200\n",
                second / 60 % 60,
                second % 60
            ));
        }
        let log = packed(log.as_bytes());
        assert_eq!(unpack(&log, 1 << 20).unwrap(), 60_000 * 36);
    }

    #[test]
    fn what_is_broken_is_an_error_of_its_own() {
        let whole = packed(b"one line\n");
        let cut = whole.split_last_chunk::<6>().unwrap().0;
        let error = unpack(cut, FLOOR).unwrap_err();
        assert!(Swollen::of(&error).is_none(), "{error}");
        // Empty members say nothing and cost nothing.
        assert_eq!(unpack(&packed(b"").repeat(10_000), FLOOR).unwrap(), 0);
    }
}
