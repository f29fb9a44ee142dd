//! CORS: pages of other origins may use the API from a browser only if they are configured.

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header::{
    AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, RETRY_AFTER,
};

use crate::request::request_id::X_REQUEST_ID;

/// How long a browser may remember the answer to a preflight, in seconds.
const REMEMBERED: usize = 3_600;

/// The CORS rules for pages of these origins (`https://shop.example`).
pub(crate) fn rules(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST, Method::PATCH])
        .allowed_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            IF_MATCH,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("prefer"),
            HeaderName::from_static("traceparent"),
            X_REQUEST_ID,
        ])
        .expose_headers([
            ETAG,
            RETRY_AFTER,
            HeaderName::from_static("dry-run"),
            HeaderName::from_static("idempotent-replayed"),
            HeaderName::from_static("preference-applied"),
            HeaderName::from_static("ratelimit"),
            HeaderName::from_static("ratelimit-policy"),
            HeaderName::from_static("traceparent"),
            X_REQUEST_ID,
        ])
        .max_age(REMEMBERED);
    origins
        .iter()
        .fold(cors, |cors, origin| cors.allowed_origin(origin))
}
