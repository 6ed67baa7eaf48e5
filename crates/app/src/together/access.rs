//! Packages for the people of a list, in waves.
//!
//! Where texts are read, that pass is the work, and it is one for all. Where they are not, the first
//! wave is small, so that the first package is there soon; later ones are large, because a question
//! costs a database about the same for five hundred people as for one.

use engine::{HandOut, Visit, side_by_side};
use plan::{Case, Phase};

use super::{Answered, Became, Line, List, Work};
use crate::keeper::{CaseKeeper, Together};
use crate::package::{Made, Making};
use crate::request::Leave;
use crate::{Error, Result, marks};

/// People of the first wave, and of the largest.
const FIRST: usize = 8;
const LARGEST: usize = 512;
/// By so much is a wave larger than the one before.
const GROWS: usize = 8;
/// At most so many packages are being written at once, and so many records are in them unless it is
/// one person's.
const PACKAGES: usize = 64;
const RECORDS: usize = 4_000;
/// The disk is asked to have so many packages at once: it takes them together.
const FLUSHES: usize = 16;

/// A case on its way to its package.
struct Guest<'g> {
    line: &'g Line,
    keeper: CaseKeeper<'g>,
    case: Case,
}

/// What came of making one package.
type Packed = std::result::Result<Made, String>;

