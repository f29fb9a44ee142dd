//! Checks HTTP responses against the OpenAPI document that describes them.
//!
//! The test clients check every response that they receive, whatever the test is about. So any test
//! that receives an undocumented response finds it. The document allows more fields in a reply,
//! because later versions may have them; this version must not, so the checks are stricter than the
//! document.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Value, json};

/// The methods that a path of OpenAPI can have.
const METHODS: [&str; 4] = ["get", "post", "put", "patch"];

/// An OpenAPI 3.1 document, with a validator for each of its schemas.
pub struct Contract {
    document: Value,
    /// Keyed by the text of the schema; the document has few distinct ones.
    validators: BTreeMap<String, Validator>,
}

/// An answer to a request.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The request target: a path, and an optional query.
    pub target: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// Its `Content-Type`.
    pub content_type: &'a str,
    /// Its body.
    pub body: &'a str,
}

impl Contract {
    /// Parses a document, and builds its validators.
    ///
    /// # Errors
    /// If it is not JSON, or one of its schemas is invalid.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        close(&mut document);
        let mut contract = Self {
            document,
            validators: BTreeMap::new(),
        };
        for schema in contract.schemas() {
            let text = schema.to_string();
            let rooted = json!({"allOf": [schema], "components": contract.document["components"]});
            let options = jsonschema::options().should_validate_formats(true);
            let validator = options.build(&rooted);
            let validator = validator.map_err(|error| format!("{text}: {error}"))?;
            contract.validators.insert(text, validator);
        }
        Ok(contract)
    }

    /// The schemas of all requests and answers.
    fn schemas(&self) -> Vec<Value> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(_, path)| METHODS.map(|method| &path[method]));
        let messages = operations.flat_map(|operation| {
            let responses = operation["responses"].as_object().into_iter().flatten();
            let responses = responses.map(|(_, response)| response);
            responses.chain([&operation["requestBody"]])
        });
        let messages = messages.map(|message| self.resolved(message));
        let contents = messages.filter_map(|message| message["content"].as_object());
        contents
            .flatten()
            .map(|(_, media)| media["schema"].clone())
            .collect()
    }

    /// The target of a reference within the document; any other value unchanged.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let pointer = value["$ref"]
            .as_str()
            .and_then(|text| text.strip_prefix('#'));
        pointer.map_or(value, |pointer| {
            self.document.pointer(pointer).unwrap_or(&Value::Null)
        })
    }

    /// Checks that the document describes an answer. Operations that the document does not have
    /// pass unchecked.
    ///
    /// # Errors
    /// What the document does not allow about the answer.
    pub fn judge(&self, answer: &Answer<'_>) -> Result<(), String> {
        let Some(operation) = self.operation(answer.method, answer.target) else {
            return Ok(());
        };
        let Answer {
            method,
            target,
            status,
            content_type,
            body,
        } = answer;
        let name = format!("{method} {target}: {status} {content_type}");
        let response = &operation["responses"][status.to_string()];
        if response.is_null() {
            return Err(format!("{name}: the status is not promised; {body}"));
        }
        let media_type = content_type.split(';').next().unwrap_or_default();
        let response = self.resolved(response);
        let media = &response["content"][media_type];
        if media.is_null() {
            return Err(format!("{name}: the media type is not promised"));
        }
        if *method == "HEAD" || !media_type.ends_with("json") {
            return Ok(());
        }
        let body: Value = serde_json::from_str(body).map_err(|error| format!("{name}: {error}"))?;
        let codes = response["x-codes"].as_array();
        if codes.is_some_and(|codes| !codes.contains(&body["code"])) {
            return Err(format!("{name}: the code is not promised; {body}"));
        }
        let Some(validator) = self.validators.get(&media["schema"].to_string()) else {
            return Err(format!("{name}: the schema is not known"));
        };
        let errors: Vec<String> = validator
            .iter_errors(&body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        match errors.is_empty() {
            true => Ok(()),
            false => Err(format!("{name}: {}; {body}", errors.join("; "))),
        }
    }

    /// Checks that the document allows this body in a request.
    ///
    /// # Errors
    /// If the operation takes no body, or how the body differs from its schema.
    pub fn judge_request(&self, method: &str, target: &str, body: &Value) -> Result<(), String> {
        let operation = self.operation(method, target);
        let schema = operation
            .map(|operation| &operation["requestBody"]["content"]["application/json"]["schema"]);
        let validator = schema.and_then(|schema| self.validators.get(&schema.to_string()));
        let validator = validator.ok_or_else(|| format!("{method} {target} takes no body"))?;
        let errors: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        match errors.is_empty() {
            true => Ok(()),
            false => Err(format!("{method} {target}: {}; {body}", errors.join("; "))),
        }
    }

    fn operation(&self, method: &str, target: &str) -> Option<&Value> {
        let method = match method {
            "HEAD" => "get".to_owned(),
            method => method.to_ascii_lowercase(),
        };
        let path = target.split('?').next().unwrap_or_default();
        let mut paths = self.document["paths"].as_object()?.iter();
        let (_, found) = paths.find(|(template, _)| fits(template, path))?;
        Some(&found[method.as_str()]).filter(|operation| !operation.is_null())
    }
}

