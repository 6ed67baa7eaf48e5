//! Stories: a small world each, one request, and what must become of every row.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_wrap,
    reason = "a test that cannot go on fails"
)]

mod world;

use model::Value;
use plan::{Action, Ending, RequestKind};
use world::{PLAIN, THREE_SYSTEMS, World, answer, place, story};

#[test]
fn an_address_leads_to_the_account_and_the_account_to_the_tickets() {
    let (case, _) = story(THREE_SYSTEMS);
    assert_eq!(case.ending(), Some(&Ending::Complete));
    let told: Vec<_> = case
        .outline()
        .steps
        .iter()
        .map(|s| (s.system.clone(), s.meaning.clone(), s.rows))
        .collect();
    let told: Vec<String> = told.iter().map(|(s, m, r)| format!("{s}: {m}: {r}")).collect();
    assert_eq!(
        told,
        [
            "crm: contacts whose `email` is the e-mail address given in the request: 1",
            "desk: accounts whose `login` is a value of `crm.contacts.login`: 1",
            "crm: contacts whose `login` is a value of `desk.accounts.login`: 1",
            "tickets: tickets whose `owner` is a value of `desk.accounts.id`: 1",
            "desk: accounts whose `id` is a value of `tickets.tickets.owner`: 1",
            "crm: every text was read (2 rows, 56 bytes): rows that name the person: 1",
            "desk: every text was read (2 rows, 17 bytes): rows that name the person: 0",
            "tickets: every text was read (3 rows, 79 bytes): rows that name the person: 2",
        ]
    );
}

#[test]
fn a_second_identical_request_finds_nothing_and_changes_nothing() {
    let (_, mut after) = story(THREE_SYSTEMS);
    let before = after.tables.clone();
    let case = answer(&mut after, RequestKind::Erasure, PLAIN);
    assert!(case.rows().is_empty());
    assert_eq!(case.ending(), Some(&Ending::Complete), "looked for once more, and ended");
    assert!(case.was_verified("crm") && case.was_verified("tickets"));
    assert_eq!(after.tables, before);
}

#[test]
fn access_hands_out_and_changes_nothing() {
    let mut world = World::read(THREE_SYSTEMS);
    let before = world.tables.clone();
    let case = answer(&mut world, RequestKind::Access, PLAIN);
    assert_eq!(case.ending(), Some(&Ending::HandedOut));
    assert_eq!(case.gathered("tickets").map(|g| g.rows["tickets"]), Some(2));
    assert_eq!(world.tables, before);
}

#[test]
fn a_ticket_of_three_people_loses_one() {
    story(
        r"
        ask email jane@acme.example
        desk.users
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          | 1 | jane@acme.example | Jane Doe  > own | 1 | - | -
          | 2 | bob@acme.example  | Bob Roe
          | 3 | zoe@acme.example  | Zoe Poe
        desk.watchers
          ticket key to:desk.tickets.id both shared
          user   key to:desk.users.id both own
          | 7 | 1  > own same
          | 7 | 2  > shared same
          | 7 | 3  > shared same
        desk.tickets
          id     key
          title  text
          | 7 | Jane Doe, Bob Roe and Zoe Poe share a lamp  > shared | 7 | [erased], Bob Roe and Zoe Poe share a lamp
        ",
    );
}

#[test]
fn a_polymorphic_reference_holds_only_for_its_own_kind_of_row() {
    story(
        r"
        ask email jane@acme.example
        desk.users
          id     key
          email  identity:email is:user.contact.email
          | 1 | jane@acme.example  > own | 1 | -
        desk.attachments
          id     key
          kind
          object to:desk.users.id both own when:kind=User,Person
          note   is:user.content
          | 1 | User   | 1 | photo     > own | 1 | User | 1 | -
          | 2 | Person | 1 | passport  > own | 2 | Person | 1 | -
          | 3 | Ticket | 1 | somebody else's log
        ",
    );
}

