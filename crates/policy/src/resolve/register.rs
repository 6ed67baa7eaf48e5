//! The lists that other files refer to: purposes, places, rights, rows.

use crate::file::policy::{LegalBasis, PolicyFile, RequestKind};
use crate::finding::{Finding, Severity};
use crate::source::{Files, State};
use crate::taxonomy::Taxonomy;
use crate::yaml::Path;

use super::Reporter;

/// Names that files use of each other. `None`: the file that would say is broken, and nothing is
/// reported as unknown.
pub(crate) struct Names {
    pub(crate) purposes: Option<Vec<(String, String)>>,
    pub(crate) rows: Option<Vec<String>>,
    pub(crate) recipients: Option<Vec<String>>,
    /// The roles that the matrix gives access to.
    pub(crate) roles: Option<Vec<String>>,
    /// The fields by which clients are known (`crm.companies.id`).
    pub(crate) clients: Option<Vec<String>>,
}

fn names<T>(state: &State<'_, T>, of: impl Fn(&T) -> Vec<String>) -> Option<Vec<String>> {
    match state {
        State::Missing => Some(Vec::new()),
        state => state.whole().map(|read| of(&read.content)),
    }
}

impl Names {
    pub(crate) fn of(files: &Files<'_>) -> Self {
        Self {
            purposes: files.policy.whole().map(|read| {
                let pair = |purpose: &crate::file::policy::Purpose| {
                    (purpose.key.clone(), purpose.data_use.clone())
                };
                read.content.purposes.iter().map(pair).collect()
            }),
            rows: names(&files.classification, |file| {
                file.rows.iter().map(|row| row.key.clone()).collect()
            }),
            recipients: names(&files.recipients, |file| {
                file.recipients.iter().map(|recipient| recipient.key.clone()).collect()
            }),
            roles: names(&files.classification, |file| {
                file.rows.iter().flat_map(|row| row.access.iter().cloned()).collect()
            }),
            clients: names(&files.clients, |file| {
                file.clients.iter().flat_map(|client| client.known_as.keys().cloned()).collect()
            }),
        }
    }
}

pub(crate) fn check(files: &Files<'_>, names: &Names, findings: &mut Vec<Finding>) {
    if let Some(read) = files.policy.good() {
        policy(&read.content, &mut Reporter::new(read, findings));
    }
    if let Some(read) = files.classification.good() {
        let mut report = Reporter::new(read, findings);
        let rows = &read.content.rows;
        report.must_differ("row", "rows", "key", rows.iter().map(|row| row.key.as_str()));
        let root = Path::ROOT;
        let list = root.key("rows");
        let mut owner = std::collections::BTreeMap::new();
        for (index, row) in rows.iter().enumerate() {
            let item = list.item(index);
            let categories = item.key("categories");
            report.must_be_words(Taxonomy::Category, &row.categories, &categories);
            for (index, category) in row.categories.iter().enumerate() {
                if let Some(other) = owner.insert(category.as_str(), row.key.as_str()) {
                    let message = format!("`{category}` belongs to the row `{other}` already");
                    report.error("twice", &categories.item(index), message, None);
                }
            }
            let access = item.key("access");
            for (index, role) in row.access.iter().enumerate() {
                if row.access.iter().take(index).any(|other| other == role) {
                    let message = format!("the role `{role}` is there already");
                    report.error("twice", &access.item(index), message, None);
                }
            }
            if let (Some(keep), Some(max)) = (&row.keep, row.max)
                && max.about_days() < keep.period.about_days()
            {
                let message = format!(
                    "the row must be kept for {} and may be kept for {max} at most",
                    keep.period
                );
                report.error("contradiction", &item.key("max"), message, None);
            }
        }
    }
    super::parties::recipients(files, names, findings);
    super::parties::systems(files, names, findings);
}

/// A purpose by its key, or a fideslang data use; gives the data use.
pub(crate) fn known_purpose(
    report: &mut Reporter<'_>,
    names: &Names,
    word: &str,
    path: &Path<'_>,
) -> Option<String> {
    let purposes = names.purposes.as_deref().unwrap_or_default();
    if let Some((_, data_use)) = purposes.iter().find(|(key, _)| key == word) {
        return Some(data_use.clone());
    }
    if Taxonomy::Use.knows(word) {
        return Some(word.to_owned());
    }
    if names.purposes.is_some() {
        let known: Vec<&str> = purposes.iter().map(|(key, _)| key.as_str()).collect();
        let all: Vec<&str> =
            known.into_iter().chain(Taxonomy::Use.entries().map(|(key, _)| key)).collect();
        report.must_be_known("purpose or data use", word, all.iter().copied(), path);
    }
    None
}

