//! Passkeys (WebAuthn). A passkey counts as two factors: the key that somebody has, and the finger, face
//! or number with which their device made sure of them, which is always asked for.

use model::{Personal, Secret};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::Url;
use vault::Vault;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Uuid, Webauthn,
    WebauthnBuilder,
};
use webauthn_rs_proto::ResidentKeyRequirement;

use crate::{Error, Result};

const PURPOSE: &str = "passkeys of staff";

/// Makes and checks passkeys for one address of the console.
pub struct Passkeys(Webauthn);

/// What the browser is asked, and what its answer will be compared with.
#[derive(Debug)]
pub struct Asked {
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// To be kept, sealed, until the answer comes; and used once.
    pub state: Secret<Vec<u8>>,
}

/// A passkey as it is kept.
#[derive(Debug)]
pub struct Kept {
    /// By which it is found: a keyed hash of its id.
    pub handle: [u8; 32],
    /// What is to be kept, sealed.
    pub body: Vec<u8>,
}

/// Who is asked for a passkey.
#[derive(Serialize, Deserialize)]
enum Waiting {
    /// Somebody known, who has these.
    Known { state: PasskeyAuthentication, keys: Vec<Passkey> },
    /// Whoever comes.
    Anybody { state: DiscoverableAuthentication },
}

impl Passkeys {
    /// For a console that is reached under this address. None where browsers have no passkeys: under
    /// a bare IP address, and over plain http except on `localhost`.
    pub fn for_address(url: &Url, name: &str) -> Result<Option<Self>> {
        let Some(host) = url.domain() else { return Ok(None) };
        let local = host == "localhost" || host.ends_with(".localhost");
        if url.scheme() != "https" && !local {
            return Ok(None);
        }
        let built = WebauthnBuilder::new(host, url).and_then(|it| it.rp_name(name).build());
        Ok(Some(Self(built.map_err(|_| Error::Passkey)?)))
    }

    /// Asks a browser to make a passkey for somebody. `kept` are the bodies of those that they have.
    pub fn ask_new(
        &self,
        person: &str,
        name: &Personal<String>,
        email: &Personal<String>,
        kept: &[Vec<u8>],
    ) -> Result<Asked> {
        let keys: Vec<Passkey> = kept.iter().map(|body| read(body)).collect::<Result<_>>()?;
        let known = keys.iter().map(|key| key.cred_id().clone()).collect();
        let id = Uuid::try_parse(person).map_err(|_| Error::Passkey)?;
        let asked =
            self.0.start_passkey_registration(id, email.expose(), name.expose(), Some(known));
        let (mut options, state) = asked.map_err(|_| Error::Passkey)?;
        if let Some(wanted) = &mut options.public_key.authenticator_selection {
            // So that it signs somebody in alone, without a name being typed.
            wanted.resident_key = Some(ResidentKeyRequirement::Preferred);
        }
        Ok(Asked { options: text(&options)?, state: Secret::new(bytes(&state)?) })
    }

    /// The passkey that a browser made; none if the answer is not one to what was asked.
    pub fn take_new(&self, vault: &Vault, state: &[u8], answer: &str) -> Result<Option<Kept>> {
        let state: PasskeyRegistration = read(state)?;
        let Ok(answer) = serde_json::from_str::<RegisterPublicKeyCredential>(answer) else {
            return Ok(None);
        };
        let Ok(key) = self.0.finish_passkey_registration(&answer, &state) else { return Ok(None) };
        let handle = handle(vault, key.cred_id().as_ref())?;
        Ok(Some(Kept { handle, body: bytes(&key)? }))
    }

    /// Asks a browser for one of somebody's passkeys.
    pub fn ask(&self, kept: &[Vec<u8>]) -> Result<Asked> {
        let keys: Vec<Passkey> = kept.iter().map(|body| read(body)).collect::<Result<_>>()?;
        let asked = self.0.start_passkey_authentication(&keys);
        let (options, state) = asked.map_err(|_| Error::Passkey)?;
        let state = Waiting::Known { state, keys };
        Ok(Asked { options: text(&options)?, state: Secret::new(bytes(&state)?) })
    }

    /// Asks a browser for any passkey that it has for this console.
    pub fn ask_anybody(&self) -> Result<Asked> {
        let asked = self.0.start_discoverable_authentication();
        let (mut options, state) = asked.map_err(|_| Error::Passkey)?;
        // A button asks for it, and not a field of a form that offers it beside others.
        options.mediation = None;
        let state = Waiting::Anybody { state };
        Ok(Asked { options: text(&options)?, state: Secret::new(bytes(&state)?) })
    }

