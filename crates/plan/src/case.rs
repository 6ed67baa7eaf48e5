//! A request on its way from the first look-up to the last re-reading.

use std::collections::{BTreeMap, BTreeSet};

use model::{Identity, RowKey, Value};
use policy::{EraseField, EraseRows, Tie};
use serde::{Deserialize, Serialize};

use crate::discover::{self, Asked, FROM_ROWS};
use crate::found::{FoundRow, Place, Rows};
use crate::graph::Graph;
use crate::outline::OutlineStep;
use crate::request::{Request, RequestKind, Settings};
use crate::step::{
    Action, Compare, Drafted, FoundIn, Gathered, Mentioned, Outcome, Remaining, SearchPlace, Step,
};
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
    /// Erased, and the second search found nothing but what is kept.
    Complete,
    /// Not everything was reached or done: the reasons, in plain sentences.
    Incomplete(Vec<String>),
    /// The plan cannot be carried out; nothing was touched. The problems stand in the outline.
    Refused,
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
    /// An approval out of season.
    #[error("the request is not waiting for approval")]
    NotInReview,
    /// An approval of another plan.
    #[error("the plan has changed since it was approved: look at it again")]
    OtherDigest,
    /// Too many rows.
    #[error("the plan changes {rows} rows and the cap is {cap}: look at the plan, then override the cap for this request")]
    OverCap {
        /// Rows that would change.
        rows: u64,
        /// The cap.
        cap: u64,
    },
}

/// One request being worked on. Everything about it is here: serialise it, and another process
/// goes on where this one stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The request.
    pub request: Request,
    pub(crate) settings: Settings,
    phase: Phase,
    pending: Vec<Step>,
    next_step: u64,
    pub(crate) rows: Rows,
    fresh: BTreeSet<(Place, RowKey)>,
    asked: Asked,
    pub(crate) terms: BTreeSet<LearnedTerm>,
    searched: BTreeSet<LearnedTerm>,
    pub(crate) doubtful: BTreeSet<LearnedTerm>,
    pub(crate) not_reached: BTreeMap<String, String>,
    pub(crate) told: Vec<OutlineStep>,
    pub(crate) bare_names: BTreeMap<String, u64>,
    pub(crate) unread: BTreeMap<String, u64>,
    pub(crate) possible: BTreeMap<String, u64>,
    pub(crate) drafted: BTreeMap<String, Drafted>,
    gathered: BTreeMap<String, Gathered>,
    acted: BTreeMap<String, (u64, u64)>,
    not_done: BTreeMap<String, String>,
    remaining: BTreeMap<String, Vec<Remaining>>,
    verified: BTreeSet<String>,
    ending: Option<Ending>,
}

impl Case {
    /// Opens a case. The first steps are pending at once.
    pub fn open(request: Request, settings: Settings, graph: &Graph<'_>) -> Self {
        let never: BTreeSet<String> = settings.never_terms.iter().map(|t| t.to_lowercase()).collect();
        let terms = request
            .identities
            .iter()
            .filter(|identity| !never.contains(&identity.value.expose().to_lowercase()))
            .map(|i| LearnedTerm::new(terms::of_identity(i.kind), i.value.expose().trim()))
            .collect();
        let mut case = Self {
            request,
            settings,
            phase: Phase::Discover,
            pending: Vec::new(),
            next_step: 1,
            rows: Rows::default(),
            fresh: BTreeSet::new(),
            asked: Asked::default(),
            terms,
            searched: BTreeSet::new(),
            doubtful: BTreeSet::new(),
            not_reached: BTreeMap::new(),
            told: Vec::new(),
            bare_names: BTreeMap::new(),
            unread: BTreeMap::new(),
            possible: BTreeMap::new(),
            drafted: BTreeMap::new(),
            gathered: BTreeMap::new(),
            acted: BTreeMap::new(),
            not_done: BTreeMap::new(),
            remaining: BTreeMap::new(),
            verified: BTreeSet::new(),
            ending: None,
        };
        for identity in case.request.identities.clone() {
            let actions =
                discover::look_up(graph, &identity, true, &mut case.asked, &case.not_reached);
            case.push(actions);
        }
        if case.pending.is_empty() {
            case.advance(graph);
        }
        case
    }

