//! The companies and people of the sample, before any system has seen them.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use crate::{
    cast::{CAST, Persona},
    dice::Dice,
    names, time,
};

/// A telephone number from a range that no exchange ever gives out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phone {
    /// +1, an area code, and 555-0100 to 555-0199.
    Canada { area: u32, line: u32 },
    /// The range that Ofcom keeps for drama: 07700 900000 to 900999.
    Britain(u32),
    /// The range that the Bundesnetzagentur keeps for drama in Berlin: 030 23125 000 to 999.
    Germany(u32),
}

impl Phone {
    /// `+1 902 555 0143`.
    pub(crate) fn international(self) -> String {
        match self {
            Self::Canada { area, line } => format!("+1 {area} 555 {line:04}"),
            Self::Britain(line) => format!("+44 7700 900{line:03}"),
            Self::Germany(line) => format!("+49 30 23125 {line:03}"),
        }
    }

    /// `(902) 555-0143`: as people at home write it.
    pub(crate) fn national(self) -> String {
        match self {
            Self::Canada { area, line } => format!("({area}) 555-{line:04}"),
            Self::Britain(line) => format!("07700 900{line:03}"),
            Self::Germany(line) => format!("030/23125-{line:03}"),
        }
    }

    /// `902.555.0143`.
    pub(crate) fn dotted(self) -> String {
        match self {
            Self::Canada { area, line } => format!("{area}.555.{line:04}"),
            Self::Britain(line) => format!("07700.900{line:03}"),
            Self::Germany(line) => format!("030.23125{line:03}"),
        }
    }
}

/// A client of Northlight IT, or Northlight itself.
pub(crate) struct Company {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) switchboard: Phone,
    pub(crate) street: String,
    pub(crate) city: String,
    pub(crate) european: bool,
    pub(crate) since: i64,
    /// Its people, by their place in [`World::people`]. The cast is not among them: a random
    /// choice never meets a person of the story.
    pub(crate) people: Vec<usize>,
}

/// A person.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) email: String,
    pub(crate) private: Option<String>,
    pub(crate) login: String,
    pub(crate) desk: String,
    pub(crate) mobile: Option<Phone>,
    pub(crate) company: usize,
    pub(crate) title: &'static str,
    pub(crate) employee_no: String,
    pub(crate) french: bool,
    pub(crate) since: i64,
    pub(crate) left: bool,
    pub(crate) in_ticketing: bool,
    pub(crate) in_crm: bool,
    pub(crate) in_newsletter: bool,
}

impl Person {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// Everybody.
pub(crate) struct World {
    pub(crate) companies: Vec<Company>,
    pub(crate) people: Vec<Person>,
    /// How many of the first people are agents of Northlight.
    pub(crate) agents: usize,
    /// Where in `people` the cast begins; it stands there in the order of [`CAST`].
    pub(crate) cast: usize,
    pub(crate) seed: u64,
}

/// Letters without their marks, as sign-in names are made: `Łukasz Größer` becomes `lukasz.grosser`.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.nfd() {
        match letter {
            'ł' | 'Ł' => out.push('l'),
            'ø' | 'Ø' => out.push('o'),
            'đ' | 'Đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'ß' => out.push_str("ss"),
            ' ' => out.push('-'),
            other if other.is_ascii_alphanumeric() => out.push(other.to_ascii_lowercase()),
            '-' => out.push('-'),
            _ => {}
        }
    }
    out
}

const NORTHLIGHT: usize = 0;
/// Companies of the story, by their place in [`World::companies`].
pub(crate) const KNOWN: [(&str, &str); 4] = [
    ("Northlight IT", "northlight-it.example"),
    ("Harbourlight Clinic", "harbourlight-clinic.example"),
    ("Quaystone Chambers", "quaystone-chambers.example"),
    ("Brightgull Dental", "brightgull-dental.example"),
];
/// Private mailboxes.
pub(crate) const MAILBOXES: [&str; 4] =
    ["fastpost.example", "postbox.example", "courriel.example", "brief.example"];

impl World {
    pub(crate) fn new(people: usize, seed: u64) -> Self {
        let dice = Dice::new(seed, 1);
        let companies = companies(people, &dice);
        let agents = (people / 1000).clamp(6, 48);
        let cast = people / 2;
        let mut world = Self { companies, people: Vec::with_capacity(people), agents, cast, seed };
        let mut taken: BTreeSet<String> = CAST
            .iter()
            .flat_map(|persona| [Some(persona.email), persona.private])
            .flatten()
            .map(str::to_owned)
            .collect();
        let mut logins: BTreeSet<String> =
            CAST.iter().map(|persona| persona.login.to_owned()).collect();
        logins.insert(crate::cast::OLD_LOGIN.to_owned());
        for place in 0..people {
            let persona = place.checked_sub(cast).and_then(|role| CAST.get(role));
            let person = match persona {
                Some(persona) => of_the_cast(persona),
                None => world.anybody(place, &dice, &mut taken, &mut logins),
            };
            if persona.is_none()
                && let Some(company) = world.companies.get_mut(person.company)
            {
                company.people.push(place);
            }
            world.people.push(person);
        }
        world
    }

