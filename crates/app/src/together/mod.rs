//! Many people's requests at once: every question is put once with everybody's values, every text
//! of every system is read once for all of them, and what is written down of them is one transaction.
//!
//! Before anything is looked for, a file in the folder of the answers says which line is which
//! request, and before somebody is looked for, their request is opened. So a process that was killed
//! is followed by the same command, which goes on where it was.

mod access;
mod erase;
mod folder;

use std::path::{Path, PathBuf};

use model::{Identity, Micros, Secret};
use plan::{Case, Graph, RequestKind};
use policy::Policy;

use self::folder::Folder;
use crate::clock::{self, Arrival, Snapshot};
use crate::house::House;
use crate::keeper::CaseKeeper;
pub use crate::list::Listed;
use crate::request::{Asked, check_asked, new_case};
use crate::state::State;
use crate::{Error, Result, list, marks};

/// At most so many people in one list: their rows are in memory together while texts are read.
const MOST: usize = 10_000;
/// Requests opened in one transaction.
const OPENED_AT_ONCE: usize = 250;

/// What is asked for many people.
#[derive(Debug)]
pub struct Batch {
    /// What is asked: access, portability or erasure.
    pub kind: RequestKind,
    /// The people.
    pub people: Vec<Listed>,
    /// When the requests came, and from where.
    pub arrival: Arrival,
    /// Leave the texts unread.
    pub by_reference: bool,
    /// The folder for packages or certificates, and for what is told of each line.
    pub folder: PathBuf,
    /// A password for the packages.
    pub password: Option<Secret<String>>,
    /// Carry plans out where the policy asks for nobody's approval.
    pub go_ahead: bool,
    /// Change more rows than the policy's cap.
    pub override_cap: bool,
}

/// What became of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The line.
    pub line: usize,
    /// What the list calls the person.
    pub reference: Option<String>,
    /// The request's number.
    pub id: String,
    /// Where it stands.
    pub became: Became,
    /// The package or the certificate.
    pub file: Option<PathBuf>,
    /// Records handed out, or rows changed and deleted.
    pub rows: u64,
    /// Why it is not everything, or what stands against it.
    pub incomplete: Vec<String>,
}

/// Where the request of a line stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// The package lies in the folder.
    HandedOut,
    /// Erased, as far as the certificate says.
    Erased,
    /// Nobody is known by what the list gave.
    Nobody,
    /// The plan waits for a person's yes; this is its digest.
    Waits(String),
    /// It cannot be carried out; nothing was touched.
    Refused,
    /// It could not be finished now and can be taken up again.
    Interrupted,
    /// It was answered by an earlier run of the same list.
    Before,
}

impl Became {
    /// In a word or two.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::HandedOut => "handed out",
            Self::Erased => "erased",
            Self::Nobody => "nobody found",
            Self::Waits(_) => "waits",
            Self::Refused => "refused",
            Self::Interrupted => "interrupted",
            Self::Before => "answered before",
        }
    }
}

impl Answered {
    fn new(listed: &Listed, id: &str, became: Became) -> Self {
        Self {
            line: listed.line,
            reference: listed.reference.clone(),
            id: id.to_owned(),
            became,
            file: None,
            rows: 0,
            incomplete: Vec::new(),
        }
    }

    fn because(mut self, why: String) -> Self {
        self.incomplete.push(why);
        self
    }

    /// Whether there is nothing left to do or to look at.
    pub fn is_settled(&self) -> bool {
        self.incomplete.is_empty()
            && !matches!(self.became, Became::Waits(_) | Became::Refused | Became::Interrupted)
    }
}

/// What became of a list.
#[derive(Debug)]
pub struct Outcome {
    /// Line by line.
    pub answered: Vec<Answered>,
    /// The table of the same, in the folder.
    pub table: PathBuf,
    /// Whether the texts were left unread.
    pub by_reference: bool,
    /// How long it took, in microseconds.
    pub took: i64,
    /// The same until the first of them was answered.
    pub first: Option<i64>,
}

/// A line and the number of its request.
struct Line {
    listed: Listed,
    id: String,
}

/// The lines, and what all their requests have in common.
struct List {
    lines: Vec<Line>,
    /// Whether no run before this one has opened any of them.
    fresh: bool,
    clock: Snapshot,
}

/// What all lines share.
struct Work<'w> {
    house: &'w House,
    policy: &'w Policy,
    state: &'w State,
    batch: &'w Batch,
    folder: &'w Folder,
    graph: Graph<'w>,
    told: Told<'w>,
}

/// Tells how far the work is.
struct Told<'t> {
    house: &'t House,
    began: Micros,
    of: usize,
    done: std::sync::atomic::AtomicUsize,
    first: std::sync::OnceLock<i64>,
}

impl Told<'_> {
    fn now(&self) -> i64 {
        self.house.means.clock.now().0 - self.began.0
    }

    /// So many more are answered.
    fn answered(&self, more: usize) {
        use std::sync::atomic::Ordering;
        let done = self.done.fetch_add(more, Ordering::Relaxed) + more;
        let took = self.now().max(1);
        if more > 0 {
            self.first.get_or_init(|| took);
        }
        let rate = i64::try_from(done).unwrap_or(i64::MAX).saturating_mul(1_000_000) / took;
        let of = render::words::number(self.of as u64);
        let done = render::words::number(done as u64);
        let text = format!("{done} of {of} answered, {rate} a second");
        self.house.means.progress.step("requests", &text);
    }
}

