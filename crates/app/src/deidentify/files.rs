//! Files, folders of files, standard input.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use deidentify::column::{self, Sampler};
use deidentify::csv::{self, Dialect};
use deidentify::json::{self, Form};
use deidentify::search::{Search, search};
use deidentify::{ColumnPlan, Grid, Sample, Tally, parquet, text};
use ignore::WalkBuilder;
use render::deidentify::{DeidentifiedPart, DeidentifyReport};
use render::words;
use sha2::{Digest as _, Sha256};

use super::{OTHERS, Run, Told, Wish, running};
use crate::house::aside;
use crate::{Error, Result};

/// So much of a file tells how it is written.
const HEAD: u64 = 64 << 10;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Csv { tabs: bool },
    Json(Form),
    Parquet,
    Text,
}

impl Shape {
    fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "csv" | "psv" => Self::Csv { tabs: false },
            "tsv" | "tab" => Self::Csv { tabs: true },
            "jsonl" | "ndjson" => Self::Json(Form::Lines),
            "json" => Self::Json(Form::Document),
            "parquet" | "pq" => Self::Parquet,
            "text" | "txt" | "log" | "md" => Self::Text,
            _ => return None,
        })
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Csv { .. } => "CSV",
            Self::Json(Form::Lines) => "JSON Lines",
            Self::Json(Form::Document) => "JSON",
            Self::Parquet => "Parquet",
            Self::Text => "text",
        }
    }
}

/// The shape that was asked for, by the file's name, or text.
fn shape(wish: &Wish, path: &Path) -> Result<Shape> {
    if let Some(form) = &wish.form {
        return Shape::named(form).ok_or_else(|| {
            Error::Refused(format!(
                "`--as {form}`: it is one of csv, tsv, jsonl, json, parquet and text"
            ))
        });
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned());
    Ok(ending.and_then(|ending| Shape::named(&ending)).unwrap_or(Shape::Text))
}

/// A file, or every file of a folder.
pub(super) fn path(
    run: &Run,
    wish: &Wish,
    from: &Path,
    progress: &dyn engine::Progress,
    report: &mut DeidentifyReport,
) -> Result<()> {
    if !from.is_dir() {
        let to = target(from, wish)?;
        return one(run, wish, from, &to, report);
    }
    let out = match &wish.out {
        Some(out) if out == "-" => {
            return Err(Error::Refused("a folder cannot go to standard output".to_owned()));
        }
        Some(out) => Some(PathBuf::from(out)),
        None => None,
    };
    if let Some(out) = &out {
        let within = |inner: &Path, outer: &Path| {
            let whole = |path: &Path| std::path::absolute(path).ok();
            whole(inner).zip(whole(outer)).is_some_and(|(inner, outer)| inner.starts_with(outer))
        };
        if within(out, from) {
            return Err(Error::Refused(format!(
                "`{}` lies in the folder that is read: choose one beside it",
                out.display()
            )));
        }
    }
    let mut builder = WalkBuilder::new(from);
    builder.standard_filters(false).follow_links(false).sort_by_file_name(std::cmp::Ord::cmp);
    for entry in builder.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(_) => {
                report.undone.push((
                    from.display().to_string(),
                    "a folder in it could not be read".to_owned(),
                ));
                continue;
            }
        };
        let path = entry.path();
        let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else { continue };
        let shown = path.display().to_string();
        if !kind.is_file() {
            report
                .undone
                .push((shown, "a link, a pipe or a device: it is not followed".to_owned()));
            continue;
        }
        progress.step("de-identify", &shown);
        let to = match (&out, path.strip_prefix(from)) {
            (Some(out), Ok(inner)) => To::File(out.join(inner)),
            (None, _) if wish.in_place => To::Itself,
            _ => To::Nowhere,
        };
        // One file that cannot be read does not keep the others from being done.
        if let Err(error) = one(run, wish, path, &to, report) {
            report.undone.push((shown, error.to_string()));
        }
    }
    Ok(())
}

/// Where a file goes.
enum To {
    File(PathBuf),
    Itself,
    Output,
    /// It is only planned.
    Nowhere,
}

fn target(from: &Path, wish: &Wish) -> Result<To> {
    Ok(match wish.out.as_deref() {
        Some("-") => To::Output,
        Some(out) => {
            let out = Path::new(out);
            To::File(if out.is_dir() {
                out.join(from.file_name().unwrap_or_default())
            } else {
                out.to_owned()
            })
        }
        None if wish.in_place => To::Itself,
        None => To::Nowhere,
    })
}

