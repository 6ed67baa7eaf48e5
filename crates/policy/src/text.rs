//! The readable text of a document, in a form in which two spellings of the same words are equal,
//! and the way back to the place in the source.
//!
//! Equal means: white space and line wraps, typographic quotation marks, dashes, ellipses,
//! ligatures, soft hyphens, accents written as one or two characters, and everything that is
//! markup rather than words make no difference. Letter case does.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_normalization::UnicodeNormalization;

use crate::html;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// Plain text.
    Plain,
}

impl Form {
    /// By the ending of the file's name; `None` for one that is no notice.
    pub fn of(file: &str) -> Option<Self> {
        let (_, ending) = file.rsplit_once('.')?;
        Some(match ending.to_lowercase().as_str() {
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" => Self::Html,
            "txt" => Self::Plain,
            _ => return None,
        })
    }
}

/// What a stretch of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Block {
    Heading,
    Paragraph,
    Item,
}

/// Where one byte of the folded text comes from.
#[derive(Debug, Clone, Copy)]
struct Origin {
    source: usize,
    shown: usize,
}

/// Readable text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    /// The folded text: what is compared.
    pub(crate) folded: String,
    /// The same text as people read it.
    shown: String,
    origins: Vec<Origin>,
    /// Stretches of `folded`.
    pub(crate) blocks: Vec<(Block, std::ops::Range<usize>)>,
    open: Option<(Block, usize)>,
    /// A space that is due before the next letter.
    gap: Option<usize>,
}

impl Text {
    /// Reads a document.
    pub(crate) fn read(source: &str, form: Form) -> Self {
        let mut text = Self::default();
        match form {
            Form::Markdown => markdown(source, &mut text),
            Form::Html => html::read(source, 0, &mut text),
            Form::Plain => plain(source, &mut text),
        }
        text.end_block();
        text
    }

    /// Begins a block; letters outside of blocks begin a paragraph by themselves.
    pub(crate) fn begin(&mut self, block: Block) {
        self.end_block();
        self.open = Some((block, self.folded.len()));
    }

    pub(crate) fn end_block(&mut self) {
        if let Some((block, start)) = self.open.take() {
            let end = self.folded.len();
            let blank = self.folded.get(start..end).is_none_or(|text| text.trim().is_empty());
            if !blank {
                let skip =
                    usize::from(self.folded.get(start..).is_some_and(|t| t.starts_with(' ')));
                self.blocks.push((block, start + skip..end));
            }
        }
        self.gap = (!self.folded.is_empty()).then(|| self.origins.last().map_or(0, |o| o.source));
    }

    pub(crate) fn push_str(&mut self, text: &str, at: usize) {
        for (offset, letter) in text.char_indices() {
            self.push(letter, at + offset);
        }
    }

    /// Adds a letter that stands at this byte of the source.
    pub(crate) fn push(&mut self, letter: char, at: usize) {
        if letter.is_whitespace() {
            if self.open.is_some() && !self.folded.is_empty() {
                self.gap = self.gap.or(Some(at));
            }
            return;
        }
        if is_invisible(letter) {
            return;
        }
        if self.open.is_none() {
            self.begin(Block::Paragraph);
        }
        if let Some(gap) = self.gap.take()
            && !self.folded.is_empty()
        {
            self.add(' ', gap);
            self.shown.push(' ');
        }
        let before = self.folded.len();
        match letter {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '\u{00b4}' | '`' => {
                self.add('\'', at);
            }
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' | '«' | '»' => {
                self.add('"', at);
            }
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '-' => {
                // `--` in Markdown is what a dash is in print.
                if !self.folded.ends_with('-') {
                    self.add('-', at);
                }
            }
            other => {
                for part in std::iter::once(other).nfkd() {
                    if part.is_whitespace() {
                        self.add(' ', at);
                    } else {
                        self.add(part, at);
                    }
                }
            }
        }
        if self.folded.len() > before {
            self.shown.push(letter);
        }
    }

    fn add(&mut self, letter: char, source: usize) {
        self.folded.push(letter);
        let origin = Origin { source, shown: self.shown.len() };
        self.origins.extend(std::iter::repeat_n(origin, letter.len_utf8()));
    }

    /// The place in the source of a byte of the folded text.
    pub(crate) fn source_of(&self, folded: usize) -> usize {
        self.origins.get(folded).or(self.origins.last()).map_or(0, |origin| origin.source)
    }

    /// A stretch of the folded text as people read it.
    pub(crate) fn shown(&self, range: std::ops::Range<usize>) -> &str {
        let start = self.origins.get(range.start).map_or(0, |origin| origin.shown);
        let end = self.origins.get(range.end).map_or(self.shown.len(), |origin| origin.shown);
        self.shown.get(start..end).unwrap_or_default().trim()
    }
}

/// Folds text that has no markup.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = Text::default();
    folded.push_str(text, 0);
    folded.folded
}

fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{202a}'..='\u{202e}'
    ) || letter.is_control()
}

