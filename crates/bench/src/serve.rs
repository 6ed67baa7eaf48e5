//! The server with a past: how soon it is there, what it needs, and how many pages and forms it answers
//! in a second, beside a loop that reads a head and answers as many bytes.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use auth::totp::Totp;
use evidence::Ledger;
use model::Micros;
use serde_json::json;
use store::{Event, Location, Only, Store, new_id};
use testkit::http;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use vault::{OsRng, Vault};

use crate::binary::{program, run as run_program};
use crate::report::{Bar, Line, Report, median};

/// Connections that ask at once, each its next question as soon as the last is answered.
const ASKING: usize = 8;
/// How long each round of questions lasts.
const ROUND: Duration = Duration::from_secs(5);
/// Rows in one transaction.
const BATCH: usize = 2_000;
/// The pages that people look at most.
const PAGES: [&str; 4] =
    ["/console", "/console/promises", "/console/requests", "/console/evidence"];
const PASSWORD: &str = "pelican violin granite";
type Fault = Box<dyn std::error::Error>;

pub(crate) fn run(requests: usize, receipts: usize, rounds: u64) {
    let mut report = Report::new("serve");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder: {error}"));
    let house = folder.path().join("policy");
    let init = run_program(&program(), folder.path(), &["init", &house.to_string_lossy()]);
    assert_eq!(init.code, Some(0), "{}", init.said);
    let settings = "anchors = []\n[serve]\nworkers = 0\nforms_a_minute = 4000000000\n";
    std::fs::write(house.join("upheld.toml"), settings)
        .unwrap_or_else(|error| panic!("no room: {error}"));
    // One person comes in and one request comes: what is copied a hundred thousand times.
    let (session, server) = first(&house);
    let form = [("kind", "access"), ("email", "jane@acme.example"), ("text", "All of it, please.")];
    assert_eq!(http::post(&server.at, "/en/request", &[], &form).status, 200);
    drop(server);
    let filled = runtime.block_on(fill(&house.join(".upheld"), requests, receipts));
    filled.unwrap_or_else(|error| panic!("the past cannot be written: {error}"));
    let mut starts = Vec::new();
    for _ in 0..rounds {
        starts.push(Server::start(&house).ready);
    }
    let server = Server::start(&house);
    std::thread::sleep(Duration::from_secs(2));
    let idle = resident(&server.child);
    figures_of_the_start(&mut report, &starts, idle, requests, receipts);
    let cookie = format!("Cookie: {session}\r\n");
    for page in PAGES {
        let answer = http::get(&server.at, page, &[("Cookie", &session)]);
        if answer.status == 404 {
            continue;
        }
        assert_eq!(answer.status, 200, "{page}: {}", answer.text());
        let question = format!("GET {page} HTTP/1.1\r\nHost: {}\r\n{cookie}\r\n", server.at);
        let (mut ours, mut slow, mut bare) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rounds {
            let bytes = answer.head.len() + answer.body.len() + 4;
            bare.push(runtime.block_on(beside(&question, bytes)));
            let asked = runtime.block_on(ask(&server.at, |_| question.clone()));
            ours.push(asked.0);
            slow.push(asked.1);
        }
        lines(&mut report, page, (&ours, &slow, &bare), 500.0);
    }
    let (mut ours, mut slow, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let form = |number: usize| {
            let person = format!("person{round}x{number}@acme.example");
            let body = http::form(&[("kind", "access"), ("email", &person), ("text", "Please.")]);
            format!(
                "POST /en/request HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                server.at,
                body.len()
            )
        };
        bare.push(runtime.block_on(beside(&form(0), 6_000)));
        let asked = runtime.block_on(ask(&server.at, form));
        ours.push(asked.0);
        slow.push(asked.1);
    }
    lines(&mut report, "/en/request (the form, sent)", (&ours, &slow, &bare), 300.0);
    report.raw("resident_mib_after_all", resident(&server.child));
    report.raw("requests", requests);
    report.raw("receipts", receipts);
    report.keep();
}

fn figures_of_the_start(
    report: &mut Report,
    starts: &[f64],
    idle: f64,
    requests: usize,
    receipts: usize,
) {
    report.line(&Line {
        what: format!(
            "serve: first answer after the start, {requests} requests and {receipts} receipts kept"
        ),
        ours: (median(starts), "ms"),
        beside: None,
        figure: (median(starts), "ms"),
        bar: Bar::AtMost(300.0),
        moonshot: Bar::None,
    });
    report.line(&Line {
        what: "serve: memory when idle".to_owned(),
        ours: (idle, "MiB"),
        beside: None,
        figure: (idle, "MiB"),
        bar: Bar::AtMost(60.0),
        moonshot: Bar::None,
    });
    report.raw("start_ms", json!(starts));
}

