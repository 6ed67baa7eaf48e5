//! What a column's name says about what it holds. One table of rules, read from the top: the
//! first that fits wins.

use model::DataType;

use super::about::About;

/// Where a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    /// In any table.
    Anywhere,
    /// Where rows are people, or describe, concern or come from a person; not where they are
    /// companies, things or housekeeping.
    NearPeople,
    /// Only where rows are people.
    People,
}

struct Rule {
    all: &'static [&'static str],
    none: &'static [&'static str],
    types: Types,
    place: Where,
    category: &'static str,
    confidence: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Types {
    Text,
    TextOrNumber,
    Day,
    Any,
}

use Types::{Any, Day, Text, TextOrNumber};
use Where::{Anywhere, NearPeople, People};

const fn rule(
    all: &'static [&'static str],
    none: &'static [&'static str],
    types: Types,
    place: Where,
    category: &'static str,
    confidence: u8,
) -> Rule {
    Rule { all, none, types, place, category, confidence }
}

/// Words that turn an address into a switch, a counter or a template.
const NOT_AN_ADDRESS: &[&str] = &[
    "template",
    "count",
    "enabled",
    "opt",
    "type",
    "status",
    "format",
    "notification",
    "sent",
    "verified",
    "provider",
    "subject",
    "body",
    "message",
    "server",
    "host",
    "port",
    "encryption",
    "signature",
    "token",
    "hash",
    "id",
    "folder",
    "label",
    "mode",
    "header",
    "content",
    "parser",
];
/// Words that make a name one of a thing.
const NOT_A_PERSON: &[&str] = &[
    "host",
    "file",
    "domain",
    "company",
    "product",
    "group",
    "role",
    "event",
    "table",
    "column",
    "field",
    "class",
    "server",
    "computer",
    "device",
    "machine",
    "brand",
    "model",
    "queue",
    "tag",
    "category",
    "bank",
    "site",
    "street",
    "path",
    "host",
    "short",
    "icon",
    "template",
    "type",
    "organisation",
    "department",
    "plan",
    "job",
    "tax",
    "module",
    "controller",
    "key",
    "meta",
    "option",
    "attribute",
];

/// Words that make who called a name, a key or a moment.
const NOT_A_NUMBER: &[&str] =
    &["name", "id", "type", "email", "at", "date", "time", "count", "country", "city", "user"];
/// Words that make a secret a switch, a moment or a kind; a `pin_code` is often a postal code.
const NOT_A_SECRET: &[&str] = &[
    "enabled", "required", "type", "method", "at", "count", "status", "verified", "code", "order",
    "id", "provider", "date",
];

