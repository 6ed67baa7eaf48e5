//! From a folder's files to a [`Policy`], or to everything that is wrong with them at once.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::file::classification::ClassificationFile;
use crate::file::clients::ClientsFile;
use crate::file::kinds::{KindsFile, OwnKind};
use crate::file::policy::PolicyFile;
use crate::file::promises::PromisesFile;
use crate::file::recipients::RecipientsFile;
use crate::file::system::SystemFile;
use crate::finding::{self, Finding, Page, Severity, about_file, did_you_mean};
use crate::yaml::{MAX_BYTES, Node};
use crate::{Policy, resolve, shape, yaml};

/// The files of a policy folder: relative name (`systems/crm.yaml`) to text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: BTreeMap<String, String>,
    unreadable: BTreeMap<String, String>,
}

impl Sources {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.files.insert(name.into(), text.into());
    }

    /// A file's text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// Every file, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

impl<N: Into<String>, T: Into<String>> FromIterator<(N, T)> for Sources {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(files: I) -> Self {
        let files = files.into_iter().map(|(name, text)| (name.into(), text.into())).collect();
        Self { files, unreadable: BTreeMap::new() }
    }
}

/// Reads the files of a policy folder that belong to the policy: YAML files and texts in the
/// folder itself, `systems/*.yaml`, and earlier texts of the notice in `past/`. A file that is not
/// text is reported by [`load`].
///
/// # Errors
/// The folder cannot be listed. What is wrong with single files is a finding of [`load`].
pub fn read_folder(folder: &FilePath) -> std::io::Result<Sources> {
    let mut sources = Sources::new();
    read_into(&mut sources, folder, "", &["yaml", "yml", "md", "html", "htm", "txt"])?;
    let systems = folder.join("systems");
    if systems.is_dir() {
        read_into(&mut sources, &systems, "systems/", &["yaml", "yml"])?;
    }
    let past = folder.join("past");
    if past.is_dir() {
        read_into(&mut sources, &past, "past/", &["md", "html", "htm", "txt"])?;
    }
    Ok(sources)
}

fn read_into(
    sources: &mut Sources,
    folder: &FilePath,
    prefix: &str,
    endings: &[&str],
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let wanted = path
            .extension()
            .and_then(|ending| ending.to_str())
            .is_some_and(|ending| endings.contains(&ending.to_lowercase().as_str()));
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if !wanted || name.starts_with('.') || !path.is_file() {
            continue;
        }
        let name = format!("{prefix}{name}");
        match read_text(&path) {
            Ok(text) => sources.insert(name, text),
            Err(why) => drop(sources.unreadable.insert(name, why)),
        }
    }
    Ok(())
}

fn read_text(path: &FilePath) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if usize::try_from(size).map_or(true, |size| size > MAX_BYTES) {
        return Err(format!("the file is larger than {} MiB", MAX_BYTES / 1024 / 1024));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes)
        .map_err(|_| "the file is not UTF-8 text: save it with that encoding".to_owned())
}

/// What came of reading a policy folder.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The policy, if there is no error.
    pub policy: Option<Policy>,
    /// Everything that is wrong, doubtful or open, by file and line.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Whether the policy can be used.
    pub const fn is_sound(&self) -> bool {
        self.policy.is_some()
    }

    /// How many findings weigh this much.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// A file that was read: its text, its tree, its content.
pub(crate) struct Read<'s, T> {
    pub(crate) page: Page<'s>,
    pub(crate) tree: Node,
    pub(crate) content: T,
    /// Whether parts of it were left out because they do not fit.
    pub(crate) damaged: bool,
}

/// What became of a file.
pub(crate) enum State<'s, T> {
    /// It is not there.
    Missing,
    /// It is there and cannot be used; the findings say why.
    Broken,
    /// It is there.
    Good(Read<'s, T>),
}

impl<'s, T> State<'s, T> {
    pub(crate) const fn good(&self) -> Option<&Read<'s, T>> {
        match self {
            Self::Good(read) => Some(read),
            _ => None,
        }
    }

    /// The file, if all of it was read.
    pub(crate) const fn whole(&self) -> Option<&Read<'s, T>> {
        match self {
            Self::Good(read) if !read.damaged => Some(read),
            _ => None,
        }
    }

    /// Whether something that the file names may be missing only because it could not be read.
    pub(crate) const fn is_partial(&self) -> bool {
        matches!(self, Self::Broken | Self::Good(Read { damaged: true, .. }))
    }
}

