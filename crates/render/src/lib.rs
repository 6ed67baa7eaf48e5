//! Everything a person opens: access packages, certificates of erasure, plans and tables in the
//! terminal, the notice with the state of each sentence. Structs in, bytes out.

pub mod certificate;
pub mod coverage;
pub mod package;
pub mod plan_text;

mod zone;

pub use zone::{UnknownZone, Zone, rfc3339};
