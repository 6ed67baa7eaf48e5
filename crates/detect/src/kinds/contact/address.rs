//! Postal addresses, told by their shape: a number and a street, a unit, a town, a code.

use crate::kinds::{Family, Kind, Validated};
use crate::lexicon::{self, Endings, Flags, is};
use crate::look::{Look, is_word};

/// Universal Postal Union S42; the forms of the United States, Canada, the United Kingdom,
/// Ireland, Germany, France, India and Australia.
pub(crate) static ADDRESS: Kind = Kind {
    key: "contact.address",
    title: "Postal address",
    category: "user.contact.address",
    family: Family::Contact,
    standard: "UPU S42; national forms",
    examples: &[
        (
            "Ship to 1600 Amphitheatre Parkway, Mountain View, CA 94043.",
            "1600 Amphitheatre Parkway, Mountain View, CA 94043",
        ),
        ("visit 221B Baker Street for pickup", "221B Baker Street"),
        ("Anschrift: Musterstraße 12, 10115 Berlin", "Musterstraße 12, 10115 Berlin"),
        ("au 12 rue de la Paix, 75002 Paris", "12 rue de la Paix, 75002 Paris"),
        ("P.O. Box 4711, Halifax, NS B3H 4R2", "P.O. Box 4711, Halifax, NS B3H 4R2"),
        ("at 10 Downing Street, London SW1A 2AA", "10 Downing Street, London SW1A 2AA"),
        ("FPO AP 12345 and PSC 1234, Box 5678\nAPO AE 09012", "PSC 1234, Box 5678\nAPO AE 09012"),
        ("to 237 Oak Avenue, Portland, OR 97205.", "237 Oak Avenue, Portland, OR 97205"),
        ("lives in Flat 4, 12 MG Road, Bengaluru 560001", "Flat 4, 12 MG Road, Bengaluru 560001"),
    ],
    counter_examples: &[
        "2026-11-22 10:22:33 ERROR 500 Internal Server Error",
        "took 12 ms on Street View",
        "Chapter 12 Page 40",
        "Version 10 Update 4",
        "We have 3 Windows servers",
    ],
};

/// As many pieces as an address has at most.
const PIECES: usize = 24;

