//! Somebody is erased; years later what was kept goes too; they ask again; a backup comes back.

use std::collections::{BTreeMap, BTreeSet};

use engine::Keeper as _;
use model::{Identity, IdentityKind, Value};
use plan::{Case, Graph, RequestKind, TermKind};

use super::answer::About;
use super::judge::text_shows;
use super::{COUNTRY, Theatre};
use crate::make::identities;
use crate::people::{CAST, Form, Known, named};
use crate::stage::lock;
use crate::time::DAY;
use crate::world::{At, Truth, is_left_alone, is_left_as_it_is};
use crate::{Violation, broken};

impl Theatre {
    pub(super) fn about(&self, who: usize, given: &BTreeSet<Known>, within: Option<&str>) -> About {
        let stage = lock(&self.stage);
        let (known, reached) = stage.world.known(who, given, within);
        let within = within.map(str::to_owned);
        About { who, known, reached, within, as_of: stage.world.now }
    }

    pub(super) async fn erasure(&self) -> Result<(), Violation> {
        let backup = lock(&self.stage).world.clone();
        let (asked, given) = identities(&backup, &self.dice);
        let mut about = self.about(backup.who, &given, None);
        if self.dice.happens(12) {
            self.hold_something(&about);
        }
        let kind = if self.dice.happens(15) { RequestKind::Closure } else { RequestKind::Erasure };
        let case = self.open("e1", kind, asked.clone());
        about.as_of = case.request.opened_at;
        let mut case = self.answer(case, &about).await?;
        if !case.is_unfinished() && case.rests().is_some() {
            self.years_pass();
            about.as_of = lock(&self.stage).world.now;
            self.tell(|| "years pass and every hold is lifted".to_owned());
            if let Err(why) = case.wake(&Graph::new(&self.systems), about.as_of) {
                return broken("what rests can be woken", why.to_string());
            }
            // Who wakes it writes that down before anything is done, or tries once more.
            while !matches!(self.alive(self.keeper().keep(&case)).await, Some(Ok(()))) {}
            self.forget_older_copies(&case);
            case = self.answer(case, &about).await?;
        }
        if case.is_unfinished() {
            return Ok(());
        }
        if self.dice.happens(50) {
            self.second_request(asked, &given, &about, &case).await?;
        }
        if self.dice.happens(60) {
            self.backup_comes_back(&backup, &case).await?;
        }
        Ok(())
    }

    fn years_pass(&self) {
        let mut stage = lock(&self.stage);
        stage.world.now.0 += DAY * (365 * 12 + 3);
        stage.world.holds.clear();
    }

    /// A copy from before it was woken, or planned again, is the account of what was done before, and
    /// it is not taken up in place of the newer one: it would end once more as it ended then. Nothing
    /// could be judged by it that was not judged then.
    pub(super) fn forget_older_copies(&self, case: &Case) {
        if let Some(kept) = lock(&self.stage).kept.get_mut(&case.request.id) {
            kept.drain(..kept.len().saturating_sub(1));
        }
    }

    /// The same request once more: there is nothing left to do.
    async fn second_request(
        &self,
        asked: Vec<Identity>,
        given: &BTreeSet<Known>,
        about: &About,
        before: &Case,
    ) -> Result<(), Violation> {
        let kept = before.rows().places().any(|(_, rows)| rows.values().any(|r| r.kept.is_some()));
        let deeds = {
            let stage = lock(&self.stage);
            if kept || stage.stirred {
                return Ok(());
            }
            stage.deeds.len()
        };
        let case = self.open("e2", RequestKind::Erasure, asked);
        // It is a request of its own and knows what it was given. The rows in which the first one
        // read the rest are cleared by now, so nothing says that a number that somebody writes down
        // meanwhile is hers. What stood there before was judged by all of it when the first one
        // ended; had anything been left of it for this one to do, the last check here would tell.
        let as_of = case.request.opened_at;
        let about = About { known: given.clone(), as_of, ..about.clone() };
        self.answer(case, &about).await?;
        let stage = lock(&self.stage);
        if stage.deeds.len() > deeds && !stage.stirred {
            return broken("a second request changes nothing", "it did");
        }
        Ok(())
    }

