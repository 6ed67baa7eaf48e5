//! How requests end: what is refused, what is left undone and said, what is forgotten.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_wrap,
    reason = "a test that cannot go on fails"
)]

mod world;

use plan::{Action, Case, CaseError, Ending, Graph, Phase, RequestKind, Settings};
use world::{Manner, PLAIN, THREE_SYSTEMS, World, answer, drive, place, reasons, story};

#[test]
fn what_the_second_search_still_finds_makes_the_end_incomplete() {
    // The key names her and stays: nothing lists it as kept.
    let mut world = World::read(
        r"
        ask email jane@acme.example
        web.users
          login  key
          email  identity:email is:user.contact.email
          | jane@acme.example | jane@acme.example
        ",
    );
    let case = answer(&mut world, RequestKind::Erasure, PLAIN);
    assert_eq!(reasons(&case), ["`web` still names the person in 1 place(s): users.login"]);
    assert_eq!(case.remaining("web").len(), 1);
}

#[test]
fn by_reference_alone_no_text_is_searched_and_no_erasure_is_complete() {
    let mut world = World::read(THREE_SYSTEMS);
    let systems = world.systems.clone();
    let graph = Graph::new(&systems);
    let mention = place("tickets.tickets");
    let mentioned = world.tables[&mention].keys().last().unwrap().clone();

    let request = world.request(RequestKind::Access);
    let mut case = Case::open(request, world.settings.clone(), &graph);
    case.only_by_reference(&graph);
    drive(&mut world, &graph, &mut case, PLAIN);
    assert_eq!(case.ending(), Some(&Ending::HandedOut));
    assert!(case.outline().by_reference && case.outline().notes[0].contains("not searched"));
    assert!(case.rows().get(&mention, &mentioned).is_none(), "only a text leads there");
    let searched = |world: &World| {
        world.done.iter().filter(|action| matches!(action, Action::Search { .. })).count()
    };
    assert_eq!(searched(&world), 0);

    let request = world.request(RequestKind::Erasure);
    let mut case = Case::open(request, world.settings.clone(), &graph);
    case.only_by_reference(&graph);
    drive(&mut world, &graph, &mut case, PLAIN);
    let digest = case.digest();
    case.approve(&digest, false).unwrap();
    drive(&mut world, &graph, &mut case, PLAIN);
    assert_eq!(searched(&world), 0);
    assert!(reasons(&case).iter().any(|why| why.contains("no text was searched")));
    assert!(!case.terms().is_empty() && case.rows().len() > 1, "it goes on another day");

    // Taken up again, it reads them, and then it is complete.
    case.plan_again(&graph).unwrap();
    drive(&mut world, &graph, &mut case, PLAIN);
    assert_eq!(case.phase(), Phase::Review);
    let digest = case.digest();
    case.approve(&digest, false).unwrap();
    drive(&mut world, &graph, &mut case, PLAIN);
    assert!(searched(&world) > 0);
    assert_eq!(case.ending(), Some(&Ending::Complete));
}

#[test]
fn where_nothing_can_be_looked_up_a_case_by_reference_finds_nothing() {
    let mut world = World::read(
        r"
        ask phone +1 902 555 0199
        web.posts
          id    key
          body  text
          | 1 | call +1 902 555 0199
        ",
    );
    let systems = world.systems.clone();
    let graph = Graph::new(&systems);
    let request = world.request(RequestKind::Access);
    let mut case = Case::open(request, world.settings.clone(), &graph);
    assert_eq!(case.phase(), Phase::Search);
    case.only_by_reference(&graph);
    drive(&mut world, &graph, &mut case, PLAIN);
    assert_eq!(case.ending(), Some(&Ending::HandedOut));
    assert!(case.rows().is_empty() && world.done.is_empty());
}

