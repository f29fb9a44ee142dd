//! Metadata: keys and values, which are texts of the client.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::Serializer;
use serde_json::{Value, json};
use wallet_domain::{
    METADATA_ENTRIES_MAX, METADATA_KEY_MAX, METADATA_VALUE_MAX, Metadata, MetadataError,
    MetadataPair,
};

use super::texts::{NO_CONTROL, text_types};
use super::{Parsed, Text};
use crate::v1::protocol::describe::{Describe, ObjectSchema, Schemas};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::json::Json;
use crate::v1::protocol::read::{At, Field, Fields, Read};
use crate::v1::protocol::show::Show;

text_types! {
    MetadataKey as "" =
        |text| match Metadata::new([(text.to_owned(), String::new())].into()) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => Err("not 1 to 40 characters without control characters"),
        },
        |key| &key.0,
        {"type": "string", "pattern": format!("^{NO_CONTROL}{{1,{METADATA_KEY_MAX}}}$")};
    MetadataValue as "" =
        |text| match Metadata::new([("key".to_owned(), text.to_owned())].into()) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => Err("not at most 500 characters without control characters"),
        },
        |value| &value.0,
        {"type": "string", "pattern": format!("^{NO_CONTROL}{{0,{METADATA_VALUE_MAX}}}$")};
}

/// A key of metadata in a filter. A key that no entry can have is a fault, and not an empty list.
struct MetadataKey(String);

/// The same for a value.
struct MetadataValue(String);

/// A filter by an entry of metadata: the parameters of its key and of its value.
pub(crate) struct MetadataFilter(pub(crate) Option<MetadataPair>);

impl Field for MetadataFilter {
    fn take_from(fields: &mut Fields<'_>, _: &'static str) -> Option<Self> {
        let [has_key, has_value] = ["metadata_key", "metadata_value"].map(|name| fields.has(name));
        let key = Option::<MetadataKey>::take_from(fields, "metadata_key");
        let value = Option::<MetadataValue>::take_from(fields, "metadata_value");
        match (has_key, has_value) {
            (true, false) => {
                fields.fault("metadata_value", "missing", "metadata_key needs a value");
            }
            (false, true) => fields.fault("metadata_key", "missing", "metadata_value needs a key"),
            _ => {}
        }
        let entry = key?.zip(value?);
        let pair = entry.map(|(key, value)| MetadataPair::new(key.0, value.0));
        Some(Self(pair.and_then(Result::ok)))
    }

    fn describe(object: &mut ObjectSchema<'_>, _: &'static str, about: &str) {
        Option::<MetadataKey>::describe(object, "metadata_key", about);
        let about = "The value of the entry with the key `metadata_key`.";
        Option::<MetadataValue>::describe(object, "metadata_value", about);
    }
}

fn metadata_described(value: Value) -> Value {
    json!({
        "type": "object", "additionalProperties": value, "maxProperties": METADATA_ENTRIES_MAX,
        "propertyNames": {"pattern": MetadataKey::described()["pattern"]},
    })
}

impl Describe for Metadata {
    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("Metadata", |_| {
            let mut schema = metadata_described(MetadataValue::described());
            schema["description"] = json!("Your keys and values, stored and returned unchanged.");
            schema
        })
    }
}

impl Read for Metadata {
    fn read(json: Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        let mut kept = BTreeMap::new();
        for (key, value) in entries(json, at, faults)? {
            match value {
                Some(value) => {
                    kept.insert(key, value);
                }
                None => Json::Null.is_not("a string", &At::Field(at, &key), faults),
            }
        }
        let metadata = Self::new(kept);
        let metadata = metadata.map_err(|error| {
            // Faults of single entries were added already.
            if matches!(error, MetadataError::TooManyEntries) {
                faults.add(at.place(), "invalid", error.to_string());
            }
        });
        metadata.ok()
    }
}

impl Show for Metadata {
    fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries())
    }
}

/// Changes of metadata; `None` removes a key.
pub(crate) struct MetadataChanges(pub(crate) BTreeMap<String, Option<String>>);

impl Describe for MetadataChanges {
    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("MetadataChanges", |_| {
            let mut value = MetadataValue::described();
            value["type"] = json!(["string", "null"]);
            let mut schema = metadata_described(value);
            schema["description"] = json!("Entries to set; `null` removes an entry (RFC 7396).");
            schema
        })
    }
}

impl Read for MetadataChanges {
    fn read(json: Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        entries(json, at, faults).map(Self)
    }
}

type Entries = BTreeMap<String, Option<String>>;

/// The entries that can be read; the others are faults.
fn entries(json: Json, at: &At<'_>, faults: &mut Faults) -> Option<Entries> {
    let Json::Object(entries) = json else {
        json.is_not("an object", at, faults);
        return None;
    };
    let mut read = BTreeMap::new();
    for (key, value) in entries {
        let value = match value {
            Json::Text(value) => Some(value),
            Json::Null => None,
            other => {
                other.is_not("a string", &At::Field(at, &key), faults);
                continue;
            }
        };
        let entry = (key.clone(), value.clone().unwrap_or_default());
        match Metadata::new([entry].into()) {
            Ok(_) => {
                read.insert(key, value);
            }
            Err(error) => {
                let place = At::Field(at, &key).place();
                faults.add(place, "invalid", error.to_string());
            }
        }
    }
    Some(read)
}
