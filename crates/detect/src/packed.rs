//! Compressed data: gzip, zlib, the streams of a PDF, the members of a ZIP archive.

use std::io::Read;
use std::ops::Range;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::file_kind::FileKind;
use crate::levels::Walk;
use crate::term::Encoding;

/// No single member may grow beyond this.
const LARGEST: u64 = 64 << 20;

/// What was unpacked: how it was packed, where the packed bytes are, and the plain bytes.
pub(crate) type Member = (Encoding, Range<usize>, Vec<u8>);

/// Everything that is packed in these bytes and can be unpacked within the walk's bounds.
pub(crate) fn members(bytes: &[u8], kind: Option<FileKind>, walk: &mut Walk<'_>) -> Vec<Member> {
    match kind {
        Some(FileKind::Gzip) => {
            let text = if bytes.first() == Some(&0x1f) {
                unpack(MultiGzDecoder::new(bytes), walk)
            } else {
                unpack(ZlibDecoder::new(bytes), walk)
            };
            text.map(|text| (Encoding::Gzip, 0..bytes.len(), text)).into_iter().collect()
        }
        Some(FileKind::Pdf) => pdf(bytes, walk),
        Some(FileKind::Zip) => zip(bytes, walk),
        _ => Vec::new(),
    }
}

fn unpack(reader: impl Read, walk: &mut Walk<'_>) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let whole = reader.take(LARGEST).read_to_end(&mut text).is_ok();
    // A broken end still leaves what came before it; but then something was not read.
    walk.unread |= !whole || text.len() as u64 == LARGEST;
    (!text.is_empty() && walk.afford(text.len())).then_some(text)
}

fn pdf(bytes: &[u8], walk: &mut Walk<'_>) -> Vec<Member> {
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        // Not the end of one.
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
        let rest = bytes.get(start..).unwrap_or_default();
        if rest.first() != Some(&b'x') {
            continue;
        }
        let end = memchr::memmem::find(rest, b"endstream").unwrap_or(rest.len());
        if let Some(text) =
            rest.get(..end).and_then(|packed| unpack(ZlibDecoder::new(packed), walk))
        {
            found.push((Encoding::Gzip, start..start + end, text));
        }
    }
    found
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk::<2>().map(|pair| usize::from(u16::from_le_bytes(*pair)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes
        .get(at..)?
        .first_chunk::<4>()
        .and_then(|four| usize::try_from(u32::from_le_bytes(*four)).ok())
}

/// The members that the central directory of a ZIP archive lists (APPNOTE 4.3.12).
fn zip(bytes: &[u8], walk: &mut Walk<'_>) -> Vec<Member> {
    let mut found = Vec::new();
    let Some(end) = memchr::memmem::rfind(bytes, b"PK\x05\x06") else {
        walk.unread = true;
        return found;
    };
    let (Some(count), Some(mut at)) = (u16_at(bytes, end + 10), u32_at(bytes, end + 16)) else {
        walk.unread = true;
        return found;
    };
    for _ in 0..count {
        let entry = (|| {
            let head = bytes.get(at..)?;
            if !head.starts_with(b"PK\x01\x02") {
                return None;
            }
            let flags = u16_at(head, 8)?;
            let method = u16_at(head, 10)?;
            let size = u32_at(head, 20)?;
            let next = 46 + u16_at(head, 28)? + u16_at(head, 30)? + u16_at(head, 32)?;
            let local = u32_at(head, 42)?;
            let start = local + 30 + u16_at(bytes, local + 26)? + u16_at(bytes, local + 28)?;
            let data = bytes.get(start..start.checked_add(size)?)?;
            Some((flags, method, start, data, next))
        })();
        let Some((flags, method, start, data, next)) = entry else {
            walk.unread = true;
            break;
        };
        at += next;
        let text = match (flags & 1, method) {
            (0, 0) => walk.afford(data.len()).then(|| data.to_vec()),
            (0, 8) => unpack(DeflateDecoder::new(data), walk),
            // Encrypted, or packed in a way that we do not know.
            _ => {
                walk.unread = true;
                None
            }
        };
        if let Some(text) = text {
            found.push((Encoding::Zip, start..start + data.len(), text));
        }
    }
    found
}
