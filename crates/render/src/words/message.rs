//! The words of messages to those who got a person's data from us.

use crate::message::{Asks, Letter};

/// The subject; plain ASCII, so that every mail program shows it.
pub fn subject(asks: Asks, reference: &str) -> String {
    let what = match asks {
        Asks::Erase | Asks::Close => "please erase a person's data",
        Asks::Correct => "please correct a person's data",
        Asks::Restrict => "please do not use a person's data",
        Asks::Object => "a person objects to a use of their data",
        Asks::OptOut => "a person opts out of sale and sharing",
        Asks::Withdraw => "a person has withdrawn their consent",
    };
    format!("Request {reference}: {what}")
}

/// The address of the letter.
pub fn greeting(recipient: &str) -> String {
    format!("To {recipient}")
}

/// What is asked of the recipient.
pub fn request(letter: &Letter) -> String {
    let since = &letter.since;
    let use_of = letter.purpose.as_deref().map_or_else(
        || "any use that rests on consent".to_owned(),
        |purpose| format!("this use: {purpose}"),
    );
    match letter.asks {
        Asks::Erase => format!(
            "A person whose data you have from us has asked us to erase it. We have done so on our \
             side, by a request of {since}. Please erase what you hold about this person as well, and \
             have those erase it who have it from you, unless a law obliges you to keep it."
        ),
        Asks::Close => format!(
            "A person whose data you have from us has closed their account with us for good, by a \
             request of {since}, and we have erased what we held. Please erase what you hold about this \
             person as well, and have those erase it who have it from you, unless a law obliges you to \
             keep it."
        ),
        Asks::Correct => format!(
            "Data about a person that you have from us was wrong. We have corrected it on our side, by \
             a request of {since}. Please correct it as well, and tell those who have it from you."
        ),
        Asks::Restrict => format!(
            "A person whose data you have from us has asked, on {since}, that it is kept and not used. \
             Please do nothing with it but store it until you hear from us that this has ended."
        ),
        Asks::Object => format!(
            "A person whose data you have from us has objected, on {since}, to {use_of}. Please stop \
             using their data for it from now on."
        ),
        Asks::OptOut => format!(
            "A person whose data you have from us has opted out, on {since}, of the sale of their data \
             and of its sharing for advertising. Please do not sell it or pass it on from now on, and \
             tell those to whom you passed it."
        ),
        Asks::Withdraw => format!(
            "A person whose data you have from us has withdrawn, on {since}, their consent to {use_of}. \
             Please stop using their data for it from now on. What was done before stays lawful."
        ),
    }
}

/// Above the identifiers.
pub const PERSON: &str = "The person:";
/// Above the corrections.
pub const CORRECTIONS: &str = "What is wrong, and what is right:";

/// One correction.
pub fn correction(what: &str, before: &str, after: &str) -> String {
    if before.is_empty() {
        format!("  {what}: (empty) -> {after}")
    } else {
        format!("  {what}: {before} -> {after}")
    }
}

/// What an answer should say.
pub fn answer(asks: Asks, reference: &str, contact: &str) -> String {
    let done = match asks {
        Asks::Erase | Asks::Close => "when it is done, or what you must keep and by which law",
        Asks::Correct => "when it is done",
        Asks::Restrict | Asks::Object | Asks::OptOut | Asks::Withdraw => "that you follow it",
    };
    format!(
        "Please answer to {contact} and say {done}. Name our number {reference} and, in the answer, no \
         personal data. If you do not know this person, say so: that is an answer too."
    )
}

/// Where no address is known.
pub const NO_ADDRESS: &str = "(recipients.yaml names no `privacy_contact` for this recipient: find one before you send this)";

/// Where the contact is no e-mail address.
pub fn by_other_means(contact: &str) -> String {
    format!("(to be sent by way of {contact})")
}

/// What closing an account means, before it is agreed to.
pub const CLOSING: &str = "Closing an account is for good. Everything that is held about the person is \
    looked for in every system and erased; what a law obliges you to keep stays until its day, and is \
    listed. The person cannot sign in again, and nobody can bring the account back.";

/// "for the newsletter", "of sale and sharing": what a mark is about, for lists.
pub fn mark(kind: &str, purpose: Option<&str>) -> String {
    let of = |fallback: &str| purpose.map_or_else(|| fallback.to_owned(), str::to_owned);
    match kind {
        "restriction" => "restricted: stored and not used".to_owned(),
        "objection" => format!("objects to: {}", of("every use")),
        "opt_out" => "no sale and no sharing for advertising".to_owned(),
        "consent_withdrawal" => format!("consent withdrawn: {}", of("every use that rests on it")),
        other => other.to_owned(),
    }
}