/// Standard input, which is text unless something else is said.
pub(super) fn input(run: &Run, wish: &Wish, report: &mut DeidentifyReport) -> Result<()> {
    let shape = shape(wish, Path::new(""))?;
    let to = match wish.out.as_deref() {
        _ if wish.plan => To::Nowhere,
        None | Some("-") => To::Output,
        Some(out) => To::File(PathBuf::from(out)),
    };
    if shape == Shape::Text {
        let mut part = DeidentifiedPart {
            from: "-".to_owned(),
            form: shape.title().to_owned(),
            ..DeidentifiedPart::default()
        };
        let mut output = Output::open(&to, Path::new("-"))?;
        let mut counted = Counted { input: std::io::stdin().lock(), bytes: 0 };
        let tally = text::rewrite(&run.engine(), &mut counted, &mut output).map_err(cannot("-"))?;
        part.bytes = counted.bytes;
        part.rows = tally.values;
        running(&mut part, "", &tally);
        output.finish(&to, Path::new("-"), &mut part)?;
        report.parts.push(part);
        return Ok(());
    }
    // A table is read twice: it waits in a file that has no name.
    let refused = |error: std::io::Error| {
        Error::Refused(format!("standard input cannot be read: {}", error.kind()))
    };
    let mut copy = tempfile::NamedTempFile::new().map_err(refused)?;
    std::io::copy(&mut std::io::stdin().lock(), &mut copy).map_err(refused)?;
    let path = copy.path().to_owned();
    file(run, shape, &path, "-", &to, report)
}

fn one(run: &Run, wish: &Wish, from: &Path, to: &To, report: &mut DeidentifyReport) -> Result<()> {
    file(run, shape(wish, from)?, from, &from.display().to_string(), to, report)
}

fn file(
    run: &Run,
    shape: Shape,
    from: &Path,
    shown: &str,
    to: &To,
    report: &mut DeidentifyReport,
) -> Result<()> {
    if let To::File(out) = to {
        let same = |path: &Path| std::fs::canonicalize(path).ok();
        if same(out).is_some_and(|out| Some(out) == same(from)) {
            return Err(Error::Refused(format!(
                "`{}` is the source itself: to change it, say `--in-place`",
                out.display()
            )));
        }
        if out.symlink_metadata().is_ok() && !run.plan {
            return Err(Error::Refused(format!(
                "`{}` is there already: choose another name, or take it away first",
                out.display()
            )));
        }
    }
    let mut part = DeidentifiedPart {
        from: shown.to_owned(),
        form: shape.title().to_owned(),
        bytes: std::fs::metadata(from).map_err(Error::file("cannot read", from))?.len(),
        ..DeidentifiedPart::default()
    };
    let to = if run.plan { &To::Nowhere } else { to };
    let open = || File::open(from).map_err(Error::file("cannot read", from));
    if shape == Shape::Text {
        let mut output = Output::open(to, from)?;
        let tally = text::rewrite(&run.engine(), open()?, &mut output).map_err(cannot(shown))?;
        part.rows = tally.values;
        running(&mut part, "", &tally);
        output.finish(to, from, &mut part)?;
        report.parts.push(part);
        return Ok(());
    }
    let table = Table { run, from, shape };
    let (mut plans, dialect) = table.plans(&open, shown)?;
    let grid = table.grid(&plans, &open, dialect, shown)?;
    let (found, before, after) = measured(run, &mut plans, &grid, &mut part);
    let engine = run.engine();
    let leave_out = |row: u64| {
        let at = usize::try_from(row).unwrap_or(usize::MAX);
        found.leave_out.get(at).copied().unwrap_or(false)
    };
    let mut output = Output::open(to, from)?;
    let done = match shape {
        Shape::Csv { .. } => {
            let threads = run.threads;
            csv::rewrite(&engine, open()?, &mut output, dialect, &plans, threads, &leave_out)
        }
        Shape::Json(form) => {
            json::rewrite(&engine, open()?, &mut output, form, &plans, run.threads, &leave_out)
        }
        Shape::Parquet | Shape::Text => {
            let key = run.key.as_ref();
            parquet::rewrite(&engine, open()?, &mut output, &plans, key, &leave_out).map(|done| {
                if !done.retyped.is_empty() {
                    part.notes.push(retyped(&done.retyped));
                }
                done.done
            })
        }
    }
    .map_err(cannot(shown))?;
    part.rows = done.rows;
    part.left_out = done.left_out;
    Told { plans: &plans, columns: &done.columns, steps: &found.steps, before, after }
        .tell(&mut part);
    output.finish(to, from, &mut part)?;
    report.parts.push(part);
    Ok(())
}

