//! Values.

use model::{Product, Value};

use super::{Bench, Check, Fixture, by, ensure, key, only, set_one};
use crate::{Fold, Match};

/// Text that was meant to be something else.
fn hostile(product: Product) -> Vec<String> {
    let mut all = hostile_text();
    if product != Product::PostgreSql {
        all.push("nul\0inside".to_owned());
    }
    all
}

/// What every system can hold.
pub(super) fn hostile_text() -> Vec<String> {
    let plain = [
        "'; DROP TABLE person; --",
        "\"; DROP TABLE person; --",
        "`; DROP TABLE person; --",
        "' OR '1'='1",
        "\\",
        "\\'",
        "\\\\n",
        "$1",
        "$$x$$",
        "?",
        ":name",
        "%_",
        "{0}",
        "--",
        "/*",
        "*/",
        "NULL",
        "null",
        "",
        " ",
        "  two  ",
        "line\nbreak\r\n",
        "\t",
        "zoë",
        "Zoë.Müller@acme.example",
        "\u{1f600}",
        "\u{200f}\u{202e}",
        "e\u{301}",
        "名前",
        "\u{fffd}",
        "\u{feff}x",
        "0",
        "007",
        "1e3",
        "2026-01-01",
        "{\"a\": 1}",
        "{a,b}",
        "\\x41",
        "true",
    ];
    let mut all: Vec<String> = plain.iter().map(|text| (*text).to_owned()).collect();
    all.push("long é ".repeat(200_000));
    all
}

pub(super) async fn hostile_values_are_values(fixture: &dyn Fixture) -> Check {
    let words = match fixture.product() {
        Product::MySql | Product::MariaDb => "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        _ => "text",
    };
    let sql = format!(
        "CREATE TABLE person (id int PRIMARY KEY, said {words}){{end}}; INSERT INTO person VALUES (1, NULL), (2, 'bystander');"
    );
    let bench = Bench::new(fixture, &sql).await?;
    let mut before = Value::Null;
    for text in hostile(fixture.product()) {
        let shown: String = text.chars().take(30).collect();
        let to = Value::Text(text);
        let change =
            set_one(bench.table("person"), key(&[Value::Int(1)]), "said", before, to.clone());
        let done = bench.system.change(&only(change)).await?;
        ensure!(done.updated == 1, "`{shown}` is not written: {done:?}");
        let rows =
            bench.rows(Match::Keys(vec![key(&[Value::Int(1)])]), "person", &["said"]).await?;
        ensure!(
            rows.first().is_some_and(|row| row.values == [to.clone()]),
            "`{shown}` does not come back"
        );
        let rows = bench.rows(by("said", to.clone(), Fold::Exact), "person", &["id"]).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.key.clone()).collect();
        ensure!(ids == [key(&[Value::Int(1)])], "`{shown}` finds {} rows", ids.len());
        before = to;
    }
    ensure!(
        bench.all("person", &["said"]).await?.last().is_some_and(|said| said == "bystander"),
        "a bystander was touched"
    );
    Ok(())
}

