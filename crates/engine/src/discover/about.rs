//! What a table is about. Everything else is decided with it in mind: a `name` is a person's only
//! where the row is a person, and who wrote a row matters only where rows are written.

use model::{DataType, Table};

use super::words::{Speller, has};

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    /// People: users, contacts, staff.
    Person,
    /// Companies and their places.
    Organisation,
    /// Matters that several people have part in: tickets, cases, projects, appointments.
    Matter,
    /// What somebody wrote or uploaded: notes, replies, attachments.
    Message,
    /// What happened: logs, audit trails, visits.
    Log,
    /// Ways in: sessions, tokens, password resets.
    Access,
    /// What is said of one parent row: addresses, settings, custom values, devices.
    Detail,
    /// Sign-ups: newsletters, mailing lists.
    Subscription,
    /// Money: invoices, orders, payments.
    Money,
    /// Things and lists that are about nobody: products, queues, roles, templates.
    Thing,
    /// The application's own housekeeping.
    Technical,
    /// Nothing known.
    Other,
}

const NOUNS: &[(About, &[&str])] = &[
    (
        About::Person,
        &[
            "user",
            "contact",
            "person",
            "employee",
            "staff",
            "member",
            "patient",
            "lead",
            "technician",
            "requester",
            "author",
            "customer",
            "agent",
            "student",
            "teacher",
            "guest",
            "visitor",
            "candidate",
            "applicant",
            "attendee",
            "participant",
            "owner",
            "tenant",
            "driver",
            "player",
            "colleague",
            "recipient",
            "admin",
            "donor",
            "client",
            "account",
            "principal",
            "beneficiary",
            "resident",
            "profile",
        ],
    ),
    (
        About::Organisation,
        &[
            "company",
            "organisation",
            "vendor",
            "supplier",
            "site",
            "branch",
            "office",
            "location",
            "partner",
            "store",
            "shop",
            "business",
            "entity",
            "department",
            "school",
            "employer",
            "publisher",
            "manufacturer",
        ],
    ),
    (
        About::Matter,
        &[
            "ticket",
            "case",
            "incident",
            "request",
            "project",
            "task",
            "deal",
            "opportunity",
            "appointment",
            "booking",
            "meeting",
            "issue",
            "problem",
            "complaint",
            "workorder",
            "reservation",
            "claim",
            "inquiry",
            "enquiry",
            "contract",
            "conversation",
            "thread",
            "topic",
            "discussion",
            "calendar",
        ],
    ),
    (
        About::Message,
        &[
            "message",
            "note",
            "comment",
            "reply",
            "post",
            "attachment",
            "email",
            "chat",
            "response",
            "article",
            "document",
            "file",
            "upload",
            "revision",
            "review",
            "transaction",
            "transcript",
            "annotation",
            "answer",
            "sms",
            "memo",
            "correspondence",
            "feedback",
            "call",
            "entry",
            "image",
            "photo",
            "picture",
        ],
    ),
    (
        About::Log,
        &[
            "log",
            "audit",
            "history",
            "activity",
            "event",
            "visit",
            "view",
            "tracking",
            "journal",
            "change",
            "login",
            "attempt",
            "click",
            "search",
            "trail",
            "notification",
            "hit",
            "error",
        ],
    ),
    (
        About::Access,
        &[
            "session",
            "token",
            "reset",
            "verification",
            "otp",
            "authtoken",
            "credential",
            "passkey",
            "grant",
            "invitation",
            "password",
            "key",
            "secret",
            "remember",
            "factor",
        ],
    ),
    (
        About::Detail,
        &[
            "address",
            "phone",
            "setting",
            "preference",
            "meta",
            "metadata",
            "value",
            "device",
            "membership",
            "consent",
            "attribute",
            "property",
            "option",
            "identity",
            "detail",
            "bookmark",
            "favorite",
            "favourite",
            "line",
            "item",
            "custom",
            "data",
            "watcher",
            "follower",
            "assignment",
            "field",
            "asset",
            "info",
            "certificate",
            "skill",
            "absence",
            "leave",
            "salary",
            "shift",
        ],
    ),
    (
        About::Subscription,
        &[
            "newsletter",
            "subscriber",
            "subscription",
            "mailing",
            "unsubscribe",
            "optout",
            "suppression",
            "optin",
        ],
    ),
    (
        About::Money,
        &[
            "invoice", "order", "payment", "quote", "receipt", "refund", "cart", "sale",
            "purchase", "estimate", "charge", "transfer", "billing", "expense", "trip", "revenue",
            "checkout", "basket",
        ],
    ),
    (
        About::Thing,
        &[
            "product",
            "queue",
            "category",
            "tag",
            "role",
            "permission",
            "template",
            "group",
            "team",
            "country",
            "currency",
            "language",
            "status",
            "type",
            "plan",
            "tax",
            "label",
            "priority",
            "class",
            "catalog",
            "catalogue",
            "config",
            "configuration",
            "module",
            "plugin",
            "term",
            "taxonomy",
            "acl",
            "right",
            "rule",
            "filter",
            "list",
            "menu",
            "page",
            "theme",
            "feature",
            "model",
            "brand",
            "unit",
            "warehouse",
            "subnet",
            "network",
            "vlan",
            "rack",
            "software",
            "licence",
            "license",
            "domain",
            "record",
            "service",
            "script",
            "scrip",
            "action",
            "condition",
            "workflow",
            "state",
            "level",
            "sla",
            "schedule",
            "holiday",
            "city",
            "region",
            "scripaction",
            "scripcondition",
            "customfield",
            "customrole",
            "folder",
            "link",
            "relationship",
            "relation",
            "budget",
        ],
    ),
    (
        About::Technical,
        &[
            "migration",
            "schema",
            "sequence",
            "flyway",
            "alembic",
            "databasechangelog",
            "databasechangeloglock",
            "cache",
            "lock",
            "heartbeat",
            "phinxlog",
            "scheduler",
            "checksum",
        ],
    ),
];

