//! The search as it would be without any first look, for the tests: byte by byte, and every
//! recogniser is asked wherever its sort of value may begin. What it finds is what must be found.

#[path = "../../tests/labelled/corpus.rs"]
#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation, dead_code, reason = "a test")]
mod corpus;
#[path = "../../examples/texts/mod.rs"]
#[allow(dead_code, reason = "shared with measurements")]
mod texts;

use super::{Passed, mark, token};
use crate::kinds::{contact, credential, financial, government, network, online};
use crate::lexicon::{self, is};
use crate::look::{Look, is_word};
use crate::starts;

/// As many bytes of a token in a row may be a key.
const LONG: usize = 12;

/// Everything that begins in `part`.
pub(super) fn scan(look: &mut Look<'_>, part: std::ops::Range<usize>) {
    crate::keywords::scan(look, part.clone());
    let mut passed = Passed::default();
    let in_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    for at in part {
        let (before, byte) = (look.before(at), look.byte(at));
        if in_token(byte) && !in_token(before) && look.run(at, LONG, in_token) == LONG {
            token(look, at);
        }
        if byte.is_ascii_digit() && !before.is_ascii_digit() {
            if at >= passed.number {
                passed.number = number(look, at, &mut passed);
            }
        } else if matches!(byte, b'@' | b':' | b'=' | b'$') {
            mark(look, at, &mut passed);
        } else if (byte.is_ascii_uppercase() || byte >= 0x80)
            && !is_word(before)
            && at >= passed.name
        {
            passed.name = capital(look, at, &mut passed);
        }
    }
}

/// A run of digits begins here. Returns up to where no number needs to be looked for again.
fn number(look: &mut Look<'_>, at: usize, passed: &mut Passed) -> usize {
    let first = look.run(at, 32, |byte| byte.is_ascii_digit());
    let end = at + first;
    let lead = look.before(at);
    let next = look.byte(end);
    let second = look.byte(end + 1);
    if is_word(lead) && lead < 0x80 {
        // Inside a word: the check digits of an IBAN, or nothing.
        if first >= 2 && lead.is_ascii_alphabetic() {
            let _ = financial::iban::at_digits(look, at);
        }
        return end;
    }
    if first > 19 {
        return end;
    }
    // 10:22:33.123
    if first <= 2 && next == b':' && second.is_ascii_digit() {
        return starts::clock(look, at);
    }
    let dated = match first {
        1 | 2 | 4 if matches!(next, b'-' | b'/' | b'.') => second.is_ascii_digit(),
        1 | 2 => {
            let word = end
                + look.run(end, 4, |byte| {
                    matches!(
                        byte,
                        b' ' | b'.' | b',' | b'-' | b's' | b't' | b'n' | b'd' | b'r' | b'h'
                    )
                });
            matches!(look.byte(word) | 0x20, b'j' | b'f' | b'm' | b'a' | b's' | b'o' | b'n' | b'd')
                || look.byte(word).is_ascii_digit()
                    && matches!(next, b',' | b' ' | b's' | b'n' | b'r' | b't')
        }
        _ => false,
    };
    if dated && let Some(end) = contact::birth::at_digits(look, at) {
        // `2026-11-22T10:22:33`: the time is part of it.
        if matches!(look.byte(end), b'T' | b' ') && look.byte(end + 3) == b':' {
            return starts::clock(look, end + 1);
        }
        return end;
    }
    if first <= 3 && next == b'.' && second.is_ascii_digit() {
        if let Some(end) = network::ip::v4(look, at) {
            return end;
        }
        if let Some(end) = online::place::at_digits(look, at) {
            return end;
        }
    }
    if first <= 6
        && at >= passed.address
        && let Some(end) = contact::address::at_digits(look, at)
    {
        passed.address = end;
    }
    let letter = next.is_ascii_alphabetic();
    let mark = matches!(next, b' ' | b'-' | b'.' | b'/' | b'(' | b')');
    let joined = mark
        && (second.is_ascii_digit()
            || matches!(second, b' ' | b'(' | b'-' | b')' | b'/')
                && look.byte(end + 2).is_ascii_digit()
            || second == b' ');
    if ((4..=6).contains(&first) && joined || first >= 12)
        && let Some(end) = financial::card::at_digits(look, at)
    {
        return end;
    }
    if (first == 3 && joined && look.byte(at + 6) == next || first == 9)
        && let Some(end) = government::us::ssn(look, at)
    {
        return end;
    }
    // A handful of digits is nobody's number, but for the code beside a card.
    if !letter && first < 6 && !(joined && starts::cluster(look, at) >= 6) {
        if matches!(first, 3..=5)
            && let Some(end) = government::ids::at_digits(look, at)
        {
            return end;
        }
        if first <= 2
            && let Some(end) = online::age(look, at)
        {
            return end;
        }
        return end;
    }
    if (first >= 3 || joined || letter)
        && let Some(end) = government::ids::at_digits(look, at)
    {
        return end;
    }
    if first <= 2
        && let Some(end) = online::age(look, at)
    {
        return end;
    }
    if joined || first >= 6 || matches!(lead, b'(' | b'+') {
        return contact::phone::at_digits(look, at).unwrap_or(end);
    }
    end
}

