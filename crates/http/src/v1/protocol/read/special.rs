//! Fields that depend on more than their own value: on the path, or on another field.

use serde_json::json;

use super::{Field, Fields, Read};
use crate::v1::protocol::describe::Describe as _;
use crate::v1::protocol::describe::{ObjectSchema, has};
use crate::v1::protocol::json::Json;
use crate::v1::protocol::values::Text;

/// An id from the path of a write. An item of a batch has no path, so there it is a field.
pub(crate) struct FromPath<T>(pub(crate) T);

impl<T: Read> Field for FromPath<T> {
    fn take_from(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        let id = match fields.context.path_id {
            Some(id) => fields.read(name, Json::Text(id.to_string())),
            None => T::take_from(fields, name),
        };
        id.map(Self)
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        if object.is_item {
            T::describe(object, name, about);
        }
    }
}

/// The most values that a parameter has.
const VALUES_MAX: usize = 100;

/// The values of a parameter, separated by commas. Empty if the parameter is missing.
pub(crate) struct CommaSeparated<T>(pub(crate) Vec<T>);

impl<T: Text> Field for CommaSeparated<T> {
    fn take_from(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        let Some(Json::Text(text)) = fields.take_optional(name) else {
            return Some(Self(Vec::new()));
        };
        if text.split(',').count() > VALUES_MAX {
            fields.fault(name, "invalid", "more than 100 values");
            return None;
        }
        let values: Result<Vec<T>, _> = text.split(',').map(T::parse).collect();
        match values {
            Ok(values) => Some(Self(values)),
            Err(detail) => {
                fields.fault(name, "invalid", detail);
                None
            }
        }
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        let values = T::schema(object.schemas);
        let list = json!({
            "type": "array", "items": values, "minItems": 1, "maxItems": VALUES_MAX,
        });
        object.optional(name, about, list);
    }
}

/// A field that must be absent, because another one excludes it.
pub(crate) struct Absent;

impl Field for Absent {
    fn take_from(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        if fields.take_optional(name).is_some() {
            fields.fault(name, "unknown_field", "there is no such field here");
            return None;
        }
        Some(Self)
    }

    fn describe(_: &mut ObjectSchema<'_>, _: &'static str, _: &str) {}
}

/// Exactly one of two fields.
pub(crate) enum Either<A, B> {
    First(A),
    Second(B),
}

impl<A: Read, B: Read> Either<A, B> {
    /// Takes both fields, of which exactly one must be present. `otherwise` is the fault.
    pub(crate) fn take_from(
        fields: &mut Fields<'_>,
        [first, second]: [&'static str; 2],
        otherwise: &str,
    ) -> Option<Self> {
        let is_one = fields.has(first) != fields.has(second);
        let one = Option::<A>::take_from(fields, first);
        let other = Option::<B>::take_from(fields, second);
        if !is_one {
            fields.fault(first, "invalid", otherwise);
            return None;
        }
        let one = one?.map(Self::First);
        one.or(other?.map(Self::Second))
    }

    /// Describes both fields, each with its name and its description.
    pub(crate) fn describe(
        object: &mut ObjectSchema<'_>,
        [first, second]: [(&'static str, &str); 2],
    ) {
        Option::<A>::describe(object, first.0, first.1);
        Option::<B>::describe(object, second.0, second.1);
        let then = json!({"not": has(second.0)});
        object.if_then_else(first.0, then, has(second.0));
    }
}
