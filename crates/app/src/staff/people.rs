//! Who is here: asked to come, given a role and clients, kept out, removed.

use auth::{Action, Actor, MembershipState, ROOT, Role};
use model::{Micros, Personal, Secret};
use serde_json::json;
use store::{Person, Tx};

use super::enrol::{LinkKind, make_link};
use super::{
    Answer, Refused, Sealed, Staff, email_hash, fit, is_active, note, open_person, seal_person,
};
use crate::allowed::require;
use crate::house::House;
use crate::state::State;
use crate::{Error, Result};

/// Somebody who is asked to come.
#[derive(Debug, Clone)]
pub struct Invited {
    /// Name.
    pub name: Personal<String>,
    /// E-mail.
    pub email: Personal<String>,
    /// As what.
    pub role: Role,
    /// To which organisation: the root, or a client for its own officer.
    pub organisation: String,
    /// Which clients they work for besides.
    pub assigned: Vec<String>,
}

/// Somebody on the list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Their id, which the log names.
    pub id: String,
    /// Name.
    pub name: Personal<String>,
    /// E-mail; none once they are gone.
    pub email: Option<Personal<String>>,
    /// As what.
    pub role: Role,
    /// Whether they are here.
    pub state: MembershipState,
    /// Since when.
    pub since: Micros,
    /// The organisation that they belong to.
    pub organisation: String,
    /// The clients they work for besides.
    pub assigned: Vec<String>,
}

impl Staff {
    /// Everybody who belongs to an organisation or works for it.
    pub async fn people(
        &self,
        house: &House,
        actor: &Actor,
        organisation: &str,
    ) -> Result<Vec<Listed>> {
        require(actor, Action::ReadPeople, organisation)?;
        let state = house.state().await?;
        let mut tx = state.store.read().await?;
        let mut listed = Vec::new();
        for person in tx.people(organisation).await? {
            let (role, state_) = (Role::parse(&person.role), MembershipState::parse(&person.state));
            let (Some(role), Some(state_)) = (role, state_) else { continue };
            let sealed = open_person(&state, &person)?;
            listed.push(Listed {
                assigned: tx.assignments(&person.id).await?,
                id: person.id,
                name: sealed.name,
                email: sealed.email,
                role,
                state: state_,
                since: person.state_at,
                organisation: person.organisation,
            });
        }
        tx.rollback().await?;
        Ok(listed)
    }

    /// Asks somebody to come. The link is for them alone, works once and lives a week.
    pub async fn invite(
        &self,
        house: &House,
        actor: &Actor,
        invited: &Invited,
    ) -> Answer<Secret<String>> {
        require(actor, Action::InvitePerson, &invited.organisation)?;
        let (name, email) = match fit(invited.name.expose(), invited.email.expose()) {
            Ok(fit) => fit,
            Err(refused) => return Ok(Err(refused)),
        };
        if let Err(refused) = seat(house, invited.role, &invited.organisation)? {
            return Ok(Err(refused));
        }
        if let Err(refused) = clients(house, invited.role, &invited.assigned)? {
            return Ok(Err(refused));
        }
        let state = house.state().await?;
        let now = house.means.clock.now();
        let id = store::new_id(house.means.rng.as_ref());
        let hash = email_hash(&state, &email)?;
        let sealed = Sealed { name: Personal::new(name), email: Some(Personal::new(email)) };
        let person = Person {
            body: seal_person(&state, &id, &sealed)?,
            id: id.clone(),
            organisation: invited.organisation.clone(),
            role: invited.role.as_str().to_owned(),
            state: MembershipState::Invited.as_str().to_owned(),
            made_at: now,
            state_at: now,
        };
        let mut tx = state.store.begin().await?;
        match tx.insert_person(&person, &hash).await {
            Ok(()) => {}
            Err(store::Error::Exists { .. }) => {
                let text = "somebody with this address is here already, or was asked to come";
                return Ok(Err(Refused::Unfit(text.to_owned())));
            }
            Err(error) => return Err(error.into()),
        }
        for client in &invited.assigned {
            tx.assign(&id, client).await?;
        }
        let link = make_link(&state, &mut tx, LinkKind::Invite, Some(&id)).await?;
        let about = json!({
            "assigned": invited.assigned, "by": actor.person(), "person": id,
            "role": invited.role.as_str(),
        });
        note(&state, &mut tx, &invited.organisation, "staff invited", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(link))
    }

