//! The clock of a request: computed when it comes, kept with it, stopped, put off, and read by whoever
//! wants to know what is late.
//!
//! What is kept is a snapshot: the dates, what they were computed from, and the day of the book of
//! rules. So a date that was told to a person stays what it was when a law or the policy changes; it
//! is computed anew only when something happens to the request itself.

mod sheet;
mod standing;

use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use model::Micros;
use plan::{Case, Ending};
use policy::Policy;
use policy::clock::{
    AppealClock, Facts, PauseReason, RequestClock, Source, SourceOf, around, book, of_appeal,
    of_request,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Event, Tx};

pub use sheet::{FurtherLine, RuleLine, Sheet, Wish, shown};
pub use standing::{Clocks, Running, Tally};

use crate::house::House;
use crate::keeper::canonical;
use crate::state::State;
use crate::{Error, Result};

/// How a request came.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    /// Where the person lives: a place of the policy, or a country's two letters with those of a
    /// province or state behind them. Unknown, the shortest clock counts.
    pub place: Option<String>,
    /// The day on which it came, as `2026-11-20`, if that was not today.
    pub received: Option<String>,
}

/// What is kept with a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What the dates were computed from.
    pub facts: Facts,
    /// The dates.
    pub clock: RequestClock,
    /// How it ended, once it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// The appeal against that end, which has a clock of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<Appeal>,
}

/// An appeal against an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// When it came.
    pub received: Zoned,
    /// Its dates.
    pub clock: AppealClock,
    /// The day on which it was put off, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended: Option<Date>,
    /// The first answer: the day, and whether that was in time.
    pub first: Ended,
    /// Whether the first answer was in time; `None` where nobody set a day.
    pub first_in_time: Option<bool>,
}

/// The end of a request, for its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The day.
    pub on: Date,
    /// Whether the person has their answer; if not, it was taken back or could not be carried out.
    pub answered: bool,
}

/// Where a clock stands today, for a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stand {
    /// The last day on which the answer is in time; `None` where nobody sets one or all clocks wait.
    pub due: Option<Date>,
    /// How many days are left; negative when it is late. `None` once it has ended.
    pub days_left: Option<i32>,
    /// Until when the person hears that the request arrived.
    pub acknowledge_by: Option<Date>,
    /// Who sets the day.
    pub by: Option<String>,
    /// Whether that rule was not verified.
    pub unverified: bool,
    /// The person's place, if it is known.
    pub place: Option<String>,
    /// What is awaited from the person.
    pub waits_for: Option<PauseReason>,
    /// The day on which it was put off.
    pub extended: Option<Date>,
    /// The end.
    pub ended: Option<Ended>,
    /// Whether the answer came in time.
    pub in_time: Option<bool>,
}

/// Reads the book of rules on a thread of its own, while the policy is read: every request needs both.
pub(crate) fn read_ahead() {
    drop(std::thread::spawn(book));
}

impl Snapshot {
    /// Where it stands on a day.
    pub fn stand(&self, today: Date) -> Stand {
        let due = self.due();
        let left = due.map(|due| (due - today).get_days());
        let appeal = self.appeal.as_ref();
        Stand {
            due,
            days_left: left.filter(|_| self.ended.is_none()),
            acknowledge_by: self.clock.acknowledge_by,
            by: self.strictest().map(|source| match &source.by {
                SourceOf::Notice => "notice".to_owned(),
                SourceOf::Rule(id) => id.clone(),
            }),
            unverified: appeal.map_or(self.clock.unverified, |appeal| appeal.clock.unverified),
            place: self.clock.place.clone(),
            waits_for: self.facts.waits_for().map(|pause| pause.reason),
            extended: appeal.map_or(self.facts.extended, |appeal| appeal.extended),
            ended: self.ended,
            in_time: self.in_time(),
        }
    }

    /// The last day on which the answer is in time: of the appeal, once there is one.
    pub(crate) fn due(&self) -> Option<Date> {
        self.appeal.as_ref().map_or(self.clock.answer_by, |appeal| appeal.clock.answer_by)
    }

