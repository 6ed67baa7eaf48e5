//! Versions of the notice on their way.

use app::publication::{Draft, Findings, Stage, Version, lead_time};
use auth::Action;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Body, Call, Nothing, get, post, post_large};
use super::cursor::{Listing, Page};
use super::reply::{Done, Found, Id, Made};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// A notice is a text, not a book.
const LARGEST: usize = 2 * 1024 * 1024;

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let (read, draft) = (Access::May(Action::ReadPromises), Access::May(Action::DraftVersion));
    let publish = Access::May(Action::PublishVersion);
    vec![
        get(
            "/api/v1/versions",
            read,
            ("listVersions", "Versions on their way or past it, the newest first."),
            list,
        ),
        get(
            "/api/v1/versions/{id}",
            read,
            ("readVersion", "One version, with its sentences."),
            one,
        ),
        post_large(
            "/api/v1/versions",
            draft,
            LARGEST,
            ("draftVersion", "Keeps a text as a draft."),
            keep,
        ),
        post(
            "/api/v1/versions/{id}/check",
            draft,
            ("checkVersion", "Lays a version beside the promises as they stand."),
            check,
        ),
        post(
            "/api/v1/versions/{id}/schedule",
            publish,
            ("scheduleVersion", "Gives a checked version its day."),
            schedule,
        ),
        post(
            "/api/v1/versions/{id}/discard",
            draft,
            ("discardVersion", "Gives a version up."),
            discard,
        ),
    ]
}

/// A version of the notice.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Version")]
struct Shown {
    /// Its id.
    id: String,
    /// Its name, in the organisation's own words.
    version: String,
    /// How far it has come: `draft`, `checked`, `scheduled`, `in force`, `discarded`.
    stage: String,
    /// The day from which it holds.
    #[schemars(extend("format" = "date"))]
    effective: Option<String>,
    /// The day on which it was announced.
    #[schemars(extend("format" = "date"))]
    announced: Option<String>,
    /// What the check found.
    findings: Option<Found_>,
    /// When it came to where it is.
    #[schemars(extend("format" = "date-time"))]
    changed_at: String,
    /// How many people were told of it, by each route.
    told: Vec<Told>,
}

/// How many people were told.
#[derive(Serialize, JsonSchema)]
struct Told {
    /// By which route.
    route: String,
    /// How many.
    people: u64,
}

/// What the check of a version found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Findings")]
struct Found_ {
    /// Sentences, headings not counted.
    sentences: u64,
    /// Sentences that are new.
    added: u64,
    /// Sentences that are gone.
    removed: u64,
    /// Promises whose words are not in it any more.
    lost: Vec<String>,
    /// Promises in it that are false now.
    broken: Vec<String>,
    /// Promises in it that nothing proves.
    unproven: Vec<String>,
    /// Sentences that no promise quotes.
    unquoted: u64,
    /// Whether it can be scheduled without a reason.
    sound: bool,
}

fn findings(one: Findings) -> Found_ {
    Found_ {
        sound: one.is_sound(),
        sentences: one.sentences,
        added: one.added,
        removed: one.removed,
        lost: one.lost,
        broken: one.broken,
        unproven: one.unproven,
        unquoted: one.unquoted,
    }
}

async fn shown(call: &Call<impl Send, impl Send>, one: Version) -> Result<Shown, Failure> {
    let told = call.site.house.told_counts(call.actor()?, &one.id).await?;
    Ok(Shown {
        version: one.version,
        stage: one.stage.word().to_owned(),
        effective: one.effective.map(|day| day.to_string()),
        announced: one.announced.map(|day| day.to_string()),
        findings: one.findings.map(findings),
        changed_at: when(one.changed_at),
        told: told.into_iter().map(|(route, people)| Told { route, people }).collect(),
        id: one.id,
    })
}

