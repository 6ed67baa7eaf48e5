//! A tree against a schema: everything that does not fit, each with its place, and the values in
//! the form that `serde` wants.
//!
//! The schema is the one that `schemars` makes of the types in [`crate::file`], so an editor, this
//! check and the reading can never disagree. Only the parts of JSON Schema that these types use are
//! known here; a test makes sure that no other part comes into use unnoticed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Map, Number, Value};

use crate::finding::{self, Finding, Page, Severity, did_you_mean, nearest};
use crate::words::{parse_period, parse_yes_no};
use crate::yaml::{Entry, Kind, Node, Place};

/// Checks a tree and gives its values.
///
/// What does not fit is reported and left out, of the values and of the tree, as far as the rest
/// makes sense without it: the checks that follow then still see the rest of the file.
pub(crate) fn shape(
    page: Page<'_>,
    node: &mut Node,
    schema: &Value,
) -> (Option<Value>, Vec<Finding>) {
    let mut shaper =
        Shaper { page, root: schema, findings: Vec::new(), collected: RefCell::default() };
    let name = shaper.page.file;
    let value = shaper.value(node, schema, name);
    (value, shaper.findings)
}

struct Shaper<'a> {
    page: Page<'a>,
    root: &'a Value,
    findings: Vec<Finding>,
    /// What was collected of each part of the schema, which lists ask for once for every item.
    collected: RefCell<BTreeMap<*const Value, Rc<Allowed<'a>>>>,
}

/// What may stand in a place, collected from all branches of a schema.
#[derive(Default)]
struct Allowed<'a> {
    words: Vec<&'a str>,
    text: Option<&'a Value>,
    integer: Option<&'a Value>,
    number: bool,
    boolean: bool,
    null: bool,
    list: Option<&'a Value>,
    maps: Vec<&'a Value>,
    anything: bool,
}

impl<'a> Shaper<'a> {
    fn error(&mut self, code: &'static str, at: Place, message: String, help: Option<String>) {
        finding::add(&mut self.findings, || {
            self.page.finding(Severity::Error, code, at, message, help)
        });
    }

    fn allowed(&self, schema: &'a Value) -> Rc<Allowed<'a>> {
        let mut collected = self.collected.borrow_mut();
        let allowed = collected.entry(std::ptr::from_ref(schema)).or_insert_with(|| {
            let mut allowed = Allowed::default();
            self.collect(schema, &mut allowed, 0);
            Rc::new(allowed)
        });
        Rc::clone(allowed)
    }

    fn collect(&self, schema: &'a Value, into: &mut Allowed<'a>, depth: usize) {
        if depth > 16 {
            return;
        }
        let Value::Object(keys) = schema else {
            into.anything |= schema == &Value::Bool(true);
            return;
        };
        if let Some(name) = keys.get("$ref").and_then(Value::as_str) {
            if let Some(target) = name.strip_prefix('#').and_then(|way| self.root.pointer(way)) {
                self.collect(target, into, depth + 1);
            }
            return;
        }
        for word in ["anyOf", "oneOf"] {
            if let Some(branches) = keys.get(word).and_then(Value::as_array) {
                for branch in branches {
                    self.collect(branch, into, depth + 1);
                }
                return;
            }
        }
        if let Some(word) = keys.get("const").and_then(Value::as_str) {
            into.words.push(word);
            return;
        }
        if let Some(words) = keys.get("enum").and_then(Value::as_array) {
            into.words.extend(words.iter().filter_map(Value::as_str));
            into.null |= words.contains(&Value::Null);
            return;
        }
        let types: Vec<&str> = match keys.get("type") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => {
                into.anything = true;
                return;
            }
        };
        for kind in types {
            match kind {
                "string" => into.text = Some(schema),
                "integer" => into.integer = Some(schema),
                "number" => into.number = true,
                "boolean" => into.boolean = true,
                "null" => into.null = true,
                "array" => into.list = Some(schema),
                "object" => into.maps.push(schema),
                _ => {}
            }
        }
    }

