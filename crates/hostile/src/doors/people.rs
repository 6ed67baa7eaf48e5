//! Known people in any bytes.

use std::io::Write;
use std::sync::LazyLock;

use detect::{
    PersonTerms, RedactOptions, Scratch, SearchOptions, Searcher, Strength, Term, TermKind,
    cover_typed_values, redact_others,
};

/// Words in which people and encodings stand.
pub(super) const WORDS: &[&str] = &[
    "jane.doe@acme.example",
    "Jane Doe",
    "Doe, Jane",
    "jane=2Edoe=40acme.example",
    "=\r\n",
    "=3D",
    "amFuZS5kb2VAYWNtZS5leGFtcGxl",
    "jane.doe%40acme.example",
    "jane.doe&#64;acme.example",
    "&amp;",
    "jane.doe\\u0040acme.example",
    "=?utf-8?Q?Jane_Doe?=",
    "=?utf-8?B?SmFuZSBEb2U=?=",
    "+1 902 555 0142",
    "(902) 555-0142",
    "\"",
    "\\\"",
    "{\"a\":\"",
    "\"}",
    "s:8:\"",
    "\0",
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
    "--boundary\r\n",
    "\u{ff}\u{fe}",
    "<b>",
    "Zo\u{eb} M\u{fc}ller",
    "Zoe\u{308} Mu\u{308}ller",
    "4111 1111 1111 1111",
    "Bob Roe",
    "%",
    "&",
    "\u{202e}",
    "E-47115",
    "12 Harbour Street, Halifax",
    "\\",
    "=",
    "\n",
    "\r\n\r\n",
];
/// Marks of archives.
pub(super) const PACKED_WORDS: &[&str] = &[
    "PK\u{3}\u{4}",
    "PK\u{1}\u{2}",
    "PK\u{5}\u{6}",
    "%PDF-1.7\n",
    "stream\r\n",
    "endstream",
    "x\u{9c}",
    "jane.doe@acme.example",
    "\0\0\0\0",
];

fn people() -> [PersonTerms; 3] {
    let of = |terms: &[(TermKind, &str)]| PersonTerms {
        terms: terms.iter().map(|(kind, text)| Term::new(*kind, *text)).collect(),
    };
    [
        of(&[
            (TermKind::Email, "jane.doe@acme.example"),
            (TermKind::Name, "Jane Doe"),
            (TermKind::Phone, "+1 902 555 0142"),
            (TermKind::UserName, "jane.doe77"),
            (TermKind::Address, "12 Harbour Street, Halifax"),
        ]),
        of(&[
            (TermKind::Name, "Zo\u{eb} M\u{fc}ller"),
            (TermKind::Email, "zoe@m\u{fc}ller.example"),
            (TermKind::Code, "E-47115"),
        ]),
        of(&[(TermKind::Name, "Bob Roe"), (TermKind::Email, "bob@acme.example")]),
    ]
}

static EVERYBODY: LazyLock<Searcher> = LazyLock::new(|| {
    let options = SearchOptions { default_country_code: Some("1".to_owned()) };
    Searcher::new(&people(), &options)
});
static OTHERS: LazyLock<Searcher> = LazyLock::new(|| {
    let [_, zoe, bob] = people();
    Searcher::new(&[zoe, bob], &SearchOptions::default())
});

fn find(bytes: &[u8]) -> Vec<detect::Mention> {
    let mut found = Vec::new();
    EVERYBODY.search(bytes, &mut Scratch::new(), &mut found);
    found
}

pub(super) fn search(data: &[u8]) {
    let mut scratch = Scratch::new();
    let mut found = Vec::new();
    EVERYBODY.search(data, &mut scratch, &mut found);
    for mention in &found {
        assert!(mention.span.start <= mention.span.end, "a mention begins before it ends");
        assert!(mention.span.end <= data.len(), "a mention lies within");
        assert!(mention.person < 3 && mention.encoding.len() <= 5);
    }
    assert!(found.is_sorted_by_key(|mention| mention.span.start), "in the order of the text");
    // Memory that was used before changes nothing.
    let mut again = Vec::new();
    EVERYBODY.search(data, &mut scratch, &mut again);
    assert_eq!(found, again, "the same bytes, the same mentions");
    let mut values = Vec::new();
    detect::find_values(data, &mut values);
    assert!(values.iter().all(|v| v.span.start <= v.span.end && v.span.end <= data.len()));
    let _ = (detect::file_kind(data), detect::readable(data));
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = (detect::secret_like(text), detect::classify(text), detect::looks_like_name(text));
        for kind in [TermKind::Email, TermKind::Name, TermKind::Phone, TermKind::Address] {
            let normal = detect::normal_form(kind, text, Some("1"));
            assert!(
                detect::same_identity(kind, text, text, Some("1")) || normal.is_empty(),
                "everybody is themselves"
            );
        }
        let _ = detect::name_forms(text.get(..text.len().min(200)).unwrap_or_default());
    }
}

pub(super) fn redact(data: &[u8]) {
    let (options, data) = match data.split_first() {
        Some((first, rest)) => {
            let mark = match first >> 2 & 3 {
                0 => "[erased]",
                1 => "",
                2 => "a \"mark\" = %41 &amp; \\ <b>",
                _ => "\u{2588}\u{2588}",
            };
            let (weak, own) = (first & 1 == 1, first & 2 == 2);
            (RedactOptions { weak, own, mark: mark.to_owned() }, rest)
        }
        None => (RedactOptions::default(), data),
    };
    let redaction = EVERYBODY.redact(data, 0, &options);
    let after = redaction.bytes.as_deref().unwrap_or(data);
    let counted = |strength: Strength| options.weak || strength == Strength::Strong;
    if redaction.file.is_none() && !redaction.unread {
        let left = find(after);
        assert!(
            !left.iter().any(|mention| mention.person == 0 && counted(mention.strength)),
            "what was taken out is not found again"
        );
    }
    if redaction.bytes.is_none() {
        assert!(redaction.taken_out.is_empty() || redaction.file.is_some(), "counted and not done");
    }
    if serde_json::from_slice::<serde_json::Value>(data).is_ok() {
        let json = serde_json::from_slice::<serde_json::Value>(after);
        assert!(json.is_ok(), "what was JSON is JSON");
    }
    let _ = redact_others(data, &EVERYBODY, &OTHERS, &options.mark);
    if let Ok(text) = std::str::from_utf8(data) {
        let (covered, count) = cover_typed_values(text, &EVERYBODY, &options.mark);
        assert!(count > 0 || covered == text, "nothing is changed that is not counted");
    }
}

/// Archives as they come, and sound ones made of the bytes.
pub(super) fn packed(data: &[u8]) {
    search(data);
    let redaction = EVERYBODY.redact(data, 0, &RedactOptions::default());
    assert!(redaction.bytes.is_none() || redaction.file.is_none(), "no archive is edited inside");
    let level = flate2::Compression::fast();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), level);
    let done = gzip.write_all(data).and_then(|()| gzip.finish());
    let packed = done.unwrap_or_default();
    let done = zlib.write_all(&packed).and_then(|()| zlib.finish());
    // A bomb within a bomb within what came.
    let twice = done.unwrap_or_default();
    for bytes in [&packed, &twice] {
        let found = find(bytes);
        assert!(found.iter().all(|mention| mention.span.end <= bytes.len()));
    }
}
