//! Who may read what, on real servers.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use connect::{Address, Error, Limits, Privilege, open};

/// `account table[.column] rw through`, for these accounts, in order.
async fn told(url: &str, of: &[&str]) -> Vec<String> {
    let system = open(&Address::parse(url).unwrap(), Limits::default()).await.unwrap();
    let privileges = system.privileges().await.unwrap();
    system.close().await;
    privileges.iter().filter(|right| of.contains(&right.account.as_str())).map(line).collect()
}

fn line(right: &Privilege) -> String {
    let column = right.column.as_ref().map(|column| format!(".{column}")).unwrap_or_default();
    let (read, write) = (if right.read { "r" } else { "-" }, if right.write { "w" } else { "-" });
    let through = right.through.as_ref().map(|through| format!(" ({through})")).unwrap_or_default();
    let door = if right.can_sign_in { "" } else { " no door" };
    format!("{} {}{column} {read}{write}{through}{door}", right.account, right.table.table)
}

#[tokio::test]
async fn postgresql_tells_who_may_read() {
    let server = testkit::postgres();
    let url = server.fresh_database("rights");
    // Roles belong to the whole server: names of their own, taken away at the end.
    server.execute(
        &url,
        "DROP ROLE IF EXISTS up_web, up_desk, up_group, up_nested, up_far, up_all, up_boss, up_owner, up_shut;
         CREATE ROLE up_web LOGIN; CREATE ROLE up_group NOLOGIN; CREATE ROLE up_nested NOLOGIN; CREATE ROLE up_desk LOGIN;
         CREATE ROLE up_far LOGIN NOINHERIT; CREATE ROLE up_all LOGIN; CREATE ROLE up_boss LOGIN SUPERUSER; CREATE ROLE up_owner LOGIN; CREATE ROLE up_shut LOGIN;
         GRANT up_group TO up_nested; GRANT up_nested TO up_desk; GRANT up_group TO up_far; GRANT pg_read_all_data TO up_all;
         CREATE TABLE person (id int, mail text, salary int); CREATE TABLE note (id int); CREATE SCHEMA shut; CREATE TABLE shut.box (id int);
         ALTER TABLE note OWNER TO up_owner; GRANT SELECT, INSERT ON person TO up_group; GRANT SELECT (mail), UPDATE (salary) ON person TO up_web;
         GRANT SELECT ON note TO PUBLIC; GRANT SELECT ON shut.box TO up_shut, up_web; GRANT USAGE ON SCHEMA shut TO up_shut;",
    );
    let of = [
        "up_web", "up_desk", "up_group", "up_far", "up_all", "up_boss", "up_owner", "up_shut",
        "PUBLIC",
    ];
    let told = told(&url, &of).await;
    server.execute(
        &url,
        "DROP TABLE person, note; DROP SCHEMA shut CASCADE; DROP ROLE up_web, up_desk, up_group, up_nested, up_far, up_all, up_boss, up_owner, up_shut;",
    );
    assert_eq!(
        told,
        [
            "PUBLIC note r-",
            "up_all note r- (member of pg_read_all_data)",
            "up_all person r- (member of pg_read_all_data)",
            "up_all box r- (member of pg_read_all_data)",
            "up_boss note rw (superuser)",
            "up_boss person rw (superuser)",
            "up_boss box rw (superuser)",
            "up_desk person rw (member of up_group)",
            "up_far person rw (may become up_group)",
            "up_group person rw no door",
            "up_owner note rw (owner)",
            "up_shut box r-",
            "up_web person.mail r-",
            "up_web person.salary -w",
        ]
    );
}

