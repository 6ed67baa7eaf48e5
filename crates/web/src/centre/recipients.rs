//! Everybody who receives data.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use policy::{Flow, Policy, Recipient, RecipientClass, Taxonomy};

use super::{Opened, Shell, page};
use crate::failure::Failure;
use crate::language::Language;
use crate::words::Words;

/// A recipient as it is shown.
struct Line<'a> {
    one: &'a Recipient,
    purposes: Vec<&'a str>,
    gets: Vec<&'a str>,
}

impl Line<'_> {
    /// Whether data goes there for money.
    fn is_sale(&self) -> bool {
        self.one.flow == Flow::Sale
    }

    /// Whether it goes there for advertising.
    fn is_share(&self) -> bool {
        self.one.flow == Flow::Share
    }
}

#[derive(Template)]
#[template(path = "centre/recipients.html")]
struct Page<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    sold: &'static str,
    classes: Vec<(RecipientClass, Vec<Line<'a>>)>,
}

const CLASSES: [RecipientClass; 6] = [
    RecipientClass::Processor,
    RecipientClass::Vendor,
    RecipientClass::Affiliate,
    RecipientClass::Advertising,
    RecipientClass::Authority,
    RecipientClass::Successor,
];

/// The list, by class.
pub(super) async fn show(State(site): Opened, language: Language) -> Result<Response, Failure> {
    let reading = site.reading();
    let w = language.words();
    let policy = &reading.policy;
    let of = |class| policy.recipients.iter().filter(move |one| one.class == class);
    let classes = CLASSES
        .into_iter()
        .map(|class| (class, of(class).map(|one| line(policy, one)).collect::<Vec<_>>()))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let shell = Shell::new(&site, &reading, language, "recipients", "/recipients");
    let sold = (w.sold)(policy.statements.sold, policy.statements.shared);
    page(&Page { w, shell, title: w.nav_recipients, sold, classes })
}

fn line<'a>(policy: &'a Policy, one: &'a Recipient) -> Line<'a> {
    let purpose = |key: &'a String| {
        let known = policy.purposes.iter().find(|purpose| purpose.key == *key);
        known.map(|purpose| purpose.title.as_str())
    };
    // A system's name is of no use to the public; what lies in it is.
    let gets = |key: &'a String| Taxonomy::Category.title(key);
    Line {
        one,
        purposes: one.purposes.iter().filter_map(purpose).collect(),
        gets: one.gets.iter().filter_map(gets).collect(),
    }
}
