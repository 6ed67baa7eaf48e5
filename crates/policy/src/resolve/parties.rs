//! Recipients and clients: contracts, transfers, sales, and by which values a client is known.

use jiff::civil::Date;

use crate::file::policy::PolicyFile;
use crate::file::recipients::{Flow, Paper, Recipient, RecipientClass};
use crate::file::system::SystemFile;
use crate::finding::{Finding, Severity, did_you_mean};
use crate::region;
use crate::source::Files;
use crate::yaml::Path;

use super::Reporter;
use super::register::{Names, known_purpose};
use super::system::Resolved;

/// `recipients.yaml`.
pub(super) fn recipients(files: &Files<'_>, names: &Names, findings: &mut Vec<Finding>) {
    let Some(read) = files.recipients.good() else { return };
    let mut report = Reporter::new(read, findings);
    let recipients = &read.content.recipients;
    let keys = recipients.iter().map(|recipient| recipient.key.as_str());
    report.must_differ("recipient", "recipients", "key", keys);
    let policy = files.policy.whole().map(|read| &read.content);
    let root = Path::ROOT;
    let list = root.key("recipients");
    for (index, recipient) in recipients.iter().enumerate() {
        let item = list.item(index);
        let uses = item.key("purposes");
        for (index, purpose) in recipient.purposes.iter().enumerate() {
            known_purpose(&mut report, names, purpose, &uses.item(index));
        }
        let gets = item.key("gets");
        for (index, what) in recipient.gets.iter().enumerate() {
            if files.systems.contains_key(what) {
                continue;
            }
            if what.starts_with("user") || what.starts_with("system.") {
                let at = gets.item(index);
                report.must_be_word(crate::Taxonomy::Category, what, &at);
            } else {
                let systems = files.systems.keys().map(String::as_str);
                report.must_be_known("system", what, systems, &gets.item(index));
            }
        }
        if recipient.class == RecipientClass::Processor && recipient.contract.is_none() {
            let message = format!("nothing binds {}, which works on data for you", recipient.name);
            let help = "add `contract:` with its `title` and the day it is `dated`".to_owned();
            report.add(Severity::Warning, "no-contract", &item.key("key"), message, Some(help));
        }
        let contract = recipient.contract.as_ref();
        papers(contract.into_iter().map(|paper| (None, paper)), &mut report, &item.key("contract"));
        let evidence = recipient.evidence.iter().enumerate();
        let evidence = evidence.map(|(index, paper)| (Some(index), paper));
        papers(evidence, &mut report, &item.key("evidence"));
        if let Some(policy) = policy {
            handed_over(recipient, policy, &mut report, &item);
        }
    }
}

/// What handing over says about sale and about borders.
fn handed_over(
    recipient: &Recipient,
    policy: &PolicyFile,
    report: &mut Reporter<'_>,
    item: &Path<'_>,
) {
    let statements = &policy.statements;
    let (denied, key) = match recipient.flow {
        Flow::Service => (false, ""),
        Flow::Sale => (!statements.sold, "sold"),
        Flow::Share => (!statements.shared, "shared"),
    };
    if denied {
        let message = format!("data of this recipient is {key}, and policy.yaml says `{key}: no`");
        let help =
            format!("write `{key}: yes` below `statements:` and in the notice, or end the flow");
        report.error("contradiction", &item.key("flow"), message, Some(help));
    }
    // What an authority asks for it gets by law.
    if recipient.class != RecipientClass::Authority {
        let mechanism = recipient.mechanism.as_deref();
        transfer(recipient.region.as_deref(), mechanism, policy, report, item);
    }
}

/// Data that leaves the country needs a mechanism.
fn transfer(
    region: Option<&str>,
    mechanism: Option<&str>,
    policy: &PolicyFile,
    report: &mut Reporter<'_>,
    at: &Path<'_>,
) {
    let country = &policy.organisation.country;
    let Some(region) = region.filter(|region| !region::is_within(region, country)) else { return };
    if mechanism.is_none() {
        let message = format!(
            "data lies in `{region}`, outside your own country, and nothing says what makes that lawful"
        );
        let help = "add `mechanism:` (an adequacy decision, standard contractual clauses, a contract with equal protection)";
        report.add(
            Severity::Warning,
            "no-mechanism",
            &at.key("region"),
            message,
            Some(help.to_owned()),
        );
    }
}