async fn list(call: Call<Page>) -> Result<Found<Listing<Shown>>, Failure> {
    let versions = call.site.house.versions(call.actor()?).await?;
    let part = call.query.part(versions, |one: &Version| one.id.clone())?;
    let mut items = Vec::with_capacity(part.items.len());
    for one in part.items {
        items.push(shown(&call, one).await?);
    }
    Ok(Found(Listing { items, next: part.next }))
}

/// A version with its sentences.
#[derive(Serialize, JsonSchema)]
struct VersionWhole {
    #[serde(flatten)]
    version: Shown,
    /// Its sentences, headings among them.
    sentences: Vec<String>,
    /// How long before its day the notice promises to announce a change.
    lead_time: Option<String>,
    /// Its day has come, and the policy folder does not have its text.
    overdue: bool,
}

async fn one(call: Call) -> Result<Found<VersionWhole>, Failure> {
    let id = call.id("id")?;
    let versions = call.site.house.versions(call.actor()?).await?;
    let one = versions.into_iter().find(|one| one.id == id).ok_or(Failure::NotFound)?;
    let reading = call.site.reading();
    let today = reading.zone.at(call.site.house.now()).date();
    let overdue = one.stage == Stage::Scheduled && one.effective.is_some_and(|day| day <= today);
    let sentences = one.notice.sentences.iter().map(|one| one.text.clone()).collect();
    let lead_time = lead_time(&reading.policy).map(|period| period.to_string());
    Ok(Found(VersionWhole { version: shown(&call, one).await?, sentences, lead_time, overdue }))
}

/// A text that shall become the notice.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Drafted {
    /// Its name, as `4` or `2027-01`.
    #[schemars(length(min = 1, max = 40))]
    version: String,
    /// How it is written.
    form: Written,
    /// The text.
    #[schemars(length(min = 1, max = 500_000))]
    text: String,
}

impl Body for Drafted {}

/// How a text is written.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Written {
    Markdown,
    Html,
    Plain,
}

async fn keep(call: Call<Nothing, Drafted>) -> Result<Made<Id>, Failure> {
    let form = match call.body.form {
        Written::Markdown => policy::Form::Markdown,
        Written::Html => policy::Form::Html,
        Written::Plain => policy::Form::Plain,
    };
    let Drafted { version, text, .. } = &call.body;
    let draft = Draft { version: version.clone(), form, text: text.clone() };
    let policy = &call.site.reading().policy;
    let id = call.site.house.draft_version(call.actor()?, policy, draft).await?;
    Ok(Made(Id { id }))
}

async fn check(call: Call<Nothing, Nothing>) -> Result<Found<Found_>, Failure> {
    let policy = &call.site.reading().policy;
    let found = call.site.house.check_version(call.actor()?, policy, call.id("id")?).await?;
    Ok(Found(findings(found)))
}

/// The day of a version.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Scheduled {
    /// The first day on which it holds.
    #[schemars(extend("format" = "date"))]
    effective: String,
    /// Why it is published over what is not true or not proven; it stands in the log: name nobody.
    #[schemars(length(min = 1, max = 1000))]
    because: Option<String>,
}

impl Body for Scheduled {}

async fn schedule(call: Call<Nothing, Scheduled>) -> Result<Done, Failure> {
    let day: Date = call.body.effective.parse().map_err(|_| {
        Failure::unfit(Some("effective"), "this is not a day: write it as 2026-11-20")
    })?;
    let because = call.body.because.as_deref();
    let (house, reading) = (&call.site.house, call.site.reading());
    house.schedule_version(call.actor()?, &reading.policy, call.id("id")?, day, because).await?;
    call.site.forget_standing().await;
    Ok(Done)
}

async fn discard(call: Call<Nothing, Nothing>) -> Result<Done, Failure> {
    let reading = call.site.reading();
    call.site.house.discard_version(call.actor()?, &reading.policy, call.id("id")?).await?;
    call.site.forget_standing().await;
    Ok(Done)
}
