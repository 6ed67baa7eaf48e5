//! No child's data without a parent's consent.

use connect::{Batch, Connector, Scan};
use jiff::civil::Date;
use model::{TableName, Value};
use policy::System;
use policy::file::promises::ChildrenControl;
use render::words;

use super::facts::{Facts, NO_SYSTEM, later};
use super::verdict::{Verdict, few};

/// So many rows are looked at where not all are asked for.
const SAMPLE: u32 = 20_000;

/// What a column of births tells: counts, nobody's day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Births {
    /// Rows looked at.
    pub(crate) rows: u64,
    /// Whether there may be more.
    pub(crate) sampled: bool,
    /// Rows with a day or an age that could be read.
    pub(crate) told: u64,
    /// Rows with something there that could not be read.
    pub(crate) unread: u64,
    /// Children among them.
    pub(crate) children: u64,
    /// Children without a parent's consent.
    pub(crate) without: u64,
}

/// A column that tells ages, and the columns beside it that hold a parent's consent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Column {
    pub(crate) system: String,
    pub(crate) collection: String,
    pub(crate) field: String,
    pub(crate) consent: Vec<String>,
}

impl Column {
    fn place(&self) -> String {
        format!("`{}.{}.{}`", self.system, self.collection, self.field)
    }
}

/// The columns that a control is about.
pub(super) fn columns(control: &ChildrenControl, systems: &[System]) -> Vec<Column> {
    let mut columns = Vec::new();
    for system in systems {
        for collection in &system.collections {
            let path = |field: &str| format!("{}.{}.{field}", system.key, collection.name);
            let consent: Vec<String> = collection
                .fields
                .iter()
                .filter(|field| control.consent.contains(&path(&field.name)))
                .map(|field| field.name.clone())
                .collect();
            for field in &collection.fields {
                let meant = if control.birth.is_empty() {
                    field.categories.iter().any(|category| {
                        category == "user.demographic.date_of_birth"
                            || category == "user.demographic.age_range"
                    })
                } else {
                    control.birth.contains(&path(&field.name))
                };
                if meant {
                    columns.push(Column {
                        system: system.key.clone(),
                        collection: collection.name.clone(),
                        field: field.name.clone(),
                        consent: consent.clone(),
                    });
                }
            }
        }
    }
    columns
}

/// Reads one column.
pub(super) async fn read(
    column: &Column,
    table: &TableName,
    connector: &dyn Connector,
    (under, today, full): (u8, Date, bool),
) -> connect::Result<Births> {
    let mut births = Births::default();
    let columns = std::iter::once(&column.field).chain(&column.consent).cloned().collect();
    let scan = Scan { table: table.clone(), columns, sample: (!full).then_some(SAMPLE) };
    connector
        .scan(&scan, &mut |batch: Batch| {
            for row in &batch.0 {
                births.rows += 1;
                let mut values = row.values.iter();
                let born = values.next().unwrap_or(&Value::Null);
                match is_child(born, under, today) {
                    Some(child) => {
                        births.told += 1;
                        births.children += u64::from(child);
                        births.without += u64::from(child && !values.any(consents));
                    }
                    None if born.is_null() => {}
                    None => births.unread += 1,
                }
            }
            Ok(())
        })
        .await?;
    births.sampled = !full && births.rows >= u64::from(SAMPLE);
    Ok(births)
}

/// Whether a birthday or an age is a child's; none where it cannot be read.
fn is_child(value: &Value, under: u8, today: Date) -> Option<bool> {
    let years = policy::Period { count: under.into(), unit: policy::PeriodUnit::Years };
    let by_day = |day: Date| later(day, years) > today;
    match value {
        Value::Int(age @ 0..=150) => Some(*age < i64::from(under)),
        Value::Int(number @ 19_000_101..=29_991_231) => {
            let part = |by: i64| i8::try_from(number / by % 100).ok();
            let year = i16::try_from(number / 10_000).ok()?;
            Date::new(year, part(100)?, part(1)?).ok().map(by_day)
        }
        Value::Text(text) => {
            let text = text.trim();
            if let Some(day) = text.get(..10).and_then(|day| day.replace('/', "-").parse().ok()) {
                return Some(by_day(day));
            }
            // "13", "13+", or a range such as "13-17": its beginning decides. What else begins with
            // figures may be a day in some country's order, and its first figure is no age.
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            let (age, rest) = text.split_at_checked(end)?;
            let is_age = match rest.trim_start().strip_prefix(['-', '\u{2013}']) {
                Some(to) => to.trim().parse::<u8>().is_ok(),
                None => matches!(rest.trim(), "" | "+" | "years" | "years old"),
            };
            let age: u32 = age.parse().ok().filter(|age| is_age && *age <= 150)?;
            Some(age < u32::from(under))
        }
        _ => None,
    }
}

