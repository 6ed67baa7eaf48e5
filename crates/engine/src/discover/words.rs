//! Names of tables and columns, taken apart into words: `emailAddress`, `email_address` and
//! `emailaddress` are the same two.

use std::collections::BTreeSet;

/// Words that are found inside names written without a break (`lastupdatedby`). Only here because
/// a name must be split completely or not at all: `paid` is no `pa` + `id`.
const LEXICON: &[&str] = &[
    "access",
    "account",
    "action",
    "active",
    "activity",
    "actor",
    "added",
    "address",
    "adresse",
    "agent",
    "alias",
    "alternate",
    "api",
    "app",
    "approved",
    "archived",
    "article",
    "asset",
    "assigned",
    "assignee",
    "attachment",
    "attribute",
    "author",
    "avatar",
    "bank",
    "base",
    "bill",
    "billing",
    "birth",
    "body",
    "browser",
    "business",
    "by",
    "card",
    "cart",
    "case",
    "category",
    "cell",
    "cert",
    "certificate",
    "city",
    "class",
    "click",
    "client",
    "closed",
    "code",
    "comment",
    "company",
    "contact",
    "content",
    "cookie",
    "correspond",
    "count",
    "country",
    "created",
    "creator",
    "credit",
    "custom",
    "customer",
    "data",
    "date",
    "deleted",
    "department",
    "description",
    "detail",
    "device",
    "disabled",
    "display",
    "document",
    "domain",
    "driver",
    "effective",
    "email",
    "emp",
    "employee",
    "entity",
    "event",
    "expires",
    "extension",
    "external",
    "family",
    "fax",
    "field",
    "file",
    "filename",
    "first",
    "folder",
    "freeform",
    "from",
    "full",
    "geburts",
    "gender",
    "given",
    "group",
    "guid",
    "hash",
    "header",
    "history",
    "home",
    "host",
    "house",
    "iban",
    "id",
    "image",
    "info",
    "initial",
    "invoice",
    "ip",
    "issue",
    "item",
    "job",
    "kennwort",
    "key",
    "kunde",
    "kunden",
    "lang",
    "language",
    "last",
    "legal",
    "license",
    "line",
    "link",
    "local",
    "locale",
    "location",
    "log",
    "login",
    "mac",
    "mail",
    "main",
    "manager",
    "max",
    "member",
    "merged",
    "message",
    "meta",
    "middle",
    "mitarbeiter",
    "mobile",
    "model",
    "modified",
    "modifier",
    "name",
    "new",
    "nick",
    "note",
    "notes",
    "nr",
    "number",
    "nummer",
    "object",
    "old",
    "order",
    "org",
    "organisation",
    "organization",
    "origin",
    "original",
    "owner",
    "pager",
    "parent",
    "passport",
    "password",
    "payment",
    "person",
    "phone",
    "photo",
    "picture",
    "post",
    "postal",
    "preference",
    "principal",
    "private",
    "profile",
    "project",
    "public",
    "queue",
    "real",
    "received",
    "record",
    "ref",
    "reference",
    "referrer",
    "remote",
    "reply",
    "reporter",
    "requester",
    "requestor",
    "role",
    "salary",
    "search",
    "secret",
    "sender",
    "serial",
    "service",
    "session",
    "setting",
    "ship",
    "shipping",
    "short",
    "signature",
    "site",
    "smime",
    "social",
    "source",
    "staff",
    "start",
    "state",
    "status",
    "strasse",
    "street",
    "subject",
    "subscriber",
    "summary",
    "super",
    "tax",
    "team",
    "telefon",
    "telephone",
    "text",
    "thread",
    "ticket",
    "time",
    "title",
    "to",
    "token",
    "transaction",
    "type",
    "unique",
    "update",
    "updated",
    "url",
    "user",
    "uuid",
    "value",
    "vat",
    "vendor",
    "version",
    "via",
    "view",
    "visit",
    "visitor",
    "web",
    "work",
    "zip",
    "zone",
];

