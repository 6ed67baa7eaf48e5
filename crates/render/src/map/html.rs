//! The map as one page.

use std::fmt::Write as _;

use super::{DataMap, Drift, DriftKind, Unread, svg};
use crate::page::{self, element, told};
use crate::text::{html, one_line};
use crate::words::{self, map as say};

impl DataMap {
    /// The map as a page that loads nothing and holds no value.
    pub fn to_html(&self) -> String {
        let mut out = String::with_capacity(page::CSS.len() + 65_536);
        page::open(&mut out, &one_line(&say::title(&self.organisation)), "page map");
        let _ = writeln!(
            out,
            "<header class=\"mast\"><span class=\"mark\">{}</span><span class=\"ref\">{}</span></header>\n<main>\n<div class=\"sheet\">",
            html(&one_line(&self.organisation)),
            html(&words::moment(self.checked_at, &self.zone))
        );
        element(&mut out, "h1", &one_line(&say::title(&self.organisation)));
        element(&mut out, "p class=\"lede\"", &say::sentence(self));
        element(&mut out, "p class=\"quiet\"", &say::looked(self));
        self.agreement(&mut out);
        self.below(&mut out);
        let _ = writeln!(out, "</div>\n</main>\n<footer><p>{}</p></footer>", html(say::NO_VALUES));
        page::close(&mut out);
        out
    }

    /// What stands in the page, for a server that puts its own frame around it.
    pub fn fragment(&self) -> String {
        let mut out = String::with_capacity(65_536);
        element(&mut out, "p class=\"lede\"", &say::sentence(self));
        element(&mut out, "p class=\"quiet\"", &say::looked(self));
        self.agreement(&mut out);
        self.below(&mut out);
        out
    }

    /// The picture, and everything below it.
    fn below(&self, out: &mut String) {
        element(out, "h2", say::PICTURE);
        let _ = write!(
            out,
            "<div class=\"scroll picture\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">",
            say::PICTURE
        );
        self.draw(out, false);
        out.push_str("</div>\n");
        self.flows(out);
        self.points(out);
        for number in 0..self.systems.len() {
            self.system(out, number);
        }
        self.not_looked_at(out);
    }

    fn agreement(&self, out: &mut String) {
        let (class, sign) = match self.differences() {
            0 if self.not_reached().is_empty() => ("u", "●"),
            0 => ("r", "◆"),
            _ => ("b", "✕"),
        };
        let _ =
            write!(out, "<div class=\"box {class}\"><h2><span aria-hidden=\"true\">{sign}</span> ");
        out.push_str(&html(&one_line(&say::agrees(self))));
        out.push_str("</h2>");
        let kinds = [
            DriftKind::NotInMap,
            DriftKind::OtherThanMapped,
            DriftKind::NotInNotice,
            DriftKind::WithoutPurpose,
            DriftKind::GoneFromSystem,
            DriftKind::NotHeld,
            DriftKind::Question,
        ];
        let counts: Vec<String> = kinds
            .into_iter()
            .filter_map(|kind| {
                let many = self.drift.iter().filter(|drift| drift.kind == kind).count();
                (many > 0).then(|| format!("{}: {}", say::kind(kind), words::number(many as u64)))
            })
            .collect();
        if !counts.is_empty() {
            let _ = write!(
                out,
                "<p>{} <a href=\"#points\">{}</a></p>",
                html(&counts.join("; ")),
                say::DIFFERENCES
            );
        }
        out.push_str("</div>\n");
    }

