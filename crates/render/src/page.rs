//! The shell of every page: one style sheet, no script, nothing loaded from anywhere.

use std::fmt::Write as _;

use crate::text::push_html;
use crate::words;

/// The style sheet of all pages: tokens, light and dark, print.
pub const CSS: &str = include_str!("page.css");
/// Its SHA-256 in base 64, for the pages' content security policy. A test keeps it true.
const CSS_HASH: &str = include_str!("page.css.sha256");

/// Opens a page up to and including `<body>`.
pub(crate) fn open(out: &mut String, title: &str, class: &str) {
    out.push_str("<!doctype html>\n<html lang=\"");
    out.push_str(words::LANGUAGE);
    out.push_str("\">\n<head>\n<meta charset=\"utf-8\">\n");
    // The style sheet is named by its hash: not even a style that slipped through would apply.
    out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
    out.push_str(CSS_HASH.trim());
    out.push_str("'; base-uri 'none'; form-action 'none'\">\n");
    out.push_str("<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    push_html(out, title);
    out.push_str("</title>\n<style>");
    out.push_str(CSS);
    out.push_str("</style>\n</head>\n<body class=\"");
    out.push_str(class);
    out.push_str("\">\n");
}

/// Closes a page.
pub(crate) fn close(out: &mut String) {
    out.push_str("</body>\n</html>\n");
}

/// An element around text: `<tag class>text</tag>`. `open` is our own markup, `text` anyone's.
pub(crate) fn element(out: &mut String, open: &str, text: &str) {
    out.push('<');
    out.push_str(open);
    out.push('>');
    push_html(out, text);
    out.push_str("</");
    out.push_str(open.split(' ').next().unwrap_or(open));
    out.push_str(">\n");
}

/// A sentence of our own in which names stand between backticks, as in the terminal.
pub(crate) fn told(out: &mut String, tag: &str, text: &str) {
    let _ = writeln!(
        out,
        "<{tag}>{}</{}>",
        crate::text::told(text),
        tag.split(' ').next().unwrap_or(tag)
    );
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_names_the_style_sheet_that_is_in_the_page() {
        let hash = crate::text::base64(&Sha256::digest(super::CSS));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/page.css.sha256");
            std::fs::write(path, format!("{hash}\n")).unwrap();
        }
        assert!(super::CSS.is_ascii() && !super::CSS.contains("url("));
        assert_eq!(super::CSS_HASH.trim(), hash, "run the tests twice with UPDATE_GOLDEN=1");
    }
}
