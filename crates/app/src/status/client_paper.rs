//! Special data of clients is held only under a signed paper.

use policy::Client;
use policy::file::promises::ClientPaperControl;
use render::coverage::State;
use render::words;

use super::contents::{standing, unproven};
use super::facts::{Facts, NO_SYSTEM};
use super::papers;
use super::verdict::{Verdict, few};

pub(super) fn judge(control: &ClientPaperControl, facts: &Facts<'_>) -> Verdict {
    let systems = facts.systems(&control.systems);
    if systems.is_empty() {
        return Verdict::unproven(NO_SYSTEM);
    }
    let held = standing(&control.of, &systems, facts);
    let titles: Vec<String> =
        control.of.iter().map(|key| facts.policy.title_of_category(key)).collect();
    let what = words::list(&titles);
    if held.found.is_empty() {
        let verdict = unproven(&held).unwrap_or_else(|| {
            Verdict::upheld(format!("No {what} was found, so no {} is needed.", control.paper))
        });
        return verdict.shown_by(held.looked);
    }
    let clients: Vec<&Client> = facts
        .policy
        .clients
        .iter()
        .filter(|client| client.agreement_end.is_none_or(|day| day >= facts.today))
        .collect();
    let found = format!("{what} is held: {}", few(&held.found));
    if clients.is_empty() {
        return Verdict::broken(format!(
            "clients.yaml names no client with a {}. {found}",
            control.paper
        ))
        .shown_by(held.looked);
    }
    let mut parts = Vec::new();
    let mut without = Vec::new();
    for client in &clients {
        let fitting = client.papers.iter().filter(|p| p.title.eq_ignore_ascii_case(&control.paper));
        match papers::speaking(fitting, None, facts.today) {
            Some(paper) => parts.push(papers::standing(&client.name, paper, None, facts)),
            None => without.push(client.name.as_str()),
        }
    }
    if !without.is_empty() {
        parts.push(Verdict::broken(format!(
            "{} of {} signed no {}: {}.",
            words::number(without.len() as u64),
            words::count(clients.len() as u64, "client", "clients"),
            control.paper,
            few(&without)
        )));
    }
    let mut verdict = Verdict::of(parts, "").shown_by(held.looked);
    if verdict.state == State::Broken {
        verdict.reason = format!("{} {found}", verdict.reason);
    }
    verdict
}
