//! A plan in the terminal.

use super::{Approval, PlanView};
use crate::style::{Paint, Style};
use crate::table::{Align, COLUMNS, Cell, Table};
use crate::text::{one_line, wrap};
use crate::words::{self, plan as say};
use crate::{Zone, coverage::State};

impl PlanView {
    /// The plan as text, at most 100 columns wide.
    pub fn to_text(&self, style: Style, zone: &Zone) -> String {
        let mut out = String::new();
        let title =
            say::title(&one_line(&self.request), self.kind, &words::moment(self.made_at, zone));
        line(&mut out, 0, &title, |text| style.strong(text));
        let rows = self.changes.iter().map(|change| change.rows).sum();
        let kept = self.kept.iter().map(|kept| kept.rows).sum();
        let mut systems: Vec<&str> =
            self.changes.iter().map(|change| change.system.as_str()).collect();
        systems.sort_unstable();
        systems.dedup();
        let mut sum = String::new();
        if self.kind.changes() {
            sum = say::sum(rows, systems.len() as u64, kept) + " ";
        }
        line(&mut out, 0, &format!("{sum}{}", say::nothing_done(self.kind)), str::to_owned);

        self.alarms(&mut out, style);
        self.steps(&mut out, style);
        self.tables(&mut out, style);
        self.open_questions(&mut out, style);

        out.push('\n');
        if let Some(cap) = &self.cap {
            let paint = if cap.planned > cap.limit { Paint::Bad } else { Paint::Plain };
            labelled(&mut out, style, say::CAP, &say::cap(cap.limit, cap.planned), paint);
        }
        let approval = match &self.approval {
            Approval::NotNeeded => say::APPROVAL_NOT_NEEDED.to_owned(),
            Approval::Waiting => say::approval_waiting(&one_line(&self.digest)),
            Approval::Given { by, at } => {
                say::approval_given(&one_line(by), &words::moment(*at, zone))
            }
        };
        labelled(&mut out, style, say::APPROVAL, &approval, Paint::Plain);
        labelled(&mut out, style, say::DIGEST, &one_line(&self.digest), Paint::Quiet);
        out
    }

    /// What stands against the plan, or was not looked at, comes first.
    fn alarms(&self, out: &mut String, style: Style) {
        if !self.errors.is_empty() {
            heading(out, style, say::ERRORS);
            for error in &self.errors {
                bullet(out, style, State::Broken, &one_line(error));
            }
        }
        if !self.notes.is_empty() {
            heading(out, style, say::NOTES);
            for note in &self.notes {
                bullet(out, style, State::AtRisk, &one_line(note));
            }
        }
        if !self.not_reached.is_empty() {
            heading(out, style, say::NOT_REACHED);
            for missing in &self.not_reached {
                let text = format!("{}: {}", missing.system, missing.reason);
                bullet(out, style, State::AtRisk, &one_line(&text));
            }
        }
    }

    fn steps(&self, out: &mut String, style: Style) {
        if self.steps.is_empty() {
            return;
        }
        heading(out, style, say::STEPS);
        let mut table = Table::new(vec![
            (say::NUMBER, Align::Right),
            (say::SYSTEM, Align::Left),
            (say::MEANING, Align::Left),
            (say::ROWS, Align::Right),
        ]);
        for step in &self.steps {
            table.row(vec![
                Cell::new(&step.number.to_string()),
                Cell::new(&step.system),
                Cell::new(&step.meaning),
                Cell::new(&step.rows.map(words::number).unwrap_or_default()),
            ]);
        }
        table.print(out, style);
    }

