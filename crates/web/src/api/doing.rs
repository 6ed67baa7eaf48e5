//! What is done about map, retention, holds and promises.

use app::hold::Wanted;
use app::map::Which;
use auth::Action;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Body, Call, Nothing, post};
use super::reply::{Begun, Done, Found, Id, Made};
use crate::console::doing::{accepting, dispose};
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let may = Access::May;
    vec![
        post(
            "/api/v1/map/accept",
            may(Action::ChangeMap),
            ("acceptProposals", "Takes proposals over into the data map."),
            accept,
        ),
        post(
            "/api/v1/retention/run",
            may(Action::RunRetention),
            ("runRetention", "Disposes of what was counted; the digest says which list was read."),
            run,
        ),
        post(
            "/api/v1/retention/agree",
            may(Action::RunRetention),
            (
                "agreeToRetention",
                "Says yes to what was counted, for somebody else to start the run.",
            ),
            agree,
        ),
        post("/api/v1/holds", may(Action::PlaceHold), ("placeHold", "Places a legal hold."), hold),
        post(
            "/api/v1/holds/{id}/lift",
            may(Action::LiftHold),
            ("liftHold", "Lifts a legal hold."),
            lift,
        ),
        post(
            "/api/v1/duties/{promise}/attest",
            may(Action::AttestPromises),
            ("attestPromise", "Confirms a promise that no control can see, in one's own name."),
            attest,
        ),
    ]
}

/// Which proposals.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Proposals")]
struct Chosen {
    /// These, by their ids.
    #[serde(default)]
    #[schemars(length(max = 500))]
    points: Vec<String>,
    /// All that are at least so sure, in percent.
    #[schemars(range(min = 0, max = 100))]
    above: Option<u8>,
}

impl Body for Chosen {}

async fn accept(call: Call<Nothing, Chosen>) -> Result<Begun, Failure> {
    let actor = call.require_root(Action::ChangeMap)?;
    let which = match (call.body.above, call.body.points.as_slice()) {
        (Some(above), []) => Which::Above(above),
        (None, [_, ..]) => Which::Ids(call.body.points.clone()),
        _ => return Err(Failure::unfit(Some("points"), "name points, or how sure they must be")),
    };
    accepting(&call.site, actor, which)?;
    Ok(Begun)
}

/// The list that was read.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListRead {
    /// Its digest, as `readRetention` gives it.
    #[schemars(length(min = 1, max = 100))]
    digest: String,
}

impl Body for ListRead {}

async fn run(call: Call<Nothing, ListRead>) -> Result<Begun, Failure> {
    dispose(&call.site, call.actor()?, &call.body.digest).await?;
    Ok(Begun)
}

async fn agree(call: Call<Nothing, ListRead>) -> Result<Done, Failure> {
    call.site.house.agree_to_retention(call.actor()?, &call.body.digest).await?;
    Ok(Done)
}

/// A legal hold that is to be placed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewHold {
    /// What is held.
    #[schemars(extend("enum" = ["client", "system", "collection", "record", "person"]))]
    kind: String,
    /// Which: a key, `system.collection`, `system.collection:key`, or an e-mail address.
    #[schemars(length(min = 1, max = 320))]
    which: String,
    /// Why. Plans and certificates repeat it, so it names no person.
    #[schemars(length(min = 1, max = 400))]
    reason: String,
    /// Who answers for it.
    #[schemars(length(min = 1, max = 120))]
    owner: String,
    /// The last day on which it holds; left out, until it is lifted.
    #[schemars(extend("format" = "date"))]
    until: Option<String>,
}

impl Body for NewHold {}

async fn hold(call: Call<Nothing, NewHold>) -> Result<Made<Id>, Failure> {
    let NewHold { kind, which, reason, owner, until } = &call.body;
    let wanted = Wanted {
        what: app::hold::held(kind, which)?,
        reason: reason.clone(),
        owner: owner.clone(),
        until: until.clone(),
    };
    Ok(Made(Id { id: call.site.house.hold_as(call.actor()?, wanted).await? }))
}

/// Why a hold is lifted.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Lifted {
    /// Why; it is sealed.
    #[schemars(length(min = 1, max = 400))]
    reason: String,
}

impl Body for Lifted {}

async fn lift(call: Call<Nothing, Lifted>) -> Result<Done, Failure> {
    let house = &call.site.house;
    house.lift_hold_as(call.actor()?, call.id("id")?, &call.body.reason).await?;
    Ok(Done)
}

/// A confirmation.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    /// A remark; it is sealed.
    #[schemars(length(max = 1000))]
    note: Option<String>,
}

impl Body for Confirmation {}

/// What was kept of a confirmation.
#[derive(Serialize, JsonSchema)]
struct Confirmed {
    /// What was confirmed: everything that the promise asks for.
    what: String,
    /// The day by which it must be confirmed again.
    #[schemars(extend("format" = "date"))]
    due: String,
}

async fn attest(call: Call<Nothing, Confirmation>) -> Result<Found<Confirmed>, Failure> {
    let actor = call.require_root(Action::AttestPromises)?;
    let promise = call.param("promise")?;
    if call.site.reading().policy.promise(promise).is_none() {
        return Err(Failure::NotFound);
    }
    let kept = call.site.house.attest_as(actor, promise, call.body.note.clone()).await?;
    call.site.forget_standing().await;
    Ok(Found(Confirmed { what: kept.what, due: kept.due }))
}
