//! Requests of people: opened, planned, approved, carried out, resumed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::{Identity, IdentityKind, Micros, Secret};
use plan::{
    Case, Correction, Ending, Outline, Phase, Request, RequestKind, Settings as HouseRules,
};
use policy::clock::PauseReason;
use policy::{Fee, Policy};

use crate::certificate;
pub use crate::certificate::Files;
use crate::clock::{self, Arrival, Snapshot, Stand};
use crate::house::House;
use crate::keeper::{Also, CaseKeeper, Together, no_such};
use crate::marks::{self, InForce};
use crate::package;
use crate::state::State;
use crate::{Error, Result, messages, retain, view};

/// A request as it comes in.
#[derive(Debug)]
pub struct Asked {
    /// What is asked.
    pub kind: RequestKind,
    /// Who asks.
    pub identities: Vec<Identity>,
    /// Show what would be handed out, and hand nothing out.
    pub plan_only: bool,
    /// When it came, and from where.
    pub arrival: Arrival,
}

/// What may be done without asking again.
#[derive(Debug, Default)]
pub struct Leave {
    /// Carry the plan out once it stands, if the policy asks for nobody's approval.
    pub go_ahead: bool,
    /// Change more rows than the policy's cap.
    pub override_cap: bool,
    /// Where the package or the certificate goes; `None` is a name in the current folder.
    pub out: Option<PathBuf>,
    /// A password for the package.
    pub password: Option<Secret<String>>,
    /// Ask for the fee that the policy names for this right, and wait until it is paid.
    pub charge_fee: bool,
    /// Of a new request: leave the texts unread, find what identifiers and references lead to, and
    /// say so in every answer.
    pub by_reference: bool,
}

/// Where a request stands after a call.
#[derive(Debug)]
pub struct Standing {
    /// Its number.
    pub id: String,
    /// The plan.
    pub outline: Outline,
    /// The same, ready to be shown.
    pub view: render::plan_text::PlanView,
    /// The zone in which moments are shown.
    pub zone: render::Zone,
    /// What became of it.
    pub came: Came,
    /// How many recipients must still be told of it.
    pub to_tell: usize,
}

/// What became of a request.
#[derive(Debug)]
pub enum Came {
    /// It waits for a person's yes.
    Waits,
    /// Nothing is done until this fee is paid.
    WaitsForFee(Fee),
    /// Everything is found, and nothing was handed out because only the plan was asked for.
    Planned,
    /// The plan cannot be carried out; nothing was touched.
    Refused,
    /// Nobody is known by these identifiers; nothing was touched, and nothing is certified.
    Nobody,
    /// The package lies here.
    HandedOut {
        /// The file.
        file: PathBuf,
        /// What it holds.
        summary: render::package::Summary,
        /// Why it is not everything, if so.
        incomplete: Vec<String>,
    },
    /// Erased, as far as the certificate says.
    Erased {
        /// How it ended, for the terminal.
        result: render::plan_text::RunResult,
        /// The signed certificate; none when nothing was found.
        certificate: Option<certificate::Files>,
        /// Why it is not complete, if so.
        incomplete: Vec<String>,
    },
    /// Corrected, as far as the certificate says.
    Corrected {
        /// How it ended, for the terminal.
        result: render::plan_text::RunResult,
        /// The signed certificate.
        certificate: certificate::Files,
        /// Why it is not complete, if so.
        incomplete: Vec<String>,
    },
}

/// One line of the list of requests.
#[derive(Debug, serde::Serialize)]
pub struct Listed {
    /// Its number.
    pub id: String,
    /// What was asked.
    pub kind: String,
    /// When it was opened.
    pub opened_at: Micros,
    /// Where it stands.
    pub status: String,
    /// Until when it is due; `None` for one from before clocks were kept.
    pub clock: Option<Stand>,
}

impl House {
    /// Opens a request and works on it until it is answered or waits for a person.
    pub async fn request(&self, asked: Asked, leave: Leave) -> Result<Standing> {
        clock::read_ahead();
        let policy = self.policy(asked.kind.changes())?;
        self.open_request(&policy, asked, Vec::new(), leave).await
    }