#[test]
fn a_system_that_is_gone_is_named() {
    for (when, expected) in [
        ("find", "`crm` was not reached: the connection was refused"),
        ("search", "`crm` was not reached: the connection was refused"),
        ("draft", "`crm` was not reached: the connection was refused"),
        ("act", "`crm` was not finished: the connection was refused"),
        ("verify", "`crm` was not finished: the second search failed: the connection was refused"),
    ] {
        for manner in [PLAIN, Manner { seed: 3, crash: true }] {
            let mut world = World::read(&format!("down crm at {when}\n{THREE_SYSTEMS}"));
            world.ask.push(model::Identity::new(model::IdentityKind::Name, "Jane Doe"));
            let before = world.tables.clone();
            let case = answer(&mut world, RequestKind::Erasure, manner);
            assert_eq!(reasons(&case), [expected], "{when}");
            assert!(!case.was_verified("crm"), "{when}");
            assert!(case.was_verified("tickets"), "the others are finished: {when}");
            let changed = |at| world.tables[&place(at)] != before[&place(at)];
            assert_eq!(changed("crm.contacts"), when == "verify", "{when}");
            assert!(changed("tickets.tickets"), "{when}");
        }
    }
    let mut world = World::read(&format!("down crm at find\n{THREE_SYSTEMS}"));
    let case = answer(&mut world, RequestKind::Access, PLAIN);
    assert_eq!(reasons(&case).len(), 1, "an answer without a system says so");
}

#[test]
fn every_system_gone_is_incomplete_and_not_nothing_found() {
    let mut world = World::read(&format!(
        "down crm at find\ndown desk at search\ndown tickets at search\n{THREE_SYSTEMS}"
    ));
    let case = answer(&mut world, RequestKind::Erasure, PLAIN);
    assert_eq!(reasons(&case).len(), 3);
}

#[test]
fn a_problem_in_a_draft_refuses_the_plan_before_anything_is_touched() {
    let mut world = World::read(&format!("stuck desk.accounts\n{THREE_SYSTEMS}"));
    let before = world.tables.clone();
    let mut case = answer(&mut world, RequestKind::Erasure, PLAIN);
    assert_eq!(case.ending(), Some(&Ending::Refused));
    assert_eq!(case.outline().problems.len(), 1);
    assert_eq!(world.tables, before);
    assert!(!world.done.iter().any(|action| matches!(action, Action::Act { .. })));
    let digest = case.digest();
    assert_eq!(case.approve(&digest, true), Err(CaseError::NotInReview));
}

/// A case that waits for a yes.
fn in_review<'m>(world: &mut World, graph: &Graph<'m>) -> Case {
    let mut case = Case::open(world.request(RequestKind::Erasure), world.settings.clone(), graph);
    drive(world, graph, &mut case, PLAIN);
    assert_eq!(case.phase(), Phase::Review);
    case
}

#[test]
fn the_cap_stops_a_plan_that_changes_more_rows() {
    for (cap, stops) in [(3, true), (4, false)] {
        let mut world = World::read(&format!("cap {cap}\n{THREE_SYSTEMS}"));
        let systems = world.systems.clone();
        let mut case = in_review(&mut world, &Graph::new(&systems));
        let digest = case.digest();
        assert_eq!(case.outline().rows_to_change, 4);
        let answer = case.approve(&digest, false);
        assert_eq!(answer, if stops { Err(CaseError::OverCap { rows: 4, cap }) } else { Ok(()) });
        if stops {
            assert_eq!(case.phase(), Phase::Review, "it still waits");
            assert_eq!(case.approve(&digest, true), Ok(()));
        }
        assert_eq!(case.phase(), Phase::Act);
    }
}

#[test]
fn a_yes_to_another_plan_is_no_yes() {
    let mut world = World::read(THREE_SYSTEMS);
    let systems = world.systems.clone();
    let graph = Graph::new(&systems);
    let mut case = in_review(&mut world, &graph);
    let plan = case.digest();
    // One row more, one row with another tie, another draft: another plan.
    for (from, to) in [
        ("tickets.title", ""),
        ("| 11 | broe | light", "| 11 | jdoe | light"),
        ("| 102 | 11 | Jane Doe", "| 102 | 11 | Jane"),
        ("owner  to:desk.accounts.id own", "owner  to:desk.accounts.id authored"),
        ("theme  is:user.settings", "theme  is:user.settings erase:keep"),
        ("title  text", "title  text erase:redact"),
    ] {
        let text = if to.is_empty() {
            format!("down tickets at draft\n{THREE_SYSTEMS}")
        } else {
            THREE_SYSTEMS.replace(from, to)
        };
        assert_ne!(text, THREE_SYSTEMS);
        let mut other = World::read(&text);
        let other_systems = other.systems.clone();
        let other = in_review(&mut other, &Graph::new(&other_systems));
        assert_ne!(other.digest(), plan, "{from} → {to}");
        assert_eq!(case.approve(&other.digest(), true), Err(CaseError::OtherDigest));
    }
    assert_eq!(case.approve(&plan, false), Ok(()));
    assert_eq!(case.approve(&plan, false), Err(CaseError::NotInReview), "once is enough");
}

