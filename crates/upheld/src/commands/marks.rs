//! `upheld request restrict|object|opt-out|consent-withdrawal …` and `upheld marks …`

use std::path::PathBuf;
use std::process::ExitCode;

use app::clock::Arrival;
use app::marks::{InForce, MarkAsked, Verdict};
use app::{Error, House, Result};
use clap::{Args, Subcommand};
use model::{Identity, IdentityKind};
use plan::RequestKind;
use serde_json::json;

use crate::commands::code;
use crate::commands::request::WHO;
use crate::screen::Screen;

/// Whom it is about.
#[derive(Debug, Args)]
pub(crate) struct Who {
    /// An e-mail address of the person; may be given several times.
    #[arg(long, value_name = "ADDRESS")]
    email: Vec<String>,
    /// A telephone number, in any spelling.
    #[arg(long, value_name = "NUMBER")]
    phone: Vec<String>,
    /// A name the person signs in with.
    #[arg(long, value_name = "NAME")]
    user_name: Vec<String>,
    /// The number of the person's account.
    #[arg(long, value_name = "ID")]
    account_id: Vec<String>,
}

impl Who {
    fn identities(&self) -> Result<Vec<Identity>> {
        let given = [
            (IdentityKind::Email, &self.email),
            (IdentityKind::Phone, &self.phone),
            (IdentityKind::UserName, &self.user_name),
            (IdentityKind::AccountId, &self.account_id),
        ];
        let one = |kind: IdentityKind, values: &[String]| -> Vec<Identity> {
            values.iter().map(|value| Identity::new(kind, value)).collect()
        };
        let all: Vec<Identity> =
            given.into_iter().flat_map(|(kind, values)| one(kind, values)).collect();
        if all.is_empty() {
            return Err(Error::Refused(WHO.to_owned()));
        }
        Ok(all)
    }
}

/// A request that sets a mark.
#[derive(Debug, Args)]
pub(crate) struct Mark {
    #[command(flatten)]
    who: Who,
    /// Why, in the person's words; kept sealed.
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,
    /// Where the person lives, such as CA-QC: which clocks count. Left out, the shortest does.
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// The day on which the request came, if that was not today.
    #[arg(long, value_name = "DAY")]
    received: Option<String>,
}

/// The same about one use.
#[derive(Debug, Args)]
pub(crate) struct MarkUse {
    /// The use: the key of a purpose in policy.yaml.
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    #[command(flatten)]
    mark: Mark,
}

/// What to do with marks.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Marks {
    #[command(subcommand)]
    what: Option<What>,
    /// Only this kind.
    #[arg(long, value_parser = ["restriction", "objection", "opt_out", "consent_withdrawal"])]
    kind: Option<String>,
    /// Show whose they are.
    #[arg(long)]
    show: bool,
    /// Write them, with whose they are, to a new JSON file that only you can read.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// May data of this person be used? Answers in JSON; exit code 1 is no.
    #[command(
        after_help = "Without --purpose any mark of the person says no. `--purpose sale` and `--purpose sharing` ask about an opt-out.\n\nExample:\n  upheld marks check --email jane.doe@acme.example --purpose newsletter && send"
    )]
    Check {
        #[command(flatten)]
        who: Who,
        /// What for: the key of a purpose in policy.yaml, `sale` or `sharing`.
        #[arg(long, value_name = "PURPOSE")]
        purpose: Option<String>,
    },
    /// End a mark.
    #[command(
        after_help = "Example:\n  upheld marks lift 4f0c12ab --reason 'the data was corrected'"
    )]
    Lift {
        /// The mark's number, or its first characters.
        id: String,
        /// Why; kept sealed.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// Sets a mark about everything, or about sale and sharing.
pub(crate) async fn set(
    house: &House,
    kind: RequestKind,
    mark: Mark,
    screen: &Screen,
) -> Result<ExitCode> {
    set_use(house, kind, MarkUse { purpose: None, mark }, screen).await
}

/// Sets a mark about a use.
pub(crate) async fn set_use(
    house: &House,
    kind: RequestKind,
    asked: MarkUse,
    screen: &Screen,
) -> Result<ExitCode> {
    let MarkUse { purpose, mark } = asked;
    let identities = mark.who.identities()?;
    let arrival = Arrival { place: mark.place, received: mark.received };
    let marked =
        house.mark(MarkAsked { kind, identities, purpose, because: mark.because, arrival }).await?;
    screen.json(&json!(marked));
    let short = marked.mark.get(..8).unwrap_or(&marked.mark);
    if marked.stood {
        screen.say(&format!("Nothing to do: mark {short} says so already."));
        return Ok(ExitCode::SUCCESS);
    }
    screen.say(&format!("Marked: {short} holds from now on. `upheld marks check` answers for it."));
    if marked.messages > 0 {
        let request = marked.request.as_deref().unwrap_or_default();
        screen.say(&super::messages::to_tell(marked.messages, request));
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn run(house: &House, marks: Marks, screen: &Screen) -> Result<ExitCode> {
    match marks.what {
        Some(What::Check { who, purpose }) => {
            let verdict = house.check_marks(who.identities()?, purpose.as_deref()).await?;
            tell(&verdict);
            Ok(code(verdict.allowed))
        }
        Some(What::Lift { id, reason }) => {
            let id = house.lift_mark(&id, &reason).await?;
            screen.json(&json!({ "mark": id, "lifted": true }));
            screen.say("Lifted. Whose it was is forgotten.");
            Ok(ExitCode::SUCCESS)
        }
        None => list(house, marks, screen).await,
    }
}

/// For scripts: one line of JSON, whatever else was asked for.
#[allow(clippy::print_stdout, reason = "the answer is read by a program")]
fn tell(verdict: &Verdict) {
    println!("{}", json!(verdict));
}

async fn list(house: &House, marks: Marks, screen: &Screen) -> Result<ExitCode> {
    if let Some(file) = &marks.export {
        let count = house.export_marks(marks.kind.as_deref(), file).await?;
        screen.json(&json!({ "file": file, "marks": count }));
        let count = render::words::count(count as u64, "mark", "marks");
        screen.say(&format!("{count} in {}: it names people, keep it closed", file.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let found = house.marks(marks.kind.as_deref(), marks.show).await?;
    screen.json(&json!(found));
    if found.is_empty() {
        screen.say("No marks are in force. `upheld request restrict|object|opt-out|consent-withdrawal` sets one.");
    }
    let zone = house.zone()?;
    for mark in &found {
        screen.say(&format!(
            "{}  {}  {}",
            mark.id.get(..8).unwrap_or(&mark.id),
            render::words::day(mark.since, &zone),
            render::words::message::mark(&mark.kind, mark.purpose.as_deref())
        ));
        if marks.show {
            screen.say(&format!("          {}", whose(mark)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn whose(mark: &InForce) -> String {
    if mark.identities.is_empty() {
        return "of somebody who was erased since; it is found by keyed hashes only".to_owned();
    }
    let values: Vec<String> =
        mark.identities.iter().map(|i| render::text::one_line(i.value.expose())).collect();
    values.join(", ")
}
