//! Compressed data: gzip, zlib, the streams of a PDF, the members of a ZIP archive.
//!
//! Whoever sends an archive decides what comes out of it, so what comes out is paid for as it comes,
//! from what the walk may decode (a multiple of the input): a bomb, nested, overlapping or endless,
//! costs no more than a sound archive of its size, and ends as something that was not read.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};
use std::ops::Range;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::file_kind::FileKind;
use crate::levels::Walk;
use crate::term::Encoding;

/// No single member may grow beyond this.
const LARGEST: usize = 64 << 20;
/// What is paid for at once.
const PIECE: usize = 16 << 10;
/// What it costs to begin with a member, whatever it holds.
const BEGINNING: usize = 1 << 10;

/// What was unpacked: how it was packed, where the packed bytes are, and the plain bytes.
pub(crate) type Member = (Encoding, Range<usize>, Vec<u8>);

/// There is nothing left to pay with: no further member is begun.
struct Spent;

/// Everything that is packed in these bytes and can be unpacked within the walk's bounds.
pub(crate) fn members(bytes: &[u8], kind: Option<FileKind>, walk: &mut Walk<'_>) -> Vec<Member> {
    let mut found = Vec::new();
    // What could not be paid for is told by `walk.unread`.
    let _ = match kind {
        Some(FileKind::Gzip) => {
            let text = if bytes.first() == Some(&0x1f) {
                unpack(MultiGzDecoder::new(bytes), walk)
            } else {
                unpack(ZlibDecoder::new(bytes), walk)
            };
            text.map(|text| found.extend(text.map(|text| (Encoding::Gzip, 0..bytes.len(), text))))
        }
        Some(FileKind::Pdf) => pdf(bytes, walk, &mut found),
        Some(FileKind::Zip) => zip(bytes, walk, &mut found),
        _ => Ok(()),
    };
    found
}

