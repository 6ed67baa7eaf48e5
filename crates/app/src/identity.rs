//! Identity: what whoever asks must show of who they are, and the keys and codes with which they do.
//!
//! A *handle* is what the browser that sent a form holds, a *link* what stands in the mail, a *code* what
//! is typed. All are random, and end: a handle opens nothing by itself, a link and a code work once, and
//! after so many wrong codes none is right any more. The long ones are kept as SHA-256; a code is short
//! enough to be tried through, so it is kept under a key that does not lie in the database.
//!
//! INVARIANT: whether somebody is known to us is not looked at here, and what is answered is the same
//! whether a key is wrong, used, void, or has run out.

use std::collections::BTreeMap;

use auth::{Action, Actor};
use model::{Micros, Personal, Secret};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{RequestKey, Tx};
use vault::Vault;

use crate::desk::{AsRead, Desk, Progress, Shown, Status};
use crate::house::House;
use crate::intake::{Capacity, Form, Kind, Told};
use crate::letters::{Language, Said};
use crate::{Error, Result, allowed, clock};

pub(crate) const HANDLE: &str = "handle";
pub(crate) const LINK: &str = "link";
pub(crate) const CODE: &str = "code";
/// Opens the page of a request, together with a fresh code.
pub(crate) const PAGE: &str = "page";
/// The fresh code.
pub(crate) const PAGE_CODE: &str = "page code";
/// Opens the files of a page that is open.
pub(crate) const PASS: &str = "pass";

/// No document by which somebody shows who they are is larger, in bytes.
pub const LARGEST_DOCUMENT: usize = 8 << 20;

const MINUTE: i64 = 60 * 1_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// So many letters that nobody has confirmed to want go to one address in a day.
const LETTERS_A_DAY: u64 = 5;
/// After so many days a request that nobody confirmed is forgotten.
pub const FORGET_DAYS: u32 = 14;

/// What whoever asks must show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Nothing: a choice that harms nobody takes effect at once.
    None,
    /// That they read the mail of the address they gave.
    #[default]
    Mail,
    /// A member of staff decides: by what they know, a document, an authority.
    Staff,
}

impl Proof {
    /// What is wanted of this request: more where more could be done to somebody by a stranger, and never
    /// more than the law lets us ask (an opt-out needs none: California, 11 CCR 7026(d)).
    pub(crate) fn wanted(house: &BTreeMap<Kind, Self>, form: &Form) -> Self {
        let by_kind = match form.kind {
            Kind::OptOut | Kind::ConsentWithdrawal => Self::None,
            _ => Self::Mail,
        };
        let wanted = match by_kind {
            Self::None => Self::None,
            other => house.get(&form.kind).copied().unwrap_or(other).max(other),
        };
        match &form.told.acting {
            // Whoever asks for another shows that they may, and a person looks at it.
            Some(acting) if wanted != Self::None || acting.capacity == Capacity::Parent => {
                Self::Staff
            }
            _ if form.channel.is_written_by_staff() && wanted != Self::None => Self::Staff,
            _ => wanted,
        }
    }
}

