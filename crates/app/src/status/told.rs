//! Everybody whose address is held is told by mail.

use jiff::civil::Date;
use policy::Policy;
use policy::file::promises::{ToldControl, ToldOf};
use render::words::count;

use super::facts::Facts;
use super::verdict::Verdict;
use crate::Result;
use crate::house::House;
use crate::publication::Stage;
use crate::state::State;
use crate::telling::{CONTROL, NOTICE, OPEN, STOPPED, Telling, every, places};

/// What was told to whom, and whether anybody can be told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Every announcement, the latest first.
    pub(crate) all: Vec<Telling>,
    /// The version that is to come, and its day.
    pub(crate) coming: Option<(String, Date)>,
    /// The day on which this log began; none while nothing stands in it.
    pub(crate) began: Option<Date>,
    /// Whether a mail server is named.
    pub(crate) mail: bool,
    /// So many columns hold addresses, as the map knows them.
    pub(crate) places: usize,
}

impl Told {
    /// The announcement of a version.
    pub(super) fn of_version(&self, version: &str) -> Option<&Telling> {
        let of = |one: &&Telling| one.kind == NOTICE && one.version.as_deref() == Some(version);
        self.all.iter().filter(|one| one.state != STOPPED).find(of)
    }
}

/// Reads it.
pub(super) async fn told(house: &House, policy: &Policy, state: &State) -> Result<Told> {
    let zone = house.zone()?;
    let mut tx = state.store.read().await?;
    let first = tx.outlines_from(0, 1).await?;
    let versions = tx.notice_versions(auth::ROOT).await?;
    tx.rollback().await?;
    let scheduled = versions.into_iter().filter(|one| one.state == Stage::Scheduled.word());
    let coming = scheduled
        .filter_map(|one| Some((one.version, one.effective?.parse::<Date>().ok()?)))
        .min_by_key(|(_, day)| *day);
    Ok(Told {
        all: every(state).await?,
        coming,
        began: first.first().map(|event| zone.at(event.at).date()),
        mail: house.settings.mail.out.is_some(),
        places: places(policy).len(),
    })
}

pub(super) fn judge(control: &ToldControl, facts: &Facts<'_>) -> Verdict {
    let told = &facts.told;
    let mut parts = match control.of {
        ToldOf::NoticeChange => of_versions(facts),
        ToldOf::ChangeOfControl => {
            let changes = told.all.iter().filter(|one| one.kind == CONTROL);
            changes
                .filter(|one| one.state != STOPPED)
                .map(|one| {
                    let what = format!(
                        "That the business goes to {}",
                        one.successor.as_deref().unwrap_or("somebody else")
                    );
                    judge_one(&what, one, one.day, facts)
                })
                .collect()
        }
    };
    if !parts.is_empty() {
        return Verdict::of(parts, "");
    }
    // Nothing was to be told so far: what can be said is whether anybody could be.
    if !told.mail {
        return Verdict::unproven(
            "No mail server is named in upheld.toml, so nobody could be told: write `[mail.out]`.",
        );
    }
    if told.places == 0 {
        return Verdict::unproven(
            "No connected system is known to hold e-mail addresses, so nobody would be told.",
        );
    }
    let since = told.began.map_or_else(
        || "yet".to_owned(),
        |day| format!("since {}, when this log began", facts.day(day)),
    );
    let what = match control.of {
        ToldOf::NoticeChange => "The notice has not changed",
        ToldOf::ChangeOfControl => "No change of hands was announced",
    };
    parts.push(Verdict::upheld(format!("{what} {since}.")).shown_by(format!(
        "a mail server is named; addresses are read from {}",
        count(told.places as u64, "column", "columns")
    )));
    Verdict::of(parts, "")
}

/// The version that is to come, and the one that holds if it came since this log began.
fn of_versions(facts: &Facts<'_>) -> Vec<Verdict> {
    let (told, notice) = (&facts.told, &facts.policy.notice);
    let mut parts = Vec::new();
    let mut judged = |version: &str, day: Date| {
        let what = format!("Version {version}");
        parts.push(match told.of_version(version) {
            Some(one) => judge_one(&what, one, Some(day), facts),
            None if day <= facts.today => Verdict::broken(format!(
                "{what} holds since {}, and nobody was told of it by mail.",
                facts.day(day)
            )),
            None => Verdict::at_risk(format!(
                "{what} takes effect on {}, and nobody is being told of it yet.",
                facts.day(day)
            )),
        });
    };
    if let Some((version, day)) = &told.coming {
        judged(version, *day);
    }
    let new = told.began.is_some_and(|began| notice.effective > began);
    let coming = told.coming.as_ref().is_some_and(|(version, _)| *version == notice.version);
    // The first version of all is no change.
    if new && !coming && !notice.past.is_empty() {
        judged(&notice.version, notice.effective);
    }
    parts
}

