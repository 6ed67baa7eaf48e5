//! From a job to the use case that does it.

use store::Claim;

use super::work::{Did, Failed, Work};
use crate::house::House;
use crate::status::Wish;

impl House {
    /// Carries a job out.
    pub(super) async fn carry_out(&self, work: Work, claim: &Claim) -> Result<Did, Failed> {
        match work {
            Work::SendMail { mail } => self.send_mail(&mail, claim).await,
            Work::Scrub => {
                self.state().await?.store.scrub().await?;
                Ok(Did::Done)
            }
            Work::CheckPromises => {
                Box::pin(self.status(&Wish::default())).await?;
                Ok(Did::Done)
            }
        }
    }
}
