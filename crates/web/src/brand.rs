//! The organisation's colours and logo on the public pages.
//!
//! INVARIANT: a colour in which text could not be read (WCAG 2.2, 1.4.3: contrast 4.5) is refused
//! when the server starts. Light and dark paper are those of the one style sheet.

use std::path::Path;

use app::Centre;

use crate::Error;
use crate::assets::Own;

/// The contrast that text needs.
const CONTRAST: f64 = 4.5;
/// A logo is a picture for a line, not a poster.
const LARGEST: u64 = 512 * 1024;

/// Reads what an organisation adds to the pages.
pub(crate) fn read(folder: &Path, centre: &Centre) -> Result<Own, Error> {
    Ok(Own { colours: colours(centre)?, logo: logo(folder, centre)? })
}

/// The papers on which text stands: their names in the style sheet.
const PAPERS: [&str; 2] = ["paper", "card"];

fn colours(centre: &Centre) -> Result<Option<String>, Error> {
    let Some(light) = &centre.colour else {
        return match &centre.colour_dark {
            None => Ok(None),
            Some(_) => Err(Error::Setting(
                "`colour_dark` needs `colour` beside it in `[centre]` of upheld.toml".to_owned(),
            )),
        };
    };
    let dark = centre.colour_dark.as_ref().unwrap_or(light);
    let named = if centre.colour_dark.is_some() { "colour_dark" } else { "colour" };
    for (name, text, night) in [("colour", light, false), (named, dark, true)] {
        let colour = Colour::parse(text).ok_or_else(|| {
            Error::Setting(format!("`{name}`: `{text}` is no colour: write it as `#2f4bd8`"))
        })?;
        for paper in PAPERS {
            let Some(ground) = token(paper, night) else { continue };
            let contrast = colour.contrast(ground);
            if contrast < CONTRAST {
                let (ground, what) = if night {
                    ("dark", "give a lighter `colour_dark`")
                } else {
                    ("light", "choose a darker `colour`")
                };
                return Err(Error::Setting(format!(
                    "`{name}`: text in `{text}` on {ground} paper has a contrast of {contrast:.2}, \
                     and people need {CONTRAST}: {what} in `[centre]` of upheld.toml"
                )));
            }
        }
    }
    Ok(Some(format!(
        ":root{{--accent:{light}}}\n@media (prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}\n"
    )))
}

/// A colour of the style sheet, in light or dark.
fn token(name: &str, night: bool) -> Option<Colour> {
    let sheet = render::STYLE_SHEET;
    let (day, rest) = sheet.split_once("prefers-color-scheme:dark")?;
    let part = if night { rest } else { day };
    let (_, after) = part.split_once(&format!("--{name}:"))?;
    Colour::parse(after.split([';', '}']).next()?)
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Colour([u8; 3]);

impl Colour {
    /// `#rgb` or `#rrggbb`.
    fn parse(text: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> = text
            .trim()
            .strip_prefix('#')?
            .chars()
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        match digits?.as_slice() {
            [r, g, b] => Some(Self([r * 17, g * 17, b * 17])),
            [r, r2, g, g2, b, b2] => Some(Self([r * 16 + r2, g * 16 + g2, b * 16 + b2])),
            _ => None,
        }
    }

    /// Relative luminance, as WCAG 2.2 defines it.
    fn luminance(self) -> f64 {
        let linear = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        let [r, g, b] = linear;
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

/// The ending of a picture's name, its kind, and how its bytes begin.
const KINDS: [(&str, &str, &[u8]); 3] = [
    ("svg", "image/svg+xml", b"<"),
    ("png", "image/png", b"\x89PNG"),
    ("webp", "image/webp", b"RIFF"),
];

type Logo = (&'static str, &'static str, Vec<u8>);

fn logo(folder: &Path, centre: &Centre) -> Result<Option<Logo>, Error> {
    let Some(name) = &centre.logo else { return Ok(None) };
    let path = folder.join(name);
    let bad = |what: &str| Error::Setting(format!("`logo`: `{}` {what}", path.display()));
    let found =
        std::fs::metadata(&path).map_err(|error| bad(&format!("cannot be read: {error}")))?;
    if found.len() > LARGEST {
        return Err(bad("has more than 512 KiB: people on a telephone wait for it"));
    }
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let (ending, kind, begins) = KINDS
        .into_iter()
        .find(|(known, ..)| ending.eq_ignore_ascii_case(known))
        .ok_or_else(|| bad("is no SVG, PNG or WebP file by its name"))?;
    let bytes = std::fs::read(&path).map_err(|error| bad(&format!("cannot be read: {error}")))?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    if !text.trim_ascii_start().starts_with(begins) {
        return Err(bad("is not what its name says"));
    }
    Ok(Some((ending, kind, bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_what_the_guideline_says() {
        let contrast = |one: &str, two: &str| {
            Colour::parse(one).unwrap().contrast(Colour::parse(two).unwrap())
        };
        for (one, two, wanted) in [
            ("#000", "#fff", 21.0),
            ("#fff", "#ffffff", 1.0),
            ("#777777", "#ffffff", 4.48),
            ("#0000ff", "#ffffff", 8.59),
            ("#ff0000", "#ffffff", 4.0),
        ] {
            assert!((contrast(one, two) - wanted).abs() < 0.01, "{one} on {two}");
        }
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused_with_its_contrast() {
        let with = |colour: &str, dark: Option<&str>| {
            let centre = Centre {
                colour: Some(colour.to_owned()),
                colour_dark: dark.map(str::to_owned),
                ..Centre::default()
            };
            colours(&centre).map_err(|error| error.to_string())
        };
        assert!(with("#0b5cad", Some("#8ec5ff")).unwrap().unwrap().contains("#8ec5ff"));
        for (colour, dark, said) in [
            ("#ffcc00", None, "choose a darker `colour`"),
            ("#003366", None, "give a lighter `colour_dark`"),
            ("#003366", Some("#333333"), "`colour_dark`: text in `#333333` on dark paper"),
            ("blue", None, "is no colour"),
            ("#12345g", None, "is no colour"),
        ] {
            let error = with(colour, dark).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn the_papers_are_read_from_the_style_sheet() {
        for night in [false, true] {
            assert!(PAPERS.iter().all(|paper| token(paper, night).is_some()));
        }
        assert_ne!(token("paper", false), token("paper", true));
    }

    #[test]
    fn a_logo_is_what_its_name_says() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes, fine) in [
            ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice(), true),
            ("logo.png", b"\x89PNG\r\n", true),
            ("other.png", b"<html>", false),
            ("logo.gif", b"GIF89a", false),
        ] {
            std::fs::write(folder.path().join(name), bytes).unwrap();
            let centre = Centre { logo: Some(name.into()), ..Centre::default() };
            assert_eq!(logo(folder.path(), &centre).is_ok(), fine, "{name}");
        }
        let missing = Centre { logo: Some("none.svg".into()), ..Centre::default() };
        assert!(logo(folder.path(), &missing).is_err());
    }
}