    fn strictest(&self) -> Option<&Source> {
        match &self.appeal {
            Some(appeal) => appeal.clock.sources.first(),
            None => self.clock.strictest(),
        }
    }

    /// Everybody who sets a date for what is awaited now.
    pub(crate) fn into_sources(self) -> Vec<Source> {
        self.appeal.map_or(self.clock.sources, |appeal| appeal.clock.sources)
    }

    /// Whether the answer came by its last day: of two answers, whether both did.
    fn in_time(&self) -> Option<bool> {
        let ended = self.ended.filter(|ended| ended.answered)?;
        let second = self.due().map(|due| ended.on <= due);
        match self.appeal.as_ref().and_then(|appeal| appeal.first_in_time) {
            Some(first) => Some(first && second.unwrap_or(true)),
            None => second,
        }
    }

    /// Somebody who was answered asks for another look: a clock of its own begins.
    pub(crate) fn begin_appeal(&mut self, policy: &Policy, at: Micros) {
        let received = zoned(at, &self.facts.received);
        let first_in_time = self.in_time();
        let first = self.ended.take().unwrap_or(Ended { on: received.date(), answered: true });
        let clock = of_appeal(policy, &self.clock, &received, false);
        self.appeal = Some(Appeal { received, clock, extended: None, first, first_in_time });
    }

    /// The day that it is in the zone in which this clock counts days.
    pub(crate) fn today(&self, now: Micros) -> Date {
        zoned(now, &self.facts.received).date()
    }

    /// The person has shown who they are.
    pub(crate) fn authenticate(&mut self, policy: &Policy, at: Micros) {
        self.facts.authenticated = Some(self.today(at));
        self.compute(policy);
    }

    pub(crate) fn compute(&mut self, policy: &Policy) {
        let (kind, place) = (self.clock.kind, self.clock.place.take());
        self.clock = of_request(policy, kind, place.as_deref(), &self.facts);
        if let Some(appeal) = &mut self.appeal {
            let is_put_off = appeal.extended.is_some();
            appeal.clock = of_appeal(policy, &self.clock, &appeal.received, is_put_off);
        }
    }

    pub(crate) fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|_| {
            Error::Refused(
                "the clock of a request was written by another version of Upheld and cannot be read"
                    .to_owned(),
            )
        })
    }

    pub(crate) fn write(&self) -> Result<String> {
        serde_json::to_string(self)
            .map_err(|error| Error::Refused(format!("the clock cannot be written down: {error}")))
    }
}

fn zoned(now: Micros, like: &Zoned) -> Zoned {
    Timestamp::from_microsecond(now.0).unwrap_or_default().to_zoned(like.time_zone().clone())
}

/// The clock of a request that has just come.
pub(crate) fn begin(
    house: &House,
    policy: &Policy,
    kind: policy::RequestKind,
    arrival: &Arrival,
) -> Result<Snapshot> {
    let received = received(house, arrival.received.as_deref())?;
    if let Some(place) = &arrival.place {
        known_place(policy, place)?;
    }
    let facts = Facts::at(received);
    let clock = of_request(policy, kind, arrival.place.as_deref(), &facts);
    Ok(Snapshot { facts, clock, ended: None, appeal: None })
}

/// The moment at which something came: now, or the beginning of a day that is not in the future.
pub(crate) fn received(house: &House, day: Option<&str>) -> Result<Zoned> {
    let now = house.zone()?.at(house.means.clock.now());
    let Some(day) = day else { return Ok(now) };
    let refused =
        || Error::unfit("received", format!("`{day}` is not a day: write it as 2026-11-20"));
    let on: Date = day.parse().map_err(|_| refused())?;
    if on > now.date() {
        let why = format!("{on} is still to come: a request was received before");
        return Err(Error::unfit("received", why));
    }
    on.to_zoned(now.time_zone().clone()).map_err(|_| refused())
}

