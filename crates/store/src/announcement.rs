//! Telling everybody: what is said, to whom, and how far it has come.

use std::fmt;

use model::Micros;

use crate::request::sealed;
use crate::tx::{Fields, Param, Tx, signed};
use crate::{Result, statement};

/// What everybody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub organisation: String,
    /// What it is about, in a word.
    pub kind: String,
    /// The version of the notice that it announces.
    pub version: Option<String>,
    /// How far it has come, in a word.
    pub state: String,
    /// What is said, as JSON.
    pub said: String,
    /// Where addresses come from, and what each place gave, as JSON.
    pub sources: String,
    /// Why it goes no further.
    pub trouble: Option<String>,
    /// The member of staff who began it.
    pub made_by: String,
    /// When.
    pub made_at: Micros,
    /// When it changed last: whoever saves it has read it so.
    pub changed_at: Micros,
    /// When everybody was told, or it was stopped.
    pub ended_at: Option<Micros>,
}

/// Somebody who is to be told.
#[derive(Clone, PartialEq, Eq)]
pub struct Concerned {
    /// Their id in this announcement.
    pub id: String,
    /// A keyed hash of the address.
    pub hash: [u8; 32],
    /// Address and language, sealed; none once it is settled.
    pub body: Option<Vec<u8>>,
    /// How often it was tried in vain.
    pub tries: u64,
    /// Not before.
    pub next_at: Micros,
    /// When the other side took the letter.
    pub told_at: Option<Micros>,
    /// When it was given up, or came back.
    pub failed_at: Option<Micros>,
    /// Why, as a code.
    pub failure: Option<String>,
    /// The event that proves that they were told.
    pub event: Option<String>,
}

impl fmt::Debug for Concerned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Concerned").field("id", &self.id).finish_non_exhaustive()
    }
}

/// How far telling has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToldCounts {
    /// So many people are concerned.
    pub people: u64,
    /// So many were told.
    pub told: u64,
    /// So many cannot be reached at the address that is held.
    pub failed: u64,
    /// When the last of them was told.
    pub last_told_at: Option<Micros>,
}

impl Tx {
    /// Keeps a new announcement.
    pub async fn insert_announcement(&mut self, one: &Announcement) -> Result<()> {
        let params = [
            Param::Text(&one.id),
            Param::Text(&one.organisation),
            Param::Text(&one.kind),
            Param::MaybeText(one.version.as_deref()),
            Param::Text(&one.state),
            Param::Text(&one.said),
            Param::Text(&one.sources),
            Param::Text(&one.made_by),
            Param::Int(one.made_at.0),
            Param::Int(one.changed_at.0),
        ];
        const DOING: &str = "keeping an announcement";
        self.execute(DOING, statement::ANNOUNCEMENT_INSERT, &params).await.map(drop)
    }

    /// One announcement.
    pub async fn announcement(&mut self, id: &str) -> Result<Option<Announcement>> {
        const DOING: &str = "reading an announcement";
        let rows = self.rows(DOING, statement::ANNOUNCEMENT, &[Param::Text(id)]).await?;
        rows.first().map(read).transpose()
    }

    /// The announcements of an organisation, the latest first.
    pub async fn announcements(&mut self, organisation: &str) -> Result<Vec<Announcement>> {
        const DOING: &str = "reading announcements";
        let params = [Param::Text(organisation)];
        let rows = self.rows(DOING, statement::ANNOUNCEMENTS, &params).await?;
        rows.iter().map(read).collect()
    }

    /// Writes an announcement down as it has become, if nobody else has since `read_at`; whether it was.
    pub async fn save_announcement(&mut self, one: &Announcement, read_at: Micros) -> Result<bool> {
        let params = [
            Param::Text(&one.id),
            Param::Int(read_at.0),
            Param::Text(&one.state),
            Param::Text(&one.sources),
            Param::MaybeText(one.trouble.as_deref()),
            Param::Int(one.changed_at.0),
            Param::MaybeInt(one.ended_at.map(|at| at.0)),
        ];
        const DOING: &str = "writing an announcement";
        Ok(self.execute(DOING, statement::ANNOUNCEMENT_SAVE, &params).await? == 1)
    }

    /// Adds somebody who is to be told; whether they were not among them before.
    pub async fn add_concerned(&mut self, announcement: &str, one: &Concerned) -> Result<bool> {
        let body = one.body.as_deref().unwrap_or_default();
        let params = [
            Param::Text(&one.id),
            Param::Text(announcement),
            Param::Bytes(&one.hash),
            Param::Bytes(sealed(&one.id, body)?),
            Param::Int(signed(one.tries)),
            Param::Int(one.next_at.0),
        ];
        const DOING: &str = "noting whom to tell";
        Ok(self.execute(DOING, statement::CONCERNED_ADD, &params).await? == 1)
    }

    /// At most `limit` of those who are to be told now.
    pub async fn concerned_due(
        &mut self,
        announcement: &str,
        now: Micros,
        limit: u32,
    ) -> Result<Vec<Concerned>> {
        let params = [Param::Text(announcement), Param::Int(now.0), Param::Int(i64::from(limit))];
        let rows = self.rows("reading whom to tell", statement::CONCERNED_DUE, &params).await?;
        rows.iter().map(concerned).collect()
    }

