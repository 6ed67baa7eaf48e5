//! From files that are each well formed to one policy in which every name points at something.

mod column;
mod kinds;
mod limit;
mod mask;
mod names;
mod notice;
mod parties;
mod promise;
mod register;
mod retain;
mod retaining;
mod system;

pub(crate) use column::{free_text_by_default, nearest_row};
pub(crate) use kinds::kinds;

use crate::Policy;
use crate::file::classification::ClassRow;
use crate::finding::{self, Finding, Page, Severity, about_file, did_you_mean};
use crate::source::{Files, Read};
use crate::taxonomy::Taxonomy;
use crate::yaml::Path;

/// Checks everything that needs more than one file or more than one value.
pub(crate) fn resolve(files: &Files<'_>, findings: &mut Vec<Finding>) -> Option<Policy> {
    if matches!(files.policy, crate::source::State::Missing) {
        findings.push(about_file(
            Severity::Error,
            "missing-file",
            "policy.yaml",
            "there is no `policy.yaml`".to_owned(),
            Some("`upheld init` writes a starter policy folder".to_owned()),
        ));
    }
    let names = register::Names::of(files);
    register::check(files, &names, findings);
    let rows: &[ClassRow] =
        files.classification.good().map_or(&[], |read| read.content.rows.as_slice());
    let resolved = system::resolve(files, &names, rows, findings);
    parties::clients(files, &resolved, findings);
    let notice = notice::resolve(files, findings);
    let promises = promise::resolve(files, &names, &resolved, notice.as_ref(), findings);
    let policy = files.policy.good()?.content.clone();
    let recipients =
        files.recipients.good().map(|read| read.content.recipients.clone()).unwrap_or_default();
    let notice = notice?.with_promises(&promises);
    Some(Policy {
        organisation: policy.organisation,
        notice,
        places: policy.places,
        rights: policy.rights,
        purposes: policy.purposes,
        require_approval: policy.require_approval,
        cap: policy.cap,
        phone_country: policy.phone_country,
        statements: policy.statements,
        promises,
        classification: rows.to_vec(),
        recipients,
        systems: resolved.systems,
        data_subjects: resolved.subjects,
        clients: files.clients.good().map(|read| read.content.clients.clone()).unwrap_or_default(),
        children: policy.children,
    })
}

/// The systems alone.
pub(crate) fn systems(files: &Files<'_>, findings: &mut Vec<Finding>) -> Vec<crate::System> {
    system::resolve(files, &register::Names::of(files), &[], findings).systems
}

/// Adds findings about one file, by path.
pub(crate) struct Reporter<'a> {
    page: Page<'a>,
    tree: &'a crate::yaml::Node,
    damaged: bool,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new<T>(read: &'a Read<'_, T>, findings: &'a mut Vec<Finding>) -> Self {
        Self { page: read.page.clone(), tree: &read.tree, damaged: read.damaged, findings }
    }

    pub(crate) fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        path: &Path<'_>,
        message: String,
        help: Option<String>,
    ) {
        // What is missing from a damaged file may be what was left out of it.
        if self.damaged && code == "missing-key" {
            return;
        }
        finding::add(self.findings, || {
            self.page.finding(severity, code, self.tree.place(path), message, help)
        });
    }

    pub(crate) fn error(
        &mut self,
        code: &'static str,
        path: &Path<'_>,
        message: String,
        help: Option<String>,
    ) {
        self.add(Severity::Error, code, path, message, help);
    }

    /// A name that must be one of a list.
    pub(crate) fn must_be_known<'k>(
        &mut self,
        noun: &str,
        word: &str,
        known: impl Iterator<Item = &'k str> + Clone,
        path: &Path<'_>,
    ) -> bool {
        if known.clone().any(|candidate| candidate == word) {
            return true;
        }
        let help = did_you_mean(word, known.clone()).or_else(|| {
            let mut all: Vec<String> = Vec::new();
            for word in known.map(|word| format!("`{word}`")) {
                if !all.contains(&word) {
                    all.push(word);
                }
            }
            (1..=12).contains(&all.len()).then(|| format!("there is {}", all.join(", ")))
        });
        self.error("unknown-name", path, format!("there is no {noun} `{word}`"), help);
        false
    }

    /// A list of fideslang keys.
    pub(crate) fn must_be_words(&mut self, taxonomy: Taxonomy, keys: &[String], path: &Path<'_>) {
        for (index, key) in keys.iter().enumerate() {
            self.must_be_word(taxonomy, key, &path.item(index));
        }
    }

    /// A fideslang key.
    pub(crate) fn must_be_word(&mut self, taxonomy: Taxonomy, key: &str, path: &Path<'_>) {
        if taxonomy.knows(key) {
            return;
        }
        let help = did_you_mean(key, taxonomy.entries().map(|(known, _)| known));
        let message = format!("`{key}` is not a {} of fideslang", taxonomy.noun());
        self.error("unknown-fideslang-key", path, message, help);
    }

    /// Keys of one list: each may stand there once.
    pub(crate) fn must_differ<'k>(
        &mut self,
        noun: &str,
        list: &str,
        key_name: &str,
        keys: impl Iterator<Item = &'k str>,
    ) {
        let mut seen = std::collections::BTreeSet::new();
        let root = Path::ROOT;
        let list = root.key(list);
        for (index, key) in keys.enumerate() {
            if !seen.insert(key) {
                let item = list.item(index);
                let help = Some("give each a key of its own".to_owned());
                self.error(
                    "twice",
                    &item.key(key_name),
                    format!("the {noun} `{key}` is there already"),
                    help,
                );
            }
        }
    }
}
