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
        Ledger::Anchor(anchor) if anchor.files.is_empty() => {
            let anchors = house(folder, screen)?.anchored().await?;
            screen.json(&serde_json::json!(anchors));
            if anchors.is_empty() {
                screen
                    .say("No anchor: an older copy of `.upheld` that is restored goes unnoticed.");
                screen.say("Name folders in upheld.toml, best on another machine: anchors = [\"user\", \"/mnt/backup/upheld\"]");
            }
            let lines: Vec<String> = anchors.iter().map(app::ledger::anchor_line).collect();
            lines.iter().for_each(|line| screen.say(line));
            Ok(code(!lines.iter().any(|line| line.starts_with('✕'))))
        }
        Ledger::Anchor(anchor) => {
            let house = house(folder, screen)?;
            let mut fine = true;
            for file in &anchor.files {
                let compared = house.compare_with(file).await?;
                screen.json(&serde_json::json!(compared));
                for stand in compared.stands {
                    let anchor = app::ledger::Anchored { place: file.clone(), stand };
                    let line = app::ledger::anchor_line(&anchor);
                    fine &= !line.starts_with('✕');
                    screen.say(&line);
                }
            }
            Ok(code(fine))
        }
        Ledger::Reconcile(wish) => reconcile(&house(folder, screen)?, wish.reason, screen).await,
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

/// Explains what is missing; with a reason, goes on without it.
async fn reconcile(
    house: &app::House,
    reason: Option<String>,
    screen: &Screen,
) -> Result<ExitCode> {
    let Some(missing) = house.missing().await? else {
        screen.json(&serde_json::json!({ "missing": null }));
        screen.say("Nothing is missing: folder, database and anchors fit together.");
        return Ok(ExitCode::SUCCESS);
    };
    if reason.is_none() && !missing.whole {
        screen.json(&serde_json::json!({ "missing": missing }));
        missing.lines().iter().for_each(|line| screen.say(line));
        screen.say("");
        screen.say("First choice: restore a newer copy of `.upheld`, and nothing is lost.");
        screen.say("If there is none: give a reason, and the log ends here and goes on under a new name with");
        screen.say("all entries that are left; its next entry says what was lost and why.");
        screen.say(
            "  upheld ledger reconcile --reason 'the disk failed; the newest backup is of Monday'",
        );
        return Ok(code(false));
    }
    missing.lines().iter().for_each(|line| screen.say(line));
    let done = house.reconcile(&reason.unwrap_or_default()).await?;
    screen.json(&serde_json::json!(done));
    done.lines().iter().for_each(|line| screen.say(line));
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn tell(checked: &app::ledger::Checked, screen: &Screen) -> ExitCode {
    screen.calm();
    screen.json(&serde_json::json!(checked));
    for line in checked.lines() {
        screen.say(&line);
    }
    code(checked.holds)
}
