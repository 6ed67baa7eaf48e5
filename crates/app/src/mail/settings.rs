//! `[mail]` of upheld.toml: how mail goes out and comes in.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use model::Secret;
use serde::{Deserialize, Serialize};

use crate::house::Environment;

/// How mail goes out and comes in. Without it no mail is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailSettings {
    /// The address from which people are written to; left out, the one for privacy in policy.yaml.
    pub from: Option<String>,
    /// The server that takes mail from us (SMTP).
    pub out: Option<MailServer>,
    /// The privacy mailbox (IMAP): what comes to it joins the queue.
    pub inbox: Option<MailServer>,
    /// The language in which whoever writes a mail is answered: `en` or `fr`.
    pub language: Option<String>,
    /// So many letters of an announcement go out in a minute; left out, as many as the server takes.
    pub announcements_a_minute: Option<u32>,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port; left out, the usual one.
    pub port: Option<u16>,
    /// How the connection is encrypted.
    #[serde(default)]
    pub tls: Encryption,
    /// The account, if it asks for one.
    pub user: Option<String>,
    /// Where its password lies: `env:NAME` or `file:PATH`.
    pub password: Option<String>,
    /// A file with the certificates (PEM) that vouch for the server; left out, those that browsers
    /// trust.
    pub ca: Option<PathBuf>,
    /// Of a mailbox: the folder that is read; left out, `INBOX`.
    pub folder: Option<String>,
}

/// How a connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// From the first byte.
    #[default]
    Tls,
    /// The server is asked to go over to it before anything is said.
    StartTls,
    /// Not at all: on this machine alone.
    None,
}

impl MailSettings {
    /// Says what is wrong.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(from) = &self.from
            && from.parse::<lettre::Address>().is_err()
        {
            return Err("`mail.from` is not an e-mail address".to_owned());
        }
        if self.language.as_deref().is_some_and(|language| !matches!(language, "en" | "fr")) {
            return Err("`mail.language` is neither `en` nor `fr`".to_owned());
        }
        if self.announcements_a_minute == Some(0) {
            return Err("`mail.announcements_a_minute` is at least 1".to_owned());
        }
        self.inbox.as_ref().map_or(Ok(()), |inbox| inbox.check("mail.inbox"))?;
        self.out.as_ref().map_or(Ok(()), |out| out.check("mail.out"))
    }
}

impl MailServer {
    fn check(&self, name: &str) -> Result<(), String> {
        if self.tls == Encryption::None && !self.is_this_machine() {
            return Err(format!(
                "`{name}` is another machine and the connection would not be encrypted: write `tls = \"starttls\"` or `tls = \"tls\"`"
            ));
        }
        let place = self.password.as_deref().map(|source| source.split_once(':'));
        match (place, &self.user) {
            (None, None) | (Some(Some(("env" | "file", _))), Some(_)) => Ok(()),
            (Some(Some(("env" | "file", _))), None) => {
                Err(format!("`{name}` has a password and no user"))
            }
            (None, Some(_)) => Err(format!("`{name}` has a user and no password")),
            (Some(_), _) => Err(format!(
                "`password` of `{name}` must be `env:NAME` or `file:PATH`; the password itself does not belong here"
            )),
        }
    }

    fn is_this_machine(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// The password, from where it lies.
    pub(crate) fn secret(
        &self,
        folder: &Path,
        environment: &Environment,
    ) -> Result<Option<Secret<String>>, String> {
        match self.password.as_deref().and_then(|source| source.split_once(':')) {
            Some(("env", name)) => environment(name)
                .map(|text| Some(Secret::new(text)))
                .ok_or_else(|| format!("the environment variable `{name}` is not set")),
            Some((_, path)) => std::fs::read_to_string(folder.join(path))
                .map(|text| Some(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned())))
                .map_err(|error| format!("the file `{path}`: {error}")),
            None => Ok(None),
        }
    }

    /// The certificates that vouch for the server, as PEM.
    pub(crate) fn authorities(&self, folder: &Path) -> Result<Option<Vec<u8>>, String> {
        let Some(ca) = &self.ca else { return Ok(None) };
        std::fs::read(folder.join(ca))
            .map(Some)
            .map_err(|error| format!("the file `{}`: {error}", ca.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named_and_passwords_do_not_stand_here() {
        for (text, expected) in [
            ("from = \"us\"", Some("not an e-mail address")),
            ("[out]\nhost = \"127.0.0.1\"\ntls = \"none\"", None),
            ("[out]\nhost = \"mail.example\"\ntls = \"none\"", Some("not be encrypted")),
            ("[out]\nhost = \"mail.example\"\nuser = \"a\"", Some("no password")),
            ("[out]\nhost = \"mail.example\"\npassword = \"env:P\"", Some("no user")),
            (
                "[out]\nhost = \"m.example\"\nuser = \"a\"\npassword = \"hunter2\"",
                Some("belong here"),
            ),
            ("[out]\nhost = \"m.example\"\nuser = \"a\"\npassword = \"env:P\"", None),
        ] {
            let settings: MailSettings = toml_edit::de::from_str(text).unwrap();
            let found = settings.check();
            match expected {
                None => assert_eq!(found, Ok(()), "{text}"),
                Some(part) => {
                    let error = found.unwrap_err();
                    assert!(error.contains(part) && !error.contains("hunter2"), "{text}: {error}");
                }
            }
        }
    }
}
