//! A system that is open for the length of a run.

use std::borrow::Cow;

use async_trait::async_trait;
use connect::Connector;
use model::{Catalogue, DataType, Table, TableName, Value};
use policy::{Collection, Field, System};

/// Opens systems by their key. Whoever implements it unseals the credentials, opens the connector
/// and drops them.
#[async_trait]
pub trait Systems: Send + Sync {
    /// Opens the system, or says why it cannot be reached.
    async fn open(&self, system: &str) -> Result<Box<dyn Connector>, connect::Error>;
}

/// An open system and the shape it has now.
pub(crate) struct Open {
    pub(crate) connector: Box<dyn Connector>,
    pub(crate) catalogue: Catalogue,
}

impl Open {
    pub(crate) async fn new(systems: &dyn Systems, key: &str) -> connect::Result<Self> {
        let connector = systems.open(key).await?;
        let catalogue = connector.latest_catalogue().await?;
        Ok(Self { connector, catalogue })
    }

    /// Reads the shape again.
    pub(crate) async fn look_anew(&mut self) -> connect::Result<()> {
        self.catalogue = self.connector.catalogue().await?;
        Ok(())
    }

    /// The table behind a collection. A map that names no schema means the only table of that name.
    pub(crate) fn table(&self, collection: &Collection) -> connect::Result<&Table> {
        let name = &collection.table;
        if let Some(table) = self.catalogue.table(name) {
            return Ok(table);
        }
        let mut same = self.catalogue.tables.iter().filter(|t| t.name.table == name.table);
        match (same.next(), same.next()) {
            (Some(only), None) if name.schema.is_empty() => Ok(only),
            _ => Err(connect::Error::NoTable(name.clone())),
        }
    }

    /// The columns that may name a person: every text, and numbers where the map says that they
    /// are somebody's (telephone numbers are often kept as numbers).
    pub(crate) fn searched_columns(table: &Table, collection: Option<&Collection>) -> Vec<String> {
        let personal_number = |column: &model::Column| {
            matches!(column.data_type, DataType::Integer | DataType::Number)
                && collection
                    .and_then(|collection| collection.field(&column.name))
                    .is_some_and(|field| field.is_personal() || field.identity.is_some())
        };
        table
            .columns
            .iter()
            .filter(|column| column.data_type.bears_text() || personal_number(column))
            .map(|column| column.name.clone())
            .collect()
    }

    /// Tables and views that no collection of the map searches: made since the map was written, or
    /// left out as views. (Tables that the map leaves out with a reason are not among them.)
    pub(crate) fn unmapped<'t>(&'t self, system: &System) -> Vec<&'t Table> {
        let mapped = |table: &Table| {
            system.collections.iter().any(|collection| {
                let same = self.table(collection).is_ok_and(|found| found.name == table.name);
                same && (collection.skip.is_none() || !table.is_view)
            })
        };
        self.catalogue.tables.iter().filter(|table| !mapped(table)).collect()
    }
}

/// What a search reads of a value: text and bytes as they are, numbers as they are written.
pub(crate) fn searched_bytes(value: &Value) -> Option<Cow<'_, [u8]>> {
    match value {
        Value::Int(number) => Some(Cow::Owned(number.to_string().into_bytes())),
        _ => value.as_bytes().map(Cow::Borrowed),
    }
}

/// The name under which a table is shown in messages.
pub(crate) fn shown(name: &TableName) -> String {
    name.to_string()
}

/// The map's field for a column; a column that the map does not mention is treated as text that
/// people write freely, so that nothing hides there.
pub(crate) fn field_or_free_text(collection: &Collection, column: &str) -> Field {
    collection.field(column).cloned().unwrap_or_else(|| Field {
        name: column.to_owned(),
        title: None,
        categories: vec!["system".to_owned()],
        class: None,
        identity: None,
        primary_key: false,
        data_type: None,
        free_text: true,
        erase: None,
        references: Vec::new(),
    })
}
