//! What came out of a document.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "each test takes what it needs")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

use std::io::Write as _;

use documents::{Database, Input, Limits, Place, Sink, Unread};

/// Everything that was read: place, label and text; and what was not, with its reason.
#[derive(Debug, Default)]
pub struct Seen {
    pub texts: Vec<(String, String, String)>,
    pub unread: Vec<(String, String)>,
    pub databases: Vec<String>,
    open: bool,
    pub most: u64,
    pub bytes: u64,
}

impl Sink for Seen {
    fn begin(&mut self, place: &Place, label: &str) {
        assert!(!self.open, "a text began within another: {place}");
        self.open = true;
        self.texts.push((place.to_string(), label.to_owned(), String::new()));
    }

    fn text(&mut self, bytes: &[u8]) {
        assert!(self.open);
        self.bytes += u64::try_from(bytes.len()).unwrap();
        if self.bytes < 1 << 20 {
            self.texts.last_mut().unwrap().2.push_str(&String::from_utf8_lossy(bytes));
        }
    }

    fn end(&mut self) {
        assert!(self.open);
        self.open = false;
    }

    fn unread(&mut self, path: &str, why: &Unread) {
        assert!(!self.open);
        self.unread.push((path.to_owned(), why.to_string()));
    }

    fn database(&mut self, path: &str, _: Database) {
        self.databases.push(path.to_owned());
    }
}

impl Seen {
    /// The text at a place.
    pub fn at(&self, place: &str) -> &str {
        let found = self.texts.iter().find(|(at, ..)| at == place);
        let found = found.unwrap_or_else(|| panic!("nothing at `{place}`: {self:#?}"));
        assert!(!self.open);
        &found.2
    }

    pub fn label(&self, place: &str) -> &str {
        &self.texts.iter().find(|(at, ..)| at == place).unwrap().1
    }

    /// The reason why something was not read.
    pub fn why(&self, path: &str) -> &str {
        let found = self.unread.iter().find(|(at, _)| at == path);
        &found.unwrap_or_else(|| panic!("`{path}` was read: {self:#?}")).1
    }

    pub fn all(&self) -> String {
        self.texts.iter().map(|(_, _, text)| text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

pub fn read(name: &str, bytes: &[u8]) -> Seen {
    read_within(name, bytes, &Limits::default())
}

pub fn read_within(name: &str, bytes: &[u8], limits: &Limits) -> Seen {
    let mut seen = Seen::default();
    documents::read(name, Input::Stream(Box::new(bytes)), limits, &mut seen);
    // From a file on the disk it is the same.
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    let mut again = Seen::default();
    documents::read(name, Input::File(file), limits, &mut again);
    assert_eq!(seen.texts, again.texts);
    assert_eq!(seen.unread, again.unread);
    seen
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(bytes.len()).unwrap());
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A PDF with these objects, numbered from 1, of which the first is the catalogue.
pub fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut starts = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        starts.push(out.len());
        out.extend(format!("{} 0 obj\n", number + 1).into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for start in starts {
        out.extend(format!("{start:010} 00000 n \n").into_bytes());
    }
    out.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n",
            objects.len() + 1
        )
        .into_bytes(),
    );
    out
}

/// A stream of a PDF, packed.
pub fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    let packed = packer.finish().unwrap();
    let mut out =
        format!("<< {dictionary} /Filter /FlateDecode /Length {} >>\nstream\n", packed.len())
            .into_bytes();
    out.extend(packed);
    out.extend(b"\nendstream");
    out
}

/// A PDF of one page that draws this.
pub fn page(drawing: &str) -> Vec<u8> {
    pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X1 6 0 R >> >> /Annots [<< /Type /Annot /Subtype /Link /A << /URI (mailto:jane.link@acme.example) >> >> << /Type /Annot /Subtype /Widget /T (mail) /V (jane.field@acme.example) >>] >>".to_vec(),
        stream("", drawing.as_bytes()),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [200 /eacute /fi] >> >>".to_vec(),
        stream("/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /Font << /F1 5 0 R >> /XObject << /X1 6 0 R >> >>", b"BT /F1 12 Tf 72 300 Td (in a drawing) Tj ET /X1 Do /X1 Do"),
    ])
}