impl House {
    /// The people of a list, or everything that is wrong with it. Nothing is opened.
    pub fn read_list(&self, text: &str) -> Result<Vec<Listed>> {
        let policy = self.policy(false)?;
        let people = list::people(text, |identities: &[Identity]| {
            let asked = Asked {
                kind: RequestKind::Access,
                identities: identities.to_vec(),
                plan_only: false,
                arrival: Arrival::default(),
            };
            check_asked(&asked, &policy).map_err(|error| error.to_string())
        })?;
        if people.len() > MOST {
            return Err(Error::Refused(format!(
                "the list names {} people and at most {MOST} are answered together: divide it; nothing was begun",
                people.len()
            )));
        }
        Ok(people)
    }

    /// Answers a request for each person of a list, with one package or certificate each in the
    /// batch's folder. Nothing is opened until every one of them can be looked for.
    pub async fn together(&self, batch: Batch) -> Result<Outcome> {
        clock::read_ahead();
        let policy = self.policy(batch.kind.changes())?;
        let state = self.state().await?;
        let folder = Folder::open(&batch, &state)?;
        let told = Told {
            house: self,
            began: self.means.clock.now(),
            of: batch.people.len(),
            done: Default::default(),
            first: Default::default(),
        };
        let work = Work {
            house: self,
            policy: &policy,
            state: &state,
            batch: &batch,
            folder: &folder,
            graph: Graph::new(&policy.systems),
            told,
        };
        let going = async {
            let list = work.list().await?;
            if batch.kind.erases() {
                work.open(&list, &list.lines).await?;
                Box::pin(work.erase(&list.lines)).await
            } else {
                Box::pin(work.hand_out(&list)).await
            }
        };
        let answered = self.sealing(&state, Box::pin(going)).await;
        self.seal_now(&state).await?;
        let answered = answered?;
        let table = folder.write_table(&answered)?;
        let (took, first) = (work.told.now(), work.told.first.get().copied());
        Ok(Outcome { answered, table, by_reference: batch.by_reference, took, first })
    }
}

impl Work<'_> {
    /// The lines with their numbers: those that an earlier run gave them, or new ones.
    async fn list(&self) -> Result<List> {
        let Self { house, policy, batch, folder, .. } = *self;
        self.nobody_is_restricted().await?;
        let known = folder.requests()?;
        let fresh = known.is_none();
        let new = || store::new_id(house.means.rng.as_ref());
        let ids = known.unwrap_or_else(|| batch.people.iter().map(|_| new()).collect());
        let lines = batch.people.iter().zip(&ids);
        let lines: Vec<Line> =
            lines.map(|(listed, id)| Line { listed: listed.clone(), id: id.clone() }).collect();
        if fresh {
            // Nothing is begun for a list of whom one cannot be looked for.
            lines.iter().try_for_each(|line| self.case(line).map(drop))?;
            folder.remember(&ids)?;
        }
        let clock = clock::begin(house, policy, batch.kind.right(), &batch.arrival)?;
        Ok(List { lines, fresh, clock })
    }

    /// Opens the requests of these lines, unless an earlier run has.
    async fn open(&self, list: &List, lines: &[Line]) -> Result<()> {
        let organisation = &self.policy.organisation.name;
        for lines in lines.chunks(OPENED_AT_ONCE) {
            let mut cases: Vec<Case> = Vec::with_capacity(lines.len());
            for line in lines {
                if list.fresh || !self.is_open(&line.id).await? {
                    cases.push(self.case(line)?);
                }
            }
            CaseKeeper::open_all(self.state, organisation, &cases, &list.clock).await?;
        }
        Ok(())
    }

    fn case(&self, line: &Line) -> Result<Case> {
        let asked = Asked {
            kind: self.batch.kind,
            identities: line.listed.identities.clone(),
            plan_only: false,
            arrival: self.batch.arrival.clone(),
        };
        let told = |error| {
            Error::Refused(format!("line {}: {error}; nobody was looked for", line.listed.line))
        };
        let mut case =
            new_case(self.house, self.policy, &self.graph, asked, Vec::new()).map_err(told)?;
        case.request.id.clone_from(&line.id);
        if self.batch.by_reference {
            case.only_by_reference(&self.graph);
        }
        Ok(case)
    }

    async fn is_open(&self, id: &str) -> Result<bool> {
        let mut tx = self.state.store.read().await?;
        let found = tx.case(id).await?.is_some();
        tx.rollback().await?;
        Ok(found)
    }

    /// Refuses the list of an erasure with somebody in it who asked that their data is kept.
    async fn nobody_is_restricted(&self) -> Result<()> {
        if !self.batch.kind.erases() {
            return Ok(());
        }
        let people: Vec<&[Identity]> =
            self.batch.people.iter().map(|one| one.identities.as_slice()).collect();
        let marks = marks::in_force_of_all(self.state, self.policy, &people).await?;
        for (one, marks) in self.batch.people.iter().zip(&marks) {
            marks::must_not_erase(marks, self.batch.kind).map_err(|error| {
                Error::Refused(format!("line {}: {error}; nothing was begun", one.line))
            })?;
        }
        Ok(())
    }

    fn path(&self, what: &str, id: &str, ending: &str) -> PathBuf {
        let short = id.get(..12).unwrap_or(id);
        self.batch.folder.join(Path::new(&format!("{what}-{short}.{ending}")))
    }
}
