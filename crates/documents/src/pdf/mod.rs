//! PDF: the words of each page, of notes, fields and properties, and the files attached.
//!
//! The structure of the file is read by `hayro-syntax`, whose parser repairs what is broken and has
//! no unsafe code of its own; the words are gathered here. A page without words that shows a picture
//! is told as such: it may be a scan.

mod content;
mod font;
mod glyphs;
mod swelling;

use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::{LoadPdfError, Pdf};

use self::content::Words;
use crate::limits::length;
use crate::source::Source;
use crate::walk::Walk;
use crate::{Place, Unread};

/// How many fields, notes and attached files are looked at.
const MOST: usize = 100_000;

/// Reads every page.
pub(crate) fn read(walk: &mut Walk<'_>, path: &str, source: Source<'_>) -> Result<(), Unread> {
    let bytes = source.into_bytes(walk.limits().held.saturating_mul(2))?;
    swelling::check(&bytes, walk.budget)?;
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Unread::Encrypted,
        LoadPdfError::Invalid => Unread::Damaged("a damaged PDF"),
    })?;
    properties(walk, path, &pdf);
    let mut words = Words::default();
    let mut pictures = 0_usize;
    for (number, page) in pdf.pages().iter().enumerate() {
        if walk.stopped() {
            return Ok(());
        }
        let number = number + 1;
        let place = Place::lines(path, &format!("page {number}"));
        let text = words.of_page(page);
        // Many pages may draw the same.
        walk.budget.gave(length(text.len()))?;
        if text.trim().is_empty() && words.saw_picture() {
            pictures += 1;
        }
        walk.piece(&place, "", text.as_bytes());
        if let Some(notes) = page.raw().get::<Array<'_>>("Annots") {
            let text = annotations(&notes);
            walk.piece(
                &Place::lines(path, &format!("page {number} notes and fields")),
                "",
                text.as_bytes(),
            );
        }
    }
    attached(walk, path, &pdf);
    if words.is_spent() {
        return Err(Unread::Damaged("a PDF with more instructions than any page needs"));
    }
    if words.unmapped() {
        walk.unread(
            path,
            &Unread::Format(
                "letters whose font does not say what they are: some words were not read",
            ),
        );
    }
    if pictures > 0 {
        return Err(Unread::NoText("pages that are pictures, perhaps of scanned paper"));
    }
    Ok(())
}

/// A text that is not part of a page: UTF-16 or UTF-8 with their marks, or one byte a letter.
fn said(bytes: &[u8]) -> String {
    if let Some(wide) = bytes.strip_prefix(b"\xfe\xff") {
        let units = wide
            .chunks_exact(2)
            .filter_map(|pair| pair.first_chunk::<2>())
            .map(|pair| u16::from_be_bytes(*pair));
        return char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
    }
    if let Some(text) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8_lossy(text).into_owned();
    }
    bytes.iter().map(|byte| detect::windows_1252(*byte)).collect()
}

fn properties(walk: &mut Walk<'_>, path: &str, pdf: &Pdf) {
    let about = pdf.metadata();
    for (name, value) in [
        ("title", &about.title),
        ("author", &about.author),
        ("subject", &about.subject),
        ("keywords", &about.keywords),
        ("creator", &about.creator),
    ] {
        if let Some(value) = value {
            walk.piece(&Place::lines(path, "properties"), name, said(value).as_bytes());
        }
    }
}

/// What notes say, what fields hold and where links lead.
fn annotations(notes: &Array<'_>) -> String {
    let mut text = String::new();
    for note in notes.iter::<Dict<'_>>().take(MOST) {
        let mut add = |value: Option<hayro_syntax::object::String<'_>>| {
            if let Some(value) = value {
                text.push_str(&said(value.as_bytes()));
                text.push('\n');
            }
        };
        add(note.get("T"));
        add(note.get("Contents"));
        add(note.get("V"));
        if let Some(parent) = note.get::<Dict<'_>>("Parent") {
            add(parent.get("T"));
            add(parent.get("V"));
        }
        if let Some(action) = note.get::<Dict<'_>>("A") {
            add(action.get("URI"));
        }
    }
    text.replace("mailto:", "")
}

/// Files that lie in the PDF.
fn attached(walk: &mut Walk<'_>, path: &str, pdf: &Pdf) {
    let is_file = |stream: &Stream<'_>| {
        stream.dict().get::<Name<'_>>("Type").is_some_and(|name| name.as_str() == "EmbeddedFile")
    };
    let mut number = 0;
    for object in pdf.objects().into_iter().take(MOST * 10) {
        let Object::Stream(stream) = object else { continue };
        if !is_file(&stream) {
            continue;
        }
        number += 1;
        let path = format!("{path}/attachment {number}");
        let Ok(bytes) = stream.decoded_data() else {
            walk.unread(&path, &Unread::Damaged("damaged"));
            continue;
        };
        match walk.budget.member().and_then(|()| walk.budget.gave(length(bytes.len()))) {
            // It lies one level deeper than the PDF does.
            Ok(()) => walk.member(&path, Box::new(bytes.as_ref()), walk.limits().depth),
            Err(why) => return walk.unread(&path, &why),
        }
    }
}
