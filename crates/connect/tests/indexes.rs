//! Which look-ups an index serves: as the servers plan the statements that are really sent, before and
//! after the advised index is there.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use connect::{
    Address, Connector, Error, Fold, How, Limits, Lookup, Match, Probe, Served, Timing, open,
};
use model::{TableName, Value};

#[derive(Clone, Copy, PartialEq)]
enum Product {
    Postgres,
    MariaDb,
    Sqlite,
}

struct Base {
    product: Product,
    url: String,
}

impl Base {
    fn fresh(product: Product, folder: &std::path::Path) -> Self {
        let url = match product {
            Product::Postgres => testkit::postgres().fresh_database("probe"),
            Product::MariaDb => testkit::mariadb().fresh_database("probe"),
            Product::Sqlite => format!("sqlite:{}", folder.join("a.db").display()),
        };
        Self { product, url }
    }

    async fn execute(&self, sql: &str) {
        match self.product {
            Product::Postgres => drop(testkit::postgres().execute(&self.url, sql)),
            Product::MariaDb => drop(testkit::mariadb().execute(&self.url, sql)),
            Product::Sqlite => {
                let path = self.url.trim_start_matches("sqlite:");
                let options = sqlx::sqlite::SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true);
                let mut link = sqlx::ConnectOptions::connect(&options).await.unwrap();
                let sql = sqlx::AssertSqlSafe(sql.to_owned());
                sqlx::Executor::execute(&mut link, sql).await.unwrap();
                sqlx::Connection::close(link).await.unwrap();
            }
        }
    }

    async fn connected(&self) -> Box<dyn Connector> {
        open(&Address::parse(&self.url).unwrap(), Limits::default()).await.unwrap()
    }

    /// The look-up itself goes along an index, by the server's own count.
    async fn is_used(&self, system: Box<dyn Connector>, column: &str, how: How) {
        let How::Value(fold) = how else { panic!("{how:?}") };
        let value = match (column, fold) {
            ("number", _) => Value::Int(77),
            (_, Fold::Digits) => Value::from("55577"),
            ("alias", _) => Value::from("a"),
            ("exact", _) => Value::from("b"),
            _ => Value::from("m77@x.example"),
        };
        let lookup = Lookup {
            table: self.probe(column, how).table,
            by: Match::Column { column: column.into(), any_of: vec![value], fold },
            when: vec![],
            columns: vec![column.into()],
        };
        let mut found = 0;
        let mut count = |batch: connect::Batch| {
            found += batch.0.len();
            Ok(())
        };
        match self.product {
            Product::Postgres => self.execute("ANALYZE person").await,
            Product::MariaDb => self.execute("SET GLOBAL userstat = 1").await,
            Product::Sqlite => {}
        }
        system.find(&lookup, &mut count).await.unwrap();
        assert!(found > 0, "{column}");
        // The server counts what a connection did when that ends.
        system.close().await;
        let used = match self.product {
            Product::Postgres => testkit::postgres().execute(
                &self.url,
                "SELECT sum(idx_scan) > 0 FROM pg_stat_user_indexes WHERE indexrelname <> 'person_pkey'",
            ),
            Product::MariaDb => testkit::mariadb().execute(
                &self.url,
                "SELECT IF(COUNT(*) > 0, 't', 'f') FROM information_schema.INDEX_STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND INDEX_NAME <> 'PRIMARY'",
            ),
            Product::Sqlite => return,
        };
        // Where every row has the same value, reading the whole is the better way.
        assert!(column == "alias" || used.trim() == "t", "{column} {how:?} {used}");
    }

    fn probe(&self, column: &str, how: How) -> Probe {
        let schema = if self.product == Product::Postgres { "public" } else { "" };
        Probe { table: TableName::new(schema, "person"), column: column.into(), how }
    }
}

const CASE: How = How::Value(Fold::Case);
const EXACT: How = How::Value(Fold::Exact);
const DIGITS: How = How::Value(Fold::Digits);

