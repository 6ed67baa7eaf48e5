//! Looking for personal data: in files and folders, on standard input, in systems.
//!
//! Each file is read by `documents`, which takes it apart, and each text in it by `detect`, on as
//! many threads as there are cores; where the user brings a model, it looks too (`ner`). What comes of
//! it is told file by file in the order of their paths, whichever thread was first, so that the same
//! files give the same report.
//!
//! What is deliberately absent: values. A finding is a kind, a place and a reason; only where
//! somebody asked to be shown them is a value there, masked.

mod choice;
mod files;
mod look;
mod remembered;
mod tables;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use detect::KindRef;
use ner::Finder;
use render::scan::{ScanKind, ScanModel, ScanPart, ScanReport};

use self::remembered::Remembered;
use crate::kinds;
use crate::settings::ModelSettings;
use crate::{Error, House, Means, Result, Settings};

/// What to look at, and for what.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Files, folders, systems of the policy folder, addresses of databases; `-` is standard input.
    pub targets: Vec<String>,
    /// Kinds or families to look for; all where none is named.
    pub kinds: Vec<String>,
    /// Kinds or families that must not be there.
    pub deny: Vec<String>,
    /// Findings less sure than this do not count, 0 to 100.
    pub least: u8,
    /// A file of kinds that the user described, instead of the `kinds.yaml` of the policy folder.
    pub own: Option<PathBuf>,
    /// A file of values that do not count, one on each line; `@acme.example` is every address there.
    pub allow: Option<PathBuf>,
    /// Leave out what ignore files (`.gitignore`, `.ignore`) leave out.
    pub gitignore: bool,
    /// At most so many rows of each table.
    pub sample: Option<u32>,
    /// Look only at files that changed and rows that were added since this was written, and write it anew.
    pub since: Option<PathBuf>,
    /// Show values, masked.
    pub show: bool,
    /// The model that looks too.
    pub model: ModelWish,
}

/// Which model looks beside the detector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ModelWish {
    /// The one of the settings, if they name one.
    #[default]
    OfSettings,
    /// This one; a relative path counts from where the program runs.
    At(ModelSettings),
    /// None.
    None,
}

/// What every thread needs.
struct Search {
    finder: Finder,
    show: bool,
    limits: documents::Limits,
    runtime: tokio::runtime::Handle,
}

/// A target, once it is known what it is.
enum Target {
    Input,
    Path(PathBuf),
    System(String),
    Address(String),
}

/// Looks at everything that was asked for. `tell` gets each file and each table in order.
pub async fn scan(
    folder: &Path,
    means: Means,
    wish: &Wish,
    tell: &mut (dyn FnMut(&ScanPart) + Send),
) -> Result<ScanReport> {
    let own = kinds::own(folder, wish.own.as_deref())?;
    let known = choice::known(&own)?;
    let detector = choice::detector(wish, &own, &known)?;
    let denied = choice::chosen(&wish.deny, &known)?;
    let model = choice::model(folder, wish, &known)?;
    let looked_for = match &wish.since {
        Some(_) => choice::digest(wish, &own, model.as_ref())?,
        None => String::new(),
    };
    let with_model = model.as_ref().map(|model| ScanModel {
        path: model.path().display().to_string(),
        unreported: model.unreported(),
    });
    let search = Arc::new(Search {
        finder: Finder::new(detector, model),
        show: wish.show,
        limits: documents::Limits::default(),
        runtime: tokio::runtime::Handle::current(),
    });
    let mut remembered = match &wish.since {
        Some(file) => Some(Remembered::read(file, &looked_for)?),
        None => None,
    };
    let mut report = ScanReport {
        targets: wish.targets.clone(),
        kinds: titles(&known),
        least: wish.least,
        model: with_model,
        ..ScanReport::default()
    };
    for name in &wish.targets {
        let target = match target(folder, name) {
            Ok(target) => target,
            Err(why) => {
                report.errors.push(why);
                continue;
            }
        };
        let mut take = |part: &ScanPart| {
            report.add(part);
            tell(part);
        };
        let looked = match target {
            Target::Input => {
                let progress = means.progress.as_ref();
                files::input(&search, progress, &mut take).await
            }
            Target::Path(path) => {
                let walk = files::Walk { path, gitignore: wish.gitignore };
                files::walk(&search, walk, remembered.as_mut(), &means, &mut take).await
            }
            Target::System(system) => {
                let house = House::open(folder, means.clone())?;
                let rows = tables::Wanted { sample: wish.sample, remembered: remembered.as_mut() };
                tables::system(&search, &house, &system, rows, &mut take).await
            }
            Target::Address(address) => {
                let rows = tables::Wanted { sample: wish.sample, remembered: remembered.as_mut() };
                tables::address(&search, &means, &address, rows, &mut take).await
            }
        };
        if let Err(why) = looked {
            report.errors.push(why);
        }
    }
    report.denied = denied
        .into_iter()
        .filter(|kind| report.found(kind.key()).found > 0)
        .map(|kind| kind.key().to_owned())
        .collect();
    // What could not be looked at is tried again the next time, whatever stands there.
    if let (Some(remembered), Some(file)) = (remembered, &wish.since) {
        remembered.write(file)?;
    }
    Ok(report)
}

fn titles(known: &[KindRef]) -> BTreeMap<String, ScanKind> {
    let told = |kind: &KindRef| {
        let about = ScanKind {
            key: kind.key().to_owned(),
            title: kind.title().to_owned(),
            category: kind.category().to_owned(),
            standard: kind.standard().to_owned(),
        };
        (about.key.clone(), about)
    };
    known.iter().map(told).collect()
}

/// What a name stands for: what is there comes before what is called so in the settings.
fn target(folder: &Path, name: &str) -> std::result::Result<Target, String> {
    if name == "-" {
        return Ok(Target::Input);
    }
    let path = Path::new(name);
    if path.symlink_metadata().is_ok() {
        return Ok(Target::Path(path.to_owned()));
    }
    let settings = Settings::read(folder).map_err(|error| error.to_string())?;
    if settings.connections.contains_key(name) {
        return Ok(Target::System(name.to_owned()));
    }
    if name.contains("://") || name.starts_with("sqlite:") {
        return Ok(Target::Address(name.to_owned()));
    }
    let systems: Vec<String> =
        settings.connections.keys().map(|system| format!("`{system}`")).collect();
    let systems = if systems.is_empty() {
        "upheld.toml connects none".to_owned()
    } else {
        format!("the systems are {}", render::words::list(&systems))
    };
    Err(format!(
        "`{name}`: there is no such file or folder here, and no system of this name ({systems}); check the spelling"
    ))
}

/// The words of a failure that has a file.
fn cannot_read(path: &Path, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            format!(
                "`{}` cannot be read by this account: give it the right to read, or run this as its owner",
                path.display()
            )
        }
        _ => Error::file("cannot read", path)(std::io::Error::from(error.kind())).to_string(),
    }
}

#[cfg(test)]
mod tests;