/// Tables that frameworks keep for themselves, by their whole name.
const HOUSEKEEPING: &[&str] = &[
    "schema_migrations",
    "ar_internal_metadata",
    "migrations",
    "flyway_schema_history",
    "alembic_version",
    "databasechangelog",
    "databasechangeloglock",
    "schema_version",
    "schema_versions",
    "schemaversion",
    "django_migrations",
    "phinxlog",
    "goose_db_version",
    "_prisma_migrations",
    "knex_migrations",
    "knex_migrations_lock",
    "sqlite_sequence",
    "sqlite_stat1",
    "spatial_ref_sys",
    "doctrine_migration_versions",
    "sequelizemeta",
    "__efmigrationshistory",
    "cache_locks",
    "_sqlx_migrations",
    "typeorm_metadata",
];

fn noun(word: &str) -> Option<About> {
    NOUNS.iter().find(|(_, words)| words.contains(&word)).map(|(about, _)| *about)
}

/// Whether a framework keeps this table for itself.
pub(super) fn is_housekeeping(table: &str) -> bool {
    HOUSEKEEPING.contains(&table.to_lowercase().as_str())
}

/// Words for people whom somebody else named: the row is about them as much as about whoever
/// named them.
const RELATIVES: &[&str] = &[
    "dependant",
    "dependent",
    "family",
    "relative",
    "kin",
    "beneficiary",
    "child",
    "spouse",
    "sibling",
    "parent",
    "guardian",
    "kid",
    "heir",
    "referee",
    "reference",
    "household",
    "emergency",
];

/// Whether rows are people named by others: relatives, emergency contacts, referees.
pub(super) fn are_relatives(table: &Table, plain: &[String], speller: &Speller) -> bool {
    let column =
        |wanted: &str| table.columns.iter().any(|column| has(&speller.words(&column.name), wanted));
    let reached = column("email") || column("phone") || column("mobile");
    let called = reached || column("first") || column("last") || column("birth");
    let named = |word: &str| has(plain, word);
    // `contact_references` may be anything; `emergency_calls` are no people.
    let last = plain.last().map(String::as_str).unwrap_or_default();
    if last == "reference" || last == "parent" || last == "child" {
        return reached || (last == "child" && (column("birth") || column("first")));
    }
    if named("emergency") && !["contact", "person", "emergency"].contains(&last) {
        return false;
    }
    let person = ["member", "contact", "person", "relation", "detail", "info"];
    let told = RELATIVES.contains(&last)
        || (person.contains(&last) && plain.iter().any(|w| RELATIVES.contains(&w.as_str())));
    told && (called || column("name"))
}

/// What a table is about, by its name and then by its columns.
pub(super) fn about(table: &Table, words: &[String], speller: &Speller) -> About {
    if is_housekeeping(&table.name.table) {
        return About::Technical;
    }
    let by_name = match words {
        [.., before, last] => match (noun(before), noun(last)) {
            // `user_log_entries`, `password_resets`: the word before says more.
            (
                Some(About::Log | About::Access | About::Subscription),
                Some(About::Message | About::Detail | About::Thing | About::Log),
            ) => noun(before),
            (_, Some(found)) => Some(found),
            // `login_audit`, `contacts_archive`: a last word that says nothing.
            (found, None) => found,
        },
        [only] => noun(only),
        [] => None,
    };
    let named = |wanted: &[&str]| {
        table.columns.iter().any(|column| {
            let words = speller.words(&column.name);
            wanted.iter().all(|w| has(&words, w))
        })
    };
    let text = |wanted: &[&str]| {
        table.columns.iter().any(|column| {
            let words = speller.words(&column.name);
            matches!(
                column.data_type,
                DataType::Text { .. } | DataType::Bytes { .. } | DataType::Other
            ) && wanted.iter().all(|w| has(&words, w))
        })
    };
    let split_name = named(&["first", "name"]) || named(&["last", "name"]);
    let company = text(&["vat"])
        || text(&["company"])
        || text(&["website"])
        || text(&["tax"])
        || named(&["company", "type"])
        || text(&["industry"])
        || text(&["registration"]);
    // `clients` and `accounts` are people in one application and companies in the next; so is
    // `tenants`. Their columns tell.
    let ambiguous = matches!(
        words.last().map(String::as_str),
        Some("client" | "account" | "customer" | "tenant" | "partner" | "vendor" | "supplier")
    );
    match by_name {
        Some(About::Person)
            if ambiguous
                && !split_name
                && (company || !(text(&["email"]) || text(&["password"]))) =>
        {
            About::Organisation
        }
        Some(About::Organisation) if split_name => About::Person,
        // `ticket_users`, `project_members`: rows that only tie a person to something.
        Some(About::Person)
            if !["name", "email", "login", "phone", "password", "birth"]
                .iter()
                .any(|w| text(&[w])) =>
        {
            About::Detail
        }
        Some(found) => found,
        None if split_name && (text(&["email"]) || named(&["birth"])) => About::Person,
        None if text(&["password"]) && text(&["email"]) => About::Person,
        None => About::Other,
    }
}
