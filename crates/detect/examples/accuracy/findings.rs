//! What the detector and its peers found.

use std::path::Path;

use detect::{AddressPart, DetectOptions, DetectScratch, Detector, address_parts};
use serde_json::Value;

use crate::read::{Corpus, places};
use crate::score::Type;

/// A range of one type.
pub(crate) struct Finding {
    /// Start and end in bytes.
    pub(crate) range: (usize, usize),
    pub(crate) kind: Type,
    /// How sure the finder is, 0 to 1.
    pub(crate) score: f64,
    /// Of an address: the ranges of its number, street, unit and code.
    pub(crate) parts: Vec<(usize, usize)>,
}

/// What one finder found in a corpus.
pub(crate) struct Findings {
    pub(crate) finder: String,
    /// For each document.
    pub(crate) found: Vec<Vec<Finding>>,
    /// Processor time of one pass.
    pub(crate) seconds: f64,
}

/// Processor time of this thread.
fn seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}

/// The detector with all kinds on.
pub(crate) fn ours(corpus: &Corpus) -> Findings {
    let detector = Detector::new(&DetectOptions::default()).unwrap();
    let mut scratch = DetectScratch::new();
    let mut out = Vec::new();
    let mut all = Vec::new();
    for document in &corpus.documents {
        out.clear();
        detector.find_into(document.text.as_bytes(), &mut scratch, &mut out);
        let found = out.iter().filter_map(|one| {
            let (start, end) = (one.start as usize, one.end as usize);
            let kind = Type::of_key(one.kind.key())?;
            let score = f64::from(one.confidence) / 100.0;
            let parts = match kind {
                Type::Address => parts(&document.text.as_bytes()[start..end], start),
                _ => Vec::new(),
            };
            Some(Finding { range: (start, end), kind, score, parts })
        });
        all.push(found.collect());
    }
    // As many passes as take half a second.
    let start = seconds();
    let mut passes = 0;
    while passes == 0 || seconds() - start < 0.5 {
        for document in &corpus.documents {
            out.clear();
            detector.find_into(document.text.as_bytes(), &mut scratch, &mut out);
        }
        passes += 1;
    }
    let seconds = (seconds() - start) / f64::from(passes);
    Findings { finder: "Upheld".to_owned(), found: all, seconds }
}

/// Those parts of an address at `start` that are no places.
fn parts(address: &[u8], start: usize) -> Vec<(usize, usize)> {
    use AddressPart::{Box, Number, Postcode, Street, Unit};
    address_parts(address)
        .into_iter()
        .filter(|(part, _)| matches!(part, Number | Street | Unit | Box | Postcode))
        .map(|(_, range)| (start + range.start, start + range.end))
        .collect()
}

/// What each peer wrote into `folder/PEER/CORPUS.jsonl`: for each document `{"id", "spans": [[start,
/// end, TYPE, score]]}` with offsets in characters, and `{"seconds"}` at the end.
pub(crate) fn peers(corpus: &Corpus, folder: &Path) -> Vec<Findings> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of the peers cannot be read")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    names.sort();
    let peers = names.iter().filter_map(|path| {
        let text = std::fs::read_to_string(path.join(format!("{}.jsonl", corpus.name))).ok()?;
        let finder = path.file_name()?.to_string_lossy().into_owned();
        let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let found: Vec<Vec<Finding>> = corpus
            .documents
            .iter()
            .zip(lines.by_ref())
            .map(|(document, line)| {
                let places = places(&document.text);
                let spans = line["spans"].as_array().into_iter().flatten();
                spans.filter_map(|span| finding(span, &places)).collect()
            })
            .collect();
        let seconds = lines.next().and_then(|line| line["seconds"].as_f64());
        if found.len() != corpus.documents.len() || seconds.is_none() {
            println!("{finder} did not finish {}", corpus.name);
            return None;
        }
        Some(Findings { finder, found, seconds: seconds? })
    });
    peers.collect()
}

fn finding(span: &Value, places: &[usize]) -> Option<Finding> {
    let at = |index: usize| places.get(usize::try_from(span[index].as_u64()?).ok()?).copied();
    Some(Finding {
        range: (at(0)?, at(1)?),
        kind: Type::of_label(span[2].as_str()?)?,
        score: span[3].as_f64()?,
        parts: Vec::new(),
    })
}
