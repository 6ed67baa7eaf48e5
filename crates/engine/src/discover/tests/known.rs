//! The maps that ship.

use std::collections::BTreeSet;

use model::{Catalogue, Column, DataType, Product, Table, TableName};
use policy::{EraseField, EraseRows, System, Tie, Travel};

use super::super::*;

fn map() -> System {
    known()[0].read().expect("a sound map")
}

/// A database of the shape that the map describes, as PostgreSQL or MariaDB would spell it.
fn database(map: &System, product: Product) -> Catalogue {
    let capital = |name: &str| {
        let mut chars = name.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    let spelt = |name: &str| {
        if product == Product::MariaDb && name != "id" { capital(name) } else { name.to_owned() }
    };
    let tables = map
        .collections
        .iter()
        .map(|collection| Table {
            name: TableName::new(
                if product == Product::MariaDb { "" } else { "public" },
                spelt(&collection.table.table),
            ),
            is_view: false,
            about_rows: 1,
            columns: collection
                .fields
                .iter()
                .map(|field| Column {
                    name: spelt(&field.name),
                    native_type: "text".into(),
                    data_type: DataType::Text { max_chars: None },
                    nullable: true,
                    has_default: false,
                    generated: false,
                    loose_collation: false,
                    updates_itself: false,
                    comment: None,
                })
                .collect(),
            primary_key: vec!["id".into()],
            unique: Vec::new(),
            references: Vec::new(),
            triggers: Vec::new(),
        })
        .collect();
    Catalogue { product, version: "15".into(), database: "rt".into(), tables }
}

#[test]
fn every_map_that_ships_is_sound_and_every_way_leads_somewhere() {
    for known in known() {
        let map = known.read().unwrap();
        assert_eq!(map.application.as_deref(), Some(known.application));
        assert!(
            recognise(&database(&map, Product::PostgreSql)).is_some_and(|found| found == known)
        );
        for collection in &map.collections {
            for field in &collection.fields {
                for reference in &field.references {
                    let to = map.collection(&reference.to.collection).expect("a collection");
                    assert!(
                        to.field(&reference.to.field).is_some() && to.skip.is_none(),
                        "{}",
                        reference.to
                    );
                    assert!(
                        reference.when.iter().all(|when| collection.field(&when.column).is_some())
                    );
                }
            }
        }
    }
}

#[test]
fn a_known_application_gets_its_map_in_its_own_spelling() {
    let map = map();
    for (product, users, name) in
        [(Product::PostgreSql, "users", "name"), (Product::MariaDb, "Users", "Name")]
    {
        let catalogue = database(&map, product);
        let known = recognise(&catalogue).unwrap();
        let found = known.adopt(&catalogue, "tickets", &Options::default()).unwrap();
        let collection = found.system.collection("users").unwrap();
        assert_eq!(collection.table.table, users);
        let field = collection.field(name).unwrap();
        assert_eq!(field.erase, Some(EraseField::Pseudonym));
        assert_eq!(field.data_type, Some(DataType::Text { max_chars: None }));
        let schema = found.system.schema.clone().unwrap();
        assert_eq!(schema, fingerprint(&catalogue));
        assert!(differences(&found.system, &catalogue).is_empty());
        let all: BTreeSet<&str> = catalogue
            .tables
            .iter()
            .flat_map(|t| t.columns.iter().map(|c| c.name.as_str()))
            .collect();
        for reference in
            found.system.collections.iter().flat_map(|c| &c.fields).flat_map(|f| &f.references)
        {
            assert_eq!(reference.to.system, "tickets");
            assert!(all.contains(reference.to.field.as_str()), "{}", reference.to);
            assert!(reference.when.iter().all(|when| all.contains(when.column.as_str())));
        }
    }
}

#[test]
fn a_database_that_drifted_from_its_map_stops_with_the_differences() {
    let mut catalogue = database(&map(), Product::PostgreSql);
    let users = catalogue.tables.iter_mut().find(|table| table.name.table == "users").unwrap();
    users.columns.retain(|column| column.name != "gecos");
    users.columns[2].name = "maidenname".into();
    let known = recognise(&catalogue).expect("still itself");
    let error = known.adopt(&catalogue, "rt", &Options::default()).unwrap_err();
    let Error::Drifted { differences, .. } = &error else { panic!("{error}") };
    assert_eq!(
        differences.as_slice(),
        [
            "column `password` of `public.users` is gone",
            "column `gecos` of `public.users` is gone",
            "column `maidenname` of `public.users` is new",
        ]
    );
    assert!(error.to_string().contains("differences: 3"), "{error}");
}

#[test]
fn another_application_is_not_taken_for_a_known_one() {
    let catalogue =
        super::fake::Fake::new("users: id int pk | name text\n tickets: id int pk | subject text")
            .catalogue;
    assert!(recognise(&catalogue).is_none());
}

/// What the ticketing map must say, whatever else changes in it.
#[test]
fn the_ticketing_map_reaches_everything_of_a_person_and_nobody_else() {
    let map = map();
    // Nothing climbs to people: what staff created stays theirs, and no queue leads anywhere.
    for collection in &map.collections {
        for field in &collection.fields {
            for reference in &field.references {
                let place = format!("{}.{} -> {}", collection.name, field.name, reference.to);
                if reference.to.collection == "users" {
                    assert_eq!(reference.travel, Travel::Here, "{place}");
                }
                assert!(
                    !["queues", "principals"].contains(&reference.to.collection.as_str()),
                    "{place}"
                );
                assert!(
                    collection.name != "users",
                    "{place}: who entered whose account leads to other people"
                );
            }
        }
    }
    let way = |from: &str, field: &str, to: &str, when: Option<&str>| {
        let field = map.collection(from).unwrap().field(field).unwrap();
        let found = field.references.iter().find(|reference| {
            reference.to.collection == to
                && when.is_none_or(|word| {
                    reference.when.iter().any(|w| w.any_of.iter().any(|x| x == word))
                })
        });
        found.map(|reference| (reference.travel, reference.tie))
    };
    let (here, there, both) = (Travel::Here, Travel::There, Travel::Both);
    for (from, field, to, when, expected) in [
        ("groupmembers", "memberid", "users", None, (here, Tie::Own)),
        ("groupmembers", "groupid", "groups", None, (there, Tie::Authored)),
        ("groups", "instance", "tickets", Some("RT::Ticket-Role"), (both, Tie::Shared)),
        ("groups", "instance", "users", Some("ACLEquivalence"), (here, Tie::Own)),
        ("transactions", "objectid", "tickets", Some("RT::Ticket"), (both, Tie::Shared)),
        ("transactions", "objectid", "users", Some("RT::User"), (here, Tie::Own)),
        ("transactions", "creator", "users", None, (here, Tie::Authored)),
        ("transactions", "newvalue", "users", Some("AddWatcher"), (here, Tie::Shared)),
        ("transactions", "oldvalue", "users", Some("Owner"), (here, Tie::Shared)),
        ("attachments", "transactionid", "transactions", None, (both, Tie::Shared)),
        ("attachments", "creator", "users", None, (here, Tie::Authored)),
        ("objectcustomfieldvalues", "objectid", "users", Some("RT::User"), (here, Tie::Own)),
        (
            "objectcustomfieldvalues",
            "objectid",
            "tickets",
            Some("RT::Ticket"),
            (here, Tie::Authored),
        ),
        ("attributes", "objectid", "users", Some("RT::User"), (here, Tie::Own)),
        ("tickets", "effectiveid", "tickets", None, (both, Tie::Shared)),
        ("authtokens", "owner", "users", None, (here, Tie::Own)),
    ] {
        assert_eq!(way(from, field, to, when), Some(expected), "{from}.{field} -> {to}");
    }
    for (collection, written) in [
        ("attachments", ["subject", "filename", "headers", "content", "messageid"].as_slice()),
        ("transactions", &["oldvalue", "newvalue", "data"]),
        ("objectcustomfieldvalues", &["content", "largecontent"]),
        ("attributes", &["content", "description"]),
        ("tickets", &["subject"]),
    ] {
        for field in written {
            assert!(
                map.collection(collection).unwrap().field(field).unwrap().free_text,
                "{collection}.{field}"
            );
        }
    }
    for own in ["authtokens", "attributes", "objectcustomfieldvalues", "sessions"] {
        assert_eq!(map.collection(own).unwrap().erase, EraseRows::Delete, "{own}");
    }
}

/// Looked at again, an application keeps what people wrote into its map.
#[test]
fn what_was_written_into_a_ready_map_stands_when_it_is_taken_again() {
    let catalogue = database(&map(), Product::MariaDb);
    let known = recognise(&catalogue).unwrap();
    let adopt = || known.adopt(&catalogue, "desk", &Options::default()).unwrap();
    let written = |found: &Discovery| {
        policy::write_system(&policy::SystemFile::of(&found.system, &found.categories))
    };
    let first = written(&adopt());
    let title = "          title: Tickets\n";
    let by_hand = "          class: tickets\n          source: e-mail and the web form\n          \
                   retain: { max: 7 years, from: Resolved, when: { Status: resolved }, with: [transactions] }\n";
    let edited = first.replacen(title, &format!("{title}{by_hand}"), 1);
    let before =
        policy::read_system_file("desk", &edited).unwrap_or_else(|why| panic!("{why}\n{edited}"));
    let mut found = adopt();
    let mut file = policy::SystemFile::of(&found.system, &found.categories);
    assert_ne!(policy::write_system(&file), policy::write_system(&before), "nothing was edited");
    file.keep_written(&before);
    assert_eq!(policy::write_system(&file), policy::write_system(&before));
    found.told(&file, policy::read_system("desk", &policy::write_system(&file)).ok());
    let tickets = found.system.collection("tickets").unwrap();
    assert_eq!(tickets.class.as_deref(), Some("tickets"));
    assert_eq!(tickets.source.as_deref(), Some("e-mail and the web form"));
    assert_eq!(tickets.retain[0].from, policy::CountFrom::Column("Resolved".to_owned()));
    assert!(tickets.retain[0].holds());
}

/// What the map's comment tells people to add is sound.
#[test]
fn the_advice_in_the_map_can_be_followed() {
    let known = known()[0];
    let advice: Vec<String> = known
        .yaml
        .lines()
        .filter_map(|line| line.strip_prefix("#   "))
        .map(|line| format!("      {line}\n"))
        .collect();
    assert_eq!(advice.len(), 2);
    let title = "      title: Tickets\n";
    let map = known.yaml.replacen(title, &format!("{title}{}", advice.concat()), 1);
    let sources: policy::Sources = [
        (
            "policy.yaml",
            "organisation: {name: nobody, country: CA, contact: {email: nobody@example.com}}\n\
             notice: {file: notice.md, version: \"1\", effective: 2026-01-01}\n",
        ),
        ("notice.md", "Tickets are deleted after 7 years.\n"),
        (
            "promises.yaml",
            "promises: [{id: tickets, quote: Tickets are deleted after 7 years., \
             controls: [{retention: {class: tickets, max: 7 years}}]}]\n",
        ),
        (
            "classification.yaml",
            "rows:\n- {key: all, title: All, categories: [user, system], sensitivity: low}\n\
             - {key: tickets, title: Tickets, sensitivity: low, max: 7 years}\n",
        ),
        ("systems/rt.yaml", &map),
    ]
    .into_iter()
    .collect();
    let checked = policy::load(&sources);
    assert_eq!(policy::render(&checked.findings, false, 100), "");
    let policy = checked.policy.unwrap();
    let rule = &policy.collection("rt", "tickets").unwrap().retain[0];
    assert_eq!(rule.max.to_string(), "7 years");
    assert!(rule.holds());
}
