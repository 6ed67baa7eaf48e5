//! `upheld doctor`

use std::process::ExitCode;

use app::{House, Result};
use render::coverage::State;

use crate::commands::code;
use crate::screen::Screen;

pub(crate) async fn run(house: &House, screen: &Screen) -> Result<ExitCode> {
    let examined = house.doctor().await?;
    screen.calm();
    screen.json(&serde_json::json!(examined));
    for one in &examined {
        let state = if one.healthy { State::Upheld } else { State::Broken };
        screen.say(&format!("{} {}", screen.style().state(state, state.sign()), one.what));
        for line in &one.says {
            screen.say(&format!("    {line}"));
        }
    }
    Ok(code(examined.iter().all(|one| one.healthy)))
}
