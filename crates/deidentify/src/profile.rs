//! What becomes of which kind and which column: profiles, their defaults, the built-in ones.

use std::collections::BTreeMap;

use crate::Method;
use crate::method::DateTo;

/// Rules for kinds and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// By kind of the detector (`contact.email`), family (`contact`) or data category
    /// (`user.contact`). The longest that fits counts; of equals, the last.
    pub kinds: Vec<(String, Method)>,
    /// By column, whatever stands in it. Names are compared without regard to letter case.
    pub columns: BTreeMap<String, Method>,
    /// Columns that nobody knows.
    pub otherwise: Method,
    /// Columns of dates that are no dates of birth, and dates in running text.
    pub dates: Option<Method>,
    /// Columns of codes of which nearly every row has its own.
    pub codes: Option<Method>,
    /// Ages of 90 and more become `90+`, in running text too; years of birth that tell such an age go
    /// together.
    pub oldest: bool,
    /// Also look for addresses of pages and numbers of vehicles in running text.
    pub marks: bool,
    /// Findings less sure than this stay and are listed, 0 to 100.
    pub least: u8,
    /// Columns by which somebody could be told; proposed where none is named.
    pub quasi: Vec<String>,
    /// Columns that nobody should learn; proposed where none is named.
    pub sensitive: Vec<String>,
    /// The smallest class of rows that are alike.
    pub k: Option<u32>,
    /// At most so many rows in a hundred are left out to reach it, rather than widening further.
    pub suppress: u8,
}

/// The names of the built-in profiles.
pub const BUILT_IN: [&str; 2] = ["default", "hipaa-safe-harbor"];

impl Default for Profile {
    fn default() -> Self {
        let kinds = [
            ("contact", Method::Pseudonym),
            ("contact.address", Method::Region),
            ("contact.birth_date", Method::Date(DateTo::Year)),
            ("network", Method::Pseudonym),
            ("network.user_agent", Method::Keep),
            ("financial", Method::Pseudonym),
            ("financial.card", Method::Mask),
            ("financial.cvv", Method::Remove),
            ("financial.bic", Method::Keep),
            ("financial.us_routing", Method::Keep),
            ("government", Method::Pseudonym),
            ("health", Method::Pseudonym),
            ("health.icd10", Method::Keep),
            ("credential", Method::Remove),
            ("online", Method::Pseudonym),
            ("online.coordinates", Method::Remove),
            ("child.age", Method::Age(1)),
            ("special", Method::Keep),
            ("mark", Method::Pseudonym),
            ("mark.photo", Method::Remove),
            ("user.name", Method::Pseudonym),
            ("user.contact", Method::Pseudonym),
            ("user.contact.address", Method::Region),
            ("user.contact.address.street", Method::Remove),
            ("user.contact.address.city", Method::Keep),
            ("user.contact.address.state", Method::Keep),
            ("user.contact.address.country", Method::Keep),
            ("user.contact.address.postal_code", Method::Zip(3)),
            ("user.account", Method::Pseudonym),
            ("user.authorization", Method::Remove),
            ("user.biometric", Method::Remove),
            ("user.contact.organization", Method::Keep),
            ("user.content", Method::Remove),
            ("user.health_and_medical.insurance_beneficiary_id", Method::Pseudonym),
            ("user.health_and_medical.record_id", Method::Pseudonym),
            ("user.job_title", Method::Keep),
            ("user.workplace", Method::Keep),
            // Whatever else is known to be somebody's.
            ("user", Method::Pseudonym),
            ("user.government_id", Method::Pseudonym),
            ("user.financial", Method::Keep),
            ("user.financial.bank_account", Method::Pseudonym),
            ("user.financial.credit_card", Method::Mask),
            ("user.device", Method::Pseudonym),
            ("user.location.precise", Method::Remove),
            ("user.demographic", Method::Keep),
            ("user.demographic.age_range", Method::Age(1)),
            ("user.demographic.date_of_birth", Method::Date(DateTo::Year)),
            ("user.health_and_medical", Method::Keep),
        ];
        Self {
            name: "default".to_owned(),
            kinds: kinds.map(|(kind, method)| (kind.to_owned(), method)).into(),
            columns: BTreeMap::new(),
            otherwise: Method::Text,
            dates: None,
            codes: None,
            oldest: true,
            marks: false,
            least: 50,
            quasi: Vec::new(),
            sensitive: Vec::new(),
            k: None,
            suppress: 5,
        }
    }
}

