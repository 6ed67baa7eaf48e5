//! Cards, accounts, taxes.

pub(crate) mod account;
pub(crate) mod card;
pub(crate) mod iban;

use super::Kind;

/// The kinds of this family.
pub(crate) const KINDS: &[&Kind] = &[
    &card::CARD,
    &iban::IBAN,
    &account::ROUTING,
    &account::ACCOUNT,
    &account::CVV,
    &account::BIC,
    &account::VAT,
];
