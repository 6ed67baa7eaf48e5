//! Devices and what tells them apart.

use crate::kinds::{Family, Kind, Validated};
use crate::look::{Look, is_word};

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident, $key:literal, $title:literal, $category:literal, $standard:literal, $examples:expr, $counter:expr) => {
        $(#[$doc])*
        pub(crate) static $name: Kind = Kind {
            key: $key,
            title: $title,
            category: $category,
            family: Family::Network,
            standard: $standard,
            examples: $examples,
            counter_examples: $counter,
        };
    };
}

kind!(
    /// 3GPP TS 23.003: fifteen digits, the last by Luhn.
    IMEI, "network.imei", "IMEI of a telephone", "user.device.device_id", "3GPP TS 23.003",
    &[("IMEI 490154203237518", "490154203237518")],
    &["IMEI 490154203237519", "id 490154203237518"]
);
kind!(
    /// Makers number devices as they like: letters and digits behind the word.
    SERIAL, "network.serial", "Serial number of a device", "user.device.device_id", "a word before it",
    &[("Serial: PF2X9K7Q", "PF2X9K7Q"), ("S/N C02XK1ZJJG5H", "C02XK1ZJJG5H"), ("serial=5CG1234XYZ", "5CG1234XYZ")],
    &["serial console", "a series of 3 tests", "serial port 2"]
);
kind!(
    /// IDFA, AAID and their like: a UUID behind the word.
    ADVERTISING, "network.advertising_id", "Advertising identifier", "user.device.cookie_id", "RFC 9562, and a word before it",
    &[("idfa=6D92078A-8246-4BA4-AE5B-76104861E7DC", "6D92078A-8246-4BA4-AE5B-76104861E7DC")],
    &["request 6D92078A-8246-4BA4-AE5B-76104861E7DC"]
);
kind!(
    /// What a browser says of itself (RFC 9110 §10.1.5).
    USER_AGENT, "network.user_agent", "Browser description (user agent)", "user.device", "RFC 9110 §10.1.5",
    &[("\"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0\"", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0")],
    &["Mozilla Foundation"]
);
kind!(
    /// The name of a machine behind its word (RFC 1123).
    HOST, "network.host_name", "Name of a machine", "user.device", "RFC 1123, and a word before it",
    &[("hostname=LAPTOP-JDOE7", "LAPTOP-JDOE7"), ("Computer: WS-0042.corp.example", "WS-0042.corp.example")],
    &["host: the one who invites", "hostname: localhost"]
);

/// `Mozilla/` stands at `at`. Returns the end of what the browser says.
pub(crate) fn user_agent(look: &mut Look<'_>, at: usize) -> Option<usize> {
    if !look.byte(at + 8).is_ascii_digit() {
        return None;
    }
    let mut end = at
        + look.run(at, 400, |byte| {
            !matches!(byte, b'"' | b'\'' | b'\n' | b'\r' | b'<' | b'|' | b'\\' | 0)
        });
    while matches!(look.before(end), b' ' | b',' | b';' | b'.') {
        end -= 1;
    }
    if end - at < 12 {
        return None;
    }
    look.hit(&USER_AGENT, at..end, 85, Validated::Form, "what a browser says of itself");
    Some(end)
}

/// A value behind a word for machines.
pub(crate) fn host(look: &mut Look<'_>, start: usize) -> Option<usize> {
    let length = look
        .run(start, 253, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    let mut end = start + length;
    while look.before(end) == b'.' && end > start {
        end -= 1;
    }
    let text = look.slice(start..end);
    let digit = text.iter().any(u8::is_ascii_digit);
    let mark = text.iter().any(|byte| matches!(byte, b'-' | b'.' | b'_'));
    let address = text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    if text.len() < 4
        || !(digit || mark)
        || !text.iter().any(u8::is_ascii_alphabetic)
        || address
        || is_word(look.byte(end))
    {
        return None;
    }
    look.push(
        &HOST,
        start..end,
        65,
        60,
        Validated::Context,
        false,
        "the word before it speaks of a machine",
    );
    Some(end)
}
