//! Who asks: the address of the network, and whether the way to it is encrypted.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

use crate::settings::Network;

/// The connection on which a request came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    /// The other end.
    pub(crate) address: SocketAddr,
    /// Whether it is TLS.
    pub(crate) tls: bool,
}

/// Who asks. For limits and for nothing else; it is never written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client {
    /// The address: the peer's, or what a trusted proxy says it is.
    pub(crate) address: IpAddr,
    /// Whether people's browsers came over https.
    pub(crate) https: bool,
    /// Whether nothing lies between the one who asks and this machine.
    pub(crate) local: bool,
}

impl Client {
    /// Who it is. Only what a trusted proxy says is believed, read from the nearest hop on.
    pub(crate) fn of(peer: Peer, headers: &HeaderMap, proxies: &[Network]) -> Self {
        let trusted = |address: IpAddr| proxies.iter().any(|network| network.holds(address));
        let direct = peer.address.ip().to_canonical();
        let forwarded =
            headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
        if !trusted(direct) {
            return Self {
                address: direct,
                https: peer.tls,
                local: direct.is_loopback() && !forwarded,
            };
        }
        let hops =
            headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let mut hops: Vec<Option<IpAddr>> =
            hops.flat_map(|value| value.split(',')).map(|hop| hop.trim().parse().ok()).collect();
        let mut address = direct;
        // From the right: each hop was written by the one after it.
        while let Some(Some(hop)) = hops.pop() {
            address = hop.to_canonical();
            if !trusted(address) {
                break;
            }
        }
        let proto = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
        let https = proto.map_or(peer.tls, |proto| proto.eq_ignore_ascii_case("https"));
        Self { address, https, local: direct.is_loopback() && !forwarded }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxies = [Network::parse("10.0.0.0/8").unwrap()];
        for (peer, forwarded, address) in [
            ("192.0.2.1:5", None, "192.0.2.1"),
            ("192.0.2.1:5", Some("203.0.113.9"), "192.0.2.1"),
            ("10.0.0.7:5", Some("203.0.113.9"), "203.0.113.9"),
            ("10.0.0.7:5", Some("198.51.100.1, 203.0.113.9"), "203.0.113.9"),
            ("10.0.0.7:5", Some("203.0.113.9, 10.0.0.8"), "203.0.113.9"),
            ("10.0.0.7:5", Some("nonsense"), "10.0.0.7"),
            ("10.0.0.7:5", Some("203.0.113.9, nonsense"), "10.0.0.7"),
            ("10.0.0.7:5", None, "10.0.0.7"),
            ("[::ffff:10.0.0.7]:5", Some("2001:db8::1"), "2001:db8::1"),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(text) = forwarded {
                headers.insert("x-forwarded-for", text.parse().unwrap());
                headers.insert("x-forwarded-proto", "https".parse().unwrap());
            }
            let peer = Peer { address: peer.parse().unwrap(), tls: false };
            let client = Client::of(peer, &headers, &proxies);
            assert_eq!(client.address.to_string(), address, "{peer:?} {forwarded:?}");
            let believed = Network::holds(&proxies[0], peer.address.ip());
            assert_eq!(client.https, believed && forwarded.is_some(), "{peer:?}");
        }
    }

    #[test]
    fn a_proxy_on_this_machine_is_not_this_machine() {
        let peer = Peer { address: "127.0.0.1:5".parse().unwrap(), tls: false };
        let mut headers = HeaderMap::new();
        assert!(Client::of(peer, &headers, &[]).local);
        headers.insert("x-forwarded-for", "203.0.113.9".parse().unwrap());
        assert!(!Client::of(peer, &headers, &[]).local);
    }
}
