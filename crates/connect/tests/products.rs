//! What is particular to each product: its catalogue, its oddities, its door.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use connect::{
    Address, Batch, Change, ChangeSet, Connector, Error, Fold, Limits, Lookup, Match, RowChange,
    Scan, SetTo, Use, open,
};
use model::{Catalogue, DataType, Row, RowKey, Secret, Table, TableName, Value};
use sqlx::{AssertSqlSafe, Connection, Executor};

async fn connected(url: &str) -> Box<dyn Connector> {
    open(&Address::parse(url).unwrap(), Limits::default()).await.unwrap()
}

fn table<'a>(catalogue: &'a Catalogue, schema: &str, name: &str) -> &'a Table {
    catalogue.table(&TableName::new(schema, name)).unwrap_or_else(|| panic!("no table {name}"))
}

fn update(table: &Table, key: Value, column: &str, from: Value, to: Value) -> ChangeSet {
    let rows = vec![RowChange { key: RowKey(vec![key]), set: vec![SetTo { from, to }] }];
    let change = Change::Update { table: table.name.clone(), columns: vec![column.into()], rows };
    ChangeSet { changes: vec![change] }
}

async fn all(system: &dyn Connector, table: &Table, column: &str) -> Vec<Row> {
    let lookup = Lookup {
        table: table.name.clone(),
        by: Match::All,
        when: vec![],
        columns: vec![column.into()],
    };
    let mut rows = Vec::new();
    let mut take = |batch: Batch| {
        rows.extend(batch.0);
        Ok(())
    };
    system.find(&lookup, &mut take).await.unwrap();
    rows
}

#[tokio::test]
async fn postgresql_tells_its_shape() {
    let server = testkit::postgres();
    let url = server.fresh_database("shape");
    server.execute(
        &url,
        "CREATE SCHEMA \"Other one\"; CREATE DOMAIN short AS varchar(7);
         CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(200) NOT NULL DEFAULT '', nick short,
           mail text, low text GENERATED ALWAYS AS (lower(mail)) STORED, tags text[], born date, ip inet, extra jsonb);
         COMMENT ON COLUMN person.mail IS 'where to write';
         CREATE UNIQUE INDEX person_name ON person (lower(name)); CREATE UNIQUE INDEX person_mail ON person (mail) WHERE mail <> '';
         CREATE TABLE \"Other one\".note (person bigint REFERENCES person (id) ON DELETE CASCADE, code int NOT NULL UNIQUE, body text);
         CREATE TABLE event (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
         CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
         CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
         INSERT INTO event SELECT '2026-01-01'::timestamptz + i * interval '1 hour', 'e' || i FROM generate_series(0, 1000) i;
         CREATE VIEW everybody AS SELECT id, name FROM person; CREATE MATERIALIZED VIEW frozen AS SELECT id FROM person;
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER audit AFTER UPDATE ON person FOR EACH ROW EXECUTE FUNCTION f();
         INSERT INTO person (name, mail) VALUES ('Jane', 'jane@acme.example');",
    );
    let system = connected(&url).await;
    let catalogue = system.catalogue().await.unwrap();
    let names: Vec<String> = catalogue.tables.iter().map(|table| table.name.to_string()).collect();
    let expected =
        ["Other one.note", "public.event", "public.everybody", "public.frozen", "public.person"];
    assert_eq!(names, expected);
    let person = table(&catalogue, "public", "person");
    let facts: Vec<_> = person
        .columns
        .iter()
        .map(|c| (c.name.as_str(), c.data_type, c.nullable, c.has_default, c.generated))
        .collect();
    let text = |max_chars| DataType::Text { max_chars };
    assert_eq!(
        facts,
        [
            ("id", DataType::Integer, false, true, true),
            ("name", text(Some(200)), false, true, false),
            ("nick", text(Some(7)), true, false, false),
            ("mail", text(None), true, false, false),
            ("low", text(None), true, true, true),
            ("tags", DataType::Other, true, false, false),
            ("born", DataType::Date, true, false, false),
            ("ip", DataType::Network, true, false, false),
            ("extra", DataType::Json, true, false, false),
        ]
    );
    assert_eq!(person.column("mail").unwrap().comment.as_deref(), Some("where to write"));
    let unique: Vec<_> = person
        .unique
        .iter()
        .map(|key| (key.name.as_str(), key.columns.join(","), key.folds_case))
        .collect();
    assert_eq!(
        unique,
        [("person_mail", "mail".into(), false), ("person_name", "name".into(), true)]
    );
    assert_eq!((person.triggers.join(","), person.about_rows), ("audit".into(), 1));
    let note = table(&catalogue, "Other one", "note");
    let reference = &note.references[0];
    assert_eq!((reference.to.to_string(), reference.cascades), ("public.person".into(), true));
    assert_eq!(system.row_key(note), ["code"]);
    assert!(
        table(&catalogue, "public", "everybody").is_view
            && table(&catalogue, "public", "frozen").is_view
    );

    // A partitioned table without a key: its rows lie in several places under equal addresses.
    let event = table(&catalogue, "public", "event");
    assert_eq!(
        (system.row_key(event).join(","), event.about_rows),
        ("tableoid,ctid,xmin".into(), 1001)
    );
    let mut seen = 0;
    let mut count = |batch: Batch| {
        seen += batch.0.len();
        Ok(())
    };
    let scan = Scan { table: event.name.clone(), columns: vec!["what".into()], sample: None };
    system.scan(&scan, &mut count).await.unwrap();
    assert_eq!(seen, 1001);
    let rows = all(system.as_ref(), event, "what").await;
    let keys: Vec<RowKey> = rows.iter().take(900).map(|row| row.key.clone()).collect();
    let set = ChangeSet { changes: vec![Change::Delete { table: event.name.clone(), keys }] };
    assert_eq!(system.change(&set).await.unwrap().deleted, 900);
    // Generated columns are refused before anything is sent.
    let set = update(person, Value::Int(1), "low", Value::Null, Value::Null);
    assert!(matches!(system.change(&set).await, Err(Error::Constraint { .. })));
}

