//! Every letter as it would go out, with samples for what differs from one request to the next.

use auth::{Action, Actor};

use super::write::sample;
use super::{Language, Said, write};
use crate::house::House;
use crate::{Result, allowed};

/// A letter with samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Its name, which is that of its file.
    pub name: &'static str,
    /// Whether the organisation has words of its own for it.
    pub own: bool,
    /// What it is about, in one line.
    pub subject: String,
    /// In plain words.
    pub text: String,
    /// What is wrong with the organisation's words; ours go out until that is mended.
    pub wrong: Option<String>,
}

impl House {
    /// Each letter of an organisation once, as full as it can be.
    pub async fn preview_letters(
        &self,
        actor: &Actor,
        organisation: &str,
        language: Language,
    ) -> Result<Vec<Preview>> {
        allowed::require(actor, Action::ReadLetters, organisation)?;
        let sender = self.desk_of(organisation).await?.sender();
        let mut about = sample().1;
        about.kind = crate::intake::Kind::Access.title(language).to_owned();
        let folder = Some(self.folder.as_path());
        let mut shown: Vec<Preview> = Vec::new();
        for said in Said::samples() {
            if shown.iter().any(|known| known.name == said.name()) {
                continue;
            }
            let (letter, wrong) = match write(folder, language, &sender, &about, &said) {
                Ok(letter) => (letter, None),
                Err(wrong) => {
                    let ours = write(None, language, &sender, &about, &said);
                    (ours.map_err(crate::Error::Refused)?, Some(wrong))
                }
            };
            let file = format!("{}.{}.md", said.name(), language.key());
            shown.push(Preview {
                name: said.name(),
                own: self.folder.join("letters").join(file).is_file(),
                subject: letter.subject,
                text: letter.text,
                wrong,
            });
        }
        Ok(shown)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use auth::{Door, Membership, MembershipState, Role, Strength};
    use model::Micros;

    use super::*;
    use crate::fixture::{Hands, folder, house};

    #[tokio::test]
    async fn a_preview_shows_the_words_that_go_out_and_what_is_wrong_with_ours() {
        let folder = folder("anchors = []\n");
        std::fs::create_dir(folder.path().join("letters")).unwrap();
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join("letters").join(name), text).unwrap();
        };
        write("refusal.fr.md", "Subject: Non\n\n{{ reason }} {{ regulator.name }}\n");
        write("code.fr.md", "Subject: Code\n\n{{ nobody }}\n");
        let house = house(folder.path(), Hands::at("2026-11-23"), 5, &[]);
        let membership = Membership {
            organisation: auth::ROOT.to_owned(),
            role: Role::Auditor,
            state: MembershipState::Active,
            assigned: BTreeSet::new(),
        };
        let strength = Strength::TwoFactors { shown_at: Micros(9) };
        let door = Door::Session { id: "session".to_owned(), strength };
        let auditor = Actor::sample("a".repeat(32), membership, door, Micros(10));
        let shown = house.preview_letters(&auditor, auth::ROOT, Language::Fr).await.unwrap();
        assert_eq!(shown.len(), 16);
        let of = |name: &str| shown.iter().find(|one| one.name == name).unwrap();
        assert!(of("refusal").own && of("refusal").subject == "Non", "{:?}", of("refusal"));
        assert!(!of("completion").own && of("completion").text.contains("Northlight IT"));
        let wrong = of("code").wrong.as_deref().unwrap();
        assert!(wrong.contains("line 3") && of("code").text.contains("7QMX-42KD"), "{wrong}");
    }
}
