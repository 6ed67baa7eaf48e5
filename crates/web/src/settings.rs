//! How the server is reached: settings of `upheld.toml`, and what was typed instead.

use std::net::SocketAddr;
use std::path::PathBuf;

pub use app::network::Network;
use model::Secret;

use crate::Error;

/// Where the server listens if nothing says otherwise.
const LISTEN: &str = "127.0.0.1:8080";

/// How the server is reached.
#[derive(Debug, Default)]
pub struct Settings {
    /// The address and port on which it listens; empty is this machine alone, port 8080.
    pub listen: String,
    /// The address by which people reach it, if that is another.
    pub public_url: Option<String>,
    /// Addresses and networks of proxies whose word is believed.
    pub trusted_proxies: Vec<String>,
    /// Certificates and key for TLS, as PEM.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// The token with which metrics are read from afar.
    pub metrics_token: Option<Secret<String>>,
}

impl Settings {
    /// The settings of a house. What was typed counts instead.
    ///
    /// # Errors
    /// A certificate without a key, or a token that is not where it is said to lie.
    pub fn of(house: &app::House, typed: &app::Serve) -> Result<Self, Error> {
        let kept = house.serve_settings();
        let either =
            |typed: &Option<String>, kept: &Option<String>| typed.clone().or_else(|| kept.clone());
        let cert = typed.tls_cert.as_ref().or(kept.tls_cert.as_ref());
        let key = typed.tls_key.as_ref().or(kept.tls_key.as_ref());
        let tls = match (cert, key) {
            (Some(cert), Some(key)) => Some((house.folder().join(cert), house.folder().join(key))),
            (None, None) => None,
            _ => {
                return Err(Error::Setting("TLS needs both: `tls_cert` and `tls_key`".to_owned()));
            }
        };
        let proxies = if typed.trusted_proxies.is_empty() {
            &kept.trusted_proxies
        } else {
            &typed.trusted_proxies
        };
        Ok(Self {
            listen: either(&typed.listen, &kept.listen).unwrap_or_default(),
            public_url: either(&typed.public_url, &kept.public_url),
            trusted_proxies: proxies.clone(),
            tls,
            metrics_token: house.metrics_token()?,
        })
    }

    /// The address to listen on.
    pub(crate) fn address(&self) -> Result<SocketAddr, Error> {
        let text = if self.listen.is_empty() { LISTEN } else { &self.listen };
        text.parse().map_err(|_| {
            Error::Setting(format!(
                "`{text}` is no address to listen on: write one with its port, as `{LISTEN}` or `[::]:443`"
            ))
        })
    }

    /// The proxies that are believed.
    pub(crate) fn proxies(&self) -> Result<Vec<Network>, Error> {
        let read =
            |text: &String| Network::parse(text).map_err(|error| Error::Setting(error.to_string()));
        self.trusted_proxies.iter().map(read).collect()
    }

    /// INVARIANT: what people write travels encrypted beyond this machine. Whoever listens on other
    /// addresses has a certificate, or names the proxy that has one.
    pub(crate) fn refuse_plain(&self, address: SocketAddr) -> Result<(), Error> {
        if address.ip().is_loopback() || self.tls.is_some() || !self.trusted_proxies.is_empty() {
            return Ok(());
        }
        Err(Error::Setting(format!(
            "`{address}` is reached from other machines, and nothing would be encrypted: give a certificate \
             (`tls_cert`, `tls_key`), or name the proxy before it (`trusted_proxies`)"
        )))
    }
}

/// The address by which people reach the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicUrl {
    /// Whether it is https.
    pub(crate) https: bool,
    /// Host, and port where it is not the usual one, in lower case.
    pub(crate) authority: String,
}

impl PublicUrl {
    /// Reads `https://privacy.acme.example`.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let bad = || {
            Error::Setting(format!(
                "`{text}` is not the address of a site: write `https://privacy.acme.example`, without a path"
            ))
        };
        let (scheme, rest) = text.split_once("://").ok_or_else(bad)?;
        let https = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(bad()),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
        let usual = if https { ":443" } else { ":80" };
        let authority = authority.strip_suffix(usual).unwrap_or(&authority).to_owned();
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if authority.is_empty() || !authority.chars().all(known) {
            return Err(bad());
        }
        Ok(Self { https, authority })
    }

    /// The address, without a path.
    pub(crate) fn origin(&self) -> String {
        format!("{}://{}", if self.https { "https" } else { "http" }, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_has_no_path_and_a_known_scheme() {
        for (text, origin) in [
            ("https://privacy.acme.example", Some("https://privacy.acme.example")),
            ("https://Privacy.Acme.example:443/", Some("https://privacy.acme.example")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("https://acme.example/privacy", None),
            ("ftp://acme.example", None),
            ("acme.example", None),
            ("https://", None),
            ("https://jane@acme.example", None),
        ] {
            let found = PublicUrl::parse(text).ok().map(|url| url.origin());
            assert_eq!(found.as_deref(), origin, "{text}");
        }
    }

    #[test]
    fn nothing_is_listened_on_in_plain_from_other_machines() {
        let at = |listen: &str, proxies: &[&str]| {
            let settings = Settings {
                listen: listen.to_owned(),
                trusted_proxies: proxies.iter().map(|&text| text.to_owned()).collect(),
                ..Settings::default()
            };
            settings.refuse_plain(settings.address().unwrap()).is_ok()
        };
        assert!(at("", &[]) && at("[::1]:80", &[]) && at("0.0.0.0:8080", &["10.0.0.7"]));
        assert!(!at("0.0.0.0:8080", &[]) && !at("192.0.2.1:80", &[]));
    }
}