    fn value(&mut self, node: &mut Node, schema: &'a Value, name: &str) -> Option<Value> {
        let allowed = self.allowed(schema);
        let at = node.at;
        match &mut node.kind {
            Kind::Scalar { text, plain } => {
                let (text, plain) = (text.clone(), *plain);
                self.scalar(node, &text, plain, &allowed, name)
            }
            Kind::List(items) => {
                let Some(list) = allowed.list else {
                    if allowed.anything {
                        return Some(loose(node));
                    }
                    self.wrong(at, &allowed, name, "a list");
                    return None;
                };
                let inner = list.get("items").unwrap_or(&Value::Bool(true));
                let mut values = Vec::with_capacity(items.len());
                items.retain_mut(|item| {
                    let value = self.value(item, inner, name);
                    let fits = value.is_some();
                    values.extend(value);
                    fits
                });
                Some(Value::Array(values))
            }
            Kind::Map(_) if allowed.maps.is_empty() && allowed.anything => Some(loose(node)),
            Kind::Map(entries) => self.map(at, entries, &allowed, name),
        }
    }

    fn scalar(
        &mut self,
        node: &Node,
        text: &str,
        plain: bool,
        allowed: &Allowed<'a>,
        name: &str,
    ) -> Option<Value> {
        if allowed.boolean
            && plain
            && let Some(answer) = parse_yes_no(text)
        {
            return Some(Value::Bool(answer));
        }
        if allowed.words.contains(&text) {
            return Some(Value::String(text.to_owned()));
        }
        if node.is_empty() {
            if allowed.null || allowed.anything {
                return Some(Value::Null);
            }
            let help = self.expected(allowed).map(|what| format!("write {what}"));
            self.error("empty", node.at, format!("`{name}` has no value"), help);
            return None;
        }
        if let Some(schema) = allowed.text {
            return self.text(node, text, schema, name);
        }
        if plain
            && let Some(schema) = allowed.integer
            && let Ok(number) = text.parse::<i64>()
        {
            return self.integer(node, number, schema, name);
        }
        if plain
            && allowed.number
            && let Some(number) = text.parse::<f64>().ok().and_then(Number::from_f64)
        {
            return Some(Value::Number(number));
        }
        if allowed.anything {
            return Some(loose(node));
        }
        if !allowed.words.is_empty() && !allowed.boolean {
            let keys = allowed.maps.iter().filter_map(|map| map.get("properties")?.as_object());
            let keys = keys.flat_map(Map::keys).map(|key| format!("`{key}: …`"));
            let words = allowed.words.iter().map(|word| format!("`{word}`")).chain(keys);
            let words = words.collect::<Vec<_>>().join(", ");
            let help = did_you_mean(text, allowed.words.iter().copied())
                .or_else(|| Some(format!("one of {words}")));
            self.error(
                "unknown-word",
                node.at,
                format!("`{text}` is not a word that `{name}` knows"),
                help,
            );
            return None;
        }
        if let Some(list) = allowed.list {
            let inside = list.get("items").map(|inner| self.allowed(inner)).unwrap_or_default();
            let help = if inside.maps.is_empty() {
                format!("write it as a list: `[{text}]`")
            } else {
                "write one item on each line, each beginning with `- `".to_owned()
            };
            let help = Some(help);
            self.error("wrong-type", node.at, format!("`{name}` is a list"), help);
            return None;
        }
        self.wrong(node.at, allowed, name, &format!("`{text}`"));
        None
    }

    fn text(&mut self, node: &Node, text: &str, schema: &Value, name: &str) -> Option<Value> {
        let (fits, what) = match schema.get("format").and_then(Value::as_str) {
            Some("period") => {
                (parse_period(text).is_some(), "a length of time, such as `7 years` or `90 days`")
            }
            Some("date") => {
                (text.parse::<jiff::civil::Date>().is_ok(), "a day, such as `2026-01-31`")
            }
            Some("email") => (is_address(text), "an e-mail address"),
            Some("uri") => (is_web(text), "a web address that begins with `https://`"),
            _ => (true, ""),
        };
        if !fits {
            let help = Some(format!("`{name}` is {what}"));
            self.error("wrong-form", node.at, format!("`{text}` is not {what}"), help);
            return None;
        }
        // The text that takes the place of an erased value may be empty.
        if text.trim().is_empty() && name != "text" {
            self.error("empty", node.at, format!("`{name}` is empty"), None);
            return None;
        }
        Some(Value::String(text.to_owned()))
    }

