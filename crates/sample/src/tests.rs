//! The sample is read back with another pair of eyes: plain SQL and decoders of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::Path,
};

use model::{RowKey, Value};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions,
};
use unicode_normalization::UnicodeNormalization as _;

use super::*;

struct Table {
    system: &'static str,
    name: String,
    columns: Vec<String>,
    key: Vec<usize>,
    rows: Vec<Vec<Value>>,
}

impl Table {
    fn key_of(&self, row: &[Value]) -> RowKey {
        RowKey(self.key.iter().map(|place| row[*place].clone()).collect())
    }
}

async fn open(folder: &Path, system: &str) -> SqliteConnection {
    let path = folder.join(format!("{system}.db"));
    SqliteConnectOptions::new().filename(path).read_only(true).connect().await.unwrap()
}

async fn dump(folder: &Path) -> Vec<Table> {
    let mut tables = Vec::new();
    for system in SYSTEMS {
        let mut db = open(folder, system).await;
        let names: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
                .fetch_all(&mut db)
                .await
                .unwrap();
        for name in names {
            let info = sqlx::query("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid")
                .bind(&name)
                .fetch_all(&mut db)
                .await
                .unwrap();
            let columns: Vec<String> = info.iter().map(|row| row.get(0)).collect();
            let mut key: Vec<(i64, usize)> = info
                .iter()
                .enumerate()
                .map(|(place, row)| (row.get::<i64, _>(1), place))
                .filter(|(turn, _)| *turn > 0)
                .collect();
            key.sort_unstable();
            let list: Vec<String> =
                columns.iter().map(|c| format!("typeof({c}), CAST({c} AS BLOB)")).collect();
            let sql = format!("SELECT {} FROM {name} ORDER BY rowid", list.join(", "));
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut db).await.unwrap();
            let rows = rows
                .iter()
                .map(|row| {
                    (0..columns.len())
                        .map(|place| {
                            let bytes: Option<Vec<u8>> = row.get(place * 2 + 1);
                            let bytes = bytes.unwrap_or_default();
                            match row.get::<&str, _>(place * 2) {
                                "null" => Value::Null,
                                "blob" => Value::Bytes(bytes),
                                "integer" => {
                                    Value::Int(String::from_utf8(bytes).unwrap().parse().unwrap())
                                }
                                "text" => Value::Text(String::from_utf8(bytes).unwrap()),
                                other => panic!("unexpected type {other}"),
                            }
                        })
                        .collect()
                })
                .collect();
            let key = key.into_iter().map(|(_, place)| place).collect();
            tables.push(Table { system, name, columns, key, rows });
        }
    }
    tables
}

fn hash(tables: &[Table]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for table in tables {
        (table.system, &table.name, &table.rows).hash(&mut hasher);
    }
    hasher.finish()
}

async fn made(people: u32, seed: u64) -> (tempfile::TempDir, Summary, Vec<Table>) {
    let folder = tempfile::tempdir().unwrap();
    let summary = build(folder.path(), &Options { people, seed }, &|_| {}).await.unwrap();
    let tables = dump(&summary.folder).await;
    (folder, summary, tables)
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    let mut bits = 0u32;
    let mut held = 0;
    let mut out = Vec::new();
    for letter in text.bytes().filter(|byte| !b"\r\n=".contains(byte)) {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).unwrap());
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}

