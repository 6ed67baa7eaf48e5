//! What a column holds: the name's word and the samples' word weighed against each other.

use std::collections::BTreeSet;

use detect::{Family, KindRef};
use model::{Column, DataType, IdentityKind};

use super::Origin;
use super::about::About;
use super::names::{by_name, is_written};
use super::samples::{Finder, Look};
use super::survey::{Looked, Survey};
use super::words::has;

/// Below this many percent a person is asked.
const SURE: u8 = policy::Inference::SURE;

/// What is proposed for a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proposal {
    pub(super) categories: Vec<String>,
    pub(super) confidence: u8,
    pub(super) reason: String,
    /// What speaks for it.
    pub(super) from: Vec<Origin>,
    pub(super) free_text: bool,
    pub(super) identity: Option<IdentityKind>,
    /// Something worth telling besides.
    pub(super) remark: Option<String>,
}

impl Proposal {
    fn of(category: &str, confidence: u8, reason: impl Into<String>) -> Self {
        Self {
            categories: vec![category.to_owned()],
            confidence,
            reason: reason.into(),
            from: vec![Origin::Name],
            free_text: false,
            identity: None,
            remark: None,
        }
    }

    /// The same, with what else speaks for it.
    fn by(mut self, from: &[Origin]) -> Self {
        self.from = from.to_vec();
        self
    }

    /// Nothing about people, as far as can be seen.
    fn nothing() -> Self {
        Self::of("system", 100, "neither its name nor its samples speak of a person")
    }

    fn is(&self, category: &str) -> bool {
        self.categories.iter().any(|c| c == category)
    }
}

/// Where a column leads, as far as its category depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leads {
    /// Nowhere.
    Nowhere,
    /// To people, or it is their key.
    ToPeople,
    /// To other rows.
    Elsewhere,
}