    fn integer(&mut self, node: &Node, number: i64, schema: &Value, name: &str) -> Option<Value> {
        let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
        // Types without a bound of their own name their width.
        let widest = match schema.get("format").and_then(Value::as_str) {
            Some("uint8") => 255,
            Some("uint16") => 65_535,
            Some("uint32") => i64::from(u32::MAX),
            _ => i64::MAX,
        };
        let low = bound("minimum").unwrap_or(i64::MIN);
        let high = bound("maximum").unwrap_or(widest).min(widest);
        if number < low || number > high {
            let message = format!("`{number}` is out of range for `{name}`");
            let help = if high == i64::MAX {
                format!("the least is {low}")
            } else {
                format!("it lies between {low} and {high}")
            };
            self.error("out-of-range", node.at, message, Some(help));
            return None;
        }
        Some(Value::Number(number.into()))
    }

    fn map(
        &mut self,
        at: Place,
        entries: &mut Vec<Entry>,
        allowed: &Allowed<'a>,
        name: &str,
    ) -> Option<Value> {
        let known = |schema: &'a Value| {
            schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys)
        };
        let schema = match allowed.maps.as_slice() {
            [] => {
                self.wrong(at, allowed, name, "a mapping");
                return None;
            }
            [only] => *only,
            many => {
                let fitting = many.iter().find(|schema| {
                    known(schema).any(|key| entries.iter().any(|entry| &entry.key == key))
                });
                let Some(schema) = fitting else {
                    let words: Vec<&str> =
                        many.iter().flat_map(|schema| known(schema)).map(String::as_str).collect();
                    let (at, key) =
                        entries.first().map_or((at, ""), |entry| (entry.at, entry.key.as_str()));
                    let help = did_you_mean(
                        key,
                        words.iter().copied().chain(allowed.words.iter().copied()),
                    )
                    .or_else(|| Some(format!("one of {}", listed(&words))));
                    let message = format!("`{key}` is not a word that `{name}` knows");
                    self.error("unknown-word", at, message, help);
                    return None;
                };
                schema
            }
        };
        self.object(at, entries, schema, name)
    }

    fn object(
        &mut self,
        at: Place,
        entries: &mut Vec<Entry>,
        schema: &'a Value,
        name: &str,
    ) -> Option<Value> {
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let others = schema.get("additionalProperties");
        let mut values = Map::new();
        let mut whole = true;
        let given: Vec<String> = entries.iter().map(|entry| entry.key.clone()).collect();
        entries.retain_mut(|entry| {
            let found: Option<&'a Value> = schema
                .get("properties")
                .and_then(Value::as_object)
                .and_then(|properties| properties.get(&entry.key));
            let value = match (found, others) {
                (Some(inner), _) => {
                    let needed = required.contains(&entry.key.as_str());
                    let word = matches!(&entry.value.kind, Kind::Scalar { text, .. }
                        if self.allowed(inner).words.contains(&text.as_str()));
                    if entry.value.is_empty() && !needed && !word {
                        return true;
                    }
                    let value = self.value(&mut entry.value, inner, &entry.key);
                    whole &= value.is_some() || !needed;
                    value
                }
                (None, Some(Value::Bool(true))) => Some(loose(&entry.value)),
                (None, Some(inner @ Value::Object(_))) => {
                    self.value(&mut entry.value, inner, &entry.key)
                }
                (None, Some(_)) => {
                    self.unknown_key(entry, properties, name, Severity::Error);
                    None
                }
                (None, None) => {
                    // Fides would ignore it. What is nearly a key of ours is a slip, though, and
                    // ignoring it would lose what it says.
                    let near = nearest(&entry.key, properties.keys().map(String::as_str));
                    let severity = if near.is_some() { Severity::Error } else { Severity::Warning };
                    self.unknown_key(entry, properties, name, severity);
                    None
                }
            };
            let fits = value.is_some();
            values.extend(value.map(|value| (entry.key.clone(), value)));
            fits
        });
        for key in required {
            if !given.iter().any(|given| given == key) {
                whole = false;
                let help = properties
                    .get(key)
                    .and_then(|inner| inner.get("description"))
                    .and_then(Value::as_str)
                    .map(|text| format!("`{key}`: {}", text.replace('\n', " ")));
                self.error("missing-key", at, format!("`{name}` has no `{key}`"), help);
            }
        }
        whole.then_some(Value::Object(values))
    }

    fn unknown_key(
        &mut self,
        entry: &Entry,
        properties: &Map<String, Value>,
        name: &str,
        severity: Severity,
    ) {
        let words: Vec<&str> = properties.keys().map(String::as_str).collect();
        let help = did_you_mean(&entry.key, words.iter().copied())
            .or_else(|| Some(format!("its keys are {}", listed(&words))));
        let message = if severity == Severity::Error {
            format!("`{}` is not a key of `{name}`", entry.key)
        } else {
            format!("`{}` is not a key of `{name}` and is ignored", entry.key)
        };
        let at = entry.at;
        finding::add(&mut self.findings, || {
            self.page.finding(severity, "unknown-key", at, message, help)
        });
    }

    fn expected(&self, allowed: &Allowed<'_>) -> Option<String> {
        let mut parts: Vec<String> = Vec::new();
        if allowed.boolean {
            parts.push("`yes` or `no`".to_owned());
        } else if !allowed.words.is_empty() {
            parts.push(format!("one of {}", listed(&allowed.words)));
        }
        if allowed.text.is_some() {
            parts.push("text".to_owned());
        }
        if allowed.integer.is_some() {
            parts.push("a whole number".to_owned());
        } else if allowed.number {
            parts.push("a number".to_owned());
        }
        if allowed.list.is_some() {
            parts.push("a list (`- …` on lines of their own)".to_owned());
        }
        if !allowed.maps.is_empty() {
            parts.push("keys of its own (`key: value` on the next lines)".to_owned());
        }
        (!parts.is_empty()).then(|| parts.join(", or "))
    }

    fn wrong(&mut self, at: Place, allowed: &Allowed<'_>, name: &str, found: &str) {
        let what = self.expected(allowed).unwrap_or_else(|| "nothing".to_owned());
        let message = format!("`{name}` cannot be {found}");
        self.error("wrong-type", at, message, Some(format!("write {what}")));
    }
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.contains('@') && !text.contains(' ')
    })
}

