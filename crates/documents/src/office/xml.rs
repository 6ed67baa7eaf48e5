//! The words in the XML of an office document.

use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::walk::Walk;
use crate::{Place, Unread};

/// A text, or a tag, that is longer than this between two marks is no document.
const LONGEST: usize = 32 << 20;
/// So much text is gathered before it is handed on.
const PIECE: usize = 64 << 10;

/// Bytes that must hold a `<` now and then.
pub(super) struct Marked<R> {
    input: R,
    since: usize,
}

impl<R: Read> Marked<R> {
    pub(super) const fn new(input: R) -> Self {
        Self { input, since: 0 }
    }
}

impl<R: Read> Read for Marked<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let got = self.input.read(into)?;
        self.since = match memchr::memrchr(b'<', into.get(..got).unwrap_or_default()) {
            Some(at) => got - at,
            None => self.since + got,
        };
        if self.since > LONGEST {
            return Err(Unread::Damaged("a text of more than 32 MiB in one piece").into_error());
        }
        Ok(got)
    }
}

/// A reader of XML that passes over what is not as it should be.
pub(super) fn reader<'r>(stream: impl Read + 'r) -> Reader<BufReader<Marked<Box<dyn Read + 'r>>>> {
    let mut reader = Reader::from_reader(BufReader::with_capacity(
        64 << 10,
        Marked::new(Box::new(stream) as Box<dyn Read + 'r>),
    ));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    reader
}

/// Why XML could not be read on.
pub(super) fn why(error: &quick_xml::Error) -> Unread {
    match error {
        quick_xml::Error::Io(error) => Unread::from(error.as_ref()),
        _ => Unread::Damaged("XML that is damaged or cut off"),
    }
}

/// What `&…;` stands for.
pub(super) fn reference(entity: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return character.to_string();
    }
    let name = entity.to_string();
    resolve_predefined_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned)
}

/// The value of an attribute, by its name without a prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let raw = found.value.into_owned();
    Some(unescape(&raw).map_or_else(|_| raw.clone(), std::borrow::Cow::into_owned))
}

/// Attributes in which people are named or reached.
const NAMED: [&str; 8] =
    ["author", "userId", "initials", "Target", "href", "displayName", "name", "descr"];

/// The words, paragraph by paragraph; and the people and links that attributes name, behind them.
pub(super) fn read<'r>(
    walk: &mut Walk<'_>,
    place: &Place,
    stream: impl Read + 'r,
) -> Result<(), Unread> {
    let mut reader = reader(stream);
    let (mut buffer, mut text, mut named) = (Vec::new(), String::new(), String::new());
    // Within an element that says which program wrote the file.
    let mut program = false;
    walk.begin(place, "");
    let done = loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => break Ok(()),
            Ok(Event::Text(_)) if program => {}
            Ok(Event::Text(words)) => text.push_str(&words),
            Ok(Event::CData(words)) => text.push_str(&words),
            Ok(Event::GeneralRef(entity)) => text.push_str(&reference(&entity)),
            Ok(Event::Empty(tag)) => {
                space(tag.local_name().as_ref(), &mut text);
                names(&tag, &mut named);
            }
            Ok(Event::Start(tag)) => {
                program = is_program(tag.local_name().as_ref());
                names(&tag, &mut named);
            }
            Ok(Event::End(tag)) => {
                program = false;
                space(tag.local_name().as_ref(), &mut text);
            }
            Ok(_) => {}
            Err(error) => break Err(why(&error)),
        }
        if text.len() > PIECE {
            walk.text(text.as_bytes());
            text.clear();
        }
        if walk.stopped() {
            break Ok(());
        }
    };
    walk.text(text.as_bytes());
    walk.end();
    if !named.is_empty() {
        walk.piece(
            &Place::lines(&place.path, format!("{} names and links", place.part).trim()),
            "",
            named.as_bytes(),
        );
    }
    done
}

/// Its version looks like an address of the network, and is nobody's.
fn is_program(tag: &str) -> bool {
    matches!(tag, "generator" | "AppVersion" | "Application")
}

