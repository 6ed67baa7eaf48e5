//! What a value is.

use std::ops::Range;

/// What a value is, told by its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An IPv4 address.
    IpV4,
    /// An IPv6 address.
    IpV6,
    /// The hardware address of a network card.
    Mac,
    /// A payment card number.
    Card,
    /// An international bank account number.
    Iban,
    /// A United States social security number.
    UsSsn,
    /// A Canadian social insurance number.
    CanadaSin,
    /// A date that is labelled as a date of birth.
    BirthDate,
    /// A web address.
    Url,
    /// A UUID.
    Uuid,
}

/// A value found in free text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: ValueKind,
    /// Where, in bytes.
    pub span: Range<usize>,
}

/// What the whole value is, if its form says so.
pub fn classify(value: &str) -> Option<ValueKind> {
    let _ = value;
    None
}

/// Every value in free text whose form says what it is, in order.
pub fn find_values(bytes: &[u8], out: &mut Vec<Finding>) {
    let _ = (bytes, out);
}

/// Whether a value from a column looks like a personal name: two to four capitalised words of
/// letters only.
pub fn looks_like_name(value: &str) -> bool {
    let _ = value;
    false
}
