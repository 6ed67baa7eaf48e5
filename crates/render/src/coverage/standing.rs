//! How the promises stand, in the terminal: one line for each, and what needs somebody last.

use super::{Control, Coverage, Promise, State};
use crate::plan_text::{bullet, line};
use crate::style::{Paint, Style};
use crate::table::{Align, Cell, Table};
use crate::text::one_line;
use crate::words::{self, coverage as say};

impl Coverage {
    /// How every promise stands and what showed it, at most 100 columns wide. The upheld stay
    /// quiet and come first; what needs somebody comes last, where a terminal leaves the eye.
    pub fn to_standing(&self, style: Style) -> String {
        let mut out = String::new();
        let moment = words::moment(self.checked_at, &self.zone);
        let missing = self.not_reached.len() as u64;
        let basis = say::basis(&self.notice, &moment, self.systems_checked, missing);
        line(&mut out, 0, &one_line(&self.organisation), |text| style.strong(text));
        line(&mut out, 0, &one_line(&basis), |text| style.quiet(text));

        let upheld: Vec<&Promise> =
            self.promises().filter(|promise| promise.state == State::Upheld).collect();
        if !upheld.is_empty() {
            out.push('\n');
            line(&mut out, 0, say::THE_UPHELD, |text| style.strong(text));
            table(&mut out, style, &upheld);
        }
        let mut needy = self.needy();
        needy.reverse();
        if !needy.is_empty() {
            out.push('\n');
            line(&mut out, 0, say::NEEDS_YOU, |text| style.strong(text));
            table(&mut out, style, &needy);
        }
        self.foot(&mut out, style);
        out
    }

    /// What was not reached, what has turned, and the count.
    pub(super) fn foot(&self, out: &mut String, style: Style) {
        for system in &self.not_reached {
            bullet(out, style, State::AtRisk, &one_line(&say::system_not_reached(system)));
        }
        if let Some(before) = self.before {
            out.push('\n');
            let moment = words::moment(before, &self.zone);
            line(out, 0, &say::since(&moment, self.turned.len()), |text| style.strong(text));
            for turned in &self.turned {
                let text = one_line(&say::turned(turned));
                bullet(out, style, turned.to, &text);
            }
        }
        let tally = self.tally();
        out.push('\n');
        let counts: Vec<String> = State::ALL
            .into_iter()
            .map(|state| {
                let count = words::number(tally.of(state));
                style.state(state, &format!("{} {count} {}", state.sign(), say::state(state)))
            })
            .collect();
        out.push_str(&counts.join("   "));
        out.push('\n');
        let answer = format!("{} {}", say::answer(&tally), say::unquoted(tally.unquoted));
        line(out, 0, &answer, str::to_owned);
    }
}

fn table(out: &mut String, style: Style, promises: &[&Promise]) {
    let mut table = Table::new(vec![
        ("", Align::Left),
        (say::STATE, Align::Left),
        (say::PROMISE, Align::Left),
        (say::FOUND, Align::Left),
    ]);
    for promise in promises {
        let paint = Paint::of(promise.state);
        let quiet = if promise.state == State::Upheld { Paint::Quiet } else { Paint::Plain };
        for (index, text) in found(promise).into_iter().enumerate() {
            let first = |text: &str, paint| {
                if index == 0 { Cell::painted(text, paint) } else { Cell::new("") }
            };
            table.row(vec![
                first(promise.state.sign(), paint),
                first(say::state(promise.state), paint),
                first(&promise.id, Paint::Plain),
                Cell::painted(&text, quiet),
            ]);
        }
    }
    table.print(out, style);
}

/// What was found, a line for each control that says something; what made the promise stand as it
/// does comes first.
fn found(promise: &Promise) -> Vec<String> {
    let mut controls: Vec<&Control> =
        promise.controls.iter().filter(|control| !control.reason.is_empty()).collect();
    controls.sort_by_key(|control| control.state.urgency());
    if controls.is_empty() {
        return vec![say::why(promise)];
    }
    let mixed = controls.iter().any(|control| control.state != promise.state);
    let mut lines: Vec<String> = controls
        .into_iter()
        .map(|control| {
            if mixed {
                format!("{} {}", control.state.sign(), control.reason)
            } else {
                control.reason.clone()
            }
        })
        .collect();
    lines.dedup();
    lines
}
