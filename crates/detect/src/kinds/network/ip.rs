//! Addresses of the Internet Protocol.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::kinds::{Family, Kind, Validated};
use crate::lexicon::is;
use crate::look::{Look, is_word};

/// RFC 791; the dotted form of RFC 6943 §3.1.1.
pub(crate) static IPV4: Kind = Kind {
    key: "network.ipv4",
    title: "IPv4 address",
    category: "user.device.ip_address",
    family: Family::Network,
    standard: "RFC 791, RFC 6943",
    examples: &[
        ("from 10.1.2.3 port 22", "10.1.2.3"),
        ("http://198.51.100.7:8080/", "198.51.100.7"),
    ],
    counter_examples: &["version 1.2.3.4", "1.2.3.4.5", "10.1.2.300", "10.1.2.03", "v2.10.0.1"],
};

/// RFC 4291 §2.2 in all its text forms.
pub(crate) static IPV6: Kind = Kind {
    key: "network.ipv6",
    title: "IPv6 address",
    category: "user.device.ip_address",
    family: Family::Network,
    standard: "RFC 4291, RFC 5952",
    examples: &[
        ("via fe80::1ff:fe23:4567:890a%eth0", "fe80::1ff:fe23:4567:890a"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("6e40:4041:c617:e898:c11:40d2:c669:2eb4", "6e40:4041:c617:e898:c11:40d2:c669:2eb4"),
        ("seen ::ffff:192.0.2.33 today", "::ffff:192.0.2.33"),
    ],
    counter_examples: &["std::vec::Vec", "10:22:33", "a::b", "abc::def::1", "::"],
};

/// Four numbers from `at` on. Returns their end.
pub(crate) fn v4(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let first = look.digits(at).min(4);
    if first > 3 || look.byte(at + first) != b'.' || !look.byte(at + first + 1).is_ascii_digit() {
        return None;
    }
    let before = look.before(at);
    if is_word(before) || before == b'.' || before == b'-' && is_word(look.before(at - 1)) {
        return None;
    }
    let mut parts = [0_u8; 4];
    let mut here = at;
    for (place, part) in parts.iter_mut().enumerate() {
        if place > 0 {
            if look.byte(here) != b'.' {
                return None;
            }
            here += 1;
        }
        let length = look.digits(here).min(4);
        let text = look.slice(here..here + length);
        if !(1..=3).contains(&length) || length > 1 && text.first() == Some(&b'0') {
            return None;
        }
        let number = text.iter().fold(0_u16, |number, byte| number * 10 + u16::from(byte - b'0'));
        *part = u8::try_from(number).ok()?;
        here += length;
    }
    let next = look.byte(here);
    let more = next == b'.' && look.byte(here + 1).is_ascii_alphanumeric()
        || next == b'-' && look.byte(here + 1).is_ascii_alphabetic();
    let version =
        || look.may_say(at, &look.lexicon.sorts.versions) && look.context(at) & is::VERSION != 0;
    if is_word(next) || more || version() {
        return None;
    }
    let address = Ipv4Addr::from(parts);
    let test = address.is_documentation();
    let reason = "four numbers of an address";
    look.push(&IPV4, at..here, 95, 95, Validated::Form, test, reason);
    Some(here)
}

/// A colon stands at `at`: the first of an address. Returns the end of what was looked at.
pub(crate) fn v6(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let start = at - look.run_before(at, 4, |byte| byte.is_ascii_hexdigit());
    let mut end =
        start + look.run(start, 46, |byte| byte.is_ascii_hexdigit() || matches!(byte, b':'));
    // `::ffff:192.0.2.33`
    if look.byte(end) == b'.' {
        let tail = look.run(end, 13, |byte| byte.is_ascii_digit() || byte == b'.');
        end += tail;
        while look.before(end) == b'.' {
            end -= 1;
        }
    }
    if look.before(end) == b':' && look.before(end - 1) != b':' {
        end -= 1;
    }
    let text = look.slice(start..end);
    let (mut colons, mut digits, mut gap, mut last) = (0, 0, false, 0);
    for byte in text {
        colons += usize::from(*byte == b':');
        digits += usize::from(byte.is_ascii_hexdigit());
        gap |= (*byte == b':') & (last == b':');
        last = *byte;
    }
    if colons < 2 || digits == 0 {
        return None;
    }
    // `2026:10:22`, a card's address of fourteen pairs: eight groups, fewer with a gap or with four
    // numbers at the end, and no more.
    if colons > 8 || !gap && colons != 7 && !text.contains(&b'.') {
        return Some(end);
    }
    let range = start..end;
    let sure = colons == 7 || digits >= 4 && text.iter().any(u8::is_ascii_digit);
    let loopback = text == b"::1";
    if !(sure || loopback) || !look.alone(&range) || look.before(start) == b':' {
        return Some(end);
    }
    let address: Ipv6Addr = match std::str::from_utf8(text).map(str::parse) {
        Ok(Ok(address)) => address,
        _ => return Some(end),
    };
    let [first, second, ..] = address.segments();
    let test = first == 0x2001 && second == 0xdb8 || first == 0x3fff && second < 0x1000;
    look.push(&IPV6, range, 95, 96, Validated::Form, test, "groups of an address of version 6");
    Some(end)
}
