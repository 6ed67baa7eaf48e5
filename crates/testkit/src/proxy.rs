//! A wire that fails on demand: it stands between a client and a server, passes their bytes on, and
//! cuts, stalls or slows them where a test says.
//!
//! Bytes are counted from the moment at which a fault is set, over all connections together, in each
//! direction apart: so a test first counts how long a conversation is, and then fails it at every
//! place of it.
//!
//! ```no_run
//! # async fn story() {
//! use testkit::proxy::{Fault, Proxy, Side};
//! let url = testkit::postgres().fresh_database("tickets");
//! let wire = Proxy::to(&url).await;
//! let through = wire.url(&url);
//! wire.set(Fault::Cut { side: Side::ToServer, after: 100 });
//! // … a client that speaks to `through` loses its connection after a hundred bytes …
//! wire.mend();
//! # }
//! ```
#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "places in buffers and addresses were found in them"
)]

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What the client says.
    ToServer,
    /// What the server says.
    ToClient,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// After so many bytes of a direction the connection is closed at both ends. What comes after is
    /// passed on.
    Cut {
        /// The direction that is counted.
        side: Side,
        /// How many bytes still pass.
        after: u64,
    },
    /// The same without farewell: both ends get a reset.
    Reset {
        /// The direction that is counted.
        side: Side,
        /// How many bytes still pass.
        after: u64,
    },
    /// After so many bytes of a direction nothing passes any more, of no connection and in no
    /// direction, and nobody is told.
    Stall {
        /// The direction that is counted.
        side: Side,
        /// How many bytes still pass.
        after: u64,
    },
    /// After so many bytes of a direction its receiver is told that nothing more comes; the other
    /// direction goes on.
    HalfOpen {
        /// The direction that is closed.
        side: Side,
        /// How many bytes still pass.
        after: u64,
    },
    /// Both directions pass only so many bytes at a time.
    Slow {
        /// How many.
        bytes: usize,
        /// And how long it rests after each piece.
        rest: Duration,
    },
    /// New connections are closed at the door.
    Refuse,
}

impl Fault {
    /// The direction and the place at which this happens.
    const fn place(self) -> Option<(Side, u64)> {
        match self {
            Self::Cut { side, after }
            | Self::Reset { side, after }
            | Self::Stall { side, after }
            | Self::HalfOpen { side, after } => Some((side, after)),
            Self::None | Self::Slow { .. } | Self::Refuse => None,
        }
    }
}

struct State {
    fault: Fault,
    passed: [u64; 2],
    /// The place of the fault was reached.
    struck: bool,
}

struct Shared {
    state: Mutex<State>,
    /// Counts the faults that were set: connections that stall end with the next.
    turn: watch::Sender<u64>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The wire. It ends with the runtime on which it was made.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    listening: tokio::task::JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
        self.mend();
    }
}

impl Proxy {
    /// A wire to the server of this address.
    pub async fn to(url: &str) -> Self {
        let server = authority(url).1.to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.unwrap_or_else(|error| panic!("no free port: {error}"));
        let port = listener.local_addr().map_or(0, |address| address.port());
        let state = State { fault: Fault::None, passed: [0; 2], struck: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), turn: watch::Sender::new(0) });
        let known = Arc::clone(&shared);
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (known, server) = (Arc::clone(&known), server.clone());
                tokio::spawn(async move { connection(client, &server, &known).await });
            }
        });
        Self { port, shared, listening }
    }

    /// The same address by way of this wire.
    pub fn url(&self, url: &str) -> String {
        let (before, server, after) = authority(url);
        let host = server.rsplit_once(':').map_or(server, |(host, _)| host);
        format!("{before}{host}:{}{after}", self.port)
    }

    /// From now on this goes wrong, and bytes are counted anew.
    pub fn set(&self, fault: Fault) {
        *self.shared.state() = State { fault, passed: [0; 2], struck: false };
        self.shared.turn.send_modify(|turn| *turn += 1);
    }

    /// Everything passes again; connections that stalled are closed.
    pub fn mend(&self) {
        self.set(Fault::None);
    }

    /// How many bytes went to the server and to the client since a fault was set last.
    pub fn passed(&self) -> (u64, u64) {
        let [up, down] = self.shared.state().passed;
        (up, down)
    }

    /// Whether what was set has happened.
    pub fn has_struck(&self) -> bool {
        self.shared.state().struck
    }
}

