//! A made-up IT service provider with nine years of other people's data.
//!
//! "Northlight IT" of Halifax looks after some 1,200 client companies. Four ordinary applications
//! have grown over the years, none by the same hand: tickets, invoices, a CRM and a newsletter. In
//! them lies what lies in every real one: signatures in quoted mails, third parties named in other
//! people's tickets, bodies in quoted-printable and base64, JSON in columns, addresses inside
//! links, one person under three spellings, card numbers where none should be, and tickets that a
//! purge forgot. `upheld demo` runs on it, and tests do.
//!
//! Among its people is one whose request the demo answers ([`Summary::heroine`]). [`PLACES`] says
//! where she is, and [`Summary::bystanders`] who must not be touched when she goes. One more
//! person has no record anywhere and stands in the text of mails only ([`Summary::text_only`]).
//!
//! What is deliberately not here: any knowledge of policies, plans or connectors. The sample does
//! not help the program that searches it.
//!
//! * INVARIANT: the same people and seed give the same rows, byte for byte.
//! * INVARIANT: nothing in it can reach anybody. Every domain ends in `.example`, every telephone
//!   number is from a range reserved for fiction, every network address from one reserved for
//!   documentation, every card number and IBAN one that its scheme publishes for tests.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let folder = tempfile::tempdir().unwrap();
//! let options = sample::Options { people: 300, ..sample::Options::default() };
//! let summary = sample::build(folder.path(), &options, &|_| {}).await.unwrap();
//! assert!(summary.folder.join("ticketing.db").exists());
//! assert_eq!(summary.heroine().name, "Maëlle Tremblay-Okafor");
//! # });
//! ```

mod cast;
mod dice;
mod encode;
mod error;
mod media;
mod names;
mod places;
mod scene;
mod script;
mod sink;
mod story;
mod systems;
mod text;
mod time;
mod world;

#[cfg(test)]
mod tests;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use model::Micros;

pub use cast::{Heroine, TEXT_ONLY_EMAIL, TEXT_ONLY_NAME};
pub use error::{Error, Result};
pub use places::{Bystander, Encoding, Exact, Location, PLACES, Place, Planted, StrayCard, Whose};
pub use sink::TableCount;

use places::Marked;
use systems::{billing, crm, newsletter, ticketing};
use world::World;

/// The folder made inside the one that is given.
pub const FOLDER: &str = "systems-data";
/// The databases, by the name of their system; the files are these names with `.db`.
pub const SYSTEMS: [&str; 4] = ["ticketing", "billing", "crm", "newsletter"];
/// The last moment of the sample's history, 2026-11-15T00:00:00Z: nothing in it is later.
pub const END: Micros = Micros(time::FINISH * 1_000_000);
/// Tickets closed more than seven years before [`END`], which the purge forgot.
pub const OLD_TICKETS: u64 = 212;
/// The least number of people the story can be told with.
pub const LEAST_PEOPLE: u32 = 200;

/// How large the sample shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many people live in it.
    pub people: u32,
    /// Which of the possible worlds.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { people: 50_000, seed: 2_017 }
    }
}

/// How far one system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which system.
    pub system: &'static str,
    /// Rows written so far.
    pub rows: u64,
    /// About how many there will be; equal to `rows` in the last report of a system.
    pub expected: u64,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Where the databases lie.
    pub folder: PathBuf,
    /// People, each in at least one system.
    pub people: u32,
    /// Client companies.
    pub companies: u64,
    /// Rows of every table, by system and name.
    pub tables: Vec<TableCount>,
    /// The size of the four files.
    pub bytes: u64,
    /// The seven card numbers that stand in tickets.
    pub cards: Vec<StrayCard>,
    /// Tickets older than seven years.
    pub old_tickets: u64,
    heroine: Heroine,
    bystanders: Vec<Bystander>,
    text_only: Vec<Location>,
}

impl Summary {
    /// The person whom the demo's request is about.
    pub const fn heroine(&self) -> &Heroine {
        &self.heroine
    }

    /// The people around her who must stay whole.
    pub fn bystanders(&self) -> &[Bystander] {
        &self.bystanders
    }

    /// Where [`TEXT_ONLY_NAME`] stands, who has no record of her own.
    pub fn text_only(&self) -> &[Location] {
        &self.text_only
    }

    /// How many rows a table has.
    pub fn rows(&self, system: &str, table: &str) -> Option<u64> {
        let count = self.tables.iter().find(|count| count.system == system && count.table == table);
        count.map(|count| count.rows)
    }

    /// All rows of all systems.
    pub fn total_rows(&self) -> u64 {
        self.tables.iter().map(|count| count.rows).sum()
    }
}

/// Writes the sample into [`FOLDER`] below `dir`. A database appears under its name only when it is
/// whole; one that is there already is an error.
pub async fn build(
    dir: &Path,
    options: &Options,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Summary> {
    if options.people < LEAST_PEOPLE {
        return Err(Error::TooFewPeople { asked: options.people, least: LEAST_PEOPLE });
    }
    let folder = dir.join(FOLDER);
    for system in SYSTEMS {
        let path = folder.join(format!("{system}.db"));
        if path.exists() {
            return Err(Error::Exists(path));
        }
    }
    fs::create_dir_all(&folder).map_err(|reason| Error::Disk { path: folder.clone(), reason })?;

    let people = usize::try_from(options.people).unwrap_or(usize::MAX);
    let world = Arc::new(World::new(people, options.seed));
    let made = tokio::try_join!(
        {
            let world = Arc::clone(&world);
            let system = ticketing::system(&world);
            sink::make(&folder, system, progress, move |out| ticketing::generate(&world, out))
        },
        {
            let world = Arc::clone(&world);
            let system = billing::system(&world);
            sink::make(&folder, system, progress, move |out| billing::generate(&world, out))
        },
        {
            let world = Arc::clone(&world);
            let system = crm::system(&world);
            sink::make(&folder, system, progress, move |out| crm::generate(&world, out))
        },
        {
            let world = Arc::clone(&world);
            let system = newsletter::system(&world);
            sink::make(&folder, system, progress, move |out| newsletter::generate(&world, out))
        },
    )?;

    let mut tables = Vec::new();
    let mut marked = Marked::default();
    let mut bytes = 0;
    for part in [made.0, made.1, made.2, made.3] {
        tables.extend(part.counts);
        marked.absorb(part.marked);
        bytes += part.bytes;
    }
    let bystanders = cast::CAST
        .iter()
        .enumerate()
        .skip(1)
        .map(|(role, persona)| Bystander {
            name: format!("{} {}", persona.given, persona.family),
            email: persona.email,
            why: persona.why,
            exact: marked
                .exact
                .iter()
                .filter(|(of, _)| *of == role)
                .map(|(_, exact)| exact.clone())
                .collect(),
        })
        .collect();
    Ok(Summary {
        folder,
        people: options.people,
        companies: (world.companies.len() as u64).saturating_sub(1),
        tables,
        bytes,
        cards: marked.cards,
        old_tickets: OLD_TICKETS,
        heroine: Heroine::new(marked.heroine),
        bystanders,
        text_only: marked.text_only,
    })
}
