//! Mail that goes out: kept sealed with the job that sends it, handed over, forgotten.

use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::{Error as SmtpError, extension::ClientId};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use model::{Micros, Personal};
use serde_json::json;
use store::{Claim, Tx};

use super::message::{Draft, Unfit, message};
use super::settings::{Encryption, MailServer};
use crate::house::House;
use crate::jobs::{Did, Failed, Work, ask};
use crate::keeper::canonical;
use crate::state::State;
use crate::{Error, Result};

const NO_SERVER: &str = "no mail server is named: write `[mail.out]` into upheld.toml";
/// What mails are sealed for.
const PURPOSE: &str = "mail";
/// A server that says nothing for so long is asked another time.
const PATIENCE: Duration = Duration::from_secs(60);
/// So long what was sent may linger in the files, in microseconds.
const SCRUB: i64 = 10 * 1_000_000;

/// What a mail is, beside its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Label<'l> {
    /// Whose mail it is.
    pub(crate) organisation: &'l str,
    /// What kind of letter, in a word of ours.
    pub(crate) kind: &'l str,
    /// The id of the request that it is about.
    pub(crate) about: Option<&'l str>,
}

/// Puts a mail into the outbox, in the transaction of whatever it tells of; its id.
pub(crate) async fn post(
    tx: &mut Tx,
    state: &State,
    label: Label<'_>,
    draft: &Draft,
) -> Result<String> {
    let means = state.means();
    let id = store::new_id(means.rng.as_ref());
    let plain = serde_json::to_vec(draft)
        .map_err(|error| Error::Refused(format!("the mail cannot be written down: {error}")))?;
    let mail = store::Mail {
        body: Some(state.vault.seal(PURPOSE, &id, &plain)?),
        id: id.clone(),
        organisation: label.organisation.to_owned(),
        kind: label.kind.to_owned(),
        about: label.about.map(str::to_owned),
        made_at: means.clock.now(),
        sent_at: None,
        failed_at: None,
        failure: None,
    };
    tx.insert_mail(&mail).await?;
    let work = Work::SendMail { mail: id.clone() };
    ask(tx, means, label.organisation, &work, None).await?;
    Ok(id)
}

impl House {
    /// Writes a mail to somebody of the house, to see whether mail goes out.
    pub async fn try_mail(&self, to: &str) -> Result<()> {
        if self.settings.mail.out.is_none() {
            return Err(Error::Refused(NO_SERVER.to_owned()));
        }
        let policy = self.policy(false)?;
        let name = &policy.organisation.name;
        let draft = Draft {
            to: Personal::new(to.to_owned()),
            subject: Personal::new(format!("{name}: mail goes out")),
            text: Personal::new(format!(
                "This mail shows that the privacy desk of {name} can write to people.\n"
            )),
            html: None,
            answers: None,
        };
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        let label = Label { organisation: auth::ROOT, kind: "trial", about: None };
        post(&mut tx, &state, label, &draft).await?;
        Ok(tx.commit().await?)
    }

