//! The words of fideslang: categories of data, uses of data, kinds of people.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Which list of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taxonomy {
    /// Data categories (`user.contact.email`).
    Category,
    /// Data uses (`essential.service`).
    Use,
    /// Data subjects (`customer`).
    Subject,
}

// Keys from the PyPI package `fideslang` 3.1.4 (its default taxonomy).
const WORDS: &str = include_str!("../data/fideslang.txt");

/// The titles of each list by key: a package asks for hundreds.
static TITLES: LazyLock<[BTreeMap<&str, &str>; 3]> = LazyLock::new(|| {
    [Taxonomy::Category, Taxonomy::Use, Taxonomy::Subject].map(|list| list.entries().collect())
});

impl Taxonomy {
    const fn word(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Use => "use",
            Self::Subject => "subject",
        }
    }

    /// What one entry is called in a message.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Category => "data category",
            Self::Use => "data use",
            Self::Subject => "data subject",
        }
    }

    /// Every key and its title, in fideslang's order.
    pub fn entries(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        WORDS.lines().filter_map(move |line| {
            line.strip_prefix(self.word())?.strip_prefix(' ')?.split_once(" | ")
        })
    }

    /// Whether fideslang knows the key.
    pub fn knows(self, key: &str) -> bool {
        self.entries().any(|(known, _)| known == key)
    }

    /// The words a person reads for a key; for an unknown one, those of the nearest key above it.
    pub fn title(self, key: &str) -> Option<&'static str> {
        let titles = TITLES.get(self as usize)?;
        std::iter::successors(Some(key), |key| parent(key)).find_map(|key| titles.get(key)).copied()
    }
}

/// The key above this one.
pub fn parent(key: &str) -> Option<&str> {
    key.rsplit_once('.').map(|(above, _)| above)
}

/// Whether a key is another one or lies below it.
pub fn is_within(key: &str, above: &str) -> bool {
    key.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_whole() {
        for (taxonomy, many) in
            [(Taxonomy::Category, 85), (Taxonomy::Use, 56), (Taxonomy::Subject, 15)]
        {
            let keys: Vec<&str> = taxonomy.entries().map(|(key, _)| key).collect();
            assert_eq!(keys.len(), many);
            for key in &keys {
                assert!(parent(key).is_none_or(|above| keys.contains(&above)), "{key}");
                assert!(taxonomy.title(key).is_some_and(|title| !title.is_empty()));
            }
        }
        assert!(is_within("user.name.first", "user.name") && !is_within("user.names", "user.name"));
        assert_eq!(Taxonomy::Category.title("user.contact.email.work"), Some("e-mail address"));
        assert!(!Taxonomy::Category.knows("user.contact.emial"));
    }
}
