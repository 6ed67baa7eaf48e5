//! Killed without notice at a random moment, again and again, until the work is done: requests of many
//! people and runs of retention, one after another, on a real system of every product. After each of them both
//! systems are read as a whole: the person's rows are as an undisturbed run leaves them, and everybody
//! else's are byte for byte what they were.
//!
//! `cargo xtask kill-loop --times 10000` does the same as often as it is told.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "helpers of tests may panic as tests may, and tell how much they did"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "how long a run takes says when it can be killed, and whoever runs the loop sets its length"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::{Duration, Instant};

use common::desk::{Content, Desk, PRODUCTS, Product, email, phone};
use model::SeededRng;

/// People in the house; each asks once before it is put back to its beginning.
const PEOPLE: u32 = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    Access,
    Erase,
    Rectify,
    Retain,
}

const WORKS: [Work; 4] = [Work::Access, Work::Erase, Work::Rectify, Work::Retain];

impl Work {
    fn out(self) -> &'static str {
        match self {
            Self::Access => "package.zip",
            Self::Erase | Self::Rectify => "certificate.json",
            Self::Retain => "record.json",
        }
    }

    fn words(self, desk: &Desk, person: u32) -> Vec<String> {
        let (out, set) = (desk.out(self.out()), format!("phone={}", phone(99)));
        let who = email(person);
        let words: &[&str] = match self {
            Self::Access => &["request", "access", "-o", &out, "--email", &who],
            Self::Erase => &["request", "erase", "--yes", "-o", &out, "--email", &who],
            Self::Rectify => {
                &["request", "rectify", "--yes", "-o", &out, "--set", &set, "--email", &who]
            }
            Self::Retain => &["retain", "run", "--yes", "--full-speed", "-o", &out],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }
}

