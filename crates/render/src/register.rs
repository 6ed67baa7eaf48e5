//! The record of processing (GDPR, Article 30) as text for people, as CSV for a spreadsheet and as
//! JSON-LD in the words of the Data Privacy Vocabulary, so that a regulator's or a partner's own
//! tools can read it.

use policy::{
    Holder, LegalBasis, Processing, ProcessingRecord, Receiver, RecipientClass, Sensitivity,
    Taxonomy, TimeLimit,
};
use serde_json::{Map, Value, json};

use crate::package::csv::{BYTE_ORDER_MARK, cell};
use crate::style::{Paint, Style};
use crate::table::COLUMNS;
use crate::text::{one_line, width, wrap};
use crate::words;

/// The heading of each part of a row, as people read it.
const NOT_WRITTEN: &str = "not written down";

/// The record for a terminal, at most 100 columns wide.
pub fn text(record: &ProcessingRecord, style: Style) -> String {
    let mut out = String::new();
    let title = format!("Record of processing of {}", one_line(&record.controller));
    out.push_str(&style.paint(Paint::Strong, &title));
    out.push('\n');
    let rows = record.rows.len() as u64;
    let basis = format!(
        "{}, beside version {} of the notice. Contact: {}",
        words::count(rows, "purpose", "purposes"),
        one_line(&record.notice),
        one_line(&record.contact.email)
    );
    push_wrapped(&mut out, &basis, 0, style, Paint::Quiet);
    for row in &record.rows {
        out.push('\n');
        out.push_str(&style.paint(Paint::Strong, &one_line(&row.title)));
        out.push('\n');
        for (label, said) in parts(row) {
            // Without a system these say nothing more.
            let of_systems = ["Data", "Of whom", "For how long", "Harm of a leak", "Reached by"]
                .contains(&label);
            if of_systems && row.systems.is_empty() {
                continue;
            }
            let lines = wrap(&one_line(&said), COLUMNS - INDENT);
            for (index, line) in lines.iter().enumerate() {
                let label = if index == 0 { label } else { "" };
                let gap = " ".repeat(INDENT.saturating_sub(width(label) + 2));
                out.push_str(&format!("  {}{gap}{line}\n", style.paint(Paint::Quiet, label)));
            }
        }
    }
    let mut left = |what: &str, names: &[String], help: &str| {
        if !names.is_empty() {
            out.push('\n');
            let names: Vec<String> = names.iter().map(|name| one_line(name)).collect();
            let said = format!("In no row, because {what}: {}. {help}", words::list(&names));
            push_wrapped(&mut out, &said, 0, style, Paint::Near);
        }
    };
    left(
        "their files name no purpose of policy.yaml",
        &record.systems_without_purpose,
        "Add `purposes:` below `system:` in each.",
    );
    left(
        "recipients.yaml names no purpose for them",
        &record.recipients_without_purpose,
        "Add `purposes:` to each.",
    );
    out
}

/// Where the words begin, behind their label.
const INDENT: usize = 18;

fn push_wrapped(out: &mut String, text: &str, indent: usize, style: Style, paint: Paint) {
    for line in wrap(text, COLUMNS - indent) {
        out.push_str(&" ".repeat(indent));
        out.push_str(&style.paint(paint, &line));
        out.push('\n');
    }
}

/// The parts of a row in words; each is there, and says so where nothing is written.
fn parts(row: &Processing) -> [(&'static str, String); 8] {
    let basis = match &row.because {
        Some(because) => format!("{}: {because}", basis(row.legal_basis)),
        None => basis(row.legal_basis).to_owned(),
    };
    let each = |items: Vec<String>| {
        if items.is_empty() { NOT_WRITTEN.to_owned() } else { items.join("; ") }
    };
    [
        ("Lawful by", basis),
        ("Data", each(titles(&row.categories, Taxonomy::Category))),
        ("Of whom", each(titles(&row.subjects, Taxonomy::Subject))),
        ("Held in", held(&row.systems)),
        ("Handed to", handed(&row.recipients)),
        ("For how long", each(row.limits.iter().map(limit).collect())),
        ("Harm of a leak", row.sensitivity.map_or(NOT_WRITTEN, Sensitivity::title).to_owned()),
        ("Reached by", each(row.access.clone())),
    ]
}

fn held(systems: &[Holder]) -> String {
    if systems.is_empty() {
        return "no system whose file names this purpose".to_owned();
    }
    systems.iter().map(holder).collect::<Vec<_>>().join("; ")
}

fn handed(recipients: &[Receiver]) -> String {
    if recipients.is_empty() {
        return "nobody".to_owned();
    }
    recipients.iter().map(receiver).collect::<Vec<_>>().join("; ")
}

/// What makes a use lawful, said of the person and not to them.
const fn basis(basis: LegalBasis) -> &'static str {
    match basis {
        LegalBasis::Consent => "the person's consent",
        other => other.title(),
    }
}