    pub(crate) async fn open_request(
        &self,
        policy: &Policy,
        asked: Asked,
        corrections: Vec<Correction>,
        leave: Leave,
    ) -> Result<Standing> {
        let plan_only = asked.plan_only;
        check_out(&leave)?;
        let graph = plan::Graph::new(&policy.systems);
        let clock = clock::begin(self, policy, asked.kind.right(), &asked.arrival)?;
        let fee = fee_of(policy, asked.kind, asked.arrival.place.as_deref());
        if leave.charge_fee && fee.is_none() {
            return Err(Error::Refused(
                "policy.yaml names no fee for this right: it is free".to_owned(),
            ));
        }
        let mut case = new_case(self, policy, &graph, asked, corrections)?;
        if leave.by_reference {
            case.only_by_reference(&graph);
        }
        if leave.charge_fee {
            case.charge();
        }
        let state = self.state().await?;
        let marks = marks::in_force(&state, policy, &case.request.identities).await?;
        marks::must_not_erase(&marks, case.request.kind)?;
        let keeper = CaseKeeper::open(&state, &policy.organisation.name, &case, &clock).await?;
        let waits = case.waits_for_fee();
        let going = Box::pin(self.go_on(&state, policy, keeper, case, leave, plan_only));
        let standing = going.await?;
        if waits {
            Box::pin(self.pause_request(&standing.id, PauseReason::Fee)).await?;
        }
        Ok(standing)
    }

    /// The fee of a request was paid, or is waived after all: the work begins.
    pub async fn fee_paid(&self, id: &str, waived: bool, leave: Leave) -> Result<Standing> {
        check_out(&leave)?;
        let state = self.state().await?;
        let policy = self.policy(true)?;
        let id = self.whole_id(&state, id).await?;
        let (keeper, mut case) = CaseKeeper::resume(&state, &policy.organisation.name, &id).await?;
        if !case.fee_is_paid() {
            keeper.release(&id).await?;
            return Err(Error::Refused(format!("request {id} does not wait for a fee")));
        }
        let body = serde_json::json!({ "waived": waived });
        keeper.save_with(&case, vec![("fee settled", body)]).await?;
        Box::pin(self.resume_clock(&id)).await?;
        Box::pin(self.go_on(&state, &policy, keeper, case, leave, false)).await
    }

    /// Takes a request up again: after a crash, to show its plan, or because it ended incomplete.
    pub async fn resume(&self, id: &str, leave: Leave) -> Result<Standing> {
        check_out(&leave)?;
        let state = self.state().await?;
        let policy = self.policy(true)?;
        let id = self.whole_id(&state, id).await?;
        let (keeper, mut case) = CaseKeeper::resume(&state, &policy.organisation.name, &id).await?;
        if let Some(rest) = case.rests().filter(|_| !case.is_unanswered()) {
            let now = self.means.clock.now();
            let held = case.is_held(&self.exceptions(&state, &policy).await?);
            if let Err(error) = retain::may_wake(rest, held, now, &self.zone()?) {
                keeper.release(&id).await?;
                return Err(error);
            }
            case.wake(&plan::Graph::new(&policy.systems), now)?;
            let kind = "kept rows weighed again";
            keeper.save_with(&case, vec![(kind, serde_json::json!({}))]).await?;
        } else if case.is_unfinished() && !case.terms().is_empty() {
            case.plan_again(&plan::Graph::new(&policy.systems))?;
            keeper
                .save_with(&case, vec![("request taken up again", serde_json::json!({}))])
                .await?;
        }
        self.go_on(&state, &policy, keeper, case, leave, false).await
    }

