//! Passes over the files of a collection. They run on a thread for work that waits, and hand their
//! rows over a short queue: reading and searching go side by side, in constant memory.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use model::{Row, TableName};
use tokio::sync::mpsc;

use super::reader::{Item, Opened, Reader};
use super::record::Role;
use super::shape::{Collection, Member, Shape};
use super::view::{Filter, View};
use super::{Files, Inner};
use crate::pace::{Pace, weight};
use crate::{Error, Lookup, Result, Scan, Sink};

/// Rows go over the queue in parcels of so many, or of so many bytes.
const PARCEL: usize = 500;
const PARCEL_BYTES: usize = 1 << 20;
/// How often a folder is read again for files that were renamed while the others were read.
const ROUNDS: usize = 5;
/// Collections up to this size are read whole for a sample.
const SMALL: u64 = 64 << 20;
/// Of larger ones, so many files and so much of each.
const SAMPLE_FILES: usize = 16;
const SAMPLE_BYTES: u64 = 4 << 20;

type Emit<'e> = dyn FnMut(Row) -> Result<()> + 'e;

impl Files {
    /// Runs a pass on a thread of its own and hands its rows to the sink.
    pub(super) async fn stream<W>(&self, sink: &mut dyn Sink, work: W) -> Result<()>
    where
        W: FnOnce(&Inner, &mut Emit<'_>) -> Result<()> + Send + 'static,
    {
        let (give, mut take) = mpsc::channel::<Vec<Row>>(2);
        let inner = Arc::clone(&self.inner);
        let job = tokio::task::spawn_blocking(move || {
            let (mut rows, mut bytes) = (Vec::with_capacity(PARCEL), 0);
            let stopped = |_| Error::Stopped("nobody takes the rows any more".to_owned());
            work(&inner, &mut |row| {
                bytes += weight(&row);
                rows.push(row);
                if rows.len() >= PARCEL || bytes >= PARCEL_BYTES {
                    bytes = 0;
                    let parcel = std::mem::replace(&mut rows, Vec::with_capacity(PARCEL));
                    give.blocking_send(parcel).map_err(stopped)?;
                }
                Ok(())
            })?;
            if rows.is_empty() { Ok(()) } else { give.blocking_send(rows).map_err(stopped) }
        });
        let mut pace = Pace::new(sink, self.inner.limits.rows_per_second);
        while let Some(rows) = take.recv().await {
            for row in rows {
                let rest = pace.add(row)?;
                if !rest.is_zero() {
                    tokio::time::sleep(rest).await;
                }
            }
        }
        job.await.map_err(|_| Error::Other { code: "a thread that ended early".to_owned() })??;
        pace.finish()
    }

    /// Runs work that waits for the disk on a thread of its own.
    pub(super) async fn apart<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Inner) -> Result<T> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || work(&inner))
            .await
            .map_err(|_| Error::Other { code: "a thread that ended early".to_owned() })?
    }

    pub(super) async fn find_rows(&self, lookup: &Lookup, sink: &mut dyn Sink) -> Result<()> {
        let lookup = lookup.clone();
        self.stream(sink, move |inner, emit| {
            let shape = inner.shape();
            let collection = shape.collection(&lookup.table)?;
            let filter = Filter::new(collection, &lookup.by, &lookup.when)?;
            let columns = roles(collection, &lookup.columns)?;
            inner.select(collection, &filter, &columns, &mut |view, print| {
                emit(view.row(print, &columns))
            })
        })
        .await
    }

    pub(super) async fn count_rows(&self, lookup: &Lookup) -> Result<u64> {
        let lookup = lookup.clone();
        self.apart(move |inner| {
            let shape = inner.shape();
            let collection = shape.collection(&lookup.table)?;
            let filter = Filter::new(collection, &lookup.by, &lookup.when)?;
            roles(collection, &lookup.columns)?;
            let mut count = 0;
            inner.select(collection, &filter, &[], &mut |_, _| {
                count += 1;
                Ok(())
            })?;
            Ok(count)
        })
        .await
    }

    pub(super) async fn scan_rows(&self, scan: &Scan, sink: &mut dyn Sink) -> Result<()> {
        let scan = scan.clone();
        self.stream(sink, move |inner, emit| {
            let shape = inner.shape();
            let collection = shape.collection(&scan.table)?;
            let columns = roles(collection, &scan.columns)?;
            match scan.sample {
                Some(most) => inner.sample(collection, &columns, most, emit),
                None => inner.every_row(collection, times(&columns), &mut |view| {
                    emit(view.row(None, &columns)).map(ControlFlow::Continue)
                }),
            }
        })
        .await
    }
}

