//! Signing in: a password and then a second factor, or a passkey alone; and showing a factor again.

use auth::lockout::Bucket;
use auth::password::Checked;
use auth::secret::{hash, new_secret};
use auth::session::{LONGEST, is_over};
use auth::totp::Totp;
use model::{Micros, Secret};
use serde_json::json;
use store::{Person, Tx};

use super::account::Ways;
use super::{
    Answer, CREDENTIAL, Entered, Refused, Staff, Visitor, begin_ceremony, count, device_of,
    email_hash, end_ceremony, enter, forgive, is_active, know_device, note, opened,
};
use crate::Result;
use crate::house::House;
use crate::state::State;

const PASSKEY: &str = "passkey";

/// Somebody has shown the first of two factors.
#[derive(Debug)]
pub struct Half {
    /// The secret of a session in which nothing may be done but show the second.
    pub session: Secret<String>,
    /// What can be shown.
    pub ways: Ways,
}

/// A browser is to be asked for a passkey.
#[derive(Debug)]
pub struct PasskeyAsked {
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// What the answer is to be sent with.
    pub ceremony: Secret<String>,
}

impl Staff {
    /// The first of two factors: a password. An unknown address, a wrong password and somebody who
    /// may not come in are one answer.
    pub async fn sign_in(
        &self,
        house: &House,
        email: &str,
        password: &Secret<String>,
        visitor: &Visitor,
    ) -> Answer<Half> {
        let state = house.state().await?;
        let account = email_hash(&state, email)?;
        let mut tx = state.store.read().await?;
        let person = tx.person_by_email(&account).await?.filter(is_active);
        let id = person.as_ref().map_or("", |person| person.id.as_str());
        let device = device_of(&mut tx, visitor, id).await?;
        let credentials = tx.credentials(id).await?;
        tx.rollback().await?;
        let stranger = Bucket::Stranger { from: visitor.from, account: &account };
        let buckets = match &device {
            Some(device) => vec![Bucket::Device(device)],
            None => vec![stranger, Bucket::Network(visitor.from)],
        };
        if let Err(refused) = count(&state, &buckets).await? {
            return Ok(Err(refused));
        }
        let kept = opened(&state, &credentials, "password")?.pop();
        let (id, kept) = kept.map_or((None, None), |(id, kept)| (Some(id), Some(kept)));
        let checked = self.check(password, kept).await?;
        let (Some(person), Some(id), true) = (person, id, checked != Checked::Wrong) else {
            return Ok(Err(Refused::Wrong));
        };
        let anew = match checked {
            Checked::RightKeptOtherwise => Some(self.keep(house, password).await?),
            _ => None,
        };
        let mut tx = state.store.begin().await?;
        forgive(&state, &mut tx, &buckets).await?;
        if let Some(kept) = anew {
            let body = state.vault.seal(CREDENTIAL, &id, &kept)?;
            tx.save_credential(&id, &body, house.means.clock.now()).await?;
        }
        let (entered, _) = enter(&state, &mut tx, &person.id, 1, visitor).await?;
        let ways = Ways::of(&mut tx, &person.id, self.has_passkeys()).await?;
        tx.commit().await?;
        Ok(Ok(Half { session: entered.session, ways }))
    }

    /// A code: of the authenticator app, or one of the ten for emergencies. It completes a sign-in, or
    /// shows again who somebody is; for the latter only the app's will do.
    pub async fn show_code(
        &self,
        house: &House,
        session: &str,
        code: &Secret<String>,
        visitor: &Visitor,
    ) -> Answer<Entered> {
        let state = house.state().await?;
        let now = house.means.clock.now();
        let mut tx = state.store.read().await?;
        let Some((kept, person)) = live(&mut tx, session, now).await? else {
            return Ok(Err(Refused::Over));
        };
        let device = device_of(&mut tx, visitor, &person.id).await?;
        let credentials = tx.credentials(&person.id).await?;
        tx.rollback().await?;
        let bucket = match &device {
            Some(device) => Bucket::Device(device),
            None => Bucket::SecondFactor(&person.id),
        };
        if let Err(refused) = count(&state, &[bucket]).await? {
            return Ok(Err(refused));
        }
        let mut tx = state.store.begin().await?;
        let mut by = None;
        for (id, bytes) in opened(&state, &credentials, "totp")? {
            if let Some(step) = Totp::of_bytes(bytes).step_of(code.expose_secret(), now)?
                && tx.take_step(&id, step, now).await?
            {
                by = Some("password and one-time password");
            }
        }
        if by.is_none() && kept.factors != 2 {
            let code = auth::recovery::hash(&state.vault, &person.id, code.expose_secret())?;
            if tx.take_recovery_code(&person.id, &code, now).await? {
                by = Some("password and recovery code");
            }
        }
        let Some(by) = by else {
            tx.rollback().await?;
            return Ok(Err(Refused::Wrong));
        };
        forgive(&state, &mut tx, &[bucket]).await?;
        finish(house, &state, tx, session, &kept, &person, visitor, by).await
    }

