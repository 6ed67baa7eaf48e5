//! What was seen in the systems: the data map, connections and rights, what is due.

use app::console::{Seen, Subject};
use app::doctor::Examined;
use auth::Action;
use render::retention::RuleView;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, Nothing, get, post};
use super::promises::{begin, under_way};
use super::reply::Found;
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let map = Access::May(Action::ReadMap);
    let systems = Access::May(Action::ReadSystems);
    let retention = Access::May(Action::ReadRetention);
    vec![
        get("/api/v1/map", map, ("readMap", "The data map as it was seen last."), read_map),
        post(
            "/api/v1/map/look",
            map,
            ("lookAtMap", "Has the systems asked what they hold."),
            async |call: Call<Nothing, Nothing>| begin(&call, Subject::Map),
        ),
        get(
            "/api/v1/systems",
            systems,
            (
                "readSystems",
                "Connections and rights as they were seen last, with the statements that give what is missing.",
            ),
            read_systems,
        ),
        post(
            "/api/v1/systems/look",
            systems,
            ("lookAtSystems", "Has connections and rights tried."),
            async |call: Call<Nothing, Nothing>| begin(&call, Subject::Systems),
        ),
        get(
            "/api/v1/retention",
            retention,
            ("readRetention", "What was due when it was counted last, runs and holds."),
            read_retention,
        ),
        post(
            "/api/v1/retention/look",
            retention,
            ("lookAtRetention", "Has counted what is due."),
            async |call: Call<Nothing, Nothing>| begin(&call, Subject::Retention),
        ),
    ]
}

/// Something as it was seen last.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SeenOf{T}")]
struct Look<T> {
    /// When; none if nobody looked yet.
    #[schemars(extend("format" = "date-time"))]
    at: Option<String>,
    /// What was seen.
    seen: Option<T>,
    /// Since when a look is under way.
    #[schemars(extend("format" = "date-time"))]
    looking_since: Option<String>,
    /// Why the last look did not come about.
    failed: Option<String>,
}

impl<T> Look<T> {
    fn of<S>(
        call: &Call,
        subject: Subject,
        seen: Option<Seen<S>>,
        to: impl FnOnce(S) -> T,
    ) -> Self {
        let (looking_since, failed) = under_way(call, subject);
        let at = seen.as_ref().map(|seen| when(seen.at));
        Self { at, seen: seen.map(|seen| to(seen.what)), looking_since, failed }
    }
}

/// The data map: whose data comes from where, stands where and goes where; drift and proposals.
#[derive(Serialize, JsonSchema)]
struct DataMap {
    /// Parties, systems with collections and fields, recipients, drift: names and counts, never a value.
    #[schemars(extend("type" = "object"))]
    map: serde_json::Value,
}

async fn read_map(call: Call) -> Result<Found<Look<DataMap>>, Failure> {
    let seen = call.site.house.last_map(call.actor()?).await?;
    let map =
        |map: render::map::DataMap| DataMap { map: serde_json::to_value(map).unwrap_or_default() };
    Ok(Found(Look::of(&call, Subject::Map, seen, map)))
}

/// What was found of one system, or of keys and log.
#[derive(Serialize, JsonSchema)]
struct System {
    /// What it is.
    what: String,
    /// Whether all is well.
    healthy: bool,
    /// What is to be said of it.
    says: Vec<String>,
    /// The account that was used.
    account: Option<String>,
    /// Rights that are missing, each with the statement that gives it.
    missing: Vec<Remark>,
    /// Rights that nothing needs.
    beyond: Vec<Remark>,
}

/// A remark, and what to do.
#[derive(Serialize, JsonSchema)]
struct Remark {
    /// In plain words.
    says: String,
    /// The statements that mend it, in this order; empty where none does.
    mend: Vec<String>,
}

async fn read_systems(call: Call) -> Result<Found<Look<Vec<System>>>, Failure> {
    let seen = call.site.house.last_systems(call.actor()?).await?;
    let system = |one: Examined| System {
        missing: one
            .missing
            .into_iter()
            .map(|one| Remark { says: one.says, mend: one.mend })
            .collect(),
        beyond: one
            .beyond
            .into_iter()
            .map(|one| Remark { says: one.says, mend: one.mend })
            .collect(),
        what: one.what,
        healthy: one.healthy,
        says: one.says,
        account: one.account,
    };
    let systems = |all: Vec<Examined>| all.into_iter().map(system).collect();
    Ok(Found(Look::of(&call, Subject::Systems, seen, systems)))
}