/// Types and two values of each, as SQL.
fn types(product: Product) -> &'static [(&'static str, &'static str, &'static str)] {
    match product {
        Product::Files => &[],
        Product::PostgreSql => &[
            ("text", "'zoë 😀'", "''"),
            ("varchar(20)", "'a'", "'ß'"),
            ("char(5)", "'ab'", "'x'"),
            ("name", "'n'", "'m'"),
            ("smallint", "-32768", "7"),
            ("int", "2147483647", "0"),
            ("bigint", "9223372036854775807", "-1"),
            ("bool", "true", "false"),
            ("numeric", "12345678901234567890.1234567890", "0.10"),
            ("numeric(10,2)", "1.50", "-2"),
            ("real", "0.1", "16777217"),
            ("double precision", "0.1", "1e300"),
            ("money", "12.5", "1"),
            ("bytea", "'\\x00ff4a'", "''"),
            (
                "uuid",
                "'0b8f9e0e-5a1d-4c3c-9c57-0f2a4b9f1a11'",
                "'00000000-0000-0000-0000-000000000000'",
            ),
            ("date", "'2026-02-28'", "'0044-03-15 BC'"),
            ("timestamp", "'2026-01-01 10:00:00.123456'", "'infinity'"),
            ("timestamptz", "'2026-07-01 10:00:00.5+02'", "'1900-01-01 00:00:00Z'"),
            ("time", "'10:00:00.1'", "'24:00'"),
            ("interval", "'1 year 2 days 03:04:05'", "'-1 mon'"),
            ("inet", "'10.0.0.1/8'", "'::1'"),
            ("cidr", "'10.0.0.0/8'", "'2001:db8::/32'"),
            ("macaddr", "'08:00:2b:01:02:03'", "'ff:ff:ff:ff:ff:ff'"),
            ("json", "'{\"b\":  1, \"a\": [\"é\"]}'", "'null'"),
            ("jsonb", "'{\"b\":  1, \"a\": [\"é\"]}'", "'[]'"),
            ("text[]", "ARRAY['a,b', 'c\"d', NULL, '{}']", "'{}'"),
            ("int[]", "'{{1,2},{3,4}}'", "'{}'"),
            ("int4range", "'[1,5)'", "'empty'"),
            ("point", "'(1.5,2)'", "'(0,0)'"),
            ("bit(5)", "B'10101'", "B'00000'"),
            ("varbit", "B'1'", "B''"),
            ("xml", "'<a>&lt;é</a>'", "'x'"),
            ("tsvector", "'a:1 b:2'", "''"),
            ("mood", "'so la la'", "'o''k'"),
            ("label", "'x'", "'y'"),
            ("pair", "'(1,\"a \"\"b\"\"\")'", "'(,)'"),
            ("\"char\"", "'a'", "'b'"),
            ("oid", "4294967295", "0"),
        ],
        Product::MySql | Product::MariaDb => &[
            ("varchar(20)", "'zoë 😀'", "''"),
            ("varchar(20) CHARACTER SET latin1", "'Müller €'", "'x'"),
            ("char(5) CHARACTER SET ucs2", "'ab'", "'é'"),
            ("text CHARACTER SET latin1", "'ÿ'", "''"),
            ("longtext", "'😀'", "'b'"),
            ("varchar(9) COLLATE utf8mb4_bin", "'A'", "'a'"),
            ("tinyint", "-128", "1"),
            ("tinyint(1)", "1", "0"),
            ("int unsigned", "4294967295", "0"),
            ("int(8) unsigned zerofill", "42", "7"),
            ("bigint", "-9223372036854775808", "1"),
            ("bigint unsigned", "18446744073709551615", "2"),
            ("bit(9)", "b'100000001'", "b'0'"),
            ("year", "2026", "1999"),
            ("decimal(30,10)", "12345678901234567890.0123456789", "-0.5"),
            ("float", "0.1", "16777216"),
            ("double", "0.1", "1e300"),
            ("date", "'2026-02-28'", "'0000-00-00'"),
            ("datetime(6)", "'2026-01-01 10:00:00.123456'", "'0000-00-00 00:00:00'"),
            ("timestamp NULL", "'2026-07-01 10:00:00'", "'1971-01-01 00:00:00'"),
            ("time(3)", "'-838:59:59'", "'10:00:00.5'"),
            ("binary(3)", "x'00ff4a'", "x'414141'"),
            ("varbinary(9)", "x'00ff'", "x''"),
            ("longblob", "x'fffe00'", "''"),
            ("enum('a','B c','é')", "'B c'", "'é'"),
            ("set('x','y')", "'x,y'", "''"),
            ("json", "'{\"b\":  1, \"a\": \"é\"}'", "'[]'"),
            ("point", "ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('POINT(3 4)')"),
        ],
        Product::Sqlite => &[
            ("TEXT", "'zoë 😀'", "''"),
            ("VARCHAR(5)", "'longer than five'", "'x'"),
            ("INTEGER", "9223372036854775807", "-1"),
            ("REAL", "0.1", "1e300"),
            ("NUMERIC", "1.5", "27"),
            ("BLOB", "x'00ff4a'", "x''"),
            ("", "'text'", "27"),
            ("", "1.5", "x'41'"),
            ("TEXT", "x'fffe'", "'t'"),
            ("TEXT", "CAST(x'fffe41' AS TEXT)", "'t'"),
            ("BOOLEAN", "1", "0"),
            ("DATE", "'2026-02-28'", "20260228"),
            ("JSON", "'{\"b\":  1}'", "'[]'"),
            ("TEXT COLLATE NOCASE", "'ABC'", "'abc'"),
            ("DECIMAL(10,2)", "'12.50'", "0"),
        ],
    }
}

pub(super) async fn every_type_goes_there_and_back(fixture: &dyn Fixture) -> Check {
    let product = fixture.product();
    let mut sql = String::new();
    if product == Product::PostgreSql {
        sql.push_str("CREATE TYPE mood AS ENUM ('so la la', 'o''k'); CREATE DOMAIN label AS varchar(5) NOT NULL; CREATE TYPE pair AS (a int, b text);");
    }
    if matches!(product, Product::MySql | Product::MariaDb) {
        sql.push_str("SET SESSION sql_mode = 'STRICT_ALL_TABLES';");
    }
    let types = types(product);
    for (index, (kind, one, two)) in types.iter().enumerate() {
        sql.push_str(&format!("CREATE TABLE t{index} (id int PRIMARY KEY, v {kind}){{end}}; INSERT INTO t{index} VALUES (1, {one}), (2, {two});"));
    }
    // Their SQL holds braces of its own.
    let sql = sql.replace("{end}", &super::fill(fixture, "{end}"));
    let bench = Bench::new(fixture, &sql).await?;
    for (index, (kind, one, two)) in types.iter().enumerate() {
        let name = format!("t{index}");
        let rows = bench.rows(Match::All, &name, &["v"]).await?;
        let values: Vec<Value> =
            rows.iter().filter_map(|row| row.values.first().cloned()).collect();
        let [first, second] = values.as_slice() else {
            return Err(super::Why(format!("{kind}: {} rows", values.len())));
        };
        ensure!(!first.is_null() && !second.is_null(), "{kind}: a value reads as NULL");
        // To the other row's value and back, through the connector alone.
        for (from, to) in [(first, second), (second, first)] {
            let change =
                set_one(bench.table(&name), key(&[Value::Int(1)]), "v", from.clone(), to.clone());
            let done = bench.system.change(&only(change.clone())).await;
            ensure!(
                done.as_ref().is_ok_and(|done| done.updated == 1),
                "{kind} ({one}, {two}): {done:?}"
            );
            let again = bench.system.change(&only(change)).await;
            ensure!(
                again.as_ref().is_ok_and(|done| done.already == 1),
                "{kind} ({one}, {two}) again: {again:?}"
            );
            let rows = bench.rows(Match::Keys(vec![key(&[Value::Int(1)])]), &name, &["v"]).await?;
            ensure!(
                rows.first().is_some_and(|row| row.values.first() == Some(to)),
                "{kind} ({one}, {two}): another value came back"
            );
        }
        // And the database itself finds the two as different as before.
        let rows = bench.rows(Match::All, &name, &["v"]).await?;
        let now: Vec<Value> = rows.iter().filter_map(|row| row.values.first().cloned()).collect();
        ensure!(now == values, "{kind}: not as before");
    }
    Ok(())
}
