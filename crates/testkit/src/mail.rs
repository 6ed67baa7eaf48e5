//! A mail server (SMTP) that keeps what it takes, Debian's aiosmtpd, and a mailbox (IMAP).

mod imap;

use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::keeper::{Keeper, await_ready};
use crate::{free_port, run};

pub use imap::Imap;

/// A throwaway SMTP server on loopback. An address that begins with `gone` is refused for good, one with
/// `later` is put off twice, one with `slow` is taken after a second.
pub struct Smtp {
    port: u16,
    keeper: Keeper,
}

impl Smtp {
    /// Starts one that talks to anybody, without encryption.
    pub fn start() -> Self {
        Self::start_as("plain")
    }

    /// Starts one that wants STARTTLS and the account `post` with the password `letters`.
    pub fn start_guarded() -> Self {
        Self::start_as("guarded")
    }

    fn start_as(mode: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("upheld-smtp-").tempdir_in("/tmp");
        let folder = folder.unwrap_or_else(|error| panic!("no temporary folder: {error}")).keep();
        let script = folder.join("smtp.py");
        std::fs::write(&script, include_str!("mail/smtp.py"))
            .unwrap_or_else(|error| panic!("the server's script cannot be written: {error}"));
        certificate(&folder);
        let port = free_port();
        let words = [
            // The one for which Debian packs its modules.
            "/usr/bin/python3".to_owned(),
            script.to_string_lossy().into_owned(),
            port.to_string(),
            folder.to_string_lossy().into_owned(),
            mode.to_owned(),
        ];
        let server = Self { port, keeper: Keeper::start(folder, ["TERM", "KILL"], &words) };
        server.await_ready();
        server
    }

    fn await_ready(&self) {
        let ready = || TcpStream::connect(("127.0.0.1", self.port)).is_ok();
        await_ready(ready, || {
            format!(
                "{}\nis python3-aiosmtpd installed? scripts/test-servers.sh installs it",
                self.keeper.log()
            )
        });
    }

    /// Its port on 127.0.0.1.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The certificate that vouches for it, as PEM.
    pub fn authority(&self) -> PathBuf {
        self.keeper.folder().join("cert.pem")
    }

    /// Every mail that it took, the oldest first, with the envelope in a line `X-Envelope` before it.
    pub fn mails(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.keeper.folder().join("mails"));
        let mut files: Vec<PathBuf> = entries
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
        files.sort();
        let text = |path: &PathBuf| {
            std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        };
        files.iter().filter_map(|path| text(path).ok()).collect()
    }

    /// The mails to an address, each as its subject and its plain text, the oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<String> {
        const READ: &str = "import sys, email, email.policy
for text in sys.stdin.read().split('\\0'):
    mail = email.message_from_string(text, policy=email.policy.default)
    print(mail['subject']); print(mail.get_body(('plain',)).get_content()); print('\\0', end='')";
        let end = format!("> {address}");
        let to = |mail: &String| mail.lines().next().is_some_and(|line| line.ends_with(&end));
        let all: Vec<String> = self.mails().into_iter().filter(to).collect();
        if all.is_empty() {
            return Vec::new();
        }
        let read = || -> std::io::Result<String> {
            let mut python = Command::new("python3")
                .args(["-c", READ])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()?;
            if let Some(mut input) = python.stdin.take() {
                input.write_all(all.join("\0").as_bytes())?;
            }
            Ok(String::from_utf8_lossy(&python.wait_with_output()?.stdout).into_owned())
        };
        let text = read().unwrap_or_else(|error| panic!("mails cannot be read: {error}"));
        text.split('\0').filter(|part| !part.trim().is_empty()).map(str::to_owned).collect()
    }

    /// Stops it; what it took stays.
    pub fn stop(&self) {
        self.keeper.order("stop");
    }

    /// Starts it again on the same port.
    pub fn restart(&self) {
        self.keeper.order("begin");
        self.await_ready();
    }
}

/// A certificate for `localhost` and 127.0.0.1 that vouches for itself.
pub(crate) fn certificate(folder: &Path) {
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let mut openssl = Command::new("openssl");
    openssl.args([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
    ]);
    openssl.args([
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-keyout",
        &at("key.pem"),
        "-out",
        &at("cert.pem"),
    ]);
    openssl.args([
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
    ]);
    run(&mut openssl, "");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_what_it_takes() {
        let server = Smtp::start();
        let folder = server.keeper.folder().to_path_buf();
        let send = format!(
            "import smtplib\ns = smtplib.SMTP('127.0.0.1', {})\ns.sendmail('a@a.example', ['b@b.example'], 'Subject: x\\r\\n\\r\\nHello')",
            server.port()
        );
        run(Command::new("python3").arg("-"), &send);
        let mails = server.mails();
        assert_eq!(mails.len(), 1);
        assert!(mails[0].starts_with("X-Envelope: a@a.example -> b@b.example\r\nSubject: x"));
        drop(server);
        assert!(!folder.exists());
    }
}
