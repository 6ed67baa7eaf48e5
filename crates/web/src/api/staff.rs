//! Who is here and as what, and the tokens of the API. Most of it only a person at the console does: a
//! token reads.

use app::staff::{Answered, Invited, LinkKind, Listed, ListedToken, Refused};
use auth::{Action, Role as Known};
use model::{Personal, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Body, Call, Nothing, get, post};
use super::cursor::{Listing, PageOf};
use super::reply::{Done, Found, Made};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let may = Access::May;
    vec![
        get(
            "/api/v1/people",
            may(Action::ReadPeople),
            ("listPeople", "Everybody who belongs to an organisation or works for it."),
            people,
        ),
        post(
            "/api/v1/people",
            may(Action::InvitePerson),
            ("invitePerson", "Asks somebody to come. The link is for them alone and works once."),
            invite,
        ),
        post(
            "/api/v1/people/{id}/invite",
            may(Action::InvitePerson),
            (
                "inviteAgain",
                "Makes a fresh link for somebody who has not come yet; the one before ends.",
            ),
            invite_again,
        ),
        post(
            "/api/v1/people/{id}/role",
            may(Action::ChangeRole),
            ("changeRole", "Changes somebody's role."),
            change_role,
        ),
        post(
            "/api/v1/people/{id}/assign",
            may(Action::AssignClients),
            ("assignClients", "Says for which clients somebody works."),
            assign,
        ),
        post(
            "/api/v1/people/{id}/suspend",
            may(Action::SuspendPerson),
            ("suspendPerson", "Keeps somebody out for now."),
            suspend,
        ),
        post(
            "/api/v1/people/{id}/restore",
            may(Action::SuspendPerson),
            ("restorePerson", "Lets somebody in again who was kept out."),
            restore,
        ),
        post(
            "/api/v1/people/{id}/remove",
            may(Action::RemovePerson),
            ("removePerson", "Removes somebody for good."),
            remove,
        ),
        post(
            "/api/v1/people/{id}/recover",
            may(Action::RecoverPerson),
            ("recoverPerson", "Makes a new way in for somebody who lost every way."),
            recover,
        ),
        get(
            "/api/v1/tokens",
            may(Action::ReadTokens),
            (
                "listTokens",
                "The tokens of the people of an organisation, the latest first; never their secrets.",
            ),
            tokens,
        ),
        post(
            "/api/v1/tokens",
            may(Action::IssueToken),
            (
                "issueToken",
                "Makes a token that works on the caller's behalf. Its secret is shown this once.",
            ),
            issue,
        ),
        post(
            "/api/v1/tokens/{id}/revoke",
            may(Action::RevokeToken),
            ("revokeToken", "Takes a token back."),
            revoke,
        ),
    ]
}

/// What was refused, as a program is told it.
fn taken<T>(answered: Answered<T>) -> Result<T, Failure> {
    answered.map_err(|refused| match refused {
        Refused::Unfit(text) => Failure::unfit(None, text),
        Refused::Wait(_) => Failure::TooMany,
        other => Failure::Refused(other.to_string()),
    })
}

/// What somebody is here.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Owner,
    PrivacyOfficer,
    Technician,
    Auditor,
    ClientOfficer,
}

impl Role {
    const fn known(&self) -> Known {
        match self {
            Self::Owner => Known::Owner,
            Self::PrivacyOfficer => Known::PrivacyOfficer,
            Self::Technician => Known::Technician,
            Self::Auditor => Known::Auditor,
            Self::ClientOfficer => Known::ClientOfficer,
        }
    }
}

/// A member of staff.
#[derive(Serialize, JsonSchema)]
struct Person {
    /// Their id, which the log names.
    id: String,
    /// Name.
    name: String,
    /// E-mail; none once they are gone.
    email: Option<String>,
    /// As what.
    role: String,
    /// Whether they are here: `invited`, `active`, `suspended`, `removed`.
    state: String,
    /// Since when.
    #[schemars(extend("format" = "date-time"))]
    since: String,
    /// The organisation that they belong to.
    organisation: String,
    /// The clients they work for besides.
    assigned: Vec<String>,
}

async fn people(call: Call<PageOf>) -> Result<Found<Listing<Person>>, Failure> {
    let actor = call.actor()?;
    let site = &call.site;
    let organisation = call.query.organisation(actor);
    // The owner decides who works for each client: of one that is not there nobody does.
    if organisation != auth::ROOT && site.reading().policy.client(organisation).is_none() {
        return Err(Failure::NotFound);
    }
    let found = site.staff.people(&site.house, actor, organisation).await?;
    let person = |one: Listed| Person {
        id: one.id,
        name: one.name.expose().clone(),
        email: one.email.map(|email| email.expose().clone()),
        role: one.role.as_str().to_owned(),
        state: one.state.as_str().to_owned(),
        since: when(one.since),
        organisation: one.organisation,
        assigned: one.assigned,
    };
    let found = found.into_iter().map(person).collect();
    Ok(Found(call.query.page().part(found, |one: &Person| one.id.clone())?))
}

/// Somebody who is asked to come.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Name.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// E-mail.
    #[schemars(length(min = 3, max = 320), extend("format" = "email"))]
    email: String,
    /// As what.
    role: Role,
    /// To which organisation: `root`, or a client's key for its own officer.
    #[schemars(length(min = 1, max = 100))]
    organisation: String,
    /// Which clients they work for besides.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    assigned: Vec<String>,
}

impl Body for Wanted {}

/// A link that works once.
#[derive(Serialize, JsonSchema)]
struct Link {
    /// Its path on this server: for whoever it is meant for, and nobody else.
    path: String,
}

fn link(kind: LinkKind, secret: &Secret<String>) -> Made<Link> {
    Made(Link { path: format!("/come-in/{}/{}", kind.as_str(), secret.expose_secret()) })
}

