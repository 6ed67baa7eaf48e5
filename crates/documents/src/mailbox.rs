//! A mailbox (mbox): mails one after the other in one file.

use crate::mail;
use crate::source::Source;
use crate::text::blocks;
use crate::walk::Walk;
use crate::{Place, Unread};

/// Reads each mail of it. A mail begins with a line `From …` behind a blank line; `>From` within one
/// is `From`.
pub(crate) fn read(
    walk: &mut Walk<'_>,
    path: &str,
    source: Source<'_>,
    depth: usize,
) -> Result<(), Unread> {
    let mut mailbox = Mailbox {
        path,
        depth,
        mail: Vec::new(),
        line: Vec::new(),
        blank: true,
        number: 0,
        over: false,
    };
    let done = blocks(source, &mut |block| {
        let mut rest = block;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            mailbox.line.extend_from_slice(rest.get(..=end).unwrap_or_default());
            rest = rest.get(end + 1..).unwrap_or_default();
            mailbox.take(walk);
        }
        mailbox.line.extend_from_slice(rest);
        // No line of a mail is that long: it is taken as it comes.
        if mailbox.line.len() > crate::text::BLOCK {
            mailbox.take(walk);
        }
        !walk.stopped()
    });
    mailbox.take(walk);
    mailbox.close(walk);
    done
}

struct Mailbox<'m> {
    path: &'m str,
    depth: usize,
    mail: Vec<u8>,
    line: Vec<u8>,
    blank: bool,
    number: u64,
    /// The mail is larger than is held: it is read as text.
    over: bool,
}

impl Mailbox<'_> {
    fn take(&mut self, walk: &mut Walk<'_>) {
        let line = std::mem::take(&mut self.line);
        if self.blank && line.starts_with(b"From ") {
            self.close(walk);
            self.number += 1;
            self.blank = false;
            return;
        }
        self.blank = matches!(line.as_slice(), b"\n" | b"\r\n");
        let quotes = line.iter().take_while(|byte| **byte == b'>').count();
        let quoted =
            quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "));
        let line = if quoted { line.get(1..).unwrap_or_default() } else { &line };
        if self.over {
            walk.text(line);
            return;
        }
        self.mail.extend_from_slice(line);
        let held = walk.limits().held;
        if crate::limits::length(self.mail.len()) > held {
            let path = self.name();
            walk.unread(&path, &mail::too_large(held));
            walk.begin(&Place::lines(&path, ""), "");
            walk.text(&self.mail);
            self.mail = Vec::new();
            self.over = true;
        }
    }

    fn name(&self) -> String {
        format!("{}/{}", self.path, self.number)
    }

    fn close(&mut self, walk: &mut Walk<'_>) {
        if self.over {
            walk.end();
            self.over = false;
        } else if !self.mail.trim_ascii().is_empty() {
            let bytes = std::mem::take(&mut self.mail);
            let path = self.name();
            if let Err(why) = walk.budget.member() {
                walk.unread(&path, &why);
            } else {
                mail::message(walk, &path, &bytes, self.depth);
            }
        }
        self.mail.clear();
    }
}
