//! Accounts made to measure, on real servers: what the statements give is enough, what is missing is
//! told with the statement that gives it, and what is too much with the one that takes it away.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use connect::{
    Address, Change, ChangeSet, Connector, Due, Error, Fold, Limits, Lookup, Match, Offer, Old,
    Purge, Rights, RowChange, SetTo, Use, merged, open,
};
use model::{Micros, RowKey, Secret, TableName, Value};

/// A name that no other test run has.
fn account(name: &str) -> String {
    format!("up_{name}_{}", std::process::id())
}

enum Server {
    Postgres(String),
    MariaDb(String),
}

impl Server {
    fn fresh(postgres: bool, name: &str) -> Self {
        if postgres {
            Self::Postgres(testkit::postgres().fresh_database(name))
        } else {
            Self::MariaDb(testkit::mariadb().fresh_database(name))
        }
    }

    fn execute(&self, sql: &str) -> String {
        match self {
            Self::Postgres(url) => testkit::postgres().execute(url, sql),
            Self::MariaDb(url) => testkit::mariadb().execute(url, sql),
        }
    }

    fn schema(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "public",
            Self::MariaDb(_) => "",
        }
    }

    fn table(&self, name: &str) -> TableName {
        TableName::new(self.schema(), name)
    }

    async fn connected(&self) -> Box<dyn Connector> {
        let (Self::Postgres(url) | Self::MariaDb(url)) = self;
        open(&Address::parse(url).unwrap(), Limits::default()).await.unwrap()
    }

    async fn signed_in(&self, account: &str) -> Box<dyn Connector> {
        let (Self::Postgres(url) | Self::MariaDb(url)) = self;
        let own = url.replacen("postgres@", &format!("{account}@"), 1);
        let own = own.replacen("root@", &format!("{account}@"), 1);
        let address = Address::parse(&own).unwrap().with_password(Secret::new("pw".into()));
        open(&address, Limits::default()).await.unwrap()
    }

    /// Carries an offer out as a person would.
    fn give(&self, offer: &Offer) {
        for statement in &offer.create {
            self.execute(&statement.replace("<password>", "'pw'"));
        }
        for grant in &offer.grants {
            self.execute(&grant.give);
        }
    }

    fn drop(&self, account: &str) {
        match self {
            Self::Postgres(_) => {
                self.execute(&format!("DROP OWNED BY \"{account}\"; DROP ROLE \"{account}\""))
            }
            Self::MariaDb(_) => self.execute(&format!("DROP USER `{account}`@`%`")),
        };
    }

    /// A name in quotes.
    fn quoted(&self, name: &str) -> String {
        match self {
            Self::Postgres(_) => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::MariaDb(_) => format!("`{}`", name.replace('`', "``")),
        }
    }
}

const HOSTILE: &str = "No\"t`e; DROP TABLE person, -- x";

/// A person, what belongs to them under a hostile name, and a table that is nobody's business.
fn tables(server: &Server) -> String {
    let text = if matches!(server, Server::Postgres(_)) {
        "varchar(90)"
    } else {
        "varchar(90) COLLATE utf8mb4_bin"
    };
    let note = server.quoted(HOSTILE);
    format!(
        "CREATE TABLE person (id int PRIMARY KEY, mail {text}, name varchar(40), salary int, born date);
         CREATE TABLE {note} (id int PRIMARY KEY, person int, made timestamp, {note} varchar(90), secret varchar(9));
         CREATE TABLE other (id int PRIMARY KEY, word varchar(9));
         INSERT INTO person VALUES (1, 'Jane@acme.example', 'Jane', 9, '1990-01-01'), (2, 'bob@acme.example', 'Bob', 9, '1990-01-01');
         INSERT INTO {note} VALUES (1, 1, '2001-01-01', 'Jane was here', 's'), (2, 2, '2025-01-01', 'new', 's');"
    )
}

fn due(server: &Server) -> Due {
    Due {
        table: server.table(HOSTILE),
        old: Old::Column { column: "made".into(), before: Micros(1_262_304_000_000_000) },
        when: vec![],
        past: vec![],
        except: vec![],
        unless_referred: vec![],
        dependents: vec![],
    }
}

