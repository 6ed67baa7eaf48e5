//! Labelled texts, read from JSON Lines and JSON; what is not sound is told with its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::score::Type;

/// A text and what is in it.
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) text: String,
    /// Start and end in bytes.
    pub(crate) spans: Vec<(usize, usize, Type)>,
}

/// One file.
pub(crate) struct Corpus {
    pub(crate) name: String,
    pub(crate) documents: Vec<Document>,
    /// Lines, documents and spans that are left out, with the reason.
    pub(crate) unread: Vec<String>,
    /// Labels that are no type of ours, and how often each stands there.
    pub(crate) others: BTreeMap<String, usize>,
}

impl Corpus {
    pub(crate) fn bytes(&self) -> usize {
        self.documents.iter().map(|document| document.text.len()).sum()
    }
}

/// The file, or what is in the folder and below it, by name.
pub(crate) fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let end = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_dir() {
            found.extend(files(&path));
        } else if ["jsonl", "ndjson", "json"].contains(&end.as_str()) {
            found.push(path);
        } else {
            println!("passed over: {} is no .jsonl, .ndjson or .json", path.display());
        }
    }
    found
}

/// Everything in a file that is sound.
pub(crate) fn corpus(path: &Path) -> Corpus {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut corpus =
        Corpus { name, documents: Vec::new(), unread: Vec::new(), others: BTreeMap::new() };
    let place = path.display().to_string();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            corpus.unread.push(format!("{place}: {error}"));
            return corpus;
        }
    };
    // A whole JSON document, whatever its name says; if it is none, line by line.
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(Value::Array(list)) => {
            for (at, one) in list.iter().enumerate() {
                corpus.add(one, &format!("{place}, document {}", at + 1));
            }
        }
        Ok(one) => {
            let list = ["documents", "data", "samples"].iter().find_map(|key| one[key].as_array());
            match list {
                Some(list) => {
                    for (at, one) in list.iter().enumerate() {
                        corpus.add(one, &format!("{place}, document {}", at + 1));
                    }
                }
                None => corpus.add(&one, &place),
            }
        }
        Err(_) => {
            for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
                let place = format!("{place}:{}", at + 1);
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                match serde_json::from_slice(line) {
                    Ok(one) => corpus.add(&one, &place),
                    Err(error) => corpus.unread.push(format!("{place}: no JSON: {error}")),
                }
            }
        }
    }
    corpus
}

impl Corpus {
    fn add(&mut self, one: &Value, place: &str) {
        let Some(text) = one["text"].as_str() else {
            self.unread.push(format!("{place}: no `text`"));
            return;
        };
        let id = match &one["id"] {
            Value::Null => (self.documents.len() + 1).to_string(),
            Value::String(id) => id.clone(),
            other => other.to_string(),
        };
        let places = places(text);
        let mut spans = Vec::new();
        let Some(list) = one["spans"].as_array().or_else(|| one["entities"].as_array()) else {
            self.unread.push(format!("{place}: no list `spans`"));
            return;
        };
        for span in list {
            match read_span(span, &places) {
                Ok((start, end, label)) => match Type::of_label(label) {
                    Some(kind) => spans.push((start, end, kind)),
                    None => *self.others.entry(label.to_owned()).or_default() += 1,
                },
                Err(message) => self.unread.push(format!("{place}: {message}: {span}")),
            }
        }
        self.documents.push(Document { id, text: text.to_owned(), spans });
    }
}

/// Where each character begins, in bytes; and the end.
pub(crate) fn places(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

/// `[start, end, TYPE]` or `{"start", "end", "type"}`.
fn read_span<'s>(
    span: &'s Value,
    places: &[usize],
) -> Result<(usize, usize, &'s str), &'static str> {
    let at = |index: usize, key: &str| -> Option<usize> {
        let value = span.get(index).or_else(|| span.get(key))?;
        places.get(usize::try_from(value.as_u64()?).ok()?).copied()
    };
    let label = ["type", "label", "entity_type"].iter().find_map(|key| span.get(*key));
    let label = span.get(2).or(label).and_then(Value::as_str).ok_or("a span without a type")?;
    let start = at(0, "start").ok_or("a span whose start is not in the text")?;
    let end = at(1, "end").ok_or("a span whose end is not in the text")?;
    if start >= end {
        return Err("a span that ends before it starts");
    }
    Ok((start, end, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Corpus {
        let folder = std::env::temp_dir().join(format!("accuracy-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        let corpus = corpus(&path);
        std::fs::remove_dir_all(folder).unwrap();
        corpus
    }

    #[test]
    fn lines_lists_and_single_documents_are_read() {
        let one = r#"{"id":7,"text":"é a@b.example","spans":[[2,13,"EMAIL"],[0,1,"ORG"]]}"#;
        for (name, text) in [
            ("a.jsonl", format!("{one}\n\n{one}\n")),
            ("b.json", format!("[{one},\n{one}]")),
            ("c.json", format!("{{\"documents\": [{one}, {one}]}}")),
        ] {
            let corpus = read(name, &text);
            assert_eq!((corpus.documents.len(), corpus.unread.len()), (2, 0), "{name}");
            assert_eq!(corpus.others.get("ORG"), Some(&2));
            let document = &corpus.documents[0];
            let (start, end, kind) = document.spans[0];
            assert_eq!((&document.text[start..end], kind), ("a@b.example", Type::Email));
        }
        let named = r#"{"text":"a","entities":[{"start":0,"end":1,"label":"PER"}]}"#;
        assert_eq!(read("d.json", named).documents[0].spans, [(0, 1, Type::Person)]);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let corpus = read(
            "x.jsonl",
            "{\"text\":\"ab\",\"spans\":[[0,9,\"EMAIL\"],[1,1,\"EMAIL\"]]}\nno json\n{\"spans\":[]}\n",
        );
        assert_eq!(corpus.documents.len(), 1);
        for (at, wanted) in
            ["1: a span whose end", "1: a span that ends before", "2: no JSON", "3: no `text`"]
                .iter()
                .enumerate()
        {
            assert!(corpus.unread[at].contains(wanted), "{:?}", corpus.unread);
        }
    }
}
