//! A client that speaks just enough HTTP to be a stranger to a server: one request, one connection.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The lines before the body.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What stands in the first field of a form with this name.
    pub fn field(&self, name: &str) -> String {
        let text = self.text();
        let begin = format!("name=\"{name}\" value=\"");
        let after = text.split_once(&begin).and_then(|(_, rest)| rest.split_once('"'));
        let (value, _) = after.unwrap_or_else(|| panic!("no field `{name}` in {text}"));
        value.to_owned()
    }
}

/// Sends a request to an address and a port on this machine.
pub fn send(
    server: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let fail = |error: std::io::Error| -> ! { panic!("{method} {path} of {server}: {error}") };
    let mut wire = TcpStream::connect(server).unwrap_or_else(|error| fail(error));
    wire.set_read_timeout(Some(Duration::from_secs(60))).unwrap_or_else(|error| fail(error));
    // Of an older version of the protocol nothing comes in pieces.
    let mut head = format!("{method} {path} HTTP/1.0\r\nHost: {server}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    let sent = wire.write_all(head.as_bytes()).and_then(|()| wire.write_all(body));
    sent.unwrap_or_else(|error| fail(error));
    let mut all = Vec::new();
    wire.read_to_end(&mut all).unwrap_or_else(|error| fail(error));
    let end = all.windows(4).position(|four| four == b"\r\n\r\n");
    let Some((head, rest)) = end.and_then(|end| all.split_at_checked(end)) else {
        panic!("{method} {path}: no answer");
    };
    let head = String::from_utf8_lossy(head).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head, body: rest.get(4..).unwrap_or_default().to_vec() }
}

/// Reads a page.
pub fn get(server: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    send(server, "GET", path, headers, b"")
}

/// Sends a form.
pub fn post(server: &str, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let headers: Vec<(&str, &str)> = headers.iter().copied().chain([kind]).collect();
    send(server, "POST", path, &headers, form(fields).as_bytes())
}

/// Fields as a browser writes them.
pub fn form(fields: &[(&str, &str)]) -> String {
    let written = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            b' ' => "+".to_owned(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let pair = |(name, value): &(&str, &str)| format!("{}={}", written(name), written(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}