    /// Another link for somebody who was asked to come; the one before is worth nothing from now on.
    pub async fn invite_again(
        &self,
        house: &House,
        actor: &Actor,
        id: &str,
    ) -> Answer<Secret<String>> {
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        let person = reached(&mut tx, actor, Action::InvitePerson, id).await?;
        if person.state != MembershipState::Invited.as_str() {
            return Ok(Err(Refused::Unfit("this person is here already".to_owned())));
        }
        let link = make_link(&state, &mut tx, LinkKind::Invite, Some(id)).await?;
        let about = json!({ "by": actor.person(), "person": id });
        note(&state, &mut tx, &person.organisation, "staff invited again", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(link))
    }

    /// Gives somebody another role.
    pub async fn change_role(
        &self,
        house: &House,
        actor: &Actor,
        id: &str,
        role: Role,
    ) -> Answer<()> {
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        tx.lock_people().await?;
        let person = reached(&mut tx, actor, Action::ChangeRole, id).await?;
        if let Err(refused) = seat(house, role, &person.organisation)? {
            return Ok(Err(refused));
        }
        if role != Role::Owner && is_last_owner(&mut tx, &person).await? {
            return Ok(Err(Refused::LastOwner));
        }
        tx.set_role(id, role.as_str()).await?;
        let about = json!({
            "by": actor.person(), "from": person.role, "person": id, "to": role.as_str(),
        });
        note(&state, &mut tx, &person.organisation, "staff role changed", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(()))
    }

    /// Says for which clients somebody works besides their own organisation.
    pub async fn assign(
        &self,
        house: &House,
        actor: &Actor,
        id: &str,
        wanted: &[String],
    ) -> Answer<()> {
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        tx.lock_people().await?;
        let person = reached(&mut tx, actor, Action::AssignClients, id).await?;
        let Some(role) = Role::parse(&person.role) else { return Ok(Err(Refused::Over)) };
        if let Err(refused) = clients(house, role, wanted)? {
            return Ok(Err(refused));
        }
        let before = tx.assignments(id).await?;
        for client in before.iter().filter(|client| !wanted.contains(client)) {
            tx.unassign(id, client).await?;
        }
        for client in wanted {
            tx.assign(id, client).await?;
        }
        let about = json!({
            "by": actor.person(), "from": before, "person": id, "to": tx.assignments(id).await?,
        });
        note(&state, &mut tx, &person.organisation, "staff assigned", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(()))
    }

    /// Keeps somebody out for now: every session ends, every token is taken back.
    pub async fn suspend(&self, house: &House, actor: &Actor, id: &str) -> Answer<()> {
        self.leave(house, actor, id, Action::SuspendPerson, MembershipState::Suspended).await
    }

    /// Lets somebody in again who was kept out.
    pub async fn restore(&self, house: &House, actor: &Actor, id: &str) -> Answer<()> {
        let state = house.state().await?;
        let now = house.means.clock.now();
        let mut tx = state.store.begin().await?;
        let person = reached(&mut tx, actor, Action::SuspendPerson, id).await?;
        // Whoever never came in is asked to come once more.
        let came = !tx.credentials(id).await?.is_empty();
        let to = if came { MembershipState::Active } else { MembershipState::Invited };
        let (from, to) = (MembershipState::Suspended.as_str(), to.as_str());
        if !tx.set_person_state(id, from, to, now).await? {
            return Ok(Err(Refused::Unfit("this person is not kept out".to_owned())));
        }
        let about = json!({ "by": actor.person(), "person": id });
        note(&state, &mut tx, &person.organisation, "staff let in again", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(()))
    }

    /// Removes somebody for good. The name stays, sealed, because the log names the id; the address, and
    /// every way in, is forgotten.
    pub async fn remove(&self, house: &House, actor: &Actor, id: &str) -> Answer<()> {
        self.leave(house, actor, id, Action::RemovePerson, MembershipState::Removed).await
    }

