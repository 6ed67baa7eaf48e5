//! Names of settings, and values that are secret, that stand where a secret would, or that look like one.

use crate::corpus::Dice;

pub(super) const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
pub(super) const LOWER: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
pub(super) const HEX: &str = "0123456789abcdef";
pub(super) const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
pub(super) const URL64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(super) const SERVICES: &[&str] = &[
    "billing", "mailer", "portal", "ledger", "intake", "orders", "search", "sync", "reports",
    "gateway",
];
pub(super) const HOSTS: &[&str] = &[
    "db01.internal.example",
    "queue.acme.example",
    "10.4.0.12",
    "pg-main",
    "cache-2.acme.example",
    "localhost",
];
pub(super) const WORDS: &[&str] = &[
    "copper", "lantern", "meadow", "orbit", "pickle", "quartz", "ribbon", "saddle", "timber",
    "velvet", "walnut", "zephyr", "anchor", "biscuit", "cactus", "dolphin",
];
pub(super) const USERS: &[&str] =
    &["app", "svc_backup", "admin", "deploy", "reporting", "root", "integration"];

/// Base64 of so many random bytes.
pub(super) fn base64(dice: &mut Dice, bytes: usize) -> String {
    let mut text = dice.chars((bytes * 8).div_ceil(6), BASE64);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// So many characters and up to `more` (without it) on top.
pub(super) fn chars(dice: &mut Dice, least: usize, more: usize, of: &str) -> String {
    let count = least + dice.roll(more);
    dice.chars(count, of)
}

pub(super) fn uuid(dice: &mut Dice) -> String {
    format!(
        "{}-{}-4{}-a{}-{}",
        dice.chars(8, HEX),
        dice.chars(4, HEX),
        dice.chars(3, HEX),
        dice.chars(3, HEX),
        dice.chars(12, HEX)
    )
}

/// What people and programs choose as a password.
pub(super) fn password(dice: &mut Dice) -> String {
    match dice.roll(9) {
        0 => format!("{}-{}-{}", dice.of(WORDS), dice.of(WORDS), dice.of(WORDS)),
        1 => {
            let mut word = dice.of(WORDS).to_owned();
            word[..1].make_ascii_uppercase();
            format!("{word}{}{}", 1_990 + dice.roll(36), dice.of(&["!", "#", "?", "$", ""]))
        }
        2 => chars(dice, 8, 5, LOWER),
        3 => chars(dice, 14, 12, ALNUM),
        4 => format!(
            "{}{}{}",
            dice.chars(6, ALNUM),
            dice.of(&["!", "%", "&", "*", "^"]),
            dice.chars(7, ALNUM)
        ),
        5 => dice.chars(32, HEX),
        6 => format!("{}{}{}", dice.of(WORDS), dice.digits(2), dice.of(WORDS)),
        7 => format!("P@{}{}", dice.of(WORDS), dice.digits(3)),
        _ => dice.chars(20, URL64),
    }
}

/// What a program gives out as a key, without a form of its own.
pub(super) fn plain_key(dice: &mut Dice) -> String {
    match dice.roll(6) {
        0 => dice.chars(32, HEX),
        1 => dice.chars(40, HEX),
        2 => dice.chars(64, HEX),
        3 => base64(dice, 32),
        4 => dice.chars(40, ALNUM),
        _ => dice.chars(43, URL64),
    }
}

/// A key in a provider's public form.
pub(super) fn provider_key(dice: &mut Dice) -> String {
    match dice.roll(19) {
        0 => format!("AKIA{}", dice.chars(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")),
        1 => format!("ghp_{}", dice.chars(36, ALNUM)),
        2 => format!("github_pat_{}_{}", dice.chars(22, ALNUM), dice.chars(59, ALNUM)),
        3 => format!("glpat-{}", dice.chars(20, ALNUM)),
        4 => format!("xoxb-{}-{}-{}", dice.digits(12), dice.digits(13), dice.chars(24, ALNUM)),
        5 => format!("sk_live_{}", dice.chars(24, ALNUM)),
        6 => format!("AIza{}", dice.chars(35, URL64)),
        7 => format!("npm_{}", dice.chars(36, ALNUM)),
        8 => format!("pypi-AgEIcHlwaS5vcmc{}", dice.chars(90, URL64)),
        9 => format!("SG.{}.{}", dice.chars(22, URL64), dice.chars(43, URL64)),
        10 => format!("SK{}", dice.chars(32, HEX)),
        11 => format!("{}:AA{}", dice.digits(10), dice.chars(33, URL64)),
        12 => format!("hvs.{}", dice.chars(24, ALNUM)),
        13 => format!("dop_v1_{}", dice.chars(64, HEX)),
        14 => format!("hf_{}", dice.chars(34, ALNUM)),
        15 => format!("sk-ant-api03-{}AA", dice.chars(93, URL64)),
        16 => format!("shpat_{}", dice.chars(32, HEX)),
        17 => format!("glsa_{}_{}", dice.chars(32, ALNUM), dice.chars(8, HEX)),
        _ => jwt(dice),
    }
}

pub(super) fn jwt(dice: &mut Dice) -> String {
    format!(
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI{}.{}",
        dice.chars(60, URL64),
        dice.chars(43, URL64)
    )
}

pub(super) fn any_key(dice: &mut Dice) -> String {
    match dice.roll(3) {
        0 => provider_key(dice),
        1 => plain_key(dice),
        _ => password(dice),
    }
}

/// What stands where a secret would, and is none.
pub(super) fn placeholder(dice: &mut Dice) -> String {
    let service = dice.of(SERVICES);
    match dice.roll(18) {
        0 => "changeme".to_owned(),
        1 => "<your-api-key>".to_owned(),
        2 => "xxxxxxxxxxxxxxxx".to_owned(),
        3 => "********".to_owned(),
        4 => "YOUR_TOKEN_HERE".to_owned(),
        5 => "${DB_PASSWORD}".to_owned(),
        6 => format!("${{{}_SECRET}}", service.to_uppercase()),
        7 => "{{ vault_password }}".to_owned(),
        8 => "REDACTED".to_owned(),
        9 => "example".to_owned(),
        10 => "$(cat /run/secrets/token)".to_owned(),
        11 => "todo".to_owned(),
        12 => "null".to_owned(),
        13 => "%(password)s".to_owned(),
        14 => "[hidden]".to_owned(),
        15 => format!("vault:secret/data/{service}#password"),
        16 => format!("/run/secrets/{service}_password"),
        _ => String::new(),
    }
}

/// A name that says that its value is secret, in the writing of the style.
pub(super) fn secret_name(dice: &mut Dice, style: Style) -> String {
    let service = dice.of(SERVICES);
    let words: &[&str] = match dice.roll(14) {
        0 => &["password"],
        1 => &["db", "password"],
        2 => &["api", "key"],
        3 => &["secret", "key"],
        4 => &["client", "secret"],
        5 => &["auth", "token"],
        6 => &["access", "token"],
        7 => &["smtp", "pass"],
        8 => &["signing", "secret"],
        9 => &["encryption", "key"],
        10 => &["passphrase"],
        11 => &["webhook", "secret"],
        12 => &["private", "token"],
        _ => &["admin", "pwd"],
    };
    let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    if dice.roll(3) == 0 {
        words.insert(0, service.to_owned());
    }
    style.join(&words)
}

/// A name that is near those words, whose value is not secret; and such a value.
pub(super) fn harmless(dice: &mut Dice, style: Style) -> (String, String) {
    let (words, value): (&[&str], String) = match dice.roll(24) {
        0 => (&["password", "min", "length"], "12".to_owned()),
        1 => (&["token", "type"], "bearer".to_owned()),
        2 => (&["max", "tokens"], "4096".to_owned()),
        3 => (&["primary", "key"], "id".to_owned()),
        4 => (&["cache", "key"], format!("user-list-{}", dice.digits(2))),
        5 => (&["password", "hash"], "argon2id".to_owned()),
        6 => (&["public", "key"], base64(dice, 32)),
        7 => (&["key", "id"], uuid(dice)),
        8 => (&["request", "id"], uuid(dice)),
        9 => (&["commit"], dice.chars(40, HEX)),
        10 => (
            &["image"],
            format!("registry.acme.example/{}@sha256:{}", dice.of(SERVICES), dice.chars(64, HEX)),
        ),
        11 => (&["checksum"], dice.chars(64, HEX)),
        12 => (&["etag"], dice.chars(32, HEX)),
        13 => (&["secret", "name"], format!("{}-credentials", dice.of(SERVICES))),
        14 => (&["token", "endpoint"], "https://login.acme.example/oauth2/token".to_owned()),
        15 => (&["password", "file"], "/etc/app/password.txt".to_owned()),
        16 => (&["sort", "key"], "created_at".to_owned()),
        17 => (&["api", "key", "header"], "X-Api-Key".to_owned()),
        18 => (&["tenant", "id"], uuid(dice)),
        19 => (&["access", "token", "lifetime"], "3600".to_owned()),
        20 => (&["integrity"], format!("sha512-{}", base64(dice, 64))),
        21 => (&["fingerprint"], format!("SHA256:{}", dice.chars(43, BASE64))),
        22 => (&["require", "password", "change"], "true".to_owned()),
        _ => (&["key", "binding"], "ctrl+shift+p".to_owned()),
    };
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    (style.join(&words), value)
}

/// An ordinary setting.
pub(super) fn setting(dice: &mut Dice, style: Style) -> (String, String) {
    let (words, value): (&[&str], String) = match dice.roll(10) {
        0 => (&["host"], dice.of(HOSTS).to_owned()),
        1 => (&["port"], (1_024 + dice.roll(60_000)).to_string()),
        2 => (&["log", "level"], dice.of(&["info", "debug", "warning"]).to_owned()),
        3 => (&["user"], dice.of(USERS).to_owned()),
        4 => (&["timeout", "seconds"], dice.digits(2)),
        5 => (&["region"], dice.of(&["eu-central-1", "ca-central-1", "us-east-2"]).to_owned()),
        6 => (&["version"], format!("{}.{}.{}", dice.roll(9), dice.roll(30), dice.roll(20))),
        7 => (&["data", "dir"], format!("/var/lib/{}/data", dice.of(SERVICES))),
        8 => (&["feature", "flags"], "new-editor,fast-search".to_owned()),
        _ => (&["base", "url"], format!("https://{}.acme.example/v2", dice.of(SERVICES))),
    };
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    (style.join(&words), value)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Snake,
    Upper,
    Camel,
    Kebab,
    Dotted,
}

impl Style {
    pub(super) fn any(dice: &mut Dice) -> Self {
        [Self::Snake, Self::Upper, Self::Camel, Self::Kebab, Self::Dotted][dice.roll(5)]
    }

    pub(super) fn join(self, words: &[String]) -> String {
        match self {
            Self::Snake => words.join("_"),
            Self::Upper => words.join("_").to_uppercase(),
            Self::Kebab => words.join("-"),
            Self::Dotted => words.join("."),
            Self::Camel => words
                .iter()
                .enumerate()
                .map(|(at, word)| {
                    let mut word = word.clone();
                    if at > 0 {
                        word[..1].make_ascii_uppercase();
                    }
                    word
                })
                .collect(),
        }
    }
}
