//! Runs of retention that staff start: what was counted is what is disposed of, and where the policy
//! asks for a second person, somebody else has said yes to the same list.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use auth::{Action, Actor};
use model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{RunLeave, event};
use crate::allowed::require;
use crate::console::Subject;
use crate::house::House;
use crate::{Error, Result};

/// Where a yes is kept.
const AGREED: &str = "retention agreed";
/// The folder of the records, in the policy folder.
const RECORDS: &str = "records";

/// A yes to what is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// The member of staff.
    pub by: String,
    /// When.
    pub at: Micros,
    /// The digest of the list.
    pub digest: String,
}

impl House {
    /// Says yes to what is due, for somebody else to start the run.
    pub async fn agree_to_retention(&self, actor: &Actor, digest: &str) -> Result<()> {
        require(actor, Action::RunRetention, auth::ROOT)?;
        let policy = self.policy(false)?;
        if self.schedule(&policy, self.means.clock.now(), None)?.digest() != digest {
            return Err(outdated());
        }
        let at = self.means.clock.now();
        let agreed = Agreed { by: actor.person().to_owned(), at, digest: digest.to_owned() };
        let body = serde_json::to_string(&agreed)
            .map_err(|error| Error::Refused(format!("it cannot be written down: {error}")))?;
        let state = self.state().await?;
        let about = json!({ "by": actor.person(), "digest": digest });
        let mut tx = state.store.begin().await?;
        tx.save_look(auth::ROOT, AGREED, &store::Look { at, body }).await?;
        tx.append_event(&event(&state, &policy.organisation.name, AGREED, &about)).await?;
        tx.commit().await?;
        self.seal(&state).await
    }

    /// Who said yes last.
    pub async fn retention_agreed(&self, actor: &Actor) -> Result<Option<Agreed>> {
        require(actor, Action::ReadRetention, auth::ROOT)?;
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let look = tx.look(auth::ROOT, AGREED).await?;
        tx.rollback().await?;
        Ok(look.and_then(|look| serde_json::from_str(&look.body).ok()))
    }

    /// Whether somebody may start a run over the list of this digest now.
    pub async fn may_dispose(&self, actor: &Actor, digest: &str) -> Result<()> {
        require(actor, Action::RunRetention, auth::ROOT)?;
        let policy = self.policy(false)?;
        if self.schedule(&policy, self.means.clock.now(), None)?.digest() != digest {
            return Err(outdated());
        }
        if !policy.require_approval {
            return Ok(());
        }
        let agreed = self.retention_agreed(actor).await?;
        match agreed.filter(|agreed| agreed.digest == digest) {
            Some(agreed) if agreed.by != actor.person() => Ok(()),
            _ => Err(Error::Refused(
                "the policy asks for a second person: somebody else reads what is due and says yes to it first".to_owned(),
            )),
        }
    }

    /// Disposes of what is due, as whoever asks. The signed record goes into the folder `records`; what
    /// is due afterwards is counted anew. May take hours.
    pub async fn dispose(&self, actor: &Actor, digest: &str) -> Result<()> {
        self.may_dispose(actor, digest).await?;
        let policy = self.policy(false)?;
        let state = self.state().await?;
        let id = store::new_id(self.means.rng.as_ref());
        let folder = self.folder.join(RECORDS);
        std::fs::create_dir_all(&folder).map_err(Error::file("cannot make", &folder))?;
        let about = json!({ "by": actor.person(), "digest": digest });
        let mut tx = state.store.begin().await?;
        let began = event(&state, &policy.organisation.name, "retention started", &about);
        tx.append_event(&began).await?;
        tx.commit().await?;
        let leave = RunLeave {
            digest: Some(digest.to_owned()),
            out: Some(folder.join(format!("destruction-{}.json", id.get(..8).unwrap_or(&id)))),
            stop: Arc::new(AtomicBool::new(false)),
            ..RunLeave::default()
        };
        Box::pin(self.retain_run(leave)).await?;
        let seen = Box::pin(self.retain_plan(None)).await?;
        self.keep_seen(Subject::Retention, &seen).await
    }
}

fn outdated() -> Error {
    Error::Refused("what was counted is not of today any more: count again, and read it".to_owned())
}
