//! The whole of it: people in encodings, found and taken out.

use proptest::prelude::*;

use super::*;

fn jane() -> PersonTerms {
    PersonTerms {
        terms: vec![
            Term::new(TermKind::Email, "Jane.Doe@ACME.example"),
            Term::new(TermKind::Name, "Jane A. Doe"),
            Term::new(TermKind::Phone, "+1 555 0100"),
            Term::new(TermKind::UserName, "jdoe_7"),
            Term::new(TermKind::Code, "E-4711"),
            Term::new(TermKind::Address, "1 Main St, Springfield"),
        ],
    }
}

fn zoe() -> PersonTerms {
    PersonTerms {
        terms: vec![
            Term::new(TermKind::Email, "zoë.müller@acme.example"),
            Term::new(TermKind::Name, "Zoë Müller"),
        ],
    }
}

fn people() -> Searcher {
    Searcher::new(&[jane(), zoe()], &SearchOptions { default_country_code: Some("1".to_owned()) })
}

fn mentions(bytes: &[u8]) -> Vec<Mention> {
    let mut found = Vec::new();
    people().search(bytes, &mut Scratch::new(), &mut found);
    found
}

/// What is found of person 0, as text: `kind strength raw bytes`.
fn found(bytes: &[u8]) -> Vec<String> {
    mentions(bytes)
        .into_iter()
        .map(|m| {
            let strength = if m.strength == Strength::Weak { "weak " } else { "" };
            format!("{strength}{:?} {}", m.kind, String::from_utf8_lossy(&bytes[m.span]))
        })
        .collect()
}

