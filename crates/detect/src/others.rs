//! Taking everybody else out of what is handed to one person, or shared with others.

use crate::fold::{fold, is_word};
use crate::levels::{Finder, Hit};
use crate::redact::{take_out, value_hit};
use crate::searcher::{People, Searcher};
use crate::term::{Removed, TermKind};
use crate::values::{ValueKind, find_values};

/// Everybody but the person who asks.
struct Others<'a> {
    keep: People<'a>,
    others: People<'a>,
}

impl Finder for Others<'_> {
    fn direct(&self, bytes: &[u8], hits: &mut Vec<Hit>) {
        let mut found = Vec::new();
        self.others.direct(bytes, &mut found);
        let mut values = Vec::new();
        find_values(bytes, &mut values);
        found.extend(
            values
                .into_iter()
                .filter(|finding| matches!(finding.kind, ValueKind::Email | ValueKind::Phone))
                .map(value_hit),
        );
        if found.is_empty() {
            return;
        }
        let mut own = Vec::new();
        self.keep.direct(bytes, &mut own);
        own.sort_by_key(|hit| hit.start);
        hits.extend(found.into_iter().filter(|hit| {
            !own.iter()
                .take_while(|own| own.start < hit.end)
                .any(|own| hit.start < own.end && !self.is_longer(bytes, hit, own))
        }));
    }

    fn reach(&self) -> usize {
        self.keep.reach().max(self.others.reach()).max(400)
    }
}

impl Others<'_> {
    /// Whether another person's name only begins or ends like hers: `Anna Rose` is not `anna`. A
    /// middle initial more is still her.
    fn is_longer(&self, bytes: &[u8], hit: &Hit, own: &Hit) -> bool {
        let named = matches!(hit.what, Removed::Term(TermKind::Name | TermKind::Address))
            && matches!(own.what, Removed::Term(TermKind::Name | TermKind::UserName));
        let around = hit.start <= own.start && own.end <= hit.end;
        if !named || !around || hit.start == own.start && hit.end == own.end {
            return false;
        }
        let mut chars = Vec::new();
        fold(bytes, hit.start, hit.end, &mut chars);
        let mine = self.keep.searcher.own_words(0);
        chars
            .split(|c| !is_word(c.c) && c.c != '\'')
            .map(|word| word.iter().map(|c| c.c).collect::<String>())
            .any(|word| word.chars().count() > 1 && !mine.contains(&word))
    }
}

/// Takes everybody else out: every e-mail address, telephone number and name of other people that
/// is not hers becomes the mark. Returns the text and how many were taken out.
///
/// `keep` holds her own terms (person 0); `others` the names of other people, bare given names
/// and surnames included. Documents and pictures stay as they are.
pub fn redact_others(
    bytes: &[u8],
    keep: &Searcher,
    others: &Searcher,
    mark: &str,
) -> (Vec<u8>, u64) {
    let finder = Others {
        keep: People { searcher: keep, person: Some(0), weak: true },
        others: People { searcher: others, person: None, weak: true },
    };
    let outcome = take_out(&finder, bytes, mark);
    let count = outcome.count.values().sum();
    (outcome.bytes.unwrap_or_else(|| bytes.to_vec()), count)
}

/// Values that say too much about whoever they belong to, and are not hers.
struct Typed<'a> {
    keep: People<'a>,
}

const fn is_covered(kind: ValueKind) -> bool {
    match kind {
        ValueKind::Card
        | ValueKind::Iban
        | ValueKind::UsSsn
        | ValueKind::CanadaSin
        | ValueKind::BirthDate
        | ValueKind::IpV4
        | ValueKind::IpV6
        | ValueKind::Mac => true,
        ValueKind::Email | ValueKind::Phone | ValueKind::Url | ValueKind::Uuid => false,
    }
}

impl Finder for Typed<'_> {
    fn direct(&self, bytes: &[u8], hits: &mut Vec<Hit>) {
        let mut values = Vec::new();
        find_values(bytes, &mut values);
        values.retain(|finding| is_covered(finding.kind));
        if values.is_empty() {
            return;
        }
        let mut own = Vec::new();
        self.keep.direct(bytes, &mut own);
        let hers = |hit: &Hit| own.iter().any(|own| hit.start < own.end && own.start < hit.end);
        hits.extend(values.into_iter().map(value_hit).filter(|hit| !hers(hit)));
    }

    fn reach(&self) -> usize {
        self.keep.reach().max(400)
    }
}