    /// Agrees to the plan with this digest and carries it out.
    pub async fn approve(&self, id: &str, digest: &str, leave: Leave) -> Result<Standing> {
        check_out(&leave)?;
        let state = self.state().await?;
        let policy = self.policy(true)?;
        let id = self.whole_id(&state, id).await?;
        let (keeper, mut case) = CaseKeeper::resume(&state, &policy.organisation.name, &id).await?;
        case.tighten(&rules(&policy));
        let except = self.exceptions(&state, &policy).await?;
        case.respect(&plan::Graph::new(&policy.systems), except);
        if case.phase() == Phase::Draft {
            keeper.save(&case).await?;
            keeper.release(&id).await?;
            return Err(Error::Refused(format!(
                "a legal hold changes what this plan may touch: read the new one with `upheld request resume {}`",
                id.get(..8).unwrap_or(&id)
            )));
        }
        let agreed = self.agree(&keeper, &mut case, digest, leave.override_cap).await;
        if let Err(error) = agreed {
            keeper.release(&id).await?;
            return Err(error);
        }
        self.go_on(&state, &policy, keeper, case, leave, false).await
    }

    /// Takes a request back before anything was done, and forgets whom it was about.
    pub async fn withdraw(&self, id: &str) -> Result<String> {
        let state = self.state().await?;
        let policy = self.policy(false)?;
        let id = self.whole_id(&state, id).await?;
        let (keeper, mut case) = CaseKeeper::resume(&state, &policy.organisation.name, &id).await?;
        let done = case.withdraw();
        if done.is_ok() {
            case.forget();
            keeper.save_with(&case, vec![("request withdrawn", serde_json::json!({}))]).await?;
        }
        keeper.release(&id).await?;
        done?;
        self.seal(&state).await?;
        Ok(id)
    }

