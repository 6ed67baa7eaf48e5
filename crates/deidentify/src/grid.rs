//! The columns by which somebody could be told, and those that nobody should learn, as small numbers:
//! each value stands once, each row is the places of its values.

use std::collections::BTreeMap;

use crate::Method;
use crate::column::ColumnPlan;
use crate::value::{Engine, New, Scratch, Tally};

/// No more cells than these are held: a gigabyte.
const MOST_CELLS: usize = 256 << 20;

/// One column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coded {
    /// The different values.
    pub(crate) values: Vec<String>,
    /// For each row the place of its value.
    pub(crate) codes: Vec<u32>,
    places: BTreeMap<String, u32>,
}

impl Coded {
    fn push(&mut self, value: &str) {
        let code = self.places.get(value).copied().unwrap_or_else(|| {
            let code = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
            self.values.push(value.to_owned());
            self.places.insert(value.to_owned(), code);
            code
        });
        self.codes.push(code);
    }

    /// The same column, each value by what it becomes.
    fn recoded(&self, becomes: impl Fn(&str) -> String) -> Self {
        let mut new = Self::default();
        let mut codes = Vec::with_capacity(self.values.len());
        for value in &self.values {
            let value = becomes(value);
            let next = u32::try_from(new.values.len()).unwrap_or(u32::MAX);
            let code = *new.places.entry(value.clone()).or_insert(next);
            if code == next {
                new.values.push(value);
            }
            codes.push(code);
        }
        new.codes = self
            .codes
            .iter()
            .map(|code| {
                let at = usize::try_from(*code).unwrap_or(usize::MAX);
                codes.get(at).copied().unwrap_or(*code)
            })
            .collect();
        new
    }
}

/// Rows, as far as their risk goes.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    pub(crate) rows: usize,
    /// Of the table's columns, those by which somebody could be told.
    pub(crate) quasi: Vec<(usize, Coded)>,
    /// Those that nobody should learn.
    pub(crate) sensitive: Vec<(usize, Coded)>,
    full: bool,
}

impl Grid {
    /// An empty grid of a table with these columns.
    pub fn new(plans: &[ColumnPlan]) -> Self {
        let those = |of: fn(&ColumnPlan) -> bool| {
            plans
                .iter()
                .enumerate()
                .filter(move |(_, plan)| of(plan))
                .map(|(at, _)| (at, Coded::default()))
        };
        Self {
            rows: 0,
            quasi: those(|plan| plan.quasi).collect(),
            sensitive: those(|plan| plan.sensitive).collect(),
            full: false,
        }
    }

    /// Adds a row; `value` gives the text of a column, empty where there is none.
    pub fn push<'v>(&mut self, value: impl Fn(usize) -> std::borrow::Cow<'v, str>) {
        let columns = self.quasi.len() + self.sensitive.len();
        if self.full || columns == 0 || (self.rows + 1).saturating_mul(columns) > MOST_CELLS {
            self.full |= columns > 0;
            return;
        }
        for (at, column) in self.quasi.iter_mut().chain(&mut self.sensitive) {
            column.push(value(*at).trim());
        }
        self.rows += 1;
    }

    /// Whether there were more rows than can be measured.
    pub fn is_cut(&self) -> bool {
        self.full
    }

    /// Whether there is a column by which somebody could be told.
    pub fn is_measured(&self) -> bool {
        !self.quasi.is_empty() && self.rows > 0 && !self.full
    }

    /// The same rows after what becomes of their values.
    pub fn after(&self, engine: &Engine<'_>, plans: &[ColumnPlan]) -> Self {
        let turned = |columns: &[(usize, Coded)]| -> Vec<(usize, Coded)> {
            columns
                .iter()
                .map(|(at, column)| {
                    let plan = plans.get(*at);
                    let new =
                        plan.map_or_else(|| column.clone(), |plan| recode(engine, plan, column));
                    (*at, new)
                })
                .collect()
        };
        Self {
            rows: self.rows,
            quasi: turned(&self.quasi),
            sensitive: turned(&self.sensitive),
            full: self.full,
        }
    }

    /// The same rows without some.
    pub fn without(&self, leave_out: &[bool]) -> Self {
        let kept = |columns: &[(usize, Coded)]| -> Vec<(usize, Coded)> {
            columns
                .iter()
                .map(|(at, column)| {
                    let codes = column.codes.iter().zip(leave_out).filter(|(_, out)| !**out);
                    let codes: Vec<u32> = codes.map(|(code, _)| *code).collect();
                    (*at, Coded { values: column.values.clone(), codes, places: BTreeMap::new() })
                })
                .collect()
        };
        Self {
            rows: leave_out.iter().filter(|out| !**out).count(),
            quasi: kept(&self.quasi),
            sensitive: kept(&self.sensitive),
            full: self.full,
        }
    }
}

/// A column after what becomes of its values.
pub(crate) fn recode(engine: &Engine<'_>, plan: &ColumnPlan, column: &Coded) -> Coded {
    // What depends on the row is measured as it was: a date that moves with its person tells no less.
    if matches!(plan.method, Method::Shift { by: Some(_), .. }) {
        return column.clone();
    }
    let scratch = std::cell::RefCell::new(Scratch::default());
    column.recoded(|value| {
        let tally = &mut Tally::default();
        let scratch = &mut scratch.borrow_mut();
        match engine.value(plan, value.as_bytes(), None, 1, scratch, tally) {
            New::Same => value.to_owned(),
            New::Nothing => String::new(),
            New::Text(text) => String::from_utf8_lossy(&text).into_owned(),
        }
    })
}