/// Proposes what a column holds.
pub(super) fn propose(
    survey: &Survey<'_>,
    looked: &Looked<'_>,
    column: &Column,
    leads: Leads,
    finder: &mut Finder,
) -> Proposal {
    match leads {
        Leads::ToPeople => {
            return Proposal::of("user.unique_id", 95, "it is the number of a person's row");
        }
        Leads::Elsewhere => return Proposal::of("system", 100, "it refers to another row"),
        Leads::Nowhere => {}
    }
    let words = survey.speller.words(&column.name);
    let own = looked.without_own_name(&words);
    let impersonal = matches!(looked.about, About::Organisation | About::Thing | About::Technical);
    let guess = |words: &[String]| by_name(words, &looked.words, column.data_type, looked.about);
    let named = if impersonal { guess(&own) } else { guess(&words).or_else(|| guess(&own)) };
    if column.data_type == DataType::Network && !impersonal {
        let hardware = column.native_type.contains("mac");
        let category = if hardware { "user.device.device_id" } else { "user.device.ip_address" };
        let confidence = if named.is_some() { 97 } else { 86 };
        let by: &[Origin] =
            if named.is_some() { &[Origin::Name, Origin::Type] } else { &[Origin::Type] };
        return Proposal::of(category, confidence, "its type is that of network addresses").by(by);
    }
    let texts =
        if textual(column.data_type) { looked.samples.texts(&column.name) } else { Vec::new() };
    let seen = finder.look(&column.name, &texts);

    let named =
        named.filter(|named| !needs_an_address(named.category) || has_an_address(survey, looked));
    // A switchboard belongs to the company; an address may still be somebody's own.
    let switchboard = looked.about == About::Organisation && !names_the_person(&words);
    let named = named.filter(|named| {
        !(switchboard
            && ["user.contact.phone_number", "user.contact.fax_number"].contains(&named.category))
    });
    let mut proposal = match named {
        Some(named) => weigh(named.category, named.confidence, &seen, looked.about),
        None => by_samples(&seen, looked.about).unwrap_or_else(Proposal::nothing),
    };
    let json = column.data_type == DataType::Json || (seen.seen >= 3 && seen.json >= 80);
    if json || seen.php >= 60 && seen.seen >= 3 {
        let inside = categories_inside(survey, looked, &texts);
        let by = if column.data_type == DataType::Json { Origin::Type } else { Origin::Values };
        proposal =
            written("user.content", 84, "it holds nested values (JSON)", impersonal).by(&[by]);
        if json && column.data_type != DataType::Json {
            proposal.remark = Some("a text column whose samples are JSON".to_owned());
        } else if !json {
            proposal.reason = "it holds nested values (PHP's own notation)".to_owned();
        }
        if !inside.is_empty() {
            proposal.reason = format!("nested values with keys such as {}", inside.join(", "));
        }
    } else if proposal.is("system") && textual(column.data_type) {
        let by_word = is_written(&words, column.data_type) || is_written(&own, column.data_type);
        let roomy = matches!(column.data_type, DataType::Text { max_chars: None | Some(1000..) });
        if by_word
            && (roomy || seen.seen < 5 || seen.distinct * 4 >= seen.seen || seen.sentences > 0)
        {
            proposal =
                written("user.content", 86, "its name says that people write in it", impersonal);
        } else if seen.sentences >= 40 || (seen.mentions >= 20 && seen.seen >= 5) {
            proposal = written(
                "user.content",
                82,
                &format!(
                    "{} of {} samples are sentences or hold an address inside",
                    seen.written_count, seen.seen
                ),
                impersonal,
            )
            .by(&[Origin::Values]);
        } else if looked.about == About::Person
            && free_form(column.data_type)
            && seen.seen >= 10
            && seen.distinct * 2 > seen.seen
        {
            proposal = Proposal::of(
                "user",
                55,
                "its rows are people and nearly every value differs, but nothing says what it is",
            )
            .by(&[Origin::Values]);
        }
    }
    // A `name` that no two rows may share, beside the real name, is what people sign in with.
    if proposal.is("user.name")
        && looked.about == About::Person
        && is_sign_in(survey, looked, &own)
        && looked.table.unique.iter().any(|key| key.columns == [column.name.clone()])
    {
        proposal = Proposal::of(
            "user.account.username",
            86,
            "no two people may share it, and the real name stands beside it",
        );
    }
    // An address list (`to`, `cc`) is text in which several people stand.
    if proposal.is("user.contact.email")
        && matches!(looked.about, About::Message | About::Log)
        && seen.seen >= 3
        && !matches!(seen.kind, Some((kind, 80..)) if kind.key() == "contact.email")
        && (seen.mentions >= 20 || ["bcc", "cc", "recipient", "to"].iter().any(|w| has(&words, w)))
    {
        proposal.free_text = true;
        "addresses of several people, or an address with a name".clone_into(&mut proposal.reason);
        proposal.confidence = proposal.confidence.max(82);
    }
    proposal.identity = identity(&proposal, looked, column, &words, &seen);
    proposal
}

const fn textual(data_type: DataType) -> bool {
    matches!(
        data_type,
        DataType::Text { .. } | DataType::Json | DataType::Bytes { .. } | DataType::Integer
    )
}

/// Whether a company's column is about a person there.
fn names_the_person(words: &[String]) -> bool {
    ["contact", "person", "owner", "manager"].iter().any(|word| has(words, word))
}

/// Whether a way to reach somebody is, by its words, not that of the one whom the row is about or
/// from: whom to ask, who gets it, the next of kin.
pub(super) fn is_somebody_elses(looked: &Looked<'_>, words: &[String]) -> bool {
    const OTHERS: &[&str] =
        &["contact", "recipient", "to", "cc", "bcc", "reply", "support", "help", "desk", "notify"];
    const KIN: &[&str] = &["emergency", "spouse", "kin", "guardian", "relative", "partner"];
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match looked.about {
        About::Message | About::Other | About::Log | About::Thing | About::Technical => {
            says(OTHERS) || says(KIN)
        }
        _ => false,
    }
}

