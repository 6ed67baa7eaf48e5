//! Kinds that a user describes: a pattern, perhaps a check, words beside it, and examples that are
//! tried when the kind is loaded.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, Mutex, PoisonError};

use regex_automata::Input;
use regex_automata::meta::Regex;

use crate::checks::{is_iban, luhn};
use crate::classes::Map;
use crate::detector::OptionError;
use crate::kinds::{Family, Kind, KindRef, Validated};
use crate::look::Look;

/// A kind that the user described.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnKind {
    /// Stable and dotted: `acme.contract`.
    pub key: String,
    /// For people.
    pub title: String,
    /// The key of fideslang; `user` if empty.
    pub category: String,
    /// A regular expression without look-around and back references: it takes linear time.
    pub pattern: String,
    /// A check of what the pattern matched.
    pub validator: OwnValidator,
    /// If there are any, one of these words must stand within 64 bytes before the value.
    pub context: Vec<String>,
    /// 1 to 100; 0 stands for 80.
    pub confidence: u8,
    /// Texts, each of which must hold a value.
    pub examples: Vec<String>,
    /// Texts, none of which may hold one.
    pub counter_examples: Vec<String>,
}

/// A check of digits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OwnValidator {
    /// The pattern is enough.
    #[default]
    None,
    /// The check digit of ISO/IEC 7812-1 over the digits.
    Luhn,
    /// ISO 7064 mod 97 over letters and digits, as in an IBAN.
    Iban,
}

/// An own kind, ready to be searched for.
#[derive(Debug, Clone)]
pub(crate) struct Own {
    pub(crate) kind: KindRef,
    pattern: Regex,
    validator: OwnValidator,
    context: Vec<String>,
    confidence: u8,
}

/// Kinds live as long as the program, so that a finding can name its kind cheaply; the same
/// description gives the same kind however often it is loaded.
static KNOWN: LazyLock<Mutex<BTreeMap<[String; 3], &'static Kind>>> = LazyLock::new(Mutex::default);

fn kind(own: &OwnKind) -> KindRef {
    let category = if own.category.is_empty() { "user" } else { &own.category };
    let title = if own.title.is_empty() { &own.key } else { &own.title };
    let name = [own.key.clone(), title.clone(), category.to_owned()];
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let kind = known.entry(name).or_insert_with_key(|[key, title, category]| {
        Box::leak(Box::new(Kind {
            key: key.clone().leak(),
            title: title.clone().leak(),
            category: category.clone().leak(),
            family: Family::Own,
            standard: "described by the user",
            examples: &[],
            counter_examples: &[],
        }))
    });
    KindRef(kind)
}

impl Own {
    /// Reads the pattern and tries the examples.
    pub(crate) fn new(own: &OwnKind) -> Result<Self, OptionError> {
        let wrong = |message: String| OptionError::OwnKind { key: own.key.clone(), message };
        if own.key.split('.').count() != 2 || own.key.split('.').any(str::is_empty) {
            return Err(wrong(
                "a key has two parts with a dot between, as in `acme.contract`".to_owned(),
            ));
        }
        if crate::kinds::kind(&own.key).is_some() {
            return Err(wrong("a built-in kind has this key".to_owned()));
        }
        let limits = Regex::config().nfa_size_limit(Some(1 << 20)).hybrid_cache_capacity(1 << 20);
        let pattern = Regex::builder()
            .configure(limits)
            .syntax(regex_automata::util::syntax::Config::new().utf8(false))
            .build(&own.pattern)
            .map_err(|error| wrong(format!("the pattern cannot be read: {error}")))?;
        if pattern.is_match(b"") {
            return Err(wrong(
                "the pattern matches nothing at all, that is: everywhere".to_owned(),
            ));
        }
        let made = Self {
            kind: kind(own),
            pattern,
            validator: own.validator,
            context: own.context.iter().map(|word| word.to_lowercase()).collect(),
            confidence: if own.confidence == 0 { 80 } else { own.confidence.min(100) },
        };
        let holds = |text: &String| {
            let mut hits = Vec::new();
            let map = Map::default();
            made.scan(&mut Look::new(text.as_bytes(), &map, &mut hits), 0..text.len());
            !hits.is_empty()
        };
        if let Some(at) = own.examples.iter().position(|text| !holds(text)) {
            return Err(wrong(format!("nothing is found in example {}", at + 1)));
        }
        if let Some(at) = own.counter_examples.iter().position(holds) {
            return Err(wrong(format!("something is found in counter-example {}", at + 1)));
        }
        Ok(made)
    }

