//! A real Chromium, driven over two pipes by the protocol of its own developer tools: no driver, no
//! port, no Node. It ends with the pipes, however the test ends.
#![expect(clippy::indexing_slicing, reason = "`Value` answers null for what is not there")]

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A browser with one page.
pub struct Browser {
    process: Child,
    to: File,
    from: BufReader<File>,
    number: u64,
    session: String,
    complaints: Vec<String>,
    loaded: bool,
    _folder: tempfile::TempDir,
}

/// What the browser is told when it starts: nothing of its own may go out to anywhere.
const QUIET: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
    "--proxy-server=direct://",
];

impl Browser {
    /// Starts one with a profile that is thrown away.
    pub fn start() -> Self {
        let program = super::program_path("chromium", "chromium");
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder: {error}"));
        let [to, from] = ["to", "from"].map(|name| folder.path().join(name));
        super::run(Command::new("mkfifo").args([&to, &from]), "");
        let script = "profile=$1 to=$2 from=$3; shift 3; exec \"$@\" \"--user-data-dir=$profile\" 3<\"$to\" 4>\"$from\"";
        let process = Command::new("sh")
            .args(["-c", script, "sh"])
            .args([&folder.path().join("profile"), &to, &from])
            .arg(program)
            .args(QUIET)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("chromium does not start: {error}"));
        let open = |pipe: std::io::Result<File>| {
            pipe.unwrap_or_else(|error| panic!("no pipe to chromium: {error}"))
        };
        let to = open(File::options().write(true).open(&to));
        let from = BufReader::new(open(File::open(&from)));
        let mut browser = Self {
            process,
            to,
            from,
            number: 0,
            session: String::new(),
            complaints: Vec::new(),
            loaded: false,
            _folder: folder,
        };
        let target = browser.command("Target.createTarget", json!({ "url": "about:blank" }));
        let wanted = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.command("Target.attachToTarget", wanted);
        browser.session = session["sessionId"].as_str().unwrap_or_default().to_owned();
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            browser.command(domain, json!({}));
        }
        browser
    }

    /// Sends a command of the protocol, and waits for its answer.
    pub fn command(&mut self, method: &str, params: Value) -> Value {
        self.number += 1;
        let mut message = json!({ "id": self.number, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).unwrap_or_else(|error| panic!("chromium has ended: {error}"));
        loop {
            let answer = self.read();
            if answer["id"] == self.number {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    /// Reads one message, and remembers what the page complained of.
    fn read(&mut self) -> Value {
        let mut bytes = Vec::new();
        let read = self.from.read_until(0, &mut bytes);
        if !matches!(read, Ok(1..)) {
            panic!("chromium has ended");
        }
        bytes.pop();
        let message: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let params = &message["params"];
        match message["method"].as_str() {
            Some("Log.entryAdded") => {
                let entry = &params["entry"];
                self.complaints.push(format!("{}: {}", entry["level"], entry["text"]));
            }
            Some("Runtime.exceptionThrown") => {
                self.complaints.push(params["exceptionDetails"]["text"].to_string());
            }
            Some("Page.loadEventFired") => self.loaded = true,
            _ => {}
        }
        message
    }

    /// Opens a page and waits until it stands.
    pub fn open(&mut self, url: &str) {
        self.loaded = false;
        self.command("Page.navigate", json!({ "url": url }));
        self.wait();
    }

    fn wait(&mut self) {
        while !self.loaded {
            self.read();
        }
    }

    /// Gives the browser a keeper of passkeys that always says who it is, as a finger would.
    pub fn passkeys(&mut self) {
        self.command("WebAuthn.enable", json!({}));
        let keeper = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true,
            "automaticPresenceSimulation": true,
        });
        self.command("WebAuthn.addVirtualAuthenticator", json!({ "options": keeper }));
    }

    /// Types into the first field that a selector names.
    pub fn fill(&mut self, selector: &str, text: &str) {
        let (selector, text) = (json!(selector), json!(text));
        let field = format!("document.querySelector({selector})");
        assert_eq!(self.value(&format!("{field}.value = {text}")), text, "{selector}");
    }

    /// Presses what a selector names, and waits until the page stands to which it leads.
    pub fn press(&mut self, selector: &str) {
        self.follow(&format!("document.querySelector({}).click()", json!(selector)));
    }

    /// Where the page stands: the path of its address.
    pub fn path(&mut self) -> String {
        self.value("location.pathname").as_str().unwrap_or_default().to_owned()
    }

    /// Does something in the page that leads to another one, and waits until that stands.
    pub fn follow(&mut self, expression: &str) {
        self.loaded = false;
        self.value(&format!("{expression}; 0"));
        self.wait();
    }

    /// The width of the window, and whether its user likes the dark.
    pub fn looks(&mut self, width: u32, dark: bool) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.command("Emulation.setDeviceMetricsOverride", size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.command("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Headers that are sent with everything.
    pub fn headers(&mut self, headers: Value) {
        self.command("Network.setExtraHTTPHeaders", json!({ "headers": headers }));
    }

    /// What an expression comes to in the page. The page's own policy does not bind it.
    pub fn value(&mut self, expression: &str) -> Value {
        let wanted = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true,
        });
        let answer = self.command("Runtime.evaluate", wanted);
        assert!(answer["exceptionDetails"].is_null(), "{}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// A picture of the whole page: a PNG in base 64.
    pub fn picture(&mut self) -> String {
        let wanted = json!({ "captureBeyondViewport": true });
        let answer = self.command("Page.captureScreenshot", wanted);
        answer["data"].as_str().unwrap_or_default().to_owned()
    }

    /// What pages complained of since it was asked last: policies that were broken, files that were
    /// missing, errors of scripts.
    pub fn complaints(&mut self) -> Vec<String> {
        // An answer comes after everything that was said before it.
        self.value("0");
        std::mem::take(&mut self.complaints)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
