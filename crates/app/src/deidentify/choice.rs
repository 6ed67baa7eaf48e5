//! The profile, as it was chosen; and a detector that fits it.

use std::path::Path;

use deidentify::{BUILT_IN, Method, Profile};
use detect::{DetectOptions, Detector};
use sha2::{Digest as _, Sha256};

use super::Wish;
use crate::{Error, Result};

/// Findings that are less sure than this are not even listed.
const LISTED: u8 = 20;
/// No profile is larger.
const LARGEST: u64 = 1 << 20;

/// The profile, with what was said on the command line.
pub(super) fn profile(wish: &Wish) -> Result<Profile> {
    let mut profile = match wish.profile.as_deref() {
        None => Profile::default(),
        Some(name) => match Profile::built_in(name) {
            Some(profile) => profile,
            None => file(Path::new(name))?,
        },
    };
    if wish.k.is_some() {
        profile.k = wish.k;
    }
    for (mine, given) in
        [(&mut profile.quasi, &wish.quasi), (&mut profile.sensitive, &wish.sensitive)]
    {
        if !given.is_empty() {
            mine.clone_from(given);
        }
    }
    Ok(profile)
}

fn file(path: &Path) -> Result<Profile> {
    let name = path.display().to_string();
    let size = match std::fs::metadata(path) {
        Ok(found) => found.len(),
        Err(_) if path.extension().is_none() => {
            return Err(Error::Refused(format!(
                "there is no profile `{name}`: built in are {}; or name a YAML file",
                BUILT_IN.map(|name| format!("`{name}`")).join(" and ")
            )));
        }
        Err(error) => return Err(Error::file("cannot read", path)(error)),
    };
    if size > LARGEST {
        return Err(Error::Refused(format!("`{name}` is too large for a profile")));
    }
    let text = std::fs::read_to_string(path).map_err(Error::file("cannot read", path))?;
    parse(&name, &text)
}

/// Reads a profile.
pub(super) fn parse(name: &str, text: &str) -> Result<Profile> {
    let read = policy::read_profile(name, text)
        .map_err(|report| Error::Refused(format!("the profile cannot be used:\n{report}")))?;
    let wrong = |place: &str, why: String| Error::Refused(format!("`{name}`, {place}: {why}"));
    let base = read.base.as_deref().unwrap_or("default");
    let mut profile = Profile::built_in(base).ok_or_else(|| {
        wrong("base", format!("there is no profile `{base}`: built in are {}", BUILT_IN.join(", ")))
    })?;
    profile.name = Path::new(name)
        .file_stem()
        .map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
    for (kind, method) in &read.kinds {
        let known = detect::kinds().any(|known| {
            known.key() == kind
                || known.key().split('.').next() == Some(kind)
                || known.category().starts_with(kind.as_str())
        });
        if !known && !kind.starts_with("user") && !kind.starts_with("mark") {
            let nearest = policy::nearest(kind, detect::kinds().map(detect::KindRef::key));
            let hint = nearest.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            return Err(wrong("kinds", format!("there is no kind or family `{kind}`{hint}")));
        }
        let method = Method::parse(method).map_err(|why| wrong(kind, why))?;
        if matches!(method, Method::Text | Method::Shift { by: Some(_), .. }) {
            let why = format!("`{method}` is for columns: a kind is met in running text too");
            return Err(wrong(kind, why));
        }
        // What is written for a family or a category counts for all below it, too; names come in
        // order, a family before its kinds.
        profile.kinds.retain(|(rule, _)| {
            !rule
                .strip_prefix(kind.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        profile.kinds.push((kind.clone(), method));
    }
    for (column, method) in &read.columns {
        let method = Method::parse(method).map_err(|why| wrong(column, why))?;
        profile.columns.insert(column.clone(), method);
    }
    if let Some(method) = &read.otherwise {
        profile.otherwise = Method::parse(method).map_err(|why| wrong("otherwise", why))?;
    }
    for (place, mine, given) in
        [("dates", &mut profile.dates, &read.dates), ("codes", &mut profile.codes, &read.codes)]
    {
        if let Some(method) = given {
            *mine = Some(Method::parse(method).map_err(|why| wrong(place, why))?);
        }
    }
    let share = |place: &str, number: Option<u32>, otherwise: u8| match number {
        None => Ok(otherwise),
        Some(number) => u8::try_from(number)
            .ok()
            .filter(|number| *number <= 100)
            .ok_or_else(|| wrong(place, format!("{number} is not from 0 to 100"))),
    };
    profile.least = share("least", read.least, profile.least)?;
    profile.suppress = share("suppress", read.suppress, profile.suppress)?;
    profile.quasi = read.quasi;
    profile.sensitive = read.sensitive;
    profile.k = read.k;
    if profile.k == Some(0) {
        return Err(wrong("k", "it is at least 1".to_owned()));
    }
    Ok(profile)
}

/// A detector that also finds what is not sure enough, so that it can be listed.
pub(super) fn detector(profile: &Profile) -> Result<Detector> {
    let options =
        DetectOptions { least_confidence: LISTED.min(profile.least), ..DetectOptions::default() };
    Detector::new(&options).map_err(|error| Error::Refused(error.to_string()))
}

/// What tells one set of rules from another.
pub(super) fn digest(profile: &Profile) -> String {
    let all = format!("{} {profile:?}", env!("CARGO_PKG_VERSION"));
    Sha256::digest(all.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_changes_what_it_names_and_keeps_the_rest() {
        let profile = parse(
            "mine.yaml",
            "base: hipaa-safe-harbor\nkinds:\n  contact.email: pseudonym\n  network: keep\ncolumns:\n  visit: shift 90 by patient\nk: 5\nleast: 40\nquasi: [zip, age]\n",
        )
        .unwrap();
        assert_eq!((profile.name.as_str(), profile.k, profile.least), ("mine", Some(5), 40));
        assert_eq!(profile.method("contact.email"), Some(&Method::Pseudonym));
        assert_eq!(profile.method("contact.phone"), Some(&Method::Remove));
        assert_eq!(profile.method("network.ipv4"), Some(&Method::Keep));
        assert_eq!(profile.column("VISIT").unwrap().to_string(), "shift 90 by patient");
        assert!(profile.marks && profile.needs_key());
        // A family written after one of its kinds does not undo it.
        let both = parse("m.yaml", "kinds:\n  contact: remove\n  contact.email: mask\n").unwrap();
        assert_eq!(both.method("contact.email"), Some(&Method::Mask));
        assert_eq!(both.method("contact.name"), Some(&Method::Remove));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, wanted) in [
            ("base: none", "`none`"),
            ("kinds:\n  contact.emial: mask", "did you mean `contact.email`"),
            ("kinds:\n  contact: hash", "no method"),
            ("kinds:\n  contact: text", "for columns"),
            ("columns:\n  a: age", "`age 10`"),
            ("least: 101", "0 to 100"),
            ("k: 0", "at least 1"),
        ] {
            let error = parse("p.yaml", text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{text}: {error}");
        }
        let unknown = parse("p.yaml", "kind: {}").unwrap_err().to_string();
        assert!(unknown.contains("p.yaml") && unknown.contains("kind"), "{unknown}");
    }
}
