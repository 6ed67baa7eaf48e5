//! The use cases: what a person can have done, one function each.
//!
//! A door (the command line today) turns words into one of these calls and the answer into words
//! again. Between them lies everything that must be true whichever door was used: the policy is
//! sound before a system is opened, credentials are lent for the length of a connection, a change
//! of our own state and the event that proves it are one transaction, nothing is handed out half.
//!
//! What is deliberately not here: printing, asking, parsing of arguments. A use case that needs a
//! person's yes ends there and goes on in another call.
//!
//! ```no_run
//! # async fn doc() -> Result<(), app::Error> {
//! let house = app::House::open(std::path::Path::new("my-msp"), app::Means::of_this_machine())?;
//! let report = house.check()?;
//! assert!(report.is_sound());
//! # Ok(()) }
//! ```

pub mod again;
pub mod allowed;
pub mod attest;
pub mod backup;
mod certificate;
pub mod check;
pub mod clock;
pub mod connect_system;
pub mod console;
mod contents;
pub mod deidentify;
pub mod demo;
pub mod desk;
pub mod destruction;
pub mod disclosure;
pub mod doctor;
mod error;
#[cfg(test)]
mod fixture;
mod held;
pub mod hold;
pub mod hooks;
mod house;
pub mod identity;
pub mod init;
pub mod intake;
pub mod jobs;
mod keeper;
mod kinds;
pub mod ledger;
pub mod letters;
pub mod list;
pub mod mail;
pub mod map;
pub mod marks;
pub mod messages;
pub mod network;
mod package;
pub mod publication;
pub mod reading;
pub mod reconcile;
pub mod rectify;
pub mod register;
pub mod replay;
pub mod request;
pub mod retain;
pub mod scan;
mod sealer;
mod settings;
pub mod staff;
mod state;
pub mod status;
mod systems;
pub mod telling;
pub mod together;
mod view;
pub mod visit;

pub use error::Error;
pub use house::{Environment, House, Means};
pub use settings::{
    Api, Centre, Connection, ModelSettings, Serve, Settings, ShownPromises, ShownWord,
};

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;
