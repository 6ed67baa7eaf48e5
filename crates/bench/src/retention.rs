//! Retention over a large table: the binary beside hand-tuned batched deletes, in turns; and a
//! writer beside each of them.

use std::time::{Duration, Instant};

use serde_json::json;
use testkit::{MariaDb, Postgres};

use crate::binary::{House, Took};
use crate::report::{Bar, Line, Report, median};
use crate::writer::{Latency, Writer};

/// The table's rows are spread evenly over so many days back.
const DAYS: u64 = 1_000;
/// One turn deletes the rows of so many days.
const TURN: u64 = 80;
/// Beside the writer, so many.
const BESIDE: u64 = 50;
/// Whose turn it is: hand, binary, binary, hand, so that a drift of the machine hits both.
const TURNS: [bool; 8] = [false, true, true, false, false, true, true, false];
/// The batch sizes among which the hand-tuned delete chooses.
const BATCHES: [u64; 3] = [1_000, 5_000, 20_000];

enum Server {
    Postgres(Postgres),
    MariaDb(MariaDb),
}

pub(crate) fn run(rows: u64, only: Option<&str>) {
    if only.is_none_or(|only| only == "postgres") {
        // A server as it ships, with memory enough for the index: nothing that a test leaves out.
        let server = Postgres::start_with(&[
            "fsync=on",
            "full_page_writes=on",
            "autovacuum=on",
            "shared_buffers=1GB",
            "max_wal_size=4GB",
        ]);
        measure("PostgreSQL", &Server::Postgres(server), rows, Report::new("retention_postgresql"));
    }
    if only.is_none_or(|only| only == "mariadb") {
        let server = MariaDb::start_with(&[
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-flush-method=O_DIRECT",
            "--innodb-log-file-size=1G",
            "--innodb-buffer-pool-size=1G",
        ]);
        measure("MariaDB", &Server::MariaDb(server), rows, Report::new("retention_mariadb"));
    }
}

fn measure(product: &str, server: &Server, rows: u64, mut report: Report) {
    let begun = Instant::now();
    let url = server.load(rows);
    println!("{product}: {rows} rows loaded in {:.0} s", begun.elapsed().as_secs_f64());
    let house = House::new("load", &map(DAYS), &url);
    house.must(&["check"]);

    let mut left = DAYS;
    let mut tuned = Vec::new();
    for batch in BATCHES {
        left -= TURN / 2;
        tuned.push((server.by_hand(&url, left, batch), batch));
    }
    tuned.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (_, batch) = tuned.first().copied().unwrap_or((0.0, 5_000));
    println!("{product}: by hand, rows a second by batch: {tuned:?}");

    let (mut hand, mut ours) = (Vec::new(), Vec::new());
    for turn in TURNS {
        left -= TURN;
        if turn {
            let before = server.count(&url);
            let took = purge(&house, left, true);
            let gone = before - server.count(&url);
            ours.push(gone as f64 / took.wall.as_secs_f64());
        } else {
            hand.push(server.by_hand(&url, left, batch));
        }
    }
    let ratio = median(&ours) / median(&hand);
    println!("{product}: rows a second: by hand {hand:.0?}, upheld {ours:.0?}: ratio {ratio:.2}");
    report.line(&Line {
        what: format!("{product}: old rows deleted, of {rows}"),
        ours: (median(&ours), "rows/s"),
        beside: Some(("hand-tuned batches", median(&hand), "rows/s")),
        figure: (ratio, "of the rate"),
        bar: Bar::AtLeast(0.9),
        moonshot: Bar::None,
    });

    let mut beside = Vec::new();
    for round in 0..2 {
        let quiet = Writer::alone(&url, 20);
        left -= BESIDE;
        let writer = Writer::start(&url);
        let took = purge(&house, left, false);
        let gentle = writer.stop();
        let quiet_again = Writer::alone(&url, 20);
        left -= BESIDE;
        let writer = Writer::start(&url);
        server.by_hand(&url, left, batch);
        let by_hand = writer.stop();
        let alone = f64::midpoint(quiet.p99, quiet_again.p99);
        report.line(&Line {
            what: format!(
                "{product}: 99 % of the writes of an application beside it, round {round}"
            ),
            ours: (gentle.p99, "ms"),
            beside: Some(("the application alone", alone, "ms")),
            figure: (ratio_of(gentle, alone), "×"),
            bar: Bar::AtMost(2.0),
            moonshot: Bar::None,
        });
        println!(
            "{product}: writer's p99, round {round}: alone {alone:.2} ms, beside upheld {:.2} ms ({:.2}×), beside deletes by hand {:.2} ms ({:.2}×); upheld took {:.0} s",
            gentle.p99,
            gentle.p99 / alone,
            by_hand.p99,
            by_hand.p99 / alone,
            took.wall.as_secs_f64()
        );
        beside.push(json!({
            "alone": [quiet.json(), quiet_again.json()], "beside_upheld": gentle.json(),
            "beside_hand": by_hand.json(), "p99_ratio": ratio_of(gentle, alone),
            "p99_ratio_by_hand": ratio_of(by_hand, alone), "upheld_seconds": took.wall.as_secs_f64(),
            "upheld_peak_kib": took.peak_kib,
        }));
    }
    report.raw("rows", rows);
    report.raw(
        "product",
        json!({
            "product": product, "version": server.version(&url), "batch_by_hand": batch,
            "tried_by_hand": tuned, "rows_per_second_by_hand": hand, "rows_per_second_upheld": ours,
            "ratio": ratio, "writer": beside,
        }),
    );
    report.keep();
}