const RULES: &[Rule] = &[
    // Ways in.
    rule(
        &["password"],
        &[
            "expire", "expired", "changed", "policy", "length", "min", "reset", "hint", "question",
            "must", "at",
        ],
        Text,
        Anywhere,
        "user.authorization.password",
        95,
    ),
    rule(&["reset", "token"], &[], Text, Anywhere, "user.authorization.credentials", 92),
    rule(
        &["reset", "password"],
        &["at", "expire"],
        Text,
        Anywhere,
        "user.authorization.credentials",
        85,
    ),
    rule(
        &["token"],
        &["count", "type", "expire", "at", "name", "id"],
        Text,
        Anywhere,
        "user.authorization.credentials",
        90,
    ),
    rule(&["authtoken"], &[], Text, Anywhere, "user.authorization.credentials", 92),
    rule(&["activation", "key"], &[], Text, Anywhere, "user.authorization.credentials", 90),
    rule(&["api", "key"], &[], Text, Anywhere, "user.authorization.credentials", 88),
    rule(&["secret"], &["question"], Text, Anywhere, "user.authorization.credentials", 88),
    rule(&["otp"], NOT_A_SECRET, Text, Anywhere, "user.authorization.credentials", 88),
    rule(&["totp"], NOT_A_SECRET, Text, Anywhere, "user.authorization.credentials", 88),
    rule(&["recovery", "code"], &[], Text, Anywhere, "user.authorization.credentials", 88),
    rule(&["session", "key"], &[], Text, Anywhere, "user.authorization.credentials", 85),
    rule(&["smime", "certificate"], &[], Text, NearPeople, "user.authorization.credentials", 85),
    rule(&["private", "key"], &["id"], Text, Anywhere, "user.authorization.credentials", 92),
    rule(&["access", "key"], &[], Text, Anywhere, "user.authorization.credentials", 88),
    rule(&["ssh", "key"], &["id", "name"], Text, Anywhere, "user.authorization.credentials", 88),
    rule(&["encryption", "key"], &["id"], Text, Anywhere, "user.authorization.credentials", 88),
    rule(
        &["credential"],
        &["id", "type", "name"],
        Any,
        Anywhere,
        "user.authorization.credentials",
        88,
    ),
    rule(&["password", "hint"], &[], Text, Anywhere, "user.authorization.credentials", 88),
    rule(&["security", "answer"], &[], Text, Anywhere, "user.authorization.credentials", 92),
    rule(&["secret", "answer"], &[], Text, Anywhere, "user.authorization.credentials", 92),
    rule(&["remember", "me"], &[], Text, Anywhere, "user.authorization.credentials", 88),
    rule(&["mfa"], NOT_A_SECRET, Text, Anywhere, "user.authorization.credentials", 86),
    rule(&["2", "fa"], NOT_A_SECRET, Text, Anywhere, "user.authorization.credentials", 86),
    rule(&["pin"], NOT_A_SECRET, TextOrNumber, NearPeople, "user.authorization.credentials", 86),
    rule(&["passcode"], NOT_A_SECRET, TextOrNumber, Anywhere, "user.authorization.credentials", 88),
    rule(&["webhook", "url"], &["id"], Text, Anywhere, "user.authorization.credentials", 84),
    rule(&["session", "id"], &[], Text, NearPeople, "user.authorization.credentials", 84),
    rule(&["session", "hash"], &[], Text, NearPeople, "user.authorization.credentials", 86),
    rule(
        &["hash"],
        &["file", "content", "commit", "email"],
        Text,
        People,
        "user.authorization.credentials",
        82,
    ),
    rule(&["salt"], &[], Text, NearPeople, "user.authorization.credentials", 82),
    // Papers and money.
    rule(
        &["social", "security"],
        &[],
        TextOrNumber,
        Anywhere,
        "user.government_id.national_identification_number",
        95,
    ),
    rule(
        &["national", "id"],
        &[],
        TextOrNumber,
        Anywhere,
        "user.government_id.national_identification_number",
        92,
    ),
    rule(
        &["social", "insurance"],
        &[],
        TextOrNumber,
        Anywhere,
        "user.government_id.national_identification_number",
        92,
    ),
    rule(
        &["passport"],
        &["expire", "country"],
        Text,
        Anywhere,
        "user.government_id.passport_number",
        92,
    ),
    rule(
        &["driver", "license"],
        &[],
        Text,
        Anywhere,
        "user.government_id.drivers_license_number",
        90,
    ),
    rule(&["license", "plate"], &[], Text, Anywhere, "user.government_id.vehicle_registration", 88),
    rule(&["tax", "id"], &[], TextOrNumber, NearPeople, "user.government_id", 82),
    rule(&["iban"], &[], Text, Anywhere, "user.financial.bank_account", 95),
    rule(&["bic"], &[], Text, NearPeople, "user.financial.bank_account", 85),
    rule(&["swift"], &[], Text, NearPeople, "user.financial.bank_account", 82),
    rule(
        &["bank", "account"],
        &["id", "type"],
        TextOrNumber,
        Anywhere,
        "user.financial.bank_account",
        90,
    ),
    rule(&["routing", "number"], &[], TextOrNumber, Anywhere, "user.financial.bank_account", 85),
    rule(&["account", "holder"], &["id"], Text, Anywhere, "user.name", 88),
    rule(
        &["card", "number"],
        &["gift", "business"],
        TextOrNumber,
        Anywhere,
        "user.financial.credit_card",
        92,
    ),
    rule(&["card", "last"], &[], TextOrNumber, Anywhere, "user.financial.credit_card", 88),
    rule(&["cvv"], &[], TextOrNumber, Anywhere, "user.financial.credit_card", 92),
    rule(&["card", "holder"], &[], Text, Anywhere, "user.name", 88),
    rule(&["salary"], &["id", "type"], Any, NearPeople, "user.financial", 88),
    rule(&["income"], &["id", "type"], Any, People, "user.financial", 82),
    rule(&["credit", "score"], &[], Any, NearPeople, "user.financial", 85),
    // About the person.
    rule(&["birth"], &["place"], Day, Anywhere, "user.demographic.date_of_birth", 95),
    rule(&["birth", "place"], &[], Text, Anywhere, "user.demographic", 90),
    rule(&["age"], &[], TextOrNumber, People, "user.demographic.age_range", 85),
    rule(&["gender"], &[], Any, NearPeople, "user.demographic.gender", 90),
    rule(&["salutation"], &[], Text, NearPeople, "user.demographic.gender", 82),
    rule(&["marital"], &[], Any, Anywhere, "user.demographic.marital_status", 90),
    rule(&["religion"], &[], Any, NearPeople, "user.demographic.religious_belief", 90),
    rule(&["ethnicity"], &[], Any, Anywhere, "user.demographic.race_ethnicity", 92),
    rule(&["nationality"], &[], Text, NearPeople, "user.demographic", 88),
    rule(&["language"], &["id"], Text, People, "user.demographic.language", 82),
    rule(&["diagnosis"], &[], Text, Anywhere, "user.health_and_medical", 90),
    rule(&["medical"], &["id"], Text, Anywhere, "user.health_and_medical", 88),
    rule(&["blood"], &[], Text, NearPeople, "user.health_and_medical", 88),
    rule(&["sick"], &[], Any, NearPeople, "user.health_and_medical", 82),
    rule(&["health"], &["check", "status"], Text, People, "user.health_and_medical", 85),
    // Devices and traces.
    rule(&["user", "agent"], &["id", "count"], Text, Anywhere, "user.device", 92),
    rule(&["comment", "agent"], &["id"], Text, Anywhere, "user.device", 88),
    rule(&["ua"], &[], Text, NearPeople, "user.device", 85),
    rule(&["browser"], &["id"], Text, NearPeople, "user.device", 85),
    rule(
        &["ip"],
        &["range", "gateway", "whitelist", "version", "count", "id", "type"],
        Any,
        NearPeople,
        "user.device.ip_address",
        92,
    ),
    rule(&["remote", "address"], &["id"], Text, NearPeople, "user.device.ip_address", 88),
    rule(&["mac"], &["os", "version", "type"], Text, NearPeople, "user.device.device_id", 88),
    rule(&["imei"], &[], TextOrNumber, Anywhere, "user.device.device_id", 92),
    rule(&["device", "id"], &[], Text, NearPeople, "user.device.device_id", 84),
    rule(&["fingerprint"], &[], Text, NearPeople, "user.device.device_id", 82),
    rule(&["serial"], &[], Text, NearPeople, "user.device.device_id", 82),
    rule(&["cookie"], &["policy", "consent"], Text, NearPeople, "user.device.cookie_id", 85),
    rule(&["latitude"], &[], Any, NearPeople, "user.location.precise", 88),
    rule(&["longitude"], &["term"], Any, NearPeople, "user.location.precise", 88),
    rule(&["gps"], &[], Any, NearPeople, "user.location.precise", 88),
    rule(&["referrer"], &[], Text, NearPeople, "user.behavior.browsing_history", 82),
    rule(&["referer"], &[], Text, NearPeople, "user.behavior.browsing_history", 82),
    rule(&["search", "query"], &[], Text, NearPeople, "user.behavior.search_history", 82),
    // Ways to reach somebody.
    rule(&["email"], NOT_AN_ADDRESS, Text, Anywhere, "user.contact.email", 95),
    rule(
        &["mobile"],
        &["app", "theme", "enabled", "verified", "country", "extension", "type", "id"],
        TextOrNumber,
        Anywhere,
        "user.contact.phone_number",
        93,
    ),
    rule(
        &["phone"],
        &["type", "verified", "enabled", "model", "system", "id", "count", "country"],
        TextOrNumber,
        Anywhere,
        "user.contact.phone_number",
        95,
    ),
    rule(&["msisdn"], &["type"], TextOrNumber, Anywhere, "user.contact.phone_number", 92),
    rule(
        &["whatsapp"],
        &["id", "enabled", "type"],
        TextOrNumber,
        Anywhere,
        "user.contact.phone_number",
        90,
    ),
    rule(&["caller"], NOT_A_NUMBER, TextOrNumber, NearPeople, "user.contact.phone_number", 84),
    rule(&["callee"], NOT_A_NUMBER, TextOrNumber, NearPeople, "user.contact.phone_number", 84),
    rule(&["dialled"], NOT_A_NUMBER, TextOrNumber, NearPeople, "user.contact.phone_number", 86),
    rule(&["dialed"], NOT_A_NUMBER, TextOrNumber, NearPeople, "user.contact.phone_number", 86),
    rule(&["pager"], &["type"], TextOrNumber, Anywhere, "user.contact.phone_number", 88),
    rule(&["fax"], &["type", "id"], TextOrNumber, Anywhere, "user.contact.fax_number", 92),
    rule(&["skype"], &[], Text, NearPeople, "user.social", 88),
    rule(&["linkedin"], &[], Text, NearPeople, "user.social", 88),
    rule(&["twitter"], &[], Text, NearPeople, "user.social", 85),
    rule(&["url"], &["id", "type"], Text, People, "user.contact.url", 82),
    rule(&["website"], &["id"], Text, People, "user.contact.url", 84),
    rule(&["author", "url"], &["id"], Text, NearPeople, "user.contact.url", 84),
    rule(&["bcc"], &[], Text, NearPeople, "user.contact.email", 80),
    rule(&["cc"], &["number", "last", "type"], Text, NearPeople, "user.contact.email", 80),
    rule(
        &["recipient"],
        &["id", "type", "name", "count"],
        Text,
        NearPeople,
        "user.contact.email",
        80,
    ),
    rule(&["sender"], &["id", "type", "name"], Text, NearPeople, "user.contact.email", 80),
    // Names.
    rule(&["first", "name"], NOT_A_PERSON, Text, Anywhere, "user.name.first", 95),
    rule(&["last", "name"], NOT_A_PERSON, Text, Anywhere, "user.name.last", 95),
    rule(&["middle", "name"], &[], Text, Anywhere, "user.name", 92),
    rule(&["maiden", "name"], &[], Text, Anywhere, "user.name", 92),
    rule(&["user", "name"], &["company"], Text, Anywhere, "user.account.username", 92),
    rule(&["last", "user"], &["id"], Text, Anywhere, "user.account.username", 84),
    rule(&["screen", "name"], &[], Text, NearPeople, "user.account.username", 85),
    rule(&["nicename"], &[], Text, NearPeople, "user.account.username", 85),
    rule(
        &["login"],
        &[
            "count", "at", "last", "failed", "attempt", "ip", "date", "time", "allowed", "type",
            "url", "id", "name",
        ],
        Text,
        NearPeople,
        "user.account.username",
        86,
    ),
    rule(&["login", "name"], &[], Text, People, "user.account.username", 90),
    rule(&["upn"], &[], Text, Anywhere, "user.account.username", 88),
    rule(&["real", "name"], &[], Text, Anywhere, "user.name", 95),
    rule(&["full", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 92),
    rule(&["nick", "name"], &[], Text, Anywhere, "user.name", 92),
    rule(&["display", "name"], NOT_A_PERSON, Text, People, "user.name", 90),
    rule(&["gecos"], &[], Text, Anywhere, "user.name", 88),
    rule(&["initial"], &[], Text, People, "user.name", 84),
    // A name that a role of a person stands before.
    rule(&["payer", "name"], &[], Text, Anywhere, "user.name", 88),
    rule(&["bill", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 86),
    rule(&["billing", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 86),
    rule(&["ship", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 86),
    rule(&["shipping", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 86),
    rule(&["contact", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 90),
    rule(&["customer", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 86),
    rule(&["employee", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 92),
    rule(&["person", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 92),
    rule(&["author", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 92),
    rule(&["sender", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 90),
    rule(&["recipient", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 90),
    rule(&["watcher", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 88),
    rule(&["participant", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 88),
    rule(&["attendee", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 88),
    rule(&["guest", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 88),
    rule(&["visitor", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 88),
    rule(&["patient", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 90),
    rule(&["caller", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 88),
    rule(&["applicant", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 90),
    rule(&["subscriber", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 88),
    rule(&["from", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 82),
    rule(&["requester", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 92),
    rule(&["owner", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 84),
    rule(&["manager", "name"], NOT_A_PERSON, Text, Anywhere, "user.name", 86),
    rule(&["name"], NOT_A_PERSON, Text, People, "user.name", 88),
    rule(&["author"], &["id", "url", "ip"], Text, NearPeople, "user.name", 82),
    // Addresses.
    rule(&["street"], &["id"], Text, NearPeople, "user.contact.address.street", 93),
    rule(&["house", "number"], &[], TextOrNumber, NearPeople, "user.contact.address.street", 88),
    rule(&["address", "line"], &[], Text, NearPeople, "user.contact.address.street", 92),
    rule(&["address", "1"], &[], Text, NearPeople, "user.contact.address.street", 92),
    rule(&["address", "2"], &[], Text, NearPeople, "user.contact.address.street", 92),
    rule(&["zip"], &["file"], TextOrNumber, NearPeople, "user.contact.address.postal_code", 92),
    rule(&["postal"], &["id"], TextOrNumber, NearPeople, "user.contact.address.postal_code", 90),
    rule(&["city"], &["id"], Text, NearPeople, "user.contact.address.city", 90),
    rule(
        &["state"],
        &["id", "machine", "ticket", "order", "status", "open", "at"],
        Text,
        NearPeople,
        "user.contact.address.state",
        82,
    ),
    rule(&["country"], &["id"], Text, NearPeople, "user.contact.address.country", 84),
    rule(
        &["address"],
        &["id", "type", "web", "wallet", "mac", "email", "correspond", "comment"],
        Text,
        NearPeople,
        "user.contact.address",
        90,
    ),
    // Work.
    rule(&["job", "title"], &["id"], Text, NearPeople, "user.job_title", 92),
    rule(&["title"], &["id"], Text, People, "user.job_title", 80),
    rule(&["department"], &["id"], Text, People, "user.workplace", 84),
    rule(&["employee", "number"], &[], TextOrNumber, NearPeople, "user.workplace", 90),
    rule(&["employee", "id"], &[], Text, People, "user.workplace", 84),
    rule(&["personnel", "number"], &[], TextOrNumber, NearPeople, "user.workplace", 90),
    rule(&["staff", "number"], &[], TextOrNumber, NearPeople, "user.workplace", 88),
    rule(&["badge"], &["type"], TextOrNumber, People, "user.workplace", 82),
    rule(&["customer", "number"], &[], TextOrNumber, People, "user.account", 84),
    rule(&["member", "number"], &[], TextOrNumber, People, "user.account", 84),
    rule(&["account", "number"], &[], TextOrNumber, People, "user.account", 82),
    rule(&["company"], &["id", "type"], Text, People, "user.contact.organization", 84),
    rule(&["organisation"], &["id", "type"], Text, People, "user.contact.organization", 84),
    rule(&["employer"], &["id"], Text, NearPeople, "user.contact.organization", 84),
    // Pictures.
    rule(&["avatar"], &["id", "type"], Any, NearPeople, "user.content.self_image", 85),
    rule(&["photo"], &["id", "type", "count"], Any, People, "user.content.self_image", 85),
    rule(&["picture"], &["id", "type"], Any, People, "user.content.self_image", 84),
    rule(&["timezone"], &[], Text, People, "user.location.imprecise", 80),
    rule(&["time", "zone"], &[], Text, People, "user.location.imprecise", 80),
];

/// Words of columns in which people write as they like.
const WRITTEN: &[&str] = &[
    "body",
    "note",
    "description",
    "subject",
    "comment",
    "content",
    "message",
    "text",
    "reason",
    "summary",
    "transcript",
    "reply",
    "answer",
    "question",
    "bio",
    "about",
    "feedback",
    "review",
    "header",
    "raw",
    "response",
    "signature",
    "headline",
    "excerpt",
    "title",
    "detail",
    "instruction",
    "resolution",
    "solution",
    "freeform",
    "html",
    "markdown",
    "quote",
    "statement",
    "story",
    "hobby",
    "interest",
    "filename",
    "caption",
    "remark",
    "payload",
    "data",
    "value",
    "meta",
    "old",
    "new",
    "before",
    "after",
    "change",
];
/// Words that make such a column a switch, a key or a format.
const NOT_WRITTEN: &[&str] = &[
    "id", "type", "status", "count", "format", "code", "hash", "length", "size", "encoding", "at",
    "by", "date", "key", "flag", "version", "path", "template", "color", "mime", "charset", "name",
];

/// A guess from a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) category: &'static str,
    pub(super) confidence: u8,
}

/// What the words of a column's name say.
pub(super) fn by_name(
    words: &[String],
    table_words: &[String],
    data_type: DataType,
    about: About,
) -> Option<Guess> {
    // `contact_name` in `contacts` is a plain `name`; `ticket_details` in `tickets` plain details.
    let all = |rule: &Rule| rule.all.iter().all(|wanted| words.iter().any(|w| w == wanted));
    let own = |word: &str| table_words.iter().any(|w| w == word);
    let none = |rule: &Rule| !rule.none.iter().any(|bad| words.iter().any(|w| w == bad && !own(w)));
    let fits = |rule: &Rule| match rule.types {
        Types::Any => true,
        Types::Text => matches!(
            data_type,
            DataType::Text { .. }
                | DataType::Bytes { .. }
                | DataType::Network
                | DataType::Enumeration
                | DataType::Other
        ),
        Types::TextOrNumber => matches!(
            data_type,
            DataType::Text { .. } | DataType::Integer | DataType::Number | DataType::Other
        ),
        Types::Day => {
            matches!(data_type, DataType::Date | DataType::Timestamp | DataType::Text { .. })
        }
    };
    let near = !matches!(about, About::Organisation | About::Thing | About::Technical);
    let placed = |rule: &Rule| match rule.place {
        Where::Anywhere => {
            !(matches!(about, About::Thing | About::Technical)
                && rule.category.starts_with("user.contact"))
        }
        Where::NearPeople => near,
        // Whoever signed up is a person, with a name and little else.
        Where::People => matches!(about, About::Person | About::Subscription),
    };
    // Whether a column is a lone foreign key (`email_id`) is decided before: `id` ends it.
    RULES
        .iter()
        .find(|rule| all(rule) && none(rule) && fits(rule) && placed(rule))
        .map(|rule| Guess { category: rule.category, confidence: rule.confidence })
}

/// Whether the name says that people write freely in it.
pub(super) fn is_written(words: &[String], data_type: DataType) -> bool {
    let roomy = match data_type {
        DataType::Text { max_chars } => max_chars.is_none_or(|n| n >= 40),
        DataType::Bytes { max_bytes } => max_bytes.is_none_or(|n| n >= 256),
        DataType::Json | DataType::Other => true,
        _ => false,
    };
    let file_name =
        words.windows(2).any(|pair| matches!(pair, [a, b] if a == "file" && b == "name"));
    roomy
        && (file_name
            || (words.iter().any(|w| WRITTEN.contains(&w.as_str()))
                && !words.iter().any(|w| NOT_WRITTEN.contains(&w.as_str()))))
}

#[cfg(test)]
mod tests {
    use super::super::words::Speller;
    use super::*;

    #[test]
    fn names_in_three_languages_say_what_they_hold() {
        let text = DataType::Text { max_chars: Some(200) };
        let speller = Speller::default();
        for (column, about, category) in [
            ("mail", About::Person, Some("user.contact.email")),
            ("emailadress", About::Other, Some("user.contact.email")),
            ("realname", About::Person, Some("user.name")),
            ("fname", About::Person, Some("user.name.first")),
            ("Nachname", About::Person, Some("user.name.last")),
            ("handy", About::Person, Some("user.contact.phone_number")),
            ("strasse", About::Detail, Some("user.contact.address.street")),
            ("code_postal", About::Detail, Some("user.contact.address.postal_code")),
            ("zip", About::Person, Some("user.contact.address.postal_code")),
            ("dob", About::Person, Some("user.demographic.date_of_birth")),
            ("ssn", About::Other, Some("user.government_id.national_identification_number")),
            ("iban", About::Money, Some("user.financial.bank_account")),
            ("passwd", About::Person, Some("user.authorization.password")),
            ("ip_addr", About::Log, Some("user.device.ip_address")),
            ("mac", About::Detail, Some("user.device.device_id")),
            ("ua", About::Log, Some("user.device")),
            ("employee_no", About::Person, Some("user.workplace")),
            ("job_title", About::Person, Some("user.job_title")),
            ("name", About::Person, Some("user.name")),
            ("name", About::Organisation, None),
            ("name", About::Thing, None),
            ("hostname", About::Detail, None),
            ("email_template", About::Thing, None),
            ("email_count", About::Person, None),
            ("correspondaddress", About::Thing, None),
            ("address", About::Organisation, None),
            ("payer_name", About::Money, Some("user.name")),
            ("private_key", About::Thing, Some("user.authorization.credentials")),
            ("apikey", About::Thing, Some("user.authorization.credentials")),
            ("client_secret", About::Other, Some("user.authorization.credentials")),
            ("refresh_token", About::Access, Some("user.authorization.credentials")),
            ("remember_me", About::Person, Some("user.authorization.credentials")),
            ("pin", About::Person, Some("user.authorization.credentials")),
            ("pin_code", About::Person, None),
            ("mfa", About::Person, Some("user.authorization.credentials")),
            ("mfa_enabled", About::Person, None),
            ("totp_secret", About::Person, Some("user.authorization.credentials")),
            ("security_answer", About::Person, Some("user.authorization.credentials")),
            ("password_hint", About::Person, Some("user.authorization.credentials")),
            ("passwd_hash", About::Person, Some("user.authorization.password")),
            ("hash", About::Person, Some("user.authorization.credentials")),
            ("hash", About::Message, None),
            ("webhook_url", About::Thing, Some("user.authorization.credentials")),
            ("credentials", About::Other, Some("user.authorization.credentials")),
            ("session_id", About::Log, Some("user.authorization.credentials")),
            ("caller", About::Message, Some("user.contact.phone_number")),
            ("callee", About::Log, Some("user.contact.phone_number")),
            ("dialled_number", About::Log, Some("user.contact.phone_number")),
            ("msisdn", About::Person, Some("user.contact.phone_number")),
            ("whatsapp", About::Person, Some("user.contact.phone_number")),
            ("fax", About::Person, Some("user.contact.fax_number")),
            ("caller_name", About::Message, Some("user.name")),
        ] {
            let found = by_name(&speller.words(column), &[], text, about).map(|g| g.category);
            assert_eq!(found, category, "{column} in {about:?}");
        }
    }
}
