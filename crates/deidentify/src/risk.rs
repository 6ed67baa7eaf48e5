//! How surely somebody could be told by what is left.
//!
//! Rows that are alike in every column by which somebody could be told are a *class*. The measures:
//!
//! * k-anonymity (Sweeney 2002): the smallest class.
//! * l-diversity (Machanavajjhala et al. 2007): the fewest different secrets in a class, and the
//!   exponential of the least entropy of the secrets of a class.
//! * t-closeness (Li et al. 2007): how far the secrets of a class are at most from those of all rows,
//!   as earth mover's distance: each step of ordered values costs the same; of categories any two are
//!   equally far.
//! * the risk of being told again (El Emam and Dankar 2008): *prosecutor*, who knows that somebody is
//!   among the rows; *journalist*, who does not, whose risk is no higher; *marketer*, who wants as many
//!   as possible.
//!
//! Each row counts as a person.

use std::collections::BTreeMap;

use crate::column::ColumnPlan;
use crate::grid::{Coded, Grid};

/// Bounds of the sizes by which classes are counted: the first and the last of each.
pub const SIZES: [(u64, u64); 7] =
    [(1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 99), (100, u64::MAX)];

/// The risk of some rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Risk {
    /// Rows.
    pub rows: u64,
    /// Classes.
    pub classes: u64,
    /// The smallest class: k.
    pub k: u64,
    /// For each size how many classes have it.
    pub sizes: BTreeMap<u64, u64>,
    /// What is known of each secret.
    pub secrets: Vec<Secret>,
}

/// How well a secret is hidden among the rows of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Secret {
    /// The position of its column.
    pub column: usize,
    /// The fewest different values in a class.
    pub l: u64,
    /// The exponential of the least entropy.
    pub entropy_l: f64,
    /// The greatest distance from all rows, 0 to 1.
    pub t: f64,
    /// Whether its values have an order.
    pub ordered: bool,
}

impl Risk {
    /// The highest chance that a row is told by somebody who knows that its person is among them.
    /// Whoever does not know that has no higher one.
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    pub fn highest(&self) -> f64 {
        1.0 / self.k.max(1) as f64
    }

    /// The chance of a row on average: also the share of rows that somebody would tell rightly who
    /// tries all of them.
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    pub fn average(&self) -> f64 {
        self.classes as f64 / self.rows.max(1) as f64
    }

    /// Rows in classes of fewer than this.
    pub fn below(&self, k: u64) -> u64 {
        self.sizes.range(..k).map(|(size, classes)| size * classes).sum()
    }

    /// For each of [`SIZES`]: classes, and rows in them.
    pub fn spread(&self) -> [(u64, u64); SIZES.len()] {
        SIZES.map(|(first, last)| {
            let of = self.sizes.range(first..=last);
            of.fold((0, 0), |(all, rows), (size, classes)| (all + classes, rows + size * classes))
        })
    }
}

/// For each row its class, and for each class its rows.
pub(crate) struct Classes {
    pub(crate) of: Vec<u32>,
    pub(crate) sizes: Vec<u64>,
}

/// Parts rows by all of these columns.
pub(crate) fn classes<'c>(rows: usize, columns: impl Iterator<Item = &'c Coded>) -> Classes {
    let mut of = vec![0_u32; rows];
    let mut count = usize::from(rows > 0);
    for column in columns {
        // Classes are numbered in the order of their first rows, so the order of the map is never seen.
        #[expect(
            clippy::disallowed_types,
            reason = "looked up once for each row, never walked through"
        )]
        let mut numbers: std::collections::HashMap<u64, u32> = std::collections::HashMap::new();
        for (class, code) in of.iter_mut().zip(&column.codes) {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *class = *numbers.entry(u64::from(*class) << 32 | u64::from(*code)).or_insert(next);
        }
        count = numbers.len();
    }
    let mut sizes = vec![0_u64; count];
    for class in &of {
        if let Some(size) = sizes.get_mut(usize::try_from(*class).unwrap_or(usize::MAX)) {
            *size += 1;
        }
    }
    Classes { of, sizes }
}

