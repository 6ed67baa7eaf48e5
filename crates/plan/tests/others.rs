//! Other people: who shares a word, a placeholder, a number or a household with the person.

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
use world::{PLAIN, World, answer, story};

#[test]
fn a_name_of_one_word_empties_nobody_elses_texts() {
    for ask in ["ask email rose@acme.example", "ask email rose@acme.example\nask name Rose"] {
        let (case, _) = story(&format!(
            r"
            {ask}
            crm.contacts
              id     key
              email  identity:email is:user.contact.email
              name   is:user.name
              | 1 | rose@acme.example | Rose  > own | 1 | - | -
            crm.letters
              id     key
              contact to:crm.contacts.id both authored
              body   text
              | 1 | 1 | Yours, Rose          > authored | 1 | 1 | Yours, [erased]
              | 2 | 9 | the price rose again
            "
        ));
        assert_eq!(case.ending(), Some(&Ending::Complete));
    }
}

#[test]
fn a_user_name_that_is_a_plain_word_is_looked_up_and_not_searched_for() {
    let (case, _) = story(
        r"
        ask email anna@acme.example
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          login  identity:user_name is:user.account.username
          | 1 | anna@acme.example | anna  > own | 1 | - | -
        web.users
          id     key
          login  identity:user_name is:user.account.username
          note   is:user.content
          | 5 | anna   | likes lamps  > own | 5 | - | -
          | 6 | joanna | sells lamps
        web.posts
          id     key
          body   text
          | 1 | Anna Karenina, and Johanna's savannah
          | 2 | write to anna@acme.example  > mention | 2 | write to [erased]
        ",
    );
    assert_eq!(case.ending(), Some(&Ending::Complete));
}

#[test]
fn placeholders_tie_nobody_to_her() {
    let (case, world) = story(
        r"
        ask email jane@acme.example
        ask phone 000-000-0000
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          second identity:email is:user.contact.email
          login  identity:user_name is:user.account.username
          phone  identity:phone is:user.contact.phone_number
          | 1 | jane@acme.example | Jane Doe | info@acme.example | guest | 000-000-0000  > own | 1 | - | - | - | - | -
          | 2 | -                 | -        | info@acme.example | guest | 000-000-0000
          | 3 | bob@acme.example  | -        | -                 | guest | 123-456-7890
          | 4 | -                 | Bob Roe  | -                 | -     | 000-000-0000
        crm.letters
          id     key
          body   text
          | 1 | a guest wrote to info@acme.example or 000-000-0000
        ",
    );
    assert_eq!(case.ending(), Some(&Ending::Complete));
    let asked = world.done.iter().any(|action| match action {
        Action::Find { values, .. } => values.contains(&Value::from("000-000-0000")),
        _ => false,
    });
    assert!(!asked, "not even if it was given");
    assert!(case.outline().notes.iter().any(|note| note.contains("stands for nobody")));
}

#[test]
fn a_mailbox_that_the_request_gives_is_followed_all_the_same() {
    story(
        r"
        ask email info@acme.example
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          | 1 | info@acme.example  > own | 1 | -
          | 2 | office@acme.example
        ",
    );
}

#[test]
fn a_row_without_a_name_does_not_lead_from_identifier_to_identifier() {
    story(
        r"
        ask email jane@acme.example
        crm.contacts
          id     key
          email  identity:email is:user.contact.email
          name   is:user.name
          phone  identity:phone is:user.contact.phone_number
          | 1 | jane@acme.example | Jane Doe | 555 010 02 03  > own | 1 | - | - | -
        pbx.lines
          id     key
          phone  identity:phone is:user.contact.phone_number
          email  identity:email is:user.contact.email
          | 5 | 555 010 02 03 | bob@acme.example  > own | 5 | - | -
          | 6 | -             | bob@acme.example
        pbx.mails
          id     key
          body   text
          | 1 | to bob@acme.example
        ",
    );
}

#[test]
fn what_the_rows_of_her_children_say_is_not_hers() {
    for name in ["Jane Doe", "-"] {
        let (case, _) = story(&format!(
            r"
            ask account_id 4711
            crm.customers
              id     key identity:account_id
              name   is:user.name
              | 4711 | {name}  > own | 4711 | -
            crm.dependants
              id       key
              customer to:crm.customers.id both own
              name     is:user.name
              email    is:user.contact.email
              | 1 | 4711 | Tim Doe   | tim@school.example  > shared same
              | 2 | 4711 | Zoe Doe   | zoe@school.example  > shared same
            crm.pupils
              id       key
              email    identity:email is:user.contact.email
              | 7 | tim@school.example
            crm.letters
              id       key
              body     text
              | 1 | Tim Doe has lost his lamp
            "
        ));
        let learned = |word: &str| case.terms().iter().any(|t| t.text.expose().contains(word));
        assert!(!learned("Tim") && !learned("school"));
        let told =
            "dependants among them that carry another name: only what names the person goes there";
        assert!(case.outline().steps.iter().any(|s| s.meaning == told && s.rows == 2));
    }
}

#[test]
fn a_given_number_of_several_people_is_pointed_out() {
    let told = |rows: &str| {
        let mut world = World::read(&format!(
            r"
            ask phone 555 010 02 03
            crm.contacts
              id     key
              phone  identity:phone is:user.contact.phone_number
              name   is:user.name
              | 1 | 555 010 02 03 | Jane Doe
              {rows}
            "
        ));
        let case = answer(&mut world, RequestKind::Access, PLAIN);
        let outline = case.outline();
        let noted = outline.notes.iter().any(|n| n.contains("differently named people"));
        (outline.different_people, noted)
    };
    for (rows, expected) in [
        ("| 2 | 555 010 02 04 | Bob Roe", (1, false)),
        ("| 2 | 555 010 02 03 | Doe, J.", (1, false)),
        ("| 2 | 555 010 02 03 | Bob Roe", (2, true)),
        ("| 2 | 555 010 02 03 | Bob Roe\n| 3 | 555 010 02 03 | Zoe Poe", (3, true)),
    ] {
        assert_eq!(told(rows), expected, "{rows}");
    }
}
