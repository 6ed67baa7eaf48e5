//! `upheld request messages …`

use std::path::PathBuf;
use std::process::ExitCode;

use app::{House, Result};
use clap::Args;
use serde_json::json;

use crate::screen::Screen;

/// What to do with the messages of a request.
#[derive(Debug, Args)]
pub(crate) struct Messages {
    /// The request's number, or its first characters.
    id: String,
    /// Write those that are still to be sent into this folder, as drafts for a mail program. Only
    /// you can read them.
    #[arg(short = 'o', long = "out", value_name = "DIR")]
    out: Option<PathBuf>,
    /// This recipient was told: its text is forgotten.
    #[arg(long, value_name = "RECIPIENT")]
    sent: Vec<String>,
    /// This recipient has answered.
    #[arg(long, value_name = "RECIPIENT")]
    answered: Vec<String>,
}

pub(crate) async fn run(house: &House, wish: Messages, screen: &Screen) -> Result<ExitCode> {
    if !wish.sent.is_empty() || !wish.answered.is_empty() {
        house.note_messages(&wish.id, &wish.sent, &wish.answered).await?;
    }
    let found = house.messages(&wish.id, wish.out.as_deref()).await?;
    screen.json(&json!(found));
    if found.messages.is_empty() {
        screen.say("Nobody has to be told of this request.");
        return Ok(ExitCode::SUCCESS);
    }
    let zone = house.zone()?;
    let widest = found.messages.iter().map(|one| one.recipient.chars().count()).max();
    let widest = widest.unwrap_or_default().min(30);
    for one in &found.messages {
        let file = one.file.as_ref().map(|file| format!("  {}", file.display()));
        screen.say(&format!(
            "{:<widest$}  {:<8}  {}{}",
            render::text::one_line(&one.recipient),
            one.state,
            render::words::day(one.since, &zone),
            file.unwrap_or_default()
        ));
        if one.contact.is_none() {
            screen.note(&format!(
                "◆ recipients.yaml names no `privacy_contact` for `{}`",
                one.recipient
            ));
        }
    }
    let silent = found.messages.iter().filter(|one| one.state != "answered").count();
    let all = found.messages.len();
    screen.say(&if silent == 0 {
        format!("All {all} have answered.")
    } else {
        format!("{silent} of {all} have not answered.")
    });
    Ok(ExitCode::SUCCESS)
}

/// What is left to do after a request.
pub(crate) fn to_tell(count: usize, request: &str) -> String {
    format!(
        "To be told of it: {}. `upheld request messages {} -o messages` writes the drafts.",
        render::words::count(count as u64, "recipient", "recipients"),
        request.get(..8).unwrap_or(request)
    )
}
