//! What a role of PostgreSQL may do: access lists, ownership, attributes, and the predefined roles.

use std::collections::BTreeSet;

use model::TableName;

use super::held::{Entry, Held, Place, Way};
use super::needed::{Around, Facts};
use super::wording::Account;
use crate::sql::link::Link;
use crate::sql::shape::Shape;
use crate::sql::statement::Dialect;
use crate::{Remark, Result};

const FACTS: &str = "SELECT n.nspname::text, c.relname::text, (c.relkind = 'p' OR c.relhassubclass)::text, c.relrowsecurity::text, \
    EXISTS (SELECT FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) s WHERE s.grantee = 0 AND s.privilege_type = 'USAGE')::text, \
    EXISTS (SELECT FROM pg_database d CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) s \
      WHERE d.datname = current_database() AND s.grantee = 0 AND s.privilege_type = 'CONNECT')::text \
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition \
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";

const ROLE: &str = "SELECT current_user::text, r.rolsuper::text, r.rolcreaterole::text, r.rolcreatedb::text, r.rolreplication::text, r.rolbypassrls::text, \
    (SELECT s.version FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid() AND s.ssl), \
    has_database_privilege(current_database(), 'CONNECT')::text \
  FROM pg_roles r WHERE r.rolname = current_user";

/// The roles that come with the server, and what they open.
const PREDEFINED: &str = "SELECT r.rolname::text FROM pg_roles r WHERE r.rolname ~ '^pg_' AND pg_has_role(r.oid, 'MEMBER') ORDER BY 1";

/// What is on access lists for this role, for roles that it holds, and for everybody.
const LISTED: &str = "WITH lists AS ( \
    SELECT n.nspname, c.relname, NULL::name AS attname, c.relowner AS owner, coalesce(c.relacl, acldefault('r', c.relowner)) AS acl \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition \
    UNION ALL SELECT n.nspname, c.relname, a.attname, c.relowner, a.attacl \
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition \
    UNION ALL SELECT n.nspname, NULL, NULL, n.nspowner, coalesce(n.nspacl, acldefault('n', n.nspowner)) FROM pg_namespace n) \
  SELECT l.nspname::text, l.relname::text, l.attname::text, x.privilege_type::text, x.is_grantable::text, \
    CASE WHEN x.grantee = 0 THEN 'everybody' WHEN x.grantee = l.owner THEN 'owner' WHEN r.rolname = current_user THEN 'itself' ELSE 'role' END, r.rolname::text \
  FROM lists l CROSS JOIN LATERAL aclexplode(l.acl) x LEFT JOIN pg_roles r ON r.oid = x.grantee \
  WHERE l.nspname <> 'information_schema' AND l.nspname !~ '^pg_' AND (x.grantee = 0 OR pg_has_role(x.grantee, 'USAGE')) ORDER BY 1, 2, 3, 4, 7";

type Cells = std::vec::IntoIter<Option<String>>;

fn yes(cells: &mut Cells) -> bool {
    cells.next().flatten().as_deref() == Some("true")
}

fn text(cells: &mut Cells) -> String {
    cells.next().flatten().unwrap_or_default()
}

pub(super) async fn facts(link: &mut Link) -> Result<Facts> {
    let mut facts = Facts { open: true, ..Facts::default() };
    for row in link.ask(FACTS, &[]).await? {
        let cells = &mut row.into_iter();
        let table = TableName { schema: text(cells), table: text(cells) };
        if yes(cells) {
            facts.divided.insert(table.clone());
        }
        if yes(cells) {
            facts.guarded.insert(table.clone());
        }
        if yes(cells) {
            facts.open_schemas.insert(table.schema);
        }
        facts.open = yes(cells);
    }
    Ok(facts)
}

pub(super) async fn held(link: &mut Link, shape: &Shape) -> Result<Held> {
    let mut held = Held {
        account: Account::parse(Dialect::Postgres, ""),
        encrypted_with: None,
        everything: false,
        entries: Vec::new(),
        around: BTreeSet::new(),
        wide: Vec::new(),
    };
    let role = link.ask(ROLE, &[]).await?.into_iter().next().unwrap_or_default();
    let cells = &mut role.into_iter();
    held.account = Account::Role(text(cells));
    held.everything = yes(cells);
    let name = held.account.quoted();
    if held.everything {
        held.wide.push(Remark {
            says: "is a superuser, for whom no right is ever missing: use an account of its own"
                .to_owned(),
            mend: Vec::new(),
        });
    }
    for (says, off) in [
        ("may create roles", "NOCREATEROLE"),
        ("may create databases", "NOCREATEDB"),
        ("may start replication, and so read everything", "NOREPLICATION"),
    ] {
        if yes(cells) && !held.everything {
            held.wide.push(Remark {
                says: says.to_owned(),
                mend: vec![format!("ALTER ROLE {name} {off}")],
            });
        }
    }
    if yes(cells) {
        held.around.insert(Around::AllRows);
    }
    held.encrypted_with = cells.next().flatten();
    if yes(cells) {
        held.around.insert(Around::Connect);
    }
    if held.everything {
        return Ok(held);
    }
    predefined(link, shape, &mut held).await?;
    for row in link.ask(LISTED, &[]).await? {
        let cells = &mut row.into_iter();
        let schema = text(cells);
        let (table, column) = (cells.next().flatten(), cells.next().flatten());
        let (right, passes_on, way) = (text(cells), yes(cells), text(cells));
        let role = text(cells);
        let place = match table {
            None => {
                if right == "USAGE" {
                    held.around.insert(Around::Usage(schema.clone()));
                }
                Place::Schema(schema)
            }
            Some(table) => {
                let name = TableName { schema, table };
                if !shape.tables.contains_key(&name) {
                    continue;
                }
                Place::Table(name)
            }
        };
        let way = match way.as_str() {
            "everybody" => Way::Everybody,
            "owner" => Way::Owner,
            "itself" => Way::Itself,
            _ => Way::Role(Account::Role(role)),
        };
        held.entries.push(Entry { place, right, column, way, passes_on });
    }
    Ok(held)
}

/// `pg_read_all_data` and its like count as what they give.
async fn predefined(link: &mut Link, shape: &Shape, held: &mut Held) -> Result<()> {
    let name = held.account.quoted();
    for role in link.ask(PREDEFINED, &[]).await?.into_iter().flatten().flatten() {
        let rights: &[&str] = match role.as_str() {
            "pg_read_all_data" => &["SELECT"],
            "pg_write_all_data" => &["INSERT", "UPDATE", "DELETE"],
            _ => &[],
        };
        for table in shape.tables.keys() {
            for right in rights {
                held.entries.push(Entry {
                    place: Place::Table(table.clone()),
                    right: (*right).to_owned(),
                    column: None,
                    // Told once, below.
                    way: Way::Everybody,
                    passes_on: false,
                });
            }
            if !rights.is_empty() {
                held.around.insert(Around::Usage(table.schema.clone()));
            }
        }
        let opens = match role.as_str() {
            "pg_read_all_data" => "may read every table of every database",
            "pg_write_all_data" => "may change every table of every database",
            "pg_execute_server_program" => "may run programs on the server",
            "pg_write_server_files" => "may write files on the server",
            "pg_read_server_files" => "may read files on the server",
            "pg_signal_backend" => "may end other people's queries",
            // Nobody's member by a grant.
            "pg_database_owner" => continue,
            _ => "holds a role of the server's own",
        };
        held.wide.push(Remark {
            says: format!("{opens} (`{role}`)"),
            mend: vec![format!("REVOKE {role} FROM {name}")],
        });
    }
    Ok(())
}
