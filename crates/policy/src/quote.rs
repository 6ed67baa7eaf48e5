//! Finding a quoted sentence in a document: the W3C Web Annotation *TextQuoteSelector*, with words
//! compared as people read them.

use serde::Serialize;

use crate::file::promises::{Quote, QuoteSelector};
use crate::notice::Notice;
use crate::text::{Form, Text, fold, line_and_column};

/// Where a quote stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The line in the source, from 1.
    pub line: usize,
    /// The column in the source, from 1, in characters.
    pub column: usize,
    /// The sentences it touches: indexes into [`Notice::sentences`].
    pub sentences: Vec<usize>,
}

/// Why a quote has no place.
#[derive(Debug, Clone, PartialEq)]
pub enum Miss {
    /// The words are not there.
    Absent {
        /// The sentence most like them: its index, and how like it is, from 0 to 1.
        nearest: Option<(usize, f64)>,
    },
    /// The words are there more than once.
    Ambiguous {
        /// Each place.
        places: Vec<Rival>,
    },
}

/// One of several places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rival {
    /// The line in the source.
    pub line: usize,
    /// The words right before it: a `prefix` that may tell it from the others.
    pub prefix: String,
    /// The words right after it.
    pub suffix: String,
}

/// A document prepared for many quotes.
#[derive(Debug, Clone)]
pub struct Document<'s> {
    source: &'s str,
    text: Text,
}

impl<'s> Document<'s> {
    /// Reads a document.
    pub fn new(source: &'s str, form: Form) -> Self {
        Self { source, text: Text::read(source, form) }
    }

