//! Data is handed on or analysed only after people were taken out of it.

use model::Micros;
use policy::file::promises::DeidentifiedControl;
use render::words;
use serde::Deserialize;

use super::facts::{Facts, SOON_DAYS, days_between, later};
use super::verdict::Verdict;
use crate::deidentify::KIND;
use crate::state::State;
use crate::{Error, Result};

/// A run of `upheld deidentify`, as its entry of the log tells it.
pub(crate) struct Deidentified {
    pub(crate) at: Micros,
    /// Files and tables that were written.
    pub(crate) parts: u64,
    /// Tables whose risk could not be measured.
    pub(crate) unmeasured: u64,
    /// The smallest class of rows that are alike, over all tables; none where there is no table.
    pub(crate) smallest: Option<u64>,
}

/// What is read again of an entry.
#[derive(Deserialize)]
struct Body {
    done: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    rows: u64,
    left_out: u64,
    columns: Vec<serde::de::IgnoredAny>,
    after: Option<After>,
}

#[derive(Deserialize)]
struct After {
    k: u64,
}

/// The runs that the log knows, oldest first.
pub(super) async fn runs(state: &State, organisation: &str) -> Result<Vec<Deidentified>> {
    let mut tx = state.store.read().await?;
    let events = tx.events_of_kind(organisation, KIND).await?;
    tx.rollback().await?;
    events.iter().map(|event| run(event.at, event.body.as_deref().unwrap_or_default())).collect()
}

fn run(at: Micros, body: &[u8]) -> Result<Deidentified> {
    let body: Body = serde_json::from_slice(body).map_err(|_| {
        Error::Refused("an entry about de-identified data cannot be read".to_owned())
    })?;
    // A table that is empty tells of nobody.
    let tables = || body.done.iter().filter(|p| !p.columns.is_empty() && p.rows > p.left_out);
    Ok(Deidentified {
        at,
        parts: body.done.len() as u64,
        unmeasured: tables().filter(|part| part.after.is_none()).count() as u64,
        smallest: tables().filter_map(|part| part.after.as_ref()).map(|after| after.k).min(),
    })
}

pub(super) fn judge(control: &DeidentifiedControl, facts: &Facts<'_>) -> Verdict {
    const HOW: &str = "`upheld deidentify SOURCE -o OUT --k";
    let Some(last) = facts.deidentified.last() else {
        return Verdict::unproven(format!(
            "Nothing was taken through it yet: {HOW} {}`.",
            control.at_least
        ));
    };
    let day = facts.day_of(last.at);
    let due = later(day, control.max_age);
    let left = days_between(facts.today, due);
    // What was handed out before that long is no news.
    let young: Vec<&Deidentified> = facts
        .deidentified
        .iter()
        .filter(|run| later(facts.day_of(run.at), control.max_age) >= facts.today)
        .collect();
    let parts: u64 = young.iter().map(|run| run.parts).sum();
    let evidence = format!(
        "{}, {}, the last on {}",
        words::count(young.len() as u64, "run", "runs"),
        words::count(parts, "file or table", "files or tables"),
        facts.day(day)
    );
    let few = |run: &&&Deidentified| run.smallest.is_some_and(|k| k < u64::from(control.at_least));
    if left < 0 {
        Verdict::unproven(format!(
            "The last run was on {}, longer ago than {}: {HOW} {}`.",
            facts.day(day),
            control.max_age,
            control.at_least
        ))
        .shown_by(format!("the last run was on {}", facts.day(day)))
    } else if let Some(bad) = young.iter().rev().find(few) {
        Verdict::broken(format!(
            "What was made on {} has rows of which only {} alike; {} are promised.",
            facts.day(facts.day_of(bad.at)),
            match bad.smallest.unwrap_or_default() {
                1 => "1 is".to_owned(),
                k => format!("{} are", words::number(k)),
            },
            control.at_least
        ))
        .shown_by(evidence)
    } else if let Some(bad) = young.iter().rev().find(|run| run.unmeasured > 0) {
        Verdict::unproven(format!(
            "Of {} made on {} the risk could not be measured.",
            words::count(bad.unmeasured, "table", "tables"),
            facts.day(facts.day_of(bad.at))
        ))
        .shown_by(evidence)
    } else {
        let alike = young.iter().filter_map(|run| run.smallest).min();
        let reason = alike.map_or_else(
            || "People were taken out of texts; there were no tables.".to_owned(),
            |k| format!("In every table at least {} rows are alike.", words::number(k)),
        );
        if left <= SOON_DAYS {
            Verdict::at_risk(format!("{reason} By {} it is due again.", facts.day(due)))
        } else {
            Verdict::upheld(reason)
        }
        .shown_by(evidence)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use render::coverage::State as Stands;

    use super::*;
    use crate::status::tests::{expect, stands};

    fn made(on: Date, body: &str) -> Deidentified {
        let at = on.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        run(Micros(at.timestamp().as_microsecond()), body.as_bytes()).unwrap()
    }

    fn table(k: u64) -> String {
        format!(
            r#"{{"done":[{{"rows":9,"left_out":0,"columns":[{{"name":"a"}}],"after":{{"k":{k}}}}}]}}"#
        )
    }

    #[test]
    fn only_runs_in_which_enough_rows_are_alike_uphold_it() {
        let today = crate::status::tests::TODAY;
        let ago = |days: i32| today.saturating_sub(jiff::Span::new().days(days));
        let judged = |runs: &[(i32, String)]| {
            stands(&[], "deidentified: { at_least: 5, max_age: 90 days }", &|facts| {
                facts.deidentified =
                    runs.iter().map(|(days, body)| made(ago(*days), body)).collect();
            })
        };
        expect(&judged(&[]), Stands::Unproven, "Nothing was taken through it yet");
        expect(&judged(&[(3, table(5))]), Stands::Upheld, "at least 5 rows are alike");
        expect(&judged(&[(3, table(5))]), Stands::Upheld, "1 run, 1 file or table");
        expect(&judged(&[(3, table(4)), (1, table(7))]), Stands::Broken, "only 4 are alike");
        expect(&judged(&[(100, table(1)), (1, table(7))]), Stands::Upheld, "at least 7");
        expect(&judged(&[(89, table(5))]), Stands::AtRisk, "it is due again");
        expect(&judged(&[(91, table(5))]), Stands::Unproven, "longer ago than 90 days");
        let unmeasured = r#"{"done":[{"rows":9,"left_out":0,"columns":[1],"after":null}]}"#;
        expect(&judged(&[(1, unmeasured.to_owned())]), Stands::Unproven, "could not be measured");
        let text = r#"{"done":[{"rows":9,"left_out":0,"columns":[],"after":null}]}"#;
        expect(&judged(&[(1, text.to_owned())]), Stands::Upheld, "there were no tables");
    }
}
