//! The OpenAPI 3.1 document, built from the operations that the routes are built from.
//!
//! `docs/openapi.json` is a copy; a test compares the two.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use serde_json::{Map, Value, json};

use super::codes;
use super::operation::{Answer, Body, Operation, Parameter, Place};
use super::schema::{self, object, reference};

/// What a reader of the document should know first.
const ABOUT: &str = "Stores account balances and transfers money between accounts.\n\n\
    **Every write is safe to repeat.** The id that you choose is the key of idempotency, for ever: \
    the same request again has no further effect and answers as the first time, with \
    `Idempotent-Replayed: true`; another request with the same id is refused. Instead of an `id` \
    in the body you can send an `Idempotency-Key`.\n\n\
    **An answer is the truth.** It is sent after the commit, with the amount as it was booked and \
    the balance of each account as of that write.\n\n\
    **Money is a string** with the digits of its currency. Errors are `application/problem+json` \
    (RFC 9457) with a stable `code`; see [the list of codes](/docs/errors).";

/// The document.
pub(crate) fn document(operations: &[Operation], schemas: Vec<schema::Named>) -> Value {
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for operation in operations {
        let path = paths.entry(format!("/v1{}", operation.path)).or_default();
        let method = operation.method.as_str().to_ascii_lowercase();
        path.insert(method, described(operation));
    }
    let values = schema::values().into_iter().chain(problem_schemas());
    let schemas: BTreeMap<_, _> = values.chain(schemas).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "wallet-api",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": tags(operations),
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {
                "type": "http",
                "scheme": "bearer",
                "description": "A key of `wallet-api keys create`, or a JWT of the identity \
                                provider that the service was started with (`--auth-jwks`). Not \
                                asked for where the service listens on loopback only, or was \
                                started with `--auth off`. `x-needs` of an operation names the \
                                scope that it needs (in a JWT with `wallet:` before it), and what \
                                of it is for those who are limited to accounts: all of it, what is \
                                about their own, or nothing.",
            }},
            "schemas": schemas,
            "responses": responses(operations),
            "headers": {"RequestId": {
                "description": "The id of this request in the service's log; yours, if you sent \
                                one.",
                "schema": schema::text(),
            }},
        },
    })
}

/// The first part of a path: what its operations are about.
fn tag(operation: &Operation) -> &'static str {
    operation.path.split('/').nth(1).unwrap_or_default()
}

fn tags(operations: &[Operation]) -> Value {
    let mut tags: Vec<&str> = operations.iter().map(tag).collect();
    tags.dedup();
    tags.iter().map(|tag| json!({"name": tag})).collect()
}

fn described(operation: &Operation) -> Value {
    let mut described = json!({
        "operationId": operation.id,
        "tags": [tag(operation)],
        "summary": operation.summary,
        "description": operation.description,
        "security": [{"key": []}],
        "x-needs": operation.need.to_json(),
        "parameters": operation.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "responses": answers(operation),
    });
    if let Some(body) = &operation.body {
        described["requestBody"] = request_body(body);
    }
    described
}

fn parameter(parameter: &Parameter) -> Value {
    let mut described = json!({
        "name": parameter.name,
        "in": parameter.place.as_str(),
        "required": parameter.place == Place::Path,
        "description": parameter.description,
        "schema": parameter.schema,
    });
    if let Some(example) = parameter.example {
        described["example"] = json!(example);
    }
    described
}

fn request_body(body: &Body) -> Value {
    json!({
        "required": body.is_required,
        "content": {"application/json": {
            "schema": reference(body.schema),
            "example": body.example,
        }},
    })
}

fn answers(operation: &Operation) -> Value {
    let mut answers = Map::new();
    for answer in &operation.answers {
        answers.insert(answer.status.as_str().to_owned(), success(answer));
    }
    for status in statuses(operation) {
        let response = json!({"$ref": format!("#/components/responses/{}", response_name(status))});
        answers.insert(status.as_str().to_owned(), response);
    }
    Value::Object(answers)
}

