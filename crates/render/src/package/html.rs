//! The pages of the package: records first, as they come, then the index that leads to them.

use std::fmt::Write as _;

use super::writer::{CollectionDone, FileDone, SystemDone};
use super::{
    Answered, Closing, CollectionAnswer, Disclosure, ListItem, PackageHead, Reached, RowAnswer,
    Shown,
};
use crate::page::{self, element};
use crate::text::{head as first_chars, html, one_line, push_html};
use crate::words::{self, package as say};

/// Longest value shown on a page, in characters; the rest is in the data files.
const LONGEST_SHOWN: usize = 20_000;
/// Longest file name shown, in characters.
const LONGEST_NAME: usize = 200;
/// From here on a value is set as running text.
const LONG: usize = 120;

/// Whether the rows of a collection stand in one table rather than one below the other.
pub(super) fn as_table(collection: &CollectionAnswer) -> bool {
    collection.fields.len() <= 5 && !collection.fields.iter().any(|field| field.free_text)
}

/// A row. `number` counts from 1 within its collection.
pub(super) fn row(out: &mut String, collection: &CollectionAnswer, number: u64, row: &RowAnswer) {
    if as_table(collection) {
        let _ = write!(out, "<tr><th scope=\"row\" class=\"t\">{}</th>", words::number(number));
        for value in &row.values {
            let numeric = matches!(value, Shown::Int(_) | Shown::Number(_));
            out.push_str(if numeric {
                "<td class=\"num\">"
            } else {
                "<td class=\"v\" dir=\"auto\">"
            });
            value_html(out, value);
            out.push_str("</td>");
        }
        let _ = writeln!(out, "<td class=\"t\">{}</td></tr>", say::tie(row.tie));
        return;
    }
    let _ = write!(
        out,
        "<article class=\"rec\">\n<p class=\"rt\"><b>{}</b> <span>{}</span></p>\n<dl>\n",
        say::record(number),
        say::tie(row.tie)
    );
    let mut empty = Vec::new();
    for (field, value) in collection.fields.iter().zip(&row.values) {
        if matches!(value, Shown::Empty) {
            empty.push(one_line(field.shown_title()));
            continue;
        }
        out.push_str("<div><dt>");
        push_html(out, &one_line(field.shown_title()));
        out.push_str("</dt>");
        let long = matches!(value, Shown::Text(text)
            if text.expose().contains('\n') || text.expose().chars().nth(LONG).is_some());
        out.push_str(if long { "<dd class=\"long\" dir=\"auto\">" } else { "<dd dir=\"auto\">" });
        value_html(out, value);
        out.push_str("</dd></div>\n");
    }
    out.push_str("</dl>\n");
    if !empty.is_empty() {
        element(out, "p class=\"quiet\"", &say::empty_fields(&words::list(&empty)));
    }
    out.push_str("</article>\n");
}

fn value_html(out: &mut String, value: &Shown) {
    match value {
        Shown::Empty => {}
        Shown::Bool(value) => out.push_str(say::yes_no(*value)),
        Shown::Int(value) => out.push_str(&value.to_string()),
        Shown::Number(text) | Shown::Text(text) => {
            let (shown, left) = first_chars(text.expose(), LONGEST_SHOWN);
            push_html(out, shown);
            if left > 0 {
                out.push_str(" <em class=\"held\">");
                push_html(out, &say::and_more(left as u64));
                out.push_str("</em>");
            }
        }
        Shown::File(path) => {
            let _ = write!(out, "<a href=\"{FROM_PAGES}{0}\">{0}</a>", html(path));
        }
        Shown::Withheld(reason) => {
            out.push_str("<em class=\"held\">");
            push_html(out, &say::withheld(reason));
            out.push_str("</em>");
        }
    }
}

/// How a link leads out of `pages/`. Taken away when rows move into the index.
const FROM_PAGES: &str = "../";

/// Rows that stay in the index, with their links put right. No value can hold this text: in a value
/// the quotation mark is `&quot;`.
pub(super) fn for_index(rows: &str) -> String {
    rows.replace("<a href=\"../", "<a href=\"")
}

