//! Words inside running text that lead to findings: one search for all of them.
//!
//! They are pieces of words without the first letter, which may be a capital. The first three bytes
//! of each decide how often the search stops in vain: `ssw` is rare where `ass` is not. There are
//! not more than 32 of them, and none is shorter than four bytes: with more, half as many bytes are
//! looked at in one step, and with shorter ones it stops more often.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, Input};

use crate::kinds::{contact, credential, network, special};
use crate::look::{Look, is_word};

/// What a piece of a word leads to.
#[derive(Clone, Copy)]
enum Leads {
    /// `password` and its like in running text.
    Password,
    /// `name at host dot com`.
    Dot,
    /// `Mozilla/`.
    Browser,
    Special(&'static crate::kinds::Kind),
}

const PIECES: &[(&str, Leads)] = &[
    ("ssword", Leads::Password),
    ("SSWORD", Leads::Password),
    ("sswort", Leads::Password),
    ("sscode", Leads::Password),
    ("ssphrase", Leads::Password),
    ("nnwort", Leads::Password),
    ("seña", Leads::Password),
    ("dot ", Leads::Dot),
    ("(dot)", Leads::Dot),
    ("[dot]", Leads::Dot),
    ("Mozilla/", Leads::Browser),
    ("iabetes", Leads::Special(&special::HEALTH)),
    ("HIV positive", Leads::Special(&special::HEALTH)),
    ("HIV-positive", Leads::Special(&special::HEALTH)),
    ("gnancy", Leads::Special(&special::HEALTH)),
    ("chwangerschaft", Leads::Special(&special::HEALTH)),
    ("motherap", Leads::Special(&special::HEALTH)),
    ("hizophren", Leads::Special(&special::HEALTH)),
    ("pilepsy", Leads::Special(&special::HEALTH)),
    ("ipolar disorder", Leads::Special(&special::HEALTH)),
    ("uslim", Leads::Special(&special::RELIGION)),
    ("atholic", Leads::Special(&special::RELIGION)),
    ("uddhis", Leads::Special(&special::RELIGION)),
    ("rotestant", Leads::Special(&special::RELIGION)),
    ("rade union", Leads::Special(&special::UNION)),
    ("kschaft", Leads::Special(&special::UNION)),
    ("iometric", Leads::Special(&special::BIOMETRICS)),
    ("rprint", Leads::Special(&special::BIOMETRICS)),
    ("acial recognition", Leads::Special(&special::BIOMETRICS)),
    ("sexual", Leads::Special(&special::ORIENTATION)),
    ("esbian", Leads::Special(&special::ORIENTATION)),
];

/// The search: sixteen or thirty-two bytes at a time where the machine can, an automaton else.
/// Both find the same: of pieces that overlap, the first.
enum Search {
    Packed(Searcher),
    Automaton(AhoCorasick),
    Nothing,
}

static SEARCH: LazyLock<Search> = LazyLock::new(|| {
    let pieces = PIECES.iter().map(|(piece, _)| piece);
    let packed =
        Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(pieces.clone()).build();
    if let Some(searcher) = packed {
        return Search::Packed(searcher);
    }
    AhoCorasick::builder()
        .match_kind(aho_corasick::MatchKind::LeftmostFirst)
        .build(pieces)
        .map_or(Search::Nothing, Search::Automaton)
});

/// Every piece that begins in `part`.
pub(crate) fn scan(look: &mut Look<'_>, part: Range<usize>) {
    let text = look.text;
    // A piece may end behind the segment.
    let end = text.len().min(part.end + 32);
    let mut at = part.start;
    while at < part.end {
        let found = match &*SEARCH {
            Search::Packed(searcher) => searcher
                .find_in(text, aho_corasick::Span { start: at, end })
                .map(|found| (found.pattern().as_usize(), found.start(), found.end())),
            Search::Automaton(automaton) => automaton
                .find(Input::new(text).range(at..end))
                .map(|found| (found.pattern().as_usize(), found.start(), found.end())),
            Search::Nothing => None,
        };
        let Some((which, from, to)) = found.filter(|(_, from, _)| *from < part.end) else { return };
        if let Some((_, leads)) = PIECES.get(which) {
            follow(look, *leads, from, to);
        }
        at = to;
    }
}

fn follow(look: &mut Look<'_>, leads: Leads, from: usize, to: usize) {
    match leads {
        Leads::Password => {
            let end = to + look.run(to, 12, is_word);
            let _ = credential::assigned::said(look, end);
        }
        // `dot ` must be a word of its own; with brackets it is.
        Leads::Dot if look.byte(from) != b'd' => contact::email::spelled(look, from, to),
        Leads::Dot if look.before(from) == b' ' => contact::email::spelled(look, from - 1, to),
        Leads::Dot => {}
        Leads::Browser => {
            let _ = network::device::user_agent(look, from);
        }
        Leads::Special(kind) => special::word(look, kind, from, to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_few_and_long_enough_for_a_fast_search() {
        assert!(PIECES.len() <= 32);
        assert!(PIECES.iter().all(|(piece, _)| piece.len() >= 4));
    }
}
