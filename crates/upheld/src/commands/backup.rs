//! `upheld backup`: everything that Upheld keeps, in one file.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use app::{Error, House, Result};

use crate::args::Backup;
use crate::screen::Screen;

pub(crate) async fn run(house: &House, wish: &Backup, screen: &Screen) -> Result<ExitCode> {
    let number = render::words::number;
    let to_screen = wish.file.as_os_str() == "-";
    let written = if to_screen {
        let out = std::io::stdout();
        if out.is_terminal() {
            return Err(Error::Refused(
                "a backup is no text: name a file, or lead it into another program".to_owned(),
            ));
        }
        house.back_up(out.lock()).await
    } else {
        let mut file = app::backup::new_file(&wish.file)?;
        let written = house.back_up(std::io::BufWriter::new(&mut file)).await;
        let kept = written.and_then(|written| {
            file.flush().and_then(|()| file.sync_all()).map_err(|source| Error::File {
                doing: "cannot write",
                path: wish.file.clone(),
                source,
            })?;
            Ok(written)
        });
        if kept.is_err() {
            // Half a backup is none.
            drop(std::fs::remove_file(&wish.file));
        }
        kept
    }?;
    screen.calm();
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, why) in &written.left_out {
        reasons.entry(why).or_default().push(name);
    }
    for (why, names) in reasons {
        screen.note(&format!("◆ Not in the backup, because {why}: {}", names.join(", ")));
    }
    if to_screen {
        screen.note(&format!("{} rows were backed up.", number(written.rows)));
        return Ok(ExitCode::SUCCESS);
    }
    screen.say(&format!(
        "● {} rows, {} entries of the log, the keys and {} files of the policy are in {}.",
        number(written.rows),
        number(written.manifest.entries),
        number(written.files as u64),
        wish.file.display()
    ));
    screen.say("  Whoever holds this file can read everything that Upheld keeps. Put it where only you can reach it.");
    screen.json(&serde_json::json!(written));
    Ok(ExitCode::SUCCESS)
}
