//! Widening columns until enough rows are alike.
//!
//! As in Datafly (Sweeney 1997): while more rows than may be left out are in classes of fewer than k,
//! the column with the most different values is widened by one step; of equals the first. What is
//! then still in a small class is left out. It finds an answer in a number of steps that grows with
//! the columns and not with their combinations, the same one each time, and each step has a reason.
//! It need not be the one that keeps the most.

use crate::column::ColumnPlan;
use crate::grid::{Coded, Grid, recode};
use crate::method::DateTo;
use crate::risk::classes;
use crate::value::Engine;
use crate::{DateOrder, Method, date, place};

/// One step of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Widened {
    /// The column.
    pub column: String,
    /// How it was written before.
    pub from: Method,
    /// How it is written now.
    pub to: Method,
    /// Different values before and after.
    pub values: (u64, u64),
    /// Rows in classes of fewer than k, before.
    pub below: u64,
}

/// What a search came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The steps, in order.
    pub steps: Vec<Widened>,
    /// Rows that are left out.
    pub leave_out: Vec<bool>,
    /// Their number.
    pub left_out: u64,
}

/// Widens columns of `plans` until no class of `grid` has fewer than `k` rows, leaving out at most
/// `suppress` rows in a hundred as long as there is a step left.
pub fn search(
    engine: &Engine<'_>,
    plans: &mut [ColumnPlan],
    grid: &Grid,
    k: u32,
    suppress: u8,
) -> Search {
    let most = grid.rows as u64 * u64::from(suppress) / 100;
    let mut now: Vec<Coded> = grid
        .quasi
        .iter()
        .map(|(at, column)| {
            plans.get(*at).map_or_else(|| column.clone(), |plan| recode(engine, plan, column))
        })
        .collect();
    let mut ladders: Vec<std::vec::IntoIter<Method>> = grid
        .quasi
        .iter()
        .map(|(at, column)| {
            plans.get(*at).map(|plan| ladder(plan, column)).unwrap_or_default().into_iter()
        })
        .collect();
    let mut steps = Vec::new();
    loop {
        let found = classes(grid.rows, now.iter());
        let small = |class: &u32| {
            let size = found.sizes.get(usize::try_from(*class).unwrap_or(usize::MAX));
            size.is_some_and(|size| *size < u64::from(k))
        };
        let below = found.of.iter().filter(|class| small(class)).count() as u64;
        let next = (below > most)
            .then(|| {
                (0..now.len())
                    .filter(|at| ladders.get(*at).is_some_and(|ladder| ladder.len() > 0))
                    .max_by_key(|at| {
                        (now.get(*at).map_or(0, |column| column.values.len()), usize::MAX - at)
                    })
            })
            .flatten();
        let Some(at) = next else {
            let leave_out: Vec<bool> = found.of.iter().map(small).collect();
            return Search { steps, leave_out, left_out: below };
        };
        let (Some(method), Some((place, raw))) =
            (ladders.get_mut(at).and_then(Iterator::next), grid.quasi.get(at))
        else {
            continue;
        };
        let (Some(plan), Some(column)) = (plans.get_mut(*place), now.get_mut(at)) else { continue };
        let from = std::mem::replace(&mut plan.method, method);
        let new = recode(engine, plan, raw);
        steps.push(Widened {
            column: plan.name.clone(),
            from,
            to: plan.method.clone(),
            values: (column.values.len() as u64, new.values.len() as u64),
            below,
        });
        *column = new;
    }
}

/// Wider and wider ways to write a column, from what its method is on; the last leaves nothing.
fn ladder(plan: &ColumnPlan, column: &Coded) -> Vec<Method> {
    let values = || column.values.iter().map(String::as_str).filter(|value| !value.is_empty());
    let most = |holds: &dyn Fn(&str) -> bool| {
        let (mut all, mut fit) = (0_usize, 0_usize);
        for value in values().take(1_000) {
            all += 1;
            fit += usize::from(holds(value));
        }
        all > 0 && fit * 10 >= all * 9
    };
    let postal = plan.holds.ends_with("postal_code");
    let is_age = plan.holds.ends_with("age_range") || plan.holds == "child.age";
    let mut steps: Vec<Method> = match plan.method {
        Method::Remove => return Vec::new(),
        Method::Date(_) | Method::Shift { .. } => dates(),
        Method::Zip(_) => zips(),
        Method::Age(_) => ages(),
        Method::Bin(_) => bins(column),
        _ if postal && most(&|value| place::postal(value, 3).is_some()) => zips(),
        _ if is_age && most(&|value| crate::value::age(value).is_some()) => ages(),
        _ if most(&|value| date::read(value, DateOrder::DayFirst).is_some()) => dates(),
        _ if plan.numbers => bins(column),
        _ => Vec::new(),
    };
    // What is no wider than now is no step.
    let now = plan.method.clone();
    steps.retain(|step| match (&now, step) {
        (Method::Date(now), Method::Date(step)) => step > now,
        (Method::Zip(now), Method::Zip(step)) => step < now,
        (Method::Age(now), Method::Age(step)) => step > now,
        (Method::Bin(now), Method::Bin(step)) => step > now && step % now == 0,
        _ => true,
    });
    steps.push(Method::Remove);
    steps
}

