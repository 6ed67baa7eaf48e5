//! Known people, compiled once, and where they stand plainly in bytes.

use crate::blocks::Marks;
use crate::common_words::is_common;
use crate::fold::{FoldChar, equalise, fold, folded, is_word};
use crate::index::{Found, Index};
use crate::levels::{Finder, Hit, Spare, Walk};
use crate::name::{NameShape, names_beside, own_words, search_forms};
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

/// Folded text around a filed word.
struct Stand<'w> {
    window: &'w [FoldChar],
    /// Where the filed word starts in it.
    anchor: usize,
    /// There is nothing beyond the window.
    whole: bool,
}

/// What stands beside a bare name, for all who share it.
struct Beside {
    place: (usize, usize, NameShape),
    names: Option<Vec<String>>,
}

/// Memory that a search uses and the next search uses again.
#[derive(Default)]
pub struct Scratch {
    hits: Vec<Hit>,
    spare: Spare,
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
        let (index, filed) = Index::build(
            &texts,
            |form, word| is_often(forms.get(form), words.get(form), word),
            phones.fewest_digits(),
        );
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
        walk.spare = std::mem::take(&mut scratch.spare);
        let node = walk.examine(bytes, &mut scratch.hits);
        scratch.spare = walk.spare;
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
    fn direct(
        &self,
        bytes: &[u8],
        person: Option<usize>,
        weak: bool,
        hits: &mut Vec<Hit>,
        marks: &mut Marks,
    ) {
        let mut window: Vec<FoldChar> = Vec::new();
        let mut covered = 0..0;
        let mut no_capitals = None;
        let reach = self.longest * 4 + 64;
        let mut phone_end = 0;
        self.index.scan(bytes, marks, |found| match found {
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
            Found::Word { start, end, forms } => {
                let mut anchor = None;
                let mut beside = None;
                let mut nobody = None;
                for form in forms.iter().filter_map(|form| self.forms.get(*form)) {
                    if person.is_some_and(|person| person != form.person) {
                        continue;
                    }
                    if !weak && matches!(form.shape, Shape::Name(shape) if shape != NameShape::Full)
                    {
                        continue;
                    }
                    if let Some(end) = end {
                        if disagrees(form, bytes, start, end) {
                            continue;
                        }
                        // A bare name that is the filed word and no more, said for all who share it.
                        if matches!(form.shape, Shape::Name(NameShape::Given | NameShape::Surname))
                            && form.chars.len() == end - start
                            && *nobody.get_or_insert_with(|| {
                                is_nobodys(bytes, start, end, || {
                                    *no_capitals.get_or_insert_with(|| {
                                        !bytes.iter().any(u8::is_ascii_uppercase)
                                    })
                                })
                            })
                        {
                            continue;
                        }
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
                    let stand = Stand {
                        window: &window,
                        anchor: *anchor
                            .get_or_insert_with(|| window.partition_point(|c| c.start < start)),
                        whole: covered == (0..bytes.len()),
                    };
                    if let Some(hit) = self.check(form, &stand, &mut beside, capitals) {
                        hits.push(hit);
                    }
                }
            }
        });
    }

    /// Whether a form stands in the window, its filed word where the stand says.
    fn check(
        &self,
        form: &Form,
        stand: &Stand<'_>,
        beside: &mut Option<Beside>,
        no_capitals: impl FnOnce() -> bool,
    ) -> Option<Hit> {
        let Stand { window, whole, .. } = *stand;
        let from = stand.anchor.checked_sub(form.anchor)?;
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
                if !word_edges(window, from, to) {
                    return None;
                }
                let place = (from, to, shape);
                if beside.as_ref().is_none_or(|known| known.place != place) {
                    let names = names_beside(window, from, to, shape, no_capitals);
                    *beside = Some(Beside { place, names });
                }
                let names = beside.as_ref().and_then(|known| known.names.as_ref())?;
                names.iter().all(|name| own.contains(name)).then_some(Strength::Weak)
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

/// Whether texts have a word of a form often: the host of an address, where colleagues have theirs
/// too, a word of every day, and what is short.
fn is_often(form: Option<&Form>, words: Option<&Vec<(usize, String)>>, at: usize) -> bool {
    let Some(((start, word), form)) = words.and_then(|words| words.get(at)).zip(form) else {
        return false;
    };
    let host = form.shape == Shape::Email
        && form.chars.get(..*start).is_some_and(|before| before.contains(&'@'));
    host || word.chars().count() < 3 || is_common(word)
}

/// Whether the bytes beside the plain word at `start..end` already say that the form whose filed
/// word it is does not stand there. Most do, so that little has to be folded.
fn disagrees(form: &Form, bytes: &[u8], start: usize, end: usize) -> bool {
    let spaced = matches!(form.shape, Shape::Name(_));
    let past = form.chars.get(form.anchor + (end - start)..).unwrap_or_default();
    let head = form.chars.get(..form.anchor).unwrap_or_default();
    let behind = bytes.get(end..).unwrap_or_default();
    let before = bytes.get(..start).unwrap_or_default();
    others(past.iter().copied(), behind.iter().copied(), spaced)
        || others(head.iter().rev().copied(), before.iter().rev().copied(), spaced)
}

/// Whether the bytes beside a bare name at `start..end` already say that it is nobody's, as
/// [`names_beside`] would: a part of an e-mail address, or a word of every day in small letters.
fn is_nobodys(bytes: &[u8], start: usize, end: usize, no_capitals: impl FnOnce() -> bool) -> bool {
    let token =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+' | b'%');
    let behind = bytes.get(end..).unwrap_or_default();
    // No further than a window surely reaches, so that a text of names and dots costs no more.
    if behind.iter().take(128).find(|byte| !token(**byte)) == Some(&b'@') {
        return true;
    }
    let (Some(before), Some(after)) =
        (start.checked_sub(1).and_then(|at| bytes.get(at)).copied(), behind.first().copied())
    else {
        return false;
    };
    let plain = |byte: u8| {
        matches!(byte, b' ' | b',' | b';' | b':' | b'!' | b'?' | b'(' | b')' | b'\n' | b'\r')
    };
    // What is beyond ASCII beside a blank may be a mark that joins it.
    let marked = start.checked_sub(2).and_then(|at| bytes.get(at)).is_some_and(|b| !b.is_ascii())
        || behind.get(1).is_some_and(|byte| !byte.is_ascii());
    bytes.get(start).is_some_and(u8::is_ascii_lowercase)
        && plain(before)
        && plain(after)
        && !marked
        && !no_capitals()
}

/// Whether a character beyond an edge is another one than the form has. What is beyond ASCII, or
/// beside it, is for whoever folds it.
fn others(form: impl Iterator<Item = char>, text: impl Iterator<Item = u8>, spaced: bool) -> bool {
    let blank = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, 0x0b | b'>');
    let mut text = text.peekable();
    for wanted in form {
        let Some(byte) = text.next() else { return true };
        if blank(byte) {
            // A quoted mail has `>` among its white space; a form may have it as a character.
            if byte == b'>' {
                return !matches!(wanted, ' ' | '>');
            }
            if wanted != ' ' {
                return true;
            }
            while let Some(next) = text.next_if(|next| blank(*next)) {
                if next == b'>' {
                    return false;
                }
            }
            continue;
        }
        if byte >= 0x80 || text.peek().is_some_and(|next| *next >= 0x80) {
            return false;
        }
        let joint = spaced && wanted == ' ' && matches!(byte, b'_' | b'-' | b'.' | b'+');
        if !joint && equalise(char::from(byte.to_ascii_lowercase())) != wanted {
            return true;
        }
    }
    false
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
        && names_beside(window, from, to, NameShape::Full, || true)
            .is_some_and(|names| names.iter().all(|name| own.contains(name)))
}

/// One searcher, for everybody or for one person.
pub(crate) struct People<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) person: Option<usize>,
    pub(crate) weak: bool,
}