fn success(answer: &Answer) -> Value {
    let content = answer.media.iter();
    let content: Map<_, _> = content
        .map(|(media_type, schema)| ((*media_type).to_owned(), json!({"schema": schema})))
        .collect();
    let mut headers = Map::new();
    headers.insert("X-Request-Id".to_owned(), request_id());
    for (name, description) in &answer.headers {
        let header = json!({"description": description, "schema": schema::text()});
        headers.insert((*name).to_owned(), header);
    }
    json!({"description": answer.description, "headers": headers, "content": content})
}

/// The statuses of the problems that an operation may answer with.
fn statuses(operation: &Operation) -> impl Iterator<Item = StatusCode> + '_ {
    let always = [
        StatusCode::BAD_REQUEST,
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::INTERNAL_SERVER_ERROR,
        StatusCode::SERVICE_UNAVAILABLE,
    ];
    operation.problems.iter().copied().chain(always)
}

fn responses(operations: &[Operation]) -> Value {
    let mut responses = BTreeMap::new();
    for status in operations.iter().flat_map(statuses) {
        responses.insert(response_name(status), problem(status));
    }
    json!(responses)
}

/// `UnprocessableEntity`
fn response_name(status: StatusCode) -> String {
    status
        .canonical_reason()
        .unwrap_or_default()
        .replace(' ', "")
}

fn problem(status: StatusCode) -> Value {
    let codes: Vec<String> = codes::all()
        .into_iter()
        .filter(|code| code.status == status)
        .map(|code| format!("- `{}`: {}", code.code, code.meaning))
        .collect();
    let mut headers = json!({"X-Request-Id": request_id()});
    let pauses = [
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    if pauses.contains(&status) {
        headers["Retry-After"] = json!({
            "description": "Seconds to wait before the same request is sent again.",
            "schema": {"type": "integer"},
        });
    }
    json!({
        "description": format!("One of these codes:\n\n{}", codes.join("\n")),
        "headers": headers,
        "content": {"application/problem+json": {"schema": reference("Problem")}},
    })
}

fn request_id() -> Value {
    json!({"$ref": "#/components/headers/RequestId"})
}

fn problem_schemas() -> Vec<schema::Named> {
    let codes: Vec<&str> = codes::all().into_iter().map(|code| code.code).collect();
    let place = "Where: in the body, as a JSON pointer (RFC 6901).";
    let fault = object(
        "One thing that is wrong, and where: one of `pointer`, `parameter` and `header`.",
        &[
            ("pointer?", schema::described(schema::text(), place)),
            (
                "parameter?",
                schema::described(schema::text(), "The name of a parameter."),
            ),
            (
                "header?",
                schema::described(schema::text(), "The name of a header."),
            ),
            ("code", schema::text()),
            ("detail", schema::text()),
        ],
    );
    let position = object(
        "Where the text stops being JSON.",
        &[
            ("line", schema::whole_number("Counted from 1.")),
            (
                "column",
                schema::whole_number("Counted from 1; 0 at the end of the text."),
            ),
        ],
    );
    let problem = object(
        "Why a request was not executed (RFC 9457).",
        &[
            (
                "type",
                schema::described(schema::text(), "Where the code is explained."),
            ),
            ("title", schema::text()),
            ("status", json!({"type": "integer"})),
            ("code", schema::one_of(&codes)),
            ("detail", schema::text()),
            ("request_id?", schema::text()),
            ("errors?", schema::list(reference("Fault"))),
            ("position?", position),
            ("mode?", schema::one_of(&["atomic", "independent"])),
            ("items?", schema::list(reference("BatchItemResult"))),
            (
                "failed_index?",
                schema::whole_number("Which item was refused, counted from 0."),
            ),
        ],
    );
    vec![("Fault", fault), ("Problem", problem)]
}
