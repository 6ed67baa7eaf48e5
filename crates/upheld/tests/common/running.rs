//! The program as a server.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::House;

/// A server that runs, and what it said when it began.
pub struct Running {
    child: Child,
    /// The address by which people reach it.
    pub url: String,
    /// Address and port.
    pub at: String,
    /// Where the first member of staff comes in.
    pub set_up: Option<String>,
    _out: BufReader<ChildStdout>,
}

impl Running {
    pub fn start(house: &House, variables: &[(&str, &str)]) -> Self {
        let words = ["serve", "--listen", "127.0.0.1:0", "--no-journal", "--json"];
        let mut command = house.command(&words);
        command.envs(variables.iter().copied()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let url = said["url"].as_str();
        let url = url.unwrap_or_else(|| panic!("the server does not start: {line}")).to_owned();
        let port = url.rsplit_once(':').unwrap().1;
        let at = format!("127.0.0.1:{port}");
        Self { child, at, set_up: said["set_up"].as_str().map(str::to_owned), url, _out: out }
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Kills it as a power failure would.
    pub fn kill(mut self) {
        self.signal("KILL");
        self.child.wait().unwrap();
    }

    /// Ends it as a service manager does; its exit code.
    pub fn end(mut self) -> Option<i32> {
        self.signal("TERM");
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    /// A test that fails leaves no server behind.
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
