//! The stage: the world, what goes wrong in it and when, and what was really done.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{RowKey, TableName, Value};
use plan::Place;

use crate::base::Base;
use crate::chance::Dice;
use crate::make::said;
use crate::people::Part;
use crate::world::{Truth, World};

/// Where something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// A system is opened or tells its shape.
    Open,
    /// Rows are read or counted.
    Read,
    /// Rows are changed or deleted.
    Write,
    /// Our own state is written down.
    Keep,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A time limit or a deadlock: nothing was done.
    Busy,
    /// The server is gone: nothing was done.
    Unreachable,
    /// The connection broke before anything was done, or in the middle of what was read.
    Broken,
    /// It was done, and the connection broke before the answer.
    BrokenAfter,
    /// The process dies before it is done.
    CrashBefore,
    /// The process dies after it was done.
    CrashAfter,
    /// Somebody else changes, adds or deletes a row just before.
    Stir,
    /// The clock jumps by so many days.
    Clock(i64),
}

/// A fault at the *n*th occasion of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// The kind of occasion.
    pub on: On,
    /// Which one, counted from zero.
    pub nth: u64,
    /// What happens.
    pub fault: Fault,
}

/// The faults of a seed.
pub fn faults(seed: u64) -> Vec<Planned> {
    let dice = Dice::new(seed, "faults");
    let count = if dice.happens(25) { 0 } else { 1 + dice.below(6) };
    let planned = |_| {
        let (on, reach) = match dice.below(10) {
            0 => (On::Open, 6),
            1..=3 => (On::Read, 60),
            4..=7 => (On::Write, 6),
            _ => (On::Keep, 14),
        };
        let fault = match dice.below(12) {
            0 | 1 => Fault::Busy,
            2 => Fault::Unreachable,
            3 => Fault::Broken,
            4 | 5 => Fault::BrokenAfter,
            6 => Fault::CrashBefore,
            7 | 8 => Fault::CrashAfter,
            9 => Fault::Clock(dice.between(-2_500, 2_500)),
            _ => Fault::Stir,
        };
        Planned { on, nth: dice.below(reach) as u64, fault }
    };
    (0..count).map(planned).collect()
}

/// A change of one row that was committed.
#[derive(Debug, Clone)]
pub struct Done {
    /// The table.
    pub table: TableName,
    /// The row.
    pub key: RowKey,
    /// What it held.
    pub before: Vec<Value>,
    /// What it holds; `None` if it was deleted.
    pub after: Option<Vec<Value>>,
    /// Whether a legal hold covered it at that moment.
    pub held: bool,
}

/// One transaction of ours that had an effect.
#[derive(Debug, Clone)]
pub struct Deed {
    /// Where.
    pub system: String,
    /// The row changes.
    pub rows: Vec<Done>,
    /// Faults so far when it was committed.
    pub faults_before: u64,
    /// The world's moment.
    pub at: model::Micros,
}

/// The stage.
#[derive(Debug)]
pub struct Stage {
    /// The world.
    pub world: World,
    /// Faults still to come.
    pub faults: Vec<Planned>,
    /// Occasions so far.
    pub occasions: BTreeMap<On, u64>,
    /// Faults that happened.
    pub happened: u64,
    /// Faults that happened, by system.
    pub happened_in: BTreeMap<String, u64>,
    /// Whether others changed rows meanwhile.
    pub stirred: bool,
    /// The process is dead.
    pub crashed: bool,
    /// The second search has begun: whoever names the person from now on is not its business.
    pub verifying: bool,
    /// Whether the person was erased and what is judged now is that nobody brings them back: what is
    /// written of them anew would be for another request.
    pub gone: bool,
    /// What was committed.
    pub deeds: Vec<Deed>,
    /// What was written down of our own state, by request or run, oldest first.
    pub kept: BTreeMap<String, Vec<String>>,
    /// What happened, in words, if somebody wants to read it.
    pub trace: Option<Vec<String>>,
    dice: Dice,
}

/// The stage as everybody holds it.
pub type Shared = Arc<Mutex<Stage>>;

/// What is to be done at an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing stands in the way.
    Go,
    /// It fails with this and nothing is done.
    Fail(Fault),
    /// It is done (reads: half of it) and then this happens.
    Then(Fault),
}

