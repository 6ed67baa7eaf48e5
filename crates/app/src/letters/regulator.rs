//! Where people complain: the authority for the place in which they live.

use policy::regulator;
use serde::Serialize;

/// An authority for the protection of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Regulator {
    /// Its name.
    pub name: String,
    /// Its address on the web.
    pub web: Option<String>,
}

/// The authority for a place; for one that is not known, that of the organisation's own country.
pub fn regulator(place: Option<&str>, country: &str, region: Option<&str>) -> Regulator {
    let own = region.map_or_else(|| country.to_owned(), |region| format!("{country}-{region}"));
    match place.into_iter().chain([own.as_str()]).find_map(regulator::of) {
        Some(one) => Regulator { name: one.name.to_owned(), web: Some(one.url.to_owned()) },
        None => Regulator {
            name: "the data protection authority of the place where you live".to_owned(),
            web: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_authority_is_named() {
        for (place, own, expected) in [
            (Some("CA-QC"), ("US", None), "Québec"),
            (Some("CA-ON"), ("US", None), "of Canada"),
            (Some("FR"), ("CA", None), "libertés"),
            (None, ("CA", Some("AB")), "Alberta"),
            (Some("elsewhere"), ("GB", None), "Commissioner’s"),
            (None, ("ZZ", None), "where you live"),
        ] {
            let found = regulator(place, own.0, own.1);
            assert!(found.name.contains(expected), "{place:?} {own:?}: {found:?}");
        }
    }
}
