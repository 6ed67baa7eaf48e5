//! The whole application as a browser meets it, without a socket.

use std::path::Path;
use std::sync::Arc;

use app::{House, Means};
use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, LOCATION,
};
use axum::http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::client::Peer;
use crate::doorman::{Doorman, Nobody};
use crate::routes::{self, Access, Kind, Row};
use crate::site::Site;
use crate::{Journal, Settings, layer};

/// A site over a fresh policy folder.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) app: Router,
    pub(crate) site: Arc<Site>,
}

pub(crate) async fn world() -> World {
    world_with("", &[], Arc::new(Nobody)).await
}

/// The same with settings of its own, other files, and somebody at the door.
pub(crate) async fn world_with(
    settings: &str,
    files: &[(&str, &str)],
    doorman: Arc<dyn Doorman>,
) -> World {
    let folder = tempfile::tempdir().unwrap();
    let house = folder.path().join("msp");
    app::init::init(&house, "msp-canada").unwrap();
    std::fs::write(house.join("upheld.toml"), format!("anchors = []\n{settings}")).unwrap();
    for (name, text) in files {
        let path = house.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let house = House::open(&house, Means::of_this_machine()).unwrap();
    let settings = Settings::of(&house, &app::Serve::default()).unwrap();
    let site = Site::open(house, &settings, settings.address().unwrap(), Journal::none(), doorman)
        .await
        .unwrap();
    let site = Arc::new(site);
    let app = layer::application(&site, routes::table()).unwrap();
    World { folder, app, site }
}

impl World {
    pub(crate) fn house(&self) -> std::path::PathBuf {
        self.folder.path().join("msp")
    }

    /// Sends a request from a peer with headers.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        peer: &str,
        headers: &[(&str, &str)],
    ) -> Response<Body> {
        self.send_with(method, path, peer, headers, Body::empty()).await
    }

    pub(crate) async fn send_body(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response<Body> {
        self.send_with(method, path, "127.0.0.1:9", headers, Body::from(body.to_owned())).await
    }

    async fn send_with(
        &self,
        method: Method,
        path: &str,
        peer: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request = request.header(HOST, "127.0.0.1:8080");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body).unwrap();
        let peer = Peer { address: peer.parse().unwrap(), tls: false };
        request.extensions_mut().insert(peer);
        self.app.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, String) {
        let response = self.send(Method::GET, path, "127.0.0.1:999", &[]).await;
        let status = response.status();
        (status, text(response).await)
    }
}

pub(crate) async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

const LOCAL: &str = "127.0.0.1:999";

#[tokio::test]
async fn every_public_page_answers_in_both_languages_without_script_cookie_or_stranger() {
    let world = world_with("", &[], Arc::new(Nobody)).await;
    for lang in ["en", "fr"] {
        for path in ["", "/places/CA-QC", "/versions", "/recipients", "/contact"] {
            let path = format!("/{lang}{path}");
            let response = world.send(Method::GET, &path, LOCAL, &[]).await;
            assert_eq!(response.status(), 200, "{path}");
            assert!(!response.headers().contains_key("set-cookie"), "{path}");
            let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
            assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(response.headers()[CACHE_CONTROL], "public, max-age=60", "{path}");
            let page = text(response).await;
            assert!(page.contains(&format!("<html lang=\"{lang}\">")), "{path}");
            for bad in ["<script", "style=", "<style", "http://", "onclick", "src=\"https"] {
                assert!(!page.contains(bad), "{path} has {bad}");
            }
        }
    }
}

#[tokio::test]
async fn the_start_leads_to_the_language_that_is_wanted() {
    let world = world().await;
    for (asked, there) in [("fr-CA,en;q=0.5", "/fr"), ("de", "/en"), ("", "/en")] {
        let headers = [(ACCEPT_LANGUAGE.as_str(), asked)];
        let response = world.send(Method::GET, "/", LOCAL, &headers).await;
        assert_eq!(response.headers()[LOCATION], there, "{asked}");
        assert!(response.headers()["vary"].to_str().unwrap().contains("accept-language"));
    }
}

