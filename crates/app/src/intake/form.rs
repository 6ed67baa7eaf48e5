//! What somebody tells us when they ask, and what of it can be used.

use model::{Identity, IdentityKind, Personal};
use serde::{Deserialize, Serialize};

use super::kind::{Channel, Kind};
use crate::Error;
use crate::letters::Language;

/// No text that somebody writes is longer, in characters.
pub const LONGEST: usize = 8_000;
/// No name, address or number is longer.
const LONGEST_LINE: usize = 320;

/// A request as somebody fills it in. All but the kind may be left out: what is needed depends on what
/// is asked, and is asked for when it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// What is asked.
    pub kind: Kind,
    /// By which door.
    pub channel: Channel,
    /// In which language to answer.
    pub language: Language,
    /// Where the person lives: a place of the policy, or a country's two letters with those of a
    /// province or state behind them.
    pub place: Option<String>,
    /// Who asks and what.
    pub told: Told,
}

/// What is personal about a request; sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// Where the answer goes.
    pub email: Option<Personal<String>>,
    /// The person's name.
    pub name: Option<Personal<String>>,
    /// Their telephone number.
    pub phone: Option<Personal<String>>,
    /// Their user name.
    pub user_name: Option<Personal<String>>,
    /// Their number with us.
    pub account_id: Option<Personal<String>>,
    /// Further addresses by which we may know them.
    pub other_emails: Vec<Personal<String>>,
    /// What they want, in their own words.
    pub text: Option<Personal<String>>,
    /// The use that it is about: the key of a purpose.
    pub purpose: Option<String>,
    /// What is wrong and what is right.
    pub corrections: Vec<Wrong>,
    /// Who asks, if not the person.
    pub acting: Option<Acting>,
}

/// Something that is wrong about the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// What: an identifier (`email`) or a data category.
    pub what: String,
    /// What is held.
    pub before: Option<Personal<String>>,
    /// What is right.
    pub after: Personal<String>,
}

/// Somebody who asks for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// As what.
    pub capacity: Capacity,
    /// Their name.
    pub name: Option<Personal<String>>,
    /// Where they are reached.
    pub email: Option<Personal<String>>,
}

/// As what somebody asks for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// The person has authorised them.
    Agent,
    /// They are a parent or guardian of a child.
    Parent,
}

/// A line of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The e-mail address.
    Email,
    /// The name.
    Name,
    /// The telephone number.
    Phone,
    /// The user name.
    UserName,
    /// The account number.
    AccountId,
    /// A further address.
    OtherEmail,
    /// The name of whoever asks for another.
    ActingName,
    /// The address of whoever asks for another.
    ActingEmail,
    /// What is wrong, or what is right.
    Correction,
}

impl Field {
    const fn called(self) -> &'static str {
        match self {
            Self::Email => "the e-mail address",
            Self::Name => "the name",
            Self::Phone => "the telephone number",
            Self::UserName => "the user name",
            Self::AccountId => "the account number",
            Self::OtherEmail => "a further address",
            Self::ActingName => "the name of whoever asks",
            Self::ActingEmail => "the address of whoever asks",
            Self::Correction => "a correction",
        }
    }
}

/// What of a form cannot be taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A line is longer than any name, address or number.
    #[error("{} is too long: at most {LONGEST_LINE} signs", .0.called())]
    TooLong(Field),
    /// The text is longer than [`LONGEST`].
    #[error("the message is longer than {LONGEST} signs: shorten it, or send it by mail")]
    Text,
    /// An address is none.
    #[error("{} does not look like one: check the spelling", .0.called())]
    NoAddress(Field),
}

impl From<Unfit> for Error {
    fn from(unfit: Unfit) -> Self {
        Self::Refused(unfit.to_string())
    }
}

