//! A request on its way from the first look-up to the last re-reading.

use std::collections::{BTreeMap, BTreeSet};

use model::{Identity, IdentityKind, RowKey, planted};
use policy::{EraseField, EraseRows};
use serde::{Deserialize, Serialize};

use crate::discover::{self, Asked};
use crate::found::{Place, Rows};
use crate::graph::Graph;
use crate::names::Words;
use crate::namesake::Namesakes;
use crate::order::{self, Order};
use crate::outline::OutlineStep;
use crate::pending::Pending;
use crate::placeholder::is_no_number;
use crate::rectify::Correction;
use crate::request::{Request, RequestKind, Settings};
use crate::step::{Action, Drafted, Gathered, Outcome, Remaining, SearchPlace, Step};
use crate::terms::{self, LearnedTerm};

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Following references.
    Discover,
    /// Reading texts.
    Search,
    /// Handing out.
    Gather,
    /// Working out the changes.
    Draft,
    /// Waiting for a person to agree to the digest.
    Review,
    /// Changing.
    Act,
    /// Searching again.
    Verify,
    /// Ended.
    Done,
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Everything was handed out.
    HandedOut,
    /// Done, and the second look found nothing but what is kept.
    Complete,
    /// Written down; no system had to be opened.
    Noted,
    /// Not everything was reached or done: the reasons, in plain sentences.
    Incomplete(Vec<String>),
    /// The plan cannot be carried out; nothing was touched. The problems stand in the outline.
    Refused,
    /// It was taken back: before anything was changed or handed out, or after an erasure that
    /// ended incomplete and that nobody means to finish.
    Withdrawn,
}

/// What the driver of a case can do wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// An outcome for a step that is not pending.
    #[error("step {0} is not pending")]
    NotPending(u64),
    /// An outcome of another kind than the step's.
    #[error("the outcome does not fit step {0}")]
    WrongOutcome(u64),
    /// A withdrawal after the first change.
    #[error("the request is being carried out or has ended: it can no longer be withdrawn")]
    TooLate,
    /// A second plan of what has not ended incomplete.
    #[error("only an erasure or a correction that ended incomplete can go on: open a new request")]
    CannotGoOn,
    /// An approval out of season.
    #[error("the request is not waiting for approval")]
    NotInReview,
    /// An approval of another plan.
    #[error(
        "this is not the digest of the plan as it stands now: read the plan and give the digest at its end"
    )]
    OtherDigest,
    /// Too many rows.
    #[error(
        "the plan changes {rows} rows and the cap is {cap}: look at the plan, then override the cap for this request (`--override-cap`)"
    )]
    OverCap {
        /// Rows that would change.
        rows: u64,
        /// The cap.
        cap: u64,
    },
}

/// Why an erasure by reference alone has not come to its end.
const TEXTS_UNREAD: &str =
    "no text was searched, as was asked: taken up again, the request searches them all";

