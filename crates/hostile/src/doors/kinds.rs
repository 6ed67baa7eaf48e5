//! The detector of personal data: any bytes, whole and in pieces.

use std::sync::LazyLock;

use detect::{DetectOptions, Detector};

pub(super) const WORDS: &[&str] = &[
    "jane@acme.example",
    "+1 212 555 0100",
    "4111 1111 1111 1111",
    "GB82WEST12345698765432",
    "219-09-9998",
    "2001:db8::1",
    "00:1a:2b:3c:4d:5e",
    "password: ",
    "-----BEGIN PRIVATE KEY-----",
    "eyJhbGciOiJIUzI1NiJ9.",
    "ghp_",
    "12 Mill Lane, ",
    "Mrs. Jane Doe",
    "born 3 Feb 1984",
    "://u:p@h/",
    " dot ",
    "\u{fe}\u{ff}",
    "Mozilla/5.0",
    "$2b$10$",
    "\n",
    "((((",
    "0 0 0 0 ",
    "::::",
    "----",
];

static DETECTOR: LazyLock<Option<Detector>> =
    LazyLock::new(|| Detector::new(&DetectOptions::default()).ok());

/// Findings lie within, in order, apart from each other, and are the same in pieces.
pub(super) fn kinds(data: &[u8]) {
    let Some(detector) = &*DETECTOR else { return };
    let whole = detector.find(data);
    let mut end = 0;
    for found in &whole {
        assert!(end <= found.start && found.start < found.end, "in order and apart");
        end = found.end;
    }
    assert!(end <= data.len() as u64, "within");
    let step = 1 + data.first().map_or(7, |byte| usize::from(*byte));
    let mut pieces = Vec::new();
    let mut stream = detector.stream();
    for piece in data.chunks(step) {
        stream.push(piece, &mut |found| pieces.push(found.clone()));
    }
    stream.finish(&mut |found| pieces.push(found.clone()));
    assert_eq!(pieces, whole, "pieces change nothing");
}
