//! Known people, compiled once, and where they stand plainly in bytes.

use crate::common_words::is_common;
use crate::fold::{FoldChar, fold, folded, is_word};
use crate::index::{Found, Index};
use crate::levels::{Finder, Hit, Walk};
use crate::name::{NameShape, bare_name_is_hers, own_words, search_forms};
use crate::phone::Phones;
use crate::term::{Mention, PersonTerms, Removed, SearchOptions, Strength, TermKind};

/// How the edges of a term are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Email,
    Token,
    /// A token that could be a word of any text: only where nothing else stands, or after `@`.
    Alone,
    Name(NameShape),
    Address,
}

/// One spelling of one term, folded.
struct Form {
    person: usize,
    kind: TermKind,
    shape: Shape,
    chars: Vec<char>,
    /// Where the word it is filed under starts.
    anchor: usize,
    /// The words of the name it belongs to.
    own: usize,
    /// A name of nothing but words of every day (`Will Rose`).
    common: bool,
}

/// The terms of many people, compiled. Searching costs one pass over the bytes, however many
/// people there are.
pub struct Searcher {
    forms: Vec<Form>,
    index: Index,
    phones: Phones,
    own: Vec<Vec<String>>,
    longest: usize,
}

/// Memory that a search uses and the next search uses again.
#[derive(Default)]
pub struct Scratch {
    hits: Vec<Hit>,
}

impl Scratch {
    /// Fresh memory.
    pub fn new() -> Self {
        Self::default()
    }
}

/// A short token says too little: it would be found everywhere.
fn says_enough(chars: &[char]) -> bool {
    let digits = chars.iter().filter(|c| c.is_ascii_digit()).count();
    chars.len() >= 4 && (digits < chars.len() || digits >= 6)
}

/// Whether an account's name or a code is told from the words of a text by how it is written:
/// `anna`, `will` and `admin` are not.
fn tells_itself(kind: TermKind, chars: &[char]) -> bool {
    if kind == TermKind::UserName {
        return chars.len() >= 6
            && chars.iter().any(|c| c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '@'));
    }
    !chars.iter().all(|c| c.is_alphabetic() || *c == ' ')
}

/// The words of a folded text and the character at which each starts.
fn words_of(chars: &[char]) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    let mut inside = false;
    for (at, c) in chars.iter().enumerate() {
        if is_word(*c) {
            match words.last_mut() {
                Some((_, word)) if inside => word.push(*c),
                _ => words.push((at, c.to_string())),
            }
        }
        inside = is_word(*c);
    }
    words
}

