//! The log that proves what was done: sealed, checked, proved from, exported.

use std::future::Future;
use std::path::{Path, PathBuf};

use evidence::{Ledger, Verified, Verifier};
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
}

impl Checked {
    fn new(found: evidence::Result<Verified>, key: String, folder: &Path) -> Self {
        let (verified, wrong) = match found {
            Ok(verified) => (Some(verified), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Self { holds: wrong.is_none(), verified, wrong, key, folder: folder.to_owned() }
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

/// Checks an exported log without any database.
pub fn verify_folder(folder: &Path, key: &str) -> Result<Checked> {
    let verifier: Verifier = key.parse().map_err(|error| {
        Error::Refused(format!("the key is not the public key of a log: {error}"))
    })?;
    Ok(Checked::new(evidence::verify(folder, &verifier), verifier.to_string(), folder))
}

impl House {
    fn ledger(&self, state: &State) -> Result<Ledger> {
        Ok(Ledger::open(&self.ledger_folder(), &state.origin)?)
    }

    /// The log's public key, as it is published.
    pub(crate) fn log_key(&self, state: &State) -> Result<String> {
        Ok(self.ledger(state)?.verifier(&state.vault)?.to_string())
    }

    /// Seals every event that waits.
    pub(crate) async fn seal(&self, state: &State) -> Result<()> {
        self.ledger(state)?.seal_pending(&state.store, &state.vault).await?;
        Ok(())
    }

    /// Does the work, while what it proves is sealed within a second.
    pub(crate) async fn sealing<T>(
        &self,
        state: &State,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
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
        let state = self.state().await?;
        self.seal(&state).await?;
        let ledger = self.ledger(&state)?;
        let key = ledger.verifier(&state.vault)?.to_string();
        let found = ledger.verify(&state.store, &state.vault).await;
        Ok(Checked::new(found, key, ledger.path()))
    }

    /// Writes the proof of what became of a request.
    pub async fn prove(&self, request: &str, out: Option<PathBuf>) -> Result<Proved> {
        let state = self.state().await?;
        self.seal(&state).await?;
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
        self.seal(&state).await?;
        let ledger = self.ledger(&state)?;
        ledger.export(folder, &state.vault).await?;
        Ok(ledger.verifier(&state.vault)?.to_string())
    }

    pub(crate) async fn examine_ledger(&self, state: &State) -> Examined {
        let found = async {
            self.seal(state).await?;
            let ledger = self.ledger(state)?;
            Ok::<_, Error>(ledger.verify(&state.store, &state.vault).await)
        };
        let (healthy, says) = match found.await {
            Ok(Ok(verified)) => (true, format!("{} entries, all of them hold", verified.entries)),
            Ok(Err(evidence::Error::Empty(_))) => (true, "empty so far".to_owned()),
            Ok(Err(error)) => (false, error.to_string()),
            Err(error) => (false, error.to_string()),
        };
        Examined { what: "log".to_owned(), healthy, says: vec![says], ..Examined::default() }
    }
}
