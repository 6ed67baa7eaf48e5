//! A mailbox (IMAP): Debian's Dovecot.

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::certificate;
use crate::keeper::{Keeper, await_ready, quarters};
use crate::{free_port, is_root, program_path, run};

/// The account under which it runs where the test has root's rights; Debian always has it.
const USER: &str = "mail";

/// A throwaway mailbox on loopback: any account, with the password `letters`.
pub struct Imap {
    port: u16,
    tls_port: u16,
    keeper: Keeper,
}

impl Imap {
    /// Starts one; it speaks plainly, goes over to TLS when asked, and speaks TLS on a port of its own.
    pub fn start() -> Self {
        let (folder, as_user) = quarters("upheld-imap-", USER);
        for name in ["run", "mail/new", "mail/cur", "mail/tmp"] {
            std::fs::create_dir_all(folder.join(name))
                .unwrap_or_else(|error| panic!("the mailbox cannot be made: {error}"));
        }
        certificate(&folder);
        let (port, tls_port) = (free_port(), free_port());
        let who = |flag: &str| run(Command::new("id").arg(flag), "").trim().to_owned();
        let (user, group) =
            if is_root() { (USER.to_owned(), USER.to_owned()) } else { (who("-un"), who("-gn")) };
        let settings = include_str!("dovecot.conf")
            .replace("@FOLDER@", &folder.to_string_lossy())
            .replace("@USER@", &user)
            .replace("@GROUP@", &group)
            .replace("@PORT@", &port.to_string())
            .replace("@TLS_PORT@", &tls_port.to_string());
        let file = folder.join("dovecot.conf");
        std::fs::write(&file, settings)
            .unwrap_or_else(|error| panic!("dovecot.conf cannot be written: {error}"));
        if is_root() {
            run(Command::new("chown").args(["-R", USER]).arg(&folder), "");
        }
        let dovecot = program_path("dovecot", "dovecot-imapd").to_string_lossy().into_owned();
        let file = file.to_string_lossy().into_owned();
        let words: Vec<String> =
            as_user.into_iter().chain([dovecot, "-F".to_owned(), "-c".to_owned(), file]).collect();
        let server =
            Self { port, tls_port, keeper: Keeper::start(folder, ["TERM", "TERM"], &words) };
        let ready = || TcpStream::connect(("127.0.0.1", server.port)).is_ok();
        await_ready(ready, || server.keeper.log());
        server
    }

    /// Its port on 127.0.0.1, for plain connections and such that go over to TLS.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Its port for TLS from the first byte.
    pub const fn tls_port(&self) -> u16 {
        self.tls_port
    }

    /// The certificate that vouches for it, as PEM.
    pub fn authority(&self) -> PathBuf {
        self.keeper.folder().join("cert.pem")
    }

    /// Puts a mail into the mailbox, as another server would.
    pub fn deliver(&self, mail: &str) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = self.keeper.folder().join("mail");
        let name = format!("{count:06}.upheld");
        let (aside, new) = (folder.join("tmp").join(&name), folder.join("new").join(&name));
        let put = std::fs::write(&aside, mail).and_then(|()| std::fs::rename(&aside, &new));
        put.unwrap_or_else(|error| panic!("the mail cannot be delivered: {error}"));
    }
}
