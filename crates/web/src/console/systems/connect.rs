//! Connecting a system: a form, a look, a yes.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::connect_system::{FoundSystem, Wish};
use app::console::Subject;
use askama::Template;
use auth::Actor;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Json};
use model::Secret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{Frame, look_at, page};
use super::map::{Line, lines, size};
use crate::connecting::{self, Stand};
use crate::failure::Failure;
use crate::site::{Shared, Site};
use crate::words::systems::{ENGLISH, Systems, asked};

/// Where the form is.
const HERE: &str = "/console/systems/connect";

/// What stands in the form. The password is never written back into it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Filled {
    kind: String,
    name: String,
    host: String,
    port: String,
    database: String,
    user: String,
    checked: String,
    path: String,
    pattern: String,
    /// The whole address, of a system that is connected again.
    url: String,
    again: String,
    password: String,
    variable: String,
    read_only: String,
}

impl Filled {
    fn is_server(&self) -> bool {
        matches!(self.kind.as_str(), "postgres" | "mariadb" | "mysql")
    }

    fn is_again(&self) -> bool {
        !self.again.is_empty()
    }

    /// Its address, without a password.
    fn address(&self) -> Result<String, String> {
        let path = self.path.trim();
        match self.kind.as_str() {
            _ if self.is_again() => Ok(self.url.trim().to_owned()),
            "sqlite" => Ok(format!("sqlite:{path}")),
            "files" => {
                // What would end a part of the address.
                let encoded = |text: &str| {
                    let text = text.replace('%', "%25").replace('?', "%3F");
                    text.replace('&', "%26").replace('#', "%23")
                };
                let pattern = self.pattern.trim();
                let which = if pattern.is_empty() {
                    String::new()
                } else {
                    format!("?pattern={}", encoded(pattern))
                };
                Ok(format!("files:{}{which}", encoded(path)))
            }
            _ => app::connect_system::server_address(
                &self.kind,
                &self.user,
                &self.host,
                &self.port,
                &self.database,
                !self.checked.is_empty(),
            )
            .map_err(|error| error.to_string()),
        }
    }

    /// What is wished, with the password taken out of the form.
    fn wish(&mut self) -> Result<Wish, String> {
        let password = Some(Secret::new(std::mem::take(&mut self.password)));
        let password = password.filter(|password| !password.expose_secret().is_empty());
        let variable = Some(self.variable.trim().to_owned()).filter(|name| !name.is_empty());
        if password.is_some() && variable.is_some() {
            return Err(ENGLISH.both.to_owned());
        }
        Ok(Wish {
            name: self.name.trim().to_owned(),
            url: self.address()?,
            password,
            password_env: variable,
            read_only: !self.read_only.is_empty(),
            again: self.is_again(),
            ..Wish::default()
        })
    }
}

#[derive(Template)]
#[template(path = "console/systems/connect.html")]
struct Page<'a> {
    frame: Frame<'a>,
    w: &'static Systems,
    title: &'a str,
    filled: &'a Filled,
    refused: Option<String>,
}

impl Page<'_> {
    fn has_kind(&self) -> bool {
        self.w.kinds.iter().any(|(key, _)| *key == self.filled.kind) || self.filled.is_again()
    }

    fn is(&self, kind: &str) -> bool {
        self.filled.kind == kind
    }
}

fn form(
    site: &Site,
    actor: &Actor,
    filled: &Filled,
    refused: Option<String>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = page(&Page {
        frame: Frame::new(site, &reading, actor, "systems"),
        w: &ENGLISH,
        title: if filled.is_again() { ENGLISH.connect_again } else { ENGLISH.connect },
        filled,
        refused,
    })?;
    Ok((status, page).into_response())
}

/// Of which kind, or which one again.
#[derive(Deserialize)]
pub(in crate::console) struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    again: String,
}

/// The form.
pub(in crate::console) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let mut filled = Filled { kind: asked.kind, ..Filled::default() };
    if !asked.again.is_empty() {
        let reading = site.reading();
        let known = reading.policy.system(&asked.again).ok_or(Failure::NotFound)?;
        filled.name.clone_from(&known.key);
        filled.again = "yes".to_owned();
        if let Some(reached) = site.house.reached(&actor, &known.key)? {
            filled.url = reached.url;
            filled.read_only = if reached.read_only { "yes" } else { "" }.to_owned();
            let variable = reached.password.as_deref().and_then(|at| at.strip_prefix("env:"));
            filled.variable = variable.unwrap_or_default().to_owned();
        }
    }
    form(&site, &actor, &filled, None)
}

