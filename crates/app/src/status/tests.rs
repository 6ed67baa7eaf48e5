//! Each control against a policy of a few lines and facts that a look could have brought.

use std::collections::BTreeMap;

use connect::Privilege;
use jiff::civil::{Date, date};
use model::{Catalogue, Column, DataType, Micros, Product, Table, TableName};
use policy::Policy;
use render::coverage::State;

use super::attested::{Attested, Body};
use super::children::Births;
use super::facts::{Facts, Needs, Reached};
use super::published::Page;
use super::requests::Asked;
use super::retention::{Age, Ages};
use super::told::Told;
use super::{judge, look, published};
use crate::contents::{Contents, FieldLook, TableLook};

pub(super) const TODAY: Date = date(2026, 11, 23);

pub(super) const POLICY: &str = "\
organisation:
  name: Northlight IT
  country: CA
  contact: { email: privacy@northlight.example }
notice: { file: notice.md, version: '1', effective: 2026-01-15 }
rights:
  - { right: access, days: 30 }
purposes:
  - { key: service, title: Service, data_use: essential.service, legal_basis: contract }
";
pub(super) const MATRIX: &str = "\
rows:
  - key: tickets
    title: Tickets
    categories: [user.content]
    sensitivity: high
    access: [technician]
    max: 7 years
  - key: contact
    title: Contact data
    categories: [user.contact, user.demographic]
    sensitivity: medium
    access: [technician]
";
pub(super) const DESK: &str = "\
system:
  title: Desk
  purposes: [service]
  region: Canada
  accounts: { technician: [tech] }
dataset:
  - fides_key: desk
    collections:
      - name: tickets
        upheld:
          title: Tickets
          table: tickets
          class: tickets
          retain: { from: closed_at }
          keep: { for: 90 days, from: closed_at, because: the notice }
        fields:
          - { name: id, data_categories: [system], fides_meta: { primary_key: true } }
          - { name: body, data_categories: [user.content.private] }
          - { name: mail, data_categories: [user.contact.email] }
          - { name: born, data_categories: [user.demographic.date_of_birth] }
          - { name: closed_at, data_categories: [system.operations] }
";

/// A policy of one promise with one control; `files` replace or add.
pub(super) fn policy(files: &[(&str, &str)], control: &str) -> Policy {
    let promises = format!(
        "promises:\n  - id: it\n    quote: We keep this promise.\n    controls:\n      - {control}\n"
    );
    let mut sources = policy::Sources::from_iter([
        ("policy.yaml", POLICY),
        ("classification.yaml", MATRIX),
        ("notice.md", "# Notice\n\nWe keep this promise.\n"),
        ("promises.yaml", promises.as_str()),
        ("systems/desk.yaml", DESK),
    ]);
    for (name, text) in files {
        sources.insert(*name, *text);
    }
    let checked = policy::load(&sources);
    checked.policy.unwrap_or_else(|| panic!("{}", policy::render(&checked.findings, false, 100)))
}

pub(super) fn facts(policy: &Policy) -> Facts<'_> {
    let at = TODAY.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
    Facts {
        policy,
        now: Micros(at.timestamp().as_microsecond()),
        today: TODAY,
        zone: render::Zone::utc(),
        reached: BTreeMap::new(),
        lost: BTreeMap::new(),
        attested: BTreeMap::new(),
        asked: Vec::new(),
        page: None,
        contents: BTreeMap::new(),
        births: BTreeMap::new(),
        ages: Ages::default(),
        deidentified: Vec::new(),
        agreed: Vec::new(),
        told: Told { began: Some(date(2026, 1, 1)), mail: true, places: 1, ..Told::default() },
    }
}

