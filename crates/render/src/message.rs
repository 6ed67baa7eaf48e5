//! A message to somebody who got a person's data from us: ready to be sent, and no longer than it
//! must be.
//!
//! It names the person only as far as the recipient knows them, and says what, since when, and by
//! which number. It is a draft for the mail program of whoever sends it (RFC 5322); nothing here
//! sends anything.

use model::Personal;

use crate::text::{one_line, wrap};
use crate::words::message as say;

/// What is asked of a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// To erase.
    Erase,
    /// To erase, because the account is closed.
    Close,
    /// To correct.
    Correct,
    /// To store and not to use.
    Restrict,
    /// To stop one use.
    Object,
    /// To neither sell nor share.
    OptOut,
    /// To stop what rested on a consent.
    Withdraw,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What is asked.
    pub asks: Asks,
    /// Who asks.
    pub organisation: String,
    /// The address of whoever answers for privacy there.
    pub from: String,
    /// The recipient, by name.
    pub recipient: String,
    /// Where the recipient is reached: an e-mail address, or anything else in plain words.
    pub to: Option<String>,
    /// The request's number.
    pub reference: String,
    /// The day of the request, written out.
    pub since: String,
    /// The use that it is about, in words.
    pub purpose: Option<String>,
    /// The person, as far as the recipient knows them: kind and value.
    pub person: Vec<(String, Personal<String>)>,
    /// What is wrong and what is right: of what, before, after.
    pub corrections: Vec<(String, Personal<String>, Personal<String>)>,
}

impl Letter {
    /// The message as a file that a mail program opens as a draft.
    pub fn to_eml(&self) -> String {
        let mut out = String::new();
        let mut header = |name: &str, value: &str| {
            out.push_str(&format!("{name}: {}\r\n", one_line(value)));
        };
        header("From", &self.from);
        let address = self.to.as_deref().filter(|to| is_address(to));
        if let Some(to) = address {
            header("To", to);
        }
        header("Subject", &say::subject(self.asks, &self.reference));
        header("MIME-Version", "1.0");
        header("Content-Type", "text/plain; charset=utf-8");
        header("Content-Transfer-Encoding", "8bit");
        // Asks mail programs to open it as something that is still to be sent.
        header("X-Unsent", "1");
        out.push_str("\r\n");
        for line in self.lines(address.is_some()) {
            out.push_str(line.trim_end());
            out.push_str("\r\n");
        }
        out
    }

    fn lines(&self, addressed: bool) -> Vec<String> {
        let mut lines = vec![say::greeting(&one_line(&self.recipient))];
        match &self.to {
            _ if addressed => {}
            Some(other) => lines.push(say::by_other_means(&one_line(other))),
            None => lines.push(say::NO_ADDRESS.to_owned()),
        }
        lines.push(String::new());
        lines.extend(wrap(&say::request(self), 76));
        lines.push(String::new());
        lines.push(say::PERSON.to_owned());
        for (kind, value) in &self.person {
            lines.push(format!("  {kind}: {}", one_line(value.expose())));
        }
        if !self.corrections.is_empty() {
            lines.push(String::new());
            lines.push(say::CORRECTIONS.to_owned());
            for (what, before, after) in &self.corrections {
                let (before, after) = (one_line(before.expose()), one_line(after.expose()));
                lines.push(say::correction(what, &before, &after));
            }
        }
        lines.push(String::new());
        lines.extend(wrap(&say::answer(self.asks, &self.reference, &self.from), 76));
        lines.push(String::new());
        lines.push(one_line(&self.organisation));
        lines
    }
}

fn is_address(text: &str) -> bool {
    let sign = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '/');
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !text.contains(sign)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(to: Option<&str>) -> Letter {
        Letter {
            asks: Asks::Correct,
            organisation: "Northlight IT".into(),
            from: "privacy@northlight-it.example".into(),
            recipient: "Lanternpost\r\nBcc: all@evil.example".into(),
            to: to.map(str::to_owned),
            reference: "4f0c12ab".into(),
            since: "22 November 2026".into(),
            purpose: None,
            person: vec![("e-mail address".into(), Personal::new("jane@acme.example".into()))],
            corrections: vec![(
                "e-mail address".into(),
                Personal::new("jane@acme.example".into()),
                Personal::new("jane.roe@acme.example\r\n.\r\nQUIT".into()),
            )],
        }
    }

    #[test]
    fn a_message_is_a_draft_in_which_nothing_breaks_out_of_its_line() {
        let eml = letter(Some("privacy@lanternpost.example")).to_eml();
        let (head, body) = eml.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> =
            head.lines().filter_map(|l| l.split_once(": ")).map(|l| l.0).collect();
        assert_eq!(
            names,
            [
                "From",
                "To",
                "Subject",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
                "X-Unsent"
            ]
        );
        assert!(body.contains("jane@acme.example -> jane.roe@acme.example"));
        assert!(
            !body
                .lines()
                .any(|line| line == "." || line.starts_with("QUIT") || line.starts_with("Bcc"))
        );
        assert!(body.lines().all(|line| line.chars().count() <= 100), "{body}");
    }

    #[test]
    fn what_is_no_address_is_said_and_not_written_to() {
        for to in [
            None,
            Some("https://forms.example/privacy"),
            Some("a@b, c@d.example"),
            Some("write to them"),
        ] {
            let eml = letter(to).to_eml();
            assert!(!eml.contains("\r\nTo: "), "{to:?}");
            assert!(eml.contains("recipients.yaml") || eml.contains("by way of"), "{eml}");
        }
    }
}