/// The cells of a row, by name; of a line of a file, by number.
fn cells(row: &str) -> BTreeMap<String, String> {
    if !row.contains("id=") {
        let cells = row.split(',').enumerate();
        return cells.map(|(at, cell)| (format!("{at:02}"), cell.to_owned())).collect();
    }
    let cells = row.split('|').filter_map(|cell| cell.split_once('='));
    cells.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn row(cells: &BTreeMap<String, String>) -> String {
    if cells.contains_key("id") {
        let cells: Vec<String> =
            cells.iter().map(|(name, value)| format!("{name}={value}")).collect();
        return cells.join("|");
    }
    cells.values().cloned().collect::<Vec<_>>().join(",")
}

/// What becomes of one row: its cells that change (`None`: emptied), or nothing is left of it.
type Fate = Option<BTreeMap<String, Option<String>>>;

/// What an undisturbed run does, row by row.
fn fates(before: &Content, after: &Content) -> BTreeMap<String, Fate> {
    assert!(after.keys().all(|place| before.contains_key(place)), "a row came into being");
    let mut fates = BTreeMap::new();
    for (place, was) in before {
        let Some(is) = after.get(place) else {
            fates.insert(place.clone(), None);
            continue;
        };
        if was == is {
            continue;
        }
        let (was, is) = (cells(was), cells(is));
        let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        let changed = names.into_iter().filter(|name| was.get(*name) != is.get(*name));
        let changed = changed.map(|name| (name.clone(), is.get(name).cloned())).collect();
        fates.insert(place.clone(), Some(changed));
    }
    fates
}

/// How many rows of a table each person has.
fn rows_each(table: &str) -> u32 {
    match table.trim_end_matches(".csv") {
        "desk.tickets" => 2,
        "desk.comments" => 4,
        _ => 1,
    }
}

/// The fates of the first person's rows as those of another person's.
fn of_person(fates: &BTreeMap<String, Fate>, person: u32) -> BTreeMap<String, Fate> {
    let moved = |place: &String| {
        let (table, id) = place.split_once(':').unwrap();
        let id: u32 = id.parse().unwrap();
        format!("{table}:{:05}", id + (person - 1) * rows_each(table))
    };
    fates.iter().map(|(place, fate)| (moved(place), fate.clone())).collect()
}

fn done(content: &mut Content, fates: &BTreeMap<String, Fate>) {
    for (place, fate) in fates {
        let Some(was) = content.get(place) else { continue };
        let Some(changed) = fate else {
            content.remove(place);
            continue;
        };
        let mut cells = cells(was);
        for (name, value) in changed {
            match value {
                Some(value) => cells.insert(name.clone(), value.clone()),
                None => cells.remove(name),
            };
        }
        content.insert(place.clone(), row(&cells));
    }
}

struct Loop {
    desk: Desk,
    chance: SeededRng,
    learned: BTreeMap<Work, (BTreeMap<String, Fate>, Duration)>,
    kills: u64,
    /// Processes that ended before they were killed.
    ended: u64,
    finished: u64,
}

impl Loop {
    fn new(product: Product, seed: u64) -> Self {
        let desk = Desk::new("kill", product, PEOPLE);
        let mut learned = BTreeMap::new();
        for work in WORKS {
            desk.reset();
            let before = desk.content();
            let begun = Instant::now();
            let words = work.words(&desk, 1);
            desk.house.must(0, &words.iter().map(String::as_str).collect::<Vec<_>>());
            let took = begun.elapsed();
            learned.insert(work, (fates(&before, &desk.content()), took));
        }
        let counts = |work| learned[&work].0.len();
        assert_eq!(counts(Work::Access), 0, "an access changes nothing");
        assert!(counts(Work::Erase) > 4 && counts(Work::Rectify) == 2 && counts(Work::Retain) > 8);
        let chance = SeededRng::new(seed);
        Self { desk, chance, learned, kills: 0, ended: 0, finished: 0 }
    }

    fn under(&self, end: u64) -> u64 {
        self.chance.next() % end.max(1)
    }

    /// Starts the program and kills it at a random moment of the time that such a run takes. Its exit
    /// code, if it was quicker.
    fn killed(&mut self, work: Work, words: &[String]) -> Option<i32> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut command = self.desk.house.command(&words);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let took = u64::try_from(self.learned[&work].1.as_micros()).unwrap();
        let wait = Duration::from_micros(self.under(took + took / 10));
        let mut child = command.spawn().unwrap();
        std::thread::sleep(wait);
        let _ = child.kill();
        let code = child.wait().unwrap().code();
        if code.is_some() {
            self.ended += 1;
        } else {
            self.kills += 1;
        }
        code
    }

    /// The number and the status of the request of this run, if it came to be one.
    fn request(&self, known: usize) -> Option<(String, String)> {
        if !self.desk.house.folder.join(".upheld/upheld.db").exists() {
            return None;
        }
        let (id, _, status) = self.desk.requests().into_iter().nth(known)?;
        Some((id, status))
    }

    /// Does one piece of work, killed as often as chance has it.
    fn work(&mut self, work: Work, person: u32) -> Result<(), String> {
        let known = self.desk.requests().len();
        let first = work.words(&self.desk, person);
        let out = self.desk.out(work.out());
        let mut tries = 0;
        loop {
            tries += 1;
            let words = match self.request(known) {
                Some((_, status)) if status == "done" => return Ok(()),
                Some((id, _)) => {
                    let words = ["request", "resume", &id, "-o", &out, "--yes"].map(str::to_owned);
                    words.into_iter().take(if work == Work::Access { 5 } else { 6 }).collect()
                }
                None => first.clone(),
            };
            // Now and then it may go on undisturbed, or the work would never end.
            if tries > 6 || tries > 1 && self.under(3) == 0 {
                let ran =
                    self.desk.house.upheld(&words.iter().map(String::as_str).collect::<Vec<_>>());
                if ran.code != Some(0) {
                    return Err(format!("`upheld {}`: {}", words.join(" "), ran.said()));
                }
                if work == Work::Retain
                    || self.request(known).is_some_and(|(_, status)| status == "done")
                {
                    return Ok(());
                }
            } else {
                match self.killed(work, &words) {
                    Some(0) if work == Work::Retain => return Ok(()),
                    None | Some(0) => {}
                    Some(code) => {
                        return Err(format!("`upheld {}` ends with {code}", words.join(" ")));
                    }
                }
            }
        }
    }

    /// What is wrong after a piece of work.
    fn wrong(&self, work: Work, expected: &Content) -> Vec<String> {
        let mut wrong = Vec::new();
        let found = self.desk.content();
        for place in expected.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
            let (a, b) = (expected.get(place), found.get(place));
            if a != b {
                wrong.push(format!("{place}: {b:?} instead of {a:?}"));
            }
        }
        let out = work.out();
        let page = out.replace(".json", ".html");
        let wanted: Vec<String> =
            if page == out { vec![out.to_owned()] } else { vec![page, out.to_owned()] };
        let mut wanted = wanted;
        wanted.sort();
        if self.desk.handed_out() != wanted {
            wrong.push(format!("handed out: {:?}", self.desk.handed_out()));
        }
        // Each request tells once of each system, and once that it was answered.
        let once = self.desk.own(
            "SELECT case_id || ' ' || kind, count(*) FROM events
             WHERE case_id IS NOT NULL AND kind IN ('request opened', 'plan approved', 'erasure done', 'correction done', 'certificate issued', 'package made')
             GROUP BY case_id, kind HAVING count(*) > 1",
        );
        for row in once {
            wrong.push(format!("told twice: {}", String::from_utf8_lossy(&row[0].1)));
        }
        wrong
    }

    /// Requests and runs until so many processes were killed.
    fn go(&mut self, kills: u64) {
        while self.kills < kills {
            self.desk.reset();
            let mut expected = self.desk.content();
            let retention = self.under(u64::from(PEOPLE)) + 1;
            for person in 1..=PEOPLE {
                if self.kills >= kills {
                    break;
                }
                let mut works = vec![WORKS[usize::try_from(self.under(3)).unwrap()]];
                if u64::from(person) == retention {
                    works.push(Work::Retain);
                }
                for work in works {
                    drop(std::fs::remove_dir_all(self.desk.out("")));
                    std::fs::create_dir_all(self.desk.out("")).unwrap();
                    let told = self.work(work, person);
                    let fates = &self.learned[&work].0;
                    let fates =
                        if work == Work::Retain { fates.clone() } else { of_person(fates, person) };
                    done(&mut expected, &fates);
                    let wrong = match told {
                        Ok(()) => self.wrong(work, &expected),
                        Err(why) => vec![why],
                    };
                    let product = self.desk.product;
                    assert!(
                        wrong.is_empty(),
                        "{work:?} of person {person} on {product:?} after {} kills:\n{}",
                        self.kills,
                        wrong.join("\n")
                    );
                    self.finished += 1;
                    if self.finished.is_multiple_of(100) {
                        eprintln!("{product:?}: {} kills, {} finished", self.kills, self.finished);
                    }
                }
            }
            self.desk.house.must(0, &["ledger", "verify"]);
        }
        println!(
            "{:?}: {} processes killed, {} ended before, {} requests and runs finished, 0 wrong",
            self.desk.product, self.kills, self.ended, self.finished
        );
    }
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn loop_on(product: Product) {
    // Four products: two hundred kills in all.
    let kills = variable("UPHELD_KILL_TIMES").unwrap_or(50);
    let seed = variable("UPHELD_KILL_SEED").unwrap_or(1);
    let at = PRODUCTS.iter().position(|one| *one == product).unwrap();
    Loop::new(product, seed.wrapping_mul(4).wrapping_add(at as u64)).go(kills);
}

#[test]
fn killed_on_sqlite() {
    loop_on(Product::Sqlite);
}

#[test]
fn killed_on_postgres() {
    loop_on(Product::Postgres);
}

#[test]
fn killed_on_mariadb() {
    loop_on(Product::MariaDb);
}

#[test]
fn killed_in_files() {
    loop_on(Product::Files);
}
