//! The report in the terminal.

use std::collections::BTreeMap;

use super::ScanReport;
use crate::coverage::State;
use crate::plan_text::{bullet, line};
use crate::style::Style;
use crate::table::{Align, Cell, Table};
use crate::text::one_line;
use crate::words::{self, scan as say};

/// Reasons that are listed; of each so many places.
const REASONS: usize = 20;
const EXAMPLES: usize = 3;
/// Places that are listed of each kind.
const PLACES: usize = 5;

impl ScanReport {
    /// The report as text, at most 100 columns wide.
    pub fn to_text(&self, style: Style) -> String {
        let mut out = String::new();
        line(&mut out, 0, &say::sentence(self), |text| style.strong(text));
        line(&mut out, 0, &say::looked(self), |text| style.quiet(text));
        self.kinds_table(&mut out, style);
        self.places_table(&mut out, style);
        if !self.shown.is_empty() {
            out.push('\n');
            let mut table = Table::new(vec![
                (say::KIND, Align::Left),
                (say::EXAMPLES, Align::Left),
                (say::PLACE, Align::Left),
            ]);
            for (kind, examples) in &self.shown {
                for (place, shown) in examples {
                    table.row(vec![
                        Cell::new(self.title(kind)),
                        Cell::new(shown),
                        Cell::new(place),
                    ]);
                }
            }
            table.print(&mut out, style);
        }
        self.open_ends(&mut out, style);
        out.trim_end().to_owned()
    }

    fn kinds_table(&self, out: &mut String, style: Style) {
        if self.counts.is_empty() {
            return;
        }
        out.push('\n');
        let mut table = Table::new(vec![
            (say::KIND, Align::Left),
            (say::FOUND, Align::Right),
            (say::TEST, Align::Right),
            (say::PLACES, Align::Right),
            (say::SURE, Align::Right),
        ]);
        for (kind, count) in self.order() {
            table.row(vec![
                Cell::new(self.title(kind)),
                Cell::new(&words::number(count.found)),
                Cell::new(&if count.test > 0 { words::number(count.test) } else { String::new() }),
                Cell::new(&words::number(self.counts.get(kind).map_or(0, BTreeMap::len) as u64)),
                Cell::new(&say::sure(&count)),
            ]);
        }
        table.print(out, style);
    }

    fn places_table(&self, out: &mut String, style: Style) {
        if self.counts.is_empty() {
            return;
        }
        out.push('\n');
        let mut table = Table::new(vec![
            (say::KIND, Align::Left),
            (say::MOSTLY, Align::Left),
            (say::FOUND, Align::Right),
            (say::TEST, Align::Right),
            (say::FIRST, Align::Left),
        ]);
        for (kind, _) in self.order() {
            let places = self.places(kind);
            for (number, (place, count)) in places.iter().take(PLACES).enumerate() {
                table.row(vec![
                    Cell::new(if number == 0 { self.title(kind) } else { "" }),
                    Cell::new(place),
                    Cell::new(&words::number(count.found)),
                    Cell::new(&if count.test > 0 {
                        words::number(count.test)
                    } else {
                        String::new()
                    }),
                    Cell::new(&count.first),
                ]);
            }
            if places.len() > PLACES {
                let more = say::more_places((places.len() - PLACES) as u64);
                table.row(vec![
                    Cell::new(""),
                    Cell::new(&more),
                    Cell::new(""),
                    Cell::new(""),
                    Cell::new(""),
                ]);
            }
        }
        table.print(out, style);
    }

    fn open_ends(&self, out: &mut String, style: Style) {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for (place, why) in &self.unread {
            match reasons.iter_mut().find(|(known, _)| known == why) {
                Some((_, places)) => places.push(place),
                None => reasons.push((why, vec![place])),
            }
        }
        if !reasons.is_empty() {
            out.push('\n');
            line(out, 0, say::NOT_LOOKED_AT, |text| style.strong(text));
            for (why, places) in reasons.iter().take(REASONS) {
                let mut named = places
                    .iter()
                    .take(EXAMPLES)
                    .map(|place| format!("`{place}`"))
                    .collect::<Vec<_>>();
                if places.len() > EXAMPLES {
                    named.push(words::count((places.len() - EXAMPLES) as u64, "more", "more"));
                }
                bullet(
                    out,
                    style,
                    State::AtRisk,
                    &one_line(&format!("{why}: {}", words::list(&named))),
                );
            }
            if reasons.len() > REASONS {
                let more = words::count(
                    (reasons.len() - REASONS) as u64,
                    "further reason",
                    "further reasons",
                );
                bullet(out, style, State::AtRisk, &format!("{more}: `--json` lists all of them"));
            }
        }
        let failed = self.errors.iter().map(|error| one_line(error));
        let denied = self.denied.iter().map(|kind| {
            let places = self.counts.get(kind).map_or(0, BTreeMap::len) as u64;
            say::denied(self.title(kind), self.found(kind).found, places)
        });
        let broken: Vec<String> = failed.chain(denied).collect();
        if !broken.is_empty() {
            out.push('\n');
            for text in broken {
                bullet(out, style, State::Broken, &text);
            }
        }
    }
}
