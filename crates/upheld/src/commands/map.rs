//! `upheld map`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::map::{Accepted, Which, Wish};
use app::{Error, House, Result};
use clap::{Args, Subcommand};
use render::map::DataMap;

use super::FAILED;
use crate::screen::Screen;

#[derive(Debug, Args)]
pub(crate) struct Map {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    look: Look,
    /// List every field about people, with what speaks for its category.
    #[arg(long)]
    fields: bool,
    /// Also write the map as one page, with its picture.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Also write the picture: who gives data, where it lies, who receives it.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// End with exit code 1 if map, notice and systems differ.
    #[arg(long)]
    check: bool,
}

#[derive(Debug, Args)]
struct Look {
    /// Systems to look into; all of the policy where none is named.
    systems: Vec<String>,
    #[command(flatten)]
    rows: Rows,
}

#[derive(Debug, Args)]
struct Rows {
    /// Look at this many rows of each table.
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u32).range(1..))]
    sample: Option<u32>,
    /// Look at every row.
    #[arg(long, conflicts_with = "sample")]
    full: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write proposals into the policy folder; comments and everything else in its files stay.
    #[command(
        after_help = "Examples:\n  upheld map accept 3f9a1c 77d0e2\n  upheld map accept --above 90\n\nWhat only a person can decide is told with the words to write. Where a table or column is gone it\nis taken out only if it is named: it may only be hidden from this account."
    )]
    Accept {
        /// Ids of points, as `upheld map` lists them.
        #[arg(required_unless_present = "above")]
        ids: Vec<String>,
        /// Every proposal that is at least so sure, in percent.
        #[arg(long, value_name = "PERCENT", conflicts_with = "ids", value_parser = clap::value_parser!(u8).range(0..=100))]
        above: Option<u8>,
        #[command(flatten)]
        rows: Rows,
    },
}

pub(crate) async fn run(house: &House, given: Map, screen: &Screen) -> Result<ExitCode> {
    let wish =
        |systems: Vec<String>, rows: &Rows| Wish { systems, sample: rows.sample, full: rows.full };
    if let Some(What::Accept { ids, above, rows }) = given.what {
        let which = above.map_or(Which::Ids(ids), Which::Above);
        let accepted = house.accept_drift(&wish(Vec::new(), &rows), &which).await?;
        screen.calm();
        tell_accepted(&accepted, screen);
        // What a person must decide is not done yet.
        return Ok(super::code(accepted.to_do.is_empty()));
    }
    let map = house.data_map(&wish(given.look.systems, &given.look.rows)).await?;
    screen.calm();
    screen.json(&map.to_json());
    screen.say(&map.to_text(screen.style(), given.fields));
    for (file, bytes) in [
        (&given.html, DataMap::to_html as fn(&DataMap) -> String),
        (&given.svg, DataMap::to_svg as fn(&DataMap) -> String),
    ] {
        if let Some(file) = file {
            write(file, bytes(&map).as_bytes())?;
            screen.say(&format!("Written to {}", file.display()));
        }
    }
    if given.check && map.differences() > 0 {
        return Ok(ExitCode::from(FAILED));
    }
    // A system that was not looked into may hold anything.
    Ok(if map.not_reached().is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn tell_accepted(accepted: &Accepted, screen: &Screen) {
    let point = |(id, says): &(String, String)| serde_json::json!({ "id": id, "says": says });
    let to_do = |(id, says, to_do): &(String, String, String)| serde_json::json!({ "id": id, "says": says, "to_do": to_do });
    screen.json(&serde_json::json!({
        "written": accepted.written.iter().map(point).collect::<Vec<_>>(),
        "files": accepted.files,
        "to_do": accepted.to_do.iter().map(to_do).collect::<Vec<_>>(),
    }));
    if accepted.written.is_empty() && accepted.to_do.is_empty() {
        screen.say("Nothing waits that could be written.");
    }
    for (id, says) in &accepted.written {
        screen.say(&format!("● {id}  {says}"));
    }
    for file in &accepted.files {
        screen.say(&format!("Written to {}", file.display()));
    }
    for (id, says, to_do) in &accepted.to_do {
        screen.say(&format!("◆ {id}  {says}\n    For a person to decide: {to_do}"));
    }
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(file, bytes).map_err(|source| Error::File {
        doing: "cannot write",
        path: file.to_owned(),
        source,
    })
}