fn titles(keys: &[String], taxonomy: Taxonomy) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    for key in keys {
        let title = taxonomy.title(key).unwrap_or(key).to_owned();
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

fn holder(holder: &Holder) -> String {
    let place = place(holder.region.as_deref(), holder.abroad, holder.mechanism.as_deref());
    let rest = holder.at_rest.as_ref().map(|paper| format!(", {paper}")).unwrap_or_default();
    format!("{} ({place}{rest})", holder.title)
}

fn receiver(receiver: &Receiver) -> String {
    let place = place(receiver.region.as_deref(), receiver.abroad, receiver.mechanism.as_deref());
    format!("{} ({}, {place})", receiver.name, class(receiver.class))
}

/// What a recipient is, in a word or two.
pub const fn class(class: RecipientClass) -> &'static str {
    match class {
        RecipientClass::Affiliate => "affiliate",
        RecipientClass::Processor => "processor",
        RecipientClass::Vendor => "vendor",
        RecipientClass::Advertising => "advertising partner",
        RecipientClass::Authority => "authority",
        RecipientClass::Successor => "successor",
    }
}

fn place(region: Option<&str>, abroad: Option<bool>, mechanism: Option<&str>) -> String {
    match (region, abroad, mechanism) {
        (None, ..) => "region not written down".to_owned(),
        (Some(region), Some(true), Some(mechanism)) => format!("{region}: {mechanism}"),
        (Some(region), Some(true), None) => format!("{region}: no mechanism written down"),
        (Some(region), ..) => region.to_owned(),
    }
}

fn limit(limit: &TimeLimit) -> String {
    let says = limit.says.as_deref().unwrap_or("no limit written down");
    match limit.enforced_in {
        0 => format!("{}: {says}", limit.title),
        many => format!(
            "{}: {says} (disposed of by rule in {})",
            limit.title,
            words::count(many as u64, "collection", "collections")
        ),
    }
}

/// The record as a spreadsheet: one line for each purpose.
pub fn csv(record: &ProcessingRecord) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    let heads = [
        "Controller",
        "Contact",
        "Purpose",
        "Data use",
        "Lawful by",
        "Data",
        "Of whom",
        "Held in",
        "Handed to",
        "For how long",
        "Harm of a leak",
        "Reached by",
    ];
    line(&mut out, heads.into_iter());
    for row in &record.rows {
        let head = [&record.controller, &record.contact.email, &row.title, &row.data_use];
        let parts = parts(row);
        let cells = head.into_iter().map(String::as_str);
        line(&mut out, cells.chain(parts.iter().map(|(_, said)| said.as_str())));
    }
    // What stands in no row must not be lost with the terminal.
    let left = record.systems_without_purpose.iter().map(|name| (name, "Held in"));
    let left = left.chain(record.recipients_without_purpose.iter().map(|name| (name, "Handed to")));
    for (name, column) in left {
        let cells = heads.into_iter().map(|head| match head {
            "Controller" => record.controller.as_str(),
            "Contact" => record.contact.email.as_str(),
            "Purpose" => NOT_WRITTEN,
            head if head == column => name.as_str(),
            _ => "",
        });
        line(&mut out, cells);
    }
    out
}

fn line<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (index, text) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

/// The record as JSON-LD. Terms are those of the Data Privacy Vocabulary, version 2
/// (<https://w3id.org/dpv>); categories, uses and subjects keep their fideslang keys beside a title.
pub fn json_ld(record: &ProcessingRecord) -> Value {
    let rows: Vec<Value> = record.rows.iter().map(process).collect();
    let named = |names: &[String]| -> Vec<Value> {
        names.iter().map(|name| json!({ "dct:title": name })).collect()
    };
    json!({
        "@context": {
            "dpv": "https://w3id.org/dpv#",
            "dct": "http://purl.org/dc/terms/",
            "upheld": "urn:upheld:register:",
        },
        "@type": "dpv:RecordsOfActivities",
        "dct:title": format!("Record of processing of {}", record.controller),
        "dct:conformsTo": "Regulation (EU) 2016/679, Article 30(1)",
        "dpv:hasNotice": { "@type": "dpv:PrivacyNotice", "dct:hasVersion": record.notice },
        "dpv:hasDataController": {
            "@type": "dpv:DataController",
            "dpv:hasName": record.controller,
            "dpv:hasContact": contact(record),
        },
        "dpv:hasProcess": rows,
        "upheld:systemsWithoutPurpose": named(&record.systems_without_purpose),
        "upheld:recipientsWithoutPurpose": named(&record.recipients_without_purpose),
    })
}

