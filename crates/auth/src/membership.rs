//! Whose somebody is, as what, and whether they still are.

use std::collections::BTreeSet;
use std::fmt;

use crate::Role;

/// How far a membership has come. Whoever is not `Active` may do nothing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MembershipState {
    /// Asked to come, not yet here.
    Invited,
    /// Here.
    Active,
    /// Kept out for now.
    Suspended,
    /// Gone. The row stays, because the log names it.
    Removed,
}

impl MembershipState {
    /// Every state, in the order in which people pass through them.
    pub const ALL: [Self; 4] = [Self::Invited, Self::Active, Self::Suspended, Self::Removed];

    /// The name in our database and in the policies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Removed => "removed",
        }
    }

    /// The state of that name; an unknown one is none.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl fmt::Display for MembershipState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A person's one membership: the organisation that they belong to, and which clients they were
/// given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organisation that they belong to ([`crate::Organisation::id`]).
    pub organisation: String,
    /// As what.
    pub role: Role,
    /// Whether they still are.
    pub state: MembershipState,
    /// The clients below that organisation whom they work for as well.
    pub assigned: BTreeSet<String>,
}

impl Membership {
    /// Whether this membership leads to an organisation: to its own, and to those assigned. It says
    /// nothing of what may be done there.
    pub fn reaches(&self, organisation: &str) -> bool {
        self.organisation == organisation || self.assigned.contains(organisation)
    }
}