    /// Every request, oldest first.
    pub async fn requests(&self) -> Result<Vec<Listed>> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let cases = tx.cases().await?;
        let clocks = tx.case_clocks().await?;
        tx.rollback().await?;
        let now = self.means.clock.now();
        let mut clocks: BTreeMap<String, String> =
            clocks.into_iter().map(|kept| (kept.id, kept.clock)).collect();
        let listed = |case: store::Case| {
            let clock = clocks.remove(&case.id).as_deref().map(Snapshot::read).transpose()?;
            Ok(Listed {
                clock: clock.map(|clock| clock.stand(clock.today(now))),
                id: case.id,
                kind: case.kind,
                opened_at: case.opened_at,
                status: case.status,
            })
        };
        cases.into_iter().map(listed).collect()
    }

    /// The number that begins with these characters.
    pub(crate) async fn whole_id(&self, state: &State, begin: &str) -> Result<String> {
        let mut tx = state.store.read().await?;
        let cases = tx.cases().await?;
        tx.rollback().await?;
        let mut fitting = cases.into_iter().map(|c| c.id).filter(|id| id.starts_with(begin));
        match (fitting.next(), fitting.next()) {
            (Some(only), None) if begin.len() >= 4 => Ok(only),
            (Some(_), Some(_)) => Err(Error::Refused(format!(
                "several requests begin with {begin}: give more of the number"
            ))),
            _ => Err(no_such(begin)),
        }
    }

    pub(crate) async fn agree(
        &self,
        keeper: &CaseKeeper<'_>,
        case: &mut Case,
        digest: &str,
        override_cap: bool,
    ) -> Result<()> {
        let whole = case.digest();
        let digest = if digest.len() >= 12 && whole.starts_with(digest) { &whole } else { digest };
        case.approve(digest, override_cap)?;
        let body = serde_json::json!({ "plan": whole, "cap_overridden": override_cap });
        keeper.save_with(case, vec![("plan approved", body)]).await?;
        Ok(())
    }

    /// Works on a case until it is answered or waits.
    pub(crate) async fn go_on(
        &self,
        state: &State,
        policy: &Policy,
        keeper: CaseKeeper<'_>,
        mut case: Case,
        leave: Leave,
        plan_only: bool,
    ) -> Result<Standing> {
        // Boxed: the whole of a request is one future, too large to be moved about.
        let marks = marks::in_force(state, policy, &case.request.identities).await?;
        if let Err(error) = marks::must_not_erase(&marks, case.request.kind) {
            keeper.release(&case.request.id).await?;
            return Err(error);
        }
        let work = Work { state, policy, keeper: &keeper, leave: &leave, plan_only, marks: &marks };
        let work = Box::pin(self.drive(&work, &mut case));
        let came = self.sealing(state, work).await;
        keeper.release(&case.request.id).await?;
        let (outline, came) = came?;
        let zone = self.zone()?;
        let mut tx = state.store.read().await?;
        let told = tx.messages(&case.request.id).await?;
        let clock = Self::snapshot(&mut tx, &case.request.id).await?;
        tx.rollback().await?;
        let mut view = view::plan(&outline, policy, self.means.clock.now());
        let place = clock.and_then(|snapshot| snapshot.clock.place);
        if let Some(fee) = fee_of(policy, case.request.kind, place.as_deref()) {
            view.notes.push(render::words::plan::fee(&fee.amount, &fee.because));
        }
        let choice = |mark: &InForce| {
            format!("the person has asked before, and it holds: {}", mark.words(policy, &zone))
        };
        view.notes.extend(marks.iter().map(choice));
        Ok(Standing {
            id: case.request.id.clone(),
            view,
            outline,
            zone,
            came,
            to_tell: told.iter().filter(|message| message.sent_at.is_none()).count(),
        })
    }

    async fn drive(&self, work: &Work<'_>, case: &mut Case) -> Result<(Outline, Came)> {
        let Work { state, policy, keeper, leave, plan_only, marks } = *work;
        let lender = self.lender(state);
        let key = state.pseudonym_key()?;
        let driver = self.driver(policy, &lender, &key);
        if case.request.kind.erases() {
            let except = Box::pin(self.exceptions(state, policy)).await?;
            case.respect(&plan::Graph::new(&policy.systems), except);
        }
        if case.phase() == Phase::Done && case.terms().is_empty() {
            return Err(Error::Refused(format!(
                "request {} has ended and what it knew of the person is forgotten",
                case.request.id
            )));
        }
        if case.waits_for_fee() {
            let place = {
                let mut tx = state.store.read().await?;
                let clock = Self::snapshot(&mut tx, &case.request.id).await?;
                tx.rollback().await?;
                clock.and_then(|snapshot| snapshot.clock.place)
            };
            let fee = fee_of(policy, case.request.kind, place.as_deref()).cloned();
            let fee = fee.ok_or_else(|| {
                Error::Refused(format!(
                    "the policy names no fee for this right any more: `upheld request fee-paid {} --waived` lets the work begin",
                    case.request.id.get(..8).unwrap_or(&case.request.id)
                ))
            })?;
            return Ok((case.outline(), Came::WaitsForFee(fee)));
        }
        // INVARIANT: who asked that their data is kept is found by whatever name they are known,
        // before anything is touched: a case that was approved knows it now, others after the search.
        refuse_restricted(work, case).await?;
        // What is looked at for a package is handed out of the same connections.
        let mut visit = driver.visit();
        visit.run(&mut [&mut *case], &Together(vec![keeper])).await?;
        if !case.request.kind.changes() && !plan_only {
            let outline = case.outline();
            let made = package::hand_out(self, policy, &mut visit, case, keeper, leave, marks);
            let made = made.await;
            visit.close().await;
            return Ok((outline, made?));
        }
        let outline = case.outline();
        if case.phase() == Phase::Review {
            refuse_restricted(work, case).await?;
            // What was given names several people: a person decides, whatever was said before.
            let may = leave.go_ahead
                && !policy.require_approval
                && !plan_only
                && outline.different_people <= 1;
            if may {
                let digest = case.digest();
                self.agree(keeper, case, &digest, leave.override_cap).await?;
                // INVARIANT: what is changed has the shape that it has now, and not the one in which
                // it was found.
                visit.look_anew().await;
                visit.run(&mut [&mut *case], &Together(vec![keeper])).await?;
                visit.close().await;
                return self.finish(work, case, outline).await;
            }
        }
        visit.close().await;
        match case.phase() {
            phase if !case.request.kind.changes() => {
                if phase == Phase::Done {
                    // Nobody was found: there is nothing to hand out another day.
                    case.forget();
                    keeper.save(case).await?;
                }
                Ok((outline, Came::Planned))
            }
            Phase::Review => Ok((outline, Came::Waits)),
            _ => self.conclude(work, case, outline).await,
        }
    }

    /// What is left to be done for a case that has ended.
    pub(crate) async fn conclude(
        &self,
        work: &Work<'_>,
        case: &mut Case,
        outline: Outline,
    ) -> Result<(Outline, Came)> {
        let Work { keeper, plan_only, .. } = *work;
        // Only the plan was asked for, and there is none: nobody found, or not everywhere.
        if plan_only && case.request.kind.changes() {
            case.forget();
            keeper.save(case).await?;
            return Ok((outline, Came::Planned));
        }
        if case.ending() == Some(&Ending::Complete) && outline.places.is_empty() {
            case.forget();
            keeper.save_with(case, vec![("nobody found", serde_json::json!({}))]).await?;
            return Ok((outline, Came::Nobody));
        }
        if case.ending() == Some(&Ending::Refused) {
            let problems = outline.problems.len();
            let body = serde_json::json!({ "problems": problems });
            case.forget();
            keeper.save_with(case, vec![("request refused", body)]).await?;
            return Ok((outline, Came::Refused));
        }
        self.finish(work, case, outline).await
    }

    pub(crate) async fn finish(
        &self,
        work: &Work<'_>,
        case: &mut Case,
        outline: Outline,
    ) -> Result<(Outline, Came)> {
        let Work { state, policy, .. } = *work;
        let marks = marks::in_force(state, policy, &marks::known_by(case)).await?;
        let incomplete = match case.ending() {
            Some(Ending::Incomplete(reasons)) => reasons.clone(),
            _ => Vec::new(),
        };
        let result = view::result(case, &outline, policy);
        let letters = messages::for_changes(self, state, policy, case, &outline).await?;
        let found_by = marks::follow(state, policy, case.renamed()).await?;
        let erased = case.request.kind.erases() && case.ending() == Some(&Ending::Complete);
        let resealed = if erased { marks::nameless(state, &marks)? } else { Vec::new() };
        let also = Also {
            found_by: &found_by,
            resealed: &resealed,
            messages: &letters,
            ..Also::default()
        };
        let issued = certificate::issue(self, work, case, &outline, also);
        let files = Box::pin(issued).await?;
        let came = if case.request.kind.erases() {
            Came::Erased { result, certificate: Some(files), incomplete }
        } else {
            Came::Corrected { result, certificate: files, incomplete }
        };
        Ok((outline, came))
    }
}

