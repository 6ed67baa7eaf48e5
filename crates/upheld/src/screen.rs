//! What a person sees: results on standard output, everything else on standard error.
//!
//! INVARIANT: whatever is printed passes through `terminal` or `terminal_json` here: no control that
//! is not ours reaches a terminal, wherever the text came from.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use render::Style;
use render::text::{one_line, terminal, terminal_json, visible};

/// The terminal, or whatever stands in its place.
pub(crate) struct Screen {
    pub(crate) json: bool,
    quiet: bool,
    colour: bool,
    indent: &'static str,
    bar: ProgressBar,
}

impl Screen {
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        #[allow(clippy::disallowed_methods)]
        let plain = std::env::var_os("NO_COLOR").is_some();
        let bar = if quiet || json || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                bar.set_style(style);
            }
            bar
        };
        Self { json, quiet, colour: std::io::stdout().is_terminal() && !plain, indent: "", bar }
    }

    /// The same screen, a step to the right.
    pub(crate) fn indented(&self) -> Self {
        Self {
            json: self.json,
            quiet: self.quiet,
            colour: self.colour,
            indent: "  ",
            bar: self.bar.clone(),
        }
    }

    /// How text is styled on standard output.
    pub(crate) fn style(&self) -> Style {
        if self.colour { Style::COLOURED } else { Style::PLAIN }
    }

    /// Without any power over the terminal; our colours stay where there are some.
    fn tamed(&self, text: &str) -> String {
        if self.colour { terminal(text) } else { visible(text).into_owned() }
    }

    /// A line of the answer.
    pub(crate) fn say(&self, text: &str) {
        if self.json {
            return;
        }
        self.bar.suspend(|| {
            // A closed pipe is the reader's way of saying "enough".
            let text = self.tamed(text);
            drop(writeln!(std::io::stdout().lock(), "{}{text}", self.indent));
        });
    }

    /// The answer as JSON.
    pub(crate) fn json(&self, value: &serde_json::Value) {
        if self.json {
            let text = serde_json::to_string_pretty(value).unwrap_or_default();
            drop(writeln!(std::io::stdout().lock(), "{}", terminal_json(&text)));
        }
    }

    /// One of several answers, as a line of JSON.
    pub(crate) fn json_line(&self, value: &serde_json::Value) {
        if self.json {
            let text = serde_json::to_string(value).unwrap_or_default();
            drop(writeln!(std::io::stdout().lock(), "{}", terminal_json(&text)));
        }
    }

    /// A remark beside the answer.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            let text = self.tamed(text);
            self.bar.suspend(|| drop(writeln!(std::io::stderr().lock(), "{}{text}", self.indent)));
        }
    }

    /// An error.
    pub(crate) fn error(&self, text: &str) {
        self.bar.finish_and_clear();
        drop(writeln!(std::io::stderr().lock(), "upheld: {}", visible(text)));
    }

    /// A use case that did not come about.
    pub(crate) fn failed(&self, error: &app::Error) {
        if let Some(report) = error.report() {
            self.bar.finish_and_clear();
            drop(writeln!(std::io::stderr().lock(), "{}", terminal(report)));
        }
        self.error(&error.to_string());
        if self.json {
            self.json(&serde_json::json!({ "error": error.to_string() }));
        }
    }

    /// Shows that something goes on.
    pub(crate) fn busy(&self, text: &str) {
        self.bar.set_message(text.to_owned());
        self.bar.enable_steady_tick(Duration::from_millis(120));
    }

    /// Nothing goes on any more.
    pub(crate) fn calm(&self) {
        self.bar.finish_and_clear();
    }

    /// A listener for the engine.
    pub(crate) fn listener(&self) -> Arc<dyn engine::Progress> {
        Arc::new(Listener { bar: self.bar.clone(), now: std::sync::Mutex::new((String::new(), 0)) })
    }

    /// Asks for a yes. Without a terminal the answer is no.
    pub(crate) fn ask(&self, question: &str) -> bool {
        if self.json || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return false;
        }
        self.bar.finish_and_clear();
        drop(write!(std::io::stderr().lock(), "{} ", visible(question)));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).is_ok() && answer.trim() == "yes"
    }

    /// Asks for a password, from the terminal without showing it, or from standard input.
    pub(crate) fn password(&self, question: &str) -> Option<String> {
        if std::io::stdin().is_terminal() {
            return rpassword::prompt_password(format!("{question} ")).ok();
        }
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).ok()?;
        Some(line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

/// Shows the engine's progress.
struct Listener {
    bar: ProgressBar,
    now: std::sync::Mutex<(String, u64)>,
}

impl engine::Progress for Listener {
    fn step(&self, system: &str, doing: &str) {
        let text = one_line(&format!("{system}: {doing}"));
        self.bar.set_message(text.clone());
        self.bar.enable_steady_tick(Duration::from_millis(120));
        if let Ok(mut now) = self.now.lock() {
            *now = (text, 0);
        }
    }

    fn rows(&self, read: u64) {
        if let Ok(mut now) = self.now.lock() {
            now.1 += read;
            self.bar.set_message(format!("{}, {} rows", now.0, render::words::number(now.1)));
        }
    }
}
