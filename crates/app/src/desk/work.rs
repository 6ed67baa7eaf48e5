//! The work itself: the plan and its carrying out, as jobs over the engine that the command line has too.

use model::{Micros, Secret};
use serde_json::json;
use store::{Claim, Tx};

use super::appeal::{APPEAL_DAYS, kept_until};
use super::watch::end_clock;
use super::{Desk, Outcome, Progress, Status};
use crate::clock::{Arrival, Snapshot};
use crate::house::House;
use crate::intake::{Kind, Told};
use crate::jobs::{Did, Failed, Work, ask};
use crate::keeper::CaseKeeper;
use crate::letters::{Language, Said};
use crate::marks::MarkAsked;
use crate::rectify::Set;
use crate::request::{Asked, Came, Leave, Standing};
use crate::{Error, Result};

/// A package is kept for the person for so long, in days.
pub(super) const PACKAGE_DAYS: i64 = 30;
const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// What a certificate leaves in its folder.
const CERTIFICATE: [(&str, &str); 2] =
    [("certificate", "certificate.json"), ("certificate page", "certificate.html")];
/// A package is sealed in pieces of this size.
const PIECE: usize = 4 << 20;

impl House {
    /// Has the engine make the plan of a request, and waits for a yes.
    pub(crate) async fn plan_job(
        &self,
        id: &str,
        claim: &Claim,
    ) -> std::result::Result<Did, Failed> {
        let desk = self.desk_of(&claim.job.organisation).await?;
        let (request, progress, told) = read(&desk, id).await?;
        if request.status != Status::Planning.key() {
            return Ok(Did::Done);
        }
        let kind = Kind::of(&request.kind).unwrap_or(Kind::Unsorted);
        let planned = match &request.case {
            // Taken up after a server that died over it.
            Some(case) => Box::pin(self.look_again(case)).await,
            None => self.begin_case(&desk, &request, &progress, &told, kind).await,
        };
        match planned {
            Ok(standing) => self.planned(&desk, id, &standing).await?,
            Err(Error::Busy(why)) => return Err(Failed::ForNow(Error::Busy(why).to_string())),
            // What a person must settle stands at the request; trying again would not change it.
            Err(error) => self.troubled(&desk, id, Status::Ready, &error).await?,
        }
        Ok(Did::Done)
    }

    /// Makes the plan of a case anew, and does nothing else.
    async fn look_again(&self, case: &str) -> Result<Standing> {
        let state = self.state().await?;
        let policy = self.policy(true)?;
        let name = &policy.organisation.name;
        let (keeper, case) = CaseKeeper::resume(&state, name, case).await?;
        Box::pin(self.go_on(&state, &policy, keeper, case, Leave::default(), true)).await
    }

    async fn begin_case(
        &self,
        desk: &Desk,
        request: &store::Request,
        progress: &Progress,
        told: &Told,
        kind: Kind,
    ) -> Result<Standing> {
        let engine = kind.engine().ok_or_else(|| {
            Error::Refused("a person answers this: no system is asked".to_owned())
        })?;
        let clock = request.clock.as_deref().map(Snapshot::read).transpose()?;
        let arrival = Arrival {
            place: progress.place.clone(),
            received: clock.map(|clock| clock.facts.received.date().to_string()),
        };
        let asked = Asked {
            kind: engine,
            identities: told.identities(),
            plan_only: !engine.changes(),
            arrival,
        };
        let standing = if engine == plan::RequestKind::Rectification {
            let set = |wrong: &crate::intake::Wrong| Set {
                what: wrong.what.clone(),
                old: wrong.before.clone(),
                new: wrong.after.clone(),
            };
            let sets = told.corrections.iter().map(set).collect();
            Box::pin(self.rectify(asked, sets, Leave::default())).await?
        } else {
            Box::pin(self.request(asked, Leave::default())).await?
        };
        let mut tx = desk.state.store.begin().await?;
        let mut request = desk.request(&mut tx, &request.id).await?;
        request.case = Some(standing.id.clone());
        if let Some(clock) = &request.clock {
            tx.set_case_clock(&standing.id, clock).await?;
        }
        desk.save(&mut tx, &mut request, Status::Planning, progress).await?;
        tx.commit().await?;
        Ok(standing)
    }

