//! The packs that ship: each is sound, each promise stands in its notice, and together they carry
//! the whole catalogue. The table in docs/promises.md is made here.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use policy::{Control, Pack, Policy, Promise, Severity, Sources, catalogue, load, packs, render};

mod promised;

use promised::{PROMISED, Promised};

fn read(pack: &Pack) -> Policy {
    let sources: Sources = pack.files().into_iter().collect();
    let checked = load(&sources);
    assert_eq!(render(&checked.findings, false, 100), "", "{}", pack.key);
    assert_eq!(checked.count(Severity::Error), 0);
    checked.policy.unwrap()
}

/// How a pack stands to a promise of the catalogue.
fn carries(policy: &Policy, id: &str) -> &'static str {
    let of: Vec<&Promise> = policy
        .promises
        .iter()
        .filter(|promise| promise.catalogue.iter().any(|c| c == id))
        .collect();
    let bare = of.iter().filter(|promise| promise.controls.is_empty()).count();
    match (of.len(), bare) {
        (0, _) => "",
        (_, 0) => "yes",
        (all, bare) if all == bare => "unproven",
        _ => "in part",
    }
}

/// What the strongest control of a promise looks at.
fn strength(promise: &Promise) -> Strength {
    promise
        .controls
        .iter()
        .map(|control| match control {
            Control::NoticeText(_) => Strength::Text,
            Control::Attestation(_) => Strength::Person,
            Control::RequestRight(_)
            | Control::Retention(_)
            | Control::Absence(_)
            | Control::Encryption(_)
            | Control::RecipientEvidence(_)
            | Control::Access(_)
            | Control::Held(_)
            | Control::Purpose(_)
            | Control::Transfer(_)
            | Control::Contract(_)
            | Control::NoSale(_)
            | Control::LeadTime(_)
            | Control::Told(_)
            | Control::Agreement(_)
            | Control::Children(_)
            | Control::ClientPaper(_)
            | Control::Deidentified(_) => Strength::Machine,
        })
        .max()
        .unwrap_or(Strength::None)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    None,
    Text,
    Person,
    Machine,
}

#[test]
fn every_promise_of_every_pack_stands_in_its_notice_and_in_the_catalogue() {
    assert_eq!(packs().len(), 5);
    for pack in packs() {
        let policy = read(pack);
        let mut places = BTreeSet::new();
        for promise in &policy.promises {
            let whose = format!("{}: {}", pack.key, promise.id);
            let found = promise.found.as_ref().unwrap();
            assert!(places.insert((found.line, found.column)), "{whose} begins where another does");
            assert!(!promise.catalogue.is_empty(), "{whose} names no promise of the catalogue");
            for id in &promise.catalogue {
                assert!(catalogue::entry_of(id).is_some(), "{whose}: {id}");
            }
            if promise.controls.is_empty() {
                let note = promise.note.as_deref().unwrap_or_default();
                assert!(note.starts_with("needs "), "{whose} says nothing of what is missing");
            }
        }
        // What is left are words of welcome.
        let bare = policy.coverage().without_promise;
        assert!(
            bare.len() <= 3,
            "{}: {:?}",
            pack.key,
            bare.iter().map(|s| &s.text).collect::<Vec<_>>()
        );
    }
}

#[test]
fn every_notice_makes_the_promises_that_its_kind_makes() {
    let ids: Vec<&str> = catalogue::ENTRIES.iter().map(|entry| entry.id).collect();
    let told: Vec<&str> = PROMISED.iter().map(|promised| promised.id).collect();
    assert_eq!(told, ids, "tests/promised has each promise of the catalogue once, in its order");
    for pack in packs() {
        let policy = read(pack);
        let missing: Vec<&str> = PROMISED
            .iter()
            .filter(|promised| promised.who.contains(&pack.key))
            .filter(|promised| carries(&policy, promised.id).is_empty())
            .map(|promised| promised.id)
            .collect();
        assert!(missing.is_empty(), "{} lacks {missing:?}", pack.key);
    }
}

/// What docs/promises.md says of a promise is what the packs do.
#[test]
fn the_controls_that_the_page_names_are_those_of_the_packs() {
    let all: Vec<(&str, Policy)> = packs().iter().map(|pack| (pack.key, read(pack))).collect();
    let promises = || all.iter().flat_map(|(_, policy)| &policy.promises);
    let kinds: BTreeSet<&str> = promises().flat_map(|p| &p.controls).map(Control::key).collect();
    for Promised { id, who, how } in PROMISED {
        let done = how.split("Not yet").next().unwrap();
        let named: BTreeSet<&str> = done
            .split('`')
            .skip(1)
            .step_by(2)
            .filter_map(|code| code.split([':', ' ']).next())
            .filter(|word| kinds.contains(word))
            .collect();
        let mut used = BTreeSet::new();
        for (pack, policy) in &all {
            let of = policy.promises.iter().filter(|p| p.catalogue.iter().any(|c| c == id));
            let here: BTreeSet<&str> =
                of.flat_map(|promise| &promise.controls).map(Control::key).collect();
            let stands = named.is_empty() || !named.is_disjoint(&here);
            assert!(stands || !who.contains(pack), "{id}, {pack}: {here:?}, {named:?}");
            used.extend(here);
        }
        let idle: Vec<_> = named.difference(&used).collect();
        assert!(idle.is_empty(), "{id}: no pack has {idle:?}");
    }
}