/// Whether a place is one that the policy or the book of rules knows.
pub(crate) fn is_known(policy: &Policy, place: &str) -> bool {
    let in_book = |key: &str| key != "*" && book().rules.iter().any(|rule| rule.place == key);
    policy.places.iter().any(|known| known.key == place) || around(place).any(in_book)
}

fn known_place(policy: &Policy, place: &str) -> Result<()> {
    if is_known(policy, place) {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "`{place}` is no place that policy.yaml or the clocks know: name one of `places` in policy.yaml, or a country's two letters, with those of a province or state behind them, such as `CA-QC`"
    )))
}

/// Notes that a case has ended, in the transaction in which it did. An incomplete end is none: the
/// clock runs until the rest is done.
pub(crate) async fn note_end(tx: &mut Tx, case: &Case, now: Micros) -> Result<()> {
    let answered = match case.ending() {
        None | Some(Ending::Incomplete(_)) => return Ok(()),
        _ if case.is_unanswered() => return Ok(()),
        Some(Ending::Refused | Ending::Withdrawn) => false,
        Some(_) => true,
    };
    let Some(text) = tx.case_clock(&case.request.id).await? else { return Ok(()) };
    let mut snapshot = Snapshot::read(&text)?;
    if snapshot.ended.is_some() {
        return Ok(());
    }
    snapshot.ended = Some(Ended { on: snapshot.today(now), answered });
    tx.set_case_clock(&case.request.id, &snapshot.write()?).await?;
    Ok(())
}

impl House {
    /// Puts the answer to a request off, once, where every law and the notice allow it. The reason is
    /// what the person is told; it is recorded.
    pub async fn extend_request(&self, id: &str, reason: &str) -> Result<(String, Snapshot)> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Error::Refused(
                "say why the answer is put off: the person must be told".to_owned(),
            ));
        }
        let change = |snapshot: &mut Snapshot, today: Date| put_off(snapshot, today, reason);
        self.change_clock(id, change).await
    }

    /// Stops the clock of a request, where a law lets it stop, while something is awaited.
    pub async fn pause_request(&self, id: &str, reason: PauseReason) -> Result<(String, Snapshot)> {
        let change = |snapshot: &mut Snapshot, today: Date| stop(snapshot, today, reason);
        self.change_clock(id, change).await
    }

    /// Lets the clock of a request go on: what was awaited is here.
    pub async fn resume_clock(&self, id: &str) -> Result<(String, Snapshot)> {
        self.change_clock(id, go_on).await
    }

    /// The snapshot kept with a case, if it has one.
    pub(crate) async fn snapshot(tx: &mut Tx, id: &str) -> Result<Option<Snapshot>> {
        tx.case_clock(id).await?.as_deref().map(Snapshot::read).transpose()
    }

    /// Changes the facts of a clock, computes it anew and writes it down with the event that says so.
    async fn change_clock(
        &self,
        id: &str,
        change: impl FnOnce(&mut Snapshot, Date) -> Result<(&'static str, Value)>,
    ) -> Result<(String, Snapshot)> {
        let policy = self.policy(false)?;
        let state = self.state().await?;
        let id = self.whole_id(&state, id).await?;
        let now = self.means.clock.now();
        let mut tx = state.store.begin().await?;
        let kept = Self::snapshot(&mut tx, &id).await?;
        let mut snapshot = kept.ok_or_else(|| {
            refused(format!("request {id} has no clock: it was opened before clocks were kept"))
        })?;
        if let Some(ended) = snapshot.ended {
            return Err(refused(format!("request {id} ended on {}", ended.on)));
        }
        let today = snapshot.today(now);
        let (kind, about) = change(&mut snapshot, today)?;
        snapshot.compute(&policy);
        tx.set_case_clock(&id, &snapshot.write()?).await?;
        let asked = tx.case(&id).await?.map(|case| case.kind).unwrap_or_default();
        let body = json!({ "kind": kind, "request": id, "asked": asked, "about": about });
        let organisation = &policy.organisation.name;
        tx.append_event(&event(&state, organisation, &id, kind, now, &body)).await?;
        tx.commit().await?;
        self.seal(&state).await?;
        Ok((id, snapshot))
    }
}

