//! Single values: types of the domain, each with one definition of how it is parsed, serialized and
//! described.
//!
//! Bodies, queries and paths use the same texts.

mod metadata;
mod numbers;
mod texts;

use std::fmt::Display;

use serde::Serializer;
use serde_json::Value;

use super::describe::{Describe, Schemas};
use super::faults::Faults;
use super::json::Json;
use super::read::{At, Read};
use super::show::Show;

pub(crate) use metadata::{MetadataChanges, MetadataFilter};
pub(crate) use numbers::{BoundedInt, Limit, Money};
pub(crate) use texts::{text_enum, transfer_type};

/// A `T` that was parsed from a text, or what is wrong with the text.
pub(crate) type Parsed<T> = Result<T, &'static str>;

/// A type whose values are texts.
pub(crate) trait Text: Sized + 'static {
    /// The name of its schema in the document. Empty to describe it wherever it occurs.
    const NAME: &'static str;

    fn parse(text: &str) -> Parsed<Self>;

    fn text(&self) -> impl Display;

    /// The schema.
    fn described() -> Value;
}

impl<T: Text> Describe for T {
    fn schema(schemas: &mut Schemas) -> Value {
        match T::NAME {
            "" => T::described(),
            name => schemas.named(name, |_| T::described()),
        }
    }
}

impl<T: Text> Read for T {
    fn read(json: Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        let Json::Text(text) = json else {
            json.is_not("a string", at, faults);
            return None;
        };
        let value = T::parse(&text);
        value
            .map_err(|detail| faults.add(at.place(), "invalid", detail))
            .ok()
    }
}

impl<T: Text> Show for T {
    fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.text())
    }
}

/// A list of any length.
impl<T: Describe> Describe for Vec<T> {
    fn schema(schemas: &mut Schemas) -> Value {
        serde_json::json!({"type": "array", "items": T::schema(schemas)})
    }
}

/// A list that has between `MIN` and `MAX` entries.
pub(crate) struct BoundedVec<T, const MIN: usize, const MAX: usize>(pub(crate) Vec<T>);

impl<T: Describe, const MIN: usize, const MAX: usize> Describe for BoundedVec<T, MIN, MAX> {
    fn schema(schemas: &mut Schemas) -> Value {
        let mut schema = Vec::<T>::schema(schemas);
        if MIN > 0 {
            schema["minItems"] = MIN.into();
        }
        schema["maxItems"] = MAX.into();
        schema
    }
}

impl<T: Read, const MIN: usize, const MAX: usize> Read for BoundedVec<T, MIN, MAX> {
    fn read(json: Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        let Json::BoundedVec(values) = json else {
            json.is_not("a list", at, faults);
            return None;
        };
        if !(MIN..=MAX).contains(&values.len()) {
            let detail = format!("not {MIN} to {MAX} entries");
            faults.add(at.place(), "invalid", detail);
            return None;
        }
        let read = |(index, value)| T::read(value, &At::Entry(at, index), faults);
        // Every entry is parsed, even after a wrong one, so that all faults are found.
        let read: Vec<Option<T>> = values.into_iter().enumerate().map(read).collect();
        read.into_iter().collect::<Option<_>>().map(Self)
    }
}
