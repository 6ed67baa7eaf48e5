//! The record of destruction: what a run of retention disposed of, by which rule, what was held back
//! and what could not be done, in a form that can be signed, checked by a stranger and printed.
//!
//! INVARIANT: no personal data: rules, limits, counts, reasons and the names of places only.

mod html;
mod text;

use model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::certificate::{BadCertificate, LedgerPlace, canonical_json};
use crate::text::{base64, from_base64};
use crate::words::retention as say;
use crate::zone::as_rfc3339;

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestructionRecord {
    /// The record's own number.
    pub id: String,
    /// Who destroyed.
    pub organisation: String,
    /// The run's number.
    pub run: String,
    /// When the run began.
    #[serde(with = "as_rfc3339")]
    pub begun_at: Micros,
    /// When it ended.
    #[serde(with = "as_rfc3339")]
    pub ended_at: Micros,
    /// Whether every rule was carried out to its end.
    pub complete: bool,
    /// Digest of the rules that were carried out, in hex.
    pub digest: String,
    /// How often the run was interrupted and taken up again.
    pub interrupted: u32,
    /// The rules.
    pub rules: Vec<DestroyedBy>,
    /// Where no rule applies, and why.
    pub not_covered: Vec<String>,
    /// Where the entry stands in the evidence log.
    pub ledger: LedgerPlace,
    /// The public key that checks the signature, in the form in which the organisation publishes
    /// it.
    pub public_key: String,
}

/// What one rule destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestroyedBy {
    /// The rule's name (`ticketing.tickets/1`).
    pub rule: String,
    /// The system, as people know it.
    pub system: String,
    /// The collection, as people know it.
    pub collection: String,
    /// The rule in words.
    pub words: String,
    /// What became of due rows (`delete`).
    pub method: String,
    /// The limit: only what lay before it went.
    #[serde(with = "as_rfc3339")]
    pub cutoff: Micros,
    /// Rows disposed of, those of dropped partitions among them.
    pub rows: u64,
    /// Rows that went with them, by table.
    pub with: Vec<(String, u64)>,
    /// Partitions that were dropped whole.
    pub partitions: Vec<String>,
    /// Rows at most that an interrupted batch disposed of beyond those counted.
    pub unknown: u64,
    /// Rows still due when it was counted again; `None` if that could not be done.
    pub left: Option<u64>,
    /// Rows that are old enough and stay.
    pub held_back: u64,
    /// Of those, the rows that stay only because others point at them.
    #[serde(default)]
    pub pointed_at: u64,
    /// The collections whose rows do.
    #[serde(default)]
    pub pointed_by: Vec<String>,
    /// The minimum ages and holds that were respected.
    pub respected: Vec<String>,
    /// Why it was not carried out to its end, if so.
    pub not_done: Option<String>,
}

impl DestroyedBy {
    /// What stays although its time is over, because others point at it.
    fn pointed_at(&self) -> Option<String> {
        let of = format!("{} in {}", self.collection, self.system);
        let (what, by) = (&self.collection, &self.pointed_by);
        (self.pointed_at > 0).then(|| say::pointed_at(self.pointed_at, &of, &self.words, what, by))
    }
}

impl DestructionRecord {
    /// Rows destroyed, those that went along among them.
    pub fn rows(&self) -> u64 {
        let all = |rule: &DestroyedBy| rule.rows + rule.with.iter().map(|(_, n)| n).sum::<u64>();
        self.rules.iter().map(all).sum()
    }

    /// The text to sign (RFC 8785).
    ///
    /// # Errors
    /// None that a record made in this program can cause.
    pub fn to_canonical_json(&self) -> Result<String, BadCertificate> {
        canonical_json(&serde_json::to_value(self)?)
    }

    /// What happened, in one sentence.
    pub fn sentence(&self) -> String {
        let held_back = self.rules.iter().map(|rule| rule.held_back).sum();
        let pointed_at = self.rules.iter().map(|rule| rule.pointed_at).sum();
        say::sentence(self.complete, &self.organisation, self.rows(), held_back, pointed_at)
    }
}

/// A record with its signature, as it is handed out. The record is kept as it was read, so that a
/// field added by a later version is still part of what was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedRecord {
    record: Value,
    signature: String,
    key: String,
}

impl SignedRecord {
    /// Puts the signature over [`DestructionRecord::to_canonical_json`] beside the record.
    ///
    /// # Errors
    /// None that a record made in this program can cause.
    pub fn new(
        record: &DestructionRecord,
        signature: &[u8],
        key: &[u8],
    ) -> Result<Self, BadCertificate> {
        Ok(Self::of(serde_json::to_value(record)?, signature, key))
    }

    /// The same for any record, signed over its [canonical text](Self::signed_text).
    pub fn of(record: Value, signature: &[u8], key: &[u8]) -> Self {
        Self { record, signature: base64(signature), key: base64(key) }
    }

    /// Reads an envelope. That it reads does not mean that the signature holds.
    ///
    /// # Errors
    /// When the text has another form.
    pub fn from_json(text: &str) -> Result<Self, BadCertificate> {
        Ok(serde_json::from_str(text)?)
    }

