//! Telling everybody.

use app::telling::{Handover, InWords, Listed, Source, Telling, Wish, places};
use auth::Action;
use jiff::civil::Date;
use model::Personal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Body, Call, Nothing, get, post, post_large};
use super::cursor::{Listing, Page};
use super::reply::{Begun, Done, Found, Id, Made};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// A list of ten thousand addresses, at once.
const LARGEST: usize = 2 * 1024 * 1024;

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let read = Access::May(Action::ReadPromises);
    let publish = Access::May(Action::PublishVersion);
    vec![
        get(
            "/api/v1/announcements",
            read,
            ("listAnnouncements", "What everybody was told, and how far that has come."),
            list,
        ),
        get(
            "/api/v1/announcements/places",
            read,
            (
                "listAddressPlaces",
                "Columns that hold addresses of people, as the data map knows them.",
            ),
            known,
        ),
        post_large(
            "/api/v1/announcements",
            Access::May(Action::AnnounceControl),
            LARGEST,
            ("announceHandover", "Tells everybody that the business changes hands."),
            handover,
        ),
        post_large(
            "/api/v1/versions/{id}/tell",
            publish,
            LARGEST,
            ("tellOfVersion", "Tells everybody of a version that has its day."),
            version,
        ),
        post(
            "/api/v1/announcements/{id}/again",
            publish,
            ("gatherAgain", "Has the places read again that could not be read."),
            again,
        ),
        post(
            "/api/v1/announcements/{id}/stop",
            publish,
            ("stopAnnouncement", "Tells nobody any more, and forgets the addresses that wait."),
            stop,
        ),
        post(
            "/api/v1/announcements/{id}/asked",
            read,
            ("wasTold", "Whether somebody was told, when, and which entry of the log binds it."),
            asked,
        ),
    ]
}

/// A place from which addresses come.
#[derive(Serialize, JsonSchema)]
struct AddressPlace {
    /// `system.collection.field`, or `list`.
    place: String,
    /// Its words.
    title: String,
}

/// A place, and what it gave.
#[derive(Serialize, JsonSchema)]
struct PlaceRead {
    /// `system.collection.field`, or `list`.
    place: String,
    /// Whether it was read to its end.
    read: bool,
    /// How often it was tried in vain.
    tries: u64,
    /// Values that were read.
    found: u64,
    /// People whom no place before it had.
    new: u64,
    /// Values that are no address.
    unfit: u64,
    /// Why it could not be read.
    trouble: Option<String>,
}

/// An announcement.
#[derive(Serialize, JsonSchema)]
struct Announcement {
    /// Its id.
    id: String,
    /// `notice` for a version, `control` for a change of hands.
    kind: String,
    /// The id of the version.
    version: Option<String>,
    /// To whom the business goes.
    successor: Option<String>,
    /// The day from which that holds.
    #[schemars(extend("format" = "date"))]
    day: Option<String>,
    /// `open`, `done` or `stopped`.
    state: String,
    /// So many people are concerned, as far as the places were read.
    people: u64,
    /// So many were told.
    told: u64,
    /// So many cannot be reached at the address that is held.
    failed: u64,
    /// When the last of them was told.
    #[schemars(extend("format" = "date-time"))]
    last_told_at: Option<String>,
    /// Why it goes no further just now.
    trouble: Option<String>,
    /// Where addresses come from.
    places: Vec<PlaceRead>,
    /// When it began.
    #[schemars(extend("format" = "date-time"))]
    made_at: String,
    /// When it ended.
    #[schemars(extend("format" = "date-time"))]
    ended_at: Option<String>,
}

fn shown(one: Telling) -> Announcement {
    let place = |source: Source| PlaceRead {
        place: source.path,
        read: source.read,
        tries: source.tries,
        found: source.found,
        new: source.new,
        unfit: source.unfit,
        trouble: source.trouble,
    };
    Announcement {
        id: one.id,
        kind: one.kind,
        version: one.version_id,
        successor: one.successor,
        day: one.day.map(|day| day.to_string()),
        state: one.state,
        people: one.people,
        told: one.told,
        failed: one.failed,
        last_told_at: one.last_told_at.map(when),
        trouble: one.trouble,
        places: one.sources.into_iter().map(place).collect(),
        made_at: when(one.made_at),
        ended_at: one.ended_at.map(when),
    }
}

async fn list(call: Call<Page>) -> Result<Found<Listing<Announcement>>, Failure> {
    let found = call.site.house.tellings(call.actor()?).await?;
    let part = call.query.part(found, |one: &Telling| one.id.clone())?;
    Ok(Found(Listing { items: part.items.into_iter().map(shown).collect(), next: part.next }))
}

async fn known(call: Call) -> Result<Found<Vec<AddressPlace>>, Failure> {
    call.require_root(Action::ReadPromises)?;
    let found = places(&call.site.reading().policy);
    let found = found.into_iter().map(|one| AddressPlace { place: one.path, title: one.title });
    Ok(Found(found.collect()))
}

/// In which language somebody is written to.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Speaks {
    En,
    Fr,
}

