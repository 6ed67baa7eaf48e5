//! The steps that wait to be done.

use std::collections::{BTreeMap, BTreeSet};

use model::planted;
use serde::{Deserialize, Serialize, Serializer};

use crate::step::{Action, Step};

/// Steps in the order of their numbers, as long as they are taken in that order.
///
/// INVARIANT: taking one costs the same however many wait, whatever the order. A wave over ten
/// thousand collections is ten thousand steps, and a list that closes its gaps would move each of
/// them ten thousand times. Here the first waiting step closes the gap instead.
///
/// Who takes them in order needs no index of them, and none is made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<Step>")]
pub(crate) struct Pending {
    /// What lies before `head` was taken.
    steps: Vec<Step>,
    head: usize,
    /// INVARIANT: without it the waiting steps stand in the order of their numbers.
    index: Option<StepIndex>,
}

/// Where each waiting step stands, and whose it is.
#[derive(Debug, Clone, Default)]
struct StepIndex {
    at: BTreeMap<u64, usize>,
    of_system: BTreeMap<String, BTreeSet<u64>>,
}

impl StepIndex {
    fn add(&mut self, step: &Step, at: usize) {
        self.at.insert(step.id, at);
        self.of_system.entry(step.action.system().to_owned()).or_default().insert(step.id);
    }
}

impl From<Vec<Step>> for Pending {
    fn from(steps: Vec<Step>) -> Self {
        let mut pending = Self::default();
        steps.into_iter().for_each(|step| pending.push(step));
        pending
    }
}

impl Serialize for Pending {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut steps = self.steps();
        if planted::bug("a_waiting_step_is_not_written_down") {
            steps = steps.split_last().map_or(steps, |(_, rest)| rest);
        }
        to.collect_seq(steps)
    }
}

impl PartialEq for Pending {
    fn eq(&self, other: &Self) -> bool {
        self.steps() == other.steps()
    }
}

impl Eq for Pending {}

impl Pending {
    pub(crate) fn steps(&self) -> &[Step] {
        self.steps.get(self.head..).unwrap_or_default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.steps().is_empty()
    }

    pub(crate) fn reserve(&mut self, steps: usize) {
        self.steps.reserve(steps);
    }

    pub(crate) fn push(&mut self, step: Step) {
        if self.index.is_none() && self.steps().last().is_some_and(|last| last.id > step.id) {
            self.index();
        }
        if let Some(index) = &mut self.index {
            index.add(&step, self.steps.len());
        }
        self.steps.push(step);
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Step> {
        match (self.steps().first(), &self.index) {
            (Some(first), _) if first.id == id => Some(first),
            (_, Some(index)) => index.at.get(&id).and_then(|&at| self.steps.get(at)),
            (_, None) => {
                let at = self.steps().binary_search_by_key(&id, |step| step.id).ok()?;
                self.steps().get(at)
            }
        }
    }

    pub(crate) fn take(&mut self, id: u64) -> Option<Step> {
        let head = self.head;
        let is_first = self.steps().first().is_some_and(|first| first.id == id);
        if !is_first || self.index.is_some() {
            let index = self.index();
            let at = index.at.remove(&id)?;
            self.steps.swap(at, head);
            if let Some(moved) = self.steps.get(at).filter(|_| at != head) {
                let moved = moved.id;
                self.index().at.insert(moved, at);
            }
        }
        let taken = Action::Gather { system: String::new() };
        let step =
            std::mem::replace(self.steps.get_mut(head)?, Step { id: u64::MAX, action: taken });
        self.head += 1;
        if let Some(index) = &mut self.index
            && let Some(ids) = index.of_system.get_mut(step.action.system())
        {
            ids.remove(&id);
        }
        if self.head == self.steps.len() {
            self.steps.clear();
            self.head = 0;
            self.index = None;
        }
        Some(step)
    }

    /// Everything that waits for a system falls away.
    pub(crate) fn drop_system(&mut self, system: &str) {
        if self.is_empty() {
            return;
        }
        for id in self.index().of_system.remove(system).unwrap_or_default() {
            self.take(id);
        }
    }

    /// The index, which is made when it is needed first.
    fn index(&mut self) -> &mut StepIndex {
        let (steps, head) = (&self.steps, self.head);
        self.index.get_or_insert_with(|| {
            let mut index = StepIndex::default();
            for (at, step) in steps.iter().enumerate().skip(head) {
                index.add(step, at);
            }
            index
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(count: u64) -> Pending {
        let step = |id: u64| Step { id, action: Action::Draft { system: format!("s{}", id % 3) } };
        (1..=count).map(step).collect::<Vec<_>>().into()
    }

    fn ids(pending: &Pending) -> Vec<u64> {
        pending.steps().iter().map(|step| step.id).collect()
    }

    #[test]
    fn steps_taken_from_the_front_leave_the_rest_in_order() {
        let mut steps = pending(5);
        for id in 1..=3 {
            assert_eq!(steps.take(id).map(|s| s.id), Some(id));
        }
        assert_eq!(ids(&steps), [4, 5]);
        assert_eq!(steps.take(3), None, "taken already");
    }

    #[test]
    fn any_order_takes_every_step_once_and_survives_being_written_down() {
        let mut steps = pending(9);
        for (taken, id) in [5, 1, 9, 2, 8, 7, 3, 6, 4].into_iter().enumerate() {
            assert_eq!(steps.take(id).map(|s| s.id), Some(id));
            let written = serde_json::to_vec(&steps).unwrap();
            assert_eq!(serde_json::from_slice::<Pending>(&written).unwrap(), steps);
            assert_eq!(steps.steps().len(), 8 - taken);
            assert!(steps.steps().iter().all(|s| steps.get(s.id) == Some(s)));
        }
        assert!(steps.is_empty());
    }

    #[test]
    fn a_lost_system_takes_its_steps_and_no_others() {
        let mut steps = pending(9);
        steps.take(1);
        steps.drop_system("s1");
        let mut left = ids(&steps);
        left.sort_unstable();
        assert_eq!(left, [2, 3, 5, 6, 8, 9]);
        steps.drop_system("s1");
        assert_eq!(steps.steps().len(), 6);
    }
}
