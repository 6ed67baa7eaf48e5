//! Looking into a system that nobody has described yet, and writing down what a person can work
//! with at once: collections, fields, categories, keys, and which row leads to which.
//!
//! Most applications declare no references at all, so most of a map is *inferred*: from names,
//! from types, and from whether the values of one column are found in another. Every inference
//! carries its reason and how sure it is; what is not sure is a question, and a search does not
//! follow it until somebody says yes.
//!
//! For applications that are known, a ready map ships with the project ([`known`]): it is taken
//! when the database has exactly the shape that it describes, and stops with the differences when
//! it has not.
//!
//! What is deliberately not here: any change to the system looked into, any value of a row in a
//! note, and the form in which a map is written to a file.
//!
//! ```
//! let maps = engine::discover::known();
//! assert!(maps.iter().any(|map| map.application.starts_with("request-tracker-5/")));
//! ```

mod about;
mod assemble;
mod bonds;
mod categories;
mod erasing;
mod known;
mod names;
mod polymorphic;
mod references;
mod retaining;
mod samples;
mod shape;
mod survey;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use connect::Connector;
use model::{Catalogue, Product};
use policy::{Inference, System, SystemFile};

pub use known::{KnownMap, known, recognise};
pub use shape::{differences, fingerprint};

/// How to look.
#[derive(Debug, Clone)]
pub struct Options {
    /// At most so many rows of each table are read as samples; none at all judges by names alone.
    pub sample_rows: u32,
    /// At most so many different values of a column are looked up in the table it may refer to.
    pub lookup_values: usize,
    /// The systems mapped already, so that people are tied together across systems.
    pub known: Vec<System>,
    /// Infer even where a ready map of this application exists.
    pub ignore_map: bool,
    /// The name people know the system by; its key where nobody gave one.
    pub title: Option<String>,
    /// How long records of money are kept and why, by the policy; seven years where it does not
    /// say.
    pub money_kept: Option<(policy::Period, String)>,
    /// The rows of the policy's matrix: what names a limit there is proposed as a rule by which
    /// old rows are disposed of.
    pub rows: Vec<policy::ClassRow>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            sample_rows: 500,
            lookup_values: 200,
            known: Vec::new(),
            ignore_map: false,
            title: None,
            money_kept: None,
            rows: Vec::new(),
        }
    }
}

/// How far the work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, in plain words.
    pub doing: String,
    /// How many steps of this sort are done.
    pub done: usize,
    /// Of how many.
    pub of: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovery {
    /// The map.
    pub system: System,
    /// How the categories came about: by collection and field, for everything that is not plainly
    /// `system`. Guesses below [`Inference::SURE`] are questions.
    pub categories: BTreeMap<(String, String), Inference>,
    /// What speaks for each of these.
    pub origins: BTreeMap<(String, String), Vec<Origin>>,
    /// What else a person should know, in the order of the collections.
    pub notes: Vec<Note>,
}

impl Discovery {
    /// How many questions wait for an answer.
    pub fn questions(&self) -> usize {
        let references = self
            .system
            .collections
            .iter()
            .flat_map(|collection| &collection.fields)
            .flat_map(|field| &field.references)
            .filter(|reference| reference.inferred.as_ref().is_some_and(Inference::is_open));
        let keeps = self
            .system
            .collections
            .iter()
            .flat_map(|collection| &collection.keep)
            .filter(|keep| keep.inferred.as_ref().is_some_and(Inference::is_open));
        let retains = self
            .system
            .collections
            .iter()
            .flat_map(|collection| &collection.retain)
            .filter(|rule| rule.inferred.as_ref().is_some_and(Inference::is_open));
        let categories = self.categories.values().filter(|guess| guess.is_open());
        let notes = self.notes.iter().filter(|note| note.kind == NoteKind::Question);
        references.count() + keeps.count() + retains.count() + categories.count() + notes.count()
    }

    /// Takes over what the map's file says, after people's words and answers were put into it, and
    /// the system that was read from it.
    pub fn told(&mut self, file: &SystemFile, system: Option<System>) {
        // What cannot be resolved stands in the file all the same, and `check` tells why.
        self.system = system.unwrap_or_else(|| self.system.clone());
        for collection in file.dataset.iter().flat_map(|dataset| &dataset.collections) {
            for field in &collection.fields {
                let key = (collection.name.clone(), field.name.clone());
                match field.upheld.as_ref().and_then(|add| add.category_guess.as_ref()) {
                    Some(guess) => {
                        if let Some(known) = self.categories.get_mut(&key) {
                            known.confirmed = guess.confirmed;
                        }
                    }
                    None => drop(self.categories.remove(&key)),
                }
            }
        }
    }
}