/// What is due, and what was done.
#[derive(Serialize, JsonSchema)]
struct Retention {
    /// What was due when it was counted last.
    due: Look<Due>,
    /// The last runs, the latest first.
    runs: Vec<Run>,
    /// Legal holds, the latest first.
    holds: Vec<Hold>,
}

/// What is due, rule by rule.
#[derive(Serialize, JsonSchema)]
struct Due {
    /// The digest of the list.
    digest: String,
    /// The rules.
    rules: Vec<Rule>,
    /// What no rule covers.
    not_covered: Vec<NotCovered>,
}

/// What a rule finds due.
#[derive(Serialize, JsonSchema)]
struct Rule {
    /// Its id.
    id: String,
    /// The system.
    system: String,
    /// What it is about.
    what: String,
    /// The rule, in words.
    rule: String,
    /// What becomes of what is due.
    method: String,
    /// So many rows.
    due: u64,
    /// Whether there are more: counting stopped.
    at_least: bool,
    /// How old the oldest is.
    #[schemars(extend("format" = "date-time"))]
    oldest: Option<String>,
    /// Rows that something keeps.
    held_back: u64,
    /// Why.
    because: Vec<String>,
    /// Why it could not be counted.
    not_reached: Option<String>,
}

/// What no rule covers.
#[derive(Serialize, JsonSchema)]
struct NotCovered {
    /// The system.
    system: String,
    /// What.
    what: String,
    /// Why.
    because: String,
}

/// A run of retention.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RetentionRun")]
struct Run {
    /// Its number.
    id: String,
    /// When it began.
    #[schemars(extend("format" = "date-time"))]
    begun_at: String,
    /// When it ended.
    #[schemars(extend("format" = "date-time"))]
    ended_at: Option<String>,
    /// Rows disposed of.
    rows: u64,
    /// Whether every rule was carried out to its end.
    complete: bool,
}

/// A legal hold. Who it is about is not said.
#[derive(Serialize, JsonSchema)]
struct Hold {
    /// Its number.
    id: String,
    /// What is held.
    what: String,
    /// Since when.
    #[schemars(extend("format" = "date-time"))]
    begun_at: String,
    /// The last day on which it holds.
    #[schemars(extend("format" = "date"))]
    ends_on: Option<String>,
    /// Whether it holds now.
    holds: bool,
}

async fn read_retention(call: Call) -> Result<Found<Retention>, Failure> {
    let actor = call.require_root(Action::ReadRetention)?;
    let seen = call.site.house.last_retention(actor).await?;
    let rule = |one: RuleView| Rule {
        id: one.id,
        system: one.system,
        what: one.what,
        rule: one.rule,
        method: one.method,
        due: one.due,
        at_least: one.at_least,
        oldest: one.oldest.map(when),
        held_back: one.held_back,
        because: one.because,
        not_reached: one.not_reached,
    };
    let due = |view: render::retention::RetentionView| Due {
        digest: view.digest,
        rules: view.rules.into_iter().map(rule).collect(),
        not_covered: view
            .not_covered
            .into_iter()
            .map(|one| NotCovered { system: one.system, what: one.what, because: one.because })
            .collect(),
    };
    let due = Look::of(&call, Subject::Retention, seen, due);
    let runs = call.site.house.retain_runs().await?.into_iter().rev().take(50);
    let holds = call.site.house.holds().await?.into_iter().rev().take(200);
    Ok(Found(Retention {
        due,
        runs: runs
            .map(|run| Run {
                id: run.id,
                begun_at: when(run.begun_at),
                ended_at: run.ended_at.map(when),
                rows: run.rows,
                complete: run.complete,
            })
            .collect(),
        holds: holds
            .map(|hold| Hold {
                id: hold.id,
                what: hold.what,
                begun_at: when(hold.begun_at),
                ends_on: hold.ends_on,
                holds: hold.holds,
            })
            .collect(),
    }))
}
