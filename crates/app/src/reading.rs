//! What a server reads once and shows many times: the policy, the notice and its versions.

use std::path::Path;
use std::time::SystemTime;

use policy::quote::Document;
use policy::{Form, Notice, PastVersion, Policy, Sources};
use render::coverage::{Promise, Section};

use crate::house::House;
use crate::{Centre, Error, Result, Serve};

/// The policy folder as it was read, with everything that pages show of it.
#[derive(Debug)]
pub struct Reading {
    /// The policy.
    pub policy: Policy,
    /// The zone in which moments are written out.
    pub zone: render::Zone,
    /// The versions before this one whose text is in the folder, newest first.
    pub past: Vec<PastNotice>,
    /// The folder's state when it was read.
    seen: Seen,
}

/// A version of the notice that no longer holds.
#[derive(Debug)]
pub struct PastNotice {
    /// Its version, in the organisation's own words.
    pub version: String,
    /// The day from which it held.
    pub effective: jiff::civil::Date,
    /// When it was announced.
    pub announced: Option<jiff::civil::Date>,
    /// Its sentences; none if its text is not in the folder.
    pub notice: Option<Notice>,
}

/// Names, lengths and times of the files of a policy folder: whether one was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen(Vec<(String, u64, Option<SystemTime>)>);

impl Reading {
    /// Whether the folder is still as it was read.
    pub fn is_of(&self, seen: &Seen) -> bool {
        self.seen == *seen
    }

    /// The sections of a version of the notice, with those promises that `shown` gives.
    pub fn sections(
        &self,
        notice: &Notice,
        shown: &dyn Fn(&policy::Promise) -> Option<Promise>,
    ) -> Vec<Section> {
        crate::status::sections(notice, &|id| shown(self.policy.promise(id)?))
    }
}

impl House {
    /// Reads the policy folder for pages.
    pub fn reading(&self) -> Result<Reading> {
        let seen = self.seen()?;
        let sources = self.sources()?;
        let policy = Self::sound(&sources, false)?;
        let past = policy.notice.past.iter().map(|past| version(past, &sources)).collect();
        Ok(Reading { policy, zone: self.zone()?, past, seen })
    }

    /// The files of the folder as they are now.
    pub fn seen(&self) -> Result<Seen> {
        let mut files = Vec::new();
        for folder in ["", "systems", "past"] {
            look(&self.folder.join(folder), folder, &mut files)?;
        }
        files.sort();
        Ok(Seen(files))
    }

    /// How a server is reached.
    pub fn serve_settings(&self) -> &Serve {
        &self.settings.serve
    }

    /// How often the API may be called.
    pub fn api_settings(&self) -> &crate::Api {
        &self.settings.api
    }

    /// What the public sees.
    pub fn centre_settings(&self) -> &Centre {
        &self.settings.centre
    }

    /// The present moment.
    pub fn now(&self) -> model::Micros {
        self.means.clock.now()
    }

    /// A fresh number for something that is not kept, as an answer of the server.
    pub fn new_number(&self) -> String {
        store::new_id(self.means.rng.as_ref())
    }

    /// The token with which metrics are read from afar, if there is one.
    pub fn metrics_token(&self) -> Result<Option<model::Secret<String>>> {
        let Some(source) = &self.settings.serve.metrics_token else { return Ok(None) };
        crate::settings::secret_at(source, &*self.means.environment).map(Some).map_err(|message| {
            Error::Settings {
                file: self.folder.join("upheld.toml"),
                message: format!("`metrics_token`: {message}"),
            }
        })
    }

    /// Whether the state can be used: the database answers, the keys open, and the log is not ahead
    /// of what the database knows.
    pub async fn ready(&self) -> Result<()> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        tx.ledger_state().await?;
        tx.rollback().await?;
        self.log_key(&state)?;
        self.check_standing(&state).await
    }
}

/// A version before this one, with its sentences.
fn version(past: &PastVersion, sources: &Sources) -> PastNotice {
    let text = |file: &String| {
        let text = sources.get(file).or_else(|| sources.get(&format!("past/{file}")))?;
        Some(Notice::of(&Document::new(text, Form::of(file)?)))
    };
    PastNotice {
        version: past.version.clone(),
        effective: past.effective,
        announced: past.announced,
        notice: past.file.as_ref().and_then(text),
    }
}

/// Notes the files of one folder; a folder that is not there has none.
fn look(
    folder: &Path,
    name: &str,
    files: &mut Vec<(String, u64, Option<SystemTime>)>,
) -> Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::file("cannot read", folder)(error)),
    };
    for entry in entries.flatten() {
        let Ok(found) = entry.metadata() else { continue };
        if found.is_file() {
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            files.push((name, found.len(), found.modified().ok()));
        }
    }
    Ok(())
}
