//! Controls that are answered by the registers of the policy: purposes, transfers, sales.

use policy::file::promises::{NoSaleControl, PurposeControl, TransferControl};
use policy::{Flow, LegalBasis, Policy, Recipient, RecipientClass, region};
use render::words;

use super::verdict::{Verdict, few};

/// Whether every use has a purpose, and every purpose a basis in law.
pub(super) fn purpose(control: &PurposeControl, policy: &Policy) -> Verdict {
    let mut parts = Vec::new();
    let evidence = format!(
        "{}, {} and {} of the policy compared",
        words::count(policy.purposes.len() as u64, "purpose", "purposes"),
        words::count(policy.systems.len() as u64, "system", "systems"),
        words::count(policy.recipients.len() as u64, "recipient", "recipients")
    );
    let wanted =
        |key: &str| control.purposes.is_empty() || control.purposes.iter().any(|p| p == key);
    for purpose in policy.purposes.iter().filter(|purpose| wanted(&purpose.key)) {
        let names_it = |word: &String| policy.purpose(word).is_some_and(|p| p.key == purpose.key);
        let used = policy.systems.iter().any(|system| system.purposes.iter().any(names_it))
            || policy.recipients.iter().any(|recipient| recipient.purposes.iter().any(names_it));
        if purpose.legal_basis == LegalBasis::LegitimateInterest && purpose.because.is_none() {
            parts.push(Verdict::unproven(format!(
                "\u{201c}{}\u{201d} rests on a legitimate interest that policy.yaml does not name.",
                purpose.title
            )));
        } else if !used && !control.purposes.is_empty() {
            parts.push(Verdict::unproven(format!(
                "No system and no recipient is written down as used for \u{201c}{}\u{201d}.",
                purpose.title
            )));
        } else {
            parts.push(Verdict::upheld(match control.purposes.len() {
                0 => "Every system and recipient has a purpose with a legal basis.".to_owned(),
                _ => format!(
                    "\u{201c}{}\u{201d} rests on {}.",
                    purpose.title,
                    purpose.legal_basis.title()
                ),
            }));
        }
    }
    if control.purposes.is_empty() {
        let systems = policy.systems.iter().map(|system| (&system.title, &system.purposes));
        let recipients = policy.recipients.iter().map(|one| (&one.name, &one.purposes));
        let mut silent = Vec::new();
        for (name, purposes) in systems.chain(recipients) {
            let unknown: Vec<&str> = purposes
                .iter()
                .filter(|word| policy.purpose(word).is_none())
                .map(String::as_str)
                .collect();
            if purposes.is_empty() {
                silent.push(name.as_str());
            } else if !unknown.is_empty() {
                parts.push(Verdict::broken(format!(
                    "{name} is used for {}, which policy.yaml does not declare.",
                    few(&unknown)
                )));
            }
        }
        if !silent.is_empty() {
            parts.push(Verdict::unproven(format!(
                "Nothing says what {} {} used for.",
                few(&silent),
                if silent.len() == 1 { "is" } else { "are" }
            )));
        }
    }
    Verdict::of(parts, "policy.yaml names no purpose.").shown_by(evidence)
}

/// Whether what stands abroad stands there lawfully.
pub(super) fn transfer(control: &TransferControl, policy: &Policy) -> Verdict {
    let home = policy.organisation.country.as_str();
    let systems =
        policy.systems.iter().map(|system| (&system.title, &system.region, &system.mechanism));
    let recipients = policy
        .recipients
        .iter()
        .filter(|one| !one.gets.is_empty() || has_system(policy, one))
        .map(|one| (&one.name, &one.region, &one.mechanism));
    let (mut at_home, mut covered, mut parts) = (0_u64, Vec::new(), Vec::new());
    let mut nowhere = Vec::new();
    for (name, place, mechanism) in systems.chain(recipients) {
        match (place, mechanism) {
            (None, _) => nowhere.push(name.as_str()),
            (Some(place), _) if needs_none(place, home, &control.within) => at_home += 1,
            (Some(place), None) => parts.push(Verdict::broken(format!(
                "{name} holds data in {place}, and nothing makes the transfer lawful."
            ))),
            (Some(place), Some(mechanism)) => {
                covered.push(format!("{name} in {place}: {mechanism}"));
            }
        }
    }
    if !nowhere.is_empty() {
        parts.push(Verdict::unproven(format!("Nothing says where {} stand.", few(&nowhere))));
    }
    if at_home + covered.len() as u64 > 0 {
        let abroad = words::count(covered.len() as u64, "stands", "stand");
        parts.push(Verdict::upheld(format!(
            "{} at home or where no mechanism is needed, {abroad} abroad with one.",
            words::count(at_home, "holder of data stands", "holders of data stand")
        )));
    }
    let evidence = format!(
        "the registers of {} and {}{}",
        words::count(policy.systems.len() as u64, "system", "systems"),
        words::count(policy.recipients.len() as u64, "recipient", "recipients"),
        if covered.is_empty() { String::new() } else { format!("; {}", few(&covered)) }
    );
    Verdict::of(parts, "The policy names no system and no recipient.").shown_by(evidence)
}

fn has_system(policy: &Policy, recipient: &Recipient) -> bool {
    policy.systems.iter().any(|system| system.recipients.contains(&recipient.key))
}

fn needs_none(place: &str, home: &str, within: &[String]) -> bool {
    // A region named in the policy is compared as it is written; of the European Economic Area
    // every member counts.
    region::is_within(place, home)
        || within.iter().any(|named| {
            place.trim().eq_ignore_ascii_case(named.trim())
                || (region::is_within(named, "DE")
                    && !named.eq_ignore_ascii_case("Germany")
                    && region::is_within(place, "DE"))
                || region::is_within(place, named)
        })
}

/// Whether nobody buys data or gets it for advertising.
pub(super) fn no_sale(control: &NoSaleControl, policy: &Policy) -> Verdict {
    let mut parts = Vec::new();
    if policy.statements.sold {
        parts.push(Verdict::broken("policy.yaml says that personal data is sold."));
    }
    if policy.statements.shared && !control.after_opt_out_only {
        parts.push(Verdict::broken(
            "policy.yaml says that personal data is shared for advertising across sites.",
        ));
    }
    for recipient in &policy.recipients {
        let gets = !recipient.gets.is_empty() || has_system(policy, recipient);
        let name = &recipient.name;
        match recipient.flow {
            Flow::Sale => {
                parts.push(Verdict::broken(format!("{name} gets data, and that is a sale.")));
            }
            Flow::Share if !control.after_opt_out_only => parts
                .push(Verdict::broken(format!("{name} gets data for advertising across sites."))),
            Flow::Service
                if gets
                    && recipient.class == RecipientClass::Advertising
                    && !control.after_opt_out_only =>
            {
                parts.push(Verdict::broken(format!(
                    "{name} is an advertising partner and gets data."
                )));
            }
            Flow::Share | Flow::Service => {}
        }
    }
    if !policy.recipients.is_empty() && parts.is_empty() {
        parts.push(Verdict::upheld(format!(
            "None of {} buys data{}.",
            words::count(policy.recipients.len() as u64, "recipient", "recipients"),
            if control.after_opt_out_only {
                ""
            } else {
                " or gets it for advertising across sites"
            }
        )));
    }
    Verdict::of(parts, "recipients.yaml lists nobody, so nothing shows that nobody buys data.")
        .shown_by("the register of recipients and the statements of policy.yaml")
}