    fn anybody(
        &self,
        place: usize,
        dice: &Dice,
        taken: &mut BTreeSet<String>,
        logins: &mut BTreeSet<String>,
    ) -> Person {
        // Every company gets its people in turn first, so that none is empty.
        let clients = self.companies.len().saturating_sub(1).max(1);
        let company = match place.checked_sub(self.agents) {
            None => NORTHLIGHT,
            Some(turn) if turn < clients * 2 => 1 + turn % clients,
            Some(_) => 1 + dice.position(clients),
        };
        let agent = company == NORTHLIGHT;
        let (given, mut family, french) = person_name(dice);
        if dice.permille(40) {
            let second = dice.pick(&names::FRENCH_FAMILY);
            // INVARIANT: nobody but the cast bears the heroine's family name.
            if second != family && !(family == "Tremblay" || second == "Tremblay") {
                family = format!("{family}-{second}");
            }
        }
        let employer = self.companies.get(company);
        let domain = employer.map_or("", |company| company.domain.as_str());
        let stem = format!("{}.{}", plain(&given), plain(&family));
        let mut email = format!("{stem}@{domain}");
        let mut number = 2;
        while !taken.insert(email.clone()) {
            email = format!("{stem}{number}@{domain}");
            number += 1;
        }
        let initial: String = plain(&given).chars().take(1).collect();
        let mut login = format!("{initial}{}", plain(&family));
        let mut number = 2;
        while !logins.insert(login.clone()) {
            login = format!("{initial}{}{}", plain(&family), place + number);
            number += 1;
        }
        let private = dice
            .permille(240)
            .then(|| format!("{stem}.{}@{}", dice.letters(3), dice.pick(&MAILBOXES)))
            .filter(|address| taken.insert(address.clone()));
        let mobile = dice.permille(450).then(|| mobile(dice, employer.is_some_and(|c| c.european)));
        let code: String = domain
            .chars()
            .filter(char::is_ascii_alphabetic)
            .take(3)
            .collect::<String>()
            .to_uppercase();
        let desk = employer.map_or_else(String::new, |company| {
            format!("{} ext. {}", company.switchboard.international(), 200 + company.people.len())
        });
        let in_ticketing = agent || dice.permille(860);
        let in_crm = !agent && dice.permille(340);
        let in_newsletter = !agent && (dice.permille(380) || !in_ticketing && !in_crm);
        let begin = employer.map_or(time::BEGIN, |company| company.since);
        Person {
            given,
            family,
            email,
            private,
            login,
            desk,
            mobile,
            company,
            title: if agent { "Support Engineer" } else { dice.pick(&names::TITLES) },
            employee_no: format!("{code}-{}", 50_000 + place),
            french,
            since: if agent { time::BEGIN } else { dice.between(begin, time::FINISH - 40_000_000) },
            left: !agent && dice.permille(70),
            in_ticketing,
            in_crm,
            in_newsletter,
        }
    }

    pub(crate) fn company_of(&self, person: &Person) -> Option<&Company> {
        self.companies.get(person.company)
    }

    /// Where the member of the cast with this role stands.
    pub(crate) const fn role(&self, role: usize) -> usize {
        self.cast + role
    }

    /// Whether this place belongs to the cast, and in which role.
    pub(crate) fn role_at(&self, place: usize) -> Option<usize> {
        place.checked_sub(self.cast).filter(|role| *role < CAST.len())
    }

    /// Somebody of this company who is not of the cast.
    pub(crate) fn somebody(&self, company: usize, dice: &Dice) -> usize {
        self.companies.get(company).map_or(0, |company| dice.pick(&company.people))
    }

    /// An agent of Northlight.
    pub(crate) fn agent(&self, dice: &Dice) -> usize {
        dice.position(self.agents)
    }
}

