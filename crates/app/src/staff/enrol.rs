//! Coming in for the first time, or again after every way in was lost: by a link that works once.

use auth::password::weakness;
use auth::secret::{hash, new_secret};
use auth::totp::{QrPicture, Totp};
use auth::{MembershipState, ROOT, Role};
use model::{Micros, Personal, Secret};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Link, Person, Tx};

use super::{
    Answer, Entered, PasskeyAsked, Refused, Sealed, Staff, Visitor, add_credential, begin_ceremony,
    email_hash, end_ceremony, enter, fit, note, open_person, seal_person,
};
use crate::Result;
use crate::house::House;
use crate::state::State;

/// A link lives so long.
const LIVES: i64 = 24 * 3_600 * 1_000_000;
/// An invitation is given a week.
const INVITATION_LIVES: i64 = 7 * LIVES;
const APP: &str = "enrol an app";
const PASSKEY: &str = "enrol a passkey";

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkKind {
    /// The first person, who becomes the owner.
    SetUp,
    /// Somebody who was asked to come.
    Invite,
    /// Somebody who lost every way in.
    Recover,
}

impl LinkKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::SetUp, Self::Invite, Self::Recover];

    /// The name in the database and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Invite => "invite",
            Self::Recover => "recover",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What somebody with a good link is shown.
#[derive(Debug)]
pub struct Enrolment {
    /// Their name and address as far as they are known.
    pub name: Personal<String>,
    /// The address.
    pub email: Personal<String>,
    /// What they will be.
    pub role: Role,
    /// The secret for an authenticator app, to type.
    pub typed: Secret<String>,
    /// The same for its camera.
    pub picture: QrPicture,
    /// What the form is to be sent with.
    pub ceremony: Secret<String>,
}

/// What somebody says of themselves.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Details {
    /// Name.
    pub name: Personal<String>,
    /// E-mail; only the first person is asked for it.
    pub email: Personal<String>,
}

/// Somebody is in for the first time.
#[derive(Debug)]
pub struct Enrolled {
    /// What the browser is given.
    pub entered: Entered,
    /// Codes for emergencies, shown this once; none for whoever has passkeys alone.
    pub recovery: Vec<Secret<String>>,
}

#[derive(Serialize, Deserialize)]
struct Waiting {
    person: String,
    details: Details,
    state: Vec<u8>,
}

impl Staff {
    /// A link for the first person, as long as there is nobody; earlier ones are worth nothing from
    /// now on. It is handed out once and kept as a hash.
    pub async fn first_link(&self, house: &House) -> Result<Option<Secret<String>>> {
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        if tx.has_people().await? {
            return Ok(None);
        }
        let secret = make_link(&state, &mut tx, LinkKind::SetUp, None).await?;
        tx.commit().await?;
        Ok(Some(secret))
    }

    /// What to show to whoever holds a link. The link is not used up.
    pub async fn enrolment(&self, house: &House, kind: LinkKind, link: &str) -> Answer<Enrolment> {
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        let Some(person) = holder(&state, &mut tx, kind, link).await? else {
            return Ok(Err(Refused::LinkOver));
        };
        let (role, name, email) = match &person {
            None => (Role::Owner, Personal::default(), Personal::default()),
            Some(person) => {
                let sealed = open_person(&state, person)?;
                let role = Role::parse(&person.role);
                let Some(role) = role else { return Ok(Err(Refused::LinkOver)) };
                (role, sealed.name, sealed.email.unwrap_or_default())
            }
        };
        let totp = Totp::new(house.means.rng.as_ref());
        let ceremony = begin_ceremony(&state, &mut tx, APP, None, totp.bytes()).await?;
        tx.commit().await?;
        let account = if email.expose().is_empty() { "staff" } else { email.expose().as_str() };
        let (typed, picture) = (totp.typed(), totp.picture(&self.name, account)?);
        Ok(Ok(Enrolment { name, email, role, typed, picture, ceremony }))
    }

