//! Staff as a browser meets us: forms, cookies, and every route from the wrong side.

use std::sync::Arc;

use app::staff::LinkKind;
use auth::totp::Totp;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Method, Request, Response, StatusCode};
use tower::ServiceExt as _;

use super::door::browser;
use super::{SessionDoor, ours};
use crate::client::Peer;
use crate::routes::{self, Access};
use crate::tests::{World, text, world_with};

const PASSWORD: &str = "pelican violin granite";
const CLIENTS: &str =
    "clients:\n- { key: acme, name: Acme Dental }\n- { key: birch, name: Birch }\n";

/// A browser: it keeps cookies and sends forms.
struct Browser<'w> {
    world: &'w World,
    cookies: Vec<(String, String)>,
}

impl<'w> Browser<'w> {
    const fn new(world: &'w World) -> Self {
        Self { world, cookies: Vec::new() }
    }

    async fn send(&mut self, method: Method, path: &str, form: Option<&str>) -> Response<Body> {
        let mut request =
            Request::builder().method(method).uri(path).header(HOST, "127.0.0.1:8080");
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        let body = match form {
            Some(form) => {
                request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
                Body::from(form.to_owned())
            }
            None => Body::empty(),
        };
        let mut request = request.body(body).unwrap();
        let peer = Peer { address: "192.0.2.7:5".parse().unwrap(), tls: false };
        request.extensions_mut().insert(peer);
        let response = self.world.app.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
            assert!(cookie.contains("; Path=/;"), "{cookie}");
            let (pair, _) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        response
    }

