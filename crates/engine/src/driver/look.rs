//! Steps that change nothing, done for many people at once: the same question of the same table is
//! put once, with everybody's values, and every text is read once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use model::{IdentityKind, Value};
use plan::{Action, Case, Compare, Graph, LearnedTerm, Outcome, Place, SearchPlace, Step};
use policy::When;

use super::{Driver, Opened, closed, not_reached};
use crate::clear::Derive;
use crate::find::{Question, find};
use crate::open::Open;
use crate::rectify::{self, Wanted as Wanting};
use crate::search::{Wanted, search};
use crate::subject::Subject;
use crate::verify::{Again, Erased, verify};

/// What came of steps, by their number.
type Outcomes = Vec<(u64, Outcome)>;

/// A case and the steps that it waits for.
pub(super) struct Waiting<'w> {
    /// Its place among the cases.
    pub(super) at: usize,
    pub(super) case: &'w Case,
    pub(super) steps: Vec<Step>,
    pub(super) subject: OnceLock<Subject>,
}

impl<'w> Waiting<'w> {
    pub(super) fn new(at: usize, case: &'w Case) -> Self {
        Self { at, case, steps: case.steps().to_vec(), subject: OnceLock::new() }
    }

    /// The person, compiled when first needed: not every round searches.
    fn subject(&self, country_code: Option<&str>) -> &Subject {
        self.subject.get_or_init(|| Subject::new(self.case.terms(), country_code))
    }
}

/// A step of one of the cases that wait.
#[derive(Clone, Copy)]
struct Turn {
    /// Which of those who wait.
    one: usize,
    step: u64,
}