    /// When the next of them is to be told; none if nobody waits.
    pub async fn concerned_next_at(&mut self, announcement: &str) -> Result<Option<Micros>> {
        let params = [Param::Text(announcement)];
        let rows = self.rows("reading whom to tell", statement::CONCERNED_NEXT, &params).await?;
        rows.first().map_or(Ok(None), |row| Ok(row.maybe_int(0)?.map(Micros)))
    }

    /// Somebody by the hash of their address.
    pub async fn concerned_by(
        &mut self,
        announcement: &str,
        hash: &[u8; 32],
    ) -> Result<Option<Concerned>> {
        let params = [Param::Text(announcement), Param::Bytes(hash)];
        let rows = self.rows("reading who was told", statement::CONCERNED_BY, &params).await?;
        rows.first().map(concerned).transpose()
    }

    /// Notes that the other side took the letter, and forgets the address; `false` if that was noted.
    pub async fn concerned_told(&mut self, id: &str, at: Micros) -> Result<bool> {
        let params = [Param::Text(id), Param::Int(at.0)];
        Ok(self.execute("noting who was told", statement::CONCERNED_TOLD, &params).await? == 1)
    }

    /// Notes that it is tried again later.
    pub async fn concerned_put_off(&mut self, id: &str, at: Micros, failure: &str) -> Result<bool> {
        let params = [Param::Text(id), Param::Int(at.0), Param::Text(failure)];
        Ok(self.execute("putting a letter off", statement::CONCERNED_PUT_OFF, &params).await? == 1)
    }

    /// Notes that a letter was given up or came back, and forgets the address; `false` if that was noted
    /// before, or nobody has this id.
    pub async fn concerned_failed(&mut self, id: &str, at: Micros, failure: &str) -> Result<bool> {
        let params = [Param::Text(id), Param::Int(at.0), Param::Text(failure)];
        const DOING: &str = "noting who was not reached";
        Ok(self.execute(DOING, statement::CONCERNED_FAILED, &params).await? == 1)
    }

    /// The hashes of those who were told and whom no event proves, in their order.
    pub async fn concerned_unproved(&mut self, announcement: &str) -> Result<Vec<[u8; 32]>> {
        let params = [Param::Text(announcement)];
        let rows =
            self.rows("reading who was told", statement::CONCERNED_UNPROVED, &params).await?;
        rows.iter().map(|row| row.hash(0)).collect()
    }

    /// Notes which event proves it of all of them.
    pub async fn concerned_proved(&mut self, announcement: &str, event: &str) -> Result<u64> {
        let params = [Param::Text(announcement), Param::Text(event)];
        self.execute("noting what proves it", statement::CONCERNED_PROVED, &params).await
    }

    /// The hashes of those whom an event proves to have been told, in their order.
    pub async fn concerned_of_event(
        &mut self,
        announcement: &str,
        event: &str,
    ) -> Result<Vec<[u8; 32]>> {
        let params = [Param::Text(announcement), Param::Text(event)];
        let rows =
            self.rows("reading who was told", statement::CONCERNED_OF_EVENT, &params).await?;
        rows.iter().map(|row| row.hash(0)).collect()
    }

    /// Forgets the addresses of those who were not told yet; how many there were.
    pub async fn forget_concerned(&mut self, announcement: &str) -> Result<u64> {
        let params = [Param::Text(announcement)];
        self.execute("forgetting addresses", statement::CONCERNED_FORGET, &params).await
    }

    /// How far it has come.
    pub async fn told_of_announcement(&mut self, announcement: &str) -> Result<ToldCounts> {
        let params = [Param::Text(announcement)];
        let rows = self.rows("counting who was told", statement::CONCERNED_COUNTS, &params).await?;
        let Some(row) = rows.first() else { return Ok(ToldCounts::default()) };
        Ok(ToldCounts {
            people: row.count(0)?,
            told: row.count(1)?,
            failed: row.count(2)?,
            last_told_at: row.maybe_int(3)?.map(Micros),
        })
    }
}

fn read(row: &Fields) -> Result<Announcement> {
    Ok(Announcement {
        id: row.text(0)?,
        organisation: row.text(1)?,
        kind: row.text(2)?,
        version: row.maybe_text(3)?,
        state: row.text(4)?,
        said: row.text(5)?,
        sources: row.text(6)?,
        trouble: row.maybe_text(7)?,
        made_by: row.text(8)?,
        made_at: Micros(row.int(9)?),
        changed_at: Micros(row.int(10)?),
        ended_at: row.maybe_int(11)?.map(Micros),
    })
}

fn concerned(row: &Fields) -> Result<Concerned> {
    Ok(Concerned {
        id: row.text(0)?,
        hash: row.hash(1)?,
        body: row.maybe_bytes(2)?,
        tries: row.count(3)?,
        next_at: Micros(row.int(4)?),
        told_at: row.maybe_int(5)?.map(Micros),
        failed_at: row.maybe_int(6)?.map(Micros),
        failure: row.maybe_text(7)?,
        event: row.maybe_text(8)?,
    })
}
