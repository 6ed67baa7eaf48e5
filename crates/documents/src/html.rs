//! HTML: its text without tags, scripts and styles; comments, and what stands in attributes.
//!
//! Lines stay those of the file. What stands in attributes (an address behind a link, the value of a
//! field) follows the text, as a part of its own.

use quick_xml::escape::resolve_html5_entity;

use crate::source::Source;
use crate::text::blocks;
use crate::walk::Walk;
use crate::{At, Place, Unread};

/// The longest name of an entity that is looked for.
const LONGEST_ENTITY: usize = 32;
/// The longest tag that is held; of a longer one the rest is passed over as text.
const LONGEST_TAG: usize = 64 << 10;
/// So much of attributes is held before it is handed on.
const HELD: usize = 256 << 10;

/// Reads a page as a part of `place`.
pub(crate) fn read(walk: &mut Walk<'_>, place: &Place, source: Source<'_>) -> Result<(), Unread> {
    walk.begin(place, "");
    let mut stripper = Stripper { lines: 1, ..Stripper::default() };
    let done = blocks(source, &mut |block| {
        stripper.take(block);
        walk.text(&stripper.text);
        stripper.text.clear();
        if stripper.attributes.len() > HELD {
            hand_on(walk, place, &mut stripper);
            let first = stripper.lines;
            walk.begin(&Place { at: At::Lines { first, offset: None }, ..place.clone() }, "");
        }
        !walk.stopped()
    });
    stripper.finish();
    walk.text(&stripper.text);
    hand_on(walk, place, &mut stripper);
    done
}

fn hand_on(walk: &mut Walk<'_>, place: &Place, stripper: &mut Stripper) {
    walk.end();
    if !stripper.attributes.is_empty() {
        let part = if place.part.is_empty() {
            "attributes".to_owned()
        } else {
            format!("{} attributes", place.part)
        };
        walk.piece(&Place::lines(&place.path, &part), "", &stripper.attributes);
        stripper.attributes.clear();
    }
}

#[derive(Default, PartialEq, Eq, Clone, Copy)]
enum State {
    #[default]
    Text,
    /// Behind `<`, or within a tag outside quotes.
    Tag,
    /// Within a tag, between these quotes.
    Quoted(u8),
    /// Within `<!-- -->`.
    Comment,
    /// Within `<script>` or `<style>`, until its end.
    Left(&'static [u8]),
    /// Behind `&`.
    Entity,
}

/// Takes tags out of a text that arrives in pieces.
#[derive(Default)]
struct Stripper {
    state: State,
    /// What was read since the state began.
    held: Vec<u8>,
    text: Vec<u8>,
    attributes: Vec<u8>,
    lines: u64,
}

impl Stripper {
    fn take(&mut self, block: &[u8]) {
        for byte in block {
            self.lines += u64::from(*byte == b'\n');
            self.step(*byte);
        }
    }

    fn step(&mut self, byte: u8) {
        match self.state {
            State::Text => match byte {
                b'<' => {
                    self.state = State::Tag;
                    self.held.clear();
                }
                b'&' => {
                    self.state = State::Entity;
                    self.held.clear();
                }
                _ => self.text.push(byte),
            },
            State::Tag => self.in_tag(byte),
            State::Quoted(quote) => {
                self.hold(byte);
                if byte == quote && self.state == State::Quoted(quote) {
                    self.state = State::Tag;
                }
            }
            State::Comment => {
                self.text.push(byte);
                if self.text.ends_with(b"-->") {
                    self.text.truncate(self.text.len() - 3);
                    self.text.push(b' ');
                    self.state = State::Text;
                }
            }
            State::Left(name) => {
                // Lines are counted through it.
                if byte == b'\n' {
                    self.text.push(b'\n');
                }
                self.held.push(byte.to_ascii_lowercase());
                let most = name.len() + 2;
                if self.held.len() > most {
                    self.held.remove(0);
                }
                if self.held.starts_with(b"</") && self.held.get(2..) == Some(name) {
                    self.state = State::Tag;
                    self.held = b"/".to_vec();
                }
            }
            State::Entity => {
                if byte == b';' {
                    let resolved = entity(&self.held);
                    match resolved {
                        Some(text) => self.text.extend_from_slice(text.as_bytes()),
                        None => self.give_back(b"&", Some(byte)),
                    }
                    self.held.clear();
                    self.state = State::Text;
                } else if byte.is_ascii_alphanumeric() || byte == b'#' && self.held.is_empty() {
                    self.held.push(byte);
                    if self.held.len() > LONGEST_ENTITY {
                        self.give_back(b"&", None);
                        self.state = State::Text;
                    }
                } else {
                    self.give_back(b"&", None);
                    self.state = State::Text;
                    self.step(byte);
                }
            }
        }
    }

