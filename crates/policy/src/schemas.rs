//! JSON Schemas of the policy files, for editors.

use crate::file::classification::ClassificationFile;
use crate::file::clients::ClientsFile;
use crate::file::kinds::KindsFile;
use crate::file::policy::PolicyFile;
use crate::file::profile::ProfileFile;
use crate::file::promises::PromisesFile;
use crate::file::recipients::RecipientsFile;
use crate::file::system::SystemFile;

/// Each schema by its file name. They come from the types that read the files.
pub fn schemas() -> Vec<(&'static str, String)> {
    [
        ("policy.schema.json", schemars::schema_for!(PolicyFile)),
        ("promises.schema.json", schemars::schema_for!(PromisesFile)),
        ("classification.schema.json", schemars::schema_for!(ClassificationFile)),
        ("recipients.schema.json", schemars::schema_for!(RecipientsFile)),
        ("clients.schema.json", schemars::schema_for!(ClientsFile)),
        ("kinds.schema.json", schemars::schema_for!(KindsFile)),
        ("profile.schema.json", schemars::schema_for!(ProfileFile)),
        ("system.schema.json", schemars::schema_for!(SystemFile)),
    ]
    .into_iter()
    .map(|(name, schema)| (name, format!("{:#}\n", schema.to_value())))
    .collect()
}
