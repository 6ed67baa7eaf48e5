//! Every page in a real browser: the policy of its content is not broken, nothing is wider than the
//! window, every control has a name, headings go down one step at a time, text can be read.
//!
//! `UPHELD_LOOK=FOLDER` keeps pictures of all pages there; `UPHELD_AXE=axe.min.js` asks axe-core too.
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

mod desk;

use std::collections::BTreeSet;
use std::sync::Arc;

use app::{House, Means};
use auth::{Actor, Door, Membership, MembershipState, Role, Strength};
use testkit::browser::Browser;
use web::{Journal, Server, Settings};

/// An owner who was never invited: looks at the systems before anybody is here.
fn owner(at: model::Micros) -> Actor {
    let membership = Membership {
        organisation: auth::ROOT.to_owned(),
        role: Role::Owner,
        state: MembershipState::Active,
        assigned: BTreeSet::new(),
    };
    let strength = Strength::TwoFactors { shown_at: at };
    let door = Door::Session { id: "session".to_owned(), strength };
    Actor::sample("0123456789abcdef0123456789abcdef".to_owned(), membership, door, at)
}

const PUBLIC: [&str; 15] = [
    "/en",
    "/fr",
    "/en/places/CA-QC",
    "/en/versions",
    "/en/versions/1/changes",
    "/fr/recipients",
    "/en/contact",
    "/fr/contact",
    "/en/nothing-here",
    "/sign-in",
    "/en/request",
    "/fr/request?kind=rectification",
    "/fr/request/confirm/0",
    "/en/request/page/0",
    "/fr/request/page/0",
];

/// Pages that stand after a form was sent: how they are called, where the form is, and what is done there.
const SENT: [(&str, &str, &str); 6] = [
    ("request-wrong", "/fr/request", "f.noValidate = true; f.submit()"),
    ("request-code", "/en/request?kind=erasure", "f.email.value = 'jane@acme.example'; f.submit()"),
    ("request-person", "/fr/request?kind=erasure", "f.submit()"),
    ("request-begun", "/en/request?kind=opt_out", "f.submit()"),
    ("request-link-over", "/en/request/confirm/0", "f.submit()"),
    ("request-page-code", "/fr/request/page/0", "f.submit()"),
];

const STAFF: [&str; 23] = [
    "/console",
    "/console/promises",
    "/console/promises?state=broken",
    "/console/promises/no-sale",
    "/console/versions",
    "/console/map",
    "/console/systems",
    "/console/systems/connect",
    "/console/systems/connect?kind=postgres",
    "/console/systems/connect?kind=files",
    "/console/webhooks",
    "/console/system/exports",
    "/console/retention",
    "/console/evidence",
    "/console/settings",
    "/console/requests",
    "/console/requests/calendar",
    "/console/disclosures",
    "/console/people",
    "/console/tokens",
    "/console/account",
    "/console/account/app",
    "/step-up",
];

/// What must hold of every page; the answer is what does not.
const CHECK: &str = r##"(() => {
  const wrong = [];
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) wrong.push(`${wide} pixels wider than the window`);
  let last = 0;
  for (const head of document.querySelectorAll('h1,h2,h3,h4')) {
    const level = Number(head.tagName[1]);
    if (level > last + 1) wrong.push(`a heading of level ${level} after one of ${last}: ${head.textContent}`);
    last = level;
  }
  if (document.querySelectorAll('h1').length !== 1) wrong.push('not one main heading');
  if (document.querySelectorAll('main').length !== 1) wrong.push('not one main part');
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
  if (new Set(ids).size !== ids.length) wrong.push('an id stands twice');
  for (const one of document.querySelectorAll('a,button,input,select,textarea')) {
    const name = one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.[0]?.textContent.trim();
    if (!name && one.type !== 'hidden' && !one.hidden) wrong.push(`no name: ${one.outerHTML}`);
  }
  for (const one of document.querySelectorAll('a[href^="#"]'))
    if (!document.getElementById(one.getAttribute('href').slice(1))) wrong.push(`leads nowhere: ${one.outerHTML}`);
  const luminance = colour => {
    const [r, g, b] = colour.map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const rgba = text => { const parts = text.match(/[\d.]+/g)?.map(Number) ?? []; return text.startsWith('rgb') ? parts : null; };
  for (const one of document.querySelectorAll('main *')) {
    const text = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    const box = one.getBoundingClientRect();
    if (!text || !box.width || one.closest('.vh,svg')) continue;
    let ground = one;
    let under = null;
    while (ground && !under) {
      const colour = rgba(getComputedStyle(ground).backgroundColor);
      if (colour && (colour.length < 4 || colour[3] === 1)) under = colour;
      ground = ground.parentElement;
    }
    const ink = rgba(getComputedStyle(one).color);
    if (!ink || !under) continue;
    const [a, b] = [luminance(ink.slice(0, 3)), luminance(under.slice(0, 3))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) wrong.push(`contrast ${contrast.toFixed(2)}: ${one.outerHTML.slice(0, 120)}`);
  }
  return wrong;
})()"##;

