//! Whether a place named in plain words lies in a country: "Toronto, Canada" does, "United States"
//! does not. What is not recognised counts as elsewhere, so that a slip asks a question instead of
//! hiding a transfer.

/// English names of countries by their ISO 3166-1 two letters; the first is the one in common use.
const NAMES: &[(&str, &[&str])] = &[
    ("AE", &["United Arab Emirates", "UAE"]),
    ("AR", &["Argentina"]),
    ("AT", &["Austria"]),
    ("AU", &["Australia"]),
    ("BE", &["Belgium"]),
    ("BG", &["Bulgaria"]),
    ("BR", &["Brazil"]),
    ("CA", &["Canada"]),
    ("CH", &["Switzerland"]),
    ("CL", &["Chile"]),
    ("CN", &["China"]),
    ("CO", &["Colombia"]),
    ("CY", &["Cyprus"]),
    ("CZ", &["Czechia", "Czech Republic"]),
    ("DE", &["Germany"]),
    ("DK", &["Denmark"]),
    ("EE", &["Estonia"]),
    ("ES", &["Spain"]),
    ("FI", &["Finland"]),
    ("FR", &["France"]),
    ("GB", &["United Kingdom", "Great Britain", "England", "Scotland", "Wales", "UK"]),
    ("GR", &["Greece"]),
    ("HK", &["Hong Kong"]),
    ("HR", &["Croatia"]),
    ("HU", &["Hungary"]),
    ("IE", &["Ireland"]),
    ("IL", &["Israel"]),
    ("IN", &["India"]),
    ("IS", &["Iceland"]),
    ("IT", &["Italy"]),
    ("JP", &["Japan"]),
    ("KR", &["South Korea", "Korea"]),
    ("LI", &["Liechtenstein"]),
    ("LT", &["Lithuania"]),
    ("LU", &["Luxembourg"]),
    ("LV", &["Latvia"]),
    ("MT", &["Malta"]),
    ("MX", &["Mexico"]),
    ("MY", &["Malaysia"]),
    ("NL", &["Netherlands", "The Netherlands"]),
    ("NO", &["Norway"]),
    ("NZ", &["New Zealand"]),
    ("PH", &["Philippines"]),
    ("PL", &["Poland"]),
    ("PT", &["Portugal"]),
    ("RO", &["Romania"]),
    ("SE", &["Sweden"]),
    ("SG", &["Singapore"]),
    ("SI", &["Slovenia"]),
    ("SK", &["Slovakia"]),
    ("TH", &["Thailand"]),
    ("TW", &["Taiwan"]),
    ("US", &["United States", "United States of America", "USA"]),
    ("VN", &["Vietnam"]),
    ("ZA", &["South Africa"]),
];

/// Members of the European Economic Area, inside which data moves freely (GDPR, Article 1(3), and
/// Decision 154/2018 of the EEA Joint Committee).
const EEA: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

const EEA_NAMES: &[&str] = &["European Economic Area", "European Union", "EEA", "EU"];

/// Whether the words name this country, given by its two letters, or a part of it that is written
/// with its name (`Toronto, Canada`). Inside the European Economic Area each member counts.
pub fn is_within(region: &str, country: &str) -> bool {
    let member = EEA.contains(&country);
    let named = |code: &str| {
        region.trim() == code
            || NAMES
                .iter()
                .filter(|(known, _)| *known == code)
                .flat_map(|(_, names)| *names)
                .any(|name| says(region, name))
    };
    named(country)
        || (member
            && (EEA_NAMES.iter().any(|name| says(region, name)) || EEA.iter().any(|c| named(c))))
}

/// Whether one of the parts between commas, brackets and "and" is this name.
fn says(region: &str, name: &str) -> bool {
    let mut parts = region.split([',', '(', ')', ';', '/']).map(str::trim);
    parts.any(|part| part.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn places_are_told_from_their_words() {
        for (region, country, within) in [
            ("Canada", "CA", true),
            ("CA", "CA", true),
            ("Toronto, Canada", "CA", true),
            ("canada (Halifax)", "CA", true),
            ("United States", "CA", false),
            ("Canada and the United States", "CA", false),
            ("Ireland", "DE", true),
            ("European Union", "FR", true),
            ("Northern Ireland", "IE", false),
            ("United Kingdom", "FR", false),
            ("EU", "CH", false),
            ("Georgia", "US", false),
            ("", "US", false),
        ] {
            assert_eq!(is_within(region, country), within, "{region} in {country}");
        }
    }
}