/// The heads of the systems: where they stand, who works with them, what shows their encryption.
pub(super) fn systems(files: &Files<'_>, names: &Names, findings: &mut Vec<Finding>) {
    let policy = files.policy.whole().map(|read| &read.content);
    for state in files.systems.values() {
        let Some(read) = state.good() else { continue };
        let content: &SystemFile = &read.content;
        let Some(head) = &content.system else { continue };
        let mut report = Reporter::new(read, findings);
        let root = Path::ROOT;
        let at = root.key("system");
        if let Some(policy) = policy {
            let (region, mechanism) = (head.region.as_deref(), head.mechanism.as_deref());
            transfer(region, mechanism, policy, &mut report, &at);
        }
        let paper = head.at_rest.as_ref().map(|paper| (None, paper));
        papers(paper.into_iter(), &mut report, &at.key("at_rest"));
        if let Some(roles) = &names.roles {
            let at = at.key("accounts");
            for role in head.accounts.keys() {
                let known = roles.iter().map(String::as_str);
                report.must_be_known("role of the matrix", role, known, &at.name(role));
            }
        }
    }
}

/// `clients.yaml`.
pub(super) fn clients(files: &Files<'_>, resolved: &Resolved, findings: &mut Vec<Finding>) {
    let Some(read) = files.clients.good() else { return };
    let mut report = Reporter::new(read, findings);
    let clients = &read.content.clients;
    report.must_differ("client", "clients", "key", clients.iter().map(|c| c.key.as_str()));
    let root = Path::ROOT;
    let list = root.key("clients");
    let mut owner = std::collections::BTreeMap::new();
    for (index, client) in clients.iter().enumerate() {
        let item = list.item(index);
        let is = item.key("is");
        for (path, value) in &client.known_as {
            if !resolved.partial && !resolved.systems.is_empty() {
                known_by(path, resolved, &mut report, &is.name(path));
            }
            if let Some(other) = owner.insert((path, value), &client.name) {
                let message = format!("{other} is known by this value already");
                report.error("twice", &is.key(path), message, None);
            }
        }
        if let (Some(agreement), Some(service)) = (client.agreement_end, client.service_end)
            && service > agreement
        {
            let message = "the last service was given after the agreement had ended".to_owned();
            let at = item.key("service_end");
            report.add(Severity::Warning, "order-of-days", &at, message, None);
        }
        let all = client.papers.iter().enumerate().map(|(index, paper)| (Some(index), paper));
        papers(all, &mut report, &item.key("papers"));
    }
}

/// Whether a client can be known by this field.
fn known_by(path: &str, resolved: &Resolved, report: &mut Reporter<'_>, at: &Path<'_>) {
    let mut parts = path.splitn(3, '.');
    let names = (parts.next(), parts.next(), parts.next());
    let (Some(system), Some(_), Some(_)) = names else {
        let message = format!("`{path}` is not the name of a field");
        let help = "write it as `system.collection.field`".to_owned();
        report.error("wrong-form", at, message, Some(help));
        return;
    };
    if resolved.has_field(path) {
        return;
    }
    let keys = || resolved.systems.iter().map(|system| system.key.as_str());
    if !keys().any(|key| key == system || path.starts_with(&format!("{key}."))) {
        // A client is often written down before all systems are connected.
        let message = format!("the system `{system}` is not described yet");
        let help = did_you_mean(system, keys())
            .or_else(|| Some(format!("run `upheld connect {system} URL`")));
        report.add(Severity::Warning, "unknown-name", at, message, help);
        return;
    }
    let known: Vec<String> = resolved.fields().collect();
    report.must_be_known("field", path, known.iter().map(String::as_str), at);
}

/// The days of papers: issued before they lapse.
fn papers<'p>(
    papers: impl Iterator<Item = (Option<usize>, &'p Paper)>,
    report: &mut Reporter<'_>,
    at: &Path<'_>,
) {
    for (index, paper) in papers {
        let Some(until) = paper.until.filter(|until: &Date| *until < paper.dated) else { continue };
        let message = format!("it lapsed on {until}, before it was signed or issued");
        match index {
            Some(index) => {
                let item = at.item(index);
                report.error("contradiction", &item.key("until"), message, None);
            }
            None => report.error("contradiction", &at.key("until"), message, None),
        }
    }
}
