//! What a document is, told by its bytes, and where these leave it open by its name.

use detect::FileKind;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Empty,
    Text,
    Html,
    Json,
    Separated {
        delimiter: u8,
    },
    Mail,
    Mailbox,
    Gzip,
    Zstd,
    Zip,
    Tar,
    Pdf,
    Parquet,
    Sqlite,
    /// Nothing to read: what it is.
    NoText(&'static str),
    /// A format that is not read.
    Format(&'static str),
}

/// Beginnings that say what a file is, beyond those that `detect` knows.
const MAGIC: &[(&[u8], Kind)] = &[
    (b"\x1f\x8b", Kind::Gzip),
    (b"\x28\xb5\x2f\xfd", Kind::Zstd),
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"PAR1", Kind::Parquet),
    (b"SQLite format 3\0", Kind::Sqlite),
    (b"BZh", Kind::Format("bzip2 is not unpacked: unpack it first, or pack it as gzip or zstd")),
    (
        b"\xfd7zXZ\0",
        Kind::Format("xz is not unpacked: unpack it first, or pack it as gzip or zstd"),
    ),
    (b"7z\xbc\xaf\x27\x1c", Kind::Format("7z is not unpacked: unpack it first, or pack it as zip")),
    (b"Rar!\x1a\x07", Kind::Format("RAR is not unpacked: unpack it first, or pack it as zip")),
    (b"\x04\x22\x4d\x18", Kind::Format("LZ4 is not unpacked: unpack it first, or pack it as zstd")),
    (b"!BDN", Kind::Format("an Outlook store (PST) is not read: export it as mbox")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Kind::Format(
            "a Word, Excel, PowerPoint or Outlook file of the old kind is not read: save it as docx, xlsx, pptx or eml",
        ),
    ),
    (b"\x7fELF", Kind::NoText("a program")),
    (b"\xfe\xed\xfa\xce", Kind::NoText("a program")),
    (b"\xfe\xed\xfa\xcf", Kind::NoText("a program")),
    (b"\xcf\xfa\xed\xfe", Kind::NoText("a program")),
    (b"\xca\xfe\xba\xbe", Kind::NoText("a program")),
    (b"\0asm", Kind::NoText("a program")),
    (b"wOFF", Kind::NoText("a font")),
    (b"wOF2", Kind::NoText("a font")),
    (b"\0\x01\0\0\0", Kind::NoText("a font")),
    (b"OTTO", Kind::NoText("a font")),
    (b"OggS", Kind::NoText("sound or film")),
    (b"ID3", Kind::NoText("sound or film")),
    (b"fLaC", Kind::NoText("sound or film")),
    (b"\x1a\x45\xdf\xa3", Kind::NoText("sound or film")),
    (b"\xff\xfb", Kind::NoText("sound or film")),
];

/// Fields with which a mail begins, in lower case.
const FIELDS: &[&[u8]] = &[
    b"from",
    b"to",
    b"subject",
    b"date",
    b"received",
    b"return-path",
    b"delivered-to",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"reply-to",
    b"sender",
    b"cc",
    b"x-original-to",
    b"dkim-signature",
    b"arc-seal",
    b"authentication-results",
    b"received-spf",
    b"content-transfer-encoding",
];

/// The ending of a name, in lower case, without the endings under which it is packed.
fn ending(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let bare = [".gz", ".zst", ".zstd"].iter().find_map(|packed| name.strip_suffix(packed));
    let bare = bare.unwrap_or(&name);
    bare.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_owned())
}

/// What a document with this name is that begins so.
pub(crate) fn kind(name: &str, head: &[u8]) -> Kind {
    if head.is_empty() {
        return Kind::Empty;
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *kind;
    }
    if memchr::memmem::find(head.get(..head.len().min(1024)).unwrap_or_default(), b"%PDF-")
        .is_some()
        && (head.starts_with(b"%PDF-") || ending(name) == "pdf")
    {
        return Kind::Pdf;
    }
    if is_tar(head) {
        return Kind::Tar;
    }
    match detect::file_kind(head) {
        Some(FileKind::Png) => return Kind::NoText("a picture (PNG)"),
        Some(FileKind::Jpeg) => return Kind::NoText("a picture (JPEG)"),
        Some(FileKind::Gif) => return Kind::NoText("a picture (GIF)"),
        Some(FileKind::Tiff) => return Kind::NoText("a picture (TIFF)"),
        Some(FileKind::Bmp) => return Kind::NoText("a picture (BMP)"),
        Some(FileKind::Riff) => return Kind::NoText("a picture, sound or film"),
        Some(FileKind::IsoMedia) => return Kind::NoText("sound or film"),
        Some(FileKind::Encrypted) => return Kind::Format("encrypted"),
        _ => {}
    }
    if head.starts_with(b"MZ") && memchr::memchr(0, head).is_some() {
        return Kind::NoText("a program");
    }
    if is_utf16(head).is_none() && is_binary(head) {
        return Kind::NoText("no kind of file that is known");
    }
    text_kind(&ending(name), head)
}