impl Grid {
    /// The risk of these rows; `None` where nothing tells anybody, or there are no rows.
    pub fn risk(&self, plans: &[ColumnPlan]) -> Option<Risk> {
        if !self.is_measured() {
            return None;
        }
        let classes = classes(self.rows, self.quasi.iter().map(|(_, column)| column));
        let mut sizes = BTreeMap::new();
        for size in &classes.sizes {
            *sizes.entry(*size).or_default() += 1;
        }
        let mut members: Vec<Vec<u32>> = Vec::new();
        if !self.sensitive.is_empty() {
            members = vec![Vec::new(); classes.sizes.len()];
            for (row, class) in classes.of.iter().enumerate() {
                if let Some(rows) = members.get_mut(usize::try_from(*class).unwrap_or(usize::MAX)) {
                    rows.push(u32::try_from(row).unwrap_or(u32::MAX));
                }
            }
        }
        let secrets = self.sensitive.iter().map(|(at, column)| {
            let ordered = plans.get(*at).is_some_and(|plan| plan.numbers)
                && column.values.iter().all(|value| value.is_empty() || rank(value).is_some());
            secret(*at, column, ordered, self.rows, &members)
        });
        Some(Risk {
            rows: self.rows as u64,
            classes: classes.sizes.len() as u64,
            k: classes.sizes.iter().copied().min().unwrap_or(0),
            sizes,
            secrets: secrets.collect(),
        })
    }
}

/// Where a number, or a range of numbers, stands among others.
fn rank(value: &str) -> Option<f64> {
    let first = value.split(" to ").next().unwrap_or(value);
    let first = first.strip_suffix('+').unwrap_or(first);
    crate::value::number(first)
}

#[expect(clippy::cast_precision_loss, reason = "shares of rows")]
fn secret(at: usize, column: &Coded, ordered: bool, rows: usize, members: &[Vec<u32>]) -> Secret {
    // Values in their order; an empty one comes first.
    let mut order: Vec<usize> = (0..column.values.len()).collect();
    let value = |at: usize| column.values.get(at).map_or("", String::as_str);
    if ordered {
        order.sort_by(|a, b| {
            let number = |at: usize| rank(value(at)).unwrap_or(f64::NEG_INFINITY);
            number(*a).total_cmp(&number(*b))
        });
    }
    let mut place = vec![0_usize; column.values.len()];
    for (position, code) in order.iter().enumerate() {
        if let Some(place) = place.get_mut(*code) {
            *place = position;
        }
    }
    let place_of = |row: u32| -> usize {
        let code =
            column.codes.get(usize::try_from(row).unwrap_or(usize::MAX)).copied().unwrap_or(0);
        place.get(usize::try_from(code).unwrap_or(usize::MAX)).copied().unwrap_or(0)
    };
    let mut all = vec![0_u64; column.values.len()];
    for class in members {
        for row in class {
            if let Some(count) = all.get_mut(place_of(*row)) {
                *count += 1;
            }
        }
    }
    // Values that no row has any more do not count.
    let held: Vec<usize> = (0..all.len()).filter(|at| all.get(*at) != Some(&0)).collect();
    let share: Vec<f64> = held
        .iter()
        .map(|at| all.get(*at).copied().unwrap_or(0) as f64 / rows.max(1) as f64)
        .collect();
    let mut dense = vec![0_usize; all.len()];
    for (position, at) in held.iter().enumerate() {
        if let Some(dense) = dense.get_mut(*at) {
            *dense = position;
        }
    }
    let ladder = Ladder::new(&share);
    let (mut l, mut entropy, mut t) = (u64::MAX, f64::INFINITY, 0.0_f64);
    let mut places = Vec::new();
    for class in members {
        places.clear();
        places.extend(class.iter().map(|row| dense.get(place_of(*row)).copied().unwrap_or(0)));
        places.sort_unstable();
        let mut counts: Vec<(usize, f64)> = Vec::new();
        for place in &places {
            match counts.last_mut() {
                Some((last, count)) if last == place => *count += 1.0,
                _ => counts.push((*place, 1.0)),
            }
        }
        let size = places.len() as f64;
        for (_, count) in &mut counts {
            *count /= size;
        }
        l = l.min(counts.len() as u64);
        entropy = entropy.min(-counts.iter().map(|(_, share)| share * share.ln()).sum::<f64>());
        let distance = if ordered { ladder.ordered(&counts) } else { ladder.equal(&counts) };
        t = t.max(distance);
    }
    Secret {
        column: at,
        l: if l == u64::MAX { 0 } else { l },
        entropy_l: entropy.exp(),
        t,
        ordered,
    }
}

/// The shares of all rows, added up, so that a class costs no more than its own values.
struct Ladder<'s> {
    share: &'s [f64],
    /// The sum of the shares up to each value, it included.
    sum: Vec<f64>,
    /// The sum of these sums before each value, and of all.
    area: Vec<f64>,
}

