//! The people of the story: the heroine, whose request the demo answers, and those around her who
//! are easily taken for her.

use model::{Identity, IdentityKind};

use crate::{Planted, world::Phone};

/// A person written by hand.
pub(crate) struct Persona {
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
    pub(crate) email: &'static str,
    pub(crate) private: Option<&'static str>,
    pub(crate) login: &'static str,
    pub(crate) desk: Phone,
    pub(crate) mobile: Phone,
    pub(crate) company: usize,
    pub(crate) title: &'static str,
    pub(crate) employee_no: &'static str,
    /// In which way this person is near the heroine.
    pub(crate) why: &'static str,
}

pub(crate) const HEROINE: usize = 0;
pub(crate) const SAME_GIVEN: usize = 1;
pub(crate) const SAME_FAMILY: usize = 2;
pub(crate) const SAME_MAILBOX: usize = 3;
pub(crate) const HALF_NAME: usize = 4;
pub(crate) const ZOE_MARKED: usize = 5;
pub(crate) const ZOE_PLAIN: usize = 6;
pub(crate) const COLLEAGUE: usize = 7;
pub(crate) const LONGER: usize = 8;

const fn canada(area: u32, line: u32) -> Phone {
    Phone::Canada { area, line }
}

pub(crate) const CAST: [Persona; 9] = [
    Persona {
        given: "Maëlle",
        family: "Tremblay-Okafor",
        email: "maelle.tremblay-okafor@harbourlight-clinic.example",
        private: Some("maelle.to@fastpost.example"),
        login: "mtremblay-okafor",
        desk: canada(902, 178),
        mobile: canada(902, 143),
        company: 1,
        title: "Clinic Coordinator",
        employee_no: "HLC-20417",
        why: "",
    },
    Persona {
        given: "Maëlle",
        family: "Bouchard",
        email: "maelle.bouchard@harbourlight-clinic.example",
        private: None,
        login: "mbouchard.hlc",
        desk: canada(902, 179),
        mobile: canada(902, 144),
        company: 1,
        title: "Nurse",
        employee_no: "HLC-20418",
        why: "has the same given name and works in the same place",
    },
    Persona {
        given: "Ikenna",
        family: "Tremblay-Okafor",
        email: "ikenna.tremblay-okafor@harbourlight-clinic.example",
        private: None,
        login: "itremblay-okafor",
        desk: canada(902, 180),
        mobile: canada(902, 145),
        company: 1,
        title: "Physician",
        employee_no: "HLC-20399",
        why: "has the same family name and works in the same place",
    },
    Persona {
        given: "Maëlle",
        family: "Tomczak",
        email: "maelle.tomczak@quaystone-chambers.example",
        private: Some("maëlle.to@fastpost.example"),
        login: "mtomczak.qc",
        desk: canada(902, 181),
        mobile: canada(902, 146),
        company: 2,
        title: "Paralegal",
        employee_no: "QSC-10077",
        why: "has the same private address but for one accent",
    },
    Persona {
        given: "Maëlle",
        family: "Tremblay",
        email: "maelle.tremblay@harbourlight-clinic.example",
        private: None,
        login: "mtremblay.hlc",
        desk: canada(902, 182),
        mobile: canada(782, 143),
        company: 1,
        title: "Receptionist",
        employee_no: "HLC-20500",
        why: "has the first half of the name and, in another area, the same number",
    },
    Persona {
        given: "Zoë",
        family: "Müller",
        email: "zoë.müller@quaystone-chambers.example",
        private: None,
        login: "zmueller",
        desk: canada(902, 183),
        mobile: canada(902, 147),
        company: 2,
        title: "Notary",
        employee_no: "QSC-10078",
        why: "has the address of a colleague but for two accents",
    },
    Persona {
        given: "Zoe",
        family: "Muller",
        email: "zoe.muller@quaystone-chambers.example",
        private: None,
        login: "zmuller.qc",
        desk: canada(902, 184),
        mobile: canada(902, 148),
        company: 2,
        title: "Accountant",
        employee_no: "QSC-10079",
        why: "has the address of a colleague without its two accents",
    },
    Persona {
        given: "Chidi",
        family: "Okafor",
        email: "chidi.okafor@harbourlight-clinic.example",
        private: None,
        login: "cokafor.hlc",
        desk: canada(902, 185),
        mobile: canada(902, 149),
        company: 1,
        title: "Practice Manager",
        employee_no: "HLC-20001",
        why: "has the second half of the family name and writes about her often",
    },
    Persona {
        given: "Samaëlle",
        family: "Toussaint",
        email: "samaelle.toussaint@brightgull-dental.example",
        private: Some("samaelle.to@fastpost.example"),
        login: "stoussaint.bd",
        desk: canada(902, 186),
        mobile: canada(902, 150),
        company: 3,
        title: "Hygienist",
        employee_no: "HLC-204171",
        why: "has an address and an employee number that contain hers",
    },
];

