//! Partitions by range, on real servers.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use connect::{Address, Connector, Dropping, Due, Error, Limits, Old, Past, Purge, Referrer, open};
use model::{Micros, RowKey, TableName, Value};

const DAY: i64 = 86_400_000_000;
/// 2020-01-01, 2021-01-01 and 2022-01-01.
const YEARS: [Micros; 3] = [Micros(18_262 * DAY), Micros(18_628 * DAY), Micros(18_993 * DAY)];

async fn connected(url: &str) -> Box<dyn Connector> {
    open(&Address::parse(url).unwrap(), Limits::default()).await.unwrap()
}

fn due(table: &TableName, column: &str, before: Micros) -> Due {
    Due {
        table: table.clone(),
        old: Old::Column { column: column.into(), before },
        when: Vec::new(),
        past: Vec::new(),
        except: Vec::new(),
        unless_referred: Vec::new(),
        dependents: Vec::new(),
    }
}

/// What every product must do with a table of three yearly partitions, 2019 to 2021, and an open
/// one, with the rows 1 and 2 in 2019, 3 in 2020, 4 in 2022, where `word` refers to row 3.
async fn drops_what_is_due(system: &dyn Connector, schema: &str, names: [&str; 4]) {
    let event = TableName::new(schema, "event");
    let parts = system.partitions(&event, "made").await.unwrap();
    let told: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.until)).collect();
    let [a, b, c, open_end] = names;
    let [y20, y21, y22] = YEARS.map(Some);
    assert_eq!(told, [(a, y20), (b, y21), (c, y22), (open_end, None)]);
    assert!(system.partitions(&event, "id").await.unwrap().is_empty());
    let catalogue = system.catalogue().await.unwrap();
    let tables = catalogue.tables.iter().filter(|table| table.name.table.starts_with("event"));
    assert_eq!(tables.count(), 1, "partitions are no tables of their own");

    let early = due(&event, "made", Micros(YEARS[0].0 - 200 * DAY));
    assert_eq!(system.drop_partition(&early, a, 9).await.unwrap(), Dropping::Kept, "a young row");
    let by_2021 = due(&event, "made", YEARS[1]);
    let key = |id: i64, made: &str| {
        let table = catalogue.table(&event).unwrap();
        let cells = system.row_key(table).into_iter();
        RowKey(
            cells
                .map(|name| if name == "id" { Value::Int(id) } else { Value::from(made) })
                .collect(),
        )
    };
    let held = Due { except: vec![key(2, "2019-12-31")], ..by_2021.clone() };
    assert_eq!(system.drop_partition(&held, a, 9).await.unwrap(), Dropping::Kept, "a held row");
    let past = vec![Past { column: "kept".into(), before: YEARS[1] }];
    let kept = Due { past, ..by_2021.clone() };
    assert_eq!(system.drop_partition(&kept, b, 9).await.unwrap(), Dropping::Kept, "a minimum age");
    let columns = vec![("event".into(), "id".into())];
    let word = Referrer { table: TableName::new(schema, "word"), columns, when: Vec::new() };
    let referred = Due { unless_referred: vec![word], ..by_2021.clone() };
    assert_eq!(
        system.drop_partition(&referred, b, 9).await.unwrap(),
        Dropping::Kept,
        "referred to"
    );
    let more = system.drop_partition(&referred, a, 1).await.unwrap();
    assert_eq!(more, Dropping::More(2), "more than was announced");
    assert_eq!(system.drop_partition(&referred, a, 2).await.unwrap(), Dropping::Dropped(2));
    assert_eq!(system.drop_partition(&by_2021, b, 1).await.unwrap(), Dropping::Dropped(1));
    let gone = system.drop_partition(&by_2021, b, 9).await;
    assert!(matches!(gone, Err(Error::Constraint { .. })), "{gone:?}");
    assert_eq!(system.drop_partition(&by_2021, open_end, 9).await.unwrap(), Dropping::Kept);
    let left = system.partitions(&event, "made").await.unwrap();
    assert_eq!(left.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), [c, open_end]);
    // Rows of the others go one by one.
    let purge = Purge { due: due(&event, "made", Micros(YEARS[2].0 + 200 * DAY)), not_after: None };
    let done = system.purge(&purge, 10).await.unwrap();
    assert_eq!((done.rows, done.done), (1, true));
}

const WORD: &str =
    "CREATE TABLE word (id int PRIMARY KEY, event int); INSERT INTO word VALUES (1, 3);";
const ROWS: &str = "INSERT INTO event VALUES (1, '2019-03-01', '2019-03-01'), (2, '2019-12-31', '2019-03-01'), \
    (3, '2020-06-01', NULL), (4, '2022-06-01', NULL);";

#[tokio::test]
async fn postgresql_drops_due_partitions() {
    let server = testkit::postgres();
    let url = server.fresh_database("partition");
    server.execute(
        &url,
        &format!(
            "{WORD} CREATE TABLE event (id int, made date NOT NULL, kept date, PRIMARY KEY (made, id)) PARTITION BY RANGE (made);
             CREATE TABLE event_c PARTITION OF event FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
             CREATE TABLE event_a PARTITION OF event FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
             CREATE TABLE \"event b\" PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
             CREATE TABLE event_rest PARTITION OF event DEFAULT; {ROWS}
             CREATE TABLE plain (id int, at timestamptz) PARTITION BY LIST (id);"
        ),
    );
    let system = connected(&url).await;
    drops_what_is_due(system.as_ref(), "public", ["event_a", "event b", "event_c", "event_rest"])
        .await;
    let plain = TableName::new("public", "plain");
    assert!(system.partitions(&plain, "at").await.unwrap().is_empty());
    system.close().await;
}

#[tokio::test]
async fn mariadb_drops_due_partitions() {
    let server = testkit::mariadb();
    for (by, kind, bounds) in [
        ("RANGE COLUMNS (made)", "date", ["'2020-01-01'", "'2021-01-01'", "'2022-01-01'"]),
        (
            "RANGE (TO_DAYS(made))",
            "datetime",
            ["TO_DAYS('2020-01-01')", "TO_DAYS('2021-01-01')", "TO_DAYS('2022-01-01')"],
        ),
        ("RANGE (YEAR(made))", "date", ["2020", "2021", "2022"]),
        ("RANGE (UNIX_TIMESTAMP(made))", "timestamp", ["1577836800", "1609459200", "1640995200"]),
    ] {
        let url = server.by_socket(&server.fresh_database("partition"));
        let [a, b, c] = bounds;
        let default =
            if kind == "timestamp" { "NOT NULL DEFAULT '2000-01-01'" } else { "NOT NULL" };
        server.execute(
            &url,
            &format!(
                "SET time_zone = '+00:00'; {WORD} CREATE TABLE event (id int, made {kind} {default}, kept date, PRIMARY KEY (made, id)) PARTITION BY {by} (
                   PARTITION p1 VALUES LESS THAN ({a}), PARTITION `p 2` VALUES LESS THAN ({b}), PARTITION p3 VALUES LESS THAN ({c}),
                   PARTITION rest VALUES LESS THAN MAXVALUE); {ROWS}"
            )
            .replace("LESS THAN MAXVALUE", if by.contains("COLUMNS") { "LESS THAN (MAXVALUE)" } else { "LESS THAN MAXVALUE" }),
        );
        let system = connected(&url).await;
        drops_what_is_due(system.as_ref(), "", ["p1", "p 2", "p3", "rest"]).await;
        system.close().await;
    }
}
