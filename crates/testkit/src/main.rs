//! `testkit with-servers -- COMMAND…`: one PostgreSQL and one MariaDB around a whole test run.

#![expect(clippy::print_stderr, reason = "a tool for people at a terminal")]

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let with_servers = words.next().is_some_and(|word| word == "with-servers");
    let command: Vec<_> = words.skip_while(|word| word == "--").collect();
    let (true, Some((program, arguments))) = (with_servers, command.split_first()) else {
        eprintln!("usage: testkit with-servers -- COMMAND…");
        return ExitCode::from(2);
    };
    let (postgres, mariadb) = std::thread::scope(|scope| {
        let postgres = scope.spawn(|| testkit::postgres().url());
        (postgres.join(), testkit::mariadb().url())
    });
    let Ok(postgres) = postgres else { return ExitCode::from(2) };
    let status = Command::new(program)
        .args(arguments)
        .env(testkit::POSTGRES, postgres)
        .env(testkit::MARIADB, mariadb)
        .status();
    match status {
        Ok(status) => {
            ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
        }
        Err(error) => {
            eprintln!("`{}` cannot be started: {error}", program.to_string_lossy());
            ExitCode::from(2)
        }
    }
}