    /// Hands a mail over. One that was handed over before is left alone.
    pub(crate) async fn send_mail(
        &self,
        id: &str,
        claim: &Claim,
    ) -> std::result::Result<Did, Failed> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let mail = tx.mail(id).await?;
        tx.rollback().await?;
        let Some((mail, body)) = mail.and_then(|mail| mail.body.clone().map(|body| (mail, body)))
        else {
            return Ok(Did::Done);
        };
        let plain = state.vault.open_sealed(PURPOSE, id, &body).map_err(Error::from)?;
        let draft: Draft = serde_json::from_slice(&plain).map_err(|_| {
            Failed::ForGood("the mail was written by another version of Upheld".to_owned())
        })?;
        let policy = self.policy(false)?;
        let from = self.settings.mail.from.as_ref().unwrap_or(&policy.organisation.contact.email);
        let made = message(&draft, (&policy.organisation.name, from), id, mail.made_at);
        let failure = match made {
            Ok(made) => match self.transport()?.send(made).await {
                Ok(_) => None,
                Err(error) => Some(refusal(&error)?),
            },
            Err(Unfit::To) => Some("no address".to_owned()),
            Err(Unfit::From) => {
                return Err(Failed::ForGood("`mail.from` is not an e-mail address".to_owned()));
            }
            Err(Unfit::Form) => {
                return Err(Failed::ForGood("no mail can be made of it".to_owned()));
            }
        };
        let now = self.means.clock.now();
        let mut tx = state.store.begin().await?;
        let (noted, kind) = match &failure {
            None => (tx.mail_sent(id, now).await?, "mail sent"),
            Some(code) => (tx.mail_failed(id, now, code).await?, "mail refused"),
        };
        // Somebody else was quicker, or has taken the job over: what they wrote stands.
        if !noted || !tx.finish_job(claim).await? {
            tx.rollback().await?;
            return Ok(Did::Ended);
        }
        let mut salt = [0; 32];
        self.means.rng.fill(&mut salt);
        let body = json!({
            "kind": kind, "mail": id, "letter": mail.kind, "request": mail.about, "code": failure,
        });
        tx.append_event(&store::Event {
            id: store::new_id(self.means.rng.as_ref()),
            organisation: policy.organisation.name.clone(),
            kind: kind.to_owned(),
            case: None,
            at: now,
            body: canonical(&body),
            salt,
        })
        .await?;
        // What was sent is forgotten in the files too: once for all that goes out within a while.
        let soon = Micros(now.0.saturating_add(SCRUB));
        ask(&mut tx, &self.means, &mail.organisation, &Work::Scrub, Some(soon)).await?;
        tx.commit().await?;
        self.seal(&state).await?;
        Ok(Did::Ended)
    }

    pub(crate) fn transport(
        &self,
    ) -> std::result::Result<AsyncSmtpTransport<Tokio1Executor>, Failed> {
        let server = self.settings.mail.out.as_ref().ok_or_else(|| {
            Failed::ForNow(
                "no mail server is named: write `[mail.out]` into upheld.toml".to_owned(),
            )
        })?;
        let named = |why: String| Failed::ForNow(format!("mail.out: {why}"));
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .hello_name(ClientId::Domain("localhost".to_owned()))
            .timeout(Some(PATIENCE))
            .port(server.port.unwrap_or(match server.tls {
                Encryption::Tls => 465,
                Encryption::StartTls => 587,
                Encryption::None => 25,
            }))
            .tls(match server.tls {
                Encryption::Tls => Tls::Wrapper(self.tls_of(server)?),
                Encryption::StartTls => Tls::Required(self.tls_of(server)?),
                Encryption::None => Tls::None,
            });
        let password =
            server.secret(&self.folder, self.means.environment.as_ref()).map_err(named)?;
        if let Some((user, password)) = server.user.clone().zip(password) {
            builder = builder.credentials(Credentials::new(user, password.expose_secret().clone()));
        }
        Ok(builder.build())
    }

    fn tls_of(&self, server: &MailServer) -> std::result::Result<TlsParameters, Failed> {
        let wrong = |_: SmtpError| {
            Failed::ForNow("mail.out: the certificates of `ca` cannot be used".to_owned())
        };
        let mut builder = TlsParameters::builder(server.host.clone());
        if let Some(pem) = server.authorities(&self.folder).map_err(Failed::ForNow)? {
            builder = builder
                .certificate_store(CertificateStore::None)
                .add_root_certificate(Certificate::from_pem(&pem).map_err(wrong)?);
        }
        builder.build_rustls().map_err(wrong)
    }
}

/// The code of a server that will not take this mail; `Err` if another try may go better. What it says
/// beside the code is not repeated: it quotes addresses.
pub(crate) fn refusal(error: &SmtpError) -> std::result::Result<String, Failed> {
    let code = error.status().map(|code| code.to_string());
    match code {
        // 530 to 538 are about our account and about encryption, not about this mail.
        Some(code) if error.is_permanent() && !code.starts_with("53") => Ok(code),
        Some(code) => Err(Failed::ForNow(format!("the mail server answered {code}"))),
        None if error.is_timeout() => Err(Failed::ForNow("the mail server does not answer".to_owned())),
        None if error.is_tls() || is_handshake(error) => Err(Failed::ForNow(
            "the connection to the mail server cannot be encrypted: look at `tls` and `ca` of `[mail.out]`".to_owned(),
        )),
        None => Err(Failed::ForNow("the mail server is not reached".to_owned())),
    }
}

/// Whether the two sides could not agree on how to encrypt, or the other could not show who it is.
fn is_handshake(error: &SmtpError) -> bool {
    use std::error::Error as _;
    let mut source = error.source();
    while let Some(cause) = source {
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if cause.is::<rustls::Error>() || inner.is_some_and(|inner| inner.is::<rustls::Error>()) {
            return true;
        }
        source = cause.source();
    }
    false
}
