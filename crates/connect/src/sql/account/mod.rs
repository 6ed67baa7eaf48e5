//! Rights on the server: which the work needs ([`needed`]), which the account holds ([`postgres`],
//! [`mysql`]), and the statements that make the two agree ([`wording`]).
//!
//! Reading is given by column only where that takes something away: a table of which every column is
//! read is given whole. Changing is always given by column, deleting by table.
//!
//! INVARIANT: nothing here is carried out. Statements are made of names that the catalogue told and of
//! the account's name, quoted, for a person to read and to run.

mod held;
mod mysql;
mod needed;
mod postgres;
mod sqlite;
mod wording;

pub(super) use mysql::like;

use model::TableName;

use self::held::Held;
use self::needed::Needed;
use super::Sql;
use super::shape::Shape;
use super::statement::Dialect;
use crate::address::Place;
use crate::{Error, Grant, Offer, Remark, Result, Rights, Use};

impl Sql {
    /// An account for `uses` and nothing else.
    pub(super) async fn offered(&self, uses: &[Use], account: &str) -> Result<Offer> {
        let shape = self.shape();
        if shape.dialect == Dialect::Sqlite {
            let Place::File { path, .. } = &self.address.place else {
                return Err(Error::NotOffered { what: "be given rights" });
            };
            return Ok(crate::modes::file(path, uses, account));
        }
        let mut loan = self.links.borrow().await?;
        let facts = match shape.dialect {
            Dialect::Postgres => postgres::facts(&mut loan.link).await?,
            _ => mysql::facts(&mut loan.link).await?,
        };
        loan.keep();
        let divided = |used: &Use| used.drops_partitions && facts.divided.contains(&used.table);
        let dropping: Vec<Use> = uses.iter().filter(|used| divided(used)).cloned().collect();
        let needed = Needed::of(&shape, uses, &facts)?;
        let to = wording::Account::parse(shape.dialect, account);
        let mut offer = Offer {
            account: to.shown(),
            create: to.create(),
            grants: wording::grants(&shape, &needed, &to),
            optional: wording::optional(&shape, &dropping, &to),
            remarks: wording::remarks(&shape, &dropping, &needed, &to),
        };
        offer.grants.splice(0..0, wording::around(&shape, &needed, &to));
        offer.optional.extend(wording::account_tables(&shape, &to));
        Ok(offer)
    }

    /// What this account may do, against what `uses` needs.
    pub(super) async fn compared(&self, uses: &[Use]) -> Result<Rights> {
        let shape = self.shape();
        let mut loan = self.links.borrow().await?;
        let link = &mut loan.link;
        let (held, facts) = match shape.dialect {
            Dialect::Postgres => {
                let facts = postgres::facts(link).await?;
                (postgres::held(link, &shape).await?, facts)
            }
            Dialect::MySql => (mysql::held(link, &shape).await?, needed::Facts::default()),
            Dialect::Sqlite => {
                let rights = sqlite::rights(link, &self.address, uses).await?;
                loan.keep();
                return Ok(rights);
            }
        };
        loan.keep();
        let needed = Needed::of(&shape, uses, &facts)?;
        let mut rights = Rights {
            account: held.account.shown(),
            encrypted_with: held.encrypted_with.clone(),
            ..Rights::default()
        };
        rights.missing = missing(&shape, &needed, &held);
        if !uses.is_empty() {
            rights.beyond = held.beyond(&shape, &needed);
        }
        if shape.dialect == Dialect::MySql && !held.sees_triggers() && !uses.is_empty() {
            rights.unseen.push(
                "which triggers there are: the right to see them is the right to make them, so it is not asked for; if one copies what is erased, the second search finds the copy"
                    .to_owned(),
            );
        }
        Ok(rights)
    }

    /// Says which right was missing, and what gives it, where the server only said no.
    pub(super) async fn explained<T>(&self, told: Result<T>, uses: &[Use]) -> Result<T> {
        let Err(Error::Denied { action, table, grant: None }) = told else { return told };
        let grant = self.missing_for(&table, uses).await.unwrap_or_default();
        Err(Error::Denied { action, table, grant })
    }

    async fn missing_for(&self, table: &TableName, uses: &[Use]) -> Result<Option<String>> {
        let rights = self.compared(uses).await?;
        let mut mend: Vec<String> =
            rights.missing.into_iter().flat_map(|remark| remark.mend).collect();
        let shape = self.shape();
        if shape.dialect == Dialect::MySql && table.schema == "mysql" {
            let to = wording::Account::parse(shape.dialect, &rights.account);
            let grants = wording::account_tables(&shape, &to).into_iter();
            mend.extend(grants.filter(|grant| grant.table.as_ref() == Some(table)).map(|g| g.give));
        }
        Ok((!mend.is_empty()).then(|| mend.join("; ")))
    }
}

/// What is needed and not held, with the statements that give it.
fn missing(shape: &Shape, needed: &Needed, held: &Held) -> Vec<Remark> {
    let lacking = held.lacking(needed);
    let mut grants = wording::around(shape, &lacking, &held.account);
    grants.extend(wording::grants(shape, &lacking, &held.account));
    let remark = |grant: Grant| Remark { says: grant.because, mend: vec![grant.give] };
    grants.into_iter().map(remark).collect()
}