#[test]
fn a_map_that_changed_after_the_draft_is_noticed() {
    let mut world = World::read(THREE_SYSTEMS);
    let systems = world.systems.clone();
    let case = in_review(&mut world, &Graph::new(&systems));
    assert!(case.is_drafted_with(&Graph::new(&systems)));
    let changed = World::read(
        &THREE_SYSTEMS.replace("theme  is:user.settings", "theme  is:user.settings erase:keep"),
    );
    assert!(!case.is_drafted_with(&Graph::new(&changed.systems)));
    let mut wider = systems.clone();
    wider.push(world::plain_system("further"));
    assert!(
        case.is_drafted_with(&Graph::new(&wider)),
        "a system without rows of hers is no matter"
    );
}

#[test]
fn a_driver_that_errs_is_told_and_does_no_harm() {
    let mut world = World::read(THREE_SYSTEMS);
    let systems = world.systems.clone();
    let graph = Graph::new(&systems);
    let mut case = Case::open(world.request(RequestKind::Erasure), world.settings.clone(), &graph);
    let before = case.clone();
    let step = case.steps()[0].clone();
    let wrong = plan::Outcome::Acted { changed: 1, already: 0 };
    assert_eq!(case.take(&graph, 99, wrong.clone()), Err(CaseError::NotPending(99)));
    assert_eq!(case.take(&graph, step.id, wrong), Err(CaseError::WrongOutcome(step.id)));
    assert_eq!(case, before);
    let outcome = world.perform(&graph, &case, &step.action);
    assert_eq!(case.take(&graph, step.id, outcome.clone()), Ok(()));
    assert_eq!(case.take(&graph, step.id, outcome), Err(CaseError::NotPending(step.id)));
}

#[test]
fn a_system_that_must_come_after_another_waits_for_it() {
    let text = THREE_SYSTEMS
        .replace("crm.contacts\n", "crm.contacts after:tickets.tickets\n")
        .replace("desk.accounts\n", "desk.accounts after:crm.contacts\n");
    let (_, world) = story(&text);
    let acts = |world: &World| -> Vec<String> {
        let acts = world.done.iter().filter(|a| matches!(a, Action::Act { .. }));
        acts.map(|action| action.system().to_owned()).collect()
    };
    assert_eq!(acts(&world), ["tickets", "crm", "desk"]);

    let mut world = World::read(&format!("down tickets at act\n{text}"));
    let case = answer(&mut world, RequestKind::Erasure, PLAIN);
    assert_eq!(acts(&world), ["tickets"], "the others must not come first");
    assert_eq!(
        reasons(&case),
        [
            "`crm` was not finished: it must come after `tickets`, which was not done",
            "`desk` was not finished: it must come after `crm`, which was not done",
            "`tickets` was not finished: the connection was refused",
        ]
    );
}

#[test]
fn what_is_forgotten_is_forgotten() {
    for kind in [RequestKind::Erasure, RequestKind::Access] {
        let mut world = World::read(THREE_SYSTEMS);
        let mut case = answer(&mut world, kind, Manner { seed: 5, crash: true });
        let ending = case.ending().cloned();
        case.forget();
        let written = serde_json::to_string(&case).unwrap().to_lowercase();
        for word in ["jane", "doe", "acme", "bob", "roe", "dark", "printer", "stapler", "102"] {
            assert!(!written.contains(word), "{word} in {written}");
        }
        assert_eq!(case.ending(), ending.as_ref());
        assert_eq!(
            case.drafted("crm").is_some(),
            kind == RequestKind::Erasure,
            "what was done stays"
        );
    }
    let mut world = World::read(THREE_SYSTEMS);
    let systems = world.systems.clone();
    let mut case = in_review(&mut world, &Graph::new(&systems));
    let before = case.clone();
    case.forget();
    assert_eq!(case, before, "a request that is under way forgets nothing");
}

#[test]
fn the_stricter_of_two_house_rules_counts() {
    for (cap, approval, expected) in
        [(2, false, (2, false)), (9, true, (3, true)), (3, false, (3, false))]
    {
        let mut world = World::read(&format!("cap 3\n{THREE_SYSTEMS}"));
        let systems = world.systems.clone();
        let mut case = in_review(&mut world, &Graph::new(&systems));
        let now = Settings { cap_rows: cap, require_approval: approval, ..Settings::default() };
        let digest = case.digest();
        case.tighten(&now);
        let outline = case.outline();
        assert_eq!((outline.cap_rows, outline.needs_approval), expected);
        assert_eq!(case.digest(), digest, "the plan is the same");
        let stopped = CaseError::OverCap { rows: 4, cap: expected.0 };
        assert_eq!(case.approve(&digest, false), Err(stopped));
    }
}

