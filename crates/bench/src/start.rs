//! How soon the binary is there, and how large it is.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::json;

use crate::binary::program;
use crate::report::{Bar, Line, Report, median};

pub(crate) fn run(rounds: u64) {
    let mut report = Report::new("start");
    let upheld = program();
    let (mut nothing, mut version, mut help) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds * 10 {
        nothing.push(time(Path::new("true"), &[]));
        version.push(time(&upheld, &["--version"]));
        help.push(time(&upheld, &["request", "access", "--help"]));
    }
    for (what, times, judged) in
        [("upheld --version", &version, true), ("upheld request access --help", &help, false)]
    {
        report.line(&Line {
            what: format!("start: {what}"),
            ours: (median(times), "ms"),
            beside: Some(("a process that does nothing", median(&nothing), "ms")),
            figure: (median(times), "ms"),
            bar: if judged { Bar::AtMost(50.0) } else { Bar::None },
            moonshot: if judged { Bar::AtMost(10.0) } else { Bar::None },
        });
    }
    let size = std::fs::metadata(&upheld).map_or(0, |file| file.len());
    report.line(&Line {
        what: "size of the binary".to_owned(),
        ours: (size as f64 / 1e6, "MB"),
        beside: None,
        figure: (size as f64 / 1e6, "MB"),
        bar: Bar::AtMost(40.0),
        moonshot: Bar::None,
    });
    report.raw("milliseconds", json!({ "true": nothing, "version": version, "help": help }));
    report.raw("bytes", size);
    report.keep();
}

fn time(program: &Path, words: &[&str]) -> f64 {
    let begun = Instant::now();
    let status =
        Command::new(program).args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let took = begun.elapsed().as_secs_f64() * 1e3;
    assert!(status.is_ok_and(|status| status.success()), "{}", program.display());
    took
}