/// Whether a bare `name` stands beside columns that hold the real one.
fn is_sign_in(survey: &Survey<'_>, looked: &Looked<'_>, own: &[String]) -> bool {
    own == ["name".to_owned()]
        && looked.table.columns.iter().any(|column| {
            let words = survey.speller.words(&column.name);
            has(&words, "name")
                && ["real", "full", "first", "display"].iter().any(|w| has(&words, w))
        })
}

/// `state` and `country` are part of an address only beside the rest of one.
fn needs_an_address(category: &str) -> bool {
    category == "user.contact.address.state" || category == "user.contact.address.country"
}

fn has_an_address(survey: &Survey<'_>, looked: &Looked<'_>) -> bool {
    looked.about == About::Person
        || looked.table.columns.iter().any(|column| {
            let words = survey.speller.words(&column.name);
            ["zip", "postal", "city", "street"].iter().any(|word| has(&words, word))
        })
}

/// Whether a value could be anything: not a code of a few letters.
const fn free_form(data_type: DataType) -> bool {
    match data_type {
        DataType::Text { max_chars: Some(n) } => n >= 16,
        DataType::Text { max_chars: None } => true,
        _ => false,
    }
}

fn written(category: &str, confidence: u8, reason: &str, impersonal: bool) -> Proposal {
    let mut proposal =
        Proposal::of(if impersonal { "system" } else { category }, confidence, reason);
    proposal.free_text = true;
    proposal
}

/// Categories whose values have a form of their own, so that samples can contradict.
fn has_form(category: &str) -> bool {
    ["user.contact.email", "user.device.ip_address"].contains(&category)
}

/// Name against samples.
fn weigh(category: &'static str, by_name: u8, seen: &Look, about: About) -> Proposal {
    let (of, count) = (seen.seen, seen.kind_count);
    // Whoever called may be written as a number or as a name.
    if category == "user.contact.phone_number" && seen.kind.is_none() && of >= 5 && seen.names >= 60
    {
        return Proposal::of("user.name", 82, "its samples look like people's names")
            .by(&[Origin::Values]);
    }
    let Some((kind, share)) = seen.kind else {
        if of >= 5 && has_form(category) && seen.mentions < 20 {
            return Proposal::of(
                category,
                60,
                format!("its name says so, but none of {of} samples looks like it"),
            );
        }
        if category.starts_with("user.name") && of >= 5 && seen.names >= 60 {
            return Proposal::of(category, by_name.max(97), "its name and its samples say so")
                .by(&[Origin::Name, Origin::Values]);
        }
        return Proposal::of(category, by_name, "its name says so");
    };
    let found = kind.category();
    let named = || Proposal::of(category, by_name, "its name says so");
    if found == category && share >= 50 {
        let reason = format!("its name says so, and {count} of {of} samples look like it");
        return Proposal::of(category, by_name.max(97), reason).by(&[Origin::Name, Origin::Values]);
    }
    // A sign-in name is often the address itself; a name may hold one when nobody gave a name.
    if category.starts_with("user.account") || category.starts_with("user.name") {
        return named();
    }
    if share >= 60 && of >= 5 && form_is_telling(kind) && about != About::Organisation {
        let reason = format!(
            "its name speaks of `{category}`, but {count} of {of} samples look like `{found}`"
        );
        return Proposal::of(found, 60, reason).by(&[Origin::Values]);
    }
    if of >= 5 && has_form(category) && share < 20 && seen.mentions < 20 {
        let reason = format!("its name says so, but only {count} of {of} samples look like it");
        return Proposal::of(category, 60, reason);
    }
    named()
}

/// Kinds that are hardly met by chance.
fn form_is_telling(kind: KindRef) -> bool {
    ["contact.email", "financial.iban", "network.ipv4", "network.ipv6", "network.mac"]
        .contains(&kind.key())
}

