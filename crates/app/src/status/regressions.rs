//! Promises that were once shown as upheld while nobody had looked, or as broken while they were
//! kept: one test for each.

use connect::Privilege;
use model::TableName;
use policy::Form;
use render::coverage::State;

use super::facts::Facts;
use super::look;
use super::published::{self, Page};
use super::tests::{DESK, MATRIX, POLICY, aged, expect, facts, hold, policy, reach, stands};
use crate::contents::{FieldLook, Reader};

/// The one control, in a folder to which no system was connected yet.
fn without_a_system(control: &str) -> (State, String) {
    let policy = policy(&[], control);
    let mut bare = policy;
    bare.systems.clear();
    let facts = facts(&bare);
    let promise = &bare.promises[0];
    let verdict = super::judge(&promise.controls[0], promise, &facts);
    (verdict.state, verdict.reason)
}

#[test]
fn a_folder_without_systems_upholds_nothing_about_systems() {
    for control in [
        "encryption: { in_transit: yes }",
        "children: { under: 13 }",
        "client_paper: { paper: BAA, of: [user.health_and_medical] }",
        "absence: { of: [user.financial.credit_card] }",
        "held: { of: [user.contact] }",
        "access: { class: tickets }",
        "retention: { class: tickets, max: 7 years }",
    ] {
        let stood = without_a_system(control);
        assert_eq!(stood.0, State::Unproven, "{control}: {stood:?}");
    }
}

#[test]
fn a_sample_does_not_prove_that_something_is_nowhere() {
    let sampled = |facts: &mut Facts<'_>| {
        hold(facts, "body", FieldLook { filled: 9, ..FieldLook::default() });
        for table in &mut facts.contents.get_mut("desk").unwrap().tables {
            table.sampled = true;
        }
    };
    let cards = stands(&[], "absence: { of: [user.financial.credit_card] }", &sampled);
    expect(&cards, State::Unproven, "only 2,000 of about 50,000 rows of `desk.tickets`");
    expect(&cards, State::Unproven, "`upheld status --full` reads every row");
    // What has no form is told by the map, and no row could change that.
    let opinion = stands(&[], "absence: { of: [user.demographic.political_opinion] }", &sampled);
    expect(&opinion, State::Upheld, "by the map alone");
    let paper = "client_paper: { paper: BAA, of: [user.contact.email] }";
    expect(&stands(&[], paper, &sampled), State::Unproven, "only 2,000");
}

#[test]
fn a_second_factor_does_not_stand_for_grants_that_nobody_compared() {
    let keys = "  - { key: keys, title: Keys, categories: [user.authorization], sensitivity: high, access: [technician] }\n";
    let matrix = format!("{MATRIX}{keys}");
    let confirmed = |facts: &mut Facts<'_>| {
        let body =
            super::attested::Body { by: "Robin".into(), file: None, sha256: None, note: None };
        let attested = super::attested::Attested { at: facts.now, body };
        facts.attested.insert("it".into(), attested);
        reach(facts, None, vec![]);
    };
    let nobody_asked = "access: { class: keys, second_factor: yes }";
    let stood = stands(&[("classification.yaml", &matrix)], nobody_asked, &confirmed);
    expect(&stood, State::Unproven, "no grant was compared");
    let asked = "access: { class: tickets, second_factor: yes }";
    expect(&stands(&[], asked, &confirmed), State::Upheld, "No account reads");
}

#[test]
fn a_table_that_our_account_cannot_see_is_not_free_of_strangers() {
    let stood = stands(&[], "access: { class: tickets }", &|facts| {
        reach(facts, None, vec![]);
        facts.reached.get_mut("desk").unwrap().catalogue.tables.clear();
    });
    expect(&stood, State::Unproven, "`tickets` of Desk cannot be seen with our account");
}

