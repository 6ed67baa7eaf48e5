//! What a person confirms from time to time.

use std::collections::BTreeMap;

use model::Micros;
use policy::Promise;
use policy::file::promises::AttestationControl;
use render::words;
use serde::{Deserialize, Serialize};

use super::facts::{Facts, SOON_DAYS, days_between, later};
use super::verdict::Verdict;
use crate::Result;
use crate::state::State;

/// What confirmations are sealed for.
pub(crate) const PURPOSE: &str = "attestation";

/// What is sealed of a confirmation.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Body {
    /// Who confirmed it.
    pub(crate) by: String,
    /// The file that shows it, by its name.
    pub(crate) file: Option<String>,
    /// The file's SHA-256, in hexadecimal.
    pub(crate) sha256: Option<String>,
    /// A remark.
    pub(crate) note: Option<String>,
}

/// The newest confirmation of a promise.
pub(crate) struct Attested {
    pub(crate) at: Micros,
    pub(crate) body: Body,
}

/// The newest confirmation of each promise.
pub(crate) async fn newest(
    state: &State,
    organisation: &str,
) -> Result<BTreeMap<String, Attested>> {
    let mut tx = state.store.read().await?;
    let all = tx.attestations(organisation).await?;
    tx.rollback().await?;
    let mut newest = BTreeMap::new();
    // Oldest first: a later one replaces an earlier one.
    for one in all {
        let plain = state.vault.open_sealed(PURPOSE, &one.id, &one.body)?;
        let Ok(body) = serde_json::from_slice(&plain) else { continue };
        newest.insert(one.promise, Attested { at: one.at, body });
    }
    Ok(newest)
}

pub(super) fn judge(control: &AttestationControl, promise: &Promise, facts: &Facts<'_>) -> Verdict {
    let Some(attested) = facts.attested.get(&promise.id) else {
        return Verdict::unproven(format!(
            "The {} has not confirmed it yet: `upheld attest {} --by NAME`.",
            control.owner, promise.id
        ));
    };
    let given = facts.day_of(attested.at);
    let due = later(given, control.every);
    let evidence = match &attested.body.sha256 {
        Some(hash) => format!(
            "confirmed on {} with a file, SHA-256 {}\u{2026}",
            facts.day(given),
            hash.get(..12).unwrap_or(hash)
        ),
        None => format!("confirmed on {}, without a file", facts.day(given)),
    };
    let verdict = match days_between(facts.today, due) {
        late @ ..0 => Verdict::broken(format!(
            "The {} had to confirm it again by {}, {} ago.",
            control.owner,
            facts.day(due),
            words::count(late.unsigned_abs(), "day", "days")
        )),
        left @ 0..=SOON_DAYS => Verdict::at_risk(format!(
            "The {} must confirm it again by {}, {}.",
            control.owner,
            facts.day(due),
            match left {
                0 => "today".to_owned(),
                left => format!("in {}", words::count(left.unsigned_abs(), "day", "days")),
            }
        )),
        _ => Verdict::upheld(format!(
            "The {} confirmed it; again by {}.",
            control.owner,
            facts.day(due)
        )),
    };
    verdict.shown_by(evidence)
}
