//! Records of separated values: where each field begins and ends, what it holds, and how a new
//! value is written in its place. What is not changed stays as it is, byte for byte.
//!
//! An empty field without quotes is NULL, `""` is the empty text: so both can be read and written.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// No header names more fields than this; what stands behind them in a record is one piece.
pub(super) const MOST_FIELDS: usize = 16_384;

/// Where a field stands in its record, quotes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

/// Finds the end of a record and its fields, line by line, never looking at a byte twice.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    at: usize,
    start: usize,
    quoted: bool,
    within: bool,
    pub(super) spans: Vec<Span>,
}

impl Splitter {
    /// Begins a new record.
    pub(super) fn reset(&mut self) {
        self.at = 0;
        self.start = 0;
        self.quoted = false;
        self.within = false;
        self.spans.clear();
    }

    /// Takes the record as far as it was read, which is up to the end of a line or of the file.
    /// Tells whether it is whole; at the end of a file it always is.
    pub(super) fn feed(&mut self, record: &[u8], delimiter: u8, last: bool) -> bool {
        loop {
            if self.within {
                match memchr(b'"', record.get(self.at..).unwrap_or_default()) {
                    Some(found) => {
                        let after = self.at + found + 1;
                        if record.get(after) == Some(&b'"') {
                            self.at = after + 1;
                        } else {
                            self.at = after;
                            self.within = false;
                        }
                    }
                    None => {
                        self.at = record.len();
                        if !last {
                            return false;
                        }
                        self.close(body_end(record));
                        return true;
                    }
                }
                continue;
            }
            if self.at == self.start && record.get(self.at) == Some(&b'"') {
                self.at += 1;
                self.quoted = true;
                self.within = true;
                continue;
            }
            match memchr2(delimiter, b'\n', record.get(self.at..).unwrap_or_default()) {
                Some(found) if record.get(self.at + found) == Some(&delimiter) => {
                    let end = self.at + found;
                    self.close(end);
                    self.at = end + 1;
                    self.start = self.at;
                }
                _ => {
                    self.close(body_end(record));
                    return true;
                }
            }
        }
    }

    fn close(&mut self, end: usize) {
        let end = end.max(self.start);
        // INVARIANT: the first field behind the header's is known, and no more, so that a record of
        // nothing but delimiters does not take many times its size.
        if self.spans.len() <= MOST_FIELDS {
            self.spans.push(Span { start: self.start, end, quoted: self.quoted });
        }
        self.quoted = false;
    }
}

/// Where the line break at the end of a record begins.
pub(super) fn body_end(record: &[u8]) -> usize {
    match record {
        [body @ .., b'\r', b'\n'] | [body @ .., b'\n'] => body.len(),
        _ => record.len(),
    }
}

/// What a field holds; `None` is NULL.
pub(super) fn decoded<'r>(record: &'r [u8], span: &Span) -> Option<Cow<'r, [u8]>> {
    let raw = record.get(span.start..span.end).unwrap_or_default();
    if !span.quoted {
        return (!raw.is_empty()).then_some(Cow::Borrowed(raw));
    }
    let inner = raw.get(1..).unwrap_or_default();
    match memchr(b'"', inner) {
        Some(end) if end + 1 == inner.len() => {
            Some(Cow::Borrowed(inner.get(..end).unwrap_or_default()))
        }
        None => Some(Cow::Borrowed(inner)),
        _ => {
            let mut out = Vec::with_capacity(inner.len());
            let (mut within, mut bytes) = (true, inner.iter().peekable());
            while let Some(byte) = bytes.next() {
                if within && *byte == b'"' {
                    if bytes.peek() == Some(&&b'"') {
                        bytes.next();
                        out.push(b'"');
                    } else {
                        // What stands behind the quotes belongs to the field as it is.
                        within = false;
                    }
                } else {
                    out.push(*byte);
                }
            }
            Some(Cow::Owned(out))
        }
    }
}

/// Whether the quotes of a field are opened and never closed: what is put behind it would be a part
/// of it.
pub(super) fn is_open(raw: &[u8]) -> bool {
    let Some(mut rest) = raw.strip_prefix(b"\"") else { return false };
    loop {
        match memchr(b'"', rest) {
            None => return true,
            Some(at) if rest.get(at + 1) == Some(&b'"') => {
                rest = rest.get(at + 2..).unwrap_or_default();
            }
            Some(_) => return false,
        }
    }
}

