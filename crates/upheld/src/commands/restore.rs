//! `upheld restore`: a house from a backup.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::process::ExitCode;

use app::{Error, House, Result};

use crate::args::Restore;
use crate::commands::means;
use crate::screen::Screen;

pub(crate) async fn run(folder: &Path, wish: &Restore, screen: &Screen) -> Result<ExitCode> {
    let from: Box<dyn Read> = if wish.file.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        let file = File::open(&wish.file).map_err(|source| Error::File {
            doing: "cannot read",
            path: wish.file.clone(),
            source,
        })?;
        Box::new(BufReader::new(file))
    };
    let restored = app::backup::restore(folder, from, means(screen)).await?;
    screen.calm();
    let number = render::words::number;
    screen.say(&format!(
        "● What Upheld kept on {} is in place: {} entries of the log.",
        render::words::moment(
            restored.manifest.made_at,
            &House::open(folder, means(screen))?.zone()?
        ),
        number(restored.manifest.entries)
    ));
    match restored.files {
        0 => screen.say("  The policy that was here stayed as it is."),
        files => {
            screen.say(&format!("  {} files of the policy were written.", number(files as u64)));
        }
    }
    screen.say(&format!(
        "  {} sessions and tokens were ended. Look at People: who was kept out since is active again.",
        number(restored.ended)
    ));
    if !restored.missing.is_empty() {
        for line in &restored.missing {
            screen.say(&format!("! {line}"));
        }
        screen.say("  Nothing works until that is settled: `upheld ledger reconcile` says how.");
    }
    screen.say("  Next: `upheld replay` looks for people who were erased and are there again. Until then `upheld serve` serves nobody.");
    screen.json(&serde_json::json!(restored));
    Ok(ExitCode::SUCCESS)
}
