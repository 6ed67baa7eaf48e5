//! The scores, as a table for people and as raw data for the tables of BENCHMARKS.md.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::findings::Findings;
use crate::read::Corpus;
use crate::score::{self, Score, Type};

/// What a peer may be asked to be at least sure of; the threshold that serves it best is taken.
const LEAST: [f64; 4] = [0.0, 0.3, 0.5, 0.7];

/// One finder on one corpus.
struct Row {
    finder: String,
    scores: BTreeMap<Type, Score>,
    micro: Score,
    least: f64,
    megabytes_a_second: f64,
    /// Telephones, cards and SSNs that are none, in a megabyte.
    alarms: f64,
}

/// All finders on one corpus.
pub(crate) struct Scored {
    corpus: String,
    documents: usize,
    bytes: usize,
    others: BTreeMap<String, usize>,
    rows: Vec<Row>,
}

impl Scored {
    pub(crate) fn new(corpus: &Corpus, all: &[Findings]) -> Self {
        let labelled = |kind: Type| {
            corpus.documents.iter().any(|one| one.spans.iter().any(|span| span.2 == kind))
        };
        let secrets_only = labelled(Type::Secret) && !Type::MICRO.into_iter().any(labelled);
        let megabytes = corpus.bytes() as f64 / 1e6;
        let row = |findings: &Findings| {
            let at = |least: f64| {
                let scores = score::score(&corpus.documents, &findings.found, least);
                let mut micro = Score::default();
                for kind in Type::MICRO {
                    micro.add(&scores[&kind]);
                }
                (scores, micro, least)
            };
            let worth = |of: &(BTreeMap<Type, Score>, Score, f64)| {
                if secrets_only { of.0[&Type::Secret].strict()[2] } else { of.1.strict()[2] }
            };
            // Ours is taken as it is.
            let tried = if findings.finder == "Upheld" { &LEAST[..1] } else { &LEAST[..] };
            let mut best = at(tried[0]);
            for least in &tried[1..] {
                let other = at(*least);
                if worth(&other) > worth(&best) {
                    best = other;
                }
            }
            let (scores, micro, least) = best;
            let vain: usize = [Type::Phone, Type::Card, Type::Ssn]
                .iter()
                .map(|kind| scores[kind].found - scores[kind].touching)
                .sum();
            Row {
                finder: findings.finder.clone(),
                scores,
                micro,
                least,
                megabytes_a_second: megabytes / findings.seconds,
                alarms: vain as f64 / megabytes,
            }
        };
        Self {
            corpus: corpus.name.clone(),
            documents: corpus.documents.len(),
            bytes: corpus.bytes(),
            others: corpus.others.clone(),
            rows: all.iter().map(row).collect(),
        }
    }

    pub(crate) fn print(&self) {
        println!("{}: {} documents, {} bytes", self.corpus, self.documents, self.bytes);
        for row in &self.rows {
            println!(
                "  {}{}: {:.2} MB/s, {:.1} false alarms (phone, card, SSN) a MB",
                row.finder,
                if row.least > 0.0 {
                    format!(" (from {} on, which serves it best)", row.least)
                } else {
                    String::new()
                },
                row.megabytes_a_second,
                row.alarms
            );
            println!(
                "    {:10} {:>6} {:>6}  strict P    R    F1   overlap P    R    F1   parts F1",
                "type", "labels", "found"
            );
            let rows = row.scores.iter().map(|(kind, score)| (kind.name(), score));
            for (kind, score) in rows.chain([("micro-6", &row.micro)]) {
                if score.found + score.labelled == 0 {
                    continue;
                }
                let (strict, overlap) = (score.strict(), score.overlap());
                let parts = if kind == "ADDRESS" {
                    format!("{:.3}", score.parts()[2])
                } else {
                    String::new()
                };
                println!(
                    "    {kind:10} {:>6} {:>6}    {:.3} {:.3} {:.3}      {:.3} {:.3} {:.3}     {parts}",
                    score.labelled,
                    score.found,
                    strict[0],
                    strict[1],
                    strict[2],
                    overlap[0],
                    overlap[1],
                    overlap[2]
                );
            }
        }
        if !self.others.is_empty() {
            println!("  labels that are not scored: {:?}", self.others);
        }
    }

    fn json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let kinds: BTreeMap<&str, Value> = row
                .scores
                .iter()
                .filter(|(_, score)| score.found + score.labelled > 0)
                .map(|(kind, score)| (kind.name(), numbers(score)))
                .collect();
            json!({
                "finder": row.finder, "kinds": kinds, "micro_6": numbers(&row.micro),
                "least_score": row.least, "megabytes_a_second": row.megabytes_a_second,
                "false_alarms_a_megabyte": row.alarms,
            })
        });
        json!({
            "corpus": self.corpus, "documents": self.documents, "bytes": self.bytes,
            "labels_not_scored": self.others, "finders": rows.collect::<Vec<_>>(),
        })
    }
}

fn numbers(score: &Score) -> Value {
    let three = |values: score::F1| values.map(|value| (value * 10_000.0).round() / 10_000.0);
    json!({
        "labels": score.labelled, "found": score.found, "strict": three(score.strict()),
        "overlap": three(score.overlap()), "by_parts": three(score.parts()),
    })
}

/// Writes all of it, for whoever makes tables.
pub(crate) fn keep(results: &[Scored], path: &Path) {
    let all: Vec<Value> = results.iter().map(Scored::json).collect();
    std::fs::write(path, format!("{:#}\n", Value::from(all))).expect("the file cannot be written");
}

/// Shows what was found in vain and what was missed.
pub(crate) fn wrong(corpus: &Corpus, findings: &Findings, kind: Type) {
    for (document, found) in corpus.documents.iter().zip(&findings.found) {
        let found: Vec<(usize, usize)> =
            found.iter().filter(|one| one.kind == kind).map(|one| one.range).collect();
        let labels = document.spans.iter().filter(|span| span.2 == kind);
        let labels: Vec<(usize, usize)> = labels.map(|span| (span.0, span.1)).collect();
        let near = |a: &(usize, usize), of: &[(usize, usize)]| match kind {
            Type::Secret => of.iter().any(|b| {
                let between = a.0.min(b.0)..a.0.max(b.0);
                a.0 < b.1 && b.0 < a.1 || !document.text[between].contains('\n')
            }),
            _ => of.contains(a),
        };
        for range in found.iter().filter(|range| !near(range, &labels)) {
            println!("false {} {}: {}", kind.name(), document.id, shown(&document.text, *range));
        }
        for range in labels.iter().filter(|range| !near(range, &found)) {
            println!("missed {} {}: {}", kind.name(), document.id, shown(&document.text, *range));
        }
    }
}

fn shown(text: &str, (start, end): (usize, usize)) -> String {
    let from = text.floor_char_boundary(start.saturating_sub(40));
    let to = text.ceil_char_boundary((end + 25).min(text.len()));
    format!("{}[[{}]]{}", &text[from..start], &text[start..end], &text[end..to])
        .replace('\n', "\\n")
}