#[test]
fn a_composite_key_refers_with_all_its_parts_or_not_at_all() {
    story(
        r"
        ask email jane@acme.example
        desk.users
          tenant key
          number key
          email  identity:email is:user.contact.email
          group
          | 1 | 5 | jane@acme.example | -  > own | 1 | 5 | - | -
          | 2 | 5 | bob@other.example | -
        desk.notes
          id     key
          author to:desk.users.number also:tenant=tenant
          tenant
          body   is:user.content
          | 1 | 5 | 1 | hers                    > own | 1 | 5 | 1 | -
          | 2 | 5 | 2 | of the other tenant's 5
          | 3 | 5 | - | of nobody's 5
        desk.badges
          id     key
          holder to:desk.users.number here also:team=group
          team
          photo  is:user.biometric
          | 1 | 5 | -  | she has no group: this is not hers
          | 2 | 5 | 9  | nor is this
        ",
    );
}

#[test]
fn numbers_kept_as_text_are_the_same_numbers() {
    story(
        r"
        ask account_id 4711
        desk.users
          id     key identity:account_id
          name   is:user.name
          | 4711 | Jane Doe  > own | 4711 | -
          | 47   | Bob Roe
        web.custom_values
          id     key
          object words to:desk.users.id own
          value  is:user.content
          | 1 | 4711 | size 38  > own | 1 | [erased] | -
          | 2 | 0    | nobody's
        ",
    );
}

#[test]
fn self_references_and_circles_end() {
    story(
        r"
        ask email jane@acme.example
        desk.users
          id     key to:desk.tickets.owner both own
          email  identity:email is:user.contact.email
          boss   to:desk.users.id there shared
          | 1 | jane@acme.example | 1  > own | 1 | - | 1
          | 2 | bob@acme.example  | 1
        desk.tickets
          id     key
          owner
          parent to:desk.tickets.id both own
          | 1 | 1 | 3  > own same
          | 2 | 9 | 1  > own same
          | 3 | 9 | 2  > own same
          | 4 | 9 | 0
          | 5 | 9 | 00000000-0000-0000-0000-000000000000
        ",
    );
}

#[test]
fn a_reference_is_followed_only_where_it_may_be_travelled() {
    // Her company is hers to see, its other contacts are not; a log belongs to its user, and does
    // not lead to the machine's other users.
    story(
        r"
        ask email jane@acme.example
        crm.contacts
          id      key
          email   identity:email is:user.contact.email
          company to:crm.companies.id there shared
          | 1 | jane@acme.example | 7  > own | 1 | - | 7
          | 2 | bob@acme.example  | 7
        crm.companies
          id      key
          name
          owner   to:crm.contacts.id both shared
          | 7 | Acme | 2  > shared same
          | 8 | Ajax | 2
        crm.logs
          id      key
          contact to:crm.contacts.id here authored
          machine to:crm.machines.id here own
          line    text
          | 1 | 1 | 3 | jane@acme.example signed in  > authored | 1 | 1 | 3 | [erased] signed in
          | 2 | 2 | 3 | bob signed in
        crm.machines
          id      key
          name
          | 3 | front desk
        ",
    );
}

#[test]
fn a_guessed_reference_is_followed_only_if_it_is_sure() {
    story(
        r"
        ask email jane@acme.example
        crm.contacts
          id    key
          email identity:email is:user.contact.email
          | 1 | jane@acme.example  > own | 1 | -
        crm.notes
          id    key
          who   to:crm.contacts.id own guess:79
          what  is:user.content
          | 1 | 1 | a guess
        crm.calls
          id    key
          who   to:crm.contacts.id own guess:80
          what  is:user.content
          | 1 | 1 | sure enough  > own | 1 | 1 | -
        crm.archive skip:read-only
          id    key
          who   to:crm.contacts.id own
          | 1 | 1
        ",
    );
}

#[test]
fn a_mention_in_somebody_elses_record_makes_nothing_of_theirs_hers() {
    story(
        r"
        ask email jane@acme.example
        crm.contacts
          id    key
          email identity:email is:user.contact.email
          name  is:user.name
          note  text
          | 1 | jane@acme.example | Jane Doe | -            > own | 1 | - | - | -
          | 2 | bob@acme.example  | Bob Roe  | see Jane Doe > mention | 2 | bob@acme.example | Bob Roe | see [erased]
        crm.orders
          id    key
          buyer to:crm.contacts.id both shared
          what  text
          | 5 | 2 | a lamp
        ",
    );
}

