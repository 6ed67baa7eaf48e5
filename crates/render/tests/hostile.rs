//! Every document of this room, with every text in it hostile, judged by readers that are not ours:
//! Python's `zipfile`, `html.parser`, `csv` and `json`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use model::{DataType, Personal};
use policy::Tie;
use render::package::{
    Answered, Category, CollectionAnswer, FieldHead, FileAnswer, ListItem, NotShown, PackageKind,
    PackageWriter, Reached, RowAnswer, Shown, SystemAnswer, spool_in_memory,
};
use render::{Style, text};

/// What strangers write, and what each of them hopes for.
const HOSTILE: &[&str] = &[
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    " =1",
    "\u{a0}=1",
    "\u{ff1d}1",
    "\u{ff0b}1",
    "\u{ff0d}1",
    "\u{ff20}x",
    "\u{2212}1",
    "\u{fe66}1",
    "\u{200b}=1",
    "\u{feff}=1",
    "\u{ad}=1",
    "\u{1b}=1",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "a,b",
    "\"=1\"",
    "\";=1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=\"alert(1)",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    "<!-- x --><!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "]]><x/>",
    "&lt;script&gt;&#60;script&#62;",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]8;;https://evil.example\u{7}click\u{1b}]8;;\u{7}",
    "\u{1b}]52;c;ZXZpbA==\u{7}",
    "\u{9b}31m",
    "\u{9d}52;c;ZXZpbA==\u{9c}",
    "\u{8}\u{8}\u{8}over",
    "over\rwritten",
    "\u{7f}",
    "invoice\u{202e}fdp.exe",
    "\u{2066}x\u{2069}",
    "\u{200f}rtl\u{200e}",
    "\u{61c}x",
    "zero\u{200b}width\u{2060}",
    "\u{e0041}\u{e0042}",
    "line\u{2028}and\u{2029}paragraph",
    "nul\0inside",
    "\u{fffd}\u{fffe}",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\win.ini",
    "..\\..\\x",
    "CON",
    "nul.txt",
    "COM1.csv",
    "x.",
    "x ",
    "...",
    "$(touch x)`id`; rm -rf ~",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "'; DROP TABLE users; --",
];

/// The judge's verdict on a folder; what it looked at.
fn judged(folder: &Path) -> serde_json::Value {
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/judge.py");
    let ran =
        Command::new("python3").arg(judge).arg(folder).output().expect("python3 is installed");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{name}"));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn own(text: &str) -> String {
    text.to_owned()
}

/// A package in which `evil` stands wherever a text can.
fn package(evil: &str, kind: PackageKind) -> Vec<u8> {
    let mut head = common::head();
    head.organisation = own(evil);
    head.contact = own(evil);
    head.reference = own(evil);
    head.subject_names = vec![Personal::new(own(evil))];
    head.choices = vec![own(evil)];
    head.kind = kind;
    for authority in &mut head.complain_to {
        authority.name = own(evil);
        authority.contact = own(evil);
        authority.web = Some(own(evil));
    }
    let mut writer =
        PackageWriter::new(Cursor::new(Vec::new()), head, None, spool_in_memory()).unwrap();
    for key in [evil, "crm"] {
        let reached = if key == "crm" { Reached::NotReached(own(evil)) } else { Reached::Reached };
        let asked = reached.clone();
        writer
            .system(SystemAnswer {
                key: own(key),
                title: own(evil),
                source: Some(own(evil)),
                purposes: vec![own(evil)],
                recipients: vec![own(evil)],
                reached,
            })
            .unwrap();
        if !matches!(asked, Reached::Reached) {
            continue;
        }
        for (index, free_text) in [false, true].into_iter().enumerate() {
            let field = |name: &str| FieldHead {
                name: own(name),
                title: Some(own(evil)),
                categories: vec![Category { key: own(evil), title: own(evil) }],
                data_type: Some(DataType::Text { max_chars: None }),
                free_text,
            };
            writer
                .collection(CollectionAnswer {
                    name: format!("{evil}{}", if index == 0 { "" } else { "2" }),
                    title: own(evil),
                    why: vec![own(evil)],
                    fields: vec![field(evil), field("number"), field("file"), field("kept")],
                })
                .unwrap();
            let file = FileAnswer { name: Personal::new(own(evil)), place: own(evil), bytes: 4 };
            let path = writer.file(file, &mut &b"%PDF"[..]).unwrap();
            for tie in [Tie::Own, Tie::Authored, Tie::Shared, Tie::Mention] {
                let values = vec![
                    Shown::text(evil),
                    Shown::Number(Personal::new(own(evil))),
                    Shown::File(path.clone()),
                    Shown::Withheld(own(evil)),
                ];
                writer.row(&RowAnswer { tie, values }).unwrap();
            }
        }
    }
    let mut closing = common::closing();
    closing.not_shown = vec![NotShown { place: own(evil), reason: own(evil) }];
    let item = ListItem { title: own(evil), detail: Some(own(evil)) };
    closing.lists.categories = Answered::Given(vec![item.clone()]);
    closing.lists.third_parties = Answered::Given(vec![item]);
    writer.finish(&closing).unwrap().0.into_inner()
}