async fn invite(call: Call<Nothing, Wanted>) -> Result<Made<Link>, Failure> {
    let (site, wanted) = (&call.site, &call.body);
    let invited = Invited {
        name: Personal::new(wanted.name.clone()),
        email: Personal::new(wanted.email.clone()),
        role: wanted.role.known(),
        organisation: wanted.organisation.clone(),
        assigned: wanted.assigned.clone(),
    };
    let secret = taken(site.staff.invite(&site.house, call.actor()?, &invited).await?)?;
    Ok(link(LinkKind::Invite, &secret))
}

async fn invite_again(call: Call<Nothing, Nothing>) -> Result<Made<Link>, Failure> {
    let site = &call.site;
    let again = site.staff.invite_again(&site.house, call.actor()?, call.id("id")?).await?;
    Ok(link(LinkKind::Invite, &taken(again)?))
}

async fn recover(call: Call<Nothing, Nothing>) -> Result<Made<Link>, Failure> {
    let site = &call.site;
    let found = site.staff.recover(&site.house, call.actor()?, call.id("id")?).await?;
    Ok(link(LinkKind::Recover, &taken(found)?))
}

/// A new role.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewRole {
    role: Role,
}

impl Body for NewRole {}

async fn change_role(call: Call<Nothing, NewRole>) -> Result<Done, Failure> {
    let (site, role) = (&call.site, call.body.role.known());
    taken(site.staff.change_role(&site.house, call.actor()?, call.id("id")?, role).await?)?;
    Ok(Done)
}

/// The clients somebody works for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Assigned {
    /// All of them, by their keys.
    #[schemars(length(max = 1000))]
    clients: Vec<String>,
}

impl Body for Assigned {}

async fn assign(call: Call<Nothing, Assigned>) -> Result<Done, Failure> {
    let (site, clients) = (&call.site, &call.body.clients);
    taken(site.staff.assign(&site.house, call.actor()?, call.id("id")?, clients).await?)?;
    Ok(Done)
}

async fn suspend(call: Call<Nothing, Nothing>) -> Result<Done, Failure> {
    let site = &call.site;
    taken(site.staff.suspend(&site.house, call.actor()?, call.id("id")?).await?)?;
    Ok(Done)
}

async fn restore(call: Call<Nothing, Nothing>) -> Result<Done, Failure> {
    let site = &call.site;
    taken(site.staff.restore(&site.house, call.actor()?, call.id("id")?).await?)?;
    Ok(Done)
}

async fn remove(call: Call<Nothing, Nothing>) -> Result<Done, Failure> {
    let site = &call.site;
    taken(site.staff.remove(&site.house, call.actor()?, call.id("id")?).await?)?;
    Ok(Done)
}

/// A token. Its secret is shown once, when it is made.
#[derive(Serialize, JsonSchema)]
struct Token {
    /// Its id.
    id: String,
    /// What it is for.
    name: String,
    /// On whose behalf.
    person: String,
    /// What it may.
    scopes: Vec<String>,
    /// When it was made.
    #[schemars(extend("format" = "date-time"))]
    made_at: String,
    /// When it ends.
    #[schemars(extend("format" = "date-time"))]
    expires_at: String,
    /// When it was used last, to the minute.
    #[schemars(extend("format" = "date-time"))]
    used_at: Option<String>,
    /// When it was taken back.
    #[schemars(extend("format" = "date-time"))]
    revoked_at: Option<String>,
}

async fn tokens(call: Call<PageOf>) -> Result<Found<Listing<Token>>, Failure> {
    let actor = call.actor()?;
    let site = &call.site;
    let found = site.staff.tokens(&site.house, actor, call.query.organisation(actor)).await?;
    let token = |one: ListedToken| Token {
        id: one.id,
        name: one.name,
        person: one.person.expose().clone(),
        scopes: one.scopes.iter().map(ToString::to_string).collect(),
        made_at: when(one.made_at),
        expires_at: when(one.expires_at),
        used_at: one.used_at.map(when),
        revoked_at: one.revoked_at.map(when),
    };
    let found = found.into_iter().map(token).collect();
    Ok(Found(call.query.page().part(found, |one: &Token| one.id.clone())?))
}

/// A token that is to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// What it is for.
    #[schemars(length(min = 1, max = 80))]
    name: String,
    /// What it may, as `requests.read`.
    #[schemars(length(min = 1, max = 100))]
    scopes: Vec<String>,
    /// How long it lives.
    #[schemars(range(min = 1, max = 366))]
    days: u16,
}

impl Body for NewToken {}

/// A token that was made.
#[derive(Serialize, JsonSchema)]
struct MadeToken {
    /// What is sent as `Authorization: Bearer`. It is shown this once.
    secret: String,
}

async fn issue(call: Call<Nothing, NewToken>) -> Result<Made<MadeToken>, Failure> {
    let (site, wanted) = (&call.site, &call.body);
    let scopes: Option<Vec<Action>> =
        wanted.scopes.iter().map(|scope| Action::parse(scope)).collect();
    let scopes =
        scopes.ok_or_else(|| Failure::unfit(Some("scopes"), "one of these is not known"))?;
    let actor = call.actor()?;
    let made = site.staff.issue_token(&site.house, actor, &wanted.name, &scopes, wanted.days);
    let secret = taken(made.await?)?;
    Ok(Made(MadeToken { secret: secret.expose_secret().clone() }))
}

async fn revoke(call: Call<Nothing, Nothing>) -> Result<Done, Failure> {
    let site = &call.site;
    match site.staff.revoke_token(&site.house, call.actor()?, call.id("id")?).await? {
        true => Ok(Done),
        false => Err(Failure::NotFound),
    }
}
