//! A policy folder read and resolved; a package written.

use std::io::Cursor;

use model::{DataType, Micros, Personal};
use policy::{Sources, Tie};
use render::Zone;
use render::package::{
    Category, Closing, CollectionAnswer, FieldHead, PackageHead, PackageKind, PackageWriter,
    Reached, RowAnswer, SevenLists, Shown, SystemAnswer, spool_in_memory,
};

use crate::Ready;
use crate::text::notes;

pub(crate) fn policy_resolved() -> Ready {
    let pack = policy::packs().iter().find(|pack| pack.key == "msp-canada");
    let sources: Sources = pack.into_iter().flat_map(policy::Pack::files).collect();
    Box::new(move || {
        let checked = policy::load(&sources);
        checked.policy.map_or(0, |policy| policy.promises.len() as u64)
    })
}

pub(crate) fn package_rendered() -> Ready {
    let notes = notes(96 << 10);
    Box::new(move || package(&notes).unwrap_or(0))
}

fn package(notes: &[String]) -> Option<u64> {
    let head = PackageHead {
        organisation: "Northlight IT".to_owned(),
        contact: "privacy@northlight-it.example".to_owned(),
        reference: "5f2c".to_owned(),
        made_at: Micros(1_795_370_700_000_000),
        zone: Zone::named("America/Halifax").ok()?,
        subject_names: vec![Personal::new("Mara Lindgren".to_owned())],
        kind: PackageKind::Access,
        choices: Vec::new(),
        complain_to: Vec::new(),
    };
    let field = |name: &str, free_text: bool| FieldHead {
        name: name.to_owned(),
        title: None,
        categories: vec![Category { key: "user.content".to_owned(), title: "Texts".to_owned() }],
        data_type: Some(DataType::Text { max_chars: None }),
        free_text,
    };
    let out = Cursor::new(Vec::new());
    let mut package = PackageWriter::new(out, head, None, spool_in_memory()).ok()?;
    package
        .system(SystemAnswer {
            key: "desk".to_owned(),
            title: "Service desk".to_owned(),
            source: None,
            purposes: Vec::new(),
            recipients: Vec::new(),
            reached: Reached::Reached,
        })
        .ok()?;
    package
        .collection(CollectionAnswer {
            name: "notes".to_owned(),
            title: "Notes".to_owned(),
            why: vec!["found by e-mail address".to_owned()],
            fields: vec![field("id", false), field("written", false), field("body", true)],
        })
        .ok()?;
    for (number, note) in notes.iter().enumerate() {
        let values = vec![
            Shown::Int(i64::try_from(number).unwrap_or(0)),
            Shown::text("2026-03-01 09:12:44+00"),
            Shown::text(note),
        ];
        package.row(&RowAnswer { tie: Tie::Own, values }).ok()?;
    }
    let closing =
        Closing { lists: SevenLists::default(), redacted_others: 0, not_shown: Vec::new() };
    let (out, _) = package.finish(&closing).ok()?;
    Some(out.into_inner().len() as u64)
}
