//! Sessions of people and tokens of programs. Their secrets are kept as SHA-256 and found by it.

use std::fmt;

use model::Micros;

use crate::case::check_sealed;
use crate::error::plain;
use crate::tx::{Fields, Param, Tx};
use crate::{Result, statement};

/// A session as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// 128 random bits in hexadecimal ([`crate::new_id`]); not its secret.
    pub id: String,
    /// Whose it is.
    pub person: String,
    /// In what browser, sealed by the vault.
    pub body: Vec<u8>,
    /// How many of two factors were shown.
    pub factors: u64,
    /// When the last was.
    pub shown_at: Micros,
    /// When it began.
    pub made_at: Micros,
    /// When something was last done in it, to the minute or so.
    pub seen_at: Micros,
    /// When it ends whatever is done in it.
    pub ends_at: Micros,
    /// When it was ended.
    pub ended_at: Option<Micros>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A token as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// 128 random bits in hexadecimal ([`crate::new_id`]); not its secret.
    pub id: String,
    /// On whose behalf.
    pub person: String,
    /// Its name, sealed by the vault.
    pub body: Vec<u8>,
    /// What it may, as names separated by spaces.
    pub scopes: String,
    /// When it was made.
    pub made_at: Micros,
    /// When it ends.
    pub expires_at: Micros,
    /// When it was used last, to the minute or so.
    pub used_at: Option<Micros>,
    /// When it was taken back.
    pub revoked_at: Option<Micros>,
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiToken").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Tx {
    /// Begins a session.
    pub async fn insert_session(&mut self, session: &Session, secret: &[u8; 32]) -> Result<()> {
        check_sealed(&session.id, &session.body)?;
        let params = [
            Param::Text(&session.id),
            Param::Text(&session.person),
            Param::Bytes(secret),
            Param::Bytes(&session.body),
            Param::Int(crate::tx::signed(session.factors)),
            Param::Int(session.shown_at.0),
            Param::Int(session.made_at.0),
            Param::Int(session.ends_at.0),
        ];
        let done = self.try_execute(statement::SESSION_INSERT, &params).await;
        done.map(drop).map_err(plain("beginning a session"))
    }

    /// The session with this secret, unless it was ended.
    pub async fn session_by(&mut self, secret: &[u8; 32]) -> Result<Option<Session>> {
        let params = [Param::Bytes(secret)];
        let rows = self.rows("reading a session", statement::SESSION_BY, &params).await?;
        rows.first().map(session).transpose()
    }

    /// Somebody's sessions that were not ended, the latest first.
    pub async fn sessions(&mut self, person: &str) -> Result<Vec<Session>> {
        let params = [Param::Text(person)];
        let rows = self.rows("reading sessions", statement::SESSIONS, &params).await?;
        rows.iter().map(session).collect()
    }

    /// Notes that something was done in a session.
    pub async fn session_seen(&mut self, id: &str, at: Micros) -> Result<()> {
        let params = [Param::Text(id), Param::Int(at.0)];
        self.execute("noting a session", statement::SESSION_SEEN, &params).await.map(drop)
    }

    /// Gives a session another secret because more was shown in it; `false` if the old secret is no
    /// longer the session's.
    pub async fn rotate_session(
        &mut self,
        old: &[u8; 32],
        new: &[u8; 32],
        factors: u64,
        at: Micros,
        ends_at: Micros,
    ) -> Result<bool> {
        let params = [
            Param::Bytes(old),
            Param::Bytes(new),
            Param::Int(crate::tx::signed(factors)),
            Param::Int(at.0),
            Param::Int(ends_at.0),
        ];
        Ok(self.execute("renewing a session", statement::SESSION_ROTATE, &params).await? == 1)
    }

    /// Ends one of somebody's sessions; `false` if it is not theirs or was ended before.
    pub async fn end_session(&mut self, person: &str, id: &str, at: Micros) -> Result<bool> {
        let params = [Param::Text(person), Param::Text(id), Param::Int(at.0)];
        Ok(self.execute("ending a session", statement::SESSION_END, &params).await? == 1)
    }

    /// Ends all of somebody's sessions but the one named; how many there were.
    pub async fn end_sessions(&mut self, person: &str, but: &str, at: Micros) -> Result<u64> {
        let params = [Param::Text(person), Param::Text(but), Param::Int(at.0)];
        self.execute("ending sessions", statement::SESSIONS_END, &params).await
    }

    /// Forgets sessions that ended before, by themselves or by hand.
    pub async fn forget_sessions(&mut self, before: Micros) -> Result<u64> {
        let params = [Param::Int(before.0)];
        self.execute("forgetting sessions", statement::SESSIONS_FORGET, &params).await
    }

    /// Writes a token down.
    pub async fn insert_token(&mut self, token: &ApiToken, secret: &[u8; 32]) -> Result<()> {
        check_sealed(&token.id, &token.body)?;
        let params = [
            Param::Text(&token.id),
            Param::Text(&token.person),
            Param::Bytes(secret),
            Param::Bytes(&token.body),
            Param::Text(&token.scopes),
            Param::Int(token.made_at.0),
            Param::Int(token.expires_at.0),
        ];
        let done = self.try_execute(statement::TOKEN_INSERT, &params).await;
        done.map(drop).map_err(plain("writing a token"))
    }

    /// The token with this secret, unless it was taken back.
    pub async fn token_by(&mut self, secret: &[u8; 32]) -> Result<Option<ApiToken>> {
        let params = [Param::Bytes(secret)];
        let rows = self.rows("reading a token", statement::TOKEN_BY, &params).await?;
        rows.first().map(token).transpose()
    }

    /// The tokens of the people of an organisation, the latest first, those taken back too.
    pub async fn tokens(&mut self, organisation: &str) -> Result<Vec<ApiToken>> {
        let params = [Param::Text(organisation)];
        let rows = self.rows("reading tokens", statement::TOKENS, &params).await?;
        rows.iter().map(token).collect()
    }

    /// Notes that a token was used.
    pub async fn token_seen(&mut self, id: &str, at: Micros) -> Result<()> {
        let params = [Param::Text(id), Param::Int(at.0)];
        self.execute("noting a token", statement::TOKEN_SEEN, &params).await.map(drop)
    }

    /// Takes a token of an organisation's people back; `false` if there is none or it was before.
    pub async fn revoke_token(&mut self, organisation: &str, id: &str, at: Micros) -> Result<bool> {
        let params = [Param::Text(organisation), Param::Text(id), Param::Int(at.0)];
        Ok(self.execute("taking a token back", statement::TOKEN_REVOKE, &params).await? == 1)
    }

    /// Takes all of somebody's tokens back; how many there were.
    pub async fn revoke_tokens(&mut self, person: &str, at: Micros) -> Result<u64> {
        let params = [Param::Text(person), Param::Int(at.0)];
        self.execute("taking tokens back", statement::TOKENS_REVOKE, &params).await
    }

    /// Ends every session, token, link and begun sign-in, and knows no browser any more; how many
    /// sessions and tokens that were. For a database that an older copy brought back.
    pub async fn end_every_way_in(&mut self, at: Micros) -> Result<u64> {
        const DOING: &str = "ending every way in";
        let at = [Param::Int(at.0)];
        let sessions = self.execute(DOING, statement::EVERY_SESSION_END, &at).await?;
        let tokens = self.execute(DOING, statement::EVERY_TOKEN_REVOKE, &at).await?;
        self.execute(DOING, statement::EVERY_LINK_VOID, &at).await?;
        self.execute(DOING, statement::EVERY_DEVICE_REMOVE, &[]).await?;
        self.execute(DOING, statement::EVERY_CEREMONY_REMOVE, &[]).await?;
        Ok(sessions + tokens)
    }
}

fn session(row: &Fields) -> Result<Session> {
    Ok(Session {
        id: row.text(0)?,
        person: row.text(1)?,
        body: row.bytes(2)?,
        factors: row.count(3)?,
        shown_at: Micros(row.int(4)?),
        made_at: Micros(row.int(5)?),
        seen_at: Micros(row.int(6)?),
        ends_at: Micros(row.int(7)?),
        ended_at: row.maybe_int(8)?.map(Micros),
    })
}

fn token(row: &Fields) -> Result<ApiToken> {
    Ok(ApiToken {
        id: row.text(0)?,
        person: row.text(1)?,
        body: row.bytes(2)?,
        scopes: row.text(3)?,
        made_at: Micros(row.int(4)?),
        expires_at: Micros(row.int(5)?),
        used_at: row.maybe_int(6)?.map(Micros),
        revoked_at: row.maybe_int(7)?.map(Micros),
    })
}
