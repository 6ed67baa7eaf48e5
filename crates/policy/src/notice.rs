//! The notice as sentences, so that each can be asked: who has promised this, and is it true?

use serde::Serialize;

use crate::file::policy::{NoticeSection, PastVersion};
use crate::map::Period;
use crate::policy::Promise;
use crate::quote::Document;
use crate::text::{Block, line_and_column};

/// A published notice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Its file in the policy folder.
    pub file: Option<String>,
    /// Where the public reads it.
    pub url: Option<String>,
    /// Its version, in the organisation's own words.
    pub version: String,
    /// The day from which it holds.
    pub effective: jiff::civil::Date,
    /// How long before it takes effect a change is announced, as the notice promises.
    pub lead_time: Option<Period>,
    /// When this version was announced.
    pub announced: Option<jiff::civil::Date>,
    /// Versions before this one, newest first.
    pub past: Vec<PastVersion>,
    /// Sections that hold for some places only, or from a day of their own.
    pub sections: Vec<NoticeSection>,
    /// Its source text; empty while it is only at its web address.
    pub text: String,
    /// Its sentences and headings, in order.
    pub sentences: Vec<Sentence>,
}

/// A sentence, or a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// The words as people read them.
    pub text: String,
    /// The heading it stands below.
    pub heading: Option<String>,
    /// Whether it is a heading itself: it promises nothing.
    pub is_heading: bool,
    /// The line in the source, from 1.
    pub line: usize,
    /// The column in the source, from 1, in characters.
    pub column: usize,
    /// The keys of the promises that quote it.
    pub promises: Vec<String>,
    /// Where it stands in the folded text.
    #[serde(skip)]
    pub(crate) range: (usize, usize),
}

impl Notice {
    /// The sentences of a document.
    pub fn of(document: &Document<'_>) -> Self {
        let text = document.text();
        let mut sentences = Vec::new();
        let mut heading: Option<String> = None;
        for (block, range) in &text.blocks {
            let body = text.folded.get(range.clone()).unwrap_or_default();
            let parts = if *block == Block::Heading {
                std::iter::once(0..body.len()).collect()
            } else {
                split(body)
            };
            for part in parts {
                let (from, to) = (range.start + part.start, range.start + part.end);
                let (line, column) = line_and_column(document.source(), text.source_of(from));
                let words = text.shown(from..to).to_owned();
                if *block == Block::Heading {
                    heading = Some(words.clone());
                }
                sentences.push(Sentence {
                    text: words,
                    heading: heading.clone().filter(|_| *block != Block::Heading),
                    is_heading: *block == Block::Heading,
                    line,
                    column,
                    promises: Vec::new(),
                    range: (from, to),
                });
            }
        }
        Self { text: document.source().to_owned(), sentences, ..Self::default() }
    }

    pub(crate) fn with_promises(mut self, promises: &[Promise]) -> Self {
        for promise in promises {
            for index in promise.found.iter().flat_map(|found| &found.sentences) {
                if let Some(sentence) = self.sentences.get_mut(*index)
                    && !sentence.promises.contains(&promise.id)
                {
                    sentence.promises.push(promise.id.clone());
                }
            }
        }
        self
    }
}

/// Words after which a full stop does not end a sentence.
const ABBREVIATIONS: [&str; 23] = [
    "e.g", "i.e", "etc", "inc", "ltd", "co", "corp", "no", "nos", "mr", "mrs", "ms", "dr", "vs",
    "art", "sec", "u.s", "u.k", "st", "approx", "incl", "cf", "pvt",
];

