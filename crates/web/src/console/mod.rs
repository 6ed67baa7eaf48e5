//! The console: what staff see. Every page shows what is kept in our own database and says when that
//! was seen; a button has the systems asked.

pub(crate) mod doing;
mod evidence;
mod look;
mod map;
mod promises;
mod requests;
mod retention;
mod settings;
pub(crate) mod systems;
mod telling;
mod today;
mod versions;
mod webhooks;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use app::console::Subject;
use app::reading::Reading;
use auth::{Action, Actor, Decision, Door};
use axum::response::{Html, IntoResponse as _, Response};
use model::Micros;
use render::coverage::State as Standing;

use crate::failure::Failure;
use crate::routes::{Access, Row};
use crate::site::Site;
use crate::words::console::{Console, ENGLISH};

pub(crate) use look::{Looks, look_at};

/// The rows of these routes.
pub(crate) fn rows() -> Vec<Row> {
    let may = Access::May;
    let mut rows = vec![
        Row::get("/console", may(Action::ReadPromises), today::show),
        Row::get("/console/promises", may(Action::ReadPromises), promises::list),
        Row::get("/console/promises/{id}", may(Action::ReadPromises), promises::show),
        Row::post("/console/promises/look", may(Subject::Promises.action()), look::promises),
        Row::get("/console/versions", may(Action::ReadPromises), versions::show),
        Row::post_large(
            "/console/versions",
            may(Action::DraftVersion),
            versions::LARGEST,
            versions::draft,
        ),
        Row::post("/console/versions/{id}/check", may(Action::DraftVersion), versions::check),
        Row::post(
            "/console/versions/{id}/schedule",
            may(Action::PublishVersion),
            versions::schedule,
        ),
        Row::post("/console/versions/{id}/discard", may(Action::DraftVersion), versions::discard),
        Row::post_large(
            "/console/versions/{id}/tell",
            may(Action::PublishVersion),
            telling::LARGEST,
            telling::version,
        ),
        Row::post_large(
            "/console/announcements",
            may(Action::AnnounceControl),
            telling::LARGEST,
            telling::handover,
        ),
        Row::post("/console/announcements/{id}/again", may(Action::PublishVersion), telling::again),
        Row::post("/console/announcements/{id}/stop", may(Action::PublishVersion), telling::stop),
        Row::post("/console/announcements/{id}/asked", may(Action::ReadPromises), telling::asked),
        Row::get("/console/map", may(Action::ReadMap), map::show),
        Row::post("/console/map/look", may(Subject::Map.action()), look::map),
        Row::get("/console/systems", may(Action::ReadSystems), systems::show),
        Row::post("/console/systems/look", may(Subject::Systems.action()), look::systems),
        Row::get("/console/systems/connect", may(Action::ConnectSystem), systems::connect::show),
        Row::post("/console/systems/connect", may(Action::ConnectSystem), systems::connect::begin),
        Row::get(
            "/console/systems/connect/{name}",
            may(Action::ConnectSystem),
            systems::connect::found,
        ),
        Row::get(
            "/console/systems/connect/{name}/stand",
            may(Action::ConnectSystem),
            systems::connect::stand,
        ),
        Row::post(
            "/console/systems/connect/{name}/keep",
            may(Action::ConnectSystem),
            systems::connect::keep,
        ),
        Row::post(
            "/console/systems/connect/{name}/drop",
            may(Action::ConnectSystem),
            systems::connect::forget,
        ),
        Row::get("/console/system/{name}", may(Action::ReadSystems), systems::one::show),
        Row::post("/console/system/{name}/test", may(Action::ReadSystems), systems::one::test),
        Row::get("/console/retention", may(Action::ReadRetention), retention::show),
        Row::post("/console/retention/look", may(Subject::Retention.action()), look::retention),
        Row::get("/console/evidence", may(Action::ReadEvidence), evidence::show),
        Row::get("/console/evidence/{entry}/proof", may(Action::ReadEvidence), evidence::proof),
        Row::get("/console/evidence/{entry}/opening", may(Action::ReadEvidence), evidence::opening),
        Row::get("/console/settings", may(Action::ReadSettings), settings::show),
    ];
    rows.extend([
        Row::post("/console/map/accept", may(Action::ChangeMap), doing::accept),
        Row::post("/console/retention/run", may(Action::RunRetention), doing::run),
        Row::post("/console/retention/agree", may(Action::RunRetention), doing::agree),
        Row::get("/console/retention/stand", may(Action::ReadRetention), doing::stand),
        Row::post("/console/retention/holds", may(Action::PlaceHold), doing::hold),
        Row::post("/console/retention/holds/{id}/lift", may(Action::LiftHold), doing::lift),
        Row::post("/console/promises/{id}/attest", may(Action::AttestPromises), doing::attest),
        Row::get("/console/webhooks", may(Action::ReadWebhooks), webhooks::show),
        Row::post("/console/webhooks", may(Action::ChangeWebhooks), webhooks::add),
        Row::post("/console/webhooks/{id}/pause", may(Action::ChangeWebhooks), webhooks::pause),
        Row::post("/console/webhooks/{id}/resume", may(Action::ChangeWebhooks), webhooks::resume),
        Row::post("/console/webhooks/{id}/test", may(Action::ChangeWebhooks), webhooks::test),
        Row::post("/console/webhooks/{id}/remove", may(Action::ChangeWebhooks), webhooks::remove),
    ]);
    rows.extend(requests::rows());
    rows
}

