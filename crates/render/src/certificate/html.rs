//! The certificate on paper: one page of A4.

use std::fmt::Write as _;

use super::{Certificate, CertifiedSystem, Outcome};
use crate::Zone;
use crate::page::{self, element};
use crate::text::{html, one_line, push_html};
use crate::words::{self, certificate as say};

impl Certificate {
    /// The certificate as a page that prints on one sheet. Moments are written out in `zone`.
    pub fn to_html(&self, zone: &Zone) -> String {
        let mut out = String::with_capacity(page::CSS.len() + 16_384);
        let title = format!("{} {}", say::title(self.kind), one_line(&self.id));
        page::open(&mut out, &title, "certificate");
        out.push_str("<header class=\"mast\"><span class=\"mark\">");
        push_html(&mut out, &one_line(&self.organisation));
        out.push_str("</span><span class=\"ref\">");
        push_html(&mut out, &one_line(&self.id));
        out.push_str("</span></header>\n<main>\n<div class=\"sheet\">\n");
        let tone = if self.outcome == Outcome::Complete { 'u' } else { 'b' };
        let _ = write!(out, "<span class=\"seal {tone}\">{}</span>", say::outcome(self.outcome));
        element(&mut out, "h1", say::title(self.kind));
        let kept = self.systems.iter().flat_map(|s| &s.kept).map(|kept| kept.rows).sum();
        let remaining = self.systems.iter().flat_map(|s| &s.remaining).map(|r| r.rows).sum();
        let missing = self.not_reached.len() as u64;
        let sentence = say::sentence(
            self.kind,
            self.outcome,
            &self.organisation,
            say::Left { kept, remaining, missing },
        );
        element(&mut out, "p class=\"lede\"", &one_line(&sentence));
        facts(
            &mut out,
            &[
                (say::REQUEST, self.request.as_str()),
                (say::OPENED, &words::moment(self.opened_at, zone)),
                (say::COMPLETED, &words::moment(self.completed_at, zone)),
                (say::PLAN, &self.plan_digest),
            ],
        );
        self.open_ends(&mut out);
        self.counts(&mut out);
        self.kept(&mut out);
        self.backups(&mut out);
        element(&mut out, "h2", say::METHOD);
        element(&mut out, "p class=\"prose\"", &one_line(&self.method.join(" ")));
        element(&mut out, "h2", say::PROOF);
        element(&mut out, "p class=\"quiet\"", say::HOW_TO_CHECK);
        facts(
            &mut out,
            &[
                (say::LOG, self.ledger.origin.as_str()),
                (say::ENTRY, &words::number(self.ledger.index)),
                (say::KEY, &self.public_key),
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

    /// What is not done comes before what is.
    fn open_ends(&self, out: &mut String) {
        let remaining: Vec<(&CertifiedSystem, _)> = self
            .systems
            .iter()
            .flat_map(|system| system.remaining.iter().map(move |rows| (system, rows)))
            .collect();
        if remaining.is_empty() && self.not_reached.is_empty() {
            return;
        }
        let _ = write!(out, "<div class=\"box b\"><h2>✕ {}</h2><ul>", say::OPEN_ENDS);
        for system in &self.not_reached {
            element(out, "li", &one_line(&say::not_reached(&system.title, &system.reason)));
        }
        for (system, rows) in remaining {
            let line =
                say::remaining(self.kind, &system.title, &rows.collection, &rows.field, rows.rows);
            element(out, "li", &one_line(&line));
        }
        out.push_str("</ul></div>\n");
    }

    fn counts(&self, out: &mut String) {
        element(out, "h2", say::COUNTS);
        let _ = write!(
            out,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table>\n<caption>{1}</caption>\n<thead><tr>",
            say::COUNTS,
            say::counts_note(self.kind)
        );
        for (heading, class) in [
            (say::SYSTEM, ""),
            (say::COLLECTION, ""),
            (say::BEFORE, " class=\"num\""),
            (say::DONE, ""),
            (say::AFTER, " class=\"num\""),
        ] {
            let _ = write!(out, "<th scope=\"col\"{class}>{heading}</th>");
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for system in &self.systems {
            if system.collections.is_empty() {
                let _ = writeln!(
                    out,
                    "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"num\">0</td><td></td><td class=\"num\">0</td></tr>",
                    html(&one_line(&system.title)),
                    say::NOTHING_FOUND
                );
            }
            for (i, collection) in system.collections.iter().enumerate() {
                out.push_str("<tr>");
                if i == 0 {
                    let _ = write!(
                        out,
                        "<th scope=\"rowgroup\" rowspan=\"{}\">{}</th>",
                        system.collections.len(),
                        html(&one_line(&system.title))
                    );
                }
                let _ = writeln!(
                    out,
                    "<td>{}</td><td class=\"num\">{}</td><td>{}</td><td class=\"num\">{}</td></tr>",
                    html(&one_line(&collection.title)),
                    words::number(collection.before),
                    html(&one_line(&say::done(
                        collection.changed,
                        collection.deleted,
                        &collection.fields
                    ))),
                    words::number(collection.after)
                );
            }
        }
        out.push_str("</tbody>\n</table></div>\n");
    }

    fn kept(&self, out: &mut String) {
        if self.systems.iter().all(|system| system.kept.is_empty()) {
            return;
        }
        element(out, "h2", say::KEPT);
        out.push_str("<ul class=\"prose\">\n");
        for system in &self.systems {
            for kept in &system.kept {
                let line = say::kept(&system.title, &kept.collection, kept.rows, &kept.because);
                element(out, "li", &one_line(&line));
            }
        }
        out.push_str("</ul>\n");
    }

    fn backups(&self, out: &mut String) {
        let with: Vec<(&str, &str)> = self
            .systems
            .iter()
            .filter_map(|system| Some((system.title.as_str(), system.backups.as_deref()?)))
            .collect();
        if with.is_empty() {
            return;
        }
        element(out, "h2", say::BACKUPS);
        facts(out, &with);
    }
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
