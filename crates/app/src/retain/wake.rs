//! Erasures that rested: what a minimum age or a hold kept is erased once that has ended.

use std::path::PathBuf;

use model::Micros;
use plan::{Graph, Rest};
use policy::Policy;
use serde_json::json;

use crate::house::House;
use crate::keeper::CaseKeeper;
use crate::request::{Came, Leave};
use crate::state::State;
use crate::{Error, Result};

/// What became of an erasure that went on.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Woken {
    /// The request's number.
    pub request: String,
    /// What came of it, in words.
    pub came: String,
    /// Its further certificate.
    pub certificate: Option<PathBuf>,
    /// Whether nothing is left to do for now.
    pub done: bool,
}

impl House {
    /// Takes up every erasure whose kept rows may go now. Where they were kept was agreed to with the
    /// erasure itself, so nobody is asked again unless the policy wants a second person.
    pub(super) async fn wake(
        &self,
        state: &State,
        policy: &Policy,
        beside: &std::path::Path,
    ) -> Result<Vec<Woken>> {
        let now = self.means.clock.now();
        let mut tx = state.store.read().await?;
        let due = tx.cases_waking(now).await?;
        tx.rollback().await?;
        let mut woken = Vec::new();
        for id in due {
            let one = match Box::pin(self.wake_one(state, policy, &id, now, beside)).await {
                Ok(one) => one,
                // One that somebody works on, or that cannot go on, does not stop the others.
                Err(error) => {
                    Woken { request: id, came: error.to_string(), certificate: None, done: false }
                }
            };
            woken.push(one);
        }
        Ok(woken)
    }

    async fn wake_one(
        &self,
        state: &State,
        policy: &Policy,
        id: &str,
        now: Micros,
        beside: &std::path::Path,
    ) -> Result<Woken> {
        let short = id.get(..8).unwrap_or(id);
        let (keeper, mut case) = CaseKeeper::resume(state, &policy.organisation.name, id).await?;
        if let Err(error) = case.wake(&Graph::new(&policy.systems), now) {
            keeper.release(id).await?;
            return Err(error.into());
        }
        keeper.save_with(&case, vec![("kept rows weighed again", json!({}))]).await?;
        model::crash::site("app.wake.begun");
        let leave = Leave {
            go_ahead: true,
            out: Some(beside.join(format!("certificate-{short}-{}.json", now.0 / 1_000_000))),
            ..Leave::default()
        };
        let standing = self.go_on(state, policy, keeper, case, leave, false).await?;
        let (came, certificate, done) = match standing.came {
            Came::Nobody => ("nothing of the person is left anywhere".to_owned(), None, true),
            Came::Erased { certificate, incomplete, .. } if incomplete.is_empty() => {
                let kept: u64 = standing.outline.kept.iter().map(|kept| kept.rows).sum();
                let came = match kept {
                    0 => "what was kept is erased, and the person is forgotten".to_owned(),
                    kept => format!("{kept} row(s) are still kept: it rests again"),
                };
                (came, certificate.map(|files| files.json), true)
            }
            Came::Erased { certificate, .. } => (
                format!("incomplete: `upheld request resume {short}`"),
                certificate.map(|files| files.json),
                false,
            ),
            Came::Waits => {
                (format!("waits for approval: `upheld request resume {short}`"), None, false)
            }
            _ => (format!("could not go on: `upheld request resume {short}`"), None, false),
        };
        Ok(Woken { request: id.to_owned(), came, certificate, done })
    }
}

/// Whether an erasure that rests may be taken up by hand.
pub(crate) fn may_wake(rest: Rest, held: bool, now: Micros, zone: &render::Zone) -> Result<()> {
    match rest {
        Rest::UntilLifted if held => Err(Error::Refused(
            "this request is done but for what a legal hold keeps: it goes on by itself with the first `upheld retain run` after the hold is lifted".to_owned(),
        )),
        Rest::Until(at) if at > now => Err(Error::Refused(format!(
            "this request is done but for what must be kept: the first of it may go on {}, and `upheld retain run` erases it then",
            render::words::day(at, zone)
        ))),
        Rest::Until(_) | Rest::UntilLifted => Ok(()),
    }
}
