//! From a secret to an actor: what a session or a token is worth at this moment.

use std::collections::BTreeSet;

use model::Micros;
use store::{Session, Tx};

use crate::actor::{Door, Strength};
use crate::secret::{TOKEN_PREFIX, hash};
use crate::{Action, Actor, Membership, MembershipState, Result, Role};

const MINUTE: i64 = 60 * 1_000_000;
/// A session in which nothing is done ends.
pub const IDLE: i64 = 60 * MINUTE;
/// A session ends whatever is done in it.
pub const LONGEST: i64 = 12 * 60 * MINUTE;
/// So long somebody may take for the second factor.
pub const BETWEEN_FACTORS: i64 = 10 * MINUTE;
/// A token lives at most a year.
pub const LONGEST_TOKEN: i64 = 366 * 24 * 60 * MINUTE;
/// That something was done is written down at most once a minute: a page that is read writes nothing.
const NOTED: i64 = MINUTE;

/// What a session is worth. INVARIANT: never more than what was shown in it.
pub fn strength(session: &Session) -> Strength {
    match session.factors {
        2 => Strength::TwoFactors { shown_at: session.shown_at },
        _ => Strength::OneFactor,
    }
}

/// Whether a session is over: it was ended, nothing was done in it for too long, or it is old.
pub fn is_over(session: &Session, now: Micros) -> bool {
    let idle = match session.factors {
        2 => IDLE,
        _ => BETWEEN_FACTORS,
    };
    session.ended_at.is_some()
        || now >= session.ends_at
        || now.0.saturating_sub(session.seen_at.0) >= idle
        || now.0.saturating_sub(session.made_at.0) >= LONGEST
}

/// What was recognised, and whether it should be noted that it was used.
#[derive(Debug)]
pub struct Recognised {
    /// Who it is.
    pub actor: Actor,
    /// Whether the last note of its use is older than a minute.
    pub note: bool,
}

/// Who holds this session's secret. None if there is no such session, it is over, or its owner is not
/// an active member. Whoever has shown one factor is recognised as just that.
pub async fn by_session(tx: &mut Tx, secret: &str, now: Micros) -> Result<Option<Recognised>> {
    let Some(session) = tx.session_by(&hash(secret)).await? else { return Ok(None) };
    if is_over(&session, now) {
        return Ok(None);
    }
    let Some(membership) = membership(tx, &session.person).await? else { return Ok(None) };
    let door = Door::Session { id: session.id.clone(), strength: strength(&session) };
    let note = now.0.saturating_sub(session.seen_at.0) >= NOTED;
    Ok(Some(Recognised { actor: Actor::new(session.person, membership, door, now), note }))
}

/// Who holds this token. None if there is no such token, it is over or taken back, or its owner is not
/// an active member.
pub async fn by_token(tx: &mut Tx, secret: &str, now: Micros) -> Result<Option<Recognised>> {
    if !secret.starts_with(TOKEN_PREFIX) {
        return Ok(None);
    }
    let Some(token) = tx.token_by(&hash(secret)).await? else { return Ok(None) };
    if now >= token.expires_at || token.revoked_at.is_some() {
        return Ok(None);
    }
    let Some(membership) = membership(tx, &token.person).await? else { return Ok(None) };
    let note = token.used_at.is_none_or(|at| now.0.saturating_sub(at.0) >= NOTED);
    let door = Door::Token { id: token.id, scopes: scopes(&token.scopes) };
    Ok(Some(Recognised { actor: Actor::new(token.person, membership, door, now), note }))
}

/// The scopes of a token as they are kept. One that this program does not know is none.
pub fn scopes(kept: &str) -> BTreeSet<Action> {
    kept.split(' ').filter_map(Action::parse).collect()
}

/// Somebody's membership, if it is active and all of it is known to this program.
async fn membership(tx: &mut Tx, person: &str) -> Result<Option<Membership>> {
    let Some(person) = tx.person(person).await? else { return Ok(None) };
    let assigned = tx.assignments(&person.id).await?.into_iter().collect();
    let of = |person: store::Person| {
        let (role, state) = (Role::parse(&person.role)?, MembershipState::parse(&person.state)?);
        (state == MembershipState::Active).then_some(Membership {
            organisation: person.organisation,
            role,
            state,
            assigned,
        })
    };
    Ok(of(person))
}

#[cfg(test)]
mod tests;
