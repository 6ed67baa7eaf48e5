//! The record on paper.

use std::fmt::Write as _;

use super::DestructionRecord;
use crate::Zone;
use crate::page::{self, element, told};
use crate::text::{html, one_line, push_html};
use crate::words::{self, certificate as shared, retention as say};

impl DestructionRecord {
    /// The record as a page that prints. Moments are written out in `zone`.
    pub fn to_html(&self, zone: &Zone) -> String {
        let mut out = String::with_capacity(page::CSS.len() + 16_384);
        let title = format!("{} {}", say::TITLE, one_line(&self.id));
        page::open(&mut out, &title, "certificate");
        out.push_str("<header class=\"mast\"><span class=\"mark\">");
        push_html(&mut out, &one_line(&self.organisation));
        out.push_str("</span><span class=\"ref\">");
        push_html(&mut out, &one_line(&self.id));
        out.push_str("</span></header>\n<main>\n<div class=\"sheet\">\n");
        let tone = if self.complete { 'u' } else { 'b' };
        let _ = write!(out, "<span class=\"seal {tone}\">{}</span>", say::outcome(self.complete));
        element(&mut out, "h1", say::TITLE);
        element(&mut out, "p class=\"lede\"", &one_line(&self.sentence()));
        facts(
            &mut out,
            &[
                (say::RUN, self.run.as_str()),
                (say::BEGUN, &words::moment(self.begun_at, zone)),
                (say::ENDED, &words::moment(self.ended_at, zone)),
                (say::SCHEDULE, &self.digest),
            ],
        );
        self.open_ends(&mut out);
        self.counts(&mut out, zone);
        let respected = self.rules.iter().flat_map(|rule| {
            rule.respected
                .iter()
                .map(move |why| format!("{}, {}: {why}", rule.system, rule.collection))
        });
        list(&mut out, say::RESPECTED, respected.collect());
        list(&mut out, say::NOT_COVERED, self.not_covered.clone());
        element(&mut out, "h2", say::PROOF);
        element(&mut out, "p class=\"quiet\"", say::HOW_TO_CHECK);
        facts(
            &mut out,
            &[
                (shared::LOG, self.ledger.origin.as_str()),
                (shared::ENTRY, &words::number(self.ledger.index)),
                (shared::KEY, &self.public_key),
            ],
        );
        let _ =
            writeln!(out, "<pre class=\"mono\">{}</pre>", html(self.ledger.checkpoint.trim_end()));
        out.push_str("</div>\n</main>\n<footer><p>");
        out.push_str(say::NO_PERSONAL_DATA);
        out.push_str("</p></footer>\n");
        page::close(&mut out);
        out
    }

    fn open_ends(&self, out: &mut String) {
        let mut open = Vec::new();
        for rule in &self.rules {
            let what = say::what(rule);
            if let Some(why) = &rule.not_done {
                open.push(format!("{what}: {why}"));
            }
            if let Some(left) = rule.left.filter(|left| *left > 0) {
                let left = words::count(left, "row is", "rows are");
                open.push(format!("{what}: {left} still due"));
            }
            open.extend(rule.pointed_at());
            if rule.unknown > 0 {
                open.push(say::unknown(&what, rule.unknown));
            }
        }
        if open.is_empty() {
            return;
        }
        let _ = write!(out, "<div class=\"box b\"><h2>✕ {}</h2><ul>", say::OPEN_ENDS);
        for text in open {
            told(out, "li", &text);
        }
        out.push_str("</ul></div>\n");
    }

    fn counts(&self, out: &mut String, zone: &Zone) {
        element(out, "h2", say::COUNTS);
        let _ = write!(
            out,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table>\n<caption>{1}</caption>\n<thead><tr>",
            say::COUNTS,
            say::COUNTS_NOTE
        );
        for (heading, class) in [
            (say::WHAT, ""),
            (say::GONE, " class=\"num\""),
            (say::LEFT, " class=\"num\""),
            (say::HELD_BACK, " class=\"num\""),
            (say::POINTED_AT, " class=\"num\""),
        ] {
            let _ = write!(out, "<th scope=\"col\"{class}>{heading}</th>");
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for rule in &self.rules {
            let (what, by) = (say::what(rule), say::by(rule, &words::day(rule.cutoff, zone)));
            let _ = write!(out, "<tr><th scope=\"row\">{}", html(&one_line(&what)));
            told(out, "span class=\"by\"", &by);
            if !rule.with.is_empty() {
                element(out, "span class=\"by\"", &say::along(&rule.with));
            }
            let _ = writeln!(
                out,
                "</th><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>",
                words::number(rule.rows),
                rule.left.map_or_else(|| "?".to_owned(), words::number),
                words::number(rule.held_back.saturating_sub(rule.pointed_at)),
                words::number(rule.pointed_at)
            );
        }
        out.push_str("</tbody>\n</table></div>\n");
    }
}

fn list(out: &mut String, heading: &str, items: Vec<String>) {
    if items.is_empty() {
        return;
    }
    element(out, "h2", heading);
    out.push_str("<ul class=\"prose\">\n");
    for item in items {
        told(out, "li", &item);
    }
    out.push_str("</ul>\n");
}

fn facts(out: &mut String, facts: &[(&str, &str)]) {
    out.push_str("<dl>\n");
    for (title, text) in facts {
        let _ = writeln!(
            out,
            "<div><dt>{}</dt><dd>{}</dd></div>",
            html(&one_line(title)),
            html(&one_line(text))
        );
    }
    out.push_str("</dl>\n");
}
