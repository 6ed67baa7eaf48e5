//! A detector, and perhaps a model beside it, over texts of any length.
//!
//! The model reads a text in segments of [`SEGMENT`] bytes counted from its beginning, with what stands
//! around them, and tells what begins in each. So a text gives the same findings however it is handed
//! over, in the memory of a segment.

use detect::{DetectScratch, Detector, Found, KindRef, Validated};

use crate::Model;
use crate::combine::Waiting;
use crate::error::RunError;

/// Bytes of one segment.
const SEGMENT: usize = 8 << 10;
/// Bytes around a segment that the model reads too.
const AROUND: usize = 512;
/// A blank is looked for in so many bytes, so that no word is cut where a view begins or ends.
const WORD: usize = 64;

/// A value that a model told, in bytes of what it read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(feature = "onnx"), allow(dead_code, reason = "without the engine nothing is told"))]
pub(crate) struct Told {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: KindRef,
    pub(crate) confidence: u8,
}

/// Finds with a detector, and with a model where there is one. Shared by threads.
#[derive(Debug)]
pub struct Finder {
    detector: Detector,
    model: Option<Model>,
}

impl Finder {
    /// The detector decides which kinds are wanted, how sure a finding must be and what is allowed; of
    /// the model's findings too.
    pub const fn new(detector: Detector, model: Option<Model>) -> Self {
        Self { detector, model }
    }

    /// The model.
    pub const fn model(&self) -> Option<&Model> {
        self.model.as_ref()
    }

    /// Everything in a text or value, by its place; no two overlap.
    ///
    /// # Errors
    /// The model could not be run on all of it. What is in `out` stands.
    pub fn find_into(
        &self,
        bytes: &[u8],
        scratch: &mut DetectScratch,
        out: &mut Vec<Found>,
    ) -> Result<(), RunError> {
        if self.model.is_none() {
            self.detector.find_into(bytes, scratch, out);
            return Ok(());
        }
        let mut stream = self.stream();
        stream.push(bytes, &mut |found| out.push(found.clone()));
        stream.finish(&mut |found| out.push(found.clone()))
    }

    /// A text that will come in pieces.
    pub fn stream(&self) -> Stream<'_> {
        let told = self.model.as_ref().map(|model| Telling {
            model,
            detector: &self.detector,
            kept: Vec::new(),
            base: 0,
            start: 0,
            taken: 0,
            waiting: Waiting::default(),
            failed: None,
        });
        Stream { detected: self.detector.stream(), told }
    }
}

/// A text that is handed over in pieces. What is found does not depend on where they are cut.
#[derive(Debug)]
pub struct Stream<'f> {
    detected: detect::Stream<'f>,
    told: Option<Telling<'f>>,
}

impl Stream<'_> {
    /// The next bytes of the text; what is found in what is now complete.
    pub fn push(&mut self, bytes: &[u8], found: &mut impl FnMut(&Found)) {
        let Some(told) = &mut self.told else {
            self.detected.push(bytes, found);
            return;
        };
        for piece in bytes.chunks(SEGMENT) {
            self.detected.push(piece, &mut |found| told.waiting.push(found.clone()));
            told.push(piece);
            let settled = self.detected.settled().min(told.start);
            told.waiting.settle(settled, &mut |one| found(&one));
        }
    }

    /// The end of the text.
    ///
    /// # Errors
    /// The model could not be run on all of the text. What was found stands.
    pub fn finish(self, found: &mut impl FnMut(&Found)) -> Result<(), RunError> {
        let Some(mut told) = self.told else {
            self.detected.finish(found);
            return Ok(());
        };
        self.detected.finish(&mut |found| told.waiting.push(found.clone()));
        told.work(true);
        told.waiting.settle(u64::MAX, &mut |one| found(&one));
        told.failed.map_or(Ok(()), Err)
    }
}

/// What the model tells of a text.
#[derive(Debug)]
struct Telling<'f> {
    model: &'f Model,
    detector: &'f Detector,
    /// What is kept: from [`AROUND`] bytes before the segment on.
    kept: Vec<u8>,
    /// Where `kept` begins, and where the segment begins.
    base: u64,
    start: u64,
    /// The end of the last value that was told.
    taken: u64,
    waiting: Waiting,
    failed: Option<RunError>,
}

impl Telling<'_> {
    fn push(&mut self, bytes: &[u8]) {
        self.kept.extend_from_slice(bytes);
        self.work(false);
    }

    /// Works on every segment that is complete with what follows it.
    fn work(&mut self, finished: bool) {
        loop {
            let at = usize::try_from(self.start - self.base).unwrap_or(usize::MAX);
            let left = self.kept.len().saturating_sub(at);
            if left == 0 || (!finished && left < SEGMENT + AROUND) {
                return;
            }
            let end = at + left.min(SEGMENT);
            self.segment(at, end);
            self.start += (end - at) as u64;
            let drop = end.saturating_sub(AROUND);
            self.kept.drain(..drop);
            self.base += drop as u64;
        }
    }

    /// What begins between two bytes of what is kept.
    fn segment(&mut self, start: usize, end: usize) {
        let until = self.kept.len().min(end + AROUND);
        let from = if self.base == 0 { 0 } else { word_begins(&self.kept, start) };
        let until = if until < end + AROUND { until } else { word_ends(&self.kept, until) };
        let view = self.kept.get(from..until).unwrap_or_default();
        if self.failed.is_some() || !is_text(view) {
            return;
        }
        let told = match self.model.find(view) {
            Ok(told) => told,
            Err(error) => {
                self.failed = Some(error);
                return;
            }
        };
        for one in told {
            let value = view.get(one.start..one.end).unwrap_or_default();
            let begins = from + one.start;
            let (first, last) = (self.base + begins as u64, self.base + (from + one.end) as u64);
            let wanted = (start..end).contains(&begins)
                && first >= self.taken
                && self.detector.admits(one.kind, one.confidence, value);
            if wanted {
                self.taken = last;
                self.waiting.push(Found {
                    kind: one.kind,
                    start: first,
                    end: last,
                    confidence: one.confidence,
                    validated: Validated::Model,
                    test_data: false,
                    reason: "the model takes it for one",
                });
            }
        }
    }
}

/// Whether there is something to read: a letter, and none of the noughts of what is no text.
fn is_text(view: &[u8]) -> bool {
    view.iter().any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80) && !view.contains(&0)
}

/// Behind the first blank among the first bytes, or at a character's beginning; never behind `most`.
fn word_begins(bytes: &[u8], most: usize) -> usize {
    let head = bytes.get(..most.min(WORD)).unwrap_or_default();
    let blank = head.iter().position(u8::is_ascii_whitespace);
    let letter = head.iter().position(|byte| byte & 0xc0 != 0x80);
    blank.map(|at| at + 1).or(letter).unwrap_or(0)
}

/// At the last blank before `until`, or at a character's beginning.
fn word_ends(bytes: &[u8], until: usize) -> usize {
    let from = until.saturating_sub(WORD);
    let tail = bytes.get(from..until).unwrap_or_default();
    let blank = tail.iter().rposition(u8::is_ascii_whitespace);
    let letter = tail.iter().rposition(|byte| byte & 0xc0 != 0x80);
    blank.or(letter).map_or(until, |at| from + at)
}
