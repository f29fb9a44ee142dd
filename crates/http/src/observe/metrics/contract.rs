//! The route as OpenAPI.

use serde_json::{Value, json};

use super::NEED;

/// The path, by name.
pub(crate) fn paths() -> Value {
    let answer = json!({
        "description": "All metrics, one sample per line.",
        "headers": {
            "X-Request-Id": {"$ref": "#/components/headers/XRequestId"},
            "RateLimit": {"$ref": "#/components/headers/RateLimit"},
            "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
        },
        "content": {"text/plain": {"schema": {"type": "string"}}},
    });
    let refused = |name: &str| json!({"$ref": format!("#/components/responses/{name}")});
    json!({"/metrics": {"get": {
        "operationId": "getMetrics", "tags": ["metrics"],
        "summary": "Read the metrics",
        "description": "Returns the metrics in the text format of Prometheus. `docs/METRICS.md` \
                        explains each of them. The numbers are those of this process alone, and \
                        begin at zero when it starts.",
        "security": NEED.security(), "x-needs": NEED.to_json(),
        "parameters": [], "responses": {
            "200": answer, "401": refused("Unauthorized"), "403": refused("Forbidden"),
            "429": refused("TooManyRequests"),
            "500": refused("InternalServerError"), "503": refused("ServiceUnavailable"),
        },
    }}})
}
