//! The words of what was done so that people are no longer told.

use crate::deidentify::{DeidentifiedPart, DeidentifyReport, RiskFigures};
use crate::words::{count, list, number};

/// The title of the page.
pub const TITLE: &str = "De-identification";
/// Headings.
pub const COLUMN: &str = "Column";
/// Of what a column holds.
pub const HOLDS: &str = "Holds";
/// Of a method.
pub const METHOD: &str = "Method";
/// Of values.
pub const VALUES: &str = "Values";
/// Of what was changed.
pub const CHANGED: &str = "Changed";
/// Of a reason.
pub const WHY: &str = "Why";
/// Of kinds in running text.
pub const FOUND: &str = "Replaced in text";
/// Of a count.
pub const COUNT: &str = "Count";
/// Of what stays.
pub const UNSURE: &str = "May be personal data and stays";
/// Of a place.
pub const PLACE: &str = "Place";
/// Of how sure it is.
pub const SURE: &str = "Sure";
/// Of the risk.
pub const RISK: &str = "How surely somebody could be told";
/// Of a figure.
pub const MEASURE: &str = "Measure";
/// Of the figures before.
pub const BEFORE: &str = "Before";
/// Of the figures after.
pub const AFTER: &str = "After";
/// Of how large classes are.
pub const SPREAD: &str = "How many rows are alike";
/// Of the size of a class.
pub const SIZE: &str = "Rows alike";
/// Of rows in classes before.
pub const ROWS_BEFORE: &str = "Rows before";
/// Of rows in classes after.
pub const ROWS_AFTER: &str = "Rows after";
/// Of the steps of a search.
pub const STEPS: &str = "Widened so that enough rows are alike";
/// Of what was not written.
pub const UNDONE: &str = "Not written";
/// Of what is left.
pub const LEFT: &str = "What is left";
/// Below the page.
pub const NO_VALUES: &str =
    "This page holds no value and no key: columns, methods, counts and figures alone.";
/// Where nothing could be measured.
pub const NOT_MEASURED: &str = "No column was found or named by which somebody could be told together with others, so no risk was measured: name such columns with --quasi.";
/// Where every row was left out.
pub const NOTHING_LEFT: &str = "No row is left: there are fewer rows than shall be alike.";
/// Where running text was looked at.
pub const RUNNING: &str = "In running text people are found by form, check digits, lists and the words around: a name that is in no list, or a fact that only one person fits, stays.";
/// Who is meant by the figures.
pub const WHO: &str = "Each row counts as one person. A journalist, who does not know that somebody is among the rows, has at most the chance of a prosecutor, who does; how much less depends on the people outside, of whom nothing is known here.";

/// The result in one sentence.
pub fn sentence(report: &DeidentifyReport) -> String {
    let values: u64 = report.parts.iter().map(changed).sum();
    let parts = report.parts.len() as u64;
    let verb = if report.plan { "would be" } else { "were" };
    let mut text = format!(
        "{} in {} {verb} changed or removed by the profile `{}`",
        count(values, "value", "values"),
        count(parts, "file or table", "files and tables"),
        report.profile
    );
    let left_out: u64 = report.parts.iter().map(|part| part.left_out).sum();
    if left_out > 0 {
        text.push_str(&format!(", and {} left out", count(left_out, "row", "rows")));
    }
    text.push('.');
    if report.plan {
        text.push_str(" Nothing was written.");
    }
    text
}

fn changed(part: &DeidentifiedPart) -> u64 {
    if part.columns.is_empty() {
        part.found.values().sum()
    } else {
        part.columns.iter().map(|column| column.changed).sum()
    }
}

/// Where the key is from.
pub fn key(report: &DeidentifyReport) -> Option<String> {
    let from = report.key.as_ref()?;
    let mark = report.key_mark.as_ref().map(|mark| format!(" (its mark is {mark})"));
    Some(format!("Pseudonyms are made with {from}{}.", mark.unwrap_or_default()))
}

/// A file or table, and where it went.
pub fn part(part: &DeidentifiedPart) -> String {
    let what = if part.columns.is_empty() {
        count(part.rows, "line", "lines")
    } else {
        count(part.rows, "row", "rows")
    };
    if part.from == "-" {
        let to = if part.to.is_empty() || part.to == "-" {
            String::new()
        } else {
            format!(" → {}", part.to)
        };
        format!("standard input ({}, {what}){to}", part.form)
    } else if part.to.is_empty() {
        format!("{} ({}, {what})", part.from, part.form)
    } else if part.from == part.to {
        format!("{} ({}, {what}), in place", part.from, part.form)
    } else {
        format!("{} ({}, {what}) → {}", part.from, part.form, part.to)
    }
}

