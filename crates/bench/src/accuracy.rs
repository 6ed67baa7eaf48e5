//! How exact the detector is, beside its peers, on the same texts in one run.
//!
//! The project's own texts are made anew each time; folders of others are named with `--corpora`.
//! One scorer (the example `accuracy` of `detect`) judges everybody; `bench/peers/run.py` installs
//! and runs the peers.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::report::{Bar, Line, Report};

/// What is held against a bar: corpus, type (`None`: the six together), which score, bar, moonshot.
type Judged = (&'static str, Option<&'static str>, &'static str, f64, Option<f64>);

/// Bars of the detector; those of corpora that were not handed over are left out. Without a moonshot
/// of its own, the best peer is it.
const JUDGED: [Judged; 14] = [
    ("synth_v2", None, "strict", 0.95, None),
    ("generated_large", None, "strict", 0.95, None),
    ("datafog", None, "strict", 0.98, None),
    ("tickets", None, "strict", 0.95, None),
    ("synth_v2", Some("PHONE"), "strict", 0.85, None),
    ("lifebench", Some("PHONE"), "overlap", 0.95, None),
    ("synth_v2", Some("PERSON"), "strict", 0.70, None),
    ("lifebench", Some("PERSON"), "strict", 0.70, None),
    ("synth_v2", Some("ADDRESS"), "strict", 0.60, None),
    ("synth_v2", Some("ADDRESS"), "by_parts", 0.60, None),
    ("generated_large", Some("ADDRESS"), "strict", 0.60, None),
    ("generated_large", Some("ADDRESS"), "by_parts", 0.60, None),
    ("tickets", Some("ADDRESS"), "strict", 0.60, None),
    ("secrets", Some("SECRET"), "strict", 0.65, Some(0.80)),
];

fn execute(command: &mut Command) {
    let shown = format!("{command:?}");
    let status = command.status().unwrap_or_else(|error| panic!("{shown}: {error}"));
    assert!(status.success(), "{shown} failed");
}

/// Measures; `corpora` are folders or files of labelled texts.
pub(crate) fn run(corpora: &[&str]) {
    let mut report = Report::new("accuracy");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let work = target.join("peers");
    let (own, findings, scores) =
        (work.join("own"), work.join("findings"), work.join("scores.json"));
    drop(std::fs::remove_dir_all(&findings));
    std::fs::create_dir_all(&findings).unwrap_or_else(|error| panic!("no folder: {error}"));
    let mut build = Command::new("cargo");
    build.args(["build", "--release", "--locked", "-p", "detect", "--example", "accuracy"]);
    execute(&mut build);
    let scorer = target.join("release/examples/accuracy");
    execute(Command::new(&scorer).arg("--own").arg(&own));
    let mut files = texts(&own);
    files.extend(corpora.iter().flat_map(|path| texts(Path::new(path))));
    let mut peers = Command::new("python3");
    execute(peers.arg("bench/peers/run.py").arg(&work).arg(&findings).args(&files));
    let mut score = Command::new(&scorer);
    score.args(&files).arg("--peers").arg(&findings).arg("--json").arg(&scores);
    execute(&mut score);
    let text = std::fs::read_to_string(&scores).unwrap_or_else(|error| panic!("scores: {error}"));
    let all: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("scores: {error}"));
    let all = all.as_array().cloned().unwrap_or_default();
    for judged in &JUDGED {
        judge(&mut report, &all, judged);
    }
    alarms(&mut report, &all);
    report.matrix(matrix(&all));
    report.raw("corpora", all);
    report.keep();
}

/// The files of a folder, or the file.
fn texts(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    files.sort();
    files
}

fn text<'a>(of: &'a Value, key: &str) -> Option<&'a str> {
    of.get(key).and_then(Value::as_str)
}

fn figure(of: &Value, key: &str) -> Option<f64> {
    of.get(key).and_then(Value::as_f64)
}

/// What a finder found of a type, or of the six together.
fn numbers<'a>(finder: &'a Value, kind: Option<&str>) -> Option<&'a Value> {
    kind.map_or_else(|| finder.get("micro_6"), |kind| finder.get("kinds")?.get(kind))
}

fn count(finder: &Value, kind: Option<&str>, key: &str) -> u64 {
    numbers(finder, kind).and_then(|numbers| numbers.get(key)?.as_u64()).unwrap_or(0)
}

fn corpus<'a>(all: &'a [Value], name: &str) -> Option<&'a Value> {
    all.iter().find(|corpus| text(corpus, "corpus") == Some(name))
}

fn finders(corpus: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let list = corpus.get("finders").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|one| Some((text(one, "finder")?, one)))
}

