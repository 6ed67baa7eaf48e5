//! How to reach somebody.

pub(crate) mod address;
pub(crate) mod address_parts;
pub(crate) mod birth;
pub(crate) mod email;
pub(crate) mod name;
pub(crate) mod phone;
mod phone_codes;

use super::Kind;

/// The kinds of this family.
pub(crate) const KINDS: &[&Kind] =
    &[&email::EMAIL, &phone::PHONE, &name::NAME, &address::ADDRESS, &birth::BIRTH_DATE];
