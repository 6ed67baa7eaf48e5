//! Mail that comes in: the privacy mailbox, read over IMAP.
//!
//! Mails stay in the mailbox as they are; what is remembered is up to which one it was read. A mail
//! becomes a request that waits for a person's look, an answer joins the request that it answers, and
//! one that came back is noted at the letter that went out. Nobody is answered by itself, so that two
//! programs never write to each other.

use std::sync::Arc;
use std::time::Duration;

use async_imap::types::Fetch;
use documents::Letter;
use futures_util::TryStreamExt as _;
use model::Personal;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::settings::{Encryption, MailServer};
use crate::Result;
use crate::clock::Arrival;
use crate::desk::Desk;
use crate::house::House;
use crate::intake::{Channel, Form, Kind, LONGEST, Sender, Told};
use crate::jobs::Failed;
use crate::letters::Language;

/// Up to which mail the mailbox was read: `UIDVALIDITY UID`.
const POSITION: &str = "mail.position";
/// A larger mail is taken by its head and so many of its first bytes.
const LARGE: u32 = 5 << 20;
const FIRST: u32 = 256 << 10;
/// So many mails at once.
const AT_ONCE: usize = 50;
const PATIENCE: Duration = Duration::from_secs(60);
/// So many mails of one sender become requests in a day; more is noted, and waits in the mailbox.
const A_DAY: u64 = 20;

/// What was found in the mailbox.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Mails that became requests.
    pub requests: u64,
    /// Mails that joined a request.
    pub answers: u64,
    /// Mails that came back.
    pub returned: u64,
    /// Mails that programs wrote, or that could not be told what they are.
    pub passed: u64,
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Wire for T {}

type Session = async_imap::Session<Box<dyn Wire>>;

impl House {
    /// Reads what came to the privacy mailbox since the last time. The first time it is only noted how
    /// far the mailbox is: what lay in it before was read by people.
    pub(crate) async fn read_mailbox(&self) -> std::result::Result<Found, Failed> {
        let Some(server) = &self.settings.mail.inbox else { return Ok(Found::default()) };
        let read = tokio::time::timeout(PATIENCE * 5, Box::pin(self.read_from(server)));
        read.await.unwrap_or_else(|_| Err(Failed::ForNow("the mailbox does not answer".to_owned())))
    }

    async fn read_from(&self, server: &MailServer) -> std::result::Result<Found, Failed> {
        let desk = self.desk().await?;
        let mut session = self.sign_in(server).await?;
        let folder = server.folder.as_deref().unwrap_or("INBOX");
        let mailbox = session.examine(folder).await.map_err(|_| {
            Failed::ForNow(format!("the mailbox has no folder `{folder}` that can be read"))
        })?;
        let validity = mailbox.uid_validity.unwrap_or(0);
        let next = mailbox.uid_next.unwrap_or(1);
        let mut tx = desk.state.store.read().await?;
        let position = tx.setting(POSITION).await?;
        tx.rollback().await?;
        let known = position
            .as_deref()
            .and_then(|text| text.split_once(' '))
            .and_then(|(v, uid)| Some((v.parse::<u32>().ok()?, uid.parse::<u32>().ok()?)));
        let Some((same, last)) = known else {
            self.read_up_to(&desk, validity, next.saturating_sub(1)).await?;
            drop(session.logout().await);
            return Ok(Found::default());
        };
        // Another mailbox under the same name: everything in it is new to us.
        let last = if same == validity { last } else { 0 };
        let query = format!("UID {}:*", last.saturating_add(1));
        let mut uids: Vec<u32> = session
            .uid_search(query)
            .await
            .map_err(|_| gone())?
            .into_iter()
            .filter(|uid| *uid > last)
            .collect();
        uids.sort_unstable();
        uids.truncate(AT_ONCE);
        let mut found = Found::default();
        for uid in uids {
            let bytes = fetch(&mut session, uid).await?;
            if let Some((bytes, large)) = bytes {
                self.take_mail(&desk, &bytes, large, validity, uid, &mut found).await?;
            } else {
                self.read_up_to(&desk, validity, uid).await?;
            }
        }
        drop(session.logout().await);
        self.seal(&desk.state).await?;
        Ok(found)
    }

    async fn read_up_to(&self, desk: &Desk, validity: u32, uid: u32) -> Result<()> {
        let mut tx = desk.state.store.begin().await?;
        tx.set_setting(POSITION, &format!("{validity} {uid}")).await?;
        Ok(tx.commit().await?)
    }

