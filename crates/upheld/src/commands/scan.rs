//! `upheld scan`

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::scan::{ModelWish, Wish, scan};
use app::{Error, ModelSettings, Result};
use clap::Args as ClapArgs;
use render::scan::{Sarif, ScanPart, ScanReport};

use crate::commands::{FAILED, means};
use crate::screen::Screen;

#[derive(Debug, ClapArgs)]
pub(crate) struct Scan {
    /// Files, folders, systems that upheld.toml connects, addresses of databases (postgres://,
    /// mysql://, sqlite:PATH); `-` or nothing is standard input.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Look for these kinds alone: a key (contact.email) or a family (contact, network, financial,
    /// government, health, credential, online, child, special).
    #[arg(long, value_name = "KIND,…", value_delimiter = ',')]
    kinds: Vec<String>,
    /// Exit with 1 if any of these is found: keys or families, as with --kinds. Test data does not
    /// count.
    #[arg(long, value_name = "KIND,…", value_delimiter = ',')]
    deny: Vec<String>,
    /// Leave out what is less sure than this, 0 to 100.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u8).range(0..=100))]
    least: u8,
    /// Also look for the kinds that this file describes, in the form of a policy folder's kinds.yaml.
    /// Left out, those of the kinds.yaml of the policy folder that this is run in.
    #[arg(long, value_name = "FILE")]
    own: Option<PathBuf>,
    /// Values that do not count, one on each line; `@acme.example` is every address there, `#`
    /// begins a remark.
    #[arg(long, value_name = "FILE")]
    allow: Option<PathBuf>,
    /// Let a model look too: a token classifier for names and addresses, as a folder with model.onnx,
    /// tokenizer.json and config.json. Left out, the one that [model] of upheld.toml names. It needs a
    /// build with the feature `onnx`.
    #[arg(long, value_name = "PATH")]
    model: Option<PathBuf>,
    /// What a label of this model means: LOC=contact.address. May be given several times.
    #[arg(long, value_name = "LABEL=KIND", requires = "model", value_parser = label)]
    model_label: Vec<(String, String)>,
    /// Leave out the model that upheld.toml names.
    #[arg(long, conflicts_with = "model")]
    no_model: bool,
    /// Show values, masked, with their places.
    #[arg(long)]
    show: bool,
    /// Leave out what .gitignore and .ignore leave out.
    #[arg(long)]
    gitignore: bool,
    /// Look at no more than so many rows of each table, spread over it. Left out, at all of them.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    sample: Option<u32>,
    /// Look again only at files that changed, and at rows that were added to tables whose key is a whole
    /// number, since this file was written, and write it anew; of the others the last counts are told.
    /// It holds paths and counts, and no value. What changes in old rows is not seen: now and then, scan
    /// without it.
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Also write the result as one page.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Also write the findings as SARIF 2.1.0, for code review and security tools.
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
}

fn label(given: &str) -> std::result::Result<(String, String), String> {
    match given.split_once('=') {
        Some((label, kind)) if !label.is_empty() && !kind.is_empty() => {
            Ok((label.to_owned(), kind.to_owned()))
        }
        _ => Err("write a label of the model, `=` and a kind: LOC=contact.address".to_owned()),
    }
}

pub(crate) async fn run(folder: &Path, given: Scan, screen: &Screen) -> Result<ExitCode> {
    let mut targets = given.targets;
    if targets.is_empty() {
        if std::io::stdin().is_terminal() {
            return Err(Error::Refused(
                "name what to look at: a file, a folder, a system of upheld.toml, or `-` for standard input".to_owned(),
            ));
        }
        targets.push("-".to_owned());
    }
    let wish = Wish {
        targets,
        kinds: given.kinds,
        deny: given.deny,
        least: given.least,
        own: given.own,
        allow: given.allow,
        gitignore: given.gitignore,
        sample: given.sample,
        since: given.since,
        show: given.show,
        model: match given.model {
            Some(path) => ModelWish::At(ModelSettings {
                path,
                labels: given.model_label.into_iter().collect(),
            }),
            None if given.no_model => ModelWish::None,
            None => ModelWish::OfSettings,
        },
    };
    let mut sarif = given.sarif.as_ref().map(|_| Sarif::default());
    let report = scan(folder, means(screen), &wish, &mut |part: &ScanPart| {
        if let Some(sarif) = &mut sarif {
            sarif.add(part);
        }
        if screen.json {
            part.to_json_lines().iter().for_each(|line| screen.json_line(line));
        }
    })
    .await?;
    screen.calm();
    screen.json_line(&report.to_json_summary());
    screen.say(&report.to_text(screen.style()));
    if let Some(file) = &given.html {
        write(file, report.to_html().as_bytes())?;
        screen.say(&format!("The page: {}", file.display()));
    }
    if let (Some(file), Some(sarif)) = (&given.sarif, &sarif) {
        let text = serde_json::to_vec_pretty(&sarif.to_json(&report)).unwrap_or_default();
        write(file, &text)?;
        screen.say(&format!("SARIF: {}", file.display()));
    }
    Ok(code(&report))
}

/// 1 where something was found that must not be there; 2 where a target could not be looked at.
fn code(report: &ScanReport) -> ExitCode {
    if !report.denied.is_empty() {
        ExitCode::from(FAILED)
    } else if report.errors.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    }
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(file, bytes).map_err(|source| Error::File {
        doing: "cannot write",
        path: file.to_owned(),
        source,
    })
}
