//! `kinds.yaml`: kinds of personal data that only this organisation has.

use crate::Taxonomy;
use crate::file::kinds::KindsFile;
use crate::finding::{Finding, Severity};
use crate::source::Read;
use crate::yaml::Path;

use super::Reporter;

/// Keys that differ, categories that there are, and something to try each kind on.
pub(crate) fn kinds(read: &Read<'_, KindsFile>, findings: &mut Vec<Finding>) {
    let mut report = Reporter::new(read, findings);
    let kinds = &read.content.kinds;
    report.must_differ("kind", "kinds", "key", kinds.iter().map(|kind| kind.key.as_str()));
    let root = Path::ROOT;
    let list = root.key("kinds");
    for (index, kind) in kinds.iter().enumerate() {
        let item = list.item(index);
        report.must_be_word(Taxonomy::Category, &kind.category, &item.key("category"));
        if kind.examples.is_empty() {
            let message = format!("nothing shows that `{}` finds anything", kind.key);
            let help = "add `examples:` with a text or two that hold a value".to_owned();
            report.add(Severity::Error, "no-example", &item.key("examples"), message, Some(help));
        }
    }
}