    /// The envelope as text, for a file.
    ///
    /// # Errors
    /// None that a record made in this program can cause.
    pub fn to_json(&self) -> Result<String, BadCertificate> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The record inside.
    ///
    /// # Errors
    /// When it has another form.
    pub fn record(&self) -> Result<DestructionRecord, BadCertificate> {
        Ok(serde_json::from_value(self.record.clone())?)
    }

    /// The text over which the signature was made.
    ///
    /// # Errors
    /// When the record holds a number that is not whole.
    pub fn signed_text(&self) -> Result<String, BadCertificate> {
        canonical_json(&self.record)
    }

    /// The signature and the public key that the envelope names. Whether to trust it is another
    /// question.
    ///
    /// # Errors
    /// When they are not base 64.
    pub fn signature(&self) -> Result<(Vec<u8>, Vec<u8>), BadCertificate> {
        let read = |text: &str, what| from_base64(text).ok_or(BadCertificate::Base64(what));
        Ok((read(&self.signature, "signature")?, read(&self.key, "key")?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Zone;

    pub(super) fn record() -> DestructionRecord {
        DestructionRecord {
            id: "0a1b".into(),
            organisation: "Acme IT".into(),
            run: "4f0c12ab".into(),
            begun_at: Micros(1_795_370_700_000_000),
            ended_at: Micros(1_795_370_760_000_000),
            complete: false,
            digest: "ab".repeat(32),
            interrupted: 1,
            rules: vec![DestroyedBy {
                rule: "desk.tickets/1".into(),
                system: "Desk".into(),
                collection: "Tickets <b>".into(),
                words: "7 years after `closed_at`".into(),
                method: "delete".into(),
                cutoff: Micros(1_574_446_000_000_000),
                rows: 1_204,
                with: vec![("comments".into(), 3_000)],
                partitions: vec!["p2018".into()],
                unknown: 500,
                left: None,
                held_back: 50,
                pointed_at: 48,
                pointed_by: vec!["Custom values".into()],
                respected: vec!["legal hold 4f0c12ab: case 12".into()],
                not_done: Some("the server cannot be reached".into()),
            }],
            not_covered: vec!["Desk, Calls: no rule".into()],
            ledger: LedgerPlace {
                origin: "upheld.example/log/1".into(),
                index: 7,
                checkpoint: "c\n".into(),
            },
            public_key: "key".into(),
        }
    }

    #[test]
    fn the_envelope_reads_back_and_keeps_what_was_signed() {
        let record = record();
        let signed = SignedRecord::new(&record, b"signature", b"key").unwrap();
        let back = SignedRecord::from_json(&signed.to_json().unwrap()).unwrap();
        assert_eq!(back.record().unwrap(), record);
        assert_eq!(back.signed_text().unwrap(), record.to_canonical_json().unwrap());
        assert_eq!(back.signature().unwrap(), (b"signature".to_vec(), b"key".to_vec()));
    }

    #[test]
    fn the_terminal_tells_two_counts_and_a_record_of_before_reads() {
        let mut record = record();
        let text = record.to_text(crate::style::Style::PLAIN, &Zone::utc());
        assert!(text.lines().all(|line| crate::text::width(line) <= 100), "{text}");
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            words.contains("because Custom values point at them: name them in `with:`"),
            "{text}"
        );
        let row = text.lines().find(|line| line.contains("1,204")).unwrap();
        let figures: Vec<&str> = row.split_whitespace().rev().take(2).collect();
        assert_eq!(figures, ["48", "2"], "{text}");
        let mut told = serde_json::to_value(&record).unwrap();
        let rule = told["rules"][0].as_object_mut().unwrap();
        rule.retain(|key, _| !key.starts_with("pointed"));
        (record.rules[0].pointed_at, record.rules[0].pointed_by) = (0, Vec::new());
        assert_eq!(serde_json::from_value::<DestructionRecord>(told).unwrap(), record);
    }

    #[test]
    fn the_page_says_what_is_not_done_before_what_is() {
        let page = record().to_html(&Zone::utc());
        let places: Vec<usize> = [
            "Acme IT has destroyed 4,204 rows",
            "; 2 rows must be kept and stay; 48 rows are past the limit and stay, because others",
            "the server cannot be reached",
            "48 rows of Tickets &lt;b&gt; in Desk are past the limit of 7 years after <code>closed_at</code> and",
            "up to 500 rows more, with what goes along, may be gone",
            "What was destroyed",
            "<th scope=\"row\">Desk, Tickets &lt;b&gt;",
            "comments: 3,000",
            "<td class=\"num\">2</td><td class=\"num\">48</td>",
            "legal hold 4f0c12ab: case 12",
            "Desk, Calls: no rule",
            "upheld.example/log/1",
        ]
        .iter()
        .map(|part| page.find(part).unwrap_or_else(|| panic!("{part}\n{page}")))
        .collect();
        assert!(places.is_sorted(), "{places:?}");
    }
}
