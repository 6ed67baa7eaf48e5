//! What letters say: the values that their templates know, and samples of them.

use serde::Serialize;

use super::regulator::Regulator;

/// A language in which people are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    En,
    /// French.
    Fr,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// Its two letters.
    pub const fn key(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// The language of these two letters; English for another one.
    pub fn of(key: &str) -> Self {
        if key.eq_ignore_ascii_case("fr") { Self::Fr } else { Self::En }
    }
}

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sender {
    /// The organisation's name.
    pub name: String,
    /// The address for privacy.
    pub email: String,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Its postal address.
    pub post: Option<String>,
}

/// The request that a letter is about; nothing, of a letter that answers none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// Its number as people write it: eight signs.
    pub reference: String,
    /// What was asked, in words.
    pub kind: String,
    /// The day on which it came, written out.
    pub received: String,
}

/// What a letter says beside whose it is and what it is about. Days and moments are written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Said {
    /// Whoever sent a request shows that the address is theirs.
    Verification {
        /// The code to be typed.
        code: String,
        /// The page on which a button does the same.
        link: String,
        /// Until when both work.
        until: String,
        /// After how many days a request that nobody confirmed is forgotten.
        forget_days: u32,
    },
    /// A request has arrived.
    Acknowledgement {
        /// The last day of the answer, if somebody sets one.
        due: Option<String>,
        /// The page that says where it stands.
        link: String,
    },
    /// Something must be known first.
    Clarification {
        /// What.
        question: String,
        /// Whether the clock stands still meanwhile.
        paused: bool,
    },
    /// A fee is asked for, before any work.
    Fee {
        /// How much.
        amount: String,
        /// Why, in the words of the policy.
        because: String,
        /// Whether the clock stands still meanwhile.
        paused: bool,
    },
    /// The answer is put off.
    Extension {
        /// Until when it was due.
        due: String,
        /// Until when it is due now.
        until: String,
        /// Why.
        reason: String,
        /// Where to complain.
        regulator: Regulator,
    },
    /// The answer is no.
    Refusal {
        /// Why.
        reason: String,
        /// Where to complain.
        regulator: Regulator,
        /// For how many days we can be asked to look again.
        appeal_days: u32,
        /// The page on which that is done.
        link: String,
    },
    /// We were asked to look again.
    AppealReceived {
        /// The last day of the answer, if somebody sets one.
        due: Option<String>,
        /// Whether somebody else decides than the first time.
        another: bool,
        /// The page that says where it stands.
        link: String,
    },
    /// We looked again, and the answer stays.
    AppealKept {
        /// Why.
        reason: String,
        /// Where to complain.
        regulator: Regulator,
    },
    /// We looked again, and do what was asked.
    AppealGranted {
        /// What happens now.
        reason: String,
        /// The last day by which it is done, if somebody sets one.
        due: Option<String>,
        /// The page that says where it stands.
        link: String,
    },
    /// The answer is there.
    Completion {
        /// What was done, in a sentence.
        outcome: String,
        /// What is kept, and why.
        kept: Vec<String>,
        /// What could not be done.
        incomplete: Vec<String>,
        /// The page with the details.
        link: String,
        /// Until when it is there.
        until: String,
        /// For how many days we can be asked to look again, if we can.
        appeal_days: Option<u32>,
        /// Where to complain.
        regulator: Regulator,
    },
    /// A package can be fetched.
    Package {
        /// The page on which it is.
        link: String,
        /// Until when.
        until: String,
    },
    /// The notice gets a new version.
    NoticeChange {
        /// The version.
        version: String,
        /// The day from which it holds.
        effective: String,
        /// What changes, in the organisation's own words.
        words: Option<String>,
        /// The page with its text.
        link: String,
        /// The page on which people ask for something.
        ask: String,
    },
    /// The business, or a part of it, goes to somebody else.
    Handover {
        /// To whom.
        successor: String,
        /// From which day on.
        day: String,
        /// What that means, in the organisation's own words.
        words: Option<String>,
        /// The page with the notice.
        link: String,
        /// The page on which people ask for something.
        ask: String,
    },
    /// A code that opens the pages of one's own data.
    Visit {
        /// The code.
        code: String,
        /// Until when it works.
        until: String,
    },
    /// That somebody agreed to the notice: their receipt.
    Agreement {
        /// The version.
        version: String,
        /// When.
        at: String,
        /// Where, in the organisation's own word.
        how: String,
        /// The number of the agreement.
        receipt: String,
        /// The SHA-256 of the text.
        sha256: String,
        /// The page with its text.
        link: String,
        /// The page on which they see what they have agreed to.
        mine: String,
    },
    /// A code that opens the page of a request.
    Code {
        /// The code.
        code: String,
        /// Until when it works.
        until: String,
    },
}

