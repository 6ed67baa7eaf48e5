//! Disclosures to authorities.

use app::disclosure::{Disclosed, DisclosureShown};
use auth::Action;
use model::Personal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Body, Call, Whose, get, post};
use super::cursor::{Listing, PageOf};
use super::reply::{Found, Id, Made};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/api/v1/disclosures",
            Access::May(Action::ReadDisclosures),
            ("listDisclosures", "What authorities asked for, the latest first."),
            list,
        ),
        post(
            "/api/v1/disclosures",
            Access::May(Action::RecordDisclosure),
            (
                "recordDisclosure",
                "Writes down that an authority asked for data, and what became of it.",
            ),
            record,
        ),
    ]
}

/// A disclosure.
#[derive(Serialize, JsonSchema)]
struct Disclosure {
    /// Its id.
    id: String,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// The kind of authority.
    authority: String,
    /// The kind of demand.
    demand: String,
    /// How it was answered.
    answer: String,
    /// About how many people.
    people: u64,
    /// Who asked, by which law, what was handed over.
    particulars: String,
}

async fn list(call: Call<PageOf>) -> Result<Found<Listing<Disclosure>>, Failure> {
    let actor = call.actor()?;
    let found = call.site.house.disclosures(actor, call.query.organisation(actor)).await?;
    let shown = |one: DisclosureShown| Disclosure {
        id: one.id,
        at: when(one.at),
        authority: one.what.authority,
        demand: one.what.demand,
        answer: one.what.answer,
        people: one.what.people,
        particulars: one.what.particulars.expose().clone(),
    };
    let found = found.into_iter().map(shown).collect();
    Ok(Found(call.query.page().part(found, |one: &Disclosure| one.id.clone())?))
}

/// The kind of authority.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Authority {
    Police,
    Court,
    Tax,
    Regulator,
    Other,
}

/// The kind of demand.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Demand {
    Order,
    Subpoena,
    Warrant,
    Request,
    Emergency,
}

/// How it was answered.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Given,
    GivenInPart,
    Refused,
    NothingHeld,
}

/// A demand and its answer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Recorded {
    /// The kind of authority.
    authority: Authority,
    /// The kind of demand.
    demand: Demand,
    /// How it was answered.
    answer: Answer,
    /// About how many people.
    #[schemars(range(min = 0, max = 20_000_000_000_u64))]
    people: u64,
    /// Who asked, by which law, what was handed over; sealed.
    #[schemars(length(min = 1, max = 20_000))]
    particulars: String,
}

impl Body for Recorded {}

fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().replace('_', " ")
}

async fn record(call: Call<Whose, Recorded>) -> Result<Made<Id>, Failure> {
    let actor = call.actor()?;
    let Recorded { authority, demand, answer, people, particulars } = &call.body;
    let one = Disclosed {
        authority: word(authority),
        demand: word(demand),
        answer: word(answer),
        people: *people,
        particulars: Personal::new(particulars.clone()),
    };
    let organisation = call.query.or(actor);
    let id = Box::pin(call.site.house.record_disclosure(actor, organisation, one)).await?;
    Ok(Made(Id { id }))
}
