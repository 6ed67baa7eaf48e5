//! Long texts in overlapping windows.
//!
//! A model takes so many tokens and no more. Windows overlap by a quarter, and each token is judged in the
//! window in which more stands around it: up to the middle of an overlap in the first, from there on
//! in the second.

use std::ops::Range;

/// One window: the tokens that go in, and those of them that are judged in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) tokens: Range<usize>,
    pub(crate) judged: Range<usize>,
}

/// The windows over so many tokens, of at most `most` (at least one) each.
pub(crate) fn windows(tokens: usize, most: usize) -> Vec<Window> {
    let most = most.max(1);
    let overlap = most / 4;
    let mut windows = Vec::new();
    let (mut from, mut judged) = (0, 0);
    while judged < tokens {
        let end = tokens.min(from + most);
        let up_to = if end == tokens { tokens } else { end - overlap / 2 };
        windows.push(Window { tokens: from..end, judged: judged..up_to });
        judged = up_to;
        from = end.saturating_sub(overlap);
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_is_judged_once_with_others_around_it() {
        for most in 1..40 {
            for tokens in 0..200 {
                let windows = windows(tokens, most);
                let mut next = 0;
                for window in &windows {
                    assert!(!window.tokens.is_empty() && window.tokens.len() <= most);
                    assert_eq!(window.judged.start, next, "{tokens} by {most}");
                    next = window.judged.end;
                    let (tokens_of, judged) = (&window.tokens, &window.judged);
                    assert!(tokens_of.start <= judged.start && judged.end <= tokens_of.end);
                    // As far from the edge as half an overlap, unless it is the edge of the text.
                    let around = most / 4 / 2;
                    assert!(
                        tokens_of.start == 0 || judged.start - tokens_of.start >= around,
                        "{tokens} by {most}: {window:?}"
                    );
                    assert!(tokens_of.end == tokens || tokens_of.end - judged.end >= around);
                }
                assert_eq!(next, tokens);
            }
        }
    }
}