/// One request being worked on. Everything about it is here: serialise it, and another process
/// goes on where this one stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The request.
    pub request: Request,
    /// What shall be corrected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) corrections: Vec<Correction>,
    /// Identifiers that were corrected: the old one and the new one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) renamed: Vec<(Identity, Identity)>,
    /// What stands against the plan as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) against: Vec<String>,
    /// A fee was asked for and has not been paid: nothing is done until it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    fee_due: bool,
    /// Texts are not searched: only what identifiers and references lead to is found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) by_reference: bool,
    pub(crate) settings: Settings,
    pub(crate) phase: Phase,
    pending: Pending,
    next_step: u64,
    /// What came of the steps of the present wave.
    pub(crate) arrived: BTreeMap<u64, (Action, Outcome)>,
    pub(crate) rows: Rows,
    pub(crate) fresh: BTreeSet<(Place, RowKey)>,
    pub(crate) asked: Asked,
    pub(crate) terms: BTreeSet<LearnedTerm>,
    pub(crate) to_look_up: BTreeSet<LearnedTerm>,
    /// Identifiers read in rows by which further rows were found.
    pub(crate) relied_on: BTreeSet<String>,
    pub(crate) searched: BTreeSet<LearnedTerm>,
    pub(crate) doubtful: BTreeSet<LearnedTerm>,
    /// What holds keep. Not part of what is written down: who drives the case says it each time.
    #[serde(skip)]
    pub(crate) except: crate::Exceptions,
    /// The reasons of the holds that keep rows of this case.
    #[serde(default)]
    pub(crate) held_by: BTreeSet<String>,
    /// The moment as of which minimum ages are judged, where that is later than the request.
    #[serde(default)]
    pub(crate) as_of: Option<model::Micros>,
    pub(crate) not_reached: BTreeMap<String, String>,
    pub(crate) told: Vec<OutlineStep>,
    pub(crate) bare_names: BTreeMap<String, u64>,
    pub(crate) unread: BTreeMap<String, u64>,
    pub(crate) possible: BTreeMap<String, u64>,
    /// What named the person when an incomplete erasure was planned again.
    #[serde(default)]
    pub(crate) retained: BTreeSet<LearnedTerm>,
    /// Rows of the last plan that stayed as they were, which nothing else may lead to by now.
    #[serde(default, skip_serializing_if = "Rows::is_empty")]
    pub(crate) left_over: Rows,
    /// Rows of all earlier plans that lead on.
    #[serde(default, skip_serializing_if = "Rows::is_empty")]
    pub(crate) led: Rows,
    /// The names of the rows that the given identifiers brought.
    #[serde(default)]
    pub(crate) named_by_request: BTreeSet<Vec<Words>>,
    #[serde(default)]
    pub(crate) different_people: u64,
    #[serde(default)]
    pub(crate) namesakes: BTreeMap<String, u64>,
    /// The rows that are counted there.
    #[serde(default)]
    pub(crate) namesake_rows: Namesakes,
    pub(crate) drafted: BTreeMap<String, Drafted>,
    /// Fingerprint of the map that the draft was made with.
    pub(crate) map: String,
    pub(crate) order: Order,
    gathered: BTreeMap<String, Gathered>,
    acted: BTreeMap<String, (u64, u64)>,
    pub(crate) not_done: BTreeMap<String, String>,
    pub(crate) remaining: BTreeMap<String, Vec<Remaining>>,
    verified: BTreeSet<String>,
    ending: Option<Ending>,
    /// It has ended, and whoever asked has not been answered: the package or the certificate is still
    /// to be made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unanswered: bool,
}

impl Case {
    /// Opens a case. The first steps are pending at once.
    pub fn open(request: Request, settings: Settings, graph: &Graph<'_>) -> Self {
        Self::begin(request, Vec::new(), settings, graph)
    }

    pub(crate) fn begin(
        request: Request,
        corrections: Vec<Correction>,
        settings: Settings,
        graph: &Graph<'_>,
    ) -> Self {
        let mut case = Self::empty(request, corrections, settings);
        case.terms = case.given();
        case.look_up_given(graph);
        case.advance(graph);
        case
    }

    pub(crate) fn empty(
        request: Request,
        corrections: Vec<Correction>,
        settings: Settings,
    ) -> Self {
        Self {
            request,
            corrections,
            renamed: Vec::new(),
            against: Vec::new(),
            fee_due: false,
            by_reference: false,
            settings,
            phase: Phase::Discover,
            pending: Pending::default(),
            next_step: 1,
            arrived: BTreeMap::new(),
            rows: Rows::default(),
            fresh: BTreeSet::new(),
            asked: Asked::default(),
            terms: BTreeSet::new(),
            to_look_up: BTreeSet::new(),
            relied_on: BTreeSet::new(),
            searched: BTreeSet::new(),
            doubtful: BTreeSet::new(),
            except: crate::Exceptions::default(),
            held_by: BTreeSet::new(),
            as_of: None,
            not_reached: BTreeMap::new(),
            told: Vec::new(),
            bare_names: BTreeMap::new(),
            unread: BTreeMap::new(),
            possible: BTreeMap::new(),
            retained: BTreeSet::new(),
            left_over: Rows::default(),
            led: Rows::default(),
            named_by_request: BTreeSet::new(),
            different_people: 0,
            namesakes: BTreeMap::new(),
            namesake_rows: Namesakes::default(),
            drafted: BTreeMap::new(),
            map: String::new(),
            order: Order::default(),
            gathered: BTreeMap::new(),
            acted: BTreeMap::new(),
            not_done: BTreeMap::new(),
            remaining: BTreeMap::new(),
            verified: BTreeSet::new(),
            ending: None,
            unanswered: false,
        }
    }

