//! `cargo xtask bench`: measures, and writes the tables of BENCHMARKS.md from the raw data in
//! `bench/results`. No figure in a table is typed by hand; a measurement without raw data is shown
//! as not run.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::{Findings, Problem, cargo, read};

const PAGE: &str = "BENCHMARKS.md";
const RESULTS: &str = "bench/results";

/// The measurements in the order of the page, and what the quick round of each is.
const QUICK: [(&str, &[&str]); 5] = [
    ("start", &["start", "--rounds", "3"]),
    ("planning", &["planning", "--rounds", "3"]),
    ("encoded", &["encoded", "--rounds", "2", "--megabytes", "16"]),
    ("detect", &["detect", "--rounds", "2", "--megabytes", "8"]),
    ("ledger", &["ledger", "--rounds", "1", "--entries", "50000"]),
];
/// The whole round: those by themselves, then those that share a generated provider.
const WHOLE: [&[&str]; 2] = [
    &["start", "planning", "encoded", "detect", "ledger"],
    &["access", "batch", "search", "memory", "erase", "--scale", "1"],
];

/// Runs what was named with the options that stand behind (or the whole round), then writes the
/// tables.
pub(crate) fn run(root: &Path, words: &[String]) -> Result<bool, String> {
    let (flags, words): (Vec<&String>, Vec<&String>) =
        words.iter().partition(|word| ["--tables", "--quick"].contains(&word.as_str()));
    let has = |name: &str| flags.iter().any(|flag| *flag == name);
    if !has("--tables") {
        let build = ["build", "--release", "--locked", "-p", "upheld", "-p", "bench"];
        execute(root, Path::new("cargo"), &build)?;
        let program = cargo::workspace(root)?.target.join("release").join("bench");
        if has("--quick") {
            for (_, words) in QUICK {
                execute(root, &program, words)?;
            }
            // A small provider, with everything that is done on it.
            let words = ["access", "batch", "erase", "search", "--scale", "0.1", "--rounds", "2"];
            execute(root, &program, &words)?;
        } else if words.is_empty() {
            for words in WHOLE {
                execute(root, &program, words)?;
            }
        } else {
            let words: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
            execute(root, &program, &words)?;
        }
    }
    let page = root.join(PAGE);
    let text = filled(&read(&page)?, &|name| result(root, name))?;
    std::fs::write(&page, text).map_err(|error| format!("cannot write {PAGE}: {error}"))?;
    println!("{PAGE} is as its raw data say");
    Ok(true)
}

/// Whether the tables are those that the raw data make.
pub(crate) fn check(root: &Path) -> Result<Findings, String> {
    let mut findings = Findings::default();
    let text = read(&root.join(PAGE))?;
    match filled(&text, &|name| result(root, name)) {
        Ok(wanted) if wanted == text => {}
        Ok(_) => findings.problems.push(Problem::new(
            PAGE,
            "its tables are not what the raw data make: run `cargo xtask bench --tables`",
        )),
        Err(message) => findings.problems.push(Problem::new(PAGE, message)),
    }
    findings.looked_at = format!("{} tables", text.matches(OPENS).count());
    Ok(findings)
}

fn execute(root: &Path, program: &Path, words: &[&str]) -> Result<(), String> {
    let shown = program.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let status = Command::new(program)
        .args(words)
        .current_dir(root)
        .status()
        .map_err(|error| format!("cannot run {shown}: {error}"))?;
    status.success().then_some(()).ok_or_else(|| format!("{shown} {} failed", words.join(" ")))
}

fn result(root: &Path, name: &str) -> Result<Option<Value>, String> {
    let path = root.join(RESULTS).join(format!("{name}.json"));
    if !path.is_file() {
        return Ok(None);
    }
    let value = serde_json::from_str(&read(&path)?);
    value.map(Some).map_err(|error| format!("{}: {error}", path.display()))
}

const OPENS: &str = "<!-- table: ";
const CLOSES: &str = "<!-- end -->";

