//! The classic API: three routes that work as those of the original service did, byte for byte.
//!
//! Whatever happens inside the three routes, the status is 200 and the [`envelope`] tells the rest; only who may not
//! come in is told by the status, too.
//! Other paths and methods are answered in the same envelope, with a true status.

pub(crate) mod accounts;
pub(crate) mod contract;
mod envelope;
pub(crate) mod transfers;

use actix_web::http::header::{ALLOW, HeaderValue, WWW_AUTHENTICATE};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Route};
use tokio::time::Instant;
use wallet_domain::Caller;

use crate::access::Need;
use crate::body;
use crate::error::ApiError;
use crate::ports::Ports;

/// One of the three routes.
pub(crate) struct ClassicRoute {
    pub(crate) method: Method,
    /// With its slash at the end, which is optional.
    pub(crate) path: &'static str,
    /// What its caller must be allowed to.
    pub(crate) need: Need,
    route: fn(Need) -> Route,
}

/// The three routes.
pub(crate) const ROUTES: [ClassicRoute; 3] = [
    ClassicRoute {
        method: Method::POST,
        path: "/transfers/",
        need: Need::TRANSFER_OWN,
        route: transfers::route,
    },
    ClassicRoute {
        method: Method::GET,
        path: "/accounts/",
        need: Need::READ_OWN,
        route: accounts::route,
    },
    ClassicRoute {
        method: Method::GET,
        path: "/accounts/{id}/transfers/",
        need: Need::READ_OWN,
        route: accounts::route_of_transfers,
    },
];

/// Registers the three routes.
pub(crate) fn configure(config: &mut ServiceConfig) {
    for ClassicRoute {
        method,
        path,
        need,
        route,
    } in ROUTES
    {
        // Two resources with plain paths are compared as strings; one with two patterns would run regular expressions
        // for every request.
        for path in [path, path.trim_end_matches('/')] {
            let resource = web::resource(path);
            config.service(match method == Method::POST {
                true => resource
                    .route(route(need).method(Method::POST))
                    .default_service(web::to(allow_post)),
                false => resource
                    .route(route(need).method(Method::GET))
                    .route(route(need).method(Method::HEAD))
                    .default_service(web::to(allow_get)),
            });
        }
    }
}

/// Who sends a request, or the answer to whom may not.
async fn admitted(
    ports: &Ports,
    request: &HttpRequest,
    need: Need,
    deadline: Instant,
) -> Result<Caller, HttpResponse> {
    let admitted = ports.door.admit(ports, request, need, deadline).await;
    admitted.map_err(|error| match error {
        ApiError::Unauthorized(_) => {
            let mut response = envelope::error_with_status(StatusCode::UNAUTHORIZED, error);
            let bearer = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
            response
        }
        ApiError::Forbidden(_) => envelope::error_with_status(StatusCode::FORBIDDEN, error),
        ApiError::TooManyRequests(_) => {
            envelope::error_with_status(StatusCode::TOO_MANY_REQUESTS, error)
        }
        error => envelope::error(error),
    })
}

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

/// Whether a path is one of the three routes, with any method.
pub(crate) fn owns(path: &str) -> bool {
    let mut pieces = path.trim_matches('/').split('/');
    matches!(pieces.next(), Some("transfers" | "accounts"))
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
