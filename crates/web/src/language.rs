//! The languages of the public pages, and which of them a browser asks for.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

use crate::words::Words;

/// A language that the public pages have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    English,
    /// French.
    French,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::French];

    /// Its tag, as it stands in addresses and in `lang`.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// What it calls itself.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
        }
    }

    /// The same for letters.
    pub(crate) const fn of_letters(self) -> app::letters::Language {
        match self {
            Self::English => app::letters::Language::En,
            Self::French => app::letters::Language::Fr,
        }
    }

    /// The language with this tag.
    pub(crate) fn of(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// Its sentences.
    pub(crate) const fn words(self) -> &'static Words {
        match self {
            Self::English => &crate::words::ENGLISH,
            Self::French => &crate::words::FRENCH,
        }
    }

    /// The first that a browser asks for and we have; English otherwise.
    pub(crate) fn asked(headers: &HeaderMap) -> Self {
        let text = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let mut wanted: Vec<(u32, Self)> = text
            .unwrap_or_default()
            .split(',')
            .take(16)
            .filter_map(|range| {
                let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
                let primary = tag.trim().split('-').next().unwrap_or_default();
                let language = Self::of(&primary.to_ascii_lowercase())?;
                let weight = weight.trim().strip_prefix("q=").unwrap_or("1").trim();
                Some((thousandths(weight)?, language))
            })
            .filter(|(weight, _)| *weight > 0)
            .collect();
        // What was said first stays first among equals.
        wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wanted.first().map_or(Self::English, |(_, language)| *language)
    }
}

/// A quality value (`0.8`) in thousandths.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole: u32 = whole.parse().ok().filter(|whole| *whole <= 1)?;
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    Some((whole * 1000 + part.parse::<u32>().ok()?).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_that_is_wanted_most() {
        for (asked, tag) in [
            ("", "en"),
            ("fr", "fr"),
            ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
            ("en;q=0.3, fr;q=0.5", "fr"),
            ("de, fr;q=0.1", "fr"),
            ("de", "en"),
            ("fr;q=0, en;q=0.1", "en"),
            ("*", "en"),
            ("en, fr", "en"),
            ("fr;q=banana, en", "en"),
            ("FR", "fr"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, asked.parse().unwrap());
            assert_eq!(Language::asked(&headers).tag(), tag, "{asked}");
        }
    }
}