impl Searcher {
    /// Compiles the terms of many people. Terms that say too little to be searched for in free
    /// text (see [`explain`](crate::explain)) are left out.
    pub fn new(people: &[PersonTerms], options: &SearchOptions) -> Self {
        let default_cc = options.default_country_code.as_deref();
        let mut forms: Vec<Form> = Vec::new();
        let mut phones = Phones::default();
        let mut own: Vec<Vec<String>> = Vec::new();
        for (person, terms) in people.iter().enumerate() {
            let mut words: Vec<String> = Vec::new();
            for term in terms.terms.iter().filter(|term| term.kind == TermKind::Name) {
                words.extend(own_words(&term.text));
            }
            own.push(words);
            let mut add = |kind, shape, chars: Vec<char>| {
                let known = forms
                    .iter()
                    .rev()
                    .take_while(|form| form.person == person)
                    .any(|form| form.kind == kind && form.chars == chars);
                if !known && chars.iter().any(|c| is_word(*c)) {
                    let common = shape == Shape::Name(NameShape::Full)
                        && words_of(&chars).iter().all(|(_, word)| is_common(word));
                    forms.push(Form { person, kind, shape, chars, anchor: 0, own: person, common });
                }
            };
            for term in &terms.terms {
                let chars = folded(&term.text);
                match term.kind {
                    TermKind::Phone => phones.add(person, &term.text, default_cc),
                    TermKind::Name => {
                        for form in search_forms(&term.text) {
                            add(
                                TermKind::Name,
                                Shape::Name(form.shape),
                                form.text.chars().collect(),
                            );
                        }
                    }
                    TermKind::Address => {
                        let plain: String = chars.iter().collect();
                        if words_of(&chars).len() >= 2 {
                            add(TermKind::Address, Shape::Address, chars);
                            let bare = plain.replace(", ", " ").replace(',', " ");
                            add(TermKind::Address, Shape::Address, bare.chars().collect());
                        } else if says_enough(&chars) {
                            add(TermKind::Address, Shape::Token, chars);
                        }
                    }
                    // Many systems use the address as the name of the account.
                    _ if chars.contains(&'@') => {
                        let text: String = chars.iter().collect();
                        let text = text.strip_prefix("mailto:").unwrap_or(&text);
                        let text = text.trim_matches(|c| matches!(c, '<' | '>'));
                        if text.len() > 3 {
                            add(term.kind, Shape::Email, text.chars().collect());
                        }
                    }
                    TermKind::Email => {}
                    TermKind::UserName | TermKind::AccountId | TermKind::Code => {
                        if says_enough(&chars) {
                            let own = tells_itself(term.kind, &chars);
                            let shape = if own { Shape::Token } else { Shape::Alone };
                            add(term.kind, shape, chars);
                        }
                    }
                }
            }
        }
        let words: Vec<Vec<(usize, String)>> =
            forms.iter().map(|form| words_of(&form.chars)).collect();
        let texts: Vec<Vec<String>> =
            words.iter().map(|list| list.iter().map(|(_, word)| word.clone()).collect()).collect();
        let (index, filed) = Index::build(&texts, !phones.is_empty());
        for ((form, list), at) in forms.iter_mut().zip(&words).zip(filed) {
            form.anchor = list.get(at).map_or(0, |(start, _)| *start);
        }
        let longest = forms.iter().map(|form| form.chars.len()).max().unwrap_or(0).max(32);
        Self { forms, index, phones, own, longest }
    }

    /// The words of a person's own names, folded.
    pub(crate) fn own_words(&self, person: usize) -> &[String] {
        self.own.get(person).map_or(&[], Vec::as_slice)
    }

    /// Adds every mention in the bytes to `found`, in the order in which they stand there. A bare
    /// name inside a longer mention of the same person is not counted again.
    pub fn search(&self, bytes: &[u8], scratch: &mut Scratch, found: &mut Vec<Mention>) {
        let finder = People { searcher: self, person: None, weak: true };
        let mut walk = Walk::new(&finder, bytes.len());
        let node = walk.examine(bytes, &mut scratch.hits);
        for place in node.places(bytes) {
            if let Removed::Term(kind) = place.hit.what {
                found.push(Mention {
                    person: place.hit.person,
                    kind,
                    strength: place.hit.strength,
                    span: place.start..place.end,
                    encoding: place.encodings,
                    whole: place.whole,
                });
            }
        }
        scratch.hits = node.hits;
    }

