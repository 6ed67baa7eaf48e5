//! The server: listens, serves, reads the policy again when it changes, and ends in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use crate::doorman::{Doorman, Nobody};
use crate::listen::{self, Tls};
use crate::site::{Shared, Site};
use crate::{Error, Journal, Settings, layer, routes};

/// How often it is looked whether the day of a version has come.
const SETTLE: Duration = Duration::from_secs(60);
/// How often it is looked whether a file of the policy was changed.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A server that has its address and listens as soon as it runs.
pub struct Server {
    site: Shared,
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
}

impl Server {
    /// Opens the house and takes the address.
    ///
    /// # Errors
    /// Settings that cannot be used, a policy that is not sound, a state that cannot be opened, an
    /// address that somebody else has.
    pub async fn open(
        house: app::House,
        settings: Settings,
        journal: Journal,
    ) -> Result<Self, Error> {
        Self::open_with(house, settings, journal, Arc::new(Nobody)).await
    }

    /// The same with somebody at the door who knows the people of staff.
    ///
    /// # Errors
    /// Those of [`Server::open`].
    pub async fn open_with(
        house: app::House,
        settings: Settings,
        journal: Journal,
        doorman: Arc<dyn Doorman>,
    ) -> Result<Self, Error> {
        let site = Arc::new(Site::open(house, &settings, journal, doorman).await?);
        let router = layer::application(&site, routes::table())?;
        let tls = settings.tls.clone().map(|(cert, key)| Tls::read(cert, key)).transpose()?;
        let address = settings.address()?;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| Error::Listen { address: address.to_string(), source })?;
        Ok(Self { site, listener, tls, router })
    }

    /// The address by which people reach it.
    pub fn url(&self) -> String {
        if let Some(url) = &self.site.public_url {
            return url.origin();
        }
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        self.address().map_or_else(|_| scheme.to_owned(), |address| format!("{scheme}://{address}"))
    }

    /// The address on which it listens.
    ///
    /// # Errors
    /// The system does not say.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What the handlers share.
    pub fn site(&self) -> &Shared {
        &self.site
    }

    /// Serves until `stop` says so; then takes nothing new, and answers what was asked before. Each
    /// message of `reload` has the certificates read again.
    ///
    /// # Errors
    /// None yet: what goes wrong with one connection ends that one.
    pub async fn run(
        self,
        stop: watch::Receiver<bool>,
        mut reload: mpsc::Receiver<()>,
    ) -> Result<(), Error> {
        let Self { site, listener, tls, router } = self;
        let again = {
            let (site, tls) = (Arc::clone(&site), tls.clone());
            async move {
                let mut look = tokio::time::interval(LOOK_AGAIN);
                let mut settle_again = tokio::time::interval(SETTLE);
                let mut signals = true;
                loop {
                    tokio::select! {
                        _ = look.tick() => refresh(&site).await,
                        _ = settle_again.tick() => settle(&site).await,
                        asked = reload.recv(), if signals => match (asked, &tls) {
                            (Some(()), Some(tls)) => again_tls(&site, tls),
                            (Some(()), None) => {}
                            (None, _) => signals = false,
                        },
                    }
                }
            }
        };
        tokio::select! {
            () = listen::serve(&site, listener, tls, router, stop) => {}
            () = again => {}
        }
        Ok(())
    }
}

/// Notes which scheduled version of the notice holds now.
async fn settle(site: &Shared) {
    let reading = site.reading();
    if let Ok(1..) = site.house.settle_versions(&reading.policy).await {
        site.forget_standing().await;
        site.journal.told(site.house.now(), "a scheduled version of the notice is in force");
    }
}

/// Reads the policy again if it was changed.
async fn refresh(site: &Shared) {
    let now = site.house.now();
    let reading = Arc::clone(site);
    let done = tokio::task::spawn_blocking(move || reading.refresh()).await;
    match done {
        Ok(Ok(true)) => {
            site.sound();
            site.forget_standing().await;
            site.journal.told(now, "the policy was changed and read again");
        }
        Ok(Ok(false)) | Err(_) => site.sound(),
        Ok(Err(_)) => site.tell_unsound(now),
    }
}

fn again_tls(site: &Site, tls: &Tls) {
    let said = match tls.again() {
        Ok(()) => "the certificates were read again",
        Err(_) => "the certificates cannot be read: the old ones stay",
    };
    site.journal.told(site.house.now(), said);
}