    async fn leave(
        &self,
        house: &House,
        actor: &Actor,
        id: &str,
        action: Action,
        to: MembershipState,
    ) -> Answer<()> {
        let state = house.state().await?;
        let now = house.means.clock.now();
        let mut tx = state.store.begin().await?;
        tx.lock_people().await?;
        let person = reached(&mut tx, actor, action, id).await?;
        if is_last_owner(&mut tx, &person).await? {
            return Ok(Err(Refused::LastOwner));
        }
        let gone = [MembershipState::Removed.as_str(), to.as_str()];
        let moves = !gone.contains(&person.state.as_str())
            && tx.set_person_state(id, &person.state, to.as_str(), now).await?;
        if !moves {
            return Ok(Err(Refused::Unfit("this was done before".to_owned())));
        }
        tx.end_sessions(id, "", now).await?;
        tx.revoke_tokens(id, now).await?;
        for kind in LinkKind::ALL {
            tx.void_links(kind.as_str(), Some(id), now).await?;
        }
        if to == MembershipState::Removed {
            tx.remove_credentials(id).await?;
            for client in tx.assignments(id).await? {
                tx.unassign(id, &client).await?;
            }
            let name = open_person(&state, &person)?.name;
            let body = seal_person(&state, id, &Sealed { name, email: None })?;
            tx.reseal_person(id, &body, None).await?;
        }
        let about = json!({ "by": actor.person(), "person": id });
        let kind = match to {
            MembershipState::Removed => "staff removed",
            _ => "staff suspended",
        };
        note(&state, &mut tx, &person.organisation, kind, about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(()))
    }

    /// A link for somebody who lost every way in. Nothing changes until it is used; then every earlier
    /// way in, session and token is gone.
    pub async fn recover(&self, house: &House, actor: &Actor, id: &str) -> Answer<Secret<String>> {
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        let person = reached(&mut tx, actor, Action::RecoverPerson, id).await?;
        if !is_active(&person) {
            return Ok(Err(Refused::Unfit("this person is not here".to_owned())));
        }
        let link = make_link(&state, &mut tx, LinkKind::Recover, Some(id)).await?;
        let about = json!({ "by": actor.person(), "person": id });
        note(&state, &mut tx, &person.organisation, "staff given a way to recover", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(link))
    }
}

/// Somebody whom the actor may treat like this. Whoever is out of reach and whoever does not exist are
/// one answer.
async fn reached(tx: &mut Tx, actor: &Actor, action: Action, id: &str) -> Result<Person> {
    let denied = || Error::NotAllowed(auth::Refusal::Denied);
    let person = tx.person(id).await?.ok_or_else(denied)?;
    require(actor, action, &person.organisation)?;
    Ok(person)
}

async fn is_last_owner(tx: &mut Tx, person: &Person) -> Result<bool> {
    let (owner, active) = (Role::Owner.as_str(), MembershipState::Active.as_str());
    if person.role != owner || person.state != active {
        return Ok(false);
    }
    Ok(tx.count_people(&person.organisation, owner, active).await? < 2)
}

/// Whether there is such an organisation, and whether the role belongs there: a client's officer to a
/// client, everybody else to the root.
fn seat(house: &House, role: Role, organisation: &str) -> Result<std::result::Result<(), Refused>> {
    let unfit = |text: &str| Ok(Err(Refused::Unfit(text.to_owned())));
    match (role, organisation) {
        (Role::ClientOfficer, ROOT) => unfit("a client officer belongs to a client: choose one"),
        (Role::ClientOfficer, client) if house.policy(false)?.client(client).is_none() => {
            unfit("there is no such client in clients.yaml")
        }
        (Role::ClientOfficer, _) | (_, ROOT) => Ok(Ok(())),
        _ => unfit("only a client officer belongs to a client; others are assigned to it"),
    }
}

/// Whether there are such clients, and whether the role works for several.
fn clients(
    house: &House,
    role: Role,
    wanted: &[String],
) -> Result<std::result::Result<(), Refused>> {
    let unfit = |text: &str| Ok(Err(Refused::Unfit(text.to_owned())));
    if wanted.is_empty() {
        return Ok(Ok(()));
    }
    if role == Role::ClientOfficer {
        return unfit("a client officer sees their own client only");
    }
    let policy = house.policy(false)?;
    if wanted.iter().any(|client| policy.client(client).is_none()) {
        return unfit("there is no such client in clients.yaml");
    }
    Ok(Ok(()))
}

/// The name under which somebody is shown.
pub(super) fn shown_name(state: &State, person: &Person) -> Result<Personal<String>> {
    Ok(open_person(state, person)?.name)
}