/// Abbreviations and other languages, said in the words that the rules know.
const SAID_OTHERWISE: &[(&str, &[&str])] = &[
    ("emailadress", &["email"]),
    ("emailadresse", &["email"]),
    ("mail", &["email"]),
    ("courriel", &["email"]),
    ("eml", &["email"]),
    ("mailadresse", &["email"]),
    ("emailaddr", &["email"]),
    ("fname", &["first", "name"]),
    ("firstname", &["first", "name"]),
    ("vorname", &["first", "name"]),
    ("forename", &["first", "name"]),
    ("prenom", &["first", "name"]),
    ("given", &["first"]),
    ("lname", &["last", "name"]),
    ("lastname", &["last", "name"]),
    ("surname", &["last", "name"]),
    ("nachname", &["last", "name"]),
    ("familienname", &["last", "name"]),
    ("nom", &["name"]),
    ("family", &["last"]),
    ("realname", &["real", "name"]),
    ("fullname", &["full", "name"]),
    ("nickname", &["nick", "name"]),
    ("benutzername", &["user", "name"]),
    ("uname", &["user", "name"]),
    ("username", &["user", "name"]),
    ("anzeigename", &["display", "name"]),
    ("identifiant", &["login"]),
    ("signin", &["login"]),
    ("logon", &["login"]),
    ("tel", &["phone"]),
    ("telephone", &["phone"]),
    ("telefon", &["phone"]),
    ("fon", &["phone"]),
    ("ph", &["phone"]),
    ("telefonnummer", &["phone"]),
    ("rufnummer", &["phone"]),
    ("telno", &["phone"]),
    ("phoneno", &["phone"]),
    ("handy", &["mobile"]),
    ("mobil", &["mobile"]),
    ("cell", &["mobile"]),
    ("cellphone", &["mobile"]),
    ("gsm", &["mobile"]),
    ("mobilnummer", &["mobile"]),
    ("telefax", &["fax"]),
    ("strasse", &["street"]),
    ("straße", &["street"]),
    ("str", &["street"]),
    ("rue", &["street"]),
    ("hausnummer", &["house", "number"]),
    ("addr", &["address"]),
    ("adresse", &["address"]),
    ("adress", &["address"]),
    ("anschrift", &["address"]),
    ("ort", &["city"]),
    ("stadt", &["city"]),
    ("ville", &["city"]),
    ("town", &["city"]),
    ("plz", &["zip"]),
    ("postcode", &["zip"]),
    ("postleitzahl", &["zip"]),
    ("zipcode", &["zip"]),
    ("postalcode", &["zip"]),
    ("land", &["country"]),
    ("pays", &["country"]),
    ("bundesland", &["state"]),
    ("province", &["state"]),
    ("kanton", &["state"]),
    ("dob", &["birth", "date"]),
    ("bday", &["birth", "date"]),
    ("birthday", &["birth", "date"]),
    ("birthdate", &["birth", "date"]),
    ("geburtsdatum", &["birth", "date"]),
    ("geburtstag", &["birth", "date"]),
    ("naissance", &["birth", "date"]),
    ("born", &["birth", "date"]),
    ("passwd", &["password"]),
    ("pwd", &["password"]),
    ("passwort", &["password"]),
    ("pass", &["password"]),
    ("kennwort", &["password"]),
    ("passphrase", &["password"]),
    ("mdp", &["password"]),
    ("pw", &["password"]),
    ("geschlecht", &["gender"]),
    ("sexe", &["gender"]),
    ("sex", &["gender"]),
    ("anrede", &["salutation"]),
    ("civilite", &["salutation"]),
    ("sprache", &["language"]),
    ("lang", &["language"]),
    ("langue", &["language"]),
    ("locale", &["language"]),
    ("kontonummer", &["bank", "account", "number"]),
    ("kontoinhaber", &["account", "holder"]),
    ("kto", &["bank", "account"]),
    ("ccnum", &["card", "number"]),
    ("ccnumber", &["card", "number"]),
    ("pan", &["card", "number"]),
    ("kreditkarte", &["credit", "card"]),
    ("ipaddr", &["ip"]),
    ("ipaddress", &["ip"]),
    ("ipv4", &["ip"]),
    ("ipv6", &["ip"]),
    ("macaddr", &["mac"]),
    ("macaddress", &["mac"]),
    ("useragent", &["user", "agent"]),
    ("lat", &["latitude"]),
    ("lng", &["longitude"]),
    ("lon", &["longitude"]),
    ("long", &["longitude"]),
    ("bemerkung", &["note"]),
    ("bemerkungen", &["note"]),
    ("notiz", &["note"]),
    ("notizen", &["note"]),
    ("remark", &["note"]),
    ("remarque", &["note"]),
    ("memo", &["note"]),
    ("notes", &["note"]),
    ("kommentar", &["comment"]),
    ("commentaire", &["comment"]),
    ("beschreibung", &["description"]),
    ("desc", &["description"]),
    ("descr", &["description"]),
    ("betreff", &["subject"]),
    ("objet", &["subject"]),
    ("nachricht", &["message"]),
    ("msg", &["message"]),
    ("inhalt", &["content"]),
    ("contenu", &["content"]),
    ("kunde", &["customer"]),
    ("kunden", &["customer"]),
    ("mitarbeiter", &["employee"]),
    ("benutzer", &["user"]),
    ("utilisateur", &["user"]),
    ("personne", &["person"]),
    ("emp", &["employee"]),
    ("employe", &["employee"]),
    ("salarie", &["employee"]),
    ("personal", &["employee"]),
    ("usr", &["user"]),
    ("cust", &["customer"]),
    ("firma", &["company"]),
    ("entreprise", &["company"]),
    ("organization", &["organisation"]),
    ("org", &["organisation"]),
    ("rechnung", &["invoice"]),
    ("facture", &["invoice"]),
    ("bestellung", &["order"]),
    ("zahlung", &["payment"]),
    ("paiement", &["payment"]),
    ("auftrag", &["order"]),
    ("commande", &["order"]),
    ("abteilung", &["department"]),
    ("dept", &["department"]),
    ("beruf", &["job", "title"]),
    ("jobtitle", &["job", "title"]),
    ("position", &["job", "title"]),
    ("fonction", &["job", "title"]),
    ("nr", &["number"]),
    ("no", &["number"]),
    ("num", &["number"]),
    ("nummer", &["number"]),
    ("numero", &["number"]),
    ("requestor", &["requester"]),
    ("assigned", &["assignee"]),
    ("tech", &["technician"]),
    ("ssn", &["social", "security", "number"]),
    ("nino", &["national", "id"]),
    ("bsn", &["national", "id"]),
    ("ahv", &["national", "id"]),
    ("steuerid", &["tax", "id"]),
    ("gehalt", &["salary"]),
    ("lohn", &["salary"]),
    ("salaire", &["salary"]),
    ("fk", &["id"]),
    ("attachement", &["attachment"]),
];