/// Judges the one control.
pub(super) fn stands(
    files: &[(&str, &str)],
    control: &str,
    change: &dyn Fn(&mut Facts<'_>),
) -> (State, String) {
    let policy = policy(files, control);
    let mut facts = facts(&policy);
    change(&mut facts);
    let promise = &policy.promises[0];
    let verdict = judge(&promise.controls[0], promise, &facts);
    let shown = verdict.evidence.unwrap_or_default();
    (verdict.state, format!("{} [{shown}]", verdict.reason))
}

#[track_caller]
pub(super) fn expect(stood: &(State, String), state: State, words: &str) {
    assert!(stood.0 == state && stood.1.contains(words), "{stood:?}\nwanted {state:?}: {words}");
}

fn recipient(more: &str) -> String {
    format!(
        "recipients:\n  - {{ key: pay, name: Paycorp, class: processor, purposes: [service], gets: [user.contact], {more} }}\n"
    )
}

#[test]
fn papers_of_recipients_run_out() {
    let soc = "recipient_evidence: { any_of: [SOC 2, ISO 27001], max_age: 1 year }";
    let contract = "contract: {}";
    for (control, more, state, words) in [
        (soc, "evidence: []", State::Broken, "Paycorp has shown no SOC 2 and no ISO 27001."),
        (
            soc,
            "evidence: [{ title: SOC 2, dated: 2026-05-01, until: 2027-04-30 }]",
            State::Upheld,
            "until 30 April 2027",
        ),
        (
            soc,
            "evidence: [{ title: soc 2, dated: 2026-05-01, until: 2026-12-01 }]",
            State::AtRisk,
            "counts for 8 days more",
        ),
        (
            soc,
            "evidence: [{ title: SOC 2, dated: 2026-05-01, until: 2026-11-23 }]",
            State::AtRisk,
            "0 days",
        ),
        (
            soc,
            "evidence: [{ title: SOC 2, dated: 2026-05-01, until: 2026-11-22 }]",
            State::Broken,
            "ended on 22 November 2026",
        ),
        (
            soc,
            "evidence: [{ title: SOC 2, dated: 2025-11-22, until: 2027-11-22 }]",
            State::Broken,
            "may be 1 year old",
        ),
        (
            soc,
            "evidence: [{ title: SOC 2, dated: 2024-01-01, until: 2025-01-01 }, { title: ISO 27001, dated: 2026-06-01 }]",
            State::Upheld,
            "ISO 27001",
        ),
        (soc, "evidence: [{ title: SOC 2, dated: 2027-01-01 }]", State::Broken, "begins only on"),
        (contract, "evidence: []", State::Broken, "Paycorp works without a contract."),
        (
            contract,
            "contract: { title: DPA, dated: 2025-03-01 }",
            State::Upheld,
            "in force since 1 March 2025",
        ),
        (
            contract,
            "contract: { title: DPA, dated: 2025-03-01, until: 2026-12-20 }",
            State::AtRisk,
            "27 days more",
        ),
    ] {
        let recipients = recipient(more);
        expect(&stands(&[("recipients.yaml", &recipients)], control, &|_| {}), state, words);
    }
    expect(&stands(&[], soc, &|_| {}), State::Unproven, "lists no processor");
}

#[test]
fn registers_tell_of_purposes_transfers_and_sales() {
    let abroad = |more: &str| recipient(&format!("region: United States{more}"));
    let (none, scc) = (abroad(""), abroad(", mechanism: standard contractual clauses"));
    let (home, nowhere) = (recipient("region: Canada"), recipient("privacy_contact: a@b.example"));
    for (control, recipients, state, words) in [
        ("transfer: {}", &none, State::Broken, "Paycorp holds data in United States"),
        ("transfer: {}", &scc, State::Upheld, "1 stands abroad with one"),
        ("transfer: { within: [United States] }", &none, State::Upheld, "2 holders"),
        ("transfer: {}", &home, State::Upheld, "2 holders of data stand at home"),
        ("transfer: {}", &nowhere, State::Unproven, "Nothing says where Paycorp"),
        ("no_sale: {}", &home, State::Upheld, "None of 1 recipient buys data"),
        ("purpose: {}", &home, State::Upheld, "Every system and recipient has a purpose"),
        ("purpose: { purposes: [service] }", &home, State::Upheld, "rests on a contract"),
    ] {
        expect(&stands(&[("recipients.yaml", recipients)], control, &|_| {}), state, words);
    }
    expect(&stands(&[], "no_sale: {}", &|_| {}), State::Unproven, "lists nobody");
    // `check` refuses a policy that says so itself; a recipient that says so breaks the promise.
    let mut sold = policy(&[("recipients.yaml", &home)], "no_sale: {}");
    for (flow, after_opt_out_only, state) in [
        (policy::Flow::Service, false, State::Upheld),
        (policy::Flow::Sale, false, State::Broken),
        (policy::Flow::Sale, true, State::Broken),
        (policy::Flow::Share, false, State::Broken),
        (policy::Flow::Share, true, State::Upheld),
    ] {
        sold.recipients[0].flow = flow;
        let control = policy::file::promises::NoSaleControl { after_opt_out_only };
        assert_eq!(super::registers::no_sale(&control, &sold).state, state, "{flow:?}");
    }
    let silent = DESK.replace("  purposes: [service]\n", "");
    let silent = stands(&[("systems/desk.yaml", &silent)], "purpose: {}", &|_| {});
    expect(&silent, State::Unproven, "Nothing says what Desk is used for.");
}

#[test]
fn changes_are_announced_before() {
    let past = "past: [{ version: '1', effective: 2026-01-15 }] }";
    for (notice, state, words) in [
        ("}", State::Upheld, "has not changed since it came into force on 1 December 2026"),
        (&*format!(", announced: 2026-11-20, {past}"), State::Upheld, "11 days before"),
        (
            &*format!(", announced: 2026-11-27, {past}"),
            State::Broken,
            "4 days before it took effect; 7 days are promised",
        ),
        (&*format!(", {past}"), State::Unproven, "Nothing says when version 2 was announced"),
    ] {
        let text = POLICY.replace(
            "version: '1', effective: 2026-01-15 }",
            &format!("lead_time: 7 days, version: '2', effective: 2026-12-01 {notice}"),
        );
        expect(
            &stands(&[("policy.yaml", &text)], "lead_time: { at_least: 7 days }", &|_| {}),
            state,
            words,
        );
    }
}

#[test]
fn confirmations_run_out() {
    let control = "attestation: { what: It was tested., owner: security lead, every: 6 months }";
    let on = |day: Date| {
        let at = day.at(9, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        Micros(at.timestamp().as_microsecond())
    };
    for (day, state, words) in [
        (None, State::Unproven, "upheld attest it --by NAME"),
        (Some(date(2026, 10, 1)), State::Upheld, "again by 1 April 2027"),
        (Some(date(2026, 6, 20)), State::AtRisk, "by 20 December 2026, in 27 days"),
        (Some(date(2026, 5, 23)), State::AtRisk, "today"),
        (Some(date(2026, 5, 22)), State::Broken, "1 day ago"),
    ] {
        let given = stands(&[], control, &|facts| {
            if let Some(day) = day {
                let body = Body { by: "Robin".into(), file: None, sha256: None, note: None };
                facts.attested.insert("it".into(), Attested { at: on(day), body });
            }
        });
        expect(&given, state, words);
        assert!(!given.1.contains("Robin"), "who confirmed it is sealed: {given:?}");
    }
}

#[test]
fn requests_must_be_answered_in_time() {
    let asked = |received, due, answered| Asked {
        kind: "access".into(),
        received,
        due: Some(due),
        answered,
    };
    let (old, in_time) = (date(2026, 10, 1), Some(date(2026, 10, 9)));
    for (all, lost, state, words) in [
        (vec![], false, State::Unproven, "was answered within a year"),
        (
            vec![asked(old, date(2026, 10, 31), in_time)],
            false,
            State::Upheld,
            "slowest after 8 days of 30",
        ),
        (
            vec![asked(old, date(2026, 10, 31), in_time)],
            true,
            State::AtRisk,
            "Desk was not reached",
        ),
        (
            vec![asked(old, date(2026, 10, 31), Some(date(2026, 11, 1)))],
            false,
            State::AtRisk,
            "1 of 1 answer for access",
        ),
        (
            vec![asked(old, date(2026, 10, 31), None)],
            false,
            State::Broken,
            "overdue, the longest by 23 days",
        ),
        (vec![asked(old, date(2026, 11, 28), None)], false, State::AtRisk, "within 5 days"),
        (
            vec![asked(date(2024, 1, 1), date(2024, 1, 31), Some(date(2024, 1, 2)))],
            false,
            State::Unproven,
            "No request",
        ),
    ] {
        let stood = stands(&[], "request_right: access", &|facts| {
            facts.asked.clone_from(&all);
            if lost {
                facts.lost.insert("desk".into(), "gone".into());
            }
        });
        expect(&stood, state, words);
    }
}

fn column(name: &str) -> Column {
    Column {
        name: name.into(),
        native_type: "text".into(),
        data_type: DataType::Text { max_chars: None },
        nullable: true,
        has_default: false,
        generated: false,
        loose_collation: false,
        updates_itself: false,
        comment: None,
    }
}

pub(super) fn reach(facts: &mut Facts<'_>, encrypted: Option<&str>, privileges: Vec<Privilege>) {
    let table = Table {
        name: TableName::new("public", "tickets"),
        is_view: false,
        about_rows: 3,
        columns: ["id", "body", "mail", "closed_at"].map(column).to_vec(),
        primary_key: vec!["id".into()],
        unique: vec![],
        references: vec![],
        triggers: vec![],
    };
    let catalogue = Catalogue {
        product: Product::PostgreSql,
        version: "17".into(),
        database: "desk".into(),
        tables: vec![table],
    };
    let grants = connect::Rights {
        account: "upheld".into(),
        encrypted_with: encrypted.map(str::to_owned),
        ..connect::Rights::default()
    };
    let reached = Reached { catalogue, grants: Some(grants), privileges: Some(Ok(privileges)) };
    facts.reached.insert("desk".into(), reached);
}

#[test]
fn grants_are_held_against_the_matrix() {
    let may = |account: &str, column: Option<&str>, read, can_sign_in| Privilege {
        account: account.into(),
        table: TableName::new("public", "tickets"),
        column: column.map(str::to_owned),
        read,
        write: false,
        through: (account == "boss").then(|| "superuser".to_owned()),
        can_sign_in,
    };
    let control = "access: { class: tickets }";
    for (privilege, state, words) in [
        (may("tech", None, true, true), State::Upheld, "No account reads what its role may not"),
        (may("upheld", None, true, true), State::Upheld, "not counted: our own upheld"),
        (may("intern", None, true, true), State::Broken, "`intern` reads `public.tickets` in Desk"),
        (may("boss", None, true, true), State::Broken, "`boss` (superuser) reads"),
        (may("intern", Some("body"), true, true), State::Broken, "`intern`"),
        (may("intern", None, false, true), State::Upheld, ""),
        (may("readers", None, true, false), State::Upheld, ""),
    ] {
        let stood = stands(&[], control, &|facts| reach(facts, None, vec![privilege.clone()]));
        expect(&stood, state, words);
    }
    expect(&stands(&[], control, &|_| {}), State::Unproven, "Desk was not reached");
    let nobody = DESK.replace("  accounts: { technician: [tech] }\n", "");
    let stood = stands(&[("systems/desk.yaml", &nobody)], control, &|f| reach(f, None, vec![]));
    expect(&stood, State::Unproven, "write `accounts:` into systems/desk.yaml");
    let stood =
        stands(&[], "access: { class: tickets, second_factor: yes }", &|f| reach(f, None, vec![]));
    expect(&stood, State::Unproven, "A second factor cannot be seen from here");
}

#[test]
fn encryption_is_asked_of_connections_and_papers() {
    let way = "encryption: { in_transit: yes }";
    expect(
        &stands(&[], way, &|f| reach(f, Some("TLSv1.3"), vec![])),
        State::Upheld,
        "Desk with TLSv1.3",
    );
    expect(
        &stands(&[], way, &|f| reach(f, None, vec![])),
        State::Upheld,
        "1 connection stays on this machine; none goes beyond it.",
    );
    expect(&stands(&[], way, &|_| {}), State::Unproven, "Desk could not be asked");
    let rest = "encryption: { at_rest: yes }";
    expect(&stands(&[], rest, &|_| {}), State::Unproven, "write `at_rest:`");
    let paper = |until: &str| {
        DESK.replace(
            "  region:",
            &format!("  at_rest: {{ title: LUKS, dated: 2025-01-01, until: {until} }}\n  region:"),
        )
    };
    let stood = |until| stands(&[("systems/desk.yaml", &paper(until))], rest, &|_| {});
    expect(&stood("2027-12-31"), State::Upheld, "The LUKS of the disks of Desk");
    expect(&stood("2026-11-01"), State::Broken, "ended on 1 November 2026");
}

pub(super) fn hold(facts: &mut Facts<'_>, field: &str, look: FieldLook) {
    let table = TableLook {
        place: "desk.tickets".into(),
        collection: Some("tickets".into()),
        rows: 2_000,
        about: 50_000,
        sampled: false,
        fields: BTreeMap::from([(field.to_owned(), look)]),
    };
    facts.contents.insert("desk".into(), Contents { tables: vec![table], unread: vec![] });
}

#[test]
fn what_must_be_nowhere_is_looked_for() {
    let cards = "absence: { of: [user.financial.credit_card] }";
    let opinion = "absence: { of: [user.demographic.political_opinion] }";
    let mail = "absence: { of: [user.contact.email] }";
    let card = || FieldLook {
        filled: 9,
        kinds: BTreeMap::from([(detect::kind("financial.card").unwrap(), 3)]),
        ..FieldLook::default()
    };
    let plain = || FieldLook { filled: 9, ..FieldLook::default() };
    let stood = stands(&[], cards, &|f| hold(f, "body", card()));
    expect(
        &stood,
        State::Broken,
        "`desk.tickets.body` holds card numbers in 3 of 2,000 rows looked at.",
    );
    expect(&stood, State::Broken, "2,000 of about 50,000 rows in 1 table looked at");
    expect(
        &stands(&[], cards, &|f| hold(f, "body", plain())),
        State::Upheld,
        "values by form: card numbers",
    );
    expect(&stands(&[], opinion, &|f| hold(f, "body", card())), State::Upheld, "by the map alone");
    expect(&stands(&[], mail, &|f| hold(f, "mail", plain())), State::Broken, "is mapped as");
    expect(&stands(&[], cards, &|_| {}), State::Unproven, "Desk was not reached");
    let four = DESK.replace("user.contact.email", "user.financial.credit_card");
    let stood = stands(&[("systems/desk.yaml", &four)], cards, &|f| hold(f, "mail", plain()));
    expect(&stood, State::Upheld, "none of its 9 values has that form");
    let unread = stands(&[], cards, &|f| {
        hold(f, "body", plain());
        f.contents.get_mut("desk").unwrap().unread.push(("desk.secret".into(), "denied".into()));
    });
    expect(&unread, State::Unproven, "`desk.secret` could not be read.");
}

#[test]
fn what_is_held_is_what_the_notice_names() {
    let all = "held: { of: [user.contact, user.content, user.demographic] }";
    expect(&stands(&[], all, &|_| {}), State::Upheld, "What the sentence names is held");
    let stood = stands(&[], "held: { of: [user.contact, user.content] }", &|_| {});
    expect(&stood, State::Broken, "1 field holds it: `desk.tickets.born`");
    let more = "held: { of: [user.contact, user.content, user.demographic, user.biometric] }";
    expect(&stands(&[], more, &|_| {}), State::AtRisk, "no field of any system is mapped so");
}

#[test]
fn children_and_papers_of_clients() {
    let control = "children: { under: 13 }";
    let with = |births: Births| {
        stands(&[], control, &move |facts| {
            let columns = super::children::columns(
                &policy::file::promises::ChildrenControl {
                    under: 13,
                    birth: vec![],
                    consent: vec![],
                },
                &facts.policy.systems,
            );
            facts.births = columns.into_iter().map(|c| ((c, 13), Ok(births))).collect();
        })
    };
    let births = Births { rows: 50, told: 40, ..Births::default() };
    expect(&with(births), State::Upheld, "Nobody of 40 rows is under 13.");
    let held = Births { children: 2, without: 1, ..births };
    expect(&with(held), State::Broken, "1 row of `desk.tickets.born`: under 13");
    let strange = Births { unread: 3, ..births };
    expect(&with(strange), State::Unproven, "3 rows hold neither");
    expect(&stands(&[], control, &|_| {}), State::Unproven, "could not be read");
    let none = DESK.replace("user.demographic.date_of_birth", "user.contact");
    let stood = stands(&[("systems/desk.yaml", &none)], control, &|_| {});
    expect(&stood, State::Upheld, "No system holds a date of birth");

    let control = "client_paper: { paper: BAA, of: [user.contact.email] }";
    let clients = |papers: &str| {
        format!(
            "clients:\n  - {{ key: clinic, name: Harbour Clinic, papers: [{papers}] }}\n  - {{ key: gone, name: Gone, agreement_end: 2025-01-01 }}\n"
        )
    };
    let signed = clients("{ title: BAA, dated: 2025-01-01 }");
    let filled = || FieldLook { filled: 9, ..FieldLook::default() };
    for (files, filled_in, state, words) in [
        (vec![("clients.yaml", signed.as_str())], true, State::Upheld, "The BAA of Harbour Clinic"),
        (
            vec![("clients.yaml", &*clients(""))],
            true,
            State::Broken,
            "1 of 1 client signed no BAA: Harbour Clinic.",
        ),
        (vec![], true, State::Broken, "names no client with a BAA"),
        (vec![], false, State::Upheld, "so no BAA is needed"),
    ] {
        let stood = stands(&files, control, &|facts| {
            hold(facts, "mail", if filled_in { filled() } else { FieldLook::default() });
        });
        expect(&stood, state, words);
    }
}

/// Ages as a look has them: so many rows due now and in a week.
pub(super) fn aged(
    facts: &mut Facts<'_>,
    now: engine::retain::Found,
    soon: u64,
    last_run: Option<Micros>,
) {
    let none = std::collections::BTreeSet::new();
    let book = plan::retention::Book {
        systems: &facts.policy.systems,
        clients: &facts.policy.clients,
        classification: &facts.policy.classification,
        read_only: &none,
    };
    let almanac = plan::retention::Almanac::new(facts.now, "UTC").unwrap();
    let task = plan::retention::Schedule::new(&book, &almanac).tasks.remove(0);
    facts.ages =
        Ages { due: vec![Age { task, now, soon: Some(soon) }], last_run, ..Ages::default() };
}

#[test]
fn rows_past_their_limit_break_the_promise() {
    use engine::retain::{Counted, Found};
    let control = "retention: { class: tickets, max: 7 years, min: 90 days }";
    let counted = |rows, oldest: Option<i64>| {
        Found::Counted(Counted { rows, oldest: oldest.map(Micros), ..Counted::default() })
    };
    let at = |facts: &Facts<'_>, days: i64| Some(Micros(facts.now.0 - days * 86_400_000_000));
    let stood = |now: Found, soon, days: Option<i64>| {
        stands(&[], control, &move |facts| {
            let last = days.and_then(|days| at(facts, days));
            aged(facts, now.clone(), soon, last);
        })
    };
    let broken = stood(counted(212, Some(1_488_499_200_000_000)), 0, None);
    expect(&broken, State::Broken, "212 rows of Tickets in Desk are past the limit of 7 years");
    expect(&broken, State::Broken, "the oldest of 3 March 2017.");
    // Rows that stay although their time is over.
    let back = |rows, held_back, pointed_at: u64, held: Option<&str>| {
        let pointed_by = if pointed_at > 0 { vec!["tags"] } else { Vec::new() };
        let pointed_by = pointed_by.into_iter().map(str::to_owned).collect();
        let held = held.map(str::to_owned);
        let more = Counted { pointed_by, held, ..Counted::default() };
        stood(Found::Counted(Counted { rows, held_back, pointed_at, ..more }), 0, Some(1))
    };
    for (counted, state, words) in [
        (
            back(0, 48, 48, None),
            State::Broken,
            "48 rows of Tickets in Desk are past the limit of 7 years after `closed_at` and stay \
             because tags point at them: name them in `with:`. [",
        ),
        (back(0, 1, 1, None), State::Broken, "1 row of Tickets in Desk is past the limit"),
        (back(0, 50, 48, None), State::Broken, "2 rows are kept beyond the limit by a minimum age"),
        (back(0, 50, 48, None), State::Broken, "48 rows are kept beyond the limit because others"),
        (back(3, 48, 48, None), State::Broken, "3 rows of Tickets in Desk are past the limit"),
        (back(3, 48, 48, None), State::Broken, "48 rows of Tickets in Desk are past the limit"),
        (
            back(0, 12, 0, None),
            State::Upheld,
            "but 12 rows that must stay: 90 days from `closed_at`: the notice.",
        ),
        (
            back(3, 2, 0, Some("legal hold 4f0c: claim of somebody")),
            State::Upheld,
            "but 5 rows that must stay: 90 days from `closed_at`: the notice; a legal hold or a",
        ),
    ] {
        expect(&counted, state, words);
        assert!(!counted.1.contains("claim of somebody"), "{counted:?}");
    }
    expect(&stood(counted(0, None), 0, None), State::Upheld, "Nothing of Tickets in Desk is past");
    expect(&stood(counted(0, None), 3, None), State::AtRisk, "3 rows of Tickets in Desk will pass");
    expect(&stood(counted(0, None), 3, Some(8)), State::AtRisk, "will pass");
    expect(
        &stood(counted(0, None), 3, Some(6)),
        State::Upheld,
        "the last run of retention ended on 17 November 2026",
    );
    expect(&stood(Found::NotReached("no answer".into()), 0, None), State::Unproven, "no answer");
    expect(&stands(&[], control, &|_| {}), State::Unproven, "is not known");
    let unkept = DESK
        .replace("          keep: { for: 90 days, from: closed_at, because: the notice }\n", "");
    let min = "retention: { class: tickets, min: 90 days }";
    let stood = stands(&[("systems/desk.yaml", &unkept)], min, &|_| {});
    expect(&stood, State::Broken, "Nothing keeps Tickets in Desk for 90 days");
    expect(&stands(&[], min, &|_| {}), State::Upheld, "stay for 90 days from `closed_at`");
    let contact = "retention: { class: contact, max: 1 year }";
    expect(&stands(&[], contact, &|_| {}), State::Unproven, "none follows");
}

#[test]
fn the_page_that_the_public_reads_must_say_so() {
    let control = "notice_text: { because: It says what it says. }";
    let page = |text: &str| Ok(Page { text: text.to_owned(), form: policy::Form::Html });
    expect(&stands(&[], control, &|_| {}), State::Upheld, "line 3 of notice.md");
    let lost = stands(&[], control, &|f| f.page = Some(Err("no connection to its server".into())));
    expect(&lost, State::Unproven, "no connection to its server");
    let policy = policy(&[], control);
    for (text, state) in [
        ("<main><p>We keep <b>this</b>\n promise.</p></main>", State::Upheld),
        ("<main><p>We keep another promise.</p></main>", State::Broken),
    ] {
        let mut facts = facts(&policy);
        facts.page = Some(page(text));
        let verdict = published::stands(&policy.promises[0], &facts).unwrap();
        assert_eq!(verdict.state, state, "{text}");
        let found = look(&policy.promises[0], &facts);
        assert_eq!(found.last().unwrap().key, published::KEY);
    }
}

#[test]
fn nothing_is_opened_that_no_control_needs() {
    let needs = |control: &str| Needs::of(policy(&[], control).promises[0].controls.iter());
    assert!(!needs("notice_text: { because: It is so. }").systems);
    let absence = needs("absence: { of: [user.biometric] }");
    assert!(absence.systems && absence.contents && !absence.ages && !absence.privileges);
    let retention = needs("retention: { class: tickets, max: 7 years }");
    assert!(retention.systems && retention.ages && !retention.contents);
}
