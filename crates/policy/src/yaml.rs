//! YAML as a tree in which every node knows its place, so that a finding can point at it.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

/// Where something stands in a file. Lines and columns count from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) length: usize,
}

/// A node and its place. A mapping or a list below a key stands where its key stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) at: Place,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Scalar { text: String, plain: bool },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: Place,
    pub(crate) value: Node,
}

/// What is wrong with the text itself.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) at: Place,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// One step down the tree.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    Key(&'a str),
    /// A key itself, rather than what stands behind it.
    Name(&'a str),
    Item(usize),
}

/// The way from the root to a node; it lives on the stack of whoever walks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Option<Step<'a>>,
}

impl<'a> Path<'a> {
    pub(crate) const ROOT: Path<'static> = Path { parent: None, step: None };

    pub(crate) const fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Some(Step::Key(key)) }
    }

    pub(crate) const fn name(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Some(Step::Name(key)) }
    }

    pub(crate) const fn item(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), step: Some(Step::Item(index)) }
    }

    fn steps(&self) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        let mut here = Some(self);
        while let Some(path) = here {
            steps.extend(path.step);
            here = path.parent;
        }
        steps.reverse();
        steps
    }
}

impl Node {
    /// Whether nothing was written (`key:` and no more). The word `null` also counts.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    fn child(&self, step: Step<'_>) -> Option<(&Node, Place)> {
        match (&self.kind, step) {
            (Kind::Map(entries), Step::Key(key) | Step::Name(key)) => {
                entries.iter().find(|entry| entry.key == key).map(|entry| (&entry.value, entry.at))
            }
            (Kind::List(items), Step::Item(index)) => items.get(index).map(|item| (item, item.at)),
            // A single thing may stand where a list is meant.
            (_, Step::Item(0)) => Some((self, self.at)),
            _ => None,
        }
    }

    /// The place of the node at the end of the path, or of the nearest node above it.
    pub(crate) fn place(&self, path: &Path<'_>) -> Place {
        let mut node = self;
        let mut at = self.at;
        for step in path.steps() {
            let Some((next, next_at)) = node.child(step) else { break };
            at = match next.kind {
                _ if matches!(step, Step::Name(_)) => next_at,
                Kind::Scalar { .. } if next.at.length > 0 => next.at,
                _ => next_at,
            };
            node = next;
        }
        at
    }
}

/// A file larger than this is not a policy file.
pub(crate) const MAX_BYTES: usize = 16 * 1024 * 1024;
const MAX_NODES: usize = 1_000_000;
const MAX_DEPTH: usize = 64;

/// Reads one YAML document.
pub(crate) fn parse(text: &str) -> (Option<Node>, Vec<Fault>) {
    if text.len() > MAX_BYTES {
        let message = format!("the file is larger than {} MiB", MAX_BYTES / 1024 / 1024);
        return (
            None,
            vec![Fault { at: Place { line: 1, column: 1, length: 0 }, message, help: None }],
        );
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = Builder {
        events: Parser::new_from_str(text),
        anchors: BTreeMap::new(),
        nodes: 0,
        faults: Vec::new(),
    };
    match builder.document() {
        Ok(node) => (Some(node), builder.faults),
        Err(fault) => {
            let fault = tab_fault(text, fault.at.line).unwrap_or(fault);
            builder.faults.push(fault);
            (None, builder.faults)
        }
    }
}

/// YAML's complaint about a tab is hard to read; ours names the tab.
fn tab_fault(text: &str, until_line: usize) -> Option<Fault> {
    text.lines().take(until_line).enumerate().find_map(|(index, line)| {
        let before = line.chars().take_while(|c| *c == ' ').count();
        (line.chars().nth(before) == Some('\t') && !line.trim().is_empty()).then(|| Fault {
            at: Place { line: index + 1, column: before + 1, length: 1 },
            message: "a tab cannot indent YAML".to_owned(),
            help: Some("use two spaces for each level".to_owned()),
        })
    })
}

struct Builder<'i> {
    events: Parser<'i, saphyr_parser::StrInput<'i>>,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
    faults: Vec<Fault>,
}