impl Finder for People<'_> {
    fn direct(&self, bytes: &[u8], hits: &mut Vec<Hit>) {
        self.marked(bytes, hits, &mut Marks::default());
    }

    fn marked(&self, bytes: &[u8], hits: &mut Vec<Hit>, marks: &mut Marks) {
        self.searcher.direct(bytes, self.person, self.weak, hits, marks);
    }

    fn reach(&self) -> usize {
        self.searcher.longest * 4 + 96
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::blocks::tests::marks_of;
    use crate::term::Term;

    /// Looks at every word, every digit and every mark, one byte after the other: slow and simple.
    struct Portable<'a>(&'a Searcher);

    impl Finder for Portable<'_> {
        fn direct(&self, bytes: &[u8], hits: &mut Vec<Hit>) {
            let mut window = Vec::new();
            fold(bytes, 0, bytes.len(), &mut window);
            let chars: Vec<char> = window.iter().map(|c| c.c).collect();
            let capitals = || !bytes.iter().any(u8::is_ascii_uppercase);
            for (anchor, word) in words_of(&chars) {
                for form in &self.0.forms {
                    let filed = words_of(&form.chars);
                    if !filed.iter().any(|(at, filed)| *at == form.anchor && *filed == word) {
                        continue;
                    }
                    let stand = Stand { window: &window, anchor, whole: true };
                    hits.extend(self.0.check(form, &stand, &mut None, capitals));
                }
            }
            let mut end = 0;
            for first in 0..bytes.len() {
                let follows = first > 0 && bytes[first - 1].is_ascii_digit();
                if !bytes[first].is_ascii_digit() || follows || first < end {
                    continue;
                }
                let Some(hit) = self.0.phones.number(bytes, first) else { continue };
                end = hit.end;
                hits.extend(hit.people.into_iter().map(|person| Hit {
                    start: hit.start,
                    end: hit.end,
                    person,
                    what: Removed::Term(TermKind::Phone),
                    strength: Strength::Strong,
                    latin1: false,
                }));
            }
        }

        fn marked(&self, bytes: &[u8], hits: &mut Vec<Hit>, marks: &mut Marks) {
            self.direct(bytes, hits);
            *marks = marks_of(bytes);
        }

        fn reach(&self) -> usize {
            self.0.longest * 4 + 96
        }
    }

    type Told = (usize, usize, usize, Removed, Strength, Vec<crate::Encoding>, bool);

    fn told(finder: &dyn Finder, bytes: &[u8]) -> Vec<Told> {
        let node = Walk::new(finder, bytes.len()).examine(bytes, &mut Vec::new());
        let places = node.places(bytes).into_iter().map(|place| {
            let Hit { person, what, strength, .. } = place.hit;
            (place.start, place.end, person, what, strength, place.encodings, place.whole)
        });
        let mut told: Vec<Told> = places.collect();
        told.sort();
        told
    }

    fn crowd() -> Searcher {
        let terms = [
            ("zoë.müller@acme.example", "Zoë Müller", "+49 30 1234567", "zmüller_7"),
            ("jane.doe@acme.example", "Jane A. Doe", "+1 555 0100", "jdoe_7"),
            ("will@rose.example", "Will Rose", "+44 20 7946 0018", "will"),
            ("k.str@x.example", "Karl Straße-König", "0301234567", "E-4711"),
            ("", "İlker Åberg", "", "王小明"),
        ];
        let people: Vec<PersonTerms> = terms
            .iter()
            .map(|(email, name, phone, user)| PersonTerms {
                terms: vec![
                    Term::new(TermKind::Email, *email),
                    Term::new(TermKind::Name, *name),
                    Term::new(TermKind::Phone, *phone),
                    Term::new(TermKind::UserName, *user),
                ],
            })
            .collect();
        Searcher::new(&people, &SearchOptions { default_country_code: Some("49".to_owned()) })
    }

    const PIECES: &[&str] = &[
        "zoë.müller@acme.example",
        "Zoe\u{308}",
        "MÜLLER",
        "Zo\u{ad}ë",
        "jane",
        "Doe, Jane",
        "JANE_DOE",
        "jane.doe=40acme.example",
        "doe@",
        "Rose",
        "will",
        "will rose",
        "\u{212a}arl",
        "Stra\u{1e9e}e-Ko\u{308}nig",
        "STRASSE",
        "I\u{307}lker",
        "İLKER A\u{30a}berg",
        "\u{212b}berg",
        "王小明",
        "E-4711",
        "e-47110",
        "+49 30 1234567",
        "030/1234567",
        "0049 (0)30 1234567",
        "(030) 123 45 67",
        "30 1234567",
        "+1 555 0100",
        "555-0100",
        "01155501",
        "2026-11-22",
        "=\r\n",
        "=4",
        "0",
        "%40",
        "&uuml;",
        "&#252;",
        "\\u00fc",
        "\\n",
        "=?utf-8?Q?Zo=C3=AB?=",
        " ",
        "\n",
        "\n> ",
        ", ",
        ".",
        "-",
        "_",
        "@",
        "\u{a0}",
        "\u{200b}",
        "x",
        "7",
        "d41d8cd98f00b204e9800998ecf8427e",
        "Wm/DqyBNw7xsbGVyIGNhbGxlZCBiYWNr",
        "c2VlIHdpbGwucm9zZSBhbmQgSmFuZSBEb2U=",
        "am9obi5kb2VAYWNtZS5leGFt\r\ncGxlIGlzIG5vdCBqYW5lLmRv\r\nZUBhY21lLmV4YW1wbGU=\r\n",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

        /// What is found sixty-four bytes at a time is what is found one by one.
        #[test]
        fn the_fast_way_finds_what_the_simple_way_finds(
            pieces in prop::collection::vec((0..PIECES.len() + 12, any::<u8>()), 1..14),
            before in 0..70_usize,
            latin1: bool,
        ) {
            let mut bytes = vec![b' '; before];
            for (piece, byte) in pieces {
                match PIECES.get(piece) {
                    // As Windows-1252 would have it, where it has it.
                    Some(text) if latin1 => bytes.extend(text.chars().map(|c| {
                        u8::try_from(u32::from(c)).unwrap_or(b'?')
                    })),
                    Some(text) => bytes.extend(text.bytes()),
                    None => bytes.push(byte),
                }
            }
            let searcher = crowd();
            let fast = told(&People { searcher: &searcher, person: None, weak: true }, &bytes);
            prop_assert_eq!(&fast, &told(&Portable(&searcher), &bytes), "{}", String::from_utf8_lossy(&bytes));
            let mut found = Vec::new();
            let mut scratch = Scratch::new();
            for _ in 0..2 {
                // Memory that is used again tells nothing of what it held.
                found.clear();
                searcher.search(&bytes, &mut scratch, &mut found);
                prop_assert_eq!(found.len(), fast.len());
            }
        }
    }

    #[test]
    fn the_pieces_of_the_comparison_do_name_people() {
        let searcher = crowd();
        let mut named = std::collections::BTreeSet::new();
        for piece in PIECES {
            named.extend(
                told(&Portable(&searcher), piece.as_bytes()).into_iter().map(|told| told.2),
            );
        }
        assert_eq!(named.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }
}
