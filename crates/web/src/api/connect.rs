//! Systems that are being connected: tried, looked into, written down after a yes.

use std::collections::BTreeMap;

use app::connect_system::Wish;
use app::doctor::Examined;
use auth::Action;
use model::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Body, Call, Nothing, get, post};
use super::reply::{Begun, Done, Found};
use crate::connecting::{self, Stand};
use crate::console::systems::connect::kept;
use crate::failure::Failure;
use crate::routes::{Access, Row};
use crate::words::systems::asked;

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let connect = Access::May(Action::ConnectSystem);
    vec![
        post(
            "/api/v1/systems/connect",
            connect,
            (
                "connectSystem",
                "Tries a system and, if it answers, has it looked into. Nothing is written down yet.",
            ),
            begin,
        ),
        get(
            "/api/v1/systems/connect/{name}",
            connect,
            ("readConnecting", "What was found in a system that is being connected."),
            read,
        ),
        post(
            "/api/v1/systems/connect/{name}/keep",
            connect,
            ("keepSystem", "Writes down what was found, with answers to its questions."),
            keep,
        ),
        post(
            "/api/v1/systems/connect/{name}/drop",
            connect,
            ("dropSystem", "Throws away what was found."),
            forget,
        ),
        post(
            "/api/v1/systems/{name}/test",
            Access::May(Action::ReadSystems),
            ("testSystem", "Tries the connection of one system now."),
            test,
        ),
    ]
}

/// A system that is to be connected.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewSystem")]
struct New {
    /// By this name the policy speaks of it.
    #[schemars(length(min = 1, max = 60), regex(pattern = r"^[a-z0-9_-]+$"))]
    name: String,
    /// Its address without a password, as `postgres://upheld@db.acme.example/desk`.
    #[schemars(length(min = 1, max = 2000))]
    url: String,
    /// The password; it is sealed and never shown.
    #[schemars(length(min = 1, max = 1000), extend("format" = "password"))]
    password: Option<String>,
    /// The environment variable of the server that holds the password; it begins with `UPHELD_PASSWORD_`.
    #[schemars(length(min = 1, max = 120))]
    password_env: Option<String>,
    /// Whether every change through this connection is refused.
    #[serde(default)]
    read_only: bool,
    /// Whether it is there already and is looked into anew.
    #[serde(default)]
    again: bool,
}

impl Body for New {}

async fn begin(call: Call<Nothing, New>) -> Result<Begun, Failure> {
    let actor = call.require_root(Action::ConnectSystem)?;
    let New { name, url, password, password_env, read_only, again } = &call.body;
    if password.is_some() && password_env.is_some() {
        return Err(Failure::unfit(
            Some("password"),
            "give the password or the variable that holds it, not both",
        ));
    }
    let wish = Wish {
        name: name.clone(),
        url: url.clone(),
        password: password.clone().map(Secret::new),
        password_env: password_env.clone(),
        read_only: *read_only,
        again: *again,
        ..Wish::default()
    };
    let tried = call.site.house.try_system(actor, wish).await?;
    connecting::look_into(&call.site, actor, name, tried)?;
    Ok(Begun)
}

/// A system that is being connected.
#[derive(Serialize, JsonSchema)]
struct Connecting {
    /// Where it stands.
    #[schemars(extend("enum" = ["looking", "failed", "found"]))]
    state: &'static str,
    /// What is done just now, or why it could not be looked into.
    says: Option<String>,
    /// What was found.
    found: Option<FoundThere>,
}

/// What was found in a system.
#[derive(Serialize, JsonSchema)]
struct FoundThere {
    /// The product and its version.
    product: String,
    /// Its collections.
    collections: Vec<CollectionFound>,
    /// What was guessed and waits for an answer.
    questions: Vec<OpenQuestion>,
    /// The statements that make accounts to measure.
    accounts: Vec<AccountOffered>,
    /// What else a person should know.
    notes: Vec<String>,
}

/// A collection of a system.
#[derive(Serialize, JsonSchema)]
struct CollectionFound {
    /// Its name.
    name: String,
    /// Why it is left out of searches.
    left_out: Option<String>,
    /// Its fields.
    fields: Vec<FieldFound>,
}