fn dates() -> Vec<Method> {
    [DateTo::Month, DateTo::Quarter, DateTo::Year, DateTo::Decade].map(Method::Date).into()
}

fn zips() -> Vec<Method> {
    [4, 3, 2, 1].map(Method::Zip).into()
}

fn ages() -> Vec<Method> {
    [5, 10, 20, 40].map(Method::Age).into()
}

/// Widths of 1, 2 and 5 times a power of ten, up to where all numbers are in a few ranges.
fn bins(column: &Coded) -> Vec<Method> {
    let numbers = || column.values.iter().filter_map(|value| crate::value::number(value));
    let low = numbers().fold(f64::INFINITY, f64::min);
    let high = numbers().fold(f64::NEG_INFINITY, f64::max);
    let span = (high - low).clamp(0.0, 1e12);
    let mut out = Vec::new();
    let mut ten = 1_u64;
    while ten <= 1_000_000_000_000 {
        for width in [ten, ten * 2, ten * 5] {
            #[expect(clippy::cast_precision_loss, reason = "widths are at most 10^12")]
            let wide = width as f64;
            // Finer than a hundredth of all is no step worth taking.
            if wide * 100.0 >= span && wide <= span && width > 1 {
                out.push(Method::Bin(width));
            }
        }
        ten *= 10;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;
    use crate::column::{Sample, plan};
    use detect::{DetectOptions, Detector};

    fn table(rows: usize) -> Vec<[String; 3]> {
        let mut seed = 7_u64;
        let mut next = |below: u64| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        (0..rows)
            .map(|_| {
                [
                    format!("{:05}", 60_000 + next(3_000)),
                    (18 + next(80)).to_string(),
                    if next(2) == 0 { "f" } else { "m" }.to_owned(),
                ]
            })
            .collect()
    }

    #[test]
    fn columns_are_widened_until_enough_rows_are_alike() {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let profile = Profile::default();
        let engine = Engine::new(&detector, &profile, None, jiff::civil::date(2026, 11, 23));
        let rows = table(2_000);
        let samples: Vec<Sample> = ["zip", "age", "sex"]
            .iter()
            .enumerate()
            .map(|(at, name)| Sample {
                name: (*name).to_owned(),
                declared: String::new(),
                values: rows.iter().take(500).map(|row| row[at].as_bytes().to_vec()).collect(),
            })
            .collect();
        for (k, suppress) in [(2, 0), (5, 5), (50, 1), (3_000, 0)] {
            let mut plans = plan(&profile, &detector, &samples).unwrap();
            let mut grid = Grid::new(&plans);
            for row in &rows {
                grid.push(|at| row[at].as_str().into());
            }
            let found = search(&engine, &mut plans, &grid, k, suppress);
            let after = grid.after(&engine, &plans).without(&found.leave_out);
            let risk = after.risk(&plans);
            if k == 3_000 {
                // More than there are rows: nothing can be left.
                assert!(risk.is_none() && found.left_out == 2_000);
                continue;
            }
            let risk = risk.unwrap();
            assert!(risk.k >= u64::from(k), "{k}: {risk:?}");
            assert!(found.left_out <= 2_000 * u64::from(suppress) / 100, "{k}");
            assert_eq!(risk.rows + found.left_out, 2_000);
            for step in &found.steps {
                assert!(step.values.1 <= step.values.0 && step.below > 0, "{step:?}");
            }
            let mut again = plan(&profile, &detector, &samples).unwrap();
            assert_eq!(search(&engine, &mut again, &grid, k, suppress), found);
            assert_eq!(again, plans);
        }
    }

    #[test]
    fn ladders_go_on_from_the_method_of_the_column() {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let values = ["100", "20000", "500"];
        let sample = Sample {
            name: "visits".to_owned(),
            declared: String::new(),
            values: values.iter().map(|value| value.as_bytes().to_vec()).collect(),
        };
        let mut profile = Profile::default();
        profile.quasi.push("visits".to_owned());
        let mut plans = plan(&profile, &detector, &[sample]).unwrap();
        let mut grid = Grid::new(&plans);
        values.iter().for_each(|value| grid.push(|_| (*value).into()));
        let shown = |plan: &ColumnPlan| -> Vec<String> {
            ladder(plan, &grid.quasi[0].1).iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            shown(&plans[0]),
            ["bin 200", "bin 500", "bin 1000", "bin 2000", "bin 5000", "bin 10000", "remove"]
        );
        plans[0].method = Method::Bin(1_000);
        assert_eq!(shown(&plans[0]), ["bin 2000", "bin 5000", "bin 10000", "remove"]);
        plans[0].method = Method::Age(10);
        assert_eq!(shown(&plans[0]), ["age 20", "age 40", "remove"]);
        plans[0].method = Method::Date(DateTo::Year);
        assert_eq!(shown(&plans[0]), ["decade", "remove"]);
        plans[0].method = Method::Remove;
        assert!(shown(&plans[0]).is_empty());
    }
}