#[tokio::test]
async fn mariadb_tells_who_may_read() {
    let server = testkit::mariadb();
    let url = server.by_socket(&server.fresh_database("rights"));
    let drop = "DROP USER IF EXISTS up_web@'%', up_desk@'10.%', up_shut@localhost, up_wide@'%', up_none@'%'; DROP ROLE IF EXISTS up_group, up_nested;";
    server.execute(
        &url,
        &format!(
            "{drop} CREATE TABLE person (id int PRIMARY KEY, mail text, salary int); CREATE TABLE note (id int PRIMARY KEY);
             CREATE USER up_web@'%' IDENTIFIED BY 'x'; CREATE USER up_desk@'10.%'; CREATE USER up_shut@localhost ACCOUNT LOCK; CREATE USER up_wide@'%'; CREATE USER up_none@'%' IDENTIFIED BY 'x';
             CREATE ROLE up_group; CREATE ROLE up_nested; GRANT SELECT, DELETE ON person TO up_group; GRANT up_group TO up_nested; GRANT up_nested TO up_desk@'10.%';
             GRANT SELECT (mail), UPDATE (salary) ON person TO up_web@'%'; GRANT SELECT ON note TO up_shut@localhost; GRANT SELECT ON `%`.* TO up_wide@'%'; GRANT USAGE ON *.* TO up_none@'%';"
        ),
    );
    let of = [
        "up_web@%",
        "up_desk@10.%",
        "up_shut@localhost",
        "up_wide@%",
        "up_group",
        "up_none@%",
        "root@localhost",
    ];
    let told = told(&url, &of).await;
    server.execute(&url, drop);
    assert_eq!(
        told,
        [
            "root@localhost note rw (superuser)",
            "root@localhost person rw (superuser)",
            "up_desk@10.% person rw (member of up_group)",
            "up_group person rw no door",
            "up_shut@localhost note r- no door",
            "up_web@% person.mail r-",
            "up_web@% person.salary -w",
            "up_wide@% note r-",
            "up_wide@% person r-",
        ]
    );
}

#[tokio::test]
async fn mariadb_says_what_it_may_not_read() {
    let server = testkit::mariadb();
    let url = server.fresh_database("rights");
    let drop = "DROP USER IF EXISTS up_blind@'%', up_blind@localhost;";
    server.execute(&url, &format!(
        "{drop} CREATE TABLE t (id int PRIMARY KEY); CREATE USER up_blind@'%' IDENTIFIED BY 'x'; CREATE USER up_blind@localhost IDENTIFIED BY 'x'; \
         GRANT SELECT ON *.* TO up_blind@'%', up_blind@localhost; REVOKE SELECT ON *.* FROM up_blind@'%', up_blind@localhost; \
         GRANT SELECT ON `{}`.* TO up_blind@'%', up_blind@localhost;", url.rsplit('/').next().unwrap().split('?').next().unwrap()));
    let blind = url.replacen("root@", "up_blind:x@", 1);
    assert_ne!(blind, url, "{url}");
    let system = open(&Address::parse(&blind).unwrap(), Limits::default()).await.unwrap();
    let told = system.privileges().await;
    system.close().await;
    server.execute(&url, drop);
    let refused = matches!(&told, Err(Error::Denied { action: "read", table, .. }) if table.to_string() == "mysql.user");
    assert!(refused, "{told:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn sqlite_is_read_by_whoever_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let url = format!("sqlite:{}", path.display());
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut link = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::Executor::execute(&mut link, "CREATE TABLE t (id int)").await.unwrap();
    sqlx::Connection::close(link).await.unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let system = open(&Address::parse(&url).unwrap(), Limits::default()).await.unwrap();
    let told = system.privileges().await.unwrap();
    let lines: Vec<String> = told.iter().map(line).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    let first = told.iter().map(|right| right.account.split(' ').next().unwrap_or_default());
    assert_eq!(first.collect::<Vec<_>>(), ["everybody", "group", "user"]);
    assert!(
        lines.iter().all(|line| line.contains(if line.starts_with("user") {
            "rw (owner)"
        } else {
            "r-"
        })),
        "{lines:?}"
    );
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let told = system.privileges().await.unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    system.close().await;
}
