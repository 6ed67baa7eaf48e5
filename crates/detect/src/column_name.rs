//! What the name of a column speaks of.
//!
//! The name is taken apart into words (`homePhone`, `HOME_PHONE`, `emailaddress`), and what counts is
//! how it ends: `email_address` is an address, `email_template` a template. Words at the end that only
//! say which one it is (`address2`, `name_cached`) are passed over, and so are questions
//! (`must_change_password`). The declared type rules out what cannot be: no name is a number.

/// How sure a name is without any value.
const SURE: u8 = 85;
const LIKELY: u8 = 70;
const PERHAPS: u8 = 55;

/// Which declared types a rule allows beside text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Also {
    Text,
    /// Numbers too: a telephone in a `bigint`.
    Number,
    /// Dates too.
    Date,
}

struct Rule {
    /// How names end, words parted by blanks, ends by bars.
    ends: &'static str,
    category: &'static str,
    confidence: u8,
    also: Also,
}

const fn rule(ends: &'static str, category: &'static str, confidence: u8, also: Also) -> Rule {
    Rule { ends, category, confidence, also }
}

/// The longest end that fits decides, not the order.
const RULES: &[Rule] = &[
    rule(
        "email|mail|email address|mail address|email addr|e mail|courriel|correo|bcc|\
         reply to|mailaddr|email adresse|mail adresse|from address|to address",
        "user.contact.email",
        SURE,
        Also::Text,
    ),
    rule(
        "phone|phone number|phone no|phone nr|mobile|mobile number|mobile no|cell|\
         cell number|cellular|telephone|telephone number|telefon|tel|tel no|msisdn|\
         handy|telefono|telephone no|sms number|pager|contact number|whatsapp",
        "user.contact.phone_number",
        SURE,
        Also::Number,
    ),
    rule("fax|fax number|fax no|telefax", "user.contact.fax_number", SURE, Also::Number),
    rule(
        "first name|given name|fore name|vorname|prenom|nombre de pila|firstname|\
         forename|fname|christian name",
        "user.name.first",
        SURE,
        Also::Text,
    ),
    rule(
        "last name|family name|surname|nachname|nom de famille|lname|lastname|\
         apellido|apellidos|maiden name|birth name",
        "user.name.last",
        SURE,
        Also::Text,
    ),
    rule(
        "full name|display name|real name|middle name|nick name|contact name|\
         customer name|client name|person name|attendee name|patient name|employee name|\
         student name|member name|guest name|owner name|author name|holder name|\
         recipient name|sender name|from name|to name|other name|legal guardian|\
         next of kin|cardholder|card holder|account holder|beneficiary name|\
         emergency contact|pay to name|for name|by name|middle initial|initials|gecos|\
         nickname|alias name|signatory|preferred name|participant name|applicant name|\
         candidate name|tenant name|resident name|driver name|parent name|spouse name|\
         speaker name|teacher name|name on card|assignee name",
        "user.name",
        SURE,
        Also::Text,
    ),
    rule(
        "user name|username|login|login name|logon|logon name|screen name|user login|\
         account name|benutzername|sam account name|upn|user principal name",
        "user.account.username",
        SURE,
        Also::Text,
    ),
    rule(
        "street|street address|street name|street number|house number|house no|strasse|\
         rue|address line|address street|address line one|address line two|\
         address line three|apartment|apt|unit no|box no|po box|street line|line one|\
         line two|line three|addr line|mailing address line",
        "user.contact.address.street",
        SURE,
        Also::Text,
    ),
    rule(
        "address|addr|home address|postal address|mailing address|billing address|\
         shipping address|adresse|anschrift|direccion|full address|delivery address",
        "user.contact.address",
        LIKELY,
        Also::Text,
    ),
    rule(
        "city|town|locality|suburb|village|ville|ort|wohnort|ciudad|municipality|\
         city name",
        "user.contact.address.city",
        SURE,
        Also::Text,
    ),
    rule(
        "zip|zip code|zipcode|post code|postcode|postal code|mail code|plz|postal|\
         code postal|pin code|eircode|codigo postal|zip postal",
        "user.contact.address.postal_code",
        SURE,
        Also::Number,
    ),
    rule(
        "state|province|county|prefecture|state code|state province|bundesland|\
         region name|province code|state name",
        "user.contact.address.state",
        LIKELY,
        Also::Text,
    ),
    rule("region", "user.contact.address.state", PERHAPS, Also::Text),
    rule(
        "country|country code|country name|pays|land|pais|country iso",
        "user.contact.address.country",
        LIKELY,
        Also::Text,
    ),
    rule(
        "birth date|birthdate|birth day|birthday|date of birth|dob|born|born on|\
         born at|geburtsdatum|date de naissance|date naissance|fecha de nacimiento|\
         birth year|year of birth|birth",
        "user.demographic.date_of_birth",
        SURE,
        Also::Date,
    ),
    rule("gender|sex|geschlecht|sexe", "user.demographic.gender", SURE, Also::Number),
    rule("age|age group|age range|age years", "user.demographic.age_range", LIKELY, Also::Number),
    rule(
        "marital status|civil status|familienstand",
        "user.demographic.marital_status",
        SURE,
        Also::Number,
    ),
    rule(
        "religion|faith|denomination|konfession",
        "user.demographic.religious_belief",
        SURE,
        Also::Text,
    ),
    rule(
        "ethnicity|ethnic group|ethnic origin|race",
        "user.demographic.race_ethnicity",
        LIKELY,
        Also::Text,
    ),
    rule("sexual orientation", "user.demographic.sexual_orientation", SURE, Also::Text),
    rule(
        "political party|political opinion",
        "user.demographic.political_opinion",
        SURE,
        Also::Text,
    ),
    rule(
        "ssn|sin|social security number|social security no|social insurance number|\
         national id|national insurance number|nino|personal id|personal number|\
         personal no|id card number|identity number|identity card|personnummer|bsn|\
         aadhaar|aadhar|cpf|dni|nif|curp|national identification number|citizen id|\
         steuer id|itin|nhs number|national number",
        "user.government_id.national_identification_number",
        SURE,
        Also::Number,
    ),
    rule(
        "passport|passport number|passport no",
        "user.government_id.passport_number",
        SURE,
        Also::Number,
    ),
    rule(
        "driver license|drivers license|driver license number|drivers license number|\
         driving licence|driving licence number|drivers licence|driver licence",
        "user.government_id.drivers_license_number",
        SURE,
        Also::Number,
    ),
    rule(
        "license plate|licence plate|plate number|vehicle registration|kennzeichen",
        "user.government_id.vehicle_registration",
        SURE,
        Also::Text,
    ),
    rule(
        "iban|bic|swift|swift code|account number|account no|bank account|\
         bank account number|acct number|acct no|routing number|sort code|bank name|\
         kontonummer|aba number",
        "user.financial.bank_account",
        SURE,
        Also::Number,
    ),
    rule(
        "card number|card no|credit card|credit card number|cc number|cc num|card num|\
         card pan|cvv|cvc|card expiry|card expiration|card last four|card last4",
        "user.financial.credit_card",
        SURE,
        Also::Number,
    ),
    rule(
        "salary|wage|wages|income|gehalt|salaire|base pay|hourly rate|credit score",
        "user.financial",
        LIKELY,
        Also::Number,
    ),
    rule(
        "password|passwd|pwd|pass|passwort|mot de passe|user pass|pass word|\
         password history|kennwort|contrasena|pword|userpass",
        "user.authorization.password",
        SURE,
        Also::Text,
    ),
    rule(
        "token|secret|passphrase|pass phrase|passcode|api key|secret key|private key|\
         access key|auth key|session key|signing key|encryption key|client secret|\
         credential|credentials|recovery code|recovery codes|backup codes|otp seed|\
         totp secret|pin hash|security answer|pin|activation key|reset key|app key|\
         auth code",
        "user.authorization.credentials",
        SURE,
        Also::Text,
    ),
    rule(
        "ip|ip address|ip addr|ipaddr|remote addr|remote address|client addr|\
         client ip|remote host ip|ipv4|ipv6|ip v4|ip v6",
        "user.device.ip_address",
        SURE,
        Also::Number,
    ),
    rule(
        "mac|mac address|mac addr|serial|serial number|serial no|imei|udid|device id|\
         device identifier|device token|advertising id|idfa|gaid|hardware id|android id",
        "user.device.device_id",
        LIKELY,
        Also::Text,
    ),
    rule("user agent|useragent|browser|http user agent", "user.device", LIKELY, Also::Text),
    rule("cookie|cookie id|visitor id", "user.device.cookie_id", LIKELY, Also::Text),
    rule(
        "latitude|longitude|lat|lng|lon|gps|geo location|geolocation|coordinates|\
         geo point",
        "user.location.precise",
        LIKELY,
        Also::Number,
    ),
    rule(
        "diagnosis|diagnoses|blood type|blood group|allergies|allergy|medication|\
         medications|disability|medical history|icd code|health condition|symptoms|\
         treatment plan",
        "user.health_and_medical",
        SURE,
        Also::Text,
    ),
    rule(
        "mrn|medical record number|patient id|patient number",
        "user.health_and_medical.record_id",
        SURE,
        Also::Number,
    ),
    rule(
        "insurance number|insurance id|health card number|medicare number|\
         policy holder number",
        "user.health_and_medical.insurance_beneficiary_id",
        LIKELY,
        Also::Number,
    ),
    rule("job title|jobtitle|occupation|profession|beruf", "user.job_title", SURE, Also::Text),
    rule(
        "company|company name|employer|employer name|affiliation|workplace|firma|\
         department name",
        "user.workplace",
        LIKELY,
        Also::Text,
    ),
    rule(
        "organization|organisation|organization name|organisation name|org|org name|\
         legal name",
        "user.contact.organization",
        LIKELY,
        Also::Text,
    ),
    rule(
        "vcard|contact info|contact details|contact information|contact data",
        "user.contact",
        LIKELY,
        Also::Text,
    ),
    rule("homepage|home page|website|web site", "user.contact.url", PERHAPS, Also::Text),
    rule(
        "avatar|photo|portrait|profile picture|profile image|selfie",
        "user.content.self_image",
        LIKELY,
        Also::Text,
    ),
    rule(
        "employee number|employee no|staff number|personnel number|personalnummer|\
         badge number",
        "user.unique_id",
        LIKELY,
        Also::Number,
    ),
    rule("nationality|citizenship", "user.demographic", LIKELY, Also::Text),
    rule("fingerprint template|face template|voice print", "user.biometric", SURE, Also::Text),
];