/// F1 of a finder, or `None` if it finds nothing of the type.
fn f1(finder: &Value, kind: Option<&str>, which: &str) -> Option<f64> {
    let numbers = numbers(finder, kind)?;
    let found = numbers.get("found").and_then(Value::as_u64)?;
    (found > 0).then(|| numbers.pointer(&format!("/{which}/2")).and_then(Value::as_f64))?
}

fn judge(report: &mut Report, all: &[Value], judged: &Judged) {
    let (name, kind, which, bar, moonshot) = *judged;
    let Some(corpus) = corpus(all, name) else { return };
    let ours = finders(corpus).find(|(finder, _)| *finder == "Upheld");
    let Some(ours) = ours.and_then(|(_, one)| f1(one, kind, which)) else { return };
    let best = finders(corpus)
        .filter(|(finder, _)| *finder != "Upheld")
        .filter_map(|(finder, one)| Some((finder, f1(one, kind, which)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let which = which.replace('_', " ");
    report.line(&Line {
        what: format!("{name}: {}, {which} F1", kind.unwrap_or("the six kinds together")),
        ours: (ours, "F1"),
        beside: best.map(|(finder, value)| (finder, value, "F1")),
        figure: (ours, "F1"),
        bar: Bar::AtLeast(bar),
        moonshot: moonshot.or(best.map(|(_, value)| value)).map_or(Bar::None, Bar::AtLeast),
    });
}

fn alarms(report: &mut Report, all: &[Value]) {
    let Some(corpus) = corpus(all, "logs") else { return };
    let rate = |one: &Value| figure(one, "false_alarms_a_megabyte");
    let Some(ours) = finders(corpus).find(|one| one.0 == "Upheld").and_then(|one| rate(one.1))
    else {
        return;
    };
    let looks = |one: &Value| count(one, None, "found") > 0;
    let best = finders(corpus)
        .filter(|(finder, one)| *finder != "Upheld" && looks(one))
        .filter_map(|(finder, one)| Some((finder, rate(one)?)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    report.line(&Line {
        what: "logs of our own making: telephones, cards and SSNs that are none".to_owned(),
        ours: (ours, "a MB"),
        beside: best.map(|(finder, value)| (finder, value, "a MB")),
        figure: (ours, "a MB"),
        bar: Bar::AtMost(5.0),
        moonshot: Bar::AtMost(1.0),
    });
}

/// Every finder's figures, a column each.
fn matrix(all: &[Value]) -> Value {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in all.iter().flat_map(finders) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut rows: Vec<Value> = Vec::new();
    for one in all {
        let name = text(one, "corpus").unwrap_or("?");
        let mut row = |what: &str, cell: &dyn Fn(&Value) -> Option<String>| {
            let cells = names.iter().map(|name| {
                let finder = finders(one).find(|(finder, _)| finder == name);
                finder.and_then(|(_, one)| cell(one)).unwrap_or_else(|| "–".to_owned())
            });
            let cells: Vec<String> = cells.collect();
            if cells.iter().any(|cell| cell != "–") {
                rows.push(json!({ "what": format!("{name}: {what}"), "cells": cells }));
            }
        };
        let three = |value: f64| format!("{value:.3}");
        let labels = |kind: &str| finders(one).any(|(_, one)| count(one, Some(kind), "labels") > 0);
        let six = ["EMAIL", "PHONE", "IP", "CARD", "IBAN", "SSN"];
        if six.into_iter().any(labels) {
            row("the six, strict", &|one| f1(one, None, "strict").map(three));
            row("the six, overlap", &|one| f1(one, None, "overlap").map(three));
        }
        for kind in six.into_iter().chain(["PERSON", "ADDRESS", "BIRTH"]) {
            if labels(kind) {
                row(&format!("{kind}, strict"), &|one| f1(one, Some(kind), "strict").map(three));
                row(&format!("{kind}, overlap"), &|one| f1(one, Some(kind), "overlap").map(three));
            }
        }
        if labels("ADDRESS") {
            row("ADDRESS, by parts", &|one| f1(one, Some("ADDRESS"), "by_parts").map(three));
        }
        if labels("SECRET") {
            row("SECRET, by line", &|one| f1(one, Some("SECRET"), "strict").map(three));
        }
        if name == "logs" {
            row("false alarms a MB", &|one| {
                Some(format!("{:.0}", figure(one, "false_alarms_a_megabyte")?))
            });
        }
        row("MB/s", &|one| {
            let rate = figure(one, "megabytes_a_second")?;
            Some(if rate < 10.0 { format!("{rate:.2}") } else { format!("{rate:.0}") })
        });
    }
    json!({ "head": names, "rows": rows })
}
