//! Versions of the notice, who was told of them, and who agreed to one.

use model::Micros;

use crate::tx::{Fields, Param, Tx};
use crate::{Result, statement};

/// A version of the notice from its draft until it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeVersion {
    /// Its id.
    pub id: String,
    /// Its version, in the organisation's own words.
    pub version: String,
    /// How far it has come, in a word.
    pub state: String,
    /// How the text is written: the ending of a file's name.
    pub form: String,
    /// What everybody will read.
    pub text: String,
    /// The text's SHA-256 in hexadecimal.
    pub sha256: String,
    /// When the draft was made.
    pub made_at: Micros,
    /// When its state changed last.
    pub changed_at: Micros,
    /// The day from which it holds, as `2026-01-31`.
    pub effective: Option<String>,
    /// The day on which it was announced.
    pub announced: Option<String>,
    /// What the check found, as JSON.
    pub findings: Option<String>,
}

/// That somebody agreed to a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: String,
    /// The version.
    pub version: String,
    /// Who: a keyed hash of their address.
    pub hash: [u8; 32],
    /// Where they agreed, in a word of the organisation's own.
    pub how: String,
    /// When.
    pub at: Micros,
    /// The event that proves it.
    pub event: String,
}

/// How often a version was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The version.
    pub version: String,
    /// So many agreements.
    pub agreements: u64,
    /// Of so many people.
    pub people: u64,
    /// When the last of them was given.
    pub last_at: Micros,
}

fn version(row: &Fields) -> Result<NoticeVersion> {
    Ok(NoticeVersion {
        id: row.text(0)?,
        version: row.text(1)?,
        state: row.text(2)?,
        form: row.text(3)?,
        text: row.text(4)?,
        sha256: row.text(5)?,
        made_at: Micros(row.int(6)?),
        changed_at: Micros(row.int(7)?),
        effective: row.maybe_text(8)?,
        announced: row.maybe_text(9)?,
        findings: row.maybe_text(10)?,
    })
}

impl Tx {
    /// Keeps a new draft.
    pub async fn insert_notice_version(
        &mut self,
        organisation: &str,
        one: &NoticeVersion,
    ) -> Result<()> {
        let params = [
            Param::Text(&one.id),
            Param::Text(organisation),
            Param::Text(&one.version),
            Param::Text(&one.state),
            Param::Text(&one.form),
            Param::Text(&one.text),
            Param::Text(&one.sha256),
            Param::Int(one.made_at.0),
            Param::Int(one.changed_at.0),
            Param::MaybeText(one.effective.as_deref()),
            Param::MaybeText(one.announced.as_deref()),
            Param::MaybeText(one.findings.as_deref()),
        ];
        self.execute("keeping a version", statement::NOTICE_VERSION_INSERT, &params).await.map(drop)
    }

    /// Moves a version on from the state in which it was read; whether it still was in it.
    pub async fn move_notice_version(&mut self, from: &str, one: &NoticeVersion) -> Result<bool> {
        let params = [
            Param::Text(&one.id),
            Param::Text(from),
            Param::Text(&one.state),
            Param::Int(one.changed_at.0),
            Param::MaybeText(one.effective.as_deref()),
            Param::MaybeText(one.announced.as_deref()),
            Param::MaybeText(one.findings.as_deref()),
        ];
        let moved =
            self.execute("moving a version", statement::NOTICE_VERSION_MOVE, &params).await?;
        Ok(moved == 1)
    }

    /// Every version that was drafted, newest first.
    pub async fn notice_versions(&mut self, organisation: &str) -> Result<Vec<NoticeVersion>> {
        let params = [Param::Text(organisation)];
        let rows = self.rows("reading versions", statement::NOTICE_VERSIONS, &params).await?;
        rows.iter().map(version).collect()
    }

    /// Notes that somebody was told of a version by a route; whether that was not known before.
    pub async fn record_told(
        &mut self,
        version: &str,
        hash: &[u8; 32],
        route: &str,
        at: Micros,
    ) -> Result<bool> {
        let params =
            [Param::Text(version), Param::Bytes(hash), Param::Text(route), Param::Int(at.0)];
        Ok(self.execute("noting who was told", statement::TOLD_RECORD, &params).await? == 1)
    }

    /// By which routes somebody was told of a version, and when.
    pub async fn told(&mut self, version: &str, hash: &[u8; 32]) -> Result<Vec<(String, Micros)>> {
        let params = [Param::Text(version), Param::Bytes(hash)];
        let rows = self.rows("reading who was told", statement::TOLD, &params).await?;
        rows.iter().map(|row| Ok((row.text(0)?, Micros(row.int(1)?)))).collect()
    }

    /// How many were told of a version, by route.
    pub async fn told_counts(&mut self, version: &str) -> Result<Vec<(String, u64)>> {
        let rows = self
            .rows("counting who was told", statement::TOLD_COUNTS, &[Param::Text(version)])
            .await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.count(1)?))).collect()
    }

    /// Keeps an agreement.
    pub async fn insert_agreement(&mut self, organisation: &str, one: &Agreement) -> Result<()> {
        let params = [
            Param::Text(&one.id),
            Param::Text(organisation),
            Param::Text(&one.version),
            Param::Bytes(&one.hash),
            Param::Text(&one.how),
            Param::Int(one.at.0),
            Param::Text(&one.event),
        ];
        self.execute("keeping an agreement", statement::AGREEMENT_INSERT, &params).await.map(drop)
    }

    /// How often each version was agreed to.
    pub async fn agreement_counts(&mut self, organisation: &str) -> Result<Vec<Agreed>> {
        let params = [Param::Text(organisation)];
        let rows = self.rows("counting agreements", statement::AGREEMENT_COUNTS, &params).await?;
        let counted = |row: &Fields| {
            Ok(Agreed {
                version: row.text(0)?,
                agreements: row.count(1)?,
                people: row.count(2)?,
                last_at: Micros(row.int(3)?),
            })
        };
        rows.iter().map(counted).collect()
    }

    /// What somebody has agreed to, newest first.
    pub async fn agreements(
        &mut self,
        organisation: &str,
        hash: &[u8; 32],
    ) -> Result<Vec<Agreement>> {
        let params = [Param::Text(organisation), Param::Bytes(hash)];
        let rows = self.rows("reading agreements", statement::AGREEMENTS, &params).await?;
        let agreement = |row: &Fields| {
            Ok(Agreement {
                id: row.text(0)?,
                version: row.text(1)?,
                hash: row.hash(2)?,
                how: row.text(3)?,
                at: Micros(row.int(4)?),
                event: row.text(5)?,
            })
        };
        rows.iter().map(agreement).collect()
    }
}
