//! Parsing a request: the fields of a body or of a query, taken one by one into a type.
//!
//! Parsing continues after a fault, so that all faults are found; they are in the order of the
//! fields of the type. A field that the type does not have is a fault. `null` counts as missing.

mod special;

use std::collections::BTreeMap;

use actix_web::web::Query;
use uuid::Uuid;

use super::describe::{Describe, Flatten, ObjectSchema};
use super::faults::{Faults, Place};
use super::json::Json;
use crate::request::redacted::redacted;

pub(crate) use special::{Absent, CommaSeparated, Either, FromPath};

/// What is wrong with a field or a parameter that occurs twice.
const OCCURS_TWICE: &str = "it occurs twice";

/// A type that is parsed from a JSON value.
pub(crate) trait Read: Describe + Sized {
    /// Parses a value. `None` if it is wrong; the fault is added.
    fn read(json: Json, at: &At<'_>, faults: &mut Faults) -> Option<Self>;
}

/// A type that is parsed from some fields of an object; `request!` implements it.
pub(crate) trait Object: Sized + 'static {
    /// Takes the fields of the type. `None` if one of them is wrong; the faults are added.
    fn take_from(fields: &mut Fields<'_>) -> Option<Self>;

    /// Adds its fields to the schema of the object.
    fn describe(object: &mut ObjectSchema<'_>);

    /// Takes the fields of the type. Any field that is left is a fault.
    fn take_all(mut fields: Fields<'_>) -> Option<Self> {
        let value = Self::take_from(&mut fields);
        fields.close();
        value
    }
}

/// A query without parameters.
impl Object for () {
    fn take_from(_: &mut Fields<'_>) -> Option<Self> {
        Some(())
    }

    fn describe(_: &mut ObjectSchema<'_>) {}
}

/// The type of a field of an [`Object`].
pub(crate) trait Field: Sized {
    /// Takes it from the fields; `None` if it is wrong.
    fn take_from(fields: &mut Fields<'_>, name: &'static str) -> Option<Self>;

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str);
}

/// A field that must be there.
impl<T: Read> Field for T {
    fn take_from(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        let value = fields.take_optional(name);
        if value.is_none() {
            fields.fault(name, "missing", "this field is required");
        }
        fields.read(name, value?)
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        let schema = T::schema(object.schemas);
        object.required(name, about, schema);
    }
}

/// A field that may be missing.
impl<T: Read> Field for Option<T> {
    fn take_from(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        match fields.take_optional(name) {
            None => Some(None),
            Some(value) => fields.read(name, value).map(Some),
        }
    }

    fn describe(object: &mut ObjectSchema<'_>, name: &'static str, about: &str) {
        let schema = T::schema(object.schemas);
        object.optional(name, about, schema);
    }
}

impl<T: Object> Field for Flatten<T> {
    fn take_from(fields: &mut Fields<'_>, _: &'static str) -> Option<Self> {
        T::take_from(fields).map(Self)
    }

    fn describe(object: &mut ObjectSchema<'_>, _: &'static str, _: &str) {
        T::describe(object);
    }
}

/// A place in a request.
pub(crate) enum At<'a> {
    Body,
    Query,
    Field(&'a At<'a>, &'a str),
    Entry(&'a At<'a>, usize),
}

impl At<'_> {
    /// Its place, for a fault.
    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Field(Self::Query, name) => Place::Parameter((*name).to_owned()),
            at => Place::Body(at.pointer()),
        }
    }

    fn pointer(&self) -> String {
        match self {
            Self::Body | Self::Query => String::new(),
            Self::Field(of, name) => {
                let name = name.replace('~', "~0").replace('/', "~1");
                format!("{}/{name}", of.pointer())
            }
            Self::Entry(of, index) => format!("{}/{index}", of.pointer()),
        }
    }
}

/// What the parsing of a field may depend on, in addition to its value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    /// The id that the request's idempotency key derives.
    pub(crate) key: Option<Uuid>,
    /// The id in the request's path.
    pub(crate) path_id: Option<Uuid>,
    /// Whether the caller is limited to accounts.
    pub(crate) is_limited: bool,
}

