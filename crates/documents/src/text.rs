//! Plain text, whatever its encoding, as a stream.

use std::io::{self, Read};

use crate::kind::is_utf16;
use crate::source::Source;
use crate::walk::Walk;
use crate::{At, Place, Unread};

/// How much is read at once.
pub(crate) const BLOCK: usize = 64 << 10;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads a text as it is: the bytes of the file, so that offsets are the file's; UTF-16 as UTF-8.
pub(crate) fn plain(walk: &mut Walk<'_>, path: &str, source: Source<'_>) -> Result<(), Unread> {
    let offset = match is_utf16(source.head()) {
        Some(_) => None,
        None if source.head().starts_with(BOM) => Some(3),
        None => Some(0),
    };
    walk.begin(&Place::new(path, "", At::Lines { first: 1, offset }), "");
    blocks(source, &mut |block| {
        walk.text(block);
        !walk.stopped()
    })
}

/// The text of a document in blocks: without the mark of its encoding, UTF-16 as UTF-8. Leaves off
/// where `take` says no.
pub(crate) fn blocks(
    source: Source<'_>,
    take: &mut dyn FnMut(&[u8]) -> bool,
) -> Result<(), Unread> {
    let utf16 = is_utf16(source.head());
    let mark = source.head().starts_with(BOM);
    let mut input = source.into_read();
    let mut block = vec![0; BLOCK];
    if mark {
        input
            .read_exact(block.get_mut(..3).unwrap_or_default())
            .map_err(|error| Unread::from(&error))?;
    }
    let mut wide = utf16.map(|big| Utf16 { big, odd: None, high: None });
    let mut decoded = Vec::new();
    loop {
        let got = match input.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Unread::from(&error)),
        };
        let bytes = block.get(..got).unwrap_or_default();
        let more = match &mut wide {
            None => take(bytes),
            Some(wide) => {
                decoded.clear();
                wide.decode(bytes, &mut decoded);
                take(&decoded)
            }
        };
        if !more {
            return Ok(());
        }
    }
}

/// UTF-16 that arrives in pieces.
struct Utf16 {
    big: bool,
    odd: Option<u8>,
    high: Option<u16>,
}

impl Utf16 {
    fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for byte in bytes {
            let Some(first) = self.odd.take() else {
                self.odd = Some(*byte);
                continue;
            };
            let pair = [first, *byte];
            let unit = if self.big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
            let units = [self.high.take().unwrap_or(unit), unit];
            let was_high = (0xd800..0xdc00).contains(&units[0]) && units[0] != units[1];
            if !was_high && (0xd800..0xdc00).contains(&unit) {
                self.high = Some(unit);
                continue;
            }
            let units: &[u16] = if was_high { &units } else { units.get(1..).unwrap_or_default() };
            for character in char::decode_utf16(units.iter().copied()) {
                let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
                if character != '\u{feff}' {
                    let mut buffer = [0; 4];
                    out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;

    #[test]
    fn utf16_is_the_same_however_it_arrives() {
        let text = "\u{feff}Zoë 😀 Müller\r\n".repeat(9_000);
        for big in [false, true] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect();
            let mut read = Vec::new();
            let source = Source::new(Input::Stream(Box::new(bytes.as_slice()))).unwrap();
            blocks(source, &mut |block| {
                read.extend_from_slice(block);
                true
            })
            .unwrap();
            assert_eq!(String::from_utf8(read).unwrap(), text.replace('\u{feff}', ""));
        }
    }
}
