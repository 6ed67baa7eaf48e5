//! Messages to recipients: who must be told of a request, who was, and who has answered.
//!
//! The text names the person, so it is sealed, and it is forgotten once it was sent.

use std::fmt;

use model::Micros;

use crate::tx::{Fields, Param, Tx};
use crate::{Error, Result, SEALED_MARK, statement};

/// A message as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The request that it is about.
    pub case: String,
    /// The key of the recipient.
    pub recipient: String,
    /// The sealed text; none once it was sent.
    pub body: Option<Vec<u8>>,
    /// When it was written.
    pub made_at: Micros,
    /// When it was sent.
    pub sent_at: Option<Micros>,
    /// When the recipient answered.
    pub answered_at: Option<Micros>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("case", &self.case)
            .field("recipient", &self.recipient)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// Keeps a message. One that was kept for this request and recipient before is replaced.
    pub async fn keep_message(&mut self, message: &Message) -> Result<()> {
        let body = message.body.as_deref().unwrap_or_default();
        if !body.starts_with(&SEALED_MARK) {
            return Err(Error::NotSealed { case: message.case.clone() });
        }
        let params = [
            Param::Text(&message.case),
            Param::Text(&message.recipient),
            Param::Bytes(body),
            Param::Int(message.made_at.0),
        ];
        self.execute("keeping a message", statement::MESSAGE_INSERT, &params).await.map(drop)
    }

    /// The messages of a case, by recipient.
    pub async fn messages(&mut self, case: &str) -> Result<Vec<Message>> {
        let rows = self.rows("reading messages", statement::MESSAGES, &[Param::Text(case)]).await?;
        rows.iter().map(read).collect()
    }

    /// Notes that a message was sent, and forgets its text; `false` if there is none to send.
    pub async fn message_sent(&mut self, case: &str, recipient: &str, at: Micros) -> Result<bool> {
        let params = [Param::Text(case), Param::Text(recipient), Param::Int(at.0)];
        Ok(self.execute("noting a message", statement::MESSAGE_SENT, &params).await? == 1)
    }

    /// Notes that the recipient answered a message that was sent; `false` if none waits.
    pub async fn message_answered(
        &mut self,
        case: &str,
        recipient: &str,
        at: Micros,
    ) -> Result<bool> {
        let params = [Param::Text(case), Param::Text(recipient), Param::Int(at.0)];
        Ok(self.execute("noting an answer", statement::MESSAGE_ANSWERED, &params).await? == 1)
    }
}

fn read(row: &Fields) -> Result<Message> {
    Ok(Message {
        case: row.text(0)?,
        recipient: row.text(1)?,
        body: row.maybe_bytes(2)?,
        made_at: Micros(row.int(3)?),
        sent_at: row.maybe_int(4)?.map(Micros),
        answered_at: row.maybe_int(5)?.map(Micros),
    })
}