    /// What the picture says, for whoever does not see it.
    fn flows(&self, out: &mut String) {
        element(out, "h2", say::AS_TABLE);
        head(
            out,
            say::AS_TABLE,
            &[say::LIES, say::FIELDS, say::HOLDS, say::GIVES, say::RECEIVES],
            1,
        );
        for (number, system) in self.systems.iter().enumerate() {
            let held: Vec<String> = system
                .groups()
                .iter()
                .map(|(title, count)| format!("{title} {}", words::number(*count)))
                .collect();
            let held =
                if held.is_empty() { say::NOTHING_PERSONAL.to_owned() } else { held.join(", ") };
            let place = say::about_system(system.reached, system.region.as_deref(), system.abroad);
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\"><a href=\"#s{number}\">{}</a> <span class=\"by\">{}</span></th><td class=\"num\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                html(&one_line(&system.title)),
                html(&one_line(&place)),
                words::number(system.fields().count() as u64),
                html(&held),
                html(&one_line(&svg::in_words(self, system, true))),
                html(&one_line(&svg::in_words(self, system, false)))
            );
        }
        out.push_str("</tbody>\n</table></div>\n");
    }

    fn points(&self, out: &mut String) {
        if self.drift.is_empty() {
            return;
        }
        let _ = writeln!(out, "<h2 id=\"points\">{}</h2>", say::DIFFERENCES);
        told(out, "p class=\"quiet\"", say::HOW);
        for drift in &self.drift {
            point(out, drift);
        }
    }

    fn system(&self, out: &mut String, number: usize) {
        let Some(system) = self.systems.get(number) else { return };
        let _ = writeln!(out, "<h2 id=\"s{number}\">{}</h2>", html(&one_line(&system.title)));
        if let Some(source) = &system.source {
            element(out, "p class=\"quiet\"", &one_line(source));
        }
        let rows = system.collections.iter().filter(|one| one.skipped.is_none());
        if rows.clone().all(|collection| collection.fields.is_empty()) {
            element(out, "p class=\"quiet\"", say::NOTHING_PERSONAL);
            return;
        }
        let label = format!("{}: {}", one_line(&system.title), say::FIELDS);
        head(out, &label, &[say::FIELD, say::HOLDS, say::FILLED, say::SURE, say::SPEAKS], 2);
        for collection in rows {
            for field in &collection.fields {
                let shown = field.shown();
                let mut titles: Vec<&str> = shown.iter().map(|key| say::category(key)).collect();
                titles.dedup();
                let (sure, speaks, why) =
                    field.proposal.as_ref().map_or_else(Default::default, |p| {
                        (format!("{} %", p.confidence), say::origins(&p.from), p.reason.clone())
                    });
                let _ = writeln!(
                    out,
                    "<tr><th scope=\"row\" class=\"place\">{}.{}</th><td>{} <span class=\"by\"><code>{}</code></span></td><td class=\"num\">{}</td><td class=\"num\">{sure}</td><td>{speaks} <span class=\"by\">{}</span></td></tr>",
                    html(&one_line(&collection.name)),
                    html(&one_line(&field.name)),
                    html(&titles.join(", ")),
                    html(&shown.join(", ")),
                    html(&say::filled(field.filled, collection.rows)),
                    html(&one_line(&why).replace('`', ""))
                );
            }
        }
        out.push_str("</tbody>\n</table></div>\n");
    }

    fn not_looked_at(&self, out: &mut String) {
        if self.unread.is_empty() {
            return;
        }
        element(out, "h2", say::NOT_LOOKED_AT);
        out.push_str("<ul class=\"prose\">\n");
        for Unread { place, why } in &self.unread {
            told(out, "li", &one_line(&format!("`{}`: {why}", place.replace('`', "'"))));
        }
        out.push_str("</ul>\n");
    }
}

/// Opens a table; columns from `numbers` on that hold figures stand to the right.
fn head(out: &mut String, label: &str, heads: &[&str], numbers: usize) {
    let _ = write!(
        out,
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table>\n<thead><tr>",
        html(label)
    );
    for (at, head) in heads.iter().enumerate() {
        let figures = at >= numbers && [say::FIELDS, say::FILLED, say::SURE].contains(head);
        let class = if figures { " class=\"num\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", html(head));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
}

fn point(out: &mut String, drift: &Drift) {
    let class = if drift.counts() { "b" } else { "n" };
    let _ = write!(
        out,
        "<div class=\"rec\" id=\"d-{id}\"><p class=\"rt\"><b class=\"tag {class}\">{}</b><span><code>{id}</code>, {} %</span></p>",
        html(say::kind(drift.kind)),
        drift.confidence,
        id = html(&drift.id)
    );
    told(out, "p", &drift.says);
    match (&drift.accepting, &drift.to_do) {
        (Some(accepting), _) => {
            told(
                out,
                "p class=\"quiet\"",
                &format!("`upheld map accept {}` {accepting}", drift.id),
            );
        }
        (None, Some(to_do)) => told(out, "p class=\"quiet\"", to_do),
        (None, None) => {}
    }
    out.push_str("</div>\n");
}
