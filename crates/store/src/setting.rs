//! Small named facts that must outlive a process. Not secrets: those are the vault's.

use crate::tx::{Param, Tx};
use crate::{Result, statement};

impl Tx {
    /// The value of a setting.
    pub async fn setting(&mut self, name: &str) -> Result<Option<String>> {
        let rows = self.rows("reading a setting", statement::SETTING, &[Param::Text(name)]).await?;
        rows.first().map(|row| row.text(0)).transpose()
    }

    /// Every setting, by name.
    pub async fn settings(&mut self) -> Result<Vec<(String, String)>> {
        let rows = self.rows("reading the settings", statement::SETTINGS, &[]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
    }

    /// Sets a setting.
    pub async fn set_setting(&mut self, name: &str, value: &str) -> Result<()> {
        let params = [Param::Text(name), Param::Text(value)];
        self.execute("writing a setting", statement::SETTING_SET, &params).await.map(drop)
    }

    /// Removes a setting; `false` if there was none.
    pub async fn remove_setting(&mut self, name: &str) -> Result<bool> {
        let params = [Param::Text(name)];
        Ok(self.execute("removing a setting", statement::SETTING_REMOVE, &params).await? == 1)
    }
}
