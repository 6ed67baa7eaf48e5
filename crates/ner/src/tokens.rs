//! A text as the tokens of a model, by its `tokenizer.json`: WordPiece, BPE, Unigram, with the
//! normalisation that it names. Every token knows its bytes in the text as it was.

use std::path::Path;

use tokenizers::Tokenizer;

use crate::error::LoadError;

/// A tokenizer, and what it puts around each text.
pub(crate) struct Tokens {
    inner: Tokenizer,
    /// Ids before the first token, and behind the last.
    pub(crate) before: Vec<i32>,
    pub(crate) behind: Vec<i32>,
}

/// A token of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) id: i32,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Tokens {
    pub(crate) fn load(file: &Path) -> Result<Self, LoadError> {
        let wrong = |what: String| LoadError::File { path: file.to_owned(), what };
        let text = std::fs::read(file)
            .map_err(|error| wrong(format!("cannot be read: {}", error.kind())))?;
        let mut inner = Tokenizer::from_bytes(&text)
            .map_err(|error| wrong(format!("no tokenizer that is understood: {error}")))?;
        // The same text must give the same tokens twice.
        if draws_lots(&text) {
            return Err(wrong("it draws lots (`dropout`), as is done in training".to_owned()));
        }
        // Windows are cut here, and a text that spells a mark of the model (`[SEP]`) is only a text.
        inner.with_truncation(None).map_err(|error| wrong(error.to_string()))?;
        inner.with_padding(None);
        inner.set_encode_special_tokens(true);
        let framed = inner.encode("a", true).map_err(|error| wrong(error.to_string()))?;
        let plain = inner.encode("a", false).map_err(|error| wrong(error.to_string()))?;
        let (framed, plain) = (ids(framed.get_ids()), ids(plain.get_ids()));
        let (Some(framed), Some(plain)) = (framed, plain) else {
            return Err(wrong("its ids are too large".to_owned()));
        };
        let at = framed.windows(plain.len().max(1)).position(|part| part == plain);
        let Some(at) = at.filter(|_| !plain.is_empty()) else {
            return Err(wrong("what it puts around a text is not understood".to_owned()));
        };
        let before = framed.get(..at).unwrap_or_default().to_vec();
        let behind = framed.get(at + plain.len()..).unwrap_or_default().to_vec();
        Ok(Self { inner, before, behind })
    }

    /// The tokens of a text, without what stands around it.
    pub(crate) fn of(&self, text: &str) -> Result<Vec<Piece>, String> {
        let encoding = self.inner.encode(text, false).map_err(|error| error.to_string())?;
        let ids = ids(encoding.get_ids()).ok_or("an id is too large")?;
        let pieces = ids.into_iter().zip(encoding.get_offsets());
        Ok(pieces.map(|(id, (start, end))| Piece { id, start: *start, end: *end }).collect())
    }
}

fn draws_lots(text: &[u8]) -> bool {
    let read: serde_json::Value = serde_json::from_slice(text).unwrap_or_default();
    let dropout = read.get("model").and_then(|model| model.get("dropout"));
    dropout.and_then(serde_json::Value::as_f64).is_some_and(|dropout| dropout > 0.0)
}

fn ids(ids: &[u32]) -> Option<Vec<i32>> {
    ids.iter().map(|id| i32::try_from(*id).ok()).collect()
}
