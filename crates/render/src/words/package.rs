//! The words of the access package.

use policy::Tie;

use super::{count, number, size};
use crate::package::PackageKind;

/// The page's heading.
pub fn title(kind: PackageKind, organisation: &str, names: &[&str]) -> String {
    let who = if names.is_empty() { "you".to_owned() } else { super::list(names) };
    match kind {
        PackageKind::Access => format!("What {organisation} holds about {who}"),
        PackageKind::Portability => format!("Your data from {organisation}: {who}"),
    }
}

/// Below the heading.
pub fn made(reference: &str, moment: &str) -> String {
    format!("Answer to request {reference} · made {moment}")
}

/// The first sentence.
pub fn found(records: u64, systems_with: u64, systems_read: u64) -> String {
    if records == 0 {
        return format!("We searched {} and found nothing about you.", systems(systems_read));
    }
    let of = if systems_with == systems_read {
        systems(systems_with)
    } else {
        format!("{} of the {} that we searched", number(systems_with), systems(systems_read))
    };
    format!("We found {} about you in {of}.", count(records, "record", "records"))
}

/// "6 systems".
pub fn systems(n: u64) -> String {
    count(n, "system", "systems")
}

/// "412 records".
pub fn records(n: u64) -> String {
    count(n, "record", "records")
}

/// How to read on.
pub const HOW_TO_READ: &str = "Each record is shown below, system by system, in the words we use \
    ourselves. The same data is in the folder “csv” for a spreadsheet and in data.json for another \
    program.";

/// Systems that were not read, as the warning's heading.
pub fn not_reached_heading(n: u64) -> String {
    if n == 1 {
        "One system could not be read, so this answer is not complete yet".to_owned()
    } else {
        format!("{} systems could not be read, so this answer is not complete yet", number(n))
    }
}

/// One system that was not read.
pub fn not_reached(reason: &str) -> String {
    format!("not read: {}", super::clause(reason))
}

/// What happens about it.
pub const NOT_REACHED_NEXT: &str =
    "We owe you what they hold. Ask us when you will have it, with the request’s number.";

/// All systems were read.
pub const ALL_REACHED: &str = "Every system that we know of was read.";

/// Redactions.
pub fn redacted(n: u64) -> String {
    match n {
        0 => "Nothing about other people had to be taken out of these texts.".to_owned(),
        1 => "One passage about another person was taken out of the texts, to protect that \
              person."
            .to_owned(),
        n => format!(
            "{} passages about other people were taken out of the texts, to protect those people.",
            number(n)
        ),
    }
}

/// Nothing else is missing.
pub const NOTHING_ELSE_LEFT_OUT: &str = "Nothing else was left out.";

/// What the row is to the person.
pub const fn tie(tie: Tie) -> &'static str {
    match tie {
        Tie::Own => "about you",
        Tie::Authored => "written or caused by you",
        Tie::Shared => "concerns you and others",
        Tie::Mention => "mentions you",
    }
}

/// The explanation of those words.
pub const TIES: &str = "“About you” means that the record describes you. “Written or caused by \
    you” is what you sent or did. “Concerns you and others” is shared, for example a ticket of \
    three people. “Mentions you” names you in its text.";

/// A page's heading: records from one number to another.
pub fn page_range(title: &str, first: u64, last: u64) -> String {
    if first == last {
        format!("{title}: record {}", number(first))
    } else {
        format!("{title}: records {} to {}", number(first), number(last))
    }
}

/// A record's heading.
pub fn record(n: u64) -> String {
    format!("Record {}", number(n))
}

/// A link to a collection's own pages.
pub fn read_all(records_there: u64, pages: u64) -> String {
    let records = records(records_there);
    if pages == 1 {
        format!("Read the {records} on a page of their own:")
    } else {
        format!("Read the {records} on {} pages:", number(pages))
    }
}

/// The rest of a value too long to show.
pub fn and_more(characters: u64) -> String {
    format!(
        "… and {} more; the whole text is in data.json and in the CSV file.",
        count(characters, "character", "characters")
    )
}

/// A value held and not handed out.
pub fn withheld(reason: &str) -> String {
    format!("withheld: {}", super::clause(reason))
}

/// Empty fields of a record.
pub fn empty_fields(titles: &str) -> String {
    format!("Empty: {titles}")
}

/// True and false.
pub const fn yes_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// An attachment in the list of files.
pub fn file(place: &str, bytes: u64) -> String {
    format!("{place} · {}", size(bytes))
}

/// Why some attachments have `.file` at the end.
pub const FILES_NOTE: &str = "A name that ends in .file belongs to a kind of file that can run by \
    itself. Take that ending away only if you trust where it came from.";

/// The seven lists, in the law's order: heading and what an empty list means.
pub const SEVEN: [(&str, &str); 7] = [
    ("Categories of personal data that we collected", "None."),
    ("Where we collected it from", "Nowhere."),
    ("What we collected it for", "For no purpose."),
    ("Kinds of third parties with whom we share it", "We share it with nobody."),
    ("The specific pieces that we hold", ""),
    ("Categories that we sold, and to whom", "We have not sold your personal data."),
    ("Categories that we disclosed for a business purpose, and to whom", "We have disclosed none."),
];

/// The fifth list.
pub fn specific_pieces(total: u64) -> String {
    if total == 0 {
        "None were found.".to_owned()
    } else {
        format!("All {} in this package.", records(total))
    }
}