/// The page with each table made anew between its marks.
fn filled(
    page: &str,
    result: &dyn Fn(&str) -> Result<Option<Value>, String>,
) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once(OPENS) {
        let (name, after) =
            after.split_once(" -->").ok_or_else(|| format!("a mark `{OPENS}` has no end"))?;
        let (_, after) = after
            .split_once(CLOSES)
            .ok_or_else(|| format!("the table `{name}` does not end with `{CLOSES}`"))?;
        let table = match result(name)? {
            None => "Not run.\n".to_owned(),
            // Measured before there were tables.
            Some(result) if result.get("lines").is_none() => {
                format!("Raw data without a table: [{name}.json]({RESULTS}/{name}.json)\n")
            }
            Some(result) => {
                table(&result).ok_or_else(|| format!("{RESULTS}/{name}.json has a broken line"))?
            }
        };
        out.push_str(&format!("{before}{OPENS}{name} -->\n{table}{CLOSES}"));
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn table(result: &Value) -> Option<String> {
    let lines = result.get("lines")?.as_array()?;
    let mut out = String::from(
        "| what | Upheld | beside it, in the same run | figure | bar | |\n|---|---|---|---|---|---|\n",
    );
    for line in lines {
        let beside = line.get("beside").filter(|beside| !beside.is_null());
        let beside = match beside {
            None => "–".to_owned(),
            Some(beside) => format!("{}: {}", beside.get("name")?.as_str()?, amount(beside)?),
        };
        let figure = line.get("figure")?;
        out.push_str(&format!(
            "| {} | {} | {beside} | {} | {} | {} |\n",
            line.get("what")?.as_str()?,
            amount(line.get("ours")?)?,
            amount(figure)?,
            bar(line.get("bar")?),
            verdict(figure.get("value")?.as_f64()?, line.get("bar")?, line.get("moonshot")?),
        ));
    }
    if let Some(matrix) = result.get("matrix").filter(|matrix| !matrix.is_null()) {
        out.push_str(&columns(matrix)?);
    }
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("?").to_owned();
    let machine = result.get("machine");
    let of = |key: &str| machine.and_then(|machine| machine.get(key));
    let source = result.get("source");
    let changed = source.and_then(|source| source.get("with_changes")) == Some(&Value::Bool(true));
    let name = text(result.get("measurement"));
    out.push_str(&format!(
        "\n`{}` on {}, {} on {} cores, load before {}, commit {}{}. Raw: [{name}.json]({RESULTS}/{name}.json)\n",
        text(result.get("command")),
        text(result.get("day")),
        text(of("processor")),
        of("cores").and_then(Value::as_u64).unwrap_or(0),
        text(of("load_at_the_start")).split(' ').next().unwrap_or("?"),
        text(source.and_then(|source| source.get("commit"))),
        if changed { " with changes" } else { "" },
    ));
    Some(out)
}

/// A value with its unit.
fn amount(of: &Value) -> Option<String> {
    let (value, unit) = (of.get("value")?.as_f64()?, of.get("unit")?.as_str()?);
    let space = if unit == "×" || unit == "/s" { "" } else { " " };
    Some(format!("{}{space}{unit}", spoken(value)))
}

/// A table with a column for each of many.
fn columns(matrix: &Value) -> Option<String> {
    let words = |list: &Value| -> Option<Vec<String>> {
        list.as_array()?.iter().map(|word| Some(word.as_str()?.to_owned())).collect()
    };
    let head = words(matrix.get("head")?)?;
    let mut out = format!("\n| | {} |\n|---|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in matrix.get("rows")?.as_array()? {
        let cells = words(row.get("cells")?)?.join(" | ");
        out.push_str(&format!("| {} | {cells} |\n", row.get("what")?.as_str()?));
    }
    Some(out)
}

/// Three digits that count, and a comma at thousands.
fn spoken(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let digits = match value.abs() {
        below if below < 1.0 => 3,
        below if below < 10.0 => 2,
        below if below < 100.0 => 1,
        _ => 0,
    };
    let plain = format!("{value:.digits$}");
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), None), |(w, r)| (w, Some(r)));
    let mut out = String::new();
    for (at, sign) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 && sign.is_ascii_digit() && !out.ends_with('-') {
            out.push(',');
        }
        out.push(sign);
    }
    rest.map_or(out.clone(), |rest| format!("{out}.{rest}"))
}

fn bar(of: &Value) -> String {
    match (limit(of, "at_most"), limit(of, "at_least")) {
        (Some(most), _) => format!("≤ {}", spoken_bar(most)),
        (_, Some(least)) => format!("≥ {}", spoken_bar(least)),
        _ => String::new(),
    }
}

