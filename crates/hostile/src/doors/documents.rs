//! Documents of any kind.

use documents::{Input, Limits, Place, Sink, Unread};

/// Words of documents.
pub(super) const WORDS: &[&str] = &[
    "From: a@x.example\n",
    "Content-Type: multipart/mixed; boundary=x\n",
    "\n--x\n",
    "Content-Transfer-Encoding: base64\n",
    "=?utf-8?q?=C3?=",
    "<html>",
    "<!--",
    "<script>",
    "</",
    "&#x110000;",
    "{\"a\":[",
    "\\ud800",
    "]}",
    "\"",
    ",",
    "\n",
    "PK\u{3}\u{4}",
    "PK\u{1}\u{2}",
    "PK\u{5}\u{6}",
    "%PDF-1.7\n",
    "1 0 obj",
    "<< /Type /Page",
    "stream\n",
    "\nendstream",
    "trailer",
    "startxref",
    "BT /F1 1 Tf (x) Tj ET",
    "/Kids [1 0 R]",
    "PAR1",
    "ustar",
    "SQLite format 3\0",
    "\u{feff}",
    "\0",
    "<row r='1'>",
    "<c r='ZZZZZ9' t='s'>",
];

/// A text more than this comes out of no input of the fuzzer: it is cut long before.
const BOUND: u64 = 16 << 20;

/// What a sink asserts is caught where readers are guarded, so it is kept for the end.
#[derive(Default)]
struct Judge {
    open: bool,
    bytes: u64,
    wrong: Option<&'static str>,
}

impl Judge {
    fn holds(&mut self, holds: bool, what: &'static str) {
        if !holds {
            self.wrong.get_or_insert(what);
        }
    }
}

impl Sink for Judge {
    fn begin(&mut self, place: &Place, _: &str) {
        self.holds(!self.open, "a text began within another");
        self.holds(place.path.starts_with("door"), "a place is nowhere");
        self.holds(!place.part.contains('@'), "a part of a place may be an address");
        self.open = true;
    }

    fn text(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.holds(self.open && !bytes.is_empty(), "there is text where none began");
        self.holds(self.bytes <= BOUND, "more comes out than may");
    }

    fn end(&mut self) {
        self.holds(self.open, "a text ended that had not begun");
        self.open = false;
    }

    fn unread(&mut self, path: &str, why: &Unread) {
        self.holds(!self.open, "a reason stands within a text");
        self.holds(path.starts_with("door") && !why.to_string().is_empty(), "a reason is nowhere");
    }
}

/// The first byte picks the ending of the name.
pub(super) fn document(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let endings = ["", ".eml", ".html", ".json", ".csv", ".pdf", ".txt", ".tsv"];
    let ending = endings.get(usize::from(*first) % endings.len()).copied().unwrap_or_default();
    let limits =
        Limits { floor: 1 << 20, total: 8 << 20, members: 100, held: 1 << 20, ..Limits::default() };
    let mut judge = Judge::default();
    documents::read(&format!("door{ending}"), Input::Stream(Box::new(rest)), &limits, &mut judge);
    judge.holds(!judge.open, "a text was not ended");
    assert_eq!(judge.wrong, None);
}
