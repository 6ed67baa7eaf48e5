//! Personal names: which spellings of one there are, and when a bare name is hers.

use crate::fold::{FoldChar, folded, is_word};

/// Titles are not part of a name.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "herr", "frau", "monsieur",
    "madame", "mme", "mlle", "ing", "dipl",
];

/// Words that stand capitalised before a surname without being anybody's given name.
const BEFORE_NAMES: &[&str] = &[
    "dear",
    "hi",
    "hello",
    "hey",
    "hallo",
    "liebe",
    "lieber",
    "geehrte",
    "geehrter",
    "cher",
    "chère",
    "bonjour",
    "from",
    "to",
    "cc",
    "bcc",
    "von",
    "an",
    "for",
    "by",
    "and",
    "with",
    "the",
    "thanks",
    "regards",
    "user",
    "name",
    "contact",
    "customer",
    "client",
    "employee",
    "re",
    "fwd",
    "aw",
    "ask",
    "call",
    "tell",
    "is",
    "was",
    "if",
    "when",
    "did",
    "has",
    "can",
    "please",
    "und",
    "et",
    "sent",
    "signed",
    "requestor",
    "owner",
    "attn",
];

/// Words that stand capitalised after a given name without being anybody's surname.
const AFTER_NAMES: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "thanks",
    "please",
    "and",
    "or",
    "from",
    "on",
    "hr",
    "it",
    "und",
    "et",
    "wrote",
    "sent",
    "to",
    "cc",
    "subject",
    "date",
    "re",
    "id",
];

/// Small words that belong to the surname after them.
const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "ter",
    "ten", "zu", "zur", "af", "av", "bin", "ibn", "al", "el", "st", "san", "mac",
];

/// A spelling of a name, folded, and what it says by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NameForm {
    pub(crate) text: String,
    pub(crate) shape: NameShape,
}

/// What a spelling consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameShape {
    /// Given name and surname.
    Full,
    /// An initial and the surname.
    Initial,
    /// A given name alone.
    Given,
    /// A surname alone.
    Surname,
}

/// The words of a name in the order given name first, as they were written.
fn words(full: &str) -> Vec<String> {
    let full = full.trim();
    let turned = match full.split_once(',') {
        Some((surname, given)) if !given.trim().is_empty() => {
            format!("{} {}", given.trim(), surname.trim())
        }
        _ => full.trim_end_matches(',').to_owned(),
    };
    let mut words: Vec<String> = turned.split_whitespace().map(str::to_owned).collect();
    while words.len() > 1
        && words.first().is_some_and(|word| {
            TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str())
        })
    {
        words.remove(0);
    }
    words
}

/// Given name, middle parts, surname with its particles.
fn parts(words: &[String]) -> Option<(&String, &[String], &[String])> {
    let (given, rest) = words.split_first()?;
    let mut from = rest.len().checked_sub(1)?;
    while from > 0
        && rest.get(from - 1).is_some_and(|word| PARTICLES.contains(&word.to_lowercase().as_str()))
    {
        from -= 1;
    }
    let (middle, surname) = rest.split_at_checked(from)?;
    Some((given, middle, surname))
}

fn letters(word: &str) -> usize {
    word.chars().filter(|c| c.is_alphabetic()).count()
}

/// The spellings of a full name that mean this person: as given, without middle parts, and
/// surname first with a comma. A single word is its own only spelling.
pub fn name_forms(full: &str) -> Vec<String> {
    let words = words(full);
    let mut forms: Vec<String> = Vec::new();
    let mut add = |form: String| {
        if !form.is_empty() && !forms.contains(&form) {
            forms.push(form);
        }
    };
    add(words.join(" "));
    if let Some((given, middle, surname)) = parts(&words) {
        let surname = surname.join(" ");
        add(format!("{given} {surname}"));
        add(format!("{surname}, {given}"));
        if !middle.is_empty() {
            add(format!("{surname}, {given} {}", middle.join(" ")));
        }
    }
    forms
}

