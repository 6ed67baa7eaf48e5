//! Who somebody is, and what they may.
//!
//! Two questions, kept apart. *Who is it?* is answered once for each request, by a session or a token,
//! and the answer is an [`Actor`]. *May they?* is answered by [`Authority`] from policies that stand in
//! one file, for an actor, an [`Action`] and an organisation:
//!
//! ```
//! # fn doc(authority: &auth::Authority, actor: &auth::Actor) -> Result<(), auth::Refusal> {
//! authority.require(actor, auth::Action::ApproveRequest, "acme-dental")?;
//! # Ok(()) }
//! ```
//!
//! What this room keeps:
//!
//! * INVARIANT: what is not permitted is refused: an unknown role, state or action, and any error
//!   while asking, is a no.
//! * INVARIANT: an actor is made here and nowhere else, out of a session or token that was found good.
//! * INVARIANT: nobody reaches an organisation that is neither their own nor assigned to them; the one
//!   exception is who works for which client, which the owner above decides.
//!
//! What is deliberately not here: pages, cookies and headers (the doors have them), and the acts
//! themselves, which ask here and are written down one floor up.

mod action;
mod actor;
mod authority;
mod error;
pub mod lockout;
mod membership;
pub mod oidc;
mod organisation;
pub mod passkey;
pub mod password;
pub mod recovery;
mod role;
pub mod secret;
pub mod session;
pub mod totp;

pub use action::Action;
pub use actor::{Actor, Door, FRESH, Strength};
pub use authority::{Authority, Decision, Refusal};
pub use error::{Error, Result};
pub use membership::{Membership, MembershipState};
pub use organisation::{Organisation, ROOT, parent};
pub use role::Role;
