//! The report as one page.

use std::fmt::Write as _;

use super::{DeidentifiedPart, DeidentifyReport, RiskFigures};
use crate::page::{self, element, told};
use crate::text::{html, one_line};
use crate::words::{self, deidentify as say};

/// Places that are listed.
const PLACES: usize = 100;

impl DeidentifyReport {
    /// The report as a page that loads nothing and holds no value.
    pub fn to_html(&self) -> String {
        let mut out = String::with_capacity(page::CSS.len() + 32_768);
        page::open(&mut out, say::TITLE, "page scan");
        out.push_str(
            "<header class=\"mast\"><span class=\"mark\">Upheld</span><span class=\"ref\">",
        );
        out.push_str(&html(&one_line(&self.profile)));
        out.push_str("</span></header>\n<main>\n<div class=\"sheet\">\n");
        element(&mut out, "h1", say::TITLE);
        told(&mut out, "p class=\"lede\"", &say::sentence(self));
        if let Some(key) = say::key(self) {
            told(&mut out, "p class=\"quiet\"", &key);
        }
        let short: Vec<String> = self
            .short_of_k()
            .map(|part| {
                let k = part.after.as_ref().map_or(0, |risk| risk.k);
                format!("{}: {}", part.from, say::short_of(k, self.k.unwrap_or(0)))
            })
            .collect();
        self.open_ends(&mut out, &short);
        for part in &self.parts {
            self.section(&mut out, part);
        }
        out.push_str("</div>\n</main>\n<footer><p>");
        out.push_str(say::NO_VALUES);
        out.push_str("</p></footer>\n");
        page::close(&mut out);
        out
    }

    fn open_ends(&self, out: &mut String, short: &[String]) {
        if self.undone.is_empty() && short.is_empty() {
            return;
        }
        let _ = write!(out, "<div class=\"box b\"><h2>✕ {}</h2><ul>", say::UNDONE);
        for (place, why) in &self.undone {
            told(out, "li", &one_line(&format!("`{}`: {why}", place.replace('`', "'"))));
        }
        for why in short {
            told(out, "li", &one_line(why));
        }
        out.push_str("</ul></div>\n");
    }

    fn section(&self, out: &mut String, part: &DeidentifiedPart) {
        element(out, "h2", &one_line(&say::part(part)));
        if let Some(sha256) = &part.sha256 {
            element(out, "p class=\"quiet\"", &format!("SHA-256 {sha256}"));
        }
        let left = part.sentences(self.k);
        if !left.is_empty() {
            element(out, "h3", say::LEFT);
            out.push_str("<ul class=\"prose\">\n");
            for sentence in left {
                told(out, "li", &sentence);
            }
            out.push_str("</ul>\n");
        }
        if let Some(before) = &part.before {
            self.risk(out, before, part.after.as_ref());
        }
        if !part.steps.is_empty() {
            element(out, "h3", say::STEPS);
            out.push_str("<ol class=\"prose\">\n");
            for step in &part.steps {
                told(out, "li", step);
            }
            out.push_str("</ol>\n");
        }
        if !part.columns.is_empty() {
            element(out, "h3", say::METHOD);
            let heads = [
                (say::COLUMN, false),
                (say::HOLDS, false),
                (say::METHOD, false),
                (say::VALUES, true),
                (say::CHANGED, true),
                (say::WHY, false),
            ];
            table(out, say::METHOD, &heads);
            for column in &part.columns {
                let holds = say::holds(self.title(&column.holds), column.quasi, column.sensitive);
                row(
                    out,
                    &heads,
                    &[
                        &column.name,
                        &holds,
                        &column.method,
                        &words::number(column.values),
                        &words::number(column.changed),
                        &column.why,
                    ],
                );
            }
            out.push_str("</tbody>\n</table></div>\n");
        }
        for (title, counts) in [(say::FOUND, &part.found), (say::UNSURE, &part.unsure)] {
            if counts.is_empty() {
                continue;
            }
            element(out, "h3", title);
            let heads = [(title, false), (say::COUNT, true)];
            table(out, title, &heads);
            for (kind, count) in counts {
                row(out, &heads, &[self.title(kind), &words::number(*count)]);
            }
            out.push_str("</tbody>\n</table></div>\n");
        }
        if !part.unsure_places.is_empty() {
            out.push_str("<ul class=\"prose\">\n");
            for place in part.unsure_places.iter().take(PLACES) {
                let text = format!(
                    "{}: {}, {} sure, {}",
                    say::place(&place.column, place.row),
                    self.title(&place.kind),
                    place.confidence,
                    place.reason
                );
                element(out, "li", &one_line(&text));
            }
            out.push_str("</ul>\n");
        }
    }