/// A field of a collection.
#[derive(Serialize, JsonSchema)]
struct FieldFound {
    /// Its name.
    name: String,
    /// What it holds, as categories of the taxonomy.
    categories: Vec<String>,
}

/// A guess that waits for an answer.
#[derive(Serialize, JsonSchema)]
struct OpenQuestion {
    /// Its id, by which it is answered.
    id: String,
    /// What is asked.
    asks: String,
    /// How sure the guess is, in percent.
    confidence: u8,
    /// Why it was guessed.
    reason: String,
}

/// An account made to measure.
#[derive(Serialize, JsonSchema)]
struct AccountOffered {
    /// Its name.
    account: String,
    /// What it is for.
    purpose: String,
    /// The statements; `<password>` stands where a password belongs.
    statements: Vec<String>,
}

async fn read(call: Call) -> Result<Found<Connecting>, Failure> {
    call.require_root(Action::ConnectSystem)?;
    let stand = call.site.connecting.of(call.param("name")?, call.site.house.now());
    let stand = stand.ok_or(Failure::NotFound)?;
    let state = stand.word();
    Ok(Found(match stand {
        Stand::Looking(says) | Stand::Failed(says) => {
            Connecting { state, says: Some(says), found: None }
        }
        Stand::Found(found) => {
            let collection = |one: &policy::Collection| CollectionFound {
                name: one.name.clone(),
                left_out: one.skip.clone(),
                fields: one
                    .fields
                    .iter()
                    .map(|field| FieldFound {
                        name: field.name.clone(),
                        categories: field.categories.clone(),
                    })
                    .collect(),
            };
            let question = |one: &policy::Question| OpenQuestion {
                id: one.id.clone(),
                asks: asked(one),
                confidence: one.confidence,
                reason: one.reason.clone(),
            };
            let account = |one: &app::doctor::grants::Offered| AccountOffered {
                account: one.account.clone(),
                purpose: one.purpose.to_owned(),
                statements: one
                    .create
                    .iter()
                    .cloned()
                    .chain(one.grants.iter().map(|grant| grant.give.clone()))
                    .collect(),
            };
            Connecting {
                state,
                says: None,
                found: Some(FoundThere {
                    product: found.product.clone(),
                    collections: found.system.collections.iter().map(collection).collect(),
                    questions: found.questions.iter().map(question).collect(),
                    accounts: found.offers.iter().map(account).collect(),
                    notes: found.notes.iter().map(|(at, says)| format!("{at}: {says}")).collect(),
                }),
            }
        }
    }))
}

/// Answers to questions.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Answers {
    /// For each question by its id, whether it is so. What is left out stays open.
    #[serde(default)]
    answers: BTreeMap<String, bool>,
}

impl Body for Answers {}

async fn keep(call: Call<Nothing, Answers>) -> Result<Done, Failure> {
    let actor = call.require_root(Action::ConnectSystem)?;
    let found = connecting::found(&call.site, call.param("name")?)?;
    kept(&call.site, actor, &found, &call.body.answers).await?;
    Ok(Done)
}

async fn forget(call: Call<Nothing, Nothing>) -> Result<Done, Failure> {
    call.require_root(Action::ConnectSystem)?;
    if call.site.connecting.forget(call.param("name")?, call.site.house.now()) {
        Ok(Done)
    } else {
        Err(Failure::NotFound)
    }
}

/// What came of a test.
#[derive(Serialize, JsonSchema)]
struct Tested {
    /// Whether all is well.
    healthy: bool,
    /// What is to be said of it.
    says: Vec<String>,
    /// The account that was used.
    account: Option<String>,
}

async fn test(call: Call<Nothing, Nothing>) -> Result<Found<Tested>, Failure> {
    let actor = call.actor()?;
    let tested = Box::pin(call.site.house.test_system(actor, call.param("name")?)).await?;
    let Examined { healthy, says, account, .. } = tested;
    Ok(Found(Tested { healthy, says, account }))
}
