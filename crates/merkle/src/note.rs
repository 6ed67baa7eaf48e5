//! Signed notes (`c2sp.org/signed-note`) with Ed25519 signatures.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use ed25519_dalek::VerifyingKey;
use sha2::{Digest as _, Sha256};

use crate::decode::{base64, to_base64};
use crate::{ParseError, ProofError};

const ED25519: u8 = 0x01;
/// Enough for a log and every witness that it may ever have.
const MAX_SIGNATURES: usize = 100;
const WHAT: &str = "signed note";

/// The id of an Ed25519 key under a name: not a fingerprint, only a hint which key to try.
pub fn key_id(name: &str, public_key: &[u8; 32]) -> u32 {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(public_key)
        .finalize();
    digest.first_chunk().map_or(0, |first| u32::from_be_bytes(*first))
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub id: u32,
    /// The signature itself, as its algorithm writes it.
    pub bytes: Vec<u8>,
}

/// A text and the signatures under it. Nothing in it is to be believed before
/// [`SignedNote::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<Signature>,
}

impl SignedNote {
    /// Signs a text, which must end with a line feed, with the Ed25519 key that belongs to
    /// `verifier`. `sign` is given the text and must return the signature of exactly these bytes.
    pub fn sign<E>(
        text: &str,
        verifier: &Verifier,
        sign: impl FnOnce(&[u8]) -> Result<[u8; 64], E>,
    ) -> Result<Result<Self, ParseError>, E> {
        if let Err(error) = check_text(text) {
            return Ok(Err(error));
        }
        let bytes = sign(text.as_bytes())?.to_vec();
        let signature = Signature { name: verifier.name.clone(), id: verifier.id, bytes };
        Ok(Ok(Self { text: text.to_owned(), signatures: vec![signature] }))
    }

    /// The signatures, known or not.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature made elsewhere, such as a witness's.
    pub fn add(&mut self, signature: Signature) -> Result<(), ParseError> {
        check_name(&signature.name)?;
        self.signatures.push(signature);
        Ok(())
    }

    /// The text, once the trusted key has signed it. Signatures by other keys are ignored; one that
    /// claims to be by this key and is not spoils the note.
    pub fn verify(&self, verifier: &Verifier) -> Result<&str, ProofError> {
        let mut signed = false;
        for signature in &self.signatures {
            if signature.name == verifier.name && signature.id == verifier.id {
                verifier.check(self.text.as_bytes(), &signature.bytes)?;
                signed = true;
            }
        }
        if signed { Ok(&self.text) } else { Err(ProofError::Unsigned(verifier.name.clone())) }
    }

    /// The text, believed without a signature. For what is verified in another way, or only looked
    /// at.
    pub fn unverified_text(&self) -> &str {
        &self.text
    }
}

impl FromStr for SignedNote {
    type Err = ParseError;

    fn from_str(note: &str) -> Result<Self, ParseError> {
        let wrong = |reason: &str| ParseError::new(WHAT, reason);
        // The text is divided from the signatures by the last empty line.
        let at = note.rfind("\n\n").ok_or_else(|| wrong("no empty line before the signatures"))?;
        let (text, lines) = note.split_at_checked(at + 1).ok_or_else(|| wrong("no signatures"))?;
        check_text(text)?;
        let lines = lines
            .strip_prefix('\n')
            .and_then(|lines| lines.strip_suffix('\n'))
            .ok_or_else(|| wrong("the last line does not end"))?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() == MAX_SIGNATURES {
                return Err(wrong("too many signatures"));
            }
            let (name, signature) =
                line.strip_prefix("— ")
                    .and_then(|line| line.split_once(' '))
                    .ok_or_else(|| wrong("a signature line is not `— name signature`"))?;
            check_name(name)?;
            let bytes = base64(signature).ok_or_else(|| wrong("a signature is not base64"))?;
            let (id, bytes) = bytes
                .split_first_chunk::<4>()
                .filter(|(_, bytes)| !bytes.is_empty())
                .ok_or_else(|| wrong("a signature is too short"))?;
            signatures.push(Signature {
                name: name.to_owned(),
                id: u32::from_be_bytes(*id),
                bytes: bytes.to_vec(),
            });
        }
        Ok(Self { text: text.to_owned(), signatures })
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        for Signature { name, id, bytes } in &self.signatures {
            let signature = to_base64(&[&id.to_be_bytes(), bytes.as_slice()].concat());
            write!(f, "\n— {name} {signature}")?;
        }
        f.write_char('\n')
    }
}

/// A name and an Ed25519 public key that we trust to speak for it. Its `Display` is the verifier key
/// of the specification (`name+id+key`), and `parse` reads that back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    id: u32,
    key: VerifyingKey,
}

