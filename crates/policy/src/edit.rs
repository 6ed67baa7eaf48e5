//! Small changes to a system's file as it is written: a category, a field, a collection. Everything
//! else stays byte for byte, comments among it.
//!
//! INVARIANT: what comes out reads exactly as the file read before with the change in it; where the
//! lines cannot be changed with that result, nothing is changed and the reason is told.

use serde_json::{Map, Value};

use crate::file::system::{DatasetCollection, DatasetField, InferenceEntry, SystemFile};
use crate::source::read_system_file;
use crate::words::OneOrMany;
use crate::write::{inline, list, map, prune};
use crate::yaml::{self, Entry, Kind, Node};

/// A change to a system's file.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// What a field holds, and how that came about: a person agreed.
    Categories {
        /// The collection's name in the map.
        collection: String,
        /// The field's name.
        field: String,
        /// fideslang data categories.
        categories: Vec<String>,
        /// How sure it was and why, with the answer.
        guess: InferenceEntry,
    },
    /// A field that the map does not have.
    AddField {
        /// The collection's name in the map.
        collection: String,
        /// The field.
        field: Box<DatasetField>,
    },
    /// A collection that the map does not have.
    AddCollection(Box<DatasetCollection>),
    /// A field that the system does not have any more.
    RemoveField {
        /// The collection's name in the map.
        collection: String,
        /// The field's name.
        field: String,
    },
    /// A collection that the system does not have any more.
    RemoveCollection(String),
    /// Whose data the system holds: fideslang data subjects.
    Subjects(Vec<String>),
}