    /// Every match that begins in `part`.
    pub(crate) fn scan(&self, look: &mut Look<'_>, part: Range<usize>) {
        let mut at = part.start;
        while at < part.end {
            let input = Input::new(look.text).range(at..look.text.len());
            let Some(found) = self.pattern.find(input) else { return };
            if found.start() >= part.end {
                return;
            }
            at = found.end().max(at + 1);
            let range = found.range();
            if self.sound(look.slice(range.clone())) && self.in_context(look, range.start) {
                let checked = self.validator != OwnValidator::None;
                let validated = if checked {
                    Validated::Checksum
                } else if self.context.is_empty() {
                    Validated::Form
                } else {
                    Validated::Context
                };
                look.push(
                    self.kind.0,
                    range,
                    self.confidence,
                    101,
                    validated,
                    false,
                    "it is as its description says",
                );
            }
        }
    }

    fn sound(&self, value: &[u8]) -> bool {
        match self.validator {
            OwnValidator::None => true,
            OwnValidator::Luhn => {
                let digits: Vec<u8> = value
                    .iter()
                    .filter(|byte| byte.is_ascii_digit())
                    .map(|byte| byte - b'0')
                    .collect();
                luhn(&digits)
            }
            OwnValidator::Iban => {
                let dense: Vec<u8> = value
                    .iter()
                    .filter(|byte| byte.is_ascii_alphanumeric())
                    .map(u8::to_ascii_uppercase)
                    .collect();
                is_iban(&dense)
            }
        }
    }

    fn in_context(&self, look: &Look<'_>, at: usize) -> bool {
        if self.context.is_empty() {
            return true;
        }
        let head = String::from_utf8_lossy(look.slice(at.saturating_sub(64)..at)).to_lowercase();
        self.context.iter().any(|word| head.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::{DetectOptions, Detector};

    fn contract() -> OwnKind {
        OwnKind {
            key: "acme.contract".to_owned(),
            title: "Contract".to_owned(),
            pattern: r"\bAC-\d{6}\b".to_owned(),
            context: vec!["contract".to_owned()],
            examples: vec!["contract AC-123456".to_owned()],
            counter_examples: vec!["AC-123456".to_owned()],
            ..OwnKind::default()
        }
    }

    #[test]
    fn an_own_kind_is_found_like_any_other() {
        let options = DetectOptions { own: vec![contract()], ..DetectOptions::default() };
        let found = Detector::new(&options).unwrap().find(b"Contract AC-654321 and AC-12");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].kind.key(), "acme.contract");
        assert_eq!((found[0].start, found[0].end), (9, 18));
    }

    #[test]
    fn what_is_wrong_with_an_own_kind_is_said() {
        type Change = fn(&mut OwnKind);
        let table: [(&str, Change); 5] = [
            ("two parts", |own| own.key = "contract".to_owned()),
            ("built-in", |own| own.key = "contact.email".to_owned()),
            ("cannot be read", |own| own.pattern = "(".to_owned()),
            ("everywhere", |own| own.pattern = "a*".to_owned()),
            ("example 1", |own| own.examples = vec!["AC-1".to_owned()]),
        ];
        for (words, change) in table {
            let mut own = contract();
            change(&mut own);
            let options = DetectOptions { own: vec![own], ..DetectOptions::default() };
            let error = Detector::new(&options).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
