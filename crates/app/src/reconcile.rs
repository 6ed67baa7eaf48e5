//! After a restore: what was signed and is not here any more, and how the log goes on.
//!
//! A backup of `.upheld` that is put back brings an old log with it. Its key would sign on from there,
//! and there would be two histories under one name. So work is refused as soon as that is known
//! ([`House::state`]), and a person decides: restore a newer copy, or say why not and go on without
//! what is lost. Why the log then gets a new name stands in `evidence::standing`.

use std::path::{Path, PathBuf};

use evidence::{Anchor, Anchored, Gap, Ledger, Stand};
use serde::Serialize;
use serde_json::json;
use store::Event;

use crate::house::House;
use crate::keeper::canonical;
use crate::state::{Place, State, new_origin};
use crate::{Error, Result};

/// In the list of anchors: the folder of this user's own.
pub(crate) const OWN: &str = "user";
/// The event with which a log goes on after a loss.
const RECONCILED: &str = "log reconciled";

/// What was signed and is not here.
#[derive(Debug, Clone, Serialize)]
pub struct Missing {
    /// The log's name.
    pub origin: String,
    /// Entries that are here.
    pub here: u64,
    /// Entries that were signed.
    pub there: u64,
    /// Whether another history was signed under the same name.
    pub split: bool,
    /// Whether nothing is lost, because the database still has every event.
    pub whole: bool,
    /// Where the newer checkpoint is kept.
    pub kept_in: PathBuf,
    /// When the last event happened that is here.
    pub since: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, Serialize)]
pub struct Reconciled {
    /// What was missing.
    pub missing: Missing,
    /// The name of the log now.
    pub origin: String,
    /// Its public key.
    pub key: String,
    /// Entries that it has.
    pub entries: u64,
    /// The entry that says what was lost; `None` if nothing was.
    pub entry: Option<u64>,
}

/// How a file that somebody kept stands to the log.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// The file.
    pub file: PathBuf,
    /// How each checkpoint in it stands.
    pub stands: Vec<Stand>,
}

impl Missing {
    /// What is missing, in sentences.
    pub fn lines(&self) -> Vec<String> {
        let number = render::words::number;
        let kept = self.kept_in.display();
        let mut lines = Vec::new();
        if self.split {
            lines.push(format!(
                "Two histories were signed under the name {}: a checkpoint over {} entries that is kept in {kept} is not of this one.",
                self.origin,
                number(self.there)
            ));
            lines.push(
                "A copy of this installation, or an older backup of it, went on by itself. Where the two part cannot be told from a checkpoint alone.".to_owned(),
            );
        } else if self.whole {
            lines.push(format!(
                "The folder of the log is older than what was signed ({} entries, kept in {kept}). The database has every event: nothing is lost.",
                number(self.there)
            ));
        } else {
            lines.push(format!(
                "The log {} was signed over {} entries (kept in {kept}); {} are here.",
                self.origin,
                number(self.there),
                number(self.here)
            ));
            lines.push(format!(
                "Missing: entries {} to {}, {}.",
                self.here,
                self.there.saturating_sub(1),
                match &self.since {
                    Some(since) => format!("everything after {since}"),
                    None => "everything".to_owned(),
                }
            ));
        }
        lines
    }
}

impl Reconciled {
    /// What was done and what is left to do.
    pub fn lines(&self) -> Vec<String> {
        let number = render::words::number;
        let Some(entry) = self.entry else {
            return vec![format!(
                "● The folder of the log was written anew from the database: {} entries, as they were signed. Nothing is lost.",
                number(self.entries)
            )];
        };
        vec![
            format!(
                "● The log goes on as {}: {} entries, every one of them checked",
                self.origin,
                number(self.entries)
            ),
            format!("  Entry {entry} says what was lost and why. The old name is not signed with again."),
            format!("  Publish this key beside the old one: {}", self.key),
            "  Proofs and certificates made under the old name stay valid under the old key.".to_owned(),
            "! Erasures that were completed in what is lost are not known here any more. If a system was".to_owned(),
            "  restored too, these people are in it again: ask again for each of whom you hold a certificate.".to_owned(),
            "  For the erasures that are still known: `upheld replay --plan`".to_owned(),
        ]
    }
}

impl House {
    /// Where the log's last checkpoint is kept beside the log itself.
    pub(crate) fn anchors(&self) -> Vec<Anchor> {
        let own = self.means.anchors.as_deref().map(Anchor::own);
        match &self.settings.anchors {
            None => own.into_iter().collect(),
            Some(named) => named
                .iter()
                .filter_map(|name| match name.as_str() {
                    OWN => own.clone(),
                    path => Some(Anchor::elsewhere(&self.folder.join(path))),
                })
                .collect(),
        }
    }

    /// Where each anchor stands.
    pub async fn anchored(&self) -> Result<Vec<Anchored>> {
        let state = self.state_as_found().await?;
        Ok(self.ledger(&state)?.anchors(&state.vault).await?)
    }