impl Told {
    /// What can be used of it: lines are one line, empty ones nothing, and what is too long is refused.
    pub fn tidy(mut self) -> Result<Self, Unfit> {
        for (line, field) in [
            (&mut self.email, Field::Email),
            (&mut self.name, Field::Name),
            (&mut self.phone, Field::Phone),
            (&mut self.user_name, Field::UserName),
            (&mut self.account_id, Field::AccountId),
        ] {
            *line = one_line(line.take(), field)?;
        }
        if let Some(acting) = &mut self.acting {
            acting.name = one_line(acting.name.take(), Field::ActingName)?;
            acting.email = one_line(acting.email.take(), Field::ActingEmail)?;
        }
        let others = std::mem::take(&mut self.other_emails).into_iter();
        let others = others.map(|other| one_line(Some(other), Field::OtherEmail));
        self.other_emails =
            others.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().take(10).collect();
        if let Some(text) = self.text.take() {
            let plain: String = text
                .expose()
                .chars()
                .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
                .collect();
            if plain.chars().count() > LONGEST {
                return Err(Unfit::Text);
            }
            self.text = (!plain.trim().is_empty()).then(|| Personal::new(plain.trim().to_owned()));
        }
        for (address, field) in self.addresses() {
            if !is_address(address.expose()) {
                return Err(Unfit::NoAddress(field));
            }
        }
        let mut right = Vec::new();
        for wrong in std::mem::take(&mut self.corrections).into_iter().take(50) {
            let after = one_line(Some(wrong.after), Field::Correction)?;
            let before = one_line(wrong.before, Field::Correction)?;
            right.extend(after.map(|after| Wrong { what: wrong.what, before, after }));
        }
        self.corrections = right;
        Ok(self)
    }

    fn addresses(&self) -> impl Iterator<Item = (&Personal<String>, Field)> {
        let acting = self.acting.as_ref().and_then(|acting| acting.email.as_ref());
        let own = self.email.iter().map(|email| (email, Field::Email));
        let others = self.other_emails.iter().map(|other| (other, Field::OtherEmail));
        own.chain(others).chain(acting.map(|email| (email, Field::ActingEmail)))
    }

    /// Where whoever asks is reached: an agent or a parent before the person.
    pub fn reached_at(&self) -> Option<&Personal<String>> {
        let acting = self.acting.as_ref().and_then(|acting| acting.email.as_ref());
        acting.or(self.email.as_ref())
    }

    /// How the person is named to us.
    pub fn identities(&self) -> Vec<Identity> {
        let one = |kind, value: &Option<Personal<String>>| {
            value.as_ref().map(|value| Identity::new(kind, value.expose()))
        };
        let others = self.other_emails.iter();
        let others = others.map(|other| Identity::new(IdentityKind::Email, other.expose()));
        [
            one(IdentityKind::Email, &self.email),
            one(IdentityKind::Phone, &self.phone),
            one(IdentityKind::UserName, &self.user_name),
            one(IdentityKind::AccountId, &self.account_id),
            one(IdentityKind::Name, &self.name),
        ]
        .into_iter()
        .flatten()
        .chain(others)
        .collect()
    }
}

fn one_line(
    text: Option<Personal<String>>,
    field: Field,
) -> Result<Option<Personal<String>>, Unfit> {
    let Some(text) = text else { return Ok(None) };
    let words = text.expose().split(|c: char| c.is_whitespace() || c.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if line.chars().count() > LONGEST_LINE {
        return Err(Unfit::TooLong(field));
    }
    Ok((!line.is_empty()).then(|| Personal::new(line)))
}

fn is_address(text: &str) -> bool {
    text.parse::<lettre::Address>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn personal(text: &str) -> Option<Personal<String>> {
        Some(Personal::new(text.to_owned()))
    }

    #[test]
    fn what_is_told_is_made_plain_or_refused() {
        let told = Told {
            email: personal(" jane@acme.example\r\n"),
            name: personal("Jane\u{7}\n  Doe"),
            phone: personal("   "),
            text: personal(" Please\r\nerase\u{0} me. "),
            ..Told::default()
        };
        let tidy = told.clone().tidy().unwrap();
        assert_eq!(tidy.email, personal("jane@acme.example"));
        assert_eq!((tidy.name.clone(), tidy.phone.clone()), (personal("Jane Doe"), None));
        assert_eq!(tidy.text, personal("Please\nerase me."));
        assert_eq!(tidy.identities().len(), 2);
        for wrong in [
            Told { email: personal("jane"), ..Told::default() },
            Told { name: personal(&"x".repeat(400)), ..Told::default() },
            Told { text: personal(&"x".repeat(9_000)), ..Told::default() },
        ] {
            let error = wrong.tidy().unwrap_err().to_string();
            assert!(!error.contains("jane") && !error.contains("xx"), "{error}");
        }
        assert!(!format!("{told:?}").contains("Jane"));
    }
}
