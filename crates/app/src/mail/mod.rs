//! Mail: what goes out, and what comes in.
//!
//! A use case that writes to somebody puts the mail into the outbox in its own transaction ([`post`]),
//! sealed, with the job that sends it. What the other side has taken is forgotten here; what remains is
//! that a letter of this kind went out, when, and whether it came back.
//!
//! INVARIANT: nothing that somebody wrote can become a header: names and subjects are one line, an
//! address is parsed. No mail says whether it was opened.

mod inbox;
mod message;
mod out;
mod settings;

pub use inbox::Found;
pub use message::Draft;
pub(crate) use message::{Unfit, message};
pub(crate) use out::{Label, post, refusal};
pub use settings::{Encryption, MailServer, MailSettings};

#[cfg(test)]
mod tests;