    /// By which the passkey is found that an answer speaks of. It is not proved yet that whoever
    /// answers has it.
    pub fn named(&self, vault: &Vault, answer: &str) -> Result<Option<[u8; 32]>> {
        let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else {
            return Ok(None);
        };
        handle(vault, answer.get_credential_id()).map(Some)
    }

    /// Checks the answer with the passkey that it speaks of, as it was kept for `person`. What is to
    /// be kept from now on; none if the answer is not the one that was asked for.
    pub fn take(
        &self,
        state: &[u8],
        answer: &str,
        person: &str,
        kept: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else {
            return Ok(None);
        };
        let mut key: Passkey = read(kept)?;
        let done = match read::<Waiting>(state)? {
            Waiting::Known { state, keys } => {
                if !keys.contains(&key) {
                    return Ok(None);
                }
                self.0.finish_passkey_authentication(&answer, &state)
            }
            Waiting::Anybody { state } => {
                // INVARIANT: the person whom the device names is the one for whom it was kept.
                let named = self.0.identify_discoverable_authentication(&answer);
                let Ok((named, _)) = named else { return Ok(None) };
                if named.simple().to_string() != person {
                    return Ok(None);
                }
                let known = DiscoverableKey::from(&key);
                self.0.finish_discoverable_authentication_v2(&answer, state, &known)
            }
        };
        let Ok(done) = done else { return Ok(None) };
        // A counter that did not go up is a passkey that was copied: the library refuses it above.
        if !done.user_verified() || key.update_credential(&done).is_none() {
            return Ok(None);
        }
        bytes(&key).map(Some)
    }
}

impl std::fmt::Debug for Passkeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passkeys").finish_non_exhaustive()
    }
}

fn handle(vault: &Vault, id: &[u8]) -> Result<[u8; 32]> {
    Ok(vault.derive(PURPOSE)?.mac(id))
}

fn text<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| Error::Passkey)
}

fn bytes<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|_| Error::Passkey)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|_| Error::Passkey)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn passkeys_are_there_where_browsers_have_them() {
        for (address, wanted) in [
            ("https://privacy.example", true),
            ("https://privacy.example:8443", true),
            ("http://localhost:8080", true),
            ("http://privacy.localhost:8080", true),
            ("http://privacy.example", false),
            ("http://127.0.0.1:8080", false),
            ("https://127.0.0.1", false),
            ("https://[::1]", false),
        ] {
            let url = Url::parse(address).unwrap();
            let made = Passkeys::for_address(&url, "Northlight").unwrap();
            assert_eq!(made.is_some(), wanted, "{address}");
        }
    }

    #[test]
    fn what_is_asked_always_asks_for_the_owner() {
        let url = Url::parse("https://privacy.example").unwrap();
        let passkeys = Passkeys::for_address(&url, "Northlight").unwrap().unwrap();
        let (name, email) =
            (Personal::new("Ann".to_owned()), Personal::new("ann@x.example".into()));
        let asked = passkeys.ask_new(&"5".repeat(32), &name, &email, &[]).unwrap();
        let asked_in = passkeys.ask_anybody().unwrap();
        assert!(asked.options.contains(r#""userVerification":"required""#), "{}", asked.options);
        assert!(asked.options.contains(r#""residentKey":"preferred""#), "{}", asked.options);
        assert!(asked_in.options.contains(r#""userVerification":"required""#));
        assert!(!asked_in.options.contains("mediation\":\"conditional"), "{}", asked_in.options);
        assert!(passkeys.ask_new("not an id", &name, &email, &[]).is_err());
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::create(&folder.path().join("keys"), Arc::new(vault::OsRng)).unwrap();
        let url = Url::parse("https://privacy.example").unwrap();
        let passkeys = Passkeys::for_address(&url, "Northlight").unwrap().unwrap();
        let (name, email) =
            (Personal::new("Ann".to_owned()), Personal::new("ann@x.example".into()));
        let asked = passkeys.ask_new(&"5".repeat(32), &name, &email, &[]).unwrap();
        for answer in ["", "{}", "null", "[1]", r#"{"id":"x","rawId":"eA","type":"public-key"}"#] {
            let state = asked.state.expose_secret();
            assert!(passkeys.take_new(&vault, state, answer).unwrap().is_none(), "{answer}");
            assert!(passkeys.named(&vault, answer).unwrap().is_none(), "{answer}");
        }
    }
}
