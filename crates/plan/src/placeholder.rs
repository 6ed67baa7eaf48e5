//! What stands where an identifier should: it is everybody's, and so nobody's.

use crate::terms::TermKind;

/// Sign-in names and mailboxes that stand for a role or for nobody.
const NOBODY: [&str; 24] = [
    "admin",
    "administrator",
    "anonymous",
    "billing",
    "contact",
    "guest",
    "info",
    "n/a",
    "na",
    "no-reply",
    "nobody",
    "none",
    "noreply",
    "null",
    "office",
    "postmaster",
    "root",
    "sales",
    "support",
    "test",
    "unknown",
    "user",
    "undefined",
    "webmaster",
];

/// Whether a value read in a row is no identifier of the person's. A request may give such a user
/// name or mailbox all the same: who asks knows what it stands for there.
pub(crate) fn is_placeholder(kind: TermKind, text: &str) -> bool {
    if is_left_by_an_erasure(text) {
        return true;
    }
    let is_nobody = |word: &str| NOBODY.contains(&word.trim().to_lowercase().as_str());
    match kind {
        TermKind::Phone => is_no_number(text),
        TermKind::Email | TermKind::UserName => {
            is_nobody(text.split_once('@').map_or(text, |(local, _)| local))
        }
        TermKind::Name => is_nobody(text) || text.split_whitespace().all(is_nobody),
        _ => false,
    }
}

/// Whether this is what an erasure leaves where somebody stood: a mark or a pseudonym. Learned as a
/// name of the person it would be looked for, and found, for ever.
fn is_left_by_an_erasure(text: &str) -> bool {
    let text = text.trim();
    let pseudonym = text.strip_prefix("erased-").is_some_and(|rest| {
        let hex = rest.strip_suffix("@erased.invalid").unwrap_or(rest);
        hex.len() == 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    pseudonym || matches!(text, "[erased]" | "[-]")
}

/// Whether a telephone number is one that people type to get past a form: `000-000-0000`,
/// `123456789`. With or without the country's code: the last nine digits tell.
pub(crate) fn is_no_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let few = |digits: &[u32]| (0..10).filter(|digit| digits.contains(digit)).count() < 3;
    let run = |digits: &[u32], step: u32| {
        digits.iter().zip(digits.iter().skip(1)).all(|(a, b)| (a + step) % 10 == *b)
    };
    let last = digits.iter().skip(digits.len().saturating_sub(9)).copied().collect::<Vec<_>>();
    [digits, last].iter().any(|digits| few(digits) || run(digits, 1) || run(digits, 9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_nobody_is_told_from_what_stands_for_somebody() {
        for (kind, text, expected) in [
            (TermKind::Phone, "000-000-0000", true),
            (TermKind::Phone, "+46 000 000 000", true),
            (TermKind::Phone, "555 555 5555", true),
            (TermKind::Phone, "+1 123-456-7890", true),
            (TermKind::Phone, "0123456789", true),
            (TermKind::Phone, "987654321", true),
            (TermKind::Phone, "555 010 02 03", false),
            (TermKind::Phone, "+1 555 0100 000", false),
            (TermKind::UserName, "Guest", true),
            (TermKind::UserName, "admin@acme.example", true),
            (TermKind::UserName, "jdoe", false),
            (TermKind::Email, "No-Reply@acme.example", true),
            (TermKind::Email, "info@acme.example", true),
            (TermKind::Email, "jane.info@acme.example", false),
            (TermKind::Name, "Test User", true),
            (TermKind::Name, "N/A", true),
            (TermKind::Name, "Jane Guest", false),
            (TermKind::Code, "test", false),
            (TermKind::Name, "[erased]", true),
            (TermKind::Name, "[-]", true),
            (TermKind::Email, "erased-0123456789abcdef@erased.invalid", true),
            (TermKind::UserName, "erased-0123456789abcdef", true),
            (TermKind::UserName, "erased-by-mistake", false),
        ] {
            assert_eq!(is_placeholder(kind, text), expected, "{text}");
        }
    }
}
