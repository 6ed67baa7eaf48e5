//! English.

use policy::{LegalBasis, RecipientClass, RequestKind};
use render::coverage::State;
use render::words::{calendar_day, count, list};

use super::Words;
use crate::failure::Failure;

/// The sentences in English.
pub const ENGLISH: Words = Words {
    lang: "en",
    skip: "Skip to the content",
    centre: "Privacy centre",
    navigation: "Main",
    languages: "Language",
    nav_notice: "Privacy notice",
    nav_versions: "Versions",
    nav_recipients: "Who receives data",
    nav_contact: "Contact and complaints",
    made_with: "No cookies, no scripts, nothing from other sites.",
    machine_copy: "The notice for programs (JSON)",
    version_in_force: |version, day| format!("Version {version}, in force from {day}"),
    day: |day| calendar_day(&day.to_string()),
    read_as: "Read what holds in",
    read_all: "All places",
    read_for: |place| format!("Shown is what holds for people in {place}."),
    section_for: |places| format!("This section holds for people in {}.", list(places)),
    section_from: |day| format!("This section holds from {day}."),
    left_out: |n| {
        format!("{} for people elsewhere left out.", count(n as u64, "section is", "sections are"))
    },
    show_all: "Show everything",
    coming: |version, day| format!("Version {version} of this notice takes effect on {day}."),
    handover: |successor, day| {
        format!(
            "From {day} our business, or a part of it, belongs to {successor}. Your data goes with it."
        )
    },
    states_shown: "Some sentences carry a sign: they are checked in our systems, and this is how they stand.",
    state: |state| match state {
        State::Upheld => "upheld",
        State::AtRisk => "at risk",
        State::Broken => "broken",
        State::Unproven => "unproven",
    },
    state_means: |state| match state {
        State::Upheld => "checked, and true",
        State::AtRisk => "true, and close to a limit",
        State::Broken => "checked, and not true at the moment; we are working on it",
        State::Unproven => "not checked, or checked too long ago",
    },
    looked_at: |moment| format!("Last checked {moment}."),
    never_looked: "Nothing was checked yet.",
    versions_lede: "Every version that held or holds, newest first. None is changed after it took effect.",
    version: "Version",
    in_force_from: "In force from",
    announced: "Announced",
    changes: "Changes",
    version_from: |version, day| format!("Version {version}, from {day}"),
    is_coming: "to come",
    holds_now: "in force",
    read_version: |version| format!("Read version {version}"),
    compare_with: |version| format!("Compare with version {version}"),
    text_not_kept: "text not kept here",
    no_longer: |day| format!("This version no longer holds. It was followed on {day}."),
    to_present: "Read the version that holds",
    what_changed: |old, new| format!("What changed from version {old} to version {new}"),
    changed: |added, removed| {
        format!(
            "{}, {}.",
            count(added as u64, "sentence added or changed", "sentences added or changed"),
            count(
                removed as u64,
                "sentence taken out or replaced",
                "sentences taken out or replaced"
            )
        )
    },
    same_text: "Both versions have the same text.",
    added: "Added:",
    removed: "Removed:",
    unchanged: |n| format!("{} unchanged", count(n as u64, "sentence", "sentences")),
    recipients_lede: |name| format!("Everybody to whom {name} hands personal data, and why."),
    no_recipients: "Personal data is handed to nobody.",
    class: |class| match class {
        RecipientClass::Affiliate => "Companies of our group",
        RecipientClass::Processor => {
            "Processors: they work on data for us, and on our instructions"
        }
        RecipientClass::Vendor => "Makers and sellers of products and services",
        RecipientClass::Advertising => "Advertising partners",
        RecipientClass::Authority => "Authorities",
        RecipientClass::Successor => "Successors of the business",
    },
    name: "Name",
    uses_for: "Used for",
    gets: "Receives",
    region: "Where",
    safeguard: "What protects the transfer",
    unsaid: "not stated",
    uses_ai: "uses artificial intelligence",
    is_sale: "this is a sale",
    is_share: "shared for advertising",
    sold: |sold, shared| match (sold, shared) {
        (false, false) => "We do not sell personal data, and do not share it for advertising.",
        (true, false) => "We sell personal data. You can tell us not to.",
        (false, true) => "We share personal data for advertising. You can tell us not to.",
        (true, true) => {
            "We sell personal data and share it for advertising. You can tell us not to."
        }
    },
    contact_lede: |name| format!("Questions and requests about your data reach {name} here."),
    email: "E-mail",
    phone: "Telephone",
    post: "Post",
    form: "Form",
    complaint: "If you are not content with our answer",
    complaint_lede: "You can complain to the authority that watches over privacy where you live.",
    for_place: |place| format!("In {place}"),
    rights: "What you can ask for",
    right: |right| match right {
        RequestKind::Access => "A copy of your data, and where it comes from and goes",
        RequestKind::Portability => "A copy of your data that another service can read",
        RequestKind::Rectification => "Correction of what is wrong",
        RequestKind::Erasure => "Erasure",
        RequestKind::Restriction => "That your data is kept and not used",
        RequestKind::Objection => "That your data is not used in a certain way",
        RequestKind::OptOut => "No sale, and no sharing for advertising",
        RequestKind::ConsentWithdrawal => "That a consent you gave ends",
        RequestKind::AutomatedDecisionReview => "That a person looks at what a machine decided",
    },
    within_days: |days| format!("within {}", count(u64::from(days), "day", "days")),
    demands: "What authorities asked for",
    demands_lede: "Each demand by law for data about people, and how we answered it.",
    demand: |authority, answer, demands, people| {
        let who = match authority {
            "police" => "Police",
            "court" => "Courts",
            "tax" => "Tax authorities",
            "regulator" => "Regulators",
            _ => "Other authorities",
        };
        let answer = match answer {
            "given" => "given",
            "given in part" => "given in part",
            "refused" => "refused",
            _ => "we held nothing",
        };
        let people = count(people, "person", "people");
        format!("{who}: {} about {people}, {answer}", count(demands, "demand", "demands"))
    },
    purposes: "What we use data for",
    legal_basis: "What makes it lawful",
    basis: |basis| match basis {
        LegalBasis::Consent => "your consent",
        LegalBasis::Contract => "a contract",
        LegalBasis::LegalObligation => "a legal obligation",
        LegalBasis::VitalInterest => "a vital interest",
        LegalBasis::PublicTask => "a public task",
        LegalBasis::LegitimateInterest => "a legitimate interest",
    },
    failure: |failure| match failure {
        Failure::NotFound => {
            ("There is nothing here", "The address may be wrong or old. Begin at the start page.")
        }
        Failure::Bad => {
            ("We did not understand that", "Go back, look at what you entered, and try again.")
        }
        Failure::SignIn => ("Please sign in", "This page is for people who work here."),
        Failure::StepUp => (
            "Show once more who you are",
            "This needs a sign-in that is no older than ten minutes. Show your second factor again, go back, and do it then.",
        ),
        Failure::Forbidden => ("This is not for you", "Ask whoever runs this site if you need it."),
        Failure::CrossSite => (
            "This came from another site",
            "For your safety it was not carried out. Open the page here and try again.",
        ),
        Failure::OtherHost => {
            ("This site has another address", "Open it under the address that you were given.")
        }
        Failure::Method => ("That is not possible here", "Begin at the start page."),
        Failure::TooLarge => ("That is too much at once", "Send less, or a smaller file."),
        Failure::TooMany | Failure::Wait(_) => {
            ("That was too often", "Wait a few minutes and try again.")
        }
        Failure::TooSlow => ("That took too long", "Try again in a few minutes."),
        Failure::Unavailable | Failure::Broken { passes: true, .. } => {
            ("We cannot answer just now", "Try again in a few minutes.")
        }
        Failure::Internal | Failure::Broken { .. } => {
            ("Something went wrong on our side", "Try again; if it happens again, write to us.")
        }
        Failure::Refused(_) => ("This cannot be done", "See what stands below."),
        Failure::Unfit { .. } => ("This cannot be taken as it is", "See what stands below."),
        Failure::Stale => {
            ("Somebody changed it meanwhile", "Read it again, and then do what you wanted to do.")
        }
        Failure::Media => {
            ("This is not of the right kind", "Send it in the form that is asked for.")
        }
    },
    to_start: "To the start page",
    to_sign_in: "Sign in",
    to_step_up: "Show who you are",
    asking: &super::asking::ENGLISH,
    me: &super::me::ENGLISH,
};
