//! Taking people out of files and tables before they are handed on.
//!
//! Each file or table is read twice: once to see what its columns hold and how surely somebody could
//! be told by them, and once to be written again. What is written appears whole or not at all.
//!
//! What is deliberately absent: anything that changes a source without being asked to.

mod certificate;
mod choice;
mod files;
mod fit;
mod key;
mod tables;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use deidentify::risk::{Risk, SIZES};
use deidentify::search::Widened;
use deidentify::{ColumnPlan, Key, MarkKind, Profile, Tally};
use detect::Detector;
use render::deidentify::{
    DeidentifiedColumn, DeidentifiedPart, DeidentifyReport, RiskFigures, SecretFigures, UnsurePlace,
};
use render::words;

pub(crate) use certificate::KIND;

use crate::{Error, House, Means, Result, Settings};

/// What to take people out of, and how.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// A file, a folder, a system of the policy folder, the address of a database; `-` is standard
    /// input.
    pub source: String,
    /// The file or folder to write; `-` is standard output. None where it is changed in place, or
    /// only planned.
    pub out: Option<String>,
    /// Change the source itself.
    pub in_place: bool,
    /// Write nothing; say what would be done.
    pub plan: bool,
    /// A built-in profile, or a file.
    pub profile: Option<String>,
    /// A file with the key of pseudonyms.
    pub key: Option<PathBuf>,
    /// How the source is written, where its name does not tell: csv, jsonl, json, parquet, text.
    pub form: Option<String>,
    /// Tables of a database; all where none is named.
    pub tables: Vec<String>,
    /// The least number of rows that shall be alike.
    pub k: Option<u32>,
    /// Columns by which somebody could be told together.
    pub quasi: Vec<String>,
    /// Columns that nobody should learn.
    pub sensitive: Vec<String>,
    /// Where the signed certificate goes.
    pub certificate: Option<PathBuf>,
}

/// What every part of a run needs.
struct Run {
    detector: Detector,
    profile: Profile,
    key: Option<Key>,
    today: jiff::civil::Date,
    threads: usize,
    plan: bool,
}

impl Run {
    fn engine(&self) -> deidentify::Engine<'_> {
        deidentify::Engine::new(&self.detector, &self.profile, self.key.as_ref(), self.today)
    }
}

/// A source, once it is known what it is.
enum Source {
    Input,
    Path(PathBuf),
    System(String),
    Address(String),
}

/// Makes a key of pseudonyms in a new file that its owner alone can read.
pub fn new_key(file: &Path, means: &Means) -> Result<()> {
    key::make(file, means)
}

/// Takes people out of what was named.
pub async fn deidentify(folder: &Path, means: Means, wish: &Wish) -> Result<DeidentifyReport> {
    let source = source(folder, &wish.source)?;
    check(&source, wish)?;
    let house = if folder.join("policy.yaml").is_file() {
        Some(House::open(folder, means.clone())?)
    } else {
        None
    };
    if house.is_none() && wish.certificate.is_some() {
        return Err(Error::Refused(
            "a certificate is entered in the log of a policy folder: name one with `-C DIR`"
                .to_owned(),
        ));
    }
    // What is entered in the log at the end speaks for an organisation: it is known before anything is
    // written.
    if let Some(house) = &house {
        house.policy(false)?;
    }
    let profile = choice::profile(wish)?;
    let (key, from) = key::find(wish, &profile, house.as_ref(), &means).await?;
    let zone = jiff::tz::TimeZone::UTC;
    let now = jiff::Timestamp::from_microsecond(means.clock.now().0)
        .map_err(|_| Error::Refused("the clock of this machine is wrong".to_owned()))?;
    let run = Run {
        detector: choice::detector(&profile)?,
        today: now.to_zoned(zone).date(),
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8),
        plan: wish.plan,
        key,
        profile,
    };
    let mut report = DeidentifyReport {
        profile: run.profile.name.clone(),
        rules: choice::digest(&run.profile),
        key: from,
        key_mark: run.key.as_ref().map(Key::mark),
        plan: wish.plan,
        k: run.profile.k,
        titles: titles(),
        ..DeidentifyReport::default()
    };
    match source {
        Source::Input | Source::Path(_) => {
            let wish = wish.clone();
            let progress = std::sync::Arc::clone(&means.progress);
            let work = move || {
                let done = match &source {
                    Source::Path(path) => {
                        files::path(&run, &wish, path, progress.as_ref(), &mut report)
                    }
                    _ => files::input(&run, &wish, &mut report),
                };
                done.map(|()| report)
            };
            let done = tokio::task::spawn_blocking(work).await;
            report = done.map_err(|_| Error::Refused("the work ended early".to_owned()))??;
        }
        Source::System(name) => {
            let house = house.as_ref().ok_or_else(|| Error::NoPolicy(folder.to_owned()))?;
            tables::system(&run, wish, house, &name, &mut report).await?;
        }
        Source::Address(address) => {
            tables::address(&run, wish, &means, &address, &mut report).await?;
        }
    }
    if let Some(house) = house.filter(|_| !wish.plan) {
        certificate::issue(&house, wish, &report).await?;
    }
    Ok(report)
}

