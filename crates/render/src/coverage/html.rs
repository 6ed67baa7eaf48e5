//! The notice with its states on one page that carries everything it needs.

use std::fmt::Write as _;

use super::{Control, Coverage, Promise, Sentence, State};
use crate::page::{self, element};
use crate::text::{html, one_line, push_html};
use crate::words::{self, coverage as say};

/// The class of a state in the style sheet.
const fn class(state: State) -> char {
    match state {
        State::Upheld => 'u',
        State::AtRisk => 'r',
        State::Broken => 'b',
        State::Unproven => 'n',
    }
}

impl Coverage {
    /// One self-contained page.
    pub fn to_html(&self) -> String {
        let mut out = String::with_capacity(page::CSS.len() + 32_768);
        let title = format!("{} · {}", say::TITLE, one_line(&self.organisation));
        page::open(&mut out, &title, "notice");
        out.push_str("<header class=\"mast\"><span class=\"mark\">");
        push_html(&mut out, &one_line(&self.organisation));
        out.push_str("</span></header>\n<main>\n");
        self.top(&mut out);
        self.notice(&mut out);
        self.cards(&mut out);
        let _ = writeln!(out, "</main>\n<footer><p>{}</p></footer>", say::FOOTER);
        page::close(&mut out);
        out
    }

    fn top(&self, out: &mut String) {
        let tally = self.tally();
        out.push_str("<div class=\"top\">\n");
        element(out, "h1", say::TITLE);
        let moment = words::moment(self.checked_at, &self.zone);
        let missing = self.not_reached.len() as u64;
        let basis = say::basis(&self.notice, &moment, self.systems_checked, missing);
        element(out, "p class=\"sub\"", &one_line(&basis));
        let _ = writeln!(out, "<ul class=\"tally\" aria-label=\"{}\">", say::COUNTS);
        for state in State::ALL {
            let _ = writeln!(
                out,
                "<li class=\"{}\"><span aria-hidden=\"true\">{}</span> <b>{}</b> {}</li>",
                class(state),
                state.sign(),
                words::number(tally.of(state)),
                say::state(state)
            );
        }
        out.push_str("</ul>\n");
        self.turned(out);
        out.push_str("</div>\n");
    }

    fn notice(&self, out: &mut String) {
        let _ = writeln!(out, "<article class=\"sheet text\" aria-label=\"{}\">", say::NOTICE);
        let mut quoted = std::collections::BTreeSet::new();
        for section in &self.sections {
            if !section.heading.is_empty() {
                element(out, "h2", &one_line(&section.heading));
            }
            let mut open = false;
            for sentence in &section.sentences {
                if sentence.begins_paragraph && open {
                    out.push_str("</p>\n");
                    open = false;
                }
                out.push_str(if open { " " } else { "<p>" });
                open = true;
                // A promise is linked back to the first of its sentences.
                let first = sentence
                    .promises
                    .first()
                    .is_some_and(|promise| quoted.insert(promise.id.clone()));
                push_sentence(out, sentence, first);
            }
            if open {
                out.push_str("</p>\n");
            }
        }
        element(out, "p class=\"quiet\"", &say::unquoted(self.tally().unquoted));
        out.push_str("</article>\n");
    }

    fn cards(&self, out: &mut String) {
        let _ = writeln!(out, "<aside class=\"cards first\" aria-label=\"{}\">", say::NEEDS_YOU);
        let _ = writeln!(out, "<h2>{}</h2>", say::NEEDS_YOU);
        let needy = self.needy();
        if needy.is_empty() && self.not_reached.is_empty() {
            let _ = writeln!(out, "<p class=\"card\">{}</p>", say::NEEDS_NOBODY);
        }
        for promise in needy {
            let _ = writeln!(out, "<section class=\"card\" id=\"{}\">", anchor(&promise.id));
            tag(out, promise.state);
            out.push_str("<h3>");
            push_html(out, &one_line(&promise.quote));
            out.push_str("</h3>\n");
            self.about(out, promise);
            out.push_str("</section>\n");
        }
        if !self.not_reached.is_empty() {
            let _ = write!(
                out,
                "<section class=\"card\"><span class=\"tag r\">◆ {}</span>",
                say::NOT_REACHED
            );
            for system in &self.not_reached {
                element(out, "p", &one_line(&say::system_not_reached(system)));
            }
            out.push_str("</section>\n");
        }
        out.push_str("</aside>\n");
        let upheld: Vec<&Promise> =
            self.promises().filter(|promise| promise.state == State::Upheld).collect();
        if upheld.is_empty() {
            return;
        }
        let _ = writeln!(
            out,
            "<aside class=\"cards rest\" aria-label=\"{0}\">\n<h2>{0}</h2>\n<div class=\"card kept-up\">",
            say::THE_UPHELD
        );
        for promise in upheld {
            let _ = write!(
                out,
                "<details id=\"{}\"><summary><i aria-hidden=\"true\">{}</i><span>",
                anchor(&promise.id),
                State::Upheld.sign()
            );
            push_html(out, &one_line(&promise.quote));
            out.push_str("</span></summary>\n");
            self.about(out, promise);
            out.push_str("</details>\n");
        }
        out.push_str("</div>\n</aside>\n");
    }

