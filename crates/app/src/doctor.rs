//! Is everything that Upheld leans on in order: connections, grants, keys, the log?

use connect::Connector;
use engine::Systems as _;
use model::{Grants, Product, TableName};
use policy::{EraseRows, System};

use crate::Result;
use crate::house::House;
use crate::state::State;
use crate::systems::Lender;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Examined {
    /// What.
    pub what: String,
    /// Whether it is in order.
    pub healthy: bool,
    /// What was seen, and what to do if it is not in order, a sentence each.
    pub says: Vec<String>,
}

impl House {
    /// Looks at everything once. Changes nothing.
    pub async fn doctor(&self) -> Result<Vec<Examined>> {
        let policy = self.policy(false)?;
        let state = self.state().await?;
        let mut examined = vec![examine_keys(&state)];
        examined.push(self.examine_ledger(&state).await);
        let lender = Lender {
            folder: &self.folder,
            connections: &self.settings.connections,
            state: &state,
            environment: self.means.environment.as_ref(),
        };
        for system in &policy.systems {
            examined.push(match lender.open(&system.key).await {
                Ok(connector) => examine(system, connector.as_ref()).await,
                Err(error) => Examined {
                    what: system.title.clone(),
                    healthy: false,
                    says: vec![error.to_string()],
                },
            });
        }
        Ok(examined)
    }
}

/// Seals something and opens it again. (Files with wider modes were refused when the keys were
/// read.)
fn examine_keys(state: &State) -> Examined {
    const TRIAL: &[u8] = b"a trial";
    let sealed = state.vault.seal("doctor", "trial", TRIAL);
    let opened = sealed.and_then(|sealed| state.vault.open_sealed("doctor", "trial", &sealed));
    let (healthy, says) = match opened {
        Ok(plain) if plain == TRIAL => {
            (true, "readable by their owner alone, and they open what they seal".to_owned())
        }
        Ok(_) => (false, "what they seal opens to something else".to_owned()),
        Err(error) => (false, error.to_string()),
    };
    Examined { what: "keys".to_owned(), healthy, says: vec![says] }
}

async fn examine(system: &System, connector: &dyn Connector) -> Examined {
    let mut says = Vec::new();
    let mut healthy = true;
    let mut product = Product::Sqlite;
    match connector.catalogue().await {
        Ok(catalogue) => {
            product = catalogue.product;
            says.push(format!("{} {}", catalogue.product.title(), catalogue.version));
            let drift = engine::discover::differences(system, &catalogue);
            healthy &= drift.is_empty();
            says.extend(drift);
        }
        Err(error) => {
            healthy = false;
            says.push(error.to_string());
        }
    }
    match connector.grants(&writes(system)).await {
        Ok(grants) => {
            healthy &= grants.unreadable.is_empty() && grants.unchangeable.is_empty();
            says.extend(told(&grants, product));
        }
        Err(error) => {
            healthy = false;
            says.push(error.to_string());
        }
    }
    connector.close().await;
    Examined { what: system.title.clone(), healthy, says }
}

/// The tables that an erasure may change.
pub(crate) fn writes(system: &System) -> Vec<TableName> {
    system
        .collections
        .iter()
        .filter(|c| c.skip.is_none() && !matches!(c.erase, EraseRows::Nothing(_)))
        .map(|collection| collection.table.clone())
        .collect()
}

/// Grants in plain words: what is missing, what is too wide.
pub(crate) fn told(grants: &Grants, product: Product) -> Vec<String> {
    let list = |tables: &[TableName]| {
        tables.iter().map(|table| format!("`{table}`")).collect::<Vec<_>>().join(", ")
    };
    let (to_read, to_change) = if product == Product::Files {
        ("let it read them", "let it write to their folder, and run as their owner")
    } else {
        ("grant it SELECT", "grant it UPDATE and DELETE")
    };
    let mut says = Vec::new();
    if !grants.unreadable.is_empty() {
        says.push(format!(
            "the account `{}` may not read {}: what is there is neither found nor erased; {to_read}",
            grants.account,
            list(&grants.unreadable)
        ));
    }
    if !grants.unchangeable.is_empty() {
        says.push(format!(
            "the account `{}` may not change {}: an erasure there will stop at its plan; {to_change}",
            grants.account,
            list(&grants.unchangeable)
        ));
    }
    says.extend(
        grants.too_wide.iter().map(|wide| {
            format!("the account `{}` {wide}: more than the work needs", grants.account)
        }),
    );
    match &grants.encrypted_with {
        Some(how) => says.push(format!("the connection is encrypted ({how})")),
        None if matches!(product, Product::Sqlite | Product::Files) => {}
        None => says.push("the connection is plain text, on this machine only".to_owned()),
    }
    says
}
