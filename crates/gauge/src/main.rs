//! Small pieces of work that are the same on every machine, for `cargo xtask gauge`, which counts the
//! instructions that each takes and compares them with `bench/gauge.json`.
//!
//! Seconds on a shared machine prove nothing; instructions counted by valgrind do not depend on who
//! else works there. They are no speed either: a cache that is missed costs none. So they guard
//! what `bench` has measured, and say at once which change made it slower.
//!
//! What is deliberately not here: a database, a disk, a thread, a clock, chance. What needs them
//! is measured by `bench`. The rooms in it are the light ones, so that it is built in a minute.
//!
//! `gauge` lists the pieces, `gauge NAME` does one. Only what runs inside [`measured_work`] counts.
#![expect(clippy::print_stdout, reason = "it speaks to the program that called it")]

mod kinds;
mod paper;
mod person;
mod proof;
#[path = "../../plan/examples/scale/mod.rs"]
mod scale;
mod text;
#[path = "../../detect/examples/texts/mod.rs"]
mod texts;

use std::process::ExitCode;

/// Work that is ready to be done. What it returns is shown, so that nothing is optimised away and
/// different work cannot pass for faster work.
type Ready = Box<dyn FnOnce() -> u64>;

/// A name, and what makes the work ready, which is not counted.
type Piece = (&'static str, fn() -> Ready);

const PIECES: [Piece; 18] = [
    ("detect-one-in-notes", person::one_in_notes),
    ("detect-thousand-in-notes", person::thousand_in_notes),
    ("detect-one-in-logs", person::one_in_logs),
    ("detect-one-in-mails", person::one_in_mails),
    ("detect-thousand-compiled", person::thousand_compiled),
    ("detect-redacted", person::redacted),
    ("detect-values", person::values),
    ("detect-kinds-in-prose", kinds::in_prose),
    ("detect-kinds-in-notes", kinds::in_notes),
    ("detect-kinds-in-fields", kinds::in_fields),
    ("detect-kinds-in-logs", kinds::in_logs),
    ("plan-chain", proof::plan_chain),
    ("plan-star", proof::plan_star),
    ("policy-resolved", paper::policy_resolved),
    ("package-rendered", paper::package_rendered),
    ("merkle-appended", proof::appended),
    ("merkle-checked", proof::checked),
    ("merkle-proved", proof::proved),
];

/// What valgrind counts. It must stay a function of its own.
#[inline(never)]
fn measured_work(ready: Ready) -> u64 {
    std::hint::black_box(ready())
}

fn main() -> ExitCode {
    let Some(name) = std::env::args().nth(1) else {
        for (name, _) in PIECES {
            println!("{name}");
        }
        return ExitCode::SUCCESS;
    };
    let Some((_, ready)) = PIECES.iter().find(|(known, _)| *known == name) else {
        println!("there is no piece of work `{name}`; without a name they are listed");
        return ExitCode::from(2);
    };
    let ready = ready();
    println!("{}", measured_work(ready));
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_does_something_and_does_it_twice_alike() {
        for (name, ready) in PIECES {
            let first = measured_work(ready());
            assert_ne!(first, 0, "{name} did nothing");
            assert_eq!(first, measured_work(ready()), "{name}");
        }
    }
}
