//! Problems: the answer to a refused or failed request, `application/problem+json` (RFC 9457).
//!
//! Every [`ApiError`] gets a status and a sentence here; the answer lists the faults of the
//! request.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Map, Value, json};
use wallet_domain::{Rejection, SubmitError};

use super::faults::{Faults, Place};
use crate::request::error::ApiError;

/// The code for an idempotency key that was used with another content.
const KEY_REUSED: &str = "idempotency_key_reused";

/// A request that was refused or failed.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    /// What happened, for the log; its code is the problem's.
    error: ApiError,
    detail: String,
    /// The members that only this kind of problem has.
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
            error: ApiError::Refused(code, detail.clone()),
            detail,
            members: Map::new(),
            allow: None,
        }
    }

    /// A request that can be read, but has fields that cannot be used.
    pub(crate) fn faulty(faults: &Faults) -> Self {
        // A fault of the key alone has its own code.
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
    pub(crate) fn listing(self, faults: &Faults) -> Self {
        self.with("errors", json!(faults.listed))
    }

    /// A body that is not JSON.
    pub(crate) fn unreadable(error: &serde_json::Error) -> Self {
        let detail = format!("the body cannot be read: {error}");
        let position = json!({"line": error.line(), "column": error.column()});
        Self::refused(StatusCode::BAD_REQUEST, "malformed_request", detail)
            .with("position", position)
    }

    /// A command that the domain rejected. `by_key`: the command's id comes from an idempotency
    /// key.
    pub(crate) fn rejected(rejection: Rejection, by_key: bool) -> Self {
        if by_key && rejection == Rejection::IdAlreadyUsed {
            let detail = "this Idempotency-Key came with another content before";
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
        problem.listing(&faults)
    }

    /// Another method on a known path.
    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        Self {
            allow: Some(allow.to_owned()),
            ..Self::from(ApiError::MethodNotAllowed)
        }
    }

    /// A path that names a currency that does not exist.
    pub(crate) fn no_such_currency() -> Self {
        let detail = Rejection::CurrencyNotSupported.explanation();
        Self::refused(StatusCode::NOT_FOUND, "currency_not_exist", detail)
    }

    /// The same problem with one more member.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    /// The same problem of a request whose commands were applied: it does not say that nothing was
    /// done.
    pub(crate) fn after_effect(self) -> Self {
        match self.error.after_effect() {
            error @ ApiError::AnswerUnread(_) => Self::from(error),
            error => Self { error, ..self },
        }
    }

    /// The problem as part of another answer.
    pub(crate) fn into_json(self) -> Value {
        let code = self.error.code();
        let mut title = code.replace('_', " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let mut json = json!({
            "type": format!("/docs/errors#{code}"),
            "title": title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": code,
        });
        if let Value::Object(members) = &mut json {
            members.extend(self.members);
        }
        json
    }

    /// The problem as the answer. The error is put into the response's extensions, for the log.
    pub(crate) fn into_response(self, request_id: Option<&HeaderValue>) -> HttpResponse {
        let (status, allow, error) = (self.status, self.allow.clone(), self.error.clone());
        let problem = match request_id.and_then(|id| id.to_str().ok()) {
            Some(id) => self.with("request_id", json!(id)),
            None => self,
        };
        let text = problem.into_json();
        let mut response = HttpResponse::with_body(status, BoxBody::new(text.to_string()));
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
                let detail = "the body has more bytes than a body may have here";
                return Self::refused(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail);
            }
            ApiError::Malformed(what) => (StatusCode::BAD_REQUEST, *what),
            ApiError::Refused(_, what) => (StatusCode::BAD_REQUEST, what.as_str()),
            ApiError::Rejected(rejection) => {
                (rejection_status(*rejection), rejection.explanation())
            }
            ApiError::Unauthorized(why) => (StatusCode::UNAUTHORIZED, *why),
            ApiError::Forbidden(why) => (StatusCode::FORBIDDEN, *why),
            ApiError::Blocked(blocked) => (StatusCode::FORBIDDEN, blocked.advice()),
            ApiError::TooManyRequests(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "more requests than this key may send; wait as long as Retry-After says. Nothing \
                 was applied",
            ),
            ApiError::NotFound => (StatusCode::NOT_FOUND, "there is no such path"),
            ApiError::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "this path does not know the method; the header Allow names those that it knows",
            ),
            ApiError::Failed(SubmitError::Store(wallet_domain::StoreError::Refused(_)))
            | ApiError::Defect(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "the service is at fault; tell its operator the request_id. Sending the same \
                 request with the same id again does no harm",
            ),
            ApiError::Failed(SubmitError::Store(wallet_domain::StoreError::TooSlow(_))) => {
                (StatusCode::SERVICE_UNAVAILABLE, QUERY_TOO_SLOW)
            }
            ApiError::Failed(SubmitError::Store(wallet_domain::StoreError::OutcomeUnknown(_)))
            | ApiError::SubmitTimedOut
            | ApiError::AnswerUnread(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "it may have been done, or not. Send the same request with the same id again: it \
                 is done once, and the answer says what became of it",
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
            members: Map::new(),
            allow: None,
        }
    }
}

/// What a client can do about a list that took too long.
pub(crate) const QUERY_TOO_SLOW: &str = "the list was ended after five seconds, because it walks \
                                         over far more than it finds; ask for one account, one \
                                         reference, one metadata entry, or a shorter period";

pub(crate) fn rejection_status(rejection: Rejection) -> StatusCode {
    match rejection {
        Rejection::IdAlreadyUsed | Rejection::ExternalIdAlreadyUsed => StatusCode::CONFLICT,
        Rejection::AccountChanged => StatusCode::PRECONDITION_FAILED,
        // These are named in a path.
        Rejection::AccountNotExist
        | Rejection::TransferNotExist
        | Rejection::HoldNotExist
        | Rejection::QuoteNotExist => StatusCode::NOT_FOUND,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
