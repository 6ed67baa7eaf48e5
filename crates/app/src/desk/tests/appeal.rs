//! Appeals: a second look, by somebody else, under a clock of its own.

use super::*;

/// A request that was refused, its number, and a page that is open to the person.
async fn refused(world: &World, place: &str) -> (String, Opened) {
    let house = &world.house;
    let officer = world.staff('b', Role::PrivacyOfficer);
    let mut asked = form(Kind::Erasure, "jane@acme.example");
    asked.channel = Channel::Phone;
    asked.place = Some(place.to_owned());
    let id = house.file_by_staff(&officer, auth::ROOT, asked, None).await.unwrap();
    house.identify_request(&officer, auth::ROOT, &id, "call back").await.unwrap();
    house.refuse_request(&officer, auth::ROOT, &id, "The invoices must be kept.").await.unwrap();
    world.work().await;
    let opened = open(world, "jane@acme.example").await;
    (id, opened)
}

/// The page behind the link of the last letter, opened with a fresh code.
async fn open(world: &World, email: &str) -> Opened {
    let letter = world.mails(email).pop().unwrap();
    let page = after(&letter, "/request/page/").to_owned();
    world.house.ask_for_page(&page).await.unwrap();
    world.work().await;
    let fresh = world.mails(email).pop().unwrap();
    world.house.open_page(&page, code(&fresh)).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_refused_asks_again_and_somebody_else_decides() {
    let world = World::new("");
    let house = &world.house;
    let second = world.staff('e', Role::PrivacyOfficer);
    world.member(&second, MembershipState::Active).await;
    world.member(&world.staff('f', Role::Owner), MembershipState::Suspended).await;
    let (id, opened) = refused(&world, "US-VA").await;
    let answered = world.clock.now();
    assert_eq!(opened.status, Status::Refused);
    let until = opened.appeal_until.unwrap();
    assert_eq!((until.0 - answered.0) / 86_400_000_000, 30);
    world.clock.go_on(60);
    let pass = opened.pass.expose_secret();
    assert_eq!(house.appeal("nothing", "").await.unwrap(), Appealed::Closed);
    assert!(house.appeal(pass, &"x".repeat(4_001)).await.is_err());
    let Appealed::Taken(Some(due)) = house.appeal(pass, "My invoices are old.").await.unwrap()
    else {
        panic!("not taken")
    };
    assert_eq!(house.appeal(pass, "again").await.unwrap(), Appealed::Over, "once is all");
    let now = world.request(&id).await;
    assert_eq!((now.status.as_str(), now.ended_at, now.due_at), ("appealed", None, Some(due)));
    // Virginia: sixty days from the appeal.
    let day = |at: Micros| house.zone().unwrap().at(at).date();
    assert_eq!((day(due) - day(world.clock.now())).get_days(), 60);

    world.work().await;
    let letter = world.mails("jane@acme.example").pop().unwrap();
    assert!(letter.contains("autre personne"), "{letter}");
    let own = house.policy(false).unwrap().organisation.contact.email;
    let told = world.mails(&own).pop().unwrap();
    assert!(told.contains("looked at again") && !told.contains("old"), "{told}");

    let first = world.staff('b', Role::PrivacyOfficer);
    let auditor = world.staff('c', Role::Auditor);
    let full = house.request_at_desk(&second, auth::ROOT, &id).await.unwrap();
    assert!(full.notes.iter().any(|(kind, _, words)| {
        kind == "appeal" && words.as_deref() == Some("My invoices are old.")
    }));
    assert_eq!(full.clock.as_ref().unwrap().days_left, Some(60));
    assert!(full.sources[0].title.contains("VCDPA"), "{:?}", full.sources);
    let queue = house.queue(&second, auth::ROOT, Wanted::default(), None, 9).await.unwrap();
    assert_eq!(queue.len(), 1, "it is open again");
    assert!(house.refuse_request(&second, auth::ROOT, &id, "no").await.is_err(), "decided only");
    assert!(full.another_decides);
    for nobody in [&auditor, &first] {
        let kept = house.decide_appeal(nobody, auth::ROOT, &id, false, "It stays.").await;
        assert!(kept.is_err(), "{}", nobody.person());
    }
    assert!(house.decide_appeal(&second, auth::ROOT, &id, false, " ").await.is_err());
    assert_eq!(world.request(&id).await.status, "appealed", "nothing was half done");
    house
        .decide_appeal(&second, auth::ROOT, &id, false, "The law says seven years.")
        .await
        .unwrap();
    world.work().await;
    let letter = world.mails("jane@acme.example").pop().unwrap();
    assert!(letter.contains("The law says seven years.") && letter.contains("plainte"), "{letter}");
    let full = house.request_at_desk(&second, auth::ROOT, &id).await.unwrap();
    assert_eq!((full.line.status.as_str(), full.line.days_left), ("refused", None));
    assert_eq!(full.clock.unwrap().in_time, Some(true));
    let decided = full.progress.appeal.unwrap().decided.unwrap();
    assert_eq!((decided.by.as_str(), decided.granted), (second.person(), false));
    assert!(house.appeal_at_desk(&second, auth::ROOT, &id, "again").await.is_err());
    let opened = open_again(&world, &id).await;
    assert_eq!((opened.status, opened.appeal_until), (Status::Refused, None));
    for kind in ["request appealed", "appeal decided"] {
        assert!(world.kinds().await.iter().any(|one| one == kind), "{kind}");
    }
    // What was said is kept from the second answer on, and not from the first.
    world.clock.go_on(59 * 86_400);
    world.work().await;
    assert!(world.request(&id).await.body.is_some());
    world.clock.go_on(2 * 86_400);
    world.work().await;
    assert!(world.request(&id).await.body.is_none());
    assert!(house.appeal_at_desk(&first, auth::ROOT, &id, "").await.is_err());
    assert!(house.verify_ledger().await.unwrap().holds);
}

/// The page behind the link of the letter that answered, opened anew.
async fn open_again(world: &World, id: &str) -> Opened {
    let letters = world.mails("jane@acme.example");
    let letter = letters.iter().rev().find(|mail| mail.contains("/request/page/")).unwrap();
    let page = after(letter, "/request/page/").to_owned();
    world.house.ask_for_page(&page).await.unwrap();
    world.work().await;
    let fresh = world.mails("jane@acme.example").pop().unwrap();
    let opened = world.house.open_page(&page, code(&fresh)).await.unwrap().unwrap();
    assert_eq!(opened.reference, reference(id));
    opened
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_up_again_is_carried_out_anew() {
    let world = World::new("");
    let house = &world.house;
    let (id, _) = refused(&world, "CA-QC").await;
    let first_case = world.request(&id).await.case;
    // Too late for the page, not for whoever wrote a letter.
    world.clock.go_on(31 * 86_400);
    let late = open_again(&world, &id).await;
    assert_eq!(late.appeal_until, None);
    assert_eq!(house.appeal(late.pass.expose_secret(), "").await.unwrap(), Appealed::Over);
    let technician = world.staff('a', Role::Technician);
    let officer = world.staff('b', Role::PrivacyOfficer);
    assert!(house.appeal_at_desk(&technician, auth::ROOT, &id, "").await.is_err());
    house.appeal_at_desk(&officer, auth::ROOT, &id, "").await.unwrap();
    let due = world.request(&id).await.due_at.unwrap();
    assert!(due > world.clock.now(), "the notice's own days begin anew");
    // Whoever said no may think better of it alone.
    house.decide_appeal(&officer, auth::ROOT, &id, true, "We erase them.").await.unwrap();
    let again = world.request(&id).await;
    assert_eq!((again.status.as_str(), again.due_at), ("ready", Some(due)));
    world.work().await;
    assert!(world.mails("jane@acme.example").iter().any(|mail| mail.contains("We erase them.")));

    house.plan_request(&technician, auth::ROOT, &id).await.unwrap();
    world.work().await;
    let full = house.request_at_desk(&officer, auth::ROOT, &id).await.unwrap();
    assert_eq!(full.line.status, "planned", "{full:?}");
    let digest = full.progress.plan.clone().unwrap();
    house.approve_request(&officer, auth::ROOT, &id, &digest).await.unwrap();
    world.work().await;
    let done = world.request(&id).await;
    assert_eq!(done.status, "done", "{}", done.work);
    assert!(done.case.is_some() && done.case != first_case);
    let left = sql(&world.folder.join("billing.db"), "SELECT email FROM invoices");
    assert!(!left.contains("jane"), "{left}");
    let letter = world.mails("jane@acme.example").pop().unwrap();
    assert!(!letter.contains("nouvel examen"), "there is one appeal: {letter}");
    let opened = open_again(&world, &id).await;
    assert_eq!((opened.status, opened.appeal_until), (Status::Done, None));
    assert_eq!(opened.files.len(), 2, "{:?}", opened.files);
    let stand = house.request_at_desk(&officer, auth::ROOT, &id).await.unwrap().clock.unwrap();
    assert_eq!(stand.in_time, Some(true));
    assert!(house.verify_ledger().await.unwrap().holds);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appeal_is_put_off_once_where_a_law_lets_it() {
    let world = World::new("");
    let house = &world.house;
    let officer = world.staff('b', Role::PrivacyOfficer);
    let (id, opened) = refused(&world, "US-CO").await;
    house.appeal(opened.pass.expose_secret(), "").await.unwrap();
    let days = |at: Micros| (at.0 - world.clock.now().0) / 86_400_000_000;
    let due = world.request(&id).await.due_at.unwrap();
    assert_eq!(days(due), 45);
    house.put_off_request(&officer, auth::ROOT, &id, "Counsel is ill.").await.unwrap();
    let until = world.request(&id).await.due_at.unwrap();
    assert_eq!(days(until), 45 + 60);
    let twice = house.put_off_request(&officer, auth::ROOT, &id, "Still ill.").await;
    assert!(twice.unwrap_err().to_string().contains("once is all"));
    let asked = house.ask_person(&officer, auth::ROOT, &id, "Which?").await;
    assert!(asked.is_err(), "no question stops the clock of an appeal");
    house.withdraw_request(&officer, auth::ROOT, &id).await.unwrap();
    assert_eq!(world.request(&id).await.status, "withdrawn");
    // Somebody who is alone looks again alone.
    world.member(&world.staff('e', Role::PrivacyOfficer), MembershipState::Suspended).await;
    world.member(&world.staff('f', Role::Auditor), MembershipState::Active).await;
    let (id, opened) = refused(&world, "US-CO").await;
    house.appeal(opened.pass.expose_secret(), "").await.unwrap();
    world.work().await;
    let letter = world.mails("jane@acme.example").pop().unwrap();
    assert!(!letter.contains("autre personne"), "{letter}");
    house.decide_appeal(&officer, auth::ROOT, &id, false, "It stays.").await.unwrap();
    // Where no law sets a second day, it is not put off.
    let (id, opened) = refused(&world, "US-VA").await;
    house.appeal(opened.pass.expose_secret(), "").await.unwrap();
    let off = house.put_off_request(&officer, auth::ROOT, &id, "Counsel is ill.").await;
    assert!(off.unwrap_err().to_string().contains("allows no later day"));
}
