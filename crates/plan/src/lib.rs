//! The planner: what to look for, where, and what to do with what is found.
//!
//! The key that finds a person in system B is read in system A, so a plan cannot be written down
//! in advance. It is a conversation. A [`Case`] says which [`Step`]s come next; whoever drives it
//! carries them out and tells the [`Outcome`]; the case answers with the next steps:
//!
//! ```text
//!  find rows by reference, wave by wave ─▶ search every text once ─▶ (new keys? find again)
//!        ─▶ draft the changes and rehearse them ─▶ a person reviews and approves the digest
//!        ─▶ act, one transaction a system ─▶ search again ─▶ done: complete, or incomplete and why
//! ```
//!
//! An erasure that ends incomplete keeps what it knows and goes on with [`Case::plan_again`].
//!
//! What is deliberately not here: IO, time, randomness, any contents of a message. A case knows
//! row keys, the values that lead from row to row and the terms that name the person, and no more.
//! It is serialised after every outcome: dry run, resuming after a crash, simulation and "why was
//! this deleted?" are this one mechanism.
//!
//! A house with one small system, and a person who is in it once:
//!
//! ```
//! use model::{Identity, IdentityKind, Micros, RowKey, Value};
//! use plan::{Action, Case, FoundIn, Graph, Outcome, Phase, Request, RequestKind, Settings};
//! # use policy::{Collection, EraseRows, Field, System};
//! # let email = Field {
//! #     name: "email".to_owned(), title: None, class: None, identity: Some(IdentityKind::Email),
//! #     categories: vec!["user.contact.email".to_owned()], primary_key: false, data_type: None,
//! #     free_text: false, erase: None, references: Vec::new(),
//! # };
//! # let users = Collection {
//! #     name: "users".to_owned(), title: "Users".to_owned(), erase: EraseRows::Fields,
//! #     table: model::TableName::new("", "users"), keep: Vec::new(), soft_delete: None,
//! #     skip: None, erase_after: Vec::new(), class: None, retain: Vec::new(), source: None,
//! #     fields: vec![email],
//! # };
//! # let desk = System {
//! #     key: "desk".to_owned(), title: "Desk".to_owned(), application: None, schema: None,
//! #     purposes: Vec::new(), source: None, backups: None, recipients: Vec::new(), region: None,
//! #     mechanism: None, accounts: Default::default(), at_rest: None,
//! #     collections: vec![users],
//! # };
//! # let systems = [desk];
//! let graph = Graph::new(&systems); // from the policy's systems
//! let request = Request {
//!     id: "5f2c".to_owned(),
//!     kind: RequestKind::Access,
//!     identities: vec![Identity::new(IdentityKind::Email, "jane@acme.example")],
//!     opened_at: Micros(0),
//! };
//! let mut case = Case::open(request, Settings::default(), &graph);
//! while let Some(step) = case.steps().first().cloned() {
//!     let outcome = match &step.action {
//!         // An engine asks a database here. Ours has one answer.
//!         Action::Find { .. } => Outcome::Found(vec![FoundIn {
//!             key: RowKey(vec![Value::from(7)]),
//!             carried: vec![Value::from("jane@acme.example")],
//!         }]),
//!         Action::Search { .. } => Outcome::Searched(Default::default()),
//!         _ => Outcome::Gathered(Default::default()),
//!     };
//!     case.take(&graph, step.id, outcome)?;
//! }
//! assert_eq!(case.phase(), Phase::Done);
//! let told: Vec<String> = case.outline().steps.iter().map(|step| step.meaning.clone()).collect();
//! assert_eq!(told.first().map(String::as_str), Some("Users whose `email` is the e-mail address given in the request"));
//! # Ok::<(), plan::CaseError>(())
//! ```
//!
//! INVARIANT: the same map, request and outcomes give the same steps, byte for byte.
//!
//! INVARIANT: the work per step is proportional to what the outcome brought; nothing is quadratic
//! in the number of collections.

mod again;
mod age;
mod arrived;
mod case;
mod digest;
mod discover;
mod found;
mod graph;
mod hold;
mod index;
mod names;
mod namesake;
mod order;
mod outline;
mod pending;
mod place;
mod placeholder;
mod rectify;
mod request;
mod rest;
pub mod retention;
mod shared;
mod step;
mod terms;
mod treat;
mod weigh;

pub use age::{KeptUntil, kept};
pub use case::{Case, CaseError, Ending, Phase};
pub use found::{FoundRow, Rows, RowsOfPlace};
pub use graph::Graph;
pub use hold::{Day, Excepted, Exceptions, Held, Hold};
pub use outline::{Kept, Outline, OutlineCorrection, OutlineRow, OutlineStep};
pub use place::{Place, PlaceNames};
pub use rectify::{Corrected, Correction, Takes, Target};
pub use request::{Request, RequestKind, Settings};
pub use rest::Rest;
pub use step::{
    Action, Compare, Drafted, FieldCount, FoundIn, Gathered, Mentioned, MentionedField, Outcome,
    PlaceCount, PlaceRows, Problem, Remaining, SearchPlace, Step,
};
pub use terms::{LearnedTerm, TermKind};
pub use treat::{Treatment, treatment};