    /// Everyone, or one person, where they stand plainly in these bytes.
    fn direct(&self, bytes: &[u8], person: Option<usize>, weak: bool, hits: &mut Vec<Hit>) {
        let mut window: Vec<FoldChar> = Vec::new();
        let mut covered = 0..0;
        let mut no_capitals = None;
        let reach = self.longest * 4 + 64;
        let mut phone_end = 0;
        self.index.scan(bytes, |found| match found {
            Found::Number { start } => {
                if start >= phone_end
                    && let Some(hit) = self.phones.at(bytes, start)
                {
                    phone_end = hit.end;
                    for owner in hit.people {
                        if person.is_none_or(|person| person == owner) {
                            hits.push(Hit {
                                start: hit.start,
                                end: hit.end,
                                person: owner,
                                what: Removed::Term(TermKind::Phone),
                                strength: Strength::Strong,
                                latin1: false,
                            });
                        }
                    }
                }
            }
            Found::Word { start, forms } => {
                for form in forms.iter().filter_map(|form| self.forms.get(*form)) {
                    if person.is_some_and(|person| person != form.person) {
                        continue;
                    }
                    if !weak && matches!(form.shape, Shape::Name(shape) if shape != NameShape::Full)
                    {
                        continue;
                    }
                    // One folded window serves every form and the words near it.
                    if start < covered.start + reach && covered.start > 0
                        || start + reach > covered.end && covered.end < bytes.len()
                        || covered.is_empty()
                    {
                        let from = crate::fold::floor(bytes, start.saturating_sub(reach));
                        let to = (start + 4 * reach).min(bytes.len());
                        window.clear();
                        fold(bytes, from, to, &mut window);
                        covered = from..to;
                    }
                    let capitals = || {
                        *no_capitals
                            .get_or_insert_with(|| !bytes.iter().any(u8::is_ascii_uppercase))
                    };
                    let whole = covered == (0..bytes.len());
                    if let Some(hit) = self.check(form, start, &window, whole, capitals) {
                        hits.push(hit);
                    }
                }
            }
        });
    }

    /// Whether a form stands in the window with its filed word at byte `at`. `whole` says that
    /// there is nothing beyond the window.
    fn check(
        &self,
        form: &Form,
        at: usize,
        window: &[FoldChar],
        whole: bool,
        no_capitals: impl FnOnce() -> bool,
    ) -> Option<Hit> {
        let anchor = window.partition_point(|c| c.start < at);
        let from = anchor.checked_sub(form.anchor)?;
        let to = from + form.chars.len();
        let chars = window.get(from..to)?;
        let spaced = matches!(form.shape, Shape::Name(_));
        let same = chars.iter().zip(&form.chars).all(|(text, form)| {
            text.c == *form || spaced && *form == ' ' && matches!(text.c, '_' | '-' | '.' | '+')
        });
        if !same {
            return None;
        }
        let strength = match form.shape {
            Shape::Email => email_edges(window, from, to).then_some(Strength::Strong),
            Shape::Token => token_edges(window, from, to).then_some(Strength::Strong),
            Shape::Alone => (whole && nothing_else(window, from, to)
                || after_at_sign(window, from, to))
            .then_some(Strength::Strong),
            Shape::Address => word_edges(window, from, to).then_some(Strength::Strong),
            Shape::Name(NameShape::Full) => {
                let own = self.own.get(form.own).map_or(&[][..], Vec::as_slice);
                let written = !form.common
                    || written_as_name(window, from, to)
                    || whole && nothing_else(window, from, to)
                    || no_capitals();
                (written && full_name_edges(window, from, to, own)).then_some(Strength::Strong)
            }
            Shape::Name(shape) => {
                let own = self.own.get(form.own).map_or(&[][..], Vec::as_slice);
                (word_edges(window, from, to)
                    && bare_name_is_hers(window, from, to, shape, own, no_capitals))
                .then_some(Strength::Weak)
            }
        }?;
        Some(Hit {
            start: chars.first()?.start,
            end: chars.last()?.end,
            person: form.person,
            what: Removed::Term(form.kind),
            strength,
            latin1: chars.iter().any(|c| c.latin1),
        })
    }
}

fn char_at(window: &[FoldChar], at: Option<usize>) -> Option<char> {
    at.and_then(|at| window.get(at)).map(|c| c.c)
}

/// Neither edge cuts through a word.
fn word_edges(window: &[FoldChar], from: usize, to: usize) -> bool {
    !char_at(window, from.checked_sub(1)).is_some_and(is_word)
        && !char_at(window, Some(to)).is_some_and(is_word)
}

/// Whether the character just outside an edge continues the token, given the one beyond it.
fn continues(next: Option<char>, beyond: Option<char>, joints: &[char]) -> bool {
    next.is_some_and(|next| is_word(next) || joints.contains(&next) && beyond.is_some_and(is_word))
}

