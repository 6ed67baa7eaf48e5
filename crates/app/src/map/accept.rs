//! Taking points over into the policy folder.

use std::collections::BTreeMap;
use std::path::PathBuf;

use auth::{Action, Actor};
use policy::{Edit, Severity, Sources};
use render::map::DriftKind;

use serde_json::json;

use super::{Point, Wish};
use crate::allowed::require;
use crate::console::Subject;
use crate::house::{House, write_whole};
use crate::retain::event;
use crate::{Error, Result};

/// Which points are taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those with these ids, or their beginnings.
    Ids(Vec<String>),
    /// All that can be written without a decision and are at least so sure.
    Above(u8),
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted {
    /// What was written: the id and the sentence.
    pub written: Vec<(String, String)>,
    /// The files that were changed.
    pub files: Vec<PathBuf>,
    /// What a person must do: the id, the sentence, and what to write.
    pub to_do: Vec<(String, String, String)>,
}

impl House {
    /// Takes points over as a member of staff, and keeps how the map looks afterwards. May take minutes.
    pub async fn accept_drift_as(&self, actor: &Actor, which: &Which) -> Result<Accepted> {
        require(actor, Action::ChangeMap, auth::ROOT)?;
        let accepted = Box::pin(self.accept_drift(&Wish::default(), which)).await?;
        if !accepted.written.is_empty() {
            let points: Vec<&String> = accepted.written.iter().map(|(id, _)| id).collect();
            let about = json!({ "by": actor.person(), "points": points });
            let state = self.state().await?;
            let organisation = self.last_sound_policy()?.organisation.name.clone();
            let mut tx = state.store.begin().await?;
            tx.append_event(&event(&state, &organisation, "map proposals accepted", &about))
                .await?;
            tx.commit().await?;
            self.seal(&state).await?;
        }
        let seen = Box::pin(self.data_map(&Wish::default())).await?;
        self.keep_seen(Subject::Map, &seen).await?;
        Ok(accepted)
    }

    /// Looks anew, and takes points over. Everything or nothing is written, and only what leaves
    /// the policy sound.
    pub async fn accept_drift(&self, wish: &Wish, which: &Which) -> Result<Accepted> {
        let policy = self.policy(false)?;
        let (_, points) = Box::pin(self.mapped(&policy, wish)).await?;
        let chosen = chosen(&points, which)?;
        let mut accepted = Accepted::default();
        let mut sources = self.sources()?;
        let mut changed: BTreeMap<String, String> = BTreeMap::new();
        let mut edits: Vec<&Point> = Vec::new();
        for point in chosen {
            let drift = &point.drift;
            match (&point.edit, &drift.to_do) {
                (Some(_), _) => edits.push(point),
                (None, to_do) => accepted.to_do.push((
                    drift.id.clone(),
                    drift.says.clone(),
                    to_do.clone().unwrap_or_default(),
                )),
            }
        }
        // What is added comes first: what follows may point at it.
        edits.sort_by_key(|point| {
            !matches!(point.edit, Some((_, Edit::AddCollection(_) | Edit::AddField { .. })))
        });
        for point in edits {
            let Some((system, edit)) = &point.edit else { continue };
            let name = file_name(&sources, system);
            let text = sources.get(&name).unwrap_or_default();
            let text = policy::edit_system(system, text, edit).map_err(|why| {
                Error::Refused(format!(
                    "nothing was written: `{}` cannot be changed for {} ({why}). What it says: {}",
                    name, point.drift.id, point.drift.says
                ))
            })?;
            sources.insert(name.clone(), text.clone());
            changed.insert(name, text);
            accepted.written.push((point.drift.id.clone(), point.drift.says.clone()));
        }
        let checked = policy::load(&sources);
        if checked.policy.is_none() {
            let findings: Vec<_> = checked
                .findings
                .into_iter()
                .filter(|finding| finding.severity == Severity::Error)
                .collect();
            return Err(Error::Unsound {
                errors: findings.len(),
                report: format!(
                    "Nothing was written, because the policy would not be sound with it:\n{}",
                    policy::render(&findings, false, 100)
                ),
            });
        }
        for (name, text) in changed {
            let path = self.folder.join(&name);
            write_whole(&path, text.as_bytes())?;
            accepted.files.push(path);
        }
        Ok(accepted)
    }
}

/// The file that describes a system.
fn file_name(sources: &Sources, system: &str) -> String {
    let short = format!("systems/{system}.yml");
    if sources.get(&short).is_some() { short } else { format!("systems/{system}.yaml") }
}

fn chosen<'p>(points: &'p [Point], which: &Which) -> Result<Vec<&'p Point>> {
    match which {
        Which::Above(least) => Ok(points
            .iter()
            // What is gone may only be hidden from this account: that is for a person to say.
            .filter(|point| point.edit.is_some() && point.drift.confidence >= *least)
            .filter(|point| point.drift.kind != DriftKind::GoneFromSystem)
            .collect()),
        Which::Ids(ids) => {
            let mut chosen: Vec<&Point> = Vec::new();
            for id in ids {
                let id = id.trim().to_lowercase();
                let mut found =
                    points.iter().filter(|point| id.len() >= 4 && point.drift.id.starts_with(&id));
                let (Some(point), None) = (found.next(), found.next()) else {
                    return Err(Error::Refused(format!(
                        "there is no point `{id}` (any more): `upheld map` lists them with their ids"
                    )));
                };
                if !chosen.iter().any(|known| known.drift.id == point.drift.id) {
                    chosen.push(point);
                }
            }
            Ok(chosen)
        }
    }
}
