//! The notice with its states on one page that carries everything it needs.

use std::fmt::Write as _;

use super::{Control, Coverage, Promise, Sentence, State, Turned};
use crate::page::{self, element, told};
use crate::text::{html, one_line, push_html};
use crate::words::{self, coverage as say};

/// From how many promises on a reason that they share is said once.
const MANY: usize = 4;

/// The class of a state in the style sheet.
const fn class(state: State) -> char {
    match state {
        State::Upheld => 'u',
        State::AtRisk => 'r',
        State::Broken => 'b',
        State::Unproven => 'n',
    }
}

/// The parts of the page, for a server that puts its own frame around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragments {
    /// The notice, each sentence with its state, linked to its promise.
    pub notice: String,
    /// The promises: what needs somebody, the unproven, the upheld.
    pub cards: String,
    /// What stands differently than the time before; empty if nothing does.
    pub turned: String,
}

impl Coverage {
    /// The parts of the page as markup. A promise is linked to its own page, whose address is the
    /// given one with the promise's key behind it.
    pub fn fragments(&self, pages: &str) -> Fragments {
        let (mut notice, mut cards, mut turned) = Default::default();
        self.notice(&mut notice);
        self.cards(&mut cards, Some(pages));
        self.turned(&mut turned);
        Fragments { notice, cards, turned }
    }

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
        self.cards(&mut out, None);
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

    fn cards(&self, out: &mut String, pages: Option<&str>) {
        let (unproven, urgent): (Vec<&Promise>, Vec<&Promise>) =
            self.needy().into_iter().partition(|promise| promise.state == State::Unproven);
        // On a phone this stands above the notice: what is false or near, and no more.
        if !urgent.is_empty() || !self.not_reached.is_empty() || unproven.is_empty() {
            self.urgent(out, &urgent, unproven.is_empty(), pages);
        }
        if !unproven.is_empty() {
            self.unproven(out, &unproven, pages);
        }
        let upheld: Vec<&Promise> =
            self.promises().filter(|promise| promise.state == State::Upheld).collect();
        if !upheld.is_empty() {
            rest(out, say::THE_UPHELD, 'u');
            for promise in upheld {
                self.folded(out, promise, None, pages);
            }
            out.push_str("</div>\n</aside>\n");
        }
    }

    /// What is false or near a limit, and what could not be looked at.
    fn urgent(&self, out: &mut String, urgent: &[&Promise], all_proven: bool, pages: Option<&str>) {
        let _ = writeln!(out, "<aside class=\"cards first\" aria-label=\"{}\">", say::NEEDS_YOU);
        element(out, "h2", say::NEEDS_YOU);
        if all_proven && urgent.is_empty() && self.not_reached.is_empty() {
            element(out, "p class=\"card\"", say::NEEDS_NOBODY);
        }
        for promise in urgent {
            let id = anchor(&promise.id);
            let mark = class(promise.state);
            let _ = writeln!(out, "<section class=\"card {mark}\" id=\"{id}\">");
            tag(out, promise.state);
            self.quote(out, promise);
            self.about(out, promise, true, pages);
            out.push_str("</section>\n");
        }
        if !self.not_reached.is_empty() {
            let _ = write!(
                out,
                "<section class=\"card r\"><span class=\"tag r\">◆ {}</span>",
                say::NOT_REACHED
            );
            for system in &self.not_reached {
                element(out, "p", &one_line(&say::system_not_reached(system)));
            }
            out.push_str("</section>\n");
        }
        out.push_str("</aside>\n");
    }

    /// What nothing shows yet: a line and its reason each, so that the false and the near stand out.
    fn unproven(&self, out: &mut String, promises: &[&Promise], pages: Option<&str>) {
        rest(out, say::UNPROVEN, 'n');
        // What many promises lack is said once.
        let shared = |why: &str| promises.iter().filter(|one| say::why(one) == why).count();
        let mut said = std::collections::BTreeSet::new();
        for promise in promises {
            let why = say::why(promise);
            let count = shared(&why);
            if count >= MANY && said.insert(why.clone()) {
                told(out, "p", &say::of_them(count as u64, &why));
            }
        }
        for promise in promises {
            let why = say::why(promise);
            self.folded(out, promise, (shared(&why) < MANY).then_some(why.as_str()), pages);
        }
        out.push_str("</div>\n</aside>\n");
    }

    /// A promise as one line that opens, with the reason below it if it is to be read at once.
    fn folded(&self, out: &mut String, promise: &Promise, why: Option<&str>, pages: Option<&str>) {
        let _ = write!(
            out,
            "<details><summary><i aria-hidden=\"true\">{}</i><span>",
            promise.state.sign()
        );
        out.push_str(&self.words(promise));
        out.push_str("</span>");
        if let Some(why) = why {
            told(out, "small", why);
        }
        // The anchor lies inside, so that a link to it opens the line.
        let _ = writeln!(out, "</summary>\n<div id=\"{}\">", anchor(&promise.id));
        self.about(out, promise, why.is_none(), pages);
        if self.is_quoted(promise) {
            let _ = writeln!(
                out,
                "<p class=\"back\"><a href=\"#q-{}\">{}</a></p>",
                anchor(&promise.id),
                say::IN_THE_NOTICE
            );
        }
        out.push_str("</div></details>\n");
    }