/// Every spelling that is searched for, folded.
pub(crate) fn search_forms(full: &str) -> Vec<NameForm> {
    let words = words(full);
    let mut forms = Vec::new();
    let mut add = |text: &str, shape| {
        let text: String = folded(text).into_iter().collect();
        let form = NameForm { text, shape };
        if form.text.chars().any(is_word) && !forms.contains(&form) {
            forms.push(form);
        }
    };
    let Some((given, _, surname)) = parts(&words) else {
        // One word is a bare name, whoever gave it.
        if let Some(only) = words.first()
            && letters(only) >= 3
        {
            add(only, NameShape::Given);
        }
        return forms;
    };
    for form in name_forms(full) {
        add(&form, NameShape::Full);
        if form.contains(", ") {
            add(&form.replace(", ", ","), NameShape::Full);
        }
    }
    let bare = given.trim_end_matches('.');
    let last = surname.join(" ");
    if let Some(initial) = given.chars().next() {
        add(&format!("{initial}. {last}"), NameShape::Initial);
        add(&format!("{initial}.{last}"), NameShape::Initial);
        add(&format!("{initial} {last}"), NameShape::Initial);
    }
    if letters(bare) >= 3 {
        add(bare, NameShape::Given);
    }
    if letters(&last) >= 3 {
        add(&last, NameShape::Surname);
    }
    if surname.len() > 1
        && let Some(core) = surname.last()
        && letters(core) >= 3
    {
        add(core, NameShape::Surname);
    }
    forms
}

/// Whether a value from a column looks like a personal name: two to four capitalised words of
/// letters only, initials and particles (`van der`) among them.
pub fn looks_like_name(value: &str) -> bool {
    let value = value.trim();
    let words = words(value);
    if !(2..=4).contains(&words.len()) || value.len() > 80 {
        return false;
    }
    let mut capitalised = 0;
    let mut shouting = 0;
    for word in &words {
        if PARTICLES.contains(&word.as_str()) {
            continue;
        }
        let word = word.strip_suffix('.').filter(|word| word.chars().count() == 1).unwrap_or(word);
        let mut chars = word.chars();
        if !chars.next().is_some_and(char::is_uppercase)
            || !chars.all(|c| {
                c.is_alphabetic() || matches!(c, '\'' | '’' | '-') || is_word(c) && !c.is_numeric()
            })
        {
            return false;
        }
        if word.chars().count() > 1 && word.chars().all(|c| !c.is_lowercase()) {
            shouting += 1;
        }
        capitalised += usize::from(word.chars().count() > 1);
    }
    capitalised >= 1 && shouting < 2
}

/// The folded word that starts at `at`, and whether it is written like a name: a capital, then
/// small letters.
fn word_at(chars: &[FoldChar], at: usize) -> (String, bool) {
    let rest = chars.get(at..).unwrap_or_default();
    let mut word = String::new();
    let mut lower = false;
    for c in rest.iter().take_while(|c| is_word(c.c) || c.c == '\'') {
        lower |= !word.is_empty() && !c.upper && c.c.is_alphabetic();
        word.push(c.c);
    }
    (word, lower && rest.first().is_some_and(|c| c.upper))
}