    /// Where it stands.
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// The steps to be done now. Empty while a person must agree, and at the end.
    pub fn steps(&self) -> &[Step] {
        &self.pending
    }

    /// The rows found.
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

    /// Whether the search of a system was repeated after the erasure.
    pub fn was_verified(&self, system: &str) -> bool {
        self.verified.contains(system)
    }

    /// Takes the outcome of a step. When the last pending step is done, the next ones are there.
    pub fn take(&mut self, graph: &Graph<'_>, step: u64, outcome: Outcome) -> Result<(), CaseError> {
        let at = self.pending.iter().position(|s| s.id == step).ok_or(CaseError::NotPending(step))?;
        let done = self.pending.remove(at);
        match (&done.action, outcome) {
            (action, Outcome::NotReached(why)) => self.lose(action.system().to_owned(), why),
            (Action::Find { .. }, Outcome::Found(rows)) => self.found(graph, &done.action, rows),
            (Action::Search { system, .. }, Outcome::Searched(mentioned)) => {
                self.mentioned(graph, system, mentioned);
            }
            (Action::Gather { system }, Outcome::Gathered(gathered)) => {
                self.gathered.insert(system.clone(), gathered);
            }
            (Action::Draft { system }, Outcome::Drafted(drafted)) => {
                self.drafted.insert(system.clone(), drafted);
            }
            (Action::Act { system }, Outcome::Acted { changed, already }) => {
                self.acted.insert(system.clone(), (changed, already));
            }
            (Action::Verify { system, .. }, Outcome::Verified(remaining)) => {
                self.verify(graph, system, remaining);
            }
            _ => {
                self.pending.insert(at, done);
                return Err(CaseError::WrongOutcome(step));
            }
        }
        if self.pending.is_empty() {
            self.advance(graph);
        }
        Ok(())
    }

    /// Agrees to the plan with this digest.
    pub fn approve(&mut self, digest: &str, override_cap: bool) -> Result<(), CaseError> {
        if self.phase != Phase::Review {
            return Err(CaseError::NotInReview);
        }
        if digest != self.digest() {
            return Err(CaseError::OtherDigest);
        }
        let rows = self.outline().rows_to_change;
        if rows > self.settings.cap_rows && !override_cap {
            return Err(CaseError::OverCap { rows, cap: self.settings.cap_rows });
        }
        self.phase = Phase::Act;
        let systems: Vec<String> = self.drafted.keys().cloned().collect();
        self.push(systems.into_iter().map(|system| Action::Act { system }));
        Ok(())
    }

    /// Forgets everything personal once the case has ended: what stays says what was done, not to
    /// whom.
    pub fn forget(&mut self) {
        if self.ending.is_none() {
            return;
        }
        self.request.identities.clear();
        self.rows = Rows::default();
        self.terms.clear();
        self.searched.clear();
        self.doubtful.clear();
        self.asked = Asked::default();
        self.fresh.clear();
        self.possible.clear();
        self.remaining.clear();
    }

    fn push(&mut self, actions: impl IntoIterator<Item = Action>) {
        for action in actions {
            self.pending.push(Step { id: self.next_step, action });
            self.next_step += 1;
        }
    }

