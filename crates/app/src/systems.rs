//! Lending connections: a secret is unsealed, a connector opened, the secret dropped.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use connect::Connector;
use engine::Systems;

use crate::settings::{Connection, password};
use crate::state::State;

/// Opens the systems of one house.
pub(crate) struct Lender<'l> {
    pub(crate) folder: &'l Path,
    pub(crate) connections: Arc<BTreeMap<String, Connection>>,
    pub(crate) state: &'l State,
    pub(crate) environment: &'l (dyn Fn(&str) -> Option<String> + Send + Sync),
}

#[async_trait]
impl Systems for Lender<'_> {
    async fn open(&self, system: &str) -> connect::Result<Box<dyn Connector>> {
        let Some(connection) = self.connections.get(system) else {
            return Err(connect::Error::Address(format!(
                "no connection is set up: run `upheld connect {system} URL`"
            )));
        };
        let sealed =
            || self.state.vault.secret(&secret_name(system)).map_err(|error| error.to_string());
        let password = password(system, connection, sealed, &|name| (self.environment)(name))
            .map_err(connect::Error::Address)?;
        let mut address = connection.address(self.folder)?;
        if let Some(password) = password {
            address = address.with_password(password);
        }
        connect::open(&address, connection.limits()).await
    }
}

/// The name under which a connection's password is sealed.
pub(crate) fn secret_name(system: &str) -> String {
    format!("connection/{system}")
}
