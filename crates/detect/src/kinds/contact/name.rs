//! Names of people, without a model: lists of given and family names, how family names of many
//! languages end, titles and words before a name, and how Chinese names are built.

use crate::kinds::{Family, Kind, Validated};
use crate::lexicon::{self, Endings, Flags, is};
use crate::look::{Look, is_word};

/// Lists of names as statistical offices publish them; forms of names of 20 languages.
pub(crate) static NAME: Kind = Kind {
    key: "contact.name",
    title: "Name of a person",
    category: "user.name",
    family: Family::Contact,
    standard: "lists of names; forms of names",
    examples: &[
        ("Spoke with Jane Doe today.", "Jane Doe"),
        ("Dear Zoë Müller,", "Zoë Müller"),
        ("Ask Ludwig van der Berg about it", "Ludwig van der Berg"),
        ("met J. R. Smith there", "J. R. Smith"),
        ("a note by Xu Mingyuan about it", "Xu Mingyuan"),
        ("My name is Qorvandil", "Qorvandil"),
        ("we told Mrs. Abernethson", "Abernethson"),
        ("seen by Olga Drozdovskaya", "Olga Drozdovskaya"),
        ("Patrick O'Connor left", "Patrick O'Connor"),
        ("Name: DOE, JANE", "DOE, JANE"),
    ],
    counter_examples: &[
        "The Internet Protocol was changed in New York on Monday.",
        "Visual Studio Code",
        "Windows Server 2022 Standard",
        "Please Read The Manual",
        "Error: Connection Refused",
    ],
};

/// A name has at most so many words.
const MOST: usize = 6;

