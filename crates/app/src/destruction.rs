//! The record of destruction: counted, entered in the log, signed.

use std::path::PathBuf;

use engine::retain::{Ended, Run, TaskRun};
use plan::retention::Schedule;
use policy::Policy;
use render::destruction::{DestroyedBy, DestructionRecord, SignedRecord};

use crate::house::{House, write_whole};
use crate::retain::RunLeave;
use crate::retain::kept::RunKept;
use crate::state::State;
use crate::{Error, Result, view};

/// The two files of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The signed JSON.
    pub json: PathBuf,
    /// The page to print.
    pub page: PathBuf,
    /// The number of its entry in the log.
    pub entry: u64,
}

/// Enters the run in the log, issues its record and ends it.
pub(crate) async fn issue(
    house: &House,
    state: &State,
    policy: &Policy,
    keeper: &RunKept<'_>,
    schedule: &Schedule,
    run: &Run,
    leave: &RunLeave,
) -> Result<(Files, DestructionRecord)> {
    let event = keeper.done(run).await?;
    model::crash::site("app.destruction.entered");
    house.seal_now(state).await?;
    let place = house.place_in_log(state, &event).await?;
    let key = state.vault.signing_key()?;
    let record = DestructionRecord {
        id: store::new_id(house.means.rng.as_ref()),
        organisation: policy.organisation.name.clone(),
        run: run.id.clone(),
        begun_at: run.begun_at,
        ended_at: house.means.clock.now(),
        complete: run.is_complete(),
        digest: run.digest.clone(),
        interrupted: run.interrupted,
        rules: run.tasks.iter().map(|task| rule(policy, task)).collect(),
        not_covered: schedule
            .not_covered
            .iter()
            .map(|left| {
                let system = view::system_title(policy, &left.place.system);
                let what = view::collection_title(policy, &left.place);
                format!("{system}, {what}: {}", left.because)
            })
            .collect(),
        ledger: place.clone(),
        public_key: house.log_key(state)?,
    };
    let text = record.to_canonical_json()?;
    let signed = SignedRecord::new(&record, &key.sign(text.as_bytes())?, &key.public_key())?;
    let json = leave.out.clone().unwrap_or_else(|| {
        PathBuf::from(format!("destruction-{}.json", run.id.get(..8).unwrap_or(&run.id)))
    });
    let page = json.with_extension("html");
    write_whole(&json, signed.to_json()?.as_bytes())?;
    model::crash::site("app.destruction.json_written");
    write_whole(&page, record.to_html(&house.zone()?).as_bytes())?;
    model::crash::site("app.destruction.page_written");
    keeper.issued(&record.id, &crate::certificate::sha256_hex(text.as_bytes())).await?;
    house.seal(state).await?;
    Ok((Files { json, page, entry: place.index }, record))
}

fn rule(policy: &Policy, task: &TaskRun) -> DestroyedBy {
    let partitions: u64 = task.partitions.iter().map(|(_, rows)| rows).sum();
    DestroyedBy {
        rule: task.task.clone(),
        system: view::system_title(policy, &task.place.system),
        collection: view::collection_title(policy, &task.place),
        words: task.rule.clone(),
        method: task.method.clone(),
        cutoff: task.cutoff,
        rows: task.rows + partitions,
        with: task.dependents.iter().map(|(table, rows)| (table.clone(), *rows)).collect(),
        partitions: task.partitions.iter().map(|(name, _)| name.clone()).collect(),
        unknown: task.unknown,
        left: task.left.map(|left| left.rows),
        held_back: task.left.map_or(0, |left| left.held_back),
        pointed_at: task.left.map_or(0, |left| left.pointed_at),
        pointed_by: crate::retain::titles(policy, &task.place, &task.pointed_by),
        respected: task.respected.iter().cloned().collect(),
        not_done: match &task.ended {
            // What a hold keeps is not undone: it stands among what was respected.
            Some(Ended::Done | Ended::Held(_)) => None,
            Some(Ended::NotReached(why)) => Some(format!("not reached: {why}")),
            Some(Ended::Refused(why)) => Some(why.clone()),
            Some(Ended::Stopped) | None => {
                Some("the run was stopped before this rule was done".to_owned())
            }
        },
    }
}

/// Refuses a place that cannot be written to before anything is done: nothing is destroyed without
/// its record.
pub(crate) fn check_out(leave: &RunLeave) -> Result<()> {
    let here = PathBuf::from("destruction.json");
    let out = leave.out.as_ref().unwrap_or(&here);
    if out.extension().is_some_and(|ending| ending == "html") {
        return Err(Error::Refused(
            "the record is two files, .json and .html: give `-o` a name that ends in .json"
                .to_owned(),
        ));
    }
    crate::house::aside(out).map(drop).map_err(|error| {
        Error::Refused(format!(
            "nothing was done: `{}` cannot be written ({}); choose another place with `-o`",
            out.display(),
            error.kind()
        ))
    })
}
