//! What came of the steps of the present wave, until it is weighed.

use std::collections::BTreeMap;

use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};

use crate::step::{Action, Outcome};

/// A step that was done: its number, what it did and what came of it.
pub(crate) type Done = (u64, Action, Outcome);

/// As they came: steps are mostly done in the order of their numbers, so putting them in order at
/// the end costs nothing.
///
/// Serialised as a map, in order.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "BTreeMap<u64, (Action, Outcome)>")]
pub(crate) struct Arrived(Vec<Done>);

impl From<BTreeMap<u64, (Action, Outcome)>> for Arrived {
    fn from(steps: BTreeMap<u64, (Action, Outcome)>) -> Self {
        Self(steps.into_iter().map(|(id, (action, outcome))| (id, action, outcome)).collect())
    }
}

impl Serialize for Arrived {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let steps = self.sorted();
        let mut map = to.serialize_map(Some(steps.len()))?;
        for (id, action, outcome) in steps {
            map.serialize_entry(id, &(action, outcome))?;
        }
        map.end()
    }
}

impl PartialEq for Arrived {
    fn eq(&self, other: &Self) -> bool {
        self.sorted() == other.sorted()
    }
}

impl Eq for Arrived {}

impl Arrived {
    pub(crate) fn push(&mut self, id: u64, action: Action, outcome: Outcome) {
        self.0.push((id, action, outcome));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything, in the order of the numbers; nothing is left.
    pub(crate) fn take(&mut self) -> Vec<Done> {
        let mut steps = std::mem::take(&mut self.0);
        steps.sort_by_key(|(id, ..)| *id);
        steps
    }

    fn sorted(&self) -> Vec<&Done> {
        let mut steps: Vec<&Done> = self.0.iter().collect();
        steps.sort_by_key(|(id, ..)| *id);
        steps
    }
}
