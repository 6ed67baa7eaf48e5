//! A provider that is made up, and everything that it may say wrong.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use model::SeededRng;
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreIdToken, CoreIdTokenClaims, CoreJsonWebKeySet,
};
use openidconnect::{JsonWebKeyId, PrivateSigningKey as _};
use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_800_000_000;

/// An Ed25519 key in the form in which the library reads it.
fn key(seed: u8, id: &str) -> CoreEdDsaPrivateSigningKey {
    let mut der = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    der.extend([seed; 32]);
    let text = STANDARD.encode(der);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(id.to_owned())))
        .unwrap()
}

/// What the made-up provider does otherwise than it should.
#[derive(Default)]
struct Twist {
    claims: Option<(&'static str, Value)>,
    signs_with: Option<u8>,
    unsigned: bool,
    token_at: Option<&'static str>,
}

fn provider() -> Provider {
    Provider {
        issuer: "https://id.example".to_owned(),
        client_id: "upheld".to_owned(),
        client_secret: Some(Secret::new("between us".to_owned())),
        redirect: "https://privacy.example/sign-in/elsewhere".to_owned(),
        two_factors: true,
    }
}

fn answer(value: &Value) -> HttpResponse {
    let mut answer = HttpResponse::new(value.to_string().into_bytes());
    let kind = "application/json".parse().unwrap();
    answer.headers_mut().insert("content-type", kind);
    answer
}

/// Signs in with a provider that is twisted so.
fn sign_in(twist: &Twist) -> Result<Option<Account>> {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::create(&folder.path().join("keys"), Arc::new(vault::OsRng)).unwrap();
    let nonce = Mutex::new(String::new());
    let seen = Mutex::new(Vec::new());
    let exchange = |request: HttpRequest| {
        let url = request.uri().to_string();
        seen.lock().unwrap().push(url.clone());
        Ok(match url.as_str() {
            "https://id.example/.well-known/openid-configuration" => answer(&json!({
                "issuer": "https://id.example",
                "authorization_endpoint": "https://id.example/authorize",
                "token_endpoint": twist.token_at.unwrap_or("https://id.example/token"),
                "jwks_uri": "https://id.example/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["EdDSA"],
            })),
            "https://id.example/keys" => {
                let keys = CoreJsonWebKeySet::new(vec![key(1, "one").as_verification_key()]);
                answer(&serde_json::to_value(keys).unwrap())
            }
            "https://id.example/token" => {
                let body = String::from_utf8(request.body().clone()).unwrap();
                assert!(body.contains("code=from-the-browser") && body.contains("code_verifier="));
                let mut claims = json!({
                    "iss": "https://id.example", "aud": ["upheld"], "exp": NOW + 60, "iat": NOW,
                    "nonce": *nonce.lock().unwrap(), "sub": "42", "email": "ann@example.com",
                    "email_verified": true,
                });
                if let Some((name, value)) = &twist.claims {
                    claims[*name] = value.clone();
                }
                let token = if twist.unsigned {
                    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
                    json!(format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims)))
                } else {
                    let claims: CoreIdTokenClaims = serde_json::from_value(claims).unwrap();
                    let signs = key(twist.signs_with.unwrap_or(1), "one");
                    let alg = CoreJwsSigningAlgorithm::EdDsa;
                    json!(CoreIdToken::new(claims, &signs, alg, None, None).unwrap().to_string())
                };
                answer(&json!({ "access_token": "a", "token_type": "Bearer", "id_token": token }))
            }
            other => panic!("the provider has no {other}"),
        })
    };
    let rng = SeededRng::new(1);
    let beginning = provider().begin(&exchange, &rng)?;
    let address = Url::parse(beginning.address.expose_secret()).unwrap();
    let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["redirect_uri"], "https://privacy.example/sign-in/elsewhere");
    assert_eq!(asked["state"], *beginning.state.expose_secret());
    *nonce.lock().unwrap() = asked["nonce"].clone();
    let begun = beginning.begun.expose_secret();
    let now = Micros(NOW * 1_000_000);
    provider().finish(&exchange, &vault, begun, "from-the-browser", now)
}

#[test]
fn an_account_is_vouched_for_by_a_signed_and_fitting_token() {
    let account = sign_in(&Twist::default()).unwrap().unwrap();
    assert_eq!(account.email.unwrap().expose(), "ann@example.com");
    let unverified = Twist { claims: Some(("email_verified", json!(false))), ..Twist::default() };
    let account = sign_in(&unverified).unwrap().unwrap();
    assert!(account.email.is_none(), "an address that nobody made sure of binds nobody");
}

#[test]
fn whatever_does_not_fit_is_refused() {
    let claim = |name, value| Twist { claims: Some((name, value)), ..Twist::default() };
    for (twist, what) in [
        (claim("iss", json!("https://other.example")), "another issuer"),
        (claim("aud", json!(["somebody else"])), "for somebody else"),
        (claim("aud", json!(["upheld", "somebody else"])), "for somebody else too"),
        (claim("exp", json!(NOW - 1)), "over"),
        (claim("nonce", json!("another")), "an answer to another question"),
        (Twist { signs_with: Some(2), ..Twist::default() }, "another key"),
        (Twist { unsigned: true, ..Twist::default() }, "no signature"),
    ] {
        assert!(sign_in(&twist).unwrap().is_none(), "{what}");
    }
}

#[test]
fn nothing_is_sent_where_others_read_along() {
    let plain = Twist { token_at: Some("http://id.example/token"), ..Twist::default() };
    assert!(sign_in(&plain).unwrap().is_none(), "the code stays here");
    for (address, wanted) in [
        ("https://id.example", true),
        ("http://localhost:8080/realm", true),
        ("http://127.0.0.1:8080", true),
        ("http://[::1]:8080", true),
        ("http://id.example", false),
        ("http://localhost.example", false),
        ("http://192.168.0.1", false),
        ("file:///etc/passwd", false),
        ("id.example", false),
    ] {
        assert_eq!(guarded(address).is_ok(), wanted, "{address}");
    }
}
