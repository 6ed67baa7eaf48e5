//! Many people answered together get, byte for byte, what each of them gets alone: whatever the map,
//! whatever they share, and whoever else is in the list.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use connect::{Address, Connector, Limits};
use engine::{Driver, HandOut, HandedRow, KeepTogether};
use model::{Identity, IdentityKind, Micros, Secret};
use plan::{Case, Graph, Outline, Phase, Place, Request, RequestKind, Settings};
use policy::{Collection, System};

/// Everything that one person was handed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Package {
    places: Vec<(String, Vec<String>, Vec<String>)>,
    rows: Vec<HandedRow>,
    /// Breaks at this row, as a disk that is full does.
    breaks_at: Option<usize>,
}

impl HandOut for Package {
    fn place(
        &mut self,
        place: &Place,
        _: &Collection,
        fields: &[String],
        how: &[String],
    ) -> std::io::Result<()> {
        self.places.push((place.to_string(), fields.to_vec(), how.to_vec()));
        Ok(())
    }

    fn row(&mut self, row: HandedRow) -> std::io::Result<()> {
        if self.breaks_at == Some(self.rows.len()) {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.rows.push(row);
        Ok(())
    }
}

struct Quiet;

impl engine::Progress for Quiet {
    fn step(&self, _: &str, _: &str) {}
    fn rows(&self, _: u64) {}
}

/// Counts the times something was kept, and the cases that were.
#[derive(Default)]
struct Kept {
    times: AtomicUsize,
    cases: AtomicUsize,
    last: Mutex<Vec<Phase>>,
}

#[async_trait]
impl KeepTogether for Kept {
    async fn keep_all(&self, cases: &[(usize, &Case)]) -> Result<(), String> {
        self.times.fetch_add(1, Ordering::Relaxed);
        self.cases.fetch_add(cases.len(), Ordering::Relaxed);
        *self.last.lock().unwrap() = cases.iter().map(|(_, case)| case.phase()).collect();
        Ok(())
    }
}

/// A small generator; the same seed makes the same world.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

struct World {
    systems: Vec<System>,
    base: Base,
    people: usize,
}

enum Base {
    Sqlite(tempfile::TempDir),
    Postgres(String),
}

#[async_trait]
impl engine::Systems for World {
    async fn open(&self, _: &str) -> connect::Result<Box<dyn Connector>> {
        let url = match &self.base {
            Base::Sqlite(folder) => format!("sqlite:{}", folder.path().join("desk.db").display()),
            Base::Postgres(url) => url.clone(),
        };
        connect::open(&Address::parse(&url)?, Limits::default()).await
    }
}

const GIVEN: [&str; 7] = ["Ana", "Zoë", "Tom", "Mary Ann", "Léa", "Bob", "Ana"];
const FAMILY: [&str; 6] = ["Reed", "Müller", "O'Neill", "van der Berg", "Ortiz", "Reed"];

fn address(person: usize) -> String {
    format!("p{person}@acme.example")
}

/// A map and data of which the seed chooses the ties, the ways, what is free text, who shares a
/// telephone or a ticket, and who is named in whose words.
fn world(seed: u64, people: usize, base: Base) -> World {
    let mut chance = Chance(seed);
    let ties = ["own", "authored", "shared"];
    let bool = |chance: &mut Chance| chance.one(&["true", "false"]).to_owned();
    let map = format!(
        "
dataset:
- fides_key: desk
  collections:
  - name: people
    fields:
    - {{name: id, fides_meta: {{primary_key: true}}}}
    - {{name: email, data_categories: [user.contact.email], fides_meta: {{identity: email}}}}
    - {{name: phone, data_categories: [user.contact.phone_number], fides_meta: {{identity: phone}}}}
    - {{name: given, data_categories: [user.name.first]}}
    - {{name: family, data_categories: [user.name.last]}}
    - {{name: boss, upheld: {{references: [{{to: people.id, tie: shared, follow: {}}}]}}}}
    - {{name: remark, upheld: {{free_text: {}}}}}
  - name: accounts
    fields:
    - {{name: login, fides_meta: {{primary_key: true}}, data_categories: [user.account.username]}}
    - {{name: person, upheld: {{references: [{{to: people.id, tie: own}}]}}}}
    - {{name: password_hash}}
  - name: tickets
    fields:
    - {{name: no, fides_meta: {{primary_key: true}}}}
    - {{name: login, upheld: {{references: [{{to: accounts.login, tie: {}}}]}}}}
    - {{name: title, upheld: {{free_text: {}}}}}
    - {{name: body, upheld: {{free_text: true}}}}
  - name: notes
    fields:
    - {{name: id, fides_meta: {{primary_key: true}}}}
    - {{name: ticket, upheld: {{references: [{{to: tickets.no, tie: {}}}]}}}}
    - {{name: author, upheld: {{references: [{{to: people.id, tie: {}}}]}}}}
    - {{name: body, upheld: {{free_text: {}}}}}
",
        chance.one(&["here", "there", "both"]),
        bool(&mut chance),
        chance.one(&ties),
        bool(&mut chance),
        chance.one(&ties[1..]),
        chance.one(&ties),
        bool(&mut chance),
    );
    let mut sql = "
CREATE TABLE people (id integer PRIMARY KEY, email text, phone text, given text, family text, boss integer, remark text);
CREATE TABLE accounts (login varchar(40) PRIMARY KEY, person integer, password_hash text);
CREATE TABLE tickets (no varchar(20) PRIMARY KEY, login text, title text, body text);
CREATE TABLE notes (id integer PRIMARY KEY, ticket text, author integer, body text);"
        .to_owned();
    let name = |person: usize| format!("{} {}", GIVEN[person % 7], FAMILY[person % 6]);
    let text = |chance: &mut Chance| {
        let (who, other) = (chance.below(people), chance.below(people));
        let words = [
            format!("Called {} back on +1 902 555 01{:02}", name(who), chance.below(40)),
            format!("cc: \"{}\" <{}>, {}", name(who), address(who).to_uppercase(), name(other)),
            format!("born 1980-02-{:02}; ask {}", 1 + chance.below(27), address(other)),
            format!("Zo=C3=AB M=C3=BCller und p{who}=40acme=2Eexample =\r\n wrote"),
            "nothing to see".to_owned(),
        ];
        words[chance.below(5)].replace('\'', "''")
    };
    for person in 0..people {
        let email = match chance.below(4) {
            0 => address(person).to_uppercase(),
            _ => address(person),
        };
        // Some share a telephone.
        let phone = 10 + if chance.below(3) == 0 { 0 } else { person };
        let (given, family) = (GIVEN[person % 7], FAMILY[person % 6].replace('\'', "''"));
        let (boss, remark) = (chance.below(people), text(&mut chance));
        sql += &format!(
            "INSERT INTO people VALUES ({person}, '{email}', '(902) 555-01{phone:02}', '{given}', '{family}', {boss}, '{remark}');
INSERT INTO accounts VALUES ('User.{person}', {person}, 'x');"
        );
    }
    for ticket in 0..people * 2 {
        let (who, title, body) = (chance.below(people), text(&mut chance), text(&mut chance));
        sql += &format!(
            "INSERT INTO tickets VALUES ('T-{ticket}', 'User.{who}', '{title}', '{body}');"
        );
        for note in 0..chance.below(4) {
            let (author, body) = (chance.below(people), text(&mut chance));
            let id = ticket * 10 + note;
            sql += &format!("INSERT INTO notes VALUES ({id}, 'T-{ticket}', {author}, '{body}');");
        }
    }
    match &base {
        Base::Postgres(url) => drop(testkit::postgres().execute(url, &sql)),
        Base::Sqlite(folder) => {
            let program = "import sqlite3, sys
sqlite3.connect(sys.argv[1], isolation_level=None).executescript(sys.stdin.read())";
            let file = folder.path().join("desk.sql");
            std::fs::write(&file, sql).unwrap();
            let input = std::fs::File::open(&file).unwrap();
            let mut python = Command::new("python3");
            python.args(["-c", program]).arg(folder.path().join("desk.db")).stdin(input);
            assert!(python.status().unwrap().success());
        }
    }
    let systems = vec![policy::read_system("desk", &map).unwrap_or_else(|why| panic!("{why}"))];
    World { systems, base, people }
}

/// What one person got.
type Got = (Package, Outline);

impl World {
    fn cases(&self, graph: &Graph<'_>, by_reference: bool) -> Vec<Case> {
        let case = |person: usize| {
            let request = Request {
                id: format!("{person:032x}"),
                kind: RequestKind::Access,
                identities: vec![Identity::new(IdentityKind::Email, address(person))],
                opened_at: Micros(1_700_000_000_000_000),
            };
            let mut case = Case::open(request, Settings::default(), graph);
            if by_reference {
                case.only_by_reference(graph);
            }
            case
        };
        (0..self.people).map(case).collect()
    }