/// The files of a folder, each by itself.
pub(crate) struct Files<'s> {
    pub(crate) sources: &'s Sources,
    pub(crate) policy: State<'s, PolicyFile>,
    pub(crate) promises: State<'s, PromisesFile>,
    pub(crate) classification: State<'s, ClassificationFile>,
    pub(crate) recipients: State<'s, RecipientsFile>,
    pub(crate) clients: State<'s, ClientsFile>,
    /// By key: the file's name without folder and ending.
    pub(crate) systems: BTreeMap<String, State<'s, SystemFile>>,
}

const NAMES: [&str; 6] = [
    "policy.yaml",
    "promises.yaml",
    "classification.yaml",
    "recipients.yaml",
    "clients.yaml",
    "kinds.yaml",
];

/// Reads a policy. All problems of all files come at once; a file that is broken does not hide
/// those of another.
pub fn load(sources: &Sources) -> Checked {
    let mut findings = Vec::new();
    for (name, why) in &sources.unreadable {
        findings.push(about_file(Severity::Error, "unreadable", name, why.clone(), None));
    }
    for (name, _) in sources.iter() {
        let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
        if is_yaml && !name.starts_with("systems/") && !NAMES.contains(&name) {
            let help = did_you_mean(name, NAMES).or_else(|| {
                Some(format!("policy files are {} and systems/*.yaml", NAMES.join(", ")))
            });
            let message = "this file is not read".to_owned();
            findings.push(about_file(Severity::Warning, "stray-file", name, message, help));
        }
    }
    let mut systems = BTreeMap::new();
    for (name, text) in sources.iter() {
        let Some(key) = system_key(name) else { continue };
        let state = read::<SystemFile>(name, text, &mut findings);
        if systems.insert(key.to_owned(), state).is_some() {
            let message = format!("another file describes the system `{key}` already");
            findings.push(about_file(Severity::Error, "twice", name, message, None));
        }
    }
    for name in sources.unreadable.keys() {
        if let Some(key) = system_key(name) {
            systems.insert(key.to_owned(), State::Broken);
        }
    }
    let [policy, promises, classification, recipients, clients, kinds] = NAMES;
    if let State::Good(read) = file::<KindsFile>(sources, kinds, &mut findings) {
        resolve::kinds(&read, &mut findings);
    }
    let files = Files {
        sources,
        systems,
        policy: file(sources, policy, &mut findings),
        promises: file(sources, promises, &mut findings),
        classification: file(sources, classification, &mut findings),
        recipients: file(sources, recipients, &mut findings),
        clients: file(sources, clients, &mut findings),
    };
    let policy = resolve::resolve(&files, &mut findings);
    finding::close(&mut findings);
    findings.sort_by(|a, b| {
        (&a.file, a.line, a.column, a.severity).cmp(&(&b.file, b.line, b.column, b.severity))
    });
    let sound = findings.iter().all(|finding| finding.severity != Severity::Error);
    Checked { policy: policy.filter(|_| sound), findings }
}

/// Reads one system's file by itself: a map that ships with a program, without a policy around it.
/// Rows, recipients and purposes of a policy are not looked for.
///
/// # Errors
/// Everything that is wrong, printed.
pub fn read_system(key: &str, yaml: &str) -> Result<crate::System, String> {
    let mut findings = Vec::new();
    let name = format!("systems/{key}.yaml");
    let sources = Sources::new();
    let state = read::<SystemFile>(&name, yaml, &mut findings);
    let files = Files {
        sources: &sources,
        policy: State::Broken,
        promises: State::Broken,
        classification: State::Broken,
        recipients: State::Broken,
        clients: State::Broken,
        systems: BTreeMap::from([(key.to_owned(), state)]),
    };
    let systems = resolve::systems(&files, &mut findings);
    finding::close(&mut findings);
    findings.retain(|finding| finding.severity == Severity::Error);
    match <[crate::System; 1]>::try_from(systems) {
        Ok([system]) if findings.is_empty() => Ok(system),
        Ok(_) => Err(crate::render(&findings, false, 100)),
        Err(others) if findings.is_empty() => {
            Err(format!("{name} holds {} datasets and must hold one", others.len()))
        }
        Err(_) => Err(crate::render(&findings, false, 100)),
    }
}

