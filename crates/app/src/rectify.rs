//! Corrections: what a person says is wrong, in the words of the policy.

use model::{IdentityKind, Personal};
use plan::{Correction, RequestKind, Target};
use policy::{FieldPath, Policy, Taxonomy};

use crate::house::House;
use crate::request::{Asked, Leave, Standing};
use crate::{Error, Result};

/// One value to be corrected, as it was typed.
#[derive(Debug, Clone)]
pub struct Set {
    /// An identifier (`email`), a data category (`user.contact.address.city`) or a field in full
    /// (`crm.contact.phone`).
    pub what: String,
    /// The value that is wrong, where that must be said.
    pub old: Option<Personal<String>>,
    /// The value that is right.
    pub new: Personal<String>,
}

impl House {
    /// Opens a request for correction and works on it until it is done or waits for a person.
    pub async fn rectify(&self, asked: Asked, sets: Vec<Set>, leave: Leave) -> Result<Standing> {
        let policy = self.policy(true)?;
        if sets.is_empty() {
            return Err(Error::Refused(
                "say what is right: `--set phone=…`, `--set user.contact.address.city=…` or `--set SYSTEM.COLLECTION.FIELD=…`".to_owned(),
            ));
        }
        let mut corrections: Vec<Correction> = Vec::with_capacity(sets.len());
        for set in sets {
            let correction = correction(&policy, &asked, set)?;
            if corrections.iter().any(|known| known.target == correction.target) {
                return Err(Error::Refused(format!(
                    "`{}` is set twice: each thing has one right value",
                    correction.target.word()
                )));
            }
            corrections.push(correction);
        }
        let asked = Asked { kind: RequestKind::Rectification, ..asked };
        self.open_request(&policy, asked, corrections, leave).await
    }
}

fn correction(policy: &Policy, asked: &Asked, set: Set) -> Result<Correction> {
    let target = target(policy, &set.what)?;
    let new = set.new.expose().trim();
    let refused = |why: String| Err(Error::Refused(why));
    if new.is_empty() {
        return refused(format!(
            "`{}` is set to nothing: what shall be taken out is erased, not corrected",
            set.what
        ));
    }
    if target == Target::Identity(IdentityKind::AccountId) {
        return refused(
            "an account number belongs to its application and is not corrected here".to_owned(),
        );
    }
    if target == Target::Identity(IdentityKind::Email)
        && detect::classify(new) != Some(detect::ValueKind::Email)
    {
        return refused(format!(
            "the new value of `{}` does not look like an e-mail address: check the spelling",
            set.what
        ));
    }
    if let (Target::Identity(kind), None) = (&target, &set.old) {
        let mut given = asked.identities.iter().filter(|i| i.kind == *kind).peekable();
        if given.peek().is_some() && given.all(|i| i.value.expose().trim() == new) {
            return refused(format!(
                "the request names the person by the new value of `{0}` already: say which value is wrong (`--old {0}=…`)",
                set.what
            ));
        }
    }
    Ok(Correction { target, from: set.old, to: Personal::new(new.to_owned()) })
}

/// What a word on the command line means.
fn target(policy: &Policy, word: &str) -> Result<Target> {
    if let Some(kind) = IdentityKind::from_key(word) {
        return Ok(Target::Identity(kind));
    }
    // The categories of identifiers are compared as identifiers: a number in any spelling.
    match word {
        "user.contact.email" => return Ok(Target::Identity(IdentityKind::Email)),
        "user.contact.phone_number" => return Ok(Target::Identity(IdentityKind::Phone)),
        _ => {}
    }
    for system in &policy.systems {
        for collection in &system.collections {
            for field in &collection.fields {
                let path = FieldPath {
                    system: system.key.clone(),
                    collection: collection.name.clone(),
                    field: field.name.clone(),
                };
                if path.to_string() == word {
                    return Ok(Target::Field(path));
                }
            }
        }
    }
    let fields = policy.systems.iter().flat_map(|s| &s.collections).flat_map(|c| &c.fields);
    let held = fields.flat_map(|field| &field.categories).any(|category| category == word);
    if word.starts_with("user.") && (held || Taxonomy::Category.title(word).is_some()) {
        return Ok(Target::Category(word.to_owned()));
    }
    Err(Error::Refused(format!(
        "`{word}` is neither an identifier (email, phone, user_name, name), nor a data category (user.contact.address.city), nor a field of a system (SYSTEM.COLLECTION.FIELD): `upheld check` and systems/*.yaml name them"
    )))
}