/// A newcomer is not met by a broken promise: what the examples show is in force for months.
#[test]
fn the_papers_of_the_packs_are_in_force() {
    let (from, until) = (jiff::civil::date(2026, 11, 23), jiff::civil::date(2027, 2, 1));
    for pack in packs() {
        let policy = read(pack);
        assert!(policy.recipients.iter().any(|recipient| !recipient.evidence.is_empty()));
        for recipient in &policy.recipients {
            let papers = recipient.evidence.iter().chain(&recipient.contract);
            for paper in papers {
                let good = paper.dated <= from && paper.until.is_none_or(|last| last >= until);
                assert!(good, "{}: {} of {}", pack.key, paper.title, recipient.key);
            }
        }
    }
}

/// The rows of a pack's matrix that are meant to hold nothing may go without a time.
#[test]
fn the_matrix_says_of_every_row_who_sees_it_and_how_long_it_stays() {
    for pack in packs() {
        let policy = read(pack);
        for row in &policy.classification {
            assert!(row.retention.is_some(), "{}: {}", pack.key, row.key);
            let secret = row.categories.iter().any(|c| c == "user.authorization");
            assert!(secret || !row.access.is_empty(), "{}: {}", pack.key, row.key);
        }
        assert!(policy.row("special").or(policy.row("sensitive")).is_some(), "{}", pack.key);
    }
    let matrix = read(packs().iter().find(|pack| pack.key == "devops-consultancy").unwrap());
    let eight: Vec<_> = matrix
        .classification
        .iter()
        .take(8)
        .map(|row| (row.key.as_str(), row.sensitivity.title(), row.retention.as_deref().unwrap()))
        .collect();
    let service = "service + 1 year";
    assert_eq!(
        eight,
        [
            ("pii", "high", service),
            ("sensitive", "very high", service),
            ("client", "high", service),
            ("operational", "medium", "5 years"),
            ("technical", "medium", service),
            ("analytics", "low", "while the service lasts"),
            ("incident", "high", "8 years"),
            ("compliance", "high", "8 years"),
        ]
    );
}

#[test]
fn the_page_about_promises_is_current() {
    let all: BTreeMap<&str, Policy> = packs().iter().map(|pack| (pack.key, read(pack))).collect();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/promises.md");
    let text = describe(&all);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&page, &text).unwrap();
    }
    let wanted = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(wanted == text, "docs/promises.md is out of date (UPDATE_GOLDEN=1 accepts):\n{text}");
}

fn describe(all: &BTreeMap<&str, Policy>) -> String {
    let mut text = promised::OPENING.to_owned();
    text.push_str("\n## The packs\n\n");
    text.push_str(
        "| pack | for | promises | looked up in systems and registers | confirmed by a person \
         | true by standing there | unproven |\n|---|---|--:|--:|--:|--:|--:|\n",
    );
    for pack in packs() {
        let Some(policy) = all.get(pack.key) else { continue };
        let count =
            |wanted| policy.promises.iter().filter(|promise| strength(promise) == wanted).count();
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} | {} |",
            pack.key,
            pack.title,
            policy.promises.len(),
            count(Strength::Machine),
            count(Strength::Person),
            count(Strength::Text),
            count(Strength::None),
        );
    }
    text.push_str(promised::READING);
    let mut chapter = "";
    for Promised { id, how, .. } in PROMISED {
        let title = catalogue::entry_of(id).unwrap().title;
        let letter = id.get(..1).unwrap();
        if letter != chapter {
            chapter = letter;
            let heading = promised::CHAPTERS.iter().find(|(key, _)| *key == letter).unwrap().1;
            let _ =
                write!(text, "\n## {letter}. {heading}\n\n| id | promise | how it is made true |");
            for pack in packs() {
                let _ = write!(text, " {} |", pack.key);
            }
            text.push_str("\n|---|---|---|---|---|---|---|---|\n");
        }
        let _ = write!(text, "| {id} | {title} | {how} |");
        for pack in packs() {
            let _ = write!(text, " {} |", carries(&all[pack.key], id));
        }
        text.push('\n');
    }
    text
}
