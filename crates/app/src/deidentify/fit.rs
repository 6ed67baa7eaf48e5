//! New values in the types of their columns.

use deidentify::{ColumnPlan, Method};
use model::{Column, DataType, Value};

/// Whether a column holds days or moments.
pub(super) fn is_day(column: Option<&Column>) -> bool {
    column.is_some_and(|column| matches!(column.data_type, DataType::Date | DataType::Timestamp))
}

/// Whether its dates are made wider.
pub(super) fn is_widened(plan: Option<&ColumnPlan>) -> bool {
    plan.is_some_and(|plan| matches!(plan.method, Method::Date(_)))
}

/// What stands in a column for nothing.
pub(super) fn empty(column: &Column) -> Option<Value> {
    match column.data_type {
        _ if column.nullable => Some(Value::Null),
        DataType::Text { .. } => Some(Value::Text(String::new())),
        DataType::Bytes { .. } => Some(Value::Bytes(Vec::new())),
        _ => None,
    }
}

/// A new value in the type of its column.
pub(super) fn fit(text: &str, column: &Column, from: &Value) -> Option<Value> {
    match column.data_type {
        DataType::Text { max_chars } => {
            let fits = max_chars.is_none_or(|most| {
                text.chars().count() <= usize::try_from(most).unwrap_or(usize::MAX)
            });
            fits.then(|| Value::Text(text.to_owned()))
        }
        DataType::Integer | DataType::Number => {
            // The first number of a range: 40-49, 1000 to 1999, 90+.
            let from_sign = usize::from(text.starts_with('-'));
            let digits: String =
                text.chars().skip(from_sign).take_while(char::is_ascii_digit).collect();
            let rest = text.get(from_sign + digits.len()..)?;
            let range = rest.is_empty() || rest.starts_with([' ', '-', '+']);
            let number: i64 = digits.parse().ok().filter(|_| range)?;
            let number = if from_sign == 1 { -number } else { number };
            Some(if matches!(from, Value::Int(_)) {
                Value::Int(number)
            } else {
                Value::Text(number.to_string())
            })
        }
        DataType::Date | DataType::Timestamp => {
            let day = first_day(text)?;
            let old = from.as_text()?;
            // A time of day stays in the form in which the product writes it.
            let behind = old.get(10..).unwrap_or_default();
            let moved = text.get(10..).is_some_and(is_time) && text.get(4..5) == Some("-");
            Some(Value::Text(if moved {
                text.to_owned()
            } else if is_time(behind) && column.data_type == DataType::Timestamp {
                format!("{day} 00:00:00{}", zone(behind))
            } else {
                day
            }))
        }
        DataType::Uuid | DataType::Json => Some(Value::Text(text.to_owned())),
        _ => None,
    }
}

fn is_time(text: &str) -> bool {
    text.starts_with([' ', 'T'])
}

/// The zone behind a time of day.
fn zone(text: &str) -> &str {
    let at = text.rfind(['+', '-', 'Z']).filter(|at| *at > 1);
    at.and_then(|at| text.get(at..)).unwrap_or_default()
}

/// The first day of a widened date.
fn first_day(text: &str) -> Option<String> {
    let year = text.get(..4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))?;
    let rest = text.get(4..)?;
    Some(match rest {
        "" | "s" | " or earlier" => format!("{year}-01-01"),
        "-Q1" => format!("{year}-01-01"),
        "-Q2" => format!("{year}-04-01"),
        "-Q3" => format!("{year}-07-01"),
        "-Q4" => format!("{year}-10-01"),
        month if month.len() == 3 => format!("{year}{month}-01"),
        _ => text.get(..10)?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(data_type: DataType) -> Column {
        Column {
            name: "c".to_owned(),
            native_type: "c".to_owned(),
            data_type,
            nullable: false,
            has_default: false,
            generated: false,
            loose_collation: false,
            updates_itself: false,
            comment: None,
        }
    }

    #[test]
    fn values_take_the_type_of_their_column() {
        let text = |most| DataType::Text { max_chars: most };
        let day = Value::from("2024-05-06");
        let moment = Value::from("2024-05-06 10:11:12+02");
        for (new, kind, from, wanted) in [
            ("abc", text(Some(3)), Value::from("x"), Some(Value::from("abc"))),
            ("abcd", text(Some(3)), Value::from("x"), None),
            ("40-49", DataType::Integer, Value::Int(42), Some(Value::Int(40))),
            ("-10 to -1", DataType::Integer, Value::Int(-3), Some(Value::Int(-10))),
            ("90+", DataType::Number, Value::from("91.5"), Some(Value::from("90"))),
            ("id-7f3a", DataType::Integer, Value::Int(42), None),
            ("7f3a", DataType::Integer, Value::Int(42), None),
            ("2024", DataType::Date, day.clone(), Some(Value::from("2024-01-01"))),
            ("2024-05", DataType::Date, day.clone(), Some(Value::from("2024-05-01"))),
            ("2024-Q4", DataType::Date, day.clone(), Some(Value::from("2024-10-01"))),
            ("2020s", DataType::Date, day.clone(), Some(Value::from("2020-01-01"))),
            ("1936 or earlier", DataType::Date, day.clone(), Some(Value::from("1936-01-01"))),
            ("2024-05-09", DataType::Date, day, Some(Value::from("2024-05-09"))),
            (
                "2024",
                DataType::Timestamp,
                moment.clone(),
                Some(Value::from("2024-01-01 00:00:00+02")),
            ),
            (
                "2024-05-09 10:11:12+02",
                DataType::Timestamp,
                moment,
                Some(Value::from("2024-05-09 10:11:12+02")),
            ),
        ] {
            assert!(fit(new, &column(kind), &from) == wanted, "{new} in {kind:?}");
        }
        assert!(empty(&column(text(None))) == Some(Value::from("")));
        assert!(empty(&column(DataType::Integer)).is_none());
    }
}
