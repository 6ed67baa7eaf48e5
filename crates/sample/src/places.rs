//! Where the sample put what a demonstration or a test must find again.

use model::RowKey;

/// How a value lies in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// A column of its own that identifies the person (an address, a name).
    Identifier,
    /// A key that points at the person's record; the row may hold no text about them.
    Reference,
    /// Readable text.
    Plain,
    /// Readable text inside a quoted mail (`> …`).
    Quoted,
    /// HTML in which accents and the at sign are entities.
    Html,
    /// Quoted-printable, with a soft line break in the middle of the name or address.
    QuotedPrintable,
    /// Base64 in lines of 76 characters.
    Base64,
    /// Inside a JSON text, letters beyond ASCII escaped.
    Json,
    /// Percent-encoded in a link.
    Url,
    /// In the bytes of a file.
    File,
}

/// Whose row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The heroine's own row, found by a column or by reference.
    Own,
    /// Somebody else's row that names her.
    Mention,
}

/// One cell of one database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The system: `ticketing`, `billing`, `crm` or `newsletter`.
    pub system: &'static str,
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The primary key's values, in the order of its columns.
    pub key: RowKey,
}

/// A place where the heroine is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planted {
    /// Her own row or another's.
    pub whose: Whose,
    /// How she lies there.
    pub encoding: Encoding,
    /// Where.
    pub at: Location,
}

/// A card number where none should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StrayCard {
    /// The number's digits: one of the numbers that card networks publish for tests.
    pub number: &'static str,
    /// How it lies there.
    pub encoding: Encoding,
    /// Where.
    pub at: Location,
}

/// Text that must be found unchanged after the heroine is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact {
    /// Where.
    pub at: Location,
    /// The text, byte for byte as the column holds it.
    pub text: String,
    /// Whether it is the whole value. If not, it is a part that must survive in a value that also
    /// names the heroine.
    pub whole: bool,
}

/// Somebody who is easily taken for the heroine or for a colleague, and must stay whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bystander {
    /// The full name.
    pub name: String,
    /// The address in the ticketing system.
    pub email: &'static str,
    /// What makes them easy to confuse.
    pub why: &'static str,
    /// What must stay byte for byte.
    pub exact: Vec<Exact>,
}

/// A line of [`PLACES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The system.
    pub system: &'static str,
    /// The table.
    pub table: &'static str,
    /// The column by which the row is found.
    pub column: &'static str,
    /// Her own row or another's.
    pub whose: Whose,
    /// How she lies there.
    pub encoding: Encoding,
    /// In how many rows.
    pub rows: usize,
}

const fn place(
    whose: Whose,
    system: &'static str,
    table: &'static str,
    column: &'static str,
    encoding: Encoding,
    rows: usize,
) -> Place {
    Place { system, table, column, whose, encoding, rows }
}

use Encoding::{
    Base64, File, Html, Identifier, Json, Plain, Quoted, QuotedPrintable, Reference, Url,
};
use Whose::{Mention, Own};

/// Where the heroine is: 46 rows of her own and 25 of others, at every size and seed. An own row
/// is counted once, under the column that leads to it; its other columns may hold her too.
pub const PLACES: &[Place] = &[
    place(Own, "ticketing", "users", "email", Identifier, 2),
    place(Own, "ticketing", "tickets", "requester_id", Reference, 5),
    place(Own, "ticketing", "notes", "author_id", Reference, 6),
    place(Own, "ticketing", "ticket_watchers", "user_id", Reference, 2),
    place(Own, "ticketing", "attachments", "content", File, 2),
    place(Own, "ticketing", "custom_values", "object_id", Reference, 3),
    place(Own, "ticketing", "audit_log", "actor_id", Reference, 4),
    place(Own, "ticketing", "sessions", "user_id", Reference, 2),
    place(Own, "billing", "customers", "contact_email", Identifier, 1),
    place(Own, "billing", "invoices", "bill_to_email", Identifier, 5),
    place(Own, "billing", "payments", "payer_name", Identifier, 3),
    place(Own, "crm", "contact", "email", Identifier, 1),
    place(Own, "crm", "activity", "contact_no", Reference, 3),
    place(Own, "crm", "opportunity", "contact_no", Reference, 1),
    place(Own, "newsletter", "subscriber", "email", Identifier, 2),
    place(Own, "newsletter", "delivery_log", "subscriber_email", Identifier, 4),
    place(Mention, "ticketing", "notes", "body", Plain, 3),
    place(Mention, "ticketing", "notes", "body", Quoted, 3),
    place(Mention, "ticketing", "notes", "body", Html, 3),
    place(Mention, "ticketing", "notes", "body", QuotedPrintable, 3),
    place(Mention, "ticketing", "notes", "body", Base64, 2),
    place(Mention, "ticketing", "notes", "body", Url, 1),
    place(Mention, "ticketing", "tickets", "subject", Plain, 1),
    place(Mention, "ticketing", "tickets", "description", Plain, 1),
    place(Mention, "ticketing", "audit_log", "details_json", Json, 2),
    place(Mention, "ticketing", "custom_values", "value", Json, 1),
    place(Mention, "ticketing", "attachments", "content", File, 1),
    place(Mention, "crm", "activity", "summary", Plain, 1),
    place(Mention, "crm", "activity", "payload", Json, 1),
    place(Mention, "billing", "invoices", "memo", Plain, 1),
    place(Mention, "newsletter", "delivery_log", "unsubscribe_link", Url, 1),
];

/// What a row of the script is there for.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    /// The heroine.
    Heroine(Whose, &'static str, Encoding),
    /// A card number.
    Card(&'static str, &'static str, Encoding),
    /// A bystander's text: role, column, text, whether whole.
    Exact(usize, &'static str, String, bool),
    /// The person without records.
    TextOnly(&'static str),
}

impl Mark {
    pub(crate) const fn own(column: &'static str, encoding: Encoding) -> Self {
        Self::Heroine(Own, column, encoding)
    }

    pub(crate) const fn mention(column: &'static str, encoding: Encoding) -> Self {
        Self::Heroine(Mention, column, encoding)
    }
}

/// Everything that was marked while one system was made.
#[derive(Debug, Default)]
pub(crate) struct Marked {
    pub(crate) heroine: Vec<Planted>,
    pub(crate) cards: Vec<StrayCard>,
    pub(crate) exact: Vec<(usize, Exact)>,
    pub(crate) text_only: Vec<Location>,
}

impl Marked {
    pub(crate) fn note(
        &mut self,
        system: &'static str,
        table: &'static str,
        key: &RowKey,
        mark: &Mark,
    ) {
        let at = |column: &'static str| Location { system, table, column, key: key.clone() };
        match mark {
            Mark::Heroine(whose, column, encoding) => {
                self.heroine.push(Planted { whose: *whose, encoding: *encoding, at: at(column) });
            }
            Mark::Card(column, number, encoding) => {
                self.cards.push(StrayCard { number, encoding: *encoding, at: at(column) });
            }
            Mark::Exact(role, column, text, whole) => {
                let exact = Exact { at: at(column), text: text.clone(), whole: *whole };
                self.exact.push((*role, exact));
            }
            Mark::TextOnly(column) => self.text_only.push(at(column)),
        }
    }

    pub(crate) fn absorb(&mut self, other: Self) {
        self.heroine.extend(other.heroine);
        self.cards.extend(other.cards);
        self.exact.extend(other.exact);
        self.text_only.extend(other.text_only);
    }
}
