//! The form as a browser meets it, without a mail server.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST, REFERRER_POLICY, RETRY_AFTER};
use axum::http::{Method, Request, Response};
use tower::ServiceExt as _;

use crate::client::Peer;
use crate::doorman::Nobody;
use crate::tests::{World, text, world, world_with};

const FORM: &str = "application/x-www-form-urlencoded";

async fn post(world: &World, path: &str, kind: &str, body: &str) -> Response<Body> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, "127.0.0.1:8080")
        .header(CONTENT_TYPE, kind);
    let mut request = request.body(Body::from(body.to_owned())).unwrap();
    let peer = Peer { address: "192.0.2.7:999".parse().unwrap(), tls: false };
    request.extensions_mut().insert(peer);
    world.app.clone().oneshot(request).await.unwrap()
}

/// The page without the one thing that is random in it.
fn without_handle(page: &str) -> String {
    let (before, rest) = page.split_once("name=\"handle\" value=\"").unwrap();
    let (handle, after) = rest.split_once('"').unwrap();
    assert_eq!(handle.len(), 64);
    format!("{before}{after}")
}

#[tokio::test]
async fn every_kind_is_taken_in_both_languages_and_the_next_step_follows_from_the_form_alone() {
    let world = world().await;
    for (lang, kind, more, says) in [
        ("en", "access", "email=jane%40acme.example", "Look into your mail"),
        ("fr", "erasure", "email=jane%40acme.example&name=Jane", "Consultez votre courriel"),
        ("en", "closure", "", "A person of ours now looks"),
        ("en", "opt_out", "", "There is nothing more to do"),
        ("fr", "consent_withdrawal", "email=a%40b.example", "Vous n’avez plus rien à faire"),
        ("en", "erasure", "acting=parent&acting_email=p%40a.example", "Show us a document"),
        ("en", "erasure", "acting=agent&email=j%40a.example", "Show us a document"),
        (
            "en",
            "rectification",
            "email=j%40a.example&what1=name&after1=Jane+Doe",
            "Look into your mail",
        ),
        ("en", "complaint", "text=Nobody+answers", "A person of ours now looks"),
    ] {
        let body = format!("kind={kind}&{more}");
        let response = post(&world, &format!("/{lang}/request"), FORM, &body).await;
        assert_eq!(response.status(), 200, "{body}");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()[REFERRER_POLICY], "no-referrer");
        let page = text(response).await;
        assert!(page.contains(says), "{body}: {page}");
    }
    for kind in app::intake::Kind::ALL {
        let (status, page) = world.get(&format!("/en/request?kind={}", kind.key())).await;
        assert_eq!(status, 200);
        let chosen = format!("value=\"{}\" required checked", kind.key());
        assert!(page.contains(&chosen), "{chosen}");
    }
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_said_beside_what_was_filled_in() {
    let world = world().await;
    let long = format!("kind=access&name={}", "x".repeat(400));
    for (lang, body, says) in [
        ("en", "email=jane%40acme.example", "Choose what you ask for."),
        ("fr", "kind=dance&email=jane%40acme.example", "Choisissez ce que vous demandez."),
        ("en", "kind=unsorted&email=jane%40acme.example", "Choose what you ask for."),
        ("fr", "kind=access&email=jane%40acme.example&others=bob", "vérifiez l’orthographe"),
        ("en", &long, "A line is too long"),
    ] {
        let response = post(&world, &format!("/{lang}/request"), FORM, body).await;
        assert_eq!(response.status(), 422, "{body}");
        let page = text(response).await;
        assert!(page.contains(says) && page.contains("role=\"alert\""), "{page}");
        let kept = !body.contains("jane") || page.contains("value=\"jane@acme.example\"");
        assert!(kept, "what was typed is not lost: {page}");
        assert!(!page.contains("name=\"handle\""));
    }
    let mean = "kind=access&email=%22%3E%3Cscript%3E&text=%3C%2Ftextarea%3E%3Cscript%3E";
    let page = text(post(&world, "/en/request", FORM, mean).await).await;
    assert!(!page.contains("<script"), "{page}");
}

