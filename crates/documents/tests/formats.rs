//! Each format, made in the test by writers that are not ours wherever there is one.

mod common;

use std::io::Write as _;
use std::sync::Arc;

use common::{gzip, page, read, tar, zip};

const JANE: &str = "jane.doe@acme.example";

#[test]
fn plain_text_in_any_encoding() {
    let seen = read("a.txt", "\u{feff}Zoë\nline 2".as_bytes());
    assert_eq!(seen.at("a.txt"), "Zoë\nline 2");
    for big in [false, true] {
        let bytes: Vec<u8> = "\u{feff}Zoë wrote"
            .encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect();
        assert_eq!(read("a.txt", &bytes).at("a.txt"), "Zoë wrote");
    }
    // A single-byte text is handed on as it is: offsets stay those of the file.
    assert_eq!(read("a.txt", b"Zo\xeb").bytes, 3);
    assert!(read("a.txt", b"").texts.is_empty());
}

#[test]
fn packed_and_packed_again() {
    let inner = zip(&[
        ("notes/a.txt", JANE.as_bytes()),
        ("empty.txt", b""),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0"),
    ]);
    let outer = gzip(&tar(&[
        ("./box/inner.zip", &inner),
        ("b.csv.gz", &gzip(b"mail\nbob@acme.example\n")),
    ]));
    let seen = read("backup.tgz", &outer);
    assert_eq!(seen.at("backup.tgz/box/inner.zip/notes/a.txt"), JANE);
    assert_eq!(seen.at("backup.tgz/b.csv.gz#mail, line 2"), "bob@acme.example");
    assert_eq!(
        seen.unread,
        [(
            "backup.tgz/box/inner.zip/photo.png".to_owned(),
            "a picture (PNG): no text in it is read".to_owned()
        )]
    );
    let packed = zstd::encode_all(JANE.as_bytes(), 3).unwrap();
    assert_eq!(read("a.log.zst", &packed).at("a.log.zst"), JANE);
}

#[test]
fn tables_name_their_columns() {
    let seen = read("a.csv", b"\xef\xbb\xbfName;E-mail;Note\nJane;jane@acme.example;\"two\nlines; \"\"quoted\"\"\"\n;;\nBob;bob@acme.example");
    assert_eq!(seen.at("a.csv#E-mail, line 2"), "jane@acme.example");
    assert_eq!(seen.label("a.csv#E-mail, line 2"), "E-mail");
    assert_eq!(seen.at("a.csv#Note, line 2"), "two\nlines; \"quoted\"");
    assert_eq!(seen.at("a.csv#E-mail, line 5"), "bob@acme.example");
    assert_eq!(seen.texts.len(), 5);
    // Without a heading the first record is data, and no value becomes the name of a place.
    let seen = read("b.csv", b"jane@acme.example,1\nbob@acme.example,2\n");
    assert_eq!(seen.at("b.csv#column 1, line 1"), "jane@acme.example");
    assert_eq!(seen.at("b.csv#column 1, line 2"), "bob@acme.example");
    // A value of any length, in constant memory.
    let long = format!("name,note\nJane,\"{}\"\nBob,x\n", "word ".repeat(60_000));
    let seen = read("c.csv", long.as_bytes());
    assert_eq!(seen.at("c.csv#note, line 2").len(), 300_000);
    assert_eq!(seen.at("c.csv#note, line 3"), "x");
}

