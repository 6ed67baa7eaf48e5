//! The report as one page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{ScanCount, ScanReport};
use crate::page::{self, element, told};
use crate::text::{html, one_line};
use crate::words::{self, scan as say};

/// Places that are listed of each kind, and reasons that are listed.
const PLACES: usize = 50;
const REASONS: usize = 200;

impl ScanReport {
    /// The report as a page that loads nothing and holds no value.
    pub fn to_html(&self) -> String {
        let mut out = String::with_capacity(page::CSS.len() + 32_768);
        page::open(&mut out, say::TITLE, "page scan");
        out.push_str(
            "<header class=\"mast\"><span class=\"mark\">Upheld</span><span class=\"ref\">",
        );
        out.push_str(&html(&one_line(&words::list(&self.targets))));
        out.push_str("</span></header>\n<main>\n<div class=\"sheet\">\n");
        element(&mut out, "h1", say::TITLE);
        element(&mut out, "p class=\"lede\"", &say::sentence(self));
        element(&mut out, "p class=\"quiet\"", &say::looked(self));
        self.broken(&mut out);
        if !self.counts.is_empty() {
            self.chart(&mut out);
            for (kind, count) in self.order() {
                self.kind(&mut out, kind, &count);
            }
        }
        self.not_looked_at(&mut out);
        out.push_str("</div>\n</main>\n<footer><p>");
        out.push_str(if self.shown.is_empty() { say::NO_VALUES } else { say::MASKED });
        out.push_str("</p></footer>\n");
        page::close(&mut out);
        out
    }

    fn broken(&self, out: &mut String) {
        if self.denied.is_empty() && self.errors.is_empty() {
            return;
        }
        for kind in &self.denied {
            let places = self.counts.get(kind).map_or(0, BTreeMap::len) as u64;
            out.push_str("<div class=\"box b\"><h2>✕ ");
            out.push_str(&html(&say::denied(self.title(kind), self.found(kind).found, places)));
            out.push_str("</h2></div>\n");
        }
        if !self.errors.is_empty() {
            let _ = write!(out, "<div class=\"box b\"><h2>✕ {}</h2><ul>", say::FAILED);
            for error in &self.errors {
                told(out, "li", &one_line(error));
            }
            out.push_str("</ul></div>\n");
        }
    }

    /// One bar for each kind; the table below it says the same to those who do not see it.
    fn chart(&self, out: &mut String) {
        element(out, "h2", say::CHART);
        let order = self.order();
        let most = order.iter().map(|(_, count)| count.found + count.test).max().unwrap_or(1);
        let _ = write!(
            out,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table class=\"bars\">\n<thead><tr><th scope=\"col\">{1}</th><th scope=\"col\"><span class=\"vh\">{0}</span></th><th scope=\"col\" class=\"num\">{2}</th><th scope=\"col\" class=\"num\">{3}</th><th scope=\"col\" class=\"num\">{4}</th></tr></thead>\n<tbody>\n",
            say::CHART,
            say::KIND,
            say::FOUND,
            say::TEST,
            say::SURE
        );
        for (number, (kind, count)) in order.iter().enumerate() {
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\"><a href=\"#k{number}\">{}</a></th><td class=\"bar\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>",
                html(self.title(kind)),
                bar(count, most, self.denied.contains(kind)),
                words::number(count.found),
                words::number(count.test),
                say::sure(count)
            );
        }
        out.push_str("</tbody>\n</table></div>\n");
    }

    fn kind(&self, out: &mut String, kind: &str, count: &ScanCount) {
        let number = self.order().iter().position(|(key, _)| *key == kind).unwrap_or(0);
        let _ = writeln!(out, "<h2 id=\"k{number}\">{}</h2>", html(self.title(kind)));
        if let Some(about) = self.kinds.get(kind) {
            element(
                out,
                "p class=\"quiet\"",
                &one_line(&format!("{}; {}", about.category, about.standard)),
            );
        }
        let places = self.places(kind);
        let most = places.iter().map(|(_, count)| count.found + count.test).max().unwrap_or(1);
        let _ = write!(
            out,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}: {1}\"><table class=\"bars\">\n<thead><tr><th scope=\"col\">{1}</th><th scope=\"col\"><span class=\"vh\">{2}</span></th><th scope=\"col\" class=\"num\">{2}</th><th scope=\"col\" class=\"num\">{3}</th><th scope=\"col\">{4}</th></tr></thead>\n<tbody>\n",
            html(self.title(kind)),
            say::PLACE,
            say::FOUND,
            say::TEST,
            say::FIRST
        );
        for (place, count) in places.iter().take(PLACES) {
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\" class=\"place\">{}</th><td class=\"bar\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"t\">{}</td></tr>",
                html(&one_line(place)),
                bar(count, most, self.denied.iter().any(|denied| denied == kind)),
                words::number(count.found),
                words::number(count.test),
                html(&count.first)
            );
        }
        out.push_str("</tbody>\n</table></div>\n");
        if places.len() > PLACES {
            element(out, "p class=\"quiet\"", &say::more_places((places.len() - PLACES) as u64));
        }
        if let Some(examples) = self.shown.get(kind) {
            element(out, "h3", say::EXAMPLES);
            out.push_str("<ul class=\"prose\">\n");
            for (place, shown) in examples {
                element(out, "li", &one_line(&format!("{shown} ({place})")));
            }
            out.push_str("</ul>\n");
        }
        debug_assert!(count.found + count.test > 0);
    }

    fn not_looked_at(&self, out: &mut String) {
        if self.unread.is_empty() {
            return;
        }
        element(out, "h2", say::NOT_LOOKED_AT);
        out.push_str("<ul class=\"prose\">\n");
        for (place, why) in self.unread.iter().take(REASONS) {
            told(out, "li", &one_line(&format!("`{}`: {why}", place.replace('`', "'"))));
        }
        out.push_str("</ul>\n");
        if self.unread.len() > REASONS {
            element(
                out,
                "p class=\"quiet\"",
                &say::more_places((self.unread.len() - REASONS) as u64),
            );
        }
    }
}

/// A bar: what was found, and behind it, hatched by a gap and paler, test data.
fn bar(count: &ScanCount, most: u64, denied: bool) -> String {
    let wide = |n: u64| if n == 0 { 0 } else { (n.saturating_mul(200) / most.max(1)).max(2) };
    let (found, test) = (wide(count.found), wide(count.test));
    let mut svg = "<svg width=\"204\" height=\"12\" viewBox=\"0 0 204 12\" aria-hidden=\"true\" focusable=\"false\">".to_owned();
    if found > 0 {
        let class = if denied { "b" } else { "f" };
        let _ = write!(svg, "<rect class=\"{class}\" width=\"{found}\" height=\"12\" rx=\"2\"/>");
    }
    if test > 0 {
        let _ = write!(
            svg,
            "<rect class=\"x\" x=\"{}.5\" y=\".5\" width=\"{test}\" height=\"11\" rx=\"2\"/>",
            if found > 0 { found + 1 } else { 0 }
        );
    }
    svg.push_str("</svg>");
    svg
}
