//! Known people are searched for in mails: text in 7 bits, in quoted-printable and in base64, with
//! a boundary between them, as a ticketing system keeps them. One core, processor time.

use base64::Engine as _;
use detect::{PersonTerms, Scratch, SearchOptions, Searcher, Term, TermKind};
use serde_json::json;

use crate::report::{Bar, Line, Report, median, rate};

const WORDS: &[&str] = &[
    "the",
    "switch",
    "in",
    "rack",
    "four",
    "blinks",
    "orange",
    "since",
    "Tuesday",
    "please",
    "für",
    "look",
    "at",
    "it",
    "before",
    "noon",
    "merci",
    "d’avance",
    "regards",
    "case",
    "remains",
    "new",
    "caller",
    "rang",
    "twice",
    "order",
    "came",
    "back",
    "copy",
    "of",
    "Überweisung",
    "enclosed",
];

pub(crate) fn run(megabytes: usize, rounds: u64) {
    let mut report = Report::new("encoded");
    let mut raw = Vec::new();
    for (what, kind) in [
        ("mails of mixed parts", Kind::Mixed),
        ("quoted-printable", Kind::Quoted),
        ("base64", Kind::Base64),
    ] {
        let mails = mails(kind, megabytes << 20);
        let bytes: usize = mails.iter().map(Vec::len).sum();
        for count in [1, 1_000] {
            let searcher = Searcher::new(&people(count), &SearchOptions::default());
            let (mut rates, mut limits, mut found) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..rounds {
                limits.push(rate(bytes, || {
                    mails.iter().map(|mail| memchr::memchr_iter(b'@', mail).count()).sum()
                }));
                rates.push(rate(bytes, || {
                    found.clear();
                    let mut scratch = Scratch::new();
                    for mail in &mails {
                        searcher.search(mail, &mut scratch, &mut found);
                    }
                    found.len()
                }));
            }
            let each = mails.len() / EVERY;
            assert!(found.len() >= each, "{what}: {} mentions of {each} were found", found.len());
            let (ours, limit) = (median(&rates), median(&limits));
            raw.push(json!({ "what": what, "people": count, "mb_s": rates, "limit_mb_s": limits, "mentions": found.len() }));
            report.line(&Line {
                what: format!("{what}, {count} people"),
                ours: (ours, "MB/s"),
                beside: Some(("counting `@` in the same bytes", limit, "MB/s")),
                figure: (ours, "MB/s"),
                bar: Bar::AtLeast(300.0),
                moonshot: Bar::AtLeast(1_000.0),
            });
        }
    }
    report.raw("runs", raw);
    report.raw("megabytes", megabytes);
    report.keep();
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Mixed,
    Quoted,
    Base64,
}

/// One mail in so many names the first person.
const EVERY: usize = 50;

fn people(count: usize) -> Vec<PersonTerms> {
    (0..count)
        .map(|number| PersonTerms {
            terms: vec![
                Term::new(TermKind::Email, format!("mara.lind{number}@acme.example")),
                Term::new(TermKind::Name, format!("Mara{number} Lindgren{number}")),
                Term::new(TermKind::Phone, format!("+999 200 {number:06}")),
            ],
        })
        .collect()
}

/// Mails of 4 to 12 KB.
fn mails(kind: Kind, bytes: usize) -> Vec<Vec<u8>> {
    let mut dice = 7_u64;
    let mut roll = |sides: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        usize::try_from((dice >> 20) % sides as u64).unwrap_or(0)
    };
    let mut all = Vec::new();
    let mut total = 0;
    while total < bytes {
        let mut text = String::new();
        let wanted = 3_000 + roll(8_000);
        while text.len() < wanted {
            text.push_str(WORDS.get(roll(WORDS.len())).copied().unwrap_or("x"));
            text.push(if roll(14) == 0 { '\n' } else { ' ' });
        }
        if all.len() % EVERY == 0 {
            text.push_str("copied to mara.lind0@acme.example\n");
        }
        let mut mail = format!(
            "From: desk@provider.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b{}\"\r\n\r\n",
            all.len()
        );
        let which = if kind == Kind::Mixed { all.len() % 3 } else { 3 };
        match (kind, which) {
            (Kind::Quoted, _) | (_, 1) => quoted(&text, &mut mail),
            (Kind::Base64, _) | (_, 2) => in_base64(&text, &mut mail),
            _ => mail.push_str(&text),
        }
        total += mail.len();
        all.push(mail.into_bytes());
    }
    all
}

fn quoted(text: &str, out: &mut String) {
    out.push_str("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    let mut column = 0;
    for byte in text.bytes() {
        let word = match byte {
            b'\n' => {
                out.push_str("\r\n");
                column = 0;
                continue;
            }
            b'=' | 0x7f.. => format!("={byte:02X}"),
            plain => char::from(plain).to_string(),
        };
        if column + word.len() > 75 {
            out.push_str("=\r\n");
            column = 0;
        }
        column += word.len();
        out.push_str(&word);
    }
}

fn in_base64(text: &str, out: &mut String) {
    out.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
    let code = base64::engine::general_purpose::STANDARD.encode(text);
    for (at, sign) in code.chars().enumerate() {
        if at > 0 && at % 76 == 0 {
            out.push_str("\r\n");
        }
        out.push(sign);
    }
}
