//! The record in the terminal.

use super::DestructionRecord;
use crate::Zone;
use crate::coverage::State;
use crate::plan_text::{bullet, line};
use crate::style::Style;
use crate::table::{Align, Cell, Table};
use crate::text::one_line;
use crate::words::{self, retention as say};

impl DestructionRecord {
    /// The record as text, at most 100 columns wide.
    pub fn to_text(&self, style: Style, zone: &Zone) -> String {
        let mut out = String::new();
        let title = format!("{}. {}", say::outcome(self.complete), self.sentence());
        line(&mut out, 0, &one_line(&title), |text| style.strong(text));
        if !self.rules.is_empty() {
            out.push('\n');
            let mut table = Table::new(vec![
                (say::SYSTEM, Align::Left),
                (say::WHAT, Align::Left),
                (say::RULE, Align::Left),
                (say::GONE, Align::Right),
                (say::ALONG, Align::Right),
                (say::LEFT, Align::Right),
                (say::HELD_BACK, Align::Right),
                (say::POINTED_AT, Align::Right),
            ]);
            for rule in &self.rules {
                let along = rule.with.iter().map(|(_, rows)| rows).sum();
                table.row(vec![
                    Cell::new(&rule.system),
                    Cell::new(&rule.collection),
                    Cell::new(&rule.words),
                    Cell::new(&words::number(rule.rows)),
                    Cell::new(&words::number(along)),
                    Cell::new(&rule.left.map_or_else(|| "?".to_owned(), words::number)),
                    Cell::new(&words::number(rule.held_back.saturating_sub(rule.pointed_at))),
                    Cell::new(&words::number(rule.pointed_at)),
                ]);
            }
            table.print(&mut out, style);
        }
        for rule in &self.rules {
            let what = format!("{}, {}", rule.system, rule.collection);
            if !rule.partitions.is_empty() {
                let dropped = words::count(rule.partitions.len() as u64, "partition", "partitions");
                bullet(&mut out, style, State::Upheld, &format!("{what}: {dropped} dropped whole"));
            }
            if let Some(left) = rule.left.filter(|left| *left > 0) {
                let left = words::count(left, "row is", "rows are");
                let text = format!("{what}: {left} still due; run it again");
                bullet(&mut out, style, State::AtRisk, &one_line(&text));
            }
            if let Some(why) = &rule.not_done {
                bullet(&mut out, style, State::Broken, &one_line(&format!("{what}: {why}")));
            }
            if rule.unknown > 0 {
                bullet(&mut out, style, State::AtRisk, &say::unknown(&what, rule.unknown));
            }
            if let Some(text) = rule.pointed_at() {
                bullet(&mut out, style, State::Broken, &one_line(&text));
            }
            if rule.held_back > rule.pointed_at {
                for why in &rule.respected {
                    let text = one_line(&format!("{what}: {why}"));
                    bullet(&mut out, style, State::Upheld, &text);
                }
            }
        }
        if self.interrupted > 0 {
            let times = words::count(u64::from(self.interrupted), "time", "times");
            let since = words::moment(self.begun_at, zone);
            let text = format!("begun {since}, interrupted {times} and taken up again");
            bullet(&mut out, style, State::AtRisk, &text);
        }
        out
    }
}
