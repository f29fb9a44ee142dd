//! The classic routes as OpenAPI, including that the status is always 200.

use serde_json::{Value, json};
use wallet_domain::Rejection;

use super::routes::ROUTES;

/// The paths, by name.
pub(crate) fn paths() -> Value {
    let about = "The status is 200 whatever happens, but for whom may not come in; `result` tells \
                 whether it went well.";
    let get = |id: &str, summary: &str, schema: &str, parameters: Value| {
        json!({"get": {
            "operationId": id, "tags": ["classic"], "summary": summary, "description": about,
            "parameters": parameters, "responses": answer(schema),
        }})
    };
    let example = json!({
        "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a70",
        "sender_account_id": "1836981e-7bce-4356-99a5-a001073e51fe",
        "receiver_account_id": "8ff54aaa-31d7-4a04-908a-6fa375030432",
        "amount": "100.111", "currency_code": "USD",
    });
    let id = json!([{
        "name": "id", "in": "path", "required": true, "schema": reference("Id"),
        "description": "The account's id.", "example": "1836981e-7bce-4356-99a5-a001073e51fe",
    }]);
    let mut paths = json!({
        "/transfers/": {"post": {
            "operationId": "classicTransfer", "tags": ["classic"],
            "summary": "Transfer money, as the original service did", "description": about,
            "requestBody": {"required": true, "content": {"application/json": {
                "schema": reference("ClassicTransfer"), "example": example,
            }}},
            "responses": answer("ClassicAnswer"),
        }},
        "/accounts/": get(
            "classicAccounts",
            "The 100 accounts that were updated least recently",
            "ClassicAccounts",
            json!([]),
        ),
        "/accounts/{id}/transfers/": get(
            "classicTransfers",
            "The 100 newest transfers of an account",
            "ClassicTransfers",
            id,
        ),
    });
    for route in ROUTES {
        let operation = &mut paths[route.path][route.method.as_str().to_ascii_lowercase()];
        operation["security"] = json!([{"key": []}]);
        operation["x-needs"] = route.need.to_json();
    }
    paths
}

/// The bodies, by name.
pub(crate) fn schemas() -> Value {
    let rejections = Rejection::ALL.iter().map(|rejection| rejection.code());
    let failures = [
        "malformed_request",
        "service_unavailable",
        "internal_error",
        "unauthorized",
        "forbidden",
        "too_many_requests",
        "host_not_allowed",
        "origin_not_allowed",
        "proxy_not_allowed",
    ];
    let codes: Vec<&str> = rejections.chain(failures).collect();
    let error = json!({
        "type": "object", "required": ["result", "error"], "additionalProperties": false,
        "properties": {"result": {"const": "ERROR"}, "error": {"type": "string", "enum": codes}},
    });
    let ok = json!({
        "type": "object", "required": ["result"], "additionalProperties": false,
        "properties": {"result": {"const": "OK"}},
    });
    let list = |entry: &str| {
        let ok = json!({
            "type": "object", "required": ["result", "payload"], "additionalProperties": false,
            "properties": {
                "result": {"const": "OK"},
                "payload": {"type": "array", "maxItems": 100, "items": reference(entry)},
            },
        });
        json!({"oneOf": [ok, reference("ClassicError")]})
    };
    let decimal = || json!({"type": "string", "description": "A decimal without needless zeros."});
    let account = json!({
        "id": reference("Id"), "currency_code": reference("CurrencyCode"), "balance": decimal(),
        "created_at": reference("Time"), "updated_at": reference("Time"),
    });
    let transfer = json!({
        "id": reference("Id"), "account_id": reference("Id"),
        "corresponding_account_id": {"anyOf": [reference("Id"), {"type": "null"}]},
        "type": {"type": "string", "enum": ["DEPOSIT", "WITHDRAW", "INTERNAL"]},
        "direction": {"type": "string", "enum": ["INCOMING", "OUTGOING"]},
        "amount": decimal(), "currency_code": reference("CurrencyCode"),
        "created_at": reference("Time"),
    });
    let body = json!({
        "type": "object", "description": "Fields that are not named here are ignored.",
        "properties": {
            "id": reference("Id"),
            "sender_account_id": reference("Id"),
            "receiver_account_id": reference("Id"),
            "amount": {"anyOf": [reference("Amount"), {"type": "number"}]},
            "currency_code": {"type": "string"},
        },
    });
    json!({
        "ClassicTransfer": body,
        "ClassicError": error,
        "ClassicAnswer": {"oneOf": [ok, reference("ClassicError")]},
        "ClassicAccount": closed(account),
        "ClassicAccounts": list("ClassicAccount"),
        "ClassicTransferEntry": closed(transfer),
        "ClassicTransfers": list("ClassicTransferEntry"),
    })
}

fn answer(schema: &str) -> Value {
    let answer = |description: &str, schema: &str| {
        json!({
            "description": description,
            "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
            "content": {"application/json": {"schema": reference(schema)}},
        })
    };
    let forbidden = "The caller may not, or the service runs without keys and does not answer such \
                     a request.";
    json!({
        "200": answer("The answer, or the code of an error.", schema),
        "401": answer("The caller is not known.", "ClassicError"),
        "403": answer(forbidden, "ClassicError"),
        "429": answer("Who asks has asked too often.", "ClassicError"),
    })
}

/// An object with just these fields.
fn closed(properties: Value) -> Value {
    let required: Vec<String> = properties
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    json!({
        "type": "object", "properties": properties, "required": required,
        "additionalProperties": false,
    })
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
