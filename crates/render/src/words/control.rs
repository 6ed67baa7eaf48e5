//! The words of controls: what each of them watches over, in a few words.

use policy::{Control, Policy, RequestKind, ToldOf};

use super::{capital, list};

/// What a control is, in plain words ("Retention, at most 7 years").
pub fn title(control: &Control, policy: &Policy) -> String {
    let row = |key: &Option<String>| {
        key.as_deref().map(|key| policy.row(key).map_or(key, |row| row.title.as_str()).to_owned())
    };
    let categories = |of: &[String]| {
        let titles: Vec<String> = of.iter().map(|key| policy.title_of_category(key)).collect();
        list(&titles)
    };
    let recipients = |keys: &[String]| {
        let names: Vec<&str> = keys
            .iter()
            .map(|key| policy.recipient(key).map_or(key.as_str(), |found| found.name.as_str()))
            .collect();
        list(&names)
    };
    match control {
        Control::RequestRight(kind) => format!("Requests answered in time: {}", request(*kind)),
        Control::Retention(rule) => {
            let mut words = Vec::new();
            if let Some(min) = rule.min {
                words.push(format!("at least {min}"));
            }
            if let Some(max) = rule.max {
                words.push(format!("at most {max}"));
            }
            if let Some(event) = rule.after {
                words.push(format!("after {}", event.title()));
            }
            let limits = words.join(", ");
            match row(&rule.class) {
                Some(class) => format!("Retention, {limits}: {class}"),
                None => format!("Retention, {limits}: {}", list(&rule.collections)),
            }
        }
        Control::Absence(absence) => format!("Held nowhere: {}", categories(&absence.of)),
        Control::Encryption(control) => match (control.in_transit, control.at_rest) {
            (true, true) => "Encryption on the way and where data lies",
            (_, true) => "Encryption where data lies",
            _ => "Encryption on the way",
        }
        .to_owned(),
        Control::RecipientEvidence(control) => {
            format!("Evidence of recipients: {}", control.any_of.join(" or "))
        }
        Control::Attestation(control) => {
            // "every year", and "every 6 months".
            let every = control.every.to_string();
            let every = every.strip_prefix("1 ").unwrap_or(&every);
            format!("Confirmed by the {} every {every}", control.owner)
        }
        Control::NoticeText(_) => "The sentence stands in the notice".to_owned(),
        Control::Access(control) => match (row(&control.class), control.second_factor) {
            (Some(class), true) => format!("Access by role and a second factor: {class}"),
            (Some(class), false) => format!("Access by role: {class}"),
            (None, true) => "Access by role and a second factor".to_owned(),
            (None, false) => "Access by role".to_owned(),
        },
        Control::Held(control) => format!("Held, as the notice says: {}", categories(&control.of)),
        Control::Purpose(control) if control.purposes.is_empty() => {
            "Every use has a purpose and a legal basis".to_owned()
        }
        Control::Purpose(control) => {
            let titles: Vec<String> =
                control.purposes.iter().map(|key| policy.title_of_purpose(key)).collect();
            let titles: Vec<String> = titles.iter().map(|title| format!("“{title}”")).collect();
            format!("Used for: {}", list(&titles))
        }
        Control::Transfer(_) => "Transfers abroad have a mechanism".to_owned(),
        Control::Contract(control) if control.recipients.is_empty() => {
            "Processors are under contract".to_owned()
        }
        Control::Contract(control) => {
            format!("Under contract: {}", recipients(&control.recipients))
        }
        Control::NoSale(_) => "No sale of data".to_owned(),
        Control::LeadTime(control) => {
            format!("Changes are announced {} before", control.at_least)
        }
        Control::Told(control) => match control.of {
            ToldOf::NoticeChange => "Everybody is told of a new version by mail".to_owned(),
            ToldOf::ChangeOfControl => {
                "Everybody is told by mail when the business changes hands".to_owned()
            }
        },
        Control::Agreement(_) => "It is kept who agreed to which version".to_owned(),
        Control::Children(control) => {
            format!("No data of children under {} without a parent", control.under)
        }
        Control::ClientPaper(control) => {
            format!("{} only under a signed {}", capital(&categories(&control.of)), control.paper)
        }
        Control::Deidentified(control) => {
            format!("Handed on without people: at least {} rows alike", control.at_least)
        }
    }
}

/// The words for what a person can ask.
pub const fn request(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Access => "access",
        RequestKind::Portability => "portability",
        RequestKind::Rectification => "correction",
        RequestKind::Erasure => "deletion",
        RequestKind::Restriction => "restriction",
        RequestKind::Objection => "objection",
        RequestKind::OptOut => "opt-out",
        RequestKind::ConsentWithdrawal => "withdrawal of consent",
        RequestKind::AutomatedDecisionReview => "review of a machine's decision",
    }
}