/// Where a proposal comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The name of the column, in its table.
    Name,
    /// The type that the database declares.
    Type,
    /// Values that were looked at.
    Values,
}

/// Something that a person should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What sort of note it is.
    pub kind: NoteKind,
    /// The collection, or `collection.field`.
    pub place: String,
    /// One plain sentence without a value of any row.
    pub says: String,
    /// How sure, in percent, where it was guessed.
    pub confidence: Option<u8>,
}

/// The sorts of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// A collection is left out.
    Skipped,
    /// Something could not be read or compared.
    NotRead,
    /// A way that is there and is not followed.
    NotFollowed,
    /// What a column holds, beyond its category.
    Content,
    /// The column from which the age of rows can count.
    Dated,
    /// Something runs in the database when rows change.
    Trigger,
    /// Something that a person must decide and the map cannot express as an inference.
    Question,
    /// A ready map was used.
    Map,
}

/// Why no map came about.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system could not be read.
    #[error(transparent)]
    Connect(#[from] connect::Error),
    /// The application is known, and its database differs from the map that ships for it.
    #[error("this looks like {title}, but its database differs from the map that ships for it (differences: {}); compare them, and connect again with `--ignore-map` to have the map inferred instead", differences.len())]
    Drifted {
        /// The application's name.
        title: String,
        /// The map (`request-tracker-5/1`).
        application: String,
        /// The differences in plain words.
        differences: Vec<String>,
    },
    /// A map that ships is not sound: an error of ours.
    #[error("the map `{application}` that ships with this program cannot be read: {why}")]
    Map {
        /// The map.
        application: String,
        /// What is wrong.
        why: String,
    },
    /// The detector could not be made: an error of ours.
    #[error(transparent)]
    Detect(#[from] detect::OptionError),
    /// There is nothing to map.
    #[error("the database holds no tables that this account can see")]
    Empty,
}

/// The result of looking.
pub type Result<T> = std::result::Result<T, Error>;

/// Looks into a system and proposes its map under this key.
pub async fn look_into(
    connector: &dyn Connector,
    key: &str,
    options: &Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Discovery> {
    progress(Progress { doing: "reading the shape of the database".to_owned(), done: 0, of: 1 });
    let catalogue = connector.catalogue().await?;
    if catalogue.tables.is_empty() {
        return Err(Error::Empty);
    }
    if !options.ignore_map
        && let Some(map) = recognise(&catalogue)
    {
        return map.adopt(&catalogue, key, options);
    }
    let mut notes = Vec::new();
    let mut survey = survey::Survey::of(&catalogue);
    survey.read_samples(connector, options, &mut notes, progress).await?;
    notes.extend(files_not_read(&catalogue));
    let mut found = references::declared(&survey);
    let more = references::inferred(
        &survey,
        &found,
        connector,
        options.lookup_values,
        &mut notes,
        progress,
    )
    .await;
    found.extend(more);
    found
        .extend(polymorphic::inferred(&survey, connector, options.lookup_values, &mut notes).await);
    assemble::mark_shared(&mut survey, &found);
    let finder = samples::Finder::new()?;
    let discovery = assemble::assemble(&survey, &catalogue, found, key, options, notes, finder);
    let mut discovery = assemble::tie_by_address(discovery, &survey, connector, options).await;
    retaining::propose(&mut discovery.system, &survey, &options.rows);
    progress(Progress { doing: "the map is made".to_owned(), done: 1, of: 1 });
    Ok(discovery)
}

/// In a folder, how many files are of no kind that is read.
fn files_not_read(catalogue: &Catalogue) -> Option<Note> {
    let other = catalogue
        .tables
        .iter()
        .find(|table| catalogue.product == Product::Files && table.column("not_read").is_some())?;
    (other.about_rows > 0).then(|| Note {
        kind: NoteKind::NotRead,
        place: other.name.table.clone(),
        says: format!(
            "{} of the folder's files are not read, so nobody is found or erased in them but by \
             their names; the collection `{}` lists them with the reason",
            other.about_rows, other.name.table
        ),
        confidence: None,
    })
}
