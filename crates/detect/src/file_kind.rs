//! Which bytes are a document or a picture.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// A known file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// TIFF.
    Tiff,
    /// BMP.
    Bmp,
    /// WebP, WAV, AVI.
    Riff,
    /// HEIF, AVIF, MP4.
    IsoMedia,
    /// ZIP, and so DOCX, XLSX, PPTX, ODT and JAR.
    Zip,
    /// Word, Excel and Outlook files of the old kind (compound file binary).
    Ole,
    /// gzip or zlib.
    Gzip,
    /// Another compressed format: bzip2, xz, zstd, 7z, RAR.
    Compressed,
    /// Something encrypted: OpenPGP, S/MIME.
    Encrypted,
}

impl FileKind {
    /// The ending by which such files are known.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Tiff => "tif",
            Self::Bmp => "bmp",
            Self::Riff => "webp",
            Self::IsoMedia => "mp4",
            Self::Zip => "zip",
            Self::Ole => "doc",
            Self::Gzip => "gz",
            Self::Compressed | Self::Encrypted => "bin",
        }
    }
}

const MAGIC: &[(&[u8], FileKind)] = &[
    (b"%PDF-", FileKind::Pdf),
    (b"\x89PNG\r\n\x1a\n", FileKind::Png),
    (b"\xff\xd8\xff", FileKind::Jpeg),
    (b"GIF87a", FileKind::Gif),
    (b"GIF89a", FileKind::Gif),
    (b"II*\0", FileKind::Tiff),
    (b"MM\0*", FileKind::Tiff),
    (b"PK\x03\x04", FileKind::Zip),
    (b"PK\x05\x06", FileKind::Zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind::Ole),
    (b"\x1f\x8b\x08", FileKind::Gzip),
    (b"x\x9c", FileKind::Gzip),
    (b"x\xda", FileKind::Gzip),
    (b"x\x01", FileKind::Gzip),
    (b"BZh9", FileKind::Compressed),
    (b"\xfd7zXZ\0", FileKind::Compressed),
    (b"\x28\xb5\x2f\xfd", FileKind::Compressed),
    (b"7z\xbc\xaf\x27\x1c", FileKind::Compressed),
    (b"Rar!\x1a\x07", FileKind::Compressed),
    (b"-----BEGIN PGP MESSAGE-----", FileKind::Encrypted),
];

/// The object identifier of enveloped data in CMS (RFC 5652).
const ENVELOPED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";

static PGP: LazyLock<Finder<'static>> =
    LazyLock::new(|| Finder::new(b"-----BEGIN PGP MESSAGE-----"));

/// The format of these bytes by their first few; `None` for text and for anything unknown.
pub fn file_kind(bytes: &[u8]) -> Option<FileKind> {
    // Most text is dismissed by its first letter.
    let first = *bytes.first()?;
    if !matches!(
        first,
        b'%' | 0x89
            | 0xff
            | b'G'
            | b'I'
            | b'M'
            | b'P'
            | 0xd0
            | 0x1f
            | b'x'
            | b'B'
            | 0xfd
            | 0x28
            | b'7'
            | b'R'
            | b'-'
            | 0x30
    ) && bytes.get(4..8) != Some(b"ftyp")
    {
        return None;
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(*kind);
    }
    if bytes.starts_with(b"RIFF")
        && bytes.get(8..12).is_some_and(|tag| matches!(tag, b"WEBP" | b"WAVE" | b"AVI "))
    {
        return Some(FileKind::Riff);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(FileKind::IsoMedia);
    }
    // Two letters are not enough: a bitmap also knows its size.
    if bytes.starts_with(b"BM")
        && bytes.get(2..6).and_then(|size| size.first_chunk::<4>()).is_some_and(|size| {
            usize::try_from(u32::from_le_bytes(*size)).is_ok_and(|size| size == bytes.len())
        })
    {
        return Some(FileKind::Bmp);
    }
    let head = bytes.get(..bytes.len().min(48)).unwrap_or_default();
    if bytes.first() == Some(&0x30) && memchr::memmem::find(head, ENVELOPED).is_some() {
        return Some(FileKind::Encrypted);
    }
    None
}

/// Whether these bytes hold something that cannot be looked into.
pub(crate) fn opaque(bytes: &[u8], kind: Option<FileKind>) -> bool {
    match kind {
        Some(FileKind::Pdf) => memchr::memmem::find(bytes, b"/Encrypt").is_some(),
        Some(FileKind::Zip | FileKind::Gzip | FileKind::Ole) => false,
        Some(_) => true,
        None => PGP.find(bytes).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        let table: &[(&[u8], Option<FileKind>)] = &[
            (b"%PDF-1.7\n", Some(FileKind::Pdf)),
            (b"\x89PNG\r\n\x1a\n\0", Some(FileKind::Png)),
            (b"PK\x03\x04\x14\0", Some(FileKind::Zip)),
            (b"BMW is a car", None),
            (b"x^2 + y^2", None),
            (b"pst0\x04", None),
            (b"Hello", None),
            (b"", None),
        ];
        for (bytes, kind) in table {
            assert_eq!(file_kind(bytes), *kind);
        }
        // Every beginning gets past the first letter.
        for (magic, kind) in MAGIC {
            assert_eq!(file_kind(magic), Some(*kind));
        }
    }
}