/// The systems of a folder as far as they can be read, whatever else is wrong there: for whoever
/// only needs to know what lies where. Rows, recipients and purposes are not looked for.
pub fn readable_systems(sources: &Sources) -> Vec<crate::System> {
    let mut findings = Vec::new();
    let systems = sources.iter().filter_map(|(name, text)| {
        let key = system_key(name)?;
        Some((key.to_owned(), read(name, text, &mut findings)))
    });
    let systems = systems.collect();
    let files = Files {
        sources,
        policy: State::Broken,
        promises: State::Broken,
        classification: State::Broken,
        recipients: State::Broken,
        clients: State::Broken,
        systems,
    };
    resolve::systems(&files, &mut findings)
}

/// Reads one system's file as it is written, without looking for what it names.
///
/// # Errors
/// Everything that is wrong with its form, printed.
pub fn read_system_file(key: &str, yaml: &str) -> Result<SystemFile, String> {
    let mut findings = Vec::new();
    let name = format!("systems/{key}.yaml");
    let state = read::<SystemFile>(&name, yaml, &mut findings);
    finding::close(&mut findings);
    findings.retain(|finding| finding.severity == Severity::Error);
    match state {
        State::Good(read) if findings.is_empty() => Ok(read.content),
        _ => Err(crate::render(&findings, false, 100)),
    }
}

/// Reads `kinds.yaml`, or another file of its form.
///
/// # Errors
/// Everything that is wrong with it, printed. Patterns and examples are not tried here.
pub fn read_kinds(name: &str, yaml: &str) -> Result<Vec<OwnKind>, String> {
    let mut findings = Vec::new();
    let state = read::<KindsFile>(name, yaml, &mut findings);
    if let Some(read) = state.good() {
        resolve::kinds(read, &mut findings);
    }
    finding::close(&mut findings);
    findings.retain(|finding| finding.severity == Severity::Error);
    match state {
        State::Good(read) if findings.is_empty() => Ok(read.content.kinds),
        _ => Err(crate::render(&findings, false, 100)),
    }
}

/// Reads a profile of `upheld deidentify`. Methods are not looked at.
///
/// # Errors
/// Everything that is wrong with its form, printed.
pub fn read_profile(name: &str, yaml: &str) -> Result<crate::ProfileFile, String> {
    let mut findings = Vec::new();
    let state = read::<crate::ProfileFile>(name, yaml, &mut findings);
    finding::close(&mut findings);
    findings.retain(|finding| finding.severity == Severity::Error);
    match state {
        State::Good(read) if findings.is_empty() => Ok(read.content),
        _ => Err(crate::render(&findings, false, 100)),
    }
}

/// The key of the system that a file describes.
fn system_key(name: &str) -> Option<&str> {
    let file = name.strip_prefix("systems/")?;
    file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml"))
}

fn file<'s, T>(sources: &'s Sources, name: &'s str, findings: &mut Vec<Finding>) -> State<'s, T>
where
    T: DeserializeOwned + JsonSchema,
{
    match sources.get(name) {
        Some(text) => read(name, text, findings),
        None if sources.unreadable.contains_key(name) => State::Broken,
        None => State::Missing,
    }
}

fn read<'s, T>(name: &'s str, text: &'s str, findings: &mut Vec<Finding>) -> State<'s, T>
where
    T: DeserializeOwned + JsonSchema,
{
    let page = Page::new(name, text);
    let before = findings.len();
    let (tree, faults) = yaml::parse(text);
    for fault in faults {
        finding::add(findings, || {
            page.finding(Severity::Error, "yaml", fault.at, fault.message, fault.help)
        });
    }
    let Some(mut tree) = tree else { return State::Broken };
    let schema = schemars::schema_for!(T).to_value();
    let (value, problems) = shape::shape(page.clone(), &mut tree, &schema);
    findings.extend(problems);
    let Some(value) = value else { return State::Broken };
    let damaged = findings.iter().skip(before).any(|finding| finding.severity == Severity::Error);
    match serde_json::from_value(value) {
        Ok(content) => State::Good(Read { page, tree, content, damaged }),
        Err(error) => {
            // The schema should have caught it; if it did not, say it rather than lose it.
            let message = format!("this file cannot be read: {error}");
            findings.push(about_file(Severity::Error, "unread", name, message, None));
            State::Broken
        }
    }
}
