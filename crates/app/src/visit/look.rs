//! Looking up what is held about somebody: by references alone, without reading texts, so that it takes
//! seconds; and nothing is opened at the desk for it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use async_trait::async_trait;
use engine::{HandOut, HandedField, HandedRow, KeepTogether};
use model::{Identity, IdentityKind, Personal, Value};
use plan::{Case, Graph, Place, RequestKind};
use policy::{Collection, Policy, Tie};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{PURPOSE, address_of};
use crate::clock::Arrival;
use crate::house::House;
use crate::jobs::{Did, Failed};
use crate::request::{Asked, new_case};
use crate::retain::event;
use crate::{Error, Result};

/// So many values of a category are shown; the rest is counted.
const VALUES: usize = 50;
/// A value is shown so far, in characters.
const LONG: usize = 200;

/// What is held about somebody, as their own page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Held {
    /// What describes them, by category.
    pub categories: Vec<HeldCategory>,
    /// Records that are theirs or concern them, by place.
    pub records: Vec<HeldRecords>,
    /// Systems that were not reached, by their titles.
    pub not_reached: Vec<String>,
    /// Whether it could not be looked up at all.
    pub failed: bool,
}

/// What is held of one category.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCategory {
    /// The category's key.
    pub key: String,
    /// Its words, in English.
    pub title: String,
    /// The values, each once.
    pub values: Vec<HeldValue>,
    /// So many further values.
    pub more: u64,
}

/// A value, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeldValue {
    /// The value.
    pub text: Personal<String>,
    /// The places that hold it.
    pub places: Vec<String>,
}

/// Records of one place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRecords {
    /// The place.
    pub place: String,
    /// So many.
    pub rows: u64,
}

/// Nothing is written down on the way: whoever looks again begins anew.
struct Nowhere;

#[async_trait]
impl KeepTogether for Nowhere {
    async fn keep_all(&self, _: &[(usize, &Case)]) -> std::result::Result<(), String> {
        Ok(())
    }
}

/// Takes what is handed out, and keeps what a page shows.
struct Glance<'g> {
    policy: &'g Policy,
    place: String,
    /// The category of each field that is shown; none for the others.
    fields: Vec<Option<String>>,
    values: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    rows: BTreeMap<String, u64>,
}

impl HandOut for Glance<'_> {
    fn place(
        &mut self,
        place: &Place,
        collection: &Collection,
        fields: &[String],
        _: &[String],
    ) -> io::Result<()> {
        let title = self.policy.system(&place.system).map_or(&place.system, |one| &one.title);
        self.place = format!("{title}, {}", collection.title);
        let shown = |name: &String| {
            let field = collection.field(name).filter(|field| !field.free_text)?;
            let shows = |category: &&String| {
                category.starts_with("user") && !category.starts_with("user.authorization")
            };
            field.is_personal().then(|| field.categories.iter().find(shows).cloned()).flatten()
        };
        self.fields = fields.iter().map(shown).collect();
        Ok(())
    }

    fn row(&mut self, row: HandedRow) -> io::Result<()> {
        *self.rows.entry(self.place.clone()).or_default() += 1;
        // What concerns others too is counted, and shown in the package that a person has looked at.
        if row.tie != Tie::Own {
            return Ok(());
        }
        for (category, field) in self.fields.iter().zip(row.fields) {
            let (Some(category), HandedField::Value(value)) = (category, field) else { continue };
            let text = match value {
                Value::Null | Value::Bytes(_) => continue,
                Value::Bool(yes) => yes.to_string(),
                Value::Int(number) => number.to_string(),
                Value::Text(text) => text,
            };
            let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let text: String = text.chars().take(LONG).collect();
            if !text.is_empty() {
                let values = self.values.entry(category.clone()).or_default();
                values.entry(text).or_default().insert(self.place.clone());
            }
        }
        Ok(())
    }
}

impl Glance<'_> {
    fn held(self, not_reached: Vec<String>) -> Held {
        let policy = self.policy;
        let category = |(key, values): (String, BTreeMap<String, BTreeSet<String>>)| {
            let more = values.len().saturating_sub(VALUES) as u64;
            let value = |(text, places): (String, BTreeSet<String>)| HeldValue {
                text: Personal::new(text),
                places: places.into_iter().collect(),
            };
            HeldCategory {
                title: policy.title_of_category(&key),
                key,
                values: values.into_iter().take(VALUES).map(value).collect(),
                more,
            }
        };
        let records = |(place, rows)| HeldRecords { place, rows };
        Held {
            categories: self.values.into_iter().map(category).collect(),
            records: self.rows.into_iter().map(records).collect(),
            not_reached,
            failed: false,
        }
    }
}

impl House {
    /// Looks up what is held about a visitor.
    pub(crate) async fn look_up(&self, visit: &str) -> std::result::Result<Did, Failed> {
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.read().await?;
        let found = tx.visit(visit, now).await?;
        tx.rollback().await?;
        let Some(found) = found else { return Ok(Did::Done) };
        let email = address_of(&desk, &found)?;
        // What cannot be looked up is said on the page, and the person can ask for it all the same.
        let held = match Box::pin(self.glance(&desk.state, &desk.policy, &email)).await {
            Ok(held) => held,
            Err(_) => Held { failed: true, ..Held::default() },
        };
        let plain = serde_json::to_vec(&held)
            .map_err(|error| Failed::ForGood(format!("it cannot be written down: {error}")))?;
        let sealed = desk.state.vault.seal(PURPOSE, &format!("{visit}/held"), &plain);
        let sealed = sealed.map_err(Error::from)?;
        let rows: u64 = held.records.iter().map(|one| one.rows).sum();
        let about = json!({
            "failed": held.failed, "not_reached": held.not_reached.len(), "rows": rows,
        });
        let mut tx = desk.state.store.begin().await?;
        tx.keep_held(visit, &sealed).await?;
        let name = &desk.policy.organisation.name;
        tx.append_event(&event(&desk.state, name, "own data looked up", &about)).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(Did::Done)
    }

    async fn glance(
        &self,
        state: &crate::state::State,
        policy: &Policy,
        email: &Personal<String>,
    ) -> Result<Held> {
        let graph = Graph::new(&policy.systems);
        let asked = Asked {
            kind: RequestKind::Access,
            identities: vec![Identity::new(IdentityKind::Email, email.expose())],
            plan_only: false,
            arrival: Arrival::default(),
        };
        let mut case = new_case(self, policy, &graph, asked, Vec::new())?;
        case.only_by_reference(&graph);
        let lender = self.lender(state);
        let key = state.pseudonym_key()?;
        let driver = self.driver(policy, &lender, &key);
        let mut visit = driver.visit();
        visit.run(&mut [&mut case], &Nowhere).await?;
        let mut glance = Glance {
            policy,
            place: String::new(),
            fields: Vec::new(),
            values: BTreeMap::new(),
            rows: BTreeMap::new(),
        };
        visit.hand_out(&mut [(&mut case, &mut glance)]).await?;
        visit.close().await;
        let not_reached = case.not_reached().keys();
        let not_reached = not_reached.map(|key| crate::view::system_title(policy, key)).collect();
        Ok(glance.held(not_reached))
    }
}