fn consents(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Int(number) => *number != 0,
        Value::Text(text) => {
            let no = ["", "0", "no", "n", "false", "f", "none", "pending", "refused"];
            !no.contains(&text.trim().to_lowercase().as_str())
        }
        Value::Bytes(bytes) => !bytes.is_empty(),
    }
}

pub(super) fn judge(control: &ChildrenControl, facts: &Facts<'_>) -> Verdict {
    let columns = columns(control, &facts.policy.systems);
    let under = control.under;
    if facts.policy.systems.is_empty() {
        return Verdict::unproven(NO_SYSTEM);
    }
    if columns.is_empty() {
        return Verdict::upheld(format!(
            "No system holds a date of birth or an age, so nobody is known to be under {under}."
        ))
        .shown_by(format!(
            "the maps of {}",
            words::count(facts.policy.systems.len() as u64, "system", "systems")
        ));
    }
    let (mut parts, mut unseen) = (Vec::new(), Vec::new());
    let mut sum = Births::default();
    for column in &columns {
        let Some(Ok(births)) = facts.births.get(&(column.clone(), under)) else {
            unseen.push(column.place());
            continue;
        };
        sum.rows += births.rows;
        sum.told += births.told;
        sum.unread += births.unread;
        sum.sampled |= births.sampled;
        sum.children += births.children;
        if births.without > 0 {
            parts.push(Verdict::broken(format!(
                "{} of {}: under {under}, and no parent's consent is recorded.",
                words::count(births.without, "row", "rows"),
                column.place()
            )));
        }
    }
    if !unseen.is_empty() {
        parts.push(Verdict::unproven(format!("{} could not be read.", few(&unseen))));
    }
    if sum.unread > 0 {
        parts.push(Verdict::unproven(format!(
            "{} neither a day nor an age.",
            words::count(sum.unread, "row holds", "rows hold")
        )));
    }
    if parts.is_empty() && sum.sampled {
        parts.push(Verdict::unproven(format!(
            "No such child was found, and only {} were looked at: `upheld status --full` reads every row.",
            words::count(sum.rows, "row", "rows")
        )));
    }
    if parts.is_empty() {
        parts.push(Verdict::upheld(match sum.children {
            0 => format!("Nobody of {} is under {under}.", words::count(sum.told, "row", "rows")),
            children => format!(
                "A parent's consent is recorded for each of {} under {under}.",
                words::count(children, "row", "rows")
            ),
        }));
    }
    let looked = format!(
        "{} in {} looked at, {} with a day or an age",
        words::count(sum.rows, "row", "rows"),
        words::count(columns.len() as u64, "field", "fields"),
        words::number(sum.told)
    );
    Verdict::of(parts, "").shown_by(looked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_child_is_told_by_its_birthday_or_its_age() {
        let today = date(2026, 11, 22);
        for (value, under, child) in [
            (Value::from("2013-11-22"), 13, Some(false)),
            (Value::from("2013-11-23"), 13, Some(true)),
            (Value::from("2013/11/23 00:00:00"), 13, Some(true)),
            (Value::from(20_131_123), 13, Some(true)),
            (Value::from(12), 13, Some(true)),
            (Value::from(13), 13, Some(false)),
            (Value::from("13-17"), 18, Some(true)),
            (Value::from("18-24"), 18, Some(false)),
            (Value::from("12 years"), 13, Some(true)),
            (Value::from("65+"), 13, Some(false)),
            // Three countries write the same child's birthday; it is not 23 or 11 years old.
            (Value::from("23.11.2015"), 13, None),
            (Value::from("23/11/2015"), 13, None),
            (Value::from("11/23/2015"), 13, None),
            (Value::from("23-11-2015"), 13, None),
            (Value::from("1 Jan"), 13, None),
            (Value::from("unknown"), 13, None),
            (Value::Null, 13, None),
        ] {
            assert_eq!(is_child(&value, under, today), child, "{:?}", value.to_plain_text());
        }
        assert!(consents(&Value::from("yes")) && !consents(&Value::from("No")));
    }
}
