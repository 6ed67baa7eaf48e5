//! People of staff: how the first one comes, how they sign in, and who may come and go.
//!
//! What somebody is told when it does not work is an answer ([`Refused`]), not a failure; a wrong
//! password and an unknown address are the same answer and take the same time. Every act that changes
//! something is an event of the log in the transaction that changes it; it names ids of our own.

mod account;
mod elsewhere;
mod enrol;
mod people;
mod recover;
mod sign_in;
mod tokens;

use std::net::IpAddr;
use std::sync::Arc;

use auth::lockout::Bucket;
use auth::oidc::Provider;
use auth::passkey::Passkeys;
use auth::password::{Checked, Passwords, Weak};
use auth::secret::{hash, new_secret};
use auth::session::{BETWEEN_FACTORS, LONGEST};
use auth::{Action, Actor, Authority, Membership, MembershipState, Role};
use model::{Micros, Personal, Secret};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Credential, Person, Tx};
use tokio::sync::Semaphore;
use url::Url;

pub use account::{Device, Ways};
pub use elsewhere::{RETURN, SignIn, Vouched};
pub use enrol::{Details, Enrolled, Enrolment, LinkKind};
pub use people::{Invited, Listed};
pub use sign_in::{Half, PasskeyAsked};
pub use tokens::ListedToken;

use crate::house::House;
use crate::state::State;
use crate::{Error, Result};

const PERSON: &str = "person of staff";
const CREDENTIAL: &str = "credential of staff";
const SESSION: &str = "session of staff";
const CEREMONY: &str = "sign-in of staff";
const ADDRESSES: &str = "addresses of staff";
/// So many passwords are compared at once: each takes 19 MiB.
const AT_ONCE: usize = 4;

/// Why it does not work, in words for whoever tries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// What was shown is not right, or nobody is known by that address.
    #[error("that is not right: check what you typed and try again")]
    Wrong,
    /// Too many tries in vain.
    #[error("too many tries: wait {0} seconds and try again")]
    Wait(u64),
    /// The password is not taken.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// The link was used, replaced or has expired.
    #[error("this link no longer works: ask for a new one")]
    LinkOver,
    /// What was begun took too long, or was answered twice.
    #[error("this took too long: begin again")]
    Over,
    /// A name, an address, a choice that cannot be taken.
    #[error("{0}")]
    Unfit(String),
    /// It would leave nobody who can let others in.
    #[error("this is the last owner: make somebody else an owner first")]
    LastOwner,
    /// It would leave somebody without a way in.
    #[error("this is the last way to sign in: add another one first")]
    LastWay,
    /// This console has no passkeys, or no provider of sign-in.
    #[error("this way to sign in is not set up here")]
    NotHere,
}

/// Done, or why not.
pub type Answered<T> = std::result::Result<T, Refused>;

/// What came of it, if nothing in the world went wrong.
pub type Answer<T> = Result<Answered<T>>;

/// Who knocks, as far as the door can see.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// From where.
    pub from: IpAddr,
    /// What the browser was given to be known by, if it brought it along.
    pub device: Option<Secret<String>>,
    /// The session that the browser brought along: it ends when another begins there.
    pub session: Option<Secret<String>>,
    /// What the browser says it is.
    pub agent: String,
}

/// What a browser is given once somebody is in: to be kept in cookies that no script reads.
#[derive(Debug)]
pub struct Entered {
    /// The session's secret.
    pub session: Secret<String>,
    /// By which this browser is known from now on; none if it is already.
    pub device: Option<Secret<String>>,
}

/// The means of signing in, made once when a server starts.
pub struct Staff {
    passwords: Arc<Passwords>,
    busy: Semaphore,
    passkeys: Option<Passkeys>,
    provider: Option<Provider>,
    /// What authenticator apps call this console.
    name: String,
}

/// What is sealed of a person.
#[derive(Serialize, Deserialize)]
struct Sealed {
    name: Personal<String>,
    /// None once they are gone.
    email: Option<Personal<String>>,
}