/// What comes out, paid for piece by piece; `None` where that is nothing.
fn unpack(mut reader: impl Read, walk: &mut Walk<'_>) -> Result<Option<Vec<u8>>, Spent> {
    let mut text = Vec::new();
    let mut piece = vec![0; PIECE];
    if !walk.afford(BEGINNING) {
        return Err(Spent);
    }
    loop {
        match reader.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => {
                if !walk.afford(length) {
                    return Err(Spent);
                }
                text.extend_from_slice(piece.get(..length).unwrap_or_default());
                if text.len() >= LARGEST {
                    walk.unread = true;
                    break;
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => {
                // A broken end still leaves what came before it; but then something was not read.
                walk.unread = true;
                break;
            }
        }
    }
    Ok((!text.is_empty()).then_some(text))
}

fn pdf(bytes: &[u8], walk: &mut Walk<'_>, found: &mut Vec<Member>) -> Result<(), Spent> {
    let mut ends = memchr::memmem::find_iter(bytes, b"endstream").peekable();
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
        if bytes.get(start) != Some(&b'x') {
            continue;
        }
        // Ends are passed once, however many beginnings there are.
        while ends.next_if(|end| *end < start).is_some() {}
        let end = ends.peek().copied().unwrap_or(bytes.len());
        let packed = bytes.get(start..end).unwrap_or_default();
        if let Some(text) = unpack(ZlibDecoder::new(packed), walk)? {
            found.push((Encoding::Gzip, start..end, text));
        }
    }
    Ok(())
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
fn zip(bytes: &[u8], walk: &mut Walk<'_>, found: &mut Vec<Member>) -> Result<(), Spent> {
    let Some(end) = memchr::memmem::rfind(bytes, b"PK\x05\x06") else {
        walk.unread = true;
        return Ok(());
    };
    let (Some(count), Some(mut at)) = (u16_at(bytes, end + 10), u32_at(bytes, end + 16)) else {
        walk.unread = true;
        return Ok(());
    };
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
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
        // The same bytes under many names are a bomb: no archive lays its members over each other.
        let end = start + data.len();
        let before = taken.range(..end).next_back();
        if !data.is_empty() && before.is_some_and(|(_, other)| *other > start) {
            walk.unread = true;
            continue;
        }
        taken.insert(start, end);
        let text = match (flags & 1, method) {
            (0, 0) if walk.afford(data.len()) => Some(data.to_vec()),
            (0, 0) => return Err(Spent),
            (0, 8) => unpack(DeflateDecoder::new(data), walk)?,
            // Encrypted, or packed in a way that we do not know.
            _ => {
                walk.unread = true;
                None
            }
        };
        if let Some(text) = text {
            found.push((Encoding::Zip, start..end, text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use crate::{
        Encoding, FileKind, PersonTerms, RedactOptions, Scratch, SearchOptions, Searcher, Term,
        TermKind,
    };

    /// A member of an archive: its name, its flags, how it is packed, and its plain text.
    type Plain<'a> = (&'a str, u16, u16, &'a str);

    /// An archive with these members (APPNOTE 4.3), written by hand so that it can also be wrong.
    fn archive(members: &[Plain<'_>]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut directory = Vec::new();
        for (name, flags, method, text) in members {
            let mut data = text.as_bytes().to_vec();
            if *method == 8 {
                let level = flate2::Compression::default();
                let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), level);
                deflate.write_all(&data).unwrap();
                data = deflate.finish().unwrap();
            }
            let mut shared = Vec::new();
            for field in [20, *flags, *method, 0, 0] {
                shared.extend(field.to_le_bytes());
            }
            // The checksum is not read.
            for field in [0, data.len(), text.len()] {
                shared.extend(u32::try_from(field).unwrap().to_le_bytes());
            }
            shared.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            shared.extend([0, 0]);
            let local = u32::try_from(out.len()).unwrap();
            out.extend(b"PK\x03\x04");
            out.extend(&shared);
            out.extend(name.as_bytes());
            out.extend(data);
            directory.extend(b"PK\x01\x02\x14\0");
            directory.extend(&shared);
            directory.extend([0; 10]);
            directory.extend(local.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let start = u32::try_from(out.len()).unwrap();
        let count = u16::try_from(members.len()).unwrap().to_le_bytes();
        let size = u32::try_from(directory.len()).unwrap();
        out.extend(directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend([count, count].concat());
        out.extend(size.to_le_bytes());
        out.extend(start.to_le_bytes());
        out.extend([0, 0]);
        out
    }

    /// What is unpacked of bytes that are not read to their end: whether that is told.
    fn unread(bytes: &[u8]) -> bool {
        let terms = vec![Term::new(TermKind::Email, "jane.doe@acme.example")];
        let searcher = Searcher::new(&[PersonTerms { terms }], &SearchOptions::default());
        searcher.redact(bytes, 0, &RedactOptions::default()).unread
    }

    #[test]
    fn bombs_are_refused_and_told() {
        let gzip = |text: &[u8]| {
            let level = flate2::Compression::best();
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), level);
            packer.write_all(text).unwrap();
            packer.finish().unwrap()
        };
        let zeros = gzip(&vec![0; 32 << 20]);
        assert!(unread(&zeros), "a high ratio");
        assert!(unread(&gzip(&zeros)), "one within another");
        assert!(!unread(&gzip(&[b'a'; 9_000])), "a sound one");
        // A directory that names one member again and again.
        let sound = archive(&[("a", 0, 8, "x y z"), ("b", 0, 0, "x")]);
        assert!(!unread(&sound));
        let mut twice = sound;
        let last = memchr::memmem::rfind(&twice, b"PK\x01\x02").unwrap();
        twice[last + 42..last + 46].copy_from_slice(&[0; 4]);
        assert!(unread(&twice), "overlapping");
        // More beginnings of streams than can be paid for, and no end.
        let pdf = [b"%PDF-1.7\n".to_vec(), b"stream\nx\x9c".repeat(20_000)].concat();
        assert!(unread(&pdf), "endless");
    }

    #[test]
    fn archives_are_looked_into() {
        let terms = vec![Term::new(TermKind::Email, "jane.doe@acme.example")];
        let searcher = Searcher::new(&[PersonTerms { terms }], &SearchOptions::default());
        // Long enough that packing changes it.
        let hers = format!("{}<w:t>jane.doe&#64;acme.example</w:t>", "<w:p/>".repeat(40));
        let hers = hers.as_str();
        let packed = archive(&[("a.xml", 0, 8, "<w:t/>"), ("word/document.xml", 0, 8, hers)]);
        let cut = packed.split_last_chunk::<22>().unwrap().0;
        let table: &[(&[u8], usize, bool)] = &[
            (&packed, 1, false),
            (&archive(&[("a.txt", 0, 0, "jane.doe@acme.example and more")]), 1, false),
            (&archive(&[("a.txt", 0, 8, "nobody")]), 0, false),
            // Encrypted, packed in an unknown way, and without its directory.
            (&archive(&[("a.txt", 1, 8, hers)]), 0, true),
            (&archive(&[("a.txt", 0, 14, "x"), ("b.txt", 0, 8, hers)]), 1, true),
            (cut, 0, true),
        ];
        for (number, (bytes, count, unread)) in table.iter().enumerate() {
            let mut found = Vec::new();
            searcher.search(bytes, &mut Scratch::new(), &mut found);
            assert_eq!(found.len(), *count, "{number}: {found:?}");
            assert!(found.iter().all(|mention| mention.encoding.starts_with(&[Encoding::Zip])));
            let redaction = searcher.redact(bytes, 0, &RedactOptions::default());
            assert_eq!(redaction.file, (*count > 0).then_some(FileKind::Zip), "{number}");
            assert_eq!(redaction.unread, *unread, "{number}");
            assert!(redaction.bytes.is_none(), "{number}: an archive is never edited inside");
        }
    }
}
