//! Which look-ups read a whole table, and which index would serve them.

use std::time::Duration;

use connect::{Fold, How, Probe, Probed, Served, Timed, Timing};
use serde::Serialize;

use super::Opened;
use crate::Result;
use crate::house::House;

/// A table with fewer rows is read as fast whole.
pub const FEW_ROWS: u64 = 10_000;

/// How much is measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measure {
    /// Time the look-ups as they are, and one along each table's key.
    pub time: bool,
    /// Build each index in a transaction that is rolled back, and time the look-up along it.
    pub trial: bool,
}

/// The look-ups of one system.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SystemIndexes {
    /// Its key.
    pub system: String,
    /// The product and its version.
    pub product: String,
    /// Look-ups in large tables that no index serves, and one would.
    pub helped: Vec<Helped>,
    /// Look-ups in large tables that no index can serve.
    pub never: Vec<Never>,
    /// How many look-ups an index serves.
    pub served: u64,
    /// How many that none serves are in tables so small that they are read as fast whole.
    pub small: u64,
    /// What could not be looked at.
    pub left_out: Vec<String>,
    /// Why nothing can be said, where nothing can.
    pub failed: Option<String>,
}

/// A look-up that an index would serve.
#[derive(Debug, Clone, Serialize)]
pub struct Helped {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// How rows are looked up by it, in plain words.
    pub how: &'static str,
    /// For what.
    pub because: Vec<String>,
    /// About how many rows are read each time.
    pub about_rows: u64,
    /// What makes the index, in this order.
    pub statements: Vec<String>,
    /// How long the look-up takes now, in microseconds, where it was timed.
    pub now: Option<u64>,
    /// How long one along the table's own key takes, in microseconds.
    pub by_key: Option<u64>,
    /// What the trial showed, where there was one.
    pub trial: Option<Trial>,
}

/// An index that was built, timed and undone.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trial {
    /// In microseconds and bytes.
    Done {
        /// How long the look-up takes along it.
        then: u64,
        /// How long it took to build.
        built_in: u64,
        /// How large it is.
        bytes: u64,
    },
    /// It could not be tried.
    Failed(String),
}

/// A look-up that no index can serve.
#[derive(Debug, Clone, Serialize)]
pub struct Never {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// Why.
    pub why: String,
    /// About how many rows are read each time.
    pub about_rows: u64,
}

impl House {
    /// The look-ups of one system, or of all, held against its indexes. Changes nothing, but for what
    /// [`Measure::trial`] builds and undoes.
    pub async fn indexes(
        &self,
        system: Option<&str>,
        measure: Measure,
    ) -> Result<Vec<SystemIndexes>> {
        let policy = self.policy(false)?;
        let state = self.state().await?;
        let mut told = Vec::new();
        for system in self.meant(&policy, system)? {
            let mut one = SystemIndexes { system: system.key.clone(), ..SystemIndexes::default() };
            match self.opened(&state, &policy, system).await {
                Ok(mut opened) => {
                    one.product = format!("{} {}", opened.product.title(), opened.version);
                    one.left_out = std::mem::take(&mut opened.uses.left_out);
                    self.means.progress.step(&system.title, "asking how rows are looked up");
                    let done = one.fill(&opened, measure).await;
                    one.failed = done.err().map(|error| error.to_string());
                    opened.connector.close().await;
                }
                Err(error) => one.failed = Some(error.to_string()),
            }
            told.push(one);
        }
        Ok(told)
    }
}

/// Look-ups in large tables that read the whole of them, in one line; `None` where there are none.
pub(super) async fn count(opened: &Opened) -> connect::Result<Option<String>> {
    let mut one = SystemIndexes::default();
    match one.fill(opened, Measure::default()).await {
        // What keeps no indexes has nothing to be advised.
        Err(connect::Error::NotOffered { .. }) => return Ok(None),
        told => told?,
    }
    Ok(match one.helped.len() {
        0 => None,
        1 => Some(format!(
            "a look-up reads the whole of `{}`",
            one.helped.first().map_or("", |h| &h.table)
        )),
        more => Some(format!("{more} look-ups read a whole table of at least 10,000 rows")),
    })
}

impl SystemIndexes {
    async fn fill(&mut self, opened: &Opened, measure: Measure) -> connect::Result<()> {
        let probes: Vec<Probe> = opened.uses.probes.keys().cloned().collect();
        for Probed { probe, about_rows, served } in opened.connector.probe(&probes).await? {
            let large = about_rows >= FEW_ROWS;
            let table = probe.table.to_string();
            match served {
                Served::By(_) => self.served += 1,
                _ if !large => self.small += 1,
                Served::Never(why) => {
                    self.never.push(Never { table, column: probe.column, why, about_rows });
                }
                Served::Not(statements) => {
                    let because = opened.uses.probes.get(&probe).into_iter().flatten();
                    let mut helped = Helped {
                        table,
                        column: probe.column.clone(),
                        how: how(probe.how),
                        because: because.cloned().collect(),
                        about_rows,
                        statements,
                        now: None,
                        by_key: None,
                        trial: None,
                    };
                    if measure.time || measure.trial {
                        helped.time(opened, &probe, measure).await?;
                    }
                    self.helped.push(helped);
                }
            }
        }
        self.helped.sort_by(|a, b| b.about_rows.cmp(&a.about_rows).then(a.table.cmp(&b.table)));
        Ok(())
    }
}

impl Helped {
    async fn time(
        &mut self,
        opened: &Opened,
        probe: &Probe,
        measure: Measure,
    ) -> connect::Result<()> {
        let connector = &opened.connector;
        self.now = Some(micros(connector.time(probe, Timing::Now).await?.median));
        self.by_key =
            connector.time(probe, Timing::ByKey).await.ok().map(|timed| micros(timed.median));
        if measure.trial {
            self.trial = Some(match connector.time(probe, Timing::Trial).await {
                Ok(Timed { median, built_in, bytes, .. }) => Trial::Done {
                    then: micros(median),
                    built_in: micros(built_in.unwrap_or_default()),
                    bytes: bytes.unwrap_or_default(),
                },
                Err(error) => Trial::Failed(error.to_string()),
            });
        }
        Ok(())
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

const fn how(how: How) -> &'static str {
    match how {
        How::Value(Fold::Exact) => "by its value",
        How::Value(Fold::Case) => "whatever its capitals",
        How::Value(Fold::Digits) => "by its last digits",
        How::Age => "by its age",
    }
}
