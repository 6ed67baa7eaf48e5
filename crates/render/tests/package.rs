//! Packages, written, opened again and compared.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use common::{
    closing, golden, head, ticket, ticketing, tickets, users, well_formed, without_style,
};
use model::{Personal, Secret, SeededRng};
use policy::Tie;
use render::package::{
    Error, FileAnswer, PackageWriter, Protection, Reached, RowAnswer, Shown, Summary, SystemAnswer,
    spool_in_memory,
};
use serde_json::Value;

type Writer = PackageWriter<Cursor<Vec<u8>>>;

fn writer(protection: Option<Protection>) -> Writer {
    PackageWriter::new(Cursor::new(Vec::new()), head(), protection, spool_in_memory()).unwrap()
}

fn password() -> Protection {
    Protection {
        password: Secret::new("correct horse battery".into()),
        rng: Arc::new(SeededRng::new(5)),
    }
}

fn jane() -> RowAnswer {
    RowAnswer {
        tie: Tie::Own,
        values: vec![Shown::Int(27), Shown::text("Jane Doe"), Shown::text("jane.doe@acme.example")],
    }
}

/// A small package with one of everything.
fn small(protection: Option<Protection>) -> (Vec<u8>, Summary) {
    let mut package = writer(protection);
    package.system(ticketing()).unwrap();
    package.collection(users()).unwrap();
    package.row(&jane()).unwrap();
    package.collection(tickets()).unwrap();
    let file = FileAnswer {
        name: Personal::new("Jane’s screen.png".into()),
        place: "Ticketing, ticket 2".into(),
        bytes: 4,
    };
    let path = package.file(file, &mut &b"\x89PNG"[..]).unwrap();
    package
        .row(&ticket(2, "My printer", "Hello,\n\nit is jammed.\nJane", Shown::File(path)))
        .unwrap();
    package
        .row(&ticket(3, "=1+1", "cc ▮▮▮", Shown::Withheld("a password of your employer".into())))
        .unwrap();
    package
        .system(SystemAnswer {
            key: "crm".into(),
            title: "CRM".into(),
            source: None,
            purposes: vec![],
            recipients: vec![],
            reached: Reached::NotReached("its server did not answer on 22 November.".into()),
        })
        .unwrap();
    let (out, summary) = package.finish(&closing()).unwrap();
    (out.into_inner(), summary)
}

fn unzip(bytes: &[u8], password: Option<&str>) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for i in 0..archive.len() {
        let mut file = match password {
            Some(password) => archive.by_index_decrypt(i, password.as_bytes()).unwrap(),
            None => archive.by_index(i).unwrap(),
        };
        let name = file.name().unwrap().into_owned();
        assert!(file.enclosed_name().is_some(), "{name} leaves its folder");
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        assert!(files.insert(name, content).is_none());
    }
    files
}

fn text<'a>(files: &'a BTreeMap<String, Vec<u8>>, name: &str) -> &'a str {
    std::str::from_utf8(files.get(name).unwrap_or_else(|| panic!("no {name}"))).unwrap()
}

/// Every page well formed, every link inside the package leads somewhere, the JSON follows its
/// schema, and each CSV file has as many rows as the JSON.
fn sound(files: &BTreeMap<String, Vec<u8>>) -> Value {
    for (name, _) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        let page = text(files, name);
        well_formed(page);
        for target in page.split("href=\"").skip(1) {
            let target = target.split(['"', '#']).next().unwrap();
            if target.is_empty() || target.starts_with("https://") {
                continue;
            }
            let from = if name.starts_with("pages/") { "pages/" } else { "" };
            let path = match target.strip_prefix("../") {
                Some(up) => up.to_owned(),
                None => format!("{from}{target}"),
            };
            assert!(files.contains_key(&path), "{name} links to {target}, which is not there");
        }
    }
    let data: Value = serde_json::from_str(text(files, "data.json")).unwrap();
    let schema: Value = serde_json::from_str(text(files, "data.schema.json")).unwrap();
    follows(&schema, &schema, &data, "");
    for system in data["systems"].as_array().unwrap() {
        for collection in system["collections"].as_array().unwrap() {
            let table = text(files, collection["csv"].as_str().unwrap());
            assert_eq!(csv_rows(table).len() - 1, collection["rows"].as_array().unwrap().len());
        }
    }
    data
}

/// As much of JSON Schema as ours uses.
fn follows(root: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(problem) = violation(root, schema, value, at) {
        panic!("{problem}");
    }
}

