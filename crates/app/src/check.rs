//! Is the policy sound, and which sentences of the notice does nothing stand behind?

use model::Micros;
use policy::{Finding, Policy, Severity};
use render::coverage::{Control, Coverage, Promise, Section, Sentence, State};

use crate::Result;
use crate::house::House;

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
        let checked = policy::load(&self.sources()?);
        let zone = self.zone()?;
        let now = self.means.clock.now();
        let mut findings = checked.findings;
        if let Some(policy) = &checked.policy {
            findings.extend(self.connections(policy));
        }
        let coverage = checked.policy.as_ref().map(|policy| coverage(policy, zone, now));
        Ok(Report { findings, coverage })
    }

    /// Systems without a connection, and connections without a system.
    fn connections(&self, policy: &Policy) -> Vec<Finding> {
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
        let unconnected = policy
            .systems
            .iter()
            .filter(|system| !self.settings.connections.contains_key(&system.key))
            .map(|system| {
                about(
                    format!("systems/{}.yaml", system.key),
                    "the system is described, but nothing says how to reach it".to_owned(),
                    format!("run `upheld connect {} URL`", system.key),
                )
            });
        let unmapped = self
            .settings
            .connections
            .keys()
            .filter(|name| policy.system(name).is_none())
            .map(|name| {
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

/// The notice, sentence by sentence.
fn coverage(policy: &Policy, zone: render::Zone, now: Micros) -> Coverage {
    let promise = |id: &String| policy.promise(id).map(shown);
    let mut sections: Vec<Section> = Vec::new();
    let mut line = None;
    for sentence in &policy.notice.sentences {
        if sentence.is_heading {
            sections.push(Section { heading: sentence.text.clone(), sentences: Vec::new() });
            line = None;
            continue;
        }
        if sections.is_empty() {
            sections.push(Section { heading: String::new(), sentences: Vec::new() });
        }
        if let Some(section) = sections.last_mut() {
            section.sentences.push(Sentence {
                text: sentence.text.clone(),
                begins_paragraph: line.is_none_or(|last| sentence.line > last + 1),
                promises: sentence.promises.iter().filter_map(promise).collect(),
            });
        }
        line = Some(sentence.line);
    }
    let homeless =
        policy.promises.iter().filter(|promise| promise.found.is_none()).map(shown).collect();
    Coverage {
        organisation: policy.organisation.name.clone(),
        notice: format!(
            "Version {}, in force from {}",
            policy.notice.version, policy.notice.effective
        ),
        checked_at: now,
        zone,
        systems_checked: 0,
        not_reached: Vec::new(),
        sections,
        homeless,
        before: None,
        turned: Vec::new(),
    }
}

/// A promise as it stands without any evidence: unproven, and what is missing.
fn shown(promise: &policy::Promise) -> Promise {
    let controls: Vec<Control> = promise
        .controls
        .iter()
        .map(|control| Control {
            title: control.key().replace('_', " "),
            state: State::Unproven,
            reason: String::new(),
            evidence: None,
            checked_at: None,
            entry: None,
        })
        .collect();
    let reason = if controls.is_empty() {
        "nothing stands behind it yet: give it a control in promises.yaml".to_owned()
    } else {
        "a control is named and has not been run against the systems yet".to_owned()
    };
    Promise {
        id: promise.id.clone(),
        quote: promise.quote.clone(),
        state: State::Unproven,
        reason,
        controls,
    }
}