/// The sign-in name of the heroine's first, disabled account.
pub(crate) const OLD_LOGIN: &str = "maelle.to";
/// Her address as other systems spell it.
pub(crate) const EMAIL_TITLE: &str = "Maelle.Tremblay-Okafor@Harbourlight-Clinic.example";
pub(crate) const EMAIL_UPPER: &str = "MAELLE.TREMBLAY-OKAFOR@HARBOURLIGHT-CLINIC.EXAMPLE";
/// Her name in other spellings: without the mark, turned round, and with the mark as a letter of
/// its own (Unicode NFD).
pub(crate) const NAME_PLAIN: &str = "Maelle Tremblay-Okafor";
pub(crate) const NAME_TURNED: &str = "Tremblay-Okafor, Maëlle";
pub(crate) const NAME_APART: &str = "Mae\u{308}lle Tremblay-Okafor";

/// Somebody without a record in any system: she stands in other people's mails only.
pub const TEXT_ONLY_NAME: &str = "Thandiwe Nkosi-Leblanc";
/// Her address.
pub const TEXT_ONLY_EMAIL: &str = "thandiwe.nkosi@brightgull-dental.example";

/// The person whom the demo's request is about, and every place where she is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heroine {
    /// Her full name.
    pub name: &'static str,
    /// Other spellings of her name that the systems hold.
    pub other_names: [&'static str; 3],
    /// Her addresses: the one at work, as three systems spell it, and the private one.
    pub emails: [&'static str; 4],
    /// Her mobile and her desk, in international form.
    pub phones: [&'static str; 2],
    /// Her sign-in names: the present one and a disabled one.
    pub user_names: [&'static str; 2],
    /// Her number at her employer.
    pub employee_no: &'static str,
    /// Her own rows and the rows of others that name her. [`crate::PLACES`] counts them.
    pub places: Vec<Planted>,
}

impl Heroine {
    pub(crate) const fn new(places: Vec<Planted>) -> Self {
        Self {
            name: "Maëlle Tremblay-Okafor",
            other_names: [NAME_PLAIN, NAME_TURNED, NAME_APART],
            emails: [
                "maelle.tremblay-okafor@harbourlight-clinic.example",
                EMAIL_TITLE,
                EMAIL_UPPER,
                "maelle.to@fastpost.example",
            ],
            phones: ["+1 902 555 0143", "+1 902 555 0178"],
            user_names: ["mtremblay-okafor", OLD_LOGIN],
            employee_no: "HLC-20417",
            places,
        }
    }

    /// What a request would name her by: the work address, the private one, and her name.
    pub fn identities(&self) -> Vec<Identity> {
        let [work, _, _, private] = self.emails;
        vec![
            Identity::new(IdentityKind::Email, work),
            Identity::new(IdentityKind::Email, private),
            Identity::new(IdentityKind::Name, self.name),
        ]
    }
}
