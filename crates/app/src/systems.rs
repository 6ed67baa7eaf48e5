//! Lending connections: a secret is unsealed, a connector opened, the secret dropped.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use connect::Connector;
use engine::{Driver, Systems};
use model::Secret;
use policy::Policy;

use crate::house::House;
use crate::settings::{Connection, password};
use crate::state::State;

/// Opens the systems of one house.
pub(crate) struct Lender<'l> {
    pub(crate) folder: &'l Path,
    pub(crate) connections: Arc<BTreeMap<String, Connection>>,
    pub(crate) state: &'l State,
    pub(crate) environment: &'l (dyn Fn(&str) -> Option<String> + Send + Sync),
}

impl House {
    /// Lends the connections of the settings.
    pub(crate) fn lender<'l>(&'l self, state: &'l State) -> Lender<'l> {
        self.lender_of(state, self.connections())
    }

    /// Lends these connections.
    pub(crate) fn lender_of<'l>(
        &'l self,
        state: &'l State,
        connections: Arc<BTreeMap<String, Connection>>,
    ) -> Lender<'l> {
        let environment = self.means.environment.as_ref();
        Lender { folder: &self.folder, connections, state, environment }
    }

    /// Drives cases through the systems of a policy; `key` makes pseudonyms.
    pub(crate) fn driver<'d>(
        &'d self,
        policy: &'d Policy,
        lender: &'d Lender<'d>,
        key: &'d Secret<Vec<u8>>,
    ) -> Driver<'d> {
        Driver {
            systems: &policy.systems,
            reach: lender,
            key,
            country_code: policy.phone_calling_code().map(str::to_owned),
            progress: self.means.progress.as_ref(),
        }
    }
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
