//! Faults: all that is wrong with a request, collected for one answer.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

/// How many faults are listed; the rest is counted.
const LISTED_MAX: usize = 100;

/// One thing that is wrong, and where.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) place: Place,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
}

/// Where in a request.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// In the body, as a JSON pointer (RFC 6901).
    Body(String),
    /// In the query or in the path: the parameter's name.
    Parameter(String),
    /// The header's name.
    Header(&'static str),
}

/// `/amount: not a decimal`
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match &self.place {
            Place::Body(pointer) if pointer.is_empty() => "the body",
            Place::Body(pointer) => pointer,
            Place::Parameter(name) => name,
            Place::Header(name) => *name,
        };
        write!(f, "{place}: {}", self.detail)
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        match &self.place {
            Place::Body(pointer) => map.serialize_entry("pointer", pointer)?,
            Place::Parameter(name) => map.serialize_entry("parameter", name)?,
            Place::Header(name) => map.serialize_entry("header", name)?,
        }
        map.serialize_entry("code", self.code)?;
        map.serialize_entry("detail", &self.detail)?;
        map.end()
    }
}

/// The faults of one request, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) listed: Vec<Fault>,
    pub(crate) count: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, place: Place, code: &'static str, detail: impl Into<String>) {
        self.count += 1;
        if self.listed.len() < LISTED_MAX {
            let detail = detail.into();
            self.listed.push(Fault {
                place,
                code,
                detail,
            });
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// One step further down a JSON pointer.
pub(crate) fn below(pointer: &str, name: &str) -> String {
    let name = name.replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{name}")
}
