//! The API as programs meet it, without a socket.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use auth::{Action, Actor, Door, Membership, MembershipState, Role, Strength};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use model::Micros;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::document;
use crate::client::Peer;
use crate::doorman::Doorman;
use crate::routes::{self, Access, Row};
use crate::site::Site;
use crate::tests::{World, world_with};

/// Who calls is said by a header: `ROLE@ORGANISATION`, with `+CLIENT` for each that is assigned, and
/// `#SCOPE,SCOPE` for a token.
struct ByHeader;

fn actor(said: &str) -> Option<Actor> {
    let (who, scopes) = match said.split_once('#') {
        Some((who, scopes)) => (who, Some(scopes)),
        None => (said, None),
    };
    let (role, at) = who.split_once('@')?;
    let mut organisations = at.split('+').map(str::to_owned);
    let membership = Membership {
        organisation: organisations.next()?,
        role: Role::ALL.into_iter().find(|one| one.as_str() == role)?,
        state: MembershipState::Active,
        assigned: organisations.collect(),
    };
    let door = match scopes {
        Some("*") => {
            Door::Token { id: said.to_owned(), scopes: Action::ALL.iter().copied().collect() }
        }
        Some(scopes) => {
            let scopes: BTreeSet<Action> = scopes.split(',').filter_map(Action::parse).collect();
            Door::Token { id: said.to_owned(), scopes }
        }
        None => {
            let strength = Strength::TwoFactors { shown_at: Micros(9) };
            Door::Session { id: said.to_owned(), strength }
        }
    };
    let person = if role == "owner" { "a" } else { "b" };
    Some(Actor::sample(person.repeat(32), membership, door, Micros(10)))
}

#[async_trait]
impl Doorman for ByHeader {
    async fn actor(&self, _: &Site, headers: &HeaderMap) -> Option<Actor> {
        actor(headers.get("x-test")?.to_str().ok()?)
    }
}

const CLIENTS: &str =
    "clients:\n- { key: acme, name: Acme Dental }\n- { key: birch, name: Birch }\n";

async fn api(settings: &str) -> World {
    world_with(settings, &[("clients.yaml", CLIENTS)], Arc::new(ByHeader)).await
}

/// An answer with everything that tests look at.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn id(&self) -> String {
        assert_eq!(self.status, 201, "{}", self.text());
        self.json()["id"].as_str().unwrap().to_owned()
    }
}

