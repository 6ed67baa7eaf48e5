//! What is right, found in vain and missed.
//!
//! *Strict*: a finding has the range and type of a label. *Overlap*: they share a character. *Parts*:
//! as strict, but a postal address that no label has as a whole is read by its parts (number,
//! street, unit, code), each of which is then right or wrong by itself; town, region and country are
//! places and not scored. *Secrets* are scored by lines: a label is found if one of its lines is
//! marked, and each line that is marked and touches no label is wrong.

use std::collections::{BTreeMap, BTreeSet};

use crate::findings::Finding;
use crate::read::Document;

/// The types that are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Type {
    Email,
    Phone,
    Ip,
    Card,
    Iban,
    Ssn,
    Person,
    Address,
    Birth,
    Secret,
}

impl Type {
    pub(crate) const ALL: [Self; 10] = [
        Self::Email,
        Self::Phone,
        Self::Ip,
        Self::Card,
        Self::Iban,
        Self::Ssn,
        Self::Person,
        Self::Address,
        Self::Birth,
        Self::Secret,
    ];
    /// Those that every peer has, or nearly.
    pub(crate) const MICRO: [Self; 6] =
        [Self::Email, Self::Phone, Self::Ip, Self::Card, Self::Iban, Self::Ssn];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::Ip => "IP",
            Self::Card => "CARD",
            Self::Iban => "IBAN",
            Self::Ssn => "SSN",
            Self::Person => "PERSON",
            Self::Address => "ADDRESS",
            Self::Birth => "BIRTH",
            Self::Secret => "SECRET",
        }
    }

    /// The label of a corpus, in our own words or in those that others use.
    pub(crate) fn of_label(label: &str) -> Option<Self> {
        if let Some(kind) = Self::of_key(label) {
            return Some(kind);
        }
        Some(match label.to_ascii_uppercase().as_str() {
            "EMAIL" | "EMAIL_ADDRESS" => Self::Email,
            "PHONE" | "PHONE_NUMBER" => Self::Phone,
            "IP" | "IP_ADDRESS" | "IPV4" | "IPV6" => Self::Ip,
            "CARD" | "CREDIT_CARD" => Self::Card,
            "IBAN" | "IBAN_CODE" => Self::Iban,
            "SSN" | "US_SSN" | "US_ITIN" => Self::Ssn,
            "PERSON" | "PER" | "NAME" => Self::Person,
            "ADDRESS" | "STREET_ADDRESS" => Self::Address,
            "BIRTH" | "DATE_OF_BIRTH" | "DOB" => Self::Birth,
            "SECRET" | "CREDENTIAL" | "PASSWORD" => Self::Secret,
            _ => return None,
        })
    }

    /// The type that a kind of the detector is.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "contact.email" => Self::Email,
            "contact.phone" => Self::Phone,
            "network.ipv4" | "network.ipv6" => Self::Ip,
            "financial.card" => Self::Card,
            "financial.iban" => Self::Iban,
            "government.us_ssn" | "government.us_itin" => Self::Ssn,
            "contact.name" => Self::Person,
            "contact.address" => Self::Address,
            "contact.birth_date" => Self::Birth,
            key if key == "credential" || key.starts_with("credential.") => Self::Secret,
            _ => return None,
        })
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Score {
    pub(crate) found: usize,
    pub(crate) labelled: usize,
    pub(crate) strict: usize,
    /// With addresses read by parts where the labels do so.
    pub(crate) found_by_parts: usize,
    pub(crate) right_by_parts: usize,
    /// Findings that overlap a label, labels that overlap a finding.
    pub(crate) touching: usize,
    pub(crate) touched: usize,
}

/// Precision, recall and F1.
pub(crate) type F1 = [f64; 3];

fn f1(right_of_found: usize, found: usize, right_of_labels: usize, labels: usize) -> F1 {
    let precision = right_of_found as f64 / found.max(1) as f64;
    let recall = right_of_labels as f64 / labels.max(1) as f64;
    let sum = precision + recall;
    [precision, recall, if sum == 0.0 { 0.0 } else { 2.0 * precision * recall / sum }]
}

impl Score {
    pub(crate) fn add(&mut self, other: &Self) {
        self.found += other.found;
        self.labelled += other.labelled;
        self.strict += other.strict;
        self.found_by_parts += other.found_by_parts;
        self.right_by_parts += other.right_by_parts;
        self.touching += other.touching;
        self.touched += other.touched;
    }

    pub(crate) fn strict(&self) -> F1 {
        f1(self.strict, self.found, self.strict, self.labelled)
    }

    pub(crate) fn parts(&self) -> F1 {
        f1(self.right_by_parts, self.found_by_parts, self.right_by_parts, self.labelled)
    }

    pub(crate) fn overlap(&self) -> F1 {
        f1(self.touching, self.found, self.touched, self.labelled)
    }
}

