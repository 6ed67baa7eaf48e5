//! What holds for every map, every world and every order of the steps.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_wrap,
    reason = "a test that cannot go on fails"
)]

mod world;

use std::collections::BTreeSet;

use model::{Identity, IdentityKind, RowKey, Value};
use plan::{Ending, Place, RequestKind};
use policy::{EraseRows, Field, Tie, Travel};
use proptest::prelude::*;
use world::{Manner, PLAIN, World, answer, day, plain_collection, plain_field, reference};

/// A collection: its system, what erasing its rows means, and where its references lead.
type Sketch = (usize, u8, Vec<(usize, u8, u8)>);
/// A row: its collection, whose it is, which of the person's addresses it holds, whom its text
/// names, and the values of its references.
type RowSketch = (usize, usize, u8, usize, [i64; 3]);

const PEOPLE: [(&str, &str, &str); 3] = [
    ("jane@acme.example", "jd@home.example", "Jane Doe"),
    ("bob@acme.example", "bob@home.example", "Bob Roe"),
    ("zoe@acme.example", "desk@acme.example", "Zoe Poe"),
];

fn sketches() -> impl Strategy<Value = (Vec<Sketch>, Vec<RowSketch>)> {
    let reference = (0..8_usize, 0..3_u8, 0..3_u8);
    let collection = (0..3_usize, 0..10_u8, prop::collection::vec(reference, 0..=3));
    let row = (0..8_usize, 0..3_usize, 0..5_u8, 0..9_usize, [0..5_i64, 0..5, 0..5]);
    (prop::collection::vec(collection, 1..8), prop::collection::vec(row, 0..25))
}

fn build(collections: &[Sketch], rows: &[RowSketch]) -> World {
    let mut world = World { now: day("2026-11-22"), ..World::default() };
    world.ask.push(Identity::new(IdentityKind::Email, PEOPLE[0].0));
    let named = |index: usize| {
        let index = index % collections.len();
        Place::new(format!("s{}", collections[index].0), format!("c{index}"))
    };
    for (index, (_, erase, references)) in collections.iter().enumerate() {
        let at = named(index);
        let mut collection = plain_collection(&at.collection);
        collection.erase = match erase {
            0 => EraseRows::Nothing("an archive".to_owned()),
            1 | 2 => EraseRows::Delete,
            _ => EraseRows::Fields,
        };
        let personal = |name: &str, category: &str| Field {
            categories: vec![category.to_owned()],
            ..plain_field(name)
        };
        let identity = (erase % 3 != 0).then_some(IdentityKind::Email);
        collection.fields = vec![
            Field { primary_key: true, ..plain_field("id") },
            Field { identity, ..personal("email", "user.contact.email") },
            personal("name", "user.name"),
            Field { free_text: true, ..personal("note", "user.content") },
        ];
        for number in 0..3 {
            let mut field = plain_field(&format!("r{number}"));
            if let Some((to, travel, tie)) = references.get(number) {
                let travel = [Travel::Here, Travel::There, Travel::Both][usize::from(*travel)];
                let tie = [Tie::Own, Tie::Authored, Tie::Shared][usize::from(*tie)];
                field.references.push(reference(&format!("{}.id", named(*to)), travel, tie));
            }
            collection.fields.push(field);
        }
        world.add_collection(&at.system, collection);
    }
    for (index, whose, address, mention, references) in rows {
        let at = named(*index);
        let id = Value::Int(world.tables[&at].len() as i64 + 1);
        let (first, second, name) = PEOPLE[*whose];
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        let email = [Some(first), Some(second), Some("desk@acme.example"), None, None];
        let note = PEOPLE.get(*mention).map(|p| format!("a note on {} <{}>", p.2, p.0));
        let mut cells = vec![
            id.clone(),
            text(email[usize::from(*address)]),
            text((*address != 4).then_some(name)),
            text(note.as_deref()),
        ];
        cells.extend(references.map(Value::Int));
        world.add_row(&at, RowKey(vec![id]), cells);
    }
    world
}

/// Whether any text of a row holds one of these words.
fn holds(cells: &[Value], words: &BTreeSet<String>) -> bool {
    let texts = cells.iter().filter_map(Value::as_text).map(str::to_lowercase);
    texts.into_iter().any(|text| words.iter().any(|word| text.contains(word)))
}

