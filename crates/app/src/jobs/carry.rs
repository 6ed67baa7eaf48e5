//! From a job to the use case that does it.

use store::Claim;

use super::work::{Did, Failed, Work};
use crate::house::House;
use crate::status::Wish;

impl House {
    /// Carries a job out.
    pub(crate) async fn carry_out(&self, work: Work, claim: &Claim) -> Result<Did, Failed> {
        match work {
            Work::SendMail { mail } => self.send_mail(&mail, claim).await,
            Work::WatchRequest { request } => self.watch_request(&request, claim).await,
            Work::PlanRequest { request } => Box::pin(self.plan_job(&request, claim)).await,
            Work::RunRequest { request } => Box::pin(self.run_job(&request, claim)).await,
            Work::TellProcessors { request } => self.tell_processors(&request, claim).await,
            Work::TellWebhook { message } => self.tell_webhook(&message, claim).await,
            Work::ForgetRequest { request } => self.forget_request(&request, claim).await,
            Work::GatherPeople { announcement } => {
                Box::pin(self.gather_people(&announcement, claim)).await
            }
            Work::TellPeople { announcement } => {
                Box::pin(self.tell_people(&announcement, claim)).await
            }
            Work::LookUp { visit } => Box::pin(self.look_up(&visit)).await,
            Work::ReadMailbox => {
                self.read_mailbox().await?;
                Ok(Did::Done)
            }
            Work::Expire => {
                self.expire().await?;
                self.forget_calls().await?;
                self.forget_webhook_messages().await?;
                Ok(Did::Done)
            }
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
