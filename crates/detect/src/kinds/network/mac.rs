//! Hardware addresses of network cards.

use crate::kinds::{Family, Kind, Validated};
use crate::look::Look;

/// EUI-48, IEEE 802: six pairs of hexadecimal digits with one mark between.
pub(crate) static MAC: Kind = Kind {
    key: "network.mac",
    title: "Hardware address (MAC)",
    category: "user.device.device_id",
    family: Family::Network,
    standard: "IEEE 802, EUI-48",
    examples: &[
        ("if 00:1a:2b:3c:4d:5e up", "00:1a:2b:3c:4d:5e"),
        ("lladdr 00-1A-2B-3C-4D-5F.", "00-1A-2B-3C-4D-5F"),
        ("vlan 7: 001a.2b3c.4d5e dynamic", "001a.2b3c.4d5e"),
    ],
    counter_examples: &["ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "10:22:33 10:22:34", "a::b"],
};

/// A mark between pairs stands at `at`, behind the first pair.
pub(crate) fn at_mark(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let start = at.checked_sub(2)?;
    let mark = look.byte(at);
    if look.byte(at + 3) != mark {
        return None;
    }
    let text = look.slice(start..start + 17);
    let sound = text.len() == 17
        && text.iter().enumerate().all(|(place, byte)| {
            if place % 3 == 2 { *byte == mark } else { byte.is_ascii_hexdigit() }
        });
    let range = start..start + 17;
    let alone = look.alone(&range) && look.byte(range.end) != mark && look.before(start) != mark;
    let varied = text.iter().any(|byte| !matches!(byte, b'0' | b'f' | b'F' | b':' | b'-'));
    if !(sound && alone && varied) {
        return None;
    }
    look.hit(&MAC, range.clone(), 95, Validated::Form, "six pairs of hexadecimal digits");
    Some(range.end)
}

/// A long run of letters, digits, dashes and dots begins at `start`.
pub(crate) fn token(look: &mut Look<'_>, start: usize) -> bool {
    match (look.byte(start + 2), look.byte(start + 4)) {
        (b'-', _) => at_mark(look, start + 2).is_some(),
        (_, b'.') => dotted(look, start).is_some(),
        _ => false,
    }
}

/// `001a.2b3c.4d5e`, as routers write it; the first group begins at `start`.
fn dotted(look: &mut Look<'_>, start: usize) -> Option<usize> {
    let text = look.slice(start..start + 14);
    let sound = text.len() == 14
        && text.iter().enumerate().all(|(place, byte)| {
            if place % 5 == 4 { *byte == b'.' } else { byte.is_ascii_hexdigit() }
        });
    let range = start..start + 14;
    let varied = text.iter().any(|byte| !matches!(byte, b'0' | b'f' | b'F' | b'.'));
    // A version or a sum has digits alone.
    let letters = text.iter().any(u8::is_ascii_alphabetic);
    if !(sound && varied && letters && look.alone(&range) && look.byte(range.end) != b'.') {
        return None;
    }
    look.hit(&MAC, range.clone(), 85, Validated::Form, "three groups of four hexadecimal digits");
    Some(range.end)
}
