//! The notice as paragraphs with the state of those sentences that the public may see.

use app::reading::Reading;
use policy::NoticeSection;
use render::coverage::{Section, Sentence, State};

/// A section of the notice as it is shown.
pub(crate) struct Part<'a> {
    pub(crate) heading: &'a str,
    /// An anchor for the heading.
    pub(crate) anchor: usize,
    pub(crate) paragraphs: Vec<Vec<Piece<'a>>>,
    /// For whom and from when it holds, where that is not everybody and always.
    pub(crate) scope: Option<&'a NoticeSection>,
}

/// A sentence.
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    pub(crate) state: Option<State>,
}

/// The sections, all of them or those that hold in a place, and how many were left out.
pub(crate) fn parts<'a>(
    sections: &'a [Section],
    scopes: &'a [NoticeSection],
    places: Option<&[&str]>,
) -> (Vec<Part<'a>>, usize) {
    let scope = |section: &Section| scopes.iter().find(|scope| scope.heading == section.heading);
    let holds = |section: &&Section| {
        let Some(places) = places else { return true };
        scope(section).is_none_or(|scope| {
            scope.places.is_empty() || scope.places.iter().any(|one| places.contains(&one.as_str()))
        })
    };
    let shown: Vec<Part<'_>> = sections
        .iter()
        .enumerate()
        .filter(|(_, section)| holds(section))
        .map(|(anchor, section)| Part {
            heading: &section.heading,
            anchor,
            paragraphs: paragraphs(&section.sentences),
            scope: scope(section),
        })
        .collect();
    let left = sections.len() - shown.len();
    (shown, left)
}

fn paragraphs(sentences: &[Sentence]) -> Vec<Vec<Piece<'_>>> {
    let mut paragraphs: Vec<Vec<Piece<'_>>> = Vec::new();
    for sentence in sentences {
        let piece = Piece { text: &sentence.text, state: sentence.state() };
        match paragraphs.last_mut().filter(|_| !sentence.begins_paragraph) {
            Some(paragraph) => paragraph.push(piece),
            None => paragraphs.push(vec![piece]),
        }
    }
    paragraphs
}

/// A place and everything around it.
pub(crate) fn places<'a>(reading: &'a Reading, place: &'a str) -> Vec<&'a str> {
    let mut found = vec![place];
    let places = &reading.policy.places;
    while let Some(around) = places
        .iter()
        .find(|one| found.last().is_some_and(|last| one.key == *last))
        .and_then(|one| one.within.as_deref())
    {
        // A place within itself is an error of the policy; it does not hold us up here.
        if found.contains(&around) {
            break;
        }
        found.push(around);
    }
    found
}

/// The class of a state in the style sheet.
pub(crate) const fn class(state: State) -> &'static str {
    match state {
        State::Upheld => "u",
        State::AtRisk => "r",
        State::Broken => "b",
        State::Unproven => "n",
    }
}
