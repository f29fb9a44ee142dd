//! RFC 9457: every error of the v1 API as `application/problem+json`.
//!
//! `code` is the stable word; `type` leads to its entry in the documentation. Nothing of a database or of
//! an internal error is in here: the whole error goes along in the response's extensions, for the log.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::{Value, json};
use wallet_domain::{Rejection, StoreError, SubmitError};

use crate::error::ApiError;
use crate::log;

/// What is wrong with one field, parameter or header of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FieldError {
    #[serde(flatten)]
    pub(crate) place: Place,
    pub(crate) detail: String,
}

/// Where in a request something is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// A JSON pointer (RFC 6901) into the body; the whole body if it is empty.
    Pointer(String),
    /// A parameter of the query or the path.
    Parameter(String),
    Header(&'static str),
}

/// The answer to a request that failed.
pub(super) fn respond(error: ApiError, request: &HttpRequest) -> HttpResponse {
    respond_to(error, &log::request_id_of(request))
}

/// The answer to the request with this id.
pub(super) fn respond_to(error: ApiError, request_id: &str) -> HttpResponse {
    answer(error, request_id, Value::Null)
}

/// The answer to a request that failed, with more members.
pub(super) fn respond_with(error: ApiError, request: &HttpRequest, more: Value) -> HttpResponse {
    answer(error, &log::request_id_of(request), more)
}

fn answer(error: ApiError, request_id: &str, more: Value) -> HttpResponse {
    let status = status(&error);
    let mut problem = describe(&error);
    problem["request_id"] = json!(request_id);
    if let (Value::Object(problem), Value::Object(more)) = (&mut problem, more) {
        problem.extend(more);
    }
    let mut response = HttpResponse::with_body(status, BoxBody::new(problem.to_string()));
    let json = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let seconds = HeaderValue::from_static("1");
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response.extensions_mut().insert(error);
    response
}

/// The problem without the id of its request: also what a batch says about an item.
pub(super) fn describe(error: &ApiError) -> Value {
    let (status, code) = (status(error), code(error));
    let mut problem = json!({
        "type": format!("/docs/errors#{code}"),
        "title": title(status),
        "status": status.as_u16(),
        "code": code,
        "detail": detail(error),
    });
    if let ApiError::Fields(errors) = error {
        problem["errors"] = json!(errors);
    }
    problem
}

fn code(error: &ApiError) -> &'static str {
    match error {
        // The classic API knows no finer word for it.
        ApiError::BodyTooLarge => "body_too_large",
        other => other.code(),
    }
}

fn status(error: &ApiError) -> StatusCode {
    match error {
        ApiError::Malformed(_) | ApiError::Fields(_) => StatusCode::BAD_REQUEST,
        ApiError::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ApiError::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ApiError::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::Rejected(rejection) => status_of_rejection(*rejection),
        ApiError::NotFound => StatusCode::NOT_FOUND,
        ApiError::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ApiError::Failed(SubmitError::Store(StoreError::Refused(_))) | ApiError::Defect(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        ApiError::Failed(_) | ApiError::DeadlinePassed | ApiError::TooManyReads => {
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

fn status_of_rejection(rejection: Rejection) -> StatusCode {
    match rejection {
        Rejection::AccountNotExist | Rejection::TransferNotExist => StatusCode::NOT_FOUND,
        Rejection::IdAlreadyUsed | Rejection::ExternalIdAlreadyUsed => StatusCode::CONFLICT,
        Rejection::AccountChanged => StatusCode::PRECONDITION_FAILED,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// RFC 9457: the title says the same as the status.
fn title(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Error")
}

fn detail(error: &ApiError) -> String {
    match error {
        ApiError::Rejected(rejection) => rejection.explanation().to_owned(),
        ApiError::Fields(errors) => match errors.as_slice() {
            [one] => one.detail.clone(),
            more => format!("{} fields are wrong; see errors", more.len()),
        },
        ApiError::Malformed(what) => (*what).to_owned(),
        ApiError::BodyTooLarge => "the body is larger than it may be".to_owned(),
        ApiError::MediaType => "the body must be application/json".to_owned(),
        ApiError::KeyReused => "this Idempotency-Key came before with another content".to_owned(),
        ApiError::NotFound => "there is nothing at this path".to_owned(),
        ApiError::MethodNotAllowed => "see the header Allow for what works here".to_owned(),
        ApiError::Failed(SubmitError::Store(StoreError::OutcomeUnknown(_)))
        | ApiError::DeadlinePassed => {
            "it is not known whether this was carried out; repeat it with the same id".to_owned()
        }
        ApiError::Failed(SubmitError::Store(StoreError::Refused(_))) | ApiError::Defect(_) => {
            "this is our fault; the operator's log has the request's id".to_owned()
        }
        ApiError::Failed(_) | ApiError::TooManyReads => {
            "nothing was changed; repeat it with the same id in a moment".to_owned()
        }
    }
}