/// What is asked of each product, and how many indexes it takes; none where no index serves.
const ASKED: [(Product, &str, How, Option<usize>); 25] = [
    (Product::Postgres, "mail", CASE, Some(2)),
    (Product::Postgres, "alias", CASE, Some(2)),
    (Product::Postgres, "mail", EXACT, Some(1)),
    (Product::Postgres, "phone", DIGITS, Some(1)),
    (Product::Postgres, "number", DIGITS, Some(1)),
    (Product::Postgres, "number", EXACT, Some(1)),
    (Product::Postgres, "made", How::Age, Some(1)),
    (Product::Postgres, "stamp", How::Age, Some(1)),
    (Product::Postgres, "born", How::Age, Some(1)),
    (Product::Postgres, "said", How::Age, None),
    (Product::Postgres, "day\"x", EXACT, None),
    (Product::MariaDb, "mail", CASE, Some(1)),
    (Product::MariaDb, "alias", CASE, Some(1)),
    (Product::MariaDb, "exact", CASE, None),
    (Product::MariaDb, "exact", EXACT, Some(1)),
    (Product::MariaDb, "phone", DIGITS, None),
    (Product::MariaDb, "number", EXACT, Some(1)),
    (Product::MariaDb, "made", How::Age, Some(1)),
    (Product::MariaDb, "born", How::Age, Some(1)),
    (Product::MariaDb, "said", How::Age, None),
    (Product::Sqlite, "mail", CASE, Some(2)),
    (Product::Sqlite, "mail", EXACT, Some(1)),
    (Product::Sqlite, "number", EXACT, Some(1)),
    (Product::Sqlite, "phone", DIGITS, None),
    (Product::Sqlite, "made", How::Age, None),
];

fn tables(product: Product) -> &'static str {
    match product {
        Product::Postgres => {
            "CREATE TABLE person (id int PRIMARY KEY, mail varchar(90), alias text, phone text, number bigint, made timestamptz, stamp timestamp, born date, said text, \"day\"\"x\" date);
             INSERT INTO person SELECT n, 'm' || n || '@x.example', 'a', '555' || n, n, now(), now(), now(), '2020-01-01', now() FROM generate_series(1, 3000) n; ANALYZE person;"
        }
        Product::MariaDb => {
            "CREATE TABLE person (id int PRIMARY KEY, mail varchar(90), alias text, exact varchar(90) COLLATE utf8mb4_bin, phone varchar(40), number bigint, made datetime, born date, said varchar(40)) CHARACTER SET utf8mb4;
             INSERT INTO person SELECT seq, CONCAT('m', seq, '@x.example'), 'a', 'b', seq, seq, NOW(), NOW(), '2020-01-01' FROM seq_1_to_3000; ANALYZE TABLE person;"
        }
        Product::Sqlite => {
            "CREATE TABLE person (id integer PRIMARY KEY, mail text, phone text, number integer, made text);
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3000) INSERT INTO person SELECT n, 'm' || n || '@x.example', '555' || n, n, '2020-01-01' FROM n;"
        }
    }
}

#[tokio::test]
async fn the_advised_index_serves_the_statement_that_is_sent() {
    for product in [Product::Postgres, Product::MariaDb, Product::Sqlite] {
        for (_, column, how, indexes) in ASKED.into_iter().filter(|asked| asked.0 == product) {
            let folder = tempfile::tempdir().unwrap();
            let base = Base::fresh(product, folder.path());
            base.execute(tables(product)).await;
            let probe = base.probe(column, how);
            let system = base.connected().await;
            let told = system.probe(std::slice::from_ref(&probe)).await.unwrap().remove(0);
            assert!(told.about_rows > 2_000, "{told:?}");
            match (indexes, &told.served) {
                (None, Served::Never(_)) => {}
                (Some(count), Served::Not(statements)) => {
                    assert_eq!(statements.len(), count, "{statements:?}");
                    for statement in statements {
                        base.execute(statement).await;
                    }
                    let told = system.probe(std::slice::from_ref(&probe)).await.unwrap().remove(0);
                    let Served::By(names) = &told.served else { panic!("{told:?}") };
                    assert!(!names.is_empty(), "{told:?}");
                    if how != How::Age {
                        base.is_used(system, column, how).await;
                        continue;
                    }
                }
                _ => panic!("{told:?}"),
            }
            system.close().await;
        }
    }
}

