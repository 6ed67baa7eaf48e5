//! Scores the detector on labelled texts: `accuracy DIR|FILE…`.
//!
//! Each line of a file is `{"id", "text", "spans": [[start, end, TYPE], …]}` with offsets in
//! characters. Strict counts a finding whose range and type are those of a span; overlap counts
//! one that shares a character with a span of its type.

#![expect(clippy::print_stdout, reason = "a tool for people at a terminal: printing is its work")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a tool: what is wrong ends it"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use detect::{DetectOptions, Detector};

/// The type of the corpora that a kind is.
fn type_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "contact.email" => "EMAIL",
        "contact.phone" => "PHONE",
        "network.ipv4" | "network.ipv6" => "IP",
        "financial.card" => "CARD",
        "financial.iban" => "IBAN",
        "government.us_ssn" | "government.us_itin" => "SSN",
        "contact.name" => "PERSON",
        "contact.address" => "ADDRESS",
        "contact.birth_date" => "BIRTH",
        _ => return None,
    })
}

const MICRO: [&str; 6] = ["EMAIL", "PHONE", "IP", "CARD", "IBAN", "SSN"];

#[derive(Default, Clone, Copy)]
struct Score {
    found: usize,
    labelled: usize,
    strict: usize,
    /// Findings that overlap a span, spans that overlap a finding.
    touching: usize,
    touched: usize,
}

impl Score {
    fn add(&mut self, other: Self) {
        self.found += other.found;
        self.labelled += other.labelled;
        self.strict += other.strict;
        self.touching += other.touching;
        self.touched += other.touched;
    }
}

#[expect(clippy::cast_precision_loss, reason = "shares for people")]
fn f1(
    hit_of_found: usize,
    found: usize,
    hit_of_labelled: usize,
    labelled: usize,
) -> (f64, f64, f64) {
    let precision = hit_of_found as f64 / found.max(1) as f64;
    let recall = hit_of_labelled as f64 / labelled.max(1) as f64;
    let sum = precision + recall;
    (precision, recall, if sum == 0.0 { 0.0 } else { 2.0 * precision * recall / sum })
}

fn score(detector: &Detector, path: &Path, wrong: Option<&str>) -> BTreeMap<&'static str, Score> {
    let text = std::fs::read_to_string(path).expect("the file cannot be read");
    let mut scores: BTreeMap<&'static str, Score> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line is no JSON");
        let text = line["text"].as_str().unwrap_or_default();
        let mut places = vec![0; text.len() + 1];
        let mut count = 0;
        for (at, _) in text.char_indices() {
            places[at] = count;
            count += 1;
        }
        places[text.len()] = count;
        let mut found: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
        for one in detector.find(text.as_bytes()) {
            let (start, end) =
                (usize::try_from(one.start).unwrap(), usize::try_from(one.end).unwrap());
            if let Some(kind) = type_of(one.kind.key()) {
                found.entry(kind).or_default().push((places[start], places[end]));
            }
        }
        let mut labelled: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
        for span in line["spans"].as_array().into_iter().flatten() {
            let at =
                |place: usize| usize::try_from(span[place].as_u64().unwrap_or_default()).unwrap();
            let kind = span[2].as_str().unwrap_or_default();
            labelled.entry(kind).or_default().push((at(0), at(1)));
        }
        for kind in MICRO.into_iter().chain(["PERSON", "ADDRESS", "BIRTH"]) {
            let none = Vec::new();
            let found = found.get(kind).unwrap_or(&none);
            let spans = labelled.get(kind).unwrap_or(&none);
            let touch = |a: &(usize, usize), b: &(usize, usize)| a.0 < b.1 && b.0 < a.1;
            let one = Score {
                found: found.len(),
                labelled: spans.len(),
                strict: found.iter().filter(|range| spans.contains(range)).count(),
                touching: found.iter().filter(|a| spans.iter().any(|b| touch(a, b))).count(),
                touched: spans.iter().filter(|a| found.iter().any(|b| touch(a, b))).count(),
            };
            scores.entry(kind).or_default().add(one);
            if wrong == Some(kind) {
                let chars: Vec<char> = text.chars().collect();
                let shown = |range: &(usize, usize)| -> String {
                    let from = range.0.saturating_sub(40);
                    let to = chars.len().min(range.1 + 25);
                    let part = |from: usize, to: usize| chars[from..to].iter().collect::<String>();
                    format!(
                        "{}[[{}]]{}",
                        part(from, range.0),
                        part(range.0, range.1),
                        part(range.1, to)
                    )
                    .replace('\n', "\\n")
                };
                for range in found.iter().filter(|range| !spans.contains(range)) {
                    println!("false {kind} {}: {}", line["id"], shown(range));
                }
                for range in spans.iter().filter(|range| !found.contains(range)) {
                    println!("missed {kind} {}: {}", line["id"], shown(range));
                }
            }
        }
    }
    scores
}

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut found: Vec<PathBuf> = std::fs::read_dir(path)
        .expect("the folder cannot be read")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    found.sort();
    found
}

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let mut wrong = None;
    if let Some(at) = words.iter().position(|word| word == "--wrong") {
        wrong = words.get(at + 1).cloned();
        words.drain(at..(at + 2).min(words.len()));
    }
    let detector = Detector::new(&DetectOptions::default()).unwrap();
    for path in words.iter().flat_map(|word| files(Path::new(word))) {
        let scores = score(&detector, &path, wrong.as_deref());
        println!("{}", path.file_name().unwrap_or_default().to_string_lossy());
        println!(
            "  {:10} {:>6} {:>6}  strict P    R    F1   overlap P    R    F1",
            "type", "spans", "found"
        );
        let mut micro = Score::default();
        for kind in MICRO {
            micro.add(scores.get(kind).copied().unwrap_or_default());
        }
        let rows = scores.iter().map(|(kind, score)| (*kind, *score)).chain([("micro-6", micro)]);
        for (kind, score) in rows.filter(|(_, score)| score.found + score.labelled > 0) {
            let strict = f1(score.strict, score.found, score.strict, score.labelled);
            let overlap = f1(score.touching, score.found, score.touched, score.labelled);
            println!(
                "  {kind:10} {:>6} {:>6}    {:.3} {:.3} {:.3}      {:.3} {:.3} {:.3}",
                score.labelled,
                score.found,
                strict.0,
                strict.1,
                strict.2,
                overlap.0,
                overlap.1,
                overlap.2
            );
        }
    }
}