    /// The quote, linked back to its sentence.
    fn quote(&self, out: &mut String, promise: &Promise) {
        let quote = self.words(promise);
        let _ = if self.is_quoted(promise) {
            writeln!(out, "<h3><a href=\"#q-{}\">“{quote}”</a></h3>", anchor(&promise.id))
        } else {
            writeln!(out, "<h3>“{quote}”</h3>")
        };
    }

    fn about(&self, out: &mut String, promise: &Promise, why: bool, pages: Option<&str>) {
        // Where several controls speak, each says its own part, and once is enough.
        let speak = promise.controls.iter().filter(|control| !control.reason.is_empty()).count();
        if why && speak < 2 {
            told(out, "p", &say::why(promise));
        }
        if !promise.controls.is_empty() {
            out.push_str("<ul class=\"controls\">\n");
            let mut controls: Vec<&Control> = promise.controls.iter().collect();
            controls.sort_by_key(|control| control.state.urgency());
            for control in controls {
                self.control(out, promise, control, speak < 2);
            }
            out.push_str("</ul>\n");
        }
        if let Some(pages) = pages {
            // The key of a promise is letters, digits and hyphens; anything else finds no page.
            let _ = writeln!(
                out,
                "<p class=\"more\"><a href=\"{pages}{}\">{}<span class=\"vh\">: {}</span></a></p>",
                html(&promise.id),
                say::HISTORY,
                html(&one_line(&promise.id))
            );
        }
        element(out, "p class=\"id\"", &one_line(&promise.id));
    }

    /// One control: what it is, what it found, what shows that, when, and where it is proved.
    fn control(&self, out: &mut String, promise: &Promise, control: &Control, alone: bool) {
        let _ = write!(
            out,
            "<li><b class=\"{}\"><span aria-hidden=\"true\">{}</span> ",
            class(control.state),
            control.state.sign()
        );
        push_html(out, &one_line(&control.title));
        let _ = write!(out, "</b><span class=\"vh\"> ({})</span>", say::state(control.state));
        let said = alone && control.reason == promise.reason;
        if !(said || control.reason.is_empty()) {
            out.push(' ');
            told(out, "span", &control.reason);
        }
        let mut proof: Vec<String> = control.evidence.iter().map(|text| one_line(text)).collect();
        if let Some(at) = control.checked_at {
            proof.push(say::looked_at(&words::moment(at, &self.zone)));
        }
        if let Some(entry) = control.entry {
            proof.push(say::entry(entry));
        }
        if !proof.is_empty() {
            told(out, "small", &words::capital(&proof.join(" · ")));
        }
        out.push_str("</li>\n");
    }

    /// What stands differently than the time before.
    fn turned(&self, out: &mut String) {
        let Some(before) = self.before.filter(|_| !self.turned.is_empty()) else { return };
        let moment = words::moment(before, &self.zone);
        // What has turned for the worse is read without a tap.
        let worse = self.turned.iter().any(|turned| turned.to.urgency() < turned.from.urgency());
        let _ = writeln!(
            out,
            "<details class=\"turned\"{}><summary>{}</summary>\n<ul>",
            if worse { " open" } else { "" },
            html(&one_line(&say::since(&moment, self.turned.len())))
        );
        let mut turned: Vec<&Turned> = self.turned.iter().collect();
        turned.sort_by_key(|turned| turned.to.urgency());
        for turned in turned {
            let quote = self.promises().find(|promise| promise.id == turned.promise);
            let title = quote
                .map_or_else(|| html(&one_line(&turned.promise)), |promise| self.words(promise));
            let _ = writeln!(
                out,
                "<li>{} → <b class=\"{}\">{} {}</b> <a href=\"#{}\">{}</a></li>",
                say::state(turned.from),
                class(turned.to),
                turned.to.sign(),
                say::state(turned.to),
                anchor(&turned.promise),
                title
            );
        }
        out.push_str("</ul></details>\n");
    }
}

/// Opens a list of promises that one reads when there is time.
fn rest(out: &mut String, heading: &str, mark: char) {
    let _ = writeln!(
        out,
        "<aside class=\"cards rest\" aria-label=\"{heading}\">\n<h2>{heading}</h2>\n<div class=\"card folded {mark}\">"
    );
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
        "<a class=\"p {}\"{id} href=\"#{}\"><i aria-hidden=\"true\">{} {}</i>{}<span class=\"vh\"> ({})</span></a>",
        class(state),
        anchor(&urgent.id),
        state.sign(),
        say::state(state),
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
