//! The server: listens, serves, reads the policy again when it changes, and ends in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::jobs::Pace;
use app::staff::LinkKind;
use axum::Router;
use model::Secret;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::doorman::Doorman;
use crate::listen::{self, Tls};
use crate::site::{Shared, Site, local};
use crate::staff::SessionDoor;
use crate::{Error, Journal, Settings, layer, routes};

/// How often it is looked whether the day of a version has come.
const SETTLE: Duration = Duration::from_secs(60);
/// How often it is looked whether a file of the policy was changed.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How often sessions, links and questions that are over are forgotten.
const FORGET: Duration = Duration::from_secs(3600);

/// A server that has its address and listens as soon as it runs.
pub struct Server {
    site: Shared,
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    /// By what this machine reaches it.
    here: String,
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
        Self::open_with(house, settings, journal, Arc::new(SessionDoor)).await
    }

    /// The same with somebody else at the door.
    ///
    /// # Errors
    /// Those of [`Server::open`].
    pub async fn open_with(
        house: app::House,
        settings: Settings,
        journal: Journal,
        doorman: Arc<dyn Doorman>,
    ) -> Result<Self, Error> {
        let tls = settings.tls.clone().map(|(cert, key)| Tls::read(cert, key)).transpose()?;
        let wanted = settings.address()?;
        settings.refuse_plain(wanted)?;
        let taken = |source| Error::Listen { address: wanted.to_string(), source };
        let listener = TcpListener::bind(wanted).await.map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        let here = local(&settings, address);
        let site = Arc::new(Site::open(house, &settings, address, journal, doorman).await?);
        let router = layer::application(&site, routes::table())?;
        Ok(Self { site, listener, tls, router, here })
    }

    /// The address by which people reach it.
    pub fn url(&self) -> String {
        if let Some(url) = &self.site.public_url {
            return url.origin();
        }
        if self.site.loopback {
            return self.here.clone();
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

    /// The address at which the very first member of staff comes in; none if somebody is here
    /// already. Each call makes a new one and ends the last.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn first_link(&self) -> Result<Option<Secret<String>>, Error> {
        let link = self.site.staff.first_link(&self.site.house).await?;
        Ok(link.map(|secret| {
            let kind = LinkKind::SetUp.as_str();
            Secret::new(format!("{}/come-in/{kind}/{}", self.url(), secret.expose_secret()))
        }))
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
        let Self { site, listener, tls, router, here: _ } = self;
        let again = {
            let (site, tls) = (Arc::clone(&site), tls.clone());
            async move {
                let mut look = tokio::time::interval(LOOK_AGAIN);
                let mut settle_again = tokio::time::interval(SETTLE);
                let mut forget = tokio::time::interval(FORGET);
                let mut signals = true;
                loop {
                    tokio::select! {
                        _ = look.tick() => refresh(&site).await,
                        _ = settle_again.tick() => settle(&site).await,
                        // What stays for an hour more harms nobody: it is over, and is asked about its end.
                        _ = forget.tick() => drop(site.house.forget_sign_ins().await),
                        asked = reload.recv(), if signals => match (asked, &tls) {
                            (Some(()), Some(tls)) => again_tls(&site, tls),
                            (Some(()), None) => {}
                            (None, _) => signals = false,
                        },
                    }
                }
            }
        };
        let (sealing, sealed) = begin_sealing(&site);
        let workers = begin_workers(&site, &stop);
        tokio::select! {
            () = listen::serve(&site, listener, tls, router, stop) => {}
            () = again => {}
        }
        // What a worker has in hand it ends, or gives back for another one to begin again.
        workers.join_all().await;
        drop(sealing);
        drop(sealed.await);
        Ok(())
    }
}

/// Has the log signed beside the answers until what it returns is dropped; the task then ends.
fn begin_sealing(site: &Shared) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (end, ended) = oneshot::channel::<()>();
    let site = Arc::clone(site);
    let task = tokio::spawn(async move {
        let told = |_: &app::Error| {
            site.journal
                .told(site.house.now(), "the log cannot be signed: `upheld doctor` says why");
        };
        if site.house.seal_beside(async { drop(ended.await) }, told).await.is_err() {
            site.journal.told(
                site.house.now(),
                "the log was not signed at the end: the next start does it",
            );
        }
    });
    (end, task)
}

/// Begins the workers of this server: as many as `[serve] workers` says, one if it says nothing.
fn begin_workers(site: &Shared, stop: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    for _ in 0..site.house.serve_settings().workers.unwrap_or(1) {
        let (site, mut stop) = (Arc::clone(site), stop.clone());
        workers.spawn(async move {
            let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
            let house = Arc::clone(&site.house);
            if house.run_jobs(Pace::default(), stopped).await.is_err() {
                site.journal.told(site.house.now(), "a worker could not begin: jobs wait");
            }
        });
    }
    workers
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
