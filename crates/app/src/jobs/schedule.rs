//! What is done again and again, by patterns as cron has them, counted in the house's zone.

use std::str::FromStr as _;

use croner::Cron;
use jiff::Zoned;
use model::Micros;
use serde::{Deserialize, Serialize};

use super::work::Work;

/// When what comes again comes again: five fields as cron has them (`*/15 * * * *`), `@daily` and the
/// like, or `off`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedules {
    /// The privacy mailbox is looked into.
    pub mailbox: String,
    /// Every control is run.
    pub promises: String,
}

impl Default for Schedules {
    fn default() -> Self {
        Self { mailbox: "* * * * *".to_owned(), promises: "0 5 * * *".to_owned() }
    }
}

/// What was kept for people and has run out goes each hour.
const EXPIRY: &str = "17 * * * *";
const OFF: &str = "off";

impl Schedules {
    /// What is done when.
    pub(crate) fn all(&self) -> [(&'static str, &str, Work); 3] {
        [
            ("mailbox", &self.mailbox, Work::ReadMailbox),
            ("promises", &self.promises, Work::CheckPromises),
            ("expiry", EXPIRY, Work::Expire),
        ]
    }

    /// Says which pattern cannot be read, and why.
    pub(crate) fn check(&self) -> Result<(), String> {
        for (name, pattern, _) in self.all() {
            if pattern != OFF
                && let Err(error) = Cron::from_str(pattern)
            {
                return Err(format!(
                    "the schedule `{name}` is `{pattern}`, which is no pattern ({error}): write five fields as cron has them, such as `*/15 * * * *`, or `off`"
                ));
            }
        }
        Ok(())
    }
}

/// The first moment after `now` that a pattern names; `None` for one that is off or never comes.
pub(crate) fn next(pattern: &str, now: &Zoned) -> Option<Micros> {
    if pattern == OFF {
        return None;
    }
    let next = Cron::from_str(pattern).ok()?.find_next_occurrence(now, false).ok()?;
    Some(Micros(next.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn patterns_are_counted_in_the_zone_and_mistakes_are_named() {
        let zone = TimeZone::get("America/Halifax").unwrap();
        let now = "2026-03-08T01:59:30-04:00[America/Halifax]".parse::<Zoned>().unwrap();
        let shown = |pattern: &str| {
            next(pattern, &now).map(|at| {
                jiff::Timestamp::from_microsecond(at.0).unwrap().to_zoned(zone.clone()).to_string()
            })
        };
        // At two the clocks go on to three.
        for (pattern, expected) in [
            ("* * * * *", "2026-03-08T03:00:00-03:00[America/Halifax]"),
            ("0 5 * * *", "2026-03-08T05:00:00-03:00[America/Halifax]"),
            ("0 3 1 1 *", "2027-01-01T03:00:00-04:00[America/Halifax]"),
        ] {
            assert_eq!(shown(pattern).as_deref(), Some(expected), "{pattern}");
        }
        assert_eq!(shown("off"), None);
        assert_eq!(Schedules::default().check(), Ok(()));
        let wrong = Schedules { promises: "often".to_owned(), ..Schedules::default() };
        assert!(wrong.check().unwrap_err().contains("`promises` is `often`"));
    }
}