    /// Lets the case wait until a fee is paid. Only before anything was done.
    pub fn charge(&mut self) {
        self.fee_due = self.rows.is_empty() && self.ending.is_none();
    }

    /// The fee is paid, or waived after all. Returns whether the case was waiting for it.
    pub fn fee_is_paid(&mut self) -> bool {
        std::mem::take(&mut self.fee_due)
    }

    /// Whether nothing is done until a fee is paid.
    pub const fn waits_for_fee(&self) -> bool {
        self.fee_due
    }

    /// Leaves the texts unread, in this search and in the one after an erasure: what is found is
    /// what identifiers and references lead to, and every answer says so. Only before anything was
    /// searched.
    pub fn only_by_reference(&mut self, graph: &Graph<'_>) {
        if self.phase > Phase::Search || !self.bare_names.is_empty() {
            return;
        }
        self.by_reference = true;
        if self.phase == Phase::Search {
            // Nothing could be looked up, so a search was all there was to do.
            self.pending = Pending::default();
            self.searched.clear();
            self.advance(graph);
        }
    }

    /// Whether the texts are left unread.
    pub const fn is_by_reference(&self) -> bool {
        self.by_reference
    }

    /// Where it stands.
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// The steps to be done now. Empty while a person must agree or pay, and at the end.
    pub fn steps(&self) -> &[Step] {
        if self.fee_due { &[] } else { self.pending.steps() }
    }

    /// Whether a step is still to be done.
    pub fn is_pending(&self, step: u64) -> bool {
        !self.fee_due && self.pending.get(step).is_some()
    }

    /// The rows found, those of the wave that is under way excepted.
    pub const fn rows(&self) -> &Rows {
        &self.rows
    }

    /// What names the person.
    pub const fn terms(&self) -> &BTreeSet<LearnedTerm> {
        &self.terms
    }

    /// What was drafted for a system.
    pub fn drafted(&self, system: &str) -> Option<&Drafted> {
        self.drafted.get(system)
    }

    /// What was handed out of a system.
    pub fn gathered(&self, system: &str) -> Option<&Gathered> {
        self.gathered.get(system)
    }

    /// Rows changed now and rows that were as wanted already, by system.
    pub fn acted(&self, system: &str) -> Option<(u64, u64)> {
        self.acted.get(system).copied()
    }

    /// Places of a system that still name the person and are not kept by a rule.
    pub fn remaining(&self, system: &str) -> &[Remaining] {
        self.remaining.get(system).map_or(&[], Vec::as_slice)
    }

    /// Systems that could not be reached, with the reason.
    pub const fn not_reached(&self) -> &BTreeMap<String, String> {
        &self.not_reached
    }

    /// How it ended, once it has.
    pub const fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// Whether it has ended and the answer is still to be made: a package, a certificate, a refusal.
    pub const fn is_unanswered(&self) -> bool {
        self.unanswered
    }

    /// Whether the search of a system was repeated after the erasure.
    pub fn was_verified(&self, system: &str) -> bool {
        self.verified.contains(system)
    }