/// Rows with what goes around them.
fn framed(out: &mut String, collection: &CollectionAnswer, caption: &str, rows: &str) {
    if !as_table(collection) {
        out.push_str(rows);
        return;
    }
    let _ = write!(
        out,
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n<table>\n<caption>{0}</caption>\n<thead><tr><th scope=\"col\" class=\"t\">{1}</th>",
        html(&one_line(caption)),
        say::NUMBER_COLUMN
    );
    for field in &collection.fields {
        let numeric =
            matches!(field.data_type, Some(model::DataType::Integer | model::DataType::Number));
        out.push_str(if numeric {
            "<th scope=\"col\" class=\"num\">"
        } else {
            "<th scope=\"col\">"
        });
        push_html(out, &one_line(field.shown_title()));
        out.push_str("</th>");
    }
    let _ = write!(
        out,
        "<th scope=\"col\" class=\"t\">{}</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n",
        say::TIE_COLUMN
    );
}

/// What a further page needs to know.
pub(super) struct FurtherPage<'a> {
    pub(super) head: &'a PackageHead,
    pub(super) system: &'a str,
    pub(super) collection: &'a CollectionAnswer,
    pub(super) base: &'a str,
    pub(super) anchor: &'a str,
    pub(super) number: u64,
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) more: bool,
    pub(super) rows: &'a str,
}

/// A page of a large collection.
pub(super) fn further_page(page: &FurtherPage<'_>) -> String {
    let range = say::page_range(&one_line(&page.collection.title), page.first, page.last);
    let mut out = String::with_capacity(page::CSS.len() + page.rows.len() + 2048);
    page::open(&mut out, &format!("{range} · {}", one_line(page.system)), "page");
    masthead(&mut out, page.head, "../index.html");
    out.push_str("<main>\n<div>\n");
    let crumbs = |out: &mut String, label: &str| {
        let _ = write!(
            out,
            "<nav class=\"crumbs\" aria-label=\"{label}\"><a href=\"../index.html#{}\">{}</a> ",
            page.anchor,
            say::BACK
        );
        if page.number > 1 {
            let _ = write!(
                out,
                "<a href=\"{}-{}.html\">{}</a> ",
                page.base,
                page.number - 1,
                say::PREVIOUS
            );
        }
        if page.more {
            let _ =
                write!(out, "<a href=\"{}-{}.html\">{}</a>", page.base, page.number + 1, say::NEXT);
        }
        out.push_str("</nav>\n");
    };
    crumbs(&mut out, say::NAV_TOP);
    element(&mut out, "h1", &range);
    element(&mut out, "p class=\"sub\"", &one_line(page.system));
    framed(&mut out, page.collection, &range, page.rows);
    crumbs(&mut out, say::NAV_BOTTOM);
    out.push_str("</div>\n</main>\n");
    page::close(&mut out);
    out
}

fn masthead(out: &mut String, head: &PackageHead, home: &str) {
    let _ = write!(out, "<header class=\"mast\"><a class=\"mark\" href=\"{home}\">");
    push_html(out, &one_line(&head.organisation));
    out.push_str("</a><span class=\"ref\">");
    push_html(
        out,
        &one_line(&say::made(&head.reference, &words::moment(head.made_at, &head.zone))),
    );
    out.push_str("</span></header>\n");
}

/// A collection's part of the index: its heading, how it was found, and its rows or the way there.
pub(super) fn collection(
    out: &mut String,
    answer: &CollectionAnswer,
    done: &CollectionDone,
    inline_rows: Option<&str>,
) {
    let title = one_line(&answer.title);
    let _ = write!(out, "<h3 id=\"{}\">", done.anchor);
    push_html(out, &title);
    out.push_str("</h3>\n<p class=\"quiet\">");
    push_html(out, &say::records(done.rows));
    for why in &answer.why {
        out.push_str(" · ");
        push_html(out, &one_line(why));
    }
    let _ = write!(out, " · <a href=\"csv/{0}.csv\">{1}</a>", done.base, say::AS_TABLE_FILE);
    let mut kinds: Vec<&str> = Vec::new();
    for category in answer.fields.iter().flat_map(|field| &field.categories) {
        if !kinds.contains(&category.title.as_str()) {
            kinds.push(&category.title);
        }
    }
    if !kinds.is_empty() {
        out.push_str("<br>");
        push_html(out, &one_line(&say::kinds(&kinds)));
    }
    out.push_str("</p>\n");
    if done.rows == 0 {
        return;
    }
    match inline_rows {
        Some(rows) => framed(out, answer, &format!("{title}, {}", say::records(done.rows)), rows),
        None => {
            out.push_str("<p>");
            push_html(out, &say::read_all(done.rows, done.pages));
            for n in 1..=done.pages {
                let _ =
                    write!(out, " <a href=\"pages/{}-{n}.html\">{}</a>", done.base, say::page(n));
            }
            out.push_str("</p>\n");
        }
    }
}

