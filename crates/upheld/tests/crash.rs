//! Stopped at every numbered site and taken up again: an access, an erasure, a correction, a run of
//! retention, on every product. However the power goes, the end is the one of an undisturbed run:
//! nothing lost, nothing doubled, nobody else touched, the log whole, the certificate right.
//!
//! Most sites are tried at every visit. Those that every run passes dozens of times are tried at
//! visits spread over the run; `UPHELD_CRASH=all` tries all of them.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "helpers of tests may panic as tests may, and tell how much they did"
)]
#![allow(clippy::disallowed_methods, reason = "who runs the tests by hand asks for more of them")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use common::Ran;
use common::desk::{Content, Desk, PRODUCTS, Product, email, phone};
use model::crash::{AT, SITES, VISITS};
use serde_json::Value;

/// The people of the house; the first one asks.
const PEOPLE: u32 = 6;

/// What is done until the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Story {
    Access,
    Erase,
    Rectify,
    Retain,
    /// An access in a house that has no keys and no state yet.
    First,
    /// A hold has ended: a run of retention erases what it kept.
    Wake,
}

const STORIES: [Story; 4] = [Story::Access, Story::Erase, Story::Rectify, Story::Retain];

impl Story {
    fn out(self) -> &'static str {
        match self {
            Self::Access | Self::First => "jane.zip",
            Self::Erase | Self::Rectify => "certificate.json",
            Self::Retain | Self::Wake => "record.json",
        }
    }

    fn words(self, desk: &Desk) -> Vec<String> {
        let out = desk.out(self.out());
        let her = ["--email".to_owned(), email(1)];
        let words =
            |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        match self {
            Self::Access | Self::First => {
                [words(&["request", "access", "-o", &out]), her.to_vec()].concat()
            }
            Self::Erase => {
                [words(&["request", "erase", "--yes", "-o", &out]), her.to_vec()].concat()
            }
            Self::Rectify => {
                let set = format!("phone={}", phone(99));
                let begin = words(&["request", "rectify", "--yes", "-o", &out, "--set", &set]);
                [begin, her.to_vec()].concat()
            }
            Self::Retain | Self::Wake => {
                words(&["retain", "run", "--yes", "--full-speed", "-o", &out])
            }
        }
    }

    fn retains(self) -> bool {
        matches!(self, Self::Retain | Self::Wake)
    }
}

/// What a run leaves.
#[derive(Debug, Clone, PartialEq)]
struct End {
    content: Content,
    /// Events that may stand once only, counted.
    events: BTreeMap<String, u32>,
    requests: Vec<(String, String)>,
    handed_out: Vec<String>,
    /// The certificate or the record without what is another one each time.
    document: Value,
}

fn run(desk: &Desk, words: &[String], variables: &[(&str, &str)]) -> Ran {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut command = desk.house.command(&words);
    command.envs(variables.iter().copied());
    common::ran(&command.output().unwrap())
}

/// Takes the work up as a person would who finds that the machine was off.
fn recover(desk: &Desk, story: Story) -> Result<(), String> {
    let fine = |ran: Ran| match ran.code {
        Some(0) => Ok(()),
        _ => Err(format!("taking it up ends with {:?}: {}", ran.code, ran.said())),
    };
    let there = desk.house.folder.join(".upheld/upheld.db").exists();
    let begun_anew = match story {
        // A run that has ended and whose record lies there is not run again.
        Story::Retain => {
            let runs = desk.own("SELECT id FROM retention_runs WHERE ended_at IS NOT NULL");
            runs.is_empty()
        }
        Story::Wake => true,
        _ => !there || desk.requests().is_empty(),
    };
    if begun_anew {
        fine(run(desk, &story.words(desk), &[]))?;
    }
    for (id, kind, _) in open_requests(desk)? {
        let name = match (kind.as_str(), story) {
            ("access", _) => "jane.zip".to_owned(),
            (_, Story::Wake) => format!("certificate-{}.json", &id[..8]),
            _ => "certificate.json".to_owned(),
        };
        let out = desk.out(&name);
        let words = ["request", "resume", &id, "--yes", "-o", &out].map(str::to_owned);
        let words: Vec<String> =
            words.into_iter().filter(|word| kind != "access" || word != "--yes").collect();
        fine(run(desk, &words, &[]))?;
    }
    Ok(())
}

