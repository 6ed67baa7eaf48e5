//! Checkpoints (`c2sp.org/tlog-checkpoint`): which log, how large, which root.

use std::fmt;
use std::str::FromStr;

use crate::decode::{decimal, hash, to_base64};
use crate::{Hash, ParseError, ProofError, SignedNote, Verifier};

/// The state of a log at one moment. Its `Display` is the text that is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The root over all of them.
    pub root: Hash,
    /// Further lines, which we neither write nor read.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// Reads a signed checkpoint: its note must be signed by `verifier`, whose name is the log's.
    pub fn verify(note: &SignedNote, verifier: &Verifier) -> Result<Self, ProofError> {
        let checkpoint: Self = note.verify(verifier)?.parse()?;
        if checkpoint.origin == verifier.name() {
            Ok(checkpoint)
        } else {
            Err(ProofError::Origin {
                expected: verifier.name().to_owned(),
                found: checkpoint.origin,
            })
        }
    }
}

impl FromStr for Checkpoint {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = |reason: &str| ParseError::new("checkpoint", reason);
        let body = text.strip_suffix('\n').ok_or_else(|| wrong("the last line does not end"))?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(wrong("it has fewer than three lines"));
        };
        let extensions: Vec<_> = lines.map(str::to_owned).collect();
        if origin.is_empty() || extensions.iter().any(String::is_empty) {
            return Err(wrong("a line is empty"));
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: decimal(size).ok_or_else(|| wrong("the size is not a decimal number"))?,
            root: hash(root).ok_or_else(|| wrong("the root is not a hash in base64"))?,
            extensions,
        })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, to_base64(&self.root.0))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The body of the specification's example.
    const TEXT: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn the_example_of_the_specification_reads_and_writes() {
        let checkpoint: Checkpoint = TEXT.parse().unwrap();
        assert_eq!(
            (checkpoint.origin.as_str(), checkpoint.size),
            ("example.com/behind-the-sofa", 20_852_163)
        );
        assert_eq!(checkpoint.to_string(), TEXT);
        let more = format!("{TEXT}an extension\n");
        assert_eq!(more.parse::<Checkpoint>().unwrap().to_string(), more);
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            String::new(),
            "a\n1\n".to_owned(),
            TEXT.trim_end().to_owned(),
            format!("\n{TEXT}"),
            format!("{TEXT}\n"),
            format!("{TEXT}\nx\n"),
            TEXT.replace("20852163", "020852163"),
            TEXT.replace("20852163", "-1"),
            TEXT.replace("q2I=", "q2I"),
            TEXT.replace("q2I=", "q2J="),
            TEXT.replace("CsUYapGGP", "CsUYapGG"),
        ] {
            assert!(text.parse::<Checkpoint>().is_err(), "{text:?}");
        }
    }
}
