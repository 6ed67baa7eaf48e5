//! A request from its opening to its end, through whatever happens, as the application drives it.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Keeper, RunError};
use model::{Micros, TableName};
use plan::{Case, CaseError, Ending, Graph, Phase, Place, RequestKind, Settings};

use super::{CALM_AFTER, TURNS, Theatre};
use crate::base::Rows;
use crate::people::Known;
use crate::stage::lock;
use crate::world::Held;
use crate::{Violation, broken};

/// The databases as they were when somebody agreed to a plan.
pub(super) type Agreed = BTreeMap<String, BTreeMap<TableName, Rows>>;

/// Whom a request is about.
#[derive(Debug, Clone)]
pub(super) struct About {
    pub(super) who: usize,
    /// What they are known by once everything of theirs is read.
    pub(super) known: BTreeSet<Known>,
    /// Where they have an account that this leads to.
    pub(super) reached: BTreeSet<String>,
    /// Only this system is asked about, where a backup of it was restored.
    pub(super) within: Option<String>,
    /// The moment as of which minimum ages are judged.
    pub(super) as_of: Micros,
}

/// One agreement, and what was done since.
pub(super) struct Round {
    pub(super) agreed: Option<Agreed>,
    /// The first deed of it.
    pub(super) deeds: usize,
    /// The cap, unless it was overridden.
    pub(super) cap: Option<u64>,
}

impl Theatre {
    pub(super) fn open(
        &self,
        id: &str,
        kind: RequestKind,
        identities: Vec<model::Identity>,
    ) -> Case {
        let graph = Graph::new(&self.systems);
        let cap_rows = if self.dice.happens(20) { 2 } else { 10_000 };
        let settings = Settings { cap_rows, ..Settings::default() };
        let opened_at = lock(&self.stage).world.now;
        self.tell(|| {
            let by: Vec<&String> = identities.iter().map(|one| one.value.expose()).collect();
            format!("{id}: {} by {by:?}", kind.key())
        });
        let request = plan::Request { id: id.to_owned(), kind, identities, opened_at };
        Case::open(request, settings, &graph)
    }

    /// Drives an erasure or a correction until it has ended and nothing more can be done for it.
    pub(super) async fn answer(&self, mut case: Case, about: &About) -> Result<Case, Violation> {
        let graph = Graph::new(&self.systems);
        let keeper = self.keeper();
        let id = case.request.id.clone();
        let opened = case.clone();
        let mut round = Round { agreed: None, deeds: lock(&self.stage).deeds.len(), cap: None };
        let (mut calm, mut first) = (0, true);
        for turn in 0..TURNS {
            if turn >= CALM_AFTER {
                lock(&self.stage).faults.clear();
                calm += 1;
            }
            if case.request.kind.erases() {
                let except = lock(&self.stage).world.exceptions();
                case.respect(&graph, except);
            }
            lock(&self.stage).verifying = case.phase() == Phase::Verify;
            match self.alive(self.driver().run(&mut case, &keeper)).await {
                None | Some(Err(RunError::Keep(_))) => {
                    case = self.again(&id, &opened)?;
                    continue;
                }
                Some(Err(RunError::Case(why))) => {
                    return broken("the driver keeps the planner's rules", why.to_string());
                }
                Some(Ok(())) => {}
            }
            self.is_written_down(&case)?;
            match case.phase() {
                Phase::Review => {
                    if !self.agree(&graph, &mut case, &mut round, about).await? {
                        case = self.again(&id, &opened)?;
                    }
                }
                Phase::Done => {
                    self.tell(|| format!("it ended {:?}", case.ending()));
                    self.judge_round(&case, about, &round)?;
                    let done = self.judge_end(&case, about, &round, first, calm)?;
                    first = false;
                    if done {
                        return Ok(case);
                    }
                    case.plan_again(&graph)
                        .or_else(|why| broken("what is incomplete can go on", why.to_string()))?;
                    round.deeds = lock(&self.stage).deeds.len();
                    round.agreed = None;
                    // That it goes on is written down before anything is done, or tried once more.
                    while !matches!(self.alive(keeper.keep(&case)).await, Some(Ok(()))) {}
                    self.forget_older_copies(&case);
                }
                phase => return broken("a run goes on as far as it can", format!("{phase:?}")),
            }
        }
        broken("a request ends", format!("after {TURNS} turns it stands at {:?}", case.phase()))
    }

    /// Another process takes the request up from what was written down, sometimes from a copy that
    /// is a step or two older.
    fn again(&self, id: &str, opened: &Case) -> Result<Case, Violation> {
        let mut stage = lock(&self.stage);
        let Some(kept) = stage.kept.get(id).filter(|kept| !kept.is_empty()) else {
            // It was never written down: whoever asked asks again.
            return Ok(opened.clone());
        };
        let read = |text: &String| serde_json::from_str::<Case>(text);
        let back = if self.dice.happens(15) { self.dice.below(3) } else { 0 };
        let newest = kept.len() - 1;
        let mut chosen = None;
        for back in [back, 0] {
            let Some(case) = kept.get(newest.saturating_sub(back)).map(read) else { continue };
            let case = case.or_else(|why| broken("a kept case can be read", why.to_string()))?;
            // Before that a copy does not know what leads to the rest; the application refuses it.
            if back == 0 || case.phase() >= Phase::Review && case.phase() != Phase::Done {
                chosen = Some((back, case));
                break;
            }
        }
        let Some((back, case)) = chosen else { return broken("a kept case is there", id) };
        if let Some(kept) = stage.kept.get_mut(id) {
            kept.truncate(newest.saturating_sub(back) + 1);
        }
        stage.tell(|| format!("taken up at {:?}, {back} step(s) back", case.phase()));
        Ok(case)
    }

