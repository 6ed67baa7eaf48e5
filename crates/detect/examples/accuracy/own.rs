//! The project's own labelled texts, written as files for the scorer and for peers.

use std::path::Path;

use serde_json::json;

use crate::corpus::{self, Document};
use crate::secrets;

/// Seeds that no test uses.
const SEED: u64 = 2_026;

/// Writes tickets, secrets and logs as JSON Lines into the folder.
pub(crate) fn write(folder: &Path) {
    std::fs::create_dir_all(folder).expect("the folder cannot be made");
    put(folder, "tickets", &corpus::documents(SEED, 4_000));
    put(folder, "secrets", &secrets::documents(SEED, 2_000));
    let logs = ["syslog", "nginx", "json", "windows", "firewall"].into_iter().flat_map(|sort| {
        (0..30).map(move |part| Document {
            text: corpus::log(sort, 4_000, SEED + part),
            spans: Vec::new(),
        })
    });
    put(folder, "logs", &logs.collect::<Vec<_>>());
}

fn put(folder: &Path, name: &str, documents: &[Document]) {
    let mut out = String::new();
    for (at, document) in documents.iter().enumerate() {
        let chars = |bytes: usize| document.text[..bytes].chars().count();
        let spans: Vec<_> = document
            .spans
            .iter()
            .map(|(start, end, kind)| json!([chars(*start), chars(*end), kind]))
            .collect();
        let line = json!({ "id": format!("{name}-{at}"), "text": document.text, "spans": spans });
        out.push_str(&format!("{line}\n"));
    }
    let path = folder.join(format!("{name}.jsonl"));
    std::fs::write(&path, out).expect("the file cannot be written");
    println!("{}: {} documents", path.display(), documents.len());
}