fn markdown(source: &str, text: &mut Text) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut items = 0usize;
    let mut hidden = false;
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        match event {
            Event::Start(Tag::MetadataBlock(_)) => hidden = true,
            Event::End(TagEnd::MetadataBlock(_)) => hidden = false,
            _ if hidden => {}
            Event::Start(Tag::Heading { .. }) => text.begin(Block::Heading),
            Event::Start(Tag::Item) => {
                items += 1;
                text.begin(Block::Item);
            }
            Event::End(TagEnd::Item) => {
                items = items.saturating_sub(1);
                text.end_block();
            }
            Event::Start(Tag::TableCell) => text.begin(Block::Item),
            Event::Start(Tag::Paragraph | Tag::CodeBlock(_)) => {
                text.begin(if items > 0 { Block::Item } else { Block::Paragraph });
            }
            Event::End(
                TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::TableCell,
            ) => text.end_block(),
            Event::Text(words) => {
                if source.get(range.clone()) == Some(&*words) {
                    text.push_str(&words, range.start);
                } else {
                    words.chars().for_each(|letter| text.push(letter, range.start));
                }
            }
            Event::Code(words) => text.push_str(&words, range.start + 1),
            Event::SoftBreak | Event::HardBreak => text.push(' ', range.start),
            Event::Html(part) => html::read(&part, range.start, text),
            Event::InlineHtml(part) if part.to_lowercase().starts_with("<br") => {
                text.push(' ', range.start);
            }
            _ => {}
        }
    }
}

fn plain(source: &str, text: &mut Text) {
    let mut at = 0;
    let mut before: Option<&str> = None;
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    for (index, line) in lines.iter().enumerate() {
        let bare = line.trim();
        let after = lines.get(index + 1).map(|line| line.trim());
        let (mark, rest) = list_mark(bare);
        let alone = before.is_none_or(str::is_empty) && after.is_none_or(str::is_empty);
        let ended =
            before.is_none_or(|line| line.is_empty() || line.ends_with(['.', '!', '?', ':', '"']));
        if bare.is_empty() {
            text.end_block();
        } else if mark > 0 {
            text.begin(Block::Item);
        } else if alone && bare.chars().count() < 80 && !bare.ends_with(['.', '!', '?', ';', ',']) {
            text.begin(Block::Heading);
        } else if ended {
            text.begin(Block::Paragraph);
        }
        let start = at + (line.len() - line.trim_start().len()) + mark;
        text.push_str(rest, start);
        text.push(' ', start + rest.len());
        at += line.len();
        before = Some(bare);
    }
}

/// The length of a bullet or number at the start of a line, and what follows it.
fn list_mark(line: &str) -> (usize, &str) {
    for mark in ["- ", "* ", "+ ", "• ", "– ", "· "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return (mark.len(), rest);
        }
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    if (1..=3).contains(&digits)
        && let Some(rest) = line.get(digits..)
        && let Some(rest) = rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "))
    {
        return (digits + 2, rest);
    }
    (0, line)
}

/// Line and column, from 1, of a byte of the source.
pub(crate) fn line_and_column(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms_of_the_same_words_are_equal() {
        let wanted =
            "What we keep Tickets are kept for 7 years - \"always\". Billing: 7 years... fi naive";
        let cases = [
            (
                Form::Markdown,
                "# What we keep\n\n**Tickets** are\nkept for [7 years](https://x.example) -- \u{201c}always\u{201d}.\n\n- Billing: *7\u{a0}years*… \u{fb01} nai\u{308}ve\n",
            ),
            (
                Form::Html,
                "<title>x</title><h2>What we keep</h2><p><b>Tickets</b> are\n kept for <a href='#'>7&nbsp;years</a> &mdash; &ldquo;always&rdquo;.</p><ul><li>Bil&shy;ling: 7 years&hellip; &#xFB01; na\u{ef}ve</ul><script>no</script><!-- no -->",
            ),
            (
                Form::Plain,
                "What we keep\n\nTickets are kept\nfor 7 years \u{2013} \"always\".\n\n\u{2022} Billing: 7 years... \u{fb01} na\u{ef}ve\n",
            ),
        ];
        let folded = |text: &str| text.nfkd().collect::<String>();
        for (form, source) in cases {
            let text = Text::read(source, form);
            assert_eq!(text.folded.replace('\u{308}', ""), folded(wanted), "{form:?}");
            let kinds: Vec<Block> = text.blocks.iter().map(|(block, _)| *block).collect();
            assert_eq!(kinds, [Block::Heading, Block::Paragraph, Block::Item], "{form:?}");
            let at = text.source_of(text.folded.find("7 years").unwrap());
            let rest = source.get(at..).unwrap();
            assert!(rest.starts_with('7'), "{form:?}: {rest}");
        }
    }

    #[test]
    fn the_readable_text_keeps_its_typography() {
        let text = Text::read("We\u{2019}ll  keep\nit\u{2026}", Form::Markdown);
        assert_eq!(text.folded, "We'll keep it...");
        assert_eq!(text.shown(0..text.folded.len()), "We\u{2019}ll keep it\u{2026}");
    }
}
