//! A mail as somebody reads it who must answer: who writes, about what, in which words; and whether a
//! program wrote it.

use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders as _, PartType};

use crate::guard::guarded;

/// A mail.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// The address of whoever wrote it, as the mail says.
    pub from: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// Its id, without angle brackets.
    pub id: Option<String>,
    /// The ids of the mails that it answers, the nearest first.
    pub answers: Vec<String>,
    /// What it says, in plain words.
    pub text: String,
    /// How many files came with it.
    pub attachments: usize,
    /// Whether a program wrote it: an answer while somebody is away, a list, a loop.
    pub automatic: bool,
    /// What it says of a mail that did not arrive.
    pub report: Option<Report>,
}

/// A mail that did not arrive (RFC 3464).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The id of that mail, without angle brackets.
    pub of: String,
    /// The code of the reason (`5.1.1`), if there is one.
    pub status: Option<String>,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("automatic", &self.automatic).finish_non_exhaustive()
    }
}

/// Reads a mail; `None` if it cannot be told what it is. Of the text at most `most` bytes are taken.
pub fn letter(bytes: &[u8], most: usize) -> Option<Letter> {
    guarded(|| MessageParser::new().parse(bytes).map(|message| read(&message, most)))?
}

fn read(message: &Message<'_>, most: usize) -> Letter {
    let from = message.from().and_then(|from| from.first());
    let mut text = String::new();
    for number in 0..message.text_body_count() {
        if let Some(body) = message.body_text(number) {
            text.push_str(body.trim());
            text.push('\n');
        }
    }
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    let mut answers = ids(message.in_reply_to());
    answers.extend(ids(message.references()).into_iter().rev());
    answers.dedup();
    Letter {
        from: from.and_then(|from| from.address()).map(str::to_owned),
        name: from.and_then(|from| from.name()).map(str::to_owned),
        subject: message.subject().map(str::to_owned),
        id: message.message_id().map(str::to_owned),
        answers,
        text,
        attachments: message.attachment_count(),
        automatic: automatic(message),
        report: report(message),
    }
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(id) => vec![id.to_string()],
        HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// RFC 3834, and what programs wrote before it: lists, bulk, mail without a sender.
fn automatic(message: &Message<'_>) -> bool {
    let header = |name: &str| {
        message.header_raw(name.to_owned()).map(|value| value.trim().to_ascii_lowercase())
    };
    let submitted = header("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let precedence = header("Precedence")
        .is_some_and(|value| matches!(value.as_str(), "bulk" | "junk" | "list" | "auto_reply"));
    let marks = ["List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Loop"];
    let marked = marks.iter().any(|name| header(name).is_some());
    let nobody = header("Return-Path").is_some_and(|value| value == "<>");
    submitted || precedence || marked || nobody
}

fn report(message: &Message<'_>) -> Option<Report> {
    let kind = message.content_type()?;
    let is_report = kind.ctype() == "multipart"
        && kind.subtype() == Some("report")
        && kind.attribute("report-type") == Some("delivery-status");
    if !is_report {
        return None;
    }
    let mut status = None;
    let mut of = None;
    for part in &message.parts {
        match &part.body {
            PartType::Message(original) => {
                of = of.or_else(|| original.message_id().map(str::to_owned));
            }
            PartType::Text(text) | PartType::Html(text) => notes(text, &mut status, &mut of),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                notes(&String::from_utf8_lossy(bytes), &mut status, &mut of);
            }
            PartType::Multipart(_) => {}
        }
    }
    Some(Report { of: of?, status })
}

/// What stands in the fields of a report, or in the headers of the mail that came back.
fn notes(text: &str, status: &mut Option<String>, of: &mut Option<String>) {
    for line in text.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        if name.eq_ignore_ascii_case("Status") && status.is_none() {
            let code = value.split_whitespace().next().unwrap_or_default();
            let is_code = code.len() <= 9 && code.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            *status = Some(code.to_owned()).filter(|_| is_code && !code.is_empty());
        } else if name.eq_ignore_ascii_case("Message-ID") && of.is_none() {
            *of = Some(value.trim_matches(['<', '>']).to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_read_as_a_person_reads_it() {
        let mail = "From: Jane Doe <jane@acme.example>\r\nSubject: =?utf-8?q?Effacez-moi_s=27il_vous_pla=C3=AEt?=\r\nMessage-ID: <a@acme.example>\r\nIn-Reply-To: <b@x.example>\r\nReferences: <c@x.example> <b@x.example>\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nBonjour =C3=A0 vous\r\n";
        let letter = letter(mail.as_bytes(), 1_000).unwrap();
        assert_eq!(letter.from.as_deref(), Some("jane@acme.example"));
        assert_eq!(letter.name.as_deref(), Some("Jane Doe"));
        assert_eq!(letter.subject.as_deref(), Some("Effacez-moi s'il vous plaît"));
        assert_eq!(letter.id.as_deref(), Some("a@acme.example"));
        assert_eq!(letter.answers, ["b@x.example", "c@x.example"]);
        assert_eq!((letter.text.trim(), letter.automatic), ("Bonjour à vous", false));
        assert!(!format!("{letter:?}").contains("jane"));
        assert_eq!(super::letter(mail.as_bytes(), 9).unwrap().text, "Bonjour ");
    }

    #[test]
    fn what_programs_write_is_told() {
        for (head, expected) in [
            ("Auto-Submitted: auto-replied", true),
            ("Auto-Submitted: no", false),
            ("Precedence: bulk", true),
            ("Precedence: first-class", false),
            ("List-Id: <news.acme.example>", true),
            ("Return-Path: <>", true),
            ("Return-Path: <jane@acme.example>", false),
        ] {
            let mail = format!("From: a@b.example\r\n{head}\r\nSubject: x\r\n\r\nHello");
            assert_eq!(letter(mail.as_bytes(), 99).unwrap().automatic, expected, "{head}");
        }
    }

    #[test]
    fn a_mail_that_came_back_names_the_one_that_went_out() {
        let mail = "From: MAILER-DAEMON@mx.example\r\nTo: privacy@x.example\r\nSubject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; jane@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <0123@x.example>\r\nSubject: secret\r\n\r\n--b--\r\n";
        let report = letter(mail.as_bytes(), 99).unwrap().report.unwrap();
        assert_eq!(
            (report.of.as_str(), report.status.as_deref()),
            ("0123@x.example", Some("5.1.1"))
        );
    }
}
