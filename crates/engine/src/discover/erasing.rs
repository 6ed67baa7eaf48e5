//! What erasing a person can mean for a column and a table, given what the database allows.

use model::{Column, DataType};
use policy::{EraseField, EraseRows, Inference, Keep, Period, PeriodUnit};

use super::Options;
use super::about::About;
use super::survey::Looked;

/// What erasing does to a personal column, where its category's rule would meet a constraint.
pub(super) fn field(
    looked: &Looked<'_>,
    column: &Column,
    categories: &[String],
) -> Option<EraseField> {
    // A key stays, or its row goes.
    if looked.table.primary_key.contains(&column.name) {
        return None;
    }
    if column.generated {
        return Some(EraseField::Keep(
            "the database computes it from other columns, which are erased".to_owned(),
        ));
    }
    let is = |category: &str| {
        categories.iter().any(|c| c == category || c.starts_with(&format!("{category}.")))
    };
    let unique = looked.table.unique.iter().any(|key| key.columns.contains(&column.name));
    let text = matches!(column.data_type, DataType::Text { .. });
    let names_somebody = is("user.contact.email") || is("user.account.username") || is("user.name");
    if text && (unique && !column.nullable || names_somebody && (unique || !column.nullable)) {
        return Some(EraseField::Pseudonym);
    }
    if column.nullable {
        return None;
    }
    if unique && !text {
        return Some(EraseField::Keep(
            "no two rows may share its value, and none can be made up for its type".to_owned(),
        ));
    }
    Some(match column.data_type {
        _ if is("user.authorization") && text => EraseField::Random,
        DataType::Text { max_chars: Some(0..8) } => EraseField::Text(String::new()),
        DataType::Text { .. } => EraseField::Text("[erased]".to_owned()),
        // Emptied, which needs no word in the map.
        DataType::Bytes { .. } => return None,
        DataType::Integer | DataType::Number => EraseField::Text("0".to_owned()),
        DataType::Boolean => EraseField::Text("false".to_owned()),
        DataType::Date => EraseField::Text("1900-01-01".to_owned()),
        DataType::Timestamp => EraseField::Text("1900-01-01 00:00:00".to_owned()),
        DataType::Time => EraseField::Text("00:00:00".to_owned()),
        DataType::Json => EraseField::Text("{}".to_owned()),
        DataType::Network if column.native_type.contains("mac") => {
            EraseField::Text("00:00:00:00:00:00".to_owned())
        }
        DataType::Network => EraseField::Text("0.0.0.0".to_owned()),
        DataType::Uuid => EraseField::Text("00000000-0000-0000-0000-000000000000".to_owned()),
        DataType::Enumeration => EraseField::Keep(
            "it must hold one of the words that the database lists; decide which one says nothing"
                .to_owned(),
        ),
        DataType::Other => EraseField::Keep(
            "it must hold a value of a type for which no empty one is known".to_owned(),
        ),
    })
}

/// What erasing does to rows that are the person's own.
pub(super) fn rows(looked: &Looked<'_>, referred_to: bool) -> EraseRows {
    // Another row that the database ties to this one would stand in the way.
    if referred_to {
        return EraseRows::Fields;
    }
    let says = |wanted: &[&str]| looked.words.iter().any(|w| wanted.contains(&w.as_str()));
    match looked.about {
        About::Subscription | About::Access => EraseRows::Delete,
        About::Detail
            if says(&[
                "meta",
                "metadata",
                "setting",
                "preference",
                "address",
                "phone",
                "value",
                "bookmark",
                "favorite",
                "favourite",
                "attribute",
                "option",
            ]) =>
        {
            EraseRows::Delete
        }
        _ => EraseRows::Fields,
    }
}

/// How the application marks rows as deleted, in plain words.
pub(super) fn soft_delete(
    looked: &Looked<'_>,
    words_of: impl Fn(&str) -> Vec<String>,
) -> Option<String> {
    const GONE: &[&str] = &[
        "deleted",
        "archived",
        "removed",
        "trashed",
        "disabled",
        "deactivated",
        "anonymized",
        "purged",
    ];
    const THERE: &[&str] = &["active", "enabled", "activated"];
    let mut marks = Vec::new();
    for column in &looked.table.columns {
        let words = words_of(&column.name);
        let says = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        if words.iter().any(|w| w == "by" || w == "reason" || w == "id") || words.len() > 3 {
            continue;
        }
        let switch = matches!(
            column.data_type,
            DataType::Boolean | DataType::Integer | DataType::Enumeration | DataType::Number
        );
        let date = matches!(column.data_type, DataType::Timestamp | DataType::Date);
        if says(GONE) && date {
            marks.push(format!("`{}` has a date", column.name));
        } else if says(GONE) && switch {
            marks.push(format!("`{}` is set", column.name));
        } else if says(THERE) && switch {
            marks.push(format!("`{}` is not set", column.name));
        }
    }
    (!marks.is_empty()).then(|| format!("rows count as deleted when {}", marks.join(" or ")))
}

/// The books must be kept: proposed for a person to agree, because the law and the notice decide.
pub(super) fn keep(
    looked: &Looked<'_>,
    words_of: impl Fn(&str) -> Vec<String>,
    options: &Options,
) -> Option<Keep> {
    if looked.about != About::Money || looked.skip.is_some() {
        return None;
    }
    let from = dated_by(looked, words_of)?;
    let (period, because) = options.money_kept.clone().unwrap_or_else(|| {
        let seven = Period { count: 7, unit: PeriodUnit::Years };
        (seven, "the law asks that records of business are kept".to_owned())
    });
    let reason = format!(
        "its rows are about money, which tax law and notices mostly keep, and `{from}` is their day"
    );
    let inferred = Some(Inference { confidence: 70, reason, confirmed: None });
    Some(Keep { period, from, because, inferred })
}

/// The column from which the age of a row counts.
pub(super) fn dated_by(
    looked: &Looked<'_>,
    words_of: impl Fn(&str) -> Vec<String>,
) -> Option<String> {
    let dates = || {
        looked
            .table
            .columns
            .iter()
            .filter(|c| matches!(c.data_type, DataType::Timestamp | DataType::Date))
    };
    let called = |wanted: &[&str]| {
        dates().find(|column| words_of(&column.name).iter().any(|w| wanted.contains(&w.as_str())))
    };
    called(&["closed", "resolved", "completed", "ended"])
        .or_else(|| {
            called(&[
                "created",
                "creation",
                "issued",
                "registered",
                "inserted",
                "added",
                "sent",
                "posted",
                "paid",
                "consented",
            ])
        })
        // A day on which something falls due lies ahead.
        .or_else(|| {
            dates().find(|column| {
                !words_of(&column.name)
                    .iter()
                    .any(|w| ["due", "expire", "expiry", "until"].contains(&w.as_str()))
            })
        })
        .or_else(|| dates().next())
        .map(|column| column.name.clone())
}
