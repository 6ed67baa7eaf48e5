//! The sentences of asking: the form, the code, the page of one's own request.

mod en;
mod fr;

pub use en::ENGLISH;
pub use fr::FRENCH;

use app::desk::Status;
use app::intake::{Kind, Unfit};

/// These sentences in one language.
pub struct Asking {
    /// Navigation, and heading of the form.
    pub ask: &'static str,
    /// Below the heading: whom it reaches.
    pub ask_lede: fn(&str) -> String,
    /// Link on the notice.
    pub from_notice: &'static str,
    /// Heading: what happens.
    pub steps: &'static str,
    /// What happens, one after the other.
    pub step: [&'static str; 3],
    /// What happens last, with the days of the notice.
    pub step_days: fn(u16) -> String,
    /// Something in the form must be mended.
    pub mend: &'static str,
    /// What must be mended.
    pub unfit: fn(Unfit) -> &'static str,
    /// Nothing was chosen.
    pub choose: &'static str,
    /// Question: what is asked.
    pub what: &'static str,
    /// What can be asked, as whoever asks says it.
    pub kind: fn(Kind) -> &'static str,
    /// Question: for whom.
    pub whom: &'static str,
    /// For oneself.
    pub for_me: &'static str,
    /// For somebody who has authorised it.
    pub for_other: &'static str,
    /// For one's child.
    pub for_child: &'static str,
    /// Heading: the person.
    pub you: &'static str,
    /// Nothing of it must be filled in.
    pub optional: &'static str,
    /// Label: address of e-mail.
    pub email: &'static str,
    /// What the address is for.
    pub email_help: &'static str,
    /// Label: name.
    pub name: &'static str,
    /// Label: telephone.
    pub phone: &'static str,
    /// Label: place.
    pub place: &'static str,
    /// Why the place.
    pub place_help: &'static str,
    /// The place is not said.
    pub no_place: &'static str,
    /// Heading: what else we may know somebody by.
    pub more: &'static str,
    /// Why that.
    pub more_help: &'static str,
    /// Label: user name.
    pub user_name: &'static str,
    /// Label: number.
    pub account: &'static str,
    /// Label: further addresses.
    pub others: &'static str,
    /// Heading: whoever asks for another.
    pub acting: &'static str,
    /// When this is filled in.
    pub acting_help: &'static str,
    /// Label: name of whoever asks.
    pub acting_name: &'static str,
    /// Label: address of whoever asks.
    pub acting_email: &'static str,
    /// Heading: corrections.
    pub corrections: &'static str,
    /// When these are filled in.
    pub corrections_help: &'static str,
    /// Label: what is wrong.
    pub wrong_what: &'static str,
    /// What can be wrong, in the order of the form.
    pub wrong_choices: [&'static str; 6],
    /// Label: what stands there.
    pub wrong_before: &'static str,
    /// Heading: to have the answer looked at again.
    pub appeal: &'static str,
    /// Who does, and until when that can be asked for.
    pub appeal_lede: fn(&str) -> String,
    /// Label: what is wrong with the answer.
    pub appeal_why: &'static str,
    /// Button: ask for it.
    pub appeal_send: &'static str,
    /// It was asked for.
    pub appealed: &'static str,
    /// What comes next.
    pub appealed_lede: &'static str,
    /// It cannot be asked for any more.
    pub appeal_over: &'static str,
    /// Label: what is right.
    pub wrong_after: &'static str,
    /// Label: the use that somebody objects to.
    pub purpose: &'static str,
    /// No use is named.
    pub no_purpose: &'static str,
    /// Label: in one's own words.
    pub text: &'static str,
    /// What not to write.
    pub text_help: &'static str,
    /// Button: send.
    pub send: &'static str,
    /// What happens with what is sent.
    pub kept: fn(u32) -> String,
    /// Sent: heading where a code is awaited.
    pub look_mail: &'static str,
    /// Sent: what to do.
    pub look_mail_lede: &'static str,
    /// Label: the code.
    pub code: &'static str,
    /// How a code looks.
    pub code_help: &'static str,
    /// The code is not right.
    pub code_wrong: &'static str,
    /// The code of a page is not right.
    pub page_code_wrong: &'static str,
    /// Button: confirm.
    pub confirm: &'static str,
    /// No mail came.
    pub no_mail: &'static str,
    /// "You will have our answer by 15 January 2027."
    pub answer_by: fn(&str) -> String,
    /// Sent: heading where a person decides.
    pub person_looks: &'static str,
    /// Sent: what comes next.
    pub person_looks_lede: &'static str,
    /// Sent: heading where nothing is awaited.
    pub begun: &'static str,
    /// Sent: what comes next.
    pub begun_lede: &'static str,
    /// Heading: a document.
    pub document: &'static str,
    /// What a document is for, and what becomes of it.
    pub document_lede: &'static str,
    /// Label: the file.
    pub file: &'static str,
    /// Button: hand in.
    pub hand_in: &'static str,
    /// The file is too large or empty.
    pub file_wrong: &'static str,
    /// A document has come: heading.
    pub handed_in: &'static str,
    /// What comes next.
    pub handed_in_lede: &'static str,
    /// Confirmed: heading.
    pub confirmed: &'static str,
    /// What comes next.
    pub confirmed_lede: &'static str,
    /// Link page: heading.
    pub confirm_title: &'static str,
    /// What the button does.
    pub confirm_lede: &'static str,
    /// The link was used or has run out: heading.
    pub link_over: &'static str,
    /// What to do.
    pub link_over_lede: &'static str,
    /// Link: ask again.
    pub ask_again: &'static str,
    /// Page of a request: heading.
    pub page: &'static str,
    /// Why a code.
    pub page_lede: &'static str,
    /// Button: send a code.
    pub send_code: &'static str,
    /// A code is on its way: heading.
    pub code_sent: &'static str,
    /// What to do.
    pub code_sent_lede: &'static str,
    /// Button: open.
    pub open: &'static str,
    /// Link: a new code.
    pub new_code: &'static str,
    /// "Request 4f0c12ab"
    pub request: fn(&str) -> String,
    /// "You asked for …"
    pub asked_for: fn(&str) -> String,
    /// Where it stands: in a word, and in a sentence.
    pub status: fn(Status) -> (&'static str, &'static str),
    /// Label: number.
    pub number: &'static str,
    /// Label: came on.
    pub received: &'static str,
    /// Label: answered by.
    pub due: &'static str,
    /// Heading: what was done.
    pub outcome: &'static str,
    /// What was done, by its word, with the number of systems.
    pub outcome_said: fn(&str, u64) -> String,
    /// Heading: what is kept.
    pub kept_head: &'static str,
    /// Heading: what is not done.
    pub incomplete: &'static str,
    /// Heading: files.
    pub files: &'static str,
    /// A file's name, by its kind.
    pub file_named: fn(&str) -> &'static str,
    /// "until 15 January 2027"
    pub until: fn(&str) -> String,
    /// Button: fetch.
    pub fetch: &'static str,
    /// How long the page stays open.
    pub page_open: &'static str,
    /// How a certificate is checked.
    pub certificate_help: &'static str,
    /// Heading: history.
    pub history: &'static str,
    /// What came, in the history.
    pub came: &'static str,
    /// A letter, by its name.
    pub letter: fn(&str) -> &'static str,
    /// The page has closed: heading.
    pub closed: &'static str,
    /// What to do.
    pub closed_lede: &'static str,
    /// How to ask something.
    pub questions: fn(&str) -> String,
    /// Too often: until when, in minutes.
    pub wait: fn(u32) -> String,
}

impl std::fmt::Debug for Asking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Asking({})", self.ask)
    }
}