fn contact(record: &ProcessingRecord) -> Vec<&str> {
    let contact = &record.contact;
    let rest = [&contact.phone, &contact.post, &contact.form];
    std::iter::once(contact.email.as_str())
        .chain(rest.into_iter().filter_map(Option::as_deref))
        .collect()
}

fn process(row: &Processing) -> Value {
    let concept = |class: &str, key: &str, taxonomy: Taxonomy| {
        json!({
            "@type": class,
            "dct:identifier": key,
            "dct:title": taxonomy.title(key).unwrap_or(key),
        })
    };
    let data = row.categories.iter().map(|k| concept("dpv:PersonalData", k, Taxonomy::Category));
    let whom = row.subjects.iter().map(|k| concept("dpv:DataSubject", k, Taxonomy::Subject));
    let mut basis = json!({ "@type": basis_term(row.legal_basis) });
    if let (Some(because), Some(basis)) = (&row.because, basis.as_object_mut()) {
        basis.insert("dct:description".to_owned(), json!(because));
    }
    let mut storage: Vec<Value> = row
        .limits
        .iter()
        .map(|limit| {
            let says = limit.says.as_deref().unwrap_or(NOT_WRITTEN);
            json!({
                "@type": "dpv:StorageDuration",
                "dct:subject": limit.title,
                "dpv:hasDuration": { "@type": "dpv:Duration", "dct:description": says },
                "upheld:enforcedInCollections": limit.enforced_in,
            })
        })
        .collect();
    storage.extend(row.systems.iter().map(|system| {
        let mut value = json!({ "@type": "dpv:StorageLocation", "dct:title": system.title });
        located(&mut value, system.region.as_deref(), system.abroad, system.mechanism.as_deref());
        value
    }));
    let mut measures: Vec<Value> = row
        .access
        .iter()
        .map(|role| json!({ "@type": "dpv:AccessControlMethod", "dct:description": role }))
        .collect();
    measures.extend(row.systems.iter().filter_map(|system| {
        let paper = system.at_rest.as_ref()?;
        let title = format!("{}: {paper}", system.title);
        Some(json!({ "@type": "dpv:EncryptionAtRest", "dct:description": title }))
    }));
    let recipients: Vec<Value> = row
        .recipients
        .iter()
        .map(|receiver| {
            let mut value = json!({
                "@type": recipient_term(receiver.class),
                "dpv:hasName": receiver.name,
            });
            let mechanism = receiver.mechanism.as_deref();
            located(&mut value, receiver.region.as_deref(), receiver.abroad, mechanism);
            value
        })
        .collect();
    json!({
        "@type": "dpv:Process",
        "dct:title": row.title,
        "dpv:hasPurpose": {
            "@type": "dpv:Purpose",
            "dct:identifier": row.data_use,
            "dct:title": row.title,
        },
        "dpv:hasLegalBasis": basis,
        "dpv:hasPersonalData": data.collect::<Vec<_>>(),
        "dpv:hasDataSubject": whom.collect::<Vec<_>>(),
        "dpv:hasRecipient": recipients,
        "dpv:hasStorageCondition": storage,
        "dpv:hasTechnicalOrganisationalMeasure": measures,
        "upheld:harmOfALeak": row.sensitivity.map(Sensitivity::title),
    })
}

/// Adds where something lies and, beyond the border, what makes that lawful.
fn located(value: &mut Value, region: Option<&str>, abroad: Option<bool>, mechanism: Option<&str>) {
    let Some(object) = value.as_object_mut() else { return };
    let add = |object: &mut Map<String, Value>, key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    if let Some(region) = region {
        add(object, "dpv:hasLocation", json!({ "@type": "dpv:Location", "dct:title": region }));
    }
    if let (Some(true), Some(mechanism)) = (abroad, mechanism) {
        let basis = json!({ "@type": "dpv:DataTransferLegalBasis", "dct:description": mechanism });
        add(object, "dpv:hasLegalBasis", basis);
    }
}

const fn basis_term(basis: LegalBasis) -> &'static str {
    match basis {
        LegalBasis::Consent => "dpv:Consent",
        LegalBasis::Contract => "dpv:Contract",
        LegalBasis::LegalObligation => "dpv:LegalObligation",
        LegalBasis::VitalInterest => "dpv:VitalInterest",
        LegalBasis::PublicTask => "dpv:PublicInterest",
        LegalBasis::LegitimateInterest => "dpv:LegitimateInterest",
    }
}

