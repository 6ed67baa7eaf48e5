//! The console as members of staff meet it.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::console::Subject;
use async_trait::async_trait;
use auth::{Actor, Door, Membership, MembershipState, Role, Strength};
use axum::http::{HeaderMap, Method, StatusCode};
use model::Micros;

use crate::doorman::Doorman;
use crate::routes::{self, Access};
use crate::site::Site;
use crate::tests::{World, text, world, world_with};

/// Who comes in is said by a header: the role's name.
struct ByHeader;

pub(crate) fn actor(role: Role, strength: Strength, state: MembershipState) -> Actor {
    // Officers of a client belong to that client, and to nobody else.
    let organisation = if role == Role::ClientOfficer { "acme" } else { auth::ROOT };
    let membership = Membership {
        organisation: organisation.to_owned(),
        role,
        state,
        assigned: BTreeSet::new(),
    };
    let door = Door::Session { id: "session".to_owned(), strength };
    Actor::sample("0123456789abcdef0123456789abcdef".to_owned(), membership, door, Micros(10))
}

#[async_trait]
impl Doorman for ByHeader {
    async fn actor(&self, _: &Site, headers: &HeaderMap) -> Option<Actor> {
        let full = Strength::TwoFactors { shown_at: Micros(9) };
        let active = MembershipState::Active;
        Some(match headers.get("x-test")?.to_str().ok()? {
            "one factor" => actor(Role::Owner, Strength::OneFactor, active),
            "suspended" => actor(Role::Owner, full, MembershipState::Suspended),
            name => actor(Role::ALL.into_iter().find(|role| role.as_str() == name)?, full, active),
        })
    }
}

async fn console() -> World {
    world_with("", &[], Arc::new(ByHeader)).await
}

impl World {
    async fn as_role(&self, method: Method, role: &str, path: &str) -> (StatusCode, String) {
        let response = self.send(method, path, "127.0.0.1:9", &[("x-test", role)]).await;
        (response.status(), text(response).await)
    }
}

const PAGES: [&str; 7] = [
    "/console",
    "/console/promises",
    "/console/map",
    "/console/systems",
    "/console/retention",
    "/console/evidence",
    "/console/settings",
];

#[tokio::test]
async fn nobody_reaches_a_page_of_staff_without_a_session_of_two_factors() {
    let nobody = world().await;
    let known = console().await;
    for row in routes::table() {
        if !matches!(row.access, Access::SignedIn | Access::May(_)) {
            continue;
        }
        let path = row.path.replace("{id}", "no-sale").replace("{entry}", "0");
        let path = path.replace("{organisation}", auth::ROOT).replace("{task}", "0");
        let path = path.replace("{name}", "none");
        let response = nobody.send(row.method.clone(), &path, "127.0.0.1:9", &[]).await;
        // A page leads to where one signs in; what would change something is refused, and programs are
        // told.
        let leads = row.method == Method::GET && !row.path.starts_with("/api/");
        let status = if leads { 303 } else { 401 };
        assert_eq!(response.status(), status, "{path}");
        for who in ["one factor", "suspended", "nonsense"] {
            let (status, page) = known.as_role(row.method.clone(), who, &path).await;
            assert!(matches!(status.as_u16(), 303 | 401), "{who} {path}: {status}");
            assert!(!page.contains("no-sale"), "{who} {path}");
        }
    }
}

#[tokio::test]
async fn every_page_opens_before_anything_was_looked_at_and_says_what_to_do() {
    let world = console().await;
    for path in PAGES {
        let (status, page) = world.as_role(Method::GET, "owner", path).await;
        assert_eq!(status, 200, "{path}");
        for bad in ["<script", "style=", "<style", "http://"] {
            assert!(!page.contains(bad), "{path} has {bad}");
        }
        assert_eq!(page.matches("aria-current=\"page\"").count(), 1, "{path}");
        assert_eq!(page.matches("<h1>").count(), 1, "{path}");
    }
    for (path, said) in [
        ("/console", "Nothing was looked at yet"),
        ("/console/map", "upheld map"),
        ("/console/systems", "upheld connect NAME URL"),
        ("/console/retention", "upheld retain plan"),
        ("/console/evidence", "Nothing happened yet"),
    ] {
        assert!(world.as_role(Method::GET, "owner", path).await.1.contains(said), "{path}");
    }
}

#[tokio::test]
async fn an_auditor_reads_everything_and_starts_nothing() {
    let world = console().await;
    for path in PAGES {
        assert_eq!(world.as_role(Method::GET, "auditor", path).await.0, 200, "{path}");
    }
    let (status, page) = world.as_role(Method::POST, "auditor", "/console/promises/look").await;
    assert_eq!(status, 403, "{page}");
    let page = world.as_role(Method::GET, "auditor", "/console/promises").await.1;
    assert!(
        page.matches("<form").count() == 1 && page.contains("action=\"/sign-out\""),
        "and is not led to what they may not"
    );
}