const AXE: &str = "axe.run(document, { runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'] }).then(found => found.violations.map(one => `${one.id} (${one.impact}) ${one.nodes.length}: ${one.nodes[0].html.slice(0, 160)}`))";

/// A folder with a past version, a promise shown to the public, and a first look.
async fn serve(folder: &std::path::Path) -> (Server, String) {
    let house = folder.join("msp");
    app::init::init(&house, "msp-canada").unwrap();
    let settings = "anchors = []\n[centre]\npromises = \"all\"\ncolour = \"#0b5cad\"\ncolour_dark = \"#8ec5ff\"\nlogo = \"logo.svg\"\n";
    std::fs::write(house.join("upheld.toml"), settings).unwrap();
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 28\"><path d=\"M4 24L20 4l16 20z\" fill=\"#0b5cad\"/></svg>";
    std::fs::write(house.join("logo.svg"), logo).unwrap();
    let notice = std::fs::read_to_string(house.join("notice.md")).unwrap();
    let past =
        notice.replace("for 7 years", "for 10 years").replace("## What we hold", "## What we have");
    std::fs::write(house.join("notice-0.md"), past).unwrap();
    let policy = house.join("policy.yaml");
    let text = std::fs::read_to_string(&policy).unwrap();
    let version = "  sections: [{ heading: What we use it for, for: [CA-QC], effective: 2026-02-01 }]\n  past: [{ version: \"0\", file: notice-0.md, effective: 2024-01-01, announced: 2023-12-01 }]\n  version: \"1\"";
    std::fs::write(&policy, text.replace("  version: \"1\"", version)).unwrap();
    std::fs::create_dir_all(house.join("data")).unwrap();
    let people = "name,email\nJane Doe,jane.doe@acme.example\nJohn Roe,john.roe@acme.example\n";
    std::fs::write(house.join("data/people.csv"), people).unwrap();
    let house = House::open(&house, Means::of_this_machine()).unwrap();
    let settings = Settings { listen: "127.0.0.1:0".to_owned(), ..Settings::default() };
    let server = Server::open(house, settings, Journal::none()).await.unwrap();
    let url = server.url();
    (server, url)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_stands_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let (server, url) = serve(folder.path()).await;
    let site = Arc::clone(server.site());
    let link = server.first_link().await.unwrap().unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let (_reload, reloads) = tokio::sync::mpsc::channel(1);
    let running = tokio::spawn(server.run(stopped, reloads));
    let me = owner(site.house.now());
    let wish = app::connect_system::Wish {
        name: "exports".to_owned(),
        url: "files:data".to_owned(),
        ..Default::default()
    };
    site.house.connect_system(wish, &mut |_| {}).await.unwrap();
    for subject in app::console::Subject::ALL {
        site.house.look_at(&me, subject).await.unwrap();
    }
    let wrong =
        tokio::task::spawn_blocking(move || look(&url, link.expose_secret())).await.unwrap();
    stop.send(true).unwrap();
    running.await.unwrap().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[expect(clippy::disallowed_methods, reason = "what is kept of a run is said where it is run")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Looks at pages in every width, in light and dark, and remembers what is wrong with them.
struct Eye {
    browser: Browser,
    url: String,
    kept: Option<String>,
    axe: Option<String>,
    wrong: Vec<String>,
}

impl Eye {
    fn new(url: &str) -> Self {
        Self {
            browser: Browser::start(),
            url: url.to_owned(),
            kept: variable("UPHELD_LOOK"),
            axe: variable("UPHELD_AXE").map(|file| std::fs::read_to_string(file).unwrap()),
            wrong: Vec::new(),
        }
    }

    /// Opens a page each time anew, and looks.
    fn open(&mut self, path: &str, name: &str) {
        self.look(Some(path), name);
    }

    /// Looks at the page that stands there, which nobody can open by its address.
    fn stay(&mut self, name: &str) {
        self.look(None, name);
    }

    fn look(&mut self, path: Option<&str>, name: &str) {
        let browser = &mut self.browser;
        // 720 pixels are 1440 at 200 %.
        for (width, dark) in [(1440, false), (1440, true), (720, false), (390, false), (390, true)]
        {
            browser.looks(width, dark);
            if let Some(path) = path {
                browser.open(&format!("{}{path}", self.url));
            }
            let mut found: Vec<String> =
                serde_json::from_value(browser.value(CHECK)).unwrap_or_default();
            if let Some(axe) = &self.axe {
                browser.value(&format!("{axe};0"));
                found.extend(serde_json::from_value::<Vec<String>>(browser.value(AXE)).unwrap());
            }
            // That a page says no is not a fault of the page.
            let said = ["404 (Not Found)", "410 (Gone)", "422 (Unprocessable", "409 (Conflict)"];
            let fault = |one: &String| !said.iter().any(|said| one.contains(said));
            found.extend(browser.complaints().into_iter().filter(fault));
            let at = format!("{name} at {width}{}", if dark { " in the dark" } else { "" });
            self.wrong.extend(found.into_iter().map(|what| format!("{at}: {what}")));
            if let Some(folder) = &self.kept {
                let dark = if dark { "-dark" } else { "" };
                let name = name.trim_matches('/').replace(['/', '?', '='], "-");
                let file = format!("{folder}/{name}-{width}{dark}.png.b64");
                std::fs::write(file, browser.picture()).unwrap();
            }
        }
    }
}

fn look(url: &str, link: &str) -> Vec<String> {
    let mut eye = Eye::new(url);
    eye.browser.passkeys();
    // What everybody sees, then how the first one comes in, then what staff see.
    for path in PUBLIC {
        eye.open(path, path);
    }
    for (name, path, does) in SENT {
        eye.browser.open(&format!("{url}{path}"));
        eye.browser.follow(&format!("(f => {{ {does} }})(document.forms[0])"));
        eye.stay(name);
    }
    eye.open(link.strip_prefix(url).unwrap(), "come-in");
    come_in(&mut eye.browser, link);
    for path in STAFF {
        eye.open(path, path);
    }
    // A system that is connected: what is refused, and what is found.
    let connect = format!("{url}/console/systems/connect?kind=files");
    for (name, path) in [("connect-refused", "nowhere"), ("connect-found", "data")] {
        eye.browser.open(&connect);
        let fill =
            format!("f.elements['name'].value = 'more'; f.path.value = '{path}'; f.submit()");
        eye.browser.follow(&format!("(f => {{ {fill} }})(document.querySelector('form.fields'))"));
        // Reading a file of two lines takes less than the script waits before it looks again.
        #[expect(clippy::disallowed_methods, reason = "the browser waits in a process of its own")]
        std::thread::sleep(std::time::Duration::from_secs(4));
        eye.stay(name);
    }
    eye.wrong
}

/// The first member of staff makes a passkey.
fn come_in(browser: &mut Browser, link: &str) {
    browser.open(link);
    browser.fill("#key-name", "Ann Oak");
    browser.fill("#key-email", "ann@example.com");
    browser.press("form[data-passkey] button");
    assert_eq!(browser.path(), "/console");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_passkey_somebody_comes_in_goes_and_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let (server, url) = serve(folder.path()).await;
    let link = server.first_link().await.unwrap().unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let (_reload, reloads) = tokio::sync::mpsc::channel(1);
    let running = tokio::spawn(server.run(stopped, reloads));
    let story = move || {
        let mut browser = Browser::start();
        browser.passkeys();
        browser.open(&format!("{url}/console"));
        assert_eq!(browser.path(), "/sign-in", "nobody is in yet");
        come_in(&mut browser, link.expose_secret());
        browser.open(link.expose_secret());
        assert!(browser.value("document.body.innerText").to_string().contains("no longer works"));
        browser.open(&format!("{url}/console/account"));
        browser.press("form[action='/sign-out'] button");
        assert_eq!(browser.path(), "/sign-in");
        browser.open(&format!("{url}/console/people"));
        assert_eq!(browser.path(), "/sign-in", "and the session is over");
        browser.press("form[data-passkey] button");
        assert_eq!(browser.path(), "/console");
        // What cannot be undone asks for it once more.
        browser.open(&format!("{url}/step-up?to=/console/people"));
        browser.press("form[data-passkey] button");
        assert_eq!(browser.path(), "/console/people");
        let complaints = browser.complaints();
        // One is the page that was refused, the other what signing out has cleared.
        let known = |one: &String| one.contains("422") || one.contains("Clear-Site-Data");
        assert!(complaints.iter().all(known), "{complaints:?}");
    };
    tokio::task::spawn_blocking(story).await.unwrap();
    stop.send(true).unwrap();
    running.await.unwrap().unwrap();
}