    /// One system is restored from a backup that was taken before the erasure.
    async fn backup_comes_back(
        &self,
        backup: &crate::world::World,
        erased: &Case,
    ) -> Result<(), Violation> {
        let Some(map) = self.dice.pick(&self.systems) else { return Ok(()) };
        {
            let mut stage = lock(&self.stage);
            let Some(base) = backup.bases.get(&map.key) else { return Ok(()) };
            stage.world.bases.insert(map.key.clone(), base.clone());
            stage.world.truth.retain(|at, _| at.0.system != map.key);
            let old: Vec<(At, Truth)> = backup
                .truth
                .iter()
                .filter(|(at, _)| at.0.system == map.key)
                .map(|(at, truth)| (at.clone(), truth.clone()))
                .collect();
            stage.world.truth.extend(old);
            stage.tell(|| format!("`{}` is restored from a backup", map.key));
        }
        // What the house remembers of whom it erased: identifiers in their normal form.
        let mut remembered: BTreeSet<(IdentityKind, String)> = BTreeSet::new();
        for term in erased.terms() {
            let (kind, term_kind) = match term.kind {
                TermKind::Email => (IdentityKind::Email, detect::TermKind::Email),
                TermKind::Phone => (IdentityKind::Phone, detect::TermKind::Phone),
                TermKind::UserName => (IdentityKind::UserName, detect::TermKind::UserName),
                _ => continue,
            };
            let normal = detect::normal_form(term_kind, term.text.expose(), Some(COUNTRY));
            remembered.insert((kind, normal));
        }
        let known = |kind: IdentityKind, normal: &str| -> Vec<String> {
            let is_it = remembered.contains(&(kind, normal.to_owned()));
            is_it.then(|| "e1".to_owned()).into_iter().collect()
        };
        let mut found = None;
        for _ in 0..10 {
            let now = lock(&self.stage).world.now;
            let look = engine::look_again(&self.reach, map, &known, Some(COUNTRY), now, &|_| {});
            if let Some(Ok(again)) = self.alive(look).await {
                found = Some(again);
                break;
            }
        }
        let Some(mut found) = found else { return Ok(()) };
        let again = found.people.remove("e1").unwrap_or_default();
        self.is_found_again(backup, map, &again, &remembered)?;
        if again.identities.is_empty() {
            return Ok(());
        }
        let who = backup.who;
        let mut given = BTreeSet::new();
        for identity in &again.identities {
            given.insert(match identity.kind {
                IdentityKind::Email => Known::Email,
                IdentityKind::Phone => Known::Phone,
                IdentityKind::UserName => Known::Login,
                _ => continue,
            });
        }
        // The switchboard's number is not what one is known by.
        let office = backup.office && given.contains(&Known::Phone);
        if office {
            return Ok(());
        }
        let mut about = self.about(who, &given, Some(&map.key));
        let asked = again.identities.into_iter().collect();
        let case = self.open("e3", RequestKind::Erasure, asked);
        about.as_of = case.request.opened_at;
        self.answer(case, &about).await?;
        Ok(())
    }

    /// Whoever is there again by an address that the house remembers is found.
    fn is_found_again(
        &self,
        backup: &crate::world::World,
        map: &policy::System,
        again: &engine::Again,
        remembered: &BTreeSet<(IdentityKind, String)>,
    ) -> Result<(), Violation> {
        let stage = lock(&self.stage);
        let world = &stage.world;
        let Some(person) = CAST.get(backup.who) else { return Ok(()) };
        let address = detect::normal_form(detect::TermKind::Email, person.email, None);
        if stage.stirred || !remembered.contains(&(IdentityKind::Email, address)) {
            return Ok(());
        }
        let by_address = About {
            who: backup.who,
            known: BTreeSet::from([Known::Email]),
            reached: BTreeSet::new(),
            within: None,
            as_of: world.now,
        };
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (at, _) in world.truth.iter().filter(|(at, _)| at.0.system == map.key) {
            let (Some(collection), Some(row)) = (world.collection(&at.0), world.row(at)) else {
                continue;
            };
            if is_left_alone(collection) || world.is_young(at, row, world.now) {
                continue;
            }
            for (field, value) in collection.fields.iter().zip(row) {
                let names = value.as_text().is_some_and(|text| text_shows(text, &by_address));
                if names && !is_left_as_it_is(field) {
                    *counts.entry(at.0.to_string()).or_default() += 1;
                }
            }
        }
        let found = again.identities.iter().any(|identity| {
            let kind = detect::TermKind::Email;
            detect::same_identity(kind, identity.value.expose(), person.email, None)
        });
        if !counts.is_empty() && !found {
            return broken("whoever comes back with a backup is found", format!("in {counts:?}"));
        }
        Ok(())
    }

    /// Two people are planned together and erased one after the other.
    pub(super) async fn two_people(&self) -> Result<(), Violation> {
        let (first, office) = {
            let stage = lock(&self.stage);
            (stage.world.who, stage.world.office)
        };
        let second = (first + 2) % CAST.len();
        let given = BTreeSet::from([Known::Email]);
        let mut people = Vec::new();
        for (id, who) in [("t1", first), ("t2", second)] {
            let Some(person) = CAST.get(who) else { return Ok(()) };
            let email = Identity::new(IdentityKind::Email, named(person, Form::Email));
            let mut about = self.about(who, &given, None);
            let case = self.open(id, RequestKind::Erasure, vec![email]);
            about.as_of = case.request.opened_at;
            people.push((case, about));
        }
        let keeper = self.keeper();
        let mut cases: Vec<_> =
            people.iter_mut().map(|(case, _)| (case, &keeper as &dyn engine::Keeper)).collect();
        // Whatever came of it, each goes on by itself from what was written down.
        let together = self.alive(self.driver().run_together(&mut cases)).await;
        drop(cases);
        let died = !matches!(together, Some(Ok(())));
        // One changes what the other's plan speaks of.
        lock(&self.stage).stirred |= office || !died;
        let mut ended = Vec::new();
        for (case, about) in people {
            let case = if died { self.last_kept(case)? } else { case };
            ended.push((self.answer(case, &about).await?, about));
            lock(&self.stage).gone = true;
        }
        for (case, about) in &ended {
            if !case.is_unfinished() {
                self.judge_gone(case, about)?;
            }
        }
        Ok(())
    }

    fn last_kept(&self, case: Case) -> Result<Case, Violation> {
        let stage = lock(&self.stage);
        let Some(last) = stage.kept.get(&case.request.id).and_then(|kept| kept.last()) else {
            return Ok(self.anew(&case));
        };
        serde_json::from_str(last).or_else(|why| broken("a kept case can be read", why.to_string()))
    }

    fn anew(&self, case: &Case) -> Case {
        let request = case.request.clone();
        Case::open(request, plan::Settings::default(), &Graph::new(&self.systems))
    }
}

/// The text of a value, if it has one.
pub(super) fn text_of(value: &Value) -> &str {
    value.as_text().unwrap_or_default()
}
