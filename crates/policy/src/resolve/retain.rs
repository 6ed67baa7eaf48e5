//! Retention rules: each names its period, what it counts from, and what becomes of a due row.

use crate::file::classification::ClassRow;
use crate::file::system::{Dataset, DatasetCollection, RetainEntry};
use crate::map::{FieldPath, When};
use crate::retention::{ClientEvent, CountFrom, Disposal, Retain};
use crate::words::OneOrMany;
use crate::yaml::Path;

use super::Reporter;
use super::system::{Here, inference};

impl Here<'_> {
    /// One rule, or nothing if it cannot be understood.
    pub(super) fn retain(
        &self,
        report: &mut Reporter<'_>,
        dataset: &Dataset,
        collection: &DatasetCollection,
        entry: &RetainEntry,
        row: Option<&ClassRow>,
        at: &Path<'_>,
    ) -> Option<Retain> {
        let max = entry.max.or(row.and_then(|row| row.max));
        let from = self.count_from(report, collection, entry, at);
        let fields = || collection.fields.iter().map(|field| field.name.as_str());
        let when_at = at.key("when");
        for column in entry.when.keys() {
            report.must_be_known("field", column, fields(), &when_at.key(column));
        }
        let with_at = at.key("with");
        for (index, name) in entry.with.iter().enumerate() {
            let known = dataset.collections.iter().map(|other| other.name.as_str());
            let others = known.filter(|other| *other != collection.name);
            report.must_be_known("collection", name, others, &with_at.item(index));
        }
        if let Some(Disposal::Aggregate { by }) = &entry.method {
            let method_at = at.key("method");
            let aggregate_at = method_at.key("aggregate");
            let by_at = aggregate_at.key("by");
            for (index, column) in by.iter().enumerate() {
                report.must_be_known("field", column, fields(), &by_at.item(index));
            }
        }
        let inferred = entry.inferred.as_ref().map(|guess| {
            let question = format!(
                "shall rows of `{}` be disposed of when they are older than their time from `{}`",
                collection.name, entry.from
            );
            self.open_question(report, guess, &at.key("inferred"), &question);
            inference(guess)
        });
        let Some(max) = max else {
            if self.names.rows.is_some() {
                let help = "write `max:`, or give the collection a `class:` that has one";
                let message = "this does not say how long".to_owned();
                report.error("missing-key", at, message, Some(help.to_owned()));
            }
            return None;
        };
        let when = entry.when.iter().map(|(column, any_of)| When {
            column: column.clone(),
            any_of: any_of.as_slice().to_vec(),
        });
        Some(Retain {
            max,
            from: from?,
            method: entry.method.clone().unwrap_or(Disposal::Delete),
            when: when.collect(),
            with: entry.with.clone(),
            inferred,
        })
    }

    fn count_from(
        &self,
        report: &mut Reporter<'_>,
        collection: &DatasetCollection,
        entry: &RetainEntry,
        at: &Path<'_>,
    ) -> Option<CountFrom> {
        let from_at = at.key("from");
        if collection.fields.iter().any(|field| field.name == entry.from) {
            return Some(CountFrom::Column(entry.from.clone()));
        }
        let client = match entry.from.as_str() {
            "file" => return Some(CountFrom::File),
            "client.agreement_end" => Some(ClientEvent::AgreementEnd),
            "client.service_end" => Some(ClientEvent::ServiceEnd),
            _ => None,
        };
        if client.is_none() && !entry.from.contains('.') {
            let fields = collection.fields.iter().map(|field| field.name.as_str());
            report.must_be_known("field", &entry.from, fields, &from_at);
            return None;
        }
        let Some(by) = &entry.by else {
            let message = format!("this does not say how a row leads to `{}`", entry.from);
            let help = "add `by:` with the column here that leads there".to_owned();
            report.error("missing-key", at, message, Some(help));
            return None;
        };
        let by_at = at.key("by");
        let fields = collection.fields.iter().map(|field| field.name.as_str());
        if !report.must_be_known("field", by, fields, &by_at) {
            return None;
        }
        let leads = self.leads(collection, by);
        if let Some(event) = client {
            let known = self.names.clients.as_deref().unwrap_or_default();
            let own = FieldPath {
                system: self.system.to_owned(),
                collection: collection.name.clone(),
                field: by.clone(),
            };
            let key = leads.into_iter().chain([own]).find(|path| known.contains(&path.to_string()));
            if key.is_none() && self.names.clients.is_some() {
                let message = format!("no client of clients.yaml is known by what `{by}` holds");
                let help = "write the field that `by` refers to below a client's `is:` (`crm.companies.id: \"42\"`)";
                report.error("unknown-name", &by_at, message, Some(help.to_owned()));
            }
            return Some(CountFrom::Client { event, by: by.clone(), key: key? });
        }
        let parts = OneOrMany::One(entry.from.clone());
        let event = match self.index.find_field(self.system, parts.as_slice()) {
            Ok(event) => event,
            Err(_) if self.index.partial => return None,
            Err((message, help)) => {
                report.error("unknown-name", &from_at, message, help);
                return None;
            }
        };
        let there =
            |path: &FieldPath| path.system == event.system && path.collection == event.collection;
        let Some(key) = leads.into_iter().find(there) else {
            let message =
                format!("`{by}` does not lead to `{}.{}`", event.system, event.collection);
            let help = format!("give the field `{by}` a reference to it");
            report.error("unknown-name", &by_at, message, Some(help));
            return None;
        };
        Some(CountFrom::Field { event, key: key.field, by: by.clone() })
    }

    /// The fields to which a column leads.
    fn leads(&self, collection: &DatasetCollection, column: &str) -> Vec<FieldPath> {
        let Some(field) = collection.fields.iter().find(|field| field.name == column) else {
            return Vec::new();
        };
        let ours = field.upheld.iter().flat_map(|add| &add.references);
        let ours =
            ours.filter_map(|entry| self.index.find_field(self.system, entry.to.as_slice()).ok());
        let fides = field.meta().into_iter().flat_map(|meta| &meta.references);
        let fides = fides.filter_map(|entry| {
            let system = self.index.systems.get(&entry.dataset)?;
            self.index.in_system(system, &entry.field).ok()
        });
        ours.chain(fides).collect()
    }
}
