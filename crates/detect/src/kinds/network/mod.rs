//! Machines and their addresses.

pub(crate) mod device;
pub(crate) mod ip;
pub(crate) mod mac;

use super::Kind;
use crate::look::Look;

/// The kinds of this family.
pub(crate) const KINDS: &[&Kind] = &[
    &ip::IPV4,
    &ip::IPV6,
    &mac::MAC,
    &device::IMEI,
    &device::SERIAL,
    &device::ADVERTISING,
    &device::USER_AGENT,
    &device::HOST,
];

/// A colon stands at `at`: an address of a network card, or IPv6. Returns up to where no colon
/// needs to be looked at again.
pub(crate) fn colon(look: &mut Look<'_>, at: usize) -> usize {
    let next = look.byte(at + 1);
    if !(next.is_ascii_hexdigit() || next == b':') {
        return at + 1;
    }
    // 10:22:33 is a time of day.
    let pair = |at: usize| look.byte(at).is_ascii_digit() && look.byte(at + 1).is_ascii_digit();
    let joins = |byte: u8| byte == b':' || byte.is_ascii_hexdigit();
    if at >= 2 && pair(at - 2) && pair(at + 1) {
        let third = look.byte(at + 3);
        if !joins(third) || third == b':' && pair(at + 4) && !joins(look.byte(at + 6)) {
            return at + 1;
        }
    }
    mac::at_mark(look, at).or_else(|| ip::v6(look, at)).unwrap_or(at + 1)
}