fn retyped(columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
    format!(
        "{} {} another type than before, as the method asks: text, or the same and may be NULL.",
        words::list(&names),
        if names.len() == 1 { "has" } else { "have" }
    )
}

/// The risk before and after, once enough rows are alike.
pub(super) fn measured(
    run: &Run,
    plans: &mut [ColumnPlan],
    grid: &Grid,
    part: &mut DeidentifiedPart,
) -> (Search, Option<deidentify::risk::Risk>, Option<deidentify::risk::Risk>) {
    if grid.is_cut() {
        part.notes.push(
            "There are more rows than fit into memory for measuring, so no risk was measured."
                .to_owned(),
        );
    }
    let engine = run.engine();
    let before = grid.risk(plans);
    let mut found = Search::default();
    if before.is_some()
        && let Some(k) = run.profile.k
    {
        found = search(&engine, plans, grid, k, run.profile.suppress);
    }
    let after = before.as_ref().and_then(|_| {
        let after = grid.after(&engine, plans);
        if found.left_out > 0 {
            after.without(&found.leave_out).risk(plans)
        } else {
            after.risk(plans)
        }
    });
    (found, before, after)
}

/// What tells of a file without quoting it.
fn cannot(shown: &str) -> impl Fn(std::io::Error) -> Error {
    let shown = shown.to_owned();
    move |error| {
        let why = match error.kind() {
            // Ours, without a value in it.
            std::io::ErrorKind::InvalidData => error.to_string(),
            kind => kind.to_string(),
        };
        Error::Refused(format!("`{shown}`: {why}"))
    }
}

/// A file with columns.
struct Table<'t> {
    run: &'t Run,
    from: &'t Path,
    shape: Shape,
}

impl Table<'_> {
    /// What becomes of each column; of CSV and JSON one more for values that have none.
    fn plans(
        &self,
        open: &dyn Fn() -> Result<File>,
        shown: &str,
    ) -> Result<(Vec<ColumnPlan>, Dialect)> {
        let run = self.run;
        let mut dialect = Dialect { delimiter: b',', header: true };
        let mut samples = match self.shape {
            Shape::Csv { tabs } => {
                let mut head = Vec::new();
                let read = open()?.take(HEAD).read_to_end(&mut head);
                read.map_err(Error::file("cannot read", self.from))?;
                dialect = csv::dialect(&head, tabs, &run.detector);
                let mut sampler = Sampler::default();
                let names = csv::read(open()?, dialect, &mut |row, values| {
                    if Sampler::wants(row) {
                        for (at, value) in values.iter().enumerate() {
                            sampler.add(at, value);
                        }
                    }
                });
                sampler.named(names.map_err(cannot(shown))?)
            }
            Shape::Json(form) => {
                let mut names: BTreeMap<String, usize> = BTreeMap::new();
                let mut sampler = Sampler::default();
                let read = json::read(open()?, form, &mut |row, values| {
                    let wanted = Sampler::wants(row);
                    for (name, value) in values {
                        let next = names.len();
                        // What is somebody's key is no column.
                        let at = match names.get(name) {
                            Some(at) => *at,
                            None if next >= COLUMNS
                                || !run.detector.find(name.as_bytes()).is_empty() =>
                            {
                                continue;
                            }
                            None => *names.entry(name.clone()).or_insert(next),
                        };
                        if wanted || sampler.is_new(at) {
                            sampler.add(at, value.as_bytes());
                        }
                    }
                });
                read.map_err(cannot(shown))?;
                let mut ordered = vec![String::new(); names.len()];
                for (name, at) in names {
                    if let Some(place) = ordered.get_mut(at) {
                        *place = name;
                    }
                }
                sampler.named(ordered)
            }
            Shape::Parquet | Shape::Text => parquet::samples(open()?).map_err(cannot(shown))?,
        };
        let others = self.shape != Shape::Parquet;
        if others {
            samples.push(Sample { name: OTHERS.to_owned(), ..Sample::default() });
        }
        let plans = column::plan(&run.profile, &run.detector, &samples);
        let mut plans = plans.map_err(|why| Error::Refused(format!("`{shown}`: {why}")))?;
        if let Some(last) = plans.last_mut().filter(|_| others) {
            last.why = "beyond the columns that have a name".to_owned();
        }
        Ok((plans, dialect))
    }

    /// The columns that tell somebody and those that nobody should learn, of every row.
    fn grid(
        &self,
        plans: &[ColumnPlan],
        open: &dyn Fn() -> Result<File>,
        dialect: Dialect,
        shown: &str,
    ) -> Result<Grid> {
        let mut grid = Grid::new(plans);
        let wanted: Vec<usize> = plans
            .iter()
            .enumerate()
            .filter(|(_, plan)| plan.quasi || plan.sensitive)
            .map(|(at, _)| at)
            .collect();
        if !plans.iter().any(|plan| plan.quasi) {
            return Ok(grid);
        }
        let read = match self.shape {
            Shape::Csv { .. } => csv::read(open()?, dialect, &mut |_, values| {
                grid.push(|at| {
                    values.get(at).map(|value| String::from_utf8_lossy(value)).unwrap_or_default()
                });
            })
            .map(drop),
            Shape::Json(form) => json::read(open()?, form, &mut |_, values| {
                grid.push(|at| {
                    let value = plans.get(at).and_then(|plan| values.get(&plan.name));
                    value.map(|value| value.as_str().into()).unwrap_or_default()
                });
            }),
            Shape::Parquet | Shape::Text => parquet::rows(open()?, &wanted, &mut |values| {
                grid.push(|at| {
                    let place = wanted.iter().position(|wanted| *wanted == at);
                    let value = place.and_then(|place| values.get(place));
                    value.map(|value| value.as_str().into()).unwrap_or_default()
                });
            }),
        };
        read.map_err(cannot(shown))?;
        Ok(grid)
    }
}

