//! One's own account: where one is signed in, and by what.

use auth::password::{Checked, weakness};
use auth::totp::{QrPicture, Totp};
use auth::{Actor, Refusal};
use model::{Micros, Personal, Secret};
use serde_json::json;
use store::Tx;

use super::{
    Answer, CREDENTIAL, PasskeyAsked, Refused, SESSION, Staff, add_credential, begin_ceremony,
    end_ceremony, note, open_person, opened,
};
use crate::house::House;
use crate::{Error, Result};

const PASSKEY: &str = "add a passkey";
const APP: &str = "add an app";

/// How somebody can show who they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    /// With a password.
    pub password: bool,
    /// With an authenticator app.
    pub app: bool,
    /// With how many passkeys, and since when each: id, made, last used.
    pub passkeys: Vec<(String, Micros, Option<Micros>)>,
    /// With how many codes for emergencies.
    pub recovery: u64,
    /// Whether passkeys can be asked for here.
    pub passkeys_here: bool,
}

impl Ways {
    pub(super) async fn of(tx: &mut Tx, person: &str, passkeys_here: bool) -> Result<Self> {
        let all = tx.credentials(person).await?;
        let has = |kind: &str| all.iter().any(|credential| credential.kind == kind);
        let passkeys = all.iter().filter(|credential| credential.kind == "passkey");
        Ok(Self {
            password: has("password"),
            app: has("totp"),
            passkeys: passkeys.map(|it| (it.id.clone(), it.made_at, it.used_at)).collect(),
            recovery: tx.recovery_codes_left(person).await?,
            passkeys_here,
        })
    }

    /// Whether somebody could still sign in: with a passkey, or with a password and an app.
    const fn suffice(&self) -> bool {
        !self.passkeys.is_empty() || (self.password && self.app)
    }
}

/// A place where somebody is signed in.
#[derive(Debug, Clone)]
pub struct Device {
    /// The session's id.
    pub id: String,
    /// What the browser said it is.
    pub agent: String,
    /// Since when.
    pub since: Micros,
    /// When something was last done there, to the minute.
    pub seen: Micros,
    /// Whether it is the one that asks.
    pub this: bool,
}

impl Staff {
    /// How somebody can show who they are.
    pub async fn ways(&self, house: &House, actor: &Actor) -> Result<Ways> {
        present(actor)?;
        let state = house.state().await?;
        let mut tx = state.store.read().await?;
        let ways = Ways::of(&mut tx, actor.person(), self.has_passkeys()).await?;
        tx.rollback().await?;
        Ok(ways)
    }

    /// By which address somebody signs in, for whatever keeps their passwords.
    pub async fn address(&self, house: &House, actor: &Actor) -> Result<Option<Personal<String>>> {
        present(actor)?;
        let state = house.state().await?;
        let mut tx = state.store.read().await?;
        let person = tx.person(actor.person()).await?;
        tx.rollback().await?;
        let Some(person) = person else { return Ok(None) };
        Ok(open_person(&state, &person)?.email)
    }

    /// How whoever has shown one factor can show the second.
    pub async fn second_factors(&self, house: &House, half: &Actor) -> Result<Ways> {
        let state = house.state().await?;
        let mut tx = state.store.read().await?;
        let ways = Ways::of(&mut tx, half.person(), self.has_passkeys()).await?;
        tx.rollback().await?;
        Ok(ways)
    }

    /// Where somebody is signed in, the latest first.
    pub async fn devices(&self, house: &House, actor: &Actor) -> Result<Vec<Device>> {
        present(actor)?;
        let state = house.state().await?;
        let now = house.means.clock.now();
        let mut tx = state.store.read().await?;
        let sessions = tx.sessions(actor.person()).await?;
        tx.rollback().await?;
        let live = sessions.iter().filter(|it| it.factors == 2 && !auth::session::is_over(it, now));
        let device = |session: &store::Session| {
            let agent = state.vault.open_sealed(SESSION, &session.id, &session.body)?;
            Ok(Device {
                agent: String::from_utf8_lossy(&agent).into_owned(),
                since: session.made_at,
                seen: session.seen_at,
                this: session.id == actor.door_id(),
                id: session.id.clone(),
            })
        };
        live.map(device).collect()
    }