/// The roles of columns.
pub(super) fn roles<'c>(collection: &'c Collection, columns: &[String]) -> Result<Vec<&'c Role>> {
    columns.iter().map(|column| collection.role(column)).collect()
}

fn times(columns: &[&Role]) -> bool {
    columns.contains(&&Role::Time)
}

/// Whether to read on.
pub(super) type Flow = Result<ControlFlow<()>>;

impl Inner {
    /// Every file of a collection once, in the order of their names. A file that is renamed
    /// meanwhile, as logs are when they are rotated, is found by what it is and not missed.
    pub(super) fn every_file(
        &self,
        collection: &Collection,
        wanted: &dyn Fn(&str) -> bool,
        visit: &mut dyn FnMut(&Member) -> Result<Visited>,
    ) -> Result<()> {
        let mut done: BTreeSet<(u64, u64)> = BTreeSet::new();
        let mut paths: BTreeSet<String> = BTreeSet::new();
        let mut shape: Option<Shape> = None;
        for round in 0..ROUNDS {
            let fresh = shape.as_ref().and_then(|shape| shape.collection(collection.name()).ok());
            let files = match (round, fresh) {
                (0, _) => &collection.files,
                (_, Some(fresh)) => &fresh.files,
                (_, None) => return Ok(()),
            };
            let mut any = false;
            for member in files {
                let identity = member.entry.stamp.identity();
                // A file that stands under several names is read under each of them.
                let known = match member.entry.names {
                    0 | 1 => done.contains(&identity),
                    _ => paths.contains(&member.entry.path),
                };
                if known || !wanted(&member.entry.path) {
                    continue;
                }
                any = true;
                match visit(member)? {
                    Visited::Read => {
                        done.insert(identity);
                        if member.entry.names > 1 {
                            paths.insert(member.entry.path.clone());
                        }
                    }
                    Visited::Gone => {}
                    Visited::Enough => return Ok(()),
                }
            }
            if round > 0 && !any {
                break;
            }
            let before = self.shape();
            shape = Some(self.look(Some(&before))?);
        }
        Ok(())
    }