fn lookup(server: &Server) -> Lookup {
    Lookup {
        table: server.table("person"),
        by: Match::Column {
            column: "mail".into(),
            any_of: vec![Value::from("jane@acme.example")],
            fold: Fold::Case,
        },
        when: vec![],
        columns: vec!["name".into()],
    }
}

fn change(server: &Server) -> ChangeSet {
    let set = SetTo { from: Value::from("Jane was here"), to: Value::Null };
    let row = RowChange { key: RowKey(vec![Value::Int(1)]), set: vec![set] };
    let update = Change::Update {
        table: server.table(HOSTILE),
        columns: vec![HOSTILE.into()],
        rows: vec![row],
    };
    let delete =
        Change::Delete { table: server.table("person"), keys: vec![RowKey(vec![Value::Int(1)])] };
    ChangeSet { changes: vec![update, delete] }
}

/// What the three operations of this test take.
fn uses(server: &Server) -> Vec<Use> {
    let mut uses = vec![Use::of_lookup(&lookup(server))];
    uses.extend(Use::of_changes(&change(server)));
    uses.extend(Use::of_purge(&due(server)));
    merged(uses)
}

/// Every operation, each undone or without lasting effect.
async fn work(server: &Server, system: &dyn Connector) -> Result<(), Error> {
    let mut found = 0;
    let mut count = |batch: connect::Batch| {
        found += batch.0.len();
        Ok(())
    };
    system.find(&lookup(server), &mut count).await?;
    assert_eq!(found, 1);
    system.rehearse(&change(server)).await?;
    let due = due(server);
    assert_eq!(system.due(&due, 10).await?.rows, 1);
    system.purge(&Purge { due, not_after: None }, 10).await?;
    let note = server.quoted(HOSTILE);
    server.execute(&format!(
        "DELETE FROM {note} WHERE id = 1; INSERT INTO {note} VALUES (1, 1, '2001-01-01', 'Jane was here', 's');"
    ));
    Ok(())
}

fn told(rights: &Rights) -> (Vec<&str>, Vec<&str>) {
    (
        rights.missing.iter().map(|remark| remark.says.as_str()).collect(),
        rights.beyond.iter().map(|remark| remark.says.as_str()).collect(),
    )
}

#[tokio::test]
async fn what_is_offered_is_enough_and_each_part_of_it_is_needed() {
    for postgres in [true, false] {
        let server = Server::fresh(postgres, "measure");
        server.execute(&tables(&server));
        let name = account("exact");
        let uses = uses(&server);
        let admin = server.connected().await;
        let offer = admin.offer(&uses, &name).await.unwrap();
        server.give(&offer);
        let system = server.signed_in(&name).await;
        let rights = system.rights(&uses).await.unwrap();
        assert_eq!(told(&rights), (vec![], vec![]), "{rights:?}");
        work(&server, system.as_ref()).await.unwrap();
        // The account sees the same shape as whoever may do everything.
        let mut whole = admin.catalogue().await.unwrap();
        let mut seen = system.catalogue().await.unwrap();
        for table in whole.tables.iter_mut().chain(&mut seen.tables) {
            table.about_rows = 0;
        }
        assert_eq!(seen, whole);
        // What is nobody's business stays closed.
        let asked = Lookup {
            table: server.table("other"),
            by: Match::All,
            when: vec![],
            columns: vec!["word".into()],
        };
        let refused = system.count(&asked).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
        let mut salary = lookup(&server);
        salary.columns = vec!["salary".into()];
        let refused = system.find(&salary, &mut |_| Ok(())).await.unwrap_err().to_string();
        let quoted = server.quoted("salary");
        assert!(refused.contains(&format!("GRANT SELECT ({quoted})")), "{refused}");
        system.close().await;

        // Each right, and each column of a right, alone.
        let mut parts: Vec<(String, String)> = Vec::new();
        for grant in &offer.grants {
            if grant.columns.is_empty() {
                parts.push((grant.take.clone(), grant.give.clone()));
            }
            let list: Vec<String> = grant.columns.iter().map(|c| server.quoted(c)).collect();
            for column in &list {
                let one = |text: &str| text.replacen(&list.join(", "), column, 1);
                parts.push((one(&grant.take), one(&grant.give)));
            }
        }
        assert!(parts.len() > 8, "{parts:?}");
        for (take, give) in parts {
            server.execute(&take);
            let system = server.signed_in(&name).await;
            let lacking = system.rights(&uses).await.unwrap().missing;
            let mend: Vec<&String> = lacking.iter().flat_map(|remark| &remark.mend).collect();
            assert_eq!(mend, [&give], "{take}");
            if give.contains("REFERENCES") {
                // Nothing fails without it: a table that is made tomorrow is not seen, and that is
                // worse.
                let note = server.table("other");
                let blind = system.catalogue().await.unwrap();
                assert!(blind.table(&note).is_none(), "{blind:?}");
            } else {
                let refused = work(&server, system.as_ref()).await;
                let error = refused.expect_err(&take).to_string();
                assert!(error.contains(give.as_str()), "{take}\n{error}\n{give}");
            }
            system.close().await;
            server.execute(&give);
        }
        admin.close().await;
        server.drop(&name);
    }
}