#[test]
fn json_has_paths() {
    let text = r#"{"people": [{"mail": "jane\u0040acme.example", "ssn": 123456789, "ok": true},
        {"mail": "bob@acme.example", "smile": "\ud83d\ude00"}], "by mail": {"eve@acme.example": {"age": 9}}}"#;
    let seen = read("a.json", text.as_bytes());
    assert_eq!(seen.at("a.json#people[].mail, line 1"), "jane@acme.example");
    assert_eq!(seen.label("a.json#people[].mail, line 1"), "mail");
    assert_eq!(seen.at("a.json#people[].ssn, line 1"), "123456789");
    assert_eq!(seen.at("a.json#people[].mail, line 2"), "bob@acme.example");
    assert_eq!(seen.at("a.json#people[].smile, line 2"), "😀");
    // A key that is somebody's address is read, and is no part of any place.
    assert_eq!(seen.at("a.json#by mail.*, line 2"), "eve@acme.example");
    assert_eq!(seen.at("a.json#by mail.*.age, line 2"), "9");
    assert!(seen.texts.iter().all(|(place, ..)| !place.contains('@')));

    let seen = read("a.jsonl", b"{\"mail\":\"a@x.example\"}\n{\"mail\":\"b@x.example\"}\n");
    assert_eq!(seen.at("a.jsonl#mail, line 2"), "b@x.example");
    // What is no JSON after all is read as text to its end.
    let seen = read(
        "app.log",
        b"{\"mail\":\"a@x.example\"}\nERROR for b@x.example\n{\"mail\":\"c@x.example\"}\n",
    );
    assert_eq!(seen.at("app.log, line 2"), "ERROR for b@x.example\n{\"mail\":\"c@x.example\"}\n");
    let deep = "[".repeat(200_000) + "\"x@x.example\"";
    assert!(read("deep.json", deep.as_bytes()).all().contains("x@x.example"));
    let long = format!("{{\"note\": \"{}\", \"next\": \"y\"}}", "word ".repeat(60_000));
    let seen = read("a.json", long.as_bytes());
    assert_eq!(
        (seen.at("a.json#note, line 1").len(), seen.at("a.json#next, line 1")),
        (300_000, "y")
    );
}

#[test]
fn pages_of_the_web_keep_their_words() {
    let seen = read("a.html", b"<html><head><style>a{}</style></head>\n<body>Call <b>Ja</b>ne<!-- old: bob@acme.example -->\n<a href=\"mailto:jane@acme.example\">mail</a></body></html>");
    let text = seen.at("a.html");
    assert!(
        text.contains("Call Jane")
            && text.contains("old: bob@acme.example")
            && !text.contains("a{}"),
        "{text}"
    );
    assert_eq!(text.lines().nth(2).unwrap().trim(), "mail");
    assert_eq!(seen.at("a.html#attributes"), "jane@acme.example\n");
}

const MAIL: &str = "From: =?utf-8?q?Zo=C3=AB?= <zoe@acme.example>\r\nTo: Jane Doe <jane.doe@acme.example>\r\nSubject: =?utf-8?b?U2Now7ZuZQ==?= report\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nJane=20Doe, 14 rue de l'=C9glise, a long =\r\nline\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Hello <i>there</i></p>\r\n--x\r\nContent-Type: text/csv; name=\"staff.csv\"\r\nContent-Disposition: attachment; filename=\"staff.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\nbWFpbApib2JAYWNtZS5leGFtcGxlCg==\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nFrom: eve@acme.example\r\nSubject: inner\r\n\r\nInner words\r\n--x--\r\n";

#[test]
fn mails_and_mailboxes() {
    let seen = read("a.eml", MAIL.as_bytes());
    assert_eq!(seen.at("a.eml#from").trim(), "Zoë <zoe@acme.example>");
    assert_eq!(seen.at("a.eml#subject"), "Schöne report");
    assert_eq!(seen.at("a.eml#body").trim(), "Jane Doe, 14 rue de l'Église, a long line");
    assert_eq!(seen.at("a.eml#page").trim(), "Hello there");
    assert_eq!(seen.at("a.eml/staff.csv#mail, line 2"), "bob@acme.example");
    assert_eq!(seen.at("a.eml/message#body").trim(), "Inner words");

    let mbox = format!(
        "From zoe@acme.example Mon Nov 23 10:00:00 2026\n{}\nFrom eve@acme.example Mon Nov 23 10:01:00 2026\nFrom: eve@acme.example\nTo: x@acme.example\nSubject: two\n\n>From here on\n",
        MAIL.replace("\r\n", "\n")
    );
    let seen = read("inbox", mbox.as_bytes());
    assert_eq!(seen.at("inbox/1#subject"), "Schöne report");
    assert_eq!(seen.at("inbox/2#body").trim(), "From here on");
    // A mail that is too large to be taken apart is read as it stands, and that is told.
    let seen = common::read_within(
        "a.eml",
        MAIL.as_bytes(),
        &documents::Limits { held: 100, ..documents::Limits::default() },
    );
    assert!(
        seen.why("a.eml").starts_with("a mail that is too large")
            && seen.at("a.eml").contains("zoe@acme.example")
    );
}

