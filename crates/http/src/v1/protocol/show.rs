//! Serializing a reply: its fields, written one after another as JSON.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::describe::{Describe, Flatten, ObjectSchema, Schemas, or_null};

/// A type that is serialized as a JSON value.
pub(crate) trait Show: Describe {
    /// # Errors
    /// The serializer's.
    fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Makes a [`Show`] serializable by serde.
pub(crate) struct Shown<'a, T>(pub(crate) &'a T);

impl<T: Show> Serialize for Shown<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.show(serializer)
    }
}

/// A type that is serialized as some fields of an object; `reply!` implements it.
pub(crate) trait Members {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;

    /// Adds its fields to the schema of the object.
    fn describe(object: &mut ObjectSchema<'_>);
}

/// The type of a field of [`Members`].
pub(crate) trait Member {
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error>;

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str);
}

/// A field that is always there.
impl<T: Show> Member for T {
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry(name, &Shown(self))
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        let schema = T::schema(object.schemas);
        object.required(name, about, schema);
    }
}

/// A field that is always there and may be `null`.
impl<T: Show> Member for Option<T> {
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry(name, &self.as_ref().map(Shown))
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        let schema = T::schema(object.schemas);
        object.required(name, about, or_null(schema));
    }
}

/// A field that is omitted if it has no value.
pub(crate) struct OmitNone<T>(pub(crate) Option<T>);

impl<T> From<Option<T>> for OmitNone<T> {
    fn from(value: Option<T>) -> Self {
        Self(value)
    }
}

/// A list that is omitted if it is empty.
impl<T> From<Vec<T>> for OmitNone<Vec<T>> {
    fn from(list: Vec<T>) -> Self {
        Self(Some(list).filter(|list| !list.is_empty()))
    }
}

impl<T: Show> Member for OmitNone<T> {
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error> {
        match &self.0 {
            Some(value) => map.serialize_entry(name, &Shown(value)),
            None => Ok(()),
        }
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        let schema = T::schema(object.schemas);
        object.optional(name, about, schema);
    }
}

impl<T: Members> Member for Flatten<T> {
    fn write<M: SerializeMap>(&self, _: &'static str, map: &mut M) -> Result<(), M::Error> {
        self.0.write(map)
    }

    fn describe(object: &mut ObjectSchema<'_>, _: &'static str, _: &str) {
        T::describe(object);
    }
}

/// A fixed text.
impl Show for &'static str {
    fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl Describe for &'static str {
    fn schema(_: &mut Schemas) -> Value {
        json!({"type": "string"})
    }
}

impl<T: Show> Show for Vec<T> {
    fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Shown))
    }
}
