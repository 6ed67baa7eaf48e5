//! What the detector and a model found in the same text, as one.
//!
//! Nothing is told twice. Where findings overlap:
//!
//! 1. What the detector knows by a check digit or by its form stays, and what the model took the same
//!    bytes for otherwise goes.
//! 2. Of the rest the longest stays; of those that are as long, the surest; of those that are as sure, the
//!    detector's.
//! 3. Where both found the same kind, the one that stays is as sure as the surer of the two.

use detect::{Found, Validated};

/// Findings that overlap in a longer chain than this are cut apart.
const CHAIN: usize = 512;

/// Findings that wait for others which may overlap with them.
#[derive(Debug, Default)]
pub(crate) struct Waiting(Vec<Found>);

impl Waiting {
    pub(crate) fn push(&mut self, found: Found) {
        self.0.push(found);
    }

    /// Hands out what nothing that begins at `settled` or later can overlap with, by its place.
    pub(crate) fn settle(&mut self, settled: u64, emit: &mut dyn FnMut(Found)) {
        self.0.sort_by_key(|found| (found.start, found.end, is_model(found)));
        let mut from = 0;
        while let Some(first) = self.0.get(from) {
            let (mut end, mut to) = (first.end, from + 1);
            while let Some(next) =
                self.0.get(to).filter(|next| next.start < end && to - from < CHAIN)
            {
                end = end.max(next.end);
                to += 1;
            }
            if end > settled && to - from < CHAIN {
                break;
            }
            resolve(self.0.get(from..to).unwrap_or_default(), emit);
            from = to;
        }
        self.0.drain(..from);
    }
}

fn is_model(found: &Found) -> bool {
    found.validated == Validated::Model
}

fn overlap(one: &Found, other: &Found) -> bool {
    one.start < other.end && other.start < one.end
}

fn is_known(found: &Found) -> bool {
    matches!(found.validated, Validated::Checksum | Validated::Form)
}

fn resolve(chain: &[Found], emit: &mut dyn FnMut(Found)) {
    if let [found] = chain {
        emit(found.clone());
        return;
    }
    let goes = |found: &&Found| {
        is_model(found)
            && chain
                .iter()
                .any(|other| is_known(other) && other.kind != found.kind && overlap(other, found))
    };
    let mut order: Vec<&Found> = chain.iter().filter(|found| !goes(found)).collect();
    order.sort_by_key(|found| {
        let (length, sure) = (found.end - found.start, found.confidence);
        (u64::MAX - length, 100 - sure.min(100), is_model(found), found.start)
    });
    let mut stay: Vec<Found> = Vec::new();
    for found in order {
        let rivals: Vec<usize> = (0..stay.len())
            .filter(|at| stay.get(*at).is_some_and(|other| overlap(other, found)))
            .collect();
        for at in &rivals {
            if let Some(other) = stay.get_mut(*at).filter(|other| other.kind == found.kind) {
                other.confidence = other.confidence.max(found.confidence);
            }
        }
        if rivals.is_empty() {
            stay.push(found.clone());
        }
    }
    stay.sort_by_key(|found| found.start);
    stay.into_iter().for_each(emit);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(key: &str, start: u64, end: u64, confidence: u8, validated: Validated) -> Found {
        let kind = detect::kind(key).unwrap();
        Found { kind, start, end, confidence, validated, test_data: false, reason: "" }
    }

    fn combined(all: &[Found]) -> Vec<(String, u64, u64, u8)> {
        let (mut waiting, mut out) = (Waiting::default(), Vec::new());
        all.iter().cloned().for_each(|found| waiting.push(found));
        waiting.settle(u64::MAX, &mut |found| {
            out.push((found.kind.key().to_owned(), found.start, found.end, found.confidence));
        });
        out
    }

    #[test]
    fn the_longest_and_the_surest_stay() {
        use Validated::{Checksum, Context, Dictionary, Form, Model};
        let name = |start, end, sure, how| found("contact.name", start, end, sure, how);
        let mail = |start, end, sure, how| found("contact.email", start, end, sure, how);
        let address = |start, end, sure, how| found("contact.address", start, end, sure, how);
        for (title, all, wanted) in [
            (
                "apart",
                vec![name(0, 4, 60, Dictionary), name(5, 9, 70, Model)],
                vec![(0, 4, 60), (5, 9, 70)],
            ),
            (
                "the longer",
                vec![name(0, 4, 60, Dictionary), name(0, 9, 50, Model)],
                vec![(0, 9, 60)],
            ),
            (
                "the longer of the detector",
                vec![name(0, 9, 60, Dictionary), name(0, 4, 99, Model)],
                vec![(0, 9, 99)],
            ),
            (
                "as long, surer",
                vec![address(0, 9, 60, Context), name(0, 9, 70, Model)],
                vec![(0, 9, 70)],
            ),
            (
                "as long, as sure",
                vec![name(0, 9, 70, Dictionary), name(0, 9, 70, Model)],
                vec![(0, 9, 70)],
            ),
            ("known by form", vec![mail(3, 9, 60, Form), name(0, 20, 99, Model)], vec![(3, 9, 60)]),
            (
                "known by check",
                vec![found("financial.card", 3, 9, 60, Checksum), name(0, 20, 99, Model)],
                vec![(3, 9, 60)],
            ),
            (
                "known, and of the same kind",
                vec![address(3, 9, 60, Form), address(0, 20, 50, Model)],
                vec![(0, 20, 60)],
            ),
            (
                "two under one",
                vec![name(0, 4, 60, Dictionary), name(6, 9, 80, Dictionary), name(0, 9, 70, Model)],
                vec![(0, 9, 80)],
            ),
            (
                "another kind under it",
                vec![name(2, 4, 60, Context), address(0, 9, 70, Model)],
                vec![(0, 9, 70)],
            ),
        ] {
            let got: Vec<(u64, u64, u8)> = combined(&all)
                .into_iter()
                .map(|(_, start, end, sure)| (start, end, sure))
                .collect();
            assert_eq!(got, wanted, "{title}");
            let turned: Vec<Found> = all.into_iter().rev().collect();
            let turned: Vec<(u64, u64, u8)> = combined(&turned)
                .into_iter()
                .map(|(_, start, end, sure)| (start, end, sure))
                .collect();
            assert_eq!(got, turned, "{title}");
        }
    }

    #[test]
    fn what_may_still_be_overlapped_waits() {
        let mut waiting = Waiting::default();
        let name = |start, end| found("contact.name", start, end, 60, Validated::Model);
        [name(0, 4), name(6, 12), name(10, 20)].into_iter().for_each(|found| waiting.push(found));
        for (settled, wanted) in [(3, vec![]), (4, vec![0]), (19, vec![]), (20, vec![10])] {
            let mut out = Vec::new();
            waiting.settle(settled, &mut |found| out.push(found.start));
            assert_eq!(out, wanted, "{settled}");
        }
    }
}