#[test]
fn a_namesake_is_not_her_and_neither_are_her_orders() {
    let (case, _) = story(
        r"
        ask email jane@acme.example
        crm.contacts
          id    key
          email identity:email is:user.contact.email
          name  identity:name is:user.name
          phone is:user.contact.phone_number
          note  text
          | 1 | jane@acme.example | Jane Doe | -             | -  > own | 1 | - | - | - | -
          | 2 | jane@ajax.example | Jane Doe | 555 010 02 03 | Jane Doe likes lamps
          | 3 | -                 | Jane Doe | 555 010 09 08 | -
          | 4 | bob@acme.example  | Bob Roe  | -             | sits by Jane Doe  > mention | 4 | bob@acme.example | Bob Roe | - | sits by [erased]
        shop.orders
          id    key
          buyer to:crm.contacts.id both own
          name  is:user.name
          gift  is:user.content
          note  text
          | 1 | 1 | Jane Doe | a lamp  | -                  > own | 1 | 1 | - | - | -
          | 2 | 2 | Jane Doe | a chair | Jane Doe is out
          | 3 | 4 | Bob Roe  | a bed   | Jane Doe sold it  > mention | 3 | 4 | Bob Roe | a bed | [erased] sold it
          | 4 | 2 | Jane Doe | a desk  | jane@acme.example  > mention | 4 | 2 | [erased] | a desk | [erased]
        ",
    );
    let counted = case.outline().namesakes;
    let counted: Vec<_> = counted.iter().map(|(at, rows)| (at.as_str(), *rows)).collect();
    assert_eq!(counted, [("crm.contacts", 2), ("shop.orders", 1)]);
    assert_eq!(case.ending(), Some(&Ending::Complete), "what is a namesake's is not left over");
}

#[test]
fn the_conversation_of_a_ticket_that_names_her_is_searched_with_care() {
    // A message names her; the ticket and its other messages stand in the same conversation.
    let (case, world) = story(
        r"
        ask email jane@acme.example
        desk.users
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          | 2 | bob@acme.example  | Bob Roe
        desk.tickets
          id     key
          owner  to:desk.users.id both shared
          title  text
          | 7 | 2 | a lamp  > mention same
        desk.messages
          id     key
          ticket to:desk.tickets.id both shared
          body   text
          | 1 | 7 | write to jane@acme.example  > mention | 1 | 7 | write to [erased]
          | 2 | 7 | I did                       > mention same
          | 3 | 8 | nothing to do with it
        desk.files
          id     key
          message to:desk.messages.id both authored
          name   text
          | 1 | 2 | lamp.jpg
        ",
    );
    let named = |key: i64| {
        let key = model::RowKey(vec![Value::from(key)]);
        case.rows().get(&place("desk.messages"), &key).map(|row| row.named_in.len())
    };
    assert_eq!((named(1), named(2)), (Some(1), Some(0)));
    assert_eq!(searches(&world), 1, "nothing new was learned, so nothing is read again");
}

#[test]
fn an_office_address_that_two_people_share_is_neither_followed_nor_searched() {
    let (case, world) = story(
        r"
        ask account_id 4711
        desk.users
          id     key identity:account_id
          email  identity:email is:user.contact.email
          name   is:user.name
          | 4711 | desk@acme.example | Jane Doe  > own | 4711 | - | -
          | 4712 | bob@acme.example    | Bob Roe
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          | 1 | desk@acme.example | Bob Roe
          | 2 | desk@acme.example | -
        crm.mails
          id     key
          body   text
          | 1 | sent to desk@acme.example
        ",
    );
    assert_eq!(case.outline().shared_identifiers, 1);
    assert_eq!(case.ending(), Some(&Ending::Complete));
    let searched = world.done.iter().filter_map(|action| match action {
        Action::Search { terms, .. } | Action::Verify { terms, .. } => Some(terms),
        _ => None,
    });
    assert!(
        searched
            .flat_map(|terms| terms.iter())
            .all(|term| term.text.expose() != "desk@acme.example")
    );
}

#[test]
fn of_two_people_behind_one_address_neither_is_chosen_while_nobody_is_named() {
    let (case, _) = story(
        r"
        ask account_id 4711
        desk.users
          id     key identity:account_id
          email  identity:email is:user.contact.email
          | 4711 | desk@acme.example  > own | 4711 | -
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          | 1 | desk@acme.example | Bob Roe
          | 2 | desk@acme.example | Jane Doe
        ",
    );
    assert_eq!(case.outline().shared_identifiers, 1);
}

