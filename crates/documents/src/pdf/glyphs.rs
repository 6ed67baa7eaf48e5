//! Names of letters in fonts (the Adobe Glyph List's Latin part), and the encoding of old Macs.

/// Names that are neither the letter itself nor built from its code.
const NAMES: &[(&str, &str)] = &[
    ("space", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("minus", "-"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "`"),
    ("quoteleft", "\u{2018}"),
    ("quoteright", "\u{2019}"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("quotedblleft", "\u{201c}"),
    ("quotedblright", "\u{201d}"),
    ("quotesinglbase", "\u{201a}"),
    ("quotedblbase", "\u{201e}"),
    ("endash", "\u{2013}"),
    ("emdash", "\u{2014}"),
    ("bullet", "\u{2022}"),
    ("ellipsis", "\u{2026}"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("germandbls", "ß"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
    ("lslash", "ł"),
    ("Lslash", "Ł"),
    ("eth", "ð"),
    ("Eth", "Ð"),
    ("thorn", "þ"),
    ("Thorn", "Þ"),
    ("dotlessi", "ı"),
    ("Euro", "€"),
    ("sterling", "£"),
    ("yen", "¥"),
    ("cent", "¢"),
    ("section", "§"),
    ("paragraph", "¶"),
    ("degree", "°"),
    ("copyright", "©"),
    ("registered", "®"),
    ("trademark", "™"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("exclamdown", "¡"),
    ("questiondown", "¿"),
    ("ordfeminine", "ª"),
    ("ordmasculine", "º"),
    ("mu", "µ"),
    ("periodcentered", "·"),
    ("nbspace", " "),
    ("nonbreakingspace", " "),
    ("sfthyphen", "-"),
    ("softhyphen", "-"),
    ("multiply", "×"),
    ("divide", "÷"),
];

/// Letters with a mark are called after both.
const MARKS: &[(&str, char)] = &[
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("circumflex", '\u{302}'),
    ("dieresis", '\u{308}'),
    ("tilde", '\u{303}'),
    ("cedilla", '\u{327}'),
    ("caron", '\u{30c}'),
    ("ring", '\u{30a}'),
    ("breve", '\u{306}'),
    ("macron", '\u{304}'),
    ("ogonek", '\u{328}'),
    ("dotaccent", '\u{307}'),
    ("hungarumlaut", '\u{30b}'),
];

/// What a letter of this name is; `None` where the name does not say.
pub(super) fn text_of(name: &str) -> Option<String> {
    let name = name.split('.').next().filter(|name| !name.is_empty())?;
    if let Some((_, text)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some((*text).to_owned());
    }
    let mut letters = name.chars();
    let first = letters.next()?;
    let rest = letters.as_str();
    if rest.is_empty() {
        return Some(name.to_owned());
    }
    if let Some((_, mark)) = MARKS.iter().find(|(known, _)| *known == rest)
        && first.is_ascii_alphabetic()
    {
        return Some(composed(first, *mark));
    }
    let digits = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'))?;
    if !(4..=6).contains(&digits.len()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).map(String::from)
}

/// A letter and its mark as one, where Latin-1 or a language of Europe has it.
fn composed(letter: char, mark: char) -> String {
    const COMPOSED: &str =
        "áàâäãåéèêëíìîïóòôöõúùûüñçýÿÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇÝšžčřěůőűąęćńśźżğışŠŽČŘĚŮŐŰĄĘĆŃŚŹŻ";
    const PARTS: &str = "a\u{301}a\u{300}a\u{302}a\u{308}a\u{303}a\u{30a}e\u{301}e\u{300}e\u{302}e\u{308}i\u{301}i\u{300}i\u{302}i\u{308}o\u{301}o\u{300}o\u{302}o\u{308}o\u{303}u\u{301}u\u{300}u\u{302}u\u{308}n\u{303}c\u{327}y\u{301}y\u{308}A\u{301}A\u{300}A\u{302}A\u{308}A\u{303}A\u{30a}E\u{301}E\u{300}E\u{302}E\u{308}I\u{301}I\u{300}I\u{302}I\u{308}O\u{301}O\u{300}O\u{302}O\u{308}O\u{303}U\u{301}U\u{300}U\u{302}U\u{308}N\u{303}C\u{327}Y\u{301}s\u{30c}z\u{30c}c\u{30c}r\u{30c}e\u{30c}u\u{30a}o\u{30b}u\u{30b}a\u{328}e\u{328}c\u{301}n\u{301}s\u{301}z\u{301}z\u{307}g\u{306}ı\u{0}s\u{327}S\u{30c}Z\u{30c}C\u{30c}R\u{30c}E\u{30c}U\u{30a}O\u{30b}U\u{30b}A\u{328}E\u{328}C\u{301}N\u{301}S\u{301}Z\u{301}Z\u{307}";
    let mut parts = PARTS.chars();
    for whole in COMPOSED.chars() {
        if (parts.next(), parts.next()) == (Some(letter), Some(mark)) {
            return whole.to_string();
        }
    }
    // Two characters are as good: searches fold them.
    [letter, mark].iter().collect()
}

/// The upper half of Mac Roman.
const MAC: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

/// A letter of Mac Roman.
pub(super) fn mac_roman(code: u8) -> char {
    match code.checked_sub(0x80) {
        None => char::from(code),
        Some(upper) => MAC.chars().nth(usize::from(upper)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters() {
        for (name, text) in [
            ("A", Some("A")),
            ("at", Some("@")),
            ("eacute", Some("é")),
            ("zcaron", Some("ž")),
            ("Zdotaccent", Some("Ż")),
            ("uni20AC", Some("€")),
            ("u1F600", Some("😀")),
            ("f_f.alt", None),
            ("fi.liga", Some("fi")),
            ("g123", None),
            (".notdef", None),
        ] {
            assert_eq!(text_of(name).as_deref(), text, "{name}");
        }
        assert_eq!(MAC.chars().count(), 128);
        assert_eq!([mac_roman(b'a'), mac_roman(0x8e), mac_roman(0xff)], ['a', 'é', 'ˇ']);
    }
}
