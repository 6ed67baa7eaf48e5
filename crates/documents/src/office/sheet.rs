//! Excel workbooks: each cell with its sheet, its name and the heading of its column.

use std::collections::BTreeMap;
use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::xml::{self, attribute, reference};
use super::{Archive, open};
use crate::limits::length;
use crate::walk::Walk;
use crate::{At, Place, Unread};

/// Headings are kept for so many columns, which is as many as there can be.
const COLUMNS: usize = 16_384;
/// The longest heading.
const HEADING: usize = 256;

/// Reads every sheet.
pub(super) fn read(
    walk: &mut Walk<'_>,
    path: &str,
    archive: &mut Archive,
    names: &[String],
    done: &mut BTreeMap<usize, ()>,
) -> Result<(), Unread> {
    let index = |name: &str| names.iter().position(|other| other == name);
    let mut strings = Vec::new();
    let mut resolved = true;
    if let Some(at) = index("xl/sharedStrings.xml") {
        let held = walk.limits().held;
        let stream = open(walk.budget, archive, at)?;
        match shared_strings(stream, held)? {
            Some(read) => strings = read,
            // Too many to be held: the strings are read by themselves, without their cells.
            None => resolved = false,
        }
        if resolved {
            done.insert(at, ());
        }
    }
    let dates = match index("xl/styles.xml") {
        Some(at) => date_styles(open(walk.budget, archive, at)?)?,
        None => Vec::new(),
    };
    let sheets = match index("xl/workbook.xml") {
        Some(at) => sheets(open(walk.budget, archive, at)?)?,
        None => Vec::new(),
    };
    let targets = match index("xl/_rels/workbook.xml.rels") {
        Some(at) => targets(open(walk.budget, archive, at)?)?,
        None => BTreeMap::new(),
    };
    for (title, id) in sheets {
        let Some(target) = targets.get(&id) else { continue };
        let name = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        let Some(at) = index(&name) else { continue };
        if !name.contains("worksheets/") {
            continue;
        }
        done.insert(at, ());
        let mut sheet = Sheet {
            path,
            title: &title,
            strings: &strings,
            dates: &dates,
            headings: Vec::new(),
            first_row: None,
        };
        let read = match open(walk.budget, archive, at) {
            Ok(stream) => sheet.read(walk, stream),
            Err(why) => Err(why),
        };
        if let Err(why) = read {
            walk.unread(&format!("{path}#{title}"), &why);
        }
    }
    if !resolved {
        walk.unread(
            path,
            &Unread::Format(
                "more words than are held: they were read without the cells in which they stand",
            ),
        );
    }
    Ok(())
}

/// The table of texts that cells point into; `None` where it is too large to be held.
fn shared_strings(stream: impl Read, held: u64) -> Result<Option<Vec<Box<str>>>, Unread> {
    let mut reader = xml::reader(stream);
    let (mut strings, mut text, mut size) = (Vec::new(), String::new(), 0_u64);
    let (mut buffer, mut within, mut phonetic) = (Vec::new(), false, false);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| xml::why(&error))? {
            Event::Eof => return Ok(Some(strings)),
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => within = !phonetic,
                "rPh" => phonetic = true,
                "si" => text.clear(),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => within = false,
                "rPh" => phonetic = false,
                "si" => {
                    size += length(text.len()) + 16;
                    if size > held {
                        return Ok(None);
                    }
                    strings.push(text.as_str().into());
                }
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => strings.push("".into()),
            Event::Text(words) if within => text.push_str(&words),
            Event::CData(words) if within => text.push_str(&words),
            Event::GeneralRef(entity) if within => text.push_str(&reference(&entity)),
            _ => {}
        }
    }
}

/// Titles of sheets, and by what they are referred to.
fn sheets(stream: impl Read) -> Result<Vec<(String, String)>, Unread> {
    let mut found = Vec::new();
    each_tag(stream, &mut |tag| {
        if tag.local_name().as_ref() == "sheet"
            && let (Some(title), Some(id)) = (attribute(tag, "name"), attribute(tag, "id"))
        {
            found.push((title, id));
        }
    })?;
    Ok(found)
}

