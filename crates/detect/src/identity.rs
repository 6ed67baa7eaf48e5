//! When two whole values name the same person.

use crate::fold::folded;
use crate::phone::digits_of_phone;
use crate::term::TermKind;

/// The form in which whole values are compared. Two values with the same form are the same
/// identifier; the form is for comparing, never for showing.
pub fn normal_form(kind: TermKind, text: &str, default_cc: Option<&str>) -> String {
    match kind {
        TermKind::Phone => match digits_of_phone(text, default_cc) {
            Some(digits) => format!("+{digits}"),
            None if text.chars().any(|c| c.is_ascii_digit())
                && !text.chars().any(char::is_alphabetic) =>
            {
                text.chars().filter(char::is_ascii_digit).collect()
            }
            None => folded(text).into_iter().collect(),
        },
        TermKind::Email => {
            let text: String = folded(text).into_iter().collect();
            let text = text.strip_prefix("mailto:").unwrap_or(&text);
            text.trim_matches(|c| matches!(c, '<' | '>')).to_owned()
        }
        TermKind::Address => {
            let text: String = folded(text).into_iter().collect();
            text.replace(',', " ")
                .split(' ')
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        }
        TermKind::UserName | TermKind::AccountId | TermKind::Name | TermKind::Code => {
            folded(text).into_iter().collect()
        }
    }
}

/// Whether two whole values are the same identifier: equality of their [`normal_form`]s.
pub fn same_identity(kind: TermKind, a: &str, b: &str, default_cc: Option<&str>) -> bool {
    let a = normal_form(kind, a, default_cc);
    !a.is_empty() && a == normal_form(kind, b, default_cc)
}

/// One sentence on what counts as the same identifier of this kind.
pub const fn explain(kind: TermKind) -> &'static str {
    match kind {
        TermKind::Email => {
            "The same address in any letter case and in composed or decomposed Unicode; accents, dots and +tags are never ignored."
        }
        TermKind::Phone => {
            "The same number in any spelling, with spaces, dots, dashes or brackets, with + or 00, or in its national form; fewer than seven digits count only with their country code."
        }
        TermKind::UserName => {
            "The same name in any letter case, standing by itself; inside text only if it has at least six characters and a digit, dot, dash or underscore among them, or directly after an @."
        }
        TermKind::AccountId => {
            "The same number or code in any letter case, standing by itself; inside text only if it has at least four characters, or six if it is all digits, and a plain word only directly after an @."
        }
        TermKind::Name => {
            "The same name in any letter case, with any white space, apostrophe or dash, without its middle parts or surname first; accents are never ignored, a name of common words counts only where it is written as a name, and a bare given name or surname counts only in the person's own context."
        }
        TermKind::Address => {
            "The same address in any letter case, with any white space and with or without commas; words and accents are never ignored."
        }
        TermKind::Code => {
            "The same code in any letter case, standing by itself; inside text only if it has at least four characters, or six if it is all digits, and a plain word only directly after an @."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_of_a_blind_database_are_told_apart() {
        let table = [
            (TermKind::Email, "Zoë.Müller@ACME.example", "zoë.müller@acme.example", true),
            (
                TermKind::Email,
                "Zoe\u{308}.Mu\u{308}ller@acme.example",
                "zoë.müller@acme.example",
                true,
            ),
            (TermKind::Email, "zoe.muller@acme.example", "zoë.müller@acme.example", false),
            (TermKind::Email, " jane@acme.example ", "jane@acme.example", true),
            (TermKind::Email, "jane+a@acme.example", "jane@acme.example", false),
            (TermKind::Phone, "+1 (555) 0100", "001-555-0100", true),
            (TermKind::Phone, "+1 555 0100", "+1 555 0101", false),
            (TermKind::Name, "Jane  O’Doe", "jane o'doe", true),
            (TermKind::Name, "Janet", "Jane", false),
            (TermKind::Address, "1 Main St,\nSpringfield", "1 main st, springfield", true),
            (TermKind::Code, "e-4711", "E-4711", true),
            (TermKind::Code, "", "", false),
        ];
        for (kind, a, b, same) in table {
            assert_eq!(same_identity(kind, a, b, None), same, "{a} / {b}");
        }
    }
}