    /// A system is out of reach: what was still to be done there falls away, and the answer says so.
    fn lose(&mut self, system: String, why: String) {
        self.pending.retain(|step| step.action.system() != system);
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

    fn found(&mut self, graph: &Graph<'_>, action: &Action, rows: Vec<FoundIn>) {
        let Action::Find { place, field, values, compare, tie, from, .. } = action else { return };
        let Some(node) = graph.node(place) else { return };
        let by_identifier = matches!(compare, Compare::As(_));
        let mut count = 0;
        for row in rows {
            if by_identifier
                && from == FROM_ROWS
                && discover::is_somebody_else(node, &row.carried, &self.terms)
            {
                self.doubt(values);
                continue;
            }
            count += 1;
            self.add(graph, place, row, *tie, format!("{place}.{field}"), BTreeSet::new());
        }
        let meaning = if by_identifier {
            format!("rows of {} whose `{field}` is an identifier from {from}", place.collection)
        } else {
            format!("rows of {} whose `{field}` is a value of {from}", place.collection)
        };
        self.told.push(OutlineStep { system: place.system.clone(), meaning, rows: count });
    }

    /// An identifier that somebody else has too names nobody.
    fn doubt(&mut self, values: &[Value]) {
        let shared: BTreeSet<String> =
            values.iter().filter_map(Value::to_plain_text).map(|text| text.to_lowercase()).collect();
        let doubtful: Vec<LearnedTerm> = self
            .terms
            .iter()
            .filter(|term| shared.contains(&term.text.expose().to_lowercase()))
            .cloned()
            .collect();
        for term in doubtful {
            self.terms.remove(&term);
            self.doubtful.insert(term);
        }
    }

    fn add(
        &mut self,
        graph: &Graph<'_>,
        place: &Place,
        row: FoundIn,
        tie: Tie,
        by: String,
        named_in: BTreeSet<String>,
    ) {
        if tie == Tie::Own {
            self.learn(graph, place, &row.carried);
        }
        let found = FoundRow { tie, by, carried: row.carried, named_in, kept: None };
        if self.rows.add(place, row.key.clone(), found) {
            self.fresh.insert((place.clone(), row.key));
        }
    }

    /// Learns from one of the person's own rows what else names them, and looks that up.
    fn learn(&mut self, graph: &Graph<'_>, place: &Place, carried: &[Value]) {
        let Some(node) = graph.node(place) else { return };
        let never = self.settings.never_terms.iter().map(|t| t.to_lowercase()).collect();
        for term in terms::learn(&node.collection.fields, &node.carry, carried, &never) {
            if self.doubtful.contains(&term) || !self.terms.insert(term.clone()) {
                continue;
            }
            if let Some(kind) = terms::to_identity(term.kind) {
                let identity = Identity { kind, value: term.text };
                let actions =
                    discover::look_up(graph, &identity, false, &mut self.asked, &self.not_reached);
                self.push(actions);
            }
        }
    }

    fn mentioned(&mut self, graph: &Graph<'_>, system: &str, mentioned: Mentioned) {
        let mut count = 0;
        for group in mentioned.rows {
            let place = Place::new(system, group.collection);
            let Some(node) = graph.node(&place) else { continue };
            for (row, fields) in group.rows {
                count += 1;
                let is_hers = fields.iter().any(|named| {
                    let kind = node.collection.field(&named.field).and_then(|f| f.identity);
                    kind.is_some_and(|kind| named.whole == Some(terms::of_identity(kind)))
                }) && !discover::is_somebody_else(node, &row.carried, &self.terms);
                let tie = if is_hers { Tie::Own } else { Tie::Mention };
                let named_in = fields.into_iter().map(|named| named.field).collect();
                self.add(graph, &place, row, tie, "text".to_owned(), named_in);
            }
        }
        self.told.push(OutlineStep {
            system: system.to_owned(),
            meaning: format!(
                "rows whose text names the person ({} rows, {} of text read)",
                mentioned.rows_read,
                size(mentioned.bytes_read)
            ),
            rows: count,
        });
        self.terms.extend(mentioned.learned.into_iter().map(|mut term| {
            term.near_only = true;
            term
        }));
        for (collection, rows) in mentioned.bare_names {
            self.bare_names.insert(format!("{system}.{collection}"), rows);
        }
        for (collection, values) in mentioned.unread {
            self.unread.insert(format!("{system}.{collection}"), values);
        }
        for (address, rows) in mentioned.possible {
            *self.possible.entry(address).or_default() += rows;
        }
    }

    /// Nothing is pending: what comes next?
    fn advance(&mut self, graph: &Graph<'_>) {
        while self.pending.is_empty() && self.phase != Phase::Done && self.phase != Phase::Review {
            match self.phase {
                Phase::Discover => {
                    let fresh = std::mem::take(&mut self.fresh);
                    if fresh.is_empty() {
                        self.phase = Phase::Search;
                        self.search(graph);
                    } else {
                        let wave = discover::wave(
                            graph,
                            &self.rows,
                            &fresh,
                            &mut self.asked,
                            &self.not_reached,
                        );
                        self.push(wave);
                    }
                }
                // The search found rows that lead on, or everything is found.
                Phase::Search if !self.fresh.is_empty() => self.phase = Phase::Discover,
                Phase::Search => self.settle(graph),
                Phase::Gather => self.end(Ending::HandedOut),
                Phase::Draft if self.drafted.values().any(|d| !d.problems.is_empty()) => {
                    self.ending = Some(Ending::Refused);
                    self.phase = Phase::Done;
                }
                Phase::Draft => self.phase = Phase::Review,
                Phase::Act => {
                    self.phase = Phase::Verify;
                    self.search_again(graph);
                }
                Phase::Verify => self.end(Ending::Complete),
                Phase::Review | Phase::Done => {}
            }
        }
    }

    fn terms_everywhere(&self) -> BTreeSet<LearnedTerm> {
        self.terms.iter().filter(|term| !term.near_only).cloned().collect()
    }

    /// One pass over every text, if there is anything new to look for.
    fn search(&mut self, graph: &Graph<'_>) {
        let terms = self.terms_everywhere();
        if terms.is_subset(&self.searched) {
            return self.settle(graph);
        }
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
        if !self.terms_everywhere().is_subset(&self.searched) {
            self.phase = Phase::Search;
            return self.search(graph);
        }
        let systems: BTreeSet<String> = self
            .rows
            .places()
            .map(|(place, _)| place.system.clone())
            .filter(|system| !self.not_reached.contains_key(system))
            .collect();
        if self.request.kind == RequestKind::Erasure {
            self.keep(graph);
            self.phase = Phase::Draft;
            self.push(systems.into_iter().map(|system| Action::Draft { system }));
        } else {
            self.phase = Phase::Gather;
            self.push(systems.into_iter().map(|system| Action::Gather { system }));
        }
    }

    /// Decides which rows a minimum age keeps.
    fn keep(&mut self, graph: &Graph<'_>) {
        let now = self.request.opened_at;
        for (place, rows) in &mut self.rows.0 {
            let Some(node) = graph.node(place) else { continue };
            for row in rows.values_mut() {
                row.kept = match &node.collection.erase {
                    EraseRows::Nothing(why) => {
                        Some(crate::KeptUntil { until: None, because: why.clone() })
                    }
                    _ => crate::age::kept(&node.collection.keep, &node.carry, &row.carried, now),
                };
            }
        }
    }

    fn search_again(&mut self, graph: &Graph<'_>) {
        let terms: Vec<LearnedTerm> = self.terms.iter().cloned().collect();
        let steps: Vec<Action> = search_places(graph, &self.not_reached)
            .into_iter()
            .filter(|(system, _)| !self.not_done.contains_key(system))
            .map(|(system, places)| Action::Verify { system, places, terms: terms.clone() })
            .collect();
        self.push(steps);
    }

    /// What the second search found, less what a rule keeps.
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
            !kept_row && !kept_field
        });
        let remaining: Vec<Remaining> = remaining.collect();
        if !remaining.is_empty() {
            self.remaining.insert(system.to_owned(), remaining);
        }
    }

    fn end(&mut self, best: Ending) {
        let mut reasons = Vec::new();
        for (system, why) in &self.not_reached {
            reasons.push(format!("`{system}` was not reached: {why}"));
        }
        for (system, why) in &self.not_done {
            reasons.push(format!("`{system}` was not finished: {why}"));
        }
        for (system, remaining) in &self.remaining {
            let places: BTreeSet<String> =
                remaining.iter().map(|r| format!("{}.{}", r.collection, r.field)).collect();
            let places: Vec<String> = places.into_iter().collect();
            reasons.push(format!(
                "`{system}` still names the person in {} place(s): {}",
                remaining.len(),
                places.join(", ")
            ));
        }
        self.ending =
            Some(if reasons.is_empty() { best } else { Ending::Incomplete(reasons) });
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

fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["bytes", "KB", "MB", "GB"];
    let (mut value, mut unit) = (bytes, 0);
    while value >= 10_000 && unit + 1 < UNITS.len() {
        value /= 1_000;
        unit += 1;
    }
    format!("{value} {}", UNITS.get(unit).unwrap_or(&"GB"))
}