/// Tries it, and has it looked into.
pub(in crate::console) async fn begin(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(mut filled): Form<Filled>,
) -> Result<Response, Failure> {
    let wish = match filled.wish() {
        Ok(wish) => wish,
        Err(why) => return form(&site, &actor, &filled, Some(why)),
    };
    let name = wish.name.clone();
    let begun = match site.house.try_system(&actor, wish).await {
        Ok(tried) => connecting::look_into(&site, &actor, &name, tried),
        Err(error) => Err(error.into()),
    };
    match begun {
        Ok(()) => Ok(Redirect::to(&format!("{HERE}/{name}")).into_response()),
        Err(Failure::Refused(why) | Failure::Unfit { text: why, .. }) => {
            form(&site, &actor, &filled, Some(why))
        }
        Err(failure) => Err(failure),
    }
}

#[derive(Template)]
#[template(path = "console/systems/found.html")]
struct Found<'a> {
    frame: Frame<'a>,
    w: &'static Systems,
    title: String,
    here: String,
    live: &'a str,
    name: &'a str,
    stand: &'a Stand,
    size: (usize, usize, usize, usize),
    lines: Vec<Line>,
    questions: Vec<(String, String, String)>,
}

impl Found<'_> {
    fn found(&self) -> Option<&FoundSystem> {
        match self.stand {
            Stand::Found(found) => Some(found),
            _ => None,
        }
    }

    fn doing(&self) -> Option<&str> {
        match self.stand {
            Stand::Looking(doing) => Some(doing),
            _ => None,
        }
    }

    fn failed(&self) -> Option<&str> {
        match self.stand {
            Stand::Failed(why) => Some(why),
            _ => None,
        }
    }
}

/// What was found, or how far the look is.
pub(in crate::console) async fn found(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let stand = site.connecting.of(&name, site.house.now()).ok_or(Failure::NotFound)?;
    whole(&site, &actor, &name, &stand)
}

fn whole(site: &Site, actor: &Actor, name: &str, stand: &Stand) -> Result<Response, Failure> {
    let reading = site.reading();
    let (lines, size, questions) = match stand {
        Stand::Found(found) => {
            let questions = found.questions.iter();
            let questions = questions.map(|one| {
                (one.id.clone(), asked(one), (ENGLISH.sure)(one.confidence, &one.reason))
            });
            (lines(&found.system), size(&found.system), questions.collect())
        }
        _ => (Vec::new(), (0, 0, 0, 0), Vec::new()),
    };
    page(&Found {
        frame: Frame::new(site, &reading, actor, "systems"),
        w: &ENGLISH,
        title: (ENGLISH.found)(name),
        here: format!("{HERE}/{name}"),
        live: &site.assets.live,
        name,
        stand,
        size,
        lines,
        questions,
    })
}

/// How far the look is, for the script.
pub(in crate::console) async fn stand(
    State(site): State<Shared>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Failure> {
    let stand = site.connecting.of(&name, site.house.now()).ok_or(Failure::NotFound)?;
    let says = match &stand {
        Stand::Looking(doing) => doing.as_str(),
        _ => "",
    };
    Ok(Json(json!({ "status": stand.word(), "says": says })))
}

/// Writes it down, with the answers that were given.
pub(in crate::console) async fn keep(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(name): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let found = connecting::found(&site, &name)?;
    let answers: BTreeMap<String, bool> = fields
        .into_iter()
        .filter_map(|(field, answer)| {
            let question = field.strip_prefix("answer:")?.to_owned();
            match answer.as_str() {
                "yes" => Some((question, true)),
                "no" => Some((question, false)),
                _ => None,
            }
        })
        .collect();
    kept(&site, &actor, &found, &answers).await?;
    Ok(Redirect::to(&format!("/console/system/{name}")).into_response())
}

/// Writes a system down, shows it from now on, and has every connection looked at.
pub(crate) async fn kept(
    site: &Shared,
    actor: &Actor,
    found: &FoundSystem,
    answers: &BTreeMap<String, bool>,
) -> Result<(), Failure> {
    site.house.keep_system(actor, found, answers).await?;
    site.connecting.forget(&found.name, site.house.now());
    let again = Arc::clone(site);
    // Without it the pages would know the system a second later.
    let read = tokio::task::spawn_blocking(move || again.refresh()).await;
    if matches!(read, Ok(Ok(true))) {
        site.forget_standing().await;
    }
    look_at(site, actor, Subject::Systems);
    Ok(())
}

/// Throws away what was found.
pub(in crate::console) async fn forget(
    State(site): State<Shared>,
    Path(name): Path<String>,
) -> Result<Redirect, Failure> {
    if site.connecting.forget(&name, site.house.now()) {
        Ok(Redirect::to("/console/systems"))
    } else {
        Err(Failure::NotFound)
    }
}
