//! The doors of the server: the public privacy centre, the console for staff, the API, and what
//! whoever runs it looks at.
//!
//! A handler reads what came, calls one use case of `app`, and shows the answer. What is
//! deliberately not here: rules about data or people, SQL, keys, and any page of another origin.
//!
//! * INVARIANT: the router is built from [`routes::table`] and from nothing else, and [`layer::enforce`]
//!   asks that table before a handler is called. A path without a row does not exist.
//! * INVARIANT: no page holds a script or a style of its own; both come as files of our own origin
//!   whose names carry their hash, and the content security policy allows nothing else.
//! * INVARIANT: nothing that tells of a person stands in an address, a line of the journal, a
//!   metric or an error. A line names the row of the table, never the path that was asked for.
//! * INVARIANT: every sentence that the public reads stands in [`words`], once for each language. One
//!   that is missing does not compile.
//!
//! ```no_run
//! # async fn doc(house: app::House) -> Result<(), web::Error> {
//! let settings = web::Settings { listen: "127.0.0.1:8080".to_owned(), ..web::Settings::default() };
//! let journal = web::Journal::to(std::io::stderr());
//! let server = web::Server::open(house, settings, journal).await?;
//! let (_stop, stopped) = tokio::sync::watch::channel(false);
//! let (_reload, reloads) = tokio::sync::mpsc::channel(1);
//! server.run(stopped, reloads).await
//! # }
//! ```

mod api;
mod assets;
mod brand;
mod centre;
mod client;
mod connecting;
mod console;
mod doorman;
mod error;
mod failure;
mod journal;
mod language;
pub mod layer;
mod limit;
mod listen;
mod metrics;
mod ops;
pub mod routes;
mod server;
mod settings;
mod site;
mod staff;
mod turns;
mod upload;
pub mod words;

#[cfg(test)]
mod console_tests;
#[cfg(test)]
mod matrix_tests;
#[cfg(test)]
mod tests;

pub use doorman::{Doorman, Nobody};
pub use error::Error;
pub use journal::Journal;
pub use server::Server;
pub use settings::{Network, Settings};
pub use site::{Shared, Site};
pub use staff::SessionDoor;
