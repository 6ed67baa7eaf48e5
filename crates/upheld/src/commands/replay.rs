//! `upheld replay`: erase again what a restored backup brought back.

use std::process::ExitCode;

use app::replay::{Look, Wish};
use app::request::{Came, Leave};
use app::{Error, House, Result};

use crate::args::Replay;
use crate::commands::{code, request};
use crate::screen::Screen;

pub(crate) async fn run(house: &House, wish: Replay, screen: &Screen) -> Result<ExitCode> {
    let zone = house.zone()?;
    let backup_of = match &wish.backup_of {
        None => None,
        Some(text) => Some(zone.start_of_day(text).ok_or_else(|| {
            Error::Refused(format!("`{text}` is not a day: write it as 2026-01-31"))
        })?),
    };
    let look = house.look_for_erased(&Wish { systems: wish.systems.clone(), backup_of }).await?;
    screen.calm();
    let number = render::words::number;
    for read in &look.read {
        let kept = match read.kept {
            0 => String::new(),
            kept => format!(", {} more are kept by a minimum age", number(kept)),
        };
        let rows = read.rows.saturating_sub(read.kept);
        screen.say(&format!("{}: {} rows read{kept}", read.system, number(rows)));
        for (collection, why) in &read.left_out {
            screen.note(&format!("  `{collection}` is left out by the map: {why}"));
        }
        for (collection, why) in &read.not_read {
            screen.note(&format!("  ◆ `{collection}` was not read: {why}"));
        }
    }
    for (system, why) in &look.not_reached {
        screen.note(&format!("◆ {system} was not reached: {why}"));
    }
    screen.say(&format!(
        "{} earlier erasure(s) were looked for; {} of these people are there again.",
        number(look.erasures as u64),
        number(look.people.len() as u64)
    ));
    for back in &look.people {
        let places: Vec<String> = back
            .found
            .iter()
            .map(|(system, values)| format!("{system} ({} values)", number(*values)))
            .collect();
        screen.say(&format!(
            "  erased by request {} on {}: again in {}",
            back.erased_by.get(..8).unwrap_or(&back.erased_by),
            render::words::moment(back.erased_at, &zone),
            places.join(", ")
        ));
    }
    if wish.plan || look.people.is_empty() {
        screen.json(&serde_json::json!(look));
        if look.people.is_empty() {
            note(house, &look, true, screen).await?;
        }
        return Ok(code(look.is_whole() && look.people.is_empty()));
    }
    if !wish.yes
        && !screen.ask(
            "Somebody may have come back on their own since. Erase all of them again? Type yes:",
        )
    {
        screen.say("Nothing was changed. `upheld replay --plan` shows them again.");
        return Ok(code(false));
    }
    let folder = wish.out.clone().unwrap_or_else(|| "replay".into());
    std::fs::create_dir_all(&folder).map_err(|source| Error::File {
        doing: "cannot make",
        path: folder.clone(),
        source,
    })?;
    let mut complete = look.is_whole();
    for back in &look.people {
        let leave = Leave {
            go_ahead: true,
            out: Some(house.replay_certificate(back, &folder)),
            ..Leave::default()
        };
        // One who must not be erased, because they came back and asked for restriction since, keeps
        // nobody else in the system.
        let standing = match house.erase_again(back, leave).await {
            Ok(standing) => standing,
            Err(Error::Refused(why)) => {
                screen.note(&format!(
                    "\u{25c6} erased by request {} before, and not again: {why}",
                    back.erased_by.get(..8).unwrap_or(&back.erased_by)
                ));
                complete = false;
                continue;
            }
            Err(error) => return Err(error),
        };
        screen.calm();
        request::tell(&standing, screen);
        complete &= match &standing.came {
            Came::Erased { incomplete, .. } => incomplete.is_empty(),
            Came::Nobody => true,
            _ => {
                screen.note(&format!(
                    "◆ request {} waits for a person: upheld request resume {}",
                    standing.id.get(..8).unwrap_or(&standing.id),
                    standing.id.get(..8).unwrap_or(&standing.id)
                ));
                false
            }
        };
    }
    note(house, &look, complete, screen).await?;
    Ok(code(complete))
}

/// After a restore of Upheld itself: once nobody is there again, the server may serve.
async fn note(house: &House, look: &Look, all_erased: bool, screen: &Screen) -> Result<()> {
    if house.note_replayed(look, all_erased).await? {
        screen.say("The restore is complete: nobody who was erased is there again, and `upheld serve` serves.");
    }
    Ok(())
}
