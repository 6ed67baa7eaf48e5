//! Addresses and networks, and which of them belong to nobody in particular: the public ones.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Error, Result};

/// An address, or a network of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: u128,
    bits: u32,
}

impl Network {
    /// Reads `10.0.0.7`, `10.0.0.0/8` or `fd00::/8`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || {
            Error::Refused(format!(
                "`{text}` is neither an address nor a network: write `10.0.0.7` or `10.0.0.0/8`"
            ))
        };
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let (width, shift) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let bits: u32 = match bits {
            Some(bits) => bits.parse().map_err(|_| bad())?,
            None => width,
        };
        if bits > width {
            return Err(bad());
        }
        Ok(Self { address: wide(address), bits: bits + shift })
    }

    /// Whether an address lies in it.
    pub fn holds(&self, address: IpAddr) -> bool {
        let differing = self.address ^ wide(address);
        differing.leading_zeros() >= self.bits
    }
}

/// Both kinds of addresses in one form, so that `::ffff:10.0.0.7` is `10.0.0.7`.
fn wide(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// Whether an address is one of the public network: not this machine, not a network behind it, not what
/// clouds tell their machines, not set aside for something (IANA's registries of special-purpose
/// addresses). An address of version 6 that carries one of version 4 is judged by that one too.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let set_aside = match (a, b, c) {
        // This network, loopback, and all of the last sixteenth: multicast, reserved, broadcast.
        (0 | 127 | 224..=255, _, _) => true,
        // Private networks.
        (10, _, _) | (172, 16..=31, _) | (192, 168, _) => true,
        // Carriers' own, link-local with the clouds' metadata, protocol assignments, relays of 6to4.
        (100, 64..=127, _) | (169, 254, _) | (192, 0, 0) | (192, 88, 99) => true,
        // Documentation and measurements.
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) | (198, 18 | 19, _) => true,
        _ => false,
    };
    !set_aside
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let [a, b, c, d, e, f, g, h] = address.segments();
    let carried = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match (a, b) {
        // Translated by NAT64: the last four bytes are an address of version 4.
        (0x64, 0xff9b) if (c, d, e, f) == (0, 0, 0, 0) => is_public_v4(carried(g, h)),
        // 6to4 carries one after its prefix; Teredo, ORCHID and their like reach anything.
        (0x2002, _) => is_public_v4(carried(b, c)),
        (0x2001, 0..=0x1ff) => false,
        // Documentation.
        (0x2001, 0xdb8) | (0x3fff, _) => false,
        // Everything that is given out to networks begins so; nothing else is reached from here.
        (0x2000..=0x3fff, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_their_addresses_and_no_other() {
        for (network, address, holds) in [
            ("10.0.0.0/8", "10.255.3.4", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("10.0.0.7", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.8", false),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "10.0.0.7", false),
            ("0.0.0.0/0", "192.0.2.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "192.0.2.1", true),
        ] {
            let found = Network::parse(network).unwrap().holds(address.parse().unwrap());
            assert_eq!(found, holds, "{address} in {network}");
        }
        for bad in ["10.0.0.0/33", "proxy", "10.0.0.0/", "fd00::/129", "/8"] {
            assert!(Network::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_what_is_public_is_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
