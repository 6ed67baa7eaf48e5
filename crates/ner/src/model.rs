//! A token classifier, loaded.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use detect::KindRef;

use crate::engine::Engine;
use crate::error::{LoadError, RunError};
use crate::finder::Told;
use crate::folder::Folder;
use crate::labels::{Labels, Meaning};
use crate::spans::{Token, spans};
use crate::text::Text;
use crate::tokens::Tokens;
use crate::windows::windows;

/// Most tokens of one window, whatever the model could take: the work grows with its square.
const MOST: usize = 256;
/// Fewer leave no room for a text.
const FEWEST: usize = 8;

/// A token classifier.
pub struct Model {
    folder: Folder,
    tokens: Tokens,
    engine: Engine,
    labels: Labels,
    /// Tokens of a text in one window.
    window: usize,
}

impl Model {
    /// Loads a model from its folder or its `.onnx` file. `labels` says what labels mean that are not
    /// known, or are to mean something else: `LOC` → `contact.address`. Nothing is downloaded.
    ///
    /// # Errors
    /// A file is missing or unreadable, or it is no classifier of tokens that is understood; always,
    /// in a build without the engine.
    pub fn load(path: &Path, labels: &BTreeMap<String, KindRef>) -> Result<Self, LoadError> {
        let folder = Folder::find(path)?;
        let config = folder.read()?;
        let read = Labels::read(&config.labels, labels);
        if let Some(unknown) = labels.keys().find(|name| !read.knows(name)) {
            return Err(LoadError::Model(format!(
                "it has no label `{unknown}`: its labels are {}",
                read.names().join(", ")
            )));
        }
        if !read.tell_something() {
            return Err(LoadError::Model(format!(
                "none of its labels ({}) is known as a kind: say what they mean",
                read.names().join(", ")
            )));
        }
        let tokens = Tokens::load(&folder.tokenizer)?;
        let engine = Engine::load(&folder.onnx, config.labels.len(), config.pad)?;
        let most = [config.most, engine.fixed].into_iter().flatten().fold(MOST, usize::min);
        let around = tokens.before.len() + tokens.behind.len();
        if most < around + FEWEST {
            return Err(LoadError::Model(format!("it takes {most} tokens, which is too few")));
        }
        Ok(Self { folder, tokens, engine, labels: read, window: most - around })
    }

    /// The files that decide what it finds.
    pub fn files(&self) -> Vec<PathBuf> {
        self.folder.files()
    }

    /// What the model was loaded from: the `.onnx` file.
    pub fn path(&self) -> &Path {
        &self.folder.onnx
    }

    /// What its labels name, each with the kind of which it is reported.
    pub fn labels(&self) -> Vec<(String, Option<KindRef>)> {
        let kind = |meaning: &Meaning| match meaning {
            Meaning::Kind(kind) => Some(*kind),
            Meaning::AddressPart | Meaning::Nothing => None,
        };
        self.labels.things.iter().map(|(name, meaning)| (name.clone(), kind(meaning))).collect()
    }

    /// The labels that lead to no finding: they name no kind.
    pub fn unreported(&self) -> Vec<String> {
        self.labels.unreported()
    }

    /// What it finds in a text, by its place; no two overlap.
    pub(crate) fn find(&self, bytes: &[u8]) -> Result<Vec<Told>, RunError> {
        let text = Text::read(bytes);
        let pieces = self.tokens.of(&text.text).map_err(RunError)?;
        let mut judged = Vec::with_capacity(pieces.len());
        for window in windows(pieces.len(), self.window) {
            let part = pieces.get(window.tokens.clone()).unwrap_or_default();
            let mut ids = self.tokens.before.clone();
            ids.extend(part.iter().map(|piece| piece.id));
            ids.extend(&self.tokens.behind);
            let likely = self.engine.likely(&ids).map_err(RunError)?;
            let first = self.tokens.before.len() + window.judged.start - window.tokens.start;
            let of_text = likely.into_iter().skip(first);
            let pieces = pieces.get(window.judged.clone()).unwrap_or_default();
            judged.extend(pieces.iter().zip(of_text).map(|(piece, likely)| Token {
                start: piece.start,
                end: piece.end,
                likely,
            }));
        }
        let told = spans(&text.text, &judged, &self.labels).into_iter().filter_map(|span| {
            let Meaning::Kind(kind) = span.meaning else { return None };
            let (start, end) = (text.place(span.start), text.place(span.end));
            Some(Told { start, end, kind, confidence: percent(span.sure) })
        });
        Ok(told.collect())
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// 0 to 99: no model is sure.
fn percent(sure: f32) -> u8 {
    (0..=99).rev().find(|percent| f32::from(*percent) <= sure * 100.0).unwrap_or(0)
}