#[test]
fn a_view_shows_what_its_table_holds() {
    let stood = |account: &str| {
        stands(&[], "access: { class: tickets }", &|facts| {
            let name = TableName::new("public", "ticket_report");
            let grant = Privilege {
                account: account.into(),
                table: name.clone(),
                column: None,
                read: true,
                write: false,
                through: None,
                can_sign_in: true,
            };
            reach(facts, None, vec![grant]);
            let reached = facts.reached.get_mut("desk").unwrap();
            let mut view = reached.catalogue.tables[0].clone();
            (view.name, view.is_view) = (name, true);
            reached.catalogue.tables.push(view);
        })
    };
    expect(&stood("intern"), State::Unproven, "`intern` reads `public.ticket_report`");
    assert_eq!(stood("tech").0, State::Upheld);
    assert_eq!(stood("upheld").0, State::Upheld, "our own account is not counted");
}

#[test]
fn a_renewal_in_the_drawer_does_not_end_the_paper_in_force() {
    let soc = "recipient_evidence: { any_of: [SOC 2], max_age: 1 year }";
    let recipient = |papers: &str| {
        format!(
            "recipients:\n  - {{ key: pay, name: Paycorp, class: processor, purposes: [service], evidence: [{papers}] }}\n"
        )
    };
    let now = "{ title: SOC 2, dated: 2026-03-01, until: 2027-02-28 }";
    let next = "{ title: SOC 2, dated: 2027-01-01, until: 2027-12-31 }";
    for papers in [format!("{now}, {next}"), format!("{next}, {now}")] {
        let stood = stands(&[("recipients.yaml", &recipient(&papers))], soc, &|_| {});
        expect(&stood, State::Upheld, "counts until 28 February 2027");
    }
    let stood = stands(&[("recipients.yaml", &recipient(next))], soc, &|_| {});
    expect(&stood, State::Broken, "begins only on 1 January 2027");
}

#[test]
fn a_page_that_nobody_could_read_upholds_no_sentence() {
    let policy = policy(&[], "purpose: {}");
    let mut facts = facts(&policy);
    facts.page = Some(Err("the server does not answer within ten seconds".into()));
    let found = look(&policy.promises[0], &facts);
    let page = found.last().unwrap();
    assert_eq!((page.key.as_str(), page.verdict.state), (published::KEY, State::Unproven));
    assert!(page.verdict.reason.contains("does not answer"), "{}", page.verdict.reason);
}

#[test]
fn a_page_in_an_older_encoding_makes_its_promises_still() {
    let page =
        b"<meta charset=\"windows-1252\"><main>We don\x92t sell caf\xe9 guests\x92 data.</main>";
    let read = |bytes: &[u8], charset| published::text_of(bytes.to_vec(), charset);
    for charset in [None, Some("windows-1252"), Some("ISO-8859-1")] {
        let text = read(page, charset).unwrap();
        let page = Page { text, form: Form::Html };
        assert!(page.holds("We don\u{2019}t sell caf\u{e9} guests\u{2019} data."), "{charset:?}");
    }
    assert!(read(b"\x82\xb1\x82\xf1", Some("shift_jis")).is_err(), "not taken for another one");
    assert!(read(b"\xff\xfeW\0e\0", None).is_err(), "UTF-16 is not taken for Latin");
}

#[test]
fn a_change_that_is_only_planned_was_not_announced() {
    let text = POLICY.replace(
        "version: '1', effective: 2026-01-15 }",
        "lead_time: 7 days, version: '2', effective: 2027-02-01, announced: 2027-01-15, past: [{ version: '1', effective: 2026-01-15, file: notice.md }] }",
    );
    let stood = stands(&[("policy.yaml", &text)], "lead_time: { at_least: 7 days }", &|_| {});
    assert!(!stood.1.contains("was announced"), "{stood:?}");
    assert_eq!(stood.0, State::Upheld, "{stood:?}");
}

#[test]
fn what_no_rule_reaches_is_not_within_its_limit() {
    let control = "retention: { class: tickets, max: 7 years }";
    let quiet = |facts: &mut Facts<'_>| {
        let found = engine::retain::Found::Counted(engine::retain::Counted::default());
        aged(facts, found, 0, None);
    };
    let rule = "          retain: { from: closed_at }\n";
    let stood = |more: &str| stands(&[("systems/desk.yaml", more)], control, &quiet);
    assert_eq!(stood(DESK).0, State::Upheld);
    let some = "          retain: { from: closed_at, when: { body: spam } }\n";
    let some = stood(&DESK.replace(rule, some));
    expect(&some, State::Unproven, "only of rows with some values of `body`");
    let archive = "      - name: archive
        upheld: { title: Archive, class: tickets, skip: kept for later }
        fields:
          - { name: id, data_categories: [system], fides_meta: { primary_key: true } }
