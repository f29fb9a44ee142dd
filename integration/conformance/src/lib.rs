//! Checks HTTP responses against the OpenAPI document that describes them.
//!
//! The test clients check every response that they receive, whatever the test is about. So any test
//! that receives an undocumented response finds it.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Value, json};

/// The methods that a path of OpenAPI can have.
const METHODS: [&str; 4] = ["get", "post", "put", "patch"];

/// An OpenAPI 3.1 document, ready to judge.
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
    /// Reads a document.
    ///
    /// # Errors
    /// Where it is not JSON, or one of its schemas is none.
    pub fn new(text: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
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

    /// The schemas of all answers.
    fn schemas(&self) -> Vec<Value> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(_, path)| METHODS.map(|method| &path[method]));
        let responses = operations.filter_map(|operation| operation["responses"].as_object());
        let responses = responses
            .flatten()
            .map(|(_, response)| self.resolved(response));
        let contents = responses.filter_map(|response| response["content"].as_object());
        contents
            .flatten()
            .map(|(_, media)| media["schema"].clone())
            .collect()
    }

    /// Follows a reference within the document, if it is one.
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
    /// What is wrong with it.
    pub fn judge(&self, answer: &Answer<'_>) -> Result<(), String> {
        let Some(operation) = self.operation(answer) else {
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
        let media = &self.resolved(response)["content"][media_type];
        if media.is_null() {
            return Err(format!("{name}: the media type is not promised"));
        }
        if *method == "HEAD" || !media_type.ends_with("json") {
            return Ok(());
        }
        let body: Value = serde_json::from_str(body).map_err(|error| format!("{name}: {error}"))?;
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

    fn operation(&self, answer: &Answer<'_>) -> Option<&Value> {
        let method = match answer.method {
            "HEAD" => "get".to_owned(),
            method => method.to_ascii_lowercase(),
        };
        let path = answer.target.split('?').next().unwrap_or_default();
        let mut paths = self.document["paths"].as_object()?.iter();
        let (_, found) = paths.find(|(template, _)| fits(template, path))?;
        Some(&found[method.as_str()]).filter(|operation| !operation.is_null())
    }
}

/// Whether a path is one of a template.
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
            "404": {"$ref": "#/components/responses/Missing"}
        }}}},
        "components": {
            "schemas": {"Thing": {
                "type": "object", "properties": {"id": {"type": "string", "format": "uuid"}},
                "required": ["id"], "additionalProperties": false
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
