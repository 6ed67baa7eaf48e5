//! The accounts that the work needs, as statements: one that only looks, and one that changes.

use connect::{Grant, Remark, Rights};
use serde::Serialize;

use super::{Opened, compared};
use crate::Result;
use crate::house::House;
use crate::status::Needs;

/// The accounts of one system.
#[derive(Debug, Clone, Serialize)]
pub struct SystemGrants {
    /// Its key.
    pub system: String,
    /// The product and its version.
    pub product: String,
    /// Accounts made to measure: the one that only looks, the one that changes.
    pub offers: Vec<Offered>,
    /// The account of the connection as it is, against what it needs.
    pub in_use: InUse,
    /// Rules and collections that could not be reckoned with, and why.
    pub left_out: Vec<String>,
    /// Why nothing can be said, where nothing can.
    pub failed: Option<String>,
}

/// An account made to measure.
#[derive(Debug, Clone, Serialize)]
pub struct Offered {
    /// `look` or `change`.
    pub role: &'static str,
    /// What it is for, in plain words.
    pub purpose: &'static str,
    /// Its name.
    pub account: String,
    /// The statements that make it; `<password>` stands where a password belongs.
    pub create: Vec<String>,
    /// What it needs.
    pub grants: Vec<Granted>,
    /// What it may be given besides.
    pub optional: Vec<Granted>,
    /// What must be known.
    pub remarks: Vec<String>,
}

/// A right, its reason and its statements.
#[derive(Debug, Clone, Serialize)]
pub struct Granted {
    /// What for.
    pub because: String,
    /// What gives it.
    pub give: String,
    /// What takes it away.
    pub take: String,
}

/// The account of a connection.
#[derive(Debug, Clone, Default, Serialize)]
pub struct InUse {
    /// Its name; empty where there are none.
    pub account: String,
    /// What it lacks.
    pub missing: Vec<Remark>,
    /// What it has too much of.
    pub beyond: Vec<Remark>,
    /// What could not be looked at.
    pub unseen: Vec<String>,
}

const LOOKS: &str = "only looks: discovery, access, status, plans";
const CHANGES: &str = "changes too: erasure, correction, retention";

impl House {
    /// The statements for the accounts of one system, or of all. Nothing is carried out.
    ///
    /// `account` names the account; left out, the two are called `upheld_look` and `upheld_change`.
    pub async fn grants(
        &self,
        system: Option<&str>,
        account: Option<&str>,
    ) -> Result<Vec<SystemGrants>> {
        let policy = self.policy(false)?;
        let state = self.state().await?;
        let needs = Needs::of(policy.promises.iter().flat_map(|promise| &promise.controls));
        let mut told = Vec::new();
        for system in self.meant(&policy, system)? {
            let mut one = SystemGrants {
                system: system.key.clone(),
                product: String::new(),
                offers: Vec::new(),
                in_use: InUse::default(),
                left_out: Vec::new(),
                failed: None,
            };
            match self.opened(&state, &policy, system).await {
                Ok(mut opened) => {
                    one.product = format!("{} {}", opened.product.title(), opened.version);
                    one.left_out = std::mem::take(&mut opened.uses.left_out);
                    let only_looks = self.only_looks(&system.key);
                    let done = one.fill(&opened, only_looks, account, needs.privileges).await;
                    one.failed = done.err().map(|error| error.to_string());
                    opened.connector.close().await;
                }
                Err(error) => one.failed = Some(error.to_string()),
            }
            told.push(one);
        }
        Ok(told)
    }
}

impl SystemGrants {
    async fn fill(
        &mut self,
        opened: &Opened,
        only_looks: bool,
        account: Option<&str>,
        tells_accounts: bool,
    ) -> connect::Result<()> {
        self.offers = offers(opened, only_looks, account, tells_accounts).await?;
        self.in_use = in_use(opened, only_looks).await?;
        Ok(())
    }
}

/// Accounts made to measure for a system that is open, and the one that is used against what it needs.
pub(crate) async fn made_to_measure(
    opened: &Opened,
    only_looks: bool,
) -> connect::Result<(Vec<Offered>, InUse)> {
    Ok((offers(opened, only_looks, None, false).await?, in_use(opened, only_looks).await?))
}

async fn in_use(opened: &Opened, only_looks: bool) -> connect::Result<InUse> {
    let Rights { account, missing, beyond, unseen, .. } = compared(opened, only_looks).await?;
    Ok(InUse { account, missing, beyond, unseen })
}

async fn offers(
    opened: &Opened,
    only_looks: bool,
    account: Option<&str>,
    tells_accounts: bool,
) -> connect::Result<Vec<Offered>> {
    let mut offers = Vec::new();
    let roles = [
        ("look", LOOKS, "upheld_look", &opened.uses.look),
        ("change", CHANGES, "upheld_change", &opened.uses.change),
    ];
    for (role, purpose, name, uses) in roles {
        if role == "change" && only_looks {
            continue;
        }
        let mut offer = opened.connector.offer(uses, account.unwrap_or(name)).await?;
        // The server's own tables of accounts, for promises about who has access.
        let is_server = |grant: &Grant| grant.table.as_ref().is_some_and(|t| t.schema == "mysql");
        let (server, optional): (Vec<Grant>, Vec<Grant>) =
            offer.optional.into_iter().partition(is_server);
        if tells_accounts {
            offer.grants.extend(server);
        }
        offers.push(Offered {
            role,
            purpose,
            account: offer.account,
            create: offer.create,
            grants: offer.grants.into_iter().map(Granted::of).collect(),
            optional: optional.into_iter().map(Granted::of).collect(),
            remarks: offer.remarks,
        });
    }
    Ok(offers)
}

impl Granted {
    fn of(grant: Grant) -> Self {
        Self { because: grant.because, give: grant.give, take: grant.take }
    }
}
