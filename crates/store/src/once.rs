//! What works once or is counted: links, what waits for a browser's answer, tries to sign in.

use model::Micros;

use crate::case::check_sealed;
use crate::tx::{Fields, Param, Tx};
use crate::{Result, statement};

/// A link that works once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// 128 random bits in hexadecimal ([`crate::new_id`]); not its secret.
    pub id: String,
    /// What it is for, in a word.
    pub kind: String,
    /// For whom; nobody is there yet when the first person is set up.
    pub person: Option<String>,
    /// When it was made.
    pub made_at: Micros,
    /// Until when it works.
    pub expires_at: Micros,
}

/// How often somebody tried in vain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attempts {
    /// So many times.
    pub tries: u64,
    /// The last time.
    pub last_at: i64,
}

impl Tx {
    /// Makes a link, and makes older ones of that kind for the same person worthless.
    pub async fn insert_link(&mut self, link: &Link, secret: &[u8; 32]) -> Result<()> {
        const DOING: &str = "making a link";
        let person = link.person.as_deref();
        let older = [
            Param::Text(&link.kind),
            Param::Text(person.unwrap_or_default()),
            Param::Int(link.made_at.0),
        ];
        self.execute(DOING, statement::LINKS_VOID, &older).await?;
        let params = [
            Param::Text(&link.id),
            Param::Text(&link.kind),
            Param::MaybeText(person),
            Param::Bytes(secret),
            Param::Int(link.made_at.0),
            Param::Int(link.expires_at.0),
        ];
        self.execute(DOING, statement::LINK_INSERT, &params).await.map(drop)
    }

    /// Makes every link of that kind for that person worthless.
    pub async fn void_links(
        &mut self,
        kind: &str,
        person: Option<&str>,
        at: Micros,
    ) -> Result<u64> {
        let params = [Param::Text(kind), Param::Text(person.unwrap_or_default()), Param::Int(at.0)];
        self.execute("taking links back", statement::LINKS_VOID, &params).await
    }

    /// The link of that kind with this secret, if it still works. Nothing is used up.
    pub async fn link(
        &mut self,
        kind: &str,
        secret: &[u8; 32],
        at: Micros,
    ) -> Result<Option<Link>> {
        let params = [Param::Text(kind), Param::Bytes(secret), Param::Int(at.0)];
        let rows = self.rows("reading a link", statement::LINK, &params).await?;
        rows.first().map(link).transpose()
    }

    /// Uses a link up; `None` if it does not work, or no longer.
    pub async fn take_link(
        &mut self,
        kind: &str,
        secret: &[u8; 32],
        at: Micros,
    ) -> Result<Option<Link>> {
        let params = [Param::Text(kind), Param::Bytes(secret), Param::Int(at.0)];
        let rows = self.rows("using a link", statement::LINK_TAKE, &params).await?;
        rows.first().map(link).transpose()
    }

    /// Keeps what a browser's answer will be compared with. The body is sealed.
    pub async fn insert_ceremony(
        &mut self,
        id: &str,
        kind: &str,
        secret: &[u8; 32],
        body: &[u8],
        expires_at: Micros,
    ) -> Result<()> {
        check_sealed(id, body)?;
        let params = [
            Param::Text(id),
            Param::Text(kind),
            Param::Bytes(secret),
            Param::Bytes(body),
            Param::Int(expires_at.0),
        ];
        self.execute("waiting for an answer", statement::CEREMONY_INSERT, &params).await.map(drop)
    }

    /// Takes what was kept, once: its id and its body.
    pub async fn take_ceremony(
        &mut self,
        kind: &str,
        secret: &[u8; 32],
        at: Micros,
    ) -> Result<Option<(String, Vec<u8>)>> {
        let params = [Param::Text(kind), Param::Bytes(secret), Param::Int(at.0)];
        let rows = self.rows("taking an answer", statement::CEREMONY_TAKE, &params).await?;
        rows.first().map(|row| Ok((row.text(0)?, row.bytes(1)?))).transpose()
    }

    /// How often somebody tried in vain. Until this transaction ends, nobody else is told about the same
    /// bucket.
    pub async fn attempts(&mut self, bucket: &[u8; 32]) -> Result<Attempts> {
        const DOING: &str = "counting tries";
        let params = [Param::Bytes(bucket)];
        self.execute(DOING, statement::ATTEMPTS_OPEN, &params).await?;
        let rows = self.rows(DOING, statement::ATTEMPTS, &params).await?;
        rows.first().map_or(Ok(Attempts::default()), |row| {
            Ok(Attempts { tries: row.count(0)?, last_at: row.int(1)? })
        })
    }

    /// Writes down how often somebody tried.
    pub async fn save_attempts(&mut self, bucket: &[u8; 32], attempts: Attempts) -> Result<()> {
        let params = [
            Param::Bytes(bucket),
            Param::Int(crate::tx::signed(attempts.tries)),
            Param::Int(attempts.last_at),
        ];
        self.execute("counting tries", statement::ATTEMPTS_SAVE, &params).await.map(drop)
    }

    /// Forgets tries after which nothing was tried since, and ceremonies and links that are over.
    pub async fn forget_attempts(&mut self, tries_before: Micros, now: Micros) -> Result<()> {
        const DOING: &str = "forgetting tries";
        let now = [Param::Int(now.0)];
        self.execute(DOING, statement::ATTEMPTS_FORGET, &[Param::Int(tries_before.0)]).await?;
        self.execute(DOING, statement::CEREMONIES_FORGET, &now).await?;
        self.execute(DOING, statement::LINKS_FORGET, &now).await.map(drop)
    }
}

fn link(row: &Fields) -> Result<Link> {
    Ok(Link {
        id: row.text(0)?,
        kind: row.text(1)?,
        person: row.maybe_text(2)?,
        made_at: Micros(row.int(3)?),
        expires_at: Micros(row.int(4)?),
    })
}