impl Said {
    /// The name of the letter, of its file and in the outbox.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Verification { .. } => "verification",
            Self::Acknowledgement { .. } => "acknowledgement",
            Self::Clarification { .. } => "clarification",
            Self::Fee { .. } => "fee",
            Self::Extension { .. } => "extension",
            Self::Refusal { .. } => "refusal",
            Self::AppealReceived { .. } => "appeal-received",
            Self::AppealKept { .. } => "appeal-kept",
            Self::AppealGranted { .. } => "appeal-granted",
            Self::Completion { .. } => "completion",
            Self::Package { .. } => "package",
            Self::NoticeChange { .. } => "notice-change",
            Self::Handover { .. } => "handover",
            Self::Visit { .. } => "visit",
            Self::Agreement { .. } => "agreement",
            Self::Code { .. } => "code",
        }
    }

    /// The text that we carry.
    pub(super) const fn ours(&self, language: Language) -> &'static str {
        macro_rules! both {
            ($name:literal) => {
                match language {
                    Language::En => include_str!(concat!("../../letters/", $name, ".en.md")),
                    Language::Fr => include_str!(concat!("../../letters/", $name, ".fr.md")),
                }
            };
        }
        match self {
            Self::Verification { .. } => both!("verification"),
            Self::Acknowledgement { .. } => both!("acknowledgement"),
            Self::Clarification { .. } => both!("clarification"),
            Self::Fee { .. } => both!("fee"),
            Self::Extension { .. } => both!("extension"),
            Self::Refusal { .. } => both!("refusal"),
            Self::AppealReceived { .. } => both!("appeal-received"),
            Self::AppealKept { .. } => both!("appeal-kept"),
            Self::AppealGranted { .. } => both!("appeal-granted"),
            Self::Completion { .. } => both!("completion"),
            Self::Package { .. } => both!("package"),
            Self::NoticeChange { .. } => both!("notice-change"),
            Self::Handover { .. } => both!("handover"),
            Self::Visit { .. } => both!("visit"),
            Self::Agreement { .. } => both!("agreement"),
            Self::Code { .. } => both!("code"),
        }
    }

    /// Every letter, as full and as bare as it can be: for previews, and to try templates with.
    pub fn samples() -> Vec<Self> {
        let link = || "https://privacy.northlight-it.example/request/7Qm".to_owned();
        let day = || "15 January 2027".to_owned();
        let full = Regulator {
            name: "Office of the Privacy Commissioner of Canada".to_owned(),
            web: Some("https://www.priv.gc.ca".to_owned()),
        };
        let bare = Regulator { name: "the data protection authority".to_owned(), web: None };
        let completion = |kept: &[&str],
                          incomplete: &[&str],
                          appeal_days,
                          regulator: &Regulator| Self::Completion {
            outcome: "We erased what we held about you in 3 systems.".to_owned(),
            kept: kept.iter().map(|one| (*one).to_owned()).collect(),
            incomplete: incomplete.iter().map(|one| (*one).to_owned()).collect(),
            link: link(),
            until: day(),
            appeal_days,
            regulator: regulator.clone(),
        };
        vec![
            Self::Verification {
                code: "7QMX-42KD".to_owned(),
                link: link(),
                until: day(),
                forget_days: 14,
            },
            Self::Acknowledgement { due: Some(day()), link: link() },
            Self::Acknowledgement { due: None, link: link() },
            Self::Clarification { question: "Which account do you mean?".to_owned(), paused: true },
            Self::Clarification {
                question: "Which account do you mean?".to_owned(),
                paused: false,
            },
            Self::Fee {
                amount: "25 CAD".to_owned(),
                because: "It was asked for twice within a year.".to_owned(),
                paused: true,
            },
            Self::Fee {
                amount: "25 CAD".to_owned(),
                because: "It was asked for twice within a year.".to_owned(),
                paused: false,
            },
            Self::Extension {
                due: day(),
                until: "14 February 2027".to_owned(),
                reason: "Two suppliers have not answered yet.".to_owned(),
                regulator: full.clone(),
            },
            Self::Refusal {
                reason: "The invoices must be kept for seven years.".to_owned(),
                regulator: bare.clone(),
                appeal_days: 30,
                link: link(),
            },
            Self::AppealReceived { due: Some(day()), another: true, link: link() },
            Self::AppealReceived { due: None, another: false, link: link() },
            Self::AppealKept {
                reason: "The invoices must be kept for seven years.".to_owned(),
                regulator: full.clone(),
            },
            Self::AppealGranted {
                reason: "We erase your tickets too.".to_owned(),
                due: Some(day()),
                link: link(),
            },
            Self::AppealGranted {
                reason: "We erase your tickets too.".to_owned(),
                due: None,
                link: link(),
            },
            completion(
                &["Invoices until 2031, because tax law asks for it"],
                &["the old file server"],
                Some(30),
                &full,
            ),
            completion(&[], &[], None, &bare),
            Self::Package { link: link(), until: day() },
            Self::NoticeChange {
                version: "4".to_owned(),
                effective: day(),
                words: Some("Tickets stay for five years instead of seven.".to_owned()),
                link: link(),
                ask: link(),
            },
            Self::NoticeChange {
                version: "4".to_owned(),
                effective: day(),
                words: None,
                link: link(),
                ask: link(),
            },
            Self::Handover {
                successor: "Southlight IT".to_owned(),
                day: day(),
                words: Some("The same people answer you, at the same address.".to_owned()),
                link: link(),
                ask: link(),
            },
            Self::Handover {
                successor: "Southlight IT".to_owned(),
                day: day(),
                words: None,
                link: link(),
                ask: link(),
            },
            Self::Visit { code: "7QMX-42KD".to_owned(), until: day() },
            Self::Agreement {
                version: "4".to_owned(),
                at: day(),
                how: "sign-up".to_owned(),
                receipt: "4f0c12ab4f0c12ab4f0c12ab4f0c12ab".to_owned(),
                sha256: "0".repeat(64),
                link: link(),
                mine: link(),
            },
            Self::Code { code: "7QMX-42KD".to_owned(), until: day() },
        ]
    }
}