fn email_edges(window: &[FoldChar], from: usize, to: usize) -> bool {
    let before = char_at(window, from.checked_sub(1));
    let beyond = char_at(window, from.checked_sub(2));
    let after = char_at(window, Some(to));
    !continues(before, beyond, &['.', '_', '-', '+', '%', '\''])
        && !continues(after, char_at(window, Some(to + 1)), &['.', '_', '-', '@'])
}

fn token_edges(window: &[FoldChar], from: usize, to: usize) -> bool {
    let before = char_at(window, from.checked_sub(1));
    let beyond = char_at(window, from.checked_sub(2));
    let after = char_at(window, Some(to));
    if continues(before, beyond, &['.', '_', '-', '+', '@']) {
        return false;
    }
    // `E-4711.pdf`: the name of a file is the code and an ending.
    if after == Some('.') {
        let tail = window.get(to + 1..).unwrap_or_default();
        let ending = tail.iter().take(6).take_while(|c| is_word(c.c)).count();
        let next = char_at(window, Some(to + 1 + ending));
        if (2..=4).contains(&ending) && !matches!(next, Some('.' | '-' | '_' | '@')) {
            return true;
        }
    }
    !continues(after, char_at(window, Some(to + 1)), &['.', '_', '-', '+', '@'])
}

/// Nothing but white space and quotes around it.
fn nothing_else(window: &[FoldChar], from: usize, to: usize) -> bool {
    let blank = |part: Option<&[FoldChar]>| {
        part.is_some_and(|part| part.iter().all(|c| matches!(c.c, ' ' | '"')))
    };
    blank(window.get(..from)) && blank(window.get(to..))
}

/// `@anna` names a user; `me@anna.example` names a host.
fn after_at_sign(window: &[FoldChar], from: usize, to: usize) -> bool {
    let joint = |c: char| matches!(c, '.' | '_' | '-' | '+' | '%' | '\'' | '@');
    let before = char_at(window, from.checked_sub(2));
    let after = char_at(window, Some(to));
    char_at(window, from.checked_sub(1)) == Some('@')
        && !before.is_some_and(|c| is_word(c) || joint(c))
        && !continues(after, char_at(window, Some(to + 1)), &['.', '_', '-', '+', '@'])
}

/// Whether every word of a name begins with a capital, or the name is a part of a file name or of
/// an identifier, or a value in quotes or in an element of its own.
fn written_as_name(window: &[FoldChar], from: usize, to: usize) -> bool {
    let joint = |c: char| matches!(c, '_' | '-' | '.' | '+');
    let joined = |next: Option<char>, beyond: Option<char>| {
        next.is_some_and(joint) && beyond.is_some_and(is_word)
    };
    let before = char_at(window, from.checked_sub(1));
    let after = char_at(window, Some(to));
    if joined(before, char_at(window, from.checked_sub(2)))
        || joined(after, char_at(window, Some(to + 1)))
        || matches!(
            (before, after),
            (Some('>'), Some('<')) | (Some('"'), Some('"')) | (Some('\''), Some('\''))
        )
    {
        return true;
    }
    let mut inside = false;
    for c in window.get(from..to).unwrap_or_default() {
        if joint(c.c) {
            return true;
        }
        if is_word(c.c) && !inside && !c.upper {
            return false;
        }
        inside = is_word(c.c);
    }
    true
}

/// `Jane Doe-Smith` and `Mary-Jane Doe` are other people; `jane_doe@…` is an address, not a name.
fn full_name_edges(window: &[FoldChar], from: usize, to: usize, own: &[String]) -> bool {
    word_edges(window, from, to)
        && bare_name_is_hers(window, from, to, NameShape::Full, own, || true)
}

/// One searcher, for everybody or for one person.
pub(crate) struct People<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) person: Option<usize>,
    pub(crate) weak: bool,
}

impl Finder for People<'_> {
    fn direct(&self, bytes: &[u8], hits: &mut Vec<Hit>) {
        self.searcher.direct(bytes, self.person, self.weak, hits);
    }

    fn reach(&self) -> usize {
        self.searcher.longest * 4 + 96
    }
}
