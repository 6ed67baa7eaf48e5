//! The record of processing that Article 30(1) of the GDPR asks for, worked out from the policy:
//! one row for each purpose, and beside the rows what no purpose was written down for.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::file::classification::{ClassRow, Sensitivity};
use crate::file::policy::{Contact, LegalBasis, Purpose};
use crate::file::recipients::{Recipient, RecipientClass};
use crate::map::System;
use crate::policy::Policy;
use crate::region;
use crate::retention::Retain;
use crate::taxonomy::Taxonomy;

/// The record of processing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProcessingRecord {
    /// The controller.
    pub controller: String,
    /// How it is reached.
    pub contact: Contact,
    /// The version of the notice beside which it stands.
    pub notice: String,
    /// One row for each purpose.
    pub rows: Vec<Processing>,
    /// Titles of systems whose files name no purpose: they stand in no row.
    pub systems_without_purpose: Vec<String>,
    /// Names of recipients for whom no purpose is written down.
    pub recipients_without_purpose: Vec<String>,
}

/// What is done for one purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Processing {
    /// The purpose's key in `policy.yaml`.
    pub key: String,
    /// The words a person reads.
    pub title: String,
    /// The fideslang data use.
    pub data_use: String,
    /// What makes it lawful.
    pub legal_basis: LegalBasis,
    /// Whose interest, which law, which contract.
    pub because: Option<String>,
    /// fideslang categories of personal data that its systems hold.
    pub categories: Vec<String>,
    /// fideslang data subjects, as far as the systems' files name them.
    pub subjects: Vec<String>,
    /// The systems that hold the data.
    pub systems: Vec<Holder>,
    /// Who else gets it.
    pub recipients: Vec<Receiver>,
    /// How long each class of it stays.
    pub limits: Vec<TimeLimit>,
    /// The highest class of harm that a leak would do.
    pub sensitivity: Option<Sensitivity>,
    /// The roles that reach it.
    pub access: Vec<String>,
}

/// A system that holds data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Its key.
    pub key: String,
    /// The name people know it by.
    pub title: String,
    /// Where it stands.
    pub region: Option<String>,
    /// Whether that is outside the controller's own country; `None` where no region is written.
    pub abroad: Option<bool>,
    /// What makes the transfer there lawful.
    pub mechanism: Option<String>,
    /// What shows that its disks are encrypted.
    pub at_rest: Option<String>,
}

/// Somebody who gets data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receiver {
    /// Its key.
    pub key: String,
    /// The name people know it by.
    pub name: String,
    /// What it is to the controller.
    pub class: RecipientClass,
    /// Where it holds the data.
    pub region: Option<String>,
    /// Whether that is outside the controller's own country; `None` where no region is written.
    pub abroad: Option<bool>,
    /// What makes the transfer there lawful.
    pub mechanism: Option<String>,
}

/// How long a class of data stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeLimit {
    /// The row of the matrix.
    pub class: String,
    /// The words a person reads.
    pub title: String,
    /// How long, in words; none where the matrix says nothing.
    pub says: Option<String>,
    /// How many collections of these systems dispose of old rows of it by a rule that holds.
    pub enforced_in: usize,
}

impl Policy {
    /// The record of processing (GDPR, Article 30(1)).
    pub fn processing_record(&self) -> ProcessingRecord {
        let purposes: BTreeSet<&str> =
            self.purposes.iter().map(|purpose| purpose.data_use.as_str()).collect();
        ProcessingRecord {
            controller: self.organisation.name.clone(),
            contact: self.organisation.contact.clone(),
            notice: self.notice.version.clone(),
            rows: self.purposes.iter().map(|purpose| self.processing(purpose)).collect(),
            systems_without_purpose: self
                .systems
                .iter()
                .filter(|system| !system.purposes.iter().any(|use_| purposes.contains(&**use_)))
                .map(|system| system.title.clone())
                .collect(),
            recipients_without_purpose: self
                .recipients
                .iter()
                .filter(|recipient| recipient.purposes.is_empty())
                .map(|recipient| recipient.name.clone())
                .collect(),
        }
    }

