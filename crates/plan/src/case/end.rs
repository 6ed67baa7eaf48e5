//! How a case ends, and what it knows after that.

use std::collections::BTreeSet;

use model::planted;
use policy::{EraseField, EraseRows};

use super::{Case, CaseError, Ending, Phase};
use crate::Place;
use crate::arrived::Arrived;
use crate::discover::Asked;
use crate::found::Rows;
use crate::graph::Graph;
use crate::namesake::Namesakes;
use crate::pending::Pending;
use crate::request::RequestKind;
use crate::step::Remaining;

/// Why an erasure by reference alone has not come to its end.
const TEXTS_UNREAD: &str =
    "no text was searched, as was asked: taken up again, the request searches them all";

impl Case {
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
        self.arrived = Arrived::default();
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

    /// What the second search found, less what a rule keeps and what is a namesake's.
    pub(super) fn verify(&mut self, graph: &Graph<'_>, system: &str, found: Vec<Remaining>) {
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

    pub(super) fn end(&mut self, best: Ending) {
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