impl<'s> Ladder<'s> {
    fn new(share: &'s [f64]) -> Self {
        let (mut sum, mut area) = (Vec::with_capacity(share.len()), vec![0.0]);
        let (mut so_far, mut under) = (0.0, 0.0);
        for share in share {
            so_far += share;
            under += so_far;
            sum.push(so_far);
            area.push(under);
        }
        Self { share, sum, area }
    }

    /// Half of the differences of all shares: any two values are equally far.
    fn equal(&self, counts: &[(usize, f64)]) -> f64 {
        let (mut differences, mut met) = (0.0, 0.0);
        for (place, own) in counts {
            let share = self.share.get(*place).copied().unwrap_or(0.0);
            differences += (own - share).abs();
            met += share;
        }
        (differences + (1.0 - met).max(0.0)) / 2.0
    }

    /// The sum of the differences of the sums of shares, each value one step from the next.
    #[expect(clippy::cast_precision_loss, reason = "the number of values")]
    fn ordered(&self, counts: &[(usize, f64)]) -> f64 {
        let values = self.share.len();
        if values < 2 {
            return 0.0;
        }
        let (mut total, mut own, mut from) = (0.0, 0.0, 0);
        let ends = counts.iter().map(|(place, _)| *place).chain([values]);
        for (end, add) in ends.zip(counts.iter().map(|(_, share)| *share).chain([0.0])) {
            total += self.between(from, end, own);
            from = end;
            own += add;
        }
        total / (values - 1) as f64
    }

