//! The notice with its states in the terminal.

use super::{Coverage, Promise, State};
use crate::plan_text::{bullet, line};
use crate::style::{Paint, Style};
use crate::table::{Align, Cell, Table};
use crate::text::one_line;
use crate::words::{self, coverage as say};

impl Coverage {
    /// The notice, sentence by sentence, at most 100 columns wide. What needs somebody comes last,
    /// where a terminal leaves the eye.
    pub fn to_text(&self, style: Style) -> String {
        let mut out = String::new();
        let moment = words::moment(self.checked_at, &self.zone);
        let missing = self.not_reached.len() as u64;
        let basis = say::basis(&self.notice, &moment, self.systems_checked, missing);
        line(&mut out, 0, &one_line(&self.organisation), |text| style.strong(text));
        line(&mut out, 0, &one_line(&basis), |text| style.quiet(text));

        for section in &self.sections {
            if section.sentences.iter().all(|sentence| sentence.promises.is_empty()) {
                continue;
            }
            out.push('\n');
            if !section.heading.is_empty() {
                line(&mut out, 0, &one_line(&section.heading), |text| style.strong(text));
            }
            let mut table = Table::new(vec![
                ("", Align::Left),
                (say::STATE, Align::Left),
                (say::SENTENCE, Align::Left),
                (say::UPHELD_BY, Align::Left),
            ]);
            for sentence in &section.sentences {
                let Some(state) = sentence.state() else { continue };
                let mut controls: Vec<String> = sentence
                    .promises
                    .iter()
                    .flat_map(|promise| &promise.controls)
                    .map(|control| control.title.clone())
                    .collect();
                controls.dedup();
                let controls = if controls.is_empty() {
                    Cell::painted(say::NO_CONTROL, Paint::Quiet)
                } else {
                    Cell::new(&controls.join("; "))
                };
                table.row(vec![
                    Cell::painted(state.sign(), Paint::of(state)),
                    Cell::painted(say::state(state), Paint::of(state)),
                    Cell::new(&sentence.text),
                    controls,
                ]);
            }
            table.print(&mut out, style);
        }

        let needy = self.needy();
        if !needy.is_empty() {
            out.push('\n');
            line(&mut out, 0, say::NEEDS_YOU, |text| style.strong(text));
            // What many promises lack is said once.
            let mut reasons: Vec<(State, String, Vec<&str>)> = Vec::new();
            for promise in needy {
                let why = say::why(promise);
                match reasons.iter_mut().find(|r| r.0 == promise.state && r.1 == why) {
                    Some(reason) => reason.2.push(&promise.id),
                    None => reasons.push((promise.state, why, vec![&promise.id])),
                }
            }
            for (state, why, ids) in reasons {
                let text = format!("{} ({}): {why}", say::state(state), ids.join(", "));
                bullet(&mut out, style, state, &one_line(&text));
            }
        }
        self.foot(&mut out, style);
        out
    }

    /// Promises that need a person, most urgent first.
    pub(super) fn needy(&self) -> Vec<&Promise> {
        let mut needy: Vec<&Promise> =
            self.promises().filter(|promise| promise.state != State::Upheld).collect();
        needy.sort_by_key(|promise| promise.state.urgency());
        needy
    }
}
