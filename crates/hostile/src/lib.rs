//! What a stranger may send, and what must hold of it all the same.
//!
//! Upheld reads bytes that others wrote: mails in a ticket, rows of a database, files of a folder,
//! proofs, policies of a repository, names of attachments. A [`Target`] is one door through which
//! they come in: a function that takes any bytes and asserts whatever that door promises: that what
//! was taken out is not found again, that a file is the sum of its records, that a cell begins no
//! formula. That it does not crash is the least of it.
//!
//! The same functions are used three times:
//!
//! * the fuzzer of the folder `fuzz` drives them, guided by coverage (`cargo fuzz run search`);
//! * a test replays the corpus that fuzzing left, and a few thousand mutations of it made from a
//!   seed ([`mutate`]);
//! * further tests feed them inputs that are [`shapes`] of trouble, of one and of two lengths, and
//!   count the memory and the instructions: both must grow with the input and no faster.
//!
//! What is deliberately not here: any judgement of speed in seconds, any input that somebody else
//! wrote, and anything that the shipped rooms use.

mod doors;
pub mod mutate;
pub mod shapes;

pub use doors::{TARGETS, Target, target};

/// Feeds the door of this name.
///
/// # Panics
/// When there is none, or when a promise is broken: that is what a fuzzer looks for.
pub fn run(name: &str, data: &[u8]) {
    let target = target(name);
    assert!(target.is_some(), "there is no door `{name}`");
    if let Some(target) = target {
        (target.run)(data);
    }
}
