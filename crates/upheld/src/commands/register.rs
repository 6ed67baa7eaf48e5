//! `upheld register`

use std::process::ExitCode;

use app::{Error, House, Result};

use crate::args::{Register, RegisterForm};
use crate::screen::Screen;

pub(crate) fn run(house: &House, wish: &Register, screen: &Screen) -> Result<ExitCode> {
    let record = house.register()?;
    let linked =
        || serde_json::to_string_pretty(&render::register::json_ld(&record)).unwrap_or_default();
    let style = if wish.out.is_some() { render::Style::PLAIN } else { screen.style() };
    let text = match wish.format {
        RegisterForm::Table => render::register::text(&record, style),
        RegisterForm::Csv => render::register::csv(&record),
        RegisterForm::JsonLd => linked() + "\n",
    };
    screen.json(&serde_json::json!({ "register": record, "file": wish.out }));
    match &wish.out {
        Some(file) => {
            let failed = |source| Error::File { doing: "cannot write", path: file.clone(), source };
            std::fs::write(file, text).map_err(failed)?;
            let rows = render::words::count(record.rows.len() as u64, "purpose", "purposes");
            screen.say(&format!("The record of processing, {rows}: {}", file.display()));
        }
        None => screen.say(text.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}