/// Holds the stage for a moment.
pub fn lock(stage: &Shared) -> MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    /// A stage before the curtain.
    pub fn new(seed: u64, world: World, faults: Vec<Planned>, trace: bool) -> Self {
        Self {
            world,
            faults,
            occasions: BTreeMap::new(),
            happened: 0,
            happened_in: BTreeMap::new(),
            stirred: false,
            crashed: false,
            verifying: false,
            gone: false,
            deeds: Vec::new(),
            kept: BTreeMap::new(),
            trace: trace.then(Vec::new),
            dice: Dice::new(seed, "stir"),
        }
    }

    /// Writes a line for the reader.
    pub fn tell(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(line());
        }
    }

    /// Writes every row down for the reader: everybody here is made up.
    pub fn tell_rows(&mut self, when: &str) {
        let Some(trace) = &mut self.trace else { return };
        trace.push(format!("{when}, about person {}:", self.world.who));
        for (at, truth) in &self.world.truth {
            let cell = |value: &Value| value.to_plain_text().unwrap_or_else(|| "-".to_owned());
            let row = self.world.row(at).map_or_else(
                || "gone".to_owned(),
                |row| row.iter().map(cell).collect::<Vec<_>>().join(" | "),
            );
            let mapped = if self.world.collection(&at.0).is_some() { "" } else { " (no map)" };
            trace.push(format!(
                "  {}{mapped} own {:?} authored {:?}: {row}",
                at.0, truth.own, truth.authored
            ));
        }
    }

    /// Something is about to be done; what stands in its way?
    pub fn occasion(&mut self, on: On, system: &str) -> Turn {
        let count = self.occasions.entry(on).or_default();
        let nth = *count;
        *count += 1;
        let due = |planned: &Planned| planned.on == on && planned.nth == nth;
        let Some(at) = self.faults.iter().position(due) else { return Turn::Go };
        let fault = self.faults.remove(at).fault;
        self.tell(|| format!("{on:?} {nth} at `{system}`: {fault:?}"));
        match fault {
            Fault::Stir => {
                self.stir();
                return Turn::Go;
            }
            Fault::Clock(days) => {
                self.world.now.0 += days * crate::time::DAY;
                return Turn::Go;
            }
            _ => {}
        }
        self.happened += 1;
        *self.happened_in.entry(system.to_owned()).or_default() += 1;
        match fault {
            Fault::BrokenAfter | Fault::CrashAfter => Turn::Then(fault),
            Fault::Broken if on == On::Read => Turn::Then(fault),
            _ => Turn::Fail(fault),
        }
    }

    /// Runs a change on a base and remembers what it did.
    pub fn commit<T>(
        &mut self,
        system: &str,
        work: impl FnOnce(&mut Base) -> connect::Result<T>,
    ) -> connect::Result<T> {
        let Some(base) = self.world.bases.get_mut(system) else {
            return Err(connect::Error::Unreachable("no such system".into()));
        };
        let before = base.rows.clone();
        let done = work(base)?;
        let mut rows = Vec::new();
        for (table, held) in &before {
            let now = base.rows.get(table);
            for (key, row) in held {
                let after = now.and_then(|now| now.get(key));
                if after != Some(row) {
                    rows.push(Done {
                        table: table.clone(),
                        key: key.clone(),
                        before: row.clone(),
                        after: after.cloned(),
                        held: false,
                    });
                }
            }
        }
        for done in &mut rows {
            let at = (Place::new(system, &done.table.table), done.key.clone());
            done.held = self.world.is_held(&at);
        }
        if !rows.is_empty() {
            self.tell(|| format!("`{system}`: {} row(s) changed for good", rows.len()));
            let (at, faults_before) =
                (self.world.now, self.happened_in.get(system).copied().unwrap_or(0));
            self.deeds.push(Deed { system: system.to_owned(), rows, faults_before, at });
        }
        Ok(done)
    }

    /// Somebody else changes, adds or deletes a row.
    pub fn stir(&mut self) {
        let world = &mut self.world;
        let places: Vec<Place> = world
            .systems
            .iter()
            .flat_map(|s| s.collections.iter().map(|c| Place::new(&s.key, &c.name)))
            .filter(|place| place.collection != "contacts")
            .collect();
        let Some(place) = self.dice.pick(&places).cloned() else { return };
        let quiet = self.verifying || self.gone;
        let who = world.who;
        let somebody = move |dice: &Dice| {
            let one = dice.below(crate::people::CAST.len());
            if quiet && one == who { one + 1 } else { one }
        };
        let parts: Vec<Part> = said(&self.dice, &somebody);
        let keys: Vec<RowKey> =
            world.rows(&place).map(|rows| rows.keys().cloned().collect()).unwrap_or_default();
        let gone: Vec<RowKey> = world
            .truth
            .keys()
            .filter(|at| at.0 == place && world.row(at).is_none())
            .map(|at| at.1.clone())
            .collect();
        let text = world
            .collection(&place)
            .and_then(|collection| collection.fields.iter().position(|field| field.free_text));
        let Some(text) = text else { return };
        self.stirred = true;
        match self.dice.below(5) {
            0 | 1 if !keys.is_empty() => {
                let Some(key) = self.dice.pick(&keys) else { return };
                let line = format!("somebody writes {place} {key:?}");
                world.write(&(place, key.clone()), text, parts);
                self.tell(|| line);
            }
            2 if !keys.is_empty() && place.collection != "tickets" => {
                let Some(key) = self.dice.pick(&keys) else { return };
                let line = format!("somebody deletes {place} {key:?}");
                world.remove(&(place, key.clone()));
                self.tell(|| line);
            }
            _ => {
                // A number that was free is given to somebody else.
                let largest = world.truth.keys().filter(|at| at.0 == place).count() as i64 + 50;
                let key = match self.dice.pick(&gone) {
                    Some(key) => key.clone(),
                    None => RowKey(vec![Value::Int(largest)]),
                };
                let Some(collection) = world.collection(&place) else { return };
                let mut truth = Truth { stirred: true, ..Truth::default() };
                for (at, field) in collection.fields.iter().enumerate() {
                    let (value, said) = if field.primary_key {
                        (key.0.first().cloned().unwrap_or(Value::Null), Vec::new())
                    } else if at == text {
                        (Value::Text(crate::people::text(&parts)), parts.clone())
                    } else if field.name == "who" {
                        (Value::from("guest@void.invalid"), Vec::new())
                    } else {
                        (Value::Null, Vec::new())
                    };
                    truth.before.push(value);
                    truth.parts.push(said);
                }
                let line = format!("somebody adds {place} {key:?}");
                world.put((place, key), truth);
                self.tell(|| line);
            }
        }
    }
}