    /// The sum of |`level` - sum of shares| over some values, while the class stands at one level.
    #[expect(clippy::cast_precision_loss, reason = "the number of values")]
    fn between(&self, from: usize, to: usize, level: f64) -> f64 {
        let area = |at: usize| self.area.get(at).copied().unwrap_or(0.0);
        let part = self.sum.get(from..to).unwrap_or_default();
        // The sums only rise: below the level first, above it then.
        let split = from + part.partition_point(|sum| *sum < level);
        let below = level * (split - from) as f64 - (area(split) - area(from));
        let above = (area(to) - area(split)) - level * (to - split) as f64;
        below + above
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;
    use crate::column::{Sample, plan};
    use detect::{DetectOptions, Detector};
    use proptest::prelude::*;

    pub(crate) fn grid(
        rows: &[&[&str]],
        quasi: &[&str],
        sensitive: &[&str],
        names: &[&str],
    ) -> (Grid, Vec<ColumnPlan>) {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let profile = Profile {
            quasi: quasi.iter().map(|name| (*name).to_owned()).collect(),
            sensitive: sensitive.iter().map(|name| (*name).to_owned()).collect(),
            ..Profile::default()
        };
        let samples: Vec<Sample> = names
            .iter()
            .enumerate()
            .map(|(at, name)| Sample {
                name: (*name).to_owned(),
                declared: String::new(),
                values: rows.iter().map(|row| row[at].as_bytes().to_vec()).collect(),
            })
            .collect();
        let plans = plan(&profile, &detector, &samples).unwrap();
        let mut grid = Grid::new(&plans);
        for row in rows {
            grid.push(|at| row[at].into());
        }
        (grid, plans)
    }

    /// The tables of Li et al. (2007), whose distances stand in the paper: salaries with an order, and
    /// diseases without one.
    #[test]
    fn the_example_of_the_paper_is_met() {
        let rows: Vec<Vec<String>> = [
            ("476**", "2*", 3, "gastric ulcer"),
            ("476**", "2*", 4, "gastritis"),
            ("476**", "2*", 5, "stomach cancer"),
            ("4790*", ">40", 6, "gastritis"),
            ("4790*", ">40", 11, "flu"),
            ("4790*", ">40", 8, "bronchitis"),
            ("476**", "3*", 7, "bronchitis"),
            ("476**", "3*", 9, "pneumonia"),
            ("476**", "3*", 10, "stomach cancer"),
        ]
        .iter()
        .map(|(zip, age, salary, disease)| {
            vec![
                (*zip).to_owned(),
                (*age).to_owned(),
                format!("{salary}000"),
                (*disease).to_owned(),
            ]
        })
        .collect();
        let borrowed: Vec<Vec<&str>> =
            rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = borrowed.iter().map(Vec::as_slice).collect();
        let (grid, plans) = grid(
            &rows,
            &["zip", "age"],
            &["salary", "disease"],
            &["zip", "age", "salary", "disease"],
        );
        let risk = grid.risk(&plans).unwrap();
        assert_eq!((risk.rows, risk.classes, risk.k), (9, 3, 3));
        let [salary, disease] = &risk.secrets[..] else { panic!() };
        assert!(salary.ordered && !disease.ordered);
        // The paper: D[P1, Q] = 0.375, the greatest of the three.
        assert!((salary.t - 0.375).abs() < 1e-9, "{}", salary.t);
        assert_eq!((salary.l, disease.l), (3, 3));
        assert!((salary.entropy_l - 3.0).abs() < 1e-9);
        assert!(
            (risk.highest() - 1.0 / 3.0).abs() < 1e-9 && (risk.average() - 1.0 / 3.0).abs() < 1e-9
        );
        assert_eq!((risk.below(3), risk.below(4)), (0, 9));
        assert_eq!(risk.spread()[2], (3, 9));
    }

    /// What the PyPI package `pycanon` says of a table: `scripts/check-risk-foreign.py` compares more.
    #[test]
    fn figures_are_those_of_another_program() {
        const ROWS: &str = "2mg7 2fb7 0fa1 1ma4 2fa1 2fb3 0ma7 0fb2 0ff2 0fa3 1fa2 2fb3 0mb2 0mf3 \
            1fg1 1mg4 2ma4 1ff3 0mb1 2mg4 2fb1 2fa1 0mg5 1mb1 2mg1 1fa3 2ma3 1fg6 1ma7 0fg4 0ff5 \
            2mf2 2mg4 2ma1 2fb3 0fa6 1fa4 1ff7 1ma4 2fb4 2mb3 1mb2 0ma6 1ma1 1mg1 1fg3 2mb3 2mg6 \
            0fb5 1mg4 1mg3 2mb3 0mg3 2fa2 1mg6 0ma5 2mg5 2mf2 0ma2 2ff4";
        let rows: Vec<Vec<&str>> = ROWS
            .split_whitespace()
            .map(|row| (0..4).map(|at| row.get(at..=at).unwrap()).collect())
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let names = ["place", "gender", "illness", "pay"];
        let (grid, plans) = grid(&rows, &names[..2], &names[2..], &names);
        let risk = grid.risk(&plans).unwrap();
        assert_eq!((risk.k, risk.classes), (8, 6));
        let [illness, pay] = &risk.secrets[..] else { panic!() };
        // `pycanon` cuts the fraction off: 2 and 4.
        for (secret, l, entropy, t) in
            [(illness, 3, 2.454_555_6, 0.35), (pay, 5, 4.503_200_1, 0.091_666_666_7)]
        {
            assert_eq!(secret.l, l);
            assert!((secret.entropy_l - entropy).abs() < 1e-6, "{}", secret.entropy_l);
            assert!((secret.t - t).abs() < 1e-9, "{}", secret.t);
        }
    }

    proptest! {
        /// The short way gives what the definition gives.
        #[test]
        fn distances_are_those_of_the_definition(
            rows in proptest::collection::vec((0_u8..4, 0_u8..9), 1..60)
        ) {
            let texts: Vec<[String; 2]> =
                rows.iter().map(|(a, b)| [format!("q{a}"), b.to_string()]).collect();
            let borrowed: Vec<Vec<&str>> =
                texts.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
            let borrowed: Vec<&[&str]> = borrowed.iter().map(Vec::as_slice).collect();
            let (grid, plans) = grid(&borrowed, &["q"], &["s"], &["q", "s"]);
            let risk = grid.risk(&plans).unwrap();
            let held: Vec<u8> = (0..9).filter(|v| rows.iter().any(|(_, b)| b == v)).collect();
            let share = |of: &[u8], v: u8| {
                of.iter().filter(|b| **b == v).count() as f64 / of.len() as f64
            };
            let all: Vec<u8> = rows.iter().map(|(_, b)| *b).collect();
            let (mut t, mut l, mut smallest) = (0.0_f64, usize::MAX, usize::MAX);
            for q in 0..4 {
                let class: Vec<u8> =
                    rows.iter().filter(|(a, _)| *a == q).map(|(_, b)| *b).collect();
                if class.is_empty() { continue; }
                smallest = smallest.min(class.len());
                l = l.min(held.iter().filter(|v| class.contains(v)).count());
                let (mut sum, mut total) = (0.0, 0.0_f64);
                for v in &held {
                    sum += share(&class, *v) - share(&all, *v);
                    total += f64::abs(sum);
                }
                t = t.max(total / (held.len().max(2) - 1) as f64);
            }
            prop_assert_eq!(risk.k, smallest as u64);
            prop_assert_eq!(risk.secrets[0].l, l as u64);
            prop_assert!((risk.secrets[0].t - t).abs() < 1e-9, "{} {}", risk.secrets[0].t, t);
        }
    }
}
