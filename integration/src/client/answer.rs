//! A response that the document allows.

use anyhow::{Context, Result};
use conformance::{Asked, Received};
use serde_json::Value;

use crate::contract::CONTRACT;

/// An answer over HTTP, which the OpenAPI document allows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The `Content-Type`, empty if there is none.
    pub content_type: String,
    /// Whether it says that it is the answer to a repetition.
    pub is_replay: bool,
    /// The body, as text.
    pub text: String,
}

impl From<conformance::Answer> for Answer {
    fn from(judged: conformance::Answer) -> Self {
        Self {
            status: judged.status,
            content_type: judged.header("content-type").unwrap_or_default().to_owned(),
            is_replay: judged.header("idempotent-replayed").is_some(),
            headers: judged.headers,
            text: judged.body,
        }
    }
}

impl Answer {
    /// The first value of a header, whose name is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` if it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The error code in the envelope; empty if there is none.
    #[must_use]
    pub fn code(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }
}

/// Reads an answer.
///
/// # Panics
/// If the document does not allow it.
pub(super) fn judged(
    method: &str,
    path: &str,
    mut response: ureq::http::Response<ureq::Body>,
) -> Result<Answer> {
    let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.into_owned())
    };
    let received = Received {
        status: response.status().as_u16(),
        headers: response.headers().iter().map(header).collect(),
        body: response
            .body_mut()
            .read_to_vec()
            .context("the body of the answer")?,
    };
    let judged = CONTRACT.judge(&Asked::new(method, path), received);
    Ok(judged.unwrap_or_else(|why| panic!("{why}")).into())
}
