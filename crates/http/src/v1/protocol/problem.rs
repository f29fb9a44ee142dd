//! Problems: the answer to a refused or failed request, `application/problem+json` (RFC 9457).
//!
//! This module gives every [`ApiError`] a status and a `detail` for the client.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Map, Value};
use wallet_domain::{Rejection, SubmitError};

use super::codes;
use super::faults::{FaultReply, Faults, Place};
use super::object::reply;
use super::show::{OmitNone, Show, Shown};
use crate::request::error::ApiError;

/// The code for an idempotency key that was used with other content.
const KEY_REUSED: &str = "idempotency_key_reused";

reply! {
    /// Why a request was refused or failed (RFC 9457).
    pub(crate) struct ProblemReply {
        /// Where the code is explained.
        link as "type": String,
        title: String,
        status: u16,
        /// A stable code. Each operation lists its codes (`x-codes`); a later version may add some.
        code: &'static str,
        detail: String,
        /// The id of the request in the service's log.
        request_id: OmitNone<String>,
        /// Each fault of the request.
        errors: OmitNone<Vec<FaultReply>>,
        position: OmitNone<PositionReply>,
    }
}

reply! {
    /// Where the body stops being JSON.
    pub(crate) struct PositionReply {
        /// Counted from 1.
        line: u64,
        /// Counted from 1; 0 at the end of the body.
        column: u64,
    }
}

/// A request that was refused or failed.
pub(crate) struct Problem {
    status: StatusCode,
    /// What happened, for the log. Its code is the code of the problem.
    error: ApiError,
    detail: String,
    more: Box<More>,
}

/// Members that only some problems have.
#[derive(Default)]
struct More {
    faults: Vec<FaultReply>,
    position: Option<PositionReply>,
    /// Members of the body beyond those of [`ProblemReply`].
    members: Map<String, Value>,
    allow: Option<String>,
}

impl Problem {
    /// A refusal with a code that only `/v1` has.
    pub(crate) fn refused(
        status: StatusCode,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        let detail = detail.into();
        Self {
            status,
            detail: detail.clone(),
            ..Self::from(ApiError::Refused(code, detail))
        }
    }

    /// A request that is valid JSON, but has faults.
    pub(crate) fn from_faults(faults: Faults) -> Self {
        // A single fault of the id or the key has its own code.
        let code = match &faults.listed[..] {
            [fault] if fault.code.starts_with("id_") => fault.code,
            _ => "malformed_request",
        };
        let first = faults.listed.iter().take(3).map(ToString::to_string);
        let mut detail = first.collect::<Vec<_>>().join("; ");
        let more = faults.count.saturating_sub(3);
        if more > 0 {
            detail += &format!("; and {more} more");
        }
        Self::refused(StatusCode::BAD_REQUEST, code, detail).listing(faults)
    }

    /// The same problem with these faults.
    pub(crate) fn listing(mut self, faults: Faults) -> Self {
        self.more.faults = faults.listed;
        self
    }

    /// A body that is not JSON.
    pub(crate) fn unreadable(error: &serde_json::Error) -> Self {
        let detail = format!("the body cannot be read: {error}");
        let mut problem = Self::refused(StatusCode::BAD_REQUEST, "malformed_request", detail);
        problem.more.position = Some(PositionReply {
            line: error.line() as u64,
            column: error.column() as u64,
        });
        problem
    }

    /// A command that the domain rejected. `by_key`: the command's id comes from an idempotency
    /// key.
    pub(crate) fn rejected(rejection: Rejection, by_key: bool) -> Self {
        if by_key && rejection == Rejection::IdAlreadyUsed {
            let detail = "this Idempotency-Key was used with other content";
            return Self::refused(StatusCode::UNPROCESSABLE_ENTITY, KEY_REUSED, detail);
        }
        Self::from(ApiError::Rejected(rejection))
    }

    /// A quote that is valid for longer than the operator allows.
    pub(crate) fn quote_too_long(seconds_max: u64) -> Self {
        let detail = format!(
            "a quote is valid for 1 to {seconds_max} seconds; the operator sets how long with \
             --quote-valid-max"
        );
        let mut faults = Faults::default();
        let field = Place::Body("/valid_for_seconds".to_owned());
        faults.add(field, "out_of_range", &detail);
        let error = ApiError::Rejected(Rejection::QuoteValidityOutOfRange);
        let problem = Self {
            detail,
            ..Self::from(error)
        };
        problem.listing(faults)
    }