/// Splits names with the help of the words that occur in this database's own table names.
#[derive(Debug, Default)]
pub(super) struct Speller {
    own: BTreeSet<String>,
}

impl Speller {
    /// Learns the words of the tables.
    pub(super) fn new<'a>(tables: impl Iterator<Item = &'a str>) -> Self {
        let own = tables
            .flat_map(pieces)
            .filter(|piece| piece.len() >= 3)
            .flat_map(|piece| [singular(&piece), piece])
            .collect();
        Self { own }
    }

    /// The words of a name in lower case and in the singular, in the rules' own vocabulary.
    pub(super) fn words(&self, name: &str) -> Vec<String> {
        self.plain(name).into_iter().flat_map(|word| translate(&word)).collect()
    }

    /// The words of a name in lower case and in the singular, as they are written.
    pub(super) fn plain(&self, name: &str) -> Vec<String> {
        pieces(name)
            .into_iter()
            .flat_map(|piece| if self.knows(&piece) { vec![piece] } else { self.split(&piece) })
            .map(|word| singular(&word))
            .collect()
    }

    /// The words of a name as its author wrote them, plurals and all.
    pub(super) fn spoken(&self, name: &str) -> String {
        let words: Vec<String> = pieces(name)
            .into_iter()
            .flat_map(|piece| if self.knows(&piece) { vec![piece] } else { self.split(&piece) })
            .collect();
        words.join(" ")
    }

    fn knows(&self, word: &str) -> bool {
        let one = singular(word);
        let listed = |w: &str| {
            LEXICON.binary_search(&w).is_ok() || SAID_OTHERWISE.iter().any(|(from, _)| *from == w)
        };
        listed(word) || listed(&one)
    }

    /// The fewest known words that make up the whole piece; the piece itself where there are none.
    fn split(&self, piece: &str) -> Vec<String> {
        let length = piece.len();
        if !(5..=40).contains(&length) || !piece.is_ascii() {
            return vec![piece.to_owned()];
        }
        let mut best: Vec<Option<Vec<&str>>> = vec![None; length + 1];
        if let Some(first) = best.first_mut() {
            *first = Some(Vec::new());
        }
        for end in 2..=length {
            let mut here: Option<Vec<&str>> = None;
            for start in 0..=end - 2 {
                let Some(Some(before)) = best.get(start) else { continue };
                let Some(word) = piece.get(start..end) else { continue };
                let whole = start == 0 && end == length;
                let known = LEXICON.binary_search(&word).is_ok()
                    || LEXICON.binary_search(&singular(word).as_str()).is_ok()
                    || (!whole && self.own.contains(word));
                if known && here.as_ref().is_none_or(|h| before.len() + 1 < h.len()) {
                    let mut next = before.clone();
                    next.push(word);
                    here = Some(next);
                }
            }
            if let Some(slot) = best.get_mut(end) {
                *slot = here;
            }
        }
        match best.pop().flatten() {
            Some(words) if !words.is_empty() => words.into_iter().map(str::to_owned).collect(),
            _ => vec![piece.to_owned()],
        }
    }
}

