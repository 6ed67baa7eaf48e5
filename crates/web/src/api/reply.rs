//! What a call is answered with: a type says status, kind and shape.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// JSON.
const JSON: &str = "application/json";

/// An answer as it goes out, and as it is kept for whoever asks again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sent {
    pub(super) status: u16,
    kind: Option<String>,
    tag: Option<String>,
    /// What the file is called.
    name: Option<String>,
    body: Vec<u8>,
}

impl IntoResponse for Sent {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = status;
        let name = self.name.map(|name| format!("attachment; filename=\"{name}\""));
        for (header, value) in
            [(CONTENT_TYPE, self.kind), (ETAG, self.tag), (CONTENT_DISPOSITION, name)]
        {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                response.headers_mut().insert(header, value);
            }
        }
        response
    }
}

/// What a handler answers.
pub(crate) trait Reply: Send + 'static {
    /// The status.
    const STATUS: u16;
    /// What it means, for the document.
    const MEANS: &'static str;
    /// Whether it carries the step at which it was read.
    const TAGGED: bool = false;
    /// Its kind and shape; none without a body.
    fn shape(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)>;
    /// The answer.
    fn sent(self) -> Result<Sent, Failure>;
}

fn json<T: Serialize>(status: u16, what: &T) -> Result<Sent, Failure> {
    let body = serde_json::to_vec(what).map_err(|_| Failure::Internal)?;
    Ok(Sent { status, kind: Some(JSON.to_owned()), tag: None, name: None, body })
}

/// What was asked for.
pub(super) struct Found<T>(pub(super) T);

impl<T: Serialize + JsonSchema + Send + 'static> Reply for Found<T> {
    const STATUS: u16 = 200;
    const MEANS: &'static str = "What was asked for.";
    fn shape(schemas: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some((JSON, schemas.subschema_for::<T>()))
    }
    fn sent(self) -> Result<Sent, Failure> {
        json(Self::STATUS, &self.0)
    }
}

/// The same, with the step at which it was read: whoever changes it says so with `If-Match`.
pub(super) struct Tagged<T>(pub(super) u64, pub(super) T);

impl<T: Serialize + JsonSchema + Send + 'static> Reply for Tagged<T> {
    const STATUS: u16 = 200;
    const MEANS: &'static str = "What was asked for, and in `ETag` the step at which it was read.";
    const TAGGED: bool = true;
    fn shape(schemas: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some((JSON, schemas.subschema_for::<T>()))
    }
    fn sent(self) -> Result<Sent, Failure> {
        Ok(Sent { tag: Some(format!("\"{}\"", self.0)), ..json(Self::STATUS, &self.1)? })
    }
}

/// Something was made.
pub(super) struct Made<T>(pub(super) T);

impl<T: Serialize + JsonSchema + Send + 'static> Reply for Made<T> {
    const STATUS: u16 = 201;
    const MEANS: &'static str = "It was made.";
    fn shape(schemas: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some((JSON, schemas.subschema_for::<T>()))
    }
    fn sent(self) -> Result<Sent, Failure> {
        json(Self::STATUS, &self.0)
    }
}

/// The id of what was made.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Id {
    /// 32 hexadecimal digits.
    pub(super) id: String,
}

/// It was begun, and goes on by itself.
pub(super) struct Begun;

impl Reply for Begun {
    const STATUS: u16 = 202;
    const MEANS: &'static str = "It was taken up and goes on by itself.";
    fn shape(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        None
    }
    fn sent(self) -> Result<Sent, Failure> {
        Ok(Sent { status: Self::STATUS, kind: None, tag: None, name: None, body: Vec::new() })
    }
}

/// It is done, and there is nothing to say.
pub(super) struct Done;

impl Reply for Done {
    const STATUS: u16 = 204;
    const MEANS: &'static str = "It is done.";
    fn shape(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        None
    }
    fn sent(self) -> Result<Sent, Failure> {
        Ok(Sent { status: Self::STATUS, kind: None, tag: None, name: None, body: Vec::new() })
    }
}

/// A text.
pub(super) struct Text(pub(super) String);

impl Reply for Text {
    const STATUS: u16 = 200;
    const MEANS: &'static str = "The text.";
    fn shape(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some(("text/plain", schemars::json_schema!({ "type": "string" })))
    }
    fn sent(self) -> Result<Sent, Failure> {
        let kind = Some("text/plain; charset=utf-8".to_owned());
        Ok(Sent { status: 200, kind, tag: None, name: None, body: self.0.into_bytes() })
    }
}

/// JSON that was made elsewhere, byte for byte.
pub(super) struct Raw(pub(super) Vec<u8>);

impl Reply for Raw {
    const STATUS: u16 = 200;
    const MEANS: &'static str = "The document.";
    fn shape(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some((JSON, schemars::json_schema!({ "type": "object" })))
    }
    fn sent(self) -> Result<Sent, Failure> {
        let kind = Some(JSON.to_owned());
        Ok(Sent { status: 200, kind, tag: None, name: None, body: self.0 })
    }
}

/// A file.
pub(super) struct File {
    /// What it is called; our own words.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

impl Reply for File {
    const STATUS: u16 = 200;
    const MEANS: &'static str = "The file.";
    fn shape(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        // OpenAPI 3.1 has raw bytes as an empty schema.
        Some(("application/octet-stream", schemars::json_schema!({})))
    }
    fn sent(self) -> Result<Sent, Failure> {
        let kind = Some("application/octet-stream".to_owned());
        Ok(Sent { status: 200, kind, tag: None, name: Some(self.name), body: self.bytes })
    }
}
