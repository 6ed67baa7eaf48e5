//! `upheld retain …`

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::retain::{RunCame, RunLeave};
use app::{Error, House, Result};
use clap::{Args as ClapArgs, Subcommand};
use engine::retain::Ended;
use render::words::{count, number};

use crate::commands::code;
use crate::screen::Screen;

#[derive(Debug, Subcommand)]
pub(crate) enum Retain {
    /// Count what is due, rule by rule; change nothing.
    #[command(
        after_help = "Example:\n  upheld retain plan\n  upheld retain plan --system ticketing"
    )]
    Plan(RetainPlan),
    /// Dispose of what is due, in small batches, and issue a signed record of destruction. Ctrl-C
    /// stops after the batch under way; the next run goes on.
    #[command(
        after_help = "Example:\n  upheld retain run\n  upheld retain run --yes -o destruction.json   (from cron)"
    )]
    Run(RetainRun),
    /// List the runs so far.
    List,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RetainPlan {
    /// Only this system.
    #[arg(long, value_name = "NAME")]
    pub(crate) system: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RetainRun {
    /// Only this system.
    #[arg(long, value_name = "NAME")]
    pub(crate) system: Option<String>,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
    /// The digest at the end of the plan that somebody else has read, or its first twelve characters:
    /// where the policy asks for a second person. It holds for the day.
    #[arg(long)]
    pub(crate) digest: Option<String>,
    /// Take no rest between batches. Without it, whoever works beside us has the database half of
    /// the time.
    #[arg(long)]
    pub(crate) full_speed: bool,
    /// The record (.json, with a page .html beside it).
    #[arg(short = 'o', long = "out", value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

pub(crate) async fn run(house: &House, wish: Retain, screen: &Screen) -> Result<ExitCode> {
    match wish {
        Retain::Plan(wish) => plan(house, wish.system.as_deref(), screen).await,
        Retain::Run(wish) => dispose(house, wish, screen).await,
        Retain::List => list(house, screen).await,
    }
}

async fn plan(house: &House, system: Option<&str>, screen: &Screen) -> Result<ExitCode> {
    let view = house.retain_plan(system).await?;
    screen.calm();
    screen.json(&serde_json::json!(view));
    screen.say(&view.to_text(screen.style(), &house.zone()?));
    screen.say(&format!("Digest    {}", view.digest));
    Ok(code(view.is_complete()))
}

async fn dispose(house: &House, wish: RetainRun, screen: &Screen) -> Result<ExitCode> {
    if !wish.yes {
        let view = house.retain_plan(wish.system.as_deref()).await?;
        screen.calm();
        screen.say(&view.to_text(screen.style(), &house.zone()?));
        let rows = count(view.due(), "row", "rows");
        if !screen.ask(&format!("Dispose of {rows}? Type yes, or anything else to leave them:")) {
            screen.json(&serde_json::json!(view));
            screen.say("Nothing was changed. To go ahead without asking: --yes");
            return Ok(code(view.due() == 0 && view.waking == 0));
        }
    }
    let stop = Arc::new(AtomicBool::new(false));
    let leave = RunLeave {
        system: wish.system,
        digest: wish.digest,
        full_speed: wish.full_speed,
        out: wish.out,
        stop: Arc::clone(&stop),
    };
    let listening = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.store(true, Ordering::Relaxed);
        }
    });
    let came = house.retain_run(leave).await;
    listening.abort();
    screen.calm();
    tell(came?, house, screen)
}

pub(crate) fn tell(came: RunCame, house: &House, screen: &Screen) -> Result<ExitCode> {
    match came {
        RunCame::Stopped(run) => {
            screen.json(&serde_json::json!({ "stopped": true, "run": run }));
            for told in &run.tasks {
                if let Some(Ended::NotReached(why)) = &told.ended {
                    screen.say(&format!("{}: {why}", told.task));
                }
            }
            screen.say(&format!(
                "Stopped after {}. To go on: upheld -C {} retain run",
                count(run.rows(), "row", "rows"),
                house.folder().display()
            ));
            Ok(code(false))
        }
        RunCame::Ended { run, record, told, woken } => {
            screen.json(&serde_json::json!({
                "run": run, "complete": told.complete, "record": record.json, "page": record.page,
                "entry": record.entry, "erasures": woken,
            }));
            screen.say(&told.to_text(screen.style(), &house.zone()?));
            screen.say(&format!(
                "Record: {} (to print: {}), entry {} of the log",
                record.json.display(),
                record.page.display(),
                record.entry
            ));
            for one in &woken {
                let short = one.request.get(..8).unwrap_or(&one.request);
                screen.say(&format!("Request {short}: {}", one.came));
                if let Some(file) = &one.certificate {
                    screen.say(&format!("  Certificate: {}", file.display()));
                }
            }
            Ok(code(told.complete && woken.iter().all(|one| one.done)))
        }
    }
}

async fn list(house: &House, screen: &Screen) -> Result<ExitCode> {
    let runs = house.retain_runs().await?;
    screen.calm();
    screen.json(&serde_json::json!(runs));
    if runs.is_empty() {
        screen.say("No run yet: `upheld retain plan` shows what is due.");
    }
    let zone = house.zone().map_err(|error| Error::Refused(error.to_string()))?;
    for run in runs {
        let ended = match (run.ended_at, run.complete) {
            (None, _) => "interrupted, goes on with the next run",
            (Some(_), true) => "complete",
            (Some(_), false) => "incomplete",
        };
        screen.say(&format!(
            "{}  {}  {} rows, {ended}",
            run.id.get(..8).unwrap_or(&run.id),
            render::words::moment(run.begun_at, &zone),
            number(run.rows)
        ));
    }
    Ok(ExitCode::SUCCESS)
}
