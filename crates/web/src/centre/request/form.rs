//! The form, and what stands after it was sent.

use app::identity::FORGET_DAYS;
use app::intake::{Acting, Capacity, Channel, Form as Asked, Kind, Next, Told, Wrong};
use app::reading::Reading;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use model::Personal;
use policy::{Place, Purpose};
use serde::Deserialize;

use super::{Opened, Shell, private, public};
use crate::failure::Failure;
use crate::language::Language;
use crate::site::Site;
use crate::turns::Turn;
use crate::words::Words;

/// What can be wrong about somebody, in the order of the words: an identifier or a data category.
pub(in crate::centre) const WRONG: [&str; 6] =
    ["", "name", "email", "phone", "user.contact.address", "user_name"];

/// What was filled in. Everything may be missing.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filled {
    kind: String,
    acting: String,
    email: String,
    name: String,
    phone: String,
    place: String,
    user_name: String,
    account: String,
    others: String,
    acting_name: String,
    acting_email: String,
    purpose: String,
    text: String,
    what1: String,
    before1: String,
    after1: String,
    what2: String,
    before2: String,
    after2: String,
}

impl Filled {
    fn corrections(&self) -> [(usize, &str, &str, &str); 2] {
        [
            (1, &self.what1, &self.before1, &self.after1),
            (2, &self.what2, &self.before2, &self.after2),
        ]
    }

    fn told(&self, reading: &Reading) -> Told {
        let some = |text: &str| (!text.trim().is_empty()).then(|| Personal::new(text.to_owned()));
        let others = self.others.split([',', ';', '\n']).filter_map(some);
        let known =
            |purpose: &&String| reading.policy.purposes.iter().any(|one| one.key == **purpose);
        let corrections = self.corrections().into_iter().filter_map(|(_, what, before, after)| {
            let known = WRONG.contains(&what) && !what.is_empty();
            let what = what.to_owned();
            some(after).filter(|_| known).map(|after| Wrong { what, before: some(before), after })
        });
        let capacity = match self.acting.as_str() {
            "agent" => Some(Capacity::Agent),
            "parent" => Some(Capacity::Parent),
            _ => None,
        };
        Told {
            email: some(&self.email),
            name: some(&self.name),
            phone: some(&self.phone),
            user_name: some(&self.user_name),
            account_id: some(&self.account),
            other_emails: others.collect(),
            text: some(&self.text),
            purpose: Some(&self.purpose).filter(known).cloned(),
            corrections: corrections.collect(),
            acting: capacity.map(|capacity| Acting {
                capacity,
                name: some(&self.acting_name),
                email: some(&self.acting_email),
            }),
        }
    }
}

#[derive(Template)]
#[template(path = "centre/request/form.html")]
struct Page<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    filled: &'a Filled,
    kinds: Vec<(Kind, Option<u16>)>,
    places: &'a [Place],
    purposes: &'a [Purpose],
    wrong: Option<&'static str>,
    days: Option<u16>,
    forget_days: u32,
}

impl Page<'_> {
    fn is_kind(&self, kind: &Kind) -> bool {
        self.filled.kind == kind.key()
    }

    fn is_acting(&self, word: &str) -> bool {
        self.filled.acting == word || (word == "self" && self.filled.acting.is_empty())
    }

    /// The choices of what is wrong: word, key, whether it is chosen.
    fn choices(&self, chosen: &str) -> Vec<(&'static str, &'static str, bool)> {
        let words = self.w.asking.wrong_choices;
        words.into_iter().zip(WRONG).map(|(word, key)| (word, key, key == chosen)).collect()
    }

    /// Whether something is filled in below a heading that is closed at first.
    fn has_more(&self) -> bool {
        let filled = self.filled;
        [&filled.user_name, &filled.account, &filled.others].iter().any(|text| !text.is_empty())
    }

    fn has_corrections(&self) -> bool {
        self.is_kind(&Kind::Rectification)
            || self
                .filled
                .corrections()
                .iter()
                .any(|(_, _, before, after)| !before.is_empty() || !after.is_empty())
    }

    fn is_for_other(&self) -> bool {
        !self.is_acting("self")
    }
}

/// The days within which the notice promises an answer to everybody.
fn days(reading: &Reading, kind: Kind) -> Option<u16> {
    let right = reading.policy.right(kind.right()?, None)?;
    right.places.is_empty().then_some(right.days)
}

fn page(
    site: &Site,
    reading: &Reading,
    language: Language,
    filled: &Filled,
    wrong: Option<&'static str>,
) -> Result<Response, Failure> {
    let w = language.words();
    let kinds: Vec<(Kind, Option<u16>)> =
        Kind::ALL.into_iter().map(|kind| (kind, days(reading, kind))).collect();
    let longest = kinds.iter().filter_map(|(_, days)| *days).max();
    private(&Page {
        w,
        shell: Shell::new(site, reading, language, "request", "/request"),
        title: w.asking.ask,
        filled,
        days: longest,
        kinds,
        places: &reading.policy.places,
        purposes: &reading.policy.purposes,
        wrong,
        forget_days: FORGET_DAYS,
    })
}

/// What a link to the form may say already.
#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    kind: String,
}

/// The form.
pub(super) async fn show(
    State(site): Opened,
    language: Language,
    Query(wish): Query<Wish>,
) -> Result<Response, Failure> {
    let filled = Filled { kind: wish.kind, ..Filled::default() };
    page(&site, &site.reading(), language, &filled, None)
}

#[derive(Template)]
#[template(path = "centre/request/sent.html")]
pub(super) struct Sent<'a> {
    pub(super) w: &'static Words,
    pub(super) shell: Shell<'a>,
    pub(super) title: &'a str,
    pub(super) next: Next,
    pub(super) handle: &'a str,
    pub(super) answer_by: Option<String>,
    /// What was not right about the last try.
    pub(super) wrong: Option<&'static str>,
}

impl Sent<'_> {
    fn awaits_code(&self) -> bool {
        self.next == Next::Code
    }

    fn awaits_person(&self) -> bool {
        self.next == Next::Staff
    }
}

/// Takes the form in. The answer holds no address that could be kept: what the next step needs stands
/// in the page itself.
pub(super) async fn send(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(filled): Form<Filled>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let w = language.words();
    let again = |wrong| {
        let page = page(&site, &reading, language, &filled, Some(wrong))?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let Some(kind) = Kind::of(&filled.kind).filter(|kind| *kind != Kind::Unsorted) else {
        return again(w.asking.choose);
    };
    let told = match filled.told(&reading).tidy() {
        Ok(told) => told,
        Err(unfit) => return again((w.asking.unfit)(unfit)),
    };
    let place = Some(filled.place.clone()).filter(|place| !place.is_empty());
    let asked =
        Asked { kind, channel: Channel::Form, language: language.of_letters(), place, told };
    let filed = site.house.file_request(asked).await.map_err(public)?;
    private(&Sent {
        w,
        shell: Shell::new(&site, &reading, language, "request", "/request"),
        title: match filed.next {
            Next::Code => w.asking.look_mail,
            Next::Staff => w.asking.person_looks,
            Next::Nothing => w.asking.begun,
        },
        next: filed.next,
        handle: filed.handle.expose_secret(),
        answer_by: filed.due_at.map(|at| super::super::day(w, at, &reading)),
        wrong: None,
    })
}
