//! `upheld init`

use std::process::ExitCode;

use app::Result;

use crate::args::Init;
use crate::screen::Screen;

pub(crate) fn run(init: &Init, screen: &Screen) -> Result<ExitCode> {
    let files = app::init::init(&init.folder, &init.pack)?;
    let folder = init.folder.display();
    screen.json(&serde_json::json!({ "folder": init.folder, "files": files }));
    screen.say(&format!("{folder} holds a policy from the pack `{}`:", init.pack));
    for file in &files {
        screen.say(&format!("  {}", file.display()));
    }
    screen.say("");
    screen.say("Next: put your own notice into notice.md and your name into policy.yaml, then");
    screen.say(&format!(
        "  upheld -C {folder} connect NAME URL    for each system that holds people's data"
    ));
    screen.say(&format!("  upheld -C {folder} check"));
    Ok(ExitCode::SUCCESS)
}
