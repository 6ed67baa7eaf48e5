//! A system's file written anew beside the one that was there: what people wrote and answered in
//! the old one stands in the new one.
//!
//! What was merely guessed before and guessed otherwise now follows the newer guess. Tables and
//! columns that are gone take their words with them.

use crate::file::system::{
    CollectionAddition, Dataset, DatasetCollection, DatasetField, FieldAddition, FieldMeta,
    InferenceEntry, ReferenceEntry, SystemFile, SystemHead,
};
use crate::map::Inference;
use crate::words::OneOrMany;

impl SystemFile {
    /// Takes over what people wrote and answered in an earlier file of the same system.
    pub fn keep_written(&mut self, before: &Self) {
        if let Some(old) = &before.system {
            head(self.system.get_or_insert_default(), old);
        }
        if let ([new], [old]) = (self.dataset.as_mut_slice(), before.dataset.as_slice()) {
            dataset(new, old);
        }
    }

    /// Answers every open question with yes, and tells how many there were.
    pub fn answer_yes(&mut self) -> usize {
        let mut answered = 0;
        for guess in self.guesses_mut() {
            if is_open(guess) {
                guess.confirmed = Some(true);
                answered += 1;
            }
        }
        answered
    }

    fn guesses_mut(&mut self) -> Vec<&mut InferenceEntry> {
        let mut guesses = Vec::new();
        for collection in self.dataset.iter_mut().flat_map(|dataset| &mut dataset.collections) {
            if let Some(add) = &mut collection.upheld {
                let keep = add.keep.as_mut().map(OneOrMany::as_mut_slice).unwrap_or_default();
                guesses.extend(keep.iter_mut().filter_map(|entry| entry.inferred.as_mut()));
                let retain = add.retain.as_mut().map(OneOrMany::as_mut_slice).unwrap_or_default();
                guesses.extend(retain.iter_mut().filter_map(|entry| entry.inferred.as_mut()));
            }
            for add in collection.fields.iter_mut().filter_map(|field| field.upheld.as_mut()) {
                guesses.extend(add.references.iter_mut().filter_map(|one| one.inferred.as_mut()));
                guesses.extend(&mut add.category_guess);
            }
        }
        guesses
    }
}

fn is_open(guess: &InferenceEntry) -> bool {
    guess.confirmed.is_none() && guess.confidence < Inference::SURE
}

/// Whether a person wrote it or said yes or no to it.
fn is_decided(guess: Option<&InferenceEntry>) -> bool {
    guess.is_none_or(|guess| guess.confirmed.is_some())
}

fn prefer<T: Clone>(new: &mut Option<T>, old: &Option<T>) {
    if old.is_some() {
        new.clone_from(old);
    }
}

fn prefer_all<T: Clone>(new: &mut Vec<T>, old: &[T]) {
    if !old.is_empty() {
        *new = old.to_vec();
    }
}

/// The application and the fingerprint are what is there now; everything else is people's.
fn head(new: &mut SystemHead, old: &SystemHead) {
    prefer(&mut new.title, &old.title);
    prefer_all(&mut new.purposes, &old.purposes);
    prefer(&mut new.source, &old.source);
    prefer(&mut new.backups, &old.backups);
    prefer_all(&mut new.recipients, &old.recipients);
    prefer(&mut new.region, &old.region);
    prefer(&mut new.mechanism, &old.mechanism);
    if !old.accounts.is_empty() {
        new.accounts.clone_from(&old.accounts);
    }
    prefer(&mut new.at_rest, &old.at_rest);
}

fn dataset(new: &mut Dataset, old: &Dataset) {
    prefer(&mut new.name, &old.name);
    prefer(&mut new.description, &old.description);
    prefer_all(&mut new.data_uses, &old.data_uses);
    prefer_all(&mut new.data_purposes, &old.data_purposes);
    prefer_all(&mut new.data_subjects, &old.data_subjects);
    prefer_all(&mut new.tags, &old.tags);
    prefer(&mut new.meta, &old.meta);
    for collection in &mut new.collections {
        if let Some(old) = old.collections.iter().find(|old| old.name == collection.name) {
            self::collection(collection, old);
        }
    }
}

fn collection(new: &mut DatasetCollection, old: &DatasetCollection) {
    prefer(&mut new.description, &old.description);
    prefer_all(&mut new.data_uses, &old.data_uses);
    prefer_all(&mut new.data_purposes, &old.data_purposes);
    prefer_all(&mut new.data_subjects, &old.data_subjects);
    if let Some(old) = &old.upheld {
        addition(new.upheld.get_or_insert_default(), old);
    }
    for field in &mut new.fields {
        if let Some(old) = old.fields.iter().find(|old| old.name == field.name) {
            self::field(field, old);
        }
    }
}

fn addition(new: &mut CollectionAddition, old: &CollectionAddition) {
    prefer(&mut new.title, &old.title);
    prefer(&mut new.erase, &old.erase);
    prefer(&mut new.class, &old.class);
    prefer(&mut new.source, &old.source);
    prefer(&mut new.soft_delete, &old.soft_delete);
    prefer(&mut new.skip, &old.skip);
    prefer_all(&mut new.erase_after, &old.erase_after);
    // How long rows stay is a decision: once somebody has made one, the guesses beside it stay too.
    if let Some(keep) = &old.keep
        && keep.as_slice().iter().any(|entry| is_decided(entry.inferred.as_ref()))
    {
        new.keep = Some(keep.clone());
    }
    if let Some(retain) = &old.retain
        && retain.as_slice().iter().any(|entry| is_decided(entry.inferred.as_ref()))
    {
        new.retain = Some(retain.clone());
    }
}

