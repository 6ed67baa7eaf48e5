//! Files of a folder.

use std::io::Write;

use connect::fuzz::{Kind, look, moment, read};

/// Words of separated values.
pub(super) const CSV_WORDS: &[&str] = &[
    ",", ";", "\t", "|", "\"", "\"\"", "\r\n", "\n", "\u{feff}", "a,b,c\n", "\",\"", "\"\n\"", "\0",
];
/// Words of JSON Lines.
pub(super) const JSON_WORDS: &[&str] = &[
    "{\"a\":1}\n",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "1e999",
    "-0",
    ":",
    ",",
    "\n",
    "{\"id\":\"x\",\"id\":{}}",
    "\"name\":",
    "1.50",
    "\r\n",
    " ",
];
/// Words of logs.
pub(super) const LINE_WORDS: &[&str] = &[
    "2026-01-02T03:04:05Z ",
    "2026/01/02 03:04:05.678+01:00",
    "[",
    "]",
    "<34>1 ",
    "Jan  2 03:04:05",
    "time=",
    "ts=1767323045",
    "02/Jan/2026:03:04:05 +0000",
    "\"",
    "\n",
    "99",
    "-",
    ":",
    "Feb 29",
    "1767323045.5 ",
    "\u{feff}",
];

/// The first byte says how much is read at a time, and what else varies.
fn apart(data: &[u8]) -> (usize, bool, &[u8]) {
    match data.split_first() {
        Some((first, rest)) => (usize::from(*first % 64) + 1, *first >= 128, rest),
        None => (1, false, data),
    }
}

/// A file is the sum of what is read of it, and is read the same however it comes.
fn whole(bytes: &[u8], kind: Kind, gz: bool, at_a_time: usize) -> connect::fuzz::Read {
    let all = read(bytes, kind, gz, 64 << 10);
    let bit_by_bit = read(bytes, kind, gz, at_a_time);
    // Less than three bytes at a time, a byte order mark is not seen for what it is.
    if at_a_time > 2 && !bytes.starts_with(b"\xef\xbb\xbf") {
        // What still comes out of damage before it is noticed may differ; that it is noticed may not.
        assert_eq!(all.error, bit_by_bit.error, "an error does not depend on how a file is fed");
        let same = all == bit_by_bit || all.error.is_some();
        assert!(same, "a file is read the same however it is fed");
    }
    all
}

pub(super) fn csv(data: &[u8]) {
    let (at_a_time, header, bytes) = apart(data);
    let all = whole(bytes, Kind::Csv(header), false, at_a_time);
    assert!(all.error.is_some() || all.bytes == bytes, "a file is the sum of its records");
    look("people.csv", bytes, header);
}

pub(super) fn jsonl(data: &[u8]) {
    let (at_a_time, named, bytes) = apart(data);
    let all = whole(bytes, Kind::Json, false, at_a_time);
    assert!(all.error.is_some() || all.bytes == bytes, "a file is the sum of its lines");
    look("events.jsonl", bytes, named);
    look("events.json", bytes, named);
}

pub(super) fn lines(data: &[u8]) {
    let (at_a_time, named, bytes) = apart(data);
    let all = whole(bytes, Kind::Lines, false, at_a_time);
    assert!(all.error.is_some() || all.bytes == bytes, "a file is the sum of its lines");
    for line in bytes.split(|byte| *byte == b'\n') {
        moment(line);
    }
    let path = String::from_utf8_lossy(bytes.get(..bytes.len().min(64)).unwrap_or_default());
    look(&path, bytes, named);
}

/// What is compressed comes out as it went in; what is damaged is an error or a shorter file, never
/// another one. The bytes are taken for a stream as they are, and are packed by us and damaged in
/// one place.
pub(super) fn gzip(data: &[u8]) {
    let (at_a_time, twice, bytes) = apart(data);
    whole(bytes, Kind::Lines, true, at_a_time);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let packed = packer.write_all(bytes).and_then(|()| packer.finish());
    assert!(packed.is_ok(), "memory is written to");
    let mut packed = packed.unwrap_or_default();
    if twice {
        packed.extend_from_within(..);
    }
    let sound = read(&packed, Kind::Lines, true, 512);
    assert_eq!(sound.error, None);
    assert!(sound.bytes == if twice { [bytes, bytes].concat() } else { bytes.to_vec() });
    let at = bytes.iter().fold(0usize, |sum, byte| sum.wrapping_mul(31) + usize::from(*byte));
    let at = at % packed.len().max(1);
    // The ten bytes of a header hold times and names that say nothing about the content.
    if let Some(byte) = packed.get_mut(at).filter(|_| at >= 10) {
        *byte ^= 1 << (at_a_time % 8);
        let damaged = read(&packed, Kind::Lines, true, at_a_time);
        assert!(
            damaged.error.is_some() || damaged.bytes == sound.bytes || twice,
            "what is damaged is told"
        );
    }
}