async fn call(
    world: &World,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header(HOST, "127.0.0.1:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = match body {
        Some(body) => {
            request = request.header(CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    let mut request = request.body(body).unwrap();
    request.extensions_mut().insert(Peer { address: "127.0.0.1:9".parse().unwrap(), tls: false });
    let response: Response<Body> = world.app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

async fn get(world: &World, who: &str, path: &str) -> Answer {
    call(world, Method::GET, path, &[("x-test", who)], None).await
}

async fn post(world: &World, who: &str, path: &str, body: Value) -> Answer {
    call(world, Method::POST, path, &[("x-test", who)], Some(&body)).await
}

fn ours() -> Vec<Row> {
    routes::table().into_iter().filter(document::is_ours).collect()
}

const OWNER: &str = "owner@root";

#[test]
fn every_row_of_the_api_stands_in_the_document_and_nothing_else_does() {
    let rows = routes::table();
    let document = document::document(&rows);
    let mut names = BTreeSet::new();
    for row in ours() {
        let operation = row.operation.as_ref();
        assert!(operation.is_some(), "{} {} has no operation", row.method, row.path);
        let method = row.method.as_str().to_ascii_lowercase();
        let told = &document["paths"][row.path][&method];
        let name = told["operationId"].as_str().unwrap().to_owned();
        assert!(names.insert(name.clone()), "{name} twice");
        assert!(told["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
        for status in ["421", "503"] {
            assert!(told["responses"][status].is_object(), "{name} {status}");
        }
    }
    let paths = document["paths"].as_object().unwrap();
    let told: usize = paths.values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(told, names.len());
    // What is pointed at is there.
    let text = document.to_string();
    for place in text.split("\"$ref\":\"#").skip(1) {
        let place = place.split('"').next().unwrap();
        assert!(document.pointer(place).is_some(), "{place}");
    }
}

#[test]
fn the_document_is_the_one_that_is_checked_in() {
    let rows = routes::table();
    let text = serde_json::to_string_pretty(&document::document(&rows)).unwrap() + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(
        text == kept,
        "docs/openapi.json is not of this program: UPDATE_GOLDEN=1 writes it anew"
    );
}

#[tokio::test]
async fn the_document_is_read_by_everybody() {
    let world = api("").await;
    let answer = call(&world, Method::GET, "/api/v1/openapi.json", &[], None).await;
    assert_eq!((answer.status.as_u16(), answer.json()["openapi"].as_str()), (200, Some("3.1.0")));
}

/// A path with something for each of its parameters.
fn filled(path: &str, id: &str) -> String {
    path.replace("{id}", id)
        .replace("{entry}", "0")
        .replace("{promise}", "no-sale")
        .replace("{processor}", "someone")
        .replace("{kind}", "package")
        .replace("{name}", "none")
}

/// What each call sends.
fn body(path: &str) -> Value {
    let last = path.rsplit('/').next().unwrap_or_default();
    match (path, last) {
        ("/api/v1/intake", _) => json!({ "kind": "erasure" }),
        ("/api/v1/intake/confirm", _) => json!({ "handle": "x", "code": "y" }),
        ("/api/v1/intake/code", _) => json!({ "link": "x" }),
        ("/api/v1/intake/page", _) => json!({ "link": "x", "code": "y" }),
        ("/api/v1/intake/file", _) => json!({ "pass": "x", "kind": "package" }),
        ("/api/v1/requests", _) => json!({ "channel": "phone", "request": { "kind": "erasure" } }),
        ("/api/v1/versions", _) => {
            json!({ "version": "9", "form": "markdown", "text": "We sell nothing." })
        }
        ("/api/v1/disclosures", _) => json!({
            "authority": "court", "demand": "order", "answer": "given", "people": 1, "particulars": "x",
        }),
        ("/api/v1/systems/connect", _) => {
            json!({ "name": "canary", "url": "postgres://u@127.0.0.1:1/d" })
        }
        ("/api/v1/webhooks", _) => json!({ "url": "https://hooks.acme.example/canary" }),
        ("/api/v1/people", _) => json!({
            "name": "Canary", "email": "c@acme.example", "role": "auditor", "organisation": "root",
        }),
        ("/api/v1/tokens", _) => json!({ "name": "x", "scopes": ["requests.read"], "days": 1 }),
        ("/api/v1/people/{id}/assign", _) => json!({ "clients": ["acme"] }),
        ("/api/v1/map/accept", _) => json!({ "points": ["000000"] }),
        ("/api/v1/holds", _) => json!({
            "kind": "client", "which": "acme", "reason": "x", "owner": "legal",
        }),
        (_, "lift") => json!({ "reason": "x" }),
        (_, "run" | "agree") => json!({ "digest": "0".repeat(64) }),
        (_, "role") => json!({ "role": "owner" }),
        (_, "schedule") => json!({ "effective": "2099-01-01" }),
        (_, "sort") => json!({ "kind": "erasure" }),
        (_, "identify") => json!({ "how": "document" }),
        (_, "approve") => json!({ "plan": "" }),
        (_, "ask") => json!({ "question": "Which?" }),
        (_, "put-off" | "refuse") => json!({ "reason": "Because." }),
        (_, "answer" | "done") => json!({ "what": "Done." }),
        (_, "duplicate") => json!({ "other": "0".repeat(32) }),
        (_, "{processor}") => json!({ "answered": true }),
        (_, "tasks") => json!({ "system": "paper", "what": "Burn it." }),
        _ => json!({}),
    }
}

#[tokio::test]
async fn nobody_calls_without_being_known_and_is_told_how() {
    let world = api("[api]\npublic_per_minute = 100000\nper_minute = 100000\n").await;
    for row in ours().iter().filter(|row| !matches!(row.access, Access::Public(_))) {
        let path = filled(row.path, &"0".repeat(32));
        let answer = call(&world, row.method.clone(), &path, &[], Some(&body(row.path))).await;
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer", "{path}");
        assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json", "{path}");
        assert_eq!(answer.json()["type"], "tag:upheld.example,2026:sign-in", "{path}");
        // A token of no scope reaches nothing but who it is.
        let bare = [("x-test", "owner@root#none")];
        let answer = call(&world, row.method.clone(), &path, &bare, Some(&body(row.path))).await;
        let expected = if row.access == Access::SignedIn { 200 } else { 403 };
        assert_eq!(answer.status, expected, "{path}");
    }
}

#[tokio::test]
async fn a_token_never_does_what_only_a_person_may() {
    let world = api("").await;
    for row in ours() {
        let Access::May(action) = row.access else { continue };
        if auth::Authority::shared().unwrap().fits_a_token(action) {
            continue;
        }
        let path = filled(row.path, &"0".repeat(32));
        let all = [("x-test", "owner@root#*")];
        let answer = call(&world, row.method.clone(), &path, &all, Some(&body(row.path))).await;
        assert_eq!(answer.status, 403, "{path}");
    }
}

/// Two requests, one of the root and one of a client, with a task each and a disclosure.
async fn two_organisations(world: &World) -> [(String, String); 2] {
    let mut made = Vec::new();
    for organisation in ["root", "acme"] {
        let who = "owner@root+acme";
        let of = |path: &str| format!("{path}?organisation={organisation}");
        let asked =
            json!({ "channel": "phone", "request": { "kind": "erasure", "name": "Canary Bird" } });
        let id = post(world, who, &of("/api/v1/requests"), asked).await.id();
        let task = json!({ "system": "paper", "what": "Find the Canary" });
        let task = post(world, who, &of(&format!("/api/v1/requests/{id}/tasks")), task).await.id();
        let disclosed = json!({
            "authority": "court", "demand": "order", "answer": "given", "people": 1, "particulars": "Canary",
        });
        post(world, who, &of("/api/v1/disclosures"), disclosed).await.id();
        made.push((id, task));
    }
    let [one, two] = made.try_into().unwrap();
    [one, two]
}

#[tokio::test]
async fn nobody_sees_or_touches_what_belongs_to_another_organisation() {
    let world = api("[api]\nper_minute = 100000\n").await;
    let made = two_organisations(&world).await;
    let strangers = [
        "client-officer@birch",
        "client-officer@birch#*",
        // What is assigned to a client's officer counts for nothing.
        "client-officer@birch+acme",
        "privacy-officer@root+birch",
    ];
    let (mut asked, mut opened) = (0, 0);
    for row in ours().iter().filter(|row| matches!(row.access, Access::May(_))) {
        for who in strangers {
            for (of, (request, task)) in [("root", &made[0]), ("acme", &made[1])] {
                if who.starts_with("privacy-officer@root") && of == "root" {
                    continue;
                }
                let id = if row.path.contains("/tasks/") { task } else { request };
                for query in
                    [format!("?organisation={of}"), String::new(), "?organisation=birch".to_owned()]
                {
                    // What a person of the root does at home is theirs.
                    if who.starts_with("privacy-officer@root") && query.is_empty() {
                        continue;
                    }
                    let path = format!("{}{query}", filled(row.path, id));
                    let sent = body(row.path);
                    let sent = (row.method == Method::POST).then_some(&sent);
                    let answer =
                        call(&world, row.method.clone(), &path, &[("x-test", who)], sent).await;
                    asked += 1;
                    let text = answer.text();
                    assert!(!text.contains("Canary"), "{who} {path} {text}");
                    assert!(!text.contains(request.as_str()), "{who} {path} {text}");
                    assert!(!answer.status.is_server_error(), "{who} {path} {text}");
                    if !query.contains(of) {
                        opened += usize::from(answer.status.is_success());
                        continue;
                    }
                    // What takes no organisation says so, and is not carried out either.
                    let refused = [403, 404, 409, 422].contains(&answer.status.as_u16());
                    assert!(
                        refused || answer.status == 401,
                        "{who} {path} {} {text}",
                        answer.status
                    );
                }
            }
        }
    }
    assert!(asked > 500 && opened > 10, "{asked} {opened}");
    // Nothing has changed.
    for (of, (id, _)) in [("root", &made[0]), ("acme", &made[1])] {
        let path = format!("/api/v1/requests/{id}?organisation={of}");
        let answer = get(&world, "owner@root+acme", &path).await;
        assert_eq!(answer.headers["etag"], "\"0\"", "{}", answer.text());
        assert_eq!(answer.json()["told"]["name"], "Canary Bird");
        assert!(answer.json()["tasks"][0]["done_at"].is_null());
    }
}

#[tokio::test]
async fn what_belongs_to_the_root_is_not_a_clients() {
    let world = api("").await;
    for path in [
        "promises",
        "promises/no-sale",
        "promises/changes",
        "duties",
        "versions",
        "map",
        "systems",
        "retention",
        "evidence",
        "evidence/checkpoint",
        "evidence/entries",
        "evidence/entries/0/proof",
        "settings",
        "jobs",
    ] {
        let path = format!("/api/v1/{path}");
        for who in ["client-officer@birch", "client-officer@birch#*"] {
            assert_eq!(get(&world, who, &path).await.status, 403, "{who} {path}");
        }
    }
}

#[tokio::test]
async fn a_request_goes_through_the_api_and_whoever_read_an_older_step_is_stopped() {
    let world = api("").await;
    let asked = json!({ "channel": "post", "received": "2026-01-05", "request": { "kind": "complaint", "text": "It is loud." } });
    let id = post(&world, OWNER, "/api/v1/requests", asked).await.id();
    let path = format!("/api/v1/requests/{id}");
    let read = get(&world, OWNER, &path).await;
    assert_eq!(read.headers["etag"], "\"0\"");
    assert_eq!(read.json()["status"], "unidentified");
    assert_eq!(read.json()["told"]["text"], "It is loud.");
    let auditor = get(&world, "technician@root", &path).await;
    assert!(auditor.json()["told"].is_null(), "a technician does not open it");
    let identify = format!("{path}/identify");
    let how = json!({ "how": "known_to_us" });
    let at = |step: &'static str| [("x-test", OWNER), ("if-match", step)];
    for stale in ["\"7\"", "\"nonsense\"", "W/\"0\""] {
        let answer = call(&world, Method::POST, &identify, &at(stale), Some(&how)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["type"].as_str()),
            (412, Some("tag:upheld.example,2026:stale")),
            "{stale}"
        );
    }
    let answer = call(&world, Method::POST, &identify, &at("\"0\""), Some(&how)).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    let answer = call(&world, Method::POST, &identify, &at("*"), Some(&how)).await;
    assert_eq!(answer.status, 409, "{}", answer.text());
    let answer = post(&world, OWNER, &format!("{path}/answer"), json!({ "what": "  " })).await;
    assert_eq!((answer.status.as_u16(), answer.json()["field"].as_str()), (422, Some("what")));
    let answer =
        post(&world, OWNER, &format!("{path}/answer"), json!({ "what": "Turned it down." })).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert_eq!(get(&world, OWNER, &path).await.json()["status"], "done");
    assert_eq!(get(&world, OWNER, &format!("{path}/files/package")).await.status, 404);
}

#[tokio::test]
async fn a_call_with_a_key_is_carried_out_once() {
    let world = api("").await;
    let asked = json!({ "channel": "phone", "request": { "kind": "complaint" } });
    let other = json!({ "channel": "phone", "request": { "kind": "erasure" } });
    let with = |who: &'static str, key: &'static str| [("x-test", who), ("idempotency-key", key)];
    let file = async |headers: &[(&str, &str)], body: &Value| {
        call(&world, Method::POST, "/api/v1/requests", headers, Some(body)).await
    };
    let first_key = with(OWNER, "k1");
    let (one, two) = tokio::join!(file(&first_key, &asked), file(&first_key, &asked));
    let first = if one.status == 201 { &one } else { &two };
    assert!([201, 409].contains(&one.status.as_u16()) && [201, 409].contains(&two.status.as_u16()));
    let again = file(&with(OWNER, "k1"), &asked).await;
    assert_eq!((again.status, again.json()), (first.status, first.json()), "the same answer");
    assert_eq!(again.headers[CONTENT_TYPE], "application/json");
    let answer = file(&with(OWNER, "k1"), &other).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["field"].as_str()),
        (422, Some("Idempotency-Key"))
    );
    assert_ne!(
        file(&with(OWNER, "k2"), &asked).await.id(),
        first.id(),
        "another key is another call"
    );
    assert_ne!(
        file(&with("privacy-officer@root", "k1"), &asked).await.id(),
        first.id(),
        "keys are the caller's own"
    );
    for bad in ["", "a b", "é"] {
        assert_eq!(
            file(&[("x-test", OWNER), ("idempotency-key", bad)], &asked).await.status,
            422,
            "{bad}"
        );
    }
    // What was refused may be tried again.
    let refused =
        json!({ "channel": "phone", "received": "2999-01-01", "request": { "kind": "complaint" } });
    assert_eq!(file(&with(OWNER, "k3"), &refused).await.status, 422);
    let path = format!("/api/v1/requests/{}/withdraw", first.id());
    assert_eq!(call(&world, Method::POST, &path, &with(OWNER, "k4"), None).await.status, 204);
    assert_eq!(call(&world, Method::POST, &path, &with(OWNER, "k4"), None).await.status, 204);
    assert_eq!(call(&world, Method::POST, &path, &with(OWNER, "k5"), None).await.status, 409);
    let listed = get(&world, OWNER, "/api/v1/requests").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
    // Somebody unknown sends a form twice.
    let form = json!({ "kind": "erasure", "email": "jane@acme.example" });
    let key = [("idempotency-key", "f1")];
    let one = call(&world, Method::POST, "/api/v1/intake", &key, Some(&form)).await;
    let two = call(&world, Method::POST, "/api/v1/intake", &key, Some(&form)).await;
    assert_eq!((one.status.as_u16(), one.json()), (201, two.json()));
    let state = std::fs::read(world.house().join(".upheld/upheld.db")).unwrap();
    let handle = one.json()["handle"].as_str().unwrap().to_owned();
    assert!(!state.windows(64).any(|part| part == handle.as_bytes()), "kept answers are sealed");
}

#[tokio::test]
async fn lists_come_in_parts_by_their_filters() {
    let world = api("").await;
    for number in 0..7 {
        let kind = if number % 2 == 0 { "complaint" } else { "erasure" };
        let asked = json!({ "channel": "phone", "request": { "kind": kind } });
        post(&world, OWNER, "/api/v1/requests", asked).await.id();
    }
    for (filter, count) in [
        ("", 7),
        ("&kind=erasure", 3),
        ("&open=true", 7),
        ("&open=true&status=unidentified&kind=complaint", 4),
        ("&status=done", 0),
    ] {
        let (mut seen, mut after) = (BTreeSet::new(), String::new());
        for round in 0.. {
            assert!(round < 9, "{filter}");
            let path = format!("/api/v1/requests?limit=2{filter}{after}");
            let part = get(&world, OWNER, &path).await.json();
            let items = part["items"].as_array().unwrap_or_else(|| panic!("{path} {part}"));
            assert!(items.len() <= 2);
            for one in items {
                assert!(seen.insert(one["id"].to_string()), "{path}");
            }
            match part["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), count, "{filter}");
    }
    let entries = get(&world, OWNER, "/api/v1/evidence/entries?limit=3").await.json();
    assert_eq!(entries["items"].as_array().unwrap().len(), 3);
    let next = entries["next"].as_str().unwrap();
    let more = get(&world, OWNER, &format!("/api/v1/evidence/entries?after={next}")).await.json();
    assert_eq!(more["items"].as_array().unwrap().len(), 4);
    assert!(more["next"].is_null());
    let proof = get(&world, OWNER, "/api/v1/evidence/entries/0/proof").await;
    assert!(proof.text().starts_with("c2sp.org/tlog-proof@v1\n"));
    assert_eq!(get(&world, OWNER, "/api/v1/evidence/entries/99/proof").await.status, 404);
}

#[tokio::test]
async fn bad_input_is_named_and_never_repeated() {
    let world = api("").await;
    let file = "/api/v1/intake";
    for (body, field) in [
        (json!({}), Some("kind")),
        (json!({ "kind": "canary" }), Some("kind")),
        (json!({ "kind": "erasure", "canary": 1 }), None),
        (json!({ "kind": "erasure", "email": 7 }), Some("email")),
        (json!({ "kind": "erasure", "acting": { "capacity": "canary" } }), Some("acting.capacity")),
        (json!({ "kind": "erasure", "text": "a\u{0}b" }), Some("text")),
        (
            json!({ "kind": "erasure", "other_emails": vec!["a@b.example"; 11] }),
            Some("other_emails"),
        ),
        (json!([]), None),
        (json!({ "kind": "erasure", "email": "" }), Some("email")),
        (
            json!({ "kind": "erasure", "acting": { "capacity": "agent", "email": " " } }),
            Some("acting.email"),
        ),
    ] {
        let answer = call(&world, Method::POST, file, &[], Some(&body)).await;
        let told = answer.json();
        assert_eq!((answer.status.as_u16(), told["field"].as_str()), (422, field), "{body} {told}");
        assert!(!answer.text().contains("canary"), "{told}");
        assert_eq!(told["status"], 422);
    }
    for (organisation, status) in [("root", 200), ("acme", 200), ("canary", 404)] {
        let path = format!("/api/v1/people?organisation={organisation}");
        assert_eq!(get(&world, OWNER, &path).await.status, status, "{organisation}");
    }
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("limit=999", "limit"),
        ("after=x", "after"),
        ("state=fine", "state"),
    ] {
        let answer = get(&world, OWNER, &format!("/api/v1/promises?{query}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["field"].as_str()),
            (422, Some(field)),
            "{query}"
        );
    }
    assert_eq!(get(&world, OWNER, "/api/v1/promises?canary=1").await.status, 422);
    assert_eq!(get(&world, OWNER, "/api/v1/promises?organisation=%00").await.status, 422);
    let mut request = Request::post(file).header(HOST, "127.0.0.1:8080");
    for (kind, body, status) in [
        (Some("application/json"), "{", 400),
        (Some("application/json"), "\u{feff}{}", 400),
        (Some("text/plain"), "{\"kind\":\"erasure\"}", 415),
        (None, "{\"kind\":\"erasure\"}", 415),
    ] {
        if let Some(kind) = kind {
            request = request.header(CONTENT_TYPE, kind);
        }
        let mut sent = request.body(Body::from(body)).unwrap();
        sent.extensions_mut().insert(Peer { address: "127.0.0.1:9".parse().unwrap(), tls: false });
        let answer = world.app.clone().oneshot(sent).await.unwrap();
        assert_eq!(answer.status(), status, "{body}");
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
        request = Request::post(file).header(HOST, "127.0.0.1:8080");
    }
    let much = json!({ "kind": "erasure", "text": "x".repeat(300_000) });
    assert_eq!(call(&world, Method::POST, file, &[], Some(&much)).await.status, 413);
    let answer = call(&world, Method::DELETE, file, &[], None).await;
    assert_eq!((answer.status.as_u16(), &answer.headers["allow"]), (405, &"POST".parse().unwrap()));
    assert_eq!(get(&world, OWNER, "/api/v1/nothing").await.status, 404);
    let from = [("origin", "https://evil.example")];
    assert_eq!(call(&world, Method::POST, file, &from, Some(&body(file))).await.status, 403);
}

#[tokio::test]
async fn whoever_calls_too_often_waits_and_is_told_how_long() {
    let world = api("[api]\nper_minute = 3\npublic_per_minute = 2\n").await;
    for (left, status) in [("r=2", 200), ("r=1", 200), ("r=0", 200), ("r=0", 429)] {
        let answer = get(&world, OWNER, "/api/v1/me").await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.headers["ratelimit-policy"], "\"calls\";q=3;w=60");
        assert!(answer.headers["ratelimit"].to_str().unwrap().contains(left), "{left}");
        assert_eq!(answer.headers.contains_key("retry-after"), status == 429);
    }
    assert_eq!(
        get(&world, "auditor@root", "/api/v1/me").await.status,
        200,
        "another has their own"
    );
    let confirm = json!({ "handle": "x", "code": "y" });
    for status in [200, 200, 429] {
        let answer =
            call(&world, Method::POST, "/api/v1/intake/confirm", &[], Some(&confirm)).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn what_the_console_shows_is_read_before_anything_was_looked_at() {
    let world = api("").await;
    for row in ours().iter().filter(|row| row.method == Method::GET && !row.path.contains('{')) {
        if row.path.ends_with("/checkpoint") {
            continue;
        }
        let answer = get(&world, OWNER, row.path).await;
        assert_eq!(answer.status, 200, "{} {}", row.path, answer.text());
    }
    let promise = get(&world, OWNER, "/api/v1/promises/no-sale").await.json();
    assert_eq!(
        (promise["id"].as_str(), promise["runs"].as_array().unwrap().len()),
        (Some("no-sale"), 0)
    );
    let draft =
        json!({ "version": "9", "form": "markdown", "text": "# Notice\n\nWe sell nothing." });
    let id = post(&world, OWNER, "/api/v1/versions", draft).await.id();
    let found = call(
        &world,
        Method::POST,
        &format!("/api/v1/versions/{id}/check"),
        &[("x-test", OWNER)],
        None,
    )
    .await;
    assert_eq!(
        (found.status.as_u16(), found.json()["sentences"].as_u64()),
        (200, Some(1)),
        "{}",
        found.text()
    );
    let day = json!({ "effective": "soon" });
    let answer = post(&world, OWNER, &format!("/api/v1/versions/{id}/schedule"), day).await;
    assert_eq!((answer.status.as_u16(), answer.json()["field"].as_str()), (422, Some("effective")));
    let whole = get(&world, OWNER, &format!("/api/v1/versions/{id}")).await.json();
    assert_eq!(
        (whole["stage"].as_str(), whole["sentences"].as_array().unwrap().len()),
        (Some("checked"), 2)
    );
}

#[tokio::test]
async fn a_task_is_given_to_somebody_who_works_here_and_to_no_name() {
    let world = api("").await;
    let asked = json!({ "channel": "phone", "request": { "kind": "erasure" } });
    let id = post(&world, OWNER, "/api/v1/requests", asked).await.id();
    let path = format!("/api/v1/requests/{id}/tasks");
    let task = |owner: &str| json!({ "system": "paper", "what": "Burn it.", "owner": owner });
    for owner in ["Jane Canary", "", &"0".repeat(32)] {
        let answer = post(&world, OWNER, &path, task(owner)).await;
        assert_eq!((answer.status.as_u16(), answer.json()["field"].as_str()), (422, Some("owner")));
    }
    let made =
        post(&world, OWNER, &path, json!({ "system": "paper", "what": "Burn it." })).await.id();
    let assign = format!("/api/v1/tasks/{made}/assign");
    assert_eq!(post(&world, OWNER, &assign, json!({ "owner": "Jane Canary" })).await.status, 422);
    let done = format!("/api/v1/tasks/{made}/done");
    let shows = json!({ "what": "Burned.", "evidence": { "name": "ash.txt", "bytes": "YXNo" } });
    assert_eq!(
        post(
            &world,
            OWNER,
            &done,
            json!({ "what": "x", "evidence": { "name": "a", "bytes": "%" } })
        )
        .await
        .status,
        422
    );
    assert_eq!(post(&world, OWNER, &done, shows.clone()).await.status, 204);
    assert_eq!(post(&world, OWNER, &done, shows).await.status, 409);
    let whole = get(&world, OWNER, &format!("/api/v1/requests/{id}")).await.json();
    assert_eq!(whole["tasks"][0]["evidence"], "ash.txt");
}
