use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use model::{FixedClock, Secret, SeededRng};
use store::Location;

use super::*;

/// Work that is told by the id of its mail what to do.
#[derive(Default)]
struct Told {
    done: Mutex<BTreeMap<String, usize>>,
    begun: AtomicUsize,
}

#[async_trait]
impl Handle for Told {
    async fn handle(&self, work: Work, _: &Claim) -> std::result::Result<Did, Failed> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let Work::SendMail { mail } = work else { return Ok(Did::Done) };
        if mail.starts_with("hang") {
            std::future::pending::<()>().await;
        }
        if mail.starts_with("panic") {
            panic!("on purpose");
        }
        if mail.starts_with("never") {
            return Err(Failed::ForGood("it cannot be".to_owned()));
        }
        if mail.starts_with("later") {
            return Err(Failed::ForNow("not yet".to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        *self.done.lock().unwrap().entry(mail).or_default() += 1;
        Ok(Did::Done)
    }
}

fn means(seed: u64) -> Means {
    Means { rng: Arc::new(SeededRng::new(seed)), ..Means::of_this_machine() }
}

fn worker(store: &Store, means: Means, handler: &Arc<Told>) -> Worker<Told> {
    Worker {
        store: store.clone(),
        means,
        organisation: "root".to_owned(),
        zone: Zone::utc(),
        schedules: Schedules { mailbox: "off".to_owned(), promises: "off".to_owned() },
        pace: Pace {
            hands: 3,
            lease: Duration::from_millis(600),
            look: Duration::from_millis(50),
            grace: Duration::from_millis(50),
        },
        handler: Arc::clone(handler),
    }
}

async fn ask_for(store: &Store, means: &Means, mails: &[String]) {
    let mut tx = store.begin().await.unwrap();
    for mail in mails {
        let work = Work::SendMail { mail: mail.clone() };
        ask(&mut tx, means, "root", &work, None).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn counts(store: &Store) -> store::JobCounts {
    store.read().await.unwrap().job_counts().await.unwrap()
}

async fn until(what: &str, mut there: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if there().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never: {what}");
}

async fn sqlite() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Location::Sqlite(folder.path().join("db"))).await.unwrap();
    (folder, store)
}

/// Two servers on one PostgreSQL; one of them is gone in the middle of its work.
#[test]
fn two_servers_share_one_is_killed_and_nothing_is_lost() {
    let url = testkit::postgres().fresh_database("jobs");
    let location = Location::Postgres(Secret::new(url));
    let server = |name: &'static str, seed: u64, handler: &Arc<Told>| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name(name)
            .enable_all()
            .build()
            .unwrap();
        let (location, handler) = (location.clone(), Arc::clone(handler));
        runtime.spawn(async move {
            let store = Store::open(&location).await.unwrap();
            worker(&store, means(seed), &handler).run(std::future::pending()).await;
        });
        runtime
    };
    let (first, second) = (Arc::new(Told::default()), Arc::new(Told::default()));
    let here = tokio::runtime::Runtime::new().unwrap();
    let store = here.block_on(Store::open(&location)).unwrap();
    let mut mails: Vec<String> = (0..120).map(|n| format!("mail {n}")).collect();
    here.block_on(ask_for(&store, &means(1), &mails));
    let (one, two) = (server("one", 2, &first), server("two", 3, &second));
    let done = |told: &Arc<Told>| told.done.lock().unwrap().len();
    here.block_on(until("both work", async || done(&first) > 5 && done(&second) > 5));
    // The first takes what hangs in its hands and is gone with it.
    let more: Vec<String> = (120..200).map(|n| format!("mail {n}")).collect();
    here.block_on(ask_for(&store, &means(4), &more));
    mails.extend(more);
    one.shutdown_background();
    here.block_on(until("all is done", async || {
        counts(&store).await == store::JobCounts::default()
    }));
    two.shutdown_background();
    let mut had: BTreeMap<String, usize> = first.done.lock().unwrap().clone();
    for (mail, times) in second.done.lock().unwrap().iter() {
        *had.entry(mail.clone()).or_default() += times;
    }
    assert_eq!(had.len(), mails.len(), "each was done");
    let twice = had.values().filter(|times| **times > 1).count();
    assert!(twice <= 3, "only what the killed one had in its three hands: {twice}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_is_tried_again_and_what_cannot_be_waits_for_a_person() {
    let (_folder, store) = sqlite().await;
    let told = Arc::new(Told::default());
    let mails = ["fine", "never", "panic", "later"].map(str::to_owned);
    ask_for(&store, &means(1), &mails).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(worker(&store, means(2), &told).run(async { drop(stopped.await) }));
    until("all were begun", async || {
        let counts = counts(&store).await;
        told.begun.load(Ordering::SeqCst) >= 4 && counts.running == 0
    })
    .await;
    drop(stop);
    running.await.unwrap();
    assert_eq!(counts(&store).await, store::JobCounts { waiting: 2, running: 0, dead: 1 });
    let mut tx = store.begin().await.unwrap();
    let dead = tx.dead_jobs("root").await.unwrap();
    assert_eq!(dead[0].failure.as_deref(), Some("it cannot be"));
    let far = Micros(i64::MAX / 2);
    let waiting = tx.take_jobs("x", far, far, 9).await.unwrap();
    let mut why: Vec<_> = waiting.iter().filter_map(|c| c.job.failure.as_deref()).collect();
    why.sort_unstable();
    assert_eq!(why, ["not yet", "the program failed at it"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_gives_back_what_it_has_not_done() {
    let (_folder, store) = sqlite().await;
    let told = Arc::new(Told::default());
    ask_for(&store, &means(1), &["hang".to_owned()]).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(worker(&store, means(2), &told).run(async { drop(stopped.await) }));
    // Longer than the lease: while the server lives, nobody else gets it.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(told.begun.load(Ordering::SeqCst), 1);
    drop(stop);
    running.await.unwrap();
    assert_eq!(counts(&store).await.waiting, 1);
    let now = Micros(means(1).clock.now().0 + 1_000_000);
    let again = store.begin().await.unwrap().take_jobs("x", now, now, 9).await.unwrap();
    assert_eq!(again[0].job.attempts, 1, "it was not counted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_kills_every_server_is_given_up() {
    let (_folder, store) = sqlite().await;
    let means = means(1);
    ask_for(&store, &means, &["hang".to_owned()]).await;
    let most = Work::SendMail { mail: String::new() }.tries().most;
    for n in 0..most {
        let mut tx = store.begin().await.unwrap();
        let now = means.clock.now();
        assert_eq!(tx.take_jobs(&format!("l{n}"), now, now, 1).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
    }
    let told = Arc::new(Told::default());
    let running = tokio::spawn(worker(&store, means, &told).run(std::future::pending()));
    until("it is given up", async || counts(&store).await.dead == 1).await;
    running.abort();
    assert_eq!(told.begun.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_by_its_schedule_is_asked_for_once() {
    let (_folder, store) = sqlite().await;
    let minute = 60 * 1_000_000;
    let told = Arc::new(Told::default());
    let at = |micros| Means { clock: Arc::new(FixedClock(Micros(micros))), ..means(1) };
    let every = |means| Worker {
        schedules: Schedules { mailbox: "off".to_owned(), promises: "* * * * *".to_owned() },
        ..worker(&store, means, &told)
    };
    let mut due = BTreeMap::new();
    every(at(0)).tick(&mut due).await.unwrap();
    assert_eq!(counts(&store).await.waiting, 0, "not before its time");
    every(at(minute + 1)).tick(&mut due).await.unwrap();
    every(at(minute + 1)).tick(&mut BTreeMap::new()).await.unwrap();
    assert_eq!(counts(&store).await.waiting, 1);
    assert_eq!(due.get("promises"), Some(&Micros(2 * minute)));
}
