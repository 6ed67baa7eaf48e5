//! Keyed stand-ins: the same person has the same one in every file and every run with this key.
//!
//! A pseudonym is the beginning of an HMAC-SHA-256 over the value in the form in which values are
//! compared: `Jane.Doe@acme.example` and `jane.doe@acme.example` are one person. It has the form of
//! what it stands for, as far as it can be told from a real one: a mail address at `example.invalid`
//! (RFC 2606) can be written to by nobody.

use detect::TermKind;

use crate::Key;
use crate::key::hex;

/// Digits of a pseudonym: 64 bits, so that among a million values two share one with a chance of
/// less than one in thirty million.
const DIGITS: usize = 16;

/// What a pseudonym stands for. Values of one class and the same form have one pseudonym, whatever
/// column they stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class(String);

impl Class {
    /// The class of a kind of the detector (`contact.email`), or of a category of the data map
    /// (`user.contact.email`).
    pub fn of(kind: &str) -> Self {
        let word = match kind {
            "contact.email" | "user.contact.email" => "email",
            "contact.name" => "person",
            "contact.phone" | "user.contact.phone_number" | "user.contact.fax_number" => "phone",
            "contact.address" => "address",
            "network.mac" => "mac",
            "network.ipv4" | "network.ipv6" | "user.device.ip_address" => "ip",
            "online.user_name" | "user.account.username" => "user",
            _ if kind.starts_with("user.name") => "person",
            _ if kind.starts_with("user.contact.address") => "address",
            _ => kind.rsplit('.').next().unwrap_or("id"),
        };
        let word: String = word.chars().map(|c| if c == '_' { '-' } else { c }).collect();
        Self(if word.is_empty() { "id".to_owned() } else { word })
    }

    /// The class of a column that is known by its name alone: `customer_id` is `customer`.
    pub fn of_column(name: &str) -> Self {
        let name = name.to_lowercase();
        let name: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let short = ["-id", "-no", "-number", "-key", "-code"]
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .unwrap_or(&name)
            .trim_matches('-');
        Self(if short.is_empty() || short.len() > 24 { "id".to_owned() } else { short.to_owned() })
    }

    /// The word before the digits.
    pub fn word(&self) -> &str {
        &self.0
    }

    fn term(&self) -> TermKind {
        match self.0.as_str() {
            "email" => TermKind::Email,
            "phone" => TermKind::Phone,
            "person" => TermKind::Name,
            "address" => TermKind::Address,
            "user" => TermKind::UserName,
            _ => TermKind::Code,
        }
    }
}

/// The stand-in of a value.
pub fn pseudonym(key: &Key, class: &Class, value: &str) -> String {
    let form = detect::normal_form(class.term(), value.trim(), None);
    let mac = key.mac(class.word(), form.as_bytes());
    let digits = hex(&mac, DIGITS);
    match class.word() {
        "email" => format!("person-{digits}@example.invalid"),
        // Administered locally, for one machine (IEEE 802): no maker has it.
        "mac" => {
            let pairs: Vec<&str> = (0..5).filter_map(|at| digits.get(at * 2..at * 2 + 2)).collect();
            format!("02:{}", pairs.join(":"))
        }
        _ if is_uuid(value.trim()) => uuid(&mac),
        word => format!("{word}-{digits}"),
    }
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// A UUID of version 8 (RFC 9562): one whose bits mean what their maker says.
fn uuid(mac: &[u8; 32]) -> String {
    let mut bytes: Vec<u8> = mac.iter().copied().take(16).collect();
    if let Some(byte) = bytes.get_mut(6) {
        *byte = *byte & 0x0f | 0x80;
    }
    if let Some(byte) = bytes.get_mut(8) {
        *byte = *byte & 0x3f | 0x80;
    }
    let digits = hex(&bytes, 32);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// The days by which the dates of one person move, from 1 to `most` in either direction.
pub fn shift(key: &Key, person: &str, most: u32) -> i32 {
    let form = detect::normal_form(TermKind::Code, person.trim(), None);
    let mac = key.mac("days", form.as_bytes());
    let number = mac.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let most = i64::from(most.max(1));
    let step = i64::try_from(number % u64::try_from(most * 2).unwrap_or(2)).unwrap_or(0);
    // Never none: a date that stays is the person's own.
    let days = if step < most { step - most } else { step - most + 1 };
    i32::try_from(days).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_pseudonym_in_its_form() {
        let key = Key::new([9; 32]);
        let of = |kind: &str, value: &str| pseudonym(&key, &Class::of(kind), value);
        assert_eq!(
            of("contact.email", "Jane@Acme.example"),
            of("user.contact.email", " jane@acme.example")
        );
        assert!(of("contact.email", "jane@acme.example").ends_with("@example.invalid"));
        assert_eq!(of("contact.phone", "+1 (212) 555-0100"), of("contact.phone", "+12125550100"));
        assert!(of("contact.name", "Jane Doe").starts_with("person-"));
        assert!(of("network.mac", "00:11:22:33:44:55").starts_with("02:"));
        assert_eq!(of("network.mac", "00:11:22:33:44:55").len(), 17);
        assert_ne!(of("contact.name", "Jane"), of("online.user_name", "Jane"));
        let uuid = of("x", "6fa459ea-ee8a-3ca4-894e-db77e160355e");
        assert!(is_uuid(&uuid) && uuid.get(14..15) == Some("8"), "{uuid}");
        let other = Key::new([8; 32]);
        assert_ne!(
            of("contact.name", "Jane"),
            pseudonym(&other, &Class::of("contact.name"), "Jane")
        );
        assert_eq!(Class::of_column("Customer_ID").word(), "customer");
    }

    #[test]
    fn shifts_reach_both_ends_and_never_stand_still() {
        let key = Key::new([9; 32]);
        let all: std::collections::BTreeSet<i32> =
            (0..2_000).map(|person| shift(&key, &person.to_string(), 5)).collect();
        assert_eq!(all.into_iter().collect::<Vec<_>>(), [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]);
    }
}