    /// Takes the outcome of a step. When the last pending step is done, the next ones are there.
    pub fn take(
        &mut self,
        graph: &Graph<'_>,
        step: u64,
        outcome: Outcome,
    ) -> Result<(), CaseError> {
        let known = self.pending.get(step).ok_or(CaseError::NotPending(step))?;
        if !fits(&known.action, &outcome) {
            return Err(CaseError::WrongOutcome(step));
        }
        let done = self.pending.take(step).ok_or(CaseError::NotPending(step))?;
        match (done.action, outcome) {
            (action, Outcome::NotReached(why)) => self.lose(action.system(), why),
            (Action::Gather { system }, Outcome::Gathered(gathered)) => {
                self.gathered.insert(system, gathered);
            }
            (Action::Draft { system }, Outcome::Drafted(drafted)) => {
                self.drafted.insert(system, drafted);
            }
            (Action::Act { system }, Outcome::Acted { changed, already }) => {
                self.acted.insert(system, (changed, already));
            }
            (Action::Verify { system, .. }, Outcome::Verified(remaining)) => {
                self.verify(graph, &system, remaining);
            }
            (action, outcome) => {
                self.arrived.insert(step, (action, outcome));
            }
        }
        self.advance(graph);
        Ok(())
    }

    /// Whether this is still the map that the plan was drafted with, as far as it matters to the
    /// rows found. If it is not, what would be done is not what was reviewed: make the plan again.
    pub fn is_drafted_with(&self, graph: &Graph<'_>) -> bool {
        self.map.is_empty() || self.map == order::fingerprint(graph, &self.rows)
    }

    /// Takes over the house rules of today where they are stricter than those of the day on which
    /// the case was opened: the lower cap counts, and a second person is needed if either asks for one.
    pub fn tighten(&mut self, now: &Settings) {
        self.settings.cap_rows = self.settings.cap_rows.min(now.cap_rows);
        self.settings.require_approval |= now.require_approval;
    }

    /// Agrees to the plan with this digest.
    pub fn approve(&mut self, digest: &str, override_cap: bool) -> Result<(), CaseError> {
        if self.phase != Phase::Review {
            return Err(CaseError::NotInReview);
        }
        if digest != self.digest() {
            return Err(CaseError::OtherDigest);
        }
        let rows = self.rows_to_change();
        if rows > self.settings.cap_rows && !override_cap && !planted::bug("the_cap_is_not_asked") {
            return Err(CaseError::OverCap { rows, cap: self.settings.cap_rows });
        }
        self.phase = Phase::Act;
        self.act();
        if self.pending.is_empty() {
            // Every system waits for one that was not reached: nothing can be done, and that is said.
            self.end(Ending::Complete);
        }
        Ok(())
    }

    /// Takes the request back. Once the first system is being changed it is too late: half an
    /// erasure helps nobody. One that ended incomplete may be given up, so that what it keeps
    /// about the person can be forgotten.
    pub fn withdraw(&mut self) -> Result<(), CaseError> {
        if matches!(self.phase, Phase::Act | Phase::Verify | Phase::Done) && !self.is_unfinished() {
            return Err(CaseError::TooLate);
        }
        self.pending = Pending::default();
        self.unanswered = false;
        self.ending = Some(Ending::Withdrawn);
        self.phase = Phase::Done;
        Ok(())
    }

    /// Forgets everything personal once the case has ended: what stays says what was done, not to
    /// whom. An erasure that rests ([`Self::rests`]) or that ended incomplete forgets nothing: it needs all of it to go on, until it
    /// is completed or withdrawn.
    pub fn forget(&mut self) {
        self.unanswered = false;
        if self.ending.is_none() || self.is_unfinished() || self.rests().is_some() {
            return;
        }
        self.request.identities.clear();
        self.corrections.clear();
        self.renamed.clear();
        for drafted in self.drafted.values_mut() {
            drafted.corrected.clear();
        }
        self.arrived.clear();
        self.to_look_up.clear();
        self.relied_on.clear();
        self.rows = Rows::default();
        self.terms.clear();
        self.searched.clear();
        self.doubtful.clear();
        self.asked = Asked::default();
        self.fresh.clear();
        self.possible.clear();
        self.retained.clear();
        self.left_over = Rows::default();
        self.led = Rows::default();
        self.named_by_request.clear();
        self.namesake_rows = Namesakes::default();
        self.remaining.clear();
    }