    /// One mail, and that it was read, in one transaction.
    async fn take_mail(
        &self,
        desk: &Desk,
        bytes: &[u8],
        large: bool,
        validity: u32,
        uid: u32,
        found: &mut Found,
    ) -> Result<()> {
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        tx.set_setting(POSITION, &format!("{validity} {uid}")).await?;
        let letter = documents::letter(bytes, LONGEST * 4);
        let own = &desk.policy.organisation;
        match letter {
            Some(Letter { report: Some(report), .. }) => {
                let id = report.of.split('@').next().unwrap_or_default();
                let code = report.status.as_deref().unwrap_or("returned");
                // Only what went out can come back: an id of ours is 128 random bits.
                if let Some(mail) = tx.mail(id).await?
                    && tx.mail_failed(id, now, code).await?
                {
                    found.returned += 1;
                    if let Some(request) = mail.about {
                        let request = desk.request(&mut tx, &request).await?;
                        let about = json!({ "mail": id, "letter": mail.kind, "code": code });
                        desk.tell(&mut tx, &request, "mail returned", about).await?;
                    }
                } else if tx.concerned_failed(id, now, code).await? {
                    // A letter of an announcement: nobody read it.
                    found.returned += 1;
                } else {
                    found.passed += 1;
                }
            }
            // What names no sender and says nothing asks for nothing.
            Some(letter)
                if !letter.automatic
                    && (letter.from.is_some() || !letter.text.trim().is_empty()) =>
            {
                let from = letter.from.clone().unwrap_or_default();
                let ours = from.eq_ignore_ascii_case(&own.contact.email)
                    || self
                        .settings
                        .mail
                        .from
                        .as_ref()
                        .is_some_and(|own| own.eq_ignore_ascii_case(&from));
                let key = desk.state.vault.derive("addresses that wrote")?;
                let key = key.mac(from.trim().to_lowercase().as_bytes());
                let since = model::Micros(now.0 - 24 * 60 * 60 * 1_000_000);
                if ours || tx.tally("mails", &key, since, now).await? > A_DAY {
                    found.passed += 1;
                } else {
                    self.keep_mail(desk, &mut tx, letter, large, found).await?;
                }
            }
            _ => found.passed += 1,
        }
        Ok(tx.commit().await?)
    }

    async fn keep_mail(
        &self,
        desk: &Desk,
        tx: &mut store::Tx,
        letter: Letter,
        large: bool,
        found: &mut Found,
    ) -> Result<()> {
        let mut notes = String::new();
        if large {
            notes.push_str("\n\n[The mail is very large: the rest of it is in the mailbox.]");
        }
        if letter.attachments > 0 {
            notes.push_str(&format!(
                "\n\n[{} file(s) came with it; they are in the mailbox.]",
                letter.attachments
            ));
        }
        let subject = letter.subject.as_ref().map_or_else(String::new, |one| format!("{one}\n\n"));
        // What was left out is said even where the text itself is cut off.
        let room = LONGEST.saturating_sub(notes.chars().count());
        let mut text: String = subject.chars().chain(letter.text.chars()).take(room).collect();
        text.push_str(&notes);
        for answered in &letter.answers {
            let id = answered.split('@').next().unwrap_or_default();
            let about = tx.mail(id).await?.and_then(|mail| mail.about);
            let Some(about) = about else { continue };
            let request = desk.request(tx, &about).await?;
            let part = store::new_id(self.means.rng.as_ref());
            tx.insert_part(&store::Part {
                body: Some(desk.state.vault.seal("part", &part, text.as_bytes())?),
                id: part,
                request: about,
                kind: "message".to_owned(),
                at: self.means.clock.now(),
                expires_at: None,
                taken: 0,
            })
            .await?;
            desk.tell(tx, &request, "message received", json!({})).await?;
            let said = "The person has written. Their mail stands at the request.";
            self.tell_staff(desk, tx, &request, "got an answer", said).await?;
            found.answers += 1;
            return Ok(());
        }
        let told = Told {
            email: letter.from.map(Personal::new),
            name: letter.name.map(Personal::new),
            text: Some(Personal::new(text)),
            ..Told::default()
        };
        // An address that is none is part of what was written, and no address.
        let told = match told.clone().tidy() {
            Ok(told) => told,
            Err(_) => Told { email: None, name: None, ..told }.tidy()?,
        };
        let form = Form {
            kind: Kind::Unsorted,
            channel: Channel::Mail,
            language: Language::of(self.settings.mail.language.as_deref().unwrap_or("en")),
            place: None,
            told,
        };
        self.keep_request(desk, tx, &form, &Arrival::default(), Sender::Unknown).await?;
        found.requests += 1;
        Ok(())
    }

