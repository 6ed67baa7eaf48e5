use model::SeededRng;
use proptest::prelude::*;
use store::{ApiToken, Location, Person, SEALED_MARK, Store};

use super::*;
use crate::secret::new_secret;

fn sealed() -> Vec<u8> {
    [&SEALED_MARK, b"x".as_slice()].concat()
}

fn session(factors: u64, made: i64) -> Session {
    Session {
        id: "5".repeat(32),
        person: "ann".to_owned(),
        body: sealed(),
        factors,
        shown_at: Micros(made),
        made_at: Micros(made),
        seen_at: Micros(made),
        ends_at: Micros(made + LONGEST),
        ended_at: None,
    }
}

proptest! {
    /// Whatever stands in the row, a session is worth two factors only if two were shown, and never
    /// longer than its ends.
    #[test]
    fn a_session_is_never_stronger_than_what_was_shown(
        factors in any::<u64>(), shown in any::<i64>(), made in 0i64..i64::MAX / 4,
        seen in 0i64..LONGEST, now in 0i64..2 * LONGEST, ends in 0i64..2 * LONGEST, ended: bool,
    ) {
        let kept = Session {
            shown_at: Micros(shown),
            seen_at: Micros(made + seen),
            ends_at: Micros(made + ends),
            ended_at: ended.then_some(Micros(made)),
            ..session(factors, made)
        };
        match strength(&kept) {
            Strength::TwoFactors { shown_at } => {
                prop_assert_eq!(factors, 2);
                prop_assert_eq!(shown_at, Micros(shown));
            }
            Strength::OneFactor => prop_assert_ne!(factors, 2),
        }
        if !is_over(&kept, Micros(made + now)) {
            prop_assert!(!ended && now < ends && now < LONGEST && now < seen + IDLE);
            prop_assert!(factors == 2 || now < seen + BETWEEN_FACTORS);
        }
    }
}

#[test]
fn sessions_end_when_nothing_is_done_and_whatever_is_done() {
    let two = session(2, 1_000);
    let over = |session: &Session, after: i64| is_over(session, Micros(1_000 + after));
    assert!(!over(&two, 0) && !over(&two, IDLE - 1) && over(&two, IDLE));
    let used = Session { seen_at: Micros(1_000 + LONGEST - 1), ..two.clone() };
    assert!(!over(&used, LONGEST - 1) && over(&used, LONGEST));
    let one = session(1, 1_000);
    assert!(!over(&one, BETWEEN_FACTORS - 1) && over(&one, BETWEEN_FACTORS));
    assert!(over(&Session { ended_at: Some(Micros(1)), ..two }, 0));
}

#[test]
fn unknown_scopes_are_none() {
    let kept = scopes("requests.read requests.burn  evidence.read *");
    assert_eq!(kept, BTreeSet::from([Action::ReadRequests, Action::ReadEvidence]));
    assert!(scopes("").is_empty());
}

#[tokio::test]
async fn only_active_members_are_recognised_by_what_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Location::Sqlite(folder.path().join("db"))).await.unwrap();
    let rng = SeededRng::new(1);
    let (cookie, bearer) = (new_secret(&rng), new_secret(&rng));
    let bearer = format!("{TOKEN_PREFIX}{}", bearer.expose_secret());
    let person = Person {
        id: "ann".to_owned(),
        organisation: "root".to_owned(),
        role: "auditor".to_owned(),
        state: "active".to_owned(),
        body: sealed(),
        made_at: Micros(1),
        state_at: Micros(1),
    };
    let token = ApiToken {
        id: "t".repeat(32),
        person: "ann".to_owned(),
        body: sealed(),
        scopes: "requests.read".to_owned(),
        made_at: Micros(1),
        expires_at: Micros(9_000),
        used_at: None,
        revoked_at: None,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_person(&person, &[1; 32]).await.unwrap();
    tx.assign("ann", "acme").await.unwrap();
    tx.insert_session(&session(2, 1_000), &hash(cookie.expose_secret())).await.unwrap();
    tx.insert_token(&token, &hash(&bearer)).await.unwrap();
    let now = Micros(2_000);
    let found = by_session(&mut tx, cookie.expose_secret(), now).await.unwrap().unwrap();
    assert!(!found.note, "it was seen this minute");
    assert_eq!(found.actor.person(), "ann");
    assert!(found.actor.membership().reaches("acme") && !found.actor.membership().reaches("birch"));
    assert!(found.actor.has_two_factors() && found.actor.is_fresh());
    let found = by_token(&mut tx, &bearer, now).await.unwrap().unwrap();
    assert!(found.note && !found.actor.has_two_factors() && !found.actor.is_fresh());
    for wrong in
        ["", "upheld_", bearer.get(..20).unwrap(), cookie.expose_secret(), &bearer.to_uppercase()]
    {
        assert!(by_token(&mut tx, wrong, now).await.unwrap().is_none(), "{wrong}");
    }
    assert!(by_session(&mut tx, &bearer, now).await.unwrap().is_none());
    assert!(by_token(&mut tx, &bearer, Micros(9_000)).await.unwrap().is_none(), "over");
    for (role, state) in [
        ("auditor", "suspended"),
        ("auditor", "invited"),
        ("auditor", "removed"),
        ("auditor", "Active"),
        ("chief", "active"),
    ] {
        let at = tx.person("ann").await.unwrap().unwrap();
        tx.set_role("ann", role).await.unwrap();
        tx.set_person_state("ann", &at.state, state, now).await.unwrap();
        let by_cookie = by_session(&mut tx, cookie.expose_secret(), now).await.unwrap();
        let by_bearer = by_token(&mut tx, &bearer, now).await.unwrap();
        assert!(by_cookie.is_none() && by_bearer.is_none(), "{role} {state}");
    }
}