impl<'i> Builder<'i> {
    fn next(&mut self) -> Result<(Event<'i>, Span), Fault> {
        match self.events.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(Fault {
                at: place_of(*error.marker()),
                message: plain_words(error.info()),
                help: None,
            }),
            None => Ok((Event::StreamEnd, Span::empty(Marker::new(0, 1, 0)))),
        }
    }

    fn document(&mut self) -> Result<Node, Fault> {
        let mut root: Option<Node> = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::Nothing => {}
                other => {
                    if root.is_some() {
                        return Err(Fault {
                            at: place_of(span.start),
                            message: "a second document begins here".to_owned(),
                            help: Some(
                                "remove the `---`: a policy file is one document".to_owned(),
                            ),
                        });
                    }
                    root = Some(self.node(other, span, 0)?);
                }
            }
        }
        Ok(root.unwrap_or(Node {
            at: Place { line: 1, column: 1, length: 0 },
            kind: Kind::Scalar { text: String::new(), plain: true },
        }))
    }

    fn count(&mut self, more: usize, at: Place) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes > MAX_NODES {
            return Err(Fault {
                at,
                message: format!("the file holds more than {MAX_NODES} values"),
                help: None,
            });
        }
        Ok(())
    }

    fn node(&mut self, event: Event<'i>, span: Span, depth: usize) -> Result<Node, Fault> {
        let at = place_of_span(&span);
        if depth > MAX_DEPTH {
            return Err(Fault { at, message: "this is nested too deeply".to_owned(), help: None });
        }
        self.count(1, at)?;
        let before = self.nodes;
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let as_text =
                    tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
                let plain = style == ScalarStyle::Plain && !as_text;
                (Node { at, kind: Kind::Scalar { text: text.into_owned(), plain } }, anchor)
            }
            Event::SequenceStart(anchor, _) => (self.list(at, depth)?, anchor),
            Event::MappingStart(anchor, _) => (self.map(at, depth)?, anchor),
            Event::Alias(id) => {
                let Some((node, size)) = self.anchors.get(&id).cloned() else {
                    return Err(Fault {
                        at,
                        message: "this alias stands inside what it repeats".to_owned(),
                        help: Some("write the value out".to_owned()),
                    });
                };
                // INVARIANT: what an alias repeats counts again, so that nine lines of aliases to
                // aliases cannot fill the memory.
                self.count(size, at)?;
                return Ok(Node { at, kind: node.kind });
            }
            _ => {
                return Err(Fault {
                    at,
                    message: "a value is missing here".to_owned(),
                    help: None,
                });
            }
        };
        if anchor > 0 {
            let size = self.nodes.saturating_sub(before) + 1;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok(node)
    }

    fn list(&mut self, at: Place, depth: usize) -> Result<Node, Fault> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Node { at, kind: Kind::List(items) });
            }
            let mut item = self.node(event, span, depth + 1)?;
            if let Kind::Map(entries) = &item.kind
                && let Some(first) = entries.first()
            {
                item.at = first.at;
            }
            items.push(item);
        }
    }

    fn map(&mut self, at: Place, depth: usize) -> Result<Node, Fault> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Node { at, kind: Kind::Map(entries) });
            }
            let key_node = self.node(event, span, depth + 1)?;
            let key_at = key_node.at;
            let Kind::Scalar { text: key, .. } = key_node.kind else {
                return Err(Fault {
                    at: key_at,
                    message: "a key must be a plain word".to_owned(),
                    help: Some(
                        "text that begins with `{`, `[` or `*` needs quotation marks".to_owned(),
                    ),
                });
            };
            let (event, span) = self.next()?;
            let mut value = self.node(event, span, depth + 1)?;
            if !matches!(value.kind, Kind::Scalar { .. }) || value.at.length == 0 {
                value.at = key_at;
            }
            if let Some(line) = seen.get(&key) {
                self.faults.push(Fault {
                    at: key_at,
                    message: format!("`{key}` is given twice"),
                    help: Some(format!("it stands on line {line} already: keep one of them")),
                });
                continue;
            }
            seen.insert(key.clone(), key_at.line);
            entries.push(Entry { key, at: key_at, value });
        }
    }
}

