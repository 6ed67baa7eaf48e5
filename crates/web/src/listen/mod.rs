//! Connections: taken, secured, served, and ended in order.

mod tls;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

pub(crate) use tls::Tls;

use crate::client::Peer;
use crate::site::Shared;

/// So many connections at once; the next ones wait for their turn.
const CONNECTIONS: usize = 2048;
/// So long a browser may take to say what it wants.
const HEAD: Duration = Duration::from_secs(10);
/// So long a browser may take to agree on keys.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// So long the last answers may take once the server was told to end.
const FAREWELL: Duration = Duration::from_secs(20);
/// So much may stand in the head of a request.
const HEADERS: usize = 32 * 1024;

/// Serves until `stop` becomes true.
pub(crate) async fn serve(
    site: &Shared,
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            stopped = stop.wait_for(|stop| *stop) => {
                drop(stopped);
                break;
            }
        };
        let Ok((stream, address)) = taken else {
            // Out of file handles, most likely: those that end make room.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Answers are small; waiting to fill a packet only makes them late.
        drop(stream.set_nodelay(true));
        let (site, tls, router) = (Arc::clone(site), tls.clone(), router.clone());
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            let peer = Peer { address, tls: tls.is_some() };
            site.metrics.open.inc();
            if !connection(stream, peer, tls, router, watcher).await {
                site.journal
                    .told(site.house.now(), "a browser and the server did not agree on keys");
            }
            site.metrics.open.dec();
            drop(place);
        });
    }
    site.leave();
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        site.journal.told(site.house.now(), "some answers were not ended in time");
    }
}

/// Serves a connection; not, if no keys could be agreed on.
async fn connection(
    stream: TcpStream,
    peer: Peer,
    tls: Option<Tls>,
    router: Router,
    watcher: Watcher,
) -> bool {
    match tls {
        None => speak(stream, peer, router, watcher).await,
        Some(tls) => {
            let handshake = tls.acceptor().accept(stream);
            let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, handshake).await else {
                return false;
            };
            speak(stream, peer, router, watcher).await;
        }
    }
    true
}

/// HTTP/1.1 or HTTP/2, as the browser wants it.
async fn speak<S>(stream: S, peer: Peer, router: Router, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = router.map_request(move |mut request: Request<_>| {
        request.extensions_mut().insert(peer);
        request.map(axum::body::Body::new)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEADERS)
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(Duration::from_secs(30)))
        .max_header_list_size(32 * 1024)
        .max_concurrent_streams(64);
    let connection =
        builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    // A connection that breaks is the browser's affair.
    drop(watcher.watch(connection.into_owned()).await);
}