/// What driving a request needs beside the request.
pub(crate) struct Work<'w> {
    pub(crate) state: &'w State,
    pub(crate) policy: &'w Policy,
    pub(crate) keeper: &'w CaseKeeper<'w>,
    pub(crate) leave: &'w Leave,
    pub(crate) plan_only: bool,
    /// The marks of the person.
    pub(crate) marks: &'w [InForce],
}

/// Refuses to erase somebody whose mark was set by another identifier than the request gives.
pub(crate) async fn refuse_restricted(work: &Work<'_>, case: &Case) -> Result<()> {
    if !case.request.kind.erases() || case.terms().is_empty() {
        return Ok(());
    }
    let marks = marks::in_force(work.state, work.policy, &marks::known_by(case)).await?;
    marks::must_not_erase(&marks, case.request.kind)
}

/// The fee that the policy names for a right, in the place of the person.
fn fee_of<'p>(policy: &'p Policy, kind: RequestKind, place: Option<&str>) -> Option<&'p Fee> {
    policy.right(kind.right(), place)?.fee.as_ref()
}

/// A case for what was asked, if it can be asked of this policy.
pub(crate) fn new_case(
    house: &House,
    policy: &Policy,
    graph: &plan::Graph<'_>,
    asked: Asked,
    corrections: Vec<Correction>,
) -> Result<Case> {
    check_asked(&asked, policy)?;
    if policy.systems.is_empty() {
        return Err(Error::Refused(
            "the policy names no system yet: run `upheld connect NAME URL` for each".to_owned(),
        ));
    }
    // An address or a telephone number is found in text as well: logs have no field of their own
    // for a person.
    let in_text = asked
        .identities
        .iter()
        .any(|identity| matches!(identity.kind, IdentityKind::Email | IdentityKind::Phone));
    let can_be_found = policy.systems.iter().flat_map(|system| &system.collections).any(|c| {
        c.skip.is_none()
            && c.fields.iter().any(|field| {
                in_text && field.free_text
                    || asked.identities.iter().any(|identity| field.identity == Some(identity.kind))
            })
    });
    if !can_be_found {
        return Err(Error::Refused(
            "no field of any system can be looked up by what was given: name one with `identity:` in systems/*.yaml, or give an e-mail address".to_owned(),
        ));
    }
    let request = Request {
        id: store::new_id(house.means.rng.as_ref()),
        kind: asked.kind,
        identities: asked.identities,
        opened_at: house.means.clock.now(),
    };
    if !corrections.is_empty() {
        return Ok(Case::rectify(request, corrections, rules(policy), graph));
    }
    Ok(Case::open(request, rules(policy), graph))
}

