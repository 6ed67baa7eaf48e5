//! `upheld attest`

use std::process::ExitCode;

use app::attest::Given;
use app::{House, Result};
use render::coverage::State;

use crate::args::Attest;
use crate::commands::code;
use crate::screen::Screen;

pub(crate) async fn run(house: &House, given: Attest, screen: &Screen) -> Result<ExitCode> {
    let (Some(promise), Some(by)) = (given.promise, given.by) else {
        return list(house, screen).await;
    };
    let given = Given { promise, by, evidence: given.evidence, note: given.note };
    let kept = house.attest(given).await?;
    screen.json(&serde_json::json!(kept));
    screen.say(&format!("● {}: {}", kept.promise, kept.what));
    screen.say(&format!("  To be confirmed again by {}.", render::words::calendar_day(&kept.due)));
    if let Some(hash) = &kept.sha256 {
        screen.say(&format!("  Keep the file as it is. Its SHA-256: {hash}"));
    }
    if let Some(entry) = kept.entry {
        screen.say(&format!("  It is {}.", render::words::coverage::entry(entry)));
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(house: &House, screen: &Screen) -> Result<ExitCode> {
    let duties = house.duties().await?;
    screen.json(&serde_json::json!(duties));
    if duties.is_empty() {
        screen.say("No promise asks anybody to confirm it.");
    } else {
        screen.say(&render::coverage::duties(&duties, screen.style()));
    }
    Ok(code(duties.iter().all(|duty| duty.state != State::Broken)))
}