impl Profile {
    /// A built-in profile.
    pub fn built_in(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::default()),
            "hipaa-safe-harbor" => Some(Self::hipaa_safe_harbor()),
            _ => None,
        }
    }

    /// The Safe Harbor method of 45 CFR 164.514(b)(2): the eighteen identifiers, (A) to (R), are
    /// removed, but for the year of a date, the state, and three digits of a postal code where more
    /// than 20,000 people live. A code that is derived from an identifier is one of them (164.514(c)),
    /// so there are no pseudonyms.
    ///
    /// What no program sees: that whoever publishes has no actual knowledge that somebody could be
    /// told all the same (164.514(b)(2)(ii)).
    pub fn hipaa_safe_harbor() -> Self {
        use Method::{Age, Date, Keep, Region, Remove, Zip};
        let kinds = [
            // (A) names
            ("contact.name", Remove),
            ("user.name", Remove),
            // (B) places smaller than a state
            ("contact.address", Region),
            ("user.contact.address", Region),
            ("user.contact.address.street", Remove),
            ("user.contact.address.city", Remove),
            ("user.contact.address.state", Keep),
            ("user.contact.address.country", Keep),
            ("user.contact.address.postal_code", Zip(3)),
            ("online.coordinates", Remove),
            ("user.location", Remove),
            // (C) dates but for their year, ages over 89
            ("contact.birth_date", Date(DateTo::Year)),
            ("user.demographic.date_of_birth", Date(DateTo::Year)),
            ("user.demographic.age_range", Age(1)),
            ("child.age", Age(1)),
            // (D) telephone, (E) fax, (F) electronic mail
            ("contact", Remove),
            ("user.contact", Remove),
            // (G) social security numbers, (K) certificates and licences
            ("government", Remove),
            ("user.government_id", Remove),
            // (H) medical records, (I) health plans; codes of diseases are what the data is about
            ("health", Remove),
            ("health.icd10", Keep),
            ("user.health_and_medical", Keep),
            // (J) accounts
            ("financial", Remove),
            ("financial.bic", Keep),
            ("financial.us_routing", Keep),
            ("user.financial", Keep),
            ("user.financial.bank_account", Remove),
            ("user.financial.credit_card", Remove),
            // (L) vehicles, (N) addresses of pages, (Q) photographs
            ("mark", Remove),
            // (M) devices, (O) addresses in networks
            ("network", Remove),
            ("network.user_agent", Keep),
            ("user.device", Remove),
            // (P) biometrics
            ("user.biometric", Remove),
            // (R) any other number or code
            ("online", Remove),
            ("user.account", Remove),
            ("credential", Remove),
            ("user.authorization", Remove),
            // Employers and relatives count as the person does.
            ("user.workplace", Remove),
            ("user.content", Remove),
            ("user.health_and_medical.insurance_beneficiary_id", Remove),
            ("user.health_and_medical.record_id", Remove),
            ("user.job_title", Keep),
            ("user", Remove),
            ("special", Keep),
            ("user.demographic", Keep),
        ];
        Self {
            name: "hipaa-safe-harbor".to_owned(),
            kinds: kinds.map(|(kind, method)| (kind.to_owned(), method)).into(),
            dates: Some(Date(DateTo::Year)),
            codes: Some(Remove),
            marks: true,
            least: 30,
            ..Self::default()
        }
    }

    /// The method of a kind: by its key, its family, or a data category above it.
    pub fn method(&self, kind: &str) -> Option<&Method> {
        self.kinds
            .iter()
            .filter(|(rule, _)| {
                kind.strip_prefix(rule.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
            .max_by_key(|(rule, _)| rule.len())
            .map(|(_, method)| method)
    }

    /// The method that is named for a column.
    pub fn column(&self, name: &str) -> Option<&Method> {
        self.columns.iter().find(|(column, _)| column.eq_ignore_ascii_case(name)).map(|(_, m)| m)
    }

    /// Whether anything in it asks for a key.
    pub fn needs_key(&self) -> bool {
        let fixed = [Some(&self.otherwise), self.dates.as_ref(), self.codes.as_ref()];
        let kinds = self.kinds.iter().map(|(_, method)| method);
        kinds.chain(self.columns.values()).chain(fixed.into_iter().flatten()).any(Method::needs_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rule_counts() {
        let profile = Profile::default();
        for (kind, wanted) in [
            ("contact.email", "pseudonym"),
            ("contact.birth_date", "year"),
            ("user.contact.address.postal_code", "zip 3"),
            ("user.contact.addressee", "pseudonym"),
            ("financial.card", "mask"),
        ] {
            assert_eq!(profile.method(kind).unwrap().to_string(), wanted, "{kind}");
        }
        assert_eq!(profile.method("acme.contract"), None);
    }

    #[test]
    fn every_kind_of_the_detector_has_a_method_in_every_profile() {
        for profile in BUILT_IN.map(|name| Profile::built_in(name).unwrap()) {
            for kind in detect::kinds() {
                for key in [kind.key(), kind.category()] {
                    assert!(profile.method(key).is_some(), "{}: {key}", profile.name);
                }
            }
        }
        assert!(!Profile::hipaa_safe_harbor().needs_key());
        assert!(Profile::default().needs_key());
    }
}
