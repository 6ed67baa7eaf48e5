//! Files from which people are taken out.

use std::borrow::Cow;
use std::sync::LazyLock;

use deidentify::csv::{self, Dialect};
use deidentify::json::{self, Form};
use deidentify::{ColumnPlan, Engine, Key, Method, Profile, Sample, column, text};
use detect::{DetectOptions, Detector};

pub(super) const WORDS: &[&str] = &[
    "jane.doe@corp-mail.net",
    "name,mail,zip\n",
    "\"a\"\"b\"",
    "\r\n",
    ",",
    "\"",
    "{\"mail\":\"",
    "\"}\n",
    "[{\"a\":1},",
    "]",
    "\\u00e9\\\"",
    "1984-02-03",
    "3/4/1984",
    "Feb 3, 1984",
    "a 93-year-old",
    "https://acme.example/x",
    "1HGCM82633A004352",
    "02138",
    "12 Main St, Springfield, IL 62704",
    "1.5e3",
    "\u{feff}",
];

static DETECTOR: LazyLock<Option<Detector>> =
    LazyLock::new(|| Detector::new(&DetectOptions::default()).ok());

fn plans(profile: &Profile, detector: &Detector, method: &Method) -> Vec<ColumnPlan> {
    let named = |name: &str| Sample { name: name.to_owned(), ..Sample::default() };
    let samples = [named("a"), named("b"), named("rest")];
    let mut plans = column::plan(profile, detector, &samples).unwrap_or_default();
    for plan in &mut plans {
        plan.method = method.clone();
    }
    plans
}

/// What is kept is the same byte for byte; what is removed or replaced leaves a file of the same form;
/// threads and pieces change nothing.
pub(super) fn deidentify(data: &[u8]) {
    let Some(detector) = &*DETECTOR else { return };
    let key = Key::new([1; 32]);
    for profile in [Profile::default(), Profile::hipaa_safe_harbor()] {
        let today = jiff::civil::date(2026, 11, 23);
        let engine = Engine::new(detector, &profile, Some(&key), today);
        let (whole, _) = text::rewrite_whole(&engine, data);
        let mut streamed = Vec::new();
        if text::rewrite(&engine, data, &mut streamed).is_ok() && data.len() < 64 << 10 {
            assert_eq!(streamed, whole, "a text in pieces");
        }
    }
    let profile = Profile::default();
    let engine = Engine::new(detector, &profile, Some(&key), jiff::civil::date(2026, 11, 23));
    for method in [Method::Keep, Method::Text, Method::Remove, Method::Pseudonym] {
        let plans = plans(&profile, detector, &method);
        table(&engine, data, &plans, &method);
        for form in [Form::Lines, Form::Document] {
            document(&engine, data, form, &plans, &method);
        }
    }
}

fn table(engine: &Engine<'_>, data: &[u8], plans: &[ColumnPlan], method: &Method) {
    let dialect = Dialect { delimiter: b',', header: true };
    let shape = |bytes: &[u8]| {
        let mut rows = Vec::new();
        let read = csv::read(bytes, dialect, &mut |_, row: &[Cow<'_, [u8]>]| rows.push(row.len()));
        read.map(|headings| (headings, rows)).ok()
    };
    let mut out = Vec::new();
    if csv::rewrite(engine, data, &mut out, dialect, plans, 1, &|_| false).is_err() {
        return;
    }
    assert_eq!(shape(&out), shape(data), "the same rows and columns");
    if *method == Method::Keep {
        assert_eq!(out, data, "a table that is kept");
    }
    let mut again = Vec::new();
    let done = csv::rewrite(engine, data, &mut again, dialect, plans, 3, &|_| false);
    assert!(done.is_ok() && again == out, "on three threads");
}

fn document(engine: &Engine<'_>, data: &[u8], form: Form, plans: &[ColumnPlan], method: &Method) {
    let mut out = Vec::new();
    if json::rewrite(engine, data, &mut out, form, plans, 1, &|_| false).is_err() {
        return;
    }
    let sound = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).is_ok();
    if form == Form::Document && sound(data) {
        assert!(sound(&out), "JSON stays JSON");
    }
    // Keys are looked at whatever becomes of the values, and so are lines that are no JSON.
    let looked_at = form == Form::Lines || data.contains(&b'{') || !sound(data);
    if *method == Method::Keep && !looked_at {
        assert_eq!(out, data, "a document that is kept");
    }
}