#[tokio::test]
async fn what_is_too_much_is_told_with_what_takes_it_away() {
    for postgres in [true, false] {
        let server = Server::fresh(postgres, "toomuch");
        server.execute(&tables(&server));
        let name = account("wide");
        let uses = uses(&server);
        let admin = server.connected().await;
        let offer = admin.offer(&uses, &name).await.unwrap();
        server.give(&offer);
        let to = offer.grants[0].give.rsplit_once(" TO ").unwrap().1.to_owned();
        let person = server.quoted("person");
        let wide = if postgres {
            format!(
                "GRANT INSERT, UPDATE ON {person} TO {to}; GRANT SELECT (salary) ON {person} TO {to}; GRANT SELECT ON other TO {to} WITH GRANT OPTION;
                 GRANT CREATE ON SCHEMA public TO {to}; ALTER ROLE {to} CREATEROLE; GRANT pg_read_server_files TO {to};"
            )
        } else {
            format!(
                "GRANT INSERT, UPDATE ON {person} TO {to}; GRANT SELECT (salary) ON {person} TO {to}; GRANT SELECT ON other TO {to} WITH GRANT OPTION;
                 GRANT FILE ON *.* TO {to}; GRANT DELETE, CREATE TEMPORARY TABLES ON *.* TO {to};"
            )
        };
        server.execute(&wide);
        let system = server.signed_in(&name).await;
        let rights = system.rights(&uses).await.unwrap();
        let (missing, beyond) = told(&rights);
        assert!(missing.is_empty(), "{missing:?}");
        let all = beyond.join("\n");
        let some: &[&str] = if postgres {
            &[
                "may create roles",
                "pg_read_server_files",
                "CREATE on the schema",
                "INSERT, UPDATE, SELECT of `salary` on `public.person`",
                "pass its rights there on",
            ]
        } else {
            &[
                "may read and write files on the server",
                "DELETE of every table on the whole server",
                "SELECT of `salary`",
                "pass its rights there on",
            ]
        };
        for words in some {
            assert!(all.contains(words), "{words}\n{all}");
        }
        system.close().await;
        for mend in rights.beyond.iter().flat_map(|remark| &remark.mend) {
            server.execute(mend);
        }
        let system = server.signed_in(&name).await;
        let rights = system.rights(&uses).await.unwrap();
        assert_eq!(told(&rights), (vec![], vec![]), "{rights:?}");
        work(&server, system.as_ref()).await.unwrap();
        system.close().await;
        // Whoever may do everything is told so.
        let rights = admin.rights(&uses).await.unwrap();
        assert!(told(&rights).1.concat().contains("superuser"), "{rights:?}");
        admin.close().await;
        server.drop(&name);
    }
}
