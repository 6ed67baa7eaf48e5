//! What strangers may have put into a file.

mod common;

use common::{gzip, page, pdf, read, read_within, stream, tar, zip};
use documents::Limits;

fn small() -> Limits {
    Limits { floor: 1 << 20, ..Limits::default() }
}

#[test]
fn bombs_are_refused_and_told() {
    let zeros = vec![b'a'; 16 << 20];
    let bomb = gzip(&zeros);
    for (name, bytes) in [
        ("a.gz", bomb.clone()),
        ("b.gz.gz", gzip(&bomb)),
        ("c.zip", zip(&[("a.txt", &zeros)])),
        ("d.zip", zip(&[("a.gz", &bomb), ("b.gz", &bomb)])),
        ("e.tgz", gzip(&tar(&[("a.txt", &zeros)]))),
        ("f.zst", zstd::encode_all(zeros.as_slice(), 3).unwrap()),
        ("g.pdf", pdf(&[b"<< /Type /Catalog >>".to_vec(), stream("", &zeros)])),
    ] {
        let seen = read_within(name, &bytes, &small());
        assert!(
            seen.unread.iter().any(|(_, why)| why.contains("swells")),
            "{name}: {:?}",
            seen.unread
        );
        assert!(seen.bytes < 4 << 20, "{name}: {}", seen.bytes);
    }
    // The same below the bound is read.
    assert_eq!(read("a.gz", &bomb).bytes, 16 << 20);
}

#[test]
fn nothing_lies_too_deep_in_silence() {
    let mut bytes = b"jane@acme.example".to_vec();
    for _ in 0..20 {
        bytes = gzip(&bytes);
    }
    let seen = read("a.gz", &bytes);
    assert!(seen.why("a.gz").starts_with("packed within more than 8"), "{:?}", seen.unread);
    let members: Vec<(String, Vec<u8>)> =
        (0..50).map(|number| (format!("{number}.txt"), b"x".to_vec())).collect();
    let members: Vec<(&str, &[u8])> =
        members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let seen = read_within("a.zip", &zip(&members), &Limits { members: 10, ..Limits::default() });
    assert_eq!((seen.texts.len(), seen.why("a.zip")), (10, "there are more than 10 files in it"));
}

#[test]
fn what_stands_before_the_damage_is_read() {
    let text = "jane@acme.example and more words that do not repeat, ".repeat(2_000);
    let noise: Vec<u8> = (0..200_000_u32)
        .flat_map(|n| {
            n.wrapping_mul(2_654_435_761).to_le_bytes()[..2]
                .iter()
                .map(|b| b % 90 + 33)
                .collect::<Vec<_>>()
        })
        .collect();
    let whole = gzip(&[text.as_bytes(), &noise].concat());
    let seen = read("a.gz", &whole[..whole.len() / 2]);
    assert!(seen.why("a.gz").contains("cut off") && seen.at("a.gz").contains("jane@acme.example"));
    let archive = zip(&[("a.txt", text.as_bytes()), ("b.txt", &noise)]);
    let seen = read("a.zip", &archive[..archive.len() - 100]);
    assert!(
        seen.why("a.zip").contains("damaged")
            && seen.at("a.zip/a.txt").contains("jane@acme.example")
    );
    let archive = tar(&[("a.txt", text.as_bytes()), ("b.txt", &noise)]);
    let seen = read("a.tar", &archive[..archive.len() - 200_000]);
    assert!(seen.at("a.tar/a.txt").contains("jane@acme.example"));
    assert!(!seen.unread.is_empty());
}

#[test]
fn drawings_that_draw_themselves_end() {
    // The drawing of this page draws itself twice.
    let seen = read("a.pdf", &page("BT /F1 12 Tf 72 700 Td (before) Tj ET /X1 Do"));
    assert!(seen.at("a.pdf#page 1").starts_with("before\nin a drawing"));
    let seen = read("a.pdf", b"%PDF-1.7\nnothing of a PDF follows");
    assert!(seen.why("a.pdf").contains("PDF"), "{:?}", seen.unread);
}

#[test]
fn no_bytes_end_the_process() {
    // Everything that is read, cut anywhere, and with bytes turned over.
    let mail = b"From: a@x.example\nTo: b@x.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\nhello\n--y\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--y--\n";
    let sheet = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook xmlns:r='r'><sheets><sheet name='S' r:id='1'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<R><R Id='1' Target='worksheets/sheet1.xml'/></R>"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='1'><c r='A1'><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>"),
    ]);
    let documents: Vec<(&str, Vec<u8>)> = vec![
        ("a.eml", mail.to_vec()),
        ("a.mbox", [b"From a Mon\n", &mail[..]].concat()),
        ("a.xlsx", sheet),
        ("a.pdf", page("BT /F1 12 Tf (x) Tj ET q 1 0 0 1 5 5 cm /X1 Do Q")),
        ("a.json", b"{\"a\": [1, \"\\u00e9\", {\"b\": null}]}".to_vec()),
        ("a.csv", b"a,b\n\"x\"\"y\",2\n".to_vec()),
        ("a.html", b"<p a='b'>x &amp; <!-- y --><script>z</script>".to_vec()),
        ("a.tgz", gzip(&tar(&[("a", b"x"), ("b", b"y")]))),
        ("a.zst", zstd::encode_all(&b"hello hello"[..], 1).unwrap()),
    ];
    let mut turn = 1_u64;
    for (name, bytes) in &documents {
        for cut in 0..bytes.len().min(600) {
            read(name, &bytes[..cut * bytes.len() / bytes.len().min(600)]);
        }
        for _ in 0..400 {
            let mut bytes = bytes.clone();
            for _ in 0..3 {
                turn = turn
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(turn >> 33).unwrap() % bytes.len();
                bytes[at] = turn.to_le_bytes()[1];
            }
            read(name, &bytes);
        }
    }
}
