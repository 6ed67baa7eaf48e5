//! Places made wider: postal codes to their first characters, addresses to their state.

/// A list of three-digit prefixes of US postal codes that cover 20,000 people or fewer, each with
/// its source. 45 CFR 164.514(b)(2)(i)(B) asks for `000` in their place.
pub struct SmallPrefixes {
    /// The census.
    pub year: u16,
    /// Who published the list.
    pub source: &'static str,
    /// The prefixes, ascending.
    pub prefixes: &'static [&'static str],
}

/// The lists that are known here. A prefix that stands in any of them is restricted: the rule speaks
/// of current data, and of two lists that differ the more careful answer is that of both.
pub const SMALL_PREFIXES: [SmallPrefixes; 2] = [
    SmallPrefixes {
        year: 2000,
        source: "US Department of Health and Human Services, Guidance Regarding Methods for De-identification (26 November 2012), from ZIP Code Tabulation Areas of the Census",
        prefixes: &[
            "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831",
            "878", "879", "884", "890", "893",
        ],
    },
    SmallPrefixes {
        year: 2010,
        source: "ZIP Code Tabulation Areas of the Census added up by prefix, the list that public de-identification tools use",
        prefixes: &[
            "036", "059", "102", "203", "205", "369", "556", "692", "821", "823", "878", "879",
            "884", "893",
        ],
    },
];

/// Whether so few people live where codes begin like this that the prefix must not be shown.
pub fn is_small(prefix: &str) -> bool {
    SMALL_PREFIXES.iter().any(|list| list.prefixes.contains(&prefix))
}

/// The first characters of a postal code. US codes of a restricted prefix begin with `000`; what does
/// not look like a postal code is `None`.
pub fn postal(text: &str, keep: u8) -> Option<String> {
    let signs: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let one = text.trim().split([' ', '-']).count() <= 2;
    let sound = one
        && (3..=10).contains(&signs.len())
        && signs.chars().all(|c| c.is_ascii_alphanumeric())
        && signs.chars().any(|c| c.is_ascii_digit());
    if !sound {
        return None;
    }
    let numbers = signs.chars().all(|c| c.is_ascii_digit());
    // A spreadsheet drops the nought in front: 2138 is 02138.
    let signs =
        if numbers && (signs.len() == 4 || signs.len() == 8) { format!("0{signs}") } else { signs };
    let keep = usize::from(keep).min(signs.len());
    let us = numbers && matches!(signs.len(), 5 | 9);
    let kept = signs.get(..keep)?;
    if us && signs.get(..3).is_some_and(is_small) {
        return Some("000".chars().take(keep.min(3)).collect());
    }
    Some(kept.to_owned())
}

/// States, the district and territories of the US, and the provinces and territories of Canada, by
/// their postal abbreviations (USPS Publication 28; Canada Post Addressing Guidelines).
const REGIONS: &[(&str, &str)] = &[
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
    ("PR", "Puerto Rico"),
    ("AB", "Alberta"),
    ("BC", "British Columbia"),
    ("MB", "Manitoba"),
    ("NB", "New Brunswick"),
    ("NL", "Newfoundland and Labrador"),
    ("NS", "Nova Scotia"),
    ("NT", "Northwest Territories"),
    ("NU", "Nunavut"),
    ("ON", "Ontario"),
    ("PE", "Prince Edward Island"),
    ("QC", "Quebec"),
    ("SK", "Saskatchewan"),
    ("YT", "Yukon"),
];

/// The state or province at the end of an address; `None` where none of those known stands there.
pub fn region(text: &str) -> Option<&'static str> {
    // Behind the last two commas, so that a street called Georgia Avenue is no state.
    let parts: Vec<&str> =
        text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.iter().rev().take(3).find_map(|part| {
        let words: Vec<&str> = part.split_whitespace().collect();
        let plain: Vec<&str> = words
            .iter()
            .copied()
            .take_while(|word| !word.starts_with(|c: char| c.is_ascii_digit()))
            .collect();
        let whole = plain.join(" ");
        REGIONS.iter().find_map(|(short, long)| {
            let named = whole.eq_ignore_ascii_case(long)
                || words.first() == Some(short)
                || whole.eq_ignore_ascii_case(short)
                // Springfield IL 62704, without a comma.
                || words.windows(2).any(|pair| {
                    pair.first() == Some(short)
                        && pair.get(1).is_some_and(|code| code.starts_with(|c: char| c.is_ascii_digit()))
                });
            named.then_some(*long)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postal_codes_lose_their_end() {
        for (text, keep, wanted) in [
            ("02138", 3, Some("021")),
            ("2138", 3, Some("021")),
            ("02138-1234", 3, Some("021")),
            ("03601", 3, Some("000")),
            ("20501", 3, Some("000")),
            ("83001", 2, Some("00")),
            ("K1A 0B1", 3, Some("K1A")),
            ("SW1A 1AA", 3, Some("SW1")),
            ("10115", 2, Some("10")),
            ("", 3, None),
            ("Halifax", 3, None),
            ("no code 12", 3, None),
        ] {
            assert_eq!(postal(text, keep).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn the_lists_are_sorted_and_of_their_length() {
        for (list, length) in SMALL_PREFIXES.iter().zip([17, 14]) {
            assert!(list.prefixes.is_sorted() && list.prefixes.len() == length, "{}", list.year);
        }
    }

    #[test]
    fn an_address_becomes_its_state() {
        for (text, wanted) in [
            ("12 Main St, Springfield, IL 62704", Some("Illinois")),
            ("12 Main St, Springfield IL 62704", Some("Illinois")),
            ("1 Georgia Ave, Austin, Texas", Some("Texas")),
            ("10 Barrington St, Halifax, NS B3J 1Z1, Canada", Some("Nova Scotia")),
            ("Nova Scotia", Some("Nova Scotia")),
            ("Hauptstraße 1, 10115 Berlin", None),
            ("in the office", None),
        ] {
            assert_eq!(region(text), wanted, "{text}");
        }
    }
}
