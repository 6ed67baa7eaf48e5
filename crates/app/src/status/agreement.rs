//! It is kept who agreed to which version of the notice.

use policy::file::promises::AgreementControl;
use render::words::count;
use store::Agreed;

use super::facts::{Facts, later};
use super::verdict::{Verdict, few};
use crate::Result;
use crate::state::State;

/// How often each version was agreed to.
pub(super) async fn agreed(state: &State) -> Result<Vec<Agreed>> {
    let mut tx = state.store.read().await?;
    let agreed = tx.agreement_counts(auth::ROOT).await?;
    tx.rollback().await?;
    Ok(agreed)
}

pub(super) fn judge(control: &AgreementControl, facts: &Facts<'_>) -> Verdict {
    let notice = &facts.policy.notice;
    let Some(last) = facts.agreed.iter().map(|one| one.last_at).max() else {
        return Verdict::unproven(
            "Nobody's agreement was kept yet: have your sign-up form call `POST /api/v1/agreements`.",
        );
    };
    let known = |version: &str| {
        notice.version == version || notice.past.iter().any(|past| past.version == version)
    };
    let lost: Vec<String> = facts
        .agreed
        .iter()
        .filter(|one| !known(&one.version))
        .map(|one| format!("version {}", one.version))
        .collect();
    if !lost.is_empty() {
        return Verdict::broken(format!(
            "People agreed to {}, which policy.yaml does not list: list it below `past:` with its text.",
            few(&lost)
        ));
    }
    let all: u64 = facts.agreed.iter().map(|one| one.agreements).sum();
    let shown = format!(
        "{} of {}, each with its version, its moment and its entry of the log",
        count(all, "agreement", "agreements"),
        count(facts.agreed.len() as u64, "version", "versions")
    );
    let day = facts.day_of(last);
    let reason = format!(
        "{} kept, the last of {}.",
        count(all, "agreement is", "agreements are"),
        facts.day(day)
    );
    if later(day, control.max_age) < facts.today {
        return Verdict::unproven(format!(
            "{reason} That is longer ago than {}: look whether the form still sends them.",
            control.max_age
        ))
        .shown_by(shown);
    }
    Verdict::upheld(reason).shown_by(shown)
}

#[cfg(test)]
mod tests {
    use model::Micros;
    use render::coverage::State as Stands;

    use super::*;
    use crate::status::tests::{TODAY, expect, stands};

    #[test]
    fn agreements_count_while_their_versions_are_known_and_the_form_sends_them() {
        let one = |version: &str, days: i32| {
            let day = TODAY.saturating_sub(jiff::Span::new().days(days));
            let at = day.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
            Agreed {
                version: version.to_owned(),
                agreements: 3,
                people: 2,
                last_at: Micros(at.timestamp().as_microsecond()),
            }
        };
        let judged = |agreed: &[Agreed]| {
            stands(&[], "agreement: { max_age: 90 days }", &|facts| {
                facts.agreed = agreed.to_vec();
            })
        };
        expect(&judged(&[]), Stands::Unproven, "kept yet");
        expect(
            &judged(&[one("1", 9)]),
            Stands::Upheld,
            "3 agreements are kept, the last of 14 November",
        );
        expect(&judged(&[one("1", 91)]), Stands::Unproven, "longer ago than 90 days");
        expect(&judged(&[one("1", 9), one("7", 3)]), Stands::Broken, "version 7");
    }
}