#[test]
fn office_files() {
    let docx = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Jane D</w:t></w:r><w:r><w:t>oe</w:t></w:r></w:p><w:p><w:r><w:t>R&amp;D caf&#233;</w:t></w:r></w:p></w:body></w:document>".as_bytes()),
        ("word/comments.xml", b"<w:comments xmlns:w='w'><w:comment w:author='Eve Poe'><w:p><w:r><w:t>call her</w:t></w:r></w:p></w:comment></w:comments>"),
        ("word/_rels/document.xml.rels", b"<Relationships><Relationship Id='rId1' Target='mailto:jane.doe@acme.example' TargetMode='External'/><Relationship Id='rId2' Target='styles.xml'/></Relationships>"),
        ("docProps/core.xml", b"<cp:coreProperties xmlns:cp='c' xmlns:dc='d'><dc:creator>Robin Roe</dc:creator></cp:coreProperties>"),
        ("word/media/image1.png", b"\x89PNG\r\n\x1a\n\0\0"),
        ("word/embeddings/list.csv", b"mail\nbob@acme.example\n"),
    ]);
    let seen = read("a.docx", &docx);
    assert_eq!(seen.at("a.docx"), "Jane Doe\nR&D café\n");
    assert_eq!(seen.at("a.docx#comments").trim(), "call her");
    assert_eq!(seen.at("a.docx#comments names and links"), "Eve Poe\n");
    assert_eq!(seen.at("a.docx#links names and links").trim(), "jane.doe@acme.example");
    assert_eq!(seen.at("a.docx#properties").trim(), "Robin Roe");
    assert_eq!(seen.at("a.docx/word/embeddings/list.csv#mail, line 2"), "bob@acme.example");
    assert!(seen.why("a.docx/word/media/image1.png").starts_with("a picture"));

    let xlsx = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook xmlns:r='r'><sheets><sheet name='Staff &amp; more' sheetId='1' r:id='rId7'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id='rId7' Target='worksheets/sheet1.xml'/></Relationships>"),
        ("xl/sharedStrings.xml", "<sst><si><t>Card</t></si><si><r><t>Zo</t></r><r><t>ë</t></r><rPh><t>x</t></rPh></si><si><t>Born</t></si></sst>".as_bytes()),
        ("xl/styles.xml", b"<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd.mm.yyyy'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='164'/></cellXfs></styleSheet>"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>2</v></c></row><row r='7'><c r='A7'><v>4.111111111111111E15</v></c><c r='B7' s='1'><v>31413</v></c><c r='C7' t='s'><v>1</v></c><c r='D7' t='inlineStr'><is><t>jane@acme.example</t></is></c><c r='E7' t='b'><v>1</v></c></row></sheetData></worksheet>"),
    ]);
    let seen = read("a.xlsx", &xlsx);
    assert_eq!(seen.at("a.xlsx#Staff & more!A7"), "4111111111111111");
    assert_eq!(seen.label("a.xlsx#Staff & more!A7"), "Card");
    assert_eq!(
        (seen.at("a.xlsx#Staff & more!B7"), seen.label("a.xlsx#Staff & more!B7")),
        ("1986-01-01", "Born")
    );
    assert_eq!(seen.at("a.xlsx#Staff & more!C7"), "Zoë");
    assert_eq!(seen.at("a.xlsx#Staff & more!D7"), "jane@acme.example");

    let pptx = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("ppt/presentation.xml", b"<p:presentation xmlns:p='p'/>"),
        ("ppt/slides/slide10.xml", b"<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>ten</a:t></a:r></a:p></p:sld>"),
        ("ppt/slides/slide2.xml", b"<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>jane@acme</a:t></a:r><a:r><a:t>.example</a:t></a:r></a:p></p:sld>"),
        ("ppt/notesSlides/notesSlide2.xml", b"<p:notes xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>ask Bob</a:t></a:r></a:p></p:notes>"),
    ]);
    let seen = read("a.pptx", &pptx);
    assert_eq!(seen.at("a.pptx#slide 2"), "jane@acme.example\n");
    assert_eq!(seen.at("a.pptx#notes 2"), "ask Bob\n");
    let odt = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"<office:document-content xmlns:office='o' xmlns:text='t'><text:p>Jane<text:s/>Doe</text:p></office:document-content>"),
    ]);
    assert_eq!(read("a.odt", &odt).at("a.odt").trim(), "Jane\tDoe");
}

