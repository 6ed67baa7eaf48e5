//! Every sentence that people read on our pages, once for each language.
//!
//! A language is one [`Words`]: a sentence that is missing does not compile. Sentences with figures
//! or names in them are functions, so that each language builds them in its own order.

pub mod asking;
pub mod console;
mod en;
mod fr;
pub mod me;
pub mod requests;
pub mod staff;
pub(crate) mod systems;
pub mod telling;
pub(crate) mod work;

pub use en::ENGLISH;
pub use fr::FRENCH;

use jiff::civil::Date;
use policy::{LegalBasis, RecipientClass};
use render::coverage::State;

use crate::failure::Failure;

/// The sentences of one language.
pub struct Words {
    /// Its tag.
    pub lang: &'static str,
    /// Link for whoever uses a keyboard.
    pub skip: &'static str,
    /// Name of the site.
    pub centre: &'static str,
    /// Name of the navigation, for a reader that speaks.
    pub navigation: &'static str,
    /// Name of the choice of languages.
    pub languages: &'static str,
    /// Navigation: the notice.
    pub nav_notice: &'static str,
    /// Navigation: its versions.
    pub nav_versions: &'static str,
    /// Navigation: recipients.
    pub nav_recipients: &'static str,
    /// Navigation: contact.
    pub nav_contact: &'static str,
    /// The footer's sentence.
    pub made_with: &'static str,
    /// A copy for programs.
    pub machine_copy: &'static str,
    /// "Version 3, in force from 1 March 2026."
    pub version_in_force: fn(&str, &str) -> String,
    /// A day.
    pub day: fn(Date) -> String,
    /// Heading of the choice of places.
    pub read_as: &'static str,
    /// Everybody's view.
    pub read_all: &'static str,
    /// "Shown is what holds in Quebec."
    pub read_for: fn(&str) -> String,
    /// "This section holds for people in Quebec."
    pub section_for: fn(&[&str]) -> String,
    /// "This section holds from 1 March 2026."
    pub section_from: fn(&str) -> String,
    /// "2 sections that hold elsewhere are left out."
    pub left_out: fn(usize) -> String,
    /// Link to all of them.
    pub show_all: &'static str,
    /// A coming version: "Version 4 takes effect on 1 March 2027."
    pub coming: fn(&str, &str) -> String,
    /// A business that changes hands: "From 1 March 2027 our business belongs to Southlight IT."
    pub handover: fn(&str, &str) -> String,
    /// What the signs mean, where states are shown.
    pub states_shown: &'static str,
    /// A state's word.
    pub state: fn(State) -> &'static str,
    /// What the state means, in one sentence.
    pub state_means: fn(State) -> &'static str,
    /// When promises were looked at last.
    pub looked_at: fn(&str) -> String,
    /// Nothing was looked at yet.
    pub never_looked: &'static str,
    /// Versions: the sentence below the heading.
    pub versions_lede: &'static str,
    /// Table head: version.
    pub version: &'static str,
    /// Table head: in force from.
    pub in_force_from: &'static str,
    /// Table head: announced.
    pub announced: &'static str,
    /// Table head: changes.
    pub changes: &'static str,
    /// "Version 2, from 1 March 2026"
    pub version_from: fn(&str, &str) -> String,
    /// Mark of the version that is to come.
    pub is_coming: &'static str,
    /// Mark of the version that holds.
    pub holds_now: &'static str,
    /// Link: read it.
    pub read_version: fn(&str) -> String,
    /// Link: compare.
    pub compare_with: fn(&str) -> String,
    /// Its text is not kept here.
    pub text_not_kept: &'static str,
    /// A version that no longer holds: "Version 2 held until 1 March 2026."
    pub no_longer: fn(&str) -> String,
    /// Link to the one that holds.
    pub to_present: &'static str,
    /// Heading of a comparison.
    pub what_changed: fn(&str, &str) -> String,
    /// Counts of a comparison.
    pub changed: fn(usize, usize) -> String,
    /// No difference.
    pub same_text: &'static str,
    /// Before an added sentence, for a reader that speaks.
    pub added: &'static str,
    /// Before a removed sentence.
    pub removed: &'static str,
    /// Sentences that stayed and are not shown.
    pub unchanged: fn(usize) -> String,
    /// Recipients: the sentence below the heading.
    pub recipients_lede: fn(&str) -> String,
    /// There are none.
    pub no_recipients: &'static str,
    /// A class of recipients, as heading.
    pub class: fn(RecipientClass) -> &'static str,
    /// Table head: name.
    pub name: &'static str,
    /// Table head: purposes.
    pub uses_for: &'static str,
    /// Table head: what it gets.
    pub gets: &'static str,
    /// Table head: where.
    pub region: &'static str,
    /// Table head: safeguard.
    pub safeguard: &'static str,
    /// Nothing said.
    pub unsaid: &'static str,
    /// A recipient that uses artificial intelligence.
    pub uses_ai: &'static str,
    /// The data leaves for money or advertising.
    pub is_sale: &'static str,
    /// Shared for advertising.
    pub is_share: &'static str,
    /// Whether anything is sold, in a sentence.
    pub sold: fn(bool, bool) -> &'static str,
    /// Contact: the sentence below the heading.
    pub contact_lede: fn(&str) -> String,
    /// Labels of contact.
    pub email: &'static str,
    /// Telephone.
    pub phone: &'static str,
    /// Post.
    pub post: &'static str,
    /// A form elsewhere.
    pub form: &'static str,
    /// Heading: complaint.
    pub complaint: &'static str,
    /// The sentence below it.
    pub complaint_lede: &'static str,
    /// "For people in Quebec"
    pub for_place: fn(&str) -> String,
    /// Heading: rights.
    pub rights: &'static str,
    /// What somebody can ask for, in a few words.
    pub right: fn(policy::RequestKind) -> &'static str,
    /// "We answer within 30 days."
    pub within_days: fn(u16) -> String,
    /// Heading: what authorities demanded.
    pub demands: &'static str,
    /// The sentence below it.
    pub demands_lede: &'static str,
    /// So many demands of a kind of authority about so many people, and how they were answered.
    pub demand: fn(&str, &str, u64, u64) -> String,
    /// Heading: purposes.
    pub purposes: &'static str,
    /// Table head: legal basis.
    pub legal_basis: &'static str,
    /// A legal basis.
    pub basis: fn(LegalBasis) -> &'static str,
    /// What went wrong, and what to do.
    pub failure: fn(&Failure) -> (&'static str, &'static str),
    /// Link out of a failure.
    pub to_start: &'static str,
    /// Link to where staff sign in.
    pub to_sign_in: &'static str,
    /// Link to where they show a factor again.
    pub to_step_up: &'static str,
    /// The sentences of asking.
    pub asking: &'static asking::Asking,
    /// The sentences of one's own pages.
    pub me: &'static me::Me,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({})", self.lang)
    }
}
