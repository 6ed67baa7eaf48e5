//! Erasures of the people of a list. Finding and looking again are done for all of them together;
//! each is planned, agreed to and changed for itself, and gets a certificate of its own.

use engine::Driver;
use plan::{Case, Phase};

use super::{Answered, Became, Line, Work};
use crate::keeper::{CaseKeeper, Together};
use crate::request::{self, Came, Leave, refuse_restricted};
use crate::{Error, Result, marks};

/// So many are erased together: what is known of them is in memory until the last is done.
const TOGETHER: usize = 500;

/// A case on its way to its certificate.
struct Going<'g> {
    line: &'g Line,
    keeper: CaseKeeper<'g>,
    case: Case,
    outline: plan::Outline,
    leave: Leave,
    /// What became of it, once that is known.
    answered: Option<Answered>,
}

impl Going<'_> {
    fn one(&self, became: Became) -> Answered {
        Answered::new(&self.line.listed, &self.line.id, became)
    }
}

impl Work<'_> {
    pub(super) async fn erase(&self, lines: &[Line]) -> Result<Vec<Answered>> {
        let mut answered = Vec::with_capacity(lines.len());
        for lines in lines.chunks(TOGETHER) {
            answered.extend(Box::pin(self.erase_these(lines)).await?);
        }
        Ok(answered)
    }

    async fn erase_these(&self, lines: &[Line]) -> Result<Vec<Answered>> {
        let Self { house, policy, state, .. } = *self;
        let lender = house.lender(state);
        let key = state.pseudonym_key()?;
        let driver = house.driver(policy, &lender, &key);
        let mut going = self.begin(lines).await?;
        self.run(&driver, &mut going).await?;
        for one in &mut going {
            one.outline = one.case.outline();
            self.agree(one).await?;
        }
        // In a stay of its own: the shape of each system is read again before it is changed.
        self.run(&driver, &mut going).await?;
        let mut answered = Vec::with_capacity(going.len());
        for mut one in going {
            let told = match one.answered.take() {
                Some(told) => told,
                None => self.certify(&mut one).await?,
            };
            one.keeper.release(&one.line.id).await?;
            answered.push(told);
            self.told.answered(1);
        }
        Ok(answered)
    }

    async fn begin<'b>(&'b self, lines: &'b [Line]) -> Result<Vec<Going<'b>>> {
        let Self { house, policy, state, batch, .. } = self;
        let ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
        let taken = CaseKeeper::take_all(state, &policy.organisation.name, &ids).await?;
        let except = Box::pin(house.exceptions(state, policy)).await?;
        let mut going = Vec::with_capacity(lines.len());
        for (line, (keeper, mut case)) in lines.iter().zip(taken) {
            let leave = Leave {
                go_ahead: batch.go_ahead,
                override_cap: batch.override_cap,
                out: Some(self.path("certificate", &line.id, "json")),
                ..Leave::default()
            };
            let mut one = None;
            if case.phase() == Phase::Done && case.terms().is_empty() {
                one = Some(Answered::new(&line.listed, &line.id, Became::Before));
            } else if case.is_unfinished() || case.rests().is_some() {
                // It ended, and what is left is taken up request by request.
                one = Some(Answered::new(&line.listed, &line.id, Became::Before).because(format!(
                    "not everything is done: `upheld request resume {}`",
                    line.id.get(..8).unwrap_or(&line.id)
                )));
            } else {
                case.tighten(&request::rules(policy));
                case.respect(&self.graph, except.clone());
            }
            let outline = case.outline();
            going.push(Going { line, keeper, case, outline, leave, answered: one });
        }
        Ok(going)
    }

    /// Works on those that nothing stands against.
    async fn run(&self, driver: &Driver<'_>, going: &mut [Going<'_>]) -> Result<()> {
        let on = going.iter_mut().filter(|one| one.answered.is_none());
        let (mut cases, keepers): (Vec<&mut Case>, Vec<&CaseKeeper<'_>>) =
            on.map(|one| (&mut one.case, &one.keeper)).unzip();
        let mut visit = driver.visit();
        let ran = visit.run(&mut cases, &Together(keepers)).await;
        visit.close().await;
        Ok(ran?)
    }

    /// Agrees to a plan that stands, if the policy asks for nobody's approval and nothing speaks
    /// against it; otherwise it waits.
    async fn agree(&self, one: &mut Going<'_>) -> Result<()> {
        if one.answered.is_some() || one.case.phase() != Phase::Review {
            return Ok(());
        }
        let digest = one.case.digest();
        let work = request::Work {
            state: self.state,
            policy: self.policy,
            keeper: &one.keeper,
            leave: &one.leave,
            plan_only: false,
            marks: &[],
        };
        let refused = match Box::pin(refuse_restricted(&work, &one.case)).await {
            Err(Error::Refused(why)) => Some(why),
            other => {
                other?;
                None
            }
        };
        let may = refused.is_none()
            && one.leave.go_ahead
            && !self.policy.require_approval
            && one.outline.different_people <= 1;
        let mut waits = one.one(Became::Waits(digest.clone()));
        waits.rows = one.outline.rows_to_change;
        waits.incomplete.extend(refused);
        if one.outline.different_people > 1 {
            waits.incomplete.push(format!(
                "what was given names {} differently named people",
                one.outline.different_people
            ));
        }
        if may {
            let house = self.house;
            let agreed =
                house.agree(&one.keeper, &mut one.case, &digest, one.leave.override_cap).await;
            match agreed {
                Ok(()) => return Ok(()),
                Err(Error::Case(over)) => waits.incomplete.push(over.to_string()),
                Err(error) => return Err(error),
            }
        }
        one.answered = Some(waits);
        Ok(())
    }

    /// Ends a case that was carried out, or that could not be.
    async fn certify(&self, one: &mut Going<'_>) -> Result<Answered> {
        let identities = &one.case.request.identities;
        let marks = marks::in_force(self.state, self.policy, identities).await?;
        let work = request::Work {
            state: self.state,
            policy: self.policy,
            keeper: &one.keeper,
            leave: &one.leave,
            plan_only: false,
            marks: &marks,
        };
        let outline = one.outline.clone();
        let (outline, came) = Box::pin(self.house.conclude(&work, &mut one.case, outline)).await?;
        let told = |became| Answered::new(&one.line.listed, &one.line.id, became);
        Ok(match came {
            Came::Nobody => told(Became::Nobody),
            Came::Erased { certificate, incomplete, .. } => Answered {
                rows: outline.rows_to_change,
                file: certificate.map(|files| files.json),
                incomplete,
                ..told(Became::Erased)
            },
            _ => {
                let problems = outline.problems.iter().map(|(_, problem)| problem.message.clone());
                let against = outline.against.iter().cloned();
                Answered { incomplete: problems.chain(against).collect(), ..told(Became::Refused) }
            }
        })
    }
}