#[test]
fn a_row_is_judged_by_a_name_that_a_longer_way_leads_to() {
    // The address is looked up only after the profile, one reference farther, has named her.
    story(
        r"
        ask account_id 4711
        desk.users
          id     key identity:account_id
          email  identity:email is:user.contact.email
          | 4711 | desk@acme.example  > own | 4711 | -
        desk.links
          user    key to:desk.users.id own
          profile key to:desk.profiles.id both own
          | 4711 | 5  > own same
        desk.profiles
          id     key
          name   is:user.name
          | 5 | Jane Doe  > own | 5 | -
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          | 1 | desk@acme.example | Bob Roe
        ",
    );
}

#[test]
fn what_a_shared_identifier_brought_is_dropped_when_it_is_seen_to_be_shared() {
    // By her telephone number a row without a name is found, and by that row a further one. Only
    // the search by text shows that the number is the office's: Bob has it in his record too.
    let (case, world) = story(
        r"
        ask email jane@acme.example
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          tel    is:user.contact.phone_number
          | 1 | jane@acme.example | Jane Doe | 555 010 02 03  > own | 1 | - | - | -
          | 2 | bob@acme.example  | Bob Roe  | 555 010 02 03
        pbx.lines
          id     key
          number identity:phone is:user.contact.phone_number
          | 9 | 555 010 02 03
        pbx.calls
          id     key
          line   to:pbx.lines.id both own
          note   is:user.content
          | 1 | 9 | called back
          | 2 | 9 | Jane Doe called  > mention | 2 | 9 | [erased] called
        ",
    );
    let again = "an identifier relied on so far is somebody else's too: everything is looked up again without it";
    assert_eq!(case.outline().steps.iter().filter(|step| step.meaning == again).count(), 1);
    assert_eq!(case.outline().shared_identifiers, 1);
    assert!(
        world
            .done
            .iter()
            .any(|a| matches!(a, Action::Find { place, .. } if place.collection == "calls")),
        "the calls were found before the number was doubted"
    );
}

#[test]
fn what_the_request_itself_gives_is_never_doubted() {
    let (case, _) = story(
        r"
        ask email jane@acme.example
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          login  identity:user_name is:user.account.username
          | 1 | jane@acme.example | Jane Doe | jane@acme.example  > own | 1 | - | - | -
        web.users
          id     key
          login  identity:user_name is:user.account.username
          name   is:user.name
          | 1 | jane@acme.example | Bob Roe  > mention | 1 | [erased] | Bob Roe
        ",
    );
    assert_eq!(case.outline().shared_identifiers, 0);
}

#[test]
fn names_that_differ_are_pointed_out_to_the_reviewer() {
    let told = |text: &str| {
        let mut world = World::read(text);
        let case = answer(&mut world, RequestKind::Erasure, PLAIN);
        case.outline().notes.iter().any(|note| note.contains("names that differ"))
    };
    let map = r"
        ask email office@acme.example
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          | 1 | office@acme.example | Jane Doe
          | 2 | office@acme.example | ";
    assert!(told(&format!("{map}Bob Roe")));
    assert!(!told(&format!("{map}Doe")));
}

#[test]
fn a_second_address_that_was_learned_leads_on() {
    story(
        r"
        ask email jane@acme.example
        crm.contacts
          id      key
          email   identity:email is:user.contact.email
          private is:user.contact.email
          name    is:user.name
          | 1 | jane@acme.example | jd@home.example | Jane Doe  > own | 1 | - | - | -
        shop.customers
          id      key
          email   identity:email is:user.contact.email
          | 8 | JD@home.example  > own | 8 | -
        shop.orders
          id      key
          customer to:shop.customers.id both own
          gift    is:user.content
          | 3 | 8 | a lamp  > own | 3 | 8 | -
        shop.mails
          id      key
          body    text
          | 1 | to jd@home.example  > mention | 1 | to [erased]
        ",
    );
}

/// How often each of the systems was read from end to end before the plan stood.
fn searches(world: &World) -> usize {
    world.done.iter().filter(|action| matches!(action, Action::Search { .. })).count()
}

