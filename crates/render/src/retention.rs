//! What is due, in the terminal and as JSON.

use model::Micros;
use serde::{Deserialize, Serialize};

use crate::coverage::State;
use crate::plan_text::{bullet, line};
use crate::style::Style;
use crate::table::{Align, Cell, Table};
use crate::text::one_line;
use crate::words::{self, retention as say};
use crate::{Zone, zone};

/// What the rules ask for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionView {
    /// When it was counted.
    #[serde(with = "zone::as_rfc3339")]
    pub made_at: Micros,
    /// Digest of the rules; an agreement to a run is bound to it.
    pub digest: String,
    /// The rules.
    pub rules: Vec<RuleView>,
    /// What no rule covers.
    pub not_covered: Vec<NotCoveredView>,
    /// People whose kept rows may go now: requests that a run takes up again.
    pub waking: u64,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleView {
    /// The rule's name (`ticketing.tickets/1`).
    pub id: String,
    /// The system, as people know it.
    pub system: String,
    /// The collection, as people know it.
    pub what: String,
    /// The rule in words.
    pub rule: String,
    /// What becomes of a due row (`delete`).
    pub method: String,
    /// Rows due.
    pub due: u64,
    /// Whether counting stopped there.
    pub at_least: bool,
    /// The oldest of them.
    #[serde(with = "zone::as_maybe_rfc3339")]
    pub oldest: Option<Micros>,
    /// Rows that are old enough and stay.
    pub held_back: u64,
    /// Of those, the rows that stay only because others point at them.
    pub pointed_at: u64,
    /// The collections whose rows do, as people know them.
    pub pointed_by: Vec<String>,
    /// Why they stay: minimum ages and holds.
    pub because: Vec<String>,
    /// The hold that keeps all of it.
    pub held: Option<String>,
    /// Partitions that would be dropped whole.
    pub partitions: u64,
    /// About how many rows they hold.
    pub partition_rows: u64,
    /// Why nothing could be counted.
    pub not_reached: Option<String>,
    /// Remarks.
    pub notes: Vec<String>,
}

/// A place that no rule covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotCoveredView {
    /// The system.
    pub system: String,
    /// The collection.
    pub what: String,
    /// Why.
    pub because: String,
}

impl RetentionView {
    /// Rows that a run would dispose of.
    pub fn due(&self) -> u64 {
        self.rules.iter().filter(|rule| rule.held.is_none()).map(|rule| rule.due).sum()
    }

    /// Whether every system was reached.
    pub fn is_complete(&self) -> bool {
        self.rules.iter().all(|rule| rule.not_reached.is_none())
    }

    /// The plan as text, at most 100 columns wide.
    pub fn to_text(&self, style: Style, zone: &Zone) -> String {
        let mut out = String::new();
        let title = format!("{}, {}", say::PLAN, words::moment(self.made_at, zone));
        line(&mut out, 0, &title, |text| style.strong(text));
        let held_back = self.rules.iter().map(|rule| rule.held_back).sum();
        let at_least = self.rules.iter().any(|rule| rule.at_least);
        let pointed_at = self.rules.iter().map(|rule| rule.pointed_at).sum();
        let sum = say::sum(self.due(), at_least, self.rules.len() as u64, held_back, pointed_at);
        line(&mut out, 0, &format!("{sum} {}", say::NOTHING_DONE), str::to_owned);
        let missing: Vec<String> = self
            .rules
            .iter()
            .filter_map(|rule| {
                let why = rule.not_reached.as_ref()?;
                Some(format!("{}, {}: {why}", rule.system, rule.what))
            })
            .collect();
        list(&mut out, style, say::STANDING, State::AtRisk, &missing);
        if !self.rules.is_empty() {
            out.push('\n');
            self.table(zone).print(&mut out, style);
        }
        let pointed = self.rules.iter().filter(|rule| rule.pointed_at > 0).map(|rule| {
            let of = format!("{} in {}", rule.what, rule.system);
            say::pointed_at(rule.pointed_at, &of, &rule.rule, &rule.what, &rule.pointed_by)
        });
        list(&mut out, style, say::POINTED, State::Broken, &pointed.collect::<Vec<_>>());
        list(&mut out, style, say::NOTES, State::Upheld, &self.remarks());
        let not_covered: Vec<String> = self
            .not_covered
            .iter()
            .map(|left| format!("{}, {}: {}", left.system, left.what, left.because))
            .collect();
        list(&mut out, style, say::NOT_COVERED, State::Unproven, &not_covered);
        out
    }