/// A word with a capital begins here. Returns up to where no name needs to be looked for again.
fn capital(look: &mut Look<'_>, at: usize, passed: &mut Passed) -> usize {
    let first = look.byte(at);
    if look.before(at) == b'-'
        && first == b'B'
        && let Some(end) = credential::token::armour(look, at)
    {
        return end;
    }
    let length = look.run(at, 32, is_word);
    let word = look.slice(at..at + length);
    let flags = lexicon::look_up(word);
    const NAMES: u64 = is::GIVEN | is::SURNAME | is::PINYIN_SURNAME | is::STREET | is::UNIT;
    // Most words with a capital begin a sentence, or are a day.
    if flags & (is::COMMON | is::CALENDAR) != 0 && flags & NAMES == 0 {
        return at + length;
    }
    if at >= passed.address
        && let Some(end) = contact::address::at_word(look, at, flags, at + length)
    {
        passed.address = end;
    }
    // Capitals and digits: numbers of persons and devices.
    let second = look.byte(at + 1);
    if (second.is_ascii_digit() || second.is_ascii_uppercase())
        && let Some(end) = government::ids::at_word(look, at)
    {
        return end;
    }
    contact::name::capital(look, at, 0, 0)
}

mod tests {
    use proptest::prelude::*;

    use super::{corpus, texts};
    use crate::classes::Map;
    use crate::look::{Hit, Look};

    /// Both searches, before findings that overlap are resolved.
    fn check(text: &[u8], part: std::ops::Range<usize>) {
        let mut map = Map::default();
        map.read(text);
        let (mut fast, mut plain) = (Vec::<Hit>::new(), Vec::<Hit>::new());
        super::super::scan(&mut Look::new(text, &map, &mut fast), &map, part.clone());
        super::scan(&mut Look::new(text, &map, &mut plain), part);
        assert_eq!(fast, plain, "{}", text.escape_ascii());
    }

    #[test]
    fn texts_of_companies_give_the_same() {
        for document in corpus::documents(5, 3_000) {
            check(document.text.as_bytes(), 0..document.text.len());
        }
        let prose = texts::prose(&mut texts::Dice::new(3), 100_000);
        check(prose.as_bytes(), 512..prose.len() - 1_000);
        for note in texts::many(200_000, 4096, texts::note) {
            check(note.as_bytes(), 0..note.len());
        }
        for value in texts::many(50_000, 200, texts::value) {
            check(value.as_bytes(), 0..value.len());
        }
        for format in 0..texts::FORMATS.len() {
            let log = texts::log(50_000, Some(format));
            check(log.as_bytes(), 0..log.len());
        }
        check(texts::log(50_000, None).as_bytes(), 0..50_000);
    }

    #[test]
    fn examples_of_all_kinds_give_the_same_beside_each_other() {
        let mut all = Vec::new();
        for kind in crate::kinds::kinds() {
            all.extend(kind.0.examples.iter().map(|(text, _)| *text));
            all.extend(kind.0.counter_examples);
        }
        for gap in ["", " ", "\n", ", ", "-", "(", "\u{2019}", "=", "_"] {
            let text = all.join(gap);
            check(text.as_bytes(), 0..text.len());
            for text in &all {
                let text = format!("{gap}{text}{gap}");
                check(text.as_bytes(), 0..text.len());
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_give_the_same(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
            check(&bytes, 0..bytes.len());
        }

        #[test]
        fn pieces_of_values_give_the_same(
            parts in prop::collection::vec(
                "[A-Z]{1,3}[0-9]{0,9}[A-D]?|[0-9]{1,20}|[0-9]{1,4}|[ .,:/()=@#+_-]|[\n\t\"']|[a-z]{1,12}|[A-Z][a-z]{1,9}|Jane|Smith|Xu|Ming|\u{e9}|\u{2019}                |cvv|ssn|age: |born|Mr|years old|-year-old|May|3rd|street|st|Straße|de|van|Unit|P.O. Box|password|user|token|DE89|[$]2y[$]|BIC|IBAN|VAT|passport",
                0..60,
            ),
            blank in any::<bool>(),
        ) {
            let text = parts.join(if blank { " " } else { "" });
            check(text.as_bytes(), 0..text.len());
        }
    }
}