fn violation(root: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return violation(root, &root["$defs"][name.trim_start_matches("#/$defs/")], value, at);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let none = choices.iter().all(|one| violation(root, one, value, at).is_some());
        return none.then(|| format!("{at}: none of the allowed forms"));
    }
    if schema.get("const").is_some_and(|one| one != value) {
        return Some(format!("{at}: not the constant"));
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        return Some(format!("{at}: not in the enumeration"));
    }
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("unknown type {other}"),
    };
    let typed = match &schema["type"] {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().any(|name| is(name.as_str().unwrap())),
        _ => true,
    };
    if !typed {
        return Some(format!("{at}: wrong type"));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            return Some(format!("{at}: {name} is missing"));
        }
    }
    for (name, item) in value.as_object().into_iter().flatten() {
        let inner = match (schema["properties"].get(name), &schema["additionalProperties"]) {
            (Some(known), _) => known,
            (None, Value::Bool(false)) => {
                return Some(format!("{at}: {name} is not in the schema"));
            }
            (None, other) => other,
        };
        if let Some(problem) = violation(root, inner, item, &format!("{at}/{name}")) {
            return Some(problem);
        }
    }
    value
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
        .find_map(|(i, item)| violation(root, &schema["items"], item, &format!("{at}/{i}")))
}

/// Rows and cells of RFC 4180 text.
fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let (mut rows, mut row, mut cell, mut quoted) = (vec![], vec![], String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (c, _) => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted);
    rows
}

#[test]
fn a_small_package_as_it_was_looked_at() {
    let (bytes, summary) = small(None);
    assert_eq!(
        summary,
        Summary {
            records: 3,
            systems_with_records: 1,
            not_reached: 1,
            files: 1,
            pages: 0,
            formulas_disarmed: true
        }
    );
    let files = unzip(&bytes, None);
    sound(&files);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    golden("package.files.txt", &names.join("\n"));
    golden("package.index.html", &without_style(text(&files, "index.html")));
    golden("package.data.json", text(&files, "data.json"));
    golden("package.tickets.csv", text(&files, "csv/ticketing.tickets.csv"));
    golden("package.schema.json", text(&files, "csv/schema.json"));
    golden("package.README.txt", text(&files, "README.txt"));
    assert_eq!(files["files/0001-Jane_s_screen.png"], b"\x89PNG");
}

#[test]
fn one_input_one_archive() {
    assert_eq!(small(None).0, small(None).0);
    assert_eq!(small(Some(password())).0, small(Some(password())).0);
    let bytes = small(None).0;
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let at = archive.by_name("data.json").unwrap().last_modified().unwrap();
    assert_eq!((at.year(), at.month(), at.day(), at.hour(), at.minute()), (2026, 11, 22, 14, 5));
}

#[test]
fn a_password_covers_every_file_and_hides_their_names() {
    let (bytes, _) = small(Some(password()));
    let files = unzip(&bytes, Some("correct horse battery"));
    let plain = unzip(&small(None).0, None);
    sound(&files);
    assert_eq!(files["csv/ticketing.users.csv"], plain["csv/ticketing.users.csv"]);
    assert_eq!(files["files/0001.png"], b"\x89PNG");
    assert!(text(&files, "index.html").contains("Jane’s screen.png"));
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    for i in 0..archive.len() {
        assert!(archive.by_index(i).is_err(), "open without a password");
        let read = archive.by_index_decrypt(i, b"wrong").map(|mut file| {
            let mut content = Vec::new();
            file.read_to_end(&mut content).is_ok()
        });
        assert!(!matches!(read, Ok(true)), "a wrong password opens");
    }
    for needle in [&b"Jane"[..], b"jammed", b"acme.example"] {
        assert!(!bytes.windows(needle.len()).any(|window| window == needle));
    }
    let empty =
        Protection { password: Secret::new(String::new()), rng: Arc::new(SeededRng::new(1)) };
    let refused =
        PackageWriter::new(Cursor::new(Vec::new()), head(), Some(empty), spool_in_memory());
    assert!(matches!(refused.err(), Some(Error::EmptyPassword)));
}

