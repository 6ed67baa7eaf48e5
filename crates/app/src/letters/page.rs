//! The few signs of Markdown that letters have, as text and as HTML: paragraphs, lists that begin with
//! `- `, lines that stand in by four spaces and stay as they are, and an address of the web alone on its
//! line, which becomes a link.

use render::text::{push_html, wrap};

use super::said::Language;

/// The width of a line of text, as mail has it.
const WIDTH: usize = 76;

enum Block<'b> {
    Paragraph(String),
    Items(Vec<String>),
    Kept(Vec<&'b str>),
    Link(&'b str),
}

fn blocks(body: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut after_blank = true;
    for line in body.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            after_blank = true;
            continue;
        }
        let kept = line.strip_prefix("    ");
        match (blocks.last_mut(), kept, trimmed.strip_prefix("- ")) {
            (Some(Block::Kept(lines)), Some(kept), _) => lines.push(kept.trim_end()),
            (_, Some(kept), _) if after_blank => blocks.push(Block::Kept(vec![kept.trim_end()])),
            (Some(Block::Items(items)), _, Some(item)) => items.push(item.to_owned()),
            (_, _, Some(item)) => blocks.push(Block::Items(vec![item.to_owned()])),
            (Some(Block::Items(items)), _, None) if !after_blank => {
                if let Some(last) = items.last_mut() {
                    last.push(' ');
                    last.push_str(trimmed);
                }
            }
            (Some(Block::Paragraph(text)), _, None) if !after_blank => {
                text.push(' ');
                text.push_str(trimmed);
            }
            _ if is_link(trimmed) => blocks.push(Block::Link(trimmed)),
            _ => blocks.push(Block::Paragraph(trimmed.to_owned())),
        }
        after_blank = false;
    }
    blocks
}

fn is_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !text.contains(char::is_whitespace))
}

/// As plain text.
pub(super) fn text(body: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for block in blocks(body) {
        parts.push(match block {
            Block::Paragraph(text) => wrap(&text, WIDTH).join("\n"),
            Block::Items(items) => {
                let item = |item: &String| format!("- {}", wrap(item, WIDTH - 2).join("\n  "));
                items.iter().map(item).collect::<Vec<_>>().join("\n")
            }
            Block::Kept(lines) => {
                lines.iter().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
            }
            Block::Link(link) => link.to_owned(),
        });
    }
    parts.join("\n\n") + "\n"
}

/// As HTML that is whole in itself: no picture, no script, nothing that is fetched.
pub(super) fn html(body: &str, language: Language) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"></head>\n<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em\">\n",
        language.key()
    );
    for block in blocks(body) {
        match block {
            Block::Paragraph(text) => element(&mut out, "p", &text),
            Block::Items(items) => {
                out.push_str("<ul>\n");
                for item in &items {
                    element(&mut out, "li", item);
                }
                out.push_str("</ul>\n");
            }
            Block::Kept(lines) => element(&mut out, "pre", &lines.join("\n")),
            Block::Link(link) => {
                out.push_str("<p><a href=\"");
                push_html(&mut out, link);
                out.push_str("\">");
                push_html(&mut out, link);
                out.push_str("</a></p>\n");
            }
        }
    }
    out.push_str("</body></html>\n");
    out
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>"));
    push_html(out, text);
    out.push_str(&format!("</{name}>\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_the_same_as_text_and_as_html() {
        let body = "Hello\nyou,\n\n    7QMX-42KD\n\n- one\n- two\n  and more\n\nhttps://a.example/?b=1&c=\"2\"\n\nBye <script>alert(1)</script>";
        assert_eq!(
            text(body),
            "Hello you,\n\n    7QMX-42KD\n\n- one\n- two and more\n\nhttps://a.example/?b=1&c=\"2\"\n\nBye <script>alert(1)</script>\n"
        );
        let page = html(body, Language::Fr);
        for part in [
            "<html lang=\"fr\">",
            "<p>Hello you,</p>",
            "<pre>7QMX-42KD</pre>",
            "<li>two and more</li>",
            "<a href=\"https://a.example/?b=1&amp;c=&quot;2&quot;\">",
            "&lt;script&gt;",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert!(!page.contains("<script"));
    }
}
