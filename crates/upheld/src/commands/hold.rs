//! `upheld hold …`

use std::process::ExitCode;

use app::hold::{Wanted, place};
use app::{Error, House, Result};
use clap::{Args as ClapArgs, Subcommand};
use model::{Identity, IdentityKind};
use plan::Held;
use render::words::{calendar_day, count, day};

use crate::commands::code;
use crate::screen::Screen;

#[derive(Debug, Subcommand)]
pub(crate) enum Hold {
    /// Put a person, a client, a system, a collection or a record on hold.
    #[command(
        after_help = "Example:\n  upheld hold add --client northwind --reason \"claim 12/2026\" --owner legal --until 2027-06-30\n  upheld hold add --record billing.invoices:4711 --reason \"tax audit\" --owner finance"
    )]
    Add(HoldAdd),
    /// List the holds.
    List,
    /// Lift a hold: what it kept goes when it is due.
    #[command(
        after_help = "Example:\n  upheld hold lift 4f0c12ab --reason \"the claim is settled\""
    )]
    Lift(HoldLift),
}

#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
pub(crate) struct HoldAdd {
    /// A person, by e-mail address; may be given several times for one person.
    #[arg(long, value_name = "ADDRESS", group = "what", conflicts_with_all = ["client", "system", "collection", "record"])]
    pub(crate) person_email: Vec<String>,
    /// A client of clients.yaml, with everything that belongs to it.
    #[arg(long, value_name = "KEY", group = "what", conflicts_with_all = ["system", "collection", "record"])]
    pub(crate) client: Option<String>,
    /// A whole system.
    #[arg(long, value_name = "NAME", group = "what", conflicts_with_all = ["collection", "record"])]
    pub(crate) system: Option<String>,
    /// A whole collection.
    #[arg(long, value_name = "SYSTEM.COLLECTION", group = "what", conflicts_with = "record")]
    pub(crate) collection: Option<String>,
    /// One record by its key, with everything that belongs to it.
    #[arg(long, value_name = "SYSTEM.COLLECTION:KEY", group = "what")]
    pub(crate) record: Option<String>,
    /// Why. Plans and certificates repeat it, so it names no person.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Who answers for it.
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: String,
    /// The last day on which it holds. Left out, it holds until it is lifted.
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct HoldLift {
    /// The hold's number, or its first characters.
    pub(crate) id: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

pub(crate) async fn run(house: &House, wish: Hold, screen: &Screen) -> Result<ExitCode> {
    match wish {
        Hold::Add(wish) => add(house, wish, screen).await,
        Hold::List => list(house, screen).await,
        Hold::Lift(wish) => {
            let id = house.lift_hold(&wish.id, &wish.reason).await?;
            screen.calm();
            screen.json(&serde_json::json!({ "hold": id, "lifted": true }));
            screen.say(&format!(
                "Lifted. What hold {} kept goes with the next run when it is due.",
                id.get(..8).unwrap_or(&id)
            ));
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn add(house: &House, wish: HoldAdd, screen: &Screen) -> Result<ExitCode> {
    let what = if let Some(client) = wish.client {
        Held::Client(client)
    } else if let Some(system) = wish.system {
        Held::System(system)
    } else if let Some(collection) = &wish.collection {
        Held::Collection(place(collection)?)
    } else if let Some(record) = &wish.record {
        let (at, key) = record.split_once(':').ok_or_else(|| {
            Error::Refused("write the record as SYSTEM.COLLECTION:KEY".to_owned())
        })?;
        Held::Record(place(at)?, key.to_owned())
    } else {
        let emails = wish.person_email.iter();
        Held::Person(emails.map(|email| Identity::new(IdentityKind::Email, email)).collect())
    };
    let wanted = Wanted { what, reason: wish.reason, owner: wish.owner, until: wish.until };
    let added = house.hold(wanted).await?;
    screen.calm();
    screen.json(&serde_json::json!({
        "hold": added.id, "rows": added.rows, "not_reached": added.not_reached,
    }));
    let short = added.id.get(..8).unwrap_or(&added.id);
    screen.say(&match added.rows {
        None => format!("Hold {short} keeps everything there."),
        Some(0) => format!("Hold {short} stands, and keeps no row that is there now."),
        Some(rows) => format!("Hold {short} keeps {}.", count(rows, "row", "rows")),
    });
    for system in &added.not_reached {
        screen.note(&format!("◆ {system} was not reached: nothing goes there while it is so"));
    }
    Ok(code(added.not_reached.is_empty()))
}

async fn list(house: &House, screen: &Screen) -> Result<ExitCode> {
    let holds = house.holds().await?;
    let zone = house.zone()?;
    screen.calm();
    screen.json(&serde_json::json!(holds));
    if holds.is_empty() {
        screen.say("No hold.");
    }
    for hold in holds {
        let until = match (&hold.ends_on, hold.lifted_at, hold.holds) {
            (_, Some(at), _) => format!("lifted {}", day(at, &zone)),
            (Some(end), _, true) => format!("until {}", calendar_day(end)),
            (Some(end), _, false) => format!("ended {}", calendar_day(end)),
            (None, _, _) => "until it is lifted".to_owned(),
        };
        screen.say(&format!(
            "{}  {}, since {}, {until}",
            hold.id.get(..8).unwrap_or(&hold.id),
            hold.what,
            day(hold.begun_at, &zone)
        ));
        screen.say(&format!("          {} ({})", hold.reason, hold.owner));
    }
    Ok(ExitCode::SUCCESS)
}
