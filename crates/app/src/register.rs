//! The record of processing, worked out from the policy. Opens no system.

use policy::ProcessingRecord;

use crate::Result;
use crate::house::House;

impl House {
    /// What is done with personal data, purpose by purpose (GDPR, Article 30).
    pub fn register(&self) -> Result<ProcessingRecord> {
        Ok(self.policy(false)?.processing_record())
    }
}
