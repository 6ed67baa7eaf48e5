//! Where people complain: the authority for the place in which they live.

use policy::clock::around;
use serde::Serialize;

/// An authority for the protection of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Regulator {
    /// Its name.
    pub name: String,
    /// Its address on the web.
    pub web: Option<String>,
}

/// By place: ISO 3166 codes, of which a narrower one goes first, and the words `EEA` and `EU`. Each
/// name and address as the authority itself writes it (looked at in November 2026).
const KNOWN: &[(&str, &str, &str)] = &[
    ("CA", "Office of the Privacy Commissioner of Canada", "https://www.priv.gc.ca"),
    ("CA-QC", "Commission d’accès à l’information du Québec", "https://www.cai.gouv.qc.ca"),
    (
        "CA-BC",
        "Office of the Information and Privacy Commissioner for British Columbia",
        "https://www.oipc.bc.ca",
    ),
    (
        "CA-AB",
        "Office of the Information and Privacy Commissioner of Alberta",
        "https://oipc.ab.ca",
    ),
    ("US", "Federal Trade Commission", "https://reportfraud.ftc.gov"),
    ("US-CA", "California Privacy Protection Agency", "https://cppa.ca.gov"),
    ("GB", "Information Commissioner’s Office", "https://ico.org.uk"),
    ("CH", "Federal Data Protection and Information Commissioner", "https://www.edoeb.admin.ch"),
    ("FR", "Commission Nationale de l’Informatique et des Libertés", "https://www.cnil.fr"),
    (
        "DE",
        "Die Bundesbeauftragte für den Datenschutz und die Informationsfreiheit",
        "https://www.bfdi.bund.de",
    ),
    ("IE", "Data Protection Commission", "https://www.dataprotection.ie"),
    ("NL", "Autoriteit Persoonsgegevens", "https://autoriteitpersoonsgegevens.nl"),
    ("BE", "Autorité de protection des données", "https://www.autoriteprotectiondonnees.be"),
    ("ES", "Agencia Española de Protección de Datos", "https://www.aepd.es"),
    ("IT", "Garante per la protezione dei dati personali", "https://www.garanteprivacy.it"),
    ("AT", "Österreichische Datenschutzbehörde", "https://www.dsb.gv.at"),
    ("SE", "Integritetsskyddsmyndigheten", "https://www.imy.se"),
    ("DK", "Datatilsynet", "https://www.datatilsynet.dk"),
    ("PL", "Urząd Ochrony Danych Osobowych", "https://uodo.gov.pl"),
    ("PT", "Comissão Nacional de Proteção de Dados", "https://www.cnpd.pt"),
    (
        "EEA",
        "the data protection authority of your country",
        "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en",
    ),
    (
        "EU",
        "the data protection authority of your country",
        "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en",
    ),
    ("AU", "Office of the Australian Information Commissioner", "https://www.oaic.gov.au"),
    ("NZ", "Office of the Privacy Commissioner", "https://www.privacy.org.nz"),
    ("IN", "Data Protection Board of India", "https://www.meity.gov.in"),
];

/// The authority for a place; for one that is not known, that of the organisation's own country.
pub fn regulator(place: Option<&str>, country: &str, region: Option<&str>) -> Regulator {
    let own = region.map_or_else(|| country.to_owned(), |region| format!("{country}-{region}"));
    let places = place.into_iter().chain([own.as_str()]);
    let found =
        places.flat_map(around).find_map(|place| KNOWN.iter().find(|(key, ..)| *key == place));
    match found {
        Some((_, name, web)) => {
            Regulator { name: (*name).to_owned(), web: Some((*web).to_owned()) }
        }
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
            (Some("FR"), ("CA", None), "Libertés"),
            (None, ("CA", Some("AB")), "Alberta"),
            (Some("elsewhere"), ("GB", None), "Commissioner’s"),
            (None, ("ZZ", None), "where you live"),
        ] {
            let found = regulator(place, own.0, own.1);
            assert!(found.name.contains(expected), "{place:?} {own:?}: {found:?}");
        }
        let mut keys: Vec<&str> = KNOWN.iter().map(|(key, ..)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), KNOWN.len());
    }
}
