//! The certificate of an erasure or a correction: counted, entered in the log, signed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use model::IdentityKind;
use plan::{Case, Ending, Outline, OutlineRow, RequestKind};
use policy::Policy;
use render::certificate::{
    Certificate, CertificateKind, CertifiedCollection, CertifiedSystem, KeptRows, NotReached,
    Outcome, RemainingRows, SignedCertificate,
};

use crate::house::{House, write_whole};
use crate::keeper::Also;
use crate::request::{Work, default_name};
use crate::state::State;
use crate::{Error, Result, marks, view};

/// The two files of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The signed JSON.
    pub json: PathBuf,
    /// The page to print.
    pub page: PathBuf,
    /// The number of its entry in the log.
    pub entry: u64,
}

/// How an erasure is done, for whoever reads the certificate.
const METHOD: [&str; 4] = [
    "The person was looked for in every system by the identifiers given, along the references between records, and, decoded, in the text of every record that the data map does not leave out.",
    "Every change in one system was made in one transaction, and only if the record still held what the plan had seen.",
    "Personal fields were emptied or replaced by values that tell nothing; mentions in texts shared with others were taken out and the rest of the text left as it was.",
    "Afterwards a second search by identifier and by text was made in every system that was reached and changed without an error; what it still found is listed.",
];

/// The same where the texts were left unread.
const METHOD_BY_REFERENCE: [&str; 4] = [
    "The person was looked for in every system by the identifiers given and along the references between records, and nowhere else. No text was searched: this certificate does not say that no text names the person.",
    "Every change in one system was made in one transaction, and only if the record still held what the plan had seen.",
    "Personal fields were emptied or replaced by values that tell nothing; mentions in texts of the records found were taken out and the rest of the text left as it was.",
    "Afterwards the person was looked up again by identifier, and the records found before were read again, in every system that was reached and changed without an error; what they still held is listed.",
];

/// What becomes of rows that are kept for a while.
const GOES_ON: &str = "What is kept until a day, or by a legal hold, is erased by itself once that has ended, and a further certificate says so; until then the request knows whom it is about.";

/// The same of a correction.
const METHOD_OF_CORRECTION: [&str; 4] = [
    "The person was looked for in every system by the identifiers given, along the references between records, and, decoded, in the text of every record that the data map does not leave out.",
    "Every field of the person's own records that held the wrong value was changed, and fields elsewhere that lead to it by the same value; what was written at the time, by the person or by others, stays as it was written.",
    "Every change in one system was made in one transaction, and only if the record still held what the plan had seen.",
    "Afterwards the records were read again in every system that was reached and changed without an error; what still holds the old value is listed.",
];

/// Issues the certificate of a case that has ended, remembers the erasure for replays, and lets
/// the case forget the person.
pub(crate) async fn issue(
    house: &House,
    work: &Work<'_>,
    case: &mut Case,
    outline: &Outline,
    also: Also<'_>,
) -> Result<Files> {
    let Work { state, policy, keeper, leave, .. } = *work;
    let complete = case.ending() == Some(&Ending::Complete);
    let outcome = if complete { Outcome::Complete } else { Outcome::Incomplete };
    let body = serde_json::json!({
        "plan": outline.digest, "complete": complete,
        "rows_changed": outline.places.iter().map(|p| p.changed).sum::<u64>(),
        "rows_deleted": outline.places.iter().map(|p| p.deleted).sum::<u64>(),
        "not_reached": case.not_reached().len(), "recipients_to_tell": also.messages.len(),
    });
    let (kind, done, method) = match case.request.kind {
        RequestKind::Rectification => {
            (CertificateKind::Correction, "correction done", METHOD_OF_CORRECTION)
        }
        RequestKind::Closure => (CertificateKind::Closure, "account closed", METHOD),
        _ if case.is_by_reference() => {
            (CertificateKind::Erasure, "erasure done", METHOD_BY_REFERENCE)
        }
        _ => (CertificateKind::Erasure, "erasure done", METHOD),
    };
    if case.request.kind.erases() {
        remember(state, policy, case).await?;
        model::crash::site("app.erasure.remembered");
    }
    let entry = match entered(state, case, done).await? {
        Some(entry) => entry,
        None => {
            let entries = keeper.save_also(case, vec![(done, body)], also).await?;
            entries.into_iter().next().unwrap_or_default()
        }
    };
    model::crash::site("app.certificate.entered");
    house.seal_now(state).await?;
    let place = house.place_in_log(state, &entry).await?;
    let key = state.vault.signing_key()?;
    let certificate = Certificate {
        kind,
        id: store::new_id(house.means.rng.as_ref()),
        organisation: policy.organisation.name.clone(),
        request: case.request.id.clone(),
        plan_digest: outline.digest.clone(),
        opened_at: case.request.opened_at,
        completed_at: house.means.clock.now(),
        outcome,
        method: method
            .iter()
            .copied()
            .chain(case.rests().map(|_| GOES_ON))
            .map(str::to_owned)
            .collect(),
        systems: systems(policy, case, outline),
        not_reached: not_reached(policy, case),
        ledger: place.clone(),
        public_key: house.log_key(state)?,
    };
    let text = certificate.to_canonical_json()?;
    let signed =
        SignedCertificate::new(&certificate, &key.sign(text.as_bytes())?, &key.public_key())?;
    let json = leave.out.clone().unwrap_or_else(|| default_name("certificate", case, "json"));
    let page = json.with_extension("html");
    if page == json {
        return Err(Error::Refused(
            "the certificate is two files, .json and .html: give `-o` a name that ends in .json"
                .to_owned(),
        ));
    }
    write_whole(&json, signed.to_json()?.as_bytes())?;
    model::crash::site("app.certificate.json_written");
    write_whole(&page, certificate.to_html(&house.zone()?).as_bytes())?;
    model::crash::site("app.certificate.page_written");
    let body =
        serde_json::json!({ "certificate": certificate.id, "sha256": sha256_hex(text.as_bytes()) });
    // An incomplete erasure goes on another day: until then the case knows whom it is about.
    case.forget();
    keeper.save_last(case, ("certificate issued", body)).await?;
    Ok(Files { json, page, entry: place.index })
}

