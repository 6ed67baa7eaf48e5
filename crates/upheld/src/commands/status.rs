//! `upheld status`

use std::process::ExitCode;

use app::{Error, House, Result, status};

use crate::args::Status;
use crate::commands::code;
use crate::screen::Screen;

pub(crate) async fn run(house: &House, wish: &Status, screen: &Screen) -> Result<ExitCode> {
    let coverage = if wish.last {
        house.last_status().await?
    } else {
        let look = status::Wish { full: wish.full, promise: wish.promise.clone() };
        house.status(&look).await?
    };
    screen.calm();
    let tally = coverage.tally();
    screen.json(&serde_json::json!({ "tally": tally, "status": coverage }));
    screen.say(&coverage.to_standing(screen.style()));
    if let Some(file) = &wish.html {
        std::fs::write(file, coverage.to_html()).map_err(|source| Error::File {
            doing: "cannot write",
            path: file.clone(),
            source,
        })?;
        screen.say(&format!("The notice with the state of each sentence: {}", file.display()));
    }
    Ok(code(tally.broken == 0))
}
