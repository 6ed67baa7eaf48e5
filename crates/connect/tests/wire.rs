//! A wire that is cut, reset, half closed, stalled or slow, at places spread over the whole
//! conversation of every kind of step, on real servers.
//!
//! What must hold, wherever it breaks: an answer is either the right one or an error. An error that
//! does not say "the connection broke" means that nothing was changed. A change is whole or absent.
//! Done once more over a sound wire, the end is the one that an undisturbed run has. Nothing hangs.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do, and tell how much they did"
)]

use std::collections::BTreeSet;
use std::time::Duration;

use connect::{
    Address, Batch, Change, ChangeSet, Connector, Dependent, Due, Error, Fold, Limits, Lookup,
    Match, Old, Page, Purge, Referrer, Result, RowChange, Scan, SetTo, open,
};
use model::{Micros, Row, RowKey, TableName, Value};
use sqlx::{AssertSqlSafe, Connection, Row as _};
use testkit::proxy::{Fault, Proxy, Side};

/// 2020-01-01.
const OLD: Micros = Micros(1_577_836_800_000_000);
/// Longer than any answer may take with [`HASTY`], and far from for ever.
const AT_MOST: Duration = Duration::from_secs(45);
const HASTY: Limits =
    Limits { statement_ms: 1_000, lock_ms: 1_000, rows_per_second: None, read_only: false };

/// What is done over the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Catalogue,
    Rights,
    Find,
    Count,
    Scan,
    Sweep,
    Rehearse,
    Change,
    Due,
    ListDue,
    Purge,
    PurgeWithDependents,
}

const KINDS: [Kind; 13] = [
    Kind::Open,
    Kind::Catalogue,
    Kind::Rights,
    Kind::Find,
    Kind::Count,
    Kind::Scan,
    Kind::Sweep,
    Kind::Rehearse,
    Kind::Change,
    Kind::Due,
    Kind::ListDue,
    Kind::Purge,
    Kind::PurgeWithDependents,
];

/// A database on one of the servers, and a way to it without the wire.
enum Base {
    Postgres(String, sqlx::PgConnection),
    MariaDb(String, sqlx::MySqlConnection),
}

impl Base {
    async fn postgres(name: &str) -> Self {
        let url = testkit::postgres().fresh_database(name);
        let link = sqlx::PgConnection::connect(&url).await.unwrap();
        Self::made(Self::Postgres(url, link)).await
    }

    async fn mariadb(name: &str) -> Self {
        let url = testkit::mariadb().fresh_database(name);
        let link = sqlx::MySqlConnection::connect(&url).await.unwrap();
        Self::made(Self::MariaDb(url, link)).await
    }

    async fn made(mut base: Self) -> Self {
        let end = if matches!(base, Self::MariaDb(..)) { " ENGINE=InnoDB" } else { "" };
        base.run(&format!(
            "CREATE TABLE person (id int PRIMARY KEY, name varchar(60), note varchar(200)){end};
             CREATE TABLE visit (id int PRIMARY KEY, seen_at timestamp NULL){end};
             CREATE TABLE ticket (id int PRIMARY KEY, closed_at timestamp NULL){end};
             CREATE TABLE remark (id int PRIMARY KEY, ticket_id int NOT NULL REFERENCES ticket (id)){end};"
        ))
        .await;
        base.reset().await;
        base
    }

    fn url(&self) -> &str {
        match self {
            Self::Postgres(url, _) | Self::MariaDb(url, _) => url,
        }
    }

    fn table(&self, name: &str) -> TableName {
        TableName::new(if matches!(self, Self::Postgres(..)) { "public" } else { "" }, name)
    }