#[tokio::test]
async fn postgresql_without_the_right_to_see_all_rows_says_so() {
    let server = testkit::postgres();
    let url = server.fresh_database("rights");
    server.execute(
        &url,
        "CREATE TABLE open (id int PRIMARY KEY); CREATE TABLE closed (id int PRIMARY KEY); CREATE TABLE hidden (id int PRIMARY KEY);
         ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; GRANT SELECT ON open, hidden TO guarded; GRANT USAGE ON SCHEMA public TO guarded;",
    );
    let address = Address::parse(&url.replace("postgres@", "guarded@")).unwrap();
    let refused = open(&address, Limits::default()).await.err();
    assert_eq!(refused, Some(Error::SignIn { account: "guarded".into() }));
    let address = address.with_password(Secret::new("guarded".into()));
    let system = open(&address, Limits::default()).await.unwrap();
    let name = |table: &str| TableName::new("public", table);
    let uses = [
        Use { deletes: true, ..Use::of(name("open")) },
        Use::of(name("closed")),
        Use::of(name("hidden")),
    ];
    let rights = system.rights(&uses).await.unwrap();
    let mend: Vec<&str> =
        rights.missing.iter().flat_map(|remark| &remark.mend).map(String::as_str).collect();
    let (seeing, reading, deleting) = (
        "ALTER ROLE \"guarded\" BYPASSRLS",
        "GRANT SELECT ON TABLE \"public\".\"closed\" TO \"guarded\"",
        "GRANT DELETE ON TABLE \"public\".\"open\" TO \"guarded\"",
    );
    assert_eq!(mend, [seeing, reading, deleting]);
    assert_eq!(rights.beyond, []);
    let lookup =
        |table: &str| Lookup { table: name(table), by: Match::All, when: vec![], columns: vec![] };
    let denied = |action, table, grant: &str| {
        Err(Error::Denied { action, table: name(table), grant: Some(grant.to_owned()) })
    };
    for (table, grant) in [("closed", reading), ("hidden", seeing)] {
        let told = system.count(&lookup(table)).await;
        assert_eq!(told, denied("read", table, grant));
    }
    let set = ChangeSet {
        changes: vec![Change::Delete {
            table: name("open"),
            keys: vec![RowKey(vec![Value::Int(1)])],
        }],
    };
    let told = system.change(&set).await.map(|_| 0);
    assert_eq!(told, denied("change", "open", deleting));
    let root = connected(&url).await.rights(&uses).await.unwrap();
    assert_eq!((root.account.as_str(), root.missing.len()), ("postgres", 0));
    assert!(root.beyond[0].says.starts_with("is a superuser"), "{root:?}");
}

