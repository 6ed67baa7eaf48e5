//! Takes people out of tables and texts, and measures the risk that is left.
//!
//! A [`Profile`] says what becomes of which kind and which column: it is removed, masked, widened, or
//! replaced by a pseudonym that stays the same wherever the person is met, as long as the [`Key`] is.
//! [`column::plan`] looks at some values of each column and decides; an [`Engine`] does it, value by
//! value. [`csv`], [`json`], [`parquet`] and [`text`] walk through files with it and leave everything
//! else as it stands there, byte for byte.
//!
//! Nobody is unknown only because the name is gone. [`risk`] counts how many rows are alike in the
//! columns by which somebody could be told, how different the secrets among them are, and what that
//! means for whoever tries; [`search`] widens columns until enough are alike.
//!
//! What holds here:
//!
//! * INVARIANT: a value that cannot be read as what its column holds is removed and counted, never
//!   left.
//! * INVARIANT: the same input, profile, key and day give the same output, on any number of threads.
//! * INVARIANT: no report holds a value, and nothing shows the key.
//!
//! What is deliberately not here: files, databases, clocks, where a key comes from, and the words of
//! the report.
//!
//! ```
//! use deidentify::{Engine, Key, Profile, text};
//! use detect::{DetectOptions, Detector};
//!
//! let detector = Detector::new(&DetectOptions::default())?;
//! let (profile, key) = (Profile::default(), Key::new([7; 32]));
//! let engine = Engine::new(&detector, &profile, Some(&key), jiff::civil::date(2026, 11, 23));
//! let (out, tally) = text::rewrite_whole(&engine, b"Write to jane.doe@corp-mail.net.");
//! assert_eq!(out, b"Write to person-6387dadc86ae44aa@example.invalid.");
//! assert_eq!(tally.found["contact.email"], 1);
//! # Ok::<(), detect::OptionError>(())
//! ```

pub mod column;
pub mod csv;
pub mod date;
mod encrypt;
mod grid;
pub mod json;
mod key;
mod marks;
mod method;
pub mod parquet;
mod pipe;
pub mod place;
mod profile;
mod pseudonym;
pub mod risk;
pub mod search;
pub mod text;
mod value;

pub use column::{ColumnPlan, Sample};
pub use date::DateOrder;
pub use encrypt::{Encryption, LEAST_DOMAIN};
pub use grid::Grid;
pub use key::Key;
pub use marks::MarkKind;
pub use method::{DateTo, Method, WORDS};
pub use profile::{BUILT_IN, Profile};
pub use pseudonym::{Class, pseudonym, shift};
pub use value::{Engine, New, Scratch, Tally, Unsure};
