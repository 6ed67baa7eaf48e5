//! Marks that people ask for: their data is not used, not for this purpose, not sold.
//!
//! A mark is found by keyed hashes of the identifiers it was set with, so that it goes on holding
//! after the person was erased and nobody knows any more whose it is. Whoever uses data asks here
//! first ([`House::check_marks`]); erasures, packages and retention ask by themselves.

use std::path::Path;

use model::{Identity, IdentityKind, Micros, Personal};
use plan::{Case, Request, RequestKind};
use policy::Policy;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;

use crate::clock::{self, Arrival};
use crate::house::{House, write_whole};
use crate::keeper::{Also, CaseKeeper, canonical};
use crate::request::{Asked, check_asked, rules};
use crate::state::State;
use crate::{Error, Result, messages};

/// What bodies of marks are sealed for.
const PURPOSE: &str = "mark";
/// What the hashes are derived for.
const HASHES: &str = "marked identifiers";
/// Uses that an opt-out forbids, in words for `--purpose`.
const SALE: [&str; 3] = ["sale", "sharing", "share"];

/// What is asked of us.
#[derive(Debug)]
pub struct MarkAsked {
    /// `Restriction`, `Objection`, `OptOut` or `ConsentWithdrawal`.
    pub kind: RequestKind,
    /// Who asks.
    pub identities: Vec<Identity>,
    /// The use that it is about.
    pub purpose: Option<String>,
    /// Why, in the person's words; sealed.
    pub because: Option<String>,
    /// When it came, and from where.
    pub arrival: Arrival,
}

/// A mark that was set.
#[derive(Debug, Serialize)]
pub struct Marked {
    /// Its number.
    pub mark: String,
    /// The request that set it.
    pub request: Option<String>,
    /// What was asked.
    pub kind: String,
    /// Whether it stood already; then nothing was opened.
    pub stood: bool,
    /// How many recipients must be told.
    pub messages: usize,
}

/// A mark in a list.
#[derive(Debug, Clone, Serialize)]
pub struct InForce {
    /// Its number.
    pub id: String,
    /// What was asked.
    pub kind: String,
    /// The use that it is about: the key of a purpose.
    pub purpose: Option<String>,
    /// Since when.
    pub since: Micros,
    /// The request that set it.
    pub request: Option<String>,
    /// Whose it is; empty once the person was erased, and unless it is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Identity>,
}

impl InForce {
    /// What it is about, in words, with its day.
    pub(crate) fn words(&self, policy: &Policy, zone: &render::Zone) -> String {
        format!("{}, since {}", self.about(policy), render::words::day(self.since, zone))
    }

    fn about(&self, policy: &Policy) -> String {
        let purpose = self.purpose.as_deref().map(|key| policy.title_of_purpose(key));
        render::words::message::mark(&self.kind, purpose.as_deref())
    }
}

/// Whether a use is allowed.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// Whether it is.
    pub allowed: bool,
    /// The marks that forbid it.
    pub denied_by: Vec<InForce>,
    /// Marks of the person that do not touch this use.
    pub others: Vec<InForce>,
}

/// Whose, of what. Sealed.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Body {
    identities: Vec<Identity>,
    purpose: Option<String>,
    because: Option<Personal<String>>,
}

impl House {
    /// Sets a mark, by a request that is opened and closed with it.
    pub async fn mark(&self, asked: MarkAsked) -> Result<Marked> {
        let policy = self.policy(false)?;
        let purpose = purpose(&policy, &asked)?;
        let MarkAsked { kind, identities, because, arrival, .. } = asked;
        let asked = Asked { kind, identities, plan_only: false, arrival };
        check_asked(&asked, &policy)?;
        let clock = clock::begin(self, &policy, kind.right(), &asked.arrival)?;
        let state = self.state().await?;
        let hashes = hashes(&state, &policy, &asked.identities)?;
        let standing = in_force(&state, &policy, &asked.identities).await?;
        if let Some(same) =
            standing.into_iter().find(|mark| mark.kind == kind.key() && mark.purpose == purpose)
        {
            return Ok(Marked {
                mark: same.id,
                request: same.request,
                kind: same.kind,
                stood: true,
                messages: 0,
            });
        }
        let request = Request {
            id: store::new_id(self.means.rng.as_ref()),
            kind,
            identities: asked.identities,
            opened_at: self.means.clock.now(),
        };
        let mut case = Case::noted(request, rules(&policy));
        let keeper = CaseKeeper::open(&state, &policy.organisation.name, &case, &clock).await?;
        let id = store::new_id(self.means.rng.as_ref());
        let because = because.map(Personal::new);
        let letters = messages::for_mark(self, &state, &policy, &case, purpose.as_deref())?;
        let body = Body { identities: case.request.identities.clone(), purpose, because };
        let mark = store::Mark {
            id: id.clone(),
            organisation: policy.organisation.name.clone(),
            kind: kind.key().to_owned(),
            case: Some(case.request.id.clone()),
            body: seal(&state, &id, &body)?,
            begun_at: case.request.opened_at,
            lifted_at: None,
        };
        let event = json!({
            "mark": id, "purpose": body.purpose, "recipients_to_tell": letters.len(),
        });
        case.forget();
        let also = Also { mark: Some((&mark, &hashes)), messages: &letters, ..Also::default() };
        keeper.save_also(&case, vec![("mark set", event)], also).await?;
        keeper.release(&case.request.id).await?;
        self.seal(&state).await?;
        Ok(Marked {
            mark: id,
            request: Some(case.request.id),
            kind: mark.kind,
            stood: false,
            messages: letters.len(),
        })
    }