/// The event of a certificate that was entered and not issued, because the process was killed in
/// between: nothing is told twice.
async fn entered(state: &State, case: &Case, done: &str) -> Result<Option<String>> {
    let mut tx = state.store.read().await?;
    let events = tx.events_of_case(&case.request.id).await?;
    tx.rollback().await?;
    Ok(events.into_iter().next_back().filter(|last| last.kind == done).map(|last| last.id))
}

/// Keyed hashes of the identifiers, so that a restored backup can be cleaned again.
async fn remember(state: &State, policy: &Policy, case: &Case) -> Result<()> {
    let key = state.vault.derive("erased identifiers")?;
    let code = policy.phone_calling_code();
    let given = case.request.identities.iter().filter_map(|identity| {
        let term = marks::term(identity.kind)?;
        Some((identity.kind, detect::normal_form(term, identity.value.expose(), code)))
    });
    // Of what was learned on the way, what is one person's alone everywhere: telephone numbers are
    // shared, user names and account numbers are somebody else's in the next system, and another
    // person must not be erased for them.
    let learned =
        case.terms().iter().filter(|term| !term.near_only && term.kind == plan::TermKind::Email);
    let learned = learned.map(|term| {
        let address = detect::normal_form(detect::TermKind::Email, term.text.expose(), code);
        (IdentityKind::Email, address)
    });
    let known: BTreeSet<(IdentityKind, String)> = given.chain(learned).collect();
    let mut tx = state.store.begin().await?;
    for system in &policy.systems {
        if case.not_reached().contains_key(&system.key) {
            continue;
        }
        for (kind, normal) in &known {
            let erasure = store::Erasure {
                case: case.request.id.clone(),
                system: system.key.clone(),
                hash: key.mac(format!("{}:{normal}", kind.key()).as_bytes()),
                at: state.means().clock.now(),
            };
            tx.record_erasure(&erasure).await?;
        }
    }
    Ok(tx.commit().await?)
}

fn systems(policy: &Policy, case: &Case, outline: &Outline) -> Vec<CertifiedSystem> {
    policy
        .systems
        .iter()
        .filter(|system| !case.not_reached().contains_key(&system.key))
        .map(|system| {
            // What was as wanted when its turn came was made so by this plan: by a process that was
            // killed between its commit and writing it down.
            let acted = case.acted(&system.key);
            let done = acted.is_some_and(|(changed, already)| changed + already > 0);
            let mut after: BTreeMap<&str, u64> = BTreeMap::new();
            let mut remaining: BTreeMap<(&str, &str), u64> = BTreeMap::new();
            for left in case.remaining(&system.key) {
                *after.entry(&left.collection).or_default() += 1;
                *remaining.entry((&left.collection, &left.field)).or_default() += 1;
            }
            for kept in outline.kept.iter().filter(|kept| kept.place.system == system.key) {
                *after.entry(&kept.place.collection).or_default() += kept.rows;
            }
            let title = |collection: &str| {
                view::collection_title(policy, &plan::Place::new(&system.key, collection))
            };
            CertifiedSystem {
                key: system.key.clone(),
                title: system.title.clone(),
                collections: outline
                    .places
                    .iter()
                    .filter(|row| row.place.system == system.key)
                    .filter(|row| case.request.kind.erases() || concerns(row, outline))
                    .map(|row| CertifiedCollection {
                        name: row.place.collection.clone(),
                        title: title(&row.place.collection),
                        before: row.rows,
                        after: after
                            .get(row.place.collection.as_str())
                            .copied()
                            .unwrap_or_default(),
                        changed: if done { row.changed } else { 0 },
                        deleted: if done { row.deleted } else { 0 },
                        fields: row
                            .fields
                            .iter()
                            .filter(|field| field.how == "correct")
                            .map(|field| field.field.clone())
                            .collect(),
                    })
                    .collect(),
                kept: outline
                    .kept
                    .iter()
                    .filter(|kept| kept.place.system == system.key)
                    .map(|kept| KeptRows {
                        collection: title(&kept.place.collection),
                        rows: kept.rows,
                        because: view::because(&kept.until),
                    })
                    .collect(),
                remaining: remaining
                    .into_iter()
                    .map(|((collection, field), rows)| RemainingRows {
                        collection: title(collection),
                        field: field.to_owned(),
                        rows,
                    })
                    .collect(),
                backups: system.backups.clone(),
            }
        })
        .collect()
}

/// Whether a collection has a part in a correction.
fn concerns(row: &OutlineRow, outline: &Outline) -> bool {
    !row.fields.is_empty() || outline.kept.iter().any(|kept| kept.place == row.place)
}

fn not_reached(policy: &Policy, case: &Case) -> Vec<NotReached> {
    case.not_reached()
        .iter()
        .map(|(key, reason)| NotReached {
            key: key.clone(),
            title: view::system_title(policy, key),
            reason: reason.clone(),
        })
        .collect()
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
