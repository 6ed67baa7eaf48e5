//! Mails: headers, texts, attachments, in whatever encoding they travel.

use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders as _, PartType};

use crate::guard::guarded;
use crate::html;
use crate::limits::length;
use crate::source::Source;
use crate::text::plain;
use crate::walk::Walk;
use crate::{Input, Place, Unread};

/// Why a mail was read as text alone.
pub(crate) const fn too_large(_held: u64) -> Unread {
    Unread::Format(
        "a mail that is too large to be taken apart: read as it stands, so that what is encoded in it was not looked at",
    )
}

/// Reads a mail; one that is too large to be held, as text.
pub(crate) fn read(
    walk: &mut Walk<'_>,
    path: &str,
    source: Source<'_>,
    depth: usize,
) -> Result<(), Unread> {
    let held = walk.limits().held;
    let mut seek = source.into_seek()?;
    let size = std::io::Seek::seek(&mut seek, std::io::SeekFrom::End(0))
        .map_err(|error| Unread::from(&error))?;
    std::io::Seek::seek(&mut seek, std::io::SeekFrom::Start(0))
        .map_err(|error| Unread::from(&error))?;
    let source =
        Source::new(Input::Stream(Box::new(seek))).map_err(|error| Unread::from(&error))?;
    if size > held {
        walk.unread(path, &too_large(held));
        return plain(walk, path, source);
    }
    message(walk, path, &source.into_bytes(held)?, depth);
    Ok(())
}

/// Reads a mail that is held.
pub(crate) fn message(walk: &mut Walk<'_>, path: &str, bytes: &[u8], depth: usize) {
    match guarded(|| MessageParser::new().parse(bytes)) {
        Some(Some(message)) => parts(walk, path, &message, depth),
        Some(None) => walk.piece(&Place::lines(path, ""), "", bytes),
        None => {
            walk.unread(path, &Unread::GaveUp);
            walk.piece(&Place::lines(path, ""), "", bytes);
        }
    }
}

fn parts(walk: &mut Walk<'_>, path: &str, message: &Message<'_>, depth: usize) {
    headers(walk, path, message);
    let (mut texts, mut pages) = (0, 0);
    for (number, part) in message.parts.iter().enumerate() {
        if walk.stopped() {
            return;
        }
        let attached = number > 0 && part.attachment_name().is_some();
        match &part.body {
            PartType::Text(text) if !attached => {
                texts += 1;
                let name = numbered("body", texts);
                walk.piece(&Place::lines(path, &name), "", text.as_bytes());
            }
            PartType::Html(page) if !attached => {
                pages += 1;
                let place = Place::lines(path, &numbered("page", pages));
                let input = Input::Stream(Box::new(page.as_bytes()));
                if let Ok(source) = Source::new(input)
                    && let Err(why) = html::read(walk, &place, source)
                {
                    walk.unread(path, &why);
                }
                walk.end();
            }
            PartType::Text(text) | PartType::Html(text) => {
                attachment(walk, path, part.attachment_name(), number, text.as_bytes(), depth);
            }
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                attachment(walk, path, part.attachment_name(), number, bytes, depth);
            }
            PartType::Message(inner) => {
                let path = format!("{path}/{}", part.attachment_name().unwrap_or("message"));
                if depth >= walk.limits().depth {
                    walk.unread(&path, &Unread::TooDeep(walk.limits().depth));
                } else {
                    parts(walk, &path, inner, depth + 1);
                }
            }
            PartType::Multipart(_) => {}
        }
    }
}

/// `body`, `body 2`, …
fn numbered(name: &str, number: usize) -> String {
    if number > 1 { format!("{name} {number}") } else { name.to_owned() }
}

fn attachment(
    walk: &mut Walk<'_>,
    path: &str,
    name: Option<&str>,
    number: usize,
    bytes: &[u8],
    depth: usize,
) {
    let name = name.map_or_else(|| format!("part {number}"), |name| name.replace('/', "_"));
    let path = format!("{path}/{name}");
    let counted = walk.budget.member().and_then(|()| walk.budget.gave(length(bytes.len())));
    match counted {
        Ok(()) => walk.member(&path, Box::new(bytes), depth + 1),
        Err(why) => walk.unread(&path, &why),
    }
}

/// Every field of the header, by its name, decoded.
fn headers(walk: &mut Walk<'_>, path: &str, message: &Message<'_>) {
    for header in message.headers() {
        let name = header.name.as_str();
        let mut text = String::new();
        match &header.value {
            HeaderValue::Address(address) => addresses(address, &mut text),
            HeaderValue::Text(value) => text.push_str(value),
            HeaderValue::TextList(values) => {
                for value in values {
                    text.push_str(value);
                    text.push('\n');
                }
            }
            HeaderValue::DateTime(_)
            | HeaderValue::ContentType(_)
            | HeaderValue::Received(_)
            | HeaderValue::Empty => {
                let field = usize::try_from(header.offset_start)
                    .ok()
                    .zip(usize::try_from(header.offset_end).ok());
                let raw = field.and_then(|(start, end)| message.raw_message.get(start..end));
                text.push_str(&String::from_utf8_lossy(raw.unwrap_or_default()));
            }
        }
        let part = crate::place::shown_name(name).to_lowercase();
        walk.piece(&Place::lines(path, &part), name, text.as_bytes());
    }
}

fn addresses(address: &Address<'_>, out: &mut String) {
    for one in address.iter() {
        if let Some(name) = &one.name {
            out.push_str(name);
        }
        if let Some(address) = &one.address {
            out.push_str(" <");
            out.push_str(address);
            out.push('>');
        }
        out.push('\n');
    }
}
