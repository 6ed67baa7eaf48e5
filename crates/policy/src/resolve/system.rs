//! The data map: datasets become systems, and every reference finds its field.

use std::collections::{BTreeMap, BTreeSet};

use model::{DataType, IdentityKind, TableName};

use crate::file::classification::ClassRow;
use crate::file::system::{
    CollectionMeta, Dataset, DatasetCollection, DatasetField, FidesDirection, InferenceEntry,
    KeepEntry, ReferenceEntry, SystemFile,
};
use crate::finding::{Finding, Severity, nearest};
use crate::map::{
    Also, Collection, EraseField, EraseRows, Field, FieldPath, Inference, Keep, Reference, System,
    Tie, Travel, When,
};
use crate::source::{Files, Read};
use crate::taxonomy::Taxonomy;
use crate::words::OneOrMany;
use crate::yaml::Path;

use super::column::{data_type, free_text_by_default, nearest_row};
use super::names::{Index, index};
use super::register::{Names, known_purpose};
use super::{Reporter, mask, retaining};

/// The systems, and what [`System`] has no place for.
#[derive(Default)]
pub(crate) struct Resolved {
    pub(crate) systems: Vec<System>,
    /// fideslang data subjects by system.
    pub(crate) subjects: BTreeMap<String, Vec<String>>,
    /// Whether a file is broken, so that an unknown system may only be unread.
    pub(crate) partial: bool,
}

impl Resolved {
    /// Every field as `system.collection.field`.
    pub(crate) fn fields(&self) -> impl Iterator<Item = String> {
        self.systems.iter().flat_map(|system| {
            system.collections.iter().flat_map(move |collection| {
                let name = &collection.name;
                collection.fields.iter().map(move |f| format!("{}.{name}.{}", system.key, f.name))
            })
        })
    }

    /// Whether this is the full name of a field.
    pub(crate) fn has_field(&self, path: &str) -> bool {
        self.fields().any(|field| field == path)
    }
}

pub(super) struct Here<'a> {
    pub(super) index: &'a Index,
    pub(super) names: &'a Names,
    rows: &'a [ClassRow],
    pub(super) system: &'a str,
}

pub(crate) fn resolve(
    files: &Files<'_>,
    names: &Names,
    rows: &[ClassRow],
    findings: &mut Vec<Finding>,
) -> Resolved {
    let mut resolved = Resolved::default();
    let index = index(files, findings);
    resolved.partial = index.partial;
    let mut without_row: BTreeSet<String> = BTreeSet::new();
    for (file_key, state) in &files.systems {
        let Some(read) = state.good() else { continue };
        let one = read.content.dataset.len() == 1;
        for (position, dataset) in read.content.dataset.iter().enumerate() {
            let key = if one { file_key.clone() } else { dataset.fides_key.clone() };
            let here = Here { index: &index, names, rows, system: &key };
            let system = here.system(read, dataset, position, findings);
            here.report_rows(read, position, dataset, &system, &mut without_row, findings);
            retaining::check(read, position, dataset, &system, rows, findings);
            let subjects = dataset
                .data_subjects
                .iter()
                .chain(dataset.collections.iter().flat_map(|collection| &collection.data_subjects));
            let mut subjects: Vec<String> = subjects.cloned().collect();
            subjects.sort();
            subjects.dedup();
            if !subjects.is_empty() {
                resolved.subjects.insert(key.clone(), subjects);
            }
            resolved.systems.push(system);
        }
    }
    resolved
}