fn lines(report: &mut Report, what: &str, figures: (&[f64], &[f64], &[f64]), least: f64) {
    let (ours, slow, bare) = figures;
    report.line(&Line {
        what: format!("serve: {what}"),
        ours: (median(ours), "/s"),
        beside: Some(("a loop that answers as many bytes", median(bare), "/s")),
        figure: (median(ours), "/s"),
        bar: Bar::AtLeast(least),
        moonshot: Bar::None,
    });
    let is_page = least > 400.0;
    report.line(&Line {
        what: format!("serve: {what}, 99 of 100 within"),
        ours: (median(slow), "ms"),
        beside: None,
        figure: (median(slow), "ms"),
        bar: if is_page { Bar::AtMost(30.0) } else { Bar::None },
        moonshot: Bar::None,
    });
    let raw = json!({ "per_second": ours, "p99_ms": slow, "bare_per_second": bare });
    report.raw(what, raw);
}

/// The program as a server.
struct Server {
    child: Child,
    at: String,
    set_up: Option<String>,
    /// Milliseconds until it answered for the first time.
    ready: f64,
}

impl Server {
    fn start(house: &Path) -> Self {
        use std::io::BufRead as _;
        let begun = Instant::now();
        let mut child = Command::new(program())
            .arg("-C")
            .arg(house)
            .args(["serve", "--listen", "127.0.0.1:0", "--no-journal", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("the server does not start: {error}"));
        let mut line = String::new();
        let out = child.stdout.take().unwrap_or_else(|| panic!("no output"));
        drop(std::io::BufReader::new(out).read_line(&mut line));
        let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let text = |key: &str| said.get(key).and_then(|it| it.as_str()).map(str::to_owned);
        let url = text("url").unwrap_or_else(|| panic!("the server does not start: {line}"));
        let at = format!("127.0.0.1:{}", url.rsplit(':').next().unwrap_or_default());
        assert_eq!(http::get(&at, "/healthz", &[]).status, 200);
        let ready = begun.elapsed().as_secs_f64() * 1e3;
        Self { child, at, set_up: text("set_up"), ready }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        drop(Command::new("kill").args(["-s", "TERM", &id]).status());
        drop(self.child.wait());
    }
}

/// The first of the staff comes in; the cookie of the session.
fn first(house: &Path) -> (String, Server) {
    let server = Server::start(house);
    let link = server.set_up.clone().unwrap_or_else(|| panic!("somebody is there already"));
    let link = link.rsplit('/').next().unwrap_or_default().to_owned();
    let page = http::get(&server.at, &format!("/come-in/set-up/{link}"), &[]);
    let ceremony = page.field("ceremony");
    let text = page.text();
    let typed = text.split_once("<code class=\"mono\">").and_then(|(_, it)| it.split_once('<'));
    let typed = typed.map(|(typed, _)| typed).unwrap_or_default();
    let now = jiff::Timestamp::now().as_microsecond();
    let code = Totp::of_bytes(base32(typed)).code(Micros(now));
    let code = code.unwrap_or_else(|error| panic!("no code: {error}"));
    let fields = [
        ("link", link.as_str()),
        ("name", "Ann"),
        ("email", "ann@example.com"),
        ("password", PASSWORD),
        ("ceremony", &ceremony),
        ("code", &code),
    ];
    let answer = http::post(&server.at, "/come-in/set-up", &[], &fields);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let cookie = answer.head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let (pair, _) = value.split_once(';')?;
        (name.eq_ignore_ascii_case("set-cookie") && pair.starts_with("upheld=")).then_some(pair)
    });
    let cookie = cookie.unwrap_or_else(|| panic!("no session")).to_owned();
    (cookie, server)
}

/// The letters that a person types into an app, as bytes.
fn base32(typed: &str) -> Vec<u8> {
    let value = |sign: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(sign);
    let bits: Vec<usize> = typed
        .chars()
        .filter_map(value)
        .flat_map(|five| (0..5).rev().map(move |bit| five >> bit & 1))
        .collect();
    let byte = |bits: &[usize]| bits.iter().fold(0, |byte, bit| byte << 1 | bit);
    bits.chunks_exact(8).map(|bits| u8::try_from(byte(bits)).unwrap_or_default()).collect()
}

