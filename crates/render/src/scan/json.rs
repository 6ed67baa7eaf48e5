//! JSON Lines: a line for each finding, for each thing that was not looked at, and for the whole.

use serde_json::{Value, json};

use super::{ScanPart, ScanReport};

impl ScanPart {
    /// The lines of one file or table. Of one that was not looked at again, counts alone.
    pub fn to_json_lines(&self) -> Vec<Value> {
        let mut lines = Vec::new();
        for finding in &self.findings {
            let mut line = json!({ "type": "finding" });
            merge(&mut line, json!(finding));
            lines.push(line);
        }
        if self.unchanged || self.more > 0 {
            for (place, kinds) in &self.counts {
                for (kind, count) in kinds {
                    let mut line = json!({ "type": "count", "path": self.path, "place": place, "kind": kind, "unchanged": self.unchanged });
                    merge(&mut line, json!(count));
                    lines.push(line);
                }
            }
        }
        for (place, why) in &self.unread {
            lines.push(json!({ "type": "unread", "place": place, "why": why }));
        }
        lines
    }
}

impl ScanReport {
    /// The last line: what was looked at, and how much of each kind was found.
    pub fn to_json_summary(&self) -> Value {
        let kinds: Vec<Value> = self
            .order()
            .into_iter()
            .map(|(key, count)| {
                let about = self.kinds.get(key);
                json!({
                    "kind": key,
                    "title": self.title(key),
                    "category": about.map(|kind| kind.category.as_str()),
                    "found": count.found,
                    "test": count.test,
                    "least": count.least,
                    "most": count.most,
                    "places": self.counts.get(key).map_or(0, std::collections::BTreeMap::len),
                })
            })
            .collect();
        json!({
            "type": "summary",
            "targets": self.targets,
            "kinds": kinds,
            "files": self.files,
            "unchanged": self.unchanged,
            "tables": self.tables,
            "rows": self.rows,
            "bytes": self.bytes,
            "unread": self.unread.len(),
            "errors": self.errors,
            "denied": self.denied,
            "model": self.model,
        })
    }
}

fn merge(line: &mut Value, more: Value) {
    if let (Value::Object(line), Value::Object(more)) = (line, more) {
        line.extend(more);
    }
}