/// The sentences of one block of folded text, as stretches of it.
fn split(body: &str) -> Vec<std::ops::Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let letters: Vec<(usize, char)> = body.char_indices().collect();
    for (index, (at, letter)) in letters.iter().enumerate() {
        if !matches!(letter, '.' | '!' | '?') {
            continue;
        }
        // Quotation marks and brackets that close belong to the sentence.
        let mut next = index + 1;
        while letters
            .get(next)
            .is_some_and(|(_, c)| matches!(c, '"' | '\'' | ')' | ']' | '.' | '!' | '?'))
        {
            next += 1;
        }
        let following = letters.get(next).map(|(_, c)| *c);
        let ends = match following {
            None => true,
            Some(' ') => {
                let after = letters.get(next + 1).map(|(_, c)| *c);
                after.is_none_or(|c| !c.is_lowercase())
                    && !(*letter == '.' && abbreviates(body, *at))
            }
            // Two sentences that lost the space between them, as pages do when they are copied.
            Some(c) if c.is_uppercase() => {
                word_before(body, *at).chars().filter(|c| c.is_lowercase()).count() > 2
                    && letters.get(next + 1).is_some_and(|(_, c)| c.is_lowercase())
            }
            Some(_) => false,
        };
        if ends {
            let end = letters.get(next).map_or(body.len(), |(at, _)| *at);
            if end > start {
                parts.push(start..end);
            }
            start = letters
                .get(next..)
                .unwrap_or_default()
                .iter()
                .find(|(_, c)| *c != ' ')
                .map_or(body.len(), |(at, _)| *at);
        }
    }
    if body.get(start..).is_some_and(|rest| !rest.trim().is_empty()) {
        parts.push(start..body.len());
    }
    // A run of stops (`...`) may try to end the same sentence twice.
    parts.dedup_by(|b, a| b.start < a.end);
    parts
}

fn word_before(body: &str, at: usize) -> &str {
    body.get(..at).unwrap_or_default().rsplit([' ', '(', '"']).next().unwrap_or_default()
}

fn abbreviates(body: &str, at: usize) -> bool {
    let word = word_before(body, at).to_lowercase();
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    // The number of a heading that stands on the line of its text.
    let number = at == word.len() && word.chars().all(|c| c.is_ascii_digit());
    initial || number || ABBREVIATIONS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Form;

    #[test]
    fn sentences_end_where_people_end_them() {
        for (body, wanted) in [
            ("One. Two? Three!", vec!["One.", "Two?", "Three!"]),
            (
                "We (e.g. Acme Inc. and others) act. Really.",
                vec!["We (e.g. Acme Inc. and others) act.", "Really."],
            ),
            (
                "Kept until v1.2 is out. \"Yes.\" Good",
                vec!["Kept until v1.2 is out.", "\"Yes.\"", "Good"],
            ),
            (
                "We run surveys.Contact data: names.",
                vec!["We run surveys.", "Contact data: names."],
            ),
            ("Use Node.js today... and more. End", vec!["Use Node.js today... and more.", "End"]),
            ("What do we hold?We hold names.", vec!["What do we hold?", "We hold names."]),
            (
                "1. Scope of it. We at Acme Pvt. Ltd. act.",
                vec!["1. Scope of it.", "We at Acme Pvt. Ltd. act."],
            ),
            ("", vec![]),
        ] {
            let parts: Vec<&str> =
                split(body).into_iter().map(|range| body.get(range).unwrap().trim()).collect();
            assert_eq!(parts, wanted, "{body}");
        }
    }

    #[test]
    fn sentences_know_their_heading_and_their_place() {
        let source = "# Keeping\n\nFirst one. Second\none.\n\n## Rights\n\n- Ask us.\n";
        let notice = Notice::of(&Document::new(source, Form::Markdown));
        let found: Vec<_> = notice
            .sentences
            .iter()
            .map(|s| (s.text.as_str(), s.heading.as_deref(), s.line, s.column))
            .collect();
        assert_eq!(
            found,
            [
                ("Keeping", None, 1, 3),
                ("First one.", Some("Keeping"), 3, 1),
                ("Second one.", Some("Keeping"), 3, 12),
                ("Rights", None, 6, 4),
                ("Ask us.", Some("Rights"), 8, 3),
            ]
        );
    }
}