/// Words at the end that only say which one of several it is, or in what form it is kept.
const PASSED_OVER: &str = "a|b|c|d|cached|old|new|parts|current|previous|original|primary|secondary|alt|raw|enc|\
     encrypted|hash|hashed|digest|plain|plaintext|work|home|private|business|main|\
     s|list|lower|normalized|canonical|other|confirm|confirmation";

/// A name that begins so asks a question or tells what to do.
const QUESTIONS: &str = "is|has|have|must|require|requires|required|allow|allowed|allows|can|needs|\
     need|show|hide|enable|enabled|disable|disabled|use|uses|should|send|validate|\
     no|num|max|min|count|total|days|failed";

/// Words before the end that make something else of it: `sync_token`, `mac_address` is told by its own rule.
const OTHERWISE: &str = "sync token|lock token|page token|continuation token|next token|cancel token|\
     public key|memory address|base address|start address|end address|web address|\
     wallet address|contract address|order state|payment state|previous state|job state|\
     attendee state|machine state|host country|locktoken token|time lat|data region|\
     aws region|cloud region|default country|bank city";

/// Tables whose rows are people: there `name` is theirs.
const PEOPLE: &str = "user|person|people|customer|contact|client|employee|member|patient|student|\
     staff|author|attendee|participant|guest|applicant|candidate|lead|donor|\
     subscriber|resident|tenant|teacher|child|parent|passenger|driver|visitor|\
     profile|identity|identities|agent|technician|recipient|speaker|voter|citizen|\
     bankcard|review|signatory|volunteer|collected addresses|addressbook|\
     supplier contact|beneficiary";

