//! Signing in and coming and going, with a clock that is moved by hand.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use auth::totp::Totp;
use auth::{Action, Actor, Authority, Decision, ROOT, Role};
use model::{Clock, Micros, Personal, Secret};

use super::*;
use crate::{House, Means};

const SECOND: i64 = 1_000_000;
const PASSWORD: &str = "pelican violin granite";

struct Moved(AtomicI64);

impl Clock for Moved {
    fn now(&self) -> Micros {
        Micros(self.0.load(Ordering::Relaxed))
    }
}

struct Desk {
    _folder: tempfile::TempDir,
    house: House,
    staff: Staff,
    clock: Arc<Moved>,
}

/// Somebody who is in, with what their app knows.
struct Here {
    id: String,
    totp: Totp,
    entered: Entered,
    recovery: Vec<Secret<String>>,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let policy = folder.path().join("policy");
        crate::init::init(&policy, "msp-canada").unwrap();
        let clients =
            "clients:\n- { key: acme, name: Acme Dental }\n- { key: birch, name: Birch }\n";
        std::fs::write(policy.join("clients.yaml"), clients).unwrap();
        let clock = Arc::new(Moved(AtomicI64::new(1_800_000_000 * SECOND)));
        let means = Means { clock: clock.clone(), ..Means::of_this_machine() };
        let house = House::open(&policy, means).unwrap();
        let staff = Staff::new(&house, Some("https://privacy.example.com"), "Northlight").unwrap();
        Self { _folder: folder, house, staff, clock }
    }

    fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * SECOND, Ordering::Relaxed);
    }

    /// Takes a link with a password and an app.
    async fn take(
        &self,
        kind: LinkKind,
        link: &str,
        name: &str,
        email: &str,
    ) -> std::result::Result<Here, Refused> {
        let enrolment = self.staff.enrolment(&self.house, kind, link).await.unwrap()?;
        let totp = app(enrolment.typed.expose_secret());
        let code = totp.code(self.clock.now()).unwrap();
        let details = Details {
            name: name.to_owned().into_personal(),
            email: email.to_owned().into_personal(),
        };
        let enrolled = self
            .staff
            .enrol_with_password(
                &self.house,
                kind,
                link,
                &details,
                &Secret::new(PASSWORD.to_owned()),
                enrolment.ceremony.expose_secret(),
                &code,
                &visitor("192.0.2.1", None),
            )
            .await
            .unwrap()?;
        let session = enrolled.entered.session.expose_secret();
        let id = self.house.actor(session).await.unwrap().unwrap().person().to_owned();
        // The next code is another one.
        self.pass(60);
        Ok(Here { id, totp, entered: enrolled.entered, recovery: enrolled.recovery })
    }

    async fn owner(&self) -> Here {
        let link = self.staff.first_link(&self.house).await.unwrap().unwrap();
        self.take(LinkKind::SetUp, link.expose_secret(), "Ann", "ann@example.com").await.unwrap()
    }

    async fn actor(&self, here: &Here) -> Actor {
        let session = here.entered.session.expose_secret();
        self.house.actor(session).await.unwrap().unwrap()
    }

    async fn invited(&self, by: &Here, invited: &Invited) -> Here {
        let actor = self.actor(by).await;
        let link = self.staff.invite(&self.house, &actor, invited).await.unwrap().unwrap();
        let name = invited.name.expose();
        let email = invited.email.expose();
        self.take(LinkKind::Invite, link.expose_secret(), name, email).await.unwrap()
    }

    async fn password(
        &self,
        email: &str,
        password: &str,
        from: &Visitor,
    ) -> std::result::Result<Half, Refused> {
        let password = Secret::new(password.to_owned());
        self.staff.sign_in(&self.house, email, &password, from).await.unwrap()
    }

    async fn code(
        &self,
        session: &Secret<String>,
        code: &str,
        from: &Visitor,
    ) -> std::result::Result<Entered, Refused> {
        let code = Secret::new(code.to_owned());
        self.staff.show_code(&self.house, session.expose_secret(), &code, from).await.unwrap()
    }

    /// What the log knows.
    async fn events(&self) -> Vec<String> {
        let state = self.house.state().await.unwrap();
        let mut tx = state.store.read().await.unwrap();
        let all = tx.events_from(0, 1_000).await.unwrap();
        all.into_iter()
            .map(|event| {
                let body = String::from_utf8(event.body.unwrap_or_default()).unwrap();
                for personal in ["Ann", "ann@", "example.com", "violin"] {
                    assert!(!body.contains(personal), "{body}");
                }
                event.kind
            })
            .collect()
    }
}