/// A fresh random key, as it is handed out, and its hash, as it is kept.
pub(crate) fn fresh(rng: &dyn model::Rng) -> Secret<String> {
    let mut bytes = [0; 32];
    rng.fill(&mut bytes);
    Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Eight signs that are not taken for each other: 40 bits, of which a handful may be tried.
pub(crate) fn fresh_code(rng: &dyn model::Rng) -> Secret<String> {
    const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut bytes = [0; 8];
    rng.fill(&mut bytes);
    let sign = |byte: &u8| SIGNS.get(usize::from(byte % 32)).map_or('2', |sign| char::from(*sign));
    Secret::new(bytes.iter().map(sign).collect())
}

/// Parts that cannot be taken for others, one after the other.
fn framed(parts: [&str; 3]) -> Vec<u8> {
    let framed = |part: &str| [&(part.len() as u64).to_be_bytes(), part.as_bytes()].concat();
    parts.into_iter().flat_map(framed).collect()
}

/// What is kept of a long key.
pub(crate) fn hash(purpose: &str, key: &str) -> [u8; 32] {
    Sha256::digest(framed([purpose, "", key])).into()
}

/// What is kept of a code, which is bound to its request.
pub(crate) fn keyed(vault: &Vault, purpose: &str, request: &str, code: &str) -> Result<[u8; 32]> {
    Ok(vault.derive("codes of letters")?.mac(&framed([purpose, request, code])))
}

/// How a person typed a code, as it was written to them.
pub(crate) fn typed(code: &str) -> String {
    let sign = |c: char| match c.to_ascii_uppercase() {
        'O' => None,
        c => c.is_ascii_alphanumeric().then_some(c),
    };
    code.chars().filter_map(sign).take(16).collect()
}

/// Gives a key for a request; those for the same purpose from before are void, but for links to its page.
pub(crate) async fn give(
    desk: &Desk,
    tx: &mut Tx,
    request: &str,
    purpose: &'static str,
) -> Result<Secret<String>> {
    let means = desk.state.means();
    let now = means.clock.now();
    let (lasts, tries) = match purpose {
        HANDLE => (DAY, 1),
        CODE => (DAY, 10),
        LINK => (DAY, 1),
        PAGE_CODE => (15 * MINUTE, 5),
        PASS => (15 * MINUTE, 1),
        _ => (400 * DAY, 1),
    };
    let code = matches!(purpose, CODE | PAGE_CODE);
    let key = if code { fresh_code(means.rng.as_ref()) } else { fresh(means.rng.as_ref()) };
    let hash = match code {
        true => keyed(&desk.state.vault, purpose, request, key.expose_secret())?,
        false => hash(purpose, key.expose_secret()),
    };
    let kept = RequestKey {
        hash,
        request: request.to_owned(),
        purpose: purpose.to_owned(),
        made_at: now,
        expires_at: Micros(now.0 + lasts),
        tries,
        used_at: None,
    };
    // The page of a request is reached by the link of each letter that named it.
    if purpose == PAGE {
        tx.add_key(&kept).await?;
    } else {
        tx.give_key(&kept).await?;
    }
    Ok(key)
}

/// The request that a long key opens, without using it up.
pub(crate) async fn opens(
    tx: &mut Tx,
    purpose: &str,
    key: &str,
    now: Micros,
) -> Result<Option<RequestKey>> {
    let found = tx.key(&hash(purpose, key)).await?;
    Ok(found.filter(|found| found.purpose == purpose && found.expires_at > now))
}

/// Uses a code up: whether it was the right one.
pub(crate) async fn use_code(
    vault: &Vault,
    tx: &mut Tx,
    purpose: &str,
    request: &str,
    code: &str,
    now: Micros,
) -> Result<bool> {
    let Some(given) = tx.key_of(request, purpose).await? else { return Ok(false) };
    let shown = keyed(vault, purpose, request, &typed(code))?;
    // Both are hashes of what only the person knows: how they differ tells nobody anything.
    if shown == given.hash {
        return Ok(tx.use_key(&given.hash, now).await?);
    }
    tx.miss_key(&given.hash).await?;
    Ok(false)
}

/// Four signs and four signs.
pub(crate) fn shown(code: &Secret<String>) -> String {
    let (one, two) = code
        .expose_secret()
        .as_str()
        .split_at_checked(4)
        .unwrap_or((code.expose_secret().as_str(), ""));
    format!("{one}-{two}")
}

/// Whether one more letter that nobody has confirmed to want may go to an address today; counts it.
pub(crate) async fn may_write(
    house: &House,
    desk: &Desk,
    tx: &mut Tx,
    to: Option<&Personal<String>>,
) -> Result<bool> {
    let Some(to) = to else { return Ok(false) };
    let now = house.means.clock.now();
    let address = to.expose().trim().to_lowercase();
    let key = desk.state.vault.derive("addresses written to")?.mac(address.as_bytes());
    Ok(tx.tally("codes", &key, Micros(now.0 - DAY), now).await? <= LETTERS_A_DAY)
}

/// Writes a code and a link to the address that was given, unless too many went there today.
pub(crate) async fn ask_for_code(
    house: &House,
    desk: &Desk,
    tx: &mut Tx,
    request: &store::Request,
    to: Option<&Personal<String>>,
) -> Result<()> {
    let Some(to) = to else { return Ok(()) };
    let now = house.means.clock.now();
    let may = may_write(house, desk, tx, Some(to)).await?;
    // Made whether or not they are sent, so that both take as long.
    let code = give(desk, tx, &request.id, CODE).await?;
    let link = give(desk, tx, &request.id, LINK).await?;
    if !may {
        return Ok(());
    }
    let language = Language::of(&request.language);
    let said = Said::Verification {
        code: shown(&code),
        link: house.link(language, &format!("request/confirm/{}", link.expose_secret())),
        until: house.moment_in_words(Micros(now.0 + DAY), language)?,
        forget_days: FORGET_DAYS,
    };
    let told = Told { email: Some(to.clone()), ..Told::default() };
    desk.write(house, tx, request, Some(&told), &said).await.map(drop)
}

impl House {
    /// The person typed the code of the mail into the page on which they sent the form. Whether it was
    /// right; if not, nobody is told why.
    pub async fn confirm_by_code(&self, handle: &str, code: &str) -> Result<bool> {
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let found = opens(&mut tx, HANDLE, handle, now).await?;
        let id = found.map_or_else(String::new, |found| found.request);
        let right = use_code(&desk.state.vault, &mut tx, CODE, &id, code, now).await?;
        if right {
            self.confirmed(&desk, &mut tx, &id).await?;
        }
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(right)
    }

    /// The person pressed the button on the page of the link.
    pub async fn confirm_by_link(&self, link: &str) -> Result<bool> {
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let found = opens(&mut tx, LINK, link, now).await?;
        let right = match &found {
            Some(found) => tx.use_key(&found.hash, now).await?,
            None => false,
        };
        if let Some(found) = found.filter(|_| right) {
            self.confirmed(&desk, &mut tx, &found.request).await?;
        }
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(right)
    }

    /// The address is theirs. Only now it is looked whether the same was asked before.
    async fn confirmed(&self, desk: &Desk, tx: &mut Tx, id: &str) -> Result<()> {
        let Some(mut request) = tx.request(id).await? else { return Ok(()) };
        if request.status != Status::Unconfirmed.key() {
            return Ok(());
        }
        let Some(told) = desk.told(&request)? else { return Ok(()) };
        let shown = Shown { how: "mail".to_owned(), at: self.means.clock.now(), by: None };
        self.identified(desk, tx, &mut request, &told, shown).await
    }

    /// A member of staff decides that somebody is who they say, and writes down how they showed it. A
    /// document that was handed in is forgotten with the decision.
    pub async fn identify_request(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        how: &str,
    ) -> Result<()> {
        allowed::require(actor, Action::IdentifyRequest, organisation)?;
        const WAYS: [&str; 5] =
            ["document", "data points", "known to us", "authority", "call back"];
        if !WAYS.contains(&how) {
            return Err(Error::unfit("how", format!("say how it was shown: {}", WAYS.join(", "))));
        }
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.begin().await?;
        let mut request = desk.request_wanted(&mut tx, id.into()).await?;
        let id = request.id.clone();
        let id = id.as_str();
        if ![Status::Unidentified.key(), Status::Unconfirmed.key()]
            .contains(&request.status.as_str())
        {
            return Err(Error::Refused(format!("request {id} does not wait for that")));
        }
        let Some(told) = desk.told(&request)? else {
            return Err(Error::Refused(format!("request {id} is forgotten")));
        };
        let shown = Shown {
            how: how.to_owned(),
            at: self.means.clock.now(),
            by: Some(actor.person().to_owned()),
        };
        self.identified(&desk, &mut tx, &mut request, &told, shown).await?;
        tx.forget_parts(id, Some("document")).await?;
        tx.commit().await?;
        desk.state.store.scrub().await?;
        self.seal(&desk.state).await
    }

    /// The document by which somebody shows who they are, for whoever decides about it; that it was
    /// looked at is an entry of the log.
    pub async fn document_at_desk(
        &self,
        actor: &Actor,
        organisation: &str,
        id: &str,
    ) -> Result<Option<Secret<Vec<u8>>>> {
        allowed::require(actor, Action::IdentifyRequest, organisation)?;
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.begin().await?;
        let request = desk.request(&mut tx, id).await?;
        let parts = tx.parts(id).await?;
        let found = parts.iter().filter(|part| part.kind == "document");
        let Some((part, body)) =
            found.filter_map(|part| part.body.as_ref().map(|body| (part, body))).next_back()
        else {
            tx.rollback().await?;
            return Ok(None);
        };
        let document = desk.state.vault.open_sealed("document", &part.id, body)?;
        tx.take_part(&part.id).await?;
        desk.tell(&mut tx, &request, "document looked at", json!({ "by": actor.person() })).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(Some(Secret::new(document)))
    }

    /// Whether a document is of a kind that is taken, by its first bytes: PDF, JPEG, PNG, HEIC, WebP, TIFF.
    /// What it is called and says it is counts for nothing.
    pub fn takes_document(document: &Secret<Vec<u8>>) -> bool {
        let bytes = document.expose_secret();
        let at =
            |from: usize, mark: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(mark));
        let is_picture = [b"\xff\xd8\xff".as_slice(), b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*"];
        let heic = [b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis"];
        at(0, b"%PDF-")
            || is_picture.into_iter().any(|mark| at(0, mark))
            || at(0, b"RIFF") && at(8, b"WEBP")
            || at(4, b"ftyp") && heic.into_iter().any(|brand| at(8, brand))
    }

    /// Keeps a document by which somebody shows who they are, sealed, until it was decided about. The key
    /// is what whoever sent the form holds, or what opens the files of the page of the request.
    pub async fn hand_in_document(&self, key: &str, document: &Secret<Vec<u8>>) -> Result<()> {
        if document.expose_secret().len() > LARGEST_DOCUMENT {
            return Err(Error::Refused("the document is larger than 8 MiB".to_owned()));
        }
        if !Self::takes_document(document) {
            let message = "a document is a PDF or a picture: PDF, JPEG, PNG, HEIC, WebP or TIFF";
            return Err(Error::unfit("file", message));
        }
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let mut found = opens(&mut tx, HANDLE, key, now).await?;
        if found.is_none() {
            found = opens(&mut tx, PASS, key, now).await?;
        }
        let open = match &found {
            Some(found) => {
                tx.request(&found.request).await?.is_some_and(|one| one.ended_at.is_none())
            }
            None => false,
        };
        let Some(found) = found.filter(|_| open) else {
            // The same as for a key that is right: what came is not kept.
            return Ok(tx.rollback().await?);
        };
        let id = store::new_id(self.means.rng.as_ref());
        let body = desk.state.vault.seal("document", &id, document.expose_secret())?;
        tx.forget_parts(&found.request, Some("document")).await?;
        tx.insert_part(&store::Part {
            id,
            request: found.request,
            kind: "document".to_owned(),
            body: Some(body),
            at: now,
            expires_at: Some(Micros(now.0 + 30 * DAY)),
            taken: 0,
        })
        .await?;
        Ok(tx.commit().await?)
    }

    /// Whoever asks is who they say: the work can begin.
    pub(crate) async fn identified(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        request: &mut store::Request,
        told: &Told,
        shown: Shown,
    ) -> Result<()> {
        let mut progress = Progress::of(request)?;
        let key = desk.state.vault.derive("people who asked")?;
        let mut before = None;
        for identity in told.identities() {
            let value = identity.value.expose().trim().to_lowercase();
            let hash = key.mac(format!("{}={value}", identity.kind.key()).as_bytes());
            if identity.kind != model::IdentityKind::Name {
                for other in tx.requests_by(&hash, &request.id).await? {
                    let other = tx.request(&other).await?;
                    let same = other.filter(|other| {
                        other.kind == request.kind
                            && other.organisation == request.organisation
                            && other.ended_at.is_none()
                    });
                    before = before.or(same.map(|other| other.id));
                }
                tx.hash_request(&request.id, &hash).await?;
            }
        }
        if let Some(clock) = &request.clock {
            let mut snapshot = clock::Snapshot::read(clock)?;
            snapshot.authenticate(&desk.policy, shown.at);
            request.due_at = clock::due_moment(&snapshot);
            request.clock = Some(snapshot.write()?);
        }
        let about = json!({ "how": shown.how, "by": shown.by, "same_as": before });
        progress.shown = Some(shown);
        progress.duplicate_of = before;
        desk.save(tx, request, Status::Ready, &progress).await?;
        desk.tell(tx, request, "identity shown", about).await?;
        self.acknowledge(desk, tx, request, told).await?;
        self.watch(desk, tx, request, None).await
    }
}