/// Makes a change to the text of the file of the system with this key.
///
/// # Errors
/// Why the file cannot be changed so, in plain words.
pub fn edit_system(key: &str, text: &str, edit: &Edit) -> Result<String, String> {
    let mut wanted = read_system_file(key, text)?;
    change(&mut wanted, edit)?;
    let ([dataset], Some(tree)) = (wanted.dataset.as_slice(), yaml::parse(text).0) else {
        return Err("the file describes several datasets: change it by hand".to_owned());
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = tree.at_key("dataset").and_then(|list| list.at_item(0)).ok_or(BY_HAND)?;
    let collections = || at.at_key("collections").ok_or(BY_HAND);
    let named = |name: &str| collections()?.item_named(name).ok_or_else(|| no("collection", name));
    let fields = |name: &str| named(name)?.at_key("fields").ok_or(BY_HAND.to_owned());
    match edit {
        Edit::Categories { collection, field, categories, .. } => {
            let new = dataset.collections.iter().find(|one| one.name == *collection);
            let new = new.and_then(|one| one.fields.iter().find(|one| one.name == *field));
            let value = object(new.ok_or(BY_HAND)?, "fields")?;
            let node = fields(collection)?.item_named(field).ok_or_else(|| no("field", field))?;
            if is_braced(&lines, node) {
                replace_braces(&mut lines, node, &inline(&Value::Object(value), ""))?;
            } else {
                // From below, so that the lines above keep their numbers.
                let line_of = |key: &str| node.entry(key).map(|entry| entry.at.line);
                let last =
                    line_of("data_categories") > line_of("upheld") && line_of("upheld").is_some();
                let categories = Value::from(categories.clone());
                if last {
                    set(&mut lines, node, "data_categories", &categories)?;
                }
                agree(&mut lines, node, &value)?;
                if !last {
                    set(&mut lines, node, "data_categories", &categories)?;
                }
            }
        }
        Edit::AddField { collection, field } => {
            let value = object(field.as_ref(), "fields")?;
            let entry = named(collection)?.entry("fields").ok_or(BY_HAND)?;
            append(&mut lines, entry, value)?;
        }
        Edit::AddCollection(collection) => {
            let value = object(collection.as_ref(), "collections")?;
            append(&mut lines, at.entry("collections").ok_or(BY_HAND)?, value)?;
        }
        Edit::RemoveField { collection, field } => {
            let items = fields(collection)?;
            remove(&mut lines, items.item_named(field).ok_or_else(|| no("field", field))?)?;
        }
        Edit::RemoveCollection(name) => remove(&mut lines, named(name)?)?,
        Edit::Subjects(subjects) => {
            set(&mut lines, at, "data_subjects", &Value::from(subjects.clone()))?;
        }
    }
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = lines.join(line_end);
    out.push_str(line_end);
    match read_system_file(key, &out) {
        Ok(read) if read == wanted => Ok(out),
        _ => Err(BY_HAND.to_owned()),
    }
}

/// Writes a field's guess, as it stands in `value`.
fn agree(lines: &mut Vec<String>, node: &Node, value: &Map<String, Value>) -> Result<(), String> {
    let Some(add) = value.get("upheld") else { return Ok(()) };
    let Some(guess) = add.get("category_guess") else { return Ok(()) };
    match node.entry("upheld") {
        Some(entry) if entry.value.is_block(lines, entry) => {
            set(lines, &entry.value, "category_guess", guess)
        }
        Some(entry) => put_value(lines, entry, &inline(add, "")),
        None => {
            let add = [("category_guess".to_owned(), guess.clone())];
            set(lines, node, "upheld", &Value::Object(add.into_iter().collect()))
        }
    }
}

const BY_HAND: &str =
    "the lines are written in a way that is not changed safely: change them by hand";

fn no(what: &str, name: &str) -> String {
    format!("the file has no {what} `{name}`")
}

/// The change to what the file says.
fn change(file: &mut SystemFile, edit: &Edit) -> Result<(), String> {
    let [dataset] = file.dataset.as_mut_slice() else {
        return Err("the file describes several datasets: change it by hand".to_owned());
    };
    let place = |collections: &mut Vec<DatasetCollection>, name: &str| {
        collections.iter().position(|one| one.name == name).ok_or_else(|| no("collection", name))
    };
    match edit {
        Edit::AddCollection(collection) => dataset.collections.push((**collection).clone()),
        Edit::RemoveCollection(name) => {
            let at = place(&mut dataset.collections, name)?;
            dataset.collections.remove(at);
        }
        Edit::Subjects(subjects) => dataset.data_subjects.clone_from(subjects),
        Edit::Categories { collection, .. }
        | Edit::AddField { collection, .. }
        | Edit::RemoveField { collection, .. } => {
            let at = place(&mut dataset.collections, collection)?;
            let Some(found) = dataset.collections.get_mut(at) else { return Ok(()) };
            let known = |fields: &[DatasetField], name: &str| {
                fields.iter().position(|one| one.name == name).ok_or_else(|| no("field", name))
            };
            match edit {
                Edit::AddField { field, .. } => found.fields.push((**field).clone()),
                Edit::RemoveField { field, .. } => {
                    let at = known(&found.fields, field)?;
                    found.fields.remove(at);
                }
                Edit::Categories { field, categories, guess, .. } => {
                    let at = known(&found.fields, field)?;
                    if let Some(field) = found.fields.get_mut(at) {
                        field.data_categories.clone_from(categories);
                        field.upheld.get_or_insert_default().category_guess = Some(guess.clone());
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// What is written, without what says nothing.
fn object<T: serde::Serialize>(what: &T, of: &str) -> Result<Map<String, Value>, String> {
    match serde_json::to_value(what) {
        Ok(Value::Object(mut object)) => {
            prune(&mut object, of);
            Ok(object)
        }
        _ => Err(BY_HAND.to_owned()),
    }
}

impl Node {
    fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.kind {
            Kind::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    fn at_key(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    fn at_item(&self, index: usize) -> Option<&Self> {
        match &self.kind {
            Kind::List(items) => items.get(index),
            _ => None,
        }
    }

    fn item_named(&self, name: &str) -> Option<&Self> {
        let Kind::List(items) = &self.kind else { return None };
        items.iter().find(|item| {
            item.at_key("name").is_some_and(
                |value| matches!(&value.kind, Kind::Scalar { text, .. } if text == name),
            )
        })
    }

    /// Whether it is a mapping whose entries stand on lines of their own below its key.
    fn is_block(&self, lines: &[String], key: &Entry) -> bool {
        match &self.kind {
            Kind::Map(entries) => entries.first().is_some_and(|first| {
                first.at.line > key.at.line
                    && line(lines, first.at.line)
                        .is_some_and(|text| indent(text) + 1 == first.at.column)
            }),
            _ => false,
        }
    }
}

fn line(lines: &[String], number: usize) -> Option<&String> {
    lines.get(number.checked_sub(1)?)
}

fn indent(text: &str) -> usize {
    text.chars().take_while(|c| *c == ' ').count()
}

fn is_silent(text: &str) -> bool {
    let text = text.trim_start();
    text.is_empty() || text.starts_with('#')
}

/// The line after the last one that belongs to what begins on line `from` (counted from nought) and
/// whose own lines are indented deeper than `margin`.
fn end(lines: &[String], from: usize, margin: usize, list_at_margin: bool) -> usize {
    let mut last = from;
    for (at, text) in lines.iter().enumerate().skip(from + 1) {
        if is_silent(text) {
            continue;
        }
        let deeper = indent(text) > margin;
        let item = list_at_margin && indent(text) == margin && text.trim_start().starts_with("- ");
        if !deeper && !item {
            break;
        }
        last = at;
    }
    last + 1
}

/// Where an item of a list begins and ends (lines from nought), and the place of its dash.
fn item(lines: &[String], node: &Node) -> Result<(usize, usize, usize), String> {
    let from = node.at.line.checked_sub(1).ok_or(BY_HAND)?;
    let text = lines.get(from).ok_or(BY_HAND)?;
    if !text.trim_start().starts_with("- ") {
        return Err(BY_HAND.to_owned());
    }
    let dash = indent(text);
    Ok((from, end(lines, from, dash, false), dash))
}

fn is_braced(lines: &[String], node: &Node) -> bool {
    line(lines, node.at.line).is_some_and(|text| {
        text.trim_start().strip_prefix("- ").is_some_and(|rest| rest.trim_start().starts_with('{'))
    })
}

/// Where what opens at `from` (in characters) is closed: braces, brackets and texts in them.
fn closed(text: &[char], from: usize) -> Option<usize> {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    for (at, letter) in text.iter().enumerate().skip(from) {
        match (quote, letter) {
            (Some('"'), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(open), letter) if open == *letter && !escaped => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(*letter),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        escaped = false;
    }
    None
}

fn replace_braces(lines: &mut [String], node: &Node, with: &str) -> Result<(), String> {
    let text = node.at.line.checked_sub(1).and_then(|at| lines.get_mut(at)).ok_or(BY_HAND)?;
    let letters: Vec<char> = text.chars().collect();
    let from = letters.iter().position(|letter| *letter == '{').ok_or(BY_HAND)?;
    let to = closed(&letters, from).ok_or(BY_HAND)?;
    let before: String = letters.iter().take(from).collect();
    let after: String = letters.iter().skip(to).collect();
    *text = format!("{before}{with}{after}");
    Ok(())
}

/// Writes another value behind a key, on one line; a comment behind the value stays.
fn put_value(lines: &mut Vec<String>, entry: &Entry, value: &str) -> Result<(), String> {
    let at = entry.at.line.checked_sub(1).ok_or(BY_HAND)?;
    let text = lines.get(at).ok_or(BY_HAND)?.clone();
    let letters: Vec<char> = text.chars().collect();
    let margin = entry.at.column.saturating_sub(1);
    let colon = letters
        .iter()
        .enumerate()
        .skip(margin)
        .find(|(_, letter)| **letter == ':')
        .map(|(at, _)| at)
        .ok_or(BY_HAND)?;
    let rest: String = letters.iter().skip(colon + 1).collect();
    let last = end(lines, at, margin, true);
    let comment = match rest.find(" #") {
        // Below a key alone, a comment speaks of the whole value.
        Some(at) if !rest.get(..at).unwrap_or_default().contains(['"', '\'']) => {
            let value = rest.get(..at).unwrap_or_default().trim_end().len();
            rest.get(value..).unwrap_or_default().to_owned()
        }
        _ => String::new(),
    };
    let head: String = letters.iter().take(colon + 1).collect();
    lines.splice(at..last, [format!("{head} {value}{comment}")]);
    Ok(())
}

/// Sets a key of a mapping that stands on lines of its own.
fn set(lines: &mut Vec<String>, node: &Node, key: &str, value: &Value) -> Result<(), String> {
    if let Some(entry) = node.entry(key)
        && !value.is_object()
    {
        return put_value(lines, entry, &inline(value, key));
    }
    let Kind::Map(entries) = &node.kind else { return Err(BY_HAND.to_owned()) };
    let first = entries.first().ok_or(BY_HAND)?;
    let margin = first.at.column.saturating_sub(1);
    let mut text = String::new();
    let one: Map<String, Value> = [(key.to_owned(), value.clone())].into_iter().collect();
    map(&mut text, &one, 0, false);
    let new: Vec<String> =
        text.lines().map(|line| format!("{}{line}", " ".repeat(margin))).collect();
    let range = match node.entry(key) {
        Some(old) => {
            let at = old.at.line.checked_sub(1).ok_or(BY_HAND)?;
            // A key on the line of the dash has no line of its own.
            if line(lines, old.at.line).is_none_or(|text| indent(text) != margin) {
                return Err(BY_HAND.to_owned());
            }
            at..end(lines, at, margin, true)
        }
        None if value.is_object() => {
            // What is longer comes last.
            let last = entries.last().ok_or(BY_HAND)?;
            let at = last.at.line.checked_sub(1).ok_or(BY_HAND)?;
            let at = end(lines, at, margin, true);
            at..at
        }
        None => {
            let at = first.at.line.checked_sub(1).ok_or(BY_HAND)?;
            let at = end(lines, at, margin, true);
            at..at
        }
    };
    lines.splice(range, new);
    Ok(())
}

/// Adds an item at the end of the list behind a key.
fn append(lines: &mut Vec<String>, entry: &Entry, value: Map<String, Value>) -> Result<(), String> {
    let mut text = String::new();
    list(&mut text, &[Value::Object(value)], 0);
    let Kind::List(items) = &entry.value.kind else { return Err(BY_HAND.to_owned()) };
    let (at, dash) = match items.last() {
        Some(last) => {
            let (_, end, dash) = item(lines, last)?;
            (end, dash)
        }
        None => {
            put_value(lines, entry, "")?;
            if let Some(text) = entry.at.line.checked_sub(1).and_then(|at| lines.get_mut(at)) {
                *text = text.trim_end().to_owned();
            }
            (entry.at.line, entry.at.column + 1)
        }
    };
    let new = text.lines().map(|line| format!("{}{line}", " ".repeat(dash)));
    let new: Vec<String> = new.collect();
    lines.splice(at..at, new);
    Ok(())
}

fn remove(lines: &mut Vec<String>, node: &Node) -> Result<(), String> {
    let (from, to, _) = item(lines, node)?;
    lines.drain(from..to);
    Ok(())
}

impl SystemFile {
    /// How the category of a field came to be in the file, where it was guessed.
    pub fn category_guess(&self, collection: &str, field: &str) -> Option<&InferenceEntry> {
        let found = self.dataset.iter().flat_map(|dataset| &dataset.collections);
        let found = found.filter(|one| one.name == collection).flat_map(|one| &one.fields);
        found
            .filter(|one| one.name == field)
            .find_map(|one| one.upheld.as_ref().and_then(|add| add.category_guess.as_ref()))
    }

    /// Leaves out of a collection's fields the references to what `knows` does not know
    /// (`collection`, in the same system): a map may not point at nothing.
    pub fn without_strangers(field: &mut DatasetField, knows: impl Fn(&str) -> bool) {
        if let Some(add) = &mut field.upheld {
            add.references.retain(|reference| {
                let first = match &reference.to {
                    OneOrMany::One(to) => to.split('.').next().unwrap_or_default().to_owned(),
                    OneOrMany::Many(parts) => parts.first().cloned().unwrap_or_default(),
                };
                knows(&first)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# What people know of the desk.
system: { title: Desk }   # ours
dataset:
  - fides_key: desk
    collections:
      - name: tickets   # the heart of it
        fields:
          - name: id
            data_categories: [system]
          # Written by hand in March.
          - name: mail
            data_categories: [user.name]   # sure?
            upheld:
              erase: \"null\"
          - { name: code, data_categories: [system] }   # braces
          - name: body
            data_categories:
            - user.content
            upheld:
              category_guess:  # 60 %: looks so
                confidence: 60
                reason: looks so
              title: The text

      # The last one.
      - name: notes
        fields:
          - name: id
";

    fn guess() -> InferenceEntry {
        InferenceEntry { confidence: 93, reason: "values: \"so\"".into(), confirmed: Some(true) }
    }

    fn categories(field: &str) -> Edit {
        Edit::Categories {
            collection: "tickets".into(),
            field: field.into(),
            categories: vec!["user.contact.email".into()],
            guess: guess(),
        }
    }

    #[test]
    fn only_the_lines_meant_change_and_comments_stay() {
        let field = |name: &str| {
            Box::new(DatasetField {
                name: name.into(),
                data_categories: vec!["user.contact.email".into()],
                ..DatasetField::default()
            })
        };
        let collection = DatasetCollection {
            name: "leads".into(),
            fields: vec![*field("mail")],
            ..DatasetCollection::default()
        };
        for (edit, gone, new) in [
            (
                categories("mail"),
                vec!["[user.name]   # sure?"],
                vec![
                    "            data_categories: [user.contact.email]   # sure?",
                    "              erase: \"null\"",
                    "              category_guess:  # 93 %",
                    "                confirmed: yes",
                ],
            ),
            (categories("code"), vec!["[system] }"], vec!["- {name: code", "}   # braces"]),
            (
                categories("body"),
                vec!["- user.content", "60"],
                vec![
                    "            data_categories: [user.contact.email]",
                    "              title: The text",
                    "                confidence: 93",
                ],
            ),
            (categories("id"), vec![], vec!["            upheld:\n              category_guess:"]),
            (
                Edit::AddField { collection: "tickets".into(), field: field("cc") },
                vec![],
                vec!["              title: The text\n          - name: cc\n"],
            ),
            (Edit::AddCollection(Box::new(collection)), vec![], vec!["\n      - name: leads\n"]),
            (
                Edit::RemoveField { collection: "tickets".into(), field: "body".into() },
                vec!["user.content", "The text"],
                vec!["# The last one."],
            ),
            (Edit::RemoveCollection("tickets".into()), vec!["mail"], vec!["# The last one."]),
            (
                Edit::Subjects(vec!["customer".into()]),
                vec![],
                vec!["  - fides_key: desk\n    data_subjects: [customer]\n"],
            ),
        ] {
            let out =
                edit_system("desk", FILE, &edit).unwrap_or_else(|why| panic!("{edit:?}: {why}"));
            for gone in gone {
                assert!(!out.contains(gone), "{gone} in\n{out}");
            }
            for new in new {
                assert!(out.contains(new), "{new:?} is missing in\n{out}");
            }
            assert!(out.contains("# ours") && out.starts_with("# What people know"), "{out}");
            let again = FILE.lines().filter(|line| !out.lines().any(|other| other == *line));
            assert!(again.count() <= 20, "{out}");
        }
    }

    #[test]
    fn what_cannot_be_changed_safely_is_left_and_told() {
        let braces = "dataset: [{fides_key: desk, collections: [{name: tickets, fields: [{name: mail}]}]}]\n";
        for (text, edit, why) in [
            (FILE, categories("gone"), "no field `gone`"),
            (braces, categories("mail"), "by hand"),
            (FILE, Edit::RemoveCollection("gone".into()), "no collection `gone`"),
            (FILE, Edit::RemoveField { collection: "notes".into(), field: "id".into() }, "by hand"),
        ] {
            let told = edit_system("desk", text, &edit).unwrap_err();
            assert!(told.contains(why), "{edit:?}: {told}");
        }
    }
}
