//! One value: what becomes of it by the method of its column, or of what is found in it.

use std::collections::BTreeMap;

use detect::{DetectScratch, Detector, Found};
use jiff::civil::Date;

use crate::column::ColumnPlan;
use crate::date::{self, DateOrder};
use crate::encrypt::Encryption;
use crate::marks::{self, Mark, MarkKind, Wanted};
use crate::method::DateTo;
use crate::pseudonym::{Class, pseudonym, shift};
use crate::{Key, Method, Profile, place};

/// What stands in the place of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum New {
    /// The value itself.
    Same,
    /// Nothing: an empty field, NULL.
    Nothing,
    /// This.
    Text(Vec<u8>),
}

/// What was done to the values of one column or one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Values that were not empty.
    pub values: u64,
    /// Of them, those that were changed or removed.
    pub changed: u64,
    /// Values that could not be read as what their column holds, and so were removed.
    pub unreadable: u64,
    /// Values of too few signs to be encrypted, and so were removed.
    pub too_short: u64,
    /// What was found in running text and replaced, by kind.
    pub found: BTreeMap<String, u64>,
    /// Findings that were not sure enough and stay, by kind.
    pub unsure: BTreeMap<String, u64>,
    /// Where the first of them are.
    pub places: Vec<Unsure>,
}

/// A finding that was not sure enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsure {
    /// The key of its kind.
    pub kind: String,
    /// The row, or the line of a text, from 1.
    pub row: u64,
    /// 0 to 100.
    pub confidence: u8,
    /// Why it may be one.
    pub reason: &'static str,
}

/// Places that are kept of each column.
const PLACES: usize = 100;

impl Tally {
    /// Those of another part too.
    pub fn join(&mut self, other: &Self) {
        self.values += other.values;
        self.changed += other.changed;
        self.unreadable += other.unreadable;
        self.too_short += other.too_short;
        for (mine, theirs) in [(&mut self.found, &other.found), (&mut self.unsure, &other.unsure)] {
            for (kind, count) in theirs {
                *mine.entry(kind.clone()).or_default() += count;
            }
        }
        let room = PLACES.saturating_sub(self.places.len());
        self.places.extend(other.places.iter().take(room).cloned());
    }
}

/// Memory that is used again for each value.
#[derive(Default)]
pub struct Scratch {
    detect: Option<DetectScratch>,
    found: Vec<Found>,
    text: Vec<u8>,
    marks: Vec<Mark>,
}

/// Everything that decides what becomes of a value. Shared by threads.
pub struct Engine<'e> {
    /// What is found in texts. It must also find what is less sure than the profile's least, so that
    /// it can be listed.
    pub detector: &'e Detector,
    /// The rules.
    pub profile: &'e Profile,
    key: Option<&'e Key>,
    encryption: Option<Encryption>,
    today: Date,
}

impl<'e> Engine<'e> {
    /// `today` is the day on which ages are counted. Without a key nothing that needs one is done:
    /// such values are removed.
    pub fn new(
        detector: &'e Detector,
        profile: &'e Profile,
        key: Option<&'e Key>,
        today: Date,
    ) -> Self {
        let encryption = key.and_then(Encryption::new);
        Self { detector, profile, key, encryption, today }
    }

    /// What becomes of a value of a column. `person` is the value of the column that tells the person;
    /// `row` is told where a finding is not sure.
    pub fn value(
        &self,
        column: &ColumnPlan,
        value: &[u8],
        person: Option<&[u8]>,
        row: u64,
        scratch: &mut Scratch,
        tally: &mut Tally,
    ) -> New {
        if value.trim_ascii().is_empty() {
            return New::Same;
        }
        tally.values += 1;
        let new = match &column.method {
            Method::Keep => New::Same,
            Method::Text => {
                let lead = format!("{}: ", column.name);
                self.text(lead.as_bytes(), value, column.order, row, scratch, tally)
            }
            method => {
                let text = String::from_utf8_lossy(value);
                match self.whole(method, column, text.trim(), person) {
                    Ok(Some(text)) => New::Text(text.into_bytes()),
                    Ok(None) => New::Nothing,
                    Err(Why::Unreadable) => {
                        tally.unreadable += 1;
                        New::Nothing
                    }
                    Err(Why::TooShort) => {
                        tally.too_short += 1;
                        New::Nothing
                    }
                }
            }
        };
        let new = if matches!(&new, New::Text(text) if text == value) { New::Same } else { new };
        tally.changed += u64::from(new != New::Same);
        new
    }