#[test]
fn large_collections_go_to_pages_of_their_own() {
    let mut package = writer(None);
    package.system(ticketing()).unwrap();
    package.collection(tickets()).unwrap();
    for id in 1..=450 {
        package.row(&ticket(id, "Subject", "text", Shown::Empty)).unwrap();
    }
    package.collection(users()).unwrap();
    for id in 1..=41 {
        package
            .row(&RowAnswer {
                tie: Tie::Mention,
                values: vec![Shown::Int(id), Shown::Empty, Shown::Empty],
            })
            .unwrap();
    }
    let (out, summary) = package.finish(&closing()).unwrap();
    let files = unzip(&out.into_inner(), None);
    sound(&files);
    assert_eq!((summary.records, summary.pages), (491, 4));
    let second = text(&files, "pages/ticketing.tickets-2.html");
    assert!(second.contains("<h1>Tickets: records 201 to 400</h1>"));
    assert!(
        second.contains("ticketing.tickets-1.html") && second.contains("ticketing.tickets-3.html")
    );
    assert!(!text(&files, "pages/ticketing.tickets-3.html").contains("ticketing.tickets-4.html"));
    assert!(text(&files, "index.html").contains("Read the 450 records on 3 pages"));
    assert!(files.contains_key("pages/ticketing.users-1.html"));
}

#[test]
fn hostile_values_are_shown_and_never_obeyed() {
    let mega = "é<b>&\"'".repeat(150_000);
    let hostile = [
        "<script>alert(1)</script>",
        "</style></title><img src=x onerror=alert(1)>",
        "\" onmouseover=\"x",
        "=HYPERLINK(\"https://evil.example\",\"x\")",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "＝1",
        "../../etc/passwd",
        "\u{202e}txt.exe",
        "nul\0nul",
        "\u{1b}[2J",
        "<a href=\"../x",
        &mega,
        "שלום עולם",
        "\u{feff}=1",
        "]]>",
        "a\r\nb\u{2028}c",
        "\u{d}",
        "",
    ];
    let mut package = writer(None);
    let mut system = ticketing();
    system.key = "../../etc".into();
    system.title = hostile[0].into();
    package.system(system).unwrap();
    let mut collection = tickets();
    collection.name = "..\\con".into();
    collection.title = hostile[1].into();
    collection.fields[1].name = "=cmd".into();
    collection.fields[1].title = Some(hostile[2].into());
    package.collection(collection).unwrap();
    for (i, value) in hostile.iter().enumerate() {
        let file =
            FileAnswer { name: Personal::new((*value).into()), place: hostile[2].into(), bytes: 0 };
        let path = package.file(file, &mut std::io::empty()).unwrap();
        package.row(&ticket(i as i64, value, value, Shown::File(path))).unwrap();
    }
    let (out, summary) = package.finish(&closing()).unwrap();
    let files = unzip(&out.into_inner(), None);
    let data = sound(&files);
    assert!(summary.formulas_disarmed);
    assert!(files.contains_key("csv/etc._con.csv"), "{:?}", files.keys());
    // The JSON holds what was there, to the byte.
    for (row, value) in
        data["systems"][0]["collections"][0]["rows"].as_array().unwrap().iter().zip(hostile)
    {
        assert_eq!(row["values"]["body"].as_str().unwrap(), value);
    }
    let table = csv_rows(text(&files, "csv/etc._con.csv"));
    for cell in table.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '@', '\t', '\r', '＝']), "a formula: {cell:.40}");
        assert!(!cell.contains('\0'));
    }
    for (name, content) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        let page = std::str::from_utf8(content).unwrap();
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('\u{202e}'));
        assert!(page.len() < 800_000, "{name}: one long value must not make a page unreadable");
    }
    for name in files.keys() {
        assert!(!name.contains("..") && !name.contains('\\') && !name.starts_with('/'), "{name}");
    }
}

#[test]
fn nothing_found_is_said_and_calls_out_of_order_are_refused() {
    let mut package = writer(None);
    assert!(matches!(package.row(&jane()), Err(Error::Order(_))));
    assert!(matches!(package.collection(users()), Err(Error::Order(_))));
    package.system(ticketing()).unwrap();
    package.collection(users()).unwrap();
    let narrow = RowAnswer { tie: Tie::Own, values: vec![Shown::Empty] };
    assert!(matches!(package.row(&narrow), Err(Error::Width { wanted: 3, got: 1, .. })));
    let (out, summary) = package.finish(&Default::default()).unwrap();
    assert_eq!((summary.records, summary.systems_with_records), (0, 0));
    let files = unzip(&out.into_inner(), None);
    sound(&files);
    let index = text(&files, "index.html");
    assert!(index.contains("We searched 1 system and found nothing about you."));
    assert!(index.contains("We cannot say: the policy does not say."));
}