/// Samples alone.
fn by_samples(seen: &Look, about: About) -> Option<Proposal> {
    if seen.seen < 5 || matches!(about, About::Thing | About::Technical) {
        return None;
    }
    if let Some((kind, share)) = seen.kind
        && share >= 80
    {
        // A number may have the length and the check digit of another by chance, a word may be
        // somebody's only where others stand beside it.
        let confidence = match kind.family() {
            Family::Government | Family::Health | Family::Special | Family::Child => 65,
            _ if ["contact.phone", "financial.card"].contains(&kind.key()) => 65,
            _ => 86,
        };
        // Numbers that merely have the length of a telephone number are everywhere.
        if kind.key() == "contact.phone" && matches!(about, About::Log | About::Organisation) {
            return None;
        }
        return Some(
            Proposal::of(
                kind.category(),
                confidence,
                format!(
                    "{} of {} samples look like it, though the name does not say so",
                    seen.kind_count, seen.seen
                ),
            )
            .by(&[Origin::Values]),
        );
    }
    (seen.names >= 80
        && seen.seen >= 10
        && seen.distinct * 2 >= seen.seen
        && about != About::Organisation)
        .then(|| {
            Proposal::of(
                "user.name",
                // Two capitals are a form that companies have too; words from the lists are not.
                if seen.listed_names >= 60 { 84 } else { 62 },
                format!("{} of {} samples look like a person's name", seen.name_count, seen.seen),
            )
            .by(&[Origin::Values])
        })
}

/// Keys inside JSON that speak of people.
fn categories_inside(survey: &Survey<'_>, looked: &Looked<'_>, texts: &[String]) -> Vec<String> {
    let mut keys = BTreeSet::new();
    for text in texts.iter().take(50) {
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
            gather(&value, &mut keys, 0);
        }
    }
    keys.into_iter()
        .filter(|key| {
            by_name(
                &survey.speller.words(key),
                &looked.words,
                DataType::Text { max_chars: None },
                About::Other,
            )
            .is_some()
        })
        .take(5)
        .map(|key| format!("`{key}`"))
        .collect()
}

fn gather(value: &serde_json::Value, keys: &mut BTreeSet<String>, depth: usize) {
    if depth > 6 || keys.len() > 200 {
        return;
    }
    match value {
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                // A key that is itself somebody's address is not repeated.
                if key.len() <= 40 && key.chars().all(|c| c.is_ascii_alphabetic() || c == '_') {
                    keys.insert(key.clone());
                }
                gather(value, keys, depth + 1);
            }
        }
        serde_json::Value::Array(values) => {
            for value in values.iter().take(20) {
                gather(value, keys, depth + 1);
            }
        }
        _ => {}
    }
}

/// Whether a person can be looked up by this column.
fn identity(
    proposal: &Proposal,
    looked: &Looked<'_>,
    column: &Column,
    words: &[String],
    seen: &Look,
) -> Option<IdentityKind> {
    if proposal.confidence < SURE
        || proposal.free_text
        || looked.shared
        || is_somebody_elses(looked, words)
    {
        return None;
    }
    // A company's own address and number are not a person's; those of the one to talk to there are.
    let spoken_to = looked.about == About::Organisation && names_the_person(words);
    if matches!(looked.about, About::Organisation | About::Thing | About::Technical) && !spoken_to {
        return None;
    }
    let person = looked.about == About::Person;
    let text = matches!(column.data_type, DataType::Text { .. });
    let varied = seen.seen < 20 || seen.distinct * 2 >= seen.seen;
    if proposal.is("user.contact.email") && text {
        return Some(IdentityKind::Email);
    }
    // A switchboard's number stands in many rows and identifies none of them.
    if proposal.is("user.contact.phone_number")
        && (varied || !person)
        && (person || has(words, "phone") || has(words, "mobile"))
    {
        return text.then_some(IdentityKind::Phone);
    }
    if proposal.is("user.account.username") && person && text && !has(words, "nicename") {
        return Some(IdentityKind::UserName);
    }
    let numbered = has(words, "number")
        && ["customer", "employee", "member", "account", "personnel", "staff"]
            .iter()
            .any(|w| has(words, w));
    if person
        && numbered
        && (proposal.is("user.account") || proposal.is("user.workplace"))
        && varied
    {
        return Some(IdentityKind::AccountId);
    }
    None
}