fn judge_one(what: &str, one: &Telling, day: Option<Date>, facts: &Facts<'_>) -> Verdict {
    let over = day.is_some_and(|day| day <= facts.today);
    let unread: Vec<&str> = one.unread().map(|source| source.title.as_str()).collect();
    let told = count(one.told, "person was", "people were");
    let shown = |verdict: Verdict| {
        verdict.shown_by(format!(
            "{told} told, {} could not be reached at the address that is held; {}",
            render::words::number(one.failed),
            count(one.sources.len() as u64, "place was read", "places were read")
        ))
    };
    if one.state == OPEN {
        let waiting = count(one.waiting(), "person waits", "people wait");
        let reason = format!("{what} is being told: {told} told, {waiting}.");
        return shown(if over { Verdict::broken(reason) } else { Verdict::at_risk(reason) });
    }
    if !unread.is_empty() {
        let reason = format!(
            "{what} was told to nobody of {}: it could not be read.",
            super::verdict::few(&unread)
        );
        return shown(if over { Verdict::broken(reason) } else { Verdict::at_risk(reason) });
    }
    let last = one.last_told_at.map(|at| facts.day_of(at));
    match (last, day) {
        (Some(last), Some(day)) if last > day => shown(Verdict::broken(format!(
            "{what} was told until {} only, and holds since {}.",
            facts.day(last),
            facts.day(day)
        ))),
        (Some(last), _) => {
            shown(Verdict::upheld(format!("{what}: {told} told by {}.", facts.day(last))))
        }
        (None, _) => shown(Verdict::unproven(format!(
            "{what}: no place held an address, so nobody was told."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use model::Micros;
    use render::coverage::State as Stands;

    use super::*;
    use crate::status::tests::{TODAY, expect, stands};
    use crate::telling::{InWords, Source};

    fn moment(day: Date) -> Micros {
        let at = day.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        Micros(at.timestamp().as_microsecond())
    }

    fn telling(kind: &str, state: &str, last: Option<Date>) -> Telling {
        Telling {
            id: "t".to_owned(),
            kind: kind.to_owned(),
            version_id: None,
            version: (kind == NOTICE).then(|| "2".to_owned()),
            successor: (kind == CONTROL).then(|| "Southlight IT".to_owned()),
            day: Some(date(2026, 12, 24)),
            words: InWords::default(),
            state: state.to_owned(),
            sources: vec![Source { read: true, ..Source::default() }],
            people: 12,
            told: 9,
            failed: 1,
            last_told_at: last.map(moment),
            trouble: None,
            made_at: moment(TODAY),
            ended_at: None,
        }
    }

    #[test]
    fn a_version_is_upheld_only_when_everybody_was_told_before_its_day() {
        let judged = |coming: Option<Date>, all: Vec<Telling>| {
            stands(&[], "told: { of: notice_change }", &|facts| {
                facts.told.coming = coming.map(|day| ("2".to_owned(), day));
                facts.told.all.clone_from(&all);
            })
        };
        let (day, past) = (Some(date(2026, 12, 24)), Some(date(2026, 11, 20)));
        let whole = || telling(NOTICE, "done", Some(date(2026, 11, 22)));
        expect(&judged(None, vec![]), Stands::Upheld, "has not changed since 1 January 2026");
        expect(&judged(day, vec![]), Stands::AtRisk, "nobody is being told of it yet");
        expect(&judged(past, vec![]), Stands::Broken, "nobody was told of it by mail");
        expect(&judged(day, vec![telling(NOTICE, "open", None)]), Stands::AtRisk, "2 people wait");
        expect(&judged(past, vec![telling(NOTICE, "open", None)]), Stands::Broken, "2 people wait");
        expect(&judged(day, vec![whole()]), Stands::Upheld, "9 people were told by 22 November");
        expect(&judged(day, vec![whole()]), Stands::Upheld, "1 could not be reached");
        expect(&judged(past, vec![whole()]), Stands::Broken, "until 22 November 2026 only");
        let stopped = telling(NOTICE, "stopped", None);
        expect(&judged(day, vec![stopped]), Stands::AtRisk, "nobody is being told");
        let mut lost = whole();
        lost.sources[0] = Source { title: "Crm, Contacts: email".to_owned(), ..Source::default() };
        expect(&judged(day, vec![lost]), Stands::AtRisk, "nobody of Crm, Contacts: email");
    }

    #[test]
    fn without_a_mail_server_or_addresses_nobody_could_be_told() {
        for control in ["told: { of: notice_change }", "told: { of: change_of_control }"] {
            let judged =
                |change: &dyn Fn(&mut Told)| stands(&[], control, &|facts| change(&mut facts.told));
            expect(&judged(&|_| {}), Stands::Upheld, "addresses are read from 1 column");
            expect(&judged(&|told| told.mail = false), Stands::Unproven, "[mail.out]");
            expect(&judged(&|told| told.places = 0), Stands::Unproven, "hold e-mail addresses");
        }
        let control = "told: { of: change_of_control }";
        let judged =
            |one: Telling| stands(&[], control, &|facts| facts.told.all = vec![one.clone()]);
        let whole = telling(CONTROL, "done", Some(date(2026, 11, 22)));
        expect(&judged(whole), Stands::Upheld, "Southlight IT: 9 people were told");
        let late = telling(CONTROL, "done", Some(date(2026, 12, 25)));
        expect(&judged(late), Stands::Broken, "until 25 December 2026 only");
    }

    #[test]
    fn the_lead_time_counts_from_the_last_who_was_told() {
        let past = "notice: { file: notice.md, version: '2', effective: 2026-12-24, announced: 2026-11-20, lead_time: 30 days, past: [{ version: '1', effective: 2026-01-15 }] }\n";
        let policy = crate::status::tests::POLICY
            .replace("notice: { file: notice.md, version: '1', effective: 2026-01-15 }\n", past);
        let judged = |all: Vec<Telling>| {
            stands(&[("policy.yaml", &policy)], "lead_time: { at_least: 30 days }", &|facts| {
                facts.told.all.clone_from(&all);
            })
        };
        expect(&judged(vec![]), Stands::Upheld, "34 days before");
        let until = |day| telling(NOTICE, "done", Some(day));
        expect(&judged(vec![until(date(2026, 11, 22))]), Stands::Upheld, "32 days before");
        expect(&judged(vec![until(date(2026, 12, 1))]), Stands::Broken, "23 days before");
    }
}