/// Puts the last day off, once, where every law and the notice allow it; what the log says of it.
pub(crate) fn put_off(
    snapshot: &mut Snapshot,
    today: Date,
    reason: &str,
) -> Result<(&'static str, Value)> {
    let (extended, until, sources) = match &snapshot.appeal {
        Some(appeal) => (appeal.extended, appeal.clock.extended_until, &appeal.clock.sources),
        None => (snapshot.facts.extended, snapshot.clock.extended_until, &snapshot.clock.sources),
    };
    if let Some(on) = extended {
        return Err(refused(format!("it was put off on {on} already, and once is all")));
    }
    let (Some(due), Some(until)) = (snapshot.due(), until) else {
        return Err(refused(match fixed_by(snapshot.due(), sources) {
            Some(title) => format!("it cannot be put off: {title} allows no later day"),
            None => "it cannot be put off while its clock has no date".to_owned(),
        }));
    };
    if today > due {
        return Err(refused(format!("it was due on {due}: putting it off had to be told before")));
    }
    match &mut snapshot.appeal {
        Some(appeal) => appeal.extended = Some(today),
        None => snapshot.facts.extended = Some(today),
    }
    Ok(("request put off", json!({ "from": due, "until": until, "reason": reason })))
}

/// Stops the clock, where a law lets it stop, while something is awaited.
pub(crate) fn stop(
    snapshot: &mut Snapshot,
    today: Date,
    reason: PauseReason,
) -> Result<(&'static str, Value)> {
    if snapshot.appeal.is_some() {
        return Err(refused("no law lets the clock of an appeal stand still".to_owned()));
    }
    if let Some(pause) = snapshot.facts.waits_for() {
        let what = pause.reason.title();
        return Err(refused(format!("it waits for {what} already, since {}", pause.from)));
    }
    let facts = snapshot.facts.clone();
    snapshot.facts = facts.paused(reason, today, None);
    Ok(("clock stopped", json!({ "waits_for": reason, "since": today })))
}

/// Lets the clock go on: what was awaited is here.
pub(crate) fn go_on(snapshot: &mut Snapshot, today: Date) -> Result<(&'static str, Value)> {
    let waiting = snapshot.facts.pauses.iter_mut().find(|pause| pause.until.is_none());
    let Some(pause) = waiting else {
        return Err(refused("its clock does not stand still".to_owned()));
    };
    pause.until = Some(today);
    let body = json!({ "waited_for": pause.reason, "from": pause.from, "until": today });
    if pause.reason == PauseReason::Identity {
        snapshot.facts.authenticated = Some(today);
    }
    Ok(("clock goes on", body))
}

/// The last moment on which an answer is in time: the end of the last day.
pub(crate) fn due_moment(snapshot: &Snapshot) -> Option<Micros> {
    let due = snapshot.due()?.tomorrow().ok()?;
    let at = due.to_zoned(snapshot.facts.received.time_zone().clone()).ok()?;
    Some(Micros(at.timestamp().as_microsecond() - 1))
}

fn event(
    state: &State,
    organisation: &str,
    case: &str,
    kind: &str,
    at: Micros,
    body: &Value,
) -> Event {
    let mut salt = [0; 32];
    state.means().rng.fill(&mut salt);
    Event {
        id: store::new_id(state.means().rng.as_ref()),
        organisation: organisation.to_owned(),
        kind: kind.to_owned(),
        case: Some(case.to_owned()),
        at,
        body: canonical(body),
        salt,
    }
}

fn refused(why: String) -> Error {
    Error::Refused(why)
}

/// The source whose last day cannot be put off beyond the present one.
fn fixed_by(due: Option<Date>, sources: &[Source]) -> Option<&str> {
    let due = due?;
    let fixed = |source: &&Source| {
        source.waits_for.is_none() && source.extended.unwrap_or(source.due) <= due
    };
    sources.iter().find(fixed).map(|source| source.title.as_str())
}
