//! One file per command: it calls a use case and tells what came of it.

mod attest;
mod backup;
mod batch;
mod check;
mod clocks;
mod connect;
pub(crate) mod deidentify;
mod demo;
pub(crate) mod doctor;
pub(crate) mod hold;
mod init;
mod ledger;
pub(crate) mod map;
pub(crate) mod marks;
pub(crate) mod messages;
mod register;
mod replay;
mod request;
mod restore;
pub(crate) mod retain;
pub(crate) mod scan;
pub(crate) mod serve;
mod staff;
mod status;

use std::path::Path;
use std::process::ExitCode;

use app::{House, Means, Result};

use crate::args::{Args, Command};
use crate::screen::Screen;

/// A promise, a check or a request failed.
pub(crate) const FAILED: u8 = 1;

/// Runs what was typed.
pub(crate) async fn run(args: Args, screen: &Screen) -> Result<ExitCode> {
    let folder = args.folder;
    match args.command {
        Command::Demo(demo) => demo::run(&demo, screen).await,
        Command::Init(init) => init::run(&init, screen),
        Command::Connect(connect) => connect::run(&house(&folder, screen)?, connect, screen).await,
        Command::Check(check) => check::run(&house(&folder, screen)?, &check, screen),
        Command::Status(wish) => status::run(&house(&folder, screen)?, &wish, screen).await,
        Command::Attest(given) => attest::run(&house(&folder, screen)?, given, screen).await,
        Command::Request(request) => request::run(&house(&folder, screen)?, *request, screen).await,
        Command::Marks(wish) => marks::run(&house(&folder, screen)?, wish, screen).await,
        Command::Replay(wish) => replay::run(&house(&folder, screen)?, wish, screen).await,
        Command::Clocks(wish) => clocks::run(&house(&folder, screen)?, wish, screen),
        Command::Staff(wish) => staff::run(&house(&folder, screen)?, wish, screen).await,
        Command::Ledger(ledger) => ledger::run(&folder, ledger, screen).await,
        Command::Register(wish) => register::run(&house(&folder, screen)?, &wish, screen),
        Command::Retain(wish) => retain::run(&house(&folder, screen)?, wish, screen).await,
        Command::Hold(wish) => hold::run(&house(&folder, screen)?, wish, screen).await,
        Command::Scan(wish) => scan::run(&folder, wish, screen).await,
        Command::Map(wish) => map::run(&house(&folder, screen)?, wish, screen).await,
        Command::Deidentify(wish) => deidentify::run(&folder, wish, screen).await,
        Command::Serve(wish) => serve::run(house(&folder, screen)?, wish, screen).await,
        Command::Backup(wish) => backup::run(&house(&folder, screen)?, &wish, screen).await,
        Command::Restore(wish) => restore::run(&folder, &wish, screen).await,
        Command::Doctor(wish) => doctor::run(&house(&folder, screen)?, &wish, screen).await,
    }
}

fn house(folder: &Path, screen: &Screen) -> Result<House> {
    House::open(folder, means(screen))
}

/// This machine's means, with the screen listening.
fn means(screen: &Screen) -> Means {
    Means { progress: screen.listener(), ..Means::of_this_user() }
}

/// Exit code 0, or 1 when something failed.
fn code(fine: bool) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
}
