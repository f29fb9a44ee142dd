//! The fields of a body, taken one by one; a field that no handler took is a fault.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use wallet_domain::{Metadata, MetadataError};

use super::faults::{Faults, Place, below};
use super::json::Json;
use super::parse::Parsed;

/// The object at one place of a body.
///
/// Each field is taken by its name. `null` counts as missing. A field that cannot be read is a
/// fault and gives `None`; check the faults before you use any value.
pub(crate) struct Fields<'f> {
    pub(crate) faults: &'f mut Faults,
    pointer: String,
    entries: BTreeMap<String, Json>,
}

impl<'f> Fields<'f> {
    /// The fields of what should be an object.
    pub(crate) fn new(json: Json, pointer: String, faults: &'f mut Faults) -> Option<Self> {
        match json {
            Json::Object(entries) => Some(Self {
                faults,
                pointer,
                entries,
            }),
            other => {
                let detail = format!("{} is not an object", other.kind());
                faults.add(Place::Body(pointer), "wrong_type", detail);
                None
            }
        }
    }

    /// A string that must be there.
    pub(crate) fn required<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Parsed<T>,
    ) -> Option<T> {
        let value = self.take_required(name)?;
        self.text(name, value, parse)
    }

    /// A string that may be there.
    pub(crate) fn optional<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Parsed<T>,
    ) -> Option<T> {
        let value = self.take(name)?;
        self.text(name, value, parse)
    }

    /// A whole number that may be there.
    pub(crate) fn whole(&mut self, name: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.take(name)?;
        self.number_in(name, value, range)
    }

    /// A whole number that must be there.
    pub(crate) fn whole_required(&mut self, name: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.take_required(name)?;
        self.number_in(name, value, range)
    }

    /// A flag; false if it is missing.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        match self.take(name) {
            None => false,
            Some(Json::Bool(value)) => value,
            Some(other) => self
                .wrong_type(name, &other, "true or false")
                .unwrap_or(false),
        }
    }

    /// A field that another one excludes; it may be `null`.
    pub(crate) fn absent(&mut self, name: &str) {
        if self.take(name).is_some() {
            self.fault(name, "unknown_field", "there is no such field here");
        }
    }

    /// Whether a field that was not taken yet is there and is not `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        let value = self.entries.get(name);
        value.is_some_and(|value| !matches!(value, Json::Null))
    }

    /// An object that may be there.
    pub(crate) fn nested<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Fields<'_>) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(name)?;
        let pointer = self.pointer(name);
        let mut fields = Fields::new(value, pointer, self.faults)?;
        let value = read(&mut fields);
        fields.close();
        value
    }

    /// An object of a list that was taken.
    pub(crate) fn entry<T>(
        &mut self,
        list: &str,
        index: usize,
        value: Json,
        read: impl FnOnce(&mut Fields<'_>) -> Option<T>,
    ) -> Option<T> {
        let pointer = below(&self.pointer(list), &index.to_string());
        let mut fields = Fields::new(value, pointer, self.faults)?;
        let value = read(&mut fields);
        fields.close();
        value
    }

    /// A list that may be there.
    pub(crate) fn list_if_any(&mut self, name: &str) -> Option<Vec<Json>> {
        match self.take(name)? {
            Json::List(values) => Some(values),
            other => self.wrong_type(name, &other, "a list"),
        }
    }

    /// A list that must be there.
    pub(crate) fn list(&mut self, name: &str) -> Option<Vec<Json>> {
        match self.take_required(name)? {
            Json::List(values) => Some(values),
            other => self.wrong_type(name, &other, "a list"),
        }
    }

    /// Keys and values that may be there.
    pub(crate) fn metadata(&mut self, name: &str) -> Metadata {
        let entries = self.take(name).and_then(|value| self.entries(name, value));
        let values = entries.unwrap_or_default().into_iter();
        let mut kept = BTreeMap::new();
        for (key, value) in values {
            match value {
                Some(value) => {
                    kept.insert(key, value);
                }
                None => self.fault_at_key(name, &key, "wrong_type", "null is not a string"),
            }
        }
        Metadata::new(kept).unwrap_or_else(|error| {
            // Faults of single entries were added already.
            if matches!(error, MetadataError::TooManyEntries) {
                self.fault(name, "invalid", error.to_string());
            }
            Metadata::default()
        })
    }

    /// Changes of keys that must be there; `None` removes a key.
    pub(crate) fn changes(&mut self, name: &str) -> Option<BTreeMap<String, Option<String>>> {
        let value = self.take_required(name)?;
        self.entries(name, value)
    }

    fn entries(&mut self, name: &str, value: Json) -> Option<BTreeMap<String, Option<String>>> {
        let entries = match value {
            Json::Object(entries) => entries,
            other => return self.wrong_type(name, &other, "an object"),
        };
        let mut read = BTreeMap::new();
        for (key, value) in entries {
            let value = match value {
                Json::Text(value) => Some(value),
                Json::Null => None,
                other => {
                    let detail = format!("{} is not a string", other.kind());
                    self.fault_at_key(name, &key, "wrong_type", &detail);
                    continue;
                }
            };
            let entry = (key.clone(), value.clone().unwrap_or_default());
            match Metadata::new([entry].into()) {
                Ok(_) => {
                    read.insert(key, value);
                }
                Err(error) => self.fault_at_key(name, &key, "invalid", &error.to_string()),
            }
        }
        Some(read)
    }

    /// The pointer of a field.
    pub(crate) fn pointer(&self, name: &str) -> String {
        below(&self.pointer, name)
    }

    /// Adds a fault for each field that was not taken.
    pub(crate) fn close(self) {
        for name in self.entries.keys() {
            let pointer = below(&self.pointer, name);
            let detail = "there is no such field here";
            self.faults
                .add(Place::Body(pointer), "unknown_field", detail);
        }
    }

    /// Ignores the fields that were not taken.
    pub(crate) fn forgive(&mut self) {
        self.entries.clear();
    }

    pub(crate) fn fault(&mut self, name: &str, code: &'static str, detail: impl Into<String>) {
        let place = Place::Body(self.pointer(name));
        self.faults.add(place, code, detail);
    }

    fn fault_at_key(&mut self, name: &str, key: &str, code: &'static str, detail: &str) {
        let place = Place::Body(below(&self.pointer(name), key));
        self.faults.add(place, code, detail);
    }

    fn take(&mut self, name: &str) -> Option<Json> {
        let value = self.entries.remove(name);
        value.filter(|value| !matches!(value, Json::Null))
    }

    fn take_required(&mut self, name: &str) -> Option<Json> {
        let value = self.take(name);
        if value.is_none() {
            self.fault(name, "missing", "this field is needed");
        }
        value
    }

    fn text<T>(
        &mut self,
        name: &str,
        value: Json,
        parse: impl FnOnce(&str) -> Parsed<T>,
    ) -> Option<T> {
        let text = match value {
            Json::Text(text) => text,
            other => return self.wrong_type(name, &other, "a string"),
        };
        match parse(&text) {
            Ok(value) => Some(value),
            Err(detail) => {
                self.fault(name, "invalid", detail);
                None
            }
        }
    }

    fn number_in(&mut self, name: &str, value: Json, range: RangeInclusive<u64>) -> Option<u64> {
        let number = match value {
            Json::Number(number) => number,
            other => return self.wrong_type(name, &other, "a number"),
        };
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let (first, last) = (range.start(), range.end());
            let detail = format!("not a whole number from {first} to {last}");
            self.fault(name, "invalid", detail);
        }
        number
    }

    fn wrong_type<T>(&mut self, name: &str, value: &Json, expected: &str) -> Option<T> {
        let detail = format!("{} is not {expected}", value.kind());
        self.fault(name, "wrong_type", detail);
        None
    }
}