/// Every row that names her or that references tie to such a row, however far and in whatever
/// direction.
fn reachable(world: &World, words: &BTreeSet<String>) -> BTreeSet<(Place, RowKey)> {
    let mut reached: BTreeSet<(Place, RowKey)> = BTreeSet::new();
    let rows = || world.tables.iter().flat_map(|(at, rows)| rows.iter().map(move |r| (at, r)));
    for (at, (key, cells)) in rows() {
        if holds(cells, words) {
            reached.insert((at.clone(), key.clone()));
        }
    }
    loop {
        let before = reached.len();
        for (at, (key, cells)) in rows() {
            for (field, held) in world.collection(at).fields.iter().zip(cells) {
                for reference in &field.references {
                    let there = Place::new(&reference.to.system, &reference.to.collection);
                    let (here, there) =
                        ((at.clone(), key.clone()), (there, RowKey(vec![held.clone()])));
                    if world.tables[&there.0].contains_key(&there.1)
                        && (reached.contains(&here) || reached.contains(&there))
                    {
                        reached.extend([here, there]);
                    }
                }
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_erasure_ends_and_touches_only_what_it_may((collections, rows) in sketches()) {
        let before = build(&collections, &rows);
        let mut world = before.clone();
        let case = answer(&mut world, RequestKind::Erasure, PLAIN);
        let words: BTreeSet<String> =
            case.terms().iter().map(|term| term.text.expose().to_lowercase()).collect();
        let may = reachable(&before, &words);
        for (at, rows) in &before.tables {
            for (key, cells) in rows {
                let row = (at.clone(), key.clone());
                let after = world.tables[at].get(key);
                if after != Some(cells) {
                    prop_assert!(may.contains(&row), "{at} {key:?} is nobody of hers");
                    prop_assert!(case.rows().get(at, key).is_some(), "{at} {key:?} is not in the plan");
                }
                let kept = case.rows().get(at, key).is_some_and(|row| row.kept.is_some())
                    || matches!(world.collection(at).erase, EraseRows::Nothing(_));
                if case.is_namesakes(at, key) {
                    let address = cells[1].as_text().unwrap_or_default();
                    prop_assert!(after == Some(cells) && !words.contains(address));
                } else if let (Some(after), false, Some(Ending::Complete)) = (after, kept, case.ending()) {
                    prop_assert!(!holds(after, &words), "{at} {key:?} still names her");
                }
            }
        }
        prop_assert_eq!(case.ending(), Some(&Ending::Complete));
        let changed: u64 = before.systems.iter().filter_map(|s| case.acted(&s.key)).map(|a| a.0).sum();
        prop_assert_eq!(changed, case.outline().rows_to_change, "the cap counts what is done");
    }

    #[test]
    fn neither_the_order_of_the_steps_nor_a_crash_after_any_of_them_leaves_a_trace(
        (collections, rows) in sketches(), seed in any::<u64>(),
    ) {
        let world = build(&collections, &rows);
        let run = |manner: Manner| {
            let mut world = world.clone();
            let case = answer(&mut world, RequestKind::Erasure, manner);
            (case, world.tables)
        };
        let (plain, tables) = run(PLAIN);
        let bytes = serde_json::to_vec(&plain).unwrap();
        prop_assert_eq!(&serde_json::to_vec(&run(PLAIN).0).unwrap(), &bytes, "the same twice");
        for manner in [Manner { seed, crash: false }, Manner { seed: 0, crash: true }, Manner { seed, crash: true }] {
            let (case, after) = run(manner);
            prop_assert_eq!(case.digest(), plain.digest(), "{:?}", manner);
            prop_assert_eq!(case.outline(), plain.outline(), "{:?}", manner);
            prop_assert_eq!(case.ending(), plain.ending(), "{:?}", manner);
            prop_assert_eq!(after, tables.clone(), "{:?}", manner);
            if !manner.crash {
                prop_assert_eq!(&serde_json::to_vec(&case).unwrap(), &bytes, "byte for byte");
            }
        }
    }

    #[test]
    fn a_system_that_is_gone_is_never_passed_over_in_silence(
        (collections, rows) in sketches(), seed in any::<u64>(), gone in 0..3_usize, when in 0..5_usize,
    ) {
        let mut world = build(&collections, &rows);
        let when = ["find", "search", "draft", "act", "verify"][when];
        let system = format!("s{gone}");
        world.down.insert((system.clone(), when.to_owned()));
        let case = answer(&mut world, RequestKind::Erasure, Manner { seed, crash: false });
        let asked = world.done.iter().any(|action| {
            let kind = serde_json::to_value(action).unwrap();
            action.system() == system && kind.get(when).is_some()
        });
        match case.ending() {
            Some(Ending::Incomplete(reasons)) => prop_assert!(reasons.iter().any(|r| r.contains(&system))),
            other => prop_assert!(!asked && other == Some(&Ending::Complete), "{:?}", other),
        }
    }

    #[test]
    fn a_second_request_changes_nothing_that_the_first_one_left((collections, rows) in sketches()) {
        let mut world = build(&collections, &rows);
        answer(&mut world, RequestKind::Erasure, PLAIN);
        let before = world.tables.clone();
        let again = answer(&mut world, RequestKind::Erasure, PLAIN);
        prop_assert_eq!(again.ending(), Some(&Ending::Complete));
        let kept = again.rows().places().all(|(_, rows)| rows.values().all(|row| row.kept.is_some()));
        if kept {
            prop_assert_eq!(world.tables, before);
        }
    }
}