    async fn get(&mut self, path: &str) -> (StatusCode, String) {
        let response = self.send(Method::GET, path, None).await;
        (response.status(), text(response).await)
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> (StatusCode, String, String) {
        let mut encoded = url::form_urlencoded::Serializer::new(String::new());
        let form = encoded.extend_pairs(form).finish();
        let response = self.send(Method::POST, path, Some(&form)).await;
        let to = response.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
        (response.status(), to.unwrap_or_default(), text(response).await)
    }

    /// Comes in by a link with a password and an app.
    async fn come_in(&mut self, kind: &str, link: &str, name: &str, email: &str) -> (Totp, String) {
        let (status, page) = self.get(&format!("/come-in/{kind}/{link}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let ceremony = between(&page, "name=\"ceremony\" value=\"", "\"");
        let totp = app_of(between(&page, "<code class=\"mono\">", "</code>"));
        let code = totp.code(self.world.site.house.now()).unwrap();
        let form = [
            ("link", link),
            ("name", name),
            ("email", email),
            ("password", PASSWORD),
            ("ceremony", ceremony),
            ("code", &code),
        ];
        let (status, _, page) = self.post(&format!("/come-in/{kind}"), &form).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let recovery = between(&page, "<li class=\"mono\">", "</li>").to_owned();
        (totp, recovery)
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}

/// An authenticator app, from the letters that a person types into it.
fn app_of(typed: &str) -> Totp {
    let value = |sign: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(sign);
    let bits: String = typed.chars().filter_map(value).map(|it| format!("{it:05b}")).collect();
    let bytes = bits.as_bytes().chunks_exact(8);
    let byte = |bits: &[u8]| u8::from_str_radix(std::str::from_utf8(bits).unwrap(), 2).unwrap();
    Totp::of_bytes(bytes.map(byte).collect())
}

async fn staffed() -> World {
    world_with("", &[("clients.yaml", CLIENTS)], Arc::new(SessionDoor)).await
}

async fn owner<'w>(world: &'w World) -> (Browser<'w>, String) {
    let link = world.site.staff.first_link(&world.site.house).await.unwrap().unwrap();
    let mut browser = Browser::new(world);
    let kind = LinkKind::SetUp.as_str();
    let (_, recovery) = browser.come_in(kind, link.expose_secret(), "Ann", "ann@example.com").await;
    (browser, recovery)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_person_comes_in_signs_out_and_in_again() {
    let world = staffed().await;
    let mut stranger = Browser::new(&world);
    let (status, page) = stranger.get("/sign-in").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Sign in") && !page.contains("<script>"), "{page}");
    let (ann, recovery) = owner(&world).await;
    let mut ann = ann;
    assert_eq!(ann.cookies.len(), 2, "a session and a known browser");
    for path in ["/console", "/console/account", "/console/people", "/console/tokens"] {
        let (status, page) = ann.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path} {page}");
    }
    let out = ann.send(Method::POST, "/sign-out", Some("")).await;
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    assert_eq!(out.headers()["location"], "/sign-in");
    assert_eq!(out.headers()["clear-site-data"], "\"cache\", \"storage\"");
    assert_ne!(ann.get("/console").await.0, StatusCode::OK);
    let wrong = [("email", "ann@example.com"), ("password", "wrong wrong wrong")];
    let (status, _, page) = ann.post("/sign-in", &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("role=\"alert\"") && !page.contains("wrong wrong"), "{page}");
    let right = [("email", "ann@example.com"), ("password", PASSWORD)];
    let (status, to, _) = ann.post("/sign-in", &right).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/sign-in/second"));
    assert_ne!(ann.get("/console").await.0, StatusCode::OK, "one factor opens nothing");
    assert!(ann.get("/sign-in/second").await.1.contains("name=\"code\""));
    let half = ann.cookies.clone();
    let (status, _, _) = ann.post("/sign-in/second", &[("code", "000000")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, to, _) = ann.post("/sign-in/second", &[("code", &recovery)]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/console"));
    assert_eq!(ann.get("/console").await.0, StatusCode::OK);
    let mut thief = Browser { world: &world, cookies: half };
    assert_ne!(thief.get("/console").await.0, StatusCode::OK, "the half session was renewed");
    let whole = ann.cookies.clone();
    let mut twin = Browser { world: &world, cookies: whole };
    assert_eq!(twin.get("/console").await.0, StatusCode::OK);
    assert_eq!(ann.post("/sign-in", &right).await.0, StatusCode::SEE_OTHER);
    assert_ne!(twin.get("/console").await.0, StatusCode::OK, "a new sign-in ended the old session");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_invited_and_sees_only_their_own() {
    let world = staffed().await;
    let (mut ann, _) = owner(&world).await;
    let form = [
        ("name", "Cy"),
        ("email", "cy@example.com"),
        ("role", "client-officer"),
        ("client", "acme"),
    ];
    let (status, _, page) = ann.post("/console/people", &form).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let link = between(&page, "/come-in/invite/", "<").to_owned();
    let (_, again) = ann.get("/console/people").await;
    assert!(!again.contains(&link), "a link is shown once");
    assert!(again.contains("Cy") && again.contains("Acme Dental"));
    let mut cy = Browser::new(&world);
    cy.come_in("invite", &link, "Cy", "").await;
    assert_eq!(
        Browser::new(&world).get(&format!("/come-in/invite/{link}")).await.0,
        StatusCode::UNPROCESSABLE_ENTITY,
        "used up"
    );
    assert_eq!(cy.get("/console/account").await.0, StatusCode::OK);
    for path in ["/console/people", "/console/tokens", "/console/settings"] {
        assert_eq!(cy.get(path).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    let people = ann.get("/console/people").await.1;
    let id = between(&people, "/console/people/", "/role").to_owned();
    for what in ["role", "clients", "suspend", "restore", "remove", "recover", "again"] {
        let (status, _, _) =
            cy.post(&format!("/console/people/{id}/{what}"), &[("role", "owner")]).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_opens_what_its_rights_say_and_no_page_of_people() {
    let world = staffed().await;
    let (mut ann, _) = owner(&world).await;
    let form = [("name", "export"), ("days", "30"), ("scope", "promises.read")];
    let (status, _, page) = ann.post("/console/tokens", &form).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let token = format!("upheld_{}", between(&page, ">upheld_", "<"));
    let bearer = format!("Bearer {token}");
    let send = |path: &'static str| {
        let (world, bearer) = (&world, bearer.clone());
        async move {
            let headers = [("authorization", bearer.as_str())];
            world.send(Method::GET, path, "192.0.2.8:5", &headers).await.status()
        }
    };
    assert_eq!(send("/console/promises").await, StatusCode::OK);
    assert_eq!(send("/console/people").await, StatusCode::FORBIDDEN);
    let (_, listed) = ann.get("/console/tokens").await;
    assert!(!listed.contains(&token), "a token is shown once");
    let id = between(&listed, "/console/tokens/", "/revoke").to_owned();
    ann.post(&format!("/console/tokens/{id}/revoke"), &[]).await;
    assert_ne!(send("/console/promises").await, StatusCode::OK);
}

/// Every route of staff, asked without a session, with half a one and with nonsense.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_route_of_staff_answers_whoever_is_not_in() {
    let world = staffed().await;
    let (mut ann, _) = owner(&world).await;
    ann.post("/sign-out", &[]).await;
    ann.post("/sign-in", &[("email", "ann@example.com"), ("password", PASSWORD)]).await;
    let nonsense = vec![("upheld".to_owned(), "x".repeat(43))];
    let visitors = [Vec::new(), ann.cookies.clone(), nonsense];
    for row in routes::table() {
        if matches!(row.access, Access::Public(_) | Access::Operator) {
            continue;
        }
        let path = row.path.replace("{id}", "x").replace("{entry}", "1");
        for cookies in &visitors {
            let mut browser = Browser { world: &world, cookies: cookies.clone() };
            let form = (row.method == Method::POST).then_some("");
            let response = browser.send(row.method.clone(), &path, form).await;
            let status = response.status();
            let away = response.headers().get(LOCATION).is_some_and(|to| to == "/sign-in");
            let refused =
                status == StatusCode::UNAUTHORIZED || (status == StatusCode::SEE_OTHER && away);
            assert!(refused, "{} {path}: {status}", row.method);
        }
    }
}

#[test]
fn nobody_is_sent_away_from_here() {
    for (to, wanted) in [
        ("/console/people", "/console/people"),
        ("/console/promises?state=broken", "/console/promises?state=broken"),
        ("", "/console"),
        ("https://evil.example", "/console"),
        ("//evil.example", "/console"),
        ("/console//evil.example", "/console"),
        ("/console\\evil", "/console"),
        ("/console\r\nset-cookie: x", "/console"),
    ] {
        assert_eq!(ours(to), wanted, "{to}");
    }
}

#[test]
fn a_browser_is_named_in_words() {
    for (agent, wanted) in [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18 Safari/605.1.15",
            "Safari, macOS",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130",
            "Edge, Windows",
        ),
        ("curl/8", "A browser, an unknown system"),
    ] {
        assert_eq!(browser(agent), wanted);
    }
}
