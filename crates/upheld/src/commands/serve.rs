//! `upheld serve`

use std::path::PathBuf;
use std::process::ExitCode;

use app::{Error, House, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};

use crate::screen::Screen;

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// The address and port to listen on; 127.0.0.1:8080 if nothing says otherwise.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The address by which people reach it, if that is another.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The certificates for TLS, as PEM, the server's own first.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The key of the certificate, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// An address or network of proxies whose X-Forwarded-For and -Proto are believed; may be given
    /// several times.
    #[arg(long = "trusted-proxy", value_name = "ADDRESS")]
    trusted_proxies: Vec<String>,
    /// Write no line about what was answered.
    #[arg(long)]
    no_journal: bool,
}

pub(crate) async fn run(house: House, wish: Serve, screen: &Screen) -> Result<ExitCode> {
    let typed = app::Serve {
        listen: wish.listen,
        public_url: wish.public_url,
        trusted_proxies: wish.trusted_proxies,
        tls_cert: wish.tls_cert.map(absolute),
        tls_key: wish.tls_key.map(absolute),
        ..app::Serve::default()
    };
    let settings = web::Settings::of(&house, &typed).map_err(told)?;
    let journal =
        if wish.no_journal { web::Journal::none() } else { web::Journal::to(std::io::stderr()) };
    let server = web::Server::open(house, settings, journal).await.map_err(told)?;
    screen.calm();
    screen.say(&format!("Upheld serves {}", server.url()));
    let first = server.first_link().await.map_err(told)?;
    if let Some(link) = &first {
        screen.say(
            "Nobody can sign in yet. Open this address to come in as the owner; it works once:",
        );
        screen.say(&format!("  {}", link.expose_secret()));
    }
    screen.json_line(&serde_json::json!({
        "url": server.url(), "set_up": first.as_ref().map(model::Secret::expose_secret),
    }));
    let (stop, stopped) = watch::channel(false);
    let (reload, reloads) = mpsc::channel(1);
    let signals = listen_for_signals(stop, reload)?;
    let served = server.run(stopped, reloads).await.map_err(told);
    signals.abort();
    served?;
    screen.note("The server has ended in order.");
    Ok(ExitCode::SUCCESS)
}

/// SIGTERM and Ctrl-C end the server, SIGHUP has it read its certificates again.
fn listen_for_signals(
    stop: watch::Sender<bool>,
    reload: mpsc::Sender<()>,
) -> Result<tokio::task::JoinHandle<()>> {
    let on = |kind| {
        signal(kind).map_err(|error| Error::Refused(format!("signals cannot be heard: {error}")))
    };
    let mut term = on(SignalKind::terminate())?;
    let mut interrupt = on(SignalKind::interrupt())?;
    let mut hup = on(SignalKind::hangup())?;
    Ok(tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = term.recv() => break,
                _ = interrupt.recv() => break,
                // One reload that waits is as good as several.
                _ = hup.recv() => drop(reload.try_send(())),
            }
        }
        let _ = stop.send(true);
        // The channel stays open until the server has ended.
        stop.closed().await;
    }))
}

/// What is typed counts from where one stands, what is kept from the policy folder.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

fn told(error: web::Error) -> Error {
    match error {
        web::Error::App(error) => error,
        other => Error::Refused(other.to_string()),
    }
}
