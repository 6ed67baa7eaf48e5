//! One sample of everything, and the comparison with files that were looked at.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "each test uses its part of it")]

use std::path::PathBuf;

use model::{DataType, Micros, Personal};
use policy::Tie;
use render::Zone;
use render::certificate::{
    Certificate, CertificateKind, CertifiedCollection, CertifiedSystem, KeptRows, LedgerPlace,
    NotReached, Outcome, RemainingRows,
};
use render::coverage::{Control, Coverage, Promise, Section, Sentence, State};
use render::map::{
    DataMap, Drift, DriftKind, Line, MapCollection, MapField, MapSystem, Origin, Party, Proposal,
    Unread,
};
use render::package::{
    Answered, Authority, Category, Closing, CollectionAnswer, Disclosure, FieldHead, ListItem,
    NotShown, PackageHead, PackageKind, Reached, RowAnswer, SevenLists, Shown, SystemAnswer,
};
use render::plan_text::{
    Approval, Cap, ChangeView, KeptView, NotReachedView, PlanView, PossibleIdentity,
    PossibleMention, RequestKind, StepView,
};

/// 22 November 2026, 14:05 in Halifax.
pub const NOW: Micros = Micros(1_795_370_700_000_000);

pub fn halifax() -> Zone {
    Zone::named("America/Halifax").unwrap()
}

/// Compares with `tests/golden/NAME`; `UPDATE_GOLDEN=1` writes it.
pub fn golden(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    for (n, (got, wanted)) in text.lines().zip(wanted.lines()).enumerate() {
        assert_eq!(got, wanted, "{name} line {}; look, then UPDATE_GOLDEN=1", n + 1);
    }
    assert_eq!(text.len(), wanted.len(), "{name}: one is longer; look, then UPDATE_GOLDEN=1");
}

/// A page without its style sheet, which would drown the rest.
pub fn without_style(page: &str) -> String {
    let (before, rest) = page.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    let (before, hash) = before.split_once("sha256-").unwrap();
    let (_, before_end) = hash.split_once('\'').unwrap();
    format!("{before}sha256-…'{before_end}<style>…</style>{after}")
}