/// A system's part of the index, up to its collections.
pub(super) fn system(out: &mut String, system: &super::SystemAnswer, anchor: &str) {
    let _ = write!(out, "<section class=\"system\" id=\"{anchor}\">\n<h2>");
    push_html(out, &one_line(&system.title));
    out.push_str("</h2>\n");
    if let Reached::NotReached(reason) = &system.reached {
        let _ = write!(out, "<div class=\"box r\"><h3>◆ {}</h3>", say::NOT_READ);
        element(out, "p", &one_line(reason));
        out.push_str("</div>\n");
    }
    let facts = [
        (say::SOURCE, system.source.clone().unwrap_or_default()),
        (say::PURPOSES, system.purposes.join("; ")),
        (say::RECIPIENTS, system.recipients.join("; ")),
    ];
    out.push_str("<dl>\n");
    for (title, text) in &facts {
        let _ = write!(out, "<div><dt>{title}</dt><dd>");
        push_html(out, if text.is_empty() { say::NOT_RECORDED } else { text });
        out.push_str("</dd></div>\n");
    }
    out.push_str("</dl>\n");
}

/// Everything that the index says besides the systems' own parts.
pub(super) struct Index<'a> {
    pub(super) head: &'a PackageHead,
    pub(super) systems: &'a [SystemDone],
    pub(super) body: &'a str,
    pub(super) files: &'a [FileDone],
    pub(super) closing: &'a Closing,
    pub(super) records: u64,
    pub(super) names_hidden: bool,
}

