//! To whom somebody can complain: the authority for each place.
//!
//! Names and addresses are those that the authorities give themselves on the pages named here; for
//! the European Economic Area, the list of members of the European Data Protection Board.

/// An authority that watches over privacy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regulator {
    /// The place: an ISO 3166 code.
    pub place: &'static str,
    /// What it calls itself in English, or in its own language where it uses no English name.
    pub name: &'static str,
    /// What it calls itself in French, where it does.
    pub name_fr: Option<&'static str>,
    /// Where it is reached.
    pub url: &'static str,
}

/// The authority for a place: its own, or that of the larger place around it (`CA` for `CA-NS`).
///
/// ```
/// assert_eq!(policy::regulator::of("CA-NS").map(|one| one.place), Some("CA"));
/// assert_eq!(policy::regulator::of("CA-QC").map(|one| one.place), Some("CA-QC"));
/// assert!(policy::regulator::of("AQ").is_none());
/// ```
pub fn of(place: &str) -> Option<&'static Regulator> {
    crate::clock::around(place).find_map(|place| ALL.iter().find(|one| one.place == place))
}

const fn one(place: &'static str, name: &'static str, url: &'static str) -> Regulator {
    Regulator { place, name, name_fr: None, url }
}

const fn both(
    place: &'static str,
    name: &'static str,
    name_fr: &'static str,
    url: &'static str,
) -> Regulator {
    Regulator { place, name, name_fr: Some(name_fr), url }
}

/// Every authority that is known, by place.
pub const ALL: &[Regulator] = &[
    one("AT", "Österreichische Datenschutzbehörde", "https://www.dsb.gv.at"),
    one("AU", "Office of the Australian Information Commissioner", "https://www.oaic.gov.au"),
    both(
        "BE",
        "Belgian Data Protection Authority",
        "Autorité de protection des données",
        "https://www.dataprotectionauthority.be",
    ),
    one("BG", "Commission for Personal Data Protection", "https://www.cpdp.bg"),
    one("BR", "Autoridade Nacional de Proteção de Dados", "https://www.gov.br/anpd"),
    both(
        "CA",
        "Office of the Privacy Commissioner of Canada",
        "Commissariat à la protection de la vie privée du Canada",
        "https://www.priv.gc.ca",
    ),
    one(
        "CA-AB",
        "Office of the Information and Privacy Commissioner of Alberta",
        "https://oipc.ab.ca",
    ),
    one(
        "CA-BC",
        "Office of the Information and Privacy Commissioner for British Columbia",
        "https://www.oipc.bc.ca",
    ),
    both(
        "CA-QC",
        "Commission d’accès à l’information du Québec",
        "Commission d’accès à l’information du Québec",
        "https://www.cai.gouv.qc.ca",
    ),
    both(
        "CH",
        "Federal Data Protection and Information Commissioner",
        "Préposé fédéral à la protection des données et à la transparence",
        "https://www.edoeb.admin.ch",
    ),
    one("CY", "Commissioner for Personal Data Protection", "https://www.dataprotection.gov.cy"),
    one("CZ", "Úřad pro ochranu osobních údajů", "https://www.uoou.gov.cz"),
    one(
        "DE",
        "Die Bundesbeauftragte für den Datenschutz und die Informationsfreiheit",
        "https://www.bfdi.bund.de",
    ),
    one("DK", "Datatilsynet", "https://www.datatilsynet.dk"),
    one("EE", "Andmekaitse Inspektsioon", "https://www.aki.ee"),
    both(
        "EEA",
        "the data protection authority of your country",
        "l’autorité de protection des données de votre pays",
        "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en",
    ),
    one("ES", "Agencia Española de Protección de Datos", "https://www.aepd.es"),
    both(
        "EU",
        "the data protection authority of your country",
        "l’autorité de protection des données de votre pays",
        "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en",
    ),
    one("FI", "Office of the Data Protection Ombudsman", "https://tietosuoja.fi"),
    both(
        "FR",
        "Commission nationale de l’informatique et des libertés (CNIL)",
        "Commission nationale de l’informatique et des libertés (CNIL)",
        "https://www.cnil.fr",
    ),
    one("GB", "Information Commissioner’s Office", "https://ico.org.uk"),
    one("GR", "Hellenic Data Protection Authority", "https://www.dpa.gr"),
    one("HR", "Croatian Personal Data Protection Agency", "https://azop.hr"),
    one("HU", "Nemzeti Adatvédelmi és Információszabadság Hatóság", "https://www.naih.hu"),
    one("IE", "Data Protection Commission", "https://www.dataprotection.ie"),
    one("IN", "Data Protection Board of India", "https://www.meity.gov.in"),
    one("IS", "Persónuvernd", "https://www.personuvernd.is"),
    one("IT", "Garante per la protezione dei dati personali", "https://www.garanteprivacy.it"),
    one("JP", "Personal Information Protection Commission", "https://www.ppc.go.jp"),
    one("LI", "Datenschutzstelle", "https://www.datenschutzstelle.li"),
    one("LT", "Valstybinė duomenų apsaugos inspekcija", "https://vdai.lrv.lt"),
    both(
        "LU",
        "Commission nationale pour la protection des données",
        "Commission nationale pour la protection des données",
        "https://cnpd.public.lu",
    ),
    one("LV", "Datu valsts inspekcija", "https://www.dvi.gov.lv"),
    one("MT", "Office of the Information and Data Protection Commissioner", "https://idpc.org.mt"),
    one("NL", "Autoriteit Persoonsgegevens", "https://www.autoriteitpersoonsgegevens.nl"),
    one("NO", "Datatilsynet", "https://www.datatilsynet.no"),
    one("NZ", "Office of the Privacy Commissioner", "https://www.privacy.org.nz"),
    one("PL", "Urząd Ochrony Danych Osobowych", "https://uodo.gov.pl"),
    one("PT", "Comissão Nacional de Proteção de Dados", "https://www.cnpd.pt"),
    one(
        "RO",
        "Autoritatea Naţională de Supraveghere a Prelucrării Datelor cu Caracter Personal",
        "https://www.dataprotection.ro",
    ),
    one("SE", "Integritetsskyddsmyndigheten", "https://www.imy.se"),
    one("SG", "Personal Data Protection Commission", "https://www.pdpc.gov.sg"),
    one("SI", "Informacijski pooblaščenec", "https://www.ip-rs.si"),
    one("SK", "Úrad na ochranu osobných údajov", "https://dataprotection.gov.sk"),
    one("US", "Federal Trade Commission", "https://reportfraud.ftc.gov"),
    one("US-CA", "California Privacy Protection Agency", "https://cppa.ca.gov"),
    one("ZA", "Information Regulator", "https://inforegulator.org.za"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_stands_once_in_order_with_a_secure_address() {
        assert!(ALL.windows(2).all(|two| two[0].place < two[1].place));
        assert!(ALL.iter().all(|one| one.url.starts_with("https://") && !one.name.is_empty()));
    }
}
