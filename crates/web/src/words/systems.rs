//! The sentences about systems and how they are connected.

use policy::{Asks, Question};
use render::words::{count, list};

/// These sentences in one language.
pub(crate) struct Systems {
    pub(crate) connect: &'static str,
    pub(crate) connect_lede: &'static str,
    pub(crate) connect_again: &'static str,
    pub(crate) kinds: [(&'static str, &'static str); 5],
    pub(crate) choose_kind: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_help: &'static str,
    pub(crate) address: &'static str,
    pub(crate) host: &'static str,
    pub(crate) port: &'static str,
    pub(crate) database: &'static str,
    pub(crate) user: &'static str,
    pub(crate) checked: &'static str,
    pub(crate) checked_help: &'static str,
    pub(crate) file: &'static str,
    pub(crate) folder: &'static str,
    pub(crate) path_help: &'static str,
    pub(crate) pattern: &'static str,
    pub(crate) password: &'static str,
    pub(crate) password_again: &'static str,
    pub(crate) variable: &'static str,
    pub(crate) variable_help: &'static str,
    pub(crate) both: &'static str,
    pub(crate) read_only: &'static str,
    pub(crate) try_it: &'static str,
    pub(crate) try_help: &'static str,
    pub(crate) looking: &'static str,
    pub(crate) look_again: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) found: fn(&str) -> String,
    pub(crate) found_lede: &'static str,
    pub(crate) holds: fn(usize, usize, usize) -> String,
    pub(crate) left_out: fn(usize) -> String,
    pub(crate) map: &'static str,
    pub(crate) map_head: [&'static str; 4],
    pub(crate) no_categories: &'static str,
    pub(crate) fields: fn(usize) -> String,
    pub(crate) leads_to: fn(&str) -> String,
    pub(crate) questions: &'static str,
    pub(crate) questions_lede: &'static str,
    pub(crate) questions_open: &'static str,
    pub(crate) none_open: &'static str,
    pub(crate) sure: fn(u8, &str) -> String,
    pub(crate) answers: [(&'static str, &'static str); 3],
    pub(crate) notes: &'static str,
    pub(crate) rights: &'static str,
    pub(crate) rights_lede: &'static str,
    pub(crate) rights_unknown: fn(&str) -> String,
    pub(crate) account: fn(&str, &str) -> String,
    pub(crate) account_lacks: &'static str,
    pub(crate) account_beyond: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) drop: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) reached: &'static str,
    pub(crate) not_reached: &'static str,
    pub(crate) reached_labels: [&'static str; 3],
    pub(crate) no_password: &'static str,
    pub(crate) sealed: &'static str,
    pub(crate) elsewhere: fn(&str) -> String,
    pub(crate) only_reads: fn(bool) -> &'static str,
    pub(crate) test: &'static str,
    pub(crate) test_help: &'static str,
    pub(crate) tested: fn(bool) -> &'static str,
}

/// What a question asks, as a sentence.
pub(crate) fn asked(question: &Question) -> String {
    let at = |field: &str| format!("`{}.{field}`", question.collection);
    let field = question.field.as_deref().unwrap_or_default();
    match &question.asks {
        Asks::Holds(categories) => format!("Does {} hold {}?", at(field), held(categories)),
        Asks::LeadsTo(to) => format!("Does {} hold the same as `{to}`?", at(field)),
        Asks::Stays(Some(period), from) => format!(
            "Must rows of `{}` stay for {period}, counted from `{from}`?",
            question.collection
        ),
        Asks::Stays(None, from) => {
            format!(
                "Must rows of `{}` stay for a while, counted from `{from}`?",
                question.collection
            )
        }
        Asks::Goes(Some(period), from) => format!(
            "Do rows of `{}` go after {period}, counted from `{from}`?",
            question.collection
        ),
        Asks::Goes(None, from) => {
            format!(
                "Do rows of `{}` go by their class, counted from `{from}`?",
                question.collection
            )
        }
    }
}

