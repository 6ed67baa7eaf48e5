//! Changes of the notice are announced before they take effect.

use jiff::civil::Date;
use policy::file::promises::LeadTimeControl;

use super::facts::{Facts, days_between, later};
use super::verdict::Verdict;

pub(super) fn judge(control: &LeadTimeControl, facts: &Facts<'_>) -> Verdict {
    let notice = &facts.policy.notice;
    let promised = control.at_least;
    let mut versions: Vec<(&str, Option<Date>, Date)> =
        vec![(&notice.version, notice.announced, notice.effective)];
    versions
        .extend(notice.past.iter().map(|past| (&*past.version, past.announced, past.effective)));
    // The first version of all changed nothing.
    let first = versions.pop();
    if versions.is_empty() {
        let day = first.map_or(notice.effective, |(_, _, effective)| effective);
        return Verdict::upheld(format!(
            "The notice has not changed since it came into force on {}.",
            facts.day(day)
        ))
        .shown_by("policy.yaml lists no earlier version");
    }
    // Whoever was told last counts: until then the change was not announced to everybody.
    for (version, announced, _) in &mut versions {
        let told = facts.told.of_version(version).and_then(|one| one.last_told_at);
        *announced = (*announced).max(told.map(|at| facts.day_of(at)));
    }
    let changes = versions.len() as u64;
    let parts = versions
        .into_iter()
        .map(|(version, announced, effective)| match announced {
            None => Verdict::unproven(format!(
                "Nothing says when version {version} was announced; it is in force from {}.",
                facts.day(effective)
            )),
            Some(day) if later(day, promised) > effective => Verdict::broken(format!(
                "Version {version} was announced on {}, {} before it took effect; {promised} are promised.",
                facts.day(day),
                days(days_between(day, effective))
            )),
            Some(day) if day > facts.today => Verdict::upheld(format!(
                "Version {version} is to be announced on {}, {} before it takes effect.",
                facts.day(day),
                days(days_between(day, effective))
            )),
            Some(day) => Verdict::upheld(format!(
                "Version {version} was announced on {}, {} before it took effect.",
                facts.day(day),
                days(days_between(day, effective))
            )),
        })
        .collect();
    let changes = render::words::count(changes, "change", "changes");
    Verdict::of(parts, "").shown_by(format!(
        "{changes} of the notice, as policy.yaml dates them and people were told"
    ))
}

fn days(count: i64) -> String {
    match count {
        1 => "1 day".to_owned(),
        count if count < 0 => "not".to_owned(),
        count => format!("{count} days"),
    }
}
