//! One-time passwords by the clock (RFC 6238), as every authenticator app makes them: six digits, thirty
//! seconds, SHA-1.

use model::{Micros, Rng, Secret};
use qrcodegen::{QrCode, QrCodeEcc};
use totp_rs::{Algorithm, Builder};

use crate::{Error, Result};

/// 160 bits, as RFC 4226 recommends.
const BYTES: usize = 20;
/// A clock may be one step off, before or behind.
const SKEW: u16 = 1;

/// What a person's app and we both know.
#[derive(Clone, PartialEq, Eq)]
pub struct Totp(Secret<Vec<u8>>);

/// A square picture of a text, for the camera of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrPicture {
    /// Its width and height in modules, with the quiet zone of four around it.
    pub size: i32,
    /// The dark modules, as the `d` of an SVG path.
    pub path: String,
}

impl Totp {
    /// A new one.
    pub fn new(rng: &dyn Rng) -> Self {
        let mut bytes = vec![0; BYTES];
        rng.fill(&mut bytes);
        Self(Secret::new(bytes))
    }

    /// One that was kept.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        Self(Secret::new(bytes))
    }

    /// What is to be kept, sealed.
    pub fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }

    fn built(&self, issuer: &str, account: &str) -> Result<totp_rs::Totp> {
        // A colon parts the two in the address.
        let clean = |text: &str| text.replace(':', " ");
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_skew(SKEW)
            .with_secret(self.bytes().to_vec())
            .with_issuer(Some(clean(issuer)))
            .with_account_name(clean(account))
            .build()
            .map_err(|_| Error::Totp)
    }

    /// The step of which a code is, if it is one of now: the step must be taken in the database, where no
    /// step is taken twice.
    pub fn step_of(&self, code: &str, now: Micros) -> Result<Option<u64>> {
        let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
        let seconds = u64::try_from(now.0 / 1_000_000).unwrap_or_default();
        Ok(self.built("Upheld", "me")?.check(&code, seconds))
    }

    /// The secret as it is typed into an app without a camera: groups of four.
    pub fn typed(&self) -> Secret<String> {
        let text = totp_rs::Secret::new(self.bytes().to_vec().into()).to_base32();
        let signs: Vec<char> = text.chars().collect();
        let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
        Secret::new(groups.join(" "))
    }

    /// The address that an app reads from the picture.
    pub fn url(&self, issuer: &str, account: &str) -> Result<Secret<String>> {
        let url = self.built(issuer, account)?.to_url().map_err(|_| Error::Totp)?;
        Ok(Secret::new(url))
    }

    /// The picture of that address.
    pub fn picture(&self, issuer: &str, account: &str) -> Result<QrPicture> {
        let url = self.url(issuer, account)?;
        let code = QrCode::encode_text(url.expose_secret(), QrCodeEcc::Medium);
        let code = code.map_err(|_| Error::Totp)?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                path.push_str(&format!("M{},{}h1v1h-1z", x + 4, y + 4));
            }
        }
        Ok(QrPicture { size: code.size() + 8, path })
    }

    /// The code of a moment: what the app shows.
    pub fn code(&self, at: Micros) -> Result<String> {
        let seconds = u64::try_from(at.0 / 1_000_000).unwrap_or_default();
        Ok(self.built("Upheld", "me")?.generate(seconds).to_string())
    }
}

impl std::fmt::Debug for Totp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use model::SeededRng;

    use super::*;

    fn at(seconds: i64) -> Micros {
        Micros(seconds * 1_000_000)
    }

    /// RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = Totp::of_bytes(b"12345678901234567890".to_vec());
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.code(at(seconds)).unwrap(), code);
            let step = u64::try_from(seconds / 30).unwrap();
            assert_eq!(totp.step_of(code, at(seconds)).unwrap(), Some(step));
        }
    }

    #[test]
    fn a_code_holds_for_its_step_and_one_beside_it() {
        let totp = Totp::new(&SeededRng::new(1));
        let code = totp.code(at(3_000)).unwrap();
        for (seconds, wanted) in [
            (2_969, None),
            (2_970, Some(100)),
            (3_029, Some(100)),
            (3_059, Some(100)),
            (3_060, None),
        ] {
            assert_eq!(totp.step_of(&code, at(seconds)).unwrap(), wanted, "{seconds}");
        }
        let (head, tail) = code.split_at(3);
        let spaced = format!(" {head} {tail}");
        assert_eq!(totp.step_of(&spaced, at(3_000)).unwrap(), Some(100));
        for wrong in ["", "12345", "1234567", "+12345", "abcdef", "１２３４５６"] {
            assert_eq!(totp.step_of(wrong, at(3_000)).unwrap(), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_is_told_by_address_and_picture() {
        let totp = Totp::of_bytes(b"12345678901234567890".to_vec());
        assert_eq!(totp.typed().expose_secret(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let url = totp.url("North: light & Co", "ann@example.com").unwrap();
        let url = url.expose_secret();
        assert!(url.starts_with("otpauth://totp/"), "{url}");
        assert!(url.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{url}");
        assert!(!url.contains("& "), "{url}");
        let picture = totp.picture("Northlight", "ann@example.com").unwrap();
        assert!(picture.size > 30 && picture.path.starts_with('M'));
    }
}
