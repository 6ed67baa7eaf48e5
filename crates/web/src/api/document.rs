//! The document: OpenAPI 3.1, made from the table and from the types of its handlers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::call::{Body, Call, get};
use super::reply::{Raw, Reply};
use crate::failure::Failure;
use crate::routes::{Access, Kind, Row};

/// What a row reads and answers.
#[derive(Clone)]
pub(crate) struct Operation {
    id: &'static str,
    summary: &'static str,
    query: fn(&mut SchemaGenerator) -> Schema,
    body: Option<fn(&mut SchemaGenerator) -> Schema>,
    /// Whether a body must be there.
    writes: bool,
    reply: fn(&mut SchemaGenerator) -> Option<(&'static str, Schema)>,
    status: u16,
    means: &'static str,
    tagged: bool,
}

impl Operation {
    pub(super) fn read<Q: JsonSchema, T: Reply>(id: &'static str, summary: &'static str) -> Self {
        Self {
            id,
            summary,
            query: |schemas| schemas.subschema_for::<Q>(),
            body: None,
            writes: false,
            reply: T::shape,
            status: T::STATUS,
            means: T::MEANS,
            tagged: T::TAGGED,
        }
    }

    pub(super) fn write<Q: JsonSchema, B: Body, T: Reply>(
        id: &'static str,
        summary: &'static str,
    ) -> Self {
        let body: fn(&mut SchemaGenerator) -> Schema = |schemas| schemas.subschema_for::<B>();
        Self { body: B::NEEDED.then_some(body), writes: true, ..Self::read::<Q, T>(id, summary) }
    }
}

/// Where the document is.
const PATH: &str = "/api/v1/openapi.json";

/// The rows of the document.
pub(super) fn rows() -> Vec<Row> {
    let told = ("readDocument", "This document.");
    vec![get(PATH, Access::Public(Kind::Page), told, async |_: Call| {
        static BYTES: LazyLock<Vec<u8>> =
            LazyLock::new(|| document(&crate::routes::table()).to_string().into_bytes());
        Ok::<_, Failure>(Raw(BYTES.clone()))
    })]
}

/// What each refusal means, and when an operation can give it.
const REFUSALS: [(u16, &str); 12] = [
    (400, "What came cannot be read."),
    (401, "Nobody is shown, or a factor must be shown again first."),
    (403, "Whoever calls may not, or the call came from another site."),
    (404, "There is nothing here, or not for whoever asks."),
    (409, "It cannot be done as things stand, or a call with this key is under way."),
    (412, "It was changed since it was read."),
    (413, "More came than is taken."),
    (415, "What came is not JSON."),
    (421, "The name by which the server was called is not its own."),
    (422, "A value cannot be taken, or this key was used for another call."),
    (429, "Too many calls."),
    (503, "The server cannot answer now; try again."),
];

fn refuses(row: &Row, operation: &Operation, status: u16) -> bool {
    let staff = !matches!(row.access, Access::Public(_));
    let params = row.path.contains('{');
    let limited = row.access != Access::Public(Kind::Page);
    match status {
        401 => staff,
        403 => staff || operation.writes,
        404 => params || staff || matches!(row.path, "/api/v1/intake/page" | "/api/v1/intake/file"),
        409 => operation.writes || staff,
        412 => operation.writes && row.path.starts_with("/api/v1/requests/{id}"),
        413 => operation.writes,
        415 => operation.body.is_some(),
        400 | 422 => limited,
        429 => limited,
        _ => true,
    }
}

/// The document of these rows.
pub(super) fn document(rows: &[Row]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut read = settings.clone().for_deserialize().into_generator();
    let mut written = settings.for_serialize().into_generator();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for row in rows {
        let Some(operation) = &row.operation else { continue };
        let method = row.method.as_str().to_ascii_lowercase();
        let described = describe(row, operation, &mut read, &mut written);
        paths.entry(row.path).or_default().insert(method, described);
    }
    // Read by its contract for readers: what may be left out is not there.
    let problem = read.subschema_for::<Problem>();
    let problem = json!({ "application/problem+json": { "schema": problem } });
    let refusals: Map<String, Value> = REFUSALS
        .iter()
        .map(|(status, means)| {
            let told = json!({ "description": means, "content": problem });
            (format!("Refusal{status}"), told)
        })
        .collect();
    let mut schemas: BTreeMap<String, Value> = read.take_definitions(true).into_iter().collect();
    schemas.extend(written.take_definitions(true));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Upheld",
            "version": "1",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": "Everything that the console does, for programs. Tokens are made in the console and sent as `Authorization: Bearer upheld_…`. \
                What goes wrong is a problem (RFC 9457). A POST that is sent again with the same `Idempotency-Key` within a day is answered as the first time, and nothing is done twice. \
                Lists come in parts: `next` of one is `after` of the next.",
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "A token of the API." },
            },
            "schemas": schemas,
            "responses": refusals,
        },
    })
}