    async fn planned(&self, desk: &Desk, id: &str, standing: &Standing) -> Result<()> {
        let mut tx = desk.state.store.begin().await?;
        let mut request = desk.request(&mut tx, id).await?;
        let mut progress = Progress::of(&request)?;
        progress.plan = Some(standing.outline.digest.clone());
        progress.approvals.clear();
        progress.trouble = None;
        let status = match &standing.came {
            Came::Waits | Came::Planned if !standing.outline.places.is_empty() => Status::Planned,
            Came::WaitsForFee(_) => Status::Waiting,
            Came::Refused => {
                progress.trouble = Some("the plan cannot be carried out".to_owned());
                Status::Ready
            }
            // Nobody is known by what was given: there is nothing to agree to.
            _ => {
                progress.outcome =
                    Some(Outcome { word: "nobody known".to_owned(), ..Outcome::default() });
                Status::Planned
            }
        };
        let about = json!({ "plan": progress.plan, "rows": standing.outline.rows_to_change });
        desk.save(&mut tx, &mut request, status, &progress).await?;
        desk.tell(&mut tx, &request, "request planned", about).await?;
        tx.commit().await?;
        self.seal(&desk.state).await
    }

    async fn troubled(&self, desk: &Desk, id: &str, status: Status, error: &Error) -> Result<()> {
        let mut tx = desk.state.store.begin().await?;
        let mut request = desk.request(&mut tx, id).await?;
        let mut progress = Progress::of(&request)?;
        progress.trouble = Some(error.to_string());
        progress.at = None;
        desk.save(&mut tx, &mut request, status, &progress).await?;
        Ok(tx.commit().await?)
    }

    /// Carries out what was agreed to.
    pub(crate) async fn run_job(
        &self,
        id: &str,
        claim: &Claim,
    ) -> std::result::Result<Did, Failed> {
        let desk = self.desk_of(&claim.job.organisation).await?;
        let (request, mut progress, told) = read(&desk, id).await?;
        let begun =
            [Status::Approved.key(), Status::Running.key()].contains(&request.status.as_str());
        if !begun || progress.not_before.is_some_and(|at| at > self.means.clock.now()) {
            return Ok(Did::Done);
        }
        if request.status == Status::Approved.key() {
            let mut tx = desk.state.store.begin().await?;
            let mut request = desk.request(&mut tx, id).await?;
            progress.at = Some("the systems are being worked on".to_owned());
            desk.save(&mut tx, &mut request, Status::Running, &progress).await?;
            tx.commit().await?;
        }
        let folder = desk.state.private_folder(id)?;
        match Box::pin(self.carry(&request, &progress, &told, &folder)).await {
            Ok(ran) => {
                self.ran(&desk, id, &told, ran).await?;
                // What was made for the person is sealed by now.
                std::fs::remove_dir_all(&folder).map_err(Error::file("cannot remove", &folder))?;
            }
            Err(Error::Busy(why)) => return Err(Failed::ForNow(Error::Busy(why).to_string())),
            Err(error @ (Error::Refused(_) | Error::Case(_))) => {
                self.troubled(&desk, id, Status::Planned, &error).await?;
            }
            // A system that is away is asked again, a few times; the work goes on where it was.
            Err(error) if claim.job.attempts < claim.job.most => {
                return Err(Failed::ForNow(error.to_string()));
            }
            Err(error) => self.troubled(&desk, id, Status::Incomplete, &error).await?,
        }
        Ok(Did::Done)
    }