/// The requests that the list does not show as done.
fn open_requests(desk: &Desk) -> Result<Vec<(String, String, String)>, String> {
    let listed = desk.house.upheld(&["request", "list", "--json"]);
    let Some(Value::Array(list)) = listed.answers().into_iter().next() else {
        return Err(format!("no list: {}", listed.said()));
    };
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let told = list.iter().map(|one| (text(one, "id"), text(one, "kind"), text(one, "status")));
    Ok(told.filter(|(_, _, status)| status != "done").collect())
}

fn end(desk: &Desk, story: Story) -> Result<End, String> {
    let checked = desk.house.upheld(&["ledger", "verify"]);
    if checked.code != Some(0) {
        return Err(format!("the log does not verify: {}", checked.said()));
    }
    let handed_out = desk.handed_out();
    let mut events: BTreeMap<String, u32> = BTreeMap::new();
    for event in desk.events() {
        // Said each time the work is taken up; and what a run of retention has done up to then is
        // told again, with the same number, when its record could not be issued.
        let often = ["request taken up again", "retention taken up again", "retention done"];
        // A run that ended before the power went is followed by another one.
        let runs =
            story == Story::Wake && (event.contains("retention") || event.contains("record"));
        if !often.contains(&event.as_str()) && !runs {
            *events.entry(event).or_default() += 1;
        }
    }
    let requests = desk.requests().into_iter().map(|(_, kind, status)| (kind, status)).collect();
    let path = desk.out(story.out());
    let document = match (Path::new(&path).exists(), story) {
        (false, _) => return Err(format!("`{}` was not handed out", story.out())),
        (true, Story::Access | Story::First) => package(&path),
        (true, _) => {
            let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
            let document: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            settled(document)
        }
    };
    Ok(End { content: desk.content(), events, requests, handed_out, document })
}

/// The names of the files in a package and their sizes, where those do not hold the hour.
fn package(path: &str) -> Value {
    let bytes = std::fs::read(path).unwrap();
    // The directory at the end of a ZIP file: each entry has its mark, its size and its name.
    let mut entries = BTreeMap::new();
    let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]) as usize;
    let mut at = 0;
    while at + 46 < bytes.len() {
        if bytes[at..at + 4] == [0x50, 0x4b, 0x01, 0x02] {
            let size = u32::from_le_bytes(bytes[at + 24..at + 28].try_into().unwrap());
            let name =
                String::from_utf8_lossy(&bytes[at + 46..at + 46 + short(at + 28)]).into_owned();
            entries.insert(name, size);
            at += 46 + short(at + 28) + short(at + 30) + short(at + 32);
        } else {
            at += 1;
        }
    }
    assert!(entries.len() > 2, "{entries:?}");
    serde_json::to_value(entries).unwrap()
}

/// A certificate or record without numbers, hours and the place in the log, which differ by the run.
fn settled(mut document: Value) -> Value {
    fn walk(value: &mut Value, key: &str) {
        const OTHER: [&str; 17] = [
            "id",
            "request",
            "run",
            "plan_digest",
            "opened_at",
            "completed_at",
            "begun_at",
            "ended_at",
            "ledger",
            "public_key",
            "signature",
            "text",
            "digest",
            "interrupted",
            "cutoff",
            "key",
            "signed",
        ];
        match value {
            _ if OTHER.contains(&key) => *value = Value::Null,
            Value::Object(map) => map.iter_mut().for_each(|(key, value)| walk(value, key)),
            Value::Array(list) => list.iter_mut().for_each(|value| walk(value, "")),
            _ => {}
        }
    }
    walk(&mut document, "");
    document
}

