//! Is everything that Upheld leans on in order: connections, rights, keys, the log?
//!
//! Nothing is changed by looking. What an account lacks or has too much of is told with the statement
//! that mends it ([`grants`]); which look-ups read a whole table, with the index that would serve them
//! ([`indexes`]).

pub mod grants;
pub mod indexes;

use connect::{Connector, Remark, Rights};
use engine::{Asking, Systems as _, Uses};
use model::{Catalogue, Product};
use plan::retention::{Almanac, Book, Schedule};
use policy::{Policy, System};

use crate::house::House;
use crate::state::State;
use crate::status::Needs;
use crate::{Error, Result};

/// One thing that was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Examined {
    /// What.
    pub what: String,
    /// Whether it is in order.
    pub healthy: bool,
    /// What was seen, and what to do if it is not in order, a sentence each.
    pub says: Vec<String>,
    /// The account that signs in there, if any does.
    pub account: Option<String>,
    /// Rights that it needs and lacks, with the statements that give them.
    pub missing: Vec<Remark>,
    /// Rights that it has and does not need, with the statements that take them away.
    pub beyond: Vec<Remark>,
    /// What could not be looked at.
    pub unseen: Vec<String>,
}

/// A system that is open, with what the work does there.
pub(crate) struct Opened {
    pub(crate) connector: Box<dyn Connector>,
    pub(crate) product: Product,
    pub(crate) version: String,
    pub(crate) uses: Uses,
    /// Where the system and its map differ.
    pub(crate) drift: Vec<String>,
}

impl House {
    /// Looks at everything once. Changes nothing.
    pub async fn doctor(&self) -> Result<Vec<Examined>> {
        let policy = self.policy(false)?;
        let state = self.state_as_found().await?;
        let mut examined = vec![examine_keys(&state)];
        examined.push(self.examine_ledger(&state).await);
        for system in &policy.systems {
            let mut one = Examined { what: system.title.clone(), ..Examined::default() };
            match self.opened(&state, &policy, system).await {
                Ok(opened) => self.examine(system, opened, &mut one).await,
                Err(error) => one.says.push(error.to_string()),
            }
            examined.push(one);
        }
        Ok(examined)
    }

    /// The systems that are meant: one, or all.
    pub(crate) fn meant<'p>(
        &self,
        policy: &'p Policy,
        only: Option<&str>,
    ) -> Result<Vec<&'p System>> {
        match only {
            None => Ok(policy.systems.iter().collect()),
            Some(name) => match policy.system(name) {
                Some(system) => Ok(vec![system]),
                None => Err(Error::Refused(format!("the policy has no system `{name}`"))),
            },
        }
    }

    /// Opens a system and computes what the work does there.
    pub(crate) async fn opened(
        &self,
        state: &State,
        policy: &Policy,
        system: &System,
    ) -> Result<Opened> {
        let fail = |source| Error::System { system: system.key.clone(), source };
        let lender = self.lender(state);
        let connector = lender.open(&system.key).await.map_err(fail)?;
        let catalogue = connector.catalogue().await.map_err(fail)?;
        let drift = engine::discover::differences(system, &catalogue);
        let schedule = self.schedule(policy, self.means.clock.now(), None)?;
        let controls = policy.promises.iter().flat_map(|promise| &promise.controls);
        let asking = Asking {
            systems: &policy.systems,
            system,
            schedule: &schedule,
            contents: Needs::of(controls).contents,
        };
        Ok(opened(&asking, catalogue, connector, drift))
    }

    /// What the work would do in a system that was just looked into.
    pub(crate) fn uses_of(
        &self,
        systems: &[System],
        system: &System,
        catalogue: Catalogue,
        connector: Box<dyn Connector>,
    ) -> Result<Opened> {
        let zone = self.settings.zone.as_deref().unwrap_or("UTC");
        let almanac = Almanac::new(self.means.clock.now(), zone)
            .map_err(|error| Error::Refused(error.to_string()))?;
        let book =
            Book { systems, clients: &[], classification: &[], read_only: &Default::default() };
        let schedule = Schedule::new(&book, &almanac);
        let asking = Asking { systems, system, schedule: &schedule, contents: false };
        Ok(opened(&asking, catalogue, connector, Vec::new()))
    }

    pub(crate) async fn examine(&self, system: &System, opened: Opened, one: &mut Examined) {
        one.healthy = opened.drift.is_empty();
        one.says.push(format!("{} {}", opened.product.title(), opened.version));
        one.says.extend(opened.drift.iter().cloned());
        let only_looks = self.only_looks(&system.key);
        match compared(&opened, only_looks).await {
            Ok(rights) => {
                one.healthy &= rights.missing.is_empty();
                one.says.extend(told(&rights, opened.product, &system.key));
                one.account = Some(rights.account).filter(|account| !account.is_empty());
                (one.missing, one.beyond) = (rights.missing, rights.beyond);
                one.unseen = rights.unseen;
            }
            Err(error) => {
                one.healthy = false;
                one.says.push(error.to_string());
            }
        }
        match indexes::count(&opened).await {
            Ok(said) => one.says.extend(said.map(|said| {
                format!(
                    "{said}: `upheld doctor --indexes {}` says which index would serve",
                    system.key
                )
            })),
            Err(error) => one.unseen.push(format!("which look-ups read a whole table: {error}")),
        }
        one.unseen.extend(opened.uses.left_out.iter().cloned());
        opened.connector.close().await;
    }

    /// Whether nothing may be changed through this connection.
    pub(crate) fn only_looks(&self, system: &str) -> bool {
        self.connections().get(system).is_some_and(|connection| connection.read_only)
    }
}

