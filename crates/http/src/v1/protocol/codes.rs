//! Every code that a problem can have, in one list: for the OpenAPI document and the page of
//! errors.

use actix_web::http::StatusCode;
use wallet_domain::Rejection;

use super::problem;

/// A code, the status that it comes with, and what it means.
pub(crate) struct Code {
    pub(crate) code: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) meaning: &'static str,
}

/// The codes that are not rejections of the domain.
const OWN: [(&str, StatusCode, &str); 23] = [
    (
        "malformed_request",
        StatusCode::BAD_REQUEST,
        "the request cannot be read; `errors` names every field, parameter and header that is \
         wrong",
    ),
    (
        "id_missing",
        StatusCode::BAD_REQUEST,
        "there is neither an `id` nor an `Idempotency-Key`; one of them makes a retry safe",
    ),
    (
        "id_ambiguous",
        StatusCode::BAD_REQUEST,
        "there are an `id` and an `Idempotency-Key`; send one of them",
    ),
    (
        "invalid_cursor",
        StatusCode::BAD_REQUEST,
        "the cursor is not one of this list with these parameters; begin without one",
    ),
    (
        "unauthorized",
        StatusCode::UNAUTHORIZED,
        "there is no key in `Authorization: Bearer …`, or it is unknown, revoked or expired",
    ),
    (
        "forbidden",
        StatusCode::FORBIDDEN,
        "the key has not the scope that this needs, or is limited to accounts and this is not for \
         such keys",
    ),
    (
        "host_not_allowed",
        StatusCode::FORBIDDEN,
        "this service runs without keys and answers only to `localhost`, `127.0.0.1`, `[::1]` and \
         the names of `--allow-host`; the request names another `Host`. Nothing was done",
    ),
    (
        "origin_not_allowed",
        StatusCode::FORBIDDEN,
        "this service runs without keys, and a browser says that the request comes from another \
         origin (scheme, name or port); `--cors-origins` allows one, `--allow-host` all of a name. \
         Nothing was done",
    ),
    (
        "proxy_not_allowed",
        StatusCode::FORBIDDEN,
        "this service runs without keys, and the request came through a proxy, or uses HTTP/1.0, \
         which a proxy may use; run it with `--auth keys`. Nothing was done",
    ),
    (
        "too_many_requests",
        StatusCode::TOO_MANY_REQUESTS,
        "more requests than a key may send; wait as long as `Retry-After` says. Nothing was \
         applied",
    ),
    ("not_found", StatusCode::NOT_FOUND, "there is no such path"),
    (
        "currency_not_exist",
        StatusCode::NOT_FOUND,
        "the path names a currency that does not exist",
    ),
    (
        "verification_not_found",
        StatusCode::NOT_FOUND,
        "this replica remembers no such verification",
    ),
    (
        "verification_running",
        StatusCode::CONFLICT,
        "a verification runs at this replica already; `detail` names it",
    ),
    (
        "method_not_allowed",
        StatusCode::METHOD_NOT_ALLOWED,
        "the path does not know this method; the header `Allow` names those that it knows",
    ),
    (
        "body_too_large",
        StatusCode::PAYLOAD_TOO_LARGE,
        "the body has more bytes than a body may have here",
    ),
    (
        "unsupported_media_type",
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "send the body with `Content-Type: application/json`",
    ),
    (
        "idempotency_key_reused",
        StatusCode::UNPROCESSABLE_ENTITY,
        "this `Idempotency-Key` came with another content before",
    ),
    (
        "batch_refused",
        StatusCode::UNPROCESSABLE_ENTITY,
        "an item of an atomic batch was refused, so nothing of it was applied; `failed_index` \
         names it",
    ),
    (
        "internal_error",
        StatusCode::INTERNAL_SERVER_ERROR,
        "the service is at fault; tell its operator the `request_id`",
    ),
    (
        "query_too_slow",
        StatusCode::SERVICE_UNAVAILABLE,
        problem::QUERY_TOO_SLOW,
    ),
    (
        "service_unavailable",
        StatusCode::SERVICE_UNAVAILABLE,
        "the service cannot do this now. Nothing was done: send the same request again, with the \
         same id",
    ),
    (
        "outcome_unknown",
        StatusCode::SERVICE_UNAVAILABLE,
        "it may have been done, or not. Send the same request with the same id again: it is done \
         once, and the answer says what became of it",
    ),
];

/// All of them, by code.
pub(crate) fn all() -> Vec<Code> {
    let own = OWN.into_iter().map(|(code, status, meaning)| Code {
        code,
        status,
        meaning,
    });
    let rejections = Rejection::ALL.iter().map(|rejection| Code {
        code: rejection.code(),
        status: problem::rejection_status(*rejection),
        meaning: rejection.explanation(),
    });
    let mut all: Vec<Code> = own.chain(rejections).collect();
    all.sort_by_key(|code| code.code);
    all
}
