//! What staff do with a request: one operation for each act.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::call::{Body, Call, Nothing, Whose};
use super::super::intake::RequestKind;
use super::super::reply::Done;
use super::word;
use crate::failure::Failure;

/// What a mail asks for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sorted {
    kind: RequestKind,
}

impl Body for Sorted {}

pub(super) async fn sort(call: Call<Whose, Sorted>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let kind = call.body.kind.into();
    let done = call.site.house.sort_request(actor, call.query.or(actor), call.wanted()?, kind);
    Box::pin(done).await?;
    Ok(Done)
}

/// How somebody showed who they are.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Identified {
    how: How,
}

impl Body for Identified {}

/// How somebody showed who they are.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum How {
    Document,
    DataPoints,
    KnownToUs,
    Authority,
    CallBack,
}

pub(super) async fn identify(call: Call<Whose, Identified>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let how = word(&call.body.how).replace('_', " ");
    let done = call.site.house.identify_request(actor, call.query.or(actor), call.wanted()?, &how);
    Box::pin(done).await?;
    Ok(Done)
}

/// The plan that was read.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approved {
    /// Its digest, as the request gives it; empty for a request that has no plan.
    #[schemars(length(max = 200))]
    plan: String,
}

impl Body for Approved {}

pub(super) async fn approve(call: Call<Whose, Approved>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, plan) = (call.query.or(actor), &call.body.plan);
    Box::pin(call.site.house.approve_request(actor, organisation, call.wanted()?, plan)).await?;
    Ok(Done)
}

/// Words that the person is told and that are kept.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// What is asked.
    #[schemars(length(min = 1, max = 4000))]
    question: String,
}

impl Body for Question {}

pub(super) async fn ask(call: Call<Whose, Question>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, question) = (call.query.or(actor), &call.body.question);
    Box::pin(call.site.house.ask_person(actor, organisation, call.wanted()?, question)).await?;
    Ok(Done)
}

/// Why.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Because {
    /// The person is told it, and it is kept.
    #[schemars(length(min = 1, max = 4000))]
    reason: String,
}

impl Body for Because {}

pub(super) async fn put_off(call: Call<Whose, Because>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, reason) = (call.query.or(actor), &call.body.reason);
    Box::pin(call.site.house.put_off_request(actor, organisation, call.wanted()?, reason)).await?;
    Ok(Done)
}

/// How a fee ended.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Settlement {
    /// Whether it is waived; paid otherwise.
    waived: bool,
}

impl Body for Settlement {}

pub(super) async fn settle_fee(call: Call<Whose, Settlement>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (house, waived) = (&call.site.house, call.body.waived);
    Box::pin(house.settle_fee(actor, call.query.or(actor), call.wanted()?, waived)).await?;
    Ok(Done)
}

pub(super) async fn refuse(call: Call<Whose, Because>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, reason) = (call.query.or(actor), &call.body.reason);
    Box::pin(call.site.house.refuse_request(actor, organisation, call.wanted()?, reason)).await?;
    Ok(Done)
}

/// What is wrong with the answer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Against {
    /// In the words of whoever asked, if they gave a reason.
    #[schemars(length(max = 4000))]
    text: Option<String>,
}

impl Body for Against {}

pub(super) async fn appeal(call: Call<Whose, Against>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let text = call.body.text.as_deref().unwrap_or_default();
    let (house, organisation) = (&call.site.house, call.query.or(actor));
    Box::pin(house.appeal_at_desk(actor, organisation, call.wanted()?, text)).await?;
    Ok(Done)
}

/// What comes of the second look.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// Whether the request is taken up again.
    granted: bool,
    /// Why, or what happens now; the person is told it, and it is kept.
    #[schemars(length(min = 1, max = 4000))]
    reason: String,
}

impl Body for Decision {}

pub(super) async fn decide_appeal(call: Call<Whose, Decision>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let Decision { granted, reason } = &call.body;
    let (house, organisation) = (&call.site.house, call.query.or(actor));
    let wanted = call.wanted()?;
    Box::pin(house.decide_appeal(actor, organisation, wanted, *granted, reason)).await?;
    Ok(Done)
}

/// What was done.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct What {
    /// In words; it is kept.
    #[schemars(length(min = 1, max = 4000))]
    what: String,
}

impl Body for What {}

pub(super) async fn answer(call: Call<Whose, What>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, what) = (call.query.or(actor), &call.body.what);
    Box::pin(call.site.house.answer_by_hand(actor, organisation, call.wanted()?, what)).await?;
    Ok(Done)
}

/// The other request.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SameAs {
    /// Its number.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    other: String,
}

impl Body for SameAs {}

pub(super) async fn duplicate(call: Call<Whose, SameAs>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, other) = (call.query.or(actor), &call.body.other);
    Box::pin(call.site.house.close_duplicate(actor, organisation, call.wanted()?, other)).await?;
    Ok(Done)
}

/// What needs nothing but the request.
macro_rules! acts {
    ($($name:ident => $act:ident;)*) => {
        $(
            pub(super) async fn $name(call: Call<Whose, Nothing>) -> Result<Done, Failure> {
                let actor = call.actor()?;
                let organisation = call.query.or(actor);
                Box::pin(call.site.house.$act(actor, organisation, call.wanted()?)).await?;
                Ok(Done)
            }
        )*
    };
}

acts! {
    plan => plan_request;
    hold_back => hold_back_request;
    go_on => go_on_with_request;
    answered => person_answered;
    charge_fee => charge_fee;
    withdraw => withdraw_request;
}
