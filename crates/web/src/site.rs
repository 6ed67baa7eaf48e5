//! What every handler shares: the house, the policy as it was read last, the files of the pages.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use app::House;
use app::publication::Version;
use app::reading::Reading;
use app::staff::Staff;
use app::telling::Telling;
use auth::Authority;
use model::{Micros, Secret};
use render::coverage::{Coverage, State};
use tokio::sync::Mutex;

use crate::assets::Assets;
use crate::connecting::Connecting;
use crate::console::{Looks, Navigation};
use crate::doorman::Doorman;
use crate::journal::Journal;
use crate::limit::Limits;
use crate::metrics::{Metrics, Standing};
use crate::settings::{Network, PublicUrl, Settings};
use crate::turns::Turns;
use crate::{Error, brand};

/// What was read from our own database counts so long, in microseconds.
const SECOND: i64 = 1_000_000;

/// An answer of our own database, and when it was given. Whoever asks while it is fetched waits for it.
struct Kept<T>(Mutex<Option<(Micros, T)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Clone> Kept<T> {
    async fn or(&self, now: Micros, ask: impl Future<Output = app::Result<T>>) -> app::Result<T> {
        let mut kept = self.0.lock().await;
        if let Some((at, answer)) = &*kept
            && now.0.saturating_sub(at.0) < SECOND
        {
            return Ok(answer.clone());
        }
        let answer = ask.await?;
        *kept = Some((now, answer.clone()));
        Ok(answer)
    }

    async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

/// How handlers hold the site.
pub type Shared = Arc<Site>;

/// One house with its doors open.
pub struct Site {
    /// The use cases.
    pub house: Arc<House>,
    /// Files that pages name.
    pub assets: Assets,
    /// Who may do what.
    pub authority: &'static Authority,
    /// How staff sign in.
    pub staff: Staff,
    pub(crate) doorman: Arc<dyn Doorman>,
    pub(crate) connecting: Connecting,
    pub(crate) looks: Looks,
    /// Runs of retention that were started here.
    pub(crate) disposing: Looks,
    pub(crate) limits: Limits,
    pub(crate) navigation: Navigation,
    pub(crate) journal: Journal,
    pub(crate) metrics: Metrics,
    pub(crate) turns: Turns,
    pub(crate) public_url: Option<PublicUrl>,
    pub(crate) proxies: Vec<Network>,
    pub(crate) metrics_token: Option<Secret<String>>,
    /// Whether TLS is spoken here.
    pub(crate) tls: bool,
    /// Whether the address that is listened on is this machine's own.
    pub(crate) loopback: bool,
    paths: BTreeSet<&'static str>,
    reading: RwLock<Arc<Reading>>,
    standing: Kept<Arc<Coverage>>,
    coming: Kept<Arc<Option<Version>>>,
    handovers: Kept<Arc<Vec<Telling>>>,
    ready: Kept<bool>,
    leaving: AtomicBool,
    unsound: AtomicBool,
}

impl Site {
    /// Reads the policy, opens the state, and keeps both.
    pub(crate) async fn open(
        mut house: House,
        settings: &Settings,
        address: SocketAddr,
        journal: Journal,
        doorman: Arc<dyn Doorman>,
    ) -> Result<Self, Error> {
        let reading = house.reading()?;
        let own = brand::read(house.folder(), house.centre_settings())?;
        let public_url = settings.public_url.as_deref().map(PublicUrl::parse).transpose()?;
        house.keep_open().await?;
        if let Some(of) = house.must_replay().await? {
            return Err(Error::Setting(format!(
                "this state came from the backup of {}: people who were erased may be there again. Run `upheld replay` first; it says when that is settled",
                render::words::moment(of, &reading.zone)
            )));
        }
        // On this machine alone browsers take `localhost` for a safe place, and give it passkeys; they
        // give none to a bare number.
        let here = address.ip().is_loopback().then(|| local(settings, address));
        let known_as = public_url.as_ref().map(PublicUrl::origin).or(here);
        if let Some(origin) = &known_as {
            house.known_at(origin);
        }
        let name = reading.policy.organisation.name.as_str();
        let staff = Staff::new(&house, known_as.as_deref(), name)?;
        Ok(Self {
            assets: Assets::new(own),
            authority: Authority::shared()?,
            staff,
            doorman,
            connecting: Connecting::default(),
            looks: Looks::default(),
            disposing: Looks::default(),
            limits: Limits::of(house.api_settings()),
            navigation: Navigation::default(),
            journal,
            metrics: Metrics::new(),
            turns: Turns::new(house.serve_settings().forms_a_minute),
            public_url,
            proxies: settings.proxies()?,
            metrics_token: settings.metrics_token.clone(),
            tls: settings.tls.is_some(),
            loopback: address.ip().is_loopback(),
            paths: crate::routes::table().into_iter().map(|row| row.path).collect(),
            reading: RwLock::new(Arc::new(reading)),
            standing: Kept::default(),
            coming: Kept::default(),
            handovers: Kept::default(),
            ready: Kept::default(),
            leaving: AtomicBool::new(false),
            unsound: AtomicBool::new(false),
            house: Arc::new(house),
        })
    }

    /// The policy and the notice, as they were read last.
    pub fn reading(&self) -> Arc<Reading> {
        Arc::clone(&self.reading.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the policy again if a file was changed. One that is not sound is not taken: pages go
    /// on with the last that was.
    pub(crate) fn refresh(&self) -> app::Result<bool> {
        if self.reading().is_of(&self.house.seen()?) {
            return Ok(false);
        }
        let reading = Arc::new(self.house.reading()?);
        *self.reading.write().unwrap_or_else(PoisonError::into_inner) = reading;
        Ok(true)
    }

    /// The policy folder is not sound just now. Said once, not every second.
    pub(crate) fn tell_unsound(&self, now: model::Micros) {
        if !self.unsound.swap(true, Ordering::Relaxed) {
            const SAID: &str = "the policy was changed and is not sound: pages go on with the last \
                that was; `upheld check` says what is wrong";
            self.journal.told(now, SAID);
        }
    }

    /// The policy folder is as pages show it.
    pub(crate) fn sound(&self) {
        self.unsound.store(false, Ordering::Relaxed);
    }

    /// How the promises stood when they were looked at last. Asks our own database, at most once a
    /// second; never a client's system.
    pub async fn standing(&self) -> app::Result<Arc<Coverage>> {
        let ask = async {
            let coverage = Arc::new(self.house.last_status_of(&self.reading().policy).await?);
            let tally = coverage.tally();
            for state in State::ALL {
                let count = i64::try_from(tally.of(state)).unwrap_or(i64::MAX);
                self.metrics.promises.get_or_create(&Standing { state: state.word() }).set(count);
            }
            Ok(coverage)
        };
        self.standing.or(self.house.now(), ask).await
    }

    /// The version of the notice that will hold next; asked at most once a second.
    pub async fn coming(&self) -> app::Result<Arc<Option<Version>>> {
        let ask = async { Ok(Arc::new(self.house.coming_version().await?)) };
        self.coming.or(self.house.now(), ask).await
    }

    /// The changes of hands that everybody is told of; asked at most once a second.
    pub async fn handovers(&self) -> app::Result<Arc<Vec<Telling>>> {
        let ask = async { Ok(Arc::new(self.house.handovers().await?)) };
        self.handovers.or(self.house.now(), ask).await
    }

    /// Whether database, keys and log are there and agree; asked at most once a second, because
    /// everybody may ask.
    pub(crate) async fn is_ready(&self) -> bool {
        let ask = async { Ok(self.house.ready().await.is_ok()) };
        !self.is_leaving() && self.ready.or(self.house.now(), ask).await.unwrap_or(false)
    }

    /// Something was changed here: the next page asks again.
    pub(crate) async fn forget_standing(&self) {
        self.standing.forget().await;
        self.coming.forget().await;
        self.handovers.forget().await;
    }

    /// Whether the pages show the policy folder as it is now.
    pub fn is_sound(&self) -> bool {
        !self.unsound.load(Ordering::Relaxed)
    }

    /// Whether people reach this server over https.
    pub(crate) fn https(&self) -> bool {
        self.tls || self.public_url.as_ref().is_some_and(|url| url.https)
    }

    /// Whether a host's name is one of ours. Anything else may be a page of a stranger that was
    /// pointed at this machine.
    pub(crate) fn is_ours(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let public = self.public_url.as_ref();
        if public.is_some_and(|url| url.authority == host) {
            return true;
        }
        let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok());
        let name = name.map_or(host.as_str(), |(name, _)| name);
        let local = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
        // Without a public address of its own, a server on the network has any name.
        (self.loopback && local) || (public.is_none() && !self.loopback)
    }

    /// A path of the table under the name that lasts as long as the program: counters have no other.
    pub(crate) fn row_name(&self, path: &str) -> &'static str {
        self.paths.get(path).copied().unwrap_or("none")
    }

    /// Whether the table has a row for this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// From now on the server takes nothing new.
    pub(crate) fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }
}

/// The address of a server that only this machine reaches.
pub(crate) fn local(settings: &Settings, address: SocketAddr) -> String {
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    format!("{scheme}://localhost:{}", address.port())
}