/// What a text is.
fn text_kind(ending: &str, head: &[u8]) -> Kind {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.starts_with(b"From ") && mail_fields(after_line(head)) > 0 {
        return Kind::Mailbox;
    }
    if ending == "eml" || mail_fields(text) >= 3 {
        return Kind::Mail;
    }
    let bare = text.trim_ascii_start();
    match ending {
        "html" | "htm" | "xhtml" => return Kind::Html,
        "json" | "jsonl" | "ndjson" | "geojson" | "har" | "ipynb" => return Kind::Json,
        "csv" | "tsv" | "tab" | "psv" => {
            return Kind::Separated { delimiter: crate::separated::delimiter(text, ending) };
        }
        _ => {}
    }
    let low = bare.get(..bare.len().min(64)).unwrap_or_default().to_ascii_lowercase();
    if low.starts_with(b"<!doctype html") || low.starts_with(b"<html") {
        return Kind::Html;
    }
    if begins_json(bare) {
        return Kind::Json;
    }
    if ending.is_empty()
        && let Some(delimiter) = crate::separated::regular(text)
    {
        return Kind::Separated { delimiter };
    }
    Kind::Text
}

/// Whether this begins as an object does, or a list of objects or strings.
fn begins_json(text: &[u8]) -> bool {
    let after = |text: &[u8]| -> Option<u8> { text.get(1..)?.trim_ascii_start().first().copied() };
    match text.first() {
        Some(b'{') => matches!(after(text), Some(b'"' | b'}')),
        Some(b'[') => matches!(after(text), Some(b'{' | b'"')),
        _ => false,
    }
}

fn after_line(text: &[u8]) -> &[u8] {
    memchr::memchr(b'\n', text).and_then(|end| text.get(end + 1..)).unwrap_or_default()
}

/// How many of the first lines are fields of a mail's header; none where another line stands among
/// them.
fn mail_fields(head: &[u8]) -> usize {
    let mut known = 0;
    for line in head.split(|byte| *byte == b'\n').take(60) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = memchr::memchr(b':', line) else {
            return if known >= 3 { known } else { 0 };
        };
        let name = line.get(..colon).unwrap_or_default();
        if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_graphic()) {
            return 0;
        }
        known += usize::from(FIELDS.contains(&name.to_ascii_lowercase().as_slice()));
    }
    known
}

/// Whether the first block is the header of a tar member: it holds a sum of itself.
fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.get(..512) else { return false };
    if block.first() == Some(&0) {
        return false;
    }
    let field = block.get(148..156).unwrap_or_default();
    let digits: Vec<u8> = field.iter().copied().filter(u8::is_ascii_digit).collect();
    let Ok(digits) = std::str::from_utf8(&digits) else { return false };
    let Ok(told) = u64::from_str_radix(digits, 8) else { return false };
    let sum = |at: usize, byte: u8| u64::from(if (148..156).contains(&at) { b' ' } else { byte });
    let computed: u64 = block.iter().enumerate().map(|(at, byte)| sum(at, *byte)).sum();
    told == computed && digits.len() >= 4
}

/// Which byte comes first, if these bytes are UTF-16: by a mark, or because every other byte of a
/// Latin text is zero.
pub(crate) fn is_utf16(head: &[u8]) -> Option<bool> {
    if head.starts_with(b"\xff\xfe") {
        return Some(false);
    }
    if head.starts_with(b"\xfe\xff") {
        return Some(true);
    }
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let (mut first, mut second) = (0, 0);
    for pair in head.chunks_exact(2) {
        if let [a, b] = pair {
            first += usize::from(*a == 0);
            second += usize::from(*b == 0);
        }
    }
    if second * 10 >= pairs * 7 && first * 50 <= pairs {
        Some(false)
    } else if first * 10 >= pairs * 7 && second * 50 <= pairs {
        Some(true)
    } else {
        None
    }
}

/// Whether these bytes are no text: many zeros or controls. A log that a crash cut holds some.
fn is_binary(head: &[u8]) -> bool {
    let odd = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127)).count();
    odd * 10 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_known_by_their_beginning() {
        let utf16: Vec<u8> = "Dear Jane,\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let table: &[(&str, &[u8], Kind)] = &[
            ("a", b"", Kind::Empty),
            ("a.txt", b"Dear Jane", Kind::Text),
            ("a.txt", &utf16, Kind::Text),
            ("a.log", b"[2026-01-02 03:04] started", Kind::Text),
            ("a.log", b"{\"at\": 1}\n{\"at\": 2}\n", Kind::Json),
            ("a", b"[{\"a\": 1}]", Kind::Json),
            ("a.csv", b"a;b\n1;2\n", Kind::Separated { delimiter: b';' }),
            (
                "-",
                b"name,mail\nJane,j@x.example\nBob,b@x.example\n",
                Kind::Separated { delimiter: b',' },
            ),
            ("a.csv.gz", b"a\tb\n1\t2\n", Kind::Separated { delimiter: b'\t' }),
            ("a", b"<!DOCTYPE html><p>", Kind::Html),
            ("a", b"From: a@x.example\r\nTo: b@x.example\r\nSubject: x\r\n\r\nhello", Kind::Mail),
            (
                "a",
                b"From a@x.example Mon Jan  1 00:00:00 2026\nFrom: a@x.example\nTo: b\n\nx",
                Kind::Mailbox,
            ),
            ("a", b"From: the beginning to: the end\nof a note", Kind::Text),
            ("a.txt", b"Note: to all\nName: Jane\nDate: today\n", Kind::Text),
            ("a", b"\x89PNG\r\n\x1a\n\0\0\0", Kind::NoText("a picture (PNG)")),
            ("a", b"\0\x02\0\x03\x01\0\xfe\0", Kind::NoText("no kind of file that is known")),
            ("a", b"%PDF-1.7\n", Kind::Pdf),
        ];
        for (name, head, wanted) in table {
            assert_eq!(kind(name, head), *wanted, "{name} {}", String::from_utf8_lossy(head));
        }
    }
}
