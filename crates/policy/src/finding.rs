//! What is wrong, where, and what to write instead.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::yaml::Place;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The policy cannot be used.
    Error,
    /// Something was guessed and only a person can say whether it is so.
    Question,
    /// It can be used, and is probably not what was meant.
    Warning,
}

impl Severity {
    /// The word printed before the message.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Question => "question",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong with a policy folder, or that a person must answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// The file, relative to the folder.
    pub file: String,
    /// The line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// How many characters are meant.
    pub length: usize,
    /// The line itself.
    pub quote: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// A stable name of the kind of finding (`unknown-key`).
    pub code: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self, false, usize::MAX))
    }
}

/// A longer line is not quoted: a thousand findings in one line of a megabyte would be a thousand
/// megabytes.
const LONGEST_QUOTE: usize = 4_000;
/// So many findings are enough to begin with.
pub(crate) const MOST_FINDINGS: usize = 5_000;
/// A longer word is no slip of the finger.
const LONGEST_WORD: usize = 100;

/// The text of one file and its name: makes findings that quote it.
#[derive(Debug, Clone)]
pub(crate) struct Page<'a> {
    pub(crate) file: &'a str,
    text: &'a str,
    /// Where each line begins, so that a finding costs no walk through the file.
    lines: Arc<[usize]>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { file, text, lines: std::iter::once(0).chain(breaks).collect() }
    }

    fn line(&self, number: usize) -> Option<&'a str> {
        let start = *self.lines.get(number.checked_sub(1)?)?;
        self.text.get(start..)?.lines().next()
    }

    pub(crate) fn finding(
        &self,
        severity: Severity,
        code: &'static str,
        at: Place,
        message: String,
        help: Option<String>,
    ) -> Finding {
        let quote = self
            .line(at.line)
            .filter(|line| line.len() <= LONGEST_QUOTE)
            .map(|line| line.trim_end_matches('\r').to_owned())
            .unwrap_or_default();
        let rest = quote.trim_end().chars().count().saturating_sub(at.column.saturating_sub(1));
        Finding {
            severity,
            file: self.file.to_owned(),
            line: at.line,
            column: at.column,
            length: at.length.min(rest).max(1),
            quote,
            message,
            help,
            code,
        }
    }
}

/// Adds a finding while there are not too many already.
pub(crate) fn add(findings: &mut Vec<Finding>, finding: impl FnOnce() -> Finding) {
    if findings.len() < MOST_FINDINGS {
        findings.push(finding());
    }
}

/// Says so where findings were left out.
///
/// INVARIANT: it is an error, because what was left out may have been one.
pub(crate) fn close(findings: &mut Vec<Finding>) {
    if findings.len() >= MOST_FINDINGS {
        findings.truncate(MOST_FINDINGS);
        let message = format!("there are more than {MOST_FINDINGS} findings");
        let help = Some("mend these, and the others are shown".to_owned());
        findings.push(about_file(Severity::Error, "too-many", "policy.yaml", message, help));
    }
}

/// A finding about a file as a whole.
pub(crate) fn about_file(
    severity: Severity,
    code: &'static str,
    file: &str,
    message: String,
    help: Option<String>,
) -> Finding {
    Finding {
        severity,
        file: file.to_owned(),
        line: 0,
        column: 0,
        length: 0,
        quote: String::new(),
        message,
        help,
        code,
    }
}

/// Prints findings for a terminal of this many columns, errors first, then by place, with a line
/// that counts them.
///
/// Nothing from a file reaches the terminal as a control sequence.
pub fn render(findings: &[Finding], colour: bool, width: usize) -> String {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| {
        (finding.severity, finding.file.as_str(), finding.line, finding.column)
    });
    let mut out = String::new();
    for finding in &sorted {
        out.push_str(&print(finding, colour, width));
        out.push('\n');
    }
    if !sorted.is_empty() {
        let count = |severity: Severity| sorted.iter().filter(|f| f.severity == severity).count();
        let parts: Vec<String> = [Severity::Error, Severity::Question, Severity::Warning]
            .into_iter()
            .filter(|severity| count(*severity) > 0)
            .map(|severity| {
                let many = count(severity);
                format!("{many} {}{}", severity.word(), if many == 1 { "" } else { "s" })
            })
            .collect();
        out.push_str(&parts.join(", "));
        out.push('\n');
    }
    out
}