/// Names of one file beyond these have no column of their own.
const COLUMNS: usize = 2_000;

/// What is written: counted, hashed, and in its place only when it is whole.
pub(super) struct Output {
    file: Option<tempfile::NamedTempFile>,
    buffer: Vec<u8>,
    to_output: bool,
    digest: Sha256,
}

/// Bytes that are written at once.
const BUFFER: usize = 1 << 20;

impl Output {
    fn open(to: &To, from: &Path) -> Result<Self> {
        let at = |path: &Path| {
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(Error::file("cannot make", folder))?;
            }
            aside(path).map_err(Error::file("cannot write", path))
        };
        let file = match to {
            To::File(path) => Some(at(path)?),
            To::Itself => Some(at(from)?),
            To::Output | To::Nowhere => None,
        };
        let to_output = matches!(to, To::Output);
        Ok(Self { file, to_output, buffer: Vec::new(), digest: Sha256::new() })
    }

    /// A file of this name, not there yet.
    pub(super) fn new_file(path: &Path) -> Result<Self> {
        Self::open(&To::File(path.to_owned()), path)
    }

    fn finish(mut self, to: &To, from: &Path, part: &mut DeidentifiedPart) -> Result<()> {
        let path = match to {
            To::File(path) => path.as_path(),
            To::Itself => from,
            To::Output => Path::new("-"),
            To::Nowhere => return Ok(()),
        };
        self.flush().map_err(Error::file("cannot write", path))?;
        part.to = path.display().to_string();
        part.sha256 = Some(self.sha256());
        self.keep(path, matches!(to, To::Itself))
    }

    fn sha256(&self) -> String {
        self.digest.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn keep(self, path: &Path, in_place: bool) -> Result<()> {
        let Some(file) = self.file else { return Ok(()) };
        let keep = || {
            if in_place {
                // Whoever could read it before can read it now.
                file.as_file().set_permissions(std::fs::metadata(path)?.permissions())?;
            }
            file.as_file().sync_all()?;
            if in_place {
                file.persist(path).map_err(|error| error.error)?;
            } else {
                // Somebody else's file that appeared meanwhile is not written over.
                file.persist_noclobber(path).map_err(|error| error.error)?;
            }
            Ok(())
        };
        keep().map_err(Error::file("cannot write", path))
    }

    /// Puts a new file into its place.
    pub(super) fn finish_new(mut self, path: &Path, part: &mut DeidentifiedPart) -> Result<()> {
        self.flush().map_err(Error::file("cannot write", path))?;
        part.to = path.display().to_string();
        part.sha256 = Some(self.sha256());
        self.keep(path, false)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.digest.update(bytes);
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if let Some(file) = &mut self.file {
            file.write_all(&self.buffer)?;
        } else if self.to_output {
            // A closed pipe is the reader's way of saying "enough".
            let mut out = std::io::stdout().lock();
            out.write_all(&self.buffer)?;
            out.flush()?;
        }
        self.buffer.clear();
        Ok(())
    }
}

struct Counted<R> {
    input: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.bytes += u64::try_from(read).unwrap_or(0);
        Ok(read)
    }
}

/// A tally for each column.
pub(super) fn tallies(plans: &[ColumnPlan]) -> Vec<Tally> {
    vec![Tally::default(); plans.len()]
}