/// What ends a paragraph, a cell or a word on the page.
fn space(tag: &str, text: &mut String) {
    match tag {
        "p" | "br" | "cr" | "tr" | "h" | "row" | "title" | "creator" | "lastModifiedBy"
        | "subject" | "description" | "keywords" | "line-break" | "table-row" | "list-item"
        | "manager" | "company" | "lpwstr" | "comment" | "si" => {
            text.push('\n');
        }
        "tab" | "tc" | "table-cell" | "s" => text.push('\t'),
        _ => {}
    }
}

fn names(tag: &BytesStart<'_>, named: &mut String) {
    if named.len() > PIECE {
        return;
    }
    for attribute in tag.attributes().with_checks(false).flatten() {
        let name = attribute.key.local_name();
        if !NAMED.contains(&name.as_ref()) {
            continue;
        }
        let raw = attribute.value.into_owned();
        let value = unescape(&raw).map_or_else(|_| raw.clone(), std::borrow::Cow::into_owned);
        // Names of styles and shapes, and ways to other parts of the file, are nobody's.
        let person = match name.as_ref() {
            "author" => true,
            "name" => is_person(tag.local_name().as_ref()) || value.contains('@'),
            _ => value.contains(['@', ' ']) || value.contains("://"),
        };
        if person && !value.starts_with("http://schemas.") {
            named.push_str(value.strip_prefix("mailto:").unwrap_or(&value));
            named.push('\n');
        }
    }
}

/// An element whose `name` is that of somebody; those of styles, shapes and tables are not.
fn is_person(tag: &str) -> bool {
    matches!(tag, "author" | "cmAuthor" | "person" | "user")
}

/// What a part of the archive is called for people: nothing for the text itself.
pub(super) fn part(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.split('.').next().unwrap_or(file);
    if file.ends_with(".rels") {
        return if stem.is_empty() {
            "links".to_owned()
        } else {
            format!("{} links", part(&name.replace("_rels/", "").replace(".rels", "")))
                .trim()
                .to_owned()
        };
    }
    let split = stem.find(|c: char| c.is_ascii_digit()).unwrap_or(stem.len());
    let (word, number) = stem.split_at_checked(split).unwrap_or((stem, ""));
    match word {
        "document" | "content" => String::new(),
        "core" | "app" | "custom" | "meta" => "properties".to_owned(),
        "notesSlide" => format!("notes {number}"),
        _ if number.is_empty() => word.to_owned(),
        _ => format!("{word} {number}"),
    }
}

/// The order in which parts are read: slide 10 behind slide 9.
pub(super) fn order(name: &str) -> (String, u64, String) {
    let digits = name
        .bytes()
        .filter(u8::is_ascii_digit)
        .take(9)
        .fold(0_u64, |number, byte| number * 10 + u64::from(byte - b'0'));
    let word: String = name.chars().filter(|c| !c.is_ascii_digit()).collect();
    (word, digits, name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_styles_and_versions_of_programs_are_nobodys() {
        let named = |tag: &str| {
            let mut named = String::new();
            let text = format!("<{tag}/>");
            let mut reader = reader(text.as_bytes());
            if let Ok(Event::Empty(tag)) = reader.read_event_into(&mut Vec::new()) {
                names(&tag, &mut named);
            }
            named
        };
        assert_eq!(named(r#"w:style w:name="Table Grace Hopper""#), "");
        assert_eq!(named(r#"p:cmAuthor name="Grace Hopper""#), "Grace Hopper\n");
        assert_eq!(named(r#"w:ins w:author="Grace""#), "Grace\n");
        assert_eq!(named(r#"p:cNvPr descr="Grace Hopper" name="Picture 3""#), "Grace Hopper\n");
        assert!(is_program("generator") && !is_program("creator"));
    }

    #[test]
    fn parts_are_called_as_people_do() {
        for (name, part) in [
            ("word/document.xml", ""),
            ("word/comments.xml", "comments"),
            ("word/header1.xml", "header 1"),
            ("ppt/slides/slide12.xml", "slide 12"),
            ("ppt/notesSlides/notesSlide3.xml", "notes 3"),
            ("docProps/core.xml", "properties"),
            ("word/_rels/document.xml.rels", "links"),
            ("ppt/slides/_rels/slide2.xml.rels", "slide 2 links"),
        ] {
            assert_eq!(super::part(name), part, "{name}");
        }
        assert!(super::order("slide9.xml") < super::order("slide10.xml"));
    }
}
