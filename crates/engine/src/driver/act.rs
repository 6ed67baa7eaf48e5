//! Working out what a case changes in a system, rehearsing it, and changing it: person by person,
//! one transaction for each person and system.

use model::planted;
use plan::{Case, Graph, Outcome, Step};

use super::{Driver, Opened, not_reached};
use crate::change::{Draft, draft};
use crate::clear::Derive;
use crate::discover;
use crate::open::Open;
use crate::rectify::{self, Wanted as Wanting};
use crate::subject::Subject;

/// So often is a change tried again when somebody else changed a row in between.
const TRIES: u32 = 4;

impl Driver<'_> {
    pub(super) async fn draft(
        &self,
        graph: &Graph<'_>,
        case: &Case,
        system: &str,
        open: &Open,
        subject: &Subject,
    ) -> connect::Result<Outcome> {
        let mut drafted = self.work_out(graph, case, system, open, subject).await?;
        if drafted.told.problems.is_empty() {
            match open.connector.rehearse(&drafted.set).await {
                Ok(_) => {}
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => drafted.told.problems.push(plan::Problem {
                    collection: system.to_owned(),
                    field: None,
                    message: format!("the rehearsal failed: {error}"),
                }),
            }
        }
        Ok(Outcome::Drafted(drafted.told))
    }

    /// What would change in a system, from what it holds at this moment.
    async fn work_out(
        &self,
        graph: &Graph<'_>,
        case: &Case,
        system: &str,
        open: &Open,
        subject: &Subject,
    ) -> connect::Result<Draft> {
        let derive = Derive::new(self.key, &case.request.id);
        if case.request.kind.erases() {
            draft(open, graph, case, system, subject, &derive).await
        } else {
            let country_code = self.country_code.as_deref();
            rectify::draft(open, &Wanting { graph, case, system, country_code }, &derive).await
        }
    }

    /// Changes one system, in one transaction.
    pub(super) async fn act(
        &self,
        graph: &Graph<'_>,
        case: &Case,
        step: &Step,
        opened: &Opened,
    ) -> Outcome {
        let system = step.action.system();
        let Some(open) = opened.open.get(system) else { return not_reached(opened, system) };
        self.progress
            .step(system, if case.request.kind.erases() { "erasing" } else { "correcting" });
        if !case.is_drafted_with(graph) {
            return Outcome::NotReached(
                "the map changed between the plan and the run; nothing was touched there. Make the plan again".to_owned(),
            );
        }
        let drafted =
            case.drafted(system).map(|drafted| drafted.schema.as_str()).unwrap_or_default();
        let shape = drafted.split('/').next().unwrap_or_default();
        if shape != discover::fingerprint(&open.catalogue) {
            return Outcome::NotReached(
                "its tables changed between the plan and the run; nothing was touched there. Make the plan again".to_owned(),
            );
        }
        let subject = Subject::new(case.terms(), self.country_code.as_deref());
        let mut last = connect::Error::Stopped("not tried".to_owned());
        for _ in 0..TRIES {
            let work = match self.work_out(graph, case, system, open, &subject).await {
                Ok(work) => work,
                Err(error) if error.is_passing() => {
                    last = error;
                    continue;
                }
                Err(error) => return Outcome::NotReached(error.to_string()),
            };
            // A process that was killed after its commit finds everything as wanted.
            if work.set.changes.is_empty() {
                let rows = case.drafted(system).map_or(0, planned_rows);
                return Outcome::Acted { changed: 0, already: rows };
            }
            if work.told.schema != drafted && !planted::bug("changed_rows_are_overwritten") {
                return Outcome::NotReached(
                    "rows of the plan were changed by somebody else since; nothing was touched there. Make the plan again".to_owned(),
                );
            }
            model::crash::site("engine.act.before_change");
            match open.connector.change(&work.set).await {
                Ok(changed) => {
                    model::crash::site("engine.act.changed_not_kept");
                    return Outcome::Acted {
                        changed: changed.updated + changed.deleted,
                        already: changed.already,
                    };
                }
                Err(connect::Error::Busy(_)) if planted::bug("a_time_limit_counts_as_done") => {
                    let rows = case.drafted(system).map_or(0, planned_rows);
                    return Outcome::Acted { changed: rows, already: 0 };
                }
                Err(connect::Error::Broken(why))
                    if planted::bug("a_broken_commit_counts_as_failed") =>
                {
                    return Outcome::NotReached(why);
                }
                Err(error) if error.is_passing() => last = error,
                Err(error) => return Outcome::NotReached(error.to_string()),
            }
        }
        Outcome::NotReached(last.to_string())
    }
}

fn planned_rows(drafted: &plan::Drafted) -> u64 {
    drafted.places.iter().map(|place| place.changed + place.deleted).sum()
}
