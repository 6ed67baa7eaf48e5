//! Folders of real files: what is found in them, what a change leaves as it was, and what a pulled
//! plug leaves behind.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use connect::{
    Address, Batch, Change, ChangeSet, Connector, Due, Error, Fold, Limits, Lookup, Match, Old,
    Past, Purge, RowChange, Scan, SetTo, open,
};
use model::{Catalogue, Micros, Row, RowKey, TableName, Value};

struct Place(tempfile::TempDir);

impl Place {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        files.iter().for_each(|(name, bytes)| place.write(name, bytes));
        place
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    fn gunzip(&self, name: &str) -> String {
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(&*self.read(name)).read_to_string(&mut text).unwrap();
        text
    }

    /// Says that a file was last written so many seconds after 1970.
    fn age(&self, name: &str, seconds: u64) {
        let file = File::open(self.path(name)).unwrap();
        let then = UNIX_EPOCH + Duration::from_secs(seconds);
        file.set_times(FileTimes::new().set_modified(then)).unwrap();
    }

    async fn open(&self) -> Box<dyn Connector> {
        self.open_as("", Limits::default()).await.unwrap()
    }

    async fn open_as(&self, query: &str, limits: Limits) -> connect::Result<Box<dyn Connector>> {
        let address = format!("files:{}{query}", self.0.path().display());
        open(&Address::parse(&address).unwrap(), limits).await
    }

