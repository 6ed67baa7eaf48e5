//! The policy, resolved.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::file::classification::ClassRow;
use crate::file::clients::Client;
use crate::file::policy::{
    Cap, Children, Organisation, Place, Purpose, RequestKind, Right, Statements,
};
use crate::file::promises::Control;
use crate::file::recipients::Recipient;
use crate::map::{Collection, System};
use crate::notice::Notice;
use crate::quote::Found;
use crate::source::{Checked, Sources};
use crate::taxonomy::Taxonomy;

/// A sound policy: every name in it points at something.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Policy {
    /// Whose policy it is.
    pub organisation: Organisation,
    /// The notice, sentence by sentence.
    pub notice: Notice,
    /// Places whose law matters.
    pub places: Vec<Place>,
    /// The rights people have, and their clocks.
    pub rights: Vec<Right>,
    /// What data is used for.
    pub purposes: Vec<Purpose>,
    /// Whether a second person must approve a plan.
    pub require_approval: bool,
    /// Limits on what one request may change.
    pub cap: Cap,
    /// The country of telephone numbers without one, as written; see
    /// [`Policy::phone_calling_code`].
    pub phone_country: Option<String>,
    /// Statements about sale and sharing.
    pub statements: Statements,
    /// The promises, with their places in the notice.
    pub promises: Vec<Promise>,
    /// The classification matrix.
    pub classification: Vec<ClassRow>,
    /// Who else gets data.
    pub recipients: Vec<Recipient>,
    /// The organisations you work for.
    pub clients: Vec<Client>,
    /// From what age on people answer for themselves.
    pub children: Option<Children>,
    /// The data map.
    pub systems: Vec<System>,
    /// Whose data each system holds: fideslang data subjects by the system's key, where its file
    /// says so.
    pub data_subjects: BTreeMap<String, Vec<String>>,
}

/// A promise and its place in the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// Its key.
    pub id: String,
    /// The words of the notice, as quoted.
    pub quote: String,
    /// Where they stand; `None` while the notice is only at its web address.
    pub found: Option<Found>,
    /// What makes it true; empty means unproven.
    pub controls: Vec<Control>,
    /// Which promises of the catalogue (docs/promises.md) it makes.
    pub catalogue: Vec<String>,
    /// A remark for colleagues; of a promise without a control, what is missing.
    pub note: Option<String>,
}

/// Promises and sentences that nothing stands behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage<'p> {
    /// How many sentences the notice has, headings not counted.
    pub sentences: usize,
    /// Sentences that no promise quotes.
    pub without_promise: Vec<&'p crate::notice::Sentence>,
    /// Promises that no control stands behind.
    pub without_control: Vec<&'p Promise>,
}

impl Policy {
    /// Reads a policy; the same as [`crate::load`].
    pub fn load(sources: &Sources) -> Checked {
        crate::source::load(sources)
    }

    /// The system with this key.
    pub fn system(&self, key: &str) -> Option<&System> {
        self.systems.iter().find(|system| system.key == key)
    }

    /// A collection by system and name.
    pub fn collection(&self, system: &str, collection: &str) -> Option<&Collection> {
        self.system(system)?.collection(collection)
    }

    /// The row of the matrix with this key.
    pub fn row(&self, key: &str) -> Option<&ClassRow> {
        self.classification.iter().find(|row| row.key == key)
    }

    /// The row whose category is the nearest at or above this one.
    pub fn row_of_category(&self, category: &str) -> Option<&ClassRow> {
        crate::resolve::nearest_row(&self.classification, &[category.to_owned()])
    }

    /// The row of the matrix whose retention a collection follows, where it was given one.
    pub fn row_of_collection(&self, system: &str, collection: &str) -> Option<&ClassRow> {
        self.row(self.collection(system, collection)?.class.as_deref()?)
    }

    /// The words a person reads for a data category.
    pub fn title_of_category(&self, category: &str) -> String {
        Taxonomy::Category.title(category).map_or_else(|| category.to_owned(), str::to_owned)
    }

    /// The purpose with this key, or the first with this data use.
    pub fn purpose(&self, word: &str) -> Option<&Purpose> {
        self.purposes
            .iter()
            .find(|purpose| purpose.key == word)
            .or_else(|| self.purposes.iter().find(|purpose| purpose.data_use == word))
    }

    /// The words a person reads for a purpose or a data use.
    pub fn title_of_purpose(&self, word: &str) -> String {
        self.purpose(word).map_or_else(
            || Taxonomy::Use.title(word).map_or_else(|| word.to_owned(), str::to_owned),
            |purpose| purpose.title.clone(),
        )
    }

    /// The recipient with this key.
    pub fn recipient(&self, key: &str) -> Option<&Recipient> {
        self.recipients.iter().find(|recipient| recipient.key == key)
    }

    /// The recipients of a system: those it names, and those that say they get it.
    pub fn recipients_of(&self, system: &System) -> Vec<&Recipient> {
        self.recipients
            .iter()
            .filter(|recipient| {
                system.recipients.contains(&recipient.key) || recipient.gets.contains(&system.key)
            })
            .collect()
    }