/// `scheme://user@`, `host:port`, `/database`.
fn authority(url: &str) -> (&str, &str, &str) {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    let start = url[start..end].rfind('@').map_or(start, |at| start + at + 1);
    (&url[..start], &url[start..end], &url[end..])
}

/// Why one direction ended.
enum End {
    /// Its sender closed it, or could not be read or written.
    Closed,
    /// The fault.
    Struck,
}

async fn connection(client: TcpStream, server: &str, shared: &Shared) {
    let mut turn = shared.turn.subscribe();
    turn.mark_unchanged();
    let stalled = {
        let state = shared.state();
        if state.fault == Fault::Refuse {
            let _ = client.set_zero_linger();
            return;
        }
        state.struck && matches!(state.fault, Fault::Stall { .. })
    };
    if stalled {
        // Nobody answers at the door either.
        let _ = turn.changed().await;
        return;
    }
    let Ok(server) = TcpStream::connect(server).await else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut client, mut server) = (client, server);
    let fault = {
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        let mut up = std::pin::pin!(pump(&mut from_client, &mut to_server, Side::ToServer, shared));
        let mut down =
            std::pin::pin!(pump(&mut from_server, &mut to_client, Side::ToClient, shared));
        let (end, was_up) = tokio::select! {
            end = &mut up => (end, true),
            end = &mut down => (end, false),
        };
        let fault = shared.state().fault;
        if let (End::Struck, Fault::HalfOpen { .. }) = (&end, fault) {
            // The pump has closed its side; the other one runs to its end or to the next fault.
            tokio::select! {
                _ = async { if was_up { down.await } else { up.await } } => {}
                _ = turn.changed() => {}
            }
        }
        match end {
            End::Struck => fault,
            End::Closed => Fault::None,
        }
    };
    match fault {
        Fault::Reset { .. } => {
            let _ = (client.set_zero_linger(), server.set_zero_linger());
        }
        Fault::Stall { .. } => {
            let _ = turn.changed().await;
        }
        _ => {}
    }
}

