//! The words of an HTML page. Not a browser: enough to read a published notice, in linear time,
//! whatever the page holds.

use crate::text::{Block, Text};

/// Reads a page, or a piece of one that stands at this byte of its source. If the page marks its
/// main part, only that is read: menus and footers are no promises.
pub(crate) fn read(source: &str, base: usize, text: &mut Text) {
    let lower = source.to_ascii_lowercase();
    let (from, to) = match lower.find("<main") {
        Some(start) => (start, lower.rfind("</main").unwrap_or(source.len())),
        None => (0, source.len()),
    };
    let to = to.max(from);
    let mut at = from;
    while at < to {
        let Some(rest) = source.get(at..to) else { break };
        if rest.starts_with("<!--") {
            at = after(source, at, "-->");
        } else if rest.starts_with('<') && begins_tag(rest) {
            let end = after(source, at, ">");
            let name = tag_name(&lower, at);
            if let Some(close) = hidden_until(name) {
                at = lower
                    .get(end..)
                    .and_then(|rest| rest.find(close))
                    .map_or(to, |found| end + found);
                at = if at < to { after(source, at, ">") } else { to };
                continue;
            }
            tag(name, base + at, text);
            at = end;
        } else if rest.starts_with('&') {
            let (letters, length) = entity(rest);
            letters.chars().for_each(|letter| text.push(letter, base + at));
            at += length;
        } else {
            let Some(letter) = rest.chars().next() else { break };
            text.push(letter, base + at);
            at += letter.len_utf8();
        }
    }
}

fn begins_tag(rest: &str) -> bool {
    rest.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

fn after(source: &str, at: usize, mark: &str) -> usize {
    source
        .get(at..)
        .and_then(|rest| rest.find(mark))
        .map_or(source.len(), |found| at + found + mark.len())
}

fn tag_name(lower: &str, at: usize) -> &str {
    let rest = lower.get(at + 1..).unwrap_or_default();
    let slash = usize::from(rest.starts_with('/'));
    let letters = rest.chars().skip(slash).take_while(|c| c.is_ascii_alphanumeric()).count();
    rest.get(..slash + letters).unwrap_or_default()
}

fn hidden_until(name: &str) -> Option<&'static str> {
    Some(match name {
        "script" => "</script",
        "style" => "</style",
        "template" => "</template",
        "title" => "</title",
        "svg" => "</svg",
        "textarea" => "</textarea",
        "select" => "</select",
        "noscript" => "</noscript",
        _ => return None,
    })
}

fn tag(name: &str, at: usize, text: &mut Text) {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => text.begin(Block::Heading),
        "li" | "td" | "th" | "dt" | "dd" => text.begin(Block::Item),
        "p" | "blockquote" | "pre" => text.begin(Block::Paragraph),
        "br" => text.push(' ', at),
        "div" | "/div" | "section" | "/section" | "article" | "/article" | "ul" | "/ul" | "ol"
        | "/ol" | "/li" | "/p" | "table" | "/table" | "tr" | "/tr" | "/td" | "/th" | "/h1"
        | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" | "header" | "/header" | "footer" | "/footer"
        | "nav" | "/nav" | "main" | "/main" | "aside" | "/aside" | "hr" | "dl" | "/dl" | "/dt"
        | "/dd" | "figure" | "/figure" | "details" | "/details" | "summary" | "/summary"
        | "body" | "/body" | "head" | "/head" | "html" | "form" | "/form" | "/pre"
        | "/blockquote" => text.end_block(),
        _ => {}
    }
}

/// The letters of a character reference and its length in the source.
fn entity(rest: &str) -> (String, usize) {
    let plain = || ("&".to_owned(), 1);
    let Some(end) = rest.char_indices().take(34).find(|(_, c)| *c == ';').map(|(at, _)| at) else {
        return plain();
    };
    let Some(name) = rest.get(1..end) else { return plain() };
    let letters = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        code.ok().and_then(char::from_u32).map(String::from)
    } else {
        named(name).map(str::to_owned)
    };
    letters.map_or_else(plain, |letters| (letters, end + 1))
}

/// The references that prose uses; `nfkd` and the folding take care of what they become.
fn named(name: &str) -> Option<&'static str> {
    const NAMES: &str = "amp& lt< gt> quot\" apos' hellip… mdash— ndash– minus− lsquo‘ rsquo’ \
        sbquo‚ ldquo“ rdquo” bdquo„ laquo« raquo» lsaquo‹ rsaquo› bull• middot· copy© reg® trade™ \
        deg° sect§ para¶ euro€ pound£ yen¥ cent¢ \
        Agrave\u{c0} Aacute\u{c1} Acirc\u{c2} Atilde\u{c3} Auml\u{c4} Aring\u{c5} AElig\u{c6} \
        Ccedil\u{c7} Egrave\u{c8} Eacute\u{c9} Ecirc\u{ca} Euml\u{cb} Iacute\u{cd} Ntilde\u{d1} \
        Oacute\u{d3} Ocirc\u{d4} Ouml\u{d6} Oslash\u{d8} Uacute\u{da} Uuml\u{dc} szlig\u{df} \
        agrave\u{e0} aacute\u{e1} acirc\u{e2} atilde\u{e3} auml\u{e4} aring\u{e5} aelig\u{e6} \
        ccedil\u{e7} egrave\u{e8} eacute\u{e9} ecirc\u{ea} euml\u{eb} igrave\u{ec} iacute\u{ed} \
        icirc\u{ee} iuml\u{ef} ntilde\u{f1} ograve\u{f2} oacute\u{f3} ocirc\u{f4} otilde\u{f5} \
        ouml\u{f6} oslash\u{f8} ugrave\u{f9} uacute\u{fa} ucirc\u{fb} uuml\u{fc} yuml\u{ff} \
        OElig\u{152} oelig\u{153} times\u{d7} rarr\u{2192} larr\u{2190}";
    match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" => return Some(" "),
        "shy" | "zwnj" | "zwj" | "lrm" | "rlm" => return Some(""),
        _ => {}
    }
    NAMES.split(' ').find_map(|entry| {
        let rest = entry.strip_prefix(name)?;
        (rest.chars().count() == 1).then_some(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Form;

    #[test]
    fn pages_of_any_kind_give_their_words() {
        for (page, words) in [
            ("<nav>Menu</nav><main><p>a &amp; b</p></main><footer>x</footer>", "a & b"),
            ("1 < 2 & 3 &unknown; &eacute;", "1 < 2 & 3 &unknown; e\u{301}"),
            ("<p>a<p>b<br>c", "a b c"),
            ("<script>if (a<b) {}</script>x", "x"),
            ("<!-- <p>no</p> -->x<style>p{}</style>", "x"),
            ("<p unclosed", ""),
            ("&#0;&#xD800;&#8217;", "&#0;&#xD800;'"),
        ] {
            let text = Text::read(page, Form::Html);
            assert_eq!(
                text.folded.trim_start_matches('\0').replace('\0', ""),
                words.replace("&#0;", ""),
                "{page}"
            );
        }
    }

    #[test]
    fn hostile_pages_take_linear_time() {
        let page = "<".repeat(200_000) + &"&".repeat(200_000) + &"<!--".repeat(50_000);
        assert!(!Text::read(&page, Form::Html).folded.is_empty());
    }
}