/// Agrees to the plan and works on to the end.
fn agree<'m>(world: &mut World, graph: &Graph<'m>, case: &mut Case) {
    assert_eq!(case.phase(), Phase::Review);
    let digest = case.digest();
    case.approve(&digest, false).unwrap();
    drive(world, graph, case, Manner { seed: 3, crash: true });
    assert_eq!(case.phase(), Phase::Done);
}

#[test]
fn what_a_trigger_copied_elsewhere_is_planned_again() {
    let mut world = World::read(
        r"
        trigger crm.contacts crm.audit
        ask email jane@acme.example
        crm.contacts
          id    key
          email identity:email is:user.contact.email
          name  is:user.name
          | 1 | jane@acme.example | Jane Doe
          | 2 | bob@acme.example  | Bob Roe
        crm.audit
          id    key
          old   text
        ",
    );
    let systems = world.systems.clone();
    let graph = Graph::new(&systems);
    let mut case = in_review(&mut world, &graph);
    agree(&mut world, &graph, &mut case);
    assert_eq!(reasons(&case), ["`crm` still names the person in 1 place(s): audit.old"]);
    case.forget();
    assert_eq!(case.plan_again(&graph), Ok(()));
    drive(&mut world, &graph, &mut case, PLAIN);
    assert_eq!(case.outline().rows_to_change, 1, "the copy, and no more");
    agree(&mut world, &graph, &mut case);
    assert_eq!(case.ending(), Some(&Ending::Complete));
    let left = format!(
        "{:?}",
        world.tables[&place("crm.audit")]
            .values()
            .flatten()
            .filter_map(model::Value::as_text)
            .collect::<Vec<_>>()
    );
    assert!(!left.contains("jane") && !left.contains("Jane"), "{left}");
    assert_eq!(case.plan_again(&graph), Err(CaseError::CannotGoOn));
    assert_eq!(case.withdraw(), Err(CaseError::TooLate));
}

#[test]
fn a_system_that_was_gone_is_reached_through_what_is_erased_already() {
    for when in ["find", "act", "verify"] {
        let text = THREE_SYSTEMS.replace(
            "| 100 | 10 | Printer of Jane Doe is on fire",
            "| 100 | 10 | Printer is on fire",
        );
        let text = text.replace("title  text", "title  is:user.content");
        let mut world = World::read(&format!("down tickets at {when}\n{text}"));
        let systems = world.systems.clone();
        let graph = Graph::new(&systems);
        let mut case = in_review(&mut world, &graph);
        agree(&mut world, &graph, &mut case);
        assert_eq!(reasons(&case).len(), 1, "{when}");
        world.down.clear();
        assert_eq!(case.plan_again(&graph), Ok(()));
        drive(&mut world, &graph, &mut case, PLAIN);
        agree(&mut world, &graph, &mut case);
        assert_eq!(case.ending(), Some(&Ending::Complete), "{when}");
        let key = model::RowKey(vec![model::Value::Int(100)]);
        assert_eq!(world.tables[&place("tickets.tickets")][&key][2], model::Value::Null, "{when}");
    }
}

#[test]
fn an_incomplete_erasure_keeps_what_it_knows_until_it_is_withdrawn() {
    let mut world = World::read(&format!("down crm at act\n{THREE_SYSTEMS}"));
    let mut case = answer(&mut world, RequestKind::Erasure, PLAIN);
    let before = case.clone();
    assert!(case.is_unanswered());
    case.forget();
    // The certificate is issued, and that is all that differs.
    assert!(!case.is_unanswered());
    let told = |case: &plan::Case| {
        let mut told = serde_json::to_value(case).unwrap();
        told.as_object_mut().unwrap().remove("unanswered");
        told
    };
    assert_eq!(told(&case), told(&before));
    assert_eq!(case.withdraw(), Ok(()));
    assert_eq!(case.ending(), Some(&Ending::Withdrawn));
    case.forget();
    let written = serde_json::to_string(&case).unwrap().to_lowercase();
    assert!(!written.contains("jane") && !written.contains("acme"));
    assert_eq!(case.plan_again(&Graph::new(&world.systems)), Err(CaseError::CannotGoOn));
}