    /// Every name in the folder, hidden ones too.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

fn gz(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

fn table(name: &str) -> TableName {
    TableName::new("", name)
}

fn tables(catalogue: &Catalogue) -> Vec<&str> {
    catalogue.tables.iter().map(|table| table.name.table.as_str()).collect()
}

async fn scan(system: &dyn Connector, name: &str, columns: &[&str]) -> connect::Result<Vec<Row>> {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    let scan = Scan { table: table(name), columns, sample: None };
    let mut rows = Vec::new();
    system
        .scan(&scan, &mut |batch: Batch| {
            rows.extend(batch.0);
            Ok(())
        })
        .await?;
    Ok(rows)
}

async fn find(
    system: &dyn Connector,
    name: &str,
    column: &str,
    value: &str,
    fold: Fold,
) -> Vec<Row> {
    let lookup = Lookup {
        table: table(name),
        by: Match::Column { column: column.into(), any_of: vec![Value::from(value)], fold },
        when: vec![],
        columns: vec![column.to_owned()],
    };
    let mut rows = Vec::new();
    system
        .find(&lookup, &mut |batch: Batch| {
            rows.extend(batch.0);
            Ok(())
        })
        .await
        .unwrap();
    rows
}

fn shown(rows: &[Row]) -> Vec<String> {
    let cell = |value: &Value| match value {
        Value::Bytes(bytes) => format!("{bytes:?}"),
        other => other.to_plain_text().unwrap_or_else(|| "-".into()),
    };
    rows.iter().map(|row| row.values.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

fn set(name: &str, key: &RowKey, column: &str, from: Value, to: Value) -> Change {
    Change::Update {
        table: table(name),
        columns: vec![column.to_owned()],
        rows: vec![RowChange { key: key.clone(), set: vec![SetTo { from, to }] }],
    }
}

fn delete(name: &str, keys: Vec<RowKey>) -> Change {
    Change::Delete { table: table(name), keys }
}

fn all(changes: Vec<Change>) -> ChangeSet {
    ChangeSet { changes }
}

#[tokio::test]
async fn files_are_grouped_by_what_they_are() {
    let place = Place::new(&[
        ("contacts.csv", b"id,email\n1,jane@acme.example\n"),
        ("old/contacts.csv", b"id;email\r\n1;jane@acme.example\r\n"),
        ("export-2024-01-01.csv", b"id,name\n1,Jane\n"),
        ("export-2024-01-02.csv", b"id,name\n2,Bob\n"),
        ("export-2024-01-03.csv", b"id,name,phone\n3,Zoe,1\n"),
        ("events.jsonl", b"{\"id\":1,\"user\":{\"name\":\"Jane\"}}\n{\"id\":2}\n"),
        ("app.log", b"2024-01-02 03:04:05 in\n"),
        ("app.log.1", b"2024-01-01 03:04:05 in\n"),
        ("people.csv", b"Jane Doe,jane@acme.example\nBob Roe,bob@acme.example\n"),
        ("scan.pdf", b"%PDF-1.4"),
        (".secret", b"x"),
        ("empty.csv", b""),
    ]);
    place.write("app.log.2.gz", &gz("2023-12-31 03:04:05 in\n"));
    symlink("/etc/passwd", place.path("link.log")).unwrap();
    symlink("/etc", place.path("folder")).unwrap();
    let system = place.open().await;
    let catalogue = system.catalogue().await.unwrap();
    assert_eq!(
        tables(&catalogue),
        [
            "(other files)",
            "app.log",
            "contacts.csv",
            "events.jsonl",
            "export-*.csv",
            "export-*.csv (id name phone)",
            "old/contacts.csv",
            "people.csv"
        ]
    );
    let columns = |name: &str| -> Vec<String> {
        let found = catalogue.table(&table(name)).unwrap();
        found.columns.iter().map(|column| column.name.clone()).collect()
    };
    assert_eq!(columns("contacts.csv"), ["id", "email", "further", "file", "file_time"]);
    assert_eq!(columns("old/contacts.csv"), ["id", "email", "further", "file", "file_time"]);
    assert_eq!(columns("events.jsonl"), ["id", "user", "further", "file", "file_time"]);
    assert_eq!(columns("people.csv"), ["column_1", "column_2", "further", "file", "file_time"]);
    let log = scan(system.as_ref(), "app.log", &["time", "file"]).await.unwrap();
    assert_eq!(
        shown(&log),
        [
            "2024-01-02 03:04:05.000000|app.log",
            "2024-01-01 03:04:05.000000|app.log.1",
            "2023-12-31 03:04:05.000000|app.log.2.gz"
        ]
    );
    let other = scan(system.as_ref(), "(other files)", &["file", "not_read"]).await.unwrap();
    assert_eq!(
        shown(&other),
        [
            ".secret|hidden",
            "empty.csv|empty",
            "folder|a link: it is not followed",
            "link.log|a link: it is not followed",
            "scan.pdf|no text"
        ]
    );
    let headless = find(system.as_ref(), "people.csv", "column_2", "JANE@acme.example", Fold::Case);
    assert_eq!(headless.await.len(), 1, "the first record is a record");
    let some =
        place.open_as("?pattern=**/contacts.csv&pattern=*.pdf", Limits::default()).await.unwrap();
    let some = some.catalogue().await.unwrap();
    assert_eq!(tables(&some), ["(other files)", "contacts.csv", "old/contacts.csv"]);
}

#[tokio::test]
async fn what_is_not_changed_stays_byte_for_byte() {
    let csv = "\u{feff}id;\"full name\";note\r\n1;\"Doe; Jane\";\"said \"\"hi\"\"\r\nand left\"\r\n\r\n2;Bob;\r\n3;\"Zoë\";x;more;still\r\n4;last\r\n5;\"\";end";
    let place = Place::new(&[("people.csv", csv.as_bytes())]);
    fs::set_permissions(place.path("people.csv"), fs::Permissions::from_mode(0o640)).unwrap();
    place.age("people.csv", 1_500_000_000);
    let before = fs::metadata(place.path("people.csv")).unwrap();
    let system = place.open().await;
    let rows =
        scan(system.as_ref(), "people.csv", &["id", "full name", "note", "further"]).await.unwrap();
    assert_eq!(
        shown(&rows),
        [
            "1|Doe; Jane|said \"hi\"\r\nand left|-",
            "2|Bob|-|-",
            "3|Zoë|x|more;still",
            "4|last|-|-",
            "5||end|-"
        ]
    );
    let changes = all(vec![
        set(
            "people.csv",
            &rows[0].key,
            "full name",
            Value::from("Doe; Jane"),
            Value::from("[erased]"),
        ),
        set("people.csv", &rows[1].key, "note", Value::Null, Value::from("a;b")),
        set("people.csv", &rows[2].key, "further", Value::from("more;still"), Value::Null),
        set("people.csv", &rows[2].key, "note", Value::from("x"), Value::Null),
        delete("people.csv", vec![rows[3].key.clone()]),
    ]);
    let tried = system.rehearse(&changes).await.unwrap();
    assert_eq!(place.read("people.csv"), csv.as_bytes());
    assert_eq!(place.names(), ["people.csv"]);
    let done = system.change(&changes).await.unwrap();
    assert_eq!((done.updated, done.deleted, done.already), (4, 1, 0));
    assert_eq!(tried, done);
    let wanted = csv
        .replace("\"Doe; Jane\"", "\"[erased]\"")
        .replace("2;Bob;\r", "2;Bob;\"a;b\"\r")
        .replace("x;more;still", "")
        .replace("4;last\r\n", "");
    assert_eq!(place.text("people.csv"), wanted);
    let after = fs::metadata(place.path("people.csv")).unwrap();
    assert_eq!(after.mode(), before.mode());
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
    assert_eq!(after.modified().unwrap(), before.modified().unwrap());
    assert_eq!(place.names(), ["people.csv"]);
}

#[tokio::test]
async fn gzip_stays_gzip_and_other_owners_stay_owners() {
    let place = Place::new(&[]);
    let mut two = gz("10.0.0.1 - jane [02/Jan/2024:03:04:05 +0000] \"GET /\"\n");
    two.extend(gz("10.0.0.2 - bob [02/Jan/2024:03:04:06 +0000] \"GET /\"\n"));
    place.write("access-2024-01-02.log.gz", &two);
    let path = place.path("access-2024-01-02.log.gz");
    // Only the administrator can give files away.
    let given = std::os::unix::fs::chown(&path, Some(1234), Some(5678)).is_ok();
    let system = place.open().await;
    let rows = scan(system.as_ref(), "access-*.log", &["line", "time"]).await.unwrap();
    assert_eq!(rows.len(), 2, "both members are read");
    let from = rows[0].values[0].clone();
    let to = Value::from("[erased]");
    system.change(&all(vec![set("access-*.log", &rows[0].key, "line", from, to)])).await.unwrap();
    let text = place.gunzip("access-2024-01-02.log.gz");
    assert!(text.starts_with("[erased]\n10.0.0.2 - bob"), "{text}");
    assert!(place.read("access-2024-01-02.log.gz").starts_with(&[0x1f, 0x8b]));
    if given {
        let after = fs::metadata(&path).unwrap();
        assert_eq!((after.uid(), after.gid()), (1234, 5678));
    }
}

#[tokio::test]
async fn json_lines_keep_their_spelling() {
    let text = "{\"id\": 1, \"user\": {\"name\": \"Jane\"}, \"n\": 1.50}\nnot json, by Jane\n[\"Jane\"]\n\n{\"id\": 2, \"late\": \"Jane\"}\n";
    let mut long = text.to_owned();
    // A member that no sample shows.
    for index in 0..2_000 {
        long.push_str(&format!(
            "{{\"id\": {index}, \"user\": {{\"name\": \"nobody in particular\"}}}}\n"
        ));
    }
    long.push_str("{\"id\": 9, \"hidden\": \"jane@acme.example\"}\n");
    let place = Place::new(&[("events.jsonl", long.as_bytes())]);
    let system = place.open().await;
    let rows = scan(system.as_ref(), "events.jsonl", &["user", "further"]).await.unwrap();
    let told = shown(&rows);
    assert_eq!(told[0], "{\"name\": \"Jane\"}|-");
    assert_eq!(told[1], "-|not json, by Jane");
    assert_eq!(told[2], "-|[\"Jane\"]");
    assert_eq!(told.last().unwrap(), "-|{\"hidden\": \"jane@acme.example\"}");
    let last = rows.last().unwrap();
    let changes = all(vec![
        set(
            "events.jsonl",
            &rows[0].key,
            "user",
            rows[0].values[0].clone(),
            Value::from("{\"name\": \"[erased]\"}"),
        ),
        set(
            "events.jsonl",
            &rows[1].key,
            "further",
            rows[1].values[1].clone(),
            Value::from("not json, by [erased]"),
        ),
        set(
            "events.jsonl",
            &last.key,
            "further",
            last.values[1].clone(),
            Value::from("{\"hidden\": \"[erased]\"}"),
        ),
    ]);
    assert_eq!(system.change(&changes).await.unwrap().updated, 3);
    let after = place.text("events.jsonl");
    assert!(after.starts_with("{\"id\": 1, \"user\": {\"name\": \"[erased]\"}, \"n\": 1.50}\nnot json, by [erased]\n[\"Jane\"]\n\n{\"id\": 2,"), "{after:.200}");
    assert!(after.ends_with("{\"id\": 9,\"hidden\": \"[erased]\"}\n"), "the last line");
}

#[tokio::test]
async fn bytes_that_are_no_text_are_read_and_written_as_they_are() {
    let place = Place::new(&[("app.log", b"caf\xe9 jane\nok\n\xff\xfe\n")]);
    let system = place.open().await;
    let rows = scan(system.as_ref(), "app.log", &["line"]).await.unwrap();
    assert_eq!(rows[0].values[0], Value::Bytes(b"caf\xe9 jane".to_vec()));
    let to = Value::Bytes(b"caf\xe9 [erased]".to_vec());
    let change = set("app.log", &rows[0].key, "line", rows[0].values[0].clone(), to);
    system.change(&all(vec![change])).await.unwrap();
    assert_eq!(place.read("app.log"), b"caf\xe9 [erased]\nok\n\xff\xfe\n");
}

#[tokio::test]
async fn a_record_that_is_too_long_is_an_error_that_names_its_line() {
    let place = Place::new(&[("app.log", b"one\n")]);
    let mut file = OpenOptions::new().append(true).open(place.path("app.log")).unwrap();
    let piece = vec![b'x'; 1 << 20];
    (0..65).for_each(|_| file.write_all(&piece).unwrap());
    let system = place.open().await;
    let told = scan(system.as_ref(), "app.log", &["line"]).await;
    let Err(Error::File { file, why }) = told else { panic!("{:?}", told.map(|rows| rows.len())) };
    assert_eq!(file, "app.log");
    assert!(why.contains("line 2"), "{why}");
}

#[tokio::test]
async fn somebody_elses_change_undoes_the_set() {
    let place =
        Place::new(&[("a.csv", b"id,name\n1,Jane\n2,Bob\n"), ("b.csv", b"id,name\n1,Jane\n")]);
    let system = place.open().await;
    let a = scan(system.as_ref(), "a.csv", &["name"]).await.unwrap();
    let b = scan(system.as_ref(), "b.csv", &["name"]).await.unwrap();
    let jane =
        |key: &RowKey, name: &str| set(name, key, "name", Value::from("Jane"), Value::from("x"));
    let both = all(vec![jane(&a[0].key, "a.csv"), jane(&b[0].key, "b.csv")]);
    place.write("b.csv", b"id,name\n1,Janet\n");
    let told = system.change(&both).await;
    assert!(matches!(told, Err(Error::Changed { .. })), "{told:?}");
    assert_eq!(place.text("a.csv"), "id,name\n1,Jane\n2,Bob\n");
    assert_eq!(place.names(), ["a.csv", "b.csv"]);
    place.write("b.csv", b"id,name\n7,Eve\n1,Jane\n");
    assert_eq!(system.change(&both).await.unwrap().updated, 2, "a row that moved is the same row");
    assert_eq!(place.text("b.csv"), "id,name\n7,Eve\n1,x\n");
    let again = system.change(&both).await.unwrap();
    assert_eq!((again.updated, again.already), (0, 2), "what is done is known as done");
    fs::remove_file(place.path("b.csv")).unwrap();
    assert!(matches!(system.change(&both).await, Err(Error::Changed { .. })));
}

#[tokio::test]
async fn a_file_that_is_being_written_is_refused() {
    let place = Place::new(&[("app.log", b"jane\nbob\n")]);
    let writer = OpenOptions::new().append(true).open(place.path("app.log")).unwrap();
    let system = place.open().await;
    let rows = scan(system.as_ref(), "app.log", &["line"]).await.unwrap();
    let change = all(vec![delete("app.log", vec![rows[0].key.clone()])]);
    for told in [system.rehearse(&change).await, system.change(&change).await] {
        assert_eq!(told, Err(Error::InUse { file: "app.log".into() }));
    }
    assert_eq!(place.text("app.log"), "jane\nbob\n");
    assert_eq!(place.names(), ["app.log"]);
    drop(writer);
    assert_eq!(system.change(&change).await.unwrap().deleted, 1);
    assert_eq!(place.text("app.log"), "bob\n");
}

#[tokio::test]
async fn a_pulled_plug_is_finished_or_undone_at_the_next_opening() {
    let stamp = |place: &Place, name: &str| {
        let held = fs::metadata(place.path(name)).unwrap();
        format!(
            "\"device\":{},\"number\":{},\"size\":{},\"written\":[{},{}]",
            held.dev(),
            held.ino(),
            held.size(),
            held.mtime(),
            held.mtime_nsec()
        )
    };
    // Before the journal: undone.
    let place = Place::new(&[
        ("a.log", b"jane\n"),
        (".a.log.upheld-new", b"half"),
        ("x/.b.log.upheld-new", b""),
    ]);
    let system = place.open().await;
    assert_eq!(place.names(), ["a.log", "x"]);
    assert_eq!(fs::read_dir(place.path("x")).unwrap().count(), 0);
    drop(system);
    // After it: finished, the file that was done and the one that was not.
    let place = Place::new(&[
        ("a.log", b"[erased]\n"),
        ("b.log", b"jane\n"),
        (".b.log.upheld-new", b"[erased]\n"),
        ("c.log", b"jane\n"),
        (".c.log.upheld-new", b"[erased]\n"),
        ("d.log", b"old\n"),
    ]);
    let steps = format!(
        "[{{\"path\":\"a.log\",\"new\":\".a.log.upheld-new\",\"device\":1,\"number\":1,\"size\":5,\"written\":[1,1]}},{{\"path\":\"b.log\",\"new\":\".b.log.upheld-new\",{}}},{{\"path\":\"c.log\",\"new\":\".c.log.upheld-new\",{}}},{{\"path\":\"d.log\",\"new\":null,{}}}]",
        stamp(&place, "b.log"),
        stamp(&place, "c.log"),
        stamp(&place, "d.log")
    );
    // Somebody wrote to this one since: it is theirs.
    place.write("c.log", b"jane\nand more\n");
    place.write(".upheld-journal", steps.as_bytes());
    // A reader waits for nobody and touches nothing.
    let reader = place.open_as("", Limits { read_only: true, ..Limits::default() }).await.unwrap();
    drop(reader);
    assert_eq!(place.text("b.log"), "jane\n");
    let system = place.open().await;
    assert_eq!(place.names(), ["a.log", "b.log", "c.log"]);
    assert_eq!(place.text("a.log"), "[erased]\n");
    assert_eq!(place.text("b.log"), "[erased]\n");
    assert_eq!(place.text("c.log"), "jane\nand more\n");
    drop(system);
}

/// A process of its own, killed again and again in the middle of a change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "how a test tells its own child what to do")]
async fn a_process_killed_at_any_moment_leaves_all_or_nothing() {
    const FILES: usize = 40;
    if let Ok(folder) = std::env::var("UPHELD_TEST_KILLED") {
        let address = Address::parse(&format!("files:{folder}")).unwrap();
        let system = open(&address, Limits::default()).await.unwrap();
        let rows = scan(system.as_ref(), "part-*.log", &["line"]).await.unwrap();
        let changes = rows
            .iter()
            .filter(|row| row.values[0] == Value::from("jane"))
            .map(|row| {
                set("part-*.log", &row.key, "line", Value::from("jane"), Value::from("[erased]"))
            })
            .collect();
        system.change(&all(changes)).await.unwrap();
        return;
    }
    let me = std::env::current_exe().unwrap();
    let mut ends = [0, 0];
    for round in 0..30u64 {
        let place = Place::new(&[]);
        for index in 0..FILES {
            place.write(
                &format!("part-{index}.log"),
                format!("jane\n{}\n", "bob ".repeat(2_000)).as_bytes(),
            );
        }
        let mut child = std::process::Command::new(&me)
            .args(["--exact", "a_process_killed_at_any_moment_leaves_all_or_nothing"])
            .env("UPHELD_TEST_KILLED", place.0.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(8 + round * 4)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let system = place.open().await;
        let rows = scan(system.as_ref(), "part-*.log", &["line"]).await.unwrap();
        let left = shown(&rows).iter().filter(|line| *line == "jane").count();
        assert!(left == 0 || left == FILES, "round {round}: {left} of {FILES} are left");
        assert_eq!(rows.len(), 2 * FILES);
        assert_eq!(place.names().len(), FILES, "something was left behind: {:?}", place.names());
        ends[usize::from(left == 0)] += 1;
    }
    println!("undone {}, done {}", ends[0], ends[1]);
}

#[tokio::test]
async fn a_rotated_log_is_not_missed_while_others_are_read() {
    let place =
        Place::new(&[("app.log", b"new\n"), ("app.log.1", b"middle\n"), ("app.log.2", b"old\n")]);
    let system =
        place.open_as("", Limits { rows_per_second: Some(20), ..Limits::default() }).await.unwrap();
    // As `logrotate` does it, after the catalogue was read.
    fs::rename(place.path("app.log.2"), place.path("app.log.3")).unwrap();
    fs::rename(place.path("app.log.1"), place.path("app.log.2")).unwrap();
    fs::rename(place.path("app.log"), place.path("app.log.1")).unwrap();
    let mut lines = shown(&scan(system.as_ref(), "app.log", &["line"]).await.unwrap());
    lines.sort();
    assert_eq!(lines, ["middle", "new", "old"]);
    fs::remove_file(place.path("app.log.2")).unwrap();
    let lines = shown(&scan(system.as_ref(), "app.log", &["line"]).await.unwrap());
    assert_eq!(lines, ["new", "old"]);
}

/// 2020-01-01.
const Y2020: Micros = Micros(1_577_836_800_000_000);

fn due(name: &str, old: Old) -> Due {
    Due {
        table: table(name),
        old,
        when: vec![],
        past: vec![],
        except: vec![],
        unless_referred: vec![],
        dependents: vec![],
    }
}

#[tokio::test]
async fn old_files_go_whole_and_old_records_go_out_of_theirs() {
    let place = Place::new(&[
        ("a-1.log", b"x\ny\n"),
        ("a-2.log", b"x\n"),
        (
            "b.log",
            b"2019-05-01 00:00:00 old\n    its trace\n2021-05-01 00:00:00 new\nanother trace\n",
        ),
        ("b.log.1", b"2018-05-01 00:00:00 old\n"),
        ("old.pdf", b"%PDF"),
    ]);
    for (name, seconds) in [
        ("a-1.log", 1_500_000_000),
        ("a-2.log", 1_600_000_000),
        ("old.pdf", 1_500_000_000),
        ("b.log", 1_620_000_000),
    ] {
        place.age(name, seconds);
    }
    let system = place.open().await;
    let files = due("a-*.log", Old::File { before: Y2020 });
    let told = system.due(&files, 100).await.unwrap();
    assert_eq!((told.rows, told.at_least, told.held_back), (2, false, 0));
    assert_eq!(told.oldest, Some(Micros(1_500_000_000_000_000)));
    let purge = |due: &Due| Purge { due: due.clone(), not_after: None };
    // The second lock on the door.
    let locked = Purge { due: files.clone(), not_after: Some(Micros(1_400_000_000_000_000)) };
    assert!(matches!(system.purge(&locked, 10).await, Err(Error::Constraint { .. })));
    let done = system.purge(&purge(&files), 10).await.unwrap();
    assert_eq!((done.rows, done.done), (2, true));
    let other = due("(other files)", Old::File { before: Y2020 });
    assert_eq!(system.purge(&purge(&other), 10).await.unwrap().rows, 1);
    assert_eq!(place.names(), ["a-2.log", "b.log", "b.log.1"]);
    let lines = due("b.log", Old::Column { column: "time".into(), before: Y2020 });
    assert_eq!(system.due(&lines, 100).await.unwrap().rows, 3);
    assert!(system.due(&lines, 2).await.unwrap().at_least);
    let modified = fs::metadata(place.path("b.log")).unwrap().modified().unwrap();
    let done = system.purge(&purge(&lines), 10).await.unwrap();
    assert_eq!((done.rows, done.done), (3, true));
    assert_eq!(place.text("b.log"), "2021-05-01 00:00:00 new\nanother trace\n");
    assert_eq!(fs::metadata(place.path("b.log")).unwrap().modified().unwrap(), modified);
    assert_eq!(place.names(), ["a-2.log", "b.log"]);
    let reader = place.open_as("", Limits { read_only: true, ..Limits::default() }).await.unwrap();
    assert_eq!(reader.purge(&purge(&lines), 10).await, Err(Error::ReadOnly));
}

#[tokio::test]
async fn holds_and_minimum_ages_keep_records() {
    let text = "id,closed,paid,state\n1,2019-01-01,2019-01-01,done\n2,2019-01-01,2023-01-01,done\n3,2019-01-01,2019-01-01,open\n4,2019-01-01,2019-01-01,done\n5,2022-01-01,2019-01-01,done\n6,,2019-01-01,done\n7,soon,2019-01-01,done\n";
    let place =
        Place::new(&[("tickets.csv", text.as_bytes()), ("notes.csv", b"id,ticket\n1,4\n2,\n")]);
    let system = place.open().await;
    let mut rule = due("tickets.csv", Old::Column { column: "closed".into(), before: Y2020 });
    rule.when =
        vec![connect::Condition { column: "state".into(), any_of: vec![Value::from("done")] }];
    rule.past = vec![Past { column: "paid".into(), before: Y2020 }];
    rule.unless_referred = vec![connect::Referrer {
        table: table("notes.csv"),
        columns: vec![("ticket".into(), "id".into())],
        when: vec![],
    }];
    let told = system.due(&rule, 100).await.unwrap();
    assert_eq!((told.rows, told.held_back), (1, 2));
    let mut ids = Vec::new();
    system
        .list_due(&rule, &["id".into()], None, 10, &mut |batch: Batch| {
            ids.extend(batch.0);
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(shown(&ids), ["1"]);
    let held = Due { except: vec![ids[0].key.clone()], ..rule.clone() };
    let done = system.purge(&Purge { due: held, not_after: None }, 10).await.unwrap();
    assert_eq!((done.rows, done.done), (0, true));
    assert_eq!(place.text("tickets.csv"), text);
    let done = system.purge(&Purge { due: rule, not_after: None }, 10).await.unwrap();
    assert_eq!(done.rows, 1);
    assert_eq!(place.text("tickets.csv"), text.replace("1,2019-01-01,2019-01-01,done\n", ""));
}

/// A batch that was killed was told to have taken at most its limit, and had taken whole files.
#[tokio::test]
async fn a_batch_of_files_tells_how_much_it_may_take() {
    let old = b"2019-05-01 00:00:00 a\n2019-05-01 00:00:01 b\n2019-05-01 00:00:02 c\n".as_slice();
    let place = Place::new(&[("a-1.log", old), ("a-2.log", old), ("a-3.log", old)]);
    let system = place.open().await;
    let rule = due("a-*.log", Old::Column { column: "time".into(), before: Y2020 });
    let purge = Purge { due: rule, not_after: None };
    for (limit, rows) in [(1, 3), (4, 6)] {
        assert_eq!(system.batch_at_most(&purge, limit).await.unwrap(), rows);
        assert_eq!(system.purge(&purge, limit).await.unwrap().rows, rows);
    }
    // Every file is gone, and with them the table: nothing is left, which is no error.
    assert_eq!(system.due(&purge.due, 9).await.unwrap().rows, 0);
}

/// One log that a program goes on writing kept all those of its family.
#[tokio::test]
async fn rotated_logs_go_though_the_newest_is_being_written() {
    let old = b"2019-05-01 00:00:00 old\n";
    let place = Place::new(&[("b.log", old), ("b.log.1", old), ("b.log.2", b"no moment\n")]);
    let system = place.open().await;
    let rule = due("b.log", Old::Column { column: "time".into(), before: Y2020 });
    assert_eq!(system.undated(&rule, 100).await.unwrap(), 1);
    let writer = fs::OpenOptions::new().append(true).open(place.path("b.log")).unwrap();
    let purge = Purge { due: rule, not_after: None };
    let done = system.purge(&purge, 10).await.unwrap();
    assert_eq!((done.rows, done.done), (1, false));
    assert_eq!(place.names(), ["b.log", "b.log.2"]);
    assert!(
        matches!(system.purge(&purge, 10).await, Err(Error::InUse { file }) if file == "b.log")
    );
    drop(writer);
    assert_eq!(system.purge(&purge, 10).await.unwrap().rows, 1);
    assert_eq!(place.text("b.log"), "");
}

/// A log that was rotated after the hold was looked up lost what was held in it.
#[tokio::test]
async fn what_is_held_stays_though_its_log_was_rotated() {
    let place = Place::new(&[
        ("a-1.log", b"2019-05-01 00:00:00 jane\n2019-05-01 00:00:01 bob\n"),
        ("a-2.log", b"2023-05-01 00:00:00 new\n"),
    ]);
    let system = place.open().await;
    let mut rule = due("a-*.log", Old::Column { column: "time".into(), before: Y2020 });
    let mut held = Vec::new();
    let sink = &mut |batch: Batch| {
        held.extend(batch.0);
        Ok(())
    };
    system.list_due(&rule, &["line".into()], None, 1, sink).await.unwrap();
    rule.except = vec![held[0].key.clone()];
    fs::rename(place.path("a-1.log"), place.path("a-3.log")).unwrap();
    let done = system.purge(&Purge { due: rule, not_after: None }, 10).await.unwrap();
    assert_eq!(done.rows, 1);
    assert_eq!(place.text("a-3.log"), "2019-05-01 00:00:00 jane\n");
}

#[tokio::test]
async fn two_thousand_files_are_one_collection() {
    let place = Place::new(&[]);
    for index in 0..2_000 {
        place.write(
            &format!("logs/part-{index:04}.log"),
            format!("line {index} of jane\nother\n").as_bytes(),
        );
    }
    let system = place.open().await;
    assert_eq!(tables(&system.catalogue().await.unwrap()), ["(other files)", "logs/part-*.log"]);
    let rows = scan(system.as_ref(), "logs/part-*.log", &["line"]).await.unwrap();
    assert_eq!(rows.len(), 4_000);
    let changes: Vec<Change> = rows
        .iter()
        .filter(|row| row.values[0].as_text().unwrap().contains("jane"))
        .map(|row| {
            set("logs/part-*.log", &row.key, "line", row.values[0].clone(), Value::from("[erased]"))
        })
        .collect();
    let done = system.change(&all(changes)).await.unwrap();
    assert_eq!(done.updated, 2_000);
    assert_eq!(
        find(system.as_ref(), "logs/part-*.log", "line", "[erased]", Fold::Exact).await.len(),
        2_000
    );
}

#[tokio::test]
async fn modes_tell_who_may_read() {
    let place = Place::new(&[("a.log", b"x\n"), ("closed/b.log", b"x\n")]);
    let mode = |name: &str, mode: u32| {
        fs::set_permissions(place.path(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("", 0o755);
    mode("a.log", 0o604);
    mode("closed", 0o700);
    mode("closed/b.log", 0o666);
    let system = place.open().await;
    let told = system.privileges().await.unwrap();
    let of = |name: &str| -> Vec<(String, bool, bool)> {
        told.iter()
            .filter(|one| one.table.table == name)
            .map(|one| (one.through.clone().unwrap(), one.read, one.write))
            .collect()
    };
    assert_eq!(of("a.log").len(), 2);
    assert!(of("a.log").contains(&("mode 0604".into(), true, false)));
    assert_eq!(of("closed/b.log"), [("owner".into(), true, true)]);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_said_to_be_missing() {
    let gone = open(&Address::parse("files:/nowhere/at/all").unwrap(), Limits::default()).await;
    assert!(matches!(gone.err(), Some(Error::Unreachable(_))));
    let place = Place::new(&[("a.log", b"x\n")]);
    assert!(Path::new(&place.path("a.log")).exists());
    let damaged = gz(&"line\n".repeat(100_000));
    place.write("b.log.gz", &damaged[..damaged.len() / 2]);
    let system = place.open().await;
    let told = scan(system.as_ref(), "b.log", &["line"]).await;
    assert!(matches!(&told, Err(Error::File { file, .. }) if file == "b.log.gz"), "{told:?}");
}

#[tokio::test]
async fn two_names_of_one_file_and_files_that_came_later_are_read_and_changed() {
    let place = Place::new(&[("a-1.log", b"jane\n")]);
    fs::hard_link(place.path("a-1.log"), place.path("a-2.log")).unwrap();
    let system = place.open().await;
    place.write("a-3.log", b"jane\n");
    let rows = scan(system.as_ref(), "a-*.log", &["line"]).await.unwrap();
    assert_eq!(rows.len(), 3);
    let to = Value::from("[erased]");
    let change = |row: &Row| set("a-*.log", &row.key, "line", Value::from("jane"), to.clone());
    let done = system.change(&all(rows.iter().map(change).collect())).await.unwrap();
    assert_eq!(done.updated, 3);
    for name in ["a-1.log", "a-2.log", "a-3.log"] {
        assert_eq!(place.text(name), "[erased]\n");
    }
}