/// Where references lead.
fn targets(stream: impl Read) -> Result<BTreeMap<String, String>, Unread> {
    let mut found = BTreeMap::new();
    each_tag(stream, &mut |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            found.insert(id, target);
        }
    })?;
    Ok(found)
}

/// For each style of cells: whether its numbers are days (ECMA-376, 18.8.30).
fn date_styles(stream: impl Read) -> Result<Vec<bool>, Unread> {
    let mut own: BTreeMap<String, bool> = BTreeMap::new();
    let (mut styles, mut cells) = (Vec::new(), false);
    let mut reader = xml::reader(stream);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| xml::why(&error))? {
            Event::Eof => return Ok(styles),
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    if let (Some(id), Some(code)) =
                        (attribute(&tag, "numFmtId"), attribute(&tag, "formatCode"))
                    {
                        own.insert(id, is_day_format(&code));
                    }
                }
                "cellXfs" => cells = true,
                "cellStyles" | "dxfs" => cells = false,
                "xf" if cells => {
                    let id = attribute(&tag, "numFmtId").unwrap_or_default();
                    let usual = id
                        .parse()
                        .is_ok_and(|id: u16| matches!(id, 14..=17 | 22 | 27..=36 | 50..=58));
                    styles.push(own.get(&id).copied().unwrap_or(usual));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => cells = false,
            _ => {}
        }
    }
}

/// Whether a format writes a year or a day, outside quotes and brackets.
fn is_day_format(code: &str) -> bool {
    let (mut quoted, mut bracketed) = (false, false);
    code.chars().any(|c| {
        match c {
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ => {}
        }
        !quoted && !bracketed && matches!(c, 'y' | 'Y' | 'd' | 'D')
    })
}

fn each_tag(stream: impl Read, take: &mut dyn FnMut(&BytesStart<'_>)) -> Result<(), Unread> {
    let mut reader = xml::reader(stream);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| xml::why(&error))? {
            Event::Eof => return Ok(()),
            Event::Start(tag) | Event::Empty(tag) => take(&tag),
            _ => {}
        }
    }
}

struct Sheet<'s> {
    path: &'s str,
    title: &'s str,
    strings: &'s [Box<str>],
    dates: &'s [bool],
    headings: Vec<String>,
    first_row: Option<u64>,
}

/// A cell while it is read.
#[derive(Default)]
struct Cell {
    name: String,
    /// `s` shared, `inlineStr`, `str`, `b`, `e`, `d`, `n`.
    form: String,
    style: usize,
    text: String,
}

