//! People of staff, how they show who they are, their sessions, tokens and links.

use model::{Micros, SeededRng};

use super::sealed;
use crate::{ApiToken, Attempts, Credential, Error, Link, Person, Session, Store, new_id};

fn person(id: &str, role: &str) -> Person {
    Person {
        id: id.to_owned(),
        organisation: "root".to_owned(),
        role: role.to_owned(),
        state: "active".to_owned(),
        body: sealed(id),
        made_at: Micros(1),
        state_at: Micros(1),
    }
}

async fn with_two(store: &Store) {
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.has_people().await.unwrap());
    tx.insert_person(&person("ann", "owner"), &[1; 32]).await.unwrap();
    tx.insert_person(&person("bo", "technician"), &[2; 32]).await.unwrap();
    tx.commit().await.unwrap();
}

pub(super) async fn people_are_found_by_a_hash_until_they_are_removed(store: &Store, _: &Store) {
    with_two(store).await;
    let mut tx = store.begin().await.unwrap();
    let plain = Person { body: b"ann@example.com".to_vec(), ..person("cy", "owner") };
    assert!(matches!(tx.insert_person(&plain, &[3; 32]).await, Err(Error::NotSealed { .. })));
    let twice = tx.insert_person(&person("dee", "owner"), &[1; 32]).await;
    assert_eq!(twice, Err(Error::Exists { kind: "person", id: "dee".to_owned() }));
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.has_people().await.unwrap());
    assert_eq!(tx.person_by_email(&[2; 32]).await.unwrap().unwrap().id, "bo");
    assert_eq!(tx.count_people("root", "owner", "active").await.unwrap(), 1);
    assert!(tx.set_role("bo", "auditor").await.unwrap());
    assert!(!tx.set_role("nobody", "owner").await.unwrap());
    assert!(tx.set_person_state("bo", "active", "removed", Micros(9)).await.unwrap());
    assert!(!tx.set_person_state("bo", "active", "suspended", Micros(9)).await.unwrap());
    assert!(tx.reseal_person("bo", &sealed("only the name"), None).await.unwrap());
    assert_eq!(tx.person_by_email(&[2; 32]).await.unwrap(), None);
    let bo = tx.person("bo").await.unwrap().unwrap();
    let wanted = Person {
        role: "auditor".to_owned(),
        state: "removed".to_owned(),
        body: sealed("only the name"),
        state_at: Micros(9),
        ..person("bo", "")
    };
    assert_eq!(bo, wanted);
    tx.insert_person(&person("eve", "auditor"), &[2; 32]).await.unwrap();
    for _ in 0..2 {
        tx.assign("eve", "acme").await.unwrap();
    }
    tx.assign("eve", "birch").await.unwrap();
    assert_eq!(tx.assignments("eve").await.unwrap(), ["acme", "birch"]);
    let of = |people: Vec<Person>| people.into_iter().map(|p| p.id).collect::<Vec<_>>();
    assert_eq!(of(tx.people("acme").await.unwrap()), ["eve"]);
    assert_eq!(of(tx.people("root").await.unwrap()), ["ann", "bo", "eve"]);
    assert!(tx.unassign("eve", "acme").await.unwrap());
    assert!(!tx.unassign("eve", "acme").await.unwrap());
    assert!(tx.people("acme").await.unwrap().is_empty());
}

/// Two owners remove each other at the same moment: one of them stays.
pub(super) async fn whoever_counts_before_a_change_counts_what_is_true(one: &Store, two: &Store) {
    with_two(one).await;
    let mut tx = one.begin().await.unwrap();
    tx.set_role("bo", "owner").await.unwrap();
    tx.commit().await.unwrap();
    let remove = |store: Store, id: &'static str| async move {
        let mut tx = store.begin().await.unwrap();
        tx.lock_people().await.unwrap();
        if tx.count_people("root", "owner", "active").await.unwrap() < 2 {
            return false;
        }
        tx.set_person_state(id, "active", "removed", Micros(2)).await.unwrap();
        tx.commit().await.unwrap();
        true
    };
    let (ann, bo) = tokio::join!(remove(one.clone(), "ann"), remove(two.clone(), "bo"));
    assert_ne!(ann, bo);
}