    /// Comes in with a password and the first code of an app that was just set up.
    #[expect(clippy::too_many_arguments, reason = "the fields of one form")]
    pub async fn enrol_with_password(
        &self,
        house: &House,
        kind: LinkKind,
        link: &str,
        details: &Details,
        password: &Secret<String>,
        ceremony: &str,
        code: &str,
        visitor: &Visitor,
    ) -> Answer<Enrolled> {
        let state = house.state().await?;
        let mut tx = state.store.read().await?;
        let Some(person) = holder(&state, &mut tx, kind, link).await? else {
            return Ok(Err(Refused::LinkOver));
        };
        tx.rollback().await?;
        let details = match known(&state, person.as_ref(), details)? {
            Ok(details) => details,
            Err(refused) => return Ok(Err(refused)),
        };
        let own = [details.name.expose().as_str(), details.email.expose().as_str(), &self.name];
        if let Some(weak) = weakness(password.expose_secret(), &own) {
            return Ok(Err(weak.into()));
        }
        let kept = self.keep(house, password).await?;
        let now = house.means.clock.now();
        let mut tx = state.store.begin().await?;
        // Dropped with the transaction when the code is wrong: the app keeps its secret.
        let Some(bytes) = end_ceremony(&state, &mut tx, APP, ceremony).await? else {
            return Ok(Err(Refused::Over));
        };
        let Some(step) = Totp::of_bytes(bytes.clone()).step_of(code, now)? else {
            return Ok(Err(Refused::Wrong));
        };
        let id = store::new_id(house.means.rng.as_ref());
        let id = person.map_or(id, |person| person.id);
        if let Err(refused) = come_in(&state, &mut tx, kind, link, &id, &details).await? {
            return Ok(Err(refused));
        }
        add_credential(&state, &mut tx, &id, "password", None, &kept).await?;
        add_credential(&state, &mut tx, &id, "totp", None, &bytes).await?;
        for credential in tx.credentials(&id).await?.iter().filter(|it| it.kind == "totp") {
            tx.take_step(&credential.id, step, now).await?;
        }
        let codes = auth::recovery::new_codes(house.means.rng.as_ref());
        let hashes =
            codes.iter().map(|code| auth::recovery::hash(&state.vault, &id, code.expose_secret()));
        let hashes: Vec<[u8; 32]> = hashes.collect::<auth::Result<_>>()?;
        tx.set_recovery_codes(&id, &hashes).await?;
        self.first_session(house, &state, tx, kind, &id, visitor, codes).await
    }

    /// Asks the browser of whoever holds a link to make a passkey.
    pub async fn ask_enrol_passkey(
        &self,
        house: &House,
        kind: LinkKind,
        link: &str,
        details: &Details,
    ) -> Answer<PasskeyAsked> {
        let Some(passkeys) = &self.passkeys else { return Ok(Err(Refused::NotHere)) };
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        let Some(person) = holder(&state, &mut tx, kind, link).await? else {
            return Ok(Err(Refused::LinkOver));
        };
        let details = match known(&state, person.as_ref(), details)? {
            Ok(details) => details,
            Err(refused) => return Ok(Err(refused)),
        };
        let id = store::new_id(house.means.rng.as_ref());
        let id = person.map_or(id, |person| person.id);
        let asked = passkeys.ask_new(&id, &details.name, &details.email, &[])?;
        let waiting = Waiting { person: id, details, state: asked.state.expose_secret().clone() };
        let waiting = serde_json::to_vec(&waiting).unwrap_or_default();
        let ceremony = begin_ceremony(&state, &mut tx, PASSKEY, None, &waiting).await?;
        tx.commit().await?;
        Ok(Ok(PasskeyAsked { options: asked.options, ceremony }))
    }

    /// Comes in with the passkey that was made.
    pub async fn enrol_with_passkey(
        &self,
        house: &House,
        kind: LinkKind,
        link: &str,
        ceremony: &str,
        answer: &str,
        visitor: &Visitor,
    ) -> Answer<Enrolled> {
        let Some(passkeys) = &self.passkeys else { return Ok(Err(Refused::NotHere)) };
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        let Some(waiting) = end_ceremony(&state, &mut tx, PASSKEY, ceremony).await? else {
            return Ok(Err(Refused::Over));
        };
        let Ok(waiting) = serde_json::from_slice::<Waiting>(&waiting) else {
            return Ok(Err(Refused::Over));
        };
        let Some(key) = passkeys.take_new(&state.vault, &waiting.state, answer)? else {
            return Ok(Err(Refused::Wrong));
        };
        let id = waiting.person;
        if let Err(refused) = come_in(&state, &mut tx, kind, link, &id, &waiting.details).await? {
            return Ok(Err(refused));
        }
        add_credential(&state, &mut tx, &id, "passkey", Some(key.handle), &key.body).await?;
        self.first_session(house, &state, tx, kind, &id, visitor, Vec::new()).await
    }

