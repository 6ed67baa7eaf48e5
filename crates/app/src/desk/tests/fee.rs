//! A fee that the policy names: told before any work, settled before it goes on.

use super::*;

/// A policy that names a fee for a copy.
fn charging() -> World {
    let world = World::new("");
    let file = world.folder.join("policy.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let fee = "fee: { amount: 25 CAD, because: It is the third copy within a year. }";
    let free = "{ right: access, days: 30, extend_days: 30 }";
    assert!(text.contains(free));
    let text = text.replace(free, &free.replace(" }", &format!(", {fee} }}")));
    std::fs::write(&file, text).unwrap();
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fee_is_told_before_any_work_and_nothing_goes_on_until_it_is_settled() {
    let world = charging();
    let house = &world.house;
    let officer = world.staff('b', Role::PrivacyOfficer);
    let auditor = world.staff('c', Role::Auditor);
    for waived in [false, true] {
        let mut asked = form(Kind::Access, "jane@acme.example");
        asked.channel = Channel::Phone;
        let id = house.file_by_staff(&officer, auth::ROOT, asked, None).await.unwrap();
        house.identify_request(&officer, auth::ROOT, &id, "call back").await.unwrap();
        let full = house.request_at_desk(&officer, auth::ROOT, &id).await.unwrap();
        assert_eq!(full.fee.as_ref().map(|(amount, _)| amount.as_str()), Some("25 CAD"));
        assert!(house.charge_fee(&auditor, auth::ROOT, &id).await.is_err());
        assert!(house.settle_fee(&officer, auth::ROOT, &id, true).await.is_err(), "none is asked");
        house.charge_fee(&officer, auth::ROOT, &id).await.unwrap();
        assert_eq!(world.request(&id).await.status, "waiting");
        world.work().await;
        let told = |mail: &String| mail.contains("25 CAD") && mail.contains("third copy");
        assert!(world.mails("jane@acme.example").iter().any(told));
        for refused in [
            house.plan_request(&officer, auth::ROOT, &id).await,
            house.person_answered(&officer, auth::ROOT, &id).await,
            house.charge_fee(&officer, auth::ROOT, &id).await,
        ] {
            assert!(refused.is_err());
        }
        house.settle_fee(&officer, auth::ROOT, &id, waived).await.unwrap();
        assert_eq!(world.request(&id).await.status, "ready");
        let full = house.request_at_desk(&officer, auth::ROOT, &id).await.unwrap();
        assert_eq!(full.progress.fee.unwrap().settled.unwrap().waived, waived);
        assert!(full.fee.is_none(), "once is all");
        assert!(house.charge_fee(&officer, auth::ROOT, &id).await.is_err());
        house.plan_request(&officer, auth::ROOT, &id).await.unwrap();
        world.work().await;
        assert_eq!(world.request(&id).await.status, "planned");
    }
    for kind in ["fee asked for", "fee settled"] {
        assert!(world.kinds().await.iter().any(|one| one == kind), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_free_is_never_charged() {
    let world = charging();
    let house = &world.house;
    let officer = world.staff('b', Role::PrivacyOfficer);
    let mut asked = form(Kind::Erasure, "jane@acme.example");
    asked.channel = Channel::Post;
    let id = house.file_by_staff(&officer, auth::ROOT, asked, None).await.unwrap();
    let charged = house.charge_fee(&officer, auth::ROOT, &id).await;
    assert!(charged.unwrap_err().to_string().contains("free"));
    assert_eq!(world.request(&id).await.status, "unidentified");
}
