//! From what a model says of each token to values with a beginning and an end.
//!
//! 1. Tokens that touch, letter to letter, are one word, and the word is what its first token is: models
//!    are trained on that one.
//! 2. How sure a thing is of a word is the sum of the probabilities of its labels, whichever part they
//!    name; the likeliest thing wins, or none.
//! 3. Words of one thing that follow each other are one value, unless a label says that another begins.
//!    How sure the value is: the mean of its words.
//! 4. Values of one kind are one where nothing, a hyphen or an apostrophe stands between them, or where
//!    they are different things (given name and family name, street and town), each once, with a blank or
//!    a comma between.
//! 5. Signs at both ends are cut off. What is longer than a value of its kind can be is dropped.

use crate::labels::{Labels, Meaning, Part};

/// A token: where it stands in the text, and how likely each label is for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) likely: Vec<f32>,
}

/// A value, in bytes of the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) meaning: Meaning,
    /// 0 to 1.
    pub(crate) sure: f32,
    /// The things that it is made of, in order.
    things: Vec<usize>,
    words: f32,
    closed: bool,
}

/// A longer value is none: a model that took a whole paragraph for a name is mistaken.
const LONGEST: usize = 200;

/// The values in a text, by their place; no two overlap.
pub(crate) fn spans(text: &str, tokens: &[Token], labels: &Labels) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    // Whether the last word was of the last span.
    let mut goes_on = false;
    for (start, end, first) in words(text, tokens) {
        let Some((thing, part, sure)) = judge(first, labels) else {
            goes_on = false;
            continue;
        };
        let before = spans.last_mut().filter(|span| {
            goes_on
                && span.things.last() == Some(&thing)
                && !span.closed
                && !matches!(part, Part::Begins | Part::Whole)
        });
        goes_on = true;
        let closed = matches!(part, Part::Ends | Part::Whole);
        if let Some(span) = before {
            span.end = end;
            span.sure = (span.sure * span.words + sure) / (span.words + 1.0);
            span.words += 1.0;
            span.closed = closed;
            continue;
        }
        let meaning = labels.things.get(thing).map_or(Meaning::Nothing, |(_, meaning)| *meaning);
        spans.push(Span { start, end, meaning, sure, things: vec![thing], words: 1.0, closed });
    }
    let mut joined: Vec<Span> = Vec::new();
    for span in spans.into_iter().filter(|span| span.meaning != Meaning::Nothing) {
        match joined.last_mut() {
            Some(last) if belong_together(text, last, &span) => join(last, &span),
            _ => joined.push(span),
        }
    }
    joined.retain_mut(|span| {
        cut(text, span);
        span.end > span.start
            && span.end - span.start <= LONGEST
            && matches!(span.meaning, Meaning::Kind(_))
    });
    joined
}

/// Words: where each begins and ends, and its first token.
fn words<'t>(
    text: &'t str,
    tokens: &'t [Token],
) -> impl Iterator<Item = (usize, usize, &'t Token)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let first = tokens.get(at)?;
        at += 1;
        let mut end = first.end;
        while let Some(next) = tokens.get(at).filter(|next| touches(text, end, next.start)) {
            end = next.end.max(end);
            at += 1;
        }
        // Some tokenizers count the blank before a word to it.
        let lead =
            text.get(first.start..end).map_or(0, |word| word.len() - word.trim_start().len());
        Some((first.start + lead, end, first))
    })
}

fn touches(text: &str, end: usize, start: usize) -> bool {
    let before = text.get(..end).and_then(|text| text.chars().next_back());
    let behind = text.get(start..).and_then(|text| text.chars().next());
    start <= end
        && before.is_some_and(char::is_alphanumeric)
        && behind.is_some_and(char::is_alphanumeric)
}

/// The likeliest thing of a word, which part of it the word is, and how sure that is.
fn judge(token: &Token, labels: &Labels) -> Option<(usize, Part, f32)> {
    let mut none = 0.0;
    let mut sums = vec![0.0_f32; labels.things.len()];
    for (label, likely) in labels.labels.iter().zip(&token.likely) {
        let sum = label.thing.and_then(|thing| sums.get_mut(thing)).unwrap_or(&mut none);
        *sum += likely;
    }
    let (thing, sure) = sums
        .iter()
        .copied()
        .enumerate()
        .max_by(|(one, a), (two, b)| a.total_cmp(b).then(two.cmp(one)))
        .filter(|(_, sure)| *sure > none)?;
    let of_it = labels.labels.iter().zip(&token.likely);
    let part = of_it
        .filter(|(label, _)| label.thing == Some(thing))
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map_or(Part::Unsaid, |(label, _)| label.part);
    Some((thing, part, sure.min(1.0)))
}

/// Rule 4.
fn belong_together(text: &str, last: &Span, next: &Span) -> bool {
    let Some(gap) = text.get(last.end..next.start) else { return false };
    if last.meaning != next.meaning && !(is_of_address(last) && is_of_address(next)) {
        return false;
    }
    if matches!(gap, "" | "-" | "'" | "’" | "‐") {
        return true;
    }
    let apart = |c: char| matches!(c, ' ' | ',' | '\n' | '\r' | '\t' | '\u{a0}');
    let another = next.things.iter().all(|thing| !last.things.contains(thing));
    another && gap.len() <= 4 && gap.chars().all(apart) && !gap.contains("\n\n")
}

fn is_of_address(span: &Span) -> bool {
    match span.meaning {
        Meaning::AddressPart => true,
        Meaning::Kind(kind) => kind.key() == "contact.address",
        Meaning::Nothing => false,
    }
}

