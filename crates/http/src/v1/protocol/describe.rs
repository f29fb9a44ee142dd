//! How the document describes values: JSON Schema 2020-12, as in OpenAPI 3.1.
//!
//! Every type that a request or a reply consists of implements [`Describe`], next to how it is
//! read ([`Read`](super::read::Read)) and shown ([`Show`](super::show::Show)). So the document
//! cannot say anything else than the code does.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A type of values that the document describes.
pub(crate) trait Describe: 'static {
    /// Its schema, or a reference to it if it has a name in the document.
    fn schema(schemas: &mut Schemas) -> Value;
}

/// The schemas that have names.
#[derive(Default)]
pub(crate) struct Schemas(pub(crate) BTreeMap<String, Value>);

impl Schemas {
    /// A reference to the schema of this name, which is made if it is not there yet.
    pub(crate) fn named(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.0.contains_key(name) {
            // A schema may contain itself.
            self.0.insert(name.to_owned(), Value::Null);
            let schema = make(self);
            self.0.insert(name.to_owned(), schema);
        }
        json!({"$ref": format!("#/components/schemas/{name}")})
    }
}

/// The schema of an object while its fields are added.
pub(crate) struct ObjectSchema<'s> {
    pub(crate) schemas: &'s mut Schemas,
    /// Whether it is an item of a batch, which has no path.
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

    /// Rules about several fields: the keywords `if`, `then` and `else`. Each of them describes a
    /// part of the object only.
    pub(crate) fn depend(&mut self, on: &str, then: Value, otherwise: Value) {
        let rules = [("if", has(on)), ("then", then), ("else", otherwise)];
        let rules = rules.map(|(name, rule)| (name.to_owned(), rule));
        self.rules.extend(rules);
    }

    /// The object of a request: another field is a fault.
    pub(crate) fn closed(self, about: &str) -> Value {
        let mut schema = self.open(about);
        schema["additionalProperties"] = json!(false);
        schema
    }

    /// The object of a reply: later versions may have more fields.
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

    /// The fields as parameters of a query.
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
                // The values are one text, with commas.
                parameter["explode"] = json!(false);
            }
            parameter
        };
        self.properties.into_iter().map(parameter).collect()
    }
}

/// An object that has a field, whichever others it has.
pub(crate) fn has(name: &str) -> Value {
    json!({"required": [name], "properties": {name: {}}, "additionalProperties": true})
}

/// The fields of another type, on the same level.
pub(crate) struct Flat<T>(pub(crate) T);

/// Of an optional field's or element's schema: the same, or null.
pub(crate) fn or_null(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}