fn place_of(marker: Marker) -> Place {
    Place { line: marker.line().max(1), column: marker.col() + 1, length: 1 }
}

fn place_of_span(span: &Span) -> Place {
    let length = if span.start.line() == span.end.line() {
        span.end.col().saturating_sub(span.start.col())
    } else {
        // The rest of the first line; the printer cuts it there.
        usize::from(u16::MAX)
    };
    Place { line: span.start.line().max(1), column: span.start.col() + 1, length }
}

/// The parser speaks of tokens and productions; a person wrote a list or a key.
fn plain_words(info: &str) -> String {
    let known = [
        (
            "mapping values are not allowed",
            "a second `:` on this line: put quotation marks around text that holds `: `",
        ),
        (
            "did not find expected key",
            "no key was found where one is due: is the indentation the same as on the line above?",
        ),
        (
            "did not find expected '-' indicator",
            "no `-` was found where one is due: is the indentation the same as on the line above?",
        ),
        ("simple key expect", "this line has no `:` after its key"),
        ("could not find expected ':'", "this line has no `:` after its key"),
        (
            "unknown anchor",
            "this alias repeats something that has no name: text that begins with `*` needs quotation marks",
        ),
        ("unexpected end of stream", "the file ends inside a text in quotation marks"),
        ("invalid indentation", "the indentation does not fit the lines above"),
    ];
    known
        .iter()
        .find(|(theirs, _)| info.contains(theirs))
        .map_or_else(|| format!("this is not YAML: {info}"), |(_, ours)| (*ours).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_knows_its_place() {
        let (node, faults) = parse("a:\n  - b: 1\n    c: zwölf\n  - {d: 2}\n");
        assert!(faults.is_empty());
        let node = node.unwrap();
        let root = Path::ROOT;
        let list = root.key("a");
        let (first, second) = (list.item(0), list.item(1));
        assert_eq!(node.place(&first.key("c")), Place { line: 3, column: 8, length: 5 });
        assert_eq!(node.place(&second.key("d")), Place { line: 4, column: 9, length: 1 });
        assert_eq!(node.place(&second.key("nowhere")).line, 4);
    }

    #[test]
    fn what_yaml_refuses_is_said_in_plain_words() {
        for (text, line, words) in [
            ("a:\n\tb: 1\n", 2, "tab"),
            ("a: b: c\n", 1, "second `:`"),
            ("a: 1\na: 2\n", 2, "given twice"),
            ("a: 1\n---\nb: 2\n", 3, "second document"),
            ("a: *nobody\n", 1, "alias"),
            ("a: \"never closed\n", 1, "quotation marks"),
        ] {
            let (_, faults) = parse(text);
            let fault = faults.first().unwrap_or_else(|| panic!("{text} is accepted"));
            assert!(fault.message.contains(words), "{text}: {}", fault.message);
            assert!(fault.at.line <= line + 1, "{text}: {:?}", fault.at);
        }
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..10 {
            let before = level - 1;
            let ten = vec![format!("*a{before}"); 10].join(",");
            text.push_str(&format!("a{level}: &a{level} [{ten}]\n"));
        }
        let (node, faults) = parse(&text);
        assert!(node.is_none());
        assert!(faults.iter().any(|fault| fault.message.contains("more than")));
        let deep = "[".repeat(5000);
        assert!(parse(&deep).0.is_none());
    }
}
