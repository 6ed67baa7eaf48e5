//! Tables for a spreadsheet: RFC 4180, UTF-8 with a byte order mark (without it Excel guesses), and
//! no cell that a spreadsheet would run.

use policy::Tie;
use serde::Serialize;
use unicode_width::UnicodeWidthChar;

use super::{CollectionAnswer, FieldHead, Shown};
use crate::words;

/// The column that says what a row is to the person.
pub(super) const TIE_COLUMN: &str = "upheld:tie";
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Whether a spreadsheet may take the text for a formula or a command. What it skips at the start
/// (spaces, controls, invisible signs) is skipped here too; full-width signs count, because some
/// input methods fold them.
fn is_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n', '\0']) {
        return true;
    }
    let first = text.chars().find(|c| {
        let seen = c.width().is_some_and(|width| width > 0);
        seen && !c.is_whitespace() && !c.is_control() && *c != '\u{ad}'
    });
    matches!(
        first,
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '−' | '﹦' | '﹢' | '﹣' | '﹫')
    )
}

/// A plain decimal number, which needs no apostrophe though it may begin with a minus.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(part)
}

/// Appends a cell; returns whether an apostrophe was put before it.
pub(crate) fn cell(out: &mut String, text: &str) -> bool {
    let formula = is_formula(text);
    // NUL ends a line early in several readers.
    let clean = text.replace('\0', "␀");
    if formula || clean.contains([',', '"', '\n', '\r', ';', '\t']) || clean.starts_with(' ') {
        out.push('"');
        if formula {
            out.push('\'');
        }
        out.push_str(&clean.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(&clean);
    }
    formula
}

/// The heading line.
pub(super) fn heading(fields: &[FieldHead]) -> (String, bool) {
    let mut out = String::from(BYTE_ORDER_MARK);
    let mut formulas = false;
    for field in fields {
        formulas |= cell(&mut out, &field.name);
        out.push(',');
    }
    out.push_str(TIE_COLUMN);
    out.push_str("\r\n");
    (out, formulas)
}

/// A row's line.
pub(super) fn line(values: &[Shown], tie: Tie) -> (String, bool) {
    let mut out = String::new();
    let mut formulas = false;
    for value in values {
        match value {
            Shown::Empty => {}
            Shown::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Shown::Int(value) => out.push_str(&value.to_string()),
            Shown::Number(value) if is_number(value.expose()) => out.push_str(value.expose()),
            Shown::Number(value) | Shown::Text(value) => {
                formulas |= cell(&mut out, value.expose());
            }
            Shown::File(path) => formulas |= cell(&mut out, path),
            Shown::Withheld(reason) => {
                formulas |= cell(&mut out, &format!("[{}]", words::package::withheld(reason)));
            }
        }
        out.push(',');
    }
    out.push_str(tie_key(tie));
    out.push_str("\r\n");
    (out, formulas)
}

/// A tie as machines read it.
pub(super) const fn tie_key(tie: Tie) -> &'static str {
    match tie {
        Tie::Own => "own",
        Tie::Authored => "authored",
        Tie::Shared => "shared",
        Tie::Mention => "mention",
    }
}

/// `csv/schema.json`: a Frictionless Data Package.
#[derive(Serialize)]
pub(super) struct Tables<'t> {
    pub(super) profile: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) resources: &'t [Resource],
}

/// One table in it.
#[derive(Serialize)]
pub(super) struct Resource {
    name: String,
    path: String,
    title: String,
    profile: &'static str,
    encoding: &'static str,
    rows: u64,
    schema: Schema,
}

#[derive(Serialize)]
struct Schema {
    fields: Vec<Column>,
    #[serde(rename = "missingValues")]
    missing_values: [&'static str; 1],
}

#[derive(Serialize)]
struct Column {
    name: String,
    title: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    categories: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraints: Option<Constraints>,
}

#[derive(Serialize)]
struct Constraints {
    r#enum: [&'static str; 4],
}

/// The table's entry in `csv/schema.json`.
pub(super) fn resource(
    base: &str,
    system: &str,
    collection: &CollectionAnswer,
    rows: u64,
) -> Resource {
    let column = |field: &FieldHead| Column {
        name: field.name.clone(),
        title: field.shown_title().to_owned(),
        r#type: type_name(field),
        categories: Some(field.categories.iter().map(|c| c.key.clone()).collect()),
        constraints: None,
    };
    let tie = Column {
        name: TIE_COLUMN.to_owned(),
        title: "What the row is to the person".to_owned(),
        r#type: "string",
        categories: None,
        constraints: Some(Constraints { r#enum: ["own", "authored", "shared", "mention"] }),
    };
    Resource {
        name: base.to_lowercase(),
        path: format!("{base}.csv"),
        title: format!("{system}: {}", collection.title),
        profile: "tabular-data-resource",
        encoding: "utf-8",
        rows,
        schema: Schema {
            fields: collection.fields.iter().map(column).chain([tie]).collect(),
            missing_values: [""],
        },
    }
}

/// The Frictionless name of a field's type. Moments and days stay text: each database writes them
/// in its own way, and what we hand out is what it holds.
fn type_name(field: &FieldHead) -> &'static str {
    use model::DataType;
    match field.data_type {
        Some(DataType::Integer) => "integer",
        Some(DataType::Number) => "number",
        Some(DataType::Boolean) => "boolean",
        _ => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in [
            "=1+1",
            "+1",
            "-1+cmd|' /C calc'!A0",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "\u{200b}=1",
            "\u{feff}=1",
            "\0=1",
            "\u{a0}@x",
            "\u{ad}=1",
            "\u{e0041}=1",
            "\u{301}=1",
            "-5",
        ] {
            let (line, formulas) = line(&[Shown::text(text)], Tie::Own);
            assert!(formulas && line.starts_with("\"'"), "{text:?} -> {line:?}");
            assert!(line.ends_with("\",own\r\n"), "{line:?}");
        }
        for text in ["plain", "a=b", "1-2", "jane@acme.example", "'quoted"] {
            assert!(!line(&[Shown::text(text)], Tie::Own).1, "{text}");
        }
    }

    #[test]
    fn numbers_stay_numbers_and_cells_stay_cells() {
        let number = |n: &str| Shown::Number(model::Personal::new(n.to_owned()));
        let values = [
            Shown::Int(-5),
            number("-12.50"),
            number("-1+1"),
            Shown::Empty,
            Shown::Bool(true),
            Shown::text("say \"hi\",\nbye"),
            Shown::text("nul\0"),
            Shown::Withheld("sealed".to_owned()),
        ];
        assert_eq!(
            line(&values, Tie::Mention).0,
            "-5,-12.50,\"'-1+1\",,true,\"say \"\"hi\"\",\nbye\",nul␀,[withheld: sealed],mention\r\n"
        );
    }
}
