//! A small help desk on each product, driven through the real connectors.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use connect::{Address, Connector, Limits};
use engine::retain::{Due, Found, Run, RunKeeper, Runner};
use model::{Micros, Secret};
use plan::Exceptions;
use plan::retention::{Almanac, Book, Schedule};
use policy::{Client, System};

/// A database of one of the products.
pub enum Base {
    Sqlite(PathBuf, tempfile::TempDir),
    Postgres(String),
    MariaDb(String),
}

impl Base {
    pub fn all(name: &str) -> Vec<Self> {
        let folder = tempfile::tempdir().unwrap();
        vec![
            Self::Sqlite(folder.path().join("desk.db"), folder),
            Self::Postgres(testkit::postgres().fresh_database(name)),
            Self::MariaDb(testkit::mariadb().fresh_database(name)),
        ]
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(..) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
            Self::MariaDb(_) => "MariaDB",
        }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(path, _) => format!("sqlite:{}", path.display()),
            Self::Postgres(url) => url.clone(),
            Self::MariaDb(url) => testkit::mariadb().by_socket(url),
        }
    }

    /// Runs SQL by the product's own client; what it prints.
    pub fn sql(&self, sql: &str) -> String {
        match self {
            Self::Postgres(url) => testkit::postgres().execute(url, sql),
            Self::MariaDb(url) => testkit::mariadb().execute(url, sql),
            Self::Sqlite(path, _) => {
                let program = "import sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None)
parts = [p for p in sys.argv[2].split(';') if p.strip()]
for part in parts:
    for row in base.execute(part).fetchall(): print('\\t'.join(str(v) for v in row))";
                let ran = Command::new("python3").args(["-c", program]).arg(path).arg(sql).output();
                let ran = ran.unwrap();
                assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
                String::from_utf8(ran.stdout).unwrap()
            }
        }
    }

    /// The sessions that sleep in this database.
    pub fn sleepers(&self) -> Vec<String> {
        let told = match self {
            Self::Postgres(_) => self.sql(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'",
            ),
            _ => self.sql(
                "SELECT id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE 'DO SLEEP%'",
            ),
        };
        told.split_whitespace().map(str::to_owned).collect()
    }

    /// Ends them.
    pub fn wake(&self) {
        for id in self.sleepers() {
            match self {
                Self::Postgres(_) => self.sql(&format!("SELECT pg_terminate_backend({id})")),
                _ => self.sql(&format!("KILL {id}")),
            };
        }
    }

    /// The first column of an answer, sorted.
    pub fn ids(&self, table: &str) -> Vec<String> {
        let told = self.sql(&format!("SELECT id FROM {table} ORDER BY id"));
        let lines = told.lines().map(|line| line.trim().to_owned());
        lines.filter(|line| line.chars().any(|c| c.is_ascii_digit())).collect()
    }
}

/// One or two systems, a moment and what is held.
pub struct House<'h> {
    pub bases: Vec<(&'h str, &'h Base)>,
    pub systems: Vec<System>,
    pub clients: Vec<Client>,
    pub except: Exceptions,
    pub now: Micros,
    /// These are gone.
    pub down: BTreeSet<String>,
    key: Secret<Vec<u8>>,
}

pub fn moment(text: &str) -> Micros {
    // 86,400 seconds a day since 1970, by the proleptic calendar.
    let mut parts = text.split('-').map(|part| part.parse::<i64>().unwrap());
    let (y, m, d) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let (y, m) = if m <= 2 { (y - 1, m + 9) } else { (y, m - 3) };
    let days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + d - 1 - 719_468;
    Micros((days * 86_400 + 43_200) * 1_000_000)
}

struct Nobody;

impl engine::Progress for Nobody {
    fn step(&self, _: &str, _: &str) {}
    fn rows(&self, _: u64) {}
}

#[async_trait]
impl engine::Systems for House<'_> {
    async fn open(&self, system: &str) -> connect::Result<Box<dyn Connector>> {
        if self.down.contains(system) {
            return Err(connect::Error::Unreachable("it is down".into()));
        }
        let (_, base) = self.bases.iter().find(|(name, _)| *name == system).unwrap();
        connect::open(&Address::parse(&base.url())?, Limits::default()).await
    }
}

/// Remembers every run that was kept; stops at one of them if told so.
#[derive(Default)]
pub struct Kept {
    pub runs: Mutex<Vec<Run>>,
    pub fail_at: Option<usize>,
    pub stop_at: Option<usize>,
    pub stop: AtomicBool,
}

#[async_trait]
impl RunKeeper for Kept {
    async fn keep(&self, run: &Run) -> Result<(), String> {
        let mut runs = self.runs.lock().unwrap();
        if self.fail_at == Some(runs.len()) {
            return Err("killed".into());
        }
        runs.push(run.clone());
        if self.stop_at == Some(runs.len()) {
            self.stop.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl<'h> House<'h> {
    pub fn new(bases: Vec<(&'h str, &'h Base)>, maps: &[&str], now: &str) -> Self {
        let systems = bases
            .iter()
            .zip(maps)
            .map(|((key, base), map)| {
                let read = policy::read_system(key, map).unwrap_or_else(|why| panic!("{why}"));
                let _ = base;
                read
            })
            .collect();
        Self {
            bases,
            systems,
            clients: Vec::new(),
            except: Exceptions::default(),
            now: moment(now),
            down: BTreeSet::new(),
            key: Secret::new(vec![7; 32]),
        }
    }

    pub fn schedule(&self) -> Schedule {
        let read_only = BTreeSet::new();
        let book = Book {
            systems: &self.systems,
            clients: &self.clients,
            classification: &[],
            read_only: &read_only,
        };
        Schedule::new(&book, &Almanac::new(self.now, "UTC").unwrap())
    }

    pub fn runner(&self) -> Runner<'_> {
        Runner {
            systems: &self.systems,
            reach: self,
            key: &self.key,
            country_code: None,
            progress: &Nobody,
            gentle: false,
        }
    }

    /// Rows due and held back, by collection; or why it is not known.
    pub async fn due(&self) -> Vec<String> {
        let told = |due: Due| {
            let name = &due.task.place.collection;
            match due.found {
                Found::Counted(c) => match c.held {
                    Some(why) => format!("{name} held: {why}"),
                    None => format!("{name} {} due, {} held back", c.rows, c.held_back),
                },
                Found::NotReached(why) => format!("{name} not reached: {why}"),
                Found::Refused(why) => format!("{name} refused: {why}"),
            }
        };
        self.runner().due(&self.schedule(), &self.except).await.into_iter().map(told).collect()
    }

    pub async fn run(&self) -> Run {
        let mut run = Run::begin("1", self.now, &self.schedule());
        self.go_on(&mut run, &Kept::default()).await.unwrap();
        run
    }

    pub async fn go_on(&self, run: &mut Run, kept: &Kept) -> Result<(), engine::RunError> {
        self.runner().run(&self.schedule(), &self.except, run, kept, &kept.stop).await
    }
}
