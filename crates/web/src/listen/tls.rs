//! The certificates: read from PEM files, and read again on demand while the server runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::Error;

/// The certificates in use.
#[derive(Clone)]
pub(crate) struct Tls {
    files: Arc<(PathBuf, PathBuf)>,
    config: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Tls {
    /// Reads certificates and key.
    pub(crate) fn read(cert: PathBuf, key: PathBuf) -> Result<Self, Error> {
        let config = config(&cert, &key)?;
        Ok(Self { files: Arc::new((cert, key)), config: Arc::new(RwLock::new(Arc::new(config))) })
    }

    /// Reads them again. If that fails, the old ones stay.
    pub(crate) fn again(&self) -> Result<(), Error> {
        let (cert, key) = &*self.files;
        let config = Arc::new(config(cert, key)?);
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    /// What secures the next connection.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let config = self.config.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&config))
    }
}

fn config(cert: &Path, key: &Path) -> Result<ServerConfig, Error> {
    let bad = |file: &Path, message: String| Error::Tls { file: file.to_owned(), message };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect)
        .map_err(|error| bad(cert, format!("no certificates can be read: {error}")))?;
    if chain.is_empty() {
        return Err(bad(cert, "there is no certificate in it".to_owned()));
    }
    let secret = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| bad(key, format!("no private key can be read: {error}")))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(cert, error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|error| bad(cert, format!("it does not go with the key: {error}")))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
