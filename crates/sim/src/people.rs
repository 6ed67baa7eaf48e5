//! Made-up people, how texts name them, and whether a text names one: looked at in a way that has
//! nothing in common with the detector, so that neither can hide the other's mistakes.

/// Somebody.
#[derive(Debug)]
pub struct Person {
    /// Given name.
    pub given: &'static str,
    /// Family name.
    pub family: &'static str,
    /// Address.
    pub email: &'static str,
    /// National digits of the telephone.
    pub phone: &'static str,
    /// Sign-in name.
    pub login: &'static str,
}

/// Everybody. Some have addresses that a careless program takes for another's: one differs by its
/// accents only, one goes on where the other ends, one begins earlier.
pub const CAST: [Person; 7] = [
    Person {
        given: "Jane",
        family: "Doe",
        email: "jane.doe@acme.example",
        phone: "4165550101",
        login: "jdoe7",
    },
    Person {
        given: "Zoë",
        family: "Müller",
        email: "zoë.müller@acme.example",
        phone: "4165550102",
        login: "zoe_m4",
    },
    Person {
        given: "Bob",
        family: "Roe",
        email: "bob.roe@acme.example",
        phone: "4165550103",
        login: "broe33",
    },
    Person {
        given: "Mira",
        family: "Okafor",
        email: "mira.okafor@acme.example",
        phone: "4165550104",
        login: "mira-o5",
    },
    Person {
        given: "Tom",
        family: "Reed",
        email: "zoe.muller@acme.example",
        phone: "4165550105",
        login: "treed.9",
    },
    Person {
        given: "Ines",
        family: "Quist",
        email: "jane.doe@acme.example.org",
        phone: "4165550106",
        login: "iquist6",
    },
    Person {
        given: "Paul",
        family: "Varga",
        email: "a.bob.roe@acme.example",
        phone: "4165550107",
        login: "pvarga8",
    },
];

/// From here on, people whose addresses begin or end with another's.
pub const NEIGHBOURS: usize = 5;

/// The switchboard's number, which is nobody's.
pub const OFFICE: &str = "416-555-0199";

/// What a person is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// The address.
    Email,
    /// The whole name.
    Name,
    /// The telephone number.
    Phone,
    /// The sign-in name.
    Login,
}

/// A way of naming somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The address as it is.
    Email,
    /// The address in capitals.
    EmailLoud,
    /// The address as quoted-printable writes it.
    EmailQuoted,
    /// The address as HTML may write it.
    EmailEntity,
    /// Given name and family name.
    Name,
    /// Family name first.
    NameTurned,
    /// The number with its country.
    Phone,
    /// The number with brackets.
    PhoneLocal,
    /// The sign-in name.
    Login,
}

/// The forms in which texts name people.
pub const IN_TEXT: [Form; 8] = [
    Form::Email,
    Form::EmailLoud,
    Form::EmailQuoted,
    Form::EmailEntity,
    Form::Name,
    Form::NameTurned,
    Form::Phone,
    Form::PhoneLocal,
];

impl Form {
    /// What it makes known.
    pub const fn known(self) -> Known {
        match self {
            Self::Email | Self::EmailLoud | Self::EmailQuoted | Self::EmailEntity => Known::Email,
            Self::Name | Self::NameTurned => Known::Name,
            Self::Phone | Self::PhoneLocal => Known::Phone,
            Self::Login => Known::Login,
        }
    }
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words about nobody.
    Words(&'static str),
    /// Somebody, in some form.
    Named(usize, Form),
}

/// Somebody in some form.
pub fn named(person: &Person, form: Form) -> String {
    let digits = |from: usize, to: usize| person.phone.get(from..to).unwrap_or_default();
    match form {
        Form::Email => person.email.to_owned(),
        Form::EmailLoud => person.email.to_uppercase(),
        // Accents would have to be quoted too, which is the detector's own matter.
        Form::EmailQuoted if person.email.is_ascii() => person.email.replace('@', "=40"),
        Form::EmailQuoted => person.email.to_owned(),
        Form::EmailEntity => person.email.replace('@', "&#64;"),
        Form::Name => format!("{} {}", person.given, person.family),
        Form::NameTurned => format!("{}, {}", person.family, person.given),
        Form::Phone => format!("+1 {} {} {}", digits(0, 3), digits(3, 6), digits(6, 10)),
        Form::PhoneLocal => format!("({}) {}-{}", digits(0, 3), digits(3, 6), digits(6, 10)),
        Form::Login => person.login.to_owned(),
    }
}

/// A whole text.
pub fn text(parts: &[Part]) -> String {
    let shown = |part: &Part| match part {
        Part::Words(words) => (*words).to_owned(),
        Part::Named(who, form) => CAST.get(*who).map(|p| named(p, *form)).unwrap_or_default(),
    };
    parts.iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// Whether a text shows somebody by this.
pub fn shows(text: &str, person: &Person, known: Known) -> bool {
    let plain = text.to_lowercase().replace("=40", "@").replace("&#64;", "@");
    match known {
        Known::Email => stands_alone(&plain, &person.email.to_lowercase()),
        Known::Login => stands_alone(&plain, person.login),
        Known::Name => {
            let one = named(person, Form::Name).to_lowercase();
            let other = named(person, Form::NameTurned).to_lowercase();
            stands_alone(&plain, &one) || stands_alone(&plain, &other)
        }
        Known::Phone => {
            let digits: String = plain.chars().filter(|c| !" ()-.+".contains(*c)).collect();
            digits.contains(person.phone)
        }
    }
}

/// Whether `what` stands in the text and is not a part of something longer.
fn stands_alone(text: &str, what: &str) -> bool {
    text.match_indices(what).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().chars().next_back();
        let mut after = text.get(at + what.len()..).unwrap_or_default().chars();
        let longer = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let goes_on = match after.next() {
            Some('.') => after.next().is_some_and(char::is_alphanumeric),
            other => other.is_some_and(longer),
        };
        !goes_on && !before.is_some_and(|c| longer(c) || c == '.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_is_somebody_else() {
        for (said, person, known, wanted) in [
            ("ask JANE.DOE@acme.example now", 0, Known::Email, true),
            ("ask jane.doe=40acme.example.", 0, Known::Email, true),
            ("ask jane.doe@acme.example.org", 0, Known::Email, false),
            ("ask a.bob.roe@acme.example", 2, Known::Email, false),
            ("zoe.muller@acme.example", 1, Known::Email, false),
            ("by Doe, Jane today", 0, Known::Name, true),
            ("by Jane Doer", 0, Known::Name, false),
            ("call (416) 555-0101", 0, Known::Phone, true),
            ("call +1 416 555 0102", 0, Known::Phone, false),
        ] {
            assert_eq!(shows(said, &CAST[person], known), wanted, "{said}");
        }
    }

    #[test]
    fn every_form_shows_whom_it_names_and_nobody_else() {
        for (at, person) in CAST.iter().enumerate() {
            for form in IN_TEXT {
                let said = format!("see {} there", named(person, form));
                for (other, somebody) in CAST.iter().enumerate() {
                    assert_eq!(shows(&said, somebody, form.known()), at == other, "{said}");
                }
            }
        }
    }
}
