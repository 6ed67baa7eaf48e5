//! The API: everything that the console does, for programs. JSON in and out; what goes wrong is a problem
//! (RFC 9457) that names the field.
//!
//! A row is made of a handler and of nothing else: what it reads and what it answers are types, and the
//! document ([`document`]) is made of the same types, so that one cannot say something else than the other.
//! A call is, from the outside to the inside: asked of the table who may ([`crate::layer::enforce`]),
//! counted ([`crate::limit`]), read ([`call`]), looked up if it was made before ([`repeat`]), handed to a
//! use case of `app`, and answered ([`reply`]).
//!
//! * INVARIANT: a handler hands the caller's [`auth::Actor`] to the use case, or asks itself first: the
//!   table knows what somebody may at home, and only the use case knows whose thing it is about.
//! * INVARIANT: a row below `/api/` stands in the document, or a test fails.

mod agreements;
mod announcements;
mod call;
mod connect;
mod cursor;
mod disclosures;
mod document;
mod doing;
mod evidence;
mod intake;
mod jobs;
mod me;
mod promises;
mod repeat;
mod reply;
mod requests;
mod staff;
mod systems;
mod tasks;
#[cfg(test)]
mod tests;
mod versions;
mod webhooks;

use model::Micros;

use crate::routes::Row;

pub(crate) use document::Operation;

/// A moment as RFC 3339 has it.
fn when(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}

/// The rows of these routes.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = document::rows();
    rows.extend(me::rows());
    rows.extend(intake::rows());
    rows.extend(promises::rows());
    rows.extend(versions::rows());
    rows.extend(announcements::rows());
    rows.extend(agreements::rows());
    rows.extend(systems::rows());
    rows.extend(connect::rows());
    rows.extend(doing::rows());
    rows.extend(evidence::rows());
    rows.extend(requests::rows());
    rows.extend(tasks::rows());
    rows.extend(disclosures::rows());
    rows.extend(jobs::rows());
    rows.extend(staff::rows());
    rows.extend(webhooks::rows());
    rows
}