#[test]
fn pdf_pages() {
    let seen = read(
        "a.pdf",
        &page(
            "BT /F1 12 Tf 72 700 Td (Jane) Tj 40 0 Td (Doe) Tj 0 -14 Td [(jane.d) -10 (oe@acme) 5 (.example)] TJ 0 -14 TD T* (Caf\\310 o\\311) Tj ET",
        ),
    );
    assert_eq!(seen.at("a.pdf#page 1"), "Jane Doe\njane.doe@acme.example\nCafé ofi");
    assert_eq!(
        seen.at("a.pdf#page 1 notes and fields"),
        "jane.link@acme.example\nmail\njane.field@acme.example\n"
    );
}

#[test]
fn parquet_columns() {
    use parquet::column::writer::ColumnWriter;
    use parquet::data_type::ByteArray;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    let schema = "message people { required binary mail (STRING); optional int64 card; required int32 born (DATE); optional group tags (LIST) { repeated group list { optional binary element (STRING); } } }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder()
        .set_compression(parquet::basic::Compression::ZSTD(parquet::basic::ZstdLevel::default()));
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    while let Some(mut column) = group.next_column().unwrap() {
        match column.untyped() {
            ColumnWriter::ByteArrayColumnWriter(typed)
                if typed.get_descriptor().name() == "mail" =>
            {
                typed
                    .write_batch(
                        &[ByteArray::from(JANE), ByteArray::from("bob@acme.example")],
                        None,
                        None,
                    )
                    .unwrap();
            }
            ColumnWriter::ByteArrayColumnWriter(typed) => {
                typed
                    .write_batch(
                        &[ByteArray::from("a"), ByteArray::from("b"), ByteArray::from("c")],
                        Some(&[3, 3, 3]),
                        Some(&[0, 1, 0]),
                    )
                    .unwrap();
            }
            ColumnWriter::Int64ColumnWriter(typed) => {
                typed.write_batch(&[4_111_111_111_111_111], Some(&[0, 1]), None).unwrap();
            }
            ColumnWriter::Int32ColumnWriter(typed) => {
                typed.write_batch(&[5_844, 0], None, None).unwrap();
            }
            _ => panic!("the schema has no such column"),
        }
        column.close().unwrap();
    }
    group.close().unwrap();
    let bytes = writer.into_inner().unwrap();
    let seen = read("a.parquet", &bytes);
    assert_eq!(seen.at("a.parquet#mail, row 2"), "bob@acme.example");
    assert_eq!(seen.at("a.parquet#card, row 2"), "4111111111111111");
    assert_eq!(seen.at("a.parquet#born, row 1"), "1986-01-01");
    assert_eq!(seen.at("a.parquet#tags, row 2"), "c");
    assert_eq!(seen.label("a.parquet#tags, row 2"), "tags");
    // Within an archive too.
    assert_eq!(
        read("a.zip", &zip(&[("x.parquet", &bytes)])).at("a.zip/x.parquet#mail, row 1"),
        JANE
    );
    // Damaged, it is told.
    assert!(read("a.parquet", &bytes[..bytes.len() - 40]).why("a.parquet").contains("Parquet"));
}

#[test]
fn an_sqlite_file_is_handed_on() {
    let bytes = b"SQLite format 3\0and so on";
    assert_eq!(read("a.db", bytes).databases, ["a.db"]);
    assert_eq!(read("a.zip", &zip(&[("a.db", bytes)])).databases, ["a.zip/a.db"]);
}

#[test]
fn what_is_not_read_has_its_reason() {
    for (name, bytes, why) in [
        ("a.doc", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], "save it as docx"),
        ("a.bz2", b"BZh91AY", "bzip2 is not unpacked"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "a picture (JPEG)"),
        ("a.exe", b"MZ\x90\0\x03", "a program"),
        ("a.bin", b"\x01\x02\x03\x04\x05\x06\x07\0", "no kind of file that is known"),
        ("a.pst", b"!BDN", "Outlook"),
    ] {
        let seen = read(name, bytes);
        assert!(seen.why(name).contains(why), "{name}: {:?}", seen.unread);
        assert!(seen.texts.is_empty());
    }
    let mut locked = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .with_aes_encryption(zip::AesMode::Aes256, "hunter2");
    locked.start_file("a.txt", options).unwrap();
    locked.write_all(b"x").unwrap();
    assert_eq!(
        read("a.zip", &locked.finish().unwrap().into_inner()).why("a.zip/a.txt"),
        "encrypted"
    );
}
