//! Requests. Each attempt sends the same bytes.

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, IF_MATCH};
use reqwest::{Method, Url};
use serde::Serialize;

use crate::errors::error::Error;

/// One request of `/v1`.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// The segments of the path below `/v1`, not escaped.
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    body: Option<Bytes>,
    if_match: Option<HeaderValue>,
    accept: HeaderValue,
}

impl Request {
    fn new(method: Method, path: &[&str]) -> Self {
        Self {
            method,
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            query: Vec::new(),
            body: None,
            if_match: None,
            accept: HeaderValue::from_static("application/json, application/problem+json"),
        }
    }

    pub(crate) fn get(path: &[&str]) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: &[&str], body: &impl Serialize) -> Result<Self, Error> {
        Self::new(Method::POST, path).with_body(body)
    }

    pub(crate) fn patch(path: &[&str], body: &impl Serialize) -> Result<Self, Error> {
        Self::new(Method::PATCH, path).with_body(body)
    }

    fn with_body(mut self, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(body).map_err(Error::unsendable)?;
        self.body = Some(body.into());
        Ok(self)
    }

    /// Adds a parameter, unless there is no value.
    pub(crate) fn with_param(mut self, name: &'static str, value: Option<String>) -> Self {
        self.query.extend(value.map(|value| (name, value)));
        self
    }

    /// Adds a time as a parameter, unless there is none.
    pub(crate) fn with_time(self, name: &'static str, time: Option<DateTime<Utc>>) -> Self {
        let text = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Micros, true);
        self.with_param(name, time.map(text))
    }

    pub(crate) fn with_if_match(mut self, tag: Option<HeaderValue>) -> Self {
        self.if_match = tag;
        self
    }

    pub(crate) fn accepting_csv(mut self) -> Self {
        self.accept = HeaderValue::from_static("text/csv, application/problem+json");
        self
    }

    /// Fails if a name in the path would lead to another path: URLs drop dots, tabs and line
    /// breaks.
    ///
    /// # Errors
    /// Nothing is sent.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let is_dropped =
            |name: &str| matches!(name, "" | "." | "..") || name.contains(['\t', '\n', '\r']);
        match self.path.iter().find(|name| is_dropped(name)) {
            Some(name) => Err(Error::unsendable(format!("{name:?} cannot be in a path"))),
            None => Ok(()),
        }
    }

    /// The URL of the request, for a service at `base`.
    pub(crate) fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        // `Client::new` refuses a base that cannot have a path.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("v1").extend(&self.path);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }

    /// The request of the HTTP library.
    pub(crate) fn build(&self, http: &reqwest::Client, base: &Url) -> reqwest::RequestBuilder {
        let request = http.request(self.method.clone(), self.url(base));
        let mut request = request.header(ACCEPT, self.accept.clone());
        if let Some(body) = &self.body {
            request = request.body(body.clone());
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some(tag) = &self.if_match {
            request = request.header(IF_MATCH, tag.clone());
        }
        request
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    #[test]
    fn what_callers_choose_is_escaped() {
        let base = Url::parse("http://ledger.example/books/").unwrap();
        let noon = Utc.with_ymd_and_hms(2026, 1, 31, 12, 0, 0).single();
        let request = Request::get(&["currencies", "A/B?"])
            .with_param("reference", Some("a&b=c é".to_owned()))
            .with_param("absent", None)
            .with_time("at", noon);
        assert_eq!(
            request.url(&base).as_str(),
            "http://ledger.example/books/v1/currencies/A%2FB%3F\
             ?reference=a%26b%3Dc+%C3%A9&at=2026-01-31T12%3A00%3A00.000000Z"
        );
        request.check().unwrap();
        for name in ["", ".", "..", "U\tSD", "USD\n"] {
            Request::get(&["currencies", name]).check().unwrap_err();
        }
        let bare = Url::parse("http://ledger.example").unwrap();
        let url = Request::get(&["rates"]).url(&bare);
        assert_eq!(url.as_str(), "http://ledger.example/v1/rates");
    }
}