impl Index<'_> {
    /// The page itself.
    pub(super) fn page(&self) -> String {
        let names: Vec<&str> =
            self.head.subject_names.iter().map(|name| name.expose().as_str()).collect();
        let title = one_line(&say::title(self.head.kind, &self.head.organisation, &names));
        let mut out = String::with_capacity(page::CSS.len() + self.body.len() + 16_384);
        page::open(&mut out, &title, "package");
        masthead(&mut out, self.head, "#top");
        out.push_str("<main id=\"top\">\n<div class=\"top\">\n");
        element(&mut out, "h1", &title);
        out.push_str("</div>\n<div class=\"sheet\">\n");
        self.summary(&mut out);
        self.choices(&mut out);
        self.left_out(&mut out);
        self.lists(&mut out);
        out.push_str(self.body);
        self.attachments(&mut out);
        self.complain(&mut out);
        out.push_str("</div>\n");
        self.contents(&mut out);
        out.push_str("</main>\n<footer><p>");
        out.push_str(say::FOOTER);
        out.push_str("</p></footer>\n");
        page::close(&mut out);
        out
    }

    fn choices(&self, out: &mut String) {
        if self.head.choices.is_empty() {
            return;
        }
        element(out, "h2", say::CHOICES);
        out.push_str("<ul class=\"prose\">\n");
        for choice in &self.head.choices {
            element(out, "li", &one_line(choice));
        }
        out.push_str("</ul>\n");
    }

    fn missing(&self) -> impl Iterator<Item = (&str, &str)> {
        self.systems.iter().filter_map(|system| match &system.answer.reached {
            Reached::Reached => None,
            Reached::NotReached(why) => Some((system.answer.title.as_str(), why.as_str())),
        })
    }

    fn summary(&self, out: &mut String) {
        let missing = self.missing().count() as u64;
        let with = self.systems.iter().filter(|system| system.rows() > 0).count() as u64;
        let read = self.systems.len() as u64 - missing;
        element(out, "p class=\"lede\"", &say::found(self.records, with, read));
        if missing > 0 {
            let _ = write!(
                out,
                "<div class=\"box r\"><h2>◆ {}</h2><ul>",
                say::not_reached_heading(missing)
            );
            for (title, why) in self.missing() {
                out.push_str("<li><b>");
                push_html(out, &one_line(title));
                out.push_str("</b>: ");
                push_html(out, &one_line(&say::not_reached(why)));
                out.push_str("</li>");
            }
            let _ = writeln!(out, "</ul><p>{}</p></div>", say::NOT_REACHED_NEXT);
        }
        if self.records > 0 {
            element(out, "p class=\"prose\"", say::HOW_TO_READ);
        }
        let _ = write!(
            out,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table><caption>{0}</caption><thead><tr><th scope=\"col\">{1}</th><th scope=\"col\">{2}</th><th scope=\"col\" class=\"num\">{3}</th></tr></thead><tbody>",
            say::TABLE_OF_SYSTEMS,
            say::SYSTEM,
            say::WHAT_IS_THERE,
            say::RECORDS
        );
        for system in self.systems {
            let _ = write!(out, "<tr><th scope=\"row\"><a href=\"#{}\">", system.anchor);
            push_html(out, &one_line(&system.answer.title));
            out.push_str("</a></th><td>");
            if let Reached::NotReached(_) = system.answer.reached {
                push_html(out, say::NOT_READ_CELL);
            } else {
                let titles: Vec<String> = system
                    .collections
                    .iter()
                    .filter(|done| done.rows > 0)
                    .map(|done| one_line(&done.title))
                    .collect();
                let none = say::NOTHING_THERE.to_owned();
                push_html(out, &if titles.is_empty() { none } else { titles.join(", ") });
            }
            let known = matches!(system.answer.reached, Reached::Reached) || system.rows() > 0;
            let rows = if known { words::number(system.rows()) } else { "?".to_owned() };
            let _ = writeln!(out, "</td><td class=\"num\">{rows}</td></tr>");
        }
        out.push_str("</tbody></table></div>\n");
        if self.records > 0 {
            element(out, "p class=\"quiet\"", say::TIES);
        }
    }

    fn left_out(&self, out: &mut String) {
        let _ = writeln!(out, "<h2 id=\"left-out\">{}</h2>", say::LEFT_OUT);
        out.push_str("<ul class=\"prose\">\n");
        if self.missing().next().is_none() {
            element(out, "li", say::ALL_REACHED);
        }
        for (title, why) in self.missing() {
            out.push_str("<li><b>");
            push_html(out, &one_line(title));
            out.push_str("</b>: ");
            push_html(out, &one_line(&say::not_reached(why)));
            out.push_str(".</li>\n");
        }
        element(out, "li", &say::redacted(self.closing.redacted_others));
        for not in &self.closing.not_shown {
            out.push_str("<li><b>");
            push_html(out, &one_line(&not.place));
            out.push_str("</b>: ");
            push_html(out, &one_line(&not.reason));
            out.push_str("</li>\n");
        }
        if self.closing.not_shown.is_empty() && self.missing().next().is_none() {
            element(out, "li", say::NOTHING_ELSE_LEFT_OUT);
        }
        out.push_str("</ul>\n");
    }

    fn lists(&self, out: &mut String) {
        let lists = &self.closing.lists;
        let _ = writeln!(out, "<h2 id=\"lists\">{}</h2>", say::SEVEN_HEADING);
        let item = |item: &ListItem| match &item.detail {
            Some(detail) => format!("{}: {detail}", item.title),
            None => item.title.clone(),
        };
        let disclosure = |disclosure: &Disclosure| {
            say::disclosed(&disclosure.category, &words::list(&disclosure.to))
        };
        let pieces = Answered::Given(vec![say::specific_pieces(self.records)]);
        let [categories, sources, purposes, parties, specific, sold, disclosed] = say::SEVEN;
        list(out, categories, &lists.categories, item);
        list(out, sources, &lists.sources, item);
        list(out, purposes, &lists.purposes, item);
        list(out, parties, &lists.third_parties, item);
        list(out, specific, &pieces, Clone::clone);
        list(out, sold, &lists.sold, disclosure);
        list(out, disclosed, &lists.disclosed, disclosure);
    }

    fn attachments(&self, out: &mut String) {
        if self.files.is_empty() {
            return;
        }
        let _ = write!(
            out,
            "<section class=\"system\" id=\"files\">\n<h2>{0}</h2>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table><caption>{1}</caption><thead><tr><th scope=\"col\">{2}</th><th scope=\"col\">{3}</th><th scope=\"col\">{4}</th></tr></thead><tbody>",
            say::ATTACHMENTS,
            words::count(self.files.len() as u64, "file", "files"),
            say::FILE_NAME,
            say::FILE_PLACE,
            say::FILE_IN_PACKAGE
        );
        for file in self.files {
            out.push_str("<tr><th scope=\"row\" class=\"v\" dir=\"auto\">");
            let (name, left) = first_chars(file.name.expose(), LONGEST_NAME);
            push_html(out, &one_line(name));
            out.push_str(if left > 0 { "…" } else { "" });
            out.push_str("</th><td>");
            push_html(out, &one_line(&say::file(&file.place, file.bytes)));
            let _ = writeln!(out, "</td><td><a href=\"{0}\">{0}</a></td></tr>", html(&file.path));
        }
        out.push_str("</tbody></table></div>\n");
        if self.files.iter().any(|file| file.path.ends_with(".file")) {
            element(out, "p class=\"quiet\"", say::FILES_NOTE);
        }
        if self.names_hidden {
            element(out, "p class=\"quiet\"", say::NAMES_HIDDEN);
        }
        out.push_str("</section>\n");
    }

    fn complain(&self, out: &mut String) {
        let _ = writeln!(
            out,
            "<section class=\"system\" id=\"complain\">\n<h2>{}</h2>",
            say::COMPLAIN_HEADING
        );
        let first = say::complain_first(&self.head.contact, &self.head.reference);
        element(out, "p class=\"prose\"", &one_line(&first));
        if self.head.complain_to.is_empty() {
            element(out, "p class=\"prose\"", say::NO_AUTHORITY);
        } else {
            element(out, "p class=\"prose\"", say::COMPLAIN);
            out.push_str("<ul class=\"prose\">\n");
            for authority in &self.head.complain_to {
                out.push_str("<li><b>");
                push_html(out, &one_line(&authority.name));
                out.push_str("</b>, ");
                push_html(out, &one_line(&authority.contact));
                // Only https: a policy file must not smuggle a `javascript:` link into an answer.
                if let Some(web) =
                    authority.web.as_deref().filter(|web| web.starts_with("https://"))
                {
                    let _ = write!(
                        out,
                        ", <a rel=\"noreferrer\" href=\"{0}\">{0}</a>",
                        html(&one_line(web))
                    );
                }
                out.push_str("</li>\n");
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</section>\n");
    }

    fn contents(&self, out: &mut String) {
        let _ = write!(
            out,
            "<nav class=\"toc\" aria-label=\"{0}\">\n<h2>{0}</h2>\n<ul>\n",
            say::CONTENTS
        );
        let mut entry = |anchor: &str, title: &str, figure: &str| {
            let _ = write!(out, "<li><a href=\"#{anchor}\">");
            push_html(out, &one_line(title));
            let _ = writeln!(out, "<span>{figure}</span></a></li>");
        };
        entry("left-out", say::LEFT_OUT, "");
        entry("lists", say::SEVEN_HEADING, "");
        for system in self.systems {
            let figure = match system.answer.reached {
                Reached::Reached => words::number(system.rows()),
                Reached::NotReached(_) => format!("◆ {}", say::NOT_READ_CELL),
            };
            entry(&system.anchor, &system.answer.title, &figure);
        }
        if !self.files.is_empty() {
            entry("files", say::ATTACHMENTS, &words::number(self.files.len() as u64));
        }
        entry("complain", say::COMPLAIN_HEADING, "");
        out.push_str("</ul>\n</nav>\n");
    }
}

fn list<T>(
    out: &mut String,
    (heading, none): (&str, &str),
    answer: &Answered<T>,
    line: impl Fn(&T) -> String,
) {
    element(out, "h3", heading);
    match answer {
        Answered::NotStated(reason) => {
            element(out, "p class=\"prose held\"", &one_line(&say::not_stated(reason)));
        }
        Answered::Given(items) if items.is_empty() => element(out, "p class=\"prose\"", none),
        Answered::Given(items) => {
            out.push_str("<ul class=\"prose\">\n");
            for item in items {
                element(out, "li", &one_line(&line(item)));
            }
            out.push_str("</ul>\n");
        }
    }
}