#[derive(Clone, Copy, Default)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) flags: Flags,
    pub(super) what: What,
    /// What stands between the piece before and this one.
    pub(super) gap: Gap,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum What {
    /// Digits, with a letter behind or a dash inside.
    #[default]
    Number,
    /// A word with a capital.
    Name,
    /// A word in small letters.
    Small,
    /// `SW1A`, `4R2`.
    Mixed,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Gap {
    #[default]
    Blank,
    Comma,
    Line,
    /// Directly joined: `u.`.
    Dot,
}

/// Codes of states that in small letters are words, which the lexicon would take them for.
const STATES_LIKE_WORDS: &[&[u8]] =
    &[b"AR", b"AS", b"DE", b"GU", b"IA", b"IN", b"KS", b"MA", b"ME", b"OR", b"PR", b"SA", b"VI"];

/// Reads one piece.
pub(super) fn piece(look: &Look<'_>, at: usize) -> Option<Piece> {
    let boxes: &[&[u8]] = match look.byte(at) {
        b'P' | b'p' => &[b"P.O. Box", b"PO Box", b"P.O.Box"],
        _ => &[],
    };
    for boxed in boxes {
        let range = at..at + boxed.len();
        if look.slice(range.clone()).eq_ignore_ascii_case(boxed) && look.byte(range.end) == b' ' {
            let (start, end) = (range.start, range.end);
            return Some(Piece { start, end, flags: is::UNIT, what: What::Name, gap: Gap::Blank });
        }
    }
    let (mut length, mut digits, mut letters) = look.letters_and_digits(at);
    let next = look.byte(at + length);
    if length >= 40 || matches!(next, b'\'' | b'-') {
        length =
            look.run(at, 40, |byte| is_word(byte) && byte != b'_' || matches!(byte, b'\'' | b'-'));
        let text = look.slice(at..at + length);
        digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
        letters = text.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    }
    let text = look.slice(at..at + length);
    let first = *text.first()?;
    let what = if digits > 0 && letters == 0 && first.is_ascii_digit() {
        What::Number
    } else if digits > 0 {
        if first.is_ascii_digit()
            && letters == 1
            && digits <= 5
            && text.last().is_some_and(u8::is_ascii_alphabetic)
        {
            What::Number
        } else {
            What::Mixed
        }
    } else if first.is_ascii_uppercase() || first >= 0x80 {
        What::Name
    } else {
        What::Small
    };
    let flags = match what {
        What::Number | What::Mixed => 0,
        _ if STATES_LIKE_WORDS.contains(&text) => is::STATE_CODE,
        _ => with_ending(look.flags(at, length), text),
    };
    Some(Piece { start: at, end: at + length, flags, what, gap: Gap::Blank })
}

/// What the word says, and whether it ends as words for streets do: `Musterstraße`, `Prinsengracht`.
fn with_ending(flags: Flags, text: &[u8]) -> Flags {
    static ENDINGS: Endings = Endings::new(&[
        "strasse",
        "str",
        "gasse",
        "platz",
        "weg",
        "allee",
        "damm",
        "ufer",
        "straat",
        "laan",
        "gracht",
        "plein",
        "kade",
        "steeg",
        "dreef",
        "gatan",
        "gata",
        "vagen",
        "vegen",
        "veien",
        "vej",
        "gade",
        "alle",
        "stien",
        "katu",
        "tie",
        "kuja",
        "polku",
        "utca",
        "braut",
        "gotu",
        "stigur",
        "vangen",
        "bakken",
        "toften",
        "parken",
        "hof",
        "singel",
        "dijk",
        "ring",
        "steig",
        "promenade",
        "vaenget",
        "stigen",
        "grand",
        "backen",
        "svei",
        "sgade",
        "svej",
        "halde",
        "hamn",
        "penkki",
        "rinne",
        "tori",
        "pad",
        "baan",
        "markt",
        "kamp",
    ]);
    if flags & is::STREET != 0 || text.len() < 7 {
        return flags;
    }
    if ENDINGS.end(text) { flags | is::STREET } else { flags }
}

/// The gap behind `at` and where the next piece begins.
pub(super) fn gap(look: &Look<'_>, at: usize) -> Option<(Gap, usize)> {
    let mut here = at;
    let mut gap = Gap::Blank;
    let mut lines = 0;
    if look.byte(here) == b'.' && matches!(look.byte(here + 1), b' ' | b'\n' | b',' | b'\r') {
        gap = Gap::Dot;
        here += 1;
    }
    for _ in 0..12 {
        match look.byte(here) {
            b' ' | b'\t' | b'\r' => {}
            b',' if gap != Gap::Comma || lines > 0 => {
                gap = if lines > 0 { Gap::Line } else { Gap::Comma };
            }
            b'\n' if lines < 1 => {
                lines += 1;
                gap = Gap::Line;
            }
            b'(' | b')' => {}
            b'#' => {}
            // `> ` of a quoted mail.
            b'>' if lines > 0 => {}
            byte => return (is_word(byte) && byte != b'_' && here > at).then_some((gap, here)),
        }
        here += 1;
    }
    None
}

/// Digits begin at `at`: perhaps the number of a house.
pub(crate) fn at_digits(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let length = look.run(at, 7, |byte| byte.is_ascii_digit());
    if length > 6 {
        return None;
    }
    let next = look.byte(at + length);
    let letter = next.is_ascii_alphabetic() && !is_word(look.byte(at + length + 1));
    let gap = if letter { look.byte(at + length + 1) } else { next };
    if !matches!(gap, b' ' | b',' | b'-' | b'/') {
        return None;
    }
    let lead = look.before(at);
    if is_word(lead)
        || matches!(lead, b'.' | b':' | b'/' | b'-' | b'$' | b'=' | b'#')
            && is_word(look.before(at - 1))
    {
        return None;
    }
    // The next word begins with a capital or is a word for a street.
    let start = at + length + usize::from(letter);
    let word = start + look.run(start, 3, |byte| matches!(byte, b' ' | b','));
    let first = look.byte(word);
    let small = first.is_ascii_lowercase() && {
        let length = look.run(word, 16, |byte| byte.is_ascii_lowercase() || byte >= 0x80);
        look.may_be_street(word, length)
            && look.flags(word, length) & (is::STREET | is::PARTICLE) != 0
    };
    if !(first.is_ascii_uppercase() || first >= 0x80 || first.is_ascii_digit() || small) {
        return None;
    }
    // `12 INFO`, `200 5120 0`: what follows must look like the name of a street.
    if first.is_ascii_digit() {
        let digits = look.run(word, 6, |byte| byte.is_ascii_digit());
        let after = look.byte(word + digits + 1);
        if look.byte(word + digits) != b' '
            || !(after.is_ascii_uppercase() || after >= 0x80 || after.is_ascii_lowercase())
        {
            return None;
        }
    }
    let length = look.run(word, 32, is_word);
    let flags = look.flags(word, length);
    let ordinary = flags & is::COMMON != 0
        && flags & (is::STREET | is::UNIT | is::SURNAME | is::GIVEN | is::CITY) == 0;
    if first.is_ascii_uppercase() && ordinary && !matches!(look.byte(word + length), b' ') {
        return None;
    }
    read(look, at)
}

/// A capital begins a word at `at` that is a street (`Musterstraße 12`), a unit or a box.
pub(crate) fn at_word(look: &mut Look<'_>, at: usize, flags: Flags, end: usize) -> Option<usize> {
    let unit = flags & is::UNIT != 0;
    let boxed = look.slice(at..at + 8).eq_ignore_ascii_case(b"P.O. Box")
        || look.slice(at..at + 6).eq_ignore_ascii_case(b"PO Box");
    let text = look.slice(at..end);
    let military = matches!(
        text,
        b"PSC" | b"USNS" | b"USS" | b"USCGC" | b"USNV" | b"Unit" | b"FPO" | b"APO" | b"DPO"
    );
    let flags = if flags == 0 { with_ending(0, text) } else { flags };
    let street = flags & is::STREET != 0;
    if !(unit || boxed || military || street) {
        return None;
    }
    read(look, at)
}

/// Reads pieces from `at` on and decides how far they are an address.
fn read(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let mut pieces = [Piece::default(); PIECES];
    let mut count = 0;
    let mut here = at;
    let mut next_gap = Gap::Blank;
    while count < PIECES {
        let Some(mut piece) = piece(look, here) else {
            break;
        };
        piece.gap = next_gap;
        if !belongs(&pieces, count, &piece, look) {
            break;
        }
        if let Some(slot) = pieces.get_mut(count) {
            *slot = piece;
        }
        count += 1;
        let Some((gap, start)) = gap(look, piece.end) else {
            break;
        };
        next_gap = gap;
        here = start;
    }
    let pieces = pieces.get(..count)?;
    decide(look, pieces)
}

/// Whether a piece can go on with an address.
fn belongs(pieces: &[Piece], count: usize, piece: &Piece, look: &Look<'_>) -> bool {
    if count == 0 {
        return true;
    }
    let known = pieces.get(..count).unwrap_or_default();
    match piece.what {
        What::Number => piece.end - piece.start <= 10,
        What::Mixed => piece.end - piece.start <= 8,
        What::Name => {
            // A label, a name of a day, an ordinary word with a capital behind a line: the next thing.
            let next = look.byte(piece.end);
            let labels = next == b':' || next == b'@' || next == b'/' || next == b'_';
            let plain = piece.flags & (is::COMMON | is::CALENDAR | is::TITLE) != 0
                && piece.flags
                    & (is::STREET
                        | is::CITY
                        | is::STATE
                        | is::COUNTRY
                        | is::SURNAME
                        | is::GIVEN
                        | is::ORGANISATION
                        | is::UNIT
                        | is::STATE_CODE)
                    == 0;
            let phone = piece.flags & (is::PHONE | is::PHONE_WORD) != 0 && piece.gap == Gap::Line;
            !(labels || phone || plain && piece.gap != Gap::Blank)
        }
        What::Small => {
            piece.flags
                & (is::STREET | is::UNIT | is::PARTICLE | is::COUNTRY | is::STATE | is::CITY)
                != 0
                && known.last().is_none_or(|last| {
                    last.what != What::Small
                        || last.flags & is::PARTICLE != 0
                        || last.flags & is::STREET != 0
                })
        }
    }
}

fn decide(look: &mut Look<'_>, pieces: &[Piece]) -> Option<usize> {
    let first = pieces.first()?;
    let text = |piece: &Piece| look.slice(piece.start..piece.end);
    let line = pieces.iter().skip(1).position(|piece| piece.gap == Gap::Line);
    let first_line = line.and_then(|more| pieces.get(..=more)).unwrap_or(pieces);
    let street =
        first_line.iter().any(|piece| piece.flags & is::STREET != 0 && piece.what != What::Number);
    let unit_at =
        pieces.iter().position(|piece| piece.flags & is::UNIT != 0 && piece.what != What::Number);
    let unit = unit_at.is_some_and(|at| {
        pieces.get(at + 1).is_some_and(|next| matches!(next.what, What::Number | What::Mixed))
    });
    let military = pieces
        .iter()
        .any(|piece| matches!(text(piece), b"APO" | b"FPO" | b"DPO" | b"apo" | b"fpo" | b"dpo"));
    let numbers = pieces.iter().filter(|piece| piece.what == What::Number).count();
    let names = pieces.iter().filter(|piece| piece.what == What::Name).count();
    // The code at the end: digits behind a town or state, or the mixed form of the United Kingdom,
    // Canada, the Netherlands.
    let mut end_at = pieces.len();
    let mut postal = false;
    for (at, piece) in pieces.iter().enumerate().skip(1) {
        let length = piece.end - piece.start;
        let before = pieces.get(at - 1)?;
        let code = piece.what == What::Number
            && (4..=6).contains(&length)
            && before.what == What::Name
            && before.flags & is::STREET == 0
            && before.flags & is::UNIT == 0;
        let mixed = piece.what == What::Mixed && before.what != What::Number;
        let second = before.what == What::Mixed && matches!(piece.what, What::Mixed | What::Number);
        if (code || mixed || second) && at >= 2 {
            postal = true;
            let next = pieces.get(at + 1);
            let more = next.is_some_and(|next| matches!(next.what, What::Mixed) && mixed)
                || code
                    && next.is_some_and(|next| {
                        next.what == What::Name
                            && matches!(next.gap, Gap::Blank)
                            && at + 2 == pieces.len()
                    });
            if !more {
                end_at = at + 1;
                break;
            }
        }
    }
    // A German or French code before the town.
    let town_code = pieces.iter().zip(pieces.iter().skip(1)).skip(1).any(|(code, town)| {
        code.what == What::Number
            && (4..=6).contains(&(code.end - code.start))
            && town.what == What::Name
            && matches!(code.gap, Gap::Comma | Gap::Line)
    });
    let place = pieces.iter().skip(2).any(|piece| {
        piece.flags & (is::COUNTRY | is::STATE | is::CITY | is::STATE_CODE) != 0
            && piece.what == What::Name
    });
    let house = numbers > 0;
    let mut score = 0;
    score += if street { 3 } else { 0 };
    score += if unit { 3 } else { 0 };
    score += if military { 5 } else { 0 };
    score += if postal || town_code { 2 } else { 0 };
    score += if place { 1 } else { 0 };
    // Most numbers with a word behind them: the words before cannot make an address of it.
    if score == 0 {
        return None;
    }
    let context = look.context(first.start) & is::ADDRESS != 0;
    score += if context { 2 } else { 0 };
    let boxed = first.flags & is::UNIT != 0 && first.what == What::Name || unit;
    if !(house || military)
        || names == 0 && !street
        || score < 3
        || !(street || boxed || military || context && (postal || town_code) || postal && place)
    {
        return None;
    }
    // Without anything behind the street the line ends with it or with its number.
    if !(postal || town_code || place || unit || military) {
        let last = first_line.iter().rposition(|piece| piece.flags & is::STREET != 0)?;
        let number_before = first_line.first().is_some_and(|piece| piece.what == What::Number);
        let after = first_line.get(last + 1);
        let number_after =
            after.is_some_and(|piece| piece.what == What::Number && piece.gap != Gap::Comma);
        if !number_before && !number_after {
            return None;
        }
        end_at = last + 1 + usize::from(number_after);
        // `rue de la Paix`, `Calle Mayor 4`: the word for the street comes first.
        if !number_after
            && last <= 1
            && first_line.get(last).is_some_and(|piece| piece.gap == Gap::Blank)
            && first_line.len() > last + 1
        {
            let more = first_line
                .iter()
                .skip(last + 1)
                .take_while(|piece| {
                    matches!(piece.gap, Gap::Blank | Gap::Dot)
                        && (piece.what == What::Name
                            || piece.flags & is::PARTICLE != 0
                            || piece.what == What::Number)
                })
                .count();
            let leading = first_line.get(last).is_some_and(|piece| leads(text(piece)));
            if leading && more > 0 {
                end_at = last + 1 + more.min(5);
            }
        }
    }
    let mut last = pieces.get(end_at.min(pieces.len()).checked_sub(1)?)?;
    // Small words at the end belong to the sentence.
    let mut at = end_at.min(pieces.len());
    while at > 1 && last.what == What::Small && last.flags & is::STREET == 0 {
        at -= 1;
        last = pieces.get(at - 1)?;
    }
    if at < 2 {
        return None;
    }
    let range = first.start..last.end;
    let confidence = (50 + score * 5).min(95);
    look.push(
        &ADDRESS,
        range.clone(),
        confidence,
        confidence.max(76),
        if street || unit { Validated::Form } else { Validated::Context },
        false,
        "a number, a street or a unit, and a place as in an address",
    );
    Some(range.end)
}

/// Whether this is a word for streets that stands before the name of the street.
fn leads(word: &[u8]) -> bool {
    if word.is_ascii() {
        return LEADING.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()));
    }
    LEADING.contains(&lexicon::plain(word).as_str())
}

/// Words for streets that stand before the name of the street.
const LEADING: &[&str] = &[
    "rue",
    "allee",
    "chemin",
    "impasse",
    "quai",
    "cours",
    "calle",
    "avda",
    "avenida",
    "av",
    "paseo",
    "carretera",
    "ctra",
    "camino",
    "plaza",
    "ronda",
    "via",
    "viale",
    "piazza",
    "corso",
    "vicolo",
    "strada",
    "largo",
    "rua",
    "travessa",
    "praca",
    "estrada",
    "alameda",
    "ul",
    "ulica",
    "boulevard",
    "avenue",
    "place",
];