    /// A whole value by a method; `None` is nothing.
    fn whole(
        &self,
        method: &Method,
        column: &ColumnPlan,
        text: &str,
        person: Option<&[u8]>,
    ) -> Result<Option<String>, Why> {
        let word = column.class.word();
        let done = match method {
            Method::Keep | Method::Text => Some(text.to_owned()),
            Method::Remove => return Ok(None),
            Method::Mask => return Ok(Some(mask(&column.holds, text))),
            Method::Pseudonym => self.key.map(|key| pseudonym(key, &column.class, text)),
            Method::Encrypt => {
                let encryption = self.encryption.as_ref().ok_or(Why::Unreadable)?;
                return encryption.encrypt(word, text).map(Some).ok_or(Why::TooShort);
            }
            Method::Date(to) => self.date(*to, column.birth, column.order, text),
            Method::Age(band) => age(text).map(|years| self.age(years, *band)),
            Method::Zip(keep) => place::postal(text, *keep),
            Method::Region => place::region(text).map(str::to_owned),
            Method::Bin(width) => number(text).map(|number| bin(number, *width)),
            Method::Shift { days, by } => {
                let whom = match (by, person) {
                    (Some(_), Some(person)) => String::from_utf8_lossy(person).into_owned(),
                    // A date without a person would move with all others of none.
                    (Some(_), None) => return Err(Why::Unreadable),
                    (None, _) => String::new(),
                };
                self.shifted(*days, &whom, column.order, text)
            }
        };
        done.map(Some).ok_or(Why::Unreadable)
    }

    fn date(&self, to: DateTo, birth: bool, order: DateOrder, text: &str) -> Option<String> {
        let read = match date::read(text, order) {
            Some(read) => read,
            // A year alone is as wide as a year.
            None => {
                let year: i16 = text.parse().ok().filter(|year| (1800..=2200).contains(year))?;
                if to < DateTo::Year {
                    return self.oldest(birth, year).or_else(|| Some(year.to_string()));
                }
                date::read(&format!("{year}-01-01"), order)?
            }
        };
        self.oldest(birth, read.date.year()).or_else(|| Some(read.widened(to)))
    }

    /// Years of birth that tell an age of 90 or more go together (45 CFR 164.514(b)(2)(i)(C)).
    fn oldest(&self, birth: bool, year: i16) -> Option<String> {
        let last = self.today.year() - 90;
        (birth && self.profile.oldest && year <= last).then(|| format!("{last} or earlier"))
    }

    fn age(&self, years: u32, band: u32) -> String {
        let first = years - years % band.max(1);
        if self.profile.oldest && years >= 90 {
            "90+".to_owned()
        } else if band <= 1 {
            years.to_string()
        } else if self.profile.oldest && first + band > 90 {
            format!("{first}-89")
        } else {
            format!("{first}-{}", first + band - 1)
        }
    }

    fn shifted(&self, days: u32, person: &str, order: DateOrder, text: &str) -> Option<String> {
        let read = date::read(text, order)?;
        let moved = read.moved(shift(self.key?, person, days))?;
        // The time of day stays: it stands behind the date.
        Some(format!("{moved}{}", text.get(read.length..)?))
    }

