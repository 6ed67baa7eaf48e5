//! What a case does next: an outcome comes in, and the next steps come out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::planted;
use policy::EraseRows;

use super::{Case, CaseError, Ending, Phase};
use crate::discover;
use crate::graph::Graph;
use crate::order::{self, Order};
use crate::request::RequestKind;
use crate::step::{Action, Outcome, SearchPlace, Step};
use crate::terms::LearnedTerm;

impl Case {
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
                self.arrived.push(step, action, outcome);
            }
        }
        self.advance(graph);
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

    pub(crate) fn push(&mut self, actions: impl IntoIterator<Item = Action>) {
        let actions = actions.into_iter();
        self.pending.reserve(actions.size_hint().0);
        for action in actions {
            self.pending.push(Step { id: self.next_step, action });
            self.next_step += 1;
        }
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
        let looked_for: Arc<[LearnedTerm]> = terms.iter().cloned().collect();
        let steps: Vec<Action> = search_places(graph, &self.not_reached)
            .into_iter()
            .map(|(system, places)| Action::Search {
                system,
                places,
                terms: Arc::clone(&looked_for),
            })
            .collect();
        self.push(steps);
    }

    /// Everything is found.
    fn settle(&mut self, graph: &Graph<'_>) {
        if !self.by_reference && !self.terms_everywhere().is_subset(&self.searched) {
            return self.search(graph);
        }
        let mut systems: Vec<String> = Vec::new();
        for (place, _) in self.rows.places() {
            let known = systems.last() == Some(&place.system);
            if !known && !self.not_reached.contains_key(&place.system) {
                systems.push(place.system.clone());
            }
        }
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
        for (place, rows) in self.rows.each() {
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
        let terms: Arc<[LearnedTerm]> = self.terms.iter().cloned().collect();
        let steps: Vec<Action> = search_places(graph, &self.not_reached)
            .into_iter()
            .filter(|(system, _)| !self.not_done.contains_key(system))
            .map(|(system, places)| Action::Verify { system, places, terms: Arc::clone(&terms) })
            .collect();
        self.push(steps);
    }
}

/// Every collection of every reachable system, for a search by text.
fn search_places(
    graph: &Graph<'_>,
    unreachable: &BTreeMap<String, String>,
) -> BTreeMap<String, Arc<[SearchPlace]>> {
    let mut systems: BTreeMap<&String, Vec<SearchPlace>> = BTreeMap::new();
    for node in graph.nodes() {
        if unreachable.contains_key(&node.place.system) {
            continue;
        }
        systems.entry(&node.place.system).or_default().push(SearchPlace {
            collection: node.place.collection.clone(),
            fields: Vec::new(),
            carry: Arc::clone(&node.carry),
        });
    }
    systems.into_iter().map(|(system, places)| (system.clone(), places.into())).collect()
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