    /// The client with this key.
    pub fn client(&self, key: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.key == key)
    }

    /// The promise with this key.
    pub fn promise(&self, id: &str) -> Option<&Promise> {
        self.promises.iter().find(|promise| promise.id == id)
    }

    /// The clock for a request by a person in this place: the one for the place itself, for the
    /// places it lies in, or for everybody.
    pub fn right(&self, kind: RequestKind, place: Option<&str>) -> Option<&Right> {
        let mut here = place;
        // Bounded, in case places lie within each other.
        for _ in 0..=self.places.len() {
            let Some(key) = here else { break };
            let found = self
                .rights
                .iter()
                .find(|right| right.right == kind && right.places.iter().any(|p| p == key));
            if found.is_some() {
                return found;
            }
            here = self
                .places
                .iter()
                .find(|place| place.key == key)
                .and_then(|place| place.within.as_deref());
        }
        self.rights.iter().find(|right| right.right == kind && right.places.is_empty())
    }

    /// Whether an e-mail address is the organisation's own or a colleague's.
    pub fn is_own_address(&self, address: &str) -> bool {
        let address = address.trim().to_lowercase();
        let own = &self.organisation;
        own.addresses.iter().any(|known| known.to_lowercase() == address)
            || address.rsplit_once('@').is_some_and(|(_, domain)| {
                own.domains.iter().any(|known| {
                    let known = known.to_lowercase();
                    domain == known || domain.strip_suffix(&known).is_some_and(|d| d.ends_with('.'))
                })
            })
    }

    /// The calling code of telephone numbers that are written without one (`1`).
    pub fn phone_calling_code(&self) -> Option<&str> {
        calling_code(self.phone_country.as_deref().unwrap_or(&self.organisation.country))
    }

    /// What nothing stands behind yet.
    pub fn coverage(&self) -> Coverage<'_> {
        let sentences: Vec<_> =
            self.notice.sentences.iter().filter(|sentence| !sentence.is_heading).collect();
        Coverage {
            sentences: sentences.len(),
            without_promise: sentences.into_iter().filter(|s| s.promises.is_empty()).collect(),
            without_control: self.promises.iter().filter(|p| p.controls.is_empty()).collect(),
        }
    }
}

// Calling codes as assigned in ITU-T E.164 (list of assigned country codes).
const CALLING_CODES: &str = "1 CA US PR DO JM BS BB TT|7 RU KZ|20 EG|27 ZA|30 GR|31 NL|32 BE|33 FR|\
    34 ES|36 HU|39 IT VA|40 RO|41 CH|43 AT|44 GB GG JE IM|45 DK|46 SE|47 NO SJ|48 PL|49 DE|51 PE|\
    52 MX|53 CU|54 AR|55 BR|56 CL|57 CO|58 VE|60 MY|61 AU|62 ID|63 PH|64 NZ|65 SG|66 TH|81 JP|\
    82 KR|84 VN|86 CN|90 TR|91 IN|92 PK|93 AF|94 LK|95 MM|98 IR|211 SS|212 MA|213 DZ|216 TN|218 LY|\
    220 GM|221 SN|222 MR|223 ML|224 GN|225 CI|226 BF|227 NE|228 TG|229 BJ|230 MU|231 LR|232 SL|\
    233 GH|234 NG|235 TD|236 CF|237 CM|238 CV|239 ST|240 GQ|241 GA|242 CG|243 CD|244 AO|245 GW|\
    248 SC|249 SD|250 RW|251 ET|252 SO|253 DJ|254 KE|255 TZ|256 UG|257 BI|258 MZ|260 ZM|261 MG|\
    262 RE|263 ZW|264 NA|265 MW|266 LS|267 BW|268 SZ|269 KM|297 AW|298 FO|299 GL|350 GI|351 PT|\
    352 LU|353 IE|354 IS|355 AL|356 MT|357 CY|358 FI|359 BG|370 LT|371 LV|372 EE|373 MD|374 AM|\
    375 BY|376 AD|377 MC|378 SM|380 UA|381 RS|382 ME|383 XK|385 HR|386 SI|387 BA|389 MK|420 CZ|\
    421 SK|423 LI|501 BZ|502 GT|503 SV|504 HN|505 NI|506 CR|507 PA|509 HT|590 GP|591 BO|592 GY|\
    593 EC|594 GF|595 PY|596 MQ|597 SR|598 UY|670 TL|673 BN|675 PG|676 TO|677 SB|678 VU|679 FJ|\
    680 PW|682 CK|685 WS|686 KI|687 NC|689 PF|691 FM|692 MH|852 HK|853 MO|855 KH|856 LA|880 BD|\
    886 TW|960 MV|961 LB|962 JO|963 SY|964 IQ|965 KW|966 SA|967 YE|968 OM|970 PS|971 AE|972 IL|\
    973 BH|974 QA|975 BT|976 MN|977 NP|992 TJ|993 TM|994 AZ|995 GE|996 KG|998 UZ";

/// The calling code for a country's two letters, or the code itself.
pub(crate) fn calling_code(country: &str) -> Option<&str> {
    let digits = country.strip_prefix('+').unwrap_or(country);
    if (1..=3).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit()) {
        return Some(digits);
    }
    CALLING_CODES
        .split('|')
        .find(|entry| entry.split(' ').skip(1).any(|known| known == country))
        .and_then(|entry| entry.split(' ').next())
}

#[cfg(test)]
mod tests {
    use super::calling_code;

    #[test]
    fn calling_codes_are_found_by_country_or_given_as_they_are() {
        for (word, code) in [
            ("CA", Some("1")),
            ("IN", Some("91")),
            ("1", Some("1")),
            ("+44", Some("44")),
            ("ZZ", None),
            ("Canada", None),
        ] {
            assert_eq!(calling_code(word), code, "{word}");
        }
    }
}
