//! Whether somebody may: the first line of every use case of staff.

use auth::{Action, Actor, Authority};

use crate::Result;

/// Refuses what the policies do not permit, as [`crate::Error::NotAllowed`].
pub fn require(actor: &Actor, action: Action, organisation: &str) -> Result<()> {
    Authority::shared()?.require(actor, action, organisation)?;
    Ok(())
}