/// The names beside a bare name at `from..to` of the folded window: it is hers if all of them are
/// her own. `None`: by what stands around it, it is nobody's.
///
/// `no_capitals` says that the whole text has none. Whose name it is does not matter here, so that
/// one look serves all who share it.
pub(crate) fn names_beside(
    chars: &[FoldChar],
    from: usize,
    to: usize,
    shape: NameShape,
    no_capitals: impl FnOnce() -> bool,
) -> Option<Vec<String>> {
    let mut beside = Vec::new();
    let at = |index: usize| chars.get(index).map(|c| c.c);
    let before = from.checked_sub(1).and_then(at);
    let after = at(to);
    let token = |c: char| is_word(c) || matches!(c, '.' | '_' | '-' | '+' | '%');
    // Inside an e-mail address it is that address which counts.
    let rest = chars.get(to..).unwrap_or_default();
    if rest.iter().find(|c| !token(c.c)).is_some_and(|c| c.c == '@') {
        return None;
    }
    let head = chars.get(..from).unwrap_or_default();
    if let Some(sign) = head.iter().rposition(|c| !token(c.c))
        && head.get(sign).is_some_and(|c| c.c == '@')
        && sign.checked_sub(1).and_then(at).is_some_and(token)
    {
        return None;
    }
    let capital = chars.get(from).is_some_and(|c| c.upper);
    let joint = |c: Option<char>| matches!(c, Some('-' | '_' | '.'));
    let word_beyond = |index: Option<usize>| index.and_then(at).is_some_and(is_word);
    let joined = joint(before) && word_beyond(from.checked_sub(2))
        || joint(after) && word_beyond(Some(to + 1));
    let element = matches!(
        (before, after),
        (Some('>'), Some('<')) | (Some('"'), Some('"')) | (Some('\''), Some('\''))
    );
    let uncased = chars.get(from).is_some_and(|c| !c.c.is_lowercase() && !c.upper);
    if !(capital
        || uncased
        || joined
        || element
        || (before.is_none() && after.is_none())
        || no_capitals())
    {
        return None;
    }
    // `Mary-Jane`, `Jane-Smith`: a double name is another name.
    if after == Some('-')
        && let (word, true) = word_at(chars, to + 1)
    {
        beside.push(word);
    }
    if before == Some('-') && capital {
        let mut start = from - 1;
        while start.checked_sub(1).and_then(at).is_some_and(is_word) {
            start -= 1;
        }
        let (word, name) = word_at(chars, start);
        if name && start < from - 1 {
            beside.push(word);
        }
    }
    match shape {
        NameShape::Given => {
            // `Jane Smith`, `Jane Doe-Smith`.
            if after == Some(' ') && chars.get(to).is_some_and(|c| !c.breaks) {
                let mut start = to + 1;
                loop {
                    let (next, name) = word_at(chars, start);
                    let (length, empty) = (next.chars().count(), next.is_empty());
                    if name && !AFTER_NAMES.contains(&next.as_str()) {
                        beside.push(next);
                    }
                    start += length;
                    if empty || at(start) != Some('-') {
                        break;
                    }
                    start += 1;
                }
            }
        }
        NameShape::Surname | NameShape::Initial => {
            // `John Doe`, `Mary-Jane Doe`.
            if before == Some(' ') && from > 1 && chars.get(from - 1).is_some_and(|c| !c.breaks) {
                let mut end = from - 1;
                loop {
                    let mut start = end;
                    while start.checked_sub(1).and_then(at).is_some_and(|c| is_word(c) || c == '\'')
                    {
                        start -= 1;
                    }
                    let (previous, name) = word_at(chars, start);
                    if name
                        && start < end
                        && !TITLES.contains(&previous.as_str())
                        && !BEFORE_NAMES.contains(&previous.as_str())
                    {
                        beside.push(previous);
                    }
                    if start == end || start.checked_sub(1).and_then(at) != Some('-') {
                        break;
                    }
                    end = start - 1;
                }
            }
        }
        NameShape::Full => {}
    }
    Some(beside)
}

/// The words of a folded name.
pub(crate) fn own_words(full: &str) -> Vec<String> {
    words(full)
        .iter()
        .flat_map(|word| {
            let chars = folded(word);
            chars
                .split(|c| !is_word(*c) && *c != '\'')
                .map(|part| part.iter().collect::<String>())
                .collect::<Vec<_>>()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_name_has_these_forms() {
        let table: &[(&str, &[&str])] = &[
            ("Jane A. Doe", &["Jane A. Doe", "Jane Doe", "Doe, Jane", "Doe, Jane A."]),
            ("Doe, Jane", &["Jane Doe", "Doe, Jane"]),
            ("Dr. Jane Doe", &["Jane Doe", "Doe, Jane"]),
            ("Jan van der Berg", &["Jan van der Berg", "van der Berg, Jan"]),
            ("Jane", &["Jane"]),
            ("", &[]),
        ];
        for (full, forms) in table {
            assert_eq!(name_forms(full), *forms, "{full}");
        }
    }

    #[test]
    fn a_column_of_names_is_told_from_other_columns() {
        for name in [
            "Jane Doe",
            "Zoë Müller",
            "Jan van der Berg",
            "Jane A. Doe",
            "Anna-Lena O'Neil",
            "Doe, Jane",
        ] {
            assert!(looks_like_name(name), "{name}");
        }
        for other in
            ["jane doe", "Jane", "Printer 3", "ACME GMBH", "The printer is on fire", "A. B.", ""]
        {
            assert!(!looks_like_name(other), "{other}");
        }
    }
}
