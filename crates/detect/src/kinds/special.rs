//! Special categories of personal data, told by words alone and therefore with low confidence.

use super::{Family, Kind, Validated};
use crate::look::{Look, is_word};

/// The kinds of this family.
pub(crate) const KINDS: &[&Kind] = &[&HEALTH, &RELIGION, &UNION, &BIOMETRICS, &ORIENTATION];

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident, $key:literal, $title:literal, $category:literal, $examples:expr, $counter:expr) => {
        $(#[$doc])*
        pub(crate) static $name: Kind = Kind {
            key: $key,
            title: $title,
            category: $category,
            family: Family::Special,
            standard: "GDPR Article 9, words",
            examples: $examples,
            counter_examples: $counter,
        };
    };
}

kind!(
    /// Illnesses and states of the body.
    HEALTH, "special.health", "Word about health", "user.health_and_medical",
    &[("she has diabetes since May", "diabetes"), ("HIV positive", "HIV positive"), ("Schwangerschaft", "Schwangerschaft")],
    &["a diagnostic tool", "the compression"]
);
kind!(
    /// Faiths.
    RELIGION, "special.religion", "Word about religion", "user.demographic.religious_belief",
    &[("he is Muslim", "Muslim"), ("a catholic parent", "catholic")],
    &["on Monday"]
);
kind!(
    /// Membership of a trade union.
    UNION, "special.union", "Word about a trade union", "user.demographic",
    &[("a trade union member", "trade union")],
    &["European Union", "union of sets"]
);
kind!(
    /// Measures of the body that tell persons apart.
    BIOMETRICS, "special.biometrics", "Word about biometrics", "user.biometric",
    &[("unlock by fingerprint", "fingerprint"), ("facial recognition", "facial recognition")],
    &["print the page"]
);
kind!(
    /// Sexual orientation.
    ORIENTATION, "special.orientation", "Word about sexual orientation", "user.demographic.sexual_orientation",
    &[("he is homosexual", "homosexual")],
    &["page orientation"]
);

/// Part of a word stands at `start`: the whole word is the finding.
pub(crate) fn word(look: &mut Look<'_>, kind: &'static Kind, start: usize, end: usize) {
    let from = start - look.run_before(start, 24, is_word);
    let to = end + look.run(end, 24, is_word);
    if to - from > 32 {
        return;
    }
    // The piece that was found may be part of other words too.
    let whole = look.slice(from..to).to_ascii_lowercase();
    let wanted: &[&[u8]] = match kind.key {
        "special.orientation" => &[b"homosexual", b"bisexual", b"lesbian"],
        "special.biometrics" => &[b"fingerprint", b"biometric", b"facial recognition"],
        "special.union" => &[b"trade union", b"gewerkschaft"],
        "special.health" if end - start == 6 => &[b"pregnancy"],
        _ => &[],
    };
    if !(wanted.is_empty()
        || wanted.iter().any(|word| memchr::memmem::find(&whole, word).is_some()))
    {
        return;
    }
    let reason = "a word for a special category; nothing says whom it is about";
    look.push(kind, from..to, 30, 20, Validated::Context, false, reason);
}
