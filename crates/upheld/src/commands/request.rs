//! `upheld request …`

use std::collections::BTreeMap;
use std::process::ExitCode;

use app::clock::Arrival;
use app::rectify::Set;
use app::request::{Asked, Came, Files, Leave, Standing};
use app::{Error, House, Result};
use model::{Identity, IdentityKind, Personal, Secret};
use plan::RequestKind;

use crate::args::{Approve, Ask, How, Rectify, Request, Resume};
use crate::commands::{batch, clocks, code, marks, messages};
use crate::screen::Screen;

pub(crate) const WHO: &str =
    "say whom the request is about: `--email`, `--phone`, `--user-name` or `--account-id`";

pub(crate) async fn run(house: &House, request: Request, screen: &Screen) -> Result<ExitCode> {
    match request {
        Request::Access(ask) => open(house, RequestKind::Access, ask, screen).await,
        Request::Portability(ask) => open(house, RequestKind::Portability, ask, screen).await,
        Request::Erase(ask) => open(house, RequestKind::Erasure, ask, screen).await,
        Request::Rectify(rectify) => correct(house, rectify, screen).await,
        Request::Close(ask) => {
            screen.note(render::words::message::CLOSING);
            open(house, RequestKind::Closure, ask, screen).await
        }
        Request::Restrict(mark) => marks::set(house, RequestKind::Restriction, mark, screen).await,
        Request::Object(mark) => marks::set_use(house, RequestKind::Objection, mark, screen).await,
        Request::OptOut(mark) => marks::set(house, RequestKind::OptOut, mark, screen).await,
        Request::ConsentWithdrawal(mark) => {
            marks::set_use(house, RequestKind::ConsentWithdrawal, mark, screen).await
        }
        Request::Messages(wish) => messages::run(house, wish, screen).await,
        Request::FeePaid { id, waived, how } => {
            let standing = Box::pin(house.fee_paid(&id, waived, leave(&how, false)?)).await?;
            settle(house, standing, &how, false, screen).await
        }
        Request::List => list(house, screen).await,
        Request::Withdraw { id } => {
            let id = house.withdraw(&id).await?;
            screen.json(&serde_json::json!({ "request": id, "withdrawn": true }));
            screen.say("Withdrawn. Nothing was changed, and whom it was about is forgotten.");
            Ok(ExitCode::SUCCESS)
        }
        Request::Extend { id, reason } => clocks::extend(house, &id, &reason, screen).await,
        Request::Pause { id, waits_for } => clocks::pause(house, &id, &waits_for, screen).await,
        Request::ResumeClock { id } => clocks::go_on(house, &id, screen).await,
        Request::Resume(resume) => again(house, resume, screen).await,
        Request::Approve(approve) => agree(house, approve, screen).await,
    }
}

fn identities(ask: &Ask) -> Vec<Identity> {
    let given = [
        (IdentityKind::Email, &ask.email),
        (IdentityKind::Phone, &ask.phone),
        (IdentityKind::UserName, &ask.user_name),
        (IdentityKind::AccountId, &ask.account_id),
        (IdentityKind::Name, &ask.name),
    ];
    given
        .into_iter()
        .flat_map(|(kind, values)| values.iter().map(move |value| Identity::new(kind, value)))
        .collect()
}

pub(crate) fn arrival(ask: &Ask) -> Arrival {
    Arrival { place: ask.place.clone(), received: ask.received.clone() }
}

pub(crate) fn leave(how: &How, plan_only: bool) -> Result<Leave> {
    let password = match &how.password_file {
        None => None,
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|source| Error::File {
                doing: "cannot read the password in",
                path: file.clone(),
                source,
            })?;
            Some(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
        }
    };
    Ok(Leave {
        go_ahead: how.yes && !plan_only,
        override_cap: how.override_cap,
        out: how.out.clone(),
        password,
        charge_fee: false,
        by_reference: false,
    })
}

async fn open(house: &House, kind: RequestKind, ask: Ask, screen: &Screen) -> Result<ExitCode> {
    if let Some(list) = &ask.batch {
        return batch::run(house, kind, list, &ask, screen).await;
    }
    if ask.by_reference && kind == RequestKind::Closure {
        return Err(Error::Refused(
            "an account is closed for good and its texts are read: leave `--by-reference` out"
                .to_owned(),
        ));
    }
    let identities = identities(&ask);
    if identities.is_empty() {
        return Err(Error::Refused(WHO.to_owned()));
    }
    let (charge_fee, by_reference) = (ask.charge_fee, ask.by_reference);
    let how = Leave { charge_fee, by_reference, ..leave(&ask.how, ask.plan)? };
    let asked = Asked { kind, identities, plan_only: ask.plan, arrival: arrival(&ask) };
    let standing = Box::pin(house.request(asked, how)).await?;
    settle(house, standing, &ask.how, ask.plan, screen).await
}

