use super::*;
use crate::Profile;
use crate::column::plan;
use bytes::Bytes;
use detect::{DetectOptions, Detector};
use parquet::data_type::{ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::schema::parser::parse_message_type;

const SCHEMA: &str = "message people {
    required binary mail (UTF8);
    optional int32 born (DATE);
    required int32 age;
    optional int64 seen (TIMESTAMP(MILLIS,true));
    required double amount;
    optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
}";

fn file() -> Bytes {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut out = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut out, schema, Arc::default()).unwrap();
    for part in 0..2_i32 {
        let mut group = writer.next_row_group().unwrap();
        macro_rules! put {
            ($kind:ty, $values:expr, $defined:expr, $repeated:expr) => {{
                let mut column = group.next_column().unwrap().unwrap();
                column.typed::<$kind>().write_batch($values, $defined, $repeated).unwrap();
                column.close().unwrap();
            }};
        }
        let text = |text: String| ByteArray::from(text.into_bytes());
        let mails = [text(format!("a{part}@corp-mail.net")), text("b@corp-mail.net".to_owned())];
        put!(ByteArrayType, &mails, None, None);
        // 1984-02-03, and nobody knows.
        put!(Int32Type, &[5_146], Some(&[1, 0]), None);
        put!(Int32Type, &[91, 33], None, None);
        put!(Int64Type, &[0, 86_400_000], Some(&[1, 1]), None);
        put!(DoubleType, &[1.5, 2.5], None, None);
        let tags = [text("x".to_owned()), text("c@corp-mail.net".to_owned())];
        put!(ByteArrayType, &tags, Some(&[3, 3, 0]), Some(&[0, 1, 0]));
        group.close().unwrap();
    }
    writer.close().unwrap();
    Bytes::from(out)
}

fn shown(bytes: Bytes) -> Vec<Vec<String>> {
    let all = samples(bytes.clone()).unwrap().len();
    let mut out = Vec::new();
    rows(bytes, &(0..all).collect::<Vec<_>>(), &mut |row| out.push(row.to_vec())).unwrap();
    out
}

#[test]
fn columns_keep_their_types_where_the_method_allows() {
    let detector = Detector::new(&DetectOptions::default()).unwrap();
    let mut profile = Profile::default();
    for (name, method) in [
        ("born", "year"),
        ("age", "age 10"),
        ("seen", "shift 20 by mail"),
        ("amount", "remove"),
        ("tags", "text"),
    ] {
        profile.columns.insert(name.to_owned(), Method::parse(method).unwrap());
    }
    let key = Key::new([2; 32]);
    let engine = Engine::new(&detector, &profile, Some(&key), jiff::civil::date(2026, 11, 23));
    let plans = plan(&profile, &detector, &samples(file()).unwrap()).unwrap();
    let names: Vec<&str> = plans.iter().map(|plan| plan.name.as_str()).collect();
    assert_eq!(names, ["mail", "born", "age", "seen", "amount", "tags"]);
    assert_eq!(plans[0].method, Method::Pseudonym);
    let mut out = Vec::new();
    let done = rewrite(&engine, file(), &mut out, &plans, Some(&key), &|row| row == 2).unwrap();
    assert_eq!((done.done.rows, done.done.left_out), (4, 1));
    assert_eq!(done.retyped, ["mail", "born", "age", "amount"]);
    assert!(memchr::memmem::find(&out, b"corp-mail").is_none());
    let read = shown(Bytes::from(out.clone()));
    assert_eq!(read.len(), 3);
    for row in &read {
        assert!(row[0].ends_with("@example.invalid") && row[4].is_empty(), "{row:?}");
    }
    assert_eq!(
        (read[0][1].as_str(), read[0][2].as_str(), read[1][2].as_str()),
        ("1984", "90+", "30-39")
    );
    // Both rows of one person move by the same days.
    assert_eq!(read[1][3], read[2][3]);
    assert_ne!(read[1][3], "1970-01-02T00:00:00Z");
    assert_eq!(read[0][5], "x");
    let again = open(Bytes::from(out)).unwrap();
    let seen = again.metadata().file_metadata().schema_descr().column(3);
    assert_eq!(meaning(&seen), Meaning::Moment(1_000));
}

#[test]
fn what_is_kept_is_the_same_file_of_values() {
    let detector = Detector::new(&DetectOptions::default()).unwrap();
    let mut profile = Profile::default();
    for sample in samples(file()).unwrap() {
        profile.columns.insert(sample.name, Method::Keep);
    }
    let engine = Engine::new(&detector, &profile, None, jiff::civil::date(2026, 11, 23));
    let plans = plan(&profile, &detector, &samples(file()).unwrap()).unwrap();
    let mut out = Vec::new();
    let done = rewrite(&engine, file(), &mut out, &plans, None, &|_| false).unwrap();
    assert!(done.retyped.is_empty());
    assert_eq!(shown(Bytes::from(out.clone())), shown(file()));
    let schema = |bytes: Bytes| {
        open(bytes).unwrap().metadata().file_metadata().schema_descr().root_schema().clone()
    };
    assert_eq!(schema(Bytes::from(out)), schema(file()));
}

#[test]
fn a_cut_file_is_an_error() {
    let bytes = file();
    for length in [0, 3, 8, bytes.len() / 2, bytes.len() - 1] {
        assert!(samples(bytes.slice(..length)).is_err(), "{length}");
    }
}