fn is_web(text: &str) -> bool {
    ["https://", "http://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .is_some_and(|rest| !rest.is_empty() && !rest.contains(' '))
}

/// The values of a tree that no schema describes, by YAML 1.2's core rules.
fn loose(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar { text, plain } => {
            if node.is_empty() {
                return Value::Null;
            }
            if *plain {
                if let Ok(number) = text.parse::<i64>() {
                    return Value::Number(number.into());
                }
                if let Some(number) = text.parse::<f64>().ok().and_then(Number::from_f64) {
                    return Value::Number(number);
                }
                match text.as_str() {
                    "true" | "True" | "TRUE" => return Value::Bool(true),
                    "false" | "False" | "FALSE" => return Value::Bool(false),
                    _ => {}
                }
            }
            Value::String(text.clone())
        }
        Kind::List(items) => Value::Array(items.iter().map(loose).collect()),
        Kind::Map(entries) => Value::Object(
            entries.iter().map(|entry| (entry.key.clone(), loose(&entry.value))).collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keywords that are checked here, or that say nothing about what may be written.
    const KNOWN: [&str; 21] = [
        "$ref",
        "$defs",
        "$schema",
        "anyOf",
        "oneOf",
        "const",
        "enum",
        "type",
        "items",
        "properties",
        "additionalProperties",
        "required",
        "format",
        "minimum",
        "maximum",
        "pattern",
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
    ];

    fn keywords(schema: &Value, strange: &mut Vec<String>) {
        let Some(keys) = schema.as_object() else { return };
        for (key, inner) in keys {
            if !KNOWN.contains(&key.as_str()) {
                strange.push(key.clone());
            }
            match (key.as_str(), inner) {
                ("properties" | "$defs", Value::Object(named)) => {
                    named.values().for_each(|inner| keywords(inner, strange));
                }
                ("default" | "const" | "enum", _) => {}
                (_, Value::Object(_)) => keywords(inner, strange),
                (_, Value::Array(list)) => list.iter().for_each(|inner| keywords(inner, strange)),
                _ => {}
            }
        }
    }

    #[test]
    fn the_types_use_no_part_of_json_schema_that_is_not_checked() {
        for (name, text) in crate::schemas() {
            let mut strange = Vec::new();
            keywords(&serde_json::from_str(&text).unwrap(), &mut strange);
            assert!(strange.is_empty(), "{name}: {strange:?}");
            // `pattern` is for editors; here the format of the same name is checked.
            assert_eq!(text.matches("\"pattern\": \"").count(), text.matches("\"period\"").count());
        }
    }
}