/// A list that nobody answered.
pub fn not_stated(reason: &str) -> String {
    format!("We cannot say: {}.", super::clause(reason))
}

/// A disclosure.
pub fn disclosed(category: &str, to: &str) -> String {
    format!("{category}, to {to}")
}

/// To whom to turn first.
pub fn complain_first(contact: &str, reference: &str) -> String {
    format!("Write to us first if you like: {contact}. Give the number {reference}.")
}

/// The right to complain.
pub const COMPLAIN: &str = "You may ask us to correct or erase what is wrong. You may also complain \
    to the authority for your place, at any time and without asking us:";

/// No authority is named in the policy.
pub const NO_AUTHORITY: &str = "You may also complain to the data protection authority for your \
    place, at any time and without asking us.";

/// How many files a password leaves without their names.
pub const NAMES_HIDDEN: &str = "A ZIP file shows its file names even to people without the password, \
    so attachments have numbers instead of names in it. Their names are in the list above.";

/// `README.txt`, line by line.
pub fn readme(
    title: &str,
    made: &str,
    contact: &str,
    formulas: bool,
    not_reached: &[String],
) -> String {
    let mut lines = vec![
        title.to_owned(),
        made.to_owned(),
        String::new(),
        "Open index.html in any browser. It needs no connection and runs no program.".to_owned(),
        String::new(),
        "index.html         what is here, what was left out and why, and how to complain".to_owned(),
        "pages/             the long collections".to_owned(),
        "data.json          everything, for another program (described by data.schema.json)".to_owned(),
        "csv/               one table per collection, for a spreadsheet (described by csv/schema.json)".to_owned(),
        "files/             attachments, if there are any".to_owned(),
        String::new(),
    ];
    if formulas {
        lines.push(
            "Some cells in csv/ begin with an apostrophe. It keeps a spreadsheet from running them as"
                .to_owned(),
        );
        lines.push(
            "formulas and is no part of the data; data.json has the data without it.".to_owned(),
        );
        lines.push(String::new());
    }
    if !not_reached.is_empty() {
        lines.push("Not complete: these systems could not be read.".to_owned());
        lines.extend(not_reached.iter().map(|line| format!("  - {line}")));
        lines.push(String::new());
    }
    lines.push(format!("Questions: {contact}"));
    lines.push(String::new());
    lines.join("\r\n")
}

/// Headings, labels and links of the pages.
pub const BACK: &str = "← Everything";
/// The page before.
pub const PREVIOUS: &str = "Earlier records";
/// The page after.
pub const NEXT: &str = "Further records →";
/// The upper row of links.
pub const NAV_TOP: &str = "Pages, above";
/// The lower row of links.
pub const NAV_BOTTOM: &str = "Pages, below";
/// The first column of a table of records.
pub const NUMBER_COLUMN: &str = "No.";
/// The last column of a table of records.
pub const TIE_COLUMN: &str = "What it is to you";
/// A link to a CSV file.
pub const AS_TABLE_FILE: &str = "as a table (CSV)";
/// A system's facts.
pub const SOURCE: &str = "Where it comes from";
/// What it is used for.
pub const PURPOSES: &str = "What we use it for";
/// Who gets it.
pub const RECIPIENTS: &str = "Who else gets it";
/// A fact that the policy does not hold.
pub const NOT_RECORDED: &str = "not recorded";
/// A system that was not read.
pub const NOT_READ: &str = "This system could not be read";
/// The same in a table.
pub const NOT_READ_CELL: &str = "not read";
/// A system without the person.
pub const NOTHING_THERE: &str = "nothing about you";
/// The table of systems.
pub const TABLE_OF_SYSTEMS: &str = "What is here";
/// Its columns.
pub const SYSTEM: &str = "System";
/// Its second column.
pub const WHAT_IS_THERE: &str = "What we found there";
/// Its third column.
pub const RECORDS: &str = "Records";
/// What is not in the package.
pub const LEFT_OUT: &str = "What was left out, and why";
/// The seven lists.
pub const SEVEN_HEADING: &str = "What we collect, where from, and who gets it";
/// The attachments.
pub const ATTACHMENTS: &str = "Attachments";
/// An attachment's own name.
pub const FILE_NAME: &str = "Name";
/// Where it was found.
pub const FILE_PLACE: &str = "Where we found it";
/// Its path.
pub const FILE_IN_PACKAGE: &str = "In this package";
/// How to complain.
pub const COMPLAIN_HEADING: &str = "If something is wrong";
/// The list of contents.
pub const CONTENTS: &str = "In this answer";
/// The foot of the page.
pub const FOOTER: &str = "This page needs no connection, runs no program and tells nobody that you \
    opened it.";

/// The kinds of data of a collection.
pub fn kinds(kinds: &[&str]) -> String {
    format!("Holds: {}", kinds.join(", "))
}

/// A link to one page of several.
pub fn page(n: u64) -> String {
    format!("Page {}", number(n))
}

/// The note in `csv/schema.json`.
pub const TABLES_NOTE: &str = "UTF-8 with a byte order mark, comma, CRLF. An apostrophe before a \
    cell that a spreadsheet would run as a formula was added by us; data.json has the values without \
    it. Types are those of the database; a cell may also say that a value was withheld.";

/// Above what the person has asked of us.
pub const CHOICES: &str = "What you have asked of us, and what we follow";
