//! The log that proves what was done: sealed, checked, proved from, exported.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;

pub use evidence::Anchored;
use evidence::{Stand, Verified, Verifier};
use render::certificate::LedgerPlace;
use serde::Serialize;

use crate::doctor::Examined;
use crate::house::{House, write_whole};
use crate::state::State;
use crate::{Error, Result};

/// What a check of the log found.
#[derive(Debug, Clone, Serialize)]
pub struct Checked {
    /// Whether everything holds.
    pub holds: bool,
    /// What was checked, if it holds.
    pub verified: Option<Verified>,
    /// What is wrong, if it does not.
    pub wrong: Option<String>,
    /// The log's public key.
    pub key: String,
    /// Where the log lies.
    pub folder: PathBuf,
    /// Where its last checkpoint is kept too, and how that stands to it.
    pub anchors: Vec<Anchored>,
}

impl Checked {
    fn new(found: evidence::Result<Verified>, key: String, folder: &Path) -> Self {
        let (verified, wrong) = match found {
            Ok(verified) => (Some(verified), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let folder = folder.to_owned();
        Self { holds: wrong.is_none(), verified, wrong, key, folder, anchors: Vec::new() }
    }

    /// The result in a few lines.
    pub fn lines(&self) -> Vec<String> {
        let Some(verified) = &self.verified else {
            let wrong = self.wrong.as_deref().unwrap_or("nothing was checked");
            return vec![format!("✕ The log does not hold: {wrong}")];
        };
        let mut lines = vec![format!(
            "● Every one of {} entries holds: hashes of {} tiles, root and signature of {}",
            render::words::number(verified.entries),
            verified.tiles + verified.bundles,
            verified.origin
        )];
        if verified.opened + verified.erased > 0 {
            lines.push(format!(
                "  {} open to what the database holds, {} were erased and are still proved",
                verified.opened, verified.erased
            ));
        }
        if verified.waiting > 0 {
            lines.push(format!("  {} event(s) wait to be sealed", verified.waiting));
        }
        lines.extend(self.anchors.iter().map(anchor_line));
        lines.push(format!("  Log: {}", self.folder.display()));
        lines.push(format!("  Key: {}", self.key));
        lines
    }
}

/// The proof of a request's entry, on disk.
#[derive(Debug, Clone)]
pub struct Proved {
    /// The `.tlog-proof` file.
    pub proof: PathBuf,
    /// The file that says what the entry stands for.
    pub opening: PathBuf,
    /// The entry's number.
    pub entry: u64,
    /// The log's public key.
    pub key: String,
}

/// Where an anchor stands, in a line.
pub fn anchor_line(anchor: &Anchored) -> String {
    let number = render::words::number;
    let place = anchor.place.display();
    match &anchor.stand {
        Stand::Holds { size } => {
            format!(
                "  Anchor {place}: the log begins with the {} entries kept there",
                number(*size)
            )
        }
        Stand::Empty => format!("  Anchor {place}: nothing of this log is kept there yet"),
        Stand::Ahead { size } => {
            format!("✕ Anchor {place}: {} entries were signed, more than are here", number(*size))
        }
        Stand::Split { size } => format!(
            "✕ Anchor {place}: another history of {} entries was signed under this name",
            number(*size)
        ),
        Stand::Unread { reason } => format!("  Anchor {place} was not looked at: {reason}"),
        Stand::Damaged { reason } => format!("✕ Anchor {place} cannot be used: {reason}"),
    }
}

/// Checks an exported log without any database.
pub fn verify_folder(folder: &Path, key: &str) -> Result<Checked> {
    let verifier: Verifier = key.parse().map_err(|error| {
        Error::Refused(format!("the key is not the public key of a log: {error}"))
    })?;
    Ok(Checked::new(evidence::verify(folder, &verifier), verifier.to_string(), folder))
}

impl House {
    /// The log's public key, as it is published.
    pub(crate) fn log_key(&self, state: &State) -> Result<String> {
        Ok(self.ledger(state)?.verifier(&state.vault)?.to_string())
    }

    /// Seals every event that waits, now: for those who read what is signed next.
    pub(crate) fn seal_now<'a>(
        &'a self,
        state: &'a State,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        // On the heap, and built once: half of all use cases end with it.
        Box::pin(async move {
            self.ledger(state)?.seal_pending(&state.store, &state.vault).await?;
            Ok(())
        })
    }

    /// Does the work, while what it proves is sealed within a second.
    pub(crate) async fn sealing<T>(
        &self,
        state: &State,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        if self.sealer.is_awake() {
            let result = work.await?;
            self.seal(state).await?;
            return Ok(result);
        }
        let ledger = self.ledger(state)?;
        let (done, stop) = tokio::sync::oneshot::channel::<()>();
        let until = async {
            drop(stop.await);
        };
        let work = async {
            let result = work.await;
            drop(done);
            result
        };
        let (result, sealed) =
            tokio::join!(work, ledger.keep_sealing(&state.store, &state.vault, until));
        let result = result?;
        sealed?;
        Ok(result)
    }

    /// Where an event stands in the log, with the checkpoint that covers it.
    pub(crate) async fn place_in_log(&self, state: &State, event: &str) -> Result<LedgerPlace> {
        let ledger = self.ledger(state)?;
        let proof = ledger.prove(&state.store, event).await?;
        let mut tx = state.store.read().await?;
        let known = tx.ledger_state().await?;
        tx.rollback().await?;
        Ok(LedgerPlace {
            origin: state.origin.clone(),
            index: proof.index,
            checkpoint: known.map(|known| known.checkpoint).unwrap_or_default(),
        })
    }

    /// Checks all of the log, and that it is what the database says.
    pub async fn verify_ledger(&self) -> Result<Checked> {
        let state = self.state_as_found().await?;
        let ledger = self.ledger(&state)?;
        let key = ledger.verifier(&state.vault)?.to_string();
        let found = async {
            // Sealing refuses what an older backup brought back.
            ledger.seal_pending(&state.store, &state.vault).await?;
            ledger.verify(&state.store, &state.vault).await
        };
        let mut checked = Checked::new(found.await, key, ledger.path());
        if checked.holds {
            checked.anchors = ledger.anchors(&state.vault).await?;
        }
        Ok(checked)
    }

    /// Writes the proof of what became of a request.
    pub async fn prove(&self, request: &str, out: Option<PathBuf>) -> Result<Proved> {
        let state = self.state().await?;
        self.seal_now(&state).await?;
        let id = self.whole_id(&state, request).await?;
        let mut tx = state.store.read().await?;
        let events = tx.events_of_case(&id).await?;
        tx.rollback().await?;
        let told = ["certificate issued", "package made", "request refused"];
        let last = events
            .iter()
            .rev()
            .find(|event| told.contains(&event.kind.as_str()))
            .or(events.last())
            .ok_or_else(|| crate::keeper::no_such(&id))?;
        let ledger = self.ledger(&state)?;
        let proof = ledger.prove(&state.store, &last.id).await?;
        let short = id.get(..8).unwrap_or(&id);
        let file = out.unwrap_or_else(|| PathBuf::from(format!("proof-{short}.tlog-proof")));
        let opening = file.with_extension("json");
        write_whole(&file, proof.text.as_bytes())?;
        let text = match &proof.opening {
            Some(opening) => opening.to_json()?,
            None => "null".to_owned(),
        };
        write_whole(&opening, text.as_bytes())?;
        Ok(Proved {
            proof: file,
            opening,
            entry: proof.index,
            key: ledger.verifier(&state.vault)?.to_string(),
        })
    }

    /// Copies the log into a folder for strangers; its public key.
    pub async fn export_ledger(&self, folder: &Path) -> Result<String> {
        let state = self.state().await?;
        self.seal_now(&state).await?;
        let ledger = self.ledger(&state)?;
        ledger.export(folder, &state.vault).await?;
        Ok(ledger.verifier(&state.vault)?.to_string())
    }

    pub(crate) async fn examine_ledger(&self, state: &State) -> Examined {
        let mut anchors = Vec::new();
        let found = async {
            let ledger = self.ledger(state)?;
            ledger.seal_pending(&state.store, &state.vault).await?;
            anchors = ledger.anchors(&state.vault).await?;
            Ok::<_, Error>(ledger.verify(&state.store, &state.vault).await)
        };
        let (healthy, says) = match found.await {
            Ok(Ok(verified)) => (true, format!("{} entries, all of them hold", verified.entries)),
            Ok(Err(evidence::Error::Empty(_))) => (true, "empty so far".to_owned()),
            Ok(Err(error)) => (false, error.to_string()),
            Err(error) => (false, error.to_string()),
        };
        let unread = anchors.iter().filter(|a| matches!(a.stand, Stand::Unread { .. }));
        let unseen = unread.map(|anchor| anchor_line(anchor).trim().to_owned()).collect();
        let mut says = vec![says];
        if anchors.is_empty() {
            says.push(
                "its last checkpoint is kept nowhere else: name `anchors` in upheld.toml, or an older backup that is restored goes unnoticed".to_owned(),
            );
        }
        Examined { what: "log".to_owned(), healthy, says, unseen, ..Examined::default() }
    }
}