fn opened(
    asking: &Asking<'_>,
    catalogue: Catalogue,
    connector: Box<dyn Connector>,
    drift: Vec<String>,
) -> Opened {
    let (product, version) = (catalogue.product, catalogue.version.clone());
    let (uses, connector) = Uses::of(asking, catalogue, connector);
    Opened { connector, product, version, uses, drift }
}

/// The account's rights: what is missing for the work, and what is more than work and looking take.
pub(crate) async fn compared(opened: &Opened, only_looks: bool) -> connect::Result<Rights> {
    let uses = &opened.uses;
    if only_looks {
        return opened.connector.rights(&uses.look).await;
    }
    let needed = opened.connector.rights(&uses.change).await?;
    let both = connect::merged(uses.change.iter().chain(&uses.look).cloned());
    let beyond = opened.connector.rights(&both).await?.beyond;
    Ok(Rights { beyond, ..needed })
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
    Examined { what: "keys".to_owned(), healthy, says: vec![says], ..Examined::default() }
}

/// So many are told in a report; the rest are counted.
const SHOWN: usize = 3;

/// Rights in plain words: what is missing, what is too wide.
pub(crate) fn told(rights: &Rights, product: Product, system: &str) -> Vec<String> {
    let account = match rights.account.as_str() {
        "" => "the account".to_owned(),
        name => format!("the account `{name}`"),
    };
    let mut says = Vec::new();
    if !rights.missing.is_empty() {
        let some = rights.missing.iter().take(SHOWN).map(|remark| remark.says.as_str());
        let some = some.collect::<Vec<_>>().join("; ");
        let rest = match rights.missing.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        says.push(format!(
            "{account} lacks rights that the work needs: {some}{rest}; `upheld doctor --grants {system}` writes the statements"
        ));
    }
    for remark in rights.beyond.iter().take(SHOWN) {
        let end = if remark.mend.is_empty() { "" } else { ": more than the work needs" };
        says.push(format!("{account} {}{end}", remark.says));
    }
    if let more @ 1.. = rights.beyond.len().saturating_sub(SHOWN) {
        says.push(format!(
            "{account} has {more} more rights too many: `upheld doctor --grants {system}` shows them"
        ));
    }
    match &rights.encrypted_with {
        Some(how) => says.push(format!("the connection is encrypted ({how})")),
        None if matches!(product, Product::Sqlite | Product::Files) => {}
        None => says.push("the connection is plain text, on this machine only".to_owned()),
    }
    says
}