    /// Answers these people in shares of so many.
    async fn answer(&self, share: usize, by_reference: bool, broken: &[usize]) -> (Vec<Got>, Kept) {
        let key = Secret::new(vec![7; 32]);
        let driver = Driver {
            systems: &self.systems,
            reach: self,
            key: &key,
            country_code: Some("1".to_owned()),
            progress: &Quiet,
        };
        let graph = Graph::new(&self.systems);
        let kept = Kept::default();
        let mut cases = self.cases(&graph, by_reference);
        let mut packages: Vec<Package> = Vec::new();
        packages.resize_with(cases.len(), Package::default);
        broken.iter().for_each(|at| packages[*at].breaks_at = Some(1));
        let mut visit = driver.visit();
        if share > 1 {
            visit.remember_names();
        }
        for (cases, packages) in cases.chunks_mut(share).zip(packages.chunks_mut(share)) {
            let mut together: Vec<&mut Case> = cases.iter_mut().collect();
            visit.run(&mut together, &kept).await.unwrap();
            let mut out: Vec<(&mut Case, &mut dyn HandOut)> = Vec::new();
            for (case, package) in cases.iter_mut().zip(packages) {
                assert_eq!(case.phase(), Phase::Gather);
                out.push((case, package));
            }
            visit.hand_out(&mut out).await.unwrap();
        }
        visit.close().await;
        let outlines = cases.iter().map(Case::outline);
        (packages.into_iter().zip(outlines).collect(), kept)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn together_each_gets_what_they_get_alone() {
    let mut compared = (0, 0);
    for seed in 0..8 {
        let base = match seed % 4 {
            0 => Base::Postgres(testkit::postgres().fresh_database("together")),
            _ => Base::Sqlite(tempfile::tempdir().unwrap()),
        };
        let world = world(seed, 14, base);
        let by_reference = seed % 3 == 1;
        let (alone, _) = world.answer(1, by_reference, &[]).await;
        for share in [5, 14] {
            let (together, _) = world.answer(share, by_reference, &[]).await;
            for (person, (alone, together)) in alone.iter().zip(&together).enumerate() {
                let at = format!("seed {seed}, {share} together, person {person}");
                assert_eq!(alone.0.places, together.0.places, "{at}");
                assert!(alone.0.rows == together.0.rows, "{at}: the rows differ");
                assert_eq!(alone.1, together.1, "{at}");
                compared.0 += 1;
                compared.1 += alone.0.rows.len();
            }
        }
    }
    assert!(compared.0 == 8 * 2 * 14 && compared.1 > 1_000, "{compared:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_that_breaks_costs_nobody_else_theirs() {
    let world = world(3, 6, Base::Sqlite(tempfile::tempdir().unwrap()));
    let (whole, kept) = world.answer(6, false, &[]).await;
    assert!(kept.times.load(Ordering::Relaxed) * 3 < kept.cases.load(Ordering::Relaxed));
    let (broken, _) = world.answer(6, false, &[2]).await;
    for (person, (whole, broken)) in whole.iter().zip(&broken).enumerate() {
        assert_eq!(whole.0 == broken.0, person != 2);
        let lost = &broken.1.not_reached;
        assert_eq!(lost.contains_key("desk"), person == 2, "{lost:?}");
    }
}