    fn processing(&self, purpose: &Purpose) -> Processing {
        let systems: Vec<&System> = self
            .systems
            .iter()
            .filter(|system| system.purposes.contains(&purpose.data_use))
            .collect();
        let fields = || {
            let searched = systems.iter().flat_map(|system| &system.collections);
            let searched = searched.filter(|collection| collection.skip.is_none());
            searched.flat_map(|c| c.fields.iter().map(move |field| (c, field)))
        };
        let personal = || fields().filter(|(_, field)| field.is_personal());
        let categories: BTreeSet<&String> = personal()
            .flat_map(|(_, field)| &field.categories)
            .filter(|category| category.starts_with("user"))
            .collect();
        let classes: BTreeSet<&str> = personal()
            .flat_map(|(collection, field)| [&field.class, &collection.class])
            .filter_map(Option::as_deref)
            .collect();
        let rows = || self.classification.iter().filter(|row| classes.contains(row.key.as_str()));
        let subjects: BTreeSet<&String> = systems
            .iter()
            .filter_map(|system| self.data_subjects.get(&system.key))
            .flatten()
            .collect();
        let access: BTreeSet<&String> = rows().flat_map(|row| &row.access).collect();
        Processing {
            key: purpose.key.clone(),
            title: purpose.title.clone(),
            data_use: purpose.data_use.clone(),
            legal_basis: purpose.legal_basis,
            because: purpose.because.clone(),
            categories: categories.into_iter().cloned().collect(),
            subjects: subjects.into_iter().cloned().collect(),
            systems: systems.iter().map(|system| self.holder(system)).collect(),
            recipients: self
                .recipients
                .iter()
                .filter(|recipient| {
                    recipient.purposes.iter().any(|word| {
                        *word == purpose.key
                            || (self.purposes.iter().all(|other| other.key != *word)
                                && *word == purpose.data_use)
                    })
                })
                .map(|recipient| self.receiver(recipient))
                .collect(),
            limits: rows().map(|row| limit(row, &systems)).collect(),
            sensitivity: rows().map(|row| row.sensitivity).max(),
            access: access.into_iter().cloned().collect(),
        }
    }

    fn abroad(&self, region: Option<&str>) -> Option<bool> {
        region.map(|region| !region::is_within(region, &self.organisation.country))
    }

    fn holder(&self, system: &System) -> Holder {
        Holder {
            key: system.key.clone(),
            title: system.title.clone(),
            region: system.region.clone(),
            abroad: self.abroad(system.region.as_deref()),
            mechanism: system.mechanism.clone(),
            at_rest: system.at_rest.as_ref().map(|paper| paper.title.clone()),
        }
    }

    fn receiver(&self, recipient: &Recipient) -> Receiver {
        Receiver {
            key: recipient.key.clone(),
            name: recipient.name.clone(),
            class: recipient.class,
            region: recipient.region.clone(),
            abroad: self.abroad(recipient.region.as_deref()),
            mechanism: recipient.mechanism.clone(),
        }
    }

    /// The words a person reads for a kind of people.
    pub fn title_of_subject(&self, word: &str) -> String {
        Taxonomy::Subject.title(word).map_or_else(|| word.to_owned(), str::to_owned)
    }
}

fn limit(row: &ClassRow, systems: &[&System]) -> TimeLimit {
    let (least, most) = (row.keep.as_ref().map(|keep| keep.period), row.max);
    let counted = match (least, most) {
        (Some(least), Some(most)) => Some(format!("at least {least}, at most {most}")),
        (Some(least), None) => Some(format!("at least {least}")),
        (None, Some(most)) => Some(format!("at most {most}")),
        (None, None) => None,
    };
    let collections = systems.iter().flat_map(|system| &system.collections);
    TimeLimit {
        class: row.key.clone(),
        title: row.title.clone(),
        // The matrix's own words are those of the notice.
        says: row.retention.clone().or(counted),
        enforced_in: collections
            .filter(|collection| collection.skip.is_none())
            .filter(|collection| collection.class.as_deref() == Some(&row.key))
            .filter(|collection| collection.retain.iter().any(Retain::holds))
            .count(),
    }
}
