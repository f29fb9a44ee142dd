//! Replies: the responses to requests that succeeded.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use wallet_domain::Precision;

use super::problem::Problem;
use super::show::{Show, Shown};
use super::write::Write;
use crate::request::error::ApiError;

const DRY_RUN: HeaderName = HeaderName::from_static("dry-run");
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The response to a request that succeeded.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    body: BoxBody,
}

impl Reply {
    /// 200 with this body.
    pub(crate) fn new(body: &impl Show) -> Result<Self, Problem> {
        let body = serde_json::to_vec(&Shown(body))
            .map_err(|cause| ApiError::Defect(format!("an answer cannot be written: {cause}")))?;
        Ok(Self {
            status: StatusCode::OK,
            headers: vec![(CONTENT_TYPE, "application/json".to_owned())],
            body: BoxBody::new(body),
        })
    }

    /// 200 with a body of this type that is produced while it is sent.
    pub(crate) fn streamed(media_type: &str, body: BoxBody) -> Self {
        Self {
            status: StatusCode::OK,
            headers: vec![(CONTENT_TYPE, media_type.to_owned())],
            body,
        }
    }

    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same body, as the response to a write that created something at `location`: 201, unless
    /// it was a dry run.
    pub(crate) fn created(mut self, location: String, write: &Write, is_replay: bool) -> Self {
        if !write.dry_run {
            self.status = StatusCode::CREATED;
            self = self.header(LOCATION, location);
        }
        self.written(write, is_replay)
    }

    /// The same response, with the headers of every write.
    pub(crate) fn written(mut self, write: &Write, is_replay: bool) -> Self {
        if is_replay {
            self = self.header(IDEMPOTENT_REPLAYED, "true");
        }
        if write.dry_run {
            self = self.header(DRY_RUN, "true");
        }
        if write.precision == Precision::Strict {
            self = self.header(PREFERENCE_APPLIED, "handling=strict");
        }
        self
    }

    pub(crate) fn into_response(self) -> HttpResponse {
        let mut response = HttpResponse::with_body(self.status, self.body);
        let headers = response.headers_mut();
        for (name, value) in self.headers {
            // All of them consist of ids, numbers and fixed texts.
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}
