//! From what is to be said to the bytes of a mail (RFC 5322).

use std::time::{Duration, UNIX_EPOCH};

use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use model::{Micros, Personal};
use serde::{Deserialize, Serialize};

/// A mail as it is written, before it has a place and a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// To whom: an e-mail address.
    pub to: Personal<String>,
    /// What it is about, in one line.
    pub subject: Personal<String>,
    /// The text, in plain words.
    pub text: Personal<String>,
    /// The same as HTML; left out, there is only text.
    pub html: Option<Personal<String>>,
    /// The message that it answers, with its angle brackets.
    pub answers: Option<String>,
}

/// Why no mail can be made of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// The address from which it goes out is none.
    From,
    /// The address to which it shall go is none.
    To,
    /// Anything else.
    Form,
}

/// The mail. Its `Message-ID` is made of our own id of it, so that one that comes back is recognised,
/// and one that was sent twice is shown once.
pub(crate) fn message(
    draft: &Draft,
    from: (&str, &str),
    id: &str,
    at: Micros,
) -> Result<Message, Unfit> {
    let sender: Address = from.1.parse().map_err(|_| Unfit::From)?;
    let recipient: Address = draft.to.expose().trim().parse().map_err(|_| Unfit::To)?;
    let domain = sender.domain().to_owned();
    let header = |name: &'static str, value: &str| {
        HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
    };
    let moment = UNIX_EPOCH + Duration::from_micros(u64::try_from(at.0).unwrap_or(0));
    let mut builder = Message::builder()
        .from(Mailbox::new(Some(one_line(from.0)), sender))
        .to(Mailbox::new(None, recipient))
        .subject(one_line(draft.subject.expose()))
        .message_id(Some(format!("<{id}@{domain}>")))
        .date(moment)
        // RFC 3834: programs that answer by themselves leave it alone.
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Auto-Response-Suppress", "All"));
    if let Some(answers) = draft.answers.as_deref().filter(|id| is_message_id(id)) {
        builder = builder.in_reply_to(answers.to_owned()).references(answers.to_owned());
    }
    let text = draft.text.expose().clone();
    let made = match &draft.html {
        Some(html) => {
            builder.multipart(MultiPart::alternative_plain_html(text, html.expose().clone()))
        }
        None => builder.singlepart(lettre::message::SinglePart::plain(text)),
    };
    made.map_err(|_| Unfit::Form)
}

/// A text without anything that could begin another line.
fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

/// Whether a stranger's `Message-ID` may be repeated in a header of ours.
fn is_message_id(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|id| {
        id.len() <= 250
            && id.contains('@')
            && id.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(to: &str, subject: &str) -> Draft {
        Draft {
            to: Personal::new(to.to_owned()),
            subject: Personal::new(subject.to_owned()),
            text: Personal::new("Bonjour à vous,\n.\nQUIT\n".to_owned()),
            html: Some(Personal::new("<p>Bonjour à vous,</p>".to_owned())),
            answers: Some("<a@b.example>".to_owned()),
        }
    }

    const FROM: (&str, &str) = ("Northlight IT", "privacy@northlight-it.example");

    fn heads(message: &Message) -> Vec<String> {
        let bytes = String::from_utf8(message.formatted()).unwrap();
        let head = bytes.split_once("\r\n\r\n").unwrap().0.replace("\r\n ", " ");
        head.lines().map(|line| line.split_once(':').unwrap().0.to_owned()).collect()
    }

    #[test]
    fn nothing_breaks_out_of_its_header() {
        let plain = message(&draft("jane@acme.example", "Hello"), FROM, "0a", Micros(0)).unwrap();
        let expected = heads(&plain);
        for subject in [
            "Hello\r\nBcc: all@evil.example",
            "Hello\nX: y",
            "Hello\r\n\r\nbody",
            "a\u{2028}Bcc: x@evil.example",
            "=?utf-8?q?a=0D=0ABcc:_x@evil.example?=",
            &"long ".repeat(400),
        ] {
            let made =
                message(&draft("jane@acme.example", subject), FROM, "0a", Micros(0)).unwrap();
            assert_eq!(heads(&made), expected, "{subject}");
            assert_eq!(made.envelope().to().len(), 1);
        }
        for name in ["A\r\nBcc: x@evil.example", "\"A\" <x@evil.example>, B"] {
            let made =
                message(&draft("j@acme.example", "a"), (name, FROM.1), "0a", Micros(0)).unwrap();
            assert_eq!(heads(&made), expected, "{name}");
        }
        for to in [
            "",
            "jane",
            "a@b.example, c@d.example",
            "a@b.example\r\nRCPT TO:<c@d.example>",
            "<a@b.example>",
        ] {
            assert_eq!(
                message(&draft(to, "a"), FROM, "0a", Micros(0)).unwrap_err(),
                Unfit::To,
                "{to}"
            );
        }
        let forged = Draft {
            answers: Some("<a@b>\r\nBcc: x@evil.example".to_owned()),
            ..draft("j@acme.example", "a")
        };
        let made = message(&forged, FROM, "0a", Micros(0)).unwrap();
        assert!(!String::from_utf8(made.formatted()).unwrap().contains("evil"));
    }

    #[test]
    fn a_draft_shows_nothing_of_whom_it_is_to() {
        let shown = format!("{:?}", draft("jane@acme.example", "Hello Jane"));
        assert!(
            !shown.contains("jane") && !shown.contains("Jane") && !shown.contains("Bonjour"),
            "{shown}"
        );
    }
}
