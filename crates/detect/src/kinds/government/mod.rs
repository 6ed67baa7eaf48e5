//! Numbers that a state gives out.

pub(crate) mod ids;
pub(crate) mod us;

use super::Kind;

/// The kinds of this family.
pub(crate) const KINDS: &[&Kind] = &[
    &us::SSN,
    &us::ITIN,
    &ids::SIN,
    &ids::NHS,
    &ids::NINO,
    &ids::AADHAAR,
    &ids::PAN,
    &ids::PASSPORT,
    &ids::LICENCE,
    &ids::DE_TAX,
    &ids::FR_NIR,
    &ids::ES_DNI,
    &ids::IT_CF,
    &ids::AU_TFN,
    &ids::NL_BSN,
];
