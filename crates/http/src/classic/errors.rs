//! The errors outside the three routes, in the same envelope but with a true status.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web;

use super::envelope;
use crate::request::body;
use crate::request::error::ApiError;

/// The answer on unknown paths.
pub(crate) async fn not_found(payload: web::Payload) -> HttpResponse {
    let response = envelope::error_with_status(StatusCode::NOT_FOUND, ApiError::NotFound);
    body::hold(response, payload.into_inner())
}

/// The answer to other methods where only POST is known.
pub(crate) async fn allow_post(payload: web::Payload) -> HttpResponse {
    method_not_allowed("POST", payload)
}

/// The answer to other methods where only GET and HEAD are known.
pub(crate) async fn allow_get(payload: web::Payload) -> HttpResponse {
    method_not_allowed("GET, HEAD", payload)
}

fn method_not_allowed(allowed: &'static str, payload: web::Payload) -> HttpResponse {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let mut response = envelope::error_with_status(status, ApiError::MethodNotAllowed);
    let allowed = HeaderValue::from_static(allowed);
    response.headers_mut().insert(ALLOW, allowed);
    body::hold(response, payload.into_inner())
}

/// The answer to what a service without keys does not answer: a true status here, too, as a page's
/// script or a proxy could take 200 for a success.
pub(crate) fn blocked(error: ApiError) -> HttpResponse {
    envelope::error_with_status(StatusCode::FORBIDDEN, error)
}

/// The answer of a handler that panicked.
pub(crate) fn broken(error: ApiError) -> HttpResponse {
    envelope::error_with_status(StatusCode::INTERNAL_SERVER_ERROR, error)
}
