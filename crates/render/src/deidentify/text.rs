//! The report in the terminal.

use super::{DeidentifiedPart, DeidentifyReport};
use crate::plan_text::line;
use crate::style::Style;
use crate::table::{Align, COLUMNS, Cell, Table};
use crate::text::{one_line, wrap};
use crate::words::{self, deidentify as say};

/// Places that are listed.
const PLACES: usize = 10;

impl DeidentifyReport {
    /// The report as text, at most 100 columns wide.
    pub fn to_text(&self, style: Style) -> String {
        let mut out = String::new();
        line(&mut out, 0, &say::sentence(self), |text| style.strong(text));
        if let Some(key) = say::key(self) {
            line(&mut out, 0, &key, |text| style.quiet(text));
        }
        for part in &self.parts {
            out.push('\n');
            line(&mut out, 0, &one_line(&say::part(part)), |text| style.strong(text));
            self.part(&mut out, part, style);
        }
        if !self.undone.is_empty() {
            out.push('\n');
            line(&mut out, 0, say::UNDONE, |text| style.strong(text));
            for (place, why) in &self.undone {
                item(&mut out, &one_line(&format!("`{place}`: {why}")));
            }
        }
        out.trim_end().to_owned()
    }

    fn part(&self, out: &mut String, part: &DeidentifiedPart, style: Style) {
        if !part.columns.is_empty() {
            let mut table = Table::new(vec![
                (say::COLUMN, Align::Left),
                (say::HOLDS, Align::Left),
                (say::METHOD, Align::Left),
                (say::VALUES, Align::Right),
                (say::CHANGED, Align::Right),
                (say::WHY, Align::Left),
            ]);
            for column in &part.columns {
                table.row(vec![
                    Cell::new(&column.name),
                    Cell::new(&say::holds(
                        self.title(&column.holds),
                        column.quasi,
                        column.sensitive,
                    )),
                    Cell::new(&column.method),
                    Cell::new(&words::number(column.values)),
                    Cell::new(&words::number(column.changed)),
                    Cell::new(&column.why),
                ]);
            }
            table.print(out, style);
        }
        for (title, counts) in [(say::FOUND, &part.found), (say::UNSURE, &part.unsure)] {
            if counts.is_empty() {
                continue;
            }
            out.push('\n');
            let mut table = Table::new(vec![(title, Align::Left), (say::COUNT, Align::Right)]);
            for (kind, count) in counts {
                table.row(vec![Cell::new(self.title(kind)), Cell::new(&words::number(*count))]);
            }
            table.print(out, style);
        }
        for place in part.unsure_places.iter().take(PLACES) {
            let told = format!(
                "{}: {}, {} sure, {}",
                say::place(&place.column, place.row),
                self.title(&place.kind),
                place.confidence,
                place.reason
            );
            item(out, &one_line(&told));
        }
        if let Some(before) = &part.before {
            out.push('\n');
            let mut table = Table::new(vec![
                (say::MEASURE, Align::Left),
                (say::BEFORE, Align::Right),
                (say::AFTER, Align::Right),
            ]);
            for (name, was, is) in say::measures(before, part.after.as_ref()) {
                table.row(vec![Cell::new(&name), Cell::new(&was), Cell::new(&is)]);
            }
            table.print(out, style);
        }
        for (title, items) in
            [(say::STEPS, part.steps.clone()), (say::LEFT, part.sentences(self.k))]
        {
            if items.is_empty() {
                continue;
            }
            out.push('\n');
            line(out, 2, title, |text| style.strong(text));
            for text in items {
                item(out, &one_line(&text));
            }
        }
    }
}

fn item(out: &mut String, text: &str) {
    for (at, part) in wrap(text, COLUMNS - 4).iter().enumerate() {
        out.push_str(if at == 0 { "  - " } else { "    " });
        out.push_str(part);
        out.push('\n');
    }
}
