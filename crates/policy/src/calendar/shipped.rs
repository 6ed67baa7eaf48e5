//! Reading the tables that ship with the program, by the same way as a policy file.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::finding::{Page, Severity};
use crate::{shape, yaml};

/// The content of a table, or everything that is wrong with it.
pub(crate) fn shipped<T: DeserializeOwned + JsonSchema>(
    name: &str,
    text: &str,
) -> Result<T, String> {
    let page = Page::new(name, text);
    let (tree, faults) = yaml::parse(text);
    let mut findings: Vec<_> = faults
        .into_iter()
        .map(|fault| page.finding(Severity::Error, "yaml", fault.at, fault.message, fault.help))
        .collect();
    let mut value = None;
    if let Some(mut tree) = tree {
        let schema = schemars::schema_for!(T).to_value();
        let (shaped, problems) = shape::shape(page, &mut tree, &schema);
        value = shaped;
        findings.extend(problems);
    }
    match value {
        Some(value) if findings.is_empty() => {
            serde_json::from_value(value).map_err(|error| format!("{name}: {error}"))
        }
        _ => Err(crate::render(&findings, false, 100)),
    }
}
