//! What staff do with a request: each a form, and afterwards the page as it has become.

use app::intake::Kind;
use auth::Actor;
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::{address, not_sure, show};
use crate::failure::Failure;
use crate::site::{Shared, Site};

type Which = Path<(String, String)>;

/// What a form may bring.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    kind: String,
    how: String,
    plan: String,
    text: String,
    other: String,
    processor: String,
    answered: String,
    sure: String,
}

impl Said {
    /// INVARIANT: what cannot be taken back is done only with the box ticked.
    fn is_sure(&self) -> Result<(), Failure> {
        if self.sure == "yes" { Ok(()) } else { Err(not_sure()) }
    }
}

/// The page after an act. What was refused stands on it.
pub(super) async fn done(
    site: &Site,
    actor: &Actor,
    organisation: &str,
    id: &str,
    came: app::Result<()>,
) -> Result<Response, Failure> {
    match came {
        Ok(()) => Ok(Redirect::to(&address(organisation, id)).into_response()),
        Err(app::Error::Refused(why)) => {
            let page = show::whole(site, actor, organisation, id, Some(why)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

macro_rules! acts {
    ($($(#[doc = $doc:literal])+ $name:ident: |$house:ident, $actor:ident, $of:ident, $id:ident, $said:ident| $does:expr;)*) => {
        $(
            $(#[doc = $doc])+
            pub(super) async fn $name(
                State(site): State<Shared>,
                Extension($actor): Extension<Actor>,
                Path((organisation, id)): Which,
                Form($said): Form<Said>,
            ) -> Result<Response, Failure> {
                let ($house, $of, $id) = (&site.house, organisation.as_str(), id.as_str());
                let $actor = &$actor;
                let came = $does;
                done(&site, $actor, $of, $id, came).await
            }
        )*
    };
}

acts! {
    /// Says what a mail asks for.
    sort: |house, actor, of, id, said| {
        let kind = Kind::of(&said.kind).ok_or(Failure::Bad)?;
        house.sort_request(actor, of, id, kind).await
    };
    /// Decides that somebody is who they say.
    identify: |house, actor, of, id, said| house.identify_request(actor, of, id, &said.how).await;
    /// Has the plan made.
    plan: |house, actor, of, id, _said| house.plan_request(actor, of, id).await;
    /// Agrees to the plan that was read.
    approve: |house, actor, of, id, said| {
        said.is_sure()?;
        house.approve_request(actor, of, id, &said.plan).await
    };
    /// Takes the yes back.
    hold_back: |house, actor, of, id, _said| house.hold_back_request(actor, of, id).await;
    /// Takes an incomplete one up again.
    go_on: |house, actor, of, id, _said| house.go_on_with_request(actor, of, id).await;
    /// Asks the person something.
    ask: |house, actor, of, id, said| house.ask_person(actor, of, id, &said.text).await;
    /// The person has answered.
    answered: |house, actor, of, id, _said| house.person_answered(actor, of, id).await;
    /// Asks for the fee that the policy names.
    fee: |house, actor, of, id, _said| house.charge_fee(actor, of, id).await;
    /// The fee was paid.
    fee_paid: |house, actor, of, id, _said| house.settle_fee(actor, of, id, false).await;
    /// The fee is waived.
    fee_waived: |house, actor, of, id, _said| house.settle_fee(actor, of, id, true).await;
    /// Takes more time.
    put_off: |house, actor, of, id, said| house.put_off_request(actor, of, id, &said.text).await;
    /// Says no.
    refuse: |house, actor, of, id, said| {
        said.is_sure()?;
        house.refuse_request(actor, of, id, &said.text).await
    };
    /// Writes down that the person wants a second look.
    appeal: |house, actor, of, id, said| house.appeal_at_desk(actor, of, id, &said.text).await;
    /// Takes it up again after a second look.
    appeal_grant: |house, actor, of, id, said| {
        said.is_sure()?;
        house.decide_appeal(actor, of, id, true, &said.text).await
    };
    /// The answer stays.
    appeal_keep: |house, actor, of, id, said| {
        said.is_sure()?;
        house.decide_appeal(actor, of, id, false, &said.text).await
    };
    /// The person takes it back.
    withdraw: |house, actor, of, id, said| {
        said.is_sure()?;
        house.withdraw_request(actor, of, id).await
    };
    /// The same is answered under another number.
    duplicate: |house, actor, of, id, said| {
        said.is_sure()?;
        house.close_duplicate(actor, of, id, &said.other).await
    };
    /// Answers by hand.
    answer: |house, actor, of, id, said| house.answer_by_hand(actor, of, id, &said.text).await;
    /// Writes down that a processor was told, or has answered.
    processor: |house, actor, of, id, said| {
        house.note_processor(actor, of, id, &said.processor, said.answered == "yes").await
    };
}
