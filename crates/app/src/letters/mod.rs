//! Letters to people: templates with values of known shape, in English and French.
//!
//! Each letter has a text of ours and can have one of the organisation's own, `letters/NAME.LANG.md` in
//! the policy folder (`letters/refusal.fr.md`). It begins with `Subject: …`, and goes on in plain words
//! with the few signs of Markdown that [`page`] knows. What stands in `{{ }}` comes from [`Said`]; a name
//! that a letter does not have is an error of `upheld check`, which writes every letter with samples,
//! and never a mail that is broken.
//!
//! INVARIANT: nothing that a stranger wrote stands in a letter before they have shown who they are, so
//! that nobody can have us write their words to somebody else.

mod page;
mod preview;
mod regulator;
mod said;
mod write;

pub use preview::Preview;
pub use regulator::{Regulator, regulator};
pub use said::{About, Language, Said, Sender};
pub use write::{Written, faults, write};