#[test]
fn plain_mentions_and_their_neighbours() {
    let table: &[(&str, &[&str])] = &[
        // E-mail.
        ("jane.doe@acme.example", &["Email jane.doe@acme.example"]),
        ("<JANE.DOE@acme.example>", &["Email JANE.DOE@acme.example"]),
        ("mailto:jane.doe@acme.example.", &["Email jane.doe@acme.example"]),
        ("ask jane.doe@acme.example, please", &["Email jane.doe@acme.example"]),
        ("?to=jane.doe@acme.example&x", &["Email jane.doe@acme.example"]),
        ("ajane.doe@acme.example", &[]),
        ("x.jane.doe@acme.example", &[]),
        ("jane.doe@acme.example.org", &[]),
        ("jane.doe@acme.example-x.org", &[]),
        ("jane.doe+tag@acme.example", &[]),
        ("tag+jane.doe@acme.example", &[]),
        ("jane.smith@acme.example", &[]),
        ("someone@doe.example", &[]),
        // Accents.
        ("zoe.muller@acme.example, Zoe Muller", &[]),
        ("Zoë.Müller@ACME.example", &["Email Zoë.Müller@ACME.example"]),
        ("ZOE\u{308} MU\u{308}LLER", &["Name ZOE\u{308} MU\u{308}LLER"]),
        // Names.
        ("Jane A. Doe", &["Name Jane A. Doe"]),
        ("by jane\u{a0}doe.", &["Name jane\u{a0}doe"]),
        ("Doe, Jane", &["Name Doe, Jane"]),
        ("Jane\r\n  Doe", &["Name Jane\r\n  Doe"]),
        ("> Jane\n> Doe", &["Name Jane\n> Doe"]),
        ("CV_Jane_Doe.pdf", &["Name Jane_Doe"]),
        ("Jane Doe's", &["Name Jane Doe"]),
        ("Janet Doerr", &[]),
        ("Jane Doe-Smith", &[]),
        ("Mary-Jane Doe", &[]),
        ("Jane Smith", &[]),
        ("John Doe", &[]),
        ("Dear Jane,", &["weak Name Jane"]),
        ("Mrs Doe called", &["weak Name Doe"]),
        ("J. Doe", &["weak Name J. Doe"]),
        ("The jane of all trades", &[]),
        ("thanks jane", &["weak Name jane"]),
        ("See passport-jane.png", &["weak Name jane"]),
        ("A <b>jane</b>", &["weak Name jane"]),
        // Codes and names of accounts.
        ("user=jdoe_7", &["UserName jdoe_7"]),
        (r"ACME\jdoe_7 logged in", &["UserName jdoe_7"]),
        ("jdoe_72 xjdoe_7 jdoe_7@other.example a-jdoe_7", &[]),
        ("badge e-4711, E-47110, XE-4711", &["Code e-4711"]),
        ("e-4711.pdf", &["Code e-4711"]),
        // Addresses.
        ("1 Main St\nSpringfield", &["Address 1 Main St\nSpringfield"]),
        ("11 Main St, Springfield", &[]),
        // Telephones.
        ("+1 555 0100", &["Phone +1 555 0100"]),
        ("+1 (555) 0100", &["Phone +1 (555) 0100"]),
        ("+1-555-0100.", &["Phone +1-555-0100"]),
        ("+15550100", &["Phone +15550100"]),
        ("001 555 0100", &["Phone 001 555 0100"]),
        ("tel:+1.555.0100", &["Phone +1.555.0100"]),
        ("(+1) 555\u{a0}0100", &["Phone (+1) 555\u{a0}0100"]),
        ("call 555-0100 now", &["Phone 555-0100"]),
        ("on 2026-11-22 +1 555 0100 10:22", &["Phone +1 555 0100"]),
        ("+1 555 01001", &[]),
        ("+1 555 0100 22", &[]),
        ("91 555 0100", &[]),
        ("+15550100-22", &[]),
        ("915550100", &[]),
        ("+49 555 0100", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(found(text.as_bytes()), *expected, "{text}");
    }
}

/// What a person of these terms is found by: the strong mentions, as they stand.
fn strong(terms: &[(TermKind, &str)], text: &str) -> Vec<String> {
    let terms = terms.iter().map(|(kind, text)| Term::new(*kind, *text)).collect();
    let searcher = Searcher::new(&[PersonTerms { terms }], &SearchOptions::default());
    let mut found = Vec::new();
    searcher.search(text.as_bytes(), &mut Scratch::new(), &mut found);
    found.retain(|mention| mention.strength == Strength::Strong);
    found.into_iter().map(|mention| text.get(mention.span).unwrap().to_owned()).collect()
}

#[test]
fn an_account_named_like_a_word_does_not_empty_texts() {
    let terms = [
        (TermKind::UserName, "admin"),
        (TermKind::UserName, "Anna"),
        (TermKind::AccountId, "will"),
        (TermKind::Code, "Printer"),
        (TermKind::UserName, "a.k-9"),
        (TermKind::UserName, "anna.k"),
        (TermKind::AccountId, "K-47"),
    ];
    let table: &[(&str, &[&str])] = &[
        ("The admin panel is at /admin", &[]),
        ("Anna will restart the printer, anna said; a.k-9 too", &[]),
        ("\"admin\": {\"user\": \"admin\"}", &[]),
        ("admin", &["admin"]),
        ("  ANNA\r\n", &["ANNA"]),
        ("\"anna\"", &["anna"]),
        ("will", &["will"]),
        ("printer", &["printer"]),
        ("a.k-9", &["a.k-9"]),
        ("admin=20\n", &["admin"]),
        ("thanks @anna, and @admin!", &["anna", "admin"]),
        ("me@anna.example, @anna.example, @anna-lena, @@anna, x.@anna", &[]),
        ("See anna.k or K-47.", &["anna.k", "K-47"]),
    ];
    for (text, expected) in table {
        assert_eq!(strong(&terms, text), *expected, "{text}");
    }
    // Decoded, and nothing else there.
    assert_eq!(strong(&terms, "=61nna"), ["=61nna"]);
}

#[test]
fn a_name_of_common_words_is_written_as_a_name() {
    let terms = [(TermKind::Name, "Will Rose"), (TermKind::Email, "will.rose@acme.example")];
    let table: &[(&str, &[&str])] = &[
        ("The price will rose", &[]),
        ("Will rose prices fall? A Rose, will it?", &[]),
        ("Ask Will Rose", &["Will Rose"]),
        ("Rose, Will", &["Rose, Will"]),
        ("ASK WILL ROSE", &["WILL ROSE"]),
        ("ask will rose about it", &["will rose"]),
        ("The file will-rose.pdf, CV_will_rose, Mwill rose", &["will-rose", "will_rose"]),
        ("{\"Name\":\"will rose\"} or <B>will rose</B>", &["will rose", "will rose"]),
        ("Mail will.rose@acme.example", &["will.rose@acme.example"]),
    ];
    for (text, expected) in table {
        assert_eq!(strong(&terms, text), *expected, "{text}");
    }
    // One word that is nothing but a name is enough to know the other by.
    assert_eq!(strong(&[(TermKind::Name, "Jane Rose")], "Please call jane rose"), ["jane rose"]);
    assert_eq!(strong(&[(TermKind::Name, "王 小明")], "Ask 王 小明 Now"), ["王 小明"]);
}

#[test]
fn short_terms_and_short_numbers_say_too_little() {
    let terms = vec![
        Term::new(TermKind::UserName, "jd"),
        Term::new(TermKind::AccountId, "4711"),
        Term::new(TermKind::Phone, "+49 30 1234"),
        Term::new(TermKind::Name, "Jo"),
        Term::new(TermKind::Email, ""),
    ];
    let searcher = Searcher::new(&[PersonTerms { terms }], &SearchOptions::default());
    for (text, count) in [("jd 4711 Jo 030 1234 301234", 0), ("+49 30 1234", 1), ("0049301234", 1)]
    {
        let mut found = Vec::new();
        searcher.search(text.as_bytes(), &mut Scratch::new(), &mut found);
        assert_eq!(found.len(), count, "{text}");
    }
}

#[test]
fn national_numbers_match_their_international_form() {
    let terms = vec![Term::new(TermKind::Phone, "+49 30 1234567")];
    let searcher = Searcher::new(&[PersonTerms { terms }], &SearchOptions::default());
    for (text, count) in [
        ("030 / 1234567", 1),
        ("+49 (0)30 1234567", 1),
        ("0049-30-1234567", 1),
        ("(030) 123 45 67", 1),
        ("30 1234567", 0),
        ("040 1234567", 0),
    ] {
        let mut found = Vec::new();
        searcher.search(text.as_bytes(), &mut Scratch::new(), &mut found);
        assert_eq!(found.len(), count, "{text}");
    }
}

#[test]
fn a_soft_line_break_hides_nothing_wherever_it_stands() {
    for term in ["jane.doe@acme.example", "Jane Doe", "+1 555 0100", "jane.doe=40acme.example"] {
        for at in 0..=term.len() {
            for ending in ["=\n", "=\r\n", "= \r\n"] {
                let (head, tail) = term.split_at(at);
                let body = format!("Some text before, to {head}{ending}{tail}, and after it.");
                let found = mentions(body.as_bytes());
                // `=4` + line break + `0` is not quoted-printable any more.
                if head.ends_with('=') || head.ends_with("=4") {
                    continue;
                }
                let strong: Vec<_> =
                    found.iter().filter(|m| m.strength == Strength::Strong).collect();
                assert_eq!(strong.len(), 1, "{body:?}");
                let out =
                    people().redact(body.as_bytes(), 0, &RedactOptions::default()).bytes.unwrap();
                let out = String::from_utf8(out).unwrap();
                assert!(
                    out.starts_with("Some text before, to ") && out.ends_with(", and after it."),
                    "{out:?}"
                );
            }
        }
    }
}

#[test]
fn a_soft_line_break_does_not_cut_somebody_else_in_two() {
    let line = "A line that is long enough to have been broken by a mail program, to";
    for (body, count) in [
        (format!("{line} a=\njane.doe@acme.example"), 0),
        (format!("{line} jane.doe@acme.example=\n.org"), 0),
        (format!("{line} Jane Doe=\nrr"), 0),
        (format!("{line} =\njane.doe@acme.example=\n"), 1),
        ("&#97;jane.doe@acme.example".to_owned(), 0),
        ("%61jane.doe@acme.example".to_owned(), 0),
        ("email=\njane.doe@acme.example\n".to_owned(), 1),
        ("?u=ADA&to=jane.doe%40acme.example".to_owned(), 1),
    ] {
        let strong =
            mentions(body.as_bytes()).iter().filter(|m| m.strength == Strength::Strong).count();
        assert_eq!(strong, count, "{body}");
    }
}

fn b64(bytes: &[u8], width: Option<usize>) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::new();
    for group in bytes.chunks(3) {
        let held =
            group.iter().chain([0, 0].iter()).take(3).fold(0_usize, |n, b| n << 8 | *b as usize);
        for at in 0..4 {
            out.push(if at <= group.len() { ALPHABET[held >> (18 - 6 * at) & 63] } else { b'=' });
        }
    }
    match width {
        Some(width) => out.chunks(width).collect::<Vec<_>>().join(&b'\n'),
        None => out,
    }
}

