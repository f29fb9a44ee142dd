//! The parts of JSON Schema that describe the bodies of resources (2020-12, as in OpenAPI 3.1).
//!
//! An object is closed: a request must have no other field, and a reply has none.

use serde_json::{Map, Value, json};
use wallet_domain::{
    METADATA_ENTRIES_MAX, METADATA_KEY_MAX, METADATA_VALUE_MAX, PRECISION_MAX, SHORT_TEXT_MAX,
};

/// A schema under its name.
pub(crate) type Named = (&'static str, Value);

/// A named schema, by its name.
pub(crate) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A closed object. A field whose name ends in `?` may be missing.
pub(crate) fn object(description: &str, fields: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in fields {
        let stem = name.trim_end_matches('?');
        if stem == *name {
            required.push(stem);
        }
        properties.insert(stem.to_owned(), schema.clone());
    }
    json!({
        "type": "object",
        "description": description,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The same schema with its own description.
pub(crate) fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = json!(description);
    schema
}

/// The same, or null.
pub(crate) fn or_null(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// Exactly one of two fields is there and is not null.
pub(crate) fn either(one: &str, other: &str) -> Value {
    let only =
        |name: &str| json!({"required": [name], "properties": {name: {"not": {"type": "null"}}}});
    json!([only(one), only(other)])
}

pub(crate) fn list(schema: Value) -> Value {
    json!({"type": "array", "items": schema})
}

/// A page of a list.
pub(crate) fn page(name: &str) -> Value {
    object(
        "A page of a list.",
        &[
            ("data", list(reference(name))),
            ("has_more", boolean()),
            ("next_cursor", next_cursor()),
        ],
    )
}

/// The cursor of the next page.
pub(crate) fn next_cursor() -> Value {
    let schema = json!({"type": ["string", "null"]});
    described(
        schema,
        "The `cursor` of the next page; null if this is the last one.",
    )
}

pub(crate) fn boolean() -> Value {
    json!({"type": "boolean"})
}

pub(crate) fn text() -> Value {
    json!({"type": "string"})
}

/// One of these texts.
pub(crate) fn one_of(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}

pub(crate) fn whole_number(description: &str) -> Value {
    json!({"type": "integer", "minimum": 0, "description": description})
}

pub(crate) fn limit() -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 20})
}

pub(crate) fn cursor() -> Value {
    json!({"type": "string", "minLength": 1})
}

/// The schemas of single values, which all resources share.
pub(crate) fn values() -> Vec<Named> {
    [ids_and_codes(), money_and_times(), texts()].concat()
}

fn ids_and_codes() -> Vec<Named> {
    vec![
        (
            "Id",
            json!({
                "type": "string", "format": "uuid",
                "pattern": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-\
                            [0-9a-fA-F]{12}$",
                "not": {"const": "00000000-0000-0000-0000-000000000000"},
                "description": "A UUID, chosen by the client: best of version 7. It is the key of \
                                idempotency, for ever.",
            }),
        ),
        (
            "CurrencyCode",
            json!({
                "type": "string", "pattern": "^[A-Za-z0-9]{1,12}$", "example": "USD",
                "description": "The code of a currency. Upper and lower case are the same; answers \
                                have upper case.",
            }),
        ),
        (
            "Precision",
            json!({
                "type": "integer", "minimum": 0, "maximum": PRECISION_MAX, "example": 2,
                "description": "How many digits money has after the point.",
            }),
        ),
    ]
}

fn money_and_times() -> Vec<Named> {
    vec![
        (
            "Amount",
            json!({
                "type": "string", "pattern": "^[+-]?([0-9]{1,19}(\\.[0-9]{0,19})?|\\.[0-9]{1,19})$",
                "example": "100.11",
                "description": "Money as a decimal in plain notation, up to 38 digits. It must be \
                                positive after rounding half away from zero to the digits of its \
                                currency. JSON numbers are refused.",
            }),
        ),
        (
            "Money",
            json!({
                "type": "string", "pattern": "^-?[0-9]{1,38}(\\.[0-9]{1,18})?$",
                "example": "899.89",
                "description": "Money with all digits of its currency.",
            }),
        ),
        (
            "Time",
            json!({
                "type": "string", "format": "date-time", "example": "2026-01-31T12:00:00Z",
                "description": "A moment (RFC 3339), to the microsecond. Answers are in UTC.",
            }),
        ),
    ]
}

fn texts() -> Vec<Named> {
    let no_control = "[^\\u0000-\\u001f\\u007f-\\u009f]";
    let entry = format!("^{no_control}{{0,{METADATA_VALUE_MAX}}}$");
    let key = json!({"pattern": format!("^{no_control}{{1,{METADATA_KEY_MAX}}}$")});
    vec![
        (
            "ShortText",
            json!({
                "type": "string",
                "pattern": format!("^{no_control}{{1,{SHORT_TEXT_MAX}}}$"),
                "description": "Words of the client; no control characters.",
            }),
        ),
        (
            "Metadata",
            json!({
                "type": "object",
                "additionalProperties": {"type": "string", "pattern": entry},
                "propertyNames": key,
                "maxProperties": METADATA_ENTRIES_MAX,
                "description": "Words of the client, kept and given back.",
            }),
        ),
        (
            "MetadataChanges",
            json!({
                "type": "object",
                "additionalProperties": {"type": ["string", "null"], "pattern": entry},
                "propertyNames": key,
                "description": "Entries to set; null takes one away (RFC 7396).",
            }),
        ),
    ]
}
