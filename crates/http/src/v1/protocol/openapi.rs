//! The OpenAPI 3.1 document, built from the operations that the routes are built from.
//!
//! `docs/openapi.json` is a copy; a test compares the two.

mod parts;

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::StatusCode;
use serde_json::{Map, Value, json};

use super::codes::{self, Code};
use super::describe::{Describe as _, Schemas};
use super::operation::{Answer, Operation, media_types};
use super::problem::ProblemReply;

/// The codes that every operation can answer with.
const ALWAYS: [&str; 9] = [
    "malformed_request",
    "unauthorized",
    "forbidden",
    BLOCKED[0],
    BLOCKED[1],
    BLOCKED[2],
    "too_many_requests",
    "internal_error",
    "service_unavailable",
];

/// The codes of requests that a service without keys refuses, whatever they request.
const BLOCKED: [&str; 3] = [
    "host_not_allowed",
    "origin_not_allowed",
    "proxy_not_allowed",
];

/// Builds the document.
pub(crate) fn document(operations: &[Operation]) -> Value {
    let mut schemas = Schemas::default();
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for operation in operations {
        let path = paths.entry(format!("/v1{}", operation.path)).or_default();
        let method = operation.method.as_str().to_ascii_lowercase();
        path.insert(method, described(operation, &mut schemas));
    }
    let shared = by_status(ALWAYS.iter().copied());
    let shared = shared.iter().map(|(status, codes)| {
        let response = problem(*status, codes, ProblemReply::schema(&mut schemas));
        (response_name(*status), response)
    });
    let mut shared: BTreeMap<String, Value> = shared.collect();
    let blocked = problem(
        StatusCode::FORBIDDEN,
        &BLOCKED.into(),
        ProblemReply::schema(&mut schemas),
    );
    shared.insert("Blocked".to_owned(), blocked);
    json!({
        "openapi": "3.1.0",
        "info": parts::info(),
        "servers": [{"url": "/"}],
        "tags": parts::tags(),
        "paths": paths,
        "components": {
            "securitySchemes": parts::security_schemes(),
            "schemas": schemas.0,
            "responses": shared,
            "headers": parts::headers(),
        },
    })
}

/// The tag of an operation: the first part of its path.
fn tag(operation: &Operation) -> &'static str {
    operation.path.split('/').nth(1).unwrap_or_default()
}

fn described(operation: &Operation, schemas: &mut Schemas) -> Value {
    let mut described = json!({
        "operationId": operation.id,
        "tags": [tag(operation)],
        "summary": operation.summary,
        "description": operation.description,
        "security": operation.need.security(),
        "x-needs": operation.need.to_json(),
        "parameters": operation.parameters(schemas),
        "responses": responses(operation, schemas),
    });
    if let Some(body) = &operation.body {
        let media = json!({
            "schema": (body.schema)(schemas),
            "example": parts::example(operation.id, "request"),
        });
        let media_types = media_types(&operation.method).iter();
        let content = media_types.map(|it| ((*it).to_owned(), media.clone()));
        described["requestBody"] = json!({
            "required": body.is_required,
            "content": content.collect::<Map<_, _>>(),
        });
    }
    described
}

fn responses(operation: &Operation, schemas: &mut Schemas) -> Value {
    let mut responses = Map::new();
    for answer in &operation.answers {
        let mut response = success(answer, schemas);
        response["content"]["application/json"]["example"] =
            parts::example(operation.id, "response");
        responses.insert(answer.status.as_str().to_owned(), response);
    }
    let always = by_status(ALWAYS.iter().copied());
    for (status, codes) in by_status(ALWAYS.iter().chain(&operation.codes).copied()) {
        let response = match always.get(&status) == Some(&codes) {
            true => json!({"$ref": format!("#/components/responses/{}", response_name(status))}),
            false => {
                let schema = match &operation.problem {
                    Some((special, schema)) if *special == status => schema(schemas),
                    _ => ProblemReply::schema(schemas),
                };
                problem(status, &codes, schema)
            }
        };
        responses.insert(status.as_str().to_owned(), response);
    }
    Value::Object(responses)
}

fn success(answer: &Answer, schemas: &mut Schemas) -> Value {
    let media = answer.media.iter();
    let content = media
        .map(|(media_type, schema)| ((*media_type).to_owned(), json!({"schema": schema(schemas)})));
    let content: Map<_, _> = content.collect();
    json!({
        "description": answer.description,
        "headers": headers(&answer.headers),
        "content": content,
    })
}

/// The codes of each status.
fn by_status(
    codes: impl Iterator<Item = &'static str>,
) -> BTreeMap<StatusCode, BTreeSet<&'static str>> {
    let mut by_status: BTreeMap<StatusCode, BTreeSet<&str>> = BTreeMap::new();
    let all = codes::all();
    for code in codes {
        // A test checks that each code is known.
        let known = all.iter().find(|known| known.code == code);
        if let Some(Code { status, code, .. }) = known {
            by_status.entry(*status).or_default().insert(*code);
        }
    }
    by_status
}

/// `UnprocessableEntity`
fn response_name(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    reason.replace(' ', "")
}

fn problem(status: StatusCode, codes: &BTreeSet<&str>, schema: Value) -> Value {
    let explained = codes::all()
        .into_iter()
        .filter(|code| codes.contains(code.code))
        .map(|code| format!("- `{}`: {}", code.code, code.meaning))
        .collect::<Vec<_>>();
    let more: &[&str] = match status {
        StatusCode::UNAUTHORIZED => &["WWW-Authenticate"],
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => &["Retry-After"],
        _ => &[],
    };
    json!({
        "description": format!("One of these codes:\n\n{}", explained.join("\n")),
        "x-codes": codes,
        "headers": headers(more),
        "content": {"application/problem+json": {"schema": schema}},
    })
}

/// The headers of every answer, and these.
fn headers(more: &[&str]) -> Value {
    let names = parts::ALWAYS.iter().chain(more);
    let reference = |name: &&str| {
        let name = (*name).to_owned();
        let place = json!({"$ref": format!("#/components/headers/{}", name.replace('-', ""))});
        (name, place)
    };
    Value::Object(names.map(reference).collect())
}