    /// Compares the checkpoints in a file (a certificate, a proof, a status, the checkpoint of an
    /// export) with the log. One that is ahead of it is remembered, and stops the log.
    pub async fn compare_with(&self, file: &Path) -> Result<Compared> {
        let state = self.state_as_found().await?;
        let ledger = self.ledger(&state)?;
        let bytes = std::fs::read(file).map_err(Error::file("cannot read", file))?;
        let text = String::from_utf8_lossy(&bytes);
        let found = evidence::checkpoints_in(&text);
        if found.is_empty() {
            return Err(Error::Refused(format!(
                "there is no signed checkpoint in `{}`: name a certificate, a record of destruction, a proof or the file `checkpoint` of an exported log",
                file.display()
            )));
        }
        let mut stands = Vec::new();
        for checkpoint in found {
            stands.push(ledger.compare(&checkpoint, &state.vault).await?);
        }
        Ok(Compared { file: file.to_owned(), stands })
    }

    /// What was signed and is not here; `None` if nothing is missing. Changes nothing.
    pub async fn missing(&self) -> Result<Option<Missing>> {
        let state = self.state_as_found().await?;
        let gap = self.ledger(&state)?.gap(&state.store, &state.vault).await?;
        gap.map(|gap| self.tell(&state, &gap)).transpose()
    }

    /// Goes on after a restore: writes the folder of the log anew if nothing is lost; else ends the
    /// log, and begins one with a new name whose next entry says what was lost and why.
    pub async fn reconcile(&self, reason: &str) -> Result<Reconciled> {
        let state = self.state_as_found().await?;
        let ledger = self.ledger(&state)?;
        let Some(gap) = ledger.gap(&state.store, &state.vault).await? else {
            return Err(Error::Refused(
                "nothing is missing: folder, database and anchors fit together".to_owned(),
            ));
        };
        let missing = self.tell(&state, &gap)?;
        if gap.is_whole() {
            ledger.rebuild(&state.store, &state.vault, &gap.checkpoint).await?;
            let sealed = ledger.seal_pending(&state.store, &state.vault).await?;
            ledger.verify(&state.store, &state.vault).await?;
            return Ok(Reconciled {
                missing,
                origin: state.origin.clone(),
                key: self.log_key(&state)?,
                entries: sealed.size,
                entry: None,
            });
        }
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Error::Refused(
                "give a reason: it stands in the entry that says what was lost".to_owned(),
            ));
        }
        let (state, entry) = self.begin_anew(state, &gap, reason).await?;
        let ledger = self.ledger(&state)?;
        let sealed = ledger.seal_pending(&state.store, &state.vault).await?;
        ledger.verify(&state.store, &state.vault).await?;
        Ok(Reconciled {
            missing,
            origin: state.origin.clone(),
            key: self.log_key(&state)?,
            entries: sealed.size,
            entry: Some(entry),
        })
    }

    /// Gives the log another name, and says why, in one transaction. INVARIANT: the name is new even
    /// if this very backup was reconciled before, so nothing can have been signed under it.
    async fn begin_anew(&self, mut state: State, gap: &Gap, reason: &str) -> Result<(State, u64)> {
        let rng = state.means().rng.clone();
        let (origin, folder) = new_origin(rng.as_ref());
        let about = json!({
            "kind": RECONCILED,
            "about": {
                "old_log": state.origin,
                "old_log_checkpoint": gap.checkpoint,
                "entries_here": gap.here,
                "entries_signed": gap.there,
                "two_histories": gap.split,
                "new_log": origin,
                "reason": reason,
            },
        });
        let mut salt = [0; 32];
        rng.fill(&mut salt);
        let event = Event {
            id: store::new_id(rng.as_ref()),
            organisation: String::new(),
            kind: RECONCILED.to_owned(),
            case: None,
            at: state.means().clock.now(),
            body: canonical(&about),
            salt,
        };
        let place = Place { origin, folder };
        let mut tx = state.store.begin().await?;
        place.save(&mut tx).await?;
        tx.begin_new_ledger().await?;
        let entry = tx.append_event(&event).await?;
        tx.commit().await?;
        state.move_to(place);
        Ok((state, entry))
    }

    fn tell(&self, state: &State, gap: &Gap) -> Result<Missing> {
        let zone = self.zone()?;
        Ok(Missing {
            origin: state.origin.clone(),
            here: gap.here,
            there: gap.there,
            split: gap.split,
            whole: gap.is_whole(),
            kept_in: gap.place.clone(),
            since: gap.since.map(|at| render::words::moment(at, &zone)),
        })
    }

    /// Refuses to work on a state that an older backup brought back, before anything is done.
    pub(crate) async fn check_standing(&self, state: &State) -> Result<()> {
        let ledger = self.ledger(state)?;
        match ledger.check_standing(&state.store, &state.vault).await {
            Ok(()) => Ok(()),
            Err(
                error @ (evidence::Error::Behind { .. }
                | evidence::Error::Split { .. }
                | evidence::Error::Restored(_)),
            ) => {
                let since = self.last_moment(state).await?;
                Err(Error::Refused(format!(
                    "{error}{since}. Nothing was done. `upheld ledger reconcile` explains what is missing and what can be done"
                )))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn last_moment(&self, state: &State) -> Result<String> {
        let mut tx = state.store.read().await?;
        let count = tx.event_count().await?;
        let last = tx.outlines_from(count.saturating_sub(1), 1).await?;
        tx.rollback().await?;
        let Some(last) = last.first() else { return Ok("; the database here is empty".to_owned()) };
        Ok(format!("; the last event here is of {}", render::words::moment(last.at, &self.zone()?)))
    }

    /// The log, with its anchors.
    pub(crate) fn ledger(&self, state: &State) -> Result<Ledger> {
        Ok(Ledger::open(&state.log_folder(), &state.origin)?.anchored(self.anchors()))
    }
}