    fn risk(&self, out: &mut String, before: &RiskFigures, after: Option<&RiskFigures>) {
        element(out, "h3", say::RISK);
        let heads = [(say::MEASURE, false), (say::BEFORE, true), (say::AFTER, true)];
        table(out, say::RISK, &heads);
        for (name, was, is) in say::measures(before, after) {
            row(out, &heads, &[&name, &was, &is]);
        }
        out.push_str("</tbody>\n</table></div>\n");
        element(out, "p class=\"quiet\"", say::WHO);
        element(out, "h3", say::SPREAD);
        let _ = write!(
            out,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table class=\"bars\">\n<thead><tr><th scope=\"col\">{1}</th><th scope=\"col\"><span class=\"vh\">{0}</span></th><th scope=\"col\" class=\"num\">{2}</th><th scope=\"col\" class=\"num\">{3}</th></tr></thead>\n<tbody>\n",
            say::SPREAD,
            say::SIZE,
            say::ROWS_BEFORE,
            say::ROWS_AFTER
        );
        let rows_after = |size: &str| {
            let spread = after.map(|after| after.spread.as_slice()).unwrap_or_default();
            spread.iter().find(|(other, ..)| other == size).map_or(0, |(.., rows)| *rows)
        };
        for (size, _, rows) in &before.spread {
            let is = rows_after(size);
            if *rows + is == 0 {
                continue;
            }
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\">{}</th><td class=\"bar\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>",
                html(size),
                bars(*rows, is, before.rows),
                words::number(*rows),
                words::number(is)
            );
        }
        out.push_str("</tbody>\n</table></div>\n");
    }
}

/// Two bars: an outline of the rows before, and full what there are after. The figures beside them say
/// the same.
fn bars(before: u64, after: u64, all: u64) -> String {
    let wide = |n: u64| if n == 0 { 0 } else { (n.saturating_mul(200) / all.max(1)).clamp(2, 200) };
    let mut svg = "<svg width=\"204\" height=\"22\" viewBox=\"0 0 204 22\" aria-hidden=\"true\" focusable=\"false\">".to_owned();
    if before > 0 {
        let _ = write!(
            svg,
            "<rect class=\"x\" x=\".5\" y=\".5\" width=\"{}\" height=\"8\" rx=\"2\"/>",
            wide(before)
        );
    }
    if after > 0 {
        let _ = write!(
            svg,
            "<rect class=\"f\" y=\"12\" width=\"{}\" height=\"9\" rx=\"2\"/>",
            wide(after)
        );
    }
    svg.push_str("</svg>");
    svg
}

fn table(out: &mut String, label: &str, heads: &[(&str, bool)]) {
    let _ = write!(
        out,
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table>\n<thead><tr>",
        html(label)
    );
    for (head, number) in heads {
        let class = if *number { " class=\"num\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", html(head));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
}

fn row(out: &mut String, heads: &[(&str, bool)], cells: &[&str]) {
    out.push_str("<tr>");
    for (at, (cell, (_, number))) in cells.iter().zip(heads).enumerate() {
        let text = html(&one_line(cell));
        let _ = match (at, *number) {
            (0, _) => write!(out, "<th scope=\"row\">{text}</th>"),
            (_, true) => write!(out, "<td class=\"num\">{text}</td>"),
            _ => write!(out, "<td class=\"t\">{text}</td>"),
        };
    }
    out.push_str("</tr>\n");
}
