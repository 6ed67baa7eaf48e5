//! zip, and what is kept in it: Word, Excel and PowerPoint files, OpenDocument, or any files.

mod sheet;
mod xml;

use std::collections::BTreeMap;
use std::io::Read;

use zip::ZipArchive;
use zip::result::ZipError;

use crate::limits::{Budget, Metered};
use crate::source::{Seekable, Source};
use crate::walk::Walk;
use crate::{Place, Unread};

pub(crate) use sheet::day;

type Archive = ZipArchive<Seekable>;

/// Reads an archive. One that has lost its list of members is read from its start, as far as it goes.
pub(crate) fn zip(
    walk: &mut Walk<'_>,
    path: &str,
    source: Source<'_>,
    depth: usize,
) -> Result<(), Unread> {
    let seek = source.into_seek()?;
    let copy = match &seek {
        Seekable::File(file) => file.try_clone().map(Seekable::File).ok(),
        Seekable::Memory(memory) => Some(Seekable::Memory(memory.clone())),
    };
    let mut archive = match ZipArchive::new(seek) {
        Ok(archive) => archive,
        Err(error) => {
            if let Some(stream) = copy {
                from_its_start(walk, path, stream, depth);
            }
            return Err(why(&error));
        }
    };
    drop(copy);
    let names: Vec<String> =
        archive.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let has = |name: &str| names.iter().any(|other| other == name);
    let mut done = BTreeMap::new();
    if has("[Content_Types].xml") {
        if has("xl/workbook.xml") {
            sheet::read(walk, path, &mut archive, &names, &mut done)?;
        }
        papers(walk, path, &mut archive, &names, &mut done)?;
    } else if has("mimetype") && has("content.xml") {
        papers(walk, path, &mut archive, &names, &mut done)?;
    }
    for (index, name) in names.iter().enumerate() {
        if walk.stopped() {
            break;
        }
        if done.contains_key(&index) || name.ends_with('/') {
            continue;
        }
        walk.budget.member()?;
        let member = format!("{path}/{name}");
        match open(walk.budget, &mut archive, index) {
            Ok(stream) => walk.member(&member, stream, depth + 1),
            Err(why) => walk.unread(&member, &why),
        }
    }
    Ok(())
}

/// Members without their list: each says itself how long it is.
fn from_its_start(walk: &mut Walk<'_>, path: &str, mut stream: Seekable, depth: usize) {
    if std::io::Seek::seek(&mut stream, std::io::SeekFrom::Start(0)).is_err() {
        return;
    }
    while let Ok(Some(member)) = zip::read::read_zipfile_from_stream(&mut stream) {
        if walk.stopped() || walk.budget.member().is_err() {
            return;
        }
        let name = String::from_utf8_lossy(member.name_raw()).into_owned();
        if !name.ends_with('/') {
            let budget = walk.budget;
            let plain = Metered { plain: member, budget };
            walk.member(&format!("{path}/{name}"), Box::new(plain), depth + 1);
        }
    }
}

/// A member, counted as it comes out.
fn open<'a>(
    budget: &'a Budget,
    archive: &'a mut Archive,
    index: usize,
) -> Result<Box<dyn Read + 'a>, Unread> {
    let plain = archive.by_index(index).map_err(|error| why(&error))?;
    Ok(Box::new(Metered { plain, budget }))
}

fn why(error: &ZipError) -> Unread {
    match error {
        ZipError::Io(error) => Unread::from(error),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Unread::Encrypted
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            Unread::Format("packed in a way that is not unpacked: pack it with Deflate")
        }
        _ => Unread::Damaged("a damaged or cut off archive"),
    }
}

/// The XML of a document that is text for people, and the names of parts that it is told by.
fn papers(
    walk: &mut Walk<'_>,
    path: &str,
    archive: &mut Archive,
    names: &[String],
    done: &mut BTreeMap<usize, ()>,
) -> Result<(), Unread> {
    let mut order: Vec<(usize, &String)> = names.iter().enumerate().collect();
    order.sort_by_key(|(_, name)| xml::order(name));
    for (index, name) in order {
        let is_xml = name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".vml");
        if walk.stopped() {
            break;
        }
        if !is_xml || done.contains_key(&index) {
            continue;
        }
        done.insert(index, ());
        let place = Place::lines(path, &xml::part(name));
        let read = match open(walk.budget, archive, index) {
            Ok(stream) => xml::read(walk, &place, stream),
            Err(why) => Err(why),
        };
        if let Err(why) = read {
            walk.unread(&format!("{path}/{name}"), &why);
        }
    }
    Ok(())
}
