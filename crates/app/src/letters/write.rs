//! From a template and what is to be said to a letter.

use std::path::Path;

use minijinja::{Environment, UndefinedBehavior};
use policy::{Finding, Severity};
use serde::Serialize;

use super::page;
use super::said::{About, Language, Said, Sender};

/// The folder of the organisation's own letters.
const FOLDER: &str = "letters";
/// A template does no more than this: it cannot go round for ever.
const FUEL: u64 = 50_000;
/// No letter is larger, in bytes.
const MOST: u64 = 64 << 10;

/// A letter that is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What it is about, in one line.
    pub subject: String,
    /// In plain words.
    pub text: String,
    /// The same as HTML, without anything that is fetched from elsewhere.
    pub html: String,
}

#[derive(Serialize)]
struct Context<'c> {
    organisation: &'c Sender,
    request: &'c About,
    #[serde(flatten)]
    said: &'c Said,
}

/// Writes a letter. With the policy folder, in the organisation's own words where it has some.
/// `Err` says what is wrong with its template, by line.
pub fn write(
    folder: Option<&Path>,
    language: Language,
    sender: &Sender,
    about: &About,
    said: &Said,
) -> Result<Written, String> {
    let own = folder.map(|folder| own(folder, said, language)).transpose()?.flatten();
    let template = own.as_deref().unwrap_or_else(|| said.ours(language));
    let context = Context { organisation: sender, request: about, said };
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    let context = minijinja::Value::from(minijinja::value::Serde(&context));
    let whole = environment.render_str(template, context).map_err(|error| explain(&error))?;
    if whole.len() as u64 > MOST {
        return Err(format!("it would be longer than {} KiB", MOST >> 10));
    }
    let (subject, body) = split(&whole)?;
    Ok(Written {
        subject: subject.to_owned(),
        text: page::text(body),
        html: page::html(body, language),
    })
}

/// The template of the organisation, if there is one.
fn own(folder: &Path, said: &Said, language: Language) -> Result<Option<String>, String> {
    let file = folder.join(FOLDER).join(format!("{}.{}.md", said.name(), language.key()));
    match std::fs::metadata(&file) {
        Ok(found) if found.len() > MOST => Err(format!("it is longer than {} KiB", MOST >> 10)),
        Ok(_) => std::fs::read_to_string(&file).map(Some).map_err(|error| error.to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn split(whole: &str) -> Result<(&str, &str), String> {
    let whole = whole.trim_start_matches('\u{feff}');
    let (first, body) = whole.split_once('\n').unwrap_or((whole, ""));
    let subject = first.strip_prefix("Subject:").map(str::trim).unwrap_or_default();
    if subject.is_empty() {
        return Err("line 1: it must begin with `Subject: …`".to_owned());
    }
    if body.trim().is_empty() {
        return Err("nothing stands below the subject".to_owned());
    }
    Ok((subject, body.trim()))
}

fn explain(error: &minijinja::Error) -> String {
    let line = error.line().map_or_else(String::new, |line| format!("line {line}: "));
    let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    format!("{line}{what}")
}

/// What is wrong with the organisation's own letters: each is written with samples, and a file that
/// belongs to no letter is told.
pub fn faults(folder: &Path) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let (sender, about) = sample();
    let mut known = Vec::new();
    for said in Said::samples() {
        for language in Language::ALL {
            let name = format!("{}.{}.md", said.name(), language.key());
            if let Err(wrong) = write(Some(folder), language, &sender, &about, &said)
                && found.iter().all(|finding| !finding.file.ends_with(&name))
            {
                found.push(finding(&name, wrong, "broken-letter"));
            }
            known.push(name);
        }
    }
    let files = std::fs::read_dir(folder.join(FOLDER)).into_iter().flatten().flatten();
    let mut others: Vec<String> = files
        .filter_map(|file| file.file_name().into_string().ok())
        .filter(|name| name.ends_with(".md") && !known.contains(name))
        .collect();
    others.sort();
    for name in others {
        let wrong = "no letter has this name, so it is never sent".to_owned();
        found.push(finding(&name, wrong, "unknown-letter"));
    }
    found
}

fn finding(name: &str, message: String, code: &'static str) -> Finding {
    let mut names: Vec<&str> = Said::samples().iter().map(Said::name).collect();
    names.dedup();
    Finding {
        severity: Severity::Error,
        file: format!("{FOLDER}/{name}"),
        line: 0,
        column: 0,
        length: 0,
        quote: String::new(),
        message,
        help: Some(format!(
            "letters are called {}, each with `.en.md` or `.fr.md`",
            names.join(", ")
        )),
        code,
    }
}

/// Whose a sample is and what it is about.
pub(crate) fn sample() -> (Sender, About) {
    let sender = Sender {
        name: "Northlight IT".to_owned(),
        email: "privacy@northlight-it.example".to_owned(),
        phone: None,
        post: None,
    };
    let about = About {
        reference: "4f0c12ab".to_owned(),
        kind: "a copy of your data".to_owned(),
        received: "16 December 2026".to_owned(),
    };
    (sender, about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_ours_is_written_in_both_languages() {
        let (sender, about) = sample();
        for said in Said::samples() {
            for language in Language::ALL {
                let letter = write(None, language, &sender, &about, &said).unwrap();
                let name = format!("{} {}", said.name(), language.key());
                assert!(letter.subject.contains("Northlight IT"), "{name}");
                assert!(
                    letter.text.trim_end().ends_with("Northlight IT"),
                    "{name}\n{}",
                    letter.text
                );
                assert!(
                    !letter.text.contains("{{") && !letter.text.contains("\n\n\n"),
                    "{name}\n{}",
                    letter.text
                );
                assert!(!letter.html.contains("http:") && !letter.html.contains("<img"), "{name}");
                if let Said::Refusal { regulator, .. } = &said {
                    let words: Vec<&str> = letter.text.split_whitespace().collect();
                    assert!(words.join(" ").contains(&regulator.name), "{name}");
                }
            }
        }
    }

    #[test]
    fn a_broken_letter_is_an_error_of_the_check_and_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let letters = folder.path().join("letters");
        std::fs::create_dir(&letters).unwrap();
        assert!(faults(folder.path()).is_empty());
        for (name, text, expected) in [
            ("refusal.fr.md", "Subject: Non\n\nBonjour {{ prenom }}", Some("line 3")),
            ("refusal.fr.md", "Subject: Non\n\n{% if %}", Some("line 3")),
            ("refusal.fr.md", "Non\n\nBonjour", Some("Subject")),
            ("refusal.fr.md", "Subject: Non\n", Some("nothing stands below")),
            (
                "refusal.fr.md",
                "Subject: x\n\n{% for a in range(10) %}{% endfor %}{{ range(9) }}",
                Some(""),
            ),
            ("refusal.fr.md", "Subject: Non\n\n{{ reason }} {{ regulator.name }}", None),
            ("completion.en.md", "Subject: x\n\n{{ kept[0] }}", Some("")),
            ("refusl.fr.md", "Subject: Non\n\nBonjour", Some("no letter has this name")),
        ] {
            std::fs::write(letters.join(name), text).unwrap();
            let found = faults(folder.path());
            match expected {
                None => assert!(found.is_empty(), "{text}: {found:?}"),
                Some(part) => {
                    assert_eq!(found.len(), 1, "{text}: {found:?}");
                    assert!(found[0].message.contains(part), "{text}: {found:?}");
                    assert_eq!(found[0].file, format!("letters/{name}"));
                }
            }
            std::fs::remove_file(letters.join(name)).unwrap();
        }
    }
}