/// Passes one direction on until it ends.
async fn pump(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    side: Side,
    shared: &Shared,
) -> End {
    let mut turn = shared.turn.subscribe();
    let mut buffer = vec![0; 16 << 10];
    loop {
        turn.mark_unchanged();
        let (left, most) = {
            let mut state = shared.state();
            if state.struck && matches!(state.fault, Fault::Stall { .. }) {
                return End::Struck;
            }
            match (state.fault, state.fault.place()) {
                (_, Some((at, after))) if at == side && !state.struck => {
                    let left = after.saturating_sub(state.passed[side as usize]);
                    state.struck = left == 0;
                    (Some(left), usize::MAX)
                }
                (Fault::Slow { bytes, .. }, _) => (None, bytes.max(1)),
                _ => (None, usize::MAX),
            }
        };
        if left == Some(0) {
            if matches!(shared.state().fault, Fault::HalfOpen { .. }) {
                let _ = to.shutdown().await;
            }
            return End::Struck;
        }
        let room = left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
        let room = room.min(most).min(buffer.len());
        let read = tokio::select! {
            read = from.read(&mut buffer[..room]) => read,
            // Another fault was set, or the other direction struck: look again.
            _ = turn.changed() => continue,
        };
        let Ok(count @ 1..) = read else {
            let _ = to.shutdown().await;
            return End::Closed;
        };
        // Another fault may have struck meanwhile: what was read is lost on the way then.
        if shared.state().struck && matches!(shared.state().fault, Fault::Stall { .. }) {
            return End::Struck;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return End::Closed;
        }
        let slow = {
            let mut state = shared.state();
            state.passed[side as usize] += count as u64;
            match state.fault {
                Fault::Slow { rest, .. } => Some(rest),
                _ => None,
            }
        };
        if let Some(rest) = slow {
            tokio::time::sleep(rest).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that sends back what it gets.
    async fn echo() -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut link, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = link.split();
                    let _ = tokio::io::copy(&mut from, &mut to).await;
                });
            }
        });
        format!("echo://somebody@127.0.0.1:{port}/place")
    }

    async fn dial(wire: &Proxy, url: &str) -> TcpStream {
        let through = wire.url(url);
        TcpStream::connect(authority(&through).1).await.unwrap()
    }

    async fn heard(link: &mut TcpStream, most: usize) -> std::io::Result<Vec<u8>> {
        let mut heard = Vec::new();
        let mut buffer = [0; 64];
        while heard.len() < most {
            let count =
                tokio::time::timeout(Duration::from_millis(300), link.read(&mut buffer)).await;
            match count {
                Err(_) => return Err(std::io::ErrorKind::TimedOut.into()),
                Ok(count) => match count? {
                    0 => break,
                    count => heard.extend(&buffer[..count]),
                },
            }
        }
        Ok(heard)
    }

    #[tokio::test]
    async fn each_fault_is_what_it_says() {
        let url = echo().await;
        let wire = Proxy::to(&url).await;
        assert_eq!(authority(&wire.url(&url)).2, "/place");
        let mut link = dial(&wire, &url).await;
        link.write_all(b"hello").await.unwrap();
        assert_eq!(heard(&mut link, 5).await.unwrap(), b"hello");
        assert_eq!(wire.passed(), (5, 5));

        // Three bytes go there and come back; then the line is closed.
        wire.set(Fault::Cut { side: Side::ToServer, after: 3 });
        link.write_all(b"hello").await.unwrap();
        let told = heard(&mut link, 5).await;
        assert!(told.as_ref().is_ok_and(|bytes| bytes.len() <= 3) || told.is_err(), "{told:?}");
        assert!(wire.has_struck());
        assert_eq!(wire.passed().0, 3);

        // A new connection passes.
        let mut link = dial(&wire, &url).await;
        link.write_all(b"again").await.unwrap();
        assert_eq!(heard(&mut link, 5).await.unwrap(), b"again");

        wire.set(Fault::Reset { side: Side::ToClient, after: 2 });
        link.write_all(b"hello").await.unwrap();
        let told = heard(&mut link, 5).await;
        assert_eq!(told.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);

        wire.mend();
        let mut link = dial(&wire, &url).await;
        wire.set(Fault::Stall { side: Side::ToClient, after: 1 });
        link.write_all(b"hello").await.unwrap();
        assert_eq!(heard(&mut link, 1).await.unwrap(), b"h");
        assert_eq!(heard(&mut link, 1).await.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
        let mut other = dial(&wire, &url).await;
        other.write_all(b"x").await.unwrap();
        assert_eq!(heard(&mut other, 1).await.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
        wire.mend();
        assert!(heard(&mut link, 1).await.is_ok_and(|rest| rest.is_empty()), "it is closed");

        // Its receiver hears the end, and what it says still arrives.
        let mut link = dial(&wire, &url).await;
        wire.set(Fault::HalfOpen { side: Side::ToServer, after: 2 });
        link.write_all(b"hello").await.unwrap();
        assert_eq!(heard(&mut link, 5).await.unwrap(), b"he");

        wire.set(Fault::Slow { bytes: 1, rest: Duration::from_millis(20) });
        let mut link = dial(&wire, &url).await;
        link.write_all(b"slow").await.unwrap();
        assert_eq!(heard(&mut link, 4).await.unwrap(), b"slow");

        wire.set(Fault::Refuse);
        let mut link = dial(&wire, &url).await;
        let refused = link.write_all(b"x").await.is_err()
            || heard(&mut link, 1).await.map_or(true, |bytes| bytes.is_empty());
        assert!(refused);
    }
}
