//! `upheld ledger …`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::Result;

use crate::args::{Ledger, LedgerVerify};
use crate::commands::{code, house};
use crate::screen::Screen;

pub(crate) async fn run(folder: &Path, ledger: Ledger, screen: &Screen) -> Result<ExitCode> {
    match ledger {
        Ledger::Verify(LedgerVerify { folder: Some(log), key: Some(key) }) => {
            let checked = app::ledger::verify_folder(&log, &key)?;
            Ok(tell(&checked, screen))
        }
        Ledger::Verify(_) => {
            let checked = house(folder, screen)?.verify_ledger().await?;
            Ok(tell(&checked, screen))
        }
        Ledger::Prove(prove) => {
            let proved = house(folder, screen)?.prove(&prove.id, prove.out).await?;
            screen.json(&serde_json::json!({
                "proof": proved.proof, "opening": proved.opening, "entry": proved.entry,
                "key": proved.key,
            }));
            screen.say(&format!(
                "Entry {} of the log is proved by {}; what it stands for is in {}",
                proved.entry,
                proved.proof.display(),
                proved.opening.display()
            ));
            Ok(ExitCode::SUCCESS)
        }
        Ledger::Export(export) => {
            let made: PathBuf = export.folder;
            let key = house(folder, screen)?.export_ledger(&made).await?;
            screen.json(&serde_json::json!({ "folder": made, "key": key }));
            screen.say(&format!(
                "{} holds the log; README.txt in it says how to check it",
                made.display()
            ));
            screen.say(&format!("Public key: {key}"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

pub(crate) fn tell(checked: &app::ledger::Checked, screen: &Screen) -> ExitCode {
    screen.calm();
    screen.json(&serde_json::json!(checked));
    for line in checked.lines() {
        screen.say(&line);
    }
    code(checked.holds)
}