/// An index that looks like the right one and is not.
#[tokio::test]
async fn an_index_that_does_not_serve_is_not_taken_for_one() {
    for (product, index, column, how, left) in [
        // The lower case alone: the statement asks for the spelling itself too.
        (Product::Postgres, "CREATE INDEX ON person (lower(mail))", "mail", CASE, Some(1)),
        (Product::Postgres, "CREATE INDEX ON person (mail)", "mail", CASE, Some(1)),
        (Product::Postgres, "CREATE INDEX ON person (upper(mail))", "mail", CASE, Some(2)),
        (Product::Postgres, "CREATE INDEX ON person (alias, mail)", "mail", EXACT, Some(1)),
        (Product::Postgres, "CREATE INDEX ON person (mail) WHERE id < 9", "mail", EXACT, Some(1)),
        (Product::Postgres, "CREATE INDEX ON person (mail COLLATE \"C\")", "mail", EXACT, Some(1)),
        (Product::Postgres, "CREATE INDEX ON person USING brin (mail)", "mail", CASE, Some(2)),
        // These do.
        (
            Product::Postgres,
            "CREATE INDEX ON person (mail varchar_pattern_ops)",
            "mail",
            EXACT,
            None,
        ),
        (Product::Postgres, "CREATE INDEX ON person USING hash (mail)", "mail", EXACT, None),
        (Product::MariaDb, "CREATE INDEX i ON person (mail(9))", "mail", CASE, None),
        (Product::MariaDb, "CREATE INDEX i ON person (number, mail)", "mail", CASE, Some(1)),
        (Product::Sqlite, "CREATE INDEX i ON person (lower(mail))", "mail", CASE, Some(1)),
        (Product::Sqlite, "CREATE INDEX i ON person (mail COLLATE NOCASE)", "mail", EXACT, Some(1)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let base = Base::fresh(product, folder.path());
        base.execute(tables(product)).await;
        base.execute(index).await;
        let system = base.connected().await;
        let told = system.probe(&[base.probe(column, how)]).await.unwrap().remove(0);
        let lacking = match &told.served {
            Served::By(_) => None,
            Served::Not(statements) => Some(statements.len()),
            Served::Never(why) => panic!("{index}: {why}"),
        };
        assert_eq!(lacking, left, "{index}: {told:?}");
        system.close().await;
    }
}

#[tokio::test]
async fn an_index_is_tried_and_undone() {
    let folder = tempfile::tempdir().unwrap();
    let base = Base::fresh(Product::Postgres, folder.path());
    base.execute(tables(Product::Postgres)).await;
    let system = base.connected().await;
    let probe = base.probe("mail", CASE);
    for timing in [Timing::Now, Timing::ByKey] {
        let timed = system.time(&probe, timing).await.unwrap();
        assert!(timed.runs >= 1 && timed.built_in.is_none(), "{timed:?}");
    }
    let timed = system.time(&probe, Timing::Trial).await.unwrap();
    assert!(timed.bytes.unwrap() > 8_192 && timed.built_in.is_some(), "{timed:?}");
    // Nothing of it is left, and nobody waits.
    let told = system.probe(std::slice::from_ref(&probe)).await.unwrap().remove(0);
    assert!(matches!(told.served, Served::Not(_)), "{told:?}");
    base.execute("INSERT INTO person (id) VALUES (0)").await;
    system.close().await;
    let careful = Limits { read_only: true, ..Limits::default() };
    let system = open(&Address::parse(&base.url).unwrap(), careful).await.unwrap();
    assert_eq!(system.time(&probe, Timing::Trial).await, Err(Error::ReadOnly));
    assert!(system.time(&probe, Timing::Now).await.is_ok());
    system.close().await;
    for product in [Product::MariaDb, Product::Sqlite] {
        let base = Base::fresh(product, folder.path());
        base.execute(tables(product)).await;
        let system = base.connected().await;
        let probe = base.probe("mail", CASE);
        assert!(system.time(&probe, Timing::Now).await.is_ok());
        assert!(system.time(&probe, Timing::ByKey).await.is_ok());
        let refused = system.time(&probe, Timing::Trial).await;
        assert!(matches!(refused, Err(Error::NotOffered { .. })), "{refused:?}");
        system.close().await;
    }
}