fn policy(file: &PolicyFile, report: &mut Reporter<'_>) {
    let root = Path::ROOT;
    report.must_differ("place", "places", "key", file.places.iter().map(|p| p.key.as_str()));
    report.must_differ("purpose", "purposes", "key", file.purposes.iter().map(|p| p.key.as_str()));
    let list = root.key("purposes");
    for (index, purpose) in file.purposes.iter().enumerate() {
        let item = list.item(index);
        report.must_be_word(Taxonomy::Use, &purpose.data_use, &item.key("data_use"));
        let withdrawn =
            || file.rights.iter().any(|right| right.right == RequestKind::ConsentWithdrawal);
        match purpose.legal_basis {
            LegalBasis::Consent if !withdrawn() => {
                let message = format!(
                    "`{}` rests on consent, and nobody has the right to withdraw one",
                    purpose.key
                );
                let help =
                    "add `- right: consent_withdrawal` and its `days:` to `rights:`".to_owned();
                report.error("contradiction", &item.key("legal_basis"), message, Some(help));
            }
            LegalBasis::LegitimateInterest | LegalBasis::LegalObligation
                if purpose.because.is_none() =>
            {
                let message = format!(
                    "`{}` rests on {}, and nothing says which",
                    purpose.key,
                    purpose.legal_basis.title()
                );
                let help = "add `because:` with one plain sentence".to_owned();
                let at = item.key("legal_basis");
                report.add(Severity::Warning, "no-reason", &at, message, Some(help));
            }
            _ => {}
        }
    }
    let keys = || file.places.iter().map(|place| place.key.as_str());
    let list = root.key("places");
    for (index, place) in file.places.iter().enumerate() {
        if let Some(within) = &place.within {
            let item = list.item(index);
            report.must_be_known("place", within, keys(), &item.key("within"));
        }
    }
    let list = root.key("rights");
    let mut seen = std::collections::BTreeSet::new();
    for (index, right) in file.rights.iter().enumerate() {
        let item = list.item(index);
        let places = item.key("for");
        for (index, place) in right.places.iter().enumerate() {
            report.must_be_known("place", place, keys(), &places.item(index));
        }
        let whom = if right.places.is_empty() {
            vec![""]
        } else {
            right.places.iter().map(String::as_str).collect()
        };
        for place in whom {
            if !seen.insert((right.right, place.to_owned())) {
                let message = format!("the right to {} has two clocks", right.right.key());
                report.error("twice", &item.key("right"), message, None);
            }
        }
        if let Some(fee) = &right.fee {
            let at = item.key("fee");
            if !is_amount(&fee.amount) {
                let message = format!("`{}` is not an amount with its currency", fee.amount);
                let help = "write it as it is quoted to the person: `25 CAD`".to_owned();
                report.error("wrong-form", &at.key("amount"), message, Some(help));
            }
        }
        if right.acknowledge_days.is_some_and(|days| days > right.days) {
            let message = "the first word would come after the answer".to_owned();
            report.error("contradiction", &item.key("acknowledge_days"), message, None);
        }
    }
    let statements = root.key("statements");
    report.must_be_words(
        Taxonomy::Category,
        &file.statements.categories,
        &statements.key("categories"),
    );
    let organisation = root.key("organisation");
    let country = &file.organisation.country;
    if country.len() != 2 || !country.chars().all(|c| c.is_ascii_uppercase()) {
        let message = format!("`{country}` is not the two capital letters of a country");
        let help = Some("Canada is `CA`, the United States are `US`".to_owned());
        report.error("wrong-form", &organisation.key("country"), message, help);
    } else if crate::policy::calling_code(file.phone_country.as_deref().unwrap_or(country))
        .is_none()
    {
        let path = if file.phone_country.is_some() {
            root.key("phone_country")
        } else {
            organisation.key("country")
        };
        let word = file.phone_country.as_deref().unwrap_or(country);
        report.add(
            Severity::Warning,
            "phone-country",
            &path,
            format!("the calling code of `{word}` is not known here"),
            Some("write the code itself, in quotation marks: `phone_country: \"1\"`".to_owned()),
        );
    }
    let domains = organisation.key("domains");
    for (index, domain) in file.organisation.domains.iter().enumerate() {
        if domain.contains('@') || !domain.contains('.') {
            let message = format!("`{domain}` is not a domain");
            let help = Some("write what stands behind the `@`".to_owned());
            report.error("wrong-form", &domains.item(index), message, help);
        }
    }
}

/// `25 CAD`, `0.50 EUR`: a number and the three letters of a currency (ISO 4217).
fn is_amount(text: &str) -> bool {
    let Some((number, currency)) = text.trim().split_once(' ') else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number = match number.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(number),
    };
    number && currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase())
}