/// Refuses a place that cannot be written to before anything is done: an erasure must not end
/// without its certificate.
fn check_out(leave: &Leave) -> Result<()> {
    let Some(out) = &leave.out else { return Ok(()) };
    crate::house::aside(out).map(drop).map_err(|error| {
        Error::Refused(format!(
            "nothing was done: `{}` cannot be written ({}); choose another place with `-o`",
            out.display(),
            error.kind()
        ))
    })
}

/// The rules of the house for the planner.
pub(crate) fn rules(policy: &Policy) -> HouseRules {
    let organisation = &policy.organisation;
    let mut never = organisation.addresses.clone();
    never.push(organisation.contact.email.clone());
    never.push(organisation.name.clone());
    HouseRules {
        cap_rows: policy.cap.rows,
        require_approval: policy.require_approval,
        never_terms: never,
    }
}

/// Refuses what cannot name a person before anything is opened.
pub(crate) fn check_asked(asked: &Asked, policy: &Policy) -> Result<()> {
    if asked.identities.iter().all(|identity| identity.kind == IdentityKind::Name) {
        return Err(Error::Refused(
            "a name alone does not tell one person from another: give `--email`, `--phone`, `--user-name` or `--account-id` as well".to_owned(),
        ));
    }
    for identity in &asked.identities {
        let text = identity.value.expose().trim();
        let fits = match identity.kind {
            IdentityKind::Email => detect::classify(text) == Some(detect::ValueKind::Email),
            IdentityKind::Phone => text.chars().filter(char::is_ascii_digit).count() >= 6,
            IdentityKind::UserName | IdentityKind::AccountId | IdentityKind::Name => {
                !text.is_empty()
            }
        };
        if !fits {
            return Err(Error::Refused(format!(
                "what was given as {} does not look like one: check the spelling",
                identity.kind.key().replace('_', " ")
            )));
        }
        let own = &policy.organisation;
        let text = text.to_lowercase();
        if own.addresses.iter().any(|address| address.to_lowercase() == text)
            || own.contact.email.to_lowercase() == text
        {
            return Err(Error::Refused(
                "this address is the organisation's own, as policy.yaml says: it names no person"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

/// A name for a file in the current folder.
pub(crate) fn default_name(what: &str, case: &Case, ending: &str) -> PathBuf {
    let id = case.request.id.get(..8).unwrap_or(&case.request.id);
    Path::new(&format!("{what}-{id}.{ending}")).to_owned()
}