    async fn carry(
        &self,
        request: &store::Request,
        progress: &Progress,
        told: &Told,
        folder: &std::path::Path,
    ) -> Result<Ran> {
        let kind = Kind::of(&request.kind).unwrap_or(Kind::Unsorted);
        let Some(engine) = kind.engine() else {
            return Err(Error::Refused("a person answers this: no system is asked".to_owned()));
        };
        use plan::RequestKind as Does;
        let standing = match (engine, &request.case) {
            (Does::Restriction | Does::Objection | Does::OptOut | Does::ConsentWithdrawal, _) => {
                let marked = Box::pin(self.mark(MarkAsked {
                    kind: engine,
                    identities: told.identities(),
                    purpose: told.purpose.clone(),
                    because: told.text.as_ref().map(|text| text.expose().clone()),
                    arrival: Arrival { place: progress.place.clone(), received: None },
                }))
                .await?;
                let outcome = Outcome { word: "marked".to_owned(), ..Outcome::default() };
                return Ok(Ran { outcome, case: marked.request, files: Vec::new() });
            }
            (_, None) => return Err(Error::Refused("it has no plan yet".to_owned())),
            _ if progress.outcome.as_ref().is_some_and(|one| one.word == "nobody known") => {
                let outcome = progress.outcome.clone().unwrap_or_default();
                return Ok(Ran { outcome, case: request.case.clone(), files: Vec::new() });
            }
            (engine, Some(case)) => {
                let out =
                    folder.join(if engine.changes() { "certificate.json" } else { "package.zip" });
                let leave = Leave { out: Some(out), go_ahead: false, ..Leave::default() };
                let digest = progress.plan.as_deref().unwrap_or_default();
                let status = self.case_status(case).await?;
                if let Some(ran) = Ran::left(kind, request, folder).filter(|_| status == "done") {
                    return Ok(ran);
                }
                let acted = !matches!(status.as_str(), "waiting for approval" | "drafting");
                if engine.changes() && !acted {
                    Box::pin(self.approve(case, digest, leave)).await?
                } else {
                    Box::pin(self.resume(case, leave)).await?
                }
            }
        };
        Ok(Ran::of(standing, request.case.clone()))
    }

    async fn case_status(&self, case: &str) -> Result<String> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let found = tx.case(case).await?;
        tx.rollback().await?;
        Ok(found.map(|case| case.status).unwrap_or_default())
    }

    /// Keeps what came of it, sealed, writes to whoever asked, and to those who got the data.
    async fn ran(&self, desk: &Desk, id: &str, told: &Told, ran: Ran) -> Result<()> {
        let now = self.means.clock.now();
        let until = Micros(now.0 + PACKAGE_DAYS * DAY);
        let mut tx = desk.state.store.begin().await?;
        let mut request = desk.request(&mut tx, id).await?;
        let mut progress = Progress::of(&request)?;
        request.case = ran.case.clone().or(request.case);
        for (kind, path) in &ran.files {
            keep_file(self, desk, &mut tx, id, kind, path, until).await?;
        }
        let open_tasks = tx.tasks_of(id).await?.iter().any(|task| task.done_at.is_none());
        let status = match (ran.outcome.incomplete.is_empty(), open_tasks) {
            (false, _) => Status::Incomplete,
            (true, true) => Status::ByHand,
            (true, false) => Status::Done,
        };
        let about = json!({
            "outcome": ran.outcome.word, "rows": ran.outcome.rows, "systems": ran.outcome.systems,
            "incomplete": ran.outcome.incomplete.len(),
        });
        progress.outcome = Some(ran.outcome);
        progress.at = None;
        progress.trouble = None;
        if status == Status::Done {
            self.end(desk, &mut tx, &mut request, &mut progress, Some(told)).await?;
        } else {
            desk.save(&mut tx, &mut request, status, &progress).await?;
        }
        desk.tell(&mut tx, &request, "request carried out", about).await?;
        if let Some(case) = &request.case {
            let work = Work::TellProcessors { request: id.to_owned() };
            if !tx.messages(case).await?.is_empty() {
                ask(&mut tx, &self.means, &desk.organisation, &work, None).await?;
            }
        }
        tx.commit().await?;
        self.seal(&desk.state).await
    }

    /// Ends a request with the letter that says so. What it said is forgotten when its page is.
    pub(super) async fn end(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        request: &mut store::Request,
        progress: &mut Progress,
        told: Option<&Told>,
    ) -> Result<()> {
        let language = Language::of(&request.language);
        let until = Micros(self.means.clock.now().0 + PACKAGE_DAYS * DAY);
        let link = self.page_link(desk, tx, request).await?;
        let until = self.day_in_words(until, language)?;
        let outcome = progress.outcome.clone().unwrap_or_default();
        let said = if outcome.word == "handed out" {
            Said::Package { link, until }
        } else {
            Said::Completion {
                outcome: in_words(&outcome, language),
                kept: outcome.kept.clone(),
                incomplete: outcome.incomplete.clone(),
                link,
                until,
                appeal_days: progress.appeal.is_none().then_some(APPEAL_DAYS),
                regulator: desk.regulator(progress),
            }
        };
        end_clock(self, request, true)?;
        if let (Some(case), Some(clock)) = (&request.case, &request.clock) {
            tx.set_case_clock(case, clock).await?;
        }
        desk.write(self, tx, request, told, &said).await?;
        desk.save(tx, request, Status::Done, progress).await?;
        let work = Work::ForgetRequest { request: request.id.clone() };
        let at = kept_until(Status::Done, self.means.clock.now());
        ask(tx, &self.means, &desk.organisation, &work, Some(at)).await
    }

    /// Forgets what an answered request said, and what was kept for the person.
    pub(crate) async fn forget_request(
        &self,
        id: &str,
        claim: &Claim,
    ) -> std::result::Result<Did, Failed> {
        let desk = self.desk_of(&claim.job.organisation).await?;
        let mut tx = desk.state.store.begin().await?;
        if let Some(mut request) =
            tx.request(id).await?.filter(|request| request.ended_at.is_some())
        {
            let progress = Progress::of(&request).map_err(Failed::from)?;
            let status = Status::of(&request.status).unwrap_or(Status::Done);
            let until = kept_until(status, request.ended_at.unwrap_or(Micros(0)));
            if until > self.means.clock.now() {
                // It was taken up again since this was asked for, and ended later.
                let work = Work::ForgetRequest { request: id.to_owned() };
                ask(&mut tx, &self.means, &desk.organisation, &work, Some(until)).await?;
                return Ok(tx.commit().await.map(|()| Did::Done)?);
            }
            request.body = None;
            desk.save(&mut tx, &mut request, status, &progress).await?;
            tx.forget_parts(id, None).await?;
            desk.tell(&mut tx, &request, "request forgotten", json!({})).await?;
        }
        tx.commit().await?;
        desk.state.store.scrub().await?;
        self.seal(&desk.state).await?;
        Ok(Did::Done)
    }
}