/// Writes a value as a field. Quotes are kept where there were some.
pub(super) fn encode(value: Option<&[u8]>, delimiter: u8, quoted: bool, out: &mut Vec<u8>) {
    let Some(value) = value else { return };
    let must = value.is_empty()
        || value.first() == Some(&b' ')
        || value.last() == Some(&b' ')
        || value.iter().any(|byte| *byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n'));
    if !quoted && !must {
        out.extend_from_slice(value);
        return;
    }
    out.push(b'"');
    for byte in value {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// The delimiter that parts the first records most evenly.
pub(super) fn sniff(sample: &[u8], tabs: bool) -> u8 {
    if tabs {
        return b'\t';
    }
    let score = |delimiter: u8| {
        let mut counts = Vec::new();
        let mut splitter = Splitter::default();
        let (mut start, mut end) = (0, 0);
        for line in sample.split_inclusive(|byte| *byte == b'\n').take(200) {
            end += line.len();
            let record = sample.get(start..end).unwrap_or_default();
            if splitter.feed(record, delimiter, false) && record.ends_with(b"\n") {
                if splitter.spans.len() > 1 || body_end(record) > 0 {
                    counts.push(splitter.spans.len());
                }
                splitter.reset();
                start = end;
            }
        }
        let first = counts.first().copied().unwrap_or(1);
        let same = counts.iter().filter(|count| **count == first).count();
        if first < 2 { 0 } else { same * 1_000 / counts.len().max(1) * 100 + first }
    };
    // The first of equals: a comma.
    let mut best = (b',', score(b','));
    for other in *b";\t|" {
        let points = score(other);
        if points > best.1 {
            best = (other, points);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(record: &[u8], delimiter: u8) -> Vec<Option<String>> {
        let mut splitter = Splitter::default();
        assert!(splitter.feed(record, delimiter, true));
        let text = |span| decoded(record, span).map(|b| String::from_utf8(b.into_owned()).unwrap());
        splitter.spans.iter().map(text).collect()
    }

    #[test]
    fn fields_are_read() {
        let some = |text: &str| Some(text.to_owned());
        for (record, wanted) in [
            ("a,b\n", vec![some("a"), some("b")]),
            ("a,,\"\"\r\n", vec![some("a"), None, some("")]),
            ("\"a,\"\"b\"\"\",c", vec![some("a,\"b\""), some("c")]),
            ("\"line\nbreak\",x\n", vec![some("line\nbreak"), some("x")]),
            ("a\"b,c\"\n", vec![some("a\"b"), some("c\"")]),
            ("\"a\"b,c\n", vec![some("ab"), some("c")]),
            ("\"open\n", vec![some("open")]),
        ] {
            assert_eq!(fields(record.as_bytes(), b','), wanted, "{record}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["", " x", "a,b", "a\"b", "a\r\nb", "é", "-", "\"", "\"\""] {
            for quoted in [false, true] {
                let mut out = Vec::new();
                encode(Some(text.as_bytes()), b',', quoted, &mut out);
                out.extend_from_slice(b",next\n");
                assert_eq!(fields(&out, b',').first(), Some(&Some(text.to_owned())));
            }
        }
    }

    #[test]
    fn quotes_that_never_close_are_told() {
        for (raw, open) in [
            ("\"a", true),
            ("\"", true),
            ("\"a\"\"", true),
            ("\"a\"", false),
            ("\"a\"b", false),
            ("\"\"", false),
            ("a\"", false),
            ("", false),
        ] {
            assert_eq!(is_open(raw.as_bytes()), open, "{raw}");
        }
    }

    #[test]
    fn a_record_that_is_not_whole_waits_for_the_next_line() {
        let mut splitter = Splitter::default();
        assert!(!splitter.feed(b"1,\"a\n", b',', false));
        assert!(splitter.feed(b"1,\"a\nb\",c\n", b',', false));
        assert_eq!(splitter.spans.len(), 3);
    }

    #[test]
    fn a_record_of_nothing_but_delimiters_is_not_taken_apart() {
        let mut splitter = Splitter::default();
        assert!(splitter.feed(&b",".repeat(1 << 20), b',', true));
        assert_eq!(splitter.spans.len(), MOST_FIELDS + 1);
    }

    #[test]
    fn delimiters_are_told_apart() {
        for (sample, delimiter) in [
            ("a,b,c\n1,2,3\n", b','),
            ("a;b;c\n1,5;2;3\n2,5;1;1\n", b';'),
            ("a\tb\n1\t2\n", b'\t'),
            ("a|b\n\"x,y\"|2\n", b'|'),
            ("name\nJane\n", b','),
        ] {
            assert_eq!(sniff(sample.as_bytes(), false), delimiter, "{sample}");
        }
    }
}
