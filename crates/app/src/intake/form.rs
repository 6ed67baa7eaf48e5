//! What somebody tells us when they ask, and what of it can be used.

use model::{Identity, IdentityKind, Personal};
use serde::{Deserialize, Serialize};

use super::kind::{Channel, Kind};
use crate::letters::Language;
use crate::{Error, Result};

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

impl Told {
    /// What can be used of it: lines are one line, empty ones nothing, and what is too long is refused.
    pub fn tidy(mut self) -> Result<Self> {
        for (line, called) in [
            (&mut self.email, "the e-mail address"),
            (&mut self.name, "the name"),
            (&mut self.phone, "the telephone number"),
            (&mut self.user_name, "the user name"),
            (&mut self.account_id, "the account number"),
        ] {
            *line = one_line(line.take(), called)?;
        }
        if let Some(acting) = &mut self.acting {
            acting.name = one_line(acting.name.take(), "the name of whoever asks")?;
            acting.email = one_line(acting.email.take(), "the address of whoever asks")?;
        }
        let others = std::mem::take(&mut self.other_emails).into_iter();
        let others = others.map(|other| one_line(Some(other), "a further address"));
        self.other_emails =
            others.collect::<Result<Vec<_>>>()?.into_iter().flatten().take(10).collect();
        if let Some(text) = self.text.take() {
            let plain: String = text
                .expose()
                .chars()
                .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
                .collect();
            if plain.chars().count() > LONGEST {
                return Err(Error::Refused(format!(
                    "the message is longer than {LONGEST} signs: shorten it, or send it by mail"
                )));
            }
            self.text = (!plain.trim().is_empty()).then(|| Personal::new(plain.trim().to_owned()));
        }
        for address in self.addresses() {
            if !is_address(address.expose()) {
                return Err(Error::Refused(
                    "an e-mail address does not look like one: check the spelling".to_owned(),
                ));
            }
        }
        self.corrections.truncate(50);
        Ok(self)
    }

    fn addresses(&self) -> impl Iterator<Item = &Personal<String>> {
        let acting = self.acting.as_ref().and_then(|acting| acting.email.as_ref());
        self.email.iter().chain(&self.other_emails).chain(acting)
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

fn one_line(text: Option<Personal<String>>, called: &str) -> Result<Option<Personal<String>>> {
    let Some(text) = text else { return Ok(None) };
    let words = text.expose().split(|c: char| c.is_whitespace() || c.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if line.chars().count() > LONGEST_LINE {
        return Err(Error::Refused(format!("{called} is too long: at most {LONGEST_LINE} signs")));
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
