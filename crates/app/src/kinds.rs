//! The kinds of personal data that only this organisation has, from `kinds.yaml`.

use std::path::Path;

use detect::{DetectOptions, Detector, OwnKind, OwnValidator};

use crate::{Error, Result};

/// The file that a policy folder may have.
pub(crate) const FILE: &str = "kinds.yaml";

/// The kinds of the file that is named, or of the policy folder if there is one and it has such a
/// file. Their patterns were tried on their examples.
pub(crate) fn own(folder: &Path, named: Option<&Path>) -> Result<Vec<OwnKind>> {
    let usual = folder.join(FILE);
    let is_usual = folder.join("policy.yaml").is_file() && usual.is_file();
    let Some(path) = named.or_else(|| is_usual.then_some(usual.as_path())) else {
        return Ok(Vec::new());
    };
    let text = std::fs::read_to_string(path).map_err(Error::file("cannot read", path))?;
    let name = path.display().to_string();
    let kinds = policy::read_kinds(&name, &text).map_err(Error::Refused)?;
    let kinds: Vec<OwnKind> = kinds.into_iter().map(described).collect();
    tried(&kinds).map_err(|why| Error::Refused(format!("{name}: {why}")))?;
    Ok(kinds)
}

/// Whether the detector takes them: each pattern can be read, and finds what its examples hold.
pub(crate) fn tried(kinds: &[OwnKind]) -> std::result::Result<(), detect::OptionError> {
    let options = DetectOptions { own: kinds.to_vec(), ..DetectOptions::default() };
    Detector::new(&options).map(drop)
}

/// A kind as the detector takes it.
pub(crate) fn described(kind: policy::OwnKind) -> OwnKind {
    OwnKind {
        key: kind.key,
        title: kind.title,
        category: kind.category,
        pattern: kind.pattern,
        validator: match kind.validator {
            None => OwnValidator::None,
            Some(policy::Validator::Luhn) => OwnValidator::Luhn,
            Some(policy::Validator::Iban) => OwnValidator::Iban,
        },
        context: kind.context,
        confidence: kind.confidence.unwrap_or_default(),
        examples: kind.examples,
        counter_examples: kind.counter_examples,
    }
}
