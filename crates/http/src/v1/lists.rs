//! Lists: their parameters, their pages, and the cursors that lead from one to the next.
//!
//! A cursor is the key of the last entry of a page and a number that stands for the filters, so that a cursor
//! is not taken to another list. To clients it is opaque.

use actix_web::HttpRequest;
use actix_web::web::Query;
use serde_json::{Value, json};

use super::problem::{FieldError, Place};
use crate::error::ApiError;

/// The most entries of a page.
const LIMIT_MAX: u32 = 100;

/// The entries of a page where nobody says.
const LIMIT_DEFAULT: u32 = 20;

/// The parameters of a query, taken out one by one; see [`Fields`](super::fields::Fields).
pub(super) struct Parameters {
    left: Vec<(String, String)>,
    filters: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl Parameters {
    pub(super) fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let parsed = Query::<Vec<(String, String)>>::from_query(request.query_string());
        let left = parsed.map_err(|_| ApiError::Malformed("the query cannot be read"))?;
        Ok(Self {
            left: left.into_inner(),
            filters: Vec::new(),
            errors: Vec::new(),
        })
    }

    /// A parameter that narrows the list.
    pub(super) fn filter<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.take(name)?;
        let value = self.read(name, &text, read);
        self.filters.push((name.to_owned(), text));
        value
    }

    /// Any other parameter.
    pub(super) fn optional<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.take(name)?;
        self.read(name, &text, read)
    }

    pub(super) fn limit(&mut self) -> u32 {
        let within = 1..=LIMIT_MAX;
        let limit = self.optional("limit", |text| match text.parse() {
            Ok(limit) if within.contains(&limit) => Ok(limit),
            _ => Err(format!("a limit is a whole number from 1 to {LIMIT_MAX}")),
        });
        limit.unwrap_or(LIMIT_DEFAULT)
    }

    /// The key in the cursor; to be asked for after all filters.
    pub(super) fn cursor<K: Key>(&mut self) -> Option<K> {
        let mark = self.mark();
        self.optional("cursor", |text| {
            let (cursor_mark, key) = text.split_at_checked(16).unwrap_or_default();
            let is_ours = cursor_mark == format!("{mark:016x}");
            let key = is_ours.then(|| K::parse(key)).flatten();
            key.ok_or_else(|| "this is no cursor of this list with these filters".to_owned())
        })
    }

    pub(super) fn error(&mut self, name: &str, detail: impl Into<String>) {
        self.errors.push(FieldError {
            place: Place::Parameter(name.to_owned()),
            detail: detail.into(),
        });
    }

    /// A number for the filters; ends the reading of parameters.
    pub(super) fn finish(mut self) -> Result<u64, ApiError> {
        for (name, _) in std::mem::take(&mut self.left) {
            self.error(&name, "there is no such parameter, or it came twice");
        }
        match self.errors.is_empty() {
            true => Ok(self.mark()),
            false => Err(ApiError::Fields(self.errors)),
        }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let place = self.left.iter().position(|(known, _)| known == name)?;
        Some(self.left.remove(place).1)
    }

    fn read<T>(
        &mut self,
        name: &str,
        text: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        match read(text) {
            Ok(value) => Some(value),
            Err(detail) => {
                self.error(name, detail);
                None
            }
        }
    }

    /// FNV-1a: the same in every process, which a cursor needs, and no secret.
    fn mark(&self) -> u64 {
        let mut mark = 0xcbf2_9ce4_8422_2325_u64;
        for (name, text) in &self.filters {
            for byte in name.bytes().chain([0]).chain(text.bytes()).chain([0]) {
                mark = (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        mark
    }
}

/// The place of an entry in a list.
pub(super) trait Key: Sized {
    fn parse(text: &str) -> Option<Self>;
    fn text(&self) -> String;
}

/// Reads one entry more than a page has, to know whether there is more.
pub(super) fn one_more(limit: u32) -> u32 {
    limit + 1
}

/// A page of entries that were read with [`one_more`].
pub(super) fn page<T, K: Key>(
    mut entries: Vec<T>,
    limit: u32,
    mark: u64,
    key: impl Fn(&T) -> K,
    show: impl Fn(&T) -> Value,
) -> Value {
    let has_more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let last = entries.last().filter(|_| has_more);
    json!({
        "data": entries.iter().map(show).collect::<Vec<_>>(),
        "has_more": has_more,
        "next_cursor": last.map(|last| format!("{mark:016x}{}", key(last).text())),
    })
}
