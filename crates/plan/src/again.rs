//! An erasure that ended incomplete goes on.
//!
//! A system was gone, or a trigger copied the old row elsewhere while it was changed. What named
//! the person is gone by then from where it was read first, so the case keeps it until the rest is
//! done, or until somebody withdraws the request.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::RowKey;
use policy::{EraseRows, Tie};

use crate::Place;
use crate::case::{Case, CaseError, Ending, Phase};
use crate::discover::{self, Asked};
use crate::found::Rows;
use crate::graph::Graph;
use crate::order::Order;
use crate::terms;

impl Case {
    /// Whether this is an erasure or a correction that ended with something left to do.
    pub fn is_unfinished(&self) -> bool {
        self.request.kind.changes() && matches!(self.ending(), Some(Ending::Incomplete(_)))
    }

    /// Plans an erasure that ended incomplete once more: with every identifier and name that is
    /// known by now, and along every reference that led on before. What is left is drafted for a
    /// new review; what was done already is found as wanted.
    pub fn plan_again(&mut self, graph: &Graph<'_>) -> Result<(), CaseError> {
        if !self.is_unfinished() {
            return Err(CaseError::CannotGoOn);
        }
        self.plan_once_more(graph)
    }

    pub(crate) fn plan_once_more(&mut self, graph: &Graph<'_>) -> Result<(), CaseError> {
        if self.ending().is_none() || self.request.identities.is_empty() {
            return Err(CaseError::CannotGoOn);
        }
        let leads = self.leads(graph);
        self.left_over = self.unchanged(&leads);
        // What was left unread is read now.
        self.by_reference = false;
        self.retained.clone_from(&self.terms);
        self.rows = Rows::default();
        self.fresh.clear();
        self.asked = Asked::default();
        self.searched.clear();
        self.relied_on.clear();
        self.named_by_request.clear();
        self.different_people = 0;
        self.clear_search();
        self.not_reached.clear();
        self.told = Arc::default();
        self.drafted.clear();
        self.map.clear();
        self.order = Order::default();
        self.forget_ending();
        self.phase = Phase::Discover;
        self.look_up_given(graph);
        let all: BTreeSet<(Place, RowKey)> = leads
            .places()
            .flat_map(|(place, rows)| rows.keys().map(|key| (place.clone(), key.clone())))
            .collect();
        let wave = discover::wave(graph, &leads, &all, &mut self.asked, &self.not_reached);
        self.push(wave);
        self.look_up_left_over(graph);
        let leads_on = |term: &&terms::LearnedTerm| terms::to_identity(term.kind).is_some();
        self.to_look_up = self.terms.iter().filter(leads_on).cloned().collect();
        self.advance(graph);
        Ok(())
    }

    /// The rows that the last plan left as they were: kept by a rule or a hold, or in a system that
    /// was not done. What led to them may be deleted by now.
    fn unchanged(&self, leads: &Rows) -> Rows {
        let mut rows = leads.clone();
        for (place, rows) in rows.each() {
            let done = self.acted(&place.system).is_some();
            rows.retain(|row| row.tie < Tie::Mention && (row.kept.is_some() || !done));
        }
        rows
    }

    pub(crate) fn look_up_left_over(&mut self, graph: &Graph<'_>) {
        let actions = discover::left_over(graph, &self.left_over, &self.not_reached);
        self.push(actions);
    }

    /// The rows of the last plan that are still there to lead on: the values that they held then
    /// lead to what was not reached, though an erased row holds them no longer.
    ///
    /// INVARIANT: none of these rows is planned to change unless it is found again. The key of a
    /// deleted row may be somebody else's by now, so such a row does not even lead on.
    fn leads(&mut self, graph: &Graph<'_>) -> Rows {
        let mut rows = std::mem::take(&mut self.rows);
        // A plan that did not reach a system knows less than the one before it.
        for (place, older) in std::mem::take(&mut self.led).into_places() {
            if let Some(known) = rows.of(&place) {
                known.add_unknown(older);
            }
        }
        for (place, rows) in rows.each() {
            let deletes = self.request.kind.erases()
                && self.acted(&place.system).is_some()
                && graph.collection(place).is_none_or(|c| c.erase == EraseRows::Delete);
            rows.retain(|row| !deletes || row.tie > Tie::Authored || row.kept.is_some());
        }
        self.led.clone_from(&rows);
        rows
    }
}