#[tokio::test]
async fn mariadb_tells_its_shape() {
    let server = testkit::mariadb();
    let url = server.by_socket(&server.fresh_database("shape"));
    server.execute(
        &url,
        "CREATE TABLE person (id int unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(200) COMMENT 'who', code varchar(9) COLLATE utf8mb4_bin NOT NULL,
           extra json, low varchar(9) AS (lower(code)) VIRTUAL, changed timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
           UNIQUE KEY by_code (code), UNIQUE KEY by_name (name)) ENGINE=InnoDB;
         CREATE TABLE note (id int PRIMARY KEY, person int unsigned, CONSTRAINT about FOREIGN KEY (person) REFERENCES person (id) ON DELETE CASCADE) ENGINE=InnoDB;
         CREATE TABLE careless (id int PRIMARY KEY, v int) ENGINE=MyISAM; INSERT INTO careless VALUES (1, 1);
         CREATE VIEW everybody AS SELECT name FROM person;
         INSERT INTO person (name, code, changed) VALUES ('Jane', 'j', '2020-01-01 00:00:00');
         CREATE TRIGGER audit AFTER UPDATE ON person FOR EACH ROW SET @x = 1;",
    );
    let system = connected(&url).await;
    let catalogue = system.catalogue().await.unwrap();
    let person = table(&catalogue, "", "person");
    let facts: Vec<_> = person
        .columns
        .iter()
        .map(|c| (c.name.as_str(), c.data_type, c.generated, c.loose_collation, c.updates_itself))
        .collect();
    let text = |max_chars| DataType::Text { max_chars };
    assert_eq!(
        facts,
        [
            ("id", DataType::Integer, false, false, false),
            ("name", text(Some(200)), false, true, false),
            ("code", text(Some(9)), false, false, false),
            ("extra", DataType::Json, false, false, false),
            ("low", text(Some(9)), true, true, false),
            ("changed", DataType::Timestamp, false, false, true),
        ]
    );
    let folds: Vec<_> =
        person.unique.iter().map(|key| (key.name.as_str(), key.folds_case)).collect();
    assert_eq!(folds, [("by_code", false), ("by_name", true)]);
    assert_eq!((person.triggers.join(","), person.about_rows), ("audit".into(), 1));
    let note = table(&catalogue, "", "note");
    assert_eq!(
        (note.references[0].to.to_string(), note.references[0].cascades),
        ("person".into(), true)
    );
    assert!(table(&catalogue, "", "everybody").is_view);

    let set = update(person, Value::Int(1), "name", Value::from("Jane"), Value::from("erased"));
    assert_eq!(system.change(&set).await.unwrap().updated, 1);
    let rows = all(system.as_ref(), person, "changed").await;
    assert_eq!(rows[0].values, [Value::from("2020-01-01 00:00:00")]);
    let careless = table(&catalogue, "", "careless");
    let set = update(careless, Value::Int(1), "v", Value::Int(1), Value::Null);
    assert!(matches!(system.rehearse(&set).await, Err(Error::Constraint { .. })));
    assert_eq!(all(system.as_ref(), careless, "v").await[0].values, [Value::Int(1)]);
    let root = system.rights(&[Use::of(careless.name.clone())]).await.unwrap();
    assert!(root.beyond[0].says.starts_with("is a superuser"), "{root:?}");

    // Over the network: a wrong password, a database that is not there.
    let tcp = server.url();
    let told = open(
        &Address::parse(&tcp.replace("root@", "guarded:wrong-7319@")).unwrap(),
        Limits::default(),
    )
    .await
    .err();
    assert_eq!(told, Some(Error::SignIn { account: "guarded".into() }));
    let told =
        open(&Address::parse(&tcp.replace("/mysql", "/nowhere")).unwrap(), Limits::default())
            .await
            .err();
    assert!(matches!(told, Some(Error::Address(_))), "{told:?}");
}