/// "one in 4", "one in 1,204"; "every one".
pub fn chance(share: f64) -> String {
    if share >= 0.999 {
        return "every one".to_owned();
    }
    if share <= 0.0 {
        return "none".to_owned();
    }
    let one_in = 1.0 / share;
    if one_in < 10.0 && (one_in - one_in.round()).abs() > 0.05 {
        format!("one in {one_in:.1}")
    } else {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count of rows"
        )]
        let whole = one_in.round() as u64;
        format!("one in {}", number(whole))
    }
}

/// The risk that is left, in plain sentences.
pub fn left(after: &RiskFigures) -> Vec<String> {
    let mut out = Vec::new();
    out.push(if after.k <= 1 {
        "At least one row is unlike all others: whoever knows its person's columns finds it.".to_owned()
    } else {
        format!(
            "Every row is like at least {} in the columns by which somebody could be told: whoever knows that a person is there picks the right row with a chance of at most {}.",
            count(after.k - 1, "other", "others"),
            chance(after.highest)
        )
    });
    out.push(format!(
        "Whoever tries to name all of them would be right for about {} rows.",
        chance(after.average)
    ));
    for secret in &after.secrets {
        out.push(if secret.l <= 1 {
            format!(
                "In some class all rows have the same `{}`: it is learnt without finding the row.",
                secret.column
            )
        } else {
            format!(
                "In each class there are at least {} different values of `{}`.",
                number(secret.l),
                secret.column
            )
        });
    }
    out
}

/// Fewer rows are alike than was asked for.
pub fn short_of(k: u64, wanted: u32) -> String {
    format!("k is {}, and {wanted} was asked for.", number(k))
}

/// Values that could not be read.
pub fn unreadable(column: &str, values: u64) -> String {
    format!(
        "`{column}`: {} could not be read as what the column holds, and {} removed.",
        count(values, "value", "values"),
        if values == 1 { "was" } else { "were" }
    )
}

/// Values too short to be encrypted.
pub fn too_short(column: &str, values: u64) -> String {
    format!(
        "`{column}`: {} removed, because fewer than a million values have their form, and NIST SP 800-38G allows no encryption of so few.",
        if values == 1 {
            "1 value was".to_owned()
        } else {
            format!("{} values were", number(values))
        }
    )
}

/// The measures, each with its figures before and after.
pub fn measures(
    before: &RiskFigures,
    after: Option<&RiskFigures>,
) -> Vec<(String, String, String)> {
    let row = |name: &str, of: &dyn Fn(&RiskFigures) -> String| {
        (name.to_owned(), of(before), after.map_or_else(|| "–".to_owned(), of))
    };
    let mut out = vec![
        row("Rows", &|risk| number(risk.rows)),
        row("Classes of rows that are alike", &|risk| number(risk.classes)),
        row("k: the smallest class", &|risk| number(risk.k)),
        row("Rows unlike all others", &|risk| {
            number(risk.spread.iter().filter(|(size, ..)| size == "1").map(|(.., rows)| rows).sum())
        }),
        row("Prosecutor: the highest chance", &|risk| chance(risk.highest)),
        row("Journalist: at most", &|risk| chance(risk.highest)),
        row("Marketer: rows told rightly", &|risk| chance(risk.average)),
    ];
    for (at, secret) in before.secrets.iter().enumerate() {
        let of = |risk: &RiskFigures,
                  figure: &dyn Fn(&crate::deidentify::SecretFigures) -> String| {
            risk.secrets.get(at).map_or_else(|| "–".to_owned(), figure)
        };
        let name = &secret.column;
        out.push(row(&format!("{name}: l, different values"), &|risk| of(risk, &|s| number(s.l))));
        out.push(row(&format!("{name}: l by entropy"), &|risk| {
            of(risk, &|s| format!("{:.2}", s.entropy_l))
        }));
        let order = if secret.ordered { "ordered" } else { "categories" };
        out.push(row(&format!("{name}: t ({order})"), &|risk| {
            of(risk, &|s| format!("{:.3}", s.t))
        }));
    }
    out
}

/// Where something that stays is.
pub fn place(column: &str, row: u64) -> String {
    if column.is_empty() {
        format!("line {}", number(row))
    } else {
        format!("{column}, row {}", number(row))
    }
}

/// Roles of a column.
pub fn roles(quasi: bool, sensitive: bool) -> &'static str {
    match (quasi, sensitive) {
        (true, _) => "tells together",
        (_, true) => "secret",
        _ => "",
    }
}

/// What a column holds, or that nobody knows.
pub fn holds(holds: &str, quasi: bool, sensitive: bool) -> String {
    let mut parts = Vec::new();
    if !holds.is_empty() {
        parts.push(holds.to_owned());
    }
    let role = roles(quasi, sensitive);
    if !role.is_empty() {
        parts.push(role.to_owned());
    }
    if parts.is_empty() { "?".to_owned() } else { list(&parts).replace(" and ", "; ") }
}