const INVOICES: &str = r"
    ask email jane@acme.example
    crm.contacts delete
      id     key
      email  identity:email is:user.contact.email
      | 1 | jane@acme.example
      | 2 | bob@acme.example
    crm.invoices keep:7:issued
      id     key
      payer  to:crm.contacts.id own
      name   is:user.name
      issued words
      | 5 | 1 | Jane Doe | 2024-01-01
      | 6 | 2 | Bob Roe  | 2024-01-01
";

/// The erasure is complete but for an invoice; seven years later it is taken up again.
fn woken(meanwhile: impl FnOnce(&mut World)) -> World {
    let mut world = World::read(INVOICES);
    let systems = world.systems.clone();
    let graph = Graph::new(&systems);
    let mut case = in_review(&mut world, &graph);
    agree(&mut world, &graph, &mut case);
    assert_eq!(case.ending(), Some(&Ending::Complete));
    assert!(case.rests().is_some());
    meanwhile(&mut world);
    case.forget();
    assert_eq!(case.wake(&graph, model::Micros(world::day("2031-01-02"))), Ok(()));
    drive(&mut world, &graph, &mut case, PLAIN);
    if case.phase() == Phase::Review {
        agree(&mut world, &graph, &mut case);
    }
    assert_eq!(case.ending(), Some(&Ending::Complete));
    world
}

fn invoice(world: &World, number: i64) -> Vec<Option<String>> {
    let key = model::RowKey(vec![model::Value::Int(number)]);
    let row = &world.tables[&place("crm.invoices")][&key];
    row.iter().map(model::Value::to_plain_text).collect()
}

#[test]
fn what_was_kept_goes_later_though_the_record_that_led_to_it_is_deleted() {
    let world = woken(|_| {});
    assert_eq!(invoice(&world, 5)[2], None);
    assert_eq!(invoice(&world, 6)[2].as_deref(), Some("Bob Roe"));
}

#[test]
fn a_number_that_is_somebody_elses_by_then_brings_nobody_elses_row() {
    let world = woken(|world| {
        let key = model::RowKey(vec![model::Value::Int(5)]);
        let row = world.tables.get_mut(&place("crm.invoices")).unwrap().get_mut(&key).unwrap();
        row[1] = model::Value::Int(2);
        row[2] = "Bob Roe".into();
    });
    assert_eq!(invoice(&world, 5)[2].as_deref(), Some("Bob Roe"));
}

#[test]
fn a_plan_in_which_everything_waits_for_what_was_not_reached_ends_and_says_so() {
    let text = THREE_SYSTEMS
        .replace("crm.contacts\n", "crm.contacts after:tickets.tickets\n")
        .replace("desk.accounts\n", "desk.accounts after:crm.contacts\n");
    let mut world = World::read(&format!("down tickets at draft\n{text}"));
    let before = world.tables.clone();
    let case = answer(&mut world, RequestKind::Erasure, PLAIN);
    assert_eq!(reasons(&case).len(), 3);
    assert_eq!(world.tables, before, "nothing was done");
}

#[test]
fn a_system_that_two_plans_did_not_reach_is_reached_by_the_third() {
    // What leads to her ticket is erased by the first plan.
    let text = THREE_SYSTEMS
        .replace("login  to:", "login  is:user.account.username to:")
        .replace("      login\n", "      login  is:user.account.username\n")
        .replace("Printer of Jane Doe is on fire", "Printer is on fire")
        .replace("title  text", "title  is:user.content");
    let mut world = World::read(&format!("down tickets at find\n{text}"));
    let systems = world.systems.clone();
    let graph = Graph::new(&systems);
    let mut case = in_review(&mut world, &graph);
    agree(&mut world, &graph, &mut case);
    for round in 0..3 {
        assert_eq!(reasons(&case).len(), 1, "round {round}");
        if round == 2 {
            world.down.clear();
        }
        case.plan_again(&graph).unwrap();
        drive(&mut world, &graph, &mut case, PLAIN);
        if case.phase() == Phase::Review {
            agree(&mut world, &graph, &mut case);
        }
    }
    assert_eq!(case.ending(), Some(&Ending::Complete));
    let key = model::RowKey(vec![model::Value::Int(100)]);
    assert_eq!(world.tables[&place("tickets.tickets")][&key][2], model::Value::Null);
}