async fn sqlite(folder: &tempfile::TempDir, sql: &str) -> String {
    let path = folder.path().join("x y?.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut link = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    link.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    link.close().await.unwrap();
    format!("sqlite:{}", path.display())
}

#[tokio::test]
async fn sqlite_tells_its_shape() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite(
        &folder,
        "CREATE TABLE person (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL COLLATE NOCASE, mail TEXT, low TEXT AS (lower(mail)), born DATETIME);
         CREATE UNIQUE INDEX by_mail ON person (lower(mail)); CREATE UNIQUE INDEX by_name ON person (name);
         CREATE TABLE note (person INTEGER REFERENCES Person ON DELETE CASCADE, body TEXT);
         CREATE TABLE pair (a TEXT, b TEXT, v TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
         CREATE TABLE tricky (rowid TEXT, _rowid_ TEXT); INSERT INTO tricky VALUES ('x', 'y');
         CREATE VIRTUAL TABLE words USING fts5(body); INSERT INTO words VALUES ('about jane');
         CREATE VIEW everybody AS SELECT name FROM person;
         CREATE TRIGGER audit AFTER UPDATE ON person BEGIN SELECT 1; END;
         INSERT INTO note VALUES (NULL, 'one'), (NULL, 'one');",
    )
    .await;
    let system = connected(&url).await;
    let catalogue = system.catalogue().await.unwrap();
    let names: Vec<&str> = catalogue.tables.iter().map(|table| table.name.table.as_str()).collect();
    assert_eq!(names, ["everybody", "note", "pair", "person", "tricky", "words"]);
    let person = table(&catalogue, "", "person");
    let loose: Vec<_> = person.columns.iter().map(|c| (c.loose_collation, c.generated)).collect();
    assert_eq!(
        loose,
        [(false, false), (true, false), (false, false), (false, true), (false, false)]
    );
    let unique: Vec<_> =
        person.unique.iter().map(|key| (key.columns.join(","), key.folds_case)).collect();
    assert_eq!(unique, [("mail".into(), true), ("name".into(), true)]);
    assert_eq!(person.triggers, ["audit"]);
    let note = table(&catalogue, "", "note");
    assert_eq!(
        (note.references[0].to.to_string(), &note.references[0].to_columns),
        ("person".into(), &vec!["id".into()])
    );
    for (name, key) in [
        ("note", "rowid"),
        ("pair", "a,b"),
        ("tricky", "oid"),
        ("words", "rowid"),
        ("person", "id"),
    ] {
        assert_eq!(system.row_key(table(&catalogue, "", name)).join(","), key, "{name}");
    }
    // Two equal rows are two rows.
    let rows = all(system.as_ref(), note, "body").await;
    let keys = vec![rows[0].key.clone()];
    let set = ChangeSet { changes: vec![Change::Delete { table: note.name.clone(), keys }] };
    assert_eq!(system.change(&set).await.unwrap().deleted, 1);
    assert_eq!(all(system.as_ref(), note, "body").await.len(), 1);
    // The text of a full-text table is changed like any other.
    let words = table(&catalogue, "", "words");
    let set = update(
        words,
        Value::Int(1),
        "body",
        Value::from("about jane"),
        Value::from("about nobody"),
    );
    assert_eq!(system.change(&set).await.unwrap().updated, 1);
}

#[tokio::test]
async fn a_door_that_does_not_open_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let missing = format!("sqlite:{}/none.db", folder.path().display());
    let text = folder.path().join("text.db");
    std::fs::write(
        &text,
        "not a database, and long enough to be read as a header, so it seems".repeat(20),
    )
    .unwrap();
    for (url, words) in [
        (missing.clone(), "there is no file"),
        (format!("sqlite:{}", text.display()), "not an SQLite database"),
        ("postgres://u:canary-7319@127.0.0.1:1/d".into(), "cannot be reached"),
        ("mysql://u:canary-7319@127.0.0.1:1/d".into(), "cannot be reached"),
        ("postgres://u:canary-7319@db.example/d?sslmode=prefer".into(), "would not be encrypted"),
        ("mysql://u:canary-7319@db.example/d?ssl-mode=DISABLED".into(), "would not be encrypted"),
        (format!("{}_x", testkit::postgres().url()), "has no database `postgres_x`"),
    ] {
        let told = open(&Address::parse(&url).unwrap(), Limits::default()).await.err().unwrap();
        let text = format!("{told} {told:?}");
        assert!(text.contains(words) && !text.contains("canary"), "{url}: {text}");
    }
    assert!(!std::path::Path::new(missing.trim_start_matches("sqlite:")).exists());
    let plain = testkit::postgres().url();
    let told =
        open(&Address::parse(&format!("{plain}?sslmode=require")).unwrap(), Limits::default())
            .await;
    assert!(told.is_err(), "a server without TLS satisfies sslmode=require");
}

#[tokio::test]
async fn a_lookup_uses_the_index_of_its_column() {
    let server = testkit::postgres();
    let url = server.fresh_database("index");
    server.execute(
        &url,
        "CREATE TABLE person (id int PRIMARY KEY, code varchar(40), ref uuid, body text);
         INSERT INTO person SELECT i, 'c' || i, gen_random_uuid(), repeat('x', 500) FROM generate_series(1, 60000) i;
         CREATE INDEX ON person (code); CREATE INDEX ON person (lower(code)); CREATE INDEX ON person (ref); ANALYZE person;",
    );
    let scans = || -> u64 {
        let sql = "SELECT pg_sleep(1.1); SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'person'";
        server.execute(&url, sql).trim().parse().unwrap()
    };
    let system = connected(&url).await;
    let before = scans();
    for (column, value, fold) in [
        ("code", Value::from("c77"), Fold::Exact),
        ("code", Value::from("C77"), Fold::Case),
        ("id", Value::from("77"), Fold::Exact),
        ("ref", Value::from("0b8f9e0e-5a1d-4c3c-9c57-0f2a4b9f1a11"), Fold::Exact),
    ] {
        let by = Match::Column { column: column.into(), any_of: vec![value], fold };
        let lookup =
            Lookup { table: TableName::new("public", "person"), by, when: vec![], columns: vec![] };
        system.count(&lookup).await.unwrap();
    }
    system.close().await;
    assert_eq!(scans(), before, "a lookup read the whole table");
}
