//! The text that is signed: canonical JSON (RFC 8785), and the envelope that carries it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Certificate;
use crate::text::{base64, from_base64};

/// Why a certificate cannot be signed or read.
#[derive(Debug, thiserror::Error)]
pub enum BadCertificate {
    /// Not JSON, or not in the form of a certificate.
    #[error("this is not a certificate: {0}")]
    Form(#[from] serde_json::Error),
    /// A number that canonical JSON does not write in one way only.
    #[error("the certificate holds a number that is not whole: it was not written by this program")]
    Number,
    /// The signature or the key is not base 64.
    #[error("the {0} is not base 64: the certificate was damaged on its way")]
    Base64(&'static str),
}

impl Certificate {
    /// The text to sign: keys sorted, no spaces, whole numbers only (RFC 8785). Two programs that
    /// hold the same certificate write the same bytes.
    ///
    /// # Errors
    /// None that a certificate made in this program can cause.
    pub fn to_canonical_json(&self) -> Result<String, BadCertificate> {
        let mut out = String::new();
        write_canonical(&mut out, &serde_json::to_value(self)?)?;
        Ok(out)
    }
}

/// A certificate with its signature, as it is handed out. The certificate is kept as it was read,
/// so that a field added by a later version is still part of what was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedCertificate {
    certificate: Value,
    signature: String,
    key: String,
}

impl SignedCertificate {
    /// Puts the signature over [`Certificate::to_canonical_json`] beside the certificate.
    ///
    /// # Errors
    /// None that a certificate made in this program can cause.
    pub fn new(
        certificate: &Certificate,
        signature: &[u8],
        key: &[u8],
    ) -> Result<Self, BadCertificate> {
        Ok(Self {
            certificate: serde_json::to_value(certificate)?,
            signature: base64(signature),
            key: base64(key),
        })
    }

    /// Reads an envelope. That it reads does not mean that the signature holds.
    ///
    /// # Errors
    /// When the text has another form.
    pub fn from_json(text: &str) -> Result<Self, BadCertificate> {
        Ok(serde_json::from_str(text)?)
    }

    /// The envelope as text, for a file.
    ///
    /// # Errors
    /// None that a certificate made in this program can cause.
    pub fn to_json(&self) -> Result<String, BadCertificate> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The certificate inside.
    ///
    /// # Errors
    /// When it has another form.
    pub fn certificate(&self) -> Result<Certificate, BadCertificate> {
        Ok(serde_json::from_value(self.certificate.clone())?)
    }

    /// The text over which the signature was made.
    ///
    /// # Errors
    /// When the certificate holds a number that is not whole.
    pub fn signed_text(&self) -> Result<String, BadCertificate> {
        let mut out = String::new();
        write_canonical(&mut out, &self.certificate)?;
        Ok(out)
    }

    /// The signature.
    ///
    /// # Errors
    /// When it is not base 64.
    pub fn signature(&self) -> Result<Vec<u8>, BadCertificate> {
        from_base64(&self.signature).ok_or(BadCertificate::Base64("signature"))
    }

    /// The public key that the envelope names. Whether to trust it is another question.
    ///
    /// # Errors
    /// When it is not base 64.
    pub fn key(&self) -> Result<Vec<u8>, BadCertificate> {
        from_base64(&self.key).ok_or(BadCertificate::Base64("key"))
    }
}

/// A document of this program as the one text that stands for it (RFC 8785).
pub(crate) fn canonical_json(value: &Value) -> Result<String, BadCertificate> {
    let mut out = String::new();
    write_canonical(&mut out, value)?;
    Ok(out)
}

fn write_canonical(out: &mut String, value: &Value) -> Result<(), BadCertificate> {
    match value {
        Value::Number(number) if number.is_f64() => return Err(BadCertificate::Number),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_canonical(out, item)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
            // RFC 8785 § 3.2.3: by UTF-16 code units.
            sorted.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            out.push('{');
            for (i, (key, item)) in sorted.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write_canonical(out, item)?;
            }
            out.push('}');
        }
        plain => out.push_str(&plain.to_string()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_text_is_sorted_tight_and_escaped_once() {
        let value: Value = serde_json::from_str(
            "{\"b\":[1,true,null],\"a\":\"\\u20ac\\u000f\\n'\\\\\\\"/\",\"\\ud83d\\ude00\":-1,\"\\ufb33\":2}",
        )
        .unwrap();
        let mut out = String::new();
        write_canonical(&mut out, &value).unwrap();
        assert_eq!(
            out,
            "{\"a\":\"€\\u000f\\n'\\\\\\\"/\",\"b\":[1,true,null],\"😀\":-1,\"\u{fb33}\":2}"
        );
        assert!(write_canonical(&mut out, &serde_json::json!(1.5)).is_err());
    }
}
