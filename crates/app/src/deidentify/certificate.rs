//! The entry in the log, and the signed certificate.

use render::deidentify::DeidentifyReport;
use render::destruction::SignedRecord;
use serde_json::{Value, json};
use store::Event;

use super::Wish;
use crate::house::{House, write_whole};
use crate::{Error, Result};

/// The kind of the entry.
pub(crate) const KIND: &str = "data de-identified";

/// Enters in the log what was done, and writes the certificate where one was asked for. There are no
/// values in it, and of places only what the user named.
pub(super) async fn issue(house: &House, wish: &Wish, report: &DeidentifyReport) -> Result<()> {
    let state = house.state().await?;
    let policy = house.policy(false)?;
    let organisation = policy.organisation.name;
    let rng = house.means.rng.as_ref();
    let mut salt = [0; 32];
    rng.fill(&mut salt);
    let done: Vec<Value> = report.parts.iter().map(part).collect();
    let told = json!({
        "done": done, "k": report.k, "key_mark": report.key_mark, "kind": KIND,
        "profile": report.profile, "rules": report.rules, "undone": report.undone.len(),
    });
    let event = Event {
        id: store::new_id(rng),
        organisation: organisation.clone(),
        kind: KIND.to_owned(),
        case: None,
        at: house.means.clock.now(),
        body: serde_json::to_vec(&told).unwrap_or_default(),
        salt,
    };
    let mut tx = state.store.begin().await?;
    tx.append_event(&event).await?;
    tx.commit().await?;
    house.seal_now(&state).await?;
    let Some(file) = &wish.certificate else { return Ok(()) };
    let place = house.place_in_log(&state, &event.id).await?;
    let key = state.vault.signing_key()?;
    let record = json!({
        "id": event.id, "organisation": organisation, "kind": "de-identification",
        "at": render::rfc3339(event.at), "profile": report.profile, "rules": report.rules,
        "key_mark": report.key_mark, "k": report.k, "source": wish.source, "done": done,
        "undone": report.undone.len(), "ledger": place, "public_key": house.log_key(&state)?,
    });
    let unsigned = SignedRecord::of(record.clone(), &[], &[]);
    let text = unsigned.signed_text()?;
    let signed = SignedRecord::of(record, &key.sign(text.as_bytes())?, &key.public_key());
    write_whole(file, signed.to_json()?.as_bytes()).map_err(|error| {
        Error::Refused(format!("the data was written, its certificate was not: {error}"))
    })
}

/// One file or table in figures that are whole, as signed text asks for: shares in millionths.
fn part(part: &render::deidentify::DeidentifiedPart) -> Value {
    let millionths = |share: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "a share, or a distance up to 1")]
        let whole = (share * 1e6).round() as i64;
        whole
    };
    let risk = |risk: &render::deidentify::RiskFigures| {
        let secrets: Vec<Value> = risk
            .secrets
            .iter()
            .map(|secret| {
                json!({
                    "column": secret.column, "l": secret.l, "t_millionths": millionths(secret.t),
                    "entropy_l_millionths": millionths(secret.entropy_l),
                })
            })
            .collect();
        json!({
            "rows": risk.rows, "classes": risk.classes, "k": risk.k, "secrets": secrets,
            "highest_millionths": millionths(risk.highest),
            "average_millionths": millionths(risk.average),
        })
    };
    let columns: Vec<Value> = part
        .columns
        .iter()
        .map(|column| {
            json!({
                "name": column.name, "method": column.method, "values": column.values,
                "changed": column.changed,
            })
        })
        .collect();
    json!({
        "from": part.from, "to": part.to, "form": part.form, "sha256": part.sha256,
        "rows": part.rows, "left_out": part.left_out, "columns": columns, "found": part.found,
        "unsure": part.unsure, "before": part.before.as_ref().map(risk),
        "after": part.after.as_ref().map(risk),
    })
}