    /// Every row of one file.
    pub(super) fn rows_of(
        &self,
        collection: &Collection,
        member: &Member,
        times: bool,
        each: &mut dyn FnMut(&View<'_>) -> Flow,
    ) -> Result<Visited> {
        let Some(layout) = member.layout else {
            let stamp = &member.entry.stamp;
            let view = View { collection, member, stamp, record: None };
            return Ok(Visited::after(each(&view)?));
        };
        let Some(opened) = Reader::open(&self.folder, &member.entry.path, layout, times)? else {
            return Ok(Visited::Gone);
        };
        let Opened { mut reader, stamp, .. } = opened;
        if stamp.identity() != member.entry.stamp.identity() {
            return Ok(Visited::Gone);
        }
        loop {
            match reader.next()? {
                Item::End => return Ok(Visited::Read),
                Item::Between => {}
                Item::Record => {
                    let record = Some(reader.record());
                    let view = View { collection, member, stamp: &stamp, record };
                    if each(&view)?.is_break() {
                        return Ok(Visited::Enough);
                    }
                }
            }
        }
    }

    /// Every row of a collection.
    pub(super) fn every_row(
        &self,
        collection: &Collection,
        times: bool,
        each: &mut dyn FnMut(&View<'_>) -> Flow,
    ) -> Result<()> {
        self.every_file(collection, &|_| true, &mut |member| {
            self.rows_of(collection, member, times, each)
        })
    }

    fn select(
        &self,
        collection: &Collection,
        filter: &Filter,
        columns: &[&Role],
        each: &mut dyn FnMut(&View<'_>, Option<u128>) -> Result<()>,
    ) -> Result<()> {
        let times = filter.needs_times() || times(columns);
        self.every_file(collection, &|path| filter.may_hold(path), &mut |member| {
            self.rows_of(collection, member, times, &mut |view| {
                let (asked, print) = filter.takes(view);
                if asked {
                    each(view, print)?;
                }
                Ok(ControlFlow::Continue(()))
            })
        })
    }

    /// At most `most` rows. A collection up to 64 MiB is read whole and thinned evenly; of a larger
    /// one, the beginnings of files that are spread evenly over it.
    fn sample(
        &self,
        collection: &Collection,
        columns: &[&Role],
        most: u32,
        emit: &mut Emit<'_>,
    ) -> Result<()> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut thin = Thin { most, stride: 1, passed: 0, rows: Vec::new() };
        if collection.size() <= SMALL {
            self.every_row(collection, times(columns), &mut |view| {
                thin.add(|| view.row(None, columns));
                Ok(ControlFlow::Continue(()))
            })?;
        } else {
            let every = collection.files.len().div_ceil(SAMPLE_FILES).max(1);
            for member in collection.files.iter().step_by(every) {
                let mut bytes = 0;
                self.rows_of(collection, member, times(columns), &mut |view| {
                    bytes += view.record.as_ref().map_or(0, |record| record.body.len() as u64);
                    thin.add(|| view.row(None, columns));
                    Ok(if bytes < SAMPLE_BYTES {
                        ControlFlow::Continue(())
                    } else {
                        ControlFlow::Break(())
                    })
                })?;
            }
        }
        thin.finish().into_iter().try_for_each(emit)
    }
}

/// What became of a file in a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visited {
    /// It was read to its end.
    Read,
    /// It is gone, or another one has its name.
    Gone,
    /// Nothing more is wanted.
    Enough,
}

impl Visited {
    const fn after(flow: ControlFlow<()>) -> Self {
        match flow {
            ControlFlow::Continue(()) => Self::Read,
            ControlFlow::Break(()) => Self::Enough,
        }
    }
}

/// Keeps every n-th row, where n grows with their number.
struct Thin {
    most: usize,
    stride: usize,
    passed: usize,
    rows: Vec<Row>,
}

impl Thin {
    fn add(&mut self, row: impl FnOnce() -> Row) {
        if self.passed.is_multiple_of(self.stride) {
            if self.rows.len() >= self.most.saturating_mul(2).max(2) {
                let mut index = 0;
                self.rows.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                self.stride *= 2;
            }
            if self.passed.is_multiple_of(self.stride) {
                self.rows.push(row());
            }
        }
        self.passed += 1;
    }

    fn finish(self) -> Vec<Row> {
        let (held, most) = (self.rows.len(), self.most);
        if held <= most {
            return self.rows;
        }
        let mut given = 0;
        let mut rows = Vec::with_capacity(most);
        for (index, row) in self.rows.into_iter().enumerate() {
            if (index + 1) * most / held > given {
                given += 1;
                rows.push(row);
            }
        }
        rows
    }
}

/// The name under which a collection is shown.
pub(super) fn changed(table: &TableName, rows: usize) -> Error {
    Error::Changed { table: table.clone(), rows: u64::try_from(rows).unwrap_or(u64::MAX) }
}