    /// Every mark in force, oldest first. `show` opens whose they are.
    pub async fn marks(&self, kind: Option<&str>, show: bool) -> Result<Vec<InForce>> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let marks = tx.marks().await?;
        tx.rollback().await?;
        let wanted =
            |mark: &store::Mark| mark.lifted_at.is_none() && kind.is_none_or(|k| mark.kind == k);
        let mut found = Vec::new();
        for mark in marks.into_iter().filter(wanted) {
            let mut one = opened(&state, &mark)?;
            if !show {
                one.identities.clear();
            }
            found.push(one);
        }
        Ok(found)
    }

    /// Writes every mark in force, with whose it is, to a file that only its owner can read; how many.
    pub async fn export_marks(&self, kind: Option<&str>, file: &Path) -> Result<usize> {
        let marks = self.marks(kind, true).await?;
        let text = serde_json::to_string_pretty(&marks)
            .map_err(|error| Error::Refused(format!("the marks cannot be written: {error}")))?;
        write_whole(file, (text + "\n").as_bytes())?;
        Ok(marks.len())
    }

    /// The identifiers of everybody whose data is restricted, one list for each mark.
    pub async fn restricted_identities(&self) -> Result<Vec<Vec<Identity>>> {
        restricted_identities(self.state().await?.as_ref()).await
    }

    /// Whether data of this person may be used for a purpose. Without one any mark says no: whoever
    /// does not say what for gets the careful answer.
    pub async fn check_marks(
        &self,
        identities: Vec<Identity>,
        purpose: Option<&str>,
    ) -> Result<Verdict> {
        let policy = self.policy(false)?;
        let key = match purpose {
            Some(word) if SALE.contains(&word) => Some(word.to_owned()),
            Some(word) => Some(known_purpose(&policy, word)?),
            None => None,
        };
        let kind = RequestKind::Restriction;
        let arrival = Arrival::default();
        let asked = Asked { kind, identities, plan_only: false, arrival };
        check_asked(&asked, &policy)?;
        let state = self.state().await?;
        let mut marks = in_force(&state, &policy, &asked.identities).await?;
        for mark in &mut marks {
            mark.identities.clear();
        }
        let forbids = |mark: &InForce| forbids(&policy, mark, key.as_deref());
        let (denied_by, others): (Vec<_>, Vec<_>) = marks.into_iter().partition(forbids);
        Ok(Verdict { allowed: denied_by.is_empty(), denied_by, others })
    }

    /// Lifts a mark, and forgets whose it was. The reason is sealed with what is left of it.
    pub async fn lift_mark(&self, begin: &str, reason: &str) -> Result<String> {
        if reason.trim().is_empty() {
            return Err(Error::Refused("say why the mark is lifted: `--reason`".to_owned()));
        }
        let policy = self.policy(false)?;
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        let marks = tx.marks().await?;
        let mut fitting =
            marks.iter().filter(|mark| mark.lifted_at.is_none() && mark.id.starts_with(begin));
        let (Some(mark), None) = (fitting.next(), fitting.next()) else {
            return Err(Error::Refused(format!(
                "`{begin}` is not the number of one mark in force: `upheld marks` shows them"
            )));
        };
        let now = self.means.clock.now();
        let because = Some(Personal::new(reason.trim().to_owned()));
        let body = seal(&state, &mark.id, &Body { because, ..Body::default() })?;
        tx.lift_mark(&mark.id, now, &body).await?;
        let mut salt = [0; 32];
        self.means.rng.fill(&mut salt);
        let body = json!({
            "kind": "mark lifted", "request": mark.case, "asked": mark.kind,
            "about": { "mark": mark.id },
        });
        tx.append_event(&store::Event {
            id: store::new_id(self.means.rng.as_ref()),
            organisation: policy.organisation.name.clone(),
            kind: "mark lifted".to_owned(),
            case: mark.case.clone(),
            at: now,
            body: canonical(&body),
            salt,
        })
        .await?;
        tx.commit().await?;
        self.seal(&state).await?;
        Ok(mark.id.clone())
    }
}

