//! The parameters of a query, taken one by one; a parameter that no handler took is a fault.

use std::collections::BTreeMap;

use actix_web::web::Query;

use super::faults::{Faults, Place};
use super::parse::Parsed;
use crate::request::redacted::redacted;

/// The parameters of one request.
pub(crate) struct Params<'f> {
    pub(crate) faults: &'f mut Faults,
    values: BTreeMap<String, String>,
}

impl<'f> Params<'f> {
    pub(crate) fn new(query: &str, faults: &'f mut Faults) -> Self {
        // Any text parses as a list of names and values.
        let pairs = Query::<Vec<(String, String)>>::from_query(query);
        let pairs = pairs.map(Query::into_inner).unwrap_or_default();
        let mut values = BTreeMap::new();
        for (name, value) in pairs {
            if values.insert(name.clone(), value).is_some() {
                let place = Place::Parameter(redacted(&name).into_owned());
                faults.add(place, "invalid", "it occurs twice");
            }
        }
        Self { faults, values }
    }

    /// A parameter that may be there.
    pub(crate) fn optional<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Parsed<T>,
    ) -> Option<T> {
        let text = self.values.remove(name)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(detail) => {
                self.fault(name, "invalid", detail);
                None
            }
        }
    }

    /// Whether a parameter is there that was not taken yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The parameters that were not taken yet, as one text.
    pub(crate) fn rest(&self) -> String {
        let pairs = self.values.iter();
        pairs.fold(String::new(), |text, (name, value)| {
            text + name + "=" + value + "\0"
        })
    }

    pub(crate) fn fault(&mut self, name: &str, code: &'static str, detail: impl Into<String>) {
        let place = Place::Parameter(name.to_owned());
        self.faults.add(place, code, detail);
    }

    /// Adds a fault for each parameter that was not taken.
    pub(crate) fn close(self) {
        for name in self.values.into_keys() {
            let place = Place::Parameter(redacted(&name).into_owned());
            let detail = "there is no such parameter here";
            self.faults.add(place, "unknown_parameter", detail);
        }
    }
}
