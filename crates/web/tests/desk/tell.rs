//! A version of the notice is announced to everybody, over HTTP and in a real browser.

use testkit::http;

use super::{AUDITOR, OFFICER, OWNER, Served, World, behind};

/// A form with a file.
fn multipart(fields: &[(&str, &str)], file: Option<(&str, &str)>) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    if let Some((name, text)) = file {
        body.push_str(&format!(
            "--b\r\nContent-Disposition: form-data; name=\"list\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n"
        ));
    }
    body.push_str("--b--\r\n");
    body.into_bytes()
}

fn send(world: &World, who: &str, path: &str, body: &[u8]) -> (u16, String) {
    let headers = [("x-test", who), ("Content-Type", "multipart/form-data; boundary=b")];
    let answer = http::send(&world.server, "POST", path, &headers, body);
    (answer.status, answer.text())
}

const VERSIONS: &str = "/console/versions";

fn look(world: &World) -> Vec<String> {
    let mut eye = crate::Eye::new(&format!("http://{}", world.server));
    eye.browser.headers(serde_json::json!({ "x-test": OWNER }));
    let text = "# Notice\n\nWe keep less than before, and we tell you so.\n";
    let fields = [("version", "2"), ("form", "md"), ("text", text)];
    assert_eq!(world.act(OWNER, VERSIONS, &fields).0, 303);
    let page = world.see(OWNER, VERSIONS);
    assert!(page.contains("Tell everybody by mail, once"), "{page}");
    eye.open(VERSIONS, "tell-checked");
    let id = behind(&page, "/console/versions/").split('/').next().unwrap().to_owned();
    let day = jiff::Zoned::now().date().checked_add(jiff::Span::new().days(40)).unwrap();
    let day = day.to_string();
    let fields = [
        ("effective", day.as_str()),
        ("because", "the systems are connected next week"),
        ("tell", "yes"),
        ("words_en", "Invoices stay for seven years instead of ten."),
        ("words_fr", "Les factures restent sept ans au lieu de dix."),
    ];
    let path = format!("{VERSIONS}/{id}/schedule");
    let (status, said) = world.act(OWNER, &path, &fields);
    assert_eq!(status, 303, "{said}");
    let letter = world.letter("bob@acme.example", "Invoices stay for seven years");
    assert!(letter.contains("/en/versions/2") && letter.contains("/en/request"), "{letter}");
    world.letter("jane@acme.example", "privacy notice");
    let page = world.until(AUDITOR, VERSIONS, "2 of 2 people told");
    assert!(!page.contains("Tell further people"), "an auditor starts nothing");
    // Further people, and one who was told already.
    let body = multipart(
        &[("place.billing.invoices.email", "yes")],
        Some(("list.csv", "address,language\njane@acme.example\nlee@acme.example,fr\n")),
    );
    let tell = format!("{VERSIONS}/{id}/tell");
    assert_eq!(send(world, AUDITOR, &tell, &body).0, 403);
    let (status, said) = send(world, OFFICER, &tell, &body);
    assert_eq!(status, 303, "{said}");
    let letter = world.letter("lee@acme.example", "Les factures restent sept ans");
    assert!(letter.contains("/fr/versions/2"), "{letter}");
    let page = world.until(OFFICER, VERSIONS, "3 of 3 people told");
    assert_eq!(world.post.mails_to("jane@acme.example").len(), 1, "nobody is told twice");
    let wrong = multipart(&[], Some(("list.csv", "jane@acme.example\nno address\n")));
    let (status, said) = send(world, OFFICER, &tell, &wrong);
    assert!(status == 422 && said.contains("line 2") && !said.contains("no address\n"), "{said}");
    let asked = format!("/console/announcements/{}", behind(&page, "/console/announcements/"));
    let asked = format!("{}/asked", asked.trim_end_matches("/asked"));
    for (email, says) in [
        ("JANE@acme.example", "of the log binds it"),
        ("kim@acme.example", "no place that was read"),
    ] {
        let (status, said) = world.act(AUDITOR, &asked, &[("email", email)]);
        assert!(status == 200 && said.contains(says), "{said}");
        assert!(!said.to_lowercase().contains("@acme.example"), "{said}");
    }
    eye.open(VERSIONS, "tell-told");
    eye.browser.fill("input[name=email]", "jane@acme.example");
    eye.browser.follow("document.querySelector('input[name=email]').form.submit()");
    eye.stay("tell-asked");
    // The business changes hands.
    let body = multipart(
        &[("successor", "Southlight IT"), ("day", &day), ("place.billing.invoices.email", "yes")],
        None,
    );
    let (status, said) = send(world, OFFICER, "/console/announcements", &body);
    assert_eq!(status, 303, "{said}");
    world.letter("jane@acme.example", "Southlight IT");
    world.until(OWNER, VERSIONS, "2 of 2 people told");
    let public = world.get("/fr").text();
    assert!(public.contains("appartient à Southlight IT"), "{public}");
    let notice = world.get("/notice.json");
    assert!(
        notice.head.to_lowercase().contains("access-control-allow-origin: *"),
        "{}",
        notice.head
    );
    let json: serde_json::Value = serde_json::from_slice(&notice.body).unwrap();
    let kinds: Vec<_> =
        json["announcements"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["notice_change", "change_of_control"], "{json}");
    assert!(
        json["announcements"][0]["text"]["fr"].as_str().unwrap().contains("version 2"),
        "{json}"
    );
    eye.open(VERSIONS, "tell-all");
    eye.open("/en", "tell-notice");
    eye.open("/fr", "tell-notice-fr");
    banner(world, &mut eye);
    let letters = world.see(OWNER, "/console/letters?language=fr");
    assert!(letters.contains("notre avis de confidentialité change"), "{letters}");
    eye.wrong
}

