//! Which kinds are looked for, and which values do not count.

use std::collections::BTreeMap;
use std::path::Path;

use detect::{AllowList, Choice, DetectOptions, Detector, KindRef, OwnKind};
use ner::Model;
use sha2::{Digest as _, Sha256};

use super::{ModelWish, Wish};
use crate::settings::{ModelSettings, Settings};
use crate::{Error, Result};

/// The kinds that there are: the built-in ones, and those of the user.
pub(super) fn known(own: &[OwnKind]) -> Result<Vec<KindRef>> {
    let options = DetectOptions { own: own.to_vec(), ..DetectOptions::default() };
    let detector = Detector::new(&options).map_err(|error| Error::Refused(error.to_string()))?;
    Ok(detector.kinds().collect())
}

/// The detector that was asked for.
pub(super) fn detector(wish: &Wish, own: &[OwnKind], known: &[KindRef]) -> Result<Detector> {
    let kinds = if wish.kinds.is_empty() {
        Choice::All
    } else {
        let chosen = chosen(&wish.kinds, known)?;
        Choice::Only(chosen.into_iter().map(|kind| kind.key().to_owned()).collect())
    };
    let options = DetectOptions {
        kinds,
        least_confidence: wish.least,
        own: own.to_vec(),
        allow: allowed(wish)?,
    };
    Detector::new(&options).map_err(|error| Error::Refused(error.to_string()))
}

/// The kinds that these names mean: a key (`contact.email`) or a family (`contact`).
pub(super) fn chosen(names: &[String], all: &[KindRef]) -> Result<Vec<KindRef>> {
    let mut chosen: Vec<KindRef> = Vec::new();
    for name in names {
        let name = name.trim().to_ascii_lowercase();
        let of = |kind: &&KindRef| kind.key() == name || family(kind.key()) == name;
        let found: Vec<KindRef> = all.iter().filter(of).copied().collect();
        if found.is_empty() {
            return Err(Error::Refused(unknown(&name, all)));
        }
        for kind in found {
            if !chosen.contains(&kind) {
                chosen.push(kind);
            }
        }
    }
    Ok(chosen)
}

fn family(key: &str) -> &str {
    key.split('.').next().unwrap_or(key)
}

/// A name that means nothing, with those that are nearest to it.
fn unknown(name: &str, all: &[KindRef]) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    let mut near: Vec<&str> = all
        .iter()
        .map(|kind| kind.key())
        .filter(|key| {
            key.contains(last) || key.rsplit('.').next().is_some_and(|end| last.contains(end))
        })
        .collect();
    let families = all.iter().map(|kind| family(kind.key()));
    let nearest = policy::nearest(name, all.iter().map(|kind| kind.key()).chain(families));
    if let Some(nearest) = nearest
        && !near.contains(&nearest)
    {
        near.insert(0, nearest);
    }
    near.truncate(4);
    if near.is_empty() {
        let mut families: Vec<&str> = all.iter().map(|kind| family(kind.key())).collect();
        families.dedup();
        return format!(
            "there is no kind or family `{name}`: the families are {}",
            families.join(", ")
        );
    }
    format!(
        "there is no kind or family `{name}`: did you mean {}?",
        near.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
    )
}

/// The model that was asked for, with the settings' where nobody asked for another.
pub(super) fn model(folder: &Path, wish: &Wish, known: &[KindRef]) -> Result<Option<Model>> {
    let settings = match &wish.model {
        ModelWish::None => return Ok(None),
        ModelWish::OfSettings => match Settings::read(folder)?.model {
            None => return Ok(None),
            Some(settings) => ModelSettings { path: folder.join(&settings.path), ..settings },
        },
        ModelWish::At(settings) => settings.clone(),
    };
    let mut labels = BTreeMap::new();
    for (label, key) in settings.labels {
        let kind = known.iter().find(|kind| kind.key() == key);
        let kind = kind.ok_or_else(|| Error::Refused(unknown(&key, known)))?;
        labels.insert(label, *kind);
    }
    Model::load(&settings.path, &labels)
        .map(Some)
        .map_err(|error| Error::Refused(error.to_string()))
}

/// The values that do not count, from their file.
fn allowed(wish: &Wish) -> Result<AllowList> {
    let mut allow = AllowList::default();
    let Some(file) = &wish.allow else { return Ok(allow) };
    let text = std::fs::read_to_string(file).map_err(Error::file("cannot read", file))?;
    for line in
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if line.starts_with('@') || line.starts_with("*") {
            allow.endings.push(line.trim_start_matches('*').to_owned());
        } else {
            allow.values.push(line.to_owned());
        }
    }
    Ok(allow)
}

/// What findings depend on beside the file: of another one the last findings do not count.
pub(super) fn digest(wish: &Wish, own: &[OwnKind], model: Option<&Model>) -> Result<String> {
    let allow = allowed(wish)?;
    let labels = model.map(Model::labels);
    let mut files = Vec::new();
    for file in model.map(Model::files).unwrap_or_default() {
        let bytes = std::fs::read(&file).map_err(Error::file("cannot read", &file))?;
        files.push(Sha256::digest(&bytes).to_vec());
    }
    let kinds: Vec<&str> = detect::kinds().map(KindRef::key).collect();
    let all = format!(
        "{} {:?} {} {kinds:?} {own:?} {:?} {:?} {labels:?} {files:?}",
        env!("CARGO_PKG_VERSION"),
        wish.kinds,
        wish.least,
        allow.values,
        allow.endings
    );
    Ok(Sha256::digest(all.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}