    async fn run(&mut self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Postgres(_, link) => drop(sqlx::raw_sql(sql).execute(link).await.unwrap()),
            Self::MariaDb(_, link) => drop(sqlx::raw_sql(sql).execute(link).await.unwrap()),
        }
    }

    async fn text(&mut self, sql: &str) -> String {
        let sql = AssertSqlSafe(sql.to_owned());
        let cell: Option<String> = match self {
            Self::Postgres(_, link) => sqlx::query(sql).fetch_one(link).await.unwrap().get(0),
            Self::MariaDb(_, link) => sqlx::query(sql).fetch_one(link).await.unwrap().get(0),
        };
        cell.unwrap_or_default()
    }

    /// Everything as it was at the beginning.
    async fn reset(&mut self) {
        let mut sql =
            "DELETE FROM remark; DELETE FROM ticket; DELETE FROM visit; DELETE FROM person;"
                .to_owned();
        let rows = |count: u32, row: &dyn Fn(u32) -> String| {
            (1..=count).map(row).collect::<Vec<_>>().join(", ")
        };
        let people = rows(400, &|id| format!("({id}, 'Person {id}', 'Note number {id} of many')"));
        let day = |id: u32| if id <= 40 { "2019-06-01 10:00:00" } else { "2026-06-01 10:00:00" };
        let visits = rows(60, &|id| format!("({id}, '{}')", day(id)));
        let remarks = rows(120, &|id| format!("({id}, {})", id.div_ceil(2)));
        sql += &format!("INSERT INTO person VALUES {people}; INSERT INTO visit VALUES {visits};");
        sql += &format!("INSERT INTO ticket VALUES {visits}; INSERT INTO remark VALUES {remarks};");
        self.run(&sql).await;
    }

    /// All that is in it, as one text, once the server has nothing under way any more.
    async fn state(&mut self) -> String {
        let busy = match self {
            Self::Postgres(..) => {
                "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            }
            Self::MariaDb(..) => {
                "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.PROCESSLIST p LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID
                 WHERE p.DB = DATABASE() AND p.ID <> CONNECTION_ID() AND (p.COMMAND <> 'Sleep' OR t.trx_id IS NOT NULL)"
            }
        };
        for _ in 0..400 {
            if self.text(busy).await == "0" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let all = |table: &str, row: &str| match self {
            Self::Postgres(..) => {
                format!("SELECT coalesce(string_agg({row}, ';' ORDER BY id), '') FROM {table}")
            }
            Self::MariaDb(..) => format!(
                "SELECT CAST(COALESCE(GROUP_CONCAT({row} ORDER BY id SEPARATOR ';'), '') AS CHAR) FROM {table}"
            ),
        };
        let queries = [
            all("person", "concat_ws(',', id, coalesce(name, '-'), coalesce(note, '-'))"),
            all("visit", "concat_ws(',', id, seen_at)"),
            all("ticket", "concat_ws(',', id, closed_at)"),
            all("remark", "concat_ws(',', id, ticket_id)"),
        ];
        if matches!(self, Self::MariaDb(..)) {
            self.run("SET group_concat_max_len = 1000000").await;
        }
        let mut state = String::new();
        for query in queries {
            state += &self.text(&query).await;
            state.push('\n');
        }
        state
    }

    fn due(&self, table: &str, column: &str) -> Due {
        Due {
            table: self.table(table),
            old: Old::Column { column: column.to_owned(), before: OLD },
            when: Vec::new(),
            past: Vec::new(),
            except: Vec::new(),
            unless_referred: Vec::new(),
            dependents: Vec::new(),
        }
    }

    fn purge(&self, kind: Kind) -> Purge {
        let due = if kind == Kind::Purge {
            self.due("visit", "seen_at")
        } else {
            let refers = Referrer {
                table: self.table("remark"),
                columns: vec![("ticket_id".to_owned(), "id".to_owned())],
                when: Vec::new(),
            };
            let remark = Dependent {
                refers,
                past: Vec::new(),
                except: Vec::new(),
                dependents: Vec::new(),
                unless_referred: Vec::new(),
            };
            Due { dependents: vec![remark], ..self.due("ticket", "closed_at") }
        };
        Purge { due, not_after: Some(OLD) }
    }

    fn set(&self) -> ChangeSet {
        let row = |id: i64| RowChange {
            key: RowKey(vec![Value::Int(id)]),
            set: vec![
                SetTo { from: Value::Text(format!("Person {id}")), to: Value::Null },
                SetTo {
                    from: Value::Text(format!("Note number {id} of many")),
                    to: Value::from("[erased]"),
                },
            ],
        };
        ChangeSet {
            changes: vec![
                Change::Update {
                    table: self.table("person"),
                    columns: vec!["name".to_owned(), "note".to_owned()],
                    rows: (1..=300).map(row).collect(),
                },
                Change::Delete {
                    table: self.table("visit"),
                    keys: (1..=20).map(|id| RowKey(vec![Value::Int(id)])).collect(),
                },
            ],
        }
    }

    /// Does it, over a connection that stands already but for [`Kind::Open`]; the answer as text.
    async fn done(&self, kind: Kind, on: &dyn Connector, through: &str) -> Result<String> {
        let mut rows = Vec::new();
        let mut sink = |batch: Batch| {
            rows.extend(batch.0);
            Ok(())
        };
        let columns = vec!["name".to_owned(), "note".to_owned()];
        Ok(match kind {
            Kind::Open => {
                let system = open(&Address::parse(through)?, HASTY).await?;
                let keys = system.catalogue().await?.tables.len().to_string();
                system.close().await;
                keys
            }
            Kind::Catalogue => {
                let tables = on.catalogue().await?.tables;
                let told = tables.iter().map(|t| format!("{} {:?}", t.name, t.columns));
                told.collect::<Vec<_>>().join("\n")
            }
            Kind::Rights => {
                // Whose name is told is this database's own.
                let database = self.url().rsplit('/').next().unwrap_or_default();
                format!("{:?}", on.rights(&[]).await?).replace(database, "")
            }
            Kind::Find => {
                let any_of = (1..=300).map(|id| Value::Text(format!("person {id}"))).collect();
                let by = Match::Column { column: "name".to_owned(), any_of, fold: Fold::Case };
                let table = self.table("person");
                on.find(&Lookup { table, by, when: Vec::new(), columns }, &mut sink).await?;
                shown(&rows)
            }
            Kind::Count => {
                let (table, when) = (self.table("person"), Vec::new());
                let lookup = Lookup { table, by: Match::All, when, columns };
                on.count(&lookup).await?.to_string()
            }
            Kind::Scan => {
                let scan = Scan { table: self.table("person"), columns, sample: None };
                on.scan(&scan, &mut sink).await?;
                shown(&rows)
            }
            Kind::Sweep => {
                let scan = Scan { table: self.table("person"), columns, sample: None };
                let mut pages = |page: Page| {
                    rows.extend((0..page.rows()).map(|row| page.row(row)));
                    Ok(())
                };
                on.sweep(&scan, &mut pages).await?;
                shown(&rows)
            }
            Kind::Rehearse => format!("{:?}", on.rehearse(&self.set()).await?),
            Kind::Change => format!("{:?}", on.change(&self.set()).await?),
            Kind::Due => format!("{:?}", on.due(&self.due("visit", "seen_at"), 1_000).await?),
            Kind::ListDue => {
                let (due, columns) = (self.due("visit", "seen_at"), vec!["seen_at".to_owned()]);
                on.list_due(&due, &columns, None, 100, &mut sink).await?;
                shown(&rows)
            }
            Kind::Purge | Kind::PurgeWithDependents => {
                format!("{:?}", on.purge(&self.purge(kind), 100).await?)
            }
        })
    }
}

fn shown(rows: &[Row]) -> String {
    let texts = rows.iter().map(|row| format!("{:?} {:?}", row.key, row.values));
    texts.collect::<Vec<_>>().join("\n")
}

/// What an undisturbed run says and leaves, and how many bytes go each way.
struct Sound {
    answer: String,
    before: String,
    after: String,
    bytes: (u64, u64),
}

/// A base, a wire to it, and what is known of a kind of step.
struct Bench {
    base: Base,
    wire: Proxy,
    through: String,
}

impl Bench {
    async fn new(base: Base) -> Self {
        let wire = Proxy::to(base.url()).await;
        let through = wire.url(base.url());
        Self { base, wire, through }
    }

    async fn system(&self) -> Box<dyn Connector> {
        open(&Address::parse(&self.through).unwrap(), HASTY).await.unwrap()
    }

    async fn sound(&mut self, kind: Kind) -> Sound {
        self.base.reset().await;
        let before = self.base.state().await;
        let system = self.system().await;
        self.wire.mend();
        let answer = self.base.done(kind, system.as_ref(), &self.through).await.unwrap();
        let bytes = self.wire.passed();
        system.close().await;
        let after = self.base.state().await;
        let changes = matches!(kind, Kind::Change | Kind::Purge | Kind::PurgeWithDependents);
        assert_eq!(before != after, changes, "{kind:?}");
        assert!(bytes.0 > 20 && bytes.1 > 20, "{kind:?}: {bytes:?} went over the wire");
        Sound { answer, before, after, bytes }
    }

    /// Does it once over a wire that fails, and once more over a sound one. What was wrong, if
    /// anything was; whether the fault struck.
    async fn disturbed(
        &mut self,
        kind: Kind,
        sound: &Sound,
        fault: Fault,
    ) -> (bool, Option<String>) {
        self.base.reset().await;
        let system = self.system().await;
        self.wire.set(fault);
        let doing = self.base.done(kind, system.as_ref(), &self.through);
        let Ok(told) = tokio::time::timeout(AT_MOST, doing).await else {
            self.wire.mend();
            return (true, Some("it hangs".to_owned()));
        };
        let struck = self.wire.has_struck();
        self.wire.mend();
        let state = self.base.state().await;
        let wrong = match &told {
            Ok(answer) if *answer != sound.answer => Some("another answer".to_owned()),
            Ok(_) if state != sound.after => Some("told as done and is not".to_owned()),
            Err(Error::Broken(_)) if state != sound.before && state != sound.after => {
                Some("half done".to_owned())
            }
            Err(error) if !matches!(error, Error::Broken(_)) && state != sound.before => {
                Some(format!("done, and told as not done: {error}"))
            }
            Err(error) if !error.is_passing() => Some(format!("told as lasting: {error}")),
            _ => None,
        };
        if wrong.is_some() {
            return (struck, wrong);
        }
        // The same connector finds its way back. Where somebody else's session still holds the rows
        // (ours, which the server has not missed yet), a little later.
        let mut last = None;
        for _ in 0..40 {
            let again =
                tokio::time::timeout(AT_MOST, self.base.done(kind, system.as_ref(), &self.through));
            match again.await {
                Err(_) => return (struck, Some("the second try hangs".to_owned())),
                Ok(Ok(answer)) => {
                    let done_twice = told.is_ok() || state == sound.after;
                    let wants_same = !done_twice || sound.before == sound.after;
                    if wants_same && answer != sound.answer {
                        return (struck, Some(format!("the second try says {answer:.200}")));
                    }
                    let state = self.base.state().await;
                    let right = state == sound.after;
                    system.close().await;
                    let why = (!right).then(|| "the second try leaves it otherwise".to_owned());
                    return (struck, why);
                }
                Ok(Err(error)) if error.is_passing() => last = Some(error),
                Ok(Err(error)) => return (struck, Some(format!("the second try: {error}"))),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        (struck, Some(format!("the second try never succeeds: {last:?}")))
    }
}

/// So many places spread over a conversation of so many bytes, its first and last bytes among them.
fn places(bytes: u64, count: u64) -> BTreeSet<u64> {
    let spread = (0..count).map(|at| bytes * at / count.max(1));
    let edges = [1, 5, bytes.saturating_sub(6), bytes.saturating_sub(1)];
    spread.chain(edges).filter(|at| *at < bytes).collect()
}

fn directions(sound: &Sound) -> [(Side, u64); 2] {
    [(Side::ToServer, sound.bytes.0), (Side::ToClient, sound.bytes.1)]
}

/// Cuts, resets and half-closed lines; every place of each direction when `UPHELD_WIRE=all`.
async fn cut_everywhere(base: Base) {
    let mut bench = Bench::new(base).await;
    let (mut faults, mut struck) = (0, 0);
    let mut wrong = Vec::new();
    let all = every_place();
    for kind in KINDS {
        let sound = bench.sound(kind).await;
        for (side, bytes) in directions(&sound) {
            let cuts = places(bytes, if all { bytes.min(400) } else { 5 });
            let few = places(bytes, if all { 40 } else { 1 });
            let cuts = cuts.into_iter().map(|after| Fault::Cut { side, after });
            let resets = few.iter().map(|after| Fault::Reset { side, after: *after });
            let halves = few.iter().map(|after| Fault::HalfOpen { side, after: *after });
            let chosen: Vec<Fault> =
                cuts.chain(resets.skip(1).step_by(2)).chain(halves.skip(1).step_by(3)).collect();
            for fault in chosen {
                let (hit, why) = bench.disturbed(kind, &sound, fault).await;
                faults += 1;
                struck += u32::from(hit);
                wrong.extend(why.map(|why| format!("{kind:?}, {fault:?} of {bytes}: {why}")));
            }
        }
        // The door is shut: what stands already goes on, and what is opened anew is refused.
        let (_, why) = bench.disturbed(kind, &sound, Fault::Refuse).await;
        wrong.extend(why.map(|why| format!("{kind:?}, refused: {why}")));
        let slow = Fault::Slow { bytes: 700, rest: Duration::from_millis(1) };
        let (_, why) = bench.disturbed(kind, &sound, slow).await;
        wrong.extend(why.map(|why| format!("{kind:?}, slow: {why}")));
    }
    println!("{faults} faults, {struck} of them struck, {} went wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {faults}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(struck * 10 > faults * 9, "{struck} of {faults} struck");
}

#[expect(clippy::disallowed_methods, reason = "who runs the tests by hand asks for more of them")]
fn every_place() -> bool {
    std::env::var("UPHELD_WIRE").is_ok_and(|word| word == "all")
}

/// Stalls end in an error; all at once, for each takes as long as the limit.
async fn stall_everywhere(fresh: impl AsyncFn(usize) -> Base) {
    let mut first = Bench::new(fresh(0).await).await;
    let mut waiting = Vec::new();
    for kind in KINDS {
        let sound = std::sync::Arc::new(first.sound(kind).await);
        for (side, bytes) in directions(&sound) {
            // The last words of a connection that is closed are waited for by nobody.
            let end = if kind == Kind::Open { bytes * 3 / 4 } else { bytes - 1 };
            for after in [bytes / 3, end] {
                waiting.push((kind, std::sync::Arc::clone(&sound), Fault::Stall { side, after }));
            }
        }
    }
    let mut running = tokio::task::JoinSet::new();
    for (number, (kind, sound, fault)) in waiting.into_iter().enumerate() {
        let mut bench = Bench::new(fresh(number).await).await;
        running.spawn(async move {
            let (struck, why) = bench.disturbed(kind, &sound, fault).await;
            assert!(struck, "{kind:?} {fault:?} does not strike");
            why.map(|why| format!("{kind:?}, {fault:?}: {why}"))
        });
    }
    let (mut count, mut wrong) = (0, Vec::new());
    while let Some(told) = running.join_next().await {
        count += 1;
        wrong.extend(told.unwrap_or_else(|error| panic!("{error}")));
    }
    println!("{count} stalls, {} went wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_over_a_wire_that_is_cut() {
    cut_everywhere(Base::postgres("cut").await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mariadb_over_a_wire_that_is_cut() {
    cut_everywhere(Base::mariadb("cut").await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_over_a_wire_that_stalls() {
    stall_everywhere(async |_| Base::postgres("stall").await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mariadb_over_a_wire_that_stalls() {
    stall_everywhere(async |_| Base::mariadb("stall").await).await;
}
