//! What may be written in each file. These types are the one source of truth: the schemas for
//! editors, the checks of `check` and the reading itself all come from them.

pub mod classification;
pub mod clients;
pub mod kinds;
pub mod policy;
pub mod profile;
pub mod promises;
pub mod recipients;
pub mod system;
