//! A complete sample MSP, made on the spot.

use std::path::Path;

use crate::house::{House, Means, write_whole};
use crate::{Connection, Error, Result, Settings, init};

pub use sample::Progress;

/// The pack that the demo's policy is made from.
const PACK: &str = "msp-canada";

/// Makes the folder with the sample's data and its policy. Maps are made by
/// [`House::connect_system`], as for any system.
pub async fn build(
    folder: &Path,
    people: u32,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<sample::Summary> {
    if folder.exists()
        && std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
    {
        return Err(Error::Refused(format!(
            "`{}` is not empty: the demo wants a new folder, so that nothing of yours is touched",
            folder.display()
        )));
    }
    std::fs::create_dir_all(folder).map_err(Error::file("cannot make", folder))?;
    init::init(folder, PACK)?;
    let options = sample::Options { people, ..sample::Options::default() };
    Ok(sample::build(folder, &options, progress).await?)
}

/// Tells the folder how its four databases are reached.
pub fn connections() -> Vec<(&'static str, Connection)> {
    sample::SYSTEMS
        .iter()
        .map(|system| {
            let connection = Connection {
                url: format!("sqlite:{}/{system}.db", sample::FOLDER),
                ..Connection::default()
            };
            (*system, connection)
        })
        .collect()
}

/// Decides what a person decides after the map is written: which law keeps invoices and payments.
/// Says so in the map of the billing system, as one would by hand.
pub fn decide(folder: &Path) -> Result<()> {
    let file = folder.join("systems/billing.yaml");
    let text = std::fs::read_to_string(&file).map_err(Error::file("cannot read", &file))?;
    let lines = text.lines().map(|line| {
        let (indent, rest) = line.split_at(line.len() - line.trim_start().len());
        if rest.starts_with("because: ") && rest.contains("law") {
            format!("{indent}because: Income Tax Act, section 230\n")
        } else {
            format!("{line}\n")
        }
    });
    write_whole(&file, lines.collect::<String>().as_bytes())
}

/// Opens the demo's house.
pub fn open(folder: &Path, means: Means) -> Result<House> {
    for (name, connection) in connections() {
        Settings::write_connection(folder, name, &connection)?;
    }
    House::open(folder, means)
}