    /// Nothing of the last act and the last second search counts for the next.
    pub(crate) fn forget_ending(&mut self) {
        self.acted.clear();
        self.not_done.clear();
        self.remaining.clear();
        self.verified.clear();
        self.unanswered = false;
        self.ending = None;
    }

    pub(crate) fn push(&mut self, actions: impl IntoIterator<Item = Action>) {
        for action in actions {
            self.pending.push(Step { id: self.next_step, action });
            self.next_step += 1;
        }
    }

    /// The organisation's own addresses and names, which stand for nobody.
    pub(crate) fn never(&self) -> BTreeSet<String> {
        self.settings.never_terms.iter().map(|term| term.trim().to_lowercase()).collect()
    }

    fn identities(&self) -> Vec<Identity> {
        let never = self.never();
        let names_somebody = |identity: &&Identity| {
            let text = identity.value.expose().trim().to_lowercase();
            let no_number = identity.kind == IdentityKind::Phone && is_no_number(&text);
            !text.is_empty() && !never.contains(&text) && !no_number
        };
        self.request.identities.iter().filter(names_somebody).cloned().collect()
    }

    /// What the request names the person by.
    pub(crate) fn given(&self) -> BTreeSet<LearnedTerm> {
        self.identities()
            .iter()
            .map(|i| LearnedTerm::new(terms::of_identity(i.kind), i.value.expose().trim()))
            .collect()
    }

    pub(crate) fn look_up_given(&mut self, graph: &Graph<'_>) {
        for identity in self.identities() {
            let actions =
                discover::look_up(graph, &identity, true, &mut self.asked, &self.not_reached);
            self.push(actions);
        }
    }

    /// A system is out of reach: what was still to be done there falls away, and the answer says so.
    fn lose(&mut self, system: &str, why: String) {
        self.pending.drop_system(system);
        let system = system.to_owned();
        match self.phase {
            Phase::Act => {
                self.not_done.insert(system, why);
            }
            Phase::Verify => {
                self.not_done.insert(system, format!("the second search failed: {why}"));
            }
            _ => {
                self.drafted.remove(&system);
                self.not_reached.insert(system, why);
            }
        }
    }

    /// Nothing is pending: what comes next?
    pub(crate) fn advance(&mut self, graph: &Graph<'_>) {
        while self.pending.is_empty() && self.phase != Phase::Done && self.phase != Phase::Review {
            if !self.arrived.is_empty() {
                self.weigh(graph);
                continue;
            }
            match self.phase {
                // First everything that references lead to, then what was learned there.
                Phase::Discover if !self.fresh.is_empty() => {
                    let fresh = std::mem::take(&mut self.fresh);
                    let (asked, lost) = (&mut self.asked, &self.not_reached);
                    let wave = discover::wave(graph, &self.rows, &fresh, asked, lost);
                    self.push(wave);
                }
                Phase::Discover if !self.to_look_up.is_empty() => self.look_up_learned(graph),
                Phase::Discover => self.search(graph),
                // The search found rows that lead on, or everything is found.
                Phase::Search if self.fresh.is_empty() && self.to_look_up.is_empty() => {
                    self.settle(graph);
                }
                Phase::Search => self.phase = Phase::Discover,
                Phase::Gather => self.end(Ending::HandedOut),
                Phase::Draft if self.cannot_be_done() => {
                    self.against = self.objections();
                    self.end_as(Ending::Refused);
                }
                // Everything is right already: there is nothing to agree to.
                Phase::Draft if !self.corrections.is_empty() && self.rows_to_change() == 0 => {
                    self.search_again(graph);
                }
                // Nothing was found that could change: there is nothing to agree to, and it is
                // looked for once more.
                Phase::Draft if self.drafted.is_empty() => self.search_again(graph),
                Phase::Draft => self.phase = Phase::Review,
                Phase::Act => {
                    self.act();
                    if self.pending.is_empty() {
                        self.search_again(graph);
                    }
                }
                Phase::Verify => self.end(Ending::Complete),
                Phase::Review | Phase::Done => {}
            }
        }
    }