    /// A method that the path does not support; `allow` lists those that it supports.
    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        let mut problem = Self::from(ApiError::MethodNotAllowed);
        problem.more.allow = Some(allow.to_owned());
        problem
    }

    /// A path that names a currency that does not exist.
    pub(crate) fn currency_not_found() -> Self {
        let detail = Rejection::CurrencyNotSupported.explanation();
        Self::refused(StatusCode::NOT_FOUND, "currency_not_found", detail)
    }

    /// The same problem with more members.
    pub(crate) fn with(mut self, members: &impl Show) -> Self {
        if let Ok(Value::Object(members)) = serde_json::to_value(Shown(members)) {
            self.more.members = members;
        }
        self
    }

    /// The same problem of a request whose commands were applied: if it would say that nothing was
    /// done, it becomes an unknown outcome.
    pub(crate) fn after_effect(self) -> Self {
        match self.error.after_effect() {
            error @ ApiError::AnswerUnread(_) => Self::from(error),
            error => Self { error, ..self },
        }
    }

    /// The body, without the additional members.
    pub(crate) fn into_reply(self, request_id: Option<&str>) -> ProblemReply {
        let code = codes::from_error(&self.error);
        let mut title = code.replace('_', " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        ProblemReply {
            link: format!("/docs/errors#{code}"),
            title,
            status: self.status.as_u16(),
            code,
            detail: self.detail,
            request_id: request_id.map(str::to_owned).into(),
            errors: self.more.faults.into(),
            position: self.more.position.into(),
        }
    }

    /// The problem as a response. It puts the error into the response's extensions, for the log.
    pub(crate) fn into_response(mut self, request_id: Option<&HeaderValue>) -> HttpResponse {
        let (status, error) = (self.status, self.error.clone());
        let (allow, members) = (
            self.more.allow.take(),
            std::mem::take(&mut self.more.members),
        );
        let reply = self.into_reply(request_id.and_then(|id| id.to_str().ok()));
        // Maps with keys of text always have a text.
        let mut body = serde_json::to_value(Shown(&reply)).unwrap_or_default();
        if let Value::Object(body) = &mut body {
            body.extend(members);
        }
        let mut response = HttpResponse::with_body(status, BoxBody::new(body.to_string()));
        let headers = response.headers_mut();
        let problem = HeaderValue::from_static("application/problem+json");
        headers.insert(CONTENT_TYPE, problem);
        if let Some(seconds) = error.retry_after() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(allow) = allow.and_then(|allow| allow.parse().ok()) {
            headers.insert(ALLOW, allow);
        }
        response.extensions_mut().insert(error);
        response
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        let (status, detail) = match &error {
            ApiError::BodyTooLarge => {
                let detail = "the body has more bytes than the limit";
                return Self::refused(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail);
            }
            ApiError::Malformed(what) => (StatusCode::BAD_REQUEST, *what),
            ApiError::Refused(_, what) => (StatusCode::BAD_REQUEST, what.as_str()),
            ApiError::Rejected(rejection) => (codes::status(*rejection), rejection.explanation()),
            ApiError::Unauthorized(why) => (StatusCode::UNAUTHORIZED, *why),
            ApiError::Forbidden(why) => (StatusCode::FORBIDDEN, *why),
            ApiError::Blocked(blocked) => (StatusCode::FORBIDDEN, blocked.advice()),
            ApiError::TooManyRequests(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "this key has exceeded its rate; wait as long as Retry-After says. Nothing was \
                 applied",
            ),
            ApiError::NotFound => (StatusCode::NOT_FOUND, "there is no such path"),
            ApiError::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "this path does not support the method; the header Allow lists those that it \
                 supports",
            ),
            ApiError::Failed(SubmitError::Store(wallet_domain::StoreError::Refused(_)))
            | ApiError::Defect(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "a defect, or damaged data; give the operator the request_id. You can safely send \
                 the same request with the same id again",
            ),
            ApiError::Failed(SubmitError::Store(wallet_domain::StoreError::TooSlow(_))) => {
                (StatusCode::SERVICE_UNAVAILABLE, codes::QUERY_TOO_SLOW)
            }
            ApiError::Failed(SubmitError::Store(wallet_domain::StoreError::OutcomeUnknown(_)))
            | ApiError::SubmitTimedOut
            | ApiError::AnswerUnread(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "it may have been done, or not. Send the same request with the same id again: it \
                 is done once, and the response has the result",
            ),
            ApiError::Failed(
                SubmitError::Overloaded
                | SubmitError::Stopping
                | SubmitError::Store(
                    wallet_domain::StoreError::Unavailable(_)
                    | wallet_domain::StoreError::Contended(_),
                ),
            )
            | ApiError::DeadlinePassed
            | ApiError::TooManyReads
            | ApiError::ReadsBehind => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the service cannot do this now. Nothing was done: send the same request again, \
                 with the same id",
            ),
        };
        let detail = detail.to_owned();
        Self {
            status,
            error,
            detail,
            more: Box::default(),
        }
    }
}
