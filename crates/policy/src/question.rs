//! The guesses in a system's file that wait for a person's yes or no, one by one.

use crate::file::system::{InferenceEntry, SystemFile};
use crate::map::{Inference, Period};
use crate::words::OneOrMany;

/// A guess that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What tells it from the others of its file; it names what is asked, so that an answer never
    /// reaches another question after the file was changed.
    pub id: String,
    /// The collection.
    pub collection: String,
    /// The field, where it is about one.
    pub field: Option<String>,
    /// What is asked.
    pub asks: Asks,
    /// How sure the guess is, in percent.
    pub confidence: u8,
    /// Why it was guessed.
    pub reason: String,
    /// Where the guess stands in the file.
    pub(crate) at: Vec<Step>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asks {
    /// Does the field hold this: fideslang data categories?
    Holds(Vec<String>),
    /// Does the field lead to this one?
    LeadsTo(String),
    /// Must rows stay so long, counted from this column?
    Stays(Option<Period>, String),
    /// Do rows go after so long, counted from this column?
    Goes(Option<Period>, String),
}

/// A step on the way from the top of a file to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Key(&'static str),
    At(usize),
}

impl SystemFile {
    /// Every guess that waits for an answer, in the order of the file.
    pub fn questions(&self) -> Vec<Question> {
        let mut asked = Vec::new();
        self.each_guess(&mut |question, guess| {
            if guess.confirmed.is_none() && guess.confidence < Inference::SURE {
                asked.push(question);
            }
        });
        asked
    }

    /// Answers the question of this id; `false` if nothing of that id waits.
    pub fn answer(&mut self, id: &str, yes: bool) -> bool {
        let Some(question) = self.questions().into_iter().find(|question| question.id == id) else {
            return false;
        };
        match self.guess_at(&question.at) {
            Some(guess) => {
                guess.confirmed = Some(yes);
                true
            }
            None => false,
        }
    }

    fn each_guess(&self, tell: &mut dyn FnMut(Question, &InferenceEntry)) {
        use Step::{At, Key};
        for (d, dataset) in self.dataset.iter().enumerate() {
            for (c, collection) in dataset.collections.iter().enumerate() {
                let name = &collection.name;
                let here = [Key("dataset"), At(d), Key("collections"), At(c)];
                let mut told =
                    |kind: &str, field: Option<&str>, asks: Asks, guess, way: &[Step]| {
                        let what = match &asks {
                            Asks::Holds(categories) => categories.join(","),
                            Asks::LeadsTo(to) => to.clone(),
                            Asks::Stays(period, from) | Asks::Goes(period, from) => period
                                .map_or_else(|| from.clone(), |period| format!("{period}, {from}")),
                        };
                        let guess: &InferenceEntry = guess;
                        let question = Question {
                            id: format!("{kind}/{name}/{}/{what}", field.unwrap_or_default()),
                            collection: name.clone(),
                            field: field.map(str::to_owned),
                            asks,
                            confidence: guess.confidence,
                            reason: guess.reason.clone(),
                            at: [here.as_slice(), way].concat(),
                        };
                        tell(question, guess);
                    };
                if let Some(add) = &collection.upheld {
                    for (way, keep) in each(add.keep.as_ref(), "keep") {
                        if let Some(guess) = &keep.inferred {
                            let asks = Asks::Stays(keep.period, keep.from.clone());
                            told("keep", None, asks, guess, &with(way, "inferred"));
                        }
                    }
                    for (way, rule) in each(add.retain.as_ref(), "retain") {
                        if let Some(guess) = &rule.inferred {
                            let asks = Asks::Goes(rule.max, rule.from.clone());
                            told("retain", None, asks, guess, &with(way, "inferred"));
                        }
                    }
                }
                for (f, field) in collection.fields.iter().enumerate() {
                    let Some(add) = &field.upheld else { continue };
                    let way = [Key("fields"), At(f), Key("upheld")];
                    let named = Some(field.name.as_str());
                    if let Some(guess) = &add.category_guess {
                        let asks = Asks::Holds(field.data_categories.clone());
                        told("category", named, asks, guess, &with(way.to_vec(), "category_guess"));
                    }
                    for (r, reference) in add.references.iter().enumerate() {
                        let Some(guess) = &reference.inferred else { continue };
                        let to = match &reference.to {
                            OneOrMany::One(to) => to.clone(),
                            OneOrMany::Many(parts) => parts.join("."),
                        };
                        let way = [way.as_slice(), &[Key("references"), At(r)]].concat();
                        told("reference", named, Asks::LeadsTo(to), guess, &with(way, "inferred"));
                    }
                }
            }
        }
    }