fn field(new: &mut DatasetField, old: &DatasetField) {
    prefer(&mut new.description, &old.description);
    let nothing = FieldAddition::default();
    let written = old.upheld.as_ref().unwrap_or(&nothing);
    let unchanged = {
        let shape = |field: &DatasetField| {
            let none = FieldMeta::default();
            let meta = field.meta().unwrap_or(&none);
            let own = field.upheld.as_ref().and_then(|add| add.data_type);
            (meta.data_type.clone(), meta.length, own)
        };
        shape(new) == shape(old)
    };
    let guess = new.upheld.as_ref().and_then(|add| add.category_guess.as_ref());
    // A category without its guess was written by hand, unless nothing is guessed now either.
    let by_hand =
        written.category_guess.is_none() && guess.is_some() && !old.data_categories.is_empty();
    let answered = written.category_guess.as_ref().is_some_and(|guess| guess.confirmed.is_some());
    let add = new.upheld.get_or_insert_default();
    if by_hand || answered {
        new.data_categories.clone_from(&old.data_categories);
        add.category_guess.clone_from(&written.category_guess);
    }
    prefer(&mut add.title, &written.title);
    prefer(&mut add.class, &written.class);
    prefer(&mut add.free_text, &written.free_text);
    // What suited another type may be impossible now.
    if unchanged {
        prefer(&mut add.erase, &written.erase);
    }
    references(&mut add.references, &written.references);
    if *add == nothing {
        new.upheld = None;
    }
}

fn references(new: &mut Vec<ReferenceEntry>, old: &[ReferenceEntry]) {
    for written in old {
        if !is_decided(written.inferred.as_ref()) {
            continue;
        }
        match new.iter_mut().find(|one| one.to == written.to && one.when == written.when) {
            Some(one) if one.inferred.is_some() => one.clone_from(written),
            Some(_) => {}
            None => new.push(written.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::read_system_file;
    use crate::write_system;

    fn file(text: &str) -> SystemFile {
        read_system_file("desk", text).unwrap()
    }

    const FOUND: &str = "
system: { title: Desk, application: desk/2, schema: sha256:new }
dataset:
  - fides_key: desk
    collections:
      - name: tickets
        upheld: { title: Tickets, class: guessed, retain: { from: made, max: 9 years, inferred: { confidence: 60, reason: guessed } } }
        fields:
          - name: made
            data_categories: [system]
          - name: body
            data_categories: [user.content]
            upheld: { category_guess: { confidence: 60, reason: looks so } }
          - name: kind
            data_categories: [user.name]
            upheld: { category_guess: { confidence: 60, reason: looks so } }
          - name: user_id
            upheld:
              references:
                - { to: users.id, inferred: { confidence: 70, reason: named so } }
      - name: notes
        upheld: { retain: { from: made, max: 9 years, inferred: { confidence: 60, reason: guessed } } }
        fields:
          - { name: made }
";

    #[test]
    fn what_people_wrote_and_answered_stands_in_the_new_file() {
        let mut new = file(FOUND);
        new.keep_written(&file(
            "
system: { title: Our desk, application: desk/1, schema: sha256:old, source: the people, region: Canada, accounts: { desk: [app] } }
dataset:
  - fides_key: desk
    data_subjects: [customer]
    collections:
      - name: tickets
        upheld: { class: tickets, source: e-mail, retain: [{ from: made, max: 7 years, when: { kind: shut }, with: [notes] }] }
        fields:
          - { name: gone, upheld: { title: Gone } }
          - name: made
            upheld: { class: bills }
          - name: body
            data_categories: [user.content.private]
            upheld: { category_guess: { confidence: 60, reason: looks so, confirmed: yes } }
          - name: kind
            data_categories: [system]
          - name: user_id
            upheld:
              references:
                - { to: users.id, tie: shared, inferred: { confidence: 70, reason: named so, confirmed: no } }
                - { to: people.id, inferred: { confidence: 70, reason: not found again } }
                - { to: staff.id }
      - name: notes
        upheld: { retain: { from: gone, max: 1 year, inferred: { confidence: 60, reason: an older guess } } }
        fields: []
",
        ));
        let wanted = "
system: { title: Our desk, application: desk/2, schema: sha256:new, source: the people, region: Canada, accounts: { desk: [app] } }
dataset:
  - fides_key: desk
    data_subjects: [customer]
    collections:
      - name: tickets
        upheld: { title: Tickets, class: tickets, source: e-mail, retain: [{ from: made, max: 7 years, when: { kind: shut }, with: [notes] }] }
        fields:
          - name: made
            data_categories: [system]
            upheld: { class: bills }
          - name: body
            data_categories: [user.content.private]
            upheld: { category_guess: { confidence: 60, reason: looks so, confirmed: yes } }
          - name: kind
            data_categories: [system]
          - name: user_id
            upheld:
              references:
                - { to: users.id, tie: shared, inferred: { confidence: 70, reason: named so, confirmed: no } }
                - { to: staff.id }
      - name: notes
        upheld: { retain: { from: made, max: 9 years, inferred: { confidence: 60, reason: guessed } } }
        fields:
          - { name: made }
";
        assert_eq!(write_system(&new), write_system(&file(wanted)));
    }

    #[test]
    fn a_yes_answers_what_is_open_and_nothing_that_was_answered() {
        let mut new = file(FOUND);
        assert_eq!(new.answer_yes(), 5);
        assert_eq!(new.answer_yes(), 0);
        assert!(!write_system(&new).contains("is this so?"));
    }
}