";
    expect(&stood(&format!("{DESK}{archive}")), State::Unproven, "`desk.archive` is meant too");
    // Notes that go with their tickets stay as long as those: longer than is promised of notes.
    let notes = "      - name: notes
        upheld: { title: Notes, class: tickets }
        fields:
          - { name: id, data_categories: [system], fides_meta: { primary_key: true } }
          - { name: ticket, data_categories: [system], fides_meta: { references: [{ dataset: desk, field: tickets.id, direction: from }] } }
          - { name: text, data_categories: [user.content.private] }
";
    let along = DESK.replace("from: closed_at }", "from: closed_at, with: [notes] }");
    let along = format!("{along}{notes}");
    let of_notes = |max: &str| {
        let control = format!("retention: {{ collections: [desk.notes], max: {max} }}");
        stands(&[("systems/desk.yaml", &along)], &control, &quiet)
    };
    expect(&of_notes("1 year"), State::Broken, "says 7 years, and 1 year are promised");
    assert_eq!(of_notes("7 years").0, State::Upheld);
}

#[test]
fn an_address_in_angle_brackets_on_a_plain_page_is_no_tag() {
    let text = "Write to <privacy@northlight.example>, and we **answer**.".to_owned();
    let form = published::form_of("text/plain", "https://northlight.example/privacy");
    let page = Page { text, form };
    assert!(page.holds("Write to privacy@northlight.example, and we answer."), "{form:?}");
    for (kind, url, form) in [
        ("text/plain", "https://northlight.example/notice.txt", Form::Plain),
        ("text/html", "https://northlight.example/notice.md", Form::Html),
        ("application/octet-stream", "https://northlight.example/notice.md?raw", Form::Markdown),
        ("", "https://northlight.example/", Form::Html),
    ] {
        assert_eq!(published::form_of(kind, url), form, "{kind} {url}");
    }
}

#[test]
fn a_card_number_is_found_however_it_is_written() {
    let card = |value: model::Value| {
        let mut look = FieldLook::default();
        look.take(&mut Reader::new().unwrap(), &value);
        look.settle();
        (look.kinds.contains_key(&detect::kind("financial.card").unwrap()), look.unopened)
    };
    let utf16: Vec<u8> = "4111 1111 1111 1111".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (value, found) in [
        (model::Value::from("4111 1111 1111 1111"), true),
        (model::Value::from("NDExMSAxMTExIDExMTEgMTExMQ=="), true),
        (model::Value::from("4111=201111=201111=201111"), true),
        (model::Value::from("4111&nbsp;1111&nbsp;1111&nbsp;1111"), true),
        (model::Value::from("4111\u{a0}1111\u{a0}1111\u{a0}1111"), true),
        (model::Value::Bytes(utf16), true),
        (model::Value::from("nobody@northlight.example"), false),
    ] {
        assert_eq!(card(value.clone()), (found, 0), "{:?}", value.to_plain_text());
    }
    assert_eq!(
        card(model::Value::Bytes(b"%PDF-1.7 4111111111111112\n%%EOF\n\0\x01".to_vec())).1,
        1
    );
    let mut reader = Reader::new().unwrap();
    // Most people have no card on file; their noughts hide nobody's.
    let mut look = FieldLook::default();
    for row in 0..100 {
        let card = if row < 20 { 4_111_111_111_111_111 } else { 0 };
        look.take(&mut reader, &model::Value::Int(card));
    }
    look.settle();
    assert_eq!(look.kinds.get(&detect::kind("financial.card").unwrap()), Some(&20));
    let mut keys = FieldLook::default();
    (0..1_000)
        .for_each(|row| keys.take(&mut reader, &model::Value::Int(4_111_111_111_111_000 + row)));
    keys.settle();
    assert!(keys.kinds.is_empty(), "one key in ten fits the check digit by chance");
}
