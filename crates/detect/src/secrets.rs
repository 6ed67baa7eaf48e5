//! Secrets by their form: what must not be copied out, whoever asks.
//!
//! Only forms that nothing else has. A long random word may be a token or the number of a parcel;
//! it is left to the map of the fields to say so.

/// Whether a text is, or holds, a secret that is known by its form: a private key (PEM), the seed
/// of one-time passwords (`otpauth://`), a key of AWS, a token of GitHub or Slack, a signed web
/// token (JWT), or the hash of a password (bcrypt, Argon2, PBKDF2, scrypt, SHA-crypt).
///
/// ```
/// assert!(detect::secret_like("$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"));
/// assert!(!detect::secret_like("It cost $2 more than $10."));
/// ```
pub fn secret_like(text: &str) -> bool {
    let bytes = text.as_bytes();
    private_key(text)
        || starts(bytes, b"otpauth://", |rest| {
            rest.starts_with(b"totp/") || rest.starts_with(b"hotp/")
        })
        || TOKENS.iter().any(|token| starts(bytes, token.lead, |rest| token.follows(rest)))
        || starts(bytes, b"eyJ", |_| true) && web_token(text)
        || memchr::memchr(b'$', bytes).is_some() && password_hash(bytes)
}

/// A token with a fixed beginning.
struct Token {
    lead: &'static [u8],
    /// How many characters follow.
    least: usize,
    most: usize,
    class: fn(u8) -> bool,
}

impl Token {
    fn follows(&self, rest: &[u8]) -> bool {
        let length = rest.iter().take_while(|byte| (self.class)(**byte)).count();
        let next = rest.get(length).copied();
        (self.least..=self.most).contains(&length)
            && !next.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            // `xoxb-your-token-here`: the place of a token, not one.
            && rest.get(..length).unwrap_or_default().iter().any(u8::is_ascii_digit)
    }
}

const fn base32(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

const fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const fn dashed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

const fn token(lead: &'static [u8], least: usize, most: usize, class: fn(u8) -> bool) -> Token {
    Token { lead, least, most, class }
}

const TOKENS: &[Token] = &[
    token(b"AKIA", 16, 16, base32),
    token(b"ASIA", 16, 16, base32),
    token(b"ghp_", 30, 255, alphanumeric),
    token(b"gho_", 30, 255, alphanumeric),
    token(b"ghs_", 30, 255, word),
    token(b"ghu_", 30, 255, alphanumeric),
    token(b"ghr_", 30, 255, alphanumeric),
    token(b"github_pat_", 40, 255, word),
    token(b"xoxa-", 16, 255, dashed),
    token(b"xoxb-", 16, 255, dashed),
    token(b"xoxp-", 16, 255, dashed),
    token(b"xoxr-", 16, 255, dashed),
    token(b"xoxs-", 16, 255, dashed),
];

const fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Whether `lead` stands somewhere, not inside a longer word, and what follows it is as wanted.
fn starts(bytes: &[u8], lead: &[u8], follows: impl Fn(&[u8]) -> bool) -> bool {
    memchr::memmem::find_iter(bytes, lead).any(|at| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        !before.is_some_and(word) && bytes.get(at + lead.len()..).is_some_and(&follows)
    })
}

/// `-----BEGIN … PRIVATE KEY-----` and a line of base64 after it (RFC 7468 and its elders).
fn private_key(text: &str) -> bool {
    text.match_indices("-----BEGIN ").any(|(at, begin)| {
        let rest = text.get(at + begin.len()..).unwrap_or_default();
        let Some((label, body)) = rest.split_once("-----") else { return false };
        let named = label.len() <= 40
            && (label.ends_with("PRIVATE KEY") || label == "PGP PRIVATE KEY BLOCK");
        // A key has lines of base64; a text that speaks of keys has words.
        let body = body.as_bytes();
        let lines = body.get(..body.len().min(400)).unwrap_or_default();
        named
            && lines
                .split(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'/'))
                .any(|run| run.len() >= 24)
    })
}

/// Three parts of base64url, of which the first two are objects (RFC 7519).
fn web_token(text: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.split(|c: char| !part(c)).filter(|run| run.starts_with("eyJ")).any(|run| {
        let mut parts = run.trim_end_matches('.').split('.');
        let (Some(head), Some(body), Some(sign), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return false;
        };
        head.len() >= 16 && body.starts_with("eyJ") && body.len() >= 12 && sign.len() >= 16
    })
}

