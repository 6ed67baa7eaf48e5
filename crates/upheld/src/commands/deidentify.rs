//! `upheld deidentify`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::deidentify::{Wish, deidentify, new_key};
use app::{Error, Result};
use clap::Args as ClapArgs;
use render::deidentify::DeidentifyReport;

use crate::commands::{FAILED, means};
use crate::screen::Screen;

#[derive(Debug, ClapArgs)]
pub(crate) struct Deidentify {
    /// A file, a folder, a system that upheld.toml connects, the address of a database; `-` is
    /// standard input.
    #[arg(value_name = "SOURCE", required_unless_present = "new_key")]
    source: Option<String>,
    /// The file to write; of a folder or a database, the folder. `-` is standard output. Tables also
    /// go into empty tables of another database, by its address.
    #[arg(short = 'o', long = "out", value_name = "PATH")]
    out: Option<String>,
    /// Change the source itself: a file as a whole, tables in one transaction.
    #[arg(long)]
    in_place: bool,
    /// Write nothing; show what would be done, and the risk before and after.
    #[arg(long)]
    plan: bool,
    /// `default`, `hipaa-safe-harbor`, or a YAML file.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// The file with the key of pseudonyms. Left out, it is the policy folder's, or one for this run.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Make a new key in this file, and do nothing else.
    #[arg(long, value_name = "FILE", exclusive = true)]
    new_key: Option<PathBuf>,
    /// How the source is written, where its name does not tell: csv, tsv, jsonl, json, parquet, text.
    #[arg(long = "as", value_name = "FORM")]
    form: Option<String>,
    /// Only these tables of a database; NAME=OTHER fills a table of another name.
    #[arg(long = "table", value_name = "NAME,…", value_delimiter = ',')]
    tables: Vec<String>,
    /// At least so many rows shall be alike in the columns by which somebody could be told: columns
    /// are widened, and rows left out, until they are.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    k: Option<u32>,
    /// The columns by which somebody could be told, together. Left out, they are proposed.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    quasi: Vec<String>,
    /// The columns that nobody should learn. Left out, they are proposed.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    sensitive: Vec<String>,
    /// Also write the report as one page.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Also write a signed certificate; the log of the policy folder holds its entry.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

pub(crate) async fn run(folder: &Path, given: Deidentify, screen: &Screen) -> Result<ExitCode> {
    if let Some(file) = &given.new_key {
        new_key(file, &means(screen))?;
        screen.say(&format!(
            "A new key lies in {}. Whoever has it can test a guess about a pseudonym: keep it as a password.",
            file.display()
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let wish = Wish {
        source: given.source.unwrap_or_default(),
        out: given.out,
        in_place: given.in_place,
        plan: given.plan,
        profile: given.profile,
        key: given.key,
        form: given.form,
        tables: given.tables,
        k: given.k,
        quasi: given.quasi,
        sensitive: given.sensitive,
        certificate: given.certificate,
    };
    // What is written to standard output stands alone there.
    let piped = !wish.plan
        && (wish.out.as_deref() == Some("-") || wish.source == "-" && wish.out.is_none());
    if piped && screen.json {
        return Err(Error::Refused(
            "the data goes to standard output, and so would `--json`: name a file with `-o`"
                .to_owned(),
        ));
    }
    let report = deidentify(folder, means(screen), &wish).await?;
    screen.calm();
    if let Some(file) = &given.html {
        std::fs::write(file, report.to_html()).map_err(|source| Error::File {
            doing: "cannot write",
            path: file.clone(),
            source,
        })?;
    }
    if piped {
        screen.note(&report.to_text(render::Style::PLAIN));
    } else {
        screen.json(&report.to_json());
        screen.say(&report.to_text(screen.style()));
        if let Some(file) = &given.html {
            screen.say(&format!("The page: {}", file.display()));
        }
    }
    Ok(code(&report))
}

/// 1 where fewer rows are alike than was asked for; 2 where something was not done.
fn code(report: &DeidentifyReport) -> ExitCode {
    if !report.undone.is_empty() {
        ExitCode::from(2)
    } else if report.short_of_k().next().is_some() {
        ExitCode::from(FAILED)
    } else {
        ExitCode::SUCCESS
    }
}
