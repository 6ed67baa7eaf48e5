//! How a page shows a quote: with the words that begin its sentence, and whether it can be linked.

use super::{Coverage, Promise};
use crate::text::{html, one_line};

/// How many letters before a quote are shown with it.
const LEAD: usize = 48;

impl Coverage {
    /// The quote as markup, behind the words that begin its sentence: "are deleted" says little
    /// without "Tickets".
    pub(super) fn words(&self, promise: &Promise) -> String {
        let mut sentences = self.sections.iter().flat_map(|section| &section.sentences);
        let sentence = sentences.find(|one| one.promises.iter().any(|p| p.id == promise.id));
        let before = sentence.and_then(|one| one.text.split_once(&promise.quote));
        let before = before.map_or("", |(before, _)| before);
        let quote = html(&one_line(&promise.quote));
        if before.trim().is_empty() {
            return quote;
        }
        // Of a long sentence, the last words.
        let skipped = before.chars().count().saturating_sub(LEAD);
        let lead = match before.char_indices().nth(skipped).filter(|_| skipped > 0) {
            Some((at, _)) => {
                let (_, end) = before.split_at(at);
                format!("… {}", end.split_once(' ').map_or(end, |(_, words)| words))
            }
            None => before.to_owned(),
        };
        let space = if lead.ends_with(' ') { " " } else { "" };
        format!("<em>{}</em>{space}{quote}", html(one_line(&lead).trim()))
    }

    /// Whether a sentence of the notice carries the anchor of this promise.
    pub(super) fn is_quoted(&self, promise: &Promise) -> bool {
        let mut sentences = self.sections.iter().flat_map(|section| &section.sentences);
        sentences.any(|one| one.promises.first().is_some_and(|first| first.id == promise.id))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Section, Sentence, State};
    use super::*;

    #[test]
    fn a_quote_stands_behind_the_words_that_begin_its_sentence() {
        let long = "Of the many things that a notice could say about them, tickets & notes go.";
        for (text, quote, shown) in [
            ("Tickets <b> go.", "Tickets", "Tickets"),
            ("Tickets <b> go.", "go", "<em>Tickets &lt;b&gt;</em> go"),
            ("Re-opened.", "opened", "<em>Re-</em>opened"),
            (long, "go", "<em>… a notice could say about them, tickets &amp; notes</em> go"),
            ("It is gone.", "not there", "not there"),
        ] {
            let promise = Promise {
                id: "a".into(),
                quote: quote.into(),
                state: State::Broken,
                reason: String::new(),
                controls: Vec::new(),
            };
            let promises = vec![promise.clone()];
            let sentence = Sentence { text: text.into(), begins_paragraph: true, promises };
            let coverage = Coverage {
                organisation: String::new(),
                notice: String::new(),
                checked_at: model::Micros(0),
                zone: crate::Zone::utc(),
                systems_checked: 1,
                not_reached: Vec::new(),
                sections: vec![Section { heading: String::new(), sentences: vec![sentence] }],
                homeless: Vec::new(),
                before: None,
                turned: Vec::new(),
            };
            assert_eq!(coverage.words(&promise), shown);
        }
    }
}