fn ratio_of(latency: Latency, alone: f64) -> f64 {
    latency.p99 / alone
}

/// The rule becomes stricter by a turn, and the binary carries it out: a whole process, with its
/// start, its plan, its second look and its record.
fn purge(house: &House, days: u64, full_speed: bool) -> Took {
    house.map(&map(days));
    let out = house.folder.path().join(format!("record-{days}.json"));
    let out = out.to_string_lossy().into_owned();
    let mut words = vec!["retain", "run", "--yes", "-o", &out];
    if full_speed {
        words.push("--full-speed");
    }
    house.must(&words)
}

fn map(days: u64) -> String {
    format!(
        "system:
  title: Load
  purposes: [essential.service]
dataset:
  - fides_key: load
    collections:
      - name: events
        upheld:
          title: Events
          retain: {{ from: created, max: {days} days, method: delete }}
        fields:
          - name: id
            data_categories: [system.operations]
            fides_meta: {{ primary_key: true }}
          - name: client_id
            data_categories: [system.operations]
          - name: created
            data_categories: [system.operations]
          - name: kind
            data_categories: [system.operations]
          - name: message
            data_categories: [user.content]
          - name: author
            data_categories: [user.contact.email]
            fides_meta: {{ identity: email }}
"
    )
}

impl Server {
    fn execute(&self, url: &str, sql: &str) -> String {
        match self {
            Self::Postgres(server) => server.execute(url, sql),
            Self::MariaDb(server) => server.execute(url, sql),
        }
    }

    fn version(&self, url: &str) -> String {
        self.execute(url, "SELECT version()").trim().to_owned()
    }

    fn count(&self, url: &str) -> u64 {
        self.execute(url, "SELECT count(*) FROM events").trim().parse().unwrap_or(0)
    }

    fn load(&self, rows: u64) -> String {
        let seconds = DAYS * 86_400;
        match self {
            Self::Postgres(server) => {
                let url = server.fresh_database("retention");
                let sql = format!(
                    "CREATE TABLE events (id bigint GENERATED BY DEFAULT AS IDENTITY, client_id int NOT NULL,
                       created timestamptz NOT NULL, kind text NOT NULL, message text NOT NULL, author text);
                     INSERT INTO events (client_id, created, kind, message, author)
                       SELECT n % 1200, now() - interval '1 second' * ({seconds} - n * {seconds}.0 / {rows}), 'note',
                              'restarted the service on host ' || n % 977 || ' after the disk was full; ' || md5(n::text),
                              'user' || n % 50000 || '@acme.example'
                       FROM generate_series(1, {rows}) AS n;
                     ALTER TABLE events ADD PRIMARY KEY (id);
                     CREATE INDEX events_created ON events (created);
                     VACUUM ANALYZE events;"
                );
                server.execute(&url, &sql);
                url
            }
            Self::MariaDb(server) => {
                let url = server.fresh_database("retention");
                let sql = format!(
                    "CREATE TABLE events (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, client_id int NOT NULL,
                       created datetime(6) NOT NULL, kind varchar(20) NOT NULL, message text NOT NULL,
                       author varchar(120)) ENGINE=InnoDB;
                     INSERT INTO events (client_id, created, kind, message, author)
                       SELECT seq MOD 1200, now(6) - INTERVAL FLOOR({seconds} - seq * {seconds}.0 / {rows}) SECOND, 'note',
                              concat('restarted the service on host ', seq MOD 977, ' after the disk was full; ', md5(seq)),
                              concat('user', seq MOD 50000, '@acme.example')
                       FROM seq_1_to_{rows};
                     CREATE INDEX events_created ON events (created);
                     ANALYZE TABLE events;"
                );
                server.execute(&url, &sql);
                url
            }
        }
    }

    /// What somebody who knows the product would write: batches by the index, each a transaction.
    /// Rows a second.
    fn by_hand(&self, url: &str, days: u64, batch: u64) -> f64 {
        let before = self.count(url);
        let begun = Instant::now();
        let loops = match self {
            Self::Postgres(_) => format!(
                "DO $$ DECLARE gone bigint; BEGIN LOOP
                   DELETE FROM events WHERE ctid = ANY (ARRAY(
                     SELECT ctid FROM events WHERE created < now() - interval '{days} days'
                     ORDER BY created LIMIT {batch}));
                   GET DIAGNOSTICS gone = ROW_COUNT; COMMIT; EXIT WHEN gone = 0;
                 END LOOP; END $$;"
            ),
            Self::MariaDb(_) => format!(
                "DELIMITER //
                 CREATE OR REPLACE PROCEDURE purge_events() BEGIN
                   REPEAT DELETE FROM events WHERE created < now(6) - INTERVAL {days} DAY ORDER BY created LIMIT {batch};
                   UNTIL ROW_COUNT() = 0 END REPEAT; END //
                 DELIMITER ;
                 CALL purge_events();"
            ),
        };
        self.execute(url, &loops);
        let took = begun.elapsed().max(Duration::from_millis(1));
        (before - self.count(url)) as f64 / took.as_secs_f64()
    }
}
