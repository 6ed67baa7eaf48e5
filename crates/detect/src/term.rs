//! What is searched for, what is found, and what was taken out: the nouns of this crate.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use crate::file_kind::FileKind;
use crate::values::ValueKind;

/// The kinds of thing by which a person is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermKind {
    /// An e-mail address.
    Email,
    /// A telephone number, in any spelling.
    Phone,
    /// The name a person signs in with.
    UserName,
    /// The number or code of the person's account.
    AccountId,
    /// A personal name.
    Name,
    /// A postal address.
    Address,
    /// An employee number, a serial number, any other code that stands for the person.
    Code,
}

impl TermKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Email,
        Self::Phone,
        Self::UserName,
        Self::AccountId,
        Self::Name,
        Self::Address,
        Self::Code,
    ];
}

/// One thing by which a person is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// What sort of thing it is.
    pub kind: TermKind,
    /// The term as it was given.
    pub text: String,
}

impl Term {
    /// A term as it was given; normalisation happens when a [`Searcher`](crate::Searcher) is built.
    pub fn new(kind: TermKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

impl fmt::Debug for Term {
    /// The kind alone: the text is somebody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Term({:?}, ..)", self.kind)
    }
}

/// Everything by which one person is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonTerms {
    /// Names, addresses, numbers, in any order.
    pub terms: Vec<Term>,
}

/// How a [`Searcher`](crate::Searcher) reads what it is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchOptions {
    /// The country code (`"1"`, `"49"`) of numbers written without one.
    pub default_country_code: Option<String>,
}

/// How much a mention says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// This is the person.
    Strong,
    /// A bare given name or surname, or a surname with an initial: shared by many people, and only
    /// meaningful in a text that is known to be about this person.
    Weak,
}

/// A way in which bytes stand for other bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// `=40`, and lines broken by a final `=` (RFC 2045).
    QuotedPrintable,
    /// Either alphabet of RFC 4648, also wrapped in lines.
    Base64,
    /// `%40` (RFC 3986).
    UrlPercent,
    /// `&#64;`, `&commat;`.
    HtmlEntities,
    /// `\u0040`, `\"`, and the escapes of related languages.
    JsonEscapes,
    /// `=?utf-8?Q?…?=` in a mail header (RFC 2047).
    EncodedWord,
    /// Bytes that are not UTF-8, read as Windows-1252.
    Latin1,
    /// UTF-16 of either byte order.
    Utf16,
    /// gzip (RFC 1952), zlib (RFC 1950), or a compressed stream inside a PDF.
    Gzip,
    /// A member of a ZIP archive, and so of DOCX, XLSX and their like.
    Zip,
}

/// One place where a person is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The person's index in the list the searcher was built from.
    pub person: usize,
    /// By what kind of term.
    pub kind: TermKind,
    /// How much it says by itself.
    pub strength: Strength,
    /// The smallest range of the bytes as they were given that encodes the mention.
    pub span: Range<usize>,
    /// The encodings around it, outermost first; empty if it stands there plainly.
    pub encoding: Vec<Encoding>,
    /// Whether the value, decoded and trimmed, is nothing but this term.
    pub whole: bool,
}

/// How to take a person out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedactOptions {
    /// Also bare names ([`Strength::Weak`]).
    pub weak: bool,
    /// The text is the person's own: also take out labelled dates of birth, IP and card numbers,
    /// government ids and bank accounts, whoever they seem to belong to.
    pub own: bool,
    /// What stands there afterwards. Characters that mean something in one of the encodings
    /// (quotes, `=`, `%`, `&`, `<`, `>`, `\`, control characters) become `_`.
    pub mark: String,
}

impl Default for RedactOptions {
    fn default() -> Self {
        Self { weak: false, own: false, mark: "[erased]".to_owned() }
    }
}

/// What was taken out, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Removed {
    /// One of the person's own terms.
    Term(TermKind),
    /// A value that was recognised by its form.
    Value(ValueKind),
}

/// The outcome of [`Searcher::redact`](crate::Searcher::redact).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Redaction {
    /// The bytes without the person; `None` if there was nothing to do.
    pub bytes: Option<Vec<u8>>,
    /// How many of what were taken out.
    pub taken_out: BTreeMap<Removed, u64>,
    /// The bytes are, or wrap, a document or picture that mentions the person and was **not**
    /// edited inside: replace it whole.
    pub file: Option<FileKind>,
    /// Something in the bytes could not be looked into: compressed, encrypted, or a picture.
    pub unread: bool,
}

impl fmt::Debug for Redaction {
    /// Never the bytes: they are still somebody's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction")
            .field("changed", &self.bytes.is_some())
            .field("taken_out", &self.taken_out)
            .field("file", &self.file)
            .field("unread", &self.unread)
            .finish()
    }
}
