//! What is inferred on schemas in the manner of applications that people run, with the answer
//! written beside every column.

mod fake;
mod known;
mod schemas;
mod shape;

use std::collections::BTreeSet;

use fake::Fake;
use policy::{EraseField, EraseRows, Inference, Reference, System, Tie, Travel};

use super::*;

async fn look(schema: &str) -> (Fake, Discovery) {
    let fake = Fake::new(schema);
    let found = look_into(&fake, "app", &Options::default(), &mut |_| {}).await.expect("a map");
    (fake, found)
}

fn references(system: &System) -> impl Iterator<Item = (String, &Reference)> {
    system.collections.iter().flat_map(|collection| {
        collection.fields.iter().flat_map(move |field| {
            field.references.iter().map(move |reference| {
                let when: Vec<String> = reference
                    .when
                    .iter()
                    .map(|w| format!("?{}={}", w.column, w.any_of.join("|")))
                    .collect();
                let text = format!(
                    "{}.{} -> {}.{}{}",
                    collection.name,
                    field.name,
                    reference.to.collection,
                    reference.to.field,
                    when.concat()
                );
                (text, reference)
            })
        })
    })
}

fn holds(reference: &Reference) -> bool {
    reference.inferred.as_ref().is_none_or(Inference::holds)
}

/// Precision and recall over every schema, and not one answer that is wrong.
#[tokio::test]
async fn inference_agrees_with_what_is_known_of_the_schemas() {
    let (mut right, mut proposed, mut expected) = ([0usize; 2], [0usize; 2], [0usize; 2]);
    let mut wrong = Vec::new();
    for (name, schema) in schemas::ALL {
        let (fake, found) = look(schema).await;
        let want: BTreeSet<String> = fake.answers.references.iter().cloned().collect();
        let got: BTreeSet<String> = references(&found.system)
            .map(|(text, reference)| {
                let closed =
                    reference.inferred.as_ref().is_some_and(|guess| guess.confirmed == Some(false));
                let open = reference.inferred.as_ref().is_some_and(Inference::is_open);
                let tie = format!("{:?}", reference.tie).to_lowercase();
                let both = if reference.travel == Travel::Both { " both" } else { "" };
                let there = if reference.travel == Travel::There { " there" } else { "" };
                let asked = if open { " asked" } else { "" };
                if closed {
                    format!("{text} closed")
                } else {
                    format!("{text} {tie}{both}{there}{asked}")
                }
            })
            .collect();
        let mut count = |at: usize, want: &BTreeSet<String>, got: &BTreeSet<String>| {
            right[at] += want.intersection(got).count();
            proposed[at] += got.len();
            expected[at] += want.len();
            wrong.extend(want.difference(got).map(|text| format!("{name}: missing {text}")));
            wrong.extend(got.difference(want).map(|text| format!("{name}: not so  {text}")));
        };
        count(0, &want, &got);
        let want: BTreeSet<String> = fake.answers.categories.iter().cloned().collect();
        let got: BTreeSet<String> = found
            .system
            .collections
            .iter()
            .flat_map(|collection| {
                collection.fields.iter().filter_map(move |field| {
                    let category = field.categories.join("+");
                    let told = !["system", "user.unique_id"].contains(&category.as_str());
                    let identity =
                        field.identity.map(|kind| format!(" @{}", kind.key())).unwrap_or_default();
                    let text = if field.free_text { " ~" } else { "" };
                    (told || field.free_text || field.identity.is_some()).then(|| {
                        format!("{}.{} = {category}{identity}{text}", collection.name, field.name)
                    })
                })
            })
            .collect();
        count(1, &want, &got);
    }
    for (at, what) in ["references", "categories"].iter().enumerate() {
        println!(
            "{what}: {} expected, {} proposed, precision {} %, recall {} %",
            expected[at],
            proposed[at],
            right[at] * 100 / proposed[at].max(1),
            right[at] * 100 / expected[at].max(1)
        );
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whoever starts at one person must not arrive at another by way of what they have in common.
#[tokio::test]
async fn no_way_leads_from_one_person_to_another() {
    for (name, schema) in schemas::ALL {
        let (fake, found) = look(schema).await;
        let people: BTreeSet<&str> = found
            .system
            .collections
            .iter()
            .filter(|c| {
                c.fields.iter().any(|f| f.primary_key && f.categories == ["user.unique_id"])
            })
            .map(|c| c.name.as_str())
            .collect();
        assert!(!people.is_empty(), "{name}");
        for (text, reference) in references(&found.system).filter(|(_, reference)| holds(reference))
        {
            let from = text.split('.').next().unwrap();
            let to_people = people.contains(reference.to.collection.as_str());
            assert!(
                !(to_people && reference.travel != Travel::Here),
                "{name}: {text} climbs to people"
            );
            assert!(
                !(people.contains(from) && to_people && from == reference.to.collection),
                "{name}: {text} leads from people to people"
            );
        }
        drop(fake);
    }
}

/// The books, a matter and a row of two people belong to several: nothing in them is the
/// person's alone, and nobody is looked up in them.
#[tokio::test]
async fn rows_of_several_are_nobodys_own() {
    let (_, found) = look(
        "clients: id int pk | company_name text! :company | website text
         contacts: id int pk | client_id int! :ref clients | name text! :name | email text :email
         users: id int pk | email text! :email | name text :name
         invoices: id int pk | client_id int! :ref clients | billing_contact_id int :ref contacts | approved_by int :ref users
             | bill_to_name text :name | bill_to_email text :email | memo text :sentence | issued_on date | due_on date
         invoice_lines: id int pk | invoice_id int! :ref invoices | description text :sentence
         invoice_files: id int pk | invoice_id int! :ref invoices | uploaded_by int! :ref users | body bytes
         documents: id int pk | contact_id int! :ref contacts | uploaded_by int! :ref users | filename text :sentence | body bytes
         warranties: id int pk | client_id int! :ref clients | contact_id int :ref contacts | serial text :hash
         handovers: id int pk | contact_id int :ref contacts | approver_id int :ref users | terms text :sentence
         addresses: id int pk | client_id int! :ref clients | contact_id int! :ref contacts | created_by int :ref users | street text :street
         kb: id int pk | author_id int :ref users | body text :sentence | contact_email text :email",
    )
    .await;
    let ways: Vec<String> = references(&found.system)
        .filter(|(_, reference)| holds(reference))
        .map(|(text, reference)| format!("{text} {:?}", reference.tie))
        .collect();
    for way in [
        "invoices.billing_contact_id -> contacts.id Shared",
        "invoices.bill_to_email -> contacts.email Shared",
        "invoice_lines.invoice_id -> invoices.id Shared",
        "invoice_files.invoice_id -> invoices.id Shared",
        "invoice_files.uploaded_by -> users.id Authored",
        "documents.contact_id -> contacts.id Shared",
        "documents.uploaded_by -> users.id Authored",
        "warranties.contact_id -> contacts.id Shared",
        "handovers.contact_id -> contacts.id Shared",
        "addresses.contact_id -> contacts.id Own",
        "kb.author_id -> users.id Authored",
    ] {
        assert!(ways.iter().any(|found| found == way), "{way}: {ways:#?}");
    }
    let field = |collection: &str, name: &str| {
        found.system.collection(collection).unwrap().field(name).unwrap().clone()
    };
    for (collection, name) in [("invoices", "bill_to_email"), ("kb", "contact_email")] {
        let field = field(collection, name);
        assert_eq!(field.categories, ["user.contact.email"], "{collection}.{name}");
        assert_eq!(field.identity, None, "{collection}.{name}");
    }
    assert_eq!(field("kb", "contact_email").erase, Some(EraseField::Redact));
    assert!(field("contacts", "email").identity.is_some());
}

/// Whom a person named is somebody else.
#[tokio::test]
async fn relatives_are_not_the_person_who_named_them() {
    for table in
        ["dependants", "family", "emergency_contacts", "next_of_kin", "children", "spouses"]
    {
        let (_, found) = look(&format!(
            "employees: id int pk | email text! :email | name text :name
             {table}: id int pk | employee_id int! :ref employees | name text :name | email text :email | phone text :phone
             passes: id int pk | issued_to int | created_by int :ref employees",
        ))
        .await;
        let rows = found.system.collection(table).unwrap();
        let reference = &rows.field("employee_id").unwrap().references[0];
        assert_eq!((reference.tie, holds(reference)), (Tie::Shared, true), "{table}");
        assert_eq!(rows.field("email").unwrap().identity, Some(model::IdentityKind::Email));
        assert_eq!(rows.field("name").unwrap().categories, ["user.name"], "{table}");
        let other = &found.system.collection("passes").unwrap().field("created_by").unwrap();
        assert_eq!(other.references[0].to.collection, "employees", "{table}");
        assert_eq!(rows.title.to_lowercase(), table.replace('_', " "));
    }
}

/// Whether the books are kept is asked, never assumed.
#[tokio::test]
async fn keeping_the_books_is_a_question() {
    let schema = "clients: id int pk | company_name text! :company | website text
         invoices: id int pk | client_id int! :ref clients | due_on date | issued_on date
         tickets: id int pk | created_at timestamp | subject text :sentence";
    let (_, found) = look(schema).await;
    let invoices = found.system.collection("invoices").unwrap();
    assert_eq!(invoices.title, "Invoices");
    let [keep] = invoices.keep.as_slice() else { panic!("{:?}", invoices.keep) };
    assert_eq!((keep.period.to_string().as_str(), keep.from.as_str()), ("7 years", "issued_on"));
    assert!(keep.inferred.as_ref().is_some_and(Inference::is_open) && keep.holds());
    assert!(found.system.collection("tickets").unwrap().keep.is_empty());
    assert_eq!(found.questions(), 1, "{:?}", found.notes);
    let text = policy::write_system(&policy::SystemFile::of(&found.system, &found.categories));
    assert!(text.contains("            inferred:  # 70 %: its rows are about money"), "{text}");

    let six = policy::Period { count: 6, unit: policy::PeriodUnit::Years };
    let money_kept = Some((six, "Income Tax Act".to_owned()));
    let options = Options { money_kept, ..Options::default() };
    let found = look_into(&Fake::new(schema), "app", &options, &mut |_| {}).await.unwrap();
    let keep = &found.system.collection("invoices").unwrap().keep[0];
    assert_eq!((keep.period, keep.because.as_str()), (six, "Income Tax Act"));
}

/// Everything proposed is accepted by the check that reads it.
#[tokio::test]
async fn what_is_proposed_can_be_checked() {
    let (_, found) = look(
        "users: id int pk | email text! unique :email | name text! :name | born date! | salary number! | ip_address inet! | device_id uuid!
             | mac macaddr! | gender bool! | pin int! | token uuid! unique
             | last_seen_ip text8! :ip | photo bytes! | settings json! :json",
    )
    .await;
    let text = policy::write_system(&policy::SystemFile::of(&found.system, &found.categories));
    policy::read_system("app", &text).unwrap_or_else(|why| panic!("{why}\n{text}"));
}

#[tokio::test]
async fn samples_are_counted_as_they_were() {
    let (_, found) =
        look("contacts: id int pk | email text :email | name text :name\n; rows 2").await;
    let told = found.categories.get(&("contacts".to_owned(), "email".to_owned())).unwrap();
    assert!(told.reason.ends_with("2 of 2 samples look like it"), "{}", told.reason);
}

#[tokio::test]
async fn constraints_decide_how_a_field_can_be_erased() {
    let (_, found) = look(
        "users: id int pk | login text40! unique :login | email text120! unique :email | name text80! :name | nick text4! :word
                | phone text30 :phone | password text60! :hash | born date! | ip_address inet! | photo bytes! | gender enum!
         newsletter_subscribers: id int pk | email text120! :email
         user_sessions: id int pk | user_id int! :ref users | token text64! :hash",
    )
    .await;
    let users = found.system.collection("users").unwrap();
    let erase = |name: &str| users.field(name).unwrap().erase.clone();
    assert_eq!(erase("login"), Some(EraseField::Pseudonym));
    assert_eq!(erase("email"), Some(EraseField::Pseudonym));
    assert_eq!(erase("name"), Some(EraseField::Pseudonym));
    assert_eq!(erase("phone"), None);
    assert_eq!(erase("password"), Some(EraseField::Random));
    assert_eq!(erase("born"), Some(EraseField::Text("1900-01-01".into())));
    assert_eq!(erase("ip_address"), Some(EraseField::Text("0.0.0.0".into())));
    assert!(matches!(erase("gender"), Some(EraseField::Keep(_))));
    assert_eq!(found.system.collection("newsletter_subscribers").unwrap().erase, EraseRows::Delete);
    assert_eq!(found.system.collection("user_sessions").unwrap().erase, EraseRows::Delete);
    assert_eq!(users.erase, EraseRows::Fields);
}

#[tokio::test]
async fn small_numbers_that_fit_every_table_are_a_question() {
    // Both tables of people hold the numbers 1 to 30; the name does not say which is meant.
    let (_, found) = look(
        "customers: id int pk | email text :email | name text :name
         contacts: id int pk | email text :email | name text :name
         parcels: id int pk | recipient_id int :ref contacts | weight number",
    )
    .await;
    let parcels = found.system.collection("parcels").unwrap();
    let reference = &parcels.field("recipient_id").unwrap().references[0];
    let guess = reference.inferred.as_ref().unwrap();
    assert!(guess.is_open(), "{guess:?}");
    assert!(guess.reason.contains("would fit as well"), "{}", guess.reason);
}

#[tokio::test]
async fn values_that_are_not_found_refute_a_name() {
    let (_, found) = look(
        "contacts: id int pk | email text :email
         tickets: id int pk | contact_id int :big | subject text :sentence",
    )
    .await;
    assert!(
        found
            .system
            .collection("tickets")
            .unwrap()
            .field("contact_id")
            .unwrap()
            .references
            .is_empty()
    );
}

#[tokio::test]
async fn a_name_that_the_samples_contradict_is_a_question() {
    let (_, found) = look(
        "people: id int pk | email text :enum yes/no | nickname text :name | code text :email",
    )
    .await;
    let asked = found.categories.get(&("people".to_owned(), "email".to_owned())).unwrap();
    assert!(asked.is_open(), "{asked:?}");
    let by_samples = found.categories.get(&("people".to_owned(), "code".to_owned())).unwrap();
    assert!(by_samples.holds() && by_samples.reason.contains("samples"), "{by_samples:?}");
    assert_eq!(found.questions(), 1);
}

#[tokio::test]
async fn a_company_has_a_switchboard_and_somebody_to_talk_to() {
    let (_, found) = look(
        "customers: id int pk | company_name text :company | vat_no text | phone text :phone | contact_email text :email
                    | contact_phone text :phone",
    )
    .await;
    let customers = found.system.collection("customers").unwrap();
    let identity = |name: &str| customers.field(name).unwrap().identity;
    assert_eq!(identity("contact_email"), Some(model::IdentityKind::Email));
    assert_eq!(identity("contact_phone"), Some(model::IdentityKind::Phone));
    assert_eq!(identity("phone"), None);
    assert_eq!(customers.field("phone").unwrap().categories, ["system"]);
}

#[tokio::test]
async fn composite_keys_carry_every_pair() {
    let (_, found) = look(
        "people: tenant int pk | number int pk | email text :email
         visits: id int pk | tenant int :one | person int :ref people | at timestamp
            ; fk tenant,person people tenant,number",
    )
    .await;
    let (text, reference) = references(&found.system).next().unwrap();
    assert_eq!(text, "visits.person -> people.number");
    assert_eq!(
        (reference.also[0].here.as_str(), reference.also[0].there.as_str()),
        ("tenant", "tenant")
    );
    assert_eq!(reference.tie, Tie::Authored);
}

#[tokio::test]
async fn people_are_tied_together_by_address_across_systems() {
    let (_, crm) = look("contacts: id int pk | email text :email | name text :name").await;
    let fake =
        Fake::new("subscribers: id int pk | email text! :email | source text :enum web/import");
    let options =
        Options { known: vec![System { key: "crm".into(), ..crm.system }], ..Options::default() };
    let found = look_into(&fake, "news", &options, &mut |_| {}).await.unwrap();
    let field = found.system.collection("subscribers").unwrap().field("email").unwrap().clone();
    assert_eq!(field.references[0].to.to_string(), "crm.contacts.email");
    assert!(holds(&field.references[0]));
}

#[tokio::test]
async fn nothing_of_a_row_is_in_notes_or_reasons() {
    for (_, schema) in schemas::ALL {
        let (_, found) = look(schema).await;
        let told = format!("{:?} {:?} {:?}", found.notes, found.categories, found.system);
        for value in ["person1@", "Greta", "+49 30 555", "Called about"] {
            assert!(!told.contains(value), "{value}");
        }
    }
}

#[tokio::test]
async fn names_alone_do_where_no_row_may_be_read() {
    let fake = Fake::new(
        "contacts: contact_id int pk | contact_email text :email\n tickets: ticket_id int pk | ticket_contact_id int :ref contacts",
    );
    let options = Options { sample_rows: 0, ..Options::default() };
    let found = look_into(&fake, "app", &options, &mut |_| {}).await.unwrap();
    let (text, reference) = references(&found.system).next().unwrap();
    assert_eq!(text, "tickets.ticket_contact_id -> contacts.contact_id");
    assert!(holds(reference));
    assert_eq!(fake.rows_read(), 0);
}

fn matrix() -> Vec<policy::ClassRow> {
    let sources: policy::Sources = [
        (
            "policy.yaml",
            "organisation: {name: nobody, country: CA, contact: {email: nobody@example.com}}\n\
             notice: {file: notice.md, version: \"1\", effective: 2026-01-01}\n",
        ),
        ("notice.md", "Nothing is promised.\n"),
        (
            "classification.yaml",
            "rows:\n\
             - { key: tickets, title: Tickets, categories: [user.content], sensitivity: high, max: 7 years }\n\
             - { key: security-logs, title: Security logs, sensitivity: medium, max: 1 year, keep: { for: 90 days, because: attacks } }\n\
             - { key: usage, title: Usage and its events, sensitivity: low, max: 90 days }\n\
             - { key: billing, title: Bills, categories: [user.financial], sensitivity: high, max: 6 years }\n",
        ),
    ]
    .into_iter()
    .collect();
    policy::load(&sources).policy.unwrap().classification
}

/// Where the policy names a limit and the table is plainly meant, a rule is asked for; it holds
/// only once somebody has said yes.
#[tokio::test]
async fn rules_are_proposed_where_the_policy_names_a_limit() {
    let schema = "users: id int pk | email text! :email | name text :name
         invoices: id int pk | user_id int! :ref users | issued_on date | due_on date
         tickets: id int pk | requester_id int! :ref users | subject text :sentence | created_at timestamp | updated_at timestamp | resolved_at timestamp
         ticket_notes: id int pk | ticket_id int! :ref tickets | author_id int! :ref users | body text :sentence
         ticket_files: id int pk | ticket_note_id int! :ref ticket_notes | body bytes
         labels: id int pk | ticket_id int! :ref tickets | invoice_id int! :ref invoices | created_at timestamp
         custom_values: id int pk | object_type text20! :enum Ticket/User | object_id int! :any tickets/users | value text :word
         value_changes: id int pk | custom_value_id int! :ref custom_values | before text :word
         scans: id int pk | entity_type text20! :enum Ticket/Invoice | entity_id int! :any tickets/invoices | body bytes
         marks: id int pk | model_type text20! :enum Ticket/User | model_id int! :any tickets/users | invoice_id int! :ref invoices
         security_log: id int pk | user_id int :ref users | ip text :ip | logged_at timestamp
         events: id int pk | user_id int :ref users | name text :word | happened_at timestamp
         projects: id int pk | owner_id int! :ref users | title text :sentence | closed_at timestamp";
    let six = policy::Period { count: 6, unit: policy::PeriodUnit::Years };
    let money_kept = Some((six, "tax law".to_owned()));
    let options = Options { rows: matrix(), money_kept, ..Options::default() };
    let found = look_into(&Fake::new(schema), "app", &options, &mut |_| {}).await.unwrap();
    let told: Vec<String> = found
        .system
        .collections
        .iter()
        .filter(|collection| collection.class.is_some() || !collection.retain.is_empty())
        .map(|collection| {
            let rules: Vec<String> = collection
                .retain
                .iter()
                .map(|rule| {
                    assert!(rule.inferred.as_ref().is_some_and(Inference::is_open));
                    assert!(!rule.holds());
                    let policy::CountFrom::Column(column) = &rule.from else { panic!() };
                    format!(" {} from {column} with [{}]", rule.max, rule.with.join(", "))
                })
                .collect();
            let class = collection.class.as_deref().unwrap_or("none");
            format!("{}: {class}{}", collection.name, rules.concat())
        })
        .collect();
    assert_eq!(
        told,
        [
            "invoices: billing 6 years from issued_on with [scans]",
            "tickets: tickets 7 years from resolved_at with [ticket_notes, ticket_files, custom_values, value_changes, scans]",
            "security_log: security-logs 1 year from logged_at with []",
            "events: usage 90 days from happened_at with []",
        ]
    );
    let [keep] = found.system.collection("security_log").unwrap().keep.as_slice() else { panic!() };
    assert_eq!((keep.period.to_string().as_str(), keep.from.as_str()), ("90 days", "logged_at"));
    assert!(keep.inferred.as_ref().is_some_and(Inference::is_open));
    let text = policy::write_system(&policy::SystemFile::of(&found.system, &found.categories));
    assert!(text.contains("inferred:  # 75 %: its rows are tickets, of which"), "{text}");
    let none = look_into(&Fake::new(schema), "app", &Options::default(), &mut |_| {}).await;
    assert!(none.unwrap().system.collections.iter().all(|c| c.retain.is_empty()));
}
