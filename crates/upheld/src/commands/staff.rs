//! `upheld staff`

use std::process::ExitCode;

use app::{House, Result};
use model::Personal;

use crate::args::Staff;
use crate::screen::Screen;

pub(crate) async fn run(house: &House, wish: Staff, screen: &Screen) -> Result<ExitCode> {
    let Staff::Recover { email } = wish;
    let link = house.recover_owner(&Personal::new(email)).await?;
    screen.json(&serde_json::json!({ "link": link.expose_secret() }));
    screen.say("Every way in that this owner had has ended. They come in anew by this link, once:");
    screen.say(&format!("  {}", link.expose_secret()));
    Ok(ExitCode::SUCCESS)
}