const fn recipient_term(class: RecipientClass) -> &'static str {
    match class {
        RecipientClass::Processor => "dpv:DataProcessor",
        RecipientClass::Authority => "dpv:Authority",
        RecipientClass::Affiliate
        | RecipientClass::Vendor
        | RecipientClass::Advertising
        | RecipientClass::Successor => "dpv:ThirdParty",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> ProcessingRecord {
        let files = [
            (
                "policy.yaml",
                "organisation: { name: =Acme IT, country: CA, contact: { email: p@acme.example } }\n\
                 notice: { file: notice.md, version: \"2\", effective: 2026-01-01 }\n\
                 rights: [{ right: consent_withdrawal, days: 10 }]\n\
                 purposes:\n\
                 - { key: service, title: Support, data_use: essential.service, legal_basis: contract }\n\
                 - { key: news, title: Newsletter, data_use: marketing, legal_basis: consent }\n",
            ),
            ("notice.md", "Nothing is promised.\n"),
            ("promises.yaml", "promises: []\n"),
            (
                "classification.yaml",
                "rows:\n\
                 - { key: person, title: People, categories: [user], sensitivity: high, access: [desk], max: 7 years }\n",
            ),
            (
                "recipients.yaml",
                "recipients:\n\
                 - { key: host, name: Cloudbarn, class: processor, purposes: [service], region: Ireland,\n    \
                     mechanism: standard clauses, contract: { title: DPA, dated: 2026-01-01 } }\n\
                 - { key: police, name: Police, class: authority }\n",
            ),
            (
                "systems/desk.yaml",
                "system: { title: Desk, purposes: [service], region: Canada }\n\
                 dataset:\n\
                 - fides_key: desk\n  data_subjects: [customer]\n  collections:\n  \
                     - name: users\n    upheld: { class: person, retain: { from: left } }\n    fields:\n    \
                       - { name: email, data_categories: [user.contact.email] }\n    \
                       - { name: left, upheld: { type: date } }\n",
            ),
            (
                "systems/old.yaml",
                "dataset:\n- fides_key: old\n  name: Old files\n  collections: []\n",
            ),
        ];
        let checked = policy::load(&files.into_iter().collect());
        let policy = checked.policy.unwrap_or_else(|| panic!("{:?}", checked.findings));
        policy.processing_record()
    }

    #[test]
    fn people_read_every_part_and_what_is_missing() {
        let text = text(&record(), Style::PLAIN);
        assert!(text.lines().all(|line| width(line) <= COLUMNS), "{text}");
        for wanted in [
            "2 purposes, beside version 2 of the notice. Contact: p@acme.example",
            "Lawful by       a contract",
            "Data            e-mail address",
            "Held in         Desk (Canada)",
            "Handed to       Cloudbarn (processor, Ireland: standard clauses)",
            "For how long    People: at most 7 years (disposed of by rule in 1 collection)",
            "Harm of a leak  high",
            "Reached by      desk",
            "Lawful by       the person's consent",
            "Held in         no system whose file names this purpose",
            "Handed to       nobody",
            "name no purpose of policy.yaml: Old files.",
            "no purpose for them: Police.",
        ] {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
    }

    #[test]
    fn a_spreadsheet_has_a_line_a_purpose_and_runs_nothing() {
        let csv = csv(&record());
        let lines: Vec<&str> = csv.trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 5, "{csv}");
        assert!(lines.iter().skip(1).all(|line| line.starts_with("\"'=Acme IT\",")), "{csv}");
        assert!(lines[3].ends_with(",,,,,Old files,,,,"), "{csv}");
    }

    #[test]
    fn machines_read_the_terms_of_the_vocabulary() {
        let value = json_ld(&record());
        let row = &value["dpv:hasProcess"][0];
        assert_eq!(row["dpv:hasLegalBasis"]["@type"], "dpv:Contract");
        assert_eq!(row["dpv:hasPersonalData"][0]["dct:identifier"], "user.contact.email");
        assert_eq!(row["dpv:hasDataSubject"][0]["dct:identifier"], "customer");
        let host = &row["dpv:hasRecipient"][0];
        assert_eq!(host["@type"], "dpv:DataProcessor");
        assert_eq!(host["dpv:hasLegalBasis"]["@type"], "dpv:DataTransferLegalBasis");
        assert_eq!(row["dpv:hasStorageCondition"][0]["upheld:enforcedInCollections"], 1);
        assert_eq!(value["upheld:systemsWithoutPurpose"][0]["dct:title"], "Old files");
    }
}
