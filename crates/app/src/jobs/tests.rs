use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use auth::{Door, Membership, MembershipState, Role, Strength};

use super::*;
use crate::fixture::{folder, house};

fn member(role: Role) -> Actor {
    let membership = Membership {
        organisation: auth::ROOT.to_owned(),
        role,
        state: MembershipState::Active,
        assigned: BTreeSet::new(),
    };
    let strength = Strength::TwoFactors { shown_at: Micros(9) };
    let door = Door::Session { id: "session".to_owned(), strength };
    Actor::sample("a".repeat(32), membership, door, Micros(10))
}

async fn work_until(house: &Arc<House>, dead: usize) -> Vec<Dead> {
    let pace = Pace { look: Duration::from_millis(50), ..Pace::default() };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(Arc::clone(house).run_jobs(pace, async { drop(stopped.await) }));
    let mut found = Vec::new();
    for _ in 0..200 {
        found = house.dead_jobs(&member(Role::Auditor), auth::ROOT).await.unwrap();
        if found.len() == dead {
            break;
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    drop(stop);
    running.await.unwrap().unwrap();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_was_given_up_is_settled_by_whoever_may_and_that_is_proved() {
    let settings = "anchors = []\n[schedules]\nmailbox = \"off\"\npromises = \"off\"\n";
    let folder = folder(settings);
    let house = house(folder.path(), Means::of_this_machine().clock, 11, &[]);
    let state = house.state().await.unwrap();
    let mut tx = state.store.begin().await.unwrap();
    let work = Work::PlanRequest { request: "none".to_owned() };
    ask(&mut tx, &house.means, auth::ROOT, &work, None).await.unwrap();
    tx.commit().await.unwrap();
    let dead = work_until(&house, 1).await;
    assert_eq!((dead.len(), dead[0].kind.as_str()), (1, "plan request"), "{dead:?}");
    assert!(dead[0].failure.as_ref().unwrap().contains("there is no request"), "{dead:?}");
    let (auditor, technician) = (member(Role::Auditor), member(Role::Technician));
    assert_eq!(house.job_counts(&auditor).await.unwrap().dead, 1);
    let id = dead[0].id.as_str();
    assert!(house.retry_job(&auditor, auth::ROOT, id).await.is_err(), "who only reads");
    assert!(house.drop_job(&auditor, auth::ROOT, id).await.is_err());
    assert!(house.drop_job(&technician, "acme-dental", id).await.is_err(), "of another");
    house.retry_job(&technician, auth::ROOT, id).await.unwrap();
    assert!(house.retry_job(&technician, auth::ROOT, id).await.is_err(), "it was settled already");
    assert_eq!(work_until(&house, 1).await.len(), 1, "and given up again");
    house.drop_job(&technician, auth::ROOT, id).await.unwrap();
    assert!(house.dead_jobs(&auditor, auth::ROOT).await.unwrap().is_empty());
    let mut tx = state.store.read().await.unwrap();
    let events = tx.events_from(0, 99).await.unwrap();
    let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["job tried again", "job dropped"]);
}
