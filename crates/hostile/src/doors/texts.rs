//! Texts that people write for us: policies, notices, addresses.

use policy::quote::{Document, Miss};
use policy::{Form, Notice, QuoteSelector, Sources};

/// Words of policy files.
pub(super) const POLICY_WORDS: &[&str] = &[
    "--- policy.yaml\n",
    "--- systems/crm.yaml\n",
    "--- promises.yaml\n",
    "--- notice.md\n",
    "organisation:\n",
    "  name: ",
    "- ",
    ": ",
    "&a ",
    "*a",
    "!!str ",
    "|\n",
    ">-\n",
    "{",
    "}",
    "[",
    "]",
    "\t",
    "\"",
    "'",
    "? ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "<<: *a",
    "\u{1b}[31m",
    "\u{202e}",
    "null",
    "7 years",
    "user.contact.email",
    "dataset:\n",
    "fides_key: ",
    "collections:\n",
    "fields:\n",
    "#",
];
/// Words of notices.
pub(super) const QUOTE_WORDS: &[&str] = &[
    "We keep it for 7 years.",
    "\n\n",
    "<p>",
    "</p>",
    "<!--",
    "<script>",
    "&nbsp;",
    "&#8217;",
    "**",
    "- ",
    "# ",
    "\u{2019}",
    "\u{ad}",
    "e\u{301}",
    "`",
    "[a](b)",
    "<main>",
    "---\n",
    "| a | b |\n|---|---|\n",
];
/// Words of addresses.
#[cfg(feature = "files")]
pub(super) const ADDRESS_WORDS: &[&str] = &[
    "postgres://",
    "mysql://",
    "mariadb://",
    "sqlite:",
    "files:",
    "u:hunter2@",
    "@",
    "?sslmode=require",
    "?pattern=",
    "%2F",
    "[::1]",
    ":5432",
    "/db",
    "?host=/run",
    "&",
    "%00",
    "..",
    "?mode=ro",
];

/// One text holds the files of a folder, each behind a line `--- NAME`.
pub(super) fn policy(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut sources = Sources::new();
    let mut rest = text.strip_prefix("--- ").unwrap_or(&text);
    if rest.len() == text.len() {
        sources.insert("policy.yaml", rest);
    } else {
        while let Some((name, tail)) = rest.split_once('\n') {
            let (body, next) = tail.split_once("\n--- ").unwrap_or((tail, ""));
            sources.insert(name, body);
            rest = next;
        }
    }
    let checked = policy::load(&sources);
    assert!(checked.policy.is_some() || !checked.findings.is_empty(), "a refusal has a reason");
    for finding in &checked.findings {
        assert!(finding.line == 0 || finding.column > 0, "a finding has a place: {finding:?}");
    }
    let shown = policy::render(&checked.findings, false, 80);
    assert!(
        !shown.contains(|c: char| c.is_control() && c != '\n'),
        "no control reaches a terminal"
    );
    for (name, text) in sources.iter() {
        if let Ok(read) = policy::read_system_file("crm", text) {
            // What is read is written, and read again as the same.
            let written = policy::write_system(&read);
            let again = policy::read_system_file("crm", &written);
            assert!(again.is_ok(), "what is written is read: {name}: {again:?}\n{written}");
            edits(text, &read);
        }
        let _ = policy::read_system("crm", text);
    }
    let _ = policy::readable_systems(&sources);
}

/// Whatever the lines look like, an edit changes what it says or nothing.
fn edits(text: &str, read: &policy::SystemFile) {
    let mut edits = vec![policy::Edit::Subjects(vec!["customer".to_owned()])];
    let collections = read.dataset.iter().flat_map(|dataset| &dataset.collections);
    if let Some(collection) = collections.last() {
        let name = collection.name.clone();
        edits.push(policy::Edit::AddCollection(Box::new(collection.clone())));
        edits.push(policy::Edit::RemoveCollection(name.clone()));
        if let Some(field) = collection.fields.last() {
            edits.push(policy::Edit::AddField {
                collection: name.clone(),
                field: Box::new(field.clone()),
            });
            edits.push(policy::Edit::RemoveField { collection: name, field: field.name.clone() });
        }
    }
    for edit in edits {
        match policy::edit_system("crm", text, &edit) {
            Ok(edited) => {
                let again = policy::read_system_file("crm", &edited);
                assert!(again.is_ok(), "what was edited is read: {edit:?}: {again:?}");
            }
            Err(why) => assert!(!why.is_empty(), "a refusal has a reason"),
        }
    }
}

/// The first line is the quote; what follows is the notice.
pub(super) fn quote(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (quote, source) = text.split_once('\n').unwrap_or(("", &text));
    let (exact, around) = quote.split_once('|').unwrap_or((quote, ""));
    let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (prefix, suffix) = around.split_once('|').unwrap_or((around, ""));
    let selector =
        QuoteSelector { exact: exact.to_owned(), prefix: part(prefix), suffix: part(suffix) };
    for form in [Form::Markdown, Form::Html, Form::Plain] {
        let document = Document::new(source, form);
        let notice = Notice::of(&document);
        let lines = source.split('\n').count();
        match document.find(&selector, &notice) {
            Ok(found) => {
                assert!((1..=lines).contains(&found.line) && found.column > 0, "a place within");
                assert!(found.sentences.iter().all(|index| *index < notice.sentences.len()));
            }
            Err(Miss::Ambiguous { places }) => {
                assert!(places.len() > 1 && places.iter().all(|p| (1..=lines).contains(&p.line)));
            }
            Err(Miss::Absent { nearest }) => {
                assert!(nearest.is_none_or(|(index, score)| {
                    index < notice.sentences.len() && (0.0..=1.0).contains(&score)
                }));
            }
        }
    }
}

#[cfg(feature = "files")]
pub(super) fn address(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // A password of our own, where nothing else in the address says the same.
    let planted = text.contains(":hunter2@") && text.matches("hunter2").count() == 1;
    match connect::Address::parse(text) {
        Ok(mut address) => {
            let shown = address.to_string();
            let password = address.clone().take_password();
            let is_one = password.is_some_and(|held| held.expose_secret() == "hunter2");
            assert!(!planted || !is_one || !shown.contains("hunter2"), "{shown}");
            assert_eq!(format!("{address:?}"), format!("Address({shown})"));
            let again = connect::Address::parse(&shown);
            assert_eq!(
                again.map(|again| again.to_string()).ok(),
                Some(shown.clone()),
                "what is shown is read as the same: {text:?}"
            );
            let _ = address.take_password();
            assert_eq!(address.to_string(), shown, "the password was no part of what is shown");
        }
        Err(error) => {
            let shown = error.to_string();
            assert!(!planted || !shown.contains("hunter2"), "{shown}");
        }
    }
}
