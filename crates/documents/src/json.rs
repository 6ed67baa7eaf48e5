//! JSON and JSON Lines: each text with the path of its member.
//!
//! The reader holds no more than the path. What is no JSON after all is read as text from there on,
//! so that a broken file is still looked at to its end.

use crate::place::shown_name;
use crate::source::Source;
use crate::text::blocks;
use crate::walk::Walk;
use crate::{At, Place, Unread};

/// Deeper paths are told up to here.
const DEEPEST: usize = 32;
/// Nothing is deeper than this: it is no JSON that anybody wrote.
const BOTTOM: usize = 100_000;
/// Keys are held up to this length; a longer one is data.
const LONGEST_KEY: usize = 256;
/// So much of a text is gathered before it is handed on.
const PIECE: usize = 16 << 10;

/// Reads a document, or one on each line.
pub(crate) fn read(walk: &mut Walk<'_>, path: &str, source: Source<'_>) -> Result<(), Unread> {
    let mut reader = Reader { path, line: 1, ..Reader::default() };
    let done = blocks(source, &mut |block| {
        reader.take(walk, block);
        !walk.stopped()
    });
    reader.finish(walk);
    done
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Level {
    Object(String),
    List,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A value may come, or the end of a list.
    #[default]
    Value,
    /// A key may come, or the end of an object.
    Key,
    /// `:` must come.
    Colon,
    /// `,` or an end must come.
    After,
    /// Within a text: `key` if it is one.
    Text { key: bool },
    /// Behind `\` in a text.
    Escape { key: bool },
    /// Within `\uXXXX`: digits so far, and their value.
    Unicode { key: bool, digits: u8, unit: u16 },
    /// Within a number, `true`, `false` or `null`.
    Bare,
    /// No JSON: the rest is text.
    Foreign,
}

#[derive(Default)]
struct Reader<'r> {
    path: &'r str,
    state: State,
    levels: Vec<Level>,
    /// Levels below those that are told.
    deeper: Vec<bool>,
    text: Vec<u8>,
    /// A piece of the text was handed on already.
    begun: bool,
    high: Option<u16>,
    line: u64,
    /// Where the text began.
    from: u64,
}