/// Encodes a text as `which` says.
fn encode(which: u8, text: &[u8]) -> Vec<u8> {
    let every =
        |lead: &str| text.iter().flat_map(|b| format!("{lead}{b:02X}").into_bytes()).collect();
    let some = |test: fn(u8) -> bool, write: fn(u8) -> String| -> Vec<u8> {
        text.iter().flat_map(|b| if test(*b) { write(*b).into_bytes() } else { vec![*b] }).collect()
    };
    match which {
        0 => text.to_vec(),
        1 => {
            let soft = some(|b| b == b'=' || b >= 0x80 || b == b'@', |b| format!("={b:02X}"));
            // Lines of 40, never inside an encoded byte.
            let mut out = Vec::new();
            let mut column = 0;
            let mut left = 0;
            for byte in soft {
                if left == 0 && column >= 40 {
                    out.extend_from_slice(b"=\r\n");
                    column = 0;
                }
                left = if byte == b'=' { 2 } else { left.max(1) - 1 };
                out.push(byte);
                column += 1;
            }
            out
        }
        2 => every("%"),
        3 => some(|b| matches!(b, b'@' | b' ' | b'&' | b'<' | b'.'), |b| format!("&#{b};")),
        4 => some(|b| matches!(b, b'"' | b'\\' | b'@' | b'\n' | b'\r'), |b| format!("\\u{b:04x}")),
        5 => b64(text, Some(76)),
        6 => b64(text, None),
        7 => String::from_utf8_lossy(text).encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => [b"\x04\x0b\x08pst0\x04".as_slice(), text, b"\x00\x01\x02"].concat(),
    }
}

