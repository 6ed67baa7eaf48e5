//! A look at what a PDF swells to, before its parser unpacks it into memory.

use std::io::Read;

use flate2::bufread::ZlibDecoder;

use crate::Unread;
use crate::limits::{Budget, length};

/// How often a stream may be packed within itself.
const LAYERS: usize = 3;
/// What is packed in a way that cannot be measured beforehand is no longer than this.
const UNMEASURED: usize = 1 << 20;
/// How far before a stream its dictionary is looked at.
const DICTIONARY: usize = 512;

/// Unpacks every stream and keeps nothing of it: all of them together stay within the bounds.
pub(super) fn check(bytes: &[u8], budget: &Budget) -> Result<(), Unread> {
    let mut ends = memchr::memmem::find_iter(bytes, b"endstream").peekable();
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        if at >= 3 && bytes.get(at - 3..at) == Some(b"end") {
            continue;
        }
        let mut start = at + 6;
        if bytes.get(start) == Some(&b'\r') {
            start += 1;
        }
        if bytes.get(start) == Some(&b'\n') {
            start += 1;
        }
        // Ends are passed once, however many beginnings there are.
        while ends.next_if(|end| *end < start).is_some() {}
        let end = ends.peek().copied().unwrap_or(bytes.len());
        let packed = bytes.get(start..end).unwrap_or_default();
        let dictionary = bytes.get(at.saturating_sub(DICTIONARY)..at).unwrap_or_default();
        let names = |name: &[u8]| memchr::memmem::find(dictionary, name).is_some();
        let unmeasured = names(b"LZW")
            || names(b"ASCII85")
            || names(b"ASCIIHex")
            || names(b"/A85")
            || names(b"/AHx");
        if unmeasured && packed.len() > UNMEASURED {
            return Err(Unread::Format(
                "a PDF packed in an outdated way, of which nobody can say beforehand how large it becomes",
            ));
        }
        measure(packed, budget)?;
    }
    Ok(())
}

fn is_zlib(head: &[u8]) -> bool {
    matches!(head, [a, b, ..] if a & 15 == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0)
}

/// What comes out of a stream, and out of that if it is packed again.
fn measure(packed: &[u8], budget: &Budget) -> Result<(), Unread> {
    let mut piece = vec![0; 64 << 10];
    for layers in 1.. {
        let mut stream: Box<dyn Read + '_> = Box::new(packed);
        let head = packed.get(..packed.len().min(2)).unwrap_or_default();
        if !is_zlib(head) {
            return Ok(());
        }
        for _ in 0..layers {
            stream = Box::new(ZlibDecoder::new(std::io::BufReader::new(stream)));
        }
        let (mut first, mut begun) = ([0; 2], 0);
        loop {
            let got = match stream.read(&mut piece) {
                Ok(0) | Err(_) => break,
                Ok(got) => got,
            };
            if begun < 2 {
                for (slot, byte) in
                    first.iter_mut().skip(begun).zip(piece.get(..got).unwrap_or_default())
                {
                    *slot = *byte;
                    begun += 1;
                }
            }
            budget.gave(length(got))?;
        }
        if begun < 2 || !is_zlib(&first) {
            return Ok(());
        }
        if layers == LAYERS {
            return Err(Unread::TooDeep(LAYERS));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::Limits;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn a_bomb_is_known_before_it_goes_off() {
        let limits = Limits { floor: 1 << 20, ..Limits::default() };
        let check = |stream: &[u8], filter: &str| {
            let file = [
                format!("%PDF-1.7\n1 0 obj<</Filter{filter}>>stream\n").as_bytes(),
                stream,
                b"\nendstream",
            ]
            .concat();
            let budget = Budget::new(limits.clone());
            budget.took(length(file.len()));
            super::check(&file, &budget)
        };
        let zeros = packed(&vec![0; 8 << 20]);
        assert_eq!(check(&zeros, "/FlateDecode"), Err(Unread::Swells(250)));
        assert_eq!(check(&packed(&zeros), "[/FlateDecode/FlateDecode]"), Err(Unread::Swells(250)));
        assert_eq!(check(&packed(b"BT (x) Tj ET"), "/FlateDecode"), Ok(()));
        assert!(matches!(check(&vec![b'x'; 2 << 20], "/LZWDecode"), Err(Unread::Format(_))));
    }
}
