//! What the labels of a token classifier mean.
//!
//! A label is the name of a thing, mostly behind a letter that says which part of it a word is: `B-`
//! begins it, `I-` goes on, `E-` or `L-` ends it, `S-` or `U-` is all of it (the schemes BIO, BIOES and
//! BILOU). `O` is none.

use std::collections::BTreeMap;

use detect::KindRef;

/// What a label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A value of this kind.
    Kind(KindRef),
    /// A part of an address that is no address alone: a town, a house number.
    AddressPart,
    /// Nothing that is reported: organisations, dates, whatever else a model tells.
    Nothing,
}

/// Which part of a thing a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// The label does not say.
    Unsaid,
    Begins,
    Inside,
    Ends,
    Whole,
}

/// A label, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label {
    /// The thing, as a number in [`Labels::things`]; `None` for `O`.
    pub(crate) thing: Option<usize>,
    pub(crate) part: Part,
}

/// All labels of a model, in the order of its outputs.
#[derive(Debug, Clone)]
pub(crate) struct Labels {
    pub(crate) labels: Vec<Label>,
    /// The names of things, and what each means.
    pub(crate) things: Vec<(String, Meaning)>,
}

/// Names of people and of parts of their names.
const NAMES: &[&str] = &[
    "PER",
    "PERSON",
    "PERS",
    "NAME",
    "FULLNAME",
    "PERSONNAME",
    "FIRSTNAME",
    "GIVENNAME",
    "MIDDLENAME",
    "LASTNAME",
    "SURNAME",
    "FAMILYNAME",
    "PATIENT",
    "DOCTOR",
    "STAFF",
];
const ADDRESSES: &[&str] = &[
    "ADDRESS",
    "STREET",
    "STREETADDRESS",
    "STREETNAME",
    "POSTALADDRESS",
    "FULLADDRESS",
    "HOMEADDRESS",
    "LOCATIONADDRESS",
];
const ADDRESS_PARTS: &[&str] = &[
    "LOC",
    "LOCATION",
    "GPE",
    "PLACE",
    "CITY",
    "TOWN",
    "STATE",
    "COUNTY",
    "REGION",
    "COUNTRY",
    "ZIP",
    "ZIPCODE",
    "POSTCODE",
    "POSTALCODE",
    "BUILDINGNUM",
    "BUILDINGNUMBER",
    "SECONDARYADDRESS",
];
const BIRTH_DATES: &[&str] = &["DOB", "DATEOFBIRTH", "BIRTHDATE", "BIRTHDAY"];

impl Labels {
    /// Reads the labels of a model. `own` says what the user takes a label for; it is compared as the
    /// built-in names are: without regard to case, signs and digits at the end.
    pub(crate) fn read(names: &[String], own: &BTreeMap<String, KindRef>) -> Self {
        let own: BTreeMap<String, KindRef> =
            own.iter().map(|(name, kind)| (normal(split(name).1), *kind)).collect();
        let mut read = Self { labels: Vec::new(), things: Vec::new() };
        for name in names {
            let (part, thing) = split(name);
            if thing.is_empty() || thing.eq_ignore_ascii_case("O") {
                read.labels.push(Label { thing: None, part: Part::Unsaid });
                continue;
            }
            let at =
                read.things.iter().position(|(known, _)| known == thing).unwrap_or_else(|| {
                    let meaning = own
                        .get(&normal(thing))
                        .map_or_else(|| meaning(&normal(thing)), |kind| Meaning::Kind(*kind));
                    read.things.push((thing.to_owned(), meaning));
                    read.things.len() - 1
                });
            read.labels.push(Label { thing: Some(at), part });
        }
        read
    }

    /// Names of all things.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.things.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Whether a label of the model is called so, read as [`Self::read`] reads it.
    pub(crate) fn knows(&self, name: &str) -> bool {
        let name = normal(split(name).1);
        self.things.iter().any(|(known, _)| normal(known) == name)
    }

    /// Names of things that are not reported.
    pub(crate) fn unreported(&self) -> Vec<String> {
        let nothing = |(_, meaning): &&(String, Meaning)| *meaning == Meaning::Nothing;
        self.things.iter().filter(nothing).map(|(name, _)| name.clone()).collect()
    }