    /// Whether something stands against the draft.
    fn cannot_be_done(&self) -> bool {
        let problems = self.drafted.values().any(|d| !d.problems.is_empty());
        problems || !self.objections().is_empty()
    }

    fn terms_everywhere(&self) -> BTreeSet<LearnedTerm> {
        self.terms.iter().filter(|term| !term.near_only).cloned().collect()
    }

    /// One pass over every text, if there is anything new to look for.
    fn search(&mut self, graph: &Graph<'_>) {
        self.phase = Phase::Search;
        let terms = self.terms_everywhere();
        if self.by_reference || terms.is_subset(&self.searched) {
            return;
        }
        self.clear_search();
        self.searched.clone_from(&terms);
        let steps: Vec<Action> = search_places(graph, &self.not_reached)
            .into_iter()
            .map(|(system, places)| Action::Search {
                system,
                places,
                terms: terms.iter().cloned().collect(),
            })
            .collect();
        self.push(steps);
    }

    /// Everything is found.
    fn settle(&mut self, graph: &Graph<'_>) {
        if !self.by_reference && !self.terms_everywhere().is_subset(&self.searched) {
            return self.search(graph);
        }
        let systems: BTreeSet<String> = self
            .rows
            .places()
            .map(|(place, _)| place.system.clone())
            .filter(|system| !self.not_reached.contains_key(system))
            .collect();
        if self.request.kind.changes() {
            if self.request.kind.erases() {
                self.keep(graph);
            } else {
                self.keep_for_correction(graph);
            }
            self.map = order::fingerprint(graph, &self.rows);
            self.order = Order::of(graph, &self.rows);
            self.phase = Phase::Draft;
            self.push(systems.into_iter().map(|system| Action::Draft { system }));
        } else {
            self.phase = Phase::Gather;
            self.push(systems.into_iter().map(|system| Action::Gather { system }));
        }
    }

    /// Decides which rows a minimum age keeps.
    pub(crate) fn keep(&mut self, graph: &Graph<'_>) {
        let now = self.as_of.unwrap_or(self.request.opened_at);
        self.held_by.clear();
        for (place, rows) in &mut self.rows.0 {
            let Some(node) = graph.node(place) else { continue };
            for (key, row) in rows.iter_mut() {
                let held = self.except.why(place, key).map(crate::Excepted::kept);
                self.held_by.extend(held.iter().map(|held| held.because.clone()));
                let ruled = match &node.collection.erase {
                    EraseRows::Nothing(why) => {
                        Some(crate::KeptUntil { until: None, because: why.clone() })
                    }
                    _ => crate::age::kept(&node.collection.keep, &node.carry, &row.carried, now),
                };
                row.kept = held.into_iter().chain(ruled).max_by(crate::rest::longer);
            }
        }
    }

    /// The next systems to change. One that must come after another waits for it, and stays as it
    /// is if that one failed.
    fn act(&mut self) {
        loop {
            let open = |system: &&String| {
                !self.acted.contains_key(*system) && !self.not_done.contains_key(*system)
            };
            let waiting: BTreeSet<String> = self.drafted.keys().filter(open).cloned().collect();
            let failed: BTreeSet<String> =
                self.not_done.keys().chain(self.not_reached.keys()).cloned().collect();
            let (ready, blocked) = self.order.next(&waiting, &failed);
            if blocked.is_empty() {
                return self.push(ready.into_iter().map(|system| Action::Act { system }));
            }
            self.not_done.extend(blocked);
        }
    }

    fn search_again(&mut self, graph: &Graph<'_>) {
        self.phase = Phase::Verify;
        if planted::bug("the_second_look_is_skipped") {
            return;
        }
        if self.request.kind == RequestKind::Rectification {
            let steps = self.look_again();
            return self.push(steps);
        }
        let terms: Vec<LearnedTerm> = self.terms.iter().cloned().collect();
        let steps: Vec<Action> = search_places(graph, &self.not_reached)
            .into_iter()
            .filter(|(system, _)| !self.not_done.contains_key(system))
            .map(|(system, places)| Action::Verify { system, places, terms: terms.clone() })
            .collect();
        self.push(steps);
    }