/// What carrying out came to.
struct Ran {
    outcome: Outcome,
    case: Option<String>,
    /// What is kept for the person: the kind of part, and where it lies now.
    files: Vec<(&'static str, std::path::PathBuf)>,
}

impl Ran {
    /// What a server left that died after the work and before it was written down.
    fn left(kind: Kind, request: &store::Request, folder: &std::path::Path) -> Option<Self> {
        let (word, names): (&str, &[(&'static str, &str)]) = match kind {
            Kind::Access | Kind::Portability => ("handed out", &[("package", "package.zip")]),
            Kind::Rectification => ("corrected", &CERTIFICATE),
            _ => ("erased", &CERTIFICATE),
        };
        let files: Vec<_> = names.iter().map(|(kind, name)| (*kind, folder.join(name))).collect();
        let outcome = Outcome { word: word.to_owned(), ..Outcome::default() };
        files.iter().all(|(_, path)| path.is_file()).then(|| Self {
            outcome,
            case: request.case.clone(),
            files,
        })
    }

    fn of(standing: Standing, case: Option<String>) -> Self {
        let kept = standing
            .outline
            .kept
            .iter()
            .map(|kept| why(&kept.until))
            .collect::<std::collections::BTreeSet<_>>();
        let mut outcome = Outcome {
            systems: standing
                .outline
                .places
                .iter()
                .map(|row| &row.place.system)
                .collect::<std::collections::BTreeSet<_>>()
                .len() as u64,
            rows: standing.outline.rows_to_change,
            kept: kept.into_iter().collect(),
            ..Outcome::default()
        };
        let mut files = Vec::new();
        match standing.came {
            Came::HandedOut { file, incomplete, .. } => {
                outcome.word = "handed out".to_owned();
                outcome.incomplete = incomplete;
                files.push(("package", file));
            }
            Came::Erased { certificate, incomplete, .. } => {
                outcome.word = "erased".to_owned();
                outcome.incomplete = incomplete;
                if let Some(certificate) = certificate {
                    files.push(("certificate", certificate.json));
                    files.push(("certificate page", certificate.page));
                }
            }
            Came::Corrected { certificate, incomplete, .. } => {
                outcome.word = "corrected".to_owned();
                outcome.incomplete = incomplete;
                files.push(("certificate", certificate.json));
                files.push(("certificate page", certificate.page));
            }
            Came::Nobody => outcome.word = "nobody known".to_owned(),
            Came::Waits | Came::WaitsForFee(_) | Came::Planned | Came::Refused => {
                outcome.incomplete.push("the plan was not carried out".to_owned());
            }
        }
        Self { outcome, case, files }
    }
}

/// Why something is kept, and until when.
fn why(kept: &plan::KeptUntil) -> String {
    match &kept.until {
        Some(until) => format!("{} ({until})", kept.because),
        None => kept.because.clone(),
    }
}

/// The outcome as a letter says it.
fn in_words(outcome: &Outcome, language: Language) -> String {
    let many = outcome.systems;
    match (outcome.word.as_str(), language) {
        ("erased", Language::En) => {
            format!("We erased what we held about you, in {many} system(s).")
        }
        ("erased", Language::Fr) => {
            format!("Nous avons effacé ce que nous détenions sur vous, dans {many} système(s).")
        }
        ("corrected", Language::En) => format!("We corrected your data, in {many} system(s)."),
        ("corrected", Language::Fr) => {
            format!("Nous avons rectifié vos données, dans {many} système(s).")
        }
        ("marked", Language::En) => "Your choice is recorded and holds from now on.".to_owned(),
        ("marked", Language::Fr) => {
            "Votre choix est enregistré et s’applique désormais.".to_owned()
        }
        ("nobody known", Language::En) => "We hold no data by what you gave us.".to_owned(),
        ("nobody known", Language::Fr) => {
            "Nous ne détenons aucune donnée correspondant à ce que vous avez indiqué.".to_owned()
        }
        (_, Language::En) => "A person has looked into it and done what you asked for.".to_owned(),
        (_, Language::Fr) => "Une personne a examiné votre demande et y a donné suite.".to_owned(),
    }
}

async fn read(
    desk: &Desk,
    id: &str,
) -> std::result::Result<(store::Request, Progress, Told), Failed> {
    let mut tx = desk.state.store.read().await?;
    let request = desk.request(&mut tx, id).await?;
    tx.rollback().await?;
    let progress = Progress::of(&request)?;
    let told = desk.told(&request)?;
    let told = told.ok_or_else(|| Failed::ForGood(format!("request {id} is forgotten")))?;
    Ok((request, progress, told))
}

/// Seals a file, in pieces, as parts of a request.
async fn keep_file(
    house: &House,
    desk: &Desk,
    tx: &mut Tx,
    request: &str,
    kind: &str,
    path: &std::path::Path,
    until: Micros,
) -> Result<()> {
    use std::io::Read as _;
    let mut file = std::fs::File::open(path).map_err(Error::file("cannot read", path))?;
    tx.forget_parts(request, Some(kind)).await?;
    for index in 0.. {
        let mut piece = Vec::with_capacity(PIECE);
        let limit = PIECE as u64;
        (&mut file)
            .take(limit)
            .read_to_end(&mut piece)
            .map_err(Error::file("cannot read", path))?;
        if piece.is_empty() {
            break;
        }
        let piece = Secret::new(piece);
        let id = store::new_id(house.means.rng.as_ref());
        tx.insert_part(&store::Part {
            body: Some(desk.state.vault.seal("part", &id, piece.expose_secret())?),
            id,
            request: request.to_owned(),
            kind: kind.to_owned(),
            // Pieces are read in the order of their moments.
            at: Micros(house.means.clock.now().0 + index),
            expires_at: Some(until),
            taken: 0,
        })
        .await?;
    }
    Ok(())
}

/// The time to think a plan over before it runs, as the settings say.
pub(super) fn cool_off(house: &House, kind: Kind) -> i64 {
    let hours = house.settings.requests.cool_off_hours;
    let erases = kind.engine().is_some_and(plan::RequestKind::erases);
    if erases { i64::from(hours) * 60 * 60 * 1_000_000 } else { 0 }
}
