//! Colour in the terminal, on or off. Never the only sign: each state has a shape and a word too.

use crate::coverage::State;

/// Whether the terminal gets colour. The binary decides; this room only asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    colour: bool,
}

/// What a piece of terminal text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    Plain,
    Strong,
    Quiet,
    Good,
    Near,
    Bad,
}

impl Style {
    /// No colour: pipes, files, `NO_COLOR`.
    pub const PLAIN: Self = Self { colour: false };
    /// Colour: a terminal.
    pub const COLOURED: Self = Self { colour: true };

    /// Headings and figures that count.
    pub fn strong(self, text: &str) -> String {
        self.paint(Paint::Strong, text)
    }

    /// What may be skipped.
    pub fn quiet(self, text: &str) -> String {
        self.paint(Paint::Quiet, text)
    }

    /// Text in the colour of a state.
    pub fn state(self, state: State, text: &str) -> String {
        self.paint(Paint::of(state), text)
    }

    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        let code = match paint {
            Paint::Plain => return text.to_owned(),
            Paint::Strong => "1",
            Paint::Quiet => "2",
            Paint::Good => "32",
            Paint::Near => "33",
            Paint::Bad => "1;31",
        };
        if self.colour && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

impl Paint {
    pub(crate) const fn of(state: State) -> Self {
        match state {
            State::Upheld => Self::Good,
            State::AtRisk => Self::Near,
            State::Broken => Self::Bad,
            State::Unproven => Self::Quiet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_can_be_off() {
        assert_eq!(Style::PLAIN.state(State::Broken, "✕ broken"), "✕ broken");
        assert_eq!(Style::COLOURED.strong("x"), "\u{1b}[1mx\u{1b}[0m");
        assert_eq!(Style::COLOURED.strong(""), "");
    }
}
