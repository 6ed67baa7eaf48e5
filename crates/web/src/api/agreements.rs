//! Agreements to a version of the notice, for the organisation's own sign-up form.

use app::publication::{Agreeing, Agreement};
use auth::Action;
use model::Personal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Body, Call, Nothing, post};
use super::reply::{Found, Made};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let record = Access::May(Action::RecordAgreement);
    vec![
        post(
            "/api/v1/agreements",
            record,
            (
                "recordAgreement",
                "Keeps that somebody agreed to the version of the notice that holds.",
            ),
            keep,
        ),
        post(
            "/api/v1/agreements/of",
            record,
            ("listAgreementsOf", "What somebody has agreed to, the latest first."),
            of,
        ),
    ]
}

/// In which language a receipt is written.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ReceiptLanguage {
    En,
    Fr,
}

/// That somebody agrees.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Agrees {
    /// Their address; kept as a keyed hash.
    #[schemars(with = "String", length(min = 3, max = 320))]
    email: Personal<String>,
    /// Where, in a word or two: `sign-up`. It names nobody.
    #[schemars(length(min = 1, max = 40))]
    how: String,
    /// The version that they were shown. If another one holds, nothing is kept.
    #[schemars(length(min = 1, max = 40))]
    version: Option<String>,
    /// In which language a receipt is written to them; left out, none is.
    receipt: Option<ReceiptLanguage>,
}

impl Body for Agrees {}

/// An agreement: the receipt.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Agreement")]
struct Kept {
    /// Its number.
    id: String,
    /// The version.
    version: String,
    /// Where they agreed.
    how: String,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// The event that proves it.
    event: String,
}

fn kept(one: Agreement) -> Kept {
    Kept { id: one.id, version: one.version, how: one.how, at: when(one.at), event: one.event }
}

async fn keep(call: Call<Nothing, Agrees>) -> Result<Made<Kept>, Failure> {
    let reading = call.site.reading();
    let agreeing = Agreeing {
        how: &call.body.how,
        version: call.body.version.as_deref(),
        receipt: call.body.receipt.map(|language| match language {
            ReceiptLanguage::En => app::letters::Language::En,
            ReceiptLanguage::Fr => app::letters::Language::Fr,
        }),
    };
    let (actor, email) = (call.actor()?, &call.body.email);
    let one = call.site.house.record_agreement(actor, &reading.policy, email, agreeing).await?;
    Ok(Made(kept(one)))
}

/// Somebody.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Whom {
    /// Their address.
    #[schemars(with = "String", length(min = 3, max = 320))]
    email: Personal<String>,
}

impl Body for Whom {}

async fn of(call: Call<Nothing, Whom>) -> Result<Found<Vec<Kept>>, Failure> {
    let all = call.site.house.agreed_by(call.actor()?, &call.body.email).await?;
    Ok(Found(all.into_iter().map(kept).collect()))
}
