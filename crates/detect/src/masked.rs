//! A value as it may be shown to somebody who should not read it.

use crate::kinds::{Family, KindRef};

/// As much of a value as is needed to know it again: `j…@a….example`, `•••• 4242`.
///
/// At most the last four characters stay, and never more than a third of the value; of a
/// credential nothing stays but the length class.
pub fn masked(kind: KindRef, value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let text = text.trim();
    let count = text.chars().count();
    match kind.key() {
        "contact.email" => mail(text),
        "contact.name" => initials(text),
        "network.ipv4" => text
            .split('.')
            .enumerate()
            .map(|(at, part)| if at == 0 { part } else { "•" })
            .collect::<Vec<_>>()
            .join("."),
        "financial.card" => format!("•••• {}", last(text, 4)),
        _ if kind.family() == Family::Credential => "••••••••".to_owned(),
        _ if matches!(kind.family(), Family::Special | Family::Child) => "••••".to_owned(),
        _ => format!("••••{}", last(text, (count / 3).min(3))),
    }
}

/// The last letters and digits.
fn last(text: &str, many: usize) -> String {
    let plain: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    plain.iter().skip(plain.len().saturating_sub(many)).collect()
}

fn first(text: &str) -> String {
    text.chars().take(1).collect()
}

fn mail(text: &str) -> String {
    let Some((local, host)) = text.rsplit_once('@') else { return "••••".to_owned() };
    let (name, top) = host.rsplit_once('.').unwrap_or((host, ""));
    format!("{}…@{}….{top}", first(local), first(name))
}

fn initials(text: &str) -> String {
    text.split_whitespace().map(|word| format!("{}…", first(word))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_value_shows_what_tells_it_apart_and_no_more() {
        let table = [
            ("contact.email", "jane.doe@acme.example", "j…@a….example"),
            ("financial.card", "4242 4242 4242 4242", "•••• 4242"),
            ("network.ipv4", "198.51.100.7", "198.•.•.•"),
            ("contact.phone", "+1 212 555 0100", "••••100"),
            ("government.us_ssn", "219-09-9998", "••••998"),
        ];
        for (key, value, shown) in table {
            assert_eq!(masked(crate::kinds::kind(key).unwrap(), value.as_bytes()), shown);
        }
    }
}