/// A word with a capital, or a particle between two.
#[derive(Clone, Copy, Default)]
struct Token {
    start: usize,
    end: usize,
    flags: Flags,
    form: Form,
    /// A mark stands between this word and the one before: nothing but a blank is fine.
    comma: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Form {
    /// `Jane`.
    #[default]
    Title,
    /// `JANE`.
    Upper,
    /// `J.` or `J`.
    Initial,
    /// `van`.
    Particle,
}

/// A capital begins a word of `length` bytes at `at`, of which the lists say `flags`. Returns up to
/// where no name needs to be looked for.
#[inline(always)]
pub(crate) fn capital(look: &mut Look<'_>, at: usize, length: usize, flags: Flags) -> usize {
    // A cheap look first: most words that begin with a capital begin a sentence.
    let first = match word_at(look, at, Some((length, flags))) {
        Some(token) => token,
        None => return at + 1,
    };
    let next_byte = look.byte(first.end);
    if first.flags & is::COMMON != 0
        && first.flags & (is::GIVEN | is::SURNAME | is::PINYIN_SURNAME) == 0
    {
        return first.end;
    }
    if first.flags == 0 && next_byte.is_ascii_digit() {
        return first.end;
    }
    let lead = look.before(at);
    if matches!(lead, b'@' | b'/' | b'\\' | b'#' | b'$' | b'&' | b'%' | b'=') && lead != b'='
        || lead == b'.' && is_word(look.before(at - 1))
        || lead == b'-' && is_word(look.before(at - 1))
        || next_byte == b'@'
    {
        return first.end;
    }
    if first.flags & (is::TITLE | is::ROLE) != 0 && first.form != Form::Initial {
        // The name is what follows; `Uncle` and `Dr` are read again as what stands before it.
        return first.end;
    }
    let Some(second) = following(look, first.end, first) else {
        return alone(look, first);
    };
    let mut tokens = [Token::default(); MOST];
    let mut count = 2;
    let mut end = second.end;
    let [one, two, ..] = &mut tokens;
    (*one, *two) = (first, second);
    while count < MOST {
        let Some(token) = following(look, end, tokens.get(count - 1).copied().unwrap_or_default())
        else {
            break;
        };
        end = token.end;
        if let Some(slot) = tokens.get_mut(count) {
            *slot = token;
        }
        count += 1;
    }
    let tokens = tokens.get(..count).unwrap_or_default();
    judge(look, tokens)
}

/// One word with no other behind it. Most are told to be no name by their lists and by what stands
/// before them.
fn alone(look: &mut Look<'_>, word: Token) -> usize {
    if word.form == Form::Initial {
        return word.end;
    }
    let listed = word.flags & (is::GIVEN | is::SURNAME) != 0;
    let told = || {
        let before = context(look, word.start);
        before.title || before.named
    };
    if listed || told() || pinyin_pair(look, &[word]) {
        return judge(look, &[word]);
    }
    word.end
}

/// The word that begins at `at`: letters, with apostrophes and hyphens inside. What the lists say of
/// so many of its bytes may be known.
#[inline(always)]
fn word_at(look: &Look<'_>, at: usize, known: Option<(usize, Flags)>) -> Option<Token> {
    let letters = look.letters(at);
    let next = look.byte(at + letters);
    if (1..40).contains(&letters) && next < 0x80 && !matches!(next, b'\'' | b'-') {
        if next.is_ascii_digit() || next == b'_' {
            return None;
        }
        let end = at + letters;
        let flags = match known {
            Some((length, flags)) if length == letters => flags,
            _ => look.flags(at, letters),
        };
        let upper = look.capitals(at, letters);
        let token = Token { start: at, end, flags, ..Token::default() };
        return formed(look, token, upper, letters, false);
    }
    let mut end = at;
    let mut upper = 0_usize;
    let mut small = 0_usize;
    let mut high = false;
    let mut hyphen = None;
    for byte in look.slice(at..at + 40) {
        match byte {
            b'A'..=b'Z' => upper += 1,
            b'a'..=b'z' => small += 1,
            0x80..=0xff => high = true,
            b'\'' | b'-' if end > at => {
                let next = look.byte(end + 1);
                if !(next.is_ascii_alphabetic() || next >= 0x80) {
                    break;
                }
                // `Jane's`
                if *byte == b'\'' && !next.is_ascii_uppercase() && next < 0x80 {
                    let tail = look.run(end + 1, 4, is_word);
                    if tail <= 2 {
                        break;
                    }
                }
                if *byte == b'-' {
                    hyphen.get_or_insert(end);
                }
            }
            _ => break,
        }
        end += 1;
    }
    let next = look.byte(end);
    if next.is_ascii_digit() || next == b'_' || end - at >= 40 {
        return None;
    }
    let text = look.slice(at..end);
    if high {
        // A typographic quote, dash or blank is beyond ASCII and no letter.
        let shown = crate::fold::decode(text, 0)?;
        if !shown.0.is_uppercase() {
            return None;
        }
        let mut cut = 0;
        while let Some((c, length, _)) = crate::fold::decode(text, cut) {
            if !(c.is_alphabetic() || matches!(c, '\'' | '-') || crate::fold::is_word(c)) {
                break;
            }
            if c.is_uppercase() && length > 1 {
                upper += 1;
            } else if length > 1 {
                small += 1;
            }
            cut += length;
        }
        end = at + cut;
        hyphen = hyphen.filter(|place| *place < end);
    }
    let text = look.slice(at..end);
    let mut flags = lexicon::look_up(text);
    if let Some(place) = hyphen {
        // `Anne-Marie`, `Hall-Jones`: each part says what it is.
        let head = lexicon::look_up(look.slice(at..place));
        let tail = lexicon::look_up(look.slice(place + 1..end));
        flags |= (head | tail) & !(is::COMMON | is::STREET | is::UNIT);
        if (head | tail) & is::COMMON != 0 && (head | tail) & (is::GIVEN | is::SURNAME) == 0 {
            flags |= is::COMMON;
        }
    }
    let token = Token { start: at, end, flags, ..Token::default() };
    formed(look, token, upper, upper + small, hyphen.is_some())
}

/// A word of so many letters, so many of them capitals, in its form; `None` for what no name looks
/// like.
#[inline(always)]
fn formed(
    look: &Look<'_>,
    token: Token,
    upper: usize,
    letters: usize,
    hyphen: bool,
) -> Option<Token> {
    let form = if letters == 1 {
        Form::Initial
    } else if upper == letters {
        Form::Upper
    } else {
        Form::Title
    };
    if form == Form::Title && upper > 2 && !hyphen && upper * 2 > letters {
        return None;
    }
    let dot = form == Form::Initial && look.byte(token.end) == b'.';
    Some(Token { end: token.end + usize::from(dot), form, ..token })
}

/// The next word of the name that ends at `end`, behind one blank.
#[inline]
fn following(look: &Look<'_>, end: usize, last: Token) -> Option<Token> {
    let mut at = end;
    let mut comma = false;
    // `J.R. Smith`
    if !(last.form == Form::Initial
        && look.before(end) == b'.'
        && look.byte(at).is_ascii_uppercase())
    {
        if look.byte(at) == b',' && last.form == Form::Upper {
            comma = true;
            at += 1;
        }
        if look.byte(at) != b' ' {
            return None;
        }
        at += 1 + usize::from(look.byte(at + 1) == b' ');
    }
    let first = look.byte(at);
    if first.is_ascii_uppercase() || first >= 0x80 {
        let mut token = word_at(look, at, None)?;
        token.comma = comma;
        return Some(token);
    }
    if !first.is_ascii_lowercase() && first != b'\'' {
        return None;
    }
    // No particle is longer.
    if look.letters(at) > 6 {
        return None;
    }
    let length = look.run(at, 6, |byte| byte.is_ascii_lowercase() || byte == b'\'');
    if look.byte(at + length) != b' ' {
        return None;
    }
    if !look.lexicon.sorts.joining.may_be(first, look.byte(at + 1), length) {
        return None;
    }
    let flags = look.flags(at, length);
    let name_follows = {
        let after = look.byte(at + length + 1);
        after.is_ascii_uppercase() || after >= 0x80 || after.is_ascii_lowercase()
    };
    (flags & is::PARTICLE != 0 && name_follows && last.form != Form::Initial).then_some(Token {
        start: at,
        end: at + length,
        flags,
        form: Form::Particle,
        comma: false,
    })
}

/// Whether a family name ends as those of some language do.
fn surname_ending(text: &[u8]) -> bool {
    static ENDINGS: Endings = Endings::new(&[
        "ova", "eva", "ovna", "evna", "ovich", "evich", "ovic", "evic", "sky", "ski", "ska",
        "skaya", "skiy", "enko", "chuk", "czyk", "wicz", "sson", "sen", "dottir", "opoulos",
        "akis", "idis", "iadis", "oglu", "yan", "shvili", "dze", "nen", "escu", "eanu", "ez",
        "elli", "etti", "ini", "ucci", "acci", "berg", "mann", "stein", "hauser", "meier", "meyer",
        "huber", "bauer", "stad", "gaard", "quist", "kvist", "strom", "lund", "gren", "feld",
        "wood", "ley", "ford", "worth", "sson", "kar", "wala", "moto", "mura", "naka", "saki",
        "guchi", "zawa", "hashi", "ides", "inho", "eira", "ardo", "enko", "iuk", "yk", "ovsky",
        "evsky", "inen", "hara", "yev", "kov", "nov", "rov", "lov", "sov", "tov", "shev", "aev",
        "iev", "zadeh", "pour", "nejad",
    ]);
    text.len() >= 6 && ENDINGS.end(text)
}

/// How sure one word is to be part of a name: 3 in a list, 2 by its ending or build, 1 unknown,
/// 0 something else.
fn weight(look: &Look<'_>, token: &Token) -> u8 {
    let flags = token.flags;
    let text = look.slice(token.start..token.end);
    let other = flags
        & (is::COMMON
            | is::COUNTRY
            | is::CALENDAR
            | is::ORGANISATION
            | is::STREET
            | is::STATE
            | is::UNIT
            | is::CITY);
    if flags & (is::GIVEN | is::SURNAME) != 0 {
        return if flags & (is::COMMON | is::CALENDAR) != 0 {
            1
        } else if other != 0 {
            2
        } else {
            3
        };
    }
    if other & !is::STATE_CODE != 0 && token.form != Form::Initial {
        return 0;
    }
    if flags & is::PINYIN_SURNAME != 0 {
        return 2;
    }
    if pinyin_given(text) >= 2 {
        return 2;
    }
    if flags & (is::TITLE | is::ROLE) != 0 {
        return 0;
    }
    if surname_ending(text) { 2 } else { 1 }
}

/// Of how many syllables of Chinese given names a word consists; 0 if of something else.
fn pinyin_given(text: &[u8]) -> u8 {
    if !(3..=12).contains(&text.len()) || !text.is_ascii() {
        return 0;
    }
    // From each place, whether the rest can be cut into syllables: two at most.
    let syllable = |word: &[u8], code| {
        lexicon::may_be_syllable(code) && lexicon::look_up(word) & is::SYLLABLE != 0
    };
    let mut code = 0;
    for first in 1..=6.min(text.len()) {
        let Some((head, tail)) = text.split_at_checked(first) else {
            return 0;
        };
        code = lexicon::with_letter(code, head.last().copied().unwrap_or(0));
        if !syllable(head, code) {
            continue;
        }
        let tail = tail.strip_prefix(b"-").unwrap_or(tail);
        if tail.is_empty() {
            return 1;
        }
        let code = tail.iter().copied().fold(0, lexicon::with_letter);
        if tail.len() <= 6 && syllable(tail, code) {
            return 2;
        }
    }
    0
}

/// Decides which of these words are a name.
fn judge(look: &mut Look<'_>, tokens: &[Token]) -> usize {
    let Some(first) = tokens.first() else {
        return 0;
    };
    let mut weights = [0_u8; MOST];
    for (slot, token) in weights.iter_mut().zip(tokens) {
        *slot = weight(look, token);
    }
    let weight_at = |at: usize| weights.get(at).copied().unwrap_or(0);
    // As far as the words can belong to a name.
    let mut last = 0;
    for (at, token) in tokens.iter().enumerate() {
        let fits = match token.form {
            Form::Particle => {
                tokens.get(at + 1).is_some_and(|next| next.form == Form::Particle)
                    || weight_at(at + 1) > 0
            }
            Form::Initial => true,
            _ => weight_at(at) > 0,
        };
        if !fits || token.comma && at > 1 {
            break;
        }
        last = at + 1;
    }
    while last > 0
        && tokens.get(last - 1).is_some_and(|token| {
            token.form == Form::Particle
                || token.form == Form::Initial && last > 1 && look.before(token.end) != b'.'
        })
    {
        last -= 1;
    }
    // What ends in `Street` or `Inc` is none, up to that word.
    let stopper = tokens.get(last).filter(|token| {
        token.flags & (is::STREET | is::ORGANISATION) != 0 && token.form != Form::Particle
    });
    if let Some(stopper) = stopper {
        return stopper.end;
    }
    let words = tokens.get(..last).unwrap_or_default();
    let full = words.iter().filter(|token| matches!(token.form, Form::Title | Form::Upper)).count();
    let before = context(look, first.start);
    if full == 0 {
        return first.end;
    }
    let end = words.last().map_or(first.end, |token| token.end);
    let range = first.start..end;
    let best = weights.iter().take(last).copied().max().unwrap_or(0);
    let sum: u8 = weights.iter().take(last).sum();
    let shouting = words.iter().all(|token| token.form != Form::Title);
    let given = first.flags & is::GIVEN != 0;
    let said = before.title || before.named;
    // A comma is part of a name only as `DOE, JANE` and only where one is expected.
    if words.iter().any(|token| token.comma) && !(said && best == 3) {
        return first.end;
    }
    let (confidence, validated, reason) = if before.title {
        (85, Validated::Context, "a title stands before it")
    } else if full >= 2 && best == 3 && sum >= 5 && !shouting {
        (85, Validated::Dictionary, "its words are in lists of names")
    } else if chinese(look, words) {
        (80, Validated::Dictionary, "it is built as Chinese names are")
    } else if before.named && !shouting && (best >= 1) {
        (75, Validated::Context, "the words before it speak of a name")
    } else if full >= 2 && given && !shouting && weight_at(0) >= 2 {
        (75, Validated::Dictionary, "its first word is in lists of given names")
    } else if full >= 2 && best >= 2 && sum >= 4 && !shouting {
        (65, Validated::Dictionary, "its words are built as names are")
    } else if words.len() >= 2
        && full == 1
        && best >= 2
        && words.iter().any(|token| token.form == Form::Initial)
        && !shouting
    {
        (65, Validated::Dictionary, "an initial and a word that is in lists of names")
    } else if full == 1 && given && weight_at(0) == 3 && !shouting {
        (55, Validated::Dictionary, "it is in lists of given names")
    } else if full == 1 && weight_at(0) == 3 && !shouting {
        (45, Validated::Dictionary, "it is in lists of family names")
    } else if shouting && full >= 2 && sum >= 6 && best == 3 {
        (65, Validated::Dictionary, "its words are in lists of names")
    } else if shouting && said && best == 3 {
        (60, Validated::Context, "the words before it speak of a name")
    } else if (2..=3).contains(&full) && !shouting && sum >= 2 && own_line(look, &range) {
        (
            50,
            Validated::Form,
            "two words with capitals on a line of their own, as names stand in letters",
        )
    } else if full == 1 && pinyin_pair(look, words) {
        (50, Validated::Dictionary, "it is built as Chinese given names are")
    } else {
        return first.end;
    };
    // `Teacher Li`: with one word the role is what the person is called by.
    let start = if words.len() == 1 { before.role.unwrap_or(range.start) } else { range.start };
    look.push(&NAME, start..range.end, confidence, confidence.min(70), validated, false, reason);
    range.end
}

/// Nothing else on the line, and another line follows.
fn own_line(look: &Look<'_>, range: &std::ops::Range<usize>) -> bool {
    let marks = look.run_before(range.start, 4, |byte| matches!(byte, b' ' | b'>' | b'?'));
    let before = look.before(range.start - marks);
    let after = look.byte(range.end);
    let next = look.byte(range.end + 1);
    (before == b'\n' || before == 0 && range.start == marks)
        && after == b'\n'
        && (is_word(next) || next == b'\n')
}

/// A Chinese family name and a given name, in either order.
fn chinese(look: &Look<'_>, words: &[Token]) -> bool {
    let [first, second] = words else { return false };
    let family = |token: &Token| token.flags & is::PINYIN_SURNAME != 0 && token.form == Form::Title;
    let given = |token: &Token| {
        token.form == Form::Title && pinyin_given(look.slice(token.start..token.end)) > 0
    };
    family(first) && given(second) || given(first) && family(second)
}

/// One word of two syllables, in title case, that no list knows as something else.
fn pinyin_pair(look: &Look<'_>, words: &[Token]) -> bool {
    let [token] = words else { return false };
    let text = look.slice(token.start..token.end);
    token.form == Form::Title
        && token.flags & !(is::SYLLABLE | is::PINYIN_SURNAME) == 0
        && text.len() >= 5
        && pinyin_given(text) == 2
}

/// What stands before a name.
struct Before {
    /// Where the role begins that stands before it.
    role: Option<usize>,
    title: bool,
    named: bool,
}

fn context(look: &Look<'_>, start: usize) -> Before {
    const NOTHING: Before = Before { role: None, title: false, named: false };
    let speaks =
        |byte: u8| byte.is_ascii_alphabetic() || byte >= 0x80 || matches!(byte, b'.' | b':' | b',');
    let least = start.saturating_sub(32);
    let gap = look.run_before(start, 32, |byte| byte.is_ascii_whitespace());
    let trimmed = start - gap;
    let last = if trimmed > least { look.before(trimmed) } else { 0 };
    // Brackets, quotes, digits: no word stands directly before. Over the line a word does so only
    // behind a colon or a comma: `Name:` and `Regards,`.
    let crossed = gap > 0 && look.slice(trimmed..start).contains(&b'\n');
    if !speaks(last) || crossed && !matches!(last, b':' | b',') {
        return NOTHING;
    }
    let mut end = trimmed - usize::from(matches!(last, b'.' | b':' | b','));
    end -= look.run_before(end, end - least, |byte| byte.is_ascii_whitespace());
    let length = look.letters_before(end).min(end - least);
    let word = look.slice(end - length..end);
    // Almost every word that stands before a capital is told by how it begins.
    let [one, more @ ..] = word else {
        return NOTHING;
    };
    let two = more.first().copied().unwrap_or(0);
    if word.is_ascii() && !look.lexicon.sorts.leading.may_be(*one, two, length) {
        return NOTHING;
    }
    let words = look.slice(least..end);
    let flags = look.flags(end - length, length);
    let capital = word.first().is_some_and(u8::is_ascii_uppercase);
    let title = !crossed
        && flags & is::TITLE != 0
        && (capital || last == b'.')
        && matches!(last, b'.' | b'a'..=b'z')
        || !crossed
            && flags & is::ROLE != 0
            && capital
            && last != b':'
            && last != b','
            && last != b'.';
    let is_role =
        !crossed && flags & is::ROLE != 0 && capital && last.is_ascii_alphabetic() && gap == 1;
    let role = is_role.then(|| start - word.len() - 1);
    let strong = flags & is::NAME != 0 && matches!(last, b':' | b',')
        || lexicon::STRONG.iter().any(|known| word.eq_ignore_ascii_case(known));
    let is_phrase = lexicon::VERBS.iter().any(|known| word.eq_ignore_ascii_case(known));
    let phrase = is_phrase && {
        let rest = words.get(..words.len() - length).unwrap_or_default().trim_ascii_end();
        let length = rest.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let noun = rest.get(rest.len() - length..).unwrap_or_default();
        NAMING.iter().any(|known| noun.eq_ignore_ascii_case(known))
    };
    Before {
        role,
        title,
        named: !crossed && (strong || phrase)
            || crossed && strong && last == b','
            || crossed && flags & is::NAME != 0 && last == b':',
    }
}

/// `my name is`, `her maiden name is`.
const NAMING: &[&[u8]] = &[b"name", b"surname", b"nickname", b"i", b"name's"];