/// What a hash of a password starts with in the crypt format, and how much follows at least:
/// letters, digits, `./`, and the signs that join parameters.
const HASHES: &[(&[u8], usize)] = &[
    (b"$2a$", 56),
    (b"$2b$", 56),
    (b"$2x$", 56),
    (b"$2y$", 56),
    (b"$argon2i$", 40),
    (b"$argon2d$", 40),
    (b"$argon2id$", 40),
    (b"$pbkdf2$", 40),
    (b"$pbkdf2-sha256$", 40),
    (b"$pbkdf2-sha512$", 40),
    (b"$scrypt$", 40),
    (b"$y$", 40),
    (b"$7$", 40),
    (b"$5$", 44),
    (b"$6$", 87),
    // As some web frameworks write it: `pbkdf2_sha256$600000$salt$hash`, `pbkdf2:sha256:…$…`.
    (b"pbkdf2_sha1$", 24),
    (b"pbkdf2_sha256$", 40),
    (b"pbkdf2_sha512$", 40),
    (b"pbkdf2:sha256:", 40),
    (b"pbkdf2:sha512:", 40),
    (b"scrypt:", 60),
];

fn password_hash(bytes: &[u8]) -> bool {
    let class = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'.' | b'/' | b'+' | b'=' | b',' | b'$')
            || matches!(byte, b':' | b'-' | b'_')
    };
    HASHES.iter().any(|(lead, least)| {
        starts(bytes, lead, |rest| {
            let rest = rest.get(..rest.len().min(512)).unwrap_or_default();
            let length = rest.iter().take_while(|byte| class(**byte)).count();
            let hash = rest.get(..length).unwrap_or_default();
            length >= *least && hash.contains(&b'$') && hash.iter().any(u8::is_ascii_digit)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
    const BODY: &str = "eyJzdWIiOiIxMjM0NTY3ODkwIn0";

    #[test]
    fn secrets_are_known_by_their_form() {
        let sixty_four = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ./";
        let secrets = [
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0123456789abcdef\n".to_owned(),
            "key: -----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC".to_owned(),
            "-----BEGIN OPENSSH PRIVATE KEY-----\r\nb3BlbnNzaC1rZXktdjEAAAAABG5v".to_owned(),
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBF0123456789ABCDEFGHIJKL".to_owned(),
            "otpauth://totp/Acme:jane?secret=JBSWY3DPEHPK3PXP&issuer=Acme".to_owned(),
            format!("aws_access_key_id = AKIA{}", "IOSFODNN7EXAMPLE"),
            format!("ASIA{}", "IOSFODNN7EXAMPLE"),
            format!("ghp_{}", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"),
            format!("token=gho_{}\n", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"),
            format!("https://x:ghs_{}@host.example", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"),
            format!("github_pat_11ABCDEFG0{sixty_four}").replace("./", ""),
            format!("xoxb-{}", "123456789012-123456789012-abcdefABCDEF"),
            format!("Bearer {HEAD}.{BODY}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"),
            "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy".to_owned(),
            "jane:$2b$12$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy:x".to_owned(),
            "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b0dWRWJTmaaJObG"
                .to_owned(),
            format!("root:$6$saltsalt${sixty_four}0123456789abcdefABCDEF:19000"),
            format!("$5$rounds=5000$saltsalt${}", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"),
            "pbkdf2_sha256$600000$saltsalt$0123456789abcdefghijklmnopqrstuvwxyzABCDEFG=".to_owned(),
        ];
        for secret in secrets {
            assert!(secret_like(&secret), "{secret}");
        }
    }

    #[test]
    fn what_only_speaks_of_secrets_is_none() {
        let texts = [
            "".to_owned(),
            "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A".to_owned(),
            "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A".to_owned(),
            "Look for -----BEGIN RSA PRIVATE KEY----- in the files and take every one out"
                .to_owned(),
            "An otpauth:// link is shown as a QR code".to_owned(),
            "AKIA is how it begins; AKIASHORT; MAKIAIOSFODNN7EXAMPLE".to_owned(),
            "AKIAIOSFODNN7EXAMPLEAKIAIOSFODNN7EXAMPLE".to_owned(),
            "ghp_ is a prefix; ghp_short1".to_owned(),
            "export SLACK=xoxb-your-token-goes-here".to_owned(),
            format!("{HEAD}.{BODY}"),
            "eyJ.eyJ.x and data:eyJhIjoxfQ==".to_owned(),
            "It is $2 a month, or $10$ in all; $6$ is odd".to_owned(),
            "$2y$10$short".to_owned(),
            "The algorithm is pbkdf2_sha256$ with 600000 rounds".to_owned(),
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            "6f9619ff-8b86-d011-b42d-00cf4fc964ff".to_owned(),
            "jane.doe@acme.example reset her password".to_owned(),
        ];
        for text in texts {
            assert!(!secret_like(&text), "{text}");
        }
    }
}
