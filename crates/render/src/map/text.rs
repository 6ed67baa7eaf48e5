//! The map in the terminal.

use super::{DataMap, Drift, Unread, svg};
use crate::coverage::State;
use crate::plan_text::{bullet, line};
use crate::style::Style;
use crate::table::{Align, Cell, Table};
use crate::text::one_line;
use crate::words::{self, map as say};

/// Groups of categories that a line names.
const GROUPS: usize = 4;

impl DataMap {
    /// The map as text, at most 100 columns wide. `fields` lists every field about people.
    pub fn to_text(&self, style: Style, fields: bool) -> String {
        let mut out = String::new();
        let line_of = |out: &mut String, text: &str| {
            line(out, 0, &one_line(text), |text| style.strong(text));
        };
        line_of(&mut out, &say::title(&self.organisation));
        line(&mut out, 0, &say::sentence(self), str::to_owned);
        line(&mut out, 0, &say::looked(self), |text| style.quiet(text));
        self.systems_table(&mut out, style);
        if fields {
            self.fields_table(&mut out, style);
        }
        out.push('\n');
        let state = if self.differences() > 0 {
            State::Broken
        } else if self.not_reached().is_empty() {
            State::Upheld
        } else {
            State::Unproven
        };
        bullet(&mut out, style, state, &say::agrees(self));
        let (counts, questions): (Vec<&Drift>, Vec<&Drift>) =
            self.drift.iter().partition(|drift| drift.counts());
        points(&mut out, style, &counts, State::Broken);
        if !questions.is_empty() {
            out.push('\n');
            line(&mut out, 0, say::QUESTIONS, |text| style.strong(text));
            points(&mut out, style, &questions, State::AtRisk);
        }
        if self.drift.iter().any(|drift| drift.accepting.is_some()) {
            out.push('\n');
            line(&mut out, 0, say::HOW, |text| style.quiet(text));
        }
        if !self.unread.is_empty() {
            out.push('\n');
            line(&mut out, 0, say::NOT_LOOKED_AT, |text| style.strong(text));
            for Unread { place, why } in &self.unread {
                bullet(&mut out, style, State::Unproven, &one_line(&format!("`{place}`: {why}")));
            }
        }
        out.trim_end().to_owned()
    }

    fn systems_table(&self, out: &mut String, style: Style) {
        if self.systems.is_empty() {
            return;
        }
        out.push('\n');
        let mut table = Table::new(vec![
            (say::GIVES, Align::Left),
            (say::LIES, Align::Left),
            (say::FIELDS, Align::Right),
            (say::HOLDS, Align::Left),
            (say::RECEIVES, Align::Left),
        ]);
        for system in &self.systems {
            let groups = system.groups();
            let mut held: Vec<String> = groups
                .iter()
                .take(GROUPS)
                .map(|(title, count)| format!("{title} {}", words::number(*count)))
                .collect();
            if groups.len() > GROUPS {
                held.push(say::more_groups((groups.len() - GROUPS) as u64));
            }
            let title = if system.reached {
                system.title.clone()
            } else {
                format!("{} (not reached)", system.title)
            };
            table.row(vec![
                Cell::new(&svg::in_words(self, system, true)),
                Cell::new(&title),
                Cell::new(&words::number(system.fields().count() as u64)),
                Cell::new(&held.join(", ")),
                Cell::new(&svg::in_words(self, system, false)),
            ]);
        }
        table.print(out, style);
    }

    fn fields_table(&self, out: &mut String, style: Style) {
        out.push('\n');
        let mut table = Table::new(vec![
            (say::FIELD, Align::Left),
            (say::HOLDS, Align::Left),
            (say::FILLED, Align::Right),
            (say::SURE, Align::Right),
            (say::SPEAKS, Align::Left),
        ]);
        for system in &self.systems {
            for collection in system.collections.iter().filter(|one| one.skipped.is_none()) {
                for field in &collection.fields {
                    let (sure, speaks) =
                        field.proposal.as_ref().map_or_else(Default::default, |proposal| {
                            (format!("{} %", proposal.confidence), say::origins(&proposal.from))
                        });
                    table.row(vec![
                        Cell::new(&format!("{}.{}.{}", system.key, collection.name, field.name)),
                        Cell::new(&field.shown().join(", ")),
                        Cell::new(&say::filled(field.filled, collection.rows)),
                        Cell::new(&sure),
                        Cell::new(&speaks),
                    ]);
                }
            }
        }
        table.print(out, style);
    }
}

fn points(out: &mut String, style: Style, points: &[&Drift], state: State) {
    for drift in points {
        let told = format!("{}  {} ({} %)", drift.id, one_line(&drift.says), drift.confidence);
        bullet(out, style, state, &told);
        let todo = match (&drift.accepting, &drift.to_do) {
            (Some(accepting), _) => format!("`upheld map accept {}` {accepting}", drift.id),
            (None, Some(to_do)) => to_do.clone(),
            (None, None) => continue,
        };
        line(out, 4, &one_line(&todo), |text| style.quiet(text));
    }
}
