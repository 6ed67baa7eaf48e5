//! Text on its way to people.

use render::package::fuzz::{attachment, cell, part};
use render::text::{html, one_line, visible, width, wrap};

/// Words that mean something to those who read them.
pub(super) const WORDS: &[&str] = &[
    "=1+1",
    "+",
    "-",
    "@SUM",
    "\t",
    "\r",
    "\n",
    "\0",
    "\u{ff1d}",
    "\u{ff0b}",
    "<script>",
    "\" onload=",
    "'",
    "&amp;",
    "javascript:",
    "\u{1b}[31m",
    "\u{1b}]8;;",
    "\u{9b}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "../",
    "..\\",
    "CON",
    "nul.txt",
    "\u{e0041}",
    "\u{65e5}",
    "\u{301}",
    ".exe",
    "/",
    "C:",
];

pub(super) fn shown(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let seen = visible(&text);
    assert_eq!(visible(&seen), seen, "what is visible stays as it is");
    assert!(!seen.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "a control");
    assert!(!seen.contains(is_turning), "a sign that turns its neighbours round");

    let line = one_line(&text);
    assert!(!line.contains(char::is_control) && !line.contains(is_turning), "one line, harmless");

    let page = html(&text);
    assert!(!page.contains(['<', '>', '"', '\'']), "markup in {page:?}");
    let bare = page
        .replace("&amp;", "")
        .replace("&lt;", "")
        .replace("&gt;", "")
        .replace("&quot;", "")
        .replace("&#39;", "");
    assert!(!bare.contains('&'), "a reference that we did not write in {page:?}");

    let columns = data.first().map_or(2, |byte| usize::from(*byte % 100));
    for broken in wrap(&line, columns) {
        assert!(width(&broken) <= columns.max(2), "a line keeps its width");
    }

    let (written, formula) = cell(&text);
    let held = unquoted(&written);
    let first = held.chars().find(|c| !c.is_whitespace());
    assert!(
        !matches!(
            first,
            Some('=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
        ),
        "a cell that begins a formula: {written:?}"
    );
    assert!(
        formula == held.starts_with('\'') || text.starts_with('\''),
        "an apostrophe is counted"
    );
    assert!(!held.starts_with(['\t', '\r', '\n', '\0']));

    let name = part(&text);
    assert!(!name.is_empty() && name != "." && name != ".." && !name.starts_with('.'), "{name:?}");
    for path in [name, attachment(7, &text, false), attachment(7, &text, true)] {
        let last = path.strip_prefix("files/").unwrap_or(&path);
        assert!(!last.contains(['/', '\\', ':', '\0', '<', '>', '|', '"', '?', '*']), "{path:?}");
        assert!(last.len() <= 255 && !last.ends_with(['.', ' ']), "{path:?}");
        assert!(!last.contains(|c: char| c.is_control() || is_turning(c)), "{path:?}");
    }
}

const fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// What a reader of RFC 4180 makes of one cell.
fn unquoted(cell: &str) -> String {
    match cell.strip_prefix('"') {
        Some(rest) => {
            let inner = rest.strip_suffix('"');
            assert!(inner.is_some(), "quotes that are opened are closed: {cell:?}");
            let inner = inner.unwrap_or_default();
            let whole = inner.replace("\"\"", "");
            assert!(!whole.contains('"'), "a quote ends the cell early: {cell:?}");
            inner.replace("\"\"", "\"")
        }
        None => {
            assert!(!cell.contains([',', '"', '\n', '\r']), "a cell that is two: {cell:?}");
            cell.to_owned()
        }
    }
}