impl Verifier {
    /// Trusts a key under a name.
    pub fn new(name: &str, public_key: &[u8; 32]) -> Result<Self, ParseError> {
        check_name(name)?;
        let key = VerifyingKey::from_bytes(public_key).map_err(|_| {
            ParseError::new("verifier key", "the public key is not a point of Ed25519")
        })?;
        Ok(Self { name: name.to_owned(), id: key_id(name, public_key), key })
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public key, as RFC 8032 writes it.
    pub fn public_key(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    fn check(&self, text: &[u8], signature: &[u8]) -> Result<(), ProofError> {
        let signature = ed25519_dalek::Signature::from_slice(signature);
        signature
            .and_then(|signature| self.key.verify_strict(text, &signature))
            .map_err(|_| ProofError::Signature(self.name.clone()))
    }
}

impl FromStr for Verifier {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = |reason| ParseError::new("verifier key", reason);
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("it is not `name+id+key`"));
        };
        let key = base64(key).ok_or_else(|| wrong("the key is not base64"))?;
        let public_key: [u8; 32] = match key.split_first() {
            Some((&ED25519, key)) => {
                key.try_into().map_err(|_| wrong("the key is not 32 bytes long"))?
            }
            _ => return Err(wrong("the key is not an Ed25519 key")),
        };
        let verifier = Self::new(name, &public_key)?;
        if format!("{:08x}", verifier.id) == id {
            Ok(verifier)
        } else {
            Err(wrong("the id does not belong to the key: part of it was mistyped"))
        }
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = to_base64(&[&[ED25519], self.key.as_bytes().as_slice()].concat());
        write!(f, "{}+{:08x}+{key}", self.name, self.id)
    }
}

fn check_name(name: &str) -> Result<(), ParseError> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(bad) {
        return Err(ParseError::new(WHAT, "a key's name is empty or holds a space or a plus"));
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), ParseError> {
    if !text.ends_with('\n') {
        return Err(ParseError::new(WHAT, "the text does not end with a line feed"));
    }
    if text.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
        return Err(ParseError::new(WHAT, "the text holds a control character"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    /// The example of the specification.
    const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    #[test]
    fn the_example_of_the_specification_verifies() {
        let verifier: Verifier = VKEY.parse().unwrap();
        assert_eq!(verifier.to_string(), VKEY);
        let note: SignedNote = NOTE.parse().unwrap();
        assert_eq!(note.to_string(), NOTE);
        assert_eq!(note.verify(&verifier), Ok("This is an example message.\n"));
        let forged: SignedNote = NOTE.replace("This", "That").parse().unwrap();
        assert!(matches!(forged.verify(&verifier), Err(ProofError::Signature(_))));
        let other = Verifier::new("example.com/bar", &verifier.public_key()).unwrap();
        assert!(matches!(note.verify(&other), Err(ProofError::Unsigned(_))));
    }

    #[test]
    fn what_we_sign_verifies_beside_signatures_we_do_not_know() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let verifier = Verifier::new("log.example", key.verifying_key().as_bytes()).unwrap();
        let sign = |text: &[u8]| Ok::<_, ()>(key.sign(text).to_bytes());
        let mut note = SignedNote::sign("a\n\nb\n", &verifier, sign).unwrap().unwrap();
        note.add(Signature { name: "witness".to_owned(), id: 1, bytes: vec![6; 72] }).unwrap();
        let read: SignedNote = note.to_string().parse().unwrap();
        assert_eq!(read, note);
        assert_eq!(read.verify(&verifier), Ok("a\n\nb\n"));
        // A second line by the same key that does not verify spoils the note.
        let mut spoilt = note;
        let false_one =
            Signature { name: "log.example".to_owned(), id: verifier.id, bytes: vec![0; 64] };
        spoilt.add(false_one).unwrap();
        assert!(spoilt.verify(&verifier).is_err());
        assert!(SignedNote::sign("no end", &verifier, sign).unwrap().is_err());
    }

    #[test]
    fn other_spellings_are_refused() {
        let signature = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=";
        for note in [
            String::new(),
            "text\n".to_owned(),
            "text\n\n".to_owned(),
            format!("text\n— n {signature}\n"),
            format!("text\n\n— n {signature}"),
            format!("text\n\n- n {signature}\n"),
            format!("text\n\n— n  {signature}\n"),
            format!("text\n\n— n+ {signature}\n"),
            format!("text\n\n—  {signature}\n"),
            format!("text\n\n— n {signature} \n"),
            format!("te\u{1}xt\n\n— n {signature}\n"),
            format!("te\rxt\n\n— n {signature}\n"),
            "text\n\n— n AAAAAA==\n".to_owned(),
            format!("text\n\n{}", format!("— n {signature}\n").repeat(101)),
        ] {
            assert!(note.parse::<SignedNote>().is_err(), "{note:?}");
        }
        for vkey in [
            "",
            "a",
            "a+b",
            &VKEY.replace("530d903a", "530D903A"),
            &VKEY.replace("530d", "531d"),
            &VKEY.replace("example.com", "example.org"),
            &VKEY.replace("+Aek", "+Bek"),
        ] {
            assert!(vkey.parse::<Verifier>().is_err(), "{vkey}");
        }
    }
}