fn companies(people: usize, dice: &Dice) -> Vec<Company> {
    let count = (people * 24 / 1000).max(12);
    let pairs = names::FIRST.len() * names::SECOND.len();
    let areas = names::AREAS.len();
    (0..count)
        .map(|place| {
            // 611 shares no factor with 1,600: every pair of words comes once before any comes twice.
            let pair = place * 611 % pairs;
            let word = |list: &[&'static str], at: usize| list.get(at).copied().unwrap_or_default();
            let first = word(&names::FIRST, pair / names::SECOND.len());
            let second = word(&names::SECOND, pair % names::SECOND.len());
            let again = place / pairs;
            let (name, domain) = match KNOWN.get(place) {
                Some((name, domain)) => ((*name).to_owned(), (*domain).to_owned()),
                None if again == 0 => (
                    format!("{first} {second}"),
                    format!("{}.example", plain(&format!("{first} {second}"))),
                ),
                None => {
                    let slug = plain(&format!("{first} {second} {again}"));
                    (format!("{first} {second} {again}"), format!("{slug}.example"))
                }
            };
            let area = names::AREAS.get(place % areas).copied().unwrap_or(902);
            let line = u32::try_from(100 + place / areas % 40).unwrap_or(100);
            let (city, code) = if place < 4 {
                names::CITIES.first().copied().unwrap_or_default()
            } else {
                dice.pick(&names::CITIES)
            };
            let code = code.replacen('#', &dice.below(10).to_string(), 1);
            let code = code.replacen('#', &dice.below(10).to_string(), 1);
            Company {
                name,
                domain,
                switchboard: Phone::Canada { area, line },
                street: format!("{} {}", dice.between(2, 480), dice.pick(&names::STREETS)),
                city: format!("{city} {code}"),
                european: place > 4 && dice.permille(60),
                since: if place < 4 {
                    time::BEGIN
                } else {
                    dice.between(time::BEGIN, time::at(2024, 6, 1))
                },
                people: Vec::new(),
            }
        })
        .collect()
}

fn person_name(dice: &Dice) -> (String, String, bool) {
    let (given, family, french): (&[&str], &[&str], bool) = match dice.below(100) {
        0..=51 => (&names::ENGLISH, &names::ENGLISH_FAMILY, false),
        52..=79 => (&names::FRENCH, &names::FRENCH_FAMILY, true),
        80..=84 => (&names::GERMAN, &names::GERMAN_FAMILY, false),
        85..=88 => (&names::POLISH, &names::POLISH_FAMILY, false),
        89..=92 => (&names::TURKISH, &names::TURKISH_FAMILY, false),
        93..=96 => (&names::VIETNAMESE, &names::VIETNAMESE_FAMILY, false),
        _ => (&names::BALKAN, &names::BALKAN_FAMILY, false),
    };
    // INVARIANT: no passer-by bears the full name of somebody in the cast.
    loop {
        let (given, family) = (dice.pick(given), dice.pick(family));
        if !CAST.iter().any(|persona| {
            plain(persona.given) == plain(given) && plain(persona.family) == plain(family)
        }) {
            return (given.to_owned(), family.to_owned(), french);
        }
    }
}

fn mobile(dice: &Dice, european: bool) -> Phone {
    let number = |limit| u32::try_from(dice.below(limit)).unwrap_or(0);
    if european {
        return if dice.permille(500) {
            Phone::Britain(number(1000))
        } else {
            Phone::Germany(number(1000))
        };
    }
    loop {
        let phone = Phone::Canada { area: dice.pick(&names::AREAS), line: 140 + number(60) };
        // INVARIANT: the numbers of the cast are theirs alone.
        if !CAST.iter().any(|persona| persona.mobile == phone || persona.desk == phone) {
            return phone;
        }
    }
}

fn of_the_cast(persona: &Persona) -> Person {
    Person {
        given: persona.given.to_owned(),
        family: persona.family.to_owned(),
        email: persona.email.to_owned(),
        private: persona.private.map(str::to_owned),
        login: persona.login.to_owned(),
        desk: persona.desk.international(),
        mobile: Some(persona.mobile),
        company: persona.company,
        title: persona.title,
        employee_no: persona.employee_no.to_owned(),
        french: false,
        since: time::at(2018, 3, 5),
        left: false,
        in_ticketing: true,
        in_crm: true,
        in_newsletter: persona.private.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in_names_are_plain() {
        for (name, expected) in [
            ("Łukasz", "lukasz"),
            ("Größer", "grosser"),
            ("Thị Hương", "thi-huong"),
            ("O'Brien", "obrien"),
            ("İpek", "ipek"),
            ("Đặng", "dang"),
        ] {
            assert_eq!(plain(name), expected);
        }
    }

    #[test]
    fn addresses_and_sign_in_names_are_unique_and_companies_are_not_empty() {
        let world = World::new(3000, 5);
        let emails: BTreeSet<&str> = world.people.iter().map(|p| p.email.as_str()).collect();
        let logins: BTreeSet<&str> = world.people.iter().map(|p| p.login.as_str()).collect();
        assert_eq!((emails.len(), logins.len()), (3000, 3000));
        assert!(world.companies.iter().all(|company| !company.people.is_empty()));
        let domains: BTreeSet<&str> = world.companies.iter().map(|c| c.domain.as_str()).collect();
        assert_eq!(domains.len(), world.companies.len());
        assert!(domains.iter().all(|domain| domain.ends_with(".example")));
        let heroine = &world.people[world.role(0)];
        assert_eq!(heroine.family, "Tremblay-Okafor");
    }
}