fn print(finding: &Finding, colour: bool, width: usize) -> String {
    let paint = |codes: &str, text: &str| {
        if colour { format!("\u{1b}[{codes}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let mark = match finding.severity {
        Severity::Error => "1;31",
        Severity::Question => "1;36",
        Severity::Warning => "1;33",
    };
    let head = format!("{}[{}]", finding.severity.word(), finding.code);
    let message = wrap(&printable(&finding.message), width, head.chars().count() + 2, 2);
    let mut out = format!("{}: {}\n", paint(mark, &head), paint("1", &message));
    let digits = finding.line.to_string().len();
    let pad = " ".repeat(digits);
    if finding.line == 0 {
        out.push_str(&format!(" {} {}\n", paint("34", "-->"), printable(&finding.file)));
    } else {
        out.push_str(&format!(
            "{pad}{} {}:{}:{}\n",
            paint("34", "-->"),
            printable(&finding.file),
            finding.line,
            finding.column
        ));
        let bar = paint("34", "|");
        let window = window(finding, width.saturating_sub(digits + 4));
        out.push_str(&format!("{pad} {bar}\n"));
        out.push_str(&format!(
            "{} {bar} {}\n",
            paint("34", &finding.line.to_string()),
            window.line
        ));
        let caret = paint(mark, &"^".repeat(window.length));
        out.push_str(&format!("{pad} {bar} {}{caret}\n", " ".repeat(window.before)));
    }
    if let Some(help) = &finding.help {
        let help = wrap(&printable(help), width, digits + 9, digits + 9);
        out.push_str(&format!("{pad} {} {}: {help}\n", paint("34", "="), paint("1", "help")));
    }
    out
}

struct Window {
    line: String,
    before: usize,
    length: usize,
}

/// The part of the line around the place that fits, so that a long line cannot hide the caret.
fn window(finding: &Finding, room: usize) -> Window {
    let room = room.max(24);
    let chars: Vec<char> = printable(&finding.quote).chars().collect();
    let start = finding.column.saturating_sub(1).min(chars.len());
    let length = finding.length.max(1);
    if chars.len() <= room {
        let length = length.min(chars.len().saturating_sub(start).max(1));
        return Window { line: chars.into_iter().collect(), before: start, length };
    }
    let from = if start + length.min(room / 2) < room { 0 } else { start.saturating_sub(room / 4) };
    let lead = if from > 0 { "…" } else { "" };
    let text: String = chars.iter().skip(from).take(room - 2).collect();
    let tail = if from + room - 2 < chars.len() { "…" } else { "" };
    let before = start - from + lead.chars().count();
    Window {
        line: format!("{lead}{text}{tail}"),
        before,
        length: length.min(room.saturating_sub(before)).max(1),
    }
}

fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() || is_direction_mark(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Marks that reorder what a terminal shows.
const fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn wrap(text: &str, width: usize, first: usize, indent: usize) -> String {
    if width == usize::MAX {
        return text.to_owned();
    }
    let width = width.max(40);
    let mut out = String::new();
    let mut column = first;
    for (index, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if index > 0 {
            if column + 1 + length > width {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                column = indent;
            } else {
                out.push(' ');
                column += 1;
            }
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// The valid word that is nearest to what was written, if it is near enough to be meant.
pub fn nearest<'a, I>(word: &str, valid: I) -> Option<&'a str>
where
    I: IntoIterator<Item = &'a str>,
{
    if word.len() > LONGEST_WORD {
        return None;
    }
    let lower = word.to_lowercase();
    valid
        .into_iter()
        .map(|candidate| {
            let distance =
                strsim::normalized_damerau_levenshtein(&lower, &candidate.to_lowercase());
            let last = |s: &str| s.rsplit('.').next().map(str::to_lowercase);
            let same_end = last(word) == last(candidate) && last(word).is_some_and(|w| w.len() > 3);
            let score = if same_end { distance.max(0.75) } else { distance };
            (score, candidate)
        })
        .filter(|(score, _)| *score >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?", if a valid word is near.
pub(crate) fn did_you_mean<'a, I>(word: &str, valid: I) -> Option<String>
where
    I: IntoIterator<Item = &'a str>,
{
    nearest(word, valid).map(|near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Finding {
        let page = Page::new("policy.yaml", "organisation:\n  nmae: Acme\u{1b}[31m\n");
        page.finding(
            Severity::Error,
            "unknown-key",
            Place { line: 2, column: 3, length: 4 },
            "`nmae` is not a key of `organisation`".to_owned(),
            did_you_mean("nmae", ["name", "country"]),
        )
    }

    #[test]
    fn a_finding_points_at_the_word() {
        assert_eq!(
            sample().to_string(),
            "error[unknown-key]: `nmae` is not a key of `organisation`\n \
             --> policy.yaml:2:3\n  |\n2 |   nmae: Acme\u{fffd}[31m\n  |   ^^^^\n  \
             = help: did you mean `name`?\n"
        );
    }

    #[test]
    fn many_findings_in_a_long_line_take_no_room() {
        let line = "{".to_owned() + &"a: 1, ".repeat(50_000) + "}";
        let text = format!("first\n{line}\nlast");
        let page = Page::new("policy.yaml", &text);
        let mut findings = Vec::new();
        for column in 1..2 * MOST_FINDINGS {
            let at = Place { line: 2, column, length: 1 };
            add(&mut findings, || {
                page.finding(Severity::Warning, "x", at, "wrong".to_owned(), None)
            });
        }
        close(&mut findings);
        let size: usize = findings.iter().map(|finding| finding.quote.len()).sum();
        assert_eq!((findings.len(), size), (MOST_FINDINGS + 1, 0));
        let last = findings.last().unwrap();
        assert_eq!((last.code, last.severity), ("too-many", Severity::Error));
        let at = Place { line: 3, column: 1, length: 4 };
        let last = page.finding(Severity::Error, "x", at, "wrong".to_owned(), None);
        assert_eq!((last.quote.as_str(), last.length), ("last", 4));
        assert!(render(&findings, false, 80).len() < 1_000_000);
        assert_eq!(nearest(&"a".repeat(1_000_000), ["aaa"]), None);
    }

    #[test]
    fn colour_and_width_change_nothing_but_the_look() {
        let text = render(&[sample()], true, 60);
        assert!(text.contains("\u{1b}[1;31m"));
        assert!(text.ends_with("1 error\n"));
        let mut long = sample();
        long.quote = format!("{}word{}", "x".repeat(300), "y".repeat(300));
        (long.column, long.length) = (301, 4);
        let text = render(&[long], false, 80);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        let caret = lines.iter().find(|line| line.contains('^')).unwrap();
        let at = caret.find('^').unwrap();
        let quoted: String = lines[3].chars().skip(at).take(4).collect();
        assert_eq!(quoted, "word");
    }
}
