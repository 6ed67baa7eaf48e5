//! The proof that one entry stands in a signed log, as a page of text
//! (`c2sp.org/tlog-proof@v1`).

use std::fmt;
use std::str::FromStr;

use crate::decode::{base64, decimal, hash, to_base64};
use crate::{Checkpoint, Hash, ParseError, ProofError, SignedNote, Verifier, verify_inclusion};

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// A tree of 2^64 entries is 64 high.
const MAX_PATH: usize = 64;

/// A proof about one entry. Its `Display` is the file, and `parse` reads that back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Opaque bytes that the proof does not vouch for.
    pub extra: Option<Vec<u8>>,
    /// Where the entry stands.
    pub index: u64,
    /// The neighbours on the way to the root.
    pub path: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: SignedNote,
}

impl TlogProof {
    /// Checks that an entry with this hash stands in the log that `verifier` signs for; the
    /// checkpoint that says so.
    pub fn verify(&self, leaf: Hash, verifier: &Verifier) -> Result<Checkpoint, ProofError> {
        let checkpoint = Checkpoint::verify(&self.checkpoint, verifier)?;
        verify_inclusion(leaf, self.index, checkpoint.size, &self.path, checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl FromStr for TlogProof {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = |reason: &str| ParseError::new("proof", reason);
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or_else(|| wrong("no empty line before the checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(wrong("the first line is not `c2sp.org/tlog-proof@v1`"));
        }
        let mut extra = None;
        if let Some(data) = lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            extra = Some(base64(data).ok_or_else(|| wrong("the extra data is not base64"))?);
            lines.next();
        }
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(decimal)
            .ok_or_else(|| wrong("no line `index` with a decimal number"))?;
        let mut path = Vec::new();
        for line in lines {
            if path.len() == MAX_PATH {
                return Err(wrong("the path is longer than any tree is high"));
            }
            path.push(hash(line).ok_or_else(|| wrong("a line of the path is not a hash"))?);
        }
        let checkpoint: SignedNote = checkpoint.parse()?;
        // A note that is no checkpoint is refused here, not only when it is verified.
        checkpoint.unverified_text().parse::<Checkpoint>()?;
        Ok(Self { extra, index, path, checkpoint })
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", to_base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", to_base64(&hash.0)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;
    use crate::{Appender, MemoryTiles, Prover, leaf_hash};

    fn proof(extra: Option<Vec<u8>>) -> (TlogProof, Verifier) {
        let mut tiles = MemoryTiles::default();
        let mut log = Appender::default();
        for index in 0..300u32 {
            log.push(&index.to_be_bytes(), &mut tiles).unwrap();
        }
        log.flush(&mut tiles).unwrap();
        let key = SigningKey::from_bytes(&[7; 32]);
        let verifier = Verifier::new("log.example", key.verifying_key().as_bytes()).unwrap();
        let checkpoint = Checkpoint {
            origin: "log.example".to_owned(),
            size: 300,
            root: log.root(),
            extensions: Vec::new(),
        };
        let note = SignedNote::sign(&checkpoint.to_string(), &verifier, |text| {
            Ok::<_, ()>(key.sign(text).to_bytes())
        });
        let path = Prover::new(&tiles, 300).inclusion(258).unwrap();
        (TlogProof { extra, index: 258, path, checkpoint: note.unwrap().unwrap() }, verifier)
    }

    #[test]
    fn a_proof_is_written_read_and_checked() {
        for extra in [None, Some(Vec::new()), Some(b"opening".to_vec())] {
            let (proof, verifier) = proof(extra);
            let text = proof.to_string();
            let read: TlogProof = text.parse().unwrap();
            assert_eq!(read, proof);
            let leaf = leaf_hash(&258u32.to_be_bytes());
            assert_eq!(read.verify(leaf, &verifier).unwrap().size, 300);
            assert_eq!(read.verify(leaf_hash(b"x"), &verifier), Err(ProofError::Root));
            let moved = TlogProof { index: 259, ..proof.clone() };
            assert_eq!(moved.verify(leaf, &verifier), Err(ProofError::Root));
        }
    }

    #[test]
    fn a_note_of_another_origin_is_refused() {
        let (mut proof, verifier) = proof(None);
        let key = SigningKey::from_bytes(&[7; 32]);
        let text = proof.checkpoint.unverified_text().replacen("log.example", "log2.example", 1);
        proof.checkpoint =
            SignedNote::sign(&text, &verifier, |text| Ok::<_, ()>(key.sign(text).to_bytes()))
                .unwrap()
                .unwrap();
        let error = proof.verify(leaf_hash(&258u32.to_be_bytes()), &verifier).unwrap_err();
        assert!(matches!(error, ProofError::Origin { .. }), "{error}");
    }

    #[test]
    fn other_spellings_are_refused() {
        let good = proof(Some(b"x".to_vec())).0.to_string();
        assert!(good.parse::<TlogProof>().is_ok());
        for (from, to) in [
            ("@v1", "@v2"),
            ("index 258", "index 0258"),
            ("index 258", "index"),
            ("index 258\n", ""),
            ("extra eA==", "extra eA"),
            ("extra eA==", "extra  eA=="),
            ("\n\nlog", "\nlog"),
            ("\n\nlog", "\n\n\nlog"),
            ("index 258\n", "index 258\r\n"),
            ("index 258\n", "index 258\nAAAA\n"),
        ] {
            let text = good.replacen(from, to, 1);
            assert_ne!(text, good);
            assert!(text.parse::<TlogProof>().is_err(), "{from:?} -> {to:?}");
        }
        let line = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let long = good.replacen("index 258\n", &format!("index 258\n{}", line.repeat(65)), 1);
        assert!(long.parse::<TlogProof>().is_err());
    }
}