/// The score of each type over all texts; what is found with a lower score than `least` is left out.
pub(crate) fn score(
    documents: &[Document],
    findings: &[Vec<Finding>],
    least: f64,
) -> BTreeMap<Type, Score> {
    let mut scores: BTreeMap<Type, Score> = BTreeMap::new();
    for (document, findings) in documents.iter().zip(findings) {
        for kind in Type::ALL {
            let found: Vec<&Finding> =
                findings.iter().filter(|one| one.kind == kind && one.score >= least).collect();
            let spans = document.spans.iter().filter(|span| span.2 == kind);
            let labels: Vec<(usize, usize)> = spans.map(|span| (span.0, span.1)).collect();
            let one = if kind == Type::Secret {
                by_lines(&document.text, &found, &labels)
            } else {
                by_ranges(&found, &labels)
            };
            scores.entry(kind).or_default().add(&one);
        }
    }
    scores
}

fn by_ranges(found: &[&Finding], labels: &[(usize, usize)]) -> Score {
    let touch = |a: &(usize, usize), b: &(usize, usize)| a.0 < b.1 && b.0 < a.1;
    let mut score = Score { found: found.len(), labelled: labels.len(), ..Score::default() };
    for one in found {
        let whole = labels.contains(&one.range);
        let right = one.parts.iter().filter(|part| labels.contains(part)).count();
        score.strict += usize::from(whole);
        score.touching += usize::from(labels.iter().any(|label| touch(label, &one.range)));
        let by_parts = !whole && right > 0;
        score.found_by_parts += if by_parts { one.parts.len() } else { 1 };
        score.right_by_parts += if by_parts { right } else { usize::from(whole) };
    }
    score.touched =
        labels.iter().filter(|label| found.iter().any(|one| touch(label, &one.range))).count();
    score
}

fn by_lines(text: &str, found: &[&Finding], labels: &[(usize, usize)]) -> Score {
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line = |at: usize| starts.partition_point(|start| *start <= at) - 1;
    let marked: BTreeSet<usize> = found.iter().map(|one| line(one.range.0)).collect();
    // A label stands for its lines; two labels on one line are one.
    let wanted: BTreeSet<(usize, usize)> =
        labels.iter().map(|label| (line(label.0), line(label.1 - 1))).collect();
    let hit =
        wanted.iter().filter(|lines| marked.range(lines.0..=lines.1).next().is_some()).count();
    let vain = marked
        .iter()
        .filter(|line| !wanted.iter().any(|lines| (lines.0..=lines.1).contains(line)))
        .count();
    Score {
        found: hit + vain,
        labelled: wanted.len(),
        strict: hit,
        found_by_parts: hit + vain,
        right_by_parts: hit,
        touching: hit,
        touched: hit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kind: Type, range: (usize, usize), parts: &[(usize, usize)]) -> Finding {
        Finding { range, kind, score: 0.9, parts: parts.to_vec() }
    }

    fn of(text: &str, labels: &[(usize, usize, Type)], found: Vec<Finding>, kind: Type) -> Score {
        let document =
            Document { id: String::new(), text: text.to_owned(), spans: labels.to_vec() };
        score(&[document], &[found], 0.5)[&kind]
    }

    #[test]
    fn an_address_is_read_as_a_whole_or_by_its_parts_and_each_part_too_many_counts() {
        let text = "12 Mill Lane, B3H 4R2";
        let parts = [(0, 2), (3, 12), (14, 21)];
        let one = || vec![found(Type::Address, (0, 21), &parts)];
        let whole = of(text, &[(0, 21, Type::Address)], one(), Type::Address);
        assert_eq!((whole.strict()[2], whole.parts()[2]), (1.0, 1.0));
        let two = [(3, 12, Type::Address), (14, 21, Type::Address)];
        let apart = of(text, &two, one(), Type::Address);
        assert_eq!((apart.strict()[2], apart.overlap()[2]), (0.0, 1.0));
        assert_eq!((apart.right_by_parts, apart.found_by_parts, apart.labelled), (2, 3, 2));
        let none = of(text, &[(4, 7, Type::Address)], one(), Type::Address);
        assert_eq!((none.right_by_parts, none.found_by_parts), (0, 1));
    }

    #[test]
    fn a_secret_counts_by_its_lines() {
        let text = "a=1\nkey=x\n-----BEGIN\nabc\n-----END\nz";
        let labels = [(8, 9, Type::Secret), (10, 34, Type::Secret)];
        let hits = vec![
            found(Type::Secret, (4, 9), &[]),
            found(Type::Secret, (21, 24), &[]),
            found(Type::Secret, (0, 1), &[]),
        ];
        let score = of(text, &labels, hits, Type::Secret);
        assert_eq!((score.strict, score.found, score.labelled), (2, 3, 2));
    }

    #[test]
    fn what_is_less_sure_than_asked_is_left_out() {
        let weak = Finding { score: 0.4, ..found(Type::Ip, (0, 7), &[]) };
        assert_eq!(of("1.2.3.4", &[], vec![weak], Type::Ip).found, 0);
    }
}
