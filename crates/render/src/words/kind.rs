//! What values of a kind are called, many of them.

/// Kinds whose plural is not their title with an "s".
const MANY: &[(&str, &str)] = &[
    ("contact.email", "e-mail addresses"),
    ("contact.phone", "telephone numbers"),
    ("contact.name", "people's names"),
    ("contact.address", "postal addresses"),
    ("contact.birth_date", "dates of birth"),
    ("network.ipv4", "IP addresses"),
    ("network.ipv6", "IP addresses"),
    ("network.mac", "hardware addresses"),
    ("network.imei", "device numbers (IMEI)"),
    ("network.user_agent", "descriptions of browsers"),
    ("financial.card", "card numbers"),
    ("financial.iban", "account numbers (IBAN)"),
    ("government.us_ssn", "social security numbers"),
    ("government.ca_sin", "social insurance numbers"),
    ("credential.password", "passwords"),
    ("online.coordinates", "coordinates"),
    ("health.us_medicare", "Medicare numbers (US)"),
];

/// Values of the kind with this key and title: "card numbers".
pub fn many(key: &str, title: &str) -> String {
    if let Some((_, many)) = MANY.iter().find(|(known, _)| *known == key) {
        return (*many).to_owned();
    }
    if key.starts_with("credential.") {
        return "secrets of known forms".to_owned();
    }
    // The word that is counted stands before what it is of, and before a remark in brackets.
    let at = [" of ", " ("].iter().filter_map(|mark| title.find(mark)).min();
    let (counted, rest) = title.split_at_checked(at.unwrap_or(title.len())).unwrap_or((title, ""));
    let mut letters = counted.chars();
    let first: String = match letters.next() {
        // An abbreviation keeps its capitals.
        Some(first) if letters.as_str().starts_with(char::is_lowercase) => {
            first.to_lowercase().collect()
        }
        first => first.into_iter().collect(),
    };
    format!("{first}{}s{rest}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::many;

    #[test]
    fn kinds_have_words_for_many() {
        for (key, title, words) in [
            ("financial.card", "Payment card number", "card numbers"),
            ("credential.jwt", "Signed web token", "secrets of known forms"),
            ("health.mrn", "Medical record number", "medical record numbers"),
            ("government.uk_nhs", "NHS number (UK)", "NHS numbers (UK)"),
            ("network.serial", "Serial number of a device", "serial numbers of a device"),
        ] {
            assert_eq!(many(key, title), words);
        }
    }
}
