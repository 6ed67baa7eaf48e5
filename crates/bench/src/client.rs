//! What somebody who knows the database would write by hand, through `psql` and through a bare client.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use sqlx::{Connection as _, PgConnection, Row as _};

use crate::msp::Msp;

/// The statements that read everything about one contact, as few as there are tables.
pub(crate) fn access(email: &str) -> Vec<String> {
    let who = format!("(SELECT id FROM contacts WHERE email = '{email}')");
    vec![
        format!("SELECT * FROM contacts WHERE email = '{email}'"),
        format!("SELECT * FROM tickets WHERE contact_id = {who}"),
        format!(
            "SELECT n.* FROM ticket_notes n JOIN tickets t ON t.id = n.ticket_id WHERE t.contact_id = {who}"
        ),
        format!("SELECT * FROM invoices WHERE contact_id = {who}"),
        format!(
            "SELECT p.* FROM payments p JOIN invoices i ON i.id = p.invoice_id WHERE i.contact_id = {who}"
        ),
        format!("SELECT * FROM devices WHERE contact_id = {who}"),
        format!("SELECT * FROM newsletter_subscribers WHERE email = '{email}'"),
        format!("SELECT * FROM login_audit WHERE contact_id = {who}"),
    ]
}

/// One transaction that changes the same rows and columns as the map's erasure does.
pub(crate) fn erasure(contact: u64, email: &str) -> Vec<String> {
    let tickets = format!("(SELECT id FROM tickets WHERE contact_id = {contact})");
    vec![
        "BEGIN".to_owned(),
        format!("UPDATE ticket_notes SET body = '[erased]' WHERE ticket_id IN {tickets}"),
        format!(
            "UPDATE tickets SET subject = '[erased]', description = '[erased]' WHERE contact_id = {contact}"
        ),
        format!(
            "UPDATE devices SET host_name = '[erased]', serial_number = NULL, mac_address = NULL, last_ip = NULL, last_user = NULL WHERE contact_id = {contact}"
        ),
        format!("DELETE FROM login_audit WHERE contact_id = {contact}"),
        format!("DELETE FROM newsletter_subscribers WHERE email = '{email}'"),
        format!(
            "UPDATE contacts SET email = 'erased-' || id, first_name = NULL, last_name = NULL, phone = NULL, job_title = NULL, remark = NULL WHERE id = {contact}"
        ),
        "COMMIT".to_owned(),
    ]
}

/// Rows of a contact that still say something.
pub(crate) fn left(contact: u64) -> String {
    format!(
        "SELECT (SELECT count(*) FROM ticket_notes n JOIN tickets t ON t.id = n.ticket_id WHERE t.contact_id = {contact} AND n.body <> '[erased]')
              + (SELECT count(*) FROM tickets WHERE contact_id = {contact} AND (subject <> '[erased]' OR description <> '[erased]'))
              + (SELECT count(*) FROM devices WHERE contact_id = {contact} AND last_user IS NOT NULL)
              + (SELECT count(*) FROM login_audit WHERE contact_id = {contact})
              + (SELECT count(*) FROM contacts WHERE id = {contact} AND last_name IS NOT NULL)"
    )
}

/// Runs them by way of `psql`, a process of its own that writes every row out.
pub(crate) fn by_psql(msp: &Msp, statements: &[String]) -> Duration {
    let begun = Instant::now();
    drop(msp.psql(&format!("{};", statements.join(";\n"))));
    begun.elapsed()
}

/// Runs them with a client that connects, reads every value and drops it. Also the number of rows.
pub(crate) fn by_client(url: &str, statements: &[String]) -> (Duration, u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    let begun = Instant::now();
    let read = runtime.block_on(async {
        let mut rows = 0;
        let mut link = PgConnection::connect(url).await?;
        for statement in statements {
            let mut found = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.as_str())).fetch(&mut link);
            while let Some(row) = found.try_next().await? {
                for column in 0..row.len() {
                    row.try_get_raw(column)?;
                }
                rows += 1;
            }
        }
        link.close().await?;
        Ok::<u64, sqlx::Error>(rows)
    });
    let rows = read.unwrap_or_else(|error| panic!("the bare client failed: {error}"));
    (begun.elapsed(), rows)
}
