//! What somebody was taken on for.

use std::fmt;

/// A person's role. There are five, and no rights beside them: what each may do is said by the
/// policies in `authority/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Answers for the organisation: everything, people and settings included.
    Owner,
    /// Keeps the promises: requests, versions of the notice, holds, retention, evidence.
    PrivacyOfficer,
    /// Keeps the systems connected and carries out what was approved.
    Technician,
    /// Reads everything and changes nothing.
    Auditor,
    /// The officer of one client: that client's requests, holds and disclosures, and nothing else.
    ClientOfficer,
}

impl Role {
    /// Every role, the strongest first.
    pub const ALL: [Self; 5] =
        [Self::Owner, Self::PrivacyOfficer, Self::Technician, Self::Auditor, Self::ClientOfficer];

    /// The name in our database, in forms and in the policies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Technician => "technician",
            Self::Auditor => "auditor",
            Self::ClientOfficer => "client-officer",
        }
    }

    /// The role of that name; an unknown one is none.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
