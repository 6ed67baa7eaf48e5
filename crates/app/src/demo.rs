//! A complete sample MSP, made on the spot.

use std::path::Path;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use model::Micros;

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
    now: Micros,
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
    date_papers(folder, now)?;
    write_whole(&folder.join("upheld.toml"), SETTINGS.as_bytes())?;
    let options = sample::Options { people, ..sample::Options::default() };
    Ok(sample::build(folder, &options, progress).await?)
}

/// What the demo's settings begin with.
const SETTINGS: &str =
    "# A demo is thrown away: nothing of its log is kept outside this folder.\nanchors = []\n";

/// The day on which the pack's certificates were all in force.
const PACK_DAY: Date = date(2026, 11, 23);
/// A certificate of the sample lapses so many days from now: soon enough to be a risk.
const LAPSES_IN: i32 = 20;

/// Moves the days of the pack's made-up certificates and contracts to the day of the demo, so that
/// they are in force whenever it is run, and lets one of them lapse soon.
fn date_papers(folder: &Path, now: Micros) -> Result<()> {
    let today = Timestamp::from_microsecond(now.0)
        .map_or(PACK_DAY, |moment| moment.to_zoned(TimeZone::UTC).date());
    let shift = today.since(PACK_DAY).map_or(0, |span| span.get_days());
    let moved = |day: Date, by: i32| day.checked_add(by.days()).unwrap_or(day).to_string();
    let path = folder.join("recipients.yaml");
    let text = std::fs::read_to_string(&path).map_err(Error::file("cannot read", &path))?;
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let lapses = line.contains("title: ISO 27001");
        let mut rest = line;
        while let Some((before, after)) = ["dated: ", "until: "]
            .iter()
            .filter_map(|key| rest.split_once(key).map(|(before, after)| (before, *key, after)))
            .min_by_key(|(before, ..)| before.len())
            .map(|(before, key, after)| {
                out.push_str(before);
                out.push_str(key);
                (key, after)
            })
        {
            let (day, tail) = after.split_at_checked(10).unwrap_or((after, ""));
            match day.parse::<Date>() {
                Ok(_) if lapses && before == "until: " => out.push_str(&moved(today, LAPSES_IN)),
                Ok(day) => out.push_str(&moved(day, shift)),
                Err(_) => out.push_str(day),
            }
            rest = tail;
        }
        out.push_str(rest);
        out.push('\n');
    }
    write_whole(&path, out.as_bytes())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_papers_are_in_force_on_the_day_of_the_demo_and_one_lapses_soon() {
        let folder = tempfile::tempdir().unwrap();
        init::init(folder.path(), PACK).unwrap();
        let now = date(2031, 3, 10).to_zoned(TimeZone::UTC).unwrap().timestamp();
        date_papers(folder.path(), Micros(now.as_microsecond())).unwrap();
        let text = std::fs::read_to_string(folder.path().join("recipients.yaml")).unwrap();
        let until: Vec<&str> =
            text.split("until: ").skip(1).filter_map(|after| after.get(..10)).collect();
        assert!(until.contains(&"2031-03-30"), "{text}");
        assert!(until.iter().all(|day| *day > "2031-03-10"), "{until:?}");
        assert!(!text.contains("2025-") && !text.contains("2026-"), "{text}");
        assert!(policy::load(&policy::read_folder(folder.path()).unwrap()).is_sound());
    }
}