impl Work<'_> {
    /// Hands everything out to everybody.
    pub(super) async fn hand_out(&self, list: &List) -> Result<Vec<Answered>> {
        let lines = list.lines.as_slice();
        let lender = self.house.lender(self.state);
        let key = self.state.pseudonym_key()?;
        let driver = self.house.driver(self.policy, &lender, &key);
        let mut visit = driver.visit();
        visit.remember_names();
        let mut answered = Vec::with_capacity(lines.len());
        let mut size = if self.batch.by_reference { FIRST } else { lines.len().max(1) };
        // The first few do not wait until the requests of all are open.
        let (first, mut rest) = lines.split_at(size.min(lines.len()));
        self.open(list, first).await?;
        self.wave(first, &mut visit, &mut answered).await?;
        self.open(list, rest).await?;
        while !rest.is_empty() {
            size = (size * GROWS).min(LARGEST);
            let (wave, later) = rest.split_at(size.min(rest.len()));
            self.wave(wave, &mut visit, &mut answered).await?;
            rest = later;
        }
        visit.close().await;
        answered.sort_by_key(|one| one.line);
        Ok(answered)
    }

    async fn wave(
        &self,
        lines: &[Line],
        visit: &mut Visit<'_>,
        answered: &mut Vec<Answered>,
    ) -> Result<()> {
        let mut guests = self.take(lines, answered).await?;
        {
            let (cases, keepers): (Vec<&mut Case>, Vec<&CaseKeeper<'_>>) =
                guests.iter_mut().map(|guest| (&mut guest.case, &guest.keeper)).unzip();
            let mut cases = cases;
            visit.run(&mut cases, &Together(keepers)).await?;
        }
        let mut rest = guests.as_mut_slice();
        while !rest.is_empty() {
            let mut records = 0;
            let fits = rest.iter().take(PACKAGES).take_while(|guest| {
                records += guest.case.rows().len();
                records <= RECORDS
            });
            let fits = fits.count().max(1);
            let (now, later) = std::mem::take(&mut rest).split_at_mut(fits);
            answered.extend(self.pack(now, visit).await?);
            rest = later;
            self.told.answered(now.len());
        }
        Ok(())
    }

    /// Takes the cases of these lines up; those that have ended are told at once.
    async fn take<'t>(
        &'t self,
        lines: &'t [Line],
        answered: &mut Vec<Answered>,
    ) -> Result<Vec<Guest<'t>>> {
        let ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
        let organisation = &self.policy.organisation.name;
        let taken = CaseKeeper::take_all(self.state, organisation, &ids).await?;
        let mut guests = Vec::with_capacity(lines.len());
        for (line, (keeper, case)) in lines.iter().zip(taken) {
            if case.phase() == Phase::Done && case.terms().is_empty() {
                keeper.release(&line.id).await?;
                let mut before = Answered::new(&line.listed, &line.id, Became::Before);
                before.file = Some(self.path(self.batch.kind.key(), &line.id, "zip"))
                    .filter(|file| file.is_file());
                answered.push(before);
                continue;
            }
            guests.push(Guest { line, keeper, case });
        }
        Ok(guests)
    }

    /// Makes the packages of these people, and writes down that they are made.
    async fn pack(&self, guests: &mut [Guest<'_>], visit: &mut Visit<'_>) -> Result<Vec<Answered>> {
        let people: Vec<_> =
            guests.iter().map(|guest| guest.case.request.identities.as_slice()).collect();
        let marks = marks::in_force_of_all(self.state, self.policy, &people).await?;
        let mut making = Vec::with_capacity(guests.len());
        for (guest, marks) in guests.iter().zip(&marks) {
            let out = Some(self.path(self.batch.kind.key(), &guest.line.id, "zip"));
            let password = self.batch.password.clone();
            let leave = Leave { out, password, ..Leave::default() };
            making.push(Making::begin(self.house, self.policy, &guest.case, &leave, marks));
        }
        let mut people: Vec<(&mut Case, &mut dyn HandOut)> = Vec::with_capacity(guests.len());
        for (guest, making) in guests.iter_mut().zip(&mut making) {
            if let Ok(making) = making {
                people.push((&mut guest.case, &mut making.hands));
            }
        }
        visit.hand_out(&mut people).await?;
        drop(people);
        let made = self.finish(guests, making);
        let mut answered = Vec::with_capacity(guests.len());
        let (mut stored, mut events) = (Vec::new(), Vec::new());
        for (at, (guest, made)) in guests.iter_mut().zip(made).enumerate() {
            let one = |became| Answered::new(&guest.line.listed, &guest.line.id, became);
            match made {
                Ok(made) => {
                    guest.case.forget();
                    stored.push(at);
                    events.push(("package made", made.told()));
                    answered.push(Answered {
                        rows: made.summary.records,
                        file: Some(made.target.clone()),
                        incomplete: made.incomplete.clone(),
                        ..one(Became::HandedOut)
                    });
                }
                // It stays as it was kept before its rows were read, and is made another time.
                Err(why) => {
                    guest.keeper.release(&guest.line.id).await?;
                    answered.push(one(Became::Interrupted).because(why));
                }
            }
        }
        let keepers = Together(guests.iter().map(|guest| &guest.keeper).collect());
        let cases: Vec<(usize, &Case)> =
            stored.iter().filter_map(|at| Some((*at, &guests.get(*at)?.case))).collect();
        keepers.save_all(&cases, &events, true).await?;
        Ok(answered)
    }

    /// Finishes the packages, waits until the disk has them, and puts them in their places.
    fn finish(&self, guests: &[Guest<'_>], making: Vec<Result<Making<'_>>>) -> Vec<Packed> {
        struct Packing<'p> {
            case: &'p Case,
            making: Option<Result<Making<'p>>>,
            made: Packed,
        }
        let said = |error: Error| error.to_string();
        let policy = self.policy;
        let mut packing: Vec<Packing<'_>> = guests
            .iter()
            .zip(making)
            .map(|(guest, making)| Packing {
                case: &guest.case,
                making: Some(making),
                made: Err(String::new()),
            })
            .collect();
        side_by_side(&mut packing, |one| {
            if let Some(making) = one.making.take() {
                one.made = making.and_then(|making| making.finish(policy, one.case)).map_err(said);
            }
        });
        // Whoever waits for the disk needs no core: more of them than there are cores.
        let share = packing.len().div_ceil(FLUSHES).max(1);
        std::thread::scope(|scope| {
            for share in packing.chunks_mut(share) {
                scope.spawn(|| share.iter_mut().for_each(|one| flush(&mut one.made)));
            }
        });
        let put = |made: Packed| -> Packed {
            let mut made = made?;
            made.persist().map_err(said)?;
            Ok(made)
        };
        packing.into_iter().map(|one| put(one.made)).collect()
    }
}

fn flush(made: &mut Packed) {
    let failed = match made {
        Ok(made) => made.flush().err(),
        Err(_) => None,
    };
    if let Some(error) = failed {
        *made = Err(error.to_string());
    }
}