trait IntoPersonal {
    fn into_personal(self) -> Personal<String>;
}

impl IntoPersonal for String {
    fn into_personal(self) -> Personal<String> {
        Personal::new(self)
    }
}

/// An authenticator app, from the letters that a person typed into it.
fn app(typed: &str) -> Totp {
    let bits: String = typed
        .chars()
        .filter_map(|sign| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(sign))
        .map(|value| format!("{value:05b}"))
        .collect();
    let bytes = bits.as_bytes().chunks_exact(8);
    let byte = |bits: &[u8]| u8::from_str_radix(std::str::from_utf8(bits).unwrap(), 2).unwrap();
    Totp::of_bytes(bytes.map(byte).collect())
}

fn visitor(from: &str, device: Option<&Secret<String>>) -> Visitor {
    let from: IpAddr = from.parse().unwrap();
    Visitor { from, device: device.cloned(), session: None, agent: "Firefox".to_owned() }
}

fn somebody(name: &str, role: Role, organisation: &str, assigned: &[&str]) -> Invited {
    Invited {
        name: Personal::new(name.to_owned()),
        email: Personal::new(format!("{}@example.com", name.to_lowercase())),
        role,
        organisation: organisation.to_owned(),
        assigned: assigned.iter().map(|client| (*client).to_owned()).collect(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_link_works_once_and_only_the_last_one_does() {
    let desk = Desk::new();
    let old = desk.staff.first_link(&desk.house).await.unwrap().unwrap();
    let link = desk.staff.first_link(&desk.house).await.unwrap().unwrap();
    let take = |link: &Secret<String>| {
        let link = link.expose_secret().clone();
        let desk = &desk;
        async move { desk.take(LinkKind::SetUp, &link, "Ann", "ann@example.com").await.map(drop) }
    };
    assert_eq!(take(&old).await, Err(Refused::LinkOver));
    assert_eq!(take(&Secret::new("x".to_owned())).await, Err(Refused::LinkOver));
    let bad = desk.take(LinkKind::SetUp, link.expose_secret(), "Ann", "no address").await;
    assert!(matches!(bad.map(drop), Err(Refused::Unfit(_))));
    assert_eq!(take(&link).await, Ok(()));
    assert_eq!(take(&link).await, Err(Refused::LinkOver));
    assert!(desk.staff.first_link(&desk.house).await.unwrap().is_none(), "somebody is here");
    assert_eq!(desk.events().await, ["staff came in by a link"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_ends_after_a_day() {
    let desk = Desk::new();
    let link = desk.staff.first_link(&desk.house).await.unwrap().unwrap();
    desk.pass(24 * 3_600);
    let late = desk.take(LinkKind::SetUp, link.expose_secret(), "Ann", "ann@example.com").await;
    assert_eq!(late.map(drop), Err(Refused::LinkOver));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_alone_opens_nothing_and_a_code_works_once() {
    let desk = Desk::new();
    let ann = desk.owner().await;
    let from = visitor("192.0.2.9", None);
    for (email, password) in [
        ("ann@example.com", "wrong wrong wrong"),
        ("nobody@example.com", PASSWORD),
        ("", ""),
        ("ann@example.com ", ""),
    ] {
        assert_eq!(desk.password(email, password, &from).await.map(drop), Err(Refused::Wrong));
    }
    let half = desk.password(" Ann@Example.com", PASSWORD, &from).await.unwrap();
    assert!(half.ways.app && half.ways.recovery == 10 && half.ways.passkeys.is_empty());
    let actor = desk.house.actor(half.session.expose_secret()).await.unwrap().unwrap();
    assert!(!actor.has_two_factors() && !actor.is_fresh());
    let authority = Authority::shared().unwrap();
    assert!(Action::ALL.iter().all(|it| authority.may(&actor, *it, ROOT) == Decision::Deny));
    assert!(desk.staff.devices(&desk.house, &actor).await.is_err(), "not even the own account");
    let code = ann.totp.code(desk.clock.now()).unwrap();
    assert_eq!(desk.code(&half.session, "000000", &from).await.map(drop), Err(Refused::Wrong));
    let entered = desk.code(&half.session, &code, &from).await.unwrap();
    assert!(desk.house.actor(half.session.expose_secret()).await.unwrap().is_none(), "rotated");
    let actor = desk.house.actor(entered.session.expose_secret()).await.unwrap().unwrap();
    assert!(actor.has_two_factors() && actor.is_fresh());
    assert_eq!(actor.person(), ann.id);
    let again = desk.password("ann@example.com", PASSWORD, &from).await.unwrap();
    assert_eq!(desk.code(&again.session, &code, &from).await.map(drop), Err(Refused::Wrong));
    let recovery = ann.recovery[3].expose_secret();
    assert!(desk.code(&again.session, recovery, &from).await.is_ok());
    let third = desk.password("ann@example.com", PASSWORD, &from).await.unwrap();
    assert_eq!(desk.code(&third.session, recovery, &from).await.map(drop), Err(Refused::Wrong));
    desk.pass(600);
    let code = ann.totp.code(desk.clock.now()).unwrap();
    assert_eq!(desk.code(&third.session, &code, &from).await.map(drop), Err(Refused::Over));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_guesses_waits_and_the_owner_does_not() {
    let desk = Desk::new();
    let ann = desk.owner().await;
    let home = visitor("192.0.2.1", ann.entered.device.as_ref());
    let stranger = visitor("192.0.2.1", None);
    for _ in 0..5 {
        let tried = desk.password("ann@example.com", "wrong wrong wrong", &stranger).await;
        assert_eq!(tried.map(drop), Err(Refused::Wrong));
    }
    let tried = desk.password("ann@example.com", PASSWORD, &stranger).await;
    assert_eq!(tried.map(drop), Err(Refused::Wait(1)), "even with the right password");
    let unknown = desk.password("nobody@example.com", PASSWORD, &stranger).await;
    assert_eq!(unknown.map(drop), Err(Refused::Wrong), "another account is another count");
    assert!(desk.password("ann@example.com", PASSWORD, &home).await.is_ok(), "a known browser");
    let away = visitor("198.51.100.7", None);
    assert!(desk.password("ann@example.com", PASSWORD, &away).await.is_ok(), "another network");
    desk.pass(1);
    assert!(desk.password("ann@example.com", PASSWORD, &stranger).await.is_ok(), "waited");
    let half = desk.password("ann@example.com", PASSWORD, &away).await.unwrap();
    for _ in 0..5 {
        let tried = desk.code(&half.session, "123456", &away).await;
        assert_eq!(tried.map(drop), Err(Refused::Wrong));
    }
    let code = ann.totp.code(desk.clock.now()).unwrap();
    assert_eq!(desk.code(&half.session, &code, &away).await.map(drop), Err(Refused::Wait(1)));
    let half = desk.password("ann@example.com", PASSWORD, &home).await.unwrap();
    assert!(desk.code(&half.session, &code, &home).await.is_ok(), "a known browser");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_guesses_at_once_are_all_counted() {
    let desk = Desk::new();
    desk.owner().await;
    let from = visitor("203.0.113.5", None);
    let guess = || desk.password("ann@example.com", "wrong wrong wrong", &from);
    let (a, b, c, d, e, f, g, h) =
        tokio::join!(guess(), guess(), guess(), guess(), guess(), guess(), guess(), guess());
    let all = [a, b, c, d, e, f, g, h].map(|tried| tried.map(drop));
    let wrong = all.iter().filter(|tried| **tried == Err(Refused::Wrong)).count();
    assert_eq!(wrong, 5, "{all:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_are_listed_ended_and_stepped_up() {
    let desk = Desk::new();
    let ann = desk.owner().await;
    let from = visitor("192.0.2.9", None);
    let half = desk.password("ann@example.com", PASSWORD, &from).await.unwrap();
    let code = ann.totp.code(desk.clock.now()).unwrap();
    let other = desk.code(&half.session, &code, &from).await.unwrap();
    let actor = desk.actor(&ann).await;
    let devices = desk.staff.devices(&desk.house, &actor).await.unwrap();
    assert_eq!(devices.len(), 2);
    assert_eq!(devices.iter().filter(|device| device.this).count(), 1);
    assert!(devices.iter().all(|device| device.agent == "Firefox"));
    desk.pass(15 * 60);
    let stale = desk.actor(&ann).await;
    let authority = Authority::shared().unwrap();
    assert_eq!(authority.may(&stale, Action::ChangeSettings, ROOT), Decision::StepUp);
    let recovery = ann.recovery[0].expose_secret();
    let tried = desk.code(&ann.entered.session, recovery, &from).await;
    assert_eq!(tried.map(drop), Err(Refused::Wrong), "emergency codes step nobody up");
    let code = ann.totp.code(desk.clock.now()).unwrap();
    let stepped = desk.code(&ann.entered.session, &code, &from).await.unwrap();
    let session = stepped.session.expose_secret();
    assert!(desk.house.actor(ann.entered.session.expose_secret()).await.unwrap().is_none());
    let fresh = desk.house.actor(session).await.unwrap().unwrap();
    assert_eq!(authority.may(&fresh, Action::ChangeSettings, ROOT), Decision::Allow);
    assert_eq!(desk.staff.end_device(&desk.house, &fresh, None).await.unwrap(), 1);
    assert!(desk.house.actor(other.session.expose_secret()).await.unwrap().is_none());
    desk.staff.sign_out(&desk.house, session).await.unwrap();
    assert!(desk.house.actor(session).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_come_by_invitation_and_go() {
    let desk = Desk::new();
    let ann = desk.owner().await;
    let actor = desk.actor(&ann).await;
    for (bad, _why) in [
        (somebody("Bo", Role::Technician, "acme", &[]), "a technician belongs to the root"),
        (somebody("Bo", Role::ClientOfficer, ROOT, &[]), "an officer belongs to a client"),
        (somebody("Bo", Role::ClientOfficer, "cedar", &[]), "there is no such client"),
        (somebody("Bo", Role::Technician, ROOT, &["cedar"]), "there is no such client"),
        (somebody("Bo", Role::ClientOfficer, "acme", &["birch"]), "one client only"),
        (somebody("Ann", Role::Auditor, ROOT, &[]), "the address is taken"),
    ] {
        let tried = desk.staff.invite(&desk.house, &actor, &bad).await.unwrap();
        assert!(matches!(tried, Err(Refused::Unfit(_))), "{bad:?}");
    }
    let bo = desk.invited(&ann, &somebody("Bo", Role::Technician, ROOT, &["acme"])).await;
    let theirs = desk.actor(&bo).await;
    assert!(theirs.membership().reaches("acme") && !theirs.membership().reaches("birch"));
    let house = &desk.house;
    assert!(desk.staff.people(house, &theirs, ROOT).await.is_err(), "a technician lists nobody");
    let cy = somebody("Cy", Role::Owner, ROOT, &[]);
    assert!(desk.staff.invite(house, &theirs, &cy).await.is_err(), "nor invites");
    assert!(desk.staff.change_role(house, &theirs, &bo.id, Role::Owner).await.is_err());
    let actor = desk.actor(&ann).await;
    let wanted = ["birch".to_owned()];
    desk.staff.assign(house, &actor, &bo.id, &wanted).await.unwrap().unwrap();
    let theirs = desk.actor(&bo).await;
    assert!(!theirs.membership().reaches("acme") && theirs.membership().reaches("birch"));
    desk.staff.suspend(house, &actor, &bo.id).await.unwrap().unwrap();
    assert!(house.actor(bo.entered.session.expose_secret()).await.unwrap().is_none());
    let from = visitor("192.0.2.1", None);
    assert_eq!(
        desk.password("bo@example.com", PASSWORD, &from).await.map(drop),
        Err(Refused::Wrong)
    );
    desk.staff.restore(house, &actor, &bo.id).await.unwrap().unwrap();
    assert!(desk.password("bo@example.com", PASSWORD, &from).await.is_ok());
    desk.staff.remove(house, &actor, &bo.id).await.unwrap().unwrap();
    assert!(desk.staff.remove(house, &actor, &bo.id).await.unwrap().is_err());
    let listed = desk.staff.people(house, &actor, ROOT).await.unwrap();
    let bo = listed.iter().find(|it| it.id == bo.id).unwrap();
    assert!(bo.email.is_none() && bo.name.expose() == "Bo" && bo.assigned.is_empty());
    desk.invited(&ann, &somebody("Bo", Role::Auditor, ROOT, &[])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_owner_stays() {
    let desk = Desk::new();
    let ann = desk.owner().await;
    let bo = desk.invited(&ann, &somebody("Bo", Role::Owner, ROOT, &[])).await;
    let (house, actor) = (&desk.house, desk.actor(&ann).await);
    desk.staff.change_role(house, &actor, &bo.id, Role::Auditor).await.unwrap().unwrap();
    let last = Err(Refused::LastOwner);
    assert_eq!(desk.staff.remove(house, &actor, &ann.id).await.unwrap(), last);
    assert_eq!(desk.staff.suspend(house, &actor, &ann.id).await.unwrap(), last);
    assert_eq!(desk.staff.change_role(house, &actor, &ann.id, Role::Auditor).await.unwrap(), last);
    desk.staff.change_role(house, &actor, &bo.id, Role::Owner).await.unwrap().unwrap();
    desk.staff.remove(house, &actor, &ann.id).await.unwrap().unwrap();
    assert!(house.actor(ann.entered.session.expose_secret()).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_officer_reaches_nobody_elsewhere() {
    let desk = Desk::new();
    let ann = desk.owner().await;
    let acme = desk.invited(&ann, &somebody("Cy", Role::ClientOfficer, "acme", &[])).await;
    let (house, actor) = (&desk.house, desk.actor(&acme).await);
    for organisation in [ROOT, "birch", "acme"] {
        assert!(desk.staff.people(house, &actor, organisation).await.is_err(), "{organisation}");
        assert!(desk.staff.tokens(house, &actor, organisation).await.is_err(), "{organisation}");
        let new = somebody("Dee", Role::ClientOfficer, organisation, &[]);
        assert!(desk.staff.invite(house, &actor, &new).await.is_err(), "{organisation}");
    }
    for id in [ann.id.as_str(), "nobody"] {
        assert!(desk.staff.remove(house, &actor, id).await.is_err());
        assert!(desk.staff.recover(house, &actor, id).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_lost_everything_comes_back_by_a_link_and_the_old_ways_are_gone() {
    let desk = Desk::new();
    let ann = desk.owner().await;
    let bo = desk.invited(&ann, &somebody("Bo", Role::Auditor, ROOT, &[])).await;
    let (house, actor) = (&desk.house, desk.actor(&ann).await);
    let link = desk.staff.recover(house, &actor, &bo.id).await.unwrap().unwrap();
    assert!(house.actor(bo.entered.session.expose_secret()).await.unwrap().is_some(), "not yet");
    let link = link.expose_secret();
    let wrong = desk.take(LinkKind::Invite, link, "Bo", "").await.map(drop);
    assert_eq!(wrong, Err(Refused::LinkOver), "a link of another kind");
    let back = desk.take(LinkKind::Recover, link, "Bo", "other@example.com").await.unwrap();
    assert_eq!(back.id, bo.id);
    assert!(house.actor(bo.entered.session.expose_secret()).await.unwrap().is_none());
    let from = visitor("192.0.2.1", None);
    let half = desk.password("bo@example.com", PASSWORD, &from).await.unwrap();
    let old = bo.totp.code(desk.clock.now()).unwrap();
    assert_eq!(desk.code(&half.session, &old, &from).await.map(drop), Err(Refused::Wrong));
    let new = back.totp.code(desk.clock.now()).unwrap();
    assert!(desk.code(&half.session, &new, &from).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_comes_back_by_a_command_on_the_server_and_nobody_else_does() {
    let desk = Desk::new();
    let ann = desk.owner().await;
    let (house, actor) = (&desk.house, desk.actor(&ann).await);
    desk.invited(&ann, &somebody("Bo", Role::PrivacyOfficer, ROOT, &[])).await;
    let scopes = [Action::ReadRequests];
    let token =
        desk.staff.issue_token(house, &actor, "export", &scopes, 30).await.unwrap().unwrap();
    for email in ["bo@example.com", "nobody@example.com", ""] {
        let no = house.recover_owner(&Personal::new(email.to_owned())).await.unwrap_err();
        assert!(no.to_string().contains("no owner") && !no.to_string().contains("example"), "{no}");
    }
    let link = house.recover_owner(&Personal::new(" Ann@Example.com".to_owned())).await.unwrap();
    let (_, secret) = link.expose_secret().rsplit_once("/come-in/recover/").unwrap();
    assert!(house.actor(ann.entered.session.expose_secret()).await.unwrap().is_none(), "ended");
    assert!(house.actor_of_token(token.expose_secret()).await.unwrap().is_none(), "taken back");
    let from = visitor("192.0.2.1", None);
    assert!(desk.password("ann@example.com", PASSWORD, &from).await.is_err(), "and forgotten");
    let back = desk.take(LinkKind::Recover, secret, "Ann", "").await.unwrap();
    assert_eq!(back.id, ann.id);
    assert_eq!(desk.actor(&back).await.membership().role, Role::Owner);
    let state = house.state().await.unwrap();
    let mut tx = state.store.read().await.unwrap();
    let events = tx.events_from(0, 99).await.unwrap();
    assert!(events.iter().any(|event| event.kind == "owner given a way to recover"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_has_no_right_that_its_owner_has_not() {
    let desk = Desk::new();
    let ann = desk.owner().await;
    let (house, actor) = (&desk.house, desk.actor(&ann).await);
    for (scopes, days) in
        [(vec![], 30), (vec![Action::ReadRequests], 0), (vec![Action::ReadRequests], 367)]
    {
        let tried = desk.staff.issue_token(house, &actor, "export", &scopes, days).await.unwrap();
        assert!(matches!(tried, Err(Refused::Unfit(_))));
    }
    let scopes = [Action::ReadRequests, Action::RunRequest];
    let token =
        desk.staff.issue_token(house, &actor, "export", &scopes, 30).await.unwrap().unwrap();
    let token = token.expose_secret();
    assert!(token.starts_with("upheld_"));
    let program = house.actor_of_token(token).await.unwrap().unwrap();
    let authority = Authority::shared().unwrap();
    let allowed: Vec<&Action> = Action::ALL
        .iter()
        .filter(|action| authority.may(&program, **action, ROOT) == Decision::Allow)
        .collect();
    assert_eq!(allowed, [&Action::ReadRequests, &Action::RunRequest]);
    assert!(desk.staff.ways(house, &program).await.is_err(), "a program has no account");
    assert!(desk.staff.issue_token(house, &program, "more", &scopes, 30).await.is_err());
    let listed = desk.staff.tokens(house, &actor, ROOT).await.unwrap();
    assert_eq!((listed.len(), listed[0].name.as_str()), (1, "export"));
    assert!(!desk.staff.revoke_token(house, &actor, "nothing").await.unwrap());
    assert!(desk.staff.revoke_token(house, &actor, &listed[0].id).await.unwrap());
    assert!(house.actor_of_token(token).await.unwrap().is_none());
    let token = desk.staff.issue_token(house, &actor, "again", &scopes, 1).await.unwrap().unwrap();
    desk.pass(24 * 3_600);
    assert!(house.actor_of_token(token.expose_secret()).await.unwrap().is_none(), "over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_is_changed_by_whoever_knows_it_and_ends_other_sessions() {
    let desk = Desk::new();
    let ann = desk.owner().await;
    let (house, actor) = (&desk.house, desk.actor(&ann).await);
    let change = |old: &'static str, new: &'static str| {
        let (old, new) = (Secret::new(old.to_owned()), Secret::new(new.to_owned()));
        let (desk, actor) = (&desk, &actor);
        async move { desk.staff.change_password(house, actor, &old, &new).await.unwrap() }
    };
    let new = "seven quiet harbours";
    assert_eq!(change("wrong wrong wrong", new).await, Err(Refused::Wrong));
    assert!(matches!(change(PASSWORD, "Password1234").await, Err(Refused::Weak(_))));
    assert_eq!(change(PASSWORD, new).await, Ok(()));
    let from = visitor("192.0.2.9", None);
    assert!(desk.password("ann@example.com", PASSWORD, &from).await.is_err());
    assert!(desk.password("ann@example.com", new, &from).await.is_ok());
    desk.pass(11 * 60);
    let stale = desk.actor(&ann).await;
    let (old, other) = (Secret::new(new.to_owned()), Secret::new(PASSWORD.to_owned()));
    assert!(desk.staff.change_password(house, &stale, &old, &other).await.is_err(), "not fresh");
}
