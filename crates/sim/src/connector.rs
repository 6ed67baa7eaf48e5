//! The connector of a base on the stage: truthful to the contract, with the stage's faults in
//! front of it and behind it.

use async_trait::async_trait;
use connect::{
    Batch, ChangeSet, Changed, Connector, Due, DueRows, Error, Limits, Lookup, Match, Purge,
    Purged, Result, Scan, Sink,
};
use model::{Catalogue, Row, RowKey, Table};
use tokio::time::{Duration, sleep};

use crate::base::Base;
use crate::stage::{Fault, On, Shared, Turn, lock};

/// So many rows arrive together: few, so that a stream can break in the middle.
const BATCH: usize = 3;

/// A connection to one system of the stage.
#[derive(Debug)]
pub struct SimConnector {
    /// The stage.
    pub stage: Shared,
    /// The system.
    pub system: String,
    /// What the caller set.
    pub limits: Limits,
}

/// Opens the systems of a stage.
#[derive(Debug)]
pub struct Reach(pub Shared);

#[async_trait]
impl engine::Systems for Reach {
    async fn open(&self, system: &str) -> Result<Box<dyn Connector>> {
        let turn = lock(&self.0).occasion(On::Open, system);
        before(&self.0, turn).await?;
        Ok(Box::new(SimConnector {
            stage: self.0.clone(),
            system: system.to_owned(),
            limits: Limits::default(),
        }))
    }
}

/// The end of the process: nothing happens any more, and whoever drives us notices.
pub(crate) async fn die(stage: &Shared) {
    lock(stage).crashed = true;
    std::future::pending::<()>().await;
}

fn error(fault: Fault) -> Error {
    match fault {
        Fault::Busy => Error::Busy("deadlock".into()),
        Fault::Unreachable => Error::Unreachable("no answer".into()),
        _ => Error::Broken("reset by peer".into()),
    }
}

async fn before(stage: &Shared, turn: Turn) -> Result<()> {
    match turn {
        Turn::Fail(Fault::CrashBefore) => {
            die(stage).await;
            Ok(())
        }
        Turn::Fail(fault) => Err(error(fault)),
        Turn::Go | Turn::Then(_) => Ok(()),
    }
}

async fn after(stage: &Shared, turn: Turn) -> Result<()> {
    match turn {
        Turn::Then(Fault::CrashAfter) => {
            die(stage).await;
            Ok(())
        }
        Turn::Then(fault) => Err(error(fault)),
        Turn::Go | Turn::Fail(_) => Ok(()),
    }
}

impl SimConnector {
    fn turn(&self, on: On) -> Turn {
        lock(&self.stage).occasion(on, &self.system)
    }

    fn base<T>(&self, look: impl FnOnce(&Base) -> Result<T>) -> Result<T> {
        let stage = lock(&self.stage);
        let base = stage.world.bases.get(&self.system);
        look(base.ok_or_else(|| Error::Unreachable("no such system".into()))?)
    }

    /// Hands rows over in small batches; a stream that is to break breaks half-way.
    async fn stream(&self, rows: Vec<Row>, turn: Turn, sink: &mut dyn Sink) -> Result<()> {
        let whole = if matches!(turn, Turn::Then(_)) { rows.len() / 2 } else { rows.len() };
        for batch in rows.get(..whole).unwrap_or_default().chunks(BATCH) {
            if let Some(rate) = self.limits.rows_per_second {
                let micros = batch.len() as u64 * 1_000_000 / u64::from(rate.max(1));
                sleep(Duration::from_micros(micros)).await;
            }
            sink.rows(Batch(batch.to_vec()))?;
        }
        after(&self.stage, turn).await
    }

    fn writable(&self) -> Result<()> {
        if self.limits.read_only { Err(Error::ReadOnly) } else { Ok(()) }
    }
}

#[async_trait]
impl Connector for SimConnector {
    async fn catalogue(&self) -> Result<Catalogue> {
        let turn = self.turn(On::Open);
        before(&self.stage, turn).await?;
        let catalogue = self.base(|base| Ok(base.catalogue.clone()));
        after(&self.stage, turn).await?;
        catalogue
    }

    async fn rights(&self, _uses: &[connect::Use]) -> Result<connect::Rights> {
        Ok(connect::Rights { account: "sim".into(), ..connect::Rights::default() })
    }

    fn row_key(&self, table: &Table) -> Vec<String> {
        table.primary_key.clone()
    }

    async fn find(&self, lookup: &Lookup, sink: &mut dyn Sink) -> Result<()> {
        let turn = self.turn(On::Read);
        before(&self.stage, turn).await?;
        let rows = self.base(|base| base.find(lookup))?;
        self.stream(rows, turn, sink).await
    }

    async fn scan(&self, scan: &Scan, sink: &mut dyn Sink) -> Result<()> {
        let turn = self.turn(On::Read);
        before(&self.stage, turn).await?;
        let lookup = Lookup {
            table: scan.table.clone(),
            by: Match::All,
            when: Vec::new(),
            columns: scan.columns.clone(),
        };
        let mut rows = self.base(|base| base.find(&lookup))?;
        if let Some(most) = scan.sample.map(|most| most as usize).filter(|m| *m < rows.len()) {
            let step = rows.len().div_ceil(most.max(1));
            rows = rows.into_iter().step_by(step).take(most).collect();
        }
        self.stream(rows, turn, sink).await
    }

    async fn count(&self, lookup: &Lookup) -> Result<u64> {
        let turn = self.turn(On::Read);
        before(&self.stage, turn).await?;
        let rows = self.base(|base| base.find(lookup))?.len() as u64;
        after(&self.stage, turn).await?;
        Ok(rows)
    }

    async fn change(&self, set: &ChangeSet) -> Result<Changed> {
        self.writable()?;
        let turn = self.turn(On::Write);
        before(&self.stage, turn).await?;
        let done = lock(&self.stage).commit(&self.system, |base| base.apply(set))?;
        after(&self.stage, turn).await?;
        Ok(done)
    }

    async fn rehearse(&self, set: &ChangeSet) -> Result<Changed> {
        self.writable()?;
        let turn = self.turn(On::Read);
        before(&self.stage, turn).await?;
        let done = self.base(|base| base.clone().apply(set))?;
        after(&self.stage, turn).await?;
        Ok(done)
    }

    async fn due(&self, due: &Due, at_most: u64) -> Result<DueRows> {
        let turn = self.turn(On::Read);
        before(&self.stage, turn).await?;
        let told = self.base(|base| base.due(due, at_most))?;
        after(&self.stage, turn).await?;
        Ok(told)
    }

    async fn undated(&self, due: &Due, _at_most: u64) -> Result<u64> {
        let turn = self.turn(On::Read);
        before(&self.stage, turn).await?;
        let told = self.base(|base| base.undated(due))?;
        after(&self.stage, turn).await?;
        Ok(told)
    }

    async fn list_due(
        &self,
        due: &Due,
        columns: &[String],
        after: Option<&RowKey>,
        limit: u32,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let turn = self.turn(On::Read);
        before(&self.stage, turn).await?;
        let rows = self.base(|base| base.list_due(due, columns, after, limit))?;
        self.stream(rows, turn, sink).await
    }

    async fn purge(&self, purge: &Purge, limit: u32) -> Result<Purged> {
        self.writable()?;
        let turn = self.turn(On::Write);
        before(&self.stage, turn).await?;
        let done = lock(&self.stage).commit(&self.system, |base| base.purge(purge, limit))?;
        after(&self.stage, turn).await?;
        Ok(done)
    }

    async fn close(&self) {}
}
