//! Data is encrypted on the way and where it lies.

use policy::System;
use policy::file::promises::EncryptionControl;
use render::words;

use super::facts::{Facts, NO_SYSTEM};
use super::papers;
use super::verdict::{Verdict, few};

pub(super) fn judge(control: &EncryptionControl, facts: &Facts<'_>) -> Verdict {
    let systems = facts.systems(&control.systems);
    let mut parts = Vec::new();
    let mut evidence = Vec::new();
    if control.in_transit {
        parts.push(in_transit(&systems, facts, &mut evidence));
    }
    if control.at_rest {
        parts.extend(at_rest(&systems, facts));
        evidence.push(format!(
            "{} with a paper about its disks",
            words::count(
                systems.iter().filter(|system| system.at_rest.is_some()).count() as u64,
                "system",
                "systems"
            )
        ));
    }
    Verdict::of(parts, "The policy names no system.").shown_by(evidence.join("; "))
}

/// A connector refuses plain text beyond this machine, so what was reached is encrypted or here.
fn in_transit(systems: &[&System], facts: &Facts<'_>, evidence: &mut Vec<String>) -> Verdict {
    let (mut encrypted, mut here, mut unknown) = (Vec::new(), 0_u64, Vec::new());
    for system in systems {
        match facts.reached.get(&system.key).map(|reached| &reached.grants) {
            Some(Some(grants)) => match &grants.encrypted_with {
                Some(how) => encrypted.push(format!("{} with {how}", system.title)),
                None => here += 1,
            },
            Some(None) | None => unknown.push(system.title.as_str()),
        }
    }
    if !encrypted.is_empty() {
        evidence.push(few(&encrypted));
    }
    if here > 0 {
        evidence.push(format!(
            "{} on this machine",
            words::count(here, "connection stays", "connections stay")
        ));
    }
    if systems.is_empty() {
        return Verdict::unproven(NO_SYSTEM);
    }
    if !unknown.is_empty() {
        return Verdict::unproven(format!(
            "{} could not be asked how the connection is encrypted.",
            few(&unknown)
        ));
    }
    let stay = words::count(here, "connection stays", "connections stay");
    let go = words::count(encrypted.len() as u64, "connection is", "connections are");
    Verdict::upheld(match (encrypted.len(), here) {
        (0, _) => format!("{stay} on this machine; none goes beyond it."),
        (_, 0) => format!("{go} encrypted; none is in plain text."),
        _ => format!("{go} encrypted and {stay} on this machine; none is in plain text beyond it."),
    })
}

fn at_rest<'f>(systems: &'f [&System], facts: &'f Facts<'_>) -> Vec<Verdict> {
    let silent: Vec<&str> = systems
        .iter()
        .filter(|system| system.at_rest.is_none())
        .map(|system| system.title.as_str())
        .collect();
    let mut parts: Vec<Verdict> = systems
        .iter()
        .filter_map(|system| {
            let paper = system.at_rest.as_ref()?;
            Some(papers::standing(&format!("the disks of {}", system.title), paper, None, facts))
        })
        .collect();
    if !silent.is_empty() {
        parts.push(Verdict::unproven(format!(
            "Nothing shows that the disks of {} are encrypted: write `at_rest:` into their files.",
            few(&silent)
        )));
    }
    parts
}