    /// The guess at the end of a way that [`SystemFile::questions`] gave.
    fn guess_at(&mut self, way: &[Step]) -> Option<&mut InferenceEntry> {
        use Step::{At, Key};
        let [Key("dataset"), At(d), Key("collections"), At(c), rest @ ..] = way else {
            return None;
        };
        let collection = self.dataset.get_mut(*d)?.collections.get_mut(*c)?;
        match rest {
            [Key("upheld"), Key("keep"), rest @ ..] => {
                let keep = collection.upheld.as_mut()?.keep.as_mut()?.as_mut_slice();
                keep.get_mut(index(rest))?.inferred.as_mut()
            }
            [Key("upheld"), Key("retain"), rest @ ..] => {
                let retain = collection.upheld.as_mut()?.retain.as_mut()?.as_mut_slice();
                retain.get_mut(index(rest))?.inferred.as_mut()
            }
            [Key("fields"), At(f), Key("upheld"), rest @ ..] => {
                let add = collection.fields.get_mut(*f)?.upheld.as_mut()?;
                match rest {
                    [Key("category_guess")] => add.category_guess.as_mut(),
                    [Key("references"), At(r), Key("inferred")] => {
                        add.references.get_mut(*r)?.inferred.as_mut()
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// Which of a list; one that stands alone is its first.
fn index(way: &[Step]) -> usize {
    match way {
        [Step::At(index), ..] => *index,
        _ => 0,
    }
}

fn with(mut way: Vec<Step>, key: &'static str) -> Vec<Step> {
    way.push(Step::Key(key));
    way
}

/// What stands behind a key of a collection's own words, each with the way to it.
fn each<'e, T>(
    entries: Option<&'e OneOrMany<T>>,
    key: &'static str,
) -> impl Iterator<Item = (Vec<Step>, &'e T)> {
    let alone = matches!(entries, Some(OneOrMany::One(_)));
    let entries = entries.map(OneOrMany::as_slice).unwrap_or_default();
    entries.iter().enumerate().map(move |(index, entry)| {
        let mut way = vec![Step::Key("upheld"), Step::Key(key)];
        if !alone {
            way.push(Step::At(index));
        }
        (way, entry)
    })
}

#[cfg(test)]
mod tests {
    use crate::source::read_system_file;

    const FILE: &str = "\
# What people know of the desk.
dataset:
  - fides_key: desk
    collections:
      - name: tickets   # the heart of it
        upheld:
          keep:
            - for: 7 years
              from: made
              because: tax law
              inferred:  # 70 %: money (is this so? add `confirmed: yes` or `confirmed: no`)
                confidence: 70
                reason: money
        fields:
          - name: id
          # Written by hand in March.
          - name: mail
            data_categories: [user.contact.email]   # sure?
            upheld: { category_guess: { confidence: 60, reason: looks so } }
          - { name: owner, upheld: { references: [{ to: users.id, inferred: { confidence: 50, reason: named so } }] } }
          - name: body
            upheld:
              category_guess:
                confidence: 99
                reason: plainly so
      - name: users
        upheld:
          retain: { max: 2 years, from: left, inferred: { confidence: 40, reason: named so } }
        fields:
          - name: id
";

    #[test]
    fn each_guess_that_waits_is_a_question_of_its_own() {
        let mut file = read_system_file("desk", FILE).unwrap();
        let asked = file.questions();
        let ids: Vec<&str> = asked.iter().map(|question| question.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "keep/tickets//7 years, made",
                "category/tickets/mail/user.contact.email",
                "reference/tickets/owner/users.id",
                "retain/users//2 years, left",
            ]
        );
        assert!(!file.answer("category/tickets/body/", true), "it is sure and asks nothing");
        for id in ids {
            assert!(file.answer(id, id.starts_with("keep")), "{id}");
            assert!(!file.answer(id, true), "{id} was answered");
        }
        assert!(file.questions().is_empty());
        let category = file.category_guess("tickets", "mail").unwrap();
        assert_eq!(category.confirmed, Some(false));
    }
}