/// The identifiers of everybody whose data is restricted, one list for each mark: what retention
/// leaves alone. A mark whose person was erased since has nobody to name.
pub(crate) async fn restricted_identities(state: &State) -> Result<Vec<Vec<Identity>>> {
    let mut tx = state.store.read().await?;
    let marks = tx.marks().await?;
    tx.rollback().await?;
    let mut people = Vec::new();
    for mark in marks {
        if mark.lifted_at.is_none() && mark.kind == RequestKind::Restriction.key() {
            let identities = opened(state, &mark)?.identities;
            people.extend((!identities.is_empty()).then_some(identities));
        }
    }
    Ok(people)
}

/// The marks in force of a person.
pub(crate) async fn in_force(
    state: &State,
    policy: &Policy,
    identities: &[Identity],
) -> Result<Vec<InForce>> {
    let found = in_force_of_all(state, policy, &[identities]).await?;
    Ok(found.into_iter().flatten().collect())
}

/// The same of many people, for each of them.
pub(crate) async fn in_force_of_all(
    state: &State,
    policy: &Policy,
    people: &[&[Identity]],
) -> Result<Vec<Vec<InForce>>> {
    let mut all = Vec::with_capacity(people.len());
    let key = state.vault.derive(HASHES)?;
    let mut tx = state.store.read().await?;
    for identities in people {
        let mut found: Vec<InForce> = Vec::new();
        for hash in hashes_by(&key, policy, identities) {
            for mark in tx.marks_by(&hash).await? {
                if found.iter().all(|known| known.id != mark.id) {
                    found.push(opened(state, &mark)?);
                }
            }
        }
        found.sort_by(|a, b| (a.since, &a.id).cmp(&(b.since, &b.id)));
        all.push(found);
    }
    tx.rollback().await?;
    Ok(all)
}

/// The identifiers by which a request knows its person: those that were given, and those that were
/// learned on the way. Account numbers are somebody else's in the next system and are left out.
pub(crate) fn known_by(case: &Case) -> Vec<Identity> {
    let learned = case.terms().iter().filter(|term| !term.near_only).filter_map(|term| {
        let kind = match term.kind {
            plan::TermKind::Email => IdentityKind::Email,
            plan::TermKind::Phone => IdentityKind::Phone,
            plan::TermKind::UserName => IdentityKind::UserName,
            _ => return None,
        };
        Some(Identity { kind, value: term.text.clone() })
    });
    case.request.identities.iter().cloned().chain(learned).collect()
}

/// Refuses to erase somebody who asked that their data is kept and not used.
pub(crate) fn must_not_erase(marks: &[InForce], kind: RequestKind) -> Result<()> {
    let restricted = marks.iter().find(|mark| mark.kind == RequestKind::Restriction.key());
    match restricted {
        Some(mark) if kind.erases() => Err(Error::Refused(format!(
            "the person's data is restricted by mark {0}: they asked that it is stored and not used. If they want it erased now, lift the mark first (`upheld marks lift {0} --reason …`)",
            mark.id.get(..8).unwrap_or(&mark.id)
        ))),
        _ => Ok(()),
    }
}

/// After a correction: marks are found by the new identifiers too.
pub(crate) async fn follow(
    state: &State,
    policy: &Policy,
    renamed: &[(Identity, Identity)],
) -> Result<Vec<(String, [u8; 32])>> {
    let mut found_by = Vec::new();
    for (old, new) in renamed {
        let marks = in_force(state, policy, std::slice::from_ref(old)).await?;
        for hash in hashes(state, policy, std::slice::from_ref(new))? {
            found_by.extend(marks.iter().map(|mark| (mark.id.clone(), hash)));
        }
    }
    Ok(found_by)
}