impl Staff {
    /// The means for a console that is reached under `public_url`. Without one, or under a bare IP
    /// address, there are no passkeys.
    pub fn new(house: &House, public_url: Option<&str>, name: &str) -> Result<Self> {
        let url = public_url.map(Url::parse).transpose();
        let url =
            url.map_err(|_| Error::Refused("the public address cannot be read".to_owned()))?;
        let passkeys = url.as_ref().map(|url| Passkeys::for_address(url, name)).transpose()?;
        Ok(Self {
            passwords: Arc::new(Passwords::new(house.means.rng.as_ref())?),
            busy: Semaphore::new(AT_ONCE),
            passkeys: passkeys.flatten(),
            provider: elsewhere::provider(house, public_url)?,
            name: name.to_owned(),
        })
    }

    /// Whether browsers can be asked for passkeys here.
    pub const fn has_passkeys(&self) -> bool {
        self.passkeys.is_some()
    }

    /// Whether there is a provider of sign-in.
    pub const fn has_provider(&self) -> bool {
        self.provider.is_some()
    }

    /// Compares a password away from everybody else's work, and only a few at once.
    async fn check(&self, password: &Secret<String>, kept: Option<Vec<u8>>) -> Result<Checked> {
        let _turn = self.busy.acquire().await;
        let (passwords, password) = (Arc::clone(&self.passwords), password.clone());
        let checked = tokio::task::spawn_blocking(move || {
            let kept = kept.map(|kept| String::from_utf8(kept).unwrap_or_default());
            passwords.check(password.expose_secret(), kept.as_deref())
        });
        Ok(checked.await.map_err(|_| Error::Auth(auth::Error::Password))??)
    }

    /// What is to be kept of a password.
    async fn keep(&self, house: &House, password: &Secret<String>) -> Result<Vec<u8>> {
        let _turn = self.busy.acquire().await;
        let (passwords, password) = (Arc::clone(&self.passwords), password.clone());
        let rng = Arc::clone(&house.means.rng);
        let kept = tokio::task::spawn_blocking(move || {
            passwords.keep(password.expose_secret(), rng.as_ref())
        });
        let kept = kept.await.map_err(|_| Error::Auth(auth::Error::Password))??;
        Ok(kept.expose_secret().clone().into_bytes())
    }
}

impl std::fmt::Debug for Staff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staff").finish_non_exhaustive()
    }
}

impl House {
    /// Who holds this session, if it is good. Whoever has shown one factor of two is an actor who may
    /// nothing yet ([`Actor::has_two_factors`]).
    pub async fn actor(&self, session: &str) -> Result<Option<Actor>> {
        let state = self.state().await?;
        let now = self.means.clock.now();
        let mut tx = state.store.read().await?;
        let found = auth::session::by_session(&mut tx, session, now).await?;
        tx.rollback().await?;
        let Some(found) = found else { return Ok(None) };
        if found.note {
            let mut tx = state.store.begin().await?;
            tx.session_seen(found.actor.door_id(), now).await?;
            tx.commit().await?;
        }
        Ok(Some(found.actor))
    }

    /// Who holds this token of the API, if it is good.
    pub async fn actor_of_token(&self, token: &str) -> Result<Option<Actor>> {
        let state = self.state().await?;
        let now = self.means.clock.now();
        let mut tx = state.store.read().await?;
        let found = auth::session::by_token(&mut tx, token, now).await?;
        tx.rollback().await?;
        let Some(found) = found else { return Ok(None) };
        if found.note {
            let mut tx = state.store.begin().await?;
            tx.token_seen(found.actor.door_id(), now).await?;
            tx.commit().await?;
        }
        Ok(Some(found.actor))
    }

