//! Is the policy sound, and which sentences of the notice does nothing stand behind?

use policy::{Finding, Policy, Severity};
use render::coverage::{Control, Coverage, Promise, State};

use crate::Result;
use crate::house::House;
use crate::kinds;
use crate::status::notice_with;

/// What `check` found.
#[derive(Debug)]
pub struct Report {
    /// Everything that is wrong, must be answered or looks unintended.
    pub findings: Vec<Finding>,
    /// The notice with the state of each sentence; none while the policy cannot be read.
    pub coverage: Option<Coverage>,
}

impl Report {
    /// Whether the policy can be used and nothing waits for an answer.
    pub fn is_sound(&self) -> bool {
        self.coverage.is_some()
            && self.findings.iter().all(|finding| finding.severity == Severity::Warning)
    }

    /// How many findings weigh so much.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

impl House {
    /// Checks the policy folder. Opens no system.
    pub fn check(&self) -> Result<Report> {
        let sources = self.sources()?;
        let checked = policy::load(&sources);
        let zone = self.zone()?;
        let now = self.means.clock.now();
        let mut findings = checked.findings;
        if let Some(policy) = &checked.policy {
            findings.extend(self.unconnected(policy));
        }
        findings.extend(untried(&sources));
        findings.extend(crate::letters::faults(&self.folder));
        let coverage = checked
            .policy
            .as_ref()
            .map(|policy| notice_with(policy, zone, now, &|promise| shown(promise, policy)));
        Ok(Report { findings, coverage })
    }

    /// Systems without a connection, and connections without a system.
    fn unconnected(&self, policy: &Policy) -> Vec<Finding> {
        let about = |file: String, message: String, help: String| Finding {
            severity: Severity::Warning,
            file,
            line: 0,
            column: 0,
            length: 0,
            quote: String::new(),
            message,
            help: Some(help),
            code: "no-connection",
        };
        let connections = self.connections();
        let unconnected =
            policy.systems.iter().filter(|system| !connections.contains_key(&system.key)).map(
                |system| {
                    about(
                        format!("systems/{}.yaml", system.key),
                        "the system is described, but nothing says how to reach it".to_owned(),
                        format!("run `upheld connect {} URL`", system.key),
                    )
                },
            );
        let unmapped =
            connections.keys().filter(|name| policy.system(name).is_none()).map(|name| {
                about(
                    "upheld.toml".to_owned(),
                    format!(
                        "the connection `{name}` has no systems/{name}.yaml: it is never searched"
                    ),
                    format!("run `upheld connect {name} URL` to have it written"),
                )
            });
        unconnected.chain(unmapped).collect()
    }
}

/// A kind of `kinds.yaml` that finds nothing in its examples, or cannot be searched for at all.
fn untried(sources: &policy::Sources) -> Option<Finding> {
    // What is wrong with the file's form is told already.
    let kinds = policy::read_kinds(kinds::FILE, sources.get(kinds::FILE)?).ok()?;
    let kinds: Vec<_> = kinds.into_iter().map(kinds::described).collect();
    let error = kinds::tried(&kinds).err()?;
    Some(Finding {
        severity: Severity::Error,
        file: kinds::FILE.to_owned(),
        line: 0,
        column: 0,
        length: 0,
        quote: String::new(),
        message: error.to_string(),
        help: Some(
            "the pattern, the check, the context words and the examples must agree".to_owned(),
        ),
        code: "untried-kind",
    })
}

/// A promise as it stands without any look at the systems: unproven, with what stands behind it.
fn shown(promise: &policy::Promise, policy: &Policy) -> Promise {
    let controls: Vec<Control> = promise
        .controls
        .iter()
        .map(|control| Control {
            title: render::words::control::title(control, policy),
            state: State::Unproven,
            reason: String::new(),
            evidence: None,
            checked_at: None,
            entry: None,
        })
        .collect();
    let reason = match (&promise.note, controls.is_empty()) {
        (_, false) => NOT_LOOKED.to_owned(),
        (Some(note), true) => format!("Nothing stands behind it yet: {note}"),
        (None, true) => {
            "Nothing stands behind it yet: give it a control in promises.yaml.".to_owned()
        }
    };
    Promise {
        id: promise.id.clone(),
        quote: promise.quote.clone(),
        state: State::Unproven,
        reason,
        controls,
    }
}

/// `check` opens no system.
const NOT_LOOKED: &str =
    "A control stands behind it; whether it holds is told by `upheld status`, which looks.";
