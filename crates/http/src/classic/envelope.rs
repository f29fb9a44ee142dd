//! The envelope of every classic answer: `{"result":"OK"|"ERROR","error":"<code>","payload":…}`.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::web::Bytes;
use serde::Serialize;

use crate::request::error::ApiError;

/// A success without a payload.
pub(super) fn ok() -> HttpResponse {
    respond(StatusCode::OK, Bytes::from_static(br#"{"result":"OK"}"#))
}

/// A success with a payload.
pub(super) fn payload<T: Serialize>(payload: &[T]) -> HttpResponse {
    #[derive(Serialize)]
    struct Envelope<'a, T> {
        result: &'static str,
        payload: &'a [T],
    }
    let envelope = Envelope {
        result: "OK",
        payload,
    };
    match serde_json::to_vec(&envelope) {
        Ok(text) => respond(StatusCode::OK, Bytes::from(text)),
        Err(cause) => error(ApiError::Defect(format!(
            "an answer cannot be written: {cause}"
        ))),
    }
}

/// A failure, with the status that the classic routes always have: 200.
pub(super) fn error(error: ApiError) -> HttpResponse {
    error_with_status(StatusCode::OK, error)
}

/// A failure. The error is put into the response's extensions, for the log.
pub(super) fn error_with_status(status: StatusCode, error: ApiError) -> HttpResponse {
    // The contract is frozen: as its document says, one code means both that nothing was done and
    // that it may have been done, and a slow list has no code of its own.
    let code = match error.code() {
        "outcome_unknown" | "query_too_slow" => "service_unavailable",
        code => code,
    };
    // Codes are plain words, so there is nothing to escape.
    let text = format!(r#"{{"result":"ERROR","error":"{code}"}}"#);
    let mut response = respond(status, Bytes::from(text));
    if let Some(seconds) = error.retry_after() {
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.extensions_mut().insert(error);
    response
}

fn respond(status: StatusCode, text: Bytes) -> HttpResponse {
    let mut response = HttpResponse::with_body(status, BoxBody::new(text));
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