    /// Signs somebody out elsewhere: in one place, or everywhere but here.
    pub async fn end_device(&self, house: &House, actor: &Actor, id: Option<&str>) -> Result<u64> {
        present(actor)?;
        let state = house.state().await?;
        let now = house.means.clock.now();
        let mut tx = state.store.begin().await?;
        let ended = match id {
            Some(id) => u64::from(tx.end_session(actor.person(), id, now).await?),
            None => tx.end_sessions(actor.person(), actor.door_id(), now).await?,
        };
        let about = json!({ "ended": ended, "person": actor.person(), "session": id });
        note(&state, &mut tx, actor.home(), "staff ended sessions", about).await?;
        house.done(&state, tx).await?;
        Ok(ended)
    }

    /// Changes one's password; every other session ends.
    pub async fn change_password(
        &self,
        house: &House,
        actor: &Actor,
        old: &Secret<String>,
        new: &Secret<String>,
    ) -> Answer<()> {
        fresh(actor)?;
        let state = house.state().await?;
        let now = house.means.clock.now();
        let mut tx = state.store.read().await?;
        let all = tx.credentials(actor.person()).await?;
        let person = tx.person(actor.person()).await?;
        tx.rollback().await?;
        let Some(person) = person else { return Ok(Err(Refused::Over)) };
        let sealed = open_person(&state, &person)?;
        let email = sealed.email.unwrap_or_default();
        let own = [sealed.name.expose().as_str(), email.expose().as_str(), &self.name];
        if let Some(weak) = weakness(new.expose_secret(), &own) {
            return Ok(Err(weak.into()));
        }
        let kept = opened(&state, &all, "password")?.pop();
        let id = match kept {
            Some((id, kept)) => {
                let bucket = auth::lockout::Bucket::SecondFactor(actor.person());
                if let Err(refused) = super::count(&state, &[bucket]).await? {
                    return Ok(Err(refused));
                }
                if self.check(old, Some(kept)).await? == Checked::Wrong {
                    return Ok(Err(Refused::Wrong));
                }
                Some(id)
            }
            // Whoever has passkeys alone sets a first one.
            None => None,
        };
        let hash = self.keep(house, new).await?;
        let mut tx = state.store.begin().await?;
        match id {
            Some(id) => {
                let body = state.vault.seal(CREDENTIAL, &id, &hash)?;
                tx.save_credential(&id, &body, now).await?;
            }
            None => {
                add_credential(&state, &mut tx, actor.person(), "password", None, &hash).await?;
            }
        }
        tx.end_sessions(actor.person(), actor.door_id(), now).await?;
        let about = json!({ "person": actor.person() });
        note(&state, &mut tx, actor.home(), "staff changed a password", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(()))
    }

    /// Asks the browser to make one more passkey.
    pub async fn ask_add_passkey(&self, house: &House, actor: &Actor) -> Answer<PasskeyAsked> {
        fresh(actor)?;
        let Some(passkeys) = &self.passkeys else { return Ok(Err(Refused::NotHere)) };
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        let Some(person) = tx.person(actor.person()).await? else {
            return Ok(Err(Refused::Over));
        };
        let sealed = open_person(&state, &person)?;
        let kept = opened(&state, &tx.credentials(&person.id).await?, "passkey")?;
        let kept: Vec<Vec<u8>> = kept.into_iter().map(|(_, body)| body).collect();
        let email = sealed.email.unwrap_or_default();
        let asked = passkeys.ask_new(&person.id, &sealed.name, &email, &kept)?;
        let kind = format!("{PASSKEY} {}", person.id);
        let waits = asked.state.expose_secret();
        let ceremony = begin_ceremony(&state, &mut tx, &kind, None, waits).await?;
        tx.commit().await?;
        Ok(Ok(PasskeyAsked { options: asked.options, ceremony }))
    }

    /// Adds the passkey that was made.
    pub async fn add_passkey(
        &self,
        house: &House,
        actor: &Actor,
        ceremony: &str,
        answer: &str,
    ) -> Answer<()> {
        fresh(actor)?;
        let Some(passkeys) = &self.passkeys else { return Ok(Err(Refused::NotHere)) };
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        let kind = format!("{PASSKEY} {}", actor.person());
        let Some(waits) = end_ceremony(&state, &mut tx, &kind, ceremony).await? else {
            return Ok(Err(Refused::Over));
        };
        let Some(key) = passkeys.take_new(&state.vault, &waits, answer)? else {
            return Ok(Err(Refused::Wrong));
        };
        let (person, handle) = (actor.person(), Some(key.handle));
        add_credential(&state, &mut tx, person, "passkey", handle, &key.body).await?;
        let about = json!({ "person": person, "way": "passkey" });
        note(&state, &mut tx, actor.home(), "staff added a way to sign in", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(()))
    }