/// What makes two look-ups one: the place, the field, how it is compared, the conditions and the
/// columns brought back.
type Same<'s> =
    (&'s Place, &'s str, Option<IdentityKind>, Vec<(&'s str, &'s [String])>, &'s [String]);

impl Driver<'_> {
    /// Does every pending step of these cases that changes nothing; for each case, in their order,
    /// what came of it.
    pub(super) async fn look(
        &self,
        graph: &Graph<'_>,
        waiting: &[Waiting<'_>],
        opened: &Opened,
    ) -> Vec<Outcomes> {
        let mut outcomes: Vec<Outcomes> = waiting.iter().map(|_| Vec::new()).collect();
        let mut tell = |turn: Turn, outcome: Outcome| {
            if let Some(outcomes) = outcomes.get_mut(turn.one) {
                outcomes.push((turn.step, outcome));
            }
        };
        self.find_together(graph, waiting, opened, &mut tell).await;
        self.search_together(graph, waiting, opened, &mut tell).await;
        self.verify_together(graph, waiting, opened, &mut tell).await;
        for (one, waits) in waiting.iter().enumerate() {
            for step in &waits.steps {
                let turn = Turn { one, step: step.id };
                if let Some(outcome) = self.look_alone(graph, waits, step, opened).await {
                    tell(turn, outcome);
                }
            }
        }
        for outcomes in &mut outcomes {
            outcomes.sort_by_key(|(id, _)| *id);
        }
        outcomes
    }

    /// The look-ups.
    async fn find_together(
        &self,
        graph: &Graph<'_>,
        waiting: &[Waiting<'_>],
        opened: &Opened,
        tell: &mut (dyn FnMut(Turn, Outcome) + Send),
    ) {
        struct Asking<'s> {
            question: Question<'s>,
            turns: Vec<Turn>,
            values: Vec<&'s [Value]>,
        }
        let mut questions: BTreeMap<Same<'_>, Asking<'_>> = BTreeMap::new();
        for (one, waits) in waiting.iter().enumerate() {
            for step in &waits.steps {
                let Action::Find { place, field, values, compare, when, carry, .. } = &step.action
                else {
                    continue;
                };
                let kind = match compare {
                    Compare::Exact => None,
                    Compare::As(kind) => Some(*kind),
                };
                let same: Same<'_> = (place, field, kind, conditions(when), carry);
                let asking = questions.entry(same).or_insert_with(|| Asking {
                    question: Question { place, field, compare: *compare, when, carry },
                    turns: Vec::new(),
                    values: Vec::new(),
                });
                asking.turns.push(Turn { one, step: step.id });
                asking.values.push(values);
            }
        }
        let code = self.country_code.as_deref();
        for Asking { question, turns, values } in questions.into_values() {
            let system = question.place.system.as_str();
            let Some(open) = opened.open.get(system) else {
                turns.into_iter().for_each(|turn| tell(turn, not_reached(opened, system)));
                continue;
            };
            match find(open, graph, question, &values, code).await {
                Ok(found) => {
                    for (turn, found) in turns.into_iter().zip(found) {
                        tell(turn, Outcome::Found(found));
                    }
                }
                // One person's value that this database cannot take must not cost the others
                // their answer.
                Err(error) if turns.len() > 1 && !error.is_passing() => {
                    for (turn, values) in turns.into_iter().zip(values) {
                        let found = find(open, graph, question, &[values], code).await;
                        let found = found.map(|found| found.into_iter().flatten().collect());
                        tell(turn, told(found.map(Outcome::Found)));
                    }
                }
                Err(error) => {
                    let why = error.to_string();
                    turns.into_iter().for_each(|turn| tell(turn, Outcome::NotReached(why.clone())));
                }
            }
        }
    }

    /// The searches: one pass for each system.
    async fn search_together(
        &self,
        graph: &Graph<'_>,
        waiting: &[Waiting<'_>],
        opened: &Opened,
        tell: &mut (dyn FnMut(Turn, Outcome) + Send),
    ) {
        type Search<'s> = (Turn, &'s [SearchPlace], &'s [LearnedTerm]);
        let code = self.country_code.as_deref();
        let mut by_system: BTreeMap<&str, Vec<Search<'_>>> = BTreeMap::new();
        for (one, waits) in waiting.iter().enumerate() {
            for step in &waits.steps {
                let Action::Search { system, places, terms } = &step.action else { continue };
                let turn = Turn { one, step: step.id };
                by_system.entry(system).or_default().push((turn, places, terms));
            }
        }
        let read = |rows: u64| self.progress.rows(rows);
        for (system, searches) in by_system {
            self.progress.step(system, "reading every text");
            let wanted: Vec<Wanted<'_>> = searches
                .iter()
                .filter_map(|(turn, _, terms)| {
                    let waits = waiting.get(turn.one)?;
                    Some(Wanted { terms, subject: waits.subject(code), rows: waits.case.rows() })
                })
                .collect();
            let places = searches.first().map_or(&[][..], |(_, places, _)| places);
            let found = match opened.open.get(system) {
                Some(open) => search(open, graph, system, places, &wanted, code, &read)
                    .await
                    .map_err(|error| error.to_string()),
                None => Err(closed(opened, system)),
            };
            match found {
                Ok(found) => {
                    for ((turn, ..), found) in searches.iter().zip(found) {
                        tell(*turn, Outcome::Searched(found));
                    }
                }
                Err(why) => {
                    for (turn, ..) in &searches {
                        tell(*turn, Outcome::NotReached(why.clone()));
                    }
                }
            }
        }
    }

    /// The second searches after erasures: one pass for each system, and none where the texts are
    /// left unread.
    async fn verify_together(
        &self,
        graph: &Graph<'_>,
        waiting: &[Waiting<'_>],
        opened: &Opened,
        tell: &mut (dyn FnMut(Turn, Outcome) + Send),
    ) {
        let code = self.country_code.as_deref();
        type Search<'s> = (Vec<Turn>, &'s [SearchPlace]);
        let mut by_system: BTreeMap<(&str, bool), Search<'_>> = BTreeMap::new();
        for (one, waits) in waiting.iter().enumerate() {
            for step in &waits.steps {
                let Action::Verify { system, places, .. } = &step.action else { continue };
                if waits.case.request.kind.erases() {
                    let same = (system.as_str(), waits.case.is_by_reference());
                    let turns = by_system.entry(same).or_insert_with(|| (Vec::new(), places));
                    turns.0.push(Turn { one, step: step.id });
                }
            }
        }
        let read = |rows: u64| self.progress.rows(rows);
        for ((system, _), (turns, places)) in by_system {
            self.progress.step(system, "searching again");
            let people: Vec<Erased<'_>> = turns
                .iter()
                .filter_map(|turn| waiting.get(turn.one))
                .map(|waits| Erased { case: waits.case, subject: waits.subject(code) })
                .collect();
            let map = self.systems.iter().find(|map| map.key == system);
            let left = match (opened.open.get(system), map) {
                (Some(open), Some(map)) => {
                    let again = Again {
                        graph,
                        map,
                        places,
                        people: &people,
                        country_code: code,
                        progress: &read,
                    };
                    verify(open, &again).await.map_err(|error| error.to_string())
                }
                _ => Err(closed(opened, system)),
            };
            match left {
                Ok(left) => {
                    for (turn, left) in turns.iter().zip(left) {
                        tell(*turn, Outcome::Verified(left));
                    }
                }
                Err(why) => {
                    for turn in turns {
                        tell(turn, Outcome::NotReached(why.clone()));
                    }
                }
            }
        }
    }

    /// A step that is about one person's rows alone; `None` for those that are done together.
    async fn look_alone(
        &self,
        graph: &Graph<'_>,
        waits: &Waiting<'_>,
        step: &Step,
        opened: &Opened,
    ) -> Option<Outcome> {
        let (case, code) = (waits.case, self.country_code.as_deref());
        let system = step.action.system();
        let drafts = match step.action {
            Action::Draft { .. } => true,
            Action::Verify { .. } if !case.request.kind.erases() => false,
            _ => return None,
        };
        let Some(open) = opened.open.get(system) else {
            return Some(not_reached(opened, system));
        };
        Some(told(if drafts {
            self.progress.step(system, "working out and rehearsing the changes");
            self.draft(graph, case, system, open, waits.subject(code)).await
        } else {
            self.progress.step(system, "looking again");
            self.look_at_corrections(graph, case, system, open).await
        }))
    }

    async fn look_at_corrections(
        &self,
        graph: &Graph<'_>,
        case: &Case,
        system: &str,
        open: &Open,
    ) -> connect::Result<Outcome> {
        let derive = Derive::new(self.key, &case.request.id);
        let country_code = self.country_code.as_deref();
        let wanted = Wanting { graph, case, system, country_code };
        rectify::verify(open, &wanted, &derive).await.map(Outcome::Verified)
    }
}

fn conditions(when: &[When]) -> Vec<(&str, &[String])> {
    when.iter().map(|when| (when.column.as_str(), when.any_of.as_slice())).collect()
}

fn told(outcome: connect::Result<Outcome>) -> Outcome {
    outcome.unwrap_or_else(|error| Outcome::NotReached(error.to_string()))
}