    fn in_tag(&mut self, byte: u8) {
        if self.held.is_empty()
            && !(byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'))
        {
            self.text.push(b'<');
            self.state = State::Text;
            return self.step(byte);
        }
        match byte {
            b'>' => self.close_tag(),
            b'"' | b'\'' if memchr::memchr(b'=', &self.held).is_some() => {
                self.state = State::Quoted(byte);
                self.hold(byte);
            }
            _ => {
                self.hold(byte);
                if self.held == b"!--" {
                    self.state = State::Comment;
                    self.text.push(b' ');
                }
            }
        }
    }

    /// Keeps a byte of a tag. What is longer than any tag is text after all.
    fn hold(&mut self, byte: u8) {
        if byte == b'\n' {
            self.text.push(b'\n');
        }
        self.held.push(byte);
        if self.held.len() > LONGEST_TAG {
            self.give_back(b"<", None);
            self.state = State::Text;
        }
    }

    fn give_back(&mut self, before: &[u8], after: Option<u8>) {
        self.text.extend_from_slice(before);
        self.text.append(&mut self.held);
        self.text.extend(after);
    }

    fn close_tag(&mut self) {
        let tag = std::mem::take(&mut self.held);
        self.state = State::Text;
        let closes = tag.first() == Some(&b'/');
        let bare = tag.strip_prefix(b"/").unwrap_or(&tag);
        let end = bare.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(bare.len());
        let name = bare.get(..end).unwrap_or_default().to_ascii_lowercase();
        match name.as_slice() {
            b"script" if !closes && tag.last() != Some(&b'/') => {
                self.state = State::Left(b"script");
            }
            b"style" if !closes && tag.last() != Some(&b'/') => self.state = State::Left(b"style"),
            // What is written in one line may be two on the screen.
            b"br" | b"p" | b"div" | b"tr" | b"li" | b"ul" | b"ol" | b"table" | b"td" | b"th"
            | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"hr" | b"title" | b"option"
            | b"dt" | b"dd" => self.text.push(b' '),
            _ => {}
        }
        if !closes {
            values(bare.get(end..).unwrap_or_default(), &mut self.attributes);
        }
    }

    /// The end: what was held for something that did not come is text.
    fn finish(&mut self) {
        match self.state {
            State::Entity => self.give_back(b"&", None),
            State::Tag | State::Quoted(_) => self.give_back(b"<", None),
            _ => {}
        }
    }
}

/// What an entity stands for.
fn entity(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    let Some(number) = name.strip_prefix('#') else {
        return resolve_html5_entity(name).map(str::to_owned);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).map(String::from)
}

/// The values of attributes that hold words or addresses, each on a line.
fn values(mut rest: &[u8], out: &mut Vec<u8>) {
    while let Some(equals) = memchr::memchr(b'=', rest) {
        let name = rest.get(..equals).unwrap_or_default().trim_ascii().to_ascii_lowercase();
        let name = name.rsplit(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default();
        let value = rest.get(equals + 1..).unwrap_or_default().trim_ascii_start();
        let (value, after) = match value.split_first() {
            Some((quote @ (b'"' | b'\''), inner)) => {
                let end = memchr::memchr(*quote, inner).unwrap_or(inner.len());
                (inner.get(..end), inner.get(end + 1..))
            }
            _ => {
                let end = value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len());
                (value.get(..end), value.get(end..))
            }
        };
        let value = value.unwrap_or_default();
        let wanted = matches!(
            name,
            b"href"
                | b"src"
                | b"action"
                | b"alt"
                | b"title"
                | b"value"
                | b"content"
                | b"placeholder"
                | b"label"
                | b"summary"
        ) || name.starts_with(b"data-")
            || name.starts_with(b"aria-label");
        // A picture that stands in the page itself is none of these.
        if wanted && !value.is_empty() && !value.starts_with(b"data:") {
            let mut plain = Stripper { state: State::Text, ..Stripper::default() };
            for byte in value {
                // No tags here: `<` is a letter like any other.
                if *byte == b'<' { plain.text.push(*byte) } else { plain.step(*byte) }
            }
            plain.finish();
            let bare =
                plain.text.strip_prefix(b"mailto:").or_else(|| plain.text.strip_prefix(b"tel:"));
            out.extend_from_slice(bare.unwrap_or(&plain.text));
            out.push(b'\n');
        }
        rest = after.unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(page: &str) -> (String, String) {
        let mut stripper = Stripper::default();
        stripper.take(page.as_bytes());
        stripper.finish();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(stripper.text), text(stripper.attributes))
    }

    #[test]
    fn tags_go_and_words_stay() {
        let table = [
            ("<p>Hello <b>Ja</b>ne</p>", " Hello Jane ", ""),
            ("a<!-- to jane@x.example -->b", "a  to jane@x.example  b", ""),
            ("a<script>var x = '<p>';\n</script>b<STYLE>p {}</STYLE >c", "a\nbc", ""),
            ("<a href='mailto:j&#64;x.example' class=\"c\">Jane</a>", "Jane", "j@x.example\n"),
            ("jane&#x40;x&period;example &amp; &unknown; &", "jane@x.example & &unknown; &", ""),
            ("5 < 6 and <3", "5 < 6 and <3", ""),
            ("<input value='9 > 8'\n title=\"T\">x", "\nx", "9 > 8\nT\n"),
            ("cut off <a href='x", "cut off <a href='x", ""),
        ];
        for (page, text, attributes) in table {
            assert_eq!(stripped(page), (text.to_owned(), attributes.to_owned()), "{page}");
        }
    }
}
