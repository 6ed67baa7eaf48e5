//! English.

use app::desk::Status;
use app::intake::{Field, Kind, Unfit};
use render::words::count;

use super::Asking;

/// The sentences of asking in English.
pub const ENGLISH: Asking = Asking {
    ask: "Make a request",
    ask_lede: |name| {
        format!(
            "Ask {name} what it holds about you, and have it corrected, erased or left unused. It costs nothing."
        )
    },
    from_notice: "Ask for a copy, a correction or erasure of your data",
    steps: "What happens next",
    step: [
        "You send this form. Only the first question needs an answer.",
        "We write a code to your e-mail address, and you type it in on the next page. So nobody else can ask in your name. To stop the sale or sharing of your data, or to take a consent back, no code is needed.",
        "A person looks at your request. You can see where it stands at any time.",
    ],
    step_days: |days| {
        format!("You have our answer within {}.", count(u64::from(days), "day", "days"))
    },
    mend: "One thing must be mended",
    unfit: |unfit| match unfit {
        Unfit::NoAddress(Field::ActingEmail) => {
            "Your own e-mail address does not look like one: check the spelling."
        }
        Unfit::NoAddress(Field::OtherEmail) => {
            "A further e-mail address does not look like one: check the spelling."
        }
        Unfit::NoAddress(_) => "The e-mail address does not look like one: check the spelling.",
        Unfit::TooLong(_) => "A line is too long: at most 320 signs.",
        Unfit::Text => "Your text is too long: at most 8,000 signs. Send it by e-mail instead.",
    },
    choose: "Choose what you ask for.",
    what: "What do you ask for?",
    kind: |kind| match kind {
        Kind::Access => "A copy of my data, where it comes from and who got it",
        Kind::Portability => "A copy of my data that another service can read",
        Kind::Rectification => "A correction of something that is wrong",
        Kind::Erasure => "That my data is erased",
        Kind::Closure => "That my account is closed, and what it held is erased",
        Kind::Restriction => "That my data is kept, and not used",
        Kind::Objection => "That my data is not used in a certain way",
        Kind::OptOut => "That my data is not sold, and not shared for advertising",
        Kind::ConsentWithdrawal => "That a consent I gave ends",
        Kind::AutomatedDecisionReview => "That a person looks again at what a machine decided",
        Kind::ShineTheLight => {
            "Who got my data for direct marketing in the last year (“Shine the Light”, California)"
        }
        Kind::Complaint => "I want to complain",
        Kind::Unsorted => "Something else",
    },
    whom: "For whom?",
    for_me: "For myself",
    for_other: "For somebody who has authorised me",
    for_child: "For a child whose parent or guardian I am",
    you: "Whose data is it?",
    optional: "Fill in what you want to give us: nothing here is required. What is missing we ask for later, if we need it.",
    email: "E-mail address",
    email_help: "We write our answer there. Best the one that we know.",
    name: "Name",
    phone: "Telephone",
    place: "Where do you live?",
    place_help: "The law of your place counts. If you do not say, the shortest time counts.",
    no_place: "I would rather not say",
    more: "What else we may know you by",
    more_help: "The more of it we know, the more we find.",
    user_name: "User name",
    account: "Customer or account number",
    others: "Further e-mail addresses, separated by commas",
    acting: "You ask for somebody else",
    acting_help: "Then tell us who you are. We write to you, and ask for the authority, or for what shows that the child is yours.",
    acting_name: "Your name",
    acting_email: "Your e-mail address",
    corrections: "What is wrong, and what is right",
    corrections_help: "Only if you ask for a correction.",
    wrong_what: "What is wrong",
    wrong_choices: ["–", "Name", "E-mail address", "Telephone", "Postal address", "User name"],
    wrong_before: "What stands there now",
    wrong_after: "What is right",
    purpose: "The use that you do not want, or the consent that shall end",
    no_purpose: "All that it can be",
    text: "In your own words",
    text_help: "No passwords and no card numbers, please.",
    send: "Send the request",
    kept: |days| {
        format!(
            "What you write is kept encrypted, and for your request only. If you do not confirm it, it is forgotten after {days} days."
        )
    },
    look_mail: "Look into your mail",
    look_mail_lede: "We have written a code to the address you gave. Type it in here, and your request is confirmed.",
    code: "Code",
    code_help: "Eight letters and digits, such as 7QMX-42KD. It works for 24 hours.",
    code_wrong: "That code is not right, or it has run out. Look at it again; after ten tries only the link in the mail works.",
    page_code_wrong: "That code is not right, or it has run out. Look at it again, or send another code.",
    confirm: "Confirm",
    no_mail: "No mail? Wait a few minutes and look among unwanted mail. The mail has a link as well: it does the same, on any device. An address gets five such mails a day at most.",
    answer_by: |day| format!("You will have our answer by {day}."),
    person_looks: "Your request has arrived",
    person_looks_lede: "A person of ours now looks at who asks. If you gave an e-mail address, we write to you there, with a link to a page that shows where your request stands.",
    begun: "Your request has arrived",
    begun_lede: "There is nothing more to do for you. If you gave an e-mail address, we write to you there.",
    document: "Show us a document",
    document_lede: "It can help to show who you are, or that you may ask for somebody else. Cover everything that is not needed for that. It is kept encrypted, only those who decide see it, and it is erased with the decision.",
    file: "A picture or a PDF file, at most 8 MB",
    hand_in: "Hand in the document",
    file_wrong: "Choose a PDF or a picture (JPEG, PNG, HEIC, WebP, TIFF) of at most 8 MB.",
    handed_in: "Thank you: the document has arrived",
    handed_in_lede: "A person looks at it. It is erased with the decision.",
    confirmed: "Thank you: your request is confirmed",
    confirmed_lede: "We begin now. A mail is on its way to you with the day of our answer, and a link to a page that shows where your request stands.",
    confirm_title: "Confirm your request",
    confirm_lede: "Press the button, and your request is confirmed. If you did not send one, close this page: nothing happens.",
    link_over: "This link no longer works",
    link_over_lede: "It was used already, or it has run out. If your request was confirmed before, there is nothing to do.",
    ask_again: "Make a new request",
    page: "Your request",
    page_lede: "So that only you see it, we write a fresh code to your e-mail address first.",
    send_code: "Send me a code",
    code_sent: "Look into your mail",
    code_sent_lede: "If this link belongs to a request, a code is on its way to the address that was given with it. It works for a quarter of an hour.",
    open: "Open my request",
    new_code: "Send another code",
    request: |number| format!("Request {number}"),
    asked_for: |what| format!("You asked for {what}."),
    status: |status| match status {
        Status::Unsorted => ("arrived", "A person of ours reads it."),
        Status::Unconfirmed => ("not confirmed", "The code of our mail was not typed in yet."),
        Status::Unidentified => ("being looked at", "A person of ours looks at who asks."),
        Status::Ready | Status::Planning => {
            ("being worked on", "We look up what we hold in our systems.")
        }
        Status::Planned => {
            ("being reviewed", "We know what we hold. A person looks at what is to be done.")
        }
        Status::Approved | Status::Running => {
            ("being carried out", "It was agreed to, and is being done in our systems.")
        }
        Status::Waiting => (
            "waiting for you",
            "We wrote to you what we need from you. Answer that mail, and we go on.",
        ),
        Status::ByHand => ("being worked on", "Most is done. Some of it a person does by hand."),
        Status::Incomplete => {
            ("not finished", "Not everything could be done yet. We take it up again.")
        }
        Status::Done => ("answered", "We have answered your request."),
        Status::Refused => ("refused", "We wrote to you why, and where you can complain."),
        Status::Withdrawn => ("withdrawn", "The request was taken back."),
        Status::Duplicate => {
            ("answered together", "You asked for the same before; we answer both together.")
        }
        Status::Lapsed => ("forgotten", "It was not confirmed in time, and is forgotten."),
        Status::Appealed => (
            "being looked at again",
            "You asked us to look again at our answer. We will write to you.",
        ),
    },
    number: "Number",
    received: "Arrived",
    due: "Our answer by",
    outcome: "What was done",
    outcome_said: |word, systems| match word {
        "handed out" => "Everything we hold about you is in the package below.".to_owned(),
        "erased" => format!(
            "What we held about you was erased in {}, and we looked again afterwards.",
            count(systems, "system", "systems")
        ),
        "corrected" => {
            format!("Your data was corrected in {}.", count(systems, "system", "systems"))
        }
        "marked" => "Your choice is recorded, and holds from now on.".to_owned(),
        "nobody known" => "We hold nothing by what you gave us.".to_owned(),
        "refused" => "We wrote to you why we do not do what you asked for.".to_owned(),
        _ => "A person has looked into it and answered you.".to_owned(),
    },
    kept_head: "What we must keep, and why",
    incomplete: "What is not done yet",
    files: "For you to fetch",
    file_named: |kind| match kind {
        "package" => "The package with your data (ZIP)",
        "certificate" => "The certificate, for programs (JSON)",
        _ => "The certificate, to read (HTML)",
    },
    until: |day| format!("until {day}"),
    fetch: "Fetch",
    page_open: "This page stays open for a quarter of an hour. After that, ask for a new code.",
    certificate_help: "The certificate is signed and names its entry in our public log. Anybody can check it, without us and offline.",
    history: "What happened",
    came: "Your request arrived",
    letter: |name| match name {
        "verification" => "We wrote you a code",
        "acknowledgement" => "We wrote that your request has arrived",
        "clarification" => "We asked you something",
        "extension" => "We wrote that it takes longer, and why",
        "fee" => "We wrote that there is a fee, and why",
        "refusal" => "We wrote why we say no",
        "appeal-received" => "You asked us to look at it again",
        "appeal-kept" => "We looked again, and wrote why our answer stays",
        "appeal-granted" => "We looked again, and took your request up again",
        "completion" => "We wrote what was done",
        "package" => "We wrote that your package is ready",
        "code" => "We wrote you a code for this page",
        _ => "We wrote to you",
    },
    appeal: "If you do not agree",
    appeal_lede: |day| {
        format!(
            "You can ask us until {day} to look at it again. We look at it from the beginning, and write to you. It costs nothing."
        )
    },
    appeal_why: "What is wrong with our answer? (You need not say.)",
    appeal_send: "Look at it again",
    appealed: "We look at it again",
    appealed_lede: "We have written to you that we do.",
    appeal_over: "This can be asked for once, and within 30 days of our answer. You can make a new request at any time, and complain to the regulator that our mail named.",
    closed: "This page has closed",
    closed_lede: "It stays open for a quarter of an hour, and files for as long as our mail said. Open the link of our mail again, and ask for a new code.",
    questions: |email| format!("Questions? Write to {email} and name the number."),
    wait: |seconds| {
        let minutes = u64::from(seconds.div_ceil(60));
        format!(
            "Nothing was lost: wait {}, go back, and send it again.",
            count(minutes, "minute", "minutes")
        )
    },
};