async fn correct(house: &House, rectify: Rectify, screen: &Screen) -> Result<ExitCode> {
    let Rectify { set, old, ask } = rectify;
    let identities = identities(&ask);
    if identities.is_empty() || ask.batch.is_some() {
        return Err(Error::Refused(WHO.to_owned()));
    }
    if ask.by_reference {
        return Err(Error::Refused(
            "what is wrong stands in texts too: a correction is made without `--by-reference`"
                .to_owned(),
        ));
    }
    let mut olds: BTreeMap<String, String> = BTreeMap::new();
    for word in &old {
        let (what, value) = halves(word)?;
        olds.insert(what, value);
    }
    let mut sets = Vec::with_capacity(set.len());
    for word in &set {
        let (what, new) = halves(word)?;
        let old = olds.remove(&what).map(Personal::new);
        sets.push(Set { what, old, new: Personal::new(new) });
    }
    if let Some(what) = olds.keys().next() {
        return Err(Error::Refused(format!(
            "`--old {what}=…` says what is wrong and nothing says what is right: add `--set {what}=…`"
        )));
    }
    let how = Leave { charge_fee: ask.charge_fee, ..leave(&ask.how, ask.plan)? };
    let kind = RequestKind::Rectification;
    let asked = Asked { kind, identities, plan_only: ask.plan, arrival: arrival(&ask) };
    let standing = Box::pin(house.rectify(asked, sets, how)).await?;
    settle(house, standing, &ask.how, ask.plan, screen).await
}

/// `phone=+1 902 555 0199` in its two halves.
fn halves(word: &str) -> Result<(String, String)> {
    let (what, value) = word.split_once('=').ok_or_else(|| {
        // What was typed may be the value: it is not repeated.
        Error::Refused(
            "a correction is written WHAT=VALUE: `--set phone='+1 902 555 0199'`".to_owned(),
        )
    })?;
    Ok((what.trim().to_owned(), value.trim().to_owned()))
}

async fn again(house: &House, resume: Resume, screen: &Screen) -> Result<ExitCode> {
    let standing = Box::pin(house.resume(&resume.id, leave(&resume.how, false)?)).await?;
    settle(house, standing, &resume.how, false, screen).await
}

async fn agree(house: &House, approve: Approve, screen: &Screen) -> Result<ExitCode> {
    let how = leave(&approve.how, false)?;
    let standing = Box::pin(house.approve(&approve.id, &approve.digest, how)).await?;
    settle(house, standing, &approve.how, true, screen).await
}

/// Tells where a request stands; asks for a yes where one is missing.
async fn settle(
    house: &House,
    standing: Standing,
    how: &How,
    plan_only: bool,
    screen: &Screen,
) -> Result<ExitCode> {
    screen.calm();
    let waits = matches!(standing.came, Came::Waits);
    let short = standing.id.get(..8).unwrap_or(&standing.id).to_owned();
    let digest = standing.outline.digest.get(..12).unwrap_or_default().to_owned();
    if waits || matches!(standing.came, Came::Refused | Came::Planned) {
        tell_plan(&standing, screen);
    }
    if waits && !plan_only && !standing.outline.needs_approval {
        if screen.ask("Carry this plan out? Type yes, or anything else to leave it waiting:") {
            let (id, digest) = (&standing.id, &standing.outline.digest);
            let standing = Box::pin(house.approve(id, digest, leave(how, false)?)).await?;
            screen.calm();
            return Ok(tell(&standing, screen));
        }
        screen.say("Nothing was changed. The request waits.");
    }
    if waits {
        screen.say(&format!(
            "To carry it out: upheld -C {} request approve {short} --digest {digest}",
            house.folder().display()
        ));
        screen.say(&format!(
            "To take it back:  upheld -C {} request withdraw {short}",
            house.folder().display()
        ));
        return Ok(ExitCode::SUCCESS);
    }
    Ok(tell(&standing, screen))
}

fn tell_plan(standing: &Standing, screen: &Screen) {
    screen.json(&serde_json::json!(standing.view));
    screen.say(&standing.view.to_text(screen.style(), &standing.zone));
}