/// Fails unless the page is well formed: every element closed in order, attributes quoted, no
/// script, no handler, nothing loaded from elsewhere.
pub fn well_formed(page: &str) {
    const VOID: [&str; 4] = ["meta", "br", "!doctype", "link"];
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    let (head, body) = page.split_once("<style>").unwrap();
    let (_, body) = body.split_once("</style>").unwrap();
    let mut open: Vec<String> = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    let page = format!("{head}{body}");
    let mut rest = page.as_str();
    while let Some((text, tail)) = rest.split_once('<') {
        assert!(!text.contains('>'), "a stray > in {text:.80}");
        let (tag, tail) = tail.split_once('>').expect("a tag without end");
        rest = tail;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closing order at {tag}");
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(!matches!(name, "script" | "img" | "iframe" | "object" | "form" | "link" | "base"));
        let mut parts = attributes.split('"');
        while let Some(before) = parts.next() {
            let Some(value) = parts.next() else { break };
            let key = before.trim().trim_end_matches('=');
            assert!(!key.starts_with("on"), "a handler: {tag}");
            if key == "id" {
                assert!(ids.insert(value.to_owned()), "two elements named {value}");
            }
            if key == "href" {
                let ours =
                    value.starts_with('#') || value.starts_with("https://") || !value.contains(':');
                assert!(ours, "a link that leads away: {value}");
            }
        }
        // Shapes in a picture close themselves.
        if !VOID.contains(&name) && !tag.ends_with('/') {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    for target in page.split("href=\"#").skip(1) {
        let (target, _) = target.split_once('"').unwrap();
        assert!(ids.contains(target), "a link to nowhere: #{target}");
    }
}

pub fn head() -> PackageHead {
    PackageHead {
        organisation: "Sample MSP".into(),
        contact: "privacy@sample-msp.example, +1 902 555 0100".into(),
        reference: "2026-0014".into(),
        made_at: NOW,
        zone: halifax(),
        subject_names: vec![Personal::new("Jane Doe".into())],
        choices: vec![],
        kind: PackageKind::Access,
        complain_to: vec![
            Authority {
                name: "Office of the Privacy Commissioner of Canada".into(),
                contact: "30 Victoria Street, Gatineau, Quebec K1A 1H3".into(),
                web: Some("https://www.priv.gc.ca/".into()),
            },
            Authority {
                name: "An authority with a bad link".into(),
                contact: "by post".into(),
                web: Some("javascript:alert(1)".into()),
            },
        ],
    }
}

pub fn field(name: &str, title: &str, key: &str, category: &str, free_text: bool) -> FieldHead {
    FieldHead {
        name: name.into(),
        title: (!title.is_empty()).then(|| title.into()),
        categories: if key.is_empty() {
            vec![]
        } else {
            vec![Category { key: key.into(), title: category.into() }]
        },
        data_type: Some(if name == "id" {
            DataType::Integer
        } else {
            DataType::Text { max_chars: None }
        }),
        free_text,
    }
}

pub fn ticketing() -> SystemAnswer {
    SystemAnswer {
        key: "ticketing".into(),
        title: "Ticketing".into(),
        source: Some("You, by e-mail and telephone; our technicians".into()),
        purposes: vec!["To answer your requests".into(), "To bill the time spent".into()],
        recipients: vec!["Hosting provider (Canada)".into()],
        reached: Reached::Reached,
    }
}

pub fn users() -> CollectionAnswer {
    CollectionAnswer {
        name: "users".into(),
        title: "Users".into(),
        why: vec!["found by e-mail address".into()],
        fields: vec![
            field("id", "Number", "", "", false),
            field("name", "Name", "user.name", "Name", false),
            field("email", "E-mail", "user.contact.email", "E-mail address", false),
        ],
    }
}

pub fn tickets() -> CollectionAnswer {
    CollectionAnswer {
        name: "tickets".into(),
        title: "Tickets".into(),
        why: vec!["found by Users".into(), "names you in its text".into()],
        fields: vec![
            field("id", "Number", "", "", false),
            field("subject", "Subject", "user.content", "What you wrote", true),
            field("body", "Message", "user.content", "What you wrote", true),
            field("opened", "Opened", "", "", false),
            field("fax", "Fax", "user.contact.fax_number", "Fax number", false),
            field("attachment", "Attachment", "", "", false),
        ],
    }
}

pub fn ticket(id: i64, subject: &str, body: &str, attachment: Shown) -> RowAnswer {
    RowAnswer {
        tie: if id % 3 == 0 { Tie::Shared } else { Tie::Authored },
        values: vec![
            Shown::Int(id),
            Shown::text(subject),
            Shown::text(body),
            Shown::text("2024-03-01 09:12:44+00"),
            Shown::Empty,
            attachment,
        ],
    }
}

pub fn closing() -> Closing {
    let item = |title: &str| ListItem { title: title.into(), detail: None };
    Closing {
        lists: SevenLists {
            categories: Answered::Given(vec![
                item("Name"),
                item("E-mail address"),
                item("What you wrote"),
            ]),
            sources: Answered::Given(vec![
                item("You"),
                ListItem {
                    title: "Our technicians".into(),
                    detail: Some("notes on your tickets".into()),
                },
            ]),
            purposes: Answered::Given(vec![
                item("To answer your requests"),
                item("To bill the time spent"),
            ]),
            third_parties: Answered::Given(vec![item("Hosting providers")]),
            sold: Answered::Given(vec![]),
            disclosed: Answered::Given(vec![Disclosure {
                category: "What you wrote".into(),
                to: vec!["hosting providers".into(), "a mail relay".into()],
            }]),
        },
        redacted_others: 37,
        not_shown: vec![NotShown {
            place: "Ticketing, passwords".into(),
            reason: "They are your employer’s secrets, not data about you.".into(),
        }],
    }
}

pub fn certificate() -> Certificate {
    let collection =
        |name: &str, title: &str, before, after, changed, deleted| CertifiedCollection {
            name: name.into(),
            title: title.into(),
            before,
            after,
            changed,
            deleted,
            fields: vec![],
        };
    Certificate {
        kind: CertificateKind::Erasure,
        id: "E-2026-0009".into(),
        organisation: "Sample MSP".into(),
        request: "2026-0014".into(),
        plan_digest: "9f2c5d1e8ab04c7f6e3d2b1a0f9e8d7c6b5a49382716050493827160a1b2c3d4".into(),
        opened_at: Micros(NOW.0 - 3 * 86_400_000_000),
        completed_at: NOW,
        outcome: Outcome::Complete,
        method: vec![
            "Rows were found by reference and by text, in plain and encoded form.".into(),
            "All changes of one system were made in one transaction.".into(),
            "Then the search was run again from the beginning.".into(),
        ],
        systems: vec![
            CertifiedSystem {
                key: "ticketing".into(),
                title: "Ticketing".into(),
                collections: vec![
                    collection("users", "Users", 1, 0, 1, 0),
                    collection("tickets", "Tickets", 38, 0, 36, 2),
                ],
                kept: vec![],
                remaining: vec![],
                backups: Some("Nightly backups keep the old rows until 22 December 2026.".into()),
            },
            CertifiedSystem {
                key: "billing".into(),
                title: "Billing".into(),
                collections: vec![collection("invoices", "Invoices", 2, 2, 0, 0)],
                kept: vec![KeptRows {
                    collection: "Invoices".into(),
                    rows: 2,
                    because: "The Income Tax Act asks for them until 31 December 2029".into(),
                }],
                remaining: vec![],
                backups: None,
            },
            CertifiedSystem {
                key: "newsletter".into(),
                title: "Newsletter".into(),
                collections: vec![],
                kept: vec![],
                remaining: vec![],
                backups: None,
            },
        ],
        not_reached: vec![],
        ledger: LedgerPlace {
            origin: "sample-msp.example/upheld".into(),
            index: 88_121,
            checkpoint: "sample-msp.example/upheld\n88340\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— sample-msp.example/upheld Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n".into(),
        },
        public_key: "sample-msp.example/upheld+7a1c9f02+AQ8kYp0Hq3sG1rU5c2mYx0vJr9wQe7bT4uLhNfZkXoDi".into(),
    }
}

pub fn broken_certificate() -> Certificate {
    let mut certificate = certificate();
    certificate.outcome = Outcome::Incomplete;
    certificate.not_reached.push(NotReached {
        key: "crm".into(),
        title: "CRM".into(),
        reason: "the server refused the account’s password.".into(),
    });
    certificate.systems[0].remaining.push(RemainingRows {
        collection: "Tickets".into(),
        field: "content".into(),
        rows: 1,
    });
    certificate
}

pub fn plan() -> PlanView {
    let change = |system: &str, collection: &str, happens: &str, rows| ChangeView {
        system: system.into(),
        collection: collection.into(),
        happens: happens.into(),
        rows,
    };
    PlanView {
        request: "2026-0014".into(),
        kind: RequestKind::Erasure,
        digest: "9f2c5d1e8ab04c7f".into(),
        made_at: NOW,
        steps: vec![
            StepView { number: 1, system: "Ticketing".into(), meaning: "Find the account by e-mail address.".into(), rows: Some(1) },
            StepView { number: 2, system: "Ticketing".into(), meaning: "Follow the account to its tickets, messages, attachments and log-ins, and read each text for the person’s names, addresses and telephone numbers.".into(), rows: Some(1_204) },
            StepView { number: 3, system: "Billing".into(), meaning: "Find the customer by the account’s number.".into(), rows: None },
        ],
        changes: vec![
            change("Ticketing", "Users", "name and e-mail replaced by a pseudonym; telephone emptied", 1),
            change("Ticketing", "Messages", "taken out of the text: the person’s names, addresses and numbers; the rest of the conversation stays as it is for the two others in it", 36),
            change("Billing", "Customers", "deleted", 4),
        ],
        corrections: vec![],
        kept: vec![KeptView { system: "Billing".into(), collection: "Invoices".into(), rows: 2, because: "Income Tax Act, until 31 December 2029".into() }],
        not_reached: vec![NotReachedView { system: "CRM".into(), reason: "the server refused the sign-in of `upheld`: check the user name and the password".into() }],
        unread_files: vec!["Ticketing, attachment 12 of ticket 4711: an encrypted PDF".into()],
        possible_identities: vec![PossibleIdentity { place: "Ticketing, Users".into(), identity: Personal::new("jdoe\u{1b}[31m@home.example".into()), reason: "same telephone number".into() }],
        possible_mentions: vec![PossibleMention { place: "Ticketing, Messages".into(), rows: 14, reason: "“Jane” alone names many people".into() }],
        errors: vec![],
        notes: vec![],
        cap: Some(Cap { limit: 500, planned: 41 }),
        approval: Approval::Waiting,
    }
}

pub fn coverage() -> Coverage {
    let promise = |id: &str, state, reason: &str, controls: &[&str]| Promise {
        id: id.into(),
        quote: String::new(),
        state,
        reason: reason.into(),
        controls: controls
            .iter()
            .map(|title| Control {
                title: (*title).into(),
                state,
                reason: String::new(),
                evidence: None,
                checked_at: None,
                entry: None,
            })
            .collect(),
    };
    let sentence = |text: &str, begins_paragraph, promise: Option<Promise>| Sentence {
        text: text.into(),
        begins_paragraph,
        promises: promise.into_iter().map(|p| Promise { quote: text.into(), ..p }).collect(),
    };
    Coverage {
        organisation: "Sample MSP".into(),
        notice: "Version 7, in force since 1 March 2026".into(),
        checked_at: NOW,
        zone: halifax(),
        systems_checked: 6,
        not_reached: vec!["CRM".into()],
        sections: vec![
            Section {
                heading: "How long we keep it".into(),
                sentences: vec![
                    sentence(
                        "Passwords of our clients are kept only while the service agreement runs.",
                        true,
                        Some(promise(
                            "passwords",
                            State::Upheld,
                            "",
                            &["Retention, until the agreement ends"],
                        )),
                    ),
                    sentence(
                        "When it ends we hand them over to you and erase them from our systems.",
                        false,
                        Some(promise(
                            "passwords-end",
                            State::Upheld,
                            "",
                            &["Erasure with a second search"],
                        )),
                    ),
                    sentence(
                        "Tickets are kept for seven years.",
                        true,
                        Some(promise(
                            "tickets-7y",
                            State::Broken,
                            "212 tickets are older than seven years in Ticketing. They were restored with a backup last night, after the nightly purge had run.",
                            &["Retention, at most 7 years from closing"],
                        )),
                    ),
                    sentence(
                        "Invoices are kept for seven years, as tax law asks.",
                        false,
                        Some(promise(
                            "invoices-7y",
                            State::Upheld,
                            "",
                            &["Retention, at least 7 years from the end of the tax year"],
                        )),
                    ),
                    sentence(
                        "Security logs are kept between ninety days and one year.",
                        false,
                        Some(promise(
                            "logs",
                            State::AtRisk,
                            "The oldest entry is 358 days old; the purge is due in 7 days.",
                            &["Retention, 90 days to 1 year"],
                        )),
                    ),
                ],
            },
            Section {
                heading: "What you can ask of us".into(),
                sentences: vec![
                    sentence(
                        "You can ask for a copy of everything we hold about you.",
                        true,
                        Some(promise(
                            "access",
                            State::Upheld,
                            "",
                            &["Access request, tested with a canary"],
                        )),
                    ),
                    sentence(
                        "We answer within thirty days.",
                        false,
                        Some(promise("clock", State::Upheld, "", &["Request clock, 30 days"])),
                    ),
                    sentence("Write to us, or call us.", false, None),
                    sentence(
                        "We check first that it is you who asks.",
                        false,
                        Some(promise(
                            "identity",
                            State::Upheld,
                            "",
                            &["Identity check before every answer"],
                        )),
                    ),
                ],
            },
            Section {
                heading: "How we protect it".into(),
                sentences: vec![
                    sentence(
                        "All connections are encrypted, and stored secrets are sealed with AES-256.",
                        true,
                        Some(promise(
                            "encryption",
                            State::Upheld,
                            "",
                            &["Encrypted connections", "Sealed secrets"],
                        )),
                    ),
                    sentence(
                        "We review our security regularly.",
                        false,
                        Some(promise("review", State::Unproven, "", &[])),
                    ),
                    sentence(
                        "Suppliers use the data for our purposes only.",
                        true,
                        Some(promise("suppliers", State::Unproven, "", &["Contract on file"])),
                    ),
                ],
            },
        ],
        homeless: vec![Promise {
            quote: "We never store card numbers.".into(),
            ..promise(
                "no-cards",
                State::Broken,
                "The sentence is no longer in the notice.",
                &["Scan for card numbers"],
            )
        }],
        before: None,
        turned: Vec::new(),
    }
}

/// Three systems, who gives to them and who gets from them.
pub fn data_map() -> DataMap {
    let party = |key: &str, title: &str, about: Option<&str>, abroad| Party {
        key: key.into(),
        title: title.into(),
        about: about.map(str::to_owned),
        abroad,
    };
    let lines = |keys: &[(&str, bool)]| -> Vec<Line> {
        keys.iter()
            .map(|(key, inferred)| Line { party: (*key).into(), inferred: *inferred })
            .collect()
    };
    let field = |name: &str, category: &str, confidence: u8| MapField {
        name: name.into(),
        categories: vec![category.into()],
        filled: Some(1_998),
        proposal: (confidence > 0).then(|| Proposal {
            category: category.into(),
            confidence,
            from: vec![Origin::Name, Origin::Values],
            reason: "its name says so, and 487 of 500 samples look like it".into(),
        }),
    };
    let table = |name: &str, title: &str, fields| MapCollection {
        name: name.into(),
        title: title.into(),
        mapped: true,
        skipped: None,
        rows: 2_000,
        about: 48_120,
        whole: false,
        fields,
        others: 4,
    };
    let system = |key: &str, title: &str, region: Option<&str>, collections| MapSystem {
        key: key.into(),
        title: title.into(),
        region: region.map(str::to_owned),
        abroad: region == Some("United States"),
        reached: key != "newsletter",
        source: None,
        from: Vec::new(),
        to: Vec::new(),
        collections,
    };
    let people = || {
        vec![
            field("email", "user.contact.email", 97),
            field("name", "user.name", 95),
            field("phone", "user.contact.phone_number", 93),
        ]
    };
    let point = |id: &str,
                 kind,
                 place: &str,
                 says: &str,
                 confidence,
                 accepting: Option<&str>,
                 to_do: Option<&str>| Drift {
        id: id.into(),
        kind,
        place: place.into(),
        says: says.into(),
        confidence,
        accepting: accepting.map(str::to_owned),
        to_do: to_do.map(str::to_owned),
    };
    DataMap {
        organisation: "Northlight IT".into(),
        notice: "1".into(),
        checked_at: NOW,
        zone: halifax(),
        subjects: vec![
            party("customer", "Customers", None, false),
            party("employee", "Employees", None, false),
        ],
        systems: vec![
            MapSystem {
                from: lines(&[("customer", false), ("employee", true)]),
                to: lines(&[("mail", true)]),
                ..system(
                    "ticketing",
                    "Ticketing",
                    Some("Canada"),
                    vec![
                        table("users", "Users", people()),
                        table("notes", "Notes", vec![field("body", "user.content", 86)]),
                    ],
                )
            },
            MapSystem {
                from: lines(&[("customer", false)]),
                to: lines(&[("pay", false), ("tax", false)]),
                ..system(
                    "billing",
                    "Billing",
                    None,
                    vec![table(
                        "accounts",
                        "Accounts",
                        vec![field("iban", "user.financial.bank_account", 90)],
                    )],
                )
            },
            MapSystem {
                to: lines(&[("mail", false)]),
                ..system(
                    "newsletter",
                    "Newsletter",
                    Some("United States"),
                    vec![table("subscribers", "Subscribers", people())],
                )
            },
        ],
        recipients: vec![
            party("pay", "Cedarpoint Payments", Some("processor, Canada"), false),
            party("mail", "Lanternpost Mail", Some("processor, United States, abroad"), true),
            party("tax", "Tax office", Some("authority, Canada"), false),
        ],
        drift: vec![
            point(
                "3f9a1c",
                DriftKind::NotInMap,
                "ticketing.leads",
                "`ticketing.leads` is not in the map, and 2 fields of it hold e-mail address and name.",
                97,
                Some("adds the collection to `systems/ticketing.yaml`"),
                None,
            ),
            point(
                "77d0e2",
                DriftKind::OtherThanMapped,
                "ticketing.notes.body",
                "`ticketing.notes.body` holds card numbers in 4 of 1,998 values looked at, and is mapped as what people wrote.",
                70,
                None,
                Some("take them out (`upheld scan ticketing` tells where they stand)"),
            ),
            point(
                "b81c04",
                DriftKind::Question,
                "billing",
                "Does Billing hold data of customers? Its tables are called so, and its file does not say whose data it is.",
                60,
                Some("writes `data_subjects` into `systems/billing.yaml`"),
                None,
            ),
        ],
        unread: vec![Unread {
            place: "newsletter".into(),
            why: "the server cannot be reached: connection refused".into(),
        }],
    }
}