    /// What is found in a text, replaced. `lead` stands before it as its name, and is no part of it.
    pub fn text(
        &self,
        lead: &[u8],
        text: &[u8],
        order: DateOrder,
        row: u64,
        scratch: &mut Scratch,
        tally: &mut Tally,
    ) -> New {
        scratch.text.clear();
        scratch.text.extend_from_slice(lead);
        scratch.text.extend_from_slice(text);
        scratch.found.clear();
        let detect = scratch.detect.get_or_insert_with(DetectScratch::new);
        self.detector.find_into(&scratch.text, detect, &mut scratch.found);
        let mut found = std::mem::take(&mut scratch.found);
        for one in &mut found {
            one.start = one.start.max(lead.len() as u64) - lead.len() as u64;
            one.end = one.end.max(lead.len() as u64) - lead.len() as u64;
        }
        let mut out = Vec::new();
        let changed = self.replace(text, &found, order, row, scratch, tally, &mut out);
        scratch.found = found;
        if changed { New::Text(out) } else { New::Same }
    }

    /// Copies a text with its findings replaced. Findings are in order; those of less confidence than
    /// the profile's are counted and stay.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is of another type, and there is one caller more"
    )]
    pub(crate) fn replace(
        &self,
        text: &[u8],
        found: &[Found],
        order: DateOrder,
        row: u64,
        scratch: &mut Scratch,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) -> bool {
        let wanted = Wanted {
            dates: self.profile.dates.is_some(),
            ages: self.profile.oldest && self.profile.marks,
            others: self.profile.marks,
        };
        if wanted.dates || wanted.ages || wanted.others {
            marks::find(text, wanted, &mut scratch.marks);
        } else {
            scratch.marks.clear();
        }
        let mut edits: Vec<(usize, usize, String)> = Vec::new();
        for one in found {
            let (start, end) = (whole(one.start), whole(one.end));
            let Some(value) = text.get(start..end).filter(|value| !value.is_empty()) else {
                continue;
            };
            let kind = one.kind.key();
            if one.confidence < self.profile.least {
                *tally.unsure.entry(kind.to_owned()).or_default() += 1;
                if tally.places.len() < PLACES {
                    let before = text.get(..start).unwrap_or_default();
                    let line = memchr::memchr_iter(b'\n', before).count() as u64;
                    tally.places.push(Unsure {
                        kind: kind.to_owned(),
                        row: row + line,
                        confidence: one.confidence,
                        reason: one.reason,
                    });
                }
                continue;
            }
            let value = String::from_utf8_lossy(value);
            if let Some(new) = self.found(kind, one.kind.title(), &value, order) {
                *tally.found.entry(kind.to_owned()).or_default() += 1;
                edits.push((start, end, new));
            }
        }
        for mark in &scratch.marks {
            // What the detector found there is more exact.
            let at = edits.partition_point(|(_, end, _)| *end <= mark.start);
            if edits.get(at).is_some_and(|(start, _, _)| *start < mark.end) {
                continue;
            }
            let value = String::from_utf8_lossy(text.get(mark.start..mark.end).unwrap_or_default());
            if let Some(new) = self.mark(mark.kind, &value, order) {
                *tally.found.entry(mark.kind.key().to_owned()).or_default() += 1;
                edits.insert(at, (mark.start, mark.end, new));
            }
        }
        let mut copied = 0;
        for (start, end, new) in &edits {
            out.extend_from_slice(text.get(copied..*start).unwrap_or_default());
            out.extend_from_slice(new.as_bytes());
            copied = *end;
        }
        out.extend_from_slice(text.get(copied..).unwrap_or_default());
        !edits.is_empty()
    }

    /// What stands for a finding in running text; `None` keeps it.
    fn found(&self, kind: &str, title: &str, value: &str, order: DateOrder) -> Option<String> {
        let method = self.profile.method(kind).unwrap_or(&Method::Remove);
        let column = ColumnPlan {
            name: String::new(),
            method: method.clone(),
            holds: kind.to_owned(),
            why: String::new(),
            class: Class::of(kind),
            birth: kind == "contact.birth_date",
            order,
            quasi: false,
            sensitive: false,
            numbers: false,
            person: None,
        };
        if *method == Method::Keep {
            return None;
        }
        match self.whole(method, &column, value, None) {
            Ok(Some(text)) if *method != Method::Text => Some(text),
            _ => Some(format!("[{title}]")),
        }
    }

    fn mark(&self, kind: MarkKind, value: &str, order: DateOrder) -> Option<String> {
        match kind {
            MarkKind::Date => match self.profile.dates.as_ref()? {
                Method::Keep => None,
                Method::Date(to) => self.date(*to, false, order, value),
                Method::Shift { days, by: None } => self.shifted(*days, "", order, value),
                _ => Some(format!("[{}]", kind.title())),
            },
            MarkKind::Age => Some("90+".to_owned()),
            MarkKind::Url | MarkKind::Vehicle => self.found(kind.key(), kind.title(), value, order),
        }
    }
}