    /// Forgets what is over: sessions, links, tries, browsers not seen for half a year. For a job that
    /// runs daily.
    pub async fn forget_sign_ins(&self) -> Result<()> {
        const DAY: i64 = 24 * 3_600 * 1_000_000;
        let state = self.state().await?;
        let now = self.means.clock.now();
        let before = |micros: i64| Micros(now.0.saturating_sub(micros));
        let mut tx = state.store.begin().await?;
        tx.forget_sessions(before(30 * DAY)).await?;
        tx.forget_devices(before(180 * DAY)).await?;
        tx.forget_attempts(before(auth::lockout::FORGOTTEN), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes a change of staff last, and the log know it.
    async fn done(&self, state: &State, tx: Tx) -> Result<()> {
        tx.commit().await?;
        // What cannot be sealed now is sealed later: the event stands already.
        drop(self.seal(state).await);
        Ok(())
    }
}

/// An event of staff.
async fn note(
    state: &State,
    tx: &mut Tx,
    organisation: &str,
    kind: &str,
    about: Value,
) -> Result<()> {
    tx.append_event(&crate::retain::event(state, organisation, kind, &about)).await?;
    Ok(())
}

/// The keyed hash of an address, however it is written.
fn email_hash(state: &State, email: &str) -> Result<[u8; 32]> {
    let plain = email.trim().to_lowercase();
    Ok(state.vault.derive(ADDRESSES)?.mac(plain.as_bytes()))
}

fn seal_person(state: &State, id: &str, sealed: &Sealed) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(sealed).unwrap_or_default();
    Ok(state.vault.seal(PERSON, id, &plain)?)
}

impl House {
    /// Whether anybody else of the staff may do this, once they have shown who they are.
    pub(crate) async fn somebody_else_may(
        &self,
        tx: &mut Tx,
        person: &str,
        action: Action,
        organisation: &str,
    ) -> Result<bool> {
        let authority = Authority::shared()?;
        for other in tx.people(organisation).await?.into_iter().filter(|one| one.id != person) {
            let role = Role::parse(&other.role);
            let (Some(role), true) = (role, is_active(&other)) else { continue };
            let membership = Membership {
                organisation: other.organisation,
                role,
                state: MembershipState::Active,
                assigned: tx.assignments(&other.id).await?.into_iter().collect(),
            };
            let now = self.means.clock.now();
            if authority.could(&other.id, membership, action, organisation, now) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a member of staff is called.
    pub(crate) async fn name_of_staff(&self, id: &str) -> Result<String> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let person = tx.person(id).await?;
        tx.rollback().await?;
        match person {
            Some(person) => Ok(open_person(&state, &person)?.name.expose().clone()),
            None => Ok(format!("member of staff {}", id.get(..8).unwrap_or(id))),
        }
    }
}

fn open_person(state: &State, person: &Person) -> Result<Sealed> {
    let plain = state.vault.open_sealed(PERSON, &person.id, &person.body)?;
    serde_json::from_slice(&plain).map_err(|_| Error::Vault(vault::Error::Unopenable))
}

/// A name and an address that can be taken.
fn fit(name: &str, email: &str) -> std::result::Result<(String, String), Refused> {
    let (name, email) = (name.trim(), email.trim());
    let unfit = |text: &str| Err(Refused::Unfit(text.to_owned()));
    if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
        return unfit("give a name of at most 120 characters");
    }
    let is_email = detect::classify(email) == Some(detect::ValueKind::Email);
    if email.len() > 254 || !is_email {
        return unfit("this does not look like an e-mail address: check the spelling");
    }
    Ok((name.to_owned(), email.to_owned()))
}

fn is_active(person: &Person) -> bool {
    MembershipState::parse(&person.state) == Some(MembershipState::Active)
}

/// One of somebody's credentials of a kind, with what was sealed of it.
fn opened(state: &State, all: &[Credential], kind: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let of_kind = all.iter().filter(|credential| credential.kind == kind);
    let open = |credential: &Credential| {
        let body = state.vault.open_sealed(CREDENTIAL, &credential.id, &credential.body)?;
        Ok((credential.id.clone(), body))
    };
    of_kind.map(open).collect()
}

/// A new credential of somebody.
async fn add_credential(
    state: &State,
    tx: &mut Tx,
    person: &str,
    kind: &str,
    handle: Option<[u8; 32]>,
    body: &[u8],
) -> Result<()> {
    let means = state.means();
    let id = store::new_id(means.rng.as_ref());
    let credential = Credential {
        body: state.vault.seal(CREDENTIAL, &id, body)?,
        id,
        person: person.to_owned(),
        kind: kind.to_owned(),
        handle,
        made_at: means.clock.now(),
        used_at: None,
    };
    Ok(tx.insert_credential(&credential).await?)
}

/// Keeps something, sealed, until the browser answers; the secret under which it is kept.
async fn begin_ceremony(
    state: &State,
    tx: &mut Tx,
    kind: &str,
    secret: Option<Secret<String>>,
    body: &[u8],
) -> Result<Secret<String>> {
    let means = state.means();
    let rng = means.rng.as_ref();
    let (id, secret) = (store::new_id(rng), secret.unwrap_or_else(|| new_secret(rng)));
    let sealed = state.vault.seal(CEREMONY, &id, body)?;
    let until = Micros(means.clock.now().0.saturating_add(BETWEEN_FACTORS));
    tx.insert_ceremony(&id, kind, &hash(secret.expose_secret()), &sealed, until).await?;
    Ok(secret)
}

/// What was kept, once.
async fn end_ceremony(
    state: &State,
    tx: &mut Tx,
    kind: &str,
    secret: &str,
) -> Result<Option<Vec<u8>>> {
    let now = state.means().clock.now();
    let Some((id, sealed)) = tx.take_ceremony(kind, &hash(secret), now).await? else {
        return Ok(None);
    };
    Ok(Some(state.vault.open_sealed(CEREMONY, &id, &sealed)?))
}

/// Begins a session with so many factors.
async fn enter(
    state: &State,
    tx: &mut Tx,
    person: &str,
    factors: u64,
    visitor: &Visitor,
) -> Result<(Entered, String)> {
    let means = state.means();
    let rng = means.rng.as_ref();
    let (id, secret, now) = (store::new_id(rng), new_secret(rng), means.clock.now());
    let lasts = if factors == 2 { LONGEST } else { BETWEEN_FACTORS };
    if let Some(old) = &visitor.session
        && let Some(old) = tx.session_by(&hash(old.expose_secret())).await?
    {
        tx.end_session(&old.person, &old.id, now).await?;
    }
    let agent: String = visitor.agent.chars().take(200).collect();
    let session = store::Session {
        body: state.vault.seal(SESSION, &id, agent.as_bytes())?,
        id: id.clone(),
        person: person.to_owned(),
        factors,
        shown_at: now,
        made_at: now,
        seen_at: now,
        ends_at: Micros(now.0.saturating_add(lasts)),
        ended_at: None,
    };
    tx.insert_session(&session, &hash(secret.expose_secret())).await?;
    let device = match factors {
        2 => know_device(state, tx, person, visitor).await?,
        _ => None,
    };
    Ok((Entered { session: secret, device }, id))
}

/// Keeps the browser in mind in which somebody has just shown all that is asked for.
async fn know_device(
    state: &State,
    tx: &mut Tx,
    person: &str,
    visitor: &Visitor,
) -> Result<Option<Secret<String>>> {
    if device_of(tx, visitor, person).await?.is_some() {
        return Ok(None);
    }
    let means = state.means();
    let (id, secret) = (store::new_id(means.rng.as_ref()), new_secret(means.rng.as_ref()));
    tx.insert_device(&id, person, &hash(secret.expose_secret()), means.clock.now()).await?;
    Ok(Some(secret))
}

/// The id of the visitor's browser, if this person signed in there before.
async fn device_of(tx: &mut Tx, visitor: &Visitor, person: &str) -> Result<Option<String>> {
    let Some(secret) = &visitor.device else { return Ok(None) };
    let device = tx.device(&hash(secret.expose_secret())).await?;
    Ok(device.filter(|(_, owner)| owner == person).map(|(id, _)| id))
}

/// Counts a try before it is made, or says how long to wait. It must last whatever comes of the try:
/// many at once would otherwise all be the first.
async fn count(state: &State, buckets: &[Bucket<'_>]) -> Answer<()> {
    let now = state.means().clock.now();
    let mut tx = state.store.begin().await?;
    let mut wait = None;
    for bucket in buckets {
        let key = bucket.hash(&state.vault)?;
        let attempts = tx.attempts(&key).await?;
        wait = wait.max(bucket.wait(attempts, now));
        tx.save_attempts(&key, bucket.counted(attempts, now)).await?;
    }
    match wait {
        // A try that is not made is not counted either.
        Some(seconds) => {
            tx.rollback().await?;
            Ok(Err(Refused::Wait(seconds)))
        }
        None => {
            tx.commit().await?;
            Ok(Ok(()))
        }
    }
}

/// Forgets the tries of whoever got it right. A network is only let off the one that was right: others
/// may be guessing there.
async fn forgive(state: &State, tx: &mut Tx, buckets: &[Bucket<'_>]) -> Result<()> {
    for bucket in buckets {
        let key = bucket.hash(&state.vault)?;
        let before = tx.attempts(&key).await?;
        let tries = match bucket {
            Bucket::Network(_) => before.tries.saturating_sub(1),
            _ => 0,
        };
        tx.save_attempts(&key, store::Attempts { tries, ..before }).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
