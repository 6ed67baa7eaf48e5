//! The sentences of the console about telling everybody.

use render::words::{count, number};

/// The sentences of telling everybody, in one language.
pub struct Telling {
    /// Heading of an announcement of a version.
    pub head: &'static str,
    /// Heading of the changes of hands.
    pub handovers: &'static str,
    /// What that is for.
    pub handovers_lede: &'static str,
    /// "To Southlight IT on 1 March 2027"
    pub handover: fn(&str, &str) -> String,
    /// How far it has come: told, people, failed, waiting.
    pub progress: fn(u64, u64, u64, u64) -> String,
    /// Nobody was found.
    pub nobody: &'static str,
    /// Its state's word.
    pub state: fn(&str) -> &'static str,
    /// "The last was told on …"
    pub last: fn(&str) -> String,
    /// It goes no further.
    pub trouble: fn(&str) -> String,
    /// Name of the bar, for a reader that speaks.
    pub bar: &'static str,
    /// Heads of the table of places.
    pub table: [&'static str; 4],
    /// A place that was read.
    pub read: &'static str,
    /// A place that waits.
    pub unread: &'static str,
    /// A place that is away: how often, why.
    pub away: fn(u64, &str) -> String,
    /// Button: read the places again.
    pub again: &'static str,
    /// Button: stop.
    pub stop: &'static str,
    /// What stopping does.
    pub stop_help: &'static str,
    /// Heading: was somebody told?
    pub ask: &'static str,
    /// Label: the address.
    pub address: &'static str,
    /// Button: look.
    pub look: &'static str,
    /// Nobody with this address was to be told.
    pub unknown: &'static str,
    /// Told at, with the entry of the log.
    pub told_at: fn(&str, Option<u64>, bool) -> String,
    /// Not reached: when, code.
    pub failed_at: fn(&str, &str) -> String,
    /// Waits.
    pub waits: &'static str,
    /// Nobody is told yet.
    pub not_yet: &'static str,
    /// Heading of the form on a version.
    pub tell: &'static str,
    /// The same, when it is being announced already.
    pub tell_more: &'static str,
    /// Tick on the form that gives a version its day: so many places.
    pub tick: fn(usize) -> String,
    /// No mail server is named.
    pub no_mail: &'static str,
    /// No place holds addresses.
    pub no_places: &'static str,
    /// Legend of the places.
    pub places: &'static str,
    /// Label: a list as a file.
    pub list: &'static str,
    /// How a list looks.
    pub list_help: &'static str,
    /// Label: what changes, in English.
    pub words_en: &'static str,
    /// The same in French.
    pub words_fr: &'static str,
    /// What these words are for.
    pub words_help: &'static str,
    /// Label: to whom.
    pub successor: &'static str,
    /// Label: from which day.
    pub day: &'static str,
    /// Button: tell everybody.
    pub send: &'static str,
    /// Heading of the lines for the home page that look for themselves.
    pub banner_script: &'static str,
}

impl std::fmt::Debug for Telling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Telling({})", self.head)
    }
}

/// In English.
pub const ENGLISH: Telling = Telling {
    head: "Telling everybody",
    handovers: "The business changes hands",
    handovers_lede: "Everybody whose address is held is told before that day, as for a new version of the notice. The notice page and notice.json say it too, until 30 days after.",
    handover: |successor, day| format!("To {successor} on {day}"),
    progress: |told, people, failed, waiting| {
        format!(
            "{} of {} told; {} could not be reached, {} waiting.",
            number(told),
            count(people, "person", "people"),
            number(failed),
            number(waiting)
        )
    },
    nobody: "No address was found so far.",
    state: |state| match state {
        "open" => "being told",
        "done" => "told",
        _ => "stopped",
    },
    last: |moment| format!("The last letter was taken on {moment}."),
    trouble: |why| format!("It goes no further just now and is tried again: {why}."),
    bar: "How many were told",
    table: ["Addresses from", "Read", "New people", "No address"],
    read: "read",
    unread: "not read yet",
    away: |tries, why| format!("not read, tried {}: {why}", count(tries, "time", "times")),
    again: "Read the places again",
    stop: "Stop",
    stop_help: "Nobody else is written to, and the addresses that wait are forgotten. Who was told stays in the log.",
    ask: "Was somebody told?",
    address: "Their e-mail address",
    look: "Look",
    unknown: "Nobody with this address was to be told: no place that was read holds it.",
    told_at: |moment, entry, bound| match (entry, bound) {
        (Some(entry), true) => {
            format!(
                "Told on {moment}. Entry {entry} of the log binds it: the digest in it is the one over those who were told then, and this address is among them."
            )
        }
        (Some(entry), false) => format!(
            "Told on {moment}, as our database says. Entry {entry} of the log does not bind it: what it stood for was erased or changed."
        ),
        (None, _) => format!("Told on {moment}. The entry of the log is about to be sealed."),
    },
    failed_at: |moment, code| {
        format!("Not reached: on {moment} the letter was refused or came back ({code}).")
    },
    waits: "Not told yet: the letter waits for its turn.",
    not_yet: "Nobody is being told of it by mail yet.",
    tell: "Tell everybody by mail",
    tell_more: "Tell further people",
    tick: |places| {
        format!(
            "Tell everybody by mail, once, in their language: the addresses of {}",
            count(places as u64, "column", "columns")
        )
    },
    no_mail: "Nobody can be told by mail: no mail server is named. Write `[mail.out]` into upheld.toml and start the server again.",
    no_places: "No connected system is known to hold e-mail addresses. A list can be handed in.",
    places: "Addresses from",
    list: "Further people: a file with one address a line",
    list_help: "Text or CSV, with `en` or `fr` behind a comma where it is known. An address that a system holds too is told once.",
    words_en: "What it means for people, in short (English)",
    words_fr: "The same in French",
    words_help: "Stands in the letter. Whoever has only the other language gets that.",
    successor: "To whom the business goes",
    day: "From which day",
    send: "Tell everybody",
    banner_script: "Or these lines, once and for all: they ask notice.json and show what is announced",
};