impl Here<'_> {
    fn system(
        &self,
        read: &Read<'_, SystemFile>,
        dataset: &Dataset,
        position: usize,
        findings: &mut Vec<Finding>,
    ) -> System {
        let mut report = Reporter::new(read, findings);
        let root = Path::ROOT;
        let list = root.key("dataset");
        let at = list.item(position);
        let head = read.content.system.clone().unwrap_or_default();
        report.must_be_words(
            Taxonomy::Category,
            &dataset.data_categories,
            &at.key("data_categories"),
        );
        report.must_be_words(Taxonomy::Subject, &dataset.data_subjects, &at.key("data_subjects"));
        let mut purposes = Vec::new();
        let head_at = root.key("system");
        let (head_uses, uses, older) =
            (head_at.key("purposes"), at.key("data_uses"), at.key("data_purposes"));
        for (words, path) in [
            (&head.purposes, &head_uses),
            (&dataset.data_uses, &uses),
            (&dataset.data_purposes, &older),
        ] {
            for (index, word) in words.iter().enumerate() {
                let data_use = known_purpose(&mut report, self.names, word, &path.item(index));
                if let Some(data_use) = data_use
                    && !purposes.contains(&data_use)
                {
                    purposes.push(data_use);
                }
            }
        }
        if let Some(known) = &self.names.recipients {
            let list = head_at.key("recipients");
            for (index, key) in head.recipients.iter().enumerate() {
                let known = known.iter().map(String::as_str);
                report.must_be_known("recipient", key, known, &list.item(index));
            }
        }
        let schema = dataset
            .meta()
            .and_then(|meta| {
                ["schema", "schema_name"].iter().find_map(|key| meta.namespace.get(*key))
            })
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        let list = at.key("collections");
        let mut collections = Vec::new();
        for (position, collection) in dataset.collections.iter().enumerate() {
            let at = list.item(position);
            collections.push(self.collection(&mut report, dataset, collection, schema, &at));
        }
        System {
            key: self.system.to_owned(),
            title: head
                .title
                .or_else(|| dataset.name.clone())
                .unwrap_or_else(|| self.system.to_owned()),
            application: head.application,
            schema: head.schema,
            purposes,
            source: head.source,
            backups: head.backups,
            recipients: head.recipients,
            region: head.region,
            mechanism: head.mechanism,
            accounts: head.accounts,
            at_rest: head.at_rest,
            collections,
        }
    }

    fn collection(
        &self,
        report: &mut Reporter<'_>,
        dataset: &Dataset,
        collection: &DatasetCollection,
        schema: &str,
        at: &Path<'_>,
    ) -> Collection {
        report.must_be_words(
            Taxonomy::Category,
            &collection.data_categories,
            &at.key("data_categories"),
        );
        report.must_be_words(
            Taxonomy::Subject,
            &collection.data_subjects,
            &at.key("data_subjects"),
        );
        let add = collection.upheld.clone().unwrap_or_default();
        let add_at = at.key("upheld");
        let none = CollectionMeta::default();
        let meta = collection.meta().unwrap_or(&none);
        let meta_at =
            at.key(if collection.fides_meta.is_some() { "fides_meta" } else { "fidesops_meta" });
        let table = match &add.table {
            Some(OneOrMany::One(table)) => match table.split_once('.') {
                Some((schema, table)) => TableName::new(schema, table),
                None => TableName::new(schema, table),
            },
            Some(OneOrMany::Many(parts)) if let [schema, table] = parts.as_slice() => {
                TableName::new(schema, table)
            }
            Some(OneOrMany::Many(parts)) if let [table] = parts.as_slice() => {
                TableName::new(schema, table)
            }
            Some(_) => {
                let message = "a table's name is `table`, `schema.table` or `[schema, table]`";
                report.error("wrong-form", &add_at.key("table"), message.to_owned(), None);
                TableName::new(schema, &collection.name)
            }
            // A collection without a table of its own is named like its table.
            None => TableName::new(schema, &collection.name),
        };
        let row = add
            .class
            .as_deref()
            .and_then(|class| self.known_row(report, class, &add_at.key("class")));
        let keep_at = add_at.key("keep");
        let keep = add
            .keep
            .as_ref()
            .map(OneOrMany::as_slice)
            .unwrap_or_default()
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| {
                self.keep(report, collection, entry, row, &keep_at.item(index))
            })
            .collect();
        let retain_at = add_at.key("retain");
        let retain = add
            .retain
            .as_ref()
            .map(OneOrMany::as_slice)
            .unwrap_or_default()
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| {
                let at = retain_at.item(index);
                self.retain(report, dataset, collection, entry, row, &at)
            })
            .collect();
        let mut erase_after = Vec::new();
        let (ours, theirs) = (add_at.key("erase_after"), meta_at.key("erase_after"));
        for (names, path) in [(&add.erase_after, &ours), (&meta.erase_after, &theirs)] {
            for (index, name) in names.iter().enumerate() {
                match self.index.find_collection(self.system, name) {
                    Ok((system, collection)) => erase_after.push(format!("{system}.{collection}")),
                    Err(_) if self.index.partial => {}
                    Err(help) => {
                        let message = format!("there is no collection `{name}`");
                        report.error("unknown-name", &path.item(index), message, help);
                    }
                }
            }
        }
        let deletes = meta.masking_strategy_override.is_some();
        let erase =
            add.erase.unwrap_or(if deletes { EraseRows::Delete } else { EraseRows::Fields });
        let skip = add.skip.or_else(|| {
            meta.skip_processing.then(|| "the map leaves it out (`skip_processing`)".to_owned())
        });
        let list = at.key("fields");
        let fields: Vec<Field> = collection
            .fields
            .iter()
            .enumerate()
            .map(|(index, field)| {
                self.field(report, dataset, collection, field, row, &list.item(index))
            })
            .collect();
        self.report_identities(report, &fields, &list);
        Collection {
            name: collection.name.clone(),
            title: add.title.unwrap_or_else(|| spoken(&collection.name)),
            table,
            erase,
            keep,
            class: add.class,
            retain,
            source: add.source,
            soft_delete: add.soft_delete,
            skip,
            erase_after,
            fields,
        }
    }

    fn known_row(
        &self,
        report: &mut Reporter<'_>,
        class: &str,
        path: &Path<'_>,
    ) -> Option<&ClassRow> {
        let rows = self.names.rows.as_ref()?;
        report.must_be_known(
            "row of the classification",
            class,
            rows.iter().map(String::as_str),
            path,
        );
        self.rows.iter().find(|row| row.key == class)
    }

    fn keep(
        &self,
        report: &mut Reporter<'_>,
        collection: &DatasetCollection,
        entry: &KeepEntry,
        row: Option<&ClassRow>,
        at: &Path<'_>,
    ) -> Option<Keep> {
        let fields = collection.fields.iter().map(|field| field.name.as_str());
        report.must_be_known("field", &entry.from, fields, &at.key("from"));
        let of_row = row.and_then(|row| row.keep.as_ref());
        let period = entry.period.or(of_row.map(|keep| keep.period));
        let because = entry.because.clone().or_else(|| of_row.map(|keep| keep.because.clone()));
        let (Some(period), Some(because)) = (period, because) else {
            if self.names.rows.is_some() {
                let message = "this does not say how long and why".to_owned();
                let help = "write `for:` and `because:`, or give the collection a `class:` that has `keep:`";
                report.error("missing-key", at, message, Some(help.to_owned()));
            }
            return None;
        };
        let inferred = entry.inferred.as_ref().map(|guess| {
            let question = format!(
                "shall rows of `{}` be kept for {period} from `{}`",
                collection.name, entry.from
            );
            self.open_question(report, guess, &at.key("inferred"), &question);
            inference(guess)
        });
        Some(Keep { period, from: entry.from.clone(), because, inferred })
    }

    fn field(
        &self,
        report: &mut Reporter<'_>,
        dataset: &Dataset,
        collection: &DatasetCollection,
        field: &DatasetField,
        collection_row: Option<&ClassRow>,
        at: &Path<'_>,
    ) -> Field {
        report.must_be_words(
            Taxonomy::Category,
            &field.data_categories,
            &at.key("data_categories"),
        );
        report.must_be_words(Taxonomy::Subject, &field.data_subjects, &at.key("data_subjects"));
        let add = field.upheld.clone().unwrap_or_default();
        let add_at = at.key("upheld");
        let meta = field.meta().cloned().unwrap_or_default();
        let meta_at =
            at.key(if field.fides_meta.is_some() { "fides_meta" } else { "fidesops_meta" });
        let primary_key = meta.primary_key.unwrap_or(false);
        let data_type = data_type(report, field, add.data_type, &meta_at.key("data_type"));

        let mut categories = field.data_categories.clone();
        self.nested(report, field, &mut categories, at);
        let leads = !meta.references.is_empty() || !add.references.is_empty();
        if categories.is_empty() && !primary_key && !leads {
            // A key that says "contact data" about a whole table must not make its row numbers
            // personal: they would be erased with it.
            categories = if collection.data_categories.is_empty() {
                dataset.data_categories.clone()
            } else {
                collection.data_categories.clone()
            };
        }
        if let Some(guess) = &add.category_guess {
            self.open_question(
                report,
                guess,
                &add_at.key("category_guess"),
                &format!(
                    "does `{}.{}` hold this: {}",
                    collection.name,
                    field.name,
                    titles(&categories)
                ),
            );
            if guess.confirmed == Some(false) {
                categories.clear();
            }
        }
        if categories.is_empty() {
            categories.push("system".to_owned());
        }

        let identity = meta.identity.as_deref().and_then(|word| {
            self.identity(report, word, data_type, field, &meta_at.key("identity"))
        });
        let by_name = add
            .class
            .as_deref()
            .and_then(|class| self.known_row(report, class, &add_at.key("class")));
        let row = by_name.or_else(|| nearest_row(self.rows, &categories)).or(collection_row);

        let masking_at = meta_at.key("masking_strategy_override");
        let theirs = meta.masking_strategy_override.as_ref().and_then(|masking| {
            Some((mask::from_fides(masking, report, &masking_at)?, &masking_at))
        });
        let erase_at = add_at.key("erase");
        let own = add.erase.clone().map(|erase| (erase, &erase_at)).or(theirs);
        if let Some((erase, path)) = &own
            && let Some((message, help)) = mask::cannot(erase, data_type, field)
        {
            report.error("cannot-mask", path, message, Some(help));
        }
        let free_text =
            add.free_text.unwrap_or_else(|| free_text_by_default(data_type, &categories));
        let mut resolved = Field {
            name: field.name.clone(),
            title: add.title.clone(),
            categories,
            class: row.map(|row| row.key.clone()),
            identity,
            primary_key,
            data_type,
            free_text,
            erase: own.map(|(erase, _)| erase),
            references: Vec::new(),
        };
        if resolved.erase.is_none() {
            resolved.erase = if meta.read_only == Some(true) && resolved.is_personal() {
                Some(EraseField::Keep("the map says that it cannot be changed".to_owned()))
            } else {
                row.and_then(|row| row.erase.clone()).filter(|erase| {
                    resolved.is_personal()
                        && !free_text
                        && mask::cannot(erase, data_type, field).is_none()
                })
            };
        }
        resolved.references = self.references(report, collection, field, at);
        resolved
    }

    /// What lies inside a nested value is said about the value as a whole.
    fn nested(
        &self,
        report: &mut Reporter<'_>,
        field: &DatasetField,
        categories: &mut Vec<String>,
        at: &Path<'_>,
    ) {
        let list = at.key("fields");
        for (index, part) in field.fields.iter().enumerate() {
            let at = list.item(index);
            report.must_be_words(
                Taxonomy::Category,
                &part.data_categories,
                &at.key("data_categories"),
            );
            for category in &part.data_categories {
                if !categories.contains(category) {
                    categories.push(category.clone());
                }
            }
            if part
                .meta()
                .is_some_and(|meta| meta.identity.is_some() || !meta.references.is_empty())
            {
                report.add(
                    Severity::Warning,
                    "nested-key",
                    &at.key("name"),
                    format!("no way is followed from inside the nested value `{}`", field.name),
                    Some("what it says about a person is found by the search by text".to_owned()),
                );
            }
            self.nested(report, part, categories, &at);
        }
    }

    fn identity(
        &self,
        report: &mut Reporter<'_>,
        word: &str,
        data_type: Option<DataType>,
        field: &DatasetField,
        at: &Path<'_>,
    ) -> Option<IdentityKind> {
        let Some(kind) = IdentityKind::from_key(word) else {
            let keys = IdentityKind::ALL.map(IdentityKind::key);
            let near = nearest(word, keys);
            let severity = if near.is_some() { Severity::Error } else { Severity::Warning };
            let help = near
                .map(|near| format!("did you mean `{near}`?"))
                .or_else(|| Some(format!("people are looked up by {}", keys.join(", "))));
            let message = format!("`{word}` is not an identity that people are looked up by");
            report.add(severity, "unknown-word", at, message, help);
            return None;
        };
        let fits = match kind {
            IdentityKind::AccountId => !matches!(
                data_type,
                Some(
                    DataType::Boolean
                        | DataType::Date
                        | DataType::Timestamp
                        | DataType::Time
                        | DataType::Json
                        | DataType::Number
                )
            ),
            IdentityKind::Phone => {
                matches!(
                    data_type,
                    None | Some(DataType::Text { .. } | DataType::Integer | DataType::Other)
                )
            }
            _ => matches!(
                data_type,
                None | Some(DataType::Text { .. } | DataType::Bytes { .. } | DataType::Other)
            ),
        };
        if !fits {
            let message = format!(
                "`{}` cannot hold an identity of kind `{}` by its type",
                field.name,
                kind.key()
            );
            let help = Some("correct the type, or take the identity away".to_owned());
            report.error("identity-type", at, message, help);
            return None;
        }
        Some(kind)
    }

    /// Two columns with the same account number are more often a slip than two numbers.
    fn report_identities(&self, report: &mut Reporter<'_>, fields: &[Field], list: &Path<'_>) {
        let mut seen: BTreeMap<IdentityKind, &str> = BTreeMap::new();
        for (index, field) in fields.iter().enumerate() {
            let Some(kind @ (IdentityKind::UserName | IdentityKind::AccountId)) = field.identity
            else {
                continue;
            };
            if let Some(first) = seen.get(&kind) {
                let item = list.item(index);
                report.add(
                    Severity::Warning,
                    "identity-twice",
                    &item.key("name"),
                    format!("`{first}` holds the same identity `{}`", kind.key()),
                    Some(
                        "a request looks in both; keep one if they are not the same thing"
                            .to_owned(),
                    ),
                );
            } else {
                seen.insert(kind, &field.name);
            }
        }
    }

    fn references(
        &self,
        report: &mut Reporter<'_>,
        collection: &DatasetCollection,
        field: &DatasetField,
        at: &Path<'_>,
    ) -> Vec<Reference> {
        let mut found = Vec::new();
        if let Some(meta) = field.meta() {
            let meta_at =
                at.key(if field.fides_meta.is_some() { "fides_meta" } else { "fidesops_meta" });
            let list = meta_at.key("references");
            for (index, entry) in meta.references.iter().enumerate() {
                let item = list.item(index);
                let Some(to) = self.fides_target(report, &entry.dataset, &entry.field, &item)
                else {
                    continue;
                };
                let travel = match entry.direction {
                    Some(FidesDirection::From) => Travel::Here,
                    Some(FidesDirection::To) => Travel::There,
                    None => Travel::Both,
                };
                found.push(Reference {
                    to,
                    also: Vec::new(),
                    travel,
                    when: Vec::new(),
                    tie: Tie::Own,
                    inferred: None,
                });
            }
        }
        if let Some(add) = &field.upheld {
            let add_at = at.key("upheld");
            let list = add_at.key("references");
            for (index, entry) in add.references.iter().enumerate() {
                found.extend(self.our_reference(
                    report,
                    collection,
                    field,
                    entry,
                    &list.item(index),
                ));
            }
        }
        found
    }

    fn our_reference(
        &self,
        report: &mut Reporter<'_>,
        collection: &DatasetCollection,
        field: &DatasetField,
        entry: &ReferenceEntry,
        at: &Path<'_>,
    ) -> Option<Reference> {
        let to = match self.index.find_field(self.system, entry.to.as_slice()) {
            Ok(to) => to,
            Err(_) if self.index.partial => return None,
            Err((message, help)) => {
                report.error("unknown-name", &at.key("to"), message, help);
                return None;
            }
        };
        let here = (self.system, &collection.name, &field.name);
        if (to.system.as_str(), &to.collection, &to.field) == here {
            let message = format!("`{}.{}` refers to itself", collection.name, field.name);
            report.error("contradiction", &at.key("to"), message, None);
            return None;
        }
        let when_at = at.key("when");
        let columns = || collection.fields.iter().map(|field| field.name.as_str());
        let mut when = Vec::new();
        for (column, values) in &entry.when {
            report.must_be_known("field", column, columns(), &when_at.name(column));
            when.push(When { column: column.clone(), any_of: values.as_slice().to_vec() });
        }
        let also_at = at.key("also");
        let mut also = Vec::new();
        for (column, other) in &entry.also {
            let at = also_at.key(column);
            report.must_be_known("field", column, columns(), &also_at.name(column));
            if let Some(there) = self.index.fields_of(&to.system, &to.collection) {
                report.must_be_known("field", other, there.iter().map(String::as_str), &at);
            }
            also.push(Also { here: column.clone(), there: other.clone() });
        }
        let inferred = entry.inferred.as_ref().map(|guess| {
            let question = format!("does `{}.{}` lead to `{to}`", collection.name, field.name);
            self.open_question(report, guess, &at.key("inferred"), &question);
            inference(guess)
        });
        Some(Reference {
            to,
            also,
            travel: entry.follow.unwrap_or(Travel::Both),
            when,
            tie: entry.tie.unwrap_or(Tie::Own),
            inferred,
        })
    }

    pub(super) fn open_question(
        &self,
        report: &mut Reporter<'_>,
        guess: &InferenceEntry,
        at: &Path<'_>,
        question: &str,
    ) {
        if inference(guess).is_open() {
            report.add(
                Severity::Question,
                "is-this-so",
                at,
                format!("{question}? ({} % sure: {})", guess.confidence, guess.reason),
                Some("add `confirmed: yes` or `confirmed: no`".to_owned()),
            );
        }
    }

    fn fides_target(
        &self,
        report: &mut Reporter<'_>,
        dataset: &str,
        field: &str,
        at: &Path<'_>,
    ) -> Option<FieldPath> {
        let Some(system) = self.index.systems.get(dataset) else {
            if !self.index.partial {
                let known = self.index.systems.keys().map(String::as_str);
                report.must_be_known("dataset", dataset, known, &at.key("dataset"));
            }
            return None;
        };
        match self.index.in_system(system, field) {
            Ok(path) => Some(path),
            Err((message, help)) => {
                report.error("unknown-name", &at.key("field"), message, help);
                None
            }
        }
    }

    /// Personal categories that no row of the matrix covers, each once.
    fn report_rows(
        &self,
        read: &Read<'_, SystemFile>,
        position: usize,
        dataset: &Dataset,
        system: &System,
        told: &mut BTreeSet<String>,
        findings: &mut Vec<Finding>,
    ) {
        if self.rows.is_empty() || self.names.rows.is_none() {
            return;
        }
        let mut report = Reporter::new(read, findings);
        let root = Path::ROOT;
        let list = root.key("dataset");
        let at = list.item(position);
        let collections_at = at.key("collections");
        for (c, (collection, source)) in
            system.collections.iter().zip(&dataset.collections).enumerate()
        {
            let collection_at = collections_at.item(c);
            let fields_at = collection_at.key("fields");
            for (f, (field, written)) in collection.fields.iter().zip(&source.fields).enumerate() {
                if field.class.is_some() || !field.is_personal() {
                    continue;
                }
                let field_at = fields_at.item(f);
                for category in &field.categories {
                    if told.insert(category.clone()) {
                        let word = if written.data_categories.is_empty() {
                            "name"
                        } else {
                            "data_categories"
                        };
                        report.add(
                            Severity::Warning,
                            "no-matrix-row",
                            &field_at.key(word),
                            format!("no row of classification.yaml covers `{category}`"),
                            Some("add the category to a row, or add a row".to_owned()),
                        );
                    }
                }
            }
        }
    }
}

pub(super) fn inference(entry: &InferenceEntry) -> Inference {
    Inference {
        confidence: entry.confidence,
        reason: entry.reason.clone(),
        confirmed: entry.confirmed,
    }
}

fn titles(categories: &[String]) -> String {
    let titles: Vec<String> = categories
        .iter()
        .map(|key| Taxonomy::Category.title(key).map_or_else(|| key.clone(), str::to_owned))
        .collect();
    titles.join(" or ")
}

/// `ticket_notes` as people say it.
fn spoken(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
