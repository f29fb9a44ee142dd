//! The check of responses against an OpenAPI 3.1 document.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::answer::Received;
use crate::reading::{close, code, fits, media_type, members, path_of};
use crate::seen::{Promise, Seen};

/// The methods that a path of OpenAPI can have.
pub(crate) const METHODS: [&str; 4] = ["get", "post", "put", "patch"];

/// Headers that are about the message or the browser, and that no operation declares.
const GENERAL: [&str; 18] = [
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "referrer-policy",
    "strict-transport-security",
    "traceparent",
    "transfer-encoding",
    "vary",
    "x-content-type-options",
];

/// An OpenAPI document, with a validator for each of its schemas.
pub struct Contract {
    document: Value,
    /// Keyed by the text of the schema; the document has few distinct ones.
    validators: BTreeMap<String, Validator>,
    seen: Seen,
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contract").finish_non_exhaustive()
    }
}

impl Contract {
    /// Parses a document.
    ///
    /// # Errors
    /// If it is not JSON, or one of its schemas is invalid.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        close(&mut document);
        let mut contract = Self {
            document,
            validators: BTreeMap::new(),
            seen: Seen::default(),
        };
        for text in contract.schemas() {
            let schema: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            let rooted = json!({"allOf": [schema], "components": contract.document["components"]});
            let options = jsonschema::options().should_validate_formats(true);
            let validator = options.build(&rooted);
            let validator = validator.map_err(|error| format!("{text}: {error}"))?;
            contract.validators.insert(text, validator);
        }
        Ok(contract)
    }

    /// The schemas of all requests, answers and headers, as texts.
    fn schemas(&self) -> BTreeSet<String> {
        let operations = self.operations().map(|(.., operation)| operation);
        let messages = operations.flat_map(|operation| {
            let responses = members(&operation["responses"]).map(|(_, response)| response);
            responses.chain([&operation["requestBody"]])
        });
        let mut schemas = BTreeSet::new();
        for message in messages.map(|message| self.resolved(message)) {
            let contents = members(&message["content"]).map(|(_, media)| media);
            let headers = members(&message["headers"]).map(|(_, header)| self.resolved(header));
            schemas.extend(contents.chain(headers).map(|it| it["schema"].to_string()));
        }
        schemas
    }

    /// Every operation: its method, its path and what the document says of it.
    fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        members(&self.document["paths"]).flat_map(|(path, methods)| {
            let operations = METHODS.iter().map(|method| (*method, &methods[*method]));
            let operations = operations.filter(|(_, operation)| !operation.is_null());
            operations.map(move |(method, operation)| (method, path.as_str(), operation))
        })
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

    /// The codes that a response of `components` may have.
    pub(crate) fn shared_codes(&self, response: &str) -> Vec<&str> {
        let response = &self.document["components"]["responses"][response];
        let codes = response["x-codes"].as_array().into_iter().flatten();
        codes.filter_map(Value::as_str).collect()
    }

    /// Checks an answer of an operation.
    pub(crate) fn promised(
        &self,
        method: &str,
        name: &str,
        operation: &Value,
        received: &Received,
    ) -> Result<(), String> {
        let status = received.status.to_string();
        let response = self.resolved(&operation["responses"][&status]);
        if response.is_null() {
            return Err("the status is not promised".to_owned());
        }
        self.judge_headers(&response["headers"], &[], received)?;
        let media_type = media_type(received);
        let media = &response["content"][media_type];
        if media.is_null() {
            return Err(format!("the media type {media_type:?} is not promised"));
        }
        if method == "HEAD" {
            return Ok(());
        }
        let promise = |code: &str| Promise {
            operation: name.to_owned(),
            status: status.clone(),
            code: code.to_owned(),
        };
        if !media_type.ends_with("json") {
            self.seen.note(promise(""));
            return Ok(());
        }
        let body = self.judge_body(media_type, &media["schema"], received)?;
        let code = code(&body);
        match response["x-codes"].as_array() {
            None => self.seen.note(promise("")),
            Some(codes) if codes.iter().any(|it| it == code) => self.seen.note(promise(code)),
            Some(_) => return Err(format!("the code {code:?} is not promised")),
        }
        Ok(())
    }

    /// Checks the headers: required ones are present, declared ones match their schemas, and there
    /// are no others except `more`.
    pub(crate) fn judge_headers(
        &self,
        declared: &Value,
        more: &[&str],
        received: &Received,
    ) -> Result<(), String> {
        let declared: BTreeMap<String, &Value> = members(declared)
            .map(|(name, header)| (name.to_ascii_lowercase(), self.resolved(header)))
            .collect();
        for (name, header) in &declared {
            if header["required"] == true && received.header(name).is_none() {
                return Err(format!("the header {name} is missing"));
            }
        }
        for (name, value) in &received.headers {
            let Some(header) = declared.get(name) else {
                match GENERAL.contains(&&**name) || more.contains(&&**name) {
                    true => continue,
                    false => return Err(format!("the header {name} is not promised")),
                }
            };
            let value = match header["schema"]["type"] == "integer" {
                true => serde_json::from_str(value).unwrap_or(Value::Null),
                false => json!(value),
            };
            self.validate(&header["schema"], &value)
                .map_err(|why| format!("the header {name}: {why}"))?;
        }
        Ok(())
    }

    /// Parses and checks a JSON body.
    pub(crate) fn judge_body(
        &self,
        media_type: &str,
        schema: &Value,
        received: &Received,
    ) -> Result<Value, String> {
        let body: Value =
            serde_json::from_slice(&received.body).map_err(|error| error.to_string())?;
        self.validate(schema, &body)?;
        if media_type == "application/problem+json" {
            let id = received.header("x-request-id");
            let link = format!("/docs/errors#{}", code(&body));
            if body["status"] != received.status {
                return Err("the problem names another status".to_owned());
            }
            if body["request_id"].as_str() != id || body["type"] != link {
                return Err("the problem names another request or type".to_owned());
            }
        }
        Ok(body)
    }

    fn validate(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let Some(validator) = self.validators.get(&schema.to_string()) else {
            return Err(format!("the schema {schema} is not known"));
        };
        let errors: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        match errors.is_empty() {
            true => Ok(()),
            false => Err(errors.join("; ")),
        }
    }

    /// Checks that the document allows this body in a request.
    ///
    /// # Errors
    /// What is wrong with the body.
    pub fn judge_request(&self, method: &str, target: &str, body: &Value) -> Result<(), String> {
        let (name, operation) = self
            .operation(method, path_of(target))
            .ok_or_else(|| format!("the document has no operation {method} {target}"))?;
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        self.validate(schema, body)
            .map_err(|why| format!("{name}: {why}; {body}"))
    }

    /// Checks that the document allows this body in a JSON response.
    ///
    /// # Errors
    /// What is wrong with the body.
    pub fn judge_example(
        &self,
        method: &str,
        target: &str,
        status: &str,
        body: &Value,
    ) -> Result<(), String> {
        let (name, operation) = self
            .operation(method, path_of(target))
            .ok_or_else(|| format!("the document has no operation {method} {target}"))?;
        let response = self.resolved(&operation["responses"][status]);
        self.validate(&response["content"]["application/json"]["schema"], body)
            .map_err(|why| format!("{name} {status}: {why}; {body}"))
    }

    /// The operation of a method and path, with its name.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<(String, &Value)> {
        let method = match method {
            "HEAD" => "get".to_owned(),
            method => method.to_ascii_lowercase(),
        };
        let (template, methods) = self.path(path)?;
        let found = Some(&methods[method.as_str()]).filter(|it| !it.is_null())?;
        Some((format!("{} {template}", method.to_uppercase()), found))
    }

    /// The template that a path matches, and its operations. A client can leave out the last slash
    /// of a classic path, which OpenAPI cannot express.
    pub(crate) fn path(&self, path: &str) -> Option<(&str, &Value)> {
        let with_slash = format!("{path}/");
        let mut paths = members(&self.document["paths"]);
        let found =
            paths.find(|(template, _)| fits(template, path) || fits(template, &with_slash))?;
        Some((found.0, found.1))
    }

    /// The answers of the document that were not seen so far.
    #[must_use]
    pub fn unseen(&self) -> BTreeSet<Promise> {
        self.promises()
            .difference(&self.seen.all())
            .cloned()
            .collect()
    }

    /// Every answer that the document has.
    #[must_use]
    pub fn promises(&self) -> BTreeSet<Promise> {
        let mut promises = BTreeSet::new();
        for (method, path, operation) in self.operations() {
            for (status, response) in members(&operation["responses"]) {
                let codes = self.resolved(response)["x-codes"].as_array();
                let codes = codes.map(|codes| codes.iter().filter_map(Value::as_str).collect());
                promises.extend(codes.unwrap_or(vec![""]).into_iter().map(|code| Promise {
                    operation: format!("{} {path}", method.to_uppercase()),
                    status: status.clone(),
                    code: code.to_owned(),
                }));
            }
        }
        promises
    }
}
