//! Running text of any length, in the memory of a few segments.

use std::io::{self, Read, Write};

use detect::{DetectScratch, Found};

use crate::date::DateOrder;
use crate::value::{Engine, Scratch, Tally};

/// Bytes that are read at once.
const PIECE: usize = 256 << 10;
/// What the detector has told lies at most so far behind what it was given: a segment, what it looks
/// ahead, and the longest finding.
const BEHIND: usize = 192 << 10;
/// A line longer than this may be cut.
const LINE: usize = 512 << 10;

/// Copies a text with what is found in it replaced.
///
/// # Errors
/// When it cannot be read or written, or is no text.
pub fn rewrite(
    engine: &Engine<'_>,
    mut input: impl Read,
    output: &mut dyn Write,
) -> io::Result<Tally> {
    let mut tally = Tally::default();
    let mut scratch = Scratch::default();
    let mut stream = engine.detector.stream();
    let mut waiting: Vec<Found> = Vec::new();
    let (mut kept, mut base, mut line) = (Vec::new(), 0_u64, 1_u64);
    let mut out = Vec::new();
    // Whether the last line had no end.
    let mut open = false;
    loop {
        let before = kept.len();
        let read = input.by_ref().take(PIECE as u64).read_to_end(&mut kept)?;
        let new = kept.get(before..).unwrap_or_default();
        if memchr::memchr(0, new).is_some() {
            let told = "it holds bytes that are no text; write it as UTF-8 first";
            return Err(io::Error::new(io::ErrorKind::InvalidData, told));
        }
        stream.push(new, &mut |found: &Found| waiting.push(found.clone()));
        let last = read < PIECE;
        if last {
            let rest = std::mem::replace(&mut stream, engine.detector.stream());
            rest.finish(&mut |found: &Found| waiting.push(found.clone()));
        }
        let cut = if last { kept.len() } else { cut(&kept, &waiting, base) };
        if cut > 0 {
            let ready = waiting.partition_point(|found| found.start < base + cut as u64);
            let mut ready: Vec<Found> = waiting.drain(..ready).collect();
            for found in &mut ready {
                found.start = found.start.saturating_sub(base);
                found.end = found.end.saturating_sub(base);
            }
            let text = kept.get(..cut).unwrap_or_default();
            out.clear();
            engine.replace(
                text,
                &ready,
                DateOrder::Unknown,
                line,
                &mut scratch,
                &mut tally,
                &mut out,
            );
            output.write_all(&out)?;
            line += memchr::memchr_iter(b'\n', text).count() as u64;
            base += cut as u64;
            open = text.last().is_some_and(|byte| *byte != b'\n');
            kept.drain(..cut);
        }
        if last {
            tally.values = line - 1 + u64::from(open);
            tally.changed = tally.found.values().sum();
            return Ok(tally);
        }
    }
}

/// Up to where everything is known: the end of a line, and not within a finding.
fn cut(kept: &[u8], waiting: &[Found], base: u64) -> usize {
    let sure = kept.len().saturating_sub(BEHIND);
    let known = kept.get(..sure).unwrap_or_default();
    let line = memchr::memrchr(b'\n', known).map(|at| at + 1);
    let mut cut = match line {
        Some(line) => line,
        // A line without an end is cut at a blank, or anywhere.
        None if kept.len() > LINE => memchr::memrchr(b' ', known).map_or(sure, |at| at + 1),
        None => 0,
    };
    for found in waiting {
        let (start, end) = (found.start.saturating_sub(base), found.end.saturating_sub(base));
        if start < cut as u64 && end > cut as u64 {
            cut = usize::try_from(end).unwrap_or(cut).min(kept.len());
        }
    }
    cut
}

/// The same for a text that is held whole. What it gives is what [`rewrite`] gives.
pub fn rewrite_whole(engine: &Engine<'_>, text: &[u8]) -> (Vec<u8>, Tally) {
    let mut found = Vec::new();
    engine.detector.find_into(text, &mut DetectScratch::new(), &mut found);
    let (mut tally, mut out) = (Tally::default(), Vec::new());
    engine.replace(
        text,
        &found,
        DateOrder::Unknown,
        1,
        &mut Scratch::default(),
        &mut tally,
        &mut out,
    );
    let open = text.last().is_some_and(|byte| *byte != b'\n');
    tally.values = memchr::memchr_iter(b'\n', text).count() as u64 + u64::from(open);
    tally.changed = tally.found.values().sum();
    (out, tally)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Key, Profile};
    use detect::{DetectOptions, Detector};

    #[test]
    fn a_long_text_is_rewritten_as_a_whole_one() {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let key = Key::new([1; 32]);
        for profile in [Profile::default(), Profile::hipaa_safe_harbor()] {
            let engine =
                Engine::new(&detector, &profile, Some(&key), jiff::civil::date(2026, 11, 23));
            for lines in [true, false] {
                let mut text = Vec::new();
                let mut number = 0_u32;
                while text.len() < 3 << 20 {
                    number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let end = if lines { "\n" } else { " " };
                    let more = format!(
                        "On 2024-03-{:02} user{number}@corp-mail.net wrote{end}",
                        number % 28 + 1
                    );
                    text.extend_from_slice(more.as_bytes());
                }
                let (whole, tally) = rewrite_whole(&engine, &text);
                let mut out = Vec::new();
                let streamed = rewrite(&engine, &text[..], &mut out).unwrap();
                assert_eq!(out, whole);
                assert_eq!((streamed.found, streamed.values), (tally.found, tally.values));
                assert!(memchr::memmem::find(&out, b"corp-mail").is_none());
                assert_eq!(
                    memchr::memmem::find(&out, b"2024-03").is_none(),
                    profile.dates.is_some()
                );
            }
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let profile = Profile::default();
        let engine = Engine::new(&detector, &profile, None, jiff::civil::date(2026, 11, 23));
        assert!(rewrite(&engine, &b"a\0b"[..], &mut Vec::new()).is_err());
    }
}
