//! `upheld check`

use std::process::ExitCode;

use app::{Error, House, Result};
use policy::Severity;

use crate::args::Check;
use crate::commands::code;
use crate::screen::Screen;

pub(crate) fn run(house: &House, check: &Check, screen: &Screen) -> Result<ExitCode> {
    let report = house.check()?;
    screen.json(&serde_json::json!({
        "sound": report.is_sound(), "findings": report.findings, "coverage": report.coverage,
    }));
    if !report.findings.is_empty() {
        let coloured = screen.style() != render::Style::PLAIN;
        screen.say(&policy::render(&report.findings, coloured, 100));
    }
    if let Some(coverage) = &report.coverage {
        screen.say(&coverage.to_text(screen.style()));
        if let Some(file) = &check.html {
            std::fs::write(file, coverage.to_html()).map_err(|source| Error::File {
                doing: "cannot write",
                path: file.clone(),
                source,
            })?;
            screen.say(&format!("The notice with the state of each sentence: {}", file.display()));
        }
    }
    let questions = report.count(Severity::Question);
    if questions > 0 {
        screen.say(&format!(
            "{questions} question(s) wait for an answer: write `confirmed: yes` or `confirmed: no` at each"
        ));
    }
    Ok(code(report.is_sound()))
}