    fn table(&self, zone: &Zone) -> Table {
        let mut table = Table::new(vec![
            (say::SYSTEM, Align::Left),
            (say::WHAT, Align::Left),
            (say::RULE, Align::Left),
            (say::DUE, Align::Right),
            (say::OLDEST, Align::Left),
            (say::HELD_BACK, Align::Right),
            (say::POINTED_AT, Align::Right),
        ]);
        for rule in &self.rules {
            let due = match (&rule.not_reached, rule.at_least) {
                (Some(_), _) => "?".to_owned(),
                (None, true) => format!("{}+", words::number(rule.due)),
                (None, false) => words::number(rule.due),
            };
            table.row(vec![
                Cell::new(&rule.system),
                Cell::new(&rule.what),
                Cell::new(&rule.rule),
                Cell::new(&due),
                Cell::new(&rule.oldest.map_or_else(String::new, |at| words::day(at, zone))),
                Cell::new(&words::number(rule.held_back.saturating_sub(rule.pointed_at))),
                Cell::new(&words::number(rule.pointed_at)),
            ]);
        }
        table
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        for rule in &self.rules {
            let mut says: Vec<String> = Vec::new();
            if rule.method != "delete" && rule.due > 0 {
                says.push(format!("due rows are {}", say::method(&rule.method)));
            }
            if let Some(why) = &rule.held {
                says.push(say::held(why));
            }
            if rule.held_back > rule.pointed_at {
                says.extend(rule.because.iter().cloned());
            }
            if rule.partitions > 0 {
                says.push(say::partitions(rule.partitions, rule.partition_rows));
            }
            says.extend(rule.notes.iter().cloned());
            if !says.is_empty() {
                remarks.push(format!("{}, {}: {}", rule.system, rule.what, says.join("; ")));
            }
        }
        if self.waking > 0 {
            remarks.push(format!(
                "{} of erased people had kept rows whose time is over: a run erases these too",
                words::count(self.waking, "request", "requests")
            ));
        }
        remarks
    }
}

fn list(out: &mut String, style: Style, heading: &str, state: State, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    out.push('\n');
    line(out, 0, heading, |text| style.strong(text));
    for text in lines {
        bullet(out, style, state, &one_line(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(what: &str) -> RuleView {
        RuleView {
            id: "ticketing.tickets/1".into(),
            system: "Ticketing".into(),
            what: what.into(),
            rule: "7 years after `closed_at`".into(),
            method: "delete".into(),
            due: 0,
            at_least: false,
            oldest: None,
            held_back: 0,
            pointed_at: 0,
            pointed_by: Vec::new(),
            because: Vec::new(),
            held: None,
            partitions: 0,
            partition_rows: 0,
            not_reached: None,
            notes: Vec::new(),
        }
    }

    #[test]
    fn the_plan_fits_the_terminal_and_names_what_was_not_looked_at() {
        let view = RetentionView {
            made_at: Micros(1_795_370_700_000_000),
            digest: "ab".repeat(32),
            rules: vec![
                RuleView {
                    due: 1_204,
                    oldest: Some(Micros(1_488_500_000_000_000)),
                    held_back: 3_251,
                    pointed_at: 3_248,
                    pointed_by: vec!["Custom values".into(), "Tickets".into()],
                    because: vec!["8 years from `written_at`: labour law".into()],
                    partitions: 2,
                    partition_rows: 900,
                    ..rule("Tickets")
                },
                RuleView { not_reached: Some("no answer".into()), ..rule("Invoices\u{1b}[2J") },
                RuleView {
                    due: 9,
                    held: Some("legal hold 4f0c12ab: case 12".into()),
                    ..rule("A very long name of a collection that nobody would give to anything")
                },
            ],
            not_covered: vec![NotCoveredView {
                system: "Ticketing".into(),
                what: "Calls".into(),
                because: "it is kept at most 90 days (`phone`), and no rule disposes of it".into(),
            }],
            waking: 1,
        };
        let text = view.to_text(Style::PLAIN, &Zone::utc());
        assert!(text.lines().all(|line| crate::text::width(line) <= 100), "{text}");
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [
            "1,204 rows are due by 3 rules.",
            "3,251 rows are old enough and stay, 3,248 because others point there.",
            "Must stay Pointed at",
            "3,248 rows of Tickets in Ticketing are past the limit of 7 years after `closed_at` and stay \
             because Custom values and other Tickets point at them: name Custom values in `with:`",
            "8 years from `written_at`: labour law",
            "Invoices␛[2J: no answer",
            "3 March 2017",
            "2 partitions with about 900 rows would be dropped whole",
            "legal hold 4f0c12ab: case 12",
            "What no rule covers",
            "1 request of erased people",
        ] {
            assert!(words.contains(part), "{part}\n{text}");
        }
        assert_eq!(view.due(), 1_204);
        assert!(!view.is_complete());
    }
}