/// Tells how a request ended.
pub(crate) fn tell(standing: &Standing, screen: &Screen) -> ExitCode {
    let incomplete = match &standing.came {
        Came::Waits | Came::Planned => return ExitCode::SUCCESS,
        Came::WaitsForFee(fee) => {
            screen.json(&serde_json::json!({ "request": standing.id, "fee": fee }));
            screen.say(&render::words::plan::fee_asked(&fee.amount, &fee.because));
            let short = standing.id.get(..8).unwrap_or(&standing.id);
            screen.say(&format!(
                "When it is: upheld request fee-paid {short} (`--waived` if it need not be)"
            ));
            return ExitCode::SUCCESS;
        }
        Came::Nobody => {
            screen.json(&serde_json::json!({ "request": standing.id, "found": 0 }));
            screen.say("Nobody is known by what was given, in any system and in any text. Nothing was changed, and there is nothing to certify.");
            hints(standing, screen);
            return ExitCode::SUCCESS;
        }
        Came::Refused => {
            screen.error("the plan cannot be carried out as it stands; nothing was touched");
            return code(false);
        }
        Came::HandedOut { file, summary, incomplete } => {
            screen.json(&serde_json::json!({
                "request": standing.id, "package": file, "records": summary.records,
                "systems": summary.systems_with_records, "files": summary.files,
                "incomplete": incomplete, "texts_searched": !standing.outline.by_reference,
            }));
            if standing.outline.by_reference {
                screen.note(batch::TEXTS_UNREAD);
            }
            screen.say(&format!(
                "{} records from {} system(s), {} file(s): {}",
                render::words::number(summary.records),
                summary.systems_with_records,
                summary.files,
                file.display()
            ));
            incomplete
        }
        Came::Erased { result, certificate, incomplete } => {
            screen.json(&serde_json::json!({
                "request": standing.id, "result": result, "incomplete": incomplete,
                "certificate": certificate.as_ref().map(|c| &c.json),
                "page": certificate.as_ref().map(|c| &c.page),
                "entry": certificate.as_ref().map(|c| c.entry),
            }));
            screen.say(&result.to_text(screen.style()));
            if let Some(files) = certificate {
                tell_certificate(files, screen);
            }
            incomplete
        }
        Came::Corrected { result, certificate, incomplete } => {
            screen.json(&serde_json::json!({
                "request": standing.id, "result": result, "incomplete": incomplete,
                "certificate": certificate.json, "page": certificate.page,
                "entry": certificate.entry,
            }));
            screen.say(&result.to_text(screen.style()));
            tell_certificate(certificate, screen);
            incomplete
        }
    };
    hints(standing, screen);
    if standing.to_tell > 0 {
        screen.say(&messages::to_tell(standing.to_tell, &standing.id));
    }
    for reason in incomplete {
        screen.note(&format!("◆ incomplete: {reason}"));
    }
    if !incomplete.is_empty()
        && matches!(standing.came, Came::Erased { .. } | Came::Corrected { .. })
    {
        let short = standing.id.get(..8).unwrap_or(&standing.id);
        screen.note(&format!("  When the cause is mended: upheld request resume {short}"));
    }
    code(incomplete.is_empty())
}

fn tell_certificate(files: &Files, screen: &Screen) {
    screen.say(&format!(
        "Certificate: {} (to print: {}), entry {} of the log",
        files.json.display(),
        files.page.display(),
        files.entry
    ));
}

/// What a person should look at although the request has ended.
fn hints(standing: &Standing, screen: &Screen) {
    for possible in &standing.view.possible_identities {
        screen.note(&format!(
            "◆ {} may be the person's too: {}",
            possible.identity.expose(),
            possible.reason
        ));
    }
}

async fn list(house: &House, screen: &Screen) -> Result<ExitCode> {
    let requests = house.requests().await?;
    screen.json(&serde_json::json!(requests));
    if requests.is_empty() {
        screen.say("No requests yet. `upheld request access --email ADDRESS` opens one.");
    }
    let zone = house.zone()?;
    for request in &requests {
        let line = format!(
            "{}  {:<13}  {:<17}  {:<20}",
            request.id.get(..8).unwrap_or(&request.id),
            request.kind.replace('_', " "),
            render::words::day(request.opened_at, &zone),
            request.status,
        );
        let clock = request.clock.as_ref().map(clocks::in_words).unwrap_or_default();
        // What does not fit beside it stands below it.
        if render::text::width(&line) + 2 + render::text::width(&clock) <= 100 {
            screen.say(format!("{line}  {clock}").trim_end());
        } else {
            screen.say(line.trim_end());
            screen.say(&format!("{:10}{clock}", ""));
        }
    }
    if requests.iter().any(|request| request.clock.is_some()) {
        screen.say(&clocks::in_sum(&house.clocks_standing().await?.total()));
    }
    Ok(ExitCode::SUCCESS)
}