    /// What the second search found, less what a rule keeps and what is a namesake's.
    fn verify(&mut self, graph: &Graph<'_>, system: &str, found: Vec<Remaining>) {
        self.verified.insert(system.to_owned());
        let remaining = found.into_iter().filter(|left| {
            let place = Place::new(system, &left.collection);
            let kept_row = self.rows.get(&place, &left.key).is_some_and(|row| row.kept.is_some());
            let kept_field = graph.collection(&place).is_some_and(|collection| {
                matches!(collection.erase, EraseRows::Nothing(_))
                    || collection
                        .field(&left.field)
                        .is_some_and(|field| matches!(field.erase, Some(EraseField::Keep(_))))
            });
            let fields = self.namesake_rows.fields(&place, &left.key);
            let namesakes = fields.is_some_and(|fields| fields.contains(&left.field));
            !kept_row && !kept_field && !namesakes
        });
        let remaining: Vec<Remaining> = remaining.collect();
        if !remaining.is_empty() {
            self.remaining.insert(system.to_owned(), remaining);
        }
    }

    fn end(&mut self, best: Ending) {
        let mut reasons = Vec::new();
        for (system, why) in &self.not_reached {
            if planted::bug("who_was_not_reached_is_not_named") {
                continue;
            }
            reasons.push(format!("`{system}` was not reached: {why}"));
        }
        for (system, why) in &self.not_done {
            if planted::bug("a_failed_act_is_not_named") {
                continue;
            }
            reasons.push(format!("`{system}` was not finished: {why}"));
        }
        let corrects = self.request.kind == RequestKind::Rectification;
        if corrects {
            reasons.extend(self.left_uncorrected());
        }
        for (system, remaining) in self.remaining.iter().filter(|_| !corrects) {
            let places: BTreeSet<String> =
                remaining.iter().map(|r| format!("{}.{}", r.collection, r.field)).collect();
            let places: Vec<String> = places.into_iter().collect();
            reasons.push(format!(
                "`{system}` still names the person in {} place(s): {}",
                remaining.len(),
                places.join(", ")
            ));
        }
        if self.by_reference && self.request.kind.erases() {
            // INVARIANT: no erasure is complete whose texts nobody has read.
            reasons.push(TEXTS_UNREAD.to_owned());
        }
        self.follow_corrections(reasons.is_empty());
        self.end_as(if reasons.is_empty() { best } else { Ending::Incomplete(reasons) });
    }

    pub(crate) fn end_as(&mut self, ending: Ending) {
        self.ending = Some(ending);
        self.unanswered = true;
        self.phase = Phase::Done;
    }
}

/// Every collection of every reachable system, for a search by text.
fn search_places(
    graph: &Graph<'_>,
    unreachable: &BTreeMap<String, String>,
) -> BTreeMap<String, Vec<SearchPlace>> {
    let mut systems: BTreeMap<String, Vec<SearchPlace>> = BTreeMap::new();
    for node in graph.nodes() {
        if unreachable.contains_key(&node.place.system) {
            continue;
        }
        systems.entry(node.place.system.clone()).or_default().push(SearchPlace {
            collection: node.place.collection.clone(),
            fields: Vec::new(),
            carry: node.carry.clone(),
        });
    }
    systems
}

/// Whether an outcome answers an action.
const fn fits(action: &Action, outcome: &Outcome) -> bool {
    matches!(
        (action, outcome),
        (_, Outcome::NotReached(_))
            | (Action::Find { .. }, Outcome::Found(_))
            | (Action::Search { .. }, Outcome::Searched(_))
            | (Action::Gather { .. }, Outcome::Gathered(_))
            | (Action::Draft { .. }, Outcome::Drafted(_))
            | (Action::Act { .. }, Outcome::Acted { .. })
            | (Action::Verify { .. }, Outcome::Verified(_))
    )
}