    pub(crate) const fn source(&self) -> &'s str {
        self.source
    }

    pub(crate) const fn text(&self) -> &Text {
        &self.text
    }

    /// Finds a quote.
    ///
    /// # Errors
    /// It is not there, or it is there more than once.
    pub fn find(&self, quote: &QuoteSelector, notice: &Notice) -> Result<Found, Miss> {
        let prefix = quote.prefix.as_deref().map(fold).unwrap_or_default();
        let suffix = quote.suffix.as_deref().map(fold).unwrap_or_default();
        // Whoever copies the source copies its markup: try the words as they are, then as Markdown.
        let spellings = [fold(&quote.exact), Text::read(&quote.exact, Form::Markdown).folded];
        for exact in spellings.iter().filter(|exact| !exact.is_empty()) {
            let found: Vec<usize> = self.places(exact, prefix.trim(), suffix.trim());
            match found.as_slice() {
                [] => {}
                [only] => return Ok(self.found(*only, only + exact.len(), notice)),
                many => {
                    let places = many.iter().map(|at| self.rival(*at, at + exact.len())).collect();
                    return Err(Miss::Ambiguous { places });
                }
            }
        }
        let [exact, _] = &spellings;
        Err(Miss::Absent { nearest: nearest(exact, notice) })
    }

    fn places(&self, exact: &str, prefix: &str, suffix: &str) -> Vec<usize> {
        let text = &self.text.folded;
        text.match_indices(exact)
            .map(|(at, _)| at)
            .filter(|at| {
                let before = text.get(..*at).unwrap_or_default();
                let after = text.get(at + exact.len()..).unwrap_or_default();
                !splits_word(before, exact)
                    && !splits_word(exact, after)
                    && (prefix.is_empty() || before.trim_end().ends_with(prefix))
                    && (suffix.is_empty() || after.trim_start().starts_with(suffix))
            })
            .take(100)
            .collect()
    }

    fn found(&self, from: usize, to: usize, notice: &Notice) -> Found {
        let (line, column) = line_and_column(self.source, self.text.source_of(from));
        let sentences = notice
            .sentences
            .iter()
            .enumerate()
            .filter(|(_, sentence)| sentence.range.0 < to && from < sentence.range.1)
            .map(|(index, _)| index)
            .collect();
        Found { line, column, sentences }
    }

    fn rival(&self, from: usize, to: usize) -> Rival {
        let (line, _) = line_and_column(self.source, self.text.source_of(from));
        let words = |text: &str, from_end: bool| {
            let all: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
            let skip = if from_end { all.len().saturating_sub(4) } else { 0 };
            all.into_iter().skip(skip).take(4).collect::<Vec<_>>().join(" ")
        };
        let text = &self.text;
        // Eighty bytes hold four words; shown text keeps its typography.
        let start = floor(&text.folded, from.saturating_sub(80));
        let end = floor(&text.folded, (to + 80).min(text.folded.len()));
        Rival {
            line,
            prefix: words(text.shown(start..from), true),
            suffix: words(text.shown(to..end), false),
        }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

/// Whether the border between two texts runs through a word.
fn splits_word(before: &str, after: &str) -> bool {
    let ends = before.chars().next_back().is_some_and(char::is_alphanumeric);
    let begins = after.chars().next().is_some_and(char::is_alphanumeric);
    ends && begins
}

fn nearest(exact: &str, notice: &Notice) -> Option<(usize, f64)> {
    let exact = exact.to_lowercase();
    notice
        .sentences
        .iter()
        .enumerate()
        .map(|(index, sentence)| {
            let text = fold(&sentence.text).to_lowercase();
            (index, strsim::sorensen_dice(&exact, &text))
        })
        .filter(|(_, score)| *score >= 0.3)
        .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
}

impl Quote {
    /// The quote in its long form.
    pub fn selector(&self) -> QuoteSelector {
        match self {
            Self::Words(words) => {
                QuoteSelector { exact: words.clone(), prefix: None, suffix: None }
            }
            Self::Selector(selector) => selector.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKDOWN: &str = "# Keeping\n\n- **Tickets:** kept for *7\n  years*, to see what\u{2019}s recurring.\n- **Billing:** kept for 7 years, as the law asks.\n- Logs: kept for 17 years.\n";
    const HTML: &str = "<h1>Keeping</h1><ul><li><b>Tickets:</b> kept for <i>7\n years</i>, to see what&rsquo;s recurring.</li><li><b>Billing:</b> kept for 7&nbsp;years, as the law asks.<li>Logs: kept for 17 years.</ul>";
    const PLAIN: &str = "Keeping\n\n- Tickets: kept for 7\n  years, to see what's recurring.\n- Billing: kept for 7 years, as the law asks.\n- Logs: kept for 17 years.\n";

    fn find(
        source: &str,
        form: Form,
        exact: &str,
        prefix: Option<&str>,
        suffix: Option<&str>,
    ) -> Result<(usize, String), Miss> {
        let document = Document::new(source, form);
        let notice = Notice::of(&document);
        let quote = QuoteSelector {
            exact: exact.to_owned(),
            prefix: prefix.map(str::to_owned),
            suffix: suffix.map(str::to_owned),
        };
        let found = document.find(&quote, &notice)?;
        let text = found.sentences.iter().map(|i| notice.sentences[*i].text.as_str());
        Ok((found.line, text.collect::<Vec<_>>().join(" | ")))
    }

    #[test]
    fn quotes_are_found_in_every_form() {
        for (form, source) in [(Form::Markdown, MARKDOWN), (Form::Html, HTML), (Form::Plain, PLAIN)]
        {
            let (_, sentence) =
                find(source, form, "kept for 7 years, to see what's", None, None).unwrap();
            assert!(
                sentence.starts_with("Tickets:") && sentence.ends_with("recurring."),
                "{form:?} {sentence}"
            );
            let (_, sentence) =
                find(source, form, "7 years", Some("Billing: kept for"), None).unwrap();
            assert!(sentence.starts_with("Billing"), "{form:?} {sentence}");
            let (_, sentence) = find(source, form, "7 years", None, Some(", as the law")).unwrap();
            assert!(sentence.starts_with("Billing"), "{form:?} {sentence}");
            let Err(Miss::Ambiguous { places }) = find(source, form, "7 years", None, None) else {
                panic!("{form:?}: 7 years stands there twice");
            };
            assert_eq!(places.len(), 2, "17 years is another number");
            assert!(places[1].prefix.ends_with("Billing: kept for"), "{places:?}");
            let Err(Miss::Absent { nearest: Some((index, _)) }) =
                find(source, form, "Billing kept for 8 years as law asks", None, None)
            else {
                panic!("{form:?}: the nearest sentence is shown");
            };
            let notice = Notice::of(&Document::new(source, form));
            assert!(notice.sentences[index].text.starts_with("Billing"), "{form:?}");
        }
        assert_eq!(find(MARKDOWN, Form::Markdown, "as the law", None, None).unwrap().0, 5);
        let raw = "**Tickets:** kept for *7\n  years*";
        assert_eq!(find(MARKDOWN, Form::Markdown, raw, None, None).unwrap().0, 3);
    }
}
