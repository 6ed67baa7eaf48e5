//! How people reach the organisation, what they can ask for, and who hears a complaint.

use app::disclosure::DisclosureCount;
use app::reading::Reading;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use policy::regulator::{self, Regulator};
use policy::{Contact, Policy, Purpose, Right};

use super::{Opened, Shell, page};
use crate::failure::Failure;
use crate::language::Language;
use crate::site::Site;
use crate::words::Words;

#[derive(Template)]
#[template(path = "centre/contact.html")]
struct Page<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    contact: &'a Contact,
    rights: Vec<(&'a Right, Vec<&'a str>)>,
    purposes: &'a [Purpose],
    /// What authorities demanded, by year, the latest first.
    demands: Vec<(i16, Vec<DisclosureCount>)>,
    /// The authorities, each with the place for which it is named.
    authorities: Vec<(&'a str, &'static Regulator)>,
}

impl Page<'_> {
    fn name_of(&self, one: &Regulator) -> &'static str {
        match self.shell.language {
            Language::English => one.name,
            Language::French => one.name_fr.unwrap_or(one.name),
        }
    }
}

/// The page.
pub(super) async fn show(State(site): Opened, language: Language) -> Result<Response, Failure> {
    let reading = site.reading();
    let w = language.words();
    let policy = &reading.policy;
    page(&Page {
        w,
        shell: Shell::new(&site, &reading, language, "contact", "/contact"),
        title: w.nav_contact,
        contact: &policy.organisation.contact,
        rights: policy.rights.iter().map(|right| (right, titles(policy, &right.places))).collect(),
        purposes: &policy.purposes,
        demands: demands(&site, &reading).await?,
        authorities: authorities(policy),
    })
}

/// What authorities demanded in this year and the one before, where anything was written down.
async fn demands(
    site: &Site,
    reading: &Reading,
) -> Result<Vec<(i16, Vec<DisclosureCount>)>, Failure> {
    let year = reading.zone.at(site.house.now()).year();
    let mut found = Vec::new();
    for year in [year, year.saturating_sub(1)] {
        let counts = site.house.disclosure_counts(auth::ROOT, year).await?;
        if !counts.is_empty() {
            found.push((year, counts));
        }
    }
    Ok(found)
}

fn titles<'a>(policy: &'a Policy, keys: &[String]) -> Vec<&'a str> {
    let named = |place: &&policy::Place| keys.contains(&place.key);
    policy.places.iter().filter(named).map(|place| place.title.as_str()).collect()
}

/// The authorities of the places that the policy names; without any, that of the organisation's own.
fn authorities(policy: &Policy) -> Vec<(&str, &'static Regulator)> {
    let mut found: Vec<(&str, &'static Regulator)> = Vec::new();
    let own = &policy.organisation;
    let region = own.region.as_ref().map(|region| format!("{}-{region}", own.country));
    let places = policy.places.iter().map(|place| (place.title.as_str(), place.key.as_str()));
    let home = (own.country.as_str(), region.as_deref().unwrap_or(&own.country));
    for (title, key) in places.chain(policy.places.is_empty().then_some(home)) {
        let Some(one) = regulator::of(key) else { continue };
        if !found.iter().any(|(_, known)| known.name == one.name) {
            found.push((title, one));
        }
    }
    found
}
