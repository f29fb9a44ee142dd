//! The v1 API: HTTP as it should be spoken, over the same ports as the classic one.
//!
//! | file | holds |
//! |---|---|
//! | `accounts.rs`, `currencies.rs`, `transfers.rs`, `batches.rs` | a resource each: its handlers |
//! | `movement.rs` | the bodies that move money, as commands |
//! | `write.rs` | what every write has in common: key, terms, dry run, replay, reply |
//! | `fields.rs` | a JSON body into fields, with every error at its place |
//! | `lists.rs` | query parameters, pages and cursors |
//! | `reply.rs` | the wire structs of answers |
//! | `problem.rs` | RFC 9457: every error as a problem |
//!
//! A new resource is one more file here and one more line in [`configure`].

mod accounts;
mod batches;
mod currencies;
mod fields;
mod lists;
mod movement;
mod problem;
mod reply;
mod transfers;
mod write;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource};

use crate::body;
use crate::error::ApiError;

pub(crate) use problem::FieldError;

/// Registers every route under `/v1`.
pub(crate) fn configure(config: &mut ServiceConfig) {
    let routes = [
        read_and_write(
            "/currencies",
            web::get().to(currencies::list),
            web::head().to(currencies::list),
        )
        .route(web::post().to(currencies::create)),
        read(
            "/currencies/{code}",
            web::get().to(currencies::get),
            web::head().to(currencies::get),
        ),
        read_and_write(
            "/accounts",
            web::get().to(accounts::list),
            web::head().to(accounts::list),
        )
        .route(web::post().to(accounts::open)),
        web::resource("/accounts/{id}")
            .route(web::get().to(accounts::get))
            .route(web::head().to(accounts::get))
            .route(web::patch().to(accounts::change))
            .default_service(web::to(|request, payload| {
                not_allowed("GET, HEAD, PATCH", request, payload)
            })),
        read(
            "/accounts/{id}/balance",
            web::get().to(accounts::balance),
            web::head().to(accounts::balance),
        ),
        read(
            "/accounts/{id}/parts",
            web::get().to(accounts::parts),
            web::head().to(accounts::parts),
        ),
        read_and_write(
            "/transfers",
            web::get().to(transfers::list),
            web::head().to(transfers::list),
        )
        .route(web::post().to(transfers::transfer)),
        read(
            "/transfers/{id}",
            web::get().to(transfers::get),
            web::head().to(transfers::get),
        ),
        write(
            "/transfers/{id}/reversals",
            web::post().to(transfers::reverse),
        ),
        write("/deposits", web::post().to(transfers::deposit)),
        write("/withdrawals", web::post().to(transfers::withdraw)),
        write("/batches", web::post().to(batches::create)),
    ];
    let mut scope = web::scope("/v1");
    for route in routes {
        scope = scope.service(route);
    }
    config.service(scope.default_service(web::to(not_found)));
}

/// Whether a path belongs to this API.
pub(crate) fn is_v1(path: &str) -> bool {
    path.strip_prefix("/v1")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The answer of a handler that panicked.
pub(crate) fn broken(error: ApiError, request_id: &str) -> HttpResponse {
    problem::respond_to(error, request_id)
}

fn read(path: &str, get: actix_web::Route, head: actix_web::Route) -> Resource {
    let resource = web::resource(path).route(get).route(head);
    resource.default_service(web::to(|request, payload| {
        not_allowed("GET, HEAD", request, payload)
    }))
}

fn read_and_write(path: &str, get: actix_web::Route, head: actix_web::Route) -> Resource {
    let resource = web::resource(path).route(get).route(head);
    resource.default_service(web::to(|request, payload| {
        not_allowed("GET, HEAD, POST", request, payload)
    }))
}

fn write(path: &str, post: actix_web::Route) -> Resource {
    let resource = web::resource(path).route(post);
    resource.default_service(web::to(|request, payload| {
        not_allowed("POST", request, payload)
    }))
}

async fn not_found(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    body::hold(
        problem::respond(ApiError::NotFound, &request),
        payload.into_inner(),
    )
}

async fn not_allowed(
    allowed: &'static str,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let mut response = problem::respond(ApiError::MethodNotAllowed, &request);
    debug_assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    let allowed = HeaderValue::from_static(allowed);
    response.headers_mut().insert(ALLOW, allowed);
    body::hold(response, payload.into_inner())
}