#[tokio::test]
async fn behind_a_promise_stand_its_runs_and_a_proof() {
    let world = console().await;
    let owner =
        actor(Role::Owner, Strength::TwoFactors { shown_at: Micros(9) }, MembershipState::Active);
    world.site.house.look_at(&owner, Subject::Promises).await.unwrap();
    let get = |path: &'static str| world.as_role(Method::GET, "owner", path);
    let (_, list) = get("/console/promises").await;
    assert!(list.contains("href=\"/console/promises/no-sale\""), "{list}");
    let (status, one) = get("/console/promises/no-sale").await;
    assert_eq!(status, 200);
    assert!(one.contains("upheld") && one.contains("/console/evidence/0/proof"), "{one}");
    let (status, proof) = get("/console/evidence/0/proof").await;
    assert!(status == 200 && proof.starts_with("c2sp.org/tlog-proof@v1\n"), "{proof}");
    let (status, opening) = get("/console/evidence/0/opening").await;
    assert!(status == 200 && opening.contains("promises checked"), "{opening}");
    assert_eq!(get("/console/evidence/7/proof").await.0, 404);
    assert_eq!(get("/console/promises/none").await.0, 404);
    assert!(get("/console/evidence").await.1.contains("promises checked"));
}

#[tokio::test]
async fn a_filter_shows_one_state_and_leaves_the_text_whole() {
    let world = console().await;
    let (_, all) = world.as_role(Method::GET, "owner", "/console/promises").await;
    let (status, broken) =
        world.as_role(Method::GET, "owner", "/console/promises?state=broken").await;
    assert_eq!(status, 200);
    assert!(broken.contains("No promise is broken.") && !broken.contains("class=\"p n\""));
    let (_, unproven) =
        world.as_role(Method::GET, "owner", "/console/promises?state=unproven").await;
    assert_eq!(unproven.matches("class=\"p n\"").count(), all.matches("class=\"p n\"").count());
    let (status, _) = world.as_role(Method::GET, "owner", "/console/promises?state=fine").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_form_that_another_site_sends_is_refused() {
    let world = console().await;
    for (headers, status) in [
        (vec![("sec-fetch-site", "cross-site")], 403),
        (vec![("sec-fetch-site", "same-site")], 403),
        (vec![("origin", "https://evil.example")], 403),
        (vec![("origin", "null")], 403),
        (vec![("sec-fetch-site", "same-origin")], 303),
        (vec![("origin", "http://127.0.0.1:8080")], 303),
    ] {
        let headers = [vec![("x-test", "owner")], headers].concat();
        let response = world.send(Method::POST, "/console/map/look", "127.0.0.1:9", &headers).await;
        assert_eq!(response.status(), status, "{headers:?}");
        let page = text(response).await;
        assert!(status != 403 || page.contains("This came from another site"), "{page}");
    }
}

impl World {
    /// Sends a form as an owner.
    async fn sent(&self, path: &str, form: &str) -> (StatusCode, String, String) {
        let headers = [("x-test", "owner"), ("content-type", "application/x-www-form-urlencoded")];
        let response = self.send_body(Method::POST, path, &headers, form).await;
        let to = response.headers().get("location").and_then(|to| to.to_str().ok());
        let to = to.unwrap_or_default().to_owned();
        (response.status(), to, text(response).await)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_is_connected_at_the_console_from_the_form_to_its_page() {
    let world = console().await;
    let folder = world.site.house.folder().to_owned();
    std::fs::create_dir_all(folder.join("data")).unwrap();
    std::fs::write(folder.join("data/people.csv"), "email\njane.doe@acme.example\n").unwrap();
    let get = |path: &str| {
        let path = path.to_owned();
        let world = &world;
        async move { world.as_role(Method::GET, "owner", &path).await }
    };
    for kind in ["postgres", "mariadb", "mysql", "sqlite", "files"] {
        let (status, page) = get(&format!("/console/systems/connect?kind={kind}")).await;
        assert!(status == 200 && page.contains("Try it"), "{kind} {page}");
    }
    // What does not answer is told, and the password stands nowhere.
    let form =
        "kind=postgres&name=desk&host=127.0.0.1&port=1&database=d&user=u&password=hunter2-planted";
    let (status, _, page) = world.sent("/console/systems/connect", form).await;
    assert_eq!(status, 422, "{page}");
    assert!(page.contains("firewall") && page.contains("value=\"desk\""), "{page}");
    assert!(!page.contains("hunter2"), "{page}");
    let form = "kind=files&name=exports&path=data";
    let (status, to, page) = world.sent("/console/systems/connect", form).await;
    assert_eq!((status.as_u16(), to.as_str()), (303, "/console/systems/connect/exports"), "{page}");
    let mut page = String::new();
    for _ in 0..200 {
        page = get(&to).await.1;
        if !page.contains("data-live") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(page.contains("people") && page.contains("e-mail"), "{page}");
    assert!(get("/console/systems").await.1.contains("Being connected"));
    assert!(world.site.reading().policy.system("exports").is_none(), "nothing is written yet");
    let (status, to, page) = world.sent("/console/systems/connect/exports/keep", "").await;
    assert_eq!((status.as_u16(), to.as_str()), (303, "/console/system/exports"), "{page}");
    let (status, page) = get("/console/system/exports").await;
    assert!(status == 200 && page.contains("files:data"), "{page}");
    let (status, _, page) = world.sent("/console/system/exports/test", "").await;
    assert!(status == 200 && page.contains("It answers"), "{page}");
    assert_eq!(get("/console/systems/connect/exports").await.0, 404);
    let again = get("/console/systems/connect?again=exports").await.1;
    assert!(again.contains("value=\"files:data\""), "{again}");
    // Who may not connect is not led there, and reads the page all the same.
    let (status, page) = world.as_role(Method::GET, "technician", "/console/system/exports").await;
    assert!(status == 200 && !page.contains("/console/systems/connect"), "{page}");
    let (status, _) = world.as_role(Method::GET, "technician", "/console/systems/connect").await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn what_is_done_at_the_console_is_done_by_forms_and_stands_on_the_page_after_it() {
    let world = console().await;
    let get = |path: &'static str| world.as_role(Method::GET, "owner", path);
    // A confirmation, in one's own name.
    let (_, page) = get("/console/promises/contact-routes").await;
    assert!(page.contains("/console/promises/contact-routes/attest"), "{page}");
    let (status, ..) = world.sent("/console/promises/contact-routes/attest", "note=x").await;
    assert_eq!(status, 400, "nobody confirms by accident");
    let (status, to, _) =
        world.sent("/console/promises/contact-routes/attest", "note=&sure=yes").await;
    assert_eq!((status.as_u16(), to.as_str()), (303, "/console/promises/contact-routes"));
    assert!(get("/console/promises/contact-routes").await.1.contains("last confirmed"));
    // A hold, placed and lifted.
    let hold = "kind=person&which=jane.doe%40acme.example&reason=a+claim&owner=legal&until=";
    assert_eq!(world.sent("/console/retention/holds", hold).await.0, 303);
    let (_, page) = get("/console/retention").await;
    assert!(page.contains("a claim") && !page.contains("jane.doe"), "{page}");
    let id = page.split("/console/retention/holds/").nth(1).unwrap().split('/').next().unwrap();
    let lift = format!("/console/retention/holds/{id}/lift");
    assert_eq!(world.sent(&lift, "reason=settled").await.0, 303);
    assert!(get("/console/retention").await.1.contains("lifted"));
    assert_eq!(world.sent(&lift.replace(id, "0"), "reason=settled").await.0, 404);
    // Webhooks: the secret is shown once.
    let (status, _, page) = world.sent("/console/webhooks", "url=http%3A%2F%2F10.0.0.1%2Fx").await;
    assert!(status == 422 && page.contains("encrypted"), "{page}");
    let add = "url=https%3A%2F%2Fhooks.acme.example%2Fsecret-path&kind=request.done";
    let (status, _, page) = world.sent("/console/webhooks", add).await;
    assert!(status == 200 && page.contains("whsec_"), "{page}");
    let (_, page) = get("/console/webhooks").await;
    assert!(page.contains("https://hooks.acme.example") && page.contains("request.done"), "{page}");
    assert!(!page.contains("whsec_") && !page.contains("secret-path"), "{page}");
    let id = page.split("action=\"/console/webhooks/").nth(1).unwrap().split('/').next().unwrap();
    for (act, shown) in [("test", "webhook.test:"), ("pause", "paused"), ("resume", "is told")] {
        assert_eq!(world.sent(&format!("/console/webhooks/{id}/{act}"), "").await.0, 303, "{act}");
        assert!(get("/console/webhooks").await.1.contains(shown), "{act}");
    }
    assert_eq!(world.sent(&format!("/console/webhooks/{id}/remove"), "").await.0, 303);
    assert!(get("/console/webhooks").await.1.contains("No program is told anything"));
    // A list that was not read is not disposed of.
    assert_eq!(world.sent("/console/retention/run", "digest=0&sure=yes").await.0, 409);
    assert_eq!(world.sent("/console/retention/run", "digest=0").await.0, 400);
    let (_, page) = world.as_role(Method::GET, "auditor", "/console/webhooks").await;
    let forms = page.matches("<form").count();
    assert!(forms == 1 && page.contains("/sign-out"), "who only reads is offered nothing: {page}");
    let (_, page) = world.as_role(Method::GET, "auditor", "/console/retention").await;
    assert!(!page.contains("/console/retention/holds"), "{page}");
}
