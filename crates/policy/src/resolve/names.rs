//! Which systems, collections and fields there are, and which of them a name means.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, did_you_mean};
use crate::map::FieldPath;
use crate::source::Files;
use crate::yaml::Path;

use super::Reporter;

/// Which fields there are.
pub(super) struct Index {
    /// fides key or system key → system key.
    pub(super) systems: BTreeMap<String, String>,
    fields: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// Whether a file could not be read whole.
    pub(super) partial: bool,
}

pub(super) fn index(files: &Files<'_>, findings: &mut Vec<Finding>) -> Index {
    let mut index = Index { systems: BTreeMap::new(), fields: BTreeMap::new(), partial: false };
    for (file_key, state) in &files.systems {
        index.partial |= state.is_partial();
        let Some(read) = state.good() else { continue };
        let mut report = Reporter::new(read, findings);
        let root = Path::ROOT;
        let list = root.key("dataset");
        let one = read.content.dataset.len() == 1;
        if !one && read.content.system.is_some() {
            let message =
                "`system` describes one dataset, and this file holds another number of them";
            let help = Some("write each dataset into a file of its own".to_owned());
            report.error("contradiction", &root.key("system"), message.to_owned(), help);
        }
        for (position, dataset) in read.content.dataset.iter().enumerate() {
            let item = list.item(position);
            let key = if one { file_key } else { &dataset.fides_key };
            let taken = index.fields.contains_key(key)
                || index.systems.get(&dataset.fides_key).is_some_and(|other| other != key);
            if taken {
                let message =
                    format!("another file describes a system `{}` already", dataset.fides_key);
                report.error("twice", &item.key("fides_key"), message, None);
            }
            index.systems.insert(dataset.fides_key.clone(), key.clone());
            index.systems.insert(key.clone(), key.clone());
            let collections = index.fields.entry(key.clone()).or_default();
            let list = item.key("collections");
            for (position, collection) in dataset.collections.iter().enumerate() {
                let item = list.item(position);
                if collections.contains_key(&collection.name) {
                    let message = format!("the collection `{}` is there already", collection.name);
                    report.error("twice", &item.key("name"), message, None);
                }
                let fields = collections.entry(collection.name.clone()).or_default();
                let list = item.key("fields");
                for (position, field) in collection.fields.iter().enumerate() {
                    if !fields.insert(field.name.clone()) {
                        let item = list.item(position);
                        let message = format!("the field `{}` is there already", field.name);
                        report.error("twice", &item.key("name"), message, None);
                    }
                }
            }
        }
    }
    index
}

impl Index {
    /// `collection.field` in a system. Names may hold dots themselves, so every reading is tried.
    pub(super) fn in_system(
        &self,
        system: &str,
        text: &str,
    ) -> Result<FieldPath, (String, Option<String>)> {
        let empty = BTreeMap::new();
        let collections = self.fields.get(system).unwrap_or(&empty);
        let splits = || {
            text.match_indices('.')
                .filter_map(|(dot, _)| Some((text.get(..dot)?, text.get(dot + 1..)?)))
        };
        for (collection, field) in splits() {
            if collections.get(collection).is_some_and(|fields| fields.contains(field)) {
                return Ok(path(system, collection, field));
            }
        }
        // `collection.field.part`: a nested value is one field here.
        for (collection, rest) in splits() {
            let Some(fields) = collections.get(collection) else { continue };
            if let Some((field, _)) = rest.split_once('.')
                && fields.contains(field)
            {
                return Ok(path(system, collection, field));
            }
            let message = format!("`{collection}` has no field `{rest}`");
            return Err((message, did_you_mean(rest, fields.iter().map(String::as_str))));
        }
        let Some((collection, _)) = text.split_once('.') else {
            return Err((
                format!("`{text}` is not the name of a field"),
                Some("write it as `collection.field`".to_owned()),
            ));
        };
        let help = did_you_mean(collection, collections.keys().map(String::as_str));
        Err((format!("there is no collection `{collection}` in `{system}`"), help))
    }

    pub(super) fn find_field(
        &self,
        own: &str,
        parts: &[String],
    ) -> Result<FieldPath, (String, Option<String>)> {
        let form = || {
            Some(
                "write `collection.field`, `system.collection.field`, or these as a list"
                    .to_owned(),
            )
        };
        let exact = |system: &str, collection: &str, field: &str| {
            let fields = self.fields.get(system).and_then(|c| c.get(collection));
            if fields.is_some_and(|fields| fields.contains(field)) {
                return Ok(path(system, collection, field));
            }
            let help = fields.and_then(|f| did_you_mean(field, f.iter().map(String::as_str)));
            Err((format!("there is no field `{system}.{collection}.{field}`"), help))
        };
        match parts {
            [text] => {
                let here = self.in_system(own, text);
                if here.is_ok() {
                    return here;
                }
                for (dot, _) in text.match_indices('.') {
                    let (Some(system), Some(rest)) = (text.get(..dot), text.get(dot + 1..)) else {
                        continue;
                    };
                    if rest.contains('.')
                        && let Some(system) = self.systems.get(system)
                    {
                        return self.in_system(system, rest);
                    }
                }
                here
            }
            [collection, field] => exact(own, collection, field),
            [system, collection, field] => {
                let system = self.systems.get(system).map_or(system.as_str(), String::as_str);
                exact(system, collection, field)
            }
            _ => Err(("this is not the name of a field".to_owned(), form())),
        }
    }

    pub(super) fn fields_of(&self, system: &str, collection: &str) -> Option<&BTreeSet<String>> {
        self.fields.get(system)?.get(collection)
    }

    pub(super) fn find_collection(
        &self,
        own: &str,
        name: &str,
    ) -> Result<(String, String), Option<String>> {
        let has = |system: &str, collection: &str| {
            self.fields.get(system).is_some_and(|all| all.contains_key(collection))
        };
        if has(own, name) {
            return Ok((own.to_owned(), name.to_owned()));
        }
        for (dot, _) in name.match_indices('.') {
            if let (Some(system), Some(collection)) = (name.get(..dot), name.get(dot + 1..))
                && let Some(system) = self.systems.get(system)
                && has(system, collection)
            {
                return Ok((system.clone(), collection.to_owned()));
            }
        }
        Err(self.fields.get(own).and_then(|all| {
            did_you_mean(name.rsplit('.').next().unwrap_or(name), all.keys().map(String::as_str))
        }))
    }
}

fn path(system: &str, collection: &str, field: &str) -> FieldPath {
    FieldPath {
        system: system.to_owned(),
        collection: collection.to_owned(),
        field: field.to_owned(),
    }
}