    /// Whether any label can lead to a finding.
    pub(crate) fn tell_something(&self) -> bool {
        self.things.iter().any(|(_, meaning)| matches!(meaning, Meaning::Kind(_)))
    }
}

/// The part and the thing of a label.
fn split(label: &str) -> (Part, &str) {
    let mut letters = label.chars();
    let (first, sign) = (letters.next(), letters.next());
    let part = match (first, sign) {
        (Some('B' | 'b'), Some('-' | '_')) => Part::Begins,
        (Some('I' | 'i' | 'M' | 'm'), Some('-' | '_')) => Part::Inside,
        (Some('E' | 'e' | 'L' | 'l'), Some('-' | '_')) => Part::Ends,
        (Some('S' | 's' | 'U' | 'u'), Some('-' | '_')) => Part::Whole,
        _ => return (Part::Unsaid, label),
    };
    (part, letters.as_str())
}

fn normal(thing: &str) -> String {
    let plain: String = thing.chars().filter(|c| c.is_alphanumeric()).collect();
    plain.trim_end_matches(|c: char| c.is_ascii_digit()).to_uppercase()
}

fn meaning(thing: &str) -> Meaning {
    let kind = |key| detect::kind(key).map_or(Meaning::Nothing, Meaning::Kind);
    if NAMES.contains(&thing) {
        kind("contact.name")
    } else if ADDRESSES.contains(&thing) {
        kind("contact.address")
    } else if ADDRESS_PARTS.contains(&thing) {
        Meaning::AddressPart
    } else if BIRTH_DATES.contains(&thing) {
        kind("contact.birth_date")
    } else {
        Meaning::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&str], own: &[(&str, &str)]) -> Labels {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let own = own
            .iter()
            .map(|(label, key)| ((*label).to_owned(), detect::kind(key).unwrap()))
            .collect();
        Labels::read(&names, &own)
    }

    #[test]
    fn labels_are_read_in_every_scheme() {
        for (name, part, thing, kind) in [
            ("B-PER", Part::Begins, "PER", Some("contact.name")),
            ("I-PER", Part::Inside, "PER", Some("contact.name")),
            ("E-PERSON", Part::Ends, "PERSON", Some("contact.name")),
            ("L-person_name", Part::Ends, "person_name", Some("contact.name")),
            ("S_GIVENNAME1", Part::Whole, "GIVENNAME1", Some("contact.name")),
            ("U-STREET_ADDRESS", Part::Whole, "STREET_ADDRESS", Some("contact.address")),
            ("PERSON", Part::Unsaid, "PERSON", Some("contact.name")),
            ("I-DATEOFBIRTH", Part::Inside, "DATEOFBIRTH", Some("contact.birth_date")),
            ("B-ORG", Part::Begins, "ORG", None),
            ("I-MISC", Part::Inside, "MISC", None),
        ] {
            let labels = read(&["O", name], &[]);
            assert_eq!(labels.labels[0].thing, None);
            assert_eq!(labels.labels[1], Label { thing: Some(0), part }, "{name}");
            assert_eq!(labels.things[0].0, thing);
            let found = match labels.things[0].1 {
                Meaning::Kind(kind) => Some(kind.key()),
                _ => None,
            };
            assert_eq!(found, kind, "{name}");
            assert_eq!(labels.tell_something(), kind.is_some(), "{name}");
        }
    }

    #[test]
    fn a_place_is_a_part_of_an_address_unless_the_user_says_more() {
        let labels = read(&["O", "B-LOC", "I-LOC", "B-ORG", "I-ORG"], &[]);
        assert_eq!(labels.things[0], ("LOC".to_owned(), Meaning::AddressPart));
        assert!(!labels.tell_something());
        assert_eq!(labels.unreported(), ["ORG"]);
        let labels = read(&["O", "B-LOC", "I-LOC"], &[("loc", "contact.address")]);
        assert_eq!(labels.things.len(), 1);
        assert!(labels.tell_something());
        assert!(labels.knows("B-LOC") && labels.knows("loc") && !labels.knows("GPE"));
    }
}
