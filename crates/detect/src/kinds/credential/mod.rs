//! Passwords, keys, tokens: by the formats of their providers, by the words before them.

pub(crate) mod assigned;
mod providers;
pub(crate) mod token;

use super::{Family, Kind};

/// The kinds of this family.
pub(crate) const KINDS: &[&Kind] = &[
    &AWS,
    &GITHUB,
    &GOOGLE,
    &SLACK,
    &STRIPE,
    &API_KEY,
    &WEB_TOKEN,
    &PRIVATE_KEY,
    &PASSWORD,
    &SECRET,
    &CONNECTION,
    &PASSWORD_HASH,
];

const CATEGORY: &str = "user.authorization.credentials";

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident, $key:literal, $title:literal, $category:expr, $standard:literal, $examples:expr, $counter:expr) => {
        $(#[$doc])*
        pub(crate) static $name: Kind = Kind {
            key: $key,
            title: $title,
            category: $category,
            family: Family::Credential,
            standard: $standard,
            examples: $examples,
            counter_examples: $counter,
        };
    };
}

kind!(
    /// AWS documents the beginnings of its access keys.
    AWS, "credential.aws_access_key", "Access key of AWS", CATEGORY, "AWS IAM identifiers",
    &[("aws_access_key_id = AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE")],
    &["AKIAIOSFODNN7EXAMPL", "XAKIAIOSFODNN7EXAMPLE", "AKIAAAAAAAAAAAAAAAAA"]
);
kind!(
    /// GitHub documents the beginnings of its tokens.
    GITHUB, "credential.github_token", "Token of GitHub", CATEGORY, "GitHub token formats",
    &[("git clone https://ghp_16C7e42F292c6912E7710c838347Ae178B4a@github.com/x", "ghp_16C7e42F292c6912E7710c838347Ae178B4a")],
    &["ghp_short1", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]
);
kind!(
    /// Google's API keys, OAuth secrets and tokens.
    GOOGLE, "credential.google_key", "Key of Google", CATEGORY, "Google Cloud credential formats",
    &[("key=AIzaSyD4Xw1mQz7Lk9Tn2Vb5Rj8Hp0Gc3Fe6Ua9", "AIzaSyD4Xw1mQz7Lk9Tn2Vb5Rj8Hp0Gc3Fe6Ua9")],
    &["AIzaShort1"]
);
kind!(
    /// Slack documents the beginnings of its tokens.
    SLACK, "credential.slack_token", "Token of Slack", CATEGORY, "Slack token types",
    &[("xoxb-2481632648-1357924680246-Zk3Qw9Rt5Yp1Ld7Hs", "xoxb-2481632648-1357924680246-Zk3Qw9Rt5Yp1Ld7Hs")],
    &["xoxb-your-token-here"]
);
kind!(
    /// Stripe documents the beginnings of its keys.
    STRIPE, "credential.stripe_key", "Key of Stripe", CATEGORY, "Stripe API keys",
    &[("STRIPE=sk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_4eC39HqLyjWDarjtT1zdp7dc")],
    &["sk_live_short"]
);
kind!(
    /// Keys of more than a hundred other providers, told by their beginnings.
    API_KEY, "credential.api_key", "Key of a provider", CATEGORY, "formats published by each provider",
    &[
        ("SENDGRID=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", "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"),
        ("npm_k3Qw9Rt5Yp1Ld7Hs2Vb6Nm8Xc4Zf0Gj3Ty7U", "npm_k3Qw9Rt5Yp1Ld7Hs2Vb6Nm8Xc4Zf0Gj3Ty7U"),
        ("bot 1234567890:AAk3Qw9Rt5Yp1Ld7Hs2Vb6Nm8Xc4Zf0Gj3T", "1234567890:AAk3Qw9Rt5Yp1Ld7Hs2Vb6Nm8Xc4Zf0Gj3T"),
        ("glpat-Xk3Qw9Rt5Yp1Ld7Hs2Vb", "glpat-Xk3Qw9Rt5Yp1Ld7Hs2Vb"),
    ],
    &["npm_install_scripts", "secret_santa", "test_that_it_works_as_it_should", "path_to_file"]
);
kind!(
    /// RFC 7519: two JSON objects and a signature in base64url.
    WEB_TOKEN, "credential.jwt", "Signed web token (JWT)", CATEGORY, "RFC 7519",
    &[("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N")],
    &["eyJhbGciOiJIUzI1NiJ9", "eyJ.a.b"]
);
kind!(
    /// RFC 7468 and PGP armour: a private key between its lines.
    PRIVATE_KEY, "credential.private_key", "Private key", CATEGORY, "RFC 7468, RFC 9580",
    &[("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----")],
    &["-----BEGIN CERTIFICATE-----\nMIIEow\n-----END CERTIFICATE-----\n"]
);
kind!(
    /// A value behind a word for passwords.
    PASSWORD, "credential.password", "Password", "user.authorization.password", "a word before it",
    &[
        ("password: Tr0ub4dor&3", "Tr0ub4dor&3"),
        ("{\"db_password\": \"correct-horse\"}", "correct-horse"),
        ("mysql --password=hunter2 db", "hunter2"),
        ("Das Passwort ist Sommer2024!", "Sommer2024!"),
        ("the password is hunter2", "hunter2"),
        ("DB_PWD='p4ss w0rd'", "p4ss w0rd"),
        ("<password>hunter2</password>", "hunter2"),
        ("<add key=\"SmtpPassword\" value=\"hunter2\"/>", "hunter2"),
        ("define('DB_PASSWORD', 'hunter2');", "hunter2"),
        ("docker login -u ana --password hunter2 registry", "hunter2"),
        ("curl -u ana:hunter2 https://x.example", "hunter2"),
        ("machine x.example login ana password hunter2", "hunter2"),
    ],
    &[
        "password: ${DB_PASSWORD}", "password = getPassword()", "Forgot password? Click here.", "password: ********", "password: string",
        "PASSWORD=<your password>", "The password is required.", "password=null", "PASSWORD=/run/secrets/db",
        "password: vault:secret/data/db#password", "password=$(pass show db)", "docker login --password-stdin x",
        "form.fields('password', 'email2')", "password_hash = argon2id", "password_file = /etc/x/pw1",
    ]
);
kind!(
    /// A random value behind a word for keys, tokens or secrets.
    SECRET, "credential.secret", "Secret or token", CATEGORY, "a word before it, and its entropy",
    &[
        ("signing_secret = copper37velvet", "copper37velvet"),
        ("<setting name=\"api.token\">k3Qw9Rt5Yp1Ld7Hs2Vb6</setting>", "k3Qw9Rt5Yp1Ld7Hs2Vb6"),
        ("headers = {'Authorization': 'Bearer k3Qw9Rt5Yp1Ld7Hs2Vb6Nm8X'}", "k3Qw9Rt5Yp1Ld7Hs2Vb6Nm8X"),
        ("client_secret: 9f86d081884c7d659a2feaa0c55ad015", "9f86d081884c7d659a2feaa0c55ad015"),
        ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzKq3Lm9TvB", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzKq3Lm9TvB"),
        ("Authorization: Bearer k3Qw9Rt5Yp1Ld7Hs2Vb6Nm8Xc4Zf0Gj3", "k3Qw9Rt5Yp1Ld7Hs2Vb6Nm8Xc4Zf0Gj3"),
    ],
    &["key: value", "primary_key = customer_identifier", "token: str", "public_key: 9f86d081884c7d659a2feaa0c55ad015", "sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
);
kind!(
    /// RFC 3986 §3.2.1: an address with a user and a password.
    CONNECTION, "credential.connection_string", "Address with a password", CATEGORY, "RFC 3986",
    &[("DATABASE_URL=postgres://app:s3cr3t@db.internal:5432/app", "postgres://app:s3cr3t@db.internal:5432/app")],
    &["https://host:8080/a@b", "postgres://db.internal/app", "postgres://$USER:$PASS@db/app"]
);
kind!(
    /// The strings of bcrypt, Argon2, scrypt, PBKDF2 and SHA-crypt.
    PASSWORD_HASH, "credential.password_hash", "Hash of a password", "user.authorization.password", "PHC string format",
    &[("$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy")],
    &["It cost $2 more than $10."]
);