#[tokio::test]
async fn one_stroke_too_many_leads_to_the_page_and_never_to_another_site() {
    let world = world().await;
    for (path, there) in [("/en/", "/en"), ("/fr/contact/", "/fr/contact"), ("/x/", "/x")] {
        let response = world.send(Method::GET, path, LOCAL, &[]).await;
        assert_eq!(response.headers()[LOCATION], there, "{path}");
    }
    for path in ["//evil.example/", "/en//evil.example/"] {
        let response = world.send(Method::GET, path, LOCAL, &[]).await;
        assert_eq!(response.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_path_without_a_row_does_not_exist_and_says_so_in_its_language() {
    let world = world().await;
    for (path, status, said) in [
        ("/de", 404, "There is nothing here"),
        ("/fr/nulle-part", 404, "Il n’y a rien ici"),
        ("/en/versions/none", 404, "There is nothing here"),
        ("/en/versions/%3Cscript%3E", 404, "There is nothing here"),
        ("/en/places/XX", 404, "There is nothing here"),
        ("/assets/style.css", 404, "There is nothing here"),
        ("/.upheld/keys", 404, "There is nothing here"),
        ("/en/../upheld.toml", 404, "There is nothing here"),
    ] {
        let (found, page) = world.get(path).await;
        assert_eq!(found, status, "{path}");
        assert!(page.contains(said) && !page.contains("script>"), "{path}: {page}");
    }
    let response = world.send(Method::DELETE, "/en", LOCAL, &[]).await;
    assert_eq!(
        (response.status(), &response.headers()["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"GET".parse().unwrap())
    );
    let response =
        world.send(Method::GET, "/api/none", LOCAL, &[(ACCEPT.as_str(), "application/json")]).await;
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    assert!(text(response).await.contains("\"status\":404"));
}

#[tokio::test]
async fn a_name_that_is_not_ours_is_sent_away() {
    let world = world().await;
    for (host, status) in [
        ("127.0.0.1:8080", 200),
        ("localhost", 200),
        ("[::1]:8080", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:8080", 421),
    ] {
        let response = world.send(Method::GET, "/en", LOCAL, &[("host", host)]).await;
        assert_eq!(response.status(), status, "{host}");
    }
    let public = "[serve]\npublic_url = \"https://privacy.acme.example\"\n";
    let world = world_with(public, &[], Arc::new(Nobody)).await;
    for (host, status) in [("privacy.acme.example", 200), ("acme.example", 421)] {
        let response = world.send(Method::GET, "/en", LOCAL, &[("host", host)]).await;
        assert_eq!(response.status(), status, "{host}");
        assert!(response.headers().contains_key("strict-transport-security"));
    }
}

#[tokio::test]
async fn metrics_are_for_this_machine_or_for_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "a-long-token\n").unwrap();
    let settings = format!("[serve]\nmetrics_token = \"file:{}\"\n", token.display());
    let world = world_with(&settings, &[], Arc::new(Nobody)).await;
    let with = "Bearer a-long-token";
    for (peer, headers, status) in [
        (LOCAL, vec![], 200),
        (LOCAL, vec![("x-forwarded-for", "203.0.113.9")], 403),
        ("203.0.113.9:1", vec![], 403),
        ("203.0.113.9:1", vec![("authorization", "Bearer wrong")], 403),
        ("203.0.113.9:1", vec![("authorization", with)], 200),
        ("203.0.113.9:1", vec![("x-forwarded-for", "127.0.0.1")], 403),
    ] {
        let response = world.send(Method::GET, "/metrics", peer, &headers).await;
        assert_eq!(response.status(), status, "{peer} {headers:?}");
    }
    let (_, before) = world.get("/metrics").await;
    assert!(
        before.contains(
            "upheld_http_answers_total{route=\"/metrics\",method=\"GET\",status=\"403\"} 4"
        ),
        "{before}"
    );
}

#[tokio::test]
async fn health_is_told_to_everybody_and_says_nothing_more() {
    let world = world().await;
    assert_eq!(world.get("/healthz").await, (StatusCode::OK, "ok\n".to_owned()));
    assert_eq!(world.get("/readyz").await, (StatusCode::OK, "{\"ready\":true}".to_owned()));
    world.site.leave();
    assert_eq!(world.get("/readyz").await.0, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn files_are_kept_for_ever_and_every_page_names_them_by_their_hash() {
    let world = world().await;
    let (_, page) = world.get("/en").await;
    let sheet = world.site.assets.style.clone();
    assert!(page.contains(&sheet));
    let response = world.send(Method::GET, &sheet, LOCAL, &[]).await;
    assert_eq!(response.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert!(response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("sandbox"));
    let sheet = text(response).await;
    assert!(sheet.starts_with(render::STYLE_SHEET), "one place for the tokens");
    assert!(!include_str!("style.css").contains("--paper:"), "and no second one");
}

#[tokio::test]
async fn a_changed_policy_is_read_and_one_that_is_not_sound_is_not_taken() {
    let world = world().await;
    let file = world.house().join("policy.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("name: Northlight IT ", "name: Southlight IT ")).unwrap();
    assert!(world.site.refresh().unwrap());
    assert!(world.get("/en").await.1.contains("Southlight IT"));
    assert!(!world.site.refresh().unwrap(), "nothing changed since");
    std::fs::write(&file, "organisation: [").unwrap();
    assert!(world.site.refresh().is_err());
    assert!(world.get("/en").await.1.contains("Southlight IT"), "the last that was sound");
}

const PAST: &str = "# Privacy notice\n\nWe keep tickets for ten years.\n\n## What we use it for\n\nWe do not sell personal data and do not share it for advertising.\n";

async fn with_past() -> World {
    let world = world().await;
    let file = world.house().join("policy.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let past = "  past: [{ version: \"0 β\", file: notice-0.md, effective: 2024-01-01 }]\n  version: \"1\"";
    std::fs::write(&file, text.replace("  version: \"1\"", past)).unwrap();
    std::fs::write(world.house().join("notice-0.md"), PAST).unwrap();
    assert!(world.site.refresh().unwrap());
    world
}

#[tokio::test]
async fn past_versions_can_be_read_and_compared() {
    let world = with_past().await;
    let (_, list) = world.get("/fr/versions").await;
    assert!(
        list.contains("/fr/versions/0%20%CE%B2") && list.contains("1er janvier 2024"),
        "{list}"
    );
    let (status, old) = world.get("/en/versions/0%20%CE%B2").await;
    assert!(status == 200 && old.contains("ten years") && old.contains("no longer holds"));
    let (status, changes) = world.get("/en/versions/1/changes").await;
    assert_eq!(status, 200);
    assert!(changes.contains("We keep tickets for ten years.</del>"), "{changes}");
    assert!(
        !changes.contains("We do not sell personal data and do not share it for advertising.</")
    );
    assert_eq!(world.get("/en/versions/0%20%CE%B2/changes").await.0, 404, "nothing before it");
}

#[tokio::test]
async fn states_are_shown_only_of_promises_that_were_chosen() {
    let hidden = world().await.get("/en").await.1;
    assert!(!hidden.contains("class=\"p "), "none by default");
    let all = world_with("[centre]\npromises = \"all\"\n", &[], Arc::new(Nobody)).await;
    let shown = all.get("/fr").await.1;
    assert!(
        shown.contains("class=\"p n\"") && shown.contains("non prouvée"),
        "never looked: unproven"
    );
    let one = world_with("[centre]\npromises = [\"no-sale\"]\n", &[], Arc::new(Nobody)).await;
    let count = one.get("/en").await.1.matches("class=\"p ").count();
    assert!((1..shown.matches("class=\"p ").count()).contains(&count), "{count}");
}

#[test]
fn every_row_that_changes_something_is_for_somebody_and_no_row_stands_twice() {
    let mut seen = std::collections::BTreeSet::new();
    for row in routes::table() {
        assert!(seen.insert((row.path, row.method.to_string())), "{} {}", row.method, row.path);
        if row.path.starts_with("/console") {
            assert!(matches!(row.access, Access::SignedIn | Access::May(_)), "{}", row.path);
        }
    }
}

#[tokio::test]
async fn nothing_that_was_asked_for_stands_in_the_journal() {
    struct Sink(std::sync::mpsc::Sender<Vec<u8>>);
    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(std::io::Error::other)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (lines, written) = std::sync::mpsc::channel();
    let world = world().await;
    let house = House::open(Path::new(&world.house()), Means::of_this_machine()).unwrap();
    let settings = Settings::of(&house, &app::Serve::default()).unwrap();
    let site = Site::open(
        house,
        &settings,
        settings.address().unwrap(),
        Journal::to(Sink(lines)),
        Arc::new(Nobody),
    )
    .await;
    let site = Arc::new(site.unwrap());
    let broken =
        async || Err::<&str, _>(crate::failure::Failure::Broken { part: "disk", passes: false });
    let mut table = routes::table();
    table.push(Row::get("/broken", Access::Public(Kind::Page), broken));
    let app = layer::application(&site, table).unwrap();
    let world = World { app, site, ..world };
    let answer = world.get("/broken").await;
    assert!(answer.0 == 500 && !answer.1.contains("disk"), "{}", answer.1);
    for path in ["/en/versions/jane.doe?mail=jane.doe", "/jane.doe", "/en?jane.doe"] {
        world.send(Method::GET, path, LOCAL, &[("user-agent", "jane.doe")]).await;
    }
    let mut said = String::new();
    while said.lines().count() < 4 {
        said.push_str(&String::from_utf8(written.recv().unwrap()).unwrap());
    }
    assert!(!said.contains("jane"), "{said}");
    assert!(said.contains("\"status\":500,\"failed\":\"disk\""), "{said}");
    assert!(said.contains("\"route\":\"/{lang}/versions/{version}\",\"status\":404"), "{said}");
}
