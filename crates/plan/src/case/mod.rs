//! A request on its way from the first look-up to the last re-reading.

mod drive;
mod end;
mod phase;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Identity, IdentityKind, RowKey};
use serde::{Deserialize, Serialize};

pub use self::phase::{CaseError, Ending, Phase};
use crate::Place;
use crate::arrived::Arrived;
use crate::discover::Asked;
use crate::found::Rows;
use crate::graph::Graph;
use crate::names::Words;
use crate::namesake::Namesakes;
use crate::order::{self, Order};
use crate::outline::OutlineStep;
use crate::pending::Pending;
use crate::placeholder::is_no_number;
use crate::rectify::Correction;
use crate::request::{Request, Settings};
use crate::step::{Drafted, Gathered, Remaining, Step};
use crate::terms::{self, LearnedTerm};

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
    pub(crate) arrived: Arrived,
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
    #[serde(with = "crate::shared")]
    pub(crate) told: Arc<Vec<OutlineStep>>,
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
            arrived: Arrived::default(),
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
            told: Arc::default(),
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
}