#[tokio::test]
async fn whoever_is_known_is_answered_with_the_same_bytes_as_anybody() {
    let world = world().await;
    let mut pages = Vec::new();
    for email in ["jane%40acme.example", "none%40acme.example"] {
        for _ in 0..2 {
            let body = format!("kind=erasure&email={email}");
            let response = post(&world, "/en/request", FORM, &body).await;
            assert_eq!(response.status(), 200);
            pages.push(without_handle(&text(response).await));
        }
    }
    pages.dedup();
    assert_eq!(pages.len(), 1);
    let wrong = post(&world, "/en/request/code", FORM, "handle=none&code=AAAA-AAAA").await;
    assert_eq!(wrong.status(), 422);
}

#[tokio::test]
async fn opening_a_link_changes_nothing_and_looks_the_same_for_every_key() {
    let world = world().await;
    for part in ["confirm", "page"] {
        let mut pages = Vec::new();
        for key in ["0".repeat(64), "f".repeat(64)] {
            let path = format!("/fr/request/{part}/{key}");
            let (status, page) = world.get(&path).await;
            assert_eq!(status, 200, "{path}");
            assert!(page.contains("method=\"post\"") && page.contains("noindex"), "{page}");
            pages.push(page.replace(&key, "KEY"));
        }
        assert_eq!(pages[0], pages[1]);
    }
    let mean = world.get("/en/request/confirm/%22%3E%3Cscript%3E").await.1;
    assert!(!mean.contains("<script"), "{mean}");
    let gone = post(&world, "/en/request/confirm", FORM, "key=none").await;
    assert_eq!(gone.status(), 410);
    assert!(text(gone).await.contains("no longer works"));
    let asked = post(&world, "/en/request/page/code", FORM, "key=none").await;
    assert_eq!(asked.status(), 200, "nobody hears whether there is such a request");
    let wrong = post(&world, "/en/request/page", FORM, "key=none&code=AAAA-AAAA").await;
    assert_eq!(wrong.status(), 422);
    let closed = post(&world, "/en/request/file", FORM, "pass=none&kind=package").await;
    assert_eq!(closed.status(), 410);
}

#[tokio::test]
async fn a_document_is_answered_alike_for_every_key_and_must_be_a_file() {
    let world = world().await;
    let kind = "multipart/form-data; boundary=b";
    let with = |file: &str| {
        format!(
            "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nnone\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"id.png\"\r\n\r\n{file}\r\n--b--\r\n"
        )
    };
    let taken = post(&world, "/en/request/document", kind, &with("%PDF-1.7 a picture")).await;
    assert_eq!(taken.status(), 200);
    assert!(text(taken).await.contains("the document has arrived"));
    for (what, file) in [("nothing", ""), ("a page that calls itself a picture", "<script>")] {
        let none = post(&world, "/en/request/document", kind, &with(file)).await;
        assert_eq!(none.status(), 422, "{what}");
        assert!(text(none).await.contains("Choose a PDF or a picture"), "{what}");
    }
    let large = post(&world, "/en/request/document", kind, &with(&"x".repeat(9 << 20))).await;
    assert_eq!(large.status(), 413);
    assert!(text(large).await.contains("too much at once"));
}

#[tokio::test]
async fn a_network_that_sends_too_much_is_told_when_to_come_again() {
    let world = world_with("[serve]\nforms_a_minute = 2\n", &[], Arc::new(Nobody)).await;
    for turn in 0..2 {
        let response = post(&world, "/fr/request", FORM, "kind=opt_out").await;
        assert_eq!(response.status(), 200, "{turn}");
    }
    let response = post(&world, "/fr/request", FORM, "kind=opt_out").await;
    assert_eq!(response.status(), 429);
    let seconds: u32 = response.headers()[RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    assert!(text(response).await.contains("attendez 1 minute"));
    assert_eq!(world.get("/fr/request").await.0, 200, "reading is free");
    let (_, figures) = world.get("/metrics").await;
    let counted = "route=\"/{lang}/request\",method=\"POST\",status=\"429\"} 1";
    assert!(figures.contains(counted), "{figures}");
}