    /// Asks the browser for a passkey: one of somebody's, who has a session, or any.
    pub async fn ask_passkey(&self, house: &House, session: Option<&str>) -> Answer<PasskeyAsked> {
        let Some(passkeys) = &self.passkeys else { return Ok(Err(Refused::NotHere)) };
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        let asked = match session {
            None => passkeys.ask_anybody()?,
            Some(session) => {
                let now = house.means.clock.now();
                let Some((_, person)) = live(&mut tx, session, now).await? else {
                    return Ok(Err(Refused::Over));
                };
                let kept = opened(&state, &tx.credentials(&person.id).await?, PASSKEY)?;
                let kept: Vec<Vec<u8>> = kept.into_iter().map(|(_, body)| body).collect();
                if kept.is_empty() {
                    return Ok(Err(Refused::NotHere));
                }
                passkeys.ask(&kept)?
            }
        };
        let kept = asked.state.expose_secret();
        let ceremony = begin_ceremony(&state, &mut tx, PASSKEY, None, kept).await?;
        tx.commit().await?;
        Ok(Ok(PasskeyAsked { options: asked.options, ceremony }))
    }

    /// The browser's answer. It signs somebody in, completes a sign-in, or shows again who they are.
    pub async fn show_passkey(
        &self,
        house: &House,
        session: Option<&str>,
        ceremony: &str,
        answer: &str,
        visitor: &Visitor,
    ) -> Answer<Entered> {
        let Some(passkeys) = &self.passkeys else { return Ok(Err(Refused::NotHere)) };
        let state = house.state().await?;
        let now = house.means.clock.now();
        let mut tx = state.store.begin().await?;
        // Taken for good, whatever the answer is: a challenge is answered once.
        let asked = end_ceremony(&state, &mut tx, PASSKEY, ceremony).await?;
        tx.commit().await?;
        let Some(asked) = asked else { return Ok(Err(Refused::Over)) };
        let Some(handle) = passkeys.named(&state.vault, answer)? else {
            return Ok(Err(Refused::Wrong));
        };
        let mut tx = state.store.begin().await?;
        let Some(credential) = tx.credential_by(PASSKEY, &handle).await? else {
            return Ok(Err(Refused::Wrong));
        };
        let person = tx.person(&credential.person).await?.filter(is_active);
        let Some(person) = person else { return Ok(Err(Refused::Wrong)) };
        let body = state.vault.open_sealed(CREDENTIAL, &credential.id, &credential.body)?;
        let Some(body) = passkeys.take(&asked, answer, &person.id, &body)? else {
            return Ok(Err(Refused::Wrong));
        };
        let body = state.vault.seal(CREDENTIAL, &credential.id, &body)?;
        tx.save_credential(&credential.id, &body, now).await?;
        let Some(session) = session else {
            let (entered, id) = enter(&state, &mut tx, &person.id, 2, visitor).await?;
            let about = json!({ "by": "passkey", "person": person.id, "session": id });
            note(&state, &mut tx, &person.organisation, "staff signed in", about).await?;
            house.done(&state, tx).await?;
            return Ok(Ok(entered));
        };
        match live(&mut tx, session, now).await? {
            Some((kept, owner)) if owner.id == person.id => {
                let by = if kept.factors == 2 { "passkey" } else { "password and passkey" };
                finish(house, &state, tx, session, &kept, &person, visitor, by).await
            }
            _ => Ok(Err(Refused::Over)),
        }
    }

    /// Ends a session.
    pub async fn sign_out(&self, house: &House, session: &str) -> Result<()> {
        let state = house.state().await?;
        let now = house.means.clock.now();
        let mut tx = state.store.begin().await?;
        let Some(kept) = tx.session_by(&hash(session)).await? else { return Ok(()) };
        tx.end_session(&kept.person, &kept.id, now).await?;
        if let Some(person) = tx.person(&kept.person).await? {
            let about = json!({ "person": kept.person, "session": kept.id });
            note(&state, &mut tx, &person.organisation, "staff signed out", about).await?;
        }
        house.done(&state, tx).await
    }
}

/// A session that is not over, and its owner, who is active.
pub(super) async fn live(
    tx: &mut Tx,
    session: &str,
    now: Micros,
) -> Result<Option<(store::Session, Person)>> {
    let Some(kept) = tx.session_by(&hash(session)).await? else { return Ok(None) };
    if is_over(&kept, now) {
        return Ok(None);
    }
    let person = tx.person(&kept.person).await?.filter(is_active);
    Ok(person.map(|person| (kept, person)))
}

/// Both factors were shown: the session gets another secret, and the browser is known.
#[expect(clippy::too_many_arguments, reason = "what a sign-in is made of")]
async fn finish(
    house: &House,
    state: &State,
    mut tx: Tx,
    session: &str,
    kept: &store::Session,
    person: &Person,
    visitor: &Visitor,
    by: &str,
) -> Answer<Entered> {
    let now = house.means.clock.now();
    let again = kept.factors == 2;
    // Showing a factor again makes no session last longer.
    let ends = if again { kept.ends_at } else { Micros(now.0.saturating_add(LONGEST)) };
    let fresh = new_secret(house.means.rng.as_ref());
    let (old, new) = (hash(session), hash(fresh.expose_secret()));
    if !tx.rotate_session(&old, &new, 2, now, ends).await? {
        return Ok(Err(Refused::Over));
    }
    let device = know_device(state, &mut tx, &person.id, visitor).await?;
    let kind = if again { "staff showed a factor again" } else { "staff signed in" };
    let about = json!({ "by": by, "person": person.id, "session": kept.id });
    note(state, &mut tx, &person.organisation, kind, about).await?;
    house.done(state, tx).await?;
    Ok(Ok(Entered { session: fresh, device }))
}