/// Somebody who is to be told.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Person {
    /// Their address.
    #[schemars(with = "String", length(min = 3, max = 320))]
    email: Personal<String>,
    /// In which language they are written to, where it is known.
    language: Option<Speaks>,
}

/// Who is to be told, and what.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Whom {
    /// Columns with addresses, as `system.collection.field`. Left out, every one that the map knows.
    #[schemars(length(max = 1000))]
    places: Option<Vec<String>>,
    /// Further people.
    #[serde(default)]
    #[schemars(length(max = 10_000))]
    people: Vec<Person>,
    /// What changes for people, in English.
    #[schemars(length(max = 2000))]
    words_en: Option<String>,
    /// The same in French.
    #[schemars(length(max = 2000))]
    words_fr: Option<String>,
}

impl Body for Whom {}

/// That the business changes hands.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangeOfHands {
    /// To whom the business goes.
    #[schemars(length(min = 1, max = 200))]
    successor: String,
    /// From which day.
    #[schemars(extend("format" = "date"))]
    day: String,
    /// Who is to be told, and what.
    whom: Whom,
}

impl Body for ChangeOfHands {}

fn wish(site: &crate::site::Site, whom: &Whom) -> Result<Wish, Failure> {
    let all = || places(&site.reading().policy).into_iter().map(|one| one.path).collect();
    let language = |speaks| match speaks {
        Speaks::En => app::letters::Language::En,
        Speaks::Fr => app::letters::Language::Fr,
    };
    let fits = |one: &Person| !one.email.expose().chars().any(char::is_control);
    if let Some(at) = whom.people.iter().position(|one| !fits(one)) {
        return Err(Failure::unfit(Some("people"), format!("entry {} holds no address", at + 1)));
    }
    let listed =
        |one: &Person| Listed { address: one.email.clone(), language: one.language.map(language) };
    Ok(Wish {
        places: whom.places.clone().unwrap_or_else(all),
        list: whom.people.iter().map(listed).collect(),
        words: InWords { en: whom.words_en.clone(), fr: whom.words_fr.clone() },
    })
}

async fn handover(call: Call<Nothing, ChangeOfHands>) -> Result<Made<Id>, Failure> {
    let day: Date =
        call.body.day.parse().map_err(|_| {
            Failure::unfit(Some("day"), "this is not a day: write it as 2026-11-20")
        })?;
    let wish = wish(&call.site, &call.body.whom)?;
    let change = Handover { successor: call.body.successor.clone(), day };
    let reading = call.site.reading();
    let told = call.site.house.tell_of_control(call.actor()?, &reading.policy, change, wish);
    let id = Box::pin(told).await?;
    call.site.forget_standing().await;
    Ok(Made(Id { id }))
}

async fn version(call: Call<Nothing, Whom>) -> Result<Made<Id>, Failure> {
    let wish = wish(&call.site, &call.body)?;
    let reading = call.site.reading();
    let told =
        call.site.house.tell_of_version(call.actor()?, &reading.policy, call.id("id")?, wish);
    let id = Box::pin(told).await?;
    call.site.forget_standing().await;
    Ok(Made(Id { id }))
}

async fn again(call: Call<Nothing, Nothing>) -> Result<Begun, Failure> {
    let reading = call.site.reading();
    call.site.house.gather_again(call.actor()?, &reading.policy, call.id("id")?).await?;
    Ok(Begun)
}

async fn stop(call: Call<Nothing, Nothing>) -> Result<Done, Failure> {
    let reading = call.site.reading();
    call.site.house.stop_telling(call.actor()?, &reading.policy, call.id("id")?).await?;
    call.site.forget_standing().await;
    Ok(Done)
}

/// Whose telling is asked about.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Whose {
    /// Their address.
    #[schemars(with = "String", length(min = 3, max = 320))]
    email: Personal<String>,
}

impl Body for Whose {}

/// What is known of one person.
#[derive(Serialize, JsonSchema)]
struct ToldProof {
    /// Whether anybody with this address was to be told.
    concerned: bool,
    /// When the other side took the letter.
    #[schemars(extend("format" = "date-time"))]
    told_at: Option<String>,
    /// When the letter was refused or came back.
    #[schemars(extend("format" = "date-time"))]
    failed_at: Option<String>,
    /// Why, as a code.
    failure: Option<String>,
    /// The entry of the log.
    entry: Option<u64>,
    /// Whether the digest in that entry is the one over those who were told with them.
    bound: bool,
}

async fn asked(call: Call<Nothing, Whose>) -> Result<Found<ToldProof>, Failure> {
    let reading = call.site.reading();
    let (actor, id) = (call.actor()?, call.id("id")?);
    let house = &call.site.house;
    let found = house.told_proof(actor, &reading.policy, id, &call.body.email).await?;
    Ok(Found(match found {
        Some(found) => ToldProof {
            concerned: true,
            told_at: found.told_at.map(when),
            failed_at: found.failed_at.map(when),
            failure: found.failure,
            entry: found.entry,
            bound: found.bound,
        },
        None => ToldProof {
            concerned: false,
            told_at: None,
            failed_at: None,
            failure: None,
            entry: None,
            bound: false,
        },
    }))
}
