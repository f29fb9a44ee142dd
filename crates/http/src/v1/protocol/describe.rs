//! Schemas: how the OpenAPI document describes values (JSON Schema 2020-12, as in OpenAPI 3.1).
//!
//! Every type of a request or a reply implements [`Describe`], next to how it is parsed
//! ([`Read`](super::read::Read)) or serialized ([`Show`](super::show::Show)). So the document and
//! the code cannot differ.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A type that has a schema in the document.
pub(crate) trait Describe: 'static {
    /// The schema, or a reference to it if it has a name in the document.
    fn schema(schemas: &mut Schemas) -> Value;
}

/// The named schemas of the document.
#[derive(Default)]
pub(crate) struct Schemas(pub(crate) BTreeMap<String, Value>);

impl Schemas {
    /// A reference to the schema of this name. Builds the schema if it is new.
    pub(crate) fn named(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.0.contains_key(name) {
            // The placeholder ends the recursion of a schema that contains itself.
            self.0.insert(name.to_owned(), Value::Null);
            let schema = make(self);
            self.0.insert(name.to_owned(), schema);
        }
        json!({"$ref": format!("#/components/schemas/{name}")})
    }
}

/// Builds the schema of an object, field by field.
pub(crate) struct ObjectSchema<'s> {
    pub(crate) schemas: &'s mut Schemas,
    /// Whether it is an item of a batch. An item has no path, so it has ids as fields that are
    /// otherwise in the path.
    pub(crate) is_item: bool,
    properties: Map<String, Value>,
    required: Vec<&'static str>,
    rules: Map<String, Value>,
}

impl<'s> ObjectSchema<'s> {
    pub(crate) fn new(schemas: &'s mut Schemas) -> Self {
        Self {
            schemas,
            is_item: false,
            properties: Map::new(),
            required: Vec::new(),
            rules: Map::new(),
        }
    }

    /// A field that is always there.
    pub(crate) fn required(&mut self, name: &'static str, about: &str, schema: Value) {
        self.required.push(name);
        self.optional(name, about, schema);
    }

    /// A field that may be missing.
    pub(crate) fn optional(&mut self, name: &'static str, about: &str, mut schema: Value) {
        if !about.is_empty() {
            schema["description"] = json!(about);
        }
        self.properties.insert(name.to_owned(), schema);
    }

    /// Adds a rule about several fields, with the keywords `if`, `then` and `else`: if the field
    /// `on` is present, the schema `then` applies, else the schema `otherwise`.
    pub(crate) fn if_then_else(&mut self, on: &str, then: Value, otherwise: Value) {
        let rules = [("if", has(on)), ("then", then), ("else", otherwise)];
        let rules = rules.map(|(name, rule)| (name.to_owned(), rule));
        self.rules.extend(rules);
    }

    /// The schema of a request: unknown fields are faults.
    pub(crate) fn closed(self, about: &str) -> Value {
        let mut schema = self.open(about);
        schema["additionalProperties"] = json!(false);
        schema
    }

    /// The schema of a reply: later versions may add fields.
    pub(crate) fn open(self, about: &str) -> Value {
        let mut schema = json!({"type": "object", "properties": self.properties});
        if !about.is_empty() {
            schema["description"] = json!(about);
        }
        if !self.required.is_empty() {
            schema["required"] = json!(self.required);
        }
        if let Value::Object(keywords) = &mut schema {
            keywords.extend(self.rules);
        }
        schema
    }

    /// The fields, as parameters of a query.
    pub(crate) fn parameters(self) -> Vec<Value> {
        let parameter = |(name, mut schema): (String, Value)| {
            let about = schema["description"].take();
            if let Value::Object(schema) = &mut schema {
                schema.remove("description");
            }
            let is_required = self.required.contains(&&*name);
            let is_list = schema["type"] == "array";
            let mut parameter = json!({
                "name": name, "in": "query", "required": is_required, "description": about,
                "schema": schema,
            });
            if is_list {
                // The values are one text, separated by commas.
                parameter["explode"] = json!(false);
            }
            parameter
        };
        self.properties.into_iter().map(parameter).collect()
    }
}

/// The schema of objects that have this field, whatever other fields they have.
pub(crate) fn has(name: &str) -> Value {
    json!({"required": [name], "properties": {name: {}}, "additionalProperties": true})
}

/// A field whose own fields are on the level of its parent, like `#[serde(flatten)]`.
pub(crate) struct Flatten<T>(pub(crate) T);

/// The schema of a value that may also be null.
pub(crate) fn or_null(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}
