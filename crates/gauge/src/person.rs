//! Searching for known people, and what a value is.

use detect::{
    PersonTerms, RedactOptions, Scratch, SearchOptions, Searcher, Term, TermKind, find_values,
};

use crate::Ready;
use crate::text::{logs, mails, notes};

/// So much text for each piece: enough that nothing but the text counts, little enough for valgrind.
const BYTES: usize = 192 << 10;

fn people(count: usize) -> Vec<PersonTerms> {
    (0..count)
        .map(|number| PersonTerms {
            terms: vec![
                Term::new(TermKind::Email, format!("mara.lind{number}@acme.example")),
                Term::new(TermKind::Name, format!("Mara{number} Lindgren{number}")),
                Term::new(TermKind::Phone, format!("+999 200 {number:06}")),
                Term::new(TermKind::Code, format!("K-{number:05}")),
            ],
        })
        .collect()
}

fn searched(count: usize, texts: Vec<String>) -> Ready {
    let searcher = Searcher::new(&people(count), &SearchOptions::default());
    Box::new(move || {
        let (mut scratch, mut found) = (Scratch::new(), Vec::new());
        for text in &texts {
            searcher.search(text.as_bytes(), &mut scratch, &mut found);
        }
        found.len() as u64
    })
}

pub(crate) fn one_in_notes() -> Ready {
    searched(1, notes(BYTES))
}

pub(crate) fn thousand_in_notes() -> Ready {
    searched(1_000, notes(BYTES))
}

pub(crate) fn one_in_logs() -> Ready {
    let mut logs = logs(BYTES);
    logs.push_str("2026-02-28T23:59:59.000Z app[7] POST /login 200 5 mara.lind0@acme.example\n");
    searched(1, vec![logs])
}

pub(crate) fn one_in_mails() -> Ready {
    searched(1, mails(BYTES))
}

pub(crate) fn thousand_compiled() -> Ready {
    let people = people(1_000);
    Box::new(move || {
        let searcher = Searcher::new(&people, &SearchOptions::default());
        let mut found = Vec::new();
        searcher.search(b"mara.lind7@acme.example", &mut Scratch::new(), &mut found);
        found.len() as u64
    })
}

pub(crate) fn redacted() -> Ready {
    let searcher = Searcher::new(&people(1), &SearchOptions::default());
    let mails = mails(BYTES);
    Box::new(move || {
        let taken = mails.iter().filter_map(|mail| {
            searcher.redact(mail.as_bytes(), 0, &RedactOptions::default()).bytes
        });
        taken.map(|bytes| bytes.len() as u64).sum()
    })
}

pub(crate) fn values() -> Ready {
    let (notes, logs) = (notes(BYTES / 2), logs(BYTES / 2));
    Box::new(move || {
        let mut found = Vec::new();
        for note in &notes {
            find_values(note.as_bytes(), &mut found);
        }
        find_values(logs.as_bytes(), &mut found);
        found.len() as u64
    })
}