    fn is_written_down(&self, case: &Case) -> Result<(), Violation> {
        let stage = lock(&self.stage);
        let written = serde_json::to_string(case).unwrap_or_default();
        match stage.kept.get(&case.request.id).and_then(|kept| kept.last()) {
            // Nothing was pending: nothing had to be written.
            None => Ok(()),
            Some(last) if *last == written => Ok(()),
            Some(_) => broken("what is known is written down", format!("at {:?}", case.phase())),
        }
    }

    /// Somebody reads the plan and agrees, while others go on working. False if that could not be
    /// written down.
    async fn agree(
        &self,
        graph: &Graph<'_>,
        case: &mut Case,
        round: &mut Round,
        about: &About,
    ) -> Result<bool, Violation> {
        if self.dice.happens(12) && case.request.kind.erases() {
            self.hold_something(about);
        }
        if self.dice.happens(10) {
            lock(&self.stage).stir();
        }
        if case.request.kind.erases() {
            let except = lock(&self.stage).world.exceptions();
            case.respect(graph, except);
            if case.phase() == Phase::Draft {
                self.tell(|| "a hold changes the plan".to_owned());
                return Ok(matches!(self.alive(self.keeper().keep(case)).await, Some(Ok(()))));
            }
        }
        let (digest, cap) = (case.digest(), case.outline().cap_rows);
        round.cap = Some(cap);
        match case.approve(&digest, false) {
            Ok(()) => {}
            Err(CaseError::OverCap { .. }) => {
                round.cap = None;
                if let Err(why) = case.approve(&digest, true) {
                    return broken("an override is an override", why.to_string());
                }
            }
            Err(why) => return broken("a plan can be agreed to", why.to_string()),
        }
        {
            let stage = lock(&self.stage);
            let all = stage.world.bases.iter();
            round.agreed = Some(all.map(|(key, base)| (key.clone(), base.rows.clone())).collect());
            round.deeds = stage.deeds.len();
        }
        self.tell(|| "the plan is agreed to".to_owned());
        Ok(matches!(self.alive(self.keeper().keep(case)).await, Some(Ok(()))))
    }

    /// A legal hold is put on something, more often than not of the person's.
    pub(super) fn hold_something(&self, about: &About) {
        let mut stage = lock(&self.stage);
        let world = &mut stage.world;
        let hers = |at: &&crate::world::At| {
            world
                .truth
                .get(*at)
                .is_some_and(|truth| truth.is_of(about.who) || truth.names(about.who))
        };
        let rows: Vec<_> = world.truth.keys().filter(hers).cloned().collect();
        let Some(at) = self.dice.pick(&rows).filter(|at| world.collection(&at.0).is_some()) else {
            return;
        };
        let held = match self.dice.below(4) {
            0 => Held::System(at.0.system.clone()),
            1 => Held::Collection(Place::new(&at.0.system, &at.0.collection)),
            _ => Held::Row(at.0.clone(), at.1.clone()),
        };
        let line = format!("a hold: {held:?}");
        world.holds.push(held);
        stage.tell(|| line);
    }

    /// Whether the request is done with; or the rule that its end breaks.
    fn judge_end(
        &self,
        case: &Case,
        about: &About,
        round: &Round,
        first: bool,
        calm: usize,
    ) -> Result<bool, Violation> {
        let trailed = self.is_in_the_unmapped(about);
        let undisturbed = {
            let stage = lock(&self.stage);
            first && stage.happened == 0 && !stage.stirred
        };
        match case.ending() {
            Some(Ending::Complete) if trailed && case.request.kind.erases() => {
                broken("what nobody mapped is not passed over", "`trail` names the person")
            }
            Some(Ending::Complete) => {
                if case.request.kind.erases() {
                    self.judge_gone(case, about)?;
                    self.judge_kept(case, about)?;
                } else {
                    self.judge_corrected(about)?;
                }
                Ok(true)
            }
            Some(Ending::Incomplete(reasons)) => {
                self.judge_reasons(case, reasons, round)?;
                if trailed && calm > 1 {
                    let said = reasons.iter().any(|reason| reason.contains("trail"));
                    return if said {
                        Ok(true)
                    } else {
                        broken("an incomplete end says where", reasons.join("; "))
                    };
                }
                if undisturbed && !trailed {
                    return broken("undisturbed work is complete at once", reasons.join("; "));
                }
                if calm > 6 {
                    return broken("what is taken up again is completed", reasons.join("; "));
                }
                Ok(false)
            }
            Some(Ending::Refused) => {
                let outline = case.outline();
                let told: Vec<String> = outline
                    .problems
                    .iter()
                    .map(|(system, p)| format!("{system}: {}", p.message))
                    .collect();
                let told = format!("{} {}", told.join("; "), outline.against.join("; "));
                broken("nothing stands against the plan", told)
            }
            other => broken("a request ends as its kind does", format!("{other:?}")),
        }
    }

    fn is_in_the_unmapped(&self, about: &About) -> bool {
        let stage = lock(&self.stage);
        let world = &stage.world;
        world.truth.iter().any(|(at, _)| {
            world.collection(&at.0).is_none()
                && world.row(at).is_some_and(|row| super::judge::row_shows(row, about))
        })
    }
}
