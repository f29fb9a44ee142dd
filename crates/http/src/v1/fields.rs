//! A JSON body into fields: every field that is wrong, missing or not known is one error at its place, and all
//! of them are told in one answer.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::{Map, Value};
use uuid::Uuid;
use wallet_domain::{
    AccountId, Amount, CurrencyCode, Metadata, MetadataError, ShortText, Timestamp,
};

use super::problem::{FieldError, Place};
use crate::error::ApiError;

/// An object whose fields are taken out one by one.
pub(super) struct Fields {
    pointer: String,
    map: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields {
    /// Reads a body.
    ///
    /// # Errors
    /// Where it is not a JSON object; the error says where it stops being one.
    pub(super) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        let value: Value = serde_json::from_slice(body).map_err(|error| {
            ApiError::Fields(vec![FieldError {
                place: Place::Pointer(String::new()),
                detail: format!("the body is not JSON: {error}"),
            }])
        })?;
        let mut errors = Vec::new();
        let fields = Self::of(value, String::new(), &mut errors);
        fields.ok_or(ApiError::Fields(errors))
    }

    /// The fields of a value at a place; `None`, and an error, if it is not an object.
    pub(super) fn of(value: Value, pointer: String, errors: &mut Vec<FieldError>) -> Option<Self> {
        let Value::Object(map) = value else {
            errors.push(FieldError {
                place: Place::Pointer(pointer),
                detail: "this is not a JSON object".to_owned(),
            });
            return None;
        };
        Some(Self {
            pointer,
            map,
            errors: Vec::new(),
        })
    }

    /// A field that must be there.
    pub(super) fn required<T>(&mut self, name: &str, read: Read<T>) -> Option<T> {
        if self.map.get(name).is_none_or(Value::is_null) {
            self.error(name, "this field is missing");
        }
        self.optional(name, read)
    }

    /// A field that may be absent or null.
    pub(super) fn optional<T>(&mut self, name: &str, read: Read<T>) -> Option<T> {
        let value = self.map.remove(name).filter(|value| !value.is_null())?;
        match read(value) {
            Ok(value) => Some(value),
            Err(detail) => {
                self.error(name, detail);
                None
            }
        }
    }

    /// Says that a field is wrong.
    pub(super) fn error(&mut self, name: &str, detail: impl Into<String>) {
        let name = name.replace('~', "~0").replace('/', "~1");
        self.errors.push(FieldError {
            place: Place::Pointer(format!("{}/{name}", self.pointer)),
            detail: detail.into(),
        });
    }

    /// Whether something is wrong with the fields that were taken out.
    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// All that is wrong, fields that nobody asked for included.
    pub(super) fn errors(mut self) -> Vec<FieldError> {
        let unknown: Vec<String> = self.map.keys().cloned().collect();
        for name in unknown {
            self.error(&name, "there is no such field");
        }
        self.errors
    }
}

/// How a value becomes a field, or what is wrong with it.
pub(super) type Read<T> = fn(Value) -> Result<T, String>;

pub(super) fn string(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err("this must be a string".to_owned()),
    }
}

pub(super) fn uuid(value: Value) -> Result<Uuid, String> {
    let id = Uuid::parse_str(&string(value)?).map_err(|_| "this is not a UUID")?;
    match id.is_nil() {
        true => Err("the nil UUID is no id".to_owned()),
        false => Ok(id),
    }
}

pub(super) fn account_id(value: Value) -> Result<AccountId, String> {
    AccountId::new(uuid(value)?).ok_or_else(|| "the nil UUID is no id".to_owned())
}

pub(super) fn amount(value: Value) -> Result<Amount, String> {
    let Value::String(text) = value else {
        return Err("money is a string here, such as \"12.50\"".to_owned());
    };
    Amount::parse(&text).map_err(|error| error.to_string())
}

pub(super) fn currency_code(value: Value) -> Result<CurrencyCode, String> {
    let text = string(value)?;
    text.parse()
        .map_err(|error: wallet_domain::CurrencyCodeError| error.to_string())
}

pub(super) fn precision(value: Value) -> Result<u8, String> {
    let max = wallet_domain::PRECISION_MAX;
    let precision = value.as_u64().and_then(|number| u8::try_from(number).ok());
    precision
        .filter(|precision| *precision <= max)
        .ok_or_else(|| format!("this must be a whole number from 0 to {max}"))
}

pub(super) fn short_text(value: Value) -> Result<ShortText, String> {
    let max = wallet_domain::SHORT_TEXT_MAX;
    ShortText::new(string(value)?)
        .ok_or_else(|| format!("this has 1 to {max} characters, none of them a control character"))
}

pub(super) fn metadata(value: Value) -> Result<Metadata, String> {
    let Value::Object(map) = value else {
        return Err("metadata is an object of strings".to_owned());
    };
    let mut entries = BTreeMap::new();
    for (key, value) in map {
        let Value::String(value) = value else {
            return Err(format!("the value of {key:?} is not a string"));
        };
        entries.insert(key, value);
    }
    Metadata::new(entries).map_err(|error| metadata_error(&error))
}

/// Changes of metadata, as RFC 7396 has them: null takes a key away.
pub(super) fn metadata_changes(value: Value) -> Result<BTreeMap<String, Option<String>>, String> {
    let Value::Object(map) = value else {
        return Err("metadata is an object of strings and nulls".to_owned());
    };
    let mut changes = BTreeMap::new();
    let mut kept = BTreeMap::new();
    for (key, value) in map {
        match value {
            Value::String(value) => {
                kept.insert(key.clone(), value.clone());
                changes.insert(key, Some(value));
            }
            Value::Null => drop(changes.insert(key, None)),
            _ => return Err(format!("the value of {key:?} is neither a string nor null")),
        }
    }
    Metadata::new(kept).map_err(|error| metadata_error(&error))?;
    Ok(changes)
}

fn metadata_error(error: &MetadataError) -> String {
    match error {
        MetadataError::TooManyEntries => error.to_string(),
        MetadataError::Key(key) | MetadataError::Value(key) => {
            let key: String = key.chars().take(60).collect();
            format!("{error} (see {key:?})")
        }
    }
}

pub(super) fn timestamp(value: Value) -> Result<Timestamp, String> {
    timestamp_of(&string(value)?)
}

pub(super) fn timestamp_of(text: &str) -> Result<Timestamp, String> {
    let time = DateTime::parse_from_rfc3339(text)
        .map_err(|_| "this is not a time of RFC 3339, such as 2026-01-31T12:00:00Z")?;
    let years = -62_135_596_800_000_000..253_402_300_800_000_000;
    match years.contains(&time.timestamp_micros()) {
        true => Ok(Timestamp::from_micros(time.timestamp_micros())),
        false => Err("a time lies in the years 1 to 9999".to_owned()),
    }
}

pub(super) fn array(value: Value) -> Result<Vec<Value>, String> {
    match value {
        Value::Array(values) => Ok(values),
        _ => Err("this must be an array".to_owned()),
    }
}
