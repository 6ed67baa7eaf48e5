//! Sealing, opening and deriving with one organisation's keys.

use std::fmt::Write as _;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::{digest, hkdf, hmac};
use model::Secret;
use store::SEALED_MARK;
use zeroize::Zeroizing;

use crate::{Error, Result, Vault, chance};

pub(crate) type Key = Secret<[u8; 32]>;

const NONCE: usize = 12;
const TAG: usize = 16;
/// A record key, wrapped: nonce, 32 bytes, tag.
const WRAPPED: usize = NONCE + 32 + TAG;

impl Vault {
    /// Seals bytes for one record and purpose of this organisation.
    ///
    /// The result is: mark (4 bytes), the record key wrapped by the organisation key (60), nonce
    /// (12), ciphertext, tag (16).
    pub fn seal(&self, purpose: &str, record: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let keys = self.keys()?;
        let mut fresh = [0u8; 32];
        self.rng().fill(&mut fresh);
        let record_key = Key::new(fresh);
        let mut sealed =
            Vec::with_capacity(SEALED_MARK.len() + WRAPPED + NONCE + TAG + plain.len());
        sealed.extend(SEALED_MARK);
        sealed.extend(encrypt(
            &keys.wrapping,
            &self.place("record key", purpose, record),
            record_key.expose_secret(),
        )?);
        sealed.extend(encrypt(&record_key, &self.place("record", purpose, record), plain)?);
        Ok(sealed)
    }

    /// Opens what was sealed for this record, purpose and organisation. Whatever else it is, the
    /// answer is [`Error::Unopenable`].
    pub fn open_sealed(&self, purpose: &str, record: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let rest = sealed.strip_prefix(&SEALED_MARK).ok_or(Error::Unopenable)?;
        let (wrapped, body) = rest.split_at_checked(WRAPPED).ok_or(Error::Unopenable)?;
        let keys = self.keys()?;
        let record_key =
            decrypt(&keys.wrapping, &self.place("record key", purpose, record), wrapped)?;
        let record_key = record_key.as_slice().try_into().map_err(|_| Error::Unopenable)?;
        let mut plain =
            decrypt(&Key::new(record_key), &self.place("record", purpose, record), body)?;
        Ok(std::mem::take(&mut *plain))
    }

    /// A key for keyed hashes: the same for one purpose and organisation as long as the key ring
    /// lives, rotations included, and unrelated to that of any other.
    pub fn derive(&self, purpose: &str) -> Result<DerivedKey> {
        let keys = self.keys()?;
        let info = self.place("derived key", purpose, "");
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, b"upheld derivation 1")
            .extract(keys.derivation.expose_secret());
        let mut key = Zeroizing::new([0u8; 32]);
        prk.expand(&[&info], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(key.as_mut()))
            .map_err(|_| Error::Crypto("deriving a key"))?;
        Ok(DerivedKey(hmac::Key::new(hmac::HMAC_SHA256, key.as_ref())))
    }

    fn place(&self, layer: &str, purpose: &str, record: &str) -> Vec<u8> {
        place(&[layer, self.organisation(), purpose, record])
    }
}

/// A key that makes keyed hashes (HMAC-SHA256). Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct DerivedKey(hmac::Key);

impl DerivedKey {
    /// The keyed hash of some bytes.
    pub fn mac(&self, bytes: &[u8]) -> [u8; 32] {
        let mut mac = [0u8; 32];
        for (to, from) in mac.iter_mut().zip(hmac::sign(&self.0, bytes).as_ref()) {
            *to = *from;
        }
        mac
    }

    /// The keyed hash in hexadecimal.
    pub fn mac_hex(&self, bytes: &[u8]) -> String {
        std::mem::take(&mut *hex(&self.mac(bytes)))
    }
}

impl std::fmt::Debug for DerivedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

/// What a ciphertext is bound to, unambiguous whatever the parts contain: each carries its length.
pub(crate) fn place(parts: &[&str]) -> Vec<u8> {
    let mut bytes = b"upheld sealed 1".to_vec();
    for part in parts {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}

/// Nonce, ciphertext, tag. The nonce is the operating system's own chance, so that not even a
/// repeating `Rng` can make one repeat.
pub(crate) fn encrypt(key: &Key, place: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let failed = |_| Error::Crypto("sealing");
    let aead = aead(key).map_err(failed)?;
    let mut nonce = [0u8; NONCE];
    chance::fill(&mut nonce)?;
    let mut body = Zeroizing::new(Vec::with_capacity(plain.len() + TAG));
    body.extend_from_slice(plain);
    aead.seal_in_place_append_tag(Nonce::from(&nonce), Aad::from(place), &mut *body)
        .map_err(failed)?;
    let mut sealed = Vec::with_capacity(NONCE + body.len());
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&body);
    Ok(sealed)
}

fn aead(key: &Key) -> std::result::Result<LessSafeKey, Unspecified> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose_secret())?))
}

pub(crate) fn decrypt(key: &Key, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE>().ok_or(Error::Unopenable)?;
    let aead = aead(key).map_err(|_| Error::Crypto("opening"))?;
    let mut plain = Zeroizing::new(body.to_vec());
    let length = aead
        .open_in_place(Nonce::from(nonce), Aad::from(place), &mut plain)
        .map_err(|_| Error::Unopenable)?
        .len();
    plain.truncate(length);
    Ok(plain)
}

/// A file name for something whose own name may hold anything: a hash in hexadecimal.
pub(crate) fn name_of(parts: &[&str]) -> String {
    let hash = digest::digest(&digest::SHA256, &place(parts));
    let (half, _) = hash.as_ref().split_at_checked(16).unwrap_or((hash.as_ref(), &[]));
    std::mem::take(&mut *hex(half))
}

pub(crate) fn hex(bytes: &[u8]) -> Zeroizing<String> {
    // Room first: a growing string would leave pieces of a key behind.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0u8; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = match pair {
            [high, low] => {
                let digit = |c: &u8| char::from(*c).to_digit(16);
                u8::try_from(digit(high)? * 16 + digit(low)?).ok()?
            }
            _ => return None,
        };
    }
    Some(bytes)
}