impl Sheet<'_> {
    fn read(&mut self, walk: &mut Walk<'_>, stream: impl Read) -> Result<(), Unread> {
        let mut reader = xml::reader(stream);
        let (mut buffer, mut cell, mut within, mut phonetic) =
            (Vec::new(), Cell::default(), false, false);
        let (mut row, mut column, mut around) = (0_u64, 0_u64, String::new());
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|error| xml::why(&error))? {
                Event::Eof => break,
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        row = attribute(&tag, "r").and_then(|r| r.parse().ok()).unwrap_or(row + 1);
                        column = 0;
                    }
                    "c" => {
                        column += 1;
                        cell = Cell {
                            name: attribute(&tag, "r").unwrap_or_else(|| named(column, row)),
                            form: attribute(&tag, "t").unwrap_or_default(),
                            style: attribute(&tag, "s").and_then(|s| s.parse().ok()).unwrap_or(0),
                            text: String::new(),
                        };
                        column = number_of(&cell.name).unwrap_or(column);
                    }
                    "v" | "t" => within = !phonetic,
                    "rPh" => phonetic = true,
                    // Headers and footers of the printed page.
                    "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" => {
                        within = true;
                        cell = Cell::default();
                    }
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "v" | "t" => within = false,
                    "rPh" => phonetic = false,
                    "c" => self.close(walk, &cell, row, column)?,
                    "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" => {
                        within = false;
                        around.push_str(&cell.text);
                        around.push('\n');
                    }
                    _ => {}
                },
                Event::Empty(tag) if tag.local_name().as_ref() == "c" => column += 1,
                Event::Text(words) if within => cell.text.push_str(&words),
                Event::CData(words) if within => cell.text.push_str(&words),
                Event::GeneralRef(entity) if within => cell.text.push_str(&reference(&entity)),
                _ => {}
            }
            if walk.stopped() {
                break;
            }
        }
        walk.piece(
            &Place::lines(self.path, &format!("{} header and footer", self.title)),
            "",
            around.as_bytes(),
        );
        Ok(())
    }

    fn close(
        &mut self,
        walk: &mut Walk<'_>,
        cell: &Cell,
        row: u64,
        column: u64,
    ) -> Result<(), Unread> {
        let text = match cell.form.as_str() {
            "s" => {
                let index: Option<usize> = cell.text.trim().parse().ok();
                index.and_then(|index| self.strings.get(index)).map_or("", |text| text).to_owned()
            }
            "inlineStr" | "str" | "d" => cell.text.clone(),
            // True, false, and errors of formulas.
            "b" | "e" => return Ok(()),
            _ => match cell.text.trim().parse::<f64>() {
                Ok(number) if self.dates.get(cell.style) == Some(&true) => {
                    day(number).unwrap_or_default()
                }
                Ok(number) => whole(number).unwrap_or_else(|| cell.text.clone()),
                Err(_) => cell.text.clone(),
            },
        };
        if text.trim().is_empty() {
            return Ok(());
        }
        // A text may stand once in the file and in a million cells.
        walk.budget.gave(length(text.len()))?;
        let at = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
        let in_first = *self.first_row.get_or_insert(row) == row;
        if in_first && at < COLUMNS {
            self.headings.resize(self.headings.len().max(at + 1), String::new());
            if let Some(heading) = self.headings.get_mut(at) {
                *heading = text.chars().take(HEADING).collect();
            }
        }
        let label = if in_first { "" } else { self.headings.get(at).map_or("", String::as_str) };
        walk.piece(
            &Place::new(self.path, self.title, At::Cell(cell.name.clone())),
            label,
            text.as_bytes(),
        );
        Ok(())
    }
}

/// `B7` of column 2, row 7.
fn named(mut column: u64, row: u64) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        letters.push(char::from(b'A' + u8::try_from((column - 1) % 26).unwrap_or(0)));
        column = (column - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &row.to_string()
}

/// 2 of `B7`.
fn number_of(name: &str) -> Option<u64> {
    let letters = name.bytes().take_while(u8::is_ascii_uppercase).take(4);
    let number = letters.fold(0_u64, |number, letter| number * 26 + u64::from(letter - b'A') + 1);
    (number > 0).then_some(number)
}

/// A whole number as people write it: `4.111111111111111E15` is a card number.
fn whole(number: f64) -> Option<String> {
    (number.fract() == 0.0 && number.abs() < 1e17).then(|| format!("{number:.0}"))
}

/// A day that is kept as the number of days since the end of 1899, as YYYY-MM-DD.
pub(crate) fn day(number: f64) -> Option<String> {
    if !(61.0..2_958_466.0).contains(&number) {
        return None;
    }
    // Days since 1970, then the civil calendar, whose years begin in March here so that the odd
    // day comes last.
    #[expect(clippy::cast_possible_truncation, reason = "within the bounds above")]
    let days = number.floor() as i64 - 25_569 + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_names_and_days_are_days() {
        for (column, row, name) in [(1, 1, "A1"), (26, 3, "Z3"), (27, 9, "AA9"), (703, 1, "AAA1")] {
            assert_eq!(named(column, row), name);
            assert_eq!(number_of(name), Some(column));
        }
        for (number, text) in [
            (25_569.0, "1970-01-01"),
            (31_413.5, "1986-01-01"),
            (36_585.0, "2000-02-29"),
            (46_349.0, "2026-11-23"),
        ] {
            assert_eq!(day(number).as_deref(), Some(text));
        }
        assert_eq!(whole(4.111_111_111_111_111e15).as_deref(), Some("4111111111111111"));
        for (code, is) in [
            ("yyyy-mm-dd", true),
            ("0.00 \"days\"", false),
            ("[Red]0", false),
            ("hh:mm", false),
            ("m/d/yy", true),
        ] {
            assert_eq!(is_day_format(code), is, "{code}");
        }
    }
}