    /// A new secret for an authenticator app: to type, as a picture, and what the first code is to be
    /// sent with.
    pub async fn ask_app(
        &self,
        house: &House,
        actor: &Actor,
    ) -> Result<(Secret<String>, QrPicture, Secret<String>)> {
        fresh(actor)?;
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        let totp = Totp::new(house.means.rng.as_ref());
        let kind = format!("{APP} {}", actor.person());
        let ceremony = begin_ceremony(&state, &mut tx, &kind, None, totp.bytes()).await?;
        let person = tx.person(actor.person()).await?;
        tx.commit().await?;
        let email = match &person {
            Some(person) => open_person(&state, person)?.email.unwrap_or_default(),
            None => model::Personal::default(),
        };
        Ok((totp.typed(), totp.picture(&self.name, email.expose())?, ceremony))
    }

    /// Takes another authenticator app in the place of the one before, with new codes for emergencies.
    pub async fn change_app(
        &self,
        house: &House,
        actor: &Actor,
        ceremony: &str,
        code: &str,
    ) -> Answer<Vec<Secret<String>>> {
        fresh(actor)?;
        let state = house.state().await?;
        let now = house.means.clock.now();
        let person = actor.person();
        let mut tx = state.store.begin().await?;
        let kind = format!("{APP} {person}");
        let Some(bytes) = end_ceremony(&state, &mut tx, &kind, ceremony).await? else {
            return Ok(Err(Refused::Over));
        };
        let Some(step) = Totp::of_bytes(bytes.clone()).step_of(code, now)? else {
            return Ok(Err(Refused::Wrong));
        };
        for credential in tx.credentials(person).await?.iter().filter(|it| it.kind == "totp") {
            tx.remove_credential(person, &credential.id).await?;
        }
        add_credential(&state, &mut tx, person, "totp", None, &bytes).await?;
        for credential in tx.credentials(person).await?.iter().filter(|it| it.kind == "totp") {
            tx.take_step(&credential.id, step, now).await?;
        }
        let codes = auth::recovery::new_codes(house.means.rng.as_ref());
        let hash = |code: &Secret<String>| {
            auth::recovery::hash(&state.vault, person, code.expose_secret())
        };
        let hashes: Vec<[u8; 32]> = codes.iter().map(hash).collect::<auth::Result<_>>()?;
        tx.set_recovery_codes(person, &hashes).await?;
        let about = json!({ "person": person, "way": "app" });
        note(&state, &mut tx, actor.home(), "staff added a way to sign in", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(codes))
    }

    /// Removes a passkey, unless it is the last way in.
    pub async fn remove_passkey(&self, house: &House, actor: &Actor, id: &str) -> Answer<()> {
        fresh(actor)?;
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        // Two removals at once must not both be the one before the last.
        tx.lock_people().await?;
        let before = Ways::of(&mut tx, actor.person(), true).await?;
        if !before.passkeys.iter().any(|(known, ..)| known == id) {
            return Ok(Err(Refused::Over));
        }
        tx.remove_credential(actor.person(), id).await?;
        if !Ways::of(&mut tx, actor.person(), true).await?.suffice() {
            tx.rollback().await?;
            return Ok(Err(Refused::LastWay));
        }
        let about = json!({ "credential": id, "person": actor.person() });
        note(&state, &mut tx, actor.home(), "staff removed a way to sign in", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(()))
    }
}

/// One's own account is for people who are signed in, and not for programs.
pub(super) fn present(actor: &Actor) -> Result<()> {
    let refusal = Error::NotAllowed(Refusal::Denied);
    if actor.has_two_factors() { Ok(()) } else { Err(refusal) }
}

/// What opens another way in asks for a factor shown just now.
fn fresh(actor: &Actor) -> Result<()> {
    present(actor)?;
    if actor.is_fresh() { Ok(()) } else { Err(Error::NotAllowed(Refusal::StepUp)) }
}