/// Rows of a record of destruction that are counted, and of which it says that they are not known.
fn counted(document: &Value) -> (u64, u64) {
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    let rules = document["record"]["rules"].as_array().cloned().unwrap_or_default();
    let told = rules.iter().map(|rule| number(&rule["rows"])).sum();
    (told, rules.iter().map(|rule| number(&rule["unknown"])).sum())
}

/// What of two ends is not the same.
fn differences(sound: &End, found: &End, story: Story) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut differ = |what: &str, a: &dyn std::fmt::Debug, b: &dyn std::fmt::Debug, same: bool| {
        if !same {
            wrong.push(format!("{what}: {b:?} instead of {a:?}"));
        }
    };
    for place in sound.content.keys().chain(found.content.keys()).collect::<BTreeSet<_>>() {
        let (a, b) = (sound.content.get(place), found.content.get(place));
        differ(place, &a, &b, a == b);
    }
    for kind in sound.events.keys().chain(found.events.keys()).collect::<BTreeSet<_>>() {
        let (a, b) = (sound.events.get(kind), found.events.get(kind));
        differ(&format!("event `{kind}`"), &a, &b, a == b);
    }
    differ("requests", &sound.requests, &found.requests, sound.requests == found.requests);
    // What wakes has the hour in the name of its certificate, and is taken up under another name.
    let same = story == Story::Wake || sound.handed_out == found.handed_out;
    differ("files", &sound.handed_out, &found.handed_out, same);
    if story == Story::Wake {
        // The record is another run's; what it erased stands in the content and in the events.
    } else if story.retains() {
        // What was counted and what is said not to be known bound the truth from both sides.
        let ((all, none), (told, unknown)) = (counted(&sound.document), counted(&found.document));
        assert_eq!(none, 0);
        let right = told <= all && all <= told + unknown;
        differ("rows of the record", &all, &(told, unknown), right);
    } else {
        let same = sound.document == found.document;
        differ("document", &sound.document, &found.document, same);
    }
    wrong
}

/// A house in which the story can begin.
fn house_for(story: Story, product: Product) -> Desk {
    let desk = Desk::new(&format!("crash_{story:?}").to_lowercase(), product, PEOPLE);
    match story {
        Story::First => {
            std::fs::remove_dir_all(desk.house.folder.join(".upheld")).unwrap();
            desk.keep_as_begin();
        }
        Story::Wake => {
            let why = ["--reason", "claim 12", "--owner", "legal"];
            let hold = [&["hold", "add", "--record", "desk.contacts:2"][..], &why].concat();
            desk.house.must(0, &hold);
            std::fs::create_dir_all(desk.out("")).unwrap();
            let (out, other) = (desk.out("held.json"), email(2));
            desk.house.must(0, &["request", "erase", "--yes", "-o", &out, "--email", &other]);
            let id = desk.house.json(0, &["hold", "list"])[0][0]["id"].as_str().unwrap().to_owned();
            desk.house.must(0, &["hold", "lift", &id, "--reason", "settled"]);
            desk.keep_as_begin();
        }
        _ => {}
    }
    desk
}

/// An undisturbed run: how it ends, and how often each site is visited.
fn undisturbed(desk: &Desk, story: Story) -> (End, BTreeMap<String, u64>) {
    desk.reset();
    let visits = desk.house.beside("visits");
    drop(std::fs::remove_file(&visits));
    let ran = run(desk, &story.words(desk), &[(VISITS, &visits)]);
    assert_eq!(ran.code, Some(0), "{story:?} on {:?}: {}", desk.product, ran.said());
    let mut counts = BTreeMap::new();
    for site in std::fs::read_to_string(&visits).expect("the binary has crash sites").lines() {
        *counts.entry(site.to_owned()).or_default() += 1;
    }
    let end =
        end(desk, story).unwrap_or_else(|why| panic!("{story:?} on {:?}: {why}", desk.product));
    (end, counts)
}

