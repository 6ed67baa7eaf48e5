//! The most memory that was resident, as the kernel counts it: with the size of the database, and with
//! the size of a package.

use serde_json::json;

use crate::binary::House;
use crate::msp::Msp;
use crate::report::{Bar, Line, Report};

pub(crate) fn run(msp: &Msp, package_megabytes: u64) {
    let mut report = Report::new("memory");
    let line = |report: &mut Report, what: String, mib: f64| {
        report.line(&Line {
            what,
            ours: (mib, "MiB"),
            beside: None,
            figure: (mib, "MiB"),
            bar: Bar::AtMost(256.0),
            moonshot: Bar::AtMost(64.0),
        });
    };
    let scale = msp.scale;
    let mut raw = Vec::new();
    for (what, contact, searched) in [
        ("access of a light person", msp.company.light(77), false),
        ("access of a heavy person", msp.company.heavy(msp.company.heavies() - 1), false),
        ("the same with text search", msp.company.heavy(msp.company.heavies() - 1), true),
    ] {
        let house = msp.house();
        let email = msp.company.email(contact);
        let out = house.beside("access.zip");
        let mut words = vec!["request", "access", "--email", &email, "-o", &out];
        if !searched {
            words.push("--by-reference");
        }
        let took = house.must(&words);
        raw.push(json!({ "what": what, "scale": scale, "seconds": took.seconds(), "peak_mib": took.peak_mib() }));
        line(&mut report, format!("peak memory, {what}, scale {scale}"), took.peak_mib());
    }

    // Somebody about whom a gigabyte is kept, in a table of its own.
    let rows = package_megabytes;
    drop(msp.psql(&format!(
        "CREATE TABLE documents (id integer PRIMARY KEY, email text NOT NULL, body text NOT NULL);
         ALTER TABLE documents ALTER COLUMN body SET STORAGE EXTERNAL;
         INSERT INTO documents SELECT n, 'archivist@acme.example',
           (SELECT string_agg(md5(n || '-' || m) || CASE WHEN m % 3 = 0 THEN E'\\n' ELSE ' ' END, '') FROM generate_series(1, 30000) AS m)
         FROM generate_series(1, {rows}) AS n;"
    )));
    let house = House::new("msp", DOCUMENTS, msp.url());
    let out = house.beside("large.zip");
    let took = house.must(&[
        "request",
        "access",
        "--by-reference",
        "--email",
        "archivist@acme.example",
        "-o",
        &out,
    ]);
    let bytes = std::fs::metadata(&out).map_or(0, |file| file.len());
    drop(msp.psql("DROP TABLE documents"));
    raw.push(json!({
        "what": "a large package", "rows": rows, "zip_bytes": bytes, "seconds": took.seconds(),
        "peak_mib": took.peak_mib(),
    }));
    let size = bytes as f64 / 1e9;
    line(&mut report, format!("peak memory, a package of {size:.2} GB"), took.peak_mib());
    report.raw("runs", raw);
    report.raw("server", msp.version());
    report.keep();
}

const DOCUMENTS: &str = r"system:
  title: Archive
  purposes: [essential.service]
dataset:
  - fides_key: msp
    data_categories: [system.operations]
    collections:
      - name: documents
        upheld: { title: Documents }
        fields:
          - { name: id, fides_meta: { primary_key: true } }
          - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email } }
          - { name: body, data_categories: [user.content], upheld: { free_text: no } }
";