/// Whether a word is in a list with bars between.
fn listed(list: &str, word: &str) -> bool {
    list.split('|').any(|known| known == word)
}

/// The words of a name in small letters: `homePhone`, `home_phone`, `HOME PHONE`, `IPAddress`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let small_before = before.is_some_and(|c| c.is_lowercase() || c.is_numeric());
        let starts = c.is_uppercase()
            && (small_before
                || before.is_some_and(|c| c.is_uppercase())
                    && after.is_some_and(|c| c.is_lowercase()));
        if !c.is_alphanumeric() || starts {
            out.push(String::new());
        }
        if let Some(last) = out.last_mut().filter(|_| c.is_alphanumeric()) {
            last.extend(c.to_lowercase());
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// What a name speaks of, and how sure that is. `name` may carry its table before a dot
/// (`customers.name`); `declared` is the type in the words of its database.
pub(crate) fn by_name(name: &str, declared: &str) -> Option<(&'static str, u8)> {
    let (table, column) =
        name.rsplit_once('.').map_or(("", name), |(table, column)| (table, column));
    let all = words(column);
    let first = all.first()?.as_str();
    let sort = Sort::of(declared);
    if sort == Sort::Flag || listed(QUESTIONS, first) && all.len() > 1 {
        return None;
    }
    if sort == Sort::Network {
        return Some(("user.device.ip_address", SURE));
    }
    let ended = without_numbers(&all);
    let mut tried: &[String] = &ended;
    loop {
        if let Some(found) = by_end(tried, sort) {
            return Some(found);
        }
        match tried.split_last() {
            Some((last, rest)) if !rest.is_empty() && listed(PASSED_OVER, last) => tried = rest,
            _ => break,
        }
    }
    if sort == Sort::Text && named_after_somebody(tried) {
        return Some(("user.name", PERHAPS));
    }
    let table = words(table);
    // A table of people: their name; of cards: their numbers; of addresses: their lines.
    let of = |known: &str| {
        let last = table.last().map(String::as_str).unwrap_or_default();
        let one = last.strip_suffix('s').unwrap_or(last);
        let whole = table.join(" ");
        known.split('|').any(|word| word == one || word == last || whole.ends_with(word))
    };
    let whole = tried.join(" ");
    if sort == Sort::Text && (whole == "name" || whole == "n" || whole == "fn" || whole == "cn") {
        let short = whole != "name";
        return if of(PEOPLE) || short && of("resource|vcard") {
            Some(("user.name", LIKELY))
        } else {
            None
        };
    }
    if whole == "number" && of("bankcard|card|creditcard|credit card") {
        return Some(("user.financial.credit_card", LIKELY));
    }
    if sort == Sort::Text && whole == "line" && of("address|addresse|location") {
        return Some(("user.contact.address.street", LIKELY));
    }
    None
}

/// `installer_name`, `referee_name`: a word for what somebody does, and that is no machine or company.
fn named_after_somebody(words: &[String]) -> bool {
    const THINGS: &str = "server|folder|container|router|printer|header|order|parameter|filter|cluster|provider|\
         publisher|manufacturer|vendor|adapter|color|character|number|layer|trigger|scheduler|worker|\
         controller|sensor|monitor|processor|indicator|error|operator|identifier|register|buffer|pointer|\
         meter|counter|timer|computer|carrier|supplier|dealer|partner|insurer|transfer|offer|voucher|\
         chapter|tier|paper|newsletter|letter|poster|banner|browser|parser|loader|builder|compiler|helper|\
         handler|wrapper|listener|producer|consumer|broker|poller|user|power|factor|vector|mirror|tensor|\
         connector|selector|descriptor|iterator|generator|validator|separator|floor|door|motor|store|tree|\
         fee|committee|paper|water|river|other|member|master|super|inner|outer|never|after|under|over|per";
    let [.., who, what] = words else { return false };
    let one =
        what == "name" && who.len() >= 5 && ["er", "or", "ee"].iter().any(|end| who.ends_with(end));
    one && !listed(THINGS, who)
}

/// The rule with the longest end that fits.
fn by_end(words: &[String], sort: Sort) -> Option<(&'static str, u8)> {
    let joined = words.join(" ");
    let dense = words.concat();
    let last = words.last()?;
    let before = words.len().checked_sub(2).and_then(|at| words.get(at));
    let otherwise = before.is_some_and(|before| listed(OTHERWISE, &format!("{before} {last}")));
    if otherwise {
        return None;
    }
    let mut best: Option<(usize, &Rule)> = None;
    for rule in RULES {
        for end in rule.ends.split('|') {
            let tight = end.replace(' ', "");
            let fits = joined == end
                || joined.strip_suffix(end).is_some_and(|rest| rest.ends_with(' '))
                // Written together: `emailaddress`, `notification_fromname`; short ends would be
                // those of other words.
                || (tight.len() >= 8 || tight.len() >= 6 && end.contains(' ')) && last.ends_with(&tight)
                || tight.len() > 4 && dense == tight
                || end.len() >= 4 && last.len() > end.len() && compound(last, end);
            if fits && best.is_none_or(|(length, _)| tight.len() > length) {
                best = Some((tight.len(), rule));
            }
        }
    }
    let (_, rule) = best?;
    sort.fits(rule.also).then_some((rule.category, rule.confidence))
}

/// Whether a word is `end` behind one of the words that are written together with it: `dbpass`,
/// `workphone`, `snmppassword`.
fn compound(word: &str, end: &str) -> bool {
    const FRONTS: &str = "db|user|home|work|office|mobile|private|smtp|ftp|ldap|snmp|admin|auth|api|\
     bill|billing|ship|shipping|contact|from|to|my|sql|root|login|web|cell|cust|\
     customer|client|emp|person|guest|alt|business|company|access|refresh|session|\
     csrf|reset|temp|wifi|notify";
    word.strip_suffix(end).is_some_and(|front| listed(FRONTS, front))
}

/// The words without numbers at their end, and in one number: `address2`, `emails`.
fn without_numbers(words: &[String]) -> Vec<String> {
    let mut out: Vec<String> = words.to_vec();
    loop {
        let many = out.len() > 1;
        let Some(last) = out.last_mut() else { break };
        let bare = last.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if bare == 0 && many {
            out.pop();
            continue;
        }
        // `ipv4` keeps its own.
        if bare > 2 && !last.starts_with("ipv") {
            last.truncate(bare);
        }
        break;
    }
    const PLURALS: &str = "emails|mails|phones|addresses|tokens|secrets|passwords|names|cities|countries|\
     ips|faxes|mobiles|companies|organizations|organisations|photos|avatars|birthdays";
    if let Some(last) = out.last_mut().filter(|last| listed(PLURALS, last)) {
        *last = match last.as_str() {
            "cities" => "city".to_owned(),
            "countries" => "country".to_owned(),
            "companies" => "company".to_owned(),
            "addresses" | "faxes" => last.trim_end_matches("es").to_owned(),
            _ => last.trim_end_matches('s').to_owned(),
        };
    }
    out
}

/// What a declared type can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Text,
    Number,
    Date,
    Flag,
    Network,
}

