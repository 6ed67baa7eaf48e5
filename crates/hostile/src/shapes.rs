//! Inputs that are shaped like trouble: what opens and never closes, what repeats, what nests, what
//! swells. Each can be made of any length, so that what they cost can be held against it.

use std::io::Write;

/// The shapes for a door, each as long as asked for.
pub fn of(target: &str, bytes: usize) -> Vec<(&'static str, Vec<u8>)> {
    let mut shapes: Vec<(&'static str, Vec<u8>)> = Vec::new();
    let mut add = |name: &'static str, head: &str, unit: &str, tail: &str| {
        let room = bytes.saturating_sub(head.len() + tail.len());
        let body = unit.repeat(room / unit.len().max(1));
        shapes.push((name, [head, &body, tail].concat().into_bytes()));
    };
    match target {
        "policy" => {
            add("unknown keys", "organisation:\n", "  a: 1\n", "");
            add("one line", "{", "ab: c, ", "}");
            add(
                "keys of their own",
                "--- systems/x.yaml\n",
                "dataset: [{fields: [{name: x}]}]\n",
                "",
            );
            add("opened", "", "[", "");
            add(
                "fields",
                "--- systems/crm.yaml\nfides_key: crm\ncollections:\n",
                "  - name: c\n    fields:\n      - name: f\n        data_categories: [user.nope]\n",
                "",
            );
            add("anchors", "a: &a [x]\nb: [", "*a, ", "]\n");
            add("a list of tabs", "a:\n", "\t- x\n", "");
        }
        "quote" => {
            add("rivals", "a|b\n", "b a b a ", "");
            add("an absent quote", "We keep everything for 7 years\n", "We keep nothing. ", "");
            add("opened tags", "x\n", "<p", "");
            add("comments", "x\n", "<!--", "");
            add("entities", "x\n", "&am", "");
            add("emphasis", "x\n", "*a **b ", "");
            add("links", "x\n", "[", "");
            add("tables", "x\n| a |\n|---|\n", "| b |\n", "");
            add("quotes in quotes", "x\n", "> ", "a");
            add("spaces", "x\n", " \u{a0}", "");
        }
        "search" | "redact" => {
            for (name, unit) in [
                ("soft breaks", "=\r\n"),
                ("equals", "="),
                ("percents", "%"),
                ("ampersands", "&"),
                ("backslashes", "\\"),
                ("quotes", "\""),
                ("base64", "QUJDREVGR0hJSktMTU5PUFFSU1RVVg=="),
                ("encoded words", "=?utf-8?B?SmFuZQ==?= "),
                ("opened words", "=?utf-8?Q?"),
                ("names", "Jane Doe "),
                ("addresses", "jane.doe@acme.example,"),
                ("digits", "902 555 0142 "),
                ("lengths", "s:8:\"Jane Doe\";"),
                ("nuls", "J\0a\0n\0e\0"),
                ("one word", "janejane"),
                ("accents", "e\u{308}"),
                ("entities", "&#74;"),
                ("percent", "%4A"),
                ("escapes", "\\u004a"),
            ] {
                add(name, "", unit, "");
            }
        }
        "packed" => {
            add("streams of a PDF", "%PDF-1.7\n", "stream\nx\u{1}", "");
            add("ends of an archive", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "");
        }
        "csv" => {
            add("commas", "A", ",", "");
            add("quotes", "A", "\"", "");
            add("one name", "A", "a,", "\n1,2\n");
            add("lines", "A", "a,b\n", "");
            add("opened", "Aa,b\n", "\"\n", "");
        }
        "jsonl" => {
            add("empty members", "A{", "\"\":0,", "\"x\":0}\n");
            add("one member", "A{", "\"a\":0,", "\"a\":0}\n");
            add("nested", "A{\"a\":", "[", "");
            add("lines", "A", "{\"a\":1}\n", "");
            add("escapes", "A{\"a\":\"", "\\\\", "\"}\n");
        }
        "lines" => {
            add("empty lines", "A", "\n", "");
            add("moments", "A", "2026-01-02T03:04:05Z x\n", "");
            add("one line", "A", "[ ", "");
        }
        "address" => {
            add("patterns", "files:x?", "pattern=*&", "");
            add("percents", "files:", "%41", "");
            add("options", "postgres://u@h/d?", "sslmode=a&", "");
        }
        "tile" => add("groups", "tile/0/", "x001/", "067"),
        "note" => {
            add("signatures", "a\n1\nAAA=\n\n", "\u{2014} a AAAAAAA=\n", "");
            add("empty lines", "", "\n", "");
            add(
                "a path",
                "c2sp.org/tlog-proof@v1\nindex 1\n",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                "",
            );
        }
        "shown" => {
            add("controls", "", "\u{1b}[", "");
            add("dots", "", ".", "");
            add("words", "", "a ", "");
            add("quotes", "=", "\"", "");
        }
        "dates" => add("lines", "", "2026-01-02\n", ""),
        _ => add("bytes", "A", "ab\n", ""),
    }
    if target == "packed" || target == "gzip" {
        shapes.extend(bombs(bytes));
    }
    shapes
}

/// Archives that swell, each of at most so many bytes.
pub fn bombs(bytes: usize) -> Vec<(&'static str, Vec<u8>)> {
    // Deflate packs no better than about 1,030 to 1; more than this only takes longer to make.
    let zeros = vec![0; bytes.saturating_mul(900).min(8 << 20)];
    let flat = gzip(&zeros);
    let deflated = flat.get(10..flat.len().saturating_sub(8)).unwrap_or_default().to_vec();
    let nested = (0..3).fold(gzip(&zeros), |inner, _| gzip(&inner));
    vec![
        ("a high ratio", flat),
        ("nested", nested),
        ("endless members", gzip(b"").repeat(bytes / 20)),
        ("one member under many names", overlapping(&deflated, bytes)),
        ("cut", cut(gzip(&vec![b'a'; bytes.saturating_mul(400).min(4 << 20)]))),
    ]
}

fn cut(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() * 3 / 4);
    bytes
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let done = out.write_all(text).and_then(|()| out.finish());
    done.unwrap_or_default()
}

/// A ZIP archive (APPNOTE 4.3) whose directory names the same packed bytes again and again, up to
/// this size or as often as a directory can.
fn overlapping(deflated: &[u8], bytes: usize) -> Vec<u8> {
    let mut shared = Vec::new();
    for field in [20u16, 0, 8, 0, 0] {
        shared.extend(field.to_le_bytes());
    }
    for field in [0, deflated.len(), deflated.len()] {
        shared.extend(u32::try_from(field).unwrap_or(u32::MAX).to_le_bytes());
    }
    shared.extend([1, 0, 0, 0]);
    let mut out = [b"PK\x03\x04".as_slice(), &shared, b"a", deflated].concat();
    let start = u32::try_from(out.len()).unwrap_or(u32::MAX);
    let count = u16::try_from(bytes / 47).unwrap_or(u16::MAX).max(2);
    for _ in 0..count {
        out.extend(b"PK\x01\x02\x14\0");
        out.extend(&shared);
        out.extend([0; 14]);
        out.extend(b"a");
    }
    let size = u32::from(count) * 47;
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}