fn unescape(text: &str, mark: char) -> String {
    let mut out = Vec::new();
    let bytes = text.as_bytes();
    let mut place = 0;
    while place < bytes.len() {
        let hex = text.get(place + 1..place + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex {
            Some(byte) if bytes[place] == mark as u8 => {
                out.push(byte);
                place += 3;
            }
            _ => {
                out.push(bytes[place]);
                place += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Every reading of a cell: as it stands, and through each disguise.
fn readings(bytes: &[u8]) -> Vec<String> {
    // A soft line break is no part of any text.
    let text = String::from_utf8_lossy(bytes).replace("=\r\n", "");
    let mut all = Vec::new();
    if text.contains('=') {
        all.push(unescape(&text, '='));
    }
    if text.contains('%') {
        all.push(unescape(&text, '%'));
    }
    if text.contains('&') {
        all.push(text.replace("&euml;", "ë").replace("&#64;", "@").replace("&nbsp;", " "));
    }
    if text.contains('\\') {
        all.push(text.replace("\\u00eb", "ë").replace("\\353", "ë"));
    }
    all.extend(unbase64(&text).and_then(|bytes| String::from_utf8(bytes).ok()));
    all.push(text);
    all
}

/// Whether the text holds the word, and not merely as a part of a longer one.
fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(start, hit)| {
        let joins = |letter: char| letter.is_alphanumeric() || letter == '-';
        !text.split_at(start).0.chars().next_back().is_some_and(joins)
            && !text.split_at(start + hit.len()).1.chars().next().is_some_and(joins)
    })
}

fn names_heroine(bytes: &[u8]) -> bool {
    readings(bytes).iter().any(|text| {
        let text: String = text.nfc().collect::<String>().to_lowercase();
        let dense: String = text.chars().filter(|c| !" .-()+/".contains(*c)).collect();
        [
            "maëlle tremblay-okafor",
            "maelle tremblay-okafor",
            "tremblay-okafor, maëlle",
            "maelle.tremblay-okafor@harbourlight-clinic.example",
            "maelle.to",
            "mtremblay-okafor",
            "hlc-20417",
        ]
        .iter()
        .any(|word| holds(&text, word))
            || dense.contains("9025550143")
            || dense.contains("9025550178")
    })
}

#[tokio::test]
async fn the_same_seed_gives_the_same_rows() {
    let (first, second, third) = (made(500, 7).await, made(500, 7).await, made(500, 8).await);
    assert_eq!(hash(&first.2), hash(&second.2));
    assert_ne!(hash(&first.2), hash(&third.2));
    assert_eq!(first.1.heroine(), second.1.heroine());
}

#[tokio::test]
async fn the_heroine_is_where_the_table_says_and_nowhere_else() {
    for (people, seed) in [(LEAST_PEOPLE, 1), (500, 2_017), (1_200, 9)] {
        let (_folder, summary, tables) = made(people, seed).await;
        let mut counted = BTreeMap::new();
        for planted in &summary.heroine().places {
            let at = &planted.at;
            *counted
                .entry((at.system, at.table, at.column, planted.whose, planted.encoding))
                .or_insert(0) += 1;
        }
        let expected: BTreeMap<_, _> = PLACES
            .iter()
            .map(|p| ((p.system, p.table, p.column, p.whose, p.encoding), p.rows))
            .collect();
        assert_eq!(counted, expected);

        let own: BTreeSet<_> = summary
            .heroine()
            .places
            .iter()
            .filter(|planted| planted.whose == Whose::Own)
            .map(|planted| (planted.at.system, planted.at.table, planted.at.key.clone()))
            .collect();
        let mentions: BTreeSet<Location> = summary
            .heroine()
            .places
            .iter()
            .filter(|planted| planted.whose == Whose::Mention)
            .map(|planted| planted.at.clone())
            .collect();
        let mut seen_own = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for table in &tables {
            for row in &table.rows {
                let key = table.key_of(row);
                let is_own = own.iter().find(|(system, name, of)| {
                    *system == table.system && *name == table.name && *of == key
                });
                if let Some(own) = is_own {
                    seen_own.insert(own.clone());
                    continue;
                }
                for (column, value) in table.columns.iter().zip(row) {
                    if !value.as_bytes().is_some_and(names_heroine) {
                        continue;
                    }
                    let found = mentions.iter().find(|at| {
                        at.system == table.system
                            && at.table == table.name
                            && at.column == column
                            && at.key == key
                    });
                    let found = found.unwrap_or_else(|| {
                        panic!(
                            "{}.{}.{column} {key:?} names her: {:?}",
                            table.system,
                            table.name,
                            value.to_plain_text()
                        )
                    });
                    seen.insert(found.clone());
                }
            }
        }
        assert_eq!(seen_own, own, "every own row exists");
        assert_eq!(seen, mentions, "every mention can be read");
    }
}

fn value_at<'a>(tables: &'a [Table], at: &Location) -> &'a Value {
    let table = tables.iter().find(|t| t.system == at.system && t.name == at.table).unwrap();
    let column = table.columns.iter().position(|column| column == at.column).unwrap();
    let mut rows = table.rows.iter().filter(|row| table.key_of(row) == at.key);
    let row = rows.next().unwrap_or_else(|| panic!("no row at {at:?}"));
    assert!(rows.next().is_none());
    &row[column]
}

#[tokio::test]
async fn bystanders_are_whole_and_the_person_in_the_text_has_no_record() {
    let (_folder, summary, tables) = made(500, 3).await;
    assert_eq!(summary.bystanders().len(), 8);
    for bystander in summary.bystanders() {
        assert!(bystander.exact.len() >= 8, "{} has {}", bystander.name, bystander.exact.len());
        for exact in &bystander.exact {
            let value = value_at(&tables, &exact.at);
            let bytes = value.as_bytes().unwrap();
            if exact.whole {
                assert_eq!(bytes, exact.text.as_bytes());
                assert!(!names_heroine(bytes), "{exact:?}");
            } else {
                let text = std::str::from_utf8(bytes).unwrap();
                assert!(text.contains(&exact.text), "{exact:?}");
                assert!(names_heroine(bytes), "{exact:?}");
                assert!(!names_heroine(exact.text.as_bytes()), "{exact:?}");
            }
        }
    }
    assert_eq!(summary.text_only().len(), 3);
    let mut cells = 0;
    for value in tables.iter().flat_map(|table| &table.rows).flatten() {
        let Some(bytes) = value.as_bytes() else { continue };
        let all = readings(bytes);
        cells += usize::from(
            all.iter().any(|text| text.contains("Thandiwe") || text.contains(TEXT_ONLY_EMAIL)),
        );
    }
    assert_eq!(cells, 3);
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Runs of 13 to 19 digits, single spaces and hyphens allowed between them.
fn long_numbers(text: &str) -> Vec<Vec<u32>> {
    let mut runs = vec![Vec::new()];
    let mut gap = false;
    for letter in text.chars() {
        match letter.to_digit(10) {
            Some(digit) => {
                runs.last_mut().unwrap().push(digit);
                gap = false;
            }
            None if !gap && (letter == ' ' || letter == '-') => gap = true,
            None => {
                runs.push(Vec::new());
                gap = false;
            }
        }
    }
    runs.retain(|run| (13..=19).contains(&run.len()));
    runs
}

#[tokio::test]
async fn seven_card_numbers_stand_in_tickets_and_no_other() {
    let (_folder, summary, tables) = made(2_000, 2_017).await;
    assert_eq!(summary.cards.len(), 7);
    let numbers: BTreeSet<&str> = summary.cards.iter().map(|card| card.number).collect();
    assert_eq!(numbers.len(), 7);
    for card in &summary.cards {
        let digits: Vec<u32> = card.number.chars().map(|c| c.to_digit(10).unwrap()).collect();
        assert!(luhn(&digits));
        let value = value_at(&tables, &card.at);
        let found = readings(value.as_bytes().unwrap())
            .iter()
            .any(|text| long_numbers(text).contains(&digits));
        assert!(found, "{card:?}");
    }
    let mut cells = 0;
    for table in tables.iter().filter(|table| table.system == "ticketing") {
        for value in table.rows.iter().flatten() {
            // Text alone: the offset table of a PDF is digits by nature.
            let Some(bytes) = value.as_text().map(str::as_bytes) else { continue };
            // The columns of days and hours are no text that anybody wrote.
            if bytes.len() == 19 && bytes[4] == b'-' && bytes[13] == b':' {
                continue;
            }
            let all = readings(bytes);
            cells +=
                usize::from(all.iter().flat_map(|text| long_numbers(text)).any(|run| luhn(&run)));
        }
    }
    assert_eq!(cells, 7);
}

#[tokio::test]
async fn nothing_in_it_can_reach_anybody() {
    let (_folder, _summary, tables) = made(1_500, 4).await;
    let mut hosts = 0;
    let mut phones = 0;
    for value in tables.iter().flat_map(|table| &table.rows).flatten() {
        let Some(bytes) = value.as_bytes() else { continue };
        for text in readings(bytes) {
            for mark in ["@", "://"] {
                for after in text.split(mark).skip(1) {
                    let host: String = after
                        .chars()
                        .take_while(|c| c.is_alphanumeric() || ".-".contains(*c))
                        .collect();
                    // `info@ at our own domain` and a quotation cut by a line break hold no host.
                    if host.contains('.') {
                        hosts += 1;
                        let host = host.trim_end_matches('.').to_lowercase();
                        assert!(host.ends_with(".example"), "{host}");
                    }
                }
            }
            for after in text.split("+1 ").skip(1) {
                phones += 1;
                let digits: String = after.chars().filter(char::is_ascii_digit).take(10).collect();
                assert_eq!(digits.get(3..8), Some("55501"), "{digits}");
            }
            for (mark, range) in [("+44", "7700900"), ("+49", "3023125")] {
                for after in text.split(mark).skip(1) {
                    phones += 1;
                    let digits: String =
                        after.chars().filter(char::is_ascii_digit).take(7).collect();
                    assert_eq!(digits, range);
                }
            }
        }
    }
    assert!(hosts > 5_000 && phones > 5_000, "{hosts} {phones}");
}

async fn count(db: &mut SqliteConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(db).await.unwrap()
}

#[tokio::test]
async fn the_systems_hold_what_the_story_promises() {
    let (_folder, summary, tables) = made(2_000, 2_017).await;
    for table in &tables {
        assert_eq!(summary.rows(table.system, &table.name), Some(table.rows.len() as u64));
    }
    let mut db = open(&summary.folder, "ticketing").await;
    for (sql, expected) in [
        ("SELECT count(*) FROM tickets WHERE closed_at < '2019-11-15'", 212),
        ("SELECT count(*) FROM tickets WHERE created_at < '2020-01-15'", 212),
        ("SELECT count(*) FROM tickets WHERE created_at > '2026-11-15'", 0),
        ("SELECT count(*) FROM notes WHERE ticket_id NOT IN (SELECT id FROM tickets)", 0),
        ("SELECT count(*) FROM notes WHERE author_id NOT IN (SELECT id FROM users)", 0),
        ("SELECT count(*) FROM tickets WHERE requester_id NOT IN (SELECT id FROM users)", 0),
        ("SELECT count(*) FROM attachments WHERE note_id NOT IN (SELECT id FROM notes)", 0),
        ("SELECT count(*) FROM audit_log WHERE actor_id NOT IN (SELECT id FROM users)", 0),
        ("SELECT count(DISTINCT body_type) FROM notes", 4),
        ("SELECT count(DISTINCT object_type) FROM custom_values", 2),
        ("SELECT count(*) FROM users WHERE full_name LIKE '%Tremblay-Okafor'", 3),
    ] {
        assert_eq!(count(&mut db, sql).await, expected, "{sql}");
    }
    assert!(count(&mut db, "SELECT count(*) FROM tickets WHERE status = 'deleted'").await > 5);
    assert!(count(&mut db, "SELECT count(*) FROM users WHERE disabled").await > 50);
    let mut db = open(&summary.folder, "billing").await;
    let old = "SELECT count(*) FROM invoices WHERE bill_to_email LIKE 'maelle.tremblay-okafor@%' AND issued_on < '2019-11-15'";
    assert_eq!(count(&mut db, old).await, 2);
    let young = "SELECT count(*) FROM invoices WHERE bill_to_email LIKE 'maelle.tremblay-okafor@%' AND issued_on >= '2019-11-15'";
    assert_eq!(count(&mut db, young).await, 3);
    let loose =
        "SELECT count(*) FROM payments WHERE invoice_number NOT IN (SELECT number FROM invoices)";
    assert_eq!(count(&mut db, loose).await, 0);
    let mut db = open(&summary.folder, "crm").await;
    assert!(sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut db).await.unwrap().is_empty());
    assert!(count(&mut db, "SELECT count(*) FROM contact WHERE deleted_at IS NOT NULL").await > 5);
}

#[tokio::test]
async fn everybody_is_in_a_system_and_what_stands_there_is_not_overwritten() {
    let (folder, summary, _) = made(400, 5).await;
    let world = World::new(400, 5);
    assert_eq!(world.people.len(), 400);
    assert!(world.people.iter().all(|p| p.in_ticketing || p.in_crm || p.in_newsletter));
    assert_eq!(summary.companies, 11);

    let again = build(folder.path(), &Options { people: 400, seed: 5 }, &|_| {}).await;
    assert!(matches!(again, Err(Error::Exists(_))));
    let few = build(folder.path(), &Options { people: 3, seed: 5 }, &|_| {}).await;
    assert_eq!(few.unwrap_err().to_string(), "`3` people are too few: ask for at least 200");
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let blocked = build(&file, &Options { people: 400, seed: 5 }, &|_| {}).await;
    assert!(matches!(blocked, Err(Error::Disk { .. })));
}

#[tokio::test]
async fn progress_ends_with_all_rows() {
    let folder = tempfile::tempdir().unwrap();
    let last = std::sync::Mutex::new(BTreeMap::new());
    let summary = build(folder.path(), &Options { people: 4_000, seed: 1 }, &|progress| {
        assert!(progress.rows <= progress.expected);
        last.lock().unwrap().insert(progress.system, (progress.rows, progress.expected));
    })
    .await
    .unwrap();
    let last = last.into_inner().unwrap();
    assert_eq!(last.values().map(|(rows, _)| rows).sum::<u64>(), summary.total_rows());
    assert!(last.values().all(|(rows, expected)| rows == expected));
}