/// What a name stands for: what is there comes before what is called so in the settings.
fn source(folder: &Path, name: &str) -> Result<Source> {
    if name == "-" {
        return Ok(Source::Input);
    }
    let path = Path::new(name);
    if path.symlink_metadata().is_ok() {
        return Ok(Source::Path(path.to_owned()));
    }
    if Settings::read(folder)?.connections.contains_key(name) {
        return Ok(Source::System(name.to_owned()));
    }
    if name.contains("://") || name.starts_with("sqlite:") {
        return Ok(Source::Address(name.to_owned()));
    }
    Err(Error::Refused(format!(
        "`{name}`: there is no such file or folder here, and upheld.toml connects no system of this name; check the spelling"
    )))
}

/// Refuses what would change a source by accident.
fn check(source: &Source, wish: &Wish) -> Result<()> {
    let refuse = |why: &str| Err(Error::Refused(why.to_owned()));
    match (&wish.out, wish.in_place, wish.plan) {
        (Some(_), true, _) => refuse("`--in-place` changes the source itself: leave out `-o`"),
        (None, false, false) if !matches!(source, Source::Input) => refuse(
            "say where the result goes with `-o`, change the source itself with `--in-place`, or only look with `--plan`",
        ),
        (None, true, _) if matches!(source, Source::Input) => {
            refuse("standard input cannot be changed in place")
        }
        _ => Ok(()),
    }
}

fn titles() -> BTreeMap<String, String> {
    let marks = [MarkKind::Date, MarkKind::Age, MarkKind::Url, MarkKind::Vehicle];
    let marks = marks.map(|mark| (mark.key().to_owned(), mark.title().to_owned()));
    let kinds = detect::kinds().map(|kind| (kind.key().to_owned(), kind.title().to_owned()));
    kinds.chain(marks).collect()
}

/// What is told of a table.
struct Told<'t> {
    plans: &'t [ColumnPlan],
    /// One more than the plans where values have no column.
    columns: &'t [Tally],
    steps: &'t [Widened],
    before: Option<Risk>,
    after: Option<Risk>,
}

impl Told<'_> {
    fn tell(&self, part: &mut DeidentifiedPart) {
        for (at, tally) in self.columns.iter().enumerate() {
            let plan = self.plans.get(at);
            let rest = at + 1 == self.columns.len() && plan.is_none_or(|plan| plan.name == OTHERS);
            if rest && tally.values == 0 && tally.found.is_empty() {
                continue;
            }
            let name = plan.map_or(OTHERS, |plan| plan.name.as_str());
            if let Some(plan) = plan {
                part.columns.push(DeidentifiedColumn {
                    name: plan.name.clone(),
                    holds: plan.holds.clone(),
                    method: plan.method.to_string(),
                    why: plan.why.clone(),
                    values: tally.values,
                    changed: tally.changed,
                    unreadable: tally.unreadable,
                    too_short: tally.too_short,
                    quasi: plan.quasi,
                    sensitive: plan.sensitive,
                });
            }
            running(part, name, tally);
        }
        part.steps = self.steps.iter().map(step).collect();
        part.before = self.before.as_ref().map(|risk| figures(risk, self.plans));
        part.after = self.after.as_ref().map(|risk| figures(risk, self.plans));
    }
}

/// The name of the values that have no column of their own.
const OTHERS: &str = "(other values)";

/// What was found in running text.
fn running(part: &mut DeidentifiedPart, column: &str, tally: &Tally) {
    for (mine, theirs) in [(&mut part.found, &tally.found), (&mut part.unsure, &tally.unsure)] {
        for (kind, count) in theirs {
            *mine.entry(kind.clone()).or_default() += count;
        }
    }
    part.unsure_places.extend(tally.places.iter().map(|place| UnsurePlace {
        column: column.to_owned(),
        row: place.row,
        kind: place.kind.clone(),
        confidence: place.confidence,
        reason: place.reason.to_owned(),
    }));
}

fn step(step: &Widened) -> String {
    format!(
        "`{}` from `{}` to `{}`: it had the most different values ({}, now {}), and {} stood in too small a class",
        step.column,
        step.from,
        step.to,
        words::number(step.values.0),
        words::number(step.values.1),
        words::count(step.below, "row", "rows"),
    )
}

fn figures(risk: &Risk, plans: &[ColumnPlan]) -> RiskFigures {
    let size = |(first, last): (u64, u64)| match last {
        u64::MAX => format!("{first} and more"),
        last if last == first => first.to_string(),
        last => format!("{first} to {last}"),
    };
    RiskFigures {
        rows: risk.rows,
        classes: risk.classes,
        k: risk.k,
        spread: SIZES
            .into_iter()
            .zip(risk.spread())
            .map(|(bounds, (classes, rows))| (size(bounds), classes, rows))
            .collect(),
        highest: risk.highest(),
        average: risk.average(),
        secrets: risk
            .secrets
            .iter()
            .map(|secret| SecretFigures {
                column: plans.get(secret.column).map(|plan| plan.name.clone()).unwrap_or_default(),
                l: secret.l,
                entropy_l: secret.entropy_l,
                t: secret.t,
                ordered: secret.ordered,
            })
            .collect(),
    }
}