impl Sort {
    fn of(declared: &str) -> Self {
        let name = declared.trim().to_lowercase();
        let starts = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
        if starts(&["bool", "bit"]) || name == "tinyint(1)" {
            Self::Flag
        } else if starts(&["inet", "cidr"]) {
            Self::Network
        } else if starts(&["date", "time", "interval", "year"]) {
            Self::Date
        } else if starts(&[
            "int",
            "bigint",
            "smallint",
            "tinyint",
            "mediumint",
            "serial",
            "bigserial",
            "numeric",
            "decimal",
            "float",
            "double",
            "real",
            "number",
            "money",
            "smallserial",
        ]) {
            Self::Number
        } else {
            Self::Text
        }
    }

    fn fits(self, also: Also) -> bool {
        match self {
            Self::Text => true,
            Self::Number => also == Also::Number,
            Self::Date => also == Also::Date,
            Self::Flag | Self::Network => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{by_name, words};

    #[test]
    fn names_are_taken_apart_as_they_are_written() {
        for (name, wanted) in [
            ("homePhone", "home phone"),
            ("HOME_PHONE", "home phone"),
            ("IPAddress", "ip address"),
            ("reply-to", "reply to"),
            ("Address2", "address2"),
        ] {
            assert_eq!(words(name).join(" "), wanted);
        }
    }

    #[test]
    fn the_end_of_a_name_decides() {
        for (name, declared, wanted) in [
            ("billing_email", "text", Some("user.contact.email")),
            ("email_template", "text", None),
            ("email_address_2", "varchar(80)", Some("user.contact.email")),
            ("must_change_password", "char(2)", None),
            ("password_hash", "text", Some("user.authorization.password")),
            ("password_min_length", "integer", None),
            ("AddressLine1", "nvarchar", Some("user.contact.address.street")),
            ("mobileNo", "bigint", Some("user.contact.phone_number")),
            ("country_id", "integer", None),
            ("state", "smallint", None),
            ("birth_date", "date", Some("user.demographic.date_of_birth")),
            ("created_at", "timestamp", None),
            ("customers.name", "text", Some("user.name")),
            ("products.name", "text", None),
            ("name", "text", None),
            ("sync_token", "text", None),
            ("dbpass", "varchar", Some("user.authorization.password")),
            ("last_login_ip", "inet", Some("user.device.ip_address")),
        ] {
            assert_eq!(by_name(name, declared).map(|found| found.0), wanted, "{name} {declared}");
        }
    }
}
