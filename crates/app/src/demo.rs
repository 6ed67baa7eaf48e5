//! A complete sample MSP, made on the spot.

use std::path::Path;

use crate::house::{House, Means};
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

/// Opens the demo's house.
pub fn open(folder: &Path, means: Means) -> Result<House> {
    for (name, connection) in connections() {
        Settings::write_connection(folder, name, &connection)?;
    }
    House::open(folder, means)
}
