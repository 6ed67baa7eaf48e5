//! Places whose law holds for a person.

/// Members of the European Economic Area, where Regulation (EU) 2016/679 holds.
const EEA: [&str; 31] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The keys of the places around a place, itself first: `CA-QC`, `CA`, `*`; `DE`, `EU`, `*`. A key is a
/// country's two letters, with those of a province or state behind them.
pub fn around(place: &str) -> impl Iterator<Item = &str> {
    let inner =
        std::iter::successors(Some(place), |here| here.rsplit_once('-').map(|(out, _)| out));
    let country = place.split_once('-').map_or(place, |(country, _)| country);
    let wider = match country {
        "EEA" => Some("EU"),
        "UK" => Some("GB"),
        country if EEA.contains(&country) => Some("EU"),
        _ => None,
    };
    inner.chain(wider).chain(Some("*"))
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn every_place_lies_in_those_around_it() {
        for (place, chain) in [
            ("CA-QC", "CA-QC CA *"),
            ("DE-BY", "DE-BY DE EU *"),
            ("US-DE", "US-DE US *"),
            ("US-NY-NYC", "US-NY-NYC US-NY US *"),
            ("EEA", "EEA EU *"),
            ("UK", "UK GB *"),
            ("EU", "EU *"),
        ] {
            assert_eq!(around(place).collect::<Vec<_>>().join(" "), chain);
        }
    }
}