const HERS: &[&str] = &[
    "jane.doe@acme.example",
    "Jane A. Doe",
    "Doe, Jane",
    "+1 (555) 0100",
    "E-4711",
    "1 Main St, Springfield",
];

#[test]
fn every_encoding_inside_every_other() {
    let others = "Regards, Bob Smith and Zoë Müller";
    for outer in 0..9_u8 {
        for inner in 0..9_u8 {
            // UTF-16 and binary data are not text: only base64 carries them.
            if inner >= 7 && !matches!(outer, 0 | 5 | 6) || outer == 7 && inner == 7 {
                continue;
            }
            // Percent encoding of everything leaves no base64 to wrap.
            for hers in HERS {
                let text =
                    format!("Some text that comes before, written to {hers} and others. {others}");
                let bytes = encode(outer, &encode(inner, text.as_bytes()));
                let context =
                    format!("{outer} {inner} {hers}: {}", String::from_utf8_lossy(&bytes));
                let strong = |bytes: &[u8], person| {
                    mentions(bytes)
                        .iter()
                        .filter(|m| m.person == person && m.strength == Strength::Strong)
                        .count()
                };
                assert_eq!((strong(&bytes, 0), strong(&bytes, 1)), (1, 1), "{context}");
                let redaction = people().redact(&bytes, 0, &RedactOptions::default());
                assert_eq!(redaction.taken_out.values().sum::<u64>(), 1, "{context}");
                let out = redaction.bytes.unwrap();
                assert_eq!((strong(&out, 0), strong(&out, 1)), (0, 1), "{context}");
                assert!(people().redact(&out, 0, &RedactOptions::default()).bytes.is_none());
                if outer == 8 || inner == 8 {
                    assert_eq!(out.len(), bytes.len(), "{context}");
                }
            }
        }
    }
}

