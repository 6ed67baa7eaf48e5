//! One's own pages: from the address to what is held, over HTTP and in a real browser.

use testkit::http;

use super::{OWNER, Served, World, behind, code};

/// The page without what is random in it.
fn plain(answer: &testkit::http::Answer, secret: &str) -> String {
    answer.text().replace(secret, "SECRET")
}

fn look(world: &mut World) -> Vec<String> {
    let mut eye = crate::Eye::new(&format!("http://{}", world.server));
    for language in ["en", "fr"] {
        eye.open(&format!("/{language}/me"), &format!("me-door-{language}"));
    }
    assert!(world.get("/fr").text().contains("n’existe qu’en anglais"), "the notice is in English");
    assert!(!world.get("/en").text().contains("is in French only"));
    // Whoever is known is answered with the same bytes as anybody.
    let mut pages = Vec::new();
    for email in ["jane@acme.example", "nobody@acme.example"] {
        let sent = world.post("/fr/me", &[("email", email)]);
        assert_eq!(sent.status, 200);
        let handle = sent.field("handle");
        pages.push(plain(&sent, &handle));
        world.secrets.push(handle);
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(world.post("/en/me", &[("email", "nobody")]).status, 422);
    let letter = world.letter("jane@acme.example", "votre code");
    let handle = world.secrets[0].clone();
    let wrong = world.post("/fr/me/code", &[("handle", &handle), ("code", "AAAA-AAAA")]);
    assert!(wrong.status == 422 && wrong.field("handle") == handle);
    let entered = world.post("/fr/me/code", &[("handle", &handle), ("code", &code(&letter))]);
    assert_eq!(entered.status, 200, "{}", entered.text());
    let pass = entered.field("pass");
    world.secrets.push(pass.clone());
    let mut page = String::new();
    for _ in 0..100 {
        page = world.post("/fr/me/page", &[("pass", &pass)]).text();
        if page.contains("Jane Marjoram") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    for says in ["Jane Marjoram", "adresse de courriel", "Billing, Invoices", "1 enregistrement"] {
        assert!(page.contains(says), "{says}: {page}");
    }
    assert!(!page.contains("bob@acme.example"), "{page}");
    let ask = |more: &[(&str, &str)]| {
        let fields: Vec<(&str, &str)> =
            [("pass", pass.as_str())].into_iter().chain(more.iter().copied()).collect();
        world.post("/fr/me/ask", &fields)
    };
    assert_eq!(ask(&[("kind", "rectification"), ("what", "name")]).status, 422);
    assert_eq!(ask(&[("kind", "closure")]).status, 422, "it must be ticked");
    let fields = [
        ("kind", "rectification"),
        ("what", "name"),
        ("before", "Jane Marjoram"),
        ("after", "Jane Doe"),
    ];
    let filed = ask(&fields);
    assert!(filed.status == 200 && filed.text().contains("n’a pas besoin d’être confirmée"));
    assert_eq!(ask(&[("kind", "closure"), ("sure", "yes")]).status, 200);
    let queue = world.see(OWNER, "/console/requests");
    let id = behind(&queue, "/console/requests/root/").to_owned();
    let opened = world.post("/fr/me/request", &[("pass", &pass), ("request", &id)]);
    assert!(opened.status == 200 && opened.text().contains("Demande "), "{}", opened.text());
    let agreed = world.post("/fr/me/agree", &[("pass", &pass), ("version", "1")]);
    assert!(agreed.text().contains("est conservé sous le numéro"), "{}", agreed.text());
    let receipt = world.letter("jane@acme.example", "ceci est votre reçu");
    assert!(receipt.contains("version 1"), "{receipt}");
    // In the browser, in English.
    let url = eye.url.clone();
    eye.browser.open(&format!("{url}/en/me"));
    eye.browser.fill("input[name=email]", "bob@acme.example");
    eye.browser.follow("document.forms[0].submit()");
    eye.stay("me-code");
    let fresh = code(&world.letter("bob@acme.example", "wants to see"));
    eye.browser.fill("input[name=code]", &fresh);
    eye.browser.follow("document.forms[0].submit()");
    eye.stay("me-looking");
    std::thread::sleep(std::time::Duration::from_secs(3));
    let again = "document.querySelector('form[action$=\"/me/page\"]')?.submit()";
    eye.browser.follow(again);
    eye.browser.value("document.querySelectorAll('details').forEach(one => one.open = true)");
    eye.stay("me-page");
    eye.browser.follow("document.querySelector('form[action$=\"/me/leave\"]').submit()");
    eye.stay("me-left");
    let left = world.post("/fr/me/leave", &[("pass", &pass)]);
    assert!(left.status == 200 && left.text().contains("Vous avez quitté"));
    assert_eq!(world.post("/fr/me/page", &[("pass", &pass)]).status, 410);
    let others = http::post(&world.server, "/fr/me/page", &[], &[("pass", "0")]);
    assert_eq!(others.status, 410);
    eye.wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ones_own_pages_stand_in_a_real_browser() {
    let Served { _place, address, post, lines, stop, _reload, running } = Served::start().await;
    let mut world = World { server: address, post, secrets: Vec::new() };
    let (wrong, secrets) = tokio::task::spawn_blocking(move || {
        let wrong = look(&mut world);
        (wrong, world.secrets)
    })
    .await
    .unwrap();
    stop.send(true).unwrap();
    running.await.unwrap().unwrap();
    let written = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(!written.contains("acme.example"), "{written}");
    assert!(secrets.iter().all(|secret| !written.contains(secret.as_str())), "{written}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
