//! The `upheld` command line.
//!
//! Words in, words out. Arguments become a call of a use case in `app`; its answer is told in plain
//! words, or as JSON with `--json`. What is deliberately not here: any rule about data.
//!
//! Exit codes: 0 fine, 1 a promise or a check failed or a request is incomplete, 2 could not run.

mod args;
mod commands;
mod screen;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Args;
use crate::screen::Screen;

fn main() -> ExitCode {
    // Tests say in a variable where this run shall die; in the shipped binary nobody reads it.
    #[expect(clippy::disallowed_methods, reason = "settings of a run are read here, once")]
    model::crash::arm(|name| std::env::var(name).ok());
    let args = Args::parse();
    let screen = Screen::new(args.json, args.quiet);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            screen.error(&format!("cannot start: {error}"));
            return ExitCode::from(2);
        }
    };
    match runtime.block_on(commands::run(args, &screen)) {
        Ok(code) => code,
        Err(error) => {
            screen.failed(&error);
            ExitCode::from(2)
        }
    }
}