/// Categories in words, each once.
pub(crate) fn held(categories: &[String]) -> String {
    let mut titles: Vec<String> = Vec::new();
    for category in categories {
        let title = render::words::map::category(category).to_owned();
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    list(&titles)
}

/// In English.
pub(crate) const ENGLISH: Systems = Systems {
    connect: "Connect a system",
    connect_lede: "It is tried at once, then looked into. Nothing is changed in it, and nothing is written down before you have seen what was found.",
    connect_again: "Connect it again",
    kinds: [
        ("postgres", "PostgreSQL"),
        ("mariadb", "MariaDB"),
        ("mysql", "MySQL"),
        ("sqlite", "SQLite file"),
        ("files", "Files in a folder"),
    ],
    choose_kind: "What is to be connected?",
    name: "Name",
    name_help: "By this name the policy speaks of it: small letters, digits, - and _.",
    address: "Address, without a password",
    host: "Host",
    port: "Port, if it is not the usual one",
    database: "Database",
    user: "Account",
    checked: "The server shows a certificate for its name",
    checked_help: "Beyond this machine every connection is encrypted; with this, the server is also known to be the right one.",
    file: "File on the server",
    folder: "Folder on the server",
    path_help: "Below the policy folder, or below a folder that `data_folders` in upheld.toml names. A relative path counts from the policy folder.",
    pattern: "Only files like this, such as logs/*.log (all if empty)",
    password: "Password of the account; it is sealed and never shown again",
    password_again: "Password of the account; left empty, the one that is known stays, as long as the address does",
    variable: "Or the environment variable of the server that holds it",
    variable_help: "Its name begins with `UPHELD_PASSWORD_`. Then nothing is kept here.",
    both: "give the password or the variable that holds it, not both",
    read_only: "Refuse every change through this connection",
    try_it: "Try it and look into it",
    try_help: "Reading the tables of a large database may take minutes.",
    looking: "The system answers. It is being looked into.",
    look_again: "See whether it is done",
    failed: "It could not be looked into",
    try_again: "Try again",
    found: |name| format!("What was found in {name}"),
    found_lede: "Nothing is written yet. Answer what you know; what you leave open is asked again, and nothing is erased on a guess.",
    holds: |collections, fields, personal| {
        format!(
            "{} with {}, {personal} of them about people",
            count(collections as u64, "collection", "collections"),
            count(fields as u64, "field", "fields")
        )
    },
    left_out: |left| {
        format!("{} left out of searches", count(left as u64, "collection is", "collections are"))
    },
    map: "Map",
    map_head: ["Collection", "Fields", "About people", "Fields and where they lead"],
    no_categories: "nothing about people is known",
    fields: |n| count(n as u64, "field", "fields"),
    leads_to: |to| format!("the same as {to}"),
    questions: "Questions",
    questions_lede: "These were guessed from names and values.",
    questions_open: "They stand in the system's file in the policy folder: answer each there with `confirmed: yes` or `confirmed: no`. Until then nothing is erased.",
    none_open: "No question waits.",
    sure: |percent, why| format!("{percent} % sure: {why}"),
    answers: [("yes", "Yes"), ("no", "No"), ("", "Leave open")],
    notes: "What else to know",
    rights: "An account made to measure",
    rights_lede: "These statements make accounts that may do what the work needs and nothing more. Whoever looks after the database runs them; put passwords of your own where <password> stands.",
    rights_unknown: |why| format!("Nothing can be said of rights: {why}"),
    account: |name, purpose| format!("{name}: {purpose}"),
    account_lacks: "The account that you gave lacks these rights",
    account_beyond: "It has these, which nothing needs",
    keep: "Write it down",
    drop: "Throw it away",
    waiting: "Being connected",
    reached: "How it is reached",
    not_reached: "The policy describes it, and nothing says how to reach it: connect it.",
    reached_labels: ["Address", "Password", "Changes"],
    no_password: "none",
    sealed: "sealed here",
    elsewhere: |place| match place.split_once(':') {
        Some(("env", name)) => format!("in the environment variable {name}"),
        Some((_, path)) => format!("in the file {path}"),
        None => place.to_owned(),
    },
    only_reads: |only| {
        if only { "every change is refused" } else { "what a plan says, after a yes" }
    },
    test: "Test the connection",
    test_help: "Signs in, reads the tables' names and the account's rights, and changes nothing.",
    tested: |good| if good { "It answers, and all is in order." } else { "It is not in order." },
};