#[test]
fn what_is_taken_out_leaves_the_rest_as_it_was() {
    let table: &[(&[u8], &[u8])] = &[
        (
            b"To: Jane Doe <jane.doe@acme.example>, Bob <bob@acme.example>",
            b"To: [erased] <[erased]>, Bob <bob@acme.example>",
        ),
        (br#"{"to":"Jane \u0044oe","n":1}"#, br#"{"to":"[erased]","n":1}"#),
        (b"/q?to=jane.doe%40acme.example&x=%20", b"/q?to=%5Berased%5D&x=%20"),
        (br#"a:1:{s:4:"name";s:8:"Jane Doe";}"#, br#"a:1:{s:4:"name";s:8:"xxxxxxxx";}"#),
        (
            br#"{"d":"a:1:{s:4:\"name\";s:8:\"Jane Doe\";}"}"#,
            br#"{"d":"a:1:{s:4:\"name\";s:8:\"xxxxxxxx\";}"}"#,
        ),
        (
            b"Subject: =?UTF-8?Q?Frage_von_Jane_Doe_=C3=BCber_=C3=84pfel?= und mehr",
            b"Subject: =?UTF-8?Q?Frage_von_[erased]_=C3=BCber_=C3=84pfel?= und mehr",
        ),
        (b"\x04\x0b\x08Jane Doe\x00", b"\x04\x0b\x08xxxxxxxx\x00"),
    ];
    for (before, after) in table {
        let out = people().redact(before, 0, &RedactOptions::default()).bytes.unwrap();
        assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(after));
    }
}

#[test]
fn json_stays_json() {
    let table: &[(&str, &str)] = &[
        (r#"{"phone":15550100}"#, r#"{"phone":null}"#),
        (r#"[ 15550100 , -1 ]"#, r#"[ null , -1 ]"#),
        (r#"{"phone":"15550100"}"#, r#"{"phone":"[erased]"}"#),
        (r#"{"15550100":1}"#, r#"{"[erased]":1}"#),
        (r#"["Jane Doe"]"#, r#"["[erased]"]"#),
        (
            r#"{"log":"{\"phone\":15550100,\"who\":\"Jane Doe\"}"}"#,
            r#"{"log":"{\"phone\":null,\"who\":\"[erased]\"}"}"#,
        ),
        ("{\"p\":15550100}\n{\"p\":2}\n", "{\"p\":null}\n{\"p\":2}\n"),
        // Not documents: nothing says that these are more than text.
        ("15550100", "[erased]"),
        ("{phone: 15550100}", "{phone: [erased]}"),
        ("%7B%22phone%22%3A15550100%7D", "%7B%22phone%22%3Anull%7D"),
    ];
    for (before, after) in table {
        let out = people().redact(before.as_bytes(), 0, &RedactOptions::default()).bytes;
        assert_eq!(String::from_utf8(out.unwrap()).unwrap(), *after, "{before}");
    }
    let inner = b64(br#"{"mail":"x","phone":15550100}"#, None);
    let out = people().redact(&inner, 0, &RedactOptions::default()).bytes.unwrap();
    assert_eq!(out, b64(br#"{"mail":"x","phone":null}"#, None));
    // Her own card, as a number.
    let options = RedactOptions { own: true, ..RedactOptions::default() };
    let out = people().redact(br#"{"card":4111111111111111}"#, 0, &options).bytes.unwrap();
    assert_eq!(out, br#"{"card":null}"#);
    // A backslash of the document is never left alone, even where a term seems to begin inside it.
    let terms = vec![Term::new(TermKind::Code, "new-4711")];
    let searcher = Searcher::new(&[PersonTerms { terms }], &SearchOptions::default());
    let out = searcher.redact(br#"["a \new-4711"]"#, 0, &RedactOptions::default());
    if let Some(bytes) = out.bytes {
        serde_json::from_slice::<serde_json::Value>(&bytes).unwrap();
    }
}

#[test]
fn spans_encodings_and_whole_values() {
    let found = mentions(b"x=40y jane.doe=40acme.example");
    assert_eq!(
        (found[0].span.clone(), found[0].encoding.as_slice(), found[0].whole),
        (6..29, &[Encoding::QuotedPrintable][..], false)
    );
    let found = mentions(b" Zo\xeb M\xfcller ");
    assert_eq!((found[0].encoding.as_slice(), found[0].whole), (&[Encoding::Latin1][..], true));
    let inner = b64(b"name=jane.doe%40acme.example;", None);
    let found = mentions(&inner);
    assert_eq!(found[0].encoding, [Encoding::Base64, Encoding::UrlPercent]);
    let found = mentions(&b64(b"  jane.doe@acme.example\n", None));
    assert!(found[0].whole);
    let found = mentions(b"=?UTF-8?Q?Zo=C3=AB?= =?iso-8859-1?Q?_M=FCller?= <x@y.example>");
    assert!(
        found.iter().any(|m| m.person == 1 && m.kind == TermKind::Name && m.span == (0..47)),
        "{found:?}"
    );
}

#[test]
fn documents_are_reported_and_left_alone() {
    use std::io::Write;
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(b"Dear Jane Doe, ").unwrap();
    let gz = gz.finish().unwrap();
    let mut stream = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    stream.write_all(b"BT (Jane Doe) Tj ET").unwrap();
    let packed =
        [&b"%PDF-1.4\n1 0 obj<<>>stream\n"[..], &stream.finish().unwrap(), b"\nendstream"].concat();
    let table: &[(&[u8], Option<FileKind>, bool)] = &[
        (b"%PDF-1.4 /Author (Jane Doe)", Some(FileKind::Pdf), false),
        (&packed, Some(FileKind::Pdf), false),
        (b"%PDF-1.4 /Author (Bob)", None, false),
        (b"%PDF-1.4 /Encrypt", None, true),
        (b"\x89PNG\r\n\x1a\n\0tEXt Jane Doe", Some(FileKind::Png), true),
        (&gz, Some(FileKind::Gzip), false),
        (b"-----BEGIN PGP MESSAGE-----\n", None, true),
    ];
    for (bytes, file, unread) in table {
        for bytes in [bytes.to_vec(), b64(bytes, Some(76))] {
            let redaction = people().redact(&bytes, 0, &RedactOptions::default());
            // Too short to be told from a word once it is base64.
            assert_eq!(
                (redaction.file, redaction.unread),
                (*file, *unread),
                "{:?}",
                String::from_utf8_lossy(&bytes)
            );
            assert!(redaction.bytes.is_none());
        }
    }
}

#[test]
fn weak_and_own_text() {
    let text = b"Dear Jane, born 3 Feb 1984, from 10.1.2.3, call Bob on +1 212 555 0199.";
    let options = RedactOptions { weak: true, own: true, ..RedactOptions::default() };
    let out = people().redact(text, 0, &options);
    assert_eq!(
        String::from_utf8(out.bytes.unwrap()).unwrap(),
        "Dear [erased], born [erased], from [erased], call Bob on +1 212 555 0199."
    );
    assert_eq!(out.taken_out[&Removed::Value(ValueKind::BirthDate)], 1);
    assert!(people().redact(text, 0, &RedactOptions::default()).bytes.is_none());
    // A mark that is the person is not used.
    let options = RedactOptions { mark: "Jane Doe".to_owned(), ..RedactOptions::default() };
    assert_eq!(people().redact(b"a Jane Doe", 0, &options).bytes.unwrap(), b"a [-]");
}

#[test]
fn everybody_else_is_taken_out_of_what_is_handed_over() {
    let keep = Searcher::new(&[jane()], &SearchOptions::default());
    let others = Searcher::new(&[zoe()], &SearchOptions::default());
    let text = "Jane Doe <jane.doe@acme.example>, +1 555 0100, met Zoë Müller, bob=40acme.example and +1 212 555 0199".as_bytes();
    let (out, count) = redact_others(text, &keep, &others, "[other person]");
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "Jane Doe <jane.doe@acme.example>, +1 555 0100, met [other person], [other person] and [other person]"
    );
    assert_eq!(count, 3);
}

#[test]
fn a_thousand_people_do_not_disturb_each_other() {
    let crowd: Vec<PersonTerms> = (0..1000)
        .map(|n| PersonTerms {
            terms: vec![
                Term::new(TermKind::Email, format!("p{n}@acme.example")),
                Term::new(TermKind::Name, format!("Given{} Family{n}", n % 50)),
            ],
        })
        .collect();
    let searcher = Searcher::new(&crowd, &SearchOptions::default());
    let mut found = Vec::new();
    searcher.search(
        b"p7@acme.example, Given7 Family7 and p77@acme.example",
        &mut Scratch::new(),
        &mut found,
    );
    let strong: Vec<_> =
        found.iter().filter(|m| m.strength == Strength::Strong).map(|m| m.person).collect();
    assert_eq!(strong, [7, 7, 77]);
}

/// A random document with hits in keys, in strings with and without escapes, and in numbers.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let text = || {
        ("[ -~\n\\\\\"é😀]{0,12}", 0..HERS.len() + 4, 0..7_u8, "[ -~\n]{0,6}").prop_map(
            |(before, which, encoding, after)| {
                let hers = HERS.get(which).copied().unwrap_or_default();
                let piece = encode(encoding, format!(" {hers} ").as_bytes());
                format!("{before}{}{after}", String::from_utf8(piece).unwrap())
            },
        )
    };
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        Just(serde_json::json!(15_550_100_u64)),
        Just(serde_json::json!(-15_550_100_i64)),
        Just(serde_json::json!(4_111_111_111_111_111_u64)),
        Just(serde_json::json!(1.555_010_0)),
        (0..HERS.len()).prop_map(|which| serde_json::Value::from(HERS[which])),
        text().prop_map(serde_json::Value::from),
    ];
    let nested = leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            prop::collection::vec((text(), inner.clone()), 0..5)
                .prop_map(|pairs| { serde_json::Value::Object(pairs.into_iter().collect()) }),
            inner.prop_map(|value| serde_json::Value::from(value.to_string())),
        ]
    });
    nested.prop_map(|value| serde_json::json!([value]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// After a redaction the same search finds nothing, whatever stood there and however.
    #[test]
    fn nothing_is_left(
        parts in prop::collection::vec(("[ -~\n]{0,30}", 0..HERS.len() + 2, 0..7_u8, 0..5_u8), 1..5),
        weak: bool,
    ) {
        let mut bytes = Vec::new();
        for (text, which, inner, outer) in parts {
            let hers = HERS.get(which).copied().unwrap_or("Zoë Müller");
            let piece = format!("{text} {hers} ");
            bytes.extend(encode(outer, &encode(inner, piece.as_bytes())));
            bytes.push(b'\n');
        }
        let searcher = people();
        let out = searcher.redact(&bytes, 0, &RedactOptions { weak, ..RedactOptions::default() });
        let after = out.bytes.unwrap_or(bytes);
        let mut left = Vec::new();
        searcher.search(&after, &mut Scratch::new(), &mut left);
        left.retain(|m| m.person == 0 && (weak || m.strength == Strength::Strong));
        prop_assert!(left.is_empty() || out.file.is_some(), "{:?} {}", left, String::from_utf8_lossy(&after));
        let again = searcher.redact(&after, 0, &RedactOptions { weak, ..RedactOptions::default() });
        prop_assert!(again.bytes.is_none());
    }

    /// JSON in is JSON out, whatever stood in keys, strings and numbers.
    #[test]
    fn json_in_is_json_out(value in json(), pretty: bool, weak: bool, own: bool, empty: bool) {
        let text = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) };
        let text = text.unwrap();
        let mark = if empty { "" } else { "[erased]" }.to_owned();
        let out = people().redact(&text, 0, &RedactOptions { weak, own, mark });
        let after = out.bytes.unwrap_or(text);
        let parsed = serde_json::from_slice::<serde_json::Value>(&after);
        prop_assert!(parsed.is_ok(), "{}", String::from_utf8_lossy(&after));
        let (others, _) = redact_others(&after, &people(), &people(), "[\"]");
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&others).is_ok(), "{}", String::from_utf8_lossy(&others));
    }

    /// No bytes make it stumble.
    #[test]
    fn any_bytes_are_walked(bytes: Vec<u8>) {
        let searcher = people();
        let mut found = Vec::new();
        searcher.search(&bytes, &mut Scratch::new(), &mut found);
        let _ = searcher.redact(&bytes, 0, &RedactOptions { weak: true, own: true, ..RedactOptions::default() });
        let _ = readable(&bytes);
    }
}
