//! Contracts, certificates and reports: whether somebody has shown one, and whether it still counts.

use jiff::civil::Date;
use policy::file::promises::{ContractControl, RecipientEvidenceControl};
use policy::{Paper, Period, Recipient, RecipientClass};
use render::words;

use super::facts::{Facts, SOON_DAYS, days_between, later};
use super::verdict::Verdict;

/// Whether every recipient that is meant has shown one of the papers asked for.
pub(super) fn evidence(control: &RecipientEvidenceControl, facts: &Facts<'_>) -> Verdict {
    let classes = [RecipientClass::Processor, RecipientClass::Vendor];
    let meant = meant(facts, &control.recipients, &classes);
    let evidence =
        format!("the papers of {}", words::count(meant.len() as u64, "recipient", "recipients"));
    let parts = meant
        .into_iter()
        .map(|recipient| {
            let fitting = recipient.evidence.iter().filter(|paper| {
                control.any_of.iter().any(|title| title.eq_ignore_ascii_case(&paper.title))
            });
            match speaking(fitting, control.max_age, facts.today) {
                Some(paper) => standing(&recipient.name, paper, control.max_age, facts),
                None => Verdict::broken(format!(
                    "{} has shown no {}.",
                    recipient.name,
                    control.any_of.join(" and no ")
                )),
            }
        })
        .collect();
    Verdict::of(parts, "recipients.yaml lists no processor and no vendor.").shown_by(evidence)
}

/// Whether every recipient that is meant is bound by a contract.
pub(super) fn contract(control: &ContractControl, facts: &Facts<'_>) -> Verdict {
    let meant = meant(facts, &control.recipients, &[RecipientClass::Processor]);
    let evidence =
        format!("the contracts of {}", words::count(meant.len() as u64, "recipient", "recipients"));
    let parts = meant
        .into_iter()
        .map(|recipient| match &recipient.contract {
            Some(paper) => standing(&recipient.name, paper, None, facts),
            None => Verdict::broken(format!("{} works without a contract.", recipient.name)),
        })
        .collect();
    Verdict::of(parts, "recipients.yaml lists no processor.").shown_by(evidence)
}

fn meant<'f>(
    facts: &'f Facts<'_>,
    keys: &[String],
    classes: &[RecipientClass],
) -> Vec<&'f Recipient> {
    facts
        .policy
        .recipients
        .iter()
        .filter(|recipient| {
            if keys.is_empty() {
                classes.contains(&recipient.class)
            } else {
                keys.contains(&recipient.key)
            }
        })
        .collect()
}

/// The last day on which a paper counts; none where it has no end.
fn last_day(paper: &Paper, max_age: Option<Period>) -> Date {
    let by_age = max_age.map_or(Date::MAX, |age| later(paper.dated, age));
    paper.until.unwrap_or(Date::MAX).min(by_age)
}

/// The paper that speaks for its party: of those that have begun the one that counts longest. One
/// that begins only later speaks where there is no other.
pub(super) fn speaking<'p>(
    papers: impl Iterator<Item = &'p Paper>,
    max_age: Option<Period>,
    today: Date,
) -> Option<&'p Paper> {
    papers.max_by_key(|paper| (paper.dated <= today, last_day(paper, max_age)))
}

/// How one paper of one party stands today.
pub(super) fn standing(
    party: &str,
    paper: &Paper,
    max_age: Option<Period>,
    facts: &Facts<'_>,
) -> Verdict {
    let title = &paper.title;
    let end = last_day(paper, max_age);
    if paper.dated > facts.today {
        return Verdict::broken(format!(
            "The {title} of {party} begins only on {}.",
            facts.day(paper.dated)
        ));
    }
    match days_between(facts.today, end) {
        ..0 if paper.until.is_some_and(|until| until < facts.today) => {
            Verdict::broken(format!("The {title} of {party} ended on {}.", facts.day(end)))
        }
        ..0 => Verdict::broken(format!(
            "The {title} of {party} is of {} and may be {} old at most.",
            facts.day(paper.dated),
            max_age.map_or_else(String::new, |age| age.to_string())
        )),
        left @ 0..=SOON_DAYS => Verdict::at_risk(format!(
            "The {title} of {party} counts for {} more, until {}.",
            words::count(left.unsigned_abs(), "day", "days"),
            facts.day(end)
        )),
        _ if end == Date::MAX => Verdict::upheld(format!(
            "The {title} of {party} is in force since {}.",
            facts.day(paper.dated)
        )),
        _ => Verdict::upheld(format!("The {title} of {party} counts until {}.", facts.day(end))),
    }
}