fn translate(word: &str) -> Vec<String> {
    match SAID_OTHERWISE.iter().find(|(from, _)| *from == word) {
        Some((_, to)) => to.iter().map(|&w| w.to_owned()).collect(),
        None => vec![word.to_owned()],
    }
}

/// Breaks at everything that is not a letter, between a small and a capital letter, and before
/// digits at the end.
fn pieces(name: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut piece = String::new();
    let mut before: Option<char> = None;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let hump = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_ascii_digit())
                || (before.is_some_and(char::is_uppercase)
                    && chars.peek().is_some_and(|n| n.is_lowercase())));
        let kind_changes = before.is_some_and(|b| b.is_alphabetic()) && c.is_ascii_digit();
        if (!c.is_alphanumeric() || hump || kind_changes) && !piece.is_empty() {
            out.push(std::mem::take(&mut piece));
        }
        if c.is_alphanumeric() {
            piece.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    if !piece.is_empty() {
        out.push(piece);
    }
    // `ipv4`, `ipv6` are words of their own.
    let mut joined: Vec<String> = Vec::with_capacity(out.len());
    for piece in out {
        match joined.last_mut() {
            Some(last) if last == "ipv" && (piece == "4" || piece == "6") => last.push_str(&piece),
            _ => joined.push(piece),
        }
    }
    joined
}

/// The singular of an English noun, well enough for names.
pub(super) fn singular(word: &str) -> String {
    const IRREGULAR: &[(&str, &str)] = &[
        ("people", "person"),
        ("persons", "person"),
        ("children", "child"),
        ("spouses", "spouse"),
        ("news", "news"),
        ("movies", "movie"),
        ("series", "series"),
        ("cookies", "cookie"),
        ("staffs", "staff"),
        ("data", "data"),
        ("kunden", "kunde"),
        ("notizen", "notiz"),
        ("rechnungen", "rechnung"),
        ("bestellungen", "bestellung"),
        ("zahlungen", "zahlung"),
        ("sms", "sms"),
        ("gps", "gps"),
        ("dns", "dns"),
    ];
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    if word.len() <= 3 {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for end in ["sses", "xes", "ches", "shes", "uses"] {
        if word.ends_with(end) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    for end in ["ss", "us", "is", "as", "os"] {
        if word.ends_with(end) && word != "photos" && word != "videos" && word != "memos" {
            return word.to_owned();
        }
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// Whether the words hold this one.
pub(super) fn has(words: &[String], word: &str) -> bool {
    words.iter().any(|w| w == word)
}

/// The words as a person would write a title: `ticket_notes` → `Ticket notes`.
pub(super) fn title(name: &str) -> String {
    let joined = pieces(name).join(" ");
    let mut chars = joined.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_is_sorted_for_its_search() {
        assert!(LEXICON.is_sorted());
    }

    #[test]
    fn names_fall_into_words() {
        let speller = Speller::new(["wp_users", "Kunden", "workorders"].into_iter());
        for (name, words) in [
            ("emailAddress", "email address"),
            ("e_mail", "e email"),
            ("emailadress", "email"),
            ("lastupdatedby", "last updated by"),
            ("OBJECTID", "object id"),
            ("userid", "user id"),
            ("fname", "first name"),
            ("strasse", "street"),
            ("address1", "address 1"),
            ("ip_addr", "ip address"),
            ("items_id", "item id"),
            ("comment_post_ID", "comment post id"),
            ("workorderid", "workorder id"),
            ("paid", "paid"),
            ("valid", "valid"),
            ("people", "person"),
            ("categories", "category"),
            ("addresses", "address"),
            ("status", "status"),
            ("HTTPServer", "http server"),
            ("employee_no", "employee number"),
            ("ipv4", "ip"),
            ("geburtsdatum", "birth date"),
            ("homephone", "home phone"),
            ("notes", "note"),
        ] {
            assert_eq!(speller.words(name).join(" "), words, "{name}");
        }
        assert_eq!(title("ticket_notes"), "Ticket notes");
    }
}
