//! The connector of the simulation passes the conformance kit as far as it asks for no SQL, so that
//! what the simulation finds is the engine's mistake and not the stage's.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use connect::conformance::{Made, RecordFixture, run_records};
use connect::{Connector, Limits};
use model::{Catalogue, Column, DataType, Product, RowKey, Table, TableName};
use sim::base::Base;
use sim::connector::SimConnector;
use sim::make::make;
use sim::stage::{Shared, Stage, lock};

struct Fixture {
    stage: Shared,
}

#[async_trait]
impl RecordFixture for Fixture {
    async fn fresh(&self, tables: &[Made]) -> String {
        let mut stage = lock(&self.stage);
        let name = format!("base{}", stage.world.bases.len());
        let mut catalogue = Catalogue {
            product: Product::Sqlite,
            version: "sim".into(),
            database: name.clone(),
            tables: Vec::new(),
        };
        let mut rows = BTreeMap::new();
        for made in tables {
            let column = |name: &String| Column {
                name: name.clone(),
                native_type: "text".into(),
                data_type: DataType::Text { max_chars: None },
                nullable: true,
                has_default: false,
                generated: false,
                loose_collation: false,
                updates_itself: false,
                comment: None,
            };
            let table = Table {
                name: TableName::new("", &made.name),
                is_view: false,
                about_rows: 0,
                columns: made.columns.iter().map(column).collect(),
                primary_key: made.columns.first().cloned().into_iter().collect(),
                unique: Vec::new(),
                references: Vec::new(),
                triggers: Vec::new(),
            };
            let keyed = made
                .rows
                .iter()
                .map(|row| (RowKey(row.iter().take(1).cloned().collect()), row.clone()));
            rows.insert(table.name.clone(), keyed.collect());
            catalogue.tables.push(table);
        }
        stage.world.bases.insert(name.clone(), Base { catalogue, rows });
        name
    }

    fn table(&self, name: &str) -> TableName {
        TableName::new("", name)
    }

    async fn open(&self, address: &str, limits: Limits) -> connect::Result<Box<dyn Connector>> {
        let (stage, system) = (self.stage.clone(), address.to_owned());
        Ok(Box::new(SimConnector { stage, system, limits }))
    }
}

#[tokio::test]
async fn the_connector_of_the_stage_keeps_the_contract() {
    let stage = Stage::new(0, make(0), Vec::new(), false);
    let report = run_records(&Fixture { stage: Arc::new(Mutex::new(stage)) }).await;
    assert!(report.is_clean(), "{report}");
    assert!(report.passed.len() > 10, "{report}");
}
