//! The two routes as OpenAPI.

use serde_json::{Value, json};

/// The paths, by name.
pub(crate) fn paths() -> Value {
    let get = |id: &str, summary: &str, description: &str, answers: Value| {
        json!({"get": {
            "operationId": id, "tags": ["health"], "summary": summary,
            "description": description, "parameters": [], "responses": answers,
        }})
    };
    json!({
        "/healthz": get(
            "isAlive",
            "Whether the process lives",
            "Restart the process if this does not answer. It says nothing about the database.",
            json!({"200": answer("It does.", "Alive"), "403": blocked()}),
        ),
        "/readyz": get(
            "isReady",
            "Whether the process should get requests",
            "Whether the database answers within a second, its schema has all that this release \
             needs, and the process is not about to stop. What the database said counts for a \
             second, so that probes cost next to nothing. A process that has waited for its drain \
             delay refuses connections.",
            json!({
                "200": answer("It should.", "Ready"),
                "403": blocked(),
                "503": answer("It should not, for these reasons.", "NotReady"),
            }),
        ),
    })
}

/// The bodies, by name.
pub(crate) fn schemas() -> Value {
    let status = |word: &str| json!({"const": word});
    json!({
        "Alive": closed(json!({"status": status("alive")})),
        "Ready": closed(json!({"status": status("ready")})),
        "NotReady": closed(json!({
            "status": status("not_ready"),
            "reasons": {
                "type": "array", "minItems": 1,
                "items": {"type": "string", "enum": ["stopping", "database", "schema"]},
            },
        })),
    })
}

/// What a service without keys says to a request by another name, of another origin, or of a proxy.
fn blocked() -> Value {
    json!({"$ref": "#/components/responses/Forbidden"})
}

fn answer(description: &str, schema: &str) -> Value {
    json!({
        "description": description,
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
        "content": {"application/json": {
            "schema": {"$ref": format!("#/components/schemas/{schema}")},
        }},
    })
}

fn closed(properties: Value) -> Value {
    let names = properties.as_object().into_iter().flatten();
    let required: Vec<&String> = names.map(|(name, _)| name).collect();
    json!({
        "type": "object", "properties": properties, "required": required,
        "additionalProperties": false,
    })
}