/// Covers what is recognised by its form in a text that other people share: payment cards, bank
/// accounts (IBAN), social security and insurance numbers of the United States and Canada,
/// labelled dates of birth, IP addresses and hardware addresses. What `keep` finds of person 0 is
/// hers and stays. Returns the text and how many were covered.
///
/// ```
/// use detect::{PersonTerms, SearchOptions, Searcher, cover_typed_values};
///
/// let nobody = Searcher::new(&[PersonTerms::default()], &SearchOptions::default());
/// let (text, count) = cover_typed_values("Paid by 4111 1111 1111 1111.", &nobody, "[covered]");
/// assert_eq!((text.as_str(), count), ("Paid by [covered].", 1));
/// ```
pub fn cover_typed_values(text: &str, keep: &Searcher, mark: &str) -> (String, u64) {
    let finder = Typed { keep: People { searcher: keep, person: Some(0), weak: false } };
    let outcome = take_out(&finder, text.as_bytes(), mark);
    let count = outcome.count.values().sum();
    let bytes = outcome.bytes.unwrap_or_else(|| text.as_bytes().to_vec());
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    (text, count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::{PersonTerms, SearchOptions, Term};

    fn searcher(terms: &[(TermKind, &str)]) -> Searcher {
        let terms = terms.iter().map(|(kind, text)| Term::new(*kind, *text)).collect();
        Searcher::new(&[PersonTerms { terms }], &SearchOptions::default())
    }

    fn without_others(keep: &Searcher, others: &Searcher, text: &str) -> String {
        String::from_utf8(redact_others(text.as_bytes(), keep, others, "[other]").0).unwrap()
    }

    #[test]
    fn a_longer_name_of_somebody_else_is_covered() {
        let others = searcher(&[(TermKind::Name, "Anna Rose"), (TermKind::Address, "Tom Klein")]);
        let anna = searcher(&[(TermKind::UserName, "anna"), (TermKind::Name, "Anna Klein")]);
        let user = searcher(&[(TermKind::UserName, "anna")]);
        let table = [
            ("Anna Klein met Anna Rose.", "Anna Klein met [other]."),
            ("anna klein met anna rose.", "anna klein met [other]."),
            ("Anna met Tom Klein.", "Anna met [other]."),
            ("@anna rose up", "@[other] up"),
        ];
        for (text, expected) in table {
            assert_eq!(without_others(&anna, &others, text), expected);
        }
        assert_eq!(without_others(&user, &others, "Thanks @anna Rose"), "Thanks @[other]");
        // Her own name, with a middle initial that only the other list knows.
        let others = searcher(&[(TermKind::Address, "Anna B. Klein")]);
        assert_eq!(without_others(&anna, &others, "Anna B. Klein"), "Anna B. Klein");
    }

    #[test]
    fn values_of_others_are_covered_and_hers_stay() {
        let keep = searcher(&[
            (TermKind::Code, "DE89370400440532013000"),
            (TermKind::Code, "10.1.2.3"),
            (TermKind::Email, "jane@acme.example"),
        ]);
        let table: &[(&str, &str, u64)] = &[
            ("card 4111 1111 1111 1111", "card [x]", 1),
            ("IBAN GB82 WEST 1234 5698 7654 32", "IBAN [x]", 1),
            ("IBAN DE89370400440532013000", "IBAN DE89370400440532013000", 0),
            ("SSN 219-09-9999, SIN 130 692 544", "SSN [x], SIN [x]", 2),
            ("DOB: 1984-02-03\ndue 1984-02-03", "DOB: [x]\ndue 1984-02-03", 1),
            ("10.1.2.3 and 10.1.2.4", "10.1.2.3 and [x]", 1),
            ("2001:db8::1:2 at 00:1a:2b:3c:4d:5e", "[x] at [x]", 2),
            ("jane@acme.example, bob@acme.example, +1 212 555 0199", "", 0),
            ("version 1.2.3.4, order 1234567890123456", "", 0),
            (r#"{"card":4111111111111111}"#, r#"{"card":null}"#, 1),
            ("4111=201111=201111=201111", "[x]", 1),
        ];
        for (text, expected, count) in table {
            let expected = if expected.is_empty() { text } else { expected };
            let covered = cover_typed_values(text, &keep, "[x]");
            assert_eq!(covered, ((*expected).to_owned(), *count), "{text}");
        }
    }
}