/// The pages of the navigation, and what must be allowed to somebody who is led there.
const PAGES: &[(&str, &str, Action)] = &[
    ("today", "/console", Action::ReadPromises),
    ("promises", "/console/promises", Action::ReadPromises),
    ("versions", "/console/versions", Action::ReadPromises),
    ("requests", "/console/requests", Action::ReadRequests),
    ("map", "/console/map", Action::ReadMap),
    ("systems", "/console/systems", Action::ReadSystems),
    ("retention", "/console/retention", Action::ReadRetention),
    ("evidence", "/console/evidence", Action::ReadEvidence),
    ("people", "/console/people", Action::ReadPeople),
    ("tokens", "/console/tokens", Action::ReadTokens),
    ("webhooks", "/console/webhooks", Action::ReadWebhooks),
    ("settings", "/console/settings", Action::ReadSettings),
];

type Entry = (&'static str, &'static str);

/// Where each role is led. What may be read depends on role and organisation alone, and pages ask for
/// it all the time; a token has scopes of its own and is asked each time.
#[derive(Debug, Default)]
pub(crate) struct Navigation(Mutex<BTreeMap<(&'static str, String), Vec<Entry>>>);

impl Navigation {
    fn of(&self, site: &Site, actor: &Actor) -> Vec<Entry> {
        let shown = |(_, address, action): &&(&str, &str, Action)| {
            // An entry leads to a page that there is, and that whoever sees it may open.
            site.has(address) && site.authority.may(actor, *action, actor.home()) != Decision::Deny
        };
        let asked = || PAGES.iter().filter(shown).map(|(key, at, _)| (*key, *at)).collect();
        if matches!(actor.door(), Door::Token { .. }) {
            return asked();
        }
        let role = (actor.membership().role.as_str(), actor.home().to_owned());
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(role).or_insert_with(asked).clone()
    }
}

/// What stands around every page of the console.
pub(crate) struct Frame<'a> {
    pub(crate) c: &'static Console,
    pub(crate) organisation: &'a str,
    pub(crate) style: &'a str,
    pub(crate) icon: &'a str,
    pub(crate) role: String,
    /// Whether this is the page of one's own account.
    pub(crate) account: bool,
    /// Whether the policy folder has errors just now.
    pub(crate) unsound: bool,
    /// Entries of the navigation: address, words, whether it is this one.
    pub(crate) entries: Vec<(&'static str, &'static str, bool)>,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(
        site: &'a Site,
        reading: &'a Reading,
        actor: &Actor,
        here: &'static str,
    ) -> Self {
        let c = &ENGLISH;
        let words = |key: &str| {
            c.entries.iter().find(|(known, _)| *known == key).map_or("", |(_, words)| *words)
        };
        let entries = site
            .navigation
            .of(site, actor)
            .into_iter()
            .map(|(key, address)| (address, words(key), key == here))
            .collect();
        Self {
            c,
            organisation: &reading.policy.organisation.name,
            style: &site.assets.style,
            icon: &site.assets.icon,
            account: here == "account",
            role: (c.role)(actor.membership().role.as_str()),
            unsound: !site.is_sound(),
            entries,
        }
    }
}

/// What a page says of looking: the button, a look that is under way, one that failed.
pub(crate) struct Looking {
    pub(crate) address: String,
    pub(crate) may: bool,
    pub(crate) since: Option<String>,
    pub(crate) failed: Option<String>,
}

impl Looking {
    fn of(site: &Site, reading: &Reading, actor: &Actor, subject: Subject) -> Self {
        let (since, failed) = site.looks.standing(subject);
        Self {
            address: format!("/console/{}/look", subject.word()),
            may: site.authority.may(actor, subject.action(), actor.home()) == Decision::Allow,
            since: since.map(|at| moment(at, reading)),
            failed,
        }
    }
}

/// A page for one person. Nobody keeps it.
pub(crate) fn page(template: &impl askama::Template) -> Result<Response, Failure> {
    Ok(Html(template.render()?).into_response())
}

/// A moment in the house's zone.
pub(crate) fn moment(at: Micros, reading: &Reading) -> String {
    render::words::moment(at, &reading.zone)
}

/// The class of a state in the style sheet.
pub(crate) const fn class(state: Standing) -> &'static str {
    match state {
        Standing::Upheld => "u",
        Standing::AtRisk => "r",
        Standing::Broken => "b",
        Standing::Unproven => "n",
    }
}

/// A sentence of ours in which names stand between backticks, as markup.
pub(crate) fn told(text: &str) -> String {
    render::text::told(text)
}