/// The fields of an object that are not taken yet.
pub(crate) struct Fields<'f> {
    pub(crate) faults: &'f mut Faults,
    pub(crate) context: Context,
    at: &'f At<'f>,
    entries: BTreeMap<String, Json>,
}

impl<'f> Fields<'f> {
    /// The fields of a value that must be an object.
    pub(crate) fn new(json: Json, at: &'f At<'f>, faults: &'f mut Faults) -> Option<Self> {
        match json {
            Json::Object(entries) => Some(Self {
                faults,
                context: Context::default(),
                at,
                entries,
            }),
            other => {
                other.is_not("an object", at, faults);
                None
            }
        }
    }

    /// The parameters of a query, as fields that are texts.
    pub(crate) fn from_query(query: &str, faults: &'f mut Faults) -> Self {
        // Any text parses as a list of names and values.
        let pairs = Query::<Vec<(String, String)>>::from_query(query);
        let pairs = pairs.map(Query::into_inner).unwrap_or_default();
        let sent = query.split('&').filter(|pair| !pair.is_empty());
        let mut entries = BTreeMap::new();
        for ((name, value), sent) in pairs.into_iter().zip(sent) {
            let place = || Place::Parameter(redacted(&name).into_owned());
            if is_garbled([&name, &value], sent) {
                faults.add(place(), "invalid", "it is not UTF-8");
            }
            if entries.contains_key(&name) {
                faults.add(place(), "invalid", OCCURS_TWICE);
            }
            entries.insert(name, Json::Text(value));
        }
        Self {
            faults,
            context: Context::default(),
            at: &At::Query,
            entries,
        }
    }

    /// The same fields in a context.
    pub(crate) fn within(self, context: Context) -> Self {
        Self { context, ..self }
    }

    /// The parameters that are not taken yet, as one text.
    pub(crate) fn rest(&self) -> String {
        let mut rest = String::new();
        for (name, value) in &self.entries {
            if let Json::Text(value) = value {
                rest = rest + name + "=" + value + "\0";
            }
        }
        rest
    }

    /// Whether a field is present, is not `null`, and is not taken yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        let value = self.entries.get(name);
        value.is_some_and(|value| !matches!(value, Json::Null))
    }

    /// Takes a field, if it is present and not `null`.
    pub(crate) fn take_optional(&mut self, name: &str) -> Option<Json> {
        let value = self.entries.remove(name);
        value.filter(|value| !matches!(value, Json::Null))
    }

    fn read<T: Read>(&mut self, name: &str, value: Json) -> Option<T> {
        T::read(value, &At::Field(self.at, name), self.faults)
    }

    pub(crate) fn fault(&mut self, name: &str, code: &'static str, detail: impl Into<String>) {
        let place = At::Field(self.at, name).place();
        self.faults.add(place, code, detail);
    }

    /// Adds a fault for each field that is not taken.
    pub(crate) fn close(self) {
        for name in self.entries.keys() {
            let (name, code, detail) = match self.at {
                At::Query => (
                    redacted(name),
                    "unknown_parameter",
                    "there is no such parameter here",
                ),
                _ => (name.into(), "unknown_field", "there is no such field here"),
            };
            self.faults
                .add(At::Field(self.at, &name).place(), code, detail);
        }
    }
}

/// Whether a name or a value has characters that stand for bytes that are not UTF-8, which was
/// `sent` as `name=value`.
fn is_garbled(decoded: [&String; 2], sent: &str) -> bool {
    let decoded = decoded.map(|text| text.matches(char::REPLACEMENT_CHARACTER).count());
    let count: usize = decoded.iter().sum();
    // The character itself can be sent, too.
    count > 0 && count > sent.to_ascii_lowercase().matches("%ef%bf%bd").count()
}

impl Json {
    /// Adds the fault that the value has the wrong type, or is the second one of its name.
    pub(crate) fn is_not(&self, expected: &str, at: &At<'_>, faults: &mut Faults) {
        if let Self::Twice = self {
            faults.add(at.place(), "invalid", OCCURS_TWICE);
            return;
        }
        let detail = format!("{} is not {expected}", self.kind());
        faults.add(at.place(), "wrong_type", detail);
    }
}