    fn about(&self, out: &mut String, promise: &Promise) {
        // Where several controls speak, each says its own part, and once is enough.
        let told = promise.controls.iter().filter(|control| !control.reason.is_empty()).count();
        if told < 2 {
            sentence(out, "p", &say::why(promise));
        }
        if !promise.controls.is_empty() {
            out.push_str("<ul class=\"controls\">\n");
            let mut controls: Vec<&Control> = promise.controls.iter().collect();
            controls.sort_by_key(|control| control.state.urgency());
            for control in controls {
                self.control(out, promise, control, told < 2);
            }
            out.push_str("</ul>\n");
        }
        element(out, "p class=\"id\"", &one_line(&promise.id));
    }

    /// One control: what it is, what it found, what shows that, when, and where it is proved.
    fn control(&self, out: &mut String, promise: &Promise, control: &Control, told: bool) {
        let _ = write!(
            out,
            "<li><b class=\"{}\"><span aria-hidden=\"true\">{}</span> ",
            class(control.state),
            control.state.sign()
        );
        push_html(out, &one_line(&control.title));
        let _ = write!(out, "</b><span class=\"vh\"> ({})</span>", say::state(control.state));
        let told = told && control.reason == promise.reason;
        if !(told || control.reason.is_empty()) {
            out.push(' ');
            sentence(out, "span", &control.reason);
        }
        let mut proof: Vec<String> = control.evidence.iter().map(|text| one_line(text)).collect();
        if let Some(at) = control.checked_at {
            proof.push(words::moment(at, &self.zone));
        }
        if let Some(entry) = control.entry {
            proof.push(say::entry(entry));
        }
        if !proof.is_empty() {
            element(out, "small", &proof.join(" · "));
        }
        out.push_str("</li>\n");
    }

    /// What stands differently than the time before.
    fn turned(&self, out: &mut String) {
        let Some(before) = self.before.filter(|_| !self.turned.is_empty()) else { return };
        let moment = words::moment(before, &self.zone);
        element(out, "p class=\"sub\"", &one_line(&say::since(&moment, self.turned.len())));
        out.push_str("<ul class=\"turned\">\n");
        for turned in &self.turned {
            let _ = write!(
                out,
                "<li><a href=\"#{}\">{}</a></li>",
                anchor(&turned.promise),
                html(&one_line(&say::turned(turned)))
            );
        }
        out.push_str("</ul>\n");
    }
}

/// A sentence in which names stand between backticks, as in the terminal.
fn sentence(out: &mut String, tag: &str, text: &str) {
    let _ = write!(out, "<{tag}>");
    let text = one_line(text);
    let marks = text.matches('`').count();
    for (index, part) in text.split('`').enumerate() {
        // Every second part is a name, as long as the marks come in pairs.
        if index % 2 == 1 && marks.is_multiple_of(2) {
            let _ = write!(out, "<code>{}</code>", html(part));
        } else {
            if index > 0 && !marks.is_multiple_of(2) {
                out.push('`');
            }
            push_html(out, part);
        }
    }
    let _ = writeln!(out, "</{tag}>");
}

fn tag(out: &mut String, state: State) {
    let _ = write!(
        out,
        "<span class=\"tag {}\">{} {}</span> ",
        class(state),
        state.sign(),
        say::state(state)
    );
}

fn push_sentence(out: &mut String, sentence: &Sentence, first: bool) {
    let (Some(state), Some(promise)) = (sentence.state(), sentence.promises.first()) else {
        push_html(out, &one_line(&sentence.text));
        return;
    };
    // The link leads to the most urgent of its promises.
    let urgent = sentence.promises.iter().min_by_key(|one| one.state.urgency()).unwrap_or(promise);
    let id = if first { format!(" id=\"q-{}\"", anchor(&promise.id)) } else { String::new() };
    let _ = write!(
        out,
        "<a class=\"p {}\"{id} href=\"#{}\"><i aria-hidden=\"true\">{}</i>{}<span class=\"vh\"> ({})</span></a>",
        class(state),
        anchor(&urgent.id),
        state.sign(),
        html(&one_line(&sentence.text)),
        say::state(state)
    );
}

/// A promise's key as an anchor: letters, digits and hyphens.
fn anchor(id: &str) -> String {
    let mut anchor = String::from("p-");
    for c in id.chars() {
        if c.is_ascii_alphanumeric() || c == '-' {
            anchor.push(c);
        } else {
            let _ = write!(anchor, "_{:x}", u32::from(c));
        }
    }
    anchor
}
