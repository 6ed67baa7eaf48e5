//! Who acts, and how sure we are of it.

use std::collections::BTreeSet;

use model::Micros;

use crate::{Action, Membership};

/// For how long showing a factor counts as fresh: ten minutes, in microseconds.
pub const FRESH: i64 = 10 * 60 * 1_000_000;

/// What somebody has shown of who they are, in this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// One factor of two: enough to be asked for the second, and for nothing else.
    OneFactor,
    /// Two factors, or a passkey that checked its owner.
    TwoFactors {
        /// When a factor was shown last: at sign-in, or when stepping up.
        shown_at: Micros,
    },
}

/// By which door an actor came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// A person at the console.
    Session {
        /// The session's id, which is not its secret.
        id: String,
        /// What was shown in it.
        strength: Strength,
    },
    /// A program with a token.
    Token {
        /// The token's id, which is not its secret.
        id: String,
        /// What it may at most do. Whoever made it must be allowed to as well.
        scopes: BTreeSet<Action>,
    },
}

/// A member of staff, or a program on their behalf, for the length of one request. Only this room
/// makes one, out of a session or a token that it has found to be good; so whoever is handed an
/// `Actor` need not ask how they came in, only [`crate::Authority`] whether they may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    person: String,
    membership: Membership,
    door: Door,
    at: Micros,
}

impl Actor {
    pub(crate) const fn new(
        person: String,
        membership: Membership,
        door: Door,
        at: Micros,
    ) -> Self {
        Self { person, membership, door, at }
    }

    /// An actor made by hand, for tests of other rooms.
    #[cfg(feature = "samples")]
    pub const fn sample(person: String, membership: Membership, door: Door, at: Micros) -> Self {
        Self::new(person, membership, door, at)
    }

    /// The person's id: 32 hexadecimal digits, and what the log says of who did something.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// Whose they are, as what.
    pub const fn membership(&self) -> &Membership {
        &self.membership
    }

    /// The organisation that they belong to.
    pub fn home(&self) -> &str {
        &self.membership.organisation
    }

    /// By which door they came.
    pub const fn door(&self) -> &Door {
        &self.door
    }

    /// The id of the session or of the token.
    pub fn door_id(&self) -> &str {
        match &self.door {
            Door::Session { id, .. } | Door::Token { id, .. } => id,
        }
    }

    /// When this actor came in: the moment against which freshness is measured.
    pub const fn at(&self) -> Micros {
        self.at
    }

    /// Whether two factors were shown. A token counts as neither.
    pub const fn has_two_factors(&self) -> bool {
        matches!(self.door, Door::Session { strength: Strength::TwoFactors { .. }, .. })
    }

    /// Whether a factor was shown no longer than [`FRESH`] ago.
    pub fn is_fresh(&self) -> bool {
        match self.door {
            Door::Session { strength: Strength::TwoFactors { shown_at }, .. } => {
                let age = self.at.0.saturating_sub(shown_at.0);
                // INVARIANT: a factor shown in the future was not shown.
                (0..=FRESH).contains(&age)
            }
            _ => false,
        }
    }
}
