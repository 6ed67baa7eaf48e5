//! A purge while an application changes the same rows, on real servers.

use connect::{Address, Due, Limits, Old, Purge, open};
use model::{Micros, TableName};
use sqlx::Connection as _;

const DAY: i64 = 86_400_000_000;
const ROWS: u64 = 2_000;

/// Rows that the application made young in the same moment: every one that it found still stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_becomes_young_while_it_is_chosen_stays() {
    let server = testkit::postgres();
    let url = server.fresh_database("beside");
    server.execute(
        &url,
        &format!(
            "CREATE TABLE event (id int PRIMARY KEY, made timestamptz NOT NULL, word text);
             INSERT INTO event SELECT n, '2020-01-01', repeat('x', 500) FROM generate_series(1, {ROWS}) AS n;
             CREATE INDEX ON event (made);"
        ),
    );
    let system = open(&Address::parse(&url).unwrap(), Limits::default()).await.unwrap();
    system.catalogue().await.unwrap();
    let before = Micros(18_628 * DAY);
    let due = Due {
        table: TableName::new("public", "event"),
        old: Old::Column { column: "made".into(), before },
        when: Vec::new(),
        past: Vec::new(),
        except: Vec::new(),
        unless_referred: Vec::new(),
        dependents: Vec::new(),
    };
    let purge = Purge { due, not_after: Some(before) };

    // All over the table, and each for a moment, so that the two meet often.
    let writer = tokio::spawn(async move {
        let mut link = sqlx::PgConnection::connect(&url).await.unwrap();
        let mut young = 0;
        for step in 0..ROWS / 4 {
            let id = i32::try_from(step * 7_919 % ROWS + 1).unwrap();
            let mut change = link.begin().await.unwrap();
            let set = sqlx::query("UPDATE event SET made = '2026-01-01' WHERE id = $1").bind(id);
            young += set.execute(&mut *change).await.unwrap().rows_affected();
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            change.commit().await.unwrap();
        }
        (young, link)
    });
    let mut gone = 0;
    while !writer.is_finished() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        // One that the writer holds is passed over, or comes back as busy.
        match system.purge(&purge, 5).await {
            Ok(purged) => gone += purged.rows,
            Err(error) => assert!(error.is_passing(), "{error}"),
        }
    }
    let (young, mut link) = writer.await.unwrap();
    gone += system.purge(&purge, 5_000).await.unwrap().rows;
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM event").fetch_one(&mut link).await.unwrap();
    assert_eq!((u64::try_from(left).unwrap(), gone), (young, ROWS - young));
    assert!(young > 0 && gone > 0, "they met: {young} young, {gone} gone");
    system.close().await;
}