enum Why {
    Unreadable,
    TooShort,
}

fn whole(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// As [`detect::masked`], in ASCII, so that it fits into a file of any encoding.
fn mask(holds: &str, text: &str) -> String {
    let masked = match detect::kind(holds) {
        Some(kind) => detect::masked(kind, text.as_bytes()),
        None => {
            let signs: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
            let shown = (signs.len() / 3).min(3);
            let last: String = signs.iter().skip(signs.len() - shown).collect();
            format!("****{last}")
        }
    };
    masked.replace(['•', '…'], "*")
}

/// The age that a text tells, in whole years.
pub(crate) fn age(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = text.get(digits.len()..)?.trim().to_lowercase();
    let rest = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).trim();
    let years: u32 = digits.parse().ok()?;
    let sound = matches!(rest, "" | "y" | "yr" | "yrs" | "year" | "years" | "years old" | "+");
    (sound && years <= 150).then_some(years)
}

/// A number as people write it: `1,234.50`, `1.234,50`, `$ 1 000`.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text: String = text
        .trim()
        .trim_start_matches(['$', '€', '£'])
        .trim_end_matches(['$', '€', '£', '%'])
        .chars()
        .filter(|c| !matches!(c, ' ' | '_' | '\'' | '\u{a0}' | '\u{202f}'))
        .collect();
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return None;
    }
    let plain = match (text.rfind('.'), text.rfind(',')) {
        (Some(dot), Some(comma)) if comma > dot => text.replace('.', "").replace(',', "."),
        (Some(_), Some(_)) => text.replace(',', ""),
        (None, Some(comma)) if text.len() - comma == 4 => text.replace(',', ""),
        (None, Some(_)) => text.replace(',', "."),
        _ => text,
    };
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The range of this width in which a number lies.
fn bin(number: f64, width: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "widths are at most 10^12")]
    let wide = width as f64;
    let first = (number / wide).floor() * wide;
    if width == 1 {
        format!("{first:.0}")
    } else {
        format!("{first:.0} to {:.0}", first + wide - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{Sample, plan};
    use detect::DetectOptions;

    fn detector() -> Detector {
        Detector::new(&DetectOptions { least_confidence: 20, ..DetectOptions::default() }).unwrap()
    }

    fn one(profile: &Profile, name: &str, method: &str, value: &str) -> (New, Tally) {
        let detector = detector();
        let key = Key::new([5; 32]);
        let today = Date::new(2026, 11, 23).unwrap();
        let engine = Engine::new(&detector, profile, Some(&key), today);
        let sample = Sample { name: name.to_owned(), ..Sample::default() };
        let mut plans = plan(profile, &detector, &[sample]).unwrap();
        plans[0].method = Method::parse(method).unwrap();
        let mut tally = Tally::default();
        let new =
            engine.value(&plans[0], value.as_bytes(), None, 1, &mut Scratch::default(), &mut tally);
        (new, tally)
    }

    #[test]
    fn methods_do_what_they_say() {
        let profile = Profile::default();
        for (name, method, value, wanted) in [
            ("x", "year", "1984-02-03", "1984"),
            ("x", "month", "3.2.1984", "1984-02"),
            ("x", "month", "1984", "1984"),
            ("birth_date", "year", "1936-12-31", "1936 or earlier"),
            ("birth_date", "year", "1937-01-01", "1937"),
            ("x", "year", "1936-12-31", "1936"),
            ("age", "age 1", "42", "42"),
            ("age", "age 10", "42", "40-49"),
            ("age", "age 10", "89", "80-89"),
            ("age", "age 20", "85", "80-89"),
            ("age", "age 10", "93", "90+"),
            ("x", "bin 1000", "1,234.50", "1000 to 1999"),
            ("x", "bin 10", "-3", "-10 to -1"),
            ("x", "zip 3", "62704", "627"),
            ("x", "region", "1 Main St, Springfield, IL 62704", "Illinois"),
            ("x", "mask", "4111111111111111", "****111"),
            ("x", "text", "write to jane.doe@corp-mail.net", "write to person-"),
        ] {
            let (new, _) = one(&profile, name, method, value);
            let text = match new {
                New::Same => value.to_owned(),
                New::Text(text) => String::from_utf8(text).unwrap(),
                New::Nothing => panic!("{method} {value}"),
            };
            if method == "text" {
                assert!(text.starts_with(wanted), "{text}");
            } else {
                assert_eq!(text, wanted, "{method} {value}");
            }
        }
        for (method, value, unreadable, too_short) in [
            ("remove", "anything", 0, 0),
            ("year", "long ago", 1, 0),
            ("age 5", "unknown", 1, 0),
            ("encrypt", "12345", 0, 1),
            ("shift 9", "3/4/2024", 1, 0),
        ] {
            let (new, tally) = one(&profile, "x", method, value);
            assert_eq!(new, New::Nothing, "{method}");
            assert_eq!((tally.unreadable, tally.too_short), (unreadable, too_short), "{method}");
        }
        assert_eq!(one(&profile, "x", "keep", "Jane").0, New::Same);
        assert_eq!(one(&profile, "x", "remove", "  ").0, New::Same);
    }

    #[test]
    fn safe_harbor_leaves_the_year_and_the_state() {
        let text =
            "Seen 2024-03-05: jane.doe@corp-mail.net, a 93-year-old, https://corp-mail.net/p/1";
        let (new, tally) = one(&Profile::hipaa_safe_harbor(), "note", "text", text);
        let New::Text(out) = new else { panic!() };
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "Seen 2024: [E-mail address], a 90+-year-old, [Address of a page]"
        );
        let kinds: Vec<&str> = tally.found.keys().map(String::as_str).collect();
        assert_eq!(kinds, ["contact.email", "mark.age", "mark.date", "mark.url"]);
    }

    #[test]
    fn a_finding_that_is_not_sure_stays_and_is_told() {
        let profile = Profile { least: 100, ..Profile::default() };
        let (new, tally) = one(&profile, "note", "text", "a\nb: jane.doe@corp-mail.net came");
        assert_eq!(new, New::Same);
        assert_eq!(tally.unsure.get("contact.email"), Some(&1));
        assert_eq!((tally.places[0].row, tally.places[0].kind.as_str()), (2, "contact.email"));
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, wanted) in [
            ("1,234.50", Some(1234.5)),
            ("1.234,50", Some(1234.5)),
            ("1,234", Some(1234.0)),
            ("3,5", Some(3.5)),
            ("$ 1 000", Some(1000.0)),
            ("-7", Some(-7.0)),
            ("x7", None),
            ("nan", None),
            ("", None),
        ] {
            assert_eq!(number(text), wanted, "{text}");
        }
    }
}