/// The lines for a home page, on a page of somebody else's.
fn banner(world: &World, eye: &mut crate::Eye) {
    let page = world.see(OWNER, VERSIONS);
    let (_, rest) = page.split_once("&lt;p id=&quot;privacy-news&quot;").unwrap_or_else(|| {
        page.split_once("&#60;p id=&#34;privacy-news&#34;").unwrap_or_else(|| panic!("{page}"))
    });
    let (lines, _) = rest.split_once("</pre>").unwrap();
    let plain = |text: &str| {
        [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#60;", "<"),
            ("&#62;", ">"),
            ("&#34;", "\""),
            ("&#38;", "&"),
            ("&amp;", "&"),
        ]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let lines = format!("<p id=\"privacy-news\"{}", plain(lines));
    // Without a public address of its own the lines name none: the test gives the server's.
    let lines = lines.replace("fetch(\"/", &format!("fetch(\"http://{}/", world.server));
    let lines = lines.replace("fetch(\"http://localhost", "fetch(\"http://127.0.0.1");
    let html = format!(
        "<!doctype html><html lang=\"fr-CA\"><title>Home</title><body>{lines}</body></html>"
    );
    let home = tempfile::NamedTempFile::with_suffix(".html").unwrap();
    std::fs::write(home.path(), &html).unwrap();
    // A header of the test's own would be asked about first.
    eye.browser.headers(serde_json::json!({}));
    eye.browser.open(&format!("file://{}", home.path().display()));
    let mut text = String::new();
    for _ in 0..50 {
        text = eye.browser.value("document.getElementById('privacy-news').innerText").to_string();
        if text.contains("version 2") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let said = eye.browser.complaints();
    let shown = text.contains("La version 2") && text.contains("Southlight IT");
    assert!(shown, "{text} {said:?} {html}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_is_told_and_it_stands_in_a_real_browser() {
    let Served { _place, address, post, lines, stop, _reload, running } = Served::start().await;
    let world = World { server: address, post, secrets: Vec::new() };
    let wrong = tokio::task::spawn_blocking(move || look(&world)).await.unwrap();
    stop.send(true).unwrap();
    running.await.unwrap().unwrap();
    let written = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(!written.contains("acme.example"), "{written}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