/// The visits of a site that are tried.
fn tried(site: &str, visits: u64) -> Vec<u64> {
    let all = std::env::var("UPHELD_CRASH").is_ok_and(|word| word == "all");
    let every =
        ["store.", "evidence.", "engine.hand_out.row", "engine.look", "engine.keep", "vault."];
    let most = if every.iter().any(|begin| site.starts_with(begin)) { 2 } else { u64::MAX };
    if all || visits <= most {
        return (1..=visits).collect();
    }
    let spread = (0..most).map(|at| 1 + at * (visits - 1) / (most - 1));
    spread.collect::<BTreeSet<_>>().into_iter().collect()
}

fn stopped_everywhere(product: Product, stories: &[Story]) {
    let (mut cases, mut died) = (0, 0);
    let mut wrong = Vec::new();
    for story in stories.iter().copied() {
        let desk = house_for(story, product);
        let (sound, visits) = undisturbed(&desk, story);
        eprintln!("{product:?}: {story:?} visits {} sites", visits.len());
        for (site, visits) in visits {
            for visit in tried(&site, visits) {
                desk.reset();
                let at = format!("{site}:{visit}");
                let ran = run(&desk, &story.words(&desk), &[(AT, &at)]);
                cases += 1;
                // What the log seals and when depends on the clock: a visit may not come.
                died += u32::from(ran.code.is_none());
                let told = match ran.code {
                    None | Some(0) => recover(&desk, story).and_then(|()| end(&desk, story)),
                    Some(_) => Err(ran.said()),
                };
                let found = match told {
                    Ok(found) => differences(&sound, &found, story),
                    Err(why) => vec![why],
                };
                if !found.is_empty() {
                    let told = format!("{story:?} at {at}:\n    {}", found.join("\n    "));
                    // Told at once: the whole takes minutes.
                    eprintln!("{product:?}: {told}");
                    wrong.push(told);
                }
            }
        }
    }
    println!("{product:?}: stopped {died} times in {cases} runs, {} went wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {cases} on {product:?}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(died * 10 >= cases * 9, "died in {died} of {cases}");
}

#[test]
fn on_sqlite_it_ends_as_if_nothing_had_happened() {
    stopped_everywhere(Product::Sqlite, &STORIES);
}

#[test]
fn on_postgresql_it_ends_as_if_nothing_had_happened() {
    stopped_everywhere(Product::Postgres, &STORIES);
}

#[test]
fn on_mariadb_it_ends_as_if_nothing_had_happened() {
    stopped_everywhere(Product::MariaDb, &STORIES);
}

#[test]
fn in_files_it_ends_as_if_nothing_had_happened() {
    stopped_everywhere(Product::Files, &STORIES);
}

#[test]
fn the_first_request_of_a_house_and_an_erasure_that_wakes_end_as_if_nothing_had_happened() {
    stopped_everywhere(Product::Sqlite, &[Story::First, Story::Wake]);
}

#[test]
fn every_site_stands_in_the_code_and_is_reached() {
    let mut written = BTreeSet::new();
    sites_in(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")), &mut written);
    let listed: BTreeSet<String> = SITES.iter().map(|site| (*site).to_owned()).collect();
    assert_eq!(listed, written, "`model::crash::SITES` and the code");
    let mut reached = BTreeSet::new();
    let tell = |desk: &Desk, story| undisturbed(desk, story).1.into_keys();
    for product in PRODUCTS {
        let desk = house_for(Story::Access, product);
        STORIES.iter().for_each(|story| reached.extend(tell(&desk, *story)));
    }
    for story in [Story::First, Story::Wake] {
        reached.extend(tell(&house_for(story, Product::Sqlite), story));
    }
    let missed: Vec<&String> = listed.difference(&reached).collect();
    assert!(missed.is_empty(), "no story reaches {missed:?}");
}

/// The sites that stand in the sources of every room.
fn sites_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
            sites_in(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let calls = text.split("crash::site(\"").skip(1);
            found.extend(
                calls.filter_map(|call| call.split_once('"')).map(|(site, _)| site.to_owned()),
            );
        }
    }
}
