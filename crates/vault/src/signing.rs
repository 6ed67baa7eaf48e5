//! The key that signs the log's checkpoints.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use zeroize::Zeroizing;

use crate::{Error, Result, Vault, file};

const PURPOSE: &str = "signing key";
const FILE: &str = "signing.key";

impl Vault {
    /// The Ed25519 key of this key ring, made on first use and kept sealed. There is one: the log
    /// speaks for the installation, whichever organisation asks.
    pub fn signing_key(&self) -> Result<SigningKey> {
        let own = self.of("");
        let path = self.folder().join(FILE);
        let seed = match file::read(&path)? {
            Some(sealed) => Zeroizing::new(own.open_sealed(PURPOSE, FILE, &sealed)?),
            None => {
                // The organisation key first: making it takes the same lock.
                own.keys()?;
                let _lock = file::lock(self.folder())?;
                if let Some(sealed) = file::read(&path)? {
                    Zeroizing::new(own.open_sealed(PURPOSE, FILE, &sealed)?)
                } else {
                    let mut seed = Zeroizing::new(vec![0u8; 32]);
                    self.rng().fill(&mut seed);
                    file::write(&path, &own.seal(PURPOSE, FILE, &seed)?)?;
                    seed
                }
            }
        };
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|_| Error::Crypto("reading the signing key"))?;
        let public = pair
            .public_key()
            .as_ref()
            .try_into()
            .map_err(|_| Error::Crypto("reading the signing key"))?;
        Ok(SigningKey { pair, public })
    }
}

/// Signs; its `Debug` shows the public half alone.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: [u8; 32],
}

impl SigningKey {
    /// The Ed25519 signature of a message.
    pub fn sign(&self, message: &[u8]) -> Result<[u8; 64]> {
        let failed = |_| Error::Crypto("signing");
        let signature = self.pair.try_sign(message).map_err(failed)?;
        signature.as_ref().try_into().map_err(|_| Error::Crypto("signing"))
    }

    /// The public key, as RFC 8032 writes it.
    pub const fn public_key(&self) -> [u8; 32] {
        self.public
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}
