//! `clients.yaml`: the organisations you work for, their agreements and their papers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::recipients::Paper;
use crate::retention::ClientEvent;
use crate::words::DayText;

/// The organisations you work for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "clients.yaml")]
pub struct ClientsFile {
    /// The clients.
    pub clients: Vec<Client>,
}

/// An organisation you work for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its key, used by other files and on the command line.
    pub key: String,
    /// The name people know it by.
    pub name: String,
    /// The values by which systems know it: `crm.companies.id: "42"`.
    #[serde(default, rename = "is")]
    pub known_as: BTreeMap<String, String>,
    /// The last day of its agreement.
    #[schemars(with = "Option<DayText>")]
    pub agreement_end: Option<jiff::civil::Date>,
    /// The last day of service.
    #[schemars(with = "Option<DayText>")]
    pub service_end: Option<jiff::civil::Date>,
    /// Signed papers, by title (`BAA`, `data processing agreement`).
    #[serde(default)]
    pub papers: Vec<Paper>,
}

impl Client {
    /// The day of an event; none while it has not happened.
    pub const fn day(&self, event: ClientEvent) -> Option<jiff::civil::Date> {
        match event {
            ClientEvent::AgreementEnd => self.agreement_end,
            ClientEvent::ServiceEnd => self.service_end,
        }
    }
}