impl Reader<'_> {
    fn take(&mut self, walk: &mut Walk<'_>, block: &[u8]) {
        let mut rest = block;
        while let Some(byte) = rest.first() {
            if self.state == State::Foreign {
                return walk.text(rest);
            }
            // Most bytes are letters of a text.
            if let State::Text { .. } = self.state
                && self.high.is_none()
            {
                let plain = memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
                if plain > 0 {
                    self.text.extend_from_slice(rest.get(..plain).unwrap_or_default());
                    rest = rest.get(plain..).unwrap_or_default();
                    self.relieve(walk);
                    continue;
                }
            }
            self.step(walk, *byte);
            self.line += u64::from(*byte == b'\n');
            if self.state == State::Foreign {
                self.foreign(walk);
                continue;
            }
            rest = rest.get(1..).unwrap_or_default();
        }
    }

    /// From here on it is text.
    fn foreign(&mut self, walk: &mut Walk<'_>) {
        let held = std::mem::take(&mut self.text);
        walk.begin(&Place::new(self.path, "", At::Lines { first: self.line, offset: None }), "");
        walk.text(&held);
    }

    fn step(&mut self, walk: &mut Walk<'_>, byte: u8) {
        let blank = byte.is_ascii_whitespace();
        self.state = match self.state {
            State::Value if blank => State::Value,
            State::Value => match byte {
                b'{' => self.open(true),
                b'[' => self.open(false),
                b'"' => self.begin(false),
                b']' => self.close(false),
                // Behind the comma of one document a next may come; so do some exports write lists.
                b',' if self.depth() == 0 => State::Value,
                b'-' | b'0'..=b'9' | b't' | b'f' | b'n' | b'N' | b'I' => {
                    self.begin(false);
                    self.text.push(byte);
                    State::Bare
                }
                _ => State::Foreign,
            },
            State::Key if blank => State::Key,
            State::Key => match byte {
                b'"' => self.begin(true),
                b'}' => self.close(true),
                _ => State::Foreign,
            },
            State::Colon => match byte {
                b':' => State::Value,
                _ if blank => State::Colon,
                _ => State::Foreign,
            },
            State::After if blank => State::After,
            State::After => match byte {
                b',' if self.in_object() => State::Key,
                b',' => State::Value,
                b'}' => self.close(true),
                b']' => self.close(false),
                _ => State::Foreign,
            },
            State::Text { key } => match byte {
                b'"' => self.end(walk, key),
                b'\\' => State::Escape { key },
                // No line break stands in a text: it was never closed.
                b'\n' => State::Foreign,
                _ => {
                    self.flush_high();
                    self.text.push(byte);
                    State::Text { key }
                }
            },
            State::Escape { key } => match byte {
                b'u' => State::Unicode { key, digits: 0, unit: 0 },
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                    self.flush_high();
                    self.text.push(match byte {
                        b'b' | b'f' => b' ',
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        other => other,
                    });
                    State::Text { key }
                }
                _ => State::Foreign,
            },
            State::Unicode { key, digits, unit } => match char::from(byte).to_digit(16) {
                None => State::Foreign,
                Some(digit) => {
                    let unit = unit << 4 | u16::try_from(digit).unwrap_or(0);
                    if digits < 3 {
                        State::Unicode { key, digits: digits + 1, unit }
                    } else {
                        self.unit(unit);
                        State::Text { key }
                    }
                }
            },
            State::Bare => match byte {
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.' => {
                    self.text.push(byte);
                    if self.text.len() > LONGEST_KEY { State::Foreign } else { State::Bare }
                }
                _ => {
                    self.state = self.end_bare(walk);
                    return self.step(walk, byte);
                }
            },
            State::Foreign => State::Foreign,
        };
    }

    fn begin(&mut self, key: bool) -> State {
        self.text.clear();
        self.begun = false;
        self.high = None;
        self.from = self.line;
        State::Text { key }
    }

    /// A unit of UTF-16.
    fn unit(&mut self, unit: u16) {
        match self.high.take() {
            Some(high) => self.push_units(&[high, unit]),
            None if (0xd800..0xdc00).contains(&unit) => self.high = Some(unit),
            None => self.push_units(&[unit]),
        }
    }

    fn flush_high(&mut self) {
        if let Some(high) = self.high.take() {
            self.push_units(&[high]);
        }
    }

    fn push_units(&mut self, units: &[u16]) {
        for character in char::decode_utf16(units.iter().copied()) {
            let mut buffer = [0; 4];
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.text.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        }
    }

    /// Hands on what there is of a long text.
    fn relieve(&mut self, walk: &mut Walk<'_>) {
        if self.text.len() < PIECE {
            return;
        }
        if let State::Text { key: true } = self.state {
            // A key of that length is data, whatever stands behind it.
            if !self.begun {
                walk.begin(&self.place("*"), "");
            }
        } else if !self.begun {
            let label = self.label();
            walk.begin(&self.place(""), &label);
        }
        self.begun = true;
        walk.text(&self.text);
        self.text.clear();
    }

    fn end(&mut self, walk: &mut Walk<'_>, key: bool) -> State {
        self.flush_high();
        if self.begun {
            walk.text(&self.text);
            walk.end();
            self.text.clear();
        }
        if key {
            let name = String::from_utf8_lossy(&self.text).into_owned();
            if shown_name(&name) == "*" && !name.is_empty() {
                walk.piece(&self.place("*"), "", name.as_bytes());
            }
            if let Some(Level::Object(current)) = self.levels.last_mut()
                && self.deeper.is_empty()
            {
                *current = name.chars().take(LONGEST_KEY).collect();
            }
            self.text.clear();
            return State::Colon;
        }
        if !self.begun {
            let label = self.label();
            walk.piece(&self.place(""), &label, &self.text);
        }
        self.text.clear();
        self.after()
    }

    fn end_bare(&mut self, walk: &mut Walk<'_>) -> State {
        if !matches!(
            self.text.as_slice(),
            b"true" | b"false" | b"null" | b"NaN" | b"Infinity" | b"-Infinity"
        ) {
            let number = self.text.iter().all(|byte| {
                byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E')
            });
            if !number {
                return State::Foreign;
            }
            let label = self.label();
            walk.piece(&self.place(""), &label, &self.text);
        }
        self.text.clear();
        self.after()
    }

    fn after(&self) -> State {
        if self.depth() == 0 { State::Value } else { State::After }
    }

    fn depth(&self) -> usize {
        self.levels.len() + self.deeper.len()
    }

    fn in_object(&self) -> bool {
        match self.deeper.last() {
            Some(object) => *object,
            None => matches!(self.levels.last(), Some(Level::Object(_))),
        }
    }

    fn open(&mut self, object: bool) -> State {
        if self.levels.len() < DEEPEST {
            self.levels.push(if object { Level::Object(String::new()) } else { Level::List });
        } else if self.deeper.len() < BOTTOM {
            self.deeper.push(object);
        } else {
            return State::Foreign;
        }
        if object { State::Key } else { State::Value }
    }

    fn close(&mut self, object: bool) -> State {
        if self.depth() == 0 || self.in_object() != object {
            return State::Foreign;
        }
        if self.deeper.pop().is_none() {
            self.levels.pop();
        }
        self.after()
    }

    /// What the innermost member is called.
    fn label(&self) -> String {
        let named = |level: &Level| match level {
            Level::Object(key) => Some(key.clone()),
            Level::List => None,
        };
        self.levels.iter().rev().find_map(named).unwrap_or_default()
    }

    /// Lists have no numbers in it, so that what is alike has one place.
    fn place(&self, last: &str) -> Place {
        let mut part = String::new();
        for (number, level) in self.levels.iter().enumerate() {
            let innermost = number + 1 == self.levels.len();
            match level {
                Level::List => part.push_str("[]"),
                Level::Object(key) => {
                    let name = if innermost && !last.is_empty() { last } else { shown_name(key) };
                    if !part.is_empty() {
                        part.push('.');
                    }
                    part.push_str(name);
                }
            }
        }
        Place::new(self.path, &part, At::Line(self.from))
    }

    fn finish(&mut self, walk: &mut Walk<'_>) {
        match self.state {
            State::Bare => {
                self.end_bare(walk);
            }
            State::Text { key } | State::Escape { key } | State::Unicode { key, .. } => {
                self.end(walk, key);
            }
            _ => {}
        }
        walk.end();
    }
}
