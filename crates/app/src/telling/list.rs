//! A list of people who are to be told: one address a line, with a language beside it where it is known.

use model::Personal;

use crate::letters::Language;
use crate::{Error, Result};

/// So many lines are taken at once.
const MOST: usize = 100_000;

/// Somebody of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Their address.
    pub address: Personal<String>,
    /// In which language they are written to.
    pub language: Option<Language>,
}

/// Reads a list: an address a line, alone or with `en` or `fr` behind a comma, a semicolon or a tab. A
/// first line without any address is taken for a heading. What cannot be read is told by its line, never
/// by what stands there.
pub fn read_list(text: &str) -> Result<Vec<Listed>> {
    let mut list = Vec::new();
    let mut wrong = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() {
            continue;
        }
        let mut cells = line.split([',', ';', '\t']).map(|cell| cell.trim().trim_matches('"'));
        match addresses(cells.next().unwrap_or_default()).as_slice() {
            [address] => {
                let language = cells.next().and_then(language);
                list.push(Listed { address: Personal::new(address.clone()), language });
            }
            _ if number == 0 && !line.contains('@') => {}
            _ => wrong.push((number + 1).to_string()),
        }
        if list.len() > MOST {
            return Err(Error::unfit("list", format!("the list has more than {MOST} lines")));
        }
    }
    if wrong.is_empty() {
        return Ok(list);
    }
    let more = wrong.len().saturating_sub(5);
    wrong.truncate(5);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Err(Error::unfit(
        "list",
        format!("there is no address in line {}{more} of the list", wrong.join(", ")),
    ))
}

/// The addresses in a value as people and programs write them: `a@b.example`, `Ann <a@b.example>`, several
/// with commas or semicolons between them.
pub(super) fn addresses(text: &str) -> Vec<String> {
    let one = |part: &str| {
        let part = part.trim();
        let inner = part.strip_suffix('>').and_then(|rest| rest.rsplit_once('<'));
        let address = inner.map_or(part, |(_, address)| address).trim();
        let address = address.strip_prefix("mailto:").unwrap_or(address);
        (address.len() <= 320 && address.parse::<lettre::Address>().is_ok())
            .then(|| address.to_owned())
    };
    if let Some(address) = one(text) {
        return vec![address];
    }
    text.split([',', ';']).filter_map(one).collect()
}

/// The language that a cell names: `fr`, `fr-CA`, `French`, `français`.
pub(super) fn language(cell: &str) -> Option<Language> {
    let word = cell.trim().to_lowercase();
    let tag = word.split(['-', '_']).next().unwrap_or_default();
    match tag {
        "fr" | "fra" | "fre" | "french" | "français" | "francais" => Some(Language::Fr),
        "en" | "eng" | "english" | "anglais" => Some(Language::En),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_people_keep_it_and_a_wrong_line_is_told_by_its_number() {
        let list = read_list(
            "\u{feff}address;language\njane@acme.example\n\n\"Robin <robin@acme.example>\",fr-CA\nkim@acme.example\tEnglish\n",
        )
        .unwrap();
        let shown: Vec<(&str, Option<Language>)> =
            list.iter().map(|one| (one.address.expose().as_str(), one.language)).collect();
        assert_eq!(
            shown,
            [
                ("jane@acme.example", None),
                ("robin@acme.example", Some(Language::Fr)),
                ("kim@acme.example", Some(Language::En)),
            ]
        );
        let wrong = read_list("jane@acme.example\nsecret words\n").unwrap_err().to_string();
        assert!(wrong.contains("line 2") && !wrong.contains("secret"), "{wrong}");
        assert!(read_list("").unwrap().is_empty());
    }

    #[test]
    fn a_column_holds_addresses_in_many_forms() {
        for (text, found) in [
            ("Jane@Acme.example", vec!["Jane@Acme.example"]),
            ("Jane Doe <jane@acme.example>", vec!["jane@acme.example"]),
            ("a@b.example; c@d.example", vec!["a@b.example", "c@d.example"]),
            ("erased-5f2c", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(addresses(text), found, "{text}");
        }
    }
}
