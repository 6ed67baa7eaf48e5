//! Mail that goes out: sealed until it was handed over, and then forgotten.

use std::fmt;

use model::Micros;

use crate::tx::{Fields, Param, Tx};
use crate::{Error, Result, SEALED_MARK, statement};

/// A mail as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// Whose mail it is.
    pub organisation: String,
    /// What kind of letter, in a word of ours.
    pub kind: String,
    /// The id of the request that it is about.
    pub about: Option<String>,
    /// To whom and what, sealed; none once it was handed over or given up.
    pub body: Option<Vec<u8>>,
    /// When it was written.
    pub made_at: Micros,
    /// When the other side took it.
    pub sent_at: Option<Micros>,
    /// When it was given up, or came back.
    pub failed_at: Option<Micros>,
    /// Why, as a code; never the other side's words.
    pub failure: Option<String>,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// Keeps a mail that is to be sent.
    pub async fn insert_mail(&mut self, mail: &Mail) -> Result<()> {
        let body = mail.body.as_deref().unwrap_or_default();
        if !body.starts_with(&SEALED_MARK) {
            return Err(Error::NotSealed { case: mail.id.clone() });
        }
        let params = [
            Param::Text(&mail.id),
            Param::Text(&mail.organisation),
            Param::Text(&mail.kind),
            Param::MaybeText(mail.about.as_deref()),
            Param::Bytes(body),
            Param::Int(mail.made_at.0),
        ];
        self.execute("keeping a mail", statement::MAIL_INSERT, &params).await.map(drop)
    }

    /// One mail.
    pub async fn mail(&mut self, id: &str) -> Result<Option<Mail>> {
        let rows = self.rows("reading a mail", statement::MAIL, &[Param::Text(id)]).await?;
        rows.first().map(read).transpose()
    }

    /// The mails about a request, in the order in which they were written.
    pub async fn mails_about(&mut self, id: &str) -> Result<Vec<Mail>> {
        let rows = self.rows("reading mails", statement::MAILS_ABOUT, &[Param::Text(id)]).await?;
        rows.iter().map(read).collect()
    }

    /// Notes that the other side took a mail, and forgets its text; `false` if none waits. Call
    /// [`crate::Store::scrub`] afterwards.
    pub async fn mail_sent(&mut self, id: &str, at: Micros) -> Result<bool> {
        let params = [Param::Text(id), Param::Int(at.0)];
        Ok(self.execute("noting a mail", statement::MAIL_SENT, &params).await? == 1)
    }

    /// Notes that a mail was given up or came back, and forgets its text; `false` if that was noted
    /// before.
    pub async fn mail_failed(&mut self, id: &str, at: Micros, failure: &str) -> Result<bool> {
        let params = [Param::Text(id), Param::Int(at.0), Param::Text(failure)];
        Ok(self.execute("noting a mail", statement::MAIL_FAILED, &params).await? == 1)
    }
}

fn read(row: &Fields) -> Result<Mail> {
    Ok(Mail {
        id: row.text(0)?,
        organisation: row.text(1)?,
        kind: row.text(2)?,
        about: row.maybe_text(3)?,
        body: row.maybe_bytes(4)?,
        made_at: Micros(row.int(5)?),
        sent_at: row.maybe_int(6)?.map(Micros),
        failed_at: row.maybe_int(7)?.map(Micros),
        failure: row.maybe_text(8)?,
    })
}