pub(super) async fn credentials_are_found_and_their_codes_work_once(store: &Store, _: &Store) {
    with_two(store).await;
    let credential = |id: &str, kind: &str, handle| Credential {
        id: id.to_owned(),
        person: "ann".to_owned(),
        kind: kind.to_owned(),
        handle,
        body: sealed(kind),
        made_at: Micros(3),
        used_at: None,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_credential(&credential("c1", "password", None)).await.unwrap();
    tx.insert_credential(&credential("c2", "totp", None)).await.unwrap();
    tx.insert_credential(&credential("c3", "passkey", Some([7; 32]))).await.unwrap();
    assert_eq!(tx.credentials("ann").await.unwrap().len(), 3);
    assert!(tx.credentials("bo").await.unwrap().is_empty());
    assert_eq!(tx.credential_by("oidc", &[7; 32]).await.unwrap(), None);
    assert!(tx.save_credential("c3", &sealed("counter 2"), Micros(4)).await.unwrap());
    let found = tx.credential_by("passkey", &[7; 32]).await.unwrap().unwrap();
    let passkey = credential("c3", "passkey", Some([7; 32]));
    let wanted = Credential { body: sealed("counter 2"), used_at: Some(Micros(4)), ..passkey };
    assert_eq!(found, wanted);
    assert!(tx.take_step("c2", 50, Micros(5)).await.unwrap());
    assert!(!tx.take_step("c2", 50, Micros(5)).await.unwrap(), "the same code again");
    assert!(!tx.take_step("c2", 49, Micros(5)).await.unwrap(), "an earlier one");
    assert!(tx.take_step("c2", 51, Micros(6)).await.unwrap());
    tx.set_recovery_codes("ann", &[[1; 32], [2; 32]]).await.unwrap();
    assert!(!tx.take_recovery_code("bo", &[1; 32], Micros(7)).await.unwrap());
    assert!(tx.take_recovery_code("ann", &[1; 32], Micros(7)).await.unwrap());
    assert!(!tx.take_recovery_code("ann", &[1; 32], Micros(7)).await.unwrap());
    assert_eq!(tx.recovery_codes_left("ann").await.unwrap(), 1);
    tx.set_recovery_codes("ann", &[[3; 32]]).await.unwrap();
    assert!(!tx.take_recovery_code("ann", &[2; 32], Micros(8)).await.unwrap());
    tx.insert_device("d1", "ann", &[8; 32], Micros(1)).await.unwrap();
    let known = tx.device(&[8; 32]).await.unwrap();
    assert_eq!(known, Some(("d1".to_owned(), "ann".to_owned())));
    assert!(!tx.remove_credential("bo", "c1").await.unwrap(), "not theirs");
    assert!(tx.remove_credential("ann", "c1").await.unwrap());
    tx.remove_credentials("ann").await.unwrap();
    assert!(tx.credentials("ann").await.unwrap().is_empty());
    assert_eq!(tx.recovery_codes_left("ann").await.unwrap(), 0);
    assert_eq!(tx.device(&[8; 32]).await.unwrap(), None);
    tx.insert_device("d2", "ann", &[9; 32], Micros(1)).await.unwrap();
    assert_eq!(tx.forget_devices(Micros(2)).await.unwrap(), 1);
    let taken = Credential { person: "bo".to_owned(), ..credential("c4", "oidc", Some([5; 32])) };
    tx.insert_credential(&taken).await.unwrap();
    let again = tx.insert_credential(&credential("c5", "oidc", Some([5; 32]))).await;
    assert_eq!(again, Err(Error::Exists { kind: "credential", id: "c5".to_owned() }));
}

pub(super) async fn sessions_change_their_secret_and_end(store: &Store, _: &Store) {
    with_two(store).await;
    let session = |id: &str, person: &str| Session {
        id: id.to_owned(),
        person: person.to_owned(),
        body: sealed("a browser"),
        factors: 1,
        shown_at: Micros(10),
        made_at: Micros(10),
        seen_at: Micros(10),
        ends_at: Micros(100),
        ended_at: None,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_session(&session("s1", "ann"), &[1; 32]).await.unwrap();
    tx.insert_session(&session("s2", "ann"), &[2; 32]).await.unwrap();
    tx.insert_session(&session("s3", "bo"), &[3; 32]).await.unwrap();
    assert_eq!(tx.session_by(&[1; 32]).await.unwrap(), Some(session("s1", "ann")));
    tx.session_seen("s1", Micros(20)).await.unwrap();
    tx.session_seen("s1", Micros(15)).await.unwrap();
    assert_eq!(tx.session_by(&[1; 32]).await.unwrap().unwrap().seen_at, Micros(20));
    assert!(tx.rotate_session(&[1; 32], &[4; 32], 2, Micros(30), Micros(300)).await.unwrap());
    assert!(!tx.rotate_session(&[1; 32], &[5; 32], 2, Micros(31), Micros(300)).await.unwrap());
    assert_eq!(tx.session_by(&[1; 32]).await.unwrap(), None, "the old secret is worth nothing");
    let found = tx.session_by(&[4; 32]).await.unwrap().unwrap();
    assert_eq!((found.factors, found.shown_at, found.ends_at), (2, Micros(30), Micros(300)));
    assert!(!tx.end_session("bo", "s2", Micros(40)).await.unwrap(), "not theirs");
    assert!(tx.end_session("ann", "s2", Micros(40)).await.unwrap());
    assert!(!tx.end_session("ann", "s2", Micros(41)).await.unwrap());
    assert_eq!(tx.session_by(&[2; 32]).await.unwrap(), None);
    assert!(!tx.rotate_session(&[2; 32], &[6; 32], 2, Micros(42), Micros(300)).await.unwrap());
    assert_eq!(tx.sessions("ann").await.unwrap().len(), 1);
    assert_eq!(tx.end_sessions("ann", "s1", Micros(43)).await.unwrap(), 0);
    assert_eq!(tx.end_sessions("ann", "", Micros(43)).await.unwrap(), 1);
    assert_eq!(tx.sessions("bo").await.unwrap().len(), 1);
    assert_eq!(tx.forget_sessions(Micros(43)).await.unwrap(), 1);
    assert_eq!(tx.end_every_way_in(Micros(50)).await.unwrap(), 1, "that of bo");
    assert_eq!(tx.session_by(&[3; 32]).await.unwrap(), None);
    assert_eq!(tx.end_every_way_in(Micros(51)).await.unwrap(), 0);
}

pub(super) async fn tokens_belong_to_an_organisation_and_are_taken_back(store: &Store, _: &Store) {
    with_two(store).await;
    let token = |id: &str| ApiToken {
        id: id.to_owned(),
        person: "ann".to_owned(),
        body: sealed("nightly export"),
        scopes: "requests.read evidence.read".to_owned(),
        made_at: Micros(1),
        expires_at: Micros(90),
        used_at: None,
        revoked_at: None,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_token(&token("t1"), &[1; 32]).await.unwrap();
    tx.insert_token(&token("t2"), &[2; 32]).await.unwrap();
    assert_eq!(tx.token_by(&[1; 32]).await.unwrap(), Some(token("t1")));
    tx.token_seen("t1", Micros(8)).await.unwrap();
    assert_eq!(tx.token_by(&[1; 32]).await.unwrap().unwrap().used_at, Some(Micros(8)));
    assert!(tx.tokens("acme").await.unwrap().is_empty());
    assert!(!tx.revoke_token("acme", "t1", Micros(9)).await.unwrap(), "another organisation's");
    assert!(tx.revoke_token("root", "t1", Micros(9)).await.unwrap());
    assert_eq!(tx.token_by(&[1; 32]).await.unwrap(), None);
    assert_eq!(tx.revoke_tokens("ann", Micros(9)).await.unwrap(), 1);
    let all = tx.tokens("root").await.unwrap();
    assert!(all.len() == 2 && all.iter().all(|token| token.revoked_at == Some(Micros(9))));
}

pub(super) async fn links_and_ceremonies_work_once(one: &Store, two: &Store) {
    with_two(one).await;
    let link = |id: &str, kind: &str, person: Option<&str>| Link {
        id: id.to_owned(),
        kind: kind.to_owned(),
        person: person.map(str::to_owned),
        made_at: Micros(1),
        expires_at: Micros(50),
    };
    let mut tx = one.begin().await.unwrap();
    tx.insert_link(&link("l1", "set-up", None), &[1; 32]).await.unwrap();
    tx.insert_link(&link("l2", "invite", Some("bo")), &[2; 32]).await.unwrap();
    assert_eq!(tx.link("invite", &[1; 32], Micros(2)).await.unwrap(), None, "another kind");
    assert_eq!(tx.link("set-up", &[1; 32], Micros(50)).await.unwrap(), None, "too late");
    let found = tx.link("set-up", &[1; 32], Micros(2)).await.unwrap();
    assert_eq!(found, Some(link("l1", "set-up", None)));
    tx.insert_link(&link("l3", "set-up", None), &[3; 32]).await.unwrap();
    assert_eq!(tx.link("set-up", &[1; 32], Micros(2)).await.unwrap(), None, "there is a newer one");
    tx.insert_ceremony("e1", "oidc", &[6; 32], &sealed("nonce"), Micros(50)).await.unwrap();
    tx.commit().await.unwrap();
    let take = |store: Store| async move {
        let mut tx = store.begin().await.unwrap();
        let link = tx.take_link("set-up", &[3; 32], Micros(3)).await.unwrap();
        let ceremony = tx.take_ceremony("oidc", &[6; 32], Micros(3)).await.unwrap();
        tx.commit().await.unwrap();
        usize::from(link.is_some()) + usize::from(ceremony.is_some())
    };
    let (a, b) = tokio::join!(take(one.clone()), take(two.clone()));
    assert_eq!(a + b, 2, "each once");
    let mut tx = one.begin().await.unwrap();
    assert_eq!(tx.void_links("invite", Some("ann"), Micros(4)).await.unwrap(), 0);
    assert_eq!(tx.void_links("invite", Some("bo"), Micros(4)).await.unwrap(), 1);
    assert_eq!(tx.take_link("invite", &[2; 32], Micros(4)).await.unwrap(), None);
    tx.insert_ceremony("e2", "oidc", &[7; 32], &sealed("nonce"), Micros(50)).await.unwrap();
    assert_eq!(tx.take_ceremony("oidc", &[7; 32], Micros(50)).await.unwrap(), None, "too late");
    tx.forget_attempts(Micros(0), Micros(51)).await.unwrap();
    let id = new_id(&SeededRng::new(4));
    tx.insert_ceremony(&id, "oidc", &[7; 32], &sealed("nonce"), Micros(99)).await.unwrap();
}

/// Of many tries at once each is counted, on whichever server it was made.
pub(super) async fn tries_are_counted_one_by_one(one: &Store, two: &Store) {
    let attempt = |store: Store| async move {
        let mut tx = store.begin().await.unwrap();
        let mut attempts = tx.attempts(&[1; 32]).await.unwrap();
        attempts.tries += 1;
        attempts.last_at = 7;
        tx.save_attempts(&[1; 32], attempts).await.unwrap();
        tx.commit().await.unwrap();
    };
    for _ in 0..5 {
        tokio::join!(attempt(one.clone()), attempt(two.clone()));
    }
    let mut tx = one.begin().await.unwrap();
    assert_eq!(tx.attempts(&[1; 32]).await.unwrap(), Attempts { tries: 10, last_at: 7 });
    tx.forget_attempts(Micros(8), Micros(8)).await.unwrap();
    assert_eq!(tx.attempts(&[1; 32]).await.unwrap(), Attempts::default());
}