#[test]
fn a_row_found_by_text_leads_back_to_references_and_new_terms_to_another_search() {
    // A look-up cannot read the brackets; the search can, and learns the name that she has there.
    let mut world = World::read(
        r"
        ask email jane@acme.example
        web.users
          id      key
          mail    identity:email is:user.contact.email
          alias   is:user.name
          | 1 | (jane@acme.example) | Jane Poe
        web.orders
          id      key
          user    to:web.users.id both own
          gift    is:user.content
          | 6 | 1 | a lamp
        web.mails
          id      key
          body    text
          | 7 | Jane Poe called
        ",
    );
    let case = answer(&mut world, RequestKind::Erasure, PLAIN);
    assert_eq!(searches(&world), 2);
    assert_eq!(case.rows().len(), 3);
    assert_eq!(case.ending(), Some(&Ending::Complete));
}

#[test]
fn a_name_in_two_columns_is_one_name() {
    story(
        r"
        ask email jane@acme.example
        crm.contacts
          id         key
          email      identity:email is:user.contact.email
          first_name is:user.name
          last_name  is:user.name
          | 1 | jane@acme.example | Jane | Doe  > own | 1 | - | - | -
          | 2 | john@acme.example | John | Doe
        crm.notes
          id         key
          body       text
          | 1 | Jane Doe called  > mention | 1 | [erased] called
          | 2 | Jane Poe called
        ",
    );
}

#[test]
fn the_organisations_own_addresses_name_nobody() {
    let (case, _) = story(
        r"
        ask email jane@acme.example
        ask email Support@msp.example
        never support@msp.example
        never +1 555 0100 000
        never Msp Inc
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          cc     identity:email is:user.contact.email
          phone  identity:phone is:user.contact.phone_number
          name   is:user.name
          | 1 | jane@acme.example   | SUPPORT@msp.example | +1 555 0100 000 | Jane Doe  > own | 1 | - | - | - | -
          | 2 | support@msp.example | -                   | +1 555 0100 000 | Msp Inc
        crm.mails
          id     key
          body   text
          | 1 | from support@msp.example
        ",
    );
    assert_eq!(case.outline().shared_identifiers, 0);
}

#[test]
fn minimum_ages_keep_invoices_and_the_second_search_accepts_them() {
    let (case, _) = story(
        r"
        ask email jane@acme.example
        now 2026-11-22
        shop.customers
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          | 1 | jane@acme.example | Jane Doe  > own | 1 | - | -
        shop.invoices keep:7:issued
          id     key
          buyer  to:shop.customers.id own
          issued
          name   is:user.name
          | 1 | 1 | 2019-11-22 | Jane Doe  > own | 1 | 1 | 2019-11-22 | -
          | 2 | 1 | 2019-11-23 | Jane Doe  > own same
          | 3 | 1 | 2024-05-01 | Jane Doe  > own same
          | 4 | 1 | -          | Jane Doe  > own same
        shop.archive nothing:an-archive
          id     key
          buyer  to:shop.customers.id own
          name   is:user.name
          | 1 | 1 | Jane Doe  > own same
        shop.books
          id     key
          buyer  to:shop.customers.id own
          name   is:user.name erase:keep
          note   is:user.content
          | 1 | 1 | Jane Doe | lives in Acme  > own | 1 | 1 | Jane Doe | -
        shop.sessions delete
          id     key
          buyer  to:shop.customers.id authored
          | 1 | 1  > authored gone
        ",
    );
    assert_eq!(case.ending(), Some(&Ending::Complete));
    let kept: Vec<_> = case
        .outline()
        .kept
        .into_iter()
        .map(|kept| {
            (kept.place.collection.clone(), kept.rows, kept.until.until, kept.until.because)
        })
        .collect();
    let of = |place: &str, rows, why: &str| (place.to_owned(), rows, None, why.to_owned());
    assert_eq!(kept, [of("archive", 1, "an-archive"), of("invoices", 3, "tax law")]);
}

#[test]
fn a_date_of_birth_counts_only_among_her_own_matters() {
    let (case, _) = story(
        r"
        ask email jane@acme.example
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          | 1 | jane@acme.example  > own | 1 | -
        crm.letters
          id     key
          contact to:crm.contacts.id both authored
          body   text
          | 1 | 1 | I was born 1980-02-29 as it is  > authored | 1 | 1 | I was born [erased] as it is
          | 2 | 9 | a leap day was 1980-02-29
        ",
    );
    assert!(case.terms().iter().any(|term| term.near_only));
    assert_eq!(case.ending(), Some(&Ending::Complete));
}
