//! The catalogue of promises that privacy notices of IT companies make, each with an id by which
//! `promises.yaml` names it and a title in plain words.
//!
//! What stands behind each, and which starter packs carry it, is told in `docs/promises.md`.

use crate::finding::nearest;

/// A promise of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// A letter for the chapter and a number: `E2`.
    pub id: &'static str,
    /// What is promised, in a few words.
    pub title: &'static str,
}

const fn entry(id: &'static str, title: &'static str) -> Entry {
    Entry { id, title }
}

/// Every promise, chapter by chapter.
pub const ENTRIES: [Entry; 62] = [
    entry("A1", "A public notice with its date, its definitions and ways to reach us"),
    entry("A2", "Changes are announced before they take effect"),
    entry("A3", "Sections that hold for some places only, from days of their own"),
    entry("A4", "Earlier versions stay to be read, and people agree to a version"),
    entry("A5", "Links and widgets of others are named as theirs"),
    entry("B1", "The kinds of personal data that are held"),
    entry("B2", "Where the data comes from"),
    entry("B3", "What the data is used for"),
    entry("B4", "What makes each use lawful"),
    entry("B5", "A matrix of data by sensitivity, access and retention"),
    entry("B6", "Optional data may be declined"),
    entry("C1", "Marketing with consent only, and easy to leave"),
    entry("C2", "Service messages carry no marketing"),
    entry("C3", "Cookies by class, and a way to decline them"),
    entry("C4", "What is done with signals of the browser not to track"),
    entry("C5", "A consent can be withdrawn, and what was lawful before stays so"),
    entry("C6", "No sale of data; sharing can be opted out of without being treated worse"),
    entry("C7", "Features of artificial intelligence can be declined"),
    entry("C8", "Sharing at a person's request stays within what was agreed"),
    entry("D1", "Access: what is held, from where, for what, and who got it"),
    entry("D2", "Wrong data is corrected everywhere"),
    entry("D3", "Data is deleted or made anonymous on request, at processors too"),
    entry("D4", "A copy in a form that another service can read"),
    entry("D5", "Use can be restricted, and objected to"),
    entry("D6", "A withdrawal of consent is answered like any request"),
    entry("D7", "An account can be closed for good"),
    entry("D8", "Once a year: who got data for their own marketing"),
    entry("D9", "What a machine decided is explained and looked at by a person"),
    entry("D10", "Whoever asks is identified first, with no more than is needed"),
    entry("D11", "Answers within the days promised, or the law's where they are fewer"),
    entry("D12", "A fee only where the law allows it"),
    entry("D13", "Every way of asking leads to an answer"),
    entry("D14", "People see and edit their own data"),
    entry("D15", "Where to complain"),
    entry("E1", "Credentials are handed over and purged when the agreement ends"),
    entry("E2", "Fixed times for tickets, bills and logs, at most and at least"),
    entry("E3", "Times that count from the end of a service"),
    entry("E4", "Longer where a law or a legal claim asks for it"),
    entry("E5", "Disposal is secure: deleted, or anonymous"),
    entry("E6", "Usage data stays for a shorter time, unless security needs it"),
    entry("E7", "Training data of machines has a limit"),
    entry("F1", "Data is encrypted on the way and where it lies"),
    entry("F2", "Access by need and role, and a second factor for all staff"),
    entry("F3", "Clients' passwords lie in an encrypted manager"),
    entry("F4", "No card number is stored"),
    entry("F5", "Security is reviewed, tested and trained at regular times"),
    entry("F6", "Suppliers show that they are secure"),
    entry("F7", "Breaches are recorded and told"),
    entry("F8", "Records of what was done stay, and nobody alters them"),
    entry("G1", "Who gets data, by class"),
    entry("G2", "Processors are bound by a contract"),
    entry("G3", "Authorities get what the law demands and no more"),
    entry("G4", "People hear of it when the business changes hands"),
    entry("G5", "Data goes abroad only with a safeguard"),
    entry("H1", "What artificial intelligence is used for"),
    entry("H2", "Training data is sparing, anonymous where it can be, and watched"),
    entry("H3", "People know when they deal with a machine, and can have a person"),
    entry("H4", "Machines of others are held to the same, and named"),
    entry("I1", "Health data only under a signed agreement"),
    entry("I2", "No child's data without a parent's consent"),
    entry("I3", "Special data is locked away more strictly"),
    entry("J1", "Data is made anonymous before it is analysed"),
];

/// The promise with this id.
pub fn entry_of(id: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.id == id)
}

/// "did you mean", or what the ids look like.
pub(crate) fn help(id: &str) -> String {
    let upper = id.to_uppercase();
    if let Some(entry) = entry_of(&upper) {
        return format!("write `{}`: {}", entry.id, entry.title);
    }
    match nearest(id, ENTRIES.iter().map(|entry| entry.id)) {
        Some(near) if id.len() > 2 => format!("did you mean `{near}`?"),
        _ => "the ids are A1 to A5, B1 to B6, C1 to C8, D1 to D15, E1 to E7, F1 to F8, G1 to G5, \
              H1 to H4, I1 to I3 and J1; docs/promises.md tells what each is"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chapters_are_whole() {
        let chapters =
            [('A', 5), ('B', 6), ('C', 8), ('D', 15), ('E', 7), ('F', 8), ('G', 5), ('H', 4)];
        let chapters = chapters.into_iter().chain([('I', 3), ('J', 1)]);
        let ids: Vec<String> = chapters
            .flat_map(|(letter, many)| (1..=many).map(move |number| format!("{letter}{number}")))
            .collect();
        assert_eq!(ids, ENTRIES.map(|entry| entry.id));
        assert!(ENTRIES.iter().all(|entry| entry.title.len() > 15 && !entry.title.ends_with('.')));
        assert_eq!(
            help("e2"),
            "write `E2`: Fixed times for tickets, bills and logs, at most and at least"
        );
    }
}