/// After an erasure: marks go on holding by their hashes, and nobody knows any more whose they are.
pub(crate) fn nameless(state: &State, marks: &[InForce]) -> Result<Vec<(String, Vec<u8>)>> {
    let body = |mark: &InForce| Body { purpose: mark.purpose.clone(), ..Body::default() };
    marks.iter().map(|mark| Ok((mark.id.clone(), seal(state, &mark.id, &body(mark))?))).collect()
}

/// How an identifier is compared; a name alone marks nobody.
pub(crate) const fn term(kind: IdentityKind) -> Option<detect::TermKind> {
    match kind {
        IdentityKind::Email => Some(detect::TermKind::Email),
        IdentityKind::Phone => Some(detect::TermKind::Phone),
        IdentityKind::UserName => Some(detect::TermKind::UserName),
        IdentityKind::AccountId => Some(detect::TermKind::AccountId),
        IdentityKind::Name => None,
    }
}

fn hashes(state: &State, policy: &Policy, identities: &[Identity]) -> Result<Vec<[u8; 32]>> {
    Ok(hashes_by(&state.vault.derive(HASHES)?, policy, identities))
}

fn hashes_by(key: &vault::DerivedKey, policy: &Policy, identities: &[Identity]) -> Vec<[u8; 32]> {
    let code = policy.phone_calling_code();
    let hash = |identity: &Identity| {
        let normal = detect::normal_form(term(identity.kind)?, identity.value.expose(), code);
        Some(key.mac(format!("{}:{normal}", identity.kind.key()).as_bytes()))
    };
    identities.iter().filter_map(hash).collect()
}

fn seal(state: &State, id: &str, body: &Body) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(body)
        .map_err(|error| Error::Refused(format!("the mark cannot be written down: {error}")))?;
    Ok(state.vault.seal(PURPOSE, id, &plain)?)
}

fn opened(state: &State, mark: &store::Mark) -> Result<InForce> {
    let plain = state.vault.open_sealed(PURPOSE, &mark.id, &mark.body)?;
    let body: Body = serde_json::from_slice(&plain).map_err(|_| {
        Error::Refused(format!("mark {} was written by another version of Upheld", mark.id))
    })?;
    Ok(InForce {
        id: mark.id.clone(),
        kind: mark.kind.clone(),
        purpose: body.purpose,
        since: mark.begun_at,
        request: mark.case.clone(),
        identities: body.identities,
    })
}

/// The use that a mark is about, checked against the policy.
fn purpose(policy: &Policy, asked: &MarkAsked) -> Result<Option<String>> {
    match (asked.kind, &asked.purpose) {
        (RequestKind::Objection, None) => Err(Error::Refused(format!(
            "say which use the person objects to: `--purpose` with one of {}",
            purposes(policy)
        ))),
        (RequestKind::Objection | RequestKind::ConsentWithdrawal, Some(word)) => {
            known_purpose(policy, word).map(Some)
        }
        _ => Ok(None),
    }
}

fn known_purpose(policy: &Policy, word: &str) -> Result<String> {
    policy.purpose(word).map(|purpose| purpose.key.clone()).ok_or_else(|| {
        Error::Refused(format!(
            "`{word}` is no purpose of policy.yaml: it knows {}",
            purposes(policy)
        ))
    })
}

fn purposes(policy: &Policy) -> String {
    let keys: Vec<&str> = policy.purposes.iter().map(|purpose| purpose.key.as_str()).collect();
    render::words::list(&keys)
}

/// Whether a mark forbids a use; without a use, every mark does.
fn forbids(policy: &Policy, mark: &InForce, purpose: Option<&str>) -> bool {
    let Some(purpose) = purpose else { return true };
    let is_sale = SALE.contains(&purpose);
    match (mark.kind.as_str(), &mark.purpose) {
        ("restriction", _) => true,
        ("opt_out", _) => is_sale,
        (_, Some(marked)) => marked == purpose,
        ("consent_withdrawal", None) => policy
            .purpose(purpose)
            .is_some_and(|purpose| purpose.legal_basis == policy::LegalBasis::Consent),
        _ => true,
    }
}

/// Lets a transaction that ends a case change the marks of its person too.
pub(crate) async fn apply(tx: &mut Tx, also: &Also<'_>) -> Result<()> {
    if let Some((mark, hashes)) = also.mark {
        tx.set_mark(mark, hashes).await?;
    }
    for (mark, hash) in also.found_by {
        tx.find_mark_by(mark, hash).await?;
    }
    for (mark, body) in also.resealed {
        tx.reseal_mark(mark, body).await?;
    }
    for message in also.messages {
        tx.keep_message(message).await?;
    }
    Ok(())
}