/// Copies the one request as often as wanted, and lets as much have happened.
async fn fill(state: &Path, requests: usize, receipts: usize) -> Result<(), Fault> {
    const PURPOSE: &str = "request";
    let store = Store::open(&Location::Sqlite(state.join("upheld.db"))).await?;
    let vault = Vault::open_or_create(&state.join("keys"), Arc::new(OsRng))?;
    let mut tx = store.begin().await?;
    let all = tx.all_requests("root", (Micros(i64::MAX), ""), Only::default(), 1).await?;
    let origin = tx.setting("ledger.origin").await?.ok_or("the log has no name")?;
    tx.rollback().await?;
    let ledger = Ledger::open(&state.join("ledger"), &origin)?;
    let one = all.first().ok_or("the form left no request")?.clone();
    let sealed = one.body.as_deref().ok_or("the request has no body")?;
    let told = vault.open_sealed(PURPOSE, &one.id, sealed)?;
    let mut left = requests;
    while left > 0 {
        let mut tx = store.begin().await?;
        for number in 0..left.min(BATCH) {
            let id = new_id(&OsRng);
            let body = Some(vault.seal(PURPOSE, &id, &told)?);
            let hour = i64::try_from(left - number)?.saturating_mul(60_000_000);
            let received_at = Micros(one.received_at.0 - hour);
            tx.insert_request(&store::Request { id, body, received_at, ..one.clone() }).await?;
        }
        tx.commit().await?;
        left = left.saturating_sub(BATCH);
    }
    let mut left = receipts;
    while left > 0 {
        let events: Vec<Event> = (0..left.min(BATCH)).map(|_| event(one.received_at)).collect();
        let mut tx = store.begin().await?;
        tx.append_events(&events).await?;
        tx.commit().await?;
        ledger.seal_pending(&store, &vault).await?;
        left = left.saturating_sub(BATCH);
    }
    store.close().await;
    Ok(())
}

fn event(at: Micros) -> Event {
    let mut salt = [0; 32];
    model::Rng::fill(&OsRng, &mut salt);
    let body = br#"{"kind":"system erased","about":{"rows":3}}"#.to_vec();
    let (organisation, kind) = ("measured".to_owned(), "system erased".to_owned());
    Event { id: new_id(&OsRng), organisation, kind, case: None, at, body, salt }
}

/// Memory that is resident, in MiB.
fn resident(child: &Child) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|it| it.parse().ok());
    kib.unwrap_or(0.0) / 1_024.0
}

/// Asks as fast as it is answered: answers in a second, and the milliseconds within which 99 of 100 came.
async fn ask(at: &str, question: impl Fn(usize) -> String) -> (f64, f64) {
    let begun = Instant::now();
    let question = &question;
    let asking = (0..ASKING).map(|first| async move {
        let mut took = Vec::new();
        let mut wire = TcpStream::connect(at).await?;
        wire.set_nodelay(true)?;
        let mut number = first;
        let mut room = vec![0; 1 << 20];
        while begun.elapsed() < ROUND {
            let text = question(number);
            number += ASKING;
            let sent = Instant::now();
            wire.write_all(text.as_bytes()).await?;
            answer(&mut wire, &mut room).await?;
            took.push(sent.elapsed().as_secs_f64() * 1e3);
        }
        Ok::<_, std::io::Error>(took)
    });
    let took = futures_util::future::join_all(asking).await;
    let seconds = begun.elapsed().as_secs_f64();
    let took: Result<Vec<Vec<f64>>, _> = took.into_iter().collect();
    let took = took.unwrap_or_else(|error| panic!("the server hung up: {error}"));
    let mut took: Vec<f64> = took.into_iter().flatten().collect();
    took.sort_by(f64::total_cmp);
    let slow = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
    (took.len() as f64 / seconds, slow)
}

/// Reads one answer, which must be a good one.
async fn answer(wire: &mut TcpStream, room: &mut [u8]) -> std::io::Result<()> {
    let (mut have, mut want) = (0, None);
    while want.is_none_or(|want| have < want) {
        let read = wire.read(room.get_mut(have..).unwrap_or_default()).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        have += read;
        let got = room.get(..have).unwrap_or_default();
        if want.is_none()
            && let Some(end) = memchr::memmem::find(got, b"\r\n\r\n")
        {
            let head = String::from_utf8_lossy(got.get(..end).unwrap_or_default()).to_lowercase();
            assert!(head.starts_with("http/1.1 200"), "{head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.and_then(|it| it.trim().parse().ok()).unwrap_or(0);
            want = Some(end + 4 + length);
        }
    }
    Ok(())
}

/// The same questions to a loop that reads a head and a body and answers so many bytes.
async fn beside(question: &str, bytes: usize) -> f64 {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let listener = listener.unwrap_or_else(|error| panic!("no port: {error}"));
    let at = listener.local_addr().map(|at| at.to_string()).unwrap_or_default();
    let asked = question.len();
    let looping = tokio::spawn(async move {
        while let Ok((mut wire, _)) = listener.accept().await {
            tokio::spawn(async move {
                drop(wire.set_nodelay(true));
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n");
                let reply = [head.into_bytes(), vec![b'x'; bytes]].concat();
                let mut room = vec![0; asked];
                while wire.read_exact(&mut room).await.is_ok() {
                    if wire.write_all(&reply).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    let (rate, _) = ask(&at, |_| question.to_owned()).await;
    looping.abort();
    rate
}