/// A bar is written as it was set: no digits that say nothing.
fn spoken_bar(value: f64) -> String {
    let spoken = spoken(value);
    if spoken.contains('.') {
        spoken.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        spoken
    }
}

fn limit(of: &Value, key: &str) -> Option<f64> {
    of.get(key).and_then(Value::as_f64)
}

/// Whether a bar is met, and by how much it is missed.
fn verdict(value: f64, bar: &Value, moonshot: &Value) -> String {
    let keeps = |to: &Value| match (limit(to, "at_most"), limit(to, "at_least")) {
        (Some(most), _) => Some(value <= most),
        (_, Some(least)) => Some(value >= least),
        _ => None,
    };
    match (keeps(bar), keeps(moonshot)) {
        (None, _) => String::new(),
        (Some(true), Some(true)) => "met, moonshot too".to_owned(),
        (Some(true), _) => "met".to_owned(),
        (Some(false), _) => {
            let off = match (limit(bar, "at_most"), limit(bar, "at_least")) {
                (Some(most), _) => value / most,
                (_, Some(least)) => least / value,
                _ => f64::NAN,
            };
            format!("**missed {}-fold**", spoken(off))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_is_made_from_its_raw_data_and_from_nothing_else() {
        let page = "# P\n\n<!-- table: erase -->\nstale\n<!-- end -->\n\n<!-- table: batch --><!-- end -->\nend\n";
        let raw = json!({
            "measurement": "erase", "command": "bench erase", "day": "2026-11-23", "machine": { "processor": "P", "cores": 2, "load_at_the_start": "0.10 0 0" },
            "source": { "commit": "abc", "with_changes": true },
            "lines": [{ "what": "w", "ours": { "value": 412.6, "unit": "ms" },
                "beside": { "name": "by hand", "value": 98.0, "unit": "ms" },
                "figure": { "value": 4.21, "unit": "×" }, "bar": { "at_most": 3.0 }, "moonshot": null }],
        });
        let result = |name: &str| Ok((name == "erase").then(|| raw.clone()));
        let made = filled(page, &result).unwrap();
        assert!(
            made.contains("| w | 413 ms | by hand: 98.0 ms | 4.21× | ≤ 3 | **missed 1.40-fold** |"),
            "{made}"
        );
        assert!(made.contains("<!-- table: batch -->\nNot run.\n<!-- end -->"), "{made}");
        assert!(
            made.contains("commit abc with changes. Raw: [erase.json](bench/results/erase.json)"),
            "{made}"
        );
        assert!(made.ends_with("<!-- end -->\nend\n") && !made.contains("stale"));
        assert_eq!(filled(&made, &result).unwrap(), made);
        assert!(filled("<!-- table: erase -->", &result).is_err());
    }

    #[test]
    fn many_stand_beside_each_other_in_columns() {
        let matrix = json!({ "head": ["a", "b"], "rows": [{ "what": "w", "cells": ["1", "–"] }] });
        assert_eq!(columns(&matrix).unwrap(), "\n| | a | b |\n|---|---|---|\n| w | 1 | – |\n");
        assert_eq!(columns(&json!({ "head": [] })), None);
    }

    #[test]
    fn a_bar_is_met_or_missed_by_so_much() {
        let (least, most) = (json!({ "at_least": 200.0 }), json!({ "at_most": 3.0 }));
        for (value, bar, moonshot, wanted) in [
            (250.0, &least, &json!(null), "met"),
            (1_000.0, &least, &json!({ "at_least": 1_000.0 }), "met, moonshot too"),
            (100.0, &least, &json!(null), "**missed 2.00-fold**"),
            (3.0, &most, &json!({ "at_most": 1.5 }), "met"),
            (f64::NAN, &most, &json!(null), "**missed –-fold**"),
            (1.0, &json!(null), &json!(null), ""),
        ] {
            assert_eq!(verdict(value, bar, moonshot), wanted, "{value}");
        }
    }

    #[test]
    fn figures_have_the_digits_that_count() {
        for (value, wanted) in [
            (0.0123, "0.012"),
            (1.234, "1.23"),
            (45.67, "45.7"),
            (412.6, "413"),
            (30_000.0, "30,000"),
            (1_234_567.8, "1,234,568"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(spoken(value), wanted);
        }
        assert_eq!(spoken_bar(0.7), "0.7");
        assert_eq!(spoken_bar(500_000.0), "500,000");
    }
}
