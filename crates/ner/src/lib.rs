//! Names and addresses told by a token classifier that the user brings.
//!
//! [`detect`] tells names by lists and by their form. Somebody who has a network that was trained on their
//! own language and trade can let it look too: a [`Finder`] runs both over a text and tells everything
//! once. The model is a folder as the usual tools export it: `model.onnx`, `tokenizer.json` (WordPiece,
//! BPE or Unigram) and `config.json` with the labels.
//!
//! * A long text is read in segments, and those in overlapping windows of tokens ([`Model::load`] takes
//!   the length from the files); places are bytes of the text as it was given, Windows-1252 and broken
//!   UTF-8 included.
//! * How sure a finding is: the probability of its labels (softmax), mean over its words, at most 99.
//! * Where the detector and the model found something in the same bytes, what is known by check digits or
//!   form stays; else the longest, then the surest.
//!
//! The engine ([rten](https://docs.rs/rten), in Rust alone) and the tokenizers are left out of the usual
//! build: the feature `onnx` brings them in. Without it, [`Model::load`] says so and everything else is
//! the detector.
//!
//! What is deliberately not here: any model, any download, training, safetensors (they hold numbers and
//! no network), and texts with noughts in them, which are left to the detector.
//!
//! ```
//! use detect::{DetectOptions, DetectScratch, Detector};
//!
//! let finder = ner::Finder::new(Detector::new(&DetectOptions::default())?, None);
//! let mut found = Vec::new();
//! finder.find_into(b"Write to jane@corp-mail.net", &mut DetectScratch::new(), &mut found)?;
//! assert_eq!(found[0].kind.key(), "contact.email");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(any(test, not(feature = "onnx")))]
#[cfg_attr(feature = "onnx", allow(dead_code, unreachable_pub, reason = "its test alone uses it"))]
mod absent;
mod combine;
#[cfg(feature = "onnx")]
mod engine;
mod error;
mod finder;
#[cfg(feature = "onnx")]
mod folder;
#[cfg(feature = "onnx")]
mod labels;
#[cfg(feature = "onnx")]
mod model;
#[cfg(feature = "tiny")]
mod onnx;
#[cfg(feature = "onnx")]
mod spans;
#[cfg(feature = "onnx")]
mod text;
#[cfg(feature = "tiny")]
pub mod tiny;
#[cfg(feature = "onnx")]
mod tokens;
#[cfg(feature = "onnx")]
mod windows;

#[cfg(not(feature = "onnx"))]
pub use absent::Model;
pub use error::{LoadError, RunError};
pub use finder::{Finder, Stream};
#[cfg(feature = "onnx")]
pub use model::Model;

#[cfg(test)]
mod tests;