fn describe(
    row: &Row,
    operation: &Operation,
    read: &mut SchemaGenerator,
    written: &mut SchemaGenerator,
) -> Value {
    let mut parameters: Vec<Value> = params(row.path).collect();
    let query = (operation.query)(read);
    let query = resolved(query, read);
    if let Some(properties) = query.get("properties").and_then(Value::as_object) {
        for (name, schema) in properties {
            let mut schema = schema.clone();
            let described = schema.as_object_mut().and_then(|one| one.shift_remove("description"));
            // What may be left out is left out; `null` is no text of a query.
            unnull(&mut schema);
            parameters.push(json!({
                "name": name, "in": "query", "required": false, "schema": schema,
                "description": described.unwrap_or_default(),
            }));
        }
    }
    if operation.writes {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Signs of the caller's own. A call that is sent again with the same key and the same content is answered as the first time.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        }));
    }
    if refuses(row, operation, 412) {
        parameters.push(json!({
            "name": "If-Match", "in": "header", "required": false,
            "description": "The `ETag` with which the request was read: if it was changed since, nothing is done.",
            "schema": { "type": "string", "pattern": "^(\\*|\"[0-9]{1,18}\")$" },
        }));
    }
    let mut answer = Map::new();
    answer.insert("description".to_owned(), operation.means.into());
    if let Some((kind, schema)) = (operation.reply)(written) {
        answer.insert("content".to_owned(), json!({ kind: { "schema": schema } }));
    }
    if operation.tagged {
        let tag = json!({ "ETag": { "schema": { "type": "string" } } });
        answer.insert("headers".to_owned(), tag);
    }
    let mut answers = Map::new();
    answers.insert(operation.status.to_string(), Value::Object(answer));
    for (status, _) in REFUSALS.iter().filter(|(status, _)| refuses(row, operation, *status)) {
        let place = format!("#/components/responses/Refusal{status}");
        answers.insert(status.to_string(), json!({ "$ref": place }));
    }
    let tag = row.path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default();
    let mut told = Map::new();
    let mut say = |name: &str, what: Value| told.insert(name.to_owned(), what);
    say("operationId", operation.id.into());
    say("summary", operation.summary.into());
    if let Access::May(action) = row.access {
        say("description", format!("Scope `{action}`. {}", in_person(action)).trim().into());
    }
    say("tags", json!([tag]));
    let public = matches!(row.access, Access::Public(_));
    say("security", if public { json!([]) } else { json!([{ "token": [] }]) });
    say("parameters", parameters.into());
    if let Some(body) = operation.body {
        let content = json!({ "application/json": { "schema": body(read) } });
        say("requestBody", json!({ "required": true, "content": content }));
    }
    say("responses", Value::Object(answers));
    Value::Object(told)
}

/// What no token does.
fn in_person(action: auth::Action) -> &'static str {
    match auth::Authority::shared().map(|authority| authority.fits_a_token(action)) {
        Ok(true) => "",
        _ => "Only a person at the console may do it: no token has this scope.",
    }
}

/// The parts of a path. What an id looks like is said; one that looks otherwise names nothing.
fn params(path: &str) -> impl Iterator<Item = Value> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    names.map(|name| {
        let schema = match name {
            "id" => json!({ "type": "string", "pattern": "^[0-9a-f]{32}$" }),
            "entry" => json!({ "type": "integer", "minimum": 0, "maximum": i64::MAX }),
            _ => json!({ "type": "string", "minLength": 1, "maxLength": 200 }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    })
}

/// The schema itself where there is a pointer to it.
fn resolved(schema: Schema, schemas: &mut SchemaGenerator) -> Value {
    let value = schema.to_value();
    let name = value.get("$ref").and_then(Value::as_str).and_then(|place| place.rsplit('/').next());
    match name.map(str::to_owned) {
        // Its properties become parameters: nothing points at it any more.
        Some(name) => schemas.definitions_mut().shift_remove(&name).unwrap_or(value),
        None => value,
    }
}

fn unnull(schema: &mut Value) {
    let Some(one) = schema.as_object_mut() else { return };
    if let Some(kinds) = one.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            one.insert("type".to_owned(), only);
        }
    }
    if let Some(either) = one.get_mut("anyOf").and_then(Value::as_array_mut) {
        either.retain(|one| one.get("type").is_none_or(|kind| kind != "null"));
        if let [only] = either.as_slice() {
            *schema = only.clone();
        }
    }
}

/// What goes wrong (RFC 9457).
#[derive(JsonSchema)]
#[allow(dead_code)]
struct Problem {
    /// Which problem, in signs that do not change: `tag:upheld.example,2026:stale`.
    r#type: String,
    /// What happened, in a few words.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What to do.
    detail: String,
    /// Which value cannot be taken, where one cannot.
    #[schemars(default)]
    field: Option<String>,
}

/// Whether a row is one of the API.
#[cfg(test)]
pub(super) fn is_ours(row: &Row) -> bool {
    row.path.starts_with("/api/")
}