    async fn sign_in(&self, server: &MailServer) -> std::result::Result<Session, Failed> {
        let named = |why: String| Failed::ForNow(format!("mail.inbox: {why}"));
        let port = server.port.unwrap_or(match server.tls {
            Encryption::Tls => 993,
            Encryption::StartTls | Encryption::None => 143,
        });
        let connect =
            tokio::time::timeout(PATIENCE, TcpStream::connect((server.host.as_str(), port)));
        let stream = connect.await.ok().and_then(std::result::Result::ok);
        let stream = stream.ok_or_else(|| named("the server is not reached".to_owned()))?;
        let wire: Box<dyn Wire> = match server.tls {
            Encryption::None => Box::new(stream),
            Encryption::Tls => self.encrypted(server, stream).await?,
            Encryption::StartTls => {
                let mut plain = async_imap::Client::new(stream);
                drop(plain.read_response().await.map_err(|_| gone())?);
                let over = plain.run_command_and_check_ok("STARTTLS", None).await;
                over.map_err(|_| named("the server does not go over to TLS".to_owned()))?;
                self.encrypted(server, plain.into_inner()).await?
            }
        };
        let mut client = async_imap::Client::new(wire);
        if server.tls != Encryption::StartTls {
            drop(client.read_response().await.map_err(|_| gone())?);
        }
        let password =
            server.secret(&self.folder, self.means.environment.as_ref()).map_err(named)?;
        let (Some(user), Some(password)) = (&server.user, password) else {
            return Err(named("name a `user` and where its `password` lies".to_owned()));
        };
        let signed_in = client.login(user, password.expose_secret()).await;
        signed_in.map_err(|_| named("the server refused the account or its password".to_owned()))
    }

    async fn encrypted(
        &self,
        server: &MailServer,
        stream: TcpStream,
    ) -> std::result::Result<Box<dyn Wire>, Failed> {
        let named = |why: &str| Failed::ForNow(format!("mail.inbox: {why}"));
        let mut roots = RootCertStore::empty();
        match server.authorities(&self.folder).map_err(|why| named(&why))? {
            Some(pem) => {
                for certificate in CertificateDer::pem_slice_iter(&pem) {
                    let certificate =
                        certificate.map_err(|_| named("`ca` holds no certificate"))?;
                    roots.add(certificate).map_err(|_| named("`ca` cannot be used"))?;
                }
            }
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| named("TLS cannot be used"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name =
            ServerName::try_from(server.host.clone()).map_err(|_| named("`host` is no name"))?;
        let connect = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let stream =
            tokio::time::timeout(PATIENCE, connect).await.ok().and_then(std::result::Result::ok);
        Ok(Box::new(
            stream.ok_or_else(|| {
                named("the connection cannot be encrypted: look at `tls` and `ca`")
            })?,
        ))
    }
}

fn gone() -> Failed {
    Failed::ForNow("the connection to the mailbox broke".to_owned())
}

/// A mail, and whether only its beginning was taken; `None` if it is gone.
async fn fetch(
    session: &mut Session,
    uid: u32,
) -> std::result::Result<Option<(Vec<u8>, bool)>, Failed> {
    let sizes: Vec<Fetch> = session
        .uid_fetch(uid.to_string(), "(UID RFC822.SIZE)")
        .await
        .map_err(|_| gone())?
        .try_collect()
        .await
        .map_err(|_| gone())?;
    let Some(size) = sizes.iter().find(|one| one.uid == Some(uid)).and_then(|one| one.size) else {
        return Ok(None);
    };
    let large = size > LARGE;
    let what = if large {
        format!("(UID BODY.PEEK[]<0.{FIRST}>)")
    } else {
        "(UID BODY.PEEK[])".to_owned()
    };
    let mails: Vec<Fetch> = session
        .uid_fetch(uid.to_string(), what)
        .await
        .map_err(|_| gone())?
        .try_collect()
        .await
        .map_err(|_| gone())?;
    let body = mails.iter().find(|one| one.uid == Some(uid)).and_then(Fetch::body);
    Ok(body.map(|body| (body.to_vec(), large)))
}