    fn tables(&self, out: &mut String, style: Style) {
        let columns = |what| {
            vec![
                (say::SYSTEM, Align::Left),
                (say::COLLECTION, Align::Left),
                (what, Align::Left),
                (say::ROWS, Align::Right),
            ]
        };
        let row = |system: &str, collection: &str, what: &str, rows: u64| {
            vec![
                Cell::new(system),
                Cell::new(collection),
                Cell::new(what),
                Cell::new(&words::number(rows)),
            ]
        };
        if !self.changes.is_empty() {
            heading(out, style, say::CHANGES);
            let mut table = Table::new(columns(say::HAPPENS));
            for change in &self.changes {
                table.row(row(&change.system, &change.collection, &change.happens, change.rows));
            }
            table.print(out, style);
        }
        if !self.corrections.is_empty() {
            heading(out, style, say::CORRECTIONS);
            let mut table = Table::new(vec![
                (say::SYSTEM, Align::Left),
                (say::FIELD, Align::Left),
                (say::IS, Align::Left),
                (say::SHALL_BE, Align::Left),
                (say::ROWS, Align::Right),
            ]);
            for one in &self.corrections {
                let (before, after) = (one.before.expose(), one.after.expose());
                table.row(vec![
                    Cell::new(&one.system),
                    Cell::new(&one.field),
                    Cell::new(if before.is_empty() { say::EMPTY } else { before }),
                    Cell::new(if before == after { say::RIGHT } else { after }),
                    Cell::new(&words::number(one.rows)),
                ]);
            }
            table.print(out, style);
        }
        if !self.kept.is_empty() {
            heading(out, style, say::KEPT);
            let mut table = Table::new(columns(say::BECAUSE));
            for kept in &self.kept {
                table.row(row(&kept.system, &kept.collection, &kept.because, kept.rows));
            }
            table.print(out, style);
        }
    }

    fn open_questions(&self, out: &mut String, style: Style) {
        if !self.possible_identities.is_empty() {
            heading(out, style, say::POSSIBLE_IDENTITIES);
            for possible in &self.possible_identities {
                let text = format!(
                    "{}: {} ({})",
                    possible.place,
                    possible.identity.expose(),
                    possible.reason
                );
                bullet(out, style, State::AtRisk, &one_line(&text));
            }
            line(out, 2, say::POSSIBLE_IDENTITIES_NEXT, |text| style.quiet(text));
        }
        if !self.possible_mentions.is_empty() {
            heading(out, style, say::POSSIBLE_MENTIONS);
            for mention in &self.possible_mentions {
                let rows = words::count(mention.rows, "row", "rows");
                let text = format!("{}, {rows}: {}", mention.place, mention.reason);
                bullet(out, style, State::Unproven, &one_line(&text));
            }
        }
        if !self.unread_files.is_empty() {
            heading(out, style, say::UNREAD);
            for file in &self.unread_files {
                bullet(out, style, State::Unproven, &one_line(file));
            }
        }
    }
}

fn heading(out: &mut String, style: Style, text: &str) {
    out.push('\n');
    out.push_str(&style.strong(text));
    out.push('\n');
}

/// Wrapped text, indented.
pub(crate) fn line(out: &mut String, indent: usize, text: &str, paint: impl Fn(&str) -> String) {
    for part in wrap(text, COLUMNS - indent) {
        out.push_str(&" ".repeat(indent));
        out.push_str(&paint(&part));
        out.push('\n');
    }
}

/// A line with the sign of a state before it.
pub(crate) fn bullet(out: &mut String, style: Style, state: State, text: &str) {
    for (i, part) in wrap(text, COLUMNS - 4).iter().enumerate() {
        let sign = if i == 0 { style.state(state, state.sign()) } else { " ".to_owned() };
        out.push_str(&format!("  {sign} {part}\n"));
    }
}

fn labelled(out: &mut String, style: Style, label: &str, text: &str, paint: Paint) {
    const LABEL: usize = 10;
    for (i, part) in wrap(text, COLUMNS - LABEL).iter().enumerate() {
        let label = if i == 0 { label } else { "" };
        let label = format!("{label:LABEL$}");
        out.push_str(&style.quiet(&label));
        out.push_str(&style.paint(paint, part));
        out.push('\n');
    }
}