#[test]
fn packages_hold_no_live_markup_no_formula_and_no_name_outside() {
    let folder = folder("packages");
    for (index, evil) in HOSTILE.iter().enumerate() {
        let kind = if index % 2 == 0 { PackageKind::Access } else { PackageKind::Portability };
        std::fs::write(folder.join(format!("{index}.zip")), package(evil, kind)).unwrap();
    }
    // A text that breaks in the middle, and one that is long.
    let long = HOSTILE.concat().repeat(4);
    std::fs::write(folder.join("long.zip"), package(&long, PackageKind::Access)).unwrap();
    let wide = "\u{20000}".repeat(300);
    std::fs::write(folder.join("wide.zip"), package(&wide, PackageKind::Access)).unwrap();
    let looked = judged(&folder);
    assert_eq!(looked["archives"], HOSTILE.len() + 2, "{looked}");
    assert!(looked["cells"].as_u64().unwrap() > 3_000, "{looked}");
    assert!(looked["pages"].as_u64().unwrap() >= HOSTILE.len() as u64, "{looked}");
}

/// Every text of a struct, replaced by way of its JSON; what must be one of a list stays.
fn poisoned<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T, evil: &str) -> T {
    let mut json = serde_json::to_value(value).unwrap();
    let mut paths = Vec::new();
    collect(&json, String::new(), &mut paths);
    for path in paths {
        let before = json.pointer(&path).unwrap().clone();
        *json.pointer_mut(&path).unwrap() = evil.into();
        if serde_json::from_value::<T>(json.clone()).is_err() {
            *json.pointer_mut(&path).unwrap() = before;
        }
    }
    serde_json::from_value(json).unwrap()
}

fn collect(value: &serde_json::Value, path: String, paths: &mut Vec<String>) {
    match value {
        serde_json::Value::String(_) => paths.push(path),
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{path}/{index}"), paths);
            }
        }
        serde_json::Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(member, format!("{path}/{key}"), paths);
            }
        }
        _ => {}
    }
}

#[test]
fn certificates_and_the_notice_show_what_strangers_wrote_and_obey_none_of_it() {
    let folder = folder("documents");
    let mut spoilt = 0;
    for (index, evil) in HOSTILE.iter().enumerate() {
        let certificate = poisoned(&common::broken_certificate(), evil);
        spoilt += usize::from(certificate.organisation == *evil);
        let page = certificate.to_html(&common::halifax());
        std::fs::write(folder.join(format!("{index}-certificate.html")), page).unwrap();
        let json = certificate.to_canonical_json().unwrap();
        std::fs::write(folder.join(format!("{index}-certificate.json")), json).unwrap();

        let mut coverage = common::coverage();
        coverage.organisation = own(evil);
        coverage.notice = own(evil);
        coverage.not_reached = vec![own(evil)];
        for section in &mut coverage.sections {
            section.heading = own(evil);
            for sentence in &mut section.sentences {
                sentence.text = own(evil);
                sentence.promises.iter_mut().for_each(|promise| poison(promise, evil));
            }
        }
        coverage.homeless.iter_mut().for_each(|promise| poison(promise, evil));
        let page = coverage.to_html();
        std::fs::write(folder.join(format!("{index}-coverage.html")), page).unwrap();
        for (name, text) in [
            ("coverage", coverage.to_text(Style::PLAIN)),
            ("plan", plan(evil).to_text(Style::PLAIN, &common::halifax())),
        ] {
            assert!(text.lines().all(|line| text::width(line) <= 100), "{name} with {evil:?}");
            std::fs::write(folder.join(format!("{index}-{name}.terminal")), text).unwrap();
        }
        let coloured = plan(evil).to_text(Style::COLOURED, &common::halifax());
        assert_eq!(text::terminal(&coloured), coloured, "only our own colours, with {evil:?}");
    }
    assert_eq!(spoilt, HOSTILE.len(), "the texts are replaced");
    let looked = judged(&folder);
    assert_eq!(looked["pages"], 2 * HOSTILE.len(), "{looked}");
    assert_eq!(looked["texts"], 2 * HOSTILE.len(), "{looked}");
}

fn poison(promise: &mut render::coverage::Promise, evil: &str) {
    promise.quote = own(evil);
    promise.reason = own(evil);
    for control in &mut promise.controls {
        control.title = own(evil);
        control.reason = own(evil);
        control.evidence = Some(own(evil));
        control.entry = None;
    }
}

fn plan(evil: &str) -> render::plan_text::PlanView {
    let mut plan = common::plan();
    plan.request = own(evil);
    plan.digest = own(evil);
    for step in &mut plan.steps {
        step.system = own(evil);
        step.meaning = own(evil);
    }
    for change in &mut plan.changes {
        change.system = own(evil);
        change.collection = own(evil);
        change.happens = own(evil);
    }
    for kept in &mut plan.kept {
        kept.system = own(evil);
        kept.collection = own(evil);
        kept.because = own(evil);
    }
    for not in &mut plan.not_reached {
        not.system = own(evil);
        not.reason = own(evil);
    }
    plan.unread_files = vec![own(evil)];
    for identity in &mut plan.possible_identities {
        identity.place = own(evil);
        identity.identity = Personal::new(own(evil));
        identity.reason = own(evil);
    }
    for mention in &mut plan.possible_mentions {
        mention.place = own(evil);
        mention.reason = own(evil);
    }
    plan.errors = vec![own(evil)];
    plan.notes = vec![own(evil)];
    plan
}