fn join(last: &mut Span, next: &Span) {
    last.end = next.end;
    last.sure =
        (last.sure * last.words + next.sure * next.words) / (last.words + next.words).max(1.0);
    last.words += next.words;
    last.things.extend(&next.things);
    if last.meaning == Meaning::AddressPart {
        last.meaning = next.meaning;
    }
}

/// Rule 5, its first half.
fn cut(text: &str, span: &mut Span) {
    let Some(value) = text.get(span.start..span.end) else {
        span.end = span.start;
        return;
    };
    let front = value.trim_start_matches(|c: char| !c.is_alphanumeric());
    let whole = front.trim_end_matches(|c: char| !c.is_alphanumeric());
    span.start += value.len() - front.len();
    span.end = span.start + whole.len();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const LABELS: [&str; 9] = [
        "O",
        "B-PER",
        "I-PER",
        "B-GIVEN_NAME",
        "B-SURNAME",
        "B-STREET",
        "I-STREET",
        "B-CITY",
        "B-ORG",
    ];

    /// `words` are tokens in brackets with their label: `[Jane|B-PER]`; `sure` of each.
    fn found(marked: &str, sure: f32) -> Vec<(String, f32)> {
        let names: Vec<String> = LABELS.iter().map(|name| (*name).to_owned()).collect();
        let labels = Labels::read(&names, &BTreeMap::new());
        let (mut text, mut tokens) = (String::new(), Vec::new());
        for piece in marked.split('[') {
            let Some((token, rest)) = piece.split_once(']') else {
                text.push_str(piece);
                continue;
            };
            let (token, label) = token.split_once('|').unwrap_or((token, "O"));
            let at = LABELS.iter().position(|known| *known == label).unwrap();
            let mut likely = vec![(1.0 - sure) / 8.0; LABELS.len()];
            likely[at] = sure;
            tokens.push(Token { start: text.len(), end: text.len() + token.len(), likely });
            text.push_str(token);
            text.push_str(rest);
        }
        spans(&text, &tokens, &labels)
            .into_iter()
            .map(|span| (text.get(span.start..span.end).unwrap().to_owned(), span.sure))
            .collect()
    }

    #[test]
    fn words_become_values() {
        for (marked, values) in [
            ("[met] [Jane|B-PER] [Doe|I-PER] [there]", &["Jane Doe"][..]),
            // A second person begins.
            ("[Jane|B-PER] [Bob|B-PER] [Stone|I-PER]", &["Jane", "Bob Stone"]),
            // The first token judges the word.
            ("[Ab|B-PER][er|B-ORG][neth|O] [x]", &["Aberneth"]),
            ("[the|O][ater|B-PER]", &[]),
            // Signs within and around a name.
            (
                "[Jean|B-PER][-|O][Luc|B-PER] [O|I-PER]['|I-PER][Brien|I-PER][,|I-PER]",
                &["Jean-Luc O'Brien"],
            ),
            // Things of one kind.
            ("[Jane|B-GIVEN_NAME] [Doe|B-SURNAME][,] [Bob|B-GIVEN_NAME]", &["Jane Doe", "Bob"]),
            ("[Doe|B-SURNAME][,] [Jane|B-GIVEN_NAME] [Roe|B-SURNAME]", &["Doe, Jane", "Roe"]),
            // A town is an address only beside a street; an organisation is nothing.
            (
                "[12|B-STREET] [Elm|I-STREET] [St|I-STREET][.|I-STREET][,|O] [Halifax|B-CITY]",
                &["12 Elm St., Halifax"],
            ),
            ("[in] [Halifax|B-CITY] [by] [Acme|B-ORG]", &[]),
            ("[Halifax|B-CITY][,] [12|B-STREET] [Elm|I-STREET]", &["Halifax, 12 Elm"]),
            // Blanks that a tokenizer counts to the word.
            ("[met][ Jane|B-PER][ Doe|I-PER]", &["Jane Doe"]),
            ("[…|B-PER]", &[]),
            ("[Zoë|B-PER] [Müller|I-PER]", &["Zoë Müller"]),
        ] {
            let got: Vec<String> = found(marked, 0.9).into_iter().map(|(value, _)| value).collect();
            assert_eq!(got, values, "{marked}");
        }
        let long = "[x|B-PER]".to_owned() + &" [x|I-PER]".repeat(LONGEST);
        assert!(found(&long, 0.9).is_empty());
    }

    #[test]
    fn how_sure_is_the_sum_over_the_parts_and_the_mean_over_the_words() {
        // B-PER has 0.6, I-PER 0.05.
        let (_, sure) = found("[Jane|B-PER]", 0.6)[0].clone();
        assert!((sure - 0.65).abs() < 1e-6, "{sure}");
        let names = ["O".to_owned(), "B-PER".to_owned(), "I-PER".to_owned()];
        let labels = Labels::read(&names, &BTreeMap::new());
        let token = |start, end, likely: [f32; 3]| Token { start, end, likely: likely.to_vec() };
        let tokens = [token(0, 4, [0.0, 1.0, 0.0]), token(5, 8, [0.4, 0.1, 0.5])];
        let all = spans("Jane Doe", &tokens, &labels);
        assert_eq!(all.len(), 1);
        assert!((all[0].sure - 0.8).abs() < 1e-6);
        // Both parts together are less likely than none.
        assert!(spans("Jane", &[token(0, 4, [0.6, 0.2, 0.2])], &labels).is_empty());
        assert_eq!(spans("Jane", &[token(0, 4, [0.4, 0.3, 0.3])], &labels).len(), 1);
        let unsure = [token(0, 4, [f32::NAN, f32::NAN, f32::NAN])];
        assert!(spans("Jane", &unsure, &labels).is_empty());
    }
}
