//! `hostile TARGET BYTES`: feeds one door every shape of trouble of that length, once. The test of
//! the work runs it under an instruction counter.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let (Some(name), Some(bytes)) = (words.next(), words.next().and_then(|n| n.parse().ok()))
    else {
        return ExitCode::from(2);
    };
    let Some(target) = hostile::target(&name) else { return ExitCode::from(2) };
    let only = words.next();
    for (shape, input) in hostile::shapes::of(&name, bytes) {
        if only.as_deref().is_none_or(|only| only == shape) {
            (target.run)(&input);
        }
    }
    ExitCode::SUCCESS
}