/// Forbids further fields in every schema of an object that lists its fields.
fn close(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let is_schema = members.get("type").is_some_and(|kind| kind == "object");
            if is_schema && members.contains_key("properties") {
                members
                    .entry("additionalProperties")
                    .or_insert(json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

/// Whether a path matches a template.
fn fits(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(name), Some(given)) if name.starts_with('{') && !given.is_empty() => {}
            (Some(name), Some(given)) if name == given => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r##"{
        "openapi": "3.1.0",
        "paths": {"/things/{id}": {"get": {"responses": {
            "200": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Thing"}
            }}},
            "404": {"$ref": "#/components/responses/Missing"},
            "422": {"x-codes": ["no_such_thing"], "content": {"application/problem+json": {
                "schema": {"type": "object", "properties": {"code": {"type": "string"}}}
            }}}
        }}}},
        "components": {
            "schemas": {"Thing": {
                "type": "object", "properties": {"id": {"type": "string", "format": "uuid"}},
                "required": ["id"]
            }},
            "responses": {"Missing": {"content": {"text/plain": {"schema": {"type": "string"}}}}}
        }
    }"##;

    fn judged(target: &str, status: u16, content_type: &str, body: &str) -> Result<(), String> {
        Contract::new(DOCUMENT).unwrap().judge(&Answer {
            method: "GET",
            target,
            status,
            content_type,
            body,
        })
    }

    #[test]
    fn an_answer_is_promised_in_status_and_type_and_content() {
        let thing = r#"{"id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6b"}"#;
        let json = "application/json";
        assert_eq!(judged("/things/1", 200, json, thing), Ok(()));
        assert_eq!(judged("/things/1?a=b", 200, json, thing), Ok(()));
        assert_eq!(judged("/things/1", 404, "text/plain", "none"), Ok(()));
        let problem = "application/problem+json";
        let code = r#"{"code": "no_such_thing"}"#;
        assert_eq!(judged("/things/1", 422, problem, code), Ok(()));
        let code = r#"{"code": "another"}"#;
        assert!(judged("/things/1", 422, problem, code).is_err());
        for target in ["/others", "/things/1/"] {
            assert_eq!(
                judged(target, 500, json, "{}"),
                Ok(()),
                "not in the document"
            );
        }
        for (status, content_type, body) in [
            (500, json, thing),
            (200, "text/html", thing),
            (200, json, "{"),
            (200, json, "{}"),
            (200, json, r#"{"id": "no uuid"}"#),
            (
                200,
                json,
                r#"{"id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6b", "more": 1}"#,
            ),
        ] {
            assert!(
                judged("/things/1", status, content_type, body).is_err(),
                "{status} {body}"
            );
        }
    }
}
