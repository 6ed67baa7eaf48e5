//! Identifiers.

use model::{Product, TableName, Value};

use super::{Bench, Check, Fixture, Why, by, ensure, fill, key, only, set_one, shown};
use crate::{Condition, Error, Fold, Lookup, Match, Scan};

const HOSTILE: &[&str] = &[
    "a\"b",
    "a\"\"b",
    "a`b",
    "a``b",
    "[a]b",
    "a]b",
    "a'b",
    "a''b",
    "two words",
    " leading",
    "tab\there",
    "line\nbreak",
    "x; DROP TABLE victim; --",
    "x\"; DROP TABLE victim; --",
    "x`; DROP TABLE victim; -- ",
    "$$a$$",
    "$1",
    "$tag$x",
    "?",
    "%s %d",
    "select",
    "TABLE",
    "User",
    "uSeR",
    "order by",
    "group",
    "zoë",
    "Straße",
    "имя",
    "名前",
    "a.b",
    "a..b",
    "a\\b",
    "\\",
    "/* */",
    "--",
    "(a)",
    "a,b",
    "t",
    "u",
    "k0",
    "rank",
    "oid2",
    "+/=",
    "@x",
    "#x",
    "null",
    "1",
    "1e3",
    "{a}",
    "\u{200f}rtl",
];

/// Names that were meant to be something else.
pub(super) const fn hostile() -> &'static [&'static str] {
    HOSTILE
}

/// Some five hundred names, all different without regard to letter case, and two at the product's
/// limit of length.
fn names(product: Product) -> Vec<String> {
    let mut names = Vec::new();
    for round in 0..10 {
        for base in HOSTILE {
            names.push(format!("{base}{}", names.len() + round));
        }
    }
    let limit = if product == Product::PostgreSql { 63 } else { 64 };
    names.push("l".repeat(limit));
    names.push(format!("{}é", "m".repeat(limit - 2)));
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.to_lowercase()));
    names
}

fn quoted(product: Product, name: &str) -> String {
    if matches!(product, Product::MySql | Product::MariaDb) {
        format!("`{}`", name.replace('`', "``"))
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

pub(super) async fn hostile_names_are_names(fixture: &dyn Fixture) -> Check {
    let product = fixture.product();
    let names = names(product);
    ensure!(names.len() >= 500, "only {} names", names.len());
    let mut sql = String::from("CREATE TABLE victim (id int PRIMARY KEY){end};\n");
    for (index, name) in names.iter().enumerate() {
        let quoted = quoted(product, name);
        sql.push_str(&format!(
            "CREATE TABLE {quoted} (id int PRIMARY KEY, {quoted} varchar(90)){{end}}; INSERT INTO {quoted} VALUES (1, 'one {index}'), (2, 'two {index}');\n"
        ));
    }
    // The names hold braces of their own: only the engine's place is filled in.
    let sql = sql.replace("{end}", fill(fixture, "{end}").as_str());
    let address = fixture.fresh().await;
    fixture.execute(&address, &sql).await;
    let system = crate::open(&crate::Address::parse(&address)?, crate::Limits::default()).await?;
    let bench = Bench { fixture, address, system };
    let catalogue = bench.system.catalogue().await?;
    let mut changes = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let Some(table) = catalogue.table(&bench.table(name)) else {
            return Err(Why(format!("table `{name}` is not in the catalogue")));
        };
        ensure!(table.column(name).is_some(), "column `{name}` is not in the catalogue");
        let wanted = format!("one {index}");
        let rows = bench.rows(by(name, wanted.as_str(), Fold::Exact), name, &[name]).await?;
        ensure!(
            rows.iter().map(shown).collect::<Vec<_>>() == [wanted.clone()],
            "`{name}` is not found"
        );
        let rows = bench.rows(Match::Keys(vec![key(&[Value::Int(2)])]), name, &[name]).await?;
        ensure!(rows.len() == 1, "`{name}` is not found by key");
        let scan = Scan { table: bench.table(name), columns: vec![name.clone()], sample: None };
        let rows = super::scanned(bench.system.as_ref(), &scan).await?;
        ensure!(rows.len() == 2, "`{name}` is not scanned");
        let (from, to) = (Value::from(wanted), Value::from("changed"));
        changes.push(set_one(bench.table(name), key(&[Value::Int(1)]), name, from, to));
        changes.push(crate::Change::Delete {
            table: bench.table(name),
            keys: vec![key(&[Value::Int(2)])],
        });
    }
    let done = bench.system.change(&crate::ChangeSet { changes }).await?;
    let all = names.len() as u64;
    ensure!((done.updated, done.deleted) == (all, all), "changed {done:?} of {all}");
    for name in &names {
        let left = bench.all(name, &[name]).await?;
        ensure!(left == ["changed"], "`{name}` is not changed");
    }
    let victim = bench.system.catalogue().await?;
    ensure!(victim.table(&bench.table("victim")).is_some(), "a name was run as a statement");
    Ok(())
}

pub(super) async fn what_is_not_in_the_catalogue_is_refused(fixture: &dyn Fixture) -> Check {
    let sql = "CREATE TABLE person (id int PRIMARY KEY, email varchar(90)){end};";
    let bench = Bench::new(fixture, sql).await?;
    let here = bench.table("person");
    let bad_table = |name: &str| TableName { schema: here.schema.clone(), table: name.to_owned() };
    for name in
        ["nobody", "person\"", "person; DROP TABLE person", "person AS t, person", "PERSON "]
    {
        let lookup =
            Lookup { table: bad_table(name), by: Match::All, when: vec![], columns: vec![] };
        let told = super::found(bench.system.as_ref(), &lookup).await;
        ensure!(matches!(told, Err(Error::NoTable(_))), "table `{name}`: {told:?}");
        let scan = Scan { table: bad_table(name), columns: vec![], sample: Some(1) };
        let told = super::scanned(bench.system.as_ref(), &scan).await;
        ensure!(matches!(told, Err(Error::NoTable(_))), "scan of `{name}`: {told:?}");
        let change =
            set_one(bad_table(name), key(&[Value::Int(1)]), "email", Value::Null, Value::Null);
        let told = bench.system.change(&only(change)).await;
        ensure!(matches!(told, Err(Error::NoTable(_))), "change of `{name}`: {told:?}");
    }
    for name in ["nothing", "id, email", "email\" FROM person --", "*", "1", "ctid"] {
        let lookup = |by, when, columns| Lookup { table: here.clone(), by, when, columns };
        let when = Condition { column: name.to_owned(), any_of: vec![Value::Int(1)] };
        for lookup in [
            lookup(Match::All, vec![], vec![name.to_owned()]),
            lookup(Match::All, vec![when], vec![]),
            lookup(by(name, "x", Fold::Exact), vec![], vec![]),
        ] {
            let told = bench.system.count(&lookup).await;
            ensure!(matches!(told, Err(Error::NoColumn { .. })), "column `{name}`: {told:?}");
        }
        let change = set_one(here.clone(), key(&[Value::Int(1)]), name, Value::Null, Value::Null);
        let told = bench.system.change(&only(change)).await;
        ensure!(matches!(told, Err(Error::NoColumn { .. })), "change of column `{name}`: {told:?}");
    }
    Ok(())
}