    #[expect(clippy::too_many_arguments, reason = "what both ways in have in common")]
    async fn first_session(
        &self,
        house: &House,
        state: &State,
        mut tx: Tx,
        kind: LinkKind,
        id: &str,
        visitor: &Visitor,
        recovery: Vec<Secret<String>>,
    ) -> Answer<Enrolled> {
        let (entered, session) = enter(state, &mut tx, id, 2, visitor).await?;
        let organisation = tx.person(id).await?.map(|person| person.organisation);
        let organisation = organisation.unwrap_or_default();
        let about = json!({ "link": kind.as_str(), "person": id, "session": session });
        note(state, &mut tx, &organisation, "staff came in by a link", about).await?;
        house.done(state, tx).await?;
        Ok(Ok(Enrolled { entered, recovery }))
    }
}

/// Makes a link for somebody.
pub(super) async fn make_link(
    state: &State,
    tx: &mut Tx,
    kind: LinkKind,
    person: Option<&str>,
) -> Result<Secret<String>> {
    let means = state.means();
    let (rng, now) = (means.rng.as_ref(), means.clock.now());
    let secret = new_secret(rng);
    let lives = if kind == LinkKind::Invite { INVITATION_LIVES } else { LIVES };
    let link = Link {
        id: store::new_id(rng),
        kind: kind.as_str().to_owned(),
        person: person.map(str::to_owned),
        made_at: now,
        expires_at: Micros(now.0.saturating_add(lives)),
    };
    tx.insert_link(&link, &hash(secret.expose_secret())).await?;
    Ok(secret)
}

/// For whom a link is good: nobody yet, for the first one; else somebody in the state in which such a
/// link is made.
async fn holder(
    state: &State,
    tx: &mut Tx,
    kind: LinkKind,
    link: &str,
) -> Result<Option<Option<Person>>> {
    let now = state.means().clock.now();
    let Some(link) = tx.link(kind.as_str(), &hash(link), now).await? else { return Ok(None) };
    if kind == LinkKind::SetUp {
        return Ok((!tx.has_people().await?).then_some(None));
    }
    let Some(person) = link.person else { return Ok(None) };
    let wanted = match kind {
        LinkKind::Recover => MembershipState::Active,
        _ => MembershipState::Invited,
    };
    let person = tx.person(&person).await?;
    Ok(person.filter(|person| person.state == wanted.as_str()).map(Some))
}

/// Name and address: as they are said by the first person, else only the name may be changed.
fn known(
    state: &State,
    person: Option<&Person>,
    said: &Details,
) -> Result<std::result::Result<Details, Refused>> {
    let email = match person {
        None => said.email.clone(),
        Some(person) => open_person(state, person)?.email.unwrap_or_default(),
    };
    Ok(fit(said.name.expose(), email.expose())
        .map(|(name, email)| Details { name: Personal::new(name), email: Personal::new(email) }))
}

/// Uses the link up, and makes somebody a member with no way in but those that follow.
async fn come_in(
    state: &State,
    tx: &mut Tx,
    kind: LinkKind,
    link: &str,
    id: &str,
    details: &Details,
) -> Answer<()> {
    let now = state.means().clock.now();
    tx.lock_people().await?;
    let Some(taken) = tx.take_link(kind.as_str(), &hash(link), now).await? else {
        return Ok(Err(Refused::LinkOver));
    };
    let sealed = Sealed { name: details.name.clone(), email: Some(details.email.clone()) };
    let body = seal_person(state, id, &sealed)?;
    let hash = email_hash(state, details.email.expose())?;
    let is_theirs = taken.person.as_deref() == Some(id);
    let moved = match kind {
        LinkKind::SetUp if tx.has_people().await? => false,
        LinkKind::SetUp => {
            let person = Person {
                id: id.to_owned(),
                organisation: ROOT.to_owned(),
                role: Role::Owner.as_str().to_owned(),
                state: MembershipState::Active.as_str().to_owned(),
                body,
                made_at: now,
                state_at: now,
            };
            tx.insert_person(&person, &hash).await?;
            true
        }
        LinkKind::Invite => {
            let (from, to) = (MembershipState::Invited.as_str(), MembershipState::Active.as_str());
            is_theirs
                && tx.set_person_state(id, from, to, now).await?
                && tx.reseal_person(id, &body, Some(&hash)).await?
        }
        LinkKind::Recover => {
            let person = tx.person(id).await?;
            let active = person.is_some_and(|person| super::is_active(&person));
            if is_theirs && active {
                tx.remove_credentials(id).await?;
                tx.end_sessions(id, "", now).await?;
                tx.revoke_tokens(id, now).await?;
                tx.reseal_person(id, &body, Some(&hash)).await?;
            }
            is_theirs && active
        }
    };
    Ok(if moved { Ok(()) } else { Err(Refused::LinkOver) })
}
